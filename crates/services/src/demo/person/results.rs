//! Samples measured and printed as each laboratory prints.

use super::{
    assays::{Assay, Print, assay},
    body,
    life::Life,
    rng::Rng,
    visits::{DRAWS, Draw, Lab},
};
use keepwell_domain::time::Date;

/// A printed result.
pub(super) struct Outcome {
    pub assay: &'static Assay,
    pub print: &'static Print,
    /// `<`, `>` or nothing.
    pub sign: &'static str,
    /// The number, or words.
    pub text: String,
    pub is_number: bool,
}

/// A sample with its results.
pub(super) struct Sample {
    pub draw: &'static Draw,
    pub date: Date,
    pub outcomes: Vec<Outcome>,
}

impl Outcome {
    /// `H`, `L` or `N`, where the laboratory has a range for it.
    pub(super) fn flag(&self) -> Option<&'static str> {
        let limit = |s: &str| s.parse::<f64>().ok();
        let (low, high) = (limit(self.print.low), limit(self.print.high));
        let value = limit(&self.text).filter(|_| self.is_number && (low.is_some() || high.is_some()))?;
        Some(if low.is_some_and(|l| value < l) {
            "L"
        } else if high.is_some_and(|h| value > h) {
            "H"
        } else {
            "N"
        })
    }
}

/// All samples of the ten years, oldest first.
pub(super) fn samples(life: Life, rng: &mut Rng) -> Vec<Sample> {
    DRAWS.iter().map(|d| sample(d, life, rng)).collect()
}

fn sample(draw: &'static Draw, life: Life, rng: &mut Rng) -> Sample {
    let date = if draw.is_urgent { life.on(draw.t) } else { life.workday(draw.t) };
    let age = f64::from(date.year() - life.birth_year());
    let values = body::blood(draw.t, date, age, draw.cycle_day, rng);
    let outcomes = draw.panels.iter().copied().flatten().filter_map(|id| {
        let assay = assay(id)?;
        let print = match draw.lab {
            Lab::Nordhafen => &assay.nordhafen,
            Lab::City => &assay.city,
        };
        Some(match values.iter().find(|(known, _)| known == id) {
            Some((_, value)) => number(assay, print, *value),
            None => words(assay, print, draw),
        })
    });
    Sample { draw, date, outcomes: outcomes.collect() }
}

fn number(assay: &'static Assay, print: &'static Print, value: f64) -> Outcome {
    let value = value * print.factor + print.shift;
    let beyond = |limit: Option<&'static str>, is_beyond: fn(f64, f64) -> bool| {
        limit.filter(|l| l.parse().is_ok_and(|l| is_beyond(value, l)))
    };
    let (sign, text) = if let Some(floor) = beyond(print.floor, |v, l| v < l) {
        ("<", floor.to_owned())
    } else if let Some(ceiling) = beyond(print.ceiling, |v, l| v > l) {
        (">", ceiling.to_owned())
    } else {
        ("", format!("{value:.*}", print.decimals))
    };
    Outcome { assay, print, sign, text, is_number: true }
}

/// What a test strip shows: with the kidney infection nitrite and a trace of protein, with fever
/// ketones.
fn words(assay: &'static Assay, print: &'static Print, draw: &Draw) -> Outcome {
    let is_kidney_infection = (7.59..7.62).contains(&draw.t);
    let is_appendicitis = (4.34..4.35).contains(&draw.t);
    let text = match assay.id {
        "unit" if is_kidney_infection => "positive",
        "upro" if is_kidney_infection => "trace",
        "uket" if is_kidney_infection || is_appendicitis => "1+",
        _ => "negative",
    };
    Outcome { assay, print, sign: "", text: text.to_owned(), is_number: false }
}

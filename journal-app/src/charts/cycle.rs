//! An ordinary cycle: temperatures, the line that a rise is measured against, and bleeding.

use super::{Drawing, Mark, Scale, text, ticks};
use crate::words::{self, Lang};
use keepwell_domain::time::Date;
use keepwell_journal::{derive::TemperatureShift, model::diary::Bleeding};

/// A day of the picture.
#[derive(Clone, Copy, PartialEq)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// °C.
    pub temperature: Option<f64>,
    /// Whether the temperature does not count.
    pub excluded: bool,
    /// Bleeding.
    pub bleeding: Option<Bleeding>,
}

/// The picture of the days from the first of a cycle on; `None` without a temperature or bleeding.
#[must_use]
pub fn draw(
    lang: Lang,
    start: Date,
    days: &[Day],
    shift: Option<&TemperatureShift>,
    width: f64,
) -> Option<Drawing> {
    let t = lang.texts();
    #[allow(clippy::cast_precision_loss)]
    let number = |d: Date| (d.days() - start.days() + 1) as f64;
    let last = days.iter().map(|d| number(d.date)).fold(28.0, f64::max);
    let x = Scale { low: 0.5, high: last + 0.5, from: 46.0, to: width - 12.0 };
    let values: Vec<(f64, f64, bool)> =
        days.iter().filter_map(|d| Some((number(d.date), d.temperature?, d.excluded))).collect();
    let bleeding =
        days.iter().filter_map(|d| Some((number(d.date), d.bleeding.filter(|b| *b != Bleeding::None)?)));
    let bleeding: Vec<_> = bleeding.collect();
    if values.is_empty() && bleeding.is_empty() {
        return None;
    }
    let mut marks = Vec::new();
    let mut bottom = 8.0;
    if !values.is_empty() {
        let low = values.iter().map(|v| v.1).fold(36.2, f64::min) - 0.1;
        let high = values.iter().map(|v| v.1).fold(36.9, f64::max) + 0.1;
        let y = Scale { low, high, from: 190.0, to: 26.0 };
        marks.push(text((4.0, 14.0), "°C", "Unit"));
        for tick in ticks(low, high, 5) {
            marks.push(Mark::Line { from: (x.from, y.at(tick)), to: (x.to, y.at(tick)), class: "Grid" });
            marks.push(text((x.from - 6.0, y.at(tick) + 4.0), words::number(lang, tick, 1), "Tick is-value"));
        }
        // A gap in the entries is a gap in the line.
        let mut run: Vec<(f64, f64)> = Vec::new();
        let mut before = f64::NEG_INFINITY;
        for (day, value, excluded) in &values {
            if !excluded && *day - before > 1.5 && !run.is_empty() {
                marks.push(Mark::Path { points: std::mem::take(&mut run), class: "Line is-1" });
            }
            if !excluded {
                run.push((x.at(*day), y.at(*value)));
                before = *day;
            }
        }
        marks.push(Mark::Path { points: run, class: "Line is-1" });
        for (day, value, excluded) in &values {
            let class = if *excluded { "Dot is-1 is-open" } else { "Dot is-1" };
            marks.push(Mark::Circle { at: (x.at(*day), y.at(*value)), r: 3.5, class });
        }
        if let Some(shift) = shift {
            let at = y.at(shift.cover_line);
            marks.push(Mark::Line { from: (x.from, at), to: (x.to, at), class: "KeyLine" });
            let first = x.at(number(shift.first_high));
            marks.push(Mark::Line { from: (first, 26.0), to: (first, 190.0), class: "KeyLine" });
        }
        bottom = 204.0;
    }
    marks.push(text((4.0, bottom + 11.0), t.bleeding_axis, "Unit"));
    for (day, how) in &bleeding {
        let height = match how {
            Bleeding::None => 0.0,
            Bleeding::Spotting => 5.0,
            Bleeding::Light => 10.0,
            Bleeding::Medium | Bleeding::Present => 15.0,
            Bleeding::Heavy => 20.0,
            Bleeding::VeryHeavy => 24.0,
        };
        let step = (x.at(2.0) - x.at(1.0)).max(3.0);
        marks.push(Mark::Rect {
            at: (x.at(*day) - step / 2.0 + 0.5, bottom + 42.0 - height),
            size: (step - 1.0, height),
            class: "Bleeding",
        });
    }
    let axis = bottom + 42.0;
    marks.push(Mark::Line { from: (x.from, axis), to: (x.to, axis), class: "Axis" });
    let mut n = 1.0;
    while n <= last {
        marks.push(text((x.at(n), axis + 15.0), words::number(lang, n, 0), "Tick is-time"));
        n += if width < 500.0 { 4.0 } else { 2.0 };
    }
    marks.push(text((x.from, axis + 32.0), t.cycle_day_axis, "Tick"));
    Some(Drawing { width, height: axis + 40.0, marks })
}

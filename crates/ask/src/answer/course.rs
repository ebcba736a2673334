//! How a marker went over time.

use super::{
    Turn,
    ask::Want,
    phrase::{Draft, number_words},
    token::same_unit,
    values::{MOST_POINTS, edge, name, no_numbers, usable, within},
};
use crate::facts::{Days, MarkerFact, ValueFact};
use keepwell_domain::{
    analyte,
    view::{AskPoint, Block, Outcome},
};

/// A unit in which a marker's computed numbers are shown: that of its newest value, where the catalogue has it.
pub struct Axis {
    unit: String,
    label: String,
    /// Decimals that mean something in it.
    pub decimals: usize,
    analyte: Option<&'static analyte::Analyte>,
    is_canonical: bool,
}

impl Axis {
    /// Of a marker.
    pub fn of(m: &MarkerFact) -> Self {
        let printed = m.values.iter().rev().find_map(|v| {
            let d = v.detail.as_ref()?;
            v.number.is_some().then(|| d.shown.unit.clone())
        });
        if let (Some(a), Some(p)) = (m.analyte, &printed)
            && let Some(u) = a.units().into_iter().find(|u| same_unit(u.unit, p))
            && let Some(shown) = analyte::convert_for_display(a, 1.0, u.unit)
        {
            return Self {
                label: if u.label.is_empty() { p.clone() } else { u.label },
                unit: u.unit.to_owned(),
                decimals: usize::from(shown.decimals),
                analyte: Some(a),
                is_canonical: u.unit == a.unit,
            };
        }
        Self {
            unit: m.unit.clone(),
            label: m.unit_label(),
            decimals: usize::from(m.decimals()),
            analyte: m.analyte,
            is_canonical: true,
        }
    }
    /// Whether a unit is the one that it shows.
    pub fn is_in(&self, unit: &str) -> bool {
        same_unit(&self.unit, unit) || same_unit(&self.label, unit)
    }
    /// The unit as written.
    pub fn label(&self) -> &str {
        &self.label
    }
    /// A canonical number in it.
    pub fn number(&self, canonical: f64) -> Option<f64> {
        match self.analyte {
            Some(a) if !self.is_canonical => {
                analyte::convert_for_display(a, canonical, &self.unit).map(|s| s.number)
            }
            _ => Some(canonical),
        }
    }
    /// A number with the unit.
    pub fn words(&self, n: f64, decimals: usize, lang: crate::Lang) -> String {
        let gap = if self.label.is_empty() { "" } else { " " };
        format!("{}{gap}{}", number_words(n, decimals, lang), self.label)
    }
}

/// How a marker went: from the first value to the last, by how much, between which bounds.
pub fn trend(d: &mut Draft<'_>, m: &MarkerFact, all: &[&ValueFact], turn: &mut Turn) -> Outcome {
    let u = usable(all);
    let mut values = u.values.clone();
    if let Some(day) = turn.baseline {
        let earlier = within(d, m, Days { from: None, to: Some(day) });
        let before = usable(&earlier).values;
        if let Some(b) = before.last()
            && values.first().is_none_or(|f| b.t < f.t)
        {
            d.looked_at(m, [*b]);
            values.insert(0, b);
        }
    }
    if turn.asked.want == Want::Change && turn.period.is_all() && turn.baseline.is_none() && values.len() > 2
    {
        values.drain(..values.len() - 2);
    }
    let (Some(first), Some(last)) = (values.first().copied(), values.last().copied()) else {
        return no_numbers(d, m, &u);
    };
    turn.at = Some(last.t.0);
    if values.len() == 1 {
        let parts = [name(m, d), d.value(m, last), d.value_date(m, last)];
        d.say(
            "There is a single value of {0} to look at: {1}, from {2}. A course needs two.",
            "Es gibt einen einzigen Wert von {0}: {1} vom {2}. Für einen Verlauf braucht es zwei.",
            &parts,
        );
        return Outcome::Answered;
    }
    let axis = Axis::of(m);
    let (a, b) = (first.number.and_then(|n| axis.number(n)), last.number.and_then(|n| axis.number(n)));
    let diff = b.zip(a).map_or(f64::NAN, |(b, a)| b - a);
    let decimals = axis.decimals.max(printed_decimals(&[first, last]));
    let is_same = diff.abs() < 0.5 * 10f64.powi(-i32::try_from(decimals).unwrap_or(0));
    let from = d.receipts_of(m, &[first, last]);
    let formula = d.t("later value − earlier value", "späterer Wert − früherer Wert").to_owned();
    let text = axis.words(diff.abs(), decimals, d.lang);
    let delta = d.computed(Some(m), m.name(d.lang), text, formula, from);
    let parts = [
        name(m, d),
        d.value(m, first),
        d.value_date(m, first),
        d.value(m, last),
        d.value_date(m, last),
        delta,
    ];
    let (en, de) = if is_same {
        (
            "{0} was {1} on {2} and is {3} on {4}: the same.",
            "{0} war {1} am {2} und ist {3} am {4}: gleich geblieben.",
        )
    } else if diff > 0.0 {
        (
            "{0} rose from {1} on {2} to {3} on {4}, by {5}.",
            "{0} stieg von {1} am {2} auf {3} am {4}, um {5}.",
        )
    } else {
        ("{0} fell from {1} on {2} to {3} on {4}, by {5}.", "{0} sank von {1} am {2} auf {3} am {4}, um {5}.")
    };
    let summary = keepwell_domain::view::plain_line(&super::phrase::line(d.t(en, de), &parts));
    d.say(en, de, &parts);
    if values.len() > 2
        && let (Some(low), Some(high)) = (edge(&values, false), edge(&values, true))
    {
        let parts = [d.value(m, low), d.value_date(m, low), d.value(m, high), d.value_date(m, high)];
        d.say(
            "In between, the lowest was {0} on {1} and the highest {2} on {3}.",
            "Dazwischen war der niedrigste {0} am {1} und der höchste {2} am {3}.",
            &parts,
        );
        chart(d, m, &axis, &values, summary);
    }
    newest_beyond(d, m, all, last);
    u.note(d);
    Outcome::Answered
}

/// A newest value with `<` or `>`, or in words, is no end of a line of numbers, but it has to be said.
fn newest_beyond(d: &mut Draft<'_>, m: &MarkerFact, all: &[&ValueFact], last: &ValueFact) {
    let Some(newest) = all.last().copied().filter(|v| v.t > last.t && !v.is_contradicted()) else { return };
    let parts = [d.value(m, newest), d.value_date(m, newest)];
    d.say(
        "The newest value is none of those compared: {0}, from {1}.",
        "Der neueste Wert ist nicht unter den verglichenen: {0} vom {1}.",
        &parts,
    );
}

fn printed_decimals(values: &[&ValueFact]) -> usize {
    values
        .iter()
        .filter_map(|v| v.detail.as_ref()?.quantity.as_ref())
        .map(|q| q.number.decimals())
        .max()
        .unwrap_or(0)
        .min(4)
}

fn chart(d: &mut Draft<'_>, m: &MarkerFact, axis: &Axis, values: &[&ValueFact], summary: String) {
    let step = values.len().div_ceil(MOST_POINTS).max(1);
    let mut points = Vec::new();
    for (i, v) in values.iter().enumerate() {
        if i % step != 0 && i + 1 != values.len() {
            continue;
        }
        let Some(n) = v.number.and_then(|n| axis.number(n)) else { continue };
        let receipt = v.detail.is_some().then(|| d.receipt(d.facts.receipt_of_value(m, v)));
        points.push(AskPoint { t: v.t.0 / 1000, v: n, receipt });
    }
    d.answer.blocks.push(Block::Chart {
        marker: m.key.clone(),
        name: m.name(d.lang).to_owned(),
        unit: axis.label.clone(),
        points,
        summary,
    });
}

//! Results that say nearly the same: one test, one day, and values that are equal once the longer
//! one is rounded as the shorter was. A portal that rounds and a report that does not make such a
//! pair; whether it is one result, only the person knows.

use crate::vault::{Vault, analyte_of};
use keepwell_domain::{
    analyte,
    ids::RecordId,
    measure::Value,
    record::{Body, Record},
    time::When,
};
use std::collections::HashMap;

/// A result for comparison.
#[derive(Clone, Copy)]
struct Result {
    id: RecordId,
    number: f64,
    /// Half a unit of its last printed digit, in the same unit.
    half: f64,
    clock: Option<i64>,
}

/// The profile's results by test and day.
#[derive(Default)]
pub(crate) struct Near {
    by_day: HashMap<(&'static str, i64), Vec<Result>>,
}

impl Near {
    pub fn of(vault: &Vault) -> Self {
        let mut out = Self::default();
        for open in &vault.records {
            if let Some((key, result)) = read(&open.record, open.id) {
                out.by_day.entry(key).or_default().push(result);
            }
        }
        out
    }
    /// A record that nearly says what this one says.
    pub fn find(&self, r: &Record) -> Option<RecordId> {
        let (key, mine) = read(r, RecordId::new(uuid::Uuid::nil()))?;
        let nearly = |o: &&Result| {
            let apart = (o.number - mine.number).abs();
            // Two draws of one day may differ by chance as little; their times tell them apart.
            let other_time = mine.clock.zip(o.clock).is_some_and(|(a, b)| a != b);
            !other_time && apart <= o.half.max(mine.half) * 1.000_001 && o.half != mine.half
        };
        self.by_day.get(&key)?.iter().find(nearly).map(|o| o.id)
    }
}

fn read(r: &Record, id: RecordId) -> Option<((&'static str, i64), Result)> {
    let Body::Observation(o) = &r.body else { return None };
    let Some(Value::Quantity(q)) = &o.value else { return None };
    let when = r.effective.filter(|w| !matches!(w, When::Year(_) | When::Month(..)))?;
    let unit = q.unit.as_deref().or(q.ucum.as_deref());
    let (analyte, loinc) = analyte_of(&o.code, unit, o.specimen.as_deref())?;
    if q.comparator.is_some() {
        return None;
    }
    let number = analyte::canonical(analyte, loinc.as_deref(), q)?.number;
    let printed = q.number.value();
    // The canonical unit may be another: the last digit's weight is scaled with the number.
    let scale = if printed == 0.0 { 1.0 } else { (number / printed).abs() };
    let half = 0.5 * 10f64.powi(-decimals(q.number.as_str())) * scale;
    Some(((analyte.loinc, when.date().days()), Result { id, number, half, clock: when.clock() }))
}

fn decimals(text: &str) -> i32 {
    let digits = text.split(['e', 'E']).next().unwrap_or(text);
    digits.split_once('.').map_or(0, |(_, frac)| i32::try_from(frac.len()).unwrap_or(0))
}

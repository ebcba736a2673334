//! The rise of the waking temperature after ovulation, as the sympto-thermal method reads it.

use crate::model::{Amount, Day, EntityId, Told};
use crate::redact::redacted;
use keepwell_domain::{analyte, time::Date};

/// A rise: three readings above the six before (Frank-Herrmann et al., Hum Reprod 2007;22:1310).
#[derive(Clone, Copy, PartialEq)]
pub struct TemperatureShift {
    /// The first higher reading.
    pub first_high: Date,
    /// The reading that completes the rise.
    pub complete_on: Date,
    /// The highest of the six low readings, in °C.
    pub cover_line: f64,
    /// Whether a fourth reading was needed because the third was not 0.2 °C above the line.
    pub needed_fourth: bool,
}

/// °C, rounded to a twentieth as the method does; `None` for anything that is no temperature.
#[must_use]
pub fn celsius(amount: &Amount) -> Option<f64> {
    let bbt = analyte::find_for_fertility("kw-basal-temperature")?;
    let value = match amount.unit.as_str() {
        // Without a unit the range tells: nobody is 90 °C warm or 40 °F cold.
        "" if (30.0..45.0).contains(&amount.value()) => amount.value(),
        "" if (86.0..113.0).contains(&amount.value()) => (amount.value() - 32.0) / 1.8,
        _ => analyte::canonical_by_unit(bbt, &amount.quantity())?.number,
    };
    Some((value * 20.0).round() / 20.0)
}

/// The first rise within days that are in order, from a day on and before another: a cycle.
#[must_use]
pub fn temperature_shift(
    days: &[(Date, EntityId, Day)],
    from: Date,
    before: Option<Date>,
) -> Option<TemperatureShift> {
    let counts = |d: &Day| d.temperature_excluded != Told::Known(true);
    let readings: Vec<(Date, f64)> = days
        .iter()
        .filter(|(date, _, d)| *date >= from && before.is_none_or(|b| *date < b) && counts(d))
        .filter_map(|(date, _, d)| Some((*date, celsius(d.temperature.known()?)?)))
        .collect();
    (6..readings.len()).find_map(|i| {
        let line = readings[i - 6..i].iter().map(|r| r.1).reduce(f64::max)?;
        let high = |n: usize| readings.get(i + n).filter(|r| r.1 > line + 1e-9);
        let (first, _, third) = (high(0)?, high(1)?, high(2)?);
        if third.1 >= line + 0.2 - 1e-9 {
            return Some(shift(first.0, third.0, line, false));
        }
        high(3).map(|fourth| shift(first.0, fourth.0, line, true))
    })
}

const fn shift(
    first_high: Date,
    complete_on: Date,
    cover_line: f64,
    needed_fourth: bool,
) -> TemperatureShift {
    TemperatureShift { first_high, complete_on, cover_line, needed_fourth }
}

redacted!(TemperatureShift);

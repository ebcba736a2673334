//! Amounts in other units.

use crate::model::Amount;
use keepwell_domain::ucum::{Unit, convert, read_unit};

/// The number of an amount in another unit, where both are of one kind: `0.25 mg` is 250 in `µg`. Units
/// that nobody can read are comparable when they are written alike.
#[must_use]
pub fn in_unit(amount: &Amount, unit: &str) -> Option<f64> {
    if amount.unit.trim().eq_ignore_ascii_case(unit.trim()) {
        return Some(amount.value());
    }
    let parse = |text: &str| Unit::parse(&read_unit(text)?).ok();
    let (from, to) = (parse(&amount.unit)?, parse(unit)?);
    if from.same_kind(&to) { convert(amount.value(), &from, &to).ok() } else { None }
}

/// Doses are decimal fractions; their sums are not.
pub(super) const CLOSE: f64 = 1e-6;

/// Whether amounts are together another one, as far as they can be compared with it.
pub(super) fn are_together<'a>(parts: impl IntoIterator<Item = &'a Amount>, whole: &Amount) -> bool {
    let sum: Option<f64> = parts.into_iter().map(|part| in_unit(part, &whole.unit)).sum();
    sum.is_some_and(|sum| (sum - whole.value()).abs() < CLOSE)
}

/// Millimetres; a bare number is one of millimetres.
pub(super) fn millimetres(amount: &Amount) -> Option<f64> {
    if amount.unit.is_empty() { Some(amount.value()) } else { in_unit(amount, "mm") }
}

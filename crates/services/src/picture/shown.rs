//! Values as they are shown: always what was printed, beside it how it stands to its range.

use crate::vault::Part;
use keepwell_domain::{
    measure::{Comparator, Quantity, RefRange, Value},
    view::{RangeView, Shown, Standing},
};

/// A value as printed.
#[must_use]
pub fn value(v: &Value) -> Shown {
    match v {
        Value::Quantity(q) => quantity(q),
        Value::Range { low, high } => {
            let side =
                |q: &Option<Quantity>| q.as_ref().map_or(String::new(), |q| q.number.as_str().to_owned());
            let unit = high.as_ref().or(low.as_ref()).map(unit_of).unwrap_or_default();
            Shown { text: format!("{}–{}", side(low), side(high)), unit, ..Shown::default() }
        }
        Value::Ratio { numerator, denominator } => Shown {
            text: format!("{}:{}", line(&quantity(numerator)), line(&quantity(denominator))),
            ..Shown::default()
        },
        Value::Concept(c) => text(c.name()),
        Value::Text(t) => text(t),
        Value::Bool(b) => text(if *b { "yes" } else { "no" }),
        Value::Absent(reason) => text(reason),
    }
}

fn text(t: &str) -> Shown {
    Shown { text: t.to_owned(), ..Shown::default() }
}

fn unit_of(q: &Quantity) -> String {
    q.unit.as_deref().or(q.ucum.as_deref()).unwrap_or("").to_owned()
}

fn quantity(q: &Quantity) -> Shown {
    Shown {
        comparator: q.comparator.map_or("", Comparator::as_str).to_owned(),
        text: q.number.as_str().to_owned(),
        unit: unit_of(q),
        numeric: true,
    }
}

/// A shown value in one line: `<0.1 mmol/L`.
#[must_use]
pub fn line(s: &Shown) -> String {
    let gap = if s.unit.is_empty() { "" } else { " " };
    format!("{}{}{gap}{}", s.comparator, s.text, s.unit)
}

/// A range as printed, with its limits where they are in the value's own unit.
#[must_use]
pub fn range(r: Option<&RefRange>, value_unit: Option<&str>) -> Option<RangeView> {
    let r = r.filter(|r| !r.is_empty())?;
    let same_unit = r.unit.is_none() || r.unit.as_deref() == value_unit;
    let limit =
        |n: &Option<keepwell_domain::measure::Number>| n.as_ref().filter(|_| same_unit).map(|n| n.value());
    Some(RangeView { low: limit(&r.low), high: limit(&r.high), text: range_text(r) })
}

/// A range in words: as printed, else built from its limits.
#[must_use]
pub fn range_text(r: &RefRange) -> String {
    if let Some(t) = r.text.as_deref().filter(|t| !t.trim().is_empty()) {
        return t.to_owned();
    }
    let unit = r.unit.as_deref().map_or(String::new(), |u| format!(" {u}"));
    match (&r.low, &r.high) {
        (Some(l), Some(h)) => format!("{}–{}{unit}", l.as_str(), h.as_str()),
        (Some(l), None) => format!("≥ {}{unit}", l.as_str()),
        (None, Some(h)) => format!("≤ {}{unit}", h.as_str()),
        (None, None) => String::new(),
    }
}

/// How a result stands: by the laboratory's own limits, else by the flag that it printed.
///
/// A censored value is compared only where the answer is certain: `<0.1` is below a lower limit
/// of 0.4, but whether `<5` is below 4 nobody can say.
#[must_use]
pub fn standing(p: &Part<'_>) -> Standing {
    let by_flag = || flag(p.flag);
    let Value::Quantity(q) = p.value else { return by_flag() };
    let Some(r) = range(p.range, p.unit()) else { return by_flag() };
    if r.low.is_none() && r.high.is_none() {
        return by_flag();
    }
    against(q.number.value(), q.comparator, r.low, r.high).unwrap_or_else(by_flag)
}

/// Compares a value with limits in the same unit; `None` when the comparator leaves it open.
#[must_use]
pub fn against(v: f64, c: Option<Comparator>, low: Option<f64>, high: Option<f64>) -> Option<Standing> {
    use Comparator::{Ge, Gt, Le, Lt};
    if !v.is_finite() {
        return None;
    }
    let below = |l: f64| match c {
        None => Some(v < l),
        Some(Lt) if v <= l => Some(true),
        Some(Le) if v < l => Some(true),
        Some(Ge | Gt) if v >= l => Some(false),
        Some(_) => None,
    };
    let above = |h: f64| match c {
        None => Some(v > h),
        Some(Gt) if v >= h => Some(true),
        Some(Ge) if v > h => Some(true),
        Some(Lt | Le) if v <= h => Some(false),
        Some(_) => None,
    };
    let is_low = low.map_or(Some(false), below);
    let is_high = high.map_or(Some(false), above);
    match (is_low, is_high) {
        (Some(true), _) => Some(Standing::Low),
        (_, Some(true)) => Some(Standing::High),
        (Some(false), Some(false)) => Some(Standing::Within),
        _ => None,
    }
}

fn flag(f: Option<&str>) -> Standing {
    match f.map(str::trim).unwrap_or("").to_ascii_uppercase().as_str() {
        "H" | "HH" | "HU" | "HIGH" | "HX" | ">" | "CRITICAL HIGH" | "+" | "↑" => Standing::High,
        "L" | "LL" | "LU" | "LOW" | "LX" | "<" | "CRITICAL LOW" | "-" | "↓" => Standing::Low,
        "N" | "NORMAL" | "WITHIN RANGE" => Standing::Within,
        "A" | "AA" | "ABNORMAL" | "CRITICAL ABNORMAL" | "*" => Standing::Abnormal,
        _ => Standing::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Comparator::{Gt, Lt};

    #[test]
    fn limits_themselves_are_within() {
        assert_eq!(against(3.5, None, Some(3.5), Some(5.1)), Some(Standing::Within));
        assert_eq!(against(5.1, None, Some(3.5), Some(5.1)), Some(Standing::Within));
        assert_eq!(against(5.2, None, Some(3.5), Some(5.1)), Some(Standing::High));
    }

    #[test]
    fn a_censored_value_is_judged_only_where_it_is_certain() {
        assert_eq!(against(0.1, Some(Lt), Some(0.4), Some(4.0)), Some(Standing::Low));
        assert_eq!(against(5.0, Some(Lt), Some(0.4), Some(9.0)), None);
        assert_eq!(against(5.0, Some(Lt), None, Some(5.0)), Some(Standing::Within));
        assert_eq!(against(90.0, Some(Gt), Some(60.0), None), Some(Standing::Within));
        assert_eq!(against(60.0, Some(Gt), None, Some(59.0)), Some(Standing::High));
    }
}

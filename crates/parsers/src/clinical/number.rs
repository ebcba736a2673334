//! Numbers, comparators and ranges as laboratories print them.

use keepwell_domain::measure::{Comparator, Number, Quantity, RefRange, Value};

/// A number with a decimal point, or with a decimal comma that cannot be anything else.
///
/// `1,234` stays unread: a thousand separator in one place and a decimal comma in another.
pub(crate) fn number(text: &str) -> Option<Number> {
    let text = text.trim();
    if let Ok(n) = Number::parse(text) {
        return Some(n);
    }
    let (whole, fraction) = text.split_once(',')?;
    let ambiguous = fraction.len() == 3 && whole.trim_start_matches(['+', '-']) != "0";
    if ambiguous || whole.contains('.') || fraction.contains(',') || fraction.contains('.') {
        return None;
    }
    Number::parse(&format!("{whole}.{fraction}")).ok()
}

/// A number with an optional comparator before it: `<0.1`, `>= 40`, `5.4`.
pub(crate) fn compared(text: &str) -> Option<(Option<Comparator>, Number)> {
    let text = text.trim();
    let end = text.find(|c: char| !matches!(c, '<' | '>' | '=' | '≤' | '≥')).unwrap_or(text.len());
    let (sign, rest) = text.split_at(end);
    let comparator = if sign.is_empty() || sign == "=" { None } else { Some(Comparator::parse(sign)?) };
    Some((comparator, number(rest)?))
}

/// A printed result that is a number, a censored number or a titre; `None` when it is words.
pub(crate) fn value(text: &str, unit: Option<&str>, ucum: Option<&str>) -> Option<Value> {
    let quantity = |t: &str, unit: Option<&str>, ucum: Option<&str>| {
        let (comparator, number) = compared(t)?;
        Some(Quantity { number, comparator, unit: unit.map(str::to_owned), ucum: ucum.map(str::to_owned) })
    };
    if let Some(q) = quantity(text, unit, ucum) {
        return Some(Value::Quantity(q));
    }
    let (numerator, denominator) = text.split_once(':')?;
    Some(Value::Ratio {
        numerator: quantity(numerator, None, None)?,
        denominator: quantity(denominator, None, None)?,
    })
}

/// A printed reference range: `3.5-5.1`, `4,5 - 11,0`, `<5`, `> 40`, `-2 to 2`, else text only.
///
/// A word after the numbers is taken off only when it is the value's own `unit`; any other word may
/// be an age, a sex or a condition.
pub(crate) fn range(text: &str, unit: Option<&str>) -> Option<RefRange> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let mut range = RefRange { text: Some(text.to_owned()), ..RefRange::default() };
    let bare = text.trim_start_matches(['(', '[']).trim_end_matches([')', ']']).trim();
    let bare = unit.and_then(|u| bare.strip_suffix(u)).map_or(bare, str::trim);
    if let Some((low, high)) = two_sided(bare) {
        if low.value() <= high.value() {
            (range.low, range.high) = (Some(low), Some(high));
        }
    } else if let Some((Some(sign), n)) = compared(bare) {
        match sign {
            Comparator::Lt | Comparator::Le => range.high = Some(n),
            Comparator::Gt | Comparator::Ge => range.low = Some(n),
        }
    }
    Some(range)
}

fn two_sided(text: &str) -> Option<(Number, Number)> {
    let separators = [" to ", " - ", " – ", "–", "—", "..", " bis "];
    for s in separators {
        if let Some((low, high)) = text.split_once(s) {
            return Some((number(low)?, number(high)?));
        }
    }
    // A minus sign may lead either number, so the dash is looked for after the first character.
    let first = text.char_indices().nth(1)?.0;
    let dash = text.get(first..)?.find('-')? + first;
    Some((number(&text[..dash])?, number(&text[dash + 1..])?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn limits(text: &str) -> (Option<String>, Option<String>) {
        let r = range(text, Some("mg/dL")).unwrap();
        assert_eq!(r.text.as_deref(), Some(text.trim()));
        (r.low.map(String::from), r.high.map(String::from))
    }

    #[test]
    fn printed_ranges_become_limits() {
        let pair = |l: &str, h: &str| (Some(l.to_owned()), Some(h.to_owned()));
        assert_eq!(limits("3.5-5.1"), pair("3.5", "5.1"));
        assert_eq!(limits("4,5 - 11,0"), pair("4.5", "11.0"));
        assert_eq!(limits("(0 to 2)"), pair("0", "2"));
        assert_eq!(limits("-2--1"), pair("-2", "-1"));
        assert_eq!(limits("-2-3"), pair("-2", "3"));
        assert_eq!(limits("70 - 99 mg/dL"), pair("70", "99"));
        assert_eq!(limits("<5"), (None, Some("5".into())));
        assert_eq!(limits("> 40"), (Some("40".into()), None));
        assert_eq!(limits("≥60"), (Some("60".into()), None));
    }

    #[test]
    fn ranges_that_are_not_certain_stay_text() {
        for text in [
            "negative",
            "0 - 5 years",
            "70-99 mmol/L",
            "M: 13-17 F: 12-15",
            "5-3",
            "1,234-2,345",
            "-",
            "<",
            "3.5-",
            "2020-01-01",
            "é-5",
        ] {
            assert_eq!(limits(text), (None, None), "{text}");
        }
        assert_eq!(range("  ", None), None);
    }

    #[test]
    fn a_comma_that_may_separate_thousands_is_no_number() {
        assert_eq!(number("1,234"), None);
        assert_eq!(number("1,5").map(String::from).as_deref(), Some("1.5"));
        assert_eq!(number("0,125").map(String::from).as_deref(), Some("0.125"));
    }

    #[test]
    fn printed_results_keep_comparator_and_titre() {
        assert!(matches!(value("<0.1", Some("mg/L"), None), Some(Value::Quantity(q))
            if q.comparator == Some(Comparator::Lt) && q.number.as_str() == "0.1"));
        assert!(matches!(value("1:128", None, None), Some(Value::Ratio { denominator, .. })
            if denominator.number.as_str() == "128"));
        assert_eq!(value("1+", None, None), None);
        assert_eq!(value("10-20", None, None), None);
    }
}

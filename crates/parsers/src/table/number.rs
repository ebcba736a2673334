//! Numbers as people write them: decimal comma or point, thousands, comparators, ranges.
//!
//! Which of comma and point is the decimal sign is decided from the whole table. Where one cell
//! can be read in two ways and the table does not say which, it is not read.

use keepwell_domain::measure::{Comparator, Number, RefRange};

/// The decimal sign of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// `4.5`; commas group thousands.
    Point,
    /// `4,5`; points group thousands.
    Comma,
    /// No cell tells, or cells contradict each other.
    Unknown,
}

/// Counts what cells say about the decimal sign.
#[derive(Debug, Default, Clone, Copy)]
pub struct Evidence {
    point: u64,
    comma: u64,
}

impl Evidence {
    /// Looks at a result or a range.
    pub fn look(&mut self, cell: &str) {
        for token in cell.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')) {
            match certain(token) {
                Some(Sign::Point) => self.point += 1,
                Some(Sign::Comma) => self.comma += 1,
                _ => {}
            }
        }
    }
    /// The decimal sign.
    #[must_use]
    pub const fn sign(self) -> Sign {
        match (self.point > 0, self.comma > 0) {
            (true, false) => Sign::Point,
            (false, true) => Sign::Comma,
            _ => Sign::Unknown,
        }
    }
}

fn groups(int: &str, mark: char) -> bool {
    let mut parts = int.split(mark);
    let first = parts.next().unwrap_or("");
    (1..=3).contains(&first.len()) && !first.starts_with('0') && parts.all(|p| p.len() == 3)
}

/// The decimal sign that a token alone proves: `4,5` and `0,123` prove a comma, `1,234` nothing.
fn certain(token: &str) -> Option<Sign> {
    let token = token.trim_matches(['.', ',']);
    let (points, commas) = (token.matches('.').count(), token.matches(',').count());
    match (points, commas) {
        (1, 0) | (0, 1) => {
            let (mark, sign) = if points == 1 { ('.', Sign::Point) } else { (',', Sign::Comma) };
            let (int, frac) = token.split_once(mark)?;
            (frac.len() != 3 || !groups(int, mark)).then_some(sign)
        }
        (_, 1) if points > 0 => {
            let (int, _) = token.split_once(',')?;
            groups(int, '.').then_some(Sign::Comma)
        }
        (1, _) if commas > 0 => {
            let (int, _) = token.split_once('.')?;
            groups(int, ',').then_some(Sign::Point)
        }
        (0, n) if n > 1 => groups(token, ',').then_some(Sign::Point),
        (n, 0) if n > 1 => groups(token, '.').then_some(Sign::Comma),
        _ => None,
    }
}

/// Why a cell is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoNumber {
    /// It is something else.
    Other,
    /// It is a number that can be read in two ways.
    Ambiguous,
}

/// Reads a whole cell as a number, without comparator or unit.
///
/// # Errors
/// [`NoNumber`].
pub fn number(cell: &str, sign: Sign) -> Result<Number, NoNumber> {
    let cell = cell.trim();
    let (minus, body) = match cell.strip_prefix(['-', '−', '–']) {
        Some(body) => ("-", body),
        None => ("", cell.strip_prefix('+').unwrap_or(cell)),
    };
    if !body.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',') {
        return Err(NoNumber::Other);
    }
    let (body, exponent) = match body.split_once(['e', 'E']) {
        Some((b, e)) => (b, format!("e{e}")),
        None => (body, String::new()),
    };
    let plain = ungroup(body)?;
    let sign = certain(&plain).unwrap_or(sign);
    let has = |c| plain.contains(c);
    let text = match (has('.'), has(','), sign) {
        (false, false, _) => plain,
        (_, _, Sign::Point) => remove_groups(&plain, ',', '.')?,
        (_, _, Sign::Comma) => remove_groups(&plain, '.', ',')?.replace(',', "."),
        (_, _, Sign::Unknown) => return Err(NoNumber::Ambiguous),
    };
    Number::parse(&format!("{minus}{text}{exponent}")).map_err(|_| NoNumber::Other)
}

/// Removes `'` and blanks between groups of three, which can mean nothing else.
fn ungroup(body: &str) -> Result<String, NoNumber> {
    let is_mark = |c: char| matches!(c, '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}');
    let Some(mark) = body.chars().find(|c| is_mark(*c)) else { return Ok(body.to_owned()) };
    let int_end = body.find(['.', ',']).unwrap_or(body.len());
    let (int, frac) = body.split_at(int_end);
    if !groups(int, mark)
        || frac.chars().any(is_mark)
        || int.chars().any(|c| !c.is_ascii_digit() && c != mark)
    {
        return Err(NoNumber::Other);
    }
    Ok(format!("{}{frac}", int.replace(mark, "")))
}

fn remove_groups(text: &str, group: char, decimal: char) -> Result<String, NoNumber> {
    let (int, frac) = text.split_once(decimal).unwrap_or((text, ""));
    if frac.contains([group, decimal]) || (int.contains(group) && !groups(int, group)) {
        return Err(NoNumber::Other);
    }
    Ok(text.replace(group, ""))
}

/// A comparator in front, as a sign or in words, and the rest.
#[must_use]
pub fn comparator(cell: &str) -> (Option<Comparator>, &str) {
    let cell = cell.trim();
    for sign in ["<=", ">=", "=<", "=>", "≤", "≥", "<", ">"] {
        if let Some(rest) = cell.strip_prefix(sign) {
            return (Comparator::parse(sign), rest.trim_start());
        }
    }
    (None, cell)
}

/// A number with what stands behind it: `5.4 mmol/L` gives `5.4` and `mmol/L`.
///
/// # Errors
/// [`NoNumber`] where it does not begin with a number.
pub fn leading(cell: &str, sign: Sign) -> Result<(Number, &str), NoNumber> {
    let body = cell.trim();
    let mut end = 0;
    for (i, c) in body.char_indices() {
        if c.is_ascii_digit() || matches!(c, '.' | ',' | '\'') || (i == 0 && matches!(c, '-' | '+' | '−')) {
            end = i + c.len_utf8();
        } else {
            break;
        }
    }
    let token = body[..end].trim_end_matches(['.', ',']);
    let rest = body[token.len()..].trim();
    // `10^3`, `10-15`, `1:128`, `5 000`: not a number followed by a unit.
    if rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '^' | '-' | '–' | ':' | '.' | ',' | '+'))
    {
        return Err(NoNumber::Other);
    }
    Ok((number(token, sign)?, rest))
}

/// A reference range as printed; its limits only where all of it is understood.
#[must_use]
pub fn range(cell: &str, sign: Sign) -> Option<RefRange> {
    let printed = cell.trim();
    if printed.is_empty() || matches!(printed, "-" | "–" | "/" | "n/a" | "N/A") {
        return None;
    }
    let mut out = RefRange { text: Some(printed.to_owned()), ..RefRange::default() };
    let inner = printed.trim_start_matches(['(', '[']).trim_end_matches([')', ']']).trim();
    let lower = inner.to_lowercase();
    let one_sided = ["bis ", "up to ", "until ", "max. ", "max ", "jusqu'à ", "fino a ", "hasta "];
    let word = one_sided.into_iter().find(|w| lower.starts_with(w));
    let (sign_before, rest) = match word {
        Some(w) => (Some(Comparator::Le), inner.get(w.len()..).unwrap_or("")),
        None => comparator(inner),
    };
    if let Some(comparator) = sign_before {
        if let Ok((limit, unit)) = leading(rest, sign) {
            match comparator {
                Comparator::Lt | Comparator::Le => out.high = Some(limit),
                Comparator::Gt | Comparator::Ge => out.low = Some(limit),
            }
            out.unit = Some(unit.to_owned()).filter(|u| !u.is_empty());
        }
        return Some(out);
    }
    if let Some((low, high)) = two_sided(inner)
        && let (Ok(l), Ok((h, unit))) = (number(low, sign), leading(high, sign))
        && l.value() <= h.value()
    {
        (out.low, out.high) = (Some(l), Some(h));
        out.unit = Some(unit.to_owned()).filter(|u| !u.is_empty());
    }
    Some(out)
}

fn two_sided(text: &str) -> Option<(&str, &str)> {
    for word in [" to ", " bis ", " - ", " – ", " — ", " à ", " a ", "..."] {
        if let Some(pair) = text.split_once(word) {
            return Some((pair.0.trim(), pair.1.trim()));
        }
    }
    let at = text.char_indices().skip(1).find(|(_, c)| matches!(c, '-' | '–' | '—' | '−'))?;
    Some((text[..at.0].trim(), text[at.0 + at.1.len_utf8()..].trim()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(cell: &str, sign: Sign) -> Result<String, NoNumber> {
        number(cell, sign).map(|n| n.as_str().to_owned())
    }

    #[test]
    fn ambiguous_thousands_are_read_only_when_the_table_tells() {
        for (cell, sign, want) in [
            ("1,234", Sign::Unknown, Err(NoNumber::Ambiguous)),
            ("250.000", Sign::Unknown, Err(NoNumber::Ambiguous)),
            ("1,234", Sign::Point, Ok("1234")),
            ("1,234", Sign::Comma, Ok("1.234")),
            ("250.000", Sign::Comma, Ok("250000")),
            ("0,123", Sign::Unknown, Ok("0.123")),
            ("4,5", Sign::Unknown, Ok("4.5")),
            ("1.234,50", Sign::Unknown, Ok("1234.50")),
            ("1,234,567", Sign::Unknown, Ok("1234567")),
            ("1'234.5", Sign::Unknown, Ok("1234.5")),
            ("12 345", Sign::Unknown, Ok("12345")),
            ("−2.5", Sign::Point, Ok("-2.5")),
            ("5.40", Sign::Unknown, Ok("5.40")),
            ("1.2.3", Sign::Point, Err(NoNumber::Other)),
            ("=1+1", Sign::Point, Err(NoNumber::Other)),
        ] {
            assert_eq!(read(cell, sign), want.map(str::to_owned), "{cell} {sign:?}");
        }
    }

    #[test]
    fn ranges_of_many_styles_are_understood() {
        for (cell, low, high) in [
            ("3.5-5.1", Some("3.5"), Some("5.1")),
            ("3,5 – 5,1", Some("3.5"), Some("5.1")),
            ("(-2 - 2)", Some("-2"), Some("2")),
            ("-2.0 to 2.0", Some("-2.0"), Some("2.0")),
            ("13 bis 17 g/dl", Some("13"), Some("17")),
            ("< 5,2", None, Some("5.2")),
            ("≥60", Some("60"), None),
            ("bis 40", None, Some("40")),
            ("negativ", None, None),
            ("5-3", None, None),
        ] {
            let r = range(cell, Sign::Unknown).unwrap();
            assert_eq!(
                (r.low.as_ref().map(Number::as_str), r.high.as_ref().map(Number::as_str)),
                (low, high),
                "{cell}"
            );
            assert_eq!(r.text.as_deref(), Some(cell));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_cell_panics(s in "[-+<>0-9.,' eE≤–a-z/]{0,24}|\\PC{0,16}") {
            for sign in [Sign::Point, Sign::Comma, Sign::Unknown] {
                let _ = (number(&s, sign), leading(&s, sign), range(&s, sign), comparator(&s));
            }
            Evidence::default().look(&s);
        }
        #[test]
        fn a_written_number_comes_back(int in 0u32..100_000, frac in 0u32..100) {
            let text = format!("{int}.{frac:02}");
            proptest::prop_assert_eq!(read(&text, Sign::Unknown), Ok(text.clone()));
            proptest::prop_assert_eq!(read(&text.replace('.', ","), Sign::Unknown), Ok(text));
        }
    }
}

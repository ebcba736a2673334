//! Attribute values: entities, numbers, dates.

use keepwell_domain::time::{Date, When};
use memchr::memchr;
use std::borrow::Cow;

/// Replaces the five built-in entities and numeric ones, and normalises line ends as XML does for
/// attributes. `None` for any other entity and for text that is not UTF-8.
#[must_use]
pub fn unescape(raw: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(raw).ok()?;
    if !text.bytes().any(|c| matches!(c, b'&' | b'\n' | b'\r' | b'\t')) {
        return Some(Cow::Borrowed(text));
    }
    let text = text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let end = tail.find(';')?;
        out.push(match &tail[..end] {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            other => {
                let digits = other.strip_prefix('#')?;
                let code = match digits.strip_prefix('x') {
                    Some(hex) if !hex.starts_with('+') => u32::from_str_radix(hex, 16).ok()?,
                    _ if !digits.starts_with('+') => digits.parse().ok()?,
                    _ => return None,
                };
                char::from_u32(code).filter(|c| *c != '\0')?
            }
        });
        rest = &tail[end + 1..];
    }
    out.push_str(rest);
    Some(Cow::Owned(out))
}

/// A number as it was written, small enough to be packed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Decimal {
    /// `mantissa / 10^decimals`, exact: `|mantissa| < 2^53`, `decimals <= 14`.
    Exact(i64, u8),
    /// The nearest `f64` of a longer number.
    Rounded(f64),
}

const EXACT: u64 = 1 << 53;
const POWERS: [f64; 15] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14];

impl Decimal {
    /// Reads a number with a decimal point; scientific notation is allowed.
    #[must_use]
    pub fn parse(raw: &[u8]) -> Option<Self> {
        Self::parse_exact(raw).or_else(|| Self::parse_slow(raw, ""))
    }
    /// Reads a number and multiplies it by 100 by moving its decimal point, so that nothing is
    /// rounded twice.
    #[must_use]
    pub fn parse_percent(raw: &[u8]) -> Option<Self> {
        match Self::parse_exact(raw) {
            Some(Self::Exact(m, d)) if d >= 2 => Some(Self::Exact(m, d - 2)),
            Some(Self::Exact(m, d)) if m.unsigned_abs() < EXACT / 100 => {
                Some(Self::Exact(if d == 1 { m * 10 } else { m * 100 }, 0))
            }
            _ => Self::parse_slow(raw, "e2"),
        }
    }

    fn parse_exact(raw: &[u8]) -> Option<Self> {
        let (negative, digits) = match raw {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, raw),
        };
        let (mut mantissa, mut decimals, mut point) = (0u64, 0u8, false);
        if digits.is_empty() || digits.len() > 17 || digits == b"." {
            return None;
        }
        for c in digits {
            match c {
                b'0'..=b'9' => {
                    mantissa = mantissa * 10 + u64::from(c - b'0');
                    decimals += u8::from(point);
                }
                b'.' if !point => point = true,
                _ => return None,
            }
        }
        if mantissa >= EXACT || decimals > 14 {
            return None;
        }
        let mantissa = mantissa.cast_signed();
        Some(Self::Exact(if negative { -mantissa } else { mantissa }, decimals))
    }

    fn parse_slow(raw: &[u8], suffix: &str) -> Option<Self> {
        let text = unescape(raw)?;
        let text = text.trim();
        // `inf` and `nan` are numbers to `f64`, not to us.
        if text.is_empty() || !text.bytes().all(|c| c.is_ascii_digit() || b"+-.eE".contains(&c)) {
            return None;
        }
        let value: f64 = if suffix.is_empty() || text.contains(['e', 'E']) {
            text.parse::<f64>().ok()? * if suffix.is_empty() { 1.0 } else { 100.0 }
        } else {
            format!("{text}{suffix}").parse().ok()?
        };
        value.is_finite().then_some(Self::Rounded(value))
    }

    /// The nearest `f64`. Both operands of the division are exact, so it rounds once (IEEE 754).
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn value(self) -> f64 {
        match self {
            // Adding zero turns -0 into 0, so that equal samples compare equal.
            Self::Exact(m, d) => m as f64 / POWERS[usize::from(d)] + 0.0,
            Self::Rounded(v) => v + 0.0,
        }
    }
}

/// An instant as Apple writes it: UTC seconds and the offset in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// UTC seconds since 1970-01-01.
    pub seconds: i64,
    /// Offset from UTC in minutes.
    pub offset: i16,
}

impl Stamp {
    /// The instant as records state it.
    #[must_use]
    pub fn when(self) -> When {
        When::Instant(keepwell_domain::time::Ts(self.seconds * keepwell_domain::time::SECOND), self.offset)
    }
}

/// Reads dates; remembers the last calendar day, because neighbours share it.
#[derive(Default)]
pub struct Dates {
    day: [u8; 10],
    days: i64,
}

impl Dates {
    /// Reads `2024-01-01 08:00:00 -0800`, else ISO 8601 with an offset, else the
    /// `20141001080000-0400` of the first iOS versions. `None` for anything else, also for a time
    /// without its offset.
    pub fn parse(&mut self, raw: &[u8]) -> Option<Stamp> {
        self.parse_fixed(raw).or_else(|| parse_other(raw))
    }

    fn parse_fixed(&mut self, raw: &[u8]) -> Option<Stamp> {
        let b: &[u8; 25] = raw.try_into().ok()?;
        if b[10] != b' ' || b[13] != b':' || b[16] != b':' || b[19] != b' ' {
            return None;
        }
        let day: [u8; 10] = [b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9]];
        if day != self.day {
            let date = Date::parse(std::str::from_utf8(&day).ok()?).ok()?;
            (self.day, self.days) = (day, date.days());
        }
        let clock = clock(two(b[11], b[12])?, two(b[14], b[15])?, two(b[17], b[18])?)?;
        let offset = offset(b[20], two(b[21], b[22])?, two(b[23], b[24])?)?;
        Some(Stamp { seconds: self.days * 86_400 + clock - i64::from(offset) * 60, offset })
    }
}

fn two(a: u8, b: u8) -> Option<i64> {
    let (a, b) = (a.wrapping_sub(b'0'), b.wrapping_sub(b'0'));
    (a < 10 && b < 10).then(|| i64::from(a) * 10 + i64::from(b))
}

fn clock(h: i64, m: i64, s: i64) -> Option<i64> {
    (h < 24 && m < 60 && s <= 60).then(|| h * 3600 + m * 60 + s.min(59))
}

#[allow(clippy::cast_possible_truncation)]
fn offset(sign: u8, h: i64, m: i64) -> Option<i16> {
    let minutes = (h <= 14 && m < 60).then_some((h * 60 + m) as i16)?;
    match sign {
        b'+' => Some(minutes),
        b'-' => Some(-minutes),
        _ => None,
    }
}

fn parse_other(raw: &[u8]) -> Option<Stamp> {
    let text = unescape(raw)?;
    let text = text.trim();
    if memchr(b'-', &text.as_bytes()[..text.len().min(5)]).is_none() && text.len() == 19 && text.is_ascii() {
        let iso = format!(
            "{}-{}-{}T{}:{}:{}{}",
            &text[..4],
            &text[4..6],
            &text[6..8],
            &text[8..10],
            &text[10..12],
            &text[12..14],
            &text[14..]
        );
        return instant(&iso);
    }
    // ISO 8601 allows a blank before the offset only in Apple's own style.
    instant(&text.replacen(' ', "T", 1).replace(' ', ""))
}

fn instant(text: &str) -> Option<Stamp> {
    match When::parse(text) {
        Ok(When::Instant(t, offset)) => {
            Some(Stamp { seconds: t.0.div_euclid(keepwell_domain::time::SECOND), offset })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_two_date_paths_agree() {
        for text in ["2024-02-29 23:59:60 +0545", "1999-12-31 00:00:00 -0930", "2024-01-01 08:00:00 -0800"] {
            let fast = Dates::default().parse_fixed(text.as_bytes()).unwrap();
            assert_eq!(Some(fast), parse_other(text.as_bytes()), "{text}");
        }
        let old = Dates::default().parse(b"20141001080000-0400").unwrap();
        assert_eq!(old, Dates::default().parse(b"2014-10-01 08:00:00 -0400").unwrap());
        assert_eq!(old.seconds, 1_412_164_800);
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in [
            "invalid",
            "",
            "2023-02-29 00:00:00 +0000",
            "2024-01-01 24:00:00 +0000",
            "2024-01-01 08:00:00",
            "2024-01-01 08:00:00 *0000",
            "2024-01-01 08:00:00 +9900",
        ] {
            assert_eq!(Dates::default().parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn percent_moves_the_point_without_rounding() {
        for (text, want) in [
            ("0.18", 18.0),
            ("0.253", 25.3),
            ("1", 100.0),
            ("0.5", 50.0),
            ("0.9599999785423279", 95.999_997_854_232_79),
            ("1e-1", 10.0),
        ] {
            assert_eq!(Decimal::parse_percent(text.as_bytes()).unwrap().value(), want, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_number_is_the_nearest_double(m in -99_999_999_999_999_999i64..99_999_999_999_999_999, d in 0usize..16) {
            let mut text = format!("{:0>20}", m.unsigned_abs());
            text.insert(20 - d, '.');
            let text = format!("{}{}", if m < 0 { "-" } else { "" }, text.trim_start_matches('0'));
            let want: f64 = text.parse().unwrap();
            proptest::prop_assert_eq!(Decimal::parse(text.as_bytes()).unwrap().value(), want);
        }
        #[test]
        fn unescape_never_panics(s in "\\PC{0,40}|(&#?x?[0-9a-z]{0,9};?){0,5}") {
            let _ = unescape(s.as_bytes());
        }
    }
}

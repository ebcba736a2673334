//! Dates as people write them in English and German, and as they are shown.

use keepwell_domain::lang::{MONTHS_DE as DE, MONTHS_EN as EN, month_named};

/// A date of which a part may be open: (year, month, day).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub year: Option<u16>,
    pub month: Option<u8>,
    pub day: Option<u8>,
}

impl Said {
    /// Whether a record's ISO date lies in it.
    pub fn holds(self, iso: &str) -> bool {
        let part = |r: std::ops::Range<usize>| iso.get(r).and_then(|s| s.parse::<u16>().ok());
        let is = |said: Option<u16>, r| said.is_none_or(|s| part(r) == Some(s));
        is(self.year, 0..4) && is(self.month.map(u16::from), 5..7) && is(self.day.map(u16::from), 8..10)
    }
}

/// A record's date as precise as it was said, in words. Empty where the record is less precise.
pub fn shown(iso: &str, said: Said, german: bool) -> String {
    let part = |r: std::ops::Range<usize>| iso.get(r).and_then(|s| s.parse::<usize>().ok());
    let Some(year) = part(0..4) else { return String::new() };
    let names = if german { DE } else { EN };
    let name = part(5..7).and_then(|m| names.get(m.checked_sub(1)?).copied());
    match (said.month.is_some(), said.day.is_some()) {
        (false, _) => year.to_string(),
        (true, false) => name.map_or(String::new(), |m| format!("{m} {year}")),
        (true, true) => match (name, part(8..10)) {
            (Some(m), Some(d)) if german => format!("{d}. {m} {year}"),
            (Some(m), Some(d)) => format!("{d} {m} {year}"),
            _ => String::new(),
        },
    }
}

/// A record's date as precise as the record is.
pub fn shown_whole(iso: &str, german: bool) -> String {
    let said = Said { year: Some(0), month: iso.get(5..7).map(|_| 1), day: iso.get(8..10).map(|_| 1) };
    shown(iso, said, german)
}

/// All ways in which a record's date may be shown.
pub fn all_shown(iso: &str, german: bool) -> [String; 3] {
    let said = |month, day| shown(iso, Said { year: Some(0), month, day }, german);
    [said(None, None), said(Some(1), None), said(Some(1), Some(1))]
}

/// A date at the start of the text: its possible meanings and how many bytes it takes.
pub fn date(text: &str) -> Option<(Vec<Said>, usize)> {
    iso(text).or_else(|| worded(text)).or_else(|| numeric(text)).or_else(|| year(text))
}

/// The same for days long past, as births are: any year counts, and one of two digits may be of either century.
pub fn date_old(text: &str) -> Option<(Vec<Said>, usize)> {
    let (mut said, len) = date(text)?;
    let more: Vec<Said> = said
        .iter()
        .filter(|s| !text[..len].contains(&s.year.unwrap_or(0).to_string()))
        .filter_map(|s| Some(Said { year: s.year?.checked_sub(100), ..*s }))
        .collect();
    said.extend(more);
    Some((said, len))
}

/// Digits at the start: their number, how many, and the rest.
fn digits(text: &str) -> Option<(u16, usize, &str)> {
    let n = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&n).then(|| text[..n].parse().ok()).flatten().map(|v| (v, n, &text[n..]))
}

fn is_year(v: u16, n: usize) -> bool {
    n == 4 && (1900..=2100).contains(&v)
}

fn small(v: u16, most: u8) -> Option<u8> {
    u8::try_from(v).ok().filter(|v| (1..=most).contains(v))
}

/// Nothing of a longer number or word follows.
fn ends(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        None => true,
        Some('.' | ',' | '-' | '/' | ':') => !chars.next().is_some_and(|c| c.is_numeric()),
        Some(c) => !c.is_alphanumeric(),
    }
}

fn iso(text: &str) -> Option<(Vec<Said>, usize)> {
    let (y, n, rest) = digits(text)?;
    let sep = rest.chars().next().filter(|c| is_year(y, n) && matches!(c, '-' | '/' | '.'))?;
    let (m, 2, rest) = digits(&rest[1..])? else { return None };
    let month = Some(small(m, 12)?);
    let used = |rest: &str| text.len() - rest.len();
    if let Some((d, 2, rest)) = rest.strip_prefix(sep).and_then(digits)
        && ends(rest)
    {
        return Some((vec![Said { year: Some(y), month, day: Some(small(d, 31)?) }], used(rest)));
    }
    (ends(rest) && sep == '-').then(|| (vec![Said { year: Some(y), month, day: None }], used(rest)))
}

/// `3.4.2024`, `3/4/24`, `04/2024`.
fn numeric(text: &str) -> Option<(Vec<Said>, usize)> {
    let (a, _, rest) = digits(text)?;
    let sep = rest.chars().next().filter(|c| matches!(c, '.' | '/' | '-'))?;
    let (b, n, rest) = digits(rest[1..].trim_start_matches(' '))?;
    if is_year(b, n) && sep != '-' && ends(rest) {
        return Some((
            vec![Said { year: Some(b), month: Some(small(a, 12)?), day: None }],
            text.len() - rest.len(),
        ));
    }
    let rest = rest.strip_prefix(sep)?;
    let (y, n, rest) = digits(rest.trim_start_matches(' '))?;
    let y = match n {
        4 if is_year(y, n) => y,
        2 => 2000 + y,
        _ => return None,
    };
    if !ends(rest) {
        return None;
    }
    let mut readings = Vec::new();
    let mut add = |d: u16, m: u16| {
        if let (Some(day), Some(month)) = (small(d, 31), small(m, 12)) {
            readings.push(Said { year: Some(y), month: Some(month), day: Some(day) });
        }
    };
    add(a, b);
    if sep != '.' && a != b {
        add(b, a);
    }
    (!readings.is_empty()).then(|| (readings, text.len() - rest.len()))
}

/// `3 March 2024`, `3. März 2024`, `3rd of March`, `March 3, 2024`, `March 2024`.
fn worded(text: &str) -> Option<(Vec<Said>, usize)> {
    let used = |rest: &str| text.len() - rest.len();
    if let Some((d, 1 | 2, rest)) = digits(text) {
        let day = Some(small(d, 31)?);
        let rest = ["st", "nd", "rd", "th", "."].iter().find_map(|s| rest.strip_prefix(s)).unwrap_or(rest);
        let rest = rest.trim_start_matches(' ');
        let rest = rest.strip_prefix("of ").unwrap_or(rest);
        let (m, rest) = name(rest)?;
        let (year, rest) = following_year(rest);
        return Some((vec![Said { year, month: Some(m), day }], used(rest)));
    }
    let (m, after) = name(text)?;
    let next = after.trim_start_matches(' ');
    if next.len() == after.len() {
        return None;
    }
    if let (year @ Some(_), rest) = following_year(after) {
        return Some((vec![Said { year, month: Some(m), day: None }], used(rest)));
    }
    let (d, 1 | 2, rest) = digits(next)? else { return None };
    let day = Some(small(d, 31)?);
    let rest = ["st", "nd", "rd", "th"].iter().find_map(|s| rest.strip_prefix(s)).unwrap_or(rest);
    let (year, rest) = following_year(rest);
    ends(rest).then(|| (vec![Said { year, month: Some(m), day }], used(rest)))
}

/// A month's name at the start, with the dot of a short one.
pub fn name(text: &str) -> Option<(u8, &str)> {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let m = month_named(word)?;
    // "may" is a word, "May" a month.
    if word.chars().next().is_some_and(char::is_lowercase) {
        return None;
    }
    Some((m, if word.len() <= 5 { rest.strip_prefix('.').unwrap_or(rest) } else { rest }))
}

fn following_year(text: &str) -> (Option<u16>, &str) {
    let rest = text.strip_prefix(',').unwrap_or(text).trim_start_matches(' ');
    match digits(rest) {
        Some((y, n, after)) if is_year(y, n) && ends(after) && rest.len() < text.len() => (Some(y), after),
        _ => (None, text),
    }
}

fn year(text: &str) -> Option<(Vec<Said>, usize)> {
    let (y, n, rest) = digits(text)?;
    let goes_on = rest.starts_with(['-', '/', '–']) || ends(rest);
    (is_year(y, n) && goes_on && !rest.starts_with(|c: char| c.is_alphanumeric()))
        .then(|| (vec![Said { year: Some(y), month: None, day: None }], 4))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn said(text: &str) -> String {
        let Some((readings, used)) = date(text) else { return String::new() };
        let one = |s: &Said| {
            let show = |v: Option<u16>| v.map_or("?".to_owned(), |v| v.to_string());
            format!("{}-{}-{}", show(s.year), show(s.month.map(u16::from)), show(s.day.map(u16::from)))
        };
        format!("{} {}", readings.iter().map(one).collect::<Vec<_>>().join("|"), &text[used..])
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (text, expected) in [
            ("2024-03-01 x", "2024-3-1  x"),
            ("2024-03.", "2024-3-? ."),
            ("2019-2024", "2019-?-? -2024"),
            ("01.03.2024,", "2024-3-1 ,"),
            ("3.4.24", "2024-4-3 "),
            ("3/4/2024", "2024-4-3|2024-3-4 "),
            ("13/4/2024", "2024-4-13 "),
            ("04/2024", "2024-4-? "),
            ("3 March 2024", "2024-3-3 "),
            ("3. März 2024 war", "2024-3-3  war"),
            ("3rd of March, 2024", "2024-3-3 "),
            ("March 3, 2024.", "2024-3-3 ."),
            ("März 2024", "2024-3-? "),
            ("Mar. 3", "?-3-3 "),
            ("3 March it", "?-3-3  it"),
            ("2024", "2024-?-? "),
            ("2024 ", "2024-?-?  "),
            ("20245", ""),
            ("2024.5", ""),
            ("may 3", ""),
            ("5.4", ""),
            ("1.234,5", ""),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_are_shown_from_the_record() {
        let of = |text: &str| date(text).unwrap().0[0];
        assert_eq!(shown("2024-03-01T08:00", of("1.3.2024"), true), "1. März 2024");
        assert_eq!(shown("2024-03-01", of("March 2024"), false), "March 2024");
        assert_eq!(shown("2024-03", of("1 March 2024"), false), "");
        assert_eq!(shown_whole("2024", false), "2024");
        assert_eq!(shown_whole("2024-03-01T08:00", false), "1 March 2024");
    }
}

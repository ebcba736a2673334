//! The encoding rules of HL7 v2 (chapter 2): segments, fields, components, escapes, times.

use crate::clinical::some;
use keepwell_domain::time::{Date, When};
use std::borrow::Cow;

/// The characters that set a message's parts apart, as its header states them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delimiters {
    field: char,
    component: char,
    repeat: char,
    escape: char,
    sub: char,
}

impl Delimiters {
    /// Reads them from a segment `MSH|^~\&`, `BHS…` or `FHS…`.
    pub(crate) fn read(header: &str) -> Option<Self> {
        let mut c = header.chars().skip(3);
        let field = c.next()?;
        let mut rest = c.take_while(|c| *c != field);
        let all = Self {
            field,
            component: rest.next().unwrap_or('^'),
            repeat: rest.next().unwrap_or('~'),
            escape: rest.next().unwrap_or('\\'),
            sub: rest.next().unwrap_or('&'),
        };
        let each = [all.field, all.component, all.repeat];
        each.iter().all(|c| !c.is_alphanumeric() && !c.is_whitespace()).then_some(all)
    }
}

/// One segment of a message.
#[derive(Debug, Clone)]
pub(crate) struct Segment<'a> {
    pub(crate) text: Cow<'a, str>,
    /// Bytes in the file.
    pub(crate) range: (usize, usize),
}

impl<'a> Segment<'a> {
    pub(crate) fn name(&self) -> &str {
        self.text.get(..3).unwrap_or("")
    }
    /// A field by its number in the standard; empty when missing. `MSH` counts its own separator.
    pub(crate) fn field(&self, number: usize, d: Delimiters) -> Field<'_> {
        let header = matches!(self.name(), "MSH" | "BHS" | "FHS");
        let skip = if header { number.saturating_sub(1) } else { number };
        let raw = self.text.split(d.field).nth(skip).unwrap_or("");
        Field { raw: if raw == "\"\"" { "" } else { raw }, d }
    }
}

/// Segments of a text, with whatever is no segment joined to the one before it.
pub(crate) fn segments(text: &str) -> Vec<Segment<'_>> {
    let mut out: Vec<Segment<'_>> = Vec::new();
    let mut at = 0;
    for line in text.split(['\r', '\n']) {
        let start = at;
        at += line.len() + 1;
        let bare = line.trim_start_matches(['\u{b}', '\u{feff}', ' ', '\t']);
        let start = start + line.len() - bare.len();
        let bare = bare.trim_end_matches(['\u{1c}', '\u{b}']);
        if bare.trim().is_empty() {
            continue;
        }
        let end = start + bare.len();
        if is_segment(bare) {
            out.push(Segment { text: Cow::Borrowed(bare), range: (start, end) });
        } else if let Some(last) = out.last_mut() {
            // A line break inside a field: some senders do not escape it.
            let joined = last.text.to_mut();
            joined.push('\n');
            joined.push_str(bare);
            last.range.1 = end;
        }
    }
    out
}

fn is_segment(line: &str) -> bool {
    let b = line.as_bytes();
    b.len() >= 3
        && b[0].is_ascii_uppercase()
        && b[1..3].iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        && b.get(3).is_none_or(|c| c.is_ascii_punctuation())
}

/// A field, a repetition, or a component of one, still escaped.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) raw: &'a str,
    d: Delimiters,
}

impl<'a> Field<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.raw.trim().is_empty()
    }
    pub(crate) fn repeats(self) -> impl Iterator<Item = Field<'a>> {
        self.raw.split(self.d.repeat).map(move |raw| Self { raw, d: self.d })
    }
    pub(crate) fn first(self) -> Self {
        Self { raw: self.raw.split(self.d.repeat).next().unwrap_or(""), d: self.d }
    }
    /// A component, counted from 1.
    pub(crate) fn component(self, number: usize) -> Self {
        let raw = self.raw.split(self.d.component).nth(number - 1).unwrap_or("");
        Self { raw: if raw == "\"\"" { "" } else { raw }, d: self.d }
    }
    /// A subcomponent, counted from 1.
    pub(crate) fn sub(self, number: usize) -> Self {
        Self { raw: self.raw.split(self.d.sub).nth(number - 1).unwrap_or(""), d: self.d }
    }
    /// The text with escapes resolved, if it is not blank.
    pub(crate) fn text(self) -> Option<String> {
        some(&self.unescaped())
    }
    /// The text of component `number`.
    pub(crate) fn part(self, number: usize) -> Option<String> {
        self.component(number).text()
    }
    /// All components as one text, as they were printed.
    pub(crate) fn whole(self) -> Option<String> {
        self.text()
    }

    fn unescaped(self) -> String {
        let e = self.d.escape;
        if !self.raw.contains(e) {
            return self.raw.to_owned();
        }
        let mut out = String::with_capacity(self.raw.len());
        let mut rest = self.raw;
        while let Some(at) = rest.find(e) {
            out.push_str(&rest[..at]);
            let after = &rest[at + e.len_utf8()..];
            let end = after.find(e).filter(|n| *n <= 400);
            let resolved = end.and_then(|n| self.escape(&after[..n]).map(|t| (n, t)));
            if let Some((n, text)) = resolved {
                out.push_str(&text);
                rest = &after[n + e.len_utf8()..];
            } else {
                out.push(e);
                rest = after;
            }
        }
        out.push_str(rest);
        out
    }

    fn escape(self, name: &str) -> Option<String> {
        let d = self.d;
        Some(match name {
            "F" => d.field.to_string(),
            "S" => d.component.to_string(),
            "T" => d.sub.to_string(),
            "R" => d.repeat.to_string(),
            "E" => d.escape.to_string(),
            "H" | "N" => String::new(),
            ".br" | ".ce" => "\n".to_owned(),
            _ if name.starts_with(".sp") => "\n".to_owned(),
            _ if [".fi", ".nf", ".in", ".ti", ".sk"].iter().any(|f| name.starts_with(f)) => " ".to_owned(),
            _ if name.starts_with('X') => hex(&name[1..])?,
            _ => return None,
        })
    }
}

fn hex(digits: &str) -> Option<String> {
    let digits: Vec<_> = digits.chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    if digits.is_empty() || digits.len() % 2 != 0 {
        return None;
    }
    let bytes: Vec<u8> = digits.chunks(2).filter_map(|p| u8::try_from(p[0] * 16 + p[1]).ok()).collect();
    Some(match String::from_utf8(bytes) {
        Ok(text) => text.replace('\r', "\n"),
        Err(e) => encoding_rs::WINDOWS_1252.decode(e.as_bytes()).0.into_owned(),
    })
}

/// A time of HL7 v2 or v3: `YYYY[MM[DD[hh[mm[ss[.ffff]]]]]][±hhmm]`, no more precise than it is.
pub(crate) fn time(text: &str) -> Option<When> {
    let text = text.trim();
    let at = text.find(['+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(at);
    let offset = if zone.is_empty() { None } else { Some(offset(zone)?) };
    let (digits, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    if !digits.bytes().chain(fraction.bytes()).all(|c| c.is_ascii_digit()) {
        return None;
    }
    let num = |from: usize, to: usize| digits.get(from..to).and_then(|d| d.parse::<i64>().ok());
    let year = i16::try_from(num(0, 4)?).ok().filter(|y| *y >= 1)?;
    if digits.len() == 4 {
        return Some(When::Year(year));
    }
    let month = u8::try_from(num(4, 6)?).ok()?;
    if digits.len() == 6 {
        return Date::new(year, month, 1).ok().map(|_| When::Month(year, month));
    }
    let date = Date::new(year, month, u8::try_from(num(6, 8)?).ok()?).ok()?;
    if digits.len() == 8 {
        return Some(When::Day(date));
    }
    if !matches!(digits.len(), 10 | 12 | 14) {
        return None;
    }
    let part = |from: usize| if digits.len() > from { num(from, from + 2) } else { Some(0) };
    let (h, m, s) = (part(8)?, part(10)?, part(12)?);
    if h > 23 || m > 59 || s > 60 {
        return None;
    }
    let micros: i64 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    Some(When::at(date, (h * 3600 + m * 60 + s.min(59)) * 1_000_000 + micros, offset))
}

fn offset(zone: &str) -> Option<i16> {
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits = zone.get(1..)?.replace(':', "");
    let (h, m) = match digits.len() {
        2 => (digits.parse::<i16>().ok()?, 0),
        4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse::<i16>().ok()?),
        _ => return None,
    };
    ((0..=14).contains(&h) && (0..=59).contains(&m)).then_some(sign * (h * 60 + m))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn field(raw: &str) -> Field<'_> {
        Field { raw, d: Delimiters::read(r"MSH|^~\&|").unwrap() }
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(field(r"a\F\b\S\c\T\d\R\e\E\f").text().unwrap(), r"a|b^c&d~e\f");
        assert_eq!(field(r"one\.br\two\X0A\three\XC3A4\").text().unwrap(), "one\ntwo\nthreeä");
        assert_eq!(field(r"\H\bold\N\ 5\6 \Q\ \XZZ\ end\").text().unwrap(), r"bold 5\6 \Q\ \XZZ\ end\");
    }

    #[test]
    fn times_keep_their_precision() {
        for (text, expected) in [
            ("2012", "2012"),
            ("201208", "2012-08"),
            ("20120806", "2012-08-06"),
            ("201208061015-0500", "2012-08-06T10:15:00-05:00"),
            ("20120806101559.1234", "2012-08-06T10:15:59.1234"),
            ("2012080610", "2012-08-06T10:00:00"),
            ("20141006064500+0700", "2014-10-06T06:45:00+07:00"),
        ] {
            assert_eq!(time(text).unwrap().to_string(), expected);
        }
        for bad in
            ["", "0000", "20121", "20121301", "20120230", "220241021055726", "2012080625", "2012-08-06", "x"]
        {
            assert_eq!(time(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_broken_line_stays_with_its_segment() {
        let all = segments("\u{b}MSH|^~\\&|A\rOBX|1|TX|||one\ntwo\r\n\u{1c}\rZZ9|x");
        let names: Vec<_> = all.iter().map(Segment::name).collect();
        assert_eq!(names, ["MSH", "OBX", "ZZ9"]);
        let d = Delimiters::read("MSH|^~\\&|").unwrap();
        assert_eq!(all[1].field(5, d).text().unwrap(), "one\ntwo");
        assert_eq!(all[0].field(3, d).text().unwrap(), "A");
        assert_eq!(all[0].range, (1, 11));
    }
}

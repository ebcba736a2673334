//! Names that are known, in the spellings in which they stand in texts.

use super::{Found, Sort, With};
use crate::model::check::dates;
use keepwell_domain::time::Date;

/// One spelling: folded characters, one space between words.
pub struct Form {
    /// Of which stand-in.
    pub of: usize,
    pub text: Vec<char>,
}

impl Form {
    fn new(text: &str) -> Self {
        Self { of: 0, text: fold(text).map(|(_, c)| c).collect() }
    }
    pub fn len(&self) -> usize {
        self.text.len()
    }
    pub fn same(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// Words in names that name nobody.
const NOBODY: &[&str] = &[
    "dr",
    "med",
    "prof",
    "phd",
    "md",
    "mr",
    "mrs",
    "ms",
    "mx",
    "miss",
    "herr",
    "frau",
    "von",
    "van",
    "der",
    "den",
    "de",
    "la",
    "di",
    "da",
    "del",
    "zu",
    "zur",
    "the",
    "of",
    "jr",
    "sr",
    "ii",
    "iii",
    "univ",
    "dipl",
    "ing",
    "mag",
    "st",
    "and",
    "und",
    "born",
    "geb",
    "geboren",
    "me",
    "my",
    "myself",
    "ich",
    "mein",
    "meine",
    "mum",
    "mom",
    "mama",
    "dad",
    "papa",
    "son",
    "kind",
    "child",
    "demo",
    "person",
    "unknown",
    "unbekannt",
    "patient",
];

/// Lower case; all that separates words is one space. With the byte behind each character.
fn fold(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut gap = true;
    text.char_indices().flat_map(move |(i, c)| {
        let end = i + c.len_utf8();
        let separates = c.is_whitespace() || matches!(c, '-' | '_' | ',' | '‐' | '‑' | '–');
        let was_gap = std::mem::replace(&mut gap, separates);
        let one = if separates { (!was_gap).then_some(' ') } else { None };
        let lower = (!separates).then(|| c.to_lowercase());
        one.into_iter().chain(lower.into_iter().flatten()).map(move |c| (end, c))
    })
}

/// By which two writings of one name are the same.
pub fn key(real: &str) -> String {
    let folded: String = fold(real).map(|(_, c)| c).collect();
    plain(folded.trim())
}

/// Without umlauts and accents.
fn plain(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    text.replace('ß', "ss").nfd().filter(|c| !is_combining_mark(*c)).collect()
}

/// Umlauts written out.
fn written_out(text: &str) -> String {
    text.to_lowercase().replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss")
}

/// All spellings under which a name is looked for.
pub fn forms(sort: Sort, real: &str) -> Vec<Form> {
    let mut names = vec![real.to_owned()];
    let words: Vec<&str> = real
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’')))
        .filter(|w| !w.is_empty())
        .collect();
    match sort {
        Sort::Person | Sort::Doctor => {
            let parts: Vec<&str> = words
                .iter()
                .copied()
                .filter(|w| w.chars().count() >= 2 && !NOBODY.contains(&w.to_lowercase().as_str()))
                .filter(|w| w.chars().any(char::is_alphabetic))
                .collect();
            names.extend(parts.iter().map(|p| (*p).to_owned()));
            if parts.len() > 1 {
                names.push(parts.iter().rev().copied().collect::<Vec<_>>().join(" "));
                names.push(parts.concat());
                let pairs = parts
                    .iter()
                    .flat_map(|a| parts.iter().filter(move |b| *b != a).map(move |b| [*a, *b].concat()));
                names.extend(pairs.take(40));
            }
        }
        Sort::Document => {
            // A name without its ending is often a word; one with digits or of several words is not.
            let stem = real.rsplit_once('.').map_or(real, |(stem, _)| stem);
            if stem.chars().count() >= 8
                && stem.contains(|c: char| c.is_numeric() || matches!(c, ' ' | '_' | '-'))
            {
                names.push(stem.to_owned());
            }
        }
        _ => {}
    }
    let mut out: Vec<Form> = Vec::new();
    for name in names {
        for spelling in [name.clone(), written_out(&name), plain(&name)] {
            let form = Form::new(&spelling);
            let form = Form { text: trimmed(form.text), ..form };
            if form.len() >= 2 && !out.iter().any(|f| f.same(&form)) {
                out.push(form);
            }
        }
    }
    out
}

fn trimmed(mut text: Vec<char>) -> Vec<char> {
    while text.last() == Some(&' ') {
        text.pop();
    }
    text
}

/// Where known names stand. They are found as whole words, a genitive's `s` behind them allowed.
pub fn find(text: &str, forms: &[Form]) -> Vec<Found> {
    let folded: Vec<(usize, char)> = fold(text).collect();
    let mut out = Vec::new();
    let mut i = 0;
    while i < folded.len() {
        let begins = i == 0 || !folded[i - 1].1.is_alphanumeric();
        let rest = &folded[i..];
        let hit = begins.then(|| forms.iter().find(|f| is_here(rest, &f.text))).flatten();
        if let Some(form) = hit {
            let start = if i == 0 { 0 } else { folded[i - 1].0 };
            // Several separators are one folded space: the name begins behind the last of them.
            let start = start + text[start..].find(|c: char| c.is_alphanumeric()).unwrap_or(0);
            let end = folded[i + form.len() - 1].0;
            if start < end {
                out.push(Found { range: start..end, with: With::Known(form.of) });
            }
            i += form.len();
        } else {
            i += 1;
        }
    }
    out
}

fn is_here(text: &[(usize, char)], form: &[char]) -> bool {
    if text.len() < form.len() || !text.iter().zip(form).all(|((_, c), f)| c == f) {
        return false;
    }
    let at = |i: usize| text.get(form.len() + i).map(|(_, c)| *c);
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !is_word(at(0)) || (at(0) == Some('s') && !is_word(at(1)))
}

/// Dates of birth, however they are written.
pub fn births(text: &str, births: &[Date]) -> Vec<Found> {
    let mut out = Vec::new();
    if births.is_empty() {
        return out;
    }
    let mut before: Option<char> = None;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let mut step = c.len_utf8();
        if c.is_alphanumeric() && before.is_none_or(|b| !b.is_alphanumeric()) {
            let rest = &text[at..];
            let compact = births.iter().any(|b| {
                let iso = b.to_string().replace('-', "");
                rest.starts_with(&iso) && !rest[iso.len()..].starts_with(|c: char| c.is_ascii_digit())
            });
            let hit = dates::date_old(rest).filter(|(said, _)| {
                said.iter().any(|s| {
                    s.day.is_some() && s.year.is_some() && births.iter().any(|b| s.holds(&b.to_string()))
                })
            });
            if let Some(len) = hit.map(|(_, len)| len).or(compact.then_some(8)) {
                out.push(Found { range: at..at + len, with: With::Age });
                step = len;
            }
        }
        at += step;
        before = text[..at].chars().next_back();
    }
    out
}

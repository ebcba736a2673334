//! Everything in a line that says a number, a date, or a tag.

use super::{
    dates::{self, Said},
    numbers::{self, Number},
};
use crate::model::ledger::Ledger;
use std::ops::Range;

/// What a tag asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The value; the title where there is none.
    Value,
    /// The date.
    Date,
    /// The name of what it is.
    Name,
}

/// What stands there.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A tag; `None` when no result has it.
    Tag(Option<u32>, Field),
    /// A name that holds digits: of the receipt, or of the named marker.
    Name(Vec<u32>, Option<usize>),
    /// A receipt's value, letter by letter.
    Verbatim(Vec<u32>),
    /// A date.
    Date(Vec<Said>),
    /// A number, and how many bytes of it are unit: those of the receipts that have that unit, or some other.
    Number(Number),
    /// A number that is written out.
    Word,
    /// Anything else with a digit.
    Odd,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub range: Range<usize>,
    pub what: What,
}

/// What names and values can be found, in lower case, the longest first.
pub struct Lexicon {
    /// (name, receipts, named marker)
    names: Vec<(String, Vec<u32>, Option<usize>)>,
    values: Vec<(String, Vec<u32>)>,
}

impl Lexicon {
    pub fn new(ledger: &Ledger) -> Self {
        let mut names: Vec<(String, Vec<u32>, Option<usize>)> = Vec::new();
        let mut values: Vec<(String, Vec<u32>)> = Vec::new();
        for (i, r) in (0u32..).zip(ledger.receipts()) {
            let title = r.title.to_lowercase();
            if title.contains(char::is_numeric) {
                match names.iter_mut().find(|(n, ..)| *n == title) {
                    Some((_, list, _)) => list.push(i),
                    None => names.push((title, vec![i], None)),
                }
            }
            let value = r.value.to_lowercase();
            if value.contains(char::is_numeric) && numbers::printed(&r.value).is_none() {
                match values.iter_mut().find(|(v, _)| *v == value) {
                    Some((_, list)) => list.push(i),
                    None => values.push((value, vec![i])),
                }
            }
        }
        for (at, named) in ledger.named().iter().enumerate() {
            for name in named.names.iter().map(|n| n.to_lowercase()).filter(|n| n.contains(char::is_numeric))
            {
                match names.iter_mut().find(|(n, ..)| *n == name) {
                    Some((.., marker @ None)) => *marker = Some(at),
                    Some(_) => {}
                    None => names.push((name, Vec::new(), Some(at))),
                }
            }
        }
        names.sort_by_key(|(n, ..)| std::cmp::Reverse(n.len()));
        values.sort_by_key(|(v, _)| std::cmp::Reverse(v.len()));
        Self { names, values }
    }
}

/// Whether a text stands here, whole words, letters of either case. Its length in bytes.
pub fn here(text: &str, wanted: &str) -> Option<usize> {
    let mut end = 0;
    let mut wanted = wanted.chars();
    for c in text.chars() {
        let Some(w) = wanted.next() else { break };
        let mut lower = c.to_lowercase();
        if lower.next() != Some(w) || lower.any(|l| wanted.next() != Some(l)) {
            return None;
        }
        end += c.len_utf8();
    }
    let is_whole = !text[end..].starts_with(char::is_alphanumeric);
    (wanted.next().is_none() && end > 0 && is_whole).then_some(end)
}

/// Tags at the start of a text: `[r12]`, `[r12.date]`, `[r1, r2]`. Each with its field, and the bytes of all.
pub fn tags(text: &str) -> Option<(Vec<(String, Field)>, usize)> {
    let close = match text.chars().next()? {
        '[' => ']',
        '【' => '】',
        _ => return None,
    };
    let end = text.find(close)?;
    let inner = &text[text.chars().next()?.len_utf8()..end];
    if inner.len() > 400 {
        return None;
    }
    let mut out = Vec::new();
    for word in inner.split([',', ';', ' ']).filter(|w| !w.is_empty()) {
        let (tag, field) = word.split_once('.').unwrap_or((word, "value"));
        let digits = tag.strip_prefix(['r', 'R'])?;
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let field = match field {
            "value" => Field::Value,
            "date" => Field::Date,
            "name" => Field::Name,
            _ => return None,
        };
        out.push((tag.to_owned(), field));
    }
    (!out.is_empty()).then(|| (out, end + close.len_utf8()))
}

/// All tokens of a line, in order; what lies between them holds no digit.
pub fn scan(line: &str, ledger: &Ledger, lexicon: &Lexicon) -> Vec<Token> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut before: Option<char> = None;
    while let Some(c) = line[at..].chars().next() {
        let rest = &line[at..];
        let at_word = before.is_none_or(|b| !b.is_alphanumeric());
        let found = if matches!(c, '[' | '【') {
            if let Some((tags, len)) = tags(rest) {
                let n = tags.len();
                for (i, (tag, field)) in tags.into_iter().enumerate() {
                    let range = if i + 1 == n { at + len - 1..at + len } else { at..at };
                    out.push(Token { range, what: What::Tag(ledger.find_tag(&tag), field) });
                }
                // The first of them covers the brackets, the others nothing.
                let first = out.len() - n;
                out[first].range = at..at + len;
                out[first + 1..].iter_mut().for_each(|t| t.range = at + len..at + len);
                at += len;
                before = Some(']');
                continue;
            }
            None
        } else if at_word {
            token(rest, before, lexicon)
        } else if c.is_numeric() {
            // Cannot be: words and numbers are taken whole.
            Some((What::Odd, cluster(rest)))
        } else {
            None
        };
        match found {
            Some((what, len)) if len > 0 => {
                out.push(Token { range: at..at + len, what });
                at += len;
                before = line[..at].chars().next_back();
            }
            _ => {
                // A word is passed as a whole, so that nothing is looked for in its middle.
                let len = if c.is_alphabetic() { word(rest).len() } else { c.len_utf8() };
                at += len;
                before = line[..at].chars().next_back();
            }
        }
    }
    out
}

fn token(rest: &str, before: Option<char>, lexicon: &Lexicon) -> Option<(What, usize)> {
    let c = rest.chars().next()?;
    if c.is_alphanumeric()
        && let Some((len, r, m)) = lexicon.names.iter().find_map(|(n, r, m)| Some((here(rest, n)?, r, m)))
    {
        return Some((What::Name(r.clone(), *m), len));
    }
    if let Some((len, r)) = lexicon.values.iter().find_map(|(v, r)| Some((here(rest, v)?, r))) {
        return Some((What::Verbatim(r.clone()), len));
    }
    if c.is_alphabetic() {
        if let Some((readings, len)) = dates::date(rest) {
            return Some((What::Date(readings), len));
        }
        let word = word(rest);
        if word.contains(char::is_numeric) {
            return Some((What::Odd, cluster(rest)));
        }
        return numbers::is_number_word(word).then_some((What::Word, word.len()));
    }
    if c.is_numeric()
        && let Some((readings, len)) = dates::date(rest)
    {
        return Some((What::Date(readings), len));
    }
    let begins = c.is_numeric() || "<>≤≥=+-−".contains(c);
    if begins && let Some(n) = numbers::number(rest, before) {
        let after = &rest[n.len..];
        let time = after.strip_prefix(':').is_some_and(|a| a.starts_with(char::is_numeric));
        if time || after.starts_with(char::is_numeric) {
            return Some((What::Odd, cluster(rest)));
        }
        let len = n.len;
        return Some((What::Number(n), len));
    }
    c.is_numeric().then(|| (What::Odd, cluster(rest)))
}

/// A word: letters, digits, and what holds them together.
fn word(text: &str) -> &str {
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '’' | '\'');
    let end = text.find(|c| !goes_on(c)).unwrap_or(text.len());
    text[..end].trim_end_matches(['-', '_', '’', '\''])
}

/// All up to white space, without the signs at its end.
fn cluster(text: &str) -> usize {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '[' | '【')).unwrap_or(text.len());
    let kept = text[..end].trim_end_matches(|c: char| ".,;:!?)]}\"“”'".contains(c));
    if kept.is_empty() { text.chars().next().map_or(0, char::len_utf8) } else { kept.len() }
}

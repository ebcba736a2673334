//! Words that questions are made of, in both languages, read once from `words/`. All are folded when they are
//! compared, and German compounds are written apart, as [`super::token`] takes them apart.

use crate::text::fold;
use keepwell_domain::record::Kind;
use std::sync::OnceLock;

/// Phrases, one a line; `_` stands for what a question names.
pub struct Phrases {
    source: &'static str,
    folded: OnceLock<Vec<String>>,
}

impl Phrases {
    /// Phrases of a text.
    #[must_use]
    pub const fn new(source: &'static str) -> Self {
        Self { source, folded: OnceLock::new() }
    }

    /// Whether one of them stands in folded words that begin and end with a space.
    #[must_use]
    pub fn any(&self, text: &str) -> bool {
        self.folded.get_or_init(|| lines(self.source).map(padded).collect()).iter().any(|p| text.contains(p))
    }
}

/// A phrase, folded, between spaces.
#[must_use]
pub fn padded(phrase: &str) -> String {
    let words: Vec<String> =
        phrase.split_whitespace().map(|w| if w == "_" { "_".to_owned() } else { fold(w) }).collect();
    format!(" {} ", words.join(" "))
}

/// Lines with something in them.
pub fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|l| !l.is_empty())
}

/// Lists under headings `# Name`, in their order.
#[must_use]
pub fn sections(text: &'static str) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut out: Vec<(&str, Vec<&str>)> = Vec::new();
    for l in lines(text) {
        match (l.strip_prefix("# "), out.last_mut()) {
            (Some(name), _) => out.push((name, Vec::new())),
            (None, Some(last)) => last.1.push(l),
            (None, None) => {}
        }
    }
    out
}

/// Words that name nothing of their own: never a marker, never a slip of one.
pub fn stop() -> impl Iterator<Item = &'static str> {
    lines(include_str!("words/stop.txt"))
        .chain(lines(include_str!("words/of_rules.txt")))
        .chain(lines(include_str!("words/wants.txt")).filter(|l| !l.starts_with('#')))
        .chain(lines(include_str!("words/harmless.txt")).flat_map(str::split_whitespace))
}

/// Words that name a kind of record.
#[must_use]
pub fn kinds() -> Vec<(Kind, Vec<&'static str>)> {
    let kind = |name: &str| Kind::ALL.into_iter().find(|k| format!("{k:?}") == name);
    sections(include_str!("words/kinds.txt")).into_iter().filter_map(|(n, w)| Some((kind(n)?, w))).collect()
}

/// Words of one meaning in titles of records, across languages and everyday speech.
pub fn synonyms() -> impl Iterator<Item = Vec<&'static str>> {
    lines(include_str!("words/synonyms.txt")).map(|l| l.split(", ").collect())
}

fn pairs(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    lines(text).filter_map(|l| l.split_once(" = "))
}

/// Everyday names of markers, and the catalogue's name that they mean.
pub fn everyday() -> impl Iterator<Item = (&'static str, &'static str)> {
    pairs(include_str!("words/everyday.txt"))
}

/// Everyday names of groups of markers; the second is the catalogue's group, `bp` the two of blood pressure.
pub fn groups() -> impl Iterator<Item = (&'static str, &'static str)> {
    pairs(include_str!("words/groups.txt"))
}

//! The words of the pages, of kinds, fields and codes, in each language side by side, so that none is
//! forgotten.

pub mod call;
pub mod coded;
mod codes;
pub mod entry;
pub mod exchange;
mod fields;
pub mod lists;
mod say;
mod sync;
pub mod table;
mod texts;
pub mod typed;
mod units;
pub mod ways;

pub use say::{
    amount, as_certain, band, date, date_long, date_short, fill, label, level, moment, month, number, opened,
    plural, weekday,
};
pub use sync::alarm;
pub use texts::Texts;
pub use units::{unit, unit_code};

use keepwell_journal::model::Kind;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// German.
    De,
}

impl Lang {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::En, Self::De];
    /// BCP 47 code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }
    /// The language of a tag of the browser, `de-AT`; English for any other.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        if tag.get(..2).is_some_and(|t| t.eq_ignore_ascii_case("de")) { Self::De } else { Self::En }
    }
    /// Its name in itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
        }
    }
    /// Its texts.
    #[must_use]
    pub const fn texts(self) -> &'static Texts {
        texts::of(self)
    }
    const fn pick(self, row: &'static Row) -> &'static str {
        match self {
            Self::En => row.1,
            Self::De => row.2,
        }
    }
}

/// A key with its words in English and German.
type Row = (&'static str, &'static str, &'static str);

fn find(rows: &'static [Row], key: &str) -> Option<&'static Row> {
    rows.iter().find(|row| row.0 == key)
}

/// The word of a code of a set; the code itself where a newer version wrote one that is not known here.
#[must_use]
pub fn code(lang: Lang, set: &str, code: &str) -> String {
    let own = format!("{set}:{code}");
    let row = find(codes::CODES, &own).or_else(|| find(codes::CODES, code));
    row.map_or_else(|| code.replace('_', " "), |r| lang.pick(r).to_owned())
}

/// The label of a field of a kind.
#[must_use]
pub fn field(lang: Lang, kind: Kind, name: &str) -> String {
    let own = format!("{}.{name}", kind.as_str());
    let row = find(fields::FIELDS, &own).or_else(|| find(fields::FIELDS, name));
    row.map_or_else(|| name.replace('_', " "), |r| lang.pick(r).to_owned())
}

/// What a field wants, where its label does not say enough.
#[must_use]
pub fn hint(lang: Lang, kind: Kind, name: &str) -> Option<&'static str> {
    find(fields::HINTS, &format!("{}.{name}", kind.as_str())).map(|r| lang.pick(r))
}

/// The name of a kind, of one of them.
#[must_use]
pub fn kind(lang: Lang, kind: Kind) -> &'static str {
    find(fields::KINDS, kind.as_str()).map_or("", |r| lang.pick(r))
}

/// The name of a kind, of several.
#[must_use]
pub fn kinds(lang: Lang, kind: Kind) -> &'static str {
    find(fields::MANY, kind.as_str()).map_or("", |r| lang.pick(r))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::forms::{Input, form};

    #[test]
    fn every_kind_field_and_code_has_a_word_in_each_language() {
        let mut missing = Vec::new();
        for k in Kind::ALL {
            if kind(Lang::En, *k).is_empty() || kinds(Lang::De, *k).is_empty() {
                missing.push(k.as_str().to_owned());
            }
            for f in form(*k).map_or(&[][..], |f| f.fields) {
                let own = format!("{}.{}", k.as_str(), f.name);
                if find(fields::FIELDS, &own).or_else(|| find(fields::FIELDS, f.name)).is_none() {
                    missing.push(own);
                }
                if let Input::Code(c) | Input::CodeList(c) | Input::Source(c) = f.input {
                    let has = |code: &str| {
                        find(codes::CODES, &format!("{}:{code}", c.set)).or_else(|| find(codes::CODES, code))
                    };
                    missing.extend(
                        (c.all)()
                            .into_iter()
                            .filter(|code| has(code).is_none())
                            .map(|code| format!("{}:{code}", c.set)),
                    );
                }
            }
        }
        missing.sort();
        missing.dedup();
        assert!(missing.is_empty(), "no words for {missing:?}");
    }

    #[test]
    fn no_word_is_empty_and_no_key_stands_twice() {
        for rows in [codes::CODES, fields::FIELDS, fields::KINDS, fields::MANY, fields::HINTS] {
            let mut keys: Vec<&str> = rows.iter().map(|r| r.0).collect();
            assert!(rows.iter().all(|r| !r.1.is_empty() && !r.2.is_empty()));
            let all = keys.len();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), all);
        }
    }

    #[test]
    fn every_language_keeps_the_places_to_fill_in() {
        for (name, en, de) in texts::pairs()
            .into_iter()
            .chain(ways::pairs())
            .chain(entry::pairs())
            .chain(exchange::pairs())
            .chain(table::pairs())
            .chain(typed::pairs())
            .chain(lists::pairs())
            .chain(call::pairs())
        {
            assert!(!en.trim().is_empty() && !de.trim().is_empty(), "{name} is empty");
            for mark in ["{n}", "{m}"] {
                assert_eq!(en.matches(mark).count(), de.matches(mark).count(), "{name}");
            }
        }
    }
}

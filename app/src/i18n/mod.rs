//! Languages: one file per language that fills [`Texts`]; the compiler refuses a file that leaves
//! a text out. Texts with `{n}` are filled by [`fill`].

mod de;
mod en;
pub mod fmt;
#[cfg(all(feature = "hydrate", feature = "split"))]
pub mod later;
mod texts;

pub use texts::Texts;

use serde::{Deserialize, Serialize};

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// English.
    #[default]
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
    /// The language of that code; English for any other.
    #[must_use]
    pub fn parse(s: &str) -> Self {
        Self::ALL.into_iter().find(|l| l.as_str() == s).unwrap_or_default()
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
    #[cfg(not(all(feature = "hydrate", feature = "split")))]
    #[must_use]
    pub const fn texts(self) -> &'static Texts {
        match self {
            Self::En => &en::TEXTS,
            Self::De => &de::TEXTS,
        }
    }
    /// The texts of the page's language, which are loaded before it comes alive.
    #[cfg(all(feature = "hydrate", feature = "split"))]
    #[must_use]
    pub fn texts(self) -> &'static Texts {
        later::loaded()
    }
}

/// Which languages an instance offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered([bool; Lang::ALL.len()]);

impl Default for Offered {
    fn default() -> Self {
        Self([true; Lang::ALL.len()])
    }
}

impl Offered {
    /// Those of these codes; all where none is known.
    #[must_use]
    pub fn of<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        let mut offered = [false; Lang::ALL.len()];
        for code in codes {
            for (is, lang) in offered.iter_mut().zip(Lang::ALL) {
                *is |= lang.as_str() == code;
            }
        }
        if offered.contains(&true) { Self(offered) } else { Self::default() }
    }

    /// What there is to choose from; nothing where there is only one.
    pub fn choices(self) -> impl Iterator<Item = Lang> {
        let is_choice = self.0.iter().filter(|is| **is).count() > 1;
        Lang::ALL.into_iter().zip(self.0).filter(move |(_, is)| is_choice && *is).map(|(lang, _)| lang)
    }
}

/// Puts a value where `{n}` stands.
#[must_use]
pub fn fill(text: &str, n: &str) -> String {
    text.replace("{n}", n)
}

/// `one` or `many` by the count, the count filled in. Right for English and German.
#[must_use]
pub fn plural(lang: Lang, count: u64, one: &str, many: &str) -> String {
    fill(if count == 1 { one } else { many }, &fmt::count(lang, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_keeps_the_places_to_fill_in() {
        for (name, en, de) in texts::pairs(&en::TEXTS, &de::TEXTS) {
            assert!(!en.trim().is_empty() && !de.trim().is_empty(), "{name} is empty");
            assert_eq!(en.matches("{n}").count(), de.matches("{n}").count(), "{name}");
        }
    }

    #[test]
    fn one_is_singular_and_thousands_are_grouped() {
        assert_eq!(plural(Lang::En, 1, "{n} record", "{n} records"), "1 record");
        assert_eq!(plural(Lang::De, 12_345, "{n} Eintrag", "{n} Einträge"), "12.345 Einträge");
    }
}

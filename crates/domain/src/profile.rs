//! Persons under one login: what they are called, and who they are to the one who signs in.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest name, in characters.
pub const NAME_MAX: usize = 80;

/// A name that a person gives to a profile or a token: one line, trimmed, 1 to 80 characters,
/// without controls or marks that turn the direction of text, which could make it read as another.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// A text that cannot be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// Nothing is left of it after trimming.
    #[error("the name is empty")]
    Empty,
    /// More than [`NAME_MAX`] characters.
    #[error("the name is longer than {NAME_MAX} characters")]
    Long,
    /// A line break, another control, or a mark of direction.
    #[error("the name holds an invisible character")]
    Invisible,
}

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// [`BadName`].
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadName::Empty);
        }
        if text.chars().count() > NAME_MAX {
            return Err(BadName::Long);
        }
        if text.chars().any(is_invisible) {
            return Err(BadName::Invisible);
        }
        Ok(Self(text.to_owned()))
    }
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Controls, direction marks and isolates (UAX #9), and characters without width. The joiners
/// U+200C and U+200D stay: names in Persian and in Indic scripts need them.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{061C}' | '\u{FEFF}')
}

impl TryFrom<String> for Name {
    type Error = BadName;
    fn try_from(text: String) -> Result<Self, BadName> {
        Self::parse(&text)
    }
}
impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}
impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(***)")
    }
}

/// Who a profile's person is to the holder of the login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The holder.
    #[serde(rename = "self")]
    SelfPerson,
    /// A child.
    Child,
    /// A parent.
    Parent,
    /// A partner.
    Partner,
    /// Anyone else.
    Other,
}

impl Relation {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::SelfPerson, Self::Child, Self::Parent, Self::Partner, Self::Other];
    /// The code in the database and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SelfPerson => "self",
            Self::Child => "child",
            Self::Parent => "parent",
            Self::Partner => "partner",
            Self::Other => "other",
        }
    }
    /// The relation of that code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == code)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn name_is_one_trimmed_line_that_shows_all_it_holds() {
        assert_eq!(Name::parse("  Zoë Müller ").unwrap().as_str(), "Zoë Müller");
        assert_eq!(Name::parse(" \t\n"), Err(BadName::Empty));
        assert_eq!(Name::parse("a\nb"), Err(BadName::Invisible));
        assert_eq!(Name::parse("Anna\u{202E}neB"), Err(BadName::Invisible));
        assert_eq!(Name::parse("An\u{200B}na"), Err(BadName::Invisible));
        assert!(Name::parse("علی\u{200C}رضا").is_ok());
        assert!(Name::parse(&"é".repeat(NAME_MAX)).is_ok());
        assert_eq!(Name::parse(&"é".repeat(NAME_MAX + 1)), Err(BadName::Long));
    }

    #[test]
    fn name_enters_by_its_door_only_and_is_not_shown_by_debug() {
        assert!(serde_json::from_str::<Name>("\"a\\u0000b\"").is_err());
        assert_eq!(format!("{:?}", Name::parse("Anna").unwrap()), "Name(***)");
    }

    #[test]
    fn relation_reads_back_from_its_code_and_from_json() {
        for r in Relation::ALL {
            assert_eq!(Relation::parse(r.as_str()), Some(r));
            assert_eq!(serde_json::to_string(&r).unwrap(), format!("\"{}\"", r.as_str()));
        }
        assert_eq!(Relation::parse("Self"), None);
    }
}

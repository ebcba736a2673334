//! What a field may hold. The set is closed and flat on purpose: a newer version brings new field
//! names and new texts, never a new shape, so that an older one carries on what it does not understand;
//! and nothing nests, so that hostile bytes cannot exhaust the stack.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why there is no value. Zero is not among them: it is a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absence {
    /// Nobody here knows it.
    Unknown,
    /// The clinic knows it and has not said.
    NotTold,
    /// It was not measured or did not take place.
    NotDone,
}

impl Absence {
    /// The code in exports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NotTold => "not_told",
            Self::NotDone => "not_done",
        }
    }
    /// The absence of that code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Unknown, Self::NotTold, Self::NotDone].into_iter().find(|a| a.as_str() == code)
    }
}

/// What one field of one entity holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Value {
    /// No value, and why.
    Absent(Absence),
    /// Yes or no.
    Flag(bool),
    /// A count.
    Int(i64),
    /// A text; numbers with units, times, codes and references are texts with a grammar of their own.
    Text(String),
    /// Several texts in an order that means something.
    List(Vec<String>),
}

impl Value {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// Shows the shape only: what is inside is health data.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(_) => f.write_str("Absent(***)"),
            Self::Flag(_) => f.write_str("Flag(***)"),
            Self::Int(_) => f.write_str("Int(***)"),
            Self::Text(_) => f.write_str("Text(***)"),
            Self::List(_) => f.write_str("List(***)"),
        }
    }
}

//! Reasons as they are kept with a document. What an earlier version kept as an English sentence
//! stays readable.

use super::Why;
use keepwell_domain::{lang::Lang, locator::Locator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A reason: a code, or the sentence that an earlier version wrote down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// In words already.
    Words(String),
    /// To be put into words.
    Why(Why),
}

impl Told {
    /// The sentence; an old one as it was written.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Words(text) => text.clone(),
            Self::Why(why) => why.words(lang),
        }
    }
}

impl<W: Into<Why>> From<W> for Told {
    fn from(why: W) -> Self {
        Self::Why(why.into())
    }
}

/// A place to which a reason belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// A path in the format's own words; empty for the whole.
    Path(String),
    /// A line, counted from 1.
    Line(u64),
}

impl Spot {
    /// In words.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let line = |n: &str| format!("{} {n}", lang.pick("line", "Zeile"));
        match self {
            Self::Line(n) => line(&n.to_string()),
            // As an earlier version wrote it.
            Self::Path(p) => {
                match p.strip_prefix("line ").filter(|n| n.bytes().all(|b| b.is_ascii_digit())) {
                    Some(n) => line(n),
                    None => p.clone(),
                }
            }
        }
    }
}

impl From<&Locator> for Spot {
    fn from(l: &Locator) -> Self {
        match l {
            Locator::Path { path, .. } => Self::Path(path.clone()),
            Locator::Row { line, .. } => Self::Line(*line),
            Locator::Whole | Locator::Typed => Self::Path(String::new()),
        }
    }
}

// In JSON, which is kept, an old text stays a plain string and a line a plain number; the pipe's
// form says which it is.

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Kept {
    Words(String),
    Why { why: Why },
}
#[derive(Serialize, Deserialize)]
enum Piped {
    Words(String),
    Why(Why),
}
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum KeptSpot {
    Line(u64),
    Path(String),
}
#[derive(Serialize, Deserialize)]
enum PipedSpot {
    Line(u64),
    Path(String),
}

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match (s.is_human_readable(), self.clone()) {
            (true, Self::Words(text)) => Kept::Words(text).serialize(s),
            (true, Self::Why(why)) => Kept::Why { why }.serialize(s),
            (false, Self::Words(text)) => Piped::Words(text).serialize(s),
            (false, Self::Why(why)) => Piped::Why(why).serialize(s),
        }
    }
}
impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(if d.is_human_readable() {
            match Kept::deserialize(d)? {
                Kept::Words(text) => Self::Words(text),
                Kept::Why { why } => Self::Why(why),
            }
        } else {
            match Piped::deserialize(d)? {
                Piped::Words(text) => Self::Words(text),
                Piped::Why(why) => Self::Why(why),
            }
        })
    }
}
impl Serialize for Spot {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match (s.is_human_readable(), self.clone()) {
            (true, Self::Line(n)) => KeptSpot::Line(n).serialize(s),
            (true, Self::Path(p)) => KeptSpot::Path(p).serialize(s),
            (false, Self::Line(n)) => PipedSpot::Line(n).serialize(s),
            (false, Self::Path(p)) => PipedSpot::Path(p).serialize(s),
        }
    }
}
impl<'de> Deserialize<'de> for Spot {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(if d.is_human_readable() {
            match KeptSpot::deserialize(d)? {
                KeptSpot::Line(n) => Self::Line(n),
                KeptSpot::Path(p) => Self::Path(p),
            }
        } else {
            match PipedSpot::deserialize(d)? {
                PipedSpot::Line(n) => Self::Line(n),
                PipedSpot::Path(p) => Self::Path(p),
            }
        })
    }
}

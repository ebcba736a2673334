//! JSON that keeps the digits of a number and the order of its keys: `5.40` stays `5.40`, which
//! `serde_json::Value` would make `5.4`.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

/// A piece of JSON.
pub(super) enum Node {
    Text(String),
    Flag(bool),
    /// A number in JSON's own grammar.
    Number(Box<RawValue>),
    List(Vec<Node>),
    Object(Vec<(&'static str, Node)>),
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(t) => s.serialize_str(t),
            Self::Flag(b) => s.serialize_bool(*b),
            Self::Number(n) => n.serialize(s),
            Self::List(l) => l.serialize(s),
            Self::Object(o) => {
                let mut map = s.serialize_map(Some(o.len()))?;
                for (key, value) in o {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<Vec<Node>> for Node {
    fn from(list: Vec<Node>) -> Self {
        Self::List(list)
    }
}
impl<const N: usize> From<[(&'static str, Node); N]> for Node {
    fn from(entries: [(&'static str, Node); N]) -> Self {
        Self::Object(entries.into())
    }
}

impl Node {
    /// A whole number.
    pub(super) fn int(n: i64) -> Option<Self> {
        RawValue::from_string(n.to_string()).ok().map(Self::Number)
    }
    /// This object with one more entry, where there is one.
    #[must_use]
    pub(super) fn with(mut self, key: &'static str, value: Option<Self>) -> Self {
        if let (Self::Object(o), Some(v)) = (&mut self, value) {
            o.push((key, v));
        }
        self
    }
}

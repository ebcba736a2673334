//! How typed things stand in fields.

use super::{id::EntityId, value::Value};
use keepwell_domain::time::Date;

/// Something that can stand in a field.
pub trait FieldType: Sized {
    /// As it is kept. `from_value(to_value(x))` is `x`.
    fn to_value(&self) -> Value;
    /// Reads it; `None` where this version cannot.
    fn from_value(value: &Value) -> Option<Self>;
}

/// Something with a text of its own, so that it can stand in lists too.
pub trait TextType: Sized {
    /// Its text. `from_text(to_text(x))` is `x`.
    fn to_text(&self) -> String;
    /// Reads the text; `None` where this version cannot.
    fn from_text(text: &str) -> Option<Self>;
}

/// Lets types with a text stand in fields. A blanket impl would forbid `bool` and `i64` their own.
macro_rules! text_fields {
    ($($ty:ty),+ $(,)?) => {$(
        impl $crate::model::field::FieldType for $ty {
            fn to_value(&self) -> $crate::model::value::Value {
                $crate::model::value::Value::Text($crate::model::field::TextType::to_text(self))
            }
            fn from_value(value: &$crate::model::value::Value) -> Option<Self> {
                match value {
                    $crate::model::value::Value::Text(t) => $crate::model::field::TextType::from_text(t),
                    _ => None,
                }
            }
        }
    )+};
}
pub(crate) use text_fields;

impl FieldType for bool {
    fn to_value(&self) -> Value {
        Value::Flag(*self)
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Flag(b) => Some(*b),
            _ => None,
        }
    }
}

impl FieldType for i64 {
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(n) => Some(*n),
            _ => None,
        }
    }
}

impl<T: TextType> FieldType for Vec<T> {
    fn to_value(&self) -> Value {
        Value::List(self.iter().map(T::to_text).collect())
    }
    /// A list with one entry that cannot be read cannot be read: half a list would be written back.
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::List(l) => l.iter().map(|t| T::from_text(t)).collect(),
            _ => None,
        }
    }
}

impl TextType for String {
    fn to_text(&self) -> String {
        self.clone()
    }
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}
impl TextType for Date {
    fn to_text(&self) -> String {
        self.to_string()
    }
    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}
impl TextType for EntityId {
    fn to_text(&self) -> String {
        self.to_string()
    }
    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}
text_fields!(String, Date, EntityId);

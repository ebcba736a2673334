//! A value together with the four things that are not the same: unknown, not told, not done, and zero.

use super::{
    field::FieldType,
    value::{Absence, Value},
};
use std::fmt;

/// What is known of one thing. Zero is `Known(0)`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Told<T> {
    /// Nobody here knows it, or nobody has entered it.
    #[default]
    Unknown,
    /// The clinic has not said.
    NotTold,
    /// It was not done.
    NotDone,
    /// It is this.
    Known(T),
}

impl<T> From<T> for Told<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T> From<Option<T>> for Told<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Self::Known)
    }
}

impl<T> Told<T> {
    /// The value, when there is one.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(v) => Some(v),
            _ => None,
        }
    }
    /// The value itself, when there is one.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(v) => Some(v),
            _ => None,
        }
    }
    /// Whether there is a value.
    pub const fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }
    /// Why there is none.
    pub const fn absence(&self) -> Option<Absence> {
        match self {
            Self::Unknown => Some(Absence::Unknown),
            Self::NotTold => Some(Absence::NotTold),
            Self::NotDone => Some(Absence::NotDone),
            Self::Known(_) => None,
        }
    }
    /// No value, for that reason.
    #[must_use]
    pub const fn absent(why: Absence) -> Self {
        match why {
            Absence::Unknown => Self::Unknown,
            Absence::NotTold => Self::NotTold,
            Absence::NotDone => Self::NotDone,
        }
    }
    /// Turns the value into another, and leaves an absence what it is.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Told<U> {
        match self {
            Self::Unknown => Told::Unknown,
            Self::NotTold => Told::NotTold,
            Self::NotDone => Told::NotDone,
            Self::Known(v) => Told::Known(f(v)),
        }
    }
    /// Borrows what is inside.
    pub const fn as_ref(&self) -> Told<&T> {
        match self {
            Self::Unknown => Told::Unknown,
            Self::NotTold => Told::NotTold,
            Self::NotDone => Told::NotDone,
            Self::Known(v) => Told::Known(v),
        }
    }
}

impl<T: Copy> Told<T> {
    /// A copy of the value, when there is one.
    pub const fn get(&self) -> Option<T> {
        match self {
            Self::Known(v) => Some(*v),
            _ => None,
        }
    }
}

impl<T: FieldType> Told<T> {
    /// Reads a field. A text that this version cannot read counts as unknown here and stays as it is
    /// in the book: only fields that a person changes are written.
    #[must_use]
    pub fn read(value: Option<&Value>) -> Self {
        match value {
            None => Self::Unknown,
            Some(Value::Absent(why)) => Self::absent(*why),
            Some(v) => T::from_value(v).map_or(Self::Unknown, Self::Known),
        }
    }
    /// The field as it is kept.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Known(v) => v.to_value(),
            Self::Unknown => Value::Absent(Absence::Unknown),
            Self::NotTold => Value::Absent(Absence::NotTold),
            Self::NotDone => Value::Absent(Absence::NotDone),
        }
    }
}

/// Shows whether there is a value, never which.
impl<T> fmt::Debug for Told<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_known() { "Known(***)" } else { "Absent" })
    }
}

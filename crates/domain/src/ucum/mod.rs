//! Units: the Unified Code for Units of Measure, case-sensitive, and what can be done with them.
//!
//! [`Unit::parse`] reads a UCUM code; [`convert`] turns a value from one unit into another where
//! both measure the same kind of quantity. [`read_unit`] turns a unit as laboratories print it into
//! a UCUM code, or answers `None` where the spelling leaves a doubt.
//!
//! UCUM: <https://ucum.org/ucum>. Hostile input is bounded: length, nesting and exponents have
//! ceilings, and nothing recurses.

mod lexer;
mod sloppy;
mod sloppy_words;
mod special;
mod table;
mod unit;

pub use lexer::display_name;
pub use sloppy::read_unit;
pub use unit::{Dimension, Unit};

/// Longest unit that is read, in bytes.
pub const MAX_LENGTH: usize = 256;
/// Deepest nesting of parentheses that is read.
pub const MAX_DEPTH: usize = 16;
/// Largest exponent that is read, either sign.
pub const MAX_EXPONENT: i32 = 99;

/// Why a unit cannot be read or a value not be converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// Nothing there.
    #[error("the unit is empty")]
    Empty,
    /// Longer than [`MAX_LENGTH`], nested deeper than [`MAX_DEPTH`], or an exponent, number or
    /// result out of range.
    #[error("the unit is too large")]
    TooLarge,
    /// The grammar is broken at this byte.
    #[error("the unit is not well formed at byte {0}")]
    Syntax(usize),
    /// No such symbol, starting at this byte.
    #[error("unknown unit symbol at byte {0}")]
    Unknown(usize),
    /// The units measure different kinds of quantity.
    #[error("the units are not comparable")]
    NotComparable,
    /// A unit on a special scale (`Cel`, `[pH]`, `dB`) inside a product has no defined meaning.
    #[error("a special unit stands inside a product")]
    SpecialInProduct,
    /// The value lies outside of what the special scale can express.
    #[error("the value is outside of the scale")]
    OutOfScale,
}

/// Converts `value` from one unit into another.
///
/// # Errors
/// [`UnitError::NotComparable`] for units of different kinds, arbitrary units included unless they
/// are the same one; [`UnitError::SpecialInProduct`]; [`UnitError::OutOfScale`] where the result
/// is not a finite number.
pub fn convert(value: f64, from: &Unit, to: &Unit) -> Result<f64, UnitError> {
    if !is_comparable(from, to) {
        return Err(UnitError::NotComparable);
    }
    if from == to && !from.is_mixed() {
        return Ok(value);
    }
    let result = if from.is_linear() && to.is_linear() {
        value * (from.scale() / to.scale())
    } else {
        to.base_to_scale(from.scale_to_base(value)?)?
    };
    if result.is_finite() { Ok(result) } else { Err(UnitError::OutOfScale) }
}

/// Whether values in the two units can be converted into each other, by UCUM's own rules: `mol` and
/// `1` are comparable there, and annotations do not count. See [`Unit::same_kind`] for the stricter
/// question.
#[must_use]
pub fn is_comparable(a: &Unit, b: &Unit) -> bool {
    a.dimension() == b.dimension()
}

/// The factor by which a value in `from` is multiplied to be in `to`; `None` where there is no such
/// factor (not comparable, or a special scale).
#[must_use]
pub fn factor(from: &Unit, to: &Unit) -> Option<f64> {
    if !(is_comparable(from, to) && from.is_linear() && to.is_linear()) {
        return None;
    }
    Some(from.scale() / to.scale()).filter(|f| f.is_finite() && *f > 0.0)
}

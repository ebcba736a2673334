//! A number as entered, with its unit.

use super::field::{TextType, text_fields};
use crate::redact::redacted;
use keepwell_domain::measure::{BadNumber, Comparator, Number, Quantity};

/// A number as entered: its text, the sign before a censored one, and the unit as written. `0` is a
/// number; what is not known is a [`super::told::Told`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Amount {
    /// The number's text with a decimal point.
    pub number: Number,
    /// `<`, `<=`, `>=` or `>` before it.
    pub comparator: Option<Comparator>,
    /// The unit as written; empty for a bare number.
    pub unit: String,
}

impl Amount {
    /// An amount of a number's text and a unit. A decimal comma is read as a point.
    ///
    /// # Errors
    /// [`BadNumber`] when the text is no number.
    pub fn new(number: &str, unit: &str) -> Result<Self, BadNumber> {
        let text = number.trim();
        let signs = text.bytes().take_while(|c| matches!(c, b'<' | b'>' | b'=')).count();
        // `≤` and `≥` are three bytes each.
        let signs = if text.starts_with(['≤', '≥']) { 3 } else { signs };
        let comparator = match &text[..signs] {
            "" => None,
            sign => Some(Comparator::parse(sign).ok_or(BadNumber)?),
        };
        let digits = text[signs..].trim_start();
        let number = match digits.split_once(',') {
            Some((whole, part)) if !digits.contains('.') => Number::parse(&format!("{whole}.{part}"))?,
            _ => Number::parse(digits)?,
        };
        Ok(Self { number, comparator, unit: unit.trim().to_owned() })
    }
    /// The nearest `f64`; a censored value stands at its limit.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.number.value()
    }
    /// As the records' quantity, for conversion.
    #[must_use]
    pub fn quantity(&self) -> Quantity {
        let unit = (!self.unit.is_empty()).then(|| self.unit.clone());
        Quantity { number: self.number.clone(), comparator: self.comparator, unit, ucum: None }
    }
}

/// `<0.5 ng/mL`.
impl TextType for Amount {
    fn to_text(&self) -> String {
        let sign = self.comparator.map_or("", Comparator::as_str);
        let space = if self.unit.is_empty() { "" } else { " " };
        format!("{sign}{}{space}{}", self.number.as_str(), self.unit)
    }
    fn from_text(text: &str) -> Option<Self> {
        let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
        Self::new(number, unit).ok()
    }
}
text_fields!(Amount);

redacted!(Amount);

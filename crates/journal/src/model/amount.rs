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

/// Why an amount cannot be taken as a person typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTyped {
    /// It is no number.
    #[error("not a number")]
    NoNumber,
    /// `1,250` and `1.250` are a thousand to some and a decimal to others.
    #[error("a thousand or a decimal")]
    Thousand,
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
    /// An amount as a person types it. `1,250.5` and `1.250,5` say themselves which sign parts thousands;
    /// `1,250` does not and is asked back. Not for what was written before: that is read by [`Self::new`].
    ///
    /// # Errors
    /// [`BadTyped`] when the text is no number, or more than one.
    pub fn typed(number: &str, unit: &str) -> Result<Self, BadTyped> {
        let text = number.trim();
        let digits = text.trim_start_matches(['<', '>', '=', '≤', '≥', '+', '-', ' ']);
        let head = &text[..text.len() - digits.len()];
        Self::new(&[head, &without_thousands(digits)?].concat(), unit).map_err(|_| BadTyped::NoNumber)
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

/// The digits without the signs that part thousands.
fn without_thousands(digits: &str) -> Result<String, BadTyped> {
    let is_all = |t: &str, len: std::ops::RangeInclusive<usize>| {
        len.contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit())
    };
    let begins = |t: &str| is_all(t, 1..=3) && !t.starts_with('0');
    let signs = [',', '.'];
    let Some((whole, part)) = digits.split_once(signs) else { return Ok(digits.to_owned()) };
    if !part.contains(signs) {
        let is_unclear = begins(whole) && is_all(part, 3..=3);
        return if is_unclear { Err(BadTyped::Thousand) } else { Ok(digits.to_owned()) };
    }
    let thousands = if digits[whole.len()..].starts_with(',') { ',' } else { '.' };
    let decimal = if thousands == ',' { '.' } else { ',' };
    let (groups, rest) = digits.split_once(decimal).unwrap_or((digits, "0"));
    let mut parts = groups.split(thousands);
    let is_fine = parts.next().is_some_and(begins) && parts.all(|p| is_all(p, 3..=3)) && is_all(rest, 1..=64);
    if !is_fine {
        return Err(BadTyped::NoNumber);
    }
    let plain = groups.replace(thousands, "");
    Ok(if digits.contains(decimal) { [&plain, ".", rest].concat() } else { plain })
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

//! A measured value as it was printed, and beside it what was computed from it.
//!
//! What was printed is never changed (spec 5.4): the number's text, the comparator, the unit's
//! spelling, the laboratory's own range. The canonical value exists only where the conversion is
//! certain.

use serde::{Deserialize, Serialize};

/// The sign before a censored value, as FHIR's `quantity-comparator` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Comparator {
    /// Less than.
    #[serde(rename = "<")]
    Lt,
    /// Less than or equal.
    #[serde(rename = "<=")]
    Le,
    /// Greater than or equal.
    #[serde(rename = ">=")]
    Ge,
    /// Greater than.
    #[serde(rename = ">")]
    Gt,
}

impl Comparator {
    /// As printed in FHIR and in our own tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Ge => ">=",
            Self::Gt => ">",
        }
    }
    /// Reads `<`, `<=`, `≤`, `>=`, `≥`, `>`.
    #[must_use]
    pub fn parse(s: &str) -> Option<Self> {
        Some(match s {
            "<" => Self::Lt,
            "<=" | "≤" | "=<" => Self::Le,
            ">=" | "≥" | "=>" => Self::Ge,
            ">" => Self::Gt,
            _ => return None,
        })
    }
}

/// A decimal number kept as its text, so that `5.40` stays `5.40`. Always a plain decimal or
/// scientific number with a point: `-12`, `5.40`, `1.2e3`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Number(String);

/// A text that is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number")]
pub struct BadNumber;

impl Number {
    /// Reads a number with a decimal point (JSON's grammar, plus a leading `+` or `.`), at most
    /// 64 characters, finite as an `f64`.
    ///
    /// # Errors
    /// [`BadNumber`] for anything else.
    pub fn parse(s: &str) -> Result<Self, BadNumber> {
        let shape = |s: &str| {
            let s = s.strip_prefix(['+', '-']).unwrap_or(s);
            let (mantissa, exp) = s.split_once(['e', 'E']).map_or((s, None), |(m, e)| (m, Some(e)));
            let digits = |t: &str| t.bytes().all(|c| c.is_ascii_digit());
            let (int, frac) = mantissa.split_once('.').unwrap_or((mantissa, ""));
            !(int.is_empty() && frac.is_empty())
                && digits(int)
                && digits(frac)
                && exp.is_none_or(|e| {
                    let e = e.strip_prefix(['+', '-']).unwrap_or(e);
                    !e.is_empty() && digits(e)
                })
        };
        if s.len() > 64 || !shape(s) || !s.parse::<f64>().is_ok_and(f64::is_finite) {
            return Err(BadNumber);
        }
        Ok(Self(s.to_owned()))
    }
    /// The text as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The nearest `f64`.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
    /// Digits after the decimal point, as printed.
    #[must_use]
    pub fn decimals(&self) -> usize {
        self.0.split(['e', 'E']).next().and_then(|m| m.split_once('.')).map_or(0, |(_, f)| f.len())
    }
}
impl From<Number> for String {
    fn from(n: Number) -> Self {
        n.0
    }
}
impl TryFrom<String> for Number {
    type Error = BadNumber;
    fn try_from(s: String) -> Result<Self, BadNumber> {
        Self::parse(&s)
    }
}

/// A quantity as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quantity {
    /// The number's text, decimal comma already turned into a point.
    pub number: Number,
    /// The comparator before it, if any.
    pub comparator: Option<Comparator>,
    /// The unit as printed or displayed.
    pub unit: Option<String>,
    /// The UCUM code that the file itself stated, when it did (FHIR `Quantity.code` with the UCUM
    /// system, CDA `@unit`). It still has to be checked: real files put non-UCUM text here.
    pub ucum: Option<String>,
}

/// What was found, as given.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    /// A number with a unit.
    Quantity(Quantity),
    /// A range between two quantities, either side open.
    Range {
        /// The lower end.
        low: Option<Quantity>,
        /// The upper end.
        high: Option<Quantity>,
    },
    /// A ratio such as a titre `1:128`.
    Ratio {
        /// Numerator.
        numerator: Quantity,
        /// Denominator.
        denominator: Quantity,
    },
    /// A coded answer.
    Concept(crate::record::Concept),
    /// A text result.
    Text(String),
    /// Yes or no.
    Bool(bool),
    /// No value, with the reason that the source gave (`not-performed`, `unknown`, a nullFlavor).
    Absent(String),
}

/// The laboratory's own range, as given.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct RefRange {
    /// Lower limit, if two-sided or a minimum.
    pub low: Option<Number>,
    /// Upper limit, if two-sided or a maximum.
    pub high: Option<Number>,
    /// Unit, where the range states one that differs from the value's.
    pub unit: Option<String>,
    /// The range as printed, where it was text.
    pub text: Option<String>,
}

impl RefRange {
    /// Whether it says nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.low.is_none() && self.high.is_none() && self.text.as_deref().is_none_or(str::is_empty)
    }
}

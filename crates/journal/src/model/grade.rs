//! Grades of embryos. Every clinic has its own; Gardner's is read and checked, the others are kept as
//! told with what can be read of them.

use super::code::open_codes;
use crate::redact::redacted;
use std::fmt;

open_codes! {
    /// A scheme of grading.
    Scheme {
        /// Gardner and Schoolcraft 1999: expansion 1–6, inner cell mass A–C, trophectoderm A–C.
        Gardner = "gardner",
        /// Istanbul consensus 2011 (Hum Reprod 26:1270): expansion 1–4, both parts 1–3.
        Istanbul = "istanbul",
        /// SART: good, fair, poor.
        Sart = "sart",
        /// Cells and a letter or number for fragments and evenness, days 2 and 3.
        Cleavage = "cleavage",
        /// The clinic's own.
        Own = "own",
    }
    /// A letter of Gardner's scheme, best first.
    Letter { A = "A", B = "B", C = "C" }
}

impl Scheme {
    /// The scheme to begin with for an embryo of so many days: Gardner's grades blastocysts, which there are from day 4
    /// or 5 on; before, cells are counted.
    #[must_use]
    pub const fn usual(day: Option<i64>) -> Self {
        match day {
            Some(0..=3) => Self::Cleavage,
            _ => Self::Gardner,
        }
    }
}

/// A grade in Gardner's scheme: `4AB`; `1` and `2` may stand alone, since the parts cannot be told yet.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Gardner {
    /// Expansion, 1 (early) to 6 (hatched).
    pub expansion: u8,
    /// Inner cell mass and trophectoderm.
    pub parts: Option<(Letter, Letter)>,
}

/// A text that is no grade of the scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadGrade {
    /// It does not begin with an expansion of 1 to 6.
    #[error("the expansion is not 1 to 6")]
    Expansion,
    /// The letters are not A, B or C.
    #[error("a letter is not A, B or C")]
    Letter,
    /// From 3 on both parts are graded.
    #[error("the letters are missing")]
    MissingLetters,
    /// More follows.
    #[error("there is more than a grade")]
    Trailing,
}

impl Gardner {
    /// Reads `4AB`, `4 ab`, `4-A-B`; `1` and `2` alone.
    ///
    /// # Errors
    /// [`BadGrade`] for any other text; nothing is guessed.
    pub fn parse(text: &str) -> Result<Self, BadGrade> {
        let mut signs = text.chars().filter(|c| !matches!(c, ' ' | '-' | '/' | '.'));
        let expansion = signs.next().and_then(|c| c.to_digit(10)).filter(|d| (1..=6).contains(d));
        let expansion =
            u8::try_from(expansion.ok_or(BadGrade::Expansion)?).map_err(|_| BadGrade::Expansion)?;
        let mut letter = || {
            signs.next().map(|c| match c.to_ascii_uppercase() {
                'A' => Ok(Letter::A),
                'B' => Ok(Letter::B),
                'C' => Ok(Letter::C),
                _ => Err(BadGrade::Letter),
            })
        };
        let parts = match (letter().transpose()?, letter().transpose()?) {
            (Some(a), Some(b)) => Some((a, b)),
            (None, _) if expansion <= 2 => None,
            _ => return Err(BadGrade::MissingLetters),
        };
        if signs.next().is_some() { Err(BadGrade::Trailing) } else { Ok(Self { expansion, parts }) }
    }
}

impl fmt::Display for Gardner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts {
            Some((a, b)) => write!(f, "{}{}{}", self.expansion, a.as_str(), b.as_str()),
            None => write!(f, "{}", self.expansion),
        }
    }
}

/// Checks a grade against its scheme and gives it in one spelling.
///
/// # Errors
/// [`BadGrade`] where the scheme has rules and the text breaks them.
pub fn check(scheme: Scheme, text: &str) -> Result<String, BadGrade> {
    let text = text.trim();
    match scheme {
        Scheme::Gardner => Gardner::parse(text).map(|g| g.to_string()),
        Scheme::Istanbul => {
            let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
            match digits[..] {
                [e, _, _] | [e] if !(1..=4).contains(&e) => Err(BadGrade::Expansion),
                [_, a, b] if !(1..=3).contains(&a) || !(1..=3).contains(&b) => Err(BadGrade::Letter),
                [_, _, _] | [_] => Ok(text.to_owned()),
                [] => Err(BadGrade::Expansion),
                [_, _] => Err(BadGrade::MissingLetters),
                _ => Err(BadGrade::Trailing),
            }
        }
        Scheme::Sart | Scheme::Cleavage | Scheme::Own => Ok(text.to_owned()),
    }
}

redacted!(Gardner);

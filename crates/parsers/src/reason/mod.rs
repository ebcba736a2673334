//! Why a file, or a place in it, was not read. A reason is kept as a code and put into words when
//! it is shown, in the language of the one who looks; none carries contents of the file.

mod refusal;
mod remark;
mod told;
mod words;

pub use refusal::{Excess, Fate, Flaw, Reason, Thing};
pub use remark::Remark;
pub use told::{Spot, Told};

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use crate::error::ParseError;
use keepwell_domain::lang::Lang;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why something was not read, or what is worth knowing of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Of a place.
    Remark(Remark),
    /// Of a file.
    Failed(ParseError),
    /// Of a file that is read up to where it is broken.
    CutOff(ParseError),
    /// Of a document as a whole.
    Fate(Fate),
    /// Reading it once more did not work; what was read before stays.
    Again(Box<Self>),
}

impl Why {
    /// The sentence, or sentences.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Remark(r) => r.words(lang).to_owned(),
            Self::Failed(e) => e.words(lang),
            Self::CutOff(e) => {
                let rest = lang.pick(
                    "What stands before that place was read.",
                    "Was vor dieser Stelle steht, wurde gelesen.",
                );
                format!("{} {rest}", e.words(lang))
            }
            Self::Fate(f) => f.words(lang).to_owned(),
            Self::Again(why) => {
                let stays = lang.pick(
                    "Reading it again did not work, so what was read before stays.",
                    "Das erneute Lesen ist nicht gelungen; was vorher gelesen wurde, bleibt.",
                );
                format!("{stays} {}", why.words(lang))
            }
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Lang::En))
    }
}

impl From<Remark> for Why {
    fn from(r: Remark) -> Self {
        Self::Remark(r)
    }
}
impl From<ParseError> for Why {
    fn from(e: ParseError) -> Self {
        Self::Failed(e)
    }
}
impl From<Fate> for Why {
    fn from(f: Fate) -> Self {
        Self::Fate(f)
    }
}

/// A whole number with marks between thousands, as the language writes them.
pub(crate) fn count(n: u64, lang: Lang) -> String {
    let digits = n.to_string();
    let mark = if lang == Lang::De { '.' } else { ',' };
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(c);
    }
    out
}

//! Why a file, or a part of it, could not be read. Every message is one plain sentence for the
//! person who brought the file, in their language; none carries contents of the file.

use crate::reason::count;
pub use crate::reason::{Excess, Flaw, Reason, Thing};
use keepwell_domain::lang::Lang;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A failure that ends the reading of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParseError {
    /// The file is sound but is not read; the reason says why and what to do.
    Refused(Reason),
    /// The file is broken.
    Malformed {
        /// What is broken.
        what: Thing,
        /// What is wrong with it.
        why: Flaw,
        /// The byte at which it was noticed, if known.
        at: Option<u64>,
    },
    /// Nested deeper than any real file is.
    TooDeep {
        /// The limit.
        limit: u64,
    },
    /// Larger than the reader's limit.
    TooLarge {
        /// What is too large.
        what: Excess,
        /// The limit, in what its words count.
        limit: u64,
    },
    /// The bytes could not be read from where they lie.
    Io,
    /// The receiver of the items asked to stop.
    Stopped,
}

impl ParseError {
    /// A broken file.
    #[must_use]
    pub const fn malformed(what: Thing, why: Flaw, at: Option<u64>) -> Self {
        Self::Malformed { what, why, at }
    }
    /// A file, or part of it, that is too large.
    #[must_use]
    pub const fn too_large(what: Excess, limit: u64) -> Self {
        Self::TooLarge { what, limit }
    }
    /// The sentence.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Refused(reason) => reason.words(lang).to_owned(),
            Self::Malformed { what, why, at } => malformed(*what, *why, *at, lang),
            Self::TooDeep { limit } => match lang {
                Lang::En => format!(
                    "This file nests its contents more than {limit} levels deep, which no health record does; Keepwell stopped reading it."
                ),
                Lang::De => format!(
                    "Diese Datei verschachtelt ihren Inhalt mehr als {limit} Ebenen tief; das tun keine Gesundheitsdaten. Keepwell hat aufgehört zu lesen."
                ),
            },
            Self::TooLarge { what, limit } => what.words(lang).replace("{}", &count(*limit, lang)),
            Self::Io => lang
                .pick(
                    "The file could not be read from storage; please try again.",
                    "Die Datei ließ sich nicht aus dem Speicher lesen; bitte versuchen Sie es noch einmal.",
                )
                .to_owned(),
            Self::Stopped => lang.pick("Reading was stopped.", "Das Lesen wurde abgebrochen.").to_owned(),
        }
    }
}

fn malformed(what: Thing, why: Flaw, at: Option<u64>, lang: Lang) -> String {
    // Another encoding is no damage, and downloading it again changes nothing.
    let is_encoding = why == Flaw::NotUtf8;
    let (what, why) = (what.words(lang), why.words(lang));
    match lang {
        Lang::En => {
            let at = at.map_or_else(String::new, |at| format!(" near byte {at}"));
            if is_encoding {
                return format!(
                    "{what} cannot be read{at}: {why}. Please save it as UTF-8, or export it again."
                );
            }
            format!("{what} is damaged or cut off{at}: {why}. Please export or download it again.")
        }
        Lang::De => {
            let at = at.map_or_else(String::new, |at| format!(" (bei Byte {at})"));
            // A whole sentence after a colon begins with a capital in German.
            let (first, rest) = why.split_at_checked(1).unwrap_or(("", why));
            let why = format!("{}{rest}", first.to_uppercase());
            if is_encoding {
                return format!(
                    "{what} ist nicht lesbar{at}: {why}. Bitte speichern Sie die Datei als UTF-8 oder exportieren Sie sie neu."
                );
            }
            format!(
                "{what} ist beschädigt oder abgeschnitten{at}: {why}. Bitte exportieren Sie die Datei neu oder laden Sie sie noch einmal herunter."
            )
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Lang::En))
    }
}

impl std::error::Error for ParseError {}

impl From<Reason> for ParseError {
    fn from(r: Reason) -> Self {
        Self::Refused(r)
    }
}

impl From<std::io::Error> for ParseError {
    fn from(_: std::io::Error) -> Self {
        Self::Io
    }
}

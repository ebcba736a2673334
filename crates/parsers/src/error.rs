//! Why a file, or a part of it, could not be read. Every message is one plain sentence for the
//! person who brought the file; none carries contents of the file.

use serde::{Deserialize, Serialize};

/// Why a whole file is not read in spite of being sound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Reason {
    /// The file has no bytes.
    #[error("This file is empty (0 bytes); please export or download it again.")]
    Empty,
    /// The file is locked with a password.
    #[error("This file is locked with a password; remove the password and upload it again.")]
    Encrypted,
    /// A version of a known format that is not read.
    #[error("{0}")]
    Unsupported(String),
}

/// A failure that ends the reading of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ParseError {
    /// The file is sound but is not read; the reason says why and what to do.
    #[error(transparent)]
    Refused(#[from] Reason),
    /// The file is broken.
    #[error("This {what} is damaged or cut off{}: {why}. Please export or download it again.", at_text(*.at))]
    Malformed {
        /// The format's plain name: `ZIP archive`, `XML file`.
        what: String,
        /// What is wrong, without contents.
        why: String,
        /// The byte at which it was noticed, if known.
        at: Option<u64>,
    },
    /// Nested deeper than any real file is.
    #[error(
        "This file nests its contents more than {limit} levels deep, which no health record does; Keepwell stopped reading it."
    )]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// Larger than the reader's limit.
    #[error("This file has {what} larger than the limit of {limit}; please split it and upload the parts.")]
    TooLarge {
        /// What is too large: `a value`, `an archive`.
        what: String,
        /// The limit in plain words: `1 MiB`, `10,000 entries`.
        limit: String,
    },
    /// The bytes could not be read from where they lie.
    #[error("The file could not be read from storage; please try again.")]
    Io,
    /// The receiver of the items asked to stop.
    #[error("Reading was stopped.")]
    Stopped,
}

fn at_text(at: Option<u64>) -> String {
    at.map_or_else(String::new, |at| format!(" near byte {at}"))
}

impl ParseError {
    /// A broken file.
    pub fn malformed(what: impl Into<String>, why: impl Into<String>, at: Option<u64>) -> Self {
        Self::Malformed { what: what.into(), why: why.into(), at }
    }
    /// A sound file that is not read.
    pub fn refused(why: impl Into<String>) -> Self {
        Self::Refused(Reason::Unsupported(why.into()))
    }
    /// A file, or part of it, that is too large.
    pub fn too_large(what: impl Into<String>, limit: impl Into<String>) -> Self {
        Self::TooLarge { what: what.into(), limit: limit.into() }
    }
}

impl From<std::io::Error> for ParseError {
    fn from(_: std::io::Error) -> Self {
        Self::Io
    }
}

//! What keeps the uses of keys, hashes and signatures apart: every one begins with a label of its own.
//!
//! All labels are `keepwell/journal/v1/<use> ‖ 0x00`, so that none is the beginning of another.

use sha2::{Digest, Sha256};

macro_rules! label {
    ($use:literal) => {
        concat!("keepwell/journal/v1/", $use, "\0").as_bytes()
    };
}
pub(crate) use label;

/// `SHA-256(label ‖ parts)`. Only the last part may vary in length.
pub(crate) fn hash(label: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(label);
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().into()
}

//! Hashes of the system before this one: plain bcrypt of the password as typed, without a pepper.
//! They are only ever verified, and replaced at the first right sign-in.
//!
//! bcrypt looks at the first 72 bytes only, and did so when these hashes were made; a longer password
//! must therefore still match by its first 72 bytes.

use crate::error::{Error, Result};

/// 2^14 rounds, about a second. More would let a planted hash stall the server.
const MAX_COST: u32 = 14;
const MIN_COST: u32 = 4;
const TEXT_LEN: usize = 60;

pub(super) fn is_bcrypt(stored: &str) -> bool {
    ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| stored.starts_with(prefix))
}

/// A hash of cost 12 that no password is known for, for accounts without one.
pub(super) const DUMMY: &str = "$2b$12$KeepwellKeepwellKeepwe...............................";

/// As much work as a hash of the usual cost, for nothing.
pub(super) fn spend(password: &[u8]) {
    std::hint::black_box(verify(password, DUMMY).unwrap_or(false));
}

/// Whether a text is a hash that [`verify`] takes, of the one cost whose time is levelled out.
pub(super) fn is_importable(stored: &str) -> bool {
    let base64 = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'/';
    is_bcrypt(stored)
        && stored.len() == TEXT_LEN
        && stored.get(4..7) == Some("12$")
        && stored.bytes().skip(7).all(base64)
}

pub(super) fn verify(password: &[u8], stored: &str) -> Result<bool> {
    if stored.len() != TEXT_LEN || !stored.is_ascii() || stored.as_bytes().get(6) != Some(&b'$') {
        return Err(Error::PasswordHash);
    }
    let digits = stored.get(4..6).filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
    let cost: u32 = digits.and_then(|d| d.parse().ok()).ok_or(Error::PasswordHash)?;
    if !(MIN_COST..=MAX_COST).contains(&cost) {
        return Err(Error::Cost);
    }
    bcrypt::verify(password, stored).map_err(|_| Error::PasswordHash)
}

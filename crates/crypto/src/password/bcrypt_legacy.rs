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

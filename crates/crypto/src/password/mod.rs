//! Passwords: `Argon2id(HMAC-SHA256(pepper, NFC(password)), salt)`
//! ([RFC 9106](https://www.rfc-editor.org/rfc/rfc9106)), stored as a PHC string.
//!
//! Hashing takes tens of MiB and some tenths of a second: call it from a blocking task that holds a permit.

mod bcrypt_legacy;
mod cost;
mod phc;
#[cfg(test)]
mod tests;

pub use cost::Cost;

use crate::{
    error::{Error, Result},
    secret::Key32,
};
use argon2::{Algorithm, Argon2, Version};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Longest password, in bytes of UTF-8 as it was typed.
pub const MAX_LEN: usize = 1024;
const SALT_LEN: usize = 16;
const HASH_LEN: usize = 32;

/// A password within the length limit, normalised once. Zeroised; starred `Debug`.
pub struct Password {
    nfc: Zeroizing<String>,
    /// As it was typed: what the old system's bcrypt hashes were made of.
    raw: Zeroizing<String>,
}

impl Password {
    /// Checks the length before anything else is done with the text.
    ///
    /// # Errors
    /// [`Error::TooLong`] above [`MAX_LEN`] bytes.
    pub fn new(text: &str) -> Result<Self> {
        if text.len() > MAX_LEN {
            return Err(Error::TooLong);
        }
        // NFC grows UTF-8 at most threefold; a growing string would leave copies in freed memory.
        let mut nfc = Zeroizing::new(String::with_capacity(text.len() * 3));
        nfc.extend(text.nfc());
        Ok(Self { nfc, raw: Zeroizing::new(text.to_owned()) })
    }

    /// The normalised text, for the checks of length and strength at sign-up.
    #[must_use]
    pub fn normalised(&self) -> &str {
        &self.nfc
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

/// The answer to a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The password is right.
    pub ok: bool,
    /// It is right, and its hash should be made anew: weaker parameters than now, or bcrypt.
    pub needs_upgrade: bool,
}

impl Verdict {
    const NO: Self = Self { ok: false, needs_upgrade: false };
}

/// Hashes and verifies with one pepper and one cost.
pub struct Hasher {
    pepper: Key32,
    cost: Cost,
}

impl Hasher {
    /// `pepper` comes from [`crate::RootKey::pepper`].
    #[must_use]
    pub const fn new(pepper: Key32, cost: Cost) -> Self {
        Self { pepper, cost }
    }

    /// A PHC string with a fresh salt.
    ///
    /// # Errors
    /// [`Error::Randomness`], [`Error::Backend`].
    pub fn hash(&self, password: &Password) -> Result<String> {
        let mut salt = [0; SALT_LEN];
        getrandom::fill(&mut salt).map_err(|_| Error::Randomness)?;
        let hash = self.argon2(password, self.cost, &salt)?;
        Ok(phc::write(self.cost, &salt, &hash[..]))
    }

    /// Checks a password against a stored Argon2id PHC string or bcrypt hash. A wrong password is not
    /// an error.
    ///
    /// # Errors
    /// [`Error::PasswordHash`] for a stored text that cannot be read; [`Error::Cost`], before any memory
    /// is taken, when its parameters are above the ceiling.
    pub fn verify(&self, password: &Password, stored: &str) -> Result<Verdict> {
        if bcrypt_legacy::is_bcrypt(stored) {
            let ok = bcrypt_legacy::verify(password.raw.as_bytes(), stored)?;
            return Ok(Verdict { ok, needs_upgrade: ok });
        }
        let stored = phc::read(stored)?;
        let hash = self.argon2(password, stored.cost, &stored.salt)?;
        let ok: bool = hash.ct_eq(&stored.hash).into();
        Ok(Verdict { ok, needs_upgrade: ok && stored.cost.is_weaker_than(self.cost) })
    }

    /// Takes as long as [`Self::verify`] of a hash of the present cost and says no: for accounts that do
    /// not exist.
    ///
    /// # Errors
    /// [`Error::Backend`].
    pub fn verify_unknown(&self, password: &Password) -> Result<Verdict> {
        let hash = self.argon2(password, self.cost, &[0x5A; SALT_LEN])?;
        // The same work as for a real account, comparison included.
        std::hint::black_box(bool::from(hash.ct_eq(&[0; HASH_LEN])));
        Ok(Verdict::NO)
    }

    /// As [`Self::verify`], or [`Self::verify_unknown`] without a stored hash, where some accounts still
    /// have a bcrypt hash and some an Argon2id one: does the work of both whatever the stored hash is,
    /// so that the time tells nobody which it is, or whether there is one. A stored hash that cannot be
    /// used is a wrong password here, after the same work.
    ///
    /// # Errors
    /// [`Error::Backend`].
    pub fn verify_level(
        &self,
        password: &Password,
        stored: Option<&str>,
        has_bcrypt: bool,
    ) -> Result<Verdict> {
        let is_bcrypt = stored.is_some_and(bcrypt_legacy::is_bcrypt);
        if has_bcrypt && !is_bcrypt {
            bcrypt_legacy::spend(password.raw.as_bytes());
        }
        match stored {
            None => self.verify_unknown(password),
            Some(stored) => {
                if is_bcrypt {
                    self.verify_unknown(password)?;
                }
                match self.verify(password, stored) {
                    Err(Error::Cost | Error::PasswordHash) => {
                        if is_bcrypt {
                            bcrypt_legacy::spend(password.raw.as_bytes());
                            Ok(Verdict::NO)
                        } else {
                            self.verify_unknown(password)
                        }
                    }
                    other => other,
                }
            }
        }
    }

    /// Whether a hash of an older system can be brought over: bcrypt of cost 12.
    #[must_use]
    pub fn is_importable(stored: &str) -> bool {
        bcrypt_legacy::is_importable(stored)
    }

    fn argon2(&self, password: &Password, cost: Cost, salt: &[u8]) -> Result<Zeroizing<[u8; HASH_LEN]>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.pepper.expose()).map_err(|_| Error::Backend)?;
        mac.update(password.nfc.as_bytes());
        let peppered = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
        let mut out = Zeroizing::new([0; HASH_LEN]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.params(HASH_LEN)?)
            .hash_password_into(&peppered[..], salt, &mut out[..])
            .map_err(|_| Error::Backend)?;
        Ok(out)
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hasher({:?})", self.cost)
    }
}

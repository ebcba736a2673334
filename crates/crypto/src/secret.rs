//! The one shape of a secret key in memory.

use crate::error::{Error, Result};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Length of every symmetric key, in bytes.
pub const KEY_LEN: usize = 32;

/// 32 secret bytes. No `Clone`, no `Serialize`, starred `Debug`, zeroised when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Key32([u8; KEY_LEN]);

impl Key32 {
    /// Takes the bytes as they are and wipes the caller's copy that was passed in.
    #[must_use]
    pub fn from_bytes(mut bytes: [u8; KEY_LEN]) -> Self {
        let mut key = Self([0; KEY_LEN]);
        key.0.copy_from_slice(&bytes);
        bytes.zeroize();
        key
    }

    /// Copies exactly 32 bytes.
    ///
    /// # Errors
    /// [`Error::KeyLength`] for any other length.
    pub fn try_from_slice(bytes: &[u8]) -> Result<Self> {
        let mut key = Self([0; KEY_LEN]);
        if bytes.len() != KEY_LEN {
            return Err(Error::KeyLength);
        }
        key.0.copy_from_slice(bytes);
        Ok(key)
    }

    /// A new key from the operating system's randomness.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn generate() -> Result<Self> {
        Self::fill_with(|out| getrandom::fill(out).map_err(|_| Error::Randomness))
    }

    /// The bytes, for a primitive or to be written to the key file.
    #[must_use]
    pub fn expose(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    pub(crate) fn fill_with(fill: impl FnOnce(&mut [u8; KEY_LEN]) -> Result<()>) -> Result<Self> {
        let mut key = Self([0; KEY_LEN]);
        fill(&mut key.0)?;
        Ok(key)
    }
}

impl fmt::Debug for Key32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key32(***)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn debug_of_a_key_shows_no_byte() {
        assert_eq!(format!("{:?}", Key32::from_bytes([0xAB; 32])), "Key32(***)");
    }

    #[test]
    fn key_of_another_length_is_refused() {
        for len in [0, 31, 33, 64] {
            assert_eq!(Key32::try_from_slice(&vec![1; len]).err(), Some(Error::KeyLength));
        }
        assert_eq!(Key32::try_from_slice(&[7; 32]).unwrap().expose(), &[7; 32]);
    }

    #[test]
    fn generated_keys_differ() {
        assert_ne!(Key32::generate().unwrap().expose(), Key32::generate().unwrap().expose());
    }
}

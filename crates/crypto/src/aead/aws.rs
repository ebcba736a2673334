//! The server's AES-256-GCM.

use super::{GCM_NONCE_LEN, TAG_LEN};
use crate::error::{Error, Result};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

/// One AES-256-GCM key with its schedule.
pub(crate) struct Gcm(LessSafeKey);

impl Gcm {
    pub(crate) fn new(key: &[u8; 32]) -> Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| Error::Backend)?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Encrypts `buf` where it stands and gives the tag.
    pub(crate) fn seal(
        &self,
        nonce: &[u8; GCM_NONCE_LEN],
        aad: &[u8],
        buf: &mut [u8],
    ) -> Result<[u8; TAG_LEN]> {
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let tag =
            self.0.seal_in_place_separate_tag(nonce, Aad::from(aad), buf).map_err(|_| Error::TooLong)?;
        tag.as_ref().try_into().map_err(|_| Error::Backend)
    }

    /// Opens `ciphertext ‖ tag` where it stands; `buf` is zeroed when the tag is wrong.
    pub(crate) fn open<'b>(
        &self,
        nonce: &[u8; GCM_NONCE_LEN],
        aad: &[u8],
        buf: &'b mut [u8],
    ) -> Result<&'b mut [u8]> {
        let plain_len = buf.len().checked_sub(TAG_LEN).ok_or(Error::Malformed)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        if self.0.open_in_place(nonce, Aad::from(aad), buf).is_err() {
            // What the library leaves behind on failure is not promised.
            buf.fill(0);
            return Err(Error::Refused);
        }
        buf.get_mut(..plain_len).ok_or(Error::Malformed)
    }
}

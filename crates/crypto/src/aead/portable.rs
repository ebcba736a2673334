//! The browser's AES-256-GCM.

use super::{GCM_NONCE_LEN, TAG_LEN};
use crate::error::{Error, Result};
use aes_gcm::{Aes256Gcm, KeyInit, aead::AeadInOut};

/// One AES-256-GCM key with its schedule.
pub(crate) struct Gcm(Aes256Gcm);

impl Gcm {
    // Fallible like its twin on the server.
    #[allow(clippy::unnecessary_wraps)]
    pub(crate) fn new(key: &[u8; 32]) -> Result<Self> {
        Ok(Self(Aes256Gcm::new(key.into())))
    }

    /// Encrypts `buf` where it stands and gives the tag.
    pub(crate) fn seal(
        &self,
        nonce: &[u8; GCM_NONCE_LEN],
        aad: &[u8],
        buf: &mut [u8],
    ) -> Result<[u8; TAG_LEN]> {
        let tag = self.0.encrypt_inout_detached(nonce.into(), aad, buf.into()).map_err(|_| Error::TooLong)?;
        Ok(tag.into())
    }

    /// Opens `ciphertext ‖ tag` where it stands; `buf` is zeroed when the tag is wrong.
    pub(crate) fn open<'b>(
        &self,
        nonce: &[u8; GCM_NONCE_LEN],
        aad: &[u8],
        buf: &'b mut [u8],
    ) -> Result<&'b mut [u8]> {
        let plain_len = buf.len().checked_sub(TAG_LEN).ok_or(Error::Malformed)?;
        let (text, tag) = buf.split_at_mut(plain_len);
        let tag: [u8; TAG_LEN] = (&*tag).try_into().map_err(|_| Error::Malformed)?;
        if self.0.decrypt_inout_detached(nonce.into(), aad, text.into(), &tag.into()).is_err() {
            buf.fill(0);
            return Err(Error::Refused);
        }
        buf.get_mut(..plain_len).ok_or(Error::Malformed)
    }
}

//! XAES-256-GCM: AES-256-GCM with 192-bit nonces, so that random nonces never run out.
//!
//! Standard: [C2SP XAES-256-GCM](https://c2sp.org/XAES-256-GCM). With `L = AES_K(0^128)` and
//! `K1 = L << 1` (reduced by `0x87`):
//!
//! `Kx = AES_K(K1 ⊕ (00 01 'X' 00 ‖ N[..12])) ‖ AES_K(K1 ⊕ (00 02 'X' 00 ‖ N[..12]))`,
//! then AES-256-GCM with key `Kx` and nonce `N[12..24]`.

use crate::{
    aead::{GCM_NONCE_LEN, Gcm, TAG_LEN},
    error::{Error, Result},
    secret::Key32,
};
use aes::{
    Aes256, Block,
    cipher::{BlockCipherEncrypt, KeyInit},
};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Length of the nonce, in bytes.
pub const NONCE_LEN: usize = 24;
/// What sealing adds to a text besides the nonce: the tag, in bytes.
pub const OVERHEAD: usize = TAG_LEN;

/// A key with its AES schedule and `K1`, computed once.
pub struct XaesKey {
    cipher: Aes256,
    k1: Zeroizing<[u8; 16]>,
}

impl XaesKey {
    /// Computes the schedule and `K1`.
    #[must_use]
    pub fn new(key: &Key32) -> Self {
        let cipher = Aes256::new(key.expose().into());
        let mut l = Block::default();
        cipher.encrypt_block(&mut l);
        let mut k1 = Zeroizing::new([0; 16]);
        k1.copy_from_slice(&double(u128::from_be_bytes(l.into())).to_be_bytes());
        l.as_mut_slice().zeroize();
        Self { cipher, k1 }
    }

    /// `ciphertext ‖ tag`. The nonce must never repeat under this key: draw it from a
    /// [`crate::NonceSource`].
    ///
    /// # Errors
    /// [`Error::TooLong`] above the limit of GCM (64 GiB).
    pub fn seal(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(plaintext.len().saturating_add(OVERHEAD));
        out.extend_from_slice(plaintext);
        let tag = self.seal_in_place(nonce, aad, &mut out)?;
        out.extend_from_slice(&tag);
        Ok(out)
    }

    /// Encrypts `buf` where it stands and gives the tag to keep beside it.
    ///
    /// # Errors
    /// As [`Self::seal`].
    pub fn seal_in_place(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        buf: &mut [u8],
    ) -> Result<[u8; OVERHEAD]> {
        let (gcm, iv) = self.per_message(nonce)?;
        gcm.seal(&iv, aad, buf)
    }

    /// The plaintext of `ciphertext ‖ tag`.
    ///
    /// # Errors
    /// [`Error::Refused`] for a wrong key, nonce, associated data or any changed byte;
    /// [`Error::Malformed`] when shorter than a tag.
    pub fn open(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        let mut buf = sealed.to_vec();
        let len = self.open_in_place(nonce, aad, &mut buf)?.len();
        buf.truncate(len);
        Ok(buf)
    }

    /// Opens `ciphertext ‖ tag` where it stands and gives the plaintext part. On failure the whole
    /// buffer is zeroed.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_in_place<'b>(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        sealed: &'b mut [u8],
    ) -> Result<&'b mut [u8]> {
        let (gcm, iv) = self.per_message(nonce)?;
        gcm.open(&iv, aad, sealed)
    }

    fn per_message(&self, nonce: &[u8; NONCE_LEN]) -> Result<(Gcm, [u8; GCM_NONCE_LEN])> {
        let (head, tail) = nonce.split_at(GCM_NONCE_LEN);
        let mut blocks = [Block::default(); 2];
        for (block, counter) in blocks.iter_mut().zip(1u8..) {
            block[..4].copy_from_slice(&[0, counter, b'X', 0]);
            block[4..].copy_from_slice(head);
            block.iter_mut().zip(self.k1.iter()).for_each(|(b, k)| *b ^= k);
        }
        self.cipher.encrypt_blocks(&mut blocks);
        let mut key = Zeroizing::new([0; 32]);
        for (half, block) in key.chunks_exact_mut(16).zip(&mut blocks) {
            half.copy_from_slice(block);
            block.as_mut_slice().zeroize();
        }
        Ok((Gcm::new(&key)?, tail.try_into().map_err(|_| Error::Malformed)?))
    }
}

/// Doubling in GF(2^128), as in CMAC, without a branch on the secret bit.
fn double(l: u128) -> u128 {
    (l << 1) ^ ((l >> 127) * 0x87)
}

impl fmt::Debug for XaesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("XaesKey(***)")
    }
}

#[cfg(test)]
mod tests;

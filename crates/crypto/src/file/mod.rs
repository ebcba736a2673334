//! Sealed files: chunks that can be read at any offset but not reordered, cut, mixed or changed.
//!
//! ```text
//! file   = header ‖ chunk 0 ‖ … ‖ chunk n-1
//! header = 0x01 ‖ "KWSF" ‖ log2(chunk size) ‖ salt (32)
//! chunk  = r (12) ‖ XAES-256-GCM(text, nonce = r ‖ prefix (7) ‖ u32 BE index ‖ last) with tag (16)
//! stream key (32) ‖ prefix (7) = HKDF-SHA256(file key, salt, "keepwell/v1/file-stream")
//! associated data = header and the caller's identity of the file, each with its length
//! ```
//!
//! The right half of the nonce is STREAM ([Hoang, Reyhanitabar, Rogaway, Vizár
//! 2015](https://eprint.iacr.org/2015/189)): it fixes each chunk's index and which one is last. The
//! random left half gives each *sealing* of a chunk its own key: an upload that resumes after a crash
//! seals the same index again, perhaps with other bytes, and plain STREAM would then repeat a nonce.

mod header;
mod opener;
mod sealer;
#[cfg(test)]
mod tests;

pub use header::{ChunkSize, HEADER_LEN};
pub use opener::{ChunkSpan, FileOpener};
pub use sealer::FileSealer;

use crate::{
    encode::put,
    error::{Error, Result},
    kdf,
    keys::FileKey,
    secret::Key32,
    xaes::{NONCE_LEN, OVERHEAD, XaesKey},
};
use header::Header;
use zeroize::Zeroizing;

/// Random bytes before each chunk's ciphertext.
pub const CHUNK_HEAD: usize = 12;
/// What sealing adds to each chunk, in bytes.
pub const CHUNK_OVERHEAD: usize = CHUNK_HEAD + OVERHEAD;
const PREFIX_LEN: usize = 7;

/// What sealer and opener have in common.
struct Stream {
    key: XaesKey,
    prefix: [u8; PREFIX_LEN],
    aad: Vec<u8>,
    chunk: usize,
}

impl Stream {
    fn new(key: &FileKey, aad: &[u8], header: &Header) -> Result<Self> {
        let mut okm = Zeroizing::new([0; 32 + PREFIX_LEN]);
        kdf::hkdf(&key.0, Some(&header.salt), &[b"keepwell/v1/file-stream"], &mut okm[..])?;
        let (stream_key, prefix) = okm.split_at(32);
        let mut bound = Vec::with_capacity(16 + HEADER_LEN + aad.len());
        put(&mut bound, &header.to_bytes());
        put(&mut bound, aad);
        Ok(Self {
            key: XaesKey::new(&Key32::try_from_slice(stream_key)?),
            prefix: prefix.try_into().map_err(|_| Error::Backend)?,
            aad: bound,
            chunk: header.chunk.bytes(),
        })
    }

    fn nonce(&self, random: [u8; CHUNK_HEAD], index: u32, is_last: bool) -> [u8; NONCE_LEN] {
        let mut nonce = [0; NONCE_LEN];
        nonce[..CHUNK_HEAD].copy_from_slice(&random);
        nonce[CHUNK_HEAD..CHUNK_HEAD + PREFIX_LEN].copy_from_slice(&self.prefix);
        nonce[CHUNK_HEAD + PREFIX_LEN..NONCE_LEN - 1].copy_from_slice(&index.to_be_bytes());
        nonce[NONCE_LEN - 1] = u8::from(is_last);
        nonce
    }
}

//! The only part of a sealed file that is in the clear. It tells the chunk size, nothing else.

use crate::error::{Error, Result};

/// Length of the header, in bytes.
pub const HEADER_LEN: usize = 1 + MAGIC.len() + 1 + SALT_LEN;
const VERSION: u8 = 1;
const MAGIC: &[u8; 4] = b"KWSF";
const SALT_LEN: usize = 32;

/// Bytes of plaintext in every chunk but the last: a power of two from 64 KiB to 1 MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChunkSize(u8);

impl ChunkSize {
    /// 64 KiB.
    pub const SMALLEST: Self = Self(16);
    /// 256 KiB: fits the second-level cache, and a page of a document costs one chunk.
    pub const DEFAULT: Self = Self(18);
    /// 1 MiB.
    pub const LARGEST: Self = Self(20);

    /// From the exponent, 16 to 20.
    ///
    /// # Errors
    /// [`Error::Malformed`] outside.
    pub fn from_log2(exponent: u8) -> Result<Self> {
        let size = Self(exponent);
        if !(Self::SMALLEST.0..=Self::LARGEST.0).contains(&exponent) {
            return Err(Error::Malformed);
        }
        Ok(size)
    }

    /// The size in bytes.
    #[must_use]
    pub const fn bytes(self) -> usize {
        1 << self.0
    }
}

impl Default for ChunkSize {
    fn default() -> Self {
        Self::DEFAULT
    }
}

pub(super) struct Header {
    pub(super) chunk: ChunkSize,
    pub(super) salt: [u8; SALT_LEN],
}

impl Header {
    pub(super) fn generate(chunk: ChunkSize) -> Result<Self> {
        let mut salt = [0; SALT_LEN];
        getrandom::fill(&mut salt).map_err(|_| Error::Randomness)?;
        Ok(Self { chunk, salt })
    }

    pub(super) fn to_bytes(&self) -> [u8; HEADER_LEN] {
        let mut out = [0; HEADER_LEN];
        out[0] = VERSION;
        out[1..5].copy_from_slice(MAGIC);
        out[5] = self.chunk.0;
        out[6..].copy_from_slice(&self.salt);
        out
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        let (version, rest) = bytes.split_first().ok_or(Error::Malformed)?;
        if *version != VERSION {
            return Err(Error::UnknownVersion);
        }
        let rest = rest.strip_prefix(MAGIC).ok_or(Error::Malformed)?;
        let (exponent, salt) = rest.split_first().ok_or(Error::Malformed)?;
        Ok(Self {
            chunk: ChunkSize::from_log2(*exponent)?,
            salt: salt.try_into().map_err(|_| Error::Malformed)?,
        })
    }
}

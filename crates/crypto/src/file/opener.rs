//! Opening any chunk of a sealed file.

use super::{CHUNK_HEAD, CHUNK_OVERHEAD, HEADER_LEN, Stream, header::Header};
use crate::{
    error::{Error, Result},
    keys::FileKey,
};
use std::fmt;

/// Where a chunk lies in the sealed file and in the plaintext.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChunkSpan {
    /// Number of the chunk, from 0.
    pub index: u32,
    /// Whether it is the last of the file.
    pub is_last: bool,
    /// First byte in the sealed file, counted from its start.
    pub sealed_offset: u64,
    /// Length in the sealed file, in bytes.
    pub sealed_len: usize,
    /// First byte of its plaintext.
    pub plain_offset: u64,
    /// Length of its plaintext, in bytes.
    pub plain_len: usize,
}

/// Opens chunks in any order; gives plaintext only after a chunk's tag was checked.
///
/// The length of the file is authenticated by its last chunk: whoever trusts
/// [`Self::plaintext_len`] before the last chunk was opened must know the sealed length from elsewhere,
/// or open [`Self::last_chunk`] first.
pub struct FileOpener {
    stream: Stream,
    count: u64,
    plaintext_len: u64,
}

impl FileOpener {
    /// Reads the header ([`HEADER_LEN`] bytes) of a sealed file of `total_sealed_len` bytes, header
    /// included.
    ///
    /// # Errors
    /// [`Error::UnknownVersion`]; [`Error::Malformed`] for a bad header or a length that no sealed
    /// file has.
    pub fn new(key: &FileKey, aad: &[u8], header: &[u8], total_sealed_len: u64) -> Result<Self> {
        let header = Header::parse(header)?;
        let (count, plaintext_len) = measure(header.chunk.bytes() as u64, total_sealed_len)?;
        Ok(Self { stream: Stream::new(key, aad, &header)?, count, plaintext_len })
    }

    /// Length of the file, in bytes.
    #[must_use]
    pub const fn plaintext_len(&self) -> u64 {
        self.plaintext_len
    }

    /// Number of chunks; at least one.
    #[must_use]
    pub const fn chunk_count(&self) -> u64 {
        self.count
    }

    /// The chunk that holds the byte at `offset` of the plaintext; `None` at or after its end.
    #[must_use]
    pub fn chunk_for(&self, offset: u64) -> Option<ChunkSpan> {
        if offset >= self.plaintext_len {
            return None;
        }
        self.chunk(u32::try_from(offset / self.stream.chunk as u64).ok()?)
    }

    /// The chunk of this number.
    #[must_use]
    pub fn chunk(&self, index: u32) -> Option<ChunkSpan> {
        let number = u64::from(index);
        if number >= self.count {
            return None;
        }
        let chunk = self.stream.chunk as u64;
        let plain_offset = number * chunk;
        let plain_len = usize::try_from((self.plaintext_len - plain_offset).min(chunk)).ok()?;
        Some(ChunkSpan {
            index,
            is_last: number + 1 == self.count,
            sealed_offset: HEADER_LEN as u64 + number * (chunk + CHUNK_OVERHEAD as u64),
            sealed_len: plain_len + CHUNK_OVERHEAD,
            plain_offset,
            plain_len,
        })
    }

    /// The last chunk: opening it proves the length of the file.
    #[must_use]
    pub fn last_chunk(&self) -> Option<ChunkSpan> {
        self.chunk(u32::try_from(self.count - 1).ok()?)
    }

    /// All chunks in order.
    pub fn chunks(&self) -> impl Iterator<Item = ChunkSpan> + '_ {
        (0..=u32::MAX).map_while(|index| self.chunk(index))
    }

    /// Opens one chunk where it stands and gives its plaintext. On failure the text is zeroed.
    ///
    /// # Errors
    /// [`Error::Chunk`] when index, end or length do not fit the file; [`Error::Refused`] when the
    /// chunk was changed, moved, comes from another file, or the file was cut or has another
    /// identity.
    pub fn open_chunk<'b>(&self, index: u32, is_last: bool, sealed: &'b mut [u8]) -> Result<&'b [u8]> {
        let span = self.chunk(index).ok_or(Error::Chunk)?;
        if span.is_last != is_last || span.sealed_len != sealed.len() {
            return Err(Error::Chunk);
        }
        let (random, body) = sealed.split_first_chunk_mut::<CHUNK_HEAD>().ok_or(Error::Chunk)?;
        let nonce = self.stream.nonce(*random, index, is_last);
        self.stream.key.open_in_place(&nonce, &self.stream.aad, body).map(|text| &*text)
    }
}

/// Number of chunks and length of the plaintext of a sealed file.
fn measure(chunk: u64, total: u64) -> Result<(u64, u64)> {
    let overhead = CHUNK_OVERHEAD as u64;
    let body = total.checked_sub(HEADER_LEN as u64).ok_or(Error::Malformed)?;
    let count = body.div_ceil(chunk + overhead);
    if count == 0 || count > u64::from(u32::MAX) + 1 {
        return Err(Error::Malformed);
    }
    let last = body - (count - 1) * (chunk + overhead);
    let last_plain = last.checked_sub(overhead).ok_or(Error::Malformed)?;
    Ok((count, (count - 1) * chunk + last_plain))
}

impl fmt::Debug for FileOpener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileOpener({} chunks)", self.count)
    }
}

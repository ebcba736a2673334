//! Sealing a file as its bytes arrive.

use super::{CHUNK_HEAD, CHUNK_OVERHEAD, ChunkSize, HEADER_LEN, Stream, header::Header};
use crate::{
    error::{Error, Result},
    keys::FileKey,
    nonce::NonceSource,
    xaes::OVERHEAD,
};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Takes plaintext in pieces of any size and appends sealed chunks to a caller's buffer.
///
/// Memory: one chunk. The last full chunk is held back until more bytes or [`Self::finish`] tell
/// whether it is the last of the file.
pub struct FileSealer {
    stream: Stream,
    nonces: NonceSource,
    pending: Zeroizing<Vec<u8>>,
    /// Index of the next chunk; 2^32 when all are used.
    next: u64,
}

impl FileSealer {
    /// Starts a file with the default chunk size. `aad` is the file's identity (instance, owner,
    /// document, declared type, …) and must be given again to open it.
    ///
    /// The header goes before the first chunk.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn new(key: &FileKey, aad: &[u8]) -> Result<(Self, [u8; HEADER_LEN])> {
        Self::with_chunk_size(key, aad, ChunkSize::DEFAULT)
    }

    /// As [`Self::new`] with another chunk size.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn with_chunk_size(key: &FileKey, aad: &[u8], chunk: ChunkSize) -> Result<(Self, [u8; HEADER_LEN])> {
        let header = Header::generate(chunk)?;
        Ok((Self::start(key, aad, &header, 0)?, header.to_bytes()))
    }

    /// Goes on with a file after a restart. The caller has cut it to the header and
    /// `next_chunk` whole chunks ([`Self::whole_chunks`]) and feeds plaintext from byte
    /// `next_chunk × chunk size` on.
    ///
    /// # Errors
    /// [`Error::UnknownVersion`] or [`Error::Malformed`] for a bad header.
    pub fn resume(key: &FileKey, aad: &[u8], header: &[u8], next_chunk: u32) -> Result<Self> {
        Self::start(key, aad, &Header::parse(header)?, u64::from(next_chunk))
    }

    /// How many whole chunks a cut-off file of `sealed_len` bytes holds, the length to cut it to, and
    /// the plaintext offset from which to feed it: `(chunks, sealed length, offset)`.
    ///
    /// # Errors
    /// [`Error::Malformed`] when not even the header is whole, [`Error::UnknownVersion`],
    /// [`Error::TooLong`].
    pub fn whole_chunks(header: &[u8], sealed_len: u64) -> Result<(u32, u64, u64)> {
        let chunk = Header::parse(header)?.chunk.bytes() as u64;
        let sealed_chunk = chunk + CHUNK_OVERHEAD as u64;
        let body = sealed_len.checked_sub(HEADER_LEN as u64).ok_or(Error::Malformed)?;
        let count = u32::try_from(body / sealed_chunk).map_err(|_| Error::TooLong)?;
        let whole = u64::from(count);
        Ok((count, HEADER_LEN as u64 + whole * sealed_chunk, whole * chunk))
    }

    fn start(key: &FileKey, aad: &[u8], header: &Header, next: u64) -> Result<Self> {
        Ok(Self {
            stream: Stream::new(key, aad, header)?,
            nonces: NonceSource::new(),
            pending: Zeroizing::new(Vec::new()),
            next,
        })
    }

    /// Bytes of plaintext in a full chunk.
    #[must_use]
    pub const fn chunk_len(&self) -> usize {
        self.stream.chunk
    }

    /// Takes the next bytes of the file and appends every chunk that is complete to `out`.
    ///
    /// # Errors
    /// [`Error::TooLong`] after 2^32 chunks, [`Error::Randomness`]. The sealer must then be dropped.
    pub fn push(&mut self, mut plaintext: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let chunk = self.stream.chunk;
        while !plaintext.is_empty() {
            if self.pending.len() == chunk {
                self.seal_pending(false, out)?;
            }
            if self.pending.is_empty() && plaintext.len() > chunk {
                // More follows within this very piece: no need to hold it back.
                let (now, rest) = plaintext.split_at(chunk);
                self.append(now, false, out)?;
                plaintext = rest;
                continue;
            }
            // Reserved at once: a growing vector would leave plaintext behind in freed memory.
            let room = chunk - self.pending.len();
            self.pending.reserve_exact(room);
            let (now, rest) = plaintext.split_at(plaintext.len().min(room));
            self.pending.extend_from_slice(now);
            plaintext = rest;
        }
        Ok(())
    }

    /// Appends the last chunk. An empty file is one empty last chunk.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<()> {
        self.seal_pending(true, out)
    }

    /// Seals one chunk where it stands, for callers that already hold whole chunks: `chunk` is
    /// [`super::CHUNK_HEAD`] bytes of room, exactly [`Self::chunk_len`] bytes of text (at most that
    /// for the last), and 16 bytes of room. Not to be mixed with pending bytes of [`Self::push`].
    ///
    /// # Errors
    /// [`Error::Chunk`] for another length or with pending bytes; as [`Self::push`].
    pub fn seal_chunk_in_place(&mut self, chunk: &mut [u8], is_last: bool) -> Result<()> {
        let text_len = chunk.len().checked_sub(CHUNK_OVERHEAD).ok_or(Error::Chunk)?;
        let fits = if is_last { text_len <= self.stream.chunk } else { text_len == self.stream.chunk };
        if !fits || !self.pending.is_empty() {
            return Err(Error::Chunk);
        }
        self.seal_frame(chunk, is_last)
    }

    fn seal_pending(&mut self, is_last: bool, out: &mut Vec<u8>) -> Result<()> {
        let mut pending = std::mem::take(&mut self.pending);
        let done = self.append(&pending, is_last, out);
        if is_last {
            pending.zeroize();
        } else {
            // Kept for its memory; the old bytes are overwritten by the next chunk or wiped on drop.
            pending.clear();
            self.pending = pending;
        }
        done
    }

    fn append(&mut self, text: &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        out.reserve(text.len() + CHUNK_OVERHEAD);
        out.extend_from_slice(&[0; CHUNK_HEAD]);
        out.extend_from_slice(text);
        out.extend_from_slice(&[0; OVERHEAD]);
        let done = match out.get_mut(start..) {
            Some(frame) => self.seal_frame(frame, is_last),
            None => Err(Error::Chunk),
        };
        if done.is_err() {
            out.iter_mut().skip(start).for_each(|b| *b = 0);
            out.truncate(start);
        }
        done
    }

    fn seal_frame(&mut self, frame: &mut [u8], is_last: bool) -> Result<()> {
        let index = u32::try_from(self.next).map_err(|_| Error::TooLong)?;
        let random = self.nonces.take()?;
        let (head, rest) = frame.split_at_mut_checked(CHUNK_HEAD).ok_or(Error::Chunk)?;
        let text_len = rest.len().checked_sub(OVERHEAD).ok_or(Error::Chunk)?;
        let (text, room) = rest.split_at_mut(text_len);
        let nonce = self.stream.nonce(random, index, is_last);
        let tag = self.stream.key.seal_in_place(&nonce, &self.stream.aad, text)?;
        head.copy_from_slice(&random);
        room.copy_from_slice(&tag);
        // After the last chunk nothing may follow, whatever the caller does.
        self.next = if is_last { u64::from(u32::MAX) + 1 } else { self.next + 1 };
        Ok(())
    }
}

impl fmt::Debug for FileSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileSealer(next chunk {})", self.next)
    }
}

//! Bytes at offsets: what a reader gets in place of a file.

use std::io::{self, Read, Seek, SeekFrom};

/// Random access to a document's bytes.
pub trait ReadAt {
    /// Number of bytes.
    fn len(&self) -> u64;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Reads some bytes from `offset` on; 0 only at the end or for an empty `buf`.
    ///
    /// # Errors
    /// Whatever the storage reports.
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize>;
}

impl ReadAt for &[u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(<[u8]>::len(self));
        let n = buf.len().min(<[u8]>::len(self) - from);
        buf[..n].copy_from_slice(&self[from..from + n]);
        Ok(n)
    }
}

impl ReadAt for Vec<u8> {
    fn len(&self) -> u64 {
        Vec::len(self) as u64
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.as_slice().read_at(offset, buf)
    }
}

/// Bytes read ahead by [`Cursor`].
pub const READ_AHEAD: usize = 512 << 10;

/// `Read + Seek` over a [`ReadAt`], with a read-ahead buffer that survives short seeks.
pub struct Cursor<'a> {
    source: &'a mut dyn ReadAt,
    position: u64,
    buffer: Vec<u8>,
    start: u64,
}

impl<'a> Cursor<'a> {
    /// A cursor at the first byte.
    pub fn new(source: &'a mut dyn ReadAt) -> Self {
        Self { source, position: 0, buffer: Vec::new(), start: 0 }
    }
    /// Where the next read begins.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    fn buffered(&self) -> Option<&[u8]> {
        let at = usize::try_from(self.position.checked_sub(self.start)?).ok()?;
        self.buffer.get(at..).filter(|b| !b.is_empty())
    }

    fn fill(&mut self) -> io::Result<()> {
        let left = self.source.len().saturating_sub(self.position);
        let want = usize::try_from(left).unwrap_or(usize::MAX).min(READ_AHEAD);
        self.buffer.resize(want, 0);
        let mut have = 0;
        while have < want {
            let n = self.source.read_at(self.position + have as u64, &mut self.buffer[have..])?;
            if n == 0 {
                break;
            }
            have += n;
        }
        self.buffer.truncate(have);
        self.start = self.position;
        Ok(())
    }
}

impl Read for Cursor<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.buffered().is_none() {
            self.fill()?;
        }
        let Some(ready) = self.buffered() else { return Ok(0) };
        let n = ready.len().min(buf.len());
        buf[..n].copy_from_slice(&ready[..n]);
        self.position += n as u64;
        Ok(n)
    }
}

impl Seek for Cursor<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(p) => Some(p),
            SeekFrom::End(d) => self.source.len().checked_add_signed(d),
            SeekFrom::Current(d) => self.position.checked_add_signed(d),
        };
        self.position = position.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}

/// Reads a whole document of at most `limit` bytes.
///
/// # Errors
/// `InvalidData` when it is larger, else whatever the storage reports.
pub fn read_whole(source: &mut dyn ReadAt, limit: u64) -> io::Result<Vec<u8>> {
    if source.len() > limit {
        return Err(io::Error::from(io::ErrorKind::InvalidData));
    }
    let mut bytes = Vec::new();
    Cursor::new(source).take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

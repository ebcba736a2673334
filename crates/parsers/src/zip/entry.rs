//! Unpacks one entry, checked: length, CRC-32, and how far it may swell.

use super::directory::{Entry, data_start};
use crate::{
    error::{Excess, Flaw, ParseError, Reason, Thing},
    source::{Cursor, ReadAt},
};
use flate2::{Crc, read::DeflateDecoder};
use std::{
    fmt,
    io::{self, Read, Seek, SeekFrom, Take},
};

/// An entry may swell freely up to this many bytes.
const FREE: u64 = 64 << 20;
/// Beyond [`FREE`], at most this many bytes out of one; Apple's exports reach 30.
const RATIO: u64 = 200;

/// What a whole archive may unpack to.
pub struct Budget {
    left: u64,
    whole: u64,
}

impl Budget {
    /// `bytes` of them.
    #[must_use]
    pub const fn new(bytes: u64) -> Self {
        Self { left: bytes, whole: bytes }
    }
}

/// A budget of so many bytes is spent.
#[derive(Debug)]
struct Spent(u64);

impl fmt::Display for Spent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "more than {} bytes", self.0)
    }
}

impl std::error::Error for Spent {}

fn spent(e: &io::Error) -> u64 {
    e.get_ref().and_then(|e| e.downcast_ref::<Spent>()).map_or(0, |s| s.0)
}

enum Packed<'a> {
    Stored(Take<Cursor<'a>>),
    Deflated(DeflateDecoder<Take<Cursor<'a>>>),
}

/// An entry's content.
pub struct Content<'a> {
    packed: Packed<'a>,
    crc: Crc,
    out: u64,
    entry: Entry,
    budget: &'a mut Budget,
}

/// Opens an entry. `budget` is what the whole archive may still unpack to.
///
/// # Errors
/// `Refused` for a locked entry or another method than stored and deflate; as [`data_start`].
pub fn open<'a>(
    source: &'a mut dyn ReadAt,
    entry: &Entry,
    budget: &'a mut Budget,
) -> Result<Content<'a>, ParseError> {
    if entry.encrypted {
        return Err(ParseError::Refused(Reason::Encrypted));
    }
    if entry.overlaps {
        return Err(ParseError::Refused(Reason::SharedBytes));
    }
    if entry.method != 0 && entry.method != 8 {
        return Err(ParseError::Refused(Reason::OtherPacking));
    }
    let start = data_start(source, entry)?;
    let mut cursor = Cursor::new(source);
    cursor.seek(SeekFrom::Start(start))?;
    let bytes = cursor.take(entry.packed);
    let packed =
        if entry.method == 0 { Packed::Stored(bytes) } else { Packed::Deflated(DeflateDecoder::new(bytes)) };
    Ok(Content { packed, crc: Crc::new(), out: 0, entry: entry.clone(), budget })
}

impl Read for Content<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let (n, used) = match &mut self.packed {
            Packed::Stored(r) => {
                let n = r.read(buf)?;
                (n, self.out + n as u64)
            }
            Packed::Deflated(r) => {
                let n = r.read(buf).map_err(|e| match e.kind() {
                    io::ErrorKind::Other => e,
                    _ => io::Error::from(io::ErrorKind::InvalidData),
                })?;
                (n, r.total_in())
            }
        };
        if n == 0 {
            // A shorter text than stated, or another one, is not what was packed.
            let sound = buf.is_empty() || (self.crc.sum() == self.entry.crc && self.out == self.entry.size);
            return if sound { Ok(0) } else { Err(io::Error::from(io::ErrorKind::InvalidData)) };
        }
        self.crc.update(&buf[..n]);
        self.out += n as u64;
        self.budget.left = self.budget.left.saturating_sub(n as u64);
        if self.budget.left == 0 {
            return Err(io::Error::new(io::ErrorKind::QuotaExceeded, Spent(self.budget.whole)));
        }
        if self.out > FREE && self.out / RATIO > used {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(n)
    }
}

/// What a failure of reading an entry means.
#[must_use]
pub fn explain(e: &io::Error) -> ParseError {
    match e.kind() {
        io::ErrorKind::FileTooLarge => ParseError::too_large(Excess::Swells, RATIO),
        io::ErrorKind::QuotaExceeded => ParseError::too_large(Excess::Unpacked, spent(e) >> 30),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            ParseError::malformed(Thing::Zip, Flaw::BadEntry, None)
        }
        _ => ParseError::Io,
    }
}

/// Unpacks at most `limit` bytes of an entry; shorter content is given whole and checked.
///
/// # Errors
/// As [`explain`].
pub fn head(content: Content<'_>, limit: usize) -> Result<Vec<u8>, ParseError> {
    let mut bytes = Vec::new();
    content.take(limit as u64).read_to_end(&mut bytes).map_err(|e| explain(&e))?;
    Ok(bytes)
}

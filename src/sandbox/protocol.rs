//! What server and reader say to each other: frames of a length, a kind and a payload.
//!
//! File bytes travel raw, everything else as postcard. Neither side believes a length beyond
//! [`MAX_FRAME`].

use keepwell_parsers::{
    error::ParseError,
    sink::{Item, Options, Summary},
    sniff::Format,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::io::{self, Read};

/// Largest payload of a frame in bytes.
pub const MAX_FRAME: usize = 64 << 20;
/// Bytes of a file in one frame.
pub const BLOCK: usize = 1 << 20;
/// Bytes of a frame before its payload.
pub const HEADER: usize = 5;

/// What a frame carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Server: a [`Start`].
    Start = 1,
    /// Server: file bytes, after their offset as 8 bytes little-endian.
    Bytes = 2,
    /// Server: the file cannot be read there.
    Broken = 3,
    /// Reader: a [`Ready`].
    Ready = 16,
    /// Reader: wants bytes: a [`Want`].
    Read = 17,
    /// Reader: items, one after the other.
    Items = 18,
    /// Reader: a [`Progress`].
    Progress = 19,
    /// Reader: a `Summary`; the end.
    Done = 20,
    /// Reader: a `ParseError`; the end.
    Refused = 21,
}

impl Kind {
    /// The kind of that number.
    #[must_use]
    pub const fn of(n: u8) -> Option<Self> {
        Some(match n {
            1 => Self::Start,
            2 => Self::Bytes,
            3 => Self::Broken,
            16 => Self::Ready,
            17 => Self::Read,
            18 => Self::Items,
            19 => Self::Progress,
            20 => Self::Done,
            21 => Self::Refused,
            _ => return None,
        })
    }
}

/// What a reader is to read.
#[derive(Serialize, Deserialize)]
pub struct Start {
    /// Bytes of the file.
    pub len: u64,
    /// Its name as a hint.
    pub name: Option<String>,
    /// Answers and limits.
    pub options: Options,
}

/// How well a reader is locked in.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Ready {
    /// Whether landlock holds it as well as seccomp.
    pub landlock: bool,
}

/// Which bytes a reader wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Want {
    /// From where.
    pub offset: u64,
    /// How many at most.
    pub len: u32,
}

/// How far a reader is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes read.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}

/// How a reader ended.
pub type End = Result<Summary, Refusal>;

/// A file that was not read to its end.
#[derive(Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub error: ParseError,
    /// What it is, where it is sound and kept as it came.
    pub kept_as: Option<Format>,
}

/// A frame's header.
#[must_use]
pub fn header(kind: Kind, len: usize) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(&u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes());
    header[4] = kind as u8;
    header
}

/// A whole frame with a postcard payload.
///
/// # Errors
/// `InvalidData` when it does not fit in a frame.
pub fn frame<T: Serialize>(kind: Kind, value: &T) -> io::Result<Vec<u8>> {
    let mut out = vec![0; HEADER];
    out = postcard::to_extend(value, out).map_err(|_| bad())?;
    let len = out.len() - HEADER;
    if len > MAX_FRAME {
        return Err(bad());
    }
    out[..HEADER].copy_from_slice(&header(kind, len));
    Ok(out)
}

/// Reads a header; `None` at the clean end of the pipe.
///
/// # Errors
/// `InvalidData` for an unknown kind or a length beyond [`MAX_FRAME`].
pub fn read_header(input: &mut impl Read) -> io::Result<Option<(Kind, usize)>> {
    let mut header = [0; HEADER];
    let mut have = 0;
    while have < HEADER {
        match input.read(&mut header[have..]) {
            Ok(0) if have == 0 => return Ok(None),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => have += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    let len = u32::from_le_bytes([header[0], header[1], header[2], header[3]]) as usize;
    match Kind::of(header[4]) {
        Some(kind) if len <= MAX_FRAME => Ok(Some((kind, len))),
        _ => Err(bad()),
    }
}

/// Decodes a whole payload.
///
/// # Errors
/// `InvalidData` when it is anything else, or more.
pub fn decode<T: DeserializeOwned>(payload: &[u8]) -> io::Result<T> {
    match postcard::take_from_bytes(payload) {
        Ok((value, [])) => Ok(value),
        _ => Err(bad()),
    }
}

/// Decodes the items of one frame.
///
/// # Errors
/// `InvalidData` when they are anything else.
pub fn decode_items(mut payload: &[u8]) -> io::Result<Vec<Item>> {
    let mut items = Vec::new();
    while !payload.is_empty() {
        let (item, rest) = postcard::take_from_bytes(payload).map_err(|_| bad())?;
        items.push(item);
        payload = rest;
    }
    Ok(items)
}

/// What the other side sent makes no sense.
#[must_use]
pub fn bad() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

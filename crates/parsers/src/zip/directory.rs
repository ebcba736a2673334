//! The list of contents of a ZIP archive (APPNOTE 6.3.10, with ZIP64), read without trust.
//!
//! Written here and not taken from a library, because one bad entry must not hide its sound
//! neighbours, and the size of the list has to be known before memory is spent on it.

use crate::{
    error::{Excess, Flaw, ParseError, Thing},
    source::ReadAt,
};
use encoding_rs::WINDOWS_1252;

const END: &[u8] = b"PK\x05\x06";
const END64: &[u8] = b"PK\x06\x06";
const LOCATOR64: &[u8] = b"PK\x06\x07";
const CENTRAL: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
const MAX_LIST: u64 = 64 << 20;

/// One entry of an archive.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Name for display: no `..`, no drive, no control characters. Never a path to write to.
    pub name: String,
    /// Compression method: 0 stored, 8 deflate.
    pub method: u16,
    /// Whether it is locked.
    pub encrypted: bool,
    /// Whether it is a folder.
    pub folder: bool,
    /// CRC-32 of the content.
    pub crc: u32,
    /// Bytes in the archive.
    pub packed: u64,
    /// Bytes when unpacked, as stated.
    pub size: u64,
    /// Where its local header lies.
    pub header: u64,
    /// Whether its bytes are also those of another entry, as in archives built to overload.
    pub overlaps: bool,
}

fn broken(why: Flaw) -> ParseError {
    ParseError::malformed(Thing::Zip, why, None)
}

fn bytes_at(source: &mut dyn ReadAt, at: u64, n: usize) -> Result<Vec<u8>, ParseError> {
    let mut buf = vec![0; n];
    let mut have = 0;
    while have < n {
        let got = source.read_at(at + have as u64, &mut buf[have..])?;
        if got == 0 {
            return Err(broken(Flaw::EndsEarly));
        }
        have += got;
    }
    Ok(buf)
}

fn u16_at(b: &[u8], at: usize) -> u16 {
    b.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}
fn u32_at(b: &[u8], at: usize) -> u32 {
    b.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}
fn u64_at(b: &[u8], at: usize) -> u64 {
    u64::from(u32_at(b, at)) | u64::from(u32_at(b, at + 4)) << 32
}

/// Where the list lies: offset, bytes, entries, and how far everything is shifted by bytes that
/// stand before the archive.
struct List {
    at: u64,
    bytes: u64,
    entries: u64,
    shift: u64,
}

/// Reads the list of contents.
///
/// # Errors
/// `Malformed` where there is none, `TooLarge` for more than `limit` entries.
pub fn read(source: &mut dyn ReadAt, limit: usize) -> Result<Vec<Entry>, ParseError> {
    let list = find(source)?;
    if list.entries > limit as u64 || list.bytes > MAX_LIST {
        return Err(ParseError::too_large(Excess::Entries, limit as u64));
    }
    let bytes = bytes_at(source, list.at, usize::try_from(list.bytes).unwrap_or(0))?;
    let mut entries = Vec::new();
    let mut at = 0;
    while bytes.get(at..at + 4) == Some(CENTRAL) && bytes.len() >= at + 46 {
        if entries.len() >= limit {
            return Err(ParseError::too_large(Excess::Entries, limit as u64));
        }
        let lens = [28, 30, 32].map(|o| usize::from(u16_at(&bytes, at + o)));
        let next = at + 46 + lens.iter().sum::<usize>();
        let Some(record) = bytes.get(at..next) else { break };
        entries.push(entry(record, lens[0], lens[1], list.shift));
        at = next;
    }
    // Where only the rest of the list is lost, what it still names is sound.
    if entries.is_empty() && list.entries > 0 {
        return Err(broken(Flaw::BadList));
    }
    mark_overlaps(&mut entries);
    Ok(entries)
}

fn find(source: &mut dyn ReadAt) -> Result<List, ParseError> {
    let len = source.len();
    let tail_len = len.min(65_557);
    let tail_at = len - tail_len;
    let tail = bytes_at(source, tail_at, usize::try_from(tail_len).unwrap_or(0))?;
    let end = memchr::memmem::rfind_iter(&tail, END)
        .find(|at| tail.len() >= at + 22 + usize::from(u16_at(&tail, at + 20)))
        .ok_or_else(|| broken(Flaw::NoList))?;
    let end_at = tail_at + end as u64;
    let record = &tail[end..];
    let mut list = List {
        entries: u64::from(u16_at(record, 10)),
        bytes: u64::from(u32_at(record, 12)),
        at: u64::from(u32_at(record, 16)),
        shift: 0,
    };
    let mut list_end = end_at;
    if let Some(locator_at) = end_at.checked_sub(20) {
        let locator = bytes_at(source, locator_at, 20)?;
        if locator.starts_with(LOCATOR64) {
            let at = u64_at(&locator, 8);
            if at <= locator_at.saturating_sub(56) {
                let wide = bytes_at(source, at, 56)?;
                if wide.starts_with(END64) {
                    list.entries = u64_at(&wide, 32);
                    list.bytes = u64_at(&wide, 40);
                    list.at = u64_at(&wide, 48);
                    list_end = at;
                }
            }
        }
    }
    let stated_end = list.at.checked_add(list.bytes).filter(|e| *e <= list_end);
    let stated_end = stated_end.ok_or_else(|| broken(Flaw::BadList))?;
    list.shift = list_end - stated_end;
    list.at += list.shift;
    Ok(list)
}

fn entry(b: &[u8], name_len: usize, extra_len: usize, shift: u64) -> Entry {
    let raw = &b[46..46 + name_len];
    let extra = &b[46 + name_len..46 + name_len + extra_len];
    let narrow = [u32_at(b, 24), u32_at(b, 20), u32_at(b, 42)];
    let mut wide = wide_fields(extra);
    let [size, packed, header] =
        narrow.map(|n| if n == u32::MAX { wide.next().unwrap_or(u64::MAX) } else { u64::from(n) });
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(raw).0.into_owned(),
    };
    let flags = u16_at(b, 8);
    Entry {
        name: display_name(&text),
        method: u16_at(b, 10),
        encrypted: flags & 1 != 0,
        folder: text.ends_with('/') && size == 0,
        crc: u32_at(b, 16),
        packed,
        size,
        header: header.saturating_add(shift),
        overlaps: false,
    }
}

/// The 64-bit numbers of the ZIP64 extra field, in the order in which they are needed.
fn wide_fields(mut extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut numbers = Vec::new();
    while extra.len() >= 4 {
        let (id, len) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
        let Some(body) = extra.get(4..4 + len) else { break };
        if id == 1 {
            numbers = body.chunks_exact(8).map(|c| u64_at(c, 0)).collect();
        }
        extra = &extra[4 + len..];
    }
    numbers.into_iter()
}

/// A name without what could mislead: no `..`, no drive, no control characters.
pub(crate) fn display_name(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let parts = text.split(['/', '\\']).filter(|p| !matches!(*p, "" | "." | "..") && !p.ends_with(':'));
    let name: String =
        parts.collect::<Vec<_>>().join("/").chars().filter(|c| !hidden(*c)).take(255).collect();
    if name.is_empty() { "unnamed".to_owned() } else { name }
}

fn mark_overlaps(entries: &mut [Entry]) {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|i| entries[*i].header);
    let mut end = 0;
    for i in order {
        let e = &mut entries[i];
        e.overlaps = e.header < end;
        end = end.max(e.header.saturating_add(30).saturating_add(e.packed));
    }
}

/// Where an entry's packed bytes begin.
///
/// # Errors
/// `Malformed` where its header is not what it should be, or its bytes lie outside the archive.
pub fn data_start(source: &mut dyn ReadAt, entry: &Entry) -> Result<u64, ParseError> {
    let len = source.len();
    if entry.header.checked_add(30).is_none_or(|e| e > len) {
        return Err(broken(Flaw::EntryOutside));
    }
    let header = bytes_at(source, entry.header, 30)?;
    if !header.starts_with(LOCAL) {
        return Err(broken(Flaw::EntryMisplaced));
    }
    let start = entry.header + 30 + u64::from(u16_at(&header, 26)) + u64::from(u16_at(&header, 28));
    match start.checked_add(entry.packed) {
        Some(end) if end <= len => Ok(start),
        _ => Err(broken(Flaw::EntryOutside)),
    }
}

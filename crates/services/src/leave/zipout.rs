//! A ZIP archive written front to back into anything that takes bytes (APPNOTE 6.3.10).
//!
//! Sizes and checksums follow each entry in a data descriptor, so nothing is held back and the
//! writer never has to seek. The `zip` crate's stream writer is not used: it cannot say ahead that
//! one entry will need 64-bit sizes without giving them to all.

use flate2::{Compression, Crc, write::DeflateEncoder};
use keepwell_domain::time::{SECOND, Ts};
use std::io::{self, Write};

/// UTF-8 name, and sizes in a descriptor behind the content.
const FLAGS: u16 = 1 << 11 | 1 << 3;
const DEFLATED: u16 = 8;
const WIDE: u64 = 0xffff_ffff;

/// How an entry is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pack {
    /// Text and the like.
    Small,
    /// Content that is packed already, or so large that time counts more than room. It is framed as
    /// deflate all the same: a stored entry of unknown size cannot be read from a stream.
    Plain,
}

struct Listed {
    name: String,
    crc: u32,
    packed: u64,
    size: u64,
    at: u64,
    wide: bool,
}

/// An archive under way.
pub struct ZipOut<W: Write> {
    out: Counted<W>,
    list: Vec<Listed>,
    stamp: (u16, u16),
}

struct Counted<W> {
    inner: W,
    at: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(buf)?;
        self.at += n as u64;
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// One entry's content on its way into the archive.
pub struct Entry<'z, W: Write> {
    deflate: DeflateEncoder<&'z mut Counted<W>>,
    crc: Crc,
    size: u64,
}

impl<W: Write> Write for Entry<'_, W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let n = self.deflate.write(buf)?;
        self.crc.update(buf.get(..n).unwrap_or_default());
        self.size += n as u64;
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> ZipOut<W> {
    /// An empty archive whose entries bear this time.
    pub fn new(inner: W, now: Ts) -> Self {
        Self { out: Counted { inner, at: 0 }, list: Vec::new(), stamp: dos_time(now) }
    }

    /// Writes one entry: `fill` hands its content over. `wide` says that it may grow beyond 4 GiB.
    ///
    /// # Errors
    /// Those of the writer and of `fill`; `FileTooLarge` for 4 GiB in an entry that is not wide.
    pub fn entry<T>(
        &mut self,
        name: &str,
        pack: Pack,
        wide: bool,
        fill: impl FnOnce(&mut Entry<'_, W>) -> io::Result<T>,
    ) -> io::Result<T> {
        let at = self.out.at;
        self.local_header(name, wide)?;
        let from = self.out.at;
        let level = if pack == Pack::Small { Compression::new(6) } else { Compression::none() };
        let (answer, crc, size) = pack_into(&mut self.out, level, fill)?;
        let listed = Listed { name: name.to_owned(), crc, packed: self.out.at - from, size, at, wide };
        if !wide && listed.packed.max(size) >= WIDE {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.descriptor(&listed)?;
        self.list.push(listed);
        Ok(answer)
    }

    /// Writes the list of contents and gives the writer back.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        let from = self.out.at;
        for l in std::mem::take(&mut self.list) {
            self.central(&l)?;
            self.list.push(l);
        }
        let bytes = self.out.at - from;
        let entries = self.list.len() as u64;
        if entries >= 0xffff || from >= WIDE || bytes >= WIDE {
            self.wide_end(entries, bytes, from)?;
        }
        let count = u16::try_from(entries).unwrap_or(u16::MAX);
        let mut b = b"PK\x05\x06\0\0\0\0".to_vec();
        b.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
        b.extend([narrow(bytes).to_le_bytes(), narrow(from).to_le_bytes()].concat());
        b.extend([0, 0]);
        self.out.write_all(&b)?;
        self.out.flush()?;
        Ok(self.out.inner)
    }

    fn local_header(&mut self, name: &str, wide: bool) -> io::Result<()> {
        let mut b = b"PK\x03\x04".to_vec();
        for n in [version(wide), FLAGS, DEFLATED, self.stamp.0, self.stamp.1] {
            b.extend(n.to_le_bytes());
        }
        b.extend([0; 12]);
        b.extend(name_len(name)?.to_le_bytes());
        b.extend(if wide { 20u16 } else { 0 }.to_le_bytes());
        b.extend(name.as_bytes());
        if wide {
            // Its presence makes the descriptor's sizes 64 bits wide.
            b.extend([1, 0, 16, 0]);
            b.extend([0; 16]);
        }
        self.out.write_all(&b)
    }

    fn descriptor(&mut self, l: &Listed) -> io::Result<()> {
        let mut b = b"PK\x07\x08".to_vec();
        b.extend(l.crc.to_le_bytes());
        for n in [l.packed, l.size] {
            if l.wide { b.extend(n.to_le_bytes()) } else { b.extend(narrow(n).to_le_bytes()) }
        }
        self.out.write_all(&b)
    }

    fn central(&mut self, l: &Listed) -> io::Result<()> {
        let extra: Vec<u8> =
            [l.size, l.packed, l.at].into_iter().filter(|n| *n >= WIDE).flat_map(u64::to_le_bytes).collect();
        let extra_len = u16::try_from(extra.len()).unwrap_or(0);
        let mut b = b"PK\x01\x02".to_vec();
        // Made on Unix, so that the permissions below are believed.
        let made_by = 3 << 8 | version(l.wide || extra_len > 0);
        for n in [made_by, version(l.wide || extra_len > 0), FLAGS, DEFLATED, self.stamp.0, self.stamp.1] {
            b.extend(n.to_le_bytes());
        }
        for n in [l.crc, narrow(l.packed), narrow(l.size)] {
            b.extend(n.to_le_bytes());
        }
        b.extend(name_len(&l.name)?.to_le_bytes());
        b.extend(if extra_len > 0 { extra_len + 4 } else { 0 }.to_le_bytes());
        b.extend([0; 6]);
        b.extend((0o100_644u32 << 16).to_le_bytes());
        b.extend(narrow(l.at).to_le_bytes());
        b.extend(l.name.as_bytes());
        if extra_len > 0 {
            b.extend([1, 0]);
            b.extend(extra_len.to_le_bytes());
            b.extend(extra);
        }
        self.out.write_all(&b)
    }

    fn wide_end(&mut self, entries: u64, bytes: u64, from: u64) -> io::Result<()> {
        let at = self.out.at;
        let mut b = b"PK\x06\x06".to_vec();
        b.extend(44u64.to_le_bytes());
        b.extend([45, 3, 45, 0]);
        b.extend([0; 8]);
        for n in [entries, entries, bytes, from] {
            b.extend(n.to_le_bytes());
        }
        b.extend(b"PK\x06\x07\0\0\0\0");
        b.extend(at.to_le_bytes());
        b.extend(1u32.to_le_bytes());
        self.out.write_all(&b)
    }
}

/// Writes one entry's packed content: what `fill` answered, its CRC-32 and its size.
fn pack_into<W: Write, T>(
    out: &mut Counted<W>,
    level: Compression,
    fill: impl FnOnce(&mut Entry<'_, W>) -> io::Result<T>,
) -> io::Result<(T, u32, u64)> {
    let mut entry = Entry { deflate: DeflateEncoder::new(out, level), crc: Crc::new(), size: 0 };
    let answer = fill(&mut entry)?;
    let Entry { deflate, crc, size } = entry;
    deflate.finish()?;
    Ok((answer, crc.sum(), size))
}

const fn version(wide: bool) -> u16 {
    if wide { 45 } else { 20 }
}

fn narrow(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn name_len(name: &str) -> io::Result<u16> {
    u16::try_from(name.len()).map_err(|_| io::ErrorKind::InvalidInput.into())
}

/// Time and date as ZIP states them: two-second steps, years 1980 to 2107.
fn dos_time(now: Ts) -> (u16, u16) {
    let s = u16::try_from(now.0.rem_euclid(86_400 * SECOND) / (2 * SECOND)).unwrap_or(0);
    let (h, m, two) = (s / 1800, s / 30 % 60, s % 30);
    let d = now.date();
    let year = u16::try_from(d.year().clamp(1980, 2107) - 1980).unwrap_or(0);
    (h << 11 | m << 5 | two, year << 9 | u16::from(d.month()) << 5 | u16::from(d.day()))
}

//! NDJSON too large to be held whole: read in blocks of whole lines, so that memory is bounded by
//! the block and not by the file. A reference finds its target within its block only; bulk exports
//! hold one type of resource to a file, so that little is lost.

use super::read_text;
use crate::{
    error::{Excess, Flaw, ParseError},
    sink::{Item, Sink, Summary},
    sniff::Format,
    source::ReadAt,
};
use keepwell_domain::locator::Locator;

/// Bytes read at a time; more only where a single line is longer.
const BLOCK: usize = 32 << 20;

/// Reads NDJSON of any size. `longest`: bytes that one line may have.
///
/// # Errors
/// As [`super::read`]; a line longer than `longest` ends the reading.
pub fn read_blocks(
    source: &mut dyn ReadAt,
    longest: u64,
    sink: &mut dyn Sink,
) -> Result<Summary, ParseError> {
    read_sized(source, BLOCK, longest, sink)
}

fn read_sized(
    source: &mut dyn ReadAt,
    block: usize,
    longest: u64,
    sink: &mut dyn Sink,
) -> Result<Summary, ParseError> {
    let total = source.len();
    let mut all = Summary::new(Format::FhirNdjson);
    let mut shift = Shift { sink, bytes: 0, total, lines: 0, introduced: false };
    let mut buffer: Vec<u8> = Vec::new();
    let mut at = 0;
    while at < total || !buffer.is_empty() {
        let have = buffer.len();
        if have as u64 >= longest.max(block as u64) {
            return Err(ParseError::too_large(Excess::Line, longest >> 20));
        }
        let want = usize::try_from((total - at).min(block as u64)).unwrap_or(block);
        buffer.resize(have + want, 0);
        let mut filled = have;
        while filled < buffer.len() {
            match source.read_at(at, &mut buffer[filled..])? {
                0 => return Err(ParseError::Io),
                n => (filled, at) = (filled + n, at + n as u64),
            }
        }
        let end = if at == total { buffer.len() } else { last_line(&buffer) };
        if end == 0 {
            continue;
        }
        let rest = buffer.split_off(end);
        one_block(&buffer, &mut shift, &mut all)?;
        shift.bytes += end as u64;
        shift.lines += buffer.iter().filter(|b| **b == b'\n').count() as u64;
        buffer = rest;
    }
    Ok(all)
}

fn last_line(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1)
}

fn one_block(bytes: &[u8], shift: &mut Shift<'_>, all: &mut Summary) -> Result<(), ParseError> {
    let bom = if shift.bytes == 0 && bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let at = shift.bytes + e.valid_up_to() as u64;
        ParseError::malformed(super::WHAT, Flaw::NotUtf8, Some(at))
    })?;
    if text[bom..].trim().is_empty() {
        return Ok(());
    }
    let summary = read_text(text, bom, shift, false)?;
    summary.read.iter().for_each(|(what, n)| all.count(what, *n));
    summary.skipped.iter().for_each(|(what, n)| all.skip(what, *n));
    Ok(())
}

/// Gives the places in a block as places in the file, and the person once.
struct Shift<'a> {
    sink: &'a mut dyn Sink,
    bytes: u64,
    total: u64,
    lines: u64,
    introduced: bool,
}

impl Shift<'_> {
    /// Within a block a resource is named by its number among the block's; in the file by its line.
    fn place(&self, l: Locator) -> Locator {
        match l {
            Locator::Path { path, bytes } => {
                let bytes = bytes.map(|(a, b)| (a + self.bytes, b + self.bytes));
                let path = match path.strip_prefix("line ").and_then(|n| n.parse::<u64>().ok()) {
                    Some(n) => format!("line {}", n + self.lines),
                    None => self.renumber(path),
                };
                Locator::Path { path, bytes }
            }
            other => other,
        }
    }

    fn renumber(&self, path: String) -> String {
        let number = path.strip_prefix('[').and_then(|p| p.split_once(']'));
        match number.and_then(|(n, rest)| Some((n.parse::<u64>().ok()?, rest))) {
            Some((n, rest)) => format!("[{}]{rest}", n + self.lines),
            None => path,
        }
    }
}

impl Sink for Shift<'_> {
    fn item(&mut self, item: Item) -> Result<(), ParseError> {
        let item = match item {
            Item::Subject(_) if self.introduced => return Ok(()),
            Item::Subject(s) => {
                self.introduced = true;
                Item::Subject(s)
            }
            Item::Record(mut r) => {
                r.locator = self.place(r.locator);
                Item::Record(r)
            }
            Item::Warning(mut w) => {
                w.locator = self.place(w.locator);
                Item::Warning(w)
            }
            other => other,
        };
        self.sink.item(item)
    }
    fn progress(&mut self, done: u64, _total: u64) {
        let (done, total) = (self.bytes + done, self.total);
        self.sink.progress(done, total);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn lines(n: usize) -> String {
        let one = |i: usize| {
            format!(
                "{{\"resourceType\":\"Observation\",\"id\":\"o{i}\",\"status\":\"final\",\"code\":{{\"text\":\"Sodium\"}},\
                 \"effectiveDateTime\":\"2024-01-{:02}\",\"valueQuantity\":{{\"value\":{},\"unit\":\"mmol/L\"}}}}\n",
                1 + i % 28,
                130 + i
            )
        };
        (0..n).map(one).collect()
    }

    #[test]
    fn blocks_give_what_the_whole_gives() {
        let mut text = lines(40);
        text.insert_str(text.find("{\"resourceType\":\"Observation\",\"id\":\"o30\"").unwrap(), "not json\n");
        let mut whole = Vec::new();
        let summary = super::super::read(text.as_bytes(), &mut whole).unwrap();
        for block in [700, 1_000, 4_096, 1 << 20] {
            let mut items = Vec::new();
            let s = read_sized(&mut text.as_bytes(), block, 1 << 20, &mut items).unwrap();
            assert_eq!(s, summary, "{block}");
            let key = |i: &Item| format!("{i:?}");
            let (mut a, mut b): (Vec<_>, Vec<_>) =
                (items.iter().map(key).collect(), whole.iter().map(key).collect());
            a.sort();
            b.sort();
            assert_eq!(a, b, "{block}");
        }
    }

    #[test]
    fn a_line_beyond_the_bound_is_refused() {
        let text = lines(3).replace('\n', " ");
        let e = read_sized(&mut text.as_bytes(), 64, 128, &mut Vec::new()).unwrap_err();
        assert!(e.to_string().contains("line"), "{e}");
    }
}

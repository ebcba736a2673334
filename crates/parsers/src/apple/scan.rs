//! A pull scanner for the XML that Apple Health writes: tags and attributes as slices of a sliding
//! buffer, nothing allocated per tag.
//!
//! A general XML reader was rejected for two reasons: Apple's document type declaration is
//! malformed in several iOS versions, and this loop is the hot one of a 3 GB import. What it keeps
//! of XML: both quotes, comments, CDATA, processing instructions, any order of attributes, nesting
//! checked. What it refuses: declared entities, and nesting or tokens beyond any real export.

use crate::error::{Excess, Flaw, ParseError, Reason, Thing};
use memchr::{memchr, memchr_iter, memmem};
use std::io::Read;

/// Elements nested deeper than this are refused; Apple's own nest five deep.
pub const MAX_DEPTH: usize = 64;
/// A tag, attribute or declaration longer than this is refused.
pub const MAX_TOKEN: usize = 1 << 20;
const READ_SIZE: usize = 256 << 10;

/// What the scanner stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// A start tag, or an empty element.
    Start {
        /// Whether it was `<x/>`, which has no end tag of its own.
        empty: bool,
    },
    /// An end tag.
    End,
    /// The end of a well-nested file.
    Eof,
}

#[derive(Clone, Copy, Default)]
struct Attr {
    name: (usize, usize),
    value: (usize, usize),
}

/// The scanner. Slices it hands out are valid until the next call of [`Scanner::next`].
pub struct Scanner<R> {
    input: R,
    buf: Vec<u8>,
    pos: usize,
    filled: usize,
    eof: bool,
    base: u64,
    lines: u64,
    counted: usize,
    tag_start: usize,
    name: (usize, usize),
    attrs: Vec<Attr>,
    open: Vec<u8>,
    starts: Vec<usize>,
}

impl<R: Read> Scanner<R> {
    /// A scanner at the start of `input`, which is UTF-8 or an ASCII superset.
    pub fn new(input: R) -> Self {
        Self {
            input,
            buf: Vec::new(),
            pos: 0,
            filled: 0,
            eof: false,
            base: 0,
            lines: 1,
            counted: 0,
            tag_start: 0,
            name: (0, 0),
            attrs: Vec::new(),
            open: Vec::new(),
            starts: Vec::new(),
        }
    }
    /// The current tag's name.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        &self.buf[self.name.0..self.name.1]
    }
    /// The current tag's attributes as written, entities not replaced.
    pub fn attrs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.attrs.iter().map(|a| (&self.buf[a.name.0..a.name.1], &self.buf[a.value.0..a.value.1]))
    }
    /// The current tag's byte range in the input.
    #[must_use]
    pub fn tag_range(&self) -> (u64, u64) {
        (self.base + self.tag_start as u64, self.base + self.pos as u64)
    }
    /// Bytes consumed so far.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.base + self.pos as u64
    }
    /// How many elements are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.starts.len()
    }
    /// The line of the current tag's start, counted from 1.
    pub fn line(&mut self) -> u64 {
        self.count_lines(self.tag_start);
        self.lines
    }

    fn count_lines(&mut self, to: usize) {
        if to > self.counted {
            self.lines += memchr_iter(b'\n', &self.buf[self.counted..to]).count() as u64;
            self.counted = to;
        }
    }

    fn malformed(&self, why: Flaw) -> ParseError {
        ParseError::malformed(Thing::Apple, why, Some(self.offset()))
    }

    /// Drops what lies before `keep` and reads more behind the rest. False at the end of input.
    fn refill(&mut self, keep: usize) -> Result<bool, ParseError> {
        self.count_lines(keep);
        self.buf.copy_within(keep..self.filled, 0);
        self.filled -= keep;
        self.base += keep as u64;
        self.pos = self.pos.saturating_sub(keep);
        self.counted -= keep;
        if self.filled > MAX_TOKEN {
            return Err(ParseError::too_large(Excess::Value, 1));
        }
        if self.buf.len() < self.filled + READ_SIZE {
            self.buf.resize(self.filled + READ_SIZE, 0);
        }
        let mut any = false;
        while !self.eof && self.filled < self.buf.len() {
            match self.input.read(&mut self.buf[self.filled..]) {
                Ok(0) => self.eof = true,
                Ok(n) => (self.filled, any) = (self.filled + n, true),
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(crate::zip::entry::explain(&e)),
            }
        }
        Ok(any)
    }

    /// Moves to the next tag.
    ///
    /// # Errors
    /// `Malformed` where the file is broken or ends too early, `TooDeep`, `TooLarge`, `Io`, and
    /// `Refused` where it declares entities.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Token, ParseError> {
        loop {
            let Some(lt) = memchr(b'<', &self.buf[self.pos..self.filled]) else {
                self.pos = self.filled;
                if !self.refill(self.filled)? {
                    return if self.starts.is_empty() {
                        Ok(Token::Eof)
                    } else {
                        Err(self.malformed(Flaw::EndsEarly))
                    };
                }
                continue;
            };
            self.pos += lt;
            // The longest opener that has to be told apart is `<![CDATA[` and `<!DOCTYPE`.
            while self.filled - self.pos < 9 && self.refill(self.pos)? {}
            match self.buf[self.pos..self.filled] {
                [_, b'?', ..] => self.skip_past(b"?>")?,
                [_, b'!', b'-', b'-', ..] => {
                    self.pos += 4;
                    self.skip_past(b"-->")?;
                }
                [_, b'!', b'[', ..] => self.skip_past(b"]]>")?,
                [_, b'!', ..] => self.skip_doctype()?,
                [_, b'/', ..] => return self.end_tag(),
                _ => return self.start_tag(),
            }
        }
    }

    fn skip_past(&mut self, end: &[u8]) -> Result<(), ParseError> {
        loop {
            if let Some(at) = memmem::find(&self.buf[self.pos..self.filled], end) {
                self.pos += at + end.len();
                return Ok(());
            }
            self.pos = self.filled.saturating_sub(end.len() - 1).max(self.pos);
            if !self.refill(self.pos)? {
                return Err(self.malformed(Flaw::OpenSection));
            }
        }
    }

    /// Skips `<!DOCTYPE … [ … ]>`. The declarations inside are not parsed, because Apple's own are
    /// malformed in some iOS versions; its end is the first `]` and `>` outside a comment.
    fn skip_doctype(&mut self) -> Result<(), ParseError> {
        loop {
            if let Some(end) = doctype_end(&self.buf[self.pos..self.filled]) {
                let declared = &self.buf[self.pos..self.pos + end];
                if memmem::find(declared, b"<!ENTITY").is_some() {
                    return Err(ParseError::Refused(Reason::AppleEntities));
                }
                self.pos += end;
                return Ok(());
            }
            if !self.refill(self.pos)? {
                return Err(self.malformed(Flaw::OpenDoctype));
            }
        }
    }

    fn end_tag(&mut self) -> Result<Token, ParseError> {
        let gt = loop {
            if let Some(gt) = memchr(b'>', &self.buf[self.pos..self.filled]) {
                break self.pos + gt;
            }
            if !self.refill(self.pos)? {
                return Err(self.malformed(Flaw::EndsEarly));
            }
        };
        self.tag_start = self.pos;
        self.name = (self.pos + 2, self.pos + 2 + self.buf[self.pos + 2..gt].trim_ascii_end().len());
        let from = self.starts.pop().ok_or_else(|| self.malformed(Flaw::NotOpened))?;
        if self.open[from..] != self.buf[self.name.0..self.name.1] {
            return Err(self.malformed(Flaw::Unordered));
        }
        self.open.truncate(from);
        self.pos = gt + 1;
        Ok(Token::End)
    }

    fn start_tag(&mut self) -> Result<Token, ParseError> {
        loop {
            match self.parse_tag() {
                Parsed::Done { end, empty } => {
                    self.tag_start = self.pos;
                    self.pos = end;
                    if !empty {
                        if self.starts.len() >= MAX_DEPTH {
                            return Err(ParseError::TooDeep { limit: MAX_DEPTH as u64 });
                        }
                        self.starts.push(self.open.len());
                        self.open.extend_from_slice(&self.buf[self.name.0..self.name.1]);
                    }
                    return Ok(Token::Start { empty });
                }
                Parsed::Short => {
                    if !self.refill(self.pos)? {
                        return Err(self.malformed(Flaw::EndsEarly));
                    }
                }
                Parsed::Bad => return Err(self.malformed(Flaw::BadTag)),
            }
        }
    }

    fn parse_tag(&mut self) -> Parsed {
        self.attrs.clear();
        let b = &self.buf[..self.filled];
        let mut i = self.pos + 1;
        let name_start = i;
        while i < b.len() && !matches!(b[i], b' ' | b'\n' | b'\t' | b'\r' | b'/' | b'>' | b'<' | b'=') {
            i += 1;
        }
        self.name = (name_start, i);
        if i == name_start && i < b.len() {
            return Parsed::Bad;
        }
        loop {
            let gap = i;
            while i < b.len() && b[i].is_ascii_whitespace() {
                i += 1;
            }
            let Some(&c) = b.get(i) else { return Parsed::Short };
            if c == b'>' {
                return Parsed::Done { end: i + 1, empty: false };
            }
            if c == b'/' {
                return match b.get(i + 1) {
                    None => Parsed::Short,
                    Some(b'>') => Parsed::Done { end: i + 2, empty: true },
                    Some(_) => Parsed::Bad,
                };
            }
            if gap == i {
                return Parsed::Bad;
            }
            let name = i;
            while i < b.len() && !matches!(b[i], b'=' | b' ' | b'\n' | b'\t' | b'\r' | b'>' | b'<' | b'/') {
                i += 1;
            }
            let name = (name, i);
            while i < b.len() && b[i].is_ascii_whitespace() {
                i += 1;
            }
            match b.get(i) {
                None => return Parsed::Short,
                Some(b'=') if name.1 > name.0 => i += 1,
                Some(_) => return Parsed::Bad,
            }
            while i < b.len() && b[i].is_ascii_whitespace() {
                i += 1;
            }
            let quote = match b.get(i) {
                None => return Parsed::Short,
                Some(&q @ (b'"' | b'\'')) => q,
                Some(_) => return Parsed::Bad,
            };
            let Some(len) = memchr(quote, &b[i + 1..]) else { return Parsed::Short };
            self.attrs.push(Attr { name, value: (i + 1, i + 1 + len) });
            i += len + 2;
        }
    }
}

enum Parsed {
    Done { end: usize, empty: bool },
    Short,
    Bad,
}

/// The length of a document type declaration at the start of `b`, once it is complete.
#[must_use]
pub fn doctype_end(b: &[u8]) -> Option<usize> {
    let (mut i, mut subset) = (0, false);
    while i < b.len() {
        match b[i] {
            b'<' if b[i..].starts_with(b"<!--") => i += memmem::find(&b[i..], b"-->")? + 2,
            b'[' => subset = true,
            b'>' if !subset => return Some(i + 1),
            b']' if subset => {
                let rest = b[i + 1..].iter().position(|c| !c.is_ascii_whitespace())?;
                if b[i + 1 + rest] == b'>' {
                    return Some(i + 2 + rest);
                }
            }
            _ => {}
        }
        i += 1;
    }
    None
}

//! The file, behind the pipe. The next block is asked for while this one is being read.

use super::link::Link;
use crate::sandbox::protocol::{self, BLOCK, Kind, Want};
use keepwell_parsers::source::ReadAt;
use std::{cell::RefCell, io, rc::Rc};

pub struct PipeSource {
    len: u64,
    link: Rc<RefCell<Link>>,
    block: Vec<u8>,
    start: u64,
    asked: Option<Want>,
}

impl PipeSource {
    pub fn new(len: u64, link: Rc<RefCell<Link>>) -> Self {
        Self { len, link, block: Vec::new(), start: 0, asked: None }
    }

    fn end(&self) -> u64 {
        self.start + self.block.len() as u64
    }

    fn ask(&mut self, offset: u64) -> io::Result<Want> {
        let len = self.len.saturating_sub(offset).min(BLOCK as u64);
        let want = Want { offset, len: u32::try_from(len).unwrap_or(BLOCK as u32) };
        self.link.borrow_mut().say(Kind::Read, &want)?;
        Ok(want)
    }

    fn take(&mut self, want: Want) -> io::Result<()> {
        let mut link = self.link.borrow_mut();
        let (kind, len) = link.header()?;
        if kind != Kind::Bytes || !(8..=BLOCK + 8).contains(&len) {
            return Err(protocol::bad());
        }
        let mut offset = [0; 8];
        link.payload(&mut offset)?;
        if u64::from_le_bytes(offset) != want.offset {
            return Err(protocol::bad());
        }
        self.block.resize(len - 8, 0);
        self.start = want.offset;
        link.payload(&mut self.block)
    }

    /// Makes the block that holds `offset` the present one.
    fn load(&mut self, offset: u64) -> io::Result<()> {
        let in_order = offset == self.end();
        if let Some(asked) = self.asked.take() {
            self.take(asked)?;
        }
        if !(self.start..self.end()).contains(&offset) {
            let want = self.ask(offset)?;
            self.take(want)?;
        }
        if in_order && self.end() < self.len && !self.block.is_empty() {
            self.asked = Some(self.ask(self.end())?);
        }
        Ok(())
    }
}

impl ReadAt for PipeSource {
    fn len(&self) -> u64 {
        self.len
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        if offset >= self.len || buf.is_empty() {
            return Ok(0);
        }
        if !(self.start..self.end()).contains(&offset) {
            self.load(offset)?;
        }
        let at = usize::try_from(offset - self.start).unwrap_or(usize::MAX).min(self.block.len());
        let n = buf.len().min(self.block.len() - at);
        buf[..n].copy_from_slice(&self.block[at..at + n]);
        Ok(n)
    }
}

//! Items on their way out, gathered into batches.

use super::link::Link;
use crate::sandbox::protocol::{self, HEADER, Kind, MAX_FRAME, Progress};
use keepwell_parsers::{
    error::{Excess, ParseError},
    sink::{Item, Sink},
};
use std::{cell::RefCell, rc::Rc};

/// A batch is sent when it has grown beyond this many bytes.
const BATCH: usize = 128 << 10;

pub struct PipeSink {
    link: Rc<RefCell<Link>>,
    batch: Vec<u8>,
    told: u64,
}

impl PipeSink {
    pub fn new(link: Rc<RefCell<Link>>) -> Self {
        Self { link, batch: vec![0; HEADER], told: 0 }
    }
    /// Sends what is left.
    pub fn flush(&mut self) -> Result<(), ParseError> {
        let len = self.batch.len() - HEADER;
        if len == 0 {
            return Ok(());
        }
        if len > MAX_FRAME {
            return Err(ParseError::too_large(Excess::Value, 64));
        }
        self.batch[..HEADER].copy_from_slice(&protocol::header(Kind::Items, len));
        self.link.borrow_mut().send(&self.batch).map_err(|_| ParseError::Stopped)?;
        self.batch.truncate(HEADER);
        Ok(())
    }
}

impl Sink for PipeSink {
    fn item(&mut self, item: Item) -> Result<(), ParseError> {
        let batch = std::mem::take(&mut self.batch);
        self.batch = postcard::to_extend(&item, batch).map_err(|_| ParseError::Stopped)?;
        if self.batch.len() > BATCH { self.flush() } else { Ok(()) }
    }
    fn progress(&mut self, done: u64, total: u64) {
        // A hundred times in a file is plenty.
        if done >= self.told.saturating_add(total / 100) {
            self.told = done;
            let _ = self.link.borrow_mut().say(Kind::Progress, &Progress { done, total });
        }
    }
}

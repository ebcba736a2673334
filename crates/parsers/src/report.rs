//! Hands warnings over, up to the limit, and counts them all.

use crate::{
    error::ParseError,
    reason::Why,
    sink::{Item, Sink, Summary, Warning},
};
use keepwell_domain::locator::Locator;

/// A summary under construction and the room left for warnings.
pub struct Report {
    /// What was read so far.
    pub summary: Summary,
    room: usize,
}

impl Report {
    /// An empty report that hands over at most `room` warnings.
    #[must_use]
    pub const fn new(summary: Summary, room: usize) -> Self {
        Self { summary, room }
    }
    /// Warns of a place that is left out and counts it under `what`.
    ///
    /// # Errors
    /// Whatever the sink answers.
    pub fn warn(
        &mut self,
        sink: &mut dyn Sink,
        what: &str,
        locator: Locator,
        why: impl Into<Why>,
    ) -> Result<(), ParseError> {
        self.summary.skip(what, 1);
        self.say(sink, locator, why)
    }
    /// Warns without counting anything as left out.
    ///
    /// # Errors
    /// Whatever the sink answers.
    pub fn say(
        &mut self,
        sink: &mut dyn Sink,
        locator: Locator,
        why: impl Into<Why>,
    ) -> Result<(), ParseError> {
        if self.room == 0 {
            return Ok(());
        }
        self.room -= 1;
        sink.item(Item::Warning(Warning { locator, why: why.into() }))
    }
}

/// A line, counted from 1.
#[must_use]
pub const fn line(line: u64) -> Locator {
    Locator::Row { line, columns: Vec::new() }
}

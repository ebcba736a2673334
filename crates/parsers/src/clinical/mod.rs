//! What the readers of clinical documents (FHIR, C-CDA, HL7 v2) share.

pub(crate) mod base64;
pub(crate) mod number;
pub(crate) mod text;

use crate::reason::Why;
use crate::{
    error::{Excess, ParseError},
    sink::{Item, Limits, Sink, Summary, Warning},
};
use keepwell_domain::{
    locator::Locator,
    record::{Body, Kind, ParsedRecord, Record, Subject},
    time::When,
};
use std::collections::HashMap;

/// Bytes of one document that is read as a whole.
const WHOLE: usize = 256 << 20;

/// Refuses what is too large to be read as a whole.
pub(crate) fn check_size(bytes: &[u8]) -> Result<(), ParseError> {
    if bytes.len() > WHOLE { Err(ParseError::too_large(Excess::Contents, 256)) } else { Ok(()) }
}

/// The way to the sink: counts what is read and left out, and bounds the warnings.
pub(crate) struct Out<'s> {
    sink: &'s mut dyn Sink,
    pub(crate) summary: Summary,
    warnings_left: usize,
    ids: HashMap<(Kind, String), u32>,
}

impl<'s> Out<'s> {
    pub(crate) fn new(sink: &'s mut dyn Sink, summary: Summary) -> Self {
        Self { sink, summary, warnings_left: Limits::default().warnings, ids: HashMap::new() }
    }
    pub(crate) fn subject(&mut self, subject: Subject) -> Result<(), ParseError> {
        self.sink.item(Item::Subject(subject))
    }
    pub(crate) fn record(
        &mut self,
        effective: Option<When>,
        body: Body,
        locator: Locator,
        source_id: Option<String>,
    ) -> Result<(), ParseError> {
        self.summary.count(body.kind().as_str(), 1);
        let source_id = source_id.map(|id| self.unique(body.kind(), id));
        let record = Record { effective, body };
        self.sink.item(Item::Record(Box::new(ParsedRecord { record, locator, source_id })))
    }
    /// Some systems give several things one id; the later ones get a number, the same each time the
    /// file is read.
    fn unique(&mut self, kind: Kind, id: String) -> String {
        let times = self.ids.entry((kind, id.clone())).or_default();
        *times += 1;
        if *times == 1 { id } else { format!("{id}#{times}") }
    }
    pub(crate) fn warn(&mut self, locator: Locator, why: impl Into<Why>) -> Result<(), ParseError> {
        self.summary.skip("warnings", u64::from(self.warnings_left == 0));
        if self.warnings_left == 0 {
            return Ok(());
        }
        self.warnings_left -= 1;
        self.sink.item(Item::Warning(Warning { locator, why: why.into() }))
    }
    /// Hands on what was read from something packed inside the file; its bytes are not the file's.
    pub(crate) fn forward(
        &mut self,
        items: Vec<Item>,
        path: &str,
        summary: &Summary,
    ) -> Result<(), ParseError> {
        let moved = |locator: Locator| match locator {
            Locator::Path { path: inner, .. } => {
                Locator::Path { path: format!("{path}.{inner}"), bytes: None }
            }
            other => other,
        };
        summary.skipped.iter().for_each(|(what, n)| self.summary.skip(what, *n));
        for item in items {
            match item {
                Item::Record(r) => {
                    let r = *r;
                    self.record(r.record.effective, r.record.body, moved(r.locator), r.source_id)?;
                }
                Item::Warning(w) => self.warn(moved(w.locator), w.why)?,
                other => self.sink.item(other)?,
            }
        }
        Ok(())
    }
    pub(crate) fn progress(&mut self, done: usize, total: usize) {
        self.sink.progress(done as u64, total as u64);
    }
}

/// The text without surrounding white space, if any is left.
pub(crate) fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

//! Where readers of foreign formats run: in a child process without rights, or, in tests, here.

use keepwell_parsers::{
    error::ParseError,
    sink::{Item, Options, Summary},
    source::ReadAt,
};
use std::{future::Future, pin::Pin};
use tokio::sync::mpsc::Sender;

/// What a parse needs.
pub struct ParserInput {
    /// The opened document.
    pub source: Box<dyn ReadAt + Send>,
    /// Its name, a hint only.
    pub name: Option<String>,
    /// Answers and limits.
    pub options: Options,
    /// Takes items in batches; a full channel slows the reader down.
    pub items: Sender<Vec<Item>>,
    /// Takes (bytes read, bytes in all).
    pub progress: Box<dyn Fn(u64, u64) + Send + Sync>,
}

/// Why a reader ended without a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParserFailure {
    /// Sound, but of a kind that is kept and not read.
    Kept {
        /// Why.
        reason: ParseError,
        /// Media type found by content.
        media_type: String,
        /// Format in words.
        format: String,
    },
    /// The file cannot be read.
    Reason(ParseError),
    /// It took too long.
    Timeout,
    /// It wanted too much memory.
    Memory,
    /// It ended by itself without a word.
    Crashed,
    /// No child could be started; to be tried again.
    Unavailable,
}

/// The future of a parse.
pub type Parsing = Pin<Box<dyn Future<Output = Result<Summary, ParserFailure>> + Send>>;

/// Runs readers.
pub trait ParserHost: Send + Sync + 'static {
    /// Reads one document. Dropping the future ends the reader.
    fn parse(&self, input: ParserInput) -> Parsing;
}

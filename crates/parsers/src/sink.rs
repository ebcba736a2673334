//! What a reader hands over, item by item, so that memory stays bounded and the items can cross
//! a pipe.

use crate::{
    error::ParseError,
    reason::Why,
    restore::{Deleted, DocumentLine, RecordLine, ReviewLine, Settings},
    sniff::Format,
    table::doubt::Unsure,
};
use keepwell_domain::{
    locator::Locator,
    record::{ParsedRecord, Subject},
    series::Column,
    time::Date,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing read from a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Item {
    /// Whom the document says it is about.
    Subject(Subject),
    /// A record.
    Record(Box<ParsedRecord>),
    /// A row of a table that only the person can decide on.
    Unsure(Box<Unsure>),
    /// One metric over one month.
    Column(Column),
    /// A place that could not be read, with the reason.
    Warning(Warning),
    /// From here to [`Item::ChildEnd`], items belong to a document inside this one.
    ChildStart(Child),
    /// End of the document that the last `ChildStart` began.
    ChildEnd(ChildOutcome),
    /// From an export: a document that it holds.
    RestoredDocument(Box<DocumentLine>),
    /// From an export: the original of a document begins; its bytes follow.
    FileStart {
        /// The document's id in the export.
        document: String,
        /// Bytes in all, as stated.
        size: u64,
    },
    /// The next bytes of the file that the last `FileStart` began.
    FileBytes(Vec<u8>),
    /// The end of that file; its bytes were checked.
    FileEnd,
    /// From an export: a record with its sources and history.
    RestoredRecord(Box<RecordLine>),
    /// From an export: a column, and the ids of the documents in which it stands.
    RestoredColumn(Column, Vec<String>),
    /// From an export: a row of a table that waits or was decided on.
    RestoredRow(Box<ReviewLine>),
    /// From an export: marks of what was deleted.
    RestoredDeleted(Deleted),
    /// From an export: what the person set.
    RestoredSettings(Settings),
    /// From an export: a conversation, as one JSON object ([`crate::restore::ConversationLine`]).
    RestoredConversation(String),
}

/// A document inside an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    /// Its name for display only, without control characters; never a path to write to.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its format.
    pub format: Format,
}

/// How the reading of a child ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChildOutcome {
    /// Read to its end.
    Read(Summary),
    /// Not read, or not to its end; the sentence says why. Items before it are sound.
    NotRead(ParseError),
}

/// A place that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Where.
    pub locator: Locator,
    /// Why.
    pub why: Why,
}

/// What was read from one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Its format.
    pub format: Format,
    /// Its media type.
    pub media_type: String,
    /// How many records of each kind, by `Kind::as_str`, and `samples`, `children`.
    pub read: BTreeMap<String, u64>,
    /// How many things were left out, by what they are.
    pub skipped: BTreeMap<String, u64>,
    /// What the person has to decide before the rest can be read.
    pub questions: Vec<Question>,
    /// Of a table, what its columns are called, shortened; empty where it has no heading.
    pub heading: Vec<String>,
}

impl Summary {
    /// An empty summary of a document of this format.
    #[must_use]
    pub fn new(format: Format) -> Self {
        Self {
            format,
            media_type: format.media_type().to_owned(),
            read: BTreeMap::new(),
            skipped: BTreeMap::new(),
            questions: Vec::new(),
            heading: Vec::new(),
        }
    }
    /// Counts `n` things read.
    pub fn count(&mut self, what: &str, n: u64) {
        if n > 0 {
            *self.read.entry(what.to_owned()).or_default() += n;
        }
    }
    /// Counts `n` things left out.
    pub fn skip(&mut self, what: &str, n: u64) {
        if n > 0 {
            *self.skipped.entry(what.to_owned()).or_default() += n;
        }
    }
}

/// Something that the file leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// `03/04/2021` is the third of April or the fourth of March; answer with `Options::day_first`.
    DayFirst {
        /// Up to five dates as printed.
        examples: Vec<String>,
        /// Their lines, counted from 1, in the same order.
        lines: Vec<u64>,
    },
    /// The table holds several people; answer with `Options::subject`.
    WhichSubject {
        /// Their identifiers as printed, at most 500.
        choices: Vec<String>,
        /// How many there are in all.
        total: u64,
    },
    /// No column could be told to hold the values, or the names, or the dates; answer with
    /// `Options::columns`.
    Columns {
        /// What each column is called, or its first value.
        headers: Vec<String>,
        /// What is missing, in plain words.
        missing: Vec<String>,
        /// The columns that were recognised.
        #[serde(default)]
        found: Box<ColumnMap>,
    },
    /// The document is about somebody else than the profile's other documents. A reader never asks
    /// this: it does not know the others.
    OtherPerson {
        /// Whom this document names, in words.
        here: String,
        /// Whom the others name.
        others: String,
    },
}

/// Which column holds what, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ColumnMap {
    /// Name of the test.
    pub name: Option<usize>,
    /// Result.
    pub value: Option<usize>,
    /// Unit of the result.
    pub unit: Option<usize>,
    /// Reference range in one column.
    pub range: Option<usize>,
    /// Lower limit.
    pub low: Option<usize>,
    /// Upper limit.
    pub high: Option<usize>,
    /// Flag.
    pub flag: Option<usize>,
    /// Date, or date and time.
    pub date: Option<usize>,
    /// Time of day, where it has its own column.
    pub time: Option<usize>,
    /// Specimen.
    pub specimen: Option<usize>,
    /// LOINC code.
    pub loinc: Option<usize>,
    /// Laboratory.
    pub lab: Option<usize>,
    /// Method.
    pub method: Option<usize>,
    /// Whose result it is.
    pub subject: Option<usize>,
    /// Comment.
    pub comment: Option<usize>,
}

impl ColumnMap {
    /// The columns that hold something.
    pub fn used(&self) -> impl Iterator<Item = usize> + use<> {
        self.named().map(|(_, at)| at)
    }
    /// The same, each with the name of its role.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, usize)> + use<> {
        let mut map = self.clone();
        Self::ROLES.into_iter().filter_map(move |role| Some((role, (*map.slot(role)?)?)))
    }
    /// The names of the roles.
    pub const ROLES: [&'static str; 15] = [
        "name", "value", "unit", "range", "low", "high", "flag", "date", "time", "specimen", "loinc", "lab",
        "method", "subject", "comment",
    ];
    /// The place of a role by its name.
    pub fn slot(&mut self, role: &str) -> Option<&mut Option<usize>> {
        Some(match role {
            "name" => &mut self.name,
            "value" => &mut self.value,
            "unit" => &mut self.unit,
            "range" => &mut self.range,
            "low" => &mut self.low,
            "high" => &mut self.high,
            "flag" => &mut self.flag,
            "date" => &mut self.date,
            "time" => &mut self.time,
            "specimen" => &mut self.specimen,
            "loinc" => &mut self.loinc,
            "lab" => &mut self.lab,
            "method" => &mut self.method,
            "subject" => &mut self.subject,
            "comment" => &mut self.comment,
            _ => return None,
        })
    }
}

/// Answers to questions, and limits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Options {
    /// Whether ambiguous dates have the day first.
    pub day_first: Option<bool>,
    /// Which person's rows to read.
    pub subject: Option<String>,
    /// Which column holds what.
    pub columns: Option<ColumnMap>,
    /// The present day: a later date in a table is asked about.
    pub today: Option<Date>,
    /// Limits.
    pub limits: Limits,
}

/// Bounds on what a reader takes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of a document that is read as a whole (FHIR, C-CDA, HL7 v2, tables).
    pub whole_bytes: u64,
    /// Entries of an archive.
    pub entries: usize,
    /// Bytes that an archive may inflate to, all entries together.
    pub inflated_bytes: u64,
    /// Warnings handed over; further ones are only counted.
    pub warnings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { whole_bytes: 256 << 20, entries: 10_000, inflated_bytes: 8 << 30, warnings: 1_000 }
    }
}

/// Takes the items of one document in order.
pub trait Sink {
    /// Takes one item.
    ///
    /// # Errors
    /// [`ParseError::Stopped`] or [`ParseError::Io`] when no more items are wanted; the reader
    /// then ends with that error.
    fn item(&mut self, item: Item) -> Result<(), ParseError>;
    /// Told now and then how many bytes of how many were read.
    fn progress(&mut self, _done: u64, _total: u64) {}
}

impl Sink for Vec<Item> {
    fn item(&mut self, item: Item) -> Result<(), ParseError> {
        self.push(item);
        Ok(())
    }
}

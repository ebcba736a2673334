//! The form of an export: what its manifest and its lines hold. Writer and reader share it.

use crate::{
    reason::{Spot, Told},
    sink::{Options, Question},
    table::doubt::Unsure,
};
use keepwell_domain::{
    locator::Locator,
    record::{Record, Subject},
    series::Column,
    time::Ts,
    view::Answer,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// What every manifest says it is.
pub const FORMAT: &str = "keepwell-export";
/// The version that is written, and the newest that is read. Version 1 had neither [`REVIEW`] nor
/// [`DELETED`], and reasons in English only.
pub const VERSION: u32 = 2;
/// Path of the manifest in the archive.
pub const MANIFEST: &str = "keepwell/manifest.json";
/// Path of the records, a [`RecordLine`] on each line.
pub const RECORDS: &str = "keepwell/records.ndjson";
/// Path of the documents, a [`DocumentLine`] on each line.
pub const DOCUMENTS: &str = "keepwell/documents.ndjson";
/// Path of the columns of samples; see [`write_column`].
pub const SERIES: &str = "keepwell/series.ndjson";
/// Path of the rows of tables that wait or were decided on, a [`ReviewLine`] on each line.
pub const REVIEW: &str = "keepwell/review.ndjson";
/// Path of the [`Deleted`].
pub const DELETED: &str = "keepwell/deleted.json";
/// Path of the conversations, a [`ConversationLine`] on each line; older exports have none.
pub const CONVERSATIONS: &str = "keepwell/conversations.ndjson";
/// Path of the [`Settings`].
pub const SETTINGS: &str = "keepwell/settings.json";
/// Path of the person's own log, which is not restored.
pub const AUDIT: &str = "keepwell/audit.json";

/// What an export holds. Times are RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always [`FORMAT`].
    pub format: String,
    /// See [`VERSION`].
    pub version: u32,
    /// When it was made.
    #[serde(default)]
    pub created: String,
    /// How many there are of each kind.
    #[serde(default)]
    pub counts: BTreeMap<String, u64>,
    /// The files as they were brought.
    #[serde(default)]
    pub originals: Vec<File>,
    /// The files of the folder `keepwell/`.
    #[serde(default)]
    pub parts: Vec<File>,
    /// Documents whose original could not be read when the export was made.
    #[serde(default)]
    pub missing: Vec<String>,
}

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its path in the archive.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// The document whose original it is.
    #[serde(default)]
    pub document: Option<String>,
}

/// A record. Ids are those of the instance that wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordLine {
    /// Its id.
    pub id: String,
    /// The record.
    pub record: Record,
    /// Whether the person put it in by hand.
    #[serde(default)]
    pub by_hand: bool,
    /// When it was first stored, UTC microseconds.
    #[serde(default)]
    pub created: Ts,
    /// Where it stands.
    #[serde(default)]
    pub sources: Vec<SourceLine>,
    /// What it was before, oldest first.
    #[serde(default)]
    pub history: Vec<PastLine>,
}

/// A place where a record stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLine {
    /// The document's id.
    pub document: String,
    /// Its place among the records of that document.
    #[serde(default)]
    pub ordinal: i64,
    /// The place in the document.
    pub locator: Locator,
}

/// An earlier version of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastLine {
    /// Its version, counted from 1.
    pub version: i64,
    /// When it was replaced, UTC microseconds.
    pub changed_at: Ts,
    /// What it said.
    pub record: Record,
}

/// What is known of a document beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentLine {
    /// Its id.
    pub id: String,
    /// The archive that it lies in.
    #[serde(default)]
    pub parent: Option<String>,
    /// File name.
    pub name: String,
    /// Bytes.
    #[serde(default)]
    pub size: u64,
    /// Media type.
    #[serde(default)]
    pub media_type: String,
    /// Format in words.
    #[serde(default)]
    pub format: String,
    /// `queued`, `reading`, `review`, `done` or `failed`.
    #[serde(default)]
    pub state: String,
    /// Why it was not read, or not to its end.
    #[serde(default)]
    pub reason: Option<Told>,
    /// Place and reason.
    #[serde(default)]
    pub warnings: Vec<(Spot, Told)>,
    /// What is still to be decided.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// What was decided.
    #[serde(default)]
    pub answers: Option<Options>,
    /// Whom it says it is about.
    #[serde(default)]
    pub subject: Option<String>,
    /// The same, where it was read in.
    #[serde(default)]
    pub who: Option<Subject>,
    /// What was read, by kind.
    #[serde(default)]
    pub read: BTreeMap<String, u64>,
    /// What was left out, by kind.
    #[serde(default)]
    pub skipped: BTreeMap<String, u64>,
    /// Records read from it.
    #[serde(default)]
    pub records: i64,
    /// Samples read from it.
    #[serde(default)]
    pub samples: u64,
    /// Whether the demo generator made it.
    #[serde(default)]
    pub demo: bool,
    /// When it came, UTC microseconds.
    #[serde(default)]
    pub created: Ts,
    /// Whether its original is not in the export.
    #[serde(default)]
    pub missing: bool,
    /// Rows of its table that wait; absent where rows that wait are not in the export.
    #[serde(default)]
    pub waiting: Option<u64>,
    /// Of a table, what its columns are called.
    #[serde(default)]
    pub heading: Vec<String>,
    /// `import` or `keep`, where it was answered whom it is about.
    #[serde(default)]
    pub person: Option<String>,
    /// Keyed hashes of its content, in hexadecimal; marks of what was deleted from it name them.
    #[serde(default)]
    pub contents: Vec<String>,
}

/// A row of a table that only the person could decide on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewLine {
    /// The document's id.
    pub document: String,
    /// `waiting`, `accepted` or `left_out`.
    pub state: String,
    /// The id of the record that it became.
    #[serde(default)]
    pub record: Option<String>,
    /// The row.
    pub row: Unsure,
}

/// What the person deleted and does not want back, as marks that say nothing without the keys, and
/// with them only whether a record that one has was deleted.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Deleted {
    /// Keys of 32 bytes in hexadecimal.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Marks in hexadecimal.
    #[serde(default)]
    pub marks: Vec<String>,
}

impl std::fmt::Debug for Deleted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Deleted(***)")
    }
}

/// A conversation with the records.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationLine {
    /// Its name.
    pub title: String,
    /// When it began, UTC microseconds.
    pub created: Ts,
    /// When something was last said in it, UTC microseconds.
    #[serde(default)]
    pub changed: Ts,
    /// What was said, oldest first.
    #[serde(default)]
    pub messages: Vec<MessageLine>,
}

/// A question and its answer. The ids that its receipts name are those of the export.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageLine {
    /// When it was asked, UTC microseconds.
    pub asked: Ts,
    /// The question.
    pub question: String,
    /// `answered`, `stopped` or `failed`.
    #[serde(default)]
    pub state: String,
    /// The answer.
    #[serde(default)]
    pub answer: Option<Answer>,
    /// Why there is none.
    #[serde(default)]
    pub reason: Option<String>,
    /// Whether asking again can help.
    #[serde(default)]
    pub again: bool,
    /// What the next question may refer to, in the answerer's own form.
    #[serde(default)]
    pub context: Option<serde_json::Value>,
}

/// What the person set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Settings {
    /// Keys of favourite markers, in their order.
    #[serde(default)]
    pub favourites: Vec<String>,
    /// Whom the files named.
    #[serde(default)]
    pub subjects: Vec<Subject>,
}

/// A column as it is read: a sample's value keeps its text, which `f64`'s own parser reads to the
/// very bits that were written.
#[derive(Deserialize)]
pub(super) struct ColumnLine<'a> {
    pub metric: String,
    pub unit: String,
    pub month: (i16, u8),
    pub sources: Vec<String>,
    pub labels: Vec<String>,
    #[serde(default)]
    pub documents: Vec<String>,
    /// Start, end, value, source, offset.
    #[serde(borrow)]
    pub samples: Vec<(i64, i64, &'a RawValue, u16, i16)>,
}

#[derive(Serialize)]
struct ColumnHead<'a> {
    metric: &'a str,
    unit: &'a str,
    month: (i16, u8),
    sources: &'a [String],
    labels: &'a [String],
    documents: Vec<String>,
}

/// Writes a column as one line of [`SERIES`]: the members of [`Column`], the ids of the
/// `documents` in which it stands, and `samples` as lists of start, end (UTC seconds), value,
/// source and offset (minutes).
///
/// # Errors
/// Those of the writer.
pub fn write_column(column: &Column, documents: Vec<String>, out: &mut impl Write) -> io::Result<()> {
    let head = ColumnHead {
        metric: &column.metric,
        unit: &column.unit,
        month: column.month,
        sources: &column.sources,
        labels: &column.labels,
        documents,
    };
    let head = serde_json::to_string(&head)?;
    out.write_all(head.strip_suffix('}').unwrap_or(&head).as_bytes())?;
    out.write_all(b",\"samples\":[")?;
    for (n, s) in column.samples.iter().filter(|s| s.value.is_finite()).enumerate() {
        let comma = if n > 0 { "," } else { "" };
        write!(out, "{comma}[{},{},{:?},{},{}]", s.start, s.end, s.value, s.source, s.offset)?;
    }
    out.write_all(b"]}\n")
}

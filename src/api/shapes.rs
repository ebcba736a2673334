//! The API's shapes, as the description names them.

use keepwell_domain::view::{DocumentRow, QuestionView, SeriesView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A file as it was brought.
#[derive(Serialize, ToSchema)]
pub struct DocumentShape {
    /// Id.
    pub id: String,
    /// File name.
    pub name: String,
    /// Media type found by content.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// `queued`, `reading`, `review`, `done` or `failed`.
    pub state: &'static str,
    /// A plain reason, where reading ended early.
    pub reason: Option<String>,
    /// Records that it is a source of.
    pub records: u64,
    /// Samples of series that came from it.
    pub samples: u64,
    /// What it is in words.
    pub format: String,
    /// The archive that it came in.
    pub parent: Option<String>,
    /// When it was brought, RFC 3339.
    pub created: String,
    /// Progress while reading, 0 to 100.
    pub progress: Option<u8>,
}

impl From<DocumentRow> for DocumentShape {
    fn from(row: DocumentRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            media_type: row.media_type,
            size: row.size,
            state: row.state.as_str(),
            reason: row.reason,
            records: row.records,
            samples: row.samples,
            format: row.format,
            parent: row.parent.map(|p| p.to_string()),
            created: row.created.rfc3339(),
            progress: row.progress,
        }
    }
}

/// A list of documents.
#[derive(Serialize, ToSchema)]
pub struct Documents {
    /// Documents, newest first.
    pub items: Vec<DocumentShape>,
    /// What to pass as `cursor` for more; none when this is all.
    pub next: Option<String>,
    /// How many there are.
    pub total: u64,
}

/// What a document leaves open.
#[derive(Serialize, ToSchema)]
pub struct QuestionShape {
    /// What to answer with: `day_first`, `subject` or `person`; for `columns`, each of
    /// `column_name`, `column_value`, ….
    pub key: String,
    /// Examples from the file; for `person`, whom the file and whom the others name.
    pub examples: Vec<String>,
    /// Possible answers: value and label.
    #[schema(value_type = Vec<Vec<String>>)]
    pub choices: Vec<(String, String)>,
    /// For `columns`, what was recognised: role and value.
    #[schema(value_type = Vec<Vec<String>>)]
    pub chosen: Vec<(String, String)>,
}

impl From<QuestionView> for QuestionShape {
    fn from(q: QuestionView) -> Self {
        Self { key: q.key, examples: q.examples, choices: q.choices, chosen: q.chosen }
    }
}

/// A document in full.
#[derive(Serialize, ToSchema)]
pub struct DocumentDetail {
    /// The document.
    #[serde(flatten)]
    pub document: DocumentShape,
    /// Places that could not be read, with the reason.
    #[schema(value_type = Vec<Vec<String>>)]
    pub warnings: Vec<(String, String)>,
    /// Open questions.
    pub questions: Vec<QuestionShape>,
    /// Files inside it.
    pub children: Vec<DocumentShape>,
    /// Rows of its table that wait for a word.
    pub waiting: u64,
}

/// Where an upload stands.
#[derive(Serialize, ToSchema)]
pub struct UploadShape {
    /// Its id.
    pub id: String,
    /// Bytes that are kept; the next byte to send is at this offset.
    pub received: u64,
}

/// What a finished upload became.
#[derive(Serialize, ToSchema)]
pub struct UploadedShape {
    /// The document.
    pub id: String,
    /// Whether this very file was there already.
    pub already_there: bool,
}

/// Several finished uploads. `id` is the first one's.
#[derive(Serialize, ToSchema)]
pub struct UploadedList {
    /// The first document.
    pub id: String,
    /// All of them, in the order in which they came.
    pub items: Vec<UploadedShape>,
}

/// A new session. Shown once.
#[derive(Serialize, ToSchema)]
pub struct SessionShape {
    /// To be sent as `Authorization: Bearer`.
    pub token: String,
    /// When it ends at the latest, RFC 3339.
    pub expires: String,
}

/// A code in a code system.
#[derive(Serialize, ToSchema)]
pub struct CodeShape {
    /// URI of the code system.
    pub system: String,
    /// The code.
    pub code: String,
    /// Its display text.
    pub display: Option<String>,
    /// The name as printed.
    pub text: Option<String>,
}

/// A value as it was printed.
#[derive(Serialize, ToSchema)]
pub struct ValueShape {
    /// `<`, `<=`, `>=`, `>` or none.
    pub comparator: Option<String>,
    /// The number, when it is one.
    pub number: Option<f64>,
    /// As printed.
    pub text: Option<String>,
    /// The unit as printed.
    pub unit: Option<String>,
}

/// The value in the canonical UCUM unit, where the conversion is certain.
#[derive(Serialize, ToSchema)]
pub struct CanonicalShape {
    /// The number.
    pub number: f64,
    /// The UCUM unit.
    pub unit: String,
}

/// The laboratory's own range.
#[derive(Serialize, ToSchema)]
pub struct RangeShape {
    /// Lower limit.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: Option<f64>,
    /// As printed.
    pub text: Option<String>,
}

/// Where a record was read.
#[derive(Serialize, ToSchema)]
pub struct SourceShape {
    /// The document; none when it was typed in.
    pub document: Option<String>,
    /// Its name.
    pub name: String,
    /// The place in it: a path with its byte range, a row with its columns, `whole` or `typed`.
    #[schema(value_type = Object)]
    pub locator: serde_json::Value,
}

/// One record.
#[derive(Serialize, ToSchema)]
pub struct Record {
    /// Id.
    pub id: String,
    /// `observation`, `condition`, `medication`, ….
    pub kind: String,
    /// Its first code, or its name alone.
    pub code: CodeShape,
    /// When, as precise as stated.
    pub effective: Option<String>,
    /// What was found.
    pub value: Option<ValueShape>,
    /// The same in the canonical unit.
    pub canonical: Option<CanonicalShape>,
    /// The laboratory's range.
    pub range: Option<RangeShape>,
    /// Where it came from.
    pub sources: Vec<SourceShape>,
    /// Its name.
    pub title: String,
    /// A short detail.
    pub detail: String,
    /// Grows with every edit.
    pub version: u32,
}

/// A page of records.
#[derive(Serialize, ToSchema)]
pub struct Records {
    /// Records, newest first.
    #[schema(value_type = Vec<Record>)]
    pub items: Vec<serde_json::Value>,
    /// What to pass as `cursor` for the next page.
    pub next: Option<String>,
    /// How many match.
    pub total: u64,
}

/// A marker with its latest value.
#[derive(Serialize, ToSchema)]
pub struct MarkerShape {
    /// What stands in the address of its series: the LOINC code, or `x-…` without one.
    pub key: String,
    /// The LOINC code.
    pub loinc: Option<String>,
    /// Name.
    pub name: String,
    /// Group.
    pub group: String,
    /// The latest value.
    pub value: ValueShape,
    /// The range that came with it.
    pub range: Option<RangeShape>,
    /// Date of the latest value, as precise as stated.
    pub effective: String,
    /// How many values there are.
    pub count: u32,
}

/// All markers.
#[derive(Serialize, ToSchema)]
pub struct Markers {
    /// Markers by group and name.
    pub items: Vec<MarkerShape>,
    /// Always none: the list is whole.
    pub next: Option<String>,
    /// How many there are.
    pub total: u64,
}

/// One marker over time.
#[derive(Serialize, ToSchema)]
pub struct SeriesShape {
    /// LOINC code.
    pub loinc: Option<String>,
    /// Name.
    pub name: String,
    /// The unit of all values.
    pub unit: String,
    /// `[time, value, flags]`: RFC 3339, number, and any of `<`, `<=`, `>=`, `>`, `low`, `high`,
    /// `abnormal`, `thinned`.
    #[schema(value_type = Vec<Vec<serde_json::Value>>)]
    pub points: Vec<(String, f64, Vec<&'static str>)>,
    /// All values behind it.
    pub total: u64,
    /// Whether points were left out to keep the shape with fewer.
    pub thinned: bool,
}

impl From<SeriesView> for SeriesShape {
    fn from(view: SeriesView) -> Self {
        let points =
            view.points.iter().map(|p| (super::markers::time(p), p.v, super::markers::flags(p))).collect();
        Self {
            loinc: view.loinc,
            name: view.name,
            unit: view.unit,
            points,
            total: view.total,
            thinned: view.thinned,
        }
    }
}

/// Which part of a series, and how.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SeriesParams {
    /// First day (`YYYY-MM-DD`) or instant (RFC 3339).
    pub from: Option<String>,
    /// Last day or instant.
    pub to: Option<String>,
    /// UCUM unit; the canonical one when left out.
    pub unit: Option<String>,
    /// At most so many points, keeping the shape.
    pub points: Option<u32>,
}

/// Which records.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecordParams {
    /// Kinds, with commas between.
    pub kind: Option<String>,
    /// First day, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// Words to find.
    pub q: Option<String>,
    /// From the page before.
    pub cursor: Option<String>,
    /// Page size, 1 to 200; 50 when left out.
    pub limit: Option<u32>,
}

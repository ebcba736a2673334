//! What pages and the API show: plain data that crosses the wire.
//!
//! Built by `keepwell-services` from opened records, drawn by `keepwell-app` on the server and in
//! the browser. Texts in here are a person's own data; nothing of it may be logged.

mod ask;
mod consent;
mod factors;
mod review;
pub mod running;

pub use ask::{
    Answer, AnsweredBy, AskEvent, AskPoint, AskReceipt, AskView, Block, Computed, ConversationRow,
    ConversationView, Coverage, Exchange, LeftOut, LeftOutItem, Line, Outcome, ProviderView, Span,
    plain_line,
};
pub use consent::{AskPreview, OwnProviderView};
pub use factors::{FactorsView, NewApp, PasskeyView, Ways};
pub use review::{DoubtView, QuestionView, ReviewRowView, ReviewView, Sureness};

use crate::{
    ids::{AccessTokenId, AccountId, DocumentId, ProfileId, RecordId},
    profile::Relation,
    record::Kind,
    scope::Scope,
    time::Ts,
};
use serde::{Deserialize, Serialize};

/// Who is signed in and whose data is shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The login.
    pub account: AccountId,
    /// Its e-mail address.
    pub email: String,
    /// Whether the address was shown to be the person's; `None` where nobody is asked to.
    pub email_confirmed: Option<bool>,
    /// The profile in use.
    pub profile: ProfileRef,
    /// All profiles of this login.
    pub profiles: Vec<ProfileRef>,
    /// UI language, `en` or `de`.
    pub lang: String,
    /// Whether this profile holds the demo person.
    pub demo: bool,
    /// Whether a second factor is in force.
    pub has_factor: bool,
    /// Whether a proof of who asks is fresh enough for sensitive acts.
    pub is_proved: bool,
}

/// A profile of the login.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileRef {
    /// Id.
    pub id: ProfileId,
    /// Name.
    pub name: String,
    /// Who the person is to the holder of the login.
    pub relation: Relation,
    /// Whether it is the demo person.
    pub is_demo: bool,
}

/// How much a profile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileCounts {
    /// The profile.
    pub id: ProfileId,
    /// Records.
    pub records: u64,
    /// Documents.
    pub documents: u64,
}

/// A personal access token as its person sees it. The token itself is shown once, when it is made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// Id.
    pub id: AccessTokenId,
    /// Name.
    pub name: String,
    /// The one profile for which it is good; `None` for all.
    pub profile: Option<ProfileId>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created: Ts,
    /// When it ends.
    pub expires: Ts,
    /// When it was last used, to the minute.
    pub last_used: Option<Ts>,
    /// Whether it has ended by its time.
    pub is_expired: bool,
}

/// One of the signed-in person's sessions.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// A handle for ending it; not the cookie.
    pub id: String,
    /// Browser and system in words.
    pub device: String,
    /// Part of the network at sign-in, such as `192.0.2.0/24`; empty for this very machine.
    pub place: String,
    /// When it began.
    pub created: Ts,
    /// When it was last used.
    pub last_seen: Ts,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// How a value stands to the laboratory's own range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// No range, or one that cannot be compared.
    #[default]
    Unknown,
    /// Within.
    Within,
    /// Below the lower limit.
    Low,
    /// Above the upper limit.
    High,
    /// Flagged abnormal by the source without a direction.
    Abnormal,
}

/// A value as it is shown: always what was printed.
#[derive(Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Shown {
    /// Comparator, or empty.
    pub comparator: String,
    /// The number as printed, or a text result.
    pub text: String,
    /// The unit as printed, or empty.
    pub unit: String,
    /// Whether `text` is a number.
    pub numeric: bool,
}

/// A range as numbers in the unit of the value beside it, and as printed.
#[derive(Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct RangeView {
    /// Lower limit.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: Option<f64>,
    /// As printed: `3.5–5.1`.
    pub text: String,
}

/// The change from the value before.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Difference in the latest value's unit, already formatted with its sign: `+0.4`.
    pub text: String,
    /// -1, 0 or 1.
    pub direction: i8,
    /// Days between the two values.
    pub days: i64,
}

/// One row of the Markers page.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkerRow {
    /// What stands in `/markers/{key}`: the LOINC code, or `x-…` for a marker without one.
    pub key: String,
    /// Name in the person's language.
    pub name: String,
    /// Group id, e.g. `lipids`; see [`MarkersView::groups`].
    pub group: String,
    /// The latest value.
    pub latest: Shown,
    /// Its number, when it has one.
    pub number: Option<f64>,
    /// The laboratory's range that came with it.
    pub range: Option<RangeView>,
    /// How it stands to that range.
    pub standing: Standing,
    /// Change from the value before, where both convert to one unit.
    pub change: Option<Change>,
    /// The last eight canonical values, oldest first, as (day number, value).
    pub spark: Vec<(i32, f32)>,
    /// Date of the latest value, ISO, as precise as stated.
    pub date: String,
    /// How many values there are.
    pub count: u32,
    /// Marked as favourite.
    pub favourite: bool,
}

/// The Markers page.
#[derive(Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct MarkersView {
    /// Rows, ordered by group and then name.
    pub rows: Vec<MarkerRow>,
    /// Groups in order: (id, name in the person's language).
    pub groups: Vec<(String, String)>,
    /// All records behind it.
    pub records: u32,
}

/// A unit that a marker can be shown in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitChoice {
    /// UCUM code.
    pub ucum: String,
    /// How it is written.
    pub label: String,
    /// The factor or formula from the canonical unit, in words and figures; empty for the canonical.
    pub factor: String,
    /// Whether the series is in it now.
    pub selected: bool,
}

/// One point of a marker's chart and one row of its table.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// UTC milliseconds.
    pub t: i64,
    /// Value in the series' unit.
    pub v: f64,
    /// Lowest and highest value that this point stands for, when it stands for several samples.
    pub span: Option<(f64, f64)>,
    /// `<`, `>`, `<=`, `>=` for a censored value, or empty.
    pub comparator: String,
    /// The laboratory's lower limit in the series' unit.
    pub low: Option<f64>,
    /// The laboratory's upper limit in the series' unit.
    pub high: Option<f64>,
    /// Standing.
    pub standing: Standing,
    /// Index into [`SeriesView::labs`].
    pub lab: Option<u16>,
    /// The record, when it is one record.
    pub record: Option<RecordId>,
    /// As printed, with comparator and unit.
    pub printed: String,
    /// Date as stated.
    pub date: String,
}

/// An event drawn on the time axis: a medication's start, a procedure, a stay.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// UTC milliseconds.
    pub t: i64,
    /// What kind.
    pub kind: Kind,
    /// Its name.
    pub label: String,
    /// The record.
    pub record: RecordId,
}

/// One marker over time.
#[derive(Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct SeriesView {
    /// The marker's key.
    pub key: String,
    /// LOINC code, when it has one.
    pub loinc: Option<String>,
    /// Name.
    pub name: String,
    /// Group name.
    pub group: String,
    /// The unit of `points`, as written.
    pub unit: String,
    /// Units to choose from.
    pub units: Vec<UnitChoice>,
    /// Decimals usual for this unit.
    pub decimals: u8,
    /// Points in time order.
    pub points: Vec<Point>,
    /// Laboratories or devices.
    pub labs: Vec<String>,
    /// Events that overlap.
    pub events: Vec<Event>,
    /// Values that could not be put on this axis: (date, as printed, reason, record).
    pub aside: Vec<Aside>,
    /// All values behind it.
    pub total: u64,
    /// Whether `points` was thinned.
    pub thinned: bool,
    /// Marked as favourite.
    pub favourite: bool,
    /// First and last time of all values, UTC milliseconds.
    pub extent: Option<(i64, i64)>,
}

/// A value shown beside the chart, not on it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Aside {
    /// Date as stated.
    pub date: String,
    /// As printed.
    pub printed: String,
    /// Why it is not on the chart.
    pub reason: String,
    /// The record.
    pub record: RecordId,
}

/// One line of the timeline.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct TimelineItem {
    /// Record.
    pub id: RecordId,
    /// Kind.
    pub kind: Kind,
    /// Date as stated, or empty.
    pub date: String,
    /// Name.
    pub title: String,
    /// The value or a short detail.
    pub detail: String,
    /// Standing, for values.
    pub standing: Standing,
    /// Marker key, for values.
    pub marker: Option<String>,
    /// How many documents say it.
    pub sources: u32,
}

/// A page of the timeline.
#[derive(Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct TimelineView {
    /// Items, newest first.
    pub items: Vec<TimelineItem>,
    /// What to pass for the next page.
    pub next: Option<String>,
    /// How many match.
    pub total: u32,
    /// Matching records by kind.
    pub kinds: Vec<(Kind, u32)>,
}

/// What the timeline is filtered by; lives in the URL.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct TimelineQuery {
    /// Kinds; empty means all.
    pub kinds: Vec<Kind>,
    /// First day, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// Words to find.
    pub q: Option<String>,
    /// From the page before.
    pub cursor: Option<String>,
    /// Page size, at most 200; 50 when `None`.
    pub limit: Option<u32>,
}

/// Where a record came from.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceView {
    /// The document; `None` when typed in.
    pub document: Option<DocumentId>,
    /// Its name.
    pub name: String,
    /// The place in words: `line 12`, `Bundle.entry[3].resource`.
    pub place: String,
    /// Byte range in the file, when known.
    pub bytes: Option<(u64, u64)>,
    /// Line in the file, when known.
    pub line: Option<u64>,
}

/// A labelled text of a record, label as a translation key (`status`, `dosage`, …).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Translation key of the label.
    pub label: String,
    /// Text.
    pub text: String,
}

/// One record in full.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordView {
    /// Id.
    pub id: RecordId,
    /// Kind.
    pub kind: Kind,
    /// Name.
    pub title: String,
    /// Date as stated.
    pub date: String,
    /// The value, for an observation.
    pub value: Option<Shown>,
    /// Canonical value: number and unit, where certain.
    pub canonical: Option<(String, String)>,
    /// Range.
    pub range: Option<RangeView>,
    /// Standing.
    pub standing: Standing,
    /// Marker key.
    pub marker: Option<String>,
    /// Parts (name, value).
    pub parts: Vec<(String, String)>,
    /// All other stated fields.
    pub fields: Vec<Field>,
    /// Codes (system, code, display).
    pub codes: Vec<(String, String, String)>,
    /// Sources.
    pub sources: Vec<SourceView>,
    /// Earlier versions, newest first: (time, what changed in words).
    pub history: Vec<(Ts, String)>,
    /// Row version, to be sent back with an edit.
    pub version: u32,
    /// The form's present contents.
    pub form: RecordForm,
}

/// What the add and edit forms send; every field is text as typed. Which are used depends on `kind`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct RecordForm {
    /// Kind name: `observation`, `condition`, `medication`, `allergy`, `immunization`, `procedure`, `note`.
    pub kind: String,
    /// Name of the analyte, condition, medicine; title of a note.
    pub name: String,
    /// Marker key when picked from the list.
    pub key: String,
    /// Value as typed, comparator allowed: `<0.1`, `5,4`.
    pub value: String,
    /// Unit as typed.
    pub unit: String,
    /// Lower limit.
    pub low: String,
    /// Upper limit.
    pub high: String,
    /// `YYYY-MM-DD` or less precise.
    pub date: String,
    /// `HH:MM` or empty.
    pub time: String,
    /// End date.
    pub end: String,
    /// Status.
    pub status: String,
    /// Dosage, reaction, dose number.
    pub detail: String,
    /// Comment or note text.
    pub note: String,
}

/// State of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// Waiting.
    Queued,
    /// Being read.
    Reading,
    /// Needs an answer.
    Review,
    /// Done.
    Done,
    /// Kept, but could not be read; see the reason.
    Failed,
}

impl DocumentState {
    /// Name in the API and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Reading => "reading",
            Self::Review => "review",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
    /// The state of that name.
    #[must_use]
    pub fn parse(s: &str) -> Option<Self> {
        [Self::Queued, Self::Reading, Self::Review, Self::Done, Self::Failed]
            .into_iter()
            .find(|x| x.as_str() == s)
    }
}

/// One row of the Documents page; also the API's document.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentRow {
    /// Id.
    pub id: DocumentId,
    /// The archive that it came in.
    pub parent: Option<DocumentId>,
    /// File name.
    pub name: String,
    /// Media type found by content.
    pub media_type: String,
    /// What it is in words: `FHIR R4 bundle`.
    pub format: String,
    /// Size in bytes.
    pub size: u64,
    /// State.
    pub state: DocumentState,
    /// A plain reason, where reading ended early or in part.
    pub reason: Option<String>,
    /// Records that it is a source of.
    pub records: u64,
    /// Samples in series.
    pub samples: u64,
    /// When it was brought.
    pub created: Ts,
    /// Progress while reading, 0 to 100.
    pub progress: Option<u8>,
    /// Whether its original is kept by itself: not of a part of an archive, nor of a restored export.
    pub has_file: bool,
}

/// One document in full.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentView {
    /// The row.
    pub row: DocumentRow,
    /// Records read from it, in file order: those of one page.
    pub items: Vec<TimelineItem>,
    /// Which page of them, from 1.
    pub page: u32,
    /// How many pages there are, at least 1.
    pub pages: u32,
    /// Warnings: (place, sentence).
    pub warnings: Vec<(String, String)>,
    /// Open questions.
    pub questions: Vec<QuestionView>,
    /// Files inside it.
    pub children: Vec<DocumentRow>,
    /// What was read, by kind, and what was seen and not read, by name.
    pub read: Vec<(String, u64)>,
    /// See `read`.
    pub skipped: Vec<(String, u64)>,
    /// Whom the file says it is about, when it says so.
    pub subject: Option<String>,
    /// Text of the original for showing a place in it, when it is text: (first byte shown, text).
    pub excerpt: Option<(u64, String)>,
    /// Rows of its table that wait for the person's word.
    pub waiting: u64,
}

/// The Overview page.
#[derive(Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct OverviewView {
    /// Whether there is nothing at all yet.
    pub is_empty: bool,
    /// Latest values outside their laboratory's range, newest first.
    pub out_of_range: Vec<MarkerRow>,
    /// Markers with a change since the time before, from the newest day with results.
    pub changed: Vec<MarkerRow>,
    /// The newest records.
    pub newest: Vec<TimelineItem>,
    /// Favourites.
    pub favourites: Vec<MarkerRow>,
    /// Markers measured at least three times whose usual interval has passed: (row, usual days, days since).
    pub due: Vec<(MarkerRow, i64, i64)>,
    /// Active conditions, current medications, allergies.
    pub active: Vec<(Kind, Vec<TimelineItem>)>,
    /// Documents that are being read, need an answer or could not be read.
    pub attention: Vec<DocumentRow>,
    /// Counts by kind.
    pub counts: Vec<(Kind, u32)>,
    /// Date of the newest result.
    pub newest_date: String,
}

/// What a deletion removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Receipt {
    /// Records gone.
    pub records: u64,
    /// Records kept because another document says them too.
    pub kept: u64,
    /// Series columns gone.
    pub series: u64,
    /// Documents gone.
    pub documents: u64,
    /// Sealed vaults of the journal gone.
    #[serde(default)]
    pub journals: u64,
    /// When.
    pub at: Ts,
}

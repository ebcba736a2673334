//! What a file leaves open: questions, and rows of a table that wait for the person's word.

use super::{DocumentRow, RecordForm, TimelineItem};
use crate::ids::ReviewRowId;
use serde::{Deserialize, Serialize};

/// A question that a file leaves open.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct QuestionView {
    /// `day_first`, `subject`, `columns` or `person`. The columns are answered one by one, as
    /// `column_name`, `column_value`, ….
    pub key: String,
    /// Examples from the file that cannot be decided; what is missing; for `person`, whom the file
    /// and whom the others name.
    pub examples: Vec<String>,
    /// Choices: (value to send, label).
    pub choices: Vec<(String, String)>,
    /// For `columns`, what was recognised: (role, value).
    pub chosen: Vec<(String, String)>,
}

/// How sure the reading of a row is that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sureness {
    /// It reads as printed; only what the name or the unit means is open.
    Likely,
    /// Something speaks against it.
    Unsure,
    /// It cannot become a record before something is filled in.
    Incomplete,
}

impl Sureness {
    /// Name in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Likely => "likely",
            Self::Unsure => "unsure",
            Self::Incomplete => "incomplete",
        }
    }
}

/// A reason for which a row waits.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DoubtView {
    /// A code: `date_order`, `unit_missing`, ….
    pub code: String,
    /// The reason in a sentence.
    pub reason: String,
    /// The field of the form that settles it, when there are choices.
    pub field: String,
    /// Possible values of that field: (value, label).
    pub choices: Vec<(String, String)>,
}

/// A row of a table that waits for the person's word.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ReviewRowView {
    /// Its id.
    pub id: ReviewRowId,
    /// Its line in the file, counted from 1.
    pub line: u64,
    /// Its cells as printed; empty where only the result's own are known.
    pub cells: Vec<String>,
    /// Which cells were used, counted from 1.
    pub used: Vec<u32>,
    /// Name, value, unit, range and date as printed.
    pub printed: [String; 5],
    /// The record that it would become, to accept or to change.
    pub form: RecordForm,
    /// The test that the catalogue takes it for.
    pub test: Option<String>,
    /// How sure.
    pub sureness: Sureness,
    /// Why it waits.
    pub doubts: Vec<DoubtView>,
    /// Records of the same test and day.
    pub there: Vec<TimelineItem>,
}

/// The review of a document: one page of its rows that wait.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ReviewView {
    /// The document.
    pub row: DocumentRow,
    /// What the table's columns are called.
    pub heading: Vec<String>,
    /// Rows on this page.
    pub rows: Vec<ReviewRowView>,
    /// This page, counted from 1.
    pub page: u32,
    /// Pages in all, at least 1.
    pub pages: u32,
    /// Rows that wait, on all pages.
    pub waiting: u64,
    /// How many of them are likely.
    pub likely: u64,
    /// Rows that the person left out, the first ones.
    pub left_out: Vec<ReviewRowView>,
    /// Questions about the whole table.
    pub questions: Vec<QuestionView>,
    /// Whom the file names, when that was not the person whom other files name.
    pub person: Option<String>,
}

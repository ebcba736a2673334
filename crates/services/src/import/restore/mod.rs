//! Restoring an export: files are sealed as they come, everything else is compared with what is
//! there by the same rules as any import, and all of it is committed at once.

mod conversations;
mod files;
mod prepare;
mod write;

pub(super) use conversations::write_conversations;
pub(super) use files::{Intake, Reserved};
pub(super) use prepare::{RestoredRows, There, prepare};
pub(super) use write::{write_documents, write_marks, write_records, write_review, write_settings};

use keepwell_domain::{ids::DocumentId, sealed::Fingerprint};
use keepwell_parsers::restore::{ConversationLine, Deleted, DocumentLine, RecordLine, ReviewLine, Settings};
use keepwell_store::series::NewSeries;
use std::collections::HashMap;

/// What an export holds, sealed or ready to be.
#[derive(Default)]
pub(super) struct Restored {
    pub documents: Vec<DocumentLine>,
    /// Originals by their document's id in the export.
    pub files: HashMap<String, NewFile>,
    pub records: Vec<RecordLine>,
    pub series: Vec<(NewSeries, Vec<String>)>,
    pub rows: Vec<ReviewLine>,
    pub deleted: Deleted,
    pub settings: Settings,
    pub conversations: Vec<ConversationLine>,
}

/// A sealed original on disk that has no row yet.
#[derive(Clone, Copy)]
pub(super) struct NewFile {
    pub id: DocumentId,
    pub content: Fingerprint,
    pub size: u64,
}

//! Bringing files: one or many, a folder, a photograph. In pieces, with progress, cancel and
//! resume where there is script; otherwise one plain form.

#[cfg(feature = "hydrate")]
mod browser;
mod view;

pub use view::UploadZone;

use leptos::prelude::*;

/// How an upload stands.
#[derive(Clone, PartialEq, Eq)]
pub enum Progress {
    /// Waits for its turn.
    Waiting,
    /// Is being sent.
    Sending,
    /// The connection broke; another try is made soon.
    Broken,
    /// Arrived; its document's id.
    Done(String),
    /// The same file was there already.
    Known(String),
    /// Refused, with the server's sentence if it gave one.
    Failed(Option<String>),
    /// Cancelled.
    Cancelled,
}

/// One file on its way.
#[derive(Clone, Copy)]
pub struct Upload {
    /// Counts up; the key of its row.
    pub number: usize,
    /// Its name.
    pub name: StoredValue<String>,
    /// Its size in bytes.
    pub size: u64,
    /// Bytes that the server has.
    pub sent: RwSignal<u64>,
    /// How it stands.
    pub progress: RwSignal<Progress>,
}

impl Upload {
    /// Whether nothing more will happen.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.progress.with(|p| !matches!(p, Progress::Waiting | Progress::Sending | Progress::Broken))
    }
}

//! Bringing files: one or many, a folder, a photograph. In pieces, with progress, cancel and
//! resume where there is script; otherwise one plain form.
//!
//! The list of files on their way belongs to the tab, not to a page: moving about in Keepwell
//! neither ends an upload nor hides it.

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
mod folder;
#[cfg(feature = "hydrate")]
mod memory;
#[cfg(feature = "hydrate")]
mod send;
mod view;
mod words;

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
    /// It did not work.
    Failed(Reason),
    /// Cancelled.
    Cancelled,
}

/// Why a file did not arrive.
#[derive(Clone, PartialEq, Eq)]
pub enum Reason {
    /// The server's own sentence.
    Said(String),
    /// Refused without one.
    Refused,
    /// The server's disk is full.
    Full,
    /// More than one request may bring.
    TooLarge,
    /// The session has ended.
    SignedOut,
    /// This device does not give the file's content.
    Unreadable,
    /// The server answered with faults for too long.
    Faulty,
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
    /// Whether nothing more will happen by itself.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.progress.with(|p| !matches!(p, Progress::Waiting | Progress::Sending | Progress::Broken))
    }
    /// Whether the server has it.
    #[must_use]
    pub fn has_arrived(&self) -> bool {
        self.progress.with(|p| matches!(p, Progress::Done(_) | Progress::Known(_)))
    }
}

/// An upload that was cut off by leaving, as this browser remembers it.
#[derive(Clone, PartialEq, Eq)]
pub struct CutOff {
    /// Where it is remembered.
    pub key: String,
    /// Bytes of the file.
    pub size: u64,
    /// Bytes that arrived.
    pub received: u64,
}

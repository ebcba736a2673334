//! What those see who run the instance: numbers over everybody, work that failed, and the log without its sealed parts.

use crate::{
    act::{ActBy, ActKind, ActOutcome, Action},
    ids::{AuditId, JobId},
    sealed::Fingerprint,
    time::{Date, Ts},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Days that a dashboard may show.
pub const SPANS: [u16; 3] = [7, 30, 365];

/// A counter over days.
#[derive(Clone, Serialize, Deserialize)]
pub struct Series {
    /// Its code.
    pub code: String,
    /// A number for each day, the oldest first; `None` where nobody counted.
    pub values: Vec<Option<i64>>,
}

impl Series {
    /// All days together.
    #[must_use]
    pub fn sum(&self) -> i64 {
        self.values.iter().flatten().sum()
    }
}

/// Files that were read, of one family of formats, over all days shown.
#[derive(Clone, Serialize, Deserialize)]
pub struct Imports {
    /// A code of [`crate::counter::Family`].
    pub family: String,
    /// Read.
    pub done: i64,
    /// Kept, and not read.
    pub kept: i64,
    /// Could not be read.
    pub failed: i64,
}

/// How it is right now.
#[derive(Clone, Serialize, Deserialize)]
pub struct Now {
    /// Accounts.
    pub people: i64,
    /// Of them in use today (UTC).
    pub active: i64,
    /// Bytes of sealed files.
    pub storage: i64,
    /// Files that wait to be read or are being read.
    pub queue: i64,
    /// Seconds for which the oldest of them has waited.
    pub oldest_s: i64,
    /// Files whose reading failed for good.
    pub dead: i64,
    /// Bytes of the database.
    pub database: i64,
    /// Bytes free on the disk; not known on another machine than the server's.
    pub disk_free: Option<u64>,
    /// When the certificate ends; none without one of our own.
    pub certificate_ends: Option<Ts>,
    /// The version that runs.
    pub version: String,
    /// The database and its version.
    pub engine: String,
    /// Entries of the log.
    pub log_entries: u64,
    /// Reports of weaknesses that are kept.
    pub reports: u64,
}

/// Work that failed for good: what it was, not whose file, and not its name.
#[derive(Clone, Serialize, Deserialize)]
pub struct DeadJob {
    /// Its id.
    pub id: JobId,
    /// What it was: a code.
    pub kind: String,
    /// Why it failed: a code.
    pub error: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was queued.
    pub queued: Ts,
    /// When it failed last.
    pub failed: Ts,
    /// Whether it is about somebody's file.
    pub has_person: bool,
}

/// What browsers refused under the content policy.
#[derive(Clone, Serialize, Deserialize)]
pub struct Refused {
    /// The directive.
    pub directive: String,
    /// How often, in all days kept.
    pub times: i64,
    /// The last time.
    pub last: Ts,
}

/// A report of a weakness.
#[derive(Clone, Serialize, Deserialize)]
pub struct Weakness {
    /// Its id, as the finder was told.
    pub id: Uuid,
    /// When it came.
    pub at: Ts,
    /// What it says.
    pub text: String,
    /// How to reach the finder; may be empty.
    pub contact: String,
}

/// Where letters go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MailWay {
    /// To a mail server.
    Server,
    /// Into a folder.
    Outbox,
    /// Nowhere.
    Off,
}

/// The dashboard.
#[derive(Clone, Serialize, Deserialize)]
pub struct Dashboard {
    /// How many days.
    pub days: u16,
    /// The first of them, in days since 1970-01-01.
    pub first_day: i64,
    /// Counters, by code.
    pub series: Vec<Series>,
    /// Files by family of formats.
    pub imports: Vec<Imports>,
    /// Uses of features; empty while they are not counted and none are kept.
    pub uses: Vec<Series>,
    /// Whether they are counted now.
    pub counts_uses: bool,
    /// How it is right now.
    pub now: Now,
    /// Work that failed for good, newest first.
    pub dead: Vec<DeadJob>,
    /// Letters by state.
    pub mail: Vec<(String, i64)>,
    /// Where letters go.
    pub mail_way: MailWay,
    /// What browsers refused, most often first.
    pub refused: Vec<Refused>,
}

/// Which entries of the log are asked for.
#[derive(Debug, Clone, Default)]
pub struct ExploreQuery {
    /// Only of this kind.
    pub kind: Option<ActKind>,
    /// Only this act.
    pub action: Option<Action>,
    /// Only with this outcome.
    pub outcome: Option<ActOutcome>,
    /// Only done by them.
    pub by: Option<ActBy>,
    /// From the beginning of this day (UTC).
    pub from: Option<Date>,
    /// To the end of this day (UTC).
    pub to: Option<Date>,
    /// Only in the log of this pseudonym.
    pub person: Option<Fingerprint>,
    /// Only entries older than this one.
    pub before: Option<Cursor>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// Where a page of the log begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The time of the last entry that was seen.
    pub at: Ts,
    /// Its place.
    pub position: u64,
}

impl Cursor {
    /// As it stands in an address.
    #[must_use]
    pub fn text(self) -> String {
        format!("{}_{}", self.at.0, self.position)
    }
    /// Reads it back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (at, position) = text.split_once('_')?;
        Some(Self { at: Ts(at.parse().ok()?), position: position.parse().ok()? })
    }
}

/// An entry of the log as an auditor sees it: pseudonyms and hashes, nothing of what is sealed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the log, from 0.
    pub position: u64,
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Ts,
    /// For how many seconds from then on it stands for the same act again.
    pub span: u32,
    /// How often it was done.
    pub times: u32,
    /// What: a code of [`Action`].
    pub action: String,
    /// Who, by role: a code of [`ActBy`].
    pub by: String,
    /// How it ended: a code of [`ActOutcome`].
    pub outcome: String,
    /// Pseudonym of who did it, in hexadecimal; empty for nobody.
    pub actor: String,
    /// Pseudonym of whose log it is in.
    pub person: String,
    /// Pseudonym of what it was done to.
    pub object: String,
    /// The hash of its leaf.
    pub hash: String,
}

/// A page of the log.
#[derive(Clone, Serialize, Deserialize)]
pub struct LogPage {
    /// Entries, newest first.
    pub items: Vec<Entry>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
    /// How many match in all, counted up to [`COUNTED`].
    pub total: u64,
    /// Whether there are more than that.
    pub is_more: bool,
    /// Entries of the whole log.
    pub size: u64,
}

/// Beyond so many matching entries it is only said that there are more.
pub const COUNTED: u64 = 10_000;

/// A pseudonym or hash in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(2 * bytes.len());
    for b in bytes {
        // Writing to a string cannot fail.
        let _ = write!(out, "{b:02x}");
    }
    out
}

/// A pseudonym from hexadecimal.
#[must_use]
pub fn pseudonym(text: &str) -> Option<Fingerprint> {
    let text = text.trim();
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut out = [0; 32];
    for (i, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(Fingerprint(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_and_pseudonyms_read_back() {
        let cursor = Cursor { at: Ts(-5), position: 7 };
        assert_eq!(Cursor::parse(&cursor.text()), Some(cursor));
        assert_eq!(Cursor::parse("5"), None);
        let p = Fingerprint([0xab; 32]);
        assert_eq!(pseudonym(&hex(&p.0)), Some(p));
        assert_eq!(pseudonym("ab"), None);
        assert_eq!(pseudonym(&"é".repeat(32)), None);
    }
}

//! The access log as its person reads it.

use crate::{
    act::{ActBy, ActKind, ActOutcome, Action},
    ids::{AccessTokenId, AuditId, ProfileId},
    time::{Date, Ts},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Entries on one page.
pub const PAGE: u32 = 50;
/// Most entries on one page.
pub const PAGE_MAX: u32 = 200;

/// Which entries are asked for.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct LogQuery {
    /// Only of this kind.
    pub kind: Option<ActKind>,
    /// Only done by them.
    pub by: Option<ActBy>,
    /// From this day (UTC) on.
    pub from: Option<Date>,
    /// To the end of this day (UTC).
    pub to: Option<Date>,
    /// Only those before this place in the log.
    pub before: Option<u64>,
    /// At most so many, [`PAGE`] by default.
    pub limit: Option<u32>,
}

/// One entry, opened.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogItem {
    /// Its id.
    pub id: AuditId,
    /// Its place in the log.
    pub position: u64,
    /// When.
    pub at: Ts,
    /// For how many seconds it stands for the same act again.
    pub span: u32,
    /// How often.
    pub times: u32,
    /// What; `None` for a code that this version does not know.
    pub action: Option<Action>,
    /// What, as the log says it.
    pub code: String,
    /// Who.
    pub by: Option<ActBy>,
    /// How it ended.
    pub outcome: Option<ActOutcome>,
    /// From which address; empty when none is known.
    pub address: String,
    /// From which device; empty when none is known.
    pub device: String,
    /// In which profile.
    pub profile: Option<ProfileId>,
    /// With which personal access token.
    pub token: Option<AccessTokenId>,
    /// To what.
    pub object: Option<Uuid>,
    /// A word that says more, such as `totp`.
    pub what: String,
}

/// A page of the log, newest first.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogView {
    /// Entries.
    pub items: Vec<LogItem>,
    /// [`LogQuery::before`] of the next page.
    pub next: Option<u64>,
    /// [`LogQuery::before`] that brings this same page again, whatever was logged since.
    pub upto: u64,
    /// How many entries match in all.
    pub total: u64,
}

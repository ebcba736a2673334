//! Break-glass: sight of named kinds of one person's records, for an hour at most (spec 11.4).

use crate::{
    ids::{AccountId, GrantId, ProfileId, RecordId},
    record::Kind,
    time::Ts,
    view::{Field, RangeView, Shown, Standing},
};
use serde::{Deserialize, Serialize};

/// The most minutes of a grant.
pub const MOST_MINUTES: u16 = 60;

/// How a grant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SightState {
    /// Another admin has to agree; it opens nothing yet.
    Waiting,
    /// It opens what it names.
    Open,
    /// Its time is over.
    Over,
    /// The person ended it.
    EndedByPerson,
    /// The admin ended it.
    EndedByAdmin,
    /// It ended with somebody's access: a changed password, a suspension, another role.
    Ended,
}

impl SightState {
    /// Its name in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Open => "open",
            Self::Over => "over",
            Self::EndedByPerson => "ended_by_person",
            Self::EndedByAdmin => "ended_by_admin",
            Self::Ended => "ended",
        }
    }
}

/// A grant, without anything that it opens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SightView {
    /// Id.
    pub id: GrantId,
    /// Whose records.
    pub person: AccountId,
    /// Who sees.
    pub admin: AccountId,
    /// Who agreed, where a second admin had to.
    pub approver: Option<AccountId>,
    /// Which kinds.
    pub kinds: Vec<Kind>,
    /// The profiles, oldest first. A request has none yet.
    pub profiles: Vec<ProfileId>,
    /// Why, as it was typed.
    pub reason: String,
    /// For how many minutes.
    pub minutes: u16,
    /// From when; for a request, when it was asked for.
    pub starts: Ts,
    /// Until when at the latest.
    pub ends: Ts,
    /// How it stands.
    pub state: SightState,
    /// Seconds that are left; none unless it is open.
    pub left_s: u32,
    /// How many items were seen.
    pub seen: u64,
    /// Whether it is the asking admin's own.
    pub is_mine: bool,
    /// Whether whoever looks proved lately who they are.
    pub is_proved: bool,
}

/// A line of a list that a grant opens.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SightItem {
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
}

/// A page of such a list.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SightPage {
    /// Lines, newest first.
    pub items: Vec<SightItem>,
    /// What to pass for the next page.
    pub next: Option<RecordId>,
    /// Whether the grant ended while the list was read: what is missing is not shown.
    pub is_cut: bool,
}

/// One record that a grant opens. No document, no file name, no earlier version.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SightRecord {
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
    /// Range.
    pub range: Option<RangeView>,
    /// Standing.
    pub standing: Standing,
    /// Parts (name, value).
    pub parts: Vec<(String, String)>,
    /// All other stated fields.
    pub fields: Vec<Field>,
}

/// Something that was seen, as its person is told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenItem {
    /// When.
    pub at: Ts,
    /// Kind.
    pub kind: Kind,
    /// Profile.
    pub profile: ProfileId,
    /// Record.
    pub record: RecordId,
    /// Whether it was opened, not only listed.
    pub is_whole: bool,
}

/// A grant as its person watches it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SightWatch {
    /// The grant.
    pub sight: SightView,
    /// What was seen, newest first; the last 500.
    pub seen: Vec<SeenItem>,
}

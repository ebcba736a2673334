//! What a person is told in the app about their account.

use crate::{
    ids::{DocumentId, GrantId, NoticeId},
    role::Role,
    time::Ts,
};
use serde::{Deserialize, Serialize};

/// News of an account. Fields may be added; none may change its meaning: they rest sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// Nobody is let in any more.
    Suspended,
    /// Let in again.
    Lifted,
    /// All sessions were ended.
    SessionsEnded,
    /// The password has to be set anew.
    ResetForced,
    /// Another role.
    RoleChanged {
        /// Which.
        role: Role,
    },
    /// The account is going to be deleted.
    DeletionSet {
        /// When.
        due: Ts,
    },
    /// It is not going to be, after all.
    DeletionDropped,
    /// An administrator may look at named records for a while.
    SightGranted {
        /// The grant.
        grant: GrantId,
        /// Until when at the latest.
        until: Ts,
    },
    /// A file that could not be read is being read again.
    FileRetried {
        /// Which.
        document: Option<DocumentId>,
    },
    /// A file that could not be read is not tried again.
    FileGivenUp {
        /// Which.
        document: Option<DocumentId>,
    },
}

/// A notice.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeView {
    /// Id.
    pub id: NoticeId,
    /// When.
    pub at: Ts,
    /// What.
    pub news: News,
    /// Why, as it was typed.
    pub reason: Option<String>,
    /// Whether it was put away.
    pub is_dismissed: bool,
}

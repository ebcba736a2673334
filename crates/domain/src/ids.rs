//! One newtype per id, so that an id of one thing can never stand for another.
//!
//! All ids are UUIDv7 (RFC 9562): they sort by the time of their making. They are made where a
//! clock and randomness are allowed, and parsed here.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// A text that is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct BadId;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that was made for this kind of thing.
            #[must_use] pub const fn new(id: Uuid) -> Self { Self(id) }
            /// The UUID, for a database column or a key's associated data.
            #[must_use] pub const fn uuid(self) -> Uuid { self.0 }
        }
        impl From<Uuid> for $name { fn from(id: Uuid) -> Self { Self(id) } }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(s: &str) -> Result<Self, BadId> { Uuid::parse_str(s).map(Self).map_err(|_| BadId) }
        }
    )+};
}

id! {
    /// A login.
    AccountId,
    /// One person's data under a login: self, child, parent. Owns one data key.
    ProfileId,
    /// A file as it was brought, or a page of pasted text.
    DocumentId,
    /// One sealed record: an observation, a condition, a medication and so on.
    RecordId,
    /// One sealed column of dense samples.
    SeriesId,
    /// A row of a table that waits for the person's word.
    ReviewRowId,
    /// A unit of background work.
    JobId,
    /// An upload under way.
    UploadId,
    /// An entry of the audit log.
    AuditId,
    /// A personal access token.
    AccessTokenId,
    /// A passkey.
    PasskeyId,
    /// A conversation with the records.
    ConversationId,
    /// A question and its answer in a conversation.
    MessageId,
    /// A grant of sight for an admin, limited in time and kind.
    GrantId,
    /// Something that a person is told in the app.
    NoticeId,
    /// This installation.
    InstanceId,
}

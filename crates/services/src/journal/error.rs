//! What a device is told when something is not done.

use crate::error::ServiceError;
use keepwell_journal::{sync::wire::Refusal, vault::VaultError};
use keepwell_store::StoreError;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A refusal of the protocol, for the device.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Anything else, for the person.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// Results of the use cases of the journal.
pub type JournalResult<T> = Result<T, JournalError>;

impl From<Refusal> for JournalError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for JournalError {
    fn from(e: StoreError) -> Self {
        Self::Service(e.into())
    }
}

impl From<keepwell_crypto::Error> for JournalError {
    fn from(e: keepwell_crypto::Error) -> Self {
        Self::Service(e.into())
    }
}

impl From<VaultError> for JournalError {
    /// What cannot be read or written in its layout.
    fn from(e: VaultError) -> Self {
        Self::Refused(match e {
            VaultError::TooLong => Refusal::TooLarge,
            _ => Refusal::Malformed,
        })
    }
}

/// A vault that is not there, or another's: both look the same.
pub(super) fn missing(e: StoreError) -> JournalError {
    match e {
        StoreError::NotFound => Refusal::Missing.into(),
        other => other.into(),
    }
}

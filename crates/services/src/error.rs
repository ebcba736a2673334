//! What can go wrong in a use case, in the caller's terms. Causes are logged once, where they are
//! turned into one of these, and never carry content.

use keepwell_store::StoreError;

/// The error of every use case.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Signed in, but not allowed.
    #[error("not allowed")]
    Forbidden,
    /// No such account, or not its password: both look the same.
    #[error("wrong e-mail address or password")]
    Credentials,
    /// Not there, or somebody else's: both look the same.
    #[error("not found")]
    NotFound,
    /// An input that cannot be taken; the sentence is safe to show.
    #[error("{reason}")]
    Invalid {
        /// The form field.
        field: &'static str,
        /// A plain sentence.
        reason: String,
    },
    /// Someone else changed it first, or it exists already.
    #[error("changed meanwhile")]
    Conflict,
    /// Too busy, or a part is down.
    #[error("not available right now")]
    Unavailable {
        /// When to try again.
        retry_after_s: u32,
    },
    /// Too many wrong tries; the same for accounts that do not exist.
    #[error("too many tries")]
    TooMany {
        /// When to try again.
        retry_after_s: u32,
    },
    /// As many questions were asked today as may be.
    #[error("no more questions today")]
    Spent {
        /// How many may be asked on one day.
        limit: u32,
        /// When the next day begins (UTC).
        retry_after_s: u32,
    },
    /// Who asks has to prove again who they are, see [`crate::Services::prove_self`].
    #[error("a fresh proof is needed")]
    ProofNeeded,
    /// The session ended while the request was under way.
    #[error("the session has ended")]
    Ended,
    /// There is no room left for what was sent.
    #[error("the disk is full")]
    Full,
    /// A fault of ours.
    #[error("internal error")]
    Internal,
}

/// Shorthand.
pub type Result<T> = std::result::Result<T, ServiceError>;

impl ServiceError {
    /// An invalid field with its reason.
    pub fn invalid(field: &'static str, reason: impl Into<String>) -> Self {
        Self::Invalid { field, reason: reason.into() }
    }
    /// Logs the cause, which must not hold content, and hides it.
    pub fn internal(what: &'static str, cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(what, %cause, "internal error");
        Self::Internal
    }
}

impl From<StoreError> for ServiceError {
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::NotFound => Self::NotFound,
            StoreError::Conflict { .. } => Self::Conflict,
            StoreError::Unavailable(_) => {
                tracing::warn!("the database is not available");
                Self::Unavailable { retry_after_s: 5 }
            }
            StoreError::Full(_) => {
                tracing::error!("the disk of the database is full");
                Self::Full
            }
            other => Self::internal("store", &other),
        }
    }
}

impl From<keepwell_crypto::Error> for ServiceError {
    fn from(e: keepwell_crypto::Error) -> Self {
        Self::internal("crypto", &e)
    }
}

impl From<std::io::Error> for ServiceError {
    fn from(e: std::io::Error) -> Self {
        match e.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                tracing::error!("the disk is full");
                Self::Full
            }
            _ => Self::internal("file", &e.kind()),
        }
    }
}

impl From<tokio::task::JoinError> for ServiceError {
    fn from(e: tokio::task::JoinError) -> Self {
        Self::internal("task", &if e.is_panic() { "a task panicked" } else { "a task was cancelled" })
    }
}

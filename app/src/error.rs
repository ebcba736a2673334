//! The one error that pages and server functions show: what happened, never why inside.

use crate::wire::Postcard;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// What went wrong, as far as a person may know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Nobody is signed in, or the session has ended.
    SignIn,
    /// Not allowed.
    Forbidden,
    /// There is no such thing, or it is somebody else's.
    NotFound,
    /// A field was refused.
    Invalid,
    /// Somebody changed it in the meantime.
    Conflict,
    /// Too busy, or a part is down.
    Unavailable,
    /// The disk is full: nothing was kept.
    Full,
    /// A fault of ours.
    Internal,
    /// The server could not be reached.
    Network,
    /// Too many calls within a minute, or too many wrong passwords; nothing was done.
    TooMany,
    /// Who asks has to prove again who they are.
    ProofNeeded,
    /// Whoever runs the instance needs a second factor before anything else.
    EnrolNeeded,
    /// The page was drawn for another profile than the one that is in use by now.
    Switched,
}

/// An error with its code, the field it belongs to and the request it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code:?}")]
pub struct AppError {
    /// What kind.
    pub code: ErrorCode,
    /// The form field that was refused.
    #[serde(default)]
    pub field: Option<String>,
    /// A plain sentence, for a refused field.
    #[serde(default)]
    pub reason: Option<String>,
    /// Seconds after which another try makes sense.
    #[serde(default)]
    pub retry_after: Option<u32>,
    /// The request, to be named when asking for help.
    #[serde(default)]
    pub request_id: String,
}

impl AppError {
    /// An error that is only a code.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self { code, field: None, reason: None, retry_after: None, request_id: String::new() }
    }

    /// A refused field with its reason.
    #[must_use]
    pub fn invalid(field: &str, reason: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), reason: Some(reason.into()), ..Self::new(ErrorCode::Invalid) }
    }

    /// The HTTP status of a page that shows this error.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self.code {
            ErrorCode::SignIn => 401,
            ErrorCode::Forbidden | ErrorCode::ProofNeeded | ErrorCode::EnrolNeeded => 403,
            ErrorCode::NotFound => 404,
            ErrorCode::Conflict | ErrorCode::Switched => 409,
            ErrorCode::Invalid => 422,
            ErrorCode::TooMany => 429,
            ErrorCode::Unavailable => 503,
            ErrorCode::Full => 507,
            ErrorCode::Internal | ErrorCode::Network => 500,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = Postcard;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        // The texts inside name arguments, which may be health data: only the kind is kept.
        Self::new(match value {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => ErrorCode::Network,
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => ErrorCode::Invalid,
            _ => ErrorCode::Internal,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_refused_argument_is_not_repeated_in_the_error() {
        let e = AppError::from_server_fn_error(ServerFnErrorErr::Args("value 5.4 mmol".into()));
        assert_eq!(e.code, ErrorCode::Invalid);
        assert!(!serde_json::to_string(&e).unwrap().contains("5.4"));
    }

    #[test]
    fn an_error_survives_the_wire() {
        let e = AppError::invalid("password", "too short");
        assert_eq!(AppError::de(e.ser()), e);
    }
}

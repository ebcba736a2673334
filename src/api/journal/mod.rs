//! The journal's opt-in synchronisation (`docs/journal-protocol.md`): sealed bytes in, sealed bytes out. For people who
//! are signed in; no personal access token reaches it, since what one gets is of use to the journal's own devices alone.

mod body;
mod items;
mod share;
mod vaults;

pub use items::*;
pub use share::*;
pub use vaults::*;

use crate::problem::Problem;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use keepwell_journal::{
    sync::wire::{CONTENT_TYPE, Message, Refusal},
    vault::VaultId,
};
use keepwell_services::journal::JournalError;
use std::str::FromStr;

/// A vault in the path: 32 hexadecimal digits.
pub struct VaultPath(VaultId);

impl FromStr for VaultPath {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        VaultId::parse(text).map(Self).ok_or(())
    }
}

/// What no path leads to looks like a vault that is not there.
fn missing() -> Problem {
    JournalError::Refused(Refusal::Missing).into()
}

fn vault(text: &str) -> Result<VaultId, Problem> {
    VaultId::parse(text).ok_or_else(missing)
}

/// A message as the answer.
fn answer(status: StatusCode, message: &impl Message) -> Result<Response, Problem> {
    let body = message.encode().map_err(JournalError::from)?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    Ok((status, headers, body).into_response())
}

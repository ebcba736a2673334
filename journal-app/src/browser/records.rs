//! The interface of the records. It is the only thing here that is asked of a server before there is any
//! synchronisation, and only when the person presses for it.

use super::fetch::{self, Answered, JSON};

/// Why there is no answer of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Nobody is signed in in this browser.
    SignedOut,
    /// Too many requests.
    Busy,
    /// It was refused, or is not there.
    Refused,
    /// No answer came.
    Offline,
}

/// An answer that is no 2xx, with what it says.
pub struct NoAnswer {
    /// Why.
    pub why: Failure,
    /// The body.
    pub body: Vec<u8>,
}

impl NoAnswer {
    const fn of(why: Failure) -> Self {
        Self { why, body: Vec::new() }
    }
}

/// Reads something of a profile.
pub async fn read(path: &str, profile: &str) -> Result<Vec<u8>, NoAnswer> {
    call(path, profile, None).await
}

/// Adds something to a profile.
pub async fn add(path: &str, profile: &str, body: &str) -> Result<Vec<u8>, NoAnswer> {
    call(path, profile, Some(body)).await
}

async fn call(path: &str, profile: &str, body: Option<&str>) -> Result<Vec<u8>, NoAnswer> {
    let mut headers = vec![("accept", JSON)];
    headers.extend((!profile.is_empty()).then_some(("keepwell-profile", profile)));
    headers.extend(body.map(|_| ("content-type", JSON)));
    let method = if body.is_some() { "POST" } else { "GET" };
    let url = ["/api/v1/", path].concat();
    let answer = fetch::send(method, &url, &headers, body.map(str::as_bytes)).await;
    let Answered { status, body } = answer.ok_or_else(|| NoAnswer::of(Failure::Offline))?;
    let why = match status {
        200..=299 => return Ok(body),
        401 => Failure::SignedOut,
        429 | 503 => Failure::Busy,
        _ => Failure::Refused,
    };
    Err(NoAnswer { why, body })
}

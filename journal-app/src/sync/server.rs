//! The server of this page: its calls for synchronising.

pub use crate::browser::fetch::Answered;
use crate::browser::{
    clock,
    fetch::{self, JSON},
    js,
};
use keepwell_domain::time::Ts;
use keepwell_journal::{
    sync::{
        BASE, Request as Ask,
        wire::{CONTENT_TYPE, Message, VaultList},
    },
    vault::VaultId,
};
use wasm_bindgen::JsValue;

/// Why there is none that is of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// Nothing came.
    Unreachable,
    /// Nobody is signed in.
    SignedOut,
    /// It is not there, or not for this account.
    Missing,
    /// Anything else.
    Refused,
}

/// Carries a request of the client.
pub async fn carry(ask: &Ask) -> Option<Answered> {
    let body = ask.body().ok()?;
    send(ask.method(), &ask.path(), body.map(|bytes| (CONTENT_TYPE, bytes))).await
}

async fn send(method: &str, path: &str, body: Option<(&str, Vec<u8>)>) -> Option<Answered> {
    let kind = body.as_ref().map(|(kind, _)| ("content-type", *kind));
    fetch::send(method, path, kind.as_slice(), body.as_ref().map(|(_, bytes)| bytes.as_slice())).await
}

fn good(answer: Option<Answered>) -> Result<Vec<u8>, Unanswered> {
    let Answered { status, body } = answer.ok_or(Unanswered::Unreachable)?;
    match status {
        200..=299 => Ok(body),
        401 => Err(Unanswered::SignedOut),
        404 => Err(Unanswered::Missing),
        429 | 500..=599 => Err(Unanswered::Unreachable),
        _ => Err(Unanswered::Refused),
    }
}

/// A member of a JSON object.
fn member(body: &[u8], name: &str) -> Option<JsValue> {
    let text = std::str::from_utf8(body).ok()?;
    js::get(&js_sys::JSON::parse(text).ok()?, name)
}

/// The address of the account that is signed in.
pub async fn account() -> Result<String, Unanswered> {
    let body = good(send("GET", "/api/v1/me", None).await)?;
    Ok(member(&body, "email").and_then(|v| v.as_string()).unwrap_or_default())
}

/// The vaults that the account reaches.
pub async fn vaults() -> Result<Vec<VaultId>, Unanswered> {
    let body = good(send("GET", &[BASE, "/vaults"].concat(), None).await)?;
    Ok(VaultList::decode(&body).map_err(|_| Unanswered::Refused)?.vaults)
}

fn below(vault: VaultId, rest: &str) -> String {
    [BASE, "/vaults/", &vault.to_string(), rest].concat()
}

/// Where the server says that something changed.
pub fn events(vault: VaultId) -> String {
    below(vault, "/events")
}

/// A code with which one other account comes to a vault.
pub async fn invite(vault: VaultId, may_write: bool) -> Result<String, Unanswered> {
    let body = if may_write { r#"{"may_write":true}"# } else { r#"{"may_write":false}"# };
    let body = Some((JSON, body.as_bytes().to_vec()));
    let made = good(send("POST", &below(vault, "/invites"), body).await)?;
    member(&made, "code").and_then(|v| v.as_string()).ok_or(Unanswered::Refused)
}

/// Comes to the vault of a code.
pub async fn join(code: &str) -> Result<(), Unanswered> {
    let text =
        js_sys::JSON::stringify(&js::object([("code", code.into())])).map_err(|_| Unanswered::Refused)?;
    let body = Some((JSON, String::from(text).into_bytes()));
    good(send("POST", &[BASE, "/join"].concat(), body).await).map(|_| ())
}

/// Another account that reaches a vault.
pub struct Visitor {
    /// Its id there.
    pub id: String,
    /// Whether it is the one that asks.
    pub is_self: bool,
    /// Whether the server takes what it writes.
    pub may_write: bool,
    /// When it came.
    pub since: Option<Ts>,
}

/// The other accounts, in the order in which they came.
pub async fn visitors(vault: VaultId) -> Result<Vec<Visitor>, Unanswered> {
    let body = good(send("GET", &below(vault, "/members"), None).await)?;
    let items = member(&body, "items").ok_or(Unanswered::Refused)?;
    let one = |item: JsValue| {
        Some(Visitor {
            id: js::text(&item, "id")?,
            is_self: js::get(&item, "is_self")?.as_bool()?,
            may_write: js::get(&item, "may_write")?.as_bool()?,
            since: js::text(&item, "since").map(|text| clock::instant(&text)),
        })
    };
    Ok(js_sys::Array::from(&items).iter().filter_map(one).collect())
}

/// Shuts an account out, or leaves.
pub async fn shut_out(vault: VaultId, visitor: &str) -> Result<(), Unanswered> {
    let path = below(vault, &["/members/", visitor].concat());
    match good(send("DELETE", &path, None).await) {
        Ok(_) | Err(Unanswered::Missing) => Ok(()),
        Err(other) => Err(other),
    }
}

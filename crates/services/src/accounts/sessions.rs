//! The list of sessions, and ending them.

use super::{device, session_row};
use crate::{
    actor::{Actor, Device},
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::{act::Action, view::SessionView};
use keepwell_store::session;
use serde::{Deserialize, Serialize};

/// What is sealed beside a session.
#[derive(Serialize, Deserialize)]
struct Packed {
    agent: String,
    /// Part of the network; empty for this very machine.
    #[serde(default)]
    area: String,
}

/// A device as it is sealed beside its session.
pub(super) fn pack(d: &Device) -> Vec<u8> {
    let agent = d.user_agent.chars().filter(|c| !c.is_control()).take(256).collect();
    let area = d.address.and_then(device::area).unwrap_or_default();
    serde_json::to_vec(&Packed { agent, area }).unwrap_or_default()
}

impl Services {
    /// The live sessions of the account, newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn sessions(&self, actor: &Actor) -> Result<Vec<SessionView>> {
        let keys = self.0.keys.account(&self.0.store, actor.account).await?;
        let rows = session::list_sessions(&self.0.store, actor.account, self.now()).await?;
        let view = |row: session::SessionEntry| {
            let hash = row.token_hash.0;
            let plain = keys.open("session", "device", session_row(&hash), &row.device_sealed)?;
            let packed: Option<Packed> = serde_json::from_slice(&plain).ok();
            Ok(SessionView {
                id: hex(&hash),
                device: packed.as_ref().map_or(String::new(), |p| device_words(&p.agent)),
                place: packed.map_or(String::new(), |p| p.area),
                created: row.created_at,
                last_seen: row.last_seen_at,
                current: actor.session == Some(hash),
            })
        };
        rows.into_iter().map(view).collect()
    }

    /// Ends one session of the account.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn end_session(&self, actor: &Actor, id: &str) -> Result<()> {
        let hash = unhex(id).ok_or(ServiceError::NotFound)?;
        self.end(actor, session::TokenHash(hash)).await
    }

    /// Ends the session in use.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it is none.
    pub async fn sign_out(&self, actor: &Actor) -> Result<()> {
        let hash = actor.session.ok_or(ServiceError::NotFound)?;
        self.end(actor, session::TokenHash(hash)).await
    }

    async fn end(&self, actor: &Actor, hash: session::TokenHash) -> Result<()> {
        let mut tx = self.0.store.begin().await?;
        self.log(&mut tx, Act::of(actor, Action::SessionEnded).on(session_row(&hash.0))).await?;
        session::end_session(&mut tx, actor.account, hash, self.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Ends every session of the account but the one in use.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn end_other_sessions(&self, actor: &Actor) -> Result<u64> {
        let mut tx = self.begin_on(actor.account).await?;
        let keep = actor.session.map(session::TokenHash);
        self.log(&mut tx, Act::of(actor, Action::SessionsEnded)).await?;
        let n = session::end_sessions_of(&mut tx, actor.account, keep, self.now()).await?;
        tx.commit().await?;
        Ok(n)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(s: &str) -> Option<[u8; 32]> {
    let mut out = [0u8; 32];
    if s.len() != 64 || !s.is_ascii() {
        return None;
    }
    for (i, b) in out.iter_mut().enumerate() {
        *b = u8::from_str_radix(s.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(out)
}

/// Browser and system out of a `User-Agent`, in words a person knows; the order matters because
/// each names its ancestors too.
pub(crate) fn device_words(agent: &str) -> String {
    let first =
        |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, n)| *n);
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(b), Some(s)) => format!("{b} · {s}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_named_by_browser_and_system() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1";
        assert_eq!(device_words(edge), "Edge · Windows");
        assert_eq!(device_words(phone), "Safari · iPhone");
        assert_eq!(device_words("x"), "");
    }

    #[test]
    fn a_session_handle_reads_back() {
        let h = [7u8; 32];
        assert_eq!(unhex(&hex(&h)), Some(h));
        assert_eq!(unhex("zz"), None);
        assert_eq!(unhex(&"é".repeat(32)), None);
    }
}

//! A person's own log as they read it.

use super::detail::Detail;
use crate::{actor::Actor, core::Services, error::Result};
use keepwell_domain::time::Ts;
use keepwell_store::audit as rows;
use serde::Serialize;

const LISTED: i64 = 1000;

/// One entry as its person reads it.
#[derive(Debug, Clone, Serialize)]
pub struct AuditView {
    /// When, RFC 3339.
    pub at: String,
    /// What, e.g. `document.uploaded`.
    pub action: String,
    /// On what.
    pub object: Option<String>,
    /// `done`, `refused` or `failed`.
    pub outcome: String,
}

impl Services {
    /// The person's own entries, newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn audit(&self, actor: &Actor) -> Result<Vec<AuditView>> {
        self.settle_log().await?;
        let filter = rows::AuditFilter {
            below: i64::MAX,
            kind: None,
            done_by: None,
            from: Ts(i64::MIN),
            until: Ts(i64::MAX),
        };
        let listed = rows::list_audit(&self.0.store, self.person_fp(actor.account), &filter, LISTED).await?;
        let keys = self.0.keys.account(&self.0.store, actor.account).await?;
        let view = |e: rows::PlacedRow| {
            let plain = match &e.detail_sealed {
                Some(sealed) => keys.open("audit", "detail", e.id.uuid(), sealed)?,
                None => Vec::new(),
            };
            let detail: Detail = serde_json::from_slice(&plain).unwrap_or_default();
            Ok(AuditView {
                at: e.at.rfc3339(),
                action: e.action,
                object: detail.object.map(|o| o.to_string()),
                outcome: e.outcome,
            })
        };
        listed.into_iter().map(view).collect()
    }
}

//! Notes of what was done, in the transaction that does it. Never content.

use crate::{
    actor::Actor,
    core::{Services, fresh},
    error::Result,
};
use keepwell_domain::{
    ids::{AccountId, ProfileId},
    time::Ts,
};
use keepwell_store::{Tx, audit as rows};
use serde::Serialize;
use uuid::Uuid;

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
    pub outcome: &'static str,
}

impl Services {
    pub(crate) async fn note(
        &self,
        tx: &mut Tx,
        account_id: Option<AccountId>,
        profile_id: Option<ProfileId>,
        action: &str,
        object_id: Option<Uuid>,
        outcome: rows::Outcome,
    ) -> Result<()> {
        let at: Ts = self.now();
        let action = action.to_owned();
        let entry = rows::AuditEntry {
            id: fresh(),
            at,
            account_id,
            profile_id,
            action,
            object_id,
            outcome,
            detail_sealed: None,
        };
        Ok(rows::insert_audit(tx, &entry).await?)
    }

    pub(crate) async fn note_act(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        action: &str,
        object: Option<Uuid>,
    ) -> Result<()> {
        self.note(tx, Some(actor.account), Some(actor.profile), action, object, rows::Outcome::Done).await
    }

    /// The person's own entries, newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn audit(&self, actor: &Actor) -> Result<Vec<AuditView>> {
        let mut entries = rows::list_audit_of_account(&self.0.store, actor.account, LISTED).await?;
        // What the worker did has no account but the profile.
        let work = rows::list_audit_of_profile(&self.0.store, actor.profile, LISTED).await?;
        entries.extend(work.into_iter().filter(|e| e.account_id.is_none()));
        entries.sort_by_key(|e| std::cmp::Reverse((e.at, e.id)));
        entries.truncate(usize::try_from(LISTED).unwrap_or(usize::MAX));
        let view = |e: rows::AuditEntry| AuditView {
            at: e.at.rfc3339(),
            action: e.action,
            object: e.object_id.map(|o| o.to_string()),
            outcome: e.outcome.as_str(),
        };
        Ok(entries.into_iter().map(view).collect())
    }
}

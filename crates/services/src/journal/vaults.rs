//! Vaults: begun, listed, deleted.

use super::{JournalResult, error::missing, number, store_items::statement, stored};
use crate::{
    actor::Actor,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::act::Action;
use keepwell_journal::{
    sync::wire::{Found, MAX_VAULTS, Receipt, Refusal, VaultList},
    vault::VaultId,
};
use keepwell_store::{StoreError, Tx, journal as rows};

impl Services {
    /// The vaults that the actor reaches, their own first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn journal_vaults(&self, actor: &Actor) -> JournalResult<VaultList> {
        actor.in_person()?;
        let all = rows::list_vaults(&self.0.store, actor.account).await?;
        for vault in &all {
            self.log_visit(actor, vault.id).await?;
        }
        let vaults = all.iter().map(|vault| VaultId::from_bytes(vault.id.into_bytes())).collect();
        Ok(VaultList { vaults })
    }

    /// Refuses one vault too many.
    pub(super) async fn room_for_vault(&self, tx: &mut Tx, actor: &Actor) -> JournalResult<()> {
        let count = usize::try_from(rows::count_vaults(tx, actor.account).await?).unwrap_or(usize::MAX);
        if count >= MAX_VAULTS { Err(Refusal::TooLarge.into()) } else { Ok(()) }
    }

    /// Begins to keep a vault.
    ///
    /// # Errors
    /// [`Refusal::Exists`] when the id is taken, or was; [`Refusal::TooLarge`] for one vault too many;
    /// [`Refusal::QuotaFull`]; [`Refusal::Malformed`].
    pub async fn journal_found(&self, actor: &Actor, found: &Found) -> JournalResult<u64> {
        actor.in_person()?;
        if found.statement.is_empty() {
            return Err(Refusal::Malformed.into());
        }
        let id = stored(found.vault.as_bytes());
        let mut tx = self.0.store.begin().await?;
        let space = rows::hold_space(&mut tx, actor.account).await?;
        self.room_for_vault(&mut tx, actor).await?;
        let bytes = self.fits(space, found.statement.len())?;
        rows::insert_vault(&mut tx, actor.account, id, self.now()).await.map_err(|e| match e {
            StoreError::Conflict { .. } => Refusal::Exists.into(),
            other => super::JournalError::from(other),
        })?;
        let vault = rows::get_vault(&mut tx, actor.account, id).await?;
        rows::insert_items(&mut tx, &vault, &[statement(1, &found.statement)]).await?;
        rows::advance_vault(&mut tx, &vault, 1, bytes, 0).await?;
        self.log(&mut tx, Act::of(actor, Action::JournalSynced).on(id).with("begun")).await?;
        tx.commit().await?;
        Ok(1)
    }

    /// Deletes a vault with everything of it, for good.
    ///
    /// # Errors
    /// [`Refusal::Missing`]; [`ServiceError::Forbidden`] for whoever did not found it.
    pub async fn journal_delete(&self, actor: &Actor, id: VaultId) -> JournalResult<Receipt> {
        actor.in_person()?;
        let mut tx = self.0.store.begin().await?;
        let (vault, _) =
            rows::hold_vault(&mut tx, actor.account, stored(id.as_bytes())).await.map_err(missing)?;
        if vault.part != rows::Part::Founder {
            return Err(ServiceError::Forbidden.into());
        }
        let items = rows::delete_vault(&mut tx, &vault).await?;
        let act = Act::of(actor, Action::JournalSynced).on(vault.id).with("deleted");
        let audit_leaf = self.log_with_leaf(&mut tx, act).await?;
        tx.commit().await?;
        self.0.news.tell(vault.id);
        self.leave_no_copy().await;
        let at = self.now().0;
        Ok(Receipt { vault: id, items, bytes: number(vault.bytes), at, audit_leaf })
    }

    /// What was deleted may still stand in the log that SQLite writes ahead. It is gone from there with the next one at
    /// the latest, so a failure is no failure of the deletion.
    async fn leave_no_copy(&self) {
        if self.0.store.checkpoint_truncate().await.is_err() {
            tracing::warn!("the log written ahead could not be emptied after a deletion");
        }
    }

    /// What a deletion of the account takes of the journal: how many vaults.
    pub(crate) async fn count_own_vaults(&self, actor: &Actor) -> Result<u64> {
        let all = rows::list_vaults(&self.0.store, actor.account).await?;
        Ok(all.iter().filter(|vault| vault.part == rows::Part::Founder).count() as u64)
    }
}

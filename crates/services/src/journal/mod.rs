//! The server's side of the journal's opt-in synchronisation: it keeps, orders and hands out what devices have
//! sealed, and opens none of it. The contract is `docs/journal-protocol.md`.
//!
//! A vault is reached by whoever founded it and by accounts that the founder let in; to everybody else it looks like
//! one that is not there. All of it is for people who are signed in: no scope of a token reaches it.

mod error;
mod items;
mod news;
mod share;
mod store_items;
mod vaults;
mod visits;

pub use error::{JournalError, JournalResult};
pub use share::{Invite, MemberView};

pub(crate) use items::item;
pub(crate) use news::News;
pub(crate) use visits::Visits;

use crate::{actor::Actor, core::Services};
use error::missing;
use keepwell_journal::{
    sync::wire::{Refusal, SnapshotRef},
    vault::{DeviceId, VaultId},
};
use keepwell_store::{Tx, journal as rows};
use uuid::Uuid;

/// An id as the store keeps it: sixteen bytes.
const fn stored(id: &[u8; 16]) -> Uuid {
    Uuid::from_bytes(*id)
}

const fn device(id: Uuid) -> DeviceId {
    DeviceId::from_bytes(id.into_bytes())
}

/// A number of the store, none of which is negative.
fn number(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// A number of a device as the store keeps it. What is beyond is beyond all that there is.
fn kept(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn snapshot_of(vault: &rows::Vault) -> Option<SnapshotRef> {
    Some(SnapshotRef {
        device: device(vault.snapshot_device?),
        first: number(vault.snapshot_first?),
        parts: u16::try_from(vault.snapshot_parts?).ok()?,
    })
}

impl Services {
    /// Whether the actor reaches a vault. Asked before a body is read, so that whoever does not learns nothing from what
    /// becomes of the body.
    ///
    /// # Errors
    /// [`Refusal::Missing`] when it is not there or another's.
    pub async fn journal_reaches(&self, actor: &Actor, vault: VaultId) -> JournalResult<()> {
        self.reached_vault(actor, vault).await.map(drop)
    }

    async fn reached_vault(&self, actor: &Actor, vault: VaultId) -> JournalResult<rows::Vault> {
        actor.in_person()?;
        rows::get_vault(&self.0.store, actor.account, stored(vault.as_bytes())).await.map_err(missing)
    }

    /// A vault that is reached, after it was logged that it is synchronised here.
    async fn enter_vault(&self, actor: &Actor, vault: VaultId) -> JournalResult<rows::Vault> {
        let found = self.reached_vault(actor, vault).await?;
        self.log_visit(actor, found.id).await?;
        Ok(found)
    }

    /// A vault into which the actor writes, held in a transaction, with the bytes that its founder's space takes.
    async fn hold_to_write(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        vault: VaultId,
    ) -> JournalResult<(rows::Vault, i64)> {
        let (vault, space) =
            rows::hold_vault(tx, actor.account, stored(vault.as_bytes())).await.map_err(missing)?;
        if vault.part == rows::Part::Reader {
            return Err(crate::ServiceError::Forbidden.into());
        }
        Ok((vault, space))
    }

    /// Bytes that an account may take with all its vaults.
    fn journal_quota(&self) -> u64 {
        u64::from(self.settings_in_force().journal_mb) << 20
    }

    /// Refuses what does not fit into the founder's space any more.
    fn fits(&self, space: i64, more: usize) -> JournalResult<i64> {
        let more = i64::try_from(more).map_err(|_| Refusal::TooLarge)?;
        if number(space.saturating_add(more)) > self.journal_quota() {
            return Err(Refusal::QuotaFull.into());
        }
        Ok(more)
    }
}

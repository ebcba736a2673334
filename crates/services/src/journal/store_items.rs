//! What is taken in: objects, statements, and the word that a snapshot stands for others.

use super::{JournalResult, kept, number, snapshot_of, stored};
use crate::{actor::Actor, core::Services};
use keepwell_journal::{
    sync::wire::{
        Compact, Compacted, MAX_DEVICES, MAX_PARTS, MAX_STATEMENTS, PostStatement, Push, Pushed, Refusal,
    },
    vault::VaultId,
};
use keepwell_store::{
    Tx,
    journal::{self as rows, Covered, NewItem, Vault},
};
use uuid::Uuid;

/// Objects are padded to this at least. What is shorter was not made by a device, and many of them would take up rows
/// without taking up space.
const SMALLEST: usize = 1 << 10;
/// Bytes of all statements of a vault. They are handed out together.
const STATEMENTS: u64 = 16 << 20;

/// How a push stands to what is kept of its device's chain.
enum Place {
    /// It goes on from there.
    Next,
    /// It was stored before, and the answer was lost.
    Again,
}

impl Services {
    /// Stores consecutive objects of one device, all or none.
    ///
    /// # Errors
    /// [`Refusal::VaultMoved`] when there is a newer statement, [`Refusal::ChainMoved`] when the device's chain is at
    /// another place, [`Refusal::QuotaFull`], [`Refusal::TooLarge`], [`Refusal::Malformed`], [`Refusal::Missing`];
    /// [`crate::ServiceError::Forbidden`] for whoever only reads.
    pub async fn journal_push(&self, actor: &Actor, vault: VaultId, push: &Push) -> JournalResult<u64> {
        self.enter_vault(actor, vault).await?;
        let (last, bytes) = checked(push)?;
        let mut tx = self.0.store.begin().await?;
        let (vault, space) = self.hold_to_write(&mut tx, actor, vault).await?;
        if i64::from(push.statement) != vault.statement {
            return Err(Refusal::VaultMoved.into());
        }
        if let Place::Again = place(&mut tx, &vault, push).await? {
            return Ok(number(vault.last_order));
        }
        let bytes = self.fits(space, bytes)?;
        let device = stored(push.device.as_bytes());
        let items: Vec<_> =
            (vault.last_order + 1..).zip(&push.objects).map(|(o, p)| object(o, device, p)).collect();
        rows::insert_items(&mut tx, &vault, &items).await?;
        rows::put_chain(&mut tx, vault.id, device, kept(last.seq), &last.hash).await?;
        let places = i64::try_from(items.len()).unwrap_or(0);
        rows::advance_vault(&mut tx, &vault, places, bytes, vault.statement).await?;
        self.store_and_tell(tx, actor, vault.id).await?;
        Ok(number(vault.last_order + places))
    }

    /// Stores a statement, if its author has seen everything.
    ///
    /// # Errors
    /// [`Refusal::VaultMoved`] when there is something newer; else as [`Self::journal_push`].
    pub async fn journal_state(
        &self,
        actor: &Actor,
        vault: VaultId,
        post: &PostStatement,
    ) -> JournalResult<u64> {
        self.enter_vault(actor, vault).await?;
        if post.statement.is_empty() {
            return Err(Refusal::Malformed.into());
        }
        let mut tx = self.0.store.begin().await?;
        let (vault, space) = self.hold_to_write(&mut tx, actor, vault).await?;
        let (order, number_of) = (vault.last_order + 1, vault.statement + 1);
        if post.after != number(vault.last_order) || i64::from(post.number) != number_of {
            return Err(Refusal::VaultMoved.into());
        }
        let statements = rows::list_statements(&mut tx, vault.id).await?;
        let all: usize = statements.iter().map(Vec::len).sum::<usize>() + post.statement.len();
        if statements.len() >= MAX_STATEMENTS || all as u64 > STATEMENTS {
            return Err(Refusal::TooLarge.into());
        }
        let bytes = self.fits(space, post.statement.len())?;
        rows::insert_items(&mut tx, &vault, &[statement(order, &post.statement)]).await?;
        rows::advance_vault(&mut tx, &vault, 1, bytes, number_of).await?;
        self.store_and_tell(tx, actor, vault.id).await?;
        Ok(number(order))
    }

    /// Deletes the objects for which a snapshot stands.
    ///
    /// # Errors
    /// [`Refusal::Missing`] when a part of the snapshot is not there; else as [`Self::journal_push`].
    pub async fn journal_compact(
        &self,
        actor: &Actor,
        vault: VaultId,
        compact: &Compact,
    ) -> JournalResult<Compacted> {
        self.enter_vault(actor, vault).await?;
        let parts = i64::from(compact.snapshot.parts);
        if parts == 0 || usize::from(compact.snapshot.parts) > MAX_PARTS {
            return Err(Refusal::Malformed.into());
        }
        let mut tx = self.0.store.begin().await?;
        let (vault, _) = self.hold_to_write(&mut tx, actor, vault).await?;
        let device = stored(compact.snapshot.device.as_bytes());
        let first = kept(compact.snapshot.first);
        let own = (first, first.checked_add(parts - 1).ok_or(Refusal::Missing)?);
        if rows::count_covered(&mut tx, vault.id, device, own).await? != parts {
            return Err(Refusal::Missing.into());
        }
        if !is_newer(&vault, compact) {
            return Ok(Compacted { objects: 0, bytes: 0 });
        }
        let mut all = Covered::default();
        for cover in &compact.covers {
            let of = stored(cover.device.as_bytes());
            let own = (of == device).then_some(own);
            let gone = rows::delete_covered(&mut tx, vault.id, of, kept(cover.seq), own).await?;
            all.objects += gone.objects;
            all.bytes += gone.bytes;
            all.highest = all.highest.max(gone.highest);
        }
        rows::set_snapshot(&mut tx, &vault, (device, first, parts), all).await?;
        self.store_and_tell(tx, actor, vault.id).await?;
        Ok(Compacted { objects: number(all.objects), bytes: number(all.bytes) })
    }

    /// Commits a change, unless the session ended meanwhile, and tells whoever listens.
    pub(super) async fn store_and_tell(&self, mut tx: Tx, actor: &Actor, vault: Uuid) -> JournalResult<()> {
        self.still_live(&mut tx, actor).await?;
        tx.commit().await?;
        self.0.news.tell(vault);
        Ok(())
    }
}

/// The last object of a push and the bytes of all, if it is a chain of whole objects.
fn checked(push: &Push) -> JournalResult<(&Pushed, usize)> {
    let last = push.objects.last().ok_or(Refusal::Malformed)?;
    let follows = |pair: &[Pushed]| matches!(pair, [a, b] if a.seq.checked_add(1) == Some(b.seq) && b.previous == a.hash);
    let is_whole = |one: &Pushed| !one.head.is_empty() && one.object.len() >= SMALLEST;
    // Zero is before the first of a chain; what is beyond the store's numbers has no place in it.
    let is_numbered = push.objects.iter().all(|one| (1..u64::MAX >> 1).contains(&one.seq));
    if !is_numbered || !push.objects.windows(2).all(follows) || !push.objects.iter().all(is_whole) {
        return Err(Refusal::Malformed.into());
    }
    Ok((last, push.objects.iter().map(|one| one.head.len() + one.object.len()).sum()))
}

async fn place(tx: &mut Tx, vault: &Vault, push: &Push) -> JournalResult<Place> {
    let (Some(first), Some(last)) = (push.objects.first(), push.objects.last()) else {
        return Err(Refusal::Malformed.into());
    };
    let Some(chain) = rows::find_chain(&mut *tx, vault.id, stored(push.device.as_bytes())).await? else {
        if first.seq != 1 {
            return Err(Refusal::ChainMoved.into());
        }
        let devices = rows::count_chains(tx, vault.id).await?;
        let is_full = usize::try_from(devices).unwrap_or(usize::MAX) >= MAX_DEVICES;
        return if is_full { Err(Refusal::TooLarge.into()) } else { Ok(Place::Next) };
    };
    if chain.seq == kept(last.seq) && chain.hash == last.hash {
        return Ok(Place::Again);
    }
    let follows = chain.seq + 1 == kept(first.seq) && chain.hash == first.previous;
    if follows { Ok(Place::Next) } else { Err(Refusal::ChainMoved.into()) }
}

/// Whether a snapshot covers the one in force. One that does not would leave what only that one covers to nobody.
fn is_newer(vault: &Vault, compact: &Compact) -> bool {
    let Some(old) = snapshot_of(vault) else { return true };
    let last = old.first + u64::from(old.parts) - 1;
    compact.covers.iter().any(|cover| cover.device == old.device && cover.seq >= last)
}

fn object(order: i64, device: Uuid, pushed: &Pushed) -> NewItem<'_> {
    NewItem {
        order,
        device: Some(device),
        seq: Some(kept(pushed.seq)),
        epoch: Some(pushed.epoch.get().into()),
        head: &pushed.head,
        body: &pushed.object,
    }
}

pub(super) const fn statement(order: i64, body: &[u8]) -> NewItem<'_> {
    NewItem { order, device: None, seq: None, epoch: None, head: b"", body }
}

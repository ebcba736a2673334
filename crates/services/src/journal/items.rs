//! What is handed out: statements, pages, single objects.

use super::{JournalResult, device, error::missing, kept, number, snapshot_of, stored};
use crate::{actor::Actor, core::Services, error::ServiceError};
use keepwell_journal::{
    sync::wire::{Item, MAX_ITEMS, MAX_PAGE, Order, Page, Refusal, VaultInfo},
    vault::{DeviceId, Epoch, VaultId},
};
use keepwell_store::journal::{self as rows, ItemSize, StoredItem};

/// Bytes of a page when nobody says.
const PAGE: usize = 1 << 20;

impl Services {
    /// All statements of a vault, and where it stands.
    ///
    /// # Errors
    /// A refusal for a vault that is not reached; those of the store.
    pub async fn journal_info(&self, actor: &Actor, vault: VaultId) -> JournalResult<VaultInfo> {
        let id = self.enter_vault(actor, vault).await?.id;
        let mut tx = self.0.store.snapshot().await?;
        let vault = rows::get_vault(&mut tx, actor.account, id).await.map_err(missing)?;
        let statements = rows::list_statements(&mut tx, id).await?;
        Ok(VaultInfo {
            statements,
            last: number(vault.last_order),
            floor: number(vault.floor),
            snapshot: snapshot_of(&vault),
            used: number(vault.bytes),
            quota: self.journal_quota(),
        })
    }

    /// What comes after a place, up to so many bytes but at least one item. The objects of the asking device come
    /// without what is sealed in them, which it has.
    ///
    /// # Errors
    /// As [`Self::journal_info`].
    pub async fn journal_page(
        &self,
        actor: &Actor,
        vault: VaultId,
        after: Order,
        bytes: Option<usize>,
        asking: Option<DeviceId>,
    ) -> JournalResult<Page> {
        let id = self.enter_vault(actor, vault).await?.id;
        let asking = asking.map(|device| stored(device.as_bytes()));
        let from = kept(after);
        // From one state of the data: what a compaction takes away must not look as if it had been withheld.
        let mut tx = self.0.store.snapshot().await?;
        let vault = rows::get_vault(&mut tx, actor.account, id).await.map_err(missing)?;
        let most = i64::try_from(MAX_ITEMS + 1).unwrap_or(i64::MAX);
        let sizes = rows::list_item_sizes(&mut tx, id, from, asking, most).await?;
        let taken = how_many(&sizes, bytes.unwrap_or(PAGE).min(MAX_PAGE));
        let to = taken.checked_sub(1).and_then(|last| sizes.get(last)).map_or(from, |last| last.order);
        let items = rows::list_items(&mut tx, id, (from, to), asking).await?;
        drop(tx);
        let items = items.into_iter().map(item).collect::<Result<Vec<_>, _>>()?;
        let cursor = if taken == 0 { after } else { number(to) };
        Ok(Page { items, cursor, is_end: taken == sizes.len(), floor: number(vault.floor) })
    }

    /// One object.
    ///
    /// # Errors
    /// As [`Self::journal_info`]; [`Refusal::Missing`] for one that is not there, or not any more.
    pub async fn journal_object(
        &self,
        actor: &Actor,
        vault: VaultId,
        of: DeviceId,
        seq: u64,
    ) -> JournalResult<Item> {
        let id = self.enter_vault(actor, vault).await?.id;
        let found = rows::find_object(&self.0.store, id, stored(of.as_bytes()), kept(seq)).await?;
        Ok(item(found.ok_or(Refusal::Missing)?)?)
    }
}

/// How many items fit on a page: at least one, if there are any.
fn how_many(sizes: &[ItemSize], bytes: usize) -> usize {
    let mut total = 0;
    let fits = |size: &&ItemSize| {
        total += number(size.head) + number(size.body);
        total <= bytes as u64
    };
    sizes.iter().take(MAX_ITEMS).take_while(fits).count().max(1).min(sizes.len())
}

/// An item as it goes over the wire.
pub(crate) fn item(row: StoredItem) -> Result<Item, ServiceError> {
    let order = number(row.order);
    let (Some(of), Some(seq), Some(epoch)) = (row.device, row.seq, row.epoch) else {
        return Ok(Item::Statement { order, statement: row.body });
    };
    let epoch = u32::try_from(epoch).ok().and_then(Epoch::new);
    let epoch = epoch.ok_or_else(|| ServiceError::internal("journal", &"an epoch that is none"))?;
    Ok(Item::Object { order, device: device(of), seq: number(seq), epoch, head: row.head, object: row.body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_takes_one_item_whatever_its_size_and_else_no_more_than_asked_for() {
        let sizes: Vec<_> = (1..=4).map(|order| ItemSize { order, head: 10, body: 90 }).collect();
        assert_eq!([0, 99, 100, 199, 200, 1000].map(|bytes| how_many(&sizes, bytes)), [1, 1, 1, 1, 2, 4]);
        assert_eq!(how_many(&[], 1000), 0);
        let many = vec![ItemSize { order: 1, head: 0, body: 0 }; MAX_ITEMS + 1];
        assert_eq!(how_many(&many, 1000), MAX_ITEMS);
    }
}

//! Vaults of the journal on both engines: who reaches them, order, chains, space, compaction, deletion.
#![allow(clippy::unwrap_used)]

use keepwell_domain::{ids::AccountId, time::Ts};
use keepwell_store::{
    Store, StoreError, erase,
    journal::{self, Covered, NewItem, Part},
    testing::{dump, for_each_engine, insert_person, new_uuid},
};
use uuid::Uuid;

const NOW: Ts = Ts(1_800_000_000_000_000);

fn statement(order: i64, body: &[u8]) -> NewItem<'_> {
    NewItem { order, device: None, seq: None, epoch: None, head: b"", body }
}

fn object(order: i64, device: Uuid, seq: i64) -> NewItem<'static> {
    NewItem { order, device: Some(device), seq: Some(seq), epoch: Some(1), head: b"head", body: b"sealed!" }
}

async fn found(store: &Store, account: AccountId) -> Uuid {
    let id = new_uuid();
    let mut tx = store.begin().await.unwrap();
    journal::hold_space(&mut tx, account).await.unwrap();
    journal::insert_vault(&mut tx, account, id, NOW).await.unwrap();
    let (vault, _) = journal::hold_vault(&mut tx, account, id).await.unwrap();
    journal::insert_items(&mut tx, &vault, &[statement(1, b"first")]).await.unwrap();
    journal::advance_vault(&mut tx, &vault, 1, 5, 0).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn push(
    store: &Store,
    account: AccountId,
    id: Uuid,
    device: Uuid,
    seqs: std::ops::RangeInclusive<i64>,
) {
    let mut tx = store.begin().await.unwrap();
    let (vault, _) = journal::hold_vault(&mut tx, account, id).await.unwrap();
    let last = *seqs.end();
    let items: Vec<_> =
        seqs.enumerate().map(|(i, seq)| object(vault.last_order + 1 + i as i64, device, seq)).collect();
    journal::insert_items(&mut tx, &vault, &items).await.unwrap();
    journal::put_chain(&mut tx, id, device, last, &[u8::try_from(last).unwrap(); 32]).await.unwrap();
    let count = items.len() as i64;
    journal::advance_vault(&mut tx, &vault, count, count * 11, vault.statement).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn vault_is_there_for_its_founder_and_for_whoever_was_let_in_alone() {
    for_each_engine(async |store| {
        let ((owner, _), (partner, _), (stranger, _)) = (
            insert_person(&store, NOW).await,
            insert_person(&store, NOW).await,
            insert_person(&store, NOW).await,
        );
        let id = found(&store, owner).await;
        assert_eq!(journal::get_vault(&store, owner, id).await.unwrap().part, Part::Founder);
        let missing = |r: Result<journal::Vault, StoreError>| assert!(matches!(r, Err(StoreError::NotFound)));
        missing(journal::get_vault(&store, partner, id).await);
        let mut tx = store.begin().await.unwrap();
        let (vault, _) = journal::hold_vault(&mut tx, owner, id).await.unwrap();
        journal::insert_invite(&mut tx, &vault, &[1; 32], false, NOW.plus_seconds(60), NOW).await.unwrap();
        journal::insert_invite(&mut tx, &vault, &[2; 32], true, NOW.plus_seconds(60), NOW).await.unwrap();
        assert!(journal::take_invite(&mut tx, &[1; 32], NOW.plus_seconds(60)).await.unwrap().is_none());
        let invited = journal::take_invite(&mut tx, &[2; 32], NOW).await.unwrap().unwrap();
        assert_eq!((invited.vault, invited.founder, invited.may_write), (id, owner, true));
        assert!(journal::take_invite(&mut tx, &[2; 32], NOW).await.unwrap().is_none(), "it is good once");
        journal::insert_member(&mut tx, new_uuid(), id, partner, true, NOW).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(journal::get_vault(&store, partner, id).await.unwrap().part, Part::Writer);
        missing(journal::get_vault(&store, stranger, id).await);
        let mut tx = store.begin().await.unwrap();
        journal::insert_member(&mut tx, new_uuid(), id, partner, false, NOW).await.unwrap();
        tx.commit().await.unwrap();
        let vault = journal::get_vault(&store, partner, id).await.unwrap();
        assert_eq!((vault.part, vault.founder), (Part::Reader, owner));
        assert_eq!(journal::count_vaults(&store, partner).await.unwrap(), 1);
        let members = journal::list_members(&store, id).await.unwrap();
        assert_eq!(members.len(), 1);
        let mut tx = store.begin().await.unwrap();
        journal::delete_member(&mut tx, id, members[0].id).await.unwrap();
        assert!(matches!(
            journal::delete_member(&mut tx, id, members[0].id).await,
            Err(StoreError::NotFound)
        ));
        tx.commit().await.unwrap();
        missing(journal::get_vault(&store, partner, id).await);
    })
    .await;
}

#[tokio::test]
async fn items_come_in_their_order_and_own_objects_come_empty() {
    for_each_engine(async |store| {
        let (owner, _) = insert_person(&store, NOW).await;
        let (id, a, b) = (found(&store, owner).await, new_uuid(), new_uuid());
        push(&store, owner, id, a, 1..=3).await;
        push(&store, owner, id, b, 1..=1).await;
        let sizes = journal::list_item_sizes(&store, id, 0, Some(a), 10).await.unwrap();
        let all: Vec<_> = sizes.iter().map(|s| (s.order, s.head, s.body)).collect();
        assert_eq!(all, [(1, 0, 5), (2, 4, 0), (3, 4, 0), (4, 4, 0), (5, 4, 7)]);
        assert_eq!(journal::list_item_sizes(&store, id, 3, None, 1).await.unwrap()[0].body, 7);
        let items = journal::list_items(&store, id, (1, 5), Some(a)).await.unwrap();
        assert_eq!(items.iter().map(|i| i.order).collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert!(items[0].body.is_empty() && items[3].body == b"sealed!" && items[3].device == Some(b));
        assert_eq!(journal::list_statements(&store, id).await.unwrap(), [b"first".to_vec()]);
        assert_eq!(journal::find_object(&store, id, a, 2).await.unwrap().unwrap().order, 3);
        assert!(journal::find_object(&store, id, a, 4).await.unwrap().is_none());
        assert_eq!(journal::find_chain(&store, id, a).await.unwrap().unwrap().seq, 3);
        assert_eq!(journal::count_chains(&store, id).await.unwrap(), 2);
        let vault = journal::get_vault(&store, owner, id).await.unwrap();
        assert_eq!((vault.last_order, vault.bytes, vault.statement), (5, 5 + 44, 0));
    })
    .await;
}

#[tokio::test]
async fn compaction_deletes_what_is_covered_and_keeps_chain_snapshot_and_statements() {
    for_each_engine(async |store| {
        let (owner, _) = insert_person(&store, NOW).await;
        let (id, a, b) = (found(&store, owner).await, new_uuid(), new_uuid());
        push(&store, owner, id, a, 1..=2).await;
        push(&store, owner, id, b, 1..=2).await;
        push(&store, owner, id, a, 3..=4).await;
        let mut tx = store.begin().await.unwrap();
        let (vault, space) = journal::hold_vault(&mut tx, owner, id).await.unwrap();
        assert_eq!(space, 5 + 66);
        assert_eq!(journal::count_covered(&mut tx, id, a, (3, 4)).await.unwrap(), 2);
        let mine = journal::delete_covered(&mut tx, id, a, 4, Some((3, 4))).await.unwrap();
        assert_eq!(mine, Covered { objects: 2, bytes: 22, highest: 3 });
        let theirs = journal::delete_covered(&mut tx, id, b, 1, None).await.unwrap();
        let all = Covered { objects: 3, bytes: 33, highest: mine.highest.max(theirs.highest) };
        journal::set_snapshot(&mut tx, &vault, (a, 3, 2), all).await.unwrap();
        tx.commit().await.unwrap();
        let vault = journal::get_vault(&store, owner, id).await.unwrap();
        assert_eq!((vault.floor, vault.bytes, vault.last_order), (4, 5 + 33, 7));
        assert_eq!(
            (vault.snapshot_device, vault.snapshot_first, vault.snapshot_parts),
            (Some(a), Some(3), Some(2))
        );
        let left = journal::list_item_sizes(&store, id, 0, None, 10).await.unwrap();
        assert_eq!(left.iter().map(|s| s.order).collect::<Vec<_>>(), [1, 5, 6, 7]);
        assert_eq!(journal::find_chain(&store, id, b).await.unwrap().unwrap().seq, 2);
    })
    .await;
}

#[tokio::test]
async fn deleted_vault_leaves_its_id_alone() {
    for_each_engine(async |store| {
        let (owner, _) = insert_person(&store, NOW).await;
        let (id, other) = (found(&store, owner).await, found(&store, owner).await);
        push(&store, owner, id, new_uuid(), 1..=2).await;
        let mut tx = store.begin().await.unwrap();
        let (vault, _) = journal::hold_vault(&mut tx, owner, id).await.unwrap();
        assert_eq!(journal::delete_vault(&mut tx, &vault).await.unwrap(), 3);
        assert_eq!(journal::hold_space(&mut tx, owner).await.unwrap(), 5, "that of the other one");
        tx.commit().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        for taken in [id, other] {
            let again = journal::insert_vault(&mut tx, owner, taken, NOW).await;
            assert!(matches!(again, Err(StoreError::Conflict { .. })));
            tx.rollback().await.unwrap();
            tx = store.begin().await.unwrap();
        }
        drop(tx);
        assert!(matches!(journal::get_vault(&store, owner, id).await, Err(StoreError::NotFound)));
        assert_eq!(journal::list_vaults(&store, owner).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn account_takes_its_vaults_and_memberships_with_it() {
    for_each_engine(async |store| {
        let ((owner, _), (partner, _)) = (insert_person(&store, NOW).await, insert_person(&store, NOW).await);
        let (mine, theirs) = (found(&store, owner).await, found(&store, partner).await);
        push(&store, owner, mine, new_uuid(), 1..=120).await;
        let mut tx = store.begin().await.unwrap();
        journal::insert_member(&mut tx, new_uuid(), theirs, owner, true, NOW).await.unwrap();
        journal::insert_member(&mut tx, new_uuid(), mine, partner, true, NOW).await.unwrap();
        tx.commit().await.unwrap();
        erase::delete_account_rows(&store, owner, NOW).await.unwrap();
        assert_eq!(journal::list_vaults(&store, partner).await.unwrap().len(), 1);
        assert!(journal::list_members(&store, theirs).await.unwrap().is_empty());
        let all = dump(&store).await.unwrap();
        let rows = |table: &str| all.iter().find(|(name, _)| name.ends_with(table)).unwrap().1.len();
        let left = [".journal_item", ".journal_vault", ".journal_chain", ".journal_member", ".journal_space"];
        assert_eq!(left.map(rows), [1, 1, 0, 0, 1]);
        assert_eq!(rows(".journal_gone"), 1);
        let mut tx = store.begin().await.unwrap();
        assert!(journal::insert_vault(&mut tx, partner, mine, NOW).await.is_err(), "not taken again");
    })
    .await;
}

//! The log's tables, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_domain::{ids::AuditId, sealed::Fingerprint, time::Ts};
use keepwell_store::{
    Store, StoreError,
    audit::{self, AuditFilter, AuditRow, HeadRow, PlacedRow, TileRow},
    testing::{fingerprint, for_each_engine, new_uuid, run_key_sql, run_sql, sealed},
};

const NOW: Ts = Ts(1_800_000_000_000_000);

fn row(n: i64, person: Option<Fingerprint>) -> AuditRow {
    AuditRow {
        id: AuditId::new(new_uuid()),
        at: NOW.plus_seconds(n),
        span: 60,
        times: 1,
        done_by: if n % 2 == 0 { "person" } else { "admin" }.into(),
        action: "record.viewed".into(),
        outcome: "done".into(),
        actor_fp: Some(fingerprint(1)),
        person_fp: person,
        object_fp: None,
        payload_hash: None,
        salt: vec![7; 16],
        detail_sealed: Some(sealed("detail")),
    }
}

async fn write(store: &Store, rows: &[AuditRow]) {
    let mut tx = store.begin().await.unwrap();
    audit::insert_audit(&mut tx, rows).await.unwrap();
    tx.commit().await.unwrap();
}

async fn place(store: &Store, limit: i64) -> usize {
    let mut tx = store.begin().await.unwrap();
    let size = audit::lock_tree(&mut tx).await.unwrap();
    let taken = audit::take_pending(&mut tx, limit).await.unwrap();
    assert!(taken.is_sorted_by_key(|e| (e.at, e.id)));
    let entries: Vec<_> = taken.into_iter().map(|e| (e, "view")).collect();
    let tile = TileRow { level: 0, number: 0, hashes: vec![1; 32 * (size as usize + entries.len())] };
    audit::add_to_tree(&mut tx, size, &entries, &[tile]).await.unwrap();
    tx.commit().await.unwrap();
    entries.len()
}

const ALL: AuditFilter<'static> =
    AuditFilter { below: i64::MAX, kind: None, done_by: None, from: Ts(0), until: Ts(i64::MAX) };

async fn places(store: &Store, person: Fingerprint, filter: AuditFilter<'_>) -> Vec<i64> {
    let list = audit::list_audit(store, person, &filter, 100).await.unwrap();
    list.iter().map(|e: &PlacedRow| e.position).collect()
}

fn refused<T>(result: Result<T, impl std::fmt::Debug>) {
    assert!(result.is_err());
}

#[tokio::test]
async fn entries_get_places_in_order_and_are_found_by_their_person_only() {
    for_each_engine(async |store| {
        let (one, other) = (fingerprint(10), fingerprint(11));
        let rows: Vec<AuditRow> =
            (0..70).map(|n| row(69 - n, Some(if n % 10 == 0 { other } else { one }))).collect();
        write(&store, &rows).await;
        assert_eq!(audit::count_pending(&store).await.unwrap(), 70);
        assert!(places(&store, one, ALL).await.is_empty(), "they wait for their place");
        assert_eq!((place(&store, 40).await, place(&store, 40).await, place(&store, 40).await), (40, 30, 0));
        assert_eq!(audit::tree_size(&store).await.unwrap(), 70);
        assert_eq!(places(&store, other, ALL).await, [69, 59, 49, 39, 29, 19, 9]);
        let all = audit::list_audit_from(&store, 0, 100).await.unwrap();
        assert!(all.iter().zip(0..).all(|(e, n)| e.position == n && e.at == NOW.plus_seconds(n)));

        let by = |f: AuditFilter<'static>| places(&store, other, f);
        assert_eq!(by(AuditFilter { below: 39, ..ALL }).await, [29, 19, 9]);
        assert_eq!(by(AuditFilter { kind: Some("export"), ..ALL }).await, [0; 0]);
        assert_eq!(by(AuditFilter { kind: Some("view"), done_by: Some("admin"), ..ALL }).await.len(), 7);
        assert_eq!(by(AuditFilter { done_by: Some("person"), ..ALL }).await, [0; 0]);
        let (from, until) = (NOW.plus_seconds(19), NOW.plus_seconds(39));
        assert_eq!(by(AuditFilter { from, until, ..ALL }).await, [29, 19]);

        let id = all[9].id;
        assert_eq!(audit::get_audit(&store, other, id).await.unwrap().position, 9);
        let foreign = audit::get_audit(&store, one, id).await;
        assert!(matches!(foreign, Err(StoreError::NotFound)));
        let (at, entry) = audit::get_audit(&store, other, id).await.unwrap().split();
        assert_eq!((at, entry.salt, entry.detail_sealed), (9, vec![7; 16], Some(sealed("detail"))));
        let tiles = audit::list_tiles(&store, &[(0, 0), (1, 0)]).await.unwrap();
        assert_eq!(tiles, [TileRow { level: 0, number: 0, hashes: vec![1; 32 * 70] }]);
    })
    .await;
}

#[tokio::test]
async fn nothing_changes_or_removes_an_entry_that_has_its_place() {
    for_each_engine(async |store| {
        write(&store, &[row(0, None), row(1, None)]).await;
        place(&store, 9).await;
        refused(run_sql(&store, "UPDATE audit_entry SET outcome = 'failed'").await);
        refused(run_sql(&store, "DELETE FROM audit_entry").await);
        assert_eq!(audit::list_audit_from(&store, 0, 9).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn two_sequencers_never_give_the_same_place_twice() {
    for_each_engine(async |store| {
        for n in 0..8 {
            write(&store, &(0..16).map(|m| row(n * 16 + m, None)).collect::<Vec<_>>()).await;
        }
        let numbering = (0..4).map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut done = 0;
                loop {
                    match place(&store, 7).await {
                        0 => return done,
                        n => done += n,
                    }
                }
            })
        });
        let mut all = 0;
        for task in numbering.collect::<Vec<_>>() {
            all += task.await.unwrap();
        }
        assert_eq!(all, 128);
        let list = audit::list_audit_from(&store, 0, 200).await.unwrap();
        assert_eq!(list.iter().map(|e| e.position).collect::<Vec<_>>(), (0..128).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn signed_head_is_replaced_only_by_who_saw_it_and_never_shrinks() {
    for_each_engine(async |store| {
        let head = |size: i64| HeadRow { size, root: fingerprint(size as u64), note: "n".into(), at: NOW };
        let put = async |old: Option<HeadRow>, new: HeadRow| {
            let mut tx = store.begin_keys().await.unwrap();
            audit::replace_head(&mut tx, old.as_ref(), &new).await?;
            tx.commit().await
        };
        assert_eq!(audit::find_head(&store).await.unwrap(), None);
        put(None, head(3)).await.unwrap();
        assert!(matches!(put(None, head(4)).await, Err(StoreError::Conflict { .. })));
        assert!(matches!(put(Some(head(2)), head(4)).await, Err(StoreError::Conflict { .. })));
        put(Some(head(3)), head(5)).await.unwrap();
        assert_eq!(audit::find_head(&store).await.unwrap(), Some(head(5)));
        refused(put(Some(head(5)), head(4)).await);
        refused(run_key_sql(&store, "DELETE FROM audit_head").await);
        assert_eq!(audit::find_head(&store).await.unwrap(), Some(head(5)));

        let mut tx = store.begin_keys().await.unwrap();
        for wrapped in ["first", "second"] {
            let counts = audit::insert_instance_key(&mut tx, "signing", &sealed(wrapped), NOW).await.unwrap();
            assert_eq!(counts, sealed("first"), "the first one stays");
        }
        tx.commit().await.unwrap();
        assert_eq!(audit::find_instance_key(&store, "signing").await.unwrap(), Some(sealed("first")));
        assert_eq!(audit::find_instance_key(&store, "other").await.unwrap(), None);
    })
    .await;
}

//! Marks of what was deleted, decided rows, and files that go while their row stays, on both engines.
#![allow(clippy::unwrap_used)]

use keepwell_domain::{
    ids::{DocumentId, ProfileId, RecordId, ReviewRowId},
    time::Ts,
};
use keepwell_store::{
    Store, StoreError,
    document::{self, NewDocument},
    erase, garbage, mark, profile,
    review::{self, NewReviewRow, ReviewState},
    testing::{fingerprint, for_each_engine, insert_person, new_uuid, sealed},
};

const NOW: Ts = Ts(1_800_000_000_000_000);

async fn add_document(store: &Store, profile: ProfileId, n: u64) -> DocumentId {
    let id = DocumentId::new(new_uuid());
    let meta = sealed("name");
    let mut tx = store.begin().await.unwrap();
    let change = profile::begin_change(&mut tx, profile).await.unwrap();
    let new = NewDocument {
        id,
        parent_id: None,
        meta_sealed: &meta,
        content_fp: Some(fingerprint(n)),
        size_class: 4096,
        sealed_bytes: 1000,
    };
    document::insert_document(&mut tx, &change, &new, NOW).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn marks_belong_to_their_profile_and_go_with_it() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let (_, other) = insert_person(&store, NOW).await;
        let marks = [1, 2, 3].map(fingerprint);
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        assert_eq!(mark::insert_marks(&mut tx, &change, &marks, NOW).await.unwrap(), 3);
        assert_eq!(mark::insert_marks(&mut tx, &change, &marks[1..], NOW).await.unwrap(), 0);
        mark::delete_marks(&mut tx, &change, &[marks[1], fingerprint(9)]).await.unwrap();
        tx.commit().await.unwrap();
        let mut left = vec![marks[0], marks[2]];
        left.sort_by_key(|m| m.0);
        assert_eq!(mark::list_marks(&store, profile).await.unwrap(), left);
        assert!(mark::list_marks(&store, other).await.unwrap().is_empty());
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, other).await.unwrap();
        mark::delete_marks(&mut tx, &change, &left).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(mark::list_marks(&store, profile).await.unwrap().len(), 2, "another's stay");
    })
    .await;
}

#[tokio::test]
async fn rows_can_come_decided() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let document_id = add_document(&store, profile, 1).await;
        let record = RecordId::new(new_uuid());
        let row = |place, state, record_id| NewReviewRow {
            id: ReviewRowId::new(new_uuid()),
            document_id,
            place,
            state,
            record_id,
            sealed: sealed("row"),
        };
        let new = [
            row(8, ReviewState::LeftOut, None),
            row(4, ReviewState::Accepted, Some(record)),
            row(6, ReviewState::Waiting, None),
        ];
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        assert_eq!(review::insert_review_rows(&mut tx, &change, &new).await.unwrap(), 3);
        let same_place = [row(4, ReviewState::Waiting, None)];
        assert_eq!(review::insert_review_rows(&mut tx, &change, &same_place).await.unwrap(), 0);
        tx.commit().await.unwrap();
        let all = review::list_all_review_rows(&store, profile).await.unwrap();
        let told: Vec<_> = all.iter().map(|r| (r.place, r.state, r.record_id)).collect();
        let want = [
            (4, ReviewState::Accepted, Some(record)),
            (6, ReviewState::Waiting, None),
            (8, ReviewState::LeftOut, None),
        ];
        assert_eq!(told, want);
    })
    .await;
}

#[tokio::test]
async fn a_file_goes_while_its_row_stays() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let (_, other) = insert_person(&store, NOW).await;
        let id = add_document(&store, profile, 1).await;
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, other).await.unwrap();
        let foreign = document::release_file(&mut tx, &change, id, NOW).await;
        assert!(matches!(foreign, Err(StoreError::NotFound)));
        drop(tx);
        assert!(!garbage::is_orphan(&store, profile, id.uuid()).await.unwrap());
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        document::release_file(&mut tx, &change, id, NOW).await.unwrap();
        tx.commit().await.unwrap();
        // A sweep that asks before it unlinks finds nothing that needs it any more.
        assert!(garbage::is_orphan(&store, profile, id.uuid()).await.unwrap());
        let row = document::get_document(&store, profile, id).await.unwrap();
        assert_eq!((row.content_fp, row.sealed_bytes), (None, 0));
        let waiting = garbage::list_garbage(&store, 10).await.unwrap();
        assert!(waiting.iter().any(|g| g.blob_id == id.uuid() && g.profile_id == profile));
        // The same content may be brought again.
        add_document(&store, profile, 1).await;
    })
    .await;
}

#[tokio::test]
async fn erasing_a_profile_erases_its_marks() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        mark::insert_marks(&mut tx, &change, &[fingerprint(1)], NOW).await.unwrap();
        tx.commit().await.unwrap();
        erase::delete_account_rows(&store, account, NOW).await.unwrap();
        assert!(mark::list_marks(&store, profile).await.unwrap().is_empty());
    })
    .await;
}

//! Documents, records, series and imports on both engines.
#![allow(clippy::unwrap_used)]

use keepwell_domain::{
    ids::{DocumentId, ProfileId, RecordId, SeriesId, UploadId},
    sealed::Fingerprint,
    time::Ts,
};
use keepwell_store::{
    Constraint, Store, StoreError,
    document::{self, DocumentState, DocumentUpdate, NewDocument},
    erase, garbage,
    import::{self, Removed},
    job::{self, NewJob},
    profile,
    record::{self, NewRecord, RecordSource},
    series::{self, NewSeries, SeriesSource},
    testing::{fingerprint, for_each_engine, insert_person, new_uuid, sealed},
    upload::{self, NewUpload},
};
use std::collections::HashSet;

const NOW: Ts = Ts(1_800_000_000_000_000);

fn new_record(n: u64) -> NewRecord {
    NewRecord {
        id: RecordId::new(new_uuid()),
        fingerprint: fingerprint(n),
        sealed: sealed(&format!("record {n}")),
        by_hand: false,
    }
}

fn place(record: RecordId, document: DocumentId, ordinal: i64) -> RecordSource {
    RecordSource { record_id: record, document_id: document, ordinal, locator_sealed: sealed("line 1") }
}

async fn add_document(store: &Store, profile: ProfileId, parent: Option<DocumentId>, n: u64) -> DocumentId {
    let id = DocumentId::new(new_uuid());
    let meta = sealed("name");
    let mut tx = store.begin().await.unwrap();
    let change = profile::begin_change(&mut tx, profile).await.unwrap();
    let new = NewDocument {
        id,
        parent_id: parent,
        meta_sealed: &meta,
        content_fp: Some(fingerprint(n)),
        size_class: 4096,
        sealed_bytes: 1000,
    };
    document::insert_document(&mut tx, &change, &new, NOW).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Imports records `range` from a document, as a worker does: new ones are added, known ones get
/// one more source.
async fn import_records(
    store: &Store,
    profile: ProfileId,
    document: DocumentId,
    range: std::ops::Range<u64>,
) -> usize {
    let new: Vec<_> = range.map(new_record).collect();
    let mut tx = store.begin().await.unwrap();
    let change = profile::begin_change(&mut tx, profile).await.unwrap();
    let added = record::insert_records(&mut tx, &change, &new, NOW).await.unwrap();
    let known: std::collections::HashMap<Fingerprint, RecordId> = record::list_identities(&mut tx, profile)
        .await
        .unwrap()
        .into_iter()
        .map(|i| (i.fingerprint, i.id))
        .collect();
    let sources: Vec<_> =
        new.iter().enumerate().map(|(i, r)| place(known[&r.fingerprint], document, i as i64)).collect();
    assert_eq!(
        record::insert_record_sources(&mut tx, &change, &sources).await.unwrap(),
        sources.len() as u64
    );
    tx.commit().await.unwrap();
    added.len()
}

#[tokio::test]
async fn batch_of_any_size_goes_in_and_comes_out() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let document = add_document(&store, profile, None, 1).await;
        let mut expected = 0;
        for (i, size) in [0u64, 1, 2, 63, 64, 65, 127, 129, 1000, 20_011].into_iter().enumerate() {
            let first = i as u64 * 100_000;
            assert_eq!(import_records(&store, profile, document, first..first + size).await as u64, size);
            expected += size as i64;
            assert_eq!(record::count_records(&store, profile).await.unwrap(), expected);
            // The ordinals of the next round would meet these.
            let mut tx = store.begin().await.unwrap();
            tx = check_all(tx, profile, first, size).await;
            tx.rollback().await.unwrap();
        }
        assert_eq!(record::list_sources(&store, profile).await.unwrap().len() as i64, expected);
    })
    .await;
}

async fn check_all(
    mut tx: keepwell_store::Tx,
    profile: ProfileId,
    first: u64,
    size: u64,
) -> keepwell_store::Tx {
    let all = record::list_records(&mut tx, profile).await.unwrap();
    let of: HashSet<_> = all.iter().map(|r| (r.fingerprint, r.sealed.clone())).collect();
    for n in first..first + size {
        assert!(of.contains(&(fingerprint(n), sealed(&format!("record {n}")))));
    }
    tx
}

#[tokio::test]
async fn record_known_already_is_not_added_again() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let (a, b) =
            (add_document(&store, profile, None, 1).await, add_document(&store, profile, None, 2).await);
        assert_eq!(import_records(&store, profile, a, 0..300).await, 300);
        assert_eq!(import_records(&store, profile, b, 200..500).await, 200);
        let mut twice: Vec<_> = (0..70).map(|_| new_record(9999)).collect();
        twice.push(new_record(1));
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        let added = record::insert_records(&mut tx, &change, &twice, NOW).await.unwrap();
        assert_eq!(added, [twice[0].id]);
        // The same id for two records is a fault of the caller, not a duplicate.
        let mut wrong = new_record(77_777);
        wrong.id = added[0];
        let e = record::insert_records(&mut tx, &change, &[wrong], NOW).await.unwrap_err();
        assert!(matches!(e, StoreError::Conflict { constraint: Constraint::Other }), "{e:?}");
        drop(tx);
        let shared =
            record::find_record_by_fingerprint(&store, profile, fingerprint(250)).await.unwrap().unwrap();
        let places = record::list_sources_of_record(&store, profile, shared.id).await.unwrap();
        assert_eq!(
            places.iter().map(|s| (s.document_id, s.ordinal)).collect::<Vec<_>>(),
            [(a, 250), (b, 50)]
        );
        assert_eq!(record::list_records_of_document(&store, profile, b).await.unwrap().len(), 300);
        assert_eq!(record::list_sources_of_document(&store, profile, b).await.unwrap().len(), 300);
    })
    .await;
}

#[tokio::test]
async fn undone_import_leaves_what_stands_elsewhere_or_was_put_in_by_hand() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let archive = add_document(&store, profile, None, 1).await;
        let part = add_document(&store, profile, Some(archive), 2).await;
        let deep = add_document(&store, profile, Some(part), 3).await;
        let other = add_document(&store, profile, None, 4).await;
        import_records(&store, profile, part, 0..100).await;
        import_records(&store, profile, deep, 50..150).await;
        import_records(&store, profile, other, 140..160).await;
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        let mut by_hand = new_record(500);
        by_hand.by_hand = true;
        record::insert_records(&mut tx, &change, &[by_hand], NOW).await.unwrap();
        let also =
            record::find_record_by_fingerprint(&mut tx, profile, fingerprint(7)).await.unwrap().unwrap();
        record::mark_by_hand(&mut tx, &change, also.id).await.unwrap();
        let columns: Vec<_> = (0..2)
            .map(|n| NewSeries {
                id: SeriesId::new(new_uuid()),
                fingerprint: fingerprint(n),
                head_sealed: sealed(&format!("head {n}")),
                sealed: sealed("column"),
                samples: 1000,
            })
            .collect();
        assert_eq!(series::insert_series(&mut tx, &change, &columns, NOW).await.unwrap().len(), 2);
        let at = |c: usize, d| SeriesSource { series_id: columns[c].id, document_id: d };
        let sources = [at(0, deep), at(1, deep), at(1, other)];
        assert_eq!(series::insert_series_sources(&mut tx, &change, &sources).await.unwrap(), 3);
        job::enqueue_job(&mut tx, &job_of(profile, deep), NOW).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        let removed = import::delete_import(&mut tx, &change, archive, NOW).await.unwrap();
        let e = import::delete_import(&mut tx, &change, archive, NOW).await.unwrap_err();
        assert!(matches!(e, StoreError::NotFound));
        let version = change.version();
        tx.commit().await.unwrap();

        assert_eq!(removed, Removed { documents: 3, records: 139, series: 1 });
        let left: HashSet<_> =
            record::list_records(&store, profile).await.unwrap().iter().map(|r| r.fingerprint).collect();
        let expected: HashSet<_> = (140..160).chain([7, 500]).map(fingerprint).collect();
        assert_eq!(left, expected);
        assert_eq!(record::list_sources(&store, profile).await.unwrap().len(), 20);
        let left = series::list_series(&store, profile).await.unwrap();
        assert_eq!(
            left.iter().map(|s| (s.id, s.fingerprint)).collect::<Vec<_>>(),
            [(columns[1].id, fingerprint(1))]
        );
        let heads = series::list_series_heads(&store, profile).await.unwrap();
        assert_eq!((heads.len(), heads[0].id, &heads[0].head_sealed), (1, columns[1].id, &sealed("head 1")));
        assert_eq!(series::list_series_sources(&store, profile).await.unwrap(), [at(1, other)]);
        assert_eq!(document::count_documents(&store, profile).await.unwrap(), 1);
        assert!(job::list_open_jobs(&store, profile).await.unwrap().is_empty());
        let files: HashSet<_> =
            garbage::list_garbage(&store, 10).await.unwrap().iter().map(|g| g.blob_id).collect();
        assert_eq!(files, [archive, part, deep].map(DocumentId::uuid).into());
        let read = profile::get_profile_for_job(&store, profile).await.unwrap();
        assert_eq!((read.version, read.removed_version), (version, version));
        store.integrity_check().await.unwrap();
    })
    .await;
}

fn job_of(profile: ProfileId, document: DocumentId) -> NewJob<'static> {
    NewJob {
        id: keepwell_domain::ids::JobId::new(new_uuid()),
        kind: "import",
        profile_id: Some(profile),
        subject_id: Some(document.uuid()),
        max_attempts: 3,
        run_at: NOW,
    }
}

#[tokio::test]
async fn edit_keeps_the_past_and_refuses_a_stale_copy() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        let (a, b) = (new_record(1), new_record(2));
        let ids = [a.id, b.id];
        record::insert_records(&mut tx, &change, &[a, b], NOW).await.unwrap();
        let second = sealed("second");
        assert_eq!(
            record::update_record(&mut tx, &change, ids[0], 1, fingerprint(3), &second, NOW).await.unwrap(),
            2
        );
        let stale = record::update_record(&mut tx, &change, ids[0], 1, fingerprint(4), &second, NOW).await;
        assert!(
            matches!(stale, Err(StoreError::Conflict { constraint: Constraint::RowVersion })),
            "{stale:?}"
        );
        tx.commit().await.unwrap();

        let read = record::get_record(&store, profile, ids[0]).await.unwrap();
        assert_eq!((read.row_version, read.fingerprint, &read.sealed), (2, fingerprint(3), &second));
        let past = record::list_history(&store, profile, ids[0]).await.unwrap();
        assert_eq!(
            past.iter().map(|p| (p.row_version, p.sealed.clone())).collect::<Vec<_>>(),
            [(1, sealed("record 1"))]
        );

        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        let taken = record::update_record(&mut tx, &change, ids[0], 2, fingerprint(2), &second, NOW).await;
        assert!(
            matches!(taken, Err(StoreError::Conflict { constraint: Constraint::RecordFingerprint })),
            "{taken:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn deleted_record_leaves_a_tombstone_and_is_seen_as_removed() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let document = add_document(&store, profile, None, 1).await;
        import_records(&store, profile, document, 0..10).await;
        let before = profile::get_profile_for_job(&store, profile).await.unwrap();
        assert_eq!(before.removed_version, 0);
        let all = record::list_records(&store, profile).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        record::delete_record(&mut tx, &change, all[3].id, NOW).await.unwrap();
        let again = record::delete_record(&mut tx, &change, all[3].id, NOW).await;
        assert!(matches!(again, Err(StoreError::NotFound)));
        record::insert_records(&mut tx, &change, &[new_record(50)], NOW).await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(record::list_tombstones(&store, profile).await.unwrap(), [all[3].fingerprint]);
        assert_eq!(record::list_sources(&store, profile).await.unwrap().len(), 9);
        let after = profile::get_profile_for_job(&store, profile).await.unwrap();
        assert_eq!((after.version, after.removed_version), (before.version + 1, before.version + 1));
        let changed = record::list_records_changed_since(&store, profile, before.version).await.unwrap();
        assert_eq!(changed.iter().map(|r| r.fingerprint).collect::<Vec<_>>(), [fingerprint(50)]);

        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        record::delete_tombstone(&mut tx, &change, all[3].fingerprint).await.unwrap();
        tx.commit().await.unwrap();
        assert!(record::list_tombstones(&store, profile).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn same_file_again_is_found_and_refused() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let (_, other) = insert_person(&store, NOW).await;
        let file = add_document(&store, profile, None, 1).await;
        add_document(&store, other, None, 1).await;
        let part = add_document(&store, profile, Some(file), 1).await;
        let whole = document::find_document_by_content(&store, profile, None, fingerprint(1)).await.unwrap();
        assert_eq!(whole.unwrap().id, file);
        let inner =
            document::find_document_by_content(&store, profile, Some(file), fingerprint(1)).await.unwrap();
        assert_eq!(inner.unwrap().id, part);
        assert!(
            document::find_document_by_content(&store, profile, None, fingerprint(2))
                .await
                .unwrap()
                .is_none()
        );
        assert_eq!(document::list_parts(&store, profile, file).await.unwrap().len(), 1);

        for parent in [None, Some(file)] {
            let mut tx = store.begin().await.unwrap();
            let change = profile::begin_change(&mut tx, profile).await.unwrap();
            let meta = sealed("m");
            let mut new = NewDocument {
                id: DocumentId::new(new_uuid()),
                parent_id: parent,
                meta_sealed: &meta,
                content_fp: None,
                size_class: 0,
                sealed_bytes: 0,
            };
            document::insert_document(&mut tx, &change, &new, NOW).await.unwrap();
            new.id = DocumentId::new(new_uuid());
            document::insert_document(&mut tx, &change, &new, NOW).await.unwrap();
            new.id = DocumentId::new(new_uuid());
            new.content_fp = Some(fingerprint(1));
            let e = document::insert_document(&mut tx, &change, &new, NOW).await.unwrap_err();
            assert!(matches!(e, StoreError::Conflict { constraint: Constraint::DocumentContent }), "{e:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn document_moves_on_only_from_the_version_that_was_read() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let id = add_document(&store, profile, None, 1).await;
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        document::update_document_state(&mut tx, &change, id, DocumentState::Reading, NOW).await.unwrap();
        let meta = sealed("more");
        let update = DocumentUpdate { state: DocumentState::Done, meta_sealed: &meta, records: 12 };
        assert_eq!(document::update_document(&mut tx, &change, id, 1, &update, NOW).await.unwrap(), 2);
        let e = document::update_document(&mut tx, &change, id, 1, &update, NOW).await.unwrap_err();
        assert!(matches!(e, StoreError::Conflict { constraint: Constraint::RowVersion }));
        tx.commit().await.unwrap();
        let read = document::get_document(&store, profile, id).await.unwrap();
        assert_eq!((read.state, read.records, read.row_version), (DocumentState::Done, 12, 2));
        assert_eq!(read.meta_sealed, meta);
    })
    .await;
}

#[tokio::test]
async fn upload_advances_only_from_where_it_stands() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let (_, other) = insert_person(&store, NOW).await;
        let id = UploadId::new(new_uuid());
        let (meta, state) = (sealed("m"), sealed("s"));
        let new = NewUpload {
            id,
            profile_id: profile,
            meta_sealed: &meta,
            declared_size: Some(10),
            state_sealed: &state,
            expires_at: NOW.plus_seconds(60),
        };
        let mut tx = store.begin().await.unwrap();
        upload::insert_upload(&mut tx, &new, NOW).await.unwrap();
        upload::advance_upload(&mut tx, profile, id, 0, 6, &state, NOW.plus_seconds(90)).await.unwrap();
        let e = upload::advance_upload(&mut tx, profile, id, 0, 6, &state, NOW).await.unwrap_err();
        assert!(matches!(e, StoreError::Conflict { constraint: Constraint::RowVersion }));
        let e = upload::advance_upload(&mut tx, other, id, 6, 8, &state, NOW).await.unwrap_err();
        assert!(matches!(e, StoreError::NotFound));
        assert!(matches!(upload::cancel_upload(&mut tx, other, id, NOW).await, Err(StoreError::NotFound)));
        tx.commit().await.unwrap();
        assert_eq!(upload::get_upload(&store, profile, id).await.unwrap().received, 6);
        assert!(upload::list_uploads(&store, other).await.unwrap().is_empty());
        assert!(!garbage::is_orphan(&store, profile, id.uuid()).await.unwrap());
        assert!(upload::list_expired_uploads(&store, NOW.plus_seconds(89), 9).await.unwrap().is_empty());
        assert_eq!(upload::list_expired_uploads(&store, NOW.plus_seconds(90), 9).await.unwrap().len(), 1);
        let mut tx = store.begin().await.unwrap();
        upload::cancel_upload(&mut tx, profile, id, NOW).await.unwrap();
        tx.commit().await.unwrap();
        assert!(garbage::is_orphan(&store, profile, id.uuid()).await.unwrap());
        let left = garbage::list_garbage(&store, 9).await.unwrap();
        assert_eq!(left[0].blob_id, id.uuid());
        let mut tx = store.begin().await.unwrap();
        garbage::delete_garbage(&mut tx, &left[0]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(garbage::list_garbage(&store, 9).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn foreign_profile_sees_and_changes_nothing() {
    for_each_engine(async |store| {
        let (_, mine) = insert_person(&store, NOW).await;
        let (_, other) = insert_person(&store, NOW).await;
        let document = add_document(&store, mine, None, 1).await;
        let theirs = add_document(&store, other, None, 2).await;
        import_records(&store, mine, document, 0..5).await;
        let id = record::list_records(&store, mine).await.unwrap()[0].id;
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, mine).await.unwrap();
        let column = NewSeries {
            id: SeriesId::new(new_uuid()),
            fingerprint: fingerprint(1),
            head_sealed: sealed("h"),
            sealed: sealed("c"),
            samples: 1,
        };
        series::insert_series(&mut tx, &change, std::slice::from_ref(&column), NOW).await.unwrap();
        let work = job_of(mine, document);
        job::enqueue_job(&mut tx, &work, NOW).await.unwrap();
        tx.commit().await.unwrap();

        assert!(record::list_records(&store, other).await.unwrap().is_empty());
        assert!(record::list_records_changed_since(&store, other, 0).await.unwrap().is_empty());
        assert!(record::list_records_of_document(&store, other, document).await.unwrap().is_empty());
        assert!(record::list_identities(&store, other).await.unwrap().is_empty());
        assert!(record::list_sources(&store, other).await.unwrap().is_empty());
        assert!(record::list_sources_of_record(&store, other, id).await.unwrap().is_empty());
        assert!(record::list_sources_of_document(&store, other, document).await.unwrap().is_empty());
        assert!(record::list_history(&store, other, id).await.unwrap().is_empty());
        assert!(record::list_tombstones(&store, other).await.unwrap().is_empty());
        assert!(record::find_record_by_fingerprint(&store, other, fingerprint(0)).await.unwrap().is_none());
        assert_eq!(record::count_records(&store, other).await.unwrap(), 0);
        assert_eq!(document::list_documents(&store, other).await.unwrap().len(), 1);
        assert!(document::list_parts(&store, other, document).await.unwrap().is_empty());
        assert!(
            document::find_document_by_content(&store, other, None, fingerprint(1)).await.unwrap().is_none()
        );
        assert!(series::list_series(&store, other).await.unwrap().is_empty());
        assert!(series::list_series_heads(&store, other).await.unwrap().is_empty());
        assert!(series::list_series_changed_since(&store, other, 0).await.unwrap().is_empty());
        assert!(series::list_series_identities(&store, other).await.unwrap().is_empty());
        assert!(series::list_series_sources(&store, other).await.unwrap().is_empty());
        assert!(series::find_series_by_fingerprint(&store, other, fingerprint(1)).await.unwrap().is_none());
        assert!(job::list_open_jobs(&store, other).await.unwrap().is_empty());
        assert!(job::find_job_of(&store, other, document.uuid()).await.unwrap().is_none());

        let not_found = |r: Result<(), StoreError>| assert!(matches!(r, Err(StoreError::NotFound)), "{r:?}");
        not_found(record::get_record(&store, other, id).await.map(drop));
        not_found(document::get_document(&store, other, document).await.map(drop));
        not_found(series::get_series(&store, other, column.id).await.map(drop));
        not_found(job::get_job(&store, other, work.id).await.map(drop));

        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, other).await.unwrap();
        let x = sealed("x");
        let update = DocumentUpdate { state: DocumentState::Failed, meta_sealed: &x, records: 0 };
        not_found(document::update_document(&mut tx, &change, document, 1, &update, NOW).await.map(drop));
        not_found(
            document::update_document_state(&mut tx, &change, document, DocumentState::Failed, NOW).await,
        );
        not_found(record::update_record(&mut tx, &change, id, 1, fingerprint(9), &x, NOW).await.map(drop));
        not_found(record::mark_by_hand(&mut tx, &change, id).await);
        not_found(record::delete_record(&mut tx, &change, id, NOW).await);
        not_found(import::delete_import(&mut tx, &change, document, NOW).await.map(drop));
        drop(tx);
        // References across profiles break off the transaction on PostgreSQL, hence one each.
        for (r, d) in [(id, theirs), (id, document)] {
            let mut tx = store.begin().await.unwrap();
            let change = profile::begin_change(&mut tx, other).await.unwrap();
            not_found(record::insert_record_sources(&mut tx, &change, &[place(r, d, 0)]).await.map(drop));
        }
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, other).await.unwrap();
        let across = [SeriesSource { series_id: column.id, document_id: theirs }];
        not_found(series::insert_series_sources(&mut tx, &change, &across).await.map(drop));
        drop(tx);
        assert_eq!(record::list_records(&store, mine).await.unwrap().len(), 5);
    })
    .await;
}

#[tokio::test]
async fn erased_account_leaves_no_row_but_notes_of_its_files() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        let (_, other) = insert_person(&store, NOW).await;
        let archive = add_document(&store, profile, None, 1).await;
        let part = add_document(&store, profile, Some(archive), 2).await;
        import_records(&store, profile, part, 0..2500).await;
        let kept = add_document(&store, other, None, 1).await;
        import_records(&store, other, kept, 0..10).await;
        let mut tx = store.begin().await.unwrap();
        let change = profile::begin_change(&mut tx, profile).await.unwrap();
        let some = record::list_records(&mut tx, profile).await.unwrap();
        record::update_record(&mut tx, &change, some[0].id, 1, fingerprint(99_999), &sealed("e"), NOW)
            .await
            .unwrap();
        record::delete_record(&mut tx, &change, some[1].id, NOW).await.unwrap();
        job::enqueue_job(&mut tx, &job_of(profile, archive), NOW).await.unwrap();
        tx.commit().await.unwrap();

        erase::delete_account_rows(&store, account, NOW).await.unwrap();
        assert!(matches!(erase::delete_account_rows(&store, account, NOW).await, Err(StoreError::NotFound)));
        assert!(profile::list_profiles_to_erase(&store, account).await.unwrap().is_empty());
        assert_eq!(record::count_records(&store, profile).await.unwrap(), 0);
        assert!(record::list_tombstones(&store, profile).await.unwrap().is_empty());
        assert!(document::list_documents(&store, profile).await.unwrap().is_empty());
        let mut tx = store.begin().await.unwrap();
        assert!(matches!(profile::begin_change(&mut tx, profile).await, Err(StoreError::NotFound)));
        drop(tx);
        assert_eq!(garbage::list_garbage(&store, 10).await.unwrap().len(), 2);
        assert_eq!(record::count_records(&store, other).await.unwrap(), 10);
        store.checkpoint_truncate().await.unwrap();
        store.integrity_check().await.unwrap();
    })
    .await;
}

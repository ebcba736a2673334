//! The audit log under the use cases: together with the act or not at all, and whole whatever happens.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_audit::export::{self, Trust};
use keepwell_domain::{
    access::LogQuery,
    act::{ActBy, Action},
    view::RecordForm,
};
use keepwell_services::{Act, Actor, Device, ServiceError, audit::CheckError};
use keepwell_store::{
    Store,
    testing::{for_each_engine, run_key_sql, run_sql},
};
use support::{PASSWORD, Test};

fn note(text: &str) -> RecordForm {
    RecordForm {
        kind: "note".into(),
        name: "a note".into(),
        note: text.into(),
        date: "2024-01-01".into(),
        ..RecordForm::default()
    }
}

async fn codes(t: &Test, who: &Actor) -> Vec<String> {
    let log = t.services.access_log(who, &LogQuery::default()).await.unwrap();
    log.items.into_iter().map(|i| i.code).collect()
}

async fn exported(t: &Test) -> Vec<u8> {
    let mut file = Vec::new();
    t.services.export_log(&mut file).await.unwrap();
    file
}

#[tokio::test]
async fn act_that_fails_leaves_no_entry_and_entry_that_fails_leaves_no_act() {
    for_each_engine(async |store: Store| {
        let t = Test::new(store.clone()).await;
        let eva = t.person("eva@example.org").await;
        let id = t.services.add_record(&eva, &note("one")).await.unwrap();
        let before = codes(&t, &eva).await;
        assert_eq!(before, ["record.added", "session.started", "account.created"]);
        let stale = t.services.edit_record(&eva, id, 7, &note("two")).await;
        assert!(matches!(stale, Err(ServiceError::Conflict)), "{stale:?}");
        assert_eq!(codes(&t, &eva).await, before, "a failed act has no entry");

        t.services.edit_record(&eva, id, 1, &note("two")).await.unwrap();
        run_sql(&store, "ALTER TABLE audit_pending RENAME TO audit_gone").await.unwrap();
        assert!(t.services.add_record(&eva, &note("three")).await.is_err());
        assert!(t.services.edit_record(&eva, id, 2, &note("three")).await.is_err());
        assert!(t.services.delete_record(&eva, id).await.is_err());
        let unseen = t.services.markers(&eva).await;
        assert!(
            matches!(unseen, Err(ServiceError::Unavailable { .. })),
            "what cannot be logged is not shown"
        );
        assert!(t.services.record(&eva, id).await.is_err());
        assert!(t.services.sign_in("eva@example.org", PASSWORD, false, &Device::default()).await.is_err());
        run_sql(&store, "ALTER TABLE audit_gone RENAME TO audit_pending").await.unwrap();
        let eva = t.services.actor_for_email("eva@example.org").await.unwrap();
        let seen = t.services.record(&eva, id).await.unwrap();
        assert_eq!(seen.form.note, "two", "what could not be logged did not happen");
        assert!(t.services.markers(&eva).await.is_ok(), "a refused look is not remembered as logged");
    })
    .await;
}

#[tokio::test]
async fn erased_persons_log_still_verifies_and_opens_for_nobody() {
    for_each_engine(async |store: Store| {
        let t = Test::new(store.clone()).await;
        let (eva, adam) = (t.person("eva@example.org").await, t.person("adam@example.org").await);
        for who in [&eva, &adam] {
            t.services.add_record(who, &note("x")).await.unwrap();
            t.services.markers(who).await.unwrap();
        }
        let head = t.services.audit_checkpoint().await.unwrap().0;
        t.services.delete_account(&eva, PASSWORD).await.unwrap();
        let nothing = t.services.access_log(&eva, &LogQuery::default()).await;
        assert!(matches!(nothing, Err(ServiceError::NotFound)));
        assert!(codes(&t, &adam).await.contains(&"record.added".to_owned()));
        let checked = t.services.check_log(Some(&head.note)).await.unwrap();
        assert_eq!(checked.pinned, Some(head.size));
        assert!(checked.entries > head.size, "the deletion itself stands in it");
        let file = exported(&t).await;
        let found =
            export::verify(file.as_slice(), &Trust { key: Some(&checked.key), note: Some(&head.note) });
        assert_eq!(found.unwrap().head.size, checked.entries);
        let ledger = keepwell_store::keys::list_erasures(&store, keepwell_domain::time::Ts(0)).await.unwrap();
        assert!(ledger.iter().all(|e| e.log_size >= i64::try_from(head.size).unwrap()));
        // Somebody who tries the door of a person who is gone looks like anybody's stranger.
        let tried = t.services.sign_in("eva@example.org", PASSWORD, false, &Device::default()).await;
        assert!(matches!(tried, Err(ServiceError::Credentials)));
    })
    .await;
}

#[tokio::test]
async fn changed_missing_or_cut_off_entries_are_found_and_nothing_is_signed_over_them() {
    let forgeries = [
        "UPDATE audit_entry SET outcome = 'refused' WHERE position = 2",
        "UPDATE audit_entry SET at = at + 1 WHERE position = 0",
        "DELETE FROM audit_entry WHERE position = 1",
        "UPDATE audit_tree SET size = 1",
        "DELETE FROM audit_tile WHERE level = 0",
    ];
    for forgery in forgeries {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&keepwell_store::StoreConfig::sqlite(dir.path())).await.unwrap();
        let t = Test::new(store.clone()).await;
        let eva = t.person("eva@example.org").await;
        t.services.add_record(&eva, &note("x")).await.unwrap();
        let head = t.services.settle_log().await.unwrap();
        assert_eq!(head.size, 3);
        t.services.check_log(None).await.unwrap();
        for sql in ["DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete"] {
            run_sql(&store, sql).await.unwrap();
        }
        run_sql(&store, forgery).await.unwrap();
        let judged = t.services.check_log(None).await;
        assert!(judged.is_err(), "{forgery}: {judged:?}");
        if forgery.contains("audit_tree") {
            assert!(matches!(judged, Err(CheckError::Short { signed: 3, found: 1 })), "{judged:?}");
        }
    }
}

#[tokio::test]
async fn older_copy_of_the_data_that_was_put_back_gets_no_second_head() {
    for_each_engine(async |store: Store| {
        let t = Test::new(store.clone()).await;
        let eva = t.person("eva@example.org").await;
        let head = t.services.settle_log().await.unwrap();
        // The key store knows of a longer log than the data hold.
        run_key_sql(&store, "UPDATE audit_head SET size = size + 1").await.unwrap();
        t.services.add_record(&eva, &note("x")).await.unwrap();
        let refused = t.services.settle_log().await;
        assert!(matches!(refused, Err(ServiceError::Conflict)), "{refused:?}");
        assert!(matches!(t.services.audit_checkpoint().await, Err(ServiceError::Conflict)));
        let log = t.services.access_log(&eva, &LogQuery::default()).await.unwrap();
        assert!(!log.items.is_empty(), "the person still reads what is there");
        let kept = keepwell_store::audit::find_head(&store).await.unwrap().unwrap();
        assert_eq!(kept.note, head.note, "no other head was signed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_instances_make_one_log() {
    for_each_engine(async |store: Store| {
        let t = Test::new(store.clone()).await;
        let other = Test::new(store.clone()).await;
        let eva = t.person("eva@example.org").await;
        let mut tasks = Vec::new();
        for n in 0..4 {
            let services = if n % 2 == 0 { t.services.clone() } else { other.services.clone() };
            let eva = eva.clone();
            tasks.push(tokio::spawn(async move {
                let mut heads = Vec::new();
                for _ in 0..12 {
                    services.log_now(Act::of(&eva, Action::StepUp).refused()).await.unwrap();
                    heads.push(services.settle_log().await.unwrap());
                }
                heads
            }));
        }
        let mut heads = Vec::new();
        for task in tasks {
            heads.extend(task.await.unwrap());
        }
        heads.sort_by_key(|h| h.size);
        assert!(
            heads.windows(2).all(|w| w[0].size < w[1].size || w[0].root == w[1].root),
            "one head of each size"
        );
        let checked = t.services.check_log(None).await.unwrap();
        assert_eq!((checked.entries, checked.waiting), (50, 0));
        for head in heads {
            t.services.check_log(Some(&head.note)).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn more_entries_than_one_round_takes_are_all_numbered() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&keepwell_store::StoreConfig::sqlite(dir.path())).await.unwrap();
    let t = Test::new(store.clone()).await;
    let eva = t.person("eva@example.org").await;
    let mut tx = store.begin().await.unwrap();
    for _ in 0..2100 {
        t.services.log(&mut tx, Act::of(&eva, Action::SettingsChanged)).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(t.services.settle_log().await.unwrap().size, 2102);
    assert_eq!(t.services.check_log(None).await.unwrap().entries, 2102);
    let file = exported(&t).await;
    assert_eq!(export::verify(file.as_slice(), &Trust::default()).unwrap().head.size, 2102);
    let log = t.services.access_log_proven(&eva, &LogQuery::default()).await.unwrap();
    assert_eq!((log.view.total, log.proofs.len()), (2102, 50));
    assert!(log.proofs.iter().all(|p| p.path.len() * 32 <= 1024));
}

#[tokio::test]
async fn what_an_admin_did_stands_in_the_persons_log_and_what_the_server_did_in_nobodys() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&keepwell_store::StoreConfig::sqlite(dir.path())).await.unwrap();
    let t = Test::new(store).await;
    let (eva, admin) = (t.person("eva@example.org").await, t.person("admin@example.org").await);
    t.services.log_now(Act::of(&admin, Action::SessionsForced).about(eva.account())).await.unwrap();
    t.services.log_now(Act::of_instance(ActBy::Operator, Action::BackupMade)).await.unwrap();
    let log = t
        .services
        .access_log(&eva, &LogQuery { by: Some(ActBy::Admin), ..LogQuery::default() })
        .await
        .unwrap();
    assert_eq!(log.items.len(), 1);
    assert_eq!((log.items[0].code.as_str(), log.items[0].by), ("admin.sessions_ended", Some(ActBy::Admin)));
    assert!(!codes(&t, &admin).await.contains(&"admin.sessions_ended".to_owned()));
    for who in [&eva, &admin] {
        assert!(!codes(&t, who).await.contains(&"backup.made".to_owned()));
    }
}

#[tokio::test]
async fn bent_log_is_not_proved_whichever_way_it_was_bent() {
    let forgeries = [
        "UPDATE audit_entry SET outcome = 'refused' WHERE position = 2",
        "UPDATE audit_entry SET at = at + 1 WHERE position = 0",
        "UPDATE audit_entry SET times = -1 WHERE position = 1",
        "DELETE FROM audit_entry WHERE position = 1",
        "UPDATE audit_tree SET size = 1",
        "DELETE FROM audit_tile WHERE level = 0",
    ];
    for forgery in forgeries {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&keepwell_store::StoreConfig::sqlite(dir.path())).await.unwrap();
        let t = Test::new(store.clone()).await;
        let eva = t.person("eva@example.org").await;
        t.services.add_record(&eva, &note("x")).await.unwrap();
        let head = t.services.prove_log(None).await.unwrap().expect("a whole log is proved");
        assert_eq!(head.size, 3);
        for sql in ["DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete"] {
            run_sql(&store, sql).await.unwrap();
        }
        run_sql(&store, forgery).await.unwrap();
        assert_eq!(t.services.prove_log(None).await.unwrap(), None, "{forgery}");
    }
}

#[tokio::test]
async fn log_is_held_against_the_head_that_was_seen_before() {
    for_each_engine(async |store: Store| {
        let t = Test::new(store.clone()).await;
        let eva = t.person("eva@example.org").await;
        let first = t.services.prove_log(None).await.unwrap().unwrap();
        t.services.add_record(&eva, &note("x")).await.unwrap();
        let second = t.services.prove_log(Some(&first)).await.unwrap().unwrap();
        assert!(second.size > first.size);
        let mut other = first.clone();
        other.root[0] ^= 1;
        assert_eq!(t.services.prove_log(Some(&other)).await.unwrap(), None, "another beginning");
        let longer = keepwell_services::audit::Head { size: second.size + 1, ..second.clone() };
        assert_eq!(t.services.prove_log(Some(&longer)).await.unwrap(), None, "a log that was cut");
        // A head in the key store that nobody signed.
        run_key_sql(&store, "UPDATE audit_head SET note = 'keepwell'").await.unwrap();
        assert_eq!(t.services.prove_log(None).await.unwrap(), None, "an unsigned head");
    })
    .await;
}

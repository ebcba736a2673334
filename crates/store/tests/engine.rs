//! What must hold of both engines: one schema, safe concurrency, keys, audit, jobs.
#![allow(clippy::unwrap_used)]

use keepwell_domain::{
    ids::{AccountId, InstanceId, JobId, ProfileId},
    time::Ts,
};
use keepwell_store::{
    Constraint, Store, StoreConfig, StoreError, instance,
    job::{self, Job, JobState, NewJob, Progress},
    keys::{self, Erasure, ErasureKind, KeyState},
    profile,
    testing::{
        fingerprint, for_each_engine, fresh_postgres, insert_person, new_uuid, run_key_sql, schema_of, sealed,
    },
};
use std::collections::HashSet;

const NOW: Ts = Ts(1_800_000_000_000_000);

async fn enqueue(store: &Store, profile: Option<ProfileId>, max_attempts: i64) -> JobId {
    let id = JobId::new(new_uuid());
    let mut tx = store.begin().await.unwrap();
    let new = NewJob { id, kind: "import", profile_id: profile, subject_id: None, max_attempts, run_at: NOW };
    job::enqueue_job(&mut tx, &new, NOW).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// The engine itself refused, and for this reason.
fn refused_as(result: Result<(), StoreError>, reason: &str) {
    let error = result.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains(reason), "{cause}");
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Store::open(&StoreConfig::sqlite(folder.path())).await.unwrap();
    let here = schema_of(&sqlite).await;
    assert!(here.len() > 80, "{}", here.len());
    assert!(here.contains(&("document".into(), "parent_id".into(), true)));
    assert!(here.contains(&("data_key".into(), "state".into(), false)));
    if let Some(config) = fresh_postgres(folder.path()).await {
        let there = schema_of(&Store::open(&config).await.unwrap()).await;
        assert_eq!(here, there);
    }
}

#[tokio::test]
async fn store_can_be_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut configs = vec![StoreConfig::sqlite(folder.path().join("new/folder"))];
    configs.extend(fresh_postgres(folder.path()).await);
    for config in configs {
        let store = Store::open(&config).await.unwrap();
        let (account, profile) = insert_person(&store, NOW).await;
        store.close().await;
        assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
        let store = Store::open(&config).await.unwrap();
        store.ping().await.unwrap();
        store.checkpoint_truncate().await.unwrap();
        assert!(store.data_bytes().await.unwrap() > 0);
        assert!(store.engine_version().await.unwrap().contains("SQL"));
        assert_eq!(profile::get_profile(&store, account, profile).await.unwrap().id, profile);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn database_files_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("keepwell.db"), "").unwrap();
    std::fs::set_permissions(data.join("keepwell.db"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let store = Store::open(&StoreConfig::sqlite(&data)).await.unwrap();
    insert_person(&store, NOW).await;
    let mut seen = 0;
    for file in std::fs::read_dir(&data).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
        seen += 1;
    }
    assert!(seen >= 4, "databases and logs, but {seen}");
}

#[tokio::test]
async fn file_that_is_no_database_is_called_corrupt() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("keepwell.db"), vec![b'x'; 8192]).unwrap();
    let opened = Store::open(&StoreConfig::sqlite(folder.path())).await;
    assert!(matches!(opened, Err(StoreError::Corrupt(_))), "{:?}", opened.err());
}

#[tokio::test]
async fn instance_is_made_once() {
    for_each_engine(async |store| {
        assert!(instance::find_instance(&store).await.unwrap().is_none());
        let first = InstanceId::new(new_uuid());
        for id in [first, InstanceId::new(new_uuid())] {
            let mut tx = store.begin().await.unwrap();
            assert_eq!(instance::ensure_instance(&mut tx, id, NOW).await.unwrap().id, first);
            tx.commit().await.unwrap();
        }
        let mut tx = store.begin_keys().await.unwrap();
        keys::bind_instance(&mut tx, first, NOW).await.unwrap();
        keys::bind_instance(&mut tx, first, NOW).await.unwrap();
        let e = keys::bind_instance(&mut tx, InstanceId::new(new_uuid()), NOW).await.unwrap_err();
        assert!(matches!(e, StoreError::Refused(_)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn reads_followed_by_writes_from_many_tasks_all_succeed() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move {
                    for _ in 0..40 {
                        let mut tx = store.begin().await.unwrap();
                        profile::get_profile_for_job(&mut tx, profile).await.unwrap();
                        let change = profile::begin_change(&mut tx, profile).await.unwrap();
                        let read = profile::get_profile_for_job(&mut tx, profile).await.unwrap();
                        assert_eq!(read.version, change.version());
                        tx.commit().await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(profile::get_profile_for_job(&store, profile).await.unwrap().version, 321);
    })
    .await;
}

#[tokio::test]
async fn snapshot_sees_one_state_and_cannot_write() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        let mut snapshot = store.snapshot().await.unwrap();
        assert_eq!(profile::get_profile(&mut snapshot, account, profile).await.unwrap().version, 1);
        let mut tx = store.begin().await.unwrap();
        profile::begin_change(&mut tx, profile).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(profile::get_profile(&mut snapshot, account, profile).await.unwrap().version, 1);
        assert!(profile::begin_change(&mut snapshot, profile).await.is_err());
        snapshot.rollback().await.unwrap();
        assert_eq!(profile::get_profile(&store, account, profile).await.unwrap().version, 2);
    })
    .await;
}

#[tokio::test]
async fn transaction_that_is_dropped_never_happened() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        let mut tx = store.begin().await.unwrap();
        profile::begin_change(&mut tx, profile).await.unwrap();
        drop(tx);
        assert_eq!(profile::get_profile(&store, account, profile).await.unwrap().version, 1);
        let mut tx = store.begin().await.unwrap();
        assert_eq!(profile::begin_change(&mut tx, profile).await.unwrap().version(), 2);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn destroyed_key_is_never_minted_again() {
    for_each_engine(async |store| {
        let (minted, absent) = (ProfileId::new(new_uuid()), ProfileId::new(new_uuid()));
        let mut tx = store.begin_keys().await.unwrap();
        keys::insert_data_key(&mut tx, minted, &sealed("wrapped"), NOW).await.unwrap();
        tx.commit().await.unwrap();
        let key = keys::find_data_key(&store, minted).await.unwrap().unwrap();
        assert_eq!((key.state, key.wrapped), (KeyState::Active, Some(sealed("wrapped"))));
        assert_eq!(keys::list_data_keys(&store, None, 9).await.unwrap().len(), 1);
        assert!(keys::list_data_keys(&store, Some(minted), 9).await.unwrap().is_empty());

        let mut tx = store.begin_keys().await.unwrap();
        keys::rewrap_data_key(&mut tx, minted, &sealed("wrapped"), &sealed("anew")).await.unwrap();
        let stale = keys::rewrap_data_key(&mut tx, minted, &sealed("wrapped"), &sealed("x")).await;
        assert!(matches!(stale, Err(StoreError::NotFound)));
        for id in [minted, absent, minted] {
            keys::destroy_data_key(&mut tx, id, NOW).await.unwrap();
        }
        let late = keys::rewrap_data_key(&mut tx, minted, &sealed("anew"), &sealed("x")).await;
        assert!(matches!(late, Err(StoreError::NotFound)));
        tx.commit().await.unwrap();

        for id in [minted, absent] {
            let key = keys::find_data_key(&store, id).await.unwrap().unwrap();
            assert_eq!((key.state, key.wrapped, key.destroyed_at), (KeyState::Destroyed, None, Some(NOW)));
            let mut tx = store.begin_keys().await.unwrap();
            let e = keys::insert_data_key(&mut tx, id, &sealed("again"), NOW).await.unwrap_err();
            assert!(matches!(e, StoreError::Conflict { constraint: Constraint::Key }), "{e:?}");
        }
        let person = AccountId::new(new_uuid());
        let mut tx = store.begin_keys().await.unwrap();
        keys::insert_audit_key(&mut tx, person, &sealed("a"), NOW).await.unwrap();
        keys::destroy_audit_key(&mut tx, person, NOW).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(keys::find_audit_key(&store, person).await.unwrap().unwrap().state, KeyState::Destroyed);
        // Not even SQL that the store does not have brings one back.
        for sql in [
            "UPDATE data_key SET destroyed_at = 5",
            "UPDATE audit_key SET destroyed_at = 5",
            "DELETE FROM data_key",
            "DELETE FROM audit_key",
        ] {
            refused_as(run_key_sql(&store, sql).await, "destroyed");
        }
    })
    .await;
}

#[tokio::test]
async fn erasure_ledger_only_grows() {
    for_each_engine(async |store| {
        let entry = Erasure {
            id: new_uuid(),
            person_fp: fingerprint(1),
            at: NOW,
            kind: ErasureKind::Account,
            log_size: 7,
        };
        let mut tx = store.begin_keys().await.unwrap();
        keys::insert_erasure(&mut tx, &entry).await.unwrap();
        keys::insert_erasure(&mut tx, &entry).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(keys::list_erasures(&store, NOW).await.unwrap(), [entry]);
        assert!(keys::list_erasures(&store, NOW.plus_seconds(1)).await.unwrap().is_empty());
        refused_as(run_key_sql(&store, "DELETE FROM erasure_ledger").await, "append-only");
        refused_as(run_key_sql(&store, "UPDATE erasure_ledger SET at = 0").await, "append-only");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_workers_claim_each_job_once_and_one_per_profile() {
    for_each_engine(async |store| {
        let mut profiles = Vec::new();
        for _ in 0..3 {
            profiles.push(insert_person(&store, NOW).await.1);
        }
        let mut expected = HashSet::new();
        for n in 0..48 {
            expected.insert(enqueue(&store, (n % 4 != 0).then(|| profiles[n % 4 - 1]), 3).await);
        }
        let workers: Vec<_> = (0..6).map(|_| tokio::spawn(work(store.clone()))).collect();
        let mut done = Vec::new();
        for worker in workers {
            done.extend(worker.await.unwrap());
        }
        assert_eq!(done.len(), 48);
        assert_eq!(done.into_iter().collect::<HashSet<_>>(), expected);
    })
    .await;
}

/// Claims and finishes until nothing is left, looking that nobody else runs for the same profile.
async fn work(store: Store) -> Vec<JobId> {
    let owner = new_uuid();
    let mut done = Vec::new();
    while job::has_due_job(&store, NOW).await.unwrap() {
        let Some(job) = job::claim_job(&store, owner, NOW, NOW.plus_seconds(60)).await.unwrap() else {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            continue;
        };
        if let Some(profile) = job.profile_id {
            let open = job::list_open_jobs(&store, profile).await.unwrap();
            let running: Vec<&Job> = open.iter().filter(|j| j.state == JobState::Running).collect();
            assert_eq!(running.iter().map(|j| j.id).collect::<Vec<_>>(), [job.id]);
        }
        let mut tx = store.begin().await.unwrap();
        job::finish_job(&mut tx, job.id, owner, NOW).await.unwrap();
        tx.commit().await.unwrap();
        done.push(job.id);
    }
    done
}

#[tokio::test]
async fn worker_that_lost_its_lease_can_do_nothing_more() {
    for_each_engine(async |store| {
        let (_, profile) = insert_person(&store, NOW).await;
        let id = enqueue(&store, Some(profile), 2).await;
        let (slow, quick) = (new_uuid(), new_uuid());
        let lease = NOW.plus_seconds(30);
        assert_eq!(job::claim_job(&store, slow, NOW, lease).await.unwrap().unwrap().id, id);
        assert!(job::claim_job(&store, quick, NOW, lease).await.unwrap().is_none());

        let mut tx = store.begin().await.unwrap();
        let progress = Progress { done: 3, total: 9, phase: "reading" };
        job::heartbeat_job(&mut tx, id, slow, progress, NOW, NOW.plus_seconds(60)).await.unwrap();
        assert!(job::requeue_expired_jobs(&mut tx, NOW.plus_seconds(60)).await.unwrap().is_empty());
        let back = job::requeue_expired_jobs(&mut tx, NOW.plus_seconds(61)).await.unwrap();
        assert_eq!((back[0].id, back[0].state, back[0].progress_done), (id, JobState::Queued, 3));
        tx.commit().await.unwrap();

        let later = NOW.plus_seconds(70);
        let again = job::claim_job(&store, quick, later, NOW.plus_seconds(100)).await.unwrap().unwrap();
        assert_eq!((again.attempts, again.lease_owner), (2, Some(quick)));
        let lost = |r: Result<(), StoreError>| {
            assert!(matches!(r, Err(StoreError::Conflict { constraint: Constraint::Lease })), "{r:?}");
        };
        let mut tx = store.begin().await.unwrap();
        lost(job::heartbeat_job(&mut tx, id, slow, progress, later, later).await);
        lost(job::finish_job(&mut tx, id, slow, later).await);
        lost(job::fail_job(&mut tx, id, slow, "x", None, later).await.map(drop));
        let dead = job::requeue_expired_jobs(&mut tx, NOW.plus_seconds(200)).await.unwrap();
        assert_eq!((dead[0].state, dead[0].error_code.as_deref()), (JobState::Dead, Some("lease_expired")));
        tx.commit().await.unwrap();
        assert_eq!(job::list_dead_jobs(&store, 9).await.unwrap().len(), 1);
        assert_eq!(job::get_job(&store, profile, id).await.unwrap().state, JobState::Dead);
    })
    .await;
}

#[tokio::test]
async fn failing_job_waits_tries_again_and_is_laid_aside() {
    for_each_engine(async |store| {
        let id = enqueue(&store, None, 2).await;
        let me = new_uuid();
        let fail = async |now: Ts, retry: Option<Ts>| {
            job::claim_job(&store, me, now, now.plus_seconds(9)).await.unwrap().unwrap();
            let mut tx = store.begin().await.unwrap();
            let state = job::fail_job(&mut tx, id, me, "parser_crashed", retry, now).await.unwrap();
            tx.commit().await.unwrap();
            state
        };
        let retry = NOW.plus_seconds(job::backoff_seconds(1));
        assert_eq!(fail(NOW, Some(retry)).await, JobState::Queued);
        assert!(!job::has_due_job(&store, NOW).await.unwrap());
        assert!(job::claim_job(&store, me, NOW, retry).await.unwrap().is_none());
        assert_eq!(fail(retry, Some(retry)).await, JobState::Dead);
        let dead = job::list_dead_jobs(&store, 9).await.unwrap();
        assert_eq!((dead[0].attempts, dead[0].error_code.as_deref()), (2, Some("parser_crashed")));

        let hopeless = enqueue(&store, None, 5).await;
        job::claim_job(&store, me, NOW, retry).await.unwrap().unwrap();
        let mut tx = store.begin().await.unwrap();
        assert_eq!(job::fail_job(&mut tx, hopeless, me, "x", None, NOW).await.unwrap(), JobState::Dead);
        assert_eq!(job::delete_done_jobs(&mut tx, NOW.plus_seconds(1)).await.unwrap(), 0);
        tx.commit().await.unwrap();
    })
    .await;
}

#[test]
fn waiting_grows_and_has_a_ceiling() {
    let waits: Vec<_> = [0, 1, 2, 3, 11, 12, 1000].into_iter().map(job::backoff_seconds).collect();
    assert_eq!(waits, [2, 2, 4, 8, 2048, 2048, 2048]);
}

//! Secrets of the installation, and leases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_domain::time::Ts;
use keepwell_store::{
    secret::{Secret, delete_lease, find_secret, put_secret, take_lease},
    testing::{for_each_engine, new_uuid, sealed},
};

#[tokio::test]
async fn secret_is_replaced_by_its_next_version_only() {
    for_each_engine(async |store| {
        let secret = |version, text: &str| Secret { version, sealed: sealed(text), changed_at: Ts(version) };
        assert_eq!(find_secret(&store, "a").await.unwrap(), None);
        for (version, text, taken) in
            [(1, "one", true), (1, "late", false), (3, "early", false), (2, "two", true), (2, "again", false)]
        {
            let mut tx = store.begin().await.unwrap();
            assert_eq!(put_secret(&mut tx, "a", &secret(version, text)).await.unwrap(), taken, "{text}");
            tx.commit().await.unwrap();
        }
        assert_eq!(find_secret(&store, "a").await.unwrap(), Some(secret(2, "two")));
        assert_eq!(find_secret(&store, "b").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn lease_is_held_by_one_until_it_ends() {
    for_each_engine(async |store| {
        let (one, two) = (new_uuid(), new_uuid());
        let mut tx = store.begin().await.unwrap();
        for (owner, until, now, taken) in [
            (one, 10, 0, true),
            (two, 15, 9, false),
            (one, 12, 9, true),
            (two, 15, 11, false),
            (two, 20, 12, true),
        ] {
            assert_eq!(take_lease(&mut tx, "a", owner, Ts(until), Ts(now)).await.unwrap(), taken, "{now}");
        }
        delete_lease(&mut tx, "a", one).await.unwrap();
        assert!(!take_lease(&mut tx, "a", one, Ts(20), Ts(13)).await.unwrap(), "not theirs to give back");
        delete_lease(&mut tx, "a", two).await.unwrap();
        assert!(take_lease(&mut tx, "a", one, Ts(20), Ts(13)).await.unwrap());
        tx.commit().await.unwrap();
    })
    .await;
}

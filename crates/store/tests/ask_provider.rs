//! Own providers of models, and consents, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![forbid(unsafe_code)]

use keepwell_domain::time::Ts;
use keepwell_store::{
    ask_provider::{
        Consent, delete_consent, delete_provider, find_consent, find_provider, put_consent, put_provider,
    },
    erase,
    testing::{fingerprint, for_each_engine, insert_person, sealed},
};

#[tokio::test]
async fn a_provider_and_a_consent_are_their_owners_alone_and_go_with_them() {
    for_each_engine(async |store| {
        let (a, profile) = insert_person(&store, Ts(1)).await;
        let (b, _) = insert_person(&store, Ts(1)).await;
        let mut tx = store.begin().await.unwrap();
        put_provider(&mut tx, a, &sealed("one"), Ts(1)).await.unwrap();
        put_provider(&mut tx, a, &sealed("two"), Ts(2)).await.unwrap();
        let consent = Consent { provider_fp: fingerprint(7), given_at: Ts(3) };
        assert!(!put_consent(&mut tx, b, profile, &consent).await.unwrap());
        assert!(put_consent(&mut tx, a, profile, &consent).await.unwrap());
        let newer = Consent { provider_fp: fingerprint(8), given_at: Ts(4) };
        assert!(put_consent(&mut tx, a, profile, &newer).await.unwrap());
        tx.commit().await.unwrap();
        let kept = find_provider(&store, a).await.unwrap().unwrap();
        assert_eq!(kept.as_bytes(), sealed("two").as_bytes());
        assert!(find_provider(&store, b).await.unwrap().is_none());
        assert_eq!(find_consent(&store, a, profile).await.unwrap(), Some(newer.clone()));
        assert_eq!(find_consent(&store, b, profile).await.unwrap(), None);
        let mut tx = store.begin().await.unwrap();
        assert!(!delete_consent(&mut tx, b, profile).await.unwrap());
        assert!(delete_consent(&mut tx, a, profile).await.unwrap());
        assert!(!delete_provider(&mut tx, b).await.unwrap());
        assert!(delete_provider(&mut tx, a).await.unwrap());
        put_provider(&mut tx, a, &sealed("three"), Ts(5)).await.unwrap();
        assert!(put_consent(&mut tx, a, profile, &newer).await.unwrap());
        tx.commit().await.unwrap();
        erase::delete_account_rows(&store, a, Ts(6)).await.unwrap();
        assert!(find_provider(&store, a).await.unwrap().is_none());
        assert_eq!(find_consent(&store, a, profile).await.unwrap(), None);
    })
    .await;
}

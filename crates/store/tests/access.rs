//! Personal access tokens and the end of single profiles, on both engines.
#![allow(clippy::unwrap_used)]

use keepwell_domain::{
    ids::{AccessTokenId, AccountId, ProfileId},
    scope::Scopes,
    time::Ts,
};
use keepwell_store::{
    Store, StoreError,
    access::{self, NewAccessToken},
    account::{self, AccountState},
    erase,
    profile::{self, NewProfile, Relation},
    session::TokenHash,
    testing::{for_each_engine, insert_person, new_uuid, sealed},
};

const NOW: Ts = Ts(1_800_000_000_000_000);

async fn make(store: &Store, account: AccountId, profile: Option<ProfileId>, n: u8) -> AccessTokenId {
    let id = AccessTokenId::new(new_uuid());
    let name = sealed("name");
    let new = NewAccessToken {
        id,
        account_id: account,
        profile_id: profile,
        token_hash: TokenHash([n; 32]),
        name_sealed: &name,
        scopes: Scopes::parse("records:read export").unwrap(),
        expires_at: NOW.plus_seconds(7 * 86_400),
    };
    let mut tx = store.begin().await.unwrap();
    access::insert_token(&mut tx, &new, NOW).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn find(store: &Store, n: u8, at: Ts) -> Option<access::LiveToken> {
    access::find_live_token(store, TokenHash([n; 32]), at).await.unwrap()
}

async fn second_profile(store: &Store, account: AccountId, is_demo: bool) -> ProfileId {
    let id = ProfileId::new(new_uuid());
    let mut tx = store.begin().await.unwrap();
    let new = NewProfile {
        id,
        account_id: account,
        name_sealed: &sealed("child"),
        relation: Relation::Child,
        is_demo,
    };
    profile::insert_profile(&mut tx, &new, NOW).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn live_token_tells_all_that_a_request_needs() {
    for_each_engine(async |store| {
        let (account, own) = insert_person(&store, NOW).await;
        let child = second_profile(&store, account, false).await;
        let (all, one) = (make(&store, account, None, 1).await, make(&store, account, Some(child), 2).await);
        let t = find(&store, 1, NOW).await.unwrap();
        assert_eq!((t.id, t.account_id, t.profile_id, t.bound_to), (all, account, own, None));
        assert_eq!((t.scopes.to_string().as_str(), t.last_used_at), ("records:read export", None));
        let t = find(&store, 2, NOW).await.unwrap();
        assert_eq!((t.id, t.profile_id, t.bound_to), (one, child, Some(child)));
        assert!(find(&store, 3, NOW).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn token_for_all_profiles_reaches_a_person_before_the_demo() {
    for_each_engine(async |store| {
        let (account, own) = insert_person(&store, NOW).await;
        let demo = second_profile(&store, account, true).await;
        let second = second_profile(&store, account, false).await;
        make(&store, account, None, 1).await;
        assert_eq!(find(&store, 1, NOW).await.unwrap().profile_id, own);
        erase::delete_profile_rows(&store, account, own, NOW).await.unwrap();
        assert_eq!(find(&store, 1, NOW).await.unwrap().profile_id, second);
        erase::delete_profile_rows(&store, account, second, NOW).await.unwrap();
        assert_eq!(find(&store, 1, NOW).await.unwrap().profile_id, demo);
    })
    .await;
}

#[tokio::test]
async fn token_ends_by_its_time_by_generation_by_locking_and_with_its_profile() {
    for_each_engine(async |store| {
        let (account, _) = insert_person(&store, NOW).await;
        let child = second_profile(&store, account, false).await;
        make(&store, account, None, 1).await;
        make(&store, account, Some(child), 2).await;
        let last = NOW.plus_seconds(7 * 86_400 - 1);
        assert!(find(&store, 1, last).await.is_some());
        assert!(find(&store, 1, last.plus_seconds(1)).await.is_none());

        erase::delete_profile_rows(&store, account, child, NOW).await.unwrap();
        assert!(find(&store, 2, NOW).await.is_none());
        assert_eq!(access::count_tokens(&store, account).await.unwrap(), 1);

        let mut tx = store.begin().await.unwrap();
        account::update_account_state(&mut tx, account, AccountState::Locked, NOW).await.unwrap();
        tx.commit().await.unwrap();
        assert!(find(&store, 1, NOW).await.is_none());
        let mut tx = store.begin().await.unwrap();
        account::update_account_state(&mut tx, account, AccountState::Active, NOW).await.unwrap();
        account::bump_generation(&mut tx, account, NOW).await.unwrap();
        tx.commit().await.unwrap();
        assert!(find(&store, 1, NOW).await.is_none());
        assert!(access::list_tokens(&store, account).await.unwrap().is_empty());
        let mut tx = store.begin().await.unwrap();
        assert_eq!(access::delete_dead_tokens(&mut tx, NOW).await.unwrap(), 1);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn token_of_a_foreign_profile_cannot_be_made_nor_anothers_be_removed() {
    for_each_engine(async |store| {
        let (account, _) = insert_person(&store, NOW).await;
        let (stranger, foreign) = insert_person(&store, NOW).await;
        let name = sealed("n");
        let new = NewAccessToken {
            id: AccessTokenId::new(new_uuid()),
            account_id: account,
            profile_id: Some(foreign),
            token_hash: TokenHash([9; 32]),
            name_sealed: &name,
            scopes: Scopes::parse("export").unwrap(),
            expires_at: NOW.plus_seconds(1),
        };
        let mut tx = store.begin().await.unwrap();
        let e = access::insert_token(&mut tx, &new, NOW).await.unwrap_err();
        assert!(matches!(e, StoreError::NotFound), "{e:?}");
        drop(tx);

        let id = make(&store, account, None, 1).await;
        let mut tx = store.begin().await.unwrap();
        let e = access::delete_token(&mut tx, stranger, id).await.unwrap_err();
        assert!(matches!(e, StoreError::NotFound), "{e:?}");
        access::delete_token(&mut tx, account, id).await.unwrap();
        tx.commit().await.unwrap();
        assert!(find(&store, 1, NOW).await.is_none());
        erase::delete_account_rows(&store, account, NOW).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn last_use_is_noted_at_most_once_a_minute() {
    for_each_engine(async |store| {
        let (account, _) = insert_person(&store, NOW).await;
        let id = make(&store, account, None, 1).await;
        let used = async || find(&store, 1, NOW).await.unwrap().last_used_at;
        access::touch_token(&store, id, None, NOW).await.unwrap();
        assert_eq!(used().await, Some(NOW));
        access::touch_token(&store, id, Some(NOW), NOW.plus_seconds(59)).await.unwrap();
        assert_eq!(used().await, Some(NOW));
        // Another request noted it in between: what is there is no minute old.
        access::touch_token(&store, id, None, NOW.plus_seconds(59)).await.unwrap();
        assert_eq!(used().await, Some(NOW));
        access::touch_token(&store, id, Some(NOW), NOW.plus_seconds(60)).await.unwrap();
        assert_eq!(used().await, Some(NOW.plus_seconds(60)));
    })
    .await;
}

#[tokio::test]
async fn account_with_tokens_can_be_erased() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        make(&store, account, None, 1).await;
        make(&store, account, Some(profile), 2).await;
        erase::delete_account_rows(&store, account, NOW).await.unwrap();
        assert_eq!(access::count_tokens(&store, account).await.unwrap(), 0);
    })
    .await;
}

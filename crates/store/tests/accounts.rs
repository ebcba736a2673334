//! Accounts, profiles and sessions on both engines.
#![allow(clippy::unwrap_used)]

use keepwell_domain::{
    ids::{AccountId, ProfileId},
    time::Ts,
};
use keepwell_store::{
    Constraint, Store, StoreError,
    account::{self, AccountState, NewAccount, Role},
    profile::{self, NewProfile, Relation},
    session::{self, NewSession, TokenHash},
    testing::{fingerprint, for_each_engine, insert_person, new_uuid, sealed},
};

const NOW: Ts = Ts(1_800_000_000_000_000);

fn token(n: u8) -> TokenHash {
    TokenHash([n; 32])
}

async fn sign_in(store: &Store, account: AccountId, profile: ProfileId, n: u8, at: Ts) {
    let generation = account::get_account(store, account).await.unwrap().generation;
    let mut tx = store.begin().await.unwrap();
    let device = sealed("browser");
    let new = NewSession {
        token_hash: token(n),
        account_id: account,
        generation,
        profile_id: profile,
        device_sealed: &device,
        idle_seconds: 3600,
        absolute_expires_at: at.plus_seconds(86_400),
        proved_at: at,
    };
    session::insert_session(&mut tx, &new, at).await.unwrap();
    tx.commit().await.unwrap();
}

async fn is_live(store: &Store, n: u8, at: Ts) -> bool {
    session::find_live_session(store, token(n), at).await.unwrap().is_some()
}

#[tokio::test]
async fn address_can_have_one_account_only() {
    for_each_engine(async |store| {
        let phc = "$argon2id$x";
        let email = sealed("e");
        let new = |n| NewAccount {
            id: AccountId::new(new_uuid()),
            email_fp: fingerprint(n),
            email_sealed: &email,
            password_phc: phc,
            role: Role::Admin,
            lang: "de",
        };
        let mut tx = store.begin().await.unwrap();
        let first = new(1);
        account::insert_account(&mut tx, &first, NOW).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = store.begin().await.unwrap();
        let e = account::insert_account(&mut tx, &new(1), NOW).await.unwrap_err();
        assert!(matches!(e, StoreError::Conflict { constraint: Constraint::AccountEmail }), "{e:?}");
        drop(tx);

        let found = account::find_account_by_email(&store, fingerprint(1)).await.unwrap().unwrap();
        assert_eq!(
            (found.id, found.role, found.lang.as_str(), found.generation),
            (first.id, Role::Admin, "de", 1)
        );
        assert!(account::find_account_by_email(&store, fingerprint(2)).await.unwrap().is_none());
        assert_eq!(account::count_accounts(&store).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn live_session_tells_all_that_a_request_needs() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        sign_in(&store, account, profile, 1, NOW).await;
        let live = session::find_live_session(&store, token(1), NOW.plus_seconds(1)).await.unwrap().unwrap();
        assert_eq!((live.account_id, live.profile_id), (account, profile));
        assert_eq!((live.role, live.lang.as_str(), live.is_demo), (Role::Member, "en", false));
        assert_eq!((live.generation, live.profile_version), (1, 1));
        assert_eq!((live.created_at, live.last_seen_at, live.idle_seconds), (NOW, NOW, 3600));
        assert!(!is_live(&store, 2, NOW).await);
        assert_eq!(session::list_sessions(&store, account, NOW).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn session_ends_by_idleness_by_age_and_by_locking() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        sign_in(&store, account, profile, 1, NOW).await;
        assert!(is_live(&store, 1, NOW.plus_seconds(3599)).await);
        assert!(!is_live(&store, 1, NOW.plus_seconds(3600)).await);
        for minutes in (30..24 * 60).step_by(30) {
            let at = NOW.plus_seconds(minutes * 60);
            let live = session::find_live_session(&store, token(1), at).await.unwrap().unwrap();
            session::touch_session(&store, token(1), live.last_seen_at, at).await.unwrap();
        }
        assert!(is_live(&store, 1, NOW.plus_seconds(86_399)).await);
        assert!(!is_live(&store, 1, NOW.plus_seconds(86_400)).await);

        let mut tx = store.begin().await.unwrap();
        account::update_account_state(&mut tx, account, AccountState::Locked, NOW).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!is_live(&store, 1, NOW.plus_seconds(86_000)).await);
    })
    .await;
}

#[tokio::test]
async fn session_is_touched_at_most_once_a_minute() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        sign_in(&store, account, profile, 1, NOW).await;
        let seen = async |at: Ts| {
            session::find_live_session(&store, token(1), at).await.unwrap().unwrap().last_seen_at
        };
        session::touch_session(&store, token(1), NOW, NOW.plus_seconds(59)).await.unwrap();
        assert_eq!(seen(NOW).await, NOW);
        session::touch_session(&store, token(1), NOW, NOW.plus_seconds(60)).await.unwrap();
        assert_eq!(seen(NOW).await, NOW.plus_seconds(60));
        // A second request that had read the old time does not write again.
        session::touch_session(&store, token(1), NOW, NOW.plus_seconds(90)).await.unwrap();
        assert_eq!(seen(NOW).await, NOW.plus_seconds(60));
    })
    .await;
}

#[tokio::test]
async fn ended_session_cannot_be_revived() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        sign_in(&store, account, profile, 1, NOW).await;
        let later = NOW.plus_seconds(600);
        let mut tx = store.begin().await.unwrap();
        session::end_session(&mut tx, account, token(1), later).await.unwrap();
        tx.commit().await.unwrap();

        // The slow request that began before the end.
        session::touch_session(&store, token(1), NOW, later).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let e =
            session::update_session_profile(&mut tx, token(1), account, profile, later).await.unwrap_err();
        assert!(matches!(e, StoreError::NotFound));
        session::end_session(&mut tx, account, token(1), later).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!is_live(&store, 1, later).await);

        let mut tx = store.begin().await.unwrap();
        assert_eq!(session::delete_expired_sessions(&mut tx, later).await.unwrap(), 1);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn new_generation_ends_every_session() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        let (other, others) = insert_person(&store, NOW).await;
        sign_in(&store, account, profile, 1, NOW).await;
        sign_in(&store, account, profile, 2, NOW).await;
        sign_in(&store, other, others, 3, NOW).await;
        let mut tx = store.begin().await.unwrap();
        assert_eq!(account::bump_generation(&mut tx, account, NOW).await.unwrap(), 2);
        tx.commit().await.unwrap();
        let at = NOW.plus_seconds(120);
        session::touch_session(&store, token(1), NOW, at).await.unwrap();
        assert!(!is_live(&store, 1, at).await && !is_live(&store, 2, at).await);
        assert!(is_live(&store, 3, at).await);
        sign_in(&store, account, profile, 4, at).await;
        assert!(is_live(&store, 4, at).await);
    })
    .await;
}

#[tokio::test]
async fn all_sessions_but_one_can_be_ended() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        for n in 1..=4 {
            sign_in(&store, account, profile, n, NOW).await;
        }
        let mut tx = store.begin().await.unwrap();
        assert_eq!(session::end_sessions_of(&mut tx, account, Some(token(2)), NOW).await.unwrap(), 3);
        tx.commit().await.unwrap();
        assert!(is_live(&store, 2, NOW).await && !is_live(&store, 1, NOW).await);
        let mut tx = store.begin().await.unwrap();
        assert_eq!(session::end_sessions_of(&mut tx, account, None, NOW).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert!(!is_live(&store, 2, NOW).await);
    })
    .await;
}

#[tokio::test]
async fn stranger_reaches_no_profile_and_no_session() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        let (stranger, strangers) = insert_person(&store, NOW).await;
        sign_in(&store, account, profile, 1, NOW).await;
        let not_found = |r: Result<(), StoreError>| assert!(matches!(r, Err(StoreError::NotFound)), "{r:?}");

        not_found(profile::get_profile(&store, stranger, profile).await.map(drop));
        assert_eq!(profile::list_profiles(&store, stranger).await.unwrap()[0].id, strangers);
        let mut tx = store.begin().await.unwrap();
        let x = sealed("x");
        not_found(profile::update_profile(&mut tx, stranger, profile, &x, Relation::Other).await);
        not_found(profile::update_settings(&mut tx, stranger, profile, &x).await);
        not_found(profile::mark_profile_deleting(&mut tx, stranger, profile).await);
        not_found(session::end_session(&mut tx, stranger, token(1), NOW).await);
        not_found(session::update_session_profile(&mut tx, token(1), account, strangers, NOW).await);
        not_found(session::update_session_profile(&mut tx, token(1), stranger, strangers, NOW).await);
        let forged = NewSession {
            token_hash: token(9),
            account_id: stranger,
            generation: 1,
            profile_id: profile,
            device_sealed: &x,
            idle_seconds: 60,
            absolute_expires_at: NOW.plus_seconds(60),
            proved_at: NOW,
        };
        not_found(session::insert_session(&mut tx, &forged, NOW).await);
        // Somebody whose password was being looked at when it was changed.
        let late = NewSession { account_id: account, generation: 2, ..forged };
        not_found(session::insert_session(&mut tx, &late, NOW).await);
        tx.commit().await.unwrap();
        assert!(session::list_sessions(&store, stranger, NOW).await.unwrap().is_empty());
        assert!(is_live(&store, 1, NOW).await);
    })
    .await;
}

#[tokio::test]
async fn session_can_show_another_profile_of_the_account() {
    for_each_engine(async |store| {
        let (account, profile) = insert_person(&store, NOW).await;
        sign_in(&store, account, profile, 1, NOW).await;
        let demo = ProfileId::new(new_uuid());
        let mut tx = store.begin().await.unwrap();
        let name = sealed("demo");
        let new = NewProfile {
            id: demo,
            account_id: account,
            name_sealed: &name,
            relation: Relation::Other,
            is_demo: true,
        };
        profile::insert_profile(&mut tx, &new, NOW).await.unwrap();
        session::update_session_profile(&mut tx, token(1), account, demo, NOW).await.unwrap();
        profile::update_settings(&mut tx, account, demo, &sealed("settings")).await.unwrap();
        tx.commit().await.unwrap();
        let live = session::find_live_session(&store, token(1), NOW).await.unwrap().unwrap();
        assert_eq!((live.profile_id, live.is_demo, live.profile_version), (demo, true, 2));
        let read = profile::get_profile(&store, account, demo).await.unwrap();
        assert_eq!(read.settings_sealed, Some(sealed("settings")));
        assert_eq!(profile::list_profiles(&store, account).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn account_under_erasure_stays_so() {
    for_each_engine(async |store| {
        let (account, _) = insert_person(&store, NOW).await;
        let mut tx = store.begin().await.unwrap();
        account::update_account_state(&mut tx, account, AccountState::Deleting, NOW).await.unwrap();
        let e = account::update_account_state(&mut tx, account, AccountState::Active, NOW).await.unwrap_err();
        assert!(matches!(e, StoreError::NotFound));
        account::update_password(&mut tx, account, "$new", NOW).await.unwrap();
        for role in [Role::Support, Role::Auditor, Role::Member, Role::Admin] {
            account::update_role(&mut tx, account, role, NOW).await.unwrap();
            assert_eq!(account::get_account(&mut tx, account).await.unwrap().role, role);
        }
        account::update_lang(&mut tx, account, "de", NOW).await.unwrap();
        tx.commit().await.unwrap();
        let deleting = account::list_accounts_deleting(&store).await.unwrap();
        assert_eq!(deleting.len(), 1);
        assert_eq!((deleting[0].password_phc.as_str(), deleting[0].role), ("$new", Role::Admin));
    })
    .await;
}

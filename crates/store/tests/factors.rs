//! Second factors on both engines: what is used up is used up, also by two at once.
#![allow(clippy::unwrap_used)]

use keepwell_domain::{
    ids::{AccountId, PasskeyId},
    time::Ts,
};
use keepwell_store::{
    Store, account,
    ceremony::{self, CeremonyKind, NewCeremony},
    factor, passkey,
    session::TokenHash,
    testing::{fingerprint, for_each_engine, insert_person, new_uuid, sealed},
};

const NOW: Ts = Ts(1_800_000_000_000_000);

async fn app(store: &Store, account: AccountId) {
    let mut tx = store.begin().await.unwrap();
    assert!(factor::put_pending_totp(&mut tx, account, &sealed("a"), NOW).await.unwrap());
    assert!(factor::confirm_totp(&mut tx, account, NOW, 10, NOW).await.unwrap());
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn step_is_used_once_and_none_before_it_any_more() {
    for_each_engine(async |store| {
        let (eva, _) = insert_person(&store, NOW).await;
        let (bob, _) = insert_person(&store, NOW).await;
        app(&store, eva).await;
        let take = async |who, step| {
            let mut tx = store.begin().await.unwrap();
            let taken = factor::take_step(&mut tx, who, step).await.unwrap();
            tx.commit().await.unwrap();
            taken
        };
        assert!(!take(eva, 10).await, "the one that confirmed it");
        let (a, b) = tokio::join!(take(eva, 12), take(eva, 12));
        assert!(a ^ b);
        assert!(!take(eva, 11).await && take(eva, 13).await);
        assert!(!take(bob, 99).await, "there is no app");
        assert!(factor::has_any(&store, eva).await.unwrap() && !factor::has_any(&store, bob).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn secret_in_force_is_not_replaced_and_an_old_one_not_confirmed() {
    for_each_engine(async |store| {
        let (eva, _) = insert_person(&store, NOW).await;
        let later = NOW.plus_seconds(5);
        let mut tx = store.begin().await.unwrap();
        assert!(factor::put_pending_totp(&mut tx, eva, &sealed("a"), NOW).await.unwrap());
        assert!(!factor::has_any(&mut tx, eva).await.unwrap());
        assert!(!factor::take_step(&mut tx, eva, 9).await.unwrap(), "not in force yet");
        assert!(factor::put_pending_totp(&mut tx, eva, &sealed("b"), later).await.unwrap());
        assert!(!factor::confirm_totp(&mut tx, eva, NOW, 9, later).await.unwrap());
        assert!(factor::confirm_totp(&mut tx, eva, later, 9, later).await.unwrap());
        assert!(!factor::put_pending_totp(&mut tx, eva, &sealed("c"), later).await.unwrap());
        assert!(factor::delete_totp(&mut tx, eva).await.unwrap());
        assert!(!factor::delete_totp(&mut tx, eva).await.unwrap());
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn recovery_code_is_used_once_by_its_owner_and_dies_with_new_ones() {
    for_each_engine(async |store| {
        let (eva, _) = insert_person(&store, NOW).await;
        let (bob, _) = insert_person(&store, NOW).await;
        let mut tx = store.begin().await.unwrap();
        factor::replace_codes(&mut tx, eva, &[fingerprint(1), fingerprint(2)], NOW).await.unwrap();
        tx.commit().await.unwrap();
        let take = async |who, n| {
            let mut tx = store.begin().await.unwrap();
            let taken = factor::take_code(&mut tx, who, fingerprint(n), NOW).await.unwrap();
            tx.commit().await.unwrap();
            taken
        };
        assert!(!take(bob, 1).await);
        let (a, b) = tokio::join!(take(eva, 1), take(eva, 1));
        assert!(a ^ b);
        assert_eq!(factor::count_codes(&store, eva).await.unwrap(), 1);
        let mut tx = store.begin().await.unwrap();
        factor::replace_codes(&mut tx, eva, &[fingerprint(3)], NOW).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!take(eva, 2).await && take(eva, 3).await);
    })
    .await;
}

#[tokio::test]
async fn passkey_belongs_to_one_account_and_strangers_cannot_touch_it() {
    for_each_engine(async |store| {
        let (eva, _) = insert_person(&store, NOW).await;
        let (bob, _) = insert_person(&store, NOW).await;
        let id = PasskeyId::new(new_uuid());
        let mut tx = store.begin().await.unwrap();
        passkey::insert_passkey(&mut tx, id, eva, fingerprint(1), &sealed("k"), NOW).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let other = PasskeyId::new(new_uuid());
        let twice = passkey::insert_passkey(&mut tx, other, bob, fingerprint(1), &sealed("k"), NOW).await;
        assert!(twice.is_err());
        drop(tx);
        let mut tx = store.begin().await.unwrap();
        let update = async |tx: &mut keepwell_store::Tx, whose, before, after, used| {
            passkey::update_passkey(tx, (whose, id), &sealed(before), &sealed(after), used).await.unwrap()
        };
        assert!(!update(&mut tx, bob, "k", "x", Some(NOW)).await);
        assert!(passkey::delete_passkey(&mut tx, bob, id).await.is_err());
        assert!(update(&mut tx, eva, "k", "x", Some(NOW)).await);
        assert!(!update(&mut tx, eva, "k", "z", Some(NOW)).await, "it is no longer as it was read");
        assert!(update(&mut tx, eva, "x", "y", None).await);
        tx.commit().await.unwrap();
        let found = passkey::find_by_credential(&store, fingerprint(1)).await.unwrap().unwrap();
        assert_eq!((found.account_id, found.last_used_at), (eva, Some(NOW)), "a new name is no use");
        assert_eq!(passkey::count_passkeys(&store, eva).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_added_since_a_time_goes_and_what_was_there_before_stays() {
    for_each_engine(async |store| {
        let (eva, _) = insert_person(&store, NOW).await;
        let (bob, _) = insert_person(&store, NOW).await;
        let (before, since, after) = (NOW, NOW.plus_seconds(10), NOW.plus_seconds(20));
        let [old, new, his] = [(); 3].map(|()| PasskeyId::new(new_uuid()));
        let mut tx = store.begin().await.unwrap();
        for (n, (whose, id, at)) in
            [(eva, old, before), (eva, new, since), (bob, his, after)].into_iter().enumerate()
        {
            let credential = fingerprint(u64::try_from(n).unwrap());
            passkey::insert_passkey(&mut tx, id, whose, credential, &sealed("k"), at).await.unwrap();
        }
        factor::put_pending_totp(&mut tx, eva, &sealed("s"), before).await.unwrap();
        assert!(!factor::delete_totp_since(&mut tx, eva, before).await.unwrap(), "it is not in force");
        factor::confirm_totp(&mut tx, eva, before, 1, since).await.unwrap();
        factor::replace_codes(&mut tx, eva, &[fingerprint(1), fingerprint(2)], since).await.unwrap();
        factor::take_code(&mut tx, eva, fingerprint(1), after).await.unwrap();
        factor::replace_codes(&mut tx, bob, &[fingerprint(1)], after).await.unwrap();
        assert!(!factor::delete_totp_since(&mut tx, eva, after).await.unwrap());
        assert_eq!(factor::delete_codes_since(&mut tx, eva, after).await.unwrap(), 0);
        assert!(passkey::delete_passkeys_since(&mut tx, eva, after).await.unwrap().is_empty());
        assert!(factor::delete_totp_since(&mut tx, eva, since).await.unwrap());
        assert_eq!(factor::delete_codes_since(&mut tx, eva, since).await.unwrap(), 1, "one was used");
        assert_eq!(passkey::delete_passkeys_since(&mut tx, eva, since).await.unwrap(), [new]);
        tx.commit().await.unwrap();
        assert_eq!(passkey::list_passkeys(&store, eva).await.unwrap()[0].id, old);
        assert_eq!(passkey::count_passkeys(&store, bob).await.unwrap(), 1);
        assert_eq!(factor::count_codes(&store, bob).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn ceremony_ends_once_in_time_and_within_its_generation() {
    for_each_engine(async |store| {
        let (eva, _) = insert_person(&store, NOW).await;
        let begin = async |n: u8, account| {
            let new = NewCeremony {
                token_hash: TokenHash([n; 32]),
                account_id: account,
                kind: CeremonyKind::SignIn,
                generation: 1,
                keep: true,
                sealed: None,
                expires_at: NOW.plus_seconds(600),
            };
            let mut tx = store.begin().await.unwrap();
            ceremony::insert_ceremony(&mut tx, &new, NOW).await.unwrap();
            tx.commit().await.unwrap();
        };
        let find = async |n: u8, kind, at| {
            ceremony::find_ceremony(&store, TokenHash([n; 32]), kind, at).await.unwrap().is_some()
        };
        let take = async |n: u8| {
            let mut tx = store.begin().await.unwrap();
            let token = TokenHash([n; 32]);
            let taken = ceremony::take_ceremony(&mut tx, token, CeremonyKind::SignIn, NOW).await.unwrap();
            tx.commit().await.unwrap();
            taken
        };
        for n in 1..=4 {
            begin(n, Some(eva)).await;
        }
        begin(5, None).await;
        assert!(find(1, CeremonyKind::SignIn, NOW).await);
        assert!(!find(1, CeremonyKind::Prove, NOW).await);
        assert!(!find(1, CeremonyKind::SignIn, NOW.plus_seconds(600)).await);
        let (a, b) = tokio::join!(take(1), take(1));
        assert!(a ^ b);
        for _ in 0..ceremony::MOST_MISSES {
            assert!(find(2, CeremonyKind::SignIn, NOW).await);
            let mut tx = store.begin().await.unwrap();
            ceremony::count_miss(&mut tx, TokenHash([2; 32])).await.unwrap();
            tx.commit().await.unwrap();
        }
        assert!(!find(2, CeremonyKind::SignIn, NOW).await && !take(2).await);
        let mut tx = store.begin().await.unwrap();
        account::bump_generation(&mut tx, eva, NOW).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!find(3, CeremonyKind::SignIn, NOW).await && !take(3).await);
        assert!(take(5).await, "one of nobody in particular has no generation");
        let mut tx = store.begin().await.unwrap();
        assert_eq!(ceremony::delete_expired(&mut tx, NOW.plus_seconds(600)).await.unwrap(), 5);
        tx.commit().await.unwrap();
    })
    .await;
}

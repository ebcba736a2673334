//! Several persons under one login, and tokens for programs, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_domain::{
    ids::ProfileId,
    profile::Relation,
    scope::{Scope, Scopes, TokenLife},
    view::TimelineQuery,
};
use keepwell_services::{Actor, Device, Lang, NewToken, ServiceError};
use keepwell_store::{keys, testing::for_each_engine};
use std::sync::atomic::Ordering;
use support::{PASSWORD, Test, bundle, lab};

const DAY_US: i64 = 86_400_000_000;

fn potassium(n: u8) -> Vec<u8> {
    bundle(&[lab(&format!("o{n}"), "2823-3", "Potassium", &format!("2024-03-{n:02}"), "4.1", "mmol/L")])
}

fn field(e: &ServiceError) -> &'static str {
    match e {
        ServiceError::Invalid { field, .. } => field,
        other => panic!("{other:?}"),
    }
}

async fn child(t: &Test, actor: &Actor, name: &str) -> Actor {
    let id = t.services.create_profile(actor, name, Relation::Child).await.unwrap();
    t.services.on_profile(actor, id).await.unwrap()
}

async fn records(t: &Test, actor: &Actor) -> u64 {
    // As of a request of its own: the version may have moved on.
    let now = t.services.on_profile(&elsewhere(t, actor).await, actor.profile()).await.unwrap();
    t.services.api_records(&now, &TimelineQuery::default()).await.unwrap().total
}

/// The same person at any other profile, so that the next look is a fresh one.
async fn elsewhere(t: &Test, actor: &Actor) -> Actor {
    let me = t.services.me(actor).await.unwrap();
    let other = me.profiles.iter().find(|p| p.id != actor.profile()).map(|p| p.id);
    match other {
        Some(id) => t.services.on_profile(actor, id).await.unwrap(),
        None => actor.clone(),
    }
}

async fn new_token(t: &Test, actor: &Actor, profile: Option<ProfileId>, life: TokenLife) -> String {
    // The log is one for all profiles, and closed to a token of a single one.
    let whole = profile.is_none();
    let scopes = Scopes::of(Scope::ALL.iter().copied().filter(|s| whole || *s != Scope::AuditRead)).unwrap();
    let new = NewToken { name: "script", scopes, profile, life };
    t.services.create_token(actor, &new).await.unwrap().reveal().to_owned()
}

#[tokio::test]
async fn two_profiles_share_no_key_no_record_and_no_document() {
    for_each_engine(async |store| {
        let t = Test::new(store.clone()).await;
        let me = t.person("a@example.org").await;
        let kid = child(&t, &me, "Mia").await;
        t.bring(&me, "mine.json", &potassium(1)).await;
        // The very same file is no stranger to the child's profile.
        let up = t.bring(&kid, "mine.json", &potassium(1)).await;
        assert!(!up.already_there);
        t.bring(&kid, "more.json", &potassium(2)).await;
        assert_eq!((records(&t, &me).await, records(&t, &kid).await), (1, 2));
        assert_eq!(t.services.documents(&me).await.unwrap().len(), 1);
        let theirs = &t.services.documents(&kid).await.unwrap()[0];
        assert!(matches!(t.services.document(&me, theirs.id, None, 1).await, Err(ServiceError::NotFound)));
        assert!(matches!(t.services.open_file(&me, theirs.id).await, Err(ServiceError::NotFound)));
        assert!(matches!(t.services.delete_document(&me, theirs.id).await, Err(ServiceError::NotFound)));
        let a = keys::find_data_key(&store, me.profile()).await.unwrap().unwrap().wrapped.unwrap();
        let b = keys::find_data_key(&store, kid.profile()).await.unwrap().unwrap().wrapped.unwrap();
        assert_ne!(a.as_bytes(), b.as_bytes());
    })
    .await;
}

#[tokio::test]
async fn foreign_and_missing_profile_look_the_same() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let (me, other) = (t.person("a@example.org").await, t.person("b@example.org").await);
        let missing: ProfileId = "0190f3a1-0000-7000-8000-000000000000".parse().unwrap();
        for id in [other.profile(), missing] {
            assert!(matches!(t.services.on_profile(&me, id).await, Err(ServiceError::NotFound)));
            assert!(matches!(t.services.switch_profile(&me, id).await, Err(ServiceError::NotFound)));
            let renamed = t.services.change_profile(&me, id, Some("x"), None).await;
            assert!(matches!(renamed, Err(ServiceError::NotFound)));
            let gone = t.services.delete_profile(&me, id, PASSWORD).await;
            assert!(matches!(gone, Err(ServiceError::NotFound)));
            let new = NewToken {
                name: "x",
                scopes: Scopes::parse("export").unwrap(),
                profile: Some(id),
                life: TokenLife::Week,
            };
            assert!(matches!(t.services.create_token(&me, &new).await, Err(ServiceError::NotFound)));
        }
        assert_eq!(records(&t, &other).await, 0);
    })
    .await;
}

#[tokio::test]
async fn profile_is_renamed_and_shown_at_once() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let me = t.person("a@example.org").await;
        let kid = child(&t, &me, " Mia ").await;
        let names = async || {
            let me = t.services.me(&me).await.unwrap();
            me.profiles.into_iter().map(|p| (p.name, p.relation)).collect::<Vec<_>>()
        };
        let first = ("Me".to_owned(), Relation::SelfPerson);
        assert_eq!(names().await, [first.clone(), ("Mia".to_owned(), Relation::Child)]);
        t.services.change_profile(&me, kid.profile(), Some("Zoë"), None).await.unwrap();
        assert_eq!(names().await, [first.clone(), ("Zoë".to_owned(), Relation::Child)]);
        t.services.change_profile(&me, kid.profile(), None, Some(Relation::Other)).await.unwrap();
        assert_eq!(names().await, [first, ("Zoë".to_owned(), Relation::Other)]);
        for bad in ["", "  ", "a\nb", &"x".repeat(81)] {
            let e = t.services.create_profile(&me, bad, Relation::Other).await.unwrap_err();
            assert_eq!(field(&e), "name");
        }
    })
    .await;
}

#[tokio::test]
async fn deleting_a_profile_destroys_its_key_and_leaves_the_others_alone() {
    for_each_engine(async |store| {
        let t = Test::new(store.clone()).await;
        let (lang, device) = (Lang::En, Device::default());
        let token = t.services.sign_up("a@example.org", PASSWORD, lang, &device).await.unwrap();
        let token = token.session().unwrap();
        let now = async || t.services.authenticate(token.reveal()).await.unwrap().unwrap();
        let me = now().await;
        let kid = child(&t, &me, "Mia").await;
        t.bring(&me, "mine.json", &potassium(1)).await;
        t.bring(&kid, "theirs.json", &potassium(2)).await;
        let bound = new_token(&t, &me, Some(kid.profile()), TokenLife::Week).await;
        t.services.switch_profile(&me, kid.profile()).await.unwrap();
        assert_eq!(now().await.profile(), kid.profile());
        let files = || std::fs::read_dir(&t.files).unwrap().count();
        assert_eq!(files(), 2);

        let wrong =
            t.services.delete_profile(&me, kid.profile(), "not my password at all").await.unwrap_err();
        assert_eq!(field(&wrong), "password");
        let receipt = t.services.delete_profile(&now().await, kid.profile(), PASSWORD).await.unwrap();
        assert_eq!((receipt.records, receipt.documents), (1, 1));
        assert!(keys::find_data_key(&store, kid.profile()).await.unwrap().unwrap().wrapped.is_none());
        assert_eq!(files(), 1);
        assert_eq!(now().await.profile(), me.profile(), "the session lives on and shows another");
        assert_eq!(records(&t, &me).await, 1);
        assert!(t.services.authenticate_token(&bound).await.unwrap().is_none());
        for look in [t.services.documents(&kid).await.map(|_| ()), t.services.markers(&kid).await.map(|_| ())]
        {
            assert!(matches!(look, Err(ServiceError::NotFound) | Ok(())));
        }
        assert!(matches!(t.services.on_profile(&me, kid.profile()).await, Err(ServiceError::NotFound)));
        let late = t.services.upload_bytes(&kid, "late.json", &potassium(3)).await;
        assert!(late.is_err());
        assert_eq!(files(), 1);
    })
    .await;
}

#[tokio::test]
async fn last_profile_of_ones_own_cannot_be_deleted_even_beside_the_demo() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let me = t.person("a@example.org").await;
        let e = t.services.delete_profile(&me, me.profile(), PASSWORD).await.unwrap_err();
        assert_eq!(field(&e), "profile");
        let kid = child(&t, &me, "Mia").await;
        // Both at the same moment: one of them stays.
        let (a, b) = tokio::join!(
            t.services.delete_profile(&me, me.profile(), PASSWORD),
            t.services.delete_profile(&me, kid.profile(), PASSWORD),
        );
        assert!(a.is_ok() != b.is_ok(), "{:?} {:?}", a.is_ok(), b.is_ok());
        assert_eq!(t.services.me(&if a.is_ok() { kid } else { me }).await.unwrap().profiles.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn token_acts_within_its_profile_only_and_never_for_the_account() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let me = t.person("a@example.org").await;
        let kid = child(&t, &me, "Mia").await;
        let secret = new_token(&t, &me, Some(kid.profile()), TokenLife::Week).await;
        assert!(secret.starts_with("kw_pat_"));
        let program = t.services.authenticate_token(&secret).await.unwrap().unwrap();
        assert_eq!((program.profile(), program.account()), (kid.profile(), me.account()));
        assert!(program.token().is_some());
        assert!(matches!(t.services.on_profile(&program, me.profile()).await, Err(ServiceError::NotFound)));
        let known = t.services.me(&program).await.unwrap();
        assert_eq!(known.profiles.iter().map(|p| p.id).collect::<Vec<_>>(), [kid.profile()]);

        let new = NewToken {
            name: "x",
            scopes: Scopes::parse("export").unwrap(),
            profile: None,
            life: TokenLife::Week,
        };
        let s = &t.services;
        let id = program.token().unwrap();
        let p = &program;
        for refused in [
            s.create_token(p, &new).await.map(|_| ()),
            s.tokens(p).await.map(|_| ()),
            s.revoke_token(p, id).await,
            s.revoke_all_tokens(p).await.map(|_| ()),
            s.create_profile(p, "x", Relation::Other).await.map(|_| ()),
            s.change_profile(p, kid.profile(), Some("x"), None).await,
            s.switch_profile(p, kid.profile()).await,
            s.delete_profile(p, kid.profile(), PASSWORD).await.map(|_| ()),
            s.delete_account(p, PASSWORD).await.map(|_| ()),
            s.add_demo(p).await,
            s.remove_demo(p).await.map(|_| ()),
        ] {
            assert!(matches!(refused, Err(ServiceError::Forbidden)));
        }
    })
    .await;
}

#[tokio::test]
async fn token_ends_by_time_by_revoking_and_is_listed_without_its_secret() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let me = t.person("a@example.org").await;
        let (week, year) = (
            new_token(&t, &me, None, TokenLife::Week).await,
            new_token(&t, &me, None, TokenLife::Year).await,
        );
        let live = async |s: &str| t.services.authenticate_token(s).await.unwrap().is_some();
        assert!(live(&week).await && live(&year).await);
        assert!(!live(&week.replace("kw_pat_", "kw_pat-")).await && !live("kw_pat_").await);
        let listed = t.services.tokens(&me).await.unwrap();
        assert_eq!(listed.len(), 2);
        assert!(listed.iter().all(|v| v.last_used.is_some() && !v.is_expired && v.name == "script"));
        t.clock.0.fetch_add(7 * DAY_US, Ordering::SeqCst);
        assert!(!live(&week).await && live(&year).await);
        let listed = t.services.tokens(&me).await.unwrap();
        assert_eq!(listed.iter().filter(|v| v.is_expired).count(), 1);
        // The session ended within the week.
        let again = t.services.sign_in("a@example.org", PASSWORD, false, &Device::default()).await.unwrap();
        let me = t.services.authenticate(again.session().unwrap().reveal()).await.unwrap().unwrap();
        let other = t.person("b@example.org").await;
        let id = listed.iter().find(|v| !v.is_expired).unwrap().id;
        assert!(matches!(t.services.revoke_token(&other, id).await, Err(ServiceError::NotFound)));
        t.services.revoke_token(&me, id).await.unwrap();
        assert!(!live(&year).await);
        assert!(matches!(t.services.revoke_token(&me, id).await, Err(ServiceError::NotFound)));
        assert_eq!(t.services.revoke_all_tokens(&me).await.unwrap(), 1);
        assert!(t.services.tokens(&me).await.unwrap().is_empty());
    })
    .await;
}

//! Those who run the instance: roles by type, acts on accounts, and what each of them leaves behind, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_domain::{
    access::LogQuery,
    act::ActBy,
    ids::AccountId,
    notice::News,
    people::PersonAct,
    scope::{Scope, Scopes, TokenLife},
};
use keepwell_services::{Actor, Device, Lang, NewToken, Role, ServiceError};
use keepwell_store::testing::for_each_engine;
use std::sync::Arc;
use support::{
    PASSWORD, Test,
    post::{Post, code},
    staff,
};

const WHY: &str = "Because of the ticket 4711";

fn missing<T>(r: Result<T, ServiceError>) {
    assert!(matches!(r.err(), Some(ServiceError::NotFound)));
}

fn refused<T>(r: Result<T, ServiceError>, name: &str) {
    match r.err() {
        Some(ServiceError::Invalid { field, .. }) => assert_eq!(field, name),
        other => panic!("{other:?}"),
    }
}

async fn codes(t: &Test, who: &Actor) -> Vec<(String, ActBy)> {
    let log = t.services.access_log(who, &LogQuery::default()).await.unwrap();
    log.items.into_iter().filter_map(|i| Some((i.code, i.by?))).collect()
}

async fn joined(t: &Test, post: &Post, email: &str) -> Actor {
    t.services.sign_up(email, PASSWORD, Lang::En, &Device::default()).await.unwrap();
    t.deliver().await;
    let letters = post.take();
    let code = code(letters.iter().find(|l| l.text.contains("/verify#")).expect("a link"));
    let token = t.services.verify(&code, PASSWORD, Lang::En, &Device::default()).await.unwrap();
    t.services.authenticate(token.reveal()).await.unwrap().unwrap()
}

#[tokio::test]
async fn roles_are_promoted_only_where_they_hold() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person("eva@example.org").await;
        missing(s.as_admin(&eva));
        missing(s.as_support(&eva));
        missing(s.as_auditor(&eva));
        s.create_staff("bare@example.org", PASSWORD, Role::Admin).await.unwrap();
        let bare = staff::sign_in(&t, "bare@example.org").await;
        assert!(matches!(s.as_admin(&bare).err(), Some(ServiceError::Forbidden)), "no second factor yet");
        let lea = staff::actor(&t, "lea@example.org", Role::Support).await;
        assert!(s.as_support(&lea).is_ok());
        missing(s.as_admin(&lea));
        missing(s.as_auditor(&lea));
        let mia = staff::actor(&t, "mia@example.org", Role::Auditor).await;
        assert!(s.as_auditor(&mia).is_ok());
        missing(s.as_support(&mia));
        let root = staff::actor(&t, "root@example.org", Role::Admin).await;
        assert!(s.as_admin(&root).is_ok() && s.as_support(&root).is_ok() && s.as_auditor(&root).is_ok());
        // A token is nobody who sits there.
        let scopes = Scopes::of([Scope::RecordsRead]).unwrap();
        let new = NewToken { name: "x", scopes, profile: None, life: TokenLife::of_days(7).unwrap() };
        let token = s.create_token(&root, &new).await.unwrap();
        let program = s.authenticate_token(token.reveal()).await.unwrap().unwrap();
        missing(s.as_admin(&program));
        // Nor is the command line.
        missing(s.as_admin(&s.actor_for_email("root@example.org").await.unwrap()));
        // Whoever runs the instance is gone after a short rest, in whatever role.
        t.wait(901);
        assert!(s.check_live(&lea).await.is_err() && s.check_live(&root).await.is_err());
        assert!(s.check_live(&eva).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn person_is_found_by_exact_address_or_id_and_shown_as_facts() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person("eva@example.org").await;
        t.bring(&eva, "hidden-name.txt", b"a canary in a document").await;
        let lea = staff::support(&t, "lea@example.org").await;
        assert_eq!(s.find_person(&lea, " EVA@example.org ").await.unwrap(), eva.account());
        assert_eq!(s.find_person(&lea, &eva.account().to_string()).await.unwrap(), eva.account());
        for none in ["eva", "eva@example", "va@example.org", "", "%", "*", "other@example.org"] {
            missing(s.find_person(&lea, none).await);
        }
        let facts = s.person_facts(&lea, eva.account()).await.unwrap();
        assert_eq!((facts.email.as_str(), facts.role), ("e…@example.org", Role::Person));
        assert_eq!((facts.documents, facts.megabytes, facts.sessions), (10, 1, 1));
        assert!(facts.profiles.is_empty(), "a supporter needs none");
        assert_eq!(facts.acts, [PersonAct::EndSessions, PersonAct::ForceReset]);
        assert_eq!(codes(&t, &eva).await[0], ("admin.viewed".to_owned(), ActBy::Support));
        let root = staff::actor(&t, "root@example.org", Role::Admin).await;
        let as_support = s.as_support(&root).unwrap();
        let facts = s.person_facts(&as_support, eva.account()).await.unwrap();
        assert_eq!(facts.profiles, [eva.profile()]);
        assert!(facts.acts.contains(&PersonAct::Suspend) && !facts.acts.contains(&PersonAct::Lift));
        missing(s.person_facts(&lea, AccountId::new(uuid::Uuid::now_v7())).await);
        // Two people within one minute are two looks.
        let bob = t.person("bob@example.org").await;
        s.person_facts(&as_support, bob.account()).await.unwrap();
        assert_eq!(codes(&t, &bob).await[0], ("admin.viewed".to_owned(), ActBy::Admin));
    })
    .await;
}

#[tokio::test]
async fn suspended_person_is_told_why_and_only_the_right_password_learns_of_it() {
    for_each_engine(async |store| {
        let post = Arc::new(Post::default());
        let t = Test::with_mail(store, post.setup()).await;
        let s = &t.services;
        let eva = joined(&t, &post, "eva@example.org").await;
        let root = staff::admin(&t, "root@example.org").await;
        t.deliver().await;
        post.take();
        refused(s.suspend(&root, eva.account(), "short").await, "reason");
        assert!(s.check_live(&eva).await.is_ok());
        s.suspend(&root, eva.account(), WHY).await.unwrap();
        assert!(matches!(s.check_live(&eva).await.err(), Some(ServiceError::Ended)), "at once");
        t.deliver().await;
        let letters = post.take();
        assert_eq!(letters.len(), 1);
        assert!(
            letters[0].to == "eva@example.org" && letters[0].text.contains(WHY),
            "the app cannot tell it"
        );
        let sign_in = async |password: &str| {
            s.sign_in("eva@example.org", password, false, &Device::default()).await.err()
        };
        assert!(matches!(sign_in("a wrong password, long").await, Some(ServiceError::Credentials)));
        match sign_in(PASSWORD).await {
            Some(ServiceError::Invalid { field: "email", reason }) => assert!(reason.contains("suspended")),
            other => panic!("{other:?}"),
        }
        refused(s.suspend(&root, eva.account(), WHY).await, "act");
        s.lift(&root, eva.account(), WHY).await.unwrap();
        let eva = staff::sign_in(&t, "eva@example.org").await;
        assert!(eva.has_news());
        let notices = s.open_notices(&eva).await.unwrap();
        let news: Vec<News> = notices.iter().map(|n| n.news).collect();
        assert_eq!(news, [News::Lifted, News::Suspended]);
        assert!(notices.iter().all(|n| n.reason.as_deref() == Some(WHY)));
        for n in &notices {
            s.dismiss_notice(&eva, n.id).await.unwrap();
        }
        assert!(s.open_notices(&eva).await.unwrap().is_empty());
        assert!(s.notices(&eva).await.unwrap().iter().all(|n| n.is_dismissed));
        let log: Vec<String> = codes(&t, &eva).await.into_iter().map(|c| c.0).collect();
        assert_eq!(log[..4], ["session.started", "admin.resumed", "session.refused", "session.refused"]);
        assert_eq!(log[4], "admin.suspended");
        let bob = joined(&t, &post, "bob@example.org").await;
        missing(s.dismiss_notice(&bob, notices[0].id).await);
    })
    .await;
}

#[tokio::test]
async fn forced_reset_leaves_only_the_way_of_the_letter() {
    for_each_engine(async |store| {
        let post = Arc::new(Post::default());
        let t = Test::with_mail(store, post.setup()).await;
        let s = &t.services;
        let eva = joined(&t, &post, "eva@example.org").await;
        let lea = staff::support(&t, "lea@example.org").await;
        s.force_reset(&lea, eva.account(), WHY).await.unwrap();
        assert!(s.check_live(&eva).await.is_err());
        let refused = s.sign_in("eva@example.org", PASSWORD, false, &Device::default()).await;
        assert!(matches!(refused.err(), Some(ServiceError::Credentials)));
        t.deliver().await;
        let letters = post.take();
        let reset = letters.iter().find(|l| l.text.contains("/reset#")).expect("a link");
        assert!(letters.iter().any(|l| l.subject == "News of your account" && !l.text.contains(WHY)));
        let new = "seven grey herons wait patiently";
        s.reset_password(&code(reset), new, Lang::En, &Device::default()).await.unwrap();
        assert!(s.sign_in("eva@example.org", new, false, &Device::default()).await.is_ok());
        // A supporter touches nobody who works here.
        let root = staff::actor(&t, "root@example.org", Role::Admin).await;
        missing(s.force_reset(&lea, root.account(), WHY).await);
        missing(s.end_sessions_of(&lea, root.account(), WHY).await);
    })
    .await;
}

#[tokio::test]
async fn acts_want_a_fresh_proof_and_never_leave_nobody_to_run_the_instance() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person("eva@example.org").await;
        let one = staff::actor(&t, "one@example.org", Role::Admin).await;
        let two = staff::actor(&t, "two@example.org", Role::Admin).await;
        let (a, b) = (s.as_admin(&one).unwrap(), s.as_admin(&two).unwrap());
        refused(s.suspend(&a, one.account(), WHY).await, "act");
        refused(s.change_role(&a, one.account(), Role::Person, WHY).await, "act");
        // Each takes the other's role away at the same moment: one is left.
        let (x, y) = tokio::join!(
            s.change_role(&a, two.account(), Role::Person, WHY),
            s.change_role(&b, one.account(), Role::Person, WHY)
        );
        assert_eq!(usize::from(x.is_ok()) + usize::from(y.is_ok()), 1, "{x:?} {y:?}");
        let (left, left_actor) = if x.is_ok() { (a, one) } else { (b, two) };
        refused(s.delete_account(&left_actor, PASSWORD).await, "act");
        t.wait(601);
        // Only the proof is old by now.
        s.authenticate("").await.unwrap();
        let late = s.end_sessions_of(&left.clone().into(), eva.account(), WHY).await;
        assert!(matches!(late.err(), Some(ServiceError::ProofNeeded)));
        assert!(s.check_live(&eva).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn announced_deletion_is_kept_by_its_person_or_carried_out_when_due() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let (eva, bob) = (t.person("eva@example.org").await, t.person("bob@example.org").await);
        let root = staff::admin(&t, "root@example.org").await;
        for who in [&eva, &bob] {
            s.announce_deletion(&root, who.account(), WHY).await.unwrap();
            assert!(s.check_live(who).await.is_ok(), "they can object");
        }
        assert!(matches!(
            s.announce_deletion(&root, eva.account(), WHY).await.err(),
            Some(ServiceError::Conflict)
        ));
        refused(s.suspend(&root, eva.account(), WHY).await, "act");
        s.keep_account(&eva).await.unwrap();
        missing(s.keep_account(&eva).await);
        t.wait(7 * 86_400 - 60);
        s.housekeeping().await.unwrap();
        assert!(s.actor_for_email("bob@example.org").await.is_ok(), "not yet");
        t.wait(120);
        s.housekeeping().await.unwrap();
        missing(s.actor_for_email("bob@example.org").await);
        assert!(s.actor_for_email("eva@example.org").await.is_ok());
        let key = keepwell_store::keys::find_audit_key(s.store(), bob.account()).await.unwrap().unwrap();
        assert!(key.wrapped.is_none(), "the keys went first");
    })
    .await;
}

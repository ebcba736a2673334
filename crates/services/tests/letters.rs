//! Letters about changes that a thief would make: nothing crowds them out, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_services::{Actor, Device, Lang, Question, ServiceError, SessionToken, mail::Mail};
use keepwell_store::{Store, testing::for_each_engine};
use std::sync::Arc;
use support::{
    ORIGIN, PASSWORD, Test,
    authenticator::Authenticator,
    post::{Post, code},
};

const EVA: &str = "eva@example.org";
const OTHERS: [&str; 4] = [
    "plain ferries carry nine lanterns",
    "seven grey herons wait patiently",
    "quiet maps fold into pockets",
    "two slow trains cross the moor",
];

fn here() -> Device {
    Device::default()
}

async fn who(t: &Test, token: &SessionToken) -> Actor {
    t.services.authenticate(token.reveal()).await.unwrap().unwrap()
}

async fn letters(t: &Test, post: &Post) -> Vec<Mail> {
    t.deliver().await;
    post.take()
}

async fn posted(store: Store) -> (Test, Arc<Post>, Actor) {
    let post = Arc::new(Post::default());
    let t = Test::with_mail(store, post.setup()).await;
    t.services.sign_up(EVA, PASSWORD, Lang::En, &here()).await.unwrap();
    let letter = letters(&t, &post).await.pop().unwrap();
    let token = t.services.verify(&code(&letter), PASSWORD, Lang::En, &here()).await.unwrap();
    let eva = who(&t, &token).await;
    (t, post, eva)
}

async fn with_passkey(t: &Test, actor: &Actor) -> Actor {
    let mut key = Authenticator::new(ORIGIN);
    let Question { ticket, options } = t.services.ask_passkey_to_enrol(actor).await.unwrap();
    let answer = key.create(&options);
    let done = t.services.add_passkey(actor, (&ticket, &answer), "a phone", &here()).await.unwrap();
    who(t, &done.session).await
}

#[tokio::test]
async fn factors_that_were_added_after_many_others_are_told_in_one_later_letter_that_takes_them_back() {
    for_each_engine(async |store| {
        let (t, post, mut eva) = posted(store).await;
        let s = &t.services;
        for _ in 0..3 {
            eva = with_passkey(&t, &eva).await;
            assert_eq!(letters(&t, &post).await.len(), 1);
        }
        // What the thief wants: a passkey more, of which no letter tells.
        for _ in 0..2 {
            t.wait(60);
            eva = with_passkey(&t, &eva).await;
            assert!(letters(&t, &post).await.is_empty());
        }
        // Letters of another kind have room of their own.
        s.make_recovery_codes(&eva, &here()).await.unwrap();
        assert!(letters(&t, &post).await[0].text.contains("New recovery codes"));
        t.wait(3601);
        let late = letters(&t, &post).await;
        assert_eq!(late.len(), 1, "the held ones come together");
        assert_eq!(late[0].text.matches("A passkey was added").count(), 2);
        assert!(late[0].to == EVA && late[0].text.contains("also tells of what was changed meanwhile"));
        assert!(letters(&t, &post).await.is_empty());
        t.wait(7200);
        assert!(letters(&t, &post).await.is_empty());
        let before = 3;
        s.stop_email_change(&code(&late[0]), OTHERS[0], Lang::En, &here()).await.unwrap();
        let keys: i64 = keepwell_store::passkey::count_passkeys(s.store(), eva.account()).await.unwrap();
        assert_eq!(keys, before, "its link takes both back, and nothing from before them");
    })
    .await;
}

#[tokio::test]
async fn held_letter_goes_to_the_address_of_its_moment_and_waits_for_a_mail_server_that_is_down() {
    for_each_engine(async |store| {
        let (t, post, mut eva) = posted(store).await;
        let s = &t.services;
        let mut old = PASSWORD;
        for new in OTHERS {
            let next = s.change_password(&eva, old, new, &here()).await.unwrap();
            (eva, old) = (who(&t, &next).await, new);
            t.deliver().await;
        }
        assert_eq!(post.take().len(), 3);
        s.change_email(&eva, old, "mallory@example.net", &here()).await.unwrap();
        let all = letters(&t, &post).await;
        let confirm = code(all.iter().find(|m| m.to == "mallory@example.net").unwrap());
        s.confirm_email(&confirm, Some(&eva), Lang::En, &here()).await.unwrap();
        letters(&t, &post).await;
        t.wait(3601);
        post.fail(Some(keepwell_services::mail::MailFault::Later("away")));
        assert!(letters(&t, &post).await.is_empty());
        post.fail(None);
        t.wait(60);
        let late = letters(&t, &post).await;
        assert_eq!(late.len(), 1);
        assert!(late[0].to == EVA && late[0].text.contains("password of your account was changed"));
    })
    .await;
}

#[tokio::test]
async fn letters_that_a_stranger_can_cause_are_still_few() {
    for_each_engine(async |store| {
        let (t, post, _) = posted(store).await;
        for _ in 0..10 {
            t.services.forgot_password(EVA, Lang::En, &here()).await.unwrap();
        }
        assert_eq!(letters(&t, &post).await.len(), 3);
        t.wait(3601);
        assert!(letters(&t, &post).await.is_empty(), "what was too much is not made up for");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_tried_or_mailed_where_no_mail_is_set_up() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let root = support::staff::admin(&t, "root@example.org").await;
        let refused = |e: Option<ServiceError>, name: &str| match e {
            Some(ServiceError::Invalid { field, .. }) => assert_eq!(field, name),
            other => panic!("{other:?}"),
        };
        refused(s.send_test_letter(&root).await.err(), "mail");
        refused(s.create_invite(&root, "", Some("mia@example.org")).await.err(), "email");
        assert!(s.invites(&root).await.unwrap().is_empty());
        assert!(!s.create_invite(&root, "", Some(" ")).await.unwrap().is_mailed);
    })
    .await;
}

//! Letters, links, passwords and sessions, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_services::{
    Actor, Brought, Device, EmailChange, Joined, Lang, LegacyUser, ServiceError, SessionToken,
    mail::{Mail, MailFault},
};
use keepwell_store::{Store, testing::for_each_engine};
use std::sync::Arc;
use support::{
    PASSWORD, Test,
    post::{Post, code},
};

const EVA: &str = "eva@example.org";
const OTHER: &str = "brave kettles hum under snow";
const NEW: &str = "plain ferries carry nine lanterns";

async fn posted(store: Store) -> (Test, Arc<Post>) {
    let post = Arc::new(Post::default());
    (Test::with_mail(store, post.setup()).await, post)
}

/// Signs up, follows the letter, signs in.
async fn opened(t: &Test, post: &Post, email: &str) -> (SessionToken, Actor) {
    let s = &t.services;
    assert!(matches!(s.sign_up(email, PASSWORD, Lang::En, &Device::default()).await, Ok(Joined::LookAtMail)));
    t.deliver().await;
    let letter = post.take().pop().unwrap();
    let token = s.verify(&code(&letter), PASSWORD, Lang::En, &Device::default()).await.unwrap();
    let actor = who(t, &token).await.unwrap();
    (token, actor)
}

async fn who(t: &Test, token: &SessionToken) -> Option<Actor> {
    t.services.authenticate(token.reveal()).await.unwrap()
}

async fn sign_in(t: &Test, email: &str, password: &str) -> Result<SessionToken, ServiceError> {
    let signed_in = t.services.sign_in(email, password, false, &Device::default()).await?;
    Ok(signed_in.session().expect("there is no second factor"))
}

fn is_dead<T>(r: Result<T, ServiceError>) {
    assert!(matches!(r.err(), Some(ServiceError::Invalid { field: "code", .. })));
}

async fn reset_letter(t: &Test, post: &Post, email: &str) -> Mail {
    t.services.forgot_password(email, Lang::En, &Device::default()).await.unwrap();
    t.deliver().await;
    post.take().pop().unwrap()
}

#[tokio::test]
async fn the_account_opens_by_link_and_password_together_and_only_once() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let s = &t.services;
        s.sign_up(EVA, PASSWORD, Lang::De, &Device::default()).await.unwrap();
        assert!(
            matches!(sign_in(&t, EVA, PASSWORD).await, Err(ServiceError::Credentials)),
            "not before the link"
        );
        t.deliver().await;
        let letter = post.take().pop().unwrap();
        assert_eq!((letter.to.as_str(), letter.subject.as_str()), (EVA, "Bitte bestätigen Sie Ihre Adresse"));
        let link = code(&letter);
        let wrong = s.verify(&link, OTHER, Lang::En, &Device::default()).await;
        assert!(matches!(wrong.err(), Some(ServiceError::Invalid { field: "password", .. })));
        let token = s.verify(&link, PASSWORD, Lang::En, &Device::default()).await.unwrap();
        let me = s.me(&who(&t, &token).await.unwrap()).await.unwrap();
        assert_eq!((me.email.as_str(), me.email_confirmed, me.lang.as_str()), (EVA, Some(true), "de"));
        is_dead(s.verify(&link, PASSWORD, Lang::En, &Device::default()).await);
        assert!(sign_in(&t, EVA, PASSWORD).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn signing_up_with_a_known_address_is_told_to_its_owner_only() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        opened(&t, &post, EVA).await;
        let again = t.services.sign_up("EVA@example.org", OTHER, Lang::En, &Device::default()).await.unwrap();
        assert!(matches!(again, Joined::LookAtMail));
        t.deliver().await;
        let letter = post.take().pop().unwrap();
        assert_eq!(letter.subject, "You have an account already");
        assert!(!letter.text.contains('#'), "no link that opens anything");
        assert!(sign_in(&t, EVA, OTHER).await.is_err());
        assert!(sign_in(&t, EVA, PASSWORD).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_stranger_who_signs_up_with_my_address_gets_nothing_and_does_not_stop_me() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let s = &t.services;
        s.sign_up(EVA, OTHER, Lang::En, &Device::default()).await.unwrap();
        s.sign_up(EVA, PASSWORD, Lang::En, &Device::default()).await.unwrap();
        t.deliver().await;
        let links: Vec<String> = post.take().iter().map(code).collect();
        assert_eq!(links.len(), 2);
        assert!(s.verify(&links[0], PASSWORD, Lang::En, &Device::default()).await.is_err());
        assert!(s.verify(&links[1], PASSWORD, Lang::En, &Device::default()).await.is_ok());
        is_dead(s.verify(&links[0], OTHER, Lang::En, &Device::default()).await);
        assert!(sign_in(&t, EVA, OTHER).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_reset_ends_every_session_and_works_once() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let s = &t.services;
        let (first, _) = opened(&t, &post, EVA).await;
        let second = sign_in(&t, EVA, PASSWORD).await.unwrap();
        t.deliver().await;
        post.take();
        let link = code(&reset_letter(&t, &post, EVA).await);
        let weak = s.reset_password(&link, "short", Lang::En, &Device::default()).await;
        assert!(matches!(weak.err(), Some(ServiceError::Invalid { field: "password", .. })));
        s.reset_password(&link, NEW, Lang::En, &Device::default()).await.unwrap();
        assert!(who(&t, &first).await.is_none() && who(&t, &second).await.is_none());
        is_dead(s.reset_password(&link, OTHER, Lang::En, &Device::default()).await);
        assert!(matches!(sign_in(&t, EVA, PASSWORD).await, Err(ServiceError::Credentials)));
        assert!(sign_in(&t, EVA, NEW).await.is_ok());
        t.deliver().await;
        let told: Vec<String> = post.take().into_iter().map(|m| m.subject).collect();
        assert!(told.contains(&"Your password was changed".to_owned()), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn of_two_resets_with_one_link_one_wins() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        opened(&t, &post, EVA).await;
        let link = code(&reset_letter(&t, &post, EVA).await);
        let device = Device::default();
        let (a, b) = tokio::join!(
            t.services.reset_password(&link, NEW, Lang::En, &device),
            t.services.reset_password(&link, OTHER, Lang::En, &device)
        );
        let winner = if a.is_ok() { NEW } else { OTHER };
        assert!(a.is_ok() != b.is_ok());
        is_dead(if a.is_ok() { b } else { a });
        assert!(sign_in(&t, EVA, winner).await.is_ok());
        assert!(sign_in(&t, EVA, if winner == NEW { OTHER } else { NEW }).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_newer_link_a_changed_password_or_half_an_hour_ends_a_link() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let s = &t.services;
        let (_, actor) = opened(&t, &post, EVA).await;
        let older = code(&reset_letter(&t, &post, EVA).await);
        let newer = code(&reset_letter(&t, &post, EVA).await);
        is_dead(s.reset_password(&older, NEW, Lang::En, &Device::default()).await);
        t.wait(30 * 60 - 5);
        let changed = s.change_password(&actor, PASSWORD, OTHER, &Device::default()).await.unwrap();
        is_dead(s.reset_password(&newer, NEW, Lang::En, &Device::default()).await);
        assert!(who(&t, &changed).await.is_some());
        t.wait(3600);
        let late = code(&reset_letter(&t, &post, EVA).await);
        t.wait(30 * 60 + 1);
        is_dead(s.reset_password(&late, NEW, Lang::En, &Device::default()).await);
        is_dead(s.reset_password("A made-up code", NEW, Lang::En, &Device::default()).await);
    })
    .await;
}

#[tokio::test]
async fn unknown_and_unconfirmed_addresses_get_no_link() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let s = &t.services;
        let user = LegacyUser { email: "old@example.org".into(), hash: bcrypt12() };
        assert_eq!(s.bring_user(&user).await.unwrap(), Brought::Made);
        for email in ["nobody@example.org", "old@example.org"] {
            s.forgot_password(email, Lang::En, &Device::default()).await.unwrap();
        }
        t.deliver().await;
        assert!(post.take().is_empty());
        assert_eq!(s.mail_counts().await.unwrap(), [("dropped", 2)]);
    })
    .await;
}

#[tokio::test]
async fn one_address_is_not_flooded() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        opened(&t, &post, EVA).await;
        for _ in 0..10 {
            t.services.forgot_password(EVA, Lang::En, &Device::default()).await.unwrap();
        }
        t.deliver().await;
        assert_eq!(post.take().len(), 3);
        t.wait(3601);
        assert!(!reset_letter(&t, &post, EVA).await.text.is_empty());
    })
    .await;
}

#[tokio::test]
async fn while_the_mail_server_is_down_answers_are_the_same_and_letters_wait_but_not_for_ever() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let s = &t.services;
        opened(&t, &post, EVA).await;
        post.fail(Some(MailFault::Later("connection")));
        s.forgot_password(EVA, Lang::En, &Device::default()).await.unwrap();
        t.deliver().await;
        t.wait(60);
        t.deliver().await;
        assert!(post.take().is_empty());
        post.fail(None);
        t.wait(60);
        t.deliver().await;
        let link = code(&post.take().pop().expect("sent once the server is back"));
        s.reset_password(&link, NEW, Lang::En, &Device::default()).await.unwrap();
        t.deliver().await;
        post.take();

        t.wait(3601);
        post.fail(Some(MailFault::Later("connection")));
        s.forgot_password(EVA, Lang::En, &Device::default()).await.unwrap();
        t.deliver().await;
        t.wait(31 * 60);
        post.fail(None);
        t.deliver().await;
        assert!(post.take().is_empty(), "an old link is never sent");
        let counts = s.mail_counts().await.unwrap();
        assert!(counts.contains(&("dead", 1)), "{counts:?}");
    })
    .await;
}

#[tokio::test]
async fn links_asked_for_before_everything_ended_are_not_sent_after_it() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let s = &t.services;
        let (_, actor) = opened(&t, &post, EVA).await;
        s.forgot_password(EVA, Lang::En, &Device::default()).await.unwrap();
        s.change_password(&actor, PASSWORD, OTHER, &Device::default()).await.unwrap();
        t.deliver().await;
        let told: Vec<String> = post.take().into_iter().map(|m| m.subject).collect();
        assert_eq!(told, ["Your password was changed"]);
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_this_one_goes_on_under_a_new_id() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let s = &t.services;
        let (first, actor) = opened(&t, &post, EVA).await;
        let other = sign_in(&t, EVA, PASSWORD).await.unwrap();
        let wrong = s.change_password(&actor, OTHER, NEW, &Device::default()).await;
        assert!(matches!(wrong.err(), Some(ServiceError::Invalid { field: "current_password", .. })));
        let next = s.change_password(&actor, PASSWORD, NEW, &Device::default()).await.unwrap();
        assert_ne!(next.reveal(), first.reveal());
        assert_eq!(next.expires(), first.expires(), "it lasts no longer than before");
        assert!(who(&t, &first).await.is_none() && who(&t, &other).await.is_none());
        let actor = who(&t, &next).await.unwrap();
        assert_eq!(s.sessions(&actor).await.unwrap().len(), 1);
        assert!(sign_in(&t, EVA, PASSWORD).await.is_err() && sign_in(&t, EVA, NEW).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_request_under_way_cannot_write_once_its_session_has_ended() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let s = &t.services;
        let (_, slow) = opened(&t, &post, EVA).await;
        // The slow request was let in before the password changed.
        let quick = who(&t, &sign_in(&t, EVA, PASSWORD).await.unwrap()).await.unwrap();
        assert!(s.check_live(&slow).await.is_ok());
        s.change_password(&quick, PASSWORD, NEW, &Device::default()).await.unwrap();
        assert!(matches!(s.check_live(&slow).await, Err(ServiceError::Ended)));
        assert!(matches!(s.add_demo(&slow).await, Err(ServiceError::Ended)));
        let up = s.upload_bytes(&slow, "labs.json", b"{}").await;
        assert!(matches!(up.err(), Some(ServiceError::Ended)));
        let changed = s.change_password(&slow, NEW, OTHER, &Device::default()).await;
        assert!(matches!(changed.err(), Some(ServiceError::Ended)));
        assert!(sign_in(&t, EVA, NEW).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn of_two_changes_at_one_moment_one_wins() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let (_, actor) = opened(&t, &post, EVA).await;
        let device = Device::default();
        let (a, b) = tokio::join!(
            t.services.change_password(&actor, PASSWORD, NEW, &device),
            t.services.change_password(&actor, PASSWORD, OTHER, &device)
        );
        assert!(a.is_ok() != b.is_ok());
        let loser = if a.is_ok() { b } else { a };
        let refused = loser.err();
        assert!(matches!(refused, Some(ServiceError::Ended | ServiceError::Invalid { .. })), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn an_address_changes_by_its_own_letter_and_the_old_one_can_take_it_back() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let s = &t.services;
        let (first, actor) = opened(&t, &post, EVA).await;
        let device = Device::default();
        let asked = s.change_email(&actor, PASSWORD, "mallory@example.net", &device).await.unwrap();
        assert!(matches!(asked, EmailChange::LookAtMail));
        t.deliver().await;
        let letters = post.take();
        let to = |who: &str| letters.iter().find(|m| m.to == who).unwrap();
        let (confirm, stop) = (code(to("mallory@example.net")), code(to(EVA)));
        assert!(!to(EVA).text.contains("mallory"), "the letter does not repeat the address");
        assert!(sign_in(&t, "mallory@example.net", PASSWORD).await.is_err(), "not yet");
        let next = s.confirm_email(&confirm, Some(&actor), Lang::En, &device).await.unwrap().unwrap();
        assert!(who(&t, &first).await.is_none());
        assert!(sign_in(&t, EVA, PASSWORD).await.is_err());
        assert!(sign_in(&t, "mallory@example.net", PASSWORD).await.is_ok());
        is_dead(s.confirm_email(&confirm, None, Lang::En, &device).await);
        // The thief changes the password as well; the old address still has its way back.
        let thief = who(&t, &next).await.unwrap();
        let next = s.change_password(&thief, PASSWORD, OTHER, &device).await.unwrap();
        t.wait(6 * 86_400);
        s.stop_email_change(&stop, NEW, Lang::En, &device).await.unwrap();
        assert!(who(&t, &next).await.is_none());
        assert!(sign_in(&t, EVA, NEW).await.is_ok());
        assert!(sign_in(&t, "mallory@example.net", OTHER).await.is_err());
        is_dead(s.stop_email_change(&stop, NEW, Lang::En, &device).await);
    })
    .await;
}

#[tokio::test]
async fn a_change_of_address_that_was_stopped_cannot_be_confirmed() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let s = &t.services;
        let (_, actor) = opened(&t, &post, EVA).await;
        let device = Device::default();
        s.change_email(&actor, PASSWORD, "new@example.net", &device).await.unwrap();
        t.deliver().await;
        let letters = post.take();
        let of = |who: &str| code(letters.iter().find(|m| m.to == who).unwrap());
        s.stop_email_change(&of(EVA), NEW, Lang::En, &device).await.unwrap();
        is_dead(s.confirm_email(&of("new@example.net"), None, Lang::En, &device).await);
        assert!(sign_in(&t, EVA, NEW).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn asking_for_an_address_of_another_account_is_told_to_its_owner_only() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let (_, eva) = opened(&t, &post, EVA).await;
        opened(&t, &post, "bob@example.org").await;
        let asked = t.services.change_email(&eva, PASSWORD, "bob@example.org", &Device::default()).await;
        assert!(matches!(asked, Ok(EmailChange::LookAtMail)));
        t.deliver().await;
        let letters = post.take();
        let bob = letters.iter().find(|m| m.to == "bob@example.org").unwrap();
        assert!(bob.subject == "You have an account already" && !bob.text.contains('#'));
    })
    .await;
}

#[tokio::test]
async fn wrong_passwords_slow_down_known_and_unknown_alike_and_known_devices_keep_a_lane() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        t.person(EVA).await;
        let mine = sign_in(&t, EVA, PASSWORD).await.unwrap();
        let mine = Device { cookie: mine.device().to_owned(), ..Device::default() };
        for email in [EVA, "nobody@example.org"] {
            for _ in 0..5 {
                assert!(matches!(sign_in(&t, email, OTHER).await, Err(ServiceError::Credentials)));
            }
            let Err(ServiceError::TooMany { retry_after_s }) = sign_in(&t, email, PASSWORD).await else {
                panic!("{email} is not slowed down");
            };
            assert!((29..=30).contains(&retry_after_s), "{retry_after_s}");
        }
        // Another network has a lane of its own, and so has the device that is known.
        let elsewhere = Device { address: Some("203.0.113.9".parse().unwrap()), ..Device::default() };
        assert!(s.sign_in(EVA, PASSWORD, false, &elsewhere).await.is_ok());
        assert!(s.sign_in(EVA, PASSWORD, false, &mine).await.is_ok());
        let forged = Device { cookie: mine.cookie.replace('A', "B"), ..Device::default() };
        let made_up = Device { cookie: "A".repeat(43), ..Device::default() };
        for device in [forged, made_up].iter().filter(|d| d.cookie != mine.cookie) {
            assert!(matches!(
                s.sign_in(EVA, PASSWORD, false, device).await,
                Err(ServiceError::TooMany { .. })
            ));
        }
        t.wait(31);
        assert!(sign_in(&t, EVA, PASSWORD).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_burst_of_guesses_gains_nothing() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        t.person(EVA).await;
        let tries = (0..12).map(|_| sign_in(&t, EVA, OTHER));
        let all = futures::future::join_all(tries).await;
        let looked_at = all.iter().filter(|r| matches!(r, Err(ServiceError::Credentials))).count();
        assert!(looked_at <= 5, "{looked_at}");
    })
    .await;
}

/// Of [`BCRYPT_PASSWORD`], cost 12, made by another program.
fn bcrypt12() -> String {
    BCRYPT.to_owned()
}
const BCRYPT: &str = "$2b$12$3XXkgoTw5U0h9NYJ53TzIutgisbRympj3YcQRe6n53tQvuYncBA36";
const BCRYPT_PASSWORD: &str = "old short pass";

#[tokio::test]
async fn a_brought_over_hash_is_checked_once_and_replaced() {
    for_each_engine(async |store| {
        let t = Test::new(store.clone()).await;
        let s = &t.services;
        let user = LegacyUser { email: EVA.into(), hash: bcrypt12() };
        assert_eq!(s.bring_user(&user).await.unwrap(), Brought::Made);
        assert_eq!(s.bring_user(&user).await.unwrap(), Brought::Known);
        let bad = LegacyUser { email: "b@example.org".into(), hash: bcrypt12().replace("$12$", "$31$") };
        assert_eq!(s.bring_user(&bad).await.unwrap(), Brought::BadHash);
        let bad = LegacyUser { email: "b".into(), hash: bcrypt12() };
        assert_eq!(s.bring_user(&bad).await.unwrap(), Brought::BadEmail);
        assert!(keepwell_store::account::has_bcrypt(&store).await.unwrap());
        assert!(sign_in(&t, EVA, OTHER).await.is_err());
        assert!(sign_in(&t, EVA, BCRYPT_PASSWORD).await.is_ok());
        assert!(!keepwell_store::account::has_bcrypt(&store).await.unwrap());
        assert!(sign_in(&t, EVA, BCRYPT_PASSWORD).await.is_ok());
        assert!(sign_in(&t, EVA, OTHER).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_on_a_new_device_is_told_and_on_a_known_one_not() {
    for_each_engine(async |store| {
        let (t, post) = posted(store).await;
        let (first, _) = opened(&t, &post, EVA).await;
        let known = Device { cookie: first.device().to_owned(), ..Device::default() };
        t.services.sign_in(EVA, PASSWORD, false, &known).await.unwrap();
        t.deliver().await;
        assert!(post.take().is_empty());
        let other = Device {
            user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0".into(),
            address: Some("203.0.113.9".parse().unwrap()),
            ..Device::default()
        };
        t.services.sign_in(EVA, PASSWORD, false, &other).await.unwrap();
        t.deliver().await;
        let letter = post.take().pop().unwrap();
        assert!(letter.text.contains("Firefox · Linux, network 203.0.113.0/24"), "{}", letter.text);
        assert!(!letter.text.contains("203.0.113.9"));
    })
    .await;
}

#[tokio::test]
async fn deleting_an_account_forgets_its_letters_and_links() {
    for_each_engine(async |store| {
        let (t, post) = posted(store.clone()).await;
        let s = &t.services;
        let (_, eva) = opened(&t, &post, EVA).await;
        let link = code(&reset_letter(&t, &post, EVA).await);
        s.forgot_password(EVA, Lang::En, &Device::default()).await.unwrap();
        s.delete_account(&eva, PASSWORD).await.unwrap();
        assert!(s.mail_counts().await.unwrap().is_empty());
        is_dead(s.reset_password(&link, NEW, Lang::En, &Device::default()).await);
        t.deliver().await;
        assert!(post.take().is_empty());
    })
    .await;
}

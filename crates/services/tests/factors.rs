//! Second factors, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_domain::scope::{Scope, Scopes, TokenLife};
use keepwell_services::{
    Actor, Device, Lang, NewToken, Proof, Question, Second, ServiceError, SessionToken, SignedIn,
};
use keepwell_store::testing::for_each_engine;
use std::sync::{Arc, atomic::Ordering};
use support::{ORIGIN, PASSWORD, Test, authenticator::Authenticator, post::Post, totp::wrong_code};
use totp_rs::{Builder, Secret, Totp};

const EVA: &str = "eva@example.org";

fn here() -> Device {
    Device::default()
}

async fn who(t: &Test, token: &SessionToken) -> Option<Actor> {
    t.services.authenticate(token.reveal()).await.unwrap()
}

/// An app on a phone whose clock is that of the test.
struct Phone(Totp);

impl Phone {
    fn scan(secret: &str) -> Self {
        let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
        Self(Builder::new().with_secret(secret).build().unwrap())
    }
    fn code(&self, t: &Test) -> String {
        self.0.generate(seconds(t)).to_string()
    }
    fn wrong(&self, t: &Test) -> String {
        wrong_code(&self.0, seconds(t))
    }
}

fn seconds(t: &Test) -> u64 {
    u64::try_from(t.clock.0.load(Ordering::SeqCst) / 1_000_000).unwrap()
}

/// Puts an app in force; the phone, the session that goes on, and the recovery codes.
async fn with_app(t: &Test, actor: &Actor) -> (Phone, Actor, Vec<String>) {
    let app = t.services.begin_app(actor).await.unwrap();
    let phone = Phone::scan(&app.secret);
    let done = t.services.confirm_app(actor, &phone.code(t), &here()).await.unwrap();
    let actor = who(t, &done.session).await.unwrap();
    t.wait(30);
    (phone, actor, done.codes.unwrap())
}

async fn half(t: &Test) -> String {
    match t.services.sign_in(EVA, PASSWORD, false, &here()).await.unwrap() {
        SignedIn::Half(half) => half.reveal().to_owned(),
        SignedIn::In(_) => panic!("signed in without the second factor"),
    }
}

async fn finish(t: &Test, ticket: &str, code: &str) -> Result<SessionToken, ServiceError> {
    t.services.finish_sign_in(ticket, Second::Code(code), Lang::En, &here()).await
}

fn is_refused<T>(r: Result<T, ServiceError>, name: &str) {
    match r.err() {
        Some(ServiceError::Invalid { field, .. }) => assert_eq!(field, name),
        Some(other) => panic!("{other}"),
        None => panic!("let in"),
    }
}

fn needs_proof<T>(r: Result<T, ServiceError>) {
    assert!(matches!(r.err(), Some(ServiceError::ProofNeeded)));
}

#[tokio::test]
async fn password_alone_opens_half_and_a_code_the_rest_once() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person(EVA).await;
        assert!(t.services.sign_in(EVA, PASSWORD, false, &here()).await.unwrap().session().is_some());
        let (phone, _, _) = with_app(&t, &eva).await;
        let ticket = half(&t).await;
        // The ticket is no session.
        assert!(t.services.authenticate(&ticket).await.unwrap().is_none());
        let ways = t.services.half_open(&ticket).await.unwrap().unwrap();
        assert!(ways.app && ways.recovery && !ways.passkey);
        is_refused(finish(&t, &ticket, &phone.wrong(&t)).await, "code");
        let code = phone.code(&t);
        let token = finish(&t, &ticket, &code).await.unwrap();
        assert!(who(&t, &token).await.is_some());
        is_refused(finish(&t, &ticket, &code).await, "ticket");
        // The same code again, with another right password: used is used.
        is_refused(finish(&t, &half(&t).await, &code).await, "code");
        t.wait(30);
        assert!(finish(&t, &half(&t).await, &phone.code(&t)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn of_two_uses_of_one_code_at_one_moment_one_wins() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person(EVA).await;
        let (phone, _, codes) = with_app(&t, &eva).await;
        for code in [phone.code(&t), codes[0].clone()] {
            let (a, b) = (half(&t).await, half(&t).await);
            let (one, two) = tokio::join!(finish(&t, &a, &code), finish(&t, &b, &code));
            assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1, "{code}");
        }
    })
    .await;
}

#[tokio::test]
async fn half_open_sign_in_ends_by_time_by_misses_and_with_the_generation() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person(EVA).await;
        let (phone, eva, _) = with_app(&t, &eva).await;
        let late = half(&t).await;
        t.wait(601);
        is_refused(finish(&t, &late, &phone.code(&t)).await, "ticket");
        let guessed = half(&t).await;
        for _ in 0..4 {
            is_refused(finish(&t, &guessed, &phone.wrong(&t)).await, "code");
        }
        // The fifth makes whoever guesses wait; the ticket is dead after it as well.
        is_refused(finish(&t, &guessed, &phone.wrong(&t)).await, "code");
        let slowed = finish(&t, &half(&t).await, &phone.code(&t)).await;
        assert!(matches!(slowed, Err(ServiceError::TooMany { .. })));
        t.wait(31);
        is_refused(finish(&t, &guessed, &phone.code(&t)).await, "ticket");
        let old = half(&t).await;
        let proof = Proof::Password { password: PASSWORD, code: &phone.code(&t) };
        let token = t.services.prove_self(&eva, proof, &here()).await.unwrap();
        let eva = who(&t, &token).await.unwrap();
        t.services.change_password(&eva, "", "brave kettles hum under snow", &here()).await.unwrap();
        t.wait(30);
        is_refused(finish(&t, &old, &phone.code(&t)).await, "ticket");
    })
    .await;
}

#[tokio::test]
async fn guesses_at_codes_wait_and_a_known_device_keeps_a_lane() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person(EVA).await;
        let (phone, _, _) = with_app(&t, &eva).await;
        let mine = finish(&t, &half(&t).await, &phone.code(&t)).await.unwrap();
        let mine = Device { cookie: mine.device().to_owned(), ..here() };
        for _ in 0..5 {
            is_refused(finish(&t, &half(&t).await, &phone.wrong(&t)).await, "code");
        }
        t.wait(5);
        assert!(matches!(
            finish(&t, &half(&t).await, &phone.wrong(&t)).await,
            Err(ServiceError::TooMany { .. })
        ));
        t.wait(25);
        let ticket = half(&t).await;
        let code = phone.code(&t);
        assert!(t.services.finish_sign_in(&ticket, Second::Code(&code), Lang::En, &mine).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn recovery_code_opens_once_ends_everything_else_and_new_ones_replace_the_old() {
    for_each_engine(async |store| {
        let post = Arc::new(Post::default());
        let t = Test::with_mail(store, post.setup()).await;
        let s = &t.services;
        s.sign_up(EVA, PASSWORD, Lang::En, &here()).await.unwrap();
        t.deliver().await;
        let letter = post.take().pop().unwrap();
        let first = s.verify(&support::post::code(&letter), PASSWORD, Lang::En, &here()).await.unwrap();
        let first = who(&t, &first).await.unwrap();
        let (_, eva, codes) = with_app(&t, &first).await;
        assert_eq!(codes.len(), 10);
        assert!(codes.iter().all(|c| c.len() == 19));
        let entered = finish(&t, &half(&t).await, &codes[3].to_uppercase()).await.unwrap();
        let entered = who(&t, &entered).await.unwrap();
        assert!(matches!(s.check_live(&eva).await, Err(ServiceError::Ended)));
        assert_eq!(s.factors(&entered).await.unwrap().codes_left, 9);
        is_refused(finish(&t, &half(&t).await, &codes[3]).await, "code");
        let (session, new) = s.make_recovery_codes(&entered, &here()).await.unwrap();
        assert!(matches!(s.check_live(&entered).await, Err(ServiceError::Ended)));
        is_refused(finish(&t, &half(&t).await, &codes[4]).await, "code");
        assert!(finish(&t, &half(&t).await, &new[0]).await.is_ok());
        drop(session);
        t.deliver().await;
        let told: Vec<String> = post.take().into_iter().map(|m| m.text).collect();
        for words in
            ["authenticator app was added", "recovery code of your account was used", "New recovery codes"]
        {
            assert!(told.iter().any(|text| text.contains(words)), "{words}: {told:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_change_of_factors_ends_other_sessions_and_tokens_and_stands_in_the_log() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person(EVA).await;
        let other = s.sign_in(EVA, PASSWORD, false, &here()).await.unwrap().session().unwrap();
        let new = NewToken {
            name: "script",
            scopes: Scopes::of([Scope::Export]).unwrap(),
            profile: None,
            life: TokenLife::default(),
        };
        let program = s.create_token(&eva, &new).await.unwrap();
        let (_, now, _) = with_app(&t, &eva).await;
        assert!(who(&t, &other).await.is_none());
        assert!(s.authenticate_token(program.reveal()).await.unwrap().is_none());
        let removed = s.remove_app(&now, &here()).await.unwrap();
        assert!(matches!(s.check_live(&now).await, Err(ServiceError::Ended)));
        let now = who(&t, &removed).await.unwrap();
        let left = s.factors(&now).await.unwrap();
        assert!(left.app.is_none() && left.codes_left == 0, "without a factor there is nothing to recover");
        assert!(s.sign_in(EVA, PASSWORD, false, &here()).await.unwrap().session().is_some());
        // The session from before the change can change nothing any more.
        assert!(s.begin_app(&eva).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn sensitive_acts_want_a_proof_of_the_last_ten_minutes() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person(EVA).await;
        let (phone, eva, _) = with_app(&t, &eva).await;
        let export = async |actor: &Actor| s.export(actor, std::io::sink()).await;
        export(&eva).await.unwrap();
        t.wait(600);
        needs_proof(export(&eva).await);
        needs_proof(s.export_all(&eva, std::io::sink()).await);
        needs_proof(s.begin_app(&eva).await);
        needs_proof(s.remove_app(&eva, &here()).await);
        needs_proof(s.make_recovery_codes(&eva, &here()).await);
        needs_proof(s.ask_passkey_to_enrol(&eva).await);
        // With a second factor the password alone is no proof; a wrong one is refused as such.
        needs_proof(s.delete_account(&eva, PASSWORD).await);
        needs_proof(s.change_password(&eva, PASSWORD, "brave kettles hum under snow", &here()).await);
        needs_proof(s.change_email(&eva, "", "new@example.org", &here()).await);
        is_refused(s.delete_account(&eva, "not the right one").await, "password");
        let prove = async |password: &str, code: &str| {
            s.prove_self(&eva, Proof::Password { password, code }, &here()).await
        };
        is_refused(prove("not the right one", &phone.code(&t)).await, "password");
        is_refused(prove(PASSWORD, "").await, "code");
        let token = prove(PASSWORD, &phone.code(&t)).await.unwrap();
        assert!(matches!(s.check_live(&eva).await, Err(ServiceError::Ended)), "the session has a new id");
        let eva = who(&t, &token).await.unwrap();
        export(&eva).await.unwrap();
        t.wait(599);
        assert!(s.delete_account(&eva, "").await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn without_a_factor_the_password_is_the_proof() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person(EVA).await;
        is_refused(s.delete_account(&eva, "").await, "password");
        t.wait(601);
        needs_proof(s.begin_app(&eva).await);
        needs_proof(s.export(&eva, std::io::sink()).await);
        let proof = Proof::Password { password: PASSWORD, code: "" };
        let token = s.prove_self(&eva, proof, &here()).await.unwrap();
        let eva = who(&t, &token).await.unwrap();
        s.begin_app(&eva).await.unwrap();
        t.wait(601);
        s.delete_account(&eva, PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn secret_of_before_a_change_of_the_password_is_never_put_in_force() {
    for_each_engine(async |store| {
        let t = Test::new(store.clone()).await;
        let eva = t.person(EVA).await;
        let thief = Phone::scan(&t.services.begin_app(&eva).await.unwrap().secret);
        let token = t
            .services
            .change_password(&eva, PASSWORD, "brave kettles hum under snow", &here())
            .await
            .unwrap();
        let eva = who(&t, &token).await.unwrap();
        assert!(t.services.confirm_app(&eva, &thief.code(&t), &here()).await.is_err());
        let own = Phone::scan(&t.services.begin_app(&eva).await.unwrap().secret);
        t.services.confirm_app(&eva, &own.code(&t), &here()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn secret_that_was_not_confirmed_is_shown_for_a_while_and_asks_nothing() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person(EVA).await;
        let first = Phone::scan(&s.begin_app(&eva).await.unwrap().secret);
        let second = s.begin_app(&eva).await.unwrap();
        let shown = s.factors(&eva).await.unwrap();
        assert!(shown.app.is_none() && shown.new_app.unwrap().secret == second.secret);
        assert!(s.sign_in(EVA, PASSWORD, false, &here()).await.unwrap().session().is_some());
        is_refused(s.confirm_app(&eva, &first.code(&t), &here()).await, "code");
        t.wait(901);
        let proof = Proof::Password { password: PASSWORD, code: "" };
        let token = s.prove_self(&eva, proof, &here()).await.unwrap();
        let eva = who(&t, &token).await.unwrap();
        assert!(s.factors(&eva).await.unwrap().new_app.is_none());
        let late = s.confirm_app(&eva, &Phone::scan(&second.secret).code(&t), &here()).await;
        assert!(matches!(late, Err(ServiceError::Conflict)));
        let (_, eva, _) = with_app(&t, &eva).await;
        assert!(matches!(s.begin_app(&eva).await, Err(ServiceError::Conflict)));
        assert!(s.factors(&eva).await.unwrap().new_app.is_none(), "a secret in force is never shown");
    })
    .await;
}

/// Adds a passkey; what it lies in, and the session that goes on.
async fn with_passkey(t: &Test, actor: &Actor) -> (Authenticator, Actor) {
    let mut key = Authenticator::new(ORIGIN);
    let Question { ticket, options } = t.services.ask_passkey_to_enrol(actor).await.unwrap();
    let answer = key.create(&options);
    let done = t.services.add_passkey(actor, (&ticket, &answer), "My phone", &here()).await.unwrap();
    (key, who(t, &done.session).await.unwrap())
}

async fn enter(t: &Test, ticket: &str, answer: &str) -> Result<SessionToken, ServiceError> {
    t.services.sign_in_with_passkey(ticket, answer, false, Lang::En, &here()).await
}

#[tokio::test]
async fn passkey_signs_in_alone_and_each_answer_is_good_once() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person(EVA).await;
        let (mut key, eva) = with_passkey(&t, &eva).await;
        let before = s.factors(&eva).await.unwrap();
        assert_eq!((before.passkeys[0].name.as_str(), before.passkeys[0].last_used), ("My phone", None));
        assert_eq!(before.codes_left, 10);
        let q = s.ask_passkey().await.unwrap();
        assert_eq!(q.options["publicKey"]["userVerification"], "required");
        assert!(q.options.get("mediation").is_none());
        let answer = key.get(&q.options);
        let token = enter(&t, &q.ticket, &answer).await.unwrap();
        assert_eq!(who(&t, &token).await.unwrap().account(), eva.account());
        is_refused(enter(&t, &q.ticket, &answer).await, "passkey");
        assert!(s.factors(&eva).await.unwrap().passkeys[0].last_used.is_some());
        // Another question's ticket, and a question that waited for too long.
        let (a, b) = (s.ask_passkey().await.unwrap(), s.ask_passkey().await.unwrap());
        is_refused(enter(&t, &a.ticket, &key.get(&b.options)).await, "passkey");
        let answer = key.get(&b.options);
        t.wait(601);
        is_refused(enter(&t, &b.ticket, &answer).await, "passkey");
        // The password alone opens half, and the passkey the rest.
        let ticket = half(&t).await;
        let q = s.ask_passkey_to_finish(&ticket, Lang::En).await.unwrap();
        let answer = key.get(&q.options);
        let done = s.finish_sign_in(&ticket, Second::Passkey(&answer), Lang::En, &here()).await;
        assert!(done.is_ok());
    })
    .await;
}

#[tokio::test]
async fn passkey_without_verification_of_another_site_copied_or_removed_is_refused() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person(EVA).await;
        let (mut key, eva) = with_passkey(&t, &eva).await;
        let ask = async || s.ask_passkey().await.unwrap();
        let q = ask().await;
        key.verifies = false;
        is_refused(enter(&t, &q.ticket, &key.get(&q.options)).await, "passkey");
        key.verifies = true;
        let q = ask().await;
        key.origin = "https://evil.example".to_owned();
        is_refused(enter(&t, &q.ticket, &key.get(&q.options)).await, "passkey");
        key.origin = ORIGIN.to_owned();
        let q = ask().await;
        assert!(enter(&t, &q.ticket, &key.get(&q.options)).await.is_ok());
        // A copy of the key does not know how far the first one has counted.
        let q = ask().await;
        is_refused(enter(&t, &q.ticket, &key.answer(&q.options)).await, "passkey");
        let stranger = Authenticator::new(ORIGIN);
        let q = ask().await;
        is_refused(enter(&t, &q.ticket, &stranger.answer(&q.options)).await, "passkey");
        let id = s.factors(&eva).await.unwrap().passkeys[0].id;
        s.rename_passkey(&eva, id, "Old phone").await.unwrap();
        assert_eq!(s.factors(&eva).await.unwrap().passkeys[0].name, "Old phone");
        let bob = t.person("bob@example.org").await;
        assert!(matches!(s.remove_passkey(&bob, id, &here()).await, Err(ServiceError::NotFound)));
        assert!(matches!(s.rename_passkey(&bob, id, "x").await, Err(ServiceError::NotFound)));
        s.remove_passkey(&eva, id, &here()).await.unwrap();
        let q = ask().await;
        is_refused(enter(&t, &q.ticket, &key.get(&q.options)).await, "passkey");
        assert!(s.sign_in(EVA, PASSWORD, false, &here()).await.unwrap().session().is_some());
    })
    .await;
}

#[tokio::test]
async fn passkey_proves_and_one_of_another_account_does_not() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let (eva, bob) = (t.person(EVA).await, t.person("bob@example.org").await);
        let (mut key, eva) = with_passkey(&t, &eva).await;
        let (mut other, bob) = with_passkey(&t, &bob).await;
        t.wait(601);
        needs_proof(s.export(&eva, std::io::sink()).await);
        let q = s.ask_passkey_to_prove(&eva).await.unwrap();
        let foreign = other.get(&q.options);
        let proof = |answer| Proof::Passkey { ticket: &q.ticket, answer };
        is_refused(s.prove_self(&eva, proof(&foreign), &here()).await, "passkey");
        let answer = key.get(&q.options);
        // The question was asked in another's session.
        is_refused(s.prove_self(&bob, proof(&answer), &here()).await, "passkey");
        let token = s.prove_self(&eva, proof(&answer), &here()).await.unwrap();
        s.export(&who(&t, &token).await.unwrap(), std::io::sink()).await.unwrap();
        // A passkey that belongs to an account already cannot be added to a second one.
        let token = s.ask_passkey_to_prove(&bob).await.unwrap();
        let answer = other.get(&token.options);
        let bob =
            s.prove_self(&bob, Proof::Passkey { ticket: &token.ticket, answer: &answer }, &here()).await;
        let bob = who(&t, &bob.unwrap()).await.unwrap();
        let q = s.ask_passkey_to_enrol(&bob).await.unwrap();
        let answer = key.create(&q.options);
        is_refused(s.add_passkey(&bob, (&q.ticket, &answer), "x", &here()).await, "passkey");
    })
    .await;
}

#[tokio::test]
async fn whoever_runs_the_instance_needs_a_factor_keeps_one_and_idles_for_a_quarter_of_an_hour() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        s.create_admin(EVA, PASSWORD).await.unwrap();
        let token = s.sign_in(EVA, PASSWORD, true, &here()).await.unwrap().session().unwrap();
        let admin = who(&t, &token).await.unwrap();
        assert!(admin.must_enrol());
        let (_, admin, _) = with_app(&t, &admin).await;
        assert!(!admin.must_enrol());
        is_refused(s.remove_app(&admin, &here()).await, "factor");
        let (_, admin) = with_passkey(&t, &admin).await;
        let id = s.factors(&admin).await.unwrap().passkeys[0].id;
        let token = s.remove_app(&admin, &here()).await.unwrap();
        let admin = who(&t, &token).await.unwrap();
        is_refused(s.remove_passkey(&admin, id, &here()).await, "factor");
        t.wait(899);
        assert!(who(&t, &token).await.is_some());
        t.wait(901);
        assert!(who(&t, &token).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn reset_by_mail_leaves_factors_in_force_and_deletion_takes_them() {
    for_each_engine(async |store| {
        let post = Arc::new(Post::default());
        let t = Test::with_mail(store, post.setup()).await;
        let s = &t.services;
        s.sign_up(EVA, PASSWORD, Lang::En, &here()).await.unwrap();
        t.deliver().await;
        let letter = post.take().pop().unwrap();
        let first = s.verify(&support::post::code(&letter), PASSWORD, Lang::En, &here()).await.unwrap();
        let (phone, ..) = with_app(&t, &who(&t, &first).await.unwrap()).await;
        s.forgot_password(EVA, Lang::En, &here()).await.unwrap();
        t.deliver().await;
        let letter = post.take().into_iter().find(|m| m.text.contains("/reset#")).unwrap();
        let new = "brave kettles hum under snow";
        s.reset_password(&support::post::code(&letter), new, Lang::En, &here()).await.unwrap();
        let SignedIn::Half(half) = s.sign_in(EVA, new, false, &here()).await.unwrap() else {
            panic!("the letter opened the account alone");
        };
        let token = finish(&t, half.reveal(), &phone.code(&t)).await.unwrap();
        let eva = who(&t, &token).await.unwrap();
        let (_, eva) = with_passkey(&t, &eva).await;
        s.delete_account(&eva, "").await.unwrap();
        let account = eva.account();
        let store = s.store();
        assert!(keepwell_store::factor::find_totp(store, account).await.unwrap().is_none());
        assert_eq!(keepwell_store::factor::count_codes(store, account).await.unwrap(), 0);
        assert_eq!(keepwell_store::passkey::count_passkeys(store, account).await.unwrap(), 0);
    })
    .await;
}

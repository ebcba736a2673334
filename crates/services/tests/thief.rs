//! What somebody with a stolen session, mailbox, password or passkey cannot do or keep, and the owner's
//! and the operator's ways back, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use keepwell_domain::{
    access::LogQuery,
    act::{ActBy, ActOutcome, Action},
    scope::{Scope, Scopes, TokenLife},
    view::RecordForm,
};
use keepwell_services::{
    Actor, Device, Lang, NewToken, Proof, Question, Second, ServiceError, SessionToken, SignedIn, mail::Mail,
};
use keepwell_store::{Store, testing::for_each_engine};
use std::sync::{Arc, atomic::Ordering};
use support::{
    ORIGIN, PASSWORD, Test,
    authenticator::Authenticator,
    post::{Post, code},
    totp::wrong_code,
};
use totp_rs::{Builder, Secret, Totp};

const EVA: &str = "eva@example.org";
const WRONG: &str = "not the right one at all";
const NEW: &str = "plain ferries carry nine lanterns";

fn here() -> Device {
    Device::default()
}

fn at(cookie: &str) -> Device {
    Device { cookie: cookie.to_owned(), ..here() }
}

async fn who(t: &Test, token: &SessionToken) -> Option<Actor> {
    t.services.authenticate(token.reveal()).await.unwrap()
}

/// An account whose address was confirmed, on an instance that sends mail.
async fn posted(store: Store) -> (Test, Arc<Post>, Actor) {
    let post = Arc::new(Post::default());
    let t = Test::with_mail(store, post.setup()).await;
    t.services.sign_up(EVA, PASSWORD, Lang::En, &here()).await.unwrap();
    let letter = letters(&t, &post).await.pop().unwrap();
    let token = t.services.verify(&code(&letter), PASSWORD, Lang::En, &here()).await.unwrap();
    let eva = who(&t, &token).await.unwrap();
    (t, post, eva)
}

async fn letters(t: &Test, post: &Post) -> Vec<Mail> {
    t.deliver().await;
    post.take()
}

fn about<'a>(letters: &'a [Mail], words: &str) -> &'a Mail {
    letters.iter().find(|m| m.text.contains(words)).unwrap_or_else(|| panic!("no letter says {words}"))
}

async fn with_app(t: &Test, actor: &Actor) -> (Totp, Actor) {
    let secret = t.services.begin_app(actor).await.unwrap().secret.replace(' ', "");
    let app = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    let done = t.services.confirm_app(actor, &now(t, &app), &here()).await.unwrap();
    t.wait(30);
    (app, who(t, &done.session).await.unwrap())
}

fn seconds(t: &Test) -> u64 {
    u64::try_from(t.clock.0.load(Ordering::SeqCst) / 1_000_000).unwrap()
}

fn now(t: &Test, app: &Totp) -> String {
    app.generate(seconds(t)).to_string()
}

fn wrong(t: &Test, app: &Totp) -> String {
    wrong_code(app, seconds(t))
}

async fn with_passkey(t: &Test, actor: &Actor) -> (Authenticator, Actor) {
    let mut key = Authenticator::new(ORIGIN);
    let Question { ticket, options } = t.services.ask_passkey_to_enrol(actor).await.unwrap();
    let answer = key.create(&options);
    let done = t.services.add_passkey(actor, (&ticket, &answer), "a phone", &here()).await.unwrap();
    (key, who(t, &done.session).await.unwrap())
}

async fn signed_in(t: &Test, password: &str, device: &Device) -> Result<SignedIn, ServiceError> {
    t.services.sign_in(EVA, password, false, device).await
}

async fn half(t: &Test, password: &str, device: &Device) -> String {
    match signed_in(t, password, device).await.unwrap() {
        SignedIn::Half(half) => half.reveal().to_owned(),
        SignedIn::In(_) => panic!("signed in without the second factor"),
    }
}

async fn enter(t: &Test, ticket: &str, answer: &str) -> Result<SessionToken, ServiceError> {
    t.services.sign_in_with_passkey(ticket, answer, false, Lang::En, &here()).await
}

fn is_refused<T>(r: Result<T, ServiceError>, name: &str) {
    match r.err() {
        Some(ServiceError::Invalid { field, .. }) => assert_eq!(field, name),
        Some(other) => panic!("{other}"),
        None => panic!("let in"),
    }
}

fn must_wait<T>(r: Result<T, ServiceError>) {
    assert!(matches!(r.err(), Some(ServiceError::TooMany { .. })));
}

async fn log_of(t: &Test, who: &Actor) -> Vec<(Option<Action>, Option<ActBy>, Option<ActOutcome>)> {
    let log = t.services.access_log(who, &LogQuery::default()).await.unwrap();
    log.items.into_iter().map(|i| (i.action, i.by, i.outcome)).collect()
}

#[tokio::test]
async fn operator_takes_all_factors_ends_everything_and_the_person_is_told() {
    for_each_engine(async |store| {
        let (t, post, eva) = posted(store.clone()).await;
        let s = &t.services;
        let (app, eva) = with_app(&t, &eva).await;
        let (mut thief, eva) = with_passkey(&t, &eva).await;
        let scopes = Scopes::of([Scope::Export]).unwrap();
        let new = NewToken { name: "script", scopes, profile: None, life: TokenLife::default() };
        let program = s.create_token(&eva, &new).await.unwrap();
        letters(&t, &post).await;
        s.forgot_password(EVA, Lang::En, &here()).await.unwrap();
        let link = code(&letters(&t, &post).await.pop().unwrap());
        let ticket = half(&t, PASSWORD, &here()).await;
        let asked = s.ask_passkey().await.unwrap();
        let early = thief.get(&asked.options);

        let taken = s.reset_factors(" Eva@Example.org ").await.unwrap();
        assert_eq!((taken.app, taken.passkeys, taken.codes), (true, 1, 10));
        assert!(taken.is_any() && taken.is_told && !taken.is_needed);

        assert!(matches!(s.check_live(&eva).await, Err(ServiceError::Ended)));
        assert!(s.authenticate_token(program.reveal()).await.unwrap().is_none());
        is_refused(s.reset_password(&link, NEW, Lang::En, &here()).await, "code");
        let finish = s.finish_sign_in(&ticket, Second::Code(&now(&t, &app)), Lang::En, &here()).await;
        is_refused(finish, "ticket");
        is_refused(enter(&t, &asked.ticket, &early).await, "passkey");
        let asked = s.ask_passkey().await.unwrap();
        is_refused(enter(&t, &asked.ticket, &thief.get(&asked.options)).await, "passkey");
        let told = letters(&t, &post).await;
        let told = about(&told, "took the second step from your account");
        assert!(told.to == EVA && told.text.contains("/forgot") && !told.text.contains('#'));

        let eva = signed_in(&t, PASSWORD, &here()).await.unwrap().session().unwrap();
        let eva = who(&t, &eva).await.unwrap();
        let log = log_of(&t, &eva).await;
        let by_operator = |action| {
            let entry = (Some(action), Some(ActBy::Operator), Some(ActOutcome::Done));
            log.iter().filter(|e| **e == entry).count()
        };
        assert_eq!(by_operator(Action::FactorRemoved), 3, "app, passkey, codes: {log:?}");
        assert_eq!(by_operator(Action::SessionsForced), 1);
        let left = s.factors(&eva).await.unwrap();
        assert!(left.app.is_none() && left.passkeys.is_empty() && left.codes_left == 0);

        // Again, where there is nothing to take: the sessions end all the same, and no letter says otherwise.
        assert!(!s.reset_factors(EVA).await.unwrap().is_any());
        assert!(matches!(s.check_live(&eva).await, Err(ServiceError::Ended)));
        assert!(!letters(&t, &post).await.iter().any(|m| m.text.contains("took the second step")));
    })
    .await;
}

#[tokio::test]
async fn operator_command_touches_no_other_account_and_knows_only_open_ones() {
    for_each_engine(async |store| {
        let t = Test::new(store.clone()).await;
        let s = &t.services;
        let (_, eva) = with_app(&t, &t.person(EVA).await).await;
        s.create_admin("bob@example.org", PASSWORD).await.unwrap();
        let bob = s.sign_in("bob@example.org", PASSWORD, false, &here()).await.unwrap().session().unwrap();
        with_app(&t, &who(&t, &bob).await.unwrap()).await;
        let taken = s.reset_factors("bob@example.org").await.unwrap();
        assert!(taken.app && taken.is_needed && !taken.is_told, "no mail is set");
        assert!(s.check_live(&eva).await.is_ok());
        assert!(s.factors(&eva).await.unwrap().app.is_some());
        let bob = s.sign_in("bob@example.org", PASSWORD, false, &here()).await.unwrap().session().unwrap();
        assert!(who(&t, &bob).await.unwrap().must_enrol(), "nothing opens before there is a factor again");
        for email in ["nobody@example.org", "", "no address"] {
            assert!(matches!(s.reset_factors(email).await, Err(ServiceError::NotFound)), "{email}");
        }
        let mut tx = store.begin().await.unwrap();
        let (locked, now) = (keepwell_store::account::AccountState::Locked, keepwell_domain::time::Ts(0));
        keepwell_store::account::update_account_state(&mut tx, eva.account(), locked, now).await.unwrap();
        tx.commit().await.unwrap();
        assert!(matches!(s.reset_factors(EVA).await, Err(ServiceError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn link_that_stops_a_change_of_address_takes_the_factors_that_came_after_it() {
    for_each_engine(async |store| {
        let (t, post, eva) = posted(store).await;
        let s = &t.services;
        // The thief has the session and the password, asks for another address and gives the account a passkey.
        s.change_email(&eva, PASSWORD, "mallory@example.net", &here()).await.unwrap();
        let all = letters(&t, &post).await;
        let (confirm, stop) = (code(about(&all, "/confirm#")), code(about(&all, "/stop#")));
        let (mut key, thief) = with_passkey(&t, &eva).await;
        is_refused(s.confirm_email(&confirm, Some(&thief), Lang::En, &here()).await, "code");
        s.change_email(&thief, "", "mallory@example.net", &here()).await.unwrap();
        let all = letters(&t, &post).await;
        let confirm = code(about(&all, "/confirm#"));
        let thief = s.confirm_email(&confirm, Some(&thief), Lang::En, &here()).await.unwrap().unwrap();
        let thief = who(&t, &thief).await.unwrap();
        let (_, thief) = with_app(&t, &thief).await;
        letters(&t, &post).await;
        s.stop_email_change(&stop, NEW, Lang::En, &here()).await.unwrap();
        assert!(matches!(s.check_live(&thief).await, Err(ServiceError::Ended)));
        let asked = s.ask_passkey().await.unwrap();
        is_refused(enter(&t, &asked.ticket, &key.get(&asked.options)).await, "passkey");
        let told = letters(&t, &post).await;
        assert_eq!(about(&told, "was removed, by the link").to, EVA, "not to the thief's address");
        let eva = signed_in(&t, NEW, &here()).await.unwrap().session().expect("no factor is left");
        let eva = who(&t, &eva).await.unwrap();
        assert_eq!(s.factors(&eva).await.unwrap().codes_left, 0);
        let removed = (Some(Action::FactorRemoved), Some(ActBy::Person), Some(ActOutcome::Done));
        assert_eq!(log_of(&t, &eva).await.iter().filter(|e| **e == removed).count(), 3);
    })
    .await;
}

#[tokio::test]
async fn letter_about_a_new_factor_takes_it_back_and_leaves_those_from_before() {
    for_each_engine(async |store| {
        let (t, post, eva) = posted(store).await;
        let s = &t.services;
        let (app, eva) = with_app(&t, &eva).await;
        letters(&t, &post).await;
        // The thief has a session with a fresh proof, and acts before any letter is written.
        let (mut key, thief) = with_passkey(&t, &eva).await;
        let (thief, _) = s.make_recovery_codes(&thief, &here()).await.unwrap();
        let all = letters(&t, &post).await;
        let letter = about(&all, "A passkey was added");
        assert!(letter.to == EVA && letter.text.contains("It removes what was added since"));
        let stop = code(letter);
        let thief = who(&t, &thief).await.unwrap();
        t.wait(6 * 86_400);
        s.stop_email_change(&stop, NEW, Lang::En, &here()).await.unwrap();
        assert!(s.check_live(&thief).await.is_err());
        let asked = s.ask_passkey().await.unwrap();
        is_refused(enter(&t, &asked.ticket, &key.get(&asked.options)).await, "passkey");
        // The letter alone opens nothing: the app from before it is still asked for.
        let ticket = half(&t, NEW, &here()).await;
        let ways = s.half_open(&ticket).await.unwrap().unwrap();
        assert!(ways.app && !ways.passkey && !ways.recovery, "the thief's codes are gone too");
        let done = s.finish_sign_in(&ticket, Second::Code(&now(&t, &app)), Lang::En, &here()).await.unwrap();
        let eva = who(&t, &done).await.unwrap();
        // The address was never asked to change, and the log does not say so.
        let log = log_of(&t, &eva).await;
        assert!(
            log.iter().all(|e| e.0 != Some(Action::EmailChanged) && e.0 != Some(Action::EmailChangeAsked))
        );
        is_refused(s.stop_email_change(&stop, NEW, Lang::En, &here()).await, "code");
    })
    .await;
}

#[tokio::test]
async fn letter_about_a_new_factor_goes_to_the_address_of_that_moment_and_brings_it_back() {
    for_each_engine(async |store| {
        let (t, post, eva) = posted(store).await;
        let s = &t.services;
        let (_, thief) = with_app(&t, &eva).await;
        // The letter about it is late, and the account has another address by the time it is written.
        post.fail(Some(keepwell_services::mail::MailFault::Later("connection")));
        assert!(s.mail_once(uuid::Uuid::now_v7()).await.unwrap());
        post.fail(None);
        s.change_email(&thief, "", "mallory@example.net", &here()).await.unwrap();
        let all = letters(&t, &post).await;
        assert!(all.iter().all(|m| !m.text.contains("app was added")));
        let confirm = code(about(&all, "/confirm#"));
        s.confirm_email(&confirm, Some(&thief), Lang::En, &here()).await.unwrap().unwrap();
        t.wait(60);
        let seen = letters(&t, &post).await;
        let letter = about(&seen, "authenticator app was added");
        assert_eq!(letter.to, EVA);
        s.stop_email_change(&code(letter), NEW, Lang::En, &here()).await.unwrap();
        assert!(signed_in(&t, NEW, &here()).await.unwrap().session().is_some());
    })
    .await;
}

#[tokio::test]
async fn asking_for_resets_gives_no_more_guesses_at_codes_or_passwords() {
    for_each_engine(async |store| {
        let (t, post, eva) = posted(store).await;
        let s = &t.services;
        let (app, _) = with_app(&t, &eva).await;
        // Somebody reads the mailbox: each link sets a password, and gives the cookie of another device.
        let reset = async |device: &Device| {
            t.wait(3601);
            s.forgot_password(EVA, Lang::En, &here()).await.unwrap();
            let all = letters(&t, &post).await;
            s.reset_password(&code(about(&all, "/reset#")), NEW, Lang::En, device).await.unwrap()
        };
        let guess = async |device: &Device| {
            let ticket = half(&t, NEW, device).await;
            s.finish_sign_in(&ticket, Second::Code(&wrong(&t, &app)), Lang::En, device).await
        };
        let cookies = [reset(&here()).await, reset(&here()).await, reset(&here()).await];
        for n in 0..5 {
            is_refused(guess(&at(&cookies[n % 3])).await, "code");
        }
        for cookie in &cookies {
            must_wait(guess(&at(cookie)).await);
        }
        let elsewhere = Device { address: Some("203.0.113.9".parse().unwrap()), ..at(&reset(&here()).await) };
        let ticket = half(&t, NEW, &elsewhere).await;
        let done =
            s.finish_sign_in(&ticket, Second::Code(&now(&t, &app)), Lang::En, &elsewhere).await.unwrap();
        let mine = at(done.device());
        // Nor at the password, once that is another one.
        for n in 0..5 {
            let wrong = signed_in(&t, WRONG, &at(&cookies[n % 3])).await;
            assert!(matches!(wrong, Err(ServiceError::Credentials)));
        }
        for cookie in &cookies {
            must_wait(signed_in(&t, NEW, &at(cookie)).await);
        }
        // The owner's own device has its lanes, and a link that was followed on it takes them not away.
        let mine = at(&reset(&mine).await);
        is_refused(guess(&here()).await, "code");
        must_wait(guess(&here()).await);
        t.wait(30);
        let ticket = half(&t, NEW, &mine).await;
        assert!(s.finish_sign_in(&ticket, Second::Code(&now(&t, &app)), Lang::En, &mine).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn device_that_knows_the_password_only_has_no_lane_of_its_own_for_codes() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person(EVA).await;
        // Whoever knew the password before there was a factor collected known devices.
        let mut cookies = Vec::new();
        for _ in 0..3 {
            let token = signed_in(&t, PASSWORD, &here()).await.unwrap().session().unwrap();
            cookies.push(token.device().to_owned());
        }
        let (app, _) = with_app(&t, &eva).await;
        let guess = async |device: &Device| {
            let ticket = half(&t, PASSWORD, device).await;
            t.services.finish_sign_in(&ticket, Second::Code(&wrong(&t, &app)), Lang::En, device).await
        };
        for n in 0..5 {
            is_refused(guess(&at(&cookies[n % 3])).await, "code");
        }
        for cookie in &cookies {
            must_wait(guess(&at(cookie)).await);
        }
    })
    .await;
}

#[tokio::test]
async fn guesses_within_a_stolen_session_wait_there_and_nowhere_else() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let stolen = t.person(EVA).await;
        let own = signed_in(&t, PASSWORD, &here()).await.unwrap().session().unwrap();
        let own = who(&t, &own).await.unwrap();
        let prove = async |actor: &Actor, password: &str, code: &str| {
            s.prove_self(actor, Proof::Password { password, code }, &here()).await
        };
        for n in 0..5 {
            // By whichever door: they count in one lane.
            match n % 3 {
                0 => is_refused(prove(&stolen, WRONG, "").await, "password"),
                1 => is_refused(s.delete_account(&stolen, WRONG).await, "password"),
                _ => is_refused(s.change_password(&stolen, WRONG, NEW, &here()).await, "current_password"),
            }
        }
        must_wait(prove(&stolen, PASSWORD, "").await);
        must_wait(s.delete_account(&stolen, PASSWORD).await);
        // The owner proves in another session, and signs in.
        let own = who(&t, &prove(&own, PASSWORD, "").await.unwrap()).await.unwrap();
        assert!(signed_in(&t, PASSWORD, &here()).await.is_ok());
        must_wait(prove(&stolen, PASSWORD, "").await);
        // The same for codes: whoever has session and password guesses in that session's lane.
        let (app, own) = with_app(&t, &own).await;
        let second = half(&t, PASSWORD, &here()).await;
        let token = s.finish_sign_in(&second, Second::Code(&now(&t, &app)), Lang::En, &here()).await.unwrap();
        let stolen = who(&t, &token).await.unwrap();
        let both = at(token.device());
        for _ in 0..5 {
            let guess = Proof::Password { password: PASSWORD, code: &wrong(&t, &app) };
            is_refused(s.prove_self(&stolen, guess, &both).await, "code");
        }
        must_wait(prove(&stolen, PASSWORD, &wrong(&t, &app)).await);
        t.wait(5);
        must_wait(prove(&stolen, PASSWORD, &now(&t, &app)).await);
        t.wait(25);
        assert!(prove(&own, PASSWORD, &now(&t, &app)).await.is_ok());
        t.wait(30);
        let ticket = half(&t, PASSWORD, &both).await;
        let done = s.finish_sign_in(&ticket, Second::Code(&now(&t, &app)), Lang::En, &both).await;
        assert!(done.is_ok(), "the owner's device signs in as ever");
    })
    .await;
}

#[tokio::test]
async fn of_two_answers_with_one_counter_one_is_let_in() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person(EVA).await;
        let (mut key, eva) = with_passkey(&t, &eva).await;
        let finish = async |ticket: &str, answer: &str| {
            s.finish_sign_in(ticket, Second::Passkey(answer), Lang::En, &here()).await
        };
        let ask = async || {
            let ticket = half(&t, PASSWORD, &here()).await;
            let options = s.ask_passkey_to_finish(&ticket, Lang::En).await.unwrap().options;
            (ticket, options)
        };
        // One after the other: both were asked before either was answered.
        let ((a, to_a), (b, to_b)) = (ask().await, ask().await);
        key.counter += 1;
        let (own, copy) = (key.answer(&to_a), key.answer(&to_b));
        assert!(finish(&a, &own).await.is_ok());
        is_refused(finish(&b, &copy).await, "passkey");
        let refusals = log_of(&t, &eva).await;
        let refused = refusals.iter().filter(|e| e.0 == Some(Action::SessionRefused)).count();
        assert!(refused > 0, "the copy stands in the log");
        // The same between a sign-in and a proof.
        let q = s.ask_passkey_to_prove(&eva).await.unwrap();
        let (a, to_a) = ask().await;
        key.counter += 1;
        assert!(finish(&a, &key.answer(&to_a)).await.is_ok());
        let copy = key.answer(&q.options);
        let proof = Proof::Passkey { ticket: &q.ticket, answer: &copy };
        is_refused(s.prove_self(&eva, proof, &here()).await, "passkey");
        // At one moment, with one counter: one wins, whichever way they come.
        for _ in 0..4 {
            let ((a, to_a), (b, to_b)) = (ask().await, ask().await);
            key.counter += 1;
            let (one, other) = (key.answer(&to_a), key.answer(&to_b));
            let (one, other) = tokio::join!(finish(&a, &one), finish(&b, &other));
            assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
            let (a, b) = (s.ask_passkey().await.unwrap(), s.ask_passkey().await.unwrap());
            key.counter += 1;
            let (one, other) = (key.answer(&a.options), key.answer(&b.options));
            let (one, other) = tokio::join!(enter(&t, &a.ticket, &one), enter(&t, &b.ticket, &other));
            assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
        }
        // A new name brings no older counter back.
        let id = s.factors(&eva).await.unwrap().passkeys[0].id;
        let q = s.ask_passkey().await.unwrap();
        s.rename_passkey(&eva, id, "Mine").await.unwrap();
        is_refused(enter(&t, &q.ticket, &key.answer(&q.options)).await, "passkey");
        let q = s.ask_passkey().await.unwrap();
        assert!(enter(&t, &q.ticket, &key.get(&q.options)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn passkey_without_a_counter_signs_in_again_and_again() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let eva = t.person(EVA).await;
        let mut key = Authenticator::new(ORIGIN);
        key.counter = 0;
        let Question { ticket, options } = t.services.ask_passkey_to_enrol(&eva).await.unwrap();
        let answer = key.create(&options);
        t.services.add_passkey(&eva, (&ticket, &answer), "in the cloud", &here()).await.unwrap();
        for _ in 0..3 {
            let q = t.services.ask_passkey().await.unwrap();
            assert!(enter(&t, &q.ticket, &key.answer(&q.options)).await.is_ok());
        }
        // One that has begun to count does not go back to nothing.
        key.counter = 7;
        let q = t.services.ask_passkey().await.unwrap();
        assert!(enter(&t, &q.ticket, &key.answer(&q.options)).await.is_ok());
        key.counter = 0;
        let q = t.services.ask_passkey().await.unwrap();
        is_refused(enter(&t, &q.ticket, &key.answer(&q.options)).await, "passkey");
    })
    .await;
}

#[tokio::test]
async fn deleting_a_document_or_a_record_wants_a_proof_of_the_last_ten_minutes() {
    for_each_engine(async |store| {
        let t = Test::new(store).await;
        let s = &t.services;
        let eva = t.person(EVA).await;
        let note = |text: &str| RecordForm {
            kind: "note".into(),
            name: "a note".into(),
            note: text.into(),
            date: "2024-01-01".into(),
            ..RecordForm::default()
        };
        let (one, other) = (
            s.add_record(&eva, &note("one")).await.unwrap(),
            s.add_record(&eva, &note("two")).await.unwrap(),
        );
        let lab = |id: &str, value: &str| {
            support::bundle(&[support::lab(id, "2823-3", "Potassium", "2024-02-01", value, "mmol/L")])
        };
        let first = t.bring(&eva, "a.json", &lab("a", "4.1")).await.id;
        let second = t.bring(&eva, "b.json", &lab("b", "4.2")).await.id;
        s.add_demo(&eva).await.unwrap();
        let until = eva_proved(&t, &eva);
        // The last moment at which it counts.
        t.clock.0.store(until - 1_000_000, Ordering::SeqCst);
        s.delete_record(&eva, one).await.unwrap();
        s.delete_document(&eva, first).await.unwrap();
        // The first at which it does not.
        t.clock.0.store(until, Ordering::SeqCst);
        assert!(matches!(s.delete_record(&eva, other).await, Err(ServiceError::ProofNeeded)));
        assert!(matches!(s.delete_document(&eva, second).await, Err(ServiceError::ProofNeeded)));
        // What is not there is not there, proof or none.
        assert!(matches!(s.delete_record(&eva, one).await, Err(ServiceError::NotFound)));
        assert!(matches!(s.delete_document(&eva, first).await, Err(ServiceError::NotFound)));
        assert!(s.document(&eva, second, None, 1).await.is_ok(), "nothing was deleted");
        let log = log_of(&t, &eva).await;
        for action in [Action::RecordDeleted, Action::DocumentDeleted] {
            for outcome in [ActOutcome::Done, ActOutcome::Refused] {
                let entry = (Some(action), Some(ActBy::Person), Some(outcome));
                assert_eq!(log.iter().filter(|e| **e == entry).count(), 1, "{action:?} {outcome:?}");
            }
        }
        // The demo person is made up, and can be had again at any time.
        s.remove_demo(&eva).await.unwrap();
        let proof = Proof::Password { password: PASSWORD, code: "" };
        let eva = who(&t, &s.prove_self(&eva, proof, &here()).await.unwrap()).await.unwrap();
        // A token is a proof of its own for what its scopes allow.
        let scopes = Scopes::of([Scope::RecordsWrite]).unwrap();
        let new = NewToken { name: "script", scopes, profile: None, life: TokenLife::default() };
        let program = s.create_token(&eva, &new).await.unwrap();
        s.delete_document(&eva, second).await.unwrap();
        t.wait(3600);
        let program = s.authenticate_token(program.reveal()).await.unwrap().unwrap();
        s.delete_record(&program, other).await.unwrap();
    })
    .await;
}

/// When the proof of the session stops counting, in microseconds: found by halving, for it is nowhere said.
fn eva_proved(t: &Test, eva: &Actor) -> i64 {
    let start = t.clock.0.load(Ordering::SeqCst);
    let (mut fresh, mut stale) = (start, start + 700 * 1_000_000);
    while stale - fresh > 1 {
        let middle = fresh.midpoint(stale);
        t.clock.0.store(middle, Ordering::SeqCst);
        if t.services.is_proved(eva) { fresh = middle } else { stale = middle }
    }
    assert!((595..=600).contains(&((stale - START) / 1_000_000)), "about ten minutes after the beginning");
    t.clock.0.store(start, Ordering::SeqCst);
    stale
}

/// When the clock of a test begins.
const START: i64 = 1_763_700_000_000_000;

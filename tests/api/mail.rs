//! Accounts whose addresses are confirmed, over a real mail server: the answers, the letters, and
//! what happens while that server hangs, refuses or is gone.

use crate::support::{
    Answer, PASSWORD, TestApp,
    smtp::{Mood, Received, Sink},
};
use keepwell::config::{MailSecurity, MailServer, Origin};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const NEW: &str = "plain ferries carry nine lanterns";

async fn with_sink(mood: Mood) -> (TestApp, Sink) {
    let sink = Sink::start(mood).await;
    (with_url(&sink.url()).await, sink)
}

async fn with_url(url: &str) -> TestApp {
    let mut set = keepwell::config::SETTINGS.iter().filter(|s| s.key.starts_with("mail."));
    let smtp = set.find(|s| s.key == "mail.smtp_url").unwrap();
    TestApp::with(|config| {
        (smtp.set)(config, url).unwrap();
        config.mail.from = Some("Keepwell <keepwell@health.example>".to_owned());
        config.public_url = Origin::parse("https://health.example");
    })
    .await
}

async fn post(app: &TestApp, path: &str, body: &Value) -> Answer {
    app.call("POST", path).header("origin", "https://health.example").json(body).send().await
}

async fn opened(app: &TestApp, sink: &Sink, email: &str) -> String {
    let answer = post(app, "/api/v1/signup", &json!({"email": email, "password": PASSWORD})).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let code = sink.letters(1).await.remove(0).code();
    let answer = post(app, "/api/v1/verify", &json!({"code": code, "password": PASSWORD})).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["token"].as_str().unwrap().to_owned()
}

/// Everything of an answer but what is new each time.
fn shape(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(n, _)| !["date", "x-request-id"].contains(&n.as_str()))
        .map(|(n, v)| {
            let v = v.to_str().unwrap();
            // The nonce of this answer.
            let v = v
                .split_once("'nonce-")
                .map_or(v.to_owned(), |(a, b)| format!("{a}{}", b.split_once('\'').unwrap().1));
            (n.to_string(), v)
        })
        .collect();
    headers.sort();
    let body = answer.text().replace(answer.header("x-request-id"), "");
    (answer.status, headers, body)
}

#[tokio::test]
async fn letters_arrive_whole_in_both_forms_and_say_nothing_of_health() {
    let (app, sink) = with_sink(Mood::Takes).await;
    let body = json!({"email": "eva@example.org", "password": PASSWORD, "lang": "de"});
    assert_eq!(post(&app, "/api/v1/signup", &body).await.status, 202);
    let letter: Received = sink.letters(1).await.remove(0);
    assert!(letter.from.contains("<keepwell@health.example>"), "{}", letter.from);
    assert_eq!(letter.to.len(), 1);
    assert!(letter.to[0].contains("<eva@example.org>"));
    assert!(letter.has_header("Auto-Submitted: auto-generated"), "{}", letter.data);
    assert!(letter.text().contains("bestätigen") || letter.text().contains("Konto"), "{}", letter.text());
    assert!(letter.html().contains("lang=\"de\""), "{}", letter.html());
    assert_eq!(letter.html().matches(&letter.code()).count(), 2, "link and code");
    let subject = letter.data.lines().find(|l| l.starts_with("Subject:")).unwrap();
    for word in ["Keepwell", "health", "Gesundheit"] {
        assert!(!subject.contains(word), "{subject}");
    }
}

#[tokio::test]
async fn answers_are_the_same_for_every_address() {
    let (app, sink) = with_sink(Mood::Takes).await;
    opened(&app, &sink, "known@example.org").await;
    // Waits for its link.
    post(&app, "/api/v1/signup", &json!({"email": "waits@example.org", "password": PASSWORD})).await;
    let emails = ["known@example.org", "waits@example.org", "new@example.org"];
    for (path, password) in [("/api/v1/signup", true), ("/api/v1/forgot", false), ("/api/v1/login", true)] {
        let mut shapes = Vec::new();
        for email in emails {
            let mut body = json!({"email": email});
            if password {
                body["password"] = json!(NEW);
            }
            shapes.push(shape(&post(&app, path, &body).await));
        }
        assert!(shapes.windows(2).all(|w| w[0] == w[1]), "{path}: {shapes:#?}");
    }
    for (page, form) in [("/signup", "sign_up"), ("/forgot", "forgot_password")] {
        let mut shapes = Vec::new();
        for email in emails {
            let mut body = format!("_form={form}&email={}", email.replace('@', "%40"));
            if form == "sign_up" {
                body += &format!("&password={}", NEW.replace(' ', "+"));
            }
            let call = app.call("POST", page).header("origin", "https://health.example");
            let answer = call.body("application/x-www-form-urlencoded", body).send().await;
            assert_eq!(answer.status, 303, "{page}: {}", answer.text());
            shapes.push(shape(&answer));
        }
        assert!(shapes.windows(2).all(|w| w[0] == w[1]), "{page}: {shapes:#?}");
    }
}

#[tokio::test]
async fn no_answer_waits_for_a_mail_server_that_hangs_or_differs_when_it_is_gone() {
    let (app, sink) = with_sink(Mood::Takes).await;
    opened(&app, &sink, "eva@example.org").await;
    let ask = async |email: &str| {
        let started = Instant::now();
        let shape = shape(&post(&app, "/api/v1/forgot", &json!({"email": email})).await);
        // A mail server is given 20 s for each of its words, so an answer that waited would take that long.
        assert!(started.elapsed() < Duration::from_secs(18), "the answer waited for the mail server");
        shape
    };
    let usual = ask("eva@example.org").await;
    sink.letters(1).await;
    for mood in [Mood::Hangs, Mood::Defers, Mood::Refuses] {
        sink.set(mood);
        assert_eq!(ask("eva@example.org").await, usual, "{mood:?}");
        assert_eq!(ask("nobody@example.org").await, usual, "{mood:?}");
    }
    drop(sink);
    assert_eq!(ask("eva@example.org").await, usual);
}

#[tokio::test]
async fn a_deferred_letter_comes_later() {
    let (app, sink) = with_sink(Mood::Defers).await;
    post(&app, "/api/v1/signup", &json!({"email": "eva@example.org", "password": PASSWORD})).await;
    sink.has_deferred(1).await;
    assert_eq!(sink.count(), 0);
    sink.set(Mood::Takes);
    // When the wait for the next try began is not to be seen from here.
    for _ in 0..120 {
        app.clock.advance(10);
        tokio::time::sleep(Duration::from_millis(500)).await;
        if sink.count() > 0 {
            break;
        }
    }
    assert_eq!(sink.letters(1).await.len(), 1);
}

#[tokio::test]
async fn links_never_follow_the_host_header() {
    let (app, sink) = with_sink(Mood::Takes).await;
    opened(&app, &sink, "eva@example.org").await;
    for (name, value) in
        [("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example"), ("x-host", "evil.example")]
    {
        let call = app.call("POST", "/api/v1/forgot").header("origin", "https://health.example");
        let answer = call.header(name, value).json(&json!({"email": "eva@example.org"})).send().await;
        assert_eq!(answer.status, 202);
        let letter = sink.letters(1).await.remove(0);
        assert!(letter.text().contains("https://health.example/reset#") && !letter.data.contains("evil"));
        app.clock.advance(3601);
    }
    let mut call = app.call("POST", "/api/v1/forgot").header("origin", "https://health.example");
    call = call.json(&json!({"email": "eva@example.org"})).host("evil.example");
    let answer = call.send().await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert!(!sink.letters(1).await[0].data.contains("evil"));
}

#[tokio::test]
async fn a_reset_ends_sessions_and_its_code_is_in_no_log_and_no_database() {
    let (app, sink) = with_sink(Mood::Takes).await;
    let token = opened(&app, &sink, "eva@example.org").await;
    post(&app, "/api/v1/forgot", &json!({"email": "eva@example.org"})).await;
    let code = sink.letters(1).await.remove(0).code();
    for file in ["keepwell.db", "keepwell.db-wal", "keys.db", "keys.db-wal"] {
        let bytes = std::fs::read(app.dir.path().join("data").join(file)).unwrap_or_default();
        for needle in [code.as_bytes(), b"eva@example.org"] {
            assert!(!bytes.windows(needle.len()).any(|w| w == needle), "{file}");
        }
    }
    let body = json!({"code": code, "password": NEW});
    let answer = post(&app, "/api/v1/reset", &body).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    assert!(answer.header("set-cookie").starts_with("__Host-keepwell-device="));
    assert_eq!(post(&app, "/api/v1/reset", &body).await.problem(422)["field"], "code");
    app.call("GET", "/api/v1/me").bearer(&token).send().await.problem(401);
    let login = |password: &str| json!({"email": "eva@example.org", "password": password});
    post(&app, "/api/v1/login", &login(PASSWORD)).await.problem(401);
    assert_eq!(post(&app, "/api/v1/login", &login(NEW)).await.status, 200);
}

#[tokio::test]
async fn opening_a_link_changes_nothing() {
    let (app, sink) = with_sink(Mood::Takes).await;
    post(&app, "/api/v1/signup", &json!({"email": "eva@example.org", "password": PASSWORD})).await;
    let code = sink.letters(1).await.remove(0).code();
    for page in ["/verify", "/reset", "/confirm", "/stop", "/forgot", "/sent?for=signup"] {
        let path = if page.contains('?') { page.to_owned() } else { format!("{page}?code={code}") };
        let answer = app.call("GET", &path).header("accept", "text/html").send().await;
        assert_eq!(answer.status, 200, "{page}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{page}");
    }
    let answer = post(&app, "/api/v1/verify", &json!({"code": code, "password": PASSWORD})).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

/// A server of that name elsewhere, were it not here: `smtp://localhost` alone goes without TLS.
async fn elsewhere(sink: &Sink, security: MailSecurity, ca: Option<&str>) -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    if let Some(pem) = ca {
        std::fs::write(&file, pem).unwrap();
    }
    let server = MailServer { host: "localhost".to_owned(), port: sink.address.port(), security };
    TestApp::with(|config| {
        config.mail.server = Some(server);
        config.mail.ca_file = ca.is_some().then_some(file);
        config.mail.from = Some("Keepwell <keepwell@health.example>".to_owned());
        config.public_url = Origin::parse("https://health.example");
    })
    .await
}

#[tokio::test]
async fn letters_go_over_tls_from_the_first_byte_and_after_starttls() {
    for (starttls, security) in [(false, MailSecurity::Tls), (true, MailSecurity::StartTls)] {
        let (sink, pem) = Sink::tls(starttls).await;
        let app = elsewhere(&sink, security, Some(&pem)).await;
        opened(&app, &sink, "eva@example.org").await;
    }
}

#[tokio::test]
async fn a_mail_server_without_tls_or_of_a_stranger_gets_no_letter() {
    let plain = Sink::start(Mood::Takes).await;
    let (wrapped, _) = Sink::tls(false).await;
    let (upgraded, _) = Sink::tls(true).await;
    // The stranger proves itself with a certificate of its own making.
    let cases = [
        (&plain, MailSecurity::Tls),
        (&plain, MailSecurity::StartTls),
        (&wrapped, MailSecurity::Tls),
        (&upgraded, MailSecurity::StartTls),
    ];
    for (sink, security) in cases {
        let app = elsewhere(sink, security, None).await;
        post(&app, "/api/v1/signup", &json!({"email": "eva@example.org", "password": PASSWORD})).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(sink.count(), 0, "{security:?}");
    }
}

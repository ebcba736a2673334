//! Letters that an administrator has sent: one that tries the mail, and invitations.

use crate::{
    matrix::things::Caller,
    support::{
        Answer, PASSWORD, TestApp,
        smtp::{Mood, Received, Sink},
    },
};
use keepwell_services::Role;
use keepwell_store::testing::run_sql;
use serde_json::json;

async fn with_url(url: &str) -> TestApp {
    let smtp = keepwell::config::SETTINGS.iter().find(|s| s.key == "mail.smtp_url").unwrap();
    TestApp::with(|config| {
        (smtp.set)(config, url).unwrap();
        config.mail.from = Some("Keepwell <keepwell@health.example>".to_owned());
    })
    .await
}

async fn admin(app: &TestApp) -> String {
    Caller::staff(app, "admin", Role::Admin).await.secret.unwrap()
}

async fn try_it(app: &TestApp, secret: &str) -> Answer {
    app.call("POST", "/api/v1/admin/mail/test").bearer(secret).send().await
}

async fn by_form(app: &TestApp, secret: &str, body: &str) -> Answer {
    let call = app.call("POST", "/admin/settings").own().cookie(secret).header("accept", "text/html");
    call.body("application/x-www-form-urlencoded", body.to_owned()).send().await
}

/// The next letter that says this; the others are about signing in.
async fn letter(sink: &Sink, words: &str) -> Received {
    loop {
        if let Some(found) = sink.letters(1).await.into_iter().find(|l| l.text().contains(words)) {
            return found;
        }
    }
}

#[tokio::test]
async fn test_letter_goes_to_ones_own_address_and_its_fate_is_said_plainly() {
    let sink = Sink::start(Mood::Takes).await;
    let app = with_url(&sink.url()).await;
    let secret = admin(&app).await;
    let page = by_form(&app, &secret, "_form=send_test_letter").await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("The mail server took the letter"), "{}", page.text());
    let found = letter(&sink, "whether mail works").await;
    assert!(found.to[0].contains("<admin@example.org>"));
    for (mood, outcome) in [(Mood::Refuses, "refused"), (Mood::Defers, "deferred")] {
        sink.set(mood);
        assert_eq!(try_it(&app, &secret).await.json()["outcome"], outcome);
    }
    let page = by_form(&app, &secret, "_form=send_test_letter").await;
    assert!(page.text().contains("takes no letters at the moment") && page.text().contains("role=\"alert\""));
    let log = app.call("GET", "/api/v1/audit?kind=admin").bearer(&secret).send().await.text();
    assert_eq!(log.matches("mail.tested").count(), 4);
    // What failed is over: no worker takes it up again.
    sink.set(Mood::Takes);
    assert_eq!(try_it(&app, &secret).await.json()["outcome"], "sent");
    try_it(&app, &secret).await.problem(429);
    app.clock.advance(3601);
    let again = Caller::staff(&app, "other", Role::Admin).await.secret.unwrap();
    assert_eq!(try_it(&app, &again).await.json()["outcome"], "sent");
    letter(&sink, "whether mail works").await;
}

#[tokio::test]
async fn test_letter_says_what_does_not_work_and_is_for_administrators_with_a_confirmed_address() {
    let dead = with_url("smtp://127.0.0.1:9").await;
    let secret = admin(&dead).await;
    assert_eq!(try_it(&dead, &secret).await.json()["outcome"], "connection");
    run_sql(dead.state.services.store(), "UPDATE account SET verified_at = NULL").await.unwrap();
    let problem = try_it(&dead, &secret).await.problem(422);
    assert!(problem.to_string().contains("never confirmed"), "{problem}");
    for role in [Role::Support, Role::Auditor] {
        let other = Caller::staff(&dead, role.as_str(), role).await.secret.unwrap();
        try_it(&dead, &other).await.problem(404);
    }
}

#[tokio::test]
async fn invitation_is_mailed_with_its_link_and_its_address_is_kept_nowhere() {
    let sink = Sink::start(Mood::Takes).await;
    let app = with_url(&sink.url()).await;
    let secret = admin(&app).await;
    let set = json!({"value": "invite", "reason": "slowly"});
    let call = app.call("PUT", "/api/v1/admin/settings/signup.mode").bearer(&secret);
    assert_eq!(call.json(&set).send().await.status, 204);
    let make = async |email: &str| {
        let call = app.call("POST", "/api/v1/admin/invites").bearer(&secret);
        call.json(&json!({"label": "for Mia", "email": email})).send().await
    };
    make("no address").await.problem(422);
    let made = make("canary.mia@example.org").await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["mailed"], true);
    let found = letter(&sink, "invited").await;
    let code = made.json()["code"].as_str().unwrap().to_owned();
    assert!(found.to[0].contains("<canary.mia@example.org>"));
    assert!(found.text().contains(&format!("/signup#{code}\n")), "{}", found.text());
    // Sent and gone: neither the list nor the database's files hold the address or the code.
    for path in ["/api/v1/admin/invites", "/api/v1/admin/log", "/api/v1/audit"] {
        let text = app.call("GET", path).bearer(&secret).send().await.text();
        assert!(!text.contains("canary") && !text.contains(&code), "{path}");
    }
    for entry in std::fs::read_dir(&app.config.data_dir).unwrap() {
        let path = entry.unwrap().path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        for word in ["canary.mia", code.as_str()] {
            assert!(!bytes.windows(word.len()).any(|w| w == word.as_bytes()), "{word} in {}", path.display());
        }
    }
    let joined = json!({"email": "mia@example.org", "password": PASSWORD, "invite": code});
    let call = app.call("POST", "/api/v1/signup").own().json(&joined);
    assert_eq!(call.send().await.status, 202);
    // By the form as well; the link is still shown this once.
    let page = by_form(&app, &secret, "_form=create_invite&label=&email=two%40example.org").await;
    assert!(page.text().contains("class=\"Secret\"") && page.text().contains("/signup#"), "{}", page.text());
    assert!(letter(&sink, "invited").await.to[0].contains("<two@example.org>"));
    // One that was taken back before its letter went out is not sent.
    sink.set(Mood::Defers);
    let made = make("late@example.org").await.json();
    sink.has_deferred(1).await;
    let path = format!("/api/v1/admin/invites/{}", made["id"].as_str().unwrap());
    assert_eq!(app.call("DELETE", &path).bearer(&secret).send().await.status, 204);
    sink.set(Mood::Takes);
    let waits = async || {
        let counts = app.state.services.mail_counts().await.unwrap();
        counts.iter().any(|(state, n)| *n > 0 && ["queued", "sending"].contains(state))
    };
    while waits().await {
        // When the wait for the next try began is not to be seen from here. Slowly: a letter that waited
        // for a day would be dropped for that alone.
        app.clock.advance(60);
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    if sink.count() > 0 {
        assert!(sink.letters(1).await.iter().all(|l| !l.text().contains("invited")));
    }
}

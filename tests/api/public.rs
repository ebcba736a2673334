//! The pages about trust: open to all, without script, true, and the same promises for programs.

use crate::support::TestApp;
use keepwell::claims;
use keepwell_app::trust::{Claim, Status};
use keepwell_store::testing::run_sql;
use serde_json::Value;

const PAGES: [&str; 4] = ["/security", "/privacy", "/terms", "/disclosure"];

#[tokio::test]
async fn pages_are_open_to_all_in_both_languages_and_hold_no_script() {
    let app = TestApp::start().await;
    let me = app.person("reader@example.org").await;
    for page in PAGES {
        let english = app.call("GET", page).send().await;
        assert_eq!(english.status, 200, "{page}");
        let german = app.call("GET", page).header("accept-language", "de").send().await;
        let signed_in = app.call("GET", page).cookie(&me).send().await;
        for (answer, lang, link) in
            [(&english, "en", "/login"), (&german, "de", "/login"), (&signed_in, "en", "/overview")]
        {
            let html = answer.text();
            assert!(html.starts_with(&format!("<!DOCTYPE html><html lang=\"{lang}\"")), "{page}: {html:.80}");
            assert!(html.contains(&format!("href=\"{link}\"")), "{page}");
            assert!(!html.contains("<script") && !html.contains("style="), "{page}");
            assert!(!html.contains("reader@example.org"), "{page}");
        }
        assert_ne!(english.text(), german.text());
    }
}

/// JSON Schema 2020-12, which OpenAPI 3.1 uses, knows `items` as one schema; a list of them is an older spelling that tools refuse.
#[tokio::test]
async fn the_description_of_the_api_is_of_the_schema_that_it_names() {
    fn walk(at: &str, v: &Value) {
        match v {
            Value::Object(map) => {
                assert!(!map.get("items").is_some_and(Value::is_array), "{at}/items");
                map.iter().for_each(|(k, v)| walk(&format!("{at}/{k}"), v));
            }
            Value::Array(all) => all.iter().enumerate().for_each(|(i, v)| walk(&format!("{at}/{i}"), v)),
            _ => {}
        }
    }
    let app = TestApp::start().await;
    let api = app.call("GET", "/api/v1/openapi.json").send().await.json();
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
    walk("", &api);
}

#[tokio::test]
async fn claims_are_tried_on_the_running_instance_and_shown_with_their_time() {
    let app = TestApp::with(|c| c.limits.login = 5).await;
    let before = app.call("GET", "/api/v1/security").send().await.json();
    assert!(
        before["claims"].as_array().unwrap().iter().all(|c| c["status"] == "unknown" && c["at"].is_null())
    );

    claims::round(&app.router, &app.state).await;
    let after = app.call("GET", "/api/v1/security").send().await.json();
    let list = after["claims"].as_array().unwrap();
    assert_eq!(list.len(), Claim::ALL.len());
    for claim in list {
        assert_ne!(claim["status"], "broken", "{claim}");
        assert!(claim["at"].as_str().unwrap().starts_with("2027-01-15T"), "{claim}");
    }
    for holds in [
        "headers",
        "own-code-only",
        "cross-site",
        "no-store",
        "limits",
        "passwords",
        "sealing",
        "root-key",
        "erasure",
        "sandbox",
        "audit-log",
    ] {
        assert_eq!(status(&after, holds), "holds", "{holds}");
    }
    // This test has neither TLS nor a mail server, and the page says so.
    for off in ["tls", "addresses"] {
        assert_eq!(status(&after, off), "off", "{off}");
    }
    let page = app.call("GET", "/security").send().await.text();
    assert!(page.contains("15 Jan 2027") && page.contains("addresses are not verified"), "{page}");
}

fn status(findings: &Value, claim: &str) -> String {
    let list = findings["claims"].as_array().unwrap();
    let found = list.iter().find(|c| c["claim"] == claim).unwrap();
    found["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn broken_promise_is_told_in_plain_words() {
    use std::os::unix::fs::PermissionsExt;
    let app = TestApp::start().await;
    let key = app.config.key_file();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    claims::round(&app.router, &app.state).await;
    assert_eq!(app.state.claims.latest().of(Claim::RootKey).status, Status::Broken);
    let page = app.call("GET", "/security").send().await.text();
    assert!(page.contains("At least one promise does not hold right now"));
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    claims::round(&app.router, &app.state).await;
    assert_eq!(app.state.claims.latest().of(Claim::RootKey).status, Status::Holds);
}

#[tokio::test]
async fn security_txt_is_as_the_standard_says_and_never_out_of_date() {
    let app = TestApp::with(|c| c.contact = Some("security@example.org".to_owned())).await;
    let answer = app.call("GET", "/.well-known/security.txt").header("host", "evil.example").send().await;
    assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8");
    let text = answer.text();
    assert!(text.starts_with("Contact: mailto:security@example.org\n"), "{text}");
    assert!(text.contains("\nExpires: 2027-07-14T00:00:00"), "{text}");
    assert!(!text.contains("evil.example"), "{text}");
    assert_eq!(text.matches("Expires:").count(), 1);
    let change = app.call("GET", "/.well-known/change-password").send().await;
    assert!(
        (300..400).contains(&change.status)
            && change.headers["location"].to_str().unwrap().starts_with("/settings")
    );
}

#[tokio::test]
async fn report_reaches_the_operator_and_nobody_else() {
    let app = TestApp::start().await;
    let send = |body: &str| {
        app.call("POST", "/disclosure").own().body("application/x-www-form-urlencoded", body.to_owned())
    };
    let sent = send("text=The+canary+can+be+seen&contact=finder%40example.org").send().await;
    assert_eq!(sent.status, 303);
    let to = sent.headers["location"].to_str().unwrap().to_owned();
    let thanks = app.call("GET", &to).send().await.text();
    let id = to.strip_prefix("/disclosure?sent=").unwrap();
    assert!(thanks.contains(id) && !thanks.contains("canary"), "{thanks}");

    let kept = app.state.services.list_reports(10).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].report.text, "The canary can be seen");
    assert_eq!(kept[0].report.contact, "finder@example.org");
    assert_eq!(kept[0].id.to_string(), id);

    let empty = send("text=++&contact=a").send().await;
    assert_eq!(empty.status, 422);
    assert!(empty.text().contains("Please say what you found"));
    let long = send(&format!("text={}", "x".repeat(20_001))).send().await;
    assert_eq!(long.status, 422);
    assert!(long.text().contains("xxxx"), "what was typed is not lost");
    let fits = send(&format!("text={}", "x".repeat(20_000))).send().await;
    assert_eq!(fits.status, 303);
    let extra = send("text=a&role=admin").send().await;
    assert_eq!(extra.status, 422);
    let foreign = app
        .call("POST", "/disclosure")
        .header("origin", "https://evil.example")
        .body("application/x-www-form-urlencoded", "text=a".to_owned())
        .send()
        .await;
    assert_eq!(foreign.status, 403);
    assert_eq!(app.state.services.list_reports(10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn refusals_of_browsers_are_counted_for_the_operator() {
    let app = TestApp::start().await;
    let counts = [("img-src".to_owned(), 3), ("script-src-elem".to_owned(), 1)];
    app.state.services.count_violations(&counts).await.unwrap();
    app.state.services.count_violations(&counts[..1]).await.unwrap();
    let listed = app.state.services.list_violations().await.unwrap();
    let listed: Vec<_> = listed.iter().map(|v| (v.directive.as_str(), v.times)).collect();
    assert_eq!(listed, [("img-src", 6), ("script-src-elem", 1)]);
}

#[tokio::test]
async fn bent_audit_log_turns_its_claim_red() {
    let app = TestApp::start().await;
    app.person("logged@example.org").await;
    claims::round(&app.router, &app.state).await;
    let found = app.call("GET", "/api/v1/security").send().await.json();
    assert_eq!(status(&found, "audit-log"), "holds");
    for sql in
        ["DROP TRIGGER audit_entry_no_update", "UPDATE audit_entry SET outcome = 'failed' WHERE position = 0"]
    {
        run_sql(app.state.services.store(), sql).await.unwrap();
    }
    claims::round(&app.router, &app.state).await;
    let found = app.call("GET", "/api/v1/security").send().await.json();
    assert_eq!(status(&found, "audit-log"), "broken");
}

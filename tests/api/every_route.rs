//! Every route, as nobody and as a stranger. The list is taken from the API's own description and
//! from the pages: a new route without a line here fails.

use crate::support::{TestApp, fhir};
use serde_json::json;
use std::collections::BTreeSet;

/// Method, path, and whether anybody may call it.
pub const API: &[(&str, &str, bool)] = &[
    ("POST", "/api/v1/signup", true),
    ("POST", "/api/v1/login", true),
    ("POST", "/api/v1/login/finish", true),
    ("POST", "/api/v1/login/passkey", true),
    ("POST", "/api/v1/login/passkey/options", true),
    ("GET", "/api/v1/me/factors", false),
    ("POST", "/api/v1/me/proof", false),
    ("POST", "/api/v1/me/proof/passkey", false),
    ("POST", "/api/v1/me/totp", false),
    ("DELETE", "/api/v1/me/totp", false),
    ("POST", "/api/v1/me/totp/confirm", false),
    ("POST", "/api/v1/me/recovery-codes", false),
    ("POST", "/api/v1/me/passkeys/options", false),
    ("POST", "/api/v1/me/passkeys", false),
    ("PATCH", "/api/v1/me/passkeys/{id}", false),
    ("DELETE", "/api/v1/me/passkeys/{id}", false),
    ("POST", "/api/v1/logout", false),
    ("POST", "/api/v1/verify", true),
    ("POST", "/api/v1/forgot", true),
    ("POST", "/api/v1/reset", true),
    ("POST", "/api/v1/email/confirm", true),
    ("POST", "/api/v1/email/stop", true),
    ("POST", "/api/v1/me/password", false),
    ("POST", "/api/v1/me/email", false),
    ("GET", "/api/v1/sessions", false),
    ("DELETE", "/api/v1/sessions", false),
    ("DELETE", "/api/v1/sessions/{id}", false),
    ("GET", "/api/v1/me", false),
    ("DELETE", "/api/v1/me", false),
    ("POST", "/api/v1/uploads", false),
    ("GET", "/api/v1/uploads/{id}", false),
    ("PATCH", "/api/v1/uploads/{id}", false),
    ("DELETE", "/api/v1/uploads/{id}", false),
    ("POST", "/api/v1/uploads/{id}/finish", false),
    ("GET", "/api/v1/documents", false),
    ("POST", "/api/v1/documents", false),
    ("GET", "/api/v1/documents/events", false),
    ("GET", "/api/v1/documents/{id}", false),
    ("DELETE", "/api/v1/documents/{id}", false),
    ("GET", "/api/v1/documents/{id}/file", false),
    ("POST", "/api/v1/documents/{id}/answers", false),
    ("POST", "/api/v1/documents/{id}/read", false),
    ("GET", "/api/v1/documents/{id}/review", false),
    ("POST", "/api/v1/documents/{id}/review", false),
    ("GET", "/api/v1/records", false),
    ("POST", "/api/v1/records", false),
    ("GET", "/api/v1/records/{id}", false),
    ("DELETE", "/api/v1/records/{id}", false),
    ("GET", "/api/v1/markers", false),
    ("GET", "/api/v1/markers/{loinc}/series", false),
    ("GET", "/api/v1/export", false),
    ("GET", "/api/v1/audit", false),
    ("GET", "/api/v1/audit/checkpoint", false),
    ("GET", "/api/v1/audit/consistency", false),
    ("GET", "/api/v1/audit/{id}/proof", false),
    ("GET", "/api/v1/profiles", false),
    ("POST", "/api/v1/profiles", false),
    ("PATCH", "/api/v1/profiles/{id}", false),
    ("DELETE", "/api/v1/profiles/{id}", false),
    ("POST", "/api/v1/ask", false),
    ("GET", "/api/v1/ask/conversations", false),
    ("DELETE", "/api/v1/ask/conversations", false),
    ("GET", "/api/v1/ask/provider", false),
    ("PUT", "/api/v1/ask/provider", false),
    ("DELETE", "/api/v1/ask/provider", false),
    ("GET", "/api/v1/ask/consent", false),
    ("PUT", "/api/v1/ask/consent", false),
    ("DELETE", "/api/v1/ask/consent", false),
    ("POST", "/api/v1/ask/consent/preview", false),
    ("GET", "/api/v1/ask/conversations/{id}", false),
    ("PATCH", "/api/v1/ask/conversations/{id}", false),
    ("DELETE", "/api/v1/ask/conversations/{id}", false),
    ("POST", "/api/v1/ask/conversations/{id}/again", false),
    ("POST", "/api/v1/ask/conversations/{id}/stop", false),
    ("GET", "/api/v1/admin/dashboard", false),
    ("POST", "/api/v1/admin/jobs/{id}/retry", false),
    ("DELETE", "/api/v1/admin/jobs/{id}", false),
    ("POST", "/api/v1/admin/mail/test", false),
    ("GET", "/api/v1/admin/settings", false),
    ("PUT", "/api/v1/admin/settings/{name}", false),
    ("GET", "/api/v1/admin/invites", false),
    ("POST", "/api/v1/admin/invites", false),
    ("DELETE", "/api/v1/admin/invites/{id}", false),
    ("GET", "/api/v1/admin/log", false),
    ("POST", "/api/v1/admin/log/person", false),
    ("GET", "/api/v1/admin/log/check", false),
    ("GET", "/api/v1/admin/log/export", false),
    ("GET", "/api/v1/tokens", false),
    ("POST", "/api/v1/tokens", false),
    ("DELETE", "/api/v1/tokens", false),
    ("DELETE", "/api/v1/tokens/{id}", false),
    ("GET", "/api/v1/me/notices", false),
    ("DELETE", "/api/v1/me/notices/{id}", false),
    ("POST", "/api/v1/me/keep", false),
    ("GET", "/api/v1/me/grants", false),
    ("GET", "/api/v1/me/grants/{id}", false),
    ("GET", "/api/v1/me/grants/{id}/events", false),
    ("DELETE", "/api/v1/me/grants/{id}", false),
    ("POST", "/api/v1/admin/people/find", false),
    ("GET", "/api/v1/admin/people/{id}", false),
    ("POST", "/api/v1/admin/people/{id}/acts", false),
    ("GET", "/api/v1/admin/grants", false),
    ("POST", "/api/v1/admin/grants", false),
    ("GET", "/api/v1/admin/grants/{id}", false),
    ("POST", "/api/v1/admin/grants/{id}", false),
    ("DELETE", "/api/v1/admin/grants/{id}", false),
    ("GET", "/api/v1/admin/grants/{id}/records", false),
    ("GET", "/api/v1/admin/grants/{id}/record", false),
    ("GET", "/api/v1/journal/vaults", false),
    ("POST", "/api/v1/journal/vaults", false),
    ("GET", "/api/v1/journal/vaults/{id}", false),
    ("DELETE", "/api/v1/journal/vaults/{id}", false),
    ("GET", "/api/v1/journal/vaults/{id}/items", false),
    ("GET", "/api/v1/journal/vaults/{id}/objects/{device}/{seq}", false),
    ("POST", "/api/v1/journal/vaults/{id}/objects", false),
    ("POST", "/api/v1/journal/vaults/{id}/statements", false),
    ("POST", "/api/v1/journal/vaults/{id}/compact", false),
    ("GET", "/api/v1/journal/vaults/{id}/events", false),
    ("POST", "/api/v1/journal/vaults/{id}/invites", false),
    ("GET", "/api/v1/journal/vaults/{id}/members", false),
    ("DELETE", "/api/v1/journal/vaults/{id}/members/{member}", false),
    ("POST", "/api/v1/journal/join", false),
];

/// Page, and whether anybody may see it.
pub const PAGES: &[(&str, bool)] = &[
    ("/", true),
    ("/signup", true),
    ("/login", true),
    ("/login/code", true),
    ("/forgot", true),
    ("/reset", true),
    ("/verify", true),
    ("/confirm", true),
    ("/stop", true),
    ("/sent", true),
    ("/about", true),
    ("/receipt", true),
    ("/overview", false),
    ("/markers", false),
    ("/markers/{key}", false),
    ("/timeline", false),
    ("/records/{id}", false),
    ("/documents", false),
    ("/documents/{id}", false),
    ("/add", false),
    ("/settings", false),
    ("/settings/account", false),
    ("/settings/factors", false),
    ("/prove", false),
    ("/settings/sessions", false),
    ("/settings/access-log", false),
    ("/settings/profiles", false),
    ("/settings/tokens", false),
    ("/ask", false),
    ("/ask/{id}", false),
    ("/settings/ask", false),
    ("/admin", false),
    ("/admin/log", false),
    ("/admin/reports", false),
    ("/admin/settings", false),
    ("/settings/notices", false),
    ("/settings/grants", false),
    ("/settings/grants/{id}", false),
    ("/admin/people", false),
    ("/admin/people/{id}", false),
    ("/admin/grants", false),
    ("/admin/grants/{id}", false),
];

#[tokio::test]
async fn no_route_is_missing_from_the_lists() {
    let app = TestApp::start().await;
    let api = app.call("GET", "/api/v1/openapi.json").send().await.json();
    let described: BTreeSet<(String, String)> = api["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(move |m| (m.to_uppercase(), path.clone()))
        })
        .collect();
    let listed: BTreeSet<_> = API.iter().map(|(m, p, _)| ((*m).to_owned(), (*p).to_owned())).collect();
    assert_eq!(described, listed);
    let pages: BTreeSet<String> = keepwell::routes::PAGES.iter().map(|r| r.path().to_owned()).collect();
    let listed: BTreeSet<String> = PAGES.iter().map(|(p, _)| (*p).to_owned()).collect();
    assert_eq!(pages, listed);
}

#[tokio::test]
async fn nobody_gets_nothing() {
    let app = TestApp::start().await;
    for (method, path, open) in API.iter().filter(|r| !r.2) {
        let path = path.replace("{id}", "0190f3a1-0000-7000-8000-000000000000").replace("{loinc}", "2823-3");
        app.call(method, &path).own().json(&json!({})).send().await.problem(401);
        app.call(method, &path).bearer("A-made-up-token").json(&json!({})).send().await.problem(401);
        assert!(!open);
    }
    for (page, _) in PAGES.iter().filter(|p| !p.1) {
        let path = page.replace("{id}", "0190f3a1-0000-7000-8000-000000000000").replace("{key}", "2823-3");
        let answer = app.call("GET", &path).header("accept", "text/html").send().await;
        let to_login =
            answer.headers.get("location").is_some_and(|l| l.to_str().unwrap().starts_with("/login"));
        assert!(
            to_login || answer.status == 401,
            "{path}: {} {:?}",
            answer.status,
            answer.headers.get("location")
        );
    }
}

#[tokio::test]
async fn stranger_cannot_reach_what_is_anothers() {
    let app = TestApp::start().await;
    let (owner, stranger) = (app.person("owner@example.org").await, app.person("stranger@example.org").await);
    let document = app.upload(&owner, "canary-name.json", &fhir()).await["id"].as_str().unwrap().to_owned();
    let records = app.call("GET", "/api/v1/records").bearer(&owner).send().await.json();
    let record = records["items"][0]["id"].as_str().unwrap().to_owned();
    let begun = app
        .call("POST", "/api/v1/uploads")
        .bearer(&owner)
        .json(&json!({"name": "x", "size": 5}))
        .send()
        .await;
    let upload = begun.json()["id"].as_str().unwrap().to_owned();
    let me = app.call("GET", "/api/v1/me").bearer(&owner).send().await.json();
    let profile = me["profile"]["id"].as_str().unwrap().to_owned();
    let token = app
        .call("POST", "/api/v1/tokens")
        .bearer(&owner)
        .json(&json!({"name": "canary-token", "scopes": ["export"], "days": 7}))
        .send()
        .await;
    let token = token.json()["id"].as_str().unwrap().to_owned();
    let asked = app.call("POST", "/api/v1/ask").bearer(&owner).header("accept", "application/json");
    let asked = asked.json(&json!({"question": "What was my last canary?"})).send().await.json();
    let conversation = asked["conversation"].as_str().unwrap().to_owned();
    for (method, path, _) in API.iter().filter(|r| r.1.contains('{')) {
        let id = if path.contains("conversations") {
            &conversation
        } else if path.contains("documents") {
            &document
        } else if path.contains("records") {
            &record
        } else if path.contains("profiles") {
            &profile
        } else if path.contains("tokens") {
            &token
        } else {
            &upload
        };
        let path = path.replace("{id}", id).replace("{loinc}", "2823-3");
        let body = match path.rsplit('/').next() {
            Some("answers") => json!({"answers": {}}),
            Some("review") => json!({"action": "accept_likely"}),
            Some("again") => json!({"message": asked["message"]}),
            _ if *method == "PATCH" && path.contains("conversations") => json!({"title": "Mine"}),
            _ => json!({}),
        };
        let answer =
            app.call(method, &path).bearer(&stranger).header("upload-offset", "0").json(&body).send().await;
        answer.problem(404);
    }
    for path in [
        "/api/v1/documents",
        "/api/v1/records",
        "/api/v1/markers",
        "/api/v1/audit",
        "/api/v1/me",
        "/api/v1/export",
        "/api/v1/profiles",
        "/api/v1/tokens",
    ] {
        let answer = app.call("GET", path).bearer(&stranger).send().await;
        assert_eq!(answer.status, 200, "{path}");
        for foreign in [
            document.as_str(),
            record.as_str(),
            &profile,
            &token,
            "canary-name",
            "canary-token",
            "owner@example.org",
        ] {
            assert!(!answer.text().contains(foreign), "{path} shows {foreign}");
        }
    }
    // Those of the administration are held against every role by the matrix.
    for page in PAGES.iter().filter(|p| !p.1 && !p.0.starts_with("/admin")) {
        let id = if page.0.contains("documents") { &document } else { &record };
        let path = page.0.replace("{id}", id).replace("{key}", "2823-3");
        let answer = app.call("GET", &path).cookie(&stranger).header("accept", "text/html").send().await;
        assert!(
            page.0.contains('{') == (answer.status == 404) || answer.status == 200 && !page.0.contains('{'),
            "{path}: {}",
            answer.status
        );
        assert!(
            !answer.text().contains("canary-name") && !answer.text().contains("owner@example.org"),
            "{path}"
        );
    }
    for (method, path, _) in
        API.iter().filter(|r| !r.2 && !r.1.contains("profiles") && !r.1.contains("tokens"))
    {
        let path = path.replace("{id}", &document).replace("{loinc}", "2823-3");
        let answer = app.call(method, &path).bearer(&stranger).header("keepwell-profile", &profile);
        answer.header("upload-offset", "0").json(&json!({})).send().await.problem(404);
    }
    assert_eq!(
        app.call("GET", &format!("/api/v1/documents/{document}")).bearer(&owner).send().await.status,
        200,
        "still there"
    );
}

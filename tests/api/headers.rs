//! Spec 3.2, 3.3: the same headers on every kind of answer.

use crate::support::{Answer, TestApp, fhir};

pub fn assert_dressed(answer: &Answer, what: &str) {
    for (name, value) in [
        ("strict-transport-security", "max-age=31536000; includeSubDomains; preload"),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.headers.get(name).map(|v| v.to_str().unwrap()), Some(value), "{name} of {what}");
    }
    let permissions = answer.header("permissions-policy");
    assert!(permissions.contains("camera=(self)"), "{what}");
    assert!(permissions.contains("microphone=()") && permissions.contains("geolocation=()"), "{what}");
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{what}: {policy}"
    );
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{what}: {policy}");
    assert!(!answer.headers.contains_key("server") && !answer.headers.contains_key("x-powered-by"), "{what}");
}

#[tokio::test]
async fn every_kind_of_answer_carries_the_headers() {
    let app = TestApp::start().await;
    let token = app.person("h@example.org").await;
    let document = app.upload(&token, "a.json", &fhir()).await;
    let id = document["id"].as_str().unwrap();
    let big = vec![b'x'; (1 << 20) + 1];
    let get = |path: &str| app.call("GET", path);
    for (what, status, call) in [
        ("page", 200, get("/").header("accept", "text/html")),
        ("signed-in page", 200, get("/markers").cookie(&token)),
        ("style", 200, get(keepwell_app::style::path())),
        ("json", 200, get("/api/v1/me").bearer(&token)),
        ("download", 200, get(&format!("/api/v1/documents/{id}/file")).bearer(&token)),
        (
            "part of a download",
            206,
            get(&format!("/api/v1/documents/{id}/file")).bearer(&token).header("range", "bytes=0-3"),
        ),
        ("health", 200, get("/healthz")),
        ("readiness", 200, get("/readyz")),
        ("nobody", 401, get("/api/v1/me")),
        ("missing page", 404, get("/nowhere").header("accept", "text/html")),
        ("missing file", 404, get("/pkg/nothing.js")),
        ("missing in the API", 404, get("/api/v1/nothing").bearer(&token)),
        ("wrong method", 405, app.call("PUT", "/api/v1/me").bearer(&token)),
        ("from elsewhere", 403, app.call("POST", "/api/v1/login")),
        ("too large", 413, app.call("POST", "/api/v1/records").bearer(&token).body("application/json", big)),
        (
            "beyond the end",
            416,
            get(&format!("/api/v1/documents/{id}/file")).bearer(&token).header("range", "bytes=9999999-"),
        ),
    ] {
        let answer = call.send().await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        assert_dressed(&answer, what);
    }
}

#[tokio::test]
async fn each_page_has_a_nonce_of_its_own_that_its_scripts_carry() {
    let app = TestApp::start().await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        let page = app.call("GET", "/login").header("accept", "text/html").send().await;
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        let (html, mut scripts) = (page.text(), 0);
        for tag in html.split("<script").skip(1) {
            assert!(
                tag.split('>').next().unwrap().contains(&format!("nonce=\"{nonce}\"")),
                "<script{}",
                &tag[..tag.len().min(80)]
            );
            scripts += 1;
        }
        assert!(scripts > 0 && !html.contains(" style=\"") && !html.contains(" onclick="));
        seen.push(nonce);
    }
    assert_ne!(seen[0], seen[1]);
}

#[tokio::test]
async fn nothing_signed_in_is_kept_by_caches() {
    let app = TestApp::start().await;
    let token = app.person("h@example.org").await;
    for path in ["/markers", "/settings", "/api/v1/me", "/api/v1/records", "/api/v1/export"] {
        let answer = app.call("GET", path).cookie(&token).send().await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"), "{path}");
    }
}

#[tokio::test]
async fn panic_report_and_policy_report_tell_nothing() {
    let app = TestApp::start().await;
    let report =
        r#"{"csp-report":{"violated-directive":"script-src","document-uri":"http://x/markers/2823-3"}}"#;
    let send =
        |body: &str| app.call("POST", "/csp-report").own().body("application/csp-report", body.to_owned());
    assert_eq!(send(report).send().await.status, 204);
    assert_eq!(send("{}").send().await.status, 400);
    assert_eq!(send(&"x".repeat(20_000)).send().await.status, 413);
}

#[tokio::test]
async fn whoever_signs_out_takes_kept_pages_along_and_nobody_else() {
    let app = TestApp::start().await;
    let form = |page: &str, token: &str, body: &'static str| {
        app.call("POST", page).own().cookie(token).body("application/x-www-form-urlencoded", body)
    };
    let proof = serde_json::json!({"password": crate::support::PASSWORD});
    let token = async |n: u8| app.person(&format!("out{n}@example.org")).await;
    let deleted = "_form=delete_account&password=quiet-otter-reads-the-tide-tables-7";
    for (what, status, call) in [
        ("API", 204, app.call("POST", "/api/v1/logout").own().cookie(&token(1).await)),
        ("form", 303, form("/settings", &token(2).await, "_form=sign_out")),
        ("function", 200, form("/fn/sign_out", &token(3).await, "")),
        ("leaving", 200, app.call("DELETE", "/api/v1/me").own().cookie(&token(4).await).json(&proof)),
        ("leaving by a form", 303, form("/settings", &token(5).await, deleted)),
        ("session that ended", 200, app.call("GET", "/login").cookie("long-gone")),
        ("refusal of a session that ended", 401, app.call("GET", "/api/v1/me").cookie("long-gone")),
    ] {
        let answer = call.send().await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        // Other hosts' cookies and what lies on the device alone are not ours to clear.
        assert_eq!(answer.header("clear-site-data"), "\"cache\"", "{what}");
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("__Host-keepwell=;") && cookie.contains("Max-Age=0"), "{what}: {cookie}");
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    }
    let token = token(6).await;
    for path in ["/", "/overview", "/login", "/api/v1/me"] {
        let answer = app.call("GET", path).cookie(&token).send().await;
        assert!(!answer.headers.contains_key("clear-site-data"), "{path}");
    }
}

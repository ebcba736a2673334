//! The session cookie, and what ends a session.

use crate::support::{PASSWORD, TestApp};
use serde_json::json;

#[tokio::test]
async fn cookie_is_bound_to_the_host_and_out_of_reach_of_scripts() {
    let app = TestApp::start().await;
    app.person("c@example.org").await;
    for keep in [false, true] {
        let body = json!({"email": "c@example.org", "password": PASSWORD, "keep": keep});
        let answer = app.call("POST", "/api/v1/login").own().json(&body).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let cookie = answer.header("set-cookie");
        let token = answer.json()["token"].as_str().unwrap().to_owned();
        assert_eq!(token.len(), 43);
        assert!(cookie.starts_with(&format!("__Host-keepwell={token}; ")), "{cookie}");
        for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(cookie.split("; ").any(|a| a == attribute), "{attribute}: {cookie}");
        }
        assert!(!cookie.contains("Domain"));
        assert_eq!(cookie.contains("Max-Age=2592000"), keep, "{cookie}");
        assert!(answer.json()["expires"].as_str().unwrap().ends_with('Z'));
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_for_cookie_and_token_alike() {
    let app = TestApp::start().await;
    let token = app.person("c@example.org").await;
    assert_eq!(app.call("GET", "/api/v1/me").bearer(&token).send().await.status, 200);
    let out = app.call("POST", "/api/v1/logout").own().cookie(&token).send().await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    let after = app.call("GET", "/api/v1/me").cookie(&token).send().await;
    after.problem(401);
    assert!(after.header("set-cookie").starts_with("__Host-keepwell=; "), "a dead cookie is taken back");
    app.call("GET", "/api/v1/me").bearer(&token).send().await.problem(401);
}

#[tokio::test]
async fn idle_session_ends() {
    let app = TestApp::start().await;
    let token = app.person("c@example.org").await;
    app.clock.advance(50 * 60);
    assert_eq!(app.call("GET", "/api/v1/me").bearer(&token).send().await.status, 200);
    app.clock.advance(61 * 60);
    app.call("GET", "/api/v1/me").bearer(&token).send().await.problem(401);
}

#[tokio::test]
async fn wrong_password_and_unknown_account_look_the_same() {
    let app = TestApp::start().await;
    app.person("c@example.org").await;
    let try_it = async |email: &str| {
        let body = json!({"email": email, "password": "wrong-wrong-wrong-wrong"});
        let answer = app.call("POST", "/api/v1/login").own().json(&body).send().await;
        let mut problem = answer.problem(401);
        problem["request_id"] = json!("");
        assert!(!answer.headers.contains_key("set-cookie"));
        problem
    };
    assert_eq!(try_it("c@example.org").await, try_it("nobody@example.org").await);
}

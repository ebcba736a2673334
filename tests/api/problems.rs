//! Errors of the API are problems, name no contents, and refuse what is not known.

use crate::support::TestApp;
use serde_json::json;

#[tokio::test]
async fn unknown_fields_and_parameters_are_refused_and_not_repeated() {
    let app = TestApp::start().await;
    let token = app.person("p@example.org").await;
    let login = json!({"email": "p@example.org", "password": "x", "role": "admin-canary"});
    let refused = app.call("POST", "/api/v1/login").own().json(&login).send().await;
    refused.problem(422);
    assert!(!refused.text().contains("canary"), "{}", refused.text());
    app.call("POST", "/api/v1/records")
        .bearer(&token)
        .json(&json!({"kind": "note", "owner": "x"}))
        .send()
        .await
        .problem(422);
    app.call("GET", "/api/v1/records?owner=x").bearer(&token).send().await.problem(422);
    app.call("GET", "/api/v1/records?kind=nonsense").bearer(&token).send().await.problem(422);
    app.call("GET", "/api/v1/records?limit=0").bearer(&token).send().await.problem(422);
    app.call("GET", "/api/v1/records?from=yesterday").bearer(&token).send().await.problem(422);
    app.call("GET", "/api/v1/markers/2823-3/series?nope=1").bearer(&token).send().await.problem(422);
}

#[tokio::test]
async fn broken_bodies_are_problems_too() {
    let app = TestApp::start().await;
    let post = |media: &str, body: &'static str| app.call("POST", "/api/v1/login").own().body(media, body);
    post("application/json", "{").send().await.problem(400);
    post("text/plain", "{}").send().await.problem(415);
    app.call("GET", "/api/v1/nowhere").send().await.problem(404);
    app.call("PUT", "/api/v1/me").own().send().await.problem(405);
    app.call("POST", "/api/v1/login").send().await.problem(403);
}

#[tokio::test]
async fn missing_and_malformed_ids_look_the_same() {
    let app = TestApp::start().await;
    let token = app.person("p@example.org").await;
    let mut seen = Vec::new();
    for id in ["0190f3a1-0000-7000-8000-000000000000", "not-an-id", "..%2f..%2fetc"] {
        for kind in ["documents", "records", "uploads"] {
            let mut problem =
                app.call("GET", &format!("/api/v1/{kind}/{id}")).bearer(&token).send().await.problem(404);
            problem["request_id"] = json!("");
            seen.push(problem);
        }
    }
    assert!(seen.windows(2).all(|w| w[0] == w[1]), "{seen:?}");
}

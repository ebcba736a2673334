//! A query parameter that an operation does not name is refused on every route of the API, with its name,
//! and nothing is done.

use crate::{
    every_route::API,
    support::{PASSWORD, TestApp, fhir},
};
use serde_json::{Value, json};

fn filled(path: &str) -> String {
    path.replace("{id}", "0190f3a1-0000-7000-8000-000000000000").replace("{loinc}", "2823-3")
}

/// The description's parameters of an operation that stand in the query.
fn described(api: &Value, method: &str, path: &str) -> Vec<String> {
    let operation = &api["paths"][path][method.to_ascii_lowercase()];
    let all = operation["parameters"].as_array().cloned().unwrap_or_default();
    all.iter().filter(|p| p["in"] == "query").map(|p| p["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn unknown_parameter_is_refused_and_named_on_every_route() {
    let app = TestApp::start().await;
    let token = app.person("eva@example.org").await;
    let body = json!({});
    for (method, path, is_open) in API {
        let path = filled(path);
        for (query, name) in [
            ("utterly=unknown", json!("utterly")),
            ("%75tterly=unknown", json!("utterly")),
            ("utterly", json!("utterly")),
            ("Kind=note&From=2024-01-01", json!("Kind")),
            ("pro%66ile=x", json!("profile")),
            // What is no name is not said again.
            ("a%0Ab=1", Value::Null),
            ("=1", Value::Null),
        ] {
            let at = format!("{method} {path}?{query}");
            let call = |who: Option<&str>| {
                let call = app.call(method, &format!("{path}?{query}")).own().json(&body);
                match who {
                    Some(token) => call.bearer(token),
                    None => call,
                }
            };
            let answer = call(Some(&token)).send().await;
            assert_eq!(answer.status, 422, "{at}: {}", answer.text());
            let problem = answer.problem(422);
            assert_eq!(problem["field"], name, "{at}");
            assert!(problem["detail"].as_str().unwrap().contains("no such query parameter"), "{at}");
            // Who is not signed in is told that first.
            let answer = call(None).send().await;
            assert_eq!(answer.status, if *is_open { 422 } else { 401 }, "{at}: {}", answer.text());
        }
    }
    let answer = app.call("GET", "/api/v1/openapi.json?pretty=1").send().await;
    assert_eq!(answer.problem(422)["field"], "pretty");
    // The session that all these calls were made with still lives, and the account too.
    assert_eq!(app.call("GET", "/api/v1/me").bearer(&token).send().await.status, 200);
}

#[tokio::test]
async fn described_parameters_are_taken_and_so_is_the_profile() {
    let app = TestApp::start().await;
    let token = app.person("eva@example.org").await;
    let api = app.call("GET", "/api/v1/openapi.json").send().await.json();
    let me = app.call("GET", "/api/v1/me").bearer(&token).send().await.json();
    let profile = me["profile"]["id"].as_str().unwrap();
    let mut taken = 0;
    for (method, path, is_open) in API.iter().filter(|r| r.0 == "GET" && r.1 != "/api/v1/documents/events") {
        let mut names = described(&api, method, path);
        if !is_open {
            names.push("profile".to_owned());
        }
        for name in names {
            let value = if name == "profile" { profile } else { "1" };
            let call = app.call(method, &format!("{}?{name}={value}&", filled(path)));
            let answer = call.bearer(&token).send().await;
            assert!(!answer.text().contains("no such query parameter"), "{path}?{name}: {}", answer.text());
            taken += 1;
        }
    }
    assert!(taken > 30, "only {taken}");
    let there = app.call("GET", &format!("/api/v1/records?limit=1&profile={profile}")).bearer(&token);
    assert_eq!(there.send().await.status, 200);
    for operation in api["paths"].as_object().unwrap().values().flat_map(|i| i.as_object().unwrap().values())
    {
        assert!(operation["responses"]["422"].is_object(), "{operation}");
    }
}

#[tokio::test]
async fn refused_call_does_nothing_and_pages_ignore_what_links_carry() {
    let app = TestApp::start().await;
    let token = app.person("eva@example.org").await;
    let document = app.upload(&token, "a.json", &fhir()).await;
    let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
    let refused = app.call("DELETE", &format!("{path}?really=1")).bearer(&token).send().await;
    refused.problem(422);
    assert_eq!(app.call("GET", &path).bearer(&token).send().await.status, 200);
    let gone = app.call("DELETE", "/api/v1/me?x=1").bearer(&token).json(&json!({"password": PASSWORD}));
    gone.send().await.problem(422);
    assert_eq!(app.call("GET", "/api/v1/me").bearer(&token).send().await.status, 200);
    // A method that a route does not have stays that, and a path that is not there too.
    let put = app.call("PUT", "/api/v1/me?x=1").bearer(&token).json(&json!({})).send().await;
    assert_eq!(put.status, 405);
    assert_eq!(app.call("GET", "/api/v1/nothing?x=1").bearer(&token).send().await.status, 404);
    let head = app.call("HEAD", "/api/v1/me?x=1").bearer(&token).send().await;
    assert_eq!(head.status, 422);
    for page in ["/?utm_source=letter", "/login?fbclid=1", "/markers?from=elsewhere"] {
        let answer = app.call("GET", page).cookie(&token).header("accept", "text/html").send().await;
        assert!(answer.status < 400, "{page}: {}", answer.status);
    }
}

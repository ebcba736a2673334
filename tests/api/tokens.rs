//! Personal access tokens: what each may do, and what ends them.

use crate::support::{PASSWORD, TestApp, fhir};
use keepwell_domain::scope::Scope;
use serde_json::{Value, json};

const MISSING: &str = "0190f3a1-0000-7000-8000-000000000000";

async fn make(app: &TestApp, session: &str, scopes: &[&str], profile: Option<&str>) -> Value {
    let mut body = json!({"name": "my script", "scopes": scopes, "days": 30});
    if let Some(p) = profile {
        body["profile"] = json!(p);
    }
    let answer = app.call("POST", "/api/v1/tokens").bearer(session).json(&body).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn token(app: &TestApp, session: &str, scopes: &[&str]) -> String {
    make(app, session, scopes, None).await["token"].as_str().unwrap().to_owned()
}

fn all() -> Vec<&'static str> {
    Scope::ALL.iter().map(|s| s.as_str()).collect()
}

/// Every operation, its path with ids that lead nowhere, and the scopes that its description names;
/// `None` where no token is described.
async fn described(app: &TestApp) -> Vec<(String, String, Option<Vec<String>>)> {
    let api = app.call("GET", "/api/v1/openapi.json").send().await.json();
    let mut out = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(security) = operation.get("security").and_then(Value::as_array) else { continue };
            let scopes = security.iter().find_map(|s| s.get("token")).map(|s| {
                s.as_array().unwrap().iter().map(|x| x.as_str().unwrap().to_owned()).collect::<Vec<_>>()
            });
            let path =
                path.replace("{id}", MISSING).replace("{loinc}", "2823-3").replace("{name}", "signup.mode");
            out.push((method.to_uppercase(), path, scopes));
        }
    }
    assert!(out.len() > 25, "{}", out.len());
    out
}

#[tokio::test]
async fn every_operation_asks_for_just_the_scope_that_its_description_names() {
    let app = TestApp::start().await;
    let session = app.person("a@example.org").await;
    let mut with = Vec::new();
    for scope in all() {
        with.push((scope, token(&app, &session, &[scope]).await));
    }
    let everything = token(&app, &session, &all()).await;
    for (method, path, scopes) in described(&app).await {
        let call = |secret: &str| {
            let call = app.call(&method, &path).bearer(secret).header("upload-offset", "0");
            call.json(&json!({})).send()
        };
        // A stream that is let in does not end by itself.
        if path.ends_with("/events")
            && let Some(scopes) = &scopes
        {
            let lacks = call(&with[0].1).await.problem(403);
            assert_eq!(lacks["scope"], json!(scopes[0]));
            continue;
        }
        let Some(scopes) = scopes else {
            // For whoever does not run the instance, with a token or without, it is not there.
            if path.starts_with("/api/v1/admin/") {
                call(&everything).await.problem(404);
                continue;
            }
            let problem = call(&everything).await.problem(403);
            assert!(problem["detail"].as_str().unwrap().contains("sign in"), "{method} {path}: {problem}");
            continue;
        };
        for (scope, secret) in &with {
            let answer = call(secret).await;
            // All that are named are needed.
            let lacking = scopes.iter().find(|s| s != scope);
            if lacking.is_none() {
                assert!(![401, 403].contains(&answer.status), "{method} {path} {scope}: {}", answer.status);
            } else {
                let problem = answer.problem(403);
                assert_eq!(problem["scope"], json!(lacking), "{method} {path} with {scope}");
                assert!(answer.header("www-authenticate").contains("insufficient_scope"));
            }
        }
    }
}

#[tokio::test]
async fn token_ends_to_the_second_and_cannot_be_made_for_longer_than_a_year() {
    let app = TestApp::start().await;
    let session = app
        .call("POST", "/api/v1/signup")
        .own()
        .json(&json!({"email": "a@example.org", "password": PASSWORD}))
        .send()
        .await
        .json()["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let secret = token(&app, &session, &["records:read"]).await;
    for days in [0, 1, 29, 366, 3650] {
        let body = json!({"name": "x", "scopes": ["export"], "days": days});
        let problem =
            app.call("POST", "/api/v1/tokens").bearer(&session).json(&body).send().await.problem(422);
        assert_eq!(problem["field"], "days");
    }
    app.clock.advance(30 * 86_400 - 1);
    assert_eq!(app.call("GET", "/api/v1/records").bearer(&secret).send().await.status, 200);
    app.clock.advance(1);
    app.call("GET", "/api/v1/records").bearer(&secret).send().await.problem(401);
}

#[tokio::test]
async fn revoked_token_is_refused_from_the_next_request_on() {
    let app = TestApp::start().await;
    let session = app.person("a@example.org").await;
    let made = make(&app, &session, &["records:read"], None).await;
    let secret = made["token"].as_str().unwrap();
    let other = token(&app, &session, &["records:read"]).await;
    let read = async |s: &str| app.call("GET", "/api/v1/records").bearer(s).send().await;
    assert_eq!(read(secret).await.status, 200);
    let path = format!("/api/v1/tokens/{}", made["id"].as_str().unwrap());
    assert_eq!(app.call("DELETE", &path).bearer(&session).send().await.status, 204);
    read(secret).await.problem(401);
    assert_eq!(read(&other).await.status, 200);
    app.call("DELETE", &path).bearer(&session).send().await.problem(404);
    let gone = app.call("DELETE", "/api/v1/tokens").bearer(&session).send().await;
    assert_eq!(gone.json()["revoked"], 1);
    read(&other).await.problem(401);
    assert_eq!(app.call("GET", "/api/v1/me").bearer(&session).send().await.status, 200);
}

#[tokio::test]
async fn list_shows_everything_but_the_token() {
    let app = TestApp::start().await;
    let session = app.person("a@example.org").await;
    let made = make(&app, &session, &["export", "records:read"], None).await;
    let secret = made["token"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("kw_pat_") && secret.len() == 65, "{secret}");
    let list = async || app.call("GET", "/api/v1/tokens").bearer(&session).send().await;
    let first = list().await;
    assert!(!first.text().contains(&secret[7..]));
    let item = &first.json()["items"][0];
    assert_eq!((&item["name"], &item["last_used"]), (&json!("my script"), &Value::Null));
    assert_eq!(item["scopes"], json!(["records:read", "export"]));
    assert_eq!(app.call("GET", "/api/v1/me").bearer(&secret).send().await.status, 200);
    assert!(list().await.json()["items"][0]["last_used"].as_str().unwrap().ends_with('Z'));
    let me = app.call("GET", "/api/v1/me").bearer(&secret).send().await;
    assert_eq!(me.json()["email"], Value::Null, "a token need not know the address");
}

#[tokio::test]
async fn bearer_outweighs_the_cookie_and_is_never_made_up_for_by_it() {
    let app = TestApp::start().await;
    let (a, b) = (app.person("a@example.org").await, app.person("b@example.org").await);
    let secret = token(&app, &a, &["records:read"]).await;
    let id = |who: &str| app.call("GET", "/api/v1/me").bearer(who);
    let owner = id(&a).send().await.json()["id"].clone();
    let both = app.call("GET", "/api/v1/me").bearer(&secret).cookie(&b).send().await;
    assert_eq!(both.json()["id"], owner);
    for dead in ["kw_pat_x", "A-made-up-token", ""] {
        let answer = app.call("GET", "/api/v1/me").bearer(dead).cookie(&b).send().await;
        answer.problem(401);
        assert!(!answer.headers.contains_key("set-cookie"), "the cookie was not asked and stays");
    }
    let basic = app.call("GET", "/api/v1/me").header("authorization", "Basic eDp5").cookie(&b);
    basic.send().await.problem(401);
    // With a cookie along, a browser may be behind it: the Origin must be ours.
    let body = json!({"kind": "note", "name": "n", "note": "x", "date": "2024-01-01"});
    let writer = token(&app, &a, &["records:write"]).await;
    let post = || app.call("POST", "/api/v1/records").bearer(&writer).json(&body);
    assert_eq!(post().cookie(&b).send().await.status, 403);
    assert_eq!(post().cookie(&b).own().send().await.status, 201);
    assert_eq!(post().send().await.status, 201);
}

#[tokio::test]
async fn token_opens_no_page_and_no_server_function() {
    let app = TestApp::start().await;
    let session = app.person("a@example.org").await;
    let secret = token(&app, &session, &all()).await;
    for path in ["/overview", "/settings", "/settings/tokens"] {
        for call in [app.call("GET", path).bearer(&secret), app.call("GET", path).cookie(&secret)] {
            let answer = call.header("accept", "text/html").send().await;
            let to_login =
                answer.headers.get("location").is_some_and(|l| l.to_str().unwrap().starts_with("/login"));
            assert!(to_login || answer.status == 401, "{path}: {}", answer.status);
        }
    }
    let called =
        app.call("POST", "/fn/me").bearer(&secret).body("application/x-www-form-urlencoded", "").send().await;
    assert!(called.status != 200 && !called.text().contains("a@example.org"), "{}", called.text());
}

#[tokio::test]
async fn token_of_one_profile_reaches_no_other() {
    let app = TestApp::start().await;
    let session = app.person("a@example.org").await;
    let body = json!({"name": "Mia", "relation": "child"});
    let child = app.call("POST", "/api/v1/profiles").bearer(&session).json(&body).send().await.json();
    let child = child["id"].as_str().unwrap().to_owned();
    let me = app.call("GET", "/api/v1/me").bearer(&session).send().await.json();
    let own = me["profile"]["id"].as_str().unwrap().to_owned();
    app.upload(&session, "mine.json", &fhir()).await;
    // The log is one for all profiles, so a token for one of them cannot read it.
    let body = json!({"name": "x", "scopes": all(), "days": 7, "profile": child});
    let refused = app.call("POST", "/api/v1/tokens").bearer(&session).json(&body).send().await;
    assert_eq!(refused.problem(422)["field"], "scopes");
    let scopes: Vec<&str> = all().into_iter().filter(|s| *s != "audit:read").collect();
    let made = make(&app, &session, &scopes, Some(&child)).await;
    let secret = made["token"].as_str().unwrap().to_owned();
    let get = async |path: &str| app.call("GET", path).bearer(&secret).send().await;
    assert_eq!(get("/api/v1/me").await.json()["profile"]["id"], json!(child));
    for path in ["/api/v1/me", "/api/v1/profiles", "/api/v1/export"] {
        assert!(!get(path).await.text().contains(&own), "{path}");
    }
    assert_eq!(get("/api/v1/records").await.json()["total"], 0);
    for path in ["/api/v1/records", "/api/v1/documents", "/api/v1/markers", "/api/v1/export", "/api/v1/me"] {
        let elsewhere = app.call("GET", path).bearer(&secret).header("keepwell-profile", &own).send().await;
        elsewhere.problem(404);
        get(&format!("{path}?profile={own}")).await.problem(404);
    }
}

#[tokio::test]
async fn bad_requests_for_a_token_say_what_is_wrong() {
    let app = TestApp::start().await;
    let session = app.person("a@example.org").await;
    let stranger = app.person("b@example.org").await;
    let me = app.call("GET", "/api/v1/me").bearer(&stranger).send().await.json();
    for (body, status, field) in [
        (json!({"name": "", "scopes": ["export"], "days": 7}), 422, "name"),
        (json!({"name": "x", "scopes": [], "days": 7}), 422, "scopes"),
        (json!({"name": "x", "scopes": ["export", "account:all"], "days": 7}), 422, "scopes"),
        (json!({"name": "x", "scopes": ["export"], "days": 7, "profile": me["profile"]["id"]}), 404, ""),
        (json!({"name": "x", "scopes": ["export"], "days": 7, "profile": "x"}), 404, ""),
        (json!({"name": "x", "scopes": ["export"], "days": 7, "forever": true}), 422, ""),
    ] {
        let problem =
            app.call("POST", "/api/v1/tokens").bearer(&session).json(&body).send().await.problem(status);
        assert_eq!(problem["field"].as_str().unwrap_or_default(), field, "{body}");
    }
}

#[tokio::test]
async fn what_a_token_did_stands_in_the_log_under_its_own_name() {
    let app = TestApp::start().await;
    let session = app.person("a@example.org").await;
    let made = make(&app, &session, &["records:read", "audit:read"], None).await;
    let secret = made["token"].as_str().unwrap();
    assert_eq!(app.call("GET", "/api/v1/records").bearer(secret).send().await.status, 200);
    assert_eq!(app.call("GET", "/api/v1/records").bearer(&session).send().await.status, 200);
    for reader in [secret, session.as_str()] {
        let log = app.call("GET", "/api/v1/audit?kind=view").bearer(reader).send().await.json();
        let by: Vec<(&str, &Value)> = log["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| (e["by"].as_str().unwrap(), &e["token"]))
            .collect();
        assert_eq!(by, [("person", &Value::Null), ("token", &made["id"])]);
    }
    let path = format!("/api/v1/tokens/{}", made["id"].as_str().unwrap());
    app.call("DELETE", &path).bearer(&session).send().await;
    let log = app.call("GET", "/api/v1/audit?kind=account").bearer(&session).send().await.json();
    let codes: Vec<&str> =
        log["items"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    assert_eq!(codes, ["token.revoked", "token.made", "account.created"]);
}

#[tokio::test]
async fn token_gets_out_of_an_answer_only_what_its_scopes_let_it_read() {
    let app = TestApp::start().await;
    let session = app.person("a@example.org").await;
    let document = app.upload(&session, "canary-lab.json", &fhir()).await["id"].as_str().unwrap().to_owned();
    let question = json!({"question": "What was my last potassium?"});
    let ask = async |secret: &str| {
        let call = app.call("POST", "/api/v1/ask").bearer(secret).header("accept", "application/json");
        call.json(&question).send().await
    };
    let own = ask(&session).await.json();
    assert!(own["receipts"][0]["document"].is_string(), "{own}");
    let conversation = format!("/api/v1/ask/conversations/{}", own["conversation"].as_str().unwrap());
    // Asking alone opens no value: not in an answer, nor in one that was given before, nor by looking for it.
    let alone = token(&app, &session, &["ask"]).await;
    assert_eq!(ask(&alone).await.problem(403)["scope"], "records:read");
    for path in [conversation.as_str(), "/api/v1/ask/conversations?q=4.2"] {
        let answer = app.call("GET", path).bearer(&alone).send().await;
        assert_eq!(answer.problem(403)["scope"], "records:read", "{path}");
    }
    let renamed =
        app.call("PATCH", &conversation).bearer(&alone).json(&json!({"title": "Mine"})).send().await;
    assert_eq!(renamed.status, 204);
    // With records and without documents: values, and no word of where they stand.
    let records = token(&app, &session, &["ask", "records:read"]).await;
    let answer = ask(&records).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["answer"], own["answer"]);
    assert!(!answer.text().contains("canary-lab") && !answer.text().contains(&document), "{}", answer.text());
    let left_out = json!({"why": "not_permitted", "count": 1, "document": null, "document_name": ""});
    assert!(body["coverage"]["left_out"].as_array().unwrap().contains(&left_out), "{body}");
    let all = token(&app, &session, &["ask", "records:read", "documents:read"]).await;
    let body = ask(&all).await.json();
    assert_eq!(body["receipts"][0]["document"], json!(document));
    assert_eq!(body["coverage"]["left_out"], own["coverage"]["left_out"]);
}

#[tokio::test]
async fn no_token_sets_up_a_provider_or_consents_to_one() {
    let app = TestApp::start().await;
    let session = app.person("a@example.org").await;
    let everything = token(&app, &session, &all()).await;
    let provider =
        json!({"kind": "openai", "base_url": "https://models.example", "model": "m", "api_key": "k"});
    for (method, path, body) in [
        ("GET", "provider", Value::Null),
        ("PUT", "provider", provider),
        ("DELETE", "provider", Value::Null),
        ("GET", "consent", Value::Null),
        ("PUT", "consent", json!({"fingerprint": "00"})),
        ("DELETE", "consent", Value::Null),
        ("POST", "consent/preview", json!({"question": "LDL?"})),
    ] {
        let call = app.call(method, &format!("/api/v1/ask/{path}")).bearer(&everything);
        call.json(&body).send().await.problem(403);
    }
}

//! Whoever reaches health data leaves an entry. The lists are held against the router: a new route, page
//! or server function without a line here fails, and so does one that says it is logged and is not.

use crate::{
    every_route::{API, PAGES},
    support::{TestApp, fhir},
};
use lines::{FUNCTIONS, PAGE_LEAVES, STAFF, api};
use serde_json::{Value, json};
use std::collections::BTreeSet;

mod lines;

pub async fn log(app: &TestApp, token: &str, query: &str) -> Value {
    let answer = app.call("GET", &format!("/api/v1/audit?limit=200{query}")).bearer(token).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Makes a call after the last minute's looks are over; the codes of what it left, newest first.
async fn left<T>(app: &TestApp, token: &str, call: impl Future<Output = T>) -> (T, Vec<Value>) {
    app.clock.advance(61);
    let before = log(app, token, "").await["items"][0]["position"].as_u64();
    let answer = call.await;
    let items = log(app, token, "").await["items"].as_array().unwrap().clone();
    let new = items.into_iter().filter(|i| i["position"].as_u64() > before);
    // What was only looked at again is counted when its minute is over: no new look.
    (
        answer,
        new.filter(|i| !(i["span"] == 0 && i["action"].as_str().is_some_and(|a| a.ends_with(".viewed"))))
            .collect(),
    )
}

/// Begins a stream of events and leaves it when its head is there.
async fn begin(app: &TestApp, path: &str, token: &str) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(app.address).await.unwrap();
    let head =
        format!("GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\r\n", app.address);
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 200");
}

struct Person {
    token: String,
    document: String,
    record: String,
}

async fn person(app: &TestApp, email: &str) -> Person {
    let token = app.person(email).await;
    let document = app.upload(&token, "r.json", &fhir()).await["id"].as_str().unwrap().to_owned();
    let records = app.call("GET", "/api/v1/records").bearer(&token).send().await.json();
    let record = records["items"][0]["id"].as_str().unwrap().to_owned();
    Person { token, document, record }
}

#[tokio::test]
async fn every_api_route_leaves_what_it_says() {
    let app = TestApp::start().await;
    let mut p = person(&app, "walker@example.org").await;
    let routes = api();
    let listed: BTreeSet<_> = routes.iter().map(|r| (r.0, r.1)).collect();
    assert_eq!(listed, API.iter().map(|r| (r.0, r.1)).collect(), "each route of the API has a line here");
    for (method, route, body, leaves) in routes {
        let Ok(expected) = leaves else { continue };
        if ["/api/v1/export", "/api/v1/tokens"].contains(&route) {
            let proof = json!({"password": crate::support::PASSWORD});
            let proved = app.call("POST", "/api/v1/me/proof").bearer(&p.token).json(&proof).send().await;
            p.token = proved.json()["token"].as_str().unwrap().to_owned();
        }
        let mut path = route.replace("{loinc}", "2823-3");
        if route.starts_with("/api/v1/uploads/{id}") {
            let begin =
                app.call("POST", "/api/v1/uploads").bearer(&p.token).json(&json!({"name": "y", "size": 5}));
            path = path.replace("{id}", begin.send().await.json()["id"].as_str().unwrap());
        }
        let mut body = body;
        if route.ends_with("/answers") {
            let table =
                b"Test,Value,Unit,Date\nGlucose,5.1,mmol/L,03/04/2024\nGlucose,5.3,mmol/L,05/06/2024\n";
            let asks = app.upload(&p.token, "asks.csv", table).await;
            assert_eq!(asks["state"], "review", "{asks}");
            path = path.replace("{id}", asks["id"].as_str().unwrap());
            let asked = app.call("GET", &path.replace("/answers", "")).bearer(&p.token).send().await.json();
            let q = &asked["questions"][0];
            body = json!({"answers": {q["key"].as_str().unwrap(): q["choices"][0][0]}});
        }
        if route.ends_with("/review") {
            let table =
                b"Date,Test,Result,Unit\n2021-05-01,Sodium,141,mmol/L\n2021-05-02,Sodium,1410,mmol/L\n";
            let id = app
                .upload(&p.token, &format!("{method}.csv"), &[table, method.as_bytes()].concat())
                .await["id"]
                .clone();
            path = path.replace("{id}", id.as_str().unwrap());
            let list = app.call("GET", &path).bearer(&p.token).send().await.json();
            if method == "POST" {
                body = json!({"action": "leave_out", "row": list["items"][0]["id"]});
            }
        }
        if route == "/api/v1/sessions/{id}" {
            let proof = json!({"email": "walker@example.org", "password": crate::support::PASSWORD});
            app.call("POST", "/api/v1/login").own().json(&proof).send().await;
            let all = app.call("GET", "/api/v1/sessions").bearer(&p.token).send().await.json();
            let other = all["items"].as_array().unwrap().iter().find(|s| s["current"] == false).unwrap();
            path = path.replace("{id}", other["id"].as_str().unwrap());
        }
        if route.starts_with("/api/v1/ask/conversations/{id}") {
            let question = json!({"question": "What was my last sodium?"});
            let asked = app.call("POST", "/api/v1/ask").bearer(&p.token).header("accept", "application/json");
            let asked = asked.json(&question).send().await.json();
            path = path.replace("{id}", asked["conversation"].as_str().unwrap());
            if route.ends_with("/again") {
                body = json!({"message": asked["message"]});
            }
        }
        path = path.replace("{id}", if route.contains("records") { &p.record } else { &p.document });
        let mut call = app.call(method, &path).bearer(&p.token);
        call = match (method, route) {
            ("POST", "/api/v1/documents") => call.file("other.txt", b"some words"),
            ("GET", "/api/v1/documents/events") => {
                let begun = begin(&app, &path, &p.token);
                let (_, new) = left(&app, &p.token, begun).await;
                assert!(new.iter().any(|e| e["action"] == expected), "{route}: {new:?}");
                continue;
            }
            _ if body.is_null() => call,
            _ => call.json(&body),
        };
        let (answer, new) = left(&app, &p.token, call.send()).await;
        let found = new.iter().find(|e| e["action"] == expected);
        let found = found.unwrap_or_else(|| panic!("{method} {route} ({}) left {new:?}", answer.status));
        assert_eq!(found["by"], "person", "{route}");
        assert_eq!(found["address"], "127.0.0.1", "{route}");
        let is_refused = found["outcome"] == "refused";
        assert_eq!(is_refused, answer.status >= 400, "{route}: {} {found}", answer.status);
    }
}

#[tokio::test]
async fn every_page_leaves_what_it_says() {
    let app = TestApp::start().await;
    let p = person(&app, "reader@example.org").await;
    let listed: BTreeSet<_> = PAGE_LEAVES.iter().map(|r| r.0).collect();
    assert_eq!(listed, PAGES.iter().map(|r| r.0).collect(), "each page has a line here");
    for (page, leaves) in PAGE_LEAVES {
        let id = if page.contains("documents") { &p.document } else { &p.record };
        let path = page.replace("{id}", id).replace("{key}", "2823-3");
        let call = app.call("GET", &path).cookie(&p.token).header("accept", "text/html").send();
        let (answer, new) = left(&app, &p.token, call).await;
        let is_there = answer.status < 400;
        assert_eq!(is_there, *leaves != Err(STAFF), "{page}: {}", answer.status);
        let codes: Vec<&str> = new.iter().map(|e| e["action"].as_str().unwrap()).collect();
        match leaves {
            Ok(code) => assert_eq!(codes, [*code], "{page}"),
            Err(why) => assert!(codes.is_empty(), "{page} {why}, and leaves {codes:?}"),
        }
    }
}

#[tokio::test]
async fn every_server_function_has_a_line_and_those_that_read_leave_what_it_says() {
    let app = TestApp::start().await;
    let p = person(&app, "caller@example.org").await;
    let known: BTreeSet<String> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/fn/").to_owned())
        .collect();
    let listed: BTreeSet<String> = FUNCTIONS.iter().map(|f| f.0.to_owned()).collect();
    assert_eq!(known, listed, "each server function has a line here");
    let me = app.call("GET", "/api/v1/me").bearer(&p.token).send().await.json();
    let profile = me["profile"]["id"].as_str().unwrap().to_owned();
    // The bodies are postcard: a length and the text.
    let text = |s: &str| [&[u8::try_from(s.len()).unwrap()], s.as_bytes()].concat();
    let bodies = [
        ("overview", vec![]),
        ("documents", vec![]),
        ("markers", [text(""), text("")].concat()),
        ("record", text(&p.record)),
        ("document", [text(&p.document), vec![0, 0, 1]].concat()),
        ("timeline", vec![0, 0, 0, 0, 0, 0]),
    ];
    for (name, body) in bodies {
        let call = app.call("POST", &format!("/fn/{name}")).cookie(&p.token).own();
        let call = call
            .header("keepwell-profile", &profile)
            .header("accept", "application/x-postcard")
            .body("application/x-postcard", body);
        let (answer, new) = left(&app, &p.token, call.send()).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
        let expected = FUNCTIONS.iter().find(|f| f.0 == name).unwrap().1.unwrap();
        assert!(new.iter().any(|e| e["action"] == expected), "{name} left {new:?}");
    }
}

#[tokio::test]
async fn sign_ins_good_and_bad_are_logged_with_their_address() {
    let app = TestApp::start().await;
    let token = app.person("owner@example.org").await;
    let sign_in = async |email: &str, password: &str| {
        let body = json!({"email": email, "password": password});
        let call = app
            .call("POST", "/api/v1/login")
            .own()
            .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
        call.json(&body).send().await
    };
    assert_eq!(sign_in("owner@example.org", "not the password at all").await.status, 401);
    let unknown = sign_in("nobody@example.org", "not the password at all").await;
    assert_eq!(unknown.status, 401);
    assert_eq!(sign_in("owner@example.org", crate::support::PASSWORD).await.status, 200);
    let items = log(&app, &token, "&kind=access").await["items"].as_array().unwrap().clone();
    let short: Vec<_> = items
        .iter()
        .map(|e| (e["action"].as_str().unwrap(), e["by"].as_str().unwrap(), e["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(
        short,
        [
            ("session.started", "person", "done"),
            ("session.refused", "unknown", "refused"),
            ("session.started", "person", "done")
        ]
    );
    assert_eq!(items[1]["address"], "127.0.0.1");
    assert_eq!(items[1]["device"], "Firefox · Linux");
    // The stranger's try stands in the log as well, in nobody's own.
    let size = |note: &Value| note["size"].as_u64().unwrap();
    let head = async || app.call("GET", "/api/v1/audit/checkpoint").bearer(&token).send().await;
    let before = size(&head().await.json());
    sign_in("nobody@example.org", "not the password at all").await;
    assert_eq!(size(&head().await.json()), before + 1);
    assert_eq!(log(&app, &token, "&kind=access").await["total"], 3);
    assert_eq!(log(&app, &token, "&by=unknown").await["total"], 1);
    app.call("POST", "/api/v1/logout").own().cookie(&token).send().await;
}

#[tokio::test]
async fn the_same_look_again_within_a_minute_is_one_entry_and_then_a_count() {
    let app = TestApp::start().await;
    let p = person(&app, "looker@example.org").await;
    let look = async || {
        assert_eq!(app.call("GET", "/api/v1/markers").bearer(&p.token).send().await.status, 200);
    };
    let (_, new) = left(&app, &p.token, async {
        for _ in 0..5 {
            look().await;
        }
        app.call("GET", "/api/v1/markers").bearer(&p.token).header("user-agent", "other").send().await
    })
    .await;
    assert_eq!(new.len(), 2, "one for each device: {new:?}");
    assert!(new.iter().all(|e| e["span"] == 60 && e["times"] == 1));
    app.clock.advance(61);
    let counted = log(&app, &p.token, "&kind=view").await["items"][0].clone();
    assert_eq!(
        (&counted["action"], &counted["times"], &counted["span"]),
        (&json!("markers.viewed"), &json!(4), &json!(0))
    );
    let (_, new) = left(&app, &p.token, async {
        look().await;
        app.call("GET", "/healthz").send().await
    })
    .await;
    assert_eq!(new.len(), 1, "after a minute it is a new look");
}

#[tokio::test]
async fn paging_and_filters_bring_every_entry_once() {
    let app = TestApp::start().await;
    let p = person(&app, "pager@example.org").await;
    for _ in 0..12 {
        app.clock.advance(61);
        app.call("GET", "/api/v1/records").bearer(&p.token).send().await;
    }
    let whole = log(&app, &p.token, "").await;
    let (mut cursor, mut ids) = (String::new(), Vec::new());
    loop {
        let path = format!("/api/v1/audit?limit=5{cursor}");
        let page = app.call("GET", &path).bearer(&p.token).send().await.json();
        ids.extend(page["items"].as_array().unwrap().iter().map(|i| i["id"].clone()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let all: Vec<Value> = whole["items"].as_array().unwrap().iter().map(|i| i["id"].clone()).collect();
    assert_eq!(ids, all);
    assert_eq!(whole["total"], all.len());
    for (query, fits) in [("&kind=change", "change"), ("&kind=view", "view")] {
        let some = log(&app, &p.token, query).await;
        assert!(some["total"].as_u64().unwrap() > 0);
        assert!(some["items"].as_array().unwrap().iter().all(|i| i["kind"] == fits));
    }
    let today = all.len();
    assert_eq!(log(&app, &p.token, "&from=2027-01-15&to=2027-01-15").await["total"], today);
    assert_eq!(log(&app, &p.token, "&to=2027-01-14").await["total"], 0);
    for bad in ["&kind=x", "&by=x", "&from=x", "&cursor=x", "&limit=0", "&other=1"] {
        let answer = app.call("GET", &format!("/api/v1/audit?{}", &bad[1..])).bearer(&p.token).send().await;
        answer.problem(422);
    }
}

#[tokio::test]
async fn served_proofs_hold_and_the_log_only_grows() {
    use base64::{Engine, prelude::BASE64_STANDARD};
    use keepwell_audit::{Verifier, hash, proof};
    let app = TestApp::start().await;
    let p = person(&app, "prover@example.org").await;
    let bytes = |v: &Value| BASE64_STANDARD.decode(v.as_str().unwrap()).unwrap();
    let hashes =
        |v: &Value| -> Vec<[u8; 32]> { bytes(v).chunks(32).map(|c| c.try_into().unwrap()).collect() };
    let first = log(&app, &p.token, "").await;
    let verifier = Verifier::parse(first["key"].as_str().unwrap()).unwrap();
    let old = verifier.open(first["checkpoint"].as_str().unwrap()).unwrap();
    for item in first["items"].as_array().unwrap() {
        let (leaf, path) = (hash::leaf(&bytes(&item["leaf"])), hashes(&item["proof"]));
        proof::check_inclusion(&leaf, item["position"].as_u64().unwrap(), old.size, &path, &old.root)
            .unwrap();
    }
    app.clock.advance(61);
    app.call("GET", "/api/v1/records").bearer(&p.token).send().await;
    let id = first["items"][0]["id"].as_str().unwrap();
    let one = app.call("GET", &format!("/api/v1/audit/{id}/proof")).bearer(&p.token).send().await.json();
    let new = verifier.open(one["checkpoint"]["note"].as_str().unwrap()).unwrap();
    assert!(new.size > old.size);
    let (leaf, path) = (hash::leaf(&bytes(&one["leaf"])), hashes(&one["proof"]));
    proof::check_inclusion(&leaf, one["position"].as_u64().unwrap(), new.size, &path, &new.root).unwrap();
    let growth = format!("/api/v1/audit/consistency?from={}&to={}", old.size, new.size);
    let growth = app.call("GET", &growth).bearer(&p.token).send().await.json();
    proof::check_consistency((old.size, &old.root), (new.size, &new.root), &hashes(&growth["proof"]))
        .unwrap();
    let never = app.call("GET", "/api/v1/audit/consistency?from=1&to=9999999").bearer(&p.token).send().await;
    never.problem(422);
    let stranger = app.person("other@example.org").await;
    let foreign = app.call("GET", &format!("/api/v1/audit/{id}/proof")).bearer(&stranger).send().await;
    foreign.problem(404);
}

//! Spec 3.4: reading changes nothing. A person with all kinds of data walks every route that can be
//! read and every link of every page; then the whole database is held against what it was before.

use crate::{
    every_route::{API, PAGES},
    support::{TestApp, fhir},
};
use keepwell_store::testing::dump;
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

type Tables = BTreeMap<String, Vec<String>>;

/// Columns that a look may move, and why.
const MOVED: &[(&str, &str, &str)] = &[
    ("data.session", "last_seen_at", "an idle session ends, so its use is noted, to the minute"),
    ("data.access_token", "last_used_at", "a person sees when a token was last used, to the minute"),
];

/// Tables into which a look may add, and why. Of what was there before every row must still be there.
const GROWS: &[(&str, &str)] = &[("data.audit_entry", "a look at health data is logged before it is shown")];

/// Tables that may be anything else afterwards, and why.
const FREE: &[(&str, &str)] = &[
    ("data.audit_pending", "an entry of the log that waits for its place"),
    ("data.audit_tile", "hashes over the log, which grew"),
    ("data.audit_tree", "the size of the log, which grew"),
    ("data.audit_facet", "counts over the log, which grew"),
    ("data.counter", "what happens is counted, without whose it is"),
    ("keys.audit_head", "the signed head of the log, which grew"),
    ("limits.limit_log", "calls a minute are counted, reading ones of the API too"),
];

/// What a look may leave in the log.
const LOOKS: &[&str] = &["profile.exported", "document.downloaded"];

/// A row without one of its columns.
fn without(row: &str, column: &str) -> String {
    let start = format!("{column}=");
    row.split(' ').filter(|field| !field.starts_with(&start)).collect::<Vec<_>>().join(" ")
}

/// What differs that may not.
fn changes(before: &Tables, after: &Tables) -> Vec<String> {
    let mut out = Vec::new();
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (table, old) in before.iter().filter(|(table, _)| !FREE.iter().any(|f| f.0 == **table)) {
        let clean = |rows: &[String]| -> BTreeSet<String> {
            let moved = MOVED.iter().filter(|m| m.0 == table);
            rows.iter().map(|row| moved.clone().fold(row.clone(), |row, m| without(&row, m.1))).collect()
        };
        let (old, new) = (clean(old), clean(&after[table]));
        out.extend(old.difference(&new).map(|row| format!("gone from {table}: {row}")));
        if !GROWS.iter().any(|g| g.0 == table) {
            out.extend(new.difference(&old).map(|row| format!("new in {table}: {row}")));
        }
    }
    out
}

/// The paths on this host to which a page leads or which it loads.
fn links(html: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in html.split(" href=\"").skip(1).chain(html.split(" src=\"").skip(1)) {
        let target = part.split('"').next().unwrap_or_default().replace("&amp;", "&");
        let target = target.split('#').next().unwrap_or_default().to_owned();
        if target.starts_with('/') && !target.starts_with("//") {
            out.push(target);
        }
    }
    out
}

/// Everything of the walker's that can be named in a path.
async fn furnish(app: &TestApp, token: &str) -> Vec<(&'static str, String)> {
    let get = async |path: &str| app.call("GET", path).bearer(token).send().await.json();
    let text = |v: &serde_json::Value| v.as_str().unwrap().to_owned();
    app.upload(token, "results.json", &fhir()).await;
    let table = b"Date,Test,Result,Unit\n2021-05-01,Sodium,141,mmol/L\n2021-05-02,Sodium,1410,mmol/L\n";
    let document = text(&app.upload(token, "review.csv", table).await["id"]);
    let asks = b"Test,Value,Unit,Date\nGlucose,5.1,mmol/L,03/04/2024\nGlucose,5.3,mmol/L,05/06/2024\n";
    app.upload(token, "asks.csv", asks).await;
    let bodies = [
        ("/api/v1/records", json!({"kind": "note", "name": "n", "note": "text", "date": "2024-01-01"})),
        ("/api/v1/profiles", json!({"name": "Mia", "relation": "child"})),
        ("/api/v1/uploads", json!({"name": "half", "size": 5})),
    ];
    let mut made = Vec::new();
    for (path, body) in bodies {
        let answer = app.call("POST", path).bearer(token).json(&body).send().await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text());
        made.push(answer.json());
    }
    vec![
        ("document", document),
        ("record", text(&get("/api/v1/records").await["items"][0]["id"])),
        ("profile", text(&made[1]["id"])),
        ("upload", text(&made[2]["id"])),
        ("entry", text(&get("/api/v1/audit").await["items"][0]["id"])),
    ]
}

/// Where to begin: every page and every operation that reads, other routes, and server functions, which
/// must not be readable at all.
fn starts(things: &[(&'static str, String)]) -> VecDeque<String> {
    let fill = |path: &str| {
        let kind = if path.contains("documents") {
            "document"
        } else if path.contains("records") {
            "record"
        } else if path.contains("uploads") {
            "upload"
        } else {
            "entry"
        };
        let id = &things.iter().find(|t| t.0 == kind).unwrap().1;
        path.replace("{id}", id).replace("{loinc}", "2823-3").replace("{key}", "2823-3")
    };
    let profile = &things.iter().find(|t| t.0 == "profile").unwrap().1;
    let mut out: VecDeque<String> = PAGES.iter().map(|p| fill(p.0)).collect();
    for (_, path, _) in API.iter().filter(|r| r.0 == "GET") {
        out.push_back(fill(path));
        out.push_back(format!("{}?profile={profile}", fill(path)));
    }
    out.extend(crate::matrix::readable_others().map(str::to_owned));
    out.extend(leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()));
    for trick in ["/settings?_form=sign_out", "/settings/profiles?_form=create_profile&name=x&relation=child"]
    {
        out.push_back(trick.to_owned());
    }
    out
}

#[tokio::test]
async fn reading_everything_by_every_link_changes_nothing() {
    let app = TestApp::start().await;
    let session = app.person("walker@example.org").await;
    let things = furnish(&app, &session).await;
    let scopes = ["records:read", "documents:read", "export", "audit:read"];
    let made = json!({"name": "reader", "scopes": scopes, "days": 7});
    let made = app.call("POST", "/api/v1/tokens").bearer(&session).json(&made).send().await;
    let token = made.json()["token"].as_str().unwrap().to_owned();
    // So late that the use of session and token is noted anew, and no look is covered by an earlier one.
    app.clock.advance(300);
    app.state.services.settle_log().await.unwrap();
    let before = dump(app.state.services.store()).await.unwrap();

    let (mut waiting, mut seen, mut pages) = (starts(&things), BTreeSet::new(), 0);
    while let Some(path) = waiting.pop_front() {
        if !seen.insert(path.clone()) {
            continue;
        }
        assert!(seen.len() < 3000, "the pages lead on without an end: {path}");
        let is_api = path.starts_with("/api/");
        for method in ["HEAD", "GET"] {
            let call = || app.call(method, &path).header("accept", "text/html");
            let mut calls = vec![call(), call().cookie(&session)];
            if is_api {
                calls.push(call().bearer(&token));
            }
            for call in calls {
                // A stream of events does not end by itself.
                let wait = Duration::from_millis(if path.contains("/events") { 300 } else { 30_000 });
                let Ok(answer) = tokio::time::timeout(wait, call.send()).await else { continue };
                assert!(answer.status < 500, "{method} {path}: {}", answer.status);
                if path.starts_with("/fn/") {
                    assert!([404, 405].contains(&answer.status), "{method} {path}: {}", answer.status);
                }
                let kind = answer.headers.get("content-type").map(|v| v.to_str().unwrap().to_owned());
                if method == "GET" && kind.is_some_and(|k| k.starts_with("text/html")) {
                    pages += 1;
                    waiting.extend(links(&answer.text()));
                }
            }
        }
    }
    assert!(pages > 60 && seen.len() > 100, "only {pages} pages of {} paths", seen.len());
    app.state.services.settle_log().await.unwrap();
    let after = dump(app.state.services.store()).await.unwrap();
    assert_eq!(changes(&before, &after), Vec::<String>::new());
    only_looks(&before, &after);
    // The walk did leave what it may: it was a real one.
    assert!(after["data.audit_entry"].len() > before["data.audit_entry"].len() + 15);
    assert_ne!(before["data.session"], after["data.session"]);
    assert_ne!(before["data.access_token"], after["data.access_token"]);
}

/// What came into the log are looks and what a person took along, nothing else.
fn only_looks(before: &Tables, after: &Tables) {
    let old: BTreeSet<&String> = before["data.audit_entry"].iter().collect();
    for row in after["data.audit_entry"].iter().filter(|row| !old.contains(row)) {
        let action = row.split("action='").nth(1).and_then(|r| r.split('\'').next()).unwrap();
        assert!(action.ends_with(".viewed") || LOOKS.contains(&action), "a look left {action}");
    }
}

#[tokio::test]
async fn what_writes_is_noticed() {
    let app = TestApp::start().await;
    let session = app.person("writer@example.org").await;
    let before = dump(app.state.services.store()).await.unwrap();
    let form = "_form=choose_lang&lang=de";
    let written = app.call("POST", "/settings").own().cookie(&session);
    let answer = written.body("application/x-www-form-urlencoded", form).send().await;
    assert_eq!(answer.status, 303);
    app.state.services.settle_log().await.unwrap();
    let after = dump(app.state.services.store()).await.unwrap();
    let found = changes(&before, &after);
    assert!(
        found.iter().any(|c| c.starts_with("new in data.account: ") && c.contains("lang='de'")),
        "{found:?}"
    );
    assert!(found.iter().all(|c| c.contains("data.account: ")), "{found:?}");
}

//! Spec 11.1 and 11.4 by crawling: everything that those who run the instance can reach, with canaries in a person's records.
//! None of it shows without a grant, only the kinds of the grant with one, and nothing after its end.

use crate::{
    matrix::things::Caller,
    support::{Answer, TestApp},
};
use keepwell_services::Role;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const WHY: &str = "She asked us to look for a lost result";
/// What stands in the person's records and files, by kind.
const CANARIES: [(&str, &str); 3] =
    [("condition", "Zanzibar fever"), ("medication", "Quokkazole"), ("note", "Marmalade diary")];

async fn add(app: &TestApp, secret: &str, kind: &str, name: &str) -> String {
    let body = json!({"kind": kind, "name": name, "note": format!("about {name}"), "date": "2024-01-01"});
    let made = app.call("POST", "/api/v1/records").bearer(secret).json(&body).send().await;
    assert!(made.status < 300, "{}", made.text());
    made.json()["id"].as_str().unwrap().to_owned()
}

struct Person {
    secret: String,
    account: String,
    profile: String,
    records: Vec<String>,
}

async fn person(app: &TestApp) -> Person {
    let secret = app.person("owner@example.org").await;
    let mut records = Vec::new();
    for (kind, name) in CANARIES {
        records.push(add(app, &secret, kind, name).await);
    }
    app.upload(&secret, "Quokkazole bill.txt", b"Zanzibar fever in a file").await;
    let me = app.call("GET", "/api/v1/me").bearer(&secret).send().await.json();
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    Person { account: text(&me["id"]), profile: text(&me["profile"]["id"]), records, secret }
}

/// Which canaries an answer shows.
fn shown(answer: &Answer) -> BTreeSet<&'static str> {
    let text = answer.text();
    CANARIES.iter().filter(|(_, name)| text.contains(name)).map(|(kind, _)| *kind).collect()
}

/// Every page of the administration that can be reached from its first ones, and all of its API that reads; what they show
/// of the canaries together, and how many answered.
async fn crawl(
    app: &TestApp,
    who: &mut Caller,
    p: &Person,
    grant: Option<&str>,
) -> (BTreeSet<&'static str>, usize) {
    who.renew(app).await;
    let secret = who.secret.clone().unwrap();
    let mut todo: Vec<String> =
        ["/admin", "/admin/people", "/admin/grants", "/settings", "/overview", "/timeline"]
            .map(str::to_owned)
            .to_vec();
    todo.push(format!("/admin/people/{}", p.account));
    // What the description of the API says can be read, with the person's ids in every place.
    let api = app.call("GET", "/api/v1/openapi.json").bearer(&secret).send().await.json();
    for (path, item) in api["paths"].as_object().unwrap() {
        if item.get("get").is_none() || path.ends_with("/events") {
            continue;
        }
        for id in p.records.iter().chain([&p.account, &p.profile]).map(String::as_str).chain(grant) {
            todo.push(path.replace("{id}", id).replace("{loinc}", "2823-3"));
            if !path.contains('{') {
                break;
            }
        }
    }
    if let Some(grant) = grant {
        todo.push(format!("/admin/grants/{grant}"));
        for (kind, _) in CANARIES {
            let query = format!("of={}&kind={kind}", p.profile);
            todo.push(format!("/api/v1/admin/grants/{grant}/records?{query}"));
            todo.push(format!("/admin/grants/{grant}?profile={}&kind={kind}", p.profile));
        }
        for record in &p.records {
            todo.push(format!("/api/v1/admin/grants/{grant}/record?of={}&record={record}", p.profile));
            todo.push(format!("/admin/grants/{grant}?profile={}&record={record}", p.profile));
        }
    }
    let (mut seen, mut all, mut answered) = (BTreeSet::new(), BTreeSet::new(), 0);
    while let Some(path) = todo.pop() {
        if !seen.insert(path.clone()) || seen.len() > 600 {
            continue;
        }
        let call = app.call("GET", &path);
        let call = if path.starts_with("/api/") {
            call.bearer(&secret)
        } else {
            call.cookie(&secret).header("accept", "text/html")
        };
        let answer = call.send().await;
        assert!(answer.status < 500, "{path}: {}", answer.status);
        answered += usize::from(answer.status == 200);
        all.extend(shown(&answer));
        for href in answer.text().split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if href.starts_with('/') && !href.starts_with("/pkg/") && !href.starts_with("/api/v1/export") {
                todo.push(href.replace("&amp;", "&"));
            }
        }
    }
    (all, answered)
}

#[tokio::test]
async fn nobody_who_runs_the_instance_finds_anything_without_a_grant() {
    let app = TestApp::start().await;
    let p = person(&app).await;
    for (name, role) in [("support", Role::Support), ("auditor", Role::Auditor), ("admin", Role::Admin)] {
        let mut who = Caller::staff(&app, name, role).await;
        let (found, answered) = crawl(&app, &mut who, &p, None).await;
        assert!(found.is_empty(), "{name} found {found:?}");
        assert!(answered > 20, "{name} was answered {answered} times only");
    }
}

async fn ask(app: &TestApp, who: &Caller, p: &Person, kinds: &[&str], minutes: u16) -> String {
    let wish = json!({"person": p.account, "kinds": kinds, "reason": WHY, "minutes": minutes});
    let call = app.call("POST", "/api/v1/admin/grants").bearer(who.secret.as_deref().unwrap());
    let made = call.json(&wish).send().await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn grant_shows_its_kinds_alone_and_nothing_after_its_end() {
    let app = TestApp::start().await;
    let p = person(&app).await;
    let mut root = Caller::staff(&app, "admin", Role::Admin).await;
    let grant = ask(&app, &root, &p, &["condition"], 5).await;
    let (found, _) = crawl(&app, &mut root, &p, Some(&grant)).await;
    assert_eq!(found, BTreeSet::from(["condition"]));
    // Another admin gets nothing out of it.
    let mut other = Caller::staff(&app, "other", Role::Admin).await;
    assert_eq!(crawl(&app, &mut other, &p, Some(&grant)).await.0, BTreeSet::new());

    let watched =
        async || app.call("GET", &format!("/api/v1/me/grants/{grant}")).bearer(&p.secret).send().await.json();
    let before = watched().await;
    assert_eq!(before["grant"]["state"], "open");
    assert!(before["items"].as_array().unwrap().len() >= 3, "{before}");
    // The end comes between two reads.
    let list = format!("/api/v1/admin/grants/{grant}/records?of={}&kind=condition", p.profile);
    let read = async || app.call("GET", &list).bearer(root.secret.as_deref().unwrap()).send().await;
    assert_eq!(read().await.status, 200);
    let seen = watched().await["items"].as_array().unwrap().len();
    app.clock.advance(300);
    read().await.problem(404);
    let after = watched().await;
    assert_eq!(after["grant"]["state"], "over");
    assert_eq!(after["items"].as_array().unwrap().len(), seen);
    assert_eq!(crawl(&app, &mut root, &p, Some(&grant)).await.0, BTreeSet::new());
}

#[tokio::test]
async fn person_is_told_watches_and_ends_it() {
    let app = TestApp::start().await;
    let p = person(&app).await;
    let root = Caller::staff(&app, "admin", Role::Admin).await;
    let get = async |path: &str| {
        app.call("GET", path).cookie(&p.secret).header("accept", "text/html").send().await.text()
    };
    assert!(!get("/overview").await.contains("class=\"News\""));
    let grant = ask(&app, &root, &p, &["condition", "note"], 30).await;
    let overview = get("/overview").await;
    assert!(overview.contains("class=\"News\"") && overview.contains(WHY), "told on every page at once");
    assert!(get("/settings/notices").await.contains(WHY));
    let list = format!("/api/v1/admin/grants/{grant}/records?of={}&kind=note", p.profile);
    let read = async || app.call("GET", &list).bearer(root.secret.as_deref().unwrap()).send().await;
    assert_eq!(read().await.json()["items"][0]["title"], "Marmalade diary");
    let page = get(&format!("/settings/grants/{grant}")).await;
    assert!(page.contains("class=\"Countdown\"") && page.contains(&p.records[2]), "{page}");
    let log = app.call("GET", "/api/v1/audit").bearer(&p.secret).send().await.text();
    assert!(log.contains("break_glass.viewed") && log.contains("break_glass.granted"));
    let end = app.call("DELETE", &format!("/api/v1/me/grants/{grant}")).bearer(&p.secret).own().send().await;
    assert_eq!(end.status, 204);
    read().await.problem(404);
}

#[tokio::test]
async fn administration_looks_to_others_like_a_page_that_does_not_exist() {
    let app = TestApp::start().await;
    let person = app.person("eva@example.org").await;
    let get = async |path: &str| {
        let answer = app.call("GET", path).cookie(&person).header("accept", "text/html").send().await;
        assert_eq!(answer.status, 404, "{path}");
        let text = answer.text();
        let from = text.find("<main").unwrap();
        text[from..text.find("</main>").unwrap()].to_owned()
    };
    let nowhere = get("/nowhere").await;
    let support = Caller::staff(&app, "support", Role::Support).await;
    for path in
        ["/admin", "/admin/people", "/admin/grants", "/admin/people/0190f3a1-0000-7000-8000-000000000000"]
    {
        assert_eq!(get(path).await, nowhere, "{path}");
    }
    let page = app.call("GET", "/settings").cookie(&person).header("accept", "text/html").send().await.text();
    assert!(!page.contains("/admin"), "nor is there a way to it");
    let secret = support.secret.as_deref().unwrap();
    let page = app.call("GET", "/settings").cookie(secret).header("accept", "text/html").send().await.text();
    assert!(page.contains("href=\"/admin/people\""));
}

/// A stream of events, read as it comes.
struct Events(tokio::net::TcpStream, String);

impl Events {
    async fn begin(app: &TestApp, path: &str, token: &str) -> Self {
        use tokio::io::AsyncWriteExt;
        let mut stream = tokio::net::TcpStream::connect(app.address).await.unwrap();
        let head =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\r\n", app.address);
        stream.write_all(head.as_bytes()).await.unwrap();
        Self(stream, String::new())
    }
    /// Waits for a text that had not come yet; how long it took.
    async fn wait(&mut self, text: &str) -> std::time::Duration {
        use tokio::io::AsyncReadExt;
        let began = std::time::Instant::now();
        let mut buffer = [0; 4096];
        loop {
            if let Some(at) = self.1.find(text) {
                self.1.drain(..at + text.len());
                return began.elapsed();
            }
            let read =
                tokio::time::timeout(std::time::Duration::from_secs(60), self.0.read(&mut buffer)).await;
            match read {
                Ok(Ok(n)) if n > 0 => self.1.push_str(&String::from_utf8_lossy(&buffer[..n])),
                other => panic!("{text} did not come ({other:?}); {}", self.1),
            }
        }
    }
}

#[tokio::test]
async fn watching_person_hears_of_each_look_within_a_second_until_the_grant_or_the_session_ends() {
    let app = TestApp::start().await;
    let p = person(&app).await;
    let root = Caller::staff(&app, "admin", Role::Admin).await;
    let grant = ask(&app, &root, &p, &["condition", "note"], 30).await;
    let path = format!("/api/v1/me/grants/{grant}/events");
    let mut events = Events::begin(&app, &path, &p.secret).await;
    events.wait("text/event-stream").await;
    events.wait("{\"state\":\"open\",\"seen\":0,").await;
    let look = async |kind: &str| {
        let list = format!("/api/v1/admin/grants/{grant}/records?of={}&kind={kind}", p.profile);
        let answer = app.call("GET", &list).bearer(root.secret.as_deref().unwrap()).send().await;
        assert_eq!(answer.status, 200);
    };
    let mut quickest = std::time::Duration::MAX;
    for (kind, seen) in [("note", 1), ("condition", 2), ("note", 3), ("condition", 4), ("note", 5)] {
        look(kind).await;
        quickest = quickest.min(events.wait(&format!("{{\"state\":\"open\",\"seen\":{seen},")).await);
    }
    // A busy machine delays one or the other, but not all of them.
    assert!(quickest < std::time::Duration::from_secs(1), "{quickest:?}");
    // Nothing that was seen is in the stream itself.
    assert!(CANARIES.iter().all(|(_, name)| !events.1.contains(name)));
    let mut other = Events::begin(&app, &path, &p.secret).await;
    other.wait("\"seen\":5").await;
    let end = app.call("DELETE", &format!("/api/v1/me/grants/{grant}")).bearer(&p.secret).own().send().await;
    assert_eq!(end.status, 204);
    events.wait("{\"state\":\"ended_by_person\",\"seen\":5,\"left_seconds\":0}").await;
    events.wait("\r\n0\r\n").await;
    other.wait("\r\n0\r\n").await;
    // One that is over says so, and ends at once.
    let mut late = Events::begin(&app, &path, &p.secret).await;
    late.wait("ended_by_person").await;
    late.wait("\r\n0\r\n").await;

    let grant = ask(&app, &root, &p, &["note"], 30).await;
    let path = format!("/api/v1/me/grants/{grant}/events");
    let mut events = Events::begin(&app, &path, &p.secret).await;
    events.wait("\"seen\":0").await;
    app.call("POST", "/api/v1/logout").own().cookie(&p.secret).send().await;
    events.wait("\r\n0\r\n").await;
}

//! Several persons under one login: nothing of one shows in another.

use crate::support::{PASSWORD, TestApp, fhir, log_apart};
use serde_json::{Value, json};
use std::time::Duration;

pub struct Two {
    pub app: TestApp,
    pub session: String,
    pub own: String,
    pub child: String,
}

async fn two() -> Two {
    let app = TestApp::start().await;
    let session = app.person("a@example.org").await;
    let me = app.call("GET", "/api/v1/me").bearer(&session).send().await.json();
    let own = me["profile"]["id"].as_str().unwrap().to_owned();
    let body = json!({"name": "Mia", "relation": "child"});
    let child = app.call("POST", "/api/v1/profiles").bearer(&session).json(&body).send().await;
    assert_eq!(child.status, 201, "{}", child.text());
    let child = child.json()["id"].as_str().unwrap().to_owned();
    Two { app, session, own, child }
}

impl Two {
    async fn get(&self, path: &str, profile: &str) -> crate::support::Answer {
        self.app.call("GET", path).bearer(&self.session).header("keepwell-profile", profile).send().await
    }
    /// Uploads into a profile and waits until it has been read.
    async fn upload(&self, profile: &str, name: &str) -> String {
        let call = self.app.call("POST", "/api/v1/documents").bearer(&self.session);
        let answer = call.header("keepwell-profile", profile).file(name, &fhir()).send().await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        for _ in 0..1200 {
            let state = self.get(&format!("/api/v1/documents/{id}"), profile).await.json()["state"].clone();
            if state == "done" {
                return id;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the document was not read within a minute");
    }
    async fn page(&self, path: &str) -> crate::support::Answer {
        self.app.call("GET", path).cookie(&self.session).header("accept", "text/html").send().await
    }
    async fn form(&self, page: &str, form: &str, fields: &str) -> crate::support::Answer {
        let body = format!("_form={form}&{fields}");
        let call = self.app.call("POST", page).own().cookie(&self.session).header("accept", "text/html");
        call.body("application/x-www-form-urlencoded", body).send().await
    }
    async fn switch(&self, to: &str) {
        let answer = self.form("/settings/profiles", "switch_profile", &format!("profile={to}")).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(answer.header("location").starts_with("/overview"), "{}", answer.header("location"));
    }
}

#[tokio::test]
async fn nothing_of_one_profile_shows_in_another() {
    let two = two().await;
    let document = two.upload(&two.child, "canary-mia.json").await;
    let records = two.get("/api/v1/records", &two.child).await.json();
    let record = records["items"][0]["id"].as_str().unwrap();
    assert_eq!(records["total"], 2);
    for path in [
        "/api/v1/records",
        "/api/v1/records?q=potassium",
        "/api/v1/documents",
        "/api/v1/markers",
        "/api/v1/markers/2823-3/series",
        "/api/v1/export",
    ] {
        let answer = two.get(path, &two.own).await;
        assert!(answer.status == 200 || (answer.status == 404 && path.contains("series")), "{path}");
        for foreign in [document.as_str(), record, "canary-mia", "Potassium"] {
            assert!(!answer.text().contains(foreign), "{path} shows {foreign}");
        }
        let theirs = two.get(path, &two.child).await;
        assert_eq!(theirs.status, 200, "{path}");
        let nobodys = "0190f3a1-0000-7000-8000-000000000000";
        for elsewhere in [nobodys, "x", ""] {
            two.get(path, elsewhere).await.problem(404);
        }
    }
    for path in [
        format!("/api/v1/documents/{document}"),
        format!("/api/v1/documents/{document}/file"),
        format!("/api/v1/records/{record}"),
    ] {
        two.get(&path, &two.own).await.problem(404);
        assert_eq!(two.get(&path, &two.child).await.status, 200, "{path}");
        let by_parameter = format!("{path}?profile={}", two.child);
        assert_eq!(two.app.call("GET", &by_parameter).bearer(&two.session).send().await.status, 200);
    }
    for path in ["/overview", "/markers", "/timeline", "/timeline?q=potassium", "/documents", "/add"] {
        let page = two.page(path).await.text();
        for foreign in [document.as_str(), record, "canary-mia", "Potassium"] {
            assert!(!page.contains(foreign), "{path} shows {foreign}");
        }
    }
    two.switch(&two.child).await;
    assert!(two.page("/markers").await.text().contains("Potassium"));
    assert!(two.page("/documents").await.text().contains("canary-mia"));
}

#[tokio::test]
async fn progress_of_one_profile_is_not_told_in_the_stream_of_another() {
    let two = two().await;
    let listen = async |profile: &str| {
        let path = format!("/api/v1/documents/events?profile={profile}");
        two.app.events(&path, &two.session).await
    };
    let (mut theirs, mut own) = (listen(&two.child).await, listen(&two.own).await);
    let told = tokio::sync::Notify::new();
    let seen = async {
        let event = theirs.next().await;
        told.notify_one();
        event
    };
    let quiet = async {
        // What was meant for the other would have come at about the same moment.
        let over = async {
            told.notified().await;
            tokio::time::sleep(Duration::from_secs(3)).await;
        };
        tokio::select! {
            event = own.next() => event,
            () = over => None,
        }
    };
    let (seen, quiet, _) = tokio::join!(seen, quiet, async {
        // Each stream looks at what is there before it tells of changes.
        tokio::time::sleep(Duration::from_millis(300)).await;
        two.upload(&two.child, "canary-mia.json").await
    });
    assert!(seen.is_some_and(|event| event.contains("canary-mia")));
    assert!(quiet.is_none(), "{quiet:?}");
}

#[tokio::test]
async fn form_of_a_page_drawn_for_another_profile_writes_nowhere() {
    let two = two().await;
    let note =
        |profile: &str| format!("_profile={profile}&kind=note&name=n&note=canary-note&date=2024-01-01");
    two.switch(&two.child).await;
    for fields in [note(&two.own), note(""), note("x"), note("").replace("_profile=&", "")] {
        let answer = two.form("/add", "add_record", &fields).await;
        assert_eq!(answer.status, 409, "{fields}");
        assert!(answer.text().contains("switched"), "{}", answer.text());
    }
    // What was typed is not repeated for another profile either.
    for profile in [&two.own, &two.child] {
        assert_eq!(two.get("/api/v1/records", profile).await.json()["total"], 0);
    }
    let answer = two.form("/add", "add_record", &note(&two.child)).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(two.get("/api/v1/records", &two.child).await.json()["total"], 1);
    assert_eq!(two.get("/api/v1/records", &two.own).await.json()["total"], 0);
}

#[tokio::test]
async fn server_function_of_a_page_drawn_for_another_profile_reads_and_writes_nothing() {
    let two = two().await;
    two.upload(&two.child, "canary-mia.json").await;
    two.switch(&two.child).await;
    let call = |name: &str| {
        let call = two.app.call("POST", &format!("/fn/{name}")).own().cookie(&two.session);
        let fields = if name == "set_favourite" { "key=2823-3&on=true" } else { "" };
        call.body("application/x-www-form-urlencoded", fields)
    };
    for name in ["documents", "overview", "set_favourite", "me"] {
        let unbound = call(name).send().await;
        assert_eq!(unbound.status, 409, "{name}");
        let elsewhere = call(name).header("keepwell-profile", &two.own).send().await;
        assert_eq!(elsewhere.status, 409, "{name}");
        assert!(!elsewhere.text().contains("canary-mia"));
    }
    let there = call("documents").header("keepwell-profile", &two.child).send().await;
    assert!(there.status == 200 && there.text().contains("canary-mia"));
}

#[tokio::test]
async fn plain_upload_from_a_page_drawn_for_another_profile_is_refused_before_its_body() {
    let two = two().await;
    let send = |profile: &str| {
        let path = format!("/documents/upload?profile={profile}");
        two.app.call("POST", &path).own().cookie(&two.session).file("a.json", &fhir()).send()
    };
    two.switch(&two.child).await;
    assert_eq!(send(&two.own).await.status, 409);
    let unbound = two.app.call("POST", "/documents/upload").own().cookie(&two.session);
    assert_eq!(unbound.file("a.json", &fhir()).send().await.status, 409);
    assert_eq!(send(&two.child).await.status, 303);
    assert_eq!(two.get("/api/v1/documents", &two.child).await.json()["total"], 1);
    assert_eq!(two.get("/api/v1/documents", &two.own).await.json()["total"], 0);
}

#[tokio::test]
async fn upload_begun_under_one_profile_ends_there_whatever_is_switched_to() {
    let two = two().await;
    let bytes = fhir();
    let begin = two.app.call("POST", "/api/v1/uploads").bearer(&two.session);
    let begun =
        begin.header("keepwell-profile", &two.child).json(&json!({"name": "x.json", "size": bytes.len()}));
    let id = begun.send().await.json()["id"].as_str().unwrap().to_owned();
    two.switch(&two.child).await;
    two.switch(&two.own).await;
    let finish = format!("/api/v1/uploads/{id}/finish");
    let send = |profile: &str| {
        let call = two.app.call("POST", &finish).bearer(&two.session).header("upload-offset", "0");
        call.header("keepwell-profile", profile).body("application/octet-stream", bytes.clone()).send()
    };
    send(&two.own).await.problem(404);
    assert_eq!(send(&two.child).await.status, 202);
    assert_eq!(two.get("/api/v1/documents", &two.child).await.json()["total"], 1);
    assert_eq!(two.get("/api/v1/documents", &two.own).await.json()["total"], 0);
}

#[tokio::test]
async fn profile_is_deleted_with_a_receipt_and_the_last_one_stays() {
    let two = two().await;
    two.upload(&two.child, "canary-mia.json").await;
    let delete = |id: &str, password: &str| {
        let call = two.app.call("DELETE", &format!("/api/v1/profiles/{id}")).bearer(&two.session);
        call.json(&json!({"password": password})).send()
    };
    assert_eq!(delete(&two.child, "not my password at all").await.problem(422)["field"], "password");
    two.switch(&two.child).await;
    let receipt = delete(&two.child, PASSWORD).await;
    assert_eq!((receipt.status, receipt.json()["records"].clone()), (200, json!(2)), "{}", receipt.text());
    let me = two.app.call("GET", "/api/v1/me").bearer(&two.session).send().await.json();
    assert_eq!((&me["profile"]["id"], me["profiles"].as_array().unwrap().len()), (&json!(two.own), 1));
    two.get("/api/v1/records", &two.child).await.problem(404);
    delete(&two.child, PASSWORD).await.problem(404);
    assert_eq!(delete(&two.own, PASSWORD).await.problem(422)["field"], "profile");
}

#[tokio::test]
async fn bad_changes_of_a_profile_say_what_is_wrong() {
    let two = two().await;
    let send = |method: &str, path: &str, body: Value| {
        two.app.call(method, path).bearer(&two.session).json(&body).send()
    };
    let path = format!("/api/v1/profiles/{}", two.child);
    for (method, path, body, field) in [
        ("POST", "/api/v1/profiles", json!({"name": " ", "relation": "child"}), "name"),
        ("POST", "/api/v1/profiles", json!({"name": "x", "relation": "cat"}), "relation"),
        ("POST", "/api/v1/profiles", json!({"name": "x", "relation": "child", "is_demo": true}), ""),
        ("PATCH", &path, json!({"name": "x".repeat(81)}), "name"),
        ("PATCH", &path, json!({"relation": "cat"}), "relation"),
    ] {
        let problem = send(method, path, body.clone()).await.problem(422);
        assert_eq!(problem["field"].as_str().unwrap_or_default(), field, "{body}");
    }
    assert_eq!(send("PATCH", &path, json!({"name": "Zoë"})).await.status, 204);
    let list = two.app.call("GET", "/api/v1/profiles").bearer(&two.session).send().await.json();
    assert_eq!((&list["items"][1]["name"], &list["items"][1]["relation"]), (&json!("Zoë"), &json!("child")));
}

#[tokio::test]
async fn what_was_done_with_profiles_stands_in_the_log() {
    let two = two().await;
    let path = format!("/api/v1/profiles/{}", two.child);
    let patch = two.app.call("PATCH", &path).bearer(&two.session).json(&json!({"name": "Zoë"}));
    assert_eq!(patch.send().await.status, 204);
    two.switch(&two.child).await;
    for (password, status) in [("not my password at all", 422), (PASSWORD, 200)] {
        let delete = two.app.call("DELETE", &path).bearer(&two.session).json(&json!({"password": password}));
        assert_eq!(delete.send().await.status, status);
    }
    let log = two.app.call("GET", "/api/v1/audit?kind=account").bearer(&two.session).send().await;
    let (text, _) = log_apart(log.json());
    assert!(!text.contains("Zoë") && !text.contains("Mia"), "no name is in the log");
    let told: Vec<(String, String)> = log.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["action"].as_str().unwrap().to_owned(), e["outcome"].as_str().unwrap().to_owned()))
        .collect();
    let expected = [
        ("profile.deleted", "done"),
        ("profile.deleted", "refused"),
        ("profile.switched", "done"),
        ("profile.changed", "done"),
        ("profile.added", "done"),
        ("account.created", "done"),
    ];
    assert_eq!(told, expected.map(|(a, o)| (a.to_owned(), o.to_owned())));
}

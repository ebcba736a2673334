//! Passwords, addresses and sessions where no mail is sent.

use crate::support::{Answer, PASSWORD, TestApp};
use serde_json::{Value, json};
use std::time::Duration;

const NEW: &str = "plain ferries carry nine lanterns";

async fn post(app: &TestApp, path: &str, token: &str, body: &Value) -> Answer {
    app.call("POST", path).bearer(token).json(body).send().await
}

#[tokio::test]
async fn changed_password_gives_a_new_session_and_ends_the_others() {
    let app = TestApp::start().await;
    let token = app.person("c@example.org").await;
    let wrong = json!({"current_password": NEW, "password": NEW});
    assert_eq!(
        post(&app, "/api/v1/me/password", &token, &wrong).await.problem(422)["field"],
        "current_password"
    );
    let weak = json!({"current_password": PASSWORD, "password": "password"});
    assert_eq!(post(&app, "/api/v1/me/password", &token, &weak).await.problem(422)["field"], "password");
    let body = json!({"current_password": PASSWORD, "password": NEW});
    let answer = post(&app, "/api/v1/me/password", &token, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let next = answer.json()["token"].as_str().unwrap().to_owned();
    app.call("GET", "/api/v1/me").bearer(&token).send().await.problem(401);
    assert_eq!(app.call("GET", "/api/v1/me").bearer(&next).send().await.status, 200);
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let app = TestApp::start().await;
    let first = app.person("c@example.org").await;
    let login = json!({"email": "c@example.org", "password": PASSWORD});
    let second = app.call("POST", "/api/v1/login").own().json(&login).send().await.json()["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let stranger = app.person("s@example.org").await;
    let list = async |token: &str| {
        app.call("GET", "/api/v1/sessions").bearer(token).send().await.json()["items"].clone()
    };
    let items = list(&second).await;
    assert_eq!(items.as_array().unwrap().len(), 2);
    assert_eq!(items[0]["area"], "", "this very machine");
    assert!(!items.to_string().contains("127.0.0.1"));
    let other = items.as_array().unwrap().iter().find(|s| s["current"] == false).unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let end = async |token: &str| {
        app.call("DELETE", &format!("/api/v1/sessions/{other}")).bearer(token).send().await
    };
    end(&stranger).await.problem(404);
    assert_eq!(end(&second).await.status, 204);
    app.call("GET", "/api/v1/me").bearer(&first).send().await.problem(401);
    assert_eq!(list(&second).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn guesses_are_slowed_down_and_say_when_to_go_on() {
    let app = TestApp::start().await;
    app.person("c@example.org").await;
    let guess = async |email: &str| {
        let body = json!({"email": email, "password": "wrong-wrong-wrong-wrong"});
        app.call("POST", "/api/v1/login").own().json(&body).send().await
    };
    let mut ends = Vec::new();
    for email in ["c@example.org", "nobody@example.org"] {
        for _ in 0..5 {
            guess(email).await.problem(401);
        }
        let refused = guess(email).await;
        let mut problem = refused.problem(429);
        assert_eq!(refused.header("retry-after"), "30");
        problem["request_id"] = json!("");
        ends.push(problem);
    }
    assert_eq!(ends[0], ends[1]);
    app.clock.advance(30);
    guess("c@example.org").await.problem(401);
}

#[tokio::test]
async fn event_stream_ends_with_its_session() {
    let app = TestApp::start().await;
    let token = app.person("c@example.org").await;
    let login = json!({"email": "c@example.org", "password": PASSWORD});
    let second = app.call("POST", "/api/v1/login").own().json(&login).send().await.json()["token"]
        .as_str()
        .unwrap()
        .to_owned();
    // Collects the body to its end.
    let stream = app.call("GET", "/api/v1/documents/events").bearer(&token).send();
    let change = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let body = json!({"current_password": PASSWORD, "password": NEW});
        assert_eq!(post(&app, "/api/v1/me/password", &second, &body).await.status, 200);
    };
    let both = async { tokio::join!(stream, change) };
    let (answer, ()) = tokio::time::timeout(Duration::from_secs(60), both).await.expect("the stream goes on");
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn without_mail_a_reset_goes_to_the_sealed_outbox_that_the_operator_reads() {
    let app = TestApp::start().await;
    app.person("c@example.org").await;
    let answer =
        app.call("POST", "/api/v1/forgot").own().json(&json!({"email": "c@example.org"})).send().await;
    assert_eq!(answer.status, 202);
    let folder = app.dir.path().join("data/outbox");
    let mut letters = Vec::new();
    for _ in 0..1200 {
        letters = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
        if letters.iter().any(|p| p.extension().is_some_and(|e| e == "sealed")) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    use std::os::unix::fs::PermissionsExt;
    let path = letters.first().expect("a letter");
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    let bytes = std::fs::read(path).unwrap();
    assert!(!bytes.windows(5).any(|w| w == b"c@exa") && !bytes.windows(5).any(|w| w == b"reset"));
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new(crate::support::PROGRAM);
        command.arg("outbox").args(args).arg("--data-dir").arg(app.dir.path().join("data"));
        command.args(["--config", "/dev/null"]);
        let out = command.output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    let listed = run(&["list"]);
    assert!(listed.contains("c@example.org"), "{listed}");
    let id = listed.split_whitespace().next().unwrap();
    let letter = run(&["show", id]);
    let code = &letter.split_once("/reset#").expect("a link").1[..43];
    let body = json!({"code": code, "password": NEW});
    assert_eq!(app.call("POST", "/api/v1/reset").own().json(&body).send().await.status, 204);
}

#[tokio::test]
async fn without_mail_the_address_changes_at_once() {
    let app = TestApp::start().await;
    let token = app.person("c@example.org").await;
    app.person("d@example.org").await;
    let taken = json!({"current_password": PASSWORD, "email": "d@example.org"});
    assert_eq!(post(&app, "/api/v1/me/email", &token, &taken).await.problem(422)["field"], "email");
    let body = json!({"current_password": PASSWORD, "email": "e@example.org"});
    let answer = post(&app, "/api/v1/me/email", &token, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    app.call("GET", "/api/v1/me").bearer(&token).send().await.problem(401);
    let next = answer.json()["token"].as_str().unwrap().to_owned();
    let me = app.call("GET", "/api/v1/me").bearer(&next).send().await.json();
    assert_eq!((me["email"].as_str(), me["email_confirmed"].is_null()), (Some("e@example.org"), true));
}

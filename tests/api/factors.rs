//! Second factors over HTTP: the two halves of a sign-in, proofs, and what whoever runs the instance may see.

use crate::{
    every_route::{API, PAGES},
    support::{Answer, PASSWORD, TestApp, authenticator::Authenticator, totp::wrong_code},
};
use keepwell::config::Origin;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

const EVA: &str = "eva@example.org";
const ORIGIN: &str = "http://localhost:3000";

async fn start() -> TestApp {
    TestApp::with(|c| c.public_url = Origin::parse(ORIGIN)).await
}

async fn post(app: &TestApp, token: &str, path: &str, body: Value) -> Answer {
    app.call("POST", &format!("/api/v1/{path}")).bearer(token).json(&body).send().await
}

/// A call of somebody who is not signed in, as a program makes it.
async fn open(app: &TestApp, path: &str, body: Value) -> Answer {
    let call = app.call("POST", &format!("/api/v1/{path}")).header("origin", ORIGIN);
    call.json(&body).send().await
}

fn token(answer: &Answer) -> String {
    assert!(answer.status < 300, "{}", answer.text());
    answer.json()["token"].as_str().unwrap().to_owned()
}

async fn person(app: &TestApp) -> String {
    token(&open(app, "signup", json!({"email": EVA, "password": PASSWORD})).await)
}

fn seconds(app: &TestApp) -> u64 {
    use keepwell_services::clock::Clock;
    u64::try_from(app.clock.now().0 / 1_000_000).unwrap()
}

/// The app of this secret on a phone.
fn phone(secret: &str) -> Totp {
    Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap()
}

fn code(app: &TestApp, secret: &str) -> String {
    phone(secret).generate(seconds(app)).to_string()
}

fn wrong(app: &TestApp, secret: &str) -> String {
    wrong_code(&phone(secret), seconds(app))
}

/// Puts an app in force: its secret, the session that goes on, the recovery codes.
async fn with_app(app: &TestApp, session: &str) -> (String, String, Vec<String>) {
    let new = post(app, session, "me/totp", json!({})).await.json();
    let secret = new["secret"].as_str().unwrap().to_owned();
    assert!(new["uri"].as_str().unwrap().starts_with("otpauth://totp/Keepwell%20localhost:"));
    let done = post(app, session, "me/totp/confirm", json!({"code": code(app, &secret)})).await;
    let codes = done.json()["recovery_codes"].as_array().unwrap().clone();
    app.clock.advance(30);
    (secret, token(&done), codes.iter().map(|c| c.as_str().unwrap().to_owned()).collect())
}

async fn half(app: &TestApp) -> Value {
    let answer = open(app, "login", json!({"email": EVA, "password": PASSWORD})).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert!(!answer.headers.contains_key("set-cookie"), "half a sign-in is no session");
    answer.json()
}

#[tokio::test]
async fn right_password_answers_what_is_needed_next_and_a_code_signs_in_once() {
    let app = start().await;
    let session = person(&app).await;
    let (secret, _, codes) = with_app(&app, &session).await;
    app.call("GET", "/api/v1/me").bearer(&session).send().await.problem(401);
    let wrong = json!({"email": EVA, "password": "not the right one at all"});
    let unknown = json!({"email": "nobody@example.org", "password": "not the right one at all"});
    let (a, b) =
        (open(&app, "login", wrong).await.problem(401), open(&app, "login", unknown).await.problem(401));
    assert_eq!((&a["type"], &a["detail"]), (&b["type"], &b["detail"]), "who has a factor is not told");
    let first = half(&app).await;
    assert_eq!(first["next"], "second_factor");
    assert_eq!(first["factors"], json!(["totp", "recovery"]));
    let ticket = &first["ticket"];
    app.call("GET", "/api/v1/me").bearer(ticket.as_str().unwrap()).send().await.problem(401);
    let finish = async |ticket: &Value, code: &str| {
        open(&app, "login/finish", json!({"ticket": ticket, "code": code})).await
    };
    assert_eq!(finish(ticket, "123").await.problem(422)["field"], "code");
    let now = code(&app, &secret);
    let session = token(&finish(ticket, &now).await);
    assert_eq!(app.call("GET", "/api/v1/me").bearer(&session).send().await.status, 200);
    assert_eq!(finish(ticket, &now).await.problem(422)["field"], "ticket");
    let again = half(&app).await;
    assert_eq!(finish(&again["ticket"], &now).await.problem(422)["field"], "code");
    let session = token(&finish(&again["ticket"], &codes[0]).await);
    let left = app.call("GET", "/api/v1/me/factors").bearer(&session).send().await.json();
    assert_eq!(left["recovery_codes_left"], 9);
    for both in [json!({"ticket": "x"}), json!({"ticket": "x", "code": "1", "passkey": {}})] {
        open(&app, "login/finish", both).await.problem(422);
    }
    let log = app.call("GET", "/api/v1/audit?limit=200").bearer(&session).send().await.json();
    let codes: Vec<&str> =
        log["items"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    for action in ["factor.added", "factor.code_used", "session.refused", "session.started"] {
        assert!(codes.contains(&action), "{action}: {codes:?}");
    }
}

#[tokio::test]
async fn of_two_requests_with_one_code_one_is_let_in() {
    let app = start().await;
    let session = person(&app).await;
    let (secret, _, codes) = with_app(&app, &session).await;
    for code in [code(&app, &secret), codes[1].clone()] {
        let (a, b) = (half(&app).await, half(&app).await);
        let finish = |t: &Value| open(&app, "login/finish", json!({"ticket": t["ticket"], "code": code}));
        let (a, b) = tokio::join!(finish(&a), finish(&b));
        assert_eq!(
            [a.status, b.status].iter().filter(|s| **s == 200).count(),
            1,
            "{} {}",
            a.status,
            b.status
        );
    }
}

#[tokio::test]
async fn stale_proof_is_refused_and_says_how_to_prove() {
    let app = start().await;
    let session = person(&app).await;
    let (secret, session, _) = with_app(&app, &session).await;
    let made = app.upload(&session, "a.json", &crate::support::fhir()).await;
    let document = format!("/api/v1/documents/{}", made["id"].as_str().unwrap());
    let note = json!({"kind": "note", "name": "n", "note": "text", "date": "2024-01-01"});
    let record = post(&app, &session, "records", note).await.json();
    let record = format!("/api/v1/records/{}", record["id"].as_str().unwrap());
    app.clock.advance(600);
    let get = async |path: &str, session: &str| app.call("GET", path).bearer(session).send().await;
    let problem = get("/api/v1/export", &session).await.problem(403);
    assert_eq!(problem["type"], "/problems/proof-needed");
    assert!(problem["detail"].as_str().unwrap().contains("/api/v1/me/proof"));
    let body = json!({"name": "t", "scopes": ["export"], "days": 7});
    for (method, path, body) in [
        ("POST", "/api/v1/tokens", body.clone()),
        ("DELETE", "/api/v1/me", json!({"password": PASSWORD})),
        (
            "POST",
            "/api/v1/me/password",
            json!({"current_password": PASSWORD, "password": "plain ferries carry nine lanterns"}),
        ),
        ("POST", "/api/v1/me/email", json!({"email": "new@example.org"})),
        ("POST", "/api/v1/me/totp", json!({})),
        ("DELETE", "/api/v1/me/totp", json!({})),
        ("POST", "/api/v1/me/recovery-codes", json!({})),
        ("POST", "/api/v1/me/passkeys/options", json!({})),
        ("DELETE", document.as_str(), json!({})),
        ("DELETE", record.as_str(), json!({})),
    ] {
        let answer = app.call(method, path).bearer(&session).json(&body).send().await;
        assert_eq!(answer.problem(403)["type"], "/problems/proof-needed", "{method} {path}");
    }
    // A link of a page leads to the proof instead.
    let page =
        app.call("GET", "/api/v1/export").cookie(&session).header("accept", "text/html,*/*").send().await;
    assert_eq!((page.status, page.header("location")), (303, "/prove?next=%2Fsettings"));
    // The page that asks leads to the proof, and so does its form; both come back to the question.
    for (path, query, form, name) in
        [(&document, "undo", "undo_import", "document"), (&record, "delete", "delete_record", "record")]
    {
        let page = format!("{}?{query}=1", path.trim_start_matches("/api/v1"));
        let there =
            format!("/prove?next={}", page.replace('/', "%2F").replace('?', "%3F").replace('=', "%3D"));
        let shown = app.call("GET", &page).cookie(&session).header("accept", "text/html").send().await;
        let text = shown.text();
        assert!(shown.status == 200 && text.contains(&there), "{page}: {text}");
        assert!(!text.contains(&format!("value=\"{form}\"")), "{page} offers what will be refused");
        let id = path.rsplit('/').next().unwrap();
        let me = get("/api/v1/me", &session).await.json();
        let own = me["profile"]["id"].as_str().unwrap();
        let call = app.call("POST", &page).cookie(&session).header("origin", ORIGIN).host("localhost:3000");
        let body = format!("_form={form}&_profile={own}&{name}={id}");
        let sent = call.body("application/x-www-form-urlencoded", body).send().await;
        assert_eq!((sent.status, sent.header("location")), (303, there.as_str()));
        assert_eq!(get(path, &session).await.status, 200, "{path} is still there");
    }
    let proof = json!({"password": PASSWORD, "code": wrong(&app, &secret)});
    assert_eq!(post(&app, &session, "me/proof", proof).await.problem(422)["field"], "code");
    let proof = json!({"password": PASSWORD, "code": code(&app, &secret)});
    let proved = token(&post(&app, &session, "me/proof", proof).await);
    get("/api/v1/me", &session).await.problem(401);
    assert_eq!(get("/api/v1/export", &proved).await.status, 200);
    for path in [&document, &record] {
        let page = path.trim_start_matches("/api/v1");
        let page = format!("{page}?{}=1", if path == &document { "undo" } else { "delete" });
        let shown = app.call("GET", &page).cookie(&proved).header("accept", "text/html").send().await;
        assert!(shown.text().contains("name=\"_form\""), "{page}");
        assert_eq!(app.call("DELETE", path).bearer(&proved).send().await.status, 200);
        assert_eq!(get(path, &proved).await.status, 404);
    }
    let made = token(&post(&app, &proved, "tokens", body).await);
    app.clock.advance(601);
    assert_eq!(get("/api/v1/export", &made).await.status, 200, "a token is a proof of its own");
    get("/api/v1/export", &proved).await.problem(403);
}

#[tokio::test]
async fn passkey_is_added_signs_in_proves_and_is_removed() {
    let app = start().await;
    let session = person(&app).await;
    let mut key = Authenticator::new(ORIGIN);
    let ask = post(&app, &session, "me/passkeys/options", json!({})).await.json();
    assert_eq!(ask["publicKey"]["authenticatorSelection"]["residentKey"], "preferred");
    assert_eq!(ask["publicKey"]["rp"]["id"], "localhost");
    let answer: Value = serde_json::from_str(&key.create(&ask)).unwrap();
    let body = json!({"ticket": ask["ticket"], "passkey": answer, "name": "My phone"});
    let added = post(&app, &session, "me/passkeys", body.clone()).await;
    assert_eq!(added.status, 201, "{}", added.text());
    assert_eq!(added.json()["recovery_codes"].as_array().unwrap().len(), 10);
    let session = token(&added);
    assert_eq!(post(&app, &session, "me/passkeys", body).await.problem(422)["field"], "passkey");
    let ask = open(&app, "login/passkey/options", json!({})).await.json();
    let answer: Value = serde_json::from_str(&key.get(&ask)).unwrap();
    let body = json!({"ticket": ask["ticket"], "passkey": answer, "keep": true});
    let session = token(&open(&app, "login/passkey", body.clone()).await);
    open(&app, "login/passkey", body).await.problem(422);
    let ticket = half(&app).await["ticket"].clone();
    let ask = open(&app, "login/passkey/options", json!({"ticket": ticket})).await.json();
    let answer: Value = serde_json::from_str(&key.get(&ask)).unwrap();
    token(&open(&app, "login/finish", json!({"ticket": ticket, "passkey": answer})).await);
    app.clock.advance(601);
    let ask = post(&app, &session, "me/proof/passkey", json!({})).await.json();
    let answer: Value = serde_json::from_str(&key.get(&ask)).unwrap();
    let session =
        token(&post(&app, &session, "me/proof", json!({"ticket": ask["ticket"], "passkey": answer})).await);
    let factors = app.call("GET", "/api/v1/me/factors").bearer(&session).send().await.json();
    assert_eq!(factors["passkeys"][0]["name"], "My phone");
    assert!(factors["passkeys"][0]["last_used"].is_string());
    let path = format!("/api/v1/me/passkeys/{}", factors["passkeys"][0]["id"].as_str().unwrap());
    let renamed = app.call("PATCH", &path).bearer(&session).json(&json!({"name": "Old phone"})).send().await;
    assert_eq!(renamed.status, 204);
    token(&app.call("DELETE", &path).bearer(&session).send().await);
    let answer = open(&app, "login", json!({"email": EVA, "password": PASSWORD})).await;
    assert_eq!(answer.status, 200, "without a factor the password is all there is");
}

#[tokio::test]
async fn admin_without_a_factor_sees_nothing_but_where_to_set_one_up() {
    let app = start().await;
    app.state.services.create_admin(EVA, PASSWORD).await.unwrap();
    let session = token(&open(&app, "login", json!({"email": EVA, "password": PASSWORD})).await);
    let ours = |path: &str| {
        path.starts_with("/api/v1/me/") && !path.ends_with("/password") && !path.ends_with("/email")
    };
    let nowhere = |path: &str| {
        path.replace("{id}", "0190f3a1-0000-7000-8000-000000000000").replace("{loinc}", "2823-3")
    };
    for (method, path, _) in API.iter().filter(|r| !r.2 && !ours(r.1) && r.1 != "/api/v1/logout") {
        let answer = app.call(method, &nowhere(path)).bearer(&session).json(&json!({})).send().await;
        assert_eq!(answer.problem(403)["type"], "/problems/second-factor-needed", "{method} {path}");
    }
    for (page, _) in PAGES.iter().filter(|p| !p.1) {
        let path = nowhere(&page.replace("{key}", "2823-3"));
        let answer = app.call("GET", &path).cookie(&session).header("accept", "text/html").send().await;
        if ["/settings/factors", "/prove"].contains(page) {
            assert_eq!(answer.status, 200, "{page}");
        } else {
            assert_eq!((answer.status, answer.header("location")), (303, "/settings/factors"), "{page}");
        }
        assert!(!answer.text().contains(EVA), "{page} shows the address");
    }
    let form = app
        .call("POST", "/settings/profiles")
        .cookie(&session)
        .header("origin", ORIGIN)
        .host("localhost:3000");
    let form = form
        .body("application/x-www-form-urlencoded", "_form=create_profile&name=x&relation=child")
        .send()
        .await;
    assert_eq!((form.status, form.header("location")), (303, "/settings/factors"));
    let (_, session, _) = with_app(&app, &session).await;
    assert_eq!(app.call("GET", "/api/v1/me").bearer(&session).send().await.status, 200);
    let removed = app.call("DELETE", "/api/v1/me/totp").bearer(&session).send().await;
    assert_eq!(removed.problem(422)["field"], "factor");
    let page = app.call("GET", "/overview").cookie(&session).header("accept", "text/html").send().await;
    assert_eq!(page.status, 200);
    app.clock.advance(901);
    app.call("GET", "/api/v1/me").bearer(&session).send().await.problem(401);
}

#[tokio::test]
async fn signing_in_by_form_goes_by_way_of_the_second_step() {
    let app = start().await;
    let session = person(&app).await;
    let (secret, ..) = with_app(&app, &session).await;
    let form = |path: &'static str, body: String| {
        let call = app.call("POST", path).header("origin", ORIGIN).host("localhost:3000");
        call.body("application/x-www-form-urlencoded", body)
    };
    let password = PASSWORD.replace(' ', "+");
    let first =
        form("/login", format!("_form=sign_in&email={EVA}&password={password}&next=/markers")).send().await;
    assert_eq!(
        (first.status, first.header("location")),
        (303, "/login/code?next=%2Fmarkers"),
        "{}",
        first.text()
    );
    let cookie = first.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-keepwell-half=") && cookie.contains("HttpOnly"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let page =
        app.call("GET", "/login/code").header("cookie", &cookie).header("accept", "text/html").send().await;
    assert!(page.status == 200 && page.text().contains("name=\"code\""), "{}", page.status);
    let body = format!("_form=finish_sign_in&code={}", wrong(&app, &secret));
    assert_eq!(form("/login/code", body).header("cookie", &cookie).send().await.status, 422);
    let body = format!("_form=finish_sign_in&code={}&next=/markers", code(&app, &secret));
    let done = form("/login/code", body).header("cookie", &cookie).send().await;
    assert_eq!((done.status, done.header("location")), (303, "/markers"));
    let cookies: Vec<_> = done.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
    assert!(cookies.iter().any(|c| c.starts_with("__Host-keepwell=")), "{cookies:?}");
    assert!(cookies.iter().any(|c| c.starts_with("__Host-keepwell-half=;")), "{cookies:?}");
    let page =
        app.call("GET", "/login/code").header("cookie", &cookie).header("accept", "text/html").send().await;
    assert_eq!(page.header("location"), "/login?done=late");
}

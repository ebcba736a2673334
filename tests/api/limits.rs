//! Spec 3.5, 3.6: calls a minute for one client address, by real HTTP.

use crate::support::{Answer, Call, PASSWORD, TestApp, fhir};
use keepwell::{
    config::{Config, Limits},
    middleware::limit::class::{self, FUNCTIONS, ROUTES, Rule},
};
use keepwell_app::ssr::FORM_PAGES;
use keepwell_services::limit::{Class, OFF};
use serde_json::json;
use std::{collections::BTreeSet, path::Path};

const LIMITS: Limits = Limits { login: 5, signup: 3, upload: 10, ask: 30, api: 100 };

async fn limited() -> TestApp {
    TestApp::with(|c| c.limits = LIMITS).await
}

/// Everybody is let in, and only this is limited.
async fn only(change: impl FnOnce(&mut Limits)) -> TestApp {
    TestApp::with(|c: &mut Config| change(&mut c.limits)).await
}

fn login(app: &TestApp) -> Call<'_> {
    app.call("POST", "/api/v1/login").own().json(&json!({"email": "l@example.org", "password": PASSWORD}))
}

fn form<'a>(app: &'a TestApp, page: &str, body: &'static str) -> Call<'a> {
    app.call("POST", page).own().body("application/x-www-form-urlencoded", body)
}

fn fields(answer: &Answer) -> (&str, &str) {
    (answer.header("ratelimit-policy"), answer.header("ratelimit"))
}

#[tokio::test]
async fn fifth_sign_in_passes_the_sixth_waits_until_the_first_is_a_minute_old() {
    let app = limited().await;
    for n in 0..5 {
        let answer = login(&app).send().await;
        assert_eq!(answer.status, 401, "{}", answer.text());
        let left = format!("\"login\";r={};t={}", 4 - n, 60 - n);
        assert_eq!(fields(&answer), ("\"login\";q=5;w=60", left.as_str()));
        app.clock.advance(1);
    }
    for _ in 0..3 {
        let answer = login(&app).send().await;
        let problem = answer.problem(429);
        assert_eq!(answer.header("retry-after"), "55", "refused calls do not make it longer");
        assert_eq!(fields(&answer), ("\"login\";q=5;w=60", "\"login\";r=0;t=55"));
        assert_eq!(problem["type"], "https://iana.org/assignments/http-problem-types#quota-exceeded");
        assert_eq!(problem["violated-policies"], json!(["login"]));
        assert_eq!(problem["retry_at"], "2027-01-15T08:01:00Z");
        assert!(problem["detail"].as_str().unwrap().contains("55 seconds"), "{problem}");
    }
    app.clock.advance(54);
    assert_eq!(login(&app).send().await.header("retry-after"), "1");
    app.clock.advance(1);
    assert_eq!(login(&app).send().await.status, 401);
    assert_eq!(login(&app).send().await.header("retry-after"), "1", "the second was made a second later");
}

#[tokio::test]
async fn form_server_function_and_api_share_one_count() {
    let app = only(|l| l.login = 3).await;
    let body = "_form=sign_in&email=l%40example.org&password=wrong-but-long-enough";
    assert_eq!(form(&app, "/login", body).send().await.header("ratelimit"), "\"login\";r=2;t=60");
    let call = form(&app, "/fn/sign_in", "email=l%40example.org&password=wrong-but-long-enough");
    assert_eq!(call.send().await.header("ratelimit"), "\"login\";r=1;t=60");
    assert_eq!(login(&app).send().await.header("ratelimit"), "\"login\";r=0;t=60");
    login(&app).send().await.problem(429);
    assert_eq!(form(&app, "/login", body).send().await.status, 429);
    let refused = form(&app, "/fn/sign_in", "").send().await;
    assert_eq!((refused.status, refused.header("content-type")), (429, "application/x-postcard"));
    let again = app.call("POST", "/login?next=%2Fmarkers").own().send().await;
    assert_eq!(again.status, 429);
}

#[tokio::test]
async fn refused_form_is_a_page_in_its_language_with_all_headers_and_works_without_script() {
    let app = only(|l| l.signup = 1).await;
    let sign_up = || form(&app, "/signup", "_form=sign_up&email=x&password=y");
    assert_ne!(sign_up().send().await.status, 429);
    let english = sign_up().send().await;
    let german = sign_up().header("accept-language", "de-AT").send().await;
    let chosen = sign_up().header("accept-language", "de").header("cookie", "lang=en").send().await;
    for (answer, wait) in [
        (&english, "Please try again in 60 seconds."),
        (&german, "Bitte versuchen Sie es in 60 Sekunden noch einmal."),
        (&chosen, "Please try again in 60 seconds."),
    ] {
        let html = answer.text();
        assert_eq!((answer.status, answer.header("content-type")), (429, "text/html; charset=utf-8"));
        assert!(html.contains(wait) && html.contains("08:01:00"), "{html}");
        assert!(html.contains("href=\"/signup\"") && !html.contains("<script"), "{html}");
        assert_eq!(answer.header("retry-after"), "60");
        assert_eq!(fields(answer), ("\"signup\";q=1;w=60", "\"signup\";r=0;t=60"));
        crate::headers::assert_dressed(answer, "a refused form");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    crate::headers::assert_dressed(
        &app.call("POST", "/api/v1/signup").own().json(&json!({})).send().await,
        "a refused call",
    );
}

#[tokio::test]
async fn refusal_does_not_wait_for_the_body() {
    use std::io::{Read, Write};
    let app = only(|l| l.upload = 1).await;
    let token = app.person("u@example.org").await;
    assert_eq!(app.call("POST", "/api/v1/documents").bearer(&token).file("a", b"x").send().await.status, 202);
    let address = app.address;
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
        write!(stream, "POST /api/v1/documents HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Length: 1000\r\n\r\n").unwrap();
        let mut buf = [0; 64];
        let n = stream.read(&mut buf).unwrap();
        String::from_utf8_lossy(&buf[..n]).into_owned()
    });
    assert!(answer.await.unwrap().starts_with("HTTP/1.1 429"));
}

#[tokio::test]
async fn refused_call_does_nothing() {
    let app = only(|l| l.signup = 1).await;
    let token = app.person("first@example.org").await;
    let sign_up = json!({"email": "second@example.org", "password": PASSWORD});
    app.call("POST", "/api/v1/signup").own().json(&sign_up).send().await.problem(429);
    let sign_in = app.call("POST", "/api/v1/login").own().json(&sign_up).send().await;
    sign_in.problem(401);
    assert_eq!(app.call("GET", "/api/v1/me").bearer(&token).send().await.status, 200);
}

#[tokio::test]
async fn call_from_elsewhere_uses_up_nobodys_tries() {
    let app = only(|l| l.login = 1).await;
    for _ in 0..5 {
        let forged = app.call("POST", "/api/v1/login").header("origin", "https://evil.example");
        forged.json(&json!({})).send().await.problem(403);
    }
    assert_eq!(login(&app).send().await.status, 401);
}

#[tokio::test]
async fn pieces_of_one_upload_are_one_upload() {
    let app = limited().await;
    let token = app.person("p@example.org").await;
    let begun = app.call("POST", "/api/v1/uploads").bearer(&token).json(&json!({"name": "x", "size": 30}));
    let begun = begun.send().await;
    assert_eq!(begun.header("ratelimit"), "\"upload\";r=9;t=60");
    let id = begun.json()["id"].as_str().unwrap().to_owned();
    for n in 0..30 {
        let piece = app.call("PATCH", &format!("/api/v1/uploads/{id}")).bearer(&token);
        let sent = piece.header("upload-offset", &n.to_string()).body("application/octet-stream", "x");
        let sent = sent.send().await;
        assert!(sent.status == 200 && !sent.headers.contains_key("ratelimit"), "{n}: {}", sent.text());
    }
    let end = app.call("POST", &format!("/api/v1/uploads/{id}/finish")).bearer(&token);
    assert_eq!(end.header("upload-offset", "30").send().await.status, 202);
    for _ in 0..9 {
        assert_eq!(
            app.call("POST", "/api/v1/documents").bearer(&token).file("a.json", &fhir()).send().await.status,
            202
        );
    }
    app.call("POST", "/api/v1/documents").bearer(&token).file("a", b"x").send().await.problem(429);
    app.call("POST", "/api/v1/uploads").bearer(&token).json(&json!({"name": "x"})).send().await.problem(429);
    let plain = app.call("POST", "/documents/upload").own().cookie(&token).file("a", b"x").send().await;
    assert!(plain.status == 429 && plain.text().contains("href=\"/add\""), "{}", plain.text());
}

#[tokio::test]
async fn form_of_a_page_with_several_kinds_counts_as_its_own_kind() {
    let app = only(|l| l.login = 1).await;
    let token = app.person("s@example.org").await;
    let theme = || form(&app, "/settings", "_form=choose_theme&theme=dark").cookie(&token);
    let delete = || form(&app, "/settings", "_form=delete_account&password=not-the-password").cookie(&token);
    assert!(!theme().send().await.headers.contains_key("ratelimit"));
    let wrong = delete().send().await;
    assert_eq!((wrong.status, wrong.header("ratelimit")), (422, "\"login\";r=0;t=60"));
    assert_eq!(delete().send().await.status, 429);
    assert_eq!(theme().send().await.status, 303);
    let me = app.call("DELETE", "/api/v1/me").bearer(&token).json(&json!({"password": PASSWORD}));
    me.send().await.problem(429);
}

#[tokio::test]
async fn hundred_calls_of_the_api_pass_and_pages_are_not_counted() {
    let app = limited().await;
    let token = app.person("a@example.org").await;
    for n in 0..100 {
        let answer = app.call("GET", "/api/v1/me").bearer(&token).send().await;
        assert_eq!(answer.status, 200, "{n}: {}", answer.text());
    }
    for path in ["/api/v1/me", "/api/v1/records", "/api/v1/openapi.json", "/api/v1/documents/events"] {
        app.call("GET", path).bearer(&token).send().await.problem(429);
    }
    for path in ["/overview", "/markers", "/healthz", keepwell_app::style::path()] {
        let answer = app.call("GET", path).cookie(&token).send().await;
        assert!(answer.status == 200 && !answer.headers.contains_key("ratelimit"), "{path}");
    }
}

#[tokio::test]
async fn no_spelling_of_a_path_escapes_its_class() {
    let app = only(|l| l.login = 1).await;
    assert_eq!(login(&app).send().await.status, 401);
    let body = json!({"email": "l@example.org", "password": PASSWORD});
    for path in [
        "/api/v1/login/",
        "/api/v1//login",
        "//api/v1/login",
        "/api/v1/%6Cogin",
        "/api/v1/%6cogin",
        "/API/v1/login",
        "/api/v1/Login",
        "/api/v1/./login",
        "/api/v1/x/../login",
        "/api/v1/login;x=1",
        "/api/v1/login%2F",
        "/api/v1/login?x=1",
        "/api/v1/login?",
        "/api/v1\\login",
        "/fn/sign_in/",
        "/fn//sign_in",
        "/fn/%73ign_in",
        "/fn/SIGN_IN",
        "/login/",
        "//login",
        "/%6Cogin",
    ] {
        let answer = app.call("POST", path).own().json(&body).send().await;
        assert!([400, 404, 405, 429].contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
        let stated = format!("http://{}{path}", app.address);
        let absolute = app.call("POST", &stated).own().json(&body).send().await;
        assert!([400, 404, 405, 429].contains(&absolute.status), "{stated}: {}", absolute.status);
    }
    login(&app).send().await.problem(429);
}

#[tokio::test]
async fn address_comes_from_a_proxy_only_when_it_is_trusted() {
    let app = only(|l| l.login = 1).await;
    assert_eq!(login(&app).header("x-forwarded-for", "203.0.113.1").send().await.status, 401);
    assert_eq!(login(&app).header("x-forwarded-for", "203.0.113.2").send().await.status, 429, "not trusted");

    let behind = TestApp::with(|c| {
        c.limits.login = 1;
        c.http.trusted_proxies = vec![("127.0.0.0".parse().unwrap(), 8)];
    })
    .await;
    let mut statuses = Vec::new();
    for hops in [
        "203.0.113.1",
        "203.0.113.2",
        "6.6.6.6, 203.0.113.1",
        "::ffff:203.0.113.2",
        "2001:db8::1",
        "[2001:db8::2]:4711",
        "2001:db8:0:1::1",
    ] {
        statuses.push(login(&behind).header("x-forwarded-for", hops).send().await.status);
    }
    assert_eq!(statuses, [401, 401, 429, 429, 401, 429, 401]);
}

#[tokio::test]
async fn count_outlives_the_server() {
    let app = only(|l| l.login = 2).await;
    assert_eq!(login(&app).send().await.status, 401);
    let app = app.restarted(|c| c.limits.login = 2).await;
    assert_eq!(login(&app).send().await.status, 401);
    let app = app.restarted(|c| c.limits.login = 2).await;
    login(&app).send().await.problem(429);
}

#[test]
fn defaults_are_those_of_the_specification() {
    let l = Config::default().limits;
    assert_eq!((l.login, l.signup, l.upload, l.ask, l.api), (5, 3, 10, 30, 100));
    assert_eq!(OFF, 1_000_000);
}

/// Paths of every route that the router holds, as its own description prints them.
pub fn routes_of(router: &axum::Router) -> BTreeSet<String> {
    let text = format!("{router:?}");
    let found = text.match_indices("RouteId(").filter_map(|(at, _)| {
        let rest = text[at..].split_once("): \"")?;
        (rest.0.len() < 16).then(|| rest.1.split('"').next().unwrap().to_owned())
    });
    found.filter(|path| !path.contains("__private__axum_fallback")).collect()
}

#[tokio::test]
async fn every_route_that_writes_or_belongs_to_the_api_has_a_line() {
    let app = TestApp::start().await;
    let routes = routes_of(&app.router);
    for known in ["/healthz", "/login", "/api/v1/login", "/fn/{*name}", "/markers/{key}"] {
        assert!(routes.contains(known), "the router prints itself otherwise: {routes:?}");
    }
    // What the table does not know may only be read: a forgotten route that writes answers 404 or
    // 405 to nothing here.
    let reads: BTreeSet<&str> = [
        "/healthz",
        "/readyz",
        "/journal",
        "/security",
        "/privacy",
        "/terms",
        "/.well-known/security.txt",
        "/.well-known/change-password",
    ]
    .into();
    let pages: BTreeSet<String> = keepwell::routes::PAGES.iter().map(|r| r.path().to_owned()).collect();
    for route in routes.iter().filter(|route| !class::is_call(route)) {
        let listed: Vec<&str> = ROUTES.iter().filter(|r| r.1 == route).map(|r| r.0).collect();
        let readable = reads.contains(route.as_str()) || pages.contains(route);
        assert!(readable || !listed.is_empty(), "{route} has no line in src/middleware/limit/class.rs");
        let path = route.replace(['{', '}'], "");
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            if !listed.contains(&method) {
                let answer = app.call(method, &path).own().send().await;
                assert_eq!(
                    answer.status, 405,
                    "{method} {route} has no line in src/middleware/limit/class.rs"
                );
            }
        }
    }
    let api = app.call("GET", "/api/v1/openapi.json").send().await.json();
    for (path, item) in api["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let line = ROUTES.iter().find(|r| r.0.eq_ignore_ascii_case(method) && r.1 == path);
            assert!(line.is_some(), "{method} {path} has no line in src/middleware/limit/class.rs");
        }
    }
    // Questions come later; their line is there.
    let gone = ROUTES.iter().filter(|r| r.1 != "/api/v1/ask" && !routes.contains(r.1));
    assert_eq!(gone.map(|r| r.1).collect::<Vec<_>>(), Vec::<&str>::new(), "lines of routes that are no more");
}

#[test]
fn every_form_and_server_function_has_a_line() {
    let mut named: BTreeSet<String> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/fn/").to_owned())
        .collect();
    assert!(named.len() > 20, "{named:?}");
    named.extend(FORM_PAGES.iter().flat_map(|(_, forms)| forms.iter().map(|f| (*f).to_owned())));
    let listed: BTreeSet<String> = FUNCTIONS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(named, listed, "see FUNCTIONS in src/middleware/limit/class.rs");
    for (page, _) in FORM_PAGES {
        assert_eq!(class::rule(&http::Method::POST, page), Rule::Form, "{page}");
    }
}

/// Server functions with the names of their arguments, out of their source.
fn functions_with_arguments() -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("app/src")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap_or_default();
            for part in source.split("#[server(prefix").skip(1) {
                let name = part.split("endpoint = \"").nth(1).unwrap().split('"').next().unwrap();
                let head = part.split("async fn ").nth(1).unwrap().split("->").next().unwrap();
                let before_colon =
                    head.split(':').map(|s| s.trim_end().rsplit([' ', '(', ']']).next().unwrap());
                found.push((name.to_owned(), before_colon.map(str::to_owned).collect()));
            }
        }
    }
    found
}

#[test]
fn every_function_that_takes_a_proof_counts_as_a_sign_in() {
    let all = functions_with_arguments();
    let takes_proof = |arguments: &[String]| {
        arguments
            .iter()
            .any(|a| ["password", "token", "code"].iter().any(|p| a == p || a.ends_with(&format!("_{p}"))))
    };
    let proofs: Vec<&str> =
        all.iter().filter(|(_, arguments)| takes_proof(arguments)).map(|(name, _)| name.as_str()).collect();
    for known in ["sign_in", "sign_up", "delete_account"] {
        assert!(proofs.contains(&known), "{proofs:?}");
    }
    assert_eq!(all.len(), FUNCTIONS.len());
    for name in proofs {
        let class = class::of_function(name);
        assert!(matches!(class, Some(Class::Login | Class::Signup)), "{name} counts as {class:?}");
    }
    assert_eq!(class::rule(&http::Method::POST, "/api/v1/ask"), Rule::Counted(Class::Ask));
}

//! Input that fails: its words must not end up in a log either.

use super::{features::Planter, http::read_answer};
use serde_json::json;
use std::io::Write;

pub fn everything(p: &mut Planter<'_>) {
    accounts(p);
    bodies(p);
    paths(p);
    headers(p);
    uploads(p);
    not_http(p);
}

fn accounts(p: &mut Planter<'_>) {
    let email = p.email.clone();
    let mut tries = vec![
        ("/api/v1/login", json!({"email": email, "password": p.word("wrong password")})),
        (
            "/api/v1/login",
            json!({"email": p.word("e-mail without an account"), "password": p.word("its password")}),
        ),
        ("/api/v1/signup", json!({"email": email, "password": p.word("password of a second sign-up")})),
        ("/api/v1/signup", json!({"email": "short@example.org", "password": &p.word("short password")[9..]})),
        (
            "/api/v1/signup",
            json!({"email": p.word("no e-mail at all"), "password": "quiet-otter-reads-tides"}),
        ),
        (
            "/api/v1/signup",
            json!({"email": "l@example.org", "password": "quiet-otter-reads-tides", "lang": p.word("language of a sign-up")}),
        ),
    ];
    tries.push((
        "/api/v1/signup",
        json!({"email": "x@example.org", "password": p.word("long password").repeat(400)}),
    ));
    for (path, body) in tries {
        let answer = p.anonymous.json("POST", path, &body).unwrap();
        assert!((400..500).contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
        assert!(
            !answer.text().to_lowercase().contains("zqxkanari"),
            "{path}: the answer repeats what was sent"
        );
    }
    for (path, field) in [
        ("/fn/sign_in", "email"),
        ("/fn/sign_up", "email"),
        ("/fn/end_session", "session"),
        ("/fn/delete_account", "password"),
    ] {
        let word = p.word(&format!("form {path}"));
        let answer = p.person.form(path, &[(field, &word), ("password", &word)]).unwrap();
        assert!(answer.status < 500 || answer.status == 500 && !answer.text().contains(&word), "{path}");
    }
}

fn bodies(p: &mut Planter<'_>) {
    let kind = [("Content-Type", "application/json")];
    for (feature, body) in [
        ("JSON cut off", "{\"kind\": \"@"),
        ("JSON of another shape", "[\"@\"]"),
        ("unknown field", "{\"@\": 1}"),
        ("mistyped field", "{\"value\": {\"@\": 1}}"),
        ("unknown kind", "{\"kind\": \"@\", \"name\": \"x\"}"),
        (
            "no date",
            "{\"kind\": \"observation\", \"name\": \"Potassium\", \"value\": \"1\", \"date\": \"@\"}",
        ),
        (
            "no time",
            "{\"kind\": \"observation\", \"name\": \"K\", \"value\": \"1\", \"date\": \"2024-01-01\", \"time\": \"@\"}",
        ),
        (
            "no limit",
            "{\"kind\": \"observation\", \"name\": \"K\", \"value\": \"1\", \"date\": \"2024-01-01\", \"low\": \"@\"}",
        ),
    ] {
        let body = body.replace('@', &p.word(feature));
        let answer = p.person.send("POST", "/api/v1/records", &kind, body.as_bytes()).unwrap();
        assert!((400..500).contains(&answer.status), "{feature}: {}", answer.status);
    }
    let report = json!({"csp-report": {"violated-directive": p.word("directive of a report"), "document-uri": p.word("page of a report")}});
    assert!(p.person.json("POST", "/csp-report", &report).unwrap().status < 500);
    let report = json!({"csp-report": {"violated-directive": "img-src", "blocked-uri": p.word("address of a report")}});
    assert!(p.person.json("POST", "/csp-report", &report).unwrap().status < 500);
    let other = p.word("body of an unknown type");
    let kind = [("Content-Type", "text/plain")];
    assert!(p.person.send("POST", "/api/v1/records", &kind, other.as_bytes()).unwrap().status < 500);
    let _ = p.person.send("POST", "/fn/add_record", &kind, other.as_bytes()).unwrap();
}

fn paths(p: &mut Planter<'_>) {
    for (feature, path) in [
        ("path that is not there", "/@"),
        ("id of a record", "/api/v1/records/@"),
        ("id of a document", "/documents/@"),
        ("id of a file", "/api/v1/documents/@/file"),
        ("page of a record", "/records/@"),
        ("page of a marker", "/markers/@"),
        ("path out of the site", "/pkg/../../@"),
        ("path with a zero", "/%00@"),
        ("path that is no text", "/%ff%fe@"),
        ("server function", "/fn/@"),
        ("long path", "/x?@=%"),
    ] {
        let path = path.replace('@', &p.word(feature));
        let answer = p.person.send("GET", &path, &[("Accept", "text/html")], b"").unwrap();
        assert!(answer.status < 500, "{feature}: {}", answer.status);
    }
    let method = p.word("method").to_uppercase();
    assert!(p.person.send(&method, "/api/v1/me", &[], b"").unwrap().status < 500);
}

fn headers(p: &mut Planter<'_>) {
    for name in [
        "X-Request-Id",
        "Referer",
        "X-Forwarded-For",
        "Accept-Language",
        "Range",
        "If-None-Match",
        "Upload-Offset",
        "Accept",
        "X-Anything",
        "Cookie",
        "Traceparent",
    ] {
        let word = p.word(&format!("header {name}"));
        let answer = p.anonymous.send("GET", "/api/v1/me", &[(name, &word)], b"").unwrap();
        assert!(answer.status < 500, "{name}: {}", answer.status);
        let _ = p.anonymous.send("GET", "/login", &[(name, &word), ("Accept", "text/html")], b"").unwrap();
    }
    let word = p.word("bearer token");
    let bearer = format!("Bearer {word}");
    assert_eq!(
        p.anonymous.send("GET", "/api/v1/me", &[("Authorization", &bearer)], b"").unwrap().status,
        401
    );
}

fn uploads(p: &mut Planter<'_>) {
    let name = p.word("name of an upload that is cut off");
    let content = p.word("content of an upload that is cut off");
    let kind = [("Content-Type", "multipart/form-data; boundary=B")];
    let head =
        format!("--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\r\n{content}");
    let mut line = p.person.begin("POST", "/api/v1/documents", &kind, 1 << 20).unwrap();
    line.write_all(head.as_bytes()).unwrap();
    drop(line);
    for (feature, body) in [
        ("part without a name", "--B\r\nContent-Disposition: form-data; @\r\n\r\nx\r\n--B--\r\n"),
        ("part with a broken head", "--B\r\n@\r\n\r\nx"),
        ("no parts", "@"),
    ] {
        let body = body.replace('@', &p.word(feature));
        let answer = p.person.send("POST", "/api/v1/documents", &kind, body.as_bytes()).unwrap();
        assert!((400..500).contains(&answer.status), "{feature}: {}", answer.status);
    }
    let large = json!({"name": p.word("name of a file beyond the limit"), "size": u64::MAX / 2});
    assert_eq!(p.person.json("POST", "/api/v1/uploads", &large).unwrap().status, 422);
}

/// Lines that are no HTTP at all.
fn not_http(p: &mut Planter<'_>) {
    for (feature, text) in [
        ("no HTTP", "@\r\n\r\n"),
        ("broken header", "GET / HTTP/1.1\r\nHost: x\r\n@\r\n\r\n"),
        ("wrong length", "POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: @\r\n\r\n"),
        ("wrong host", "GET / HTTP/1.1\r\nHost: @\r\nConnection: close\r\n\r\n"),
        ("wrong version", "GET /@ HTTP/9.9\r\n\r\n"),
    ] {
        let mut line = std::net::TcpStream::connect(p.anonymous.address).unwrap();
        let _ = line.set_read_timeout(Some(std::time::Duration::from_secs(10)));
        line.write_all(text.replace('@', &p.word(feature)).as_bytes()).unwrap();
        let _ = read_answer(line);
    }
}

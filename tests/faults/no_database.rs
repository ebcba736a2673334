//! PostgreSQL goes away under a running server, and comes back.

use super::{
    material::{Rng, material},
    postgres::Postgres,
    server::{PASSWORD, Server, Setup, wait_for},
};
use std::time::Duration;

const SECURITY: [&str; 9] = [
    "strict-transport-security",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "content-security-policy",
    "x-request-id",
];

#[test]
fn server_outlives_its_database_and_goes_on_when_it_is_back() {
    let Some(postgres) = Postgres::new() else { return };
    let home = tempfile::tempdir().unwrap();
    let setup = Setup::new(home.path()).set("KEEPWELL_DATABASE_URL", &postgres.url());
    let server = Server::start(&setup);
    let person = server.client.sign_up("gone@example.org", PASSWORD).unwrap();
    let (mut rng, mut clock) = (Rng::new(5), 0);
    let before = material(&mut rng, 0, &mut clock);
    assert_eq!(person.upload(&before.name, &before.bytes).unwrap().status, 202);

    postgres.stop();
    for (path, accept) in [
        ("/api/v1/documents", "application/json"),
        ("/api/v1/me", "application/json"),
        ("/overview", "text/html"),
        ("/documents", "text/html"),
        ("/readyz", "*/*"),
    ] {
        let answer = person.send("GET", path, &[("Accept", accept)], b"").unwrap();
        assert_eq!(answer.status, 503, "{path}: {}", answer.text());
        assert!(answer.header("retry-after").is_some(), "{path}: no Retry-After");
        for name in SECURITY {
            assert!(answer.header(name).is_some(), "{path}: no {name}");
        }
        if path.starts_with("/api/") {
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        }
    }
    assert_eq!(person.get("/healthz").unwrap().status, 200);
    let refused = person.upload("lost.bin", b"never acknowledged").unwrap();
    assert_eq!(refused.status, 503, "{}", refused.text());
    let anonymous = server.client.json(
        "POST",
        "/api/v1/login",
        &serde_json::json!({"email": "gone@example.org", "password": PASSWORD}),
    );
    assert_eq!(anonymous.unwrap().status, 503);

    postgres.start();
    let back = wait_for(Duration::from_secs(180), || person.get("/readyz").is_ok_and(|a| a.status == 200));
    assert!(back, "it does not come back with its database");
    let documents = person.all("/api/v1/documents").unwrap();
    assert_eq!(documents.len(), 1);
    let after = material(&mut rng, 1, &mut clock);
    let sent = person.upload(&after.name, &after.bytes).unwrap();
    assert_eq!(sent.status, 202, "{}", sent.text());
    let read = wait_for(Duration::from_secs(150), || {
        let all = person.all("/api/v1/documents").unwrap_or_default();
        all.len() == 2 && all.iter().all(|d| ["done", "failed"].contains(&d["state"].as_str().unwrap_or("")))
    });
    assert!(read, "files are not read after the database came back");
}

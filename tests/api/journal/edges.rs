//! What is refused, and that nothing of it is kept.

use super::{Account, DEVICE, begun, push};
use crate::support::{PASSWORD, TestApp};
use keepwell_domain::setting::Setting;
use keepwell_journal::{
    sync::{
        Request,
        wire::{CONTENT_TYPE, MAX_PUSH, Message, Page, PostStatement, Receipt, Stored},
    },
    vault::VaultId,
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn kind(problem: &Value) -> &str {
    problem["type"].as_str().unwrap().trim_start_matches("/problems/")
}

async fn items(app: &TestApp, token: &str, vault: &str) -> usize {
    let answer = app.call("GET", &format!("/api/v1/journal/vaults/{vault}/items")).bearer(token).send().await;
    Page::decode(&answer.body).unwrap().items.len()
}

#[tokio::test]
async fn stale_head_is_a_conflict_and_a_repeated_push_is_not() {
    let app = TestApp::start().await;
    let owner = app.person("owner@example.org").await;
    let at = Account { app: &app, token: &owner };
    let vault = VaultId::parse(&begun(&app, &owner).await).unwrap();
    let next = Request::Push(vault, push(0, 2, 3, 1024));
    for _ in 0..2 {
        let stored = at.ask(&next).await;
        assert_eq!((stored.status, Stored::decode(&stored.body).unwrap().order), (200, 4));
    }
    let stale = at.ask(&Request::Push(vault, push(0, 2, 2, 1024))).await;
    assert_eq!(kind(&stale.problem(409)), "journal-chain-moved");
    let behind = at.ask(&Request::Push(vault, push(1, 4, 4, 1024))).await;
    assert_eq!(kind(&behind.problem(409)), "journal-vault-moved");
    let post = PostStatement { after: 3, number: 1, statement: vec![1] };
    let late = at.ask(&Request::Statement(vault, post)).await;
    assert_eq!(kind(&late.problem(409)), "journal-vault-moved");
    assert_eq!(items(&app, &owner, &vault.to_string()).await, 4);
}

#[tokio::test]
async fn space_is_full_at_its_edge() {
    let app = TestApp::with(|c| c.settings.values.set(Setting::JournalSpace, "1").unwrap()).await;
    let owner = app.person("owner@example.org").await;
    let at = Account { app: &app, token: &owner };
    let vault = VaultId::parse(&begun(&app, &owner).await).unwrap();
    let taken = "canary-statement".len() + 2 * "canary-head".len() + 1024;
    let over = at.ask(&Request::Push(vault, push(0, 2, 2, (1 << 20) - taken + 1))).await;
    assert_eq!(kind(&over.problem(507)), "journal-quota-full");
    assert_eq!(at.ask(&Request::Push(vault, push(0, 2, 2, (1 << 20) - taken))).await.status, 200);
    assert_eq!(at.ask(&Request::Push(vault, push(0, 3, 3, 1024))).await.status, 507);
    let gone = at.ask(&Request::Delete(vault)).await;
    let receipt = Receipt::decode(&gone.body).unwrap();
    assert_eq!((receipt.vault, receipt.items, receipt.bytes), (vault, 3, 1 << 20));
    at.ask(&Request::Info(vault)).await.problem(404);
}

#[tokio::test]
async fn too_large_cut_short_and_of_another_type_are_refused_and_nothing_of_them_is_kept() {
    let app = TestApp::start().await;
    let owner = app.person("owner@example.org").await;
    let vault = begun(&app, &owner).await;
    let path = format!("/api/v1/journal/vaults/{vault}/objects");
    let send =
        async |body: Vec<u8>| app.call("POST", &path).bearer(&owner).body(CONTENT_TYPE, body).send().await;
    let large = send(vec![1; MAX_PUSH + (4 << 10) + 1]).await;
    assert_eq!(kind(&large.problem(413)), "journal-too-large");
    let whole = push(0, 2, 3, 1024).encode().unwrap();
    for len in [0, 1, 20, whole.len() / 2, whole.len() - 1] {
        assert_eq!(kind(&send(whole[..len].to_vec()).await.problem(400)), "journal-malformed", "{len}");
    }
    send([&whole[..], &[0]].concat()).await.problem(400);
    let mut newer = whole.clone();
    newer[0] = 2;
    send(newer).await.problem(400);
    let other = app.call("POST", &path).bearer(&owner).body("application/octet-stream", whole.clone());
    other.send().await.problem(415);
    // A connection that breaks in the middle of a body.
    let mut stream = tokio::net::TcpStream::connect(app.address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {owner}\r\nContent-Type: {CONTENT_TYPE}\r\n\
         Content-Length: {}\r\n\r\n",
        app.address,
        whole.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&whole[..whole.len() - 7]).await.unwrap();
    stream.shutdown().await.unwrap();
    let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut Vec::new())).await;
    assert_eq!(items(&app, &owner, &vault).await, 2);
    assert_eq!(send(whole).await.status, 200);
}

#[tokio::test]
async fn token_and_foreign_account_reach_nothing() {
    let app = TestApp::start().await;
    let (owner, stranger) = (app.person("owner@example.org").await, app.person("stranger@example.org").await);
    let vault = begun(&app, &owner).await;
    let scopes =
        ["records:read", "records:write", "documents:read", "documents:write", "export", "audit:read", "ask"];
    let wish = json!({"name": "all", "scopes": scopes, "days": 7});
    let token = app.call("POST", "/api/v1/tokens").bearer(&owner).json(&wish).send().await.json();
    let token = token["token"].as_str().unwrap_or_else(|| panic!("{token}")).to_owned();
    let missing = VaultId::from_bytes([5; 16]).to_string();
    for end in ["", "/items", "/events", "/members", &format!("/objects/{DEVICE}/1")] {
        let get = async |who: &str, vault: &str| {
            app.call("GET", &format!("/api/v1/journal/vaults/{vault}{end}")).bearer(who).send().await
        };
        get(&token, &vault).await.problem(403);
        let (there, not) =
            (get(&stranger, &vault).await.problem(404), get(&stranger, &missing).await.problem(404));
        assert_eq!((kind(&there), &there["detail"]), ("journal-missing", &not["detail"]), "{end}");
    }
    app.call("GET", "/api/v1/journal/vaults").bearer(&token).send().await.problem(403);
    assert_eq!(items(&app, &owner, &vault).await, 2);
}

#[tokio::test]
async fn news_end_with_the_session_and_come_after_each_change() {
    let app = TestApp::start().await;
    let owner = app.person("owner@example.org").await;
    let vault = begun(&app, &owner).await;
    let mut stream = tokio::net::TcpStream::connect(app.address).await.unwrap();
    let head = format!(
        "GET /api/v1/journal/vaults/{vault}/events HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {owner}\r\n\
         Connection: close\r\n\r\n",
        app.address
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut seen = String::new();
    let until = async |stream: &mut tokio::net::TcpStream, seen: &mut String, what: &str| {
        let mut block = [0; 4096];
        while !seen.contains(what) {
            let n =
                tokio::time::timeout(Duration::from_secs(4), stream.read(&mut block)).await.unwrap().unwrap();
            assert!(n > 0, "it ended before {what}: {seen}");
            seen.push_str(&String::from_utf8_lossy(&block[..n]));
        }
    };
    until(&mut stream, &mut seen, "data: 2").await;
    let at = Account { app: &app, token: &owner };
    at.ask(&Request::Push(VaultId::parse(&vault).unwrap(), push(0, 2, 3, 1024))).await;
    until(&mut stream, &mut seen, "data: 4").await;
    app.call("POST", "/api/v1/logout").bearer(&owner).send().await;
    let rest = tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut Vec::new())).await;
    assert!(rest.is_ok(), "the stream goes on without a session");
}

#[tokio::test]
async fn account_leaves_nothing_of_its_journal_and_the_export_has_it() {
    let app = TestApp::start().await;
    let owner = app.person("owner@example.org").await;
    let vault = begun(&app, &owner).await;
    let proof =
        app.call("POST", "/api/v1/me/proof").bearer(&owner).json(&json!({"password": PASSWORD})).send().await;
    let owner = proof.json()["token"].as_str().unwrap().to_owned();
    let export = app.call("GET", "/api/v1/export").bearer(&owner).send().await;
    assert_eq!(export.status, 200);
    let has = |words: &str| export.body.windows(words.len()).any(|w| w == words.as_bytes());
    assert!(has("journal/README.txt") && has(&format!("journal/{vault}.kwjv")) && has("canary-statement"));
    // Restored by somebody else: the sealed journal is named as left out.
    let other = app.person("other@example.org").await;
    let restored = app.upload(&other, "export.zip", &export.body).await;
    let page = format!("/documents/{}", restored["id"].as_str().unwrap());
    let page = app.call("GET", &page).cookie(&other).header("accept", "text/html").send().await;
    assert!(page.text().contains("Sealed journals, which your devices send anew"), "{restored}");
    let gone =
        app.call("DELETE", "/api/v1/me").bearer(&owner).json(&json!({"password": PASSWORD})).send().await;
    assert_eq!(gone.json()["journals"], 1, "{}", gone.text());
    let all = keepwell_store::testing::dump(app.state.services.store()).await.unwrap();
    let rows = all.iter().find(|(name, _)| name.ends_with(".journal_item")).unwrap().1.len();
    assert_eq!(rows, 0);
}

//! The journal's synchronisation over HTTP: two devices through the real server, what the server then holds, and
//! everything that it refuses.

#[path = "../support/journal.rs"]
mod device;
mod edges;

use crate::support::{Answer as Response, TestApp};
use device::{Carrier, Device, info};
use keepwell_journal::{
    sync::{
        Answer, Event, Request, Role,
        wire::{CONTENT_TYPE, Found, Push, Pushed},
    },
    vault::{DeviceId, Epoch, VaultId},
};
use serde_json::json;
use std::path::Path;

pub const DEVICE: DeviceId = DeviceId::from_bytes([0xab; 16]);

/// One account's way to the server.
pub struct Account<'a> {
    pub app: &'a TestApp,
    pub token: &'a str,
}

impl Account<'_> {
    pub async fn ask(&self, request: &Request) -> Response {
        let mut call = self.app.call(request.method(), &request.path()).bearer(self.token);
        if let Some(body) = request.body().unwrap() {
            call = call.body(CONTENT_TYPE, body);
        }
        call.send().await
    }
}

impl Carrier for Account<'_> {
    async fn carry(&self, request: &Request) -> Option<Answer> {
        let answer = self.ask(request).await;
        if answer.status < 300 {
            assert_eq!(answer.header("content-type"), CONTENT_TYPE, "{request:?}");
        } else {
            answer.problem(answer.status);
        }
        request.answer(answer.status, &answer.body).unwrap()
    }
}

/// A chain of objects in which each head's hash is its number.
pub fn push(statement: u32, from: u8, to: u8, size: usize) -> Push {
    let one = |seq: u8| Pushed {
        seq: seq.into(),
        epoch: Epoch::FIRST,
        previous: [seq - 1; 32],
        hash: [seq; 32],
        head: b"canary-head".to_vec(),
        object: vec![3; size],
    };
    Push { device: DEVICE, statement, objects: (from..=to).map(one).collect() }
}

/// A vault of the owner's with one object of [`DEVICE`]; its id as text.
pub async fn begun(app: &TestApp, token: &str) -> String {
    let mut id = [0; 16];
    getrandom::fill(&mut id).unwrap();
    let (vault, at) = (VaultId::from_bytes(id), Account { app, token });
    let found = Found { vault, statement: b"canary-statement".to_vec() };
    assert_eq!(at.ask(&Request::Found(found)).await.status, 201);
    assert_eq!(at.ask(&Request::Push(vault, push(0, 1, 1, 1024))).await.status, 200);
    vault.to_string()
}

/// Every file below a folder that holds one of the words, in either form.
fn holding(folder: &Path, words: &[String]) -> Vec<String> {
    let finder = aho_corasick::AhoCorasick::builder().ascii_case_insensitive(true).build(words).unwrap();
    let (mut found, mut looked, mut folders) = (Vec::new(), 0, vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                looked += bytes.len();
                if let Some(hit) = finder.find(&bytes) {
                    found.push(format!("{} in {}", words[hit.pattern().as_usize()], path.display()));
                }
            }
        }
    }
    assert!(looked > 100_000, "only {looked} bytes were looked at");
    found
}

#[tokio::test]
async fn two_devices_converge_over_a_restart_and_the_server_has_no_word_of_it() {
    let app = TestApp::start().await;
    let owner = app.person("owner@example.org").await;
    let at = Account { app: &app, token: &owner };
    let mut a = Device::founder(1);
    a.settle(&at).await;
    let mut b = Device::recover(&at, &info(&at, &a).await, 1, 2).await;
    let mut words = Vec::new();
    for n in 0..25 {
        for (device, name) in [(&mut a, "menopur"), (&mut b, "cetrotide")] {
            let word = format!("canary{name}{n}dose");
            device.write(&word);
            words.push(word);
        }
        if n % 5 == 0 {
            a.settle(&at).await;
        }
    }
    b.settle(&at).await;
    let app = app.restarted(|_| {}).await;
    let at = Account { app: &app, token: &owner };
    a.settle(&at).await;
    b.settle(&at).await;
    assert_eq!((a.has.len(), &a.has), (50, &b.has));
    a.snapshot();
    a.write("canaryafterwards");
    a.settle(&at).await;
    assert!(a.events.contains(&Event::Compacted));
    b.settle(&at).await;
    let mut c = Device::pair(&mut a, &at, &at, 3, Role::Writer).await;
    c.settle(&at).await;
    assert!(c.has == a.has && b.has == a.has && a.has.len() == 51);
    words.extend(["canaryafterwards".to_owned(), "canary".to_owned()]);
    let other: Vec<String> = words.iter().map(|w| w.bytes().map(|b| format!("{b:02x}")).collect()).collect();
    let found = holding(app.dir.path(), &[words, other].concat());
    assert!(found.is_empty(), "{found:?}");
    // The control: what was not sealed would be found.
    begun(&app, &owner).await;
    assert!(!holding(app.dir.path(), &["canary-statement".to_owned()]).is_empty());
}

#[tokio::test]
async fn partner_with_an_account_of_their_own_writes_and_is_heard_at_once() {
    let app = TestApp::start().await;
    let (owner, partner) = (app.person("owner@example.org").await, app.person("partner@example.org").await);
    let (mine, theirs) = (Account { app: &app, token: &owner }, Account { app: &app, token: &partner });
    let mut a = Device::space(1);
    a.settle(&mine).await;
    let path = format!("/api/v1/journal/vaults/{}", a.client.vault());
    let made = app.call("POST", &format!("{path}/invites")).bearer(&owner).json(&json!({"may_write": true}));
    let made = made.send().await;
    assert_eq!(made.status, 201, "{}", made.text());
    let join = app.call("POST", "/api/v1/journal/join").bearer(&partner);
    let joined = join.json(&json!({"code": made.json()["code"]})).send().await.json();
    assert_eq!(
        (joined["vault"].as_str(), joined["may_write"].as_bool()),
        (Some(&*a.client.vault().to_string()), Some(true))
    );
    let mut b = Device::pair(&mut a, &mine, &theirs, 2, Role::Writer).await;
    let last = info(&mine, &a).await.last;
    let event = app.events(&format!("{path}/events"), &owner).await.next().await.unwrap();
    assert!(event.contains("event: order") && event.contains(&format!("data: {last}")), "{event}");
    b.write("from the partner");
    b.settle(&theirs).await;
    a.settle(&mine).await;
    assert_eq!(a.has, b.has);
    // Shut out, they reach nothing any more.
    let members = app.call("GET", &format!("{path}/members")).bearer(&owner).send().await.json();
    let member = members["items"][0]["id"].as_str().unwrap();
    let out = app.call("DELETE", &format!("{path}/members/{member}")).bearer(&owner).send().await;
    assert_eq!(out.status, 204);
    b.settle(&theirs).await;
    assert_eq!(b.events.last(), Some(&Event::Gone));
}

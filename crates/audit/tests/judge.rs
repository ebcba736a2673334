//! What a browser believes, and what it does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use base64::{Engine, prelude::BASE64_STANDARD};
use keepwell_audit::{
    Entry, Signer,
    judge::{Doubt, Given, Kept, Names, entries, growth},
    proof,
    tile::{Edge, Tiles},
};
use keepwell_domain::{ids::AuditId, sealed::Fingerprint, time::Ts};
use uuid::Uuid;

struct Log {
    signer: Signer,
    entries: Vec<Entry>,
    tiles: Tiles,
    edge: Edge,
}

fn entry(n: u8) -> Entry {
    Entry {
        id: AuditId::new(Uuid::from_bytes([n; 16])),
        at: Ts(i64::from(n)),
        span: 0,
        times: 1,
        done_by: "person".into(),
        action: "record.viewed".into(),
        outcome: "done".into(),
        actor: None,
        person: Some(Fingerprint([n; 32])),
        object: None,
        payload: None,
        salt: [n; 16],
        detail: None,
    }
}

fn log(count: u8) -> Log {
    let (mut edge, mut tiles) = (Edge::default(), Tiles::default());
    let entries: Vec<Entry> = (0..count).map(entry).collect();
    for e in &entries {
        edge.push(e.hash());
    }
    for (id, hashes) in edge.take_changed() {
        tiles.put(id, hashes);
    }
    Log { signer: Signer::new("log", &[1; 32]).unwrap(), entries, tiles, edge }
}

impl Log {
    fn note(&self) -> String {
        self.signer.sign(self.edge.size(), self.edge.root())
    }
    fn key(&self) -> String {
        self.signer.verifier().to_string()
    }
    fn given(&self, n: usize) -> Given {
        let e = &self.entries[n];
        let path = proof::inclusion(&self.tiles, n as u64, self.edge.size()).unwrap();
        Given {
            id: e.id.to_string(),
            at: e.at.0,
            action: e.action.clone(),
            by: e.done_by.clone(),
            outcome: e.outcome.clone(),
            names: Some(Names::of(e)),
            position: n as u64,
            leaf: BASE64_STANDARD.encode(e.encode()),
            proof: BASE64_STANDARD.encode(path.concat()),
        }
    }
    fn kept(&self) -> Kept {
        Kept { key: self.key(), size: self.edge.size(), root: self.edge.root(), at: 5 }
    }
    fn steps(&self, from: u64) -> String {
        let steps = proof::consistency(&self.tiles, from, self.edge.size()).unwrap();
        BASE64_STANDARD.encode(steps.concat())
    }
}

#[test]
fn honest_page_is_believed_and_the_log_that_grew_too() {
    let (before, now) = (log(9), log(14));
    let page: Vec<Given> = (3..11).map(|n| now.given(n)).collect();
    let head = entries(&now.note(), &now.key(), &page, Some(&before.kept())).unwrap();
    assert_eq!(head.size, 14);
    growth(&before.kept(), &head, &now.steps(9)).unwrap();
    growth(&now.kept(), &head, "").unwrap();
    assert_eq!(Kept::parse(&now.kept().text()), Some(now.kept()));
    assert_eq!(Kept::parse("nonsense"), None);
}

#[test]
fn anything_that_was_changed_is_doubted() {
    let l = log(14);
    let judged = |change: &dyn Fn(&mut Given)| {
        let mut page: Vec<Given> = (3..11).map(|n| l.given(n)).collect();
        change(&mut page[4]);
        entries(&l.note(), &l.key(), &page, None).unwrap_err()
    };
    assert_eq!(judged(&|g| g.at += 1), Doubt::Entry);
    assert_eq!(judged(&|g| g.action = "record.deleted".into()), Doubt::Entry);
    assert_eq!(judged(&|g| g.by = "admin".into()), Doubt::Entry);
    assert_eq!(judged(&|g| g.outcome = "refused".into()), Doubt::Entry);
    assert_eq!(judged(&|g| g.id = Uuid::nil().to_string()), Doubt::Entry);
    for other in [
        |n: &mut Names| n.actor = "a".repeat(64),
        |n: &mut Names| n.person = String::new(),
        |n: &mut Names| n.object = "b".repeat(64),
        |n: &mut Names| n.hash.replace_range(..1, "x"),
    ] {
        assert_eq!(judged(&|g| g.names.as_mut().map_or((), other)), Doubt::Entry);
    }
    assert_eq!(judged(&|g| g.position += 1), Doubt::Proof);
    assert_eq!(judged(&|g| g.proof = l.given(2).proof), Doubt::Proof);
    assert_eq!(judged(&|g| g.proof.truncate(43)), Doubt::Malformed);
    assert_eq!(judged(&|g| g.leaf = "AA==".into()), Doubt::Malformed);
    // A whole other entry in its place, with a leaf of its own.
    let forged = |g: &mut Given| {
        let other = entry(77);
        *g = Given {
            id: other.id.to_string(),
            at: other.at.0,
            names: Some(Names::of(&other)),
            leaf: BASE64_STANDARD.encode(other.encode()),
            ..g.clone()
        };
    };
    assert_eq!(judged(&forged), Doubt::Proof);
}

#[test]
fn other_keys_and_other_histories_are_doubted() {
    let (before, now) = (log(9), log(14));
    let other = Signer::new("log", &[2; 32]).unwrap();
    let forged = other.sign(now.edge.size(), now.edge.root());
    assert_eq!(entries(&forged, &now.key(), &[], None), Err(Doubt::Signature));
    let key = other.verifier().to_string();
    assert_eq!(entries(&forged, &key, &[], Some(&before.kept())), Err(Doubt::Key));
    let head = entries(&now.note(), &now.key(), &[], None).unwrap();
    let mut kept = before.kept();
    kept.root[0] ^= 1;
    assert_eq!(growth(&kept, &head, &now.steps(9)), Err(Doubt::Changed));
    assert_eq!(growth(&before.kept(), &head, &now.steps(8)), Err(Doubt::Changed));
    let shrunk = entries(&before.note(), &before.key(), &[], Some(&now.kept())).unwrap();
    assert_eq!(growth(&now.kept(), &shrunk, ""), Err(Doubt::Changed));
}

//! A part of the log as a file: what holds, and every change of it that must not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_audit::{
    Entry, Signer,
    export::{ExportError, Trust},
    part, proof,
    tile::{Edge, Tiles},
};
use keepwell_domain::{ids::AuditId, time::Ts};
use uuid::Uuid;

fn entry(n: u64) -> Entry {
    Entry {
        id: AuditId::new(Uuid::from_u128(u128::from(n))),
        at: Ts(i64::try_from(n).unwrap()),
        span: 0,
        times: 1,
        done_by: "person".into(),
        action: "record.viewed".into(),
        outcome: "done".into(),
        actor: None,
        person: None,
        object: None,
        payload: None,
        salt: [3; 16],
        detail: None,
    }
}

/// A file of some entries of a log of `size`.
fn file(size: u64, places: &[u64]) -> (Vec<u8>, String) {
    let signer = Signer::new("test", &[1; 32]).unwrap();
    let (mut edge, mut tiles) = (Edge::default(), Tiles::default());
    for n in 0..size {
        edge.push(entry(n).hash());
    }
    for (id, hashes) in edge.take_changed() {
        tiles.put(id, hashes);
    }
    let note = signer.sign(size, edge.root());
    let count = u64::try_from(places.len()).unwrap();
    let mut out = part::Writer::new(Vec::new(), signer.verifier(), &note, count).unwrap();
    for place in places {
        let path = proof::inclusion(&tiles, *place, size).unwrap();
        out.entry(*place, &entry(*place).encode(), &path).unwrap();
    }
    (out.finish().unwrap(), signer.verifier().to_string())
}

#[test]
fn entries_under_the_signed_head_hold() {
    let (bytes, key) = file(1000, &[999, 500, 7, 0]);
    let found = part::verify(&bytes[..], &Trust { key: Some(&key), note: None }).unwrap();
    assert_eq!((found.entries, found.head.size, found.key), (4, 1000, key));
    let (none, _) = file(3, &[]);
    assert_eq!(part::verify(&none[..], &Trust::default()).unwrap().entries, 0);
}

#[test]
fn no_byte_can_be_changed_and_nothing_cut_or_added() {
    let (bytes, key) = file(300, &[299, 4]);
    let trust = Trust { key: Some(&key), note: None };
    for at in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 1;
        // The key in the file is what was pinned, not what is believed.
        let in_key = at >= part::MAGIC.len() + 4 && at < part::MAGIC.len() + 4 + key.len();
        if !in_key {
            assert!(part::verify(&bad[..], &trust).is_err(), "byte {at}");
        }
    }
    for end in 0..bytes.len() {
        assert!(part::verify(&bytes[..end], &trust).is_err(), "cut at {end}");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(matches!(part::verify(&longer[..], &trust), Err(ExportError::Malformed)));
}

#[test]
fn an_entry_at_another_place_and_another_key_do_not_hold() {
    let (bytes, key) = file(300, &[4]);
    let at = bytes.windows(8).position(|w| w == 4u64.to_be_bytes()).unwrap();
    let mut moved = bytes.clone();
    moved[at..at + 8].copy_from_slice(&5u64.to_be_bytes());
    let trust = Trust { key: Some(&key), note: None };
    assert!(matches!(part::verify(&moved[..], &trust), Err(ExportError::Unproven(5))));
    let other = Signer::new("test", &[2; 32]).unwrap().verifier().to_string();
    assert!(matches!(
        part::verify(&bytes[..], &Trust { key: Some(&other), note: None }),
        Err(ExportError::Note(_))
    ));
}

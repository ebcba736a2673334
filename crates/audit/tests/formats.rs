//! Entries, checkpoints and exports: they read back, and nothing else is taken for one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_audit::{
    Entry, Signer, Verifier,
    entry::SALT,
    export::{self, ExportError, Trust},
    note::NoteError,
    tile::Edge,
};
use keepwell_domain::{
    ids::AuditId,
    sealed::{Fingerprint, Sealed},
    time::Ts,
};
use proptest::prelude::*;
use uuid::Uuid;

const NAME: &str = "keepwell-audit/0190f3a1-0000-7000-8000-000000000000";

fn entry(n: u8) -> Entry {
    Entry {
        id: AuditId::new(Uuid::from_bytes([n; 16])),
        at: Ts(1_800_000_000_000_000 + i64::from(n)),
        span: 60,
        times: 1,
        done_by: "person".into(),
        action: "record.viewed".into(),
        outcome: "done".into(),
        actor: Some(Fingerprint([1; 32])),
        person: Some(Fingerprint([1; 32])),
        object: None,
        payload: None,
        salt: [n; SALT],
        detail: Some(Sealed::from_bytes(vec![n; 100])),
    }
}

fn hash() -> impl Strategy<Value = Option<Fingerprint>> {
    prop::option::of(any::<[u8; 32]>().prop_map(Fingerprint))
}

prop_compose! {
    fn any_entry()(
        id: [u8; 16], at: i64, span: u32, times: u32,
        done_by in "[a-z]{1,20}", action in "[a-z._]{1,30}", outcome in "[a-z]{1,10}",
        actor in hash(), person in hash(), object in hash(), payload in hash(),
        salt: [u8; SALT], detail in prop::option::of(prop::collection::vec(any::<u8>(), 1..300)),
    ) -> Entry {
        let (id, detail) = (AuditId::new(Uuid::from_bytes(id)), detail.map(Sealed::from_bytes));
        Entry { id, at: Ts(at), span, times, done_by, action, outcome, actor, person, object, payload, salt, detail }
    }
}

proptest! {
    #[test]
    fn every_entry_reads_back_and_has_one_encoding(e in any_entry()) {
        let bytes = e.encode();
        prop_assert_eq!(Entry::decode(&bytes).unwrap(), e);
    }

    #[test]
    fn whatever_decodes_encodes_to_the_same_bytes(bytes: Vec<u8>, e in any_entry(), at: prop::sample::Index, with: u8) {
        if let Ok(found) = Entry::decode(&bytes) { prop_assert_eq!(found.encode(), bytes); }
        let mut changed = e.encode();
        let n = at.index(changed.len());
        changed[n] = with;
        if let Ok(found) = Entry::decode(&changed) { prop_assert_eq!(found.encode(), changed); }
        let whole = e.encode();
        prop_assert!(Entry::decode(&whole[..n]).is_err(), "a part is none");
    }

    #[test]
    fn a_changed_field_changes_the_hash(a in any_entry(), b in any_entry()) {
        prop_assert_eq!(a == b, a.hash() == b.hash());
    }

    #[test]
    fn any_text_at_all_is_judged_as_a_note_without_a_panic(text: String, other in "[ -~\n—]{0,200}") {
        let verifier = signer().verifier().clone();
        for t in [text, other] {
            prop_assert!(verifier.open(&t).is_err());
            prop_assert!(Verifier::parse(&t).is_err());
        }
    }

    #[test]
    fn a_changed_note_is_not_taken(at: prop::sample::Index, with in "[ -~]") {
        let signer = signer();
        let note = signer.sign(1234, [7; 32]);
        let n = at.index(note.chars().count());
        let changed: String = note.chars().enumerate().map(|(i, c)| if i == n { with.clone() } else { c.to_string() }).collect();
        prop_assume!(changed != note);
        prop_assert!(signer.verifier().open(&changed).is_err(), "{}", changed);
    }

    #[test]
    fn any_bytes_at_all_are_judged_as_an_export_without_a_panic(bytes: Vec<u8>) {
        prop_assert!(export::verify(bytes.as_slice(), &Trust::default()).is_err());
        let framed = [export::MAGIC, bytes.as_slice()].concat();
        prop_assert!(export::verify(framed.as_slice(), &Trust::default()).is_err());
    }
}

fn signer() -> Signer {
    Signer::new(NAME, &[9; 32]).unwrap()
}

#[test]
fn checkpoint_has_the_published_form_and_another_library_accepts_its_signature() {
    let signer = signer();
    let note = signer.sign(5, [0; 32]);
    let lines: Vec<&str> = note.split('\n').collect();
    assert_eq!(lines[..4], [NAME, "5", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", ""]);
    assert!(lines[4].starts_with(&format!("— {NAME} ")));
    let key = signer.verifier().to_string();
    let parsed = Verifier::parse(&key).unwrap();
    let head = parsed.open(&note).unwrap();
    assert_eq!((head.size, head.root, head.origin.as_str()), (5, [0; 32], NAME));

    use base64::{Engine, prelude::BASE64_STANDARD};
    let raw = BASE64_STANDARD.decode(key.rsplit('+').next().unwrap()).unwrap_or_else(|_| {
        // The key itself may hold a plus sign.
        BASE64_STANDARD.decode(key.splitn(3, '+').nth(2).unwrap()).unwrap()
    });
    let dalek = ed25519_dalek::VerifyingKey::from_bytes(&raw[1..].try_into().unwrap()).unwrap();
    let signature = BASE64_STANDARD.decode(lines[4].rsplit(' ').next().unwrap()).unwrap();
    let signature = ed25519_dalek::Signature::from_slice(&signature[4..]).unwrap();
    dalek.verify_strict(head.text().as_bytes(), &signature).unwrap();
}

/// Keys that others published: Go's checksum database, and the example of its note package.
#[test]
fn published_keys_read_and_write_the_same() {
    for key in [
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
    ] {
        assert_eq!(Verifier::parse(key).unwrap().to_string(), key);
    }
}

#[test]
fn note_of_another_key_or_log_is_refused() {
    let other = Signer::new(NAME, &[8; 32]).unwrap();
    assert_eq!(other.verifier().open(&signer().sign(1, [1; 32])), Err(NoteError::Signature));
    let elsewhere = Signer::new("elsewhere", &[9; 32]).unwrap();
    assert_eq!(signer().verifier().open(&elsewhere.sign(1, [1; 32])), Err(NoteError::Signature));
    for bad in ["", "a b", "a+b"] {
        assert!(Signer::new(bad, &[1; 32]).is_err(), "{bad:?}");
    }
}

fn exported(entries: &[Entry]) -> (Vec<u8>, Vec<String>) {
    let (signer, mut edge, mut notes) = (signer(), Edge::default(), Vec::new());
    notes.push(signer.sign(0, edge.root()));
    for e in entries {
        edge.push(e.hash());
        notes.push(signer.sign(edge.size(), edge.root()));
    }
    let mut writer = export::Writer::new(Vec::new(), signer.verifier(), notes.last().unwrap()).unwrap();
    for e in entries {
        writer.entry(e).unwrap();
    }
    (writer.finish().unwrap(), notes)
}

#[test]
fn whole_export_verifies_also_against_every_earlier_head() {
    let entries: Vec<Entry> = (0..40).map(entry).collect();
    let (file, notes) = exported(&entries);
    let found = export::verify(file.as_slice(), &Trust::default()).unwrap();
    assert_eq!((found.head.size, found.pinned), (40, None));
    for (n, note) in notes.iter().enumerate() {
        let found =
            export::verify(file.as_slice(), &Trust { key: Some(&found.key), note: Some(note) }).unwrap();
        assert_eq!(found.pinned, Some(n as u64));
    }
    let (empty, _) = exported(&[]);
    assert_eq!(export::verify(empty.as_slice(), &Trust::default()).unwrap().head.size, 0);
}

#[test]
fn export_with_one_changed_byte_anywhere_is_refused() {
    let (file, _) = exported(&(0..5).map(entry).collect::<Vec<_>>());
    for n in 0..file.len() {
        let mut changed = file.clone();
        changed[n] ^= 1;
        assert!(export::verify(changed.as_slice(), &Trust::default()).is_err(), "byte {n}");
        assert!(export::verify(&file[..n], &Trust::default()).is_err(), "cut at {n}");
    }
    let longer = [file.as_slice(), b"\0"].concat();
    assert!(export::verify(longer.as_slice(), &Trust::default()).is_err());
}

#[test]
fn history_that_was_written_anew_does_not_fit_the_head_that_somebody_holds() {
    let entries: Vec<Entry> = (0..9).map(entry).collect();
    let (_, notes) = exported(&entries);
    let mut other = entries.clone();
    other[3] = entry(77);
    let (forged, _) = exported(&other);
    export::verify(forged.as_slice(), &Trust::default()).expect("it is whole in itself");
    for (n, note) in notes.iter().enumerate() {
        let judged = export::verify(forged.as_slice(), &Trust { key: None, note: Some(note) });
        if n <= 3 {
            judged.unwrap();
        } else {
            assert!(matches!(judged, Err(ExportError::Pinned(at)) if at == n as u64), "{judged:?}");
        }
    }
    let (shorter, _) = exported(&entries[..4]);
    let judged = export::verify(shorter.as_slice(), &Trust { key: None, note: Some(&notes[9]) });
    assert!(matches!(judged, Err(ExportError::Pinned(9))));
}

#[test]
fn export_signed_by_another_key_is_refused_by_who_knows_the_right_one() {
    let (file, _) = exported(&[entry(1)]);
    let right = Signer::new(NAME, &[8; 32]).unwrap().verifier().to_string();
    let judged = export::verify(file.as_slice(), &Trust { key: Some(&right), note: None });
    assert!(matches!(judged, Err(ExportError::Note(NoteError::Signature))));
}

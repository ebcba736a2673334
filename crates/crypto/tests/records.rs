//! Sealed fields: they open at their own place and nowhere else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_crypto::{DataKey, Error, NonceSource, Owner, Place, TableKey, record};
use keepwell_domain::{
    ids::{AccountId, InstanceId, ProfileId},
    sealed::Sealed,
};
use proptest::prelude::*;
use std::time::Instant;
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn place() -> Place<'static> {
    Place {
        instance: InstanceId::new(id(1)),
        owner: ProfileId::new(id(2)).into(),
        table: "records",
        column: "value",
        row: id(3),
        version: 4,
    }
}

fn table() -> TableKey {
    DataKey::generate().unwrap().table("records").unwrap()
}

#[test]
fn value_at_another_place_is_refused() {
    let key = table();
    let sealed = key.seal(&place(), b"13.2 g/dL", 32).unwrap();
    let others = [
        Place { instance: InstanceId::new(id(9)), ..place() },
        Place { owner: ProfileId::new(id(9)).into(), ..place() },
        // An account of the same UUID is another owner.
        Place { owner: Owner::Account(AccountId::new(id(2))), ..place() },
        Place { table: "documents", ..place() },
        Place { column: "name", ..place() },
        // The same letters, cut elsewhere.
        Place { table: "recordsv", column: "alue", ..place() },
        Place { row: id(9), ..place() },
        Place { version: 5, ..place() },
        Place { version: 3, ..place() },
    ];
    for other in others {
        assert_eq!(key.open(&other, &sealed), Err(Error::Refused), "{other:?}");
    }
    assert_eq!(key.open(&place(), &sealed).unwrap(), b"13.2 g/dL");
}

#[test]
fn value_of_another_table_key_is_refused() {
    let data = DataKey::generate().unwrap();
    let sealed = data.table("records").unwrap().seal(&place(), b"x", 1).unwrap();
    assert_eq!(data.table("documents").unwrap().open(&place(), &sealed), Err(Error::Refused));
    assert_eq!(table().open(&place(), &sealed), Err(Error::Refused));
    assert_eq!(data.table("records").unwrap().open(&place(), &sealed).unwrap(), b"x");
}

#[test]
fn unknown_versions_are_refused_before_anything_is_opened() {
    let key = table();
    let sealed = key.seal(&place(), b"x", 1).unwrap().into_bytes();
    for version in (0..=255u8).filter(|v| *v != 1) {
        let mut bad = sealed.clone();
        bad[0] = version;
        assert_eq!(key.open(&place(), &Sealed::from_bytes(bad)), Err(Error::UnknownVersion));
    }
}

#[test]
fn value_cut_anywhere_is_refused() {
    let key = table();
    let sealed = key.seal(&place(), b"some text", 16).unwrap().into_bytes();
    for len in 0..sealed.len() {
        let error = key.open(&place(), &Sealed::from_bytes(sealed[..len].to_vec())).unwrap_err();
        let expected = if len < 25 + 16 { Error::Malformed } else { Error::Refused };
        assert_eq!(error, expected, "{len}");
    }
}

#[test]
fn sizes_at_rest_are_rounded_up_to_the_step() {
    let key = table();
    let at_rest = |len: usize, pad| key.seal(&place(), &vec![7; len], pad).unwrap().as_bytes().len();
    assert!((0..64).all(|len| at_rest(len, 64) == 41 + 64));
    assert_eq!(at_rest(64, 64), 41 + 128);
    assert_eq!(at_rest(10, 1), 41 + 11);
    assert_eq!(record::sealed_len(63, 64), Some(41 + 64));
}

#[test]
fn text_that_looks_like_padding_survives() {
    let key = table();
    for text in [&b""[..], b"\x80", b"\x80\x00\x00", b"a\x00", b"\x00", b"\x80\x80"] {
        for pad in [1, 2, 3, 16] {
            let sealed = key.seal(&place(), text, pad).unwrap();
            assert_eq!(key.open(&place(), &sealed).unwrap(), text);
        }
    }
}

#[test]
fn impossible_padding_steps_are_refused() {
    for pad in [0, record::MAX_PAD + 1, usize::MAX] {
        assert_eq!(table().seal(&place(), b"x", pad), Err(Error::Padding));
    }
}

#[test]
fn same_value_is_sealed_to_other_bytes_each_time() {
    let (key, mut nonces) = (table(), NonceSource::new());
    let a = key.seal_with(&mut nonces, &place(), b"x", 1).unwrap();
    let b = key.seal_with(&mut nonces, &place(), b"x", 1).unwrap();
    assert_ne!(a, b);
}

#[test]
fn buffer_is_empty_after_a_refusal() {
    let key = table();
    let sealed = key.seal(&place(), b"secret", 1).unwrap();
    let mut buf = b"from the row before".to_vec();
    let other = Place { version: 9, ..place() };
    assert_eq!(key.open_into(&other, sealed.as_bytes(), &mut buf), Err(Error::Refused));
    assert!(buf.is_empty());
    key.open_into(&place(), sealed.as_bytes(), &mut buf).unwrap();
    assert_eq!(buf, b"secret");
}

#[test]
fn ten_thousand_records_are_sealed_and_opened_in_a_batch() {
    let (key, mut nonces, mut buf) = (table(), NonceSource::new(), Vec::new());
    let started = Instant::now();
    for row in 0..10_000u128 {
        let place = Place { row: id(row), ..place() };
        let sealed = key.seal_with(&mut nonces, &place, &row.to_be_bytes(), 64).unwrap();
        key.open_into(&place, sealed.as_bytes(), &mut buf).unwrap();
        assert_eq!(buf, row.to_be_bytes());
    }
    // Generous: this also runs unoptimised and on busy machines. The real figure is in `seal_bench`.
    assert!(started.elapsed().as_secs() < 10);
}

proptest! {
    #[test]
    fn whatever_is_sealed_opens_again(text: Vec<u8>, pad in 1usize..300, version: u32, column in ".{0,20}") {
        let key = table();
        let place = Place { version, column: &column, ..place() };
        let sealed = key.seal(&place, &text, pad).unwrap();
        prop_assert_eq!((sealed.as_bytes().len() - 41) % pad, 0);
        prop_assert_eq!(key.open(&place, &sealed).unwrap(), text);
    }

    #[test]
    fn one_flipped_bit_anywhere_is_refused(text: Vec<u8>, at: prop::sample::Index, bit in 0u8..8) {
        let key = table();
        let mut bytes = key.seal(&place(), &text, 16).unwrap().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(key.open(&place(), &Sealed::from_bytes(bytes)).is_err());
    }
}

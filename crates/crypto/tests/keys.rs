//! The key hierarchy: every branch differs, wrapped keys open only where they belong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_crypto::{AuditKey, DataKey, Error, Key32, Owner, Place, RootKey};
use keepwell_domain::{
    ids::{AccountId, DocumentId, InstanceId, ProfileId},
    sealed::Sealed,
};
use serde_json::Value;
use uuid::Uuid;

fn root(byte: u8, instance: u128) -> RootKey {
    RootKey::new(Key32::from_bytes([byte; 32]), InstanceId::new(Uuid::from_u128(instance)))
}

fn profile(n: u128) -> ProfileId {
    ProfileId::new(Uuid::from_u128(n))
}

fn place() -> Place<'static> {
    Place {
        instance: InstanceId::new(Uuid::from_u128(1)),
        owner: profile(1).into(),
        table: "t",
        column: "c",
        row: Uuid::from_u128(2),
        version: 1,
    }
}

#[test]
fn wrapped_key_opens_what_the_key_sealed() {
    let key = DataKey::generate().unwrap();
    let wrapped = key.wrap(&root(1, 1), profile(1)).unwrap();
    assert_eq!(wrapped.as_bytes().len(), 73);
    let again = DataKey::unwrap(&root(1, 1), profile(1), &wrapped).unwrap();
    let sealed = key.table("t").unwrap().seal(&place(), b"x", 1).unwrap();
    assert_eq!(again.table("t").unwrap().open(&place(), &sealed).unwrap(), b"x");
}

#[test]
fn wrapped_key_is_refused_with_another_root_instance_owner_or_kind() {
    let wrapped = DataKey::generate().unwrap().wrap(&root(1, 1), profile(1)).unwrap();
    let refused =
        |r: RootKey, owner: Owner| DataKey::unwrap(&r, owner, &wrapped).err() == Some(Error::Refused);
    assert!(refused(root(2, 1), profile(1).into()));
    assert!(refused(root(1, 2), profile(1).into()));
    assert!(refused(root(1, 1), profile(2).into()));
    assert!(refused(root(1, 1), AccountId::new(Uuid::from_u128(1)).into()));
    assert_eq!(AuditKey::unwrap(&root(1, 1), profile(1), &wrapped).err(), Some(Error::Refused));
    let audit = AuditKey::generate().unwrap().wrap(&root(1, 1), profile(1)).unwrap();
    assert_eq!(DataKey::unwrap(&root(1, 1), profile(1), &audit).err(), Some(Error::Refused));
}

#[test]
fn changed_byte_of_a_wrapped_key_is_refused() {
    let wrapped = DataKey::generate().unwrap().wrap(&root(1, 1), profile(1)).unwrap().into_bytes();
    for at in 0..wrapped.len() {
        let mut bad = wrapped.clone();
        bad[at] ^= 0x10;
        assert!(DataKey::unwrap(&root(1, 1), profile(1), &Sealed::from_bytes(bad)).is_err(), "{at}");
    }
}

#[test]
fn rotated_root_key_wraps_the_same_data_key_anew() {
    let key = DataKey::generate().unwrap();
    let sealed = key.table("t").unwrap().seal(&place(), b"x", 1).unwrap();
    let old = key.wrap(&root(1, 1), profile(1)).unwrap();
    let carried = DataKey::unwrap(&root(1, 1), profile(1), &old).unwrap();
    let new = carried.wrap(&root(2, 1), profile(1)).unwrap();
    let key = DataKey::unwrap(&root(2, 1), profile(1), &new).unwrap();
    assert_eq!(key.table("t").unwrap().open(&place(), &sealed).unwrap(), b"x");
}

#[test]
fn audit_key_opens_its_own_details_only() {
    let (a, b) = (AuditKey::generate().unwrap(), AuditKey::generate().unwrap());
    let sealed = a.details().unwrap().seal(&place(), b"read by", 64).unwrap();
    let wrapped = a.wrap(&root(1, 1), profile(1)).unwrap();
    let a = AuditKey::unwrap(&root(1, 1), profile(1), &wrapped).unwrap();
    assert_eq!(a.details().unwrap().open(&place(), &sealed).unwrap(), b"read by");
    assert_eq!(b.details().unwrap().open(&place(), &sealed), Err(Error::Refused));
}

#[test]
fn every_purpose_and_every_instance_has_its_own_key() {
    let prints = |r: &RootKey| {
        vec![
            r.index().unwrap().fingerprint(&[]),
            r.pseudonyms().unwrap().fingerprint(&[]),
            r.fakes().unwrap().fingerprint(&[]),
            r.check().unwrap(),
            keepwell_domain::sealed::Fingerprint(*r.pepper().unwrap().expose()),
        ]
    };
    let mut all = prints(&root(1, 1));
    assert_eq!(all, prints(&root(1, 1)));
    all.extend(prints(&root(1, 2)));
    all.extend(prints(&root(2, 1)));
    let data = DataKey::generate().unwrap();
    for purpose in ["", "a", "b", "a/b"] {
        all.push(data.fingerprints(purpose).unwrap().fingerprint(&[]));
    }
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn debug_of_keys_shows_no_byte() {
    let data = DataKey::generate().unwrap();
    let file = data.file(DocumentId::new(Uuid::from_u128(1))).unwrap();
    assert_eq!(
        format!("{:?} {data:?} {file:?} {:?}", root(1, 1), data.table("t").unwrap()),
        "RootKey(***) DataKey(***) FileKey(***) TableKey(***)"
    );
}

fn unhex(v: &Value) -> Vec<u8> {
    let s = v.as_str().unwrap();
    (0..s.len()).step_by(2).map(|i| u8::from_str_radix(&s[i..i + 2], 16).unwrap()).collect()
}

#[test]
fn installation_of_format_version_1_made_by_an_independent_implementation_opens() {
    let v: Value = serde_json::from_str(include_str!("vectors/format_v1.json")).unwrap();
    let uuid = |name: &str| Uuid::from_slice(&unhex(&v[name])).unwrap();
    let text = |name: &str| v[name].as_str().unwrap();
    let root = RootKey::new(Key32::try_from_slice(&unhex(&v["root"])).unwrap(), uuid("instance").into());
    let owner = ProfileId::new(uuid("profile"));
    let data = DataKey::unwrap(&root, owner, &Sealed::from_bytes(unhex(&v["wrapped_data_key"]))).unwrap();

    let place = Place {
        instance: uuid("instance").into(),
        owner: owner.into(),
        table: text("table"),
        column: text("column"),
        row: uuid("row"),
        version: u32::try_from(v["row_version"].as_u64().unwrap()).unwrap(),
    };
    let field = Sealed::from_bytes(unhex(&v["sealed_field"]));
    let opened = data.table(text("table")).unwrap().open(&place, &field).unwrap();
    assert_eq!(String::from_utf8(opened).unwrap(), text("field_text"));

    let parts: Vec<&[u8]> =
        v["fingerprint_parts"].as_array().unwrap().iter().map(|p| p.as_str().unwrap().as_bytes()).collect();
    let print = data.fingerprints(text("fingerprint_purpose")).unwrap().fingerprint(&parts);
    assert_eq!(print.0.to_vec(), unhex(&v["fingerprint"]));
    let print = root.index().unwrap().fingerprint(&[text("email").as_bytes()]);
    assert_eq!(print.0.to_vec(), unhex(&v["email_index"]));
}

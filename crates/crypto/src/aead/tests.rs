#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::{aws, portable};
use crate::{
    error::Error,
    testing::{bytes, wycheproof},
};
use proptest::prelude::*;
use serde_json::Value;

/// Both backends behind one pair of closures, so that each vector meets each of them.
macro_rules! on_both {
    ($check:expr) => {{
        $check(
            "aws-lc",
            &|k: &[u8; 32], n: &[u8; 12], a: &[u8], p: &[u8]| {
                let mut buf = p.to_vec();
                let tag = aws::Gcm::new(k)?.seal(n, a, &mut buf)?;
                buf.extend_from_slice(&tag);
                Ok::<_, Error>(buf)
            },
            &|k: &[u8; 32], n: &[u8; 12], a: &[u8], c: &mut Vec<u8>| {
                aws::Gcm::new(k)?.open(n, a, c).map(|p| p.to_vec())
            },
        );
        $check(
            "RustCrypto",
            &|k: &[u8; 32], n: &[u8; 12], a: &[u8], p: &[u8]| {
                let mut buf = p.to_vec();
                let tag = portable::Gcm::new(k)?.seal(n, a, &mut buf)?;
                buf.extend_from_slice(&tag);
                Ok::<_, Error>(buf)
            },
            &|k: &[u8; 32], n: &[u8; 12], a: &[u8], c: &mut Vec<u8>| {
                portable::Gcm::new(k)?.open(n, a, c).map(|p| p.to_vec())
            },
        );
    }};
}

type Seal<'a> = &'a dyn Fn(&[u8; 32], &[u8; 12], &[u8], &[u8]) -> Result<Vec<u8>, Error>;
type Open<'a> = &'a dyn Fn(&[u8; 32], &[u8; 12], &[u8], &mut Vec<u8>) -> Result<Vec<u8>, Error>;

fn check_vector(backend: &str, t: &Value, seal: Seal<'_>, open: Open<'_>) {
    let key: [u8; 32] = bytes(&t["key"]).try_into().unwrap();
    let nonce: [u8; 12] = bytes(&t["iv"]).try_into().unwrap();
    let (aad, msg) = (bytes(&t["aad"]), bytes(&t["msg"]));
    let mut sealed = bytes(&t["ct"]);
    sealed.extend_from_slice(&bytes(&t["tag"]));
    let what = format!("{backend} tcId {}", t["tcId"]);
    if t["result"] == "valid" {
        assert_eq!(seal(&key, &nonce, &aad, &msg).unwrap(), sealed, "{what}");
        assert_eq!(open(&key, &nonce, &aad, &mut sealed).unwrap(), msg, "{what}");
    } else {
        assert_eq!(open(&key, &nonce, &aad, &mut sealed), Err(Error::Refused), "{what}");
        assert!(sealed.iter().all(|b| *b == 0), "{what}: bytes left after a wrong tag");
    }
}

#[test]
fn wycheproof_aes_256_gcm_vectors_hold_on_both_backends() {
    let Some(file) = wycheproof("aes_gcm_test.json") else { return };
    let mut seen = 0;
    for group in file["testGroups"].as_array().unwrap() {
        if (&group["keySize"], &group["ivSize"], &group["tagSize"]) != (&256.into(), &96.into(), &128.into())
        {
            continue;
        }
        for t in group["tests"].as_array().unwrap() {
            on_both!(|name: &str, seal: Seal<'_>, open: Open<'_>| check_vector(name, t, seal, open));
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn input_shorter_than_a_tag_is_malformed_on_both_backends() {
    on_both!(|name: &str, _: Seal<'_>, open: Open<'_>| {
        assert_eq!(open(&[1; 32], &[2; 12], b"", &mut vec![0; 15]), Err(Error::Malformed), "{name}");
    });
}

proptest! {
    #[test]
    fn backends_agree_on_every_byte(
        key: [u8; 32], nonce: [u8; 12],
        aad in proptest::collection::vec(any::<u8>(), 0..100),
        text in proptest::collection::vec(any::<u8>(), 0..700),
    ) {
        let (mut a, mut b) = (text.clone(), text.clone());
        let tag_a = aws::Gcm::new(&key).unwrap().seal(&nonce, &aad, &mut a).unwrap();
        let tag_b = portable::Gcm::new(&key).unwrap().seal(&nonce, &aad, &mut b).unwrap();
        prop_assert_eq!(&a, &b);
        prop_assert_eq!(tag_a, tag_b);
        a.extend_from_slice(&tag_b);
        b.extend_from_slice(&tag_a);
        prop_assert_eq!(&*portable::Gcm::new(&key).unwrap().open(&nonce, &aad, &mut a).unwrap(), &text[..]);
        prop_assert_eq!(&*aws::Gcm::new(&key).unwrap().open(&nonce, &aad, &mut b).unwrap(), &text[..]);
    }
}

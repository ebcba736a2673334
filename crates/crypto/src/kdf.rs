//! HKDF-SHA256 ([RFC 5869](https://www.rfc-editor.org/rfc/rfc5869)) for every derived key.

use crate::{
    error::{Error, Result},
    secret::Key32,
};
use hkdf::Hkdf;
use sha2::Sha256;

/// `HKDF-SHA256(ikm, salt, info)`, as many bytes as `out` has (at most 8160).
///
/// `info` comes in parts that are joined: only the last part may vary in length.
pub(crate) fn hkdf(ikm: &Key32, salt: Option<&[u8]>, info: &[&[u8]], out: &mut [u8]) -> Result<()> {
    raw(ikm.expose(), salt, info, out)
}

/// As [`hkdf`], for a 32-byte key.
pub(crate) fn derive(ikm: &Key32, salt: Option<&[u8]>, info: &[&[u8]]) -> Result<Key32> {
    Key32::fill_with(|out| hkdf(ikm, salt, info, out))
}

fn raw(ikm: &[u8], salt: Option<&[u8]>, info: &[&[u8]], out: &mut [u8]) -> Result<()> {
    Hkdf::<Sha256>::new(salt, ikm).expand_multi_info(info, out).map_err(|_| Error::Backend)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::testing::{bytes, wycheproof};

    #[test]
    fn rfc_5869_case_1_gives_the_published_key() {
        let mut okm = [0; 42];
        let salt: Vec<u8> = (0..13).collect();
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        raw(&[0x0b; 22], Some(&salt), &[&info], &mut okm).unwrap();
        assert_eq!(
            crate::testing::hex(&okm),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        );
    }

    #[test]
    fn wycheproof_hkdf_sha256_vectors_hold() {
        let Some(file) = wycheproof("hkdf_sha256_test.json") else { return };
        let mut seen = 0;
        for group in file["testGroups"].as_array().unwrap() {
            for t in group["tests"].as_array().unwrap() {
                let size = usize::try_from(t["size"].as_u64().unwrap()).unwrap();
                let mut okm = vec![0; size];
                let done = raw(&bytes(&t["ikm"]), Some(&bytes(&t["salt"])), &[&bytes(&t["info"])], &mut okm);
                let good = done.is_ok() && okm == bytes(&t["okm"]);
                assert_eq!(good, t["result"] == "valid", "tcId {}", t["tcId"]);
                seen += 1;
            }
        }
        assert!(seen > 50);
    }
}

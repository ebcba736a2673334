//! Keyed hashes by which equal things are found without being readable.

use crate::{encode, kdf, secret::Key32};
use hmac::{Hmac, KeyInit, Mac as _};
use keepwell_domain::sealed::Fingerprint;
use sha2::Sha256;
use std::fmt;

/// First byte hashed for parts that are known whole.
const WHOLE: u8 = 0;
/// First byte hashed for a stream, so that it never equals a hash of parts.
const STREAM: u8 = 1;

/// An HMAC-SHA256 key ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104)) for one purpose.
pub struct Mac(Hmac<Sha256>);

impl Mac {
    pub(crate) fn derive(from: &Key32, salt: Option<&[u8]>, info: &[&[u8]]) -> crate::error::Result<Self> {
        Self::new(&kdf::derive(from, salt, info)?)
    }

    pub(crate) fn new(key: &Key32) -> crate::error::Result<Self> {
        Hmac::new_from_slice(key.expose()).map(Self).map_err(|_| crate::Error::Backend)
    }

    /// `HMAC(key, 0x00 ‖ for each part: u64 BE length ‖ part)`. Other cuts of the same bytes give
    /// another fingerprint.
    #[must_use]
    pub fn fingerprint(&self, parts: &[&[u8]]) -> Fingerprint {
        let mut mac = self.0.clone();
        mac.update(&[WHOLE]);
        for part in parts {
            mac.update(&encode::length(part));
            mac.update(part);
        }
        Fingerprint(mac.finalize().into_bytes().into())
    }

    /// Starts the fingerprint of something too large to hold, such as a file's content:
    /// `HMAC(key, 0x01 ‖ bytes)`.
    #[must_use]
    pub fn stream(&self) -> MacStream {
        let mut mac = self.0.clone();
        mac.update(&[STREAM]);
        MacStream(mac)
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mac(***)")
    }
}

/// A fingerprint under way.
pub struct MacStream(Hmac<Sha256>);

impl MacStream {
    /// The next bytes; how they are cut makes no difference.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The fingerprint of all bytes.
    #[must_use]
    pub fn finish(self) -> Fingerprint {
        Fingerprint(self.0.finalize().into_bytes().into())
    }
}

impl fmt::Debug for MacStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacStream(***)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::{hex, unhex};
    use proptest::prelude::*;

    fn mac() -> Mac {
        Mac::new(&Key32::from_bytes([9; 32])).unwrap()
    }

    /// RFC 4231 test case 1 has a 20-byte key, so the primitive is tested below the key type.
    #[test]
    fn rfc_4231_case_1_gives_the_published_tag() {
        let mut mac = Hmac::<Sha256>::new_from_slice(&[0x0b; 20]).unwrap();
        mac.update(b"Hi There");
        let expected = unhex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        assert_eq!(hex(&mac.finalize().into_bytes()), hex(&expected));
    }

    #[test]
    fn other_cuts_of_the_same_bytes_have_another_fingerprint() {
        let all = [
            mac().fingerprint(&[b"ab", b"c"]),
            mac().fingerprint(&[b"a", b"bc"]),
            mac().fingerprint(&[b"abc"]),
            mac().fingerprint(&[b"abc", b""]),
            mac().fingerprint(&[]),
        ];
        for (i, a) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|b| a != b));
        }
    }

    #[test]
    fn fingerprint_of_another_key_differs() {
        let other = Mac::new(&Key32::from_bytes([8; 32])).unwrap();
        assert_ne!(mac().fingerprint(&[b"x"]), other.fingerprint(&[b"x"]));
    }

    proptest! {
        #[test]
        fn stream_does_not_depend_on_how_it_is_cut(bytes: Vec<u8>, at: prop::sample::Index) {
            let (mut whole, mut cut) = (mac().stream(), mac().stream());
            whole.update(&bytes);
            let (a, b) = bytes.split_at(at.index(bytes.len() + 1));
            cut.update(a);
            cut.update(b);
            let whole = whole.finish();
            prop_assert_eq!(whole, cut.finish());
            prop_assert_ne!(whole, mac().fingerprint(&[&bytes]));
        }
    }
}

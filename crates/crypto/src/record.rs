//! Sealed fields of rows.
//!
//! `0x01 ‖ nonce (24) ‖ XAES-256-GCM(plaintext ‖ 0x80 ‖ 0x00…) `, associated data from [`Place`].
//! The padding (ISO/IEC 7816-4) is inside the plaintext and rounds sizes at rest up to a step.

use crate::{
    error::{Error, Result},
    nonce::NonceSource,
    place::Place,
    sealed,
    secret::Key32,
    xaes::{OVERHEAD, XaesKey},
};
use keepwell_domain::sealed::Sealed;
use std::fmt;
use zeroize::Zeroize;

/// Largest padding step, in bytes.
pub const MAX_PAD: usize = 1 << 20;
/// First byte of the padding.
const PAD_MARK: u8 = 0x80;

/// The length at rest of a value of `len` bytes with padding step `pad`, in bytes.
#[must_use]
pub fn sealed_len(len: usize, pad: usize) -> Option<usize> {
    padded_len(len, pad).ok()?.checked_add(1 + crate::xaes::NONCE_LEN + OVERHEAD)
}

fn padded_len(len: usize, pad: usize) -> Result<usize> {
    if pad == 0 || pad > MAX_PAD {
        return Err(Error::Padding);
    }
    len.checked_add(1).and_then(|n| n.checked_next_multiple_of(pad)).ok_or(Error::TooLong)
}

/// Seals and opens the fields of one table of one owner. Keeps its key schedule, so keep it for a
/// whole request or batch.
pub struct TableKey(XaesKey);

impl TableKey {
    pub(crate) fn new(key: &Key32) -> Self {
        Self(XaesKey::new(key))
    }

    /// Seals one field; `pad` is the step, in bytes, to which its size is rounded up (1: size at
    /// rest is the length plus 42).
    ///
    /// # Errors
    /// [`Error::Padding`] for an impossible step, [`Error::Randomness`].
    pub fn seal(&self, place: &Place<'_>, plaintext: &[u8], pad: usize) -> Result<Sealed> {
        self.seal_with(&mut NonceSource::new(), place, plaintext, pad)
    }

    /// As [`Self::seal`] with a nonce source kept over a batch: saves a system call per field.
    ///
    /// # Errors
    /// As [`Self::seal`].
    pub fn seal_with(
        &self,
        nonces: &mut NonceSource,
        place: &Place<'_>,
        plaintext: &[u8],
        pad: usize,
    ) -> Result<Sealed> {
        let padded = padded_len(plaintext.len(), pad)?;
        let zeros = padded - plaintext.len() - 1;
        let fill = |out: &mut Vec<u8>| {
            out.push(PAD_MARK);
            out.resize(out.len() + zeros, 0);
        };
        sealed::seal(&self.0, nonces, &place.associated_data(), plaintext, fill, padded)
    }

    /// The plaintext of a field.
    ///
    /// # Errors
    /// [`Error::UnknownVersion`], [`Error::Malformed`], or [`Error::Refused`] when the value was
    /// changed or belongs to another place or key.
    pub fn open(&self, place: &Place<'_>, sealed: &Sealed) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(sealed.as_bytes().len());
        self.open_into(place, sealed.as_bytes(), &mut out)?;
        Ok(out)
    }

    /// As [`Self::open`], into a buffer that a batch uses again and again. What it held is wiped;
    /// on failure it is empty.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_into(&self, place: &Place<'_>, sealed: &[u8], out: &mut Vec<u8>) -> Result<()> {
        sealed::open(&self.0, &place.associated_data(), sealed, out)?;
        match out.iter().rposition(|b| *b != 0) {
            Some(mark) if out.get(mark) == Some(&PAD_MARK) => {
                out.truncate(mark);
                Ok(())
            }
            _ => {
                out.zeroize();
                Err(Error::Malformed)
            }
        }
    }
}

impl fmt::Debug for TableKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TableKey(***)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::place::Owner;
    use keepwell_domain::ids::{InstanceId, ProfileId};
    use uuid::Uuid;

    #[test]
    fn authentic_value_without_padding_is_malformed_and_not_given_out() {
        let key = TableKey::new(&Key32::from_bytes([1; 32]));
        let place = Place {
            instance: InstanceId::new(Uuid::from_u128(1)),
            owner: Owner::Profile(ProfileId::new(Uuid::from_u128(2))),
            table: "t",
            column: "c",
            row: Uuid::from_u128(3),
            version: 1,
        };
        for text in [&b""[..], b"\0\0", b"text", b"\x80text", b"text\x7f\0"] {
            let aad = place.associated_data();
            let sealed =
                sealed::seal(&key.0, &mut NonceSource::new(), &aad, text, |_| (), text.len()).unwrap();
            let mut out = Vec::new();
            assert_eq!(key.open_into(&place, sealed.as_bytes(), &mut out), Err(Error::Malformed));
            assert!(out.is_empty());
        }
    }
}

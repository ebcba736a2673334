//! The one layout of a small sealed value: `0x01 ‖ nonce (24) ‖ ciphertext ‖ tag (16)`.

use crate::{
    error::{Error, Result},
    nonce::NonceSource,
    xaes::{NONCE_LEN, OVERHEAD, XaesKey},
};
use keepwell_domain::sealed::Sealed;
use zeroize::Zeroize;

/// The version every sealed value starts with. It is part of the associated data too.
pub(crate) const VERSION: u8 = 1;
/// Bytes before the ciphertext.
const HEAD: usize = 1 + NONCE_LEN;

/// Seals `plaintext` followed by what `pad` appends; together `padded_len` bytes.
pub(crate) fn seal(
    key: &XaesKey,
    nonces: &mut NonceSource,
    aad: &[u8],
    plaintext: &[u8],
    pad: impl FnOnce(&mut Vec<u8>),
    padded_len: usize,
) -> Result<Sealed> {
    let nonce: [u8; NONCE_LEN] = nonces.take()?;
    let total = padded_len.checked_add(HEAD + OVERHEAD).ok_or(Error::TooLong)?;
    // Reserved at once: a growing vector would leave plaintext behind in freed memory.
    let mut out = Vec::with_capacity(total);
    out.push(VERSION);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(plaintext);
    pad(&mut out);
    let text = out.get_mut(HEAD..).ok_or(Error::Malformed)?;
    match key.seal_in_place(&nonce, aad, text) {
        Ok(tag) => out.extend_from_slice(&tag),
        Err(e) => {
            out.zeroize();
            return Err(e);
        }
    }
    Ok(Sealed::from_bytes(out))
}

/// Opens into `buf`, whose old content is dropped; afterwards it holds the plaintext, or nothing.
pub(crate) fn open(key: &XaesKey, aad: &[u8], sealed: &[u8], buf: &mut Vec<u8>) -> Result<()> {
    // The content only, not the whole capacity: one large record must not slow down a batch.
    buf.as_mut_slice().zeroize();
    buf.clear();
    let (version, rest) = sealed.split_first().ok_or(Error::Malformed)?;
    if *version != VERSION {
        return Err(Error::UnknownVersion);
    }
    let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or(Error::Malformed)?;
    buf.extend_from_slice(body);
    match key.open_in_place(nonce, aad, buf).map(|text| text.len()) {
        Ok(len) => buf.truncate(len),
        Err(e) => {
            buf.clear();
            return Err(e);
        }
    }
    Ok(())
}

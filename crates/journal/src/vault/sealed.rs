//! The one layout of what is sealed under an epoch's key:
//! `0x01 ‖ epoch (u32) ‖ nonce (24) ‖ XAES-256-GCM(padded text) ‖ tag (16)`.

use super::{
    bytes::Reader,
    error::{Result, VaultError},
    ids::Epoch,
    pad::Ladder,
    random::{Random, draw},
};
use keepwell_crypto::{
    XaesKey,
    xaes::{NONCE_LEN, OVERHEAD},
};
use zeroize::Zeroize;

/// The version that a sealed value begins with. It is in the associated data's label too.
pub(crate) const VERSION: u8 = 1;
const HEAD: usize = 1 + 4 + NONCE_LEN;
/// What a sealed value has more than its padded text, in bytes.
pub(crate) const SEAL_OVERHEAD: usize = HEAD + OVERHEAD;

pub(crate) fn seal(
    key: &XaesKey,
    epoch: Epoch,
    aad: &[u8],
    ladder: Ladder,
    text: &[u8],
    random: &mut dyn Random,
) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE_LEN] = draw(random)?;
    // Reserved at once: a growing vector would leave plaintext behind in freed memory.
    let mut out = Vec::with_capacity(ladder.step(text.len())? + SEAL_OVERHEAD);
    out.push(VERSION);
    out.extend_from_slice(&epoch.get().to_be_bytes());
    out.extend_from_slice(&nonce);
    ladder.pad(&mut out, text)?;
    let body = out.get_mut(HEAD..).ok_or(VaultError::Malformed)?;
    match key.seal_in_place(&nonce, aad, body) {
        Ok(tag) => out.extend_from_slice(&tag),
        Err(error) => {
            out.zeroize();
            return Err(error.into());
        }
    }
    Ok(out)
}

/// The epoch that a sealed value names; not yet authentic.
pub(crate) fn epoch_of(sealed: &[u8]) -> Result<Epoch> {
    let mut reader = Reader::new(sealed);
    reader.version(VERSION)?;
    Epoch::read(&mut reader)
}

/// Opens into `out`, whose old content is wiped; on failure it is empty.
pub(crate) fn open(
    key: &XaesKey,
    aad: &[u8],
    ladder: Ladder,
    sealed: &[u8],
    out: &mut Vec<u8>,
) -> Result<()> {
    out.as_mut_slice().zeroize();
    out.clear();
    let mut reader = Reader::new(sealed);
    reader.version(VERSION)?;
    Epoch::read(&mut reader)?;
    let nonce: [u8; NONCE_LEN] = reader.array()?;
    let body = reader.rest();
    if !body.len().checked_sub(OVERHEAD).is_some_and(|padded| ladder.has(padded)) {
        return Err(VaultError::Malformed);
    }
    out.extend_from_slice(body);
    match key.open_in_place(&nonce, aad, out).map(|text| text.len()) {
        Ok(len) => out.truncate(len),
        Err(error) => {
            out.clear();
            return Err(error.into());
        }
    }
    ladder.unpad(out)
}

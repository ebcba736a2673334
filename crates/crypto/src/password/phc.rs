//! `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, read strictly: what this crate does not write, it refuses.

use super::{Cost, HASH_LEN};
use crate::error::{Error, Result};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

const HEAD: &str = "$argon2id$v=19$";
/// Longest stored text that is looked at, in bytes.
const MAX_TEXT: usize = 256;
const MAX_SALT: usize = 64;

pub(super) struct Stored {
    pub(super) cost: Cost,
    pub(super) salt: Vec<u8>,
    pub(super) hash: [u8; HASH_LEN],
}

pub(super) fn write(cost: Cost, salt: &[u8], hash: &[u8]) -> String {
    format!(
        "{HEAD}m={},t={},p={}${}${}",
        cost.mem_kib(),
        cost.passes(),
        cost.lanes(),
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(hash)
    )
}

pub(super) fn read(text: &str) -> Result<Stored> {
    if text.len() > MAX_TEXT {
        return Err(Error::PasswordHash);
    }
    let mut fields = text.strip_prefix(HEAD).ok_or(Error::PasswordHash)?.split('$');
    let (Some(params), Some(salt), Some(hash), None) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return Err(Error::PasswordHash);
    };
    let cost = read_cost(params)?;
    let salt = STANDARD_NO_PAD.decode(salt).map_err(|_| Error::PasswordHash)?;
    if salt.len() < argon2::MIN_SALT_LEN || salt.len() > MAX_SALT {
        return Err(Error::PasswordHash);
    }
    let hash = STANDARD_NO_PAD.decode(hash).map_err(|_| Error::PasswordHash)?;
    Ok(Stored { cost, salt, hash: hash.try_into().map_err(|_| Error::PasswordHash)? })
}

fn read_cost(params: &str) -> Result<Cost> {
    let mut parts = params.split(',');
    let mut value = |name: &str| -> Result<u32> {
        let digits = parts.next().and_then(|p| p.strip_prefix(name)).ok_or(Error::PasswordHash)?;
        if digits.starts_with('+') {
            return Err(Error::PasswordHash);
        }
        digits.parse().map_err(|_| Error::PasswordHash)
    };
    let (mem_kib, passes, lanes) = (value("m=")?, value("t=")?, value("p=")?);
    if parts.next().is_some() {
        return Err(Error::PasswordHash);
    }
    Cost::new(mem_kib, passes, lanes)
}

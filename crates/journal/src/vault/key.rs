//! The vault's key and what is derived from it.
//!
//! `HKDF-SHA256(salt = vault id, ikm = vault key, info = label ‖ u32 BE epoch)`, 32 bytes, once for each
//! epoch and use: an entry costs no derivation of its own, since XAES-256-GCM makes a key for every nonce.

use super::{
    error::{Result, VaultError},
    ids::{Epoch, VaultId},
    label::label,
    random::{Random, draw_key},
};
use hkdf::Hkdf;
use keepwell_crypto::{Key32, XaesKey};
use sha2::Sha256;
use std::{collections::BTreeMap, fmt};
use zeroize::Zeroizing;

/// The commitment to a vault's key: tells whether a key is the one, and nothing else.
pub(crate) type Commitment = [u8; 32];

/// `HKDF-SHA256(ikm, salt, info parts)`, 32 bytes.
pub(crate) fn derive(ikm: &Key32, salt: &[u8], info: &[&[u8]]) -> Result<Key32> {
    let mut out = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), ikm.expose())
        .expand_multi_info(info, &mut out[..])
        .map_err(|_| VaultError::Backend)?;
    Ok(Key32::from_bytes(*out))
}

pub(crate) fn copy(key: &Key32) -> Key32 {
    Key32::from_bytes(*key.expose())
}

/// The key of one epoch, with everything derived from it.
pub(crate) struct EpochKey {
    pub(crate) key: Key32,
    pub(crate) commitment: Commitment,
    /// Entries on the device.
    pub(crate) entries: XaesKey,
    /// Objects on the server.
    pub(crate) objects: XaesKey,
    /// What a device keeps for itself ([`super::locked`]).
    pub(crate) local: XaesKey,
    /// The key of the epoch before.
    pub(crate) link: XaesKey,
    /// The content of a backup file.
    pub(crate) backups: XaesKey,
}

impl EpochKey {
    pub(crate) fn new(vault: VaultId, epoch: Epoch, key: Key32) -> Result<Self> {
        let number = epoch.get().to_be_bytes();
        let of = |label: &[u8]| derive(&key, vault.as_bytes(), &[label, &number]);
        let seal = |label: &[u8]| of(label).map(|key| XaesKey::new(&key));
        Ok(Self {
            commitment: *of(label!("key/commitment"))?.expose(),
            entries: seal(label!("key/entries"))?,
            objects: seal(label!("key/objects"))?,
            local: seal(label!("key/local"))?,
            link: seal(label!("key/previous"))?,
            backups: seal(label!("key/backups"))?,
            key,
        })
    }
}

/// All keys of a vault that a device has. The newest seals; the others only open.
pub(crate) struct Keyring {
    vault: VaultId,
    current: Epoch,
    keys: BTreeMap<Epoch, EpochKey>,
}

impl Keyring {
    pub(crate) fn new(vault: VaultId, epoch: Epoch, key: Key32) -> Result<Self> {
        let keys = BTreeMap::from([(epoch, EpochKey::new(vault, epoch, key)?)]);
        Ok(Self { vault, current: epoch, keys })
    }

    pub(crate) fn generate(vault: VaultId, random: &mut dyn Random) -> Result<Self> {
        Self::new(vault, Epoch::FIRST, draw_key(random)?)
    }

    /// Adds a key; the highest epoch becomes the current one.
    pub(crate) fn insert(&mut self, epoch: Epoch, key: Key32) -> Result<()> {
        self.keys.insert(epoch, EpochKey::new(self.vault, epoch, key)?);
        self.current = self.current.max(epoch);
        Ok(())
    }

    /// What shows that something was made by somebody in the vault, and not by whoever can merely seal to its
    /// slots. It comes from the first epoch's key and stays the same for good.
    pub(crate) fn authority(&self) -> Result<Key32> {
        let founding = &self.get(Epoch::FIRST)?.key;
        derive(founding, self.vault.as_bytes(), &[label!("key/authority")])
    }

    pub(crate) const fn vault(&self) -> VaultId {
        self.vault
    }
    pub(crate) const fn epoch(&self) -> Epoch {
        self.current
    }
    pub(crate) fn current(&self) -> Result<&EpochKey> {
        self.get(self.current)
    }
    pub(crate) fn get(&self, epoch: Epoch) -> Result<&EpochKey> {
        self.keys.get(&epoch).ok_or(VaultError::UnknownEpoch)
    }
    pub(crate) fn has(&self, epoch: Epoch) -> bool {
        self.keys.contains_key(&epoch)
    }
    /// The keys before the current one.
    pub(crate) fn older(&self) -> impl Iterator<Item = (Epoch, &Key32)> {
        self.keys.iter().filter(|(epoch, _)| **epoch != self.current).map(|(epoch, key)| (*epoch, &key.key))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({:?}, {:?}, ***)", self.vault, self.current)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_vault_epoch_and_key_has_another_commitment() {
        let of = |vault: u8, epoch: u32, key: u8| {
            let vault = VaultId::from_bytes([vault; 16]);
            EpochKey::new(vault, Epoch::new(epoch).unwrap(), Key32::from_bytes([key; 32])).unwrap().commitment
        };
        let all = [of(1, 1, 1), of(2, 1, 1), of(1, 2, 1), of(1, 1, 2)];
        for (i, a) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|b| a != b));
        }
    }

    #[test]
    fn older_keys_still_open_and_the_newest_is_current() {
        let mut ring =
            Keyring::new(VaultId::from_bytes([1; 16]), Epoch::FIRST, Key32::from_bytes([1; 32])).unwrap();
        let second = Epoch::FIRST.next().unwrap();
        ring.insert(second, Key32::from_bytes([2; 32])).unwrap();
        assert_eq!(ring.epoch(), second);
        assert!(ring.has(Epoch::FIRST));
        assert_eq!(ring.get(second.next().unwrap()).err(), Some(VaultError::UnknownEpoch));
        assert!(!format!("{ring:?}").contains("02, 02"));
    }
}

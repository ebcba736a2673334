//! Entries on the device, sealed one by one.
//!
//! Associated data: `label ‖ vault (16) ‖ epoch (u32) ‖ entry id (16) ‖ sequence (u64)`. An entry moved to
//! another id, vault or epoch, or an older version of it, does not open.

use super::{
    error::{Result, VaultError},
    ids::{EntryId, Epoch, VaultId},
    key::Keyring,
    label::label,
    pad,
    random::Random,
    sealed,
};
use hmac::{Hmac, KeyInit, Mac};
use keepwell_crypto::Key32;
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

/// Where an entry belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryPlace {
    /// Its id.
    pub id: EntryId,
    /// How often it was written: rises with every writing. Kept beside the entry.
    pub sequence: u64,
}

impl EntryPlace {
    fn associated_data(self, vault: VaultId, epoch: Epoch) -> Vec<u8> {
        let label = label!("entry");
        let mut out = Vec::with_capacity(label.len() + 16 + 4 + 16 + 8);
        out.extend_from_slice(label);
        out.extend_from_slice(vault.as_bytes());
        out.extend_from_slice(&epoch.get().to_be_bytes());
        out.extend_from_slice(self.id.as_bytes());
        out.extend_from_slice(&self.sequence.to_be_bytes());
        out
    }
}

/// Makes the ids of entries, on one device.
pub(crate) struct Index(Hmac<Sha256>);

impl Index {
    pub(crate) fn new(key: &Key32) -> Result<Self> {
        Hmac::new_from_slice(key.expose()).map(Self).map_err(|_| VaultError::Backend)
    }

    fn id(&self, kind: &str, name: &[u8]) -> EntryId {
        let mut mac = self.0.clone();
        mac.update(label!("entry-id"));
        mac.update(&(kind.len() as u64).to_be_bytes());
        mac.update(kind.as_bytes());
        mac.update(name);
        let hash: [u8; 32] = mac.finalize().into_bytes().into();
        EntryId::from_bytes(std::array::from_fn(|i| hash.get(i).copied().unwrap_or_default()))
    }
}

/// Seals and opens entries. Its key schedules are made once: keep it for as long as the vault is open.
#[derive(Clone, Copy)]
pub struct EntryKeys<'v> {
    pub(crate) ring: &'v Keyring,
    pub(crate) index: &'v Index,
}

impl EntryKeys<'_> {
    /// `HMAC-SHA256(index key, label ‖ u64 length of kind ‖ kind ‖ name)`, the first 16 bytes. The index key
    /// is this device's own: the same thing has another id on another device.
    #[must_use]
    pub fn id(&self, kind: &str, name: &[u8]) -> EntryId {
        self.index.id(kind, name)
    }

    /// Seals an entry under the newest key.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] above 1 MiB − 1, [`VaultError::Randomness`].
    pub fn seal(&self, place: EntryPlace, text: &[u8], random: &mut dyn Random) -> Result<Vec<u8>> {
        let epoch = self.ring.epoch();
        let aad = place.associated_data(self.ring.vault(), epoch);
        sealed::seal(&self.ring.get(epoch)?.entries, epoch, &aad, pad::ENTRIES, text, random)
    }

    /// The text of an entry, whichever epoch sealed it.
    ///
    /// # Errors
    /// [`VaultError::Refused`] when it was changed or belongs elsewhere; [`VaultError::Malformed`],
    /// [`VaultError::UnknownVersion`], [`VaultError::UnknownEpoch`].
    pub fn open(&self, place: EntryPlace, entry: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let mut out = Zeroizing::new(Vec::with_capacity(entry.len()));
        self.open_into(place, entry, &mut out)?;
        Ok(out)
    }

    /// As [`Self::open`], into a buffer that is used again and again. What it held is wiped; on failure it is
    /// empty.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_into(&self, place: EntryPlace, entry: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let epoch = sealed::epoch_of(entry)?;
        let aad = place.associated_data(self.ring.vault(), epoch);
        sealed::open(&self.ring.get(epoch)?.entries, &aad, pad::ENTRIES, entry, out)
    }

    /// Whether an entry is sealed under an older key and should be sealed anew when it is convenient.
    ///
    /// # Errors
    /// [`VaultError::Malformed`], [`VaultError::UnknownVersion`].
    pub fn is_outdated(&self, entry: &[u8]) -> Result<bool> {
        Ok(sealed::epoch_of(entry)? != self.ring.epoch())
    }
}

impl fmt::Debug for EntryKeys<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EntryKeys(***)")
    }
}

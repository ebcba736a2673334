//! A vault as it rests on the device.
//!
//! `0x01 ‖ front ‖ u32 length ‖ nonce (24) ‖ XAES-256-GCM(secrets) ‖ tag`; the secrets are
//! `index key (32) ‖ signing seed (32) ‖ X25519 seed (32) ‖ older keys: epoch (u32) ‖ key (32)`.

use super::{
    bytes::{Reader, Writer},
    error::Result,
    front::Front,
    ids::{Epoch, VaultId},
    open::Vault,
    slot::{SlotHead, SlotSecret},
};

const VERSION: u8 = 1;
/// Longest sealed secrets, in bytes.
const MAX_SECRETS: usize = 1 << 18;

/// A vault that is closed: its slots, and what this device keeps for itself, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedVault {
    pub(crate) front: Front,
    pub(crate) secrets: Vec<u8>,
}

impl LockedVault {
    /// Which vault.
    #[must_use]
    pub const fn id(&self) -> VaultId {
        self.front.anchor.vault
    }
    /// The epoch of its key.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.front.epoch
    }
    /// The ways in, to know what to ask for.
    pub fn slots(&self) -> impl Iterator<Item = &SlotHead> {
        self.front.slots.heads()
    }

    /// Opens the vault by whichever slot the secret opens. With a passphrase it takes 64 MiB and some tenths of
    /// a second.
    ///
    /// # Errors
    /// [`super::VaultError::WrongSecret`]; [`super::VaultError::ForeignSlot`], [`super::VaultError::OtherKey`]
    /// or [`super::VaultError::Refused`] when something was exchanged.
    pub fn open(&self, secret: SlotSecret<'_>) -> Result<Vault> {
        Vault::unlock(self, self.front.open(secret)?)
    }

    /// The bytes to keep.
    ///
    /// # Errors
    /// [`super::VaultError::TooLong`], never in practice.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut writer = Writer::new();
        writer.u8(VERSION);
        self.front.write(&mut writer)?;
        writer.part(&self.secrets)?;
        Ok(writer.done())
    }

    /// Reads them back. Nothing is opened and nothing is worked for.
    ///
    /// # Errors
    /// [`super::VaultError::Malformed`], [`super::VaultError::UnknownVersion`], [`super::VaultError::Cost`],
    /// [`super::VaultError::LastSlot`], [`super::VaultError::ForeignSlot`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let front = Front::read(&mut reader)?;
        let secrets = reader.part(MAX_SECRETS)?.to_vec();
        reader.end()?;
        Ok(Self { front, secrets })
    }
}

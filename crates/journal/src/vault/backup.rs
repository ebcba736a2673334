//! A backup file: everything in one sealed piece, opened by any of the slots that travel with it.
//!
//! `"KWJB" ‖ 0x01 ‖ front ‖ nonce (24) ‖ XAES-256-GCM(content) ‖ tag (16)`; associated data is the label and
//! all bytes before the nonce.

use super::{
    bytes::{Reader, Writer},
    error::{Result, VaultError},
    front::Front,
    key::EpochKey,
    label::label,
    open::Vault,
    random::{Random, draw},
    slot::{SlotHead, SlotSecret},
};
use keepwell_crypto::xaes::{NONCE_LEN, OVERHEAD};
use zeroize::Zeroizing;

const MAGIC: &[u8; 4] = b"KWJB";
const VERSION: u8 = 1;

/// A backup file that was read but not opened.
#[derive(Debug)]
pub struct Backup<'a> {
    front: Front,
    aad: Vec<u8>,
    nonce: [u8; NONCE_LEN],
    sealed: &'a [u8],
}

impl Vault {
    /// A backup file with this content. It opens with the slots that the vault has now, whatever becomes of
    /// the vault.
    ///
    /// # Errors
    /// [`VaultError::Randomness`].
    pub fn seal_backup(&self, content: &[u8], random: &mut dyn Random) -> Result<Vec<u8>> {
        let mut writer = Writer::with_capacity(content.len() + 4096);
        writer.put(MAGIC);
        writer.u8(VERSION);
        self.front.write(&mut writer)?;
        let mut out = writer.done();
        let nonce: [u8; NONCE_LEN] = draw(random)?;
        let aad = [label!("backup"), &out].concat();
        let sealed = self.ring.current()?.backups.seal(&nonce, &aad, content)?;
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }
}

impl<'a> Backup<'a> {
    /// Reads the front of a file.
    ///
    /// # Errors
    /// [`VaultError::Malformed`] for another file, [`VaultError::UnknownVersion`], [`VaultError::Cost`].
    pub fn read(file: &'a [u8]) -> Result<Self> {
        let mut reader = Reader::new(file);
        if reader.take(MAGIC.len())? != MAGIC {
            return Err(VaultError::Malformed);
        }
        reader.version(VERSION)?;
        let front = Front::read(&mut reader)?;
        let before = file.get(..file.len() - reader.left()).ok_or(VaultError::Malformed)?;
        let aad = [label!("backup"), before].concat();
        let nonce = reader.array()?;
        let sealed = reader.rest();
        if sealed.len() < OVERHEAD {
            return Err(VaultError::Malformed);
        }
        Ok(Self { front, aad, nonce, sealed })
    }

    /// The ways in, to know what to ask for.
    pub fn slots(&self) -> impl Iterator<Item = &SlotHead> {
        self.front.slots.heads()
    }

    /// The content.
    ///
    /// # Errors
    /// [`VaultError::WrongSecret`], or [`VaultError::Refused`] when the file was changed.
    pub fn open(&self, secret: SlotSecret<'_>) -> Result<Zeroizing<Vec<u8>>> {
        let key = EpochKey::new(self.front.anchor.vault, self.front.epoch, self.front.open(secret)?)?;
        Ok(Zeroizing::new(key.backups.open(&self.nonce, &self.aad, self.sealed)?))
    }
}

//! Statements: who is in the vault, signed and chained. Each says the whole state, not a change of it.
//!
//! ```text
//! 0x01 ‖ vault (16) ‖ number (u32) ‖ hash of the statement before (32) ‖ founder (32)
//!      ‖ epoch (u32) ‖ key commitment (32) ‖ author: 1 device or 2 slot (1) ‖ its id (16)
//!      ‖ 0, or 1 ‖ nonce (24) ‖ XAES(key of the epoch before) ‖ tag (16)
//!      ‖ members (list): verifying key (32) ‖ X25519 key (32) ‖ role (1) ‖ wrap (81)
//!      ‖ slots (list) ‖ marks of all chains (list) ‖ signature (64)
//! ```

use super::{
    alarm::Alarm,
    head::{Hash, Mark},
    wire::{MAX_DEVICES, MAX_STATEMENT},
};
use crate::vault::{
    Anchor, DeviceCard, DeviceId, Epoch, MAX_SLOTS, Random, Slot, SlotId, VaultError, VaultId,
    bytes::{Reader, Writer},
    device::{self, SIGNATURE_LEN},
    draw,
    hpke_wrap::Wrap,
    key::{Commitment, EpochKey},
    label::{hash, label},
    slot::Wrapped,
};
use ed25519_dalek::SigningKey;
use keepwell_crypto::{Key32, xaes::NONCE_LEN};

const VERSION: u8 = 1;
const LINK_LEN: usize = NONCE_LEN + 32 + 16;

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Open everything; no head or statement of it is accepted.
    Reader,
    /// Open, write, and change who is in the vault.
    Writer,
}

/// A device in the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its public keys.
    pub card: DeviceCard,
    /// What it may do.
    pub role: Role,
    pub(crate) wrap: Wrap,
}

impl Member {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> DeviceId {
        self.card.id()
    }
}

/// Who signed a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Author {
    Device(DeviceId),
    /// Somebody who knew the secret of a slot.
    Slot(SlotId),
}

/// The key of the epoch before, sealed under the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link([u8; LINK_LEN]);

impl Link {
    fn aad(vault: VaultId, epoch: Epoch) -> Vec<u8> {
        [label!("previous"), vault.as_bytes(), &epoch.get().to_be_bytes()].concat()
    }

    pub(crate) fn seal(
        vault: VaultId,
        epoch: Epoch,
        new: &EpochKey,
        previous: &Key32,
        random: &mut dyn Random,
    ) -> Result<Self, VaultError> {
        let nonce: [u8; NONCE_LEN] = draw(random)?;
        let sealed = new.link.seal(&nonce, &Self::aad(vault, epoch), previous.expose())?;
        [&nonce[..], &sealed].concat().try_into().map(Self).map_err(|_| VaultError::Backend)
    }

    pub(crate) fn open(&self, vault: VaultId, epoch: Epoch, new: &EpochKey) -> Result<Key32, VaultError> {
        let (nonce, sealed) = self.0.split_first_chunk().ok_or(VaultError::Malformed)?;
        let text = zeroize::Zeroizing::new(new.link.open(nonce, &Self::aad(vault, epoch), sealed)?);
        Ok(Key32::try_from_slice(&text)?)
    }
}

/// What a statement says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) anchor: Anchor,
    pub(crate) number: u32,
    pub(crate) previous: Hash,
    pub(crate) epoch: Epoch,
    pub(crate) commitment: Commitment,
    pub(crate) author: Author,
    pub(crate) link: Option<Link>,
    pub(crate) members: Vec<Member>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) marks: Vec<Mark>,
}

impl Statement {
    pub(crate) const fn wrapped(&self) -> Wrapped<'_> {
        Wrapped { anchor: self.anchor, epoch: self.epoch, commitment: &self.commitment }
    }

    pub(crate) fn member(&self, device: DeviceId) -> Option<&Member> {
        self.members.iter().find(|member| member.id() == device)
    }

    pub(crate) fn slot(&self, id: SlotId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.head().id() == id)
    }

    pub(crate) fn mark(&self, device: DeviceId) -> Option<Mark> {
        self.marks.iter().copied().find(|mark| mark.device == device)
    }

    fn write(&self) -> Result<Vec<u8>, VaultError> {
        let mut writer = Writer::new();
        writer.u8(VERSION);
        self.anchor.vault.write(&mut writer);
        writer.u32(self.number);
        writer.put(&self.previous);
        writer.put(&self.anchor.founder);
        self.epoch.write(&mut writer);
        writer.put(&self.commitment);
        match self.author {
            Author::Device(id) => {
                writer.u8(1);
                id.write(&mut writer);
            }
            Author::Slot(id) => {
                writer.u8(2);
                id.write(&mut writer);
            }
        }
        writer.flag(self.link.is_some());
        if let Some(link) = &self.link {
            writer.put(&link.0);
        }
        writer.list(self.members.iter(), |writer, member| {
            member.card.write(writer);
            writer.u8(if member.role == Role::Writer { 2 } else { 1 });
            member.wrap.write(writer);
            Ok(())
        })?;
        writer.list(self.slots.iter(), |writer, slot| slot.write(writer))?;
        Mark::write_all(&self.marks, &mut writer)?;
        Ok(writer.done())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, VaultError> {
        reader.version(VERSION)?;
        let vault = VaultId::read(reader)?;
        let (number, previous) = (reader.u32()?, reader.array()?);
        let anchor = Anchor { vault, founder: reader.array()? };
        let (epoch, commitment) = (Epoch::read(reader)?, reader.array()?);
        let author = match reader.u8()? {
            1 => Author::Device(DeviceId::read(reader)?),
            2 => Author::Slot(SlotId::read(reader)?),
            _ => return Err(VaultError::Malformed),
        };
        let link = if reader.flag()? { Some(Link(reader.array()?)) } else { None };
        let members = reader.list(MAX_DEVICES, read_member)?;
        let slots = reader.list(MAX_SLOTS, Slot::read)?;
        let marks = Mark::read_all(reader)?;
        Ok(Self { anchor, number, previous, epoch, commitment, author, link, members, slots, marks })
    }

    /// The signed statement.
    pub(crate) fn sign(&self, key: &SigningKey) -> Result<Vec<u8>, VaultError> {
        let mut bytes = self.write()?;
        let signature = device::sign(key, label!("statement"), &bytes);
        bytes.extend_from_slice(&signature);
        if bytes.len() > MAX_STATEMENT { Err(VaultError::TooLong) } else { Ok(bytes) }
    }

    /// Reads a statement; neither its signature nor what it says is checked yet.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Alarm> {
        if bytes.len() > MAX_STATEMENT {
            return Err(Alarm::TooLarge);
        }
        let (body, _) = split(bytes)?;
        let mut reader = Reader::new(body);
        let statement = Self::read(&mut reader).map_err(Alarm::of_bytes)?;
        reader.end().map_err(Alarm::of_bytes)?;
        Ok(statement)
    }

    pub(crate) fn verify(bytes: &[u8], key: &[u8; 32]) -> Result<(), Alarm> {
        let (body, signature) = split(bytes)?;
        device::verify(key, label!("statement"), body, signature).map_err(|_| Alarm::BadSignature)
    }

    /// `SHA-256(label ‖ signed statement)`.
    pub(crate) fn hash(bytes: &[u8]) -> Hash {
        hash(label!("statement-hash"), &[bytes])
    }
}

fn read_member(reader: &mut Reader<'_>) -> Result<Member, VaultError> {
    let card = DeviceCard::read(reader)?;
    let role = match reader.u8()? {
        1 => Role::Reader,
        2 => Role::Writer,
        _ => return Err(VaultError::UnknownVersion),
    };
    Ok(Member { card, role, wrap: Wrap::read(reader)? })
}

fn split(bytes: &[u8]) -> Result<(&[u8], &[u8; SIGNATURE_LEN]), Alarm> {
    bytes.split_last_chunk().ok_or(Alarm::Truncated)
}

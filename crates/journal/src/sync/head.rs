//! Heads: the signed, chained statements of a device about each of its objects.
//!
//! ```text
//! 0x01 ‖ vault (16) ‖ device (16) ‖ number (u64) ‖ hash of the head before (32)
//!      ‖ kind (1) ‖ part (u16) ‖ parts (u16) ‖ epoch (u32) ‖ statement number (u32) ‖ statement hash (32)
//!      ‖ object hash (32) ‖ object length (u32) ‖ marks of all other chains (list) ‖ signature (64)
//! ```

use super::alarm::Alarm;
use crate::vault::{
    DeviceId, Epoch, VaultError, VaultId,
    bytes::{Reader, Writer},
    device::{self, SIGNATURE_LEN},
    label::{hash, label},
};
use ed25519_dalek::SigningKey;

use super::wire::{MAX_DEVICES, MAX_HEAD, MAX_OBJECT, MAX_PARTS};

const VERSION: u8 = 1;
/// A hash of a head, a statement or an object.
pub(crate) type Hash = [u8; 32];

/// Where a chain has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Whose chain.
    pub device: DeviceId,
    /// The number of its newest head; zero before the first.
    pub seq: u64,
    /// That head's hash.
    pub hash: Hash,
}

impl Mark {
    /// Before a device's first head: `SHA-256(label ‖ vault ‖ device)`.
    pub(crate) fn start(vault: VaultId, device: DeviceId) -> Self {
        let hash = hash(label!("chain-start"), &[vault.as_bytes(), device.as_bytes()]);
        Self { device, seq: 0, hash }
    }

    pub(crate) fn write(self, writer: &mut Writer) {
        self.device.write(writer);
        writer.u64(self.seq);
        writer.put(&self.hash);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, VaultError> {
        Ok(Self { device: DeviceId::read(reader)?, seq: reader.u64()?, hash: reader.array()? })
    }

    /// A list of marks in the order of the devices, none twice and none of an empty chain.
    pub(crate) fn read_all(reader: &mut Reader<'_>) -> Result<Vec<Self>, VaultError> {
        let marks = reader.list(MAX_DEVICES, Self::read)?;
        let is_rising = marks.windows(2).all(|pair| matches!(pair, [a, b] if a.device < b.device));
        if is_rising && marks.iter().all(|mark| mark.seq > 0) {
            Ok(marks)
        } else {
            Err(VaultError::Malformed)
        }
    }

    pub(crate) fn write_all(marks: &[Self], writer: &mut Writer) -> Result<(), VaultError> {
        writer.list(marks.iter(), |writer, mark| {
            mark.write(writer);
            Ok(())
        })
    }
}

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A batch of changes.
    Batch,
    /// One part of a snapshot, from zero, of so many.
    Snapshot { part: u16, parts: u16 },
}

impl Kind {
    pub(crate) fn write(self, writer: &mut Writer) {
        let (kind, part, parts) = match self {
            Self::Batch => (1, 0, 1),
            Self::Snapshot { part, parts } => (2, part, parts),
        };
        writer.u8(kind);
        writer.u16(part);
        writer.u16(parts);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, VaultError> {
        match (reader.u8()?, reader.u16()?, reader.u16()?) {
            (1, 0, 1) => Ok(Self::Batch),
            (2, part, parts) if part < parts && usize::from(parts) <= MAX_PARTS => {
                Ok(Self::Snapshot { part, parts })
            }
            (1 | 2, ..) => Err(VaultError::Malformed),
            _ => Err(VaultError::UnknownVersion),
        }
    }
}

/// What a head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) vault: VaultId,
    pub(crate) device: DeviceId,
    pub(crate) seq: u64,
    pub(crate) previous: Hash,
    pub(crate) kind: Kind,
    pub(crate) epoch: Epoch,
    /// The statement under which it was made.
    pub(crate) statement: u32,
    pub(crate) statement_hash: Hash,
    pub(crate) object_hash: Hash,
    pub(crate) object_len: u32,
    /// Where the device saw all other chains.
    pub(crate) seen: Vec<Mark>,
}

impl Head {
    fn write(&self) -> Result<Vec<u8>, VaultError> {
        let mut writer = Writer::with_capacity(256 + 56 * self.seen.len());
        writer.u8(VERSION);
        self.vault.write(&mut writer);
        self.device.write(&mut writer);
        writer.u64(self.seq);
        writer.put(&self.previous);
        self.kind.write(&mut writer);
        self.epoch.write(&mut writer);
        writer.u32(self.statement);
        writer.put(&self.statement_hash);
        writer.put(&self.object_hash);
        writer.u32(self.object_len);
        Mark::write_all(&self.seen, &mut writer)?;
        Ok(writer.done())
    }

    /// The signed head.
    pub(crate) fn sign(&self, key: &SigningKey) -> Result<Vec<u8>, VaultError> {
        let mut bytes = self.write()?;
        let signature = device::sign(key, label!("head"), &bytes);
        bytes.extend_from_slice(&signature);
        Ok(bytes)
    }

    /// Reads a head; its signature is not yet checked.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Alarm> {
        if bytes.len() > MAX_HEAD {
            return Err(Alarm::TooLarge);
        }
        let (body, _) = split(bytes)?;
        let mut reader = Reader::new(body);
        let head = Self::read(&mut reader).map_err(Alarm::of_bytes)?;
        reader.end().map_err(Alarm::of_bytes)?;
        if usize::try_from(head.object_len).map_or(true, |len| len > MAX_OBJECT) {
            return Err(Alarm::TooLarge);
        }
        Ok(head)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, VaultError> {
        reader.version(VERSION)?;
        Ok(Self {
            vault: VaultId::read(reader)?,
            device: DeviceId::read(reader)?,
            seq: reader.u64()?,
            previous: reader.array()?,
            kind: Kind::read(reader)?,
            epoch: Epoch::read(reader)?,
            statement: reader.u32()?,
            statement_hash: reader.array()?,
            object_hash: reader.array()?,
            object_len: reader.u32()?,
            seen: Mark::read_all(reader)?,
        })
    }

    pub(crate) fn verify(bytes: &[u8], key: &[u8; 32]) -> Result<(), Alarm> {
        let (body, signature) = split(bytes)?;
        device::verify(key, label!("head"), body, signature).map_err(|_| Alarm::BadSignature)
    }

    /// `SHA-256(label ‖ signed head)`.
    pub(crate) fn hash(bytes: &[u8]) -> Hash {
        hash(label!("head-hash"), &[bytes])
    }
}

fn split(bytes: &[u8]) -> Result<(&[u8], &[u8; SIGNATURE_LEN]), Alarm> {
    bytes.split_last_chunk().ok_or(Alarm::Truncated)
}

//! Objects: what is sealed under a head.
//!
//! Layout as of everything that is sealed under an epoch's key, padded to 1, 4, 16, 64, 256 KiB or 1 MiB.
//! Associated data: `label ‖ vault (16) ‖ epoch (u32) ‖ device (16) ‖ number (u64) ‖ kind ‖ part ‖ parts`.
//! Nothing is compressed: sizes would then tell about contents, and steps of four times make it pointless.

use super::{
    alarm::Alarm,
    head::{Hash, Head, Kind},
};
use crate::vault::{
    DeviceId, Epoch, Random, VaultError, VaultId,
    bytes::Writer,
    key::Keyring,
    label::{hash, label},
    pad::OBJECTS,
    sealed,
};
use zeroize::Zeroizing;

/// Where an object belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) vault: VaultId,
    pub(crate) epoch: Epoch,
    pub(crate) device: DeviceId,
    pub(crate) seq: u64,
    pub(crate) kind: Kind,
}

impl Place {
    fn associated_data(self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.put(label!("object"));
        self.vault.write(&mut writer);
        self.epoch.write(&mut writer);
        self.device.write(&mut writer);
        writer.u64(self.seq);
        self.kind.write(&mut writer);
        writer.done()
    }

    pub(crate) fn seal(
        self,
        ring: &Keyring,
        text: &[u8],
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, VaultError> {
        let key = &ring.get(self.epoch)?.objects;
        sealed::seal(key, self.epoch, &self.associated_data(), OBJECTS, text, random)
    }
}

/// `SHA-256(label ‖ sealed object)`.
pub(crate) fn object_hash(object: &[u8]) -> Hash {
    hash(label!("object-hash"), &[object])
}

/// The text of the object of a head whose signature was checked.
pub(crate) fn open(ring: &Keyring, head: &Head, object: &[u8]) -> Result<Zeroizing<Vec<u8>>, Alarm> {
    let key = &ring.get(head.epoch).map_err(|_| Alarm::LockedOut)?.objects;
    match sealed::epoch_of(object) {
        Ok(epoch) if epoch == head.epoch => {}
        Ok(_) => return Err(Alarm::WrongEpoch),
        Err(error) => return Err(Alarm::of_bytes(error)),
    }
    let Head { vault, epoch, device, seq, kind, .. } = *head;
    let aad = Place { vault, epoch, device, seq, kind }.associated_data();
    let mut out = Zeroizing::new(Vec::with_capacity(object.len()));
    sealed::open(key, &aad, OBJECTS, object, &mut out).map_err(|_| Alarm::Altered)?;
    Ok(out)
}

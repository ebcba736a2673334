//! What can be seen of a vault without opening it.
//!
//! `vault (16) ‖ founder (32) ‖ epoch (u32) ‖ key commitment (32) ‖ slots ‖ MAC (32)`. The MAC is
//! `HMAC-SHA256(authority key, label ‖ all before it)`: anybody can seal a key of their own to a slot's public
//! key, but not so that the front holds.

use super::{
    bytes::{Reader, Writer},
    error::{Result, VaultError},
    ids::{Epoch, VaultId},
    key::{Commitment, Keyring},
    label::label,
    random::Random,
    slot::{Anchor, Slot, SlotSecret, Wrapped},
    slots::SlotSet,
};
use hmac::{Hmac, KeyInit, Mac};
use keepwell_crypto::Key32;
use sha2::Sha256;

/// Anchor, epoch, commitment and slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Front {
    pub(crate) anchor: Anchor,
    pub(crate) epoch: Epoch,
    commitment: Commitment,
    pub(crate) slots: SlotSet,
    mac: [u8; 32],
}

impl Front {
    /// These slots, which hold the newest key of the ring.
    pub(crate) fn new(anchor: Anchor, ring: &Keyring, slots: SlotSet) -> Result<Self> {
        let commitment = ring.current()?.commitment;
        let mut front = Self { anchor, epoch: ring.epoch(), commitment, slots, mac: [0; 32] };
        front.mac = front.mac_with(&ring.authority()?)?.finalize().into_bytes().into();
        Ok(front)
    }

    /// The same slots with the newest key of the ring in them.
    pub(crate) fn refilled(&self, ring: &Keyring, random: &mut dyn Random) -> Result<Self> {
        let current = ring.current()?;
        let of = Wrapped { anchor: self.anchor, epoch: ring.epoch(), commitment: &current.commitment };
        let fill = |slot: &Slot| Slot::fill(slot.head.clone(), of, &current.key, random);
        let slots = self.slots.iter().map(fill).collect::<Result<_>>()?;
        Self::new(self.anchor, ring, SlotSet::parse(slots)?)
    }

    pub(crate) const fn wrapped(&self) -> Wrapped<'_> {
        Wrapped { anchor: self.anchor, epoch: self.epoch, commitment: &self.commitment }
    }

    /// The vault's key, by whichever slot this secret opens.
    pub(crate) fn open(&self, secret: SlotSecret<'_>) -> Result<Key32> {
        let mut last = VaultError::WrongSecret;
        for slot in self.slots.iter() {
            match slot.head.unlock(self.anchor, secret) {
                Ok(keys) => {
                    self.mac_with(&slot.head.authority(&keys))?
                        .verify_slice(&self.mac)
                        .map_err(|_| VaultError::Refused)?;
                    return slot.open(self.wrapped(), &keys);
                }
                Err(VaultError::WrongSecret) => {}
                Err(other) => last = other,
            }
        }
        Err(last)
    }

    fn mac_with(&self, authority: &Key32) -> Result<Hmac<Sha256>> {
        let mut mac = Hmac::new_from_slice(authority.expose()).map_err(|_| VaultError::Backend)?;
        let mut writer = Writer::new();
        self.write_before_mac(&mut writer)?;
        mac.update(label!("front"));
        mac.update(&writer.done());
        Ok(mac)
    }

    fn write_before_mac(&self, writer: &mut Writer) -> Result<()> {
        self.anchor.vault.write(writer);
        writer.put(&self.anchor.founder);
        self.epoch.write(writer);
        writer.put(&self.commitment);
        self.slots.write(writer)
    }

    pub(crate) fn write(&self, writer: &mut Writer) -> Result<()> {
        self.write_before_mac(writer)?;
        writer.put(&self.mac);
        Ok(())
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let anchor = Anchor { vault: VaultId::read(reader)?, founder: reader.array()? };
        let (epoch, commitment) = (Epoch::read(reader)?, reader.array()?);
        let (slots, mac) = (SlotSet::read(reader)?, reader.array()?);
        if slots.heads().any(|head| head.vault() != anchor.vault) {
            return Err(VaultError::ForeignSlot);
        }
        Ok(Self { anchor, epoch, commitment, slots, mac })
    }
}

//! An open vault: the keys are in memory until it is dropped.

use super::{
    bytes::{Reader, Writer},
    device::{DeviceCard, DeviceKeys},
    entry::{EntryKeys, Index},
    error::{Result, VaultError},
    front::Front,
    ids::{Epoch, SlotId, VaultId},
    key::{Keyring, copy},
    label::label,
    locked::LockedVault,
    random::{Random, draw, draw_key},
    slot::{Anchor, NewSlot, Slot, SlotHead, Wrapped},
    slots::SlotSet,
};
use keepwell_crypto::{Key32, xaes::NONCE_LEN};
use std::fmt;
use zeroize::Zeroizing;

/// As many older keys as a device keeps.
const MAX_OLDER: usize = 4096;

/// A vault that is open on this device.
pub struct Vault {
    pub(crate) front: Front,
    pub(crate) ring: Keyring,
    pub(crate) device: DeviceKeys,
    index_key: Key32,
    index: Index,
}

impl Vault {
    /// A new vault, founded by this device, with its first slot.
    ///
    /// # Errors
    /// [`VaultError::LastSlot`] for a passkey, which must not be the only way in; [`VaultError::Randomness`].
    pub fn found(first: &NewSlot<'_>, random: &mut dyn Random) -> Result<Self> {
        let device = DeviceKeys::generate(random)?;
        let anchor = Anchor { vault: VaultId::generate(random)?, founder: device.card().verifying };
        let ring = Keyring::generate(anchor.vault, random)?;
        Self::assemble(anchor, ring, device, first, random)
    }

    /// The vault on a device that just joined it, with this device's first slot.
    pub(crate) fn assemble(
        anchor: Anchor,
        ring: Keyring,
        device: DeviceKeys,
        first: &NewSlot<'_>,
        random: &mut dyn Random,
    ) -> Result<Self> {
        let current = ring.current()?;
        let of = Wrapped { anchor, epoch: ring.epoch(), commitment: &current.commitment };
        let slots = SlotSet::parse(vec![Slot::make(first, of, &ring, random)?])?;
        let front = Front::new(anchor, &ring, slots)?;
        let index_key = draw_key(random)?;
        let index = Index::new(&index_key)?;
        Ok(Self { front, ring, device, index_key, index })
    }

    /// Which vault.
    #[must_use]
    pub const fn id(&self) -> VaultId {
        self.front.anchor.vault
    }
    /// The epoch of the newest key.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.ring.epoch()
    }
    /// This device's public keys.
    #[must_use]
    pub fn card(&self) -> DeviceCard {
        self.device.card()
    }
    /// Seals and opens this device's entries.
    #[must_use]
    pub const fn entries(&self) -> EntryKeys<'_> {
        EntryKeys { ring: &self.ring, index: &self.index }
    }
    /// The slots on this device.
    pub fn slots(&self) -> impl Iterator<Item = &SlotHead> {
        self.front.slots.heads()
    }
    /// Whether a recovery phrase was made and confirmed, without which nothing is synchronised.
    #[must_use]
    pub fn has_phrase(&self) -> bool {
        self.front.slots.has_phrase()
    }

    /// Adds a slot.
    ///
    /// # Errors
    /// [`VaultError::SlotsFull`], [`VaultError::Randomness`].
    pub fn add_slot(&mut self, new: &NewSlot<'_>, random: &mut dyn Random) -> Result<SlotId> {
        let slot = Slot::make(new, self.front.wrapped(), &self.ring, random)?;
        let id = slot.head.id();
        self.front = Front::new(self.front.anchor, &self.ring, self.front.slots.with(slot)?)?;
        Ok(id)
    }

    /// Adds a slot that was made elsewhere in this vault, without its secret.
    ///
    /// # Errors
    /// [`VaultError::ForeignSlot`], [`VaultError::SlotsFull`], [`VaultError::Randomness`].
    pub(crate) fn adopt_slot(&mut self, head: SlotHead, random: &mut dyn Random) -> Result<()> {
        if head.vault() != self.id() {
            return Err(VaultError::ForeignSlot);
        }
        let slot = Slot::fill(head, self.front.wrapped(), &self.ring.current()?.key, random)?;
        self.front = Front::new(self.front.anchor, &self.ring, self.front.slots.with(slot)?)?;
        Ok(())
    }

    /// Whether this device founded the vault and nothing was taken away from it yet: it can be brought to a server.
    #[must_use]
    pub fn can_be_founded(&self) -> bool {
        self.epoch() == Epoch::FIRST && self.card().verifying == self.front.anchor.founder
    }

    /// Takes a slot away. Whoever has a copy of it and its secret still has this epoch's key: where the vault
    /// is synchronised, follow it with a new epoch ([`crate::sync::Change::RenewKey`]).
    ///
    /// # Errors
    /// [`VaultError::LastSlot`] when only passkeys would be left; [`VaultError::NoSuchSlot`].
    pub fn remove_slot(&mut self, id: SlotId) -> Result<()> {
        self.front = Front::new(self.front.anchor, &self.ring, self.front.slots.without(id)?)?;
        Ok(())
    }

    /// Puts the newest key of the ring into the slots.
    pub(crate) fn refill(&mut self, random: &mut dyn Random) -> Result<()> {
        self.front = self.front.refilled(&self.ring, random)?;
        Ok(())
    }

    /// Seals something that this device keeps for itself, of any length: `0x01 ‖ epoch ‖ nonce (24) ‖ text ‖
    /// tag`, associated data `label ‖ vault ‖ epoch`.
    pub(crate) fn seal_local(&self, text: &[u8], random: &mut dyn Random) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = draw(random)?;
        let mut writer = Writer::with_capacity(1 + 4 + NONCE_LEN + text.len() + 16);
        writer.u8(1);
        self.epoch().write(&mut writer);
        writer.put(&nonce);
        writer.put(&self.ring.current()?.local.seal(&nonce, &self.local_aad(self.epoch()), text)?);
        Ok(writer.done())
    }

    pub(crate) fn open_local(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let mut reader = Reader::new(sealed);
        reader.version(1)?;
        let (epoch, nonce) = (Epoch::read(&mut reader)?, reader.array()?);
        let key = &self.ring.get(epoch)?.local;
        Ok(Zeroizing::new(key.open(&nonce, &self.local_aad(epoch), reader.rest())?))
    }

    fn local_aad(&self, epoch: Epoch) -> Vec<u8> {
        [label!("sync-state"), self.id().as_bytes(), &epoch.get().to_be_bytes()].concat()
    }

    /// What is kept on the device. The page seals it once more with the browser's own key that cannot be taken
    /// out.
    ///
    /// # Errors
    /// [`VaultError::Randomness`].
    pub fn lock(&self, random: &mut dyn Random) -> Result<LockedVault> {
        let mut writer = Writer::with_capacity(3 * 32 + 2 + 36 * self.ring.older().count());
        self.write_secrets(&mut writer)?;
        let text = Zeroizing::new(writer.done());
        let nonce: [u8; NONCE_LEN] = draw(random)?;
        let sealed = self.ring.current()?.local.seal(&nonce, &secrets_aad(&self.front), &text)?;
        Ok(LockedVault { front: self.front.clone(), secrets: [&nonce[..], &sealed].concat() })
    }

    fn write_secrets(&self, writer: &mut Writer) -> Result<()> {
        writer.put(self.index_key.expose());
        self.device.write(writer);
        let older: Vec<_> = self.ring.older().collect();
        if older.len() > MAX_OLDER {
            return Err(VaultError::TooLong);
        }
        writer.list(older.into_iter(), |writer, (epoch, key)| {
            epoch.write(writer);
            writer.put(key.expose());
            Ok(())
        })
    }

    pub(crate) fn unlock(locked: &LockedVault, key: Key32) -> Result<Self> {
        let front = locked.front.clone();
        let mut ring = Keyring::new(front.anchor.vault, front.epoch, key)?;
        let (nonce, sealed) = locked.secrets.split_first_chunk().ok_or(VaultError::Malformed)?;
        let text = Zeroizing::new(ring.current()?.local.open(nonce, &secrets_aad(&front), sealed)?);
        let mut reader = Reader::new(&text);
        let index_key = Key32::from_bytes(reader.array()?);
        let device = DeviceKeys::read(&mut reader)?;
        let older = reader.list(MAX_OLDER, |r| Ok((Epoch::read(r)?, Key32::from_bytes(r.array()?))))?;
        reader.end()?;
        for (epoch, key) in &older {
            if *epoch >= front.epoch {
                return Err(VaultError::Malformed);
            }
            ring.insert(*epoch, copy(key))?;
        }
        let index = Index::new(&index_key)?;
        Ok(Self { front, ring, device, index_key, index })
    }
}

fn secrets_aad(front: &Front) -> Vec<u8> {
    let epoch = front.epoch.get().to_be_bytes();
    [label!("local"), front.anchor.vault.as_bytes(), &front.anchor.founder, &epoch].concat()
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({:?}, {:?}, ***)", self.id(), self.epoch())
    }
}

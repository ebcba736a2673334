//! The slots of a vault on this device. There is always one that is no passkey: a passkey can be lost with a
//! telephone, or with an account elsewhere.

use super::{
    bytes::{Reader, Writer},
    error::{Result, VaultError},
    ids::SlotId,
    slot::{Slot, SlotHead, SlotKind},
};

/// As many slots as a vault may have.
pub const MAX_SLOTS: usize = 16;

/// At least one slot that can stand alone, with all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SlotSet(Vec<Slot>);

impl SlotSet {
    pub(crate) fn parse(slots: Vec<Slot>) -> Result<Self> {
        if slots.len() > MAX_SLOTS {
            return Err(VaultError::SlotsFull);
        }
        let mut seen = std::collections::BTreeSet::new();
        if !slots.iter().all(|slot| seen.insert(slot.head.id())) {
            return Err(VaultError::Malformed);
        }
        if slots.iter().any(|slot| slot.head.kind().can_stand_alone()) {
            Ok(Self(slots))
        } else {
            Err(VaultError::LastSlot)
        }
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &Slot> {
        self.0.iter()
    }

    pub(crate) fn heads(&self) -> impl Iterator<Item = &SlotHead> {
        self.0.iter().map(Slot::head)
    }

    pub(crate) fn get(&self, id: SlotId) -> Result<&Slot> {
        self.0.iter().find(|slot| slot.head.id() == id).ok_or(VaultError::NoSuchSlot)
    }

    pub(crate) fn with(&self, slot: Slot) -> Result<Self> {
        Self::parse(self.0.iter().cloned().chain([slot]).collect())
    }

    pub(crate) fn without(&self, id: SlotId) -> Result<Self> {
        self.get(id)?;
        Self::parse(self.0.iter().filter(|slot| slot.head.id() != id).cloned().collect())
    }

    pub(crate) fn has_phrase(&self) -> bool {
        self.heads().any(|head| matches!(head.kind(), SlotKind::Phrase))
    }

    pub(crate) fn write(&self, writer: &mut Writer) -> Result<()> {
        writer.list(self.0.iter(), |writer, slot| slot.write(writer))
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Self::parse(reader.list(MAX_SLOTS, Slot::read)?)
    }
}

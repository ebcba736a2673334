//! Changing who is in the vault: every change becomes a statement about the whole.

use super::{
    alarm::{Result, SyncError},
    head::Hash,
    state::State,
    statement::{Author, Link, Member, Role, Statement},
    ticket::TicketCode,
};
use crate::vault::{
    Anchor, DeviceCard, DeviceId, Epoch, Random, Slot, SlotHead, SlotId, SlotKind, Vault, VaultError,
    draw_key,
    hpke_wrap::{Sender, Wrap},
    key::EpochKey,
    label::label,
    slot::Wrapped,
};
use ed25519_dalek::SigningKey;
use std::fmt;

/// A change of members, ways in or keys. Whatever takes something away makes a new epoch: a new key, sealed
/// to those who stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Lets a device in that showed its ticket.
    AddDevice(TicketCode, Role),
    /// Shuts a device out.
    RemoveDevice(DeviceId),
    /// Lets a member write, or only read.
    SetRole(DeviceId, Role),
    /// Adds one of this device's slots that may be synchronised: a new recovery phrase, a keeper.
    AddSlot(SlotId),
    /// Takes a way in away.
    RemoveSlot(SlotId),
    /// Puts one of this device's recovery phrases in the place of all others, in one step: there is no moment
    /// without one, and none in which both are wanted.
    ReplacePhrase(SlotId),
    /// Only makes a new key.
    RenewKey,
}

/// Somebody who knows the secret of a slot, and is not a member yet.
#[derive(Clone)]
pub(crate) struct Guest {
    pub(crate) slot: SlotId,
    pub(crate) signing: SigningKey,
}

impl fmt::Debug for Guest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guest(***)")
    }
}

/// The first statement of a vault: the device that founded it, and those of its slots that may be known.
pub(crate) fn found(vault: &Vault, random: &mut dyn Random) -> Result<Vec<u8>> {
    let slots: Vec<Slot> =
        vault.front.slots.iter().filter(|slot| slot.head().kind().may_be_synced()).cloned().collect();
    let card = vault.device.card();
    if slots.is_empty() {
        return Err(SyncError::NoPhrase);
    }
    if vault.epoch() != Epoch::FIRST || card.verifying != vault.front.anchor.founder {
        return Err(SyncError::NotPossible);
    }
    let key = vault.ring.current()?;
    let of = Wrapped { anchor: vault.front.anchor, epoch: Epoch::FIRST, commitment: &key.commitment };
    let member = member(of, card, Role::Writer, Sender::Anyone, key, random)?;
    let statement = Statement {
        anchor: of.anchor,
        number: 0,
        previous: [0; 32],
        epoch: Epoch::FIRST,
        commitment: key.commitment,
        author: Author::Device(card.id()),
        link: None,
        members: vec![member],
        slots,
        marks: Vec::new(),
    };
    Ok(statement.sign(vault.device.signing())?)
}

fn member(
    of: Wrapped<'_>,
    card: DeviceCard,
    role: Role,
    sender: Sender<'_>,
    key: &EpochKey,
    random: &mut dyn Random,
) -> std::result::Result<Member, VaultError> {
    let info = of.info(label!("wrap/device"), card.id().as_bytes());
    let wrap = Wrap::seal(&card.kem, sender, &info, of.commitment, &key.key, random)?;
    Ok(Member { card, role, wrap })
}

/// The statement that a guest lets this device in with.
pub(crate) fn let_in(
    state: &State,
    vault: &Vault,
    guest: &Guest,
    random: &mut dyn Random,
) -> Result<Vec<u8>> {
    let mut next = after(state, Author::Slot(guest.slot))?;
    let key = vault.ring.get(next.epoch)?;
    let new = member(next.wrapped(), vault.device.card(), Role::Writer, Sender::Anyone, key, random)?;
    next.members.push(new);
    Ok(next.sign(&guest.signing)?)
}

/// The statement of a change, by this device.
pub(crate) fn make(
    state: &State,
    vault: &Vault,
    change: &Change,
    random: &mut dyn Random,
) -> Result<Vec<u8>> {
    let mut next = after(state, Author::Device(state.device))?;
    let is_removal = apply(&mut next, state, vault, change, random)?;
    if is_removal {
        renew(&mut next, vault, random)?;
    }
    Ok(next.sign(vault.device.signing())?)
}

fn after(state: &State, author: Author) -> Result<Statement> {
    let last = state.roster.last();
    let number = last.statement.number.checked_add(1).ok_or(SyncError::NotPossible)?;
    let previous: Hash = last.hash;
    Ok(Statement { number, previous, author, link: None, marks: state.marks(), ..last.statement.clone() })
}

/// Makes the change; says whether it takes something away.
fn apply(
    next: &mut Statement,
    state: &State,
    vault: &Vault,
    change: &Change,
    random: &mut dyn Random,
) -> Result<bool> {
    let (anchor, epoch) = (next.anchor, next.epoch);
    match change {
        Change::AddDevice(ticket, role) => {
            let id = ticket.card.id();
            if next.member(id).is_some() {
                return Err(SyncError::NotPossible);
            }
            let key = vault.ring.get(epoch)?;
            let (of, psk_id) = (next.wrapped(), TicketCode::psk_id(id));
            let sender = Sender::Knows(&ticket.secret, &psk_id);
            let new = member(of, ticket.card, *role, sender, key, random)?;
            next.members.push(new);
            Ok(false)
        }
        Change::RemoveDevice(id) => {
            if *id == state.device || next.member(*id).is_none() {
                return Err(SyncError::NotPossible);
            }
            next.members.retain(|member| member.id() != *id);
            Ok(true)
        }
        Change::SetRole(id, role) => {
            let member = next.members.iter_mut().find(|member| member.id() == *id && *id != state.device);
            let member = member.filter(|member| member.role != *role).ok_or(SyncError::NotPossible)?;
            member.role = *role;
            Ok(*role == Role::Reader)
        }
        Change::AddSlot(id) => {
            next.slots.push(own_slot(anchor, epoch, vault, *id, random)?);
            Ok(false)
        }
        Change::RemoveSlot(id) => {
            if next.slot(*id).is_none() || next.slots.len() == 1 {
                return Err(SyncError::NotPossible);
            }
            next.slots.retain(|slot| slot.head().id() != *id);
            Ok(true)
        }
        Change::ReplacePhrase(id) => {
            let new = own_slot(anchor, epoch, vault, *id, random)?;
            if !is_phrase(&new) || next.slot(*id).is_some() {
                return Err(SyncError::NotPossible);
            }
            next.slots.retain(|slot| !is_phrase(slot));
            next.slots.push(new);
            Ok(true)
        }
        Change::RenewKey => Ok(true),
    }
}

const fn is_phrase(slot: &Slot) -> bool {
    matches!(slot.head().kind(), SlotKind::Phrase)
}

fn own_slot(
    anchor: Anchor,
    epoch: Epoch,
    vault: &Vault,
    id: SlotId,
    random: &mut dyn Random,
) -> Result<Slot> {
    // Gone where another member's statement came first.
    let head = vault.front.slots.get(id).map_err(|_| SyncError::NotPossible)?.head().clone();
    if !head.kind().may_be_synced() {
        return Err(SyncError::NotPossible);
    }
    let key = vault.ring.get(epoch)?;
    Ok(Slot::fill(head, Wrapped { anchor, epoch, commitment: &key.commitment }, &key.key, random)?)
}

/// A new key under the next epoch, for those who are still there.
fn renew(next: &mut Statement, vault: &Vault, random: &mut dyn Random) -> Result<()> {
    let (anchor, epoch) = (next.anchor, next.epoch.next()?);
    let key = EpochKey::new(anchor.vault, epoch, draw_key(random)?)?;
    next.link = Some(Link::seal(anchor.vault, epoch, &key, &vault.ring.get(next.epoch)?.key, random)?);
    next.epoch = epoch;
    next.commitment = key.commitment;
    let of = Wrapped { anchor, epoch, commitment: &key.commitment };
    for old in &mut next.members {
        *old = member(of, old.card, old.role, Sender::Anyone, &key, random)?;
    }
    for slot in &mut next.slots {
        let head = SlotHead::clone(slot.head());
        *slot = Slot::fill(head, of, &key.key, random)?;
    }
    Ok(())
}

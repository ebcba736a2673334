//! How a new device comes into a vault: by a ticket that a member scanned, or by the secret of a slot.

use super::{
    alarm::{Alarm, Result, SyncError},
    catch_up::CatchUp,
    change::Guest,
    client::Client,
    keys,
    roster::Roster,
    state::State,
    statement::Statement,
    ticket::{Ticket, TicketCode},
    wire::VaultInfo,
};
use crate::vault::{
    DeviceKeys, NewSlot, Random, Slot, SlotSecret, Vault, VaultError,
    hpke_wrap::Sender,
    key::{Keyring, copy},
    label::label,
    slot::{SlotKeys, checked},
};

/// A vault that this device joined, and the client for it.
#[derive(Debug)]
pub struct Joined {
    /// The open vault, with its first slot on this device.
    pub vault: Vault,
    /// Pulls everything first.
    pub client: Client,
}

impl Ticket {
    /// Comes into the vault when a member has let this device in; `None` when it has not yet, so ask again.
    /// `first` becomes this device's own way in, a passphrase as a rule.
    ///
    /// # Errors
    /// [`Alarm::LockedOut`] when this is not the vault of whoever scanned the ticket, and every alarm that
    /// statements can raise.
    pub fn join(
        &self,
        info: &VaultInfo,
        first: &NewSlot<'_>,
        random: &mut dyn Random,
    ) -> Result<Option<Joined>> {
        let roster = Roster::replay(info.statements.iter().map(Vec::as_slice), None)?;
        let id = self.device.card().id();
        let is_in = |statement: &&Statement| statement.member(id).is_some();
        let Some(admission) = roster.iter().map(|known| &known.statement).find(is_in) else {
            return Ok(None);
        };
        let member = admission.member(id).ok_or(Alarm::LockedOut)?;
        let of = admission.wrapped();
        let (of_info, psk_id) = (of.info(label!("wrap/device"), id.as_bytes()), TicketCode::psk_id(id));
        let sender = Sender::Knows(&self.secret, &psk_id);
        let key = member
            .wrap
            .open(self.device.kem(), sender, &of_info, &admission.commitment)
            .map_err(|_| Alarm::LockedOut)?;
        let key = checked(of, key).map_err(|_| Alarm::OtherKey)?;
        if roster.last().statement.member(id).is_none() {
            return Err(Alarm::RemovedDevice.into());
        }
        let ring = Keyring::new(of.anchor.vault, admission.epoch, key)?;
        let device = DeviceKeys::new(copy(&self.device.seed), copy(&self.device.kem_seed));
        enter(roster, ring, device, first, None, info, random).map(Some)
    }
}

/// Comes into a vault with the secret of one of its slots, a recovery phrase as a rule. The device is let in as
/// soon as it has pulled everything; until then the client must not be dropped.
///
/// # Errors
/// [`VaultError::WrongSecret`] when no slot opens; [`Alarm::ForeignVault`] when the vault was not made by
/// whoever made the slot; and every alarm that statements can raise.
pub fn join_with(
    info: &VaultInfo,
    secret: SlotSecret<'_>,
    first: &NewSlot<'_>,
    random: &mut dyn Random,
) -> Result<Joined> {
    let roster = Roster::replay(info.statements.iter().map(Vec::as_slice), None)?;
    let last = &roster.last().statement;
    let (slot, keys) = unlock(last, secret)?;
    let key = slot.open(last.wrapped(), &keys).map_err(|error| match error {
        VaultError::OtherKey => Alarm::OtherKey,
        _ => Alarm::LockedOut,
    })?;
    let ring = Keyring::new(last.anchor.vault, last.epoch, key)?;
    let guest = Guest { slot: slot.head().id(), signing: keys.signing.clone() };
    let authority = slot.head().authority(&keys);
    let joined = enter(roster, ring, DeviceKeys::generate(random)?, first, Some(guest), info, random)?;
    // The slot was made in this very vault: it holds what only the vault's first key gives.
    if joined.vault.ring.authority()?.expose() == authority.expose() {
        Ok(joined)
    } else {
        Err(Alarm::OtherKey.into())
    }
}

fn unlock<'s>(statement: &'s Statement, secret: SlotSecret<'_>) -> Result<(&'s Slot, SlotKeys)> {
    for slot in &statement.slots {
        match slot.head().unlock(statement.anchor, secret) {
            Ok(keys) => return Ok((slot, keys)),
            Err(VaultError::WrongSecret) => {}
            Err(VaultError::ForeignSlot) => return Err(Alarm::ForeignVault.into()),
            Err(other) => return Err(other.into()),
        }
    }
    Err(SyncError::Vault(VaultError::WrongSecret))
}

fn enter(
    roster: Roster,
    mut ring: Keyring,
    device: DeviceKeys,
    first: &NewSlot<'_>,
    guest: Option<Guest>,
    info: &VaultInfo,
    random: &mut dyn Random,
) -> Result<Joined> {
    keys::gather(&mut ring, &roster, &device)?;
    let anchor = roster.anchor();
    let mut state = State::new(device.card().id(), roster, false);
    state.horizon = info.last;
    let catch_up = CatchUp::begin(&state, info)?;
    let vault = Vault::assemble(anchor, ring, device, first, random)?;
    Ok(Joined { vault, client: Client::new(state, guest, catch_up) })
}

//! The devices in a vault, their names, and who comes and goes.

use super::{channel, engine, one, turn::until};
use crate::{
    browser::{Result, Trouble, clock},
    keep,
};
use keepwell_journal::{
    model::{Device, Told},
    sync::{Change, Client, Role, TicketCode},
    vault::{DeviceId, SlotId, VaultId},
};

/// A device as the pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: DeviceId,
    /// What the person calls it.
    pub name: Option<String>,
    /// Since when, in words of the entry.
    pub since: Option<keepwell_journal::model::Moment>,
    /// The server's id of the account by which it comes, for a partner's.
    pub account: Option<String>,
    /// In a space: which of the person's own devices it is.
    pub own: Option<String>,
    /// Whether it is this one.
    pub is_own: bool,
    /// Whether it may write.
    pub may_write: bool,
    /// Digits that are the same on both sides, where nobody stands in between.
    pub digits: String,
}

/// The devices of a vault, this one first.
pub fn list(id: VaultId) -> Vec<Member> {
    let all = keep::with(|open| {
        let channel = open.channels.iter().find(|c| c.id == id)?;
        let own = channel.client.device();
        let one = |member: &keepwell_journal::sync::Member| {
            let told = open.book.get::<Device>(Device::id(member.id().as_bytes())).unwrap_or_default();
            Member {
                id: member.id(),
                name: told.name.into_known(),
                since: told.since.into_known(),
                account: told.account.into_known(),
                own: told.own.into_known(),
                is_own: member.id() == own,
                may_write: member.role == Role::Writer,
                digits: channel.client.safety_code(member.id()).unwrap_or_default(),
            }
        };
        let mut all: Vec<Member> = channel.client.members().iter().map(one).collect();
        all.sort_by_key(|m| !m.is_own);
        Some(all)
    });
    all.flatten().unwrap_or_default()
}

/// Says what a device is called.
pub async fn name(device: DeviceId, name: &str, account: Option<String>) -> Result<()> {
    let id = Device::id(device.as_bytes());
    let mut told = keep::read(|book| book.get::<Device>(id)).flatten().unwrap_or_default();
    told.name = name.trim().to_owned().into();
    if !told.since.is_known() {
        told.since = clock::moment().into();
    }
    if let Some(account) = account {
        told.account = Told::Known(account);
    }
    keep::save(id, told).await
}

/// Says what this device is called.
pub async fn name_own(text: &str) -> Result<()> {
    let own = keep::with(|open| DeviceId::from_bytes(*open.vault.card().id().as_bytes()));
    name(own.ok_or(Trouble::Failed)?, text, None).await
}

/// Says which of the own devices this one is in a space.
pub async fn name_in_space(id: VaultId) -> Result<()> {
    let ready = keep::with(|open| {
        let channel = open.channels.iter().find(|c| c.id == id)?;
        Some((channel.client.device(), open.vault.card().id().to_string()))
    });
    let (device, own) = ready.flatten().ok_or(Trouble::Failed)?;
    let told = Device { own: own.into(), since: clock::moment().into(), ..Device::default() };
    keep::save(Device::id(device.as_bytes()), told).await
}

/// Makes a change of members and waits until it is in force. `false` when it could not be made, or not yet.
async fn change(id: VaultId, change: Change, is_done: impl Fn(&Client) -> bool) -> Result<bool> {
    let _held = one::wait(&one::CHANGE).await;
    let wished = keep::with(|open| {
        channel::run(open, id, |channel, _| {
            (channel.was_refused, channel.failures) = (false, 0);
            // One that was not made in time.
            channel.client.withdraw();
            channel.client.change(change).map_err(|_| Trouble::Failed)
        })
    });
    wished.flatten().ok_or(Trouble::Failed)??;
    engine::now();
    let done = until(|open| {
        let channel = open.channels.iter().find(|c| c.id == id)?;
        if is_done(&channel.client) {
            return Some(true);
        }
        (channel.was_refused || channel.halt.is_some() || channel.failures > 0).then_some(false)
    })
    .await;
    if !done {
        keep::with(|open| channel::run(open, id, |channel, _| channel.client.withdraw()));
    }
    engine::said();
    Ok(done)
}

/// Lets the device of a ticket in.
pub async fn let_in(id: VaultId, ticket: TicketCode, role: Role) -> Result<bool> {
    let device = ticket.device();
    change(id, Change::AddDevice(ticket, role), move |c| c.members().iter().any(|m| m.id() == device)).await
}

/// Shuts a device out, under a new key.
pub async fn shut_out(id: VaultId, device: DeviceId) -> Result<bool> {
    change(id, Change::RemoveDevice(device), move |c| c.members().iter().all(|m| m.id() != device)).await
}

/// Puts a phrase of this device's vault in the place of every other, under a new key.
pub async fn replace_phrase(id: VaultId, slot: SlotId) -> Result<bool> {
    change(id, Change::ReplacePhrase(slot), move |c| c.slots().any(|head| head.id() == slot)).await
}

/// Another way into the vault.
pub async fn add_slot(id: VaultId, slot: SlotId) -> Result<bool> {
    change(id, Change::AddSlot(slot), move |c| c.slots().any(|head| head.id() == slot)).await
}

/// Takes a way into the vault away.
pub async fn remove_slot(id: VaultId, slot: SlotId) -> Result<bool> {
    change(id, Change::RemoveSlot(slot), move |c| c.slots().all(|head| head.id() != slot)).await
}

/// Wishes again for a new key that was not made before the journal was closed, or had to stand back.
pub(super) async fn wish_again() {
    let own = keep::with(|open| {
        let own = open.channels.iter().find(|c| !c.is_space && c.halt.is_none())?;
        Some((open.db.clone(), own.id))
    });
    let Some((db, id)) = own.flatten() else { return };
    if db.bytes(&channel::name("renew", id)).await.is_ok_and(|mark| mark.is_some()) {
        // Refused while another change is under way: then with the next round.
        keep::with(|open| channel::run(open, id, |channel, _| channel.client.change(Change::RenewKey)));
    }
}

/// Wishes for a new key, for what a way in that is gone must not read. It is made at the next round that reaches
/// the server.
pub fn renew(id: VaultId) {
    let wished =
        keep::with(|open| channel::run(open, id, |channel, _| channel.client.change(Change::RenewKey)));
    if let Some(Some(Ok(()))) = wished {
        engine::now();
    }
}

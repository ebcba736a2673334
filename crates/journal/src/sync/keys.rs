//! The vault's keys out of its statements.

use super::{alarm::Alarm, roster::Roster};
use crate::vault::{
    DeviceKeys, VaultError,
    hpke_wrap::Sender,
    key::{Commitment, Keyring},
    label::label,
    slot::checked,
};
use keepwell_crypto::Key32;

/// Completes the ring: the newest key out of the wrap for this device, the older ones each out of the next.
/// Says whether there is a newer key than before.
pub(crate) fn gather(ring: &mut Keyring, roster: &Roster, device: &DeviceKeys) -> Result<bool, Alarm> {
    let is_newer = !ring.has(roster.last().statement.epoch);
    if is_newer {
        let key = own_key(roster, device)?;
        ring.insert(roster.last().statement.epoch, key).map_err(fault)?;
    }
    walk_back(ring, roster)?;
    Ok(is_newer)
}

fn own_key(roster: &Roster, device: &DeviceKeys) -> Result<Key32, Alarm> {
    let statement = &roster.last().statement;
    let id = device.card().id();
    let member = statement.member(id).ok_or(Alarm::LockedOut)?;
    let info = statement.wrapped().info(label!("wrap/device"), id.as_bytes());
    let key = member
        .wrap
        .open(device.kem(), Sender::Anyone, &info, &statement.commitment)
        .map_err(|_| Alarm::LockedOut)?;
    checked(statement.wrapped(), key).map_err(|_| Alarm::OtherKey)
}

/// The keys before those that are there.
fn walk_back(ring: &mut Keyring, roster: &Roster) -> Result<(), Alarm> {
    let vault = roster.anchor().vault;
    let mut newest_first: Vec<_> = roster.iter().collect();
    newest_first.reverse();
    for known in newest_first {
        let statement = &known.statement;
        let (Some(link), Some(before)) = (&statement.link, statement.epoch.previous()) else { continue };
        if ring.has(before) || !ring.has(statement.epoch) {
            continue;
        }
        let new = ring.get(statement.epoch).map_err(fault)?;
        let key = link.open(vault, statement.epoch, new).map_err(|_| Alarm::OtherKey)?;
        ring.insert(before, key).map_err(fault)?;
        let is_right = ring.get(before).is_ok_and(|key| Some(key.commitment) == commitment(roster, before));
        if !is_right {
            return Err(Alarm::OtherKey);
        }
    }
    Ok(())
}

fn commitment(roster: &Roster, epoch: crate::vault::Epoch) -> Option<Commitment> {
    roster.iter().find(|known| known.statement.epoch == epoch).map(|known| known.statement.commitment)
}

const fn fault(_: VaultError) -> Alarm {
    Alarm::LockedOut
}

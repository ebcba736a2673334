//! All statements of a vault, each checked against the one before it.

use super::{
    alarm::Alarm,
    head::Hash,
    statement::{Author, Member, Role, Statement},
    wire::MAX_STATEMENTS,
};
use crate::vault::{Anchor, DeviceId, Epoch};
use std::collections::BTreeSet;

/// A statement that was checked, with its bytes and hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) statement: Statement,
    pub(crate) hash: Hash,
    pub(crate) bytes: Vec<u8>,
}

/// The statements from the first on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Roster {
    first: Known,
    later: Vec<Known>,
}

impl Roster {
    /// Begins with a vault's first statement. `anchor` is what the device knows from its slot or its ticket;
    /// whoever knows nothing yet takes it from the statement and checks it afterwards.
    pub(crate) fn begin(bytes: &[u8], anchor: Option<Anchor>) -> Result<Self, Alarm> {
        let statement = Statement::parse(bytes)?;
        if anchor.is_some_and(|known| known != statement.anchor) {
            return Err(Alarm::ForeignVault);
        }
        Statement::verify(bytes, &statement.anchor.founder)?;
        check_first(&statement)?;
        check_state(&statement)?;
        Ok(Self { first: known(bytes, statement), later: Vec::new() })
    }

    /// All of them, in order.
    pub(crate) fn replay<'a>(
        mut statements: impl Iterator<Item = &'a [u8]>,
        anchor: Option<Anchor>,
    ) -> Result<Self, Alarm> {
        let mut roster = Self::begin(statements.next().ok_or(Alarm::Truncated)?, anchor)?;
        statements.try_for_each(|bytes| roster.learn(bytes))?;
        Ok(roster)
    }

    /// Checks and adds the next statement.
    pub(crate) fn learn(&mut self, bytes: &[u8]) -> Result<(), Alarm> {
        let statement = Statement::parse(bytes)?;
        let last = self.last();
        if statement.anchor != last.statement.anchor {
            return Err(Alarm::ForeignVault);
        }
        if let Some(same) = self.at(statement.number) {
            return Err(if same.bytes == bytes { Alarm::Replayed } else { Alarm::Forked });
        }
        if last.statement.number.checked_add(1) != Some(statement.number) {
            return Err(Alarm::Dropped);
        }
        if self.later.len() + 1 >= MAX_STATEMENTS {
            return Err(Alarm::TooLarge);
        }
        self.check_author(bytes, &statement)?;
        if statement.previous != last.hash {
            return Err(Alarm::Forked);
        }
        check_state(&statement)?;
        check_step(&last.statement, &statement)?;
        self.later.push(known(bytes, statement));
        Ok(())
    }

    fn check_author(&self, bytes: &[u8], statement: &Statement) -> Result<(), Alarm> {
        let before = &self.last().statement;
        let key = match statement.author {
            Author::Device(id) => match before.member(id) {
                Some(member) if member.role == Role::Writer => &member.card.verifying,
                Some(_) => return Err(Alarm::NotAWriter),
                None => return Err(self.stranger(id)),
            },
            Author::Slot(id) => before.slot(id).ok_or(Alarm::UnknownDevice)?.head().verifying(),
        };
        Statement::verify(bytes, key)
    }

    /// What a device is that is no member.
    pub(crate) fn stranger(&self, device: DeviceId) -> Alarm {
        let was_member = self.iter().any(|known| known.statement.member(device).is_some());
        if was_member { Alarm::RemovedDevice } else { Alarm::UnknownDevice }
    }

    /// The last number of a removed device's chain that is accepted, if it was removed.
    pub(crate) fn cut(&self, device: DeviceId) -> Option<u64> {
        let is_in = |known: &&Known| known.statement.member(device).is_some();
        let last_in = self.iter().filter(is_in).last()?.statement.number;
        let removing = self.at(last_in.checked_add(1)?)?;
        Some(removing.statement.mark(device).map_or(0, |mark| mark.seq))
    }

    /// The devices that were members and are not any more.
    pub(crate) fn removed(&self) -> impl Iterator<Item = DeviceId> {
        let all: BTreeSet<DeviceId> =
            self.iter().flat_map(|known| &known.statement.members).map(Member::id).collect();
        all.into_iter().filter(|id| self.last().statement.member(*id).is_none())
    }

    pub(crate) fn last(&self) -> &Known {
        self.later.last().unwrap_or(&self.first)
    }

    pub(crate) fn at(&self, number: u32) -> Option<&Known> {
        match usize::try_from(number).ok()?.checked_sub(1) {
            None => Some(&self.first),
            Some(index) => self.later.get(index),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Known> {
        std::iter::once(&self.first).chain(&self.later)
    }

    pub(crate) const fn anchor(&self) -> Anchor {
        self.first.statement.anchor
    }

    pub(crate) fn members(&self) -> &[Member] {
        &self.last().statement.members
    }
}

fn known(bytes: &[u8], statement: Statement) -> Known {
    Known { hash: Statement::hash(bytes), bytes: bytes.to_vec(), statement }
}

fn check_first(statement: &Statement) -> Result<(), Alarm> {
    let is_right = statement.number == 0
        && statement.previous == [0; 32]
        && statement.epoch == Epoch::FIRST
        && statement.link.is_none()
        && statement.marks.is_empty();
    let founder = match statement.members.as_slice() {
        [founder] => founder,
        _ => return Err(Alarm::BadStatement),
    };
    let is_founder = founder.card.verifying == statement.anchor.founder
        && founder.role == Role::Writer
        && statement.author == Author::Device(founder.id());
    if is_right && is_founder { Ok(()) } else { Err(Alarm::BadStatement) }
}

/// What holds for every statement by itself.
fn check_state(statement: &Statement) -> Result<(), Alarm> {
    let mut ids = BTreeSet::new();
    let are_devices_once = statement.members.iter().all(|member| ids.insert(*member.id().as_bytes()));
    let mut ids = BTreeSet::new();
    let are_slots_once = statement.slots.iter().all(|slot| ids.insert(*slot.head().id().as_bytes()));
    if statement.slots.iter().any(|slot| !slot.head().kind().may_be_synced()) {
        return Err(Alarm::Downgraded);
    }
    if statement.slots.iter().any(|slot| slot.head().vault() != statement.anchor.vault) {
        return Err(Alarm::ForeignVault);
    }
    let has_writer = statement.members.iter().any(|member| member.role == Role::Writer);
    let is_whole = are_devices_once && are_slots_once && has_writer && !statement.slots.is_empty();
    if is_whole { Ok(()) } else { Err(Alarm::BadStatement) }
}

/// What may change from one statement to the next: without a new epoch only additions; with one, everything,
/// under another key. Who is taken away, or may no longer write, makes a new epoch necessary.
fn check_step(before: &Statement, after: &Statement) -> Result<(), Alarm> {
    let ok = if after.epoch == before.epoch {
        after.commitment == before.commitment && after.link.is_none() && keeps_all(before, after)
    } else {
        after.epoch.previous() == Some(before.epoch)
            && after.commitment != before.commitment
            && after.link.is_some()
            && after.members.iter().all(|member| !member.wrap.is_for_ticket())
            && keeps_slot_heads(before, after)
    };
    if ok && goes_on(before, after) { Ok(()) } else { Err(Alarm::BadStatement) }
}

fn keeps_all(before: &Statement, after: &Statement) -> bool {
    let members = before
        .members
        .iter()
        .all(|old| after.member(old.id()).is_some_and(|new| new.wrap == old.wrap && new.role >= old.role));
    members && before.slots.iter().all(|old| after.slot(old.head().id()) == Some(old))
}

fn keeps_slot_heads(before: &Statement, after: &Statement) -> bool {
    after.slots.iter().all(|new| before.slot(new.head().id()).is_none_or(|old| old.head() == new.head()))
}

/// No chain goes back.
fn goes_on(before: &Statement, after: &Statement) -> bool {
    before.marks.iter().all(|old| {
        after
            .mark(old.device)
            .is_some_and(|new| new.seq > old.seq || (new.seq == old.seq && new.hash == old.hash))
    })
}

//! Catching up from a snapshot, when objects that were not seen yet have been deleted.

use super::{
    alarm::{Alarm, Result},
    event::Event,
    head::{Head, Kind, Mark},
    intake::{check_author, check_object},
    object,
    state::State,
    wire::{Item, MAX_PARTS, Order, SnapshotRef, VaultInfo},
};
use crate::vault::Vault;
use zeroize::Zeroizing;

/// A snapshot that is being fetched, part by part.
#[derive(Clone)]
pub(crate) struct CatchUp {
    snapshot: SnapshotRef,
    /// What the server had in all when this began.
    last: Order,
    tip: Option<Mark>,
    seen: Vec<Mark>,
    done: u16,
    content: Zeroizing<Vec<u8>>,
}

impl CatchUp {
    /// Begins if what is missing was deleted.
    pub(crate) fn begin(state: &State, info: &VaultInfo) -> std::result::Result<Option<Self>, Alarm> {
        if info.floor <= state.cursor.max(state.settled) {
            return Ok(None);
        }
        let snapshot = info.snapshot.ok_or(Alarm::Dropped)?;
        if snapshot.parts == 0 || snapshot.first == 0 || usize::from(snapshot.parts) > MAX_PARTS {
            return Err(Alarm::BadSnapshot);
        }
        let content = Zeroizing::new(Vec::new());
        Ok(Some(Self { snapshot, last: info.last, tip: None, seen: Vec::new(), done: 0, content }))
    }

    /// Which snapshot.
    pub(crate) const fn snapshot(&self) -> SnapshotRef {
        self.snapshot
    }

    /// The device and number of the part to ask for next.
    pub(crate) const fn next(&self) -> (crate::vault::DeviceId, u64) {
        (self.snapshot.device, self.snapshot.first + self.done as u64)
    }

    /// Checks a part and adds it; when it was the last, the snapshot stands for all that it covers.
    pub(crate) fn part(&mut self, state: &mut State, vault: &Vault, item: &Item) -> Result<Option<Event>> {
        let Item::Object { device, seq, epoch, head: bytes, object, .. } = item else {
            return Err(Alarm::Swapped.into());
        };
        let head = Head::parse(bytes)?;
        if head.vault != state.vault() {
            return Err(Alarm::ForeignVault.into());
        }
        if (*device, *seq) != self.next() || (head.device, head.seq, head.epoch) != (*device, *seq, *epoch) {
            return Err(Alarm::Swapped.into());
        }
        let known = state.roster.at(head.statement).ok_or(Alarm::Withheld)?;
        if known.hash != head.statement_hash {
            return Err(Alarm::Forked.into());
        }
        if head.epoch != known.statement.epoch {
            return Err(Alarm::WrongEpoch.into());
        }
        check_author(state, head.statement, &head, bytes)?;
        self.check_part(&head)?;
        check_object(&head, object, |_| false)?;
        self.content.extend_from_slice(&object::open(&vault.ring, &head, object)?);
        self.tip = Some(Mark { device: head.device, seq: head.seq, hash: Head::hash(bytes) });
        self.done += 1;
        if self.done < self.snapshot.parts { Ok(None) } else { self.finish(state).map(Some) }
    }

    fn check_part(&mut self, head: &Head) -> std::result::Result<(), Alarm> {
        if head.kind != (Kind::Snapshot { part: self.done, parts: self.snapshot.parts }) {
            return Err(Alarm::BadSnapshot);
        }
        match self.tip {
            None => {
                // Its own chain up to the first part is covered too.
                self.seen.clone_from(&head.seen);
                Ok(())
            }
            Some(tip) if head.previous == tip.hash && head.seen == self.seen => Ok(()),
            Some(_) => Err(Alarm::BadSnapshot),
        }
    }

    fn finish(&mut self, state: &mut State) -> Result<Event> {
        let tip = self.tip.ok_or(Alarm::BadSnapshot)?;
        for mark in self.seen.iter().chain([&tip]) {
            if mark.device == state.device {
                check_own(state, *mark)?;
            }
            state.chain(mark.device).rebase(*mark)?;
        }
        state.settled = state.settled.max(self.last);
        state.weight = (0, 0);
        Ok(Event::Snapshot { content: std::mem::take(&mut self.content) })
    }
}

/// A snapshot never covers more of this device's chain than this device pushed.
fn check_own(state: &mut State, mark: Mark) -> std::result::Result<(), Alarm> {
    if mark.seq > state.own.mark.seq {
        let in_flight = state.flight.iter().any(|pushed| pushed.seq == mark.seq && pushed.hash == mark.hash);
        if !in_flight {
            return Err(Alarm::OwnChain);
        }
        state.settle_flight();
    }
    let is_other = state.own.hash_at(mark.seq).is_some_and(|known| known != mark.hash);
    if is_other { Err(Alarm::OwnChain) } else { Ok(()) }
}

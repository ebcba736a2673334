//! What this device has to push: sealing it, signing its heads, taking snapshots.

use super::{
    alarm::{Result, SyncError},
    batch::{self, MAX_CONTENT},
    head::{Head, Kind},
    object::{Place, object_hash},
    state::{Compaction, Outgoing, State},
    statement::Role,
    wire::{Cover, MAX_PARTS, MAX_PUSH, Pushed, SnapshotRef},
};
use crate::vault::{Random, Vault, pad::OBJECTS};
use zeroize::Zeroizing;

/// Most objects in one push.
const MAX_FLIGHT: usize = 256;
/// Most that waits: enough for years without a network, well below what a list can hold.
const MAX_WAITING: usize = 32_768;

/// The right to write into a vault: to be had of [`super::Client::writer`] by a member with that role only.
pub struct Writer<'c> {
    state: &'c mut State,
}

impl<'c> Writer<'c> {
    pub(crate) fn of(state: &'c mut State) -> Option<Self> {
        (state.role() == Some(Role::Writer)).then_some(Self { state })
    }

    /// Longest content of [`Self::queue`], in bytes.
    #[must_use]
    pub const fn max_content() -> usize {
        MAX_CONTENT
    }

    /// Queues a change, or several in one content; the others get it as one [`super::Event::Batch`]. What waits is
    /// kept in the client's state as a whole, so a page that is offline for long keeps its changes itself and
    /// queues them when there is a network.
    ///
    /// # Errors
    /// [`SyncError::TooLong`] above [`Self::max_content`], or when too much waits.
    pub fn queue(&mut self, content: &[u8]) -> Result<()> {
        if content.len() > MAX_CONTENT || self.state.outbox.len() >= MAX_WAITING {
            return Err(SyncError::TooLong);
        }
        let sealed = self.state.flight.len();
        let last = self.state.outbox.iter_mut().skip(sealed).last();
        let new = batch::add(last, content);
        self.state.outbox.extend(new);
        Ok(())
    }

    /// Queues a snapshot. `content` is the whole state: everything of all events so far, and everything this
    /// device queued. Once it is stored the server is told to delete what it covers.
    ///
    /// # Errors
    /// [`SyncError::NotPossible`] while another one is under way, [`SyncError::TooLong`] above 256 parts.
    pub fn snapshot(&mut self, content: &[u8]) -> Result<()> {
        if self.state.compaction.is_some() {
            return Err(SyncError::NotPossible);
        }
        let pieces: Vec<&[u8]> =
            if content.is_empty() { vec![content] } else { content.chunks(OBJECTS.max()).collect() };
        if pieces.len() > MAX_PARTS || self.state.outbox.len() + pieces.len() > MAX_WAITING {
            return Err(SyncError::TooLong);
        }
        let parts = u16::try_from(pieces.len()).map_err(|_| SyncError::TooLong)?;
        let seen = self.state.seen();
        let first = self.state.own.mark.seq + self.state.outbox.len() as u64 + 1;
        // A device's view never goes back, so what waits before the snapshot must not see more than it.
        for waiting in &mut self.state.outbox {
            waiting.seen.get_or_insert_with(|| seen.clone());
        }
        for (part, piece) in (0..parts).zip(pieces) {
            let text = Zeroizing::new(piece.to_vec());
            let kind = Kind::Snapshot { part, parts };
            self.state.outbox.push_back(Outgoing { kind, seen: Some(seen.clone()), text });
        }
        let others = seen.iter().map(|mark| Cover { device: mark.device, seq: mark.seq });
        let own = Cover { device: self.state.device, seq: first - 1 };
        let covers = others.chain([own]).filter(|cover| cover.seq > 0).collect();
        let snapshot = SnapshotRef { device: self.state.device, first, parts };
        self.state.compaction = Some(Compaction { snapshot, covers });
        Ok(())
    }
}

/// Seals what waits, as much as fits into one push, and signs its heads.
pub(crate) fn take_off(state: &mut State, vault: &Vault, random: &mut dyn Random) -> Result<()> {
    let known = state.roster.last();
    let (statement, statement_hash, epoch) = (known.statement.number, known.hash, known.statement.epoch);
    let (vault_id, device, now) = (state.vault(), state.device, state.seen());
    let (mut seq, mut previous) = (state.own.mark.seq, state.own.mark.hash);
    let (mut flight, mut size) = (Vec::new(), 64);
    for outgoing in state.outbox.iter().take(MAX_FLIGHT) {
        seq += 1;
        let kind = outgoing.kind;
        let object =
            Place { vault: vault_id, epoch, device, seq, kind }.seal(&vault.ring, &outgoing.text, random)?;
        let head = Head {
            vault: vault_id,
            device,
            seq,
            previous,
            kind,
            epoch,
            statement,
            statement_hash,
            object_hash: object_hash(&object),
            object_len: u32::try_from(object.len()).map_err(|_| SyncError::TooLong)?,
            seen: outgoing.seen.clone().unwrap_or_else(|| now.clone()),
        };
        let head = head.sign(vault.device.signing())?;
        let hash = Head::hash(&head);
        let pushed = Pushed { seq, epoch, previous, hash, head, object };
        size += pushed.size();
        if size > MAX_PUSH && !flight.is_empty() {
            break;
        }
        previous = hash;
        flight.push(pushed);
    }
    state.flight = flight;
    Ok(())
}

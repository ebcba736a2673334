//! All that a device remembers about synchronising one vault.

use super::{
    alarm::Alarm,
    chain::Chain,
    head::{Kind, Mark},
    roster::Roster,
    statement::Role,
    wire::{Cover, MAX_DEVICES, MAX_ITEMS, MAX_STATEMENT, MAX_STATEMENTS, Order, Pushed, SnapshotRef},
};
use crate::vault::{
    DeviceId, VaultError, VaultId,
    bytes::{Reader, Writer},
    pad::OBJECTS,
};
use std::collections::{BTreeMap, VecDeque};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
/// Most batches that wait.
const MAX_WAITING: usize = u16::MAX as usize;

/// Something that is to be sealed and pushed.
#[derive(Clone)]
pub(crate) struct Outgoing {
    pub(crate) kind: Kind,
    /// Where all other chains stood when a snapshot was taken, for its parts and for what waited before them:
    /// a snapshot covers no more than what was in it. Otherwise the head says where they stand when it is made.
    pub(crate) seen: Option<Vec<Mark>>,
    pub(crate) text: Zeroizing<Vec<u8>>,
}

/// A snapshot that is pushed or about to be, after which the server may delete what it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compaction {
    pub(crate) snapshot: SnapshotRef,
    pub(crate) covers: Vec<Cover>,
}

/// See the module.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) device: DeviceId,
    pub(crate) roster: Roster,
    /// The vault is yet to be made on the server.
    pub(crate) is_founding: bool,
    /// The last statement that came in the order of the server.
    pub(crate) streamed: Option<u32>,
    pub(crate) cursor: Order,
    /// The server has said that there is something at this place.
    pub(crate) horizon: Order,
    /// Up to this place things may come that a snapshot already stands for.
    pub(crate) settled: Order,
    pub(crate) chains: BTreeMap<DeviceId, Chain>,
    /// This device's chain as far as the server has stored it.
    pub(crate) own: Chain,
    /// What was sealed and pushed, and may or may not have been stored.
    pub(crate) flight: Vec<Pushed>,
    /// What is to be pushed; the first of them are those in flight.
    pub(crate) outbox: VecDeque<Outgoing>,
    pub(crate) compaction: Option<Compaction>,
    /// Objects and bytes since the last snapshot.
    pub(crate) weight: (u64, u64),
}

impl State {
    pub(crate) fn new(device: DeviceId, roster: Roster, is_founding: bool) -> Self {
        let own = Chain::start(roster.anchor().vault, device);
        Self {
            device,
            roster,
            is_founding,
            streamed: None,
            cursor: 0,
            horizon: 0,
            settled: 0,
            chains: BTreeMap::new(),
            own,
            flight: Vec::new(),
            outbox: VecDeque::new(),
            compaction: None,
            weight: (0, 0),
        }
    }

    pub(crate) const fn vault(&self) -> VaultId {
        self.roster.anchor().vault
    }

    /// What this device may do by the newest statement.
    pub(crate) fn role(&self) -> Option<Role> {
        self.roster.last().statement.member(self.device).map(|member| member.role)
    }

    /// This device was in the vault, and is not any more.
    pub(crate) fn is_removed(&self) -> bool {
        let was_in = self.roster.iter().any(|known| known.statement.member(self.device).is_some());
        was_in && self.role().is_none()
    }

    pub(crate) fn chain(&mut self, device: DeviceId) -> &mut Chain {
        let vault = self.vault();
        self.chains.entry(device).or_insert_with(|| Chain::start(vault, device))
    }

    /// Where all chains stand, but for those not begun.
    pub(crate) fn marks(&self) -> Vec<Mark> {
        self.chains.values().map(|chain| chain.mark).filter(|mark| mark.seq > 0).collect()
    }

    /// As [`Self::marks`] without this device's own chain.
    pub(crate) fn seen(&self) -> Vec<Mark> {
        self.marks().into_iter().filter(|mark| mark.device != self.device).collect()
    }

    /// The newest statement has come in the order of the server.
    pub(crate) fn is_level(&self) -> bool {
        self.streamed == Some(self.roster.last().statement.number)
    }

    /// Whether the server has shown everything of this device's own chain that it said it stored.
    pub(crate) fn has_echo(&self) -> bool {
        let echoed = self.chains.get(&self.device).map_or(0, |chain| chain.mark.seq);
        echoed == self.own.mark.seq
    }

    /// What is in flight was stored.
    pub(crate) fn settle_flight(&mut self) {
        for pushed in std::mem::take(&mut self.flight) {
            self.own.push(pushed.hash);
            self.outbox.pop_front();
        }
    }

    pub(crate) fn write(&self) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let waiting: usize = self.outbox.iter().map(|one| one.text.len() + 128).sum();
        let mut w = Writer::with_capacity(waiting + 64 * 1024);
        w.u8(VERSION);
        self.device.write(&mut w);
        let count = u16::try_from(self.roster.iter().count()).map_err(|_| VaultError::TooLong)?;
        w.u16(count);
        self.roster.iter().try_for_each(|known| w.part(&known.bytes))?;
        w.flag(self.is_founding);
        w.flag(self.streamed.is_some());
        w.u32(self.streamed.unwrap_or_default());
        w.u64(self.cursor);
        w.u64(self.horizon);
        w.u64(self.settled);
        w.list(self.chains.values(), |w, chain| chain.write(w))?;
        self.own.write(&mut w)?;
        w.list(self.flight.iter(), |w, pushed| pushed.write(w))?;
        w.list(self.outbox.iter(), |w, one| {
            one.kind.write(w);
            w.flag(one.seen.is_some());
            Mark::write_all(one.seen.as_deref().unwrap_or_default(), w)?;
            w.part(&one.text)
        })?;
        w.flag(self.compaction.is_some());
        if let Some(compaction) = &self.compaction {
            compaction.snapshot.write(&mut w);
            w.list(compaction.covers.iter(), |w, cover| {
                cover.device.write(w);
                w.u64(cover.seq);
                Ok(())
            })?;
        }
        w.u64(self.weight.0);
        w.u64(self.weight.1);
        Ok(Zeroizing::new(w.done()))
    }

    /// Reads what [`Self::write`] wrote. The statements are checked again; it costs little.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, VaultError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let device = DeviceId::read(&mut r)?;
        let statements = r.list(MAX_STATEMENTS, |r| Ok(r.part(MAX_STATEMENT)?.to_vec()))?;
        let roster = Roster::replay(statements.iter().map(Vec::as_slice), None).map_err(fault)?;
        let is_founding = r.flag()?;
        let has_streamed = r.flag()?;
        let streamed = Some(r.u32()?).filter(|_| has_streamed);
        let (cursor, horizon, settled) = (r.u64()?, r.u64()?, r.u64()?);
        let chains = r.list(MAX_DEVICES, Chain::read)?;
        let own = Chain::read(&mut r)?;
        let flight = r.list(MAX_ITEMS, Pushed::read)?;
        let outbox = r.list(MAX_WAITING, |r| {
            let (kind, is_frozen, seen) = (Kind::read(r)?, r.flag()?, Mark::read_all(r)?);
            let seen = Some(seen).filter(|_| is_frozen);
            Ok(Outgoing { kind, seen, text: Zeroizing::new(r.part(OBJECTS.max())?.to_vec()) })
        })?;
        let compaction = if r.flag()? { Some(read_compaction(&mut r)?) } else { None };
        let weight = (r.u64()?, r.u64()?);
        r.end()?;
        Ok(Self {
            device,
            roster,
            is_founding,
            streamed,
            cursor,
            horizon,
            settled,
            chains: chains.into_iter().map(|chain| (chain.mark.device, chain)).collect(),
            own,
            flight,
            outbox: outbox.into(),
            compaction,
            weight,
        })
    }
}

fn read_compaction(r: &mut Reader<'_>) -> Result<Compaction, VaultError> {
    let snapshot = SnapshotRef::read(r)?;
    let covers = r.list(MAX_DEVICES, |r| Ok(Cover { device: DeviceId::read(r)?, seq: r.u64()? }))?;
    Ok(Compaction { snapshot, covers })
}

const fn fault(_: Alarm) -> VaultError {
    VaultError::Malformed
}

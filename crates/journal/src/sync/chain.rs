//! What a device remembers of each chain that it has seen.

use super::{
    alarm::Alarm,
    head::{Hash, Mark},
};
use crate::vault::{
    DeviceId, VaultError, VaultId,
    bytes::{Reader, Writer},
};
use std::collections::{BTreeMap, VecDeque};

use super::wire::MAX_DEVICES;

/// How many hashes of a chain are remembered, to compare with what others have seen of it.
const WINDOW: usize = 1024;

/// One chain as this device has seen it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chain {
    /// Its newest head.
    pub(crate) mark: Mark,
    /// Up to which number a snapshot stands for it; nothing is known of the heads up to there.
    pub(crate) base: u64,
    /// The hashes of the newest heads, the newest last.
    recent: VecDeque<Hash>,
    /// Where that device said it had seen the others.
    views: BTreeMap<DeviceId, u64>,
}

impl Chain {
    pub(crate) fn start(vault: VaultId, device: DeviceId) -> Self {
        let mark = Mark::start(vault, device);
        Self { mark, base: 0, recent: VecDeque::new(), views: BTreeMap::new() }
    }

    /// The hash of the head with this number, as far as it is remembered.
    pub(crate) fn hash_at(&self, seq: u64) -> Option<Hash> {
        let back = usize::try_from(self.mark.seq.checked_sub(seq)?).ok()?;
        self.recent.iter().rev().nth(back).copied()
    }

    pub(crate) fn push(&mut self, hash: Hash) {
        self.mark.seq += 1;
        self.mark.hash = hash;
        if self.recent.len() == WINDOW {
            self.recent.pop_front();
        }
        self.recent.push_back(hash);
    }

    /// A snapshot stands for everything up to this mark.
    pub(crate) fn rebase(&mut self, mark: Mark) -> Result<(), Alarm> {
        self.base = self.base.max(mark.seq);
        if mark.seq <= self.mark.seq {
            let is_other = self.hash_at(mark.seq).is_some_and(|known| known != mark.hash);
            return if is_other { Err(Alarm::Forked) } else { Ok(()) };
        }
        self.mark = mark;
        self.recent = VecDeque::from([mark.hash]);
        Ok(())
    }

    /// Notes where this device has seen another chain; it never saw less before.
    pub(crate) fn view(&mut self, other: DeviceId, seq: u64) -> Result<(), Alarm> {
        let before = self.views.entry(other).or_default();
        if seq < *before {
            return Err(Alarm::ViewWentBack);
        }
        *before = seq;
        Ok(())
    }

    /// A device does not forget a chain that it has seen.
    pub(crate) fn views_within(&self, seen: &[Mark]) -> bool {
        self.views.keys().all(|device| seen.iter().any(|mark| mark.device == *device))
    }

    pub(crate) fn write(&self, writer: &mut Writer) -> Result<(), VaultError> {
        self.mark.write(writer);
        writer.u64(self.base);
        writer.list(self.recent.iter(), |writer, hash| {
            writer.put(hash);
            Ok(())
        })?;
        writer.list(self.views.iter(), |writer, (device, seq)| {
            device.write(writer);
            writer.u64(*seq);
            Ok(())
        })
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, VaultError> {
        Ok(Self {
            mark: Mark::read(reader)?,
            base: reader.u64()?,
            recent: reader.list(WINDOW, Reader::array)?.into(),
            views: reader.list(MAX_DEVICES, |r| Ok((DeviceId::read(r)?, r.u64()?)))?.into_iter().collect(),
        })
    }
}

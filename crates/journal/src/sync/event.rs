//! What a step of synchronising brought.

use super::wire::{Receipt, Refusal};
use crate::vault::DeviceId;
use std::fmt;
use zeroize::Zeroizing;

/// Something for the page to act on, in this order, before the client's state is kept.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// What another device queued, to be merged.
    Batch {
        /// Who made it.
        device: DeviceId,
        /// The number of its object in that device's chain.
        seq: u64,
        /// As it was queued there.
        content: Zeroizing<Vec<u8>>,
    },
    /// The whole state, to be merged: this device was away while the server forgot what this stands for.
    Snapshot {
        /// As it was given there.
        content: Zeroizing<Vec<u8>>,
    },
    /// Who is in the vault, or what they may do, or the ways in have changed.
    MembersChanged,
    /// The vault has a new key: keep the locked vault anew.
    KeyChanged,
    /// So many batches or parts of this device are stored on the server.
    Stored(usize),
    /// Everything was pulled and pushed.
    UpToDate,
    /// A snapshot is due: call [`super::Writer::snapshot`] with the whole state.
    SnapshotDue,
    /// The server deleted what the snapshot covers.
    Compacted,
    /// This device was removed from the vault.
    Removed,
    /// The vault is not on the server any more.
    Gone,
    /// The vault was deleted from the server, as this device asked.
    Deleted(Receipt),
    /// The server does not take something: its space is full, or something is above its limits. Try again later.
    Refused(Refusal),
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Batch { device, seq, .. } => write!(f, "Batch({device:?}, {seq}, ***)"),
            Self::Snapshot { .. } => f.write_str("Snapshot(***)"),
            Self::MembersChanged => f.write_str("MembersChanged"),
            Self::KeyChanged => f.write_str("KeyChanged"),
            Self::Stored(count) => write!(f, "Stored({count})"),
            Self::UpToDate => f.write_str("UpToDate"),
            Self::SnapshotDue => f.write_str("SnapshotDue"),
            Self::Compacted => f.write_str("Compacted"),
            Self::Removed => f.write_str("Removed"),
            Self::Deleted(receipt) => write!(f, "Deleted({receipt:?})"),
            Self::Gone => f.write_str("Gone"),
            Self::Refused(refusal) => write!(f, "Refused({refusal:?})"),
        }
    }
}

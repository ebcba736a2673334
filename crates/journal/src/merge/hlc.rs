//! Hybrid logical clocks (Kulkarni et al. 2014): stamps that follow the wall clock and still never run
//! backwards, so that what was written later by someone who saw the earlier always counts as later.

use crate::model::DeviceId;
use keepwell_domain::time::Ts;
use serde::{Deserialize, Serialize};

/// 48 bits of milliseconds since 1970, then 16 bits that count within one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hlc(u64);

/// Milliseconds at the end of the year 9999. A stamp past it is refused everywhere alike, so that
/// there is always a later one.
const CEILING: u64 = 253_402_300_800_000 << 16;

/// How far another device's clock may run ahead before ours stops following it.
pub const MAX_AHEAD_MS: u64 = 10 * 60 * 1000;

impl Hlc {
    /// The first stamp of a wall time.
    #[must_use]
    pub fn of(now: Ts) -> Self {
        let ms = u64::try_from(now.0 / 1000).unwrap_or(0);
        Self(ms.min((CEILING >> 16) - 1) << 16)
    }
    /// A stamp that was read.
    #[must_use]
    pub const fn from_raw(raw: u64) -> Option<Self> {
        if raw < CEILING { Some(Self(raw)) } else { None }
    }
    /// The number.
    #[must_use]
    pub const fn raw(self) -> u64 {
        self.0
    }
    /// The next stamp; a full counter carries into the milliseconds. The last one has no next: there
    /// the device's id decides.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.0 + 1 < CEILING { Self(self.0 + 1) } else { Self(CEILING - 1) }
    }
    /// Its milliseconds since 1970.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0 >> 16
    }
}

/// When and by which device something was written: a total order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// When.
    pub hlc: Hlc,
    /// By whom; breaks ties.
    pub device: DeviceId,
}

/// Another device's clock runs too far ahead. What it wrote is merged all the same, or devices would
/// differ; only our own clock does not follow, and the person should be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the clock of a device runs {ahead_ms} ms ahead")]
pub struct Skew {
    /// Whose.
    pub device: DeviceId,
    /// By how much.
    pub ahead_ms: u64,
}

/// This device's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HybridClock {
    last: Hlc,
}

impl HybridClock {
    /// A clock that goes on after the latest stamp that this device is known to have given.
    #[must_use]
    pub const fn after(last: Option<Hlc>) -> Self {
        Self {
            last: match last {
                Some(l) => l,
                None => Hlc(0),
            },
        }
    }

    /// A new stamp, later than all that this clock gave or observed, and later than `seen`: the version
    /// that is being replaced. One that is absurdly far ahead is outdone without being followed.
    pub fn tick(&mut self, now: Ts, seen: Option<Hlc>) -> Hlc {
        self.last = Hlc::of(now).max(self.last.next());
        match seen {
            Some(s) if s >= self.last => s.next(),
            _ => self.last,
        }
    }

    /// Follows another device's stamp.
    ///
    /// # Errors
    /// [`Skew`] when it lies more than [`MAX_AHEAD_MS`] ahead of `now`.
    pub fn observe(&mut self, stamp: Stamp, now: Ts) -> Result<(), Skew> {
        let ahead_ms = stamp.hlc.millis().saturating_sub(Hlc::of(now).millis());
        if ahead_ms > MAX_AHEAD_MS {
            return Err(Skew { device: stamp.device, ahead_ms });
        }
        self.last = self.last.max(stamp.hlc);
        Ok(())
    }
}

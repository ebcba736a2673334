//! Argon2id parameters within fixed bounds.

use crate::error::{Error, Result};
use argon2::Params;

const MIN_MEM_KIB: u32 = 19 * 1024;
/// A planted hash must not exhaust the memory of a small server, with one such hash on every core.
const MAX_MEM_KIB: u32 = 256 * 1024;
const MIN_PASSES: u32 = 2;
const MAX_PASSES: u32 = 10;
const MAX_LANES: u32 = 4;

/// Memory, passes and lanes: never below 19 MiB and 2 passes, never above 256 MiB, 10 passes, 4 lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    mem_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// 64 MiB, 3 passes, 1 lane.
    pub const DEFAULT: Self = Self { mem_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// 19 MiB, 2 passes, 1 lane: the floor.
    pub const FLOOR: Self = Self { mem_kib: MIN_MEM_KIB, passes: MIN_PASSES, lanes: 1 };

    /// Memory in KiB, passes over it, lanes.
    ///
    /// # Errors
    /// [`Error::Cost`] outside the bounds.
    pub fn new(mem_kib: u32, passes: u32, lanes: u32) -> Result<Self> {
        let cost = Self { mem_kib, passes, lanes };
        let fits = (MIN_MEM_KIB..=MAX_MEM_KIB).contains(&mem_kib)
            && (MIN_PASSES..=MAX_PASSES).contains(&passes)
            && (1..=MAX_LANES).contains(&lanes);
        if fits { Ok(cost) } else { Err(Error::Cost) }
    }

    /// Memory, in KiB.
    #[must_use]
    pub const fn mem_kib(self) -> u32 {
        self.mem_kib
    }
    /// Passes over the memory.
    #[must_use]
    pub const fn passes(self) -> u32 {
        self.passes
    }
    /// Lanes.
    #[must_use]
    pub const fn lanes(self) -> u32 {
        self.lanes
    }

    /// Less memory or fewer passes. Lanes do not count: they are a matter of the machine.
    pub(super) const fn is_weaker_than(self, other: Self) -> bool {
        self.mem_kib < other.mem_kib || self.passes < other.passes
    }

    pub(super) fn params(self, hash_len: usize) -> Result<Params> {
        Params::new(self.mem_kib, self.passes, self.lanes, Some(hash_len)).map_err(|_| Error::Cost)
    }
}

impl Default for Cost {
    fn default() -> Self {
        Self::DEFAULT
    }
}

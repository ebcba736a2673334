//! Opened vaults, bounded: the least recently used go first.

use super::Vault;
use keepwell_domain::ids::ProfileId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

struct Slot {
    vault: Arc<Vault>,
    used: u64,
}

/// Opened vaults of all profiles that were used lately.
pub struct Vaults {
    slots: Mutex<(u64, HashMap<ProfileId, Slot>)>,
    capacity: usize,
}

impl Vaults {
    /// A cache that holds about `capacity` records in all.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { slots: Mutex::new((0, HashMap::new())), capacity }
    }

    /// The vault of this profile, if it shows just this version.
    #[must_use]
    pub fn get(&self, profile: ProfileId, version: i64) -> Option<Arc<Vault>> {
        let mut guard = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let (clock, slots) = &mut *guard;
        *clock += 1;
        let slot = slots.get_mut(&profile).filter(|s| s.vault.version == version)?;
        slot.used = *clock;
        Some(slot.vault.clone())
    }

    /// Keeps a vault, and drops others until all fit.
    pub fn put(&self, profile: ProfileId, vault: Arc<Vault>) {
        let mut guard = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let (clock, slots) = &mut *guard;
        *clock += 1;
        slots.insert(profile, Slot { vault, used: *clock });
        while slots.len() > 1 && slots.values().map(|s| s.vault.weight()).sum::<usize>() > self.capacity {
            let oldest =
                slots.iter().filter(|(id, _)| **id != profile).min_by_key(|(_, s)| s.used).map(|(id, _)| *id);
            match oldest {
                Some(id) => slots.remove(&id),
                None => break,
            };
        }
    }

    /// Forgets a profile at once, as at sign-out of its last session or at deletion.
    pub fn forget(&self, profile: ProfileId) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).1.remove(&profile);
    }
}

//! Opened vaults, bounded: the least recently used go first.

use super::Vault;
use keepwell_domain::ids::ProfileId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::{Semaphore, SemaphorePermit};

struct Slot {
    vault: Arc<Vault>,
    used: u64,
}

/// Opened vaults of all profiles that were used lately.
pub struct Vaults {
    slots: Mutex<(u64, HashMap<ProfileId, Slot>)>,
    turns: Mutex<HashMap<ProfileId, Weak<Turn>>>,
    room: Semaphore,
    capacity: usize,
}

/// Whose turn it is to open a vault.
pub type Turn = tokio::sync::Mutex<()>;
/// Vaults that are opened at once: each is as large as all records of a person, twice.
const OPENED_AT_ONCE: usize = 2;

impl Vaults {
    /// A cache that holds about `capacity` records in all.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            slots: Mutex::new((0, HashMap::new())),
            turns: Mutex::default(),
            room: Semaphore::new(OPENED_AT_ONCE),
            capacity,
        }
    }

    /// The turn to open the vault of a profile. Whoever gets it looks first whether the one before has opened it: many
    /// requests at once, as after an import, would otherwise open as many.
    pub fn turn(&self, profile: ProfileId) -> Arc<Turn> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = turns.get(&profile).and_then(Weak::upgrade) {
            return turn;
        }
        turns.retain(|_, turn| turn.strong_count() > 0);
        let turn = Arc::new(Turn::default());
        turns.insert(profile, Arc::downgrade(&turn));
        turn
    }

    /// Room for one more vault that is being opened.
    pub async fn room(&self) -> Option<SemaphorePermit<'_>> {
        // Never closed.
        self.room.acquire().await.ok()
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

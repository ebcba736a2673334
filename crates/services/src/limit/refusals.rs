//! Refusals that were said lately, in a table that never grows past a size. A set takes room from its first
//! refusal on: most servers never refuse anybody.
//!
//! When a set is full, the refusal that ends first makes room. What was pushed out is looked up in the
//! database again, so a flood of addresses costs time and never lets anybody through.

use super::Key;
use keepwell_domain::{limit::WINDOW, time::Ts};
use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
};

/// Sets.
const SETS: usize = 8192;
/// Refusals in each.
const WAYS: usize = 16;

#[derive(Clone, Copy)]
struct Slot {
    key: Key,
    until: Ts,
}

type Set = [Option<Slot>; WAYS];

/// See the module.
pub struct Refusals {
    sets: Box<[Mutex<Option<Box<Set>>>]>,
    /// Keyed, so that nobody can choose addresses that fall into one set.
    hasher: RandomState,
}

impl Refusals {
    /// An empty table.
    pub fn new() -> Self {
        let empty = || Mutex::new(None);
        Self { sets: std::iter::repeat_with(empty).take(SETS).collect(), hasher: RandomState::new() }
    }

    fn set(&self, key: Key) -> &Mutex<Option<Box<Set>>> {
        #[allow(clippy::cast_possible_truncation, reason = "any part of the hash will do")]
        let index = self.hasher.hash_one(key) as usize % SETS;
        &self.sets[index]
    }

    /// Until when this key is refused, if it is known to be.
    pub fn find(&self, key: Key, now: Ts) -> Option<Ts> {
        let set = self.set(key).lock().unwrap_or_else(PoisonError::into_inner);
        let slot = set.as_ref()?.iter().flatten().find(|s| s.key == key)?;
        counts(slot, now).then_some(slot.until)
    }

    /// Remembers a refusal.
    pub fn put(&self, key: Key, until: Ts, now: Ts) {
        let mut set = self.set(key).lock().unwrap_or_else(PoisonError::into_inner);
        let set = set.get_or_insert_with(|| Box::new([None; WAYS]));
        let same = set.iter().position(|s| s.is_some_and(|s| s.key == key));
        let free = || set.iter().position(|s| s.is_none_or(|s| !counts(&s, now)));
        let first = || {
            let ends = |i: &usize| set[*i].map_or(Ts(i64::MIN), |s| s.until);
            (0..WAYS).min_by_key(ends).unwrap_or(0)
        };
        let at = same.or_else(free).unwrap_or_else(first);
        set[at] = Some(Slot { key, until });
    }

    /// Refusals that it can hold, and bytes that it takes now.
    #[cfg(test)]
    pub fn size(&self) -> (usize, usize) {
        let used =
            |set: &&Mutex<Option<Box<Set>>>| set.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        let sets = self.sets.iter().filter(used).count() * std::mem::size_of::<Set>();
        (self.sets.len() * WAYS, std::mem::size_of_val(&*self.sets) + sets)
    }
}

/// Not over yet, and not from before the clock was set back.
const fn counts(slot: &Slot, now: Ts) -> bool {
    now.0 < slot.until.0 && slot.until.0 <= now.0.saturating_add(2 * WINDOW)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::{
        super::{Class, Network},
        *,
    };

    const NOW: Ts = Ts(1_800_000_000_000_000);

    #[test]
    fn refusal_is_known_until_its_very_end() {
        let table = Refusals::new();
        let key = (Class::Login, Network::V4(7));
        let until = NOW.plus_seconds(60);
        table.put(key, until, NOW);
        assert_eq!(table.find(key, NOW), Some(until));
        assert_eq!(table.find(key, Ts(until.0 - 1)), Some(until));
        assert_eq!(table.find(key, until), None);
        assert_eq!(table.find((Class::Api, Network::V4(7)), NOW), None);
        assert_eq!(table.find((Class::Login, Network::V6(7)), NOW), None);
        assert_eq!(table.find(key, NOW.plus_seconds(-3600)), None, "after the clock was set back");
    }

    #[test]
    fn million_addresses_take_no_more_room_than_the_table_has() {
        let table = Refusals::new();
        assert!(table.size().1 < 256 << 10, "{}", table.size().1);
        for n in 0..1_000_000 {
            table.put((Class::Login, Network::V6(n)), NOW.plus_seconds(60), NOW);
        }
        let (slots, bytes) = table.size();
        let kept =
            (0..1_000_000).filter(|n| table.find((Class::Login, Network::V6(*n)), NOW).is_some()).count();
        assert!(kept <= slots && kept > slots / 2, "{kept} of {slots}");
        assert!(bytes < 8 << 20, "{bytes}");
    }
}

//! Counting while the database is away, by this instance alone and in bounded memory.

use super::{Decision, Key};
use keepwell_domain::{
    limit::{Log, Verdict},
    time::Ts,
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Networks counted at a time; others are turned away.
const MOST: usize = 4096;

/// See the module.
#[derive(Default)]
pub struct Local(Mutex<HashMap<Key, Log>>);

impl Local {
    /// As [`super::Limiter::attempt`].
    pub fn attempt(&self, key: Key, limit: u32, now: Ts) -> Decision {
        let mut logs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if logs.len() >= MOST && !logs.contains_key(&key) {
            logs.retain(|_, log| log.ends() > now);
            if logs.len() >= MOST {
                return Decision::Unavailable { retry_after_s: 5 };
            }
        }
        let log = logs.entry(key).or_default();
        match log.attempt(limit, now) {
            Verdict::Accepted(next, quota) => {
                *log = next;
                Decision::Accepted(quota)
            }
            Verdict::Refused(quota) => Decision::Refused(quota),
        }
    }
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
    fn networks_beyond_the_room_are_turned_away_until_others_have_ended() {
        let local = Local::default();
        let key = |n: usize| (Class::Api, Network::V6(n as u64));
        for n in 0..MOST {
            assert!(matches!(local.attempt(key(n), 1, NOW), Decision::Accepted(_)));
        }
        assert!(matches!(local.attempt(key(0), 1, NOW), Decision::Refused(_)));
        assert!(matches!(local.attempt(key(MOST), 1, NOW), Decision::Unavailable { .. }));
        let later = NOW.plus_seconds(60);
        assert!(matches!(local.attempt(key(MOST), 1, later), Decision::Accepted(_)));
    }
}

//! What of synchronising is logged: that a session synchronised a vault, once a day. Not each exchange: the log is for
//! ever, and when somebody writes in their journal is their own affair.

use crate::{actor::Actor, audit::Act, core::Services, error::Result};
use keepwell_domain::{
    act::Action,
    time::{SECOND, Ts},
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use uuid::Uuid;

/// Visits remembered at once; beyond them each exchange has its entry.
const MOST: usize = 1 << 16;
const DAY: i64 = 86_400 * SECOND;

/// Sessions by the vault that they synchronised, with the day (UTC) on which that was last logged.
#[derive(Default)]
pub struct Visits(Mutex<HashMap<Visit, i64>>);

/// The hash of a session's id, or of none, and a vault.
type Visit = (Option<[u8; 32]>, Uuid);

impl Visits {
    fn is_logged(&self, key: (Option<[u8; 32]>, Uuid), now: Ts) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&key).is_some_and(|day| *day == now.0.div_euclid(DAY))
    }

    fn remember(&self, key: (Option<[u8; 32]>, Uuid), now: Ts) {
        let today = now.0.div_euclid(DAY);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, day| *day == today);
        }
        if all.len() < MOST {
            all.insert(key, today);
        }
    }
}

impl Services {
    /// Logs, before anything is taken or given out, that this session synchronises a vault; once a day.
    pub(super) async fn log_visit(&self, actor: &Actor, vault: Uuid) -> Result<()> {
        let (key, now) = ((actor.session, vault), self.now());
        if self.0.visits.is_logged(key, now) {
            return Ok(());
        }
        self.log_now(Act::of(actor, Action::JournalSynced).on(vault)).await?;
        self.0.visits.remember(key, now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_is_logged_once_a_day_and_vault() {
        let (visits, now) = (Visits::default(), Ts(1_800_000_000 * SECOND));
        let key = (Some([1; 32]), Uuid::nil());
        assert!(!visits.is_logged(key, now));
        visits.remember(key, now);
        assert!(visits.is_logged(key, now));
        assert!(!visits.is_logged((Some([2; 32]), Uuid::nil()), now));
        assert!(!visits.is_logged((Some([1; 32]), Uuid::max()), now));
        assert!(!visits.is_logged(key, now.plus_seconds(86_400)));
    }
}

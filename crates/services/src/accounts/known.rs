//! Who is signed in, kept for a moment: every page shows it, and it hardly ever changes.
//!
//! Whether a session is live is read from the database for each request all the same; this keeps
//! only the address and the names to be shown, and those for two seconds, so that another
//! instance's change is seen at once enough.

use crate::{Lang, actor::Actor};
use keepwell_domain::{
    ids::{AccountId, ProfileId},
    time::Ts,
    view::Me,
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

const SECONDS: i64 = 2;
const MOST: usize = 1024;

type Key = (AccountId, ProfileId, i64, Lang);

/// What was read lately.
#[derive(Default)]
pub struct Known(Mutex<HashMap<Key, (Ts, Me)>>);

const fn key(a: &Actor) -> Key {
    (a.account, a.profile, a.profile_version, a.lang)
}

impl Known {
    /// What is known of this person, if it is fresh.
    #[must_use]
    pub fn get(&self, actor: &Actor, now: Ts) -> Option<Me> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, me) = all.get(&key(actor))?;
        (now >= *at && now < at.plus_seconds(SECONDS)).then(|| me.clone())
    }
    /// Keeps it.
    pub fn put(&self, actor: &Actor, me: Me, now: Ts) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, (at, _)| now < at.plus_seconds(SECONDS));
        }
        if all.len() < MOST {
            all.insert(key(actor), (now, me));
        }
    }
    /// Forgets an account, when something of what is shown changes here.
    pub fn forget(&self, account: AccountId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|k, _| k.0 != account);
    }
}

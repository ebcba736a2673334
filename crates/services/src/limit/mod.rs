//! How many calls one network may make in any 60 seconds, over all instances (spec 3.5, 3.6).
//!
//! The database holds the log of calls that were let through and is the truth; what it says is never
//! guessed. Memory only remembers refusals, which nothing can shorten: a network that was refused
//! until T is refused until T everywhere, without asking again.

mod local;
mod refusals;
#[cfg(test)]
mod tests;

use crate::{
    clock::Clock,
    core::Services,
    counters::{self, Counters},
    settings::Live,
};
use keepwell_crypto::Mac;
use keepwell_domain::{
    limit::{Log, Quota, Verdict},
    sealed::Fingerprint,
    time::Ts,
};
use keepwell_store::{Store, StoreError, limit};
use local::Local;
use refusals::Refusals;
use std::{
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Mutex, Semaphore};

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Every proof of a password, a code or a mailed token, right or wrong.
    Login,
    /// New accounts.
    Signup,
    /// New documents.
    Upload,
    /// Questions.
    Ask,
    /// Other calls of the API.
    Api,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Login, Self::Signup, Self::Upload, Self::Ask, Self::Api];

    /// The name in settings, headers and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Signup => "signup",
            Self::Upload => "upload",
            Self::Ask => "ask",
            Self::Api => "api",
        }
    }

    /// Whether nothing may pass uncounted.
    const fn is_guarded(self) -> bool {
        matches!(self, Self::Login | Self::Signup)
    }
}

/// Calls of each class in any 60 seconds; [`OFF`] and above are not counted at all.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// Proofs.
    pub login: u32,
    /// New accounts.
    pub signup: u32,
    /// New documents.
    pub upload: u32,
    /// Questions.
    pub ask: u32,
    /// Other calls of the API.
    pub api: u32,
}

/// From here on a class is not counted: more calls than one instance could answer.
pub const OFF: u32 = 1_000_000;

impl Rates {
    const fn of(&self, class: Class) -> u32 {
        match class {
            Class::Login => self.login,
            Class::Signup => self.signup,
            Class::Upload => self.upload,
            Class::Ask => self.ask,
            Class::Api => self.api,
        }
    }
}

/// What counts as one client: an IPv4 address, an IPv6 /64 (one customer has at least that), or all
/// of a unix socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Network {
    V4(u32),
    V6(u64),
    Socket,
}

impl Network {
    fn of(address: Option<IpAddr>) -> Self {
        match address.map(|a| a.to_canonical()) {
            Some(IpAddr::V4(a)) => Self::V4(a.into()),
            #[allow(clippy::cast_possible_truncation, reason = "the upper half has 64 bits")]
            Some(IpAddr::V6(a)) => Self::V6((u128::from(a) >> 64) as u64),
            None => Self::Socket,
        }
    }

    fn bytes(self) -> ([u8; 8], &'static [u8]) {
        match self {
            Self::V4(a) => (u64::from(a).to_be_bytes(), b"4"),
            Self::V6(a) => (a.to_be_bytes(), b"6"),
            Self::Socket => ([0; 8], b"unix"),
        }
    }
}

/// One row of the log.
type Key = (Class, Network);

/// The answer to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// This class is not limited.
    Unlimited,
    /// It may go on.
    Accepted(Quota),
    /// It may not, until then.
    Refused(Quota),
    /// It cannot be counted now, and must not go on uncounted.
    Unavailable {
        /// When to try again.
        retry_after_s: u32,
    },
}

/// How long one call waits to be counted.
const PATIENCE: Duration = Duration::from_secs(2);
/// For how long a database that did not answer is left alone, in microseconds.
const REST: i64 = 1_000_000;
/// Calls that wait to be counted, per lane; more are turned away.
const LANE: usize = 256;
/// Time between rounds of tidying up, in microseconds.
const TIDY: i64 = 20_000_000;
/// Rows that ended longer ago than this go; kept that long for instances whose clock is behind.
const KEPT_S: i64 = 60;
/// Rows deleted by one statement: it holds the writer no longer than a moment.
const BATCH: i64 = 2000;
/// Readings of another instance's write before giving up.
const TRIES: usize = 128;
/// Calls of networks of one shard are counted one after the other.
const SHARDS: usize = 1024;

/// Whose time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TimeOf {
    /// The database server's, which all instances share.
    Database,
    /// The clock's alone: tests set it.
    #[cfg_attr(not(test), allow(dead_code))]
    Clock,
}

/// Where the rates come from.
enum RatesOf {
    /// They stay as they are.
    #[cfg_attr(not(test), allow(dead_code))]
    Fixed(Rates),
    /// The settings in force.
    Live(Live),
}

impl RatesOf {
    fn get(&self) -> Rates {
        match self {
            Self::Fixed(rates) => *rates,
            Self::Live(live) => live.get().rates,
        }
    }
}

/// Counts calls. Cheap to clone.
#[derive(Clone)]
pub struct Limiter(Arc<Inner>);

struct Inner {
    store: Store,
    mac: Mac,
    clock: Arc<dyn Clock>,
    time_of: TimeOf,
    rates: RatesOf,
    counters: Counters,
    refusals: Refusals,
    local: Local,
    /// [`PATIENCE`], and more in tests, which a busy machine must not fail.
    patience: Duration,
    shards: Vec<Mutex<()>>,
    hasher: RandomState,
    /// Proofs have a lane of their own: other calls cannot keep anybody from signing in.
    guarded: Semaphore,
    others: Semaphore,
    /// The database is left alone until then.
    rests_until: AtomicI64,
    tidied_at: AtomicI64,
    /// The database server's clock less ours, in microseconds.
    offset: AtomicI64,
}

impl Services {
    /// A limiter over this installation's database.
    ///
    /// # Errors
    /// [`crate::ServiceError::Internal`] when its key cannot be derived.
    pub fn limiter(&self) -> crate::Result<Limiter> {
        let mac = self.0.keys.root().index()?;
        let (store, clock) = (self.0.store.clone(), self.0.clock.clone());
        let rates = RatesOf::Live(self.0.live.clone());
        let counters = self.0.counters.clone();
        Ok(Limiter::new(store, mac, clock, rates, counters, TimeOf::Database, PATIENCE))
    }
}

impl Limiter {
    fn new(
        store: Store,
        mac: Mac,
        clock: Arc<dyn Clock>,
        rates: RatesOf,
        counters: Counters,
        time_of: TimeOf,
        patience: Duration,
    ) -> Self {
        Self(Arc::new(Inner {
            store,
            mac,
            clock,
            time_of,
            rates,
            counters,
            refusals: Refusals::new(),
            local: Local::default(),
            patience,
            shards: std::iter::repeat_with(|| Mutex::new(())).take(SHARDS).collect(),
            hasher: RandomState::new(),
            guarded: Semaphore::new(LANE),
            others: Semaphore::new(LANE),
            rests_until: AtomicI64::new(i64::MIN),
            tidied_at: AtomicI64::new(i64::MIN),
            offset: AtomicI64::new(0),
        }))
    }

    /// The time by which calls are counted.
    #[must_use]
    pub fn now(&self) -> Ts {
        Ts(self.0.clock.now().0.saturating_add(self.0.offset.load(Ordering::Relaxed)))
    }

    /// Counts one call of a class from an address (`None`: by a unix socket).
    pub async fn attempt(&self, class: Class, address: Option<IpAddr>) -> Decision {
        let decision = self.decide(class, address).await;
        if matches!(decision, Decision::Refused(_)) {
            self.0.counters.count(counters::refused(class), self.0.clock.now());
        }
        decision
    }

    async fn decide(&self, class: Class, address: Option<IpAddr>) -> Decision {
        let (inner, limit) = (&*self.0, self.0.rates.get().of(class));
        if limit >= OFF {
            return Decision::Unlimited;
        }
        let key = (class, Network::of(address));
        if let Some(refused) = self.remembered(key, limit) {
            return refused;
        }
        self.tidy_at_times().await;
        let lane = if class.is_guarded() { &inner.guarded } else { &inner.others };
        let Ok(_permit) = lane.try_acquire() else {
            return Decision::Unavailable { retry_after_s: 1 };
        };
        #[allow(clippy::cast_possible_truncation, reason = "any part of the hash will do")]
        let shard = &inner.shards[inner.hasher.hash_one(key) as usize % SHARDS];
        let _turn = shard.lock().await;
        // Whoever had the turn before may have been refused.
        if let Some(refused) = self.remembered(key, limit) {
            return refused;
        }
        if self.now().0 < inner.rests_until.load(Ordering::Relaxed) {
            return self.without_database(key, limit);
        }
        match tokio::time::timeout(inner.patience, self.count(key, limit)).await {
            Ok(Ok(decision)) => decision,
            failed => {
                let rests = self.now().0.saturating_add(REST);
                inner.rests_until.store(rests, Ordering::Relaxed);
                let cause =
                    failed.ok().and_then(Result::err).map_or("too slow".to_owned(), |e| e.to_string());
                tracing::warn!(class = class.as_str(), cause, "calls cannot be counted in the database");
                self.without_database(key, limit)
            }
        }
    }

    fn remembered(&self, key: Key, limit: u32) -> Option<Decision> {
        let until = self.0.refusals.find(key, self.now())?;
        Some(Decision::Refused(Quota { limit, remaining: 0, until }))
    }

    async fn count(&self, key: Key, limit: u32) -> Result<Decision, StoreError> {
        let (store, hash) = (&self.0.store, self.hash(key));
        for _ in 0..TRIES {
            let known = limit::find_log(store, &hash).await?;
            // Bytes that nobody can read count as none: they are gone within the minute anyway.
            let log = known.as_ref().and_then(|row| Log::from_bytes(&row.log)).unwrap_or_default();
            let (next, quota) = match log.attempt(limit, self.now()) {
                Verdict::Accepted(next, quota) => (next, quota),
                Verdict::Refused(quota) => {
                    self.0.refusals.put(key, quota.until, self.now());
                    tracing::info!(class = key.0.as_str(), "an address reached its limit");
                    return Ok(Decision::Refused(quota));
                }
            };
            let row = limit::LimitLog { stamp: stamp(), log: next.to_bytes() };
            let before = known.map(|row| row.stamp);
            if limit::replace_log(store, &hash, before, &row, next.ends()).await? {
                return Ok(Decision::Accepted(quota));
            }
        }
        Ok(Decision::Unavailable { retry_after_s: 1 })
    }

    /// Without the database no proof is taken; other calls are counted by this instance alone.
    fn without_database(&self, key: Key, limit: u32) -> Decision {
        if key.0.is_guarded() {
            return Decision::Unavailable { retry_after_s: 5 };
        }
        self.0.local.attempt(key, limit, self.now())
    }

    fn hash(&self, (class, network): Key) -> Fingerprint {
        let (bytes, kind) = network.bytes();
        self.0.mac.fingerprint(&[b"limit", class.as_str().as_bytes(), kind, &bytes])
    }

    /// The first call tidies up before it is counted, so that it knows the database's clock; later
    /// rounds run beside the calls.
    async fn tidy_at_times(&self) {
        let (now, last) = (self.0.clock.now().0, self.0.tidied_at.load(Ordering::Relaxed));
        let is_due = last == i64::MIN || now < last || now.saturating_sub(last) >= TIDY;
        let is_ours =
            || self.0.tidied_at.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if !is_due || !is_ours() {
            return;
        }
        let it = self.clone();
        let round = tokio::spawn(async move { it.tidy().await });
        if last == i64::MIN {
            let _ = tokio::time::timeout(self.0.patience, round).await;
        }
    }

    /// Takes the database's time and deletes what no longer counts.
    pub async fn tidy(&self) {
        if let Err(e) = self.try_tidy().await {
            tracing::debug!(error = %e, "the limits were not tidied up");
        }
    }

    async fn try_tidy(&self) -> Result<(), StoreError> {
        let asked = self.0.clock.now().0;
        if self.0.time_of == TimeOf::Database
            && let Some(theirs) = limit::database_time(&self.0.store).await?
        {
            // It was read somewhere between the question and the answer.
            let ours = i64::midpoint(asked, self.0.clock.now().0);
            self.0.offset.store(theirs.0.saturating_sub(ours), Ordering::Relaxed);
        }
        let before = self.now().plus_seconds(-KEPT_S);
        while limit::delete_ended(&self.0.store, before, BATCH).await? >= BATCH.unsigned_abs() {
            tokio::task::yield_now().await;
        }
        Ok(())
    }
}

/// A number that no other write has: the random half of a UUID.
fn stamp() -> i64 {
    uuid::Uuid::now_v7().as_u64_pair().1.cast_signed()
}

//! The limiter over both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use keepwell_crypto::{Key32, RootKey};
use keepwell_domain::ids::InstanceId;
use keepwell_store::{
    StoreConfig,
    testing::{for_each_engine, fresh_postgres},
};
use std::collections::HashSet;

const START: i64 = 1_800_000_000_000_000;
const RATES: Rates = Rates { login: 5, signup: 3, upload: 10, ask: 30, api: 100 };

/// A call that is answered without being counted, because the machine is busy, shows nothing.
const PATIENT: Duration = Duration::from_secs(60);

struct Hands(AtomicI64);
impl Hands {
    fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(START)))
    }
    fn advance(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}
impl Clock for Hands {
    fn now(&self) -> Ts {
        Ts(self.0.load(Ordering::SeqCst))
    }
}

/// A limiter whose time is the clock's alone: on PostgreSQL the server's would be added.
fn limiter(store: &Store, clock: &Arc<Hands>) -> Limiter {
    limiter_of(store, clock, RATES, TimeOf::Clock)
}

fn limiter_of(store: &Store, clock: &Arc<Hands>, rates: Rates, time_of: TimeOf) -> Limiter {
    let root = RootKey::new(Key32::from_bytes([7; 32]), InstanceId::new(uuid::Uuid::nil()));
    let (mac, clock) = (root.index().unwrap(), Arc::clone(clock) as Arc<dyn Clock>);
    let (rates, counters) = (RatesOf::Fixed(rates), Counters::default());
    Limiter::new(store.clone(), mac, clock, rates, counters, time_of, PATIENT)
}

fn ip(text: &str) -> Option<IpAddr> {
    Some(text.parse().unwrap())
}

async fn passes(limiter: &Limiter, class: Class, from: &str) -> bool {
    matches!(limiter.attempt(class, ip(from)).await, Decision::Accepted(_))
}

#[tokio::test]
async fn nth_call_passes_the_next_is_refused_and_a_minute_after_the_first_one_passes_again() {
    for_each_engine(async |store| {
        let clock = Hands::new();
        let limiter = limiter(&store, &clock);
        for n in 0..5 {
            match limiter.attempt(Class::Login, ip("192.0.2.1")).await {
                Decision::Accepted(q) => assert_eq!((q.limit, q.remaining), (5, 4 - n)),
                other => panic!("{other:?}"),
            }
            clock.advance(1_000_000);
        }
        for _ in 0..20 {
            match limiter.attempt(Class::Login, ip("192.0.2.1")).await {
                Decision::Refused(q) => assert_eq!(q.until, Ts(START + 60_000_000)),
                other => panic!("{other:?}"),
            }
        }
        clock.advance(55_000_000 - 1);
        assert!(!passes(&limiter, Class::Login, "192.0.2.1").await);
        clock.advance(1);
        assert!(passes(&limiter, Class::Login, "192.0.2.1").await, "at exactly 60 s");
        assert!(!passes(&limiter, Class::Login, "192.0.2.1").await, "the second is not a minute old");
    })
    .await;
}

#[tokio::test]
async fn classes_and_networks_are_counted_apart_and_an_ipv6_network_together() {
    for_each_engine(async |store| {
        let limiter = limiter(&store, &Hands::new());
        for host in ["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::1"] {
            assert!(passes(&limiter, Class::Signup, host).await, "{host}");
        }
        assert!(!passes(&limiter, Class::Signup, "2001:db8::9").await);
        assert!(passes(&limiter, Class::Signup, "2001:db8:0:1::1").await);
        assert!(passes(&limiter, Class::Login, "2001:db8::1").await);
        for host in ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.1"] {
            assert!(passes(&limiter, Class::Signup, host).await, "{host}");
        }
        assert!(!passes(&limiter, Class::Signup, "::ffff:192.0.2.1").await);
        for _ in 0..3 {
            assert!(matches!(limiter.attempt(Class::Signup, None).await, Decision::Accepted(_)));
        }
        assert!(matches!(limiter.attempt(Class::Signup, None).await, Decision::Refused(_)));
    })
    .await;
}

#[tokio::test]
async fn restart_forgets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut configs = vec![StoreConfig::sqlite(folder.path())];
    configs.extend(fresh_postgres(folder.path()).await);
    for config in configs {
        let clock = Hands::new();
        let store = Store::open(&config).await.unwrap();
        let before = limiter(&store, &clock);
        for _ in 0..3 {
            assert!(passes(&before, Class::Login, "192.0.2.1").await);
        }
        store.close().await;
        let store = Store::open(&config).await.unwrap();
        let after = limiter(&store, &clock);
        for _ in 0..2 {
            assert!(passes(&after, Class::Login, "192.0.2.1").await);
        }
        assert!(!passes(&after, Class::Login, "192.0.2.1").await);
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_instances_let_through_exactly_the_limit_of_fifty_calls_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut configs = vec![StoreConfig::sqlite(folder.path())];
    configs.extend(fresh_postgres(folder.path()).await);
    for config in configs {
        let clock = Hands::new();
        let stores = [Store::open(&config).await.unwrap(), Store::open(&config).await.unwrap()];
        let both = stores.each_ref().map(|store| limiter(store, &clock));
        for (class, calls, limit) in [(Class::Login, 50, 5), (Class::Api, 240, 100)] {
            let all = (0..calls).map(|n| {
                let one = both[n % 2].clone();
                tokio::spawn(async move { one.attempt(class, ip("192.0.2.1")).await })
            });
            let answers: Vec<_> =
                futures::future::join_all(all).await.into_iter().map(Result::unwrap).collect();
            let through = answers.iter().filter(|a| matches!(a, Decision::Accepted(_))).count();
            let refused = answers.iter().filter(|a| matches!(a, Decision::Refused(_))).count();
            assert_eq!((through, refused), (limit, calls - limit), "{class:?}");
            let left: HashSet<u32> = answers
                .iter()
                .filter_map(|a| if let Decision::Accepted(q) = a { Some(q.remaining) } else { None })
                .collect();
            assert_eq!(left.len(), limit, "each was told another number of calls left");
        }
        for store in stores {
            store.close().await;
        }
    }
}

#[tokio::test]
async fn refusal_that_was_pushed_out_of_memory_is_still_a_refusal() {
    for_each_engine(async |store| {
        let clock = Hands::new();
        let limiter = limiter(&store, &clock);
        for _ in 0..5 {
            assert!(passes(&limiter, Class::Login, "192.0.2.1").await);
        }
        assert!(!passes(&limiter, Class::Login, "192.0.2.1").await);
        let key = (Class::Login, Network::of(ip("192.0.2.1")));
        assert!(limiter.0.refusals.find(key, limiter.now()).is_some());
        // Others whose refusals end later, as a flood from everywhere would bring them.
        for n in 0..1_000_000 {
            limiter.0.refusals.put((Class::Login, Network::V6(n)), Ts(START + 61_000_000), limiter.now());
        }
        assert!(limiter.0.refusals.find(key, limiter.now()).is_none(), "it was not pushed out");
        assert!(!passes(&limiter, Class::Login, "192.0.2.1").await);
    })
    .await;
}

#[tokio::test]
async fn rows_that_count_no_more_are_deleted_and_hold_no_address() {
    for_each_engine(async |store| {
        let clock = Hands::new();
        let limiter = limiter(&store, &clock);
        for n in 0..50 {
            assert!(passes(&limiter, Class::Login, &format!("192.0.2.{n}")).await);
        }
        assert_eq!(limit::count_logs(&store).await.unwrap(), 50);
        clock.advance(65_000_000);
        assert!(passes(&limiter, Class::Login, "192.0.2.7").await);
        clock.advance(80_000_000);
        limiter.tidy().await;
        assert_eq!(limit::count_logs(&store).await.unwrap(), 1, "the one that called later");
        let hash = limiter.hash((Class::Login, Network::of(ip("192.0.2.7"))));
        let row = limit::find_log(&store, &hash).await.unwrap().unwrap();
        assert!(!hash.0.windows(4).any(|w| w == [192, 0, 2, 7]));
        assert_eq!(row.log.len(), 12, "what left is not kept");
    })
    .await;
}

#[tokio::test]
async fn without_its_database_no_proof_is_taken_and_other_calls_are_counted_here() {
    for_each_engine(async |store| {
        let limiter = limiter(&store, &Hands::new());
        store.close().await;
        for class in [Class::Login, Class::Signup] {
            let answer = limiter.attempt(class, ip("192.0.2.1")).await;
            assert!(matches!(answer, Decision::Unavailable { retry_after_s: 5 }), "{answer:?}");
        }
        for _ in 0..10 {
            assert!(passes(&limiter, Class::Upload, "192.0.2.1").await);
        }
        assert!(!passes(&limiter, Class::Upload, "192.0.2.1").await);
    })
    .await;
}

#[tokio::test]
async fn number_that_switches_a_class_off_asks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreConfig::sqlite(folder.path())).await.unwrap();
    let limiter = limiter_of(&store, &Hands::new(), Rates { login: OFF, ..RATES }, TimeOf::Clock);
    store.close().await;
    assert_eq!(limiter.attempt(Class::Login, ip("192.0.2.1")).await, Decision::Unlimited);
}

#[tokio::test]
async fn clock_of_the_database_server_counts() {
    let folder = tempfile::tempdir().unwrap();
    let Some(config) = fresh_postgres(folder.path()).await else { return };
    let store = Store::open(&config).await.unwrap();
    // Two instances whose clocks are an hour apart.
    let (one, two) = (Hands::new(), Hands::new());
    two.advance(3_600_000_000);
    let [one, two] = [one, two].map(|clock| limiter_of(&store, &clock, RATES, TimeOf::Database));
    for n in 0..5 {
        assert!(passes(if n % 2 == 0 { &one } else { &two }, Class::Login, "192.0.2.1").await);
    }
    assert!(!passes(&one, Class::Login, "192.0.2.1").await);
    assert!(!passes(&two, Class::Login, "192.0.2.1").await);
    store.close().await;
}

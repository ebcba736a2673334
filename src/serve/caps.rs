//! How many connections may be open, in all and from one address.
//!
//! When there are too many, the oldest that has nothing under way makes room, those that never asked
//! anything first: somebody who holds thousands of silent connections shuts out himself, not others.

use super::pulse::Pulse;
use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::Notify;

/// Connections looked at to find one that can make room.
const LOOK: usize = 64;

/// Counts open connections.
#[derive(Clone)]
pub struct Caps(Arc<Inner>);

struct Inner {
    all: usize,
    each: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    all: Line,
    each: HashMap<IpAddr, Line>,
}

/// Connections by age.
#[derive(Default)]
struct Line {
    count: usize,
    queue: VecDeque<Arc<Seat>>,
}

struct Seat {
    address: Option<IpAddr>,
    pulse: Arc<Pulse>,
    /// Neither counted nor served any more.
    gone: AtomicBool,
    leave: Notify,
}

/// One open connection; counted until dropped.
pub struct Ticket {
    caps: Caps,
    seat: Arc<Seat>,
}

impl Ticket {
    /// Ends when the connection must make room.
    pub async fn must_leave(&self) {
        self.seat.leave.notified().await;
    }
}

impl Caps {
    /// At most `all`, and at most `each` from one address.
    #[must_use]
    pub fn new(all: usize, each: usize) -> Self {
        Self(Arc::new(Inner { all, each, open: Mutex::default() }))
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a connection, or refuses it. Without an address only the total counts.
    #[must_use]
    pub fn admit(&self, address: Option<IpAddr>, pulse: Arc<Pulse>) -> Option<Ticket> {
        let address = address.map(network);
        let mut open = self.open();
        if let Some(address) = address
            && open.each.get(&address).is_some_and(|line| line.count >= self.0.each)
        {
            let leaves = open.each.get_mut(&address).and_then(Line::who_leaves)?;
            open.dismiss(&leaves);
        }
        if open.all.count >= self.0.all {
            let leaves = open.all.who_leaves()?;
            open.dismiss(&leaves);
        }
        let seat = Arc::new(Seat { address, pulse, gone: AtomicBool::new(false), leave: Notify::new() });
        open.all.add(&seat);
        if let Some(address) = address {
            open.each.entry(address).or_default().add(&seat);
        }
        Some(Ticket { caps: self.clone(), seat })
    }
}

impl Open {
    fn dismiss(&mut self, seat: &Seat) {
        self.release(seat);
        seat.leave.notify_one();
    }

    fn release(&mut self, seat: &Seat) {
        if seat.gone.swap(true, Ordering::Relaxed) {
            return;
        }
        self.all.remove();
        if let Some(address) = seat.address
            && let Some(line) = self.each.get_mut(&address)
        {
            line.remove();
            if line.count == 0 {
                self.each.remove(&address);
            }
        }
    }
}

impl Line {
    fn add(&mut self, seat: &Arc<Seat>) {
        self.count += 1;
        self.queue.push_back(Arc::clone(seat));
    }

    fn remove(&mut self) {
        self.count -= 1;
        // Those who left by themselves stay in the queue until there are as many of them.
        if self.queue.len() > 2 * self.count + LOOK {
            self.queue.retain(|s| !s.gone.load(Ordering::Relaxed));
        }
    }

    /// The oldest that never asked anything, else the oldest that has nothing under way.
    fn who_leaves(&mut self) -> Option<Arc<Seat>> {
        while self.queue.front().is_some_and(|s| s.gone.load(Ordering::Relaxed)) {
            self.queue.pop_front();
        }
        let quiet = |s: &Arc<Seat>| !s.gone.load(Ordering::Relaxed) && s.pulse.is_quiet();
        let first = || self.queue.iter().take(LOOK);
        let silent = first().position(|s| quiet(s) && !s.pulse.has_served());
        if let Some(at) = silent.or_else(|| first().position(quiet)) {
            return self.queue.remove(at);
        }
        // All of these are at work: others are looked at next time.
        let looked_at = self.queue.len().min(LOOK);
        self.queue.rotate_left(looked_at);
        None
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.caps.open().release(&self.seat);
    }
}

/// One IPv6 customer has a whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::{super::pulse::Times, *};
    use futures::FutureExt;
    use std::time::Duration;
    use tokio::time::Instant;

    fn pulse() -> Arc<Pulse> {
        let s = Duration::from_secs(1);
        Arc::new(Pulse::new(Times { headers: s, idle: s, write_idle: s }, Instant::now()))
    }
    fn busy() -> Arc<Pulse> {
        let pulse = pulse();
        pulse.begin();
        pulse
    }

    #[tokio::test]
    async fn busy_connections_are_capped_per_address_and_in_all_and_come_free_again() {
        let caps = Caps::new(3, 2);
        let [a, b]: [Option<IpAddr>; 2] = ["192.0.2.1", "192.0.2.2"].map(|s| Some(s.parse().unwrap()));
        let (one, _two) = (caps.admit(a, busy()).unwrap(), caps.admit(a, busy()).unwrap());
        assert!(caps.admit(a, busy()).is_none());
        let _three = caps.admit(b, busy()).unwrap();
        assert!(caps.admit(b, busy()).is_none(), "the total is full");
        drop(one);
        assert!(caps.admit(a, busy()).is_some());
    }

    #[tokio::test]
    async fn silent_connection_makes_room_before_an_idle_one_and_a_busy_one_never() {
        let caps = Caps::new(9, 3);
        let a = Some("192.0.2.1".parse().unwrap());
        let idle = pulse();
        idle.begin();
        idle.end(false, Instant::now());
        let tickets = [busy(), idle, pulse()].map(|p| caps.admit(a, p).unwrap());
        let left = |n: usize| tickets[n].must_leave().now_or_never().is_some();
        let _four = caps.admit(a, busy()).unwrap();
        assert_eq!([left(0), left(1), left(2)], [false, false, true]);
        let _five = caps.admit(a, busy()).unwrap();
        assert_eq!([left(0), left(1)], [false, true]);
        assert!(caps.admit(a, busy()).is_none());
    }

    #[tokio::test]
    async fn ever_more_silent_connections_leave_no_trace() {
        let caps = Caps::new(10, 5);
        let mut kept = VecDeque::new();
        for n in 0..10_000u32 {
            let address = IpAddr::V4((0x0a00_0000 + n % 50).into());
            kept.push_back(caps.admit(Some(address), pulse()).unwrap());
            if kept.len() > 20 {
                kept.pop_front();
            }
        }
        let open = caps.open();
        assert_eq!(open.all.count, 10);
        assert!(open.all.queue.len() <= 2 * 10 + LOOK + 1 && open.each.len() <= 10);
        drop(open);
        kept.clear();
        assert!(caps.open().all.count == 0 && caps.open().each.is_empty());
    }

    #[test]
    fn ipv6_counts_by_network() {
        let caps = Caps::new(9, 1);
        let _one = caps.admit(Some("2001:db8::1".parse().unwrap()), busy()).unwrap();
        assert!(caps.admit(Some("2001:db8::ffff".parse().unwrap()), busy()).is_none());
        assert!(caps.admit(Some("2001:db8:0:1::1".parse().unwrap()), busy()).is_some());
    }
}

//! What one connection is doing, so that it can be ended when it does too little or too much.
//!
//! Nobody keeps a connection for longer than the limits without moving bytes: not by a request that
//! never ends its headers, not by silence, not by an answer that is never read. The body of a
//! request has a clock of its own ([`super::body`]).

use futures::task::AtomicWaker;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    task::Waker,
    time::Duration,
};
use tokio::time::Instant;

/// Requests that may be given up by the client in [`WINDOW`]. Leaving a page gives up some dozens at
/// most; a rapid-reset flood (CVE-2023-44487) gives up thousands.
const GIVEN_UP: u32 = 100;
const WINDOW: Duration = Duration::from_secs(10);
/// Bytes that may arrive while no request and no answer moves: PING and SETTINGS floods end here.
/// Above the window of a request's body that waits to be read.
const UNPRODUCTIVE: u64 = 4 << 20;
/// What a connection that was asked to end gets to do so.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Times of one connection.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// For the headers of a request, from its first byte; and until the first request.
    pub headers: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// Until a piece of an answer is taken.
    pub write_idle: Duration,
}

/// See the module.
pub struct Pulse {
    times: Times,
    state: Mutex<State>,
    waker: AtomicWaker,
}

struct State {
    /// Whether requests are multiplexed: their first bytes are then not told from other frames.
    multiplexed: bool,
    /// When the present wait began.
    since: Instant,
    /// Whether bytes of a request's head have come.
    head: bool,
    served: bool,
    open: usize,
    /// Pieces of answers that were handed on, and since when the next was not asked for.
    handed: Vec<(u64, Instant)>,
    next: u64,
    unproductive: u64,
    given_up: (u32, Instant),
    last: Option<Instant>,
}

/// What to do with a connection.
#[derive(Debug, PartialEq, Eq)]
pub enum Look {
    /// Nothing.
    Free,
    /// End it then, unless something moves; gently when nothing is under way.
    Until(Instant, bool),
    /// End it now.
    Flood,
}

impl Pulse {
    /// A connection that has just come.
    #[must_use]
    pub fn new(times: Times, now: Instant) -> Self {
        let state = State {
            multiplexed: false,
            since: now,
            head: false,
            served: false,
            open: 0,
            handed: Vec::new(),
            next: 0,
            unproductive: 0,
            given_up: (0, now),
            last: None,
        };
        Self { times, state: Mutex::new(state), waker: AtomicWaker::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The handshake is over; the client may speak.
    pub fn ready(&self, multiplexed: bool, now: Instant) {
        let mut state = self.state();
        state.multiplexed = multiplexed;
        state.since = now;
    }

    /// Bytes came.
    pub fn received(&self, bytes: usize, now: Instant) {
        let mut state = self.state();
        state.unproductive = state.unproductive.saturating_add(bytes as u64);
        if state.open == 0 && !state.head && !state.multiplexed {
            state.head = true;
            state.since = now;
        }
    }

    /// Bytes came that somebody wanted.
    pub fn useful(&self) {
        self.state().unproductive = 0;
    }

    /// A request is complete but for its body.
    pub fn begin(&self) {
        let mut state = self.state();
        (state.open, state.head, state.served) = (state.open + 1, false, true);
        state.unproductive = 0;
    }

    /// Its answer is out, or was given up.
    pub fn end(&self, given_up: bool, now: Instant) {
        let mut state = self.state();
        state.open = state.open.saturating_sub(1);
        if given_up {
            if now.duration_since(state.given_up.1) > WINDOW {
                state.given_up = (0, now);
            }
            state.given_up.0 += 1;
        }
        if state.open == 0 {
            state.since = now;
        }
        drop(state);
        self.waker.wake();
    }

    /// A piece of an answer was handed on; the number is for [`Self::asked`].
    pub fn handed(&self, now: Instant) -> u64 {
        let mut state = self.state();
        state.next += 1;
        let id = state.next;
        state.handed.push((id, now));
        state.unproductive = 0;
        let first = state.handed.len() == 1;
        drop(state);
        // Without room in its window HTTP/2 may leave the connection asleep, and no clock would run.
        if first {
            self.waker.wake();
        }
        id
    }

    /// The next piece was asked for, or none is wanted any more.
    pub fn asked(&self, id: u64) {
        self.state().handed.retain(|h| h.0 != id);
    }

    /// Whether no request is under way.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.state().open == 0
    }

    /// Whether a request was ever made.
    #[must_use]
    pub fn has_served(&self) -> bool {
        self.state().served
    }

    /// Wakes this task when a clock starts to run.
    pub fn watch(&self, waker: &Waker) {
        self.waker.register(waker);
    }

    /// The connection was asked to end.
    pub fn ending(&self, now: Instant) {
        let mut state = self.state();
        if state.open == 0 && state.last.is_none() {
            state.last = Some(now + LAST_WORDS);
        }
    }

    /// What to do now.
    #[must_use]
    pub fn look(&self) -> Look {
        let state = self.state();
        if state.given_up.0 > GIVEN_UP || state.unproductive > UNPRODUCTIVE {
            return Look::Flood;
        }
        if let Some(last) = state.last {
            return Look::Until(last, false);
        }
        if state.open > 0 {
            let slowest = state.handed.iter().map(|h| h.1).min();
            return slowest.map_or(Look::Free, |at| Look::Until(at + self.times.write_idle, false));
        }
        if state.head || !state.served {
            return Look::Until(state.since + self.times.headers, false);
        }
        Look::Until(state.since + self.times.idle, true)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// A pulse and a time that tests move.
    struct Case(Pulse, Instant);

    impl Case {
        fn new() -> Self {
            let (s, now) = (Duration::from_secs, Instant::now());
            Self(Pulse::new(Times { headers: s(5), idle: s(60), write_idle: s(15) }, now), now)
        }
        fn wait(&mut self, millis: u64) {
            self.1 += Duration::from_millis(millis);
        }
        /// Seconds until it is ended, and whether gently.
        fn left(&self) -> Option<(u64, bool)> {
            match self.0.look() {
                Look::Until(at, gently) => Some((at.saturating_duration_since(self.1).as_secs(), gently)),
                _ => None,
            }
        }
    }

    #[test]
    fn each_phase_has_its_limit() {
        let mut case = Case::new();
        assert_eq!(case.left(), Some((5, false)), "silent from the start");
        case.0.received(10, case.1);
        case.wait(3000);
        case.0.received(10, case.1);
        assert_eq!(case.left(), Some((2, false)), "more bytes of a head win no time");
        case.0.begin();
        assert_eq!(case.0.look(), Look::Free, "the handler has limits of its own");
        let piece = case.0.handed(case.1);
        assert_eq!(case.left(), Some((15, false)));
        case.wait(14_000);
        case.0.asked(piece);
        assert_eq!(case.0.look(), Look::Free, "an event stream may be silent");
        case.0.end(false, case.1);
        assert_eq!(case.left(), Some((60, true)));
        case.0.received(1, case.1);
        assert_eq!(case.left(), Some((5, false)));
    }

    #[test]
    fn one_stalled_answer_ends_a_connection_whose_others_move() {
        let mut case = Case::new();
        case.0.ready(true, case.1);
        case.0.begin();
        case.0.begin();
        case.0.handed(case.1);
        for _ in 0..20 {
            case.wait(1000);
            let piece = case.0.handed(case.1);
            case.0.asked(piece);
        }
        assert_eq!(case.left(), Some((0, false)));
    }

    #[test]
    fn many_requests_given_up_at_once_are_a_flood_and_the_same_over_time_are_not() {
        let give_up = |case: &mut Case, pause: u64| {
            case.0.begin();
            case.0.end(true, case.1);
            case.wait(pause);
        };
        let (mut flood, mut person) = (Case::new(), Case::new());
        for n in 0..=GIVEN_UP {
            assert_ne!(flood.0.look(), Look::Flood, "{n}");
            give_up(&mut flood, 90);
        }
        assert_eq!(flood.0.look(), Look::Flood);
        for _ in 0..10 * GIVEN_UP {
            give_up(&mut person, 200);
        }
        assert_ne!(person.0.look(), Look::Flood);
    }

    #[test]
    fn bytes_that_nobody_wants_are_a_flood() {
        let case = Case::new();
        case.0.ready(true, case.1);
        case.0.received(usize::try_from(UNPRODUCTIVE).unwrap(), case.1);
        assert_ne!(case.0.look(), Look::Flood);
        case.0.received(1, case.1);
        assert_eq!(case.0.look(), Look::Flood);
        case.0.begin();
        assert_eq!(case.0.look(), Look::Free);
    }
}

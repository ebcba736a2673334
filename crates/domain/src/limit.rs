//! "N in any minute": a sliding log of the calls that were let through.
//!
//! A call at `t` counts in `[t, t + 60 s)`. With at most N calls in the log, no window of 60 seconds
//! that begins anywhere holds more than N. A fixed window would let 2 N through at its edge, and a
//! leaky bucket (GCRA) up to 2 N − 1 after a quiet minute. Refused calls are not entered: asking again
//! and again never makes the wait longer.

use crate::time::Ts;

/// Length of the window in microseconds: 60 seconds.
pub const WINDOW: i64 = 60_000_000;
/// Entries of a log at most, but one. Up to this limit every call has an entry of its own.
const FINE: u32 = 600;
/// Above that, calls of one such stretch share an entry that leaves with the last of them: 0.1 s.
/// They leave later than they could, never earlier.
const STRETCH: i64 = WINDOW / FINE as i64;
/// Bytes of an entry: time as `i64`, calls as `u32`, both little-endian.
const ENTRY: usize = 12;

/// Calls that were let through, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log(Vec<(i64, u32)>);

/// What is left after a call, let through or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Calls in any 60 seconds.
    pub limit: u32,
    /// Calls still free; no more than these before `until`.
    pub remaining: u32,
    /// When the next call becomes free that is not free now.
    pub until: Ts,
}

impl Quota {
    /// Whole seconds until then, rounded up, at least 1: for `Retry-After`.
    #[must_use]
    pub fn seconds(&self, now: Ts) -> u32 {
        let micros = self.until.0.saturating_sub(now.0).max(1);
        u32::try_from(micros.div_euclid(1_000_000) + i64::from(micros % 1_000_000 != 0)).unwrap_or(u32::MAX)
    }
}

/// The answer to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may go on; the log to keep instead.
    Accepted(Log, Quota),
    /// It may not.
    Refused(Quota),
}

impl Log {
    /// Asks for one more call at `now`, with at most `limit` in any 60 seconds.
    ///
    /// Clocks differ: an entry may lie up to a minute ahead and still counts. One further ahead is from
    /// before the clock was set back; nobody is to wait for it.
    #[must_use]
    pub fn attempt(&self, limit: u32, now: Ts) -> Verdict {
        let counts = |at: i64| at > now.0.saturating_sub(WINDOW) && at <= now.0.saturating_add(WINDOW);
        let mut live: Vec<_> = self.0.iter().copied().filter(|(at, _)| counts(*at)).collect();
        let used = live.iter().fold(0u32, |sum, (_, calls)| sum.saturating_add(*calls));
        if used >= limit {
            let until = frees(&live, used.saturating_sub(limit)).unwrap_or(now.0);
            return Verdict::Refused(Quota { limit, remaining: 0, until: Ts(until) });
        }
        // Never before one that is there: the log stays in order, whoever wrote it.
        let at = live.last().map_or(now.0, |(last, _)| now.0.max(*last));
        match live.last_mut() {
            Some(last) if limit > FINE && last.0.div_euclid(STRETCH) == at.div_euclid(STRETCH) => {
                *last = (at, last.1 + 1);
            }
            _ => live.push((at, 1)),
        }
        let until = frees(&live, 0).unwrap_or(at);
        let quota = Quota { limit, remaining: limit - used - 1, until: Ts(until) };
        Verdict::Accepted(Self(live), quota)
    }

    /// When nothing of it counts any more.
    #[must_use]
    pub fn ends(&self) -> Ts {
        Ts(self.0.last().map_or(0, |(at, _)| at.saturating_add(WINDOW)))
    }

    /// Its bytes for the database.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let entry = |(at, calls): &(i64, u32)| {
            let mut bytes = [0; ENTRY];
            bytes[..8].copy_from_slice(&at.to_le_bytes());
            bytes[8..].copy_from_slice(&calls.to_le_bytes());
            bytes
        };
        self.0.iter().flat_map(entry).collect()
    }

    /// Reads it back; `None` for bytes that are no log.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (entries, rest) = bytes.as_chunks::<ENTRY>();
        let entry = |e: &[u8; ENTRY]| {
            let (at, calls) = e.split_at(8);
            Some((i64::from_le_bytes(at.try_into().ok()?), u32::from_le_bytes(calls.try_into().ok()?)))
        };
        let log: Vec<_> = entries.iter().map(entry).collect::<Option<_>>()?;
        (rest.is_empty() && log.is_sorted_by_key(|(at, _)| *at)).then_some(Self(log))
    }
}

/// When more than `over` of the calls have left.
fn frees(live: &[(i64, u32)], over: u32) -> Option<i64> {
    let mut left = 0u32;
    live.iter().find_map(|(at, calls)| {
        left = left.saturating_add(*calls);
        (left > over).then_some(at.saturating_add(WINDOW))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const S: i64 = 1_000_000;
    const T0: i64 = 1_800_000_000 * S;

    /// Calls at these times; which were let through.
    fn let_through(limit: u32, calls: impl IntoIterator<Item = i64>) -> (Vec<i64>, Log) {
        let (mut log, mut passed) = (Log::default(), Vec::new());
        for at in calls {
            if let Verdict::Accepted(next, _) = log.attempt(limit, Ts(at)) {
                log = Log::from_bytes(&next.to_bytes()).unwrap();
                passed.push(at);
            }
        }
        (passed, log)
    }

    fn most_in_a_minute(passed: &[i64]) -> usize {
        passed
            .iter()
            .map(|from| passed.iter().filter(|t| (*from..from + WINDOW).contains(t)).count())
            .max()
            .unwrap_or(0)
    }

    fn refused(log: &Log, limit: u32, now: i64) -> Quota {
        match log.attempt(limit, Ts(now)) {
            Verdict::Refused(q) => q,
            Verdict::Accepted(..) => panic!("let through"),
        }
    }

    #[test]
    fn nth_call_passes_and_the_next_waits_for_the_first_to_be_a_minute_old() {
        let (passed, log) = let_through(5, (0..5).map(|i| T0 + i * S));
        assert_eq!(passed.len(), 5);
        let q = refused(&log, 5, T0 + 5 * S);
        assert_eq!((q.until, q.seconds(Ts(T0 + 5 * S)), q.remaining), (Ts(T0 + 60 * S), 55, 0));
        assert_eq!(refused(&log, 5, T0 + 60 * S - 1).seconds(Ts(T0 + 60 * S - 1)), 1);
        assert!(matches!(log.attempt(5, Ts(T0 + 60 * S)), Verdict::Accepted(..)));
    }

    #[test]
    fn seconds_are_rounded_up() {
        let q = Quota { limit: 1, remaining: 0, until: Ts(T0) };
        for (before, seconds) in [(1, 1), (S, 1), (S + 1, 2), (60 * S, 60), (0, 1), (-5, 1)] {
            assert_eq!(q.seconds(Ts(T0 - before)), seconds, "{before}");
        }
    }

    #[test]
    fn what_is_left_and_until_when_is_told() {
        let (_, log) = let_through(5, [T0, T0 + 10 * S]);
        match log.attempt(5, Ts(T0 + 20 * S)) {
            Verdict::Accepted(_, q) => {
                assert_eq!((q.remaining, q.seconds(Ts(T0 + 20 * S))), (2, 40));
            }
            Verdict::Refused(_) => panic!("refused"),
        }
    }

    #[test]
    fn burst_at_the_edge_of_a_minute_does_not_pass_twice() {
        let calls = (0..5).map(|i| T0 + 59 * S + i).chain((0..5).map(|i| T0 + 61 * S + i));
        assert_eq!(let_through(5, calls).0.len(), 5);
    }

    #[test]
    fn refused_calls_do_not_make_the_wait_longer() {
        let (_, log) = let_through(3, [T0, T0 + 1, T0 + 2]);
        let first = refused(&log, 3, T0 + 3);
        for i in 4..1000 {
            assert_eq!(refused(&log, 3, T0 + i).until, first.until);
        }
    }

    #[test]
    fn lowered_limit_waits_until_enough_have_left() {
        let (_, log) = let_through(5, (0..5).map(|i| T0 + i * S));
        assert_eq!(refused(&log, 2, T0 + 5 * S).until, Ts(T0 + 3 * S + 60 * S));
    }

    #[test]
    fn log_of_a_high_limit_stays_small_and_never_lets_more_through() {
        let limit = 5000;
        let calls: Vec<i64> = (0..40_000).map(|i| T0 + i * 4_000).collect();
        let (passed, log) = let_through(limit, calls);
        assert!(log.to_bytes().len() <= 12 * 602, "{}", log.to_bytes().len());
        let mut most = 0;
        let mut from = 0;
        for (to, at) in passed.iter().enumerate() {
            while passed[from] <= at - WINDOW {
                from += 1;
            }
            most = most.max(to - from + 1);
        }
        assert_eq!(most, 5000);
    }

    #[test]
    fn clock_that_differs_a_little_still_counts_and_one_set_back_locks_nobody_out() {
        let (_, log) = let_through(1, [T0]);
        assert_eq!(refused(&log, 1, T0 - 2 * S).until, Ts(T0 + 60 * S));
        assert!(matches!(log.attempt(1, Ts(T0 - 3600 * S)), Verdict::Accepted(..)));
        let (_, two) = let_through(2, [T0, T0 - 2 * S]);
        assert_eq!(two.ends(), Ts(T0 + 60 * S));
    }

    #[test]
    fn other_bytes_are_no_log() {
        assert_eq!(Log::from_bytes(&[1; 11]), None);
        let backwards = Log(vec![(5, 1), (4, 1)]).to_bytes();
        assert_eq!(Log::from_bytes(&backwards), None);
        assert_eq!(Log::from_bytes(&[]), Some(Log::default()));
    }

    proptest::proptest! {
        #[test]
        fn no_minute_ever_holds_more_than_the_limit(limit in 1u32..8, gaps in proptest::collection::vec(0i64..40_000_000, 1..120)) {
            let mut at = T0;
            let calls: Vec<i64> = gaps.iter().map(|g| { at += g; at }).collect();
            let (passed, _) = let_through(limit, calls.clone());
            proptest::prop_assert!(most_in_a_minute(&passed) <= limit as usize);
            // Nor is anybody refused without need.
            for call in &calls {
                let before = passed.iter().filter(|p| *p < call && **p > call - WINDOW).count();
                if before < limit as usize && calls.iter().filter(|c| *c == call).count() == 1 {
                    proptest::prop_assert!(passed.contains(call));
                }
            }
        }
    }
}

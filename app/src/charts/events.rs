//! Events as flags on the time axis; those that would overlap stand together.

use keepwell_domain::{record::Kind, view::Event};

/// Flags closer than this are drawn as one.
const TOGETHER: f64 = 18.0;

/// One flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Place from the left, whole units.
    pub x: i64,
    /// Indices of its events.
    pub events: std::ops::Range<usize>,
    /// Kind, when all have the same.
    pub kind: Option<Kind>,
}

/// The flags of events (sorted by time), given where a time stands; events off `left..right` have
/// none.
#[must_use]
pub fn flags(events: &[Event], at: impl Fn(i64) -> f64, left: f64, right: f64) -> Vec<Flag> {
    let mut out: Vec<Flag> = Vec::new();
    for (i, e) in events.iter().enumerate() {
        let x = at(e.t);
        if !(x >= left && x <= right) {
            continue;
        }
        match out.last_mut() {
            Some(f) if x - (f.x as f64) < TOGETHER && f.events.end == i => {
                f.events.end = i + 1;
                f.kind = f.kind.filter(|k| *k == e.kind);
            }
            _ => out.push(Flag { x: x.round() as i64, events: i..i + 1, kind: Some(e.kind) }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::testing::event;

    #[test]
    fn events_that_would_overlap_stand_together() {
        let e = [event(0, Kind::Medication), event(10, Kind::Medication), event(100, Kind::Procedure)];
        let f = flags(&e, |t| t as f64, 0.0, 500.0);
        assert_eq!(f.iter().map(|f| f.events.clone()).collect::<Vec<_>>(), [0..2, 2..3]);
        assert_eq!(f[0].kind, Some(Kind::Medication));
        assert_eq!(flags(&e, |t| t as f64 * 10.0, 0.0, 5000.0).len(), 3);
    }

    #[test]
    fn a_mixed_flag_has_no_kind_and_far_events_have_no_flag() {
        let e = [event(0, Kind::Medication), event(5, Kind::Procedure), event(9000, Kind::Procedure)];
        let f = flags(&e, |t| t as f64, 0.0, 500.0);
        assert_eq!((f.len(), f[0].kind), (1, None));
        assert!(flags(&e, |_| f64::NAN, 0.0, 500.0).is_empty());
    }

    #[test]
    fn many_events_make_no_more_flags_than_there_is_room_for() {
        let e: Vec<_> = (0..1000).map(|t| event(t, Kind::Medication)).collect();
        assert!(flags(&e, |t| t as f64 / 2.0, 0.0, 500.0).len() <= 28);
    }
}

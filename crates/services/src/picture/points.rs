//! Fewer points for a chart, without losing what a person looks for.
//!
//! Results that stand in a record are kept one by one up to [`RECORDS_KEPT`]: each has its own
//! range, laboratory and source. Samples of devices are put together, with their lowest and
//! highest. The last value is always kept by itself, for it is read as the latest.

use crate::series::thin;
use keepwell_domain::view::{Point, Standing};

/// So many points of records are shown one by one, whatever was asked for.
pub const RECORDS_KEPT: usize = 2_000;

/// At most about `limit` points (sorted by time), and whether some were put together.
#[must_use]
pub fn thinned(points: Vec<Point>, limit: usize) -> (Vec<Point>, bool) {
    let n = points.len();
    if n <= limit {
        return (points, false);
    }
    let records = points.iter().filter(|p| p.record.is_some()).count();
    if records > RECORDS_KEPT {
        return (buckets(points, limit), true);
    }
    let (mut kept, samples): (Vec<_>, Vec<_>) = points.into_iter().partition(|p| p.record.is_some());
    // Many records leave samples at least half the room, or they would be no line any more.
    let room = limit.saturating_sub(records).max(limit / 2).max(2);
    let few = if samples.len() <= room { samples } else { buckets(samples, room) };
    kept.extend(few);
    kept.sort_by_key(|p| p.t);
    let is_thinned = kept.len() < n;
    (kept, is_thinned)
}

/// Puts points into at most `most` buckets; the last point is kept by itself.
fn buckets(mut points: Vec<Point>, most: usize) -> Vec<Point> {
    let Some(last) = points.pop() else { return points };
    let (Some(first), Some(end)) = (points.first(), points.last()) else { return vec![last] };
    let items = points.iter().map(|p| {
        let (l, h) = p.span.unwrap_or((p.v, p.v));
        (p.t, p.v, l, h, 1)
    });
    let found = thin::thin(items, first.t, end.t, most.saturating_sub(1).max(1));
    let mut rest = points.into_iter();
    let mut out = Vec::with_capacity(found.len() + 1);
    for b in found {
        let Some(head) = rest.next() else { break };
        for _ in 1..b.count {
            rest.next();
        }
        out.push(if b.count == 1 { head } else { together(&b, head.date) });
    }
    out.push(last);
    out
}

/// The point of a bucket; `date` is that of its first value.
fn together(b: &thin::Bucket, date: String) -> Point {
    Point {
        t: b.t,
        v: b.mean,
        span: Some((b.low, b.high)),
        comparator: String::new(),
        low: None,
        high: None,
        standing: Standing::Unknown,
        lab: None,
        record: None,
        printed: String::new(),
        date,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keepwell_domain::ids::RecordId;
    use uuid::Uuid;

    fn point(t: i64, record: bool) -> Point {
        Point {
            t,
            v: t as f64,
            span: None,
            comparator: String::new(),
            low: Some(1.0),
            high: Some(2.0),
            standing: Standing::High,
            lab: Some(0),
            record: record.then(|| RecordId::from(Uuid::from_u128(t as u128 + 1))),
            printed: t.to_string(),
            date: String::new(),
        }
    }

    #[test]
    fn results_below_two_thousand_keep_their_ranges_and_records() {
        let all: Vec<Point> = (0..1_999).map(|t| point(t, true)).collect();
        let (kept, is_thinned) = thinned(all.clone(), 800);
        assert!(kept == all && !is_thinned);
    }

    #[test]
    fn samples_between_results_are_put_together_and_results_are_not() {
        let all = (0..100_000).map(|t| point(t, t % 100 == 7)).collect();
        let (kept, is_thinned) = thinned(all, 800);
        assert!(is_thinned && kept.len() <= 1_400);
        assert_eq!(kept.iter().filter(|p| p.record.is_some() && p.low.is_some()).count(), 1_000);
        assert!(kept.windows(2).all(|w| w[0].t <= w[1].t));
    }

    #[test]
    fn the_last_value_stays_itself_and_a_peak_stays_visible() {
        let mut all: Vec<Point> = (0..10_000).map(|t| point(t, false)).collect();
        all[5_000].v = 1e6;
        let (kept, _) = thinned(all, 100);
        assert!(kept.len() <= 100);
        assert_eq!(kept.iter().filter(|p| p.span.is_some_and(|s| s.1 == 1e6)).count(), 1);
        let last = kept.last().map(|p| (p.t, p.v, p.span));
        assert_eq!(last, Some((9_999, 9_999.0, None)));
    }

    #[test]
    fn beyond_that_a_lonely_result_is_still_itself() {
        let mut all: Vec<Point> = (0..5_000).map(|t| point(t, true)).collect();
        all.push(point(1_000_000, true));
        all.push(point(2_000_000, true));
        let (kept, is_thinned) = thinned(all, 50);
        assert!(is_thinned && kept.len() <= 50);
        assert!(kept[kept.len() - 2].record.is_some());
        assert!(kept[0].record.is_none() && kept[0].span.is_some());
    }
}

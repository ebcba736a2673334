//! The laboratories' own reference ranges as steps over time.

use keepwell_domain::view::Point;

/// A stretch of time with one range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Begin, UTC milliseconds; `None` for "since ever".
    pub from: Option<i64>,
    /// End; `None` for "until now".
    pub to: Option<i64>,
    /// Lower limit.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: Option<f64>,
}

type Limits = Option<(Option<f64>, Option<f64>)>;

fn limits(p: &Point) -> Limits {
    let low = p.low.filter(|v| v.is_finite());
    let high = p.high.filter(|v| v.is_finite());
    match (low, high) {
        (None, None) => None,
        // A range whose limits are the wrong way round says nothing.
        (Some(l), Some(h)) if l > h => None,
        other => Some(other),
    }
}

/// One step per stretch of values with the same limits; the step changes halfway between two
/// values. Values without a range leave the stretch around them empty.
#[must_use]
pub fn steps(points: &[Point]) -> Vec<Step> {
    let mut out: Vec<Step> = Vec::new();
    let mut now: Limits = None;
    let mut before: Option<i64> = None;
    for p in points {
        let next = limits(p);
        if before.is_none() || !same(now, next) {
            let edge = before.map(|b| b + (p.t.saturating_sub(b)) / 2);
            if let Some(open) = out.last_mut().filter(|s| s.to.is_none() && now.is_some()) {
                open.to = edge;
            }
            if let Some((low, high)) = next {
                out.push(Step { from: edge, to: None, low, high });
            }
        }
        now = next;
        before = Some(p.t);
    }
    out
}

/// Limits that differ by less than conversions leave behind are the same.
fn same(a: Limits, b: Limits) -> bool {
    let near = |x: Option<f64>, y: Option<f64>| match (x, y) {
        (Some(x), Some(y)) => (x - y).abs() <= 1e-9 * x.abs().max(y.abs()),
        (None, None) => true,
        _ => false,
    };
    match (a, b) {
        (Some(a), Some(b)) => near(a.0, b.0) && near(a.1, b.1),
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::testing::point;

    fn ranged(t: i64, low: Option<f64>, high: Option<f64>) -> Point {
        Point { low, high, ..point(t, 1.0) }
    }

    #[test]
    fn a_range_lasts_until_halfway_to_a_value_with_another() {
        let s = steps(&[
            ranged(0, Some(30.0), Some(400.0)),
            ranged(100, Some(30.0 + 1e-12), Some(400.0)),
            ranged(200, Some(15.0), Some(150.0)),
        ]);
        assert_eq!(
            s,
            [
                Step { from: None, to: Some(150), low: Some(30.0), high: Some(400.0) },
                Step { from: Some(150), to: None, low: Some(15.0), high: Some(150.0) },
            ]
        );
    }

    #[test]
    fn ranges_may_have_one_side_and_values_may_have_none() {
        let s = steps(&[ranged(0, None, Some(5.0)), ranged(10, None, None), ranged(20, Some(1.0), None)]);
        assert_eq!(
            s,
            [
                Step { from: None, to: Some(5), low: None, high: Some(5.0) },
                Step { from: Some(15), to: None, low: Some(1.0), high: None },
            ]
        );
        assert!(steps(&[ranged(0, None, None)]).is_empty());
        assert!(steps(&[]).is_empty());
    }

    #[test]
    fn a_range_the_wrong_way_round_or_without_numbers_is_no_range() {
        assert!(steps(&[ranged(0, Some(5.0), Some(1.0)), ranged(1, Some(f64::NAN), None)]).is_empty());
    }
}

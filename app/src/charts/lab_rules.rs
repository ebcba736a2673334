//! Where the laboratory (or device) changes: values on both sides may not compare.

use keepwell_domain::view::Point;

/// Beyond so many changes rules are noise; the table still tells them.
const MOST: usize = 24;

/// A change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Halfway between the two values, UTC milliseconds.
    pub t: i64,
    /// The laboratory before.
    pub before: u16,
    /// The laboratory after.
    pub after: u16,
}

/// All changes; values without a laboratory belong to either side.
#[must_use]
pub fn rules(points: &[Point]) -> Vec<Rule> {
    let mut out = Vec::new();
    let mut last: Option<(i64, u16)> = None;
    for p in points {
        let Some(lab) = p.lab else { continue };
        if let Some((t, before)) = last.filter(|(_, before)| *before != lab) {
            out.push(Rule { t: t + p.t.saturating_sub(t) / 2, before, after: lab });
        }
        last = Some((p.t, lab));
    }
    if out.len() > MOST { Vec::new() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::testing::point;

    fn of(t: i64, lab: Option<u16>) -> Point {
        Point { lab, ..point(t, 1.0) }
    }

    #[test]
    fn a_rule_stands_halfway_where_the_laboratory_changes() {
        let r = rules(&[of(0, Some(0)), of(10, None), of(20, Some(0)), of(40, Some(1))]);
        assert_eq!(r, [Rule { t: 30, before: 0, after: 1 }]);
    }

    #[test]
    fn one_laboratory_or_too_many_changes_have_no_rules() {
        assert!(rules(&[of(0, Some(3)), of(1, Some(3)), of(2, None)]).is_empty());
        let many: Vec<_> = (0..100).map(|i| of(i, Some((i % 2) as u16))).collect();
        assert!(rules(&many).is_empty());
    }
}

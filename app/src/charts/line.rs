//! The line through the points, broken where values are missing, and the band of lowest and
//! highest values where a point stands for several.

use super::number::coordinate;

/// Below this many intervals there is no usual one.
const FEWEST: usize = 3;
/// So many usual intervals without a value are a gap.
const GAP: i64 = 3;

/// Where a new piece of the line begins: the indices of the first points after a gap.
///
/// The usual interval is the upper quartile of all intervals, not their median: a week of daily
/// values in hospital must not turn all yearly ones into gaps.
#[must_use]
pub fn gaps(times: &[i64]) -> Vec<usize> {
    let mut between: Vec<i64> =
        times.windows(2).map(|w| w[1].saturating_sub(w[0])).filter(|d| *d > 0).collect();
    if between.len() < FEWEST {
        return Vec::new();
    }
    between.sort_unstable();
    let usual = between[(between.len() - 1) * 3 / 4];
    let limit = usual.saturating_mul(GAP);
    (1..times.len()).filter(|i| times[*i].saturating_sub(times[i - 1]) > limit).collect()
}

/// Cuts `0..n` at the gaps.
#[must_use]
pub fn pieces(n: usize, gaps: &[usize]) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::with_capacity(gaps.len() + 1);
    let mut from = 0;
    for to in gaps.iter().copied().chain([n]) {
        if to > from && to <= n {
            out.push(from..to);
            from = to;
        }
    }
    out
}

/// Appends `x y`.
pub fn place(out: &mut String, (x, y): (f64, f64)) {
    coordinate(out, x);
    out.push(' ');
    coordinate(out, y);
}

/// The path of the line. A piece of a single point is a line of no length, which a round cap
/// shows as a dot.
#[must_use]
pub fn path(places: &[(f64, f64)], pieces: &[std::ops::Range<usize>]) -> String {
    let mut out = String::with_capacity(places.len() * 11);
    for piece in pieces {
        let Some(points) = places.get(piece.clone()) else { continue };
        for (i, p) in points.iter().enumerate() {
            out.push(if i == 0 { 'M' } else { 'L' });
            place(&mut out, *p);
        }
        if points.len() == 1 {
            out.push_str("h0");
        }
    }
    out
}

/// The closed path between lowest and highest, per piece. `spans` holds (x, y of the lowest,
/// y of the highest); pieces of one point are left to [`path`].
#[must_use]
pub fn span_path(spans: &[(f64, f64, f64)], pieces: &[std::ops::Range<usize>]) -> String {
    let mut out = String::new();
    for points in pieces.iter().filter_map(|p| spans.get(p.clone())).filter(|p| p.len() > 1) {
        for (i, (x, _, high)) in points.iter().enumerate() {
            out.push(if i == 0 { 'M' } else { 'L' });
            place(&mut out, (*x, *high));
        }
        for (x, low, _) in points.iter().rev() {
            out.push('L');
            place(&mut out, (*x, *low));
        }
        out.push('Z');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_silence_is_a_gap_and_a_late_value_is_not() {
        assert_eq!(gaps(&[0, 10, 20, 30, 70, 80]), [4]);
        assert!(gaps(&[0, 10, 20, 30, 60, 70]).is_empty());
        assert!(gaps(&[0, 1, 1000]).is_empty(), "three values have no usual interval");
    }

    #[test]
    fn a_week_in_hospital_does_not_tear_the_years_apart() {
        let year = 365;
        let times: Vec<i64> = (0..4).map(|d| d + 10 * year).chain((11..16).map(|y| y * year)).collect();
        assert!(gaps(&times).is_empty());
    }

    #[test]
    fn the_line_breaks_at_gaps_and_a_lonely_point_stays_visible() {
        let p = [(0.0, 1.0), (1.0, 2.0), (9.0, 3.0)];
        assert_eq!(path(&p, &pieces(3, &[2])), "M0 1L1 2M9 3h0");
        assert_eq!(path(&p, &pieces(3, &[])), "M0 1L1 2L9 3");
        assert_eq!(path(&[], &pieces(0, &[])), "");
    }

    #[test]
    fn the_span_goes_there_along_the_highest_and_back_along_the_lowest() {
        let s = [(0.0, 9.0, 1.0), (5.0, 8.0, 2.0)];
        assert_eq!(span_path(&s, &pieces(2, &[])), "M0 1L5 2L5 8L0 9Z");
        assert_eq!(span_path(&s, &pieces(2, &[1])), "");
    }

    #[test]
    fn values_at_the_same_time_are_no_intervals() {
        assert_eq!(gaps(&[0, 0, 0, 0, 10, 20, 30, 100]), [7]);
    }
}

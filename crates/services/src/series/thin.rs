//! Thinning for a chart: every bucket keeps its mean, lowest and highest value, so that no peak
//! is lost.

/// A bucket of samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// Time of the first sample in it, milliseconds.
    pub t: i64,
    /// Mean.
    pub mean: f64,
    /// Lowest.
    pub low: f64,
    /// Highest.
    pub high: f64,
    /// Samples.
    pub count: u32,
}

/// Puts samples, sorted by time, into at most `points` buckets of equal width between `from` and
/// `to` (milliseconds, inclusive). Each item is (time, mean, low, high, count).
pub fn thin(
    samples: impl Iterator<Item = (i64, f64, f64, f64, u32)>,
    from: i64,
    to: i64,
    points: usize,
) -> Vec<Bucket> {
    let points = points.max(1) as i128;
    let width = (i128::from(to) - i128::from(from) + 1).max(1);
    let mut out: Vec<Bucket> = Vec::new();
    let mut current = -1i128;
    for (t, mean, low, high, count) in samples {
        if t < from || t > to {
            continue;
        }
        let slot = (i128::from(t) - i128::from(from)) * points / width;
        match out.last_mut() {
            Some(b) if slot == current => {
                let n = f64::from(b.count) + f64::from(count);
                b.mean += (mean - b.mean) * f64::from(count) / n;
                b.low = b.low.min(low);
                b.high = b.high.max(high);
                b.count = b.count.saturating_add(count);
            }
            _ => out.push(Bucket { t, mean, low, high, count }),
        }
        current = slot;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_peak_among_a_million_survives() {
        let values = (0..1_000_000i64).map(|i| {
            let v = if i == 654_321 { 999.0 } else { 60.0 };
            (i, v, v, v, 1)
        });
        let out = thin(values, 0, 999_999, 800);
        assert_eq!(out.len(), 800);
        assert_eq!(out.iter().filter(|b| b.high > 900.0).count(), 1);
        assert_eq!(out.iter().map(|b| u64::from(b.count)).sum::<u64>(), 1_000_000);
    }

    #[test]
    fn samples_outside_the_window_are_left_out() {
        let out = thin([(5, 1.0, 1.0, 1.0, 1), (15, 2.0, 2.0, 2.0, 1)].into_iter(), 10, 20, 4);
        assert_eq!(out.len(), 1);
        assert_eq!(out[0].t, 15);
    }
}

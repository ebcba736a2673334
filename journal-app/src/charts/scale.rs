//! Values to places.

/// A straight scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The value at the start.
    pub low: f64,
    /// The value at the end.
    pub high: f64,
    /// The place of `low`.
    pub from: f64,
    /// The place of `high`.
    pub to: f64,
}

impl Scale {
    /// The place of a value.
    #[must_use]
    pub fn at(self, value: f64) -> f64 {
        if self.high <= self.low {
            return f64::midpoint(self.from, self.to);
        }
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }
}

/// Round values between two, at most about `count`.
#[must_use]
pub fn ticks(low: f64, high: f64, count: usize) -> Vec<f64> {
    if !(low.is_finite() && high.is_finite()) || high <= low || count == 0 {
        return Vec::new();
    }
    #[allow(clippy::cast_precision_loss)]
    let rough = (high - low) / count as f64;
    let size = 10f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * size).find(|s| *s >= rough).unwrap_or(10.0 * size);
    let first = (low / step).ceil();
    let mut out = Vec::new();
    let mut n = 0.0;
    while (first + n) * step <= high + step * 1e-9 && out.len() < 100 {
        out.push((first + n) * step);
        n += 1.0;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_few_and_round() {
        assert_eq!(ticks(0.0, 24.0, 4), [0.0, 10.0, 20.0]);
        let tenths = ticks(36.1, 36.9, 4).into_iter().map(|t| format!("{t:.1}")).collect::<Vec<_>>();
        assert_eq!(tenths, ["36.2", "36.4", "36.6", "36.8"]);
        assert!(ticks(1.0, 1.0, 4).is_empty() && ticks(0.0, f64::NAN, 4).is_empty());
    }

    #[test]
    fn one_value_stands_in_the_middle() {
        assert!((Scale { low: 3.0, high: 3.0, from: 0.0, to: 10.0 }.at(3.0) - 5.0).abs() < 1e-9);
    }
}

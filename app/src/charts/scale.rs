//! The value axis: from numbers to places, with few and round ticks.

/// Largest magnitude that is drawn; beyond it differences overflow.
const HUGE: f64 = 1e300;

/// Maps values to places on the axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
    is_log: bool,
}

/// A tick: its value and how many decimals its label needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tick {
    /// Value.
    pub value: f64,
    /// Decimals.
    pub decimals: usize,
}

impl Scale {
    /// `domain` in values, `range` in places; a range may run downwards. With `is_log` both ends of
    /// the domain must be positive, else the scale is linear.
    #[must_use]
    pub fn new(domain: (f64, f64), range: (f64, f64), is_log: bool) -> Self {
        let is_log = is_log && domain.0 > 0.0 && domain.1 > 0.0;
        Self { from: domain.0, to: domain.1, start: range.0, end: range.1, is_log }
    }

    /// Whether steps are factors.
    #[must_use]
    pub const fn is_log(&self) -> bool {
        self.is_log
    }

    /// Lowest and highest value.
    #[must_use]
    pub const fn domain(&self) -> (f64, f64) {
        (self.from, self.to)
    }

    /// The place of a value; the nearer end for a value that is no number.
    #[must_use]
    pub fn at(&self, v: f64) -> f64 {
        let share = if self.is_log {
            if v <= 0.0 {
                return self.start;
            }
            (v / self.from).ln() / (self.to / self.from).ln()
        } else {
            (v - self.from) / (self.to - self.from)
        };
        if share.is_finite() { self.start + share * (self.end - self.start) } else { self.start }
    }

    /// About `n` round values within the domain.
    #[must_use]
    pub fn ticks(&self, n: usize) -> Vec<Tick> {
        if self.is_log {
            return decades(self.from, self.to, n);
        }
        // A coarse step may leave a single tick; one tick is no scale.
        let tries = (n..n + 4).map(|n| round_ticks(self.from, self.to, n));
        let mut last = Vec::new();
        for t in tries {
            last = t;
            if last.len() >= 3 {
                break;
            }
        }
        last
    }
}

/// The domain for values and the limits of their ranges: all values, and those limits that do not
/// press the values into less than half of the height; some air around; never below zero when
/// nothing is. `None` without a value.
#[must_use]
pub fn domain(values: impl Iterator<Item = f64>, limits: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let good = |v: &f64| v.is_finite() && v.abs() <= HUGE;
    let (low, high) = values
        .filter(good)
        .fold(None, |acc: Option<(f64, f64)>, v| Some(acc.map_or((v, v), |(l, h)| (l.min(v), h.max(v)))))?;
    let own = (high - low).max(low.abs().max(high.abs()) * 0.2);
    let most = own * 2.0;
    let (mut a, mut b) = (low, high);
    for limit in limits.filter(good) {
        if high - limit <= most {
            a = a.min(limit);
        }
        if limit - low <= most {
            b = b.max(limit);
        }
    }
    let span = b - a;
    let least = a.abs().max(b.abs()) * 1e-9;
    let air = match span {
        s if s > least => s * 0.08,
        _ if a == 0.0 => 1.0,
        _ => a.abs() * 0.1,
    };
    let bottom = if a >= 0.0 { (a - air).max(0.0) } else { a - air };
    Some((bottom, b + air))
}

/// The domain for a scale of factors: from the decade below to the decade above. `None` unless
/// all values are positive.
#[must_use]
pub fn log_domain(values: impl Iterator<Item = f64> + Clone) -> Option<(f64, f64)> {
    let good = values.filter(|v| v.is_finite() && *v <= HUGE);
    if good.clone().any(|v| v <= 0.0) {
        return None;
    }
    let low = good.clone().fold(f64::INFINITY, f64::min);
    let high = good.fold(0.0, f64::max);
    let (a, b) = (low.log10().floor(), high.log10().ceil());
    let b = if b > a { b } else { a + 1.0 };
    (low.is_finite() && high > 0.0).then(|| (10f64.powf(a), 10f64.powf(b)))
}

/// Whether values span more than three decades, so that a scale of factors is worth offering.
#[must_use]
pub fn spans_decades(values: impl Iterator<Item = f64>) -> bool {
    let (mut low, mut high) = (f64::INFINITY, 0.0f64);
    for v in values.filter(|v| v.is_finite()) {
        if v <= 0.0 {
            return false;
        }
        low = low.min(v);
        high = high.max(v);
    }
    high / low > 1000.0
}

/// The round step (1, 2 or 5 times a power of ten) that gives at most `n` steps: (digit, exponent).
fn step(span: f64, n: usize) -> (i64, i32) {
    let raw = span / f64::from(u32::try_from(n.max(1)).unwrap_or(1));
    let exponent = raw.log10().floor();
    let fraction = raw / 10f64.powf(exponent);
    let exponent = exponent as i32;
    match fraction {
        f if f <= 1.0 + 1e-9 => (1, exponent),
        f if f <= 2.0 + 1e-9 => (2, exponent),
        f if f <= 5.0 + 1e-9 => (5, exponent),
        _ => (1, exponent + 1),
    }
}

fn round_ticks(from: f64, to: f64, n: usize) -> Vec<Tick> {
    let span = to - from;
    if !(span.is_finite() && span > 0.0) {
        return Vec::new();
    }
    let (digit, exponent) = step(span, n);
    // Whole multiples of a power of ten, divided at the end: 0.3 and not 0.30000000000000004.
    let power = 10f64.powi(exponent.abs());
    let value = |i: i64| {
        let whole = (i * digit) as f64;
        if exponent < 0 { whole / power } else { whole * power }
    };
    let size = value(1);
    let first = (from / size).ceil();
    if !(size > 0.0 && first.abs() < 1e15) {
        return Vec::new();
    }
    let decimals = usize::try_from(-exponent).unwrap_or(0);
    (first as i64..)
        .take(n + 2)
        .map(value)
        .take_while(|v| *v <= to + size * 1e-6)
        .map(|v| Tick { value: v, decimals })
        .collect()
}

fn decades(from: f64, to: f64, n: usize) -> Vec<Tick> {
    let (a, b) = (from.log10().round() as i32, to.log10().round() as i32);
    let every = usize::try_from((b - a).max(1)).unwrap_or(1).div_ceil(n.max(1)).max(1);
    (a..=b)
        .step_by(every)
        .map(|e| Tick {
            value: if e < 0 { 1.0 / 10f64.powi(-e) } else { 10f64.powi(e) },
            decimals: usize::try_from(-e).unwrap_or(0),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ticks(a: f64, b: f64) -> Vec<f64> {
        round_ticks(a, b, 5).iter().map(|t| t.value).collect()
    }

    #[test]
    fn ticks_are_few_and_round() {
        assert_eq!(ticks(0.0, 10.0), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(0.07, 0.43), [0.1, 0.2, 0.3, 0.4]);
        assert_eq!(ticks(-3.0, 3.0), [-2.0, 0.0, 2.0]);
        assert_eq!(ticks(98.6, 99.4), [98.6, 98.8, 99.0, 99.2, 99.4]);
        assert_eq!(round_ticks(98.6, 99.4, 5)[0].decimals, 1);
    }

    #[test]
    fn every_span_has_at_least_two_and_at_most_seven_ticks() {
        for e in -12..13 {
            for m in 1..100 {
                let span = f64::from(m) * 10f64.powi(e) / 7.0;
                for base in [0.0, -span / 3.0, span * 12.3] {
                    let t = ticks(base, base + span);
                    assert!((2..=7).contains(&t.len()), "{base} {span}: {t:?}");
                    assert!(t.iter().all(|v| *v >= base - span * 1e-6 && *v <= base + span * 1.0001));
                }
            }
        }
    }

    #[test]
    fn nonsense_has_no_ticks() {
        for (a, b) in [(f64::NAN, 1.0), (1.0, 1.0), (2.0, 1.0), (0.0, f64::INFINITY), (1e18, 1e18 + 256.0)] {
            assert!(ticks(a, b).len() < 8);
        }
        assert!(ticks(f64::NAN, 1.0).is_empty());
    }

    #[test]
    fn equal_values_stand_in_the_middle() {
        assert_eq!(domain([5.0, 5.0].into_iter(), std::iter::empty()), Some((4.5, 5.5)));
        assert_eq!(domain([0.0].into_iter(), std::iter::empty()), Some((0.0, 1.0)));
        assert_eq!(domain([-4.0].into_iter(), std::iter::empty()), Some((-4.4, -3.6)));
    }

    #[test]
    fn a_far_limit_does_not_flatten_the_values() {
        let (a, b) = domain([25.0, 35.0].into_iter(), [30.0, 400.0].into_iter()).unwrap();
        assert!(a > 20.0 && b < 40.0, "{a} {b}");
        let (a, b) = domain([4.0, 5.0].into_iter(), [3.5, 5.1].into_iter()).unwrap();
        assert!(a <= 3.5 && b >= 5.1);
    }

    #[test]
    fn the_axis_does_not_go_below_zero_unless_values_do() {
        assert_eq!(domain([0.1, 9.0].into_iter(), std::iter::empty()).unwrap().0, 0.0);
        assert!(domain([-0.1, 9.0].into_iter(), std::iter::empty()).unwrap().0 < -0.1);
    }

    #[test]
    fn values_that_are_no_numbers_do_not_count() {
        let values = [f64::NAN, f64::INFINITY, 1.0, 3.0, f64::MAX, f64::MIN];
        let (a, b) = domain(values.into_iter(), [f64::NAN].into_iter()).unwrap();
        assert!(a < 1.0 && b > 3.0 && b < 4.0);
        assert_eq!(domain([f64::NAN].into_iter(), std::iter::empty()), None);
        let s = Scale::new((a, b), (100.0, 0.0), false);
        assert!(s.at(f64::NAN).is_finite() && s.at(f64::INFINITY).is_finite());
    }

    #[test]
    fn factors_get_equal_steps_on_a_scale_of_factors() {
        let d = log_domain([3.0, 5000.0].into_iter()).unwrap();
        let s = Scale::new(d, (0.0, 400.0), true);
        assert!((s.at(10.0) - 100.0).abs() < 1e-6 && (s.at(1000.0) - 300.0).abs() < 1e-6);
        let t: Vec<f64> = s.ticks(5).iter().map(|t| t.value).collect();
        assert_eq!(t, [1.0, 10.0, 100.0, 1000.0, 10000.0]);
        assert!(log_domain([0.0, 5.0].into_iter()).is_none());
        assert!(spans_decades([0.001, 2.0].into_iter()) && !spans_decades([0.0, 2e9].into_iter()));
    }
}

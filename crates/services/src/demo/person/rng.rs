//! A small generator of numbers that look like chance and never change (SplitMix64, Steele et al.
//! 2014).

/// The generator; the same seed gives the same numbers for ever.
pub(super) struct Rng(u64);

impl Rng {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to, not including, 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From `low` up to, not including, `high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn whole(&mut self, low: i64, high: i64) -> i64 {
        low + (self.unit() * (high - low + 1) as f64) as i64
    }

    /// Around `mean` with a coefficient of variation; a sum of four uniform numbers, which never
    /// strays further than 3.5 standard deviations.
    pub(super) fn around(&mut self, mean: f64, cv: f64) -> f64 {
        let sum: f64 = (0..4).map(|_| self.unit()).sum();
        // The sum has variance 4/12.
        mean * (1.0 + cv * (sum - 2.0) * 3f64.sqrt())
    }
}

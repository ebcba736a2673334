//! Hours in which nothing is to ring.

use crate::model::{Clock, DAY_MINUTES, Moment, Preferences};

/// Quiet hours, perhaps over midnight. From and until the same time is none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// The first quiet minute.
    pub from: Clock,
    /// The first minute after.
    pub until: Clock,
}

impl QuietHours {
    /// The person's, where both ends are set.
    #[must_use]
    pub fn of(wishes: &Preferences) -> Option<Self> {
        Some(Self { from: wishes.quiet_from.get()?, until: wishes.quiet_until.get()? })
    }
    /// Whether a time of day lies within.
    #[must_use]
    pub const fn contains(self, clock: Clock) -> bool {
        let (c, from, until) = (clock.minutes(), self.from.minutes(), self.until.minutes());
        if from <= until { from <= c && c < until } else { c >= from || c < until }
    }
    /// Minutes from a moment within until they end; 0 outside.
    #[must_use]
    pub fn minutes_left(self, at: &Moment) -> i64 {
        let Some(clock) = at.clock.filter(|c| self.contains(*c)) else { return 0 };
        (i64::from(self.until.minutes()) - i64::from(clock.minutes())).rem_euclid(DAY_MINUTES)
    }
}

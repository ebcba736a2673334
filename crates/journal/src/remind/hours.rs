//! Hours in which nothing is to ring.

use crate::model::{Clock, Moment, Preferences};
use keepwell_domain::time::Date;

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
    /// When they end, on the clock on the wall, for a moment within; `None` outside.
    #[must_use]
    pub fn end_after(self, at: &Moment) -> Option<(Date, Clock)> {
        let clock = at.clock.filter(|c| self.contains(*c))?;
        let is_tomorrow = self.until.minutes() <= clock.minutes();
        Some((Date::from_days(at.date.days() + i64::from(is_tomorrow)), self.until))
    }
}

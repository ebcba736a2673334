//! Time zones without a database.

use super::moment::{BadMoment, Clock, DAY_MINUTES, Moment};
use crate::redact::redacted;
use keepwell_domain::time::{DAY, Date, Ts};

/// The name of an IANA time zone, as the device reported it: `Europe/Berlin`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zone(String);

impl Zone {
    /// A name of 1 to 64 letters, digits and `_ + - /`.
    ///
    /// # Errors
    /// [`BadMoment`] for any other text. Whether there is such a zone, only [`Offsets`] can tell.
    pub fn parse(name: &str) -> Result<Self, BadMoment> {
        let fine = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-' | b'/');
        if name.is_empty() || name.len() > 64 || !name.bytes().all(fine) {
            return Err(BadMoment);
        }
        Ok(Self(name.to_owned()))
    }
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Looks up what a zone's clocks show. The browser answers from `Intl`.
pub trait Offsets {
    /// Minutes east of UTC that hold in a zone at an instant; `None` for a zone that is not known.
    fn offset_at(&self, zone: &Zone, at: Ts) -> Option<i16>;
}

/// How a wall time met the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// There is exactly one such instant.
    Exact,
    /// The clocks were set back and showed it twice; this is the first.
    Twice,
    /// The clocks were set forward past it; this is the instant as if they had not been, so that
    /// 02:30 becomes 03:30.
    Skipped,
}

/// The moment at which a zone's clocks show a date and time, and how well it fits. `None` for a zone
/// that is not known. What happens in gaps and folds is RFC 5545 section 3.3.5.
#[must_use]
pub fn resolve(date: Date, clock: Clock, zone: &Zone, offsets: &dyn Offsets) -> Option<(Moment, Fit)> {
    let wall = (date.days() * DAY_MINUTES + i64::from(clock.minutes())) * 60_000_000;
    let utc = |offset: i16| Ts(wall - i64::from(offset) * 60_000_000);
    // Offsets lie within a day of UTC and never change twice within two days.
    let before = offsets.offset_at(zone, Ts(wall - DAY))?;
    let after = offsets.offset_at(zone, Ts(wall + DAY))?;
    let holds = |o: i16| offsets.offset_at(zone, utc(o)) == Some(o);
    let moment = |o: i16| Moment::of_instant(utc(o), o, Some(zone.clone()));
    Some(match (holds(before), holds(after)) {
        (true, true) if before != after => (moment(before), Fit::Twice),
        (true, _) => (moment(before), Fit::Exact),
        (false, true) => (moment(after), Fit::Exact),
        (false, false) => (Moment::of_instant(utc(before), after, Some(zone.clone())), Fit::Skipped),
    })
}

/// The later of the two moments at which a zone's clocks show a date and time, where they were set back
/// past it; `None` where there are not two.
#[must_use]
pub fn resolve_later(date: Date, clock: Clock, zone: &Zone, offsets: &dyn Offsets) -> Option<Moment> {
    let (first, Fit::Twice) = resolve(date, clock, zone, offsets)? else { return None };
    let after = offsets.offset_at(zone, Ts(first.instant()?.0 + DAY))?;
    Some(Moment { offset: Some(after), ..first })
}

redacted!(Zone);

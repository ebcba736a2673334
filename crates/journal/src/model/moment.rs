//! Times as a person lives them: local date, time of day, zone, and the offset from UTC that held when
//! the entry was made. No zone database: whoever enters something hands in the offset, and what lies
//! ahead asks [`super::zone::Offsets`].

use super::{
    field::{TextType, text_fields},
    zone::Zone,
};
use crate::redact::redacted;
use keepwell_domain::time::{Date, Ts};
use std::fmt;

/// Minutes in a day.
pub const DAY_MINUTES: i64 = 1440;
const MINUTE: i64 = 60_000_000;

/// A time of day to the minute.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock(u16);

/// A text or number that is no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time")]
pub struct BadMoment;

impl Clock {
    /// 09:00: when a thing of the day without a time rings.
    pub const MORNING: Self = Self(540);

    /// Hour and minute.
    ///
    /// # Errors
    /// [`BadMoment`] past 23:59.
    pub const fn new(hour: u16, minute: u16) -> Result<Self, BadMoment> {
        if hour > 23 || minute > 59 {
            return Err(BadMoment);
        }
        Ok(Self(hour * 60 + minute))
    }
    /// Minutes since midnight, 0 to 1439.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }
    /// The time that many minutes after midnight.
    ///
    /// # Errors
    /// [`BadMoment`] past 1439.
    pub const fn from_minutes(minutes: u16) -> Result<Self, BadMoment> {
        if minutes > 1439 { Err(BadMoment) } else { Ok(Self(minutes)) }
    }
    /// Reads `hh:mm`; seconds after it are dropped.
    ///
    /// # Errors
    /// [`BadMoment`] for any other text.
    pub fn parse(text: &str) -> Result<Self, BadMoment> {
        let b = text.as_bytes();
        let two = |i: usize| -> Result<u16, BadMoment> {
            match b.get(i..i + 2) {
                Some([x @ b'0'..=b'9', y @ b'0'..=b'9']) => {
                    Ok(u16::from(x - b'0') * 10 + u16::from(y - b'0'))
                }
                _ => Err(BadMoment),
            }
        };
        let seconds_follow = b.len() == 8 && b[5] == b':' && two(6)? < 61;
        if b.get(2) != Some(&b':') || !(b.len() == 5 || seconds_follow) {
            return Err(BadMoment);
        }
        Self::new(two(0)?, two(3)?)
    }
}

/// `hh:mm`.
impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}
impl TextType for Clock {
    fn to_text(&self) -> String {
        self.to_string()
    }
    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

/// Where a moment stands among others: its day, and minutes from the start of that day at UTC.
pub type SortKey = (i64, i64);

/// A date, with a time of day where one was given, with the offset and zone where they are known.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The calendar date on the wall.
    pub date: Date,
    /// The time on the clock; `None` when only the day was given.
    pub clock: Option<Clock>,
    /// Minutes east of UTC as recorded at entry.
    pub offset: Option<i16>,
    /// The IANA zone as recorded at entry.
    pub zone: Option<Zone>,
}

impl Moment {
    /// A day.
    #[must_use]
    pub const fn day(date: Date) -> Self {
        Self { date, clock: None, offset: None, zone: None }
    }
    /// A time on the wall, with offset and zone.
    #[must_use]
    pub const fn at(date: Date, clock: Clock, offset: i16, zone: Zone) -> Self {
        Self { date, clock: Some(clock), offset: Some(offset), zone: Some(zone) }
    }
    /// The moment of an instant in a zone whose offset is given. Seconds are dropped.
    #[must_use]
    pub fn of_instant(at: Ts, offset: i16, zone: Option<Zone>) -> Self {
        let minutes = at.0.div_euclid(MINUTE) + i64::from(offset);
        let clock = u16::try_from(minutes.rem_euclid(DAY_MINUTES)).unwrap_or(0);
        Self {
            date: Date::from_days(minutes.div_euclid(DAY_MINUTES)),
            clock: Some(Clock(clock)),
            offset: Some(offset),
            zone,
        }
    }
    /// The instant; `None` for a bare day or where no offset was recorded.
    #[must_use]
    pub fn instant(&self) -> Option<Ts> {
        let (clock, offset) = (self.clock?, self.offset?);
        Some(Ts((self.date.days() * DAY_MINUTES + i64::from(clock.0) - i64::from(offset)) * MINUTE))
    }
    /// For sorting: the day on the wall, and within it the instant; a local time is taken as UTC, a bare day as its
    /// start. The day comes first, so that an evening in America stays before a bare day that follows it.
    #[must_use]
    pub fn sort_key(&self) -> SortKey {
        let minutes = self.clock.map_or(0, |c| i64::from(c.0)) - self.offset.map_or(0, i64::from);
        (self.date.days(), minutes)
    }
    /// Minutes from an earlier moment to this one. With both offsets it is the time that passed, also
    /// across a change to summer time; without, the difference on the wall. `None` for bare days.
    #[must_use]
    pub fn minutes_since(&self, earlier: &Self) -> Option<i64> {
        if let (Some(a), Some(b)) = (self.instant(), earlier.instant()) {
            return Some((a.0 - b.0) / MINUTE);
        }
        let wall = |m: &Self| Some(m.date.days() * DAY_MINUTES + i64::from(m.clock?.0));
        Some(wall(self)? - wall(earlier)?)
    }
    /// Calendar days from another day to this one.
    #[must_use]
    pub const fn days_since(&self, other: Date) -> i64 {
        self.date.days() - other.days()
    }
}

/// RFC 9557: `2026-03-29`, `2026-03-29T21:30+02:00[Europe/Berlin]`; offset and zone as far as known.
impl TextType for Moment {
    fn to_text(&self) -> String {
        let mut out = self.date.to_string();
        if let Some(c) = self.clock {
            out.push('T');
            out.push_str(&c.to_string());
            if let Some(o) = self.offset {
                let sign = if o < 0 { '-' } else { '+' };
                out.push_str(&format!("{sign}{:02}:{:02}", o.unsigned_abs() / 60, o.unsigned_abs() % 60));
            }
        }
        if let Some(z) = &self.zone {
            out.push('[');
            out.push_str(z.as_str());
            out.push(']');
        }
        out
    }
    fn from_text(text: &str) -> Option<Self> {
        let (main, zone) = match text.split_once('[') {
            Some((main, z)) => (main, Some(Zone::parse(z.strip_suffix(']')?).ok()?)),
            None => (text, None),
        };
        let Some((date, rest)) = main.split_once('T') else {
            return Some(Self { date: Date::parse(main).ok()?, clock: None, offset: None, zone });
        };
        let date = Date::parse(date).ok()?;
        let clock = Clock::parse(rest.get(..5)?).ok()?;
        let offset = match rest.get(5..)? {
            "" => None,
            "Z" => Some(0),
            o => Some(parse_offset(o)?),
        };
        Some(Self { date, clock: Some(clock), offset, zone })
    }
}
text_fields!(Clock, Moment);

/// `+hh:mm` or `-hh:mm`, at most 18 hours either way.
fn parse_offset(text: &str) -> Option<i16> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", r) => (1, r),
        ("-", r) => (-1, r),
        _ => return None,
    };
    let c = Clock::parse(rest).ok().filter(|c| rest.len() == 5 && c.0 <= 18 * 60)?;
    Some(sign * i16::try_from(c.0).ok()?)
}

redacted!(Clock, Moment);

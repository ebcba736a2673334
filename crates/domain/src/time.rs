//! Points in time as machines keep them ([`Ts`]) and as records state them ([`When`]).
//!
//! Calendar arithmetic follows Howard Hinnant's `days_from_civil` (proleptic Gregorian).

use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, fmt};

/// UTC microseconds since 1970-01-01. Stored as BIGINT on both engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Ts(pub i64);

/// Microseconds in one second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in one day.
pub const DAY: i64 = 86_400 * SECOND;

impl Ts {
    /// This time plus whole seconds, saturating.
    #[must_use]
    pub const fn plus_seconds(self, s: i64) -> Self {
        Self(self.0.saturating_add(s.saturating_mul(SECOND)))
    }
    /// The UTC calendar date.
    #[must_use]
    pub fn date(self) -> Date {
        Date::from_days(self.0.div_euclid(DAY))
    }
    /// RFC 3339 in UTC with whole seconds: `2026-11-21T09:30:00Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let secs = self.0.rem_euclid(DAY) / SECOND;
        format!("{}T{:02}:{:02}:{:02}Z", self.date(), secs / 3600, secs / 60 % 60, secs % 60)
    }
}

/// A calendar date, always valid, years 1 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

/// A text or triple that is no date or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date or time")]
pub struct BadTime;

/// Days in a month of the proleptic Gregorian calendar; 0 for a month that does not exist.
#[must_use]
pub const fn days_in_month(year: i16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        _ => 0,
    }
}

impl Date {
    /// A date if there is such a day.
    ///
    /// # Errors
    /// [`BadTime`] when the month or day does not exist or the year is outside 1 to 9999.
    pub const fn new(year: i16, month: u8, day: u8) -> Result<Self, BadTime> {
        if year < 1 || year > 9999 || day < 1 || day > days_in_month(year, month) {
            return Err(BadTime);
        }
        Ok(Self { year, month, day })
    }
    /// The year.
    #[must_use]
    pub const fn year(self) -> i16 {
        self.year
    }
    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }
    /// The day of the month, 1 to 31.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }
    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i64 {
        let y = self.year as i64 - (self.month <= 2) as i64;
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let mp = (self.month as i64 + 9) % 12;
        let doy = (153 * mp + 2) / 5 + self.day as i64 - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        era * 146_097 + doe - 719_468
    }
    /// The day of the week, 0 for Monday. 1970-01-01 was a Thursday.
    #[must_use]
    pub const fn weekday(self) -> u8 {
        (self.days() + 3).rem_euclid(7) as u8
    }
    /// The date `days` after 1970-01-01, clamped to years 1 to 9999.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub const fn from_days(days: i64) -> Self {
        let days = if days < -719_162 {
            -719_162
        } else if days > 2_932_896 {
            2_932_896
        } else {
            days
        };
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + (month <= 2) as i64;
        Self { year: year as i16, month: month as u8, day: day as u8 }
    }
    /// Parses `YYYY-MM-DD`, nothing else.
    ///
    /// # Errors
    /// [`BadTime`] for any other text.
    pub fn parse(s: &str) -> Result<Self, BadTime> {
        let b = s.as_bytes();
        if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
            return Err(BadTime);
        }
        Self::new(digits(&b[..4])? as i16, digits(&b[5..7])? as u8, digits(&b[8..])? as u8)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}
impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl From<Date> for String {
    fn from(d: Date) -> Self {
        d.to_string()
    }
}
impl TryFrom<String> for Date {
    type Error = BadTime;
    fn try_from(s: String) -> Result<Self, BadTime> {
        Self::parse(&s)
    }
}

/// A time as a record states it: no more precise than it was, with the offset it was given.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum When {
    /// A year only.
    Year(i16),
    /// A year and a month.
    Month(i16, u8),
    /// A calendar date.
    Day(Date),
    /// A wall-clock time whose offset from UTC nobody stated; microseconds of the day.
    Local(Date, i64),
    /// An instant: UTC time and the offset in minutes in which it was stated.
    Instant(Ts, i16),
}

impl When {
    /// Parses FHIR `date`, `dateTime` and `instant`: `2019`, `2019-07`, `2019-07-01`,
    /// `2019-07-01T08:30[:00[.123]][Z|±hh:mm]`.
    ///
    /// # Errors
    /// [`BadTime`] for any other text; nothing is guessed.
    pub fn parse(s: &str) -> Result<Self, BadTime> {
        let b = s.as_bytes();
        match b.len() {
            4 => {
                let y = digits(b)? as i16;
                return if y >= 1 { Ok(Self::Year(y)) } else { Err(BadTime) };
            }
            7 if b[4] == b'-' => {
                let (y, m) = (digits(&b[..4])? as i16, digits(&b[5..])? as u8);
                Date::new(y, m, 1)?;
                return Ok(Self::Month(y, m));
            }
            10 => return Date::parse(s).map(Self::Day),
            n if n < 16 => return Err(BadTime),
            _ => {}
        }
        if !s.is_ascii() || (b[10] != b'T' && b[10] != b' ') {
            return Err(BadTime);
        }
        let date = Date::parse(&s[..10])?;
        let (clock, offset) = split_offset(&s[11..])?;
        let micros = parse_clock(clock)?;
        Ok(Self::at(date, micros, offset))
    }

    /// A date with a time of day, and the offset in minutes if one was stated.
    #[must_use]
    pub fn at(date: Date, micros: i64, offset: Option<i16>) -> Self {
        match offset {
            None => Self::Local(date, micros),
            Some(o) => Self::Instant(Ts(date.days() * DAY + micros - i64::from(o) * 60 * SECOND), o),
        }
    }

    /// The first day that this may mean, in the offset in which it was stated.
    #[must_use]
    pub fn date(self) -> Date {
        match self {
            Self::Year(y) => Date { year: y, month: 1, day: 1 },
            Self::Month(y, m) => Date { year: y, month: m, day: 1 },
            Self::Day(d) | Self::Local(d, _) => d,
            Self::Instant(t, o) => Ts(t.0 + i64::from(o) * 60 * SECOND).date(),
        }
    }

    /// The time of day in microseconds, in the stated offset, when there is one.
    #[must_use]
    pub fn clock(self) -> Option<i64> {
        match self {
            Self::Local(_, c) => Some(c),
            Self::Instant(t, o) => Some((t.0 + i64::from(o) * 60 * SECOND).rem_euclid(DAY)),
            _ => None,
        }
    }

    /// A UTC time for sorting and plotting: the start of what was stated, local times taken as UTC.
    #[must_use]
    pub fn sort_key(self) -> Ts {
        match self {
            Self::Instant(t, _) => t,
            Self::Local(d, c) => Ts(d.days() * DAY + c),
            other => Ts(other.date().days() * DAY),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Year(y) => write!(f, "{y:04}"),
            Self::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            Self::Day(d) => write!(f, "{d}"),
            Self::Local(..) | Self::Instant(..) => {
                let micros = self.clock().unwrap_or(0);
                let s = micros / SECOND;
                write!(f, "{}T{:02}:{:02}:{:02}", self.date(), s / 3600, s / 60 % 60, s % 60)?;
                let frac = micros % SECOND;
                if frac != 0 {
                    let text = format!("{frac:06}");
                    write!(f, ".{}", text.trim_end_matches('0'))?;
                }
                match *self {
                    Self::Instant(_, 0) => f.write_str("Z"),
                    Self::Instant(_, o) => {
                        let sign = if o < 0 { '-' } else { '+' };
                        write!(f, "{sign}{:02}:{:02}", o.unsigned_abs() / 60, o.unsigned_abs() % 60)
                    }
                    _ => Ok(()),
                }
            }
        }
    }
}
impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl From<When> for String {
    fn from(w: When) -> Self {
        w.to_string()
    }
}
impl TryFrom<String> for When {
    type Error = BadTime;
    fn try_from(s: String) -> Result<Self, BadTime> {
        Self::parse(&s)
    }
}
impl PartialOrd for When {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for When {
    fn cmp(&self, other: &Self) -> Ordering {
        self.sort_key().cmp(&other.sort_key()).then_with(|| self.to_string().cmp(&other.to_string()))
    }
}

fn digits(b: &[u8]) -> Result<i32, BadTime> {
    b.iter().try_fold(
        0i32,
        |n, c| if c.is_ascii_digit() { Ok(n * 10 + i32::from(c - b'0')) } else { Err(BadTime) },
    )
}

fn split_offset(s: &str) -> Result<(&str, Option<i16>), BadTime> {
    if let Some(clock) = s.strip_suffix(['Z', 'z']) {
        return Ok((clock, Some(0)));
    }
    let Some(at) = s.rfind(['+', '-']) else { return Ok((s, None)) };
    let (clock, o) = s.split_at(at);
    let (sign, o) = (if o.starts_with('-') { -1 } else { 1 }, &o.as_bytes()[1..]);
    let (h, m) = match o.len() {
        2 => (digits(o)?, 0),
        4 => (digits(&o[..2])?, digits(&o[2..])?),
        5 if o[2] == b':' => (digits(&o[..2])?, digits(&o[3..])?),
        _ => return Err(BadTime),
    };
    if h > 14 || m > 59 {
        return Err(BadTime);
    }
    Ok((clock, Some((sign * (h * 60 + m)) as i16)))
}

/// Microseconds of the day from `hh:mm`, `hh:mm:ss` or `hh:mm:ss.ffffff…`.
fn parse_clock(s: &str) -> Result<i64, BadTime> {
    let b = s.as_bytes();
    if b.len() < 5 || b[2] != b':' {
        return Err(BadTime);
    }
    let (h, m) = (digits(&b[..2])?, digits(&b[3..5])?);
    let (mut sec, mut frac) = (0, 0i64);
    if b.len() > 5 {
        if b[5] != b':' || b.len() < 8 {
            return Err(BadTime);
        }
        sec = digits(&b[6..8])?;
        if b.len() > 8 {
            if b[8] != b'.' || b.len() == 9 || b.len() > 18 {
                return Err(BadTime);
            }
            let shown = &b[9..b.len().min(15)];
            frac = i64::from(digits(shown)?) * 10i64.pow(6 - shown.len() as u32);
            digits(
                &b[9..b.len().min(18)]
                    .iter()
                    .map(|c| if c.is_ascii_digit() { b'0' } else { *c })
                    .collect::<Vec<_>>(),
            )?;
        }
    }
    // A leap second is read as the last second of its minute.
    if h > 23 || m > 59 || sec > 60 {
        return Err(BadTime);
    }
    Ok((i64::from(h) * 3600 + i64::from(m) * 60 + i64::from(sec.min(59))) * SECOND + frac)
}

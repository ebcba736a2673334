//! The ten years: from years since their beginning to dates, and from dates to local times.

use keepwell_domain::time::Date;

/// The ten years up to today.
#[derive(Clone, Copy)]
pub(super) struct Life {
    first: i64,
    pub(super) today: Date,
}

const DAYS_A_YEAR: f64 = 365.25;

impl Life {
    pub(super) const fn ending(today: Date) -> Self {
        Self { first: today.days() - 3652, today }
    }

    pub(super) const fn first(self) -> Date {
        Date::from_days(self.first)
    }

    /// The day that lies `years` after the beginning, never after today.
    pub(super) fn on(self, years: f64) -> Date {
        let day = self.first + (years * DAYS_A_YEAR).round() as i64;
        Date::from_days(day.min(self.today.days()))
    }

    /// The same, or the Friday before where it falls on a weekend.
    pub(super) fn workday(self, years: f64) -> Date {
        let day = self.on(years).days();
        // Day 0 was a Thursday, so that Saturday is 2 and Sunday 3.
        let back = match day.rem_euclid(7) {
            2 => 1,
            3 => 2,
            _ => 0,
        };
        Date::from_days(day - back)
    }

    /// Years since the beginning.
    pub(super) fn years(self, day: Date) -> f64 {
        (day.days() - self.first) as f64 / DAYS_A_YEAR
    }

    /// Whether the day belongs to the ten years.
    pub(super) fn holds(self, day: Date) -> bool {
        day >= self.first() && day <= self.today
    }

    pub(super) const fn birth_year(self) -> i16 {
        self.today.year() - 42
    }
}

/// Her birthday in any year: month and day.
pub(super) const BIRTHDAY: (u8, u8) = (4, 17);

/// Minutes that local time is ahead of UTC: Central European Time with the summer time of
/// directive 2000/84/EC.
pub(super) fn offset(day: Date) -> i16 {
    let last_sunday = |month: u8| {
        let end = Date::new(day.year(), month, 31).map_or(0, Date::days);
        end - (end - 3).rem_euclid(7)
    };
    if day.days() >= last_sunday(3) && day.days() < last_sunday(10) { 120 } else { 60 }
}

/// `2024-01-10T08:15:00+01:00`.
pub(super) fn stamp(day: Date, minutes: i64) -> String {
    format!("{day}T{:02}:{:02}:00+{:02}:00", minutes / 60, minutes % 60, offset(day) / 60)
}

/// A day of a calendar year, for months and days that every year has.
pub(super) fn day(year: i16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap_or_else(|_| Date::from_days(0))
}

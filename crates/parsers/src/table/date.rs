//! Dates as people write them. `03/04/2021` has two readings; the table or the person decides.

use keepwell_domain::time::{Date, SECOND, When};

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateCell {
    /// One reading only.
    Exact(When),
    /// Day and month, in an order that the cell does not tell.
    Either {
        /// The number that comes first.
        first: u8,
        /// The second one.
        second: u8,
        /// The year.
        year: i16,
        /// The time of day in microseconds, and the offset, if stated.
        time: Option<(i64, Option<i16>)>,
    },
}

const MONTHS: [(&str, u8); 35] = [
    ("jan", 1),
    ("gen", 1),
    ("ene", 1),
    ("feb", 2),
    ("fév", 2),
    ("fev", 2),
    ("mar", 3),
    ("mär", 3),
    ("maer", 3),
    ("mrz", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("may", 5),
    ("mai", 5),
    ("mag", 5),
    ("jun", 6),
    ("giu", 6),
    ("juin", 6),
    ("jul", 7),
    ("lug", 7),
    ("juil", 7),
    ("aug", 8),
    ("ago", 8),
    ("aoû", 8),
    ("aou", 8),
    ("sep", 9),
    ("set", 9),
    ("oct", 10),
    ("okt", 10),
    ("ott", 10),
    ("nov", 11),
    ("dec", 12),
    ("dez", 12),
    ("dic", 12),
];

fn month(word: &str) -> Option<u8> {
    let word = word.trim_end_matches('.').to_lowercase();
    if word.chars().count() < 3 || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    if word.starts_with("déc") {
        return Some(12);
    }
    // The longest prefix decides, so that `juin` is not `jul`.
    MONTHS.iter().filter(|(m, _)| word.starts_with(m)).max_by_key(|(m, _)| m.len()).map(|(_, n)| *n)
}

fn year(text: &str) -> Option<i16> {
    let n: i16 = text.parse().ok()?;
    match text.len() {
        4 if (1800..=2200).contains(&n) => Some(n),
        // POSIX: 69 to 99 are the last century.
        2 => Some(if n >= 69 { 1900 + n } else { 2000 + n }),
        _ => None,
    }
}

impl DateCell {
    /// Reads a cell that holds a date, perhaps with a time.
    #[must_use]
    pub fn read(cell: &str) -> Option<Self> {
        let cell = cell.trim();
        if cell.is_empty() || cell.len() > 48 {
            return None;
        }
        if let Ok(when) = When::parse(cell)
            && (1800..=2200).contains(&when.date().year())
        {
            return Some(Self::Exact(when));
        }
        let (date, time) = split_time(cell);
        let time = match time {
            "" => None,
            text => Some(clock(text)?),
        };
        Self::compact(date, time).or_else(|| Self::numeric(date, time)).or_else(|| Self::named(date, time))
    }

    fn exact(y: i16, m: u8, d: u8, time: Option<(i64, Option<i16>)>) -> Option<Self> {
        let date = Date::new(y, m, d).ok()?;
        Some(Self::Exact(time.map_or(When::Day(date), |(t, offset)| When::at(date, t, offset))))
    }

    fn compact(text: &str, time: Option<(i64, Option<i16>)>) -> Option<Self> {
        if text.len() != 8 || !text.bytes().all(|c| c.is_ascii_digit()) {
            return None;
        }
        Self::exact(year(&text[..4])?, text[4..6].parse().ok()?, text[6..].parse().ok()?, time)
    }

    fn numeric(text: &str, time: Option<(i64, Option<i16>)>) -> Option<Self> {
        let mark = text.chars().find(|c| matches!(c, '.' | '/' | '-'))?;
        let parts: Vec<&str> = text.split(mark).map(str::trim).collect();
        let &[a, b, c] = parts.as_slice() else { return None };
        if [a, b, c].iter().any(|p| p.is_empty() || !p.bytes().all(|c| c.is_ascii_digit())) {
            return None;
        }
        if a.len() == 4 {
            return Self::exact(year(a)?, b.parse().ok()?, c.parse().ok()?, time);
        }
        if a.len() > 2 || b.len() > 2 || (c.len() == 2 && mark == '-') {
            return None;
        }
        let (first, second, year) = (a.parse().ok()?, b.parse().ok()?, year(c)?);
        if mark == '.' {
            return Self::exact(year, second, first, time);
        }
        if first == second {
            return Self::exact(year, first, second, time);
        }
        let possible = Date::new(year, second, first).is_ok() || Date::new(year, first, second).is_ok();
        possible.then_some(Self::Either { first, second, year, time })
    }

    fn named(text: &str, time: Option<(i64, Option<i16>)>) -> Option<Self> {
        let parts: Vec<&str> =
            text.split([' ', '-', ',', '/']).filter(|p| !p.is_empty() && *p != "de").collect();
        let day = |p: &str| p.trim_end_matches(['.', 't', 'h', 's', 'n', 'd', 'r']).parse::<u8>().ok();
        match parts.as_slice() {
            [d, m, y] if month(m).is_some() => Self::exact(year(y)?, month(m)?, day(d)?, time),
            [m, d, y] if month(m).is_some() => Self::exact(year(y)?, month(m)?, day(d)?, time),
            [m, y] if month(m).is_some() && y.len() == 4 => {
                Some(Self::Exact(When::Month(year(y)?, month(m)?)))
            }
            _ => None,
        }
    }

    /// Whether it proves that days (`Some(true)`) or months (`Some(false)`) come first.
    #[must_use]
    pub const fn proves_day_first(self) -> Option<bool> {
        match self {
            Self::Either { first, .. } if first > 12 => Some(true),
            Self::Either { second, .. } if second > 12 => Some(false),
            _ => None,
        }
    }

    /// The date, once the order is known. `Err` where that order gives no date.
    ///
    /// # Errors
    /// `Some(())`-like: [`NoDate::Order`] where the order is unknown, [`NoDate::Impossible`].
    pub fn settle(self, day_first: Option<bool>) -> Result<When, NoDate> {
        match self {
            Self::Exact(when) => Ok(when),
            Self::Either { first, second, year, time } => {
                let day_first = day_first.or(self.proves_day_first()).ok_or(NoDate::Order)?;
                let (day, month) = if day_first { (first, second) } else { (second, first) };
                match Self::exact(year, month, day, time) {
                    Some(Self::Exact(when)) => Ok(when),
                    _ => Err(NoDate::Impossible),
                }
            }
        }
    }

    /// Adds a time of day from another cell to a date without one.
    #[must_use]
    pub fn with_time(self, cell: &str) -> Option<Self> {
        let cell = cell.trim();
        if cell.is_empty() {
            return Some(self);
        }
        let read = clock(cell)?;
        Some(match self {
            Self::Exact(When::Day(d)) => Self::Exact(When::at(d, read.0, read.1)),
            Self::Either { first, second, year, time: None } => {
                Self::Either { first, second, year, time: Some(read) }
            }
            other => other,
        })
    }
}

/// Why a date is not settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDate {
    /// Day or month first is not known.
    Order,
    /// There is no such day.
    Impossible,
}

/// Splits `12.03.2021 08:15` and `2021/03/12T08:15` into date and time.
fn split_time(cell: &str) -> (&str, &str) {
    let Some(colon) = cell.find(':') else { return (cell, "") };
    let gap = cell[..colon].rfind([' ', 'T', '\u{a0}']);
    match gap {
        Some(at) => {
            (cell[..at].trim().trim_end_matches(','), cell[at..].trim_start_matches([' ', 'T', '\u{a0}']))
        }
        None => (cell, ""),
    }
}

/// Reads `8:15`, `08:15:30`, `8:15 PM`, `08:15 Uhr`, `08:15+02:00`.
fn clock(text: &str) -> Option<(i64, Option<i16>)> {
    let lower = text.trim().to_lowercase().replace('\u{a0}', " ").replace('.', "");
    let (body, shift) = match lower
        .strip_suffix("pm")
        .map(|b| (b, true))
        .or_else(|| lower.strip_suffix("am").map(|b| (b, false)))
    {
        Some((b, pm)) => (b.trim_end(), Some(pm)),
        None => (lower.strip_suffix("uhr").unwrap_or(&lower).trim_end(), None),
    };
    let padded = if body.find(':') == Some(1) { format!("0{body}") } else { body.to_owned() };
    let when = When::parse(&format!("2000-01-01T{padded}")).ok()?;
    let micros = when.clock()?;
    let offset = if let When::Instant(_, o) = when { Some(o) } else { None };
    let (hour, half) = (micros / (3600 * SECOND), 12 * 3600 * SECOND);
    let micros = match shift {
        None => micros,
        Some(_) if hour == 0 || hour > 12 => return None,
        Some(pm) => micros % half + if pm { half } else { 0 },
    };
    Some((micros, offset))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn dates_of_many_styles_are_understood() {
        for (cell, want) in [
            ("2014-03-26", "2014-03-26"),
            ("26.03.2014", "2014-03-26"),
            ("5.4.21", "2021-04-05"),
            ("26-Mar-2014", "2014-03-26"),
            ("26 MAR 14", "2014-03-26"),
            ("3. März 2014", "2014-03-03"),
            ("March 3, 2014", "2014-03-03"),
            ("12 de mayo de 2020", "2020-05-12"),
            ("1 juillet 2020", "2020-07-01"),
            ("1 juin 2020", "2020-06-01"),
            ("20140326", "2014-03-26"),
            ("26.03.2014 08:15", "2014-03-26T08:15:00"),
            ("26.03.2014, 8:15 Uhr", "2014-03-26T08:15:00"),
            ("2014/03/26 12:05 AM", "2014-03-26T00:05:00"),
            ("04/04/2014 1:05:09 pm", "2014-04-04T13:05:09"),
            ("2014-03-26T08:15:00+02:00", "2014-03-26T08:15:00+02:00"),
            ("Mar 2014", "2014-03"),
        ] {
            assert_eq!(
                DateCell::read(cell).map(|d| d.settle(None).unwrap().to_string()).as_deref(),
                Some(want),
                "{cell}"
            );
        }
    }

    #[test]
    fn the_order_of_slashes_is_never_guessed() {
        let cell = DateCell::read("03/04/2021").unwrap();
        assert_eq!(cell.settle(None), Err(NoDate::Order));
        assert_eq!(cell.settle(Some(true)).unwrap().to_string(), "2021-04-03");
        assert_eq!(cell.settle(Some(false)).unwrap().to_string(), "2021-03-04");
        assert_eq!(DateCell::read("25/12/2020").unwrap().settle(Some(false)), Err(NoDate::Impossible));
        for bad in [
            "31.02.2020",
            "13/13/2020",
            "44321",
            "5.4",
            "1:128",
            "2021-13-01",
            "12-03-21",
            "99/99/99",
            "Marble 3 2020x",
        ] {
            assert!(DateCell::read(bad).is_none_or(|d| d.settle(None).is_err()), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_cell_panics(s in "[0-9./: TapmUhrMä,-]{0,24}|\\PC{0,16}") {
            if let Some(d) = DateCell::read(&s) {
                let _ = (d.settle(None), d.settle(Some(true)), d.with_time(&s));
            }
        }
    }
}

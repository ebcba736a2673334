//! The dates of a table: certain as they stand, or three numbers whose order has to be known.

use super::DateOrder;
use crate::import::Reason;
use keepwell_domain::{lang::month_named, time::Date};

/// A date as it is written.
pub(super) enum Written {
    /// Year, month and day.
    Sure(Date),
    /// Three numbers that are not in ISO's order.
    Numbers(Numbers),
}

/// `3.4.2026`, `04/03/26`, `26/03/04`.
pub(super) struct Numbers {
    three: [i16; 3],
    /// The last one has two digits, and so may be a day as well as a year.
    is_short: bool,
    /// Parted by points: then the year never comes first where it has two digits.
    is_pointed: bool,
}

/// A cell's date and, where one follows it, the time.
pub(super) struct Cell<'a> {
    pub(super) written: Written,
    /// The time as it stands; midnight is none.
    pub(super) time: Option<&'a str>,
}

/// Reads the cell of a date.
pub(super) fn cell(text: &str) -> Result<Cell<'_>, Reason> {
    let (day, time) = parted(text.trim());
    let clock = time.trim_end_matches(['Z', 'z']);
    let of_time = |c: char| c.is_ascii_digit() || ":. +-APMapm".contains(c);
    if !clock.chars().all(of_time) {
        return Err(Reason::BadDate);
    }
    let hour = clock.split(['+', '-']).next().unwrap_or("");
    let is_midnight = !hour.bytes().any(|b| (b'1'..=b'9').contains(&b));
    // Late in the evening of UTC it is the next day elsewhere.
    if clock.len() < time.len() && !is_midnight {
        return Err(Reason::OtherZone);
    }
    let written = written(day.trim()).or_else(|| named(day).map(Written::Sure)).ok_or(Reason::BadDate)?;
    Ok(Cell { written, time: Some(time).filter(|_| !is_midnight) })
}

/// Whether a cell looks like a date.
pub(super) fn is_date(text: &str) -> bool {
    let is_parted = text.contains(|c: char| matches!(c, '-' | '.' | '/') || c.is_alphabetic());
    is_parted && cell(text).is_ok_and(|c| c.written.is_possible())
}

fn parted(text: &str) -> (&str, &str) {
    let Some(colon) = text.find(':') else { return (text, "") };
    let Some(end) = text[..colon].rfind([' ', 'T', ',']) else { return (text, "") };
    (text[..end].trim_end_matches(','), text[end + 1..].trim())
}

fn number(text: &str) -> Option<i16> {
    let text = text.trim();
    (text.bytes().all(|b| b.is_ascii_digit()) && (1..=4).contains(&text.len())).then(|| text.parse().ok())?
}

fn written(day: &str) -> Option<Written> {
    let mut parts = day.split(['.', '/', '-']);
    let (first, second) = (parts.next()?, parts.next());
    let Some(second) = second else { return compact(first) };
    let third = parts.next().filter(|_| parts.next().is_none())?;
    let three = [number(first)?, number(second)?, number(third)?];
    let width = |part: &str| part.trim().len();
    if width(second) > 2 {
        return None;
    }
    if width(first) == 4 && width(third) <= 2 {
        return date(three[0], three[1], three[2]).map(Written::Sure);
    }
    let is_short = width(third) == 2;
    (width(first) <= 2 && (is_short || width(third) == 4)).then(|| {
        Written::Numbers(Numbers {
            three,
            is_short: is_short && width(first) == 2,
            is_pointed: day.contains('.'),
        })
    })
}

/// `20260601`.
fn compact(text: &str) -> Option<Written> {
    let is_eight = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let part = |from: usize, to: usize| text.get(from..to).filter(|_| is_eight).and_then(number);
    date(part(0, 4)?, part(4, 6)?, part(6, 8)?).map(Written::Sure)
}

/// The days of the week as they stand before a date, Monday first.
const WEEKDAYS: [&[&str]; 7] = [
    &["mon", "monday", "mo", "montag"],
    &["tue", "tues", "tuesday", "di", "dienstag"],
    &["wed", "wednesday", "mi", "mittwoch"],
    &["thu", "thur", "thurs", "thursday", "do", "donnerstag"],
    &["fri", "friday", "fr", "freitag"],
    &["sat", "saturday", "sa", "samstag", "sonnabend"],
    &["sun", "sunday", "so", "sonntag"],
];

/// Words that may stand between the parts.
const BETWEEN: [&str; 5] = ["of", "the", "at", "den", "um"];

/// A date with its month in words: `5 March 2026`, `Mar 5, 2026`, `Do, 5. März 2026`, `05-Mar-26`, `2026-Mar-05`. A day
/// of the week must be that of the date. A year of two digits comes last, as wherever dates are written like that.
fn named(day: &str) -> Option<Date> {
    let lower = day.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && !BETWEEN.contains(w));
    let mut words: Vec<&str> = words.collect();
    let weekday = words.first().and_then(|first| WEEKDAYS.iter().position(|names| names.contains(first)));
    if weekday.is_some() {
        words.remove(0);
    }
    let at = words.iter().position(|w| month_named(w).is_some())?;
    let month = i16::from(month_named(words.remove(at))?);
    let bare =
        |word: &&str| ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).map(str::len);
    let words: Vec<&str> = words.iter().map(|w| bare(w).and_then(|to| w.get(..to)).unwrap_or(w)).collect();
    let [first, last] = words.as_slice() else { return None };
    let (year, day) = match (first.len(), last.len()) {
        (4, _) => (number(first)?, last),
        (_, 4) => (number(last)?, first),
        (_, 2) => (self::year(number(last)?)?, first),
        _ => return None,
    };
    let found = date(year, month, number(day).filter(|_| day.len() <= 2)?)?;
    weekday.is_none_or(|w| usize::from(found.weekday()) == w).then_some(found)
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    let is_ours = (1900..=2200).contains(&year);
    Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok().filter(|_| is_ours)
}

/// A year of two digits is one of this century; of which one a late one is, nobody can tell.
fn year(number: i16) -> Option<i16> {
    match number {
        0..70 => Some(number + 2000),
        1900..=2200 => Some(number),
        _ => None,
    }
}

impl Numbers {
    fn year_month_day(&self, order: DateOrder) -> Option<(i16, i16, i16)> {
        let [a, b, c] = self.three;
        match order {
            DateOrder::DayFirst => Some((year(c)?, b, a)),
            DateOrder::MonthFirst => Some((year(c)?, a, b)),
            DateOrder::YearFirst => Some((year(a).filter(|_| self.is_short && !self.is_pointed)?, b, c)),
        }
    }

    /// Whether the numbers may stand in that order. The thirty-first of June may: it is a slip, and says how the others
    /// are written all the same.
    fn fits(&self, order: DateOrder) -> bool {
        self.year_month_day(order).is_some_and(|(_, m, d)| (1..=12).contains(&m) && (1..=31).contains(&d))
    }
}

impl Written {
    /// Whether it can be a date at all.
    fn is_possible(&self) -> bool {
        match self {
            Self::Sure(_) => true,
            Self::Numbers(n) => DateOrder::ALL.iter().any(|order| n.fits(*order)),
        }
    }

    /// The date in that order, if there is such a day.
    pub(super) fn date(&self, order: Option<DateOrder>) -> Option<Date> {
        match self {
            Self::Sure(date) => Some(*date),
            Self::Numbers(n) => {
                let (y, m, d) = n.year_month_day(order?)?;
                date(y, m, d)
            }
        }
    }
}

/// What the dates of a column say of their order.
pub(super) struct Orders {
    /// The orders that all of them may have.
    all: Vec<DateOrder>,
    /// The orders that any of them may have.
    any: Vec<DateOrder>,
    /// Whether it matters to any of them.
    differ: bool,
}

impl Orders {
    /// Before any date was seen.
    pub(super) fn new() -> Self {
        Self { all: DateOrder::ALL.to_vec(), any: Vec::new(), differ: false }
    }

    /// Looks at one more cell of the column.
    pub(super) fn look(&mut self, text: &str) {
        let Ok(Cell { written: Written::Numbers(numbers), .. }) = cell(text) else { return };
        let orders = DateOrder::ALL.iter().copied().filter(|order| numbers.fits(*order));
        let orders: Vec<DateOrder> = orders.collect();
        if orders.is_empty() {
            return;
        }
        self.all.retain(|order| orders.contains(order));
        let mut days = orders.iter().map(|order| numbers.year_month_day(*order));
        let first = days.next();
        self.differ |= days.any(|day| Some(day) != first);
        let new: Vec<DateOrder> = orders.into_iter().filter(|order| !self.any.contains(order)).collect();
        self.any.extend(new);
    }

    /// Whether there is one way to read them.
    fn is_sure(&self) -> bool {
        self.any.is_empty() || self.all.len() == 1 || !self.all.is_empty() && !self.differ
    }

    /// Those that remain; where dates contradict one another, what any of them allows.
    fn possible(&self) -> impl Iterator<Item = DateOrder> {
        let left = if self.all.is_empty() { &self.any } else { &self.all };
        DateOrder::ALL.iter().copied().filter(|order| left.contains(order))
    }

    /// The orders to choose from; none where the dates say it themselves.
    pub(super) fn asked(&self) -> Vec<DateOrder> {
        if self.is_sure() { Vec::new() } else { self.possible().collect() }
    }

    /// The order to read them in, with what the person says where it is asked.
    pub(super) fn with(&self, said: Option<DateOrder>) -> Result<Option<DateOrder>, ()> {
        if self.is_sure() {
            return Ok(self.possible().next());
        }
        said.filter(|said| self.possible().any(|order| order == *said)).map(Some).ok_or(())
    }
}

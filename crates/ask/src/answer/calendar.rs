//! Parts of a year and days of a week in questions: seasons, quarters, halves, "early 2021", "last Monday".

use super::{period::Period, token::Token};
use crate::facts::Days;
use keepwell_domain::time::{Date, When, days_in_month};

/// Days from the first of one month to the last of another in the same year.
fn months(y: i16, from: u8, to: u8) -> Option<Days> {
    Some(Days { from: Date::new(y, from, 1).ok(), to: Date::new(y, to, days_in_month(y, to)).ok() })
}

/// First and last month of a season. Winter goes on in the next year.
fn season(word: &str) -> Option<(u8, u8)> {
    Some(match word {
        "spring" | "fruhling" | "fruhlings" | "fruhjahr" => (3, 5),
        "summer" | "sommer" => (6, 8),
        "autumn" | "herbst" | "fall" => (9, 11),
        "winter" => (12, 2),
        _ => return None,
    })
}

fn in_year(y: i16, (from, to): (u8, u8)) -> Option<Days> {
    if from <= to {
        return months(y, from, to);
    }
    Some(Days { from: Date::new(y, from, 1).ok(), to: Date::new(y + 1, to, days_in_month(y + 1, to)).ok() })
}

/// Which third of a year or month.
fn third(word: &str) -> Option<u8> {
    Some(match word {
        "early" | "anfang" | "beginning" | "start" | "beginn" => 0,
        "mid" | "mitte" | "middle" => 1,
        "late" | "ende" | "end" => 2,
        _ => return None,
    })
}

fn ordinal(word: &str) -> Option<u8> {
    Some(match word {
        "first" | "1st" | "1" | "erste" | "ersten" | "erstes" | "erster" => 1,
        "second" | "2nd" | "2" | "zweite" | "zweiten" | "zweites" | "zweiter" => 2,
        "third" | "3rd" | "3" | "dritte" | "dritten" | "drittes" => 3,
        "fourth" | "4th" | "4" | "vierte" | "vierten" | "viertes" => 4,
        _ => return None,
    })
}

fn quarter(word: &str) -> Option<u8> {
    let n = word.strip_prefix('q')?.parse().ok()?;
    (1..=4).contains(&n).then_some(n)
}

fn is_quarter(word: &str) -> bool {
    matches!(word, "quarter" | "quartal" | "quartals")
}

fn is_half(word: &str) -> bool {
    matches!(word, "half" | "halfte" | "halbjahr" | "halbjahrs")
}

fn of_quarter(y: i16, q: u8) -> Option<Days> {
    months(y, q * 3 - 2, q * 3)
}

fn of_half(y: i16, h: u8) -> Option<Days> {
    if h > 2 { None } else { months(y, h * 6 - 5, h * 6) }
}

const WEEK: [&[&str]; 7] = [
    &["monday", "montag"],
    &["tuesday", "dienstag"],
    &["wednesday", "mittwoch"],
    &["thursday", "donnerstag"],
    &["friday", "freitag"],
    &["saturday", "samstag", "sonnabend"],
    &["sunday", "sonntag"],
];

fn is_last(word: &str) -> bool {
    word.starts_with("letzte")
        || word.starts_with("vergangene")
        || matches!(word, "last" | "past" | "previous")
}

fn is_this(word: &str) -> bool {
    matches!(word, "this" | "diesen" | "diesem" | "dieses" | "dieser")
}

/// A season's last time that is over, or this year's.
fn relative_season(s: (u8, u8), today: Date, this: bool) -> Option<Days> {
    if this {
        return in_year(today.year(), s);
    }
    (0..3).find_map(|n| {
        let days = in_year(today.year() - n, s)?;
        days.to.is_some_and(|t| t < today).then_some(days)
    })
}

/// The period that begins at a word, and how many words it takes.
pub fn part(tokens: &[Token], i: usize, today: Date) -> Option<(Period, usize)> {
    let open = |n: usize| tokens.get(i + n).filter(|t| !t.used);
    let word = |n: usize| open(n).filter(|t| t.date.is_none()).map_or("", |t| t.word.as_str());
    // The year may stand after "of", "von", "des Jahres".
    let year = |n: usize| -> Option<(i16, usize)> {
        (n..n + 4).find_map(|k| match open(k)?.date {
            Some(When::Year(y)) if (n..k).all(|j| is_filler(word(j))) => Some((y, k + 1)),
            _ => None,
        })
    };
    let days = |d: Option<Days>, n: usize| d.map(|d| (Period::Within(d), n));
    let (a, b) = (word(0), word(1));
    if is_last(a) || is_this(a) {
        if let Some(s) = season(b) {
            return days(relative_season(s, today, is_this(a)), 2);
        }
        if is_quarter(b) {
            let now = (today.month() - 1) / 3 + 1;
            let d = match (is_this(a), now) {
                (true, q) => of_quarter(today.year(), q),
                (_, 1) => of_quarter(today.year() - 1, 4),
                (_, q) => of_quarter(today.year(), q - 1),
            };
            return days(d, 2);
        }
        if let Some(day) = weekday(b, today) {
            return is_last(a).then_some((Period::On(day), 2));
        }
    }
    // A winter of one year is two: which, cannot be told.
    if let Some(s) = season(a).filter(|s| s.0 <= s.1)
        && let Some((y, n)) = year(1)
    {
        return days(in_year(y, s), n);
    }
    if let Some(q) = quarter(a)
        && let Some((y, n)) = year(1)
    {
        return days(of_quarter(y, q), n);
    }
    if let (Some(When::Year(y)), Some(q)) = (open(0).and_then(|t| t.date), quarter(b)) {
        return days(of_quarter(y, q), 2);
    }
    if let Some(o) = ordinal(a)
        && let Some((y, n)) = year(2)
    {
        if is_quarter(b) {
            return days(of_quarter(y, o), n);
        }
        if is_half(b) {
            return days(of_half(y, o), n);
        }
    }
    if is_quarter(a)
        && let (Some(o), Some((y, n))) = (ordinal(b), year(2))
    {
        return days(of_quarter(y, o), n);
    }
    if let Some(t) = third(a) {
        if let Some((y, n)) = year(1) {
            return days(months(y, t * 4 + 1, t * 4 + 4), n);
        }
        let at = (1..4).find(|k| open(*k).is_some_and(|t| t.date.is_some()))?;
        if let Some(When::Month(y, m)) = open(at)?.date
            && (1..at).all(|j| is_filler(word(j)))
        {
            let last = if t == 2 { days_in_month(y, m) } else { t * 10 + 10 };
            let d = Days { from: Date::new(y, m, t * 10 + 1).ok(), to: Date::new(y, m, last).ok() };
            return days(Some(d), at + 1);
        }
    }
    if matches!(a, "on" | "am")
        && let Some(day) = weekday(b, today)
    {
        return Some((Period::On(day), 2));
    }
    None
}

/// The last such day before today.
fn weekday(word: &str, today: Date) -> Option<Date> {
    let day = i64::try_from(WEEK.iter().position(|w| w.contains(&word))?).ok()?;
    let back = (i64::from(today.weekday()) - day).rem_euclid(7);
    Some(Date::from_days(today.days() - if back == 0 { 7 } else { back }))
}

fn is_filler(word: &str) -> bool {
    matches!(word, "of" | "the" | "von" | "des" | "im" | "in" | "jahres" | "jahr" | "year" | "vom")
}

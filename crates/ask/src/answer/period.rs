//! Times in questions: days, months, years, stretches, and "last", "since", "before".

use super::token::Token;
use crate::facts::Days;
use keepwell_domain::lang::month_named;
use keepwell_domain::time::{Date, When, days_in_month};
use serde::{Deserialize, Serialize};

/// What a question says of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Nothing.
    #[default]
    All,
    /// A stretch.
    Within(Days),
    /// One day.
    On(Date),
    /// About a day.
    Around(Date),
}

impl Period {
    /// As a stretch.
    #[must_use]
    pub const fn days(self) -> Days {
        match self {
            Self::All | Self::Around(_) => Days::ALL,
            Self::Within(d) => d,
            Self::On(d) => Days { from: Some(d), to: Some(d) },
        }
    }
    /// Whether nothing was said.
    #[must_use]
    pub const fn is_all(self) -> bool {
        matches!(self, Self::All)
    }
}

/// What was read.
#[derive(Default)]
pub struct Times {
    /// Periods in the order of the question.
    pub periods: Vec<Period>,
    /// A date that can be read in two ways.
    pub two_ways: Option<(Date, Date)>,
}

/// A small number, in figures or words.
#[must_use]
pub fn count(word: &str) -> Option<usize> {
    const WORDS: [&[&str]; 12] = [
        &["one", "a", "an", "ein", "eine", "einem", "einer", "einen"],
        &["two", "zwei", "couple"],
        &["three", "drei"],
        &["four", "vier"],
        &["five", "funf"],
        &["six", "sechs"],
        &["seven", "sieben"],
        &["eight", "acht"],
        &["nine", "neun"],
        &["ten", "zehn"],
        &["eleven", "elf"],
        &["twelve", "zwolf"],
    ];
    if word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit()) {
        return word.parse().ok();
    }
    WORDS.iter().position(|w| w.contains(&word)).map(|n| n + 1)
}

/// Months that a unit of time has, or days below zero.
fn span_unit(word: &str) -> Option<(i64, bool)> {
    Some(match word {
        "day" | "days" | "tag" | "tage" | "tagen" => (1, false),
        "week" | "weeks" | "woche" | "wochen" => (7, false),
        "month" | "months" | "monat" | "monate" | "monaten" => (1, true),
        "year" | "years" | "jahr" | "jahre" | "jahren" => (12, true),
        _ => return None,
    })
}

fn back(today: Date, n: i64, months: bool) -> Date {
    if !months {
        return Date::from_days(today.days() - n);
    }
    let at = i64::from(today.year()) * 12 + i64::from(today.month()) - 1 - n;
    let (y, m) = (at.div_euclid(12), at.rem_euclid(12) + 1);
    let (y, m) = (i16::try_from(y.clamp(1, 9999)).unwrap_or(1), u8::try_from(m).unwrap_or(1));
    Date::new(y, m, today.day().min(days_in_month(y, m))).unwrap_or(today)
}

/// All days that a stated time may mean.
#[must_use]
pub fn whole(w: When) -> Days {
    let (from, to) = match w {
        When::Year(y) => (w.date(), Date::new(y, 12, 31).unwrap_or_else(|_| w.date())),
        When::Month(y, m) => (w.date(), Date::new(y, m, days_in_month(y, m)).unwrap_or_else(|_| w.date())),
        _ => (w.date(), w.date()),
    };
    Days { from: Some(from), to: Some(to) }
}

/// Reads times and marks their words as used.
pub fn read(tokens: &mut Vec<Token>, today: Date) -> Times {
    join_months(tokens, today);
    // What became a part of a date is a word no more.
    tokens.retain(|t| !(t.used && t.word.is_empty() && t.date.is_none() && t.two_ways.is_none()));
    let mut out = Times { two_ways: tokens.iter().find_map(|t| t.two_ways), ..Times::default() };
    let mut i = 0;
    while i < tokens.len() {
        let step = match super::calendar::part(tokens, i, today).or_else(|| relative(tokens, i, today)) {
            Some((period, n)) => {
                out.periods.push(led(tokens, i, period));
                use_up(tokens, i, n);
                Some(n)
            }
            None => until_now(tokens, i).or_else(|| stated(tokens, i, &mut out)),
        };
        i += step.unwrap_or(0).max(1);
    }
    joined(&mut out.periods);
    out
}

/// "Until today" says nothing that "since" alone does not say.
fn until_now(tokens: &mut [Token], i: usize) -> Option<usize> {
    let is = |n: usize, list: &[&str]| tokens.get(i + n).is_some_and(|t| t.is(list));
    let is_up = i > 0 && tokens[i - 1].is(&["up"]);
    (!is_up && is(0, &["until", "till", "bis", "to"]) && is(1, &["today", "now", "heute", "jetzt", "date"]))
        .then(|| {
            use_up(tokens, i, 2);
            2
        })
}

/// "Since 2020 … until 2022" is one stretch.
fn joined(periods: &mut Vec<Period>) {
    if let [Period::Within(a), Period::Within(b)] = periods[..] {
        let one = match ((a.from, a.to), (b.from, b.to)) {
            ((Some(f), None), (None, Some(t))) | ((None, Some(t)), (Some(f), None)) if f <= t => {
                Days { from: Some(f), to: Some(t) }
            }
            _ => return,
        };
        *periods = vec![Period::Within(one)];
    }
}

/// What stands before a stretch: since, until, before it.
fn led(tokens: &mut [Token], i: usize, period: Period) -> Period {
    let is_article = |t: &Token| t.is(&["the", "dem", "den", "der", "die", "of"]);
    let at = i.checked_sub(1).and_then(|p| {
        let is_the = tokens.get(p).is_some_and(is_article);
        if is_the { p.checked_sub(1) } else { Some(p) }
    });
    let Some(at) = at else { return period };
    let days = match period {
        Period::Within(d) => d,
        Period::On(d) | Period::Around(d) => Days { from: Some(d), to: Some(d) },
        Period::All => return period,
    };
    let day = |d: Option<Date>, by: i64| d.map(|d| Date::from_days(d.days() + by));
    let word = tokens[at].word.clone();
    let out = match word.as_str() {
        _ if tokens[at].used => return period,
        "since" | "seit" | "ab" | "starting" => Days { from: days.from, to: None },
        "until" | "till" | "bis" | "through" => Days { from: None, to: days.to },
        "after" | "nach" => Days { from: day(days.to, 1), to: None },
        "before" | "vor" | "prior" => Days { from: None, to: day(days.from, -1) },
        "over" | "within" | "during" | "uber" | "throughout" | "binnen" => {
            use_up(tokens, at, i - at);
            return period;
        }
        _ => return period,
    };
    use_up(tokens, at, i - at);
    Period::Within(out)
}

fn use_up(tokens: &mut [Token], from: usize, n: usize) {
    tokens.iter_mut().skip(from).take(n).for_each(|t| t.used = true);
}

/// `3 May 2024`, `May 2024`, `im Mai`: months in words become dates.
fn join_months(tokens: &mut [Token], today: Date) {
    for i in 0..tokens.len() {
        let Some(m) = month_named(&tokens[i].word).filter(|_| !tokens[i].used && tokens[i].date.is_none())
        else {
            continue;
        };
        let year_after = tokens.get(i + 1).and_then(|t| match t.date {
            Some(When::Year(y)) => Some((y, 1)),
            _ => None,
        });
        let small = |t: Option<&Token>| {
            t.and_then(|t| {
                t.word
                    .trim_end_matches("st")
                    .trim_end_matches("nd")
                    .trim_end_matches("rd")
                    .trim_end_matches("th")
                    .parse::<u8>()
                    .ok()
            })
            .filter(|d| (1..=31).contains(d))
        };
        let before = i.checked_sub(1).and_then(|p| small(tokens.get(p)).map(|d| (p, d)));
        let after = small(tokens.get(i + 1));
        let is_modal = matches!(tokens[i].word.as_str(), "may" | "mar" | "march");
        if let Some((p, d)) = before {
            let (y, extra) = year_after.unwrap_or((today.year(), 0));
            if let Ok(day) = Date::new(y, m, d) {
                let day = if extra == 0 && day > today { Date::new(y - 1, m, d).unwrap_or(day) } else { day };
                set(tokens, p, 2 + extra, When::Day(day));
            }
        } else if let Some((y, _)) = year_after {
            set(tokens, i, 2, When::Month(y, m));
        } else if let (Some(d), Some(When::Year(y))) = (after, tokens.get(i + 2).and_then(|t| t.date)) {
            if let Ok(day) = Date::new(y, m, d) {
                set(tokens, i, 3, When::Day(day));
            }
        } else {
            let led = i > 0
                && tokens[i - 1].is(&["in", "im", "since", "seit", "last", "letzten", "of", "vom", "from"]);
            if led || !is_modal {
                // "Last November", said in November, is a year ago.
                let is_last = i > 0 && LAST.contains(&tokens[i - 1].word.as_str());
                let is_over = m < today.month() || (m == today.month() && !is_last);
                let y = if is_over { today.year() } else { today.year() - 1 };
                set(tokens, i, 1, When::Month(y, m));
            }
        }
    }
}

/// One token stands for several that make a date.
fn set(tokens: &mut [Token], at: usize, n: usize, w: When) {
    use_up(tokens, at, n);
    let raw: Vec<&str> = tokens.iter().skip(at).take(n).map(|t| t.raw.as_str()).collect();
    let raw = raw.join(" ");
    if let Some(t) = tokens.get_mut(at) {
        (t.date, t.used, t.raw, t.number) = (Some(w), false, raw, None);
        t.word.clear();
    }
    for t in tokens.iter_mut().skip(at + 1).take(n.saturating_sub(1)) {
        t.date = None;
        t.word.clear();
    }
}

const LAST: &[&str] = &[
    "last",
    "past",
    "previous",
    "letzten",
    "letztes",
    "letztem",
    "letzter",
    "letzte",
    "vergangenen",
    "vergangenes",
    "vergangenem",
    "vorigen",
    "voriges",
    "vorigem",
];
const THIS: &[&str] = &["this", "dieses", "diesem", "diesen", "dieser", "current", "laufenden"];

fn relative(tokens: &[Token], i: usize, today: Date) -> Option<(Period, usize)> {
    let word =
        |n: usize| tokens.get(i + n).filter(|t| !t.used && t.date.is_none()).map_or("", |t| t.word.as_str());
    let within = |from: Date, to: Date| Period::Within(Days { from: Some(from), to: Some(to) });
    let year = |y: i16| whole(When::Year(y));
    let (period, n) = if LAST.contains(&word(0)) {
        if let (Some(n), Some((k, months))) = (count(word(1)), span_unit(word(2))) {
            (within(back(today, n as i64 * k, months), today), 3)
        } else {
            let led = i > 0 && tokens[i - 1].is(&["the", "over", "within"]) || word(0) == "past";
            match span_unit(word(1))? {
                (12, true) if led && word(1) == "year" => (within(back(today, 12, true), today), 2),
                (12, true) if matches!(word(1), "year" | "jahr") => {
                    (Period::Within(year(today.year() - 1)), 2)
                }
                (1, true) if matches!(word(1), "month" | "monat") => {
                    let d = back(today, 1, true);
                    (Period::Within(whole(When::Month(d.year(), d.month()))), 2)
                }
                (7, false) if led && matches!(word(1), "week" | "woche") => {
                    (within(back(today, 7, false), today), 2)
                }
                (7, false) if matches!(word(1), "week" | "woche") => {
                    let monday = today.days() - i64::from(today.weekday());
                    (within(Date::from_days(monday - 7), Date::from_days(monday - 1)), 2)
                }
                _ => return None,
            }
        }
    } else if THIS.contains(&word(0)) {
        match span_unit(word(1))? {
            (12, true) => (Period::Within(year(today.year())), 2),
            (1, true) => (Period::Within(whole(When::Month(today.year(), today.month()))), 2),
            (7, false) => (within(Date::from_days(today.days() - i64::from(today.weekday())), today), 2),
            _ => return None,
        }
    } else if let (Some(n), Some((k, months)), true) =
        (count(word(0)), span_unit(word(1)), matches!(word(2), "ago"))
    {
        (Period::Around(back(today, n as i64 * k, months)), 3)
    } else if let (true, Some(n), Some((k, months))) = (word(0) == "vor", count(word(1)), span_unit(word(2)))
    {
        (Period::Around(back(today, n as i64 * k, months)), 3)
    } else if let (true, Some(n), Some((k, months))) =
        (matches!(word(0), "seit" | "since"), count(word(1)), span_unit(word(2)))
    {
        (Period::Within(Days { from: Some(back(today, n as i64 * k, months)), to: None }), 3)
    } else if word(0).starts_with("vorletzte") && word(1) == "jahr" {
        (Period::Within(year(today.year() - 2)), 2)
    } else if (word(0), word(1), word(2)) == ("year", "before", "last") {
        (Period::Within(year(today.year() - 2)), 3)
    } else if word(0) == "vorgestern" {
        (Period::On(back(today, 2, false)), 1)
    } else if matches!(word(0), "yesterday" | "gestern") {
        (Period::On(back(today, 1, false)), 1)
    } else if matches!(word(0), "today" | "heute") && tokens.len() > 1 {
        (Period::On(today), 1)
    } else if word(0) == "vorjahr" {
        (Period::Within(year(today.year() - 1)), 1)
    } else {
        return None;
    };
    Some((period, n))
}

/// A date with what stands before it: since, before, after, between, around.
fn stated(tokens: &mut [Token], i: usize, out: &mut Times) -> Option<usize> {
    let w = tokens.get(i).filter(|t| !t.used)?.date?;
    let days = whole(w);
    let before = |n: usize| i.checked_sub(n).and_then(|p| tokens.get(p)).map_or("", |t| t.word.as_str());
    let (mut led, lead) = (1, before(1));
    let lead = if matches!(lead, "the" | "dem" | "den" | "dam" | "of") {
        led = 2;
        before(2)
    } else {
        lead
    };
    let next_date = |n: usize| tokens.get(i + n).and_then(|t| t.date);
    let joins =
        tokens.get(i + 1).is_some_and(|t| t.is(&["and", "und", "to", "bis", "until", "till", "through"]));
    if matches!(lead, "between" | "zwischen" | "from" | "von" | "vom")
        && joins
        && let Some(second) = next_date(2)
    {
        out.periods.push(Period::Within(Days { from: days.from, to: whole(second).to }));
        use_up(tokens, i - led, led + 3);
        return Some(3);
    }
    let (period, has_lead) = match lead {
        "since" | "seit" | "ab" | "starting" => (Period::Within(Days { from: days.from, to: None }), true),
        "after" | "nach" => {
            let from = days.to.map(|d| Date::from_days(d.days() + 1));
            (Period::Within(Days { from, to: None }), true)
        }
        "before" | "vor" | "prior" => {
            let to = days.from.map(|d| Date::from_days(d.days() - 1));
            (Period::Within(Days { from: None, to }), true)
        }
        "until" | "till" | "bis" | "through" => (Period::Within(Days { from: None, to: days.to }), true),
        _ if days.from != days.to && onwards(tokens, i) => {
            (Period::Within(Days { from: days.from, to: None }), matches!(lead, "from" | "von"))
        }
        "around" | "about" | "um" | "circa" | "ca" | "gegen" | "near" if days.from == days.to => {
            (Period::Around(w.date()), true)
        }
        _ if days.from == days.to => (Period::On(w.date()), false),
        _ => (Period::Within(days), false),
    };
    out.periods.push(period);
    use_up(tokens, i, if onwards(tokens, i) { 2 } else { 1 });
    if has_lead {
        use_up(tokens, i - led, led);
    }
    Some(1)
}

fn onwards(tokens: &[Token], i: usize) -> bool {
    tokens.get(i + 1).is_some_and(|t| t.is(&["onwards", "onward", "upwards"]))
}

#[cfg(test)]
mod tests {
    use super::{super::token::tokens, *};

    fn of(q: &str) -> Vec<Period> {
        read(&mut tokens(q), Date::parse("2026-11-28").unwrap()).periods
    }
    fn days(a: &str, b: &str) -> Period {
        let day = |s: &str| if s.is_empty() { None } else { Some(Date::parse(s).unwrap()) };
        Period::Within(Days { from: day(a), to: day(b) })
    }

    #[test]
    fn times_are_read_in_both_languages() {
        assert_eq!(of("in 2024"), [days("2024-01-01", "2024-12-31")]);
        assert_eq!(of("im Mai 2024"), [days("2024-05-01", "2024-05-31")]);
        assert_eq!(of("last year"), [days("2025-01-01", "2025-12-31")]);
        assert_eq!(of("letztes Jahr"), [days("2025-01-01", "2025-12-31")]);
        assert_eq!(of("in den letzten 3 Monaten"), [days("2026-08-28", "2026-11-28")]);
        assert_eq!(of("since 2022"), [days("2022-01-01", "")]);
        assert_eq!(of("vor 2020"), [days("", "2019-12-31")]);
        assert_eq!(of("between 2019 and 2021"), [days("2019-01-01", "2021-12-31")]);
        assert_eq!(of("vor zwei Jahren"), [Period::Around(Date::parse("2024-11-28").unwrap())]);
        assert_eq!(of("on 3 May 2024"), [Period::On(Date::parse("2024-05-03").unwrap())]);
        assert_eq!(of("am 3. Mai 2024"), [Period::On(Date::parse("2024-05-03").unwrap())]);
        assert_eq!(of("May 3, 2024"), [Period::On(Date::parse("2024-05-03").unwrap())]);
        assert_eq!(of("2023 with 2024").len(), 2);
        assert!(of("may I ask").is_empty());
        assert_eq!(of("im letzten Frühling"), [days("2026-03-01", "2026-05-31")]);
        assert_eq!(of("last winter"), [days("2025-12-01", "2026-02-28")]);
        assert_eq!(of("Anfang 2021"), [days("2021-01-01", "2021-04-30")]);
        assert_eq!(of("at the end of March 2021"), [days("2021-03-21", "2021-03-31")]);
        assert_eq!(of("Q1 2022"), [days("2022-01-01", "2022-03-31")]);
        assert_eq!(of("im ersten Quartal 2022"), [days("2022-01-01", "2022-03-31")]);
        assert_eq!(of("second half of 2023"), [days("2023-07-01", "2023-12-31")]);
        assert_eq!(of("seit letztem Jahr"), [days("2025-01-01", "")]);
        assert_eq!(of("seit zwei Jahren"), [days("2024-11-28", "")]);
        assert_eq!(of("seit 2020 bis 2022"), [days("2020-01-01", "2022-12-31")]);
        assert_eq!(of("since 2020 until today"), [days("2020-01-01", "")]);
        assert_eq!(of("from 2020 onwards"), [days("2020-01-01", "")]);
        assert_eq!(of("last Monday"), [Period::On(Date::parse("2026-11-23").unwrap())]);
        assert_eq!(of("between March 2023 and November 2024"), [days("2023-03-01", "2024-11-30")]);
        assert_eq!(of("letzte Woche"), [days("2026-11-16", "2026-11-22")]);
        // Which of two winters, cannot be told; which springs, neither.
        assert_eq!(of("winter 2022").len(), 1);
        assert!(of("in spring").is_empty());
    }
}

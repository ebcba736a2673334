//! The time axis: milliseconds to places, and ticks in words at round dates. Times
//! are those of the clock where values were taken, counted as if it showed UTC.

use crate::i18n::{Lang, fmt};
use keepwell_domain::time::Date;

/// Milliseconds in a minute.
pub const MINUTE: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in a day.
pub const DAY: i64 = 24 * HOUR;

/// A mark on the axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// UTC milliseconds.
    pub t: i64,
    /// `2019`, `Apr`, `4 Mar`, `08:00`.
    pub label: String,
    /// What a second line adds where it changes: the year, or the day.
    pub under: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Every {
    Years(i64),
    Months(i64),
    Days(i64),
    Minutes(i64),
}

/// From coarse to fine.
const STEPS: [Every; 24] = [
    Every::Years(1000),
    Every::Years(200),
    Every::Years(100),
    Every::Years(50),
    Every::Years(20),
    Every::Years(10),
    Every::Years(5),
    Every::Years(2),
    Every::Years(1),
    Every::Months(6),
    Every::Months(3),
    Every::Months(1),
    Every::Days(14),
    Every::Days(7),
    Every::Days(2),
    Every::Days(1),
    Every::Minutes(720),
    Every::Minutes(360),
    Every::Minutes(180),
    Every::Minutes(60),
    Every::Minutes(30),
    Every::Minutes(15),
    Every::Minutes(5),
    Every::Minutes(1),
];

impl Every {
    /// About how long a step is, in milliseconds.
    const fn length(self) -> i64 {
        match self {
            Self::Years(n) => n * 365 * DAY,
            Self::Months(n) => n * 30 * DAY,
            Self::Days(n) => n * DAY,
            Self::Minutes(n) => n * MINUTE,
        }
    }
}

/// The calendar date of a time.
#[must_use]
pub fn date_of(t: i64) -> Date {
    Date::from_days(t.div_euclid(DAY))
}

fn first_of(year: i64, month0: i64) -> Option<i64> {
    let year = i16::try_from(year + month0.div_euclid(12)).ok()?;
    let month = u8::try_from(month0.rem_euclid(12) + 1).ok()?;
    Date::new(year, month, 1).ok().map(|d| d.days() * DAY)
}

/// At most `most` round dates from `from` to `to` (`most_years`, when they are years, which need
/// less room), and whether they are times of the day.
#[must_use]
pub fn ticks(lang: Lang, from: i64, to: i64, most: usize, most_years: usize) -> (Vec<Tick>, bool) {
    let limit = |e: &Every| if matches!(e, Every::Years(_)) { most_years } else { most };
    let limit = |e: &Every| i64::try_from(limit(e).max(1)).unwrap_or(1);
    let span = to.saturating_sub(from).max(1);
    let every = STEPS.iter().rev().find(|e| span / e.length() < limit(e)).copied().unwrap_or(STEPS[0]);
    let times: Vec<i64> = match every {
        Every::Years(n) => {
            let first = i64::from(date_of(from).year()).div_euclid(n) * n;
            (0..)
                .map_while(|i| first_of(first + i * n, 0).or(Some(i64::MIN)).filter(|t| *t <= to))
                .take(40)
                .collect()
        }
        Every::Months(n) => {
            let year = i64::from(date_of(from).year());
            (0..).map_while(|i| first_of(year, i * n).filter(|t| *t <= to)).take(60).collect()
        }
        // Day 4 of the epoch is the first Monday: weeks begin on Mondays.
        Every::Days(n) => multiples(from - 4 * DAY, to - 4 * DAY, n * DAY).map(|t| t + 4 * DAY).collect(),
        Every::Minutes(n) => multiples(from, to, n * MINUTE).collect(),
    };
    let times = times.into_iter().filter(|t| *t >= from && *t <= to);
    let mut before: Option<i64> = None;
    let out = times
        .map(|t| {
            let (label, under) = label(lang, every, t, before);
            before = Some(t);
            Tick { t, label, under }
        })
        .collect();
    (out, matches!(every, Every::Minutes(_)))
}

fn multiples(from: i64, to: i64, step: i64) -> impl Iterator<Item = i64> {
    let first = from.div_euclid(step) + i64::from(from.rem_euclid(step) != 0);
    (first..).map(move |i| i * step).take_while(move |t| *t <= to).take(60)
}

fn label(lang: Lang, every: Every, t: i64, before: Option<i64>) -> (String, Option<String>) {
    let d = date_of(t);
    let year = || before.is_none_or(|b| date_of(b).year() != d.year()).then(|| d.year().to_string());
    let day = || before.is_none_or(|b| date_of(b) != d).then(|| fmt::day(lang, d));
    match every {
        Every::Years(_) => (d.year().to_string(), None),
        Every::Months(_) => (without_year(&fmt::date(lang, &d.to_string()[..7])), year()),
        Every::Days(_) => (without_year(&fmt::day(lang, d)), year()),
        Every::Minutes(_) => (clock(t), day()),
    }
}

/// `08:30`.
#[must_use]
pub fn clock(t: i64) -> String {
    let minutes = t.rem_euclid(DAY) / MINUTE;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn without_year(text: &str) -> String {
    text.rsplit_once(' ').map_or(text, |(head, _)| head).to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(iso: &str) -> i64 {
        Date::parse(iso).unwrap().days() * DAY
    }
    fn labels(lang: Lang, a: i64, b: i64, most: usize) -> Vec<String> {
        let one = |t: Tick| t.under.map_or(t.label.clone(), |u| format!("{} / {u}", t.label));
        ticks(lang, a, b, most, most).0.into_iter().map(one).collect()
    }

    #[test]
    fn long_spans_are_told_in_years() {
        assert_eq!(
            labels(Lang::En, at("2014-11-02"), at("2024-11-20"), 6),
            ["2016", "2018", "2020", "2022", "2024"]
        );
        assert_eq!(labels(Lang::De, at("2021-06-01"), at("2024-06-01"), 6), ["2022", "2023", "2024"]);
    }

    #[test]
    fn shorter_spans_are_told_in_months_with_the_year_where_it_changes() {
        assert_eq!(
            labels(Lang::En, at("2023-02-10"), at("2024-05-01"), 6),
            ["Apr / 2023", "Jul", "Oct", "Jan / 2024", "Apr"]
        );
        assert_eq!(labels(Lang::De, at("2024-01-20"), at("2024-04-10"), 5), ["Feb. / 2024", "März", "Apr."]);
    }

    #[test]
    fn weeks_begin_on_mondays_and_hours_end_in_days() {
        assert_eq!(
            labels(Lang::En, at("2024-03-01"), at("2024-03-29"), 5),
            ["4 Mar / 2024", "11 Mar", "18 Mar", "25 Mar"]
        );
        let day = at("2024-03-04");
        assert!(ticks(Lang::De, day, day + 20 * HOUR, 6, 6).1);
        assert_eq!(
            labels(Lang::De, day + 7 * HOUR, day + 27 * HOUR, 6),
            ["12:00 / 4. März 2024", "18:00", "00:00 / 5. März 2024"]
        );
    }

    #[test]
    fn never_more_than_asked_for_over_any_span() {
        for exponent in 0..44 {
            let span = 1i64 << exponent;
            for from in [at("1969-12-31") + 5, at("2000-02-29"), at("2023-07-15") + 123] {
                for most in [2, 4, 9] {
                    let t = ticks(Lang::En, from, from + span, most, most).0;
                    assert!(t.len() <= most + 1, "{span} {most}: {}", t.len());
                    assert!(t.windows(2).all(|w| w[0].t < w[1].t));
                }
            }
        }
        assert!(ticks(Lang::En, i64::MIN / 2, i64::MAX / 2, 5, 5).0.len() < 60);
    }
}

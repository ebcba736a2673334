//! Ordinary cycles from the days that were entered. Lengths of the past are facts; of the future there
//! is only a range, and none before three cycles are known.

use crate::redact::redacted;
use crate::{
    merge::Book,
    model::{Day, EntityId, Preferences, Told, diary::Bleeding},
};
use keepwell_domain::time::Date;

/// A new cycle begins at least so many days after the last one; bleeding in between is not a period.
pub const SHORTEST: i64 = 10;
/// Days without bleeding before a period begins.
pub const PAUSE: i64 = 2;
/// Cycles longer than this have a gap in the entries, or a pregnancy; they stay out of the figures.
pub const LONGEST: i64 = 90;
/// Complete cycles before a range is given.
pub const ENOUGH: usize = 3;

/// One ordinary cycle.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OrdinaryCycle {
    /// The first day of bleeding.
    pub start: Date,
    /// Days until the next one began; `None` for the last.
    pub length: Option<i64>,
    /// Days of bleeding at its start, pauses of one day included.
    pub bleeding_days: i64,
}

/// Figures over cycles that are complete.
#[derive(Clone, PartialEq)]
pub struct Statistics {
    /// Complete cycles that count.
    pub cycles: usize,
    /// The shortest in days.
    pub shortest: i64,
    /// The longest in days.
    pub longest: i64,
    /// The middle one in days.
    pub median: f64,
    /// The mean in days.
    pub mean: f64,
    /// The standard deviation in days (of a sample); `None` for a single cycle.
    pub deviation: Option<f64>,
    /// Days of bleeding, the middle of all.
    pub bleeding_median: f64,
    /// If the next one is as long as one of those before: the first and last day on which it would
    /// begin. A range of what was, not a promise; `None` before `ENOUGH` cycles.
    pub next_between: Option<(Date, Date)>,
}

/// Whose days are written in a journal, whoever of its people that is said to be later on.
#[must_use]
pub fn own_person() -> EntityId {
    EntityId::derived(&[b"own person"])
}

/// Tells whether an entry is a person's by whom it names; one that names nobody is the journal's own person's.
pub(super) fn whose(book: &Book, person: Option<EntityId>) -> impl Fn(Option<EntityId>) -> bool {
    let named = book.get::<Preferences>(Preferences::id()).and_then(|p| p.person.get());
    let own = [Some(own_person()), named];
    let is_own = person.is_none() || own.contains(&person);
    move |of| match of {
        None => is_own,
        theirs => theirs == person || (is_own && own.contains(&theirs)),
    }
}

/// The days of a person, oldest first. Those of the journal's own are days without a person too, and of whoever the
/// preferences say the journal's own is.
#[must_use]
pub fn days_of(book: &Book, person: Option<EntityId>) -> Vec<(Date, EntityId, Day)> {
    let is_theirs = whose(book, person);
    let mut days: Vec<_> = book
        .all::<Day>()
        .filter(|(_, d)| is_theirs(d.person.get()))
        .filter_map(|(id, d)| Some((d.date.get()?, id, d)))
        .collect();
    crate::order::sort_by_key(&mut days, |(date, id, _)| (*date, *id));
    days
}

/// The cycles in days that are in order.
#[must_use]
pub fn ordinary_cycles(days: &[(Date, EntityId, Day)]) -> Vec<OrdinaryCycle> {
    let bleeds = |d: &Day| {
        let counts = d.bleeding_excluded != Told::Known(true);
        counts && d.bleeding.get().is_some_and(|b| b >= Bleeding::Light)
    };
    let mut out: Vec<OrdinaryCycle> = Vec::new();
    let mut last_bleeding: Option<Date> = None;
    for (date, _, _) in days.iter().filter(|(_, _, d)| bleeds(d)) {
        let paused = last_bleeding.is_none_or(|l| date.days() - l.days() > PAUSE);
        match out.last_mut() {
            Some(c) if !(paused && date.days() - c.start.days() >= SHORTEST) => {
                // Bleeding after a pause within the cycle is not its period.
                let so_far = date.days() - c.start.days() + 1;
                if so_far - c.bleeding_days <= PAUSE {
                    c.bleeding_days = so_far;
                }
            }
            _ => out.push(OrdinaryCycle { start: *date, length: None, bleeding_days: 1 }),
        }
        last_bleeding = Some(*date);
    }
    for i in 1..out.len() {
        out[i - 1].length = Some(out[i].start.days() - out[i - 1].start.days());
    }
    out
}

/// Figures over them; `None` before the first is complete.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn statistics(cycles: &[OrdinaryCycle]) -> Option<Statistics> {
    let complete: Vec<&OrdinaryCycle> =
        cycles.iter().filter(|c| c.length.is_some_and(|l| l <= LONGEST)).collect();
    let mut lengths: Vec<i64> = complete.iter().filter_map(|c| c.length).collect();
    crate::order::sort_by(&mut lengths, Ord::cmp);
    let (shortest, longest) = (*lengths.first()?, *lengths.last()?);
    let n = lengths.len();
    let mean = lengths.iter().sum::<i64>() as f64 / n as f64;
    let squares: f64 = lengths.iter().map(|l| (*l as f64 - mean).powi(2)).sum();
    let mut bleeding: Vec<i64> = complete.iter().map(|c| c.bleeding_days).collect();
    crate::order::sort_by(&mut bleeding, Ord::cmp);
    let after = |days: i64| cycles.last().map(|c| Date::from_days(c.start.days() + days));
    Some(Statistics {
        cycles: n,
        shortest,
        longest,
        median: median(&lengths),
        mean,
        deviation: (n > 1).then(|| (squares / (n - 1) as f64).sqrt()),
        bleeding_median: median(&bleeding),
        next_between: if n >= ENOUGH { after(shortest).zip(after(longest)) } else { None },
    })
}

#[allow(clippy::cast_precision_loss)]
fn median(sorted: &[i64]) -> f64 {
    let n = sorted.len();
    match (n, n % 2) {
        (0, _) => 0.0,
        (_, 1) => sorted[n / 2] as f64,
        _ => (sorted[n / 2 - 1] + sorted[n / 2]) as f64 / 2.0,
    }
}

redacted!(OrdinaryCycle, Statistics);

//! A month as a calendar shows it.

use super::{
    cycle::{CycleRecord, records},
    ending::lasts_on,
    labels::{DayLabel, day_labels},
    ordinary::{days_of, whose},
    plan::{PlanRow, plan_rows},
    schedule::Span,
    shift::celsius,
};
use crate::redact::redacted;
use crate::{
    merge::Book,
    model::{
        EntityId, HomeTest, Moment, Mood, Note, Offsets, Told,
        diary::{Bleeding, TestKind, TestResult},
    },
};
use keepwell_domain::time::{Date, days_in_month};

/// One day of the month view.
#[derive(Clone)]
pub struct MonthDay {
    /// The day.
    pub date: Date,
    /// Whether it belongs to the month, not to the weeks around it.
    pub in_month: bool,
    /// Its names, by cycle.
    pub labels: Vec<(EntityId, Vec<DayLabel>)>,
    /// The plan and what happened, of cycles that are not quiet.
    pub rows: Vec<(EntityId, PlanRow)>,
    /// The diary's day.
    pub day: Option<EntityId>,
    /// How much it bled.
    pub bleeding: Option<Bleeding>,
    /// Waking temperature in °C.
    pub temperature: Option<f64>,
    /// Whether it does not count.
    pub temperature_excluded: bool,
    /// Symptoms of the day.
    pub symptoms: usize,
    /// Tests at home with what they showed, the earliest first; none of a quiet cycle.
    pub tests: Vec<(TestKind, TestResult)>,
    /// Moods, the earliest first, each with its score where it has one.
    pub moods: Vec<Option<i64>>,
    /// Notes of the day.
    pub notes: Vec<EntityId>,
}

/// The weeks of a month, whole weeks from Monday, or Sunday.
#[must_use]
pub fn month(
    book: &Book,
    person: Option<EntityId>,
    (year, month): (i16, u8),
    starts_sunday: bool,
    now: &Moment,
    offsets: &dyn Offsets,
) -> Vec<MonthDay> {
    let (Ok(first), Ok(last)) =
        (Date::new(year, month, 1), Date::new(year, month, days_in_month(year, month)))
    else {
        return Vec::new();
    };
    // 1970-01-01 was a Thursday.
    let weekday = |d: Date| (d.days() + if starts_sunday { 4 } else { 3 }).rem_euclid(7);
    let span = Span {
        from: Date::from_days(first.days() - weekday(first)),
        to: Date::from_days(last.days() + 6 - weekday(last)),
    };
    let records = records(book);
    let rows: Vec<(EntityId, Vec<PlanRow>)> = records
        .iter()
        .filter(|r| !r.is_quiet())
        .filter_map(|r| Some((r.id?, plan_rows(r, span, now, offsets))))
        .collect();
    let diary = days_of(book, person);
    let notes: Vec<(EntityId, Note)> = book.all::<Note>().collect();
    let (tests, moods) = (tests(book, person, &records), moods(book, person));
    (span.from.days()..=span.to.days())
        .map(Date::from_days)
        .map(|date| {
            let at = diary.partition_point(|(d, _, _)| *d < date);
            let day = diary.get(at).filter(|(d, _, _)| *d == date);
            let entry = day.map(|(_, _, d)| d);
            MonthDay {
                date,
                in_month: date.month() == month && date.year() == year,
                labels: labels(&records, date, now.date),
                rows: rows
                    .iter()
                    .flat_map(|(id, rows)| rows.iter().filter(|r| r.date == date).map(|r| (*id, r.clone())))
                    .collect(),
                day: day.map(|(_, id, _)| *id),
                bleeding: entry.and_then(|d| d.bleeding.get()),
                temperature: entry.and_then(|d| celsius(d.temperature.known()?)),
                temperature_excluded: entry.is_some_and(|d| d.temperature_excluded == Told::Known(true)),
                symptoms: entry.and_then(|d| d.symptoms.known()).map_or(0, Vec::len),
                tests: on(&tests, date),
                moods: on(&moods, date),
                notes: notes
                    .iter()
                    .filter(|(_, n)| n.at.known().is_some_and(|m| m.date == date))
                    .map(|(id, _)| *id)
                    .collect(),
            }
        })
        .collect()
}

/// What is of a day, of a list in order.
fn on<T: Copy>(list: &[(Moment, T)], date: Date) -> Vec<T> {
    list.iter().filter(|(at, _)| at.date == date).map(|(_, x)| *x).collect()
}

fn tests(
    book: &Book,
    person: Option<EntityId>,
    records: &[CycleRecord],
) -> Vec<(Moment, (TestKind, TestResult))> {
    let is_theirs = whose(book, person);
    let is_quiet =
        |t: &HomeTest| records.iter().any(|r| r.is_quiet() && r.id.is_some() && r.id == t.cycle.get());
    let theirs = book.all::<HomeTest>().filter(|(_, t)| is_theirs(t.person.get()) && !is_quiet(t));
    in_order(theirs.filter_map(|(_, t)| Some((t.at.known()?.clone(), (t.kind.get()?, t.result.get()?)))))
}

fn moods(book: &Book, person: Option<EntityId>) -> Vec<(Moment, Option<i64>)> {
    let is_theirs = whose(book, person);
    let theirs = book.all::<Mood>().filter(|(_, m)| is_theirs(m.person.get()));
    in_order(theirs.filter_map(|(_, m)| Some((m.at.known()?.clone(), m.score.get()))))
}

fn in_order<T>(found: impl Iterator<Item = (Moment, T)>) -> Vec<(Moment, T)> {
    let mut all: Vec<(Moment, T)> = found.collect();
    crate::order::sort_by_key(&mut all, |(at, _)| at.sort_key());
    all
}

/// The names of a day in each cycle that it belongs to.
fn labels(records: &[CycleRecord], date: Date, today: Date) -> Vec<(EntityId, Vec<DayLabel>)> {
    records
        .iter()
        .filter(|r| !r.is_quiet() && lasts_on(r, records, date, today))
        .filter_map(|r| Some((r.id?, day_labels(&r.dates, date))))
        .filter(|(_, l)| !l.is_empty())
        .collect()
}

redacted!(MonthDay);

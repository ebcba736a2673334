//! What a day is called. Days are counted on the calendar where the person was, so that neither summer
//! time nor a flight makes one disappear; hours are counted as they pass.

use super::key_dates::{Certainty, KeyDates};
use crate::model::{DAY_MINUTES, KeyDate, Moment};
use crate::redact::redacted;
use keepwell_domain::time::Date;

/// A name of a day within a cycle.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum DayLabel {
    /// Day of the cycle; the first day of bleeding is 1.
    CycleDay(i64),
    /// Day of suppression or priming; the first is 1. Ends before the stimulation, or what comes without one.
    SuppressionDay(i64),
    /// Day of stimulation; the first is 1. Ends with the trigger, or before what follows one.
    StimulationDay(i64),
    /// Day of a second stimulation; the first is 1.
    SecondStimulationDay(i64),
    /// Day of oestrogen; the first is 1. Ends before progesterone, or the transfer: it goes on to be taken, but its
    /// days tell nothing any more.
    OestrogenDay(i64),
    /// Day of progesterone; the first is 0, as laboratories count.
    ProgesteroneDay(i64),
    /// Days before the trigger; the day itself is 0.
    DaysToTrigger(i64),
    /// Minutes from the trigger to now; negative before it.
    MinutesPastTrigger(i64),
    /// Days after retrieval, which is also the embryos' age; the day itself is 0.
    DaysPastRetrieval(i64),
    /// Days after ovulation; the day itself is 0.
    DaysPastOvulation(i64),
    /// Days after insemination; the day itself is 0.
    DaysPastInsemination(i64),
    /// Days after transfer; the day itself is 0.
    DaysPastTransfer(i64),
}

/// For how many days after a transfer, ovulation or insemination the days are counted.
const LUTEAL_DAYS: i64 = 70;
/// For how many days a cycle without an end is counted.
const CYCLE_DAYS: i64 = 120;
/// For how many days a stimulation without an end is counted: more than the longest in small steps takes.
const STIMULATION_DAYS: i64 = 60;
/// For how many days a suppression without an end is counted: more than half a year before a transfer.
const SUPPRESSION_DAYS: i64 = 240;
/// What a stimulation, or a suppression, is over before, whether a trigger was entered or not.
const AFTER_STIMULATION: [KeyDate; 4] =
    [KeyDate::Retrieval, KeyDate::Ovulation, KeyDate::Insemination, KeyDate::Transfer];
const AFTER_SECOND_STIMULATION: [KeyDate; 4] =
    [KeyDate::SecondRetrieval, KeyDate::Ovulation, KeyDate::Insemination, KeyDate::Transfer];
const AFTER_SUPPRESSION: [KeyDate; 4] =
    [KeyDate::Retrieval, KeyDate::Insemination, KeyDate::ProgesteroneStart, KeyDate::Transfer];
/// For how many minutes before and after the trigger the hours are counted.
const HOURS_WITHIN: i64 = 2 * DAY_MINUTES;

/// The names of a day, the most telling first.
#[must_use]
pub fn day_labels(dates: &KeyDates, on: Date) -> Vec<DayLabel> {
    let since = |key| dates.date(key).map(|d| on.days() - d.days());
    let planned = |key| dates.get(key).is_some_and(|f| f.certainty == Certainty::Planned);
    let trigger = trigger_of(dates, on);
    let mut out = Vec::new();
    let mut after = |key, label: fn(i64) -> DayLabel| {
        if let Some(n) = since(key).filter(|n| (0..=LUTEAL_DAYS).contains(n) && !planned(key)) {
            out.push(label(n));
        }
    };
    after(KeyDate::Transfer, DayLabel::DaysPastTransfer);
    after(KeyDate::Insemination, DayLabel::DaysPastInsemination);
    after(KeyDate::Ovulation, DayLabel::DaysPastOvulation);
    let past = |key: &KeyDate| since(*key).filter(|n| (0..=7).contains(n) && !planned(*key));
    if let Some(n) = [KeyDate::SecondRetrieval, KeyDate::Retrieval].iter().find_map(past) {
        out.push(DayLabel::DaysPastRetrieval(n));
    }
    if let Some(n) = since(KeyDate::ProgesteroneStart).filter(|n| (0..=LUTEAL_DAYS).contains(n)) {
        out.push(DayLabel::ProgesteroneDay(n));
    }
    if let Some(n) = since(trigger).filter(|n| (-3..=0).contains(n)) {
        out.push(DayLabel::DaysToTrigger(-n));
    }
    out.extend(stages(dates, on));
    if let Some(n) = since(KeyDate::CycleStart).filter(|n| (0..CYCLE_DAYS).contains(n)) {
        out.push(DayLabel::CycleDay(n + 1));
    }
    out
}

/// The names of a day by the drugs that make ready: of stimulation, oestrogen and suppression.
fn stages(dates: &KeyDates, on: Date) -> Vec<DayLabel> {
    let since = |key| dates.date(key).map(|d| on.days() - d.days());
    let before = |key: KeyDate| since(key).is_none_or(|n| n < 0);
    let is_triggered = since(trigger_of(dates, on)).is_some_and(|n| n > 0);
    let mut out = Vec::new();
    // What lies before a start does not end what began there: an ovulation before a stimulation of the luteal phase.
    let is_on = |start, ends: &[KeyDate]| {
        let has_ended = |end| dates.date(end) > dates.date(start) && !before(end);
        !ends.iter().any(|end| has_ended(*end))
    };
    let begun = |key, most| since(key).filter(|n| (0..most).contains(n));
    let first = begun(KeyDate::StimulationStart, STIMULATION_DAYS)
        .filter(|_| is_on(KeyDate::StimulationStart, &AFTER_STIMULATION));
    let second = begun(KeyDate::SecondStimulationStart, STIMULATION_DAYS)
        .filter(|_| is_on(KeyDate::SecondStimulationStart, &AFTER_SECOND_STIMULATION));
    match (second, first) {
        _ if is_triggered => {}
        (Some(n), _) => out.push(DayLabel::SecondStimulationDay(n + 1)),
        (None, Some(n)) if before(KeyDate::SecondStimulationStart) => {
            out.push(DayLabel::StimulationDay(n + 1));
        }
        _ => {}
    }
    let is_priming =
        before(KeyDate::ProgesteroneStart) && is_on(KeyDate::OestrogenStart, &[KeyDate::Transfer]);
    if let Some(n) = begun(KeyDate::OestrogenStart, CYCLE_DAYS).filter(|_| is_priming) {
        out.push(DayLabel::OestrogenDay(n + 1));
    }
    let is_suppressed =
        before(KeyDate::StimulationStart) && is_on(KeyDate::SuppressionStart, &AFTER_SUPPRESSION);
    if let Some(n) = begun(KeyDate::SuppressionStart, SUPPRESSION_DAYS).filter(|_| is_suppressed) {
        out.push(DayLabel::SuppressionDay(n + 1));
    }
    out
}

/// The names of the day that it is, with the hours to the trigger, or since it, in the two days around
/// it. Since is counted from one that was given, and until the retrieval.
#[must_use]
pub fn day_labels_at(dates: &KeyDates, now: &Moment) -> Vec<DayLabel> {
    let mut out = day_labels(dates, now.date);
    let key = trigger_of(dates, now.date);
    let happened = |key| dates.get(key).filter(|f| f.certainty == Certainty::Happened);
    let retrieval = if key == KeyDate::Trigger { KeyDate::Retrieval } else { KeyDate::SecondRetrieval };
    let is_retrieved = happened(retrieval)
        .is_some_and(|f| f.at.minutes_since(now).map_or(f.at.date <= now.date, |n| n <= 0));
    let past = minutes_to_trigger(dates, now).map(|n| -n).filter(|n| n.abs() <= HOURS_WITHIN);
    if let Some(n) = past.filter(|n| *n <= 0 || happened(key).is_some() && !is_retrieved) {
        let days = out.iter().position(|l| matches!(l, DayLabel::DaysToTrigger(_)));
        out.insert(days.map_or(0, |i| i + 1), DayLabel::MinutesPastTrigger(n));
    }
    out
}

/// The trigger of the round to which a day belongs.
fn trigger_of(dates: &KeyDates, on: Date) -> KeyDate {
    match dates.date(KeyDate::SecondStimulationStart) {
        Some(start) if on >= start => KeyDate::SecondTrigger,
        _ => KeyDate::Trigger,
    }
}

/// Minutes until the trigger of the round, negative after it; `None` where either has no time of day.
#[must_use]
pub fn minutes_to_trigger(dates: &KeyDates, now: &Moment) -> Option<i64> {
    dates.get(trigger_of(dates, now.date))?.at.minutes_since(now)
}

/// The age of an embryo in days; the day of insemination is 0.
#[must_use]
pub const fn embryo_age(fertilised_on: Date, on: Date) -> i64 {
    on.days() - fertilised_on.days()
}

redacted!(DayLabel);

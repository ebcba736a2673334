//! When the items of a plan are due.

use super::{cycle::CycleRecord, key_dates::Certainty};
use crate::model::{Clock, EntityId, Moment, Offsets, PlanItem, PlanWhen, TextType, Told};
use crate::redact::redacted;
use keepwell_domain::time::{Date, Ts};

/// More than this many times one item is not repeated.
pub const MAX_OCCURRENCES: usize = 1000;

/// Days from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

impl Span {
    /// Whether a day lies in it.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

/// One time at which an item of the plan is due.
#[derive(Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The item.
    pub item: EntityId,
    /// When: a day, or a time on the clock of wherever the person is. It has an offset only where the
    /// plan gives an instant (a trigger, a retrieval 36 hours later).
    pub at: Moment,
    /// Whether the date it is counted from is itself only planned.
    pub certainty: Certainty,
}

impl Occurrence {
    /// By which it is known in doses and marks.
    #[must_use]
    pub fn key(&self) -> (EntityId, String) {
        (self.item, self.at.to_text())
    }
}

/// When an item is due within a span. Empty while the key date that it is counted from is not known.
#[must_use]
pub fn occurrences(
    r: &CycleRecord,
    item: (EntityId, &PlanItem),
    span: Span,
    offsets: &dyn Offsets,
) -> Vec<Occurrence> {
    let (id, p) = item;
    let Told::Known(when) = &p.when else { return Vec::new() };
    let Some((first, certainty)) = first_time(r, when, offsets) else { return Vec::new() };
    let every = p.every_days.get().filter(|n| *n >= 1);
    let last = p.for_days.get().map(|n| first.date.days().saturating_add(n.max(1) - 1));
    let stop = p.stopped_from.get();
    let begin = not_before(r, p).map_or(span.from, |day| day.max(span.from));
    let mut out = Vec::new();
    // Far in the past there is nothing to list: begin at the span.
    let behind = (span.from.days() - first.date.days()).max(0);
    let mut n = every.map_or(0, |e| (behind + e - 1) / e * e);
    loop {
        let day = first.date.days().saturating_add(n);
        let date = Date::from_days(day);
        let is_over = last.is_some_and(|l| day > l) || stop.is_some_and(|s| date >= s) || date > span.to;
        if is_over || out.len() >= MAX_OCCURRENCES {
            break;
        }
        if date >= begin {
            let on = |clock: Option<Clock>| Occurrence {
                item: id,
                at: if n == 0 && clock == first.clock {
                    first.clone()
                } else {
                    Moment { date, clock, offset: None, zone: None }
                },
                certainty,
            };
            out.push(on(first.clock));
            out.extend(p.also_at.known().into_iter().flatten().map(|c| on(Some(*c))));
        }
        match every {
            Some(e) => n += e,
            None => break,
        }
    }
    crate::order::sort_by_key(&mut out, |o| o.at.sort_key());
    out
}

/// The day before which an item that is counted from a key date is not due: until then the one in whose place it came
/// is. Else both would be due when that date moves to before the change.
fn not_before(r: &CycleRecord, item: &PlanItem) -> Option<Date> {
    let mut day = None;
    let mut new = item;
    // Items that were entered on several devices may go round in a circle.
    for _ in 0..r.plan.len() {
        let replaced = new.replaces.get().filter(|_| is_relative(new));
        let Some((_, old)) = r.plan.iter().find(|(id, _)| replaced == Some(*id)) else { break };
        day = day.max(old.stopped_from.get());
        new = old;
    }
    day
}

/// Which of the times of its item an occurrence is. It stays what it is when it is put on another hour, or by another
/// item in the place of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlanPlace {
    /// The item that was planned first, which others took the place of since.
    pub origin: EntityId,
    /// Days since its first; 0 for what is due once, whichever day that is by now.
    pub day: i64,
    /// Which of the times of the day.
    pub of_day: usize,
}

/// Which time of its item an occurrence is.
#[must_use]
pub fn plan_place(
    r: &CycleRecord,
    item: &PlanItem,
    planned: &Occurrence,
    offsets: &dyn Offsets,
) -> PlanPlace {
    let (origin, root) = origin(r, planned.item, item);
    let first = |p: &PlanItem| Some(first_time(r, p.when.known()?, offsets)?.0);
    let own = first(item);
    let is_first = own.as_ref().is_none_or(|m| m.clock == planned.at.clock);
    let also = || item.also_at.known()?.iter().position(|c| Some(*c) == planned.at.clock);
    let of_day = if is_first { 0 } else { also().map_or(0, |i| i + 1) };
    let repeats = |p: &PlanItem| p.every_days.get().is_some_and(|n| n >= 1);
    let begun = first(root).or(own).filter(|_| repeats(root) || repeats(item));
    PlanPlace { origin, day: begun.map_or(0, |m| planned.at.date.days() - m.date.days()), of_day }
}

/// The item that was planned first of those that took each other's place.
fn origin<'a>(r: &'a CycleRecord, id: EntityId, item: &'a PlanItem) -> (EntityId, &'a PlanItem) {
    let (mut id, mut item) = (id, item);
    // Items that were entered on several devices may go round in a circle.
    for _ in 0..r.plan.len() {
        let Some((old, p)) = r.plan.iter().find(|(old, _)| item.replaces == Told::Known(*old)) else { break };
        (id, item) = (*old, p);
    }
    (id, item)
}

/// Whether it moves with a key date.
fn is_relative(item: &PlanItem) -> bool {
    !matches!(item.when.known(), None | Some(PlanWhen::Absolute(_)))
}

/// What of an item is left from a day on.
#[derive(Clone, PartialEq, Eq)]
pub enum Rest {
    /// The key date that it is counted from is not known yet: all of it lies ahead, on days that nobody knows.
    Undated,
    /// Nothing: its days are over by then.
    Over,
    /// What goes on.
    Left {
        /// The item from its first time on or after that day, to the day on which it was to end. As long as it has
        /// not begun, it is counted from what it was counted from.
        item: Box<PlanItem>,
        /// That first time.
        first: Moment,
    },
}

/// Whether it is known when an item is due.
#[must_use]
pub fn is_dated(r: &CycleRecord, item: &PlanItem, offsets: &dyn Offsets) -> bool {
    item.when.known().is_some_and(|when| first_time(r, when, offsets).is_some())
}

/// An item as it goes on from a day.
#[must_use]
pub fn rest_from(r: &CycleRecord, item: &PlanItem, from: Date, offsets: &dyn Offsets) -> Rest {
    let found = item.when.known().and_then(|when| first_time(r, when, offsets));
    if item.stopped_from.get().is_some_and(|end| end <= from) {
        return Rest::Over;
    }
    let Some((first, _)) = found else { return Rest::Undated };
    let behind = (from.days() - first.date.days()).max(0);
    let gone = match item.every_days.get().filter(|n| *n >= 1) {
        Some(every) => behind.saturating_add(every - 1) / every * every,
        None if behind > 0 => return Rest::Over,
        None => 0,
    };
    let left = item.for_days.get().map(|n| n.max(1) - gone);
    if left.is_some_and(|n| n < 1) {
        return Rest::Over;
    }
    if gone == 0 {
        return Rest::Left { item: Box::new(item.clone()), first };
    }
    let date = Date::from_days(first.date.days().saturating_add(gone));
    let at = Moment { date, clock: first.clock, offset: None, zone: None };
    let mut rest = item.clone();
    rest.when = Told::Known(PlanWhen::Absolute(at.clone()));
    if let Some(left) = left {
        rest.for_days = Told::Known(left);
    }
    Rest::Left { item: Box::new(rest), first: at }
}

/// When an item is due first.
fn first_time(r: &CycleRecord, when: &PlanWhen, offsets: &dyn Offsets) -> Option<(Moment, Certainty)> {
    match when {
        PlanWhen::Absolute(m) => Some((m.clone(), Certainty::Happened)),
        PlanWhen::Days { from, days, clock } => {
            let key = r.dates.get(*from)?;
            let date = Date::from_days(key.at.date.days() + i64::from(*days));
            Some((Moment { date, clock: *clock, offset: None, zone: None }, key.certainty))
        }
        PlanWhen::Minutes { from, minutes } => {
            let key = r.dates.get(*from)?;
            let later = |at: Ts| Ts(at.0 + i64::from(*minutes) * 60_000_000);
            let moment = match (key.at.instant(), &key.at.zone) {
                (Some(at), Some(zone)) => {
                    let at = later(at);
                    let offset = offsets.offset_at(zone, at).or(key.at.offset)?;
                    Moment::of_instant(at, offset, Some(zone.clone()))
                }
                // Without a zone the clock on the wall is all there is.
                _ if key.at.clock.is_some() => {
                    let bare = Moment { offset: Some(0), zone: None, ..key.at.clone() };
                    let mut m = Moment::of_instant(later(bare.instant()?), 0, None);
                    m.offset = None;
                    m
                }
                _ => return None,
            };
            Some((moment, key.certainty))
        }
    }
}

redacted!(Occurrence, Rest);

//! The plan against what happened.

use super::{
    cycle::CycleRecord,
    deeds::{Deed, DeedState, deeds},
    matching::{Wanted, assign, wanted},
    parts::{Given, given},
    schedule::{Occurrence, Span},
    whole_plan::whole_plan,
};
use crate::model::{EntityId, Moment, Offsets, PlanItem, TextType, Told, settings::MarkKind};
use crate::redact::redacted;
use keepwell_domain::time::Date;

/// What became of an item of the plan on a day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// It lies ahead.
    Ahead,
    /// It is due and within its time.
    Due,
    /// Its time has passed and nothing was entered.
    Open,
    /// Done in time.
    Done,
    /// Done so many minutes late.
    Late {
        /// Minutes after it was due.
        minutes: i64,
    },
    /// Less than planned was taken.
    Partial,
    /// Left out on purpose.
    Skipped,
    /// Done without being planned.
    Extra,
}

impl RowState {
    /// Whether it is still to be done.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Ahead | Self::Due | Self::Open)
    }
}

/// Minutes within which a dose counts as in time unless the plan says otherwise.
pub const GRACE: i64 = 60;

/// A line of the plan against what happened.
#[derive(Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// The day it stands on: that of the plan, or of the deed where there was no plan.
    pub date: Date,
    /// What was planned.
    pub planned: Option<Occurrence>,
    /// The item of the plan that was planned, or a planned key date of the cycle as one.
    pub item: Option<PlanItem>,
    /// The entry that says what happened: a dose, visit, scan, trigger, retrieval, transfer, beta.
    pub actual: Option<EntityId>,
    /// When it happened.
    pub actual_at: Option<Moment>,
    /// How much was given, where the plan says another amount or none, or it was given in parts.
    pub given: Option<Given>,
    /// What became of it.
    pub state: RowState,
}

/// The plan of a cycle, its planned key dates included, against what happened in a span of days, by day
/// and time. `now` tells what is due; an entry fulfils the item it names, or else the one of its kind that is nearest in
/// time: of a dose or trigger also over midnight, of the rest on the same day.
#[must_use]
pub fn plan_rows(r: &CycleRecord, span: Span, now: &Moment, offsets: &dyn Offsets) -> Vec<PlanRow> {
    let mut deeds = deeds(r, span);
    let plan = whole_plan(r, offsets);
    let wanted = wanted(r, &plan, span, offsets);
    let found = assign(&wanted, &mut deeds);
    let is_shown = |(w, _): &(Wanted<'_>, Option<usize>)| span.contains(w.planned.at.date);
    let mut rows: Vec<PlanRow> = wanted
        .into_iter()
        .zip(found)
        .filter(is_shown)
        .map(|(w, at)| row(r, w.item, w.planned, at.and_then(|at| deeds.get(at)), now))
        .filter(|row| !is_after_end(r, row, now))
        .collect();
    // Of a trigger of two drugs one may be what was planned.
    let taken: Vec<EntityId> = deeds.iter().filter(|d| d.taken).map(|d| d.entity).collect();
    rows.extend(deeds.into_iter().filter(|d| !taken.contains(&d.entity) && d.shows_alone).map(|d| PlanRow {
        date: d.at.date,
        planned: None,
        item: None,
        actual: Some(d.entity),
        state: if d.state == DeedState::Skipped { RowState::Skipped } else { RowState::Extra },
        given: None,
        actual_at: Some(d.at),
    }));
    let clock = |row: &PlanRow| {
        let m = row.planned.as_ref().map(|p| &p.at).or(row.actual_at.as_ref());
        m.and_then(|m| m.clock).map_or(0, |c| c.minutes())
    };
    crate::order::sort_by_key(&mut rows, |row| (row.date, clock(row), row.actual));
    rows
}

/// Whether something waits to be done that was planned for after the end of the cycle: it is no plan any more. Where only
/// the state says that it is over, it ends today.
fn is_after_end(r: &CycleRecord, row: &PlanRow, now: &Moment) -> bool {
    let end = [r.cycle.ended_on.get(), r.cycle.cancelled_on.get()].into_iter().flatten().min();
    row.state.waits() && end.map_or(r.is_over(now.date) && row.date >= now.date, |end| row.date > end)
}

fn row(r: &CycleRecord, item: &PlanItem, planned: Occurrence, found: Option<&Deed>, now: &Moment) -> PlanRow {
    let grace = item.grace_minutes.get().filter(|n| *n >= 0).unwrap_or(GRACE);
    let state = match found {
        Some(d) => match d.state {
            DeedState::Skipped => RowState::Skipped,
            DeedState::Partial => RowState::Partial,
            DeedState::Done => match d.at.minutes_since(&planned.at) {
                Some(minutes) if minutes > grace => RowState::Late { minutes },
                _ => RowState::Done,
            },
        },
        None => marked(r, &planned).unwrap_or_else(|| waiting(&planned, grace, now)),
    };
    PlanRow {
        date: planned.at.date,
        actual: found.map(|d| d.entity),
        actual_at: found.map(|d| d.at.clone()),
        given: found.and_then(|d| given(item, d)),
        planned: Some(planned),
        item: Some(item.clone()),
        state,
    }
}

/// What a mark on the reminder says.
fn marked(r: &CycleRecord, planned: &Occurrence) -> Option<RowState> {
    let (item, key) = planned.key();
    let same = |m: &&crate::model::ReminderMark| {
        m.plan_item == Told::Known(item) && m.planned_for.known().is_some_and(|p| p.to_text() == key)
    };
    r.marks.iter().filter(same).find_map(|m| match m.what.get()? {
        MarkKind::Done => Some(RowState::Done),
        MarkKind::Skipped => Some(RowState::Skipped),
        MarkKind::Snoozed => None,
    })
}

fn waiting(planned: &Occurrence, grace: i64, now: &Moment) -> RowState {
    let past = match now.minutes_since(&planned.at) {
        Some(minutes) if minutes < 0 && now.date == planned.at.date => return RowState::Due,
        Some(minutes) => minutes,
        None => now.days_since(planned.at.date) * 1440,
    };
    match past {
        n if n < 0 => RowState::Ahead,
        n if n <= grace || planned.at.clock.is_none() && now.date == planned.at.date => RowState::Due,
        _ => RowState::Open,
    }
}

redacted!(PlanRow, RowState);

//! The plan against what happened.

use super::{
    beta::hcg_among_hormones,
    cycle::{CycleRecord, Dated},
    parts::{Given, given, join_parts},
    schedule::{Occurrence, Span, occurrences},
    whole_plan::{NEAR, is_near, whole_plan},
};
use crate::model::{
    Amount, Dose, EntityId, Moment, Offsets, PlanItem, TextType, Told, medicine::DoseState,
    people::VisitState, plan::PlanKind, settings::MarkKind,
};
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
/// Minutes by which something that is planned for after midnight may be done on the day before.
const EARLY: i64 = 120;

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
    for (w, at) in wanted.iter().zip(&found) {
        if let Some(at) = at {
            join_parts(w.item, &mut deeds, *at);
        }
    }
    let is_shown = |(w, _): &(Wanted<'_>, Option<usize>)| span.contains(w.planned.at.date);
    let mut rows: Vec<PlanRow> = wanted
        .into_iter()
        .zip(found)
        .filter(is_shown)
        .map(|(w, at)| row(r, w.item, w.planned, at.and_then(|at| deeds.get(at)), now))
        .filter(|row| !is_after_end(r, row, now))
        .collect();
    rows.extend(deeds.into_iter().filter(|d| !d.taken && d.shows_alone).map(|d| PlanRow {
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

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DeedState {
    Done,
    Partial,
    Skipped,
}

/// Something that happened.
pub(super) struct Deed {
    entity: EntityId,
    pub kind: PlanKind,
    pub item: Option<EntityId>,
    pub planned_for: Option<Moment>,
    drug: Option<String>,
    medication: Option<EntityId>,
    pub at: Moment,
    pub amount: Option<Amount>,
    /// What was given of it besides, as of two pens.
    pub more: Vec<Amount>,
    pub state: DeedState,
    /// hCG among the hormones: where a beta was planned, this is it.
    is_hcg: bool,
    /// Whether it stands on its own in the list: a scan that is part of an appointment does not.
    shows_alone: bool,
    pub taken: bool,
}

fn deeds(r: &CycleRecord, span: Span) -> Vec<Deed> {
    let mut out = facts(r);
    hide_parts(r, &mut out);
    // A dose after midnight may belong to the day before, and the other way round.
    let near = |d: &Deed| (span.from.days() - 2..=span.to.days() + 2).contains(&d.at.date.days());
    out.retain(|d| near(d) || d.planned_for.as_ref().is_some_and(|p| span.contains(p.date)));
    for d in &mut out {
        d.shows_alone &= span.contains(d.at.date);
    }
    out
}

/// All that has a time.
fn facts(r: &CycleRecord) -> Vec<Deed> {
    let mut out: Vec<Deed> = r.doses.iter().filter_map(|(id, d)| dose_deed(*id, d)).collect();
    let mut add = |entity: EntityId, kind: PlanKind, at: &Told<Moment>, item: &Told<EntityId>| {
        if let Told::Known(at) = at {
            out.push(Deed {
                entity,
                kind,
                item: item.get(),
                planned_for: None,
                drug: None,
                medication: None,
                at: at.clone(),
                amount: None,
                more: Vec::new(),
                state: DeedState::Done,
                is_hcg: false,
                shows_alone: true,
                taken: false,
            });
        }
    };
    let none = Told::Unknown;
    r.scans.iter().for_each(|(id, s)| add(*id, PlanKind::Scan, &s.at, &none));
    r.hormones.iter().for_each(|(id, h)| add(*id, PlanKind::Blood, &h.at, &none));
    r.retrievals.iter().for_each(|(id, x)| add(*id, PlanKind::Retrieval, &x.at, &none));
    r.transfers.iter().for_each(|(id, x)| add(*id, PlanKind::Transfer, &x.at, &none));
    r.betas.iter().for_each(|(id, b)| add(*id, PlanKind::Beta, &b.at, &none));
    r.early_scans.iter().for_each(|(id, s)| add(*id, PlanKind::EarlyScan, &s.at, &none));
    r.home_tests.iter().for_each(|(id, t)| add(*id, PlanKind::HomeTest, &t.at, &none));
    let visits = r.visits.iter().filter(|(_, v)| v.state == Told::Known(VisitState::Done));
    visits.for_each(|(id, v)| add(*id, PlanKind::Visit, &v.at, &v.plan_item));
    r.triggers.iter().for_each(|(id, t)| add(*id, PlanKind::Trigger, &t.at, &t.plan_item));
    for d in &mut out {
        let trigger = r.triggers.iter().find(|(id, _)| *id == d.entity);
        d.planned_for = trigger.and_then(|(_, t)| t.planned_at.known().cloned()).or(d.planned_for.take());
        d.amount = trigger.and_then(|(_, t)| t.amount.known().cloned()).or(d.amount.take());
        d.is_hcg = hcg_among_hormones(r).any(|(id, _)| *id == d.entity);
    }
    out
}

/// What is part of something else does not stand on its own: the second hormone of a draw, a scan or
/// blood of an appointment, the dose that a trigger was.
fn hide_parts(r: &CycleRecord, deeds: &mut [Deed]) {
    let is_visited = |v: &Told<EntityId>| v.get().is_some_and(|v| r.visits.iter().any(|(id, _)| *id == v));
    let scans = r.scans.iter().filter(|(_, s)| is_visited(&s.visit)).map(|(id, _)| *id);
    let bloods = r.hormones.iter().filter(|(_, h)| is_visited(&h.visit)).map(|(id, _)| *id);
    let shots = r.triggers.iter().filter_map(|(_, t)| t.dose.get());
    let parts: Vec<EntityId> = scans.chain(bloods).chain(shots).collect();
    let mut drawn: Vec<Date> = Vec::new();
    for d in deeds {
        let is_drawn = d.kind == PlanKind::Blood && drawn.contains(&d.at.date);
        if d.kind == PlanKind::Blood {
            drawn.push(d.at.date);
        }
        d.shows_alone = !is_drawn && !parts.contains(&d.entity);
    }
}

fn dose_deed(entity: EntityId, d: &Dose) -> Option<Deed> {
    Some(Deed {
        entity,
        kind: PlanKind::Dose,
        item: d.plan_item.get(),
        planned_for: d.planned_for.known().cloned(),
        drug: d.drug.known().cloned(),
        medication: d.medication.get(),
        at: d.at.known().or(d.planned_for.known())?.clone(),
        amount: d.amount.known().cloned(),
        more: Vec::new(),
        state: match d.state.get() {
            Some(DoseState::Skipped) => DeedState::Skipped,
            Some(DoseState::Partial) => DeedState::Partial,
            _ => DeedState::Done,
        },
        is_hcg: false,
        shows_alone: true,
        taken: false,
    })
}

/// Something that is planned for a time, and waits for a deed.
struct Wanted<'a> {
    item: &'a PlanItem,
    planned: Occurrence,
    /// Whether it is an item of the plan, and no planned key date.
    is_of_plan: bool,
}

/// What is planned for a span and for the days beside it: what was done in a night may be meant for either day.
fn wanted<'a>(
    r: &CycleRecord,
    plan: &'a Dated<PlanItem>,
    span: Span,
    offsets: &dyn Offsets,
) -> Vec<Wanted<'a>> {
    let wide = Span { from: Date::from_days(span.from.days() - 1), to: Date::from_days(span.to.days() + 1) };
    let of = |(id, item): &'a (EntityId, PlanItem)| {
        let is_of_plan = r.plan.iter().any(|(own, _)| own == id);
        let all = occurrences(r, (*id, item), wide, offsets);
        all.into_iter().map(move |planned| Wanted { item, planned, is_of_plan })
    };
    plan.iter().flat_map(of).collect()
}

/// How a deed may fit what is planned, the best first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// It names it.
    Named,
    /// It is of its kind, names nothing, and was at about its time or, where a time is not told, on its day.
    Near,
    /// The same, at whatever time of its day.
    Day,
    /// It fulfils something else and this, too.
    Shared,
}

/// Which deed fulfils each. Of several that fit alike the nearest in time does, wherever it stands in the plan.
fn assign(wanted: &[Wanted<'_>], deeds: &mut [Deed]) -> Vec<Option<usize>> {
    let mut found = vec![None; wanted.len()];
    // The key dates come last: they may share the entry that fulfils an item of the plan.
    for is_of_plan in [true, false] {
        for fit in [Fit::Named, Fit::Near, Fit::Day, Fit::Shared] {
            for (w, d) in pairs(wanted, deeds, is_of_plan, fit) {
                let is_free = fit == Fit::Shared || !deeds[d].taken;
                if found[w].is_none() && is_free {
                    found[w] = Some(d);
                    deeds[d].taken = true;
                }
            }
        }
    }
    found
}

/// All pairs that fit, the nearest first. A trigger stands before the dose that it was, which shows as part of it; and
/// of a draw what no beta may need before what one may.
fn pairs(wanted: &[Wanted<'_>], deeds: &[Deed], is_of_plan: bool, fit: Fit) -> Vec<(usize, usize)> {
    let apart = |w: &Wanted<'_>, d: &Deed| d.at.minutes_since(&w.planned.at).map_or(NEAR, i64::abs);
    let mut all = Vec::new();
    for (i, w) in wanted.iter().enumerate().filter(|(_, w)| w.is_of_plan == is_of_plan) {
        for (j, d) in deeds.iter().enumerate().filter(|(_, d)| fits(w, d, fit)) {
            let is_foreign = d.is_hcg || Some(d.kind) != w.item.what.get();
            all.push((is_foreign, apart(w, d), i, j));
        }
    }
    crate::order::sort_by_key(&mut all, |pair| *pair);
    all.into_iter().map(|(.., i, j)| (i, j)).collect()
}

fn fits(w: &Wanted<'_>, d: &Deed, fit: Fit) -> bool {
    let (item, planned) = (w.item, &w.planned.at);
    let Some(kind) = item.what.get() else { return false };
    let same_day = d.at.date == planned.date;
    let meant = d.planned_for.as_ref().is_some_and(|p| p.date == planned.date && p.clock == planned.clock);
    match fit {
        Fit::Named => {
            // Of a dose there may be several on a day; a trigger whose time was moved is still that trigger.
            let may_be = d.kind != PlanKind::Dose || d.planned_for.is_none();
            d.item == Some(w.planned.item) && (meant || may_be && same_day)
        }
        Fit::Near | Fit::Day if d.item.is_some() => false,
        Fit::Near => {
            // A deed of the night before is one that is ahead of its time by little only: else it is a late one of its
            // own day.
            let near = d.at.minutes_since(planned).map_or(same_day, |n| {
                let early = if same_day { NEAR } else { EARLY };
                (-early..=NEAR).contains(&n)
            });
            match kind {
                PlanKind::Dose => d.kind == PlanKind::Dose && near && same_drug(item, d),
                PlanKind::Trigger if d.kind == PlanKind::Trigger => near || meant,
                PlanKind::Trigger => d.kind == PlanKind::Dose && near && same_drug(item, d),
                k => same_day && d.kind == k,
            }
        }
        Fit::Day => {
            let is_shot = matches!(kind, PlanKind::Dose | PlanKind::Trigger);
            let is_trigger = kind == PlanKind::Trigger && d.kind == PlanKind::Trigger;
            is_shot && same_day && (is_trigger || d.kind == PlanKind::Dose && same_drug(item, d))
        }
        Fit::Shared => {
            // hCG is a beta, whether it fulfils the blood that was planned beside it or not.
            let is_beta = kind == PlanKind::Beta && d.is_hcg && same_day;
            is_beta || !w.is_of_plan && d.kind == kind && (meant || is_near(&d.at, planned))
        }
    }
}

pub(super) fn same_drug(item: &PlanItem, d: &Deed) -> bool {
    match (item.medication.get(), d.medication) {
        (Some(a), Some(b)) => a == b,
        _ => match (item.drug.known(), &d.drug) {
            (Some(a), Some(b)) => a.trim().eq_ignore_ascii_case(b.trim()),
            _ => false,
        },
    }
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

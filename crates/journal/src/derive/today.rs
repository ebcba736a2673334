//! What is due today and what comes next.

use super::{
    cycle::{CycleRecord, planned_visits, records},
    embryos::embryo_cards,
    ending::lasts_on,
    labels::{DayLabel, day_labels_at},
    plan::{PlanRow, RowState, plan_rows},
    schedule::Span,
    stock::{Expiry, Runway, runways},
    storage::{StorageLine, storage_ledger},
    two_triggers::{TwoTriggers, two_triggers},
};
use crate::redact::redacted;
use crate::{
    merge::Book,
    model::{EntityId, Moment, Note, Offsets, Told, Visit, diary::NoteKind},
};
use keepwell_domain::time::Date;

/// Days that "next" looks ahead.
const AHEAD: i64 = 14;
/// Days before a fee or the end of a consent at which it is shown.
const STORAGE_AHEAD: i64 = 60;
/// Days before an order is due at which it is shown.
const ORDER_AHEAD: i64 = 7;

/// What a person needs to see on opening.
#[derive(Clone, Default)]
pub struct Today {
    /// The running cycles with the names of the day.
    pub labels: Vec<(EntityId, Vec<DayLabel>)>,
    /// What is due or done today, and what is still open from yesterday.
    pub due: Vec<(EntityId, PlanRow)>,
    /// The next things of the plan, by day.
    pub next: Vec<(EntityId, PlanRow)>,
    /// Cycles with two times for one trigger.
    pub triggers: Vec<(EntityId, TwoTriggers)>,
    /// The next appointment.
    pub visit: Option<(EntityId, Visit)>,
    /// Notes that stay on top, the newest first: neither done with nor among the questions, and none of a quiet
    /// cycle.
    pub pinned: Vec<EntityId>,
    /// Questions that are still open, those that stay on top first.
    pub questions: Vec<EntityId>,
    /// Drugs to be ordered within a week, or already too late.
    pub order: Vec<(EntityId, Runway)>,
    /// What was opened and whose last day of use is tomorrow or today, with its drug.
    pub opened: Vec<(EntityId, Expiry)>,
    /// Agreements with a fee, consent or limit within two months.
    pub storage: Vec<StorageLine>,
    /// Cycles about which the person asked for quiet.
    pub quiet: Vec<EntityId>,
}

/// What is due today and what comes next.
#[must_use]
pub fn today(book: &Book, now: &Moment, offsets: &dyn Offsets) -> Today {
    let records = records(book);
    let running: Vec<CycleRecord> = records.iter().filter(|r| r.goes_on(now.date)).cloned().collect();
    let quiet = records.iter().filter(|r| r.is_quiet()).filter_map(|r| r.id);
    let mut out = Today { quiet: quiet.collect(), ..Today::default() };
    let span =
        Span { from: Date::from_days(now.date.days() - 1), to: Date::from_days(now.date.days() + AHEAD) };
    for r in &running {
        let Some(id) = r.id else { continue };
        // A cycle that nobody said is over names no day of the one after it.
        let labels = day_labels_at(&r.dates, now);
        if !labels.is_empty() && lasts_on(r, &records, now.date, now.date) {
            out.labels.push((id, labels));
        }
        let rows = plan_rows(r, span, now, offsets);
        out.triggers.extend(two_triggers(r, &rows).map(|two| (id, two)));
        for row in rows {
            // Shortly after midnight what was due before it is still due; and where it is told by a clock elsewhere, it
            // may be due on another day than that clock's.
            let is_left = row.date < now.date && row.state.waits();
            let is_now = matches!(row.state, RowState::Due | RowState::Open);
            if row.date == now.date || is_left || is_now {
                out.due.push((id, row));
            } else if row.date > now.date {
                out.next.push((id, row));
            }
        }
    }
    crate::order::sort_by_key(&mut out.next, |(_, r)| r.date);
    out.visit = next_visit(book, now);
    out.questions = questions(book);
    out.pinned = pinned(book, &out.quiet);
    let runways = runways(book, &running, now, offsets);
    let is_last = |e: &Expiry| e.opened_on.is_some() && (0..=1).contains(&(e.on.days() - now.date.days()));
    for (id, w) in &runways {
        out.opened.extend(w.expiries.iter().filter(|e| is_last(e)).map(|e| (*id, e.clone())));
    }
    // An order may not have come.
    let is_near = |day: Option<Date>| day.is_some_and(|d| d.days() - now.date.days() <= ORDER_AHEAD);
    let is_due = |w: &Runway| is_near(w.order_by) || is_near(w.runs_out);
    out.order = runways.into_iter().filter(|(_, w)| is_due(w)).collect();
    let cards: Vec<_> = records.iter().flat_map(|r| embryo_cards(r, false)).collect();
    let horizon = Date::from_days(now.date.days() + STORAGE_AHEAD);
    out.storage = storage_ledger(book, &cards, now.date, horizon)
        .into_iter()
        .filter(|l| l.is_pressing(STORAGE_AHEAD, now))
        .collect();
    out
}

fn next_visit(book: &Book, now: &Moment) -> Option<(EntityId, Visit)> {
    let is_ahead = |at: &Moment| match at.minutes_since(now) {
        Some(minutes) => minutes >= 0,
        None => at.date >= now.date,
    };
    planned_visits(book)
        .into_iter()
        .filter(|(_, v)| v.at.known().is_some_and(is_ahead))
        .min_by_key(|(_, v)| v.at.known().map(Moment::sort_key))
}

fn questions(book: &Book) -> Vec<EntityId> {
    let mut open: Vec<(EntityId, Note)> = book.all::<Note>().filter(|(_, n)| is_open_question(n)).collect();
    let key =
        |(id, n): &(EntityId, Note)| (n.pinned != Told::Known(true), n.at.known().map(Moment::sort_key), *id);
    crate::order::sort_by_key(&mut open, key);
    open.into_iter().map(|(id, _)| id).collect()
}

fn is_open_question(n: &Note) -> bool {
    n.kind == Told::Known(NoteKind::Question) && n.done != Told::Known(true)
}

fn pinned(book: &Book, quiet: &[EntityId]) -> Vec<EntityId> {
    let is_shown = |n: &Note| {
        let is_quiet = n.cycle.get().is_some_and(|c| quiet.contains(&c));
        n.pinned == Told::Known(true) && n.done != Told::Known(true) && !is_open_question(n) && !is_quiet
    };
    let mut all: Vec<(EntityId, Note)> = book.all::<Note>().filter(|(_, n)| is_shown(n)).collect();
    crate::order::sort_by_key(&mut all, |(id, n)| (n.at.known().map(Moment::sort_key), *id));
    all.into_iter().rev().map(|(id, _)| id).collect()
}

redacted!(Today);

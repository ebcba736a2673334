//! All that belongs to one cycle, gathered once and in the order of time.

use super::{
    beta::hcg_medications,
    key_dates::{KeyDates, key_dates},
    whole_plan::key_items,
};
use crate::redact::redacted;
use crate::{
    merge::{Book, Entity},
    model::{
        Amendment, Beta, Cycle, Dose, EarlyScan, Embryo, EmbryoEvent, EntityId, Fields, HomeTest, Hormone,
        Moment, Outcome, PlanItem, ReminderMark, Retrieval, Scan, SortKey, Told, Transfer, Trigger, Value,
        View, Visit, journey::CycleState, people::VisitState,
    },
};
use keepwell_domain::time::Date;
use std::collections::BTreeSet;

/// Entities with their ids, oldest first.
pub type Dated<V> = Vec<(EntityId, V)>;

/// One cycle and what belongs to it.
#[derive(Clone, Default)]
pub struct CycleRecord {
    /// Its id; `None` only before it is filled.
    pub id: Option<EntityId>,
    /// The cycle itself.
    pub cycle: Cycle,
    /// From which its days are counted.
    pub dates: KeyDates,
    /// The plan, in no order.
    pub plan: Dated<PlanItem>,
    /// Changes of the plan.
    pub amendments: Dated<Amendment>,
    /// Doses.
    pub doses: Dated<Dose>,
    /// The drugs of the journal that hold hCG.
    pub hcg_medications: Vec<EntityId>,
    /// Marks on reminders of this plan.
    pub marks: Vec<ReminderMark>,
    /// Scans.
    pub scans: Dated<Scan>,
    /// Hormones.
    pub hormones: Dated<Hormone>,
    /// Tests at home.
    pub home_tests: Dated<HomeTest>,
    /// Triggers.
    pub triggers: Dated<Trigger>,
    /// Retrievals; two in DuoStim.
    pub retrievals: Dated<Retrieval>,
    /// Embryos of this cycle's retrieval.
    pub embryos: Dated<Embryo>,
    /// What happened to them, in this cycle or later ones.
    pub embryo_events: Dated<EmbryoEvent>,
    /// Transfers.
    pub transfers: Dated<Transfer>,
    /// Betas.
    pub betas: Dated<Beta>,
    /// Early scans.
    pub early_scans: Dated<EarlyScan>,
    /// Appointments.
    pub visits: Dated<Visit>,
    /// What became of it, latest last.
    pub outcomes: Dated<Outcome>,
}

impl CycleRecord {
    /// Whether the person has asked for quiet about this cycle.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        is_quiet(&self.outcomes)
    }

    /// Whether a trigger or a retrieval belongs to the second stimulation of the cycle. What falls on its
    /// first day ends the one before.
    #[must_use]
    pub fn is_second(&self, at: &Moment) -> bool {
        self.cycle.second_stimulation_start.get().is_some_and(|start| at.date > start)
    }

    /// Whether it goes on: neither over before a day nor on the quiet path.
    #[must_use]
    pub fn goes_on(&self, day: Date) -> bool {
        !self.is_quiet() && !self.is_over(day)
    }

    /// Whether it was over before a day: as the person says, or by the day on which it ended.
    #[must_use]
    pub fn is_over(&self, day: Date) -> bool {
        let by_state = matches!(self.cycle.state.get(), Some(CycleState::Finished | CycleState::Cancelled));
        let ends = [self.cycle.ended_on.get(), self.cycle.cancelled_on.get()];
        by_state || ends.into_iter().flatten().any(|end| end < day)
    }
}

/// The cycle with that id and what belongs to it; `None` when there is none.
#[must_use]
pub fn record(book: &Book, id: EntityId) -> Option<CycleRecord> {
    let mut r = CycleRecord {
        id: Some(id),
        cycle: book.get(id)?,
        plan: of_cycle(book, id, |_| ()),
        amendments: of_cycle(book, id, |a: &Amendment| key(&a.said_at)),
        doses: of_cycle(book, id, |d: &Dose| key(&d.at)),
        scans: of_cycle(book, id, |s: &Scan| key(&s.at)),
        hormones: of_cycle(book, id, |h: &Hormone| key(&h.at)),
        home_tests: of_cycle(book, id, |t: &HomeTest| key(&t.at)),
        triggers: of_cycle(book, id, |t: &Trigger| key(&t.at)),
        retrievals: of_cycle(book, id, |r: &Retrieval| key(&r.at)),
        embryos: of_cycle(book, id, |_| ()),
        transfers: of_cycle(book, id, |t: &Transfer| key(&t.at)),
        betas: of_cycle(book, id, |b: &Beta| key(&b.at)),
        early_scans: of_cycle(book, id, |s: &EarlyScan| key(&s.at)),
        visits: of_cycle(book, id, |v: &Visit| key(&v.at)),
        outcomes: outcomes(book, id),
        ..CycleRecord::default()
    };
    let items = r.plan.iter().map(|(id, _)| *id).chain(key_items(id));
    r.marks = of_any(book, "plan_item", items).into_iter().map(|(_, m)| m).collect();
    r.embryo_events = of_any(book, "embryo", r.embryos.iter().map(|(id, _)| *id));
    crate::order::sort_by_key(&mut r.embryo_events, |(id, e)| (key(&e.at), *id));
    r.dates = key_dates(&r);
    r.hcg_medications = hcg_medications(book);
    Some(r)
}

/// All cycles, the latest start first; one without any date comes first.
#[must_use]
pub fn cycles(book: &Book) -> Dated<Cycle> {
    let mut all: Dated<Cycle> = book.all::<Cycle>().collect();
    crate::order::sort_by_key(&mut all, |(id, c)| {
        let starts = [c.cycle_start, c.suppression_start, c.stimulation_start, c.oestrogen_start];
        let start = starts.iter().filter_map(Told::get).min();
        (std::cmp::Reverse(start.map_or(i64::MAX, |d| d.days())), *id)
    });
    all
}

/// The records of all cycles, in that order.
#[must_use]
pub fn records(book: &Book) -> Vec<CycleRecord> {
    cycles(book).into_iter().filter_map(|(id, _)| record(book, id)).collect()
}

/// The records of the cycles that go on: neither over before a day nor on the quiet path.
#[must_use]
pub fn running(book: &Book, day: Date) -> Vec<CycleRecord> {
    records(book).into_iter().filter(|r| r.goes_on(day)).collect()
}

/// The appointments that lie ahead or were not entered yet: not those that took place, were missed or
/// cancelled, and none of a cycle about which the person asked for quiet.
#[must_use]
pub fn planned_visits(book: &Book) -> Dated<Visit> {
    let ids = cycles(book).into_iter().map(|(id, _)| id);
    let quiet: Vec<EntityId> = ids.filter(|id| is_quiet(&outcomes(book, *id))).collect();
    book.all::<Visit>()
        .filter(|(_, v)| matches!(v.state, Told::Known(VisitState::Planned) | Told::Unknown))
        .filter(|(_, v)| v.cycle.get().is_none_or(|c| !quiet.contains(&c)))
        .collect()
}

fn outcomes(book: &Book, cycle: EntityId) -> Dated<Outcome> {
    // Of several on one day one that asks for quiet is heard.
    of_cycle(book, cycle, |o: &Outcome| {
        (o.on.get().map_or(i64::MAX, Date::days), o.quiet == Told::Known(true))
    })
}

fn is_quiet(outcomes: &Dated<Outcome>) -> bool {
    outcomes.last().is_some_and(|(_, o)| o.quiet == Told::Known(true))
}

fn key(at: &Told<Moment>) -> SortKey {
    at.known().map_or((i64::MAX, 0), Moment::sort_key)
}

/// Entities of a kind whose `cycle` is this one; others are not even read.
fn of_cycle<V: View, K: Ord>(book: &Book, cycle: EntityId, order: impl Fn(&V) -> K) -> Dated<V> {
    let wanted = Value::Text(cycle.to_string());
    let mut found: Dated<V> = book
        .of_kind(V::KIND)
        .filter(|e| e.field("cycle") == Some(&wanted) && e.is_live())
        .map(|e| (e.id(), V::read(e)))
        .collect();
    crate::order::sort_by_key(&mut found, |(id, v)| (order(v), *id));
    found
}

/// Entities of a kind that name one of these in a field; others are not even read: of marks there are thousands.
fn of_any<V: View>(book: &Book, field: &str, ids: impl Iterator<Item = EntityId>) -> Dated<V> {
    let wanted: BTreeSet<String> = ids.map(|id| id.to_string()).collect();
    let names = |e: &&Entity| matches!(e.field(field), Some(Value::Text(id)) if wanted.contains(id));
    book.of_kind(V::KIND).filter(names).filter(|e| e.is_live()).map(|e| (e.id(), V::read(e))).collect()
}

redacted!(CycleRecord);

//! What happened in a cycle, as far as a plan may have foreseen it.

use super::{
    beta::{hcg_among_hormones, holds_hcg},
    cycle::CycleRecord,
    schedule::Span,
};
use crate::formulary::trigger_kind;
use crate::model::{
    Amount, Dose, EntityId, Moment, Told,
    medicine::DoseState,
    people::VisitState,
    plan::{PlanKind, Purpose},
};
use keepwell_domain::time::Date;

/// What became of a deed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DeedState {
    Done,
    Partial,
    Skipped,
}

/// Something that happened.
pub(super) struct Deed {
    pub entity: EntityId,
    pub kind: PlanKind,
    pub item: Option<EntityId>,
    pub planned_for: Option<Moment>,
    pub drug: Option<String>,
    pub medication: Option<EntityId>,
    /// Whose it is, where that is told.
    pub person: Option<EntityId>,
    /// Whether it is a dose that was the trigger: it says so, or where it says nothing of that, its drug does.
    pub is_trigger: bool,
    /// Whether the item that it names is still there.
    pub names_a_plan: bool,
    pub at: Moment,
    pub amount: Option<Amount>,
    /// What was given of it besides, as of two pens.
    pub more: Vec<Amount>,
    pub state: DeedState,
    /// hCG among the hormones: where a beta was planned, this is it.
    pub is_hcg: bool,
    /// Whether it stands on its own in the list: a scan that is part of an appointment does not.
    pub shows_alone: bool,
    /// Whether it is part of something else, as the dose that a trigger was.
    pub is_part: bool,
    pub taken: bool,
}

/// What happened in a span of days, and beside it.
pub(super) fn deeds(r: &CycleRecord, span: Span) -> Vec<Deed> {
    let mut out = facts(r);
    hide_parts(r, &mut out);
    out.extend(second_drugs(r, &out));
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
    let mut out: Vec<Deed> = r.doses.iter().filter_map(|(id, d)| dose_deed(r, *id, d)).collect();
    let mut add = |entity: EntityId, kind: PlanKind, at: &Told<Moment>, item: &Told<EntityId>| {
        if let Told::Known(at) = at {
            out.push(Deed {
                entity,
                kind,
                item: item.get(),
                planned_for: None,
                drug: None,
                medication: None,
                person: None,
                is_trigger: false,
                names_a_plan: false,
                at: at.clone(),
                amount: None,
                more: Vec::new(),
                state: DeedState::Done,
                is_hcg: false,
                shows_alone: true,
                is_part: false,
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
        d.drug = trigger.and_then(|(_, t)| t.drug.known().cloned()).or(d.drug.take());
        d.is_hcg = hcg_among_hormones(r).any(|(id, _)| *id == d.entity);
    }
    out
}

/// The second drugs of dual triggers, each of which a plan may have as an item of its own.
fn second_drugs(r: &CycleRecord, firsts: &[Deed]) -> Vec<Deed> {
    let of = |d: &Deed| {
        let (_, t) = r.triggers.iter().find(|(id, _)| *id == d.entity)?;
        let drug = t.second_drug.known()?;
        Some(Deed {
            entity: d.entity,
            kind: PlanKind::Trigger,
            item: None,
            planned_for: None,
            drug: Some(drug.clone()),
            medication: None,
            person: d.person,
            is_trigger: false,
            names_a_plan: false,
            at: t.second_at.known().unwrap_or(&d.at).clone(),
            amount: t.second_amount.known().cloned(),
            more: Vec::new(),
            state: DeedState::Done,
            is_hcg: false,
            // The trigger itself stands for both.
            shows_alone: false,
            is_part: true,
            taken: false,
        })
    };
    firsts.iter().filter(|d| d.kind == PlanKind::Trigger).filter_map(of).collect()
}

fn is_hcg(d: &Dose) -> bool {
    holds_hcg(d.drug.known().and_then(|name| trigger_kind(name)))
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
        d.is_part = parts.contains(&d.entity);
        d.shows_alone = !is_drawn && !d.is_part;
    }
}

fn dose_deed(r: &CycleRecord, entity: EntityId, d: &Dose) -> Option<Deed> {
    Some(Deed {
        entity,
        kind: PlanKind::Dose,
        item: d.plan_item.get(),
        planned_for: d.planned_for.known().cloned(),
        drug: d.drug.known().cloned(),
        medication: d.medication.get(),
        person: d.person.get(),
        is_trigger: d.purpose.get().map_or_else(|| is_hcg(d), |purpose| purpose == Purpose::Trigger),
        names_a_plan: d.plan_item.get().is_some_and(|item| r.plan.iter().any(|(id, _)| *id == item)),
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
        is_part: false,
        taken: false,
    })
}

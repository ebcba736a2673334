//! A cycle in figures, to stand beside others.

use super::{
    amounts::in_unit,
    cycle::CycleRecord,
    funnel::{Funnel, funnel},
    growth::{ScanPoint, growth},
    hormone,
};
use crate::model::{
    EntityId, HormoneKind, KeyDate, Told,
    journey::{CancelReason, CycleType, Protocol},
    medicine::DoseState,
    plan::Purpose,
    pregnancy::OutcomeKind,
};
use crate::redact::redacted;
use keepwell_domain::time::Date;

/// How much of a drug was taken.
#[derive(Clone, PartialEq)]
pub struct DrugTotal {
    /// The drug as entered.
    pub drug: String,
    /// What for.
    pub purpose: Option<Purpose>,
    /// The sum.
    pub total: f64,
    /// Its unit.
    pub unit: String,
    /// Doses in it.
    pub doses: usize,
    /// Days on which it was taken.
    pub days: usize,
}

/// A cycle in figures. What is not known stays out.
#[derive(Clone)]
pub struct CycleFigures {
    /// The cycle.
    pub id: Option<EntityId>,
    /// What the person calls it.
    pub title: Option<String>,
    /// When it began.
    pub started_on: Option<Date>,
    /// Its type.
    pub cycle_type: Option<CycleType>,
    /// What it was turned into.
    pub converted_to: Option<CycleType>,
    /// Its protocol.
    pub protocol: Option<Protocol>,
    /// Days of stimulation up to and with the day of the trigger.
    pub stimulation_days: Option<i64>,
    /// Drugs in sum.
    pub drugs: Vec<DrugTotal>,
    /// The last scan before the trigger.
    pub last_scan: Option<ScanPoint>,
    /// The highest E2 up to two days after the trigger, in pg/mL.
    pub peak_e2: Option<f64>,
    /// The last progesterone up to the day of the trigger, in ng/mL.
    pub p4_at_trigger: Option<f64>,
    /// From eggs to transfer.
    pub funnel: Funnel,
    /// Days from retrieval to transfer.
    pub transfer_day: Option<i64>,
    /// What became of it.
    pub outcome: Option<OutcomeKind>,
    /// Why it was cancelled.
    pub cancelled: Option<CancelReason>,
}

/// A cycle in figures.
#[must_use]
pub fn figures(r: &CycleRecord) -> CycleFigures {
    let c = &r.cycle;
    let rounds = [KeyDate::SecondTrigger, KeyDate::Trigger];
    let trigger = rounds.into_iter().find_map(|k| r.dates.date(k));
    let starts =
        [KeyDate::CycleStart, KeyDate::SuppressionStart, KeyDate::StimulationStart, KeyDate::OestrogenStart];
    let until = |day: Date, more: i64| trigger.is_none_or(|t| day.days() <= t.days() + more);
    let levels = |kind: HormoneKind, more: i64| {
        r.hormones
            .iter()
            .map(|(_, h)| h)
            .filter(move |h| h.hormone == Told::Known(kind) && h.held != Told::Known(true))
            .filter(move |h| h.at.known().is_some_and(|at| until(at.date, more)))
            .filter_map(move |h| hormone::canonical(kind, h.value.known()?))
    };
    let between = |a, b| Some(r.dates.date(b)?.days() - r.dates.date(a)?.days());
    let stimulated = |start, trigger| between(start, trigger).map(|n| n + 1).filter(|n| *n > 0);
    // Each round by itself: the days between them are none of stimulation.
    let first = stimulated(KeyDate::StimulationStart, KeyDate::Trigger);
    let second = stimulated(KeyDate::SecondStimulationStart, KeyDate::SecondTrigger);
    CycleFigures {
        id: r.id,
        title: c.title.known().cloned(),
        started_on: starts.into_iter().filter_map(|k| r.dates.date(k)).min(),
        cycle_type: c.cycle_type.get(),
        converted_to: c.converted_to.get(),
        protocol: c.protocol.get(),
        stimulation_days: first.into_iter().chain(second).reduce(|a, b| a + b),
        drugs: drug_totals(r),
        last_scan: growth(r).into_iter().rev().find(|p| until(p.at.date, 0)),
        peak_e2: levels(HormoneKind::Estradiol, 2).reduce(f64::max),
        p4_at_trigger: trigger.and_then(|_| levels(HormoneKind::Progesterone, 0).next_back()),
        funnel: funnel(r),
        transfer_day: [KeyDate::SecondRetrieval, KeyDate::Retrieval]
            .into_iter()
            .filter_map(|from| between(from, KeyDate::Transfer))
            .find(|n| (0..=7).contains(n)),
        outcome: r.outcomes.last().and_then(|(_, o)| o.kind.get()),
        cancelled: c.cancel_reason.get(),
    }
}

/// What was taken of each drug. Amounts in other units are turned into the first one's where that is
/// certain, and stand apart where not.
fn drug_totals(r: &CycleRecord) -> Vec<DrugTotal> {
    let mut out: Vec<(DrugTotal, Vec<Date>)> = Vec::new();
    for (_, d) in &r.doses {
        let (Told::Known(drug), Told::Known(amount)) = (&d.drug, &d.amount) else { continue };
        if d.state == Told::Known(DoseState::Skipped) {
            continue;
        }
        let name = drug.trim();
        let place = out
            .iter()
            .position(|(t, _)| t.drug.eq_ignore_ascii_case(name) && in_unit(amount, &t.unit).is_some());
        let at = place.unwrap_or_else(|| {
            let (drug, unit, purpose) = (name.to_owned(), amount.unit.clone(), d.purpose.get());
            out.push((DrugTotal { drug, purpose, total: 0.0, unit, doses: 0, days: 0 }, Vec::new()));
            out.len() - 1
        });
        let (total, days) = &mut out[at];
        total.total += in_unit(amount, &total.unit).unwrap_or(0.0);
        total.doses += 1;
        if let Some(day) = d.at.known().map(|m| m.date).filter(|d| !days.contains(d)) {
            days.push(day);
        }
    }
    out.into_iter().map(|(t, days)| DrugTotal { days: days.len(), ..t }).collect()
}

redacted!(DrugTotal, CycleFigures);

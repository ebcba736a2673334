//! A cycle in figures, to stand beside others.

use super::{
    amounts::in_unit,
    cycle::CycleRecord,
    funnel::{Funnel, funnel},
    growth::{ScanPoint, growth},
    hormone,
    key_dates::Certainty,
};
use crate::model::{
    EntityId, Hormone, HormoneKind, KeyDate, Told,
    journey::{CancelReason, CycleType, Protocol},
    medicine::DoseState,
    plan::Purpose,
    pregnancy::OutcomeKind,
};
use crate::redact::redacted;
use keepwell_domain::{measure::Comparator, time::Date};

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

/// A measured level, or the limit beyond which it lies.
#[derive(Clone, Copy, PartialEq)]
pub struct Level {
    /// The level in the catalogue's unit.
    pub value: f64,
    /// Where it is a limit: to which side.
    pub limit: Option<Comparator>,
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
    /// Days of stimulation up to and with the day of the trigger that was given.
    pub stimulation_days: Option<i64>,
    /// Drugs in sum.
    pub drugs: Vec<DrugTotal>,
    /// The last scan before the trigger.
    pub last_scan: Option<ScanPoint>,
    /// The highest E2 up to two days after the trigger, in pg/mL.
    pub peak_e2: Option<Level>,
    /// The last progesterone of the day of the trigger that was given, or of the day before, in ng/mL.
    pub p4_at_trigger: Option<Level>,
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
    // A planned trigger bounds what belongs to the stimulation; days are counted to one that was given.
    let bound = rounds.into_iter().find_map(|k| r.dates.date(k));
    let happened = |key| r.dates.get(key).filter(|f| f.certainty == Certainty::Happened).map(|f| f.at.date);
    let given = rounds.into_iter().find_map(happened);
    let starts =
        [KeyDate::CycleStart, KeyDate::SuppressionStart, KeyDate::StimulationStart, KeyDate::OestrogenStart];
    let until = |day: Date, more: i64| bound.is_none_or(|t| day.days() <= t.days() + more);
    let is_at_trigger = |day: Date| given.is_some_and(|t| (0..=1).contains(&(t.days() - day.days())));
    let between = |a, b| Some(happened(b)?.days() - happened(a)?.days());
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
        peak_e2: highest(&levels(r, HormoneKind::Estradiol, |day| until(day, 2))),
        p4_at_trigger: levels(r, HormoneKind::Progesterone, is_at_trigger).pop(),
        funnel: funnel(r),
        transfer_day: [KeyDate::SecondRetrieval, KeyDate::Retrieval]
            .into_iter()
            .filter_map(|from| between(from, KeyDate::Transfer))
            .find(|n| (0..=7).contains(n)),
        outcome: r.outcomes.last().and_then(|(_, o)| o.kind.get()),
        cancelled: c.cancel_reason.get(),
    }
}

/// The levels of a hormone on some days, the earliest first; none that is held.
fn levels(r: &CycleRecord, kind: HormoneKind, is_of: impl Fn(Date) -> bool) -> Vec<Level> {
    let level = |h: &Hormone| {
        let value = h.value.known()?;
        Some(Level { value: hormone::canonical(kind, value)?, limit: value.comparator })
    };
    r.hormones
        .iter()
        .map(|(_, h)| h)
        .filter(|h| h.hormone == Told::Known(kind) && h.held != Told::Known(true))
        .filter(|h| h.at.known().is_some_and(|at| is_of(at.date)))
        .filter_map(level)
        .collect()
}

/// The highest of some levels. One that lies beyond an upper limit may be higher than any number here; one below a
/// lower limit is not the highest where another is known to reach it.
fn highest(levels: &[Level]) -> Option<Level> {
    use Comparator::{Ge, Gt, Le, Lt};
    let is_open = |l: &&Level| matches!(l.limit, Some(Ge | Gt));
    let most = |of: &mut dyn Iterator<Item = &Level>| of.map(|l| l.value).reduce(f64::max);
    let has = |value: f64, limit| levels.iter().any(|l| l.value >= value && l.limit == limit);
    if levels.iter().any(|l| is_open(&l)) {
        let value = most(&mut levels.iter().filter(|l| !matches!(l.limit, Some(Le | Lt))))?;
        return Some(Level { value, limit: Some(if has(value, Some(Gt)) { Gt } else { Ge }) });
    }
    let value = most(&mut levels.iter())?;
    let below = if has(value, Some(Le)) { Le } else { Lt };
    Some(Level { value, limit: (!has(value, None)).then_some(below) })
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

redacted!(DrugTotal, Level, CycleFigures);

//! From which days are counted: what happened comes before what was planned.

use super::{cycle::CycleRecord, whole_plan::is_off};
use crate::model::{
    DAY_MINUTES, EntityId, KeyDate, Moment, PlanItem, PlanWhen, Told,
    diary::{TestKind, TestResult},
    medicine::DoseState,
    plan::{PlanKind, Purpose},
    settings::MarkKind,
};
use crate::redact::redacted;
use keepwell_domain::time::Date;
use std::collections::BTreeMap;

/// Whether a key date lies behind a fact or a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// It took place, or the person entered it as the date.
    Happened,
    /// It is planned.
    Planned,
}

/// A key date as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Fixed {
    /// When.
    pub at: Moment,
    /// How certain.
    pub certainty: Certainty,
}

/// The key dates of a cycle.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct KeyDates(BTreeMap<KeyDate, Fixed>);

impl KeyDates {
    /// A key date.
    #[must_use]
    pub fn get(&self, key: KeyDate) -> Option<&Fixed> {
        self.0.get(&key)
    }
    /// Its day.
    #[must_use]
    pub fn date(&self, key: KeyDate) -> Option<Date> {
        self.0.get(&key).map(|f| f.at.date)
    }
    /// All that are known, in the order of [`KeyDate::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (KeyDate, &Fixed)> {
        self.0.iter().map(|(k, f)| (*k, f))
    }
    fn set(&mut self, key: KeyDate, at: Option<Moment>, certainty: Certainty) {
        if let Some(at) = at {
            self.0.entry(key).or_insert(Fixed { at, certainty });
        }
    }
}

/// The key dates of a cycle's entries.
#[must_use]
pub fn key_dates(r: &CycleRecord) -> KeyDates {
    use Certainty::{Happened, Planned};
    let c = &r.cycle;
    let day = |d: &Told<Date>| d.get().map(Moment::day);
    let first_dose = |purpose| {
        let given = |d: &&crate::model::Dose| {
            d.purpose == Told::Known(purpose) && d.state != Told::Known(DoseState::Skipped)
        };
        r.doses.iter().map(|(_, d)| d).find(given).and_then(|d| d.at.known()).map(|m| Moment::day(m.date))
    };
    let surge = || {
        let seen = |t: &&crate::model::HomeTest| {
            t.kind == Told::Known(TestKind::Lh)
                && matches!(t.result.get(), Some(TestResult::Positive | TestResult::Peak))
        };
        r.home_tests.iter().map(|(_, t)| t).find(seen).and_then(|t| t.at.known()).map(|m| Moment::day(m.date))
    };
    let triggers: Vec<&Moment> = r.triggers.iter().filter_map(|(_, t)| t.at.known()).collect();
    let retrievals: Vec<&Moment> = r.retrievals.iter().filter_map(|(_, x)| x.at.known()).collect();
    let last =
        |all: &[&Moment], second: bool| all.iter().rfind(|m| r.is_second(m) == second).copied().cloned();
    let mut out = KeyDates::default();
    for (key, date) in [
        (KeyDate::CycleStart, day(&c.cycle_start)),
        (KeyDate::SuppressionStart, day(&c.suppression_start)),
        (KeyDate::StimulationStart, day(&c.stimulation_start).or_else(|| first_dose(Purpose::Stimulation))),
        (KeyDate::SecondStimulationStart, day(&c.second_stimulation_start)),
        (KeyDate::OestrogenStart, day(&c.oestrogen_start)),
        (KeyDate::LhSurge, day(&c.lh_surge).or_else(surge)),
        (KeyDate::Ovulation, day(&c.ovulation)),
        (KeyDate::Insemination, c.insemination.known().cloned()),
        (KeyDate::ProgesteroneStart, c.progesterone_start.known().cloned()),
        // The last trigger of a round counts: a repeated one is what the retrieval follows.
        (KeyDate::Trigger, last(&triggers, false)),
        (KeyDate::Retrieval, last(&retrievals, false)),
        (KeyDate::SecondTrigger, last(&triggers, true)),
        (KeyDate::SecondRetrieval, last(&retrievals, true)),
        (KeyDate::Transfer, r.transfers.iter().rev().find_map(|(_, x)| x.at.known().cloned())),
        (KeyDate::FirstBeta, r.betas.iter().find_map(|(_, b)| b.at.known().cloned())),
    ] {
        out.set(key, date, Happened);
    }
    // The cycle has one planned trigger and retrieval: of the round on which its day falls.
    for (planned, first, second) in [
        (&c.planned_trigger, KeyDate::Trigger, KeyDate::SecondTrigger),
        (&c.planned_retrieval, KeyDate::Retrieval, KeyDate::SecondRetrieval),
    ] {
        let has =
            |at: &&Moment| first != KeyDate::Retrieval || !is_off(r, &out, PlanKind::Retrieval, at.date);
        if let Some(at) = planned.known().filter(has) {
            out.set(if r.is_second(at) { second } else { first }, Some(at.clone()), Planned);
        }
    }
    for (key, second) in [(KeyDate::Trigger, false), (KeyDate::SecondTrigger, true)] {
        out.set(key, of_plan(r, &out, PlanKind::Trigger, Some(second)), Planned);
    }
    for (key, second) in [(KeyDate::Retrieval, false), (KeyDate::SecondRetrieval, true)] {
        out.set(key, of_plan(r, &out, PlanKind::Retrieval, Some(second)), Planned);
    }
    let transfer = c.planned_transfer.known().filter(|at| !is_off(r, &out, PlanKind::Transfer, at.date));
    out.set(KeyDate::Transfer, transfer.cloned(), Planned);
    out.set(KeyDate::Transfer, of_plan(r, &out, PlanKind::Transfer, None), Planned);
    let beta = day(&c.planned_beta).filter(|at| !is_off(r, &out, PlanKind::Beta, at.date));
    out.set(KeyDate::FirstBeta, beta, Planned);
    out
}

/// A key date as an item of the plan has it, the last one of several: of one round, where it belongs to one.
fn of_plan(r: &CycleRecord, dates: &KeyDates, what: PlanKind, second: Option<bool>) -> Option<Moment> {
    let is_left_out = |id: EntityId, at: &Moment| {
        r.marks.iter().any(|m| {
            let same_hour = |p: &Moment| at.clock.is_none() || p.clock == at.clock;
            let is_it = m.planned_for.known().is_none_or(|p| p.date == at.date && same_hour(p));
            m.plan_item == Told::Known(id) && m.what == Told::Known(MarkKind::Skipped) && is_it
        })
    };
    r.plan
        .iter()
        .filter(|(_, p)| p.what == Told::Known(what))
        .filter_map(|(id, p)| {
            let at = planned_at(p, dates)?;
            let is_stopped = p.stopped_from.get().is_some_and(|stop| at.date >= stop);
            let is_of_round = second.is_none_or(|second| r.is_second(&at) == second);
            // One that lies before its trigger was forgotten when that was moved.
            let trigger = if second == Some(true) { KeyDate::SecondTrigger } else { KeyDate::Trigger };
            let is_after = what != PlanKind::Retrieval || dates.date(trigger).is_none_or(|t| at.date > t);
            let holds = is_after
                && !is_stopped
                && is_of_round
                && !is_left_out(*id, &at)
                && !is_off(r, dates, what, at.date);
            holds.then_some(at)
        })
        .max_by_key(Moment::sort_key)
}

/// When an item is due first. Of one that is counted in minutes the day is known, by the clock of what it is counted from;
/// its hour needs the rules of a zone. A trigger has an hour, so one that is counted in minutes is none.
fn planned_at(p: &PlanItem, dates: &KeyDates) -> Option<Moment> {
    match p.when.known()? {
        PlanWhen::Absolute(at) => Some(at.clone()),
        PlanWhen::Days { from, days, clock } => {
            let date = Date::from_days(dates.date(*from)?.days() + i64::from(*days));
            Some(Moment { clock: *clock, ..Moment::day(date) })
        }
        PlanWhen::Minutes { .. } if p.what == Told::Known(PlanKind::Trigger) => None,
        PlanWhen::Minutes { from, minutes } => {
            let at = &dates.get(*from)?.at;
            let minute = i64::from(at.clock?.minutes()) + i64::from(*minutes);
            Some(Moment::day(Date::from_days(at.date.days() + minute.div_euclid(DAY_MINUTES))))
        }
    }
}

redacted!(KeyDates, Fixed);

//! hCG after transfer, and how fast it rises. Figures only: what they mean is for the clinic to say.

use super::{cycle::CycleRecord, hormone};
use crate::formulary::trigger_kind;
use crate::merge::Book;
use crate::model::{
    Amount, Dose, EntityId, Hormone, HormoneKind, KeyDate, Medication, Moment, Told, Trigger,
    medicine::DoseState, monitor::TriggerKind,
};
use crate::redact::redacted;

/// For how many days after an hCG trigger its rest may still be measured: 10,000 IU were gone after up
/// to 14 days (Damewood et al., Fertil Steril 1989;52:398).
pub const TRIGGER_DAYS: i64 = 14;
/// Below so many hours between draws the error of the assay outweighs the rise.
pub const SHORT_HOURS: f64 = 24.0;

/// Why a rise is to be read with care.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum BetaWarning {
    /// A draw was so many days after an hCG trigger.
    NearTrigger {
        /// Days between trigger and the earlier such draw.
        days: i64,
    },
    /// Two laboratories.
    DifferentLaboratories,
    /// One value is a limit (`<2`, `>10000`).
    Censored,
    /// The time of day of a draw is not known; whole days were counted.
    WithoutTime,
    /// Less than `SHORT_HOURS` apart.
    ShortInterval,
    /// A value's unit could not be read.
    Unit,
}

/// One measured value.
#[derive(Clone, PartialEq)]
pub struct BetaPoint {
    /// The entry: a beta or an hCG among the hormones.
    pub entity: EntityId,
    /// When.
    pub at: Moment,
    /// As entered.
    pub value: Amount,
    /// In IU/L; `None` where the unit cannot be read.
    pub iu_per_litre: Option<f64>,
    /// The laboratory.
    pub laboratory: Option<String>,
    /// Days after transfer, where there was one.
    pub days_past_transfer: Option<i64>,
    /// Days after ovulation, retrieval or insemination, where there was one.
    pub days_past_ovulation: Option<i64>,
    /// Days after hCG was last given, where part of that may still be measured.
    pub days_past_hcg: Option<i64>,
    /// Whether the result is held.
    pub held: bool,
}

/// The rise between two draws.
#[derive(Clone, PartialEq)]
pub struct BetaRise {
    /// The earlier entry.
    pub from: EntityId,
    /// The later one.
    pub to: EntityId,
    /// Hours between the draws.
    pub hours: f64,
    /// Hours in which it doubles: `hours · ln 2 / ln(later / earlier)`, exponential growth. `None` when
    /// it does not rise, or where one of the two is a limit.
    pub doubling_hours: Option<f64>,
    /// Hours in which it halves, when it falls.
    pub halving_hours: Option<f64>,
    /// The rise that this is in 48 hours, in percent: `((later / earlier)^(48 / hours) − 1) · 100`. `None` where it
    /// would say nothing of the pregnancy or of two values: near a trigger, with a limit, within less than a day.
    pub percent_in_48_hours: Option<f64>,
    /// What speaks for care.
    pub warnings: Vec<BetaWarning>,
}

/// hCG that was entered among the hormones of a cycle.
pub(super) fn hcg_among_hormones(r: &CycleRecord) -> impl Iterator<Item = &(EntityId, Hormone)> {
    r.hormones.iter().filter(|(_, h)| h.hormone == Told::Known(HormoneKind::Hcg))
}

/// All hCG values of a cycle, oldest first: the betas, and hCG entered among the hormones.
#[must_use]
pub fn betas(r: &CycleRecord) -> Vec<BetaPoint> {
    let of_betas = r.betas.iter().map(|(id, b)| (*id, &b.at, &b.value, &b.laboratory, &b.held));
    let of_hormones = hcg_among_hormones(r).map(|(id, h)| (*id, &h.at, &h.value, &h.laboratory, &h.held));
    let since = |key, at: &Moment| r.dates.date(key).map(|d| at.days_since(d)).filter(|n| *n >= 0);
    let mut out: Vec<BetaPoint> = of_betas
        .chain(of_hormones)
        .filter_map(|(entity, at, value, laboratory, held)| {
            let (at, value) = (at.known()?.clone(), value.known()?.clone());
            Some(BetaPoint {
                entity,
                iu_per_litre: hormone::canonical(HormoneKind::Hcg, &value),
                laboratory: laboratory.known().cloned(),
                days_past_transfer: since(KeyDate::Transfer, &at),
                days_past_ovulation: [
                    KeyDate::Ovulation,
                    KeyDate::SecondRetrieval,
                    KeyDate::Retrieval,
                    KeyDate::Insemination,
                ]
                .into_iter()
                .find_map(|k| since(k, &at)),
                days_past_hcg: days_after_hcg(r, &at).filter(|d| *d <= TRIGGER_DAYS),
                held: held.get().unwrap_or(false),
                at,
                value,
            })
        })
        .collect();
    crate::order::sort_by_key(&mut out, |p| (p.at.sort_key(), p.entity));
    out
}

/// The rise from each draw to the next, of results that are not held.
#[must_use]
pub fn beta_rises(points: &[BetaPoint]) -> Vec<BetaRise> {
    let shown: Vec<&BetaPoint> = points.iter().filter(|p| !p.held).collect();
    shown.windows(2).filter_map(|w| rise(w[0], w[1])).collect()
}

fn rise(a: &BetaPoint, b: &BetaPoint) -> Option<BetaRise> {
    let mut warnings = Vec::new();
    #[allow(clippy::cast_precision_loss)]
    let hours = match b.at.minutes_since(&a.at) {
        Some(minutes) => minutes as f64 / 60.0,
        None => {
            warnings.push(BetaWarning::WithoutTime);
            b.at.days_since(a.at.date) as f64 * 24.0
        }
    };
    if hours <= 0.0 {
        return None;
    }
    if hours < SHORT_HOURS {
        warnings.push(BetaWarning::ShortInterval);
    }
    if let Some(days) = a.days_past_hcg.or(b.days_past_hcg) {
        warnings.push(BetaWarning::NearTrigger { days });
    }
    if a.laboratory.is_some() && b.laboratory.is_some() && a.laboratory != b.laboratory {
        warnings.push(BetaWarning::DifferentLaboratories);
    }
    if a.value.comparator.is_some() || b.value.comparator.is_some() {
        warnings.push(BetaWarning::Censored);
    }
    if a.iu_per_litre.is_none() || b.iu_per_litre.is_none() {
        warnings.push(BetaWarning::Unit);
    }
    let ratio = a.iu_per_litre.zip(b.iu_per_litre).filter(|(x, y)| *x > 0.0 && *y > 0.0).map(|(x, y)| y / x);
    // Between two values of which one is a limit nothing is known to double.
    let is_limit = warnings.contains(&BetaWarning::Censored);
    let log = ratio.map(f64::ln).filter(|_| !is_limit);
    let scale = |log: f64| hours * std::f64::consts::LN_2 / log;
    let is_told = |w: &BetaWarning| {
        !matches!(w, BetaWarning::NearTrigger { .. } | BetaWarning::Censored | BetaWarning::ShortInterval)
    };
    let of_48_hours = log.filter(|_| warnings.iter().all(is_told));
    Some(BetaRise {
        from: a.entity,
        to: b.entity,
        hours,
        doubling_hours: log.filter(|l| *l > 1e-9).map(scale),
        halving_hours: log.filter(|l| *l < -1e-9).map(|l| scale(-l)),
        percent_in_48_hours: of_48_hours.map(|l| (l * 48.0 / hours).exp_m1() * 100.0),
        warnings,
    })
}

/// Days from the last hCG that was given before a draw.
fn days_after_hcg(r: &CycleRecord, at: &Moment) -> Option<i64> {
    hcg_given(r).map(|m| at.days_since(m.date)).filter(|d| *d >= 0).min()
}

/// When hCG was given: by a trigger that held it, or by a dose of it (as which a trigger may be entered, too).
fn hcg_given(r: &CycleRecord) -> impl Iterator<Item = Moment> {
    let triggers = r.triggers.iter().flat_map(|(_, t)| shots_of_hcg(t));
    let is_given = |d: &&Dose| d.state != Told::Known(DoseState::Skipped) && is_hcg(r, d);
    let doses = r.doses.iter().map(|(_, d)| d).filter(is_given);
    triggers.chain(doses.filter_map(|d| d.at.known().cloned()))
}

/// Whether a trigger is one of hCG.
pub(super) fn holds_hcg(kind: Option<TriggerKind>) -> bool {
    matches!(kind, Some(TriggerKind::Hcg | TriggerKind::Dual))
}

/// Where the kind was not entered, the name of the drug says it; and a second drug may be hCG whatever the kind says.
fn shots_of_hcg(t: &Trigger) -> impl Iterator<Item = Moment> {
    let by_name = |drug: &Told<String>| holds_hcg(drug.known().and_then(|name| trigger_kind(name)));
    let is_first = t.kind.get().map_or_else(|| by_name(&t.drug), |kind| holds_hcg(Some(kind)));
    let is_second = by_name(&t.second_drug);
    let first = t.at.known().filter(|_| is_first || is_second);
    let second = t.second_at.known().filter(|_| is_second || t.kind == Told::Known(TriggerKind::Dual));
    [first.cloned(), second.cloned()].into_iter().flatten()
}

fn is_hcg(r: &CycleRecord, d: &Dose) -> bool {
    let by_name = d.drug.known().is_some_and(|name| holds_hcg(trigger_kind(name)));
    by_name || d.medication.get().is_some_and(|id| r.hcg_medications.contains(&id))
}

/// The drugs of the journal that hold hCG, by their name or substance.
pub(super) fn hcg_medications(book: &Book) -> Vec<EntityId> {
    let is_hcg = |m: &Medication| {
        [&m.name, &m.substance].into_iter().filter_map(Told::known).any(|name| holds_hcg(trigger_kind(name)))
    };
    book.all::<Medication>().filter(|(_, m)| is_hcg(m)).map(|(id, _)| id).collect()
}

redacted!(BetaPoint, BetaRise, BetaWarning);

//! hCG after transfer, and how fast it rises. Figures only: what they mean is for the clinic to say.

use super::{cycle::CycleRecord, hormone};
use crate::formulary::trigger_kind;
use crate::model::{
    Amount, EntityId, Hormone, HormoneKind, KeyDate, Moment, Told, Trigger, monitor::TriggerKind,
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
    /// it does not rise.
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
pub fn beta_rises(r: &CycleRecord, points: &[BetaPoint]) -> Vec<BetaRise> {
    let shown: Vec<&BetaPoint> = points.iter().filter(|p| !p.held).collect();
    shown.windows(2).filter_map(|w| rise(r, w[0], w[1])).collect()
}

fn rise(r: &CycleRecord, a: &BetaPoint, b: &BetaPoint) -> Option<BetaRise> {
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
    let near = |p: &BetaPoint| days_after_hcg(r, &p.at).filter(|d| *d <= TRIGGER_DAYS);
    if let Some(days) = near(a).or_else(|| near(b)) {
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
    let log = ratio.map(f64::ln);
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

/// Days from the last trigger before a draw that held hCG.
fn days_after_hcg(r: &CycleRecord, at: &Moment) -> Option<i64> {
    let with_hcg = |k: Option<TriggerKind>| matches!(k, Some(TriggerKind::Hcg | TriggerKind::Dual));
    // Where the kind was not entered, the name of the drug says it.
    let by_name = |t: &Trigger| {
        let names = [&t.drug, &t.second_drug].into_iter().filter_map(Told::known);
        names.filter_map(|n| trigger_kind(n)).any(|k| with_hcg(Some(k)))
    };
    let had_hcg = |t: &Trigger| match t.kind.get() {
        Some(kind) => with_hcg(Some(kind)),
        None => by_name(t),
    };
    let days = |t: &Trigger| t.at.known().map(|m| at.days_since(m.date)).filter(|d| *d >= 0);
    r.triggers.iter().filter(|(_, t)| had_hcg(t)).filter_map(|(_, t)| days(t)).min()
}

redacted!(BetaPoint, BetaRise, BetaWarning);

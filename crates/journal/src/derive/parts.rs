//! How much of a planned dose was given: also in parts, as the rest of one pen and the beginning of the next.

use super::{
    amounts::in_unit,
    plan::{Deed, DeedState, same_drug},
};
use crate::model::{Amount, PlanItem, plan::PlanKind};
use crate::redact::redacted;

/// Minutes within which parts of one dose are given.
const TOGETHER: i64 = 60;
/// Doses are decimal fractions; their sums are not.
const CLOSE: f64 = 1e-6;

/// How much was given.
#[derive(Clone, PartialEq, Eq)]
pub struct Given {
    /// As it was entered, part by part.
    pub parts: Vec<Amount>,
    /// Whether the parts are together what was planned.
    pub is_as_planned: bool,
}

/// Takes doses that are nothing else as parts of a planned one, as long as they are not more than it together. `at` is
/// the dose that fulfils it.
pub(super) fn join_parts(item: &PlanItem, deeds: &mut [Deed], at: usize) {
    let Some(planned) = item.amount.known() else { return };
    let value = |d: &Deed| in_unit(d.amount.as_ref()?, &planned.unit);
    let is_given = |d: &Deed| d.kind == PlanKind::Dose && d.state != DeedState::Skipped;
    let Some(mut sum) = value(&deeds[at]).filter(|_| is_given(&deeds[at])) else { return };
    for i in 0..deeds.len() {
        let (whole, d) = (&deeds[at], &deeds[i]);
        let is_loose = !d.taken && d.planned_for.is_none() && d.item.is_none_or(|of| Some(of) == whole.item);
        let is_near = d.at.minutes_since(&whole.at).is_some_and(|n| n.abs() <= TOGETHER);
        if i == at || !is_loose || !is_near || !is_given(d) || !same_drug(item, d) {
            continue;
        }
        let Some(n) = value(d).filter(|n| sum + n <= planned.value() + CLOSE) else { continue };
        sum += n;
        deeds[i].taken = true;
        let part = deeds[i].amount.clone();
        deeds[at].more.extend(part);
    }
    if !deeds[at].more.is_empty() && (sum - planned.value()).abs() < CLOSE {
        deeds[at].state = DeedState::Done;
    }
}

/// How much was given, where that is not what is planned, or was given in parts.
pub(super) fn given(item: &PlanItem, deed: &Deed) -> Option<Given> {
    let first = deed.amount.as_ref().filter(|_| deed.state != DeedState::Skipped)?;
    let parts: Vec<Amount> = std::iter::once(first).chain(&deed.more).cloned().collect();
    let is_all = |planned: &Amount| {
        let sum: Option<f64> = parts.iter().map(|part| in_unit(part, &planned.unit)).sum();
        sum.is_some_and(|sum| (sum - planned.value()).abs() < CLOSE)
    };
    let is_as_planned = item.amount.known().is_some_and(is_all);
    (!is_as_planned || parts.len() > 1).then_some(Given { parts, is_as_planned })
}

redacted!(Given);

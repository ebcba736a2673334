//! How much of a planned dose was given: also in parts, as the rest of one pen and the beginning of the next.

use super::{
    amounts::{CLOSE, are_together, in_unit},
    deeds::{Deed, DeedState},
    matching::Wanted,
};
use crate::model::{Amount, PlanItem, plan::PlanKind};
use crate::redact::redacted;

/// Minutes within which parts of one dose are given.
const TOGETHER: i64 = 60;

/// How much was given.
#[derive(Clone, PartialEq, Eq)]
pub struct Given {
    /// As it was entered, part by part.
    pub parts: Vec<Amount>,
    /// Whether the parts are together what was planned.
    pub is_as_planned: bool,
}

/// Takes doses as parts of a planned one, as long as they are not more than it together: of its drug and person, given at
/// about the same time, and nearer to nothing else that still waits. `at` is the deed that fulfils it.
pub(super) fn join_parts(w: &Wanted<'_>, open: &[&Wanted<'_>], deeds: &mut [Deed], at: usize) {
    let Some(planned) = w.item.amount.known() else { return };
    let value =
        |d: &Deed| in_unit(d.amount.as_ref()?, &planned.unit).filter(|_| d.state != DeedState::Skipped);
    let is_shot = matches!(deeds[at].kind, PlanKind::Dose | PlanKind::Trigger);
    let Some(mut sum) = value(&deeds[at]).filter(|_| is_shot) else { return };
    for i in (0..deeds.len()).filter(|i| *i != at) {
        if !is_part(w, open, &deeds[at], &deeds[i]) {
            continue;
        }
        let Some(n) = value(&deeds[i]).filter(|n| sum + n <= planned.value() + CLOSE) else { continue };
        sum += n;
        deeds[i].taken = true;
        let part = deeds[i].amount.clone();
        deeds[at].more.extend(part);
    }
    if !deeds[at].more.is_empty() && (sum - planned.value()).abs() < CLOSE {
        deeds[at].state = DeedState::Done;
    }
}

/// Whether a dose and others that were given with it, of its drug and person, are together what is planned.
pub(super) fn is_whole(w: &Wanted<'_>, deeds: &[Deed], at: usize) -> bool {
    let Some(planned) = w.item.amount.known() else { return false };
    let with = |d: &&Deed| d.at.minutes_since(&deeds[at].at).is_some_and(|n| n.abs() <= TOGETHER);
    let is_free = |d: &&Deed| !d.taken && !d.is_part && d.state != DeedState::Skipped && w.is_of(d);
    let all = deeds.iter().filter(with).filter(is_free).map(|d| d.amount.as_ref());
    all.collect::<Option<Vec<_>>>().is_some_and(|parts| are_together(parts, planned))
}

fn is_part(w: &Wanted<'_>, open: &[&Wanted<'_>], whole: &Deed, d: &Deed) -> bool {
    // The dose that a trigger was is the trigger itself.
    let is_loose = !d.taken && !d.is_part && d.planned_for.is_none();
    let is_meant = d.item.is_none_or(|of| of == w.planned.item);
    let is_near = d.at.minutes_since(&whole.at).is_some_and(|n| n.abs() <= TOGETHER);
    // One that would be nearer to the whole as well is none that the part is rather of.
    let is_of_other = |o: &&&Wanted<'_>| o.apart(d) < w.apart(d) && o.apart(whole) >= w.apart(whole);
    let mut others = open.iter().filter(|o| o.is_of(d));
    is_loose && is_meant && is_near && w.is_of(d) && !others.any(|o| is_of_other(&o))
}

/// How much was given, where that is not what is planned, or was given in parts.
pub(super) fn given(item: &PlanItem, deed: &Deed) -> Option<Given> {
    let first = deed.amount.as_ref().filter(|_| deed.state != DeedState::Skipped)?;
    let parts: Vec<Amount> = std::iter::once(first).chain(&deed.more).cloned().collect();
    let is_as_planned = item.amount.known().is_some_and(|planned| are_together(&parts, planned));
    (!is_as_planned || parts.len() > 1).then_some(Given { parts, is_as_planned })
}

redacted!(Given);

//! The plan with the planned key dates in it: "trigger at 22:00" on the cycle is as much a plan as an item
//! that says so.

use super::{
    beta::hcg_among_hormones,
    cycle::{CycleRecord, Dated},
    key_dates::KeyDates,
    schedule::{Span, occurrences},
};
use crate::model::{
    EntityId, KeyDate, Moment, Offsets, PlanItem, PlanWhen, Told, journey::CycleType, plan::PlanKind,
};
use keepwell_domain::time::Date;

/// What a key date can be planned for.
const KINDS: [PlanKind; 4] = [PlanKind::Trigger, PlanKind::Retrieval, PlanKind::Transfer, PlanKind::Beta];
/// Within so many minutes an entry is the one that was planned, also after midnight.
pub(super) const NEAR: i64 = 720;

/// The items of the plan, and the planned key dates of the cycle that no item says already. A key date
/// that was passed by, since the thing itself took place on another day, is none any more.
#[must_use]
pub fn whole_plan(r: &CycleRecord, offsets: &dyn Offsets) -> Dated<PlanItem> {
    let mut out = r.plan.clone();
    let Some(cycle) = r.id else { return out };
    for (what, at) in planned(r) {
        if !is_said(r, what, &at, offsets) && !is_passed_by(r, what, &at) {
            let item = PlanItem {
                cycle: cycle.into(),
                person: r.cycle.person,
                what: what.into(),
                when: PlanWhen::Absolute(at).into(),
                ..PlanItem::default()
            };
            out.push((key_item(cycle, what), item));
        }
    }
    out
}

/// Under which ids marks on the planned key dates of a cycle are kept.
pub(super) fn key_items(cycle: EntityId) -> impl Iterator<Item = EntityId> {
    KINDS.into_iter().map(move |what| key_item(cycle, what))
}

/// The same on all devices.
pub(super) fn key_item(cycle: EntityId, what: PlanKind) -> EntityId {
    EntityId::derived(&[b"planned", cycle.as_bytes(), what.as_str().as_bytes()])
}

/// Whether something took place as planned: that day, or in the night that follows.
pub(super) fn is_near(at: &Moment, planned: &Moment) -> bool {
    at.date == planned.date || at.minutes_since(planned).is_some_and(|n| n.abs() <= NEAR)
}

fn planned(r: &CycleRecord) -> impl Iterator<Item = (PlanKind, Moment)> {
    let c = &r.cycle;
    let dates = [
        c.planned_trigger.known().cloned(),
        c.planned_retrieval.known().cloned(),
        c.planned_transfer.known().cloned(),
        c.planned_beta.get().map(Moment::day),
    ];
    let known = KINDS.into_iter().zip(dates).filter_map(|(what, at)| Some((what, at?)));
    known.filter(|(what, at)| !is_off(r, &r.dates, *what, at.date))
}

/// Days after a retrieval within which a fresh transfer takes place, and the first beta after it is drawn.
const FRESH: [i64; 2] = [10, 24];

/// Whether a cycle as it was changed has no such thing on that day any more: all is frozen, or it became one without a
/// retrieval or transfer. What is planned for weeks later is the transfer of what was frozen.
pub(super) fn is_off(r: &CycleRecord, dates: &KeyDates, what: PlanKind, on: Date) -> bool {
    use CycleType::{EggDonation, Freezing, Iui, Natural, OvulationInduction};
    let c = &r.cycle;
    let has_none = matches!(c.converted_to.get(), Some(Natural | OvulationInduction | Iui));
    let freezes =
        c.freeze_all == Told::Known(true) || matches!(c.converted_to.get(), Some(Freezing | EggDonation));
    let entered = r.retrievals.iter().filter_map(|(_, x)| x.at.known()).chain(c.planned_retrieval.known());
    let of_plan =
        [KeyDate::Retrieval, KeyDate::SecondRetrieval].into_iter().filter_map(|key| dates.date(key));
    let retrieval = entered.map(|m| m.date).chain(of_plan).max();
    let is_fresh = |within: i64| retrieval.is_none_or(|d| on.days() - d.days() <= within);
    let is_frozen = |within| freezes && r.transfers.is_empty() && is_fresh(within);
    match what {
        PlanKind::Retrieval => has_none,
        PlanKind::Transfer => has_none || is_frozen(FRESH[0]),
        // After insemination hCG is drawn as well.
        PlanKind::Beta => is_frozen(FRESH[1]),
        _ => false,
    }
}

/// Whether an item of the plan says the same. One that names another time does not: then both are shown.
fn is_said(r: &CycleRecord, what: PlanKind, at: &Moment, offsets: &dyn Offsets) -> bool {
    let day = Span { from: at.date, to: at.date };
    let same = |m: &Moment| at.clock.is_none() || m.minutes_since(at) == Some(0);
    r.plan
        .iter()
        .filter(|(_, p)| p.what == Told::Known(what))
        .any(|(id, p)| occurrences(r, (*id, p), day, offsets).iter().any(|o| same(&o.at)))
}

fn is_passed_by(r: &CycleRecord, what: PlanKind, at: &Moment) -> bool {
    let when: Vec<&Moment> = match what {
        PlanKind::Trigger => r.triggers.iter().filter_map(|(_, x)| x.at.known()).collect(),
        PlanKind::Retrieval => r.retrievals.iter().filter_map(|(_, x)| x.at.known()).collect(),
        PlanKind::Transfer => r.transfers.iter().filter_map(|(_, x)| x.at.known()).collect(),
        _ => {
            // Before its day it may be the rest of a trigger.
            let drawn = hcg_among_hormones(r).filter_map(|(_, h)| h.at.known());
            let all = r.betas.iter().filter_map(|(_, x)| x.at.known()).chain(drawn);
            all.filter(|m| m.date >= at.date).collect()
        }
    };
    // In its own round of stimulation; the others follow no round.
    let rounds = matches!(what, PlanKind::Trigger | PlanKind::Retrieval);
    let mut own = when.into_iter().filter(|m| !rounds || r.is_second(m) == r.is_second(at)).peekable();
    own.peek().is_some() && !own.any(|m| is_near(m, at))
}

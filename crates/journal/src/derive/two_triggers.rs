//! Two times for one trigger.

use super::{
    cycle::CycleRecord,
    plan::{PlanRow, RowState},
    whole_plan::key_item,
};
use crate::model::{EntityId, KeyDate, Moment, PlanItem, PlanWhen, Told, plan::PlanKind};
use crate::redact::redacted;

/// The time that the cycle has for its trigger, and another one of its plan: after a call, mostly, and only one holds.
#[derive(Clone, PartialEq, Eq)]
pub struct TwoTriggers {
    /// The time on the cycle.
    pub of_cycle: Moment,
    /// The item of the plan.
    pub item: EntityId,
    /// Its time.
    pub of_plan: Moment,
}

/// Whether two times for the trigger of one stimulation both wait. Each rings, since nobody but the person knows which of
/// them holds, or whether both do. `rows` is its plan, as far ahead as one looks. What is counted from the trigger moves with it and contradicts nothing; and where the
/// plan itself says two times and one of them is that of the cycle, two are meant.
#[must_use]
pub fn two_triggers(r: &CycleRecord, rows: &[PlanRow]) -> Option<TwoTriggers> {
    let on_cycle = key_item(r.id?, PlanKind::Trigger);
    let waits = |row: &PlanRow| matches!(row.state, RowState::Ahead | RowState::Due);
    let waiting: Vec<_> = rows
        .iter()
        .filter(|row| waits(row) && row.item.as_ref().is_some_and(is_own_trigger))
        .filter_map(|row| row.planned.as_ref())
        .collect();
    let of_cycle = waiting.iter().find(|o| o.item == on_cycle)?.at.clone();
    let other =
        waiting.iter().find(|o| o.item != on_cycle && r.is_second(&o.at) == r.is_second(&of_cycle))?;
    Some(TwoTriggers { of_cycle, item: other.item, of_plan: other.at.clone() })
}

fn is_own_trigger(item: &PlanItem) -> bool {
    let from = match item.when.known() {
        Some(PlanWhen::Days { from, .. } | PlanWhen::Minutes { from, .. }) => Some(*from),
        _ => None,
    };
    item.what == Told::Known(PlanKind::Trigger)
        && !matches!(from, Some(KeyDate::Trigger | KeyDate::SecondTrigger))
}

redacted!(TwoTriggers);

//! What a person does with a reminder. Each has an id that follows from the occurrence, so that a tap on
//! two devices is one entry.

use crate::{
    derive::Occurrence,
    model::{
        Dose, EntityId, Moment, PlanItem, ReminderMark, TextType, Told, medicine::DoseState,
        settings::MarkKind,
    },
};

/// The dose that "taken" enters, as planned, at this moment. Its amount or site can be corrected after.
#[must_use]
pub fn taken(item: &PlanItem, planned: &Occurrence, now: &Moment) -> (EntityId, Dose) {
    (dose_id(planned), dose(item, planned, now, DoseState::Given))
}

/// The dose that "left out" enters.
#[must_use]
pub fn skipped(item: &PlanItem, planned: &Occurrence, now: &Moment) -> (EntityId, Dose) {
    (dose_id(planned), dose(item, planned, now, DoseState::Skipped))
}

/// The mark that "done" enters for what is no dose: a call made, a visit over.
#[must_use]
pub fn done(planned: &Occurrence, now: &Moment) -> (EntityId, ReminderMark) {
    let (id, mark) = snoozed(planned, now, now.clone());
    (id, ReminderMark { what: MarkKind::Done.into(), until: Told::Unknown, ..mark })
}

/// The mark that "left out" enters for what is no dose.
#[must_use]
pub fn left_out(planned: &Occurrence, now: &Moment) -> (EntityId, ReminderMark) {
    let (id, mark) = done(planned, now);
    (id, ReminderMark { what: MarkKind::Skipped.into(), ..mark })
}

/// The mark that "later" enters.
#[must_use]
pub fn snoozed(planned: &Occurrence, now: &Moment, until: Moment) -> (EntityId, ReminderMark) {
    let mark = ReminderMark {
        plan_item: planned.item.into(),
        planned_for: planned.at.clone().into(),
        what: MarkKind::Snoozed.into(),
        at: now.clone().into(),
        until: until.into(),
        ..ReminderMark::default()
    };
    (ReminderMark::id(planned.item, &planned.at), mark)
}

fn dose_id(planned: &Occurrence) -> EntityId {
    EntityId::derived(&[b"dose", planned.item.as_bytes(), planned.at.to_text().as_bytes()])
}

fn dose(item: &PlanItem, planned: &Occurrence, now: &Moment, state: DoseState) -> Dose {
    Dose {
        cycle: item.cycle,
        person: item.person,
        at: now.clone().into(),
        state: state.into(),
        plan_item: planned.item.into(),
        planned_for: planned.at.clone().into(),
        medication: item.medication,
        drug: item.drug.clone(),
        amount: if state == DoseState::Skipped { Told::NotDone } else { item.amount.clone() },
        route: item.route,
        purpose: item.purpose,
        ..Dose::default()
    }
}

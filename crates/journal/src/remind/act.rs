//! What a person does with a reminder. Each has an id that follows from the occurrence, so that a tap on
//! two devices is one entry.

use crate::{
    derive::{CycleRecord, NewPlan, Occurrence},
    formulary::trigger_kind,
    model::{
        Dose, EntityId, Medication, Moment, Name, PlanItem, ReminderMark, TextType, Told, Trigger, View,
        medicine::DoseState, plan::Purpose, settings::MarkKind,
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

/// The trigger that "done" enters, as planned, at this moment, and the dose that it is, from which the
/// stock counts. `medication` is the item's. Without a drug there is no dose; which kind of trigger it is
/// stays open where the drug's name does not say it.
#[must_use]
pub fn triggered(
    r: &CycleRecord,
    item: &PlanItem,
    planned: &Occurrence,
    medication: Option<&Medication>,
    now: &Moment,
) -> NewPlan {
    let of_catalogue = || medication.and_then(|m| m.name.known().or(m.substance.known()).cloned());
    let drug = item.drug.known().cloned().or_else(of_catalogue);
    let substance = medication.and_then(|m| m.substance.known().cloned());
    let kind = drug.iter().chain(&substance).find_map(|name| trigger_kind(name));
    // A planned key date is no item that an entry could name.
    let plan_item = r.plan.iter().find(|(id, _)| *id == planned.item).map(|(id, _)| *id);
    let has_dose = drug.is_some() || item.medication.is_known();
    let shot = has_dose.then(|| {
        let purpose = item.purpose.get().unwrap_or(Purpose::Trigger);
        let taken = dose(item, planned, now, DoseState::Given);
        Dose { plan_item: plan_item.into(), drug: drug.clone().into(), purpose: purpose.into(), ..taken }
    });
    let trigger = Trigger {
        cycle: item.cycle,
        person: item.person,
        at: now.clone().into(),
        planned_at: planned.at.clone().into(),
        kind: kind.into(),
        drug: drug.into(),
        amount: item.amount.clone(),
        route: item.route,
        plan_item: plan_item.into(),
        dose: shot.as_ref().map(|_| dose_id(planned)).into(),
        ..Trigger::default()
    };
    let key = planned.at.to_text();
    let id = EntityId::derived(&[b"trigger", planned.item.as_bytes(), key.as_bytes()]);
    let shot = shot.map(|d| written(dose_id(planned), &d));
    shot.into_iter().chain([written(id, &trigger)]).collect()
}

/// What is filled in of an entry, as it is written.
fn written<V: View>(id: EntityId, entry: &V) -> <NewPlan as IntoIterator>::Item {
    let fields = entry.changed_since(&V::default());
    ((V::KIND, id), fields.into_iter().map(|(name, value)| (Name::of(name), value)).collect())
}

/// The mark that "done" enters for what is neither dose nor trigger: a call made, a visit over.
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

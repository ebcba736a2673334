//! What was entered already of the days from which a call holds: a change must not ask for it again.

use super::Call;
use keepwell_domain::time::Date;
use keepwell_journal::{
    derive::{PlanEdit, PlanRow, RowState, Span, plan_rows},
    model::{Dose, EntityId, Told, medicine::DoseState},
};

impl Call<'_> {
    /// The first day on which an item can change: the one that was said, or the day after the last on which it was
    /// given, wholly or in part. What was given names the old item, so the new one would be asked for beside it.
    #[must_use]
    pub fn begins(&self, id: EntityId) -> Date {
        let is_done =
            |row: &PlanRow| matches!(row.state, RowState::Done | RowState::Late { .. } | RowState::Partial);
        let rows = self.rows_of(id).into_iter().filter(is_done).map(|row| row.date);
        let doses = self.r.doses.iter().filter_map(|(_, dose)| given_on(dose, id));
        let last = rows.chain(doses).filter(|day| *day >= self.from).max();
        last.map_or(self.from, |day| Date::from_days(day.days() + 1))
    }

    /// The first day without an item that ends. Where something of its last day is still to come, that is not wanted any
    /// more, although what was given of it then stands on its own.
    pub(super) fn ends(&self, id: EntityId) -> Date {
        let begins = self.begins(id);
        let last = Date::from_days(begins.days() - 1);
        let waits = |row: &PlanRow| row.date == last && row.state.waits();
        if begins > self.from && self.rows_of(id).iter().any(waits) { last } else { begins }
    }

    /// The item that changes later than was said, and when.
    #[must_use]
    pub fn put_off(&self, edit: &PlanEdit) -> Option<(EntityId, Date)> {
        match edit {
            PlanEdit::Stop { item, from } | PlanEdit::Replace { item, from, .. } => {
                (*from > self.from).then_some((*item, *from))
            }
            PlanEdit::Add { .. } => None,
        }
    }

    /// What became of an item since the day that was said.
    fn rows_of(&self, id: EntityId) -> Vec<PlanRow> {
        let span = Span { from: self.from, to: self.from.max(self.now.date) };
        let mut rows = plan_rows(self.r, span, self.now, self.offsets);
        rows.retain(|row| row.planned.as_ref().is_some_and(|planned| planned.item == id));
        rows
    }
}

/// The day of an item whose dose was given, also where its time was changed since.
fn given_on(dose: &Dose, item: EntityId) -> Option<Date> {
    let is_given = dose.plan_item == Told::Known(item) && dose.state != Told::Known(DoseState::Skipped);
    let day = dose.planned_for.known().or(dose.at.known()).map(|at| at.date);
    day.filter(|_| is_given)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::{
        Refusal,
        tests::{NEW, OLD, amount, daily, date, here, now, plan_of, said, typed, when, with},
    };
    use super::*;
    use keepwell_journal::{
        derive::{CycleRecord, amended},
        model::{Clock, Cycle, Moment, PlanItem, TextType},
    };

    fn moment(text: &str) -> Moment {
        Moment::from_text(text).unwrap()
    }
    /// That item, taken at 08:00 today.
    fn taken(item: &PlanItem, state: DoseState) -> CycleRecord {
        let mut r = plan_of(Cycle::default(), item);
        let dose = Dose {
            plan_item: OLD.into(),
            planned_for: moment("2026-05-04T08:00").into(),
            at: moment("2026-05-04T08:05+02:00[Europe/Berlin]").into(),
            drug: item.drug.clone(),
            state: state.into(),
            ..Dose::default()
        };
        r.doses.push((EntityId::from_bytes([7; 16]), dose));
        r
    }
    fn gonal() -> PlanItem {
        daily("Gonal-f", "150 IU", "2026-05-01T08:00")
    }

    #[test]
    fn what_was_given_on_the_day_is_not_asked_for_again() {
        let item = gonal();
        for state in [DoseState::Given, DoseState::Partial] {
            let (r, place) = (taken(&item, state), here());
            let call = said(&r, &place, "2026-05-04");
            let edit = call.change((OLD, &item), &typed("225", "08:00"), NEW).unwrap();
            assert_eq!(call.put_off(&edit), Some((OLD, date("2026-05-05"))));
            let after = amended(&r, &[edit]);
            let span = Span { from: date("2026-05-04"), to: date("2026-05-05") };
            let rows = plan_rows(&after, span, now(), call.offsets);
            let days: Vec<_> = rows.iter().map(|x| (x.date, x.item.clone().unwrap().amount)).collect();
            let (old, new) = (amount("150 IU"), amount("225 IU"));
            assert_eq!(days, [(date("2026-05-04"), old), (date("2026-05-05"), new)]);
            assert!(rows[0].actual.is_some() && rows[1].state == RowState::Ahead);
            // What ends, ends after it, too.
            let stop = call.stop((OLD, &item));
            assert!(stop == Some(PlanEdit::Stop { item: OLD, from: date("2026-05-05") }));
        }
    }

    #[test]
    fn what_was_left_out_or_not_entered_yet_changes_on_the_day_itself() {
        let (item, place) = (gonal(), here());
        for r in [taken(&item, DoseState::Skipped), plan_of(Cycle::default(), &item)] {
            let call = said(&r, &place, "2026-05-04");
            let edit = call.change((OLD, &item), &typed("225", "21:00"), NEW);
            assert!(edit.as_ref().is_ok_and(|e| call.put_off(e).is_none()));
            assert_eq!(with(edit).when, when("2026-05-04T21:00+02:00[Europe/Berlin]"));
        }
    }

    #[test]
    fn a_dose_that_names_no_item_counts_as_that_of_its_day() {
        let (item, place) = (gonal(), here());
        let mut r = taken(&item, DoseState::Given);
        r.doses[0].1.plan_item = Told::Unknown;
        assert_eq!(said(&r, &place, "2026-05-04").begins(OLD), date("2026-05-05"));
        // Told late, what was given since stays, too.
        assert_eq!(said(&r, &place, "2026-05-02").begins(OLD), date("2026-05-05"));
        assert_eq!(said(&r, &place, "2026-05-06").begins(OLD), date("2026-05-06"));
    }

    #[test]
    fn of_the_last_dose_nothing_is_left_to_change() {
        let last = PlanItem { for_days: 4.into(), ..gonal() };
        let (r, place) = (taken(&last, DoseState::Given), here());
        let call = said(&r, &place, "2026-05-04");
        assert!(call.change((OLD, &last), &typed("225", "08:00"), NEW) == Err(Refusal::Given));
    }

    #[test]
    fn what_ends_is_not_due_again_in_the_evening() {
        let twice = PlanItem { also_at: vec![Clock::parse("20:00").unwrap()].into(), ..gonal() };
        let (r, place) = (taken(&twice, DoseState::Given), here());
        let stop = said(&r, &place, "2026-05-04").stop((OLD, &twice));
        assert!(stop == Some(PlanEdit::Stop { item: OLD, from: date("2026-05-04") }));
    }
}

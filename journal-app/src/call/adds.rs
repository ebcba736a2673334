//! What a call adds to the plan.

use super::{Call, Refusal};
use crate::forms::Problem;
use keepwell_journal::{
    derive::PlanEdit,
    formulary::trigger_kind,
    model::{
        EntityId, Medication, PlanItem, PlanWhen, Told,
        monitor::TriggerKind,
        plan::{PlanKind, Purpose},
    },
};

/// How often something new is due, and whether it is the trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Every day.
    Daily,
    /// That one time.
    Once,
    /// That one time, as the trigger, which must not be missed.
    Trigger,
}

impl Course {
    /// All of them, as they are offered.
    pub const ALL: [Self; 3] = [Self::Daily, Self::Once, Self::Trigger];

    /// As the form names it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Once => "once",
            Self::Trigger => "trigger",
        }
    }

    /// That of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == name)
    }

    /// What a drug is mostly added as. `known` is what is known of it by that name.
    #[must_use]
    pub fn usual(drug: &str, known: &Medication) -> Self {
        let is_trigger = known.purpose == Told::Known(Purpose::Trigger)
            || matches!(kind_of(drug, known), Some(TriggerKind::Hcg | TriggerKind::Dual));
        if is_trigger { Self::Trigger } else { Self::Daily }
    }
}

/// Whether a drug may as well be the trigger: a GnRH agonist is mostly given every day, and sometimes as that.
#[must_use]
pub fn may_be_trigger(drug: &str, known: &Medication) -> bool {
    Course::usual(drug, known) != Course::Trigger && kind_of(drug, known) == Some(TriggerKind::Agonist)
}

fn kind_of(drug: &str, known: &Medication) -> Option<TriggerKind> {
    [Some(drug), known.substance.known().map(String::as_str)].into_iter().flatten().find_map(trigger_kind)
}

/// What was typed of something new.
pub struct Added {
    /// The drug.
    pub drug: String,
    /// The number of its dose.
    pub amount: String,
    /// Its unit.
    pub unit: String,
    /// The time of day.
    pub time: String,
    /// How often.
    pub course: Course,
    /// For how many days; of what is due every day only.
    pub days: String,
}

impl Call<'_> {
    /// An item that comes in addition, first due on the day that was said. `known` is the drug as the person's own list
    /// or the built-in one has it.
    ///
    /// # Errors
    /// [`Refusal`] where what was typed cannot be taken.
    pub fn add(
        &self,
        (id, cycle): (EntityId, EntityId),
        new: &Added,
        (medication, known): (Option<EntityId>, &Medication),
    ) -> Result<PlanEdit, Refusal> {
        let amount = match new.amount.as_str() {
            "" => None,
            number => Some(self.amount(number, &new.unit, false)?),
        };
        let item = PlanItem {
            cycle: Told::Known(cycle),
            what: Told::Known(PlanKind::Dose),
            drug: Told::Known(new.drug.clone()),
            medication: medication.into(),
            route: known.route,
            purpose: known.purpose,
            amount: amount.into(),
            when: Told::Known(PlanWhen::Absolute(self.moment(self.from, &new.time, None)?)),
            ..PlanItem::default()
        };
        let item = match new.course {
            Course::Daily => {
                PlanItem { every_days: Told::Known(1), for_days: days_of(&new.days)?.into(), ..item }
            }
            // A trigger is one, must not be missed, and has its minute.
            Course::Trigger if new.time.is_empty() => return Err(Problem::Time.into()),
            Course::Trigger => PlanItem {
                what: Told::Known(PlanKind::Trigger),
                purpose: Told::Known(Purpose::Trigger),
                ..item
            },
            Course::Once => item,
        };
        Ok(PlanEdit::Add { id, item: Box::new(item) })
    }
}

/// For how many days; `None` for an open end.
fn days_of(typed: &str) -> Result<Option<i64>, Problem> {
    match typed {
        "" => Ok(None),
        typed => typed.parse().ok().filter(|n| *n >= 1).map(Some).ok_or(Problem::Number),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::tests::{NEW, OLD, amount, here, plan_of, said, when};
    use super::*;
    use crate::forms::Place;
    use keepwell_journal::{formulary::ENTRIES, model::Cycle};

    /// What the built-in list has by that name.
    fn listed(drug: &str) -> Medication {
        let entry = ENTRIES.iter().find(|e| e.brands.iter().any(|b| b.eq_ignore_ascii_case(drug)));
        entry.map(|e| e.medication(drug, e.strengths.first().copied())).unwrap_or_default()
    }

    fn added(drug: &str, course: Course, days: &str) -> Result<PlanItem, Refusal> {
        let r = plan_of(Cycle::default(), &PlanItem::default());
        let place: Place = here();
        let new = Added {
            drug: drug.to_owned(),
            amount: "250".to_owned(),
            unit: "µg".to_owned(),
            time: "23:30".to_owned(),
            course,
            days: days.to_owned(),
        };
        match said(&r, &place, "2026-05-04").add((NEW, OLD), &new, (None, &listed(drug)))? {
            PlanEdit::Add { item, .. } => Ok(*item),
            _ => panic!("it is added"),
        }
    }

    #[test]
    fn a_trigger_told_by_phone_is_one_critical_trigger() {
        let usual = |drug: &str| Course::usual(drug, &listed(drug));
        let trigger = added("Ovitrelle", usual("Ovitrelle"), "").unwrap();
        assert_eq!((trigger.what, trigger.purpose), (PlanKind::Trigger.into(), Purpose::Trigger.into()));
        assert_eq!((trigger.every_days, trigger.for_days), (Told::Unknown, Told::Unknown));
        assert_eq!(trigger.when, when("2026-05-04T23:30+02:00[Europe/Berlin]"));
        assert_eq!(trigger.amount, amount("250 µg"));
        // As the usual form leaves it: a trigger is critical unless somebody says otherwise.
        assert!(trigger.critical == Told::Unknown && PlanKind::Trigger.is_critical());
        // hCG once, as after a retrieval, is a dose where that is what was said.
        assert_eq!(added("Pregnyl 1500", Course::Once, "").unwrap().what, PlanKind::Dose.into());
        for name in ["hCG", "Pregnyl 5000", "Ovitrelle + Triptorelin"] {
            assert_eq!(usual(name), Course::Trigger, "{name}");
        }
    }

    #[test]
    fn an_agonist_is_a_dose_unless_the_person_says_it_is_the_trigger() {
        let known = listed("Decapeptyl");
        assert_eq!(Course::usual("Decapeptyl", &known), Course::Daily);
        assert!(may_be_trigger("Decapeptyl", &known) && !may_be_trigger("Menopur", &listed("Menopur")));
        let trigger = added("Decapeptyl", Course::Trigger, "").unwrap();
        assert_eq!((trigger.what, trigger.purpose), (PlanKind::Trigger.into(), Purpose::Trigger.into()));
        let own = Medication { purpose: Purpose::Trigger.into(), ..known };
        assert_eq!(Course::usual("Decapeptyl", &own), Course::Trigger);
    }

    #[test]
    fn what_comes_in_addition_is_due_once_or_every_day_for_as_long_as_was_said() {
        let what = |item: &PlanItem| (item.what, item.every_days, item.for_days);
        let dose = Told::Known(PlanKind::Dose);
        let once = added("Menopur", Course::Once, "").unwrap();
        assert_eq!(what(&once), (dose, Told::Unknown, Told::Unknown));
        let daily = added("Menopur", Course::Daily, "").unwrap();
        assert_eq!(what(&daily), (dose, 1.into(), Told::Unknown));
        let five = added("Menopur", Course::Daily, "5").unwrap();
        assert_eq!(what(&five), (dose, 1.into(), 5.into()));
        for bad in ["0", "-1", "some", "2.5"] {
            assert!(added("Menopur", Course::Daily, bad) == Err(Problem::Number.into()), "{bad}");
        }
    }
}

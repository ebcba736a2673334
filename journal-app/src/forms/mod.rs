//! What can be entered about each kind of entity, as data: one form draws them all.

mod cycle;
mod diary;
mod input;
mod lab;
mod monitor;
mod people;
mod place;
mod read;

pub use input::{Codes, Field, Form, Input};
pub use people::DOSE_UNITS;
pub use place::{Fold, Place, fold_of};
pub use read::{Problem, Raw, is_changed, read, shown, typed_amount, typed_dose};

use keepwell_journal::model::{
    Kind, Preferences,
    embryo::EventKind,
    grade::{Gardner, Scheme},
    plan::PlanKind,
};

/// The form of a kind; `None` for what has a page of its own or is never typed.
#[must_use]
pub fn form(kind: Kind) -> Option<&'static Form> {
    let all = [people::FORMS, cycle::FORMS, monitor::FORMS, lab::FORMS, diary::FORMS];
    all.into_iter().flatten().find(|f| f.kind == kind)
}

/// The fields that an entry is about by what happened: they come first, and are not folded away.
#[must_use]
pub fn about(kind: Kind, what: &str) -> &'static [&'static str] {
    match kind {
        Kind::EmbryoEvent => EventKind::parse(what).map_or(&[], lab::about),
        _ => &[],
    }
}

/// Where a field stands: what happened and when, what that is about, the rest.
#[must_use]
pub fn place(name: &str, about: &[&str]) -> u8 {
    match name {
        _ if about.is_empty() => 0,
        "what" | "at" => 0,
        _ if about.contains(&name) => 1,
        _ => 2,
    }
}

/// Whether a grade is none of the scheme that it is said to be of. Only Gardner's is checked: the others are every
/// clinic's own.
#[must_use]
pub fn is_no_grade(scheme: &str, grade: &str) -> bool {
    scheme == Scheme::Gardner.as_str() && !grade.trim().is_empty() && Gardner::parse(grade).is_err()
}

/// Whether a box stands for yes where nobody said anything yet. `what` is what the item of the plan is.
#[must_use]
pub fn unless_said(kind: Kind, name: &str, what: &str) -> bool {
    match (kind, name) {
        (Kind::Preferences, "quiet_breaks_for_critical") => Preferences::CRITICAL_BREAKS_QUIET,
        (Kind::PlanItem, "critical") => PlanKind::parse(what).is_some_and(PlanKind::is_critical),
        _ => false,
    }
}

/// What a box says: nothing as long as it stands as it would anyway, and nothing was kept.
#[must_use]
pub fn box_says(is_ticked: bool, was_said: bool, unless_said: bool) -> &'static str {
    match (is_ticked, was_said || is_ticked != unless_said) {
        (_, false) => "",
        (true, true) => "yes",
        (false, true) => "no",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use keepwell_journal::model::{self, View};

    fn fields_of(kind: Kind) -> &'static [&'static str] {
        macro_rules! of { ($($k:ident),+) => { match kind { $(Kind::$k => <model::$k as View>::FIELDS),+ } } }
        of!(
            Person,
            Clinic,
            Contact,
            Journey,
            Cycle,
            PlanItem,
            Amendment,
            Medication,
            Stock,
            Dose,
            Visit,
            Scan,
            Hormone,
            Semen,
            Trigger,
            Retrieval,
            Embryo,
            EmbryoEvent,
            Transfer,
            Storage,
            StorageFee,
            Consent,
            Beta,
            EarlyScan,
            Outcome,
            Cost,
            Note,
            Mood,
            Day,
            HomeTest,
            ReminderMark,
            Preferences,
            Device,
            Space
        )
    }

    #[test]
    fn every_field_of_a_form_is_one_of_its_kind_and_stands_once() {
        for kind in Kind::ALL {
            let Some(form) = form(*kind) else { continue };
            let mut seen = std::collections::BTreeSet::new();
            for field in form.fields {
                assert!(fields_of(*kind).contains(&field.name), "{}.{}", kind.as_str(), field.name);
                assert!(seen.insert(field.name), "{}.{} stands twice", kind.as_str(), field.name);
            }
        }
    }

    #[test]
    fn box_that_stands_for_yes_says_no_when_it_is_cleared() {
        assert!(unless_said(Kind::Preferences, "quiet_breaks_for_critical", ""));
        assert!(unless_said(Kind::PlanItem, "critical", "trigger"));
        assert!(!unless_said(Kind::PlanItem, "critical", "dose"));
        assert!(!unless_said(Kind::PlanItem, "silent", "trigger"));
        assert_eq!((box_says(false, false, true), box_says(true, false, true)), ("no", ""));
        assert_eq!((box_says(false, false, false), box_says(true, false, false)), ("", "yes"));
        for unless_said in [false, true] {
            assert_eq!(
                (box_says(false, true, unless_said), box_says(true, true, unless_said)),
                ("no", "yes")
            );
        }
    }

    #[test]
    fn event_of_an_embryo_asks_first_for_what_it_is_about() {
        let first = |what: &str| {
            let about = about(Kind::EmbryoEvent, what);
            let mut fields: Vec<&str> = fields_of(Kind::EmbryoEvent).to_vec();
            fields.retain(|f| form(Kind::EmbryoEvent).unwrap().fields.iter().any(|x| x.name == *f));
            assert!(about.iter().all(|a| fields.contains(a)), "{what}");
            fields.sort_by_key(|f| place(f, about));
            fields[2]
        };
        for what in model::embryo::EventKind::ALL {
            first(what.as_str());
        }
        assert_eq!(first("thawed"), "survived");
        assert_eq!(first("outcome"), "outcome");
        assert!(about(Kind::EmbryoEvent, "tested").contains(&"pgt"));
        assert!(!about(Kind::EmbryoEvent, "tested").contains(&"sex"));
        assert!(about(Kind::PlanItem, "outcome").is_empty());
    }

    #[test]
    fn only_a_grade_that_gardner_does_not_have_is_said_to_be_none() {
        for grade in ["4ZZ", "7AB", "4", "8A", "4ABC", "good"] {
            assert!(is_no_grade("gardner", grade), "{grade}");
        }
        for (scheme, grade) in
            [("gardner", "4ab"), ("gardner", "2"), ("gardner", " "), ("own", "4ZZ"), ("", "4ZZ")]
        {
            assert!(!is_no_grade(scheme, grade), "{scheme} {grade}");
        }
    }

    #[test]
    fn all_that_is_typed_has_a_form() {
        let without: Vec<&str> =
            Kind::ALL.iter().filter(|k| form(**k).is_none()).map(|k| k.as_str()).collect();
        assert_eq!(without, ["reminder_mark", "device", "space"]);
    }
}

//! Planned key dates: in the plan, in the reminders, and as that from which days are counted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_journal::{
    derive::{Certainty, PlanRow, RowState, Span, plan_rows, today, whole_plan},
    model::{
        Clock, Cycle, EntityId, KeyDate, PlanItem, PlanWhen, Preferences, Retrieval, Trigger, plan::PlanKind,
        settings::MarkKind,
    },
    remind::{Stage, Wishes, left_out, reminders},
};
use kit::{Iana, Journal, amount, date, moment, ts, zone};

const TRIGGER: &str = "2026-05-11T22:00+02:00[Europe/Berlin]";

fn setting() -> (Journal, EntityId) {
    let mut j = Journal::new();
    let c = j.add(Cycle {
        stimulation_start: date("2026-05-01").into(),
        planned_trigger: moment(TRIGGER).into(),
        planned_retrieval: moment("2026-05-13T10:00+02:00[Europe/Berlin]").into(),
        planned_transfer: moment("2026-05-18").into(),
        planned_beta: date("2026-05-30").into(),
        ..Cycle::default()
    });
    (j, c)
}

fn item(c: EntityId, what: PlanKind, when: PlanWhen) -> PlanItem {
    PlanItem { cycle: c.into(), what: what.into(), when: when.into(), ..PlanItem::default() }
}

fn rows(j: &Journal, c: EntityId, now: &str) -> Vec<PlanRow> {
    let span = Span { from: date("2026-05-01"), to: date("2026-06-10") };
    plan_rows(&j.record(c), span, &moment(now), &Iana)
}

fn said(rows: &[PlanRow]) -> Vec<(String, RowState)> {
    rows.iter().map(|r| (r.date.to_string(), r.state)).collect()
}

fn expected<const N: usize>(rows: [(&str, RowState); N]) -> Vec<(String, RowState)> {
    rows.map(|(d, s)| (d.to_owned(), s)).to_vec()
}

#[test]
fn planned_key_dates_stand_in_the_plan_and_today() {
    let (j, c) = setting();
    let now = "2026-05-11T12:00+02:00[Europe/Berlin]";
    let found = rows(&j, c, now);
    let kinds: Vec<_> = found.iter().map(|r| r.item.as_ref().unwrap().what.get().unwrap()).collect();
    assert!(kinds == [PlanKind::Trigger, PlanKind::Retrieval, PlanKind::Transfer, PlanKind::Beta]);
    assert_eq!(found[0].planned.as_ref().unwrap().at, moment(TRIGGER));
    assert_eq!(found[0].state, RowState::Due);
    let seen = today(&j.book, &moment(now), &Iana);
    assert_eq!((seen.due.len(), seen.next.len()), (1, 2), "the test lies beyond two weeks");
}

#[test]
fn a_planned_trigger_rings_to_the_minute_in_its_zone_until_it_was_given_or_left_out() {
    let (mut j, c) = setting();
    let list = |j: &Journal, place: &str| {
        let now = (ts("2026-05-11T12:00+02:00"), &zone(place));
        reminders(&j.record(c), &Wishes::of(&Preferences::default()), now, 1, &Iana)
    };
    let found = list(&j, "Europe/Berlin");
    let at: Vec<_> = found.iter().map(|r| (r.stage, r.at)).collect();
    let due = ts(TRIGGER);
    assert_eq!(
        at,
        [
            (Stage::Warning, due.plus_seconds(-30 * 60)),
            (Stage::Due, due),
            (Stage::Again, due.plus_seconds(10 * 60))
        ]
    );
    assert!(found.iter().all(|r| r.critical));
    let there: Vec<_> = list(&j, "America/New_York").iter().map(|r| (r.stage, r.at)).collect();
    assert_eq!(there, at);

    let (id, mark) = left_out(&found[0].occurrence, &moment(TRIGGER));
    assert!(mark.what.get() == Some(MarkKind::Skipped));
    let mut marked = j.book.clone();
    std::mem::swap(&mut j.book, &mut marked);
    j.put(id, mark);
    assert!(list(&j, "Europe/Berlin").is_empty());
    j.book = marked;
    j.add(Trigger {
        cycle: c.into(),
        at: moment("2026-05-11T21:58+02:00[Europe/Berlin]").into(),
        ..Trigger::default()
    });
    assert!(list(&j, "Europe/Berlin").is_empty());
}

#[test]
fn what_an_item_of_the_plan_says_is_not_said_twice_and_another_time_is_not_hidden() {
    let (mut j, c) = setting();
    let clock = |text| Some(Clock::parse(text).unwrap());
    let days = |clock| PlanWhen::Days { from: KeyDate::StimulationStart, days: 10, clock };
    let of = |j: &Journal| {
        let all = whole_plan(&j.record(c), &Iana);
        all.iter().filter(|(_, p)| p.what.get() == Some(PlanKind::Trigger)).count()
    };
    let id = j.add(item(c, PlanKind::Trigger, days(clock("22:00"))));
    assert_eq!(of(&j), 1);
    j.put(id, item(c, PlanKind::Trigger, days(clock("21:00"))));
    assert_eq!(of(&j), 2, "which of two times holds is not guessed");
    // The one trigger that was given is what became of both.
    j.add(Trigger {
        cycle: c.into(),
        at: moment("2026-05-11T22:05+02:00[Europe/Berlin]").into(),
        ..Trigger::default()
    });
    let found = rows(&j, c, "2026-05-12T12:00+02:00");
    assert_eq!(
        said(&found[..2]),
        expected([("2026-05-11", RowState::Late { minutes: 65 }), ("2026-05-11", RowState::Done)])
    );
}

#[test]
fn a_trigger_after_midnight_is_the_planned_one_and_a_date_that_was_passed_by_stays_not_open() {
    let (mut j, c) = setting();
    let given = j.add(Trigger {
        cycle: c.into(),
        at: moment("2026-05-12T00:30+02:00[Europe/Berlin]").into(),
        ..Trigger::default()
    });
    j.add(Retrieval {
        cycle: c.into(),
        at: moment("2026-05-15T09:00+02:00[Europe/Berlin]").into(),
        ..Retrieval::default()
    });
    let found = rows(&j, c, "2026-05-16T12:00+02:00");
    assert_eq!(
        said(&found),
        expected([
            ("2026-05-11", RowState::Late { minutes: 150 }),
            ("2026-05-15", RowState::Extra),
            ("2026-05-18", RowState::Ahead),
            ("2026-05-30", RowState::Ahead),
        ])
    );
    assert_eq!(found[0].actual, Some(given));
}

#[test]
fn a_trigger_in_the_plan_is_the_planned_trigger_where_no_key_date_is() {
    let mut j = Journal::new();
    let c = j.add(Cycle { stimulation_start: date("2026-05-01").into(), ..Cycle::default() });
    let when = PlanWhen::Days {
        from: KeyDate::StimulationStart,
        days: 10,
        clock: Some(Clock::parse("22:00").unwrap()),
    };
    let id = j.add(item(c, PlanKind::Trigger, when));
    let fixed = |j: &Journal| j.record(c).dates.get(KeyDate::Trigger).cloned();
    let found = fixed(&j).unwrap();
    assert_eq!((found.at, found.certainty), (moment("2026-05-11T22:00"), Certainty::Planned));
    let mut stopped = j.book.get::<PlanItem>(id).unwrap();
    stopped.stopped_from = date("2026-05-08").into();
    j.put(id, stopped);
    assert!(fixed(&j).is_none());
    j.put(id, item(c, PlanKind::Trigger, PlanWhen::Absolute(moment("2026-05-12T21:00+02:00"))));
    let mut cycle = j.book.get::<Cycle>(c).unwrap();
    cycle.planned_trigger = moment(TRIGGER).into();
    j.put(c, cycle);
    assert_eq!(fixed(&j).unwrap().at, moment(TRIGGER), "the key date comes first");
}

#[test]
fn a_trigger_that_is_done_is_an_entry_and_a_dose_once() {
    use keepwell_journal::{
        derive::{BetaWarning, beta_rises, betas, figures, minutes_to_trigger, runway},
        model::{Beta, Medication, Stock, medicine::StockEvent, monitor::TriggerKind},
        remind::triggered,
    };
    let mut j = Journal::new();
    let c = j.add(Cycle { stimulation_start: date("2026-05-01").into(), ..Cycle::default() });
    let pen = j.add(Medication {
        name: "Ovitrelle".to_owned().into(),
        strength: amount("250 µg").into(),
        ..Medication::default()
    });
    j.add(Stock {
        medication: pen.into(),
        event: StockEvent::Received.into(),
        pieces: 2.into(),
        at: moment("2026-05-02").into(),
        ..Stock::default()
    });
    let plan = PlanItem {
        medication: pen.into(),
        amount: amount("250 µg").into(),
        ..item(c, PlanKind::Trigger, PlanWhen::Absolute(moment(TRIGGER)))
    };
    let id = j.add(plan.clone());
    let now = moment("2026-05-11T22:04+02:00[Europe/Berlin]");
    let at = rows(&j, c, TRIGGER)[0].planned.clone().unwrap();
    let medication = j.book.get::<Medication>(pen);
    for _ in 0..2 {
        for (entity, fields) in triggered(&j.record(c), &plan, &at, medication.as_ref(), &now) {
            j.author.write(&mut j.book, j.now, entity, fields);
        }
    }
    let r = j.record(c);
    assert_eq!((r.triggers.len(), r.doses.len()), (1, 1), "two taps are one trigger");
    let (entry, trigger) = &r.triggers[0];
    assert!(trigger.kind.get() == Some(TriggerKind::Hcg) && trigger.drug.known().unwrap() == "Ovitrelle");
    assert_eq!((trigger.plan_item.get(), trigger.dose.get()), (Some(id), Some(r.doses[0].0)));
    let found = rows(&j, c, "2026-05-12T08:00+02:00");
    assert_eq!(said(&found), expected([("2026-05-11", RowState::Done)]));
    assert_eq!(found[0].actual, Some(*entry), "the dose is part of it");
    assert_eq!(minutes_to_trigger(&r.dates, &moment("2026-05-11T23:04+02:00")), Some(-60));
    let stock = runway(&j.book, pen, &[j.record(c)], &moment("2026-05-12T08:00+02:00"), &Iana).unwrap();
    assert!((stock.on_hand.unwrap() - 250.0).abs() < 1e-9 && figures(&r).drugs[0].doses == 1);
    for (day, value) in [("2026-05-23T08:00", "40 IU/L"), ("2026-05-25T08:00", "90 IU/L")] {
        let beta =
            Beta { cycle: c.into(), at: moment(day).into(), value: amount(value).into(), ..Beta::default() };
        j.add(beta);
    }
    let r = j.record(c);
    let rises = beta_rises(&betas(&r));
    assert!(rises[0].warnings.contains(&BetaWarning::NearTrigger { days: 12 }));
}

#[test]
fn a_planned_trigger_that_is_done_names_no_item_and_no_drug() {
    use keepwell_journal::remind::triggered;
    let (mut j, c) = setting();
    let row = rows(&j, c, TRIGGER).remove(0);
    let now = moment("2026-05-12T00:10+02:00[Europe/Berlin]");
    for (entity, fields) in triggered(&j.record(c), &row.item.unwrap(), &row.planned.unwrap(), None, &now) {
        j.author.write(&mut j.book, j.now, entity, fields);
    }
    let r = j.record(c);
    let trigger = &r.triggers[0].1;
    assert!(r.doses.is_empty() && !trigger.plan_item.is_known() && !trigger.kind.is_known());
    assert_eq!(rows(&j, c, "2026-05-12T08:00+02:00")[0].state, RowState::Late { minutes: 130 });
}

#[test]
fn the_name_of_a_drug_says_what_kind_of_trigger_it_is_or_nothing_does() {
    use keepwell_journal::{formulary::trigger_kind, model::monitor::TriggerKind};
    for (name, kind) in [
        ("Ovitrelle 250 µg", Some(TriggerKind::Hcg)),
        ("Choriogonadotropin alfa", Some(TriggerKind::Hcg)),
        ("hCG", Some(TriggerKind::Hcg)),
        ("Decapeptyl", Some(TriggerKind::Agonist)),
        ("Ovitrelle + Decapeptyl", Some(TriggerKind::Dual)),
        ("Trigger", None),
        ("Menopur", None),
    ] {
        assert!(trigger_kind(name) == kind, "{name}");
    }
}

#[test]
fn two_times_for_one_trigger_are_told_until_one_holds() {
    use keepwell_journal::derive::two_triggers;
    let (mut j, c) = setting();
    let told_of = |j: &Journal, c: EntityId, now: &str| two_triggers(&j.record(c), &rows(j, c, now));
    let told = |j: &Journal, now: &str| told_of(j, c, now);
    let now = "2026-05-10T12:00+02:00[Europe/Berlin]";
    assert!(told(&j, now).is_none());
    let by_phone = |at: &str| item(c, PlanKind::Trigger, PlanWhen::Absolute(moment(at)));
    let other = "2026-05-11T23:30+02:00[Europe/Berlin]";
    let id = j.add(by_phone(other));
    let two = told(&j, now).unwrap();
    assert_eq!((two.of_cycle, two.item, two.of_plan), (moment(TRIGGER), id, moment(other)));
    // The cycle says the same by now.
    let cycle: Cycle = j.book.get(c).unwrap();
    j.put(c, Cycle { planned_trigger: moment(other).into(), ..cycle.clone() });
    assert!(told(&j, now).is_none());
    // It was given: nothing is in doubt any more.
    j.put(c, cycle.clone());
    assert!(told(&j, now).is_some());
    j.add(Trigger { cycle: c.into(), plan_item: id.into(), at: moment(other).into(), ..Trigger::default() });
    assert!(told(&j, "2026-05-12T08:00+02:00[Europe/Berlin]").is_none());
    // What is counted from the trigger moves with it.
    let (mut j, c) = setting();
    let later = PlanWhen::Minutes { from: KeyDate::Trigger, minutes: 720 };
    j.add(item(c, PlanKind::Trigger, later));
    assert!(told_of(&j, c, now).is_none());
    // The trigger of the first of two stimulations is another than that of the second.
    let (mut j, c) = setting();
    let by_phone = |at: &str| item(c, PlanKind::Trigger, PlanWhen::Absolute(moment(at)));
    j.put(c, Cycle { second_stimulation_start: date("2026-05-16").into(), ..cycle });
    j.add(by_phone("2026-05-28T22:00+02:00[Europe/Berlin]"));
    assert!(told_of(&j, c, now).is_none());
}

#[test]
fn a_trigger_entered_by_hand_without_a_dose_is_taken_from_the_stock() {
    use keepwell_journal::{
        derive::runway,
        model::{Medication, Stock, medicine::StockEvent},
    };
    let mut j = Journal::new();
    let c = j.add(Cycle { stimulation_start: date("2026-05-01").into(), ..Cycle::default() });
    let pen = j.add(Medication { strength: amount("250 µg").into(), ..Medication::default() });
    j.add(Stock {
        medication: pen.into(),
        event: StockEvent::Received.into(),
        pieces: 2.into(),
        at: moment("2026-05-02").into(),
        ..Stock::default()
    });
    let when = PlanWhen::Absolute(moment(TRIGGER));
    let plan = PlanItem {
        medication: pen.into(),
        amount: amount("250 µg").into(),
        ..item(c, PlanKind::Trigger, when)
    };
    let id = j.add(plan);
    j.add(Trigger {
        cycle: c.into(),
        plan_item: id.into(),
        planned_at: moment(TRIGGER).into(),
        at: moment("2026-05-11T19:55+02:00").into(),
        amount: amount("250 µg").into(),
        ..Trigger::default()
    });
    let stock = runway(&j.book, pen, &[j.record(c)], &moment("2026-05-11T20:00+02:00"), &Iana).unwrap();
    assert!((stock.on_hand.unwrap() - 250.0).abs() < 1e-9 && stock.needed.abs() < 1e-9);
}

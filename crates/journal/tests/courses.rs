//! Courses of treatment gone through step by step: the plan, what rings, and the stock.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_journal::{
    derive::{Certainty, PlanRow, RowState, Runway, plan_rows, runway},
    model::{
        Cycle, Dose, EntityId, KeyDate, Medication, Moment, PlanItem, PlanWhen, Stock, Trigger,
        medicine::{DoseState, StockEvent},
        plan::{PlanKind, Purpose},
    },
};
use kit::{Iana, Journal, amount, clock, daily, date, moment, span, stimulation};

fn at(text: &str) -> Moment {
    moment(&[text, "+02:00[Europe/Berlin]"].concat())
}

/// Gonal-f every day from 1 May on, at one time.
fn gonal(time: &str, dose: &str) -> (Journal, EntityId, EntityId) {
    let mut j = Journal::new();
    let c = stimulation(&mut j);
    let id = j.add(daily(c, "Gonal-f", dose, 0, 20, time));
    (j, c, id)
}

fn given(c: EntityId, dose: &str, when: &str) -> Dose {
    Dose {
        cycle: c.into(),
        drug: "Gonal-f".to_owned().into(),
        at: at(when).into(),
        amount: amount(dose).into(),
        state: DoseState::Given.into(),
        ..Dose::default()
    }
}

fn rows(j: &Journal, c: EntityId, days: [&str; 2], now: &str) -> Vec<PlanRow> {
    plan_rows(&j.record(c), span(days[0], days[1]), &at(now), &Iana)
}

fn states(rows: &[PlanRow]) -> Vec<RowState> {
    rows.iter().map(|r| r.state).collect()
}

#[test]
fn a_dose_that_is_caught_up_in_the_morning_leaves_the_evening_due() {
    let (mut j, c, _) = gonal("21:00", "225 IU");
    j.add(given(c, "225 IU", "2026-05-05T09:30"));
    let found = rows(&j, c, ["2026-05-04", "2026-05-05"], "2026-05-05T10:00");
    assert_eq!(states(&found), [RowState::Late { minutes: 750 }, RowState::Due]);
}

#[test]
fn putting_an_item_on_another_hour_keeps_what_was_taken() {
    let (mut j, c, id) = gonal("20:00", "225 IU");
    for day in ["2026-05-03", "2026-05-04"] {
        let planned = moment(&format!("{day}T20:00"));
        let when = format!("{day}T20:02");
        j.add(Dose { plan_item: id.into(), planned_for: planned.into(), ..given(c, "225 IU", &when) });
    }
    let days = ["2026-05-03", "2026-05-04"];
    let item: PlanItem = j.book.get(id).unwrap();
    let hour = PlanWhen::Days { from: KeyDate::StimulationStart, days: 0, clock: Some(clock("21:00")) };
    j.put(id, PlanItem { when: hour.into(), ..item });
    let found = rows(&j, c, days, "2026-05-04T20:30");
    assert_eq!(states(&found), [RowState::Done, RowState::Done]);
    // A drug that is planned anew takes the doses of the item that is gone.
    j.author.delete(&mut j.book, j.now.plus_seconds(1), keepwell_journal::model::Kind::PlanItem, id);
    j.add(daily(c, "Gonal-f", "225 IU", 0, 20, "21:00"));
    let found = rows(&j, c, days, "2026-05-04T20:30");
    assert_eq!(states(&found), [RowState::Done, RowState::Done]);
}

#[test]
fn what_was_given_of_an_item_silences_none_of_its_other_times() {
    let planned = |text: &str| moment(text);
    let named = |id: EntityId, at: &str, dose: Dose| Dose {
        plan_item: id.into(),
        planned_for: planned(at).into(),
        ..dose
    };
    let put = |j: &mut Journal, id: EntityId, first: &str, more: &[&str]| {
        let item: PlanItem = j.book.get(id).unwrap();
        let when = PlanWhen::Days { from: KeyDate::StimulationStart, days: 0, clock: Some(clock(first)) };
        let also_at = more.iter().map(|t| clock(t)).collect::<Vec<_>>();
        j.put(id, PlanItem { when: when.into(), also_at: also_at.into(), ..item });
    };
    let day = ["2026-05-04", "2026-05-04"];
    // Three times a day becomes twice, after the dose at two.
    let (mut j, c, id) = gonal("08:00", "100 mg");
    put(&mut j, id, "08:00", &["14:00", "22:00"]);
    j.add(named(id, "2026-05-04T14:00", given(c, "100 mg", "2026-05-04T14:05")));
    put(&mut j, id, "08:00", &["22:00"]);
    let found = rows(&j, c, day, "2026-05-04T15:00");
    assert_eq!(states(&found), [RowState::Open, RowState::Extra, RowState::Due]);
    // Twice becomes once, after the morning.
    let (mut j, c, id) = gonal("08:00", "100 mg");
    put(&mut j, id, "08:00", &["20:00"]);
    j.add(named(id, "2026-05-04T08:00", given(c, "100 mg", "2026-05-04T08:05")));
    put(&mut j, id, "20:00", &[]);
    let found = rows(&j, c, day, "2026-05-04T15:00");
    assert_eq!(states(&found), [RowState::Extra, RowState::Due]);
    // After midnight, for the day before; and the hour is another from then on.
    let (mut j, c, id) = gonal("23:00", "225 IU");
    j.add(named(id, "2026-05-04T23:00", given(c, "225 IU", "2026-05-05T00:20")));
    put(&mut j, id, "22:00", &[]);
    let found = rows(&j, c, ["2026-05-04", "2026-05-05"], "2026-05-05T10:00");
    assert_eq!(states(&found), [RowState::Late { minutes: 140 }, RowState::Due]);
    // Left out at eight, and put on ten: it is due.
    let (mut j, c, id) = gonal("20:00", "225 IU");
    let skip = Dose { state: DoseState::Skipped.into(), ..given(c, "225 IU", "2026-05-04T20:00") };
    j.add(named(id, "2026-05-04T20:00", skip));
    put(&mut j, id, "22:00", &[]);
    let found = rows(&j, c, day, "2026-05-04T20:30");
    assert_eq!(states(&found), [RowState::Skipped, RowState::Due]);
    // The morning's item is gone: the evening's is another.
    let (mut j, c, id) = gonal("08:00", "225 IU");
    j.add(daily(c, "Gonal-f", "225 IU", 0, 20, "20:00"));
    j.add(named(id, "2026-05-04T08:00", given(c, "225 IU", "2026-05-04T08:05")));
    j.author.delete(&mut j.book, j.now.plus_seconds(1), keepwell_journal::model::Kind::PlanItem, id);
    let found = rows(&j, c, day, "2026-05-04T15:00");
    assert_eq!(states(&found), [RowState::Extra, RowState::Due]);
    // Of three items of a drug the first is gone: the second is another, too.
    let (mut j, c, id) = gonal("08:00", "225 IU");
    j.add(daily(c, "Gonal-f", "225 IU", 0, 20, "14:00"));
    j.add(named(id, "2026-05-04T08:00", given(c, "225 IU", "2026-05-04T08:05")));
    j.author.delete(&mut j.book, j.now.plus_seconds(1), keepwell_journal::model::Kind::PlanItem, id);
    assert_eq!(states(&rows(&j, c, day, "2026-05-04T12:00")), [RowState::Extra, RowState::Due]);
    // Left out yesterday, and caught up this morning: the evening is due.
    let (mut j, c, id) = gonal("20:00", "225 IU");
    let skip = Dose { state: DoseState::Skipped.into(), ..given(c, "225 IU", "2026-05-03T20:00") };
    j.add(named(id, "2026-05-03T20:00", skip));
    j.add(given(c, "225 IU", "2026-05-04T09:00"));
    let found = rows(&j, c, ["2026-05-03", "2026-05-04"], "2026-05-04T12:00");
    assert_eq!(states(&found), [RowState::Late { minutes: 780 }, RowState::Due]);
}

#[test]
fn pens_of_the_next_morning_and_equal_doses_of_two_items_stay_what_they_are() {
    let (mut j, c, _) = gonal("20:00", "225 IU");
    j.add(given(c, "75 IU", "2026-05-05T08:30"));
    j.add(given(c, "150 IU", "2026-05-05T08:35"));
    let found = rows(&j, c, ["2026-05-04", "2026-05-05"], "2026-05-05T10:00");
    assert_eq!(states(&found), [RowState::Late { minutes: 750 }, RowState::Due]);
    assert!(found[0].given.as_ref().unwrap().is_as_planned);

    let (mut j, c, _) = gonal("14:00", "200 mg");
    j.add(daily(c, "Gonal-f", "400 mg", 0, 20, "22:00"));
    j.add(given(c, "200 mg", "2026-05-04T16:30"));
    j.add(given(c, "200 mg", "2026-05-04T16:50"));
    let found = rows(&j, c, ["2026-05-04", "2026-05-04"], "2026-05-04T17:00");
    assert_eq!(states(&found), [RowState::Late { minutes: 150 }, RowState::Extra, RowState::Due]);
}

#[test]
fn two_pens_are_one_late_dose() {
    let (mut j, c, _) = gonal("20:00", "225 IU");
    j.add(given(c, "75 IU", "2026-05-04T22:30"));
    j.add(given(c, "150 IU", "2026-05-04T22:35"));
    let found = rows(&j, c, ["2026-05-04", "2026-05-04"], "2026-05-04T23:00");
    assert_eq!(states(&found), [RowState::Late { minutes: 150 }]);
    assert!(found[0].given.as_ref().unwrap().is_as_planned);
}

#[test]
fn both_drugs_of_a_trigger_fulfil_what_was_planned_of_each() {
    let mut j = Journal::new();
    let c = stimulation(&mut j);
    let shot = |drug: &str, dose: &str, when: &str| PlanItem {
        cycle: c.into(),
        what: PlanKind::Trigger.into(),
        drug: drug.to_owned().into(),
        amount: amount(dose).into(),
        when: PlanWhen::Absolute(at(when)).into(),
        ..PlanItem::default()
    };
    j.add(shot("Decapeptyl", "0.2 mg", "2026-05-11T20:00"));
    j.add(shot("Ovitrelle", "250 µg", "2026-05-11T22:00"));
    let trigger = Trigger {
        cycle: c.into(),
        drug: "Ovitrelle".to_owned().into(),
        amount: amount("250 µg").into(),
        at: at("2026-05-11T22:00").into(),
        second_drug: "Decapeptyl".to_owned().into(),
        second_amount: amount("0.2 mg").into(),
        ..Trigger::default()
    };
    let id = j.add(trigger.clone());
    let day = ["2026-05-11", "2026-05-11"];
    let found = rows(&j, c, day, "2026-05-11T22:05");
    assert_eq!(states(&found), [RowState::Late { minutes: 120 }, RowState::Done]);
    assert!(found.iter().all(|r| r.given.is_none()), "each its own amount");
    // One alone leaves the other open.
    j.put(id, Trigger { second_drug: keepwell_journal::model::Told::Unknown, ..trigger });
    assert_eq!(states(&rows(&j, c, day, "2026-05-11T22:05")), [RowState::Open, RowState::Done]);
}

#[test]
fn an_injection_entered_as_a_dose_is_the_trigger_that_the_cycle_has() {
    let mut j = Journal::new();
    let planned = at("2026-05-11T22:00");
    let c = j.add(Cycle {
        stimulation_start: date("2026-05-01").into(),
        planned_trigger: planned.into(),
        ..Cycle::default()
    });
    let dose = Dose { drug: "Ovitrelle".to_owned().into(), ..given(c, "250 µg", "2026-05-11T22:03") };
    let id = j.add(dose.clone());
    let seen = |j: &Journal| states(&rows(j, c, ["2026-05-11", "2026-05-11"], "2026-05-11T22:10"));
    assert_eq!(seen(&j), [RowState::Done]);
    // The partner's is none, nor is a small one hours before.
    let (her, him) = (EntityId::from_bytes([21; 16]), EntityId::from_bytes([22; 16]));
    let cycle: Cycle = j.book.get(c).unwrap();
    j.put(c, Cycle { person: her.into(), ..cycle });
    j.put(id, Dose { person: him.into(), ..dose.clone() });
    assert_eq!(seen(&j), [RowState::Due, RowState::Extra]);
    j.put(id, Dose { at: at("2026-05-11T14:00").into(), ..dose.clone() });
    assert_eq!(seen(&j), [RowState::Extra, RowState::Due]);
    let for_it = Dose { purpose: Purpose::Trigger.into(), ..dose.clone() };
    j.put(id, Dose { at: at("2026-05-11T14:00").into(), ..for_it.clone() });
    assert_eq!(seen(&j), [RowState::Extra, RowState::Due]);
    // The plan has it as a dose besides: one injection is both.
    let item = j.add(daily(c, "Ovitrelle", "250 µg", 10, 1, "22:00"));
    let planned = moment("2026-05-11T22:00");
    j.put(id, Dose { plan_item: item.into(), planned_for: planned.into(), ..for_it });
    assert_eq!(seen(&j), [RowState::Done, RowState::Done]);
    j.author.delete(&mut j.book, j.now.plus_seconds(1), keepwell_journal::model::Kind::PlanItem, item);
    // hCG for something else is none.
    j.put(id, Dose { purpose: Purpose::Luteal.into(), ..dose });
    assert_eq!(seen(&j), [RowState::Due, RowState::Extra]);
}

#[test]
fn what_the_plan_says_of_retrieval_and_transfer_dates_what_hangs_on_them() {
    let mut j = Journal::new();
    let c = j.add(Cycle {
        stimulation_start: date("2026-05-01").into(),
        planned_trigger: at("2026-05-11T22:00").into(),
        ..Cycle::default()
    });
    let item = |what: PlanKind, when: PlanWhen| PlanItem {
        cycle: c.into(),
        what: what.into(),
        when: when.into(),
        ..PlanItem::default()
    };
    let days = |from: KeyDate, days: i32| PlanWhen::Days { from, days, clock: Some(clock("08:00")) };
    j.add(item(PlanKind::Retrieval, PlanWhen::Minutes { from: KeyDate::Trigger, minutes: 36 * 60 }));
    j.add(item(PlanKind::Transfer, PlanWhen::Absolute(at("2026-05-18T10:00"))));
    j.add(item(PlanKind::Dose, days(KeyDate::Retrieval, 1)));
    j.add(item(PlanKind::Dose, days(KeyDate::Transfer, -5)));
    let r = j.record(c);
    let retrieval = r.dates.get(KeyDate::Retrieval).unwrap();
    assert_eq!((retrieval.at.date, retrieval.certainty), (date("2026-05-13"), Certainty::Planned));
    assert_eq!(r.dates.date(KeyDate::Transfer), Some(date("2026-05-18")));
    let found = rows(&j, c, ["2026-05-13", "2026-05-14"], "2026-05-10T08:00");
    let doses: Vec<String> = found
        .iter()
        .filter(|row| row.item.as_ref().unwrap().what == PlanKind::Dose.into())
        .map(|row| row.date.to_string())
        .collect();
    assert_eq!(doses, ["2026-05-13", "2026-05-14"]);
    // All is frozen: what is planned for weeks after the retrieval of the plan stands.
    let cycle: Cycle = j.book.get(c).unwrap();
    let later: Moment = at("2026-06-24T10:00");
    j.put(c, Cycle { freeze_all: true.into(), planned_transfer: later.into(), ..cycle.clone() });
    assert_eq!(j.record(c).dates.date(KeyDate::Transfer), Some(date("2026-06-24")));
    // What the cycle says comes first.
    j.put(c, Cycle { planned_transfer: at("2026-05-19T10:00").into(), ..cycle });
    assert_eq!(j.record(c).dates.date(KeyDate::Transfer), Some(date("2026-05-19")));
}

fn entry(of: EntityId, event: StockEvent, pieces: i64, on: &str) -> Stock {
    Stock {
        medication: of.into(),
        event: event.into(),
        pieces: pieces.into(),
        at: moment(on).into(),
        ..Stock::default()
    }
}

fn stock(j: &Journal, c: EntityId, of: EntityId, now: &str) -> Runway {
    runway(&j.book, of, &[j.record(c)], &at(now), &Iana).unwrap()
}

#[test]
fn a_plan_by_name_is_needed_and_a_name_of_two_packs_is_neither_of_them() {
    let (mut j, c, _) = gonal("21:00", "225 IU");
    let pen = |strength: &str| Medication {
        name: "Gonal-f".to_owned().into(),
        strength: amount(strength).into(),
        ..Medication::default()
    };
    let big = j.add(pen("900 IU"));
    j.add(entry(big, StockEvent::Received, 1, "2026-05-01"));
    let seen = stock(&j, c, big, "2026-05-01T08:00");
    // Twenty days of 225 from one pen of 900: enough for four of them.
    assert_eq!((seen.needed, seen.runs_out), (4500.0, Some(date("2026-05-05"))));
    j.add(given(c, "225 IU", "2026-05-01T21:00"));
    assert_eq!(stock(&j, c, big, "2026-05-01T22:00").on_hand, Some(675.0));
    assert_eq!(stock(&j, c, big, "2026-05-01T22:00").uncounted, 0);
    let small = j.add(pen("300 IU"));
    j.add(entry(small, StockEvent::Received, 1, "2026-05-01"));
    assert_eq!(stock(&j, c, small, "2026-05-01T22:00").on_hand, Some(300.0));
    // The dose and the nineteen that are planned may be of either: it is said that they are not counted.
    let seen = stock(&j, c, big, "2026-05-01T22:00");
    assert_eq!((seen.on_hand, seen.needed, seen.uncounted), (Some(900.0), 0.0, 20));
    // From the small pack, for what is planned of the big one: it is that dose all the same.
    let (id, _) = j.record(c).plan.remove(0);
    let item: PlanItem = j.book.get(id).unwrap();
    j.put(id, PlanItem { medication: big.into(), ..item });
    j.add(Dose { medication: small.into(), ..given(c, "225 IU", "2026-05-02T21:00") });
    let found = rows(&j, c, ["2026-05-02", "2026-05-02"], "2026-05-02T22:00");
    assert_eq!(states(&found), [RowState::Done]);
    assert_eq!(stock(&j, c, small, "2026-05-02T22:00").on_hand, Some(75.0));
}

#[test]
fn another_drug_in_the_place_of_the_planned_one_takes_none_of_its_stock() {
    let (mut j, c, id) = gonal("21:00", "225 IU");
    let pen = j.add(Medication {
        name: "Gonal-f".to_owned().into(),
        strength: amount("900 IU").into(),
        ..Medication::default()
    });
    let item: PlanItem = j.book.get(id).unwrap();
    j.put(id, PlanItem { medication: pen.into(), ..item });
    j.add(entry(pen, StockEvent::Received, 1, "2026-05-01"));
    let dose = given(c, "225 IU", "2026-05-01T21:00");
    let planned = moment("2026-05-01T21:00");
    let dose = Dose { plan_item: id.into(), planned_for: planned.into(), ..dose };
    let other = j.add(Dose { drug: "Bemfola".to_owned().into(), ..dose.clone() });
    assert_eq!(stock(&j, c, pen, "2026-05-01T22:00").on_hand, Some(900.0));
    j.put(other, dose);
    assert_eq!(stock(&j, c, pen, "2026-05-01T22:00").on_hand, Some(675.0));
}

#[test]
fn tablets_are_pieces_and_what_was_taken_before_the_first_entry_came_from_elsewhere() {
    let mut j = Journal::new();
    let c = stimulation(&mut j);
    let name = "L-Thyroxin".to_owned();
    let tablets = j.add(Medication {
        name: name.clone().into(),
        strength: amount("75 µg").into(),
        ..Medication::default()
    });
    j.add(daily(c, "L-Thyroxin", "1 tablets", 0, 60, "07:00"));
    for day in ["2026-05-01", "2026-05-02", "2026-05-10", "2026-05-11"] {
        let dose = given(c, "1 tablets", &format!("{day}T07:00"));
        j.add(Dose { drug: name.clone().into(), ..dose });
    }
    j.add(entry(tablets, StockEvent::Received, 10, "2026-05-10"));
    let seen = stock(&j, c, tablets, "2026-05-11T12:00");
    assert_eq!((seen.on_hand, seen.uncounted), (Some(600.0), 0));
    assert_eq!(seen.runs_out, Some(date("2026-05-20")));
}

#[test]
fn what_is_ordered_need_not_be_ordered_again() {
    let (mut j, c, id) = gonal("21:00", "225 IU");
    let pen = j.add(Medication {
        name: "Gonal-f".to_owned().into(),
        strength: amount("900 IU").into(),
        order_days: 2.into(),
        ..Medication::default()
    });
    let item: PlanItem = j.book.get(id).unwrap();
    j.put(id, PlanItem { medication: pen.into(), ..item });
    j.add(entry(pen, StockEvent::Received, 1, "2026-05-01"));
    let seen = stock(&j, c, pen, "2026-05-01T08:00");
    assert_eq!((seen.runs_out, seen.order_by), (Some(date("2026-05-05")), Some(date("2026-05-03"))));
    j.add(entry(pen, StockEvent::Ordered, 2, "2026-05-01"));
    let seen = stock(&j, c, pen, "2026-05-01T08:00");
    assert_eq!((seen.runs_out, seen.order_by), (Some(date("2026-05-05")), Some(date("2026-05-11"))));
    j.add(entry(pen, StockEvent::Ordered, 2, "2026-05-02"));
    assert_eq!(stock(&j, c, pen, "2026-05-02T08:00").order_by, None);
}

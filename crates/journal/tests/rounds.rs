//! Two rounds of stimulation in one cycle (DuoStim), each by itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_domain::measure::Number;
use keepwell_journal::{
    derive::{
        Certainty, DayLabel, Span, day_labels, embryo_cards, figures, growth, minutes_to_trigger,
        occurrences, plan_rows,
    },
    model::{
        Cycle, Embryo, EntityId, KeyDate, PlanItem, PlanWhen, Retrieval, Scan, TextType, Trigger,
        plan::PlanKind,
    },
};
use kit::{Iana, Journal, date, moment};

const SECOND: &str = "2026-05-28T22:00+02:00[Europe/Berlin]";

/// Stimulation from 1 May with a trigger on the 11th, and again from 16 May with one planned for the 28th.
fn setting() -> (Journal, EntityId) {
    let mut j = Journal::new();
    let c = j.add(Cycle {
        stimulation_start: date("2026-05-01").into(),
        second_stimulation_start: date("2026-05-16").into(),
        planned_trigger: moment(SECOND).into(),
        ..Cycle::default()
    });
    trigger(&mut j, c, "2026-05-11T22:00+02:00[Europe/Berlin]");
    retrieval(&mut j, c, "2026-05-13T10:00+02:00[Europe/Berlin]");
    (j, c)
}

fn trigger(j: &mut Journal, c: EntityId, at: &str) {
    j.add(Trigger { cycle: c.into(), at: moment(at).into(), ..Trigger::default() });
}

fn retrieval(j: &mut Journal, c: EntityId, at: &str) -> EntityId {
    j.add(Retrieval { cycle: c.into(), at: moment(at).into(), ..Retrieval::default() })
}

#[test]
fn each_round_has_its_own_days() {
    let (mut j, c) = setting();
    let on = |j: &Journal, d: &str| day_labels(&j.record(c).dates, date(d));
    assert_eq!(on(&j, "2026-05-11"), [DayLabel::DaysToTrigger(0), DayLabel::StimulationDay(11)]);
    assert_eq!(on(&j, "2026-05-14"), [DayLabel::DaysPastRetrieval(1)], "between the rounds");
    assert_eq!(on(&j, "2026-05-16"), [DayLabel::DaysPastRetrieval(3), DayLabel::SecondStimulationDay(1)]);
    assert_eq!(on(&j, "2026-05-27"), [DayLabel::DaysToTrigger(1), DayLabel::SecondStimulationDay(12)]);
    assert_eq!(on(&j, "2026-05-29"), []);
    let dates = j.record(c).dates;
    let planned = dates.get(KeyDate::SecondTrigger).unwrap();
    assert_eq!((planned.at.clone(), planned.certainty), (moment(SECOND), Certainty::Planned));
    let left = |now: &str| minutes_to_trigger(&j.record(c).dates, &moment(now));
    assert_eq!(left("2026-05-12T22:00+02:00"), Some(-24 * 60));
    assert_eq!(left("2026-05-28T20:00+02:00"), Some(120));

    trigger(&mut j, c, "2026-05-29T21:00+02:00[Europe/Berlin]");
    retrieval(&mut j, c, "2026-05-31T09:00+02:00[Europe/Berlin]");
    let dates = j.record(c).dates;
    let days = [KeyDate::Trigger, KeyDate::Retrieval, KeyDate::SecondTrigger, KeyDate::SecondRetrieval];
    let found = days.map(|k| dates.date(k).unwrap().to_string());
    assert_eq!(found, ["2026-05-11", "2026-05-13", "2026-05-29", "2026-05-31"]);
    assert_eq!(on(&j, "2026-06-01"), [DayLabel::DaysPastRetrieval(1)]);
    assert_eq!(figures(&j.record(c)).stimulation_days, Some(11 + 14), "not the days in between");
}

#[test]
fn a_plan_counted_from_the_first_trigger_stays_there() {
    let (j, c) = setting();
    let r = j.record(c);
    let due = |from: KeyDate| {
        let item = PlanItem {
            cycle: c.into(),
            what: PlanKind::Retrieval.into(),
            when: PlanWhen::Minutes { from, minutes: 36 * 60 }.into(),
            ..PlanItem::default()
        };
        let span = Span { from: date("2026-05-01"), to: date("2026-06-30") };
        occurrences(&r, (c, &item), span, &Iana)[0].at.to_text()
    };
    assert_eq!(due(KeyDate::Trigger), "2026-05-13T10:00+02:00[Europe/Berlin]");
    assert_eq!(due(KeyDate::SecondTrigger), "2026-05-30T10:00+02:00[Europe/Berlin]");
    // The second trigger is a row of its own, although the first one was given.
    let span = Span { from: date("2026-05-28"), to: date("2026-05-28") };
    let rows = plan_rows(&r, span, &moment("2026-05-20T10:00+02:00"), &Iana);
    assert_eq!((rows.len(), rows[0].planned.as_ref().unwrap().at.clone()), (1, moment(SECOND)));
}

#[test]
fn scans_grow_within_their_round_and_an_embryo_of_two_retrievals_has_no_guessed_age() {
    let (mut j, c) = setting();
    let scan = |day: &str, mm: &str| Scan {
        cycle: c.into(),
        at: moment(day).into(),
        follicles_left: vec![Number::parse(mm).unwrap()].into(),
        ..Scan::default()
    };
    for (day, mm) in [("2026-05-09", "18"), ("2026-05-20", "8"), ("2026-05-22", "12")] {
        j.add(scan(day, mm));
    }
    let points = growth(&j.record(c));
    let found: Vec<_> = points.iter().map(|p| (p.stimulation_day, p.lead_growth)).collect();
    assert_eq!(found, [(Some(9), None), (Some(5), None), (Some(7), Some(2.0))]);

    let embryo = j.add(Embryo { cycle: c.into(), ..Embryo::default() });
    let zero = |j: &Journal| embryo_cards(&j.record(c), false)[0].fertilised_on;
    assert_eq!(zero(&j), Some(date("2026-05-13")));
    let second = retrieval(&mut j, c, "2026-05-30T10:00+02:00");
    assert_eq!(zero(&j), None);
    j.put(embryo, Embryo { cycle: c.into(), retrieval: second.into(), ..Embryo::default() });
    assert_eq!(zero(&j), Some(date("2026-05-30")));
}

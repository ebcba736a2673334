//! What is counted stops where it stopped, and what is shown as a figure is one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_domain::measure::Comparator;
use keepwell_journal::{
    derive::{DayLabel, FunnelStep, day_labels, figures, funnel, lasts_on, month},
    model::{
        Cycle, Embryo, EmbryoEvent, EntityId, Hormone, HormoneKind, Retrieval, Told, Transfer, Trigger,
        embryo::EventKind, journey::CycleState,
    },
};
use kit::{Iana, Journal, amount, date, moment};

fn names(j: &Journal, cycle: EntityId, on: &str) -> Vec<DayLabel> {
    day_labels(&j.record(cycle).dates, date(on))
}

#[test]
fn a_stimulation_without_a_trigger_ends_with_what_follows_it() {
    let mut j = Journal::new();
    let start = || Cycle { stimulation_start: date("2026-05-03").into(), ..Cycle::default() };
    let iui = j.add(Cycle { insemination: moment("2026-05-14").into(), ..start() });
    assert_eq!(names(&j, iui, "2026-05-13"), [DayLabel::StimulationDay(11)]);
    assert_eq!(names(&j, iui, "2026-05-21"), [DayLabel::DaysPastInsemination(7)]);

    let own = j.add(Cycle { ovulation: date("2026-05-14").into(), ..start() });
    assert_eq!(names(&j, own, "2026-05-16"), [DayLabel::DaysPastOvulation(2)]);

    let ivf = j.add(start());
    j.add(Retrieval { cycle: ivf.into(), at: moment("2026-05-15").into(), ..Retrieval::default() });
    assert_eq!(names(&j, ivf, "2026-05-14"), [DayLabel::StimulationDay(12)]);
    assert_eq!(names(&j, ivf, "2026-05-16"), [DayLabel::DaysPastRetrieval(1)]);
    assert_eq!(names(&j, ivf, "2026-06-16"), []);

    // An ovulation before a stimulation of the luteal phase is not its end.
    let luteal = j.add(Cycle { ovulation: date("2026-04-30").into(), ..start() });
    assert!(names(&j, luteal, "2026-05-05").contains(&DayLabel::StimulationDay(3)));

    // Of one that nobody ended it is not known how long it was.
    let left = j.add(start());
    assert_eq!(names(&j, left, "2026-11-08"), []);
}

#[test]
fn a_second_stimulation_ends_with_its_own_retrieval() {
    let mut j = Journal::new();
    let cycle = j.add(Cycle {
        stimulation_start: date("2026-05-01").into(),
        second_stimulation_start: date("2026-05-16").into(),
        ..Cycle::default()
    });
    for at in ["2026-05-13", "2026-05-30"] {
        j.add(Retrieval { cycle: cycle.into(), at: moment(at).into(), ..Retrieval::default() });
    }
    assert_eq!(names(&j, cycle, "2026-05-15"), [DayLabel::DaysPastRetrieval(2)]);
    assert!(names(&j, cycle, "2026-05-20").contains(&DayLabel::SecondStimulationDay(5)));
    assert_eq!(names(&j, cycle, "2026-05-31"), [DayLabel::DaysPastRetrieval(1)]);
}

#[test]
fn suppression_and_oestrogen_end_before_progesterone_and_the_transfer() {
    let mut j = Journal::new();
    let start = || Cycle {
        suppression_start: date("2026-04-01").into(),
        oestrogen_start: date("2026-04-15").into(),
        ..Cycle::default()
    };
    let fet = j.add(Cycle { progesterone_start: moment("2026-05-06").into(), ..start() });
    j.add(Transfer { cycle: fet.into(), at: moment("2026-05-11").into(), ..Transfer::default() });
    assert_eq!(names(&j, fet, "2026-05-05"), [DayLabel::OestrogenDay(21), DayLabel::SuppressionDay(35)]);
    assert_eq!(names(&j, fet, "2026-05-07"), [DayLabel::ProgesteroneDay(1)]);
    let past = [DayLabel::DaysPastTransfer(9), DayLabel::ProgesteroneDay(14)];
    assert_eq!(names(&j, fet, "2026-05-20"), past);

    let told_little = j.add(start());
    j.add(Transfer { cycle: told_little.into(), at: moment("2026-05-11").into(), ..Transfer::default() });
    assert_eq!(names(&j, told_little, "2026-05-20"), [DayLabel::DaysPastTransfer(9)]);
}

#[test]
fn a_cycle_names_no_day_after_its_end() {
    let mut j = Journal::new();
    let person = EntityId::from_bytes([7; 16]);
    let cycle = |start: &str| Cycle {
        person: person.into(),
        cycle_start: date(start).into(),
        stimulation_start: date(start).into(),
        ..Cycle::default()
    };
    let over = Cycle { state: CycleState::Cancelled.into(), ..cycle("2026-01-01") };
    let cancelled = j.add(Cycle { cancelled_on: date("2026-01-09").into(), ..over.clone() });
    let first = j.add(cycle("2026-03-01"));
    let second = j.add(cycle("2026-04-12"));
    let other = j.add(Cycle { person: EntityId::from_bytes([8; 16]).into(), ..over });
    let all = [cancelled, first, second, other].map(|id| j.record(id));
    let now = moment("2026-04-14T10:00+02:00");
    let named = |day: &str| {
        let lasting = all.iter().filter(|r| lasts_on(r, &all, date(day), now.date));
        lasting.map(|r| r.id.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(named("2026-01-09"), [cancelled, first, second, other]);
    assert_eq!(named("2026-01-10"), [first, second, other]);
    assert_eq!(named("2026-04-11"), [first, second, other], "said to be over, and not since when");
    assert_eq!(named("2026-04-14"), [second]);

    let days = month(&j.book, Some(person), (2026, 4), false, &now, &Iana);
    let today = days.iter().find(|d| d.date == now.date).unwrap();
    assert_eq!(today.labels.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [second]);
}

#[test]
fn a_transfer_counts_where_no_embryo_says_that_it_was_transferred() {
    let mut j = Journal::new();
    let cycle = j.add(Cycle::default());
    let embryo =
        |label: &str| Embryo { cycle: cycle.into(), label: label.to_owned().into(), ..Embryo::default() };
    let (one, _) = (j.add(embryo("1")), j.add(embryo("2")));
    let transferred = |j: &Journal| {
        let steps = funnel(&j.record(cycle));
        let step = steps.into_iter().find(|s| s.step == FunnelStep::Transferred).unwrap();
        (step.count, step.is_counted)
    };
    assert_eq!(transferred(&j), (Told::Known(0), true), "no transfer was entered");
    let transfer = Transfer { cycle: cycle.into(), at: moment("2026-05-11").into(), ..Transfer::default() };
    let id = j.add(transfer.clone());
    assert_eq!(transferred(&j), (Told::Unknown, false));
    j.put(id, Transfer { count: 1.into(), ..transfer });
    assert_eq!(transferred(&j), (Told::Known(1), false));
    j.add(EmbryoEvent {
        embryo: one.into(),
        what: EventKind::Transferred.into(),
        at: moment("2026-05-11").into(),
        ..EmbryoEvent::default()
    });
    assert_eq!(transferred(&j), (Told::Known(1), true));
}

fn measured(j: &mut Journal, cycle: EntityId, kind: HormoneKind, at: &str, value: &str) -> EntityId {
    j.add(Hormone {
        cycle: cycle.into(),
        hormone: kind.into(),
        at: moment(at).into(),
        value: amount(value).into(),
        ..Hormone::default()
    })
}

#[test]
fn the_highest_level_is_a_limit_where_one_may_be_higher() {
    let highest = |values: &[&str]| {
        let mut j = Journal::new();
        let cycle = j.add(Cycle::default());
        for value in values {
            measured(&mut j, cycle, HormoneKind::Estradiol, "2026-05-09", &format!("{value} pg/mL"));
        }
        let level = figures(&j.record(cycle)).peak_e2.unwrap();
        format!("{}{}", level.limit.map_or("", |l| l.as_str()), level.value)
    };
    assert_eq!(highest(&[">4300"]), ">4300");
    assert_eq!(highest(&["1200", ">4300", "4100"]), ">4300");
    assert_eq!(highest(&[">4300", "4500"]), ">=4500", "the one beyond the limit may be higher still");
    assert_eq!(highest(&["<20", "15"]), "<20");
    assert_eq!(highest(&["<20", "20"]), "20");
    assert_eq!(highest(&["<20", "350"]), "350");
}

#[test]
fn progesterone_at_the_trigger_is_of_its_day_or_the_day_before() {
    let mut j = Journal::new();
    let planned = moment("2026-05-12T22:00+02:00");
    let cycle = j.add(Cycle {
        stimulation_start: date("2026-05-02").into(),
        planned_trigger: planned.into(),
        ..Cycle::default()
    });
    let p4 = |j: &Journal| figures(&j.record(cycle)).p4_at_trigger.map(|l| (l.value, l.limit));
    measured(&mut j, cycle, HormoneKind::Progesterone, "2026-05-02", "0.4 ng/mL");
    let last = measured(&mut j, cycle, HormoneKind::Progesterone, "2026-05-11", "<0.9 ng/mL");
    assert_eq!(p4(&j), None, "planned, and not given");
    let at = moment("2026-05-12T22:00+02:00");
    j.add(Trigger { cycle: cycle.into(), at: at.into(), ..Trigger::default() });
    assert_eq!(p4(&j), Some((0.9, Some(Comparator::Lt))));
    let mut early = j.book.get::<Hormone>(last).unwrap();
    early.at = moment("2026-05-10").into();
    j.put(last, early);
    assert_eq!(p4(&j), None);
}

#[test]
fn days_are_counted_to_what_took_place() {
    let mut j = Journal::new();
    let cycle = j.add(Cycle {
        stimulation_start: date("2026-05-01").into(),
        planned_trigger: moment("2026-05-12T22:00+02:00").into(),
        planned_transfer: moment("2026-05-19").into(),
        ..Cycle::default()
    });
    j.add(Retrieval { cycle: cycle.into(), at: moment("2026-05-14").into(), ..Retrieval::default() });
    let days = |j: &Journal| {
        let f = figures(&j.record(cycle));
        (f.stimulation_days, f.transfer_day)
    };
    assert_eq!(days(&j), (None, None));
    let at = moment("2026-05-11T22:00+02:00");
    j.add(Trigger { cycle: cycle.into(), at: at.into(), ..Trigger::default() });
    j.add(Transfer { cycle: cycle.into(), at: moment("2026-05-17").into(), ..Transfer::default() });
    assert_eq!(days(&j), (Some(11), Some(3)));
}

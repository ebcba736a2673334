//! Ordinary cycles, the temperature's rise, the month and the day.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_domain::time::Date;
use keepwell_journal::{
    derive::{
        DayLabel, RowState, days_of, month, ordinary_cycles, own_person, statistics, temperature_shift, today,
    },
    model::{
        Cycle, Day, EntityId, KeyDate, Note, Outcome, PlanItem, PlanWhen, Preferences, Told, Visit,
        diary::{Bleeding, NoteKind, TestKind, TestResult},
        people::VisitState,
        plan::PlanKind,
    },
};
use kit::{Iana, Journal, amount, close, date, moment};

const ME: EntityId = EntityId::from_bytes([9; 16]);

fn plus(d: &str, n: i64) -> Date {
    Date::from_days(date(d).days() + n)
}

fn bleed(j: &mut Journal, day: Date, how: Bleeding) {
    let id = Day::id(ME, day);
    let held = j.book.get::<Day>(id).unwrap_or_default();
    j.put(id, Day { person: ME.into(), date: day.into(), bleeding: how.into(), ..held });
}

fn period(j: &mut Journal, start: &str, days: i64) {
    for n in 0..days {
        bleed(j, plus(start, n), if n == 1 { Bleeding::Heavy } else { Bleeding::Light });
    }
}

#[test]
fn lengths_are_from_first_day_to_first_day_and_the_future_is_a_range() {
    let mut j = Journal::new();
    for (start, days) in
        [("2026-01-01", 5), ("2026-01-29", 4), ("2026-02-28", 5), ("2026-03-26", 6), ("2026-04-24", 5)]
    {
        period(&mut j, start, days);
    }
    let cycles = ordinary_cycles(&days_of(&j.book, Some(ME)));
    assert_eq!(
        cycles.iter().map(|c| c.length).collect::<Vec<_>>(),
        [Some(28), Some(30), Some(26), Some(29), None]
    );
    assert_eq!(cycles.iter().map(|c| c.bleeding_days).collect::<Vec<_>>(), [5, 4, 5, 6, 5]);
    let s = statistics(&cycles).unwrap();
    assert_eq!((s.cycles, s.shortest, s.longest), (4, 26, 30));
    // (28 + 30 + 26 + 29) / 4 = 28.25; squares .0625 + 3.0625 + 5.0625 + .5625 = 8.75; √(8.75/3) = 1.7078.
    close(s.mean, 28.25, 1e-9);
    close(s.median, 28.5, 1e-9);
    close(s.deviation.unwrap(), 1.7078, 1e-4);
    close(s.bleeding_median, 5.0, 1e-9);
    assert_eq!(s.next_between, Some((plus("2026-04-24", 26), plus("2026-04-24", 30))));
}

#[test]
fn spotting_excluded_bleeding_and_bleeding_in_between_begin_no_cycle() {
    let mut j = Journal::new();
    period(&mut j, "2026-01-01", 5);
    bleed(&mut j, date("2026-01-07"), Bleeding::Light);
    bleed(&mut j, date("2026-01-26"), Bleeding::Spotting);
    bleed(&mut j, date("2026-01-27"), Bleeding::None);
    let out = Day {
        person: ME.into(),
        date: date("2026-01-15").into(),
        bleeding: Bleeding::Heavy.into(),
        bleeding_excluded: true.into(),
        ..Day::default()
    };
    j.put(Day::id(ME, date("2026-01-15")), out);
    period(&mut j, "2026-01-29", 4);
    let cycles = ordinary_cycles(&days_of(&j.book, Some(ME)));
    assert_eq!(cycles.len(), 2);
    assert_eq!((cycles[0].length, cycles[0].bleeding_days), (Some(28), 7), "a pause of one day is none");
    assert!(statistics(&cycles).unwrap().next_between.is_none(), "one cycle says nothing of the next");
    assert!(statistics(&cycles[1..]).is_none());
}

#[test]
fn a_gap_of_months_stays_out_of_the_figures() {
    let mut j = Journal::new();
    for start in ["2026-01-01", "2026-01-29", "2026-09-01"] {
        period(&mut j, start, 4);
    }
    let s = statistics(&ordinary_cycles(&days_of(&j.book, Some(ME)))).unwrap();
    assert_eq!((s.cycles, s.longest, s.deviation), (1, 28, None));
}

fn temperatures(values: &[&str]) -> Vec<(Date, EntityId, Day)> {
    let mut j = Journal::new();
    for (n, v) in values.iter().enumerate().filter(|(_, v)| !v.is_empty()) {
        let d = plus("2026-05-01", i64::try_from(n).unwrap());
        let (text, out) = v.strip_suffix('!').map_or((*v, false), |t| (t, true));
        let unit = if text.starts_with('9') { "°F" } else { "°C" };
        let day = Day {
            person: ME.into(),
            date: d.into(),
            temperature: amount(&format!("{text} {unit}")).into(),
            temperature_excluded: out.into(),
            ..Day::default()
        };
        j.put(Day::id(ME, d), day);
    }
    days_of(&j.book, Some(ME))
}

#[test]
fn three_readings_above_the_six_before_are_a_rise_when_the_third_is_two_tenths_higher() {
    // Six low readings with 36.45 as the highest, one left out for fever; then 36.60, 36.60, 36.65.
    let days = temperatures(&[
        "36.40", "36.35", "37.9!", "36.45", "36.40", "36.35", "36.30", "36.60", "36.60", "36.65",
    ]);
    let s = temperature_shift(&days, date("2026-05-01"), None).unwrap();
    assert_eq!(
        (s.first_high, s.complete_on, s.needed_fourth),
        (date("2026-05-08"), date("2026-05-10"), false)
    );
    close(s.cover_line, 36.45, 1e-9);
}

#[test]
fn a_third_reading_that_is_too_low_needs_a_fourth() {
    let low = ["36.40", "36.35", "36.45", "36.40", "36.35", "36.30"];
    let with = |high: &[&str]| {
        let all: Vec<&str> = low.iter().chain(high).copied().collect();
        temperature_shift(&temperatures(&all), date("2026-05-01"), None)
    };
    assert!(with(&["36.55", "36.55", "36.60"]).is_none());
    let s = with(&["36.55", "36.55", "36.60", "36.50"]).unwrap();
    assert!(s.needed_fourth && s.complete_on == date("2026-05-10"));
    assert!(with(&["36.55", "36.40", "36.60"]).is_none(), "one back below the line");
    // 97.9 °F is 36.6111 °C, to the twentieth 36.60.
    let f = with(&["97.9", "97.9", "98.1"]).unwrap();
    assert_eq!(f.first_high, date("2026-05-07"));
}

#[test]
fn days_stay_where_they_are_when_it_is_said_whose_journal_it_is() {
    let mut j = Journal::new();
    let day = |person: Option<EntityId>, d: &str| Day {
        person: person.map_or(Told::Unknown, Told::Known),
        date: date(d).into(),
        bleeding: Bleeding::Light.into(),
        ..Day::default()
    };
    j.put(Day::id(own_person(), date("2026-05-01")), day(Some(own_person()), "2026-05-01"));
    j.add(day(None, "2026-05-02"));
    let other = EntityId::from_bytes([7; 16]);
    j.put(Day::id(other, date("2026-05-04")), day(Some(other), "2026-05-04"));
    j.put(Preferences::id(), Preferences { person: ME.into(), ..Preferences::default() });
    j.put(Day::id(ME, date("2026-05-03")), day(Some(ME), "2026-05-03"));
    let of = |person| days_of(&j.book, Some(person)).iter().map(|d| d.0.day()).collect::<Vec<_>>();
    assert_eq!((of(own_person()), of(ME), of(other)), (vec![1, 2, 3], vec![1, 2, 3], vec![4]));
}

#[test]
fn two_devices_write_one_day() {
    let mut j = Journal::new();
    bleed(&mut j, date("2026-05-01"), Bleeding::Light);
    bleed(&mut j, date("2026-05-01"), Bleeding::Medium);
    assert_eq!(j.book.all::<Day>().count(), 1);
    assert_ne!(Day::id(ME, date("2026-05-01")), Day::id(ME, date("2026-05-02")));
}

fn running(j: &mut Journal) -> EntityId {
    let cycle = j.add(Cycle {
        person: ME.into(),
        cycle_start: date("2026-05-01").into(),
        stimulation_start: date("2026-05-02").into(),
        ..Cycle::default()
    });
    j.add(PlanItem {
        cycle: cycle.into(),
        what: PlanKind::Dose.into(),
        when: PlanWhen::Days {
            from: KeyDate::StimulationStart,
            days: 0,
            clock: Some(keepwell_journal::model::Clock::parse("21:00").unwrap()),
        }
        .into(),
        every_days: 1.into(),
        for_days: 10.into(),
        drug: "Gonal-F".to_owned().into(),
        ..PlanItem::default()
    });
    cycle
}

#[test]
fn a_month_has_whole_weeks_with_labels_plan_and_diary() {
    let mut j = Journal::new();
    let cycle = running(&mut j);
    bleed(&mut j, date("2026-05-01"), Bleeding::Medium);
    j.add(Note { at: moment("2026-05-03T10:00+02:00").into(), ..Note::default() });
    let now = moment("2026-05-03T12:00+02:00[Europe/Berlin]");
    let days = month(&j.book, Some(ME), (2026, 5), false, &now, &Iana);
    // 1 May 2026 is a Friday, the 31st a Sunday: five weeks from Monday 27 April.
    assert_eq!((days.len(), days[0].date, days[34].date), (35, date("2026-04-27"), date("2026-05-31")));
    assert!(!days[0].in_month && days[4].in_month);
    assert_eq!(days[4].bleeding, Some(Bleeding::Medium));
    assert_eq!(days[5].labels, [(cycle, vec![DayLabel::StimulationDay(1), DayLabel::CycleDay(2)])]);
    assert_eq!(days[5].rows[0].1.state, RowState::Open);
    assert_eq!((days[6].rows[0].1.state, days[7].rows[0].1.state), (RowState::Due, RowState::Ahead));
    assert_eq!(days[6].notes.len(), 1);
    let from_sunday = month(&j.book, Some(ME), (2026, 5), true, &now, &Iana);
    assert_eq!((from_sunday.len(), from_sunday[0].date), (42, date("2026-04-26")));
    assert!(month(&j.book, None, (2026, 13), false, &now, &Iana).is_empty());
}

#[test]
fn a_month_has_tests_and_moods_but_no_tests_of_a_quiet_cycle_or_of_others() {
    use keepwell_journal::model::{HomeTest, Mood};
    let mut j = Journal::new();
    let cycle = running(&mut j);
    let test = |cycle: Told<EntityId>, kind: TestKind, result: TestResult, at: &str| HomeTest {
        cycle,
        person: ME.into(),
        kind: kind.into(),
        result: result.into(),
        at: moment(at).into(),
        ..HomeTest::default()
    };
    j.add(test(Told::Unknown, TestKind::Lh, TestResult::Peak, "2026-05-03T18:00+02:00"));
    j.add(test(Told::Unknown, TestKind::Lh, TestResult::Negative, "2026-05-03T08:00+02:00"));
    j.add(test(cycle.into(), TestKind::Hcg, TestResult::Negative, "2026-05-20"));
    let other = EntityId::random([8; 16]);
    j.add(HomeTest {
        person: other.into(),
        ..test(Told::Unknown, TestKind::Lh, TestResult::Peak, "2026-05-04")
    });
    j.add(Mood { person: ME.into(), at: moment("2026-05-03").into(), score: (-1).into(), ..Mood::default() });
    let now = moment("2026-05-03T12:00+02:00");
    let look = |j: &Journal| month(&j.book, Some(ME), (2026, 5), false, &now, &Iana);
    let days = look(&j);
    assert_eq!(days[6].tests, [(TestKind::Lh, TestResult::Negative), (TestKind::Lh, TestResult::Peak)]);
    assert_eq!((days[6].moods.as_slice(), days[7].tests.len()), (&[Some(-1)][..], 0));
    assert_eq!(days[23].tests, [(TestKind::Hcg, TestResult::Negative)]);
    j.add(Outcome { cycle: cycle.into(), quiet: true.into(), ..Outcome::default() });
    assert!(look(&j)[23].tests.is_empty());
}

#[test]
fn labels_of_a_cycle_end_where_the_next_begins() {
    let mut j = Journal::new();
    let first = running(&mut j);
    let second =
        j.add(Cycle { person: ME.into(), cycle_start: date("2026-05-29").into(), ..Cycle::default() });
    let now = moment("2026-05-03T12:00+02:00");
    let days = month(&j.book, Some(ME), (2026, 5), false, &now, &Iana);
    let on = |d: &str| {
        days.iter().find(|x| x.date == date(d)).unwrap().labels.iter().map(|l| l.0).collect::<Vec<_>>()
    };
    assert_eq!((on("2026-05-28"), on("2026-05-29")), (vec![first], vec![second]));
}

#[test]
fn today_shows_what_is_due_what_is_left_and_what_comes() {
    let mut j = Journal::new();
    let cycle = running(&mut j);
    let visit = |state: VisitState, at: &str| Visit {
        state: state.into(),
        at: moment(at).into(),
        ..Visit::default()
    };
    j.add(visit(VisitState::Cancelled, "2026-05-03T13:00+02:00"));
    j.add(visit(VisitState::Planned, "2026-05-03T09:00+02:00"));
    let next = j.add(visit(VisitState::Planned, "2026-05-05T09:00+02:00"));
    let question =
        |done: bool| Note { kind: NoteKind::Question.into(), done: done.into(), ..Note::default() };
    let open = j.add(question(false));
    j.add(question(true));
    let now = moment("2026-05-03T12:00+02:00[Europe/Berlin]");
    let t = today(&j.book, &now, &Iana);
    assert_eq!(t.labels[0].1[0], DayLabel::StimulationDay(2));
    let due: Vec<_> = t.due.iter().map(|(_, r)| (r.date.to_string(), r.state)).collect();
    assert_eq!(due, [("2026-05-02".to_owned(), RowState::Open), ("2026-05-03".to_owned(), RowState::Due)]);
    assert_eq!(t.next.len(), 8);
    assert_eq!(t.visit.as_ref().unwrap().0, next);
    assert_eq!(t.questions, [open]);
    let on_top = |at: &str, done: bool, cycle: Told<EntityId>| Note {
        pinned: true.into(),
        at: moment(at).into(),
        done: done.into(),
        cycle,
        ..Note::default()
    };
    let older = j.add(on_top("2026-05-01", false, Told::Unknown));
    let newer = j.add(on_top("2026-05-02", false, cycle.into()));
    j.add(on_top("2026-05-02", true, Told::Unknown));
    let first = j.add(Note { kind: NoteKind::Question.into(), ..on_top("2026-05-02", false, Told::Unknown) });
    let t = today(&j.book, &now, &Iana);
    assert_eq!((t.pinned, t.questions), (vec![newer, older], vec![first, open]));
    j.add(Outcome { cycle: cycle.into(), quiet: true.into(), ..Outcome::default() });
    let t = today(&j.book, &now, &Iana);
    assert!(t.due.is_empty() && t.next.is_empty() && t.labels.is_empty());
    assert_eq!((t.quiet, t.pinned), (vec![cycle], vec![older]));
}

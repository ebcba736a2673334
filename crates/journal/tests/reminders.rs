//! Reminders across zones and nights, and calendar files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_domain::time::Ts;
use keepwell_journal::{
    derive::{Span, plan_place},
    model::{
        Clock, Cycle, EntityId, KeyDate, Outcome, PlanItem, PlanWhen, Preferences, TextType,
        medicine::DoseState, plan::PlanKind,
    },
    remind::{
        Reminder, Stage, Wishes,
        ics::{Event, calendar, plan_events},
        reminders, skipped, snoozed, taken,
    },
};
use kit::{Iana, Journal, amount, date, moment, ts, zone};
use proptest::prelude::*;

fn clock(text: &str) -> Clock {
    Clock::parse(text).unwrap()
}

fn setting(what: PlanKind, when: PlanWhen) -> (Journal, EntityId, EntityId) {
    let mut j = Journal::new();
    let c = j.add(Cycle { stimulation_start: date("2026-03-25").into(), ..Cycle::default() });
    let item = j.add(PlanItem {
        cycle: c.into(),
        what: what.into(),
        when: when.into(),
        drug: "Ovitrelle".to_owned().into(),
        amount: amount("250 µg").into(),
        ..PlanItem::default()
    });
    (j, c, item)
}

fn wishes() -> Wishes {
    Wishes::of(&Preferences::default())
}

fn list(j: &Journal, c: EntityId, w: &Wishes, now: &str, place: &str) -> Vec<Reminder> {
    reminders(&j.record(c), w, (ts(now), &zone(place)), 7, &Iana)
}

fn at(r: &[Reminder]) -> Vec<(Stage, String)> {
    r.iter().map(|x| (x.stage, x.at.rfc3339())).collect()
}

#[test]
fn a_trigger_rings_before_on_the_minute_and_again_also_when_the_clocks_change() {
    let trigger = moment("2026-03-29T03:30+02:00[Europe/Berlin]");
    let (j, c, _) = setting(PlanKind::Trigger, PlanWhen::Absolute(trigger));
    let found = list(&j, c, &wishes(), "2026-03-28T12:00+01:00", "Europe/Berlin");
    assert_eq!(
        at(&found),
        [
            (Stage::Warning, "2026-03-29T01:00:00Z".to_owned()),
            (Stage::Due, "2026-03-29T01:30:00Z".to_owned()),
            (Stage::Again, "2026-03-29T01:40:00Z".to_owned()),
        ]
    );
    // The same instants after a flight, whatever the clocks there show.
    let there = list(&j, c, &wishes(), "2026-03-28T12:00+01:00", "America/New_York");
    assert_eq!(at(&there), at(&found));
    assert!(found.iter().zip(&there).all(|(a, b)| a.id == b.id), "the same tags on both devices");
}

#[test]
fn a_daily_dose_follows_the_clock_on_the_wall() {
    let when = PlanWhen::Days { from: KeyDate::StimulationStart, days: 4, clock: Some(clock("21:30")) };
    let (j, c, _) = setting(PlanKind::Dose, when);
    let in_berlin = list(&j, c, &wishes(), "2026-03-28T12:00+01:00", "Europe/Berlin");
    assert_eq!(at(&in_berlin), [(Stage::Due, "2026-03-29T19:30:00Z".to_owned())]);
    let in_tokyo = list(&j, c, &wishes(), "2026-03-28T12:00+01:00", "Asia/Tokyo");
    assert_eq!(at(&in_tokyo), [(Stage::Due, "2026-03-29T12:30:00Z".to_owned())]);
}

#[test]
fn a_dose_at_a_time_that_is_skipped_rings_an_hour_later_and_not_never() {
    let when = PlanWhen::Days { from: KeyDate::StimulationStart, days: 4, clock: Some(clock("02:30")) };
    let (j, c, _) = setting(PlanKind::Dose, when);
    let found = list(&j, c, &wishes(), "2026-03-28T12:00+01:00", "Europe/Berlin");
    assert_eq!(at(&found), [(Stage::Due, "2026-03-29T01:30:00Z".to_owned())]);
}

#[test]
fn quiet_hours_move_what_can_wait_and_let_through_what_cannot() {
    let night = Preferences {
        quiet_from: clock("22:00").into(),
        quiet_until: clock("07:00").into(),
        ..Preferences::default()
    };
    let when = PlanWhen::Days { from: KeyDate::StimulationStart, days: 4, clock: Some(clock("23:00")) };
    let (j, c, item) = setting(PlanKind::Dose, when);
    let now = "2026-03-29T12:00+02:00";
    let found = list(&j, c, &Wishes::of(&night), now, "Europe/Berlin");
    assert_eq!(at(&found), [(Stage::Due, "2026-03-30T05:00:00Z".to_owned())]);
    assert!(found[0].moved);
    let mut j = j;
    let mut p = j.book.get::<PlanItem>(item).unwrap();
    p.critical = true.into();
    j.put(item, p);
    let found = list(&j, c, &Wishes::of(&night), now, "Europe/Berlin");
    assert_eq!(found.iter().map(|r| r.stage).collect::<Vec<_>>(), [Stage::Warning, Stage::Due, Stage::Again]);
    assert_eq!(found[1].at.rfc3339(), "2026-03-29T21:00:00Z");
    let strict = Preferences { quiet_breaks_for_critical: false.into(), ..night };
    let found = list(&j, c, &Wishes::of(&strict), now, "Europe/Berlin");
    assert!(found.iter().all(|r| r.stage != Stage::Warning && r.at >= ts("2026-03-30T07:00+02:00")));
}

#[test]
fn quiet_hours_end_by_the_clock_on_the_wall_when_it_is_changed_in_the_night() {
    let night = Preferences {
        quiet_from: clock("22:00").into(),
        quiet_until: clock("07:00").into(),
        ..Preferences::default()
    };
    let when = PlanWhen::Days { from: KeyDate::StimulationStart, days: 3, clock: Some(clock("23:00")) };
    let (j, c, _) = setting(PlanKind::Dose, when);
    // The clocks go forward at 02:00 of the 29th.
    let found = list(&j, c, &Wishes::of(&night), "2026-03-28T12:00+01:00", "Europe/Berlin");
    assert_eq!(at(&found), [(Stage::Due, "2026-03-29T05:00:00Z".to_owned())]);
    let autumn = PlanWhen::Absolute(moment("2026-10-24T23:00"));
    let (j, c, _) = setting(PlanKind::Dose, autumn);
    let found = list(&j, c, &Wishes::of(&night), "2026-10-24T12:00+02:00", "Europe/Berlin");
    assert_eq!(at(&found), [(Stage::Due, "2026-10-25T06:00:00Z".to_owned())]);
}

#[test]
fn nothing_rings_of_a_cycle_that_is_over() {
    let when = PlanWhen::Days { from: KeyDate::StimulationStart, days: 4, clock: Some(clock("21:30")) };
    let (mut j, c, _) = setting(PlanKind::Dose, when);
    let rings = |j: &Journal| list(j, c, &wishes(), "2026-03-29T12:00+02:00", "Europe/Berlin").len();
    assert_eq!(rings(&j), 1);
    for ended in ["2026-03-29", "2026-03-28"] {
        let mut cycle = j.book.get::<Cycle>(c).unwrap();
        cycle.cancelled_on = date(ended).into();
        j.put(c, cycle);
        assert_eq!(rings(&j), usize::from(ended == "2026-03-29"), "{ended}");
    }
}

#[test]
fn taken_left_out_and_later_silence_a_reminder_on_every_device() {
    let when = PlanWhen::Days { from: KeyDate::StimulationStart, days: 4, clock: Some(clock("21:30")) };
    let (mut j, c, _) = setting(PlanKind::Dose, when);
    let before = "2026-03-29T12:00+02:00";
    let first = list(&j, c, &wishes(), before, "Europe/Berlin").remove(0);
    let now = moment("2026-03-29T21:31+02:00[Europe/Berlin]");
    let (id, mark) = snoozed(&first.occurrence, &now, moment("2026-03-29T21:45+02:00[Europe/Berlin]"));
    j.put(id, mark);
    let later = list(&j, c, &wishes(), "2026-03-29T21:32+02:00", "Europe/Berlin");
    assert_eq!(at(&later), [(Stage::Due, "2026-03-29T19:45:00Z".to_owned())]);
    let (id, dose) = taken(&first.item, &first.occurrence, &now);
    let again = taken(&first.item, &first.occurrence, &now).0;
    assert_eq!(id, again, "two taps are one dose");
    assert_eq!(dose.amount.known().unwrap().to_text(), "250 µg");
    j.put(id, dose);
    assert!(list(&j, c, &wishes(), before, "Europe/Berlin").is_empty());
    let left_out = skipped(&first.item, &first.occurrence, &now).1;
    assert!(left_out.state.get() == Some(DoseState::Skipped) && !left_out.amount.is_known());
}

#[test]
fn a_warning_that_is_put_off_warns_again_and_the_reminder_itself_stays() {
    let trigger = PlanWhen::Absolute(moment("2026-03-29T21:30+02:00[Europe/Berlin]"));
    let (mut j, c, _) = setting(PlanKind::Trigger, trigger);
    let first = list(&j, c, &wishes(), "2026-03-29T12:00+02:00", "Europe/Berlin").remove(0);
    let mut later = |tapped: &str, until: &str| {
        let (id, mark) = snoozed(&first.occurrence, &moment(tapped), moment(until));
        j.put(id, mark);
        at(&list(&j, c, &wishes(), tapped, "Europe/Berlin"))
    };
    let warned = later("2026-03-29T21:00+02:00", "2026-03-29T21:10+02:00");
    assert_eq!(
        warned,
        [
            (Stage::Warning, "2026-03-29T19:10:00Z".to_owned()),
            (Stage::Due, "2026-03-29T19:30:00Z".to_owned()),
            (Stage::Again, "2026-03-29T19:40:00Z".to_owned()),
        ]
    );
    // Shortly before the minute, the minute stays what it is.
    let close = later("2026-03-29T21:25+02:00", "2026-03-29T21:35+02:00");
    assert_eq!(
        close,
        [(Stage::Due, "2026-03-29T19:30:00Z".to_owned()), (Stage::Again, "2026-03-29T19:40:00Z".to_owned())]
    );
    let due = later("2026-03-29T21:31+02:00", "2026-03-29T21:41+02:00");
    assert_eq!(
        due,
        [(Stage::Due, "2026-03-29T19:41:00Z".to_owned()), (Stage::Again, "2026-03-29T19:51:00Z".to_owned())]
    );
}

#[test]
fn nothing_rings_after_a_loss_that_asks_for_quiet() {
    let when = PlanWhen::Days { from: KeyDate::StimulationStart, days: 4, clock: Some(clock("21:30")) };
    let (mut j, c, _) = setting(PlanKind::Dose, when);
    assert_eq!(list(&j, c, &wishes(), "2026-03-29T12:00+02:00", "Europe/Berlin").len(), 1);
    j.add(Outcome {
        cycle: c.into(),
        on: date("2026-03-28").into(),
        quiet: true.into(),
        ..Outcome::default()
    });
    assert!(list(&j, c, &wishes(), "2026-03-29T12:00+02:00", "Europe/Berlin").is_empty());
}

#[test]
fn an_appointment_of_a_quiet_cycle_or_a_cancelled_one_is_neither_next_nor_in_the_calendar() {
    use keepwell_journal::{
        derive::{planned_visits, running, today},
        model::{Visit, people::VisitState},
    };
    let mut j = Journal::new();
    let c = j.add(Cycle { stimulation_start: date("2026-03-25").into(), ..Cycle::default() });
    let now = moment("2026-03-29T12:00+02:00[Europe/Berlin]");
    let visit = |day: &str, state: VisitState| Visit {
        cycle: c.into(),
        at: moment(day).into(),
        state: state.into(),
        ..Visit::default()
    };
    j.add(visit("2026-03-30T09:00", VisitState::Cancelled));
    let kept = j.add(visit("2026-03-31T09:00", VisitState::Planned));
    let listed = |j: &Journal| planned_visits(&j.book).iter().map(|(id, _)| *id).collect::<Vec<_>>();
    let next = |j: &Journal| today(&j.book, &now, &Iana).visit.map(|(id, _)| id);
    assert_eq!((listed(&j), next(&j), running(&j.book, now.date).len()), (vec![kept], Some(kept), 1));
    let outcome =
        Outcome { cycle: c.into(), on: date("2026-03-28").into(), quiet: true.into(), ..Outcome::default() };
    j.add(outcome);
    assert_eq!((listed(&j), next(&j), running(&j.book, now.date).len()), (vec![], None, 0));
    let own = j.add(Visit { at: moment("2026-04-02T09:00").into(), ..Visit::default() });
    assert_eq!(listed(&j), [own], "one of no cycle stays");
}

#[test]
fn the_calendar_rings_before_as_the_reminders_do() {
    let trigger = PlanWhen::Absolute(moment("2026-03-29T21:30+02:00[Europe/Berlin]"));
    let (mut j, c, item) = setting(PlanKind::Trigger, trigger);
    let mut alarms = |change: &dyn Fn(&mut PlanItem)| {
        let mut p = j.book.get::<PlanItem>(item).unwrap();
        change(&mut p);
        j.put(item, p.clone());
        let found = list(&j, c, &wishes(), "2026-03-29T12:00+02:00", "Europe/Berlin");
        let due = found.iter().find(|r| r.stage == Stage::Due).unwrap();
        let rings = found.iter().filter(|r| r.stage != Stage::Again);
        let before: Vec<i64> = rings.map(|r| (due.at.0 - r.at.0) / 60_000_000).collect();
        let place = plan_place(&j.record(c), &p, &due.occurrence, &Iana);
        let event = Event::of_occurrence((&due.occurrence, place), &p, String::new(), wishes().before);
        assert_eq!(event.alarms, before);
        event.alarms
    };
    assert_eq!(alarms(&|_| {}), [30, 0], "a trigger is critical without being ticked");
    assert_eq!(alarms(&|p| p.remind_before = 90.into()), [90, 0]);
    assert_eq!(alarms(&|p| (p.critical, p.remind_before) = (false.into(), 0.into())), [0]);
}

/// The events of a cycle's plan: which, when, and whether cancelled.
fn planned(j: &Journal, c: EntityId) -> Vec<(EntityId, String, bool)> {
    let span = Span { from: date("2026-03-25"), to: date("2026-04-24") };
    let events = plan_events(&j.record(c), span, 30, &Iana, |_| "x".to_owned());
    events.into_iter().map(|e| (e.id, e.at.to_text(), e.is_cancelled)).collect()
}

#[test]
fn a_time_that_was_moved_changes_the_event_and_makes_no_second_one() {
    let (mut j, c, item) =
        setting(PlanKind::Trigger, PlanWhen::Absolute(moment("2026-03-29T21:30+02:00[Europe/Berlin]")));
    let before = planned(&j, c);
    for moved in ["2026-03-29T23:00+02:00[Europe/Berlin]", "2026-03-30T23:00+02:00[Europe/Berlin]"] {
        let mut p = j.book.get::<PlanItem>(item).unwrap();
        p.when = PlanWhen::Absolute(moment(moved)).into();
        j.put(item, p);
        assert_eq!(planned(&j, c), [(before[0].0, moved.to_owned(), false)]);
    }
}

#[test]
fn a_dose_of_several_days_keeps_its_events_when_its_hours_change() {
    let when = |at: &str| PlanWhen::Days { from: KeyDate::StimulationStart, days: 1, clock: Some(clock(at)) };
    let (mut j, c, item) = setting(PlanKind::Dose, when("21:30"));
    let mut daily = |at: &str, also: &str| {
        let mut p = j.book.get::<PlanItem>(item).unwrap();
        (p.when, p.also_at) = (when(at).into(), vec![clock(also)].into());
        (p.every_days, p.for_days) = (1.into(), 3.into());
        j.put(item, p);
        planned(&j, c)
    };
    let (old, new) = (daily("08:00", "20:00"), daily("07:00", "19:30"));
    let ids = |all: &[(EntityId, String, bool)]| all.iter().map(|e| e.0).collect::<Vec<_>>();
    assert_eq!((old.len(), ids(&old)), (6, ids(&new)));
    assert!(old.iter().zip(&new).all(|(a, b)| a.1 != b.1));
    let mut several = ids(&old);
    several.sort_unstable();
    several.dedup();
    assert_eq!(several.len(), 6);
}

#[test]
fn what_takes_the_place_of_an_item_takes_that_of_its_events_and_what_was_dropped_is_cancelled() {
    let when = PlanWhen::Days { from: KeyDate::StimulationStart, days: 1, clock: Some(clock("21:00")) };
    let (mut j, c, item) = setting(PlanKind::Dose, when);
    let mut old = j.book.get::<PlanItem>(item).unwrap();
    (old.every_days, old.for_days) = (1.into(), 4.into());
    j.put(item, old.clone());
    let before = planned(&j, c);
    assert_eq!(before.len(), 4);
    old.stopped_from = date("2026-03-28").into();
    j.put(item, old.clone());
    let stopped = planned(&j, c);
    let is_cancelled: Vec<bool> = stopped.iter().map(|e| e.2).collect();
    assert_eq!(is_cancelled, [false, false, true, true]);
    assert!(stopped.iter().zip(&before).all(|(a, b)| (a.0, &a.1) == (b.0, &b.1)));
    // From then on later, and a day less.
    j.add(PlanItem {
        when: PlanWhen::Absolute(moment("2026-03-28T23:00")).into(),
        for_days: 1.into(),
        stopped_from: keepwell_journal::model::Told::Unknown,
        replaces: item.into(),
        ..old
    });
    let mut after = planned(&j, c);
    after.sort_by(|a, b| a.1.cmp(&b.1));
    let ids = |all: &[(EntityId, String, bool)]| all.iter().map(|e| e.0).collect::<Vec<_>>();
    assert_eq!(ids(&after), ids(&before));
    assert_eq!((after[2].1.as_str(), after[2].2), ("2026-03-28T23:00", false));
    assert_eq!((after[3].1.as_str(), after[3].2), ("2026-03-29T21:00", true));
}

#[test]
fn two_items_in_the_place_of_one_are_two_events() {
    let at = |text: &str| PlanWhen::Absolute(moment(text));
    let (mut j, c, item) = setting(PlanKind::Dose, at("2026-03-29T21:00"));
    let mut old = j.book.get::<PlanItem>(item).unwrap();
    old.stopped_from = date("2026-03-29").into();
    j.put(item, old.clone());
    for text in ["2026-03-29T22:00", "2026-03-29T23:00"] {
        let new = PlanItem { cycle: c.into(), when: at(text).into(), ..PlanItem::default() };
        j.add(PlanItem { replaces: item.into(), ..new });
    }
    let found = planned(&j, c);
    assert!(found.len() == 2 && found[0].0 != found[1].0 && found.iter().all(|e| !e.2), "{found:?}");
}

#[test]
fn a_newer_file_outdoes_an_older_one_and_says_what_is_cancelled() {
    let lines = |e: Event, now: Ts| unfolded(&calendar(&[e], now, None));
    let sequence = |now: Ts| -> i64 {
        let all = lines(event("2026-03-29T21:30", "x"), now);
        all.iter().find_map(|l| l.strip_prefix("SEQUENCE:")).unwrap().parse().unwrap()
    };
    assert!(sequence(NOW.plus_seconds(60)) > sequence(NOW) && sequence(NOW) < i64::from(i32::MAX));
    let cancelled = Event { is_cancelled: true, ..event("2026-03-29T21:30", "x") };
    assert!(lines(cancelled, NOW).contains(&"STATUS:CANCELLED".to_owned()));
    assert!(!lines(event("2026-03-29T21:30", "x"), NOW).iter().any(|l| l.starts_with("STATUS")));
}

fn event(at: &str, title: &str) -> Event {
    Event {
        id: EntityId::from_bytes([7; 16]),
        at: moment(at),
        minutes: 15,
        alarms: vec![30, 0],
        title: title.to_owned(),
        description: "bring; the, letter\nand \\ this".to_owned(),
        place: "Clinic".to_owned(),
        is_cancelled: false,
    }
}

const NOW: Ts = Ts(1_774_000_000_000_000);

/// Lines put together again (RFC 5545, 3.1).
fn unfolded(text: &str) -> Vec<String> {
    text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

#[test]
fn a_calendar_writes_wall_times_floating_instants_in_utc_and_days_as_dates() {
    let start = |at: &str| {
        let text = calendar(&[event(at, "x")], NOW, None);
        unfolded(&text).into_iter().find(|l| l.starts_with("DTSTART")).unwrap()
    };
    assert_eq!(start("2026-03-29T21:30"), "DTSTART:20260329T213000");
    assert_eq!(start("2026-03-29T21:30+02:00[Europe/Berlin]"), "DTSTART:20260329T193000Z");
    assert_eq!(start("2026-03-29"), "DTSTART;VALUE=DATE:20260329");
}

#[test]
fn a_day_without_a_time_rings_in_the_morning_of_that_day_and_not_at_midnight() {
    use keepwell_journal::model::Visit;
    let triggers = |e: Event| -> Vec<String> {
        let lines = unfolded(&calendar(&[e], NOW, None));
        lines.into_iter().filter(|l| l.starts_with("TRIGGER")).collect()
    };
    assert_eq!(triggers(event("2026-03-29", "x")), ["TRIGGER:PT510M", "TRIGGER:PT540M"]);
    assert_eq!(triggers(Event { alarms: vec![600], ..event("2026-03-29", "x") }), ["TRIGGER:-PT60M"]);
    let visit = |at: &str| {
        let visit = Visit { at: moment(at).into(), ..Visit::default() };
        Event::of_visit(EntityId::from_bytes([8; 16]), &visit, String::new(), String::new()).unwrap()
    };
    assert_eq!(triggers(visit("2026-03-29")), ["TRIGGER:PT540M"]);
    assert_eq!(triggers(visit("2026-03-29T11:00")), ["TRIGGER:-PT60M"]);
}

#[test]
fn a_calendar_escapes_its_texts_and_rings_twice() {
    let lines = unfolded(&calendar(&[event("2026-03-29T21:30", "Ovitrelle, 250 µg; abdomen")], NOW, None));
    assert!(lines.contains(&"SUMMARY:Ovitrelle\\, 250 µg\\; abdomen".to_owned()));
    assert!(lines.contains(&"DESCRIPTION:bring\\; the\\, letter\\nand \\\\ this".to_owned()));
    assert!(lines.contains(&"TRIGGER:-PT30M".to_owned()) && lines.contains(&"TRIGGER:-PT0M".to_owned()));
    assert_eq!((lines[0].as_str(), lines[1].as_str()), ("BEGIN:VCALENDAR", "VERSION:2.0"));
    assert_eq!(lines.last().unwrap(), "END:VCALENDAR");
    assert!(lines.iter().any(|l| l == "DTSTAMP:20260320T094640Z"));
}

#[test]
fn a_discreet_calendar_says_nothing_else() {
    let text = calendar(&[event("2026-03-29T21:30", "Ovitrelle")], NOW, Some("Reminder"));
    assert!(!text.contains("Ovitrelle") && !text.contains("letter") && !text.contains("Clinic"));
    assert!(text.contains("SUMMARY:Reminder\r\n"));
}

proptest! {
    #[test]
    fn no_line_of_a_calendar_is_longer_than_75_octets_and_none_is_injected(title in "(\\PC|[\r\n\t;,:]){0,200}") {
        let text = calendar(&[event("2026-03-29T21:30", &title)], NOW, None);
        for line in text.split_terminator("\r\n") {
            prop_assert!(line.len() <= 75);
            prop_assert!(!line.contains(['\r', '\n']));
        }
        let lines = unfolded(&text);
        prop_assert_eq!(lines.iter().filter(|l| l.starts_with("BEGIN:VEVENT")).count(), 1);
        prop_assert_eq!(lines.iter().filter(|l| l.starts_with("BEGIN:")).count(), 4);
    }
}

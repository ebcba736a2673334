//! Times and zones: across summer time, over flights, and as texts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_domain::time::{Date, Ts};
use keepwell_journal::{
    derive::{DayLabel, day_labels, day_labels_at, embryo_age, minutes_to_trigger},
    model::{
        Amount, Clock, Cycle, Fit, KeyDate, Moment, PlanWhen, Retrieval, TextType, Transfer, Trigger,
        monitor::SizeBand, resolve, resolve_later,
    },
};
use kit::{Iana, Journal, date, moment, ts, zone};
use proptest::prelude::*;

#[test]
fn a_time_that_the_clocks_skip_is_an_hour_later() {
    let z = zone("Europe/Berlin");
    let (m, fit) = resolve(date("2026-03-29"), Clock::new(2, 30).unwrap(), &z, &Iana).unwrap();
    assert_eq!((m.to_text().as_str(), fit), ("2026-03-29T03:30+02:00[Europe/Berlin]", Fit::Skipped));
}

#[test]
fn a_time_that_the_clocks_show_twice_is_the_first() {
    let z = zone("Europe/Berlin");
    let (m, fit) = resolve(date("2026-10-25"), Clock::new(2, 30).unwrap(), &z, &Iana).unwrap();
    assert_eq!((m.to_text().as_str(), fit), ("2026-10-25T02:30+02:00[Europe/Berlin]", Fit::Twice));
    let z = zone("America/New_York");
    let (m, fit) = resolve(date("2026-11-01"), Clock::new(1, 15).unwrap(), &z, &Iana).unwrap();
    assert_eq!((m.to_text().as_str(), fit), ("2026-11-01T01:15-04:00[America/New_York]", Fit::Twice));
}

#[test]
fn the_second_of_two_times_is_an_hour_or_half_of_one_later() {
    for (name, day, at, first, second) in [
        ("Europe/Berlin", "2026-10-25", "02:30", "+02:00", "+01:00"),
        ("America/New_York", "2026-11-01", "01:15", "-04:00", "-05:00"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "+11:00", "+10:30"),
    ] {
        let (z, clock) = (zone(name), Clock::parse(at).unwrap());
        let text = |offset: &str| format!("{day}T{at}{offset}[{name}]");
        assert_eq!(resolve(date(day), clock, &z, &Iana).unwrap().0.to_text(), text(first));
        assert_eq!(resolve_later(date(day), clock, &z, &Iana).unwrap().to_text(), text(second));
    }
    let z = zone("Europe/Berlin");
    for (day, at) in [("2026-10-25", "03:00"), ("2026-10-25", "01:59"), ("2026-03-29", "02:30")] {
        assert!(resolve_later(date(day), Clock::parse(at).unwrap(), &z, &Iana).is_none(), "{day} {at}");
    }
}

#[test]
fn ordinary_times_resolve_exactly_also_far_from_greenwich() {
    for (name, text) in [
        ("Pacific/Kiritimati", "2026-06-01T00:05+14:00[Pacific/Kiritimati]"),
        ("Asia/Kathmandu", "2026-06-01T23:59+05:45[Asia/Kathmandu]"),
        ("Pacific/Pago_Pago", "2026-06-01T12:00-11:00[Pacific/Pago_Pago]"),
        ("Australia/Lord_Howe", "2026-12-01T12:00+11:00[Australia/Lord_Howe]"),
    ] {
        let wanted = moment(text);
        let (m, fit) = resolve(wanted.date, wanted.clock.unwrap(), &zone(name), &Iana).unwrap();
        assert_eq!((m.to_text().as_str(), fit), (text, Fit::Exact));
    }
    assert!(resolve(date("2026-06-01"), Clock::MORNING, &zone("Mars/Olympus"), &Iana).is_none());
}

#[test]
fn hours_pass_truly_across_the_end_of_summer_time() {
    let trigger = moment("2026-10-24T21:30+02:00[Europe/Berlin]");
    let retrieval = moment("2026-10-26T08:30+01:00[Europe/Berlin]");
    assert_eq!(retrieval.minutes_since(&trigger), Some(36 * 60));
    let on_the_wall = moment("2026-10-26T08:30").minutes_since(&moment("2026-10-24T21:30"));
    assert_eq!(on_the_wall, Some(35 * 60));
    assert_eq!(moment("2026-10-26").minutes_since(&trigger), None);
}

fn stimulated() -> (Journal, keepwell_journal::model::EntityId) {
    let mut j = Journal::new();
    let cycle = j.add(Cycle {
        cycle_start: date("2026-03-19").into(),
        stimulation_start: date("2026-03-20").into(),
        planned_trigger: moment("2026-03-29T21:30+02:00[Europe/Berlin]").into(),
        ..Cycle::default()
    });
    (j, cycle)
}

#[test]
fn days_are_counted_on_the_calendar_across_the_start_of_summer_time() {
    let (j, cycle) = stimulated();
    let dates = j.record(cycle).dates;
    let on = |d: &str| day_labels(&dates, date(d));
    assert_eq!(on("2026-03-20"), [DayLabel::StimulationDay(1), DayLabel::CycleDay(2)]);
    assert_eq!(
        on("2026-03-28"),
        [DayLabel::DaysToTrigger(1), DayLabel::StimulationDay(9), DayLabel::CycleDay(10)]
    );
    assert_eq!(
        on("2026-03-29"),
        [DayLabel::DaysToTrigger(0), DayLabel::StimulationDay(10), DayLabel::CycleDay(11)]
    );
    assert_eq!(on("2026-03-30"), [DayLabel::CycleDay(12)], "stimulation ends with the trigger");
    assert_eq!(on("2026-03-18"), []);
}

#[test]
fn the_hours_to_the_trigger_are_true_hours() {
    let (j, cycle) = stimulated();
    let dates = j.record(cycle).dates;
    // 24 hours on the wall, 23 in truth.
    let left = minutes_to_trigger(&dates, &moment("2026-03-28T21:30+01:00[Europe/Berlin]"));
    assert_eq!(left, Some(23 * 60));
    let after = minutes_to_trigger(&dates, &moment("2026-03-29T22:00+02:00[Europe/Berlin]"));
    assert_eq!(after, Some(-30));
    let elsewhere = minutes_to_trigger(&dates, &moment("2026-03-29T14:30-05:00[America/Chicago]"));
    assert_eq!(elsewhere, Some(0));
}

#[test]
fn the_hours_are_named_in_the_two_days_around_the_trigger() {
    let (mut j, cycle) = stimulated();
    let hours = |j: &Journal, now: &str| {
        let labels = day_labels_at(&j.record(cycle).dates, &moment(now));
        labels.into_iter().find_map(|l| match l {
            DayLabel::MinutesPastTrigger(n) => Some(n),
            _ => None,
        })
    };
    assert_eq!(hours(&j, "2026-03-27T19:30+01:00"), None, "more than two days");
    assert_eq!(hours(&j, "2026-03-28T21:30+01:00"), Some(-23 * 60));
    assert_eq!(hours(&j, "2026-03-29T22:00+02:00"), None, "planned, and nobody said that it was given");
    let at = day_labels_at(&j.record(cycle).dates, &moment("2026-03-29T20:30+02:00"));
    assert_eq!(at[..2], [DayLabel::DaysToTrigger(0), DayLabel::MinutesPastTrigger(-60)]);
    j.add(Trigger {
        cycle: cycle.into(),
        at: moment("2026-03-29T21:40+02:00[Europe/Berlin]").into(),
        ..Trigger::default()
    });
    assert_eq!(hours(&j, "2026-03-30T09:40+02:00"), Some(12 * 60));
    j.add(Retrieval {
        cycle: cycle.into(),
        at: moment("2026-03-31T09:30+02:00").into(),
        ..Retrieval::default()
    });
    assert_eq!(hours(&j, "2026-03-31T09:00+02:00"), Some(2120));
    assert_eq!(hours(&j, "2026-03-31T10:00+02:00"), None, "after the retrieval other days are counted");
}

#[test]
fn what_was_given_counts_before_what_was_planned() {
    let (mut j, cycle) = stimulated();
    j.add(Trigger {
        cycle: cycle.into(),
        at: moment("2026-03-30T22:15+02:00[Europe/Berlin]").into(),
        ..Trigger::default()
    });
    let transfer = j.add(Transfer {
        cycle: cycle.into(),
        at: moment("2026-04-06T11:00+02:00").into(),
        ..Transfer::default()
    });
    let dates = j.record(cycle).dates;
    assert_eq!(dates.date(KeyDate::Trigger), Some(date("2026-03-30")));
    assert_eq!(day_labels(&dates, date("2026-04-16"))[0], DayLabel::DaysPastTransfer(10));
    assert_eq!(embryo_age(date("2026-04-01"), date("2026-04-06")), 5);
    // A corrected date moves every label with it: none of them is kept.
    let mut fixed = j.book.get::<Transfer>(transfer).unwrap();
    fixed.at = moment("2026-04-07T11:00+02:00").into();
    j.put(transfer, fixed);
    assert_eq!(day_labels(&j.record(cycle).dates, date("2026-04-16"))[0], DayLabel::DaysPastTransfer(9));
}

prop_compose! {
    fn any_moment()(
        days in -719_000i64..2_900_000, clock in prop::option::of(0u16..1440), offset in prop::option::of(-720i16..=840),
        zone in prop::option::of("[A-Za-z]{2,8}/[A-Za-z_]{2,10}"),
    ) -> Moment {
        let clock = clock.map(|m| Clock::from_minutes(m).unwrap());
        Moment {
            date: Date::from_days(days), clock, offset: offset.filter(|_| clock.is_some()),
            zone: zone.map(|z| keepwell_journal::model::Zone::parse(&z).unwrap()),
        }
    }
}

proptest! {
    #[test]
    fn moments_read_back_from_their_text(m in any_moment()) {
        prop_assert!(Moment::from_text(&m.to_text()) == Some(m));
    }

    #[test]
    fn instants_come_back_from_moments(minutes in -1_000_000_000i64..4_000_000_000, offset in -720i16..=840) {
        let at = Ts(minutes * 60_000_000);
        prop_assert_eq!(Moment::of_instant(at, offset, None).instant(), Some(at));
    }

    #[test]
    fn whatever_resolves_shows_that_time_unless_it_was_skipped(days in 18_000i64..24_000, minute in 0u16..1440) {
        let (clock, z) = (Clock::from_minutes(minute).unwrap(), zone("Europe/London"));
        let (m, fit) = resolve(Date::from_days(days), clock, &z, &Iana).unwrap();
        if fit != Fit::Skipped {
            prop_assert_eq!((m.date.days(), m.clock), (days, Some(clock)));
        }
        let shown = {
            use keepwell_journal::model::Offsets;
            Iana.offset_at(&z, m.instant().unwrap())
        };
        prop_assert_eq!(m.offset, shown);
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,40}") {
        let _ = Moment::from_text(&text);
        let _ = PlanWhen::from_text(&text);
        let _ = Clock::parse(&text);
        let _ = Amount::from_text(&text);
        let _ = Amount::new(&text, "");
        let _ = SizeBand::from_text(&text);
        let _ = keepwell_journal::model::grade::Gardner::parse(&text);
    }
}

#[test]
fn a_moment_of_a_day_and_bad_ones() {
    assert_eq!(ts("1970-01-02T00:00Z").0, 86_400_000_000);
    for bad in [
        "",
        "2026-02-30",
        "2026-02-03T24:00",
        "2026-02-03T9:00",
        "2026-02-03T09:00+19:00",
        "2026-02-03T09:00[",
        "2026-02-03T09:00+0200",
    ] {
        assert!(Moment::from_text(bad).is_none(), "{bad}");
    }
}

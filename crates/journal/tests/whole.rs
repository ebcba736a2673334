//! A whole IVF cycle on two devices, and a journal of ten years.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_domain::time::{Date, Ts};
use keepwell_journal::{
    derive::{
        DayLabel, FunnelStep, beta_rises, betas, cycles, day_labels, embryo_cards, figures, funnel, growth,
        month, record, today,
    },
    export::{fhir_bundle, journal_json},
    import::read_journal,
    merge::{Author, Book, Change, decode, encode},
    model::{
        Beta, Clock, Cycle, Day, DeviceId, Dose, Embryo, EmbryoEvent, EntityId, Hormone, HormoneKind,
        KeyDate, Moment, PlanItem, PlanWhen, Retrieval, Scan, Told, Transfer, Trigger, View,
        diary::Bleeding,
        embryo::{EmbryoState, EventKind},
        grade::Scheme,
        journey::{CycleType, Protocol},
        medicine::DoseState,
        monitor::TriggerKind,
        plan::{PlanKind, Purpose},
    },
    remind::taken,
};
use kit::{Iana, amount, close, date, leave_for_audit, moment, ts};
use std::time::Instant;

struct Phone {
    book: Book,
    author: Author,
    out: Vec<Change>,
}

impl Phone {
    fn new(n: u8) -> Self {
        let book = Book::new();
        Self { author: Author::new(DeviceId::from_bytes([n; 16]), &book), book, out: Vec::new() }
    }
    fn put<V: View>(&mut self, at: &str, id: u16, view: V) -> EntityId {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&id.to_be_bytes());
        let id = EntityId::from_bytes(bytes);
        self.out.extend(self.author.save(&mut self.book, ts(at), id, &view));
        id
    }
    fn meet(&mut self, other: &mut Self, at: &str) {
        let (mine, theirs) = (encode(&self.out).unwrap(), encode(&other.out).unwrap());
        self.author.receive(&mut self.book, ts(at), decode(&theirs).unwrap());
        other.author.receive(&mut other.book, ts(at), decode(&mine).unwrap());
        assert!(self.book == other.book);
    }
}

#[test]
fn a_whole_cycle_is_entered_on_two_devices_and_told_alike_by_both() {
    let (mut a, mut b) = (Phone::new(1), Phone::new(2));
    let start = "2026-10-14T08:00+02:00";
    let cycle = a.put(
        start,
        1,
        Cycle {
            cycle_type: CycleType::Icsi.into(),
            protocol: Protocol::Antagonist.into(),
            cycle_start: date("2026-10-13").into(),
            stimulation_start: date("2026-10-14").into(),
            ..Cycle::default()
        },
    );
    let item = a.put(
        start,
        2,
        PlanItem {
            cycle: cycle.into(),
            what: PlanKind::Dose.into(),
            when: PlanWhen::Days {
                from: KeyDate::StimulationStart,
                days: 0,
                clock: Some(Clock::parse("20:00").unwrap()),
            }
            .into(),
            every_days: 1.into(),
            for_days: 11.into(),
            drug: "Gonal-f".to_owned().into(),
            amount: amount("225 IU").into(),
            purpose: Purpose::Stimulation.into(),
            ..PlanItem::default()
        },
    );
    a.meet(&mut b, start);
    // The partner taps "taken" on every evening; both tap once.
    for n in 0..11 {
        let day = Date::from_days(date("2026-10-14").days() + n);
        let offset = if day < date("2026-10-25") { "+02:00" } else { "+01:00" };
        let now = moment(&format!("{day}T20:05{offset}[Europe/Berlin]"));
        let r = record(&b.book, cycle).unwrap();
        let (_, plan) = r.plan.iter().find(|(i, _)| *i == item).unwrap();
        let span = keepwell_journal::derive::Span { from: day, to: day };
        let due = &keepwell_journal::derive::occurrences(&r, (item, plan), span, &Iana)[0];
        let (id, dose) = taken(plan, due, &now);
        let at = now.instant().unwrap();
        b.out.extend(b.author.save(&mut b.book, at, id, &dose));
        if n == 4 {
            a.out.extend(a.author.save(&mut a.book, at.plus_seconds(3), id, &dose));
        }
    }
    let scan = |at: &str, left: &[&str], right: &[&str], lining: &str| Scan {
        cycle: cycle.into(),
        at: moment(at).into(),
        follicles_left: numbers(left),
        follicles_right: numbers(right),
        lining: amount(lining).into(),
        ..Scan::default()
    };
    a.put("2026-10-20T09:00+02:00", 20, scan("2026-10-20T09:00+02:00", &["11", "10"], &["12"], "6.8 mm"));
    a.put(
        "2026-10-23T09:00+02:00",
        21,
        scan("2026-10-23T09:00+02:00", &["17", "16"], &["18", "12"], "9.1 mm"),
    );
    a.put(
        "2026-10-23T14:00+02:00",
        22,
        Hormone {
            cycle: cycle.into(),
            hormone: HormoneKind::Estradiol.into(),
            at: moment("2026-10-23T09:10+02:00").into(),
            value: amount("6200 pmol/L").into(),
            ..Hormone::default()
        },
    );
    let trigger = "2026-10-24T21:30+02:00[Europe/Berlin]";
    a.put(
        "2026-10-24T21:31+02:00",
        23,
        Trigger {
            cycle: cycle.into(),
            at: moment(trigger).into(),
            kind: TriggerKind::Hcg.into(),
            ..Trigger::default()
        },
    );
    let retrieval = b.put(
        "2026-10-26T12:00+01:00",
        24,
        Retrieval {
            cycle: cycle.into(),
            at: moment("2026-10-26T08:30+01:00[Europe/Berlin]").into(),
            retrieved: 9.into(),
            mature: 7.into(),
            ..Retrieval::default()
        },
    );
    // Two phone calls on two devices add to one retrieval.
    a.meet(&mut b, "2026-10-26T18:00+01:00");
    let mut on_a = a.book.get::<Retrieval>(retrieval).unwrap();
    on_a.pn2 = 5.into();
    a.put("2026-10-27T10:00+01:00", 24, on_a);
    let mut on_b = b.book.get::<Retrieval>(retrieval).unwrap();
    on_b.day3 = 5.into();
    b.put("2026-10-29T10:00+01:00", 24, on_b);
    let embryo = a.put(
        "2026-10-31T10:00+01:00",
        30,
        Embryo {
            cycle: cycle.into(),
            retrieval: retrieval.into(),
            label: "1".to_owned().into(),
            ..Embryo::default()
        },
    );
    let event = |what: EventKind, grade: &str| EmbryoEvent {
        embryo: embryo.into(),
        what: what.into(),
        at: moment("2026-10-31T10:00+01:00").into(),
        grade: if grade.is_empty() { Told::Unknown } else { grade.to_owned().into() },
        scheme: Scheme::Gardner.into(),
        ..EmbryoEvent::default()
    };
    a.put("2026-10-31T10:00+01:00", 31, event(EventKind::Observed, "5AB"));
    a.put("2026-10-31T10:00+01:00", 32, event(EventKind::Transferred, ""));
    a.put(
        "2026-10-31T10:00+01:00",
        33,
        Transfer { cycle: cycle.into(), at: moment("2026-10-31T10:00+01:00").into(), ..Transfer::default() },
    );
    for (n, day, value) in [(40, "2026-11-10", "85 IU/L"), (41, "2026-11-12", "190 IU/L")] {
        let at = format!("{day}T08:00+01:00");
        a.put(
            &at,
            n,
            Beta {
                cycle: cycle.into(),
                at: moment(&at).into(),
                value: amount(value).into(),
                ..Beta::default()
            },
        );
    }
    a.meet(&mut b, "2026-11-12T12:00+01:00");
    check_cycle(&b.book, cycle);
    leave_for_audit("whole", &fhir_bundle(&b.book, ts(start)).unwrap());
    // And again from an export.
    let (changes, bad) = read_journal(journal_json(&b.book, ts(start)).unwrap().as_bytes()).unwrap();
    let mut again = Book::new();
    again.apply_all(changes);
    assert!(bad.is_empty() && again == b.book);
}

fn numbers(list: &[&str]) -> Told<Vec<keepwell_domain::measure::Number>> {
    list.iter().map(|n| keepwell_domain::measure::Number::parse(n).unwrap()).collect::<Vec<_>>().into()
}

fn check_cycle(book: &Book, cycle: EntityId) {
    let r = record(book, cycle).unwrap();
    let doses: Vec<&Dose> = r.doses.iter().map(|(_, d)| d).collect();
    assert_eq!(doses.len(), 11, "a tap on two devices is one dose");
    assert!(doses.iter().all(|d| d.state == DoseState::Given.into()));
    let f = figures(&r);
    assert_eq!((f.stimulation_days, f.transfer_day), (Some(11), Some(5)));
    close(f.drugs[0].total, 2475.0, 1e-9);
    // 6200 pmol/L · 272.38 / 1000 = 1688.8 pg/mL.
    close(f.peak_e2.unwrap().value, 1688.756, 0.01);
    assert_eq!(growth(&r)[1].lead_growth, Some(2.0));
    assert_eq!(growth(&r)[1].at_least(16), Some(3));
    let steps: Vec<(FunnelStep, Told<i64>)> = funnel(&r).iter().map(|s| (s.step, s.count)).collect();
    let known = |n: i64| Told::Known(n);
    assert_eq!(
        steps.iter().map(|s| s.1).collect::<Vec<_>>(),
        [known(9), known(7), known(5), known(5), known(1), known(0), Told::NotDone, known(0), known(1)]
    );
    let card = &embryo_cards(&r, false)[0];
    assert_eq!((card.state, card.gardner.unwrap().to_string().as_str()), (EmbryoState::Transferred, "5AB"));
    assert_eq!(card.events[0].2, Some(5));
    let rise = &beta_rises(&betas(&r))[0];
    // 48 · ln 2 / ln(190/85) = 33.2711 / 0.804363 = 41.363 h; the trigger was 17 days before.
    close(rise.doubling_hours.unwrap(), 41.363, 0.001);
    assert!(rise.warnings.is_empty());
    let labels = day_labels(&r.dates, date("2026-11-10"));
    assert_eq!(labels[0], DayLabel::DaysPastTransfer(10));
}

#[test]
fn a_journal_of_ten_years_is_drawn_quickly() {
    let mut p = Phone::new(1);
    let me = EntityId::from_bytes([9; 16]);
    let first = date("2016-11-28");
    let mut id = 0u16;
    let begin = Instant::now();
    for n in 0..3650i64 {
        let day = Date::from_days(first.days() + n);
        let at = Ts(day.days() * 86_400_000_000);
        let bleeding = if n % 28 < 5 { Bleeding::Medium } else { Bleeding::None };
        let view = Day {
            person: me.into(),
            date: day.into(),
            bleeding: bleeding.into(),
            temperature: amount("36.50 °C").into(),
            ..Day::default()
        };
        p.author.save(&mut p.book, at, Day::id(me, day), &view);
    }
    for c in 0..24i64 {
        let start = Date::from_days(first.days() + c * 150);
        let now = format!("{start}T08:00+01:00");
        id += 1;
        let cycle = p.put(
            &now,
            id,
            Cycle {
                person: me.into(),
                cycle_start: start.into(),
                stimulation_start: start.into(),
                ..Cycle::default()
            },
        );
        for n in 0..265i64 {
            id += 1;
            let day = Date::from_days(start.days() + n / 20);
            let dose = Dose {
                cycle: cycle.into(),
                at: Moment::day(day).into(),
                drug: "Gonal-f".to_owned().into(),
                amount: amount("75 IU").into(),
                ..Dose::default()
            };
            p.put(&now, id, dose);
        }
    }
    let count = p.book.entities().count();
    println!("{count} entries written in {:?}", begin.elapsed());
    assert!(count > 10_000);
    let now = moment("2026-11-20T10:00+01:00[Europe/Berlin]");
    let limit = if cfg!(debug_assertions) { 2_000 } else { 60 };
    let timed = |name: &str, what: &dyn Fn()| {
        let begin = Instant::now();
        what();
        let took = begin.elapsed();
        println!("{name}: {took:?}");
        assert!(took.as_millis() < limit, "{name} took {took:?}");
    };
    timed("today", &|| assert!(today(&p.book, &now, &Iana).quiet.is_empty()));
    timed("month", &|| assert_eq!(month(&p.book, Some(me), (2026, 10), false, &now, &Iana).len(), 35));
    let latest = cycles(&p.book)[0].0;
    timed("record", &|| assert_eq!(figures(&record(&p.book, latest).unwrap()).drugs[0].doses, 265));
}

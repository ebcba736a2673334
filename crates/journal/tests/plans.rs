//! Plans against what happened, and stock.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_journal::{
    derive::{RowState, Span, occurrences, plan_rows, runway},
    model::{
        Cycle, Dose, EntityId, KeyDate, Medication, PlanItem, PlanWhen, Scan, Stock, TextType, Told, Trigger,
        medicine::{DoseState, StockEvent},
        plan::PlanKind,
    },
};
use kit::{Iana, Journal, amount, clock, close, daily, date, moment, span, stimulation as cycle};

#[test]
fn an_item_is_due_every_so_many_days_until_it_ends_or_is_stopped() {
    let mut j = Journal::new();
    let c = cycle(&mut j);
    let every_other = PlanItem {
        every_days: 2.into(),
        also_at: vec![clock("08:00")].into(),
        ..daily(c, "Menopur", "75 IU", 0, 6, "20:00")
    };
    let days = |p: &PlanItem, s: Span| -> Vec<String> {
        let r = j.record(c);
        occurrences(&r, (c, p), s, &Iana).iter().map(|o| o.at.to_text()).collect()
    };
    assert_eq!(
        days(&every_other, span("2026-05-01", "2026-05-31")),
        [
            "2026-05-01T08:00",
            "2026-05-01T20:00",
            "2026-05-03T08:00",
            "2026-05-03T20:00",
            "2026-05-05T08:00",
            "2026-05-05T20:00"
        ]
    );
    let stopped = PlanItem { stopped_from: date("2026-05-03").into(), ..every_other.clone() };
    assert_eq!(days(&stopped, span("2026-05-01", "2026-05-31")).len(), 2);
    assert_eq!(days(&every_other, span("2026-05-04", "2026-05-31")).len(), 2, "a late span begins in step");
    let unknown = PlanItem {
        when: PlanWhen::Days { from: KeyDate::Transfer, days: 0, clock: None }.into(),
        ..every_other
    };
    assert!(days(&unknown, span("2026-05-01", "2026-05-31")).is_empty(), "no transfer, no day");
}

#[test]
fn retrieval_is_36_true_hours_after_the_trigger_across_summer_time() {
    let mut j = Journal::new();
    let c = cycle(&mut j);
    j.add(Trigger {
        cycle: c.into(),
        at: moment("2026-10-24T21:30+02:00[Europe/Berlin]").into(),
        ..Trigger::default()
    });
    let p = PlanItem {
        what: PlanKind::Retrieval.into(),
        when: PlanWhen::Minutes { from: KeyDate::Trigger, minutes: 36 * 60 }.into(),
        ..PlanItem::default()
    };
    let r = j.record(c);
    let o = occurrences(&r, (c, &p), span("2026-10-01", "2026-11-01"), &Iana);
    assert_eq!(o[0].at.to_text(), "2026-10-26T08:30+01:00[Europe/Berlin]");
}

#[test]
fn when_an_item_is_due_reads_back_from_its_text() {
    for text in [
        "trigger-36d",
        "stimulation_start+0d@21:30",
        "trigger+2160m",
        "2026-05-01T21:30+02:00[Europe/Berlin]",
    ] {
        assert_eq!(PlanWhen::from_text(text).unwrap().to_text(), text);
    }
    for bad in [
        "",
        "+3d",
        "trigger",
        "trigger+3",
        "trigger+3x",
        "moon+3d",
        "trigger+2160m@10:00",
        "trigger+3d@25:00",
    ] {
        assert!(PlanWhen::from_text(bad).is_none(), "{bad}");
    }
}

#[test]
fn each_dose_of_the_plan_is_given_late_partial_skipped_open_due_or_ahead() {
    let mut j = Journal::new();
    let c = cycle(&mut j);
    let item = j.add(daily(c, "Gonal-F", "225 IU", 0, 7, "21:00"));
    let dose = |planned: &str, at: &str, state: DoseState| Dose {
        cycle: c.into(),
        plan_item: item.into(),
        planned_for: moment(planned).into(),
        at: moment(at).into(),
        drug: "Gonal-F".to_owned().into(),
        amount: amount("225 IU").into(),
        state: state.into(),
        ..Dose::default()
    };
    j.add(dose("2026-05-01T21:00", "2026-05-01T21:40+02:00[Europe/Berlin]", DoseState::Given));
    // After midnight it is still the dose of the day before.
    j.add(dose("2026-05-02T21:00", "2026-05-03T00:30+02:00[Europe/Berlin]", DoseState::Given));
    j.add(dose("2026-05-03T21:00", "2026-05-03T21:00+02:00[Europe/Berlin]", DoseState::Partial));
    j.add(dose("2026-05-04T21:00", "2026-05-04T22:00+02:00[Europe/Berlin]", DoseState::Skipped));
    j.add(Dose {
        cycle: c.into(),
        at: moment("2026-05-02T09:00+02:00").into(),
        drug: "Paracetamol".to_owned().into(),
        amount: amount("500 mg").into(),
        ..Dose::default()
    });
    let now = moment("2026-05-06T21:10+02:00[Europe/Berlin]");
    let rows = plan_rows(&j.record(c), span("2026-05-01", "2026-05-07"), &now, &Iana);
    let states: Vec<(String, RowState)> = rows.iter().map(|r| (r.date.to_string(), r.state)).collect();
    let expected = [
        ("2026-05-01", RowState::Done),
        ("2026-05-02", RowState::Extra),
        ("2026-05-02", RowState::Late { minutes: 210 }),
        ("2026-05-03", RowState::Partial),
        ("2026-05-04", RowState::Skipped),
        ("2026-05-05", RowState::Open),
        ("2026-05-06", RowState::Due),
        ("2026-05-07", RowState::Ahead),
    ];
    assert_eq!(states, expected.map(|(d, s)| (d.to_owned(), s)));
}

#[test]
fn a_dose_that_names_no_item_fulfils_the_one_of_its_drug_that_day_and_only_once() {
    let mut j = Journal::new();
    let c = cycle(&mut j);
    j.add(daily(c, "Gonal-F", "225 IU", 0, 1, "21:00"));
    let dose = Dose {
        cycle: c.into(),
        at: moment("2026-05-01T20:00+02:00").into(),
        drug: "gonal-f ".to_owned().into(),
        ..Dose::default()
    };
    j.add(dose.clone());
    j.add(dose);
    let now = moment("2026-05-02T10:00+02:00");
    let rows = plan_rows(&j.record(c), span("2026-05-01", "2026-05-01"), &now, &Iana);
    let states: Vec<RowState> = rows.iter().map(|r| r.state).collect();
    assert_eq!(states, [RowState::Extra, RowState::Done]);
}

#[test]
fn a_scan_fulfils_the_planned_scan_of_its_day() {
    let mut j = Journal::new();
    let c = cycle(&mut j);
    j.add(PlanItem {
        cycle: c.into(),
        what: PlanKind::Scan.into(),
        when: PlanWhen::Days { from: KeyDate::StimulationStart, days: 5, clock: None }.into(),
        ..PlanItem::default()
    });
    let now = moment("2026-05-06T08:00+02:00");
    let state = |j: &Journal| plan_rows(&j.record(c), span("2026-05-06", "2026-05-06"), &now, &Iana)[0].state;
    assert_eq!(state(&j), RowState::Due);
    j.add(Scan { cycle: c.into(), at: moment("2026-05-06T09:15+02:00").into(), ..Scan::default() });
    assert_eq!(state(&j), RowState::Done);
}

#[test]
fn stock_lasts_until_the_last_day_it_suffices_for() {
    let mut j = Journal::new();
    let c = cycle(&mut j);
    let pen = j.add(Medication {
        name: "Gonal-F 900".to_owned().into(),
        strength: amount("900 IU").into(),
        pack_size: 1.into(),
        order_days: 2.into(),
        reserve_days: 1.into(),
        days_once_open: 28.into(),
        ..Medication::default()
    });
    let item = j.add(PlanItem { medication: pen.into(), ..daily(c, "Gonal-F", "225 IU", 0, 10, "21:00") });
    let entry = |event: StockEvent, packs: i64, at: &str| Stock {
        medication: pen.into(),
        event: event.into(),
        packs: packs.into(),
        at: moment(at).into(),
        ..Stock::default()
    };
    j.add(entry(StockEvent::Received, 2, "2026-04-28"));
    j.add(Stock { expires_on: date("2026-05-20").into(), ..entry(StockEvent::Opened, 1, "2026-05-01") });
    let now = moment("2026-05-02T10:00+02:00");
    let look = |j: &Journal| runway(&j.book, pen, &[j.record(c)], &now, &Iana).unwrap();
    // Day 1 was not entered: 1,800 IU are there, 9 doses to come need 2,025; the 9th is on 10 May.
    let w = look(&j);
    close(w.on_hand.unwrap(), 1800.0, 1e-9);
    close(w.needed, 2025.0, 1e-9);
    assert_eq!((w.runs_out, w.order_by), (Some(date("2026-05-10")), Some(date("2026-05-07"))));
    assert_eq!(w.lasts_until, Some(date("2026-05-09")));
    let printed_first = (date("2026-05-20"), Some(date("2026-05-01")));
    assert_eq!((w.expiries[0].on, w.expiries[0].opened_on), printed_first);
    // Day 1 entered, and day 2 taken early: one pen less to come by.
    for (planned, mg) in [("2026-05-01T21:00", "225 IU"), ("2026-05-02T21:00", "225 IE")] {
        j.add(Dose {
            cycle: c.into(),
            medication: pen.into(),
            plan_item: item.into(),
            planned_for: moment(planned).into(),
            at: moment(planned).into(),
            amount: amount(mg).into(),
            state: DoseState::Given.into(),
            ..Dose::default()
        });
    }
    let w = look(&j);
    close(w.on_hand.unwrap(), 1350.0, 1e-9);
    assert_eq!(w.runs_out, Some(date("2026-05-09")));
    // Not even the next dose: no day is named that it lasts until.
    let left =
        Stock { pieces: 0.into(), packs: Told::Unknown, ..entry(StockEvent::Counted, 0, "2026-05-02T22:00") };
    let count = j.add(left);
    let w = look(&j);
    assert_eq!((w.lasts_until, w.runs_out), (None, Some(date("2026-05-03"))));
    j.author.delete(&mut j.book, j.now.plus_seconds(1), keepwell_journal::model::Kind::Stock, count);
    // A count outdoes what came before, and what was ordered is not there yet.
    j.add(Stock { pieces: 3.into(), packs: Told::Unknown, ..entry(StockEvent::Counted, 0, "2026-05-03") });
    j.add(entry(StockEvent::Ordered, 1, "2026-05-03"));
    let w = look(&j);
    close(w.on_hand.unwrap(), 2700.0, 1e-9);
    close(w.ordered, 900.0, 1e-9);
    assert_eq!((w.runs_out, w.uncounted), (None, 0));
}

#[test]
fn a_dose_entered_without_its_item_is_not_needed_again() {
    let mut j = Journal::new();
    let c = cycle(&mut j);
    let pen = j.add(Medication { strength: amount("900 IU").into(), ..Medication::default() });
    j.add(PlanItem { medication: pen.into(), ..daily(c, "Gonal-F", "225 IU", 0, 2, "21:00") });
    j.add(Stock {
        medication: pen.into(),
        event: StockEvent::Received.into(),
        pieces: 1.into(),
        at: moment("2026-04-28").into(),
        ..Stock::default()
    });
    let look = |j: &Journal| {
        let w = runway(&j.book, pen, &[j.record(c)], &moment("2026-05-01T22:00+02:00"), &Iana).unwrap();
        (w.on_hand.unwrap(), w.needed)
    };
    assert_eq!(look(&j), (900.0, 450.0));
    let taken = |amount_: &str| Dose {
        cycle: c.into(),
        medication: pen.into(),
        at: moment("2026-05-01T20:30+02:00").into(),
        amount: amount(amount_).into(),
        ..Dose::default()
    };
    let id = j.add(taken("225 IU"));
    assert_eq!(look(&j), (675.0, 225.0));
    // A second one of that day is one more, not the one of tomorrow.
    j.add(taken("225 IU"));
    assert_eq!(look(&j), (450.0, 225.0));
    // Another amount beside it is a dose of its own.
    j.put(id, taken("75 IU"));
    assert_eq!(look(&j), (600.0, 225.0));
    j.put(id, Dose { state: DoseState::Skipped.into(), ..taken("225 IU") });
    assert_eq!(look(&j), (675.0, 225.0));
}

#[test]
fn the_stock_needs_what_the_plan_still_waits_for() {
    let mut j = Journal::new();
    let c = cycle(&mut j);
    let pen = j.add(Medication { strength: amount("900 IU").into(), ..Medication::default() });
    j.add(PlanItem { medication: pen.into(), ..daily(c, "Gonal-F", "225 IU", 0, 3, "23:30") });
    let needed = |j: &Journal, at: &str| {
        let now = moment(&format!("{at}+02:00[Europe/Berlin]"));
        runway(&j.book, pen, &[j.record(c)], &now, &Iana).unwrap().needed
    };
    // Shortly after midnight it is due still; an hour later it is no dose to come.
    assert_eq!((needed(&j, "2026-05-01T23:59"), needed(&j, "2026-05-02T00:10")), (675.0, 675.0));
    assert_eq!(needed(&j, "2026-05-02T00:40"), 450.0);
    // After midnight, by hand: the one of the evening before. The two to come are needed still.
    let by_hand = |at: &str| Dose {
        cycle: c.into(),
        medication: pen.into(),
        at: moment(&format!("{at}+02:00[Europe/Berlin]")).into(),
        amount: amount("225 IU").into(),
        ..Dose::default()
    };
    let late = j.add(by_hand("2026-05-02T00:05"));
    assert_eq!(needed(&j, "2026-05-02T00:10"), 450.0);
    // In the evening: that of the day.
    j.put(late, by_hand("2026-05-02T23:20"));
    assert_eq!(needed(&j, "2026-05-02T23:25"), 225.0);
    // A cycle that was cancelled needs nothing more.
    let cycle: Cycle = j.book.get(c).unwrap();
    j.put(c, Cycle { cancelled_on: date("2026-05-02").into(), ..cycle });
    assert_eq!(needed(&j, "2026-05-03T08:00"), 0.0);
}

#[test]
fn what_was_opened_is_named_the_day_before_its_last_and_goes_when_another_is_opened() {
    use keepwell_journal::derive::{Today, today};
    let mut j = Journal::new();
    let days = |n: i64| Medication { days_once_open: n.into(), ..Medication::default() };
    let (pen, unknown) = (j.add(days(28)), j.add(Medication::default()));
    let open = |of: EntityId, at: &str| Stock {
        medication: of.into(),
        event: StockEvent::Opened.into(),
        at: moment(at).into(),
        ..Stock::default()
    };
    let first = j.add(open(pen, "2026-05-01"));
    j.add(open(unknown, "2026-05-01"));
    let on = |j: &Journal, at: &str| -> Today { today(&j.book, &moment(at), &Iana) };
    let named = |t: &Today| t.opened.iter().map(|(drug, e)| (*drug, e.entry, e.on)).collect::<Vec<_>>();
    let last = date("2026-05-29");
    for (at, is_named) in [
        ("2026-05-27T10:00+02:00", false),
        ("2026-05-28T10:00+02:00", true),
        ("2026-05-29T10:00+02:00", true),
        ("2026-05-30T10:00+02:00", false),
    ] {
        let expected = if is_named { vec![(pen, first, last)] } else { Vec::new() };
        assert_eq!(named(&on(&j, at)), expected, "{at}");
    }
    let past = |j: &Journal| runway(&j.book, pen, &[], &moment("2026-06-02"), &Iana).unwrap().expiries;
    assert_eq!(past(&j).len(), 1, "what may still be in the fridge stays");
    j.add(open(pen, "2026-05-30"));
    assert_eq!(past(&j).iter().map(|e| e.opened_on).collect::<Vec<_>>(), [Some(date("2026-05-30"))]);
}

#[test]
fn what_cannot_be_counted_is_said_and_not_guessed() {
    let mut j = Journal::new();
    let c = cycle(&mut j);
    let gel = j.add(Medication { strength: amount("90 mg").into(), ..Medication::default() });
    j.add(PlanItem { medication: gel.into(), ..daily(c, "Crinone", "1 applicator", 0, 3, "21:00") });
    let now = moment("2026-05-01T10:00+02:00");
    let w = runway(&j.book, gel, &[j.record(c)], &now, &Iana).unwrap();
    assert_eq!((w.on_hand, w.runs_out, w.uncounted), (None, None, 3));
}

#[test]
fn the_next_site_is_the_one_that_rested_longest() {
    use keepwell_journal::{derive::next_site, model::medicine::Site};
    let pen = Medication {
        sites: vec![Site::AbdomenLeft, Site::AbdomenRight, Site::ThighLeft].into(),
        ..Medication::default()
    };
    let dose = |site: Site, at: &str| Dose { site: site.into(), at: moment(at).into(), ..Dose::default() };
    let mut doses = vec![dose(Site::AbdomenLeft, "2026-05-01T21:00")];
    assert_eq!(next_site(&pen, &doses), Some(Site::AbdomenRight));
    doses.push(dose(Site::ThighLeft, "2026-05-02T21:00"));
    doses.push(dose(Site::AbdomenRight, "2026-05-03T21:00"));
    assert_eq!(next_site(&pen, &doses), Some(Site::AbdomenLeft));
    assert_eq!(next_site(&Medication::default(), &doses), None);
}

#[test]
fn places_take_turns_among_those_used_where_the_drug_has_no_list() {
    use keepwell_journal::{
        derive::turn,
        model::medicine::{DoseState, Site},
    };
    let dose = |site: Site, at: &str| Dose { site: site.into(), at: moment(at).into(), ..Dose::default() };
    let mut doses = vec![dose(Site::AbdomenLeft, "2026-05-01T21:00")];
    let one = turn(None, &doses, 3);
    assert!(one.last.len() == 1 && one.next.is_none());
    doses.push(dose(Site::ThighLeft, "2026-05-03T21:00"));
    doses.push(dose(Site::AbdomenRight, "2026-05-02T21:00"));
    doses.push(Dose { state: DoseState::Skipped.into(), ..dose(Site::ThighRight, "2026-05-04T21:00") });
    let all = turn(None, &doses, 2);
    let places: Vec<Site> = all.last.iter().map(|l| l.1).collect();
    assert_eq!((places, all.next), (vec![Site::ThighLeft, Site::AbdomenRight], Some(Site::AbdomenLeft)));
    let list = vec![Site::HipLeft, Site::ThighLeft];
    let pen = Medication { sites: list.into(), ..Medication::default() };
    assert_eq!(turn(Some(&pen), &doses, 2).next, Some(Site::HipLeft));
}

#[test]
fn parts_of_an_appointment_and_the_shot_of_a_trigger_do_not_stand_twice() {
    use keepwell_journal::model::{Hormone, Visit, people::VisitState};
    let mut j = Journal::new();
    let c = cycle(&mut j);
    let at = || Told::Known(moment("2026-05-06T09:00+02:00"));
    let visit =
        j.add(Visit { cycle: c.into(), at: at(), state: VisitState::Done.into(), ..Visit::default() });
    j.add(Scan { cycle: c.into(), at: at(), visit: visit.into(), ..Scan::default() });
    j.add(Hormone { cycle: c.into(), at: at(), visit: visit.into(), ..Hormone::default() });
    let shot =
        j.add(Dose { cycle: c.into(), at: at(), drug: "Ovitrelle".to_owned().into(), ..Dose::default() });
    let trigger = j.add(Trigger { cycle: c.into(), at: at(), dose: shot.into(), ..Trigger::default() });
    let now = moment("2026-05-07T09:00+02:00");
    let rows = plan_rows(&j.record(c), span("2026-05-06", "2026-05-06"), &now, &Iana);
    let mut shown: Vec<EntityId> = rows.iter().filter_map(|r| r.actual).collect();
    shown.sort_unstable();
    assert_eq!(shown, [visit, trigger]);
}

#[test]
fn hcg_among_the_hormones_is_the_beta_that_was_planned() {
    use keepwell_journal::model::{Beta, Hormone, monitor::HormoneKind};
    let mut j = Journal::new();
    let c = cycle(&mut j);
    let planned = |kind: PlanKind, day: &str, at: &str| PlanItem {
        cycle: c.into(),
        what: kind.into(),
        when: PlanWhen::Absolute(moment(&format!("{day}T{at}+02:00[Europe/Berlin]"))).into(),
        ..PlanItem::default()
    };
    j.add(planned(PlanKind::Beta, "2026-06-01", "08:00"));
    j.add(planned(PlanKind::Beta, "2026-06-03", "08:00"));
    j.add(planned(PlanKind::Blood, "2026-06-03", "08:00"));
    let draw = |kind: HormoneKind, at: &str| Hormone {
        cycle: c.into(),
        at: moment(at).into(),
        hormone: kind.into(),
        value: amount("12").into(),
        ..Hormone::default()
    };
    let first = j.add(draw(HormoneKind::Hcg, "2026-06-01T08:20+02:00[Europe/Berlin]"));
    // Progesterone is no beta; and where there is a beta, it comes before hCG among the hormones.
    let blood = j.add(draw(HormoneKind::Progesterone, "2026-06-03T08:10+02:00[Europe/Berlin]"));
    let beta = j.add(Beta {
        cycle: c.into(),
        at: moment("2026-06-03T08:10+02:00[Europe/Berlin]").into(),
        ..Beta::default()
    });
    let rows = plan_rows(
        &j.record(c),
        span("2026-06-01", "2026-06-04"),
        &moment("2026-06-04T12:00+02:00[Europe/Berlin]"),
        &Iana,
    );
    let done: Vec<_> = rows.iter().map(|r| (r.item.as_ref().and_then(|i| i.what.get()), r.actual)).collect();
    let beta_of = |id| (Some(PlanKind::Beta), Some(id));
    assert!(done.contains(&beta_of(first)) && done.contains(&beta_of(beta)));
    assert!(done.contains(&(Some(PlanKind::Blood), Some(blood))));
    assert_eq!(rows.len(), 3, "none stands on its own besides");
    assert!(rows.iter().all(|r| r.state == RowState::Done));
}

#[test]
fn blood_and_a_beta_of_one_draw_are_both_done_and_a_later_hcg_passes_the_date_by() {
    use keepwell_journal::model::{Hormone, monitor::HormoneKind};
    let at = |text: &str| moment(&format!("{text}+02:00[Europe/Berlin]"));
    let draw = |c: EntityId, kind: HormoneKind, text: &str| Hormone {
        cycle: c.into(),
        at: at(text).into(),
        hormone: kind.into(),
        value: amount("12").into(),
        ..Hormone::default()
    };
    let states = |j: &Journal, c: EntityId| -> Vec<(Option<PlanKind>, RowState)> {
        let rows = plan_rows(&j.record(c), span("2026-06-01", "2026-06-04"), &at("2026-06-04T12:00"), &Iana);
        rows.iter().map(|r| (r.item.as_ref().and_then(|i| i.what.get()), r.state)).collect()
    };
    // Ids are random, and the plan is sorted by them: whichever item comes first, both are done.
    for _ in 0..20 {
        for with_progesterone in [true, false] {
            for as_key_date in [true, false] {
                let mut j = Journal::new();
                let planned_beta = as_key_date.then(|| date("2026-06-01"));
                let c = j.add(Cycle { planned_beta: planned_beta.into(), ..Cycle::default() });
                let kinds = [Some(PlanKind::Blood), (!as_key_date).then_some(PlanKind::Beta)];
                for kind in kinds.into_iter().flatten() {
                    j.add(PlanItem {
                        cycle: c.into(),
                        what: kind.into(),
                        when: PlanWhen::Absolute(at("2026-06-01T08:00")).into(),
                        ..PlanItem::default()
                    });
                }
                j.add(draw(c, HormoneKind::Hcg, "2026-06-01T08:20"));
                if with_progesterone {
                    j.add(draw(c, HormoneKind::Progesterone, "2026-06-01T08:20"));
                }
                let found = states(&j, c);
                for kind in [PlanKind::Blood, PlanKind::Beta] {
                    assert!(
                        found.contains(&(Some(kind), RowState::Done)),
                        "{with_progesterone} {as_key_date}"
                    );
                }
                assert_eq!(found.len(), 2);
            }
        }
    }
    // A day late: the date is none any more. Early, it may be the rest of a trigger.
    for (day, is_left) in [("2026-06-02T08:00", false), ("2026-05-20T08:00", true)] {
        let mut j = Journal::new();
        let c = j.add(Cycle { planned_beta: date("2026-06-01").into(), ..Cycle::default() });
        j.add(draw(c, HormoneKind::Hcg, day));
        assert_eq!(states(&j, c).iter().any(|(kind, _)| *kind == Some(PlanKind::Beta)), is_left, "{day}");
    }
}

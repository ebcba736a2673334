//! What is done around midnight, several times a day, or after a cycle was changed; and hCG of whatever origin.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_journal::{
    derive::{BetaWarning, Given, PlanRow, RowState, beta_rises, betas, key_dates, plan_rows, today},
    model::{
        Beta, Cycle, Dose, EntityId, HomeTest, Hormone, HormoneKind, KeyDate, Medication, Outcome, PlanItem,
        PlanWhen, Told, Trigger,
        diary::{TestKind, TestResult},
        journey::{CycleState, CycleType},
        medicine::DoseState,
        monitor::TriggerKind,
        plan::PlanKind,
    },
};
use kit::{Iana, Journal, amount, clock, date, moment, span, stimulation};

const BERLIN: &str = "+02:00[Europe/Berlin]";

fn at(text: &str) -> keepwell_journal::model::Moment {
    moment(&[text, BERLIN].concat())
}

/// A cycle with a drug every day at these times.
fn with_drug(drug: &str, times: &[&str]) -> (Journal, EntityId) {
    let mut j = Journal::new();
    let c = stimulation(&mut j);
    let clock = |t: &&str| clock(t);
    let (first, more) = times.split_first().unwrap();
    j.add(PlanItem {
        cycle: c.into(),
        what: PlanKind::Dose.into(),
        when: PlanWhen::Days { from: KeyDate::StimulationStart, days: 0, clock: Some(clock(first)) }.into(),
        also_at: more.iter().map(clock).collect::<Vec<_>>().into(),
        every_days: 1.into(),
        drug: drug.to_owned().into(),
        ..PlanItem::default()
    });
    (j, c)
}

fn dose(j: &mut Journal, c: EntityId, drug: &str, when: &str) {
    j.add(Dose {
        cycle: c.into(),
        drug: drug.to_owned().into(),
        at: at(when).into(),
        state: DoseState::Given.into(),
        ..Dose::default()
    });
}

fn states(rows: &[PlanRow]) -> Vec<(String, RowState)> {
    let when = |r: &PlanRow| r.planned.as_ref().map_or("-".to_owned(), |p| p.at.clock.unwrap().to_string());
    rows.iter().map(|r| (when(r), r.state)).collect()
}

#[test]
fn of_several_doses_a_day_the_one_at_its_time_is_done() {
    let (mut j, c) = with_drug("Utrogest", &["08:00", "14:00", "22:00"]);
    dose(&mut j, c, "utrogest", "2026-05-03T21:55");
    let rows = plan_rows(&j.record(c), span("2026-05-03", "2026-05-03"), &at("2026-05-03T22:10"), &Iana);
    assert!(
        states(&rows)
            == [
                ("08:00".to_owned(), RowState::Open),
                ("14:00".to_owned(), RowState::Open),
                ("22:00".to_owned(), RowState::Done)
            ]
    );
    // One that names no time is still one of its day.
    let (mut j, c) = with_drug("Utrogest", &["08:00", "22:00"]);
    j.add(Dose {
        cycle: c.into(),
        drug: "Utrogest".to_owned().into(),
        at: moment("2026-05-03").into(),
        ..Dose::default()
    });
    let rows = plan_rows(&j.record(c), span("2026-05-03", "2026-05-03"), &at("2026-05-03T23:30"), &Iana);
    assert_eq!(rows.iter().filter(|r| r.state == RowState::Done).count(), 1);
    assert_eq!(rows.len(), 2);
}

#[test]
fn what_was_given_stands_where_it_is_not_what_was_planned() {
    let mut j = Journal::new();
    let c = stimulation(&mut j);
    let plan = |dose: Told<keepwell_journal::model::Amount>| PlanItem {
        cycle: c.into(),
        what: PlanKind::Dose.into(),
        when: PlanWhen::Absolute(at("2026-05-03T21:00")).into(),
        drug: "Gonal-f".to_owned().into(),
        amount: dose,
        ..PlanItem::default()
    };
    let id = j.add(plan(amount("225 IU").into()));
    let dose = |dose: &str, state| Dose {
        cycle: c.into(),
        drug: "Gonal-f".to_owned().into(),
        at: at("2026-05-03T21:00").into(),
        amount: amount(dose).into(),
        state,
        ..Dose::default()
    };
    let entry = j.add(dose("225 IE", DoseState::Given.into()));
    let given = |j: &Journal| {
        let day = span("2026-05-03", "2026-05-03");
        let rows = plan_rows(&j.record(c), day, &at("2026-05-03T22:00"), &Iana);
        assert!(rows.len() == 1);
        rows.into_iter().find_map(|row| row.given)
    };
    let one = |dose: &str| Some(Given { parts: vec![amount(dose)], is_as_planned: false });
    assert!(given(&j).is_none(), "the same by another name of the unit");
    j.put(entry, dose("75 IU", DoseState::Partial.into()));
    assert!(given(&j) == one("75 IU"));
    j.put(entry, dose("75 IU", DoseState::Skipped.into()));
    assert!(given(&j).is_none());
    // Without a unit that can be compared both are shown; where nothing was planned, what was given.
    j.put(entry, dose("3 mg", DoseState::Given.into()));
    assert!(given(&j) == one("3 mg"));
    j.put(id, plan(Told::Unknown));
    assert!(given(&j) == one("3 mg"));
}

#[test]
fn the_rest_of_a_pen_and_the_next_pen_are_one_dose() {
    let (mut j, c) = with_drug("Gonal-f", &["21:00"]);
    let (id, _) = j.record(c).plan.remove(0);
    let item: PlanItem = j.book.get(id).unwrap();
    j.put(id, PlanItem { amount: amount("225 IU").into(), ..item });
    let day = span("2026-05-03", "2026-05-03");
    let seen = |j: &Journal| plan_rows(&j.record(c), day, &at("2026-05-03T22:30"), &Iana);
    let pen = |dose: &str, when: &str, state: DoseState| Dose {
        cycle: c.into(),
        drug: "Gonal-f".to_owned().into(),
        at: at(when).into(),
        amount: amount(dose).into(),
        state: state.into(),
        ..Dose::default()
    };
    j.add(pen("75 IU", "2026-05-03T21:02", DoseState::Partial));
    assert_eq!(states(&seen(&j)), [("21:00".to_owned(), RowState::Partial)]);
    let next = j.add(pen("150 IU", "2026-05-03T21:05", DoseState::Given));
    let rows = seen(&j);
    assert_eq!(states(&rows), [("21:00".to_owned(), RowState::Done)]);
    let parts = vec![amount("75 IU"), amount("150 IU")];
    assert!(rows[0].given == Some(Given { parts, is_as_planned: true }));
    // Less than planned together: said, and still given in parts.
    j.put(next, pen("100 IU", "2026-05-03T21:05", DoseState::Given));
    assert_eq!(states(&seen(&j)), [("21:00".to_owned(), RowState::Partial)]);
    assert!(!seen(&j)[0].given.as_ref().unwrap().is_as_planned);
    // More than planned, much later, another drug or left out: none of it is a part.
    for other in [
        pen("225 IU", "2026-05-03T21:05", DoseState::Given),
        pen("150 IU", "2026-05-03T22:10", DoseState::Given),
        pen("150 IU", "2026-05-03T21:05", DoseState::Skipped),
        Dose { drug: "Menopur".to_owned().into(), ..pen("150 IU", "2026-05-03T21:05", DoseState::Given) },
    ] {
        j.put(next, other);
        assert_eq!(seen(&j).len(), 2);
    }
}

#[test]
fn parts_of_a_dose_fulfil_no_other_one() {
    let given = |c: EntityId, dose: &str, when: &str| Dose {
        cycle: c.into(),
        drug: "Gonal-f".to_owned().into(),
        at: at(when).into(),
        amount: amount(dose).into(),
        ..Dose::default()
    };
    let plan = |times: &[&str], dose: &str| {
        let (mut j, c) = with_drug("Gonal-f", times);
        let (id, _) = j.record(c).plan.remove(0);
        let item: PlanItem = j.book.get(id).unwrap();
        j.put(id, PlanItem { amount: amount(dose).into(), ..item });
        (j, c, id)
    };
    // 225 IU at half past eleven, from two pens, of which the second is entered after midnight.
    let (mut j, c, _) = plan(&["23:30"], "225 IU");
    j.add(given(c, "75 IU", "2026-05-03T23:50"));
    let second = j.add(given(c, "150 IU", "2026-05-04T00:05"));
    let seen = |j: &Journal, now: &str| {
        let rows = plan_rows(&j.record(c), span("2026-05-03", "2026-05-04"), &at(now), &Iana);
        rows.iter().map(|r| (r.date.to_string(), r.state)).collect::<Vec<_>>()
    };
    let day = |n: u32, state: RowState| (format!("2026-05-0{n}"), state);
    assert_eq!(seen(&j, "2026-05-04T08:00"), [day(3, RowState::Done), day(4, RowState::Due)]);
    // A smaller one in the morning is none of the evening, unless it says so.
    j.put(second, given(c, "75 IU", "2026-05-04T10:00"));
    let expected = [day(3, RowState::Done), day(4, RowState::Extra), day(4, RowState::Due)];
    assert_eq!(seen(&j, "2026-05-04T12:00"), expected);
    let part = Dose { state: DoseState::Partial.into(), ..given(c, "75 IU", "2026-05-04T20:00") };
    j.put(second, part);
    assert_eq!(seen(&j, "2026-05-04T23:00")[1], day(4, RowState::Partial));

    // Twice a day: both halves are the morning's, and the evening is due.
    let (mut j, c, id) = plan(&["08:00", "20:00"], "200 mg");
    j.add(given(c, "100 mg", "2026-05-03T08:00"));
    let second = j.add(given(c, "100 mg", "2026-05-03T08:30"));
    let day = span("2026-05-03", "2026-05-03");
    let seen = |j: &Journal| states(&plan_rows(&j.record(c), day, &at("2026-05-03T12:00"), &Iana));
    let expected = [("08:00".to_owned(), RowState::Done), ("20:00".to_owned(), RowState::Due)];
    assert_eq!(seen(&j), expected);
    // The partner's is none of hers.
    let (her, him) = (EntityId::from_bytes([21; 16]), EntityId::from_bytes([22; 16]));
    let item: PlanItem = j.book.get(id).unwrap();
    j.put(id, PlanItem { person: her.into(), ..item });
    j.put(second, Dose { person: him.into(), ..given(c, "100 mg", "2026-05-03T08:30") });
    assert_eq!(seen(&j).len(), 3);
}

#[test]
fn a_dose_after_midnight_is_that_of_the_evening_and_the_next_one_stays_due() {
    let (mut j, c) = with_drug("Gonal-f", &["23:30"]);
    dose(&mut j, c, "Gonal-f", "2026-05-05T00:10");
    let now = at("2026-05-05T09:00");
    let of = |from, to| plan_rows(&j.record(c), span(from, to), &now, &Iana);
    let found: Vec<RowState> = of("2026-05-04", "2026-05-05").iter().map(|r| r.state).collect();
    assert!(found == [RowState::Done, RowState::Due]);
    // Also where only one of the two days is looked at.
    assert!(of("2026-05-05", "2026-05-05").iter().map(|r| r.state).eq([RowState::Due]));
    assert!(of("2026-05-04", "2026-05-04").iter().map(|r| r.state).eq([RowState::Done]));
}

#[test]
fn a_dose_that_was_taken_late_is_none_of_the_next_day() {
    let (mut j, c) = with_drug("Utrogest", &["08:00"]);
    dose(&mut j, c, "Utrogest", "2026-05-04T20:30");
    let rows = plan_rows(&j.record(c), span("2026-05-04", "2026-05-05"), &at("2026-05-04T21:00"), &Iana);
    let found: Vec<RowState> = rows.iter().map(|r| r.state).collect();
    assert!(found == [RowState::Late { minutes: 750 }, RowState::Ahead]);
    // What is planned for shortly after midnight may be done before it.
    let (mut j, c) = with_drug("Utrogest", &["00:30"]);
    dose(&mut j, c, "Utrogest", "2026-05-04T23:50");
    let rows = plan_rows(&j.record(c), span("2026-05-05", "2026-05-05"), &at("2026-05-05T08:00"), &Iana);
    assert!(rows.iter().map(|r| r.state).eq([RowState::Done]));
}

#[test]
fn what_was_due_before_midnight_is_due_after_it() {
    let (j, c) = with_drug("Gonal-f", &["23:30"]);
    let due = |now: &str| {
        let found = today(&j.book, &at(now), &Iana).due;
        assert!(found.iter().all(|(id, _)| *id == c));
        found.iter().filter(|(_, r)| r.date == date("2026-05-04")).map(|(_, r)| r.state).collect::<Vec<_>>()
    };
    assert!(due("2026-05-05T00:05") == [RowState::Due]);
    assert!(due("2026-05-05T00:40") == [RowState::Open]);
}

#[test]
fn a_trigger_after_midnight_is_the_one_of_the_plan() {
    let mut j = Journal::new();
    let c = stimulation(&mut j);
    j.add(PlanItem {
        cycle: c.into(),
        what: PlanKind::Trigger.into(),
        when: PlanWhen::Absolute(at("2026-05-11T23:30")).into(),
        ..PlanItem::default()
    });
    j.add(Trigger { cycle: c.into(), at: at("2026-05-12T00:20").into(), ..Trigger::default() });
    let rows = plan_rows(&j.record(c), span("2026-05-10", "2026-05-13"), &at("2026-05-12T08:00"), &Iana);
    assert!(rows.iter().map(|r| (r.date, r.state)).eq([(date("2026-05-11"), RowState::Done)]));
}

#[test]
fn after_the_end_of_a_cycle_nothing_waits() {
    let (mut j, c) = with_drug("Gonal-f", &["20:00"]);
    let mut cycle: Cycle = j.book.get(c).unwrap();
    let all = |j: &Journal| {
        plan_rows(&j.record(c), span("2026-05-01", "2026-05-20"), &at("2026-05-08T12:00"), &Iana)
    };
    assert_eq!(all(&j).len(), 20);
    cycle.cancelled_on = date("2026-05-06").into();
    j.put(c, cycle.clone());
    assert_eq!(all(&j).last().unwrap().date, date("2026-05-06"));
    // Where only the state says it, from today on.
    (cycle.cancelled_on, cycle.state) = (Told::Unknown, CycleState::Cancelled.into());
    j.put(c, cycle);
    assert_eq!(all(&j).last().unwrap().date, date("2026-05-07"));
}

#[test]
fn a_cycle_that_became_another_has_no_retrieval_or_transfer_any_more() {
    let planned = Cycle {
        planned_trigger: at("2026-05-11T22:00").into(),
        planned_retrieval: at("2026-05-13T10:00").into(),
        planned_transfer: at("2026-05-18T10:00").into(),
        planned_beta: date("2026-05-28").into(),
        ..Cycle::default()
    };
    let left = |change: Cycle| {
        let mut j = Journal::new();
        let c = j.add(change);
        let r = j.record(c);
        let rows = plan_rows(&r, span("2026-05-01", "2026-06-01"), &at("2026-05-02T12:00"), &Iana);
        let keys = key_dates(&r).iter().map(|(k, _)| k).collect::<Vec<_>>();
        (rows.iter().map(|row| row.item.as_ref().unwrap().what.get().unwrap()).collect::<Vec<_>>(), keys)
    };
    use KeyDate as K;
    use PlanKind as P;
    assert_eq!(left(planned.clone()).0, [P::Trigger, P::Retrieval, P::Transfer, P::Beta]);
    let iui = Cycle { converted_to: CycleType::Iui.into(), ..planned.clone() };
    assert_eq!(left(iui), (vec![P::Trigger, P::Beta], vec![K::Trigger, K::FirstBeta]));
    let frozen = Cycle { freeze_all: true.into(), ..planned };
    assert_eq!(left(frozen.clone()), (vec![P::Trigger, P::Retrieval], vec![K::Trigger, K::Retrieval]));
    // One that is planned for weeks later is a frozen transfer.
    let later =
        Cycle { planned_transfer: at("2026-05-30T10:00").into(), planned_beta: Told::Unknown, ..frozen };
    assert_eq!(left(later).0, [P::Trigger, P::Retrieval, P::Transfer]);
}

#[test]
fn a_beta_before_the_planned_one_leaves_it_standing() {
    let mut j = Journal::new();
    let c = j.add(Cycle { planned_beta: date("2026-05-28").into(), ..Cycle::default() });
    j.add(Beta { cycle: c.into(), at: at("2026-05-21T08:00").into(), ..Beta::default() });
    let rows = |j: &Journal| {
        let all = plan_rows(&j.record(c), span("2026-05-20", "2026-06-02"), &at("2026-05-22T08:00"), &Iana);
        all.iter().map(|r| (r.date.to_string(), r.state)).collect::<Vec<_>>()
    };
    let early = ("2026-05-21".to_owned(), RowState::Extra);
    assert!(rows(&j) == [early.clone(), ("2026-05-28".to_owned(), RowState::Ahead)]);
    j.add(Beta { cycle: c.into(), at: at("2026-05-30T08:00").into(), ..Beta::default() });
    assert!(rows(&j) == [early, ("2026-05-30".to_owned(), RowState::Extra)]);
}

#[test]
fn hcg_is_hcg_whether_it_was_a_trigger_a_second_drug_or_a_dose() {
    let warned = |give: &dyn Fn(&mut Journal, EntityId) -> EntityId| {
        let mut j = Journal::new();
        let c = j.add(Cycle::default());
        give(&mut j, c);
        j.add(Beta {
            cycle: c.into(),
            at: at("2026-05-20T08:00").into(),
            value: amount("15 IU/L").into(),
            ..Beta::default()
        });
        // A single value says it, too.
        betas(&j.record(c))[0].days_past_hcg
    };
    let drug = |name: &str| name.to_owned().into();
    let dose = |c: EntityId| Dose { cycle: c.into(), at: at("2026-05-11T22:00").into(), ..Dose::default() };
    let trigger =
        |c: EntityId| Trigger { cycle: c.into(), at: at("2026-05-11T22:00").into(), ..Trigger::default() };
    assert_eq!(warned(&|j, c| j.add(Dose { drug: drug("Ovitrelle"), ..dose(c) })), Some(9));
    assert_eq!(warned(&|j, c| j.add(Dose { drug: drug("Pregnyl 1500"), ..dose(c) })), Some(9));
    let skipped = |c| Dose { drug: drug("Ovitrelle"), state: DoseState::Skipped.into(), ..dose(c) };
    assert_eq!(warned(&|j, c| j.add(skipped(c))), None);
    let by_medication = |j: &mut Journal, c| {
        let pen = j.add(Medication {
            name: drug("My pen"),
            substance: drug("Choriogonadotropin alfa"),
            ..Medication::default()
        });
        j.add(Dose { medication: pen.into(), ..dose(c) })
    };
    assert_eq!(warned(&by_medication), Some(9));
    let second = |c| Trigger {
        kind: TriggerKind::Agonist.into(),
        drug: drug("Decapeptyl"),
        second_drug: drug("Ovitrelle"),
        second_at: at("2026-05-12T10:00").into(),
        ..trigger(c)
    };
    assert_eq!(warned(&|j, c| j.add(second(c))), Some(8));
    let agonist = |c| Trigger { kind: TriggerKind::Agonist.into(), drug: drug("Decapeptyl"), ..trigger(c) };
    assert_eq!(warned(&|j, c| j.add(agonist(c))), None);
}

#[test]
fn between_two_values_of_which_one_is_a_limit_nothing_doubles() {
    let mut j = Journal::new();
    let c = j.add(Cycle::default());
    for (day, value) in [("2026-05-20", "<1.2 IU/L"), ("2026-05-22", "85 IU/L"), ("2026-05-24", "180 IU/L")] {
        let at = at(&format!("{day}T08:00"));
        j.add(Beta { cycle: c.into(), at: at.into(), value: amount(value).into(), ..Beta::default() });
    }
    let rises = beta_rises(&betas(&j.record(c)));
    assert!(rises[0].warnings == [BetaWarning::Censored]);
    assert_eq!((rises[0].doubling_hours, rises[0].halving_hours), (None, None));
    assert!(rises[1].doubling_hours.is_some() && rises[1].warnings.is_empty());
}

#[test]
fn an_evening_in_america_comes_before_the_bare_day_that_follows() {
    let mut j = Journal::new();
    let c = j.add(Cycle::default());
    let positive = |at| HomeTest {
        cycle: c.into(),
        kind: TestKind::Lh.into(),
        result: TestResult::Positive.into(),
        at: moment(at).into(),
        ..HomeTest::default()
    };
    j.add(positive("2026-03-11"));
    j.add(positive("2026-03-10T20:30-05:00[America/Bogota]"));
    assert_eq!(j.record(c).dates.date(KeyDate::LhSurge), Some(date("2026-03-10")));
}

#[test]
fn of_two_outcomes_on_one_day_the_one_that_asks_for_quiet_is_heard() {
    for quiet_first in [true, false] {
        let mut j = Journal::new();
        let c = j.add(Cycle::default());
        for quiet in [quiet_first, !quiet_first] {
            let on = date("2026-05-30").into();
            j.add(Outcome { cycle: c.into(), on, quiet: quiet.into(), ..Outcome::default() });
        }
        assert!(j.record(c).is_quiet());
    }
}

#[test]
fn hcg_among_the_hormones_is_warned_of_like_a_beta() {
    let mut j = Journal::new();
    let c = j.add(Cycle::default());
    j.add(Dose {
        cycle: c.into(),
        drug: "Brevactid".to_owned().into(),
        at: at("2026-05-11T22:00").into(),
        ..Dose::default()
    });
    j.add(Hormone {
        cycle: c.into(),
        hormone: HormoneKind::Hcg.into(),
        at: moment("2026-05-21").into(),
        value: amount("12 IU/L").into(),
        ..Hormone::default()
    });
    assert_eq!(betas(&j.record(c))[0].days_past_hcg, Some(10));
}

#[test]
fn today_is_a_day_of_the_cycle_that_goes_on_alone() {
    let mut j = Journal::new();
    // Nobody said that the first one is over: all was frozen.
    let old =
        j.add(Cycle { cycle_start: date("2026-03-20").into(), freeze_all: true.into(), ..Cycle::default() });
    let labelled = |j: &Journal| {
        today(&j.book, &at("2026-05-03T09:00"), &Iana)
            .labels
            .into_iter()
            .map(|(id, _)| id)
            .collect::<Vec<_>>()
    };
    assert_eq!(labelled(&j), [old]);
    let new = j.add(Cycle { cycle_start: date("2026-05-01").into(), ..Cycle::default() });
    assert_eq!(labelled(&j), [new]);
}

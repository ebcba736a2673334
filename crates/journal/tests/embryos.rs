//! Embryos, the funnel, and what is stored.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_journal::{
    derive::{FunnelStep, age_on, day_zero, embryo_cards, funnel, storage_ledger},
    model::{
        Consent, Cycle, Embryo, EmbryoEvent, EntityId, Retrieval, Storage, StorageFee, TextType, Told,
        embryo::{EmbryoState, EventKind, Pgt, Sex, follow},
        grade::{BadGrade, Gardner, Scheme, check},
        lab::ConsentFor,
    },
};
use kit::{Iana, Journal, amount, close, date, moment};
use proptest::prelude::*;

struct Lab {
    j: Journal,
    cycle: EntityId,
    retrieval: EntityId,
}

impl Lab {
    fn new() -> Self {
        let mut j = Journal::new();
        let cycle = j.add(Cycle::default());
        let retrieval = j.add(Retrieval {
            cycle: cycle.into(),
            at: moment("2026-05-10T09:00+02:00").into(),
            retrieved: 12.into(),
            mature: 9.into(),
            pn2: 7.into(),
            ..Retrieval::default()
        });
        Self { j, cycle, retrieval }
    }
    fn embryo(&mut self, label: &str) -> EntityId {
        self.j.add(Embryo {
            cycle: self.cycle.into(),
            retrieval: self.retrieval.into(),
            label: label.to_owned().into(),
            ..Embryo::default()
        })
    }
    fn event(&mut self, embryo: EntityId, what: EventKind, at: &str, more: EmbryoEvent) {
        self.j.add(EmbryoEvent { embryo: embryo.into(), what: what.into(), at: moment(at).into(), ..more });
    }
}

fn event(what: EventKind) -> EmbryoEvent {
    EmbryoEvent { what: what.into(), ..EmbryoEvent::default() }
}

#[test]
fn an_embryo_is_in_exactly_one_state_and_refuses_what_cannot_be() {
    use EventKind::*;
    let state = |events: &[EventKind]| follow(&events.iter().map(|e| event(*e)).collect::<Vec<_>>());
    assert_eq!(state(&[]).state, EmbryoState::Growing);
    assert_eq!(
        state(&[Biopsied, EventKind::Frozen, Tested, Thawed, Transferred, Outcome]).state,
        EmbryoState::Concluded
    );
    let twice = state(&[Transferred, EventKind::Frozen, Transferred]);
    assert_eq!(twice.state, EmbryoState::Transferred);
    assert_eq!(
        twice.impossible.iter().map(|(i, w)| (*i, w.event)).collect::<Vec<_>>(),
        [(1, EventKind::Frozen), (2, Transferred)]
    );
    assert_eq!(state(&[Thawed]).impossible.len(), 1, "what is not frozen is not thawed");
    assert_eq!(state(&[Discarded, Donated]).state, EmbryoState::Discarded);
    assert_eq!(state(&[Outcome]).impossible.len(), 1);
    let lost = [
        event(EventKind::Frozen),
        EmbryoEvent { survived: false.into(), ..event(Thawed) },
        event(Transferred),
    ];
    let course = follow(&lost);
    assert_eq!((course.state, course.impossible.len()), (EmbryoState::NotSurvived, 1));
    assert_eq!(course.impossible[0].1.from, EmbryoState::NotSurvived);
}

proptest! {
    #[test]
    fn any_events_lead_to_one_state_and_the_impossible_ones_change_nothing(picks in prop::collection::vec(0usize..11, 0..30)) {
        let events: Vec<EmbryoEvent> = picks.iter().map(|p| event(EventKind::ALL[*p])).collect();
        let course = follow(&events);
        let possible: Vec<EmbryoEvent> = events.iter().enumerate()
            .filter(|(i, _)| !course.impossible.iter().any(|(n, _)| n == i)).map(|(_, e)| e.clone()).collect();
        let again = follow(&possible);
        prop_assert_eq!(again.state, course.state);
        prop_assert!(again.impossible.is_empty());
    }
}

#[test]
fn gardners_grades_are_read_and_nothing_else_is() {
    for (text, shown) in
        [("4AB", "4AB"), ("5 b-b", "5BB"), ("6aa", "6AA"), ("2", "2"), ("1", "1"), ("2BC", "2BC")]
    {
        assert_eq!(Gardner::parse(text).unwrap().to_string(), shown);
    }
    for (text, why) in [
        ("", BadGrade::Expansion),
        ("7AA", BadGrade::Expansion),
        ("AB4", BadGrade::Expansion),
        ("4AD", BadGrade::Letter),
        ("4", BadGrade::MissingLetters),
        ("4A", BadGrade::MissingLetters),
        ("4ABC", BadGrade::Trailing),
    ] {
        assert_eq!(Gardner::parse(text), Err(why), "{text}");
    }
    assert_eq!(check(Scheme::Istanbul, "4:1:2").as_deref(), Ok("4:1:2"));
    assert_eq!(check(Scheme::Istanbul, "5:1:1"), Err(BadGrade::Expansion));
    assert_eq!(check(Scheme::Own, "excellent").as_deref(), Ok("excellent"));
}

#[test]
fn a_board_shows_state_age_grade_and_place_and_keeps_sex_and_held_results_to_itself() {
    let mut l = Lab::new();
    let (two, ten) = (l.embryo("#2"), l.embryo("#10"));
    l.event(
        two,
        EventKind::Observed,
        "2026-05-15",
        EmbryoEvent {
            grade: "4AB".to_owned().into(),
            scheme: Scheme::Gardner.into(),
            ..EmbryoEvent::default()
        },
    );
    l.event(two, EventKind::Biopsied, "2026-05-15", EmbryoEvent::default());
    l.event(
        two,
        EventKind::Frozen,
        "2026-05-15",
        EmbryoEvent { place: "Tank 3, cane 7".to_owned().into(), ..EmbryoEvent::default() },
    );
    let result = EmbryoEvent {
        pgt: Pgt::Euploid.into(),
        pgt_detail: "46,XX".to_owned().into(),
        sex: Sex::Xx.into(),
        ..EmbryoEvent::default()
    };
    l.event(two, EventKind::Tested, "2026-05-29", result.clone());
    l.event(ten, EventKind::Biopsied, "2026-05-16", EmbryoEvent::default());
    l.event(
        ten,
        EventKind::Tested,
        "2026-05-29",
        EmbryoEvent { held: true.into(), grade: "3BB".to_owned().into(), ..result },
    );
    let cards = embryo_cards(&l.j.record(l.cycle), false);
    assert_eq!(cards.iter().map(|c| c.id).collect::<Vec<_>>(), [two, ten]);
    assert_eq!(cards[0].state, EmbryoState::Frozen);
    assert_eq!(cards[0].gardner.unwrap().to_string(), "4AB");
    assert_eq!(cards[0].events[0].2, Some(5), "day 5 follows from the retrieval");
    assert_eq!(cards[0].place.as_deref(), Some("Tank 3, cane 7"));
    assert_eq!((cards[0].pgt, cards[0].sex), (Told::Known(Pgt::Euploid), None));
    assert_eq!((cards[1].pgt, cards[1].sex, cards[1].holds_result), (Told::NotTold, None, true));
    assert_eq!((cards[0].hides_sex, cards[1].hides_sex), (true, false), "held says nothing of what is in it");
    assert!(cards[1].grade.is_none());
    let shown = embryo_cards(&l.j.record(l.cycle), true);
    assert!(!shown[0].hides_sex);
    assert_eq!((cards[0].finding.as_deref(), shown[0].finding.as_deref()), (None, Some("46,XX")));
    assert_eq!((shown[0].sex, shown[1].sex), (Some(Sex::Xx), None), "a held result stays held");
}

fn counts(l: &Lab) -> Vec<(FunnelStep, Told<i64>, i64)> {
    funnel(&l.j.record(l.cycle)).iter().map(|s| (s.step, s.count, s.pending)).collect()
}

#[test]
fn a_funnel_tells_unknown_from_zero_and_from_not_done() {
    let mut l = Lab::new();
    let c = counts(&l);
    assert_eq!(c[0], (FunnelStep::Retrieved, Told::Known(12), 0));
    assert_eq!(c[2], (FunnelStep::Fertilised, Told::Known(7), 0));
    assert!(c[3..].iter().all(|(_, n, _)| *n == Told::Unknown), "nobody has said");
    let mut r = l.j.book.get::<Retrieval>(l.retrieval).unwrap();
    (r.day3, r.day5, r.day6, r.frozen) = (6.into(), 0.into(), 0.into(), Told::NotTold);
    l.j.put(l.retrieval, r);
    let cycle = Cycle { with_pgt: false.into(), freeze_all: true.into(), ..Cycle::default() };
    l.j.put(l.cycle, cycle);
    let c = counts(&l);
    assert_eq!(c[3].1, Told::Known(6));
    assert_eq!(c[4].1, Told::Known(0), "none is a number");
    assert_eq!((c[5].1, c[6].1), (Told::NotDone, Told::NotDone));
    assert_eq!((c[7].1, c[8].1), (Told::NotTold, Told::NotDone));
}

#[test]
fn a_funnel_counts_embryos_where_the_laboratory_gave_no_sum() {
    let mut l = Lab::new();
    let all: Vec<EntityId> = (1..=4).map(|n| l.embryo(&n.to_string())).collect();
    for e in &all {
        l.event(*e, EventKind::Observed, "2026-05-13", EmbryoEvent::default());
    }
    for e in &all[..3] {
        l.event(*e, EventKind::Biopsied, "2026-05-15", EmbryoEvent::default());
        l.event(*e, EventKind::Frozen, "2026-05-15", EmbryoEvent::default());
    }
    l.event(all[3], EventKind::Arrested, "2026-05-15", EmbryoEvent::default());
    assert_eq!(counts(&l)[6], (FunnelStep::Euploid, Told::Unknown, 3));
    l.event(
        all[0],
        EventKind::Tested,
        "2026-05-25",
        EmbryoEvent { pgt: Pgt::Euploid.into(), ..EmbryoEvent::default() },
    );
    l.event(
        all[1],
        EventKind::Tested,
        "2026-05-25",
        EmbryoEvent { pgt: Pgt::Aneuploid.into(), ..EmbryoEvent::default() },
    );
    let c = counts(&l);
    let n = |i: usize| c[i].1;
    assert_eq!((n(3), n(4), n(5)), (Told::Known(4), Told::Known(3), Told::Known(3)));
    assert_eq!(c[6], (FunnelStep::Euploid, Told::Known(1), 1));
    assert_eq!((n(7), n(8)), (Told::Known(3), Told::Known(0)));
    // A later cycle thaws and transfers one of them; the cycle of its retrieval counts it.
    l.event(
        all[0],
        EventKind::Thawed,
        "2026-09-01",
        EmbryoEvent { survived: true.into(), ..EmbryoEvent::default() },
    );
    l.event(all[0], EventKind::Transferred, "2026-09-01", EmbryoEvent::default());
    assert_eq!(counts(&l)[8].1, Told::Known(1));
}

#[test]
fn none_so_far_is_no_zero_while_embryos_grow() {
    let mut l = Lab::new();
    let (one, two) = (l.embryo("1"), l.embryo("2"));
    for e in [one, two] {
        l.event(e, EventKind::Observed, "2026-05-13", EmbryoEvent::default());
    }
    assert_eq!(counts(&l)[7], (FunnelStep::Frozen, Told::Unknown, 2));
    l.event(one, EventKind::Frozen, "2026-05-15", EmbryoEvent::default());
    assert_eq!(counts(&l)[7], (FunnelStep::Frozen, Told::Known(1), 1));
    l.event(two, EventKind::Arrested, "2026-05-16", EmbryoEvent::default());
    assert_eq!(counts(&l)[7], (FunnelStep::Frozen, Told::Known(1), 0));
    assert_eq!(counts(&l)[5], (FunnelStep::Biopsied, Told::Known(0), 0));
}

#[test]
fn two_retrievals_add_up_and_one_unknown_makes_the_sum_unknown() {
    let mut l = Lab::new();
    l.j.add(Retrieval {
        cycle: l.cycle.into(),
        retrieved: 5.into(),
        mature: Told::NotTold,
        ..Retrieval::default()
    });
    let c = counts(&l);
    assert_eq!((c[0].1, c[1].1, c[2].1), (Told::Known(17), Told::NotTold, Told::Unknown));
}

#[test]
fn a_ledger_lists_fees_and_consents_over_the_years() {
    let mut l = Lab::new();
    let s = l.j.add(Storage {
        started_on: date("2024-01-31").into(),
        fee: amount("300 EUR").into(),
        fee_months: 6.into(),
        fee_first_due: date("2024-08-31").into(),
        limit_on: date("2034-01-31").into(),
        ..Storage::default()
    });
    let e = l.embryo("1");
    l.event(e, EventKind::Frozen, "2026-05-15", EmbryoEvent { storage: s.into(), ..EmbryoEvent::default() });
    l.j.add(StorageFee {
        storage: s.into(),
        due_on: date("2025-03-03").into(),
        paid_on: date("2025-03-01").into(),
        amount: amount("280 EUR").into(),
        ..StorageFee::default()
    });
    l.j.add(Consent { storage: s.into(), valid_until: date("2026-12-31").into(), ..Consent::default() });
    let cards = embryo_cards(&l.j.record(l.cycle), false);
    let today = date("2026-11-28");
    let ledger = storage_ledger(&l.j.book, &cards, today, date("2027-03-31"));
    let line = &ledger[0];
    let due: Vec<String> = line.fees.iter().map(|f| f.due_on.to_string()).collect();
    // The end of the month stays it; the fee of February 2025 was entered for 3 March.
    assert_eq!(due, ["2024-08-31", "2025-03-03", "2025-08-31", "2026-02-28", "2026-08-31", "2027-02-28"]);
    assert_eq!(line.fees[1].paid_on, Some(date("2025-03-01")));
    assert_eq!(line.fees[4].days_left, -89);
    assert_eq!(line.embryos, [e]);
    assert_eq!(line.consents[0].days_left, Some(33));
    assert_eq!(line.paid[0].0, "EUR");
    close(line.paid[0].1, 280.0, 1e-9);
    assert!(line.is_pressing(60, &moment("2026-11-28")));
    let today = keepwell_journal::derive::today(&l.j.book, &moment("2026-11-28T10:00+01:00"), &Iana);
    assert_eq!(today.storage.len(), 1);
}

#[test]
fn a_renewed_consent_is_no_alarm_and_one_of_somebody_else_renews_nothing() {
    let mut l = Lab::new();
    let s = l.j.add(Storage::default());
    let person = |n: u8| vec![EntityId::from_bytes([n; 16])];
    let consent = |until: &str| Consent {
        storage: s.into(),
        what: ConsentFor::Storage.into(),
        valid_until: date(until).into(),
        ..Consent::default()
    };
    let now = moment("2026-11-28");
    let is_pressing = |l: &Lab| storage_ledger(&l.j.book, &[], now.date, now.date)[0].is_pressing(60, &now);
    let old = l.j.add(consent("2025-12-31"));
    assert!(is_pressing(&l));
    let use_of_it = Consent { what: ConsentFor::Use.into(), ..consent("2035-12-31") };
    l.j.add(use_of_it);
    assert!(is_pressing(&l), "a consent for something else");
    let new = l.j.add(consent("2035-12-31"));
    assert!(!is_pressing(&l));
    l.j.put(old, Consent { signed_by: person(1).into(), ..consent("2025-12-31") });
    assert!(!is_pressing(&l));
    l.j.put(new, Consent { signed_by: person(2).into(), ..consent("2035-12-31") });
    assert!(is_pressing(&l), "of the other partner");
}

#[test]
fn a_fee_paid_late_without_its_day_is_the_one_before_it() {
    let mut l = Lab::new();
    let s = l.j.add(Storage {
        fee: amount("300 EUR").into(),
        fee_months: 12.into(),
        fee_first_due: date("2025-03-01").into(),
        ..Storage::default()
    });
    let paid = |on: &str| StorageFee { storage: s.into(), paid_on: date(on).into(), ..StorageFee::default() };
    let open = |l: &Lab| {
        let ledger = storage_ledger(&l.j.book, &[], date("2026-11-28"), date("2027-04-01"));
        let open = ledger[0].fees.iter().filter(|f| f.paid_on.is_none());
        open.map(|f| f.due_on.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(open(&l), ["2025-03-01", "2026-03-01", "2027-03-01"]);
    let fee = l.j.add(paid("2025-04-20"));
    l.j.add(paid("2026-01-15"));
    assert_eq!(open(&l), ["2027-03-01"]);
    // Later than half a year: of which year it was is not certain, and the next one stays to be paid.
    l.j.put(fee, paid("2025-09-20"));
    assert_eq!(open(&l), ["2025-03-01", "2027-03-01"]);
    // One with its day is of that day.
    l.j.put(fee, StorageFee { due_on: date("2025-04-20").into(), ..paid("2025-04-20") });
    assert_eq!(open(&l), ["2025-03-01", "2027-03-01"]);
}

#[test]
fn an_embryo_that_was_thawed_is_not_in_the_store_any_more() {
    let mut l = Lab::new();
    let s = l.j.add(Storage::default());
    let e = l.embryo("1");
    l.event(e, EventKind::Frozen, "2026-05-15", EmbryoEvent { storage: s.into(), ..EmbryoEvent::default() });
    l.event(e, EventKind::Thawed, "2026-09-01", EmbryoEvent::default());
    let cards = embryo_cards(&l.j.record(l.cycle), false);
    assert!(storage_ledger(&l.j.book, &cards, date("2026-11-28"), date("2027-01-01"))[0].embryos.is_empty());
    assert_eq!(cards[0].since.as_ref().unwrap().to_text(), "2026-09-01");
}

#[test]
fn an_embryo_is_thawed_and_transferred_on_one_day_and_its_months_in_the_freezer_are_no_age() {
    // The ids are drawn, so what happened on one day may come in any order.
    let mut l = Lab::new();
    let e = l.embryo("1");
    l.event(e, EventKind::Transferred, "2026-09-01", EmbryoEvent::default());
    l.event(e, EventKind::Thawed, "2026-09-01", EmbryoEvent::default());
    l.event(e, EventKind::Frozen, "2026-05-13", EmbryoEvent::default());
    l.event(e, EventKind::Biopsied, "2026-05-13", EmbryoEvent::default());
    let card = embryo_cards(&l.j.record(l.cycle), false).remove(0);
    assert_eq!((card.state, card.impossible.as_slice()), (EmbryoState::Transferred, [].as_slice()));
    assert_eq!(card.events.iter().map(|(.., age)| *age).collect::<Vec<_>>(), [Some(3); 4]);
    let age = |on| age_on(&l.j.book, e, date(on));
    let days = ["2026-05-12", "2026-05-13", "2026-08-31", "2026-09-02"];
    assert_eq!(days.map(age), [Some(2), Some(3), Some(3), None]);
}

#[test]
fn a_grade_begins_in_the_scheme_of_its_day() {
    let day = |d: i64| Scheme::usual(Some(d));
    assert_eq!([0, 2, 3].map(day), [Scheme::Cleavage; 3]);
    assert_eq!([4, 5, 7, -1].map(day), [Scheme::Gardner; 4]);
    assert_eq!(Scheme::usual(None), Scheme::Gardner);

    let mut l = Lab::new();
    let of_retrieval = l.embryo("1");
    let told = l.j.add(Embryo { fertilised_on: date("2024-02-01").into(), ..Embryo::default() });
    let unknown = l.j.add(Embryo::default());
    let zero = |id| day_zero(&l.j.book, id);
    assert_eq!(zero(of_retrieval), Some(date("2026-05-10")));
    assert_eq!((zero(told), zero(unknown), zero(l.cycle)), (Some(date("2024-02-01")), None, None));
}

#[test]
fn an_embryo_that_was_moved_keeps_what_the_move_does_not_name() {
    let mut l = Lab::new();
    let [old, new] = [Storage::default(), Storage::default()].map(|s| l.j.add(s));
    let at = |place: &str| EmbryoEvent { place: place.to_owned().into(), ..EmbryoEvent::default() };
    let e = l.embryo("1");
    l.event(e, EventKind::Frozen, "2026-05-15", EmbryoEvent { storage: old.into(), ..at("Tank 1") });
    let kept = |l: &Lab| {
        let card = embryo_cards(&l.j.record(l.cycle), false).remove(0);
        (card.place, card.storage)
    };
    l.event(e, EventKind::Moved, "2026-06-01", at("Tank 2"));
    assert_eq!(kept(&l), (Some("Tank 2".to_owned()), Some(old)));
    let cards = embryo_cards(&l.j.record(l.cycle), false);
    let ledger = storage_ledger(&l.j.book, &cards, date("2026-11-28"), date("2027-01-01"));
    assert!(ledger.iter().any(|line| line.id == old && line.embryos == [e]));
    l.event(e, EventKind::Moved, "2026-07-01", EmbryoEvent { storage: new.into(), ..EmbryoEvent::default() });
    assert_eq!(kept(&l), (Some("Tank 2".to_owned()), Some(new)));
    l.event(
        e,
        EventKind::Moved,
        "2026-08-01",
        EmbryoEvent { place: Told::NotTold, ..EmbryoEvent::default() },
    );
    assert_eq!(kept(&l), (None, Some(new)), "that the clinic did not say where is no old place");
}

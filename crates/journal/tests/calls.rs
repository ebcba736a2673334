//! "The nurse called": plans that change while they run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kit;
use keepwell_journal::{
    derive::{
        AmendError, CycleRecord, PlanChange, PlanEdit, Rest, Span, amend, amended, amendment_changes,
        occurrences, plan_changes, rest_from,
    },
    model::{
        Amendment, Cycle, EntityId, KeyDate, Moment, PlanItem, PlanWhen, TextType, Told, plan::PlanKind,
    },
};
use kit::{Iana, Journal, amount, clock, daily, date, moment, span, stimulation as cycle};

#[test]
fn the_nurse_called_and_the_change_is_written_as_one_and_can_be_looked_at() {
    let mut j = Journal::new();
    let c = cycle(&mut j);
    let gonal = j.add(daily(c, "Gonal-F", "150 IU", 0, 10, "21:00"));
    let menopur = j.add(daily(c, "Menopur", "75 IU", 0, 10, "21:00"));
    let id = EntityId::from_bytes([0xaa; 16]);
    let (new, added) = (EntityId::from_bytes([0xbb; 16]), EntityId::from_bytes([0xcc; 16]));
    let call = Amendment {
        cycle: c.into(),
        said_at: moment("2026-05-05T15:10+02:00[Europe/Berlin]").into(),
        said_by_name: "Sister Ana".to_owned().into(),
        from: date("2026-05-05").into(),
        ..Amendment::default()
    };
    let edits = [
        PlanEdit::Replace {
            item: gonal,
            from: date("2026-05-05"),
            id: new,
            with: Box::new(daily(c, "Gonal-F", "225 IU", 4, 4, "20:00")),
        },
        PlanEdit::Stop { item: menopur, from: date("2026-05-07") },
        PlanEdit::Add { id: added, item: Box::new(daily(c, "Cetrotide", "0.25 mg", 5, 2, "08:00")) },
    ];
    let plan = amend(&j.record(c), id, &call, &edits).unwrap();
    for (entity, fields) in plan {
        j.author.write(&mut j.book, j.now, entity, fields);
    }
    let r = j.record(c);
    assert_eq!(r.plan.len(), 4);
    let kept = &r.plan.iter().find(|(i, _)| *i == gonal).unwrap().1;
    assert_eq!(kept.amount, Told::Known(amount("150 IU")), "the old item says what it said");
    let changes = amendment_changes(&r, id, span("2026-05-04", "2026-05-08"), &Iana);
    let words: Vec<String> = changes.iter().map(word).collect();
    assert_eq!(
        words,
        [
            "2026-05-05 time 21:00 20:00",
            "2026-05-05 amount 150 IU 225 IU",
            "2026-05-06 time 21:00 20:00",
            "2026-05-06 amount 150 IU 225 IU",
            "2026-05-06 added 08:00",
            "2026-05-07 time 21:00 20:00",
            "2026-05-07 amount 150 IU 225 IU",
            "2026-05-07 added 08:00",
            "2026-05-07 dropped 21:00",
            "2026-05-08 time 21:00 20:00",
            "2026-05-08 amount 150 IU 225 IU",
            "2026-05-08 dropped 21:00",
        ]
    );
    assert_eq!(amend(&r, id, &call, &[]), Err(AmendError::Nothing));
    let stray = [PlanEdit::Stop { item: id, from: date("2026-05-05") }];
    assert_eq!(amend(&r, id, &call, &stray), Err(AmendError::NoSuchItem));
}

fn word(c: &PlanChange) -> String {
    let at = |m: &Moment| m.clock.unwrap().to_string();
    let rest = match c {
        PlanChange::Added(o) => format!("added {}", at(&o.at)),
        PlanChange::Dropped(o) => format!("dropped {}", at(&o.at)),
        PlanChange::Amount { from, to, .. } => {
            format!("amount {} {}", from.known().unwrap().to_text(), to.known().unwrap().to_text())
        }
        PlanChange::Time { from, to } => format!("time {} {}", at(&from.at), at(&to.at)),
    };
    format!("{} {rest}", c.date())
}

#[test]
fn a_changed_item_has_the_days_that_were_left_in_the_old_rhythm() {
    let mut j = Journal::new();
    let c = cycle(&mut j);
    let r = j.record(c);
    let rest = |item: &PlanItem, from: &str| match rest_from(&r, item, date(from), &Iana) {
        Rest::Left { item, .. } => Some(*item),
        Rest::Over => None,
        Rest::Undated => panic!("the start is known"),
    };
    let days = |item: &PlanItem| -> Vec<String> {
        let span = Span { from: date("2026-04-01"), to: date("2026-07-01") };
        let all = occurrences(&r, (EntityId::from_bytes([7; 16]), item), span, &Iana);
        all.iter().map(|o| o.at.to_text()).collect()
    };
    let ten = daily(c, "Follitropin", "150 IU", 0, 10, "21:00");
    let left = days(&rest(&ten, "2026-05-08").unwrap());
    assert_eq!(left, ["2026-05-08T21:00", "2026-05-09T21:00", "2026-05-10T21:00"]);
    assert!(rest(&ten, "2026-05-11").is_none(), "it was over");
    // A change that is said before it began moves nothing.
    assert_eq!(days(&rest(&ten, "2026-04-20").unwrap()), days(&ten));

    let second = PlanItem { every_days: 2.into(), for_days: Told::Unknown, ..ten.clone() };
    let left = days(&rest(&second, "2026-05-04").unwrap());
    assert_eq!(left[..2], ["2026-05-05T21:00", "2026-05-07T21:00"], "every second day stays that");

    let once = PlanItem { every_days: Told::Unknown, for_days: Told::Unknown, ..ten };
    assert_eq!(days(&rest(&once, "2026-05-01").unwrap()), ["2026-05-01T21:00"]);
    assert!(rest(&once, "2026-05-02").is_none());
    // A date that nobody knows yet is no date that is past.
    let waits =
        PlanItem { when: PlanWhen::Days { from: KeyDate::Transfer, days: 0, clock: None }.into(), ..once };
    assert!(rest_from(&r, &waits, date("2026-05-02"), &Iana) == Rest::Undated);
}

#[test]
fn a_change_before_the_beginning_moves_with_the_date_and_is_never_due_beside_the_old_one() {
    let mut j = Journal::new();
    let start = |day: &str| Cycle { progesterone_start: moment(day).into(), ..Cycle::default() };
    let c = j.add(start("2026-05-07"));
    let of_start = PlanWhen::Days { from: KeyDate::ProgesteroneStart, days: 0, clock: Some(clock("21:00")) };
    let old = PlanItem { when: of_start.into(), ..daily(c, "Progesterone", "400 mg", 0, 5, "21:00") };
    let item = j.add(old.clone());
    let monday = date("2026-05-04");
    let Rest::Left { item: rest, .. } = rest_from(&j.record(c), &old, monday, &Iana) else {
        panic!("all of it")
    };
    assert!(*rest == old, "it is counted from its date, as it was");
    let (id, new) = (EntityId::from_bytes([0xaa; 16]), EntityId::from_bytes([0xbb; 16]));
    let call = Amendment { cycle: c.into(), from: monday.into(), ..Amendment::default() };
    let with = Box::new(PlanItem { amount: amount("600 mg").into(), ..*rest });
    let edits = [PlanEdit::Replace { item, from: monday, id: new, with }];
    for (entity, fields) in amend(&j.record(c), id, &call, &edits).unwrap() {
        j.author.write(&mut j.book, j.now, entity, fields);
    }
    let due = |j: &Journal| -> Vec<String> {
        let r = j.record(c);
        let of = |(id, p): &(EntityId, PlanItem)| {
            let dose = p.amount.known().unwrap().to_text();
            let all = occurrences(&r, (*id, p), span("2026-05-01", "2026-05-31"), &Iana);
            all.into_iter().map(|o| format!("{} {dose}", o.at.date)).collect::<Vec<_>>()
        };
        let mut days: Vec<String> = r.plan.iter().flat_map(of).collect();
        days.sort();
        days
    };
    assert_eq!(due(&j).first().unwrap(), "2026-05-07 600 mg");
    j.put(c, start("2026-05-09"));
    assert_eq!(due(&j).first().unwrap(), "2026-05-09 600 mg");
    assert_eq!(due(&j).len(), 5);
    // It began before the call: until then the old dose was due.
    j.put(c, start("2026-05-02"));
    assert_eq!(
        due(&j),
        [
            "2026-05-02 400 mg",
            "2026-05-03 400 mg",
            "2026-05-04 600 mg",
            "2026-05-05 600 mg",
            "2026-05-06 600 mg"
        ]
    );
}

#[test]
fn a_second_call_never_lengthens_what_the_first_one_ended() {
    let mut j = Journal::new();
    let c = cycle(&mut j);
    let open = |dose: &str, day: &str| PlanItem {
        when: PlanWhen::Absolute(moment(&format!("{day}T21:00"))).into(),
        for_days: Told::Unknown,
        ..daily(c, "Gonal-f", dose, 0, 1, "21:00")
    };
    let old = j.add(open("225 IU", "2026-05-01"));
    let [first, second, third] = [0xa1, 0xa2, 0xa3].map(|b| EntityId::from_bytes([b; 16]));
    let [less, least, tonight] = [0xb1, 0xb2, 0xb3].map(|b| EntityId::from_bytes([b; 16]));
    let replace = |j: &mut Journal, id: EntityId, (from, new): (&str, EntityId), with: PlanItem| {
        let from = date(from);
        let call = Amendment { cycle: c.into(), from: from.into(), ..Amendment::default() };
        let edits = [PlanEdit::Replace { item: old, from, id: new, with: Box::new(with) }];
        let r = j.record(c);
        for (entity, fields) in amend(&r, id, &call, &edits).unwrap() {
            j.author.write(&mut j.book, j.now, entity, fields);
        }
        let due = |r: &CycleRecord| {
            let of = |(id, p): &(EntityId, PlanItem)| {
                occurrences(r, (*id, p), span("2026-05-01", "2026-05-20"), &Iana).len()
            };
            r.plan.iter().map(of).sum::<usize>()
        };
        let shown = due(&amended(&r, &edits));
        assert_eq!(shown, due(&j.record(c)), "what is shown before is what is kept");
    };
    let ends = |j: &Journal| {
        let r = j.record(c);
        let item = r.plan.into_iter().find(|(id, _)| *id == old).unwrap().1;
        (item.stopped_from.get().unwrap().to_string(), item.stopped_by.get().unwrap())
    };
    replace(&mut j, first, ("2026-05-05", less), open("150 IU", "2026-05-05"));
    replace(&mut j, second, ("2026-05-08", least), open("75 IU", "2026-05-08"));
    assert_eq!(ends(&j), ("2026-05-05".to_owned(), first));
    // A sooner end holds; what it changed is told of the days that were there before.
    let last = PlanItem { stopped_from: date("2026-05-05").into(), ..open("300 IU", "2026-05-04") };
    replace(&mut j, third, ("2026-05-04", tonight), last);
    assert_eq!(ends(&j), ("2026-05-04".to_owned(), third));
    let changes = amendment_changes(&j.record(c), third, span("2026-05-01", "2026-05-20"), &Iana);
    assert_eq!(changes.iter().map(word).collect::<Vec<_>>(), ["2026-05-04 amount 225 IU 300 IU"]);
}

#[test]
fn a_retrieval_follows_the_trigger_that_a_call_moves_before_it_is_kept() {
    let mut j = Journal::new();
    let c = cycle(&mut j);
    let trigger = |at: &str| PlanItem {
        cycle: c.into(),
        what: PlanKind::Trigger.into(),
        when: PlanWhen::Absolute(moment(at)).into(),
        ..PlanItem::default()
    };
    let item = j.add(trigger("2026-05-09T22:00+02:00[Europe/Berlin]"));
    j.add(PlanItem {
        cycle: c.into(),
        what: PlanKind::Retrieval.into(),
        when: PlanWhen::Minutes { from: KeyDate::Trigger, minutes: 36 * 60 }.into(),
        ..PlanItem::default()
    });
    let r = j.record(c);
    let with = Box::new(trigger("2026-05-10T23:00+02:00[Europe/Berlin]"));
    let id = EntityId::from_bytes([0xbb; 16]);
    let after = amended(&r, &[PlanEdit::Replace { item, from: date("2026-05-08"), id, with }]);
    let changes = plan_changes(&r, &after, span("2026-05-08", "2026-05-20"), &Iana);
    assert_eq!(
        changes.iter().map(word).collect::<Vec<_>>(),
        [
            "2026-05-09 dropped 22:00",
            "2026-05-10 added 23:00",
            "2026-05-11 dropped 10:00",
            "2026-05-12 added 11:00"
        ]
    );
}

//! Pictures of rounds, with what stands in them.
#![allow(clippy::unwrap_used)]
use super::*;
use keepwell_journal::model::EntityId;

fn dose(day: f64, amount: &str, is_whole: bool) -> DoseCell {
    let number = amount.parse().map_or(Told::NotDone, Told::Known);
    DoseCell { day, number, amount: amount.into(), is_whole, entry: None }
}

fn chart(days: i64) -> Stimulation {
    Stimulation {
        axis: Axis::Stimulation,
        start: Date::new(2026, 3, 1).unwrap(),
        first: 1,
        days,
        scans: Vec::new(),
        curves: vec![Curve {
            name: "E2".into(),
            unit: "pg/mL".into(),
            points: vec![
                Point { day: 1.0, value: 40.0, limit: Some(Comparator::Lt), entry: None },
                Point { day: 9.0, value: 1900.0, limit: None, entry: None },
            ],
        }],
        doses: vec![DoseRow {
            name: "Follitropin (IU)".into(),
            cells: vec![dose(1.0, "150", true), dose(2.0, "–", false)],
        }],
        marks: vec![(11.0, "Trigger".into())],
    }
}

#[test]
fn everything_lies_within_the_picture_at_either_width() {
    for width in [340.0, 900.0] {
        let drawing = chart(12).draw(Lang::En, width);
        let inside = |(x, y): (f64, f64)| x >= 0.0 && x <= width && y >= 0.0 && y <= drawing.height;
        for mark in &drawing.marks {
            let mark = if let Mark::To { mark, .. } = mark { mark } else { mark };
            match mark {
                Mark::To { .. } => unreachable!(),
                Mark::Line { from, to, .. } => assert!(inside(*from) && inside(*to)),
                Mark::Path { points, .. } => assert!(points.iter().all(|p| inside(*p))),
                Mark::Circle { at, .. } | Mark::Rect { at, .. } | Mark::Text { at, .. } => {
                    assert!(inside(*at))
                }
            }
        }
    }
}

#[test]
fn limit_is_a_triangle_and_value_a_dot() {
    let drawing = chart(12).draw(Lang::En, 340.0);
    let dots = drawing.marks.iter().filter(|m| matches!(m, Mark::Circle { class: "Dot is-3", .. })).count();
    let limits = drawing.marks.iter().filter(|m| matches!(m, Mark::Path { class: "Dot is-3", .. })).count();
    assert_eq!((dots, limits), (1, 1));
}

#[test]
fn each_round_of_a_cycle_is_a_picture_of_its_own() {
    use keepwell_journal::model::{Amount, Hormone, Trigger};
    let at = |month, day| Moment::day(Date::new(2026, month, day).unwrap());
    let id = |n| EntityId::from_bytes([n; 16]);
    let hormone = |n, at| {
        let value = Amount::new("900", "pg/mL").unwrap();
        let kind = HormoneKind::Estradiol;
        (
            id(n),
            Hormone { at: Told::Known(at), hormone: kind.into(), value: value.into(), ..Hormone::default() },
        )
    };
    let trigger = |n, at| (id(n), Trigger { at: Told::Known(at), ..Trigger::default() });
    let mut r = CycleRecord::default();
    r.cycle.stimulation_start = at(5, 1).date.into();
    r.cycle.second_stimulation_start = at(5, 16).date.into();
    r.hormones = vec![hormone(1, at(5, 9)), hormone(2, at(5, 25)), hormone(3, at(6, 2))];
    r.triggers = vec![trigger(4, at(5, 11)), trigger(5, at(6, 3))];
    r.dates = derive::key_dates(&r);
    let rounds = Stimulation::of(Lang::En, &r, UnitSystem::Entered);
    let days = |s: &Stimulation| s.curves[0].points.iter().map(|p| p.day).collect::<Vec<_>>();
    assert_eq!(rounds.iter().map(days).collect::<Vec<_>>(), [vec![9.0], vec![10.0, 18.0]]);
    let marks = rounds.iter().map(|s| s.marks[0].0).collect::<Vec<_>>();
    assert_eq!(marks, [11.0, 19.0]);
}

#[test]
fn follicles_by_size_are_boxes_with_their_count_that_lead_to_the_scan() {
    let scan = EntityId::random([1; 16]);
    let band = |from, below, count| SizeBand { from, below, count };
    let entry = keepwell_journal::model::Scan {
        at: Moment::day(Date::new(2026, 3, 9).unwrap()).into(),
        bands_right: vec![band(Some(10), Some(14), 4), band(Some(18), None, 2)].into(),
        ..Default::default()
    };
    let r = record_with(|r| {
        r.cycle.stimulation_start = Date::new(2026, 3, 1).unwrap().into();
        r.scans.push((scan, entry));
    });
    let drawing = Stimulation::of(Lang::En, &r, UnitSystem::Entered)[0].draw(Lang::En, 340.0);
    let boxes = drawing.marks.iter().filter(|m| {
        let Mark::To { to, mark } = m else { return false };
        *to == crate::route::Route::Edit(Kind::Scan, scan)
            && matches!(**mark, Mark::Rect { class: "Band is-right", .. })
    });
    assert_eq!(boxes.count(), 2);
    let is_count = |m: &Mark| matches!(m, Mark::Text { text, .. } if text == "4");
    assert!(drawing.marks.iter().any(|m| matches!(m, Mark::To { mark, .. } if is_count(mark))));
}

#[test]
fn cycle_without_stimulation_is_drawn_from_its_own_start_and_as_long_as_it_is() {
    let hormone = |day: u8| {
        let h = keepwell_journal::model::Hormone {
            at: Moment::day(Date::new(2026, 4, day).unwrap()).into(),
            hormone: HormoneKind::Progesterone.into(),
            value: keepwell_journal::model::Amount::new("11", "ng/mL").unwrap().into(),
            ..Default::default()
        };
        (EntityId::random([day; 16]), h)
    };
    let r = record_with(|r| {
        r.cycle.cycle_start = Date::new(2026, 3, 1).unwrap().into();
        r.hormones.extend([hormone(1), hormone(10)]);
    });
    let s = &Stimulation::of(Lang::En, &r, UnitSystem::Entered)[0];
    assert_eq!((s.axis, s.first, s.days), (Axis::Cycle, 1, 41));
    assert_eq!(s.curves[0].points.len(), 2);
    assert!(Stimulation::of(Lang::En, &record_with(|_| ()), UnitSystem::Entered).is_empty());
}

#[test]
fn doses_of_one_drug_on_one_day_are_one_box_with_their_sum() {
    use crate::route::Route;
    use keepwell_journal::model::{Amount, Dose, medicine::DoseState};
    let day = |n| Date::new(2026, 3, n).unwrap();
    let dose = |id: u8, n, drug: &str, amount: Option<(&str, &str)>| {
        let amount = amount.map(|(number, unit)| Amount::new(number, unit).unwrap());
        let drug = drug.to_owned().into();
        let at = Moment::day(day(n)).into();
        (EntityId::from_bytes([id; 16]), Dose { at, drug, amount: amount.into(), ..Dose::default() })
    };
    let r = record_with(|r| {
        r.cycle.stimulation_start = day(1).into();
        r.doses = vec![
            dose(1, 2, "Menopur", Some(("75", "IU"))),
            dose(2, 2, "Menopur", Some(("150", "IU"))),
            dose(3, 2, "Menopur", Some(("1", "ml"))),
            dose(4, 2, "Utrogest", None),
            dose(5, 3, "Menopur", Some(("75", "IU"))),
            dose(6, 3, "Menopur", Some(("75", "IU"))),
            dose(7, 4, "Menopur", Some(("75", "IU"))),
        ];
        r.doses[5].1.state = DoseState::Skipped.into();
    });
    let s = &Stimulation::of(Lang::En, &r, UnitSystem::Entered)[0];
    assert_eq!(s.doses[0].cells.len(), 5, "the table has each by itself");
    let days = s.doses[0].days(Lang::En, s.start);
    let said: Vec<_> = days.iter().map(|d| (d.day, d.amount.as_str(), d.is_whole)).collect();
    assert_eq!(said, [(2.0, "225", true), (3.0, "75", false), (4.0, "75", true)]);
    assert_eq!(days[0].to, Some(Route::Day(day(2))));
    assert_eq!(days[2].to, Some(Route::Edit(Kind::Dose, r.doses[6].0)));
    let others: Vec<_> =
        s.doses[1..].iter().map(|row| row.days(Lang::En, s.start)[0].amount.clone()).collect();
    assert_eq!(others, ["1", "•"]);
    let drawing = s.draw(Lang::En, 860.0);
    let boxes = drawing.marks.iter().filter(|m| {
        let inner = if let Mark::To { mark, .. } = m { mark } else { *m };
        matches!(inner, Mark::Rect { class: "Dose" | "Dose is-part", .. })
    });
    assert_eq!(boxes.count(), 5);
}

fn record_with(fill: impl FnOnce(&mut CycleRecord)) -> CycleRecord {
    let mut r = CycleRecord::default();
    fill(&mut r);
    r.dates = derive::key_dates(&r);
    r
}

#[test]
fn limit_points_to_where_the_value_lies() {
    let tip = |limit| match super::super::triangle((0.0, 0.0), limit, "") {
        Mark::Path { points, .. } => points[1].1,
        _ => 0.0,
    };
    assert!(tip(Comparator::Lt) > 0.0 && tip(Comparator::Gt) < 0.0);
}

#[test]
fn sentence_names_the_last_values() {
    assert!(chart(12).summary(Lang::En).contains("E2 1900 pg/mL"));
}

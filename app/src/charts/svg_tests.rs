#![allow(clippy::unwrap_used)]

use super::*;
use crate::{
    charts::testing::{event, point, record, series},
    i18n::Lang,
};
use keepwell_domain::view::{Point, Standing};

const DAY: i64 = 86_400_000;
const VIEW: View = View { lang: Lang::En, window: None, is_log: false };
const EVIL: &str = "<script>alert(\"1\")</script>&'";

fn small() -> SeriesView {
    let lab = |t: i64, v: f64, standing, lab| Point {
        standing,
        lab: Some(lab),
        low: Some(30.0),
        high: Some(if lab == 0 { 400.0 } else { 150.0 }),
        record: Some(record()),
        printed: format!("{v} ng/mL"),
        ..point(t * DAY, v)
    };
    let mut s = series(vec![
        lab(18_000, 21.0, Standing::Low, 0),
        Point { comparator: "<".into(), ..lab(18_100, 15.0, Standing::Low, 0) },
        lab(18_200, 60.0, Standing::Within, 1),
        lab(18_300, 180.0, Standing::High, 1),
    ]);
    s.labs = vec!["City lab".into(), "Clinic".into()];
    s.events = vec![event(18_150 * DAY, Kind::Medication)];
    s
}

/// Every tag is closed in order, every attribute is quoted, every `&` begins an entity.
fn check_well_formed(svg: &str) {
    let mut open = Vec::new();
    let mut rest = svg;
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "stray > in {}", &rest[..at]);
        let end = rest[at..].find('>').unwrap() + at;
        let tag = &rest[at + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') => {}
            None => open.push(tag.split(' ').next().unwrap()),
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    for (i, _) in svg.match_indices('&') {
        let entity = svg[i + 1..].split(';').next().unwrap();
        assert!(["amp", "lt", "gt", "quot", "#39"].contains(&entity), "{entity}");
    }
}

fn check_clean(svg: &str) {
    check_well_formed(svg);
    for bad in ["NaN", "inf", "style=", "<script"] {
        assert!(!svg.contains(bad), "{bad} in {svg}");
    }
}

#[test]
fn a_small_chart_is_drawn_as_it_was() {
    let svg = draw(&small(), Frame::NARROW, VIEW, "c");
    check_clean(&svg);
    let lines = svg.replace("><", ">\n<");
    let expected = include_str!("small.svg");
    assert_eq!(lines.trim(), expected.trim(), "\n--- drawn:\n{lines}");
}

#[test]
fn every_text_is_escaped() {
    let mut s = small();
    s.name = EVIL.into();
    s.unit = EVIL.into();
    s.labs = vec![EVIL.into(), EVIL.into()];
    s.points.iter_mut().for_each(|p| {
        p.printed = EVIL.into();
        p.date = EVIL.into();
        p.comparator = "<".into();
    });
    s.events[0].label = EVIL.into();
    for frame in [Frame::NARROW, Frame::WIDE] {
        check_clean(&draw(&s, frame, VIEW, "c"));
    }
}

#[test]
fn no_points_are_a_sentence_and_one_point_is_a_chart() {
    assert!(draw(&series(vec![]), Frame::WIDE, VIEW, "c").contains("No value in this time"));
    let one = draw(&series(vec![point(0, 5.0)]), Frame::NARROW, VIEW, "c");
    check_clean(&one);
    assert!(one.contains("class=\"Dot\""));
}

#[test]
fn whatever_the_values_the_drawing_is_clean() {
    let sets: [&[f64]; 8] = [
        &[5.0, 5.0, 5.0],
        &[-3.0, -1.0, 0.0],
        &[1e-12, 2e-12],
        &[1e12, 3e18],
        &[f64::NAN, 1.0, f64::INFINITY, 2.0],
        &[f64::MAX, f64::MIN],
        &[0.001, 50_000.0],
        &[f64::NAN],
    ];
    for values in sets {
        let limits = |v: f64| Point {
            low: Some(v),
            high: Some(f64::NAN),
            span: Some((v, f64::INFINITY)),
            ..point(0, v)
        };
        let s = series(
            values.iter().enumerate().map(|(i, v)| Point { t: i as i64 * DAY, ..limits(*v) }).collect(),
        );
        for is_log in [true, false] {
            for window in
                [None, Some((0, DAY)), Some((-9 * DAY, -8 * DAY)), Some((5, 5)), Some((i64::MIN, i64::MAX))]
            {
                check_clean(&draw(&s, Frame::WIDE, View { is_log, window, lang: Lang::De }, "c"));
            }
        }
    }
}

#[test]
fn eight_hundred_thinned_points_are_a_line_with_its_span_and_small() {
    let points =
        (0..800).map(|i| Point { span: Some((50.0, 150.0)), ..point(i * DAY, 60.0 + (i % 40) as f64) });
    let mut s = series(points.collect());
    s.thinned = true;
    s.total = 1_000_000;
    let svg = draw(&s, Frame::WIDE, VIEW, "c");
    check_clean(&svg);
    assert!(svg.contains("class=\"Span\"") && !svg.contains("class=\"Dot"));
    assert!(svg.contains("1,000,000 values"));
    assert!(svg.len() < 40_000, "{}", svg.len());
}

#[test]
fn what_is_out_of_range_stays_visible_among_many() {
    let mut s = series((0..800).map(|i| point(i * DAY, 60.0)).collect());
    s.points[400].standing = Standing::High;
    s.points[401].comparator = ">".into();
    let svg = draw(&s, Frame::WIDE, VIEW, "c");
    assert_eq!(svg.matches("Dot is-out").count(), 1);
    assert_eq!(svg.matches("Dot is-open").count(), 1);
}

#[test]
fn censored_values_ranges_laboratories_and_events_are_all_there() {
    let svg = draw(&small(), Frame::WIDE, VIEW, "c");
    for part in [
        "Dot is-open",
        "Dot is-out",
        "class=\"Dot\"",
        "class=\"LabRule\"",
        "City lab",
        "Clinic",
        "class=\"Flag\"",
        "30–400",
        "30–150",
    ] {
        assert!(svg.contains(part), "{part}");
    }
    assert_eq!(svg.matches("class=\"Band\"").count(), 2);
}

#[test]
fn gaps_do_not_change_by_zooming() {
    let days = [0, 1, 2, 3, 4, 5, 30, 31, 32];
    let s = series(days.iter().map(|d| point(d * DAY, *d as f64)).collect());
    let line = |window| {
        let svg = draw(&s, Frame::WIDE, View { window, ..VIEW }, "c");
        let d = svg.split("class=\"Line\" d=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        d.matches('M').count()
    };
    assert_eq!(line(None), 2);
    assert_eq!(line(Some((4 * DAY, 31 * DAY))), 2);
    assert_eq!(line(Some((30 * DAY, 32 * DAY))), 2, "the neighbour outside stays cut off");
}

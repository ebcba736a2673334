//! Small made-up values for the tests of this folder.

#![allow(clippy::unwrap_used)]

use keepwell_domain::{
    ids::RecordId,
    record::Kind,
    view::{Event, Point, SeriesView, Standing},
};

const RECORD: &str = "01900000-0000-7000-8000-000000000001";

/// A bare value.
pub fn point(t: i64, v: f64) -> Point {
    Point {
        t,
        v,
        span: None,
        comparator: String::new(),
        low: None,
        high: None,
        standing: Standing::Unknown,
        lab: None,
        record: None,
        printed: String::new(),
        date: String::new(),
    }
}

/// A record's id.
pub fn record() -> RecordId {
    RECORD.parse().unwrap()
}

/// An event with a long name.
pub fn event(t: i64, kind: Kind) -> Event {
    Event { t, kind, label: "Ferrous <sulfate> 100 mg".into(), record: record() }
}

/// A series of points.
pub fn series(points: Vec<Point>) -> SeriesView {
    let extent = points.first().zip(points.last()).map(|(a, b)| (a.t, b.t));
    SeriesView {
        key: "2276-4".into(),
        name: "Ferritin".into(),
        unit: "ng/mL".into(),
        total: points.len() as u64,
        points,
        extent,
        ..SeriesView::default()
    }
}

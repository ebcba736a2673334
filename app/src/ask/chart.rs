//! The small chart of an answer: the same drawing as on a marker's page, without its controls.

use crate::{
    charts::{Frame, View, svg},
    i18n::Lang,
};
use keepwell_domain::view::{AskPoint, AskReceipt, Point, SeriesView, Standing};

const WIDE: Frame = Frame { width: 640.0, height: 240.0 };
const NARROW: Frame = Frame { width: 328.0, height: 220.0 };

fn series(name: &str, unit: &str, points: &[AskPoint], receipts: &[AskReceipt]) -> SeriesView {
    let point = |p: &AskPoint| {
        let receipt = p.receipt.and_then(|i| receipts.get(i as usize));
        let comparator = receipt.map_or("", |r| r.value.as_str());
        let comparator = ["<=", ">=", "<", ">"].into_iter().find(|c| comparator.starts_with(c));
        Point {
            t: p.t,
            v: p.v,
            span: None,
            comparator: comparator.unwrap_or_default().to_owned(),
            low: None,
            high: None,
            standing: receipt.map_or(Standing::Unknown, |r| r.standing),
            lab: None,
            record: receipt.and_then(|r| r.record),
            printed: receipt.map(|r| r.value.clone()).unwrap_or_default(),
            date: receipt.map(|r| r.date.clone()).unwrap_or_default(),
        }
    };
    let points: Vec<Point> = points.iter().map(point).collect();
    SeriesView {
        name: name.to_owned(),
        unit: unit.to_owned(),
        total: points.len() as u64,
        extent: points.first().zip(points.last()).map(|(a, b)| (a.t, b.t)),
        points,
        ..SeriesView::default()
    }
}

/// The drawing for a wide and for a narrow place. `id` is unlike any other on the page.
#[must_use]
pub fn draw(
    lang: Lang,
    id: &str,
    (name, unit): (&str, &str),
    points: &[AskPoint],
    receipts: &[AskReceipt],
) -> (String, String) {
    let s = series(name, unit, points, receipts);
    let view = View { lang, window: None, is_log: false };
    (svg::draw(&s, WIDE, view, &format!("{id}-w")), svg::draw(&s, NARROW, view, &format!("{id}-n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_drawn_and_names_are_escaped() {
        let at = |t: i64, v: f64| AskPoint { t: t * 86_400_000, v, receipt: None };
        let (wide, narrow) =
            draw(Lang::En, "c", ("Iron <b>", "µg/l"), &[at(0, 5.0), at(90, 7.0), at(200, 6.0)], &[]);
        for svg in [wide, narrow] {
            assert!(svg.contains("Iron &lt;b&gt;") && svg.contains("Dot"), "{svg}");
        }
    }
}

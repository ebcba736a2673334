//! hCG over days, on a scale on which doubling is a straight line.

use super::{Drawing, Entry, Mark, Scale, dot, leading, text};
use crate::words::{self, Lang};
use keepwell_journal::derive::BetaPoint;

/// The picture of values that are told and not held; `None` for fewer than two. `entry` knows where one stands: a
/// beta, or an hCG among the hormones.
#[must_use]
pub fn draw(
    lang: Lang,
    points: &[BetaPoint],
    entry: &dyn Fn(&BetaPoint) -> Entry,
    width: f64,
) -> Option<Drawing> {
    let first = points.first()?.at.date;
    #[allow(clippy::cast_precision_loss)]
    let told: Vec<(f64, f64, &BetaPoint)> = points
        .iter()
        .filter(|p| !p.held)
        .filter_map(|p| {
            let hours = p.at.clock.map_or(0.0, |c| f64::from(c.minutes()) / 1440.0);
            Some((p.at.days_since(first) as f64 + hours, p.iu_per_litre.filter(|v| *v > 0.0)?, p))
        })
        .collect();
    if told.len() < 2 {
        return None;
    }
    let log = |v: f64| v.log2();
    let low = told.iter().map(|p| log(p.1)).fold(f64::INFINITY, f64::min).floor();
    let high = told.iter().map(|p| log(p.1)).fold(f64::NEG_INFINITY, f64::max).ceil();
    let last = told.iter().map(|p| p.0).fold(1.0, f64::max);
    let x = Scale { low: 0.0, high: last, from: 56.0, to: width - 40.0 };
    let y = Scale { low, high: high.max(low + 1.0), from: 190.0, to: 28.0 };
    let mut marks = vec![text((4.0, 14.0), "hCG IU/L", "Unit")];
    let step = ((y.high - y.low) / 4.0).ceil().max(1.0);
    let mut at = y.low;
    while at <= y.high + 1e-9 {
        marks.push(Mark::Line { from: (x.from, y.at(at)), to: (x.to, y.at(at)), class: "Grid" });
        marks.push(text((x.from - 6.0, y.at(at) + 4.0), words::number(lang, at.exp2(), 0), "Tick is-value"));
        at += step;
    }
    let places: Vec<(f64, f64)> = told.iter().map(|p| (x.at(p.0), y.at(log(p.1)))).collect();
    marks.push(Mark::Path { points: places.clone(), class: "Line is-1" });
    for (place, (_, value, point)) in places.iter().zip(&told) {
        let mark = dot(*place, 4.0, point.value.comparator, "Dot is-1");
        marks.push(leading(mark, entry(point)));
        let sign = point.value.comparator.map_or("", |c| c.as_str());
        let said = format!("{sign}{}", words::number(lang, *value, 1));
        marks.push(text((place.0, place.1 - 9.0), said, "Value"));
        marks.push(text((place.0, 208.0), words::date_short(lang, point.at.date), "Tick is-time"));
        if let Some(n) = point.days_past_transfer {
            marks.push(text(
                (place.0, 224.0),
                words::fill(lang.texts().short_transfer, &n.to_string()),
                "Tick is-time",
            ));
        }
    }
    Some(Drawing { width, height: 232.0, marks })
}

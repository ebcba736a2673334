//! Where everything of a chart stands, in the drawing's own units (CSS pixels once it is alive).

use super::{
    number,
    scale::{self, Scale},
    time_axis,
};
use crate::i18n::Lang;
use keepwell_domain::view::SeriesView;

/// Size of a drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Frame {
    /// For wide pages.
    pub const WIDE: Self = Self { width: 880.0, height: 360.0 };
    /// For phones.
    pub const NARROW: Self = Self { width: 344.0, height: 300.0 };
    /// Narrower than this, the narrow drawing is shown; the style sheet says the same.
    pub const BREAK: f64 = 560.0;

    /// The drawing for a measured width, with the proportions of the one it takes the place of, so
    /// that the page does not jump.
    #[must_use]
    pub fn of_width(width: f64) -> Self {
        let like = if width < Self::BREAK { Self::NARROW } else { Self::WIDE };
        let width = width.clamp(200.0, 2000.0).round();
        Self { width, height: (width * like.height / like.width).round() }
    }
    /// Whether there is little room.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        self.width < Self::BREAK
    }
}

/// What part of a series is drawn, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Language.
    pub lang: Lang,
    /// First and last time, UTC milliseconds; all points when `None`.
    pub window: Option<(i64, i64)>,
    /// Steps of ten instead of even steps.
    pub is_log: bool,
}

/// The places of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Size.
    pub frame: Frame,
    /// Left edge of the plot.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Top edge.
    pub top: f64,
    /// Bottom edge.
    pub bottom: f64,
    /// First and last time.
    pub window: (i64, i64),
    /// Value axis.
    pub values: Scale,
    /// Ticks of the value axis with their labels.
    pub ticks: Vec<(f64, String)>,
    /// Points that are drawn: those in the window and their neighbours outside it.
    pub drawn: std::ops::Range<usize>,
    /// Whether a row for events is kept free.
    pub has_events: bool,
}

/// Height of the row of events.
const EVENT_ROW: f64 = 24.0;
/// Height of both lines of dates.
const DATE_ROWS: f64 = 40.0;
/// Height above the plot: the unit.
const HEAD: f64 = 30.0;
/// Half of what is shown of time around a single value: half a year.
const AROUND_ONE: i64 = 183 * time_axis::DAY;

/// About how wide a text is at 12 px; figures and letters of the system face are narrower.
#[must_use]
pub fn text_width(text: &str) -> f64 {
    text.chars().count() as f64 * 6.7
}

/// First and last time of the points with air on both sides; `None` without points.
#[must_use]
pub fn whole(s: &SeriesView) -> Option<(i64, i64)> {
    let (first, last) = (s.points.first()?.t, s.points.last()?.t);
    let span = last.saturating_sub(first);
    let air = if span == 0 { AROUND_ONE } else { (span / 50).max(1) };
    Some((first.saturating_sub(air), last.saturating_add(air)))
}

impl Layout {
    /// The places for a series; `None` when there is no point that can be drawn.
    #[must_use]
    pub fn new(s: &SeriesView, frame: Frame, view: View) -> Option<Self> {
        let window = view.window.filter(|(a, b)| a < b).or_else(|| whole(s))?;
        let drawn = drawn(s, window);
        let domain = domain(s, &drawn, window, view.is_log)?;
        let in_sight = |t: i64| t >= window.0 && t <= window.1;
        let has_events = s.events.iter().any(|e| in_sight(e.t));
        let top = HEAD;
        let bottom = frame.height - DATE_ROWS - if has_events { EVENT_ROW } else { 0.0 };
        let values = Scale::new(domain, (bottom, top), view.is_log);
        let ticks: Vec<(f64, String)> = values
            .ticks(if frame.is_narrow() { 4 } else { 5 })
            .into_iter()
            .map(|t| (t.value, number::fixed(view.lang, t.value, t.decimals)))
            .collect();
        let widest = ticks.iter().map(|(_, l)| text_width(l)).fold(0.0, f64::max);
        let left = (widest + 12.0).clamp(28.0, frame.width / 3.0).round();
        Some(Self {
            frame,
            left,
            right: frame.width - 14.0,
            top,
            bottom,
            window,
            values,
            ticks,
            drawn,
            has_events,
        })
    }

    /// The place of a time from the left.
    #[must_use]
    pub fn x(&self, t: i64) -> f64 {
        let span = self.window.1.saturating_sub(self.window.0).max(1) as f64;
        self.left + (t.saturating_sub(self.window.0)) as f64 / span * (self.right - self.left)
    }
    /// The place of a value from the top.
    #[must_use]
    pub fn y(&self, v: f64) -> f64 {
        self.values.at(v)
    }
    /// The time at a place.
    #[must_use]
    pub fn time_at(&self, x: f64) -> i64 {
        let share = ((x - self.left) / (self.right - self.left)).clamp(-10.0, 10.0);
        let span = self.window.1.saturating_sub(self.window.0) as f64;
        self.window.0.saturating_add((share * span) as i64)
    }
    /// The point nearest to a place: by time first, by value among those of one time.
    #[must_use]
    pub fn nearest(&self, s: &SeriesView, (x, y): (f64, f64)) -> Option<usize> {
        let far = |i: &usize| {
            let p = &s.points[*i];
            let (dx, dy) = ((self.x(p.t) - x).abs(), (self.y(p.v) - y).abs());
            dx + dy * 0.02
        };
        self.visible(s).min_by(|a, b| far(a).total_cmp(&far(b)))
    }
    /// The points in the window.
    pub fn visible(&self, s: &SeriesView) -> impl DoubleEndedIterator<Item = usize> + use<> {
        let (a, b) = self.window;
        let points: Vec<usize> = self
            .drawn
            .clone()
            .filter(|i| s.points.get(*i).is_some_and(|p| p.t >= a && p.t <= b && p.v.is_finite()))
            .collect();
        points.into_iter()
    }
}

fn drawn(s: &SeriesView, (a, b): (i64, i64)) -> std::ops::Range<usize> {
    let from = s.points.partition_point(|p| p.t < a).saturating_sub(1);
    let to = (s.points.partition_point(|p| p.t <= b) + 1).min(s.points.len());
    from..to.max(from)
}

/// The values of the window decide the axis; without any, those just outside it do.
fn domain(
    s: &SeriesView,
    drawn: &std::ops::Range<usize>,
    (a, b): (i64, i64),
    is_log: bool,
) -> Option<(f64, f64)> {
    let points = s.points.get(drawn.clone())?;
    let is_inside = points.iter().any(|p| p.t >= a && p.t <= b && p.v.is_finite());
    let counted = points.iter().filter(move |p| !is_inside || (p.t >= a && p.t <= b));
    let values = counted.clone().flat_map(|p| {
        let (l, h) = p.span.unwrap_or((p.v, p.v));
        [p.v, l, h]
    });
    let limits = counted.flat_map(|p| [p.low, p.high]).flatten();
    if is_log && let Some(d) = scale::log_domain(values.clone()) {
        return Some(d);
    }
    scale::domain(values, limits)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::charts::testing::{point, series};
    use time_axis::DAY;

    const VIEW: View = View { lang: Lang::En, window: None, is_log: false };

    #[test]
    fn there_is_no_chart_without_points() {
        assert_eq!(Layout::new(&series(vec![]), Frame::WIDE, VIEW), None);
        assert_eq!(Layout::new(&series(vec![point(0, f64::NAN)]), Frame::WIDE, VIEW), None);
    }

    #[test]
    fn a_single_point_stands_in_the_middle() {
        let s = series(vec![point(5000 * DAY, 7.0)]);
        let l = Layout::new(&s, Frame::NARROW, VIEW).unwrap();
        assert!((l.x(5000 * DAY) - (l.left + l.right) / 2.0).abs() < 1.0);
        assert!((l.y(7.0) - (l.top + l.bottom) / 2.0).abs() < 1.0);
        assert_eq!(l.nearest(&s, (0.0, 0.0)), Some(0));
    }

    #[test]
    fn a_window_draws_its_points_and_one_neighbour_on_each_side() {
        let s = series((0..100).map(|i| point(i * DAY, i as f64)).collect());
        let view = View { window: Some((10 * DAY, 20 * DAY)), ..VIEW };
        let l = Layout::new(&s, Frame::WIDE, view).unwrap();
        assert_eq!(l.drawn, 9..22);
        assert_eq!(l.visible(&s).count(), 11);
        assert!(l.values.domain().1 < 25.0, "values outside the window do not count");
        assert!((l.time_at(l.x(13 * DAY)) - 13 * DAY).abs() < 1000);
    }

    #[test]
    fn an_empty_window_still_has_axes() {
        let s = series(vec![point(0, 1.0), point(100 * DAY, 2.0)]);
        let view = View { window: Some((10 * DAY, 20 * DAY)), ..VIEW };
        let l = Layout::new(&s, Frame::WIDE, view).unwrap();
        assert_eq!(l.visible(&s).count(), 0);
        assert_eq!(l.nearest(&s, (100.0, 100.0)), None);
    }

    #[test]
    fn all_places_are_numbers_whatever_the_values() {
        let sets: [&[f64]; 7] = [
            &[5.0, 5.0],
            &[0.0, 0.0],
            &[-3.0, -1.0],
            &[1e-9, 2e-9],
            &[1e12, 3e15],
            &[f64::MAX, 1.0],
            &[-1e300, 1e300],
        ];
        for values in sets {
            let s = series(values.iter().enumerate().map(|(i, v)| point(i as i64 * DAY, *v)).collect());
            for is_log in [false, true] {
                let l = Layout::new(&s, Frame::WIDE, View { is_log, ..VIEW }).unwrap();
                assert!(s.points.iter().all(|p| l.x(p.t).is_finite() && l.y(p.v).is_finite()), "{values:?}");
                assert!(
                    l.ticks.iter().all(|(v, t)| v.is_finite() && !t.contains("NaN") && !t.contains("inf"))
                );
            }
        }
        let far = series(vec![point(i64::MIN, 1.0), point(i64::MAX, 2.0)]);
        assert!(Layout::new(&far, Frame::WIDE, VIEW).unwrap().x(0).is_finite());
    }

    #[test]
    fn a_measured_width_keeps_the_proportions() {
        assert_eq!(Frame::of_width(344.0), Frame::NARROW);
        assert_eq!(Frame::of_width(880.0), Frame::WIDE);
        assert!(Frame::of_width(0.0).height > 100.0);
    }
}

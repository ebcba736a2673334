//! Pictures as shapes on a plane, worked out without a browser. A component only draws them.

pub mod beta;
pub mod compare;
pub mod cycle;
mod scale;
pub mod stimulation;

pub use scale::{Scale, ticks};

use crate::route::Route;
use keepwell_domain::measure::Comparator;
use keepwell_journal::model::{EntityId, Kind};

/// The entry that something was drawn from.
pub type Entry = Option<(Kind, EntityId)>;

/// One shape. Its look is the style sheet's; places are in the units of the drawing.
#[derive(Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Mark {
    /// A straight line.
    Line { from: (f64, f64), to: (f64, f64), class: &'static str },
    /// Joined points.
    Path { points: Vec<(f64, f64)>, class: &'static str },
    /// A dot.
    Circle { at: (f64, f64), r: f64, class: &'static str },
    /// A box: left, top, width, height.
    Rect { at: (f64, f64), size: (f64, f64), class: &'static str },
    /// A word.
    Text { at: (f64, f64), text: String, class: &'static str },
    /// Any of them, which leads to what it was drawn from.
    To { to: Route, mark: Box<Mark> },
}

/// A picture of so many units.
#[derive(Clone, PartialEq, Default)]
pub struct Drawing {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// What is drawn, the lowest first.
    pub marks: Vec<Mark>,
}

/// What is drawn is health data.
impl std::fmt::Debug for Drawing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Drawing(***)")
    }
}

/// A triangle with its middle there, which points to where the value lies: a value that is a limit.
pub(crate) fn triangle((x, y): (f64, f64), limit: Comparator, class: &'static str) -> Mark {
    let tip = if matches!(limit, Comparator::Lt | Comparator::Le) { 1.0 } else { -1.0 };
    let (base, end) = (y - 4.0 * tip, y + 5.0 * tip);
    Mark::Path { points: vec![(x - 5.0, base), (x, end), (x + 5.0, base), (x - 5.0, base)], class }
}

/// A measured value: a dot, or an open triangle where it is a limit.
pub(crate) fn dot(at: (f64, f64), r: f64, limit: Option<Comparator>, class: &'static str) -> Mark {
    limit.map_or(Mark::Circle { at, r, class }, |l| triangle(at, l, class))
}

/// The mark, leading to its entry.
pub(crate) fn leading(mark: Mark, entry: Entry) -> Mark {
    match entry {
        Some((kind, id)) => Mark::To { to: Route::Edit(kind, id), mark: Box::new(mark) },
        None => mark,
    }
}

pub(crate) fn text(at: (f64, f64), text: impl Into<String>, class: &'static str) -> Mark {
    Mark::Text { at, text: text.into(), class }
}

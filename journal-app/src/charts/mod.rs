//! Pictures as shapes on a plane, worked out without a browser. A component only draws them.

pub mod beta;
pub mod cycle;
mod scale;
pub mod stimulation;

pub use scale::{Scale, ticks};

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

/// A triangle that points up, with its middle there: a value that is a limit.
pub(crate) fn triangle((x, y): (f64, f64), class: &'static str) -> Mark {
    Mark::Path {
        points: vec![(x - 5.0, y + 4.0), (x, y - 5.0), (x + 5.0, y + 4.0), (x - 5.0, y + 4.0)],
        class,
    }
}

pub(crate) fn text(at: (f64, f64), text: impl Into<String>, class: &'static str) -> Mark {
    Mark::Text { at, text: text.into(), class }
}

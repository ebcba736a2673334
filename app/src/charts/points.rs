//! The shapes of points: what a value is, is told by its shape first and by its colour second.

use super::{line::place, number::coordinate};
use keepwell_domain::view::{Point, Standing};

/// A shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Within its range, or without one: a disc.
    Disc,
    /// Above: a triangle that points up.
    Up,
    /// Below: a triangle that points down.
    Down,
    /// Flagged without a direction: a square.
    Square,
    /// "Less than": an open triangle that points down, to where the value lies.
    Less,
    /// "More than": an open triangle that points up.
    More,
}

impl Shape {
    /// All, in the order in which they are drawn.
    pub const ALL: [Self; 6] = [Self::Disc, Self::Square, Self::Down, Self::Up, Self::Less, Self::More];

    /// The shape of a point.
    #[must_use]
    pub fn of(p: &Point) -> Self {
        match (p.comparator.as_bytes().first(), p.standing) {
            (Some(b'<'), _) => Self::Less,
            (Some(b'>'), _) => Self::More,
            (_, Standing::High) => Self::Up,
            (_, Standing::Low) => Self::Down,
            (_, Standing::Abnormal) => Self::Square,
            (_, Standing::Within | Standing::Unknown) => Self::Disc,
        }
    }

    /// The shape beside a word for a standing.
    #[must_use]
    pub const fn of_standing(s: Standing) -> Self {
        match s {
            Standing::High => Self::Up,
            Standing::Low => Self::Down,
            Standing::Abnormal => Self::Square,
            Standing::Within | Standing::Unknown => Self::Disc,
        }
    }

    /// The class that colours it.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Disc => "Dot",
            Self::Up | Self::Down | Self::Square => "Dot is-out",
            Self::Less | Self::More => "Dot is-open",
        }
    }

    /// Appends one shape around a place; `r` is its radius.
    pub fn path(self, out: &mut String, (x, y): (f64, f64), r: f64) {
        let triangle = |out: &mut String, tip: f64| {
            out.push('M');
            place(out, (x, y + tip * r * 1.3));
            out.push('L');
            place(out, (x + r * 1.2, y - tip * r * 0.8));
            out.push('L');
            place(out, (x - r * 1.2, y - tip * r * 0.8));
            out.push('Z');
        };
        match self {
            Self::Disc => {
                // Round caps make a line of no length a disc: a tenth of the text of two arcs.
                out.push('M');
                place(out, (x, y));
                out.push_str("h0");
            }
            Self::Up | Self::More => triangle(out, -1.0),
            Self::Down | Self::Less => triangle(out, 1.0),
            Self::Square => {
                out.push('M');
                place(out, (x - r, y - r));
                for (command, by) in [('h', 2.0 * r), ('v', 2.0 * r), ('h', -2.0 * r)] {
                    out.push(command);
                    coordinate(out, by);
                }
                out.push('Z');
            }
        }
    }
}

/// The shape as a small picture beside a word.
#[must_use]
pub fn glyph(shape: Shape) -> String {
    let mut d = String::new();
    shape.path(&mut d, (6.0, 6.0), 4.0);
    format!(
        "<svg class=\"Glyph\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><path class=\"{}\" d=\"{d}\"/></svg>",
        shape.class()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::testing::point;

    #[test]
    fn a_censored_value_is_an_open_triangle_towards_where_it_lies() {
        for (c, shape) in [("<", Shape::Less), ("<=", Shape::Less), (">", Shape::More), (">=", Shape::More)] {
            let p = Point { comparator: c.into(), standing: Standing::High, ..point(0, 1.0) };
            assert_eq!(Shape::of(&p), shape);
            assert_eq!(shape.class(), "Dot is-open");
        }
    }

    #[test]
    fn every_standing_outside_the_range_has_a_shape_of_its_own() {
        let of = |standing| Shape::of(&Point { standing, ..point(0, 1.0) });
        let all = [of(Standing::High), of(Standing::Low), of(Standing::Abnormal), of(Standing::Within)];
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|b| a != b));
        }
        assert_eq!(of(Standing::Unknown), Shape::Disc);
    }

    #[test]
    fn up_points_up() {
        let mut d = String::new();
        Shape::Up.path(&mut d, (10.0, 10.0), 5.0);
        assert_eq!(d, "M10 3.5L16 14L4 14Z");
        d.clear();
        Shape::Square.path(&mut d, (10.0, 10.0), 4.0);
        assert_eq!(d, "M6 6h8v8h-8Z");
    }
}

//! Cycles over one another by the day of stimulation: E2 and the largest follicle, one line for each cycle.

use super::{
    Drawing, Mark, Scale, dot, leading,
    stimulation::{Point, day_ticks},
    text, ticks,
};
use crate::words::{self, Lang};

/// A cycle in a panel.
#[derive(Clone, PartialEq)]
pub struct Series {
    /// What the cycle is called.
    pub name: String,
    /// Its number among the cycles, from 0: the same line in each panel.
    pub number: usize,
    /// Its values by the day of stimulation, the earliest first.
    pub points: Vec<Point>,
}

/// What is measured, over all cycles that have it.
#[derive(Clone, PartialEq)]
pub struct Panel {
    /// Name and unit.
    pub title: String,
    /// The cycles.
    pub series: Vec<Series>,
}

const HEIGHT: f64 = 150.0;
/// Room for the name of a line behind its end.
const NAMES: f64 = 92.0;
/// More cycles than looks begin again with the first; the name at its end tells each apart.
const LOOKS: [(&str, &str); 6] = [
    ("Line is-1", "Dot is-1"),
    ("Line is-2", "Dot is-2"),
    ("Line is-3", "Dot is-3"),
    ("Line is-4", "Dot is-4"),
    ("Line is-5", "Dot is-5"),
    ("Line is-6", "Dot is-6"),
];

/// The picture; `None` where no panel has two cycles to compare.
#[must_use]
pub fn draw(lang: Lang, panels: &[Panel], width: f64) -> Option<Drawing> {
    let panels: Vec<&Panel> = panels.iter().filter(|p| p.series.len() > 1).collect();
    let all = || panels.iter().flat_map(|p| &p.series).flat_map(|s| &s.points);
    let last = all().map(|p| p.day).reduce(f64::max)?.max(10.0);
    let first = all().map(|p| p.day).fold(1.0, f64::min);
    let x = Scale { low: first - 0.5, high: last + 0.5, from: 46.0, to: width - NAMES };
    let mut marks = Vec::new();
    let mut top = 8.0;
    for panel in &panels {
        marks.push(text((4.0, top + 12.0), panel.title.clone(), "Unit"));
        top += 22.0;
        let high = panel.series.iter().flat_map(|s| &s.points).map(|p| p.value).fold(0.0, f64::max) * 1.08;
        let high = if high > 0.0 { high } else { 1.0 };
        let y = Scale { low: 0.0, high, from: top + HEIGHT, to: top };
        for value in ticks(0.0, high, 3) {
            let at = y.at(value);
            marks.push(Mark::Line { from: (x.from, at), to: (x.to, at), class: "Grid" });
            marks.push(text((x.from - 6.0, at + 4.0), words::number(lang, value, 1), "Tick is-value"));
        }
        let mut names = Vec::new();
        for s in &panel.series {
            let (line, look) = LOOKS[s.number % LOOKS.len()];
            let places: Vec<(f64, f64)> = s.points.iter().map(|p| (x.at(p.day), y.at(p.value))).collect();
            names.extend(places.last().map(|end| (end.1, s.name.as_str())));
            marks.push(Mark::Path { points: places.clone(), class: line });
            for (at, p) in places.iter().zip(&s.points) {
                marks.push(leading(dot(*at, 3.5, p.limit, look), p.entry));
            }
        }
        label(names, (x.to + 6.0, top, top + HEIGHT), &mut marks);
        top += HEIGHT + 16.0;
    }
    marks.push(Mark::Line { from: (x.from, top), to: (x.to, top), class: "Axis" });
    let every = day_ticks(x.at(2.0) - x.at(1.0));
    #[allow(clippy::cast_possible_truncation)]
    for n in (1..=last as i64).filter(|n| (n - 1) % every == 0) {
        #[allow(clippy::cast_precision_loss)]
        marks.push(text((x.at(n as f64), top + 15.0), n.to_string(), "Tick is-time"));
    }
    marks.push(text((x.from, top + 32.0), lang.texts().stimulation_day, "Tick"));
    Some(Drawing { width, height: top + 40.0, marks })
}

/// The names behind the ends of their lines, none over another and all between top and bottom.
fn label(mut names: Vec<(f64, &str)>, (left, top, bottom): (f64, f64, f64), marks: &mut Vec<Mark>) {
    const STEP: f64 = 13.0;
    keepwell_journal::order::sort_by(&mut names, |a, b| a.0.total_cmp(&b.0));
    #[allow(clippy::cast_precision_loss)]
    let room = |left: usize| bottom - left as f64 * STEP;
    let mut free = top;
    let count = names.len();
    for (i, (at, name)) in names.into_iter().enumerate() {
        let at = at.max(free).min(room(count - 1 - i).max(free));
        let short: String = if name.chars().count() > 12 {
            name.chars().take(11).chain(['…']).collect()
        } else {
            name.to_owned()
        };
        marks.push(text((left, at + 4.0), short, "Tick is-name"));
        free = at + STEP;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn series(number: usize, name: &str, values: &[(f64, f64)]) -> Series {
        let point = |(day, value): &(f64, f64)| Point { day: *day, value: *value, limit: None, entry: None };
        Series { name: name.into(), number, points: values.iter().map(point).collect() }
    }

    #[test]
    fn every_cycle_has_its_line_with_its_name_behind_it() {
        let e2 = vec![
            series(0, "Spring", &[(5.0, 300.0), (9.0, 1500.0)]),
            series(1, "A very long name of a cycle", &[(5.0, 300.0), (9.0, 1500.0)]),
        ];
        let lead = vec![series(1, "Autumn", &[(5.0, 12.0)])];
        let panels =
            [Panel { title: "E2".into(), series: e2 }, Panel { title: "Follicle".into(), series: lead }];
        for width in [340.0, 860.0] {
            let drawing = draw(Lang::En, &panels, width).unwrap();
            let lines = drawing.marks.iter().filter(|m| matches!(m, Mark::Path { .. })).count();
            assert_eq!(lines, 2, "one cycle alone is nothing to compare");
            let names: Vec<(f64, &str)> = drawing
                .marks
                .iter()
                .filter_map(|m| match m {
                    Mark::Text { at, text, class: "Tick is-name" } => Some((at.1, text.as_str())),
                    _ => None,
                })
                .collect();
            assert_eq!(names.iter().map(|n| n.1).collect::<Vec<_>>(), ["Spring", "A very long…"]);
            assert!(names[1].0 - names[0].0 >= 13.0);
        }
        assert!(draw(Lang::En, &panels[1..], 340.0).is_none());
    }
}

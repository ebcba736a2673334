//! Charts of counters over days, as SVG text: bars for what happened, a line for what was there. Colours and fonts come from classes.

use crate::{
    charts::{number::coordinate, scale::Scale},
    i18n::{Lang, fmt},
    ui::esc::esc,
};
use keepwell_domain::time::Date;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A bar for each day: what happened.
    Bars,
    /// A line, with gaps where nobody looked: what was there.
    Line,
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A count.
    Count,
    /// Bytes.
    Bytes,
    /// Seconds.
    Seconds,
}

impl Unit {
    /// A number in words.
    #[must_use]
    pub fn text(self, lang: Lang, n: i64) -> String {
        let whole = u64::try_from(n).unwrap_or(0);
        match self {
            Self::Count => fmt::count(lang, whole),
            Self::Bytes => fmt::size(lang, whole),
            Self::Seconds if whole < 120 => format!("{whole} s"),
            Self::Seconds if whole < 7200 => format!("{} min", whole / 60),
            Self::Seconds => format!("{} h", whole / 3600),
        }
    }
}

/// One chart to be drawn.
pub struct Drawing<'a> {
    /// Unlike any other on the page.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its sentence.
    pub say: &'a str,
    /// A number for each day.
    pub values: &'a [Option<i64>],
    /// The first day, since 1970-01-01.
    pub first_day: i64,
    /// Bars or a line.
    pub shape: Shape,
    /// How numbers are written.
    pub unit: Unit,
}

const HEIGHT: f64 = 150.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 124.0;
/// Wide and narrow; the style sheet shows one of them.
const WIDTHS: [(f64, &str); 2] = [(520.0, "is-wide"), (300.0, "is-narrow")];

/// The drawings for wide and narrow places, one after the other; nothing when nobody counted anything.
#[must_use]
pub fn draw(d: &Drawing<'_>, lang: Lang) -> String {
    let most = d.values.iter().flatten().copied().max().unwrap_or(0);
    if most <= 0 && (d.shape == Shape::Bars || d.values.iter().all(Option::is_none)) {
        return String::new();
    }
    WIDTHS.iter().map(|(width, class)| one(d, lang, *width, class, most)).collect()
}

#[allow(clippy::cast_precision_loss, reason = "places on paper")]
fn one(d: &Drawing<'_>, lang: Lang, width: f64, class: &str, most: i64) -> String {
    let top_value = most.max(1) as f64;
    let scale = Scale::new((0.0, top_value * 1.05), (BOTTOM, TOP), false);
    let ticks: Vec<(f64, String)> = scale
        .ticks(3)
        .into_iter()
        .filter(|t| t.decimals == 0)
        .map(|t| (t.value, d.unit.text(lang, t.value as i64)))
        .collect();
    let widest = ticks.iter().map(|(_, l)| crate::charts::layout::text_width(l)).fold(0.0, f64::max);
    let (left, right) = ((widest + 10.0).max(28.0), width - 6.0);
    let step = (right - left) / d.values.len().max(1) as f64;
    let mut out = String::with_capacity(2048);
    let id = d.id;
    out.push_str(&format!(
        "<svg class=\"Chart-svg {class}\" viewBox=\"0 0 {width} {HEIGHT}\" role=\"img\" aria-labelledby=\"{id}{class}-t {id}{class}-d\"><title id=\"{id}{class}-t\">"
    ));
    esc(&mut out, d.title);
    out.push_str(&format!("</title><desc id=\"{id}{class}-d\">"));
    esc(&mut out, d.say);
    out.push_str("</desc>");
    for (value, label) in &ticks {
        let y = scale.at(*value).round();
        out.push_str("<line class=\"Grid\"");
        attrs(&mut out, &[("x1", left), ("x2", right), ("y1", y), ("y2", y)]);
        out.push_str("/><text class=\"Tick is-value\"");
        attrs(&mut out, &[("x", left - 6.0), ("y", y + 4.0)]);
        out.push('>');
        esc(&mut out, label);
        out.push_str("</text>");
    }
    let path = match d.shape {
        Shape::Bars => bars(d.values, &scale, left, step),
        Shape::Line => line(d.values, &scale, left, step),
    };
    let name = if d.shape == Shape::Bars { "Bars" } else { "Line" };
    out.push_str(&format!("<path class=\"{name}\" d=\"{path}\"/>"));
    dates(&mut out, d, lang, left, step, width > 400.0);
    out.push_str("</svg>");
    out
}

fn attrs(out: &mut String, pairs: &[(&str, f64)]) {
    for (name, v) in pairs {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        coordinate(out, *v);
        out.push('"');
    }
}

fn put(out: &mut String, command: char, places: &[f64]) {
    out.push(command);
    for (i, v) in places.iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        coordinate(out, *v);
    }
}

#[allow(clippy::cast_precision_loss, reason = "places on paper")]
fn bars(values: &[Option<i64>], scale: &Scale, left: f64, step: f64) -> String {
    let mut out = String::new();
    let wide = (step * 0.72).clamp(0.6, 18.0);
    for (i, n) in values.iter().enumerate().filter_map(|(i, n)| Some((i, (*n).filter(|n| *n > 0)?))) {
        let x = left + step * (i as f64 + 0.5) - wide / 2.0;
        // The smallest count is still to be seen.
        let y = scale.at(n as f64).min(BOTTOM - 1.5);
        put(&mut out, 'M', &[x, BOTTOM]);
        put(&mut out, 'V', &[y]);
        put(&mut out, 'H', &[x + wide]);
        put(&mut out, 'V', &[BOTTOM]);
        out.push('Z');
    }
    out
}

#[allow(clippy::cast_precision_loss, reason = "places on paper")]
fn line(values: &[Option<i64>], scale: &Scale, left: f64, step: f64) -> String {
    let mut out = String::new();
    let mut is_open = false;
    for (i, n) in values.iter().enumerate() {
        let Some(n) = n else {
            is_open = false;
            continue;
        };
        let (x, y) = (left + step * (i as f64 + 0.5), scale.at(*n as f64));
        put(&mut out, if is_open { 'L' } else { 'M' }, &[x, y]);
        if !is_open {
            // A day alone is a dot: a line to itself with round ends.
            put(&mut out, 'L', &[x, y]);
        }
        is_open = true;
    }
    out
}

#[allow(clippy::cast_precision_loss, reason = "places on paper")]
fn dates(out: &mut String, d: &Drawing<'_>, lang: Lang, left: f64, step: f64, has_middle: bool) {
    let last = d.values.len().saturating_sub(1);
    let mut marks = vec![(0, "is-first"), (last, "is-last")];
    if has_middle && last > 2 {
        marks.insert(1, (last / 2, "is-time"));
    }
    for (i, class) in marks {
        let x = match class {
            "is-first" => left,
            "is-last" => left + step * d.values.len() as f64,
            _ => left + step * (i as f64 + 0.5),
        };
        out.push_str(&format!("<text class=\"Tick {class}\""));
        attrs(out, &[("x", x), ("y", BOTTOM + 18.0)]);
        out.push('>');
        let day = Date::from_days(d.first_day + i64::try_from(i).unwrap_or(0));
        esc(out, &fmt::day(lang, day));
        out.push_str("</text>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing<'a>(values: &'a [Option<i64>], shape: Shape) -> Drawing<'a> {
        Drawing { id: "x", title: "A < B", say: "s", values, first_day: 20_000, shape, unit: Unit::Count }
    }

    #[test]
    fn what_nobody_counted_is_not_drawn_and_a_level_of_zero_is() {
        assert!(draw(&drawing(&[None, None], Shape::Line), Lang::En).is_empty());
        assert!(draw(&drawing(&[Some(0), None], Shape::Bars), Lang::En).is_empty());
        assert!(!draw(&drawing(&[Some(0), None], Shape::Line), Lang::En).is_empty());
    }

    #[test]
    fn each_day_with_a_count_has_a_bar_and_a_gap_breaks_the_line() {
        let svg = draw(&drawing(&[Some(3), None, Some(1), Some(0)], Shape::Bars), Lang::En);
        assert_eq!(svg.matches('Z').count(), 4, "two bars in each of two drawings");
        assert!(svg.contains("A &lt; B") && !svg.contains("A < B"));
        let svg = draw(&drawing(&[Some(3), None, Some(1), Some(0)], Shape::Line), Lang::De);
        let d = svg.split("class=\"Line\" d=\"").nth(1).and_then(|d| d.split('"').next()).unwrap_or_default();
        assert_eq!((d.matches('M').count(), d.matches('L').count()), (2, 3));
    }
}

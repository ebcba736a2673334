//! The whole chart as SVG text. Colours and fonts come from classes; every text is escaped.

use super::{
    bands::{self, Step},
    layout::{Frame, Layout, View, text_width},
    line,
    number::{self, coordinate},
    points::Shape,
    summary, time_axis, words,
};
use crate::{charts::events, charts::lab_rules, ui::esc::esc};
use keepwell_domain::{record::Kind, view::SeriesView};

/// Draws a series. `id` names the drawing: it must be unlike any other on the page. Without a
/// point that can be drawn, a sentence takes the chart's place.
#[must_use]
pub fn draw(s: &SeriesView, frame: Frame, view: View, id: &str) -> String {
    let Some(l) = Layout::new(s, frame, view) else {
        let mut out = String::from("<p class=\"Chart-none\">");
        esc(&mut out, words::words(view.lang).no_points);
        out.push_str("</p>");
        return out;
    };
    Pen { s, l: &l, view, id, out: String::with_capacity(4096 + l.drawn.len() * 24) }.draw()
}

struct Pen<'a> {
    s: &'a SeriesView,
    l: &'a Layout,
    view: View,
    id: &'a str,
    out: String,
}

impl Pen<'_> {
    fn draw(mut self) -> String {
        self.head();
        self.grid();
        self.raw(&format!("<g clip-path=\"url(#{}-c)\">", self.id));
        self.bands();
        self.labs();
        self.event_lines();
        self.lines();
        self.dots();
        self.raw("</g>");
        self.band_label();
        self.flags();
        self.times();
        self.raw("</svg>");
        self.out
    }

    fn raw(&mut self, s: &str) {
        self.out.push_str(s);
    }
    /// Appends attributes whose values are coordinates.
    fn attrs(&mut self, pairs: &[(&str, f64)]) {
        for (name, v) in pairs {
            self.raw(" ");
            self.raw(name);
            self.raw("=\"");
            coordinate(&mut self.out, *v);
            self.raw("\"");
        }
    }
    fn shape(&mut self, tag: &str, class: &str, pairs: &[(&str, f64)]) {
        self.raw(&format!("<{tag} class=\"{class}\""));
        self.attrs(pairs);
        self.raw("/>");
    }
    fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        self.raw(&format!("<text class=\"{class}\""));
        self.attrs(&[("x", x), ("y", y)]);
        self.raw(">");
        esc(&mut self.out, text);
        self.raw("</text>");
    }
    fn path(&mut self, class: &str, d: &str) {
        if !d.is_empty() {
            self.raw(&format!("<path class=\"{class}\" d=\"{d}\"/>"));
        }
    }

    fn head(&mut self) {
        let (l, id) = (self.l, self.id);
        let Frame { width, height } = l.frame;
        self.raw(&format!(
            "<svg class=\"Chart-svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">"
        ));
        esc(&mut self.out, &self.s.name);
        self.raw(&format!("</title><desc id=\"{id}-d\">"));
        esc(&mut self.out, &summary::chart(self.view.lang, self.s));
        self.raw(&format!("</desc><clipPath id=\"{id}-c\"><rect"));
        // A little more than the plot, so that points at its edge are whole.
        self.attrs(&[
            ("x", l.left - 8.0),
            ("y", l.top - 8.0),
            ("width", l.right - l.left + 16.0),
            ("height", l.bottom - l.top + 16.0),
        ]);
        self.raw("/></clipPath>");
    }

    fn grid(&mut self) {
        let l = self.l;
        for (value, label) in &l.ticks {
            let y = l.y(*value).round();
            self.shape("line", "Grid", &[("x1", l.left), ("x2", l.right), ("y1", y), ("y2", y)]);
            self.text("Tick is-value", l.left - 8.0, y + 4.0, label);
        }
        let unit =
            self.s.units.iter().find(|u| u.selected).map_or(self.s.unit.as_str(), |u| u.label.as_str());
        self.text("Unit", 0.0, 14.0, unit);
    }

    /// A step's edges: left, right, top, bottom.
    fn edges(&self, s: &Step) -> (f64, f64, f64, f64) {
        let l = self.l;
        let x = |t: Option<i64>, or: f64| t.map_or(or, |t| l.x(t).clamp(l.left, l.right));
        let y = |v: Option<f64>, or: f64| v.map_or(or, |v| l.y(v).clamp(l.top, l.bottom));
        (x(s.from, l.left), x(s.to, l.right), y(s.high, l.top), y(s.low, l.bottom))
    }

    fn bands(&mut self) {
        let l = self.l;
        for step in bands::steps(&self.s.points) {
            let (a, b, top, bottom) = self.edges(&step);
            if b - a <= 0.0 {
                continue;
            }
            self.shape(
                "rect",
                "Band",
                &[("x", a), ("y", top), ("width", b - a), ("height", (bottom - top).max(0.0))],
            );
            for v in [step.low, step.high].into_iter().flatten() {
                let y = l.y(v);
                if y >= l.top && y <= l.bottom {
                    self.shape("line", "Limit", &[("x1", a), ("x2", b), ("y1", y), ("y2", y)]);
                }
            }
        }
    }

    /// Names the ranges inside their bands, where there is room.
    fn band_label(&mut self) {
        let l = self.l;
        let steps = bands::steps(&self.s.points);
        let many = steps.len() > 1;
        for step in &steps {
            let (a, b, top, bottom) = self.edges(step);
            let limits = number::range(self.view.lang, step.low, step.high);
            let text = if many { limits } else { format!("{} {limits}", words::words(self.view.lang).range) };
            let width = text_width(&text);
            if b - a < width + 12.0 || bottom - top < 18.0 {
                continue;
            }
            // Below the names of laboratories, and where no point is covered.
            let head = if self.s.labs.len() > 1 { l.top + 30.0 } else { l.top };
            let free = |y: f64| {
                let covers = |i: usize| {
                    let p = &self.s.points[i];
                    let (px, py) = (l.x(p.t), l.y(p.v));
                    px > b - width - 12.0 && px < b && (py - y + 4.0).abs() < 14.0
                };
                y <= bottom - 4.0 && !l.visible(self.s).any(covers)
            };
            if let Some(y) = [top.max(head - 16.0) + 16.0, bottom - 6.0].into_iter().find(|y| free(*y)) {
                self.text("Band-label", b - 6.0, y, &text);
            }
        }
    }

    fn labs(&mut self) {
        let l = self.l;
        let rules = lab_rules::rules(&self.s.points);
        let at = |i: usize| rules.get(i).map_or(l.right, |r| l.x(r.t));
        let name = |i: u16| self.s.labs.get(usize::from(i)).cloned().unwrap_or_default();
        let mut texts = Vec::new();
        if let Some(first) = rules.first() {
            texts.push((l.left, at(0), name(first.before)));
        }
        for (i, r) in rules.iter().enumerate() {
            texts.push((l.x(r.t), at(i + 1), name(r.after)));
        }
        for r in &rules {
            let x = l.x(r.t).round();
            if x > l.left && x < l.right {
                self.shape("line", "LabRule", &[("x1", x), ("x2", x), ("y1", l.top), ("y2", l.bottom)]);
            }
        }
        for (from, to, name) in texts {
            let from = from.max(l.left);
            if let Some(name) = shortened(&name, to.min(l.right) - from - 10.0) {
                self.text("Lab", from + 5.0, l.top + 10.0, &name);
            }
        }
    }

    fn lines(&mut self) {
        let l = self.l;
        let points = self.s.points.get(l.drawn.clone()).unwrap_or_default();
        let points: Vec<_> = points.iter().filter(|p| p.v.is_finite()).collect();
        let places: Vec<_> = points.iter().map(|p| (l.x(p.t), l.y(p.v))).collect();
        // Gaps are judged by all points: zooming must not change what is a gap.
        let all: Vec<i64> = self.s.points.iter().filter(|p| p.v.is_finite()).map(|p| p.t).collect();
        let skipped = self.s.points[..l.drawn.start].iter().filter(|p| p.v.is_finite()).count();
        let gaps: Vec<usize> = line::gaps(&all).into_iter().filter_map(|i| i.checked_sub(skipped)).collect();
        let pieces = line::pieces(places.len(), &gaps);
        let spans: Vec<_> = points
            .iter()
            .map(|p| {
                let (low, high) = p.span.unwrap_or((p.v, p.v));
                (l.x(p.t), l.y(low), l.y(high))
            })
            .collect();
        if points.iter().any(|p| p.span.is_some()) {
            self.path("Span", &line::span_path(&spans, &pieces));
        }
        self.path("Line", &line::path(&places, &pieces));
    }

    fn dots(&mut self) {
        let l = self.l;
        let visible: Vec<usize> = l.visible(self.s).collect();
        let room = (l.right - l.left) / (visible.len().max(1) as f64);
        // Dots that would touch each other say less than the line; what is out of range stays.
        let (has_discs, class, r) = match room {
            r if r > 14.0 => (true, "", 4.6),
            r if r > 6.0 => (true, " is-small", 3.4),
            _ => (false, " is-small", 3.4),
        };
        let mut halo = String::new();
        let mut shapes: [String; 6] = Default::default();
        for i in &visible {
            let p = &self.s.points[*i];
            let shape = Shape::of(p);
            if shape == Shape::Disc && !has_discs {
                continue;
            }
            let place = (l.x(p.t), l.y(p.v));
            if let Some(d) = Shape::ALL.iter().position(|s| *s == shape).and_then(|k| shapes.get_mut(k)) {
                shape.path(d, place, r);
            }
            if shape == Shape::Disc {
                shape.path(&mut halo, place, r);
            }
        }
        self.path(&format!("Halo{class}"), &halo);
        for (shape, d) in Shape::ALL.iter().zip(&shapes) {
            self.path(&format!("{}{class}", shape.class()), d);
        }
    }

    fn event_flags(&self) -> Vec<events::Flag> {
        let l = self.l;
        events::flags(&self.s.events, |t| l.x(t), l.left, l.right)
    }

    fn event_lines(&mut self) {
        let l = self.l;
        for f in self.event_flags() {
            let x = f.x as f64;
            // Names of laboratories stand above.
            let top = if self.s.labs.len() > 1 { l.top + 18.0 } else { l.top };
            self.shape("line", "EventLine", &[("x1", x), ("x2", x), ("y1", top), ("y2", l.bottom)]);
        }
    }

    fn flags(&mut self) {
        let l = self.l;
        let y = l.bottom + 13.0;
        let flags = self.event_flags();
        for (i, f) in flags.iter().enumerate() {
            let x = f.x as f64;
            let n = f.events.len();
            let names: Vec<&str> = self
                .s
                .events
                .get(f.events.clone())
                .unwrap_or_default()
                .iter()
                .map(|e| e.label.as_str())
                .collect();
            self.raw("<g class=\"Event\"><title>");
            esc(&mut self.out, &names.join(", "));
            self.raw("</title>");
            match (n, f.kind) {
                (1, Some(Kind::Medication)) => {
                    self.shape(
                        "rect",
                        "Flag",
                        &[("x", x - 7.0), ("y", y - 4.0), ("width", 14.0), ("height", 8.0), ("rx", 4.0)],
                    );
                }
                (1, Some(Kind::Procedure)) => {
                    let mut d = String::from("M");
                    line::place(&mut d, (x, y - 6.0));
                    d.push_str("l6 6-6 6-6-6z");
                    self.path("Flag", &d);
                }
                (1, _) => self.shape(
                    "rect",
                    "Flag",
                    &[("x", x - 5.0), ("y", y - 5.0), ("width", 10.0), ("height", 10.0)],
                ),
                _ => {
                    self.shape("circle", "Flag is-many", &[("cx", x), ("cy", y), ("r", 8.5)]);
                    self.text("Flag-count", x, y + 4.0, &n.to_string());
                }
            }
            let until = flags.get(i + 1).map_or(l.right, |next| next.x as f64 - 10.0);
            let label = if n == 1 { names[0].to_owned() } else { summary::events(self.view.lang, n) };
            if let Some(label) = shortened(&label, until - x - 16.0) {
                self.text("Flag-label", x + 12.0, y + 4.0, &label);
            }
            self.raw("</g>");
        }
    }

    fn times(&mut self) {
        let l = self.l;
        let base = l.frame.height - 40.0;
        self.shape("line", "Axis", &[("x1", l.left), ("x2", l.right), ("y1", l.bottom), ("y2", l.bottom)]);
        let most = |each: f64| ((l.right - l.left) / each).floor().max(2.0) as usize;
        let (ticks, is_clock) =
            time_axis::ticks(self.view.lang, l.window.0, l.window.1, most(72.0), most(46.0));
        for t in &ticks {
            let x = l.x(t.t).round();
            self.shape("line", "Axis", &[("x1", x), ("x2", x), ("y1", l.bottom), ("y2", l.bottom + 4.0)]);
            // A label at the edge moves inwards rather than out of the picture.
            let inside = |text: &str| {
                let half = text_width(text) / 2.0;
                x.clamp(half.min(l.frame.width / 2.0), (l.frame.width - half).max(l.frame.width / 2.0))
            };
            self.text("Tick is-time", inside(&t.label), base + 16.0, &t.label);
            if let Some(under) = &t.under {
                self.text("Tick is-time is-under", inside(under), base + 32.0, under);
            }
        }
        let shown = self.s.points.get(l.drawn.clone()).unwrap_or_default();
        if let Some(zone) = summary::zone(self.view.lang, shown.iter()).filter(|_| is_clock) {
            self.text("Tick is-zone", l.right, 14.0, zone);
        }
    }
}

/// The text, cut where there is no room for it; `None` where there is room for less than four letters.
fn shortened(text: &str, room: f64) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    if text_width(text) <= room {
        return Some(text.to_owned());
    }
    let keep = (room / 6.7).floor() - 1.0;
    (keep >= 4.0).then(|| {
        let cut: String = text.chars().take(keep as usize).collect();
        format!("{}…", cut.trim_end())
    })
}

#[cfg(test)]
#[path = "svg_tests.rs"]
mod tests;

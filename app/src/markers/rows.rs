//! Marker rows written as text. A page has 150 of them, each with two small pictures: as a tree
//! of components they would be 3,000 nodes to build on the server and to walk in the browser.
//!
//! Everything that comes from a person's data goes through [`esc`]; geometry is whole numbers, so
//! that server and browser cannot differ.

use crate::{
    i18n::{Lang, Texts, fmt},
    ui::{
        esc::{esc, int, segment},
        piece::standing_word,
    },
};
use keepwell_domain::view::{MarkerRow, MarkersView, RangeView, Standing};

/// Width and height of a sparkline in its own units.
const SPARK: (i64, i64) = (160, 40);
/// Width of a range bar in its own units; the height is 24.
const BAR: i64 = 120;

/// What is shown.
pub struct Filter {
    words: String,
    group: String,
}

impl Filter {
    /// Names containing `q` (case ignored), of `group` unless empty; `favourites` is a group.
    #[must_use]
    pub fn new(q: &str, group: &str) -> Self {
        Self { words: q.trim().to_lowercase(), group: group.to_owned() }
    }
    /// Whether it lets every row pass.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.words.is_empty() && self.group.is_empty()
    }
    fn accepts(&self, row: &MarkerRow) -> bool {
        let of_group = match self.group.as_str() {
            "" => true,
            "favourites" => row.favourite,
            g => row.group == g,
        };
        of_group && (self.words.is_empty() || row.name.to_lowercase().contains(&self.words))
    }
}

/// All groups with their rows, and how many rows there are.
#[must_use]
pub fn draw(view: &MarkersView, filter: &Filter, lang: Lang) -> (String, u32) {
    let mut out = String::with_capacity(view.rows.len() * 1100);
    let mut shown = 0;
    let mut group: Option<&str> = None;
    for row in view.rows.iter().filter(|r| filter.accepts(r)) {
        if group != Some(row.group.as_str()) {
            if group.is_some() {
                out.push_str("</ul></section>");
            }
            let name =
                view.groups.iter().find(|(id, _)| *id == row.group).map_or(row.group.as_str(), |(_, n)| n);
            out.push_str("<section class=\"MarkerGroup\"><h2>");
            esc(&mut out, name);
            out.push_str("</h2><ul class=\"Rows\">");
            group = Some(&row.group);
        }
        self::row(&mut out, row, lang);
        shown += 1;
    }
    if group.is_some() {
        out.push_str("</ul></section>");
    }
    (out, shown)
}

/// A list of rows without groups.
#[must_use]
pub fn list<'a>(rows: impl IntoIterator<Item = &'a MarkerRow>, lang: Lang) -> String {
    let mut out = String::new();
    for r in rows {
        row(&mut out, r, lang);
    }
    out
}

fn row(out: &mut String, r: &MarkerRow, lang: Lang) {
    let t = lang.texts();
    out.push_str("<li class=\"Row\"><a class=\"Row-link\" href=\"/markers/");
    segment(out, &r.key);
    out.push_str("\"><span class=\"Row-name\">");
    esc(out, &r.name);
    if r.favourite {
        out.push_str("<span class=\"Row-star\"><span class=\"Hidden\">, ");
        out.push_str(t.favourite);
        out.push_str("</span></span>");
    }
    out.push_str("</span><span class=\"Row-value\">");
    value(out, r, t);
    out.push_str("</span><span class=\"Row-bar\">");
    if let (Some(range), Some(n)) = (&r.range, r.number) {
        bar(out, range, n, r.standing, t);
    }
    out.push_str("</span><span class=\"Row-change\">");
    if let Some(c) = &r.change {
        let (class, word) = match c.direction {
            d if d > 0 => ("is-up", t.up),
            d if d < 0 => ("is-down", t.down),
            _ => ("is-same", t.same),
        };
        out.push_str("<span class=\"Change ");
        out.push_str(class);
        out.push_str("\"><span class=\"Hidden\">");
        out.push_str(word);
        out.push_str(" </span>");
        esc(out, &c.text);
        out.push_str("</span>");
    }
    out.push_str("</span><span class=\"Row-spark\">");
    spark(out, &r.spark);
    out.push_str("</span><span class=\"Row-date\">");
    esc(out, &fmt::date(lang, &r.date));
    out.push_str("</span></a></li>");
}

fn value(out: &mut String, r: &MarkerRow, t: &Texts) {
    // Machines print fifteen digits; what was printed is shown, only smaller.
    out.push_str(match (r.latest.numeric, r.latest.text.len()) {
        (true, 0..=8) => "<b>",
        (true, _) => "<b class=\"is-long\">",
        (false, _) => "<b class=\"is-text\">",
    });
    esc(out, &r.latest.comparator);
    esc(out, &r.latest.text);
    out.push_str("</b>");
    if !r.latest.unit.is_empty() {
        out.push_str(" <small>");
        esc(out, &r.latest.unit);
        out.push_str("</small>");
    }
    if let Some(word) = standing_word(t, r.standing) {
        out.push_str(match r.standing {
            Standing::Low => " <span class=\"Badge is-low\">",
            Standing::High => " <span class=\"Badge is-high\">",
            _ => " <span class=\"Badge is-abnormal\">",
        });
        out.push_str(word);
        out.push_str("</span>");
    }
}

/// Where the range and the value lie on the bar: (band start, band end, dot), in bar units.
///
/// A two-sided range takes the middle half. With one limit there is no natural scale: the limit
/// stands at two thirds (upper) or one third (lower), and zero or twice the limit at the edge.
#[must_use]
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
pub fn bar_geometry(range: &RangeView, value: f64) -> Option<(i64, i64, i64)> {
    let w = BAR as f64;
    let (start, end, at) = match (range.low, range.high) {
        (Some(l), Some(h)) if h > l => (0.25, 0.75, 0.25 + 0.5 * (value - l) / (h - l)),
        (None, Some(h)) if h > 0.0 => (0.0, 2.0 / 3.0, 2.0 / 3.0 * value / h),
        (Some(l), None) if l > 0.0 => (1.0 / 3.0, 1.0, value / l / 3.0),
        _ => return None,
    };
    if !at.is_finite() {
        return None;
    }
    let px = |x: f64| (x * w).round() as i64;
    Some((px(start), px(end), px(at).clamp(6, BAR - 6)))
}

fn bar(out: &mut String, range: &RangeView, value: f64, standing: Standing, t: &Texts) {
    let Some((start, end, at)) = bar_geometry(range, value) else { return };
    out.push_str("<svg class=\"Bar\" viewBox=\"0 0 120 24\" role=\"img\" aria-label=\"");
    out.push_str(t.range);
    out.push(' ');
    esc(out, &range.text);
    out.push_str("\"><rect class=\"Bar-line\" x=\"0\" y=\"10\" width=\"120\" height=\"4\" rx=\"2\"/><rect class=\"Bar-band\" x=\"");
    int(out, start);
    out.push_str("\" y=\"8\" width=\"");
    int(out, end - start);
    out.push_str("\" height=\"8\" rx=\"4\"/>");
    match standing {
        Standing::Low | Standing::High | Standing::Abnormal => {
            // A diamond: out of range is told by shape too.
            out.push_str("<path class=\"Bar-out\" d=\"M");
            int(out, at);
            out.push_str(" 4l8 8-8 8-8-8z\"/>");
        }
        _ => {
            out.push_str("<circle class=\"Bar-dot\" cx=\"");
            int(out, at);
            out.push_str("\" cy=\"12\" r=\"6\"/>");
        }
    }
    out.push_str("</svg>");
}

/// The points of a sparkline, by time from left to right, with a margin of 5 for the last dot.
#[must_use]
#[allow(clippy::cast_possible_truncation)]
pub fn spark_points(spark: &[(i32, f32)]) -> Vec<(i64, i64)> {
    let good = || spark.iter().filter(|(_, v)| v.is_finite());
    let (Some(first), Some(last)) = (good().next(), good().next_back()) else { return Vec::new() };
    let (low, high) = good().fold((f32::MAX, f32::MIN), |(l, h), (_, v)| (l.min(*v), h.max(*v)));
    let days = f64::from(last.0) - f64::from(first.0);
    let span = f64::from(high) - f64::from(low);
    let (w, h) = ((SPARK.0 - 10) as f64, (SPARK.1 - 10) as f64);
    good()
        .map(|(d, v)| {
            let x = if days > 0.0 { (f64::from(*d) - f64::from(first.0)) / days } else { 1.0 };
            let y = if span > 0.0 { (f64::from(*v) - f64::from(low)) / span } else { 0.5 };
            (5 + (x * w).round() as i64, 5 + ((1.0 - y) * h).round() as i64)
        })
        .collect()
}

fn spark(out: &mut String, values: &[(i32, f32)]) {
    let points = spark_points(values);
    let Some(last) = points.last() else { return };
    if points.len() < 2 {
        return;
    }
    out.push_str("<svg class=\"Spark\" viewBox=\"0 0 160 40\" aria-hidden=\"true\"><polyline points=\"");
    for (i, (x, y)) in points.iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        int(out, *x);
        out.push(',');
        int(out, *y);
    }
    out.push_str("\"/><circle cx=\"");
    int(out, last.0);
    out.push_str("\" cy=\"");
    int(out, last.1);
    out.push_str("\" r=\"4\"/></svg>");
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use keepwell_domain::view::{Change, Shown};

    fn sample(name: &str) -> MarkerRow {
        MarkerRow {
            key: "718-7".into(),
            name: name.into(),
            group: "blood".into(),
            latest: Shown { comparator: "<".into(), text: "13.2".into(), unit: "g/dL".into(), numeric: true },
            number: Some(13.2),
            range: Some(RangeView { low: Some(12.0), high: Some(16.0), text: "12–16".into() }),
            standing: Standing::Within,
            change: Some(Change { text: "+0.4".into(), direction: 1, days: 30 }),
            spark: vec![(0, 12.0), (30, 13.0), (60, 12.5)],
            date: "2024-03-04".into(),
            count: 3,
            favourite: false,
        }
    }
    fn view(rows: Vec<MarkerRow>) -> MarkersView {
        MarkersView { rows, groups: vec![("blood".into(), "Blood <count>".into())], records: 3 }
    }

    #[test]
    fn a_name_with_a_script_stays_text_everywhere() {
        let evil = "<script>alert(1)</script>\"'&";
        let mut row = sample(evil);
        row.key = "x-\"><script>".into();
        row.latest = Shown { comparator: evil.into(), text: evil.into(), unit: evil.into(), numeric: false };
        row.date = evil.into();
        row.change = Some(Change { text: evil.into(), direction: 0, days: 1 });
        row.range = Some(RangeView { low: Some(1.0), high: Some(2.0), text: evil.into() });
        let (html, shown) = draw(&view(vec![row]), &Filter::new("", ""), Lang::En);
        assert_eq!(shown, 1);
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("\"'&"), "{html}");
    }

    #[test]
    fn a_row_has_value_range_change_sparkline_and_date() {
        let (html, _) = draw(&view(vec![sample("Hb")]), &Filter::new("", ""), Lang::De);
        for part in [
            "href=\"/markers/718-7\"",
            "&lt;13.2</b> <small>g/dL",
            "Bar-dot",
            "+0.4",
            "<polyline",
            "4. März 2024",
        ] {
            assert!(html.contains(part), "{part} is missing in {html}");
        }
    }

    #[test]
    fn the_filter_takes_parts_of_names_and_groups() {
        let mut other = sample("Ferritin");
        other.group = "iron".into();
        other.favourite = true;
        let v = view(vec![sample("Hemoglobin"), other]);
        let count = |q: &str, g: &str| draw(&v, &Filter::new(q, g), Lang::En).1;
        assert_eq!(
            (count("", ""), count("HEMO", ""), count("", "iron"), count("", "favourites")),
            (2, 1, 1, 1)
        );
        assert_eq!(count("hemo", "iron"), 0);
    }

    #[test]
    fn the_dot_stays_on_the_bar_and_in_its_place() {
        let two = RangeView { low: Some(10.0), high: Some(20.0), text: String::new() };
        assert_eq!(bar_geometry(&two, 15.0), Some((30, 90, 60)));
        assert_eq!(bar_geometry(&two, 1e12), Some((30, 90, 114)));
        assert_eq!(bar_geometry(&two, f64::NAN), None);
        let upper = RangeView { low: None, high: Some(3.0), text: String::new() };
        assert_eq!(bar_geometry(&upper, 3.0), Some((0, 80, 80)));
        assert_eq!(bar_geometry(&RangeView::default(), 3.0), None);
    }

    #[test]
    fn a_sparkline_goes_from_left_to_right_and_fits() {
        let p = spark_points(&[(0, 1.0), (10, 3.0), (20, f32::NAN), (20, 2.0)]);
        assert_eq!(p, vec![(5, 35), (80, 5), (155, 20)]);
        assert_eq!(spark_points(&[(5, 2.0), (5, 2.0)]), vec![(155, 20), (155, 20)]);
        assert!(spark_points(&[]).is_empty());
    }
}

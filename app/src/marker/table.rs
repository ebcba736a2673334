//! The table behind the chart, as text: a row per point, newest first.

use super::query::Query;
use crate::{
    charts::{
        number,
        points::{Shape, glyph},
        summary, words,
    },
    i18n::{Lang, fill},
    ui::esc::esc,
};
use keepwell_domain::view::{Point, SeriesView};

/// So many rows unless all are asked for.
pub const ROWS: usize = 100;

/// The table; `query` is the page it stands on.
#[must_use]
pub fn draw(s: &SeriesView, query: &Query, lang: Lang) -> String {
    let (t, w) = (lang.texts(), words::words(lang));
    let has_other_unit = s.points.iter().any(|p| !summary::is_printed_in_unit(s, p));
    let has_labs = s.points.iter().any(|p| summary::lab(s, p).is_some());
    let mut out = String::from("<table><thead><tr>");
    let mut head = |class: &str, text: &str| {
        out.push_str("<th scope=\"col\"");
        out.push_str(class);
        out.push('>');
        esc(&mut out, text);
        out.push_str("</th>");
    };
    head("", t.date);
    head(" class=\"Values-value\"", t.value);
    if has_other_unit {
        head(" class=\"Values-value Values-other\"", &fill(w.in_unit, &s.unit));
    }
    let range = if s.unit.is_empty() { w.range.to_owned() } else { format!("{} ({})", w.range, s.unit) };
    head("", &range);
    head("", w.standing);
    if has_labs {
        head(" class=\"Values-lab\"", w.lab);
    }
    out.push_str("</tr></thead><tbody>");
    let most = if query.all_rows { usize::MAX } else { ROWS };
    for p in s.points.iter().rev().take(most) {
        row(&mut out, s, p, lang, has_other_unit, has_labs);
    }
    out.push_str("</tbody></table>");
    out
}

fn cell(out: &mut String, class: &str, text: &str) {
    out.push_str("<td");
    out.push_str(class);
    out.push('>');
    esc(out, text);
    out.push_str("</td>");
}

fn row(out: &mut String, s: &SeriesView, p: &Point, lang: Lang, has_other_unit: bool, has_labs: bool) {
    let lab = summary::lab(s, p).unwrap_or_default();
    out.push_str("<tr><td>");
    // Breaks between the date and the time only.
    let date = summary::date(lang, p).replace(' ', "\u{a0}").replace(",\u{a0}", ", ");
    match p.record {
        Some(id) => {
            out.push_str(&format!("<a href=\"/records/{id}\">"));
            esc(out, &date);
            out.push_str("</a>");
        }
        None => esc(out, &date),
    }
    if !lab.is_empty() {
        out.push_str("<small class=\"Values-under\">");
        esc(out, lab);
        out.push_str("</small>");
    }
    out.push_str("</td><td class=\"Values-value\">");
    esc(out, &summary::printed(lang, s, p));
    if !summary::is_printed_in_unit(s, p) {
        // Where there is no room for the other column.
        out.push_str("<small class=\"Values-under\">");
        esc(out, &summary::in_unit(lang, s, p));
        out.push_str("</small>");
    }
    if let Some(span) = summary::span(lang, s, p) {
        out.push_str("<small>");
        esc(out, &span);
        out.push_str("</small>");
    }
    out.push_str("</td>");
    if has_other_unit {
        cell(out, " class=\"Values-value Values-other\"", &summary::in_unit(lang, s, p));
    }
    cell(out, "", &number::range(lang, p.low, p.high));
    out.push_str("<td><span class=\"Standing\">");
    // A censored value keeps its open triangle here too.
    let shape = match Shape::of(p) {
        open @ (Shape::Less | Shape::More) => open,
        _ => Shape::of_standing(p.standing),
    };
    out.push_str(&glyph(shape));
    out.push_str("<span>");
    esc(out, words::standing(lang, p.standing));
    out.push_str("</span></span></td>");
    if has_labs {
        cell(out, " class=\"Values-lab\"", lab);
    }
    out.push_str("</tr>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use keepwell_domain::view::Standing;

    const EVIL: &str = "<script>\"&'";

    fn series(n: i64) -> SeriesView {
        let point = |i: i64| Point {
            t: i * 86_400_000,
            v: 1.5,
            span: None,
            comparator: "<".into(),
            low: None,
            high: Some(5.0),
            standing: Standing::High,
            lab: Some(0),
            record: None,
            printed: format!("{i} {EVIL}"),
            date: String::new(),
        };
        SeriesView {
            unit: EVIL.into(),
            labs: vec![EVIL.into()],
            points: (0..n).map(point).collect(),
            ..SeriesView::default()
        }
    }

    #[test]
    fn texts_stay_texts_and_the_newest_row_is_first() {
        let html = draw(&series(3), &Query::default(), Lang::En);
        assert!(!html.contains("<script") && !html.contains("\"&'"));
        assert!(html.find(">2 &lt;").unwrap_or(usize::MAX) < html.find(">1 &lt;").unwrap_or(0));
        assert_eq!(html.matches("above range").count(), 3);
        assert_eq!(html.matches("Dot is-open").count(), 3);
    }

    #[test]
    fn long_tables_show_their_newest_rows_until_all_are_asked_for() {
        let s = series(250);
        let rows = |q: &Query| draw(&s, q, Lang::De).matches("<tr><td>").count();
        assert_eq!(rows(&Query::default()), ROWS);
        assert_eq!(rows(&Query { all_rows: true, ..Query::default() }), 250);
    }

    #[test]
    fn a_value_printed_in_another_unit_is_shown_in_both() {
        let mut s = series(1);
        s.unit = "mmol/L".into();
        s.points[0].printed = "58 mg/dL".into();
        s.points[0].comparator.clear();
        s.decimals = 1;
        let html = draw(&s, &Query::default(), Lang::En);
        assert!(
            html.contains(">58 mg/dL<") && html.contains(">1.5\u{a0}mmol/L<") && html.contains("In mmol/L")
        );
    }
}

//! A chart in one sentence, and one point in one line.

use super::{
    number::{figures, range},
    time_axis::{clock, date_of},
    words::{standing, words},
};
use crate::i18n::{Lang, fill, fmt, plural};
use keepwell_domain::view::{Point, SeriesView, Standing};

/// A point's date as stated, with its time of day if it has one, or its day.
#[must_use]
pub fn date(lang: Lang, p: &Point) -> String {
    if p.date.is_empty() { fmt::day(lang, date_of(p.t)) } else { fmt::date_time(lang, &p.date) }
}

/// Whether a point says a time of day.
#[must_use]
pub fn has_clock(p: &Point) -> bool {
    p.date.contains('T')
}

/// Whose clock the times of day on an axis are: `None` when no point has one.
#[must_use]
pub fn zone<'a>(lang: Lang, mut points: impl Iterator<Item = &'a Point>) -> Option<&'static str> {
    let is_clock = |p: &&Point| has_clock(p);
    let first = points.by_ref().find(is_clock)?;
    let is_utc = |p: &Point| p.date.ends_with('Z');
    let all_utc = is_utc(first) && points.filter(is_clock).all(is_utc);
    Some(if all_utc { "UTC" } else { words(lang).local_time })
}

/// A value in the series' unit: `<0.5 ng/mL`.
#[must_use]
pub fn in_unit(lang: Lang, s: &SeriesView, p: &Point) -> String {
    let unit = if s.unit.is_empty() { String::new() } else { format!("\u{a0}{}", s.unit) };
    format!("{}{}{unit}", p.comparator, figures(lang, p.v, s.decimals))
}

/// The value as printed where it was printed, else in the series' unit.
#[must_use]
pub fn printed(lang: Lang, s: &SeriesView, p: &Point) -> String {
    if p.printed.is_empty() { in_unit(lang, s, p) } else { p.printed.clone() }
}

/// Lowest to highest, for a point that stands for several values.
#[must_use]
pub fn span(lang: Lang, s: &SeriesView, p: &Point) -> Option<String> {
    let (low, high) = p.span?;
    (low.is_finite() && high.is_finite() && low < high)
        .then(|| format!("{}–{}", figures(lang, low, s.decimals), figures(lang, high, s.decimals)))
}

/// `above range 30–400`; empty where there is nothing to say.
#[must_use]
pub fn standing_range(lang: Lang, p: &Point) -> String {
    let limits = range(lang, p.low, p.high);
    match (p.standing, limits.is_empty()) {
        (Standing::Unknown, true) => String::new(),
        (Standing::Unknown, false) => format!("{} {limits}", words(lang).range),
        (st, _) => format!("{} {limits}", standing(lang, st)).trim_end().to_owned(),
    }
}

/// `Ferritin, 14 values from 3 Jan 2015 to 4 Nov 2024, latest 31 ng/mL, below range 30–400.`
#[must_use]
pub fn chart(lang: Lang, s: &SeriesView) -> String {
    let w = words(lang);
    let points: Vec<&Point> = s.points.iter().filter(|p| p.v.is_finite()).collect();
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return format!("{}: {}", s.name, w.no_points);
    };
    let n = if s.thinned { s.total } else { points.len() as u64 };
    let count = plural(lang, n, w.value_one, w.value_many);
    let (a, b) = (date(lang, first), date(lang, last));
    let when = match (lang, a == b) {
        (Lang::En, true) => format!("on {a}"),
        (Lang::En, false) => format!("from {a} to {b}"),
        (Lang::De, true) => format!("am {a}"),
        (Lang::De, false) => format!("von {a} bis {b}"),
    };
    let latest = match lang {
        Lang::En => format!("latest {}", printed(lang, s, last)),
        Lang::De => format!("zuletzt {}", printed(lang, s, last)),
    };
    // Limits are in the chart's unit; beside a value printed in another one they would mislead.
    let limits = match last.standing {
        Standing::Unknown => String::new(),
        st if is_printed_in_unit(s, last) => match standing_range(lang, last) {
            r if r.is_empty() => standing(lang, st).to_owned(),
            r => r,
        },
        st => standing(lang, st).to_owned(),
    };
    let tail = if limits.is_empty() { String::new() } else { format!(", {limits}") };
    format!("{}, {count} {when}, {latest}{tail}.", s.name)
}

/// Whether the printed value stands in the series' unit, so that number and limits go together.
#[must_use]
pub fn is_printed_in_unit(s: &SeriesView, p: &Point) -> bool {
    if p.printed.is_empty() {
        return true;
    }
    let label = s.units.iter().find(|u| u.selected).map_or(s.unit.as_str(), |u| u.label.as_str());
    let unit = p.printed.trim_start_matches(|c: char| !c.is_whitespace()).trim();
    unit == s.unit || unit == label
}

/// A point read aloud.
#[must_use]
pub fn point(lang: Lang, s: &SeriesView, p: &Point) -> String {
    let mut out = format!("{}, {}", printed(lang, s, p), date(lang, p));
    if let Some(range) = span(lang, s, p) {
        out.push_str(&format!(", {} {range}", words(lang).day_values));
    }
    if p.standing != Standing::Unknown {
        out.push_str(", ");
        out.push_str(standing(lang, p.standing));
    }
    if let Some(lab) = lab(s, p) {
        out.push_str(", ");
        out.push_str(lab);
    }
    out
}

/// The laboratory of a point.
#[must_use]
pub fn lab<'a>(s: &'a SeriesView, p: &Point) -> Option<&'a str> {
    s.labs.get(usize::from(p.lab?)).map(String::as_str).filter(|l| !l.is_empty())
}

/// `3 Jan 2015 – 4 Nov 2024`, with the time of day for short windows.
#[must_use]
pub fn window(lang: Lang, (a, b): (i64, i64)) -> String {
    let (from, to) = (fmt::day(lang, date_of(a)), fmt::day(lang, date_of(b)));
    if b.saturating_sub(a) > 3 * super::time_axis::DAY {
        return format!("{from} – {to}");
    }
    if from == to {
        return format!("{from}, {}–{}", clock(a), clock(b));
    }
    format!("{from}, {} – {to}, {}", clock(a), clock(b))
}

/// `4 events`, for a flag that stands for several.
#[must_use]
pub fn events(lang: Lang, n: usize) -> String {
    fill(words(lang).events_many, &n.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::testing::{point as bare, series};
    use keepwell_domain::view::UnitChoice;

    const DAY: i64 = 86_400_000;

    fn last() -> Point {
        Point {
            printed: "31 ng/mL".into(),
            date: "2024-11-04".into(),
            low: Some(30.0),
            high: Some(400.0),
            standing: Standing::Within,
            ..bare(20_000 * DAY, 31.0)
        }
    }

    #[test]
    fn a_chart_is_one_sentence_in_both_languages() {
        let s = series(vec![bare(16_000 * DAY, 20.0), last()]);
        assert_eq!(
            chart(Lang::En, &s),
            "Ferritin, 2 values from 22 Oct 2013 to 4 Nov 2024, latest 31 ng/mL, within range 30–400."
        );
        assert_eq!(
            chart(Lang::De, &s),
            "Ferritin, 2 Werte von 22. Okt. 2013 bis 4. Nov. 2024, zuletzt 31 ng/mL, im Bereich 30–400."
        );
        assert_eq!(chart(Lang::En, &series(vec![])), "Ferritin: No value in this time can be drawn.");
    }

    #[test]
    fn limits_are_left_out_beside_a_value_printed_in_another_unit() {
        let mut s = series(vec![last()]);
        s.unit = "pmol/L".into();
        assert_eq!(chart(Lang::En, &s), "Ferritin, 1 value on 4 Nov 2024, latest 31 ng/mL, within range.");
        s.units = vec![UnitChoice {
            ucum: "pmol/L".into(),
            label: "ng/mL".into(),
            factor: String::new(),
            selected: true,
        }];
        assert!(chart(Lang::En, &s).contains("30–400"));
    }

    #[test]
    fn times_are_those_of_the_clock_there_unless_all_are_utc() {
        let at = |date: &str| Point { date: date.into(), ..bare(0, 1.0) };
        let of = |dates: &[&str]| {
            let points: Vec<Point> = dates.iter().map(|d| at(d)).collect();
            zone(Lang::En, points.iter())
        };
        assert_eq!(of(&["2024-01-01", ""]), None);
        assert_eq!(of(&["2024-01-01", "2024-01-01T08:00:00Z"]), Some("UTC"));
        assert_eq!(of(&["2024-01-01T08:00:00Z", "2024-01-01T08:00:00-05:00"]), Some("local time"));
        assert_eq!(of(&["2024-01-01T08:00:00"]), Some("local time"));
        assert_eq!(date(Lang::En, &at("2024-01-01T08:00:00Z")), "1 Jan 2024, 08:00\u{a0}UTC");
        assert_eq!(date(Lang::En, &at("2024-01-01T08:00:00-05:00")), "1 Jan 2024, 08:00");
    }

    #[test]
    fn a_sample_has_its_time_and_a_bucket_its_span() {
        let mut p = bare(20_000 * DAY + 8 * 3_600_000, 61.04);
        p.span = Some((48.0, 120.0));
        p.date = "2024-10-04T08:00:00+02:00".into();
        let mut s = series(vec![p]);
        s.unit = "/min".into();
        s.decimals = 1;
        assert_eq!(
            point(Lang::De, &s, &s.points[0]),
            "61,0\u{a0}/min, 4. Okt. 2024, 08:00, niedrigster bis höchster 48,0–120,0"
        );
    }
}

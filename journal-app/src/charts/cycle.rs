//! An ordinary cycle: temperatures, the line that a rise is measured against, bleeding, and a row of marks each
//! for mucus, LH tests and intercourse.

use super::{Drawing, Mark, Scale, stimulation::day_ticks, text, ticks};
use crate::{
    route::Route,
    units::{from_celsius, sign},
    words::{self, Lang},
};
use keepwell_domain::time::Date;
use keepwell_journal::{
    derive::TemperatureShift,
    model::{
        Kind,
        diary::{Bleeding, Intercourse, MucusFeeling, MucusTexture, TestResult},
        settings::TemperatureUnit,
    },
};

/// A day of the picture.
#[derive(Clone, PartialEq)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// In the unit of the picture.
    pub temperature: Option<f64>,
    /// Whether the temperature does not count.
    pub excluded: bool,
    /// Bleeding.
    pub bleeding: Option<Bleeding>,
    /// How the mucus felt.
    pub feeling: Option<MucusFeeling>,
    /// How it looked.
    pub texture: Option<MucusTexture>,
    /// LH tests, in order.
    pub tests: Vec<TestResult>,
    /// Intercourse; `None` where nothing was told, empty where there was none.
    pub intercourse: Option<Vec<Intercourse>>,
}

impl Day {
    /// A day of which nothing is known yet.
    #[must_use]
    pub const fn new(date: Date) -> Self {
        Self {
            date,
            temperature: None,
            excluded: false,
            bleeding: None,
            feeling: None,
            texture: None,
            tests: Vec::new(),
            intercourse: None,
        }
    }

    fn had_intercourse(&self) -> Option<bool> {
        self.intercourse.as_ref().map(|all| all.iter().any(|i| *i != Intercourse::None))
    }
}

/// A row of marks: its title, and its mark of a day.
type Row = (String, fn(Lang, &Day) -> Option<String>);

fn rows(lang: Lang) -> [Row; 4] {
    let title = |name: &str| words::field(lang, Kind::Day, name);
    [
        (title("mucus_feeling"), |lang, d| Some(letter(lang, d.feeling?.as_str()))),
        (title("mucus_texture"), |lang, d| Some(letter(lang, d.texture?.as_str()))),
        (words::lists::of(lang).lh_tests.to_owned(), |_, d| {
            Some(d.tests.last().copied().map(test_mark)?.to_owned())
        }),
        (title("intercourse"), |_, d| Some(if d.had_intercourse()? { "●" } else { "○" }.to_owned())),
    ]
}

/// One letter for a word, so that a day has room for it; the legend says which.
fn letter(lang: Lang, code: &str) -> String {
    match code {
        // In both languages the first letter is that of another.
        "egg_white" => "E".to_owned(),
        _ => words::code(lang, "", code).chars().take(1).flat_map(char::to_uppercase).collect(),
    }
}

/// The sign of what a test showed.
#[must_use]
pub const fn test_mark(result: TestResult) -> &'static str {
    match result {
        TestResult::Invalid => "×",
        TestResult::Negative => "−",
        TestResult::Faint => "±",
        TestResult::High => "↑",
        TestResult::Positive => "+",
        TestResult::Peak => "▲",
    }
}

/// What the marks of the picture stand for, row by row, as far as they are in it.
#[must_use]
pub fn legend(lang: Lang, days: &[Day]) -> Vec<(String, Vec<String>)> {
    let [feeling, texture, tests, intercourse] = rows(lang).map(|r| r.0);
    let said = |mark: &str, word: String| format!("{mark} {word}");
    let mut out = Vec::new();
    let mut row = |title: String, found: Vec<String>| {
        if !found.is_empty() {
            out.push((title, found));
        }
    };
    let code = |code: &str| said(&letter(lang, code), words::code(lang, "", code));
    let has = |f: &dyn Fn(&Day) -> bool| days.iter().any(f);
    let feelings = MucusFeeling::ALL.iter().filter(|m| has(&|d| d.feeling == Some(**m)));
    row(feeling, feelings.map(|m| code(m.as_str())).collect());
    let textures = MucusTexture::ALL.iter().filter(|m| has(&|d| d.texture == Some(**m)));
    row(texture, textures.map(|m| code(m.as_str())).collect());
    let results = TestResult::ALL.iter().filter(|r| has(&|d| d.tests.last() == Some(r)));
    let result = |r: &TestResult| said(test_mark(*r), words::code(lang, "test_result", r.as_str()));
    row(tests, results.map(result).collect());
    let t = lang.texts();
    let either = [("●", true, t.yes), ("○", false, t.no)];
    let either = either.into_iter().filter(|(_, had, _)| has(&|d| d.had_intercourse() == Some(*had)));
    row(intercourse, either.map(|(mark, _, word)| said(mark, word.to_owned())).collect());
    out
}

/// The picture of the days from the first of a cycle on; `None` where nothing of it was entered.
#[must_use]
pub fn draw(
    lang: Lang,
    start: Date,
    days: &[Day],
    shift: Option<&TemperatureShift>,
    unit: TemperatureUnit,
    width: f64,
) -> Option<Drawing> {
    let t = lang.texts();
    #[allow(clippy::cast_precision_loss)]
    let number = |d: Date| (d.days() - start.days() + 1) as f64;
    let last = days.iter().map(|d| number(d.date)).fold(28.0, f64::max);
    let x = Scale { low: 0.5, high: last + 0.5, from: 46.0, to: width - 12.0 };
    let to_day = |mark, date| Mark::To { to: Route::Day(date), mark: Box::new(mark) };
    let has_values = days.iter().any(|d| d.temperature.is_some());
    let bleeding: Vec<_> =
        days.iter().filter_map(|d| Some((d.date, d.bleeding.filter(|b| *b != Bleeding::None)?))).collect();
    let marked: Vec<(String, Vec<(Date, String)>)> = rows(lang)
        .into_iter()
        .map(|(title, mark)| (title, days.iter().filter_map(|d| Some((d.date, mark(lang, d)?))).collect()))
        .filter(|(_, found): &(String, Vec<_>)| !found.is_empty())
        .collect();
    if !has_values && bleeding.is_empty() && marked.is_empty() {
        return None;
    }
    let mut marks = Vec::new();
    let mut bottom = 8.0;
    if has_values {
        temperatures(lang, start, days, shift, unit, x, &mut marks);
        bottom = 204.0;
    }
    marks.push(text((4.0, bottom + 11.0), t.bleeding_axis, "Unit"));
    for (date, how) in &bleeding {
        let height = match how {
            Bleeding::None => 0.0,
            Bleeding::Spotting => 5.0,
            Bleeding::Light => 10.0,
            Bleeding::Medium | Bleeding::Present => 15.0,
            Bleeding::Heavy => 20.0,
            Bleeding::VeryHeavy => 24.0,
        };
        let step = (x.at(2.0) - x.at(1.0)).max(3.0);
        let mark = Mark::Rect {
            at: (x.at(number(*date)) - step / 2.0 + 0.5, bottom + 42.0 - height),
            size: (step - 1.0, height),
            class: "Bleeding",
        };
        marks.push(to_day(mark, *date));
    }
    let mut axis = bottom + 42.0;
    for (title, found) in marked {
        marks.push(text((4.0, axis + 15.0), title, "Unit"));
        for (date, mark) in found {
            marks.push(to_day(text((x.at(number(date)), axis + 32.0), mark, "Sign"), date));
        }
        axis += 38.0;
    }
    marks.push(Mark::Line { from: (x.from, axis), to: (x.to, axis), class: "Axis" });
    #[allow(clippy::cast_precision_loss)]
    let every = day_ticks(x.at(2.0) - x.at(1.0)) as f64;
    let mut n = 1.0;
    while n <= last {
        marks.push(text((x.at(n), axis + 15.0), words::number(lang, n, 0), "Tick is-time"));
        n += every;
    }
    marks.push(text((x.from, axis + 32.0), t.cycle_day_axis, "Tick"));
    Some(Drawing { width, height: axis + 40.0, marks })
}

fn temperatures(
    lang: Lang,
    start: Date,
    days: &[Day],
    shift: Option<&TemperatureShift>,
    unit: TemperatureUnit,
    x: Scale,
    marks: &mut Vec<Mark>,
) {
    #[allow(clippy::cast_precision_loss)]
    let number = |d: Date| (d.days() - start.days() + 1) as f64;
    let values = || days.iter().filter_map(|d| Some((d, d.temperature?)));
    let low = values().map(|v| v.1).fold(from_celsius(36.2, unit), f64::min) - 0.1;
    let high = values().map(|v| v.1).fold(from_celsius(36.9, unit), f64::max) + 0.1;
    let y = Scale { low, high, from: 190.0, to: 26.0 };
    marks.push(text((4.0, 14.0), sign(unit), "Unit"));
    for tick in ticks(low, high, 5) {
        marks.push(Mark::Line { from: (x.from, y.at(tick)), to: (x.to, y.at(tick)), class: "Grid" });
        marks.push(text((x.from - 6.0, y.at(tick) + 4.0), words::number(lang, tick, 1), "Tick is-value"));
    }
    // A gap in the entries is a gap in the line.
    let mut run: Vec<(f64, f64)> = Vec::new();
    let mut before = f64::NEG_INFINITY;
    for (day, value) in values().filter(|(d, _)| !d.excluded) {
        let n = number(day.date);
        if n - before > 1.5 && !run.is_empty() {
            marks.push(Mark::Path { points: std::mem::take(&mut run), class: "Line is-1" });
        }
        run.push((x.at(n), y.at(value)));
        before = n;
    }
    marks.push(Mark::Path { points: run, class: "Line is-1" });
    for (day, value) in values() {
        let class = if day.excluded { "Dot is-1 is-open" } else { "Dot is-1" };
        let mark = Mark::Circle { at: (x.at(number(day.date)), y.at(value)), r: 3.5, class };
        marks.push(Mark::To { to: Route::Day(day.date), mark: Box::new(mark) });
    }
    if let Some(shift) = shift {
        let at = y.at(from_celsius(shift.cover_line, unit));
        marks.push(Mark::Line { from: (x.from, at), to: (x.to, at), class: "KeyLine" });
        let first = x.at(number(shift.first_high));
        marks.push(Mark::Line { from: (first, 26.0), to: (first, 190.0), class: "KeyLine" });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn date(day: u8) -> Date {
        Date::new(2026, 3, day).unwrap()
    }

    #[test]
    fn mucus_tests_and_intercourse_are_rows_of_marks_with_a_legend() {
        let days = [
            Day { feeling: Some(MucusFeeling::Dry), intercourse: Some(Vec::new()), ..Day::new(date(9)) },
            Day {
                texture: Some(MucusTexture::EggWhite),
                tests: vec![TestResult::Peak],
                ..Day::new(date(12))
            },
            Day { intercourse: Some(vec![Intercourse::Partnered]), ..Day::new(date(13)) },
        ];
        let drawing = draw(Lang::En, date(1), &days, None, TemperatureUnit::Celsius, 340.0).unwrap();
        let signs: Vec<&str> = drawing
            .marks
            .iter()
            .filter_map(|m| match m {
                Mark::To { mark, .. } => match &**mark {
                    Mark::Text { text, .. } => Some(text.as_str()),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        assert_eq!(signs, ["D", "E", "▲", "○", "●"]);
        let legend: Vec<String> = legend(Lang::De, &days).into_iter().flat_map(|l| l.1).collect();
        assert_eq!(legend, ["T Trocken", "E Wie Eiweiß", "▲ Höchstwert", "● Ja", "○ Nein"]);
    }

    #[test]
    fn no_two_marks_of_a_row_are_alike() {
        for lang in Lang::ALL {
            let all = [
                MucusFeeling::ALL.iter().map(|m| letter(lang, m.as_str())).collect::<Vec<_>>(),
                MucusTexture::ALL.iter().map(|m| letter(lang, m.as_str())).collect(),
                TestResult::ALL.iter().map(|r| test_mark(*r).to_owned()).collect(),
            ];
            for mut marks in all {
                let count = marks.len();
                marks.sort();
                marks.dedup();
                assert_eq!(marks.len(), count, "{lang:?}: {marks:?}");
            }
        }
    }

    #[test]
    fn temperatures_are_drawn_in_the_unit_that_is_wished_for() {
        let days = [Day { temperature: Some(97.7), ..Day::new(date(2)) }];
        let drawing = draw(Lang::En, date(1), &days, None, TemperatureUnit::Fahrenheit, 340.0).unwrap();
        let has =
            |word: &str| drawing.marks.iter().any(|m| matches!(m, Mark::Text { text, .. } if text == word));
        assert!(has("°F") && has("98") && !has("°C"));
        assert!(draw(Lang::En, date(1), &[], None, TemperatureUnit::Celsius, 340.0).is_none());
    }
}

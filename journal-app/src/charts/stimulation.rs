//! Follicles, lining, hormones and doses over one time line: the days of stimulation.

use super::{Drawing, Mark, Scale, text, ticks, triangle};
use crate::words::{self, Lang};
use keepwell_domain::time::Date;
use keepwell_journal::{
    derive::{self, CycleRecord, ScanPoint, hormone},
    model::{HormoneKind, KeyDate, Moment, Told, medicine::DoseState, settings::UnitSystem},
};

/// A measured value on a day.
#[derive(Clone, Copy, PartialEq)]
pub struct Point {
    /// Day of stimulation.
    pub day: f64,
    /// The value.
    pub value: f64,
    /// Whether it is a limit, not a value.
    pub censored: bool,
}

/// A hormone over the days.
#[derive(Clone, PartialEq)]
pub struct Curve {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// The values.
    pub points: Vec<Point>,
}

/// The doses of one drug.
#[derive(Clone, PartialEq)]
pub struct DoseRow {
    /// The drug and its unit.
    pub name: String,
    /// Day, amount in words, whether it was taken whole.
    pub cells: Vec<(f64, String, bool)>,
}

/// What the picture shows.
#[derive(Clone, PartialEq)]
pub struct Stimulation {
    /// Day 1.
    pub start: Date,
    /// The last day that is shown.
    pub days: i64,
    /// Scans.
    pub scans: Vec<ScanPoint>,
    /// Hormones that were measured, in the order of the journal.
    pub curves: Vec<Curve>,
    /// Drugs that were taken.
    pub doses: Vec<DoseRow>,
    /// Day of the trigger, and of the retrieval.
    pub marks: Vec<(f64, String)>,
}

const MOST_DAYS: i64 = 28;
const CURVES: [HormoneKind; 4] =
    [HormoneKind::Estradiol, HormoneKind::Progesterone, HormoneKind::Lh, HormoneKind::Fsh];

#[allow(clippy::cast_precision_loss)]
fn day(start: Date, at: &Moment) -> f64 {
    (at.days_since(start) + 1) as f64
}

impl Stimulation {
    /// What a cycle has, a picture for each round of stimulation; none before it began or while there is
    /// nothing to show.
    #[must_use]
    pub fn of(lang: Lang, r: &CycleRecord, units: UnitSystem) -> Vec<Self> {
        let [first, second] =
            [KeyDate::StimulationStart, KeyDate::SecondStimulationStart].map(|key| r.dates.date(key));
        let rounds = [
            first.map(|start| (start, second, [KeyDate::Trigger, KeyDate::Retrieval])),
            second.map(|start| (start, None, [KeyDate::SecondTrigger, KeyDate::SecondRetrieval])),
        ];
        let round = |(start, next, keys)| Self::of_round(lang, r, units, (start, next), keys);
        rounds.into_iter().flatten().filter_map(round).collect()
    }

    /// The days from the start of a round and before the next one's.
    fn of_round(
        lang: Lang,
        r: &CycleRecord,
        units: UnitSystem,
        (start, next): (Date, Option<Date>),
        [trigger, retrieval]: [KeyDate; 2],
    ) -> Option<Self> {
        let span = |at: &Moment| {
            (0..=MOST_DAYS).contains(&(at.days_since(start) + 1)) && next.is_none_or(|n| at.date < n)
        };
        let scans: Vec<ScanPoint> = derive::growth(r).into_iter().filter(|p| span(&p.at)).collect();
        let curves: Vec<Curve> =
            CURVES.iter().filter_map(|kind| curve(lang, r, *kind, start, units, &span)).collect();
        let doses = dose_rows(lang, r, start, &span);
        let t = lang.texts();
        let key = |key: KeyDate, word: &str| {
            let at = &r.dates.get(key)?.at;
            // Also on the day on which the next round begins.
            (0..=MOST_DAYS).contains(&(at.days_since(start) + 1)).then(|| (day(start, at), word.to_owned()))
        };
        let marks: Vec<_> =
            [key(trigger, t.trigger_mark), key(retrieval, t.retrieval_mark)].into_iter().flatten().collect();
        let ends = scans
            .iter()
            .map(|s| day(start, &s.at))
            .chain(curves.iter().flat_map(|c| c.points.iter().map(|p| p.day)));
        let ends = ends
            .chain(doses.iter().flat_map(|d| d.cells.iter().map(|c| c.0)))
            .chain(marks.iter().map(|m| m.0));
        #[allow(clippy::cast_possible_truncation)]
        let last = ends.fold(0.0, f64::max) as i64;
        let empty = scans.is_empty() && curves.is_empty() && doses.is_empty();
        (!empty).then(|| Self { start, days: last.max(10), scans, curves, doses, marks })
    }

    /// What it shows, in a sentence.
    #[must_use]
    pub fn summary(&self, lang: Lang) -> String {
        let t = lang.texts();
        let mut parts =
            vec![words::plural(i64::try_from(self.scans.len()).unwrap_or(0), t.sum_scan, t.sum_scans)];
        if let Some(last) = self.scans.last() {
            if let Some(lead) = last.lead {
                parts.push(words::fill(t.sum_lead, &words::number(lang, lead, 1)));
            }
            if let Some(lining) = last.lining {
                parts.push(words::fill(t.sum_lining, &words::number(lang, lining, 1)));
            }
        }
        for curve in &self.curves {
            if let Some(p) = curve.points.last() {
                parts.push(format!("{} {} {}", curve.name, words::number(lang, p.value, 2), curve.unit));
            }
        }
        format!("{}.", parts.join(", "))
    }

    /// The picture at a width.
    #[must_use]
    pub fn draw(&self, lang: Lang, width: f64) -> Drawing {
        let t = lang.texts();
        let (left, right) = (46.0, 14.0);
        #[allow(clippy::cast_precision_loss)]
        let x = Scale { low: 0.5, high: self.days as f64 + 0.5, from: left, to: width - right };
        let mut pen = Pen { x, width, top: 8.0, marks: Vec::new() };
        let has_sizes = self.scans.iter().any(|s| s.left.is_some() || s.right.is_some());
        if has_sizes {
            pen.follicles(self, t.follicles_axis);
        }
        let lining: Vec<Point> = self
            .scans
            .iter()
            .filter_map(|s| Some(Point { day: day(self.start, &s.at), value: s.lining?, censored: false }))
            .collect();
        if !lining.is_empty() {
            pen.curve(lang, &format!("{} mm", t.lining_axis), &lining, "Line is-2", "Dot is-2", 74.0);
        }
        for (i, curve) in self.curves.iter().enumerate() {
            let (line, dot) = [
                ("Line is-3", "Dot is-3"),
                ("Line is-4", "Dot is-4"),
                ("Line is-5", "Dot is-5"),
                ("Line is-6", "Dot is-6"),
            ][i % 4];
            pen.curve(
                lang,
                &format!("{} {}", curve.name, curve.unit),
                &curve.points,
                line,
                dot,
                if i == 0 { 96.0 } else { 74.0 },
            );
        }
        for row in &self.doses {
            pen.doses(row);
        }
        pen.axis(lang, self);
        Drawing { width, height: pen.top, marks: pen.marks }
    }
}

fn curve(
    lang: Lang,
    r: &CycleRecord,
    kind: HormoneKind,
    start: Date,
    units: UnitSystem,
    span: &dyn Fn(&Moment) -> bool,
) -> Option<Curve> {
    let found = r
        .hormones
        .iter()
        .map(|(_, h)| h)
        .filter(|h| h.hormone == Told::Known(kind) && h.held != Told::Known(true));
    let found = found.filter_map(|h| Some((h.at.known().filter(|m| span(m))?, h.value.known()?)));
    let mut unit: Option<String> = None;
    let mut points = Vec::new();
    for (at, value) in found {
        let (number, its) = match hormone::in_system(kind, value, units) {
            Some(shown) => (shown.number, shown.unit.to_string()),
            None => (value.value(), value.unit.clone()),
        };
        // One curve has one unit: what cannot be converted into the first one's stays out of the picture.
        let wanted = unit.get_or_insert_with(|| its.clone());
        let number = if *wanted == its {
            Some(number)
        } else {
            hormone::in_unit(kind, value, wanted).map(|d| d.number)
        };
        if let Some(value_here) = number {
            points.push(Point {
                day: day(start, at),
                value: value_here,
                censored: value.comparator.is_some(),
            });
        }
    }
    (!points.is_empty()).then(|| Curve {
        name: words::code(lang, "hormone", kind.as_str()),
        unit: unit.unwrap_or_default(),
        points,
    })
}

fn dose_rows(lang: Lang, r: &CycleRecord, start: Date, span: &dyn Fn(&Moment) -> bool) -> Vec<DoseRow> {
    let mut rows: Vec<DoseRow> = Vec::new();
    for (_, d) in &r.doses {
        let (Some(drug), Some(at)) = (d.drug.known(), d.at.known().filter(|m| span(m))) else { continue };
        let unit = d.amount.known().map_or(String::new(), |a| a.unit.clone());
        let name = if unit.is_empty() { drug.clone() } else { format!("{drug} ({unit})") };
        let is_whole = !matches!(d.state.get(), Some(DoseState::Skipped | DoseState::Partial));
        let amount = match (d.state.get(), d.amount.known()) {
            (Some(DoseState::Skipped), _) => "–".to_owned(),
            (_, Some(a)) => words::number(lang, a.value(), 2),
            (_, None) => "•".to_owned(),
        };
        let cell = (day(start, at), amount, is_whole);
        match rows.iter_mut().find(|row| row.name == name) {
            Some(row) => row.cells.push(cell),
            None => rows.push(DoseRow { name, cells: vec![cell] }),
        }
    }
    rows
}

/// Where drawing stands.
struct Pen {
    x: Scale,
    width: f64,
    top: f64,
    marks: Vec<Mark>,
}

impl Pen {
    fn panel(
        &mut self,
        title: &str,
        low: f64,
        high: f64,
        height: f64,
        decimals: usize,
        lang: Option<Lang>,
    ) -> Scale {
        self.marks.push(text((4.0, self.top + 12.0), title, "Unit"));
        let top = self.top + 22.0;
        let y = Scale { low, high, from: top + height, to: top };
        for value in ticks(low, high, 3) {
            let at = y.at(value);
            self.marks.push(Mark::Line { from: (self.x.from, at), to: (self.x.to, at), class: "Grid" });
            let label = words::number(lang.unwrap_or(Lang::En), value, decimals);
            self.marks.push(text((self.x.from - 6.0, at + 4.0), label, "Tick is-value"));
        }
        self.top = top + height + 14.0;
        y
    }

    fn follicles(&mut self, s: &Stimulation, title: &str) {
        let sizes = s.scans.iter().flat_map(|p| p.left.iter().chain(&p.right).flatten()).copied();
        let high = sizes.fold(20.0, f64::max) + 2.0;
        let y = self.panel(title, 0.0, high, 150.0, 0, None);
        for scan in &s.scans {
            let at = self.x.at(day(s.start, &scan.at));
            for size in scan.left.iter().flatten() {
                self.marks.push(Mark::Circle {
                    at: (at - 4.0, y.at(*size)),
                    r: 4.0,
                    class: "Follicle is-left",
                });
            }
            for size in scan.right.iter().flatten() {
                self.marks.push(Mark::Rect {
                    at: (at + 0.5, y.at(*size) - 3.5),
                    size: (7.0, 7.0),
                    class: "Follicle is-right",
                });
            }
        }
    }

    fn curve(
        &mut self,
        lang: Lang,
        title: &str,
        points: &[Point],
        line: &'static str,
        dot: &'static str,
        height: f64,
    ) {
        let high = points.iter().map(|p| p.value).fold(0.0, f64::max) * 1.12;
        let decimals = if high < 10.0 { 1 } else { 0 };
        let y = self.panel(title, 0.0, if high > 0.0 { high } else { 1.0 }, height, decimals, Some(lang));
        let places: Vec<(f64, f64)> = points.iter().map(|p| (self.x.at(p.day), y.at(p.value))).collect();
        self.marks.push(Mark::Path { points: places.clone(), class: line });
        for (at, p) in places.iter().zip(points) {
            self.marks.push(if p.censored {
                triangle(*at, dot)
            } else {
                Mark::Circle { at: *at, r: 3.5, class: dot }
            });
        }
        if let (Some(at), Some(p)) = (places.last(), points.last()) {
            let label = words::number(lang, p.value, 2);
            self.marks.push(text((at.0.min(self.width - 24.0), at.1 - 8.0), label, "Value"));
        }
    }

    fn doses(&mut self, row: &DoseRow) {
        self.marks.push(text((4.0, self.top + 10.0), row.name.clone(), "Unit"));
        let top = self.top + 16.0;
        let step = (self.x.at(2.0) - self.x.at(1.0)).min(44.0);
        for (day, amount, is_whole) in &row.cells {
            let at = self.x.at(*day);
            let class = if *is_whole { "Dose" } else { "Dose is-part" };
            self.marks.push(Mark::Rect { at: (at - step / 2.0 + 1.0, top), size: (step - 2.0, 18.0), class });
            self.marks.push(text((at, top + 13.0), amount.clone(), "Dose-text"));
        }
        self.top = top + 26.0;
    }

    fn axis(&mut self, lang: Lang, s: &Stimulation) {
        let bottom = self.top;
        // One below the other: a retrieval follows its trigger within two days.
        let mut line = 20.0;
        for (day, word) in &s.marks {
            let at = self.x.at(*day);
            self.marks.push(Mark::Line { from: (at, 24.0), to: (at, bottom), class: "KeyLine" });
            self.marks.push(text((at - 4.0, line), word.clone(), "KeyText is-end"));
            line += 14.0;
        }
        self.marks.push(Mark::Line { from: (self.x.from, bottom), to: (self.x.to, bottom), class: "Axis" });
        let every = if self.width < 500.0 && s.days > 14 { 2 } else { 1 };
        for n in 1..=s.days {
            if (n - 1) % every == 0 {
                #[allow(clippy::cast_precision_loss)]
                let at = self.x.at(n as f64);
                self.marks.push(text((at, bottom + 15.0), n.to_string(), "Tick is-time"));
            }
        }
        let word = lang.texts().stimulation_day;
        self.marks.push(text(
            (self.x.from, bottom + 32.0),
            format!("{word} · 1 = {}", words::date(lang, s.start)),
            "Tick",
        ));
        self.top = bottom + 40.0;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn chart(days: i64) -> Stimulation {
        Stimulation {
            start: Date::new(2026, 3, 1).unwrap(),
            days,
            scans: Vec::new(),
            curves: vec![Curve {
                name: "E2".into(),
                unit: "pg/mL".into(),
                points: vec![
                    Point { day: 1.0, value: 40.0, censored: true },
                    Point { day: 9.0, value: 1900.0, censored: false },
                ],
            }],
            doses: vec![DoseRow {
                name: "Follitropin (IU)".into(),
                cells: vec![(1.0, "150".into(), true), (2.0, "–".into(), false)],
            }],
            marks: vec![(11.0, "Trigger".into())],
        }
    }

    #[test]
    fn everything_lies_within_the_picture_at_either_width() {
        for width in [340.0, 900.0] {
            let drawing = chart(12).draw(Lang::En, width);
            let inside = |(x, y): (f64, f64)| x >= 0.0 && x <= width && y >= 0.0 && y <= drawing.height;
            for mark in &drawing.marks {
                match mark {
                    Mark::Line { from, to, .. } => assert!(inside(*from) && inside(*to)),
                    Mark::Path { points, .. } => assert!(points.iter().all(|p| inside(*p))),
                    Mark::Circle { at, .. } | Mark::Rect { at, .. } | Mark::Text { at, .. } => {
                        assert!(inside(*at))
                    }
                }
            }
        }
    }

    #[test]
    fn limit_is_a_triangle_and_value_a_dot() {
        let drawing = chart(12).draw(Lang::En, 340.0);
        let dots =
            drawing.marks.iter().filter(|m| matches!(m, Mark::Circle { class: "Dot is-3", .. })).count();
        let limits =
            drawing.marks.iter().filter(|m| matches!(m, Mark::Path { class: "Dot is-3", .. })).count();
        assert_eq!((dots, limits), (1, 1));
    }

    #[test]
    fn each_round_of_a_cycle_is_a_picture_of_its_own() {
        use keepwell_journal::model::{Amount, EntityId, Hormone, Trigger};
        let at = |month, day| Moment::day(Date::new(2026, month, day).unwrap());
        let id = |n| EntityId::from_bytes([n; 16]);
        let hormone = |n, at| {
            let value = Amount::new("900", "pg/mL").unwrap();
            let kind = HormoneKind::Estradiol;
            (
                id(n),
                Hormone {
                    at: Told::Known(at),
                    hormone: kind.into(),
                    value: value.into(),
                    ..Hormone::default()
                },
            )
        };
        let trigger = |n, at| (id(n), Trigger { at: Told::Known(at), ..Trigger::default() });
        let mut r = CycleRecord::default();
        r.cycle.stimulation_start = at(5, 1).date.into();
        r.cycle.second_stimulation_start = at(5, 16).date.into();
        r.hormones = vec![hormone(1, at(5, 9)), hormone(2, at(5, 25)), hormone(3, at(6, 2))];
        r.triggers = vec![trigger(4, at(5, 11)), trigger(5, at(6, 3))];
        r.dates = derive::key_dates(&r);
        let rounds = Stimulation::of(Lang::En, &r, UnitSystem::Entered);
        let days = |s: &Stimulation| s.curves[0].points.iter().map(|p| p.day).collect::<Vec<_>>();
        assert_eq!(rounds.iter().map(days).collect::<Vec<_>>(), [vec![9.0], vec![10.0, 18.0]]);
        let marks = rounds.iter().map(|s| s.marks[0].0).collect::<Vec<_>>();
        assert_eq!(marks, [11.0, 19.0]);
    }

    #[test]
    fn sentence_names_the_last_values() {
        assert!(chart(12).summary(Lang::En).contains("E2 1900 pg/mL"));
    }
}

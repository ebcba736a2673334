//! Follicles, lining, hormones and doses over one time line: the days of stimulation, or of the cycle where
//! nothing is stimulated.

mod doses;

pub use doses::{DoseCell, DoseDay, DoseRow};

use super::{Drawing, Entry, Mark, Scale, leading, text, ticks};
use crate::{
    route::Route,
    words::{self, Lang},
};
use doses::dose_rows;
use keepwell_domain::{measure::Comparator, time::Date};
use keepwell_journal::{
    derive::{self, CycleRecord, ScanPoint, hormone},
    model::{HormoneKind, KeyDate, Kind, Moment, Told, monitor::SizeBand, settings::UnitSystem},
};

/// A measured value on a day.
#[derive(Clone, Copy, PartialEq)]
pub struct Point {
    /// Day of the axis.
    pub day: f64,
    /// The value.
    pub value: f64,
    /// Where it is a limit and no value: to which side.
    pub limit: Option<Comparator>,
    /// Where it stands.
    pub entry: Entry,
}

impl Point {
    /// Its value in words.
    #[must_use]
    pub fn said(&self, lang: Lang) -> String {
        format!("{}{}", self.limit.map_or("", Comparator::as_str), words::number(lang, self.value, 2))
    }
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

/// From which day is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// The stimulation.
    Stimulation,
    /// The bleeding: nothing is stimulated.
    Cycle,
    /// Oestrogen for the lining, where no day of bleeding is known.
    Oestrogen,
}

impl Axis {
    /// Its words.
    #[must_use]
    pub const fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Stimulation => lang.texts().stimulation_day,
            Self::Cycle => lang.texts().cycle_day_axis,
            Self::Oestrogen => words::lists::of(lang).oestrogen_day,
        }
    }
}

/// What the picture shows.
#[derive(Clone, PartialEq)]
pub struct Stimulation {
    /// What is counted from.
    pub axis: Axis,
    /// Day 1.
    pub start: Date,
    /// The first day that is shown: 1, or 0 where something was entered on the eve.
    pub first: i64,
    /// The last day that is shown.
    pub days: i64,
    /// Scans.
    pub scans: Vec<ScanPoint>,
    /// Hormones that were measured, in the order of the journal.
    pub curves: Vec<Curve>,
    /// Drugs that were taken.
    pub doses: Vec<DoseRow>,
    /// Days of the trigger, the retrieval and the transfer.
    pub marks: Vec<(f64, String)>,
}

const CURVES: [HormoneKind; 4] =
    [HormoneKind::Estradiol, HormoneKind::Progesterone, HormoneKind::Lh, HormoneKind::Fsh];

#[allow(clippy::cast_precision_loss)]
fn day(start: Date, at: &Moment) -> f64 {
    (at.days_since(start) + 1) as f64
}

impl Stimulation {
    /// What a cycle has, a picture for each round of stimulation, or one from where it began without one; none before
    /// that or while there is nothing to show.
    #[must_use]
    pub fn of(lang: Lang, r: &CycleRecord, units: UnitSystem) -> Vec<Self> {
        let date = |key| r.dates.date(key);
        let second = date(KeyDate::SecondStimulationStart);
        let starts = [
            (KeyDate::StimulationStart, Axis::Stimulation),
            (KeyDate::CycleStart, Axis::Cycle),
            (KeyDate::OestrogenStart, Axis::Oestrogen),
        ];
        let first = starts.into_iter().find_map(|(key, axis)| Some((date(key)?, axis)));
        let [ends, second_ends] =
            [[KeyDate::Trigger, KeyDate::Retrieval], [KeyDate::SecondTrigger, KeyDate::SecondRetrieval]];
        let first = first.map(|(start, axis)| (axis, start, second, ends));
        let rounds = [first, second.map(|start| (Axis::Stimulation, start, None, second_ends))];
        let round = |(axis, start, next, ends)| {
            let eve = i64::from(second != Some(start));
            Self::of_round(lang, r, units, axis, (start, next), eve, ends)
        };
        rounds.into_iter().flatten().filter_map(round).collect()
    }

    /// The days from the start of a round, or from so many before it, and before the next one's.
    fn of_round(
        lang: Lang,
        r: &CycleRecord,
        units: UnitSystem,
        axis: Axis,
        (start, next): (Date, Option<Date>),
        eve: i64,
        [trigger, retrieval]: [KeyDate; 2],
    ) -> Option<Self> {
        let span = |at: &Moment| at.days_since(start) >= -eve && next.is_none_or(|n| at.date < n);
        let scans: Vec<ScanPoint> = derive::growth(r).into_iter().filter(|p| span(&p.at)).collect();
        let curves: Vec<Curve> =
            CURVES.iter().filter_map(|kind| curve(lang, r, *kind, start, units, &span)).collect();
        let doses = dose_rows(lang, r, start, &span);
        let t = lang.texts();
        let key = |key: KeyDate, word: &str| {
            let at = &r.dates.get(key)?.at;
            // Also on the day on which the next round begins.
            (at.days_since(start) >= -eve).then(|| (day(start, at), word.to_owned()))
        };
        let transfer = words::code(lang, "key_date", KeyDate::Transfer.as_str());
        let marks: Vec<_> = [
            key(trigger, t.trigger_mark),
            key(retrieval, t.retrieval_mark),
            key(KeyDate::Transfer, &transfer).filter(|_| next.is_none()),
        ]
        .into_iter()
        .flatten()
        .collect();
        let empty = scans.is_empty() && curves.is_empty() && doses.is_empty();
        let measured = scans.iter().map(|s| day(start, &s.at));
        let measured: Vec<f64> =
            measured.chain(curves.iter().flat_map(|c| c.points.iter().map(|p| p.day))).collect();
        let taken = || doses.iter().flat_map(|d| d.cells.iter().map(|c| c.day));
        // Once there was a retrieval or a transfer, drugs may go on for weeks: they do not press the days before
        // together, and stand in the table.
        let is_past = !r.retrievals.is_empty() || !r.transfers.is_empty();
        let ends = measured.iter().copied().chain(marks.iter().map(|m| m.0));
        let ends = ends.chain(taken().filter(|_| !is_past || (measured.is_empty() && marks.is_empty())));
        #[allow(clippy::cast_possible_truncation)]
        let last = ends.fold(0.0, f64::max) as i64;
        let is_eve = measured.iter().copied().chain(taken()).any(|d| d < 0.5);
        let first = if is_eve { 0 } else { 1 };
        (!empty).then(|| Self { axis, start, first, days: last.max(10), scans, curves, doses, marks })
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
                let unit = words::unit(lang, &curve.unit);
                parts.push(format!("{} {} {unit}", curve.name, p.said(lang)));
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
        let x = Scale {
            low: self.first as f64 - 0.5,
            high: self.days as f64 + 0.5,
            from: left,
            to: width - right,
        };
        let mut pen = Pen { x, width, top: 8.0, marks: Vec::new() };
        let has_sizes = self.scans.iter().any(|s| {
            let bands = s.bands_left.len() + s.bands_right.len();
            s.left.is_some() || s.right.is_some() || bands > 0
        });
        if has_sizes {
            pen.follicles(self, t.follicles_axis);
        }
        let lining: Vec<Point> = self
            .scans
            .iter()
            .filter_map(|s| {
                let entry = Some((Kind::Scan, s.scan));
                Some(Point { day: day(self.start, &s.at), value: s.lining?, limit: None, entry })
            })
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
                &format!("{} {}", curve.name, words::unit(lang, &curve.unit)),
                &curve.points,
                line,
                dot,
                if i == 0 { 96.0 } else { 74.0 },
            );
        }
        for row in &self.doses {
            pen.doses(row, &row.days(lang, self.start));
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
    let found =
        r.hormones.iter().filter(|(_, h)| h.hormone == Told::Known(kind) && h.held != Told::Known(true));
    let found = found.filter_map(|(id, h)| Some((id, h.at.known().filter(|m| span(m))?, h.value.known()?)));
    let mut unit: Option<String> = None;
    let mut points = Vec::new();
    for (id, at, value) in found {
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
            let entry = Some((Kind::Hormone, *id));
            points.push(Point { day: day(start, at), value: value_here, limit: value.comparator, entry });
        }
    }
    (!points.is_empty()).then(|| Curve {
        name: words::code(lang, "hormone", kind.as_str()),
        unit: unit.unwrap_or_default(),
        points,
    })
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
        let bands = s.scans.iter().flat_map(|p| p.bands_left.iter().chain(&p.bands_right));
        let limits = bands.filter_map(|b| b.below.or(b.from)).map(f64::from);
        let high = sizes.chain(limits).fold(20.0, f64::max) + 2.0;
        let y = self.panel(title, 0.0, high, 150.0, 0, None);
        for scan in &s.scans {
            let at = self.x.at(day(s.start, &scan.at));
            let entry = Some((Kind::Scan, scan.scan));
            for b in &scan.bands_left {
                self.band((at, -1.0), y, b, entry, "Band is-left");
            }
            for b in &scan.bands_right {
                self.band((at, 1.0), y, b, entry, "Band is-right");
            }
            for size in scan.left.iter().flatten() {
                let mark = Mark::Circle { at: (at - 4.0, y.at(*size)), r: 4.0, class: "Follicle is-left" };
                self.marks.push(leading(mark, entry));
            }
            for size in scan.right.iter().flatten() {
                let mark = Mark::Rect {
                    at: (at + 0.5, y.at(*size) - 3.5),
                    size: (7.0, 7.0),
                    class: "Follicle is-right",
                };
                self.marks.push(leading(mark, entry));
            }
        }
    }

    /// So many follicles between two sizes: a box from one to the other, with the count in it. An open end is that
    /// of the picture.
    fn band(&mut self, (at, side): (f64, f64), y: Scale, b: &SizeBand, entry: Entry, class: &'static str) {
        let wide = (self.step() / 2.0 - 1.0).clamp(7.0, 16.0);
        let left = if side < 0.0 { at - wide - 0.5 } else { at + 0.5 };
        let top = y.at(b.below.map_or(y.high, f64::from));
        let bottom = y.at(b.from.map_or(y.low, f64::from));
        let mark = Mark::Rect { at: (left, top), size: (wide, bottom - top), class };
        self.marks.push(leading(mark, entry));
        let middle = (left + wide / 2.0, f64::midpoint(top, bottom) + 3.5);
        self.marks.push(leading(text(middle, b.count.to_string(), "Dose-text"), entry));
    }

    /// The width of a day.
    fn step(&self) -> f64 {
        self.x.at(2.0) - self.x.at(1.0)
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
            self.marks.push(leading(super::dot(*at, 3.5, p.limit, dot), p.entry));
        }
        if let (Some(at), Some(p)) = (places.last(), points.last()) {
            let label = p.said(lang);
            self.marks.push(text((at.0.min(self.width - 24.0), at.1 - 8.0), label, "Value"));
        }
    }

    fn doses(&mut self, row: &DoseRow, days: &[DoseDay]) {
        self.marks.push(text((4.0, self.top + 10.0), row.name.clone(), "Unit"));
        let top = self.top + 16.0;
        let step = self.step().min(44.0);
        let leading = |mark, to: &Option<Route>| match to.clone() {
            Some(to) => Mark::To { to, mark: Box::new(mark) },
            None => mark,
        };
        let mut before = "";
        for day in days.iter().filter(|d| d.day <= self.x.high) {
            let at = self.x.at(day.day);
            let class = if day.is_whole { "Dose" } else { "Dose is-part" };
            let mark =
                Mark::Rect { at: (at - step / 2.0 + 0.5, top), size: ((step - 1.0).max(1.0), 18.0), class };
            self.marks.push(leading(mark, &day.to));
            // Where days are narrow, an amount is said when it changes.
            if step >= 18.0 || day.amount != before {
                let amount = text((at, top + 13.0), day.amount.clone(), "Dose-text");
                self.marks.push(leading(amount, &day.to));
            }
            before = &day.amount;
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
            let (place, class) =
                if at < 120.0 { (at + 4.0, "KeyText") } else { (at - 4.0, "KeyText is-end") };
            self.marks.push(text((place, line), word.clone(), class));
            line += 14.0;
        }
        self.marks.push(Mark::Line { from: (self.x.from, bottom), to: (self.x.to, bottom), class: "Axis" });
        let every = day_ticks(self.step());
        for n in (1..=s.days).filter(|n| (n - 1) % every == 0) {
            #[allow(clippy::cast_precision_loss)]
            let at = self.x.at(n as f64);
            self.marks.push(text((at, bottom + 15.0), n.to_string(), "Tick is-time"));
        }
        let word = s.axis.word(lang);
        self.marks.push(text(
            (self.x.from, bottom + 32.0),
            format!("{word} · 1 = {}", words::date(lang, s.start)),
            "Tick",
        ));
        self.top = bottom + 40.0;
    }
}

/// Every how many days a number has room, where a day is so wide.
pub(super) fn day_ticks(step: f64) -> i64 {
    [1, 2, 7, 14, 28].into_iter().find(|n| f64::from(*n) * step >= 18.0).map_or(56, i64::from)
}

#[cfg(test)]
mod tests;

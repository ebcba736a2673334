//! Days that are being gathered from a file.

use super::draft::{Draft, Import, Problem, Reason};
use crate::model::{
    Amount, Day, EntityId, HomeTest, Moment, Source, SourceKind, Told, View,
    diary::{Bleeding, Intercourse, Symptom, TestKind, TestResult},
};
use keepwell_domain::time::Date;
use std::collections::BTreeMap;

/// The unit of a temperature.
pub(super) const CELSIUS: &str = "°C";
/// The other one.
pub(super) const FAHRENHEIT: &str = "°F";

/// The unit in which a number can be the temperature of somebody alive: never in both.
pub(super) fn unit_by_size(number: f64) -> Option<&'static str> {
    match number {
        v if (30.0..45.0).contains(&v) => Some(CELSIUS),
        v if (86.0..113.0).contains(&v) => Some(FAHRENHEIT),
        _ => None,
    }
}

/// Days and tests of one person, from one app.
pub(super) struct Days {
    person: EntityId,
    app: &'static str,
    days: BTreeMap<Date, (usize, Day)>,
    tests: BTreeMap<(Date, TestKind), (usize, TestResult)>,
    problems: Vec<Problem>,
    pub rows: usize,
}

impl Days {
    pub(super) fn new(person: EntityId, app: &'static str) -> Self {
        Self { person, app, days: BTreeMap::new(), tests: BTreeMap::new(), problems: Vec::new(), rows: 0 }
    }

    pub(super) fn day(&mut self, row: usize, date: Date) -> &mut Day {
        &mut self.days.entry(date).or_insert_with(|| (row, Day::default())).1
    }

    pub(super) fn problem(&mut self, row: usize, field: &str, reason: Reason, raw: &str) {
        // Enough to find the place again; a file may hold a novel.
        let raw = raw.chars().take(10_000).collect();
        self.problems.push(Problem { row, field: field.to_owned(), reason, raw });
    }

    /// Sets a field that one day has once; a second, different value is named and not taken.
    pub(super) fn set<T: PartialEq>(
        &mut self,
        (row, date, field): (usize, Date, &str),
        value: T,
        raw: &str,
        place: fn(&mut Day) -> &mut Told<T>,
    ) {
        let slot = place(self.day(row, date));
        let differs = slot.known().is_some_and(|held| *held != value);
        if differs {
            self.refuse((row, date, field), Reason::Repeated, raw);
        } else {
            *slot = Told::Known(value);
        }
    }

    /// Bleeding: an exact amount takes the place of one that is only known to be.
    pub(super) fn bleeding(&mut self, at: (usize, Date, &str), value: Bleeding, raw: &str) {
        let held = self.day(at.0, at.1).bleeding;
        match (held, value) {
            (Told::Known(Bleeding::Present), _) => self.day(at.0, at.1).bleeding = Told::Known(value),
            (Told::Known(_), Bleeding::Present) => {}
            // Spotting beside a period of the same day says nothing against it.
            (Told::Known(h), Bleeding::Spotting) if h > Bleeding::Spotting => {}
            (Told::Known(Bleeding::Spotting), v) if v > Bleeding::Spotting => {
                self.day(at.0, at.1).bleeding = Told::Known(v);
            }
            _ => self.set(at, value, raw, |d| &mut d.bleeding),
        }
    }

    /// A temperature; °C and °F are told apart by the range where no unit is given. `raw` is how it stands in the file.
    pub(super) fn temperature(
        &mut self,
        at: (usize, Date, &str),
        number: &str,
        unit: Option<&str>,
        raw: &str,
    ) {
        let Ok(mut amount) = Amount::new(number, "") else { return self.refuse(at, Reason::BadNumber, raw) };
        match (unit_by_size(amount.value()), unit) {
            (None, _) => return self.refuse(at, Reason::Implausible, raw),
            (Some(by_size), Some(unit)) if by_size != unit => {
                return self.refuse(at, Reason::UnitDiffers, raw);
            }
            (Some(unit), _) => amount.unit = unit.to_owned(),
        }
        self.set(at, amount, raw, |d| &mut d.temperature);
    }

    /// Names what cannot be taken and keeps it as it is in its day.
    pub(super) fn refuse(&mut self, at: (usize, Date, &str), reason: Reason, raw: &str) {
        self.problem(at.0, at.2, reason, raw);
        self.keep(at.0, at.1, format!("{}={raw}", at.2));
    }

    pub(super) fn symptom(&mut self, row: usize, date: Date, name: &str) {
        let symptom = Symptom { name: name.to_owned(), strength: None };
        add(&mut self.day(row, date).symptoms, symptom);
    }
    pub(super) fn feeling(&mut self, row: usize, date: Date, name: &str) {
        add(&mut self.day(row, date).feelings, name.to_owned());
    }
    pub(super) fn intercourse(&mut self, row: usize, date: Date, what: Intercourse) {
        add(&mut self.day(row, date).intercourse, what);
    }
    pub(super) fn contraception(&mut self, row: usize, date: Date, what: &str) {
        add(&mut self.day(row, date).contraception, what.to_owned());
    }
    /// Keeps something that has no field here.
    pub(super) fn keep(&mut self, row: usize, date: Date, text: String) {
        add(&mut self.day(row, date).imported, text);
    }
    /// Adds to the day's remark.
    pub(super) fn note(&mut self, row: usize, date: Date, text: &str) {
        let note = &mut self.day(row, date).note;
        match note {
            Told::Known(held) if held.lines().any(|l| l == text) => {}
            Told::Known(held) => {
                held.push('\n');
                held.push_str(text);
            }
            _ => *note = Told::Known(text.to_owned()),
        }
    }
    pub(super) fn test(
        &mut self,
        (row, date, field): (usize, Date, &str),
        kind: TestKind,
        result: TestResult,
        raw: &str,
    ) {
        match self.tests.get(&(date, kind)) {
            Some((_, held)) if *held != result => {
                // Two tests a day are ordinary: the telling one counts, the other is kept as words.
                let telling = (*held).max(result);
                self.tests.insert((date, kind), (row, telling));
                self.keep(row, date, format!("{field}={raw}"));
            }
            _ => {
                self.tests.insert((date, kind), (row, result));
            }
        }
    }

    /// The drafts of all that was gathered.
    pub(super) fn finish(self) -> Import {
        let Self { person, app, days, tests, problems, rows } = self;
        let source = Source { kind: SourceKind::Import, detail: Some(app.to_owned()) };
        let days =
            days.into_iter().filter(|(_, (_, d))| *d != Day::default()).map(|(date, (row, mut day))| {
                day.person = person.into();
                day.date = date.into();
                day.source = source.clone().into();
                Draft {
                    row,
                    kind: Day::KIND,
                    id: Day::id(person, date),
                    fields: day.changed_since(&Day::default()),
                }
            });
        let tests = tests.into_iter().map(|((date, kind), (row, result))| {
            let test = HomeTest {
                person: person.into(),
                at: Moment::day(date).into(),
                kind: kind.into(),
                result: result.into(),
                source: source.clone().into(),
                ..HomeTest::default()
            };
            let (day, kind) = (date.to_string(), kind.as_str());
            let parts = [b"import", app.as_bytes(), person.as_bytes(), day.as_bytes(), kind.as_bytes()];
            let id = EntityId::derived(&parts);
            Draft { row, kind: HomeTest::KIND, id, fields: test.changed_since(&HomeTest::default()) }
        });
        Import { rows, drafts: days.chain(tests).collect(), problems }
    }
}

fn add<T: PartialEq>(list: &mut Told<Vec<T>>, item: T) {
    match list {
        Told::Known(l) if l.contains(&item) => {}
        Told::Known(l) => l.push(item),
        _ => *list = Told::Known(vec![item]),
    }
}

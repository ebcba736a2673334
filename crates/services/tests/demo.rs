//! The demo person's files, read as any other files are; no database.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

// The person is private to the services and rests on the domain alone, so it is compiled here too.
#[path = "../src/demo/person/mod.rs"]
mod person;

use keepwell_domain::{
    analyte,
    measure::{Comparator, Value},
    record::{Body, Category, Concept, Kind, LOINC, Observation, Record},
    series::Column,
    time::{Date, When},
};
use keepwell_parsers::sink::{Item, Options, Summary};
use std::{collections::BTreeMap, time::Instant};

/// A file as it was read.
struct Read {
    name: String,
    bytes: usize,
    summary: Summary,
    items: Vec<Item>,
}

impl Read {
    fn records(&self) -> impl Iterator<Item = &Record> {
        self.items.iter().filter_map(|i| if let Item::Record(r) = i { Some(&r.record) } else { None })
    }
    fn columns(&self) -> impl Iterator<Item = &Column> {
        self.items.iter().filter_map(|i| if let Item::Column(c) = i { Some(c) } else { None })
    }
    fn count(&self, kind: Kind) -> usize {
        self.records().filter(|r| r.body.kind() == kind).count()
    }
}

fn read_all(today: Date) -> Vec<Read> {
    let read = |(name, bytes): (String, Vec<u8>)| {
        let mut items: Vec<Item> = Vec::new();
        let mut source = bytes.as_slice();
        let summary = keepwell_parsers::read(&mut source, Some(&name), &Options::default(), &mut items);
        Read { summary: summary.unwrap_or_else(|e| panic!("{name}: {e}")), name, bytes: bytes.len(), items }
    };
    person::files(today).into_iter().map(read).collect()
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn some_day() -> Date {
    day("2026-11-21")
}

/// Days on which calendars are awkward: leap days, ends of years, changes of the clock.
fn days() -> [Date; 7] {
    ["2024-02-29", "2025-03-31", "2025-10-27", "2026-11-21", "2027-01-01", "2030-07-15", "2038-01-20"]
        .map(day)
}

/// A laboratory result or a part of one, by marker.
struct Result {
    file: String,
    date: Date,
    number: f64,
    observation: Observation,
}

/// All numbers by the catalogue's LOINC code, in the order of time.
fn results(files: &[Read]) -> BTreeMap<&'static str, Vec<Result>> {
    let mut out: BTreeMap<&'static str, Vec<Result>> = BTreeMap::new();
    for file in files {
        for r in file.records() {
            let Body::Observation(o) = &r.body else { continue };
            let Some(Value::Quantity(q)) = &o.value else { continue };
            let (analyte, loinc) = analyte_of(&o.code, o.value.as_ref()).unwrap();
            let number = analyte::canonical(analyte, loinc, q).unwrap().number;
            let date = r.effective.unwrap().date();
            let result = Result { file: file.name.clone(), date, number, observation: o.clone() };
            out.entry(analyte.loinc).or_default().push(result);
        }
    }
    out.values_mut().for_each(|list| list.sort_by_key(|r| r.date));
    out
}

fn analyte_of<'c>(
    code: &'c Concept,
    value: Option<&Value>,
) -> Option<(&'static analyte::Analyte, Option<&'c str>)> {
    if let Some(loinc) = code.code_in(LOINC) {
        return Some((analyte::find_by_loinc(loinc)?, Some(loinc)));
    }
    let unit = match value {
        Some(Value::Quantity(q)) => q.unit.as_deref(),
        _ => None,
    };
    analyte::find_by_name(code.name(), unit, None).map(|m| (m.analyte, None))
}

/// The marker's numbers on the days that the test accepts.
fn numbers(list: &[Result], accept: impl Fn(Date) -> bool) -> Vec<f64> {
    list.iter().filter(|r| accept(r.date)).map(|r| r.number).collect()
}

fn condition(files: &[Read], word: &str) -> (Date, Option<Date>) {
    let found = files.iter().flat_map(Read::records).find_map(|r| match &r.body {
        Body::Condition(c) if c.code.name().contains(word) => {
            Some((c.onset?.date(), c.abatement.map(When::date)))
        }
        _ => None,
    });
    found.unwrap()
}

#[test]
fn every_file_is_read_whole_without_a_warning_or_a_question() {
    for today in days() {
        for file in read_all(today) {
            let warned = file.items.iter().find(|i| matches!(i, Item::Warning(_)));
            assert_eq!(warned, None, "{} on {today}", file.name);
            assert!(file.summary.skipped.is_empty(), "{} {:?}", file.name, file.summary.skipped);
            assert!(file.summary.questions.is_empty(), "{}", file.name);
        }
    }
}

#[test]
fn the_files_hold_what_the_pages_are_to_show() {
    let files = read_all(some_day());
    let names: Vec<&str> = files.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["clinic-export.fhir.json", "labor-nordhafen-2026.csv", "city-lab.hl7", "export.xml"]);
    let [clinic, table, message, watch] = files.as_slice() else { panic!() };
    let bounds = [
        (Kind::Observation, 800..=1_300),
        (Kind::Condition, 6..=12),
        (Kind::Medication, 25..=50),
        (Kind::Allergy, 2..=4),
        (Kind::Immunization, 18..=30),
        (Kind::Procedure, 3..=8),
        (Kind::Encounter, 25..=40),
        (Kind::DiagnosticReport, 30..=60),
        (Kind::Note, 4..=8),
    ];
    for (kind, bound) in bounds {
        assert!(bound.contains(&clinic.count(kind)), "{} {}", kind.as_str(), clinic.count(kind));
    }
    assert!((50..=80).contains(&table.count(Kind::Observation)));
    assert!((10..=20).contains(&message.count(Kind::Observation)));
    let samples: usize = watch.columns().map(|c| c.samples.len()).sum();
    assert!((20_000..=40_000).contains(&samples), "{samples}");
    assert!(watch.bytes < 8_000_000, "{}", watch.bytes);
    let results = results(&files);
    let all: usize = results.values().map(Vec::len).sum();
    assert!((55..=80).contains(&results.len()), "{} markers", results.len());
    assert!((900..=1_400).contains(&all), "{all} results");
}

#[test]
fn every_number_of_a_laboratory_has_a_canonical_and_plausible_value() {
    let files = read_all(some_day());
    let observations = files.iter().flat_map(Read::records).filter_map(|r| match &r.body {
        Body::Observation(o) => Some(o),
        _ => None,
    });
    let mut checked = 0;
    for o in observations {
        let parts = o.components.iter().map(|c| (&c.code, c.value.as_ref()));
        for (code, value) in parts.chain(o.value.iter().map(|v| (&o.code, Some(v)))) {
            if let Some(loinc) = code.code_in(LOINC) {
                assert!(analyte::find_by_loinc(loinc).is_some(), "{loinc} {}", code.name());
            }
            let Some(Value::Quantity(q)) = value else { continue };
            let (analyte, loinc) = analyte_of(code, value).unwrap_or_else(|| panic!("{}", code.name()));
            let canonical = analyte::canonical(analyte, loinc, q);
            let number = canonical.unwrap_or_else(|| panic!("{} {q:?}", code.name())).number;
            assert!(!analyte.is_implausible(number), "{} {number}", code.name());
            checked += 1;
        }
    }
    assert!(checked > 900, "{checked}");
}

#[test]
fn nothing_lies_ahead_of_today_or_more_than_ten_and_a_half_years_back() {
    for today in days() {
        let earliest = today.days() - 3_835;
        let fits = |d: Date, what: &str| {
            assert!(d <= today && d.days() >= earliest, "{what} {d} seen from {today}");
        };
        for file in read_all(today) {
            for r in file.records() {
                let others = match &r.body {
                    Body::Observation(o) => vec![o.end],
                    Body::Condition(c) => vec![c.onset, c.abatement],
                    Body::Medication(m) => vec![m.start, m.end],
                    Body::Procedure(p) => vec![p.end],
                    Body::Encounter(e) => vec![e.end],
                    _ => vec![],
                };
                let stated = others.into_iter().flatten().chain([r.effective.unwrap()]);
                stated.for_each(|w| fits(w.date(), r.body.kind().as_str()));
            }
            for s in file.columns().flat_map(|c| &c.samples) {
                assert!(s.end >= s.start);
                fits(Date::from_days(s.start.div_euclid(86_400)), "a sample");
                fits(Date::from_days(s.end.div_euclid(86_400)), "a sample's end");
            }
        }
    }
}

#[test]
fn tsh_rises_until_the_diagnosis_and_comes_down_with_the_treatment() {
    let files = read_all(some_day());
    let (diagnosis, _) = condition(&files, "Hashimoto");
    let results = results(&files);
    let tsh = &results["3016-3"];
    let before = numbers(tsh, |d| d <= diagnosis);
    assert!(before.windows(2).all(|w| w[0] < w[1]), "{before:?}");
    assert!(before[0] < 3.0 && *before.last().unwrap() > 8.0, "{before:?}");
    let in_half_a_year = numbers(tsh, |d| d > diagnosis && d.days() < diagnosis.days() + 250);
    assert!(
        in_half_a_year.len() >= 3 && in_half_a_year.windows(2).all(|w| w[0] > w[1]),
        "{in_half_a_year:?}"
    );
    assert!(*in_half_a_year.last().unwrap() < 2.5);
    // Each change of dose shows: too much lowers it below the range, less brings it back.
    let dose = |text: &str| {
        files.iter().flat_map(Read::records).find_map(|r| match &r.body {
            Body::Medication(m) if m.code.name().contains(text) => Some(m.start?.date()),
            _ => None,
        })
    };
    let (high, lower) = (dose("112 µg").unwrap(), dose("100 µg").unwrap());
    let between = numbers(tsh, |d| d > high && d <= lower);
    let after = numbers(tsh, |d| d.days() > lower.days() + 60);
    assert!(*between.last().unwrap() < 0.4, "{between:?}");
    assert!(after.iter().all(|v| (0.4..4.0).contains(v)), "{after:?}");
}

#[test]
fn ferritin_hemoglobin_and_cell_volume_fall_together_and_recover_with_iron() {
    let files = read_all(some_day());
    let (from, to) = condition(&files, "Iron deficiency");
    let results = results(&files);
    for (loinc, low, recovered) in [("2276-4", 15.0, 40.0), ("718-7", 12.0, 13.0), ("787-2", 80.0, 86.0)] {
        let at_diagnosis = *numbers(&results[loinc], |d| d <= from).last().unwrap();
        let at_end = *numbers(&results[loinc], |d| d <= to.unwrap()).last().unwrap();
        assert!(at_diagnosis < low && at_end > recovered, "{loinc}: {at_diagnosis}, then {at_end}");
    }
}

#[test]
fn vitamin_d_is_low_without_and_enough_with_supplements_in_every_season() {
    for today in days() {
        let files = read_all(today);
        let (found, _) = condition(&files, "Vitamin D");
        let results = results(&files);
        let deficient = numbers(&results["1989-3"], |d| d.days().abs_diff(found.days()) <= 3);
        assert!(deficient.iter().all(|v| *v < 15.0) && deficient.len() == 1, "{deficient:?} on {today}");
        let later = numbers(&results["1989-3"], |d| d.days() > found.days() + 150);
        assert!(later.iter().all(|v| (19.0..45.0).contains(v)), "{later:?} on {today}");
    }
}

#[test]
fn inflammation_shows_in_crp_and_leukocytes_together() {
    let files = read_all(some_day());
    let results = results(&files);
    let high = |loinc: &str, limit: f64| -> Vec<Date> {
        results[loinc].iter().filter(|r| r.number > limit).map(|r| r.date).collect()
    };
    let (crp, leukocytes) = (high("1988-5", 50.0), high("6690-2", 12.0));
    let episodes = ["appendicitis", "pyelonephritis"].map(|word| condition(&files, word));
    let is_in = |d: &Date, (onset, end): (Date, Option<Date>)| *d >= onset && *d <= end.unwrap();
    for episode in episodes {
        assert!(crp.iter().any(|d| is_in(d, episode)) && leukocytes.iter().any(|d| is_in(d, episode)));
    }
    let outside = |d: &&Date| !episodes.iter().any(|e| is_in(d, *e));
    assert_eq!(crp.iter().chain(&leukocytes).find(outside), None);
}

#[test]
fn the_laboratory_changes_and_with_it_units_and_ranges() {
    let files = read_all(some_day());
    let results = results(&files);
    let lab = |r: &Result| r.observation.performer.clone().unwrap();
    let mut labs: Vec<String> = results["3016-3"].iter().map(lab).collect();
    labs.dedup();
    assert_eq!(labs, ["Labor Nordhafen (demo)", "City Lab (demo)", "Labor Nordhafen (demo)"]);
    for loinc in ["718-7", "1558-6", "2160-0", "2089-1", "3024-7", "1989-3"] {
        let unit_at = |name: &str| {
            let all = results[loinc].iter().filter(|r| lab(r).contains(name));
            let mut units: Vec<_> = all
                .map(|r| match &r.observation.value {
                    Some(Value::Quantity(q)) => (q.unit.clone(), r.observation.range.clone().unwrap().high),
                    _ => panic!(),
                })
                .collect();
            units.dedup_by(|a, b| a.0 == b.0);
            assert_eq!(units.len(), 1, "{loinc} {name}");
            units.remove(0)
        };
        assert_ne!(unit_at("Nordhafen").0, unit_at("City").0, "{loinc}");
    }
    let ranges: Vec<_> =
        results["3016-3"].iter().map(|r| r.observation.range.clone().unwrap().high).collect();
    assert_ne!(ranges[0], ranges[20], "the range of TSH steps with the laboratory");
}

#[test]
fn some_results_come_from_two_files_and_agree() {
    let files = read_all(some_day());
    let results = results(&files);
    let mut shared: BTreeMap<&str, usize> = BTreeMap::new();
    let mut alone = 0;
    for list in results.values() {
        for r in list.iter().filter(|r| r.file.ends_with(".csv") || r.file.ends_with(".hl7")) {
            let same_day = |o: &&Result| o.date == r.date && o.file.ends_with(".json");
            match list.iter().find(same_day) {
                Some(other) => {
                    assert_eq!(format!("{:.5e}", other.number), format!("{:.5e}", r.number));
                    *shared.entry(r.file.rsplit('.').next().unwrap()).or_default() += 1;
                }
                None => alone += 1,
            }
        }
    }
    assert!(shared["csv"] >= 8 && shared["hl7"] >= 3 && alone >= 40, "{shared:?}, {alone} alone");
}

#[test]
fn there_are_censored_values_words_and_results_out_of_range() {
    let files = read_all(some_day());
    let laboratory = |r: &Record| match &r.body {
        Body::Observation(o) if o.category == Category::Laboratory => Some(o.clone()),
        _ => None,
    };
    let all: Vec<Observation> = files.iter().flat_map(Read::records).filter_map(laboratory).collect();
    let censored = |sign: Comparator, text: &str| {
        let is = |o: &&Observation| matches!(&o.value, Some(Value::Quantity(q)) if q.comparator == Some(sign) && q.number.as_str() == text);
        all.iter().filter(is).count()
    };
    assert!(censored(Comparator::Lt, "5") > 3);
    assert_eq!(censored(Comparator::Lt, "0.01"), 1);
    assert!(censored(Comparator::Gt, "90") > 3);
    let words = all.iter().filter(|o| matches!(&o.value, Some(Value::Text(t)) if t == "negative")).count();
    assert!(words > 30, "{words}");
    let out = all.iter().filter(|o| matches!(o.flag.as_deref(), Some("H" | "L"))).count();
    assert!((40..200).contains(&out) && out * 4 < all.len(), "{out} of {}", all.len());
}

#[test]
fn two_devices_count_the_same_walks() {
    let files = read_all(some_day());
    let steps: Vec<&Column> =
        files[3].columns().filter(|c| c.metric == "HKQuantityTypeIdentifierStepCount").collect();
    assert!(steps.iter().all(|c| c.sources.len() == 2));
    let overlapping = steps.iter().flat_map(|c| c.samples.windows(2)).filter(|w| {
        let (a, b) = (&w[0], &w[1]);
        a.source != b.source && b.start < a.end
    });
    assert!(overlapping.count() > 1_000);
    let metrics: std::collections::BTreeSet<&str> = files[3].columns().map(|c| c.metric.as_str()).collect();
    for wanted in ["HeartRate", "RestingHeartRate", "SleepAnalysis"] {
        assert!(metrics.iter().any(|m| m.ends_with(wanted)), "{wanted}");
    }
}

#[test]
fn she_says_of_herself_that_she_is_invented() {
    let files = read_all(some_day());
    let subjects = files.iter().flat_map(|f| &f.items).filter_map(|i| match i {
        Item::Subject(s) => Some(s),
        _ => None,
    });
    let (mut named, mut born) = (0, Vec::new());
    for s in subjects {
        named += usize::from(s.name.as_deref() == Some("Mara Demo-Lindqvist"));
        born.push(s.birth_date);
        assert_eq!(s.sex.as_deref(), Some("female"));
    }
    assert_eq!((named, born.len()), (2, 3));
    assert!(born.windows(2).all(|w| w[0] == w[1]), "one date of birth");
    let notes = files.iter().flat_map(Read::records).filter_map(|r| match &r.body {
        Body::Note(n) => Some(&n.text),
        _ => None,
    });
    assert!(notes.into_iter().any(|t| t.contains("This is a demo person. All values are invented.")));
}

#[test]
fn the_same_day_gives_the_same_bytes_and_another_day_moves_the_dates() {
    assert_eq!(person::files(some_day()), person::files(some_day()));
    let dates = |today: Date| -> Vec<Date> {
        let files = read_all(today);
        results(&files)["3016-3"].iter().map(|r| r.date).collect()
    };
    let (now, later) = (dates(some_day()), dates(day("2028-05-03")));
    assert_eq!(now.len(), later.len());
    let moved = day("2028-05-03").days() - some_day().days();
    for (a, b) in now.iter().zip(&later) {
        assert!((b.days() - a.days() - moved).abs() <= 3, "{a} became {b}");
    }
}

#[test]
fn she_is_made_in_a_moment() {
    let run = || {
        let start = Instant::now();
        let bytes: usize = person::files(some_day()).iter().map(|f| f.1.len()).sum();
        assert!(bytes > 1_000_000, "{bytes}");
        start.elapsed().as_millis()
    };
    // What else the machine does makes a run longer, never shorter.
    let took = (0..3).map(|_| run()).min().unwrap();
    let limit = if cfg!(debug_assertions) { 6_000 } else { 300 };
    assert!(took < limit, "{took} ms");
}

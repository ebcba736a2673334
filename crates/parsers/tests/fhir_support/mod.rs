//! What the tests of the clinical readers share.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keepwell_domain::{
    measure::Value,
    record::{Body, Category, Kind, LOINC, Observation, ParsedRecord, Subject},
};
use keepwell_parsers::{
    error::ParseError,
    sink::{Item, Sink, Summary, Warning},
};
use std::path::PathBuf;

/// A reader of one format.
pub type Read = fn(&[u8], &mut dyn Sink) -> Result<Summary, ParseError>;

/// What a file gave.
pub struct Got {
    pub subjects: Vec<Subject>,
    pub records: Vec<ParsedRecord>,
    pub warnings: Vec<Warning>,
    pub summary: Summary,
}

impl Got {
    pub fn from(read: Read, bytes: &[u8]) -> Self {
        let mut items = Vec::new();
        let summary = read(bytes, &mut items).expect("readable");
        let (mut subjects, mut records, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
        for item in items {
            match item {
                Item::Subject(s) => subjects.push(s),
                Item::Record(r) => records.push(*r),
                Item::Warning(w) => warnings.push(w),
                _ => panic!("unexpected item"),
            }
        }
        Self { subjects, records, warnings, summary }
    }
    pub fn observations(&self) -> Vec<(&ParsedRecord, &Observation)> {
        self.records
            .iter()
            .filter_map(|r| match &r.record.body {
                Body::Observation(o) => Some((r, o)),
                _ => None,
            })
            .collect()
    }
    pub fn of(&self, kind: Kind) -> Vec<&ParsedRecord> {
        self.records.iter().filter(|r| r.record.body.kind() == kind).collect()
    }
    pub fn count(&self, category: Category) -> usize {
        self.observations().iter().filter(|(_, o)| o.category == category).count()
    }
    pub fn reasons(&self) -> String {
        self.warnings.iter().map(|w| w.why.to_string()).collect::<Vec<_>>().join("\n")
    }
    /// First and last day of all observations.
    pub fn span(&self) -> (String, String) {
        let mut days: Vec<_> =
            self.observations().iter().filter_map(|(r, _)| r.record.effective).map(|w| w.date()).collect();
        days.sort();
        (days[0].to_string(), days[days.len() - 1].to_string())
    }
    /// The last in the file of the latest laboratory numbers: code, number, unit, day.
    pub fn last_lab(&self) -> Vec<(String, String, String, String)> {
        let mut all: Vec<_> = self
            .observations()
            .into_iter()
            .filter(|(_, o)| o.category == Category::Laboratory)
            .filter_map(|(r, o)| match &o.value {
                Some(Value::Quantity(q)) => {
                    let code = o.code.code_in(LOINC).unwrap_or("").to_owned();
                    let day = r.record.effective?.date();
                    Some((
                        day,
                        (
                            code,
                            q.number.as_str().to_owned(),
                            q.unit.clone().unwrap_or_default(),
                            day.to_string(),
                        ),
                    ))
                }
                _ => None,
            })
            .collect();
        let last = all.iter().map(|(d, _)| *d).max();
        all.retain(|(d, _)| Some(*d) == last);
        all.into_iter().map(|(_, x)| x).collect()
    }
}

/// A file of the shared test data, or `None` with a word on stderr where that folder is missing.
pub fn shared(name: &str) -> Option<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !folder.is_dir() {
        eprintln!("skipped: ../shared/data is not here");
        return None;
    }
    Some(std::fs::read(folder.join(name)).expect("a file that the README names"))
}

/// Every file of a folder of the shared test data.
pub fn shared_folder(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    let Ok(entries) = std::fs::read_dir(folder) else {
        eprintln!("skipped: ../shared/data is not here");
        return Vec::new();
    };
    entries
        .filter_map(|e| {
            let e = e.expect("an entry");
            Some((e.file_name().to_string_lossy().into_owned(), std::fs::read(e.path()).ok()?))
        })
        .collect()
}

/// Reads without looking at the outcome: it must return.
pub fn returns(read: Read, bytes: &[u8]) {
    let mut items = Vec::new();
    drop(read(bytes, &mut items));
}

/// Every prefix of a file must be read or refused, and never panic.
pub fn every_prefix_returns(read: Read, bytes: &[u8]) {
    for end in 0..bytes.len() {
        returns(read, &bytes[..end]);
    }
}

//! Blood pressure: Apple lists systolic and diastolic as two records, and again inside a
//! correlation. They are joined by time and source once the whole file is read.

use super::{
    observe::{Origin, component, concept},
    value::Stamp,
};
use crate::{
    error::{Excess, ParseError},
    sink::{Item, Sink, Summary},
};
use keepwell_domain::{
    measure::Quantity,
    record::{Category, Coding, Concept, LOINC},
};

const MAX_READINGS: usize = 200_000;

/// One of the two numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Start.
    pub start: Stamp,
    /// End.
    pub end: Stamp,
    /// Index of the source.
    pub source: u32,
    /// Whether it is the lower number.
    pub diastolic: bool,
    /// The number as written.
    pub value: Quantity,
    /// Byte range of its tag.
    pub bytes: Option<(u64, u64)>,
}

/// All readings of a file.
#[derive(Default)]
pub struct Pressures(Vec<Reading>);

impl Pressures {
    /// Adds one.
    ///
    /// # Errors
    /// `TooLarge` for more than a person could take.
    pub fn push(&mut self, reading: Reading) -> Result<(), ParseError> {
        if self.0.len() >= MAX_READINGS {
            return Err(ParseError::too_large(Excess::Pressures, 200_000));
        }
        self.0.push(reading);
        Ok(())
    }

    /// Joins and hands over.
    ///
    /// # Errors
    /// Whatever the sink answers.
    pub fn finish<'n>(
        mut self,
        name: impl Fn(u32) -> &'n str,
        sink: &mut dyn Sink,
        summary: &mut Summary,
    ) -> Result<(), ParseError> {
        let key = |r: &Reading| (r.start.seconds, r.end.seconds, r.source);
        self.0.sort_by_key(key);
        for group in self.0.chunk_by(|a, b| key(a) == key(b)) {
            let (mut high, mut low) = (distinct(group, false), distinct(group, true));
            summary.skip("duplicates", (group.len() - high.len() - low.len()) as u64);
            high.reverse();
            low.reverse();
            while let Some(first) = high.last().or(low.last()).copied() {
                let pair = [high.pop().map(|r| (SYSTOLIC, r)), low.pop().map(|r| (DIASTOLIC, r))];
                let parts = pair
                    .into_iter()
                    .flatten()
                    .map(|((id, code), r)| component(concept(id, Some(code)), r.value.clone()));
                let origin = Origin {
                    start: first.start,
                    end: first.end,
                    source: name(first.source),
                    bytes: first.bytes,
                    path: "HealthData/Record",
                };
                sink.item(Item::Record(origin.record(panel(), Category::VitalSigns, None, parts.collect())))?;
                summary.count("observation", 1);
            }
        }
        Ok(())
    }
}

const SYSTOLIC: (&str, &str) = ("HKQuantityTypeIdentifierBloodPressureSystolic", "8480-6");
const DIASTOLIC: (&str, &str) = ("HKQuantityTypeIdentifierBloodPressureDiastolic", "8462-4");

/// Which of the two a type is: `Some(true)` for diastolic.
#[must_use]
pub fn is_diastolic(metric: &str) -> Option<bool> {
    [(SYSTOLIC.0, false), (DIASTOLIC.0, true)].into_iter().find(|(m, _)| *m == metric).map(|(_, d)| d)
}

fn panel() -> Concept {
    Concept {
        text: Some("Blood pressure".to_owned()),
        codings: vec![Coding { system: LOINC.to_owned(), code: "85354-9".to_owned(), display: None }],
    }
}

fn distinct(group: &[Reading], diastolic: bool) -> Vec<&Reading> {
    let mut out: Vec<&Reading> = Vec::new();
    for r in group.iter().filter(|r| r.diastolic == diastolic) {
        // Equal to a neighbour or to any of the few others of the same second.
        if !out.iter().rev().take(64).any(|o| o.value == r.value) {
            out.push(r);
        }
    }
    out
}

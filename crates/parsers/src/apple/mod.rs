//! Apple Health `export.xml`, streamed: memory stays flat however large the export is.
//!
//! Dense types become columns, sparse ones and workouts records. HealthKit's percent is a
//! fraction (`0.97` with unit `%` is 97 %); it is multiplied by 100 by moving the decimal point.

pub mod columns;
pub mod observe;
pub mod packed;
pub mod pressure;
pub mod scan;
pub mod value;

use crate::reason::{Remark, Why};
use crate::{
    error::{Excess, ParseError},
    report::{Report, line},
    sink::{Item, Limits, Sink, Summary},
    sniff::Format,
};
use columns::{Columns, Nature};
use keepwell_domain::{record::Subject, time::When};
use observe::{Origin, Workout, component, concept, is_sparse, percent_text, quantity, sparse};
use packed::Raw;
use pressure::{Pressures, Reading, is_diastolic};
use scan::{Scanner, Token};
use std::{collections::HashSet, io::Read};
use value::{Dates, Decimal, Stamp, unescape};

const PROGRESS_EVERY: u64 = 4 << 20;
const MAX_RECORDS: usize = 2_000_000;

/// Reads an export of `total` bytes. `offsets` tells whether the bytes of `input` are those of the
/// file, so that byte ranges may be stated.
///
/// A file that is cut off or broken after at least one record was read gives all that is sound
/// before the break, with a warning that says so.
///
/// # Errors
/// `Malformed` where nothing could be read, else as [`Scanner::next`], or what the sink answers.
pub fn read(
    input: impl Read,
    total: u64,
    offsets: bool,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<Summary, ParseError> {
    let mut reader = Reader {
        report: Report::new(Summary::new(Format::AppleHealthXml), limits.warnings),
        columns: Columns::default(),
        pressures: Pressures::default(),
        seen: HashSet::new(),
        dates: Dates::default(),
        workout: None,
        offsets,
        rows: 0,
    };
    let mut scanner = Scanner::new(input);
    let mut reported = 0;
    let ended = loop {
        match scanner.next() {
            Ok(Token::Start { empty }) => reader.element(&mut scanner, empty, sink)?,
            Ok(Token::End) => reader.end(scanner.name(), sink)?,
            Ok(Token::Eof) => break Ok(()),
            Err(e) => break Err(e),
        }
        if scanner.offset() - reported >= PROGRESS_EVERY {
            reported = scanner.offset();
            sink.progress(reported, total);
        }
    };
    let line_of_end = line(scanner.line());
    match ended {
        Ok(()) => {}
        Err(e @ ParseError::Malformed { .. }) if reader.rows > 0 => {
            reader.report.warn(sink, "cut_off", line_of_end, Why::CutOff(e))?;
        }
        Err(e) => return Err(e),
    }
    reader.finish(sink)
}

struct Reader {
    report: Report,
    columns: Columns,
    pressures: Pressures,
    seen: HashSet<(usize, i64, i64, u32, u64)>,
    dates: Dates,
    workout: Option<Workout>,
    offsets: bool,
    rows: u64,
}

/// The attributes of a `Record` that are used, as written.
#[derive(Default)]
struct Row<'a> {
    metric: &'a [u8],
    source: &'a [u8],
    unit: Option<&'a [u8]>,
    start: &'a [u8],
    end: Option<&'a [u8]>,
    value: Option<&'a [u8]>,
}

impl<'a> Row<'a> {
    fn of(attrs: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> Self {
        let mut row = Self::default();
        for (name, value) in attrs {
            match name {
                b"type" => row.metric = value,
                b"sourceName" => row.source = value,
                b"unit" => row.unit = Some(value),
                b"startDate" => row.start = value,
                b"endDate" => row.end = Some(value),
                b"value" => row.value = Some(value),
                _ => {}
            }
        }
        row
    }
}

impl Reader {
    fn element<R: Read>(
        &mut self,
        scanner: &mut Scanner<R>,
        empty: bool,
        sink: &mut dyn Sink,
    ) -> Result<(), ParseError> {
        match scanner.name() {
            b"Record" => {
                let bytes = self.offsets.then(|| scanner.tag_range());
                let bad = self.record(&Row::of(scanner.attrs()), bytes, sink)?;
                self.rows += 1;
                if let Some(reason) = bad {
                    self.report.warn(sink, "bad_rows", line(scanner.line()), reason)?;
                }
            }
            b"MetadataEntry" => {}
            b"Workout" => {
                self.rows += 1;
                self.workout = self.workout(scanner);
                if self.workout.is_none() {
                    self.report.warn(sink, "bad_rows", line(scanner.line()), Remark::NoStart)?;
                } else if empty {
                    self.end(b"Workout", sink)?;
                }
            }
            b"WorkoutStatistics" => {
                if let Some(w) = &mut self.workout {
                    w.statistics(scanner.attrs());
                }
            }
            b"Me" => {
                if let Some(subject) = subject(scanner.attrs()) {
                    self.rows += 1;
                    sink.item(Item::Subject(subject))?;
                }
            }
            b"ActivitySummary" => self.report.summary.skip("activity_summaries", 1),
            b"ClinicalRecord" => self.report.summary.skip("clinical_records", 1),
            b"Audiogram" => self.report.summary.skip("audiograms", 1),
            b"VisionPrescription" => self.report.summary.skip("vision_prescriptions", 1),
            b"StateOfMind" => self.report.summary.skip("states_of_mind", 1),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
        if name == b"Workout"
            && let Some(workout) = self.workout.take()
        {
            self.report.summary.count("observation", 1);
            sink.item(Item::Record(workout.record()))?;
        }
        Ok(())
    }

    /// Takes one `Record`; answers why it had to be left out.
    fn record(
        &mut self,
        row: &Row<'_>,
        bytes: Option<(u64, u64)>,
        sink: &mut dyn Sink,
    ) -> Result<Option<Remark>, ParseError> {
        if row.metric.is_empty() {
            return Ok(Some(Remark::NoType));
        }
        let Some(start) = self.dates.parse(row.start) else { return Ok(Some(Remark::NoStart)) };
        let end = match row.end {
            None => start,
            Some(same) if same == row.start => start,
            Some(end) => match self.dates.parse(end) {
                Some(end) => end,
                None => return Ok(Some(Remark::NoEnd)),
            },
        };
        if end.seconds < start.seconds {
            return Ok(Some(Remark::Backwards));
        }
        let numeric = row.unit.is_some();
        let nature = |metric: &str, _: &str| nature(metric, numeric);
        let Some(at) = self.columns.series(row.metric, row.unit.unwrap_or(b""), nature)? else {
            return Ok(Some(Remark::NoText));
        };
        let Some(source) = self.columns.sources.number(row.source)? else { return Ok(Some(Remark::NoText)) };
        let raw = row.value.unwrap_or(b"");
        let value = match self.columns.get(at).nature {
            Nature::Category => match self.columns.label(at, raw)? {
                Some(label) => Decimal::Exact(i64::from(label), 0),
                None => return Ok(Some(Remark::NoText)),
            },
            nature => {
                let Some(value) = Decimal::parse(raw) else { return Ok(Some(Remark::NoNumber)) };
                let value = self.percent(at, raw, value, sink)?;
                if nature != Nature::Quantity {
                    return self.sparse(at, (start, end, source), raw, value, bytes, sink);
                }
                value
            }
        };
        self.columns.push(at, &Raw { start, end: end.seconds, value, source })?;
        Ok(None)
    }

    fn percent(
        &mut self,
        at: usize,
        raw: &[u8],
        value: Decimal,
        sink: &mut dyn Sink,
    ) -> Result<Decimal, ParseError> {
        let series = self.columns.get(at);
        if !series.percent {
            return Ok(value);
        }
        if value.value().abs() <= 1.0 {
            return Ok(Decimal::parse_percent(raw).unwrap_or(value));
        }
        if !std::mem::replace(&mut series.reported, true) {
            self.report.say(sink, keepwell_domain::locator::Locator::Whole, Remark::AboveOne)?;
        }
        Ok(value)
    }

    fn sparse(
        &mut self,
        at: usize,
        (start, end, source): (Stamp, Stamp, u32),
        raw: &[u8],
        value: Decimal,
        bytes: Option<(u64, u64)>,
        sink: &mut dyn Sink,
    ) -> Result<Option<Remark>, ParseError> {
        let series = self.columns.get(at);
        let Some(mut text) = unescape(raw).map(|t| t.trim().to_owned()) else {
            return Ok(Some(Remark::NoNumber));
        };
        if series.percent && Decimal::parse(raw).is_some_and(|v| v.value().abs() <= 1.0) {
            text = percent_text(&text).unwrap_or_else(|| value.value().to_string());
        }
        let Some(value_read) = quantity(&text, &series.unit) else { return Ok(Some(Remark::NoNumber)) };
        if let Some(diastolic) = is_diastolic(&series.metric) {
            self.pressures.push(Reading { start, end, source, diastolic, value: value_read, bytes })?;
            return Ok(None);
        }
        if self.seen.len() >= MAX_RECORDS {
            return Err(ParseError::too_large(Excess::Singles, 2_000_000));
        }
        if !self.seen.insert((at, start.seconds, end.seconds, source, value.value().to_bits())) {
            self.report.summary.skip("duplicates", 1);
            return Ok(None);
        }
        let metric = series.metric.clone();
        let name = self.columns.sources.name(source);
        let origin = Origin { start, end, source: name, bytes, path: "HealthData/Record" };
        self.report.summary.count("observation", 1);
        sink.item(Item::Record(sparse(&metric, value_read, &origin)))?;
        Ok(None)
    }

    fn workout<R: Read>(&mut self, scanner: &Scanner<R>) -> Option<Workout> {
        let all: Vec<_> = scanner.attrs().filter_map(|(n, v)| Some((n, unescape(v)?))).collect();
        let get = |name: &str| all.iter().find(|(n, _)| *n == name.as_bytes()).map(|(_, v)| v.as_ref());
        let amount = |name: &str| quantity(get(name)?, get(&format!("{name}Unit")).unwrap_or(""));
        let start = self.dates.parse(get("startDate")?.as_bytes())?;
        let end = get("endDate").and_then(|e| self.dates.parse(e.as_bytes())).unwrap_or(start);
        let totals = [
            ("totalDistance", "HKWorkoutTotalDistance", "Total distance"),
            ("totalEnergyBurned", "HKWorkoutTotalEnergyBurned", "Total energy burned"),
        ];
        let parts = totals.into_iter().filter_map(|(name, code, text)| {
            let mut concept = concept(code, None);
            concept.text = Some(text.to_owned());
            Some(component(concept, amount(name)?))
        });
        Some(Workout {
            activity: get("workoutActivityType").unwrap_or("HKWorkoutActivityTypeOther").to_owned(),
            duration: amount("duration"),
            parts: parts.collect(),
            times: (start, if end.seconds < start.seconds { start } else { end }),
            source: get("sourceName").unwrap_or("").to_owned(),
            bytes: self.offsets.then(|| scanner.tag_range()),
        })
    }

    fn finish(mut self, sink: &mut dyn Sink) -> Result<Summary, ParseError> {
        let sources = &self.columns.sources;
        self.pressures.finish(|id| sources.name(id), sink, &mut self.report.summary)?;
        self.columns.finish(sink, &mut self.report.summary)?;
        Ok(self.report.summary)
    }
}

fn nature(metric: &str, has_unit: bool) -> Nature {
    if is_diastolic(metric).is_some() {
        Nature::Pressure
    } else if is_sparse(metric) {
        Nature::Sparse
    } else if has_unit || metric.starts_with("HKQuantityType") {
        Nature::Quantity
    } else {
        Nature::Category
    }
}

fn subject<'a>(attrs: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> Option<Subject> {
    let mut subject = Subject::default();
    for (name, value) in attrs {
        let Some(value) = unescape(value) else { continue };
        match name {
            b"HKCharacteristicTypeIdentifierDateOfBirth" => {
                subject.birth_date = When::parse(value.trim()).ok()
            }
            b"HKCharacteristicTypeIdentifierBiologicalSex" => {
                subject.sex = match value.as_ref() {
                    "HKBiologicalSexMale" => Some("male".to_owned()),
                    "HKBiologicalSexFemale" => Some("female".to_owned()),
                    "HKBiologicalSexOther" => Some("other".to_owned()),
                    _ => None,
                }
            }
            _ => {}
        }
    }
    (subject != Subject::default()).then_some(subject)
}

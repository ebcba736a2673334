//! Gathers dense samples per metric, unit and UTC month, and hands them over as columns that do
//! not depend on the order in which the export listed them.

use super::{
    packed::{Packed, Raw},
    value::unescape,
};
use crate::{
    error::{Excess, ParseError},
    sink::{Item, Sink, Summary},
};
use keepwell_domain::{
    series::{Column, Sample},
    time::Date,
};
use std::collections::HashMap;

/// Samples in one column at most, unless a single day holds more; a fuller month is cut between
/// days, so that the parts are the same whenever it is read again.
pub const COLUMN_SAMPLES: usize = 262_144;
/// One sample a second for a month is 2,678,400.
const MONTH_SAMPLES: u32 = 3_000_000;
const MAX_SERIES: usize = 4_096;
const MAX_MONTHS: usize = 200_000;
const MAX_NAMES: usize = 65_535;
const MAX_NAME_BYTES: usize = 16 << 20;

/// How a type's records are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Numbers with a unit.
    Quantity,
    /// Named values.
    Category,
    /// Sparse measurements that become records of their own.
    Sparse,
    /// Systolic or diastolic pressure.
    Pressure,
}

/// One metric in one unit.
pub struct Series {
    /// Apple's type identifier.
    pub metric: String,
    /// The unit as written.
    pub unit: String,
    /// How it is read.
    pub nature: Nature,
    /// Whether the unit is `%`.
    pub percent: bool,
    /// Whether a percent above one was already reported.
    pub reported: bool,
    key: Vec<u8>,
    labels: Names,
    months: Vec<(i32, Packed)>,
    current: (i64, i64, usize),
}

/// Names given small numbers in order of first use.
#[derive(Default)]
pub struct Names {
    names: Vec<String>,
    raw: Vec<Vec<u8>>,
    by_raw: HashMap<Vec<u8>, u32>,
    by_name: HashMap<String, u32>,
    bytes: usize,
    last: usize,
    last_id: u32,
}

impl Names {
    /// The number of a name written as `raw`; `Ok(None)` where it cannot be read.
    ///
    /// # Errors
    /// `TooLarge` for more names than any export holds.
    pub fn number(&mut self, raw: &[u8]) -> Result<Option<u32>, ParseError> {
        if self.raw.get(self.last).is_some_and(|r| r == raw) {
            return Ok(Some(self.last_id));
        }
        let id = match self.by_raw.get(raw) {
            Some(&id) => id,
            None => match unescape(raw) {
                None => return Ok(None),
                Some(name) => self.add(raw, &name)?,
            },
        };
        self.last_id = id;
        self.last = id as usize;
        Ok(Some(id))
    }

    fn add(&mut self, raw: &[u8], name: &str) -> Result<u32, ParseError> {
        self.bytes += raw.len() + name.len();
        if self.by_raw.len() >= MAX_NAMES || self.bytes > MAX_NAME_BYTES {
            return Err(ParseError::too_large(Excess::Devices, 65_535));
        }
        let id = match self.by_name.get(name) {
            Some(&id) => id,
            None => {
                let id = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
                self.names.push(name.to_owned());
                self.raw.push(raw.to_vec());
                self.by_name.insert(name.to_owned(), id);
                id
            }
        };
        self.by_raw.insert(raw.to_vec(), id);
        Ok(id)
    }
    /// The name of a number.
    #[must_use]
    pub fn name(&self, id: u32) -> &str {
        self.names.get(id as usize).map_or("", String::as_str)
    }
}

/// Everything gathered.
#[derive(Default)]
pub struct Columns {
    /// Devices and apps.
    pub sources: Names,
    series: Vec<Series>,
    by_key: HashMap<Vec<u8>, usize>,
    key: Vec<u8>,
    last: usize,
    months: usize,
}

impl Columns {
    /// The series of a type and unit as written; `Ok(None)` where either cannot be read.
    ///
    /// # Errors
    /// `TooLarge` for more types than any export holds.
    pub fn series(
        &mut self,
        metric: &[u8],
        unit: &[u8],
        nature: impl Fn(&str, &str) -> Nature,
    ) -> Result<Option<usize>, ParseError> {
        let same = |k: &[u8]| k.strip_prefix(metric).and_then(|k| k.strip_prefix(b"\0")) == Some(unit);
        if self.series.get(self.last).is_some_and(|s| same(&s.key)) {
            return Ok(Some(self.last));
        }
        self.key.clear();
        self.key.extend_from_slice(metric);
        self.key.push(0);
        self.key.extend_from_slice(unit);
        if let Some(&at) = self.by_key.get(&self.key) {
            self.last = at;
            return Ok(Some(at));
        }
        if self.series.len() >= MAX_SERIES || self.key.len() > 4_096 {
            return Err(ParseError::too_large(Excess::Metrics, 4_096));
        }
        let (Some(metric), Some(unit)) = (unescape(metric), unescape(unit)) else { return Ok(None) };
        let at = self.series.len();
        self.series.push(Series {
            nature: nature(&metric, &unit),
            percent: unit == "%",
            reported: false,
            metric: metric.into_owned(),
            unit: unit.into_owned(),
            key: self.key.clone(),
            labels: Names::default(),
            months: Vec::new(),
            current: (0, 0, 0),
        });
        self.by_key.insert(self.key.clone(), at);
        self.last = at;
        Ok(Some(at))
    }
    /// A series by its number.
    pub fn get(&mut self, at: usize) -> &mut Series {
        &mut self.series[at]
    }
    /// The number of a category value.
    ///
    /// # Errors
    /// As [`Names::number`].
    pub fn label(&mut self, at: usize, raw: &[u8]) -> Result<Option<u32>, ParseError> {
        self.series[at].labels.number(raw)
    }

    /// Adds a sample.
    ///
    /// # Errors
    /// `TooLarge` for more samples in a month than seconds.
    pub fn push(&mut self, at: usize, raw: &Raw) -> Result<(), ParseError> {
        let series = &mut self.series[at];
        let (from, to, mut month) = series.current;
        if raw.start.seconds < from || raw.start.seconds >= to {
            let (key, from, to) = month_of(raw.start.seconds);
            month = match series.months.iter().rposition(|(k, _)| *k == key) {
                Some(found) => found,
                None => {
                    self.months += 1;
                    series.months.push((key, Packed::default()));
                    series.months.len() - 1
                }
            };
            if self.months > MAX_MONTHS {
                return Err(ParseError::too_large(Excess::Months, 200_000));
            }
            series.current = (from, to, month);
        }
        let packed = &mut series.months[month].1;
        if packed.count() >= MONTH_SAMPLES {
            return Err(ParseError::too_large(Excess::Samples, 3_000_000));
        }
        packed.push(raw);
        Ok(())
    }

    /// Hands all columns over, by metric, unit and month.
    ///
    /// # Errors
    /// Whatever the sink answers.
    pub fn finish(mut self, sink: &mut dyn Sink, summary: &mut Summary) -> Result<(), ParseError> {
        self.series.sort_by(|a, b| (&a.metric, &a.unit).cmp(&(&b.metric, &b.unit)));
        for mut series in self.series {
            series.months.sort_by_key(|(month, _)| *month);
            for (month, packed) in std::mem::take(&mut series.months) {
                let given = u64::from(packed.count());
                #[allow(clippy::cast_possible_truncation)]
                let mut samples = packed.unpack(|s| s as u16);
                let sources = renumber(
                    &self.sources.names,
                    &mut samples,
                    |s| usize::from(s.source),
                    |s, n| s.source = n,
                );
                let labels = if series.nature == Nature::Category {
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    renumber(
                        &series.labels.names,
                        &mut samples,
                        |s| s.value as usize,
                        |s, n| s.value = f64::from(n),
                    )
                } else {
                    Vec::new()
                };
                sort(&mut samples);
                summary.count("samples", samples.len() as u64);
                summary.skip("duplicates", given - samples.len() as u64);
                emit(sink, &series, month, &sources, &labels, samples)?;
            }
        }
        Ok(())
    }
}

/// Year and month of a UTC second as one number, and the month's first second and the next one's.
fn month_of(seconds: i64) -> (i32, i64, i64) {
    let date = Date::from_days(seconds.div_euclid(86_400));
    let first = |y: i16, m: u8| Date::new(y, m, 1).map_or(i64::MAX, |d| d.days() * 86_400);
    let key = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
    let to =
        if date.month() == 12 { first(date.year() + 1, 1) } else { first(date.year(), date.month() + 1) };
    (key, first(date.year(), date.month()), to)
}

/// Replaces indexes of the whole file by indexes of the names in use, sorted.
fn renumber(
    names: &[String],
    samples: &mut [Sample],
    get: impl Fn(&Sample) -> usize,
    set: impl Fn(&mut Sample, u16),
) -> Vec<String> {
    let mut used = vec![false; names.len()];
    for s in samples.iter() {
        if let Some(u) = used.get_mut(get(s)) {
            *u = true;
        }
    }
    let mut order: Vec<usize> = (0..names.len()).filter(|i| used[*i]).collect();
    order.sort_by(|a, b| names[*a].cmp(&names[*b]));
    let mut number = vec![0u16; names.len()];
    for (new, old) in order.iter().enumerate() {
        number[*old] = u16::try_from(new).unwrap_or(u16::MAX);
    }
    for s in samples.iter_mut() {
        let new = number.get(get(s)).copied().unwrap_or(0);
        set(s, new);
    }
    order.into_iter().map(|i| names[i].clone()).collect()
}

fn sort(samples: &mut Vec<Sample>) {
    samples.sort_unstable_by(|a, b| {
        (a.start, a.end, a.source)
            .cmp(&(b.start, b.end, b.source))
            .then_with(|| a.value.total_cmp(&b.value))
            .then_with(|| a.offset.cmp(&b.offset))
    });
    samples.dedup_by(|a, b| {
        (a.start, a.end, a.source) == (b.start, b.end, b.source) && a.value.to_bits() == b.value.to_bits()
    });
}

fn emit(
    sink: &mut dyn Sink,
    series: &Series,
    month: i32,
    sources: &[String],
    labels: &[String],
    samples: Vec<Sample>,
) -> Result<(), ParseError> {
    let column = |samples| {
        Item::Column(Column {
            metric: series.metric.clone(),
            unit: series.unit.clone(),
            month: (
                i16::try_from(month.div_euclid(12)).unwrap_or(0),
                u8::try_from(month.rem_euclid(12) + 1).unwrap_or(1),
            ),
            sources: sources.to_vec(),
            labels: labels.to_vec(),
            samples,
        })
    };
    if samples.len() <= COLUMN_SAMPLES {
        return sink.item(column(samples));
    }
    let mut part: Vec<Sample> = Vec::new();
    for day in samples.chunk_by(|a, b| a.start.div_euclid(86_400) == b.start.div_euclid(86_400)) {
        if !part.is_empty() && part.len() + day.len() > COLUMN_SAMPLES {
            sink.item(column(std::mem::take(&mut part)))?;
        }
        part.extend_from_slice(day);
    }
    sink.item(column(part))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::{
        apple::value::{Decimal, Stamp},
        sniff::Format,
    };

    fn month(days: i64, per_day: i64) -> Vec<Column> {
        let mut columns = Columns::default();
        let at = columns.series(b"HR", b"count/min", |_, _| Nature::Quantity).unwrap().unwrap();
        let source = columns.sources.number(b"Watch").unwrap().unwrap();
        for second in 0..days * per_day {
            let seconds = second / per_day * 86_400 + second % per_day;
            let start = Stamp { seconds, offset: 0 };
            columns.push(at, &Raw { start, end: seconds, value: Decimal::Exact(60, 0), source }).unwrap();
        }
        let (mut items, mut summary) = (Vec::new(), Summary::new(Format::AppleHealthXml));
        columns.finish(&mut items, &mut summary).unwrap();
        items.into_iter().map(|i| if let Item::Column(c) = i { c } else { panic!() }).collect()
    }

    #[test]
    fn a_very_full_month_is_cut_between_days_and_the_cuts_stay() {
        let (early, late) = (month(8, 50_000), month(12, 50_000));
        assert_eq!(early.iter().map(|c| c.samples.len()).collect::<Vec<_>>(), [250_000, 150_000]);
        assert_eq!(late.iter().map(|c| c.samples.len()).collect::<Vec<_>>(), [250_000, 250_000, 100_000]);
        assert_eq!(early[0], late[0]);
        assert!(
            late.windows(2)
                .all(|w| w[0].samples.last().unwrap().start / 86_400 < w[1].samples[0].start / 86_400)
        );
    }

    #[test]
    fn packed_samples_are_small() {
        let mut packed = Packed::default();
        for i in 0..100_000i64 {
            let start = Stamp { seconds: 1_700_000_000 + i * 97, offset: 60 };
            let value = Decimal::Exact(1_234 + i % 5_000, 3);
            packed.push(&Raw { start, end: start.seconds + i % 600, value, source: u32::from(i % 3 == 0) });
        }
        assert!(packed.bytes() < 1_500_000, "{}", packed.bytes());
    }
}

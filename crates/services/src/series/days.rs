//! One line per day out of a month of samples: what lists, sparklines and long charts need.
//!
//! A running total (steps, energy, distance) is summed per device and the largest device's sum is
//! taken: a phone and a watch count the same steps, and adding them up would invent some. A level
//! (heart rate, glucose) keeps its mean and its extremes. Sleep is the union of all intervals that
//! some device called asleep, in hours, on the day on which they end.

use keepwell_domain::{
    series::{Column, Sample},
    time::Date,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the samples of a metric become one number a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Daily {
    /// A running total.
    Total,
    /// A level.
    Level,
    /// Hours asleep.
    Asleep,
    /// A category without a number: how many.
    Events,
}

/// One day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Day {
    /// Days since 1970-01-01, in the device's own offset.
    pub day: i32,
    /// Total, mean, hours or count, as [`Daily`] says.
    pub value: f64,
    /// Lowest sample.
    pub low: f64,
    /// Highest sample.
    pub high: f64,
    /// Samples.
    pub count: u32,
}

/// What is sealed beside a column so that most pages need not open it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The metric's own name.
    pub metric: String,
    /// Unit as printed.
    pub unit: String,
    /// Year and month.
    pub month: (i16, u8),
    /// How days were made.
    pub daily: Daily,
    /// Samples.
    pub count: u64,
    /// The last sample: (start in UTC seconds, value, offset in minutes).
    pub last: (i64, f64, i16),
    /// First start, UTC seconds.
    pub first: i64,
    /// The days.
    pub days: Vec<Day>,
    /// Devices.
    pub sources: Vec<String>,
}

const TOTALS: [&str; 20] = [
    "StepCount",
    "DistanceWalkingRunning",
    "DistanceCycling",
    "DistanceSwimming",
    "DistanceWheelchair",
    "DistanceDownhillSnowSports",
    "BasalEnergyBurned",
    "ActiveEnergyBurned",
    "FlightsClimbed",
    "NikeFuel",
    "AppleExerciseTime",
    "AppleStandTime",
    "AppleMoveTime",
    "PushCount",
    "SwimmingStrokeCount",
    "NumberOfTimesFallen",
    "InhalerUsage",
    "InsulinDelivery",
    "TimeInDaylight",
    "NumberOfAlcoholicBeverages",
];

/// How the days of a metric are made.
#[must_use]
pub fn daily(metric: &str) -> Daily {
    if metric == "HKCategoryTypeIdentifierSleepAnalysis" {
        return Daily::Asleep;
    }
    if metric.starts_with("HKCategoryTypeIdentifier") {
        return Daily::Events;
    }
    let short = metric.strip_prefix("HKQuantityTypeIdentifier").unwrap_or(metric);
    if TOTALS.contains(&short) || short.starts_with("Dietary") { Daily::Total } else { Daily::Level }
}

/// The head of a column; `None` when it has no samples.
#[must_use]
pub fn head(c: &Column) -> Option<Head> {
    let last = c.samples.last()?;
    let first = c.samples.first()?.start;
    let daily = daily(&c.metric);
    let days = match daily {
        Daily::Total => totals(c),
        Daily::Asleep => asleep(c),
        Daily::Level | Daily::Events => levels(c, daily),
    };
    Some(Head {
        metric: c.metric.clone(),
        unit: c.unit.clone(),
        month: c.month,
        daily,
        count: c.samples.len() as u64,
        last: (last.start, last.value, last.offset),
        first,
        days,
        sources: c.sources.clone(),
    })
}

/// Turns heads of the same metric and month (of several exports) into one list of days: for each
/// day the one that saw the most samples.
#[must_use]
pub fn merge(heads: &[&Head]) -> Vec<Day> {
    let mut best: BTreeMap<i32, Day> = BTreeMap::new();
    for d in heads.iter().flat_map(|h| &h.days) {
        best.entry(d.day)
            .and_modify(|b| {
                if d.count > b.count {
                    *b = *d
                }
            })
            .or_insert(*d);
    }
    best.into_values().collect()
}

fn local_day(seconds: i64, offset: i16) -> i32 {
    i32::try_from((seconds + i64::from(offset) * 60).div_euclid(86_400)).unwrap_or(0)
}

/// The calendar date of a [`Day::day`].
#[must_use]
pub fn date(day: i32) -> Date {
    Date::from_days(i64::from(day))
}

fn totals(c: &Column) -> Vec<Day> {
    let mut sums: BTreeMap<(i32, u16), Day> = BTreeMap::new();
    for s in &c.samples {
        let d = local_day(s.start, s.offset);
        grow(sums.entry((d, s.source)).or_insert_with(|| empty(d)), s.value, s.value);
    }
    let mut days: BTreeMap<i32, Day> = BTreeMap::new();
    for ((d, _), sum) in sums {
        let day = days.entry(d).or_insert_with(|| empty(d));
        let count = day.count + sum.count;
        if sum.value > day.value || day.count == 0 {
            *day = sum;
        }
        day.count = count;
    }
    days.into_values().collect()
}

fn levels(c: &Column, daily: Daily) -> Vec<Day> {
    let mut days: BTreeMap<i32, Day> = BTreeMap::new();
    for s in &c.samples {
        let d = local_day(s.start, s.offset);
        grow(days.entry(d).or_insert_with(|| empty(d)), s.value, s.value);
    }
    let finish = |mut d: Day| {
        d.value = if daily == Daily::Events { f64::from(d.count) } else { d.value / f64::from(d.count) };
        d
    };
    days.into_values().map(finish).collect()
}

fn asleep(c: &Column) -> Vec<Day> {
    let asleep: Vec<bool> = c.labels.iter().map(|l| l.contains("Asleep")).collect();
    let is_asleep = |s: &&Sample| asleep.get(s.value as usize).copied().unwrap_or(false);
    let mut nights: BTreeMap<i32, Vec<(i64, i64)>> = BTreeMap::new();
    for s in c.samples.iter().filter(is_asleep) {
        nights.entry(local_day(s.end, s.offset)).or_default().push((s.start, s.end));
    }
    let night = |(d, mut spans): (i32, Vec<(i64, i64)>)| {
        spans.sort_unstable();
        let count = u32::try_from(spans.len()).unwrap_or(u32::MAX);
        let (mut total, mut until) = (0, i64::MIN);
        for (from, to) in spans {
            total += (to - from.max(until)).max(0);
            until = until.max(to);
        }
        let hours = total as f64 / 3600.0;
        Day { day: d, value: hours, low: hours, high: hours, count }
    };
    nights.into_iter().map(night).collect()
}

const fn empty(day: i32) -> Day {
    Day { day, value: 0.0, low: f64::INFINITY, high: f64::NEG_INFINITY, count: 0 }
}

fn grow(d: &mut Day, add: f64, sample: f64) {
    d.value += add;
    d.low = d.low.min(sample);
    d.high = d.high.max(sample);
    d.count += 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(metric: &str, labels: &[&str], samples: &[(i64, i64, f64, u16)]) -> Column {
        Column {
            metric: metric.into(),
            unit: "count".into(),
            month: (2024, 1),
            sources: vec!["Phone".into(), "Watch".into()],
            labels: labels.iter().map(|s| (*s).to_owned()).collect(),
            samples: samples
                .iter()
                .map(|&(start, end, value, source)| Sample { start, end, value, source, offset: 60 })
                .collect(),
        }
    }

    #[test]
    fn steps_of_two_devices_are_not_added_up() {
        let c = column(
            "HKQuantityTypeIdentifierStepCount",
            &[],
            &[(0, 60, 100.0, 0), (60, 120, 50.0, 0), (0, 120, 160.0, 1)],
        );
        assert_eq!(head(&c).unwrap().days[0].value, 160.0);
    }

    #[test]
    fn overlapping_sleep_counts_once_and_on_the_day_it_ends() {
        let labels = ["HKCategoryValueSleepAnalysisInBed", "HKCategoryValueSleepAnalysisAsleepCore"];
        // 22:00 to 06:00 local (UTC+1), twice, and in bed from 21:00.
        let c = column(
            "HKCategoryTypeIdentifierSleepAnalysis",
            &labels,
            &[(72_000, 104_400, 0.0, 0), (75_600, 104_400, 1.0, 0), (79_200, 104_400, 1.0, 1)],
        );
        let days = head(&c).unwrap().days;
        assert_eq!((days.len(), days[0].day, days[0].value), (1, 1, 8.0));
    }

    #[test]
    fn a_level_keeps_mean_and_extremes() {
        let c = column(
            "HKQuantityTypeIdentifierHeartRate",
            &[],
            &[(0, 0, 60.0, 0), (10, 10, 80.0, 0), (20, 20, 100.0, 0)],
        );
        let d = head(&c).unwrap().days[0];
        assert_eq!((d.value, d.low, d.high, d.count), (80.0, 60.0, 100.0, 3));
    }
}

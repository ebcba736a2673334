//! Dense samples (steps, heart rate, glucose) as columns.
//!
//! A [`Column`] holds one metric over one calendar month (UTC) of one document. Its samples are
//! sorted and its encoding is deterministic, so that the same month read again, from the same or
//! a later export, has the same bytes and is recognised by its keyed hash.

use serde::{Deserialize, Serialize};

/// One sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Start, UTC seconds since 1970-01-01.
    pub start: i64,
    /// End, UTC seconds; equal to `start` for an instant.
    pub end: i64,
    /// The value in the column's unit. For category samples the index into [`Column::labels`].
    pub value: f64,
    /// Index into [`Column::sources`].
    pub source: u16,
    /// The offset from UTC, in minutes, in which the device wrote the times.
    pub offset: i16,
}

/// One metric over one month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// The metric in its source's name, e.g. `HKQuantityTypeIdentifierHeartRate`.
    pub metric: String,
    /// The unit as the source printed it (`count/min`), empty for categories.
    pub unit: String,
    /// Year and month (UTC) of every sample's start.
    pub month: (i16, u8),
    /// Devices or apps, in order of first use after sorting by name.
    pub sources: Vec<String>,
    /// For category metrics: their values' names.
    pub labels: Vec<String>,
    /// Sorted by start, end, source, value; exact duplicates removed.
    pub samples: Vec<Sample>,
}

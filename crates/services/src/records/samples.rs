//! Single samples of a marker's columns, opened when a chart is close enough to show them.

use crate::{
    core::Services,
    error::{Result, ServiceError},
    keyring::{ProfileKeys, Table},
    picture::series::RawSample,
    series::codec,
    vault::{Marker, Vault, scale},
};
use keepwell_domain::{
    ids::{ProfileId, SeriesId},
    series::Column,
    time::Date,
};
use keepwell_store::series as rows;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

/// Opened columns that were drawn lately, at most this many samples in all (24 bytes each).
const KEPT: usize = 2_000_000;

/// Recently opened columns.
#[derive(Default)]
pub struct SampleCache(Mutex<HashMap<(ProfileId, SeriesId), Arc<Column>>>);

impl SampleCache {
    fn get(&self, key: (ProfileId, SeriesId)) -> Option<Arc<Column>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }
    fn put(&self, key: (ProfileId, SeriesId), column: Arc<Column>) {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if map.values().map(|c| c.samples.len()).sum::<usize>() + column.samples.len() > KEPT {
            map.clear();
        }
        map.insert(key, column);
    }
    /// Forgets a profile's columns.
    pub fn forget(&self, profile: ProfileId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(p, _), _| *p != profile);
    }
}

/// Opens a column.
pub(crate) fn open(keys: &ProfileKeys, row: &rows::SealedSeries) -> Result<Column> {
    let packed = keys.open(Table::Series, "sealed", row.id.uuid(), 1, &row.sealed)?;
    let bad = |e: codec::BadColumn| ServiceError::internal("column", &e);
    codec::decode(&codec::inflate(&packed).map_err(bad)?).map_err(bad)
}

fn overlaps(month: (i16, u8), from_s: i64, to_s: i64) -> bool {
    let first = |(y, m): (i16, u8)| Date::new(y, m, 1).map_or(0, Date::days) * 86_400;
    let next = if month.1 >= 12 { (month.0 + 1, 1) } else { (month.0, month.1 + 1) };
    first(month) <= to_s && first(next) > from_s
}

impl Services {
    /// The column of this id, opened.
    pub(crate) async fn column(&self, profile: ProfileId, id: SeriesId) -> Result<Arc<Column>> {
        if let Some(c) = self.0.samples.get((profile, id)) {
            return Ok(c);
        }
        let keys = self.0.keys.profile(&self.0.store, profile).await?;
        let row = rows::get_series(&self.0.store, profile, id).await?;
        let column = Arc::new(tokio::task::spawn_blocking(move || open(&keys, &row)).await??);
        self.0.samples.put((profile, id), column.clone());
        Ok(column)
    }

    /// The samples of a marker between two times (UTC seconds), in its canonical unit, by time.
    /// Overlapping exports give each sample once.
    pub(crate) async fn samples(
        &self,
        profile: ProfileId,
        vault: &Vault,
        marker: &Marker,
        (from_s, to_s): (i64, i64),
    ) -> Result<Vec<RawSample>> {
        let mut out: Vec<RawSample> = Vec::new();
        for metric in &marker.metrics {
            let columns = vault.series.get(metric).map(Vec::as_slice).unwrap_or_default();
            let mut seen: HashSet<(i64, i64, u64)> = HashSet::new();
            let shared = |month| columns.iter().filter(|c| c.head.month == month).count() > 1;
            for c in columns.iter().filter(|c| overlaps(c.head.month, from_s, to_s)) {
                let Some(to_marker) = scale(marker, metric, &c.head.unit) else { continue };
                let may_repeat = shared(c.head.month);
                let column = self.column(profile, c.id).await?;
                for s in column.samples.iter().filter(|s| s.start >= from_s && s.start <= to_s) {
                    if !may_repeat || seen.insert((s.start, s.end, s.value.to_bits())) {
                        out.push((s.start * 1000, to_marker(s.value), s.offset));
                    }
                }
            }
        }
        out.sort_by_key(|s| s.0);
        Ok(out)
    }
}

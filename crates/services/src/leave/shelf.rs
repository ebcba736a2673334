//! Columns of samples, opened one at a time.

use super::{
    csv,
    gather::{Columns, Person},
    originals::file_name,
    zipout::{Pack, ZipOut},
};
use crate::{core::Services, error::ServiceError};
use keepwell_domain::series::Column;
use keepwell_store::{StoreError, series};
use std::{
    collections::HashSet,
    io::{self, Write},
};

/// Where columns are fetched.
pub struct Shelf<'a> {
    /// The services.
    pub services: &'a Services,
    /// The runtime on which the store is asked.
    pub runtime: &'a tokio::runtime::Handle,
    /// Whose columns.
    pub person: &'a Person,
}

impl Shelf<'_> {
    /// Opens one column; `None` for one that was deleted meanwhile.
    ///
    /// # Errors
    /// Those of the store, or a column that does not open.
    pub fn open(&self, c: &Columns) -> io::Result<Option<Column>> {
        let store = &self.services.0.store;
        let row = match self.runtime.block_on(series::get_series(store, self.person.profile, c.id)) {
            Ok(row) => row,
            Err(StoreError::NotFound) => return Ok(None),
            Err(e) => return Err(io::Error::other(ServiceError::from(e))),
        };
        crate::records::samples::open(&self.person.keys, &row).map(Some).map_err(io::Error::other)
    }

    /// Writes one table for each metric and answers their paths.
    ///
    /// # Errors
    /// As [`Self::open`], and those of the writer.
    pub fn tables<W: Write>(&self, zip: &mut ZipOut<W>) -> io::Result<Vec<String>> {
        let mut paths = Vec::new();
        let mut used = HashSet::new();
        for metric in self.person.series.chunk_by(|a, b| a.metric == b.metric) {
            let Some(first) = metric.first() else { continue };
            let name = free_name(&first.metric, &mut used);
            let path = format!("csv/series/{name}.csv");
            zip.entry(&path, Pack::Small, true, |out| {
                let mut out = io::BufWriter::with_capacity(64 << 10, out);
                csv::series_header(&mut out)?;
                for c in metric {
                    if let Some(column) = self.open(c)? {
                        csv::samples(&column, &mut out)?;
                    }
                }
                out.flush()
            })?;
            paths.push(path);
        }
        Ok(paths)
    }
}

/// A file name of the metric's letters and digits that no other metric has, also where case does
/// not count.
fn free_name(metric: &str, used: &mut HashSet<String>) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let plain: String = file_name(metric).chars().map(keep).collect();
    let mut name = plain.clone();
    let mut n = 2;
    while !used.insert(name.to_lowercase()) {
        name = format!("{plain}-{n}");
        n += 1;
    }
    name
}

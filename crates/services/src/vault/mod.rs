//! A person's records, opened and indexed in memory.
//!
//! Everything of a person's is sealed in the database, the kind, code and date too, so lists and
//! searches work on this index. It is built from the sealed rows when it is first needed, kept
//! for the profile's present version, and dropped when the version moves on or memory is short.

mod cache;
mod keys;
mod markers;

pub use cache::Vaults;
pub use keys::{analyte_of, marker_key};
pub use markers::{Marker, MarkerValue, Part, ValueRef, part, scale};

use crate::{Lang, series::days::Head};
use keepwell_domain::{
    ids::{DocumentId, RecordId, SeriesId},
    record::Record,
    time::Ts,
    view::MarkersView,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, OnceLock},
};

/// A record, opened.
pub struct Open {
    /// Id.
    pub id: RecordId,
    /// Row version.
    pub version: u32,
    /// When it was first stored.
    pub created: Ts,
    /// The record.
    pub record: Record,
    /// Documents that say it; empty when typed in.
    pub documents: Vec<DocumentId>,
}

/// A column of samples whose head was opened.
pub struct OpenSeries {
    /// Id.
    pub id: SeriesId,
    /// Its head.
    pub head: Head,
}

/// All of one profile, opened.
pub struct Vault {
    /// The profile's version that this shows.
    pub version: i64,
    /// Records, newest first by their own time, those without a time last.
    pub records: Vec<Open>,
    /// Where each id stands in `records`.
    pub by_id: HashMap<RecordId, usize>,
    /// Markers by key.
    pub markers: BTreeMap<String, Marker>,
    /// Columns by metric.
    pub series: BTreeMap<String, Vec<OpenSeries>>,
    /// Keys of the person's favourite markers.
    pub favourites: Vec<String>,
    /// The Markers page in each language, once it was asked for.
    pages: [OnceLock<Arc<MarkersView>>; 2],
    /// The index for questions, once one was asked.
    index: OnceLock<Arc<keepwell_ask::facts::Index>>,
}

impl Vault {
    /// Sorts and indexes opened rows.
    #[must_use]
    pub fn build(
        version: i64,
        mut records: Vec<Open>,
        series: Vec<OpenSeries>,
        favourites: Vec<String>,
    ) -> Self {
        records.sort_by_cached_key(|o| {
            (std::cmp::Reverse(o.record.effective.map_or(i64::MIN, |w| w.sort_key().0)), o.id)
        });
        let by_id = records.iter().enumerate().map(|(i, o)| (o.id, i)).collect();
        let mut by_metric: BTreeMap<String, Vec<OpenSeries>> = BTreeMap::new();
        for s in series {
            by_metric.entry(s.head.metric.clone()).or_default().push(s);
        }
        for list in by_metric.values_mut() {
            list.sort_by_key(|s| (s.head.month, s.id));
        }
        let markers = markers::collect(&records, &by_metric);
        Self {
            version,
            records,
            by_id,
            markers,
            series: by_metric,
            favourites,
            pages: Default::default(),
            index: OnceLock::new(),
        }
    }

    /// The key under which a marker stands that was asked for by any of its analyte's LOINC codes.
    #[must_use]
    pub fn key_of<'a>(&self, asked: &'a str) -> &'a str {
        if self.markers.contains_key(asked) {
            return asked;
        }
        keepwell_domain::analyte::find_by_loinc(asked).map_or(asked, |a| a.loinc)
    }

    /// The record with this id.
    #[must_use]
    pub fn get(&self, id: RecordId) -> Option<&Open> {
        self.by_id.get(&id).and_then(|&i| self.records.get(i))
    }

    /// The Markers page, drawn once for each language.
    #[must_use]
    pub fn markers_view(&self, lang: Lang) -> Arc<MarkersView> {
        let page = &self.pages[usize::from(lang == Lang::De)];
        page.get_or_init(|| Arc::new(crate::picture::markers::markers(self, lang))).clone()
    }

    /// The index for questions, made once.
    #[must_use]
    pub fn index(&self) -> Arc<keepwell_ask::facts::Index> {
        self.index.get_or_init(|| Arc::new(crate::ask::facts::index(self))).clone()
    }

    /// A rough measure of the memory it takes, in records.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.records.len() + self.series.values().map(|s| s.len() * 8).sum::<usize>() + 16
    }
}

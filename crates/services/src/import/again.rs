//! Reading a document again: what it said before is replaced by what it says now. What the person
//! corrected, deleted or decided on stays as they left it, and so does what other documents say.

use super::waiting;
use crate::{
    core::Services,
    documents::meta::Meta,
    error::{Result, ServiceError},
    keyring::{ProfileKeys, Table},
    vault::Vault,
};
use keepwell_domain::{
    ids::{DocumentId, ProfileId, RecordId, SeriesId},
    locator::Locator,
};
use keepwell_store::{Tx, document as rows, import, profile::Change, record, review, series};
use std::collections::{HashMap, HashSet};

/// What became of a row that waited.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Decided {
    Accepted(Option<RecordId>),
    LeftOut,
}

/// A place in one of a document's parts.
type At = (DocumentId, Vec<u8>);

/// What an earlier reading left.
#[derive(Default)]
pub(super) struct Before {
    parts: Vec<(rows::Document, String)>,
    sources: Vec<record::RecordSource>,
    series: Vec<SeriesId>,
    decided: HashMap<(DocumentId, u64), Decided>,
    decided_at: HashMap<At, Decided>,
    edited_at: HashMap<At, RecordId>,
}

fn at(document: DocumentId, l: &Locator) -> At {
    (document, postcard::to_allocvec(l).unwrap_or_default())
}

impl Before {
    /// Whether anything was read from the document before.
    pub fn is_any(&self) -> bool {
        !(self.sources.is_empty()
            && self.series.is_empty()
            && self.parts.is_empty()
            && self.decided.is_empty())
    }
    /// The part of that name which the earlier reading made: each is given once.
    pub fn take_part(&mut self, name: &str) -> Option<rows::Document> {
        let n = self.parts.iter().position(|(_, known)| known == name)?;
        Some(self.parts.remove(n).0)
    }
    /// What was decided on a row.
    pub fn decided(&self, document: DocumentId, place: u64) -> Option<Decided> {
        self.decided.get(&(document, place)).copied()
    }
    /// The same, for a row that needs no decision any more.
    pub fn decided_at(&self, document: DocumentId, l: &Locator) -> Option<Decided> {
        if self.decided_at.is_empty() { None } else { self.decided_at.get(&at(document, l)).copied() }
    }
    /// The record at a place that the person changed since.
    pub fn edited_at(&self, document: DocumentId, l: &Locator) -> Option<RecordId> {
        if self.edited_at.is_empty() { None } else { self.edited_at.get(&at(document, l)).copied() }
    }
}

impl Services {
    /// Gathers what a document said before.
    pub(super) async fn before(
        &self,
        profile: ProfileId,
        keys: &ProfileKeys,
        vault: &Vault,
        id: DocumentId,
        meta: &Meta,
    ) -> Result<Before> {
        let store = &self.0.store;
        let mut out = Before::default();
        let parts = rows::list_parts(store, profile, id).await?;
        let all: Vec<DocumentId> = std::iter::once(id).chain(parts.iter().map(|p| p.id)).collect();
        let mut samples = meta.samples > 0;
        for part in parts {
            let meta = Meta::open(keys, &part)?;
            samples |= meta.samples > 0;
            out.parts.push((part, meta.name));
        }
        for d in all.iter().copied() {
            out.sources.extend(record::list_sources_of_document(store, profile, d).await?);
            for (state, limit) in
                [(review::ReviewState::Accepted, i64::MAX), (review::ReviewState::LeftOut, i64::MAX)]
            {
                for r in review::list_review_rows(store, profile, d, state, 0, limit).await? {
                    let row = waiting::open(keys, &r)?;
                    let decided = match state {
                        review::ReviewState::LeftOut => Decided::LeftOut,
                        _ => Decided::Accepted(r.record_id),
                    };
                    out.decided.insert((d, row.place), decided);
                    out.decided_at.insert(at(d, &row.parsed.locator), decided);
                }
            }
        }
        for s in &out.sources {
            if vault.get(s.record_id).is_some_and(|o| o.version > 1) {
                let plain = keys.open(Table::Source, "locator", s.record_id.uuid(), 1, &s.locator_sealed)?;
                let l = postcard::from_bytes(&plain)
                    .map_err(|_| ServiceError::internal("locator", &"does not decode"))?;
                out.edited_at.insert(at(s.document_id, &l), s.record_id);
            }
        }
        if samples {
            let here: HashSet<DocumentId> = all.into_iter().collect();
            let of_all = series::list_series_sources(store, profile).await?;
            out.series =
                of_all.into_iter().filter(|s| here.contains(&s.document_id)).map(|s| s.series_id).collect();
        }
        Ok(out)
    }
}

/// Makes room for a new reading, before its rows go in.
pub(super) async fn clear(tx: &mut Tx, change: &Change, root: DocumentId, before: &Before) -> Result<()> {
    let mut documents: HashSet<DocumentId> = before.sources.iter().map(|s| s.document_id).collect();
    documents.insert(root);
    documents.extend(before.parts.iter().map(|p| p.0.id));
    for d in documents {
        import::delete_places(tx, change, d).await?;
        review::delete_waiting_rows(tx, change, d).await?;
    }
    Ok(())
}

/// Removes what nothing says any more, after the rows of the new reading are in.
pub(super) async fn drop_unsaid(
    tx: &mut Tx,
    change: &Change,
    root: DocumentId,
    before: Before,
    said: &HashSet<RecordId>,
) -> Result<()> {
    let mut unsaid: Vec<RecordId> =
        before.sources.iter().map(|s| s.record_id).filter(|r| !said.contains(r)).collect();
    unsaid.sort_unstable();
    unsaid.dedup();
    let stay: HashSet<RecordId> =
        import::delete_unsaid(tx, change, &unsaid, &before.series).await?.into_iter().collect();
    let gone: HashSet<DocumentId> = before.parts.iter().map(|p| p.0.id).collect();
    // What the person changed is still theirs, and still shows where it came from.
    let places: Vec<record::RecordSource> = before
        .sources
        .into_iter()
        .filter(|s| stay.contains(&s.record_id))
        .map(|s| record::RecordSource {
            document_id: if gone.contains(&s.document_id) { root } else { s.document_id },
            ..s
        })
        .collect();
    record::insert_record_sources(tx, change, &places).await?;
    for part in gone {
        import::delete_part(tx, change, part).await?;
    }
    Ok(())
}

//! Writes an export's rows, in the transaction of the import.

use super::{RestoredRows, prepare::MAX_MARK_KEYS};
use crate::{
    core::Services,
    documents::upload::size_class,
    error::{Result, ServiceError},
    keyring::ProfileKeys,
    records::open::Settings,
};
use keepwell_domain::{
    ids::{ProfileId, UploadId},
    sealed::Fingerprint,
    time::Ts,
};
use keepwell_store::{Tx, document as rows, mark, profile, record, review, upload};

const MAX_FAVOURITES: usize = 200;
const MAX_SUBJECTS: usize = 20;

/// Adds the export's favourites behind those that are there, and whom its files named. Before the change begins, because
/// settings move the profile's version too.
pub(in crate::import) async fn write_settings(
    tx: &mut Tx,
    profile: ProfileId,
    keys: &ProfileKeys,
    restored: &RestoredRows,
) -> Result<()> {
    let row = profile::get_profile_for_job(&mut *tx, profile).await?;
    let mut settings = Settings::open(keys, &row)?;
    let counts = |s: &Settings| (s.favourites.len(), s.subjects.len(), s.mark_keys.len());
    let before = counts(&settings);
    // Its own marks a profile knows by itself.
    let own = *keys.data.marks()?.expose();
    for key in restored.mark_keys.iter().filter(|k| **k != own) {
        if !settings.mark_keys.contains(key) && settings.mark_keys.len() < MAX_MARK_KEYS {
            settings.mark_keys.push(*key);
        }
    }
    for subject in restored.settings.subjects.iter().take(MAX_SUBJECTS) {
        if !settings.subjects.contains(subject) && settings.subjects.len() < MAX_SUBJECTS {
            settings.subjects.push(subject.clone());
        }
    }
    for key in &restored.settings.favourites {
        let fits = !key.is_empty() && key.len() <= 100 && key.bytes().all(|c| c.is_ascii_graphic());
        if fits && !settings.favourites.contains(key) && settings.favourites.len() < MAX_FAVOURITES {
            settings.favourites.push(key.clone());
        }
    }
    if counts(&settings) == before {
        return Ok(());
    }
    let sealed = settings.seal(keys, profile)?;
    Ok(profile::update_settings(tx, row.account_id, profile, &sealed).await?)
}

/// Adds the export's documents; each keeps the day on which it came.
pub(in crate::import) async fn write_documents(
    services: &Services,
    tx: &mut Tx,
    change: &profile::Change,
    profile: ProfileId,
    keys: &ProfileKeys,
    restored: &RestoredRows,
) -> Result<()> {
    for d in &restored.documents {
        if let Some(f) = d.file {
            upload::finish_upload(tx, profile, UploadId::new(f.id.uuid())).await?;
        }
        let meta_sealed = d.meta.seal(keys, d.id)?;
        let bytes = d.file.map_or(0, |f| size_class(f.size));
        let new = rows::NewDocument {
            id: d.id,
            parent_id: d.parent,
            meta_sealed: &meta_sealed,
            content_fp: d.file.map(|f| f.content),
            size_class: bytes,
            sealed_bytes: bytes,
        };
        rows::insert_document(tx, change, &new, d.created).await?;
        if d.state == rows::DocumentState::Queued {
            services.enqueue_read(tx, profile, d.id).await?;
            continue;
        }
        let update = rows::DocumentUpdate { state: d.state, meta_sealed: &meta_sealed, records: d.records };
        rows::update_document(tx, change, d.id, 1, &update, d.created).await?;
    }
    Ok(())
}

/// Adds the marks of what was deleted where the export was made.
pub(in crate::import) async fn write_marks(
    tx: &mut Tx,
    change: &profile::Change,
    marks: &[Fingerprint],
    now: Ts,
) -> Result<()> {
    mark::insert_marks(tx, change, marks, now).await?;
    Ok(())
}

/// Adds the rows of tables that wait or were decided on.
pub(in crate::import) async fn write_review(
    tx: &mut Tx,
    change: &profile::Change,
    rows: &[review::NewReviewRow],
) -> Result<()> {
    review::insert_review_rows(tx, change, rows).await?;
    Ok(())
}

/// Adds the export's records with their history.
pub(in crate::import) async fn write_records(
    tx: &mut Tx,
    change: &profile::Change,
    restored: RestoredRows,
) -> Result<()> {
    let mut rest = restored.records.into_iter().peekable();
    while let Some(next) = rest.next() {
        let created = next.created;
        let mut later = vec![(next.first.id, next.first.fingerprint, next.later)];
        let mut batch = vec![next.first];
        while let Some(more) = rest.next_if(|r| r.created == created) {
            later.push((more.first.id, more.first.fingerprint, more.later));
            batch.push(more.first);
        }
        if record::insert_records(tx, change, &batch, created).await?.len() != batch.len() {
            // Somebody added one of them meanwhile: compare again.
            return Err(ServiceError::Unavailable { retry_after_s: 1 });
        }
        for (id, fingerprint, versions) in later {
            for (n, (at, sealed)) in (1..).zip(versions) {
                record::update_record(tx, change, id, n, fingerprint, &sealed, at).await?;
            }
        }
    }
    for id in restored.by_hand {
        record::mark_by_hand(tx, change, id).await?;
    }
    Ok(())
}

//! Compares what was read with what is there and commits all of it at once: nobody ever sees half
//! an import.

use super::{
    Outcome, again,
    collect::Collected,
    known::Known,
    marks::Home,
    person::Acquaintance,
    prepare::{Brought, Preparing, Reading, Rows},
    restore::{
        There, write_conversations, write_documents, write_marks, write_records, write_review, write_settings,
    },
};
use crate::{
    audit::Act,
    core::Services,
    documents::meta::Meta,
    error::{Result, ServiceError},
    keyring::ProfileKeys,
    records::open::Settings,
};
use keepwell_domain::{
    act::Action,
    counter::Reading as Ended,
    ids::{DocumentId, ProfileId},
    record::Subject,
    sealed::Fingerprint,
    time::Ts,
};
use keepwell_store::{document as rows, job, profile, record, review, series};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

impl Services {
    #[allow(clippy::too_many_arguments)]
    pub(super) async fn commit_import(
        &self,
        job: &job::Job,
        owner: Uuid,
        profile: ProfileId,
        keys: &Arc<ProfileKeys>,
        id: DocumentId,
        collected: Collected,
        outcome: Outcome,
    ) -> Result<()> {
        let vault = self.vault_of(profile).await?;
        let store = &self.0.store;
        let identities = record::list_identities(store, profile).await?;
        let row = rows::get_document(store, profile, id).await?;
        let meta = Meta::open(keys, &row)?;
        let owner_row = profile::get_profile_for_job(store, profile).await?;
        let settings = Settings::open(keys, &owner_row)?;
        let dead = self.dead(profile, keys, &settings).await?;
        let subjects = settings.subjects;
        let known_people = (!owner_row.is_demo && !meta.demo).then_some(subjects);
        let acquaintance = Acquaintance::new(known_people, meta.person);
        let before = self.before(profile, keys, &vault, id, &meta).await?;
        let (records, row_content) = (row.records, row.content_fp);
        let documents = match &collected.restored {
            Some(_) => rows::list_documents(store, profile).await?,
            None => Vec::new(),
        };
        let keys_ = keys.clone();
        let prepared = tokio::task::spawn_blocking(move || {
            let known = Known::of(&vault, identities, dead);
            let there = There::of(&vault, documents);
            let home = Home::whole(row_content, &meta);
            let read = Reading { id, home, meta, records, collected, outcome };
            Preparing::new(&keys_, known, acquaintance, before).prepare(read, &there)
        })
        .await??;
        self.write_import(job, owner, profile, keys, &row, prepared).await
    }

    async fn write_import(
        &self,
        job: &job::Job,
        owner: Uuid,
        profile: ProfileId,
        keys: &ProfileKeys,
        row: &rows::Document,
        mut p: Rows,
    ) -> Result<()> {
        let now = self.now();
        let mut tx = self.0.store.begin().await?;
        if let Some(restored) = &p.restored {
            write_settings(&mut tx, profile, keys, restored).await?;
        }
        if let Some(subjects) = p.subjects {
            write_subjects(&mut tx, profile, keys, subjects).await?;
        }
        let change = profile::begin_change(&mut tx, profile).await?;
        let root = p.documents.remove(0);
        let (id, state) = (root.id, root.state);
        let (format, reading) = (root.meta.format.clone(), ended(&root));
        let meta_sealed = root.meta.seal(keys, id)?;
        let records = i64::try_from(root.counts.records).unwrap_or(i64::MAX);
        let update = rows::DocumentUpdate { state, meta_sealed: &meta_sealed, records };
        rows::update_document(&mut tx, &change, id, row.row_version, &update, now).await?;
        write_parts(&mut tx, &change, keys, id, p.documents, now).await?;
        if let Some(before) = &p.before {
            again::clear(&mut tx, &change, id, before).await?;
        }
        let is_restore = p.restored.is_some();
        if let Some(mut restored) = p.restored {
            let rows_of_tables = std::mem::take(&mut restored.review);
            write_documents(self, &mut tx, &change, profile, keys, &restored).await?;
            write_marks(&mut tx, &change, &restored.marks, now).await?;
            let said = std::mem::take(&mut restored.conversations);
            write_conversations(&mut tx, profile, keys, said).await?;
            write_records(&mut tx, &change, restored).await?;
            write_review(&mut tx, &change, &rows_of_tables).await?;
            // Its files are documents of their own now: the archive would only keep them twice.
            rows::release_file(&mut tx, &change, id, now).await?;
        }
        let added = record::insert_records(&mut tx, &change, &p.records, now).await?;
        if added.len() != p.records.len() {
            // Somebody added one of them by hand meanwhile: compare again.
            return Err(ServiceError::Unavailable { retry_after_s: 1 });
        }
        record::insert_record_sources(&mut tx, &change, &p.sources).await?;
        series::insert_series(&mut tx, &change, &p.series, now).await?;
        let ids: HashMap<Fingerprint, _> = series::list_series_identities(&mut tx, profile)
            .await?
            .into_iter()
            .map(|i| (i.fingerprint, i.id))
            .collect();
        let sources: Vec<series::SeriesSource> = p
            .series_sources
            .into_iter()
            .filter_map(|(fp, document_id)| {
                Some(series::SeriesSource { series_id: *ids.get(&fp)?, document_id })
            })
            .collect();
        series::insert_series_sources(&mut tx, &change, &sources).await?;
        review::insert_review_rows(&mut tx, &change, &p.review).await?;
        let is_again = p.before.is_some();
        if let Some(before) = p.before {
            let said = p.sources.iter().map(|s| s.record_id).collect();
            again::drop_unsaid(&mut tx, &change, id, before, &said).await?;
        }
        job::finish_job(&mut tx, job.id, owner, now).await?;
        let whose = profile::get_profile_for_job(&mut tx, profile).await?.account_id;
        let act = Act::by_server(whose, Action::DocumentRead).in_profile(profile).on(id.uuid());
        let act = if state == rows::DocumentState::Failed { act.failed() } else { act };
        self.log(&mut tx, act).await?;
        self.count_import(&mut tx, &format, reading).await?;
        tx.commit().await?;
        if is_again {
            self.0.samples.forget(profile);
        }
        if is_restore {
            self.sweep_garbage().await?;
        }
        Ok(())
    }
}

/// How its reading ended, for the counters.
fn ended(root: &Brought) -> Ended {
    match root.state {
        rows::DocumentState::Failed => Ended::Failed,
        rows::DocumentState::Done if root.meta.read.is_empty() && root.meta.reason.is_some() => Ended::Kept,
        _ => Ended::Done,
    }
}

/// Remembers whom the profile's files name. Before the change begins, because settings move the
/// profile's version too.
async fn write_subjects(
    tx: &mut keepwell_store::Tx,
    profile: ProfileId,
    keys: &ProfileKeys,
    subjects: Vec<Subject>,
) -> Result<()> {
    let row = profile::get_profile_for_job(&mut *tx, profile).await?;
    let settings = Settings { subjects, ..Settings::open(keys, &row)? };
    let sealed = settings.seal(keys, profile)?;
    Ok(profile::update_settings(tx, row.account_id, profile, &sealed).await?)
}

/// Adds an archive's parts, or changes those that an earlier reading made.
async fn write_parts(
    tx: &mut keepwell_store::Tx,
    change: &profile::Change,
    keys: &ProfileKeys,
    parent: DocumentId,
    parts: Vec<Brought>,
    now: Ts,
) -> Result<()> {
    for part in parts {
        let meta_sealed = part.meta.seal(keys, part.id)?;
        if part.row_version.is_none() {
            let new = rows::NewDocument {
                id: part.id,
                parent_id: Some(parent),
                meta_sealed: &meta_sealed,
                content_fp: None,
                size_class: 0,
                sealed_bytes: 0,
            };
            rows::insert_document(tx, change, &new, now).await?;
        }
        let records = i64::try_from(part.counts.records).unwrap_or(i64::MAX);
        let update = rows::DocumentUpdate { state: part.state, meta_sealed: &meta_sealed, records };
        rows::update_document(tx, change, part.id, part.row_version.unwrap_or(1), &update, now).await?;
    }
    Ok(())
}

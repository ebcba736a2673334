//! Compares what was read with what is there, seals what is new, and commits all of it at once:
//! nobody ever sees half an import.

use super::{
    Counts, Outcome,
    collect::{Collected, Draft},
    identity::{Identity, identity},
    restore::{RestoredRows, There, prepare as restore, write_documents, write_records, write_settings},
};
use crate::{
    audit::Act,
    core::{Services, fresh},
    documents::meta::Meta,
    error::{Result, ServiceError},
    keyring::{ProfileKeys, Table},
    vault::Vault,
};
use keepwell_crypto::NonceSource;
use keepwell_domain::{
    act::Action,
    ids::{DocumentId, ProfileId, RecordId},
    locator::Locator,
    record::{ParsedRecord, Subject},
    sealed::{Fingerprint, Sealed},
};
use keepwell_parsers::sink::{ChildOutcome, Summary};
use keepwell_store::{document as rows, job, profile, record, series};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// Time as stated, whether with a time of day, and whose.
type Stated = (String, bool, RecordId);

/// What there is already, by identity.
pub(super) struct Known {
    pub(super) by_fp: HashMap<Fingerprint, RecordId>,
    /// Records of a day by what they say.
    by_day: HashMap<(String, String), Vec<Stated>>,
    pub(super) tombstones: HashSet<Fingerprint>,
}

impl Known {
    fn of(vault: &Vault, identities: Vec<record::Identity>, tombstones: Vec<Fingerprint>) -> Self {
        let mut by_day: HashMap<_, Vec<_>> = HashMap::new();
        for open in &vault.records {
            let i = identity(&open.record);
            by_day.entry((i.what, i.day)).or_default().push((i.when, i.has_clock, open.id));
        }
        let by_fp = identities.into_iter().map(|i| (i.fingerprint, i.id)).collect();
        Self { by_fp, by_day, tombstones: tombstones.into_iter().collect() }
    }

    pub(super) fn add(&mut self, i: Identity, fp: Fingerprint, id: RecordId) {
        self.by_fp.insert(fp, id);
        self.by_day.entry((i.what, i.day)).or_default().push((i.when, i.has_clock, id));
    }

    /// The one record that says the same on the same day, where one of the two knows no time of
    /// day. More than one candidate is no answer.
    pub(super) fn same_day(&self, i: &Identity, taken: &HashSet<RecordId>) -> Option<RecordId> {
        let list = self.by_day.get(&(i.what.clone(), i.day.clone()))?;
        let mut fits = list.iter().filter(|(_, clock, id)| *clock != i.has_clock && !taken.contains(id));
        let found = fits.next()?.2;
        fits.next().is_none().then_some(found)
    }
}

/// Rows ready to be written.
#[derive(Default)]
pub(super) struct Rows {
    records: Vec<record::NewRecord>,
    pub(super) sources: Vec<record::RecordSource>,
    pub(super) series: Vec<series::NewSeries>,
    pub(super) series_sources: Vec<(Fingerprint, DocumentId)>,
    restored: Option<RestoredRows>,
    documents: Vec<(DocumentId, Meta, rows::DocumentState, Counts)>,
}

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
        let tombstones = record::list_tombstones(store, profile).await?;
        let row = rows::get_document(store, profile, id).await?;
        let meta = Meta::open(keys, &row)?;
        let documents = match &collected.restored {
            Some(_) => rows::list_documents(store, profile).await?,
            None => Vec::new(),
        };
        let keys_ = keys.clone();
        let prepared = tokio::task::spawn_blocking(move || {
            let known = Known::of(&vault, identities, tombstones);
            let there = There::of(&vault, documents);
            prepare(&keys_, known, &there, id, meta, collected, outcome)
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
        let change = profile::begin_change(&mut tx, profile).await?;
        let (id, meta, state, counts) = p.documents.remove(0);
        let meta_sealed = meta.seal(keys, id)?;
        let all = counts.records + p.documents.iter().map(|d| d.3.records).sum::<u64>();
        let update = rows::DocumentUpdate {
            state,
            meta_sealed: &meta_sealed,
            records: i64::try_from(all).unwrap_or(i64::MAX),
        };
        rows::update_document(&mut tx, &change, id, row.row_version, &update, now).await?;
        for (child, meta, state, counts) in p.documents {
            let meta_sealed = meta.seal(keys, child)?;
            let new = rows::NewDocument {
                id: child,
                parent_id: Some(id),
                meta_sealed: &meta_sealed,
                content_fp: None,
                size_class: 0,
                sealed_bytes: 0,
            };
            rows::insert_document(&mut tx, &change, &new, now).await?;
            let records = i64::try_from(counts.records).unwrap_or(i64::MAX);
            let update = rows::DocumentUpdate { state, meta_sealed: &meta_sealed, records };
            rows::update_document(&mut tx, &change, child, 1, &update, now).await?;
        }
        if let Some(restored) = p.restored {
            write_documents(self, &mut tx, &change, profile, keys, &restored).await?;
            write_records(&mut tx, &change, restored).await?;
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
        job::finish_job(&mut tx, job.id, owner, now).await?;
        let whose = profile::get_profile_for_job(&mut tx, profile).await?.account_id;
        let act = Act::by_server(whose, Action::DocumentRead).in_profile(profile).on(id.uuid());
        let act = if state == rows::DocumentState::Failed { act.failed() } else { act };
        self.log(&mut tx, act).await?;
        Ok(tx.commit().await?)
    }
}

fn prepare(
    keys: &ProfileKeys,
    mut known: Known,
    there: &There,
    id: DocumentId,
    meta: Meta,
    collected: Collected,
    outcome: Outcome,
) -> Result<Rows> {
    let mut rows = Rows::default();
    let mut nonces = NonceSource::new();
    let mut drafts = collected.drafts.into_iter();
    let root = drafts.next().unwrap_or_default();
    // A reader that failed half-way left items that nobody vouches for.
    let (state, meta) = conclude(meta, &root, &outcome);
    let sound = matches!(outcome, Outcome::Read(_));
    rows.documents.push((id, meta, state, Counts::default()));
    if !sound {
        return Ok(rows);
    }
    rows.documents[0].3 = add_draft(&mut rows, keys, &mut known, &mut nonces, id, root)?;
    for draft in drafts {
        let child = fresh::<DocumentId>();
        let (state, meta) = conclude_child(&draft);
        rows.documents.push((child, meta, state, Counts::default()));
        let counts = add_draft(&mut rows, keys, &mut known, &mut nonces, child, draft)?;
        if let Some(last) = rows.documents.last_mut() {
            last.3 = counts;
        }
    }
    if let Some(restored) = collected.restored {
        let into = (id, &mut rows);
        let (new, counts) = restore(keys, &mut known, &mut nonces, into, there, restored)?;
        rows.restored = Some(new);
        rows.documents[0].3 = counts;
    }
    let samples = rows.documents.iter().map(|d| d.3.samples).sum();
    rows.documents[0].1.samples = samples;
    for d in rows.documents.iter_mut() {
        if d.3.joined > 0 {
            d.1.read.insert("known_before".to_owned(), d.3.joined);
        }
    }
    Ok(rows)
}

fn conclude(mut meta: Meta, draft: &Draft, outcome: &Outcome) -> (rows::DocumentState, Meta) {
    meta.reason = None;
    meta.questions.clear();
    fill(&mut meta, draft);
    let state = match outcome {
        Outcome::Read(summary) => {
            describe(&mut meta, summary);
            if summary.questions.is_empty() { rows::DocumentState::Done } else { rows::DocumentState::Review }
        }
        Outcome::Kept { reason, media_type, format } => {
            (meta.reason, meta.media_type, meta.format) =
                (Some(reason.clone()), media_type.clone(), format.clone());
            rows::DocumentState::Done
        }
        Outcome::Failed(sentence) => {
            meta.reason = Some(sentence.clone());
            rows::DocumentState::Failed
        }
    };
    (state, meta)
}

fn conclude_child(draft: &Draft) -> (rows::DocumentState, Meta) {
    let mut meta = Meta::default();
    if let Some(c) = &draft.child {
        meta.name = crate::documents::meta::clean_name(&c.name);
        (meta.media_type, meta.format) =
            (c.media_type.clone(), crate::documents::meta::format_words(c.format).to_owned());
    }
    fill(&mut meta, draft);
    let state = match &draft.outcome {
        Some(ChildOutcome::Read(s)) => {
            describe(&mut meta, s);
            if s.questions.is_empty() { rows::DocumentState::Done } else { rows::DocumentState::Review }
        }
        Some(ChildOutcome::NotRead(e)) => {
            meta.reason = Some(e.to_string());
            let kept = matches!(e, keepwell_parsers::error::ParseError::Refused(_));
            if kept { rows::DocumentState::Done } else { rows::DocumentState::Failed }
        }
        None => {
            meta.reason = Some("Reading ended before this part.".to_owned());
            rows::DocumentState::Failed
        }
    };
    (state, meta)
}

fn describe(meta: &mut Meta, s: &Summary) {
    meta.media_type.clone_from(&s.media_type);
    crate::documents::meta::format_words(s.format).clone_into(&mut meta.format);
    meta.read.clone_from(&s.read);
    meta.skipped.clone_from(&s.skipped);
    meta.questions.clone_from(&s.questions);
}

fn fill(meta: &mut Meta, draft: &Draft) {
    meta.warnings = draft.warnings.iter().map(|w| (place_words(&w.locator), w.reason.clone())).collect();
    meta.subject = draft.subject.as_ref().and_then(subject_words);
    meta.samples = draft.samples;
}

fn subject_words(s: &Subject) -> Option<String> {
    let birth = s.birth_date.map(|b| b.to_string());
    let words: Vec<String> =
        [s.name.clone(), birth].into_iter().flatten().filter(|t| !t.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// A place in words.
pub(crate) fn place_words(l: &Locator) -> String {
    match l {
        Locator::Path { path, .. } => path.clone(),
        Locator::Row { line, .. } => format!("line {line}"),
        Locator::Whole => String::new(),
        Locator::Typed => "typed".to_owned(),
    }
}

/// Turns one draft into rows: new records, or further sources of known ones.
fn add_draft(
    rows: &mut Rows,
    keys: &ProfileKeys,
    known: &mut Known,
    nonces: &mut NonceSource,
    document: DocumentId,
    draft: Draft,
) -> Result<Counts> {
    let mut counts = Counts { samples: draft.samples, ..Counts::default() };
    let mut times: HashMap<(String, String), u32> = HashMap::new();
    let mut listed: HashSet<(String, Identity)> = HashSet::new();
    let mut taken: HashSet<RecordId> = HashSet::new();
    for (n, parsed) in draft.records.into_iter().enumerate() {
        let i = identity(&parsed.record);
        if let Some(source) = &parsed.source_id
            && !listed.insert((source.clone(), i.clone()))
        {
            continue;
        }
        let nth = times.entry((i.what.clone(), i.when.clone())).or_default();
        let fp = fingerprint(keys, &i, *nth);
        *nth += 1;
        if known.tombstones.contains(&fp) {
            continue;
        }
        let found = known.by_fp.get(&fp).copied().or_else(|| known.same_day(&i, &taken));
        let id = match found {
            Some(id) => {
                counts.joined += 1;
                id
            }
            None => {
                let id = fresh::<RecordId>();
                rows.records.push(seal_record(keys, nonces, id, fp, &parsed)?);
                known.add(i, fp, id);
                id
            }
        };
        taken.insert(id);
        counts.records += 1;
        rows.sources.push(record::RecordSource {
            record_id: id,
            document_id: document,
            ordinal: i64::try_from(n).unwrap_or(i64::MAX),
            locator_sealed: seal_locator(keys, nonces, id, &parsed.locator)?,
        });
    }
    rows.series_sources.extend(draft.series.iter().map(|s| (s.fingerprint, document)));
    rows.series.extend(draft.series);
    Ok(counts)
}

/// The keyed hash by which a record is found again; `nth` tells equal results of one document apart.
pub(crate) fn fingerprint(keys: &ProfileKeys, i: &Identity, nth: u32) -> Fingerprint {
    keys.records.fingerprint(&[i.what.as_bytes(), i.when.as_bytes(), &nth.to_be_bytes()])
}

fn seal_record(
    keys: &ProfileKeys,
    nonces: &mut NonceSource,
    id: RecordId,
    fingerprint: Fingerprint,
    parsed: &ParsedRecord,
) -> Result<record::NewRecord> {
    let plain = postcard::to_allocvec(&parsed.record)
        .map_err(|_| ServiceError::internal("record", &"does not encode"))?;
    let sealed = keys.seal_many(nonces, Table::Record, "sealed", id.uuid(), &plain)?;
    Ok(record::NewRecord { id, fingerprint, sealed, by_hand: false })
}

pub(super) fn seal_locator(
    keys: &ProfileKeys,
    nonces: &mut NonceSource,
    id: RecordId,
    l: &Locator,
) -> Result<Sealed> {
    let plain =
        postcard::to_allocvec(l).map_err(|_| ServiceError::internal("locator", &"does not encode"))?;
    keys.seal_many(nonces, Table::Source, "locator", id.uuid(), &plain)
}

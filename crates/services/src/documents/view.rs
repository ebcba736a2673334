//! Documents as pages show them.

use super::{
    file::SealedFile,
    meta::{Meta, question},
};
use crate::{
    actor::Actor,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
    keyring::ProfileKeys,
    picture::timeline,
};
use keepwell_domain::{
    act::Action,
    ids::DocumentId,
    view::{DocumentRow, DocumentView, TimelineItem},
};
use keepwell_parsers::source::ReadAt;
use keepwell_store::{document as rows, job, record};
use std::{collections::HashMap, sync::Arc, time::Duration};

/// Records of a document that one page lists: a first view has to stay small.
const LISTED: usize = 100;
/// Bytes of an original that are shown around a place.
const EXCERPT: u64 = 12 * 1024;
/// A page follows its documents at least this often, also when another instance reads them.
const FOLLOW: Duration = Duration::from_millis(800);

impl Services {
    /// The profile's documents, newest first; files inside archives are listed with their archive.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn documents(&self, actor: &Actor) -> Result<Vec<DocumentRow>> {
        let rows = self.document_rows(actor).await?;
        self.log_view(Act::of(actor, Action::DocumentsViewed)).await?;
        Ok(rows)
    }

    pub(crate) async fn document_rows(&self, actor: &Actor) -> Result<Vec<DocumentRow>> {
        let keys = self.profile_keys(actor).await?;
        let all = rows::list_documents(&self.0.store, actor.profile).await?;
        let progress = self.progress_of(actor).await?;
        all.iter()
            .filter(|d| d.parent_id.is_none())
            .map(|d| Ok(Meta::open(&keys, d)?.row(d, progress.get(&d.id.uuid()).copied(), actor.lang)))
            .collect()
    }

    async fn progress_of(&self, actor: &Actor) -> Result<HashMap<uuid::Uuid, u8>> {
        let percent = |j: &job::Job| match j.progress_total {
            0 => 0,
            total => u8::try_from((j.progress_done * 100 / total).clamp(0, 100)).unwrap_or(0),
        };
        let open = job::list_open_jobs(&self.0.store, actor.profile).await?;
        Ok(open.iter().filter_map(|j| Some((j.subject_id?, percent(j)))).collect())
    }

    /// One document's row.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn document_row(&self, actor: &Actor, id: DocumentId) -> Result<DocumentRow> {
        let keys = self.profile_keys(actor).await?;
        let row = rows::get_document(&self.0.store, actor.profile, id).await?;
        let progress = self.progress_of(actor).await?;
        let view = Meta::open(&keys, &row)?.row(&row, progress.get(&id.uuid()).copied(), actor.lang);
        self.log_view(Act::of(actor, Action::DocumentViewed).on(id.uuid())).await?;
        Ok(view)
    }

    /// One document in full. `at` is the byte range to show an excerpt of, when the original is text.
    /// Pages of its records count from 1, and one beyond the last is the last.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn document(
        &self,
        actor: &Actor,
        id: DocumentId,
        at: Option<(u64, u64)>,
        page: u32,
    ) -> Result<DocumentView> {
        let found = self.view_document(actor, id, at, page).await;
        self.unless_gone(actor, id, found).await
    }

    /// What a fault is when its document was deleted under the one who reads: not there.
    pub(super) async fn unless_gone<T>(&self, actor: &Actor, id: DocumentId, found: Result<T>) -> Result<T> {
        match found {
            Err(e) if !matches!(e, ServiceError::NotFound) => {
                rows::get_document(&self.0.store, actor.profile, id).await?;
                Err(e)
            }
            other => other,
        }
    }

    async fn view_document(
        &self,
        actor: &Actor,
        id: DocumentId,
        at: Option<(u64, u64)>,
        page: u32,
    ) -> Result<DocumentView> {
        let keys = self.profile_keys(actor).await?;
        let store = &self.0.store;
        let row = rows::get_document(store, actor.profile, id).await?;
        let meta = Meta::open(&keys, &row)?;
        let children = rows::list_parts(store, actor.profile, id)
            .await?
            .iter()
            .map(|d| Ok(Meta::open(&keys, d)?.row(d, None, actor.lang)))
            .collect::<Result<Vec<_>>>()?;
        let progress = self.progress_of(actor).await?;
        let excerpt = if row.parent_id.is_none() && is_text(&meta.media_type) {
            self.excerpt(&keys, id, at.unwrap_or((0, 0))).await?
        } else {
            None
        };
        let (items, page, pages) = self.items_of(actor, id, page).await?;
        self.log_view(Act::of(actor, Action::DocumentViewed).on(id.uuid())).await?;
        Ok(DocumentView {
            items,
            page,
            pages,
            warnings: meta
                .warnings
                .iter()
                .map(|(at, why)| (at.words(actor.lang), why.words(actor.lang)))
                .collect(),
            questions: meta.questions.iter().map(|q| question(q, actor.lang)).collect(),
            children,
            read: meta.read.clone().into_iter().collect(),
            skipped: meta.skipped.clone().into_iter().collect(),
            subject: meta.subject.clone(),
            waiting: meta.waiting,
            excerpt,
            row: meta.row(&row, progress.get(&id.uuid()).copied(), actor.lang),
        })
    }

    /// One page of what was read from a document, which page that is, and how many there are.
    async fn items_of(
        &self,
        actor: &Actor,
        id: DocumentId,
        page: u32,
    ) -> Result<(Vec<TimelineItem>, u32, u32)> {
        let vault = self.vault_of(actor.profile).await?;
        let mut sources = record::list_sources_of_document(&self.0.store, actor.profile, id).await?;
        sources.sort_by_key(|s| s.ordinal);
        // What was deleted since has a source no more, or is about to lose it.
        let there: Vec<_> = sources.iter().filter_map(|s| vault.get(s.record_id)).collect();
        let pages = u32::try_from(there.len().div_ceil(LISTED)).unwrap_or(u32::MAX).max(1);
        let page = page.clamp(1, pages);
        let here = there.chunks(LISTED).nth(page as usize - 1).unwrap_or_default();
        Ok((here.iter().map(|o| timeline::item(o, actor.lang)).collect(), page, pages))
    }

    /// Text around a place: (first byte shown, text). `None` when it is no UTF-8 text there.
    async fn excerpt(
        &self,
        keys: &Arc<ProfileKeys>,
        id: DocumentId,
        (from, to): (u64, u64),
    ) -> Result<Option<(u64, String)>> {
        let mut file = match self.sealed_file(keys, id).await {
            Ok(f) => f,
            Err(ServiceError::NotFound) => return Ok(None),
            Err(e) => return Err(e),
        };
        let middle = to.saturating_sub(from).min(EXCERPT);
        let start = from.saturating_sub((EXCERPT - middle) / 2);
        let read = move || read_text(&mut file, start);
        Ok(tokio::task::spawn_blocking(read).await??)
    }

    /// The rows of documents that change, from now on, until the caller goes away. Each item is a
    /// row as it stands then.
    ///
    /// # Errors
    /// Those of the log.
    pub async fn progress(
        &self,
        actor: &Actor,
    ) -> Result<impl futures::Stream<Item = DocumentRow> + Send + use<>> {
        self.log_view(Act::of(actor, Action::DocumentsViewed)).await?;
        let (services, actor) = (self.clone(), actor.clone());
        let state = (services, actor, None::<HashMap<_, _>>, std::collections::VecDeque::new());
        Ok(futures::stream::unfold(state, |(services, actor, mut seen, mut ready)| async move {
            loop {
                if let Some(row) = ready.pop_front() {
                    return Some((row, (services, actor, seen, ready)));
                }
                let moved = services.0.moved.notified();
                let rows = services.document_rows(&actor).await.ok()?;
                // What stands at the beginning is on the page already.
                let is_first = seen.is_none();
                let known = seen.get_or_insert_with(HashMap::new);
                for r in rows {
                    let mark = (r.state, r.progress, r.records, r.reason.is_some());
                    if known.insert(r.id, mark) != Some(mark) && !is_first {
                        ready.push_back(r);
                    }
                }
                if ready.is_empty() {
                    let _ = tokio::time::timeout(FOLLOW, moved).await;
                }
            }
        }))
    }
}

fn is_text(media_type: &str) -> bool {
    ["json", "xml", "text", "ndjson", "hl7"].iter().any(|t| media_type.contains(t))
}

fn read_text(file: &mut SealedFile, start: u64) -> std::io::Result<Option<(u64, String)>> {
    let len = file.len().saturating_sub(start).min(EXCERPT);
    let mut bytes = vec![0; usize::try_from(len).unwrap_or(0)];
    let mut have = 0;
    while have < bytes.len() {
        match file.read_at(start + have as u64, &mut bytes[have..])? {
            0 => break,
            n => have += n,
        }
    }
    bytes.truncate(have);
    // The cut may fall into a character at either end.
    let skip = bytes.iter().take(3).take_while(|b| (**b & 0xc0) == 0x80).count();
    let tail = &bytes[skip..];
    let text = match std::str::from_utf8(tail) {
        Ok(t) => t,
        Err(e) if e.error_len().is_none() => {
            std::str::from_utf8(&tail[..e.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return Ok(None),
    };
    Ok(Some((start + skip as u64, text.to_owned())))
}

//! Answering a document's questions, reading it again, and undoing its import.

use super::meta::{Meta, format_words};
use crate::{
    actor::Actor,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
    import::person::{PersonAnswer, contradicts},
    keyring::ProfileKeys,
    records::open::Settings,
};
use keepwell_domain::{act::Action, ids::DocumentId, lang::Lang, view::Receipt};
use keepwell_parsers::{sink::Question, sniff::Format};
use keepwell_store::{Tx, document as rows, import, profile, record};
use std::collections::HashSet;

impl Services {
    /// Answers what a file left open and has it read again.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for an answer that is none, [`ServiceError::NotFound`].
    pub async fn answer_questions(
        &self,
        actor: &Actor,
        id: DocumentId,
        answers: Vec<(String, String)>,
    ) -> Result<()> {
        let keys = self.profile_keys(actor).await?;
        let mut tx = self.begin_by(actor).await?;
        let row = rows::get_document(&mut tx, actor.profile, id).await?;
        if row.parent_id.is_some() {
            let why = actor.lang.pick(
                "Please upload this file by itself to answer its question.",
                "Bitte diese Datei einzeln hochladen, um ihre Frage zu beantworten.",
            );
            return Err(ServiceError::invalid("document", why));
        }
        let mut meta = Meta::open(&keys, &row)?;
        if row.state != rows::DocumentState::Review {
            return Err(ServiceError::Conflict);
        }
        for (key, value) in &answers {
            answer(&mut meta, key, value, actor.lang)?;
        }
        self.queue_again(&mut tx, actor, &keys, &row, &meta).await?;
        self.log(&mut tx, Act::of(actor, Action::DocumentAnswered).on(id.uuid())).await?;
        tx.commit().await?;
        self.0.queued.notify_one();
        Ok(())
    }

    /// Has a document read once more, because reading it failed or a newer reader may do better.
    /// What the person corrected, deleted or decided on stays as it is.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] while it is being read, [`ServiceError::Invalid`] for a part of an
    /// archive, [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn read_again(&self, actor: &Actor, id: DocumentId) -> Result<()> {
        let keys = self.profile_keys(actor).await?;
        let mut tx = self.begin_by(actor).await?;
        let row = rows::get_document(&mut tx, actor.profile, id).await?;
        if row.parent_id.is_some() {
            let why = actor.lang.pick(
                "Please read the whole archive again instead.",
                "Bitte stattdessen das ganze Archiv noch einmal lesen lassen.",
            );
            return Err(ServiceError::invalid("document", why));
        }
        if matches!(row.state, rows::DocumentState::Queued | rows::DocumentState::Reading) {
            return Err(ServiceError::Conflict);
        }
        if row.content_fp.is_none() {
            let why = "The file of this document is not kept here; please upload it again to have it read.";
            let de = "Die Datei dieses Dokuments liegt nicht hier; bitte laden Sie sie noch einmal hoch, um sie lesen zu lassen.";
            return Err(ServiceError::invalid("document", actor.lang.pick(why, de)));
        }
        let meta = Meta::open(&keys, &row)?;
        self.queue_again(&mut tx, actor, &keys, &row, &meta).await?;
        self.log(&mut tx, Act::of(actor, Action::DocumentReadAgain).on(id.uuid())).await?;
        tx.commit().await?;
        self.0.queued.notify_one();
        Ok(())
    }

    async fn queue_again(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        keys: &ProfileKeys,
        row: &rows::Document,
        meta: &Meta,
    ) -> Result<()> {
        let meta_sealed = meta.seal(keys, row.id)?;
        let change = profile::begin_change(tx, actor.profile).await?;
        let update = rows::DocumentUpdate {
            state: rows::DocumentState::Queued,
            meta_sealed: &meta_sealed,
            records: row.records,
        };
        rows::update_document(tx, &change, row.id, row.row_version, &update, self.now()).await?;
        self.enqueue_read(tx, actor.profile, row.id).await
    }

    /// Forgets the persons whom no file but one that goes away names: after the wrong person's file was taken
    /// back, the right one's are not asked about.
    async fn forget_subjects(&self, tx: &mut Tx, actor: &Actor, going: HashSet<DocumentId>) -> Result<()> {
        let keys = self.profile_keys(actor).await?;
        let row = profile::get_profile(&mut *tx, actor.account, actor.profile).await?;
        let mut settings = Settings::open(&keys, &row)?;
        if settings.subjects.is_empty() {
            return Ok(());
        }
        let mut named = Vec::new();
        let all = rows::list_documents(&mut *tx, actor.profile).await?;
        for d in all.into_iter().filter(|d| !going.contains(&d.parent_id.unwrap_or(d.id))) {
            named.extend(Meta::open(&keys, &d)?.who);
        }
        let before = settings.subjects.len();
        settings.subjects.retain(|s| named.iter().any(|n| !contradicts(s, n)));
        if settings.subjects.len() < before {
            let sealed = settings.seal(&keys, actor.profile)?;
            profile::update_settings(tx, actor.account, actor.profile, &sealed).await?;
        }
        Ok(())
    }

    /// The whole files that an export brought when it was restored.
    async fn came_with(&self, tx: &mut Tx, actor: &Actor, export: DocumentId) -> Result<Vec<DocumentId>> {
        let keys = self.profile_keys(actor).await?;
        let row = rows::get_document(&mut *tx, actor.profile, export).await?;
        if row.parent_id.is_some() || Meta::open(&keys, &row)?.format != format_words(Format::KeepwellExport)
        {
            return Ok(Vec::new());
        }
        let mut with = Vec::new();
        for d in rows::list_documents(&mut *tx, actor.profile).await? {
            if d.parent_id.is_none() && Meta::open(&keys, &d)?.came_with == Some(export) {
                with.push(d.id);
            }
        }
        Ok(with)
    }

    /// Undoes an import: the document, its file, and every record and column that no other
    /// document says. Of a restored export, the documents that it brought.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs, [`ServiceError::ProofNeeded`].
    pub async fn delete_document(&self, actor: &Actor, id: DocumentId) -> Result<Receipt> {
        let now = self.now();
        rows::get_document(&self.0.store, actor.profile, id).await?;
        self.fresh_for(actor, Action::DocumentDeleted).await?;
        let mut tx = self.begin_by(actor).await?;
        rows::get_document(&mut tx, actor.profile, id).await?;
        let with = self.came_with(&mut tx, actor, id).await?;
        let said = {
            let mut ids = Vec::new();
            for whole in std::iter::once(id).chain(with.iter().copied()) {
                ids.extend(record::list_sources_of_document(&mut tx, actor.profile, whole).await?);
                for child in rows::list_parts(&mut tx, actor.profile, whole).await? {
                    ids.extend(record::list_sources_of_document(&mut tx, actor.profile, child.id).await?);
                }
            }
            let ids: std::collections::HashSet<_> = ids.into_iter().map(|s| s.record_id).collect();
            ids.len() as u64
        };
        // Before the change begins, because settings move the profile's version too.
        self.forget_subjects(&mut tx, actor, std::iter::once(id).chain(with.iter().copied()).collect())
            .await?;
        let change = profile::begin_change(&mut tx, actor.profile).await?;
        let mut removed = import::delete_import(&mut tx, &change, id, now).await?;
        for whole in with {
            let more = import::delete_import(&mut tx, &change, whole, now).await?;
            removed.documents += more.documents;
            removed.records += more.records;
            removed.series += more.series;
        }
        self.log(&mut tx, Act::of(actor, Action::DocumentDeleted).on(id.uuid())).await?;
        tx.commit().await?;
        self.0.samples.forget(actor.profile);
        self.sweep_garbage().await?;
        Ok(Receipt {
            records: removed.records,
            kept: said.saturating_sub(removed.records),
            series: removed.series,
            documents: removed.documents,
            at: now,
            ..Receipt::default()
        })
    }
}

fn answer(meta: &mut Meta, key: &str, value: &str, lang: Lang) -> Result<()> {
    let none = || {
        let why = lang.pick("This is not one of the answers.", "Das ist keine der Antworten.");
        ServiceError::invalid("answer", why)
    };
    let questions = &meta.questions;
    let options = meta.answers.get_or_insert_default();
    match key {
        "day_first" => {
            options.day_first = Some(match value {
                "day" => true,
                "month" => false,
                _ => return Err(none()),
            });
        }
        "subject" => {
            let offered = questions.iter().any(
                |q| matches!(q, Question::WhichSubject { choices, .. } if choices.iter().any(|c| c == value)),
            );
            if !offered {
                return Err(none());
            }
            options.subject = Some(value.to_owned());
        }
        "person" => {
            if !questions.iter().any(|q| matches!(q, Question::OtherPerson { .. })) {
                return Err(none());
            }
            meta.person = Some(match value {
                "import" => PersonAnswer::Import,
                "keep" => PersonAnswer::Keep,
                _ => return Err(none()),
            });
        }
        key => {
            let role = key.strip_prefix("column_").ok_or_else(none)?;
            let index = if value.is_empty() { None } else { Some(value.parse().map_err(|_| none())?) };
            // What was recognised stays where nothing else is said.
            let found = questions.iter().find_map(|q| match q {
                Question::Columns { found, .. } => Some((**found).clone()),
                _ => None,
            });
            let map = options.columns.get_or_insert_with(|| found.unwrap_or_default());
            *map.slot(role).ok_or_else(none)? = index;
        }
    }
    Ok(())
}

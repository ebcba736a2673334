//! Answering a document's questions, and undoing its import.

use super::meta::Meta;
use crate::{
    actor::Actor,
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_domain::{act::Action, ids::DocumentId, view::Receipt};
use keepwell_parsers::sink::{ColumnMap, Options, Question};
use keepwell_store::{document as rows, import, profile, record};

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
        let mut tx = self.0.store.begin().await?;
        let row = rows::get_document(&mut tx, actor.profile, id).await?;
        if row.parent_id.is_some() {
            return Err(ServiceError::invalid(
                "document",
                "Please upload this file by itself to answer its question.",
            ));
        }
        let mut meta = Meta::open(&keys, &row)?;
        if row.state != rows::DocumentState::Review {
            return Err(ServiceError::Conflict);
        }
        let mut options = meta.answers.clone().unwrap_or_default();
        for (key, value) in &answers {
            answer(&mut options, &meta.questions, key, value)?;
        }
        meta.answers = Some(options);
        let meta_sealed = meta.seal(&keys, id)?;
        let change = profile::begin_change(&mut tx, actor.profile).await?;
        let update = rows::DocumentUpdate {
            state: rows::DocumentState::Queued,
            meta_sealed: &meta_sealed,
            records: row.records,
        };
        rows::update_document(&mut tx, &change, id, row.row_version, &update, self.now()).await?;
        self.enqueue_read(&mut tx, actor.profile, id).await?;
        self.log(&mut tx, Act::of(actor, Action::DocumentAnswered).on(id.uuid())).await?;
        tx.commit().await?;
        self.0.queued.notify_one();
        Ok(())
    }

    /// Undoes an import: the document, its file, and every record and column that no other
    /// document says.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn delete_document(&self, actor: &Actor, id: DocumentId) -> Result<Receipt> {
        let now = self.now();
        let mut tx = self.0.store.begin().await?;
        rows::get_document(&mut tx, actor.profile, id).await?;
        let said = {
            let mut ids = record::list_sources_of_document(&mut tx, actor.profile, id).await?;
            for child in rows::list_parts(&mut tx, actor.profile, id).await? {
                ids.extend(record::list_sources_of_document(&mut tx, actor.profile, child.id).await?);
            }
            let ids: std::collections::HashSet<_> = ids.into_iter().map(|s| s.record_id).collect();
            ids.len() as u64
        };
        let change = profile::begin_change(&mut tx, actor.profile).await?;
        let removed = import::delete_import(&mut tx, &change, id, now).await?;
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
        })
    }
}

fn answer(options: &mut Options, questions: &[Question], key: &str, value: &str) -> Result<()> {
    let none = || ServiceError::invalid("answer", "This is not one of the answers.");
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
        key => {
            let role = key.strip_prefix("column_").ok_or_else(none)?;
            let index = if value.is_empty() { None } else { Some(value.parse().map_err(|_| none())?) };
            *column(options.columns.get_or_insert_with(ColumnMap::default), role).ok_or_else(none)? = index;
        }
    }
    Ok(())
}

fn column<'a>(map: &'a mut ColumnMap, role: &str) -> Option<&'a mut Option<usize>> {
    Some(match role {
        "name" => &mut map.name,
        "value" => &mut map.value,
        "unit" => &mut map.unit,
        "range" => &mut map.range,
        "low" => &mut map.low,
        "high" => &mut map.high,
        "flag" => &mut map.flag,
        "date" => &mut map.date,
        "time" => &mut map.time,
        "specimen" => &mut map.specimen,
        "loinc" => &mut map.loinc,
        "lab" => &mut map.lab,
        "method" => &mut map.method,
        "subject" => &mut map.subject,
        "comment" => &mut map.comment,
        _ => return None,
    })
}

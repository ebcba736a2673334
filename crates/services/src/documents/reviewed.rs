//! The person's word on rows that wait.

use super::{
    meta::Meta,
    review::{LOOKED_AT, form, is_likely},
};
use crate::{
    actor::Actor,
    audit::Act,
    core::{Services, fresh},
    error::{Result, ServiceError},
    import::{
        Known, fingerprint, identity::identity, marks::Dead, open_or_done, seal_locator, seal_record, waiting,
    },
    keyring::{ProfileKeys, Table},
    records::{form::read, open::Settings, too_often},
};
use keepwell_crypto::NonceSource;
use keepwell_domain::{
    act::Action,
    analyte,
    ids::{DocumentId, RecordId, ReviewRowId},
    lang::Lang,
    record::{Body, Coding, LOINC, ParsedRecord, Record},
    view::RecordForm,
};
use keepwell_parsers::{
    sink::Question,
    table::doubt::{Doubt, Unsure},
};
use keepwell_store::{
    Tx, document as rows, mark, profile, record,
    review::{self, ReviewRow, ReviewState},
};
use std::collections::HashSet;

/// Equal results of one document at most.
const MAX_EQUAL: u32 = 1_000;

/// What the person says of a row.
pub enum RowWord {
    /// It is a record: as it was read, or as the form says.
    Accept(Option<Box<RecordForm>>),
    /// It is none.
    LeaveOut,
    /// It was left out, and waits again.
    PutBack,
}

/// What there is, for comparison, and where the review stands.
struct Desk {
    keys: std::sync::Arc<ProfileKeys>,
    nonces: NonceSource,
    known: Known,
    settings: Settings,
    lang: Lang,
    /// Records that stand in the document.
    here: HashSet<RecordId>,
}

impl Services {
    /// Takes the person's word on one row. Returns how many rows still wait.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with the field when the row cannot be a record like this,
    /// [`ServiceError::Conflict`] when the row was decided on or is just being read again,
    /// [`ServiceError::NotFound`].
    pub async fn decide_row(
        &self,
        actor: &Actor,
        document: DocumentId,
        id: ReviewRowId,
        word: RowWord,
    ) -> Result<u64> {
        let mut desk = self.desk(actor, document).await?;
        let mut tx = self.begin_by(actor).await?;
        let (row, mut meta) = self.open_review(&mut tx, actor, &desk.keys, document).await?;
        let waits = review::get_review_row(&mut tx, actor.profile, document, id).await?;
        let expected = match word {
            RowWord::PutBack => ReviewState::LeftOut,
            _ => ReviewState::Waiting,
        };
        if waits.state != expected {
            return Err(ServiceError::Conflict);
        }
        let change = profile::begin_change(&mut tx, actor.profile).await?;
        let mut accepted = 0;
        match word {
            RowWord::LeaveOut => {
                review::update_review_row(&mut tx, &change, &waits, ReviewState::LeftOut, None).await?;
            }
            RowWord::PutBack => {
                review::update_review_row(&mut tx, &change, &waits, ReviewState::Waiting, None).await?;
            }
            RowWord::Accept(typed) => {
                let unsure = waiting::open(&desk.keys, &waits)?;
                let said = settle(&unsure, typed.as_deref(), actor)?;
                self.accept(&mut tx, &change, &mut desk, &waits, &unsure, said).await?;
                accepted = 1;
            }
        }
        let left = self.close_review(&mut tx, &change, actor, &desk.keys, &row, &mut meta, accepted).await?;
        self.log(&mut tx, Act::of(actor, Action::DocumentReviewed).on(document.uuid())).await?;
        tx.commit().await?;
        self.0.moved.notify_waiters();
        Ok(left)
    }

    /// Accepts all rows that read as printed and leave only a meaning open. Returns how many were
    /// accepted; of a very long table call it again.
    ///
    /// # Errors
    /// As [`Self::decide_row`].
    pub async fn accept_likely(&self, actor: &Actor, document: DocumentId) -> Result<u64> {
        let mut desk = self.desk(actor, document).await?;
        let mut tx = self.begin_by(actor).await?;
        let (row, mut meta) = self.open_review(&mut tx, actor, &desk.keys, document).await?;
        let state = ReviewState::Waiting;
        let all = review::list_review_rows(&mut tx, actor.profile, document, state, 0, LOOKED_AT).await?;
        let change = profile::begin_change(&mut tx, actor.profile).await?;
        let mut accepted = 0;
        for waits in all {
            let unsure = waiting::open(&desk.keys, &waits)?;
            if is_likely(&unsure) {
                let said = settle(&unsure, None, actor)?;
                self.accept(&mut tx, &change, &mut desk, &waits, &unsure, said).await?;
                accepted += 1;
            }
        }
        self.close_review(&mut tx, &change, actor, &desk.keys, &row, &mut meta, accepted).await?;
        self.log(&mut tx, Act::of(actor, Action::DocumentReviewed).on(document.uuid())).await?;
        tx.commit().await?;
        self.0.moved.notify_waiters();
        Ok(accepted)
    }

    async fn desk(&self, actor: &Actor, document: DocumentId) -> Result<Desk> {
        let keys = self.profile_keys(actor).await?;
        let store = &self.0.store;
        // Missing and foreign look the same, before anything is opened.
        rows::get_document(store, actor.profile, document).await?;
        let vault = self.vault_of(actor.profile).await?;
        let identities = record::list_identities(store, actor.profile).await?;
        let here = record::list_sources_of_document(store, actor.profile, document).await?;
        let settings =
            Settings::open(&keys, &profile::get_profile(store, actor.account, actor.profile).await?)?;
        Ok(Desk {
            keys,
            settings,
            nonces: NonceSource::new(),
            // What the person accepts by hand may come back from the dead.
            lang: actor.lang,
            known: Known::of(&vault, identities, Dead::default()),
            here: here.into_iter().map(|s| s.record_id).collect(),
        })
    }

    async fn open_review(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        keys: &ProfileKeys,
        document: DocumentId,
    ) -> Result<(rows::Document, Meta)> {
        let row = rows::get_document(&mut *tx, actor.profile, document).await?;
        let reading = [rows::DocumentState::Queued, rows::DocumentState::Reading].contains(&row.state);
        if reading {
            return Err(ServiceError::Conflict);
        }
        let meta = Meta::open(keys, &row)?;
        Ok((row, meta))
    }

    /// Makes a record of a row, or one more source of a record that says the same.
    async fn accept(
        &self,
        tx: &mut Tx,
        change: &profile::Change,
        desk: &mut Desk,
        waits: &ReviewRow,
        unsure: &Unsure,
        said: Said,
    ) -> Result<()> {
        let Said { first, last } = said;
        let now = self.now();
        // An edited row is known by what its file says, so that the file is recognised; it is
        // joined to a record only where that says what the person says.
        let wanted = identity(last.as_ref().unwrap_or(&first));
        let own = identity(&first);
        let mut found = None;
        let mut free = None;
        for nth in 0..MAX_EQUAL {
            let (join, fp) = (fingerprint(&desk.keys, &wanted, nth), fingerprint(&desk.keys, &own, nth));
            if let Some(id) = desk.known.found(&wanted, join, &desk.here).filter(|id| !desk.here.contains(id))
            {
                found = Some(id);
                break;
            }
            if !desk.known.by_fp.contains_key(&fp) {
                free = Some((nth, fp));
                break;
            }
        }
        let id = match (found, free) {
            (Some(id), _) => id,
            (None, Some((nth, fp))) => {
                let id = fresh::<RecordId>();
                record::delete_tombstone(tx, change, fp).await?;
                let said = Self::said_marks(&desk.keys, &desk.settings, &own, nth)?;
                mark::delete_marks(tx, change, &said).await?;
                let parsed = ParsedRecord { record: first, ..unsure.parsed.clone() };
                let new = seal_record(&desk.keys, &mut desk.nonces, id, fp, &parsed)?;
                if record::insert_records(tx, change, &[new], now).await?.is_empty() {
                    return Err(ServiceError::Conflict);
                }
                if let Some(last) = last {
                    let plain = postcard::to_allocvec(&last)
                        .map_err(|_| ServiceError::internal("record", &"does not encode"))?;
                    let sealed = desk.keys.seal(Table::Record, "sealed", id.uuid(), 2, &plain)?;
                    record::update_record(tx, change, id, 1, fp, &sealed, now).await?;
                }
                desk.known.add(own, fp, id);
                id
            }
            (None, None) => {
                return Err(ServiceError::invalid("value", too_often(desk.lang)));
            }
        };
        desk.here.insert(id);
        let locator_sealed = seal_locator(&desk.keys, &mut desk.nonces, id, &unsure.parsed.locator)?;
        let place = record::RecordSource {
            record_id: id,
            document_id: waits.document_id,
            ordinal: waits.place,
            locator_sealed,
        };
        record::insert_record_sources(tx, change, &[place]).await?;
        Ok(review::update_review_row(tx, change, waits, ReviewState::Accepted, Some(id)).await?)
    }

    /// Writes down where the review stands now; the last row ends it.
    #[allow(clippy::too_many_arguments)]
    async fn close_review(
        &self,
        tx: &mut Tx,
        change: &profile::Change,
        actor: &Actor,
        keys: &ProfileKeys,
        row: &rows::Document,
        meta: &mut Meta,
        accepted: u64,
    ) -> Result<u64> {
        let left = review::count_review_rows(&mut *tx, actor.profile, row.id, ReviewState::Waiting).await?;
        meta.waiting = u64::try_from(left).unwrap_or(0);
        if accepted > 0 {
            *meta.read.entry("observation".to_owned()).or_default() += accepted;
        }
        match meta.waiting {
            0 => meta.skipped.remove("waiting_for_answer"),
            n => meta.skipped.insert("waiting_for_answer".to_owned(), n),
        };
        if meta.waiting == 0 {
            // Each date was settled by itself.
            meta.questions.retain(|q| !matches!(q, Question::DayFirst { .. }));
        }
        let records = row.records + i64::try_from(accepted).unwrap_or(0);
        self.write_meta(tx, change, keys, row, meta, open_or_done(meta), records).await?;
        if let Some(parent) = row.parent_id {
            self.close_archive(tx, change, actor, keys, parent).await?;
        }
        Ok(meta.waiting)
    }

    #[allow(clippy::too_many_arguments)]
    async fn write_meta(
        &self,
        tx: &mut Tx,
        change: &profile::Change,
        keys: &ProfileKeys,
        row: &rows::Document,
        meta: &Meta,
        state: rows::DocumentState,
        records: i64,
    ) -> Result<()> {
        let meta_sealed = meta.seal(keys, row.id)?;
        let update = rows::DocumentUpdate { state, meta_sealed: &meta_sealed, records };
        rows::update_document(tx, change, row.id, row.row_version, &update, self.now()).await?;
        Ok(())
    }

    /// An archive is under review as long as rows of its parts wait.
    async fn close_archive(
        &self,
        tx: &mut Tx,
        change: &profile::Change,
        actor: &Actor,
        keys: &ProfileKeys,
        parent: DocumentId,
    ) -> Result<()> {
        let archive = rows::get_document(&mut *tx, actor.profile, parent).await?;
        let meta = Meta::open(keys, &archive)?;
        let mut waits = open_or_done(&meta) == rows::DocumentState::Review;
        for part in rows::list_parts(&mut *tx, actor.profile, parent).await? {
            waits |= Meta::open(keys, &part)?.waiting > 0;
        }
        let state = if waits { rows::DocumentState::Review } else { rows::DocumentState::Done };
        if [rows::DocumentState::Review, rows::DocumentState::Done].contains(&archive.state) {
            rows::update_document_state(tx, change, parent, state, self.now()).await?;
        }
        Ok(())
    }
}

/// What becomes of a row: what its file says, and what the person made of that.
struct Said {
    first: Record,
    last: Option<Record>,
}

fn settle(unsure: &Unsure, typed: Option<&RecordForm>, actor: &Actor) -> Result<Said> {
    let read_ = &unsure.parsed.record;
    let incomplete = unsure.doubts.iter().any(Doubt::needs_an_edit);
    let shown = form(unsure);
    let typed = typed.filter(|t| incomplete || **t != shown);
    let Some(typed) = typed else {
        if incomplete {
            // The form of what was read says what is missing, field by field.
            read(&shown, Some(read_), actor.lang)?;
            let why = actor
                .lang
                .pick("Please complete this row first.", "Bitte erst diese Zeile vervollständigen.");
            return Err(ServiceError::invalid("value", why));
        }
        return Ok(Said { first: read_.clone(), last: None });
    };
    let typed = RecordForm { kind: shown.kind.clone(), note: shown.note.clone(), ..typed.clone() };
    let mut record = read(&typed, Some(read_), actor.lang)?;
    if let (Some(a), Body::Observation(o)) = (analyte::find_by_loinc(typed.key.trim()), &mut record.body) {
        o.code.codings = vec![Coding { system: LOINC.to_owned(), code: a.loinc.to_owned(), display: None }];
    }
    if incomplete {
        return Ok(Said { first: record, last: None });
    }
    let last = (record != *read_).then_some(record);
    Ok(Said { first: read_.clone(), last })
}

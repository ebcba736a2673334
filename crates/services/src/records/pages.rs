//! What pages and API read.

use super::open::open_record;
use crate::{
    Lang,
    actor::Actor,
    audit::Act,
    core::Services,
    documents::meta::Meta,
    error::{Result, ServiceError},
    keyring::Table,
    picture::{self, series::SeriesQuery},
};
use keepwell_domain::{
    act::Action,
    analyte,
    ids::{DocumentId, RecordId},
    locator::Locator,
    view::{MarkersView, OverviewView, RecordView, SeriesView, SourceView, TimelineQuery, TimelineView},
};
use keepwell_parsers::reason::Spot;
use keepwell_store::{document, record as rows};
use std::sync::Arc;

impl Services {
    /// The Overview page.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn overview(&self, actor: &Actor) -> Result<Arc<OverviewView>> {
        let vault = self.vault(actor).await?;
        let documents = self.document_rows(actor).await?;
        self.log_view(Act::of(actor, Action::OverviewViewed)).await?;
        Ok(Arc::new(picture::overview::overview(&vault, &documents, self.now(), actor.lang)))
    }

    /// The Markers page; drawn once for each version of the profile.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn markers(&self, actor: &Actor) -> Result<Arc<MarkersView>> {
        let vault = self.vault(actor).await?;
        self.log_view(Act::of(actor, Action::MarkersViewed)).await?;
        Ok(vault.markers_view(actor.lang))
    }

    /// One marker over time.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Invalid`] for a unit that does not convert.
    pub async fn series(&self, actor: &Actor, key: &str, q: &SeriesQuery) -> Result<SeriesView> {
        let vault = self.vault(actor).await?;
        let key = vault.key_of(key);
        let marker = vault.markers.get(key).ok_or(ServiceError::NotFound)?;
        let samples = match picture::series::wants_samples(marker, q) {
            Some(window) => Some(self.samples(actor.profile, &vault, marker, window).await?),
            None => None,
        };
        let view = picture::series::series(&vault, key, q, samples, actor.lang)?;
        self.log_view(Act::of(actor, Action::MarkerViewed).on(self.marker_id(actor, key))).await?;
        Ok(view)
    }

    /// A page of the timeline.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for a date or cursor that cannot be read.
    pub async fn timeline(&self, actor: &Actor, q: &TimelineQuery) -> Result<TimelineView> {
        let view = picture::timeline::timeline(&*self.vault(actor).await?, q, actor.lang)?;
        self.log_view(Act::of(actor, Action::TimelineViewed)).await?;
        Ok(view)
    }

    /// One record in full.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn record(&self, actor: &Actor, id: RecordId) -> Result<RecordView> {
        let vault = self.vault(actor).await?;
        let open = vault.get(id).ok_or(ServiceError::NotFound)?;
        let sources = self.sources(actor, id).await?;
        let history = self.history(actor, id, &open.record).await?;
        self.log_view(Act::of(actor, Action::RecordViewed).on(id.uuid())).await?;
        Ok(picture::record::record(open, sources, history, actor.lang))
    }

    /// Tells one marker from another in the log without saying which it is: that is content.
    fn marker_id(&self, actor: &Actor, key: &str) -> uuid::Uuid {
        let profile = actor.profile.uuid();
        let parts: [&[u8]; 3] = [b"marker", profile.as_bytes(), key.as_bytes()];
        crate::accounts::session_row(&self.0.pseudonyms.fingerprint(&parts).0)
    }

    pub(crate) async fn sources(&self, actor: &Actor, id: RecordId) -> Result<Vec<SourceView>> {
        let keys = self.profile_keys(actor).await?;
        let mut out = Vec::new();
        for s in rows::list_sources_of_record(&self.0.store, actor.profile, id).await? {
            let plain = keys.open(Table::Source, "locator", id.uuid(), 1, &s.locator_sealed)?;
            let locator: Locator = postcard::from_bytes(&plain)
                .map_err(|_| ServiceError::internal("locator", &"does not decode"))?;
            let row = document::get_document(&self.0.store, actor.profile, s.document_id).await?;
            let name = Meta::open(&keys, &row)?.name;
            out.push(source(Some(s.document_id), name, &locator, actor.lang));
        }
        if out.is_empty() {
            let typed = actor.lang.pick("Typed in by you", "Von Ihnen eingegeben");
            out.push(source(None, typed.to_owned(), &Locator::Typed, actor.lang));
        }
        Ok(out)
    }

    async fn history(
        &self,
        actor: &Actor,
        id: RecordId,
        now: &keepwell_domain::record::Record,
    ) -> Result<Vec<(keepwell_domain::time::Ts, String)>> {
        let keys = self.profile_keys(actor).await?;
        let mut past = rows::list_history(&self.0.store, actor.profile, id).await?;
        past.sort_by_key(|p| std::cmp::Reverse(p.row_version));
        let mut after = now.clone();
        let mut out = Vec::new();
        for p in past {
            let before = open_record(&keys, id.uuid(), p.row_version, &p.sealed)?;
            out.push((p.changed_at, super::form::changes(&before, &after, actor.lang)));
            after = before;
        }
        Ok(out)
    }

    /// Analytes of the catalogue for the form that adds a value: (key, name, unit).
    #[must_use]
    pub fn analyte_choices(&self, q: &str, lang: Lang) -> Vec<(String, String, String)> {
        analyte::search(q)
            .into_iter()
            .take(20)
            .map(|a| (a.loinc.to_owned(), lang.pick(a.name_en, a.name_de).to_owned(), a.unit.to_owned()))
            .collect()
    }
}

fn source(document: Option<DocumentId>, name: String, l: &Locator, lang: Lang) -> SourceView {
    let (bytes, line) = match l {
        Locator::Path { bytes, .. } => (*bytes, None),
        Locator::Row { line, .. } => (None, Some(*line)),
        Locator::Whole | Locator::Typed => (None, None),
    };
    SourceView { document, name, place: Spot::from(l).words(lang), bytes, line }
}

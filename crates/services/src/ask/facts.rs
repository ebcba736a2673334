//! The facts that questions are answered from, made of the vault, the documents and the rows that wait.

use crate::{
    Lang,
    actor::Actor,
    core::Services,
    documents::meta::Meta,
    error::Result,
    import::waiting,
    keyring::Table,
    picture::shown,
    vault::{Marker, MarkerValue, Open, Part, Vault, marker_key, part},
};
use keepwell_ask::facts::{
    Detail, DocumentFact, Facts, Index, NewItem, NewMarker, NewValue, ValueFact, WaitingFact,
};
use keepwell_domain::{
    ids::{DocumentId, RecordId},
    locator::Locator,
    measure::Value,
    record::{Body, LOINC},
    scope::Scope,
    view::{Answer, AskReceipt, DocumentState, LeftOut, LeftOutItem},
};
use keepwell_parsers::{reason::Spot, table::doubt::Unsure};
use keepwell_store::{
    document as rows, record,
    review::{self, ReviewState},
};
use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

/// Waiting rows of one document that are opened to see what they would be.
const LOOKED_AT: i64 = 2_000;
/// Receipts whose place in the document is looked up.
const PLACED: usize = 200;

/// The language as the answerer names it.
pub(crate) const fn lang(l: Lang) -> keepwell_ask::Lang {
    match l {
        Lang::En => keepwell_ask::Lang::En,
        Lang::De => keepwell_ask::Lang::De,
    }
}

/// The index of a vault.
pub(crate) fn index(v: &Vault) -> Index {
    let markers = v.markers.iter().map(|(key, m)| marker(v, key, m));
    let others = v.records.iter().filter(|o| !matches!(o.record.body, Body::Observation(_)));
    let items =
        others.map(|o| NewItem { id: o.id, record: &o.record, documents: &o.documents, created: o.created });
    Index::new(markers, items, undated(v))
}

fn marker(v: &Vault, key: &str, m: &Marker) -> NewMarker {
    let mut aliases: Vec<String> = Vec::new();
    let values = m.values.iter().map(|x| value(v, x, &mut aliases)).collect();
    NewMarker {
        key: key.to_owned(),
        analyte: m.analyte,
        printed: m.name.clone(),
        aliases,
        unit: m.unit.clone(),
        values,
        is_dense: !m.metrics.is_empty(),
    }
}

fn value(v: &Vault, x: &MarkerValue, aliases: &mut Vec<String>) -> NewValue {
    let stated = part(&v.records, x.at);
    if let Some((_, p)) = &stated {
        let name = p.code.name();
        if !name.is_empty() && !aliases.iter().any(|a| a == name) {
            aliases.push(name.to_owned());
        }
    }
    let detail = stated.and_then(|(open, p)| detail(open, &p).map(Box::new));
    ValueFact { t: x.t, number: x.number, detail }
}

fn detail(open: &Open, p: &Part<'_>) -> Option<Detail> {
    Some(Detail {
        record: open.id,
        when: open.record.effective?,
        shown: shown::value(p.value),
        quantity: match p.value {
            Value::Quantity(q) => Some(q.clone()),
            _ => None,
        },
        loinc: p.code.code_in(LOINC).map(str::to_owned),
        standing: shown::standing(p),
        range: shown::range(p.range, p.unit()),
        lab: p.of.performer.clone(),
        documents: open.documents.clone(),
        created: open.created,
        is_contradicted: false,
    })
}

/// Results without any date, by the marker that they would belong to.
fn undated(v: &Vault) -> Vec<(String, RecordId)> {
    let without = v.records.iter().filter(|o| o.record.effective.is_none());
    let keys = |open: &Open| -> Vec<(String, RecordId)> {
        let Body::Observation(o) = &open.record.body else { return Vec::new() };
        let whole = o.value.iter().map(|value| (&o.code, value));
        let parts = o.components.iter().filter_map(|c| Some((&c.code, c.value.as_ref()?)));
        whole
            .chain(parts)
            .filter(|(_, value)| !matches!(value, Value::Absent(_)))
            .filter_map(|(code, value)| marker_key(code, unit(value), o.specimen.as_deref()))
            .map(|(key, _)| (key, open.id))
            .collect()
    };
    without.flat_map(keys).collect()
}

fn unit(v: &Value) -> Option<&str> {
    match v {
        Value::Quantity(q) => q.unit.as_deref().or(q.ucum.as_deref()),
        _ => None,
    }
}

fn waits(document: DocumentId, row: &Unsure) -> WaitingFact {
    let record = &row.parsed.record;
    let key = match &record.body {
        Body::Observation(o) => {
            let unit =
                o.value.as_ref().and_then(unit).or(Some(row.printed.unit.as_str()).filter(|u| !u.is_empty()));
            marker_key(&o.code, unit, o.specimen.as_deref()).map(|(key, _)| key)
        }
        _ => None,
    };
    WaitingFact { document, key, name: row.printed.name.clone(), when: record.effective }
}

impl Services {
    /// What the actor's questions are answered from.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn facts(&self, actor: &Actor) -> Result<Facts> {
        let vault = self.vault(actor).await?;
        let index = tokio::task::spawn_blocking(move || vault.index()).await?;
        // A program that may not read documents hears of none, nor of rows that still wait in them.
        let (documents, waiting) = match actor.may(Scope::DocumentsRead) {
            true => self.waiting_facts(actor).await?,
            false => (Vec::new(), Vec::new()),
        };
        Ok(Facts {
            index,
            documents: Arc::new(documents),
            waiting: Arc::new(waiting),
            today: self.now().date(),
            lang: lang(actor.lang),
        })
    }

    async fn waiting_facts(&self, actor: &Actor) -> Result<(Vec<DocumentFact>, Vec<WaitingFact>)> {
        let keys = self.profile_keys(actor).await?;
        let store = &self.0.store;
        let (mut documents, mut waiting) = (Vec::new(), Vec::new());
        for d in rows::list_documents(store, actor.profile).await? {
            let meta = Meta::open(&keys, &d)?;
            let row = meta.row(&d, None, actor.lang);
            if meta.waiting > 0 {
                let list =
                    review::list_review_rows(store, actor.profile, d.id, ReviewState::Waiting, 0, LOOKED_AT);
                for r in list.await? {
                    waiting.push(waits(d.id, &waiting::open(&keys, &r)?));
                }
            }
            documents.push(DocumentFact {
                id: row.id,
                name: row.name,
                format: row.format,
                created: row.created,
                state: row.state,
                records: row.records,
                samples: row.samples,
                waiting: meta.waiting,
                subject: meta.subject,
                reason: row.reason.filter(|_| row.state == DocumentState::Failed),
            });
        }
        Ok((documents, waiting))
    }

    /// Ends an answer: where in their documents its receipts stand; or, for a program that may not read documents, none of
    /// them, and how many were left out.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn finish_answer(&self, actor: &Actor, answer: &mut Answer) -> Result<()> {
        if actor.may(Scope::DocumentsRead) {
            return self.place_receipts(actor, &mut answer.receipts).await;
        }
        for r in &mut answer.receipts {
            r.document = None;
            r.document_name.clear();
            r.place.clear();
        }
        let hidden = rows::list_documents(&self.0.store, actor.profile).await?.len();
        if hidden > 0 {
            answer.coverage.left_out.push(LeftOutItem {
                why: LeftOut::NotPermitted,
                count: u32::try_from(hidden).unwrap_or(u32::MAX),
                document: None,
                document_name: String::new(),
            });
        }
        Ok(())
    }

    /// Fills in the places in their documents at which receipts stand.
    async fn place_receipts(&self, actor: &Actor, receipts: &mut [AskReceipt]) -> Result<()> {
        let keys = self.profile_keys(actor).await?;
        let mut known: HashMap<RecordId, Vec<record::RecordSource>> = HashMap::new();
        for r in receipts.iter_mut().filter(|r| r.document.is_some()).take(PLACED) {
            let Some(id) = r.record else { continue };
            let sources = match known.entry(id) {
                Entry::Occupied(found) => found.into_mut(),
                Entry::Vacant(free) => {
                    free.insert(record::list_sources_of_record(&self.0.store, actor.profile, id).await?)
                }
            };
            let Some(s) = sources.iter().find(|s| Some(s.document_id) == r.document) else { continue };
            let plain = keys.open(Table::Source, "locator", id.uuid(), 1, &s.locator_sealed)?;
            let locator: Locator = postcard::from_bytes(&plain)
                .map_err(|_| crate::ServiceError::internal("locator", &"does not decode"))?;
            r.place = Spot::from(&locator).words(actor.lang);
        }
        Ok(())
    }
}

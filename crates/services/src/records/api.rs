//! Records as the API gives them (issue's field shapes; names as in FHIR).

use crate::{
    actor::Actor,
    audit::Act,
    core::Services,
    documents::meta::Meta,
    error::{Result, ServiceError},
    keyring::Table,
    picture::{record::canonical, shown, timeline},
    vault::{Open, Part, ValueRef, part},
};
use keepwell_domain::{act::Action, ids::RecordId, locator::Locator, measure::Value, view::TimelineQuery};
use keepwell_store::{document, record as rows};
use serde::Serialize;
use serde_json::{Value as Json, json};
use std::collections::HashMap;

const PAGE: u32 = 100;
const PAGE_MAX: u32 = 1000;

/// A page of records.
#[derive(Serialize)]
pub struct ApiRecords {
    /// The records.
    pub items: Vec<Json>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// How many match in all.
    pub total: u64,
}

impl Services {
    /// Records that a query matches, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for a date or cursor that cannot be read.
    pub async fn api_records(&self, actor: &Actor, q: &TimelineQuery) -> Result<ApiRecords> {
        let vault = self.vault(actor).await?;
        let (hits, _) = timeline::matching(&vault, q, actor.lang)?;
        let start = timeline::start_of(&vault, &hits, q.cursor.as_deref(), actor.lang)?;
        let limit = q.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX) as usize;
        let page: Vec<&Open> = hits.iter().skip(start).take(limit).copied().collect();
        let next = hits.get(start + page.len()).map(|o| o.id.to_string());
        let sources = self.sources_json(actor, &page).await?;
        let items = page.iter().map(|o| record(o, sources.get(&o.id).cloned().unwrap_or_default())).collect();
        self.log_view(Act::of(actor, Action::TimelineViewed)).await?;
        Ok(ApiRecords { items, next, total: hits.len() as u64 })
    }

    /// One record as the API gives it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that is not there or not theirs.
    pub async fn api_record(&self, actor: &Actor, id: RecordId) -> Result<Json> {
        let vault = self.vault(actor).await?;
        let open = vault.get(id).ok_or(ServiceError::NotFound)?;
        let sources = self.sources_json(actor, &[open]).await?;
        self.log_view(Act::of(actor, Action::RecordViewed).on(id.uuid())).await?;
        Ok(record(open, sources.get(&id).cloned().unwrap_or_default()))
    }

    async fn sources_json(&self, actor: &Actor, page: &[&Open]) -> Result<HashMap<RecordId, Vec<Json>>> {
        let keys = self.profile_keys(actor).await?;
        let wanted: std::collections::HashSet<RecordId> = page.iter().map(|o| o.id).collect();
        // A whole page's sources in one read; a single record's by its own index.
        let list = match page {
            [one] => rows::list_sources_of_record(&self.0.store, actor.profile, one.id).await?,
            _ => rows::list_sources(&self.0.store, actor.profile).await?,
        };
        let mut names: HashMap<_, String> = HashMap::new();
        for d in document::list_documents(&self.0.store, actor.profile).await? {
            names.insert(d.id, Meta::open(&keys, &d)?.name);
        }
        let mut out: HashMap<RecordId, Vec<Json>> = HashMap::new();
        for s in list.into_iter().filter(|s| wanted.contains(&s.record_id)) {
            let plain = keys.open(Table::Source, "locator", s.record_id.uuid(), 1, &s.locator_sealed)?;
            let l: Locator = postcard::from_bytes(&plain)
                .map_err(|_| ServiceError::internal("locator", &"does not decode"))?;
            let name = names.get(&s.document_id).cloned().unwrap_or_default();
            let source =
                json!({ "document": s.document_id.to_string(), "name": name, "locator": locator(&l) });
            out.entry(s.record_id).or_default().push(source);
        }
        Ok(out)
    }
}

fn locator(l: &Locator) -> Json {
    match l {
        Locator::Path { path, bytes } => json!({ "path": path, "bytes": bytes.map(|(a, b)| [a, b]) }),
        Locator::Row { line, columns } => json!({ "line": line, "columns": columns }),
        Locator::Whole => json!({ "whole": true }),
        Locator::Typed => json!({ "typed": true }),
    }
}

fn record(o: &Open, sources: Vec<Json>) -> Json {
    let item = timeline::item(o, crate::Lang::En);
    let list = std::slice::from_ref(o);
    let whole = part(list, ValueRef::Record(0)).map(|(_, p)| p);
    let mut out = json!({
        "id": o.id.to_string(),
        "kind": o.record.body.kind().as_str(),
        "code": code(o.record.body.code(), &item.title),
        "effective": o.record.effective.map(|w| w.to_string()),
        "value": whole.as_ref().map(value),
        "canonical": whole.as_ref().and_then(canonical_json),
        "range": whole.as_ref().and_then(range),
        "sources": sources,
        "title": item.title,
        "detail": item.detail,
        "version": o.version,
    });
    let parts = components(o);
    if !parts.is_empty() {
        out["components"] = Json::Array(parts);
    }
    out
}

fn components(o: &Open) -> Vec<Json> {
    let keepwell_domain::record::Body::Observation(obs) = &o.record.body else { return Vec::new() };
    let list = std::slice::from_ref(o);
    (0..obs.components.len())
        .filter_map(|i| part(list, ValueRef::Component(0, u16::try_from(i).ok()?)).map(|(_, p)| p))
        .map(|p| {
            json!({
                "code": code(Some(p.code), p.code.name()),
                "value": value(&p),
                "canonical": canonical_json(&p),
                "range": range(&p),
            })
        })
        .collect()
}

fn code(c: Option<&keepwell_domain::record::Concept>, title: &str) -> Json {
    let first = c.and_then(|c| {
        c.codings.iter().find(|x| x.system == keepwell_domain::record::LOINC).or_else(|| c.codings.first())
    });
    let display = first.and_then(|x| x.display.as_deref()).unwrap_or(title);
    json!({
        "system": first.map(|x| x.system.as_str()).filter(|s| !s.is_empty()),
        "code": first.map(|x| x.code.as_str()),
        "display": display,
        "text": c.and_then(|c| c.text.as_deref()),
    })
}

fn value(p: &Part<'_>) -> Json {
    let s = shown::value(p.value);
    match p.value {
        Value::Quantity(q) => json!({
            "comparator": q.comparator.map(keepwell_domain::measure::Comparator::as_str),
            "number": q.number.as_str(),
            "text": shown::line(&s),
            "unit": q.unit.as_deref().or(q.ucum.as_deref()),
        }),
        Value::Absent(reason) => {
            json!({ "comparator": null, "number": null, "text": null, "unit": null, "absent": reason })
        }
        _ => json!({ "comparator": null, "number": null, "text": s.text, "unit": null }),
    }
}

fn canonical_json(p: &Part<'_>) -> Option<Json> {
    let Value::Quantity(q) = p.value else { return None };
    let (a, loinc) = crate::vault::analyte_of(p.code, p.unit(), p.of.specimen.as_deref())?;
    let c = keepwell_domain::analyte::canonical(a, loinc.as_deref(), q)?;
    let (text, _) = canonical(p)?;
    Some(json!({ "number": c.number, "unit": c.unit, "text": text, "loinc": a.loinc }))
}

fn range(p: &Part<'_>) -> Option<Json> {
    let r = p.range.filter(|r| !r.is_empty())?;
    let n = |x: &Option<keepwell_domain::measure::Number>| x.as_ref().map(|n| n.value());
    Some(json!({ "low": n(&r.low), "high": n(&r.high), "text": shown::range_text(r) }))
}

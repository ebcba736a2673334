//! Compares what the server holds with what it acknowledged.

use super::ledger::{Done, Person};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// How closely to look.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Files may still be waiting for their reader.
    AfterRestart,
    /// All files have been read.
    Settled,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn waits(document: &Value) -> bool {
    ["queued", "reading"].contains(&text(&document["state"]).as_str())
}

/// All faults, as sentences. What was uncertain is settled in the person's ledger.
pub fn verify(person: &mut Person, look: Look) -> Vec<String> {
    let mut faults = std::mem::take(&mut person.strange);
    let seen = (|| {
        let documents = person.client.all("/api/v1/documents")?;
        let records = person.client.all("/api/v1/records?limit=200")?;
        // Reading goes on meanwhile: a file was read before the records were listed if the list before
        // says so, and was not yet read if the list after them says so.
        let after = person.client.all("/api/v1/documents")?;
        std::io::Result::Ok((documents, records, after))
    })();
    let (documents, records, after) = match seen {
        Ok(seen) => seen,
        Err(e) => {
            faults.push(format!("the lists do not come: {e}"));
            return faults;
        }
    };
    let documents: HashMap<String, Value> = documents.into_iter().map(|d| (text(&d["id"]), d)).collect();
    let waiting: HashSet<String> = after.iter().filter(|d| waits(d)).map(|d| text(&d["id"])).collect();
    check_files(person, &documents, look, &mut faults);
    check_sources(person, &documents, &records, &waiting, look, &mut faults);
    check_typed(person, &records, &mut faults);
    faults
}

fn check_files(
    person: &mut Person,
    documents: &HashMap<String, Value>,
    look: Look,
    faults: &mut Vec<String>,
) {
    let mut known = HashSet::new();
    for entry in &mut person.files {
        let found: Vec<_> = match &entry.document {
            Some(id) => documents.get(id).into_iter().collect(),
            None => documents.values().filter(|d| d["name"] == entry.material.name.as_str()).collect(),
        };
        let name = &entry.material.name;
        match (found.len(), entry.stored, entry.deleted) {
            (0, Done::Acknowledged, Done::No) => faults.push(format!("{name}: acknowledged, but gone")),
            (1, _, Done::Acknowledged) => faults.push(format!("{name}: deleted, but there")),
            (2.., ..) => faults.push(format!("{name}: there twice")),
            _ => {}
        }
        let Some(document) = found.first() else {
            // What is not there now must not come later.
            (entry.deleted, entry.stored) = (Done::Acknowledged, Done::No);
            continue;
        };
        let id = text(&document["id"]);
        (entry.document, entry.stored, entry.deleted) = (Some(id.clone()), Done::Acknowledged, Done::No);
        if look == Look::Settled || waits(document) {
            match person.client.get(&format!("/api/v1/documents/{id}/file")) {
                Ok(file) if file.status == 200 && file.body == entry.material.bytes => {}
                Ok(file) => faults.push(format!(
                    "{name}: the original answers {} with {} bytes instead of {}",
                    file.status,
                    file.body.len(),
                    entry.material.bytes.len()
                )),
                Err(e) => faults.push(format!("{name}: the original does not come: {e}")),
            }
        }
        known.insert(id);
    }
    let strangers = documents.keys().filter(|id| !known.contains(*id)).count();
    if strangers > 0 {
        faults.push(format!("{strangers} documents that nobody uploaded"));
    }
}

fn check_sources(
    person: &Person,
    documents: &HashMap<String, Value>,
    records: &[Value],
    waiting: &HashSet<String>,
    look: Look,
    faults: &mut Vec<String>,
) {
    let mut said: HashMap<String, u64> = HashMap::new();
    for source in records.iter().flat_map(|r| r["sources"].as_array().into_iter().flatten()) {
        *said.entry(text(&source["document"])).or_default() += 1;
    }
    for (id, n) in &said {
        if !id.is_empty() && !documents.contains_key(id) {
            faults.push(format!("{n} records of a document that is gone"));
        }
    }
    for entry in &person.files {
        let Some(document) = entry.document.as_ref().and_then(|id| documents.get(id)) else { continue };
        let name = &entry.material.name;
        let has = said.get(entry.document.as_deref().unwrap()).copied().unwrap_or(0);
        let state = text(&document["state"]);
        if look == Look::Settled && waits(document) {
            faults.push(format!("{name}: still {state}"));
        }
        if waiting.contains(&text(&document["id"])) && has > 0 {
            faults.push(format!("{name}: {state}, but {has} of its records are visible"));
        }
        if state == "done" && has != entry.material.records {
            faults.push(format!("{name}: {has} of {} records", entry.material.records));
        }
        if state == "done" && document["samples"].as_u64() != Some(entry.material.samples) {
            faults.push(format!("{name}: {} of {} samples", document["samples"], entry.material.samples));
        }
        let is_junk = entry.material.records + entry.material.samples == 0;
        if state == "failed" && !is_junk {
            faults.push(format!("{name}: failed: {}", document["reason"]));
        }
    }
}

fn check_typed(person: &mut Person, records: &[Value], faults: &mut Vec<String>) {
    let typed: Vec<&Value> =
        records.iter().filter(|r| r["sources"].as_array().is_none_or(Vec::is_empty)).collect();
    let mut known = 0;
    for entry in &mut person.typed {
        let prefix = entry.value(0);
        let prefix = prefix.strip_suffix('0').unwrap();
        let found: Vec<_> = typed
            .iter()
            .filter(|r| match &entry.record {
                Some(id) => text(&r["id"]) == *id,
                None => text(&r["value"]["text"]).starts_with(prefix),
            })
            .collect();
        let n = entry.number;
        match (found.len(), entry.stored, entry.deleted) {
            (0, Done::Acknowledged, Done::No) => faults.push(format!("typed {n}: acknowledged, but gone")),
            (1, _, Done::Acknowledged) => faults.push(format!("typed {n}: deleted, but there")),
            (2.., ..) => faults.push(format!("typed {n}: there twice")),
            _ => {}
        }
        let Some(record) = found.first() else {
            (entry.deleted, entry.stored, entry.record) = (Done::Acknowledged, Done::No, None);
            // Its number is not used again, so a late arrival is found by its value.
            continue;
        };
        known += 1;
        (entry.record, entry.stored, entry.deleted) =
            (Some(text(&record["id"])), Done::Acknowledged, Done::No);
        let edits = record["version"].as_u64().unwrap_or(0).saturating_sub(1);
        if !(entry.edits.0..=entry.edits.1).contains(&edits) {
            faults.push(format!("typed {n}: {edits} edits, acknowledged {}", entry.edits.0));
        }
        let value = entry.value(edits);
        let shown = text(&record["value"]["text"]);
        if shown.split(' ').next() != Some(&value) {
            faults.push(format!("typed {n}: its value is not that of its version"));
        }
        entry.edits = (edits, edits);
    }
    if known != typed.len() {
        faults.push(format!("{} typed records that nobody typed", typed.len() - known));
    }
}

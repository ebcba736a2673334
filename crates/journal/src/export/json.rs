//! The complete journal as JSON: what holds now, for people and other programs, and every change with
//! its history, from which [`crate::import::read_journal`] makes the same journal again.

use super::ExportError;
use crate::{
    merge::{Book, Change, Stamp},
    model::{Fields, Kind, Value},
};
use keepwell_domain::time::Ts;
use serde_json::{Map, Value as Json, json};

/// What the file says it is.
pub const FORMAT: &str = "keepwell-journal";
/// The version that is written and read.
pub const JSON_VERSION: u64 = 1;

/// The journal as a JSON text. Erased entries are in it as erasures only.
///
/// # Errors
/// [`ExportError`] when it cannot be written.
pub fn journal_json(book: &Book, now: Ts) -> Result<String, ExportError> {
    let entities: Vec<Json> = book
        .entities()
        .filter(|e| e.is_live() && !Kind::is_about_devices(e.kind().as_str()))
        .map(|e| {
            let fields: Map<String, Json> =
                e.names().filter_map(|n| Some((n.to_string(), value(e.field(n.as_str())?)))).collect();
            json!({ "kind": e.kind().as_str(), "id": e.id().to_string(), "fields": fields })
        })
        .collect();
    let is_told = |c: &Change| !Kind::is_about_devices(c.kind.as_str());
    let changes: Vec<Json> = book.changes().filter(is_told).map(|c| change(&c)).collect();
    let root = json!({
        "format": FORMAT,
        "version": JSON_VERSION,
        "exported_at": now.rfc3339(),
        "entities": entities,
        "changes": changes,
    });
    serde_json::to_string(&root).map_err(|_| ExportError)
}

fn change(c: &Change) -> Json {
    let mut row = json!({
        "kind": c.kind.as_str(),
        "entity": c.entity.to_string(),
        "field": c.field.as_str(),
        "stamp": stamp(&c.stamp),
        "value": value(&c.value),
    });
    if let (Some(seen), Some(row)) = (&c.supersedes, row.as_object_mut()) {
        row.insert("supersedes".to_owned(), Json::String(stamp(seen)));
    }
    row
}

fn stamp(s: &Stamp) -> String {
    format!("{:016x}@{}", s.hlc.raw(), s.device)
}

/// A value: texts, numbers, lists and yes or no as JSON has them, an absence as `{"absent": why}`.
fn value(v: &Value) -> Json {
    match v {
        Value::Absent(why) => json!({ "absent": why.as_str() }),
        Value::Flag(b) => Json::Bool(*b),
        Value::Int(n) => json!(n),
        Value::Text(t) => Json::String(t.clone()),
        Value::List(l) => json!(l),
    }
}

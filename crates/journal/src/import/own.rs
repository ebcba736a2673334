//! Reading back a journal that this program wrote.

use super::{ImportError, text_of};
use crate::{
    export::{FORMAT, JSON_VERSION},
    merge::{Change, Hlc, Stamp},
    model::{Absence, DeviceId, EntityId, Name, Value},
};
use serde_json::Value as Json;

/// The changes of a journal file, for [`crate::merge::Author::receive`]: reading it twice changes
/// nothing, and reading it into a journal that went on merges. Rows that cannot be read are counted by
/// their place, from 1.
///
/// # Errors
/// [`ImportError`] for a file that is none, or of a newer version.
pub fn read_journal(bytes: &[u8]) -> Result<(Vec<Change>, Vec<usize>), ImportError> {
    let root: Json = serde_json::from_str(&text_of(bytes)?).map_err(|_| ImportError::Unknown)?;
    if root.get("format").and_then(Json::as_str) != Some(FORMAT) {
        return Err(ImportError::Unknown);
    }
    match root.get("version").and_then(Json::as_u64) {
        Some(v) if v == JSON_VERSION => {}
        Some(v) => return Err(ImportError::Newer(v)),
        None => return Err(ImportError::Unknown),
    }
    let rows = root.get("changes").and_then(Json::as_array).ok_or(ImportError::Unknown)?;
    let (mut changes, mut bad) = (Vec::with_capacity(rows.len()), Vec::new());
    for (i, row) in rows.iter().enumerate() {
        match change(row) {
            Some(c) => changes.push(c),
            None => bad.push(i + 1),
        }
    }
    Ok((changes, bad))
}

fn change(row: &Json) -> Option<Change> {
    let text = |key: &str| row.get(key).and_then(Json::as_str);
    Some(Change {
        kind: Name::parse(text("kind")?).ok()?,
        entity: EntityId::parse(text("entity")?).ok()?,
        field: Name::parse(text("field")?).ok()?,
        stamp: stamp(text("stamp")?)?,
        value: value(row.get("value")?)?,
        supersedes: match row.get("supersedes") {
            None | Some(Json::Null) => None,
            Some(s) => Some(stamp(s.as_str()?)?),
        },
    })
}

/// `0192f0a1b2c3d4e5@device`: the number in hexadecimal, so that texts sort as stamps do.
fn stamp(text: &str) -> Option<Stamp> {
    let (hlc, device) = text.split_once('@')?;
    let raw = u64::from_str_radix(hlc, 16).ok().filter(|_| hlc.len() == 16)?;
    Some(Stamp { hlc: Hlc::from_raw(raw)?, device: DeviceId::parse(device).ok()? })
}

fn value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Bool(b) => Value::Flag(*b),
        Json::Number(n) => Value::Int(n.as_i64()?),
        Json::String(s) => Value::Text(s.clone()),
        Json::Array(l) => {
            Value::List(l.iter().map(|t| t.as_str().map(str::to_owned)).collect::<Option<_>>()?)
        }
        Json::Object(o) => Value::Absent(Absence::parse(o.get("absent")?.as_str()?)?),
        Json::Null => return None,
    })
}

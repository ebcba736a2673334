//! One table for each kind: a row for each entity, a column for each field.

use super::ExportError;
use crate::{
    merge::{Book, Entity},
    model::{Absence, Fields, Kind, Value},
};
use std::{
    collections::BTreeSet,
    io::{Cursor, Write},
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// All tables that have a row, with their names.
///
/// # Errors
/// [`ExportError`] when one cannot be written.
pub fn csv_tables(book: &Book) -> Result<Vec<(String, String)>, ExportError> {
    let mut out = Vec::new();
    for kind in Kind::ALL.iter().filter(|k| !Kind::is_about_devices(k.as_str())) {
        if let Some(table) = csv_table(book, *kind)? {
            out.push((format!("{}.csv", kind.as_str()), table));
        }
    }
    Ok(out)
}

/// All tables in one ZIP archive, each under its name.
///
/// # Errors
/// [`ExportError`] when it cannot be written.
pub fn csv_archive(book: &Book) -> Result<Vec<u8>, ExportError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, table) in csv_tables(book)? {
        archive.start_file(name, SimpleFileOptions::default()).map_err(|_| ExportError)?;
        archive.write_all(table.as_bytes()).map_err(|_| ExportError)?;
    }
    archive.finish().map(Cursor::into_inner).map_err(|_| ExportError)
}

/// The table of a kind; `None` when there is nothing of it.
///
/// # Errors
/// [`ExportError`] when it cannot be written.
pub fn csv_table(book: &Book, kind: Kind) -> Result<Option<String>, ExportError> {
    let mut entities: Vec<&Entity> = book.of_kind(kind).filter(|e| e.is_live()).collect();
    if entities.is_empty() {
        return Ok(None);
    }
    // Oldest first, by whatever date it has.
    let date = |e: &Entity| {
        let first = ["at", "date", "on", "due_on", "said_at", "cycle_start", "started_on"];
        first.iter().find_map(|n| match e.field(n) {
            Some(Value::Text(t)) => Some(t.clone()),
            _ => None,
        })
    };
    crate::order::sort_by_key(&mut entities, |e| (date(e), e.id()));
    let names: BTreeSet<&str> =
        entities.iter().flat_map(|e| e.names().map(crate::model::Name::as_str)).collect();
    // The dates stand in front.
    let (mut columns, rest): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|n| matches!(*n, "at" | "date" | "on" | "due_on"));
    columns.extend(rest);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = ["id"].into_iter().chain(columns.iter().copied());
    writer.write_record(header).map_err(|_| ExportError)?;
    for e in entities {
        let cells = columns.iter().map(|n| e.field(n).map_or(String::new(), cell));
        let row = [e.id().to_string()].into_iter().chain(cells);
        writer.write_record(row).map_err(|_| ExportError)?;
    }
    let bytes = writer.into_inner().map_err(|_| ExportError)?;
    String::from_utf8(bytes).map(Some).map_err(|_| ExportError)
}

/// A cell. What is unknown is empty; not told and not done say so; nothing is a formula.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Absent(Absence::Unknown) => return String::new(),
        Value::Absent(why) => return format!("({})", why.as_str()),
        Value::Flag(b) => return b.to_string(),
        Value::Int(n) => return n.to_string(),
        Value::Text(t) => t.clone(),
        Value::List(l) => l.join("; "),
    };
    let is_number = text.parse::<f64>().is_ok();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number { format!("'{text}") } else { text }
}

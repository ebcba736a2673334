//! Server functions of records.
#![allow(clippy::too_many_arguments)] // one for each field of a form
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{error::AppError, wire::Ask};
use keepwell_domain::view::{Receipt, RecordView};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use keepwell_domain::view::RecordForm;

#[cfg(feature = "ssr")]
fn id(text: &str) -> Result<keepwell_domain::ids::RecordId, AppError> {
    text.parse().map_err(|_| AppError::new(crate::ErrorCode::NotFound))
}

/// One record.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "record", protocol = Ask)]
pub async fn record(record: String) -> Result<RecordView, AppError> {
    use crate::ssr;
    Ok(ssr::services()?.record(&ssr::actor()?, id(&record)?).await?)
}

/// Keeps a record typed by hand and shows it.
///
/// # Errors
/// See [`AppError`]; a refused field is named.
#[server(prefix = "/fn", endpoint = "add_record")]
pub async fn add_record(
    kind: String,
    #[server(default)] name: String,
    #[server(default)] key: String,
    #[server(default)] value: String,
    #[server(default)] unit: String,
    #[server(default)] low: String,
    #[server(default)] high: String,
    #[server(default)] date: String,
    #[server(default)] time: String,
    #[server(default)] end: String,
    #[server(default)] status: String,
    #[server(default)] detail: String,
    #[server(default)] note: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let form = RecordForm { kind, name, key, value, unit, low, high, date, time, end, status, detail, note };
    let id = ssr::services()?.add_record(&ssr::actor()?, &form).await?;
    ssr::redirect(&format!("/records/{id}"));
    Ok(())
}

/// Changes a record; the former version stays in its history.
///
/// # Errors
/// See [`AppError`]; [`crate::ErrorCode::Conflict`] when it was changed since `version`.
#[server(prefix = "/fn", endpoint = "edit_record")]
pub async fn edit_record(
    record: String,
    version: u32,
    kind: String,
    #[server(default)] name: String,
    #[server(default)] key: String,
    #[server(default)] value: String,
    #[server(default)] unit: String,
    #[server(default)] low: String,
    #[server(default)] high: String,
    #[server(default)] date: String,
    #[server(default)] time: String,
    #[server(default)] end: String,
    #[server(default)] status: String,
    #[server(default)] detail: String,
    #[server(default)] note: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let form = RecordForm { kind, name, key, value, unit, low, high, date, time, end, status, detail, note };
    let id = id(&record)?;
    ssr::services()?.edit_record(&ssr::actor()?, id, version, &form).await?;
    ssr::redirect(&format!("/records/{id}"));
    Ok(())
}

/// Deletes a record.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "delete_record")]
pub async fn delete_record(record: String) -> Result<Receipt, AppError> {
    use crate::{about::receipt_address, ssr};
    let receipt = ssr::services()?.delete_record(&ssr::actor()?, id(&record)?).await?;
    ssr::redirect(&receipt_address("record", &receipt));
    Ok(receipt)
}

/// Markers whose names fit what is being typed: (key, name, unit).
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "marker_choices", protocol = Ask)]
pub async fn marker_choices(q: String) -> Result<Vec<(String, String, String)>, AppError> {
    use crate::ssr;
    let actor = ssr::actor()?;
    Ok(ssr::services()?.analyte_choices(&q, actor.lang()))
}

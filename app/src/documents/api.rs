//! Server functions of documents. Bytes travel by `/api/v1/uploads`, see [`super::upload`].
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments

use crate::{error::AppError, wire::Ask};
use keepwell_domain::view::{DocumentRow, DocumentView, Receipt};
use leptos::prelude::*;
use std::collections::HashMap;

#[cfg(feature = "ssr")]
fn id(text: &str) -> Result<keepwell_domain::ids::DocumentId, AppError> {
    text.parse().map_err(|_| AppError::new(crate::ErrorCode::NotFound))
}

/// All documents, newest first.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "documents", protocol = Ask)]
pub async fn documents() -> Result<Vec<DocumentRow>, AppError> {
    use crate::ssr;
    Ok(ssr::services()?.documents(&ssr::actor()?).await?)
}

/// One document, with the text around the bytes `from..to` of its original.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "document", protocol = Ask)]
pub async fn document(
    document: String,
    from: Option<u64>,
    to: Option<u64>,
) -> Result<DocumentView, AppError> {
    use crate::ssr;
    Ok(ssr::services()?.document(&ssr::actor()?, id(&document)?, from.zip(to)).await?)
}

/// Answers what a file leaves open, so that reading can go on.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "answer_questions")]
pub async fn answer_questions(
    document: String,
    #[server(default)] answers: HashMap<String, String>,
) -> Result<(), AppError> {
    use crate::ssr;
    let id = id(&document)?;
    ssr::services()?.answer_questions(&ssr::actor()?, id, answers.into_iter().collect()).await?;
    ssr::redirect(&format!("/documents/{id}"));
    Ok(())
}

/// Takes back an import: the document and all that only it says.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "undo_import")]
pub async fn undo_import(document: String) -> Result<Receipt, AppError> {
    use crate::{about::receipt_address, ssr};
    let receipt = ssr::services()?.delete_document(&ssr::actor()?, id(&document)?).await?;
    ssr::redirect(&receipt_address("import", &receipt));
    Ok(receipt)
}

/// Keeps pasted text as a document, to be read like a file.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "paste_text")]
pub async fn paste_text(text: String, #[server(default)] name: String) -> Result<(), AppError> {
    use crate::{i18n::Lang, ssr};
    let actor = ssr::actor()?;
    let services = ssr::services()?;
    let t = Lang::parse(actor.lang().as_str()).texts();
    if text.trim().is_empty() {
        return Err(AppError::invalid("text", t.paste_empty));
    }
    let name = if name.trim().is_empty() { t.pasted_name } else { name.trim() };
    let ticket = services.begin_upload(&actor, name, Some(text.len() as u64)).await?;
    let mut writer = services.upload_writer(&actor, ticket.id, 0).await?;
    writer.write(text.as_bytes()).await?;
    let done = writer.finish().await?;
    ssr::redirect(&format!("/documents/{}", done.id));
    Ok(())
}

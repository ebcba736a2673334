//! Server functions of documents. Bytes travel by `/api/v1/uploads`, see [`super::upload`].
#![allow(missing_docs)] // the fields of the structs that `#[server]` makes of arguments
#![allow(clippy::too_many_arguments)] // one for each field of a form

use crate::{error::AppError, wire::Ask};
use keepwell_domain::view::{DocumentRow, DocumentView, Receipt, ReviewView};
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

/// One document, with one page of its records and the text around the bytes `from..to` of its original.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "document", protocol = Ask)]
pub async fn document(
    document: String,
    from: Option<u64>,
    to: Option<u64>,
    page: u32,
) -> Result<DocumentView, AppError> {
    use crate::ssr;
    Ok(ssr::services()?.document(&ssr::actor()?, id(&document)?, from.zip(to), page).await?)
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

/// Has a document read once more.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "read_again")]
pub async fn read_again(document: String) -> Result<(), AppError> {
    use crate::ssr;
    let id = id(&document)?;
    ssr::services()?.read_again(&ssr::actor()?, id).await?;
    ssr::redirect(&format!("/documents/{id}"));
    Ok(())
}

/// One page of a document's rows that wait for the person's word.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "review", protocol = Ask)]
pub async fn review(document: String, page: u32) -> Result<ReviewView, AppError> {
    use crate::ssr;
    Ok(ssr::services()?.review(&ssr::actor()?, id(&document)?, page).await?)
}

/// Takes the person's word on one row. `pick_date` and `pick_value` are one of two readings; a
/// typed date or value goes before them.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "decide_row")]
pub async fn decide_row(
    document: String,
    row: String,
    word: String,
    #[server(default)] page: String,
    #[server(default)] at: String,
    #[server(default)] name: String,
    #[server(default)] value: String,
    #[server(default)] unit: String,
    #[server(default)] low: String,
    #[server(default)] high: String,
    #[server(default)] date: String,
    #[server(default)] time: String,
    #[server(default)] key: String,
    #[server(default)] pick_date: String,
    #[server(default)] pick_value: String,
) -> Result<(), AppError> {
    use crate::ssr;
    use keepwell_domain::view::RecordForm;
    use keepwell_services::RowWord;
    let id = id(&document)?;
    let row = row.parse().map_err(|_| AppError::new(crate::ErrorCode::NotFound))?;
    let typed = |text: String, picked: String| if text.trim().is_empty() { picked } else { text };
    let word = match word.as_str() {
        "leave_out" => RowWord::LeaveOut,
        "put_back" => RowWord::PutBack,
        "accept" => {
            let kind = "observation".to_owned();
            let (date, value) = (typed(date, pick_date), typed(value, pick_value));
            let form =
                RecordForm { kind, name, value, unit, low, high, date, time, key, ..RecordForm::default() };
            RowWord::Accept(Some(Box::new(form)))
        }
        _ => return Err(AppError::new(crate::ErrorCode::NotFound)),
    };
    let left = ssr::services()?.decide_row(&ssr::actor()?, id, row, word).await?;
    let digits = |t: &str| t.parse::<u32>().unwrap_or(1);
    if left == 0 {
        ssr::redirect(&format!("/documents/{id}"));
    } else {
        ssr::redirect(&format!("/documents/{id}?review={}#row-{}", digits(&page), digits(&at)));
    }
    Ok(())
}

/// Accepts all rows of which only a meaning is open.
///
/// # Errors
/// See [`AppError`].
#[server(prefix = "/fn", endpoint = "accept_likely")]
pub async fn accept_likely(document: String) -> Result<(), AppError> {
    use crate::ssr;
    let (id, actor, services) = (id(&document)?, ssr::actor()?, ssr::services()?);
    services.accept_likely(&actor, id).await?;
    let waits = services.review(&actor, id, 1).await?.waiting > 0;
    ssr::redirect(&format!("/documents/{id}{}", if waits { "?review=1" } else { "" }));
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

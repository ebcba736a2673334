//! Documents: what was brought, what became of it, and the originals.

use super::{
    extract::{Body, Id},
    file,
    shapes::{DocumentDetail, DocumentShape, Documents},
};
use crate::{middleware::rights::Scoped, problem::Problem, state::AppState};
use axum::{
    Json,
    extract::State,
    response::{
        Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt};
use http::{HeaderMap, StatusCode};
use keepwell_domain::ids::DocumentId;
use keepwell_domain::scope::need::{DocumentsRead, DocumentsWrite};
use serde::Deserialize;
use std::{collections::BTreeMap, convert::Infallible, time::Duration};
use utoipa::ToSchema;

/// All documents.
#[utoipa::path(get, path = "/documents", tag = "documents", responses((status = 200, body = Documents), (status = 401, body = Problem), (status = 403, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:read"])))]
pub async fn list(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsRead>,
) -> Result<Json<Documents>, Problem> {
    let items: Vec<DocumentShape> =
        app.services.documents(&actor).await?.into_iter().map(Into::into).collect();
    Ok(Json(Documents { total: items.len() as u64, items, next: None }))
}

/// One document.
#[utoipa::path(get, path = "/documents/{id}", tag = "documents", params(("id" = String, Path,)),
    responses((status = 200, body = DocumentDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:read"])))]
pub async fn one(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsRead>,
    Id(id): Id<DocumentId>,
) -> Result<Json<DocumentDetail>, Problem> {
    let view = app.services.document(&actor, id, None, 1).await?;
    Ok(Json(DocumentDetail {
        document: view.row.into(),
        warnings: view.warnings,
        questions: view.questions.into_iter().map(Into::into).collect(),
        waiting: view.waiting,
        children: view.children.into_iter().map(Into::into).collect(),
    }))
}

/// The original, byte for byte; ranges are served.
#[utoipa::path(get, path = "/documents/{id}/file", tag = "documents", params(("id" = String, Path,)),
    responses((status = 200, content_type = "*/*"), (status = 206, content_type = "*/*"),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 416, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:read"])))]
pub async fn file(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsRead>,
    Id(id): Id<DocumentId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let file = app.services.open_file(&actor, id).await?;
    file::answer(file, &headers)
}

/// Undoes an import: the document goes, and with it the records that no other document says.
#[utoipa::path(delete, path = "/documents/{id}", tag = "documents", params(("id" = String, Path,)),
    responses((status = 200, body = super::accounts::ReceiptShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:write"])))]
pub async fn delete(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsWrite>,
    Id(id): Id<DocumentId>,
) -> Result<Json<super::accounts::ReceiptShape>, Problem> {
    Ok(Json(app.services.delete_document(&actor, id).await?.into()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// One answer for each question's key.
    answers: BTreeMap<String, String>,
}

/// Answers what a document leaves open; it is then read again.
#[utoipa::path(post, path = "/documents/{id}/answers", tag = "documents", params(("id" = String, Path,)), request_body = Answers,
    responses((status = 202), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:write"])))]
pub async fn answers(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsWrite>,
    Id(id): Id<DocumentId>,
    Body(body): Body<Answers>,
) -> Result<StatusCode, Problem> {
    app.services.answer_questions(&actor, id, body.answers.into_iter().collect()).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Has a document read once more, because reading it failed or a newer reader may do better. What
/// was corrected, deleted or decided by hand stays as it is.
#[utoipa::path(post, path = "/documents/{id}/read", tag = "documents", params(("id" = String, Path,)),
    responses((status = 202), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:write"])))]
pub async fn read_again(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsWrite>,
    Id(id): Id<DocumentId>,
) -> Result<StatusCode, Problem> {
    app.services.read_again(&actor, id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// How long one stream lasts; the browser then asks again, and is checked again.
const STREAM: Duration = Duration::from_secs(300);

/// Server-sent events (`message`), a document each, one for each change of state or progress of one's own documents.
#[utoipa::path(get, path = "/documents/events", tag = "documents",
    responses((status = 200, content_type = "text/event-stream"), (status = 401, body = Problem), (status = 403, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:read"])))]
pub async fn events(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsRead>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>, Problem> {
    let mut stop = app.stop.clone();
    let end = async move {
        tokio::select! {
            () = tokio::time::sleep(STREAM) => {}
            _ = stop.wait_for(|s| *s) => {}
        }
    };
    let changes = app.services.progress(&actor).await?.take_until(Box::pin(end));
    let events = changes.filter_map(|row| async move { Event::default().json_data(row).ok().map(Ok) });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

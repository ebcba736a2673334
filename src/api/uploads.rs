//! Files coming in: in one form, or piece by piece so that a broken connection resumes.

use super::{
    extract::{Body, Id},
    shapes::{UploadShape, UploadedList, UploadedShape},
};
use crate::{
    middleware::rights::{Scoped, Signed},
    problem::Problem,
    state::AppState,
};
use axum::{
    Json,
    body::Body as HttpBody,
    extract::{Multipart, State},
    response::{IntoResponse, Redirect, Response},
};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use http::{HeaderMap, StatusCode};
use keepwell_domain::ids::UploadId;
use keepwell_domain::scope::need::DocumentsWrite;
use keepwell_services::{Actor, UploadTicket, UploadWriter, Uploaded};
use serde::Deserialize;
use std::time::Duration;
use utoipa::ToSchema;

impl From<UploadTicket> for UploadShape {
    fn from(t: UploadTicket) -> Self {
        Self { id: t.id.to_string(), received: t.received }
    }
}
impl From<Uploaded> for UploadedShape {
    fn from(u: Uploaded) -> Self {
        Self { id: u.id.to_string(), already_there: u.already_there }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// File name.
    name: String,
    /// Bytes, when known.
    size: Option<u64>,
}

/// Begins an upload that can be resumed.
#[utoipa::path(post, path = "/uploads", tag = "uploads", request_body = Begin,
    responses((status = 201, body = UploadShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:write"])))]
pub async fn begin(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsWrite>,
    Body(body): Body<Begin>,
) -> Result<(StatusCode, Json<UploadShape>), Problem> {
    let ticket = app.services.begin_upload(&actor, &body.name, body.size).await?;
    Ok((StatusCode::CREATED, Json(ticket.into())))
}

/// How much of an upload is kept.
#[utoipa::path(get, path = "/uploads/{id}", tag = "uploads", params(("id" = String, Path,)),
    responses((status = 200, body = UploadShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:write"])))]
pub async fn state(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsWrite>,
    Id(id): Id<UploadId>,
) -> Result<Json<UploadShape>, Problem> {
    let kept: UploadShape = app.services.upload_state(&actor, id).await?.into();
    let received = app.parking.received(actor.profile(), id).unwrap_or(kept.received);
    Ok(Json(UploadShape { received, ..kept }))
}

/// Gives an upload up.
#[utoipa::path(delete, path = "/uploads/{id}", tag = "uploads", params(("id" = String, Path,)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:write"])))]
pub async fn cancel(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsWrite>,
    Id(id): Id<UploadId>,
) -> Result<StatusCode, Problem> {
    drop(app.parking.take(actor.profile(), id));
    app.services.cancel_upload(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends the next bytes. `Upload-Offset` must be what is kept; what arrived before a broken
/// connection is kept, so ask for the state and go on from there.
#[utoipa::path(patch, path = "/uploads/{id}", tag = "uploads",
    params(("id" = String, Path,), ("Upload-Offset" = u64, Header, description = "Where these bytes belong")),
    request_body(content_type = "application/octet-stream"),
    responses((status = 200, body = UploadShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:write"])))]
pub async fn append(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsWrite>,
    Id(id): Id<UploadId>,
    headers: HeaderMap,
    body: HttpBody,
) -> Result<Json<UploadShape>, Problem> {
    let offset = offset(&headers).ok_or_else(|| {
        Problem::of(StatusCode::BAD_REQUEST)
            .because("The header Upload-Offset must say where these bytes belong.")
    })?;
    let writer = writer(&app, &actor, id, offset).await?;
    // In a task of its own: a broken connection drops this future, but what arrived is to be kept.
    let kept = tokio::spawn(async move {
        let mut writer = writer;
        match pump(&mut writer, body.into_data_stream(), app.config.http.body_idle).await {
            Ok(taken) => {
                let received = offset + taken;
                app.parking.put(actor.profile(), id, writer, received);
                Ok(UploadShape { id: id.to_string(), received })
            }
            Err(fault) => {
                writer.pause().await?;
                Err(fault)
            }
        }
    });
    kept.await.map_err(|_| Problem::of(StatusCode::INTERNAL_SERVER_ERROR))?.map(Json)
}

/// The writer that waits for these bytes, or a new one behind what is on disk.
async fn writer(app: &AppState, actor: &Actor, id: UploadId, offset: u64) -> Result<UploadWriter, Problem> {
    match app.parking.take(actor.profile(), id) {
        Some(parked) if parked.received == offset => Ok(parked.writer),
        Some(parked) => {
            // Whoever sends something else has to ask first; what is here stays as it was.
            app.parking.put(actor.profile(), id, parked.writer, parked.received);
            Err(Problem::of(StatusCode::CONFLICT)
                .because("These bytes do not follow what is kept; ask for the state of the upload."))
        }
        None => Ok(app.services.upload_writer(actor, id, offset).await?),
    }
}

/// Ends an upload; the file is on disk and queued for reading when this answers. The last bytes may
/// come with it, `Upload-Offset` then saying where they belong.
#[utoipa::path(post, path = "/uploads/{id}/finish", tag = "uploads",
    params(("id" = String, Path,), ("Upload-Offset" = Option<u64>, Header, description = "Where the bytes of the body belong")),
    request_body(content_type = "application/octet-stream"),
    responses((status = 202, body = UploadedShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:write"])))]
pub async fn finish(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsWrite>,
    Id(id): Id<UploadId>,
    headers: HeaderMap,
    body: HttpBody,
) -> Result<(StatusCode, Json<UploadedShape>), Problem> {
    let at = match offset(&headers) {
        Some(at) => at,
        None => match app.parking.received(actor.profile(), id) {
            Some(at) => at,
            None => app.services.upload_state(&actor, id).await?.received,
        },
    };
    let writer = writer(&app, &actor, id, at).await?;
    let ended = tokio::spawn(async move {
        let mut writer = writer;
        match pump(&mut writer, body.into_data_stream(), app.config.http.body_idle).await {
            Ok(_) => Ok(writer.finish().await?),
            Err(fault) => {
                writer.pause().await?;
                Err(fault)
            }
        }
    });
    let uploaded = ended.await.map_err(|_| Problem::of(StatusCode::INTERNAL_SERVER_ERROR))??;
    Ok((StatusCode::ACCEPTED, Json(uploaded.into())))
}

fn offset(headers: &HeaderMap) -> Option<u64> {
    headers.get("upload-offset")?.to_str().ok()?.parse().ok()
}

/// Uploads one or many files in one form (`multipart/form-data`).
#[utoipa::path(post, path = "/documents", tag = "documents",
    request_body(content_type = "multipart/form-data", description = "Parts with a file name are files; their field name does not matter."),
    responses((status = 202, body = UploadedList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["documents:write"])))]
pub async fn multipart(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<DocumentsWrite>,
    form: Multipart,
) -> Result<(StatusCode, Json<UploadedList>), Problem> {
    let items: Vec<UploadedShape> =
        take_form(&app, &actor, form).await?.into_iter().map(Into::into).collect();
    let Some(first) = items.first() else { return Err(nothing()) };
    Ok((StatusCode::ACCEPTED, Json(UploadedList { id: first.id.clone(), items })))
}

/// The same for a plain form without script: leads on to the Documents page.
pub async fn plain_form(
    State(app): State<AppState>,
    signed: Result<Signed, Problem>,
    form: Multipart,
) -> Response {
    let Ok(Signed(actor)) = signed else { return Redirect::to("/login").into_response() };
    match take_form(&app, &actor, form).await {
        Ok(_) => Redirect::to("/documents").into_response(),
        Err(problem) => problem.as_text(),
    }
}

fn nothing() -> Problem {
    Problem::of(StatusCode::UNPROCESSABLE_ENTITY).because("There was no file in the form.")
}

async fn take_form(app: &AppState, actor: &Actor, mut form: Multipart) -> Result<Vec<Uploaded>, Problem> {
    let idle = app.config.http.body_idle;
    let mut done = Vec::new();
    loop {
        let next = tokio::time::timeout(idle, form.next_field()).await.map_err(|_| slow())?;
        let Some(field) = next.map_err(|e| Problem::of(e.status()))? else { return Ok(done) };
        let Some(name) = field.file_name().map(str::to_owned) else {
            return Err(Problem::of(StatusCode::UNPROCESSABLE_ENTITY)
                .because("The form has a field that is no file; only files are taken."));
        };
        // A browser sends an empty part for a picker in which nothing was chosen.
        if name.is_empty() {
            continue;
        }
        if done.len() >= app.config.uploads.max_files {
            return Err(
                Problem::of(StatusCode::PAYLOAD_TOO_LARGE).because("There are too many files in one form.")
            );
        }
        let ticket = app.services.begin_upload(actor, &name, None).await?;
        let mut writer = app.services.upload_writer(actor, ticket.id, 0).await?;
        let bytes = field.map(|chunk| chunk.map_err(|e| e.status()));
        if let Err(problem) = pump(&mut writer, bytes, idle).await {
            drop(writer);
            let _ = app.services.cancel_upload(actor, ticket.id).await;
            return Err(problem);
        }
        match writer.finish().await {
            Ok(uploaded) => done.push(uploaded),
            Err(e) => {
                // Nobody could go on with it; what it holds is room that others need.
                let _ = app.services.cancel_upload(actor, ticket.id).await;
                return Err(e.into());
            }
        }
    }
}

fn slow() -> Problem {
    Problem::of(StatusCode::REQUEST_TIMEOUT).because("Nothing arrived for too long.")
}

trait Fault {
    fn status(&self) -> StatusCode;
}
impl Fault for StatusCode {
    fn status(&self) -> StatusCode {
        *self
    }
}
impl Fault for axum::Error {
    fn status(&self) -> StatusCode {
        StatusCode::BAD_REQUEST
    }
}

/// Moves bytes as they come; memory stays flat whatever their number. Answers how many.
async fn pump<E: Fault>(
    writer: &mut UploadWriter,
    bytes: impl Stream<Item = Result<Bytes, E>>,
    idle: Duration,
) -> Result<u64, Problem> {
    let mut taken = 0;
    let mut bytes = std::pin::pin!(bytes);
    while let Some(chunk) = tokio::time::timeout(idle, bytes.next()).await.map_err(|_| slow())? {
        let chunk = chunk.map_err(|e| Problem::of(e.status()).because("The file did not arrive whole."))?;
        writer.write(&chunk).await?;
        taken += chunk.len() as u64;
    }
    Ok(taken)
}

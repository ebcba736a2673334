//! What lies in a vault: pages, objects, statements, compaction, live news.

use super::{VaultPath, answer, body, missing, vault, vaults::STATEMENT_BODY};
use crate::{
    api::extract::{Id, Params},
    middleware::rights::Signed,
    problem::Problem,
    state::AppState,
};
use axum::{
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    response::{
        Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt};
use http::{HeaderMap, StatusCode};
use keepwell_journal::{
    sync::wire::{Compact, MAX_PUSH, PostStatement, Push, Stored},
    vault::DeviceId,
};
use serde::Deserialize;
use std::{convert::Infallible, time::Duration};
use utoipa::IntoParams;

/// Bytes of a push beside its objects.
const ROOM: usize = 4 << 10;
/// Bytes of the word that a snapshot stands for others.
const COMPACT: usize = 16 << 10;
/// How long one stream of news lasts; the device then asks again, and is checked again.
const STREAM: Duration = Duration::from_secs(3600);
/// Between two signs of life.
const ALIVE: Duration = Duration::from_secs(25);

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ItemsParams {
    /// After this place; from the first when left out.
    #[serde(default)]
    after: u64,
    /// At most so many bytes, but for a single item; 1 MiB when left out, never more than 4 MiB.
    bytes: Option<usize>,
    /// The asking device: its own objects come without their sealed part.
    device: Option<String>,
}

/// What comes after a place, in the order of the vault (`Page`).
#[utoipa::path(get, path = "/journal/vaults/{id}/items", tag = "journal", params(("id" = String, Path,), ItemsParams),
    responses((status = 200, content_type = "application/vnd.keepwell.journal.v1"), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn items(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(VaultPath(vault)): Id<VaultPath>,
    Params(p): Params<ItemsParams>,
) -> Result<Response, Problem> {
    let bad = || Problem::invalid("device", "must be 32 hexadecimal digits");
    let device = p.device.as_deref().map(|text| DeviceId::parse(text).ok_or_else(bad)).transpose()?;
    let page = app.services.journal_page(&actor, vault, p.after, p.bytes, device).await?;
    answer(StatusCode::OK, &page)
}

/// One object (`Item`).
#[utoipa::path(get, path = "/journal/vaults/{id}/objects/{device}/{seq}", tag = "journal",
    params(("id" = String, Path,), ("device" = String, Path,), ("seq" = u64, Path,)),
    responses((status = 200, content_type = "application/vnd.keepwell.journal.v1"), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn object(
    State(app): State<AppState>,
    Signed(actor): Signed,
    path: Result<Path<(String, String, u64)>, PathRejection>,
) -> Result<Response, Problem> {
    let Path((id, device, seq)) = path.map_err(|_| missing())?;
    let device = DeviceId::parse(&device).ok_or_else(missing)?;
    let item = app.services.journal_object(&actor, vault(&id)?, device, seq).await?;
    answer(StatusCode::OK, &item)
}

/// Stores consecutive objects of one device, all or none (`Push` → `Stored`). 409 when its chain, or the vault's
/// statements, are elsewhere by now.
#[utoipa::path(post, path = "/journal/vaults/{id}/objects", tag = "journal", params(("id" = String, Path,)),
    request_body(content_type = "application/vnd.keepwell.journal.v1"),
    responses((status = 200, content_type = "application/vnd.keepwell.journal.v1"), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem),
        (status = 507, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn push(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(VaultPath(vault)): Id<VaultPath>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    app.services.journal_reaches(&actor, vault).await?;
    let push: Push = body::read(&headers, body, MAX_PUSH + ROOM, app.config.http.body_idle).await?;
    let order = app.services.journal_push(&actor, vault, &push).await?;
    answer(StatusCode::OK, &Stored { order })
}

/// Stores a statement, if its author has seen everything (`PostStatement` → `Stored`).
#[utoipa::path(post, path = "/journal/vaults/{id}/statements", tag = "journal", params(("id" = String, Path,)),
    request_body(content_type = "application/vnd.keepwell.journal.v1"),
    responses((status = 200, content_type = "application/vnd.keepwell.journal.v1"), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem),
        (status = 507, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn state(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(VaultPath(vault)): Id<VaultPath>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    app.services.journal_reaches(&actor, vault).await?;
    let post: PostStatement = body::read(&headers, body, STATEMENT_BODY, app.config.http.body_idle).await?;
    let order = app.services.journal_state(&actor, vault, &post).await?;
    answer(StatusCode::OK, &Stored { order })
}

/// Deletes the objects for which a snapshot stands (`Compact` → `Compacted`).
#[utoipa::path(post, path = "/journal/vaults/{id}/compact", tag = "journal", params(("id" = String, Path,)),
    request_body(content_type = "application/vnd.keepwell.journal.v1"),
    responses((status = 200, content_type = "application/vnd.keepwell.journal.v1"), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn compact(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(VaultPath(vault)): Id<VaultPath>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    app.services.journal_reaches(&actor, vault).await?;
    let compact: Compact = body::read(&headers, body, COMPACT, app.config.http.body_idle).await?;
    answer(StatusCode::OK, &app.services.journal_compact(&actor, vault, &compact).await?)
}

/// Server-sent events (`order`): the place of the newest item, at once and after every change.
#[utoipa::path(get, path = "/journal/vaults/{id}/events", tag = "journal", params(("id" = String, Path,)),
    responses((status = 200, content_type = "text/event-stream"), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn news(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(VaultPath(vault)): Id<VaultPath>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>, Problem> {
    let mut stop = app.stop.clone();
    let end = async move {
        tokio::select! {
            () = tokio::time::sleep(STREAM) => {}
            _ = stop.wait_for(|s| *s) => {}
        }
    };
    let orders = app.services.journal_events(&actor, vault).await?.take_until(Box::pin(end));
    let events = orders.map(|order| Ok(Event::default().event("order").data(order.to_string())));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)))
}

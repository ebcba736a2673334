//! Vaults: listed, begun, looked at, deleted.

use super::{VaultPath, answer, body};
use crate::{api::extract::Id, middleware::rights::Signed, problem::Problem, state::AppState};
use axum::{body::Body, extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use keepwell_journal::sync::wire::{Found, MAX_STATEMENT, Stored};

/// Bytes of a body with a statement.
pub(super) const STATEMENT_BODY: usize = MAX_STATEMENT + (1 << 10);

/// The vaults that the account reaches, its own first (`VaultList`).
#[utoipa::path(get, path = "/journal/vaults", tag = "journal",
    responses((status = 200, content_type = "application/vnd.keepwell.journal.v1"), (status = 401, body = Problem), (status = 403, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn vaults(State(app): State<AppState>, Signed(actor): Signed) -> Result<Response, Problem> {
    answer(StatusCode::OK, &app.services.journal_vaults(&actor).await?)
}

/// Begins to keep a vault (`Found` → `Stored`). Its id is chosen by the device, and never taken twice.
#[utoipa::path(post, path = "/journal/vaults", tag = "journal",
    request_body(content_type = "application/vnd.keepwell.journal.v1"),
    responses((status = 201, content_type = "application/vnd.keepwell.journal.v1"), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 507, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn found(
    State(app): State<AppState>,
    Signed(actor): Signed,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let found: Found = body::read(&headers, body, STATEMENT_BODY, app.config.http.body_idle).await?;
    let order = app.services.journal_found(&actor, &found).await?;
    answer(StatusCode::CREATED, &Stored { order })
}

/// All statements of a vault, and where it stands (`VaultInfo`).
#[utoipa::path(get, path = "/journal/vaults/{id}", tag = "journal", params(("id" = String, Path,)),
    responses((status = 200, content_type = "application/vnd.keepwell.journal.v1"), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn info(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(VaultPath(vault)): Id<VaultPath>,
) -> Result<Response, Problem> {
    answer(StatusCode::OK, &app.services.journal_info(&actor, vault).await?)
}

/// Deletes a vault with everything of it, for good (`Receipt`). Only who founded it can.
#[utoipa::path(delete, path = "/journal/vaults/{id}", tag = "journal", params(("id" = String, Path,)),
    responses((status = 200, content_type = "application/vnd.keepwell.journal.v1"), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn delete(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(VaultPath(vault)): Id<VaultPath>,
) -> Result<Response, Problem> {
    answer(StatusCode::OK, &app.services.journal_delete(&actor, vault).await?)
}

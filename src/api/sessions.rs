//! The person's own sessions.

use crate::{middleware::rights::Signed, problem::Problem, state::AppState};
use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use keepwell_domain::view::SessionView;
use serde::Serialize;
use utoipa::ToSchema;

/// A signed-in browser or program.
#[derive(Serialize, ToSchema)]
pub struct SessionEntryShape {
    /// By which it is ended; not its secret.
    id: String,
    /// Browser and system in words.
    device: String,
    /// Part of the network at sign-in, such as `192.0.2.0/24`; empty for the server's own machine.
    area: String,
    /// When it began, RFC 3339.
    created: String,
    /// When it was last used, to the minute, RFC 3339.
    last_seen: String,
    /// Whether it is the one that asks.
    current: bool,
}

impl From<SessionView> for SessionEntryShape {
    fn from(s: SessionView) -> Self {
        Self {
            id: s.id,
            device: s.device,
            area: s.place,
            created: s.created.rfc3339(),
            last_seen: s.last_seen.rfc3339(),
            current: s.current,
        }
    }
}

/// All of them.
#[derive(Serialize, ToSchema)]
pub struct SessionsShape {
    /// Newest first.
    items: Vec<SessionEntryShape>,
}

/// Lists the sessions of the account.
#[utoipa::path(get, path = "/sessions", tag = "account",
    responses((status = 200, body = SessionsShape), (status = 401, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn list(
    State(app): State<AppState>,
    Signed(actor): Signed,
) -> Result<Json<SessionsShape>, Problem> {
    let items = app.services.sessions(&actor).await?;
    Ok(Json(SessionsShape { items: items.into_iter().map(Into::into).collect() }))
}

/// Ends every session but this one.
#[utoipa::path(delete, path = "/sessions", tag = "account",
    responses((status = 204), (status = 401, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn end_others(State(app): State<AppState>, Signed(actor): Signed) -> Result<StatusCode, Problem> {
    app.services.end_other_sessions(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one session.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "account", params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn end(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.services.end_session(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

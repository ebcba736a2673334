//! Personal access tokens. Only somebody who signed in makes, sees and revokes them.

use super::extract::{Body, Id};
use crate::{middleware::rights::Signed, problem::Problem, state::AppState};
use axum::{Json, extract::State};
use http::StatusCode;
use keepwell_domain::{
    ids::AccessTokenId,
    scope::{Scope, Scopes, TokenLife},
    view::TokenView,
};
use keepwell_services::NewToken;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A token, without itself.
#[derive(Serialize, ToSchema)]
pub struct TokenShape {
    /// Id.
    id: String,
    /// Name.
    name: String,
    /// What it may do.
    scopes: Vec<&'static str>,
    /// The one profile for which it is good; none for all.
    profile: Option<String>,
    /// When it was made, RFC 3339.
    created: String,
    /// When it ends, RFC 3339.
    expires: String,
    /// Whether it has ended by its time.
    expired: bool,
    /// When it was last used, to the minute, RFC 3339.
    last_used: Option<String>,
}

impl From<TokenView> for TokenShape {
    fn from(t: TokenView) -> Self {
        Self {
            id: t.id.to_string(),
            name: t.name,
            scopes: t.scopes.into_iter().map(Scope::as_str).collect(),
            profile: t.profile.map(|p| p.to_string()),
            created: t.created.rfc3339(),
            expires: t.expires.rfc3339(),
            expired: t.is_expired,
            last_used: t.last_used.map(|at| at.rfc3339()),
        }
    }
}

/// The tokens of a login.
#[derive(Serialize, ToSchema)]
pub struct Tokens {
    /// Tokens, newest first.
    items: Vec<TokenShape>,
    /// Always none: this is all.
    next: Option<String>,
    /// How many.
    total: u64,
}

/// All tokens, without themselves.
#[utoipa::path(get, path = "/tokens", tag = "tokens",
    responses((status = 200, body = Tokens), (status = 401, body = Problem), (status = 403, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn list(State(app): State<AppState>, Signed(actor): Signed) -> Result<Json<Tokens>, Problem> {
    let items: Vec<TokenShape> = app.services.tokens(&actor).await?.into_iter().map(Into::into).collect();
    Ok(Json(Tokens { total: items.len() as u64, items, next: None }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenForm {
    /// What you call it, at most 80 characters.
    name: String,
    /// What it may do: `records:read`, `records:write`, `documents:read`, `documents:write`, `export`, `audit:read`, `ask`.
    scopes: Vec<String>,
    /// Days until it ends: 7, 30, 90 or 365.
    days: u16,
    /// The one profile for which it is good; all when left out.
    profile: Option<String>,
}

/// A token that was just made.
#[derive(Serialize, ToSchema)]
pub struct MadeShape {
    /// The token itself, `kw_pat_…`. It is shown this once and kept nowhere.
    token: String,
    /// How it stands in the list.
    #[serde(flatten)]
    shape: TokenShape,
}

/// Makes a token.
#[utoipa::path(post, path = "/tokens", tag = "tokens", request_body = TokenForm,
    responses((status = 201, body = MadeShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn create(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Body(body): Body<TokenForm>,
) -> Result<(StatusCode, Json<MadeShape>), Problem> {
    let known = || {
        let all: Vec<&str> = Scope::ALL.iter().map(|s| s.as_str()).collect();
        Problem::invalid("scopes", format!("must be at least one among {}", all.join(", ")))
    };
    let scopes: Option<Vec<Scope>> = body.scopes.iter().map(|s| Scope::parse(s)).collect();
    let scopes = scopes.and_then(Scopes::of).ok_or_else(known)?;
    let life =
        TokenLife::of_days(body.days).ok_or_else(|| Problem::invalid("days", "must be 7, 30, 90 or 365"))?;
    // What is no id is not there, like any other profile that is not there.
    let profile = body.profile.as_deref().map(str::parse).transpose();
    let profile = profile.map_err(|_| Problem::of(StatusCode::NOT_FOUND))?;
    let new = NewToken { name: &body.name, scopes, profile, life };
    let made = app.services.create_token(&actor, &new).await?;
    let token = made.reveal().to_owned();
    Ok((StatusCode::CREATED, Json(MadeShape { token, shape: made.view.into() })))
}

/// How many tokens were revoked.
#[derive(Serialize, ToSchema)]
pub struct Revoked {
    /// How many.
    revoked: u64,
}

/// Revokes all tokens.
#[utoipa::path(delete, path = "/tokens", tag = "tokens",
    responses((status = 200, body = Revoked), (status = 401, body = Problem), (status = 403, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn revoke_all(
    State(app): State<AppState>,
    Signed(actor): Signed,
) -> Result<Json<Revoked>, Problem> {
    Ok(Json(Revoked { revoked: app.services.revoke_all_tokens(&actor).await? }))
}

/// Revokes a token: whoever holds it is refused from the next request on.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens", params(("id" = String, Path,)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn revoke(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(id): Id<AccessTokenId>,
) -> Result<StatusCode, Problem> {
    app.services.revoke_token(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

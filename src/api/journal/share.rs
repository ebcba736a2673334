//! Letting another account reach a vault, and shutting it out again.

use super::{VaultPath, missing, vault};
use crate::{
    api::extract::{Body, Id},
    middleware::rights::Signed,
    problem::Problem,
    state::AppState,
};
use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use keepwell_services::journal::MemberView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteBody {
    /// Whether whoever comes may write.
    may_write: bool,
}

/// A code, shown once.
#[derive(Serialize, ToSchema)]
pub struct JournalInviteShape {
    /// It goes from device to device, beside the ticket that pairs them.
    code: String,
    /// Until when it is good, RFC 3339.
    expires: String,
}

/// Makes a code with which one other account comes to a vault; good for a day and once, and the one before it no more.
#[utoipa::path(post, path = "/journal/vaults/{id}/invites", tag = "journal", params(("id" = String, Path,)), request_body = InviteBody,
    responses((status = 201, body = JournalInviteShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn invite(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(VaultPath(vault)): Id<VaultPath>,
    Body(body): Body<InviteBody>,
) -> Result<(StatusCode, Json<JournalInviteShape>), Problem> {
    let made = app.services.journal_invite(&actor, vault, body.may_write).await?;
    let shape = JournalInviteShape { code: made.reveal().to_owned(), expires: made.expires.rfc3339() };
    Ok((StatusCode::CREATED, Json(shape)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinBody {
    /// The code.
    code: String,
}

/// What a code led to.
#[derive(Serialize, ToSchema)]
pub struct JoinedShape {
    /// The vault.
    vault: String,
    /// Whether one may write there.
    may_write: bool,
}

/// Comes to the vault of a code.
#[utoipa::path(post, path = "/journal/join", tag = "journal", request_body = JoinBody,
    responses((status = 200, body = JoinedShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 413, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn join(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Body(body): Body<JoinBody>,
) -> Result<Json<JoinedShape>, Problem> {
    let (vault, may_write) = app.services.journal_join(&actor, &body.code).await?;
    Ok(Json(JoinedShape { vault: vault.to_string(), may_write }))
}

/// Another account that reaches a vault. Who it is, is not said.
#[derive(Serialize, ToSchema)]
pub struct VaultMember {
    /// Its id in this vault.
    id: String,
    /// Whether it may write.
    may_write: bool,
    /// Since when, RFC 3339.
    since: String,
    /// Whether it is the one who asks.
    is_self: bool,
}

impl From<MemberView> for VaultMember {
    fn from(m: MemberView) -> Self {
        Self { id: m.id.to_string(), may_write: m.may_write, since: m.since.rfc3339(), is_self: m.is_self }
    }
}

/// The other accounts.
#[derive(Serialize, ToSchema)]
pub struct VaultMembers {
    /// In the order in which they came.
    items: Vec<VaultMember>,
}

/// The other accounts that reach a vault.
#[utoipa::path(get, path = "/journal/vaults/{id}/members", tag = "journal", params(("id" = String, Path,)),
    responses((status = 200, body = VaultMembers), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn members(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(VaultPath(vault)): Id<VaultPath>,
) -> Result<Json<VaultMembers>, Problem> {
    let items = app.services.journal_members(&actor, vault).await?.into_iter().map(Into::into).collect();
    Ok(Json(VaultMembers { items }))
}

/// Shuts an account out of a vault, or leaves it.
#[utoipa::path(delete, path = "/journal/vaults/{id}/members/{member}", tag = "journal",
    params(("id" = String, Path,), ("member" = String, Path,)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn remove_member(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Path((id, member)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let member = member.parse().map_err(|_| missing())?;
    app.services.journal_remove_member(&actor, vault(&id)?, member).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! The profiles of a login: who there is, and their coming and going.

use super::{
    accounts::ReceiptShape,
    extract::{Body, Id},
};
use crate::{
    middleware::rights::{Scoped, Signed},
    problem::Problem,
    state::AppState,
};
use axum::{Json, extract::State};
use http::StatusCode;
use keepwell_domain::{ids::ProfileId, profile::Relation, scope::need::AnyToken, view::ProfileRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A person under the login.
#[derive(Serialize, ToSchema)]
pub struct ProfileShape {
    /// Id.
    id: String,
    /// Name.
    name: String,
    /// `self`, `child`, `parent`, `partner` or `other`.
    relation: &'static str,
    /// Whether it is the demo person, who is made up.
    demo: bool,
}

impl From<&ProfileRef> for ProfileShape {
    fn from(p: &ProfileRef) -> Self {
        Self { id: p.id.to_string(), name: p.name.clone(), relation: p.relation.as_str(), demo: p.is_demo }
    }
}

/// The profiles of a login.
#[derive(Serialize, ToSchema)]
pub struct Profiles {
    /// Profiles, oldest first.
    items: Vec<ProfileShape>,
    /// Always none: this is all.
    next: Option<String>,
    /// How many.
    total: u64,
}

/// All profiles; for a token that is bound to one, that one.
#[utoipa::path(get, path = "/profiles", tag = "profiles", responses((status = 200, body = Profiles), (status = 401, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = [])))]
pub async fn list(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<AnyToken>,
) -> Result<Json<Profiles>, Problem> {
    let me = app.services.me(&actor).await?;
    let items: Vec<ProfileShape> = me.profiles.iter().map(Into::into).collect();
    Ok(Json(Profiles { total: items.len() as u64, items, next: None }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProfile {
    /// What the person is called, at most 80 characters.
    name: String,
    /// `self`, `child`, `parent`, `partner` or `other`.
    relation: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileChange {
    /// Another name.
    name: Option<String>,
    /// Another relation.
    relation: Option<String>,
}

fn relation(code: &str) -> Result<Relation, Problem> {
    Relation::parse(code).ok_or_else(|| {
        let known = Relation::ALL.map(Relation::as_str).join(", ");
        Problem::invalid("relation", format!("must be among {known}"))
    })
}

/// The id of a new profile.
#[derive(Serialize, ToSchema)]
pub struct CreatedProfile {
    /// Id.
    id: String,
}

/// Makes a profile, with a data key of its own.
#[utoipa::path(post, path = "/profiles", tag = "profiles", request_body = NewProfile,
    responses((status = 201, body = CreatedProfile), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn create(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Body(body): Body<NewProfile>,
) -> Result<(StatusCode, Json<CreatedProfile>), Problem> {
    let id = app.services.create_profile(&actor, &body.name, relation(&body.relation)?).await?;
    Ok((StatusCode::CREATED, Json(CreatedProfile { id: id.to_string() })))
}

/// Renames a profile, or says otherwise who it is.
#[utoipa::path(patch, path = "/profiles/{id}", tag = "profiles", params(("id" = String, Path,)), request_body = ProfileChange,
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn change(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(id): Id<ProfileId>,
    Body(body): Body<ProfileChange>,
) -> Result<StatusCode, Problem> {
    let relation = body.relation.as_deref().map(relation).transpose()?;
    app.services.change_profile(&actor, id, body.name.as_deref(), relation).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteProfile {
    /// The password, as a fresh proof.
    #[serde(default)]
    password: String,
}

/// Deletes a profile: its key first, then everything sealed with it. The last one of one's own stays:
/// delete the account instead.
#[utoipa::path(delete, path = "/profiles/{id}", tag = "profiles", params(("id" = String, Path,)), request_body = DeleteProfile,
    responses((status = 200, body = ReceiptShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn delete(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(id): Id<ProfileId>,
    Body(body): Body<DeleteProfile>,
) -> Result<Json<ReceiptShape>, Problem> {
    Ok(Json(app.services.delete_profile(&actor, id, &body.password).await?.into()))
}

//! Accounts: finding one, its facts, and what is done to it.

use crate::{
    api::extract::{Body, Id},
    middleware::rights::{Administering, Supporting},
    problem::Problem,
    state::AppState,
};
use axum::{Json, extract::State};
use http::StatusCode;
use keepwell_domain::{
    ids::AccountId,
    people::{PersonAct, PersonView},
    role::Role,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What to look for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// An address or an id, written out in full.
    wanted: String,
}

/// An account that was found.
#[derive(Serialize, ToSchema)]
pub struct Found {
    /// Its id.
    id: String,
}

/// Finds the account of exactly this address or id. Every try is logged.
#[utoipa::path(post, path = "/admin/people/find", tag = "admin", request_body = Wanted,
    responses((status = 200, body = Found), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn find(
    State(app): State<AppState>,
    Supporting(by): Supporting,
    Body(body): Body<Wanted>,
) -> Result<Json<Found>, Problem> {
    let id = app.services.find_person(&by, &body.wanted).await?;
    Ok(Json(Found { id: id.to_string() }))
}

/// Facts of an account; counts are rounded up.
#[derive(Serialize, ToSchema)]
pub struct PersonShape {
    /// Id.
    id: String,
    /// The address, all but its first letter and its host left out.
    email: String,
    /// `person`, `support`, `admin` or `auditor`.
    role: &'static str,
    /// Whether nobody is let in.
    suspended: bool,
    /// The day on which it was made.
    created: String,
    /// The day of the last sign-in that is still known.
    signed_in: Option<String>,
    /// Whether the address was confirmed; none where addresses are not.
    confirmed: Option<bool>,
    /// Whether a second factor is in force.
    second_factor: bool,
    /// Live sessions.
    sessions: u32,
    /// Profiles, oldest first; for administrators only.
    profiles: Vec<String>,
    /// Megabytes of sealed files, rounded up.
    megabytes: u64,
    /// Documents, rounded up.
    documents: u64,
    /// Records, rounded up.
    records: u64,
    /// When the account is due to be deleted, RFC 3339.
    deletion_due: Option<String>,
    /// What the caller may do to it now.
    acts: Vec<&'static str>,
}

impl From<PersonView> for PersonShape {
    fn from(p: PersonView) -> Self {
        Self {
            id: p.id.to_string(),
            email: p.email,
            role: p.role.as_str(),
            suspended: p.is_suspended,
            created: p.created.to_string(),
            signed_in: p.signed_in.map(|d| d.to_string()),
            confirmed: p.is_confirmed,
            second_factor: p.has_factor,
            sessions: p.sessions,
            profiles: p.profiles.iter().map(ToString::to_string).collect(),
            megabytes: p.megabytes,
            documents: p.documents,
            records: p.records,
            deletion_due: p.due.map(|d| d.rfc3339()),
            acts: p.acts.into_iter().map(PersonAct::as_str).collect(),
        }
    }
}

/// Facts of an account: nothing of what it keeps. The look stands in its person's log.
#[utoipa::path(get, path = "/admin/people/{id}", tag = "admin", params(("id" = String, Path,)),
    responses((status = 200, body = PersonShape), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn one(
    State(app): State<AppState>,
    Supporting(by): Supporting,
    Id(id): Id<AccountId>,
) -> Result<Json<PersonShape>, Problem> {
    Ok(Json(app.services.person_facts(&by, id).await?.into()))
}

/// Something that is done to an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActForm {
    /// `end_sessions`, `force_reset`; for administrators also `suspend`, `lift`, `change_role`, `delete`, `keep`.
    act: String,
    /// Why, 10 to 500 characters. Its person reads it.
    reason: String,
    /// With `change_role`: `person`, `support`, `admin` or `auditor`.
    role: Option<String>,
}

/// Does something to an account. Its person is told at once; wants a proof not older than ten minutes.
#[utoipa::path(post, path = "/admin/people/{id}/acts", tag = "admin", params(("id" = String, Path,)), request_body = ActForm,
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn act(
    State(app): State<AppState>,
    Supporting(by): Supporting,
    admin: Option<Administering>,
    Id(id): Id<AccountId>,
    Body(body): Body<ActForm>,
) -> Result<StatusCode, Problem> {
    let s = &app.services;
    let unknown = || Problem::invalid("act", "is none of those in /api/v1/openapi.json");
    let act = PersonAct::parse(&body.act).ok_or_else(unknown)?;
    let missing = || Problem::from(keepwell_services::ServiceError::NotFound);
    let admin = || admin.as_ref().map(|a| &a.0).ok_or_else(missing);
    let why = &body.reason;
    match act {
        PersonAct::EndSessions => s.end_sessions_of(&by, id, why).await?,
        PersonAct::ForceReset => s.force_reset(&by, id, why).await?,
        PersonAct::Suspend => s.suspend(admin()?, id, why).await?,
        PersonAct::Lift => s.lift(admin()?, id, why).await?,
        PersonAct::ChangeRole => {
            let role = body.role.as_deref().and_then(Role::parse);
            let role =
                role.ok_or_else(|| Problem::invalid("role", "must be person, support, admin or auditor"))?;
            s.change_role(admin()?, id, role, why).await?;
        }
        PersonAct::Delete => s.announce_deletion(admin()?, id, why).await?,
        PersonAct::Keep => s.drop_deletion(admin()?, id, why).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

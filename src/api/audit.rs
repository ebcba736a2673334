//! One's own log, and the proofs that it is whole.

use super::extract::{Id, Params};
use crate::{middleware::rights::Scoped, problem::Problem, state::AppState};
use axum::{Json, extract::State};
use base64::{Engine, prelude::BASE64_STANDARD};
use keepwell_domain::{
    access::{LogItem, LogQuery, PAGE_MAX},
    act::{ActBy, ActKind, ActOutcome},
    ids::AuditId,
    scope::need::AuditRead,
    time::Date,
};
use keepwell_services::audit::{Head, Proven};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// One entry of one's own log.
#[derive(Serialize, ToSchema)]
pub struct Entry {
    /// Id.
    id: String,
    /// Its place in the log, from 0.
    position: u64,
    /// When, RFC 3339.
    at: String,
    /// `access`, `view`, `change`, `export`, `account`, `admin` or `system`.
    kind: Option<&'static str>,
    /// What, e.g. `document.uploaded`.
    action: String,
    /// Who: `person` (oneself), `token` (a program of theirs), `operator`, `server`, `admin`, `support`, `auditor`, `visitor` or `unknown`.
    by: Option<&'static str>,
    /// `done`, `refused` or `failed`.
    outcome: Option<&'static str>,
    /// For how many seconds it stands for the same act again.
    span: u32,
    /// How often it was done.
    times: u32,
    /// From which address.
    address: Option<String>,
    /// From which device.
    device: Option<String>,
    /// In which profile.
    profile: Option<String>,
    /// With which personal access token.
    token: Option<String>,
    /// To what.
    object: Option<String>,
    /// A word that says more, e.g. `totp`.
    detail: Option<String>,
    /// The leaf of the tree, base64; its hash is SHA-256(0x00 ‖ leaf).
    leaf: String,
    /// The hashes from the leaf up to the root of `checkpoint` (RFC 6962), one after the other, base64.
    proof: String,
}

/// One's own log.
#[derive(Serialize, ToSchema)]
pub struct Entries {
    /// Entries, newest first.
    items: Vec<Entry>,
    /// Cursor of the next page.
    next: Option<String>,
    /// How many match in all.
    total: u64,
    /// The signed head of the whole log (C2SP signed note).
    checkpoint: String,
    /// The key that checks it (C2SP verifier key).
    key: String,
}

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditParams {
    /// Only of this kind.
    kind: Option<String>,
    /// Only done by them.
    by: Option<String>,
    /// From this day (UTC) on.
    from: Option<String>,
    /// To the end of this day (UTC).
    to: Option<String>,
    /// Cursor of a page.
    cursor: Option<String>,
    /// At most so many, 1 to 200; 50 otherwise.
    limit: Option<u32>,
}

fn one_of<T>(
    field: &'static str,
    text: Option<String>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let Some(text) = text.filter(|t| !t.is_empty()) else { return Ok(None) };
    parse(&text)
        .map(Some)
        .ok_or_else(|| Problem::invalid(field, "is none of the words in /api/v1/openapi.json"))
}

fn day(field: &'static str, text: Option<String>) -> Result<Option<Date>, Problem> {
    let Some(text) = text.filter(|t| !t.is_empty()) else { return Ok(None) };
    Date::try_from(text).map(Some).map_err(|_| Problem::invalid(field, "must be a day such as 2024-05-31"))
}

fn query(p: AuditParams) -> Result<LogQuery, Problem> {
    if p.limit.is_some_and(|n| !(1..=PAGE_MAX).contains(&n)) {
        return Err(Problem::invalid("limit", "must be from 1 to 200"));
    }
    let place = |c: String| c.parse().map_err(|_| Problem::invalid("cursor", "is no cursor of this list"));
    Ok(LogQuery {
        kind: one_of("kind", p.kind, ActKind::parse)?,
        by: one_of("by", p.by, ActBy::parse)?,
        from: day("from", p.from)?,
        to: day("to", p.to)?,
        before: p.cursor.map(place).transpose()?,
        limit: p.limit,
    })
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn entry((item, proven): (LogItem, Proven)) -> Entry {
    Entry {
        id: item.id.to_string(),
        position: item.position,
        at: item.at.rfc3339(),
        kind: item.action.map(|a| a.kind().as_str()),
        action: item.code,
        by: item.by.map(ActBy::as_str),
        outcome: item.outcome.map(ActOutcome::as_str),
        span: item.span,
        times: item.times,
        address: some(item.address),
        device: some(item.device),
        profile: item.profile.map(|p| p.to_string()),
        token: item.token.map(|t| t.to_string()),
        object: item.object.map(|o| o.to_string()),
        detail: some(item.what),
        leaf: BASE64_STANDARD.encode(&proven.leaf),
        proof: BASE64_STANDARD.encode(proven.path.concat()),
    }
}

/// What was done with one's data, by whom and when; each entry with the proof that it is in the log.
#[utoipa::path(get, path = "/audit", tag = "audit", params(AuditParams),
    responses((status = 200, body = Entries), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["audit:read"])))]
pub async fn list(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<AuditRead>,
    Params(p): Params<AuditParams>,
) -> Result<Json<Entries>, Problem> {
    let found = app.services.access_log_proven(&actor, &query(p)?).await?;
    Ok(Json(Entries {
        next: found.view.next.map(|n| n.to_string()),
        total: found.view.total,
        items: found.view.items.into_iter().zip(found.proofs).map(entry).collect(),
        checkpoint: found.head.note,
        key: app.services.audit_key(),
    }))
}

/// The signed head of the log.
#[derive(Serialize, ToSchema)]
pub struct Checkpoint {
    /// Entries under it.
    size: u64,
    /// The root over them, base64.
    root: String,
    /// The signed note (C2SP).
    note: String,
    /// The key that checks it (C2SP verifier key).
    key: String,
}

fn checkpoint_of(head: Head, key: String) -> Checkpoint {
    Checkpoint { size: head.size, root: BASE64_STANDARD.encode(head.root), note: head.note, key }
}

/// The signed head of the whole log: keep it, and hold later ones against it.
#[utoipa::path(get, path = "/audit/checkpoint", tag = "audit",
    responses((status = 200, body = Checkpoint), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["audit:read"])))]
pub async fn checkpoint(
    State(app): State<AppState>,
    _who: Scoped<AuditRead>,
) -> Result<Json<Checkpoint>, Problem> {
    let (head, key) = app.services.audit_checkpoint().await?;
    Ok(Json(checkpoint_of(head, key)))
}

/// A proof that one entry is in the log.
#[derive(Serialize, ToSchema)]
pub struct InclusionProof {
    /// Its place in the log, from 0.
    position: u64,
    /// The leaf, base64.
    leaf: String,
    /// The hashes from the leaf up to the root, one after the other, base64.
    proof: String,
    /// The head to which it leads.
    checkpoint: Checkpoint,
}

/// The proof that one of one's entries is in the log.
#[utoipa::path(get, path = "/audit/{id}/proof", tag = "audit", params(("id" = String, Path,)),
    responses((status = 200, body = InclusionProof), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["audit:read"])))]
pub async fn proof(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<AuditRead>,
    Id(id): Id<AuditId>,
) -> Result<Json<InclusionProof>, Problem> {
    let (proven, head) = app.services.audit_proof(&actor, id).await?;
    Ok(Json(InclusionProof {
        position: proven.position,
        leaf: BASE64_STANDARD.encode(&proven.leaf),
        proof: BASE64_STANDARD.encode(proven.path.concat()),
        checkpoint: checkpoint_of(head, app.services.audit_key()),
    }))
}

/// From which size to which.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GrowthParams {
    /// Entries of the older head.
    from: u64,
    /// Entries of the newer head.
    to: u64,
}

/// A proof that the log has only grown.
#[derive(Serialize, ToSchema)]
pub struct GrowthProof {
    /// Entries of the older head.
    from: u64,
    /// Entries of the newer head.
    to: u64,
    /// The hashes (RFC 6962 §2.1.2), one after the other, base64.
    proof: String,
}

/// The proof that the log of `to` entries begins with the log of `from` entries.
#[utoipa::path(get, path = "/audit/consistency", tag = "audit", params(GrowthParams),
    responses((status = 200, body = GrowthProof), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = ["audit:read"])))]
pub async fn consistency(
    State(app): State<AppState>,
    _who: Scoped<AuditRead>,
    Params(p): Params<GrowthParams>,
) -> Result<Json<GrowthProof>, Problem> {
    let steps = app.services.audit_consistency(p.from, p.to).await?;
    Ok(Json(GrowthProof { from: p.from, to: p.to, proof: BASE64_STANDARD.encode(steps.concat()) }))
}

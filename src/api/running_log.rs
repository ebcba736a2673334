//! The whole log for auditors and administrators: pseudonyms, acts, outcomes and proofs. To everybody else it is not there.

use super::extract::{Body, Params};
use crate::{middleware::rights::Auditing, problem::Problem, state::AppState};
use axum::{
    Json,
    body::Body as Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::header;
use keepwell_domain::{
    access::PAGE_MAX,
    act::{ActBy, ActKind, ActOutcome, Action},
    time::Date,
    view::running::{Cursor, ExploreQuery, hex, pseudonym},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogParams {
    /// Only of this kind: `access`, `view`, `change`, `export`, `account`, `admin` or `system`.
    kind: Option<String>,
    /// Only this act, e.g. `document.uploaded`.
    action: Option<String>,
    /// Only `done`, `refused` or `failed`.
    outcome: Option<String>,
    /// Only done by `person`, `token`, `operator`, `server`, `admin`, `support`, `auditor`, `visitor` or `unknown`.
    by: Option<String>,
    /// From this day (UTC) on.
    from: Option<String>,
    /// To the end of this day (UTC).
    to: Option<String>,
    /// Only in the log of this pseudonym: 64 characters of `POST /admin/log/person`.
    person: Option<String>,
    /// Cursor of a page.
    cursor: Option<String>,
    /// At most so many, 1 to 200; 50 otherwise.
    limit: Option<u32>,
}

fn read<T>(
    field: &'static str,
    text: Option<String>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let Some(text) = text.filter(|t| !t.is_empty()) else { return Ok(None) };
    let bad = || Problem::invalid(field, "is not among what /api/v1/openapi.json says");
    parse(&text).map(Some).ok_or_else(bad)
}

fn query(p: LogParams) -> Result<ExploreQuery, Problem> {
    if p.limit.is_some_and(|n| !(1..=PAGE_MAX).contains(&n)) {
        return Err(Problem::invalid("limit", "must be from 1 to 200"));
    }
    let day = |t: &str| Date::try_from(t.to_owned()).ok();
    Ok(ExploreQuery {
        kind: read("kind", p.kind, ActKind::parse)?,
        action: read("action", p.action, Action::parse)?,
        outcome: read("outcome", p.outcome, ActOutcome::parse)?,
        by: read("by", p.by, ActBy::parse)?,
        from: read("from", p.from, day)?,
        to: read("to", p.to, day)?,
        person: read("person", p.person, pseudonym)?,
        before: read("cursor", p.cursor, Cursor::parse)?,
        limit: p.limit,
    })
}

/// An entry of the log, with its proof.
#[derive(Serialize, ToSchema)]
pub struct LogEntryShape {
    /// Its place in the log, from 0.
    position: u64,
    /// When, RFC 3339.
    at: String,
    /// For how many seconds it stands for the same act again.
    span: u32,
    /// How often it was done.
    times: u32,
    /// What.
    action: String,
    /// Who, by role.
    by: String,
    /// `done`, `refused` or `failed`.
    outcome: String,
    /// Pseudonym of who did it; empty for nobody.
    actor: String,
    /// Pseudonym of whose log it is in; empty for the instance's own.
    person: String,
    /// Pseudonym of what it was done to; empty for nothing.
    object: String,
    /// SHA-256 of the leaf.
    hash: String,
    /// The leaf of the tree, base64.
    leaf: String,
    /// The hashes from the leaf up to the root of `checkpoint` (RFC 6962), one after the other, base64.
    proof: String,
}

/// Entries of the log.
#[derive(Serialize, ToSchema)]
pub struct LogShape {
    /// Entries, newest first.
    items: Vec<LogEntryShape>,
    /// Cursor of the next page.
    next: Option<String>,
    /// The signed head of the whole log (C2SP signed note).
    checkpoint: String,
    /// The key that checks it (C2SP verifier key).
    key: String,
}

/// Looks through the whole log. Each look is itself logged.
#[utoipa::path(get, path = "/admin/log", tag = "admin", params(LogParams),
    responses((status = 200, body = LogShape), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn list(
    State(app): State<AppState>,
    Auditing(auditor): Auditing,
    Params(p): Params<LogParams>,
) -> Result<Json<LogShape>, Problem> {
    let (found, next, head) = app.services.explore_proven(&auditor, &query(p)?).await?;
    let items = found
        .into_iter()
        .map(|(e, proven)| LogEntryShape {
            position: e.position,
            at: e.at.rfc3339(),
            span: e.span,
            times: e.times,
            action: e.action,
            by: e.by,
            outcome: e.outcome,
            actor: e.actor,
            person: e.person,
            object: e.object,
            hash: e.hash,
            leaf: BASE64_STANDARD.encode(&proven.leaf),
            proof: BASE64_STANDARD.encode(proven.path.concat()),
        })
        .collect();
    let key = app.services.audit_key();
    Ok(Json(LogShape { items, next: next.map(Cursor::text), checkpoint: head.note, key }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonForm {
    /// An exact e-mail address, the id of an account, or a pseudonym.
    person: String,
}

/// A pseudonym.
#[derive(Serialize, ToSchema)]
pub struct PseudonymShape {
    /// 64 characters, hexadecimal.
    pseudonym: String,
}

/// By which pseudonym somebody goes in the log.
#[utoipa::path(post, path = "/admin/log/person", tag = "admin", request_body = PersonForm,
    responses((status = 200, body = PseudonymShape), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn person(
    State(app): State<AppState>,
    Auditing(auditor): Auditing,
    Body(body): Body<PersonForm>,
) -> Result<Json<PseudonymShape>, Problem> {
    let found = app.services.find_pseudonym(&auditor, &body.person).await?;
    Ok(Json(PseudonymShape { pseudonym: hex(&found.0) }))
}

/// Which entries to check.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RangeParams {
    /// The first place.
    from: u64,
    /// The place after the last; at most 20,000 beyond the first.
    to: u64,
}

/// What was found about a range.
#[derive(Serialize, ToSchema)]
pub struct LogRangeShape {
    /// The first place.
    from: u64,
    /// The place after the last.
    to: u64,
    /// Entries under the signed head.
    size: u64,
    /// Whether everything holds.
    holds: bool,
    /// Whether the head is signed, says the tree's root, and continues the one before.
    head_holds: bool,
    /// From which place on something does not hold.
    broken_at: Option<u64>,
}

/// Checks a range of the log on the server, computing every hash anew. Whoever does not believe the server checks the proofs of
/// `GET /admin/log` or an export.
#[utoipa::path(get, path = "/admin/log/check", tag = "admin", params(RangeParams),
    responses((status = 200, body = LogRangeShape), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn check(
    State(app): State<AppState>,
    Auditing(auditor): Auditing,
    Params(p): Params<RangeParams>,
) -> Result<Json<LogRangeShape>, Problem> {
    let v = app.services.check_range(&auditor, p.from, p.to).await?;
    Ok(Json(LogRangeShape {
        from: v.from,
        to: v.to,
        size: v.size,
        holds: v.holds(),
        head_holds: v.is_head_good,
        broken_at: v.broken_at,
    }))
}

/// The newest 20,000 entries that match, each with its proof, as a file for `keepwell audit verify --file`.
#[utoipa::path(get, path = "/admin/log/export", tag = "admin", params(LogParams),
    responses((status = 200, content_type = "application/octet-stream"), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn export(
    State(app): State<AppState>,
    Auditing(auditor): Auditing,
    Params(p): Params<LogParams>,
) -> Result<Response, Problem> {
    let mut file = Vec::new();
    app.services.export_part(&auditor, &query(p)?, &mut file).await?;
    let name = format!("keepwell-log-{}.part", app.clock.now().date());
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, super::file::disposition(&name)),
        (header::CONTENT_SECURITY_POLICY, crate::middleware::headers::DOWNLOAD_POLICY.to_owned()),
    ];
    Ok((headers, Bytes::from(file)).into_response())
}

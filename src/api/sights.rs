//! What one is told about the account, and grants of sight over one's own records.

use super::extract::Id;
use crate::{middleware::rights::Signed, problem::Problem, state::AppState};
use axum::{
    Json,
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt};
use http::StatusCode;
use keepwell_domain::{
    ids::{GrantId, NoticeId},
    notice::{News, NoticeView},
    sight::{SeenItem, SightView},
};
use serde::Serialize;
use std::{convert::Infallible, time::Duration};
use utoipa::ToSchema;

/// A notice.
#[derive(Serialize, ToSchema)]
pub struct NoticeShape {
    /// Id.
    id: String,
    /// When, RFC 3339.
    at: String,
    /// `suspended`, `lifted`, `sessions_ended`, `reset_forced`, `role_changed`, `deletion_set`, `deletion_dropped`,
    /// `sight_granted`, `file_retried` or `file_given_up`.
    news: &'static str,
    /// Why, as it was typed.
    reason: Option<String>,
    /// The grant, with `sight_granted`.
    grant: Option<String>,
    /// The document, with `file_retried` and `file_given_up`.
    document: Option<String>,
    /// Until when (a grant), or when (a deletion), RFC 3339.
    until: Option<String>,
    /// The new role, with `role_changed`.
    role: Option<&'static str>,
    /// Whether it was put away.
    dismissed: bool,
}

impl From<NoticeView> for NoticeShape {
    fn from(n: NoticeView) -> Self {
        let (news, grant, until, role) = match n.news {
            News::Suspended => ("suspended", None, None, None),
            News::Lifted => ("lifted", None, None, None),
            News::SessionsEnded => ("sessions_ended", None, None, None),
            News::ResetForced => ("reset_forced", None, None, None),
            News::RoleChanged { role } => ("role_changed", None, None, Some(role.as_str())),
            News::DeletionSet { due } => ("deletion_set", None, Some(due), None),
            News::DeletionDropped => ("deletion_dropped", None, None, None),
            News::SightGranted { grant, until } => ("sight_granted", Some(grant), Some(until), None),
            News::FileRetried { .. } => ("file_retried", None, None, None),
            News::FileGivenUp { .. } => ("file_given_up", None, None, None),
        };
        let document = match n.news {
            News::FileRetried { document } | News::FileGivenUp { document } => document,
            _ => None,
        };
        Self {
            id: n.id.to_string(),
            at: n.at.rfc3339(),
            news,
            reason: n.reason,
            grant: grant.map(|g| g.to_string()),
            document: document.map(|d| d.to_string()),
            until: until.map(|u| u.rfc3339()),
            role,
            dismissed: n.is_dismissed,
        }
    }
}

/// Notices.
#[derive(Serialize, ToSchema)]
pub struct Notices {
    /// Notices, newest first.
    items: Vec<NoticeShape>,
    /// Always none: this is all.
    next: Option<String>,
    /// How many.
    total: u64,
}

/// What one was told about the account.
#[utoipa::path(get, path = "/me/notices", tag = "account",
    responses((status = 200, body = Notices), (status = 401, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn notices(State(app): State<AppState>, Signed(actor): Signed) -> Result<Json<Notices>, Problem> {
    let items: Vec<NoticeShape> = app.services.notices(&actor).await?.into_iter().map(Into::into).collect();
    Ok(Json(Notices { total: items.len() as u64, items, next: None }))
}

/// Puts a notice away. It stays in the list.
#[utoipa::path(delete, path = "/me/notices/{id}", tag = "account", params(("id" = String, Path,)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn dismiss(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(id): Id<NoticeId>,
) -> Result<StatusCode, Problem> {
    app.services.dismiss_notice(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps the account whose deletion was announced.
#[utoipa::path(post, path = "/me/keep", tag = "account",
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn keep(State(app): State<AppState>, Signed(actor): Signed) -> Result<StatusCode, Problem> {
    app.services.keep_account(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A grant of sight, without what it opens.
#[derive(Serialize, ToSchema)]
pub struct SightShape {
    /// Id.
    id: String,
    /// Whose records.
    person: String,
    /// Who sees.
    admin: String,
    /// Who agreed, where a second admin had to.
    approver: Option<String>,
    /// Which kinds.
    kinds: Vec<&'static str>,
    /// Which profiles.
    profiles: Vec<String>,
    /// Why, as it was typed.
    reason: String,
    /// For how many minutes.
    minutes: u16,
    /// From when, RFC 3339.
    starts: String,
    /// Until when at the latest, RFC 3339.
    ends: String,
    /// `waiting`, `open`, `over`, `ended_by_person`, `ended_by_admin` or `ended`.
    state: &'static str,
    /// Seconds that are left.
    left_seconds: u32,
    /// How many items were seen.
    seen: u64,
}

impl From<SightView> for SightShape {
    fn from(s: SightView) -> Self {
        Self {
            id: s.id.to_string(),
            person: s.person.to_string(),
            admin: s.admin.to_string(),
            approver: s.approver.map(|a| a.to_string()),
            kinds: s.kinds.iter().map(|k| k.as_str()).collect(),
            profiles: s.profiles.iter().map(ToString::to_string).collect(),
            reason: s.reason,
            minutes: s.minutes,
            starts: s.starts.rfc3339(),
            ends: s.ends.rfc3339(),
            state: s.state.as_str(),
            left_seconds: s.left_s,
            seen: s.seen,
        }
    }
}

/// Grants over one's own records.
#[derive(Serialize, ToSchema)]
pub struct OwnSights {
    /// Grants, newest first.
    items: Vec<SightShape>,
    /// Always none: older ones are in the log.
    next: Option<String>,
    /// How many.
    total: u64,
}

/// Every grant that there was over one's own records.
#[utoipa::path(get, path = "/me/grants", tag = "account",
    responses((status = 200, body = OwnSights), (status = 401, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn grants(State(app): State<AppState>, Signed(actor): Signed) -> Result<Json<OwnSights>, Problem> {
    let items: Vec<SightShape> =
        app.services.sights_over_me(&actor).await?.into_iter().map(Into::into).collect();
    Ok(Json(OwnSights { total: items.len() as u64, items, next: None }))
}

/// Something that was seen.
#[derive(Serialize, ToSchema)]
pub struct SeenShape {
    /// When, RFC 3339.
    at: String,
    /// Kind.
    kind: &'static str,
    /// Profile.
    profile: String,
    /// Record.
    record: String,
    /// Whether it was opened, not only listed.
    opened: bool,
}

impl From<SeenItem> for SeenShape {
    fn from(i: SeenItem) -> Self {
        Self {
            at: i.at.rfc3339(),
            kind: i.kind.as_str(),
            profile: i.profile.to_string(),
            record: i.record.to_string(),
            opened: i.is_whole,
        }
    }
}

/// A grant over one's own records and what was seen.
#[derive(Serialize, ToSchema)]
pub struct Watched {
    /// The grant.
    grant: SightShape,
    /// What was seen, newest first; the last 500.
    items: Vec<SeenShape>,
}

/// One grant over one's own records, and what was seen under it up to now.
#[utoipa::path(get, path = "/me/grants/{id}", tag = "account", params(("id" = String, Path,)),
    responses((status = 200, body = Watched), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn watch(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(id): Id<GrantId>,
) -> Result<Json<Watched>, Problem> {
    let watch = app.services.watch_sight(&actor, id).await?;
    let items = watch.seen.into_iter().map(Into::into).collect();
    Ok(Json(Watched { grant: watch.sight.into(), items }))
}

/// Ends a grant over one's own records at once.
#[utoipa::path(delete, path = "/me/grants/{id}", tag = "account", params(("id" = String, Path,)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn end(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(id): Id<GrantId>,
) -> Result<StatusCode, Problem> {
    app.services.end_sight_over_me(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How long one stream lasts; the browser then asks again, and is checked again.
const STREAM: Duration = Duration::from_secs(300);

/// What an event says of a grant.
#[derive(Serialize)]
struct SightEvent {
    state: &'static str,
    seen: u64,
    left_seconds: u32,
}

/// Server-sent events (`message`) about one grant over one's own records: `{"state", "seen", "left_seconds"}` as it stands, and
/// again each time that an item was seen under it. Ends with the grant and with the session; what was seen is read from
/// `GET /me/grants/{id}`.
#[utoipa::path(get, path = "/me/grants/{id}/events", tag = "account", params(("id" = String, Path,)),
    responses((status = 200, content_type = "text/event-stream"), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn events(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Id(id): Id<GrantId>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>, Problem> {
    let mut stop = app.stop.clone();
    let end = async move {
        tokio::select! {
            () = tokio::time::sleep(STREAM) => {}
            _ = stop.wait_for(|s| *s) => {}
        }
    };
    let changes = app.services.follow_sight(&actor, id).await?.take_until(Box::pin(end));
    let events = changes.filter_map(|s| async move {
        let event = SightEvent { state: s.state.as_str(), seen: s.seen, left_seconds: s.left_s };
        Event::default().json_data(event).ok().map(Ok)
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

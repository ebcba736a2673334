//! Break-glass: asking for sight, agreeing, ending, and what a grant opens.

use crate::{
    api::extract::{Body, Id, Params},
    api::sights::SightShape,
    middleware::rights::Administering,
    problem::Problem,
    state::AppState,
};
use axum::{Json, extract::State};
use http::StatusCode;
use keepwell_domain::{
    ids::{AccountId, GrantId},
    record::Kind,
    sight::{SightItem, SightPage, SightRecord},
};
use keepwell_services::SightWish;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

fn missing() -> Problem {
    keepwell_services::ServiceError::NotFound.into()
}

/// Grants and requests.
#[derive(Serialize, ToSchema)]
pub struct Sights {
    /// Requests that wait, then grants, newest first.
    items: Vec<SightShape>,
    /// Always none: older ones are in the log.
    next: Option<String>,
    /// How many.
    total: u64,
}

/// Requests that wait and grants of all admins, without what they open.
#[utoipa::path(get, path = "/admin/grants", tag = "admin",
    responses((status = 200, body = Sights), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn list(
    State(app): State<AppState>,
    Administering(by): Administering,
) -> Result<Json<Sights>, Problem> {
    let items: Vec<SightShape> = app.services.sights(&by).await?.into_iter().map(Into::into).collect();
    Ok(Json(Sights { total: items.len() as u64, items, next: None }))
}

/// What is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WishForm {
    /// Whose records.
    person: String,
    /// Which kinds: `observation`, `condition`, ….
    kinds: Vec<String>,
    /// One profile; all when left out.
    profile: Option<String>,
    /// Why, 10 to 500 characters. Its person reads it.
    reason: String,
    /// For how long, 1 to 60.
    minutes: u16,
}

/// Opens sight of named kinds of one person's records, or asks a second admin to agree. The person is told in the same
/// moment in which it begins. Wants a proof not older than ten minutes.
#[utoipa::path(post, path = "/admin/grants", tag = "admin", request_body = WishForm,
    responses((status = 201, body = SightShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn ask(
    State(app): State<AppState>,
    Administering(by): Administering,
    Body(body): Body<WishForm>,
) -> Result<(StatusCode, Json<SightShape>), Problem> {
    let kind = |name: &String| Kind::ALL.into_iter().find(|k| k.as_str() == name);
    let kinds: Option<Vec<Kind>> = body.kinds.iter().map(kind).collect();
    let kinds = kinds.ok_or_else(|| Problem::invalid("kinds", "names a kind that there is not"))?;
    let person: AccountId = body.person.parse().map_err(|_| missing())?;
    let profile = body.profile.as_deref().map(str::parse).transpose().map_err(|_| missing())?;
    let wish = SightWish { person, kinds: &kinds, profile, reason: &body.reason, minutes: body.minutes };
    let sight = app.services.ask_for_sight(&by, &wish).await?;
    Ok((StatusCode::CREATED, Json(sight.into())))
}

/// One's own grant, or a request, without what it opens.
#[utoipa::path(get, path = "/admin/grants/{id}", tag = "admin", params(("id" = String, Path,)),
    responses((status = 200, body = SightShape), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn one(
    State(app): State<AppState>,
    Administering(by): Administering,
    Id(id): Id<GrantId>,
) -> Result<Json<SightShape>, Problem> {
    Ok(Json(app.services.sight(&by, id).await?.into()))
}

/// Agrees to what another admin asked for: its time begins now. Wants a proof not older than ten minutes.
#[utoipa::path(post, path = "/admin/grants/{id}", tag = "admin", params(("id" = String, Path,)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn approve(
    State(app): State<AppState>,
    Administering(by): Administering,
    Id(id): Id<GrantId>,
) -> Result<StatusCode, Problem> {
    app.services.approve_sight(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one's own grant at once, or takes a request away.
#[utoipa::path(delete, path = "/admin/grants/{id}", tag = "admin", params(("id" = String, Path,)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn end(
    State(app): State<AppState>,
    Administering(by): Administering,
    Id(id): Id<GrantId>,
) -> Result<StatusCode, Problem> {
    app.services.end_sight(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// One of the grant's profiles. (`profile` means the caller's own everywhere.)
    of: String,
    /// One of the grant's kinds.
    kind: String,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A line of a list. Health data.
#[derive(Serialize, ToSchema)]
pub struct ItemShape {
    /// Record.
    id: String,
    /// Kind.
    kind: &'static str,
    /// Date as stated, or empty.
    date: String,
    /// Name.
    title: String,
    /// The value or a short detail.
    detail: String,
}

impl From<SightItem> for ItemShape {
    fn from(i: SightItem) -> Self {
        let (kind, id) = (i.kind.as_str(), i.id.to_string());
        Self { id, kind, date: i.date, title: i.title, detail: i.detail }
    }
}

/// A page of what a grant opens.
#[derive(Serialize, ToSchema)]
pub struct ItemPage {
    /// Lines, newest first. Each counts as seen.
    items: Vec<ItemShape>,
    /// What to pass for the next page.
    next: Option<String>,
    /// Whether the grant ended while the list was read.
    cut: bool,
}

impl From<SightPage> for ItemPage {
    fn from(p: SightPage) -> Self {
        let next = p.next.map(|n| n.to_string());
        Self { items: p.items.into_iter().map(Into::into).collect(), next, cut: p.is_cut }
    }
}

/// A page of one kind's records in one profile. Each line is noted before it is given out, and its person sees it.
#[utoipa::path(get, path = "/admin/grants/{id}/records", tag = "admin", params(("id" = String, Path,), ListQuery),
    responses((status = 200, body = ItemPage), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn records(
    State(app): State<AppState>,
    Administering(by): Administering,
    Id(id): Id<GrantId>,
    Params(query): Params<ListQuery>,
) -> Result<Json<ItemPage>, Problem> {
    let profile = query.of.parse().map_err(|_| missing())?;
    let kind = Kind::ALL.into_iter().find(|k| k.as_str() == query.kind).ok_or_else(missing)?;
    let after = query.cursor.as_deref().map(str::parse).transpose().map_err(|_| missing())?;
    let door = app.services.granted(&by, id).await?;
    Ok(Json(app.services.granted_list(&door, profile, kind, after).await?.into()))
}

/// Which record.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecordQuery {
    /// One of the grant's profiles.
    of: String,
    /// A record of it.
    record: String,
}

/// A record, without its documents and earlier versions. Health data.
#[derive(Serialize, ToSchema)]
pub struct OpenedShape {
    /// Record.
    id: String,
    /// Kind.
    kind: &'static str,
    /// Name.
    title: String,
    /// Date as stated, or empty.
    date: String,
    /// The value as printed.
    value: Option<String>,
    /// Its unit.
    unit: Option<String>,
    /// All other stated fields: (field, text).
    fields: Vec<(String, String)>,
}

impl From<SightRecord> for OpenedShape {
    fn from(r: SightRecord) -> Self {
        let value = r.value.as_ref().map(|v| format!("{}{}", v.comparator, v.text));
        let unit = r.value.map(|v| v.unit).filter(|u| !u.is_empty());
        let fields = r.parts.into_iter().chain(r.fields.into_iter().map(|f| (f.label, f.text))).collect();
        Self {
            id: r.id.to_string(),
            kind: r.kind.as_str(),
            title: r.title,
            date: r.date,
            value,
            unit,
            fields,
        }
    }
}

/// One record that a grant opens. It is noted before it is given out, and its person sees it.
#[utoipa::path(get, path = "/admin/grants/{id}/record", tag = "admin", params(("id" = String, Path,), RecordQuery),
    responses((status = 200, body = OpenedShape), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn record(
    State(app): State<AppState>,
    Administering(by): Administering,
    Id(id): Id<GrantId>,
    Params(query): Params<RecordQuery>,
) -> Result<Json<OpenedShape>, Problem> {
    let profile = query.of.parse().map_err(|_| missing())?;
    let record = query.record.parse().map_err(|_| missing())?;
    let door = app.services.granted(&by, id).await?;
    Ok(Json(app.services.granted_record(&door, profile, record).await?.into()))
}

//! Running the instance: how it does, failed work, settings, invitations. For administrators who signed in; to everybody else these
//! operations are not there.

use super::extract::{Body, Id, Params};
use crate::{middleware::rights::Administering, problem::Problem, state::AppState};
use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use keepwell_domain::{
    ids::JobId,
    setting::{Rule, Setting},
    view::running::{Dashboard, SPANS, Series},
};
use keepwell_services::settings::{Change, InviteView, SettingView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// For how many days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DashboardParams {
    /// 7, 30 or 365; 30 when left out.
    days: Option<u16>,
}

/// Files of one family of formats.
#[derive(Serialize, ToSchema)]
pub struct ImportsShape {
    /// `fhir`, `cda`, `hl7`, `device`, `table`, `pdf`, `picture`, `archive`, `text` or `other`.
    family: String,
    /// Read.
    done: i64,
    /// Kept, and not read.
    kept: i64,
    /// Could not be read.
    failed: i64,
}

/// Work that failed for good.
#[derive(Serialize, ToSchema)]
pub struct DeadJobShape {
    /// Id.
    id: String,
    /// What it was.
    kind: String,
    /// Why it failed: a code.
    error: String,
    /// How often it was tried.
    attempts: i64,
    /// When it was queued, RFC 3339.
    queued: String,
    /// When it failed last, RFC 3339.
    failed: String,
    /// Whether it is about somebody's file: they are told what is done, and a retry wants a reason, too.
    has_person: bool,
}

/// How the instance does.
#[derive(Serialize, ToSchema)]
pub struct DashboardShape {
    /// Days shown.
    days: u16,
    /// The first of them, in days since 1970-01-01 (UTC).
    first_day: i64,
    /// Counters by code, a number for each day; null where nobody counted.
    series: BTreeMap<String, Vec<Option<i64>>>,
    /// Uses of features by code, a number for each day.
    uses: BTreeMap<String, Vec<Option<i64>>>,
    /// Whether uses are counted now.
    counts_uses: bool,
    /// Files that were read, by family of formats.
    imports: Vec<ImportsShape>,
    /// Accounts.
    people: i64,
    /// Of them in use today.
    active: i64,
    /// Bytes of sealed files.
    storage_bytes: i64,
    /// Bytes of the database.
    database_bytes: i64,
    /// Bytes free on the disk of the data folder.
    disk_free_bytes: Option<u64>,
    /// Files that wait to be read or are being read.
    queue: i64,
    /// Seconds for which the oldest of them has waited.
    queue_oldest_s: i64,
    /// Files whose reading failed for good.
    failed_jobs: i64,
    /// The newest of them.
    jobs: Vec<DeadJobShape>,
    /// Letters by state.
    mail: BTreeMap<String, i64>,
    /// What browsers refused under the content policy, by directive.
    csp: BTreeMap<String, i64>,
    /// Reports of weaknesses that are kept.
    reports: u64,
    /// Entries of the log.
    log_entries: u64,
    /// When the certificate ends, RFC 3339; none without one of our own.
    certificate_ends: Option<String>,
    /// The last backup, RFC 3339: always none, for there are none yet.
    last_backup: Option<String>,
    /// The version that runs.
    version: String,
    /// The database and its version.
    engine: String,
}

fn by_code(series: Vec<Series>) -> BTreeMap<String, Vec<Option<i64>>> {
    series.into_iter().map(|s| (s.code, s.values)).collect()
}

impl From<Dashboard> for DashboardShape {
    fn from(d: Dashboard) -> Self {
        Self {
            days: d.days,
            first_day: d.first_day,
            series: by_code(d.series),
            uses: by_code(d.uses),
            counts_uses: d.counts_uses,
            imports: d
                .imports
                .into_iter()
                .map(|i| ImportsShape { family: i.family, done: i.done, kept: i.kept, failed: i.failed })
                .collect(),
            people: d.now.people,
            active: d.now.active,
            storage_bytes: d.now.storage,
            database_bytes: d.now.database,
            disk_free_bytes: d.now.disk_free,
            queue: d.now.queue,
            queue_oldest_s: d.now.oldest_s,
            failed_jobs: d.now.dead,
            jobs: d
                .dead
                .into_iter()
                .map(|j| DeadJobShape {
                    id: j.id.to_string(),
                    kind: j.kind,
                    error: j.error,
                    attempts: j.attempts,
                    queued: j.queued.rfc3339(),
                    failed: j.failed.rfc3339(),
                    has_person: j.has_person,
                })
                .collect(),
            mail: d.mail.into_iter().collect(),
            csp: d.refused.into_iter().map(|r| (r.directive, r.times)).collect(),
            reports: d.now.reports,
            log_entries: d.now.log_entries,
            certificate_ends: d.now.certificate_ends.map(|t| t.rfc3339()),
            last_backup: None,
            version: d.now.version,
            engine: d.now.engine,
        }
    }
}

/// Numbers over everybody; none of them says anything of anybody's health.
#[utoipa::path(get, path = "/admin/dashboard", tag = "admin", params(DashboardParams),
    responses((status = 200, body = DashboardShape), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn dashboard(
    State(app): State<AppState>,
    Administering(admin): Administering,
    Params(p): Params<DashboardParams>,
) -> Result<Json<DashboardShape>, Problem> {
    let days = p.days.unwrap_or(SPANS[1]);
    if !SPANS.contains(&days) {
        return Err(Problem::invalid("days", "must be 7, 30 or 365"));
    }
    Ok(Json(app.services.dashboard(&admin, days).await?.into()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JobForm {
    /// Why, 10 to 500 characters; whoever the work is about reads it. A retry of work that is about nobody needs none.
    #[serde(default)]
    reason: String,
}

/// Puts failed work back into the queue. Whoever it is about is told.
#[utoipa::path(post, path = "/admin/jobs/{id}/retry", tag = "admin", params(("id" = String, Path,)), request_body = JobForm,
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn retry_job(
    State(app): State<AppState>,
    Administering(admin): Administering,
    Id(id): Id<JobId>,
    Body(body): Body<JobForm>,
) -> Result<StatusCode, Problem> {
    app.services.retry_job(&admin, id, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives failed work up. Whoever it is about is told.
#[utoipa::path(delete, path = "/admin/jobs/{id}", tag = "admin", params(("id" = String, Path,)), request_body = JobForm,
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn discard_job(
    State(app): State<AppState>,
    Administering(admin): Administering,
    Id(id): Id<JobId>,
    Body(body): Body<JobForm>,
) -> Result<StatusCode, Problem> {
    app.services.discard_job(&admin, id, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A setting.
#[derive(Serialize, ToSchema)]
pub struct SettingShape {
    /// Its name, as in `keepwell.toml`.
    name: &'static str,
    /// Its value in force, as text.
    value: String,
    /// What it would be had nobody changed it here.
    unchanged: String,
    /// Whether the settings file or the environment fixes it.
    fixed: bool,
    /// Whether it was changed here.
    changed: bool,
    /// The smallest number that it may be.
    least: Option<u32>,
    /// The greatest.
    most: Option<u32>,
    /// The words that it may be; for `languages` one or more of them, with commas.
    words: Option<Vec<&'static str>>,
}

impl From<SettingView> for SettingShape {
    fn from(s: SettingView) -> Self {
        let (least, most, words) = match s.rule() {
            Rule::Number(least, most) => (Some(least), Some(most), None),
            Rule::Switch => (None, None, Some(vec!["true", "false"])),
            Rule::Word(words) | Rule::Words(words) => (None, None, Some(words.to_vec())),
        };
        Self {
            name: s.setting.as_str(),
            value: s.value,
            unchanged: s.unchanged,
            fixed: s.is_fixed,
            changed: s.is_changed,
            least,
            most,
            words,
        }
    }
}

/// A change of a setting.
#[derive(Serialize, ToSchema)]
pub struct ChangeShape {
    /// Its number.
    seq: i64,
    /// The setting.
    name: String,
    /// The value until then; none: as the settings file said.
    old: Option<String>,
    /// The value from then on; none: as the settings file says.
    new: Option<String>,
    /// When, RFC 3339.
    at: String,
    /// The address of who changed it; none once that account is gone.
    by: Option<String>,
    /// Why.
    reason: String,
}

impl From<Change> for ChangeShape {
    fn from(c: Change) -> Self {
        Self {
            seq: c.seq,
            name: c.setting,
            old: c.old,
            new: c.new,
            at: c.at.rfc3339(),
            by: c.by,
            reason: c.reason,
        }
    }
}

/// All settings and the newest changes.
#[derive(Serialize, ToSchema)]
pub struct SettingsShape {
    /// Settings.
    items: Vec<SettingShape>,
    /// Changes, newest first.
    changes: Vec<ChangeShape>,
    /// To be sent as `before` for older changes.
    next: Option<i64>,
}

/// Which changes.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryParams {
    /// Only changes with a smaller number.
    before: Option<i64>,
}

/// All settings that may be changed while the instance runs, and their history.
#[utoipa::path(get, path = "/admin/settings", tag = "admin", params(HistoryParams),
    responses((status = 200, body = SettingsShape), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn settings(
    State(app): State<AppState>,
    Administering(admin): Administering,
    Params(p): Params<HistoryParams>,
) -> Result<Json<SettingsShape>, Problem> {
    let page = app.services.settings_page(&admin, p.before).await?;
    Ok(Json(SettingsShape {
        items: page.settings.into_iter().map(Into::into).collect(),
        changes: page.changes.into_iter().map(Into::into).collect(),
        next: page.older,
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingForm {
    /// The value, as text; null for what the settings file says.
    value: Option<String>,
    /// Why.
    reason: String,
}

/// Changes a setting. It is in force on all instances within seconds.
#[utoipa::path(put, path = "/admin/settings/{name}", tag = "admin", params(("name" = String, Path,)), request_body = SettingForm,
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn change_setting(
    State(app): State<AppState>,
    Administering(admin): Administering,
    Path(name): Path<String>,
    Body(body): Body<SettingForm>,
) -> Result<StatusCode, Problem> {
    let setting = Setting::parse(&name).ok_or_else(|| Problem::of(StatusCode::NOT_FOUND))?;
    app.services.change_setting(&admin, setting, body.value.as_deref(), &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An invitation, without its code.
#[derive(Serialize, ToSchema)]
pub struct InviteShape {
    /// Id.
    id: String,
    /// For whom.
    label: String,
    /// When it was made, RFC 3339.
    created: String,
    /// Until when it is good, RFC 3339.
    expires: String,
    /// `open`, `used`, `over` or `revoked`.
    state: &'static str,
}

impl From<InviteView> for InviteShape {
    fn from(i: InviteView) -> Self {
        Self {
            id: i.id.to_string(),
            label: i.label,
            created: i.created.rfc3339(),
            expires: i.expires.rfc3339(),
            state: i.state.as_str(),
        }
    }
}

/// Invitations.
#[derive(Serialize, ToSchema)]
pub struct InvitesShape {
    /// Invitations, newest first.
    items: Vec<InviteShape>,
}

/// Invitations of the last three months.
#[utoipa::path(get, path = "/admin/invites", tag = "admin",
    responses((status = 200, body = InvitesShape), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn invites(
    State(app): State<AppState>,
    Administering(admin): Administering,
) -> Result<Json<InvitesShape>, Problem> {
    let found = app.services.invites(&admin).await?;
    Ok(Json(InvitesShape { items: found.into_iter().map(Into::into).collect() }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteForm {
    /// For whom, at most 120 characters; may be left out.
    #[serde(default)]
    label: String,
    /// An address to which its link is mailed as well, where mail is set up. It is not kept.
    #[serde(default)]
    email: Option<String>,
}

/// An invitation that was just made.
#[derive(Serialize, ToSchema)]
pub struct MadeInviteShape {
    /// Its code, shown this once; whoever signs up sends it as `invite`.
    code: String,
    /// Whether a letter with its link is on its way.
    mailed: bool,
    /// How it stands in the list.
    #[serde(flatten)]
    shape: InviteShape,
}

/// Makes an invitation.
#[utoipa::path(post, path = "/admin/invites", tag = "admin", request_body = InviteForm,
    responses((status = 201, body = MadeInviteShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn create_invite(
    State(app): State<AppState>,
    Administering(admin): Administering,
    Body(body): Body<InviteForm>,
) -> Result<(StatusCode, Json<MadeInviteShape>), Problem> {
    let made = app.services.create_invite(&admin, &body.label, body.email.as_deref()).await?;
    let (code, mailed) = (made.reveal().to_owned(), made.is_mailed);
    Ok((StatusCode::CREATED, Json(MadeInviteShape { code, mailed, shape: made.view.into() })))
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/admin/invites/{id}", tag = "admin", params(("id" = String, Path,)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn revoke_invite(
    State(app): State<AppState>,
    Administering(admin): Administering,
    Id(id): Id<Uuid>,
) -> Result<StatusCode, Problem> {
    app.services.revoke_invite(&admin, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What became of a test letter.
#[derive(Serialize, ToSchema)]
pub struct TrialShape {
    /// `sent` (the mail server took it), `laid` (into the outbox folder), or why it failed: `connection`, `tls`, `timeout`,
    /// `credentials`, `refused`, `deferred`, `client`, `address` or `outbox`.
    outcome: &'static str,
}

/// Sends a letter to one's own confirmed address, and waits for what becomes of it. At most five an hour.
#[utoipa::path(post, path = "/admin/mail/test", tag = "admin",
    responses((status = 200, body = TrialShape), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn test_mail(
    State(app): State<AppState>,
    Administering(admin): Administering,
) -> Result<Json<TrialShape>, Problem> {
    Ok(Json(TrialShape { outcome: app.services.send_test_letter(&admin).await?.code() }))
}

//! Pages and files about trust: for people, for programs, and where the standards look for them.

use crate::{config::Config, middleware::Seen, state::AppState};
use axum::{
    Extension, Form, Json, Router,
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use http::{StatusCode, header};
use keepwell_app::{
    i18n::Lang,
    trust::{Claim, PageInfo, Paper, Refused, ReportForm, SecurityPage},
};
use keepwell_domain::time::{DAY, Ts};
use keepwell_services::{ServiceError, reports::Report};
use serde::Deserialize;

/// For how long security.txt says it is good: RFC 9116 wants less than a year.
const GOOD_FOR: i64 = 180 * DAY;
/// Where a password is changed.
const PASSWORD_PAGE: &str = "/settings/account";

/// All of them.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/security", get(security))
        .route("/privacy", get(privacy))
        .route("/terms", get(terms))
        .route("/disclosure", get(disclosure).post(report))
        .route("/.well-known/security.txt", get(security_txt))
        .route("/.well-known/change-password", get(|| async { Redirect::to(PASSWORD_PAGE) }))
        .route("/api/v1/security", get(findings))
}

fn info(seen: &Seen, path: &'static str) -> PageInfo {
    let lang = seen.actor.as_ref().map_or(seen.lang, keepwell_services::Actor::lang);
    let signed_in = seen.actor.is_some();
    PageInfo { lang: Lang::parse(lang.as_str()), offered: seen.offered, theme: seen.theme, signed_in, path }
}

/// This instance's own address: from the settings, never from the request.
fn origin(config: &Config) -> String {
    config.public_url.as_ref().map_or_else(|| format!("http://{}", config.listen), ToString::to_string)
}

async fn security(State(state): State<AppState>, Extension(seen): Extension<Seen>) -> Html<String> {
    let page = SecurityPage { findings: state.claims.latest(), origin: origin(&state.config) };
    Html(page.html(info(&seen, "/security")))
}

async fn findings(State(state): State<AppState>) -> Response {
    let found = state.claims.latest();
    let claims: Vec<_> = Claim::ALL.iter().map(|c| found.of(*c)).collect();
    Json(serde_json::json!({ "claims": claims })).into_response()
}

async fn privacy(State(state): State<AppState>, Extension(seen): Extension<Seen>) -> Html<String> {
    Html(Paper::Privacy.html(info(&seen, "/privacy"), state.config.contact.as_deref()))
}

async fn terms(State(state): State<AppState>, Extension(seen): Extension<Seen>) -> Html<String> {
    Html(Paper::Terms.html(info(&seen, "/terms"), state.config.contact.as_deref()))
}

/// The number of the report that the finder just sent.
#[derive(Deserialize)]
struct Sent {
    sent: Option<uuid::Uuid>,
}

async fn disclosure(
    State(state): State<AppState>,
    Extension(seen): Extension<Seen>,
    Query(Sent { sent }): Query<Sent>,
) -> Html<String> {
    let sent = sent.map(|id| id.to_string());
    let form = ReportForm { operator: state.config.contact.clone(), sent, ..ReportForm::default() };
    Html(form.html(info(&seen, "/disclosure")))
}

/// What the form sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reported {
    text: String,
    #[serde(default)]
    contact: String,
}

async fn report(
    State(state): State<AppState>,
    Extension(seen): Extension<Seen>,
    Form(reported): Form<Reported>,
) -> Response {
    let info = info(&seen, "/disclosure");
    let report = Report { text: reported.text, contact: reported.contact };
    let mut form = ReportForm { operator: state.config.contact.clone(), ..ReportForm::default() };
    let status = match state.services.report_weakness(&report).await {
        Ok(id) => return Redirect::to(&format!("/disclosure?sent={id}")).into_response(),
        Err(ServiceError::Invalid { .. }) if report.text.trim().is_empty() => {
            form.refused = Some(Refused::Empty);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(ServiceError::Invalid { .. }) => {
            form.refused = Some(Refused::Long);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(_) => {
            form.refused = Some(Refused::Full);
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    (form.text, form.contact) = (report.text, report.contact);
    (status, Html(form.html(info))).into_response()
}

async fn security_txt(State(state): State<AppState>) -> Response {
    let text = security_text(&state.config, state.clock.now());
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// The file of RFC 9116. Its end moves with every answer, in whole days, so it is never in the past.
fn security_text(config: &Config, now: Ts) -> String {
    let origin = origin(config);
    let expires = Ts((now.0.div_euclid(DAY) * DAY) + GOOD_FOR);
    let mut out = String::new();
    if let Some(contact) = config.contact.as_deref() {
        let is_address = ["mailto:", "https://", "tel:"].iter().any(|s| contact.starts_with(s));
        let scheme = if is_address { "" } else { "mailto:" };
        out += &format!("Contact: {scheme}{contact}\n");
    }
    out += &format!("Contact: {origin}/disclosure\n");
    out += &format!("Expires: {}\n", expires.rfc3339());
    out += "Preferred-Languages: en, de\n";
    if config.public_url.is_some() {
        out += &format!("Canonical: {origin}/.well-known/security.txt\n");
    }
    out += &format!("Policy: {origin}/disclosure\n");
    out
}

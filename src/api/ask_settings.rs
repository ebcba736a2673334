//! Who answers questions: the provider in force, one's own, and the consent to it. For people who signed in; no personal access
//! token can do any of this.

use super::extract::{Body, Small};
use crate::{middleware::rights::Signed, problem::Problem, state::AppState};
use axum::{Json, extract::State};
use http::StatusCode;
use keepwell_domain::view::{OwnProviderView, ProviderView};
use keepwell_services::{NewProvider, ServiceError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A provider of models, as somebody decides about it.
#[derive(Serialize, ToSchema)]
pub struct ProviderShape {
    /// What it is called.
    name: String,
    /// Host and port to which questions go.
    host: String,
    /// The model.
    model: String,
    /// Where it stands.
    place: String,
    /// Where its terms can be read.
    terms: String,
    /// Whether it is one's own and not the instance's.
    own: bool,
    /// Whether one consented to just this, for the profile in use.
    consented: bool,
}

impl From<ProviderView> for ProviderShape {
    fn from(p: ProviderView) -> Self {
        Self {
            name: p.name,
            host: p.host,
            model: p.model,
            place: p.place,
            terms: p.terms,
            own: p.own,
            consented: p.consented,
        }
    }
}

/// One's own provider, without its key.
#[derive(Serialize, ToSchema)]
pub struct OwnProviderShape {
    /// `anthropic` or `openai`.
    kind: String,
    /// Its address.
    base_url: String,
    /// The model.
    model: String,
    /// What it is called; the host where empty.
    name: String,
    /// Where it stands.
    place: String,
    /// Where its terms can be read.
    terms: String,
    /// Whether a key is kept. It is never shown.
    has_key: bool,
}

impl From<OwnProviderView> for OwnProviderShape {
    fn from(p: OwnProviderView) -> Self {
        Self {
            kind: p.kind,
            base_url: p.base_url,
            model: p.model,
            name: p.name,
            place: p.place,
            terms: p.terms,
            has_key: p.has_key,
        }
    }
}

/// Who answers.
#[derive(Serialize, ToSchema)]
pub struct Providers {
    /// To whom questions would go; none: the built-in answerer answers all of them.
    provider: Option<ProviderShape>,
    /// One's own.
    own: Option<OwnProviderShape>,
    /// Whether the instance lets people set up one of their own.
    own_allowed: bool,
}

/// Who answers one's questions. Without consent nobody but the built-in answerer does.
#[utoipa::path(get, path = "/ask/provider", tag = "ask",
    responses((status = 200, body = Providers), (status = 401, body = Problem), (status = 403, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn provider(
    State(app): State<AppState>,
    Signed(actor): Signed,
) -> Result<Json<Providers>, Problem> {
    let s = &app.services;
    Ok(Json(Providers {
        provider: s.provider_of(&actor).await?.map(Into::into),
        own: s.own_provider(&actor).await?.map(Into::into),
        own_allowed: s.allows_own_provider(),
    }))
}

/// A provider of one's own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderForm {
    /// `anthropic` (Messages) or `openai` (chat completions).
    kind: String,
    /// `https://…`; `http://` to this very machine only.
    base_url: String,
    /// The model.
    model: String,
    /// The key; left out, the one before is kept as long as kind and address stay the same.
    #[serde(default)]
    api_key: String,
    /// What it is called; the host when left out.
    #[serde(default)]
    name: String,
    /// Where it stands.
    #[serde(default)]
    place: String,
    /// Where its terms can be read.
    #[serde(default)]
    terms: String,
}

/// Sets up a provider of one's own. Wants a fresh proof; consent has to be given anew.
#[utoipa::path(put, path = "/ask/provider", tag = "ask", request_body = ProviderForm,
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn set_provider(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Body(p): Body<ProviderForm>,
) -> Result<StatusCode, Problem> {
    let new = NewProvider {
        kind: &p.kind,
        base_url: &p.base_url,
        model: &p.model,
        key: &p.api_key,
        name: &p.name,
        place: &p.place,
        terms: &p.terms,
    };
    let done = app.services.set_own_provider(&actor, &new).await;
    done.map_err(|e| match e {
        ServiceError::Invalid { field: "key", reason } => ServiceError::Invalid { field: "api_key", reason },
        other => other,
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes one's own provider; the instance's counts again.
#[utoipa::path(delete, path = "/ask/provider", tag = "ask",
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn remove_provider(
    State(app): State<AppState>,
    Signed(actor): Signed,
) -> Result<StatusCode, Problem> {
    app.services.remove_own_provider(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A question, to see what it would send.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewForm {
    /// In plain words.
    question: String,
}

/// What the first request for a question would send, to whom, under which terms. Nothing is sent.
#[derive(Serialize, ToSchema)]
pub struct PreviewShape {
    /// To whom.
    provider: ProviderShape,
    /// The address of the request.
    url: String,
    /// The request itself, JSON as text.
    request: String,
    /// Stand-ins in it, and what they stand for.
    stand_ins: Vec<(String, String)>,
    /// Names all of it; to be sent as consent.
    fingerprint: String,
}

/// Shows what a question would send, before anything is. In the body, for a question says something of whoever asks it.
#[utoipa::path(post, path = "/ask/consent/preview", tag = "ask", request_body = PreviewForm,
    responses((status = 200, body = PreviewShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn preview(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Small(body): Small<PreviewForm>,
) -> Result<Json<PreviewShape>, Problem> {
    let p = app.services.consent_preview(&actor, &body.question).await?;
    Ok(Json(PreviewShape {
        provider: p.provider.into(),
        url: p.url,
        request: p.request,
        stand_ins: p.stand_ins,
        fingerprint: p.fingerprint,
    }))
}

/// How consent stands, for the profile in use.
#[derive(Serialize, ToSchema)]
pub struct ConsentShape {
    /// To whom questions would go; none when no provider is set up.
    provider: Option<ProviderShape>,
    /// Whether questions may leave.
    consented: bool,
}

/// Whether questions of the profile in use may leave the instance.
#[utoipa::path(get, path = "/ask/consent", tag = "ask",
    responses((status = 200, body = ConsentShape), (status = 401, body = Problem), (status = 403, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn consent(
    State(app): State<AppState>,
    Signed(actor): Signed,
) -> Result<Json<ConsentShape>, Problem> {
    let provider = app.services.provider_of(&actor).await?;
    let consented = provider.as_ref().is_some_and(|p| p.consented);
    Ok(Json(ConsentShape { provider: provider.map(Into::into), consented }))
}

/// Consent to what was shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentForm {
    /// As the preview said it.
    fingerprint: String,
}

/// Consents, for the profile in use, to what `POST /ask/consent/preview` showed.
#[utoipa::path(put, path = "/ask/consent", tag = "ask", request_body = ConsentForm,
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn give_consent(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Body(body): Body<ConsentForm>,
) -> Result<StatusCode, Problem> {
    app.services.consent(&actor, &body.fingerprint).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes consent back: from then on no question of the profile in use leaves.
#[utoipa::path(delete, path = "/ask/consent", tag = "ask",
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn revoke_consent(
    State(app): State<AppState>,
    Signed(actor): Signed,
) -> Result<StatusCode, Problem> {
    app.services.revoke_consent(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

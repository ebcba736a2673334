//! Second factors, the second half of a sign-in, and the proof of who asks. What is asked of a passkey and what
//! it answers is the JSON of WebAuthn Level 3, binary values in base64url.

use super::{
    accounts::{enrolled, signed_in},
    extract::{Body, Id},
    shapes::SessionShape,
};
use crate::{
    middleware::{Seen, rights::Enrolling},
    problem::Problem,
    state::AppState,
};
use axum::{Extension, Json, extract::State, response::Response};
use http::StatusCode;
use keepwell_domain::{
    ids::PasskeyId,
    view::{FactorsView, PasskeyView},
};
use keepwell_services::{Proof, Question, Second};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A second half: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishLogin {
    /// What `POST /login` answered.
    ticket: String,
    /// A code of the authenticator app, or a recovery code.
    code: Option<String>,
    /// The answer of a passkey to `POST /login/passkey/options`.
    #[schema(value_type = Option<Object>)]
    passkey: Option<serde_json::Value>,
}

/// Finishes a sign-in whose password was right.
#[utoipa::path(post, path = "/login/finish", tag = "account", request_body = FinishLogin,
    responses((status = 200, body = SessionShape), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub async fn finish_login(
    State(app): State<AppState>,
    Extension(seen): Extension<Seen>,
    Body(body): Body<FinishLogin>,
) -> Result<Response, Problem> {
    let answer = body.passkey.map(|p| p.to_string());
    let second = match (&body.code, &answer) {
        (Some(code), None) => Second::Code(code),
        (None, Some(answer)) => Second::Passkey(answer),
        _ => return Err(Problem::invalid("code", "give either a code or a passkey")),
    };
    let token = app.services.finish_sign_in(&body.ticket, second, seen.lang, &seen.device).await?;
    Ok(signed_in(StatusCode::OK, &token))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskPasskey {
    /// What `POST /login` answered, to finish that sign-in; left out to sign in with a passkey alone.
    ticket: Option<String>,
}

/// What to ask a passkey.
#[derive(Serialize, ToSchema)]
pub struct PasskeyQuestionShape {
    /// To be sent along with the answer, within ten minutes and once.
    ticket: String,
    /// For `navigator.credentials.get` or `create`.
    #[serde(rename = "publicKey")]
    #[schema(value_type = Object)]
    public_key: serde_json::Value,
}

impl From<Question> for PasskeyQuestionShape {
    fn from(mut q: Question) -> Self {
        Self { ticket: q.ticket, public_key: q.options["publicKey"].take() }
    }
}

/// Asks for a passkey to sign in with.
#[utoipa::path(post, path = "/login/passkey/options", tag = "account", request_body = AskPasskey,
    responses((status = 200, body = PasskeyQuestionShape), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub async fn ask_to_login(
    State(app): State<AppState>,
    Extension(seen): Extension<Seen>,
    Body(body): Body<AskPasskey>,
) -> Result<Json<PasskeyQuestionShape>, Problem> {
    let question = match &body.ticket {
        Some(ticket) => app.services.ask_passkey_to_finish(ticket, seen.lang).await?,
        None => app.services.ask_passkey().await?,
    };
    Ok(Json(question.into()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyLogin {
    /// The question's ticket.
    ticket: String,
    /// The passkey's answer.
    #[schema(value_type = Object)]
    passkey: serde_json::Value,
    /// Stay signed in on this device.
    #[serde(default)]
    keep: bool,
}

/// Signs in with a passkey alone.
#[utoipa::path(post, path = "/login/passkey", tag = "account", request_body = PasskeyLogin,
    responses((status = 200, body = SessionShape), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub async fn passkey_login(
    State(app): State<AppState>,
    Extension(seen): Extension<Seen>,
    Body(body): Body<PasskeyLogin>,
) -> Result<Response, Problem> {
    let (ticket, answer) = (&body.ticket, body.passkey.to_string());
    let token =
        app.services.sign_in_with_passkey(ticket, &answer, body.keep, seen.lang, &seen.device).await?;
    Ok(signed_in(StatusCode::OK, &token))
}

/// A passkey.
#[derive(Serialize, ToSchema)]
pub struct PasskeyShape {
    /// Id.
    id: String,
    /// What its person calls it.
    name: String,
    /// When it was added, RFC 3339.
    created: String,
    /// When it last signed in or proved something, RFC 3339.
    last_used: Option<String>,
}

impl From<PasskeyView> for PasskeyShape {
    fn from(p: PasskeyView) -> Self {
        Self {
            id: p.id.to_string(),
            name: p.name,
            created: p.created.rfc3339(),
            last_used: p.last_used.map(|t| t.rfc3339()),
        }
    }
}

/// The second factors of an account.
#[derive(Serialize, ToSchema)]
pub struct FactorsShape {
    /// Since when codes of an authenticator app are asked for, RFC 3339; `null` when they are not.
    totp: Option<String>,
    /// Passkeys, oldest first.
    passkeys: Vec<PasskeyShape>,
    /// Recovery codes that were not used yet.
    recovery_codes_left: u32,
    /// The one web address under which passkeys work here; `null` where they do not.
    passkey_origin: Option<String>,
}

impl From<FactorsView> for FactorsShape {
    fn from(f: FactorsView) -> Self {
        Self {
            totp: f.app.map(|t| t.rfc3339()),
            passkeys: f.passkeys.into_iter().map(Into::into).collect(),
            recovery_codes_left: f.codes_left,
            passkey_origin: f.passkey_origin,
        }
    }
}

/// The second factors.
#[utoipa::path(get, path = "/me/factors", tag = "factors",
    responses((status = 200, body = FactorsShape), (status = 401, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn list(
    State(app): State<AppState>,
    Enrolling(actor): Enrolling,
) -> Result<Json<FactorsShape>, Problem> {
    Ok(Json(app.services.factors(&actor).await?.into()))
}

/// A proof: the password, with a code where there is a second factor; or a passkey's answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProofBody {
    /// The password.
    password: Option<String>,
    /// A code of the authenticator app, or a recovery code.
    #[serde(default)]
    code: String,
    /// The ticket of `POST /me/proof/passkey`.
    ticket: Option<String>,
    /// The passkey's answer to it.
    #[schema(value_type = Option<Object>)]
    passkey: Option<serde_json::Value>,
}

/// Proves who holds the session: sensitive acts want that within the last ten minutes. The session goes on
/// under a new id, which is the answer.
#[utoipa::path(post, path = "/me/proof", tag = "factors", request_body = ProofBody,
    responses((status = 200, body = SessionShape), (status = 401, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn prove(
    State(app): State<AppState>,
    Enrolling(actor): Enrolling,
    Extension(seen): Extension<Seen>,
    Body(body): Body<ProofBody>,
) -> Result<Response, Problem> {
    let answer = body.passkey.map(|p| p.to_string());
    let proof = match (&body.password, &body.ticket, &answer) {
        (Some(password), None, None) => Proof::Password { password, code: &body.code },
        (None, Some(ticket), Some(answer)) => Proof::Passkey { ticket, answer },
        _ => return Err(Problem::invalid("password", "give either a password or a ticket with a passkey")),
    };
    let token = app.services.prove_self(&actor, proof, &seen.device).await?;
    Ok(signed_in(StatusCode::OK, &token))
}

/// Asks the account's passkeys for a proof.
#[utoipa::path(post, path = "/me/proof/passkey", tag = "factors",
    responses((status = 200, body = PasskeyQuestionShape), (status = 401, body = Problem), (status = 404, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn ask_to_prove(
    State(app): State<AppState>,
    Enrolling(actor): Enrolling,
) -> Result<Json<PasskeyQuestionShape>, Problem> {
    Ok(Json(app.services.ask_passkey_to_prove(&actor).await?.into()))
}

/// A secret that an authenticator app is to take in.
#[derive(Serialize, ToSchema)]
pub struct NewAppShape {
    /// In base32.
    secret: String,
    /// The whole as an `otpauth:` address.
    uri: String,
}

/// Makes a secret for an authenticator app. It is in force once a code of it was sent to
/// `POST /me/totp/confirm`, within a quarter of an hour.
#[utoipa::path(post, path = "/me/totp", tag = "factors",
    responses((status = 200, body = NewAppShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn begin_app(
    State(app): State<AppState>,
    Enrolling(actor): Enrolling,
) -> Result<Json<NewAppShape>, Problem> {
    let new = app.services.begin_app(&actor).await?;
    Ok(Json(NewAppShape { secret: new.secret.replace(' ', ""), uri: new.uri }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppCode {
    /// Six digits that the app shows.
    code: String,
}

/// Another session in place of all that there were.
#[derive(Serialize, ToSchema)]
pub struct EnrolledShape {
    /// To be sent as `Authorization: Bearer`.
    pub token: String,
    /// When it ends at the latest, RFC 3339.
    pub expires: String,
    /// Recovery codes that were made; they cannot be shown again. `null` when there were some already.
    pub recovery_codes: Option<Vec<String>>,
}

/// Puts the app in force. Every session and token ends; the answer is a new session.
#[utoipa::path(post, path = "/me/totp/confirm", tag = "factors", request_body = AppCode,
    responses((status = 200, body = EnrolledShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn confirm_app(
    State(app): State<AppState>,
    Enrolling(actor): Enrolling,
    Extension(seen): Extension<Seen>,
    Body(body): Body<AppCode>,
) -> Result<Response, Problem> {
    let done = app.services.confirm_app(&actor, &body.code, &seen.device).await?;
    Ok(enrolled(StatusCode::OK, &done.session, done.codes))
}

/// Takes the app out of force. Every session and token ends; the answer is a new session.
#[utoipa::path(delete, path = "/me/totp", tag = "factors",
    responses((status = 200, body = SessionShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn remove_app(
    State(app): State<AppState>,
    Enrolling(actor): Enrolling,
    Extension(seen): Extension<Seen>,
) -> Result<Response, Problem> {
    Ok(signed_in(StatusCode::OK, &app.services.remove_app(&actor, &seen.device).await?))
}

/// Makes ten recovery codes in place of the old ones. Every session and token ends; the answer is a new session.
#[utoipa::path(post, path = "/me/recovery-codes", tag = "factors",
    responses((status = 200, body = EnrolledShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn make_codes(
    State(app): State<AppState>,
    Enrolling(actor): Enrolling,
    Extension(seen): Extension<Seen>,
) -> Result<Response, Problem> {
    let (session, codes) = app.services.make_recovery_codes(&actor, &seen.device).await?;
    Ok(enrolled(StatusCode::OK, &session, Some(codes)))
}

/// Asks for a new passkey.
#[utoipa::path(post, path = "/me/passkeys/options", tag = "factors",
    responses((status = 200, body = PasskeyQuestionShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn ask_to_enrol(
    State(app): State<AppState>,
    Enrolling(actor): Enrolling,
) -> Result<Json<PasskeyQuestionShape>, Problem> {
    Ok(Json(app.services.ask_passkey_to_enrol(&actor).await?.into()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// The question's ticket.
    ticket: String,
    /// The new passkey's answer.
    #[schema(value_type = Object)]
    passkey: serde_json::Value,
    /// What its person calls it.
    name: String,
}

/// Adds a passkey. Every session and token ends; the answer is a new session.
#[utoipa::path(post, path = "/me/passkeys", tag = "factors", request_body = NewPasskey,
    responses((status = 201, body = EnrolledShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn add_passkey(
    State(app): State<AppState>,
    Enrolling(actor): Enrolling,
    Extension(seen): Extension<Seen>,
    Body(body): Body<NewPasskey>,
) -> Result<Response, Problem> {
    let answer = body.passkey.to_string();
    let done = app.services.add_passkey(&actor, (&body.ticket, &answer), &body.name, &seen.device).await?;
    Ok(enrolled(StatusCode::CREATED, &done.session, done.codes))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyName {
    /// What its person calls it.
    #[serde(default)]
    name: String,
}

/// Renames a passkey.
#[utoipa::path(patch, path = "/me/passkeys/{id}", tag = "factors", params(("id" = String, Path)), request_body = PasskeyName,
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn rename_passkey(
    State(app): State<AppState>,
    Enrolling(actor): Enrolling,
    Id(id): Id<PasskeyId>,
    Body(body): Body<PasskeyName>,
) -> Result<StatusCode, Problem> {
    app.services.rename_passkey(&actor, id, &body.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a passkey. Every session and token ends; the answer is a new session.
#[utoipa::path(delete, path = "/me/passkeys/{id}", tag = "factors", params(("id" = String, Path)),
    responses((status = 200, body = SessionShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn remove_passkey(
    State(app): State<AppState>,
    Enrolling(actor): Enrolling,
    Extension(seen): Extension<Seen>,
    Id(id): Id<PasskeyId>,
) -> Result<Response, Problem> {
    Ok(signed_in(StatusCode::OK, &app.services.remove_passkey(&actor, id, &seen.device).await?))
}

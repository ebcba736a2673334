//! Passwords, addresses, and what is done with the codes of letters. Codes come in bodies only.

use super::{
    accounts::{NextShape, look_at_mail, signed_in},
    extract::Body,
    shapes::SessionShape,
};
use crate::{
    middleware::{Seen, rights::Signed},
    problem::Problem,
    state::AppState,
};
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use keepwell_app::ssr;
use keepwell_services::EmailChange;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Verify {
    /// The code of the letter.
    code: String,
    /// The password that was chosen at sign-up.
    password: String,
}

/// Opens the account that was signed up for, and signs in.
#[utoipa::path(post, path = "/verify", tag = "account", request_body = Verify,
    responses((status = 201, body = SessionShape), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub async fn verify(
    State(app): State<AppState>,
    Extension(seen): Extension<Seen>,
    Body(body): Body<Verify>,
) -> Result<Response, Problem> {
    let token = app.services.verify(&body.code, &body.password, seen.lang, &seen.device).await?;
    Ok(signed_in(StatusCode::CREATED, &token))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgot {
    /// E-mail address.
    email: String,
}

/// Asks for a letter with a link to choose a new password. The answer is the same for every address.
#[utoipa::path(post, path = "/forgot", tag = "account", request_body = Forgot,
    responses((status = 202, body = NextShape), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn forgot(
    State(app): State<AppState>,
    Extension(seen): Extension<Seen>,
    Body(body): Body<Forgot>,
) -> Result<Response, Problem> {
    app.services.forgot_password(&body.email, seen.lang, &seen.device).await?;
    Ok(look_at_mail())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reset {
    /// The code of the letter.
    code: String,
    /// The new password.
    password: String,
}

/// Sets a new password. Every session ends; sign in with it.
#[utoipa::path(post, path = "/reset", tag = "account", request_body = Reset,
    responses((status = 204), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn reset(
    State(app): State<AppState>,
    Extension(seen): Extension<Seen>,
    Body(body): Body<Reset>,
) -> Result<Response, Problem> {
    let mark = app.services.reset_password(&body.code, &body.password, seen.lang, &seen.device).await?;
    Ok(marked(&mark))
}

/// Nothing to say, but this browser is known from now on.
fn marked(device: &str) -> Response {
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, ssr::device_cookie(device))]).into_response()
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password so far. With a second factor a proof by `POST /me/proof` is needed instead.
    #[serde(default)]
    current_password: String,
    /// The new one.
    password: String,
}

/// Changes the password. Every session ends; the answer is a new one.
#[utoipa::path(post, path = "/me/password", tag = "account", request_body = ChangePassword,
    responses((status = 200, body = SessionShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn change_password(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Extension(seen): Extension<Seen>,
    Body(body): Body<ChangePassword>,
) -> Result<Response, Problem> {
    let token =
        app.services.change_password(&actor, &body.current_password, &body.password, &seen.device).await?;
    Ok(signed_in(StatusCode::OK, &token))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeEmail {
    /// The password. With a second factor a proof by `POST /me/proof` is needed instead.
    #[serde(default)]
    current_password: String,
    /// The new address.
    email: String,
}

/// Asks for another address. Where addresses are confirmed it answers 202, the same for every
/// address, and a letter to the new one says how to go on; else every session ends and the answer
/// is a new one.
#[utoipa::path(post, path = "/me/email", tag = "account", request_body = ChangeEmail,
    responses((status = 200, body = SessionShape), (status = 202, body = NextShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn change_email(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Extension(seen): Extension<Seen>,
    Body(body): Body<ChangeEmail>,
) -> Result<Response, Problem> {
    Ok(match app.services.change_email(&actor, &body.current_password, &body.email, &seen.device).await? {
        EmailChange::LookAtMail => look_at_mail(),
        EmailChange::Done(token) => signed_in(StatusCode::OK, &token),
    })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The code of the letter.
    code: String,
}

/// Confirms an address. When it is another one than before, every session ends; the one that
/// confirms, if there is one, goes on under a new id.
#[utoipa::path(post, path = "/email/confirm", tag = "account", request_body = Code,
    responses((status = 200, body = SessionShape), (status = 204), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn confirm_email(
    State(app): State<AppState>,
    Extension(seen): Extension<Seen>,
    Body(body): Body<Code>,
) -> Result<Response, Problem> {
    let next = app.services.confirm_email(&body.code, seen.actor.as_ref(), seen.lang, &seen.device).await?;
    Ok(match next {
        Some(token) => signed_in(StatusCode::OK, &token),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// Stops a change of address or takes it back, sets a new password, and ends every session.
#[utoipa::path(post, path = "/email/stop", tag = "account", request_body = Reset,
    responses((status = 204), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn stop_email_change(
    State(app): State<AppState>,
    Extension(seen): Extension<Seen>,
    Body(body): Body<Reset>,
) -> Result<Response, Problem> {
    let mark = app.services.stop_email_change(&body.code, &body.password, seen.lang, &seen.device).await?;
    Ok(marked(&mark))
}

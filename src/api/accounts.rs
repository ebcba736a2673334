//! Sign-up, sign-in, sign-out, and leaving.

use super::{extract::Body, factors::EnrolledShape, profiles::ProfileShape, shapes::SessionShape};
use crate::{
    middleware::{
        Seen,
        rights::{Enrolling, Scoped, Signed},
        session,
    },
    problem::Problem,
    state::AppState,
};
use axum::{
    Extension, Json,
    extract::State,
    response::{AppendHeaders, IntoResponse, Response},
};
use http::{StatusCode, header};
use keepwell_app::ssr;
use keepwell_domain::{
    scope::need::AnyToken,
    view::{Me, Receipt},
};
use keepwell_services::{Joined, Lang, ServiceError, SessionToken, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// E-mail address.
    email: String,
    /// At least 15 characters.
    password: String,
    /// `en` or `de`; by `Accept-Language` when left out.
    lang: Option<String>,
    /// The code of an invitation, where the instance asks for one.
    invite: Option<String>,
}

/// What to do next.
#[derive(Serialize, ToSchema)]
pub struct NextShape {
    /// Always `look_at_your_mail`.
    next: &'static str,
}

/// The answer that is the same for every address.
pub(super) fn look_at_mail() -> Response {
    (StatusCode::ACCEPTED, Json(NextShape { next: "look_at_your_mail" })).into_response()
}

/// Opens an account and signs in. Where addresses are confirmed it answers 202, the same for every
/// address, and a letter says how to go on.
#[utoipa::path(post, path = "/signup", tag = "account", request_body = SignUp,
    responses((status = 201, body = SessionShape), (status = 202, body = NextShape), (status = 403, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn sign_up(
    State(app): State<AppState>,
    Extension(seen): Extension<Seen>,
    Body(body): Body<SignUp>,
) -> Result<Response, Problem> {
    let lang = match &body.lang {
        Some(text) => Lang::parse(text).ok_or_else(|| Problem::invalid("lang", "must be en or de"))?,
        None => seen.lang,
    };
    let invite = body.invite.as_deref();
    let joined = app.services.sign_up_with(&body.email, &body.password, invite, lang, &seen.device).await;
    let joined = joined.map_err(|e| match e {
        ServiceError::Forbidden => {
            Problem::of(StatusCode::FORBIDDEN).because("This instance takes no new people at present.")
        }
        other => other.into(),
    })?;
    Ok(match joined {
        Joined::In(token) => signed_in(StatusCode::CREATED, &token),
        Joined::LookAtMail => look_at_mail(),
    })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// E-mail address.
    email: String,
    /// Password.
    password: String,
    /// Stay signed in on this device.
    #[serde(default)]
    keep: bool,
}

/// A sign-in that is half done: the password was right, and a second factor is asked for.
#[derive(Serialize, ToSchema)]
pub struct HalfShape {
    /// Always `second_factor`: finish with `POST /login/finish`.
    next: &'static str,
    /// To be sent along. It is no session.
    ticket: String,
    /// When it ends, RFC 3339.
    expires: String,
    /// Any of `totp`, `passkey`, `recovery`.
    factors: Vec<&'static str>,
}

/// Signs in. An account with a second factor answers 202 to the right password, and
/// `POST /login/finish` does the rest.
#[utoipa::path(post, path = "/login", tag = "account", request_body = Login,
    responses((status = 200, body = SessionShape), (status = 202, body = HalfShape), (status = 401, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub async fn login(
    State(app): State<AppState>,
    Extension(seen): Extension<Seen>,
    Body(body): Body<Login>,
) -> Result<Response, Problem> {
    let half = match app.services.sign_in(&body.email, &body.password, body.keep, &seen.device).await? {
        SignedIn::In(token) => return Ok(signed_in(StatusCode::OK, &token)),
        SignedIn::Half(half) => half,
    };
    let ways = half.ways;
    let factors = [(ways.app, "totp"), (ways.passkey, "passkey"), (ways.recovery, "recovery")];
    let shape = HalfShape {
        next: "second_factor",
        ticket: half.reveal().to_owned(),
        expires: half.expires.rfc3339(),
        factors: factors.into_iter().filter(|f| f.0).map(|f| f.1).collect(),
    };
    Ok((StatusCode::ACCEPTED, Json(shape)).into_response())
}

/// A session that goes on after a change of factors, and the recovery codes that came with it.
pub(super) fn enrolled(status: StatusCode, token: &SessionToken, codes: Option<Vec<String>>) -> Response {
    let (secret, expires) = (token.reveal().to_owned(), token.expires().rfc3339());
    let body = EnrolledShape { token: secret, expires, recovery_codes: codes };
    let cookies = ssr::session_cookies(token).map(|c| (header::SET_COOKIE, c));
    (status, AppendHeaders(cookies), Json(body)).into_response()
}

pub(super) fn signed_in(status: StatusCode, token: &SessionToken) -> Response {
    let body = SessionShape { token: token.reveal().to_owned(), expires: token.expires().rfc3339() };
    let cookies = ssr::session_cookies(token).map(|c| (header::SET_COOKIE, c));
    (status, AppendHeaders(cookies), Json(body)).into_response()
}

/// Ends this session.
#[utoipa::path(post, path = "/logout", tag = "account", responses((status = 204), (status = 401, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn logout(State(app): State<AppState>, Enrolling(actor): Enrolling) -> Result<Response, Problem> {
    app.services.sign_out(&actor).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, session::cleared())]).into_response())
}

#[derive(Serialize, ToSchema)]
pub struct MeShape {
    /// The account.
    id: String,
    /// Its e-mail address; not for personal access tokens.
    email: Option<String>,
    /// Whether the address was shown to be the person's; `null` where nobody is asked to.
    email_confirmed: Option<bool>,
    /// UI language.
    lang: String,
    /// The profile in use: the one that the request names, else the session's or the token's.
    profile: ProfileShape,
    /// All profiles; for a token that is bound to one, that one.
    profiles: Vec<ProfileShape>,
    /// Whether the demo person's records are among the records.
    demo: bool,
}

impl From<Me> for MeShape {
    fn from(me: Me) -> Self {
        Self {
            id: me.account.to_string(),
            profile: (&me.profile).into(),
            profiles: me.profiles.iter().map(Into::into).collect(),
            email: Some(me.email),
            email_confirmed: me.email_confirmed,
            lang: me.lang,
            demo: me.demo,
        }
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/me", tag = "account", responses((status = 200, body = MeShape), (status = 401, body = Problem), (status = 403, body = Problem)),
    security(("cookie" = []), ("bearer" = []), ("token" = [])))]
pub async fn me(
    State(app): State<AppState>,
    Scoped(actor, ..): Scoped<AnyToken>,
) -> Result<Json<MeShape>, Problem> {
    let mut me: MeShape = app.services.me(&actor).await?.into();
    if actor.token().is_some() {
        me.email = None;
    }
    Ok(Json(me))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteMe {
    /// The password, as a fresh proof. With a second factor a proof by `POST /me/proof` is needed instead.
    #[serde(default)]
    password: String,
}

/// What was removed.
#[derive(Serialize, ToSchema)]
pub struct ReceiptShape {
    /// Records gone.
    records: u64,
    /// Records kept because another document says them too.
    kept: u64,
    /// Series columns gone.
    series: u64,
    /// Documents gone.
    documents: u64,
    /// Sealed vaults of the journal gone.
    journals: u64,
    /// When, RFC 3339.
    at: String,
}

impl From<Receipt> for ReceiptShape {
    fn from(r: Receipt) -> Self {
        Self {
            records: r.records,
            kept: r.kept,
            series: r.series,
            documents: r.documents,
            journals: r.journals,
            at: r.at.rfc3339(),
        }
    }
}

/// Deletes the account: its keys first, then everything sealed with them.
#[utoipa::path(delete, path = "/me", tag = "account", request_body = DeleteMe,
    responses((status = 200, body = ReceiptShape), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("cookie" = []), ("bearer" = [])))]
pub async fn delete_me(
    State(app): State<AppState>,
    Signed(actor): Signed,
    Body(body): Body<DeleteMe>,
) -> Result<Response, Problem> {
    let receipt = app.services.delete_account(&actor, &body.password).await?;
    Ok(([(header::SET_COOKIE, session::cleared())], Json(ReceiptShape::from(receipt))).into_response())
}

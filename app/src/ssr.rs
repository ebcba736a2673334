//! What the server hands to pages, and how a page answers it: cookies, redirects, refused forms.

pub mod aside;
pub mod fields;

use crate::{
    boot::{Boot, Failure, Shown, Theme},
    error::{AppError, ErrorCode},
    i18n::{Lang, Offered},
    wire::PROFILE_HEADER,
};
use axum::{
    Router,
    body::Body,
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
    routing::post,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use keepwell_services::{Actor, Device, Role, ServiceError, Services, SessionToken};
use leptos::{prelude::*, server_fn::error::FromServerFnError};
use leptos_axum::ResponseOptions;
use std::{pin::Pin, sync::Arc};

/// The session that the server found for this request.
#[derive(Clone)]
pub struct CurrentActor(pub Option<Actor>);

/// What is known of the request besides its session.
#[derive(Clone)]
pub struct RequestInfo {
    /// Browser and address.
    pub device: Device,
    /// Names the request in logs and error pages.
    pub request_id: String,
    /// Language by cookie or `Accept-Language`.
    pub lang: keepwell_services::Lang,
    /// Theme by cookie.
    pub theme: Theme,
}

/// Where the browser finds the program: URL paths of the script and the WASM.
#[derive(Clone)]
pub struct Assets {
    /// `/pkg/keepwell.<hash>.js`.
    pub js: Arc<str>,
    /// `/pkg/keepwell.<hash>.wasm`.
    pub wasm: Arc<str>,
    /// `/pkg/keepwell.<hash>.data`, what follows it where the build parted the two; else empty.
    pub data: Arc<str>,
}

impl Default for Assets {
    fn default() -> Self {
        Self { js: "/pkg/keepwell.js".into(), wasm: "/pkg/keepwell.wasm".into(), data: "".into() }
    }
}

/// The session cookie. The prefix binds it to this very host over a secure channel (RFC 6265bis).
pub const SESSION_COOKIE: &str = "__Host-keepwell";
/// The cookie of a device in which an account was used.
pub const DEVICE_COOKIE: &str = "__Host-keepwell-device";
/// The cookie of the chosen language.
pub const LANG_COOKIE: &str = "lang";
/// The cookie of the chosen theme.
pub const THEME_COOKIE: &str = "theme";
/// Under what path server functions stand.
pub const FN_PREFIX: &str = "/fn";
/// Longest body of a form.
const MAX_FORM: usize = 1 << 20;

/// Who may open an account now.
fn joining() -> crate::boot::Joining {
    use crate::boot::Joining;
    use keepwell_services::settings::SignupMode;
    let Some(services) = use_context::<Services>() else { return Joining::default() };
    match services.settings_in_force().signup {
        SignupMode::Open => Joining::Open,
        SignupMode::Invite => Joining::Invite,
        SignupMode::Closed => Joining::Closed,
    }
}

/// The languages that may be chosen now.
#[must_use]
pub fn offered(services: &Services) -> Offered {
    let settings = services.settings_in_force();
    Offered::of(settings.languages.iter().map(|l| l.as_str()))
}

pub(crate) fn boot() -> Boot {
    let info = use_context::<RequestInfo>();
    let actor = use_context::<CurrentActor>().and_then(|a| a.0);
    let lang = actor.as_ref().map(Actor::lang).or(info.as_ref().map(|i| i.lang));
    let services = use_context::<Services>();
    Boot {
        joining: joining(),
        lang: lang.map(|l| Lang::parse(l.as_str())).unwrap_or_default(),
        offered: services.as_ref().map_or_else(Offered::default, offered),
        theme: info.map(|i| i.theme).unwrap_or_default(),
        signed_in: actor.is_some(),
        profile: actor.as_ref().map(Actor::profile),
        role: actor.as_ref().map_or(Role::Person, Actor::role),
        must_enrol: actor.as_ref().is_some_and(Actor::must_enrol),
        is_proved: actor.as_ref().zip(services.as_ref()).is_some_and(|(a, s)| s.is_proved(a)),
        passkeys: services.and_then(|s| s.passkey_origin().map(str::to_owned)),
        failure: use_context::<Failure>(),
        shown: use_context::<Shown>(),
    }
}

/// The services.
///
/// # Errors
/// [`ErrorCode::Internal`] when the server provided none.
pub fn services() -> Result<Services, AppError> {
    use_context::<Services>().ok_or_else(|| AppError::new(ErrorCode::Internal))
}

/// Who asks, about the profile in use. A form or a call of a page that was drawn for another
/// profile is refused: what it says is not meant for this one.
///
/// # Errors
/// [`ErrorCode::SignIn`] when no live session asked; [`ErrorCode::Switched`].
pub fn actor() -> Result<Actor, AppError> {
    let actor = person()?;
    let is_drawn_now = |p: &Parts| matches!(p.method, Method::GET | Method::HEAD);
    let meant = |p: &Parts| Some(p.headers.get(PROFILE_HEADER)?.to_str().ok()?.to_owned());
    match use_context::<Parts>() {
        Some(parts)
            if is_drawn_now(&parts) || meant(&parts).is_some_and(|m| m == actor.profile().to_string()) =>
        {
            Ok(actor)
        }
        _ => {
            set_status(409);
            Err(AppError::new(ErrorCode::Switched))
        }
    }
}

/// Who asks, for what concerns no profile: the language, switching itself.
///
/// # Errors
/// [`ErrorCode::SignIn`] when no live session asked; [`ErrorCode::EnrolNeeded`] for whoever runs the instance,
/// before they have a second factor.
pub fn person() -> Result<Actor, AppError> {
    let actor = anyone()?;
    if actor.must_enrol() { Err(AppError::new(ErrorCode::EnrolNeeded)) } else { Ok(actor) }
}

/// The same before that, too: for setting a second factor up, and for signing out.
///
/// # Errors
/// [`ErrorCode::SignIn`] when no live session asked.
pub fn anyone() -> Result<Actor, AppError> {
    use_context::<CurrentActor>().and_then(|a| a.0).ok_or_else(|| AppError::new(ErrorCode::SignIn))
}

/// The request's device, language and id.
///
/// # Errors
/// [`ErrorCode::Internal`] when the server provided none.
pub fn request() -> Result<RequestInfo, AppError> {
    use_context::<RequestInfo>().ok_or_else(|| AppError::new(ErrorCode::Internal))
}

impl From<ServiceError> for AppError {
    fn from(e: ServiceError) -> Self {
        let mut out = match e {
            ServiceError::Forbidden => Self::new(ErrorCode::Forbidden),
            ServiceError::Credentials => {
                let lang = use_context::<RequestInfo>().map(|r| r.lang).unwrap_or_default();
                let text = lang.pick(
                    "The e-mail address or the password is not right.",
                    "Die E-Mail-Adresse oder das Passwort stimmt nicht.",
                );
                Self::invalid("password", text)
            }
            ServiceError::NotFound => Self::new(ErrorCode::NotFound),
            ServiceError::ProofNeeded => Self::new(ErrorCode::ProofNeeded),
            ServiceError::Invalid { field, reason } => Self::invalid(field, reason),
            ServiceError::Conflict => Self::new(ErrorCode::Conflict),
            ServiceError::Unavailable { retry_after_s } => {
                Self { retry_after: Some(retry_after_s), ..Self::new(ErrorCode::Unavailable) }
            }
            ServiceError::Full => Self { retry_after: Some(60), ..Self::new(ErrorCode::Full) },
            ServiceError::Spent { limit, .. } => {
                let lang = use_context::<RequestInfo>().map(|r| r.lang).unwrap_or_default();
                let text = lang.pick(
                    "You have asked all {n} questions that an account may ask in one day. Tomorrow there are new ones.",
                    "Sie haben alle {n} Fragen gestellt, die ein Konto an einem Tag stellen darf. Morgen gibt es neue.",
                );
                Self::invalid("question", text.replace("{n}", &limit.to_string()))
            }
            ServiceError::TooMany { retry_after_s } => {
                let lang = use_context::<RequestInfo>().map(|r| r.lang).unwrap_or_default();
                let text = lang.pick("Too many wrong tries.", "Zu viele falsche Versuche.");
                let reason = Some(text.to_owned());
                Self { retry_after: Some(retry_after_s), reason, ..Self::new(ErrorCode::TooMany) }
            }
            ServiceError::Ended => Self::new(ErrorCode::SignIn),
            ServiceError::Internal => Self::new(ErrorCode::Internal),
        };
        out.request_id = use_context::<RequestInfo>().map(|r| r.request_id).unwrap_or_default();
        out
    }
}

/// Sends the browser to a path of ours, with 303 for a page and for a form alike.
pub fn redirect(path: &str) {
    let Some(res) = use_context::<ResponseOptions>() else { return };
    if let Ok(value) = HeaderValue::from_str(path) {
        res.insert_header(header::LOCATION, value);
        // A server function called by script must answer 200 with its value: fetch would follow.
        let is_call = use_context::<Parts>().is_some_and(|p| p.uri.path().starts_with(FN_PREFIX));
        if is_call {
            res.insert_header(HeaderName::from_static("serverfnredirect"), HeaderValue::from_static(""));
        } else {
            res.set_status(StatusCode::SEE_OTHER);
        }
    }
}

/// Sets the status of the page under way.
pub fn set_status(status: u16) {
    if let (Some(res), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        res.set_status(status);
    }
}

fn append_cookie(text: &str) {
    if let (Some(res), Ok(v)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(text)) {
        res.append_header(header::SET_COOKIE, v);
    }
}

/// The session cookie, and the mark of the device, as `Set-Cookie` values.
#[must_use]
pub fn session_cookies(token: &SessionToken) -> [String; 2] {
    let age = token.max_age_s().map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    let secret = token.reveal();
    [
        format!("{SESSION_COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax{age}"),
        device_cookie(token.device()),
    ]
}

/// The cookie that tells a device from strangers, for 400 days. It opens nothing.
#[must_use]
pub fn device_cookie(value: &str) -> String {
    format!("{DEVICE_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=34560000")
}

/// Gives the browser its session.
pub fn set_session(token: &SessionToken) {
    session_cookies(token).iter().for_each(|c| append_cookie(c));
}

/// The cookie of a sign-in that is half done. It is no session, and ends by itself.
pub const HALF_COOKIE: &str = "__Host-keepwell-half";

/// Gives the browser what names its half of a sign-in.
pub fn set_half(half: &keepwell_services::HalfOpen) {
    let ticket = half.reveal();
    append_cookie(&format!("{HALF_COOKIE}={ticket}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"));
}

/// Takes it back.
pub fn clear_half() {
    append_cookie(&format!("{HALF_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"));
}

/// What names the half of a sign-in of this browser.
#[must_use]
pub fn half() -> Option<String> {
    let parts = use_context::<Parts>()?;
    let lines = parts.headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut found = lines.flat_map(|l| l.split(';')).filter_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == HALF_COOKIE).then(|| value.to_owned())
    });
    // One that comes twice has been planted by someone.
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Marks the browser as a known device.
pub fn set_device(value: &str) {
    append_cookie(&device_cookie(value));
}

/// Takes the session from the browser.
pub fn clear_session() {
    append_cookie(&format!("{SESSION_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"));
}

/// Remembers a choice (language, theme) for a year. It is no secret.
pub fn set_choice(name: &str, value: &str) {
    append_cookie(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000"));
}

/// Forms whose answer is shown this once on their own page and cannot be asked for again.
const SHOWN_ONCE: &[&str] = &[
    "create_invite",
    "create_token",
    "confirm_app",
    "make_recovery_codes",
    "add_passkey",
    "send_test_letter",
];

/// Which forms a page may send; everything else is refused, so that a limit that counts
/// `POST /login` cannot be passed by sending the same form to another page.
pub const FORM_PAGES: &[(&str, &[&str])] = &[
    ("/", &["choose_lang"]),
    ("/login", &["sign_in", "passkey_sign_in"]),
    ("/login/code", &["finish_sign_in"]),
    ("/prove", &["prove_self"]),
    (
        "/settings/factors",
        &[
            "begin_app",
            "confirm_app",
            "remove_app",
            "add_passkey",
            "rename_passkey",
            "remove_passkey",
            "make_recovery_codes",
            "sign_out",
        ],
    ),
    ("/forgot", &["forgot_password"]),
    ("/reset", &["reset_password"]),
    ("/verify", &["verify_account"]),
    ("/confirm", &["confirm_email"]),
    ("/stop", &["stop_email_change"]),
    ("/settings/account", &["change_password", "change_email"]),
    ("/settings/sessions", &["end_session", "end_other_sessions"]),
    ("/signup", &["sign_up"]),
    ("/overview", &["add_demo"]),
    ("/markers/{key}", &["set_favourite"]),
    ("/records/{id}", &["edit_record", "delete_record"]),
    ("/documents/{id}", &["answer_questions", "undo_import", "read_again", "decide_row", "accept_likely"]),
    ("/add", &["add_record", "paste_text"]),
    ("/settings/profiles", &["switch_profile", "create_profile", "change_profile", "delete_profile"]),
    ("/admin", &["retry_job", "discard_job"]),
    ("/admin/log", &["find_in_log"]),
    (
        "/admin/settings",
        &["change_setting", "reset_setting", "create_invite", "revoke_invite", "send_test_letter"],
    ),
    ("/settings/notices", &["dismiss_notice", "keep_account"]),
    ("/settings/grants/{id}", &["end_my_sight"]),
    ("/admin/people", &["find_person"]),
    ("/admin/people/{id}", &["act_on_person", "ask_for_sight"]),
    ("/admin/grants", &["approve_sight", "end_sight"]),
    ("/admin/grants/{id}", &["end_sight"]),
    ("/settings/tokens", &["create_token", "revoke_token", "revoke_all_tokens"]),
    ("/ask", &["ask_question", "give_consent", "delete_conversations"]),
    (
        "/ask/{id}",
        &["ask_question", "give_consent", "ask_again", "rename_conversation", "delete_conversation"],
    ),
    ("/settings/ask", &["set_own_provider", "remove_own_provider", "revoke_consent"]),
    ("/settings", &["sign_out", "choose_lang", "choose_theme", "add_demo", "remove_demo", "delete_account"]),
];

/// What a call of a form is told, or its refusal.
pub type Passed = Pin<Box<dyn Future<Output = Result<HeaderMap, Response>> + Send>>;

/// In a request's extensions: asked with the form's name before the form does anything, on pages
/// whose forms are not all alike.
#[derive(Clone)]
pub struct FormGate(Arc<dyn Fn(&'static str) -> Passed + Send + Sync>);

impl FormGate {
    /// A gate.
    pub fn new<F>(ask: impl Fn(&'static str) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<HeaderMap, Response>> + Send + 'static,
    {
        Self(Arc::new(move |form| Box::pin(ask(form))))
    }
}

/// Adds a POST route for every page with forms. A form is a plain `<form method="post">` to its
/// own page with the server function's name in `_form`; that function runs, and then either its
/// redirect is followed or the page is shown again with the reason beside the field. What was
/// typed never enters a URL, and script is not needed.
///
/// `context` is the same that the server gives to pages and server functions.
pub fn form_routes<S>(
    mut router: Router<S>,
    options: &LeptosOptions,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    for (page, forms) in FORM_PAGES {
        let (context, options) = (context.clone(), options.clone());
        router = router
            .route(page, post(move |req: Request| handle_form(req, forms, options.clone(), context.clone())));
    }
    router
}

async fn handle_form(
    req: Request,
    forms: &'static [&'static str],
    options: LeptosOptions,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> Response {
    let (parts, body) = req.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_FORM).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let again = Request::from_parts(parts.clone(), Body::from(body));
    let Ok(axum::Form(mut pairs)) = axum::Form::<Vec<(String, String)>>::from_request(again, &()).await
    else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let form = pairs.iter().find(|(k, _)| k == "_form").map(|(_, v)| v.clone()).unwrap_or_default();
    let Some(known) = forms.iter().find(|f| **f == form) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let told = match parts.extensions.get::<FormGate>() {
        None => HeaderMap::new(),
        Some(gate) => match (gate.0)(known).await {
            Ok(told) => told,
            Err(refusal) => return refusal,
        },
    };
    let is_own = |key: &str| matches!(key, "_form" | "_profile");
    let given = pairs.iter().map(|(k, _)| k.as_str()).filter(|k| !is_own(k));
    if !fields::all_known(&format!("{FN_PREFIX}/{form}"), given) {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    let meant = pairs.iter().find(|(k, _)| k == "_profile").and_then(|(_, v)| HeaderValue::from_str(v).ok());
    pairs.retain(|(k, _)| !is_own(k));

    let mut request = call(&parts, &form, &pairs);
    request.headers_mut().remove(PROFILE_HEADER);
    if let Some(profile) = meant {
        request.headers_mut().insert(PROFILE_HEADER, profile);
    }
    let res = leptos_axum::handle_server_fns_with_context(context.clone(), request).await.into_response();
    let location = res.headers().get(header::LOCATION).cloned();
    let cookies: Vec<_> = res.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
    let mut out = if SHOWN_ONCE.contains(&form.as_str()) && res.status().is_success() {
        let body = axum::body::to_bytes(res.into_body(), MAX_FORM).await.unwrap_or_default();
        let text = serde_json::from_slice(&body).unwrap_or_default();
        show_made(parts, options, context, Shown { form, text }).await
    } else if location.is_some() || res.status().is_success() {
        let own = HeaderValue::from_str(parts.uri.path()).unwrap_or(HeaderValue::from_static("/"));
        (StatusCode::SEE_OTHER, [(header::LOCATION, location.unwrap_or(own))]).into_response()
    } else {
        let body = axum::body::to_bytes(res.into_body(), MAX_FORM).await.unwrap_or_default();
        let error = AppError::de(body);
        if let Some(page) = elsewhere(error.code, &parts) {
            return (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response();
        }
        pairs.retain(|(k, _)| !k.contains("password") && k != "answer" && k != "ticket" && k != "api_key");
        if error.code == ErrorCode::Switched {
            // What was typed belongs to the other profile: it is not shown under this one.
            pairs.clear();
        }
        show_again(parts, options, context, Failure { form, error, values: pairs }).await
    };
    for c in cookies {
        out.headers_mut().append(header::SET_COOKIE, c);
    }
    out.headers_mut().extend(told);
    out
}

/// The page that has to come first: the proof of who asks, and back; or the second factor's.
fn elsewhere(code: ErrorCode, parts: &Parts) -> Option<String> {
    let here = parts.uri.path_and_query().map_or("/", |p| p.as_str());
    match code {
        ErrorCode::ProofNeeded => Some(format!("/prove?next={}", crate::ui::esc::url_segment(here))),
        ErrorCode::EnrolNeeded => Some("/settings/factors".to_owned()),
        _ => None,
    }
}

/// The request to the server function that a form stands for.
fn call(parts: &Parts, form: &str, pairs: &[(String, String)]) -> Request {
    let mut parts = parts.clone();
    parts.method = Method::POST;
    parts.uri = format!("{FN_PREFIX}/{form}").parse().unwrap_or_default();
    parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    parts.headers.remove(header::REFERER);
    parts.headers.remove(header::CONTENT_LENGTH);
    Request::from_parts(parts, Body::from(encode(pairs)))
}

/// `application/x-www-form-urlencoded`, every byte but letters, digits and `[]-_.` escaped.
fn encode(pairs: &[(String, String)]) -> String {
    use std::fmt::Write as _;
    let put = |out: &mut String, s: &str| {
        for b in s.bytes() {
            if b.is_ascii_alphanumeric() || b"[]-_.".contains(&b) {
                out.push(char::from(b));
            } else {
                let _ = write!(out, "%{b:02X}");
            }
        }
    };
    let mut out = String::new();
    for (i, (k, v)) in pairs.iter().enumerate() {
        if i > 0 {
            out.push('&');
        }
        put(&mut out, k);
        out.push('=');
        put(&mut out, v);
    }
    out
}

/// The page that says that another profile is in use by now, with 409.
pub async fn show_switched(
    parts: Parts,
    options: LeptosOptions,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> Response {
    let error = AppError::new(ErrorCode::Switched);
    show_again(parts, options, context, Failure { form: String::new(), error, values: Vec::new() }).await
}

async fn show_made(
    parts: Parts,
    options: LeptosOptions,
    context: impl Fn() + Clone + Send + Sync + 'static,
    shown: Shown,
) -> Response {
    render(parts, options, move || {
        context();
        provide_context(shown.clone());
    })
    .await
}

async fn show_again(
    parts: Parts,
    options: LeptosOptions,
    context: impl Fn() + Clone + Send + Sync + 'static,
    failure: Failure,
) -> Response {
    let status = StatusCode::from_u16(failure.error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let retry = failure.error.retry_after;
    let mut res = render(parts, options, move || {
        context();
        provide_context(failure.clone());
    })
    .await;
    if res.status() == StatusCode::OK {
        *res.status_mut() = status;
    }
    if let Some(s) = retry {
        res.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(s));
    }
    res
}

/// Draws the page at the request's address as if it had been asked for.
async fn render(
    mut parts: Parts,
    options: LeptosOptions,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> Response {
    parts.method = Method::GET;
    for h in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
        parts.headers.remove(h);
    }
    let draw = leptos_axum::render_app_async_with_context(context, move || crate::shell(options.clone()));
    draw(Request::from_parts(parts, Body::empty())).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_text_is_escaped_on_its_way_to_the_server_function() {
        let pairs = [("a".to_owned(), "x&_form=sign_in ü".to_owned())];
        assert_eq!(encode(&pairs), "a=x%26_form%3Dsign_in%20%C3%BC");
    }
}

//! Errors of the API: `application/problem+json` (RFC 9457).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use keepwell_domain::{scope::Scope, time::Ts};
use keepwell_journal::sync::wire::Refusal;
use keepwell_services::{ServiceError, journal::JournalError};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

/// Longest name of a parameter that is said again.
const LONGEST_NAME: usize = 64;

/// One error. `detail` never repeats what was sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// What kind, as a path of this instance.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: Box<str>,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    detail: Option<Box<str>>,
    /// The field or query parameter that was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    field: Option<Cow<'static, str>>,
    /// The scope that the token lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    scope: Option<Scope>,
    /// Names the request in the instance's log.
    #[schema(value_type = String)]
    request_id: Box<str>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Exceeded)]
    exceeded: Option<Box<Exceeded>>,
    #[serde(skip)]
    retry_after: Option<u32>,
}

/// What a problem says of a limit.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct Exceeded {
    /// The limits that were reached.
    #[serde(rename = "violated-policies")]
    #[schema(required = false)]
    violated_policies: Vec<&'static str>,
    /// When another try makes sense, RFC 3339.
    #[schema(required = false)]
    retry_at: String,
}

impl Problem {
    /// The media type.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// The problem of a status without more to say.
    #[must_use]
    pub fn of(status: StatusCode) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        Self {
            kind: format!("/problems/{}", title.to_ascii_lowercase().replace(' ', "-")).into(),
            title,
            status: status.as_u16(),
            detail: None,
            field: None,
            request_id: Box::default(),
            exceeded: None,
            scope: None,
            retry_after: (status == StatusCode::SERVICE_UNAVAILABLE).then_some(1),
        }
    }
    /// With a sentence.
    #[must_use]
    pub fn because(self, detail: impl Into<Box<str>>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
    /// With the field that was refused.
    #[must_use]
    pub fn field(self, field: &'static str) -> Self {
        Self { field: Some(Cow::Borrowed(field)), ..self }
    }
    /// With the request's name.
    #[must_use]
    pub fn with_request(self, id: &str) -> Self {
        Self { request_id: id.into(), ..self }
    }
    /// A field that cannot be taken.
    #[must_use]
    pub fn invalid(field: &'static str, detail: impl Into<Box<str>>) -> Self {
        Self::of(StatusCode::UNPROCESSABLE_ENTITY).field(field).because(detail)
    }
    /// A query parameter that the operation does not take. It is named unless it looks like no name.
    #[must_use]
    pub fn unknown_parameter(name: &str) -> Self {
        let is_name = (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic());
        Self {
            field: is_name.then(|| Cow::Owned(name.to_owned())),
            ..Self::of(StatusCode::UNPROCESSABLE_ENTITY)
                .because("This operation takes no such query parameter; see /api/v1/openapi.json.")
        }
    }
    /// Too many calls of a class; the type is draft-ietf-httpapi-ratelimit-headers-11, 5.1.
    #[must_use]
    pub fn quota_exceeded(policy: &'static str, seconds: u32, at: Ts) -> Self {
        let wait = if seconds == 1 { "1 second".to_owned() } else { format!("{seconds} seconds") };
        Self {
            kind: "https://iana.org/assignments/http-problem-types#quota-exceeded".into(),
            exceeded: Some(Box::new(Exceeded { violated_policies: vec![policy], retry_at: at.rfc3339() })),
            retry_after: Some(seconds),
            ..Self::of(StatusCode::TOO_MANY_REQUESTS)
        }
        .because(format!("Nothing was done: too many calls within a minute. Try again in {wait}."))
    }
    /// A token may not do this.
    #[must_use]
    pub fn lacks(scope: Scope) -> Self {
        let why = format!("This token may not do that: it lacks the scope {}.", scope.as_str());
        Self { scope: Some(scope), ..Self::of(StatusCode::FORBIDDEN).because(why) }
    }
    /// Who asks has to prove again who they are.
    #[must_use]
    pub fn proof_needed() -> Self {
        let why = "This wants a proof of who you are that is not older than ten minutes: POST /api/v1/me/proof with \
                   the password, and a code where there is a second factor; or a passkey.";
        Self { kind: "/problems/proof-needed".into(), ..Self::of(StatusCode::FORBIDDEN).because(why) }
    }
    /// Whoever runs the instance needs a second factor first.
    #[must_use]
    pub fn enrol_first() -> Self {
        let why = "This account runs the instance: it needs a second factor before anything else. Set one up with \
                   POST /api/v1/me/totp or POST /api/v1/me/passkeys/options.";
        Self { kind: "/problems/second-factor-needed".into(), ..Self::of(StatusCode::FORBIDDEN).because(why) }
    }
    /// Nobody is signed in.
    #[must_use]
    pub fn sign_in() -> Self {
        Self::of(StatusCode::UNAUTHORIZED).because("Sign in, or send a token as Authorization: Bearer.")
    }
}

impl From<ServiceError> for Problem {
    fn from(e: ServiceError) -> Self {
        match e {
            ServiceError::Forbidden => Self::of(StatusCode::FORBIDDEN),
            ServiceError::Credentials => {
                Self::of(StatusCode::UNAUTHORIZED).because("The e-mail address or the password is not right.")
            }
            ServiceError::NotFound => Self::of(StatusCode::NOT_FOUND),
            ServiceError::ProofNeeded => Self::proof_needed(),
            ServiceError::Invalid { field, reason } => Self::invalid(field, reason),
            ServiceError::Conflict => {
                Self::of(StatusCode::CONFLICT).because("It was changed in the meantime.")
            }
            ServiceError::Unavailable { retry_after_s } => {
                let problem =
                    Self::of(StatusCode::SERVICE_UNAVAILABLE).because("Please try again in a moment.");
                Self { retry_after: Some(retry_after_s), ..problem }
            }
            ServiceError::Spent { limit, retry_after_s } => {
                let why =
                    format!("Nothing was asked: an account may ask {limit} questions on one day (UTC).");
                Self {
                    kind: "https://iana.org/assignments/http-problem-types#quota-exceeded".into(),
                    retry_after: Some(retry_after_s),
                    ..Self::of(StatusCode::TOO_MANY_REQUESTS).because(why)
                }
            }
            ServiceError::TooMany { retry_after_s } => {
                let problem = Self::of(StatusCode::TOO_MANY_REQUESTS)
                    .because("Too many wrong tries. Please wait, then try again.");
                Self { retry_after: Some(retry_after_s), ..problem }
            }
            ServiceError::Ended => Self::sign_in(),
            ServiceError::Full => {
                let problem = Self::of(StatusCode::INSUFFICIENT_STORAGE)
                    .because("The disk of this Keepwell is full: nothing of this was kept. Please tell whoever runs it.");
                Self { retry_after: Some(60), ..problem }
            }
            ServiceError::Internal => Self::of(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}

impl From<JournalError> for Problem {
    fn from(e: JournalError) -> Self {
        let refusal = match e {
            JournalError::Service(e) => return e.into(),
            JournalError::Refused(refusal) => refusal,
        };
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let why = match refusal {
            Refusal::ChainMoved => "The chain of this device is at another place by now.",
            Refusal::VaultMoved => "There is something newer in the vault: pull it first.",
            Refusal::Exists => "There is a vault with this id, or was.",
            Refusal::Missing => "There is no such vault or object, or it is not yours.",
            Refusal::TooLarge => "This is above a limit of the journal.",
            Refusal::QuotaFull => "The room for sealed journals of this account is full.",
            Refusal::Malformed => "This is no message of the journal.",
        };
        Self { kind: refusal.problem().into(), ..Self::of(status).because(why) }
    }
}

impl IntoResponse for Problem {
    /// The outermost layer adds the request's name and writes the body.
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, Self::MEDIA_TYPE)], body).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // RFC 6750 §3.1.
        if let Some(scope) = self.scope
            && let Ok(value) = HeaderValue::from_str(&format!(
                "Bearer error=\"insufficient_scope\", scope=\"{}\"",
                scope.as_str()
            ))
        {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl Problem {
    /// The same for a person in front of a plain page.
    #[must_use]
    pub fn as_text(self) -> Response {
        let text = self.detail.as_deref().unwrap_or(self.title).to_owned();
        let mut response = self.into_response();
        response.extensions_mut().remove::<Self>();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        *response.body_mut() = format!("{text}\n").into();
        response
    }
}

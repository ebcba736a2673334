//! What whoever asks may do: each route of the API says by type what it needs, and a request may name
//! the profile that it is for.

use super::Seen;
use crate::{problem::Problem, state::AppState};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::{HeaderMap, StatusCode, request::Parts};
use keepwell_app::wire::PROFILE_HEADER;
use keepwell_domain::{
    ids::ProfileId,
    scope::{Scope, need::Need},
};
use keepwell_services::{Actor, AdminActor, AuditActor, ServiceError, Services, SupportActor};
use std::marker::PhantomData;

/// The parameter that names a profile where no header can be sent: in links and event streams.
pub const PARAMETER: &str = "profile";

/// Somebody who signed in; 401 for nobody, 403 for a personal access token. For account acts.
pub struct Signed(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = actor(parts)?;
        if actor.token().is_some() {
            return Err(no_token());
        }
        Ok(Self(actor))
    }
}

/// The same, also for whoever runs the instance and has no second factor yet: for setting one up, and for
/// signing out.
pub struct Enrolling(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Enrolling {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = anyone(parts)?;
        if actor.token().is_some() {
            return Err(no_token());
        }
        Ok(Self(actor))
    }
}

fn no_token() -> Problem {
    Problem::of(StatusCode::FORBIDDEN)
        .because("A personal access token cannot do this, whatever its scopes: sign in instead.")
}

/// Somebody who signed in, or a personal access token with the scope that `N` names.
pub struct Scoped<N>(pub Actor, pub PhantomData<N>);

impl<N: Need, S: Send + Sync> FromRequestParts<S> for Scoped<N> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = actor(parts)?;
        match N::SCOPE {
            Some(scope) if !actor.may(scope) => Err(Problem::lacks(scope)),
            _ => Ok(Self(actor, PhantomData)),
        }
    }
}

/// Somebody who signed in, or a personal access token that may ask and read records: an answer says what records say. Whether
/// it hears of documents is for the answer to see to.
pub struct Asking(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Asking {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = actor(parts)?;
        match [Scope::Ask, Scope::RecordsRead].into_iter().find(|scope| !actor.may(*scope)) {
            Some(lacking) => Err(Problem::lacks(lacking)),
            None => Ok(Self(actor)),
        }
    }
}

macro_rules! staff {
    ($($(#[$meta:meta])* $name:ident($actor:ident) by $promote:ident;)+) => {$(
        $(#[$meta])*
        pub struct $name(pub $actor);

        impl FromRequestParts<AppState> for $name {
            type Rejection = Problem;
            async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
                Ok(Self(state.services.$promote(&actor(parts)?)?))
            }
        }

        /// For routes that serve two roles, with a part that is for one of them.
        impl OptionalFromRequestParts<AppState> for $name {
            type Rejection = Problem;
            async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Option<Self>, Problem> {
                match state.services.$promote(&actor(parts)?) {
                    Ok(found) => Ok(Some(Self(found))),
                    Err(ServiceError::NotFound) => Ok(None),
                    Err(e) => Err(e.into()),
                }
            }
        }
    )+};
}

staff! {
    /// An administrator; 401 for nobody, 404 for everybody else and for every token.
    Administering(AdminActor) by as_admin;
    /// A supporter or an administrator; the others as above.
    Supporting(SupportActor) by as_support;
    /// An auditor or an administrator; the others as above.
    Auditing(AuditActor) by as_auditor;
}

/// Who asks. Whoever runs the instance sees nothing before they have a second factor.
fn actor(parts: &Parts) -> Result<Actor, Problem> {
    let actor = anyone(parts)?;
    if actor.must_enrol() { Err(Problem::enrol_first()) } else { Ok(actor) }
}

fn anyone(parts: &Parts) -> Result<Actor, Problem> {
    parts.extensions.get::<Seen>().and_then(|s| s.actor.clone()).ok_or_else(Problem::sign_in)
}

/// What was named is no id, or two were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoProfile;

/// The profile that a request names, if it names one
///
/// # Errors
/// [`NoProfile`].
pub fn named(headers: &HeaderMap, query: Option<&str>) -> Result<Option<ProfileId>, NoProfile> {
    let in_headers = headers.get_all(PROFILE_HEADER).iter().map(|v| v.to_str().unwrap_or_default());
    let in_query = query.unwrap_or_default().split('&').filter_map(|pair| match pair.split_once('=') {
        Some((PARAMETER, value)) => Some(value),
        _ => (pair == PARAMETER).then_some(""),
    });
    let mut all = in_headers.chain(in_query);
    let Some(first) = all.next() else { return Ok(None) };
    match (first.parse(), all.next()) {
        (Ok(id), None) => Ok(Some(id)),
        _ => Err(NoProfile),
    }
}

/// Whoever asks, at the profile that the request names.
///
/// # Errors
/// 404 for a profile that is not there, not theirs or no id: all look the same.
pub async fn at_profile(
    services: &Services,
    actor: Actor,
    named: Result<Option<ProfileId>, NoProfile>,
) -> Result<Actor, Problem> {
    let missing = || Problem::of(StatusCode::NOT_FOUND).because("There is no such profile.");
    match named {
        Ok(None) => Ok(actor),
        Ok(Some(id)) => services.on_profile(&actor, id).await.map_err(|e| match e {
            ServiceError::NotFound => missing(),
            other => other.into(),
        }),
        Err(NoProfile) => Err(missing()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use http::HeaderName;

    const A: &str = "0190f3a1-0000-7000-8000-000000000001";

    fn headers(values: &[&str]) -> HeaderMap {
        values.iter().map(|v| (HeaderName::from_static(PROFILE_HEADER), v.parse().unwrap())).collect()
    }

    #[test]
    fn profile_is_named_by_header_or_by_parameter() {
        let id = Some(A.parse().unwrap());
        assert_eq!(named(&headers(&[]), None), Ok(None));
        assert_eq!(named(&headers(&[A]), None), Ok(id));
        assert_eq!(named(&headers(&[]), Some(&format!("kind=note&profile={A}"))), Ok(id));
        assert_eq!(named(&headers(&[]), Some("profiles=all")), Ok(None));
    }

    #[test]
    fn two_names_and_what_is_no_id_are_no_profile() {
        assert!(named(&headers(&[A, A]), None).is_err());
        assert!(named(&headers(&[A]), Some(&format!("profile={A}"))).is_err());
        for bad in ["profile=", "profile", "profile=x"] {
            assert!(named(&headers(&[]), Some(bad)).is_err(), "{bad}");
        }
    }
}

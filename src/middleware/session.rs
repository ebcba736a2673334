//! Who asks: the session cookie, or for the API a bearer: the same value, or a personal access token.
//! One look-up per request, and none without either.
//!
//! A bearer outweighs a cookie: whoever sends one means it, so a dead one is refused even beside a
//! live cookie. Pages know cookies only.

use super::{ClientAddress, RequestId, rights};
use crate::problem::Problem;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header, request::Parts};
use keepwell_app::{boot::Theme, i18n::Offered, ssr};
use keepwell_services::{Actor, Device, Lang, Services, accounts::tokens};

/// What is known of the request.
#[derive(Clone)]
pub struct Seen {
    /// The live session, if any.
    pub actor: Option<Actor>,
    /// The device that asks.
    pub device: Device,
    /// Language by cookie or `Accept-Language`.
    pub lang: Lang,
    /// The languages that may be chosen.
    pub offered: Offered,
    /// Theme by cookie.
    pub theme: Theme,
}

/// Layer: puts [`Seen`] into the request; a cookie of no live session is taken back.
pub async fn session(State(services): State<Services>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let device = device(headers, request.extensions().get::<ClientAddress>());
    let is_api = request.uri().path().starts_with("/api/");
    let named = rights::named(headers, request.uri().query());
    let bearer = if is_api { bearer(headers) } else { Bearer::None };
    let given = cookie(headers, ssr::SESSION_COOKIE);
    let found = match (bearer, given) {
        (Bearer::Bad, _) | (Bearer::None, None) => Ok(None),
        (Bearer::Secret(s), _) if tokens::looks_like_one(s) => services.authenticate_token(s).await,
        (Bearer::Secret(s), _) | (Bearer::None, Some(s)) => services.authenticate(s).await,
    };
    let actor = match found {
        Ok(actor) => actor.map(|a| a.at(&device)),
        Err(e) if is_api => return Problem::from(e).into_response(),
        Err(e) => return Problem::from(e).as_text(),
    };
    let stale = matches!(bearer, Bearer::None) && given.is_some() && actor.is_none();
    let actor = match actor {
        Some(actor) if is_api => match rights::at_profile(&services, actor, named).await {
            Ok(actor) => Some(actor),
            Err(problem) => return problem.into_response(),
        },
        other => other,
    };
    let (lang, theme) = looks(headers);
    let lang = services.settings_in_force().allowed(lang);
    request.extensions_mut().insert(Seen { actor, device, lang, offered: ssr::offered(&services), theme });
    let mut response = next.run(request).await;
    if stale && !gives_session(response.headers()) {
        response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_static(cleared()));
    }
    response
}

/// Language by cookie or `Accept-Language`, theme by cookie.
#[must_use]
pub fn looks(headers: &HeaderMap) -> (Lang, Theme) {
    let lang = cookie(headers, ssr::LANG_COOKIE).and_then(Lang::parse).unwrap_or_else(|| accepted(headers));
    (lang, Theme::parse(cookie(headers, ssr::THEME_COOKIE).unwrap_or_default()))
}

/// The cookie that takes the session from the browser.
#[must_use]
pub const fn cleared() -> &'static str {
    "__Host-keepwell=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
}

fn gives_session(headers: &HeaderMap) -> bool {
    let start = format!("{}=", ssr::SESSION_COOKIE);
    let ours = |v: &HeaderValue| v.as_bytes().starts_with(start.as_bytes());
    headers.get_all(header::SET_COOKIE).iter().any(ours)
}

/// A cookie's value. A name that comes twice has been planted by someone and counts as none.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut found = lines.flat_map(|l| l.split(';')).filter_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// What stands in `Authorization`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bearer<'a> {
    None,
    Secret(&'a str),
    /// Something that cannot be a secret, or two of them.
    Bad,
}

fn bearer(headers: &HeaderMap) -> Bearer<'_> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let Some(first) = all.next() else { return Bearer::None };
    let parts = first.to_str().ok().and_then(|text| text.split_once(' '));
    match parts {
        Some((scheme, secret)) if all.next().is_none() && scheme.eq_ignore_ascii_case("bearer") => {
            Bearer::Secret(secret.trim())
        }
        _ => Bearer::Bad,
    }
}

fn device(headers: &HeaderMap, address: Option<&ClientAddress>) -> Device {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Device {
        user_agent: agent.chars().take(256).collect(),
        address: address.and_then(|a| a.0),
        cookie: cookie(headers, ssr::DEVICE_COOKIE).unwrap_or_default().to_owned(),
    }
}

/// The first language of `Accept-Language` that we speak, by weight.
fn accepted(headers: &HeaderMap) -> Lang {
    let Some(text) = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()) else {
        return Lang::default();
    };
    let weighed = text.split(',').take(16).filter_map(|part| {
        let mut pieces = part.split(';');
        let lang = Lang::parse(pieces.next()?.trim())?;
        let weight = pieces.find_map(|p| p.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        (weight > 0.0).then_some((lang, weight))
    });
    // The first of equal weights wins.
    weighed
        .fold(
            None,
            |best: Option<(Lang, f32)>, it| if best.is_some_and(|b| b.1 >= it.1) { best } else { Some(it) },
        )
        .map_or(Lang::default(), |b| b.0)
}

/// What pages and server functions know of the request.
#[must_use]
pub fn info(parts: &Parts) -> Option<ssr::RequestInfo> {
    let seen = parts.extensions.get::<Seen>()?;
    let id = parts.extensions.get::<RequestId>().map(|i| i.0.to_string()).unwrap_or_default();
    Some(ssr::RequestInfo { device: seen.device.clone(), request_id: id, lang: seen.lang, theme: seen.theme })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn planted_second_cookie_counts_as_none() {
        let h = headers(&[("cookie", "a=1; __Host-keepwell=x; b=2")]);
        assert_eq!(cookie(&h, "__Host-keepwell"), Some("x"));
        let h = headers(&[("cookie", "__Host-keepwell=x"), ("cookie", "__Host-keepwell=y")]);
        assert_eq!(cookie(&h, "__Host-keepwell"), None);
    }

    #[test]
    fn bearer_counts_only_when_there_is_one_and_it_is_one() {
        assert_eq!(bearer(&headers(&[])), Bearer::None);
        assert_eq!(bearer(&headers(&[("authorization", "bEARER  x ")])), Bearer::Secret("x"));
        for bad in ["Basic eDp5", "Bearer", "x"] {
            assert_eq!(bearer(&headers(&[("authorization", bad)])), Bearer::Bad, "{bad}");
        }
        let two = headers(&[("authorization", "Bearer x"), ("authorization", "Bearer y")]);
        assert_eq!(bearer(&two), Bearer::Bad);
    }

    #[test]
    fn language_is_the_heaviest_that_we_speak() {
        for (text, lang) in [
            ("fr, de-AT;q=0.8, en;q=0.5", Lang::De),
            ("en-GB,de", Lang::En),
            ("fr", Lang::En),
            ("de;q=0, en", Lang::En),
            ("de;q=0.3,en;q=0.9", Lang::En),
        ] {
            assert!(accepted(&headers(&[("accept-language", text)])) == lang, "{text}");
        }
    }

    #[test]
    fn clearing_names_the_cookie_that_is_set() {
        assert!(cleared().starts_with(&format!("{}=;", ssr::SESSION_COOKIE)));
    }
}

//! The headers that every answer carries (spec 3.2, 3.3), errors and panics included.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use std::sync::LazyLock;

/// Everything off but our own camera, for photographing a page, and our own passkeys, which do not work
/// otherwise. Every name that Chromium knows, or knew not long ago, but client hints (decision 0016):
/// an unknown one is a message in the console of every page.
const PERMISSIONS: &str = "accelerometer=(), aria-notify=(), attribution-reporting=(), autoplay=(), \
    browsing-topics=(), camera=(self), captured-surface-control=(), clipboard-read=(), \
    clipboard-write=(), compute-pressure=(), cross-origin-isolated=(), deferred-fetch=(), \
    deferred-fetch-minimal=(), digital-credentials-create=(), digital-credentials-get=(), \
    display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), \
    hid=(), identity-credentials-get=(), idle-detection=(), interest-cohort=(), \
    join-ad-interest-group=(), keyboard-map=(), language-detector=(), language-model=(), \
    local-fonts=(), local-network=(), local-network-access=(), loopback-network=(), magnetometer=(), \
    media-playback-while-not-visible=(), microphone=(), midi=(), on-device-speech-recognition=(), \
    otp-credentials=(), payment=(), picture-in-picture=(), private-aggregation=(), \
    private-state-token-issuance=(), private-state-token-redemption=(), \
    publickey-credentials-create=(self), publickey-credentials-get=(self), run-ad-auction=(), \
    screen-wake-lock=(), serial=(), shared-storage=(), shared-storage-select-url=(), \
    speaker-selection=(), storage-access=(), summarizer=(), sync-xhr=(), translator=(), unload=(), \
    usb=(), window-management=(), xr-spatial-tracking=()";

/// What the journal's page does besides: it copies codes, and shows what the camera sees. Chromium plays no video,
/// visible or not, without the right to play while not visible.
const OF_THE_JOURNAL: [&str; 2] = ["clipboard-write", "media-playback-while-not-visible"];

static JOURNAL_PERMISSIONS: LazyLock<HeaderValue> = LazyLock::new(|| {
    let own = OF_THE_JOURNAL.iter().fold(PERMISSIONS.to_owned(), |all, name| {
        all.replace(&format!("{name}=()"), &format!("{name}=(self)"))
    });
    HeaderValue::from_str(&own).unwrap_or(HeaderValue::from_static(PERMISSIONS))
});

/// Puts the journal's own policies on its page, for [`put`] to leave as they are.
pub fn put_journal(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(JOURNAL_POLICY));
    headers.insert(HeaderName::from_static("permissions-policy"), JOURNAL_PERMISSIONS.clone());
}

static FIXED: [(HeaderName, &str); 8] = [
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains; preload"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("x-permitted-cross-domain-policies"), "none"),
];

/// The headers that are the same on every answer.
#[must_use]
pub const fn fixed() -> &'static [(HeaderName, &'static str)] {
    &FIXED
}

/// The policy of a page with this nonce.
#[must_use]
pub fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; \
         trusted-types default; report-uri /csp-report"
    )
}

/// The policy of the journal's page and of all its files: fixed, so that a copy which the browser keeps is
/// as good as the answer, and without a place for reports, which would tell that there is a journal.
pub const JOURNAL_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
    style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
    form-action 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; \
    require-trusted-types-for 'script'; trusted-types default";

/// The policy of a file that somebody brought: it may do nothing at all, wherever it is opened.
pub const DOWNLOAD_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'none'; sandbox";

/// With an answer that takes the session away: what the browser kept of signed-in pages goes too. Not
/// the cookies, for that would reach every host of the same domain and the mark of a known device; and
/// not the storage, where the last head of the log and the way to unfinished uploads lie, and where
/// what a person keeps on their device alone must outlive their session.
const CLEARED: &str = "\"cache\"";

/// Whether an answer takes the session from the browser.
fn ends_session(headers: &HeaderMap) -> bool {
    let gone = super::session::cleared();
    headers.get_all(header::SET_COOKIE).iter().any(|v| v.as_bytes() == gone.as_bytes())
}

/// Puts the headers on an answer. Policies and a caching rule of the handler's own stay.
pub fn put(headers: &mut HeaderMap, nonce: &str) {
    let permissions = headers.get("permissions-policy").cloned();
    for (name, value) in &FIXED {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    if let Some(own) = permissions {
        headers.insert(HeaderName::from_static("permissions-policy"), own);
    }
    if ends_session(headers) {
        headers.insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static(CLEARED));
    }
    headers.remove(header::SERVER);
    headers.remove("x-powered-by");
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY)
        && let Ok(policy) = HeaderValue::from_str(&page_policy(nonce))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn no_policy_allows_inline_code_or_foreign_hosts() {
        let policy = page_policy("abc");
        for bad in ["unsafe-inline", "'unsafe-eval'", "strict-dynamic", "http:", "https:", "data:", "*"] {
            assert!(!policy.contains(bad) && !JOURNAL_POLICY.contains(bad), "{bad}");
        }
        assert!(!JOURNAL_POLICY.contains("nonce") && !JOURNAL_POLICY.contains("report"));
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"));
    }

    #[test]
    fn camera_and_passkeys_are_ours_and_every_other_feature_is_off() {
        let features: Vec<_> = PERMISSIONS.split(", ").map(|f| f.split_once('=').unwrap()).collect();
        let on: Vec<_> = features.iter().filter(|f| f.1 != "()").collect();
        let own = ["camera", "publickey-credentials-create", "publickey-credentials-get"];
        assert_eq!(on, own.map(|name| (name, "(self)")).iter().collect::<Vec<_>>());
        assert!(features.is_sorted() && features.len() > 50, "each once: {features:?}");
        assert!(
            PERMISSIONS.bytes().all(|b| b.is_ascii_graphic() || b == b' ') && !PERMISSIONS.contains("  ")
        );
    }

    #[test]
    fn the_journal_copies_and_shows_the_camera_and_no_more() {
        let mut headers = HeaderMap::new();
        put_journal(&mut headers);
        put(&mut headers, "n");
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], JOURNAL_POLICY);
        let journal = headers["permissions-policy"].to_str().unwrap();
        let more: Vec<_> =
            journal.split(", ").filter(|f| !PERMISSIONS.split(", ").any(|other| other == *f)).collect();
        assert_eq!(more, ["clipboard-write=(self)", "media-playback-while-not-visible=(self)"]);
    }

    #[test]
    fn own_policy_and_caching_of_a_handler_stay() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(DOWNLOAD_POLICY));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public"));
        headers.insert(header::SERVER, HeaderValue::from_static("x/1"));
        put(&mut headers, "n");
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], DOWNLOAD_POLICY);
        assert_eq!(headers[header::CACHE_CONTROL], "public");
        assert!(!headers.contains_key(header::SERVER));
        assert_eq!(headers[header::X_FRAME_OPTIONS], "DENY");
    }
}

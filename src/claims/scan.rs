//! What a page loads, as its HTML and its content policy say.

/// Tags that make a browser load something, and the attribute that says what.
const LOADING: &[(&str, &[&str])] = &[
    ("script", &["src"]),
    ("link", &["href"]),
    ("img", &["src", "srcset"]),
    ("iframe", &["src"]),
    ("source", &["src", "srcset"]),
    ("video", &["src", "poster"]),
    ("audio", &["src"]),
    ("embed", &["src"]),
    ("object", &["data"]),
    ("form", &["action"]),
];

/// The first thing in a page that would be loaded from, or sent to, another host.
#[must_use]
pub fn foreign(html: &str) -> Option<&str> {
    html.split('<').skip(1).find_map(|piece| {
        let tag = piece.split_once('>').map_or(piece, |(tag, _)| tag);
        let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        let (_, attributes) = LOADING.iter().find(|(n, _)| name.eq_ignore_ascii_case(n))?;
        attributes.iter().filter_map(|a| attribute(tag, a)).find(|address| !is_own(address))
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back();
        let after = &rest[at + name.len()..];
        if before.is_some_and(char::is_whitespace)
            && let Some(value) = after.strip_prefix("=\"")
        {
            return value.split('"').next();
        }
        rest = after;
    }
    None
}

/// A path, a query or a fragment of this host.
fn is_own(address: &str) -> bool {
    address.is_empty()
        || address.starts_with(['#', '?', '.'])
        || (address.starts_with('/') && !address.starts_with("//"))
}

/// Whether a content policy allows nothing but this host, numbered scripts and WASM.
#[must_use]
pub fn is_strict(policy: &str) -> bool {
    let allowed = |s: &str| {
        ["'none'", "'self'", "'wasm-unsafe-eval'", "blob:"].contains(&s)
            || (s.starts_with("'nonce-") && s.ends_with('\''))
    };
    let mut defaults = false;
    for directive in policy.split(';') {
        let mut words = directive.split_whitespace();
        match words.next() {
            Some("default-src") => defaults = words.eq(["'none'"]),
            Some("report-uri") if words.clone().all(is_own) => {}
            Some("report-to" | "require-trusted-types-for" | "trusted-types") | None => {}
            Some(name) => {
                let blob = ["script-src", "style-src", "connect-src", "form-action"].contains(&name);
                if !words.all(|w| allowed(w) && !(blob && w == "blob:")) {
                    return false;
                }
            }
        }
    }
    defaults
}

/// The one-time number of a policy.
#[must_use]
pub fn nonce(policy: &str) -> Option<&str> {
    policy.split("'nonce-").nth(1)?.split('\'').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_elsewhere_is_found() {
        for (html, found) in [
            ("<p>no tag loads</p><a href=\"https://loinc.org\">x</a>", None),
            ("<script src=\"/pkg/a.js\"></script><link rel=x href=\"/a.css\">", None),
            ("<script type=\"module\" src=\"https://cdn.example/a.js\">", Some("https://cdn.example/a.js")),
            ("<LINK href=\"//cdn.example/a.css\">", Some("//cdn.example/a.css")),
            ("<img data-src=\"https://x\" src=\"data:image/png;base64,\">", Some("data:image/png;base64,")),
            ("<form\n action=\"https://evil.example/\">", Some("https://evil.example/")),
        ] {
            assert_eq!(foreign(html), found, "{html}");
        }
    }

    #[test]
    fn loose_policies_are_told_from_strict_ones() {
        let strict = crate::middleware::headers::page_policy("abc");
        assert!(is_strict(&strict));
        assert!(is_strict(crate::middleware::headers::JOURNAL_POLICY));
        assert_eq!(nonce(&strict), Some("abc"));
        for (from, to) in [
            ("default-src 'none'", "default-src 'self'"),
            ("default-src 'none'; ", ""),
            ("'wasm-unsafe-eval'", "'unsafe-eval'"),
            ("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
            ("connect-src 'self'", "connect-src 'self' https://api.example"),
            ("script-src 'self'", "script-src 'self' blob:"),
            ("img-src 'self'", "img-src *"),
            ("/csp-report", "https://reports.example/"),
        ] {
            let loose = strict.replacen(from, to, 1);
            assert_ne!(loose, strict, "{from}");
            assert!(!is_strict(&loose), "{to}");
        }
    }
}

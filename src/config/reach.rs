//! Who reaches the server, and how: settings that only make sense together (spec 3.1).

use super::{Challenge, Config, Fault, Listen, Origin};

/// Their faults. The public address follows from a certificate's name when it was not set.
pub fn together(config: &mut Config, listen_place: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |place: &str, reason: &str| {
        faults.push(Fault { place: place.to_owned(), reason: reason.to_owned() });
    };
    let (tls, acme, http) = (&config.tls, &config.acme, &config.http);
    if tls.cert.is_some() != tls.key.is_some() {
        fault("tls", "set both tls.cert and tls.key");
    }
    if tls.cert.is_some() && !acme.domains.is_empty() {
        fault("acme.domains", "set either acme.domains or tls.cert and tls.key");
    }
    if acme.domains.is_empty() && (acme.email.is_some() || acme.ca_file.is_some()) {
        fault("acme", "acme.domains must name what the certificate is for");
    }
    if acme.challenge == Challenge::Http01 && http.redirect_listen.is_none() {
        fault("acme.challenge", "http-01 needs http.redirect_listen, such as 0.0.0.0:80");
    }
    let open_to_all = http.trusted_proxies.iter().any(|(_, prefix)| *prefix == 0);
    if open_to_all {
        fault("http.trusted_proxies", "a network of everybody is no proxy");
    }
    if http.behind_proxy && http.trusted_proxies.is_empty() {
        fault("http.behind_proxy", "http.trusted_proxies must name the proxy's addresses");
    }
    let secure = config.speaks_tls();
    if secure && matches!(config.listen, Listen::Unix(_)) {
        fault(listen_place, "TLS needs an address and port, not a unix socket");
    }
    let behind_proxy = http.behind_proxy && !http.trusted_proxies.is_empty();
    if !(secure || behind_proxy || config.listen.is_local()) {
        fault(
            listen_place,
            "plain HTTP is only served on this machine itself. Use 127.0.0.1, [::1] or unix:/path; or set tls.cert and \
             tls.key, or acme.domains, for TLS; or name the proxy with TLS in front by http.trusted_proxies and \
             http.behind_proxy = true",
        );
    }
    if config.public_url.is_none()
        && let Some(domain) = acme.domains.first()
    {
        config.public_url = Origin::parse(&format!("https://{domain}"));
    }
    let is_https = config.public_url.as_ref().is_some_and(|u| u.scheme == "https");
    if secure && config.public_url.is_some() && !is_https {
        fault("public_url", "must begin with https:// when Keepwell speaks TLS itself");
    }
    if http.redirect_listen.is_some() && !is_https {
        fault("http.redirect_listen", "needs a public_url with https:// to redirect to");
    }
    faults
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use crate::config::{Overrides, load};

    fn faults(settings: &[(&str, &str)]) -> String {
        let vars: Vec<_> = settings.iter().map(|(k, v)| (format!("KEEPWELL_{k}"), (*v).to_owned())).collect();
        let flags = Overrides { data_dir: Some("/nowhere".into()), ..Overrides::default() };
        load(&flags, &vars).map_or_else(|e| e.to_string(), |_| String::new())
    }

    #[test]
    fn plain_http_is_refused_beyond_this_machine() {
        for bad in ["0.0.0.0:3000", "192.168.1.5:80", "[::]:3000", "[2001:db8::1]:80"] {
            let said = faults(&[("LISTEN", bad)]);
            assert!(said.contains("KEEPWELL_LISTEN: plain HTTP is only served"), "{bad}: {said}");
        }
        for good in [
            "127.0.0.1:0",
            "127.1.2.3:80",
            "[::1]:3000",
            "localhost:3000",
            "[::ffff:127.0.0.1]:80",
            "unix:/run/k.sock",
        ] {
            assert_eq!(faults(&[("LISTEN", good)]), "", "{good}");
        }
    }

    #[test]
    fn declared_proxy_or_tls_opens_other_addresses() {
        let open = ("LISTEN", "0.0.0.0:3000");
        let (proxies, behind) = (("HTTP_TRUSTED_PROXIES", "10.0.0.0/8"), ("HTTP_BEHIND_PROXY", "true"));
        assert_eq!(faults(&[open, proxies, behind]), "");
        assert!(faults(&[open, proxies]).contains("plain HTTP"), "trusting is not declaring");
        assert!(faults(&[open, behind]).contains("must name the proxy's addresses"));
        assert!(faults(&[open, behind, ("HTTP_TRUSTED_PROXIES", "0.0.0.0/0")]).contains("everybody"));
        assert_eq!(faults(&[open, ("TLS_CERT", "/c"), ("TLS_KEY", "/k")]), "");
        assert_eq!(faults(&[open, ("ACME_DOMAINS", "a.example")]), "");
    }

    #[test]
    fn halves_and_contradictions_are_named() {
        assert!(faults(&[("TLS_CERT", "/c")]).contains("both tls.cert and tls.key"));
        assert!(
            faults(&[("TLS_CERT", "/c"), ("TLS_KEY", "/k"), ("ACME_DOMAINS", "a.example")])
                .contains("either")
        );
        assert!(faults(&[("HTTP_REDIRECT_LISTEN", "0.0.0.0:80")]).contains("public_url"));
        assert!(
            faults(&[("ACME_DOMAINS", "a.example"), ("ACME_CHALLENGE", "http-01")])
                .contains("redirect_listen")
        );
        assert!(
            faults(&[("ACME_DOMAINS", "a.example"), ("PUBLIC_URL", "http://a.example")]).contains("https://")
        );
        assert_eq!(faults(&[("ACME_DOMAINS", "a.example"), ("HTTP_REDIRECT_LISTEN", "0.0.0.0:80")]), "");
    }
}

//! How the instance is reached: TLS, its certificate, open files.

use super::Check;
use crate::{
    config::{Config, Listen},
    instance,
    serve::{
        acme, affordable,
        tls::{CertFault, Leaf, certified, leaf, provider, read_files},
    },
};
use keepwell_domain::time::{DAY, Ts};
use rustls::{
    CertificateError, RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    pki_types::{ServerName, UnixTime},
    sign::CertifiedKey,
};
use std::{os::unix::fs::PermissionsExt, path::Path, sync::Arc, time::Duration};

/// Less than this before its end, a certificate that nobody renews is a fault.
const SOON: i64 = 14 * DAY;
const CERTIFICATE: &str = "certificate";

/// Looks at all of it. `database_ok` tells whether the database may be opened.
pub async fn checks(config: &Config, now: Ts, database_ok: bool) -> Vec<Check> {
    let mut all = vec![reach(config), files(config)];
    if let (Some(cert), Some(key)) = (&config.tls.cert, &config.tls.key) {
        all.push(from_files(config, cert, key, now));
    } else if !config.acme.domains.is_empty() {
        all.push(if database_ok {
            from_acme(config, now).await
        } else {
            Check::ill(CERTIFICATE, "not looked at", "Put the database right first.")
        });
    }
    all
}

fn reach(config: &Config) -> Check {
    const NAME: &str = "connections";
    if config.speaks_tls() {
        let found = "TLS 1.3 only, key exchange X25519MLKEM768 first, HTTP/2 and HTTP/1.1";
        return match &config.public_url {
            Some(_) => Check::well(NAME, found),
            None => Check::ill(NAME, found, "Set public_url to the address that people type."),
        };
    }
    if !config.listen.is_local() {
        return Check::well(NAME, "plain HTTP, to the declared proxies only");
    }
    let https = config.public_url.as_ref().is_some_and(|u| u.scheme == "https");
    Check::well(
        NAME,
        match (https, &config.listen) {
            (true, _) => "plain HTTP to a proxy on this machine, which speaks TLS",
            (false, Listen::Unix(_)) => "plain HTTP on a unix socket",
            (false, Listen::Tcp(_)) => "plain HTTP, on this machine only",
        },
    )
}

fn files(config: &Config) -> Check {
    const NAME: &str = "open files";
    let (wanted, have) = (config.http.connections, affordable(config.http.connections));
    if have < wanted {
        return Check::ill(
            NAME,
            format!("enough for {have} connections of {wanted}"),
            "Raise the limit (LimitNOFILE= of systemd, ulimit -n), or lower http.connections.",
        );
    }
    Check::well(NAME, format!("enough for {wanted} connections"))
}

fn from_files(config: &Config, cert: &Path, key: &Path, now: Ts) -> Check {
    let held = read_files(cert, key).and_then(|(chain, secret)| certified(&chain, &secret));
    let held = match held {
        Ok(held) => held,
        Err(fault) => return unusable(cert, key, &fault),
    };
    let mode = std::fs::metadata(key).map_or(0, |m| m.permissions().mode());
    if mode & 0o007 != 0 {
        return Check::ill(
            CERTIFICATE,
            format!("every user of this machine can read {}", key.display()),
            "Take that right away: chmod o-rwx.",
        );
    }
    let host = config.public_url.as_ref().map(|u| u.host().to_owned());
    judge(&held, &host.into_iter().collect::<Vec<_>>(), now, SOON)
}

fn unusable(cert: &Path, key: &Path, fault: &CertFault) -> Check {
    let found = format!("{} with {}: {fault}", cert.display(), key.display());
    Check::ill(CERTIFICATE, found, "The server does not start with it.")
}

async fn from_acme(config: &Config, now: Ts) -> Check {
    if config.database.url.is_none() && !instance::data_exists(config) {
        // Nothing is made by looking.
        return Check::well(CERTIFICATE, "will be ordered at the first start");
    }
    let Ok(services) = instance::open(config).await else {
        return Check::ill(CERTIFICATE, "not looked at", "Put the database right first.");
    };
    let state = acme::state(&services).await;
    services.store().close().await;
    match state {
        Err(_) => Check::ill(CERTIFICATE, "what is kept of it cannot be read", "See the log above."),
        Ok(state) => match state.held {
            // Renewed in its last third: what comes close to its end was not renewed.
            Some(held) => judge(&held, &config.acme.domains, now, 0),
            None if state.failed > 0 => Check::ill(
                CERTIFICATE,
                format!("{} orders failed; the next is at {}", state.failed, state.not_before.rfc3339()),
                "The log of the server says why. The names must lead here, and port 80 or 443 be open.",
            ),
            None => Check::well(CERTIFICATE, "will be ordered at the next start"),
        },
    }
}

/// Whether a certificate serves these names, now and for a while. `reserve` is in microseconds.
fn judge(held: &CertifiedKey, names: &[String], now: Ts, reserve: i64) -> Check {
    let Some(Ok(leaf)) = held.cert.first().map(leaf) else {
        return Check::ill(CERTIFICATE, "it cannot be understood", "Get a new one.");
    };
    let found = format!("for {}, until {}", leaf.names.join(", "), leaf.until.rfc3339());
    if let Some(missing) = names.iter().find(|n| !leaf.covers(n)) {
        return Check::ill(CERTIFICATE, found, format!("It is not for {missing}: get one that is."));
    }
    if !leaf.holds(now) {
        return Check::ill(CERTIFICATE, found, "It does not hold now: renew it.");
    }
    if leaf.until.0 - now.0 < reserve {
        return Check::ill(CERTIFICATE, found, "It ends soon: renew it.");
    }
    Check { advice: trust(held, &leaf, now), ..Check::well(CERTIFICATE, found) }
}

/// What browsers may say of it; nothing when they trust it.
fn trust(held: &CertifiedKey, leaf: &Leaf, now: Ts) -> String {
    if leaf.self_signed {
        return "Only it vouches for itself: browsers warn of it.".to_owned();
    }
    match verify(held, leaf, now) {
        Err(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)) => format!(
            "Browsers may not know its issuer ({}). Right for an authority of your own; else add the \
             intermediate certificates behind it.",
            leaf.issuer
        ),
        Err(e) => format!("Browsers may refuse it: {e}."),
        Ok(()) => String::new(),
    }
}

fn verify(held: &CertifiedKey, leaf: &Leaf, now: Ts) -> Result<(), rustls::Error> {
    let unusable = || rustls::Error::General("it has no usable name".to_owned());
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::new(provider()))
        .build()
        .map_err(|e| rustls::Error::General(e.to_string()))?;
    let (first, rest) = held.cert.split_first().ok_or_else(unusable)?;
    let name = leaf.names.first().map(|n| n.replace('*', "x")).ok_or_else(unusable)?;
    let name = ServerName::try_from(name).map_err(|_| unusable())?;
    let seconds = u64::try_from(now.0 / 1_000_000).unwrap_or(0);
    let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    verifier.verify_server_cert(first, rest, &name, &[], now).map(|_| ())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::config::Origin;

    const NOW: Ts = Ts(1_800_000_000_000_000);

    /// The check of a certificate for `a.example` whose key has this mode.
    fn check(host: &str, now: Ts, mode: u32, change: impl FnOnce(&Path)) -> Check {
        let dir = tempfile::tempdir().unwrap();
        let mut params = rcgen::CertificateParams::new(["a.example".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2026, 1, 1);
        params.not_after = rcgen::date_time_ymd(2028, 1, 1);
        let secret = rcgen::KeyPair::generate().unwrap();
        let made = params.self_signed(&secret).unwrap();
        let (cert, key) = (dir.path().join("cert"), dir.path().join("key"));
        std::fs::write(&cert, made.pem()).unwrap();
        std::fs::write(&key, secret.serialize_pem()).unwrap();
        std::fs::set_permissions(&key, PermissionsExt::from_mode(mode)).unwrap();
        change(&key);
        let config = Config { public_url: Origin::parse(&format!("https://{host}")), ..Config::default() };
        from_files(&config, &cert, &key, now)
    }

    #[test]
    fn good_certificate_is_well_and_says_who_vouches_for_it() {
        let check = check("a.example", NOW, 0o600, |_| ());
        assert!(
            check.ok && check.found.contains("a.example") && check.advice.contains("vouches"),
            "{check:?}"
        );
    }

    #[test]
    fn wrong_name_end_rights_and_files_are_faults() {
        let day = |n: i64| Ts(1_830_297_600_000_000 - n * DAY); // from 2028-01-01
        for (host, now, mode, part) in [
            ("b.example", NOW, 0o600, "not for b.example"),
            ("a.example", day(-1), 0o600, "does not hold"),
            ("a.example", Ts(0), 0o600, "does not hold"),
            ("a.example", day(13), 0o600, "ends soon"),
            ("a.example", NOW, 0o604, "chmod"),
        ] {
            let check = check(host, now, mode, |_| ());
            assert!(!check.ok && check.advice.contains(part), "{part}: {check:?}");
        }
        assert!(check("a.example", day(15), 0o640, |_| ()).ok);
        let missing = check("a.example", NOW, 0o600, |key| std::fs::remove_file(key).unwrap());
        assert!(!missing.ok && missing.found.contains("cannot be read"), "{missing:?}");
    }
}

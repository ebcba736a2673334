//! The table of settings: one row each, read from text wherever it was written.

use super::{Challenge, Config, Listen, LogFormat, Origin, ai, mail};
use crate::middleware::client::Naming;
use keepwell_domain::setting::{Rule, Setting as Managed};
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};
use zeroize::Zeroizing;

/// One setting.
pub struct Setting {
    /// Its name in `keepwell.toml`: `section.key`, or `key` at the top.
    pub key: &'static str,
    /// Reads it into the config; the error is a plain sentence without the value.
    pub set: fn(&mut Config, &str) -> Result<(), String>,
    /// Its value in force, starred when secret.
    pub show: fn(&Config) -> String,
}

impl Setting {
    /// Its name in the environment.
    #[must_use]
    pub fn variable(&self) -> String {
        match self.key {
            "key.secret" => "KEEPWELL_ROOT_KEY".to_owned(),
            key => format!("KEEPWELL_{}", key.replace('.', "_").to_ascii_uppercase()),
        }
    }
}

macro_rules! number {
    ($key:literal, $($field:ident).+, $range:expr) => {
        Setting {
            key: $key,
            set: |c, s| { c.$($field).+ = within(s, $range)?; Ok(()) },
            show: |c| c.$($field).+.to_string(),
        }
    };
}
macro_rules! time {
    ($key:literal, $($field:ident).+, $unit:expr, $range:expr) => {
        Setting {
            key: $key,
            set: |c, s| { c.$($field).+ = Duration::from_secs($unit * within::<u64>(s, $range)?); Ok(()) },
            show: |c| (c.$($field).+.as_secs() / $unit).to_string(),
        }
    };
}

macro_rules! limit {
    ($key:literal, $field:ident) => {
        Setting {
            key: $key,
            set: |c, s| {
                c.limits.$field = within(s, 1..=1_000_000_000)?;
                Ok(())
            },
            show: |c| c.limits.$field.to_string(),
        }
    };
}

/// A setting that may also be changed while the instance runs; its rule is the same in both places.
macro_rules! managed {
    ($key:literal, $setting:ident) => {
        Setting {
            key: $key,
            set: |c, s| c.settings.values.set(Managed::$setting, s).map_err(|b| rule(b.0)),
            show: |c| c.settings.values.show(Managed::$setting),
        }
    };
}

/// All settings.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "listen",
        set: |c, s| {
            c.listen = listen(s)?;
            Ok(())
        },
        show: |c| c.listen.to_string(),
    },
    Setting {
        key: "data_dir",
        set: |c, s| {
            c.data_dir = path(s)?;
            Ok(())
        },
        show: |c| c.data_dir.display().to_string(),
    },
    Setting {
        key: "public_url",
        set: |c, s| {
            let origin = Origin::parse(s).ok_or("must be http:// or https:// and a host, without a path")?;
            c.public_url = Some(origin);
            Ok(())
        },
        show: |c| c.public_url.as_ref().map(Origin::to_string).unwrap_or_default(),
    },
    Setting {
        key: "contact",
        set: |c, s| {
            let fine = !s.is_empty()
                && s.len() <= 200
                && !s.contains(char::is_control)
                && !s.contains(char::is_whitespace);
            if !fine {
                return Err(
                    "must be an e-mail address or begin with https:// or tel:, without spaces".to_owned()
                );
            }
            c.contact = Some(s.to_owned());
            Ok(())
        },
        show: |c| c.contact.clone().unwrap_or_default(),
    },
    Setting {
        key: "site_dir",
        set: |c, s| {
            c.site_dir = path(s)?;
            Ok(())
        },
        show: |c| c.site_dir.display().to_string(),
    },
    Setting {
        key: "database.url",
        set: |c, s| {
            c.database.url = Some(postgres(s)?);
            Ok(())
        },
        show: |c| {
            c.database
                .url
                .as_deref()
                .map_or_else(|| "SQLite in the data folder".to_owned(), |u| starred_url(u))
        },
    },
    Setting {
        key: "database.keys_url",
        set: |c, s| {
            c.database.keys_url = Some(postgres(s)?);
            Ok(())
        },
        show: |c| c.database.keys_url.as_deref().map_or_else(String::new, |u| starred_url(u)),
    },
    number!("database.connections", database.connections, 2..=256),
    Setting {
        key: "key.file",
        set: |c, s| {
            c.key.file = Some(path(s)?);
            Ok(())
        },
        show: |c| {
            if c.key.secret.is_some() || c.key.command.is_some() {
                String::new()
            } else {
                c.key_file().display().to_string()
            }
        },
    },
    Setting {
        key: "key.secret",
        set: |c, s| {
            c.key.secret = Some(Zeroizing::new(s.to_owned()));
            Ok(())
        },
        show: |c| if c.key.secret.is_some() { "****".to_owned() } else { String::new() },
    },
    Setting {
        key: "key.command",
        set: |c, s| {
            c.key.command = Some(not_empty(s)?);
            Ok(())
        },
        // Its arguments may hold a token.
        show: |c| {
            c.key
                .command
                .as_deref()
                .and_then(|s| s.split_whitespace().next())
                .map(|s| format!("{s} ****"))
                .unwrap_or_default()
        },
    },
    time!("http.handshake_timeout_seconds", http.handshake_timeout, 1, 1..=60),
    time!("http.header_timeout_seconds", http.header_timeout, 1, 1..=60),
    time!("http.request_timeout_seconds", http.request_timeout, 1, 1..=600),
    time!("http.body_idle_seconds", http.body_idle, 1, 1..=600),
    time!("http.write_idle_seconds", http.write_idle, 1, 1..=600),
    time!("http.idle_seconds", http.idle, 1, 1..=3600),
    number!("http.connections", http.connections, 1..=1_000_000),
    number!("http.connections_per_address", http.connections_per_address, 1..=1_000_000),
    number!("http.requests", http.requests, 1..=1_000_000),
    number!("http.long_requests", http.long_requests, 1..=1_000_000),
    time!("http.shutdown_seconds", http.shutdown, 1, 0..=600),
    Setting {
        key: "http.trusted_proxies",
        set: |c, s| {
            c.http.trusted_proxies = networks(s)?;
            Ok(())
        },
        show: |c| {
            c.http.trusted_proxies.iter().map(|(a, p)| format!("{a}/{p}")).collect::<Vec<_>>().join(",")
        },
    },
    Setting {
        key: "http.client_header",
        set: |c, s| {
            c.http.client_header = match s.to_ascii_lowercase().as_str() {
                "x-forwarded-for" => Naming::XForwardedFor,
                "forwarded" => Naming::Forwarded,
                _ => return Err("must be x-forwarded-for or forwarded".to_owned()),
            };
            Ok(())
        },
        show: |c| match c.http.client_header {
            Naming::XForwardedFor => "x-forwarded-for".to_owned(),
            Naming::Forwarded => "forwarded".to_owned(),
        },
    },
    Setting {
        key: "http.behind_proxy",
        set: |c, s| {
            c.http.behind_proxy = yes_or_no(s)?;
            Ok(())
        },
        show: |c| c.http.behind_proxy.to_string(),
    },
    Setting {
        key: "http.redirect_listen",
        set: |c, s| {
            let address = s.parse().map_err(|_| "must be an address and port such as 0.0.0.0:80")?;
            c.http.redirect_listen = Some(address);
            Ok(())
        },
        show: |c| c.http.redirect_listen.map(|a| a.to_string()).unwrap_or_default(),
    },
    Setting {
        key: "tls.cert",
        set: |c, s| {
            c.tls.cert = Some(path(s)?);
            Ok(())
        },
        show: |c| c.tls.cert.as_ref().map(|p| p.display().to_string()).unwrap_or_default(),
    },
    Setting {
        key: "tls.key",
        set: |c, s| {
            c.tls.key = Some(path(s)?);
            Ok(())
        },
        show: |c| c.tls.key.as_ref().map(|p| p.display().to_string()).unwrap_or_default(),
    },
    time!("tls.reload_seconds", tls.reload, 1, 1..=86_400),
    Setting {
        key: "acme.domains",
        set: |c, s| {
            c.acme.domains = domains(s)?;
            Ok(())
        },
        show: |c| c.acme.domains.join(","),
    },
    Setting {
        key: "acme.email",
        set: |c, s| {
            if !s.contains('@') || s.contains(char::is_whitespace) {
                return Err("must be an e-mail address".to_owned());
            }
            c.acme.email = Some(s.to_owned());
            Ok(())
        },
        show: |c| c.acme.email.clone().unwrap_or_default(),
    },
    Setting {
        key: "acme.directory",
        set: |c, s| {
            if !s.starts_with("https://") {
                return Err("must begin with https://".to_owned());
            }
            c.acme.directory = s.to_owned();
            Ok(())
        },
        show: |c| c.acme.directory.clone(),
    },
    Setting {
        key: "acme.ca_file",
        set: |c, s| {
            c.acme.ca_file = Some(path(s)?);
            Ok(())
        },
        show: |c| c.acme.ca_file.as_ref().map(|p| p.display().to_string()).unwrap_or_default(),
    },
    Setting {
        key: "acme.challenge",
        set: |c, s| {
            c.acme.challenge = match s {
                "auto" => Challenge::Auto,
                "http-01" => Challenge::Http01,
                "tls-alpn-01" => Challenge::TlsAlpn01,
                _ => return Err("must be auto, http-01 or tls-alpn-01".to_owned()),
            };
            Ok(())
        },
        show: |c| {
            match c.acme.challenge {
                Challenge::Auto => "auto",
                Challenge::Http01 => "http-01",
                Challenge::TlsAlpn01 => "tls-alpn-01",
            }
            .to_owned()
        },
    },
    time!("sessions.idle_minutes", sessions.idle, 60, 1..=44_640),
    time!("sessions.absolute_hours", sessions.absolute, 3600, 1..=744),
    time!("sessions.keep_days", sessions.keep, 86_400, 1..=366),
    time!("sessions.proof_minutes", sessions.proof, 60, 1..=10),
    managed!("sessions.admin_idle_minutes", SessionAdmin),
    managed!("signup.mode", SignupMode),
    managed!("signup.invite_days", InviteDays),
    managed!("languages", Languages),
    managed!("accounts.deletion_days", DeletionDays),
    managed!("break_glass.second_admin", SecondAdmin),
    managed!("ai.allowed", AiAllowed),
    managed!("usage.counts", UsageCounts),
    managed!("retention.mail_days", KeepMail),
    managed!("retention.counters_days", KeepCounters),
    managed!("retention.csp_days", KeepCsp),
    managed!("journal.space_mb", JournalSpace),
    ai::KIND,
    ai::BASE_URL,
    ai::MODEL,
    ai::KEY,
    ai::KEY_FILE,
    ai::NAME,
    ai::PLACE,
    ai::TERMS,
    ai::CA_FILE,
    ai::OWN,
    ai::OWN_PORTS,
    mail::SMTP_URL,
    mail::USER,
    mail::PASSWORD,
    mail::PASSWORD_FILE,
    mail::FROM,
    mail::CA_FILE,
    mail::CONFIRM,
    number!("passwords.memory_kib", passwords.memory_kib, 19_456..=262_144),
    number!("passwords.passes", passwords.passes, 2..=10),
    number!("passwords.lanes", passwords.lanes, 1..=8),
    Setting {
        key: "uploads.max_bytes",
        set: |c, s| {
            c.uploads.max_bytes = bytes(s, 1 << 10, 1 << 40)?;
            Ok(())
        },
        show: |c| c.uploads.max_bytes.to_string(),
    },
    number!("uploads.max_files", uploads.max_files, 1..=100_000),
    limit!("limits.login", login),
    limit!("limits.signup", signup),
    limit!("limits.upload", upload),
    limit!("limits.ask", ask),
    limit!("limits.api", api),
    Setting {
        key: "limits.ask_daily",
        set: |c, s| {
            c.ask_daily = if s == "off" { None } else { Some(within(s, 1..=1_000_000)?) };
            Ok(())
        },
        show: |c| c.ask_daily.map_or_else(|| "off".to_owned(), |n| n.to_string()),
    },
    number!("parser.workers", parser.workers, 1..=64),
    Setting {
        key: "parser.memory",
        set: |c, s| {
            c.parser.memory = bytes(s, 64 << 20, 1 << 40)?;
            Ok(())
        },
        show: |c| c.parser.memory.to_string(),
    },
    time!("parser.cpu_seconds", parser.cpu, 1, 1..=86_400),
    time!("parser.deadline_seconds", parser.deadline, 1, 1..=86_400),
    Setting {
        key: "parser.output",
        set: |c, s| {
            c.parser.output = bytes(s, 1 << 20, 1 << 40)?;
            Ok(())
        },
        show: |c| c.parser.output.to_string(),
    },
    Setting {
        key: "log.format",
        set: |c, s| {
            c.log.format = match s {
                "human" => LogFormat::Human,
                "json" => LogFormat::Json,
                _ => return Err("must be human or json".to_owned()),
            };
            Ok(())
        },
        show: |c| match c.log.format {
            LogFormat::Human => "human".to_owned(),
            LogFormat::Json => "json".to_owned(),
        },
    },
    Setting {
        key: "log.level",
        set: |c, s| {
            tracing_subscriber::EnvFilter::try_new(s)
                .map_err(|_| "must be error, warn, info, debug, or a filter such as info,sqlx=warn")?;
            c.log.level = s.to_owned();
            Ok(())
        },
        show: |c| c.log.level.clone(),
    },
];

/// A rule in words.
fn rule(rule: Rule) -> String {
    match rule {
        Rule::Number(least, most) => format!("must be a whole number from {least} to {most}"),
        Rule::Switch => "must be true or false".to_owned(),
        Rule::Word(words) => format!("must be one of {}", words.join(", ")),
        Rule::Words(words) => format!("must be one or more of {}", words.join(", ")),
    }
}

fn not_empty(s: &str) -> Result<String, String> {
    if s.trim().is_empty() { Err("must not be empty".to_owned()) } else { Ok(s.to_owned()) }
}

fn path(s: &str) -> Result<PathBuf, String> {
    not_empty(s).map(PathBuf::from)
}

fn postgres(s: &str) -> Result<Zeroizing<String>, String> {
    if !s.starts_with("postgres://") && !s.starts_with("postgresql://") {
        return Err("must begin with postgres://; leave it out for SQLite in the data folder".to_owned());
    }
    Ok(Zeroizing::new(s.to_owned()))
}

fn within<T: FromStr + PartialOrd + std::fmt::Display>(
    s: &str,
    range: std::ops::RangeInclusive<T>,
) -> Result<T, String> {
    let fault = || format!("must be a whole number from {} to {}", range.start(), range.end());
    let n = s.trim().parse().map_err(|_| fault())?;
    if range.contains(&n) { Ok(n) } else { Err(fault()) }
}

/// A number of bytes: `4294967296`, `512 MiB`, `4GiB`.
fn bytes(s: &str, least: u64, most: u64) -> Result<u64, String> {
    let fault = || format!("must be a size from {least} to {most} bytes, such as 512 MiB");
    let s = s.trim();
    let (digits, unit) = s.split_at(s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len()));
    let unit: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kib" | "k" => 1 << 10,
        "mib" | "m" => 1 << 20,
        "gib" | "g" => 1 << 30,
        _ => return Err(fault()),
    };
    let n = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(unit)).ok_or_else(fault)?;
    if (least..=most).contains(&n) { Ok(n) } else { Err(fault()) }
}

/// Whether it may speak plain HTTP there is decided when all settings are known.
fn listen(s: &str) -> Result<Listen, String> {
    if let Some(path) = s.strip_prefix("unix:") {
        return not_empty(path).map(|p| Listen::Unix(PathBuf::from(p)));
    }
    s.strip_prefix("localhost:")
        .map_or_else(|| s.to_owned(), |port| format!("127.0.0.1:{port}"))
        .parse::<SocketAddr>()
        .map(Listen::Tcp)
        .map_err(|_| "must be an address and port such as 127.0.0.1:3000, or unix:/path/to/socket".to_owned())
}

fn yes_or_no(s: &str) -> Result<bool, String> {
    match s {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err("must be true or false".to_owned()),
    }
}

fn domains(s: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> =
        s.split(',').map(|d| d.trim().to_ascii_lowercase()).filter(|d| !d.is_empty()).collect();
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && l.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    let name = |d: &String| d.len() <= 253 && d.split('.').all(label) && d.parse::<IpAddr>().is_err();
    if names.iter().all(name) {
        Ok(names)
    } else {
        Err("must be host names such as health.example.org, with commas between; a wildcard cannot be proved this way"
            .to_owned())
    }
}

fn networks(s: &str) -> Result<Vec<(IpAddr, u8)>, String> {
    let one = |s: &str| {
        let (address, prefix) = s.split_once('/').map_or((s, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Some(most), |p| p.parse().ok())?;
        (prefix <= most).then_some((address, prefix))
    };
    s.split(',')
        .map(str::trim)
        .filter(|s| !s.is_empty())
        .map(|s| {
            one(s).ok_or_else(|| {
                "must be addresses or networks such as 10.0.0.0/8, with commas between".to_owned()
            })
        })
        .collect()
}

fn starred_url(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    // The query may hold a password, too.
    let rest = rest.split('?').next().unwrap_or(rest);
    match rest.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://****@{host}"),
        None => format!("{scheme}://{rest}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn domains_are_host_names() {
        assert_eq!(domains("A.example.org, b.example.org").unwrap(), ["a.example.org", "b.example.org"]);
        for bad in ["*.example.org", "a..b", "192.0.2.1", "a b", "-a.org", "https://a.org"] {
            assert!(domains(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_are_read_with_their_unit() {
        assert_eq!(bytes("2 GiB", 1, u64::MAX), Ok(2 << 30));
        assert_eq!(bytes("1500", 1, u64::MAX), Ok(1500));
        assert!(bytes("99999999999999999999 GiB", 1, u64::MAX).is_err());
        assert!(bytes("5 apples", 1, u64::MAX).is_err());
    }

    #[test]
    fn every_setting_reads_back_what_it_shows() {
        let config = Config::default();
        for setting in SETTINGS.iter().filter(|s| s.key != "database.url") {
            let shown = (setting.show)(&config);
            if !shown.is_empty() {
                let mut other = Config::default();
                (setting.set)(&mut other, &shown).unwrap_or_else(|e| panic!("{}: {e}", setting.key));
                assert_eq!((setting.show)(&other), shown, "{}", setting.key);
            }
        }
    }
}

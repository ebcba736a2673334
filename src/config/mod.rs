//! The settings of this instance: read once, from `keepwell.toml`, the environment and the command
//! line (each wins over the one before), with all faults reported together.
//!
//! This is the only place that reads the environment, so that `doctor` can print all that is in force.

mod ai;
mod faults;
mod mail;
mod reach;
mod read;
mod settings;

pub use ai::Ai;
pub use faults::{Fault, Faults};
pub use mail::{Mail, MailSecurity, MailServer};
pub use read::{FILE_NAME, Overrides, from_environment, load};
pub use settings::{SETTINGS, Setting};

use crate::middleware::client::Naming;
use keepwell_services::settings::SettingsBase;
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};
use zeroize::Zeroizing;

/// All settings, checked.
#[derive(Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: Listen,
    /// Folder of the database, the sealed files and, unless set otherwise, the root key.
    pub data_dir: PathBuf,
    /// The address under which browsers reach this instance, without a path: `https://health.example`.
    pub public_url: Option<Origin>,
    /// How to reach whoever runs this instance; shown on the public pages and in `security.txt`.
    pub contact: Option<String>,
    /// Database.
    pub database: Database,
    /// Root key.
    pub key: Key,
    /// Connections and requests.
    pub http: Http,
    /// TLS with a certificate of one's own.
    pub tls: Tls,
    /// TLS with a certificate that is fetched.
    pub acme: Acme,
    /// Sessions.
    pub sessions: Sessions,
    /// What may also be changed while the instance runs, unless it is said here. Of the limits and sessions it only knows
    /// whether they are.
    pub settings: SettingsBase,
    /// Password hashing.
    pub passwords: Passwords,
    /// Mail.
    pub mail: Mail,
    /// Models that may be asked.
    pub ai: Ai,
    /// Uploads.
    pub uploads: Uploads,
    /// Calls a minute.
    pub limits: Limits,
    /// Questions of one account a day.
    pub ask_daily: Option<u32>,
    /// The sandboxed readers of foreign files.
    pub parser: Parser,
    /// Logs.
    pub log: Log,
    /// Where the built site lies, when it is not inside the binary.
    pub site_dir: PathBuf,
}

/// Where the server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// An address; without TLS one of this machine, or one that only declared proxies reach.
    Tcp(SocketAddr),
    /// A unix socket.
    Unix(PathBuf),
}

/// Scheme, host and port of a web address, in lower case and without a default port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// `http` or `https`.
    pub scheme: String,
    /// `host` or `host:port`.
    pub authority: String,
}

/// The database.
#[derive(Clone, Default)]
pub struct Database {
    /// `postgres://…`; SQLite in the data folder when `None`.
    pub url: Option<Zeroizing<String>>,
    /// Another PostgreSQL for the keys; beside the data when `None`.
    pub keys_url: Option<Zeroizing<String>>,
    /// Connections at most.
    pub connections: u32,
}

/// Where the root key comes from; at most one of these is set, else the key file in the data folder.
#[derive(Clone, Default)]
pub struct Key {
    /// A key file.
    pub file: Option<PathBuf>,
    /// The key itself, base64 or hex.
    pub secret: Option<Zeroizing<String>>,
    /// A command that prints the key, base64 or hex.
    pub command: Option<String>,
}

/// Connections and requests.
#[derive(Debug, Clone)]
pub struct Http {
    /// Time for a TLS handshake.
    pub handshake_timeout: Duration,
    /// Time for all headers of a request.
    pub header_timeout: Duration,
    /// Time for an ordinary request; uploads, downloads and event streams are exempt.
    pub request_timeout: Duration,
    /// Time without a byte after which a slow body is dropped.
    pub body_idle: Duration,
    /// Time until a piece of an answer is taken, after which a slow reader is dropped.
    pub write_idle: Duration,
    /// Time between two requests of a connection.
    pub idle: Duration,
    /// Open connections in all.
    pub connections: usize,
    /// Open connections of one address.
    pub connections_per_address: usize,
    /// Ordinary requests at work at once; more are answered 503.
    pub requests: usize,
    /// Uploads, downloads and event streams at once; more are answered 503.
    pub long_requests: usize,
    /// How long a stop waits for requests under way.
    pub shutdown: Duration,
    /// Peers whose word on the client's address is believed, as (address, prefix length).
    pub trusted_proxies: Vec<(IpAddr, u8)>,
    /// The header in which they name the client; the other one is never read.
    pub client_header: Naming,
    /// Whether plain HTTP is spoken to these proxies on an address beyond this machine.
    pub behind_proxy: bool,
    /// Where plain HTTP is only sent on to `https`: port 80.
    pub redirect_listen: Option<SocketAddr>,
}

/// TLS with files.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate chain, PEM.
    pub cert: Option<PathBuf>,
    /// Its private key, PEM.
    pub key: Option<PathBuf>,
    /// How often the files are looked at.
    pub reload: Duration,
}

/// A certificate fetched by ACME (RFC 8555).
#[derive(Debug, Clone)]
pub struct Acme {
    /// Names to be certified; ACME is off without any.
    pub domains: Vec<String>,
    /// Where the authority may write to.
    pub email: Option<String>,
    /// The authority's directory.
    pub directory: String,
    /// Roots by which the authority itself is known, PEM; those of the web when `None`.
    pub ca_file: Option<PathBuf>,
    /// How the names are proved.
    pub challenge: Challenge,
}

/// How names are proved to a certificate authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenge {
    /// By port 80 where that is open, else by the TLS port.
    Auto,
    /// By port 80.
    Http01,
    /// By the TLS port, which the authority must reach as 443.
    TlsAlpn01,
}

/// Sessions.
#[derive(Debug, Clone)]
pub struct Sessions {
    /// Idle time after which a session ends.
    pub idle: Duration,
    /// Age at which a session ends.
    pub absolute: Duration,
    /// The same for "keep me signed in".
    pub keep: Duration,
    /// Age at which a proof for sensitive acts is stale.
    pub proof: Duration,
}

/// Argon2id.
#[derive(Debug, Clone)]
pub struct Passwords {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

/// Uploads.
#[derive(Debug, Clone)]
pub struct Uploads {
    /// Bytes of one file at most.
    pub max_bytes: u64,
    /// Files in one form at most.
    pub max_files: usize,
}

/// Calls a minute for one client address.
pub use keepwell_services::limit::Rates as Limits;

/// The sandboxed readers of foreign files.
#[derive(Debug, Clone)]
pub struct Parser {
    /// Readers at work at once.
    pub workers: usize,
    /// Address space of one reader in bytes.
    pub memory: u64,
    /// CPU seconds of one reader.
    pub cpu: Duration,
    /// Wall time of one reader.
    pub deadline: Duration,
    /// Bytes of records that one reader may hand back.
    pub output: u64,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// Logs.
#[derive(Debug, Clone)]
pub struct Log {
    /// Shape of a line.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, or a filter such as `info,sqlx=warn`.
    pub level: String,
}

/// The directory of Let's Encrypt.
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

impl Default for Config {
    fn default() -> Self {
        let minutes = |m: u64| Duration::from_secs(60 * m);
        Self {
            listen: Listen::Tcp(SocketAddr::from(([127, 0, 0, 1], 3000))),
            data_dir: PathBuf::from("data"),
            public_url: None,
            contact: None,
            database: Database { url: None, keys_url: None, connections: 8 },
            key: Key::default(),
            http: Http {
                handshake_timeout: Duration::from_secs(5),
                header_timeout: Duration::from_secs(5),
                request_timeout: Duration::from_secs(30),
                body_idle: Duration::from_secs(15),
                write_idle: Duration::from_secs(15),
                idle: Duration::from_secs(15),
                connections: 4096,
                connections_per_address: 128,
                requests: 512,
                long_requests: 256,
                shutdown: Duration::from_secs(10),
                trusted_proxies: Vec::new(),
                client_header: Naming::XForwardedFor,
                behind_proxy: false,
                redirect_listen: None,
            },
            tls: Tls { cert: None, key: None, reload: Duration::from_secs(10) },
            acme: Acme {
                domains: Vec::new(),
                email: None,
                directory: LETS_ENCRYPT.to_owned(),
                ca_file: None,
                challenge: Challenge::Auto,
            },
            sessions: Sessions {
                idle: minutes(60),
                absolute: minutes(24 * 60),
                keep: minutes(30 * 24 * 60),
                proof: minutes(10),
            },
            settings: SettingsBase::default(),
            passwords: Passwords { memory_kib: 64 << 10, passes: 3, lanes: 1 },
            mail: Mail::default(),
            ai: Ai::default(),
            uploads: Uploads { max_bytes: 4 << 30, max_files: 10_000 },
            limits: Limits { login: 5, signup: 3, upload: 10, ask: 30, api: 100 },
            ask_daily: None,
            parser: Parser {
                workers: 2,
                memory: 1 << 30,
                cpu: minutes(20),
                deadline: minutes(30),
                output: 4 << 30,
            },
            log: Log { format: LogFormat::Human, level: "info".to_owned() },
            site_dir: PathBuf::from("target/site"),
        }
    }
}

impl Config {
    /// The key file in force when neither a secret nor a command is set.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.key.file.clone().unwrap_or_else(|| self.data_dir.join("root.key"))
    }
    /// Whether it speaks TLS itself.
    #[must_use]
    pub fn speaks_tls(&self) -> bool {
        self.tls.cert.is_some() || !self.acme.domains.is_empty()
    }
    /// Every setting with its value, secrets starred.
    #[must_use]
    pub fn shown(&self) -> Vec<(&'static str, String)> {
        SETTINGS.iter().map(|s| (s.key, (s.show)(self))).collect()
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.shown()).finish()
    }
}

impl Listen {
    /// Whether nothing but this machine reaches it.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self {
            Self::Tcp(address) => address.ip().to_canonical().is_loopback(),
            Self::Unix(_) => true,
        }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

impl Origin {
    /// The host without its port.
    #[must_use]
    pub fn host(&self) -> &str {
        match self.authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => host,
            _ => &self.authority,
        }
    }
    /// Reads `scheme://host[:port]`; nothing may follow but one slash.
    #[must_use]
    pub fn parse(s: &str) -> Option<Self> {
        let (scheme, rest) = s.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let default = match scheme.as_str() {
            "http" => "80",
            "https" => "443",
            _ => return None,
        };
        let authority = normal_authority(rest.strip_suffix('/').unwrap_or(rest), default)?;
        Some(Self { scheme, authority })
    }
    /// The origin of a request to `host` (a `Host` header) over `scheme`.
    #[must_use]
    pub fn of(scheme: &str, host: &str) -> Option<Self> {
        Self::parse(&format!("{scheme}://{host}"))
    }
}

/// `host[:port]` in lower case without the scheme's default port; `None` when it is anything else.
fn normal_authority(s: &str, default_port: &str) -> Option<String> {
    let (host, port) = match s.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (s, None),
    };
    let host_ok = match host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_'))
        }
    };
    let port_ok = port
        .is_none_or(|p| !p.is_empty() && p.bytes().all(|c| c.is_ascii_digit()) && p.parse::<u16>().is_ok());
    if !host_ok || !port_ok {
        return None;
    }
    let host = host.to_ascii_lowercase();
    Some(match port {
        Some(port) if port != default_port => format!("{host}:{port}"),
        _ => host,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn origins_compare_without_case_and_default_port() {
        assert_eq!(Origin::parse("HTTPS://Health.Example:443/"), Origin::parse("https://health.example"));
        assert_ne!(Origin::parse("http://a.example"), Origin::parse("https://a.example"));
        assert_ne!(Origin::parse("http://a.example:81"), Origin::parse("http://a.example"));
        assert_eq!(Origin::parse("http://[::1]:3000").unwrap().authority, "[::1]:3000");
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for bad in [
            "null",
            "",
            "http://",
            "http://a/b",
            "ftp://a",
            "http://a:b",
            "http://u@a",
            "http://a:99999",
            "http://a?x",
        ] {
            assert_eq!(Origin::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn debug_hides_secrets() {
        let mut config = Config::default();
        config.key.secret = Some(Zeroizing::new("c2VjcmV0LXNlY3JldA".to_owned()));
        config.database.url = Some(Zeroizing::new("postgres://u:hunter2hunter2@db/x".to_owned()));
        let text = format!("{config:?}");
        assert!(!text.contains("c2VjcmV0") && !text.contains("hunter2"), "{text}");
        assert!(text.contains("\"key.secret\": \"****\""), "{text}");
    }
}

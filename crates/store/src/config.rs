//! Where the databases are and how they are reached.

use crate::error::{Result, StoreError};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::{fmt, net::IpAddr, path::PathBuf, str::FromStr, time::Duration};

/// Settings of the store.
#[derive(Clone)]
pub struct StoreConfig {
    /// `postgres://…`, or `None` for SQLite in `data_dir`.
    pub database_url: Option<String>,
    /// The folder of `keepwell.db`, `keys.db` and `limits.db`; made (0700) when missing.
    pub data_dir: PathBuf,
    /// Another PostgreSQL for the keys. Without it they lie beside the data: in `keys.db`, or in
    /// the schema `keepwell_keys` of the same server.
    pub keys_url: Option<String>,
    /// Connections that read at the same time (SQLite) or in all (PostgreSQL).
    pub max_connections: u32,
    /// How long a call waits for a connection before it answers "unavailable".
    pub acquire_timeout: Duration,
    /// PostgreSQL: the longest statement.
    pub statement_timeout: Duration,
    /// PostgreSQL: the longest pause inside a transaction.
    pub idle_in_transaction_timeout: Duration,
}

impl StoreConfig {
    /// SQLite in a folder, with the usual limits.
    #[must_use]
    pub fn sqlite(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            database_url: None,
            data_dir: data_dir.into(),
            keys_url: None,
            max_connections: 8,
            acquire_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(30),
            idle_in_transaction_timeout: Duration::from_secs(60),
        }
    }

    /// PostgreSQL at a URL, with the usual limits.
    #[must_use]
    pub fn postgres(url: impl Into<String>, data_dir: impl Into<PathBuf>) -> Self {
        Self { database_url: Some(url.into()), ..Self::sqlite(data_dir) }
    }

    pub(crate) fn data_place(&self) -> Result<Place> {
        match &self.database_url {
            None => Ok(Place::File(self.data_dir.join("keepwell.db"))),
            Some(url) => postgres(url, None),
        }
    }

    /// The counters of the limits: `limits.db`, or the schema `keepwell_limits` of the data's server.
    pub(crate) fn limits_place(&self) -> Result<Place> {
        match &self.database_url {
            None => Ok(Place::File(self.data_dir.join("limits.db"))),
            Some(url) => postgres(url, Some("keepwell_limits")),
        }
    }

    pub(crate) fn keys_place(&self) -> Result<Place> {
        match self.keys_url.as_ref().or(self.database_url.as_ref()) {
            None => Ok(Place::File(self.data_dir.join("keys.db"))),
            Some(url) => postgres(url, Some("keepwell_keys")),
        }
    }
}

impl fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = |url: &Option<String>| url.as_ref().map(|_| "postgres://***");
        f.debug_struct("StoreConfig")
            .field("database_url", &hidden(&self.database_url))
            .field("data_dir", &self.data_dir)
            .field("keys_url", &hidden(&self.keys_url))
            .field("max_connections", &self.max_connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("statement_timeout", &self.statement_timeout)
            .field("idle_in_transaction_timeout", &self.idle_in_transaction_timeout)
            .finish()
    }
}

/// One database.
pub(crate) enum Place {
    File(PathBuf),
    Server { options: Box<PgConnectOptions>, schema: Option<&'static str> },
}

fn postgres(url: &str, schema: Option<&'static str>) -> Result<Place> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(StoreError::Refused(
            "the database URL must begin with postgres://; leave it out for SQLite".into(),
        ));
    }
    // The parser's own message may quote the password.
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| StoreError::Refused("the PostgreSQL URL cannot be read".into()))?;
    Ok(Place::Server { options: Box::new(verified(options, url)?), schema })
}

/// Full verification of the server is the rule; only on the same machine may it be weaker.
fn verified(options: PgConnectOptions, url: &str) -> Result<PgConnectOptions> {
    if is_local(&options) || matches!(options.get_ssl_mode(), PgSslMode::VerifyFull) {
        return Ok(options);
    }
    if !url.contains("sslmode=") && !url.contains("ssl-mode=") {
        return Ok(options.ssl_mode(PgSslMode::VerifyFull));
    }
    Err(StoreError::Refused(format!(
        "PostgreSQL at {} is on another machine, so its certificate must be verified: \
         set sslmode=verify-full (and sslrootcert=FILE for a private CA) in the database URL",
        options.get_host()
    )))
}

fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn mode(url: &str) -> Result<PgSslMode> {
        match postgres(url, None)? {
            Place::Server { options, .. } => Ok(options.get_ssl_mode()),
            Place::File(_) => panic!("no server"),
        }
    }

    #[test]
    fn remote_server_is_verified_without_being_asked() {
        assert!(matches!(mode("postgres://u:p@db.example.org/k").unwrap(), PgSslMode::VerifyFull));
    }

    #[test]
    fn remote_server_without_verification_is_refused_with_the_remedy_and_without_the_password() {
        for weak in ["disable", "allow", "prefer", "require", "verify-ca"] {
            let refused = mode(&format!("postgres://u:hunter2@10.1.2.3/k?sslmode={weak}")).unwrap_err();
            let text = refused.to_string();
            assert!(text.contains("sslmode=verify-full"), "{text}");
            assert!(!text.contains("hunter2"));
        }
    }

    #[test]
    fn same_machine_needs_no_certificate() {
        for url in [
            "postgres://u@localhost/k?sslmode=disable",
            "postgres://u@127.0.0.1/k?sslmode=disable",
            "postgres://u@[::1]/k?sslmode=disable",
            "postgres:///k?host=/run/postgresql&sslmode=disable",
        ] {
            assert!(matches!(mode(url).unwrap(), PgSslMode::Disable), "{url}");
        }
    }

    #[test]
    fn other_databases_are_refused() {
        assert!(matches!(mode("mysql://u@localhost/k"), Err(StoreError::Refused(_))));
    }

    #[test]
    fn settings_do_not_print_the_password() {
        let config = StoreConfig::postgres("postgres://u:hunter2@localhost/k", "/tmp/x");
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}

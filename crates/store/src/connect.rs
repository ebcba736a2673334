//! Opening the databases: file modes, pragmas, timeouts, versions, migrations.

use crate::{
    config::{Place, StoreConfig},
    error::{Result, StoreError},
    pool::Pool,
};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Duration};

/// Older ones can corrupt a write-ahead log.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// The migrations of one database, per engine.
pub(crate) struct Migrations {
    pub(crate) sqlite: &'static Migrator,
    pub(crate) postgres: &'static Migrator,
}

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static SQLITE_KEYS: Migrator = sqlx::migrate!("../../migrations/sqlite_keys");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");
static POSTGRES_KEYS: Migrator = sqlx::migrate!("../../migrations/postgres_keys");
static SQLITE_LIMITS: Migrator = sqlx::migrate!("../../migrations/sqlite_limits");
static POSTGRES_LIMITS: Migrator = sqlx::migrate!("../../migrations/postgres_limits");

impl Place {
    pub(crate) const MIGRATIONS_DATA: Migrations = Migrations { sqlite: &SQLITE, postgres: &POSTGRES };
    pub(crate) const MIGRATIONS_KEYS: Migrations =
        Migrations { sqlite: &SQLITE_KEYS, postgres: &POSTGRES_KEYS };
    pub(crate) const MIGRATIONS_LIMITS: Migrations =
        Migrations { sqlite: &SQLITE_LIMITS, postgres: &POSTGRES_LIMITS };
}

/// When a commit counts as done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Durable {
    /// On disk: a power cut changes nothing.
    Disk,
    /// With the system or the database server: the end of this process changes nothing.
    System,
}

pub(crate) async fn open(place: &Place, config: &StoreConfig) -> Result<Pool> {
    open_as(place, config, Durable::Disk).await
}

async fn open_as(place: &Place, config: &StoreConfig, durable: Durable) -> Result<Pool> {
    match place {
        Place::File(path) => open_sqlite(path, config, durable).await,
        Place::Server { options, schema } => open_postgres(options, *schema, config, durable).await,
    }
}

/// Connections to the counters of the limits: each is used for one short statement.
const LIMITS_CONNECTIONS: u32 = 4;
/// A sign-in does not wait longer for its count.
const LIMITS_WAIT: Duration = Duration::from_secs(2);
/// A pool with short waits gives its first connection no more time than that; a start may take longer.
const LIMITS_TRIES: u32 = 5;

/// The counters of the limits, with their schema. They are worth nothing after a minute, so a file
/// that is broken is made anew instead of keeping the instance from starting.
pub(crate) async fn open_limits(place: &Place, config: &StoreConfig) -> Result<Pool> {
    let config = StoreConfig { max_connections: LIMITS_CONNECTIONS, ..config.clone() };
    match (limits_pool(place, &config).await, place) {
        (Err(StoreError::Corrupt(_)), Place::File(path)) => {
            for ending in ["", "-wal", "-shm"] {
                let mut name = path.clone().into_os_string();
                name.push(ending);
                let _ = std::fs::remove_file(name);
            }
            limits_pool(place, &config).await
        }
        (other, _) => other,
    }
}

/// Opened and migrated with the usual waits, as the other databases are; only the pool that counts
/// afterwards is in a hurry.
async fn limits_pool(place: &Place, config: &StoreConfig) -> Result<Pool> {
    let usual = open_as(place, config, Durable::System).await?;
    migrate(&usual, Place::MIGRATIONS_LIMITS).await?;
    let hurried = StoreConfig {
        acquire_timeout: config.acquire_timeout.min(LIMITS_WAIT),
        statement_timeout: config.statement_timeout.min(LIMITS_WAIT),
        ..config.clone()
    };
    let mut counting = open_as(place, &hurried, Durable::System).await;
    for _ in 1..LIMITS_TRIES {
        if !matches!(counting, Err(StoreError::Unavailable(_))) {
            break;
        }
        counting = open_as(place, &hurried, Durable::System).await;
    }
    // Not before: with its last connection SQLite would remove its log, to make it anew at once.
    usual.close().await;
    counting
}

pub(crate) async fn migrate(pool: &Pool, migrations: Migrations) -> Result<()> {
    match pool {
        Pool::Sqlite { writer, .. } => migrations.sqlite.run(writer).await?,
        Pool::Postgres(pool) => migrations.postgres.run(pool).await?,
    }
    Ok(())
}

async fn open_sqlite(path: &Path, config: &StoreConfig, durable: Durable) -> Result<Pool> {
    private_file(path).map_err(sqlx::Error::Io)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(match durable {
            Durable::Disk => SqliteSynchronous::Full,
            Durable::System => SqliteSynchronous::Normal,
        })
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("trusted_schema", "OFF")
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .pragma("journal_size_limit", "67108864")
        .disable_statement_logging();
    let pool = |max: u32| {
        SqlitePoolOptions::new()
            .max_connections(max)
            .acquire_timeout(config.acquire_timeout)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            // A full disk makes SQLite undo a transaction by itself; sqlx then fails to undo it once
            // more and believes in it for ever. Such a connection would refuse every later write.
            .after_release(|conn, _| {
                Box::pin(async move {
                    if conn.is_in_transaction() {
                        // Only now is it certain that the rollback of a dropped transaction has run.
                        conn.ping().await?;
                    }
                    Ok(!conn.is_in_transaction())
                })
            })
    };
    let writer = pool(1).connect_with(options.clone()).await?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&writer).await?;
    check_sqlite_version(&version)?;
    let reader = pool(config.max_connections.max(1)).connect_with(options.pragma("query_only", "ON")).await?;
    Ok(Pool::Sqlite { writer, reader })
}

fn check_sqlite_version(version: &str) -> Result<()> {
    let mut parts = version.split('.').map(|p| p.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) >= OLDEST_SQLITE {
        return Ok(());
    }
    Err(StoreError::Refused(format!(
        "SQLite {version} can corrupt its write-ahead log; 3.51.3 or newer must be built in"
    )))
}

/// SQLite gives its log and index files the mode of the database, so only that one needs care.
#[cfg(unix)]
fn private_file(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
    if let Some(folder) = path.parent().filter(|f| !f.exists()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // A file that is there is not opened: closing it again would drop the locks that another
    // store of this process holds on it (POSIX).
    if !path.exists() {
        std::fs::OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)?;
    }
    if std::fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(path).map(|_| ())
}

async fn open_postgres(
    options: &PgConnectOptions,
    schema: Option<&'static str>,
    config: &StoreConfig,
    durable: Durable,
) -> Result<Pool> {
    let ms = |d: Duration| d.as_millis().to_string();
    let mut options = options
        .clone()
        .options([
            ("statement_timeout", ms(config.statement_timeout)),
            ("idle_in_transaction_session_timeout", ms(config.idle_in_transaction_timeout)),
            // An answer that says "saved" must be true after a power cut, whatever the server's default.
            ("synchronous_commit", if durable == Durable::Disk { "on" } else { "off" }.into()),
        ])
        .disable_statement_logging();
    if let Some(schema) = schema {
        options = options.options([("search_path", schema)]);
    }
    let pool = PgPoolOptions::new()
        .max_connections(config.max_connections.max(2))
        .acquire_timeout(config.acquire_timeout)
        .connect_with(options)
        .await?;
    if let Some(schema) = schema {
        make_schema(&pool, schema).await?;
    }
    Ok(Pool::Postgres(pool))
}

async fn make_schema(pool: &sqlx::PgPool, name: &'static str) -> Result<()> {
    // Asked first, because a role that may not create schemas can still use one that is there.
    let is_there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)")
        .bind(name)
        .fetch_one(pool)
        .await?;
    if !is_there {
        // The name is one of ours, never a setting.
        let sql = format!("CREATE SCHEMA IF NOT EXISTS {name}");
        sqlx::query(AssertSqlSafe(sql)).execute(pool).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn sqlite_that_can_corrupt_its_log_is_refused() {
        for old in ["3.51.2", "3.50.9", "3.7.17", "2.99.99", "nonsense"] {
            assert!(matches!(check_sqlite_version(old), Err(StoreError::Refused(_))), "{old}");
        }
        for new in ["3.51.3", "3.52.0", "4.0.0"] {
            check_sqlite_version(new).unwrap();
        }
    }

    #[test]
    fn both_engines_have_migrations_of_the_same_names() {
        let names = |m: &Migrator| m.iter().map(|m| (m.version, m.description.clone())).collect::<Vec<_>>();
        assert_eq!(names(&SQLITE), names(&POSTGRES));
        assert_eq!(names(&SQLITE_KEYS), names(&POSTGRES_KEYS));
        assert_eq!(names(&SQLITE_LIMITS), names(&POSTGRES_LIMITS));
        assert!(names(&SQLITE).len() >= 10);
    }
}

//! Calls that the limits let through, one row per class and network. A database of its own, so that
//! counting never waits for an import to commit, and an import never for counting.
//!
//! A row is replaced only where it is still the one that was read: `stamp` is a number drawn anew
//! for every write, so that a row deleted and made again is never taken for the old one. Of two
//! instances that count at the same time, one finds no such row and reads again.

use crate::{
    error::Result,
    row::{One, args, row},
    store::Store,
};
use keepwell_domain::{sealed::Fingerprint, time::Ts};

row! {
    /// A row.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct LimitLog {
        /// Drawn at random for each write.
        pub stamp: i64,
        /// The calls, in a form of the caller's.
        pub log: Vec<u8>,
    }
}

/// The row of a key, if there is one.
///
/// # Errors
/// Those of the connection.
pub async fn find_log(store: &Store, key: &Fingerprint) -> Result<Option<LimitLog>> {
    let mut conn = store.limits.read().await?;
    conn.opt("SELECT stamp, log FROM limit_log WHERE key_hash = $1", args![key]).await
}

/// Puts a row in the place of the one whose stamp was `before`, or where there was none. Answers
/// whether it did: `false` says that somebody else came first.
///
/// Survives the end of this process, however it ends; a power cut may take the last moments.
///
/// # Errors
/// Those of the connection.
pub async fn replace_log(
    store: &Store,
    key: &Fingerprint,
    before: Option<i64>,
    row: &LimitLog,
    ends_at: Ts,
) -> Result<bool> {
    let mut conn = store.limits.admin().await?;
    let done = match before {
        None => {
            let sql = "INSERT INTO limit_log (key_hash, stamp, log, ends_at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (key_hash) DO NOTHING";
            conn.run(sql, args![key, row.stamp, row.log, ends_at]).await?
        }
        Some(before) => {
            let sql = "UPDATE limit_log SET stamp = $2, log = $3, ends_at = $4 \
                       WHERE key_hash = $1 AND stamp = $5";
            conn.run(sql, args![key, row.stamp, row.log, ends_at, before]).await?
        }
    };
    Ok(done == 1)
}

/// Deletes rows that ended before `before`, at most `most`; answers how many.
///
/// # Errors
/// Those of the connection.
pub async fn delete_ended(store: &Store, before: Ts, most: i64) -> Result<u64> {
    let mut conn = store.limits.admin().await?;
    let sql = "DELETE FROM limit_log WHERE key_hash IN \
               (SELECT key_hash FROM limit_log WHERE ends_at < $1 ORDER BY ends_at LIMIT $2) AND ends_at < $1";
    conn.run(sql, args![before, most]).await
}

/// How many rows there are.
///
/// # Errors
/// Those of the connection.
pub async fn count_logs(store: &Store) -> Result<i64> {
    let mut conn = store.limits.read().await?;
    let found: One<i64> = conn.one("SELECT CAST(count(*) AS BIGINT) FROM limit_log", args![]).await?;
    Ok(found.0)
}

/// The time by the database server's clock, which all instances share; `None` on SQLite, whose
/// instances share the clock of their machine.
///
/// # Errors
/// Those of the connection.
pub async fn database_time(store: &Store) -> Result<Option<Ts>> {
    if store.limits.is_sqlite() {
        return Ok(None);
    }
    let mut conn = store.limits.read().await?;
    let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)";
    let found: One<i64> = conn.one(sql, args![]).await?;
    Ok(Some(Ts(found.0)))
}

//! Whether the databases answer and are whole.

use crate::{
    error::{Result, StoreError},
    pool::Pool,
    row::{One, args},
    store::Store,
};

impl Store {
    /// Whether both databases answer.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn ping(&self) -> Result<()> {
        for pool in [&self.data, &self.keys] {
            pool.read().await?.one::<One<i64>>("SELECT CAST(1 AS BIGINT)", args![]).await?;
        }
        Ok(())
    }

    /// Reads both SQLite databases whole and checks them. PostgreSQL is asked nothing: its
    /// checksums do that.
    ///
    /// # Errors
    /// `Corrupt` when a page, an index or a reference is broken.
    pub async fn integrity_check(&self) -> Result<()> {
        for pool in [&self.data, &self.keys] {
            if pool.is_sqlite() {
                check(pool).await?;
            }
        }
        Ok(())
    }

    /// Moves the write-ahead logs into the SQLite databases and empties them, so that what was
    /// deleted is not left there. Nothing to do on PostgreSQL.
    ///
    /// # Errors
    /// `Unavailable` when a reader keeps the log open; try again.
    pub async fn checkpoint_truncate(&self) -> Result<()> {
        for pool in [&self.data, &self.keys] {
            if pool.is_sqlite() {
                let mut conn = pool.admin().await?;
                conn.run("PRAGMA wal_checkpoint(TRUNCATE)", args![]).await?;
            }
        }
        Ok(())
    }

    /// Size of the data on disk in bytes, without files.
    ///
    /// # Errors
    /// Those of the connection.
    pub async fn data_bytes(&self) -> Result<i64> {
        let mut conn = self.data.read().await?;
        let sql = conn.pick(
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
            "SELECT pg_database_size(current_database())",
        );
        Ok(conn.one::<One<i64>>(sql, args![]).await?.0)
    }

    /// The engine and its version, for `doctor`: `SQLite 3.51.3`, `PostgreSQL 15.14 (…)`.
    ///
    /// # Errors
    /// Those of the connection.
    pub async fn engine_version(&self) -> Result<String> {
        let mut conn = self.data.read().await?;
        let sql = conn.pick(
            "SELECT 'SQLite ' || sqlite_version()",
            "SELECT 'PostgreSQL ' || current_setting('server_version')",
        );
        Ok(conn.one::<One<String>>(sql, args![]).await?.0)
    }
}

async fn check(pool: &Pool) -> Result<()> {
    let mut conn = pool.read().await?;
    let found: Vec<One<String>> = conn.all("PRAGMA integrity_check(1)", args![]).await?;
    if found.iter().any(|f| f.0 != "ok") || found.is_empty() {
        return Err(StoreError::Corrupt("the integrity check found damage"));
    }
    let broken: Vec<One<String>> =
        conn.all("SELECT \"table\" FROM pragma_foreign_key_check()", args![]).await?;
    if !broken.is_empty() {
        return Err(StoreError::Corrupt("a row points to one that is missing"));
    }
    Ok(())
}

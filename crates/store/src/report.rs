//! What the outside tells the operator: reports of weaknesses, and refusals under the content policy.

use crate::{
    error::Result,
    row::{One, args, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    sealed::Sealed,
    time::{DAY, Ts},
};
use uuid::Uuid;

row! {
    /// A report of a weakness.
    #[derive(Debug)]
    pub struct Disclosure {
        /// Its id.
        pub id: Uuid,
        /// When it came.
        pub at: Ts,
        /// What it says, sealed under the root key.
        pub sealed: Sealed,
    }
}
row! {
    /// How often browsers refused something on one day.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Violation {
        /// Days since 1970-01-01, UTC.
        pub day: i64,
        /// The directive that refused.
        pub directive: String,
        /// How often.
        pub times: i64,
        /// Last time.
        pub last_at: Ts,
    }
}

/// Keeps a report.
///
/// # Errors
/// Those of the connection.
pub async fn insert_disclosure(tx: &mut Tx, report: &Disclosure) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO disclosure (id, at, sealed) VALUES ($1, $2, $3)",
            args![report.id, report.at, report.sealed],
        )
        .await?;
    Ok(())
}

/// How many reports are kept.
///
/// # Errors
/// Those of the connection.
pub async fn count_disclosures(from: impl Into<Source<'_>>) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    Ok(conn.one::<One<i64>>("SELECT CAST(count(*) AS BIGINT) FROM disclosure", args![]).await?.0)
}

/// Reports, newest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_disclosures(from: impl Into<Source<'_>>, limit: i64) -> Result<Vec<Disclosure>> {
    let mut conn = from.into().conn().await?;
    conn.all("SELECT id, at, sealed FROM disclosure ORDER BY at DESC, id DESC LIMIT $1", args![limit]).await
}

/// Adds refusals of one directive to those of the day.
///
/// # Errors
/// Those of the connection.
pub async fn count_violations(tx: &mut Tx, directive: &str, times: i64, now: Ts) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO csp_violation (day, directive, times, last_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (day, directive) DO UPDATE SET times = csp_violation.times + $3, last_at = $4",
            args![now.0.div_euclid(DAY), directive, times, now],
        )
        .await?;
    Ok(())
}

/// Refusals since a time, newest day first.
///
/// # Errors
/// Those of the connection.
pub async fn list_violations(from: impl Into<Source<'_>>, since: Ts) -> Result<Vec<Violation>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT day, directive, times, last_at FROM csp_violation WHERE last_at >= $1 ORDER BY day DESC, directive",
        args![since],
    )
    .await
}

/// Forgets refusals before a time.
///
/// # Errors
/// Those of the connection.
pub async fn delete_violations(tx: &mut Tx, before: Ts) -> Result<()> {
    tx.conn().run("DELETE FROM csp_violation WHERE last_at < $1", args![before]).await?;
    Ok(())
}

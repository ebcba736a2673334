//! Counters of the instance, and how often each feature is used. Writers on several instances add up: a sum is added to what is there, a
//! level replaces it or raises it.

use crate::{
    bulk::Insert,
    error::Result,
    row::{ToArg, args, row},
    store::{Source, Tx},
};
use keepwell_domain::time::Ts;

/// A number for an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The counter.
    pub name: String,
    /// Hours since 1970-01-01, UTC.
    pub hour: i64,
    /// The number.
    pub n: i64,
}

/// A number for a day and a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Days since 1970-01-01, UTC.
    pub day: i64,
    /// A code of [`keepwell_domain::usage::Feature`].
    pub feature: &'static str,
    /// How often.
    pub n: i64,
}

/// How a number joins what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// It is added.
    Add,
    /// It takes its place.
    Replace,
    /// The greater one stays.
    Raise,
    /// The smaller one stays.
    Lower,
}

row! {
    /// What a counter says of a day.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct CountOfDay {
        /// The counter.
        pub name: String,
        /// Days since 1970-01-01, UTC.
        pub day: i64,
        /// All its hours together.
        pub sum: i64,
        /// The greatest of its hours.
        pub most: i64,
        /// The smallest of its hours.
        pub least: i64,
    }
}
row! {
    /// How often a feature was used on a day.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct UseOfDay {
        /// Days since 1970-01-01, UTC.
        pub day: i64,
        /// A code of [`keepwell_domain::usage::Feature`].
        pub feature: String,
        /// How often.
        pub n: i64,
    }
}

/// Counts. To be the last write of its transaction: other instances wait for the same rows.
///
/// # Errors
/// Those of the connection.
pub async fn put_counts(tx: &mut Tx, counts: &[Count], join: Join) -> Result<()> {
    let tail = match join {
        Join::Add => " ON CONFLICT (name, hour) DO UPDATE SET n = counter.n + excluded.n",
        Join::Replace => " ON CONFLICT (name, hour) DO UPDATE SET n = excluded.n",
        Join::Raise => {
            " ON CONFLICT (name, hour) DO UPDATE SET n = \
             CASE WHEN excluded.n > counter.n THEN excluded.n ELSE counter.n END"
        }
        Join::Lower => {
            " ON CONFLICT (name, hour) DO UPDATE SET n = \
             CASE WHEN excluded.n < counter.n THEN excluded.n ELSE counter.n END"
        }
    };
    // In one order everywhere, so that two instances never wait for each other. A row may be named once in a statement.
    let mut sorted: Vec<&Count> = counts.iter().collect();
    sorted.sort_by(|a, b| (&a.name, a.hour).cmp(&(&b.name, b.hour)));
    let insert = Insert {
        head: "INSERT INTO counter (name, hour, n) VALUES ",
        row: "({0}, {1}, {2})",
        tail,
        shared: &[],
        columns: 3,
    };
    insert.run(&mut tx.conn(), &sorted, |out, c| out.extend([c.name.arg(), c.hour.arg(), c.n.arg()])).await?;
    Ok(())
}

/// Adds to how often features were used.
///
/// # Errors
/// Those of the connection.
pub async fn add_uses(tx: &mut Tx, uses: &[Use]) -> Result<()> {
    let mut sorted: Vec<&Use> = uses.iter().collect();
    sorted.sort_by_key(|u| (u.day, u.feature));
    let insert = Insert {
        head: "INSERT INTO usage_count (day, feature, n) VALUES ",
        row: "({0}, {1}, {2})",
        tail: " ON CONFLICT (day, feature) DO UPDATE SET n = usage_count.n + excluded.n",
        shared: &[],
        columns: 3,
    };
    insert
        .run(&mut tx.conn(), &sorted, |out, u| out.extend([u.day.arg(), u.feature.arg(), u.n.arg()]))
        .await?;
    Ok(())
}

/// All counters from a day on, by day.
///
/// # Errors
/// Those of the connection.
pub async fn list_counts(from: impl Into<Source<'_>>, first_day: i64) -> Result<Vec<CountOfDay>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT name, hour / 24, CAST(SUM(n) AS BIGINT), MAX(n), MIN(n) FROM counter \
         WHERE hour >= $1 GROUP BY name, hour / 24 ORDER BY name, hour / 24",
        args![first_day * 24],
    )
    .await
}

/// How often features were used from a day on, by day.
///
/// # Errors
/// Those of the connection.
pub async fn list_uses(from: impl Into<Source<'_>>, first_day: i64) -> Result<Vec<UseOfDay>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT day, feature, n FROM usage_count WHERE day >= $1 ORDER BY feature, day",
        args![first_day],
    )
    .await
}

/// Forgets what is older than a day.
///
/// # Errors
/// Those of the connection.
pub async fn delete_counts(tx: &mut Tx, first_day: i64) -> Result<()> {
    let mut conn = tx.conn();
    conn.run("DELETE FROM counter WHERE hour < $1", args![first_day * 24]).await?;
    conn.run("DELETE FROM usage_count WHERE day < $1", args![first_day]).await?;
    Ok(())
}

row! {
    /// How much there is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Levels {
        /// Accounts.
        pub people: i64,
        /// Accounts in use since the time that was asked for.
        pub active: i64,
        /// Bytes of sealed files.
        pub storage: i64,
        /// Files that wait to be read, or are being read.
        pub queue: i64,
        /// Since when the oldest of them has waited.
        pub oldest: Option<Ts>,
        /// Files whose reading failed for good.
        pub dead: i64,
    }
}

/// How much there is now. Who was active is told from when each session and each access token was last used, which is kept
/// anyway; only the number leaves the database.
///
/// # Errors
/// Those of the connection.
pub async fn read_levels(from: impl Into<Source<'_>>, active_since: Ts) -> Result<Levels> {
    let mut conn = from.into().conn().await?;
    conn.one(
        "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM account), \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT account_id FROM session WHERE last_seen_at >= $1 \
          UNION SELECT account_id FROM access_token WHERE last_used_at >= $1) AS seen), \
         (SELECT CAST(COALESCE(SUM(sealed_bytes), 0) AS BIGINT) FROM document), \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state IN ('queued', 'running')), \
         (SELECT MIN(created_at) FROM job WHERE state IN ('queued', 'running')), \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state = 'dead')",
        args![active_since],
    )
    .await
}

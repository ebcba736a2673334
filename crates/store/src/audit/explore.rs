//! Looking through the whole log, whoever it is about: by kind of act, outcome, who did it, time and pseudonym.
//!
//! There are a few hundred combinations of act, outcome and who at most ([`Facet`]). A filter picks some of them; of each the
//! newest entries are one range of one index, and the newest of all are among those. So a page costs the same few
//! milliseconds in five million entries, however rare or common what was asked for is.

use super::{AuditRow, PlacedRow, columns};
use crate::{
    bulk::Insert,
    error::Result,
    pool::Arg,
    row::{One, ToArg, args, row},
    store::{Source, Tx},
};
use keepwell_domain::{sealed::Fingerprint, time::Ts};
use sqlx::AssertSqlSafe;
use std::{collections::BTreeMap, fmt::Write as _};

row! {
    /// A combination of act, outcome and who, and how many entries have it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Facet {
        /// What: a code of [`keepwell_domain::act::Action`].
        pub action: String,
        /// How it ended: a code of [`keepwell_domain::act::ActOutcome`].
        pub outcome: String,
        /// Who did it: a code of [`keepwell_domain::act::ActBy`].
        pub done_by: String,
        /// Entries.
        pub n: i64,
    }
}
row! {
    /// Where an entry stands.
    pub struct Place {
        /// When it was.
        pub at: Ts,
        /// Its place.
        pub position: i64,
    }
}

/// Combinations in one statement.
const UNION: usize = 32;

/// A stretch of time, and where in it to begin.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// From then on.
    pub from: Ts,
    /// Before then.
    pub until: Ts,
    /// Only entries older than the one of this time and place.
    pub before: Option<(Ts, i64)>,
}

impl Stretch {
    /// The first time beyond the stretch, and which places count at the last time within it.
    fn end(&self) -> (Ts, Ts, i64) {
        match self.before {
            None => (self.until, Ts(i64::MAX), i64::MAX),
            Some((at, place)) => (self.until.min(Ts(at.0.saturating_add(1))), at, place),
        }
    }
}

/// Of one person's entries, those that match; empty texts match all.
#[derive(Debug, Clone, Copy, Default)]
pub struct OfPerson<'a> {
    /// A code of [`keepwell_domain::act::ActKind`].
    pub kind: &'a str,
    /// A code of [`keepwell_domain::act::Action`].
    pub action: &'a str,
    /// A code of [`keepwell_domain::act::ActOutcome`].
    pub outcome: &'a str,
    /// A code of [`keepwell_domain::act::ActBy`].
    pub done_by: &'a str,
}

/// Notes which combinations new entries have, in the transaction that places them.
pub(super) async fn count_facets(tx: &mut Tx, entries: &[(AuditRow, &'static str)]) -> Result<()> {
    let mut found: BTreeMap<(&str, &str, &str), i64> = BTreeMap::new();
    for (e, _) in entries {
        *found.entry((&e.action, &e.outcome, &e.done_by)).or_default() += 1;
    }
    let found: Vec<_> = found.into_iter().collect();
    let insert = Insert {
        head: "INSERT INTO audit_facet (action, outcome, done_by, n) VALUES ",
        row: "({0}, {1}, {2}, {3})",
        tail: " ON CONFLICT (action, outcome, done_by) DO UPDATE SET n = audit_facet.n + excluded.n",
        shared: &[],
        columns: 4,
    };
    insert
        .run(&mut tx.conn(), &found, |out, ((action, outcome, by), n)| {
            out.extend([action.arg(), outcome.arg(), by.arg(), n.arg()]);
        })
        .await?;
    Ok(())
}

/// All combinations that the log holds.
///
/// # Errors
/// Those of the connection.
pub async fn list_facets(from: impl Into<Source<'_>>) -> Result<Vec<Facet>> {
    let mut conn = from.into().conn().await?;
    conn.all("SELECT action, outcome, done_by, n FROM audit_facet", args![]).await
}

/// The condition of combination number `i` of a statement.
fn condition(sql: &mut String, i: usize, shared: usize) {
    let first = shared + 3 * i;
    // Writing to a string cannot fail.
    let _ = write!(
        sql,
        "FROM audit_entry WHERE action = ${} AND outcome = ${} AND done_by = ${} AND at >= $1 AND at < $2 \
         AND (at <> $3 OR position < $4)",
        first + 1,
        first + 2,
        first + 3
    );
}

fn push<'a>(out: &mut Vec<Arg<'a>>, some: &'a [Facet]) {
    for f in some {
        out.extend([f.action.arg(), f.outcome.arg(), f.done_by.arg()]);
    }
}

/// The newest entries of any of these combinations, newest first: by time, then by place.
///
/// # Errors
/// Those of the connection.
pub async fn list_log(
    from: impl Into<Source<'_>>,
    facets: &[Facet],
    stretch: &Stretch,
    limit: i64,
) -> Result<Vec<PlacedRow>> {
    let mut conn = from.into().conn().await?;
    let (until, at, place) = stretch.end();
    let mut found: Vec<Place> = Vec::new();
    for some in facets.chunks(UNION) {
        let mut sql = String::new();
        for i in 0..some.len() {
            let and = if i == 0 { "" } else { " UNION ALL " };
            let _ = write!(sql, "{and}SELECT at, position FROM (SELECT at, position ");
            condition(&mut sql, i, 5);
            let _ = write!(sql, " ORDER BY at DESC, position DESC LIMIT $5) AS f{i}");
        }
        let mut args = vec![stretch.from.arg(), until.arg(), at.arg(), place.arg(), limit.arg()];
        push(&mut args, some);
        found.extend(conn.all::<Place>(AssertSqlSafe(sql), &args).await?);
    }
    found.sort_by_key(|e| std::cmp::Reverse((e.at, e.position)));
    found.truncate(usize::try_from(limit).unwrap_or(0));
    let mut rows = Vec::with_capacity(found.len());
    for some in found.chunks(64) {
        let mut sql =
            String::from(concat!("SELECT position, ", columns!(), " FROM audit_entry WHERE position IN ("));
        for i in 0..some.len() {
            let _ = write!(sql, "{}${}", if i == 0 { "" } else { ", " }, i + 1);
        }
        sql.push(')');
        let args: Vec<Arg<'_>> = some.iter().map(|p| p.position.arg()).collect();
        rows.extend(conn.all::<PlacedRow>(AssertSqlSafe(sql), &args).await?);
    }
    rows.sort_by_key(|e| std::cmp::Reverse((e.at, e.position)));
    Ok(rows)
}

/// How many entries of these combinations there are in the stretch, counted up to `most`.
///
/// # Errors
/// Those of the connection.
pub async fn count_log(
    from: impl Into<Source<'_>>,
    facets: &[Facet],
    stretch: &Stretch,
    most: i64,
) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let (until, at, place) = stretch.end();
    let mut sum = 0;
    for some in facets.chunks(UNION) {
        if sum >= most {
            break;
        }
        let mut sql = String::from("SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT one FROM (");
        for i in 0..some.len() {
            sql.push_str(if i == 0 { "SELECT 1 AS one " } else { " UNION ALL SELECT 1 AS one " });
            condition(&mut sql, i, 5);
        }
        sql.push_str(") AS matching LIMIT $5) AS counted");
        let left = most - sum;
        let mut args = vec![stretch.from.arg(), until.arg(), at.arg(), place.arg(), left.arg()];
        push(&mut args, some);
        sum += conn.one::<One<i64>>(AssertSqlSafe(sql), &args).await?.0;
    }
    Ok(sum.min(most))
}

/// One person's entries that match, newest first by place.
///
/// # Errors
/// Those of the connection.
pub async fn list_log_of(
    from: impl Into<Source<'_>>,
    person: Fingerprint,
    of: &OfPerson<'_>,
    stretch: &Stretch,
    limit: i64,
) -> Result<Vec<PlacedRow>> {
    let mut conn = from.into().conn().await?;
    let below = stretch.before.map_or(i64::MAX, |b| b.1);
    conn.all(
        concat!(
            "SELECT position, ",
            columns!(),
            " FROM audit_entry WHERE person_fp = $1 AND position < $2 AND at >= $3 AND at < $4 \
             AND ($5 = '' OR kind = $5) AND ($6 = '' OR action = $6) AND ($7 = '' OR outcome = $7) \
             AND ($8 = '' OR done_by = $8) ORDER BY position DESC LIMIT $9"
        ),
        args![person, below, stretch.from, stretch.until, of.kind, of.action, of.outcome, of.done_by, limit],
    )
    .await
}

/// How many entries [`list_log_of`] would list without a limit, counted up to `most`.
///
/// # Errors
/// Those of the connection.
pub async fn count_log_of(
    from: impl Into<Source<'_>>,
    person: Fingerprint,
    of: &OfPerson<'_>,
    stretch: &Stretch,
    most: i64,
) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let n: One<i64> = conn
        .one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 FROM audit_entry WHERE person_fp = $1 AND at >= $2 \
             AND at < $3 AND ($4 = '' OR kind = $4) AND ($5 = '' OR action = $5) AND ($6 = '' OR outcome = $6) \
             AND ($7 = '' OR done_by = $7) LIMIT $8) AS counted",
            args![person, stretch.from, stretch.until, of.kind, of.action, of.outcome, of.done_by, most],
        )
        .await?;
    Ok(n.0)
}

/// Entries below a place, newest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_log_all(from: impl Into<Source<'_>>, below: i64, limit: i64) -> Result<Vec<PlacedRow>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        concat!(
            "SELECT position, ",
            columns!(),
            " FROM audit_entry WHERE position < $1 ORDER BY position DESC LIMIT $2"
        ),
        args![below, limit],
    )
    .await
}

//! Inserts of many rows at once.

use crate::{
    error::Result,
    pool::{Arg, Conn},
    row::Row,
};
use sqlx::AssertSqlSafe;
use std::fmt::Write;

/// Rows in one statement. Few enough for every limit on variables; a power of two, so that a
/// batch of any size needs only a handful of texts and the prepared ones are found again.
const ROWS: usize = 64;

/// A multi-row insert: `shared` arguments first (`$1`…), then `columns` of each row.
pub(crate) struct Insert<'a> {
    /// `INSERT INTO … (…) VALUES `
    pub(crate) head: &'static str,
    /// One row with `{0}`, `{1}`… for its own columns and `$n` for shared ones.
    pub(crate) row: &'static str,
    /// ` ON CONFLICT … RETURNING …`
    pub(crate) tail: &'static str,
    pub(crate) shared: &'a [Arg<'a>],
    /// Own columns of a row.
    pub(crate) columns: usize,
}

impl Insert<'_> {
    fn text(&self, rows: usize) -> String {
        let mut sql = String::from(self.head);
        for i in 0..rows {
            if i > 0 {
                sql.push(',');
            }
            let first = self.shared.len() + i * self.columns;
            let mut rest = self.row;
            while let Some((before, after)) = rest.split_once('{') {
                let (column, after) = after.split_once('}').unwrap_or((after, ""));
                let n = first + 1 + column.parse::<usize>().unwrap_or(0);
                // Writing to a string cannot fail.
                let _ = write!(sql, "{before}${n}");
                rest = after;
            }
            sql.push_str(rest);
        }
        sql.push_str(self.tail);
        sql
    }

    /// Inserts `rows` and collects what `RETURNING` returns.
    pub(crate) async fn returning<'r, T: Row, R>(
        &self,
        conn: &mut Conn<'_>,
        rows: &'r [R],
        push: impl Fn(&mut Vec<Arg<'r>>, &'r R),
    ) -> Result<Vec<T>> {
        let mut out = Vec::new();
        for batch in batches(rows) {
            let args = self.args(batch, &push);
            out.extend(conn.all::<T>(AssertSqlSafe(self.text(batch.len())), &args).await?);
        }
        Ok(out)
    }

    /// Inserts `rows` and counts those that were new.
    pub(crate) async fn run<'r, R>(
        &self,
        conn: &mut Conn<'_>,
        rows: &'r [R],
        push: impl Fn(&mut Vec<Arg<'r>>, &'r R),
    ) -> Result<u64> {
        let mut new = 0;
        for batch in batches(rows) {
            let args = self.args(batch, &push);
            new += conn.run(AssertSqlSafe(self.text(batch.len())), &args).await?;
        }
        Ok(new)
    }

    fn args<'x, 'r: 'x, R>(
        &'x self,
        batch: &'r [R],
        push: impl Fn(&mut Vec<Arg<'r>>, &'r R),
    ) -> Vec<Arg<'x>> {
        let mut own = Vec::with_capacity(batch.len() * self.columns);
        for row in batch {
            push(&mut own, row);
        }
        self.shared.iter().copied().chain(own).collect()
    }
}

/// Batches of [`ROWS`] rows, then of each smaller power of two.
fn batches<R>(mut rest: &[R]) -> impl Iterator<Item = &[R]> {
    std::iter::from_fn(move || {
        let size = ROWS.min(1 << rest.len().checked_ilog2()?);
        let (batch, after) = rest.split_at(size);
        rest = after;
        Some(batch)
    })
}

//! The tree over the entries. One sequencer at a time changes it, whoever holds its lock.

use super::{AuditRow, columns};
use crate::{
    bulk::Insert,
    error::{Result, StoreError},
    row::{One, ToArg, args, row},
    store::{Source, Store, Tx},
};
use sqlx::AssertSqlSafe;
use std::fmt::Write as _;

row! {
    /// A tile of the tree: up to 256 hashes of 32 bytes.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct TileRow {
        /// Level of the tile, 0 for hashes of entries.
        pub level: i64,
        /// Its number in the level.
        pub number: i64,
        /// The hashes, one after the other.
        pub hashes: Vec<u8>,
    }
}

/// How many entries have their place.
///
/// # Errors
/// Those of the connection.
pub async fn tree_size(from: impl Into<Source<'_>>) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    Ok(conn.one::<One<i64>>("SELECT size FROM audit_tree", args![]).await?.0)
}

/// As [`tree_size`], and keeps every other sequencer waiting until the transaction ends.
///
/// # Errors
/// Those of the connection.
pub async fn lock_tree(tx: &mut Tx) -> Result<i64> {
    let mut conn = tx.conn();
    Ok(conn
        .one::<One<i64>>("UPDATE audit_tree SET size = size WHERE one = 1 RETURNING size", args![])
        .await?
        .0)
}

/// Takes up to `limit` of the oldest entries that wait for their place, in order.
///
/// # Errors
/// Those of the connection.
pub async fn take_pending(tx: &mut Tx, limit: i64) -> Result<Vec<AuditRow>> {
    let mut taken: Vec<AuditRow> = tx
        .conn()
        .all(
            concat!(
                "DELETE FROM audit_pending WHERE id IN (SELECT id FROM audit_pending ORDER BY at, id LIMIT $1) \
                 RETURNING ",
                columns!()
            ),
            args![limit],
        )
        .await?;
    taken.sort_by_key(|e| (e.at, e.id));
    Ok(taken)
}

/// Gives entries their places, the first one `size`, with the tiles that they change. Each entry
/// comes with the code of its kind.
///
/// # Errors
/// `Conflict` when another sequencer came between; then nothing may be committed.
pub async fn add_to_tree(
    tx: &mut Tx,
    size: i64,
    entries: &[(AuditRow, &'static str)],
    tiles: &[TileRow],
) -> Result<()> {
    let count = i64::try_from(entries.len()).map_err(|_| StoreError::Corrupt("too many entries"))?;
    let places: Vec<(i64, &AuditRow, &'static str)> =
        entries.iter().zip(size..).map(|((e, kind), at)| (at, e, *kind)).collect();
    let insert = Insert {
        head: concat!("INSERT INTO audit_entry (position, kind, ", columns!(), ") VALUES "),
        row: "({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {10}, {11}, {12}, {13}, {14})",
        tail: "",
        shared: &[],
        columns: 15,
    };
    let mut conn = tx.conn();
    insert
        .run(&mut conn, &places, |out, (at, e, kind)| {
            out.extend([at.arg(), kind.arg()]);
            e.push(out);
        })
        .await?;
    put_tiles(tx, tiles).await?;
    super::explore::count_facets(tx, entries).await?;
    let mut conn = tx.conn();
    let moved = conn
        .run("UPDATE audit_tree SET size = $2 WHERE one = 1 AND size = $1", args![size, size + count])
        .await?;
    if moved == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict { constraint: crate::error::Constraint::RowVersion })
    }
}

/// Stores tiles, new or grown.
///
/// # Errors
/// Those of the connection.
pub async fn put_tiles(tx: &mut Tx, tiles: &[TileRow]) -> Result<()> {
    let insert = Insert {
        head: "INSERT INTO audit_tile (level, number, hashes) VALUES ",
        row: "({0}, {1}, {2})",
        tail: " ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes",
        shared: &[],
        columns: 3,
    };
    insert
        .run(&mut tx.conn(), tiles, |out, t| out.extend([t.level.arg(), t.number.arg(), t.hashes.arg()]))
        .await?;
    Ok(())
}

/// Those of the named tiles (level, number) that are there.
///
/// # Errors
/// Those of the connection.
pub async fn list_tiles(from: impl Into<Source<'_>>, wanted: &[(i64, i64)]) -> Result<Vec<TileRow>> {
    let mut conn = from.into().conn().await?;
    let mut found = Vec::with_capacity(wanted.len());
    for some in wanted.chunks(64) {
        let mut sql = String::from("SELECT level, number, hashes FROM audit_tile WHERE ");
        let mut args = Vec::with_capacity(2 * some.len());
        for (i, (level, number)) in some.iter().enumerate() {
            let or = if i == 0 { "" } else { " OR " };
            // Writing to a string cannot fail.
            let _ = write!(sql, "{or}(level = ${} AND number = ${})", 2 * i + 1, 2 * i + 2);
            args.extend([level.arg(), number.arg()]);
        }
        found.extend(conn.all::<TileRow>(AssertSqlSafe(sql), &args).await?);
    }
    Ok(found)
}

/// How many entries wait for their place.
///
/// # Errors
/// Those of the connection.
pub async fn count_pending(store: &Store) -> Result<i64> {
    let mut conn = store.data.read().await?;
    Ok(conn.one::<One<i64>>("SELECT CAST(COUNT(*) AS BIGINT) FROM audit_pending", args![]).await?.0)
}

//! Items of a vault: statements and objects, in one order.

use super::Vault;
use crate::{
    bulk::Insert,
    error::Result,
    row::{One, ToArg, args, row},
    store::{Source, Tx},
};
use uuid::Uuid;

/// An item to store. A statement has neither device nor number nor key.
pub struct NewItem<'a> {
    /// Its place.
    pub order: i64,
    /// Whose chain.
    pub device: Option<Uuid>,
    /// Its number there.
    pub seq: Option<i64>,
    /// The number of its key.
    pub epoch: Option<i64>,
    /// Its signed head; empty for a statement.
    pub head: &'a [u8],
    /// The sealed object, or the statement.
    pub body: &'a [u8],
}

row! {
    /// An item as it was stored.
    pub struct StoredItem {
        /// Its place.
        pub order: i64,
        /// Whose chain; none for a statement.
        pub device: Option<Uuid>,
        /// Its number there.
        pub seq: Option<i64>,
        /// The number of its key.
        pub epoch: Option<i64>,
        /// Its signed head.
        pub head: Vec<u8>,
        /// The sealed object, or the statement.
        pub body: Vec<u8>,
    }
}

row! {
    /// How long an item is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct ItemSize {
        /// Its place.
        pub order: i64,
        /// Bytes of its head.
        pub head: i64,
        /// Bytes of what is sealed, as it is handed out.
        pub body: i64,
    }
}

row! {
    /// What a snapshot covers.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct Covered {
        /// How many objects.
        pub objects: i64,
        /// Their bytes.
        pub bytes: i64,
        /// The highest place among them; zero when there are none.
        pub highest: i64,
    }
}

/// Stores items of a held vault.
///
/// # Errors
/// `Conflict` when a place or a number is taken.
pub async fn insert_items(tx: &mut Tx, vault: &Vault, items: &[NewItem<'_>]) -> Result<()> {
    let shared = args![vault.id];
    let insert = Insert {
        head: "INSERT INTO journal_item (vault_id, ord, device_id, seq, epoch, head, body) VALUES ",
        row: "($1, {0}, {1}, {2}, {3}, {4}, {5})",
        tail: "",
        shared,
        columns: 6,
    };
    insert
        .run(&mut tx.conn(), items, |out, i| {
            out.extend([
                i.order.arg(),
                i.device.arg(),
                i.seq.arg(),
                i.epoch.arg(),
                i.head.arg(),
                i.body.arg(),
            ]);
        })
        .await?;
    Ok(())
}

/// How long the items after a place are, in their order. The objects of `device`, which has them, are handed out empty.
///
/// # Errors
/// Those of the connection.
pub async fn list_item_sizes(
    from: impl Into<Source<'_>>,
    vault: Uuid,
    after: i64,
    device: Option<Uuid>,
    limit: i64,
) -> Result<Vec<ItemSize>> {
    let sql = "SELECT ord, CAST(LENGTH(head) AS BIGINT), \
               CAST(CASE WHEN device_id = $3 THEN 0 ELSE LENGTH(body) END AS BIGINT) FROM journal_item \
               WHERE vault_id = $1 AND ord > $2 ORDER BY ord LIMIT $4";
    from.into().conn().await?.all(sql, args![vault, after, device, limit]).await
}

/// The items after a place and up to another, in their order; `device` as in [`list_item_sizes`].
///
/// # Errors
/// Those of the connection.
pub async fn list_items(
    from: impl Into<Source<'_>>,
    vault: Uuid,
    (after, to): (i64, i64),
    device: Option<Uuid>,
) -> Result<Vec<StoredItem>> {
    let sql = "SELECT ord, device_id, seq, epoch, head, \
               SUBSTR(body, 1, CASE WHEN device_id = $4 THEN 0 ELSE LENGTH(body) END) FROM journal_item \
               WHERE vault_id = $1 AND ord > $2 AND ord <= $3 ORDER BY ord";
    from.into().conn().await?.all(sql, args![vault, after, to, device]).await
}

/// All statements of a vault, from the first.
///
/// # Errors
/// Those of the connection.
pub async fn list_statements(from: impl Into<Source<'_>>, vault: Uuid) -> Result<Vec<Vec<u8>>> {
    let sql = "SELECT body FROM journal_item WHERE vault_id = $1 AND device_id IS NULL ORDER BY ord";
    let rows = from.into().conn().await?.all::<One<Vec<u8>>>(sql, args![vault]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// One object, if it is there.
///
/// # Errors
/// Those of the connection.
pub async fn find_object(
    from: impl Into<Source<'_>>,
    vault: Uuid,
    device: Uuid,
    seq: i64,
) -> Result<Option<StoredItem>> {
    let sql = "SELECT ord, device_id, seq, epoch, head, body FROM journal_item \
               WHERE vault_id = $1 AND device_id = $2 AND seq = $3";
    from.into().conn().await?.opt(sql, args![vault, device, seq]).await
}

/// How many objects of a device there are from one number to another.
///
/// # Errors
/// Those of the connection.
pub async fn count_covered(
    from: impl Into<Source<'_>>,
    vault: Uuid,
    device: Uuid,
    (first, last): (i64, i64),
) -> Result<i64> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM journal_item \
               WHERE vault_id = $1 AND device_id = $2 AND seq >= $3 AND seq <= $4";
    Ok(from.into().conn().await?.one::<One<i64>>(sql, args![vault, device, first, last]).await?.0)
}

/// Deletes the objects of a device of a held vault up to a number, but for those in `kept`.
///
/// # Errors
/// Those of the connection.
pub async fn delete_covered(
    tx: &mut Tx,
    vault: Uuid,
    device: Uuid,
    to: i64,
    kept: Option<(i64, i64)>,
) -> Result<Covered> {
    let (first, last) = kept.unwrap_or((0, -1));
    let mut conn = tx.conn();
    let sum = "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(LENGTH(head) + LENGTH(body)), 0) AS BIGINT), \
               CAST(COALESCE(MAX(ord), 0) AS BIGINT) FROM journal_item WHERE vault_id = $1 AND device_id = $2 \
               AND seq <= $3 AND NOT (seq >= $4 AND seq <= $5)";
    let args = args![vault, device, to, first, last];
    let covered = conn.one::<Covered>(sum, args).await?;
    let delete = "DELETE FROM journal_item WHERE vault_id = $1 AND device_id = $2 AND seq <= $3 \
                  AND NOT (seq >= $4 AND seq <= $5)";
    conn.run(delete, args).await?;
    Ok(covered)
}

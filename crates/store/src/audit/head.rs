//! What of the log lies in the key store: the last head that was signed, and the instance's own keys.

use crate::{
    error::{Constraint, Result, StoreError},
    row::{One, args, row},
    store::{KeyTx, Store},
};
use keepwell_domain::{
    sealed::{Fingerprint, Sealed},
    time::Ts,
};

row! {
    /// The last head that was signed.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct HeadRow {
        /// Entries under it.
        pub size: i64,
        /// Root hash.
        pub root: Fingerprint,
        /// The signed note.
        pub note: String,
        /// When it was signed.
        pub at: Ts,
    }
}

/// The last head that was signed; `None` before the first.
///
/// # Errors
/// Those of the connection.
pub async fn find_head(store: &Store) -> Result<Option<HeadRow>> {
    store.keys.read().await?.opt("SELECT size, root, note, at FROM audit_head", args![]).await
}

/// Puts a new head in the place of the one that it was checked against.
///
/// # Errors
/// `Conflict` when there is another by now.
pub async fn replace_head(tx: &mut KeyTx, old: Option<&HeadRow>, new: &HeadRow) -> Result<()> {
    let mut conn = tx.conn();
    let done = match old {
        None => {
            conn.run(
                "INSERT INTO audit_head (one, size, root, note, at) VALUES (1, $1, $2, $3, $4) \
                 ON CONFLICT (one) DO NOTHING",
                args![new.size, new.root, new.note, new.at],
            )
            .await?
        }
        Some(old) => {
            conn.run(
                "UPDATE audit_head SET size = $1, root = $2, note = $3, at = $4 \
                 WHERE one = 1 AND size = $5 AND root = $6",
                args![new.size, new.root, new.note, new.at, old.size, old.root],
            )
            .await?
        }
    };
    if done == 1 { Ok(()) } else { Err(StoreError::Conflict { constraint: Constraint::RowVersion }) }
}

/// A key of the instance itself, wrapped.
///
/// # Errors
/// Those of the connection.
pub async fn find_instance_key(store: &Store, name: &str) -> Result<Option<Sealed>> {
    let found: Option<One<Sealed>> =
        store.keys.read().await?.opt("SELECT wrapped FROM instance_key WHERE name = $1", args![name]).await?;
    Ok(found.map(|k| k.0))
}

/// Keeps a new key of the instance, unless another made one meanwhile; the one that counts.
///
/// # Errors
/// Those of the connection.
pub async fn insert_instance_key(tx: &mut KeyTx, name: &str, wrapped: &Sealed, now: Ts) -> Result<Sealed> {
    let mut conn = tx.conn();
    conn.run(
        "INSERT INTO instance_key (name, wrapped, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING",
        args![name, wrapped, now],
    )
    .await?;
    Ok(conn.one::<One<Sealed>>("SELECT wrapped FROM instance_key WHERE name = $1", args![name]).await?.0)
}

//! Files whose rows are gone: noted in the transaction that removed the rows, unlinked after it,
//! forgotten once unlinked. A crash at any point leaves nothing but a note to work off.

use crate::{
    error::Result,
    row::{args, row},
    store::{Source, Tx},
};
use keepwell_domain::{ids::ProfileId, time::Ts};
use uuid::Uuid;

row! {
    /// A file to unlink.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Garbage {
        /// The id of the document or upload to which it belonged.
        pub blob_id: Uuid,
        /// The profile to which it belonged.
        pub profile_id: ProfileId,
        /// Since when.
        pub since: Ts,
    }
}

/// Notes a file to unlink.
///
/// # Errors
/// Those of the connection.
pub async fn insert_garbage(tx: &mut Tx, profile: ProfileId, blob_id: Uuid, now: Ts) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO blob_garbage (blob_id, profile_id, since) VALUES ($1, $2, $3) \
             ON CONFLICT (profile_id, blob_id) DO NOTHING",
            args![blob_id, profile, now],
        )
        .await?;
    Ok(())
}

/// Files to unlink, oldest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_garbage(from: impl Into<Source<'_>>, limit: i64) -> Result<Vec<Garbage>> {
    let mut conn = from.into().conn().await?;
    conn.all("SELECT blob_id, profile_id, since FROM blob_garbage ORDER BY since LIMIT $1", args![limit])
        .await
}

/// Forgets a file that is unlinked; nothing happens when it is forgotten already.
///
/// # Errors
/// Those of the connection.
pub async fn delete_garbage(tx: &mut Tx, garbage: &Garbage) -> Result<()> {
    tx.conn()
        .run(
            "DELETE FROM blob_garbage WHERE profile_id = $1 AND blob_id = $2",
            args![garbage.profile_id, garbage.blob_id],
        )
        .await?;
    Ok(())
}

/// Whether a file on disk has no row that needs it: neither an upload, nor a document that still
/// has its file (a restored archive let its own go). For a sweep over the folder after a crash
/// between the making of a file and that of its row.
///
/// # Errors
/// Those of the connection.
pub async fn is_orphan(from: impl Into<Source<'_>>, profile: ProfileId, blob_id: Uuid) -> Result<bool> {
    let mut conn = from.into().conn().await?;
    let found: crate::row::One<i64> = conn
        .one(
            "SELECT CAST((SELECT count(*) FROM document WHERE profile_id = $1 AND id = $2 \
             AND content_fp IS NOT NULL) \
             + (SELECT count(*) FROM upload WHERE profile_id = $1 AND id = $2) AS BIGINT)",
            args![profile, blob_id],
        )
        .await?;
    Ok(found.0 == 0)
}

//! Uploads under way, so that one goes on after a broken connection.

use crate::{
    account::touched,
    error::{Constraint, Result, StoreError},
    row::{args, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::{ProfileId, UploadId},
    sealed::Sealed,
    time::Ts,
};

row! {
    /// An upload under way.
    pub struct Upload {
        /// Its id, and that of the file on disk and of the document that it becomes.
        pub id: UploadId,
        /// For whom.
        pub profile_id: ProfileId,
        /// Name and media type as the browser gave them.
        pub meta_sealed: Sealed,
        /// Bytes announced.
        pub declared_size: Option<i64>,
        /// Bytes that are in whole sealed chunks on disk.
        pub received: i64,
        /// Running hash and tail, bound to `received`.
        pub state_sealed: Sealed,
        /// When it began.
        pub created_at: Ts,
        /// When it is given up.
        pub expires_at: Ts,
    }
}

/// An upload to begin.
pub struct NewUpload<'a> {
    /// Its id, newly made.
    pub id: UploadId,
    /// For whom.
    pub profile_id: ProfileId,
    /// Name and media type.
    pub meta_sealed: &'a Sealed,
    /// Bytes announced.
    pub declared_size: Option<i64>,
    /// The state before the first byte.
    pub state_sealed: &'a Sealed,
    /// When it is given up.
    pub expires_at: Ts,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, profile_id, meta_sealed, declared_size, received, state_sealed, created_at, \
             expires_at FROM upload ",
            $rest
        )
    };
}

/// Begins an upload.
///
/// # Errors
/// `NotFound` when the profile does not exist or is being erased.
pub async fn insert_upload(tx: &mut Tx, new: &NewUpload<'_>, now: Ts) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "INSERT INTO upload (id, profile_id, meta_sealed, declared_size, received, state_sealed, \
                 created_at, expires_at) SELECT $1, p.id, $3, $4, 0, $5, $6, $7 FROM profile p \
                 WHERE p.id = $2 AND p.state = 'active'",
                args![
                    new.id,
                    new.profile_id,
                    new.meta_sealed,
                    new.declared_size,
                    new.state_sealed,
                    now,
                    new.expires_at
                ],
            )
            .await?,
    )
}

/// An upload of the profile.
///
/// # Errors
/// `NotFound`.
pub async fn get_upload(from: impl Into<Source<'_>>, profile: ProfileId, id: UploadId) -> Result<Upload> {
    from.into().conn().await?.one(select!("WHERE profile_id = $1 AND id = $2"), args![profile, id]).await
}

/// The uploads of the profile, oldest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_uploads(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Vec<Upload>> {
    from.into().conn().await?.all(select!("WHERE profile_id = $1 ORDER BY id"), args![profile]).await
}

/// Notes chunks that are on disk. Only the caller who knows where the upload stood gets through,
/// so two requests cannot both append.
///
/// # Errors
/// `Conflict(RowVersion)` when `from` is not where it stands, `NotFound`.
pub async fn advance_upload(
    tx: &mut Tx,
    profile: ProfileId,
    id: UploadId,
    from: i64,
    to: i64,
    state_sealed: &Sealed,
    expires_at: Ts,
) -> Result<()> {
    let rows = tx
        .conn()
        .run(
            "UPDATE upload SET received = $4, state_sealed = $5, expires_at = $6 \
             WHERE profile_id = $1 AND id = $2 AND received = $3",
            args![profile, id, from, to, state_sealed, expires_at],
        )
        .await?;
    if rows == 0 {
        get_upload(tx, profile, id).await?;
        return Err(StoreError::conflict(Constraint::RowVersion));
    }
    Ok(())
}

/// Ends an upload that became a document: its file stays.
///
/// # Errors
/// `NotFound`.
pub async fn finish_upload(tx: &mut Tx, profile: ProfileId, id: UploadId) -> Result<()> {
    touched(tx.conn().run("DELETE FROM upload WHERE profile_id = $1 AND id = $2", args![profile, id]).await?)
}

/// Gives an upload up: its file becomes garbage.
///
/// # Errors
/// `NotFound`.
pub async fn cancel_upload(tx: &mut Tx, profile: ProfileId, id: UploadId, now: Ts) -> Result<()> {
    finish_upload(tx, profile, id).await?;
    crate::garbage::insert_garbage(tx, profile, id.uuid(), now).await
}

/// Uploads of any profile that nobody went on with, oldest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_expired_uploads(from: impl Into<Source<'_>>, now: Ts, limit: i64) -> Result<Vec<Upload>> {
    let mut conn = from.into().conn().await?;
    conn.all(select!("WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2"), args![now, limit]).await
}

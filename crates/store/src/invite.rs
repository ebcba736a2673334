//! Invitations to open an account: good once, until their time, and only while nobody took them back.

use crate::{
    error::Result,
    row::{One, args, row},
    session::TokenHash,
    store::{Source, Tx},
};
use keepwell_domain::{sealed::Sealed, time::Ts};
use uuid::Uuid;

row! {
    /// An invitation, without its secret.
    #[derive(Debug, Clone)]
    pub struct Invite {
        /// Its id.
        pub id: Uuid,
        /// For whom, in the words of whoever made it.
        pub label_sealed: Sealed,
        /// When it was made.
        pub created_at: Ts,
        /// Until when it is good.
        pub expires_at: Ts,
        /// When it was used.
        pub used_at: Option<Ts>,
        /// When it was taken back.
        pub revoked_at: Option<Ts>,
    }
}

/// Keeps an invitation.
///
/// # Errors
/// Those of the connection.
pub async fn insert_invite(tx: &mut Tx, new: &Invite, token_hash: TokenHash) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO invite (id, token_hash, label_sealed, created_at, expires_at, used_at, revoked_at) \
             VALUES ($1, $2, $3, $4, $5, NULL, NULL)",
            args![new.id, token_hash, new.label_sealed, new.created_at, new.expires_at],
        )
        .await?;
    Ok(())
}

/// The invitation of a token, if it can still be used.
///
/// # Errors
/// Those of the connection.
pub async fn find_invite(
    from: impl Into<Source<'_>>,
    token_hash: TokenHash,
    now: Ts,
) -> Result<Option<Uuid>> {
    let mut conn = from.into().conn().await?;
    let found: Option<One<Uuid>> = conn
        .opt(
            "SELECT id FROM invite WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL \
             AND expires_at > $2",
            args![token_hash, now],
        )
        .await?;
    Ok(found.map(|f| f.0))
}

/// Whether an invitation can still be used.
///
/// # Errors
/// Those of the connection.
pub async fn is_open(from: impl Into<Source<'_>>, id: Uuid, now: Ts) -> Result<bool> {
    let mut conn = from.into().conn().await?;
    let found: Option<One<Uuid>> = conn
        .opt(
            "SELECT id FROM invite WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2",
            args![id, now],
        )
        .await?;
    Ok(found.is_some())
}

/// Uses an invitation, in the transaction of the account that it opens. `false` when somebody else did, or it was taken back.
/// That its time is over no longer counts: whoever began in time may end.
///
/// # Errors
/// Those of the connection.
pub async fn take_invite(tx: &mut Tx, id: Uuid, now: Ts) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            "UPDATE invite SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL",
            args![id, now],
        )
        .await?;
    Ok(n == 1)
}

/// Takes an invitation back; `false` when it was used, is over, or is not there.
///
/// # Errors
/// Those of the connection.
pub async fn revoke_invite(tx: &mut Tx, id: Uuid, now: Ts) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            "UPDATE invite SET revoked_at = $2 WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL \
             AND expires_at > $2",
            args![id, now],
        )
        .await?;
    Ok(n == 1)
}

/// Invitations, newest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_invites(from: impl Into<Source<'_>>, limit: i64) -> Result<Vec<Invite>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT id, label_sealed, created_at, expires_at, used_at, revoked_at FROM invite \
         ORDER BY created_at DESC, id DESC LIMIT $1",
        args![limit],
    )
    .await
}

/// Forgets invitations that were over before a time.
///
/// # Errors
/// Those of the connection.
pub async fn delete_over(tx: &mut Tx, before: Ts) -> Result<u64> {
    tx.conn().run("DELETE FROM invite WHERE expires_at < $1", args![before]).await
}

//! Passkeys: name, public key and counter are sealed; one is found by the keyed hash of its credential's id.

use crate::{
    account::touched,
    error::Result,
    row::{One, args, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::{AccountId, PasskeyId},
    sealed::{Fingerprint, Sealed},
    time::Ts,
};

row! {
    /// A passkey.
    pub struct Passkey {
        /// Its id.
        pub id: PasskeyId,
        /// Whose.
        pub account_id: AccountId,
        /// Name, public key, counter.
        pub sealed: Sealed,
        /// When it was added.
        pub created_at: Ts,
        /// When it last signed in or proved something.
        pub last_used_at: Option<Ts>,
    }
}

/// Keeps a passkey.
///
/// # Errors
/// `Conflict(Other)` when some account has it already.
pub async fn insert_passkey(
    tx: &mut Tx,
    id: PasskeyId,
    account: AccountId,
    credential_fp: Fingerprint,
    sealed: &Sealed,
    now: Ts,
) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO passkey (id, account_id, credential_fp, sealed, created_at, last_used_at) \
             VALUES ($1, $2, $3, $4, $5, NULL)",
            args![id, account, credential_fp, sealed, now],
        )
        .await?;
    Ok(())
}

/// The passkeys of an account, oldest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_passkeys(from: impl Into<Source<'_>>, account: AccountId) -> Result<Vec<Passkey>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT id, account_id, sealed, created_at, last_used_at FROM passkey WHERE account_id = $1 ORDER BY id",
        args![account],
    )
    .await
}

/// How many passkeys an account has.
///
/// # Errors
/// Those of the connection.
pub async fn count_passkeys(from: impl Into<Source<'_>>, account: AccountId) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM passkey WHERE account_id = $1";
    Ok(conn.one::<One<i64>>(sql, args![account]).await?.0)
}

/// The passkey of a credential.
///
/// # Errors
/// Those of the connection.
pub async fn find_by_credential(
    from: impl Into<Source<'_>>,
    credential_fp: Fingerprint,
) -> Result<Option<Passkey>> {
    let mut conn = from.into().conn().await?;
    conn.opt(
        "SELECT id, account_id, sealed, created_at, last_used_at FROM passkey WHERE credential_fp = $1",
        args![credential_fp],
    )
    .await
}

/// Another name, or what changed with a use, which is noted as `used`. False when it is not there, not
/// theirs, or no longer as it was read: of two uses at the same moment one wins, and no change of the
/// name sets its counter back.
///
/// # Errors
/// Those of the connection.
pub async fn update_passkey(
    tx: &mut Tx,
    (account, id): (AccountId, PasskeyId),
    before: &Sealed,
    sealed: &Sealed,
    used: Option<Ts>,
) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            "UPDATE passkey SET sealed = $4, last_used_at = COALESCE($5, last_used_at) \
             WHERE account_id = $1 AND id = $2 AND sealed = $3",
            args![account, id, before, sealed, used],
        )
        .await?;
    Ok(n == 1)
}

/// Removes the passkeys that were added at a time or later; which.
///
/// # Errors
/// Those of the connection.
pub async fn delete_passkeys_since(tx: &mut Tx, account: AccountId, since: Ts) -> Result<Vec<PasskeyId>> {
    let mut conn = tx.conn();
    let sql = "DELETE FROM passkey WHERE account_id = $1 AND created_at >= $2 RETURNING id";
    let gone: Vec<One<PasskeyId>> = conn.all(sql, args![account, since]).await?;
    Ok(gone.into_iter().map(|id| id.0).collect())
}

/// Removes a passkey.
///
/// # Errors
/// `NotFound` for one that is not there or not theirs.
pub async fn delete_passkey(tx: &mut Tx, account: AccountId, id: PasskeyId) -> Result<()> {
    touched(tx.conn().run("DELETE FROM passkey WHERE account_id = $1 AND id = $2", args![account, id]).await?)
}

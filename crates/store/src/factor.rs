//! Second factors that are typed: codes of an app, and recovery codes. Each use is one UPDATE with a
//! condition, so that of two uses of one code at the same moment one wins.

use crate::{
    error::Result,
    row::{One, args, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::AccountId,
    sealed::{Fingerprint, Sealed},
    time::Ts,
};

/// Whether the account `a` has a factor in force: an app that was confirmed, or a passkey.
macro_rules! has_factor {
    () => {
        "(EXISTS (SELECT 1 FROM totp f WHERE f.account_id = a.id AND f.confirmed_at IS NOT NULL) \
         OR EXISTS (SELECT 1 FROM passkey k WHERE k.account_id = a.id))"
    };
}
pub(crate) use has_factor;

row! {
    /// An authenticator app.
    pub struct Totp {
        /// The secret that it shares with us.
        pub secret_sealed: Sealed,
        /// When the secret was made; names this very secret.
        pub created_at: Ts,
        /// Since when it is in force.
        pub confirmed_at: Option<Ts>,
        /// The last step of time whose code was used.
        pub last_step: i64,
    }
}

/// Keeps a secret that is not in force yet, in place of one that is not either. False when one is in force.
///
/// # Errors
/// Those of the connection.
pub async fn put_pending_totp(
    tx: &mut Tx,
    account: AccountId,
    secret_sealed: &Sealed,
    now: Ts,
) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            "INSERT INTO totp (account_id, secret_sealed, created_at, confirmed_at, last_step) \
             VALUES ($1, $2, $3, NULL, 0) ON CONFLICT (account_id) DO UPDATE SET \
             secret_sealed = $2, created_at = $3, last_step = 0 WHERE totp.confirmed_at IS NULL",
            args![account, secret_sealed, now],
        )
        .await?;
    Ok(n == 1)
}

/// Forgets a secret that is not in force yet.
///
/// # Errors
/// Those of the connection.
pub async fn drop_pending_totp(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.conn().run("DELETE FROM totp WHERE account_id = $1 AND confirmed_at IS NULL", args![account]).await?;
    Ok(())
}

/// The account's app, in force or not.
///
/// # Errors
/// Those of the connection.
pub async fn find_totp(from: impl Into<Source<'_>>, account: AccountId) -> Result<Option<Totp>> {
    let mut conn = from.into().conn().await?;
    conn.opt(
        "SELECT secret_sealed, created_at, confirmed_at, last_step FROM totp WHERE account_id = $1",
        args![account],
    )
    .await
}

/// Puts the secret of that moment in force, and uses up the step with which it was confirmed.
///
/// # Errors
/// Those of the connection.
pub async fn confirm_totp(
    tx: &mut Tx,
    account: AccountId,
    created_at: Ts,
    step: i64,
    now: Ts,
) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            "UPDATE totp SET confirmed_at = $4, last_step = $3 \
             WHERE account_id = $1 AND created_at = $2 AND confirmed_at IS NULL",
            args![account, created_at, step, now],
        )
        .await?;
    Ok(n == 1)
}

/// Uses up a step of time: no code of it or of one before it is good any more. False when that was so
/// already.
///
/// # Errors
/// Those of the connection.
pub async fn take_step(tx: &mut Tx, account: AccountId, step: i64) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            "UPDATE totp SET last_step = $2 \
             WHERE account_id = $1 AND confirmed_at IS NOT NULL AND last_step < $2",
            args![account, step],
        )
        .await?;
    Ok(n == 1)
}

/// Removes the app; whether there was one.
///
/// # Errors
/// Those of the connection.
pub async fn delete_totp(tx: &mut Tx, account: AccountId) -> Result<bool> {
    Ok(tx.conn().run("DELETE FROM totp WHERE account_id = $1", args![account]).await? == 1)
}

/// Removes an app that was put in force at a time or later; whether there was one.
///
/// # Errors
/// Those of the connection.
pub async fn delete_totp_since(tx: &mut Tx, account: AccountId, since: Ts) -> Result<bool> {
    let sql = "DELETE FROM totp WHERE account_id = $1 AND confirmed_at >= $2";
    Ok(tx.conn().run(sql, args![account, since]).await? == 1)
}

/// Whether the account has a factor in force.
///
/// # Errors
/// Those of the connection.
pub async fn has_any(from: impl Into<Source<'_>>, account: AccountId) -> Result<bool> {
    let mut conn = from.into().conn().await?;
    let sql = concat!("SELECT ", has_factor!(), " FROM account a WHERE a.id = $1");
    let found: Option<One<bool>> = conn.opt(sql, args![account]).await?;
    Ok(found.is_some_and(|f| f.0))
}

/// Recovery codes in place of all that there were.
///
/// # Errors
/// Those of the connection.
pub async fn replace_codes(tx: &mut Tx, account: AccountId, codes: &[Fingerprint], now: Ts) -> Result<()> {
    delete_codes(tx, account).await?;
    for code in codes {
        tx.conn()
            .run(
                "INSERT INTO recovery_code (account_id, code_fp, created_at, used_at) VALUES ($1, $2, $3, NULL)",
                args![account, code, now],
            )
            .await?;
    }
    Ok(())
}

/// Uses a recovery code up: of two calls at the same moment one is told yes.
///
/// # Errors
/// Those of the connection.
pub async fn take_code(tx: &mut Tx, account: AccountId, code: Fingerprint, now: Ts) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            "UPDATE recovery_code SET used_at = $3 \
             WHERE account_id = $1 AND code_fp = $2 AND used_at IS NULL",
            args![account, code, now],
        )
        .await?;
    Ok(n == 1)
}

/// Whether a recovery code could be used now.
///
/// # Errors
/// Those of the connection.
pub async fn has_code(from: impl Into<Source<'_>>, account: AccountId, code: Fingerprint) -> Result<bool> {
    let mut conn = from.into().conn().await?;
    let found: Option<One<AccountId>> = conn
        .opt(
            "SELECT account_id FROM recovery_code WHERE account_id = $1 AND code_fp = $2 AND used_at IS NULL",
            args![account, code],
        )
        .await?;
    Ok(found.is_some())
}

/// How many recovery codes are left.
///
/// # Errors
/// Those of the connection.
pub async fn count_codes(from: impl Into<Source<'_>>, account: AccountId) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM recovery_code WHERE account_id = $1 AND used_at IS NULL";
    Ok(conn.one::<One<i64>>(sql, args![account]).await?.0)
}

/// Ends all recovery codes.
///
/// # Errors
/// Those of the connection.
pub async fn delete_codes(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.conn().run("DELETE FROM recovery_code WHERE account_id = $1", args![account]).await?;
    Ok(())
}

/// Ends recovery codes that were made at a time or later; how many of them could still be used.
///
/// # Errors
/// Those of the connection.
pub async fn delete_codes_since(tx: &mut Tx, account: AccountId, since: Ts) -> Result<usize> {
    let mut conn = tx.conn();
    let sql = "DELETE FROM recovery_code WHERE account_id = $1 AND created_at >= $2 RETURNING used_at";
    let gone: Vec<One<Option<Ts>>> = conn.all(sql, args![account, since]).await?;
    Ok(gone.iter().filter(|used| used.0.is_none()).count())
}

//! Links that were mailed: kept as a hash, used once, for a short time.

use crate::{
    error::Result,
    row::{args, codes, row},
    session::TokenHash,
    store::{Source, Tx},
};
use keepwell_domain::{ids::AccountId, sealed::Sealed, time::Ts};

codes! {
    /// What a link does.
    pub enum TokenKind {
        /// Sets a new password.
        Reset = "reset",
        /// Confirms an e-mail address.
        Email = "email",
        /// Takes back a change of address, or factors that were added. The one kind that outlives the account's generation:
        /// it is the owner's way back when somebody else has changed everything.
        Stop = "stop",
    }
}
row! {
    /// A link's row.
    pub struct AccountToken {
        /// Whose.
        pub account_id: AccountId,
        /// The account's generation when it was made.
        pub generation: i64,
        /// What it needs to do its work.
        pub detail_sealed: Option<Sealed>,
        /// When it was made.
        pub created_at: Ts,
    }
}

/// A link to be kept.
pub struct NewToken<'a> {
    /// SHA-256 of the token.
    pub token_hash: TokenHash,
    /// Whose.
    pub account_id: AccountId,
    /// What it does.
    pub kind: TokenKind,
    /// The account's generation.
    pub generation: i64,
    /// What it needs to do its work.
    pub detail_sealed: Option<&'a Sealed>,
    /// Until when it may be used.
    pub expires_at: Ts,
}

/// A link `t` that may be used at `$3`, of an account `a` that may use it.
macro_rules! usable {
    () => {
        "t.token_hash = $1 AND t.kind = $2 AND t.used_at IS NULL AND t.expires_at > $3 \
         AND a.state = 'active' AND (t.kind = 'stop' OR t.generation = a.generation)"
    };
}

/// Keeps a link. The account's older ones of the same kind die, except those that take a change back.
///
/// # Errors
/// Those of the connection.
pub async fn insert_token(tx: &mut Tx, new: &NewToken<'_>, now: Ts) -> Result<()> {
    if new.kind != TokenKind::Stop {
        tx.conn()
            .run(
                "UPDATE account_token SET used_at = $3 WHERE account_id = $1 AND kind = $2 AND used_at IS NULL",
                args![new.account_id, new.kind, now],
            )
            .await?;
    }
    let detail = new.detail_sealed.map(Sealed::as_bytes);
    tx.conn()
        .run(
            "INSERT INTO account_token (token_hash, account_id, kind, generation, detail_sealed, created_at, \
             expires_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)",
            &[
                crate::row::ToArg::arg(&new.token_hash),
                crate::row::ToArg::arg(&new.account_id),
                crate::row::ToArg::arg(&new.kind),
                crate::row::ToArg::arg(&new.generation),
                crate::pool::Arg::Bytes(detail),
                crate::row::ToArg::arg(&now),
                crate::row::ToArg::arg(&new.expires_at),
            ],
        )
        .await?;
    Ok(())
}

/// The row of a link that may be used now.
///
/// # Errors
/// Those of the connection.
pub async fn find_token(
    from: impl Into<Source<'_>>,
    token: TokenHash,
    kind: TokenKind,
    now: Ts,
) -> Result<Option<AccountToken>> {
    let mut conn = from.into().conn().await?;
    conn.opt(
        concat!(
            "SELECT t.account_id, t.generation, t.detail_sealed, t.created_at FROM account_token t \
             JOIN account a ON a.id = t.account_id WHERE ",
            usable!()
        ),
        args![token, kind, now],
    )
    .await
}

/// Uses a link up: of two calls at the same moment one is told yes.
///
/// # Errors
/// Those of the connection.
pub async fn take_token(tx: &mut Tx, token: TokenHash, kind: TokenKind, now: Ts) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            concat!(
                "UPDATE account_token SET used_at = $3 WHERE token_hash = $1 AND used_at IS NULL AND EXISTS \
                 (SELECT 1 FROM account_token t JOIN account a ON a.id = t.account_id WHERE ",
                usable!(),
                ")"
            ),
            args![token, kind, now],
        )
        .await?;
    Ok(n == 1)
}

/// Ends all links of an account, of one kind or of every kind.
///
/// # Errors
/// Those of the connection.
pub async fn end_tokens_of(tx: &mut Tx, account: AccountId, kind: Option<TokenKind>, now: Ts) -> Result<u64> {
    tx.conn()
        .run(
            "UPDATE account_token SET used_at = $3 WHERE account_id = $1 AND used_at IS NULL \
             AND (CAST($2 AS TEXT) IS NULL OR kind = $2)",
            args![account, kind.map(TokenKind::as_str), now],
        )
        .await
}

/// Forgets links whose time is over; how many.
///
/// # Errors
/// Those of the connection.
pub async fn delete_expired_tokens(tx: &mut Tx, now: Ts) -> Result<u64> {
    tx.conn().run("DELETE FROM account_token WHERE expires_at <= $1", args![now]).await
}

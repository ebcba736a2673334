//! What was begun and waits for its second half: a sign-in whose password was right, and the questions
//! to passkeys. Kept here, and not in a process, so that any instance can take the second half.

use crate::{
    error::Result,
    row::{args, codes, row},
    session::TokenHash,
    store::{Source, Tx},
};
use keepwell_domain::{ids::AccountId, sealed::Sealed, time::Ts};

/// Wrong answers after which one is dead.
pub const MOST_MISSES: i64 = 5;

codes! {
    /// What was begun.
    pub enum CeremonyKind {
        /// A sign-in whose password was right.
        SignIn = "sign_in",
        /// A sign-in with a passkey alone; whose is not known yet.
        Passkey = "passkey",
        /// A passkey is being added.
        Enrol = "enrol",
        /// A passkey is to prove who holds the session.
        Prove = "prove",
    }
}
row! {
    /// One of them that can be ended now.
    pub struct Ceremony {
        /// Whose, where that is known.
        pub account_id: Option<AccountId>,
        /// The account's generation when it was begun.
        pub generation: i64,
        /// Whether to stay signed in.
        pub keep: bool,
        /// What was asked of a passkey.
        pub sealed: Option<Sealed>,
        /// Until when it can be ended.
        pub expires_at: Ts,
    }
}

/// One to be kept.
pub struct NewCeremony<'a> {
    /// SHA-256 of its token.
    pub token_hash: TokenHash,
    /// Whose, where that is known.
    pub account_id: Option<AccountId>,
    /// What was begun.
    pub kind: CeremonyKind,
    /// The account's generation.
    pub generation: i64,
    /// Whether to stay signed in.
    pub keep: bool,
    /// What was asked of a passkey.
    pub sealed: Option<&'a Sealed>,
    /// Until when it can be ended.
    pub expires_at: Ts,
}

/// A ceremony `c` that can be ended at `$3`, of an account `a`, if it has one, that can use it.
macro_rules! open {
    () => {
        "c.token_hash = $1 AND c.kind = $2 AND c.used_at IS NULL AND c.expires_at > $3 AND c.misses < 5 \
         AND (c.account_id IS NULL OR EXISTS (SELECT 1 FROM account a WHERE a.id = c.account_id \
         AND a.state = 'active' AND a.generation = c.generation))"
    };
}

/// Keeps one.
///
/// # Errors
/// Those of the connection.
pub async fn insert_ceremony(tx: &mut Tx, new: &NewCeremony<'_>, now: Ts) -> Result<()> {
    use crate::row::ToArg;
    tx.conn()
        .run(
            "INSERT INTO ceremony (token_hash, account_id, kind, generation, keep, misses, sealed, created_at, \
             expires_at, used_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, NULL)",
            &[
                new.token_hash.arg(),
                new.account_id.arg(),
                new.kind.arg(),
                new.generation.arg(),
                new.keep.arg(),
                crate::pool::Arg::Bytes(new.sealed.map(Sealed::as_bytes)),
                now.arg(),
                new.expires_at.arg(),
            ],
        )
        .await?;
    Ok(())
}

/// One that can be ended now.
///
/// # Errors
/// Those of the connection.
pub async fn find_ceremony(
    from: impl Into<Source<'_>>,
    token: TokenHash,
    kind: CeremonyKind,
    now: Ts,
) -> Result<Option<Ceremony>> {
    let mut conn = from.into().conn().await?;
    conn.opt(
        concat!(
            "SELECT c.account_id, c.generation, c.keep, c.sealed, c.expires_at FROM ceremony c WHERE ",
            open!()
        ),
        args![token, kind, now],
    )
    .await
}

/// Ends one: of two calls at the same moment one is told yes.
///
/// # Errors
/// Those of the connection.
pub async fn take_ceremony(tx: &mut Tx, token: TokenHash, kind: CeremonyKind, now: Ts) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            concat!(
                "UPDATE ceremony SET used_at = $3 WHERE token_hash = $1 AND used_at IS NULL \
                 AND EXISTS (SELECT 1 FROM ceremony c WHERE ",
                open!(),
                ")"
            ),
            args![token, kind, now],
        )
        .await?;
    Ok(n == 1)
}

/// Keeps what is asked of a passkey now, in place of what was asked before.
///
/// # Errors
/// Those of the connection.
pub async fn set_question(
    tx: &mut Tx,
    token: TokenHash,
    kind: CeremonyKind,
    sealed: &Sealed,
    now: Ts,
) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            concat!(
                "UPDATE ceremony SET sealed = $4 WHERE token_hash = $1 AND used_at IS NULL \
                 AND EXISTS (SELECT 1 FROM ceremony c WHERE ",
                open!(),
                ")"
            ),
            args![token, kind, now, sealed],
        )
        .await?;
    Ok(n == 1)
}

/// Counts a wrong answer; after [`MOST_MISSES`] it cannot be ended any more. A question that was asked
/// is gone with it.
///
/// # Errors
/// Those of the connection.
pub async fn count_miss(tx: &mut Tx, token: TokenHash) -> Result<()> {
    tx.conn()
        .run("UPDATE ceremony SET misses = misses + 1, sealed = NULL WHERE token_hash = $1", args![token])
        .await?;
    Ok(())
}

/// Forgets those whose time is over; how many.
///
/// # Errors
/// Those of the connection.
pub async fn delete_expired(tx: &mut Tx, now: Ts) -> Result<u64> {
    tx.conn().run("DELETE FROM ceremony WHERE expires_at <= $1", args![now]).await
}

//! Sign-ups that wait for the link in their mail. Several may wait for one address: a stranger who
//! signs up with it must not be able to push out its owner.

use crate::{
    error::Result,
    row::{One, args, row},
    session::TokenHash,
    store::{Source, Tx},
};
use keepwell_domain::{
    sealed::{Fingerprint, Sealed},
    time::Ts,
};
use uuid::Uuid;

row! {
    /// One that waits.
    pub struct Signup {
        /// Its id.
        pub id: Uuid,
        /// Keyed hash of the address.
        pub email_fp: Fingerprint,
        /// Password hash in PHC form.
        pub password_phc: String,
        /// Address and language.
        pub sealed: Sealed,
        /// When it was made.
        pub created_at: Ts,
        /// Until when it waits.
        pub expires_at: Ts,
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, email_fp, password_phc, sealed, created_at, expires_at FROM signup ", $rest)
    };
}

/// Keeps a sign-up. It has no link yet: that is made when the mail is.
///
/// # Errors
/// Those of the connection.
pub async fn insert_signup(tx: &mut Tx, new: &Signup) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO signup (id, email_fp, token_hash, password_phc, sealed, created_at, expires_at) \
             VALUES ($1, $2, NULL, $3, $4, $5, $6)",
            args![new.id, new.email_fp, new.password_phc, new.sealed, new.created_at, new.expires_at],
        )
        .await?;
    Ok(())
}

/// Gives a sign-up its link, in place of any before, to be used until `expires_at`; false when it
/// is gone or has expired.
///
/// # Errors
/// Those of the connection.
pub async fn set_signup_token(
    tx: &mut Tx,
    id: Uuid,
    token: TokenHash,
    expires_at: Ts,
    now: Ts,
) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            "UPDATE signup SET token_hash = $2, expires_at = $3 WHERE id = $1 AND expires_at > $4",
            args![id, token, expires_at, now],
        )
        .await?;
    Ok(n == 1)
}

/// The sign-up of an id, if it still waits.
///
/// # Errors
/// Those of the connection.
pub async fn find_signup(from: impl Into<Source<'_>>, id: Uuid, now: Ts) -> Result<Option<Signup>> {
    from.into().conn().await?.opt(select!("WHERE id = $1 AND expires_at > $2"), args![id, now]).await
}

/// The sign-up of a link, if it still waits.
///
/// # Errors
/// Those of the connection.
pub async fn find_signup_by_token(
    from: impl Into<Source<'_>>,
    token: TokenHash,
    now: Ts,
) -> Result<Option<Signup>> {
    let sql = select!("WHERE token_hash = $1 AND expires_at > $2");
    from.into().conn().await?.opt(sql, args![token, now]).await
}

/// Uses a sign-up's link up; false when another call did so before, or its time is over.
///
/// # Errors
/// Those of the connection.
pub async fn take_signup(tx: &mut Tx, id: Uuid, token: TokenHash, now: Ts) -> Result<bool> {
    let sql = "DELETE FROM signup WHERE id = $1 AND token_hash = $2 AND expires_at > $3";
    Ok(tx.conn().run(sql, args![id, token, now]).await? == 1)
}

/// Makes all others wait who follow a link for the same address, until this transaction is over. SQLite has one writer.
///
/// # Errors
/// Those of the connection.
pub async fn hold_signups_of(tx: &mut Tx, email_fp: Fingerprint) -> Result<()> {
    let mut conn = tx.conn();
    let sql = conn.pick(
        "SELECT id FROM signup WHERE email_fp = $1 ORDER BY id",
        "SELECT id FROM signup WHERE email_fp = $1 ORDER BY id FOR UPDATE",
    );
    let _held: Vec<One<Uuid>> = conn.all(sql, args![email_fp]).await?;
    Ok(())
}

/// Forgets one, when there is nothing to open.
///
/// # Errors
/// Those of the connection.
pub async fn delete_signup(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.conn().run("DELETE FROM signup WHERE id = $1", args![id]).await
}

/// Forgets all that wait for an address.
///
/// # Errors
/// Those of the connection.
pub async fn delete_signups_of(tx: &mut Tx, email_fp: Fingerprint) -> Result<u64> {
    tx.conn().run("DELETE FROM signup WHERE email_fp = $1", args![email_fp]).await
}

/// Forgets those whose time is over; how many.
///
/// # Errors
/// Those of the connection.
pub async fn delete_expired_signups(tx: &mut Tx, now: Ts) -> Result<u64> {
    tx.conn().run("DELETE FROM signup WHERE expires_at <= $1", args![now]).await
}

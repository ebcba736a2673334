//! Providers of models that people set up for themselves, and consents to have questions answered by one.

use crate::{
    error::Result,
    row::{One, args, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::{AccountId, ProfileId},
    sealed::{Fingerprint, Sealed},
    time::Ts,
};

row! {
    /// A consent.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Consent {
        /// To which provider, place, model and terms.
        pub provider_fp: Fingerprint,
        /// Since when.
        pub given_at: Ts,
    }
}

/// The account's own provider.
///
/// # Errors
/// Those of the connection.
pub async fn find_provider(from: impl Into<Source<'_>>, account: AccountId) -> Result<Option<Sealed>> {
    let mut conn = from.into().conn().await?;
    let found: Option<One<Sealed>> =
        conn.opt("SELECT sealed FROM ask_provider WHERE account_id = $1", args![account]).await?;
    Ok(found.map(|f| f.0))
}

/// Keeps the account's own provider in place of the one before.
///
/// # Errors
/// Those of the connection.
pub async fn put_provider(tx: &mut Tx, account: AccountId, sealed: &Sealed, now: Ts) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO ask_provider (account_id, sealed, changed_at) VALUES ($1, $2, $3) \
             ON CONFLICT (account_id) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at",
            args![account, sealed, now],
        )
        .await?;
    Ok(())
}

/// Removes the account's own provider; whether there was one.
///
/// # Errors
/// Those of the connection.
pub async fn delete_provider(tx: &mut Tx, account: AccountId) -> Result<bool> {
    Ok(tx.conn().run("DELETE FROM ask_provider WHERE account_id = $1", args![account]).await? == 1)
}

/// The consent for a profile of the account.
///
/// # Errors
/// Those of the connection.
pub async fn find_consent(
    from: impl Into<Source<'_>>,
    account: AccountId,
    profile: ProfileId,
) -> Result<Option<Consent>> {
    let mut conn = from.into().conn().await?;
    conn.opt(
        "SELECT provider_fp, given_at FROM ask_consent WHERE profile_id = $2 AND account_id = $1",
        args![account, profile],
    )
    .await
}

/// Keeps a consent in place of the one before. Nothing is kept for a profile of another account.
///
/// # Errors
/// Those of the connection.
pub async fn put_consent(
    tx: &mut Tx,
    account: AccountId,
    profile: ProfileId,
    consent: &Consent,
) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            "INSERT INTO ask_consent (profile_id, account_id, provider_fp, given_at) \
             SELECT p.id, p.account_id, $3, $4 FROM profile p WHERE p.id = $2 AND p.account_id = $1 \
             ON CONFLICT (profile_id) DO UPDATE SET provider_fp = excluded.provider_fp, given_at = excluded.given_at",
            args![account, profile, consent.provider_fp, consent.given_at],
        )
        .await?;
    Ok(n == 1)
}

/// Takes a consent back; whether there was one.
///
/// # Errors
/// Those of the connection.
pub async fn delete_consent(tx: &mut Tx, account: AccountId, profile: ProfileId) -> Result<bool> {
    let sql = "DELETE FROM ask_consent WHERE profile_id = $2 AND account_id = $1";
    Ok(tx.conn().run(sql, args![account, profile]).await? == 1)
}

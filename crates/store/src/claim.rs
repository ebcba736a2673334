//! Counts that show whether a promise holds. None of them reads anybody's data.

use crate::{
    error::Result,
    row::{One, args, row},
    store::{Source, Store},
};
use keepwell_domain::ids::ProfileId;

row! {
    /// How passwords are stored.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct PasswordForms {
        /// As Argon2id.
        pub argon2id: i64,
        /// In any other form.
        pub other: i64,
    }
}

/// Of the newest `among` records and documents, those whose value does not begin with this version byte.
///
/// # Errors
/// Those of the connection.
pub async fn count_not_sealed(from: impl Into<Source<'_>>, version: u8, among: i64) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let first = [version];
    let found: One<i64> = conn
        .one(
            "SELECT CAST((SELECT count(*) FROM (SELECT sealed FROM record ORDER BY id DESC LIMIT $2) AS r \
             WHERE substr(sealed, 1, 1) <> $1) \
             + (SELECT count(*) FROM (SELECT meta_sealed FROM document ORDER BY id DESC LIMIT $2) AS d \
             WHERE substr(meta_sealed, 1, 1) <> $1) AS BIGINT)",
            args![&first[..], among],
        )
        .await?;
    Ok(found.0)
}

/// How passwords are stored, over all accounts.
///
/// # Errors
/// Those of the connection.
pub async fn count_password_forms(from: impl Into<Source<'_>>) -> Result<PasswordForms> {
    let mut conn = from.into().conn().await?;
    conn.one(
        "SELECT CAST(count(CASE WHEN password_phc LIKE '$argon2id$%' THEN 1 END) AS BIGINT), \
         CAST(count(CASE WHEN password_phc LIKE '$argon2id$%' THEN NULL ELSE 1 END) AS BIGINT) FROM account",
        args![],
    )
    .await
}

/// Rows of records and documents that a profile has.
///
/// # Errors
/// Those of the connection.
pub async fn count_rows_of(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let found: One<i64> = conn
        .one(
            "SELECT CAST((SELECT count(*) FROM record WHERE profile_id = $1) \
             + (SELECT count(*) FROM document WHERE profile_id = $1) AS BIGINT)",
            args![profile],
        )
        .await?;
    Ok(found.0)
}

/// The profiles whose keys were destroyed last.
///
/// # Errors
/// Those of the connection.
pub async fn list_destroyed(store: &Store, limit: i64) -> Result<Vec<ProfileId>> {
    let mut conn = store.keys.read().await?;
    let found: Vec<One<ProfileId>> = conn
        .all(
            "SELECT profile_id FROM data_key WHERE state = 'destroyed' ORDER BY destroyed_at DESC LIMIT $1",
            args![limit],
        )
        .await?;
    Ok(found.into_iter().map(|f| f.0).collect())
}

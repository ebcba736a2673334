//! What a person is told in the app, and deletions that were announced.

use crate::{
    account::touched,
    error::Result,
    row::{One, args, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::{AccountId, NoticeId},
    sealed::Sealed,
    time::Ts,
};

row! {
    /// A notice.
    pub struct Notice {
        /// Its id.
        pub id: NoticeId,
        /// Which sort of news, and with what in its words.
        pub sealed: Sealed,
        /// When it was written.
        pub created_at: Ts,
        /// When the person put it away.
        pub dismissed_at: Option<Ts>,
    }
}

/// Tells an account something.
///
/// # Errors
/// Those of the connection.
pub async fn insert_notice(
    tx: &mut Tx,
    id: NoticeId,
    account: AccountId,
    sealed: &Sealed,
    now: Ts,
) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO notice (id, account_id, sealed, created_at, dismissed_at) VALUES ($1, $2, $3, $4, NULL)",
            args![id, account, sealed, now],
        )
        .await?;
    Ok(())
}

/// The newest notices of an account.
///
/// # Errors
/// Those of the connection.
pub async fn list_notices(
    from: impl Into<Source<'_>>,
    account: AccountId,
    limit: i64,
) -> Result<Vec<Notice>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT id, sealed, created_at, dismissed_at FROM notice WHERE account_id = $1 ORDER BY id DESC LIMIT $2",
        args![account, limit],
    )
    .await
}

/// The newest notices that were not put away.
///
/// # Errors
/// Those of the connection.
pub async fn list_open_notices(
    from: impl Into<Source<'_>>,
    account: AccountId,
    limit: i64,
) -> Result<Vec<Notice>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT id, sealed, created_at, dismissed_at FROM notice \
         WHERE account_id = $1 AND dismissed_at IS NULL ORDER BY id DESC LIMIT $2",
        args![account, limit],
    )
    .await
}

/// Puts a notice away; the first time counts.
///
/// # Errors
/// `NotFound`, also when it is someone else's.
pub async fn dismiss_notice(tx: &mut Tx, account: AccountId, id: NoticeId, now: Ts) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "UPDATE notice SET dismissed_at = COALESCE(dismissed_at, $3) WHERE id = $1 AND account_id = $2",
                args![id, account, now],
            )
            .await?,
    )
}

/// Announces the end of an active account; false when that was done before, or it is not active.
///
/// # Errors
/// Those of the connection.
pub async fn insert_farewell(tx: &mut Tx, account: AccountId, due: Ts, now: Ts) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            "INSERT INTO farewell (account_id, due_at, created_at) SELECT a.id, $2, $3 FROM account a \
             WHERE a.id = $1 AND a.state = 'active' ON CONFLICT (account_id) DO NOTHING",
            args![account, due, now],
        )
        .await?;
    Ok(n == 1)
}

/// When the account is due to be deleted.
///
/// # Errors
/// Those of the connection.
pub async fn find_farewell(from: impl Into<Source<'_>>, account: AccountId) -> Result<Option<Ts>> {
    let mut conn = from.into().conn().await?;
    let found: Option<One<Ts>> =
        conn.opt("SELECT due_at FROM farewell WHERE account_id = $1", args![account]).await?;
    Ok(found.map(|f| f.0))
}

/// Takes the announcement back; false when there was none.
///
/// # Errors
/// Those of the connection.
pub async fn delete_farewell(tx: &mut Tx, account: AccountId) -> Result<bool> {
    Ok(tx.conn().run("DELETE FROM farewell WHERE account_id = $1", args![account]).await? == 1)
}

/// Takes a due announcement to act on it; of two instances one is told yes, and none once it was taken back.
///
/// # Errors
/// Those of the connection.
pub async fn take_due_farewell(tx: &mut Tx, account: AccountId, now: Ts) -> Result<bool> {
    let sql = "DELETE FROM farewell WHERE account_id = $1 AND due_at <= $2";
    Ok(tx.conn().run(sql, args![account, now]).await? == 1)
}

/// Accounts whose time is over.
///
/// # Errors
/// Those of the connection.
pub async fn list_due_farewells(from: impl Into<Source<'_>>, now: Ts) -> Result<Vec<AccountId>> {
    let mut conn = from.into().conn().await?;
    let sql = "SELECT account_id FROM farewell WHERE due_at <= $1 ORDER BY due_at LIMIT 100";
    let due: Vec<One<AccountId>> = conn.all(sql, args![now]).await?;
    Ok(due.into_iter().map(|d| d.0).collect())
}

//! Other accounts that reach a vault, and the codes that let them in.

use super::Vault;
use crate::{
    account::touched,
    error::Result,
    row::{args, row},
    store::{Source, Tx},
};
use keepwell_domain::{ids::AccountId, time::Ts};
use uuid::Uuid;

row! {
    /// Another account that reaches a vault.
    #[derive(Debug, Clone)]
    pub struct Member {
        /// By which it goes towards the others.
        pub id: Uuid,
        /// Who it is.
        pub account: AccountId,
        /// Whether it may write.
        pub may_write: bool,
        /// Since when.
        pub since: Ts,
    }
}

row! {
    /// What a code lets into.
    #[derive(Debug, Clone, Copy)]
    pub struct Invited {
        /// Which vault.
        pub vault: Uuid,
        /// Who founded it.
        pub founder: AccountId,
        /// Whether whoever comes may write.
        pub may_write: bool,
    }
}

/// The other accounts that reach a vault, in the order in which they came.
///
/// # Errors
/// Those of the connection.
pub async fn list_members(from: impl Into<Source<'_>>, vault: Uuid) -> Result<Vec<Member>> {
    let sql = "SELECT id, account_id, may_write, created_at FROM journal_member WHERE vault_id = $1 \
               ORDER BY created_at, id";
    from.into().conn().await?.all(sql, args![vault]).await
}

/// Lets an account in. One that is in already gets what it may do now.
///
/// # Errors
/// `NotFound` when there is no such vault.
pub async fn insert_member(
    tx: &mut Tx,
    id: Uuid,
    vault: Uuid,
    account: AccountId,
    may_write: bool,
    now: Ts,
) -> Result<()> {
    let sql = "INSERT INTO journal_member (id, vault_id, account_id, may_write, created_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (vault_id, account_id) DO UPDATE SET may_write = excluded.may_write";
    tx.conn().run(sql, args![id, vault, account, may_write, now]).await?;
    Ok(())
}

/// Shuts an account out of a vault.
///
/// # Errors
/// `NotFound`.
pub async fn delete_member(tx: &mut Tx, vault: Uuid, id: Uuid) -> Result<()> {
    let sql = "DELETE FROM journal_member WHERE vault_id = $1 AND id = $2";
    touched(tx.conn().run(sql, args![vault, id]).await?)
}

/// Keeps a code by its hash, and forgets those of the vault that are over.
///
/// # Errors
/// Those of the connection.
pub async fn insert_invite(
    tx: &mut Tx,
    vault: &Vault,
    hash: &[u8],
    may_write: bool,
    expires: Ts,
    now: Ts,
) -> Result<()> {
    let mut conn = tx.conn();
    let over = "DELETE FROM journal_invite WHERE vault_id = $1 AND expires_at <= $2";
    conn.run(over, args![vault.id, now]).await?;
    let sql =
        "INSERT INTO journal_invite (code_hash, vault_id, may_write, expires_at) VALUES ($1, $2, $3, $4)";
    conn.run(sql, args![hash, vault.id, may_write, expires]).await?;
    Ok(())
}

macro_rules! invited {
    ($lock:literal) => {
        concat!(
            "SELECT i.vault_id, v.account_id, i.may_write FROM journal_invite i \
             JOIN journal_vault v ON v.id = i.vault_id WHERE i.code_hash = $1 AND i.expires_at > $2",
            $lock
        )
    };
}

/// Takes a code: it is good once. Nothing when there is none, or it is over.
///
/// # Errors
/// Those of the connection.
pub async fn take_invite(tx: &mut Tx, hash: &[u8], now: Ts) -> Result<Option<Invited>> {
    let mut conn = tx.conn();
    // The vault first, as whoever deletes it takes it.
    let sql = conn.pick(invited!(""), invited!(" FOR KEY SHARE OF v"));
    let found = conn.opt::<Invited>(sql, args![hash, now]).await?;
    let taken = conn.run("DELETE FROM journal_invite WHERE code_hash = $1", args![hash]).await?;
    // Of two who take it at the same time, one deletes it.
    Ok(found.filter(|_| taken == 1))
}

/// Takes all open codes of a vault back.
///
/// # Errors
/// Those of the connection.
pub async fn delete_invites(tx: &mut Tx, vault: Uuid) -> Result<()> {
    tx.conn().run("DELETE FROM journal_invite WHERE vault_id = $1", args![vault]).await?;
    Ok(())
}

//! Vaults of the journal that are synchronised: what was sealed on a device, in one order for each vault
//! (`docs/journal-protocol.md`). A vault is found by whoever founded it and by those whom the founder let in; to
//! everybody else it is not there.

mod item;
mod member;

pub use item::{
    Covered, ItemSize, NewItem, StoredItem, count_covered, delete_covered, find_object, insert_items,
    list_item_sizes, list_items, list_statements,
};
pub use member::{
    Invited, Member, delete_invites, delete_member, insert_invite, insert_member, list_members, take_invite,
};

use crate::{
    account::touched,
    error::{Result, StoreError},
    row::{One, args, codes, row},
    store::{Source, Tx},
};
use keepwell_domain::{ids::AccountId, time::Ts};
use uuid::Uuid;

codes! {
    /// What an account may do with a vault.
    pub enum Part {
        /// Everything: it founded the vault, and its space is used up.
        Founder = "founder",
        /// Reads and writes.
        Writer = "writer",
        /// Reads.
        Reader = "reader",
    }
}

row! {
    /// A vault, as one account reaches it.
    #[derive(Debug, Clone)]
    pub struct Vault {
        /// Its id, chosen by a device.
        pub id: Uuid,
        /// Who founded it.
        pub founder: AccountId,
        /// What the asking account may do.
        pub part: Part,
        /// The place of the newest item.
        pub last_order: i64,
        /// The number of the newest statement.
        pub statement: i64,
        /// The highest place that was deleted.
        pub floor: i64,
        /// Bytes of its items.
        pub bytes: i64,
        /// Whose snapshot is in force.
        pub snapshot_device: Option<Uuid>,
        /// The number of its first part.
        pub snapshot_first: Option<i64>,
        /// How many parts it has.
        pub snapshot_parts: Option<i64>,
    }
}

row! {
    /// Where the chain of a device stands.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Chain {
        /// The number of its newest object.
        pub seq: i64,
        /// The hash of that object's head.
        pub hash: Vec<u8>,
    }
}

macro_rules! reached {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.account_id, CASE WHEN v.account_id = $1 THEN 'founder' \
             WHEN m.may_write THEN 'writer' ELSE 'reader' END, v.last_order, v.statement, v.floor, v.bytes, \
             v.snapshot_device, v.snapshot_first, v.snapshot_parts FROM journal_vault v \
             LEFT JOIN journal_member m ON m.vault_id = v.id AND m.account_id = $1 \
             WHERE (v.account_id = $1 OR m.id IS NOT NULL) ",
            $rest
        )
    };
}

/// A vault that the account reaches.
///
/// # Errors
/// `NotFound`.
pub async fn get_vault(from: impl Into<Source<'_>>, account: AccountId, id: Uuid) -> Result<Vault> {
    from.into().conn().await?.one(reached!("AND v.id = $2"), args![account, id]).await
}

/// The vaults that the account reaches, those it founded first, then in the order of their making.
///
/// # Errors
/// Those of the connection.
pub async fn list_vaults(from: impl Into<Source<'_>>, account: AccountId) -> Result<Vec<Vault>> {
    let mut conn = from.into().conn().await?;
    let sql = reached!("ORDER BY CASE WHEN v.account_id = $1 THEN 0 ELSE 1 END, v.created_at, v.id");
    conn.all(sql, args![account]).await
}

/// Makes all other changes to vaults of the account wait until this transaction is over, and says how many bytes
/// they take together.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn hold_space(tx: &mut Tx, founder: AccountId) -> Result<i64> {
    let mut conn = tx.conn();
    conn.run(
        "INSERT INTO journal_space (account_id, bytes) VALUES ($1, 0) ON CONFLICT (account_id) DO NOTHING",
        args![founder],
    )
    .await?;
    let sql = conn.pick(
        "SELECT bytes FROM journal_space WHERE account_id = $1",
        "SELECT bytes FROM journal_space WHERE account_id = $1 FOR UPDATE",
    );
    Ok(conn.one::<One<i64>>(sql, args![founder]).await?.0)
}

/// A vault that the account reaches, with everything of it held until this transaction is over, and the bytes that all
/// vaults of its founder take.
///
/// # Errors
/// `NotFound`.
pub async fn hold_vault(tx: &mut Tx, account: AccountId, id: Uuid) -> Result<(Vault, i64)> {
    let founder = get_vault(&mut *tx, account, id).await?.founder;
    let space = hold_space(tx, founder).await?;
    // Read again: it may have changed, or gone, while this waited.
    Ok((get_vault(tx, account, id).await?, space))
}

/// How many vaults the account reaches.
///
/// # Errors
/// Those of the connection.
pub async fn count_vaults(from: impl Into<Source<'_>>, account: AccountId) -> Result<i64> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM journal_vault v WHERE v.account_id = $1 OR EXISTS \
               (SELECT 1 FROM journal_member m WHERE m.vault_id = v.id AND m.account_id = $1)";
    Ok(from.into().conn().await?.one::<One<i64>>(sql, args![account]).await?.0)
}

/// Makes a vault without any item.
///
/// # Errors
/// `Conflict` when there is one with that id, or was.
pub async fn insert_vault(tx: &mut Tx, founder: AccountId, id: Uuid, now: Ts) -> Result<()> {
    let mut conn = tx.conn();
    let gone =
        conn.opt::<One<Uuid>>("SELECT vault_id FROM journal_gone WHERE vault_id = $1", args![id]).await?;
    if gone.is_some() {
        return Err(StoreError::conflict(crate::error::Constraint::Other));
    }
    conn.run(
        "INSERT INTO journal_vault (id, account_id, created_at, last_order, statement, floor, bytes) \
         VALUES ($1, $2, $3, 0, -1, 0, 0)",
        args![id, founder, now],
    )
    .await?;
    Ok(())
}

/// Moves a held vault on: the places and bytes that were added, and the number of its newest statement.
///
/// # Errors
/// `NotFound`.
pub async fn advance_vault(
    tx: &mut Tx,
    vault: &Vault,
    places: i64,
    bytes: i64,
    statement: i64,
) -> Result<()> {
    let sql = "UPDATE journal_vault SET last_order = last_order + $2, bytes = bytes + $3, statement = $4 WHERE id = $1";
    touched(tx.conn().run(sql, args![vault.id, places, bytes, statement]).await?)?;
    add_to_space(tx, vault.founder, bytes).await
}

async fn add_to_space(tx: &mut Tx, founder: AccountId, bytes: i64) -> Result<()> {
    let sql = "UPDATE journal_space SET bytes = bytes + $2 WHERE account_id = $1";
    touched(tx.conn().run(sql, args![founder, bytes]).await?)
}

/// Puts a snapshot of a held vault into force, after what it covers was deleted.
///
/// # Errors
/// `NotFound`.
pub async fn set_snapshot(
    tx: &mut Tx,
    vault: &Vault,
    (device, first, parts): (Uuid, i64, i64),
    covered: Covered,
) -> Result<()> {
    let sql = "UPDATE journal_vault SET snapshot_device = $2, snapshot_first = $3, snapshot_parts = $4, \
               floor = CASE WHEN floor < $5 THEN $5 ELSE floor END, bytes = bytes - $6 WHERE id = $1";
    let args = args![vault.id, device, first, parts, covered.highest, covered.bytes];
    touched(tx.conn().run(sql, args).await?)?;
    add_to_space(tx, vault.founder, -covered.bytes).await
}

/// Deletes a held vault with everything of it; how many items there were. Its id is never taken again.
///
/// # Errors
/// `NotFound`.
pub async fn delete_vault(tx: &mut Tx, vault: &Vault) -> Result<u64> {
    let mut conn = tx.conn();
    let items = conn.run("DELETE FROM journal_item WHERE vault_id = $1", args![vault.id]).await?;
    touched(conn.run("DELETE FROM journal_vault WHERE id = $1", args![vault.id]).await?)?;
    conn.run("INSERT INTO journal_gone (vault_id) VALUES ($1)", args![vault.id]).await?;
    add_to_space(tx, vault.founder, -vault.bytes).await?;
    Ok(items)
}

/// Where the chain of a device stands, if it has one.
///
/// # Errors
/// Those of the connection.
pub async fn find_chain(from: impl Into<Source<'_>>, vault: Uuid, device: Uuid) -> Result<Option<Chain>> {
    let sql = "SELECT seq, hash FROM journal_chain WHERE vault_id = $1 AND device_id = $2";
    from.into().conn().await?.opt(sql, args![vault, device]).await
}

/// How many devices have a chain in a vault.
///
/// # Errors
/// Those of the connection.
pub async fn count_chains(from: impl Into<Source<'_>>, vault: Uuid) -> Result<i64> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM journal_chain WHERE vault_id = $1";
    Ok(from.into().conn().await?.one::<One<i64>>(sql, args![vault]).await?.0)
}

/// Moves the chain of a device of a held vault on, or begins it.
///
/// # Errors
/// Those of the connection.
pub async fn put_chain(tx: &mut Tx, vault: Uuid, device: Uuid, seq: i64, hash: &[u8]) -> Result<()> {
    let sql = "INSERT INTO journal_chain (vault_id, device_id, seq, hash) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (vault_id, device_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash";
    tx.conn().run(sql, args![vault, device, seq, hash]).await?;
    Ok(())
}

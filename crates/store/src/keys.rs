//! The key store: wrapped keys and the ledger of erasures, apart from the data.
//!
//! A key is active, destroyed or absent. A destroyed one keeps its row without the key, so it can
//! never be minted again; triggers in both engines hold to that as well.

use crate::{
    account::touched,
    error::{Result, StoreError},
    row::{args, codes, row},
    store::{KeyTx, Store},
};
use keepwell_domain::{
    ids::{AccountId, InstanceId, ProfileId},
    sealed::{Fingerprint, Sealed},
    time::Ts,
};
use uuid::Uuid;

codes! {
    /// Whether a key opens anything.
    pub enum KeyState {
        /// It does.
        Active = "active",
        /// Never again.
        Destroyed = "destroyed",
    }
}
row! {
    /// A data key.
    #[derive(Debug)]
    pub struct DataKey {
        /// Whose data it opens.
        pub profile_id: ProfileId,
        /// Whether it opens anything.
        pub state: KeyState,
        /// The wrapped key; `None` once destroyed.
        pub wrapped: Option<Sealed>,
        /// When it was minted.
        pub created_at: Ts,
        /// When it was destroyed.
        pub destroyed_at: Option<Ts>,
    }
}
row! {
    /// A person's audit key.
    #[derive(Debug)]
    pub struct AuditKey {
        /// Whose audit detail it opens.
        pub account_id: AccountId,
        /// Whether it opens anything.
        pub state: KeyState,
        /// The wrapped key; `None` once destroyed.
        pub wrapped: Option<Sealed>,
        /// When it was minted.
        pub created_at: Ts,
        /// When it was destroyed.
        pub destroyed_at: Option<Ts>,
    }
}
codes! {
    /// What was erased.
    pub enum ErasureKind {
        /// A login with all its profiles.
        Account = "account",
        /// One profile.
        Profile = "profile",
    }
}
row! {
    /// An entry of the erasure ledger.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Erasure {
        /// Its id.
        pub id: Uuid,
        /// Keyed hash of the person.
        pub person_fp: Fingerprint,
        /// When.
        pub at: Ts,
        /// What.
        pub kind: ErasureKind,
        /// How many entries the audit log had then.
        pub log_size: i64,
    }
}

/// Ties the key store to the installation whose keys it holds, on the first call.
///
/// # Errors
/// `Refused` when it holds those of another.
pub async fn bind_instance(tx: &mut KeyTx, id: InstanceId, now: Ts) -> Result<()> {
    let mut conn = tx.conn();
    conn.run(
        "INSERT INTO instance (one, id, created_at) VALUES (1, $1, $2) ON CONFLICT (one) DO NOTHING",
        args![id, now],
    )
    .await?;
    let bound: crate::row::One<InstanceId> = conn.one("SELECT id FROM instance", args![]).await?;
    if bound.0 == id {
        return Ok(());
    }
    Err(StoreError::Refused(
        "the key store belongs to another Keepwell installation than the database; \
         put the two that belong together side by side"
            .into(),
    ))
}

macro_rules! key_functions {
    ($id:ty, $row:ident, $table:literal, $owner:literal,
     $insert:ident, $find:ident, $destroy:ident, $list:ident, $rewrap:ident) => {
        /// Adds a newly minted key.
        ///
        /// # Errors
        /// `Conflict(Key)` when there is one, or was one that is destroyed.
        pub async fn $insert(tx: &mut KeyTx, owner: $id, wrapped: &Sealed, now: Ts) -> Result<()> {
            tx.conn()
                .run(
                    concat!(
                        "INSERT INTO ",
                        $table,
                        " (",
                        $owner,
                        ", state, wrapped, created_at, destroyed_at) VALUES ($1, 'active', $2, $3, NULL)"
                    ),
                    args![owner, wrapped, now],
                )
                .await?;
            Ok(())
        }

        /// The key, active or destroyed; `None` when none was ever minted.
        ///
        /// # Errors
        /// Those of the connection.
        pub async fn $find(store: &Store, owner: $id) -> Result<Option<$row>> {
            let mut conn = store.keys.read().await?;
            conn.opt(
                concat!(
                    "SELECT ",
                    $owner,
                    ", state, wrapped, created_at, destroyed_at FROM ",
                    $table,
                    " WHERE ",
                    $owner,
                    " = $1"
                ),
                args![owner],
            )
            .await
        }

        /// Destroys the key for good; one that is destroyed already stays as it is. Where none
        /// was minted, its place is taken, so that none ever will be.
        ///
        /// # Errors
        /// Those of the connection.
        pub async fn $destroy(tx: &mut KeyTx, owner: $id, now: Ts) -> Result<()> {
            let mut conn = tx.conn();
            conn.run(
                concat!(
                    "UPDATE ",
                    $table,
                    " SET state = 'destroyed', wrapped = NULL, destroyed_at = $2 WHERE ",
                    $owner,
                    " = $1 AND state = 'active'"
                ),
                args![owner, now],
            )
            .await?;
            conn.run(
                concat!(
                    "INSERT INTO ",
                    $table,
                    " (",
                    $owner,
                    ", state, wrapped, created_at, destroyed_at) VALUES ($1, 'destroyed', NULL, $2, $2) \
                     ON CONFLICT (",
                    $owner,
                    ") DO NOTHING"
                ),
                args![owner, now],
            )
            .await?;
            Ok(())
        }

        /// Active keys after `after` in the order of their ids, to wrap them anew.
        ///
        /// # Errors
        /// Those of the connection.
        pub async fn $list(store: &Store, after: Option<$id>, limit: i64) -> Result<Vec<$row>> {
            let mut conn = store.keys.read().await?;
            let after = after.unwrap_or(<$id>::new(Uuid::nil()));
            conn.all(
                concat!(
                    "SELECT ",
                    $owner,
                    ", state, wrapped, created_at, destroyed_at FROM ",
                    $table,
                    " WHERE ",
                    $owner,
                    " > $1 AND state = 'active' ORDER BY ",
                    $owner,
                    " LIMIT $2"
                ),
                args![after, limit],
            )
            .await
        }

        /// Replaces the wrapping, if it is still the one that was read.
        ///
        /// # Errors
        /// `NotFound` when it is another by now, or destroyed.
        pub async fn $rewrap(tx: &mut KeyTx, owner: $id, old: &Sealed, new: &Sealed) -> Result<()> {
            touched(
                tx.conn()
                    .run(
                        concat!(
                            "UPDATE ",
                            $table,
                            " SET wrapped = $3 WHERE ",
                            $owner,
                            " = $1 AND wrapped = $2 AND state = 'active'"
                        ),
                        args![owner, old, new],
                    )
                    .await?,
            )
        }
    };
}

key_functions!(
    ProfileId,
    DataKey,
    "data_key",
    "profile_id",
    insert_data_key,
    find_data_key,
    destroy_data_key,
    list_data_keys,
    rewrap_data_key
);
key_functions!(
    AccountId,
    AuditKey,
    "audit_key",
    "account_id",
    insert_audit_key,
    find_audit_key,
    destroy_audit_key,
    list_audit_keys,
    rewrap_audit_key
);

/// Writes down that someone is erased; the same entry again does nothing.
///
/// # Errors
/// Those of the connection.
pub async fn insert_erasure(tx: &mut KeyTx, erasure: &Erasure) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO erasure_ledger (id, person_fp, at, kind, log_size) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (id) DO NOTHING",
            args![erasure.id, erasure.person_fp, erasure.at, erasure.kind, erasure.log_size],
        )
        .await?;
    Ok(())
}

/// The ledger since a time, oldest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_erasures(store: &Store, since: Ts) -> Result<Vec<Erasure>> {
    let mut conn = store.keys.read().await?;
    conn.all(
        "SELECT id, person_fp, at, kind, log_size FROM erasure_ledger WHERE at >= $1 ORDER BY at, id",
        args![since],
    )
    .await
}

//! What was done. Rows are only ever added; the engines themselves refuse anything else.

use crate::{
    error::Result,
    row::{args, codes, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::{AccountId, AuditId, ProfileId},
    sealed::Sealed,
    time::Ts,
};
use uuid::Uuid;

codes! {
    /// How an action ended.
    pub enum Outcome {
        /// It was done.
        Done = "done",
        /// It was not allowed.
        Refused = "refused",
        /// It was allowed and did not work.
        Failed = "failed",
    }
}
row! {
    /// An entry.
    #[derive(Debug, Clone)]
    pub struct AuditEntry {
        /// Its id.
        pub id: AuditId,
        /// When.
        pub at: Ts,
        /// Who; `None` for the system itself.
        pub account_id: Option<AccountId>,
        /// Whose data.
        pub profile_id: Option<ProfileId>,
        /// What; a code of the caller's.
        pub action: String,
        /// To what.
        pub object_id: Option<Uuid>,
        /// How it ended.
        pub outcome: Outcome,
        /// More, sealed with the person's audit key.
        pub detail_sealed: Option<Sealed>,
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, at, account_id, profile_id, action, object_id, outcome, detail_sealed FROM audit ",
            $rest
        )
    };
}

/// Adds an entry, in the transaction of what it is about.
///
/// # Errors
/// Any; the transaction must not be committed then.
pub async fn insert_audit(tx: &mut Tx, entry: &AuditEntry) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO audit (id, at, account_id, profile_id, action, object_id, outcome, detail_sealed) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                entry.id,
                entry.at,
                entry.account_id,
                entry.profile_id,
                entry.action,
                entry.object_id,
                entry.outcome,
                entry.detail_sealed
            ],
        )
        .await?;
    Ok(())
}

/// What an account did, newest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_audit_of_account(
    from: impl Into<Source<'_>>,
    account: AccountId,
    limit: i64,
) -> Result<Vec<AuditEntry>> {
    let mut conn = from.into().conn().await?;
    conn.all(select!("WHERE account_id = $1 ORDER BY at DESC, id DESC LIMIT $2"), args![account, limit]).await
}

/// What was done with a profile's data, newest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_audit_of_profile(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    limit: i64,
) -> Result<Vec<AuditEntry>> {
    let mut conn = from.into().conn().await?;
    conn.all(select!("WHERE profile_id = $1 ORDER BY at DESC, id DESC LIMIT $2"), args![profile, limit]).await
}

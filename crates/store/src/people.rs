//! What those who run the instance may know of an account: facts of the account, counts, and nothing of what it keeps.

use crate::{
    account::{AccountState, Role, touched},
    error::Result,
    factor::has_factor,
    row::{One, args, row},
    store::{Source, Tx},
};
use keepwell_domain::{ids::AccountId, sealed::Sealed, time::Ts};

row! {
    /// Facts of an account.
    pub struct Facts {
        /// Whose.
        pub id: AccountId,
        /// The address.
        pub email_sealed: Sealed,
        /// What it may do.
        pub role: Role,
        /// Whether it can be used.
        pub state: AccountState,
        /// Its generation.
        pub generation: i64,
        /// When it was made.
        pub created_at: Ts,
        /// When the address was confirmed.
        pub verified_at: Option<Ts>,
        /// Whether a second factor is in force.
        pub has_factor: bool,
        /// The newest sign-in of which a session is still kept.
        pub signed_in_at: Option<Ts>,
        /// Sessions that are live.
        pub sessions: i64,
        /// Profiles.
        pub profiles: i64,
        /// Documents in all profiles.
        pub documents: i64,
        /// Bytes of their sealed files.
        pub bytes: i64,
        /// Records in all profiles.
        pub records: i64,
        /// When it is due to be deleted.
        pub due_at: Option<Ts>,
    }
}

/// The facts of an account that is not being erased.
///
/// # Errors
/// Those of the connection.
pub async fn find_facts(from: impl Into<Source<'_>>, id: AccountId, now: Ts) -> Result<Option<Facts>> {
    let mut conn = from.into().conn().await?;
    let sql = concat!(
        "SELECT a.id, a.email_sealed, a.role, a.state, a.generation, a.created_at, a.verified_at, ",
        has_factor!(),
        ", (SELECT MAX(s.created_at) FROM session s WHERE s.account_id = a.id), \
         (SELECT CAST(count(*) AS BIGINT) FROM session s WHERE s.account_id = a.id AND s.ended_at IS NULL \
          AND s.generation = a.generation AND s.absolute_expires_at > $2 \
          AND s.last_seen_at + s.idle_seconds * 1000000 > $2), \
         (SELECT CAST(count(*) AS BIGINT) FROM profile p WHERE p.account_id = a.id AND p.state = 'active'), \
         (SELECT CAST(count(*) AS BIGINT) FROM document d JOIN profile p ON p.id = d.profile_id \
          WHERE p.account_id = a.id AND p.state = 'active'), \
         (SELECT CAST(COALESCE(SUM(d.sealed_bytes), 0) AS BIGINT) FROM document d \
          JOIN profile p ON p.id = d.profile_id WHERE p.account_id = a.id AND p.state = 'active'), \
         (SELECT CAST(count(*) AS BIGINT) FROM record r JOIN profile p ON p.id = r.profile_id \
          WHERE p.account_id = a.id AND p.state = 'active'), \
         (SELECT f.due_at FROM farewell f WHERE f.account_id = a.id) \
         FROM account a WHERE a.id = $1 AND a.state <> 'deleting'"
    );
    conn.opt(sql, args![id, now]).await
}

/// Makes all others wait who would count the admins, on PostgreSQL; SQLite has one writer. Then counts the
/// active ones besides one account.
///
/// # Errors
/// Those of the connection.
pub async fn count_other_admins(tx: &mut Tx, but: AccountId) -> Result<i64> {
    let mut conn = tx.conn();
    let lock = "SELECT id FROM account WHERE role = 'admin' AND state = 'active' ORDER BY id";
    let sql = conn.pick(
        lock,
        "SELECT id FROM account WHERE role = 'admin' AND state = 'active' ORDER BY id FOR UPDATE",
    );
    let all: Vec<One<AccountId>> = conn.all(sql, args![]).await?;
    let others = all.iter().filter(|a| a.0 != but).count();
    Ok(i64::try_from(others).unwrap_or(i64::MAX))
}

/// Another role, if the account is still of the generation that was looked at; ends every session, token and grant.
///
/// # Errors
/// `NotFound` when it is not.
pub async fn update_role_from(
    tx: &mut Tx,
    id: AccountId,
    generation: i64,
    role: Role,
    now: Ts,
) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "UPDATE account SET role = $3, generation = generation + 1, changed_at = $4 \
                 WHERE id = $1 AND generation = $2 AND state <> 'deleting'",
                args![id, generation, role, now],
            )
            .await?,
    )
}

/// Another state, out of one that it must have now; ends every session, token and grant.
///
/// # Errors
/// `NotFound` when it has another by now.
pub async fn update_state_from(
    tx: &mut Tx,
    id: AccountId,
    from: AccountState,
    to: AccountState,
    now: Ts,
) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "UPDATE account SET state = $3, generation = generation + 1, changed_at = $4 \
                 WHERE id = $1 AND state = $2",
                args![id, from, to, now],
            )
            .await?,
    )
}

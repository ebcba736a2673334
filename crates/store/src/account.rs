//! Logins.

use crate::{
    error::{Result, StoreError},
    row::{One, args, codes, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::AccountId,
    sealed::{Fingerprint, Sealed},
    time::Ts,
};

codes! {
    /// What an account may do.
    pub enum Role {
        /// Owns its own profiles.
        Member = "member",
        /// Helps people with their accounts.
        Support = "support",
        /// Also runs the installation.
        Admin = "admin",
        /// Reads the log of what was done.
        Auditor = "auditor",
    }
}
impl From<Role> for keepwell_domain::role::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Member => Self::Person,
            Role::Support => Self::Support,
            Role::Admin => Self::Admin,
            Role::Auditor => Self::Auditor,
        }
    }
}

impl From<keepwell_domain::role::Role> for Role {
    fn from(role: keepwell_domain::role::Role) -> Self {
        match role {
            keepwell_domain::role::Role::Person => Self::Member,
            keepwell_domain::role::Role::Support => Self::Support,
            keepwell_domain::role::Role::Admin => Self::Admin,
            keepwell_domain::role::Role::Auditor => Self::Auditor,
        }
    }
}

codes! {
    /// Whether an account can be used.
    pub enum AccountState {
        /// It can.
        Active = "active",
        /// Closed by an administrator.
        Locked = "locked",
        /// Being erased; a restart goes on with it.
        Deleting = "deleting",
    }
}
row! {
    /// A login.
    pub struct Account {
        /// Its id.
        pub id: AccountId,
        /// Keyed hash of the address.
        pub email_fp: Fingerprint,
        /// The address.
        pub email_sealed: Sealed,
        /// Password hash in PHC form.
        pub password_phc: String,
        /// What it may do.
        pub role: Role,
        /// Whether it can be used.
        pub state: AccountState,
        /// Grows to end all sessions, tokens and grants at once.
        pub generation: i64,
        /// Language tag of its pages.
        pub lang: String,
        /// When it was made.
        pub created_at: Ts,
        /// When it last changed.
        pub changed_at: Ts,
        /// When the person showed that the address is theirs.
        pub verified_at: Option<Ts>,
    }
}

/// A login to be made.
pub struct NewAccount<'a> {
    /// Its id, newly made.
    pub id: AccountId,
    /// Keyed hash of the address.
    pub email_fp: Fingerprint,
    /// The address.
    pub email_sealed: &'a Sealed,
    /// Password hash in PHC form.
    pub password_phc: &'a str,
    /// What it may do.
    pub role: Role,
    /// Language tag of its pages.
    pub lang: &'a str,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, email_fp, email_sealed, password_phc, role, state, generation, lang, created_at, \
             changed_at, verified_at FROM account ",
            $rest
        )
    };
}

/// Makes an account in state `active`, generation 1.
///
/// # Errors
/// `Conflict(AccountEmail)` when the address has one.
pub async fn insert_account(tx: &mut Tx, new: &NewAccount<'_>, now: Ts) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO account (id, email_fp, email_sealed, password_phc, role, state, generation, lang, \
             created_at, changed_at) VALUES ($1, $2, $3, $4, $5, 'active', 1, $6, $7, $7)",
            args![new.id, new.email_fp, new.email_sealed, new.password_phc, new.role, new.lang, now],
        )
        .await?;
    Ok(())
}

/// The account of an address.
///
/// # Errors
/// Those of the connection.
pub async fn find_account_by_email(
    from: impl Into<Source<'_>>,
    email_fp: Fingerprint,
) -> Result<Option<Account>> {
    from.into().conn().await?.opt(select!("WHERE email_fp = $1"), args![email_fp]).await
}

/// An account.
///
/// # Errors
/// `NotFound`.
pub async fn get_account(from: impl Into<Source<'_>>, id: AccountId) -> Result<Account> {
    from.into().conn().await?.one(select!("WHERE id = $1"), args![id]).await
}

/// Accounts whose erasure has begun and not ended.
///
/// # Errors
/// Those of the connection.
pub async fn list_accounts_deleting(from: impl Into<Source<'_>>) -> Result<Vec<Account>> {
    from.into().conn().await?.all(select!("WHERE state = 'deleting' ORDER BY id"), args![]).await
}

/// How many accounts there are.
///
/// # Errors
/// Those of the connection.
pub async fn count_accounts(from: impl Into<Source<'_>>) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    Ok(conn.one::<One<i64>>("SELECT CAST(count(*) AS BIGINT) FROM account", args![]).await?.0)
}

/// Ends every session, token and grant of the account at once; the new generation.
///
/// # Errors
/// `NotFound`.
pub async fn bump_generation(tx: &mut Tx, id: AccountId, now: Ts) -> Result<i64> {
    let mut conn = tx.conn();
    let new: One<i64> = conn
        .one(
            "UPDATE account SET generation = generation + 1, changed_at = $2 WHERE id = $1 \
             RETURNING generation",
            args![id, now],
        )
        .await?;
    Ok(new.0)
}

/// The same, if the generation is still the one that the act was allowed under; false otherwise.
/// Of two acts at the same moment one is told yes.
///
/// # Errors
/// Those of the connection.
pub async fn bump_generation_from(tx: &mut Tx, id: AccountId, generation: i64, now: Ts) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            "UPDATE account SET generation = generation + 1, changed_at = $3 \
             WHERE id = $1 AND generation = $2 AND state = 'active'",
            args![id, generation, now],
        )
        .await?;
    Ok(n == 1)
}

/// Makes all others wait who would change the account, add to it or act in it, until this transaction is over. To be
/// taken before any other row. SQLite has one writer.
///
/// # Errors
/// Those of the connection.
pub async fn hold(tx: &mut Tx, id: AccountId) -> Result<()> {
    let mut conn = tx.conn();
    let sql =
        conn.pick("SELECT id FROM account WHERE id = $1", "SELECT id FROM account WHERE id = $1 FOR UPDATE");
    let _held: Option<crate::row::One<AccountId>> = conn.opt(sql, args![id]).await?;
    Ok(())
}

/// The same password hashed anew; nothing happens when it was changed meanwhile.
///
/// # Errors
/// Those of the connection.
pub async fn upgrade_password(tx: &mut Tx, id: AccountId, old: &str, new: &str, now: Ts) -> Result<bool> {
    let n = tx
        .conn()
        .run(
            "UPDATE account SET password_phc = $3, changed_at = $4 WHERE id = $1 AND password_phc = $2",
            args![id, old, new, now],
        )
        .await?;
    Ok(n == 1)
}

/// Whether any password is still kept as the older system hashed it.
///
/// # Errors
/// Those of the connection.
pub async fn has_bcrypt(from: impl Into<Source<'_>>) -> Result<bool> {
    let mut conn = from.into().conn().await?;
    // The very words of the partial index.
    let found: Option<One<AccountId>> =
        conn.opt("SELECT id FROM account WHERE substr(password_phc, 1, 2) = '$2' LIMIT 1", args![]).await?;
    Ok(found.is_some())
}

/// Another address. Does not end sessions: see [`bump_generation`].
///
/// # Errors
/// `NotFound`; `Conflict(AccountEmail)` when it has an account.
pub async fn update_email(
    tx: &mut Tx,
    id: AccountId,
    email_fp: Fingerprint,
    email_sealed: &Sealed,
    verified_at: Option<Ts>,
    now: Ts,
) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "UPDATE account SET email_fp = $2, email_sealed = $3, verified_at = $4, changed_at = $5 \
                 WHERE id = $1",
                args![id, email_fp, email_sealed, verified_at, now],
            )
            .await?,
    )
}

/// Notes that the present address was shown to be the person's; the first time counts.
///
/// # Errors
/// `NotFound`.
pub async fn set_verified(tx: &mut Tx, id: AccountId, now: Ts) -> Result<()> {
    touched(
        tx.conn()
            .run("UPDATE account SET verified_at = COALESCE(verified_at, $2) WHERE id = $1", args![id, now])
            .await?,
    )
}

/// A new password hash. Does not end sessions: see [`bump_generation`].
///
/// # Errors
/// `NotFound`.
pub async fn update_password(tx: &mut Tx, id: AccountId, phc: &str, now: Ts) -> Result<()> {
    touched(
        tx.conn()
            .run("UPDATE account SET password_phc = $2, changed_at = $3 WHERE id = $1", args![id, phc, now])
            .await?,
    )
}

/// Opens, locks or begins to erase an account, and ends every session, token and grant of it. An
/// account under erasure stays so.
///
/// # Errors
/// `NotFound`.
pub async fn update_account_state(tx: &mut Tx, id: AccountId, state: AccountState, now: Ts) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "UPDATE account SET state = $2, generation = generation + 1, changed_at = $3 \
                 WHERE id = $1 AND (state <> 'deleting' OR $2 = 'deleting')",
                args![id, state, now],
            )
            .await?,
    )
}

/// Another role; ends every session, token and grant.
///
/// # Errors
/// `NotFound`.
pub async fn update_role(tx: &mut Tx, id: AccountId, role: Role, now: Ts) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "UPDATE account SET role = $2, generation = generation + 1, changed_at = $3 WHERE id = $1",
                args![id, role, now],
            )
            .await?,
    )
}

/// Another language.
///
/// # Errors
/// `NotFound`.
pub async fn update_lang(tx: &mut Tx, id: AccountId, lang: &str, now: Ts) -> Result<()> {
    touched(
        tx.conn()
            .run("UPDATE account SET lang = $2, changed_at = $3 WHERE id = $1", args![id, lang, now])
            .await?,
    )
}

/// One row was meant; none means that there is none, or that it is someone else's.
pub(crate) fn touched(rows: u64) -> Result<()> {
    if rows == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

//! Persons under a login, and the version that grows whenever what they see changes.

use crate::{
    account::touched,
    error::{Result, StoreError},
    pool::Arg,
    row::{Col, ToArg, args, codes, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::{AccountId, ProfileId},
    sealed::Sealed,
    time::Ts,
};

pub use keepwell_domain::profile::Relation;

impl Col for Relation {
    type Raw = String;
    fn from_col(raw: String) -> Result<Self> {
        Self::parse(&raw).ok_or(StoreError::Corrupt("unknown Relation"))
    }
}
impl ToArg for Relation {
    fn arg(&self) -> Arg<'_> {
        Arg::Text(Some(self.as_str()))
    }
}

codes! {
    /// Whether a profile can be used.
    pub enum ProfileState {
        /// It can.
        Active = "active",
        /// Being erased; a restart goes on with it.
        Deleting = "deleting",
    }
}
row! {
    /// One person's data under a login.
    pub struct Profile {
        /// Its id.
        pub id: ProfileId,
        /// The login to which it belongs.
        pub account_id: AccountId,
        /// The person's name.
        pub name_sealed: Sealed,
        /// Who the person is to the holder.
        pub relation: Relation,
        /// Whether it can be used.
        pub state: ProfileState,
        /// Grows in every transaction that changes records, series or documents.
        pub version: i64,
        /// The version in which rows last went away. Whoever keeps a copy of an older version
        /// must read everything again; otherwise the rows changed since then are enough.
        pub removed_version: i64,
        /// Whether it is the synthetic demo person.
        pub is_demo: bool,
        /// The person's settings.
        pub settings_sealed: Option<Sealed>,
        /// When it was made.
        pub created_at: Ts,
    }
}

/// A profile to be made.
pub struct NewProfile<'a> {
    /// Its id, newly made.
    pub id: ProfileId,
    /// The login to which it belongs.
    pub account_id: AccountId,
    /// The person's name.
    pub name_sealed: &'a Sealed,
    /// Who the person is to the holder.
    pub relation: Relation,
    /// Whether it is the synthetic demo person.
    pub is_demo: bool,
}

/// Leave to change the records, series and documents of one profile in the transaction from which
/// it came: the version has grown, the profile's row is locked, and other changes of the same
/// profile wait.
#[derive(Debug)]
pub struct Change {
    pub(crate) profile: ProfileId,
    pub(crate) version: i64,
}

impl Change {
    /// The profile.
    #[must_use]
    pub const fn profile(&self) -> ProfileId {
        self.profile
    }
    /// The version that the transaction makes.
    #[must_use]
    pub const fn version(&self) -> i64 {
        self.version
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, account_id, name_sealed, relation, state, version, removed_version, is_demo, \
             settings_sealed, created_at FROM profile ",
            $rest
        )
    };
}

/// Makes a profile, version 1.
///
/// # Errors
/// `NotFound` when the account does not exist.
pub async fn insert_profile(tx: &mut Tx, new: &NewProfile<'_>, now: Ts) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO profile (id, account_id, name_sealed, relation, state, version, removed_version, \
             is_demo, settings_sealed, created_at) VALUES ($1, $2, $3, $4, 'active', 1, 0, $5, NULL, $6)",
            args![new.id, new.account_id, new.name_sealed, new.relation, new.is_demo, now],
        )
        .await?;
    Ok(())
}

/// A profile of this account.
///
/// # Errors
/// `NotFound`, also when it is someone else's or being erased.
pub async fn get_profile(
    from: impl Into<Source<'_>>,
    account: AccountId,
    profile: ProfileId,
) -> Result<Profile> {
    let mut conn = from.into().conn().await?;
    conn.one(select!("WHERE id = $1 AND account_id = $2 AND state = 'active'"), args![profile, account]).await
}

/// A profile for the work behind the pages, which acts for its owner.
///
/// # Errors
/// `NotFound`, also when it is being erased.
pub async fn get_profile_for_job(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Profile> {
    from.into().conn().await?.one(select!("WHERE id = $1 AND state = 'active'"), args![profile]).await
}

/// The profiles of an account, oldest first, without those being erased.
///
/// # Errors
/// Those of the connection.
pub async fn list_profiles(from: impl Into<Source<'_>>, account: AccountId) -> Result<Vec<Profile>> {
    let mut conn = from.into().conn().await?;
    conn.all(select!("WHERE account_id = $1 AND state = 'active' ORDER BY id"), args![account]).await
}

/// All profiles of an account, those being erased too.
///
/// # Errors
/// Those of the connection.
pub async fn list_profiles_to_erase(from: impl Into<Source<'_>>, account: AccountId) -> Result<Vec<Profile>> {
    from.into().conn().await?.all(select!("WHERE account_id = $1 ORDER BY id"), args![account]).await
}

/// Profiles of any account whose erasure has begun and not ended.
///
/// # Errors
/// Those of the connection.
pub async fn list_profiles_deleting(from: impl Into<Source<'_>>) -> Result<Vec<Profile>> {
    from.into().conn().await?.all(select!("WHERE state = 'deleting' ORDER BY id"), args![]).await
}

/// Begins a change of the profile's records, series or documents. Call it first in the
/// transaction and once.
///
/// # Errors
/// `NotFound`, also when the profile is being erased.
pub async fn begin_change(tx: &mut Tx, profile: ProfileId) -> Result<Change> {
    let mut conn = tx.conn();
    let version: crate::row::One<i64> = conn
        .one(
            "UPDATE profile SET version = version + 1 WHERE id = $1 AND state = 'active' RETURNING version",
            args![profile],
        )
        .await?;
    Ok(Change { profile, version: version.0 })
}

/// Notes that rows go away in this change.
pub(crate) async fn mark_removed(tx: &mut Tx, change: &Change) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "UPDATE profile SET removed_version = $2 WHERE id = $1",
                args![change.profile, change.version],
            )
            .await?,
    )
}

/// Another name or relation.
///
/// # Errors
/// `NotFound`, also when it is someone else's.
pub async fn update_profile(
    tx: &mut Tx,
    account: AccountId,
    profile: ProfileId,
    name_sealed: &Sealed,
    relation: Relation,
) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "UPDATE profile SET name_sealed = $3, relation = $4, version = version + 1 \
                 WHERE id = $1 AND account_id = $2 AND state = 'active'",
                args![profile, account, name_sealed, relation],
            )
            .await?,
    )
}

/// Other settings; the version grows, since they change what pages show.
///
/// # Errors
/// `NotFound`, also when it is someone else's.
pub async fn update_settings(
    tx: &mut Tx,
    account: AccountId,
    profile: ProfileId,
    settings_sealed: &Sealed,
) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "UPDATE profile SET settings_sealed = $3, version = version + 1 \
                 WHERE id = $1 AND account_id = $2 AND state = 'active'",
                args![profile, account, settings_sealed],
            )
            .await?,
    )
}

/// How many profiles of their own the account's holder has, the demo person not counted. The
/// account's row is locked until the transaction ends, so that no other one can add or take
/// profiles meanwhile.
///
/// # Errors
/// `NotFound` when the account does not exist.
pub async fn count_own_profiles(tx: &mut Tx, account: AccountId) -> Result<i64> {
    let mut conn = tx.conn();
    touched(conn.run("UPDATE account SET generation = generation WHERE id = $1", args![account]).await?)?;
    let own: crate::row::One<i64> = conn
        .one(
            "SELECT CAST(count(*) AS BIGINT) FROM profile \
             WHERE account_id = $1 AND state = 'active' AND is_demo = $2",
            args![account, false],
        )
        .await?;
    Ok(own.0)
}

/// Begins the erasure: from here on the profile looks missing to everyone.
///
/// # Errors
/// `NotFound`, also when it is someone else's.
pub async fn mark_profile_deleting(tx: &mut Tx, account: AccountId, profile: ProfileId) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "UPDATE profile SET state = 'deleting', version = version + 1 \
                 WHERE id = $1 AND account_id = $2",
                args![profile, account],
            )
            .await?,
    )
}

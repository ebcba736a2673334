//! Personal access tokens. One is made, found, touched and removed; nothing makes it live again.

use crate::{
    account::{Role, touched},
    error::{Result, StoreError},
    factor::has_factor,
    pool::Arg,
    row::{Col, One, ToArg, args, row},
    session::TokenHash,
    store::{Source, Store, Tx},
};
use keepwell_domain::{
    ids::{AccessTokenId, AccountId, ProfileId},
    scope::Scopes,
    sealed::Sealed,
    time::{SECOND, Ts},
};

/// Seconds between two notes of "last used".
pub const TOUCH_EVERY_SECONDS: i64 = 60;

impl Col for Scopes {
    type Raw = String;
    fn from_col(raw: String) -> Result<Self> {
        Self::parse(&raw).ok_or(StoreError::Corrupt("unknown scopes"))
    }
}

/// A token to be made.
pub struct NewAccessToken<'a> {
    /// Its id, newly made.
    pub id: AccessTokenId,
    /// Whose.
    pub account_id: AccountId,
    /// The one profile for which it is good; `None` for all.
    pub profile_id: Option<ProfileId>,
    /// SHA-256 of it.
    pub token_hash: TokenHash,
    /// What its person calls it.
    pub name_sealed: &'a Sealed,
    /// What it may do.
    pub scopes: Scopes,
    /// When it ends.
    pub expires_at: Ts,
}

row! {
    /// A live token with all that a request needs to know.
    #[derive(Debug)]
    pub struct LiveToken {
        /// Its id.
        pub id: AccessTokenId,
        /// Whose.
        pub account_id: AccountId,
        /// What the account may do.
        pub role: Role,
        /// Language tag of the account.
        pub lang: String,
        /// The account's generation.
        pub generation: i64,
        /// The profile that it reaches when none is named.
        pub profile_id: ProfileId,
        /// That profile's version.
        pub profile_version: i64,
        /// Whether that profile is the demo person.
        pub is_demo: bool,
        /// The one profile for which it is good; `None` for all.
        pub bound_to: Option<ProfileId>,
        /// What it may do.
        pub scopes: Scopes,
        /// When a use was last noted; see [`touch_token`].
        pub last_used_at: Option<Ts>,
        /// Whether the account has a second factor in force.
        pub has_factor: bool,
    }
}
row! {
    /// An entry of the list of tokens.
    pub struct TokenEntry {
        /// Its id.
        pub id: AccessTokenId,
        /// The one profile for which it is good; `None` for all.
        pub profile_id: Option<ProfileId>,
        /// What its person calls it.
        pub name_sealed: Sealed,
        /// What it may do.
        pub scopes: Scopes,
        /// When it was made.
        pub created_at: Ts,
        /// When it ends.
        pub expires_at: Ts,
        /// When a use was last noted.
        pub last_used_at: Option<Ts>,
    }
}

/// Makes a token of the account's present generation.
///
/// # Errors
/// `NotFound` when the account is not active or the profile is not its own.
pub async fn insert_token(tx: &mut Tx, new: &NewAccessToken<'_>, now: Ts) -> Result<()> {
    let scopes = new.scopes.to_string();
    touched(
        tx.conn()
            .run(
                "INSERT INTO access_token (id, account_id, profile_id, generation, token_hash, name_sealed, \
                 scopes, created_at, expires_at, last_used_at) \
                 SELECT $1, a.id, $3, a.generation, $4, $5, $6, $7, $8, NULL FROM account a \
                 WHERE a.id = $2 AND a.state = 'active' AND ($3 IS NULL OR EXISTS \
                 (SELECT 1 FROM profile p WHERE p.id = $3 AND p.account_id = a.id AND p.state = 'active'))",
                &[
                    new.id.arg(),
                    new.account_id.arg(),
                    new.profile_id.arg(),
                    new.token_hash.arg(),
                    new.name_sealed.arg(),
                    Arg::Text(Some(&scopes)),
                    now.arg(),
                    new.expires_at.arg(),
                ],
            )
            .await?,
    )
}

/// The token of a hash, if it is live: not expired, of the account's generation, the account
/// active, its profile there. A token for all profiles reaches the person's own oldest one first.
///
/// # Errors
/// Those of the connection.
pub async fn find_live_token(
    from: impl Into<Source<'_>>,
    token_hash: TokenHash,
    now: Ts,
) -> Result<Option<LiveToken>> {
    let mut conn = from.into().conn().await?;
    conn.opt(
        concat!(
            "SELECT t.id, a.id, a.role, a.lang, a.generation, p.id, p.version, p.is_demo, t.profile_id, \
             t.scopes, t.last_used_at, ",
            has_factor!(),
            " FROM access_token t JOIN account a ON a.id = t.account_id \
             JOIN profile p ON p.account_id = a.id AND p.state = 'active' \
             AND (t.profile_id IS NULL OR t.profile_id = p.id) \
             WHERE t.token_hash = $1 AND t.generation = a.generation AND a.state = 'active' \
             AND t.expires_at > $2 ORDER BY p.is_demo, p.id LIMIT 1"
        ),
        args![token_hash, now],
    )
    .await
}

macro_rules! still_live {
    ($lock:literal) => {
        concat!(
            "SELECT t.id FROM access_token t JOIN account a ON a.id = t.account_id \
             WHERE t.id = $1 AND t.generation = a.generation AND a.state = 'active' AND t.expires_at > $2",
            $lock
        )
    };
}

/// Whether a token is live still, for reading that takes long.
///
/// # Errors
/// Those of the connection.
pub async fn is_live(store: &Store, id: AccessTokenId, now: Ts) -> Result<bool> {
    let mut conn = Source::from(store).conn().await?;
    let found: Option<One<AccessTokenId>> = conn.opt(still_live!(""), args![id, now]).await?;
    Ok(found.is_some())
}

/// Whether a token is live still, asked inside the transaction of what it wants to write: until
/// that ends, it can neither be revoked nor can a new generation come in between.
///
/// # Errors
/// Those of the connection.
pub async fn is_still_live(tx: &mut Tx, id: AccessTokenId, now: Ts) -> Result<bool> {
    let mut conn = tx.conn();
    // SQLite has no other writer now; PostgreSQL makes whoever ends it wait.
    let sql = conn.pick(still_live!(""), still_live!(" FOR SHARE OF a, t"));
    let found: Option<One<AccessTokenId>> = conn.opt(sql, args![id, now]).await?;
    Ok(found.is_some())
}

/// Notes that the token was used. Writes at most once a minute.
///
/// # Errors
/// Those of the connection.
pub async fn touch_token(store: &Store, id: AccessTokenId, last: Option<Ts>, now: Ts) -> Result<()> {
    if last.is_some_and(|last| now.0 - last.0 < TOUCH_EVERY_SECONDS * SECOND) {
        return Ok(());
    }
    let mut tx = store.begin().await?;
    tx.conn()
        .run(
            "UPDATE access_token SET last_used_at = $2 \
             WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)",
            args![id, now, now.plus_seconds(-TOUCH_EVERY_SECONDS)],
        )
        .await?;
    tx.commit().await
}

/// The account's tokens of its present generation, newest first; expired ones too, so that their
/// person sees why a program stopped.
///
/// # Errors
/// Those of the connection.
pub async fn list_tokens(from: impl Into<Source<'_>>, account: AccountId) -> Result<Vec<TokenEntry>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT t.id, t.profile_id, t.name_sealed, t.scopes, t.created_at, t.expires_at, t.last_used_at \
         FROM access_token t JOIN account a ON a.id = t.account_id \
         WHERE t.account_id = $1 AND t.generation = a.generation ORDER BY t.id DESC",
        args![account],
    )
    .await
}

/// How many tokens the account has, counted as [`list_tokens`] shows them.
///
/// # Errors
/// Those of the connection.
pub async fn count_tokens(from: impl Into<Source<'_>>, account: AccountId) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM access_token t JOIN account a ON a.id = t.account_id \
               WHERE t.account_id = $1 AND t.generation = a.generation";
    Ok(conn.one::<One<i64>>(sql, args![account]).await?.0)
}

/// Removes one token of the account.
///
/// # Errors
/// `NotFound`, also when it is someone else's.
pub async fn delete_token(tx: &mut Tx, account: AccountId, id: AccessTokenId) -> Result<()> {
    touched(
        tx.conn()
            .run("DELETE FROM access_token WHERE id = $1 AND account_id = $2", args![id, account])
            .await?,
    )
}

/// Removes all tokens of the account; how many.
///
/// # Errors
/// Those of the connection.
pub async fn delete_tokens_of(tx: &mut Tx, account: AccountId) -> Result<u64> {
    tx.conn().run("DELETE FROM access_token WHERE account_id = $1", args![account]).await
}

/// Removes tokens that expired before `before` or whose account moved on; how many.
///
/// # Errors
/// Those of the connection.
pub async fn delete_dead_tokens(tx: &mut Tx, before: Ts) -> Result<u64> {
    tx.conn()
        .run(
            "DELETE FROM access_token WHERE expires_at <= $1 OR EXISTS \
             (SELECT 1 FROM account a WHERE a.id = access_token.account_id \
             AND a.generation <> access_token.generation)",
            args![before],
        )
        .await
}

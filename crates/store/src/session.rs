//! Signed-in browsers. A session is looked up, touched and ended, and never revived: every
//! write but the first is an UPDATE of a live row.

use crate::{
    account::{Role, touched},
    error::{Result, StoreError},
    factor::has_factor,
    row::{Col, One, ToArg, args, row},
    store::{Source, Store, Tx},
};
use keepwell_domain::{
    ids::{AccountId, ProfileId},
    sealed::Sealed,
    time::{SECOND, Ts},
};
use std::fmt;

/// SHA-256 of a session token.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}
impl Col for TokenHash {
    type Raw = Vec<u8>;
    fn from_col(raw: Vec<u8>) -> Result<Self> {
        raw.try_into().map(Self).map_err(|_| StoreError::Corrupt("a token hash is not 32 bytes long"))
    }
}
impl ToArg for TokenHash {
    fn arg(&self) -> crate::pool::Arg<'_> {
        crate::pool::Arg::Bytes(Some(&self.0))
    }
}

/// Seconds between two notes of "last seen".
pub const TOUCH_EVERY_SECONDS: i64 = 60;

/// A session to be made.
pub struct NewSession<'a> {
    /// SHA-256 of its token.
    pub token_hash: TokenHash,
    /// Whose.
    pub account_id: AccountId,
    /// The account's generation under which it was allowed.
    pub generation: i64,
    /// The profile that its pages show.
    pub profile_id: ProfileId,
    /// Browser and place, for the session list.
    pub device_sealed: &'a Sealed,
    /// Seconds without a request after which it ends.
    pub idle_seconds: i64,
    /// When it ends in any case.
    pub absolute_expires_at: Ts,
    /// When the person proved who they are.
    pub proved_at: Ts,
}

row! {
    /// A live session with all that a request needs to know.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct LiveSession {
        /// Whose.
        pub account_id: AccountId,
        /// What the account may do.
        pub role: Role,
        /// Language tag of its pages.
        pub lang: String,
        /// The account's generation.
        pub generation: i64,
        /// The profile that its pages show.
        pub profile_id: ProfileId,
        /// The profile's version.
        pub profile_version: i64,
        /// Whether the profile is the demo person.
        pub is_demo: bool,
        /// When the person signed in.
        pub created_at: Ts,
        /// When a request was last noted; see [`touch_session`].
        pub last_seen_at: Ts,
        /// Seconds without a request after which it ends.
        pub idle_seconds: i64,
        /// When it ends in any case.
        pub absolute_expires_at: Ts,
        /// When the person last proved who they are.
        pub proved_at: Ts,
        /// Whether the account has a second factor in force.
        pub has_factor: bool,
        /// Whether there are notices that were not put away.
        pub has_news: bool,
    }
}
row! {
    /// An entry of the session list.
    pub struct SessionEntry {
        /// SHA-256 of its token, by which it can be ended.
        pub token_hash: TokenHash,
        /// Browser and place.
        pub device_sealed: Sealed,
        /// When the person signed in.
        pub created_at: Ts,
        /// When a request was last noted.
        pub last_seen_at: Ts,
        /// Seconds without a request after which it ends.
        pub idle_seconds: i64,
        /// When it ends in any case.
        pub absolute_expires_at: Ts,
    }
}

/// What makes a session `s` of an account `a` live at the time `$2`.
macro_rules! live {
    () => {
        "s.ended_at IS NULL AND s.generation = a.generation AND a.state = 'active' \
         AND s.absolute_expires_at > $2 AND s.last_seen_at + s.idle_seconds * 1000000 > $2"
    };
}

/// Makes a session, if the account is still of the generation under which it was allowed: who was on
/// the way in when a password was changed stays out.
///
/// # Errors
/// `NotFound` when it is not, when the account is not active or the profile is not its own.
pub async fn insert_session(tx: &mut Tx, new: &NewSession<'_>, now: Ts) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "INSERT INTO session (token_hash, account_id, profile_id, generation, device_sealed, \
                 created_at, last_seen_at, idle_seconds, absolute_expires_at, ended_at, proved_at) \
                 SELECT $1, a.id, p.id, a.generation, $4, $5, $5, $6, $7, NULL, $8 \
                 FROM account a JOIN profile p ON p.account_id = a.id AND p.state = 'active' \
                 WHERE a.id = $2 AND p.id = $3 AND a.state = 'active' AND a.generation = $9",
                args![
                    new.token_hash,
                    new.account_id,
                    new.profile_id,
                    new.device_sealed,
                    now,
                    new.idle_seconds,
                    new.absolute_expires_at,
                    new.proved_at,
                    new.generation
                ],
            )
            .await?,
    )
}

/// The session of a token, if it is live: not ended, of the account's generation, neither idle
/// nor old, the account active, the profile its own.
///
/// # Errors
/// Those of the connection.
pub async fn find_live_session(
    from: impl Into<Source<'_>>,
    token_hash: TokenHash,
    now: Ts,
) -> Result<Option<LiveSession>> {
    let mut conn = from.into().conn().await?;
    conn.opt(
        concat!(
            "SELECT a.id, a.role, a.lang, a.generation, p.id, p.version, p.is_demo, s.created_at, \
             s.last_seen_at, s.idle_seconds, s.absolute_expires_at, s.proved_at, ",
            has_factor!(),
            ", EXISTS (SELECT 1 FROM notice n WHERE n.account_id = a.id AND n.dismissed_at IS NULL) \
             FROM session s JOIN account a ON a.id = s.account_id \
             JOIN profile p ON p.id = s.profile_id AND p.account_id = a.id AND p.state = 'active' \
             WHERE s.token_hash = $1 AND ",
            live!()
        ),
        args![token_hash, now],
    )
    .await
}

macro_rules! still_live {
    ($lock:literal) => {
        concat!(
            "SELECT s.account_id FROM session s JOIN account a ON a.id = s.account_id \
             WHERE s.token_hash = $1 AND ",
            live!(),
            $lock
        )
    };
}

/// Whether the session is still live, asked inside the transaction of what it wants to write:
/// until that ends, no new generation can come in between.
///
/// # Errors
/// Those of the connection.
pub async fn is_still_live(tx: &mut Tx, token_hash: TokenHash, now: Ts) -> Result<bool> {
    let mut conn = tx.conn();
    // SQLite has no other writer now; PostgreSQL makes whoever bumps the generation wait.
    let sql = conn.pick(still_live!(""), still_live!(" FOR SHARE OF a"));
    let found: Option<One<AccountId>> = conn.opt(sql, args![token_hash, now]).await?;
    Ok(found.is_some())
}

/// Notes that the session was used. Writes at most once a minute; an ended or expired session
/// stays so.
///
/// # Errors
/// Those of the connection.
pub async fn touch_session(store: &Store, token_hash: TokenHash, last_seen_at: Ts, now: Ts) -> Result<()> {
    if now.0 - last_seen_at.0 < TOUCH_EVERY_SECONDS * SECOND {
        return Ok(());
    }
    let mut tx = store.begin().await?;
    tx.conn()
        .run(
            concat!(
                "UPDATE session SET last_seen_at = $2 WHERE token_hash = $1 AND last_seen_at <= $3 \
                 AND EXISTS (SELECT 1 FROM session s JOIN account a ON a.id = s.account_id \
                 WHERE s.token_hash = $1 AND ",
                live!(),
                ")"
            ),
            args![token_hash, now, now.plus_seconds(-TOUCH_EVERY_SECONDS)],
        )
        .await?;
    tx.commit().await
}

/// Shows another of the account's profiles in this session.
///
/// # Errors
/// `NotFound` when the session is not live or the profile is not the account's.
pub async fn update_session_profile(
    tx: &mut Tx,
    token_hash: TokenHash,
    account: AccountId,
    profile: ProfileId,
    now: Ts,
) -> Result<()> {
    touched(
        tx.conn()
            .run(
                concat!(
                    "UPDATE session SET profile_id = $4 WHERE token_hash = $1 AND account_id = $3 \
                     AND EXISTS (SELECT 1 FROM session s JOIN account a ON a.id = s.account_id \
                     JOIN profile p ON p.account_id = a.id AND p.id = $4 AND p.state = 'active' \
                     WHERE s.token_hash = $1 AND ",
                    live!(),
                    ")"
                ),
                args![token_hash, now, account, profile],
            )
            .await?,
    )
}

/// Shows another profile in all sessions that show this one, as when it is about to be erased.
///
/// # Errors
/// Those of the connection.
pub async fn move_sessions(tx: &mut Tx, account: AccountId, from: ProfileId, to: ProfileId) -> Result<()> {
    tx.conn()
        .run(
            "UPDATE session SET profile_id = $3 WHERE account_id = $1 AND profile_id = $2",
            args![account, from, to],
        )
        .await?;
    Ok(())
}

/// Ends one session of the account; one that has ended already stays as it is.
///
/// # Errors
/// `NotFound` when the account has no such session.
pub async fn end_session(tx: &mut Tx, account: AccountId, token_hash: TokenHash, now: Ts) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "UPDATE session SET ended_at = COALESCE(ended_at, $3) \
                 WHERE token_hash = $1 AND account_id = $2",
                args![token_hash, account, now],
            )
            .await?,
    )
}

/// Ends all sessions of the account, save one if wished; how many ended.
///
/// # Errors
/// Those of the connection.
pub async fn end_sessions_of(
    tx: &mut Tx,
    account: AccountId,
    except: Option<TokenHash>,
    now: Ts,
) -> Result<u64> {
    let kept = except.map(|t| t.0);
    tx.conn()
        .run(
            "UPDATE session SET ended_at = $3 WHERE account_id = $1 AND ended_at IS NULL AND token_hash <> $2",
            // No hash is empty, so an empty one keeps none.
            &[
                account.arg(),
                crate::pool::Arg::Bytes(Some(kept.as_ref().map_or(&[], <[u8; 32]>::as_slice))),
                now.arg(),
            ],
        )
        .await
}

/// The account's live sessions, newest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_sessions(
    from: impl Into<Source<'_>>,
    account: AccountId,
    now: Ts,
) -> Result<Vec<SessionEntry>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        concat!(
            "SELECT s.token_hash, s.device_sealed, s.created_at, s.last_seen_at, s.idle_seconds, \
             s.absolute_expires_at FROM session s JOIN account a ON a.id = s.account_id \
             WHERE s.account_id = $1 AND ",
            live!(),
            " ORDER BY s.created_at DESC"
        ),
        args![account, now],
    )
    .await
}

/// Removes sessions that no request can use any more; how many.
///
/// # Errors
/// Those of the connection.
pub async fn delete_expired_sessions(tx: &mut Tx, now: Ts) -> Result<u64> {
    tx.conn()
        .run(
            "DELETE FROM session WHERE ended_at IS NOT NULL OR absolute_expires_at <= $1 \
             OR last_seen_at + idle_seconds * 1000000 <= $1",
            args![now],
        )
        .await
}

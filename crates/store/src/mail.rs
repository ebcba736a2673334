//! Mail on its way: queued in the transaction of the act, claimed under a lease, tried again later,
//! and never after its time. What it says and to whom is sealed, and removed when it ends.

use crate::{
    error::{Constraint, Result, StoreError},
    row::{One, args, codes, row},
    store::{Source, Store, Tx},
};
use keepwell_domain::{
    ids::AccountId,
    sealed::{Fingerprint, Sealed},
    time::Ts,
};
use uuid::Uuid;

codes! {
    /// How a mail ended, or that it has not.
    pub enum MailState {
        /// Waits for its time.
        Queued = "queued",
        /// A worker holds its lease.
        Sending = "sending",
        /// The next server took it.
        Sent = "sent",
        /// There was nothing to say to that address.
        Dropped = "dropped",
        /// It could not be sent in time, or never will.
        Dead = "dead",
    }
}
row! {
    /// A mail that was claimed.
    pub struct Mail {
        /// Its id.
        pub id: Uuid,
        /// Whose account it is about; `None` when it was asked for without one.
        pub account_id: Option<AccountId>,
        /// Keyed hash of the address that it was asked for.
        pub address_fp: Fingerprint,
        /// What it is for; a code of the caller's.
        pub purpose: String,
        /// Times it was claimed.
        pub attempts: i64,
        /// After this it must not be sent.
        pub expires_at: Ts,
        /// What the worker needs to write it.
        pub sealed: Option<Sealed>,
        /// When it was asked for.
        pub created_at: Ts,
    }
}
row! {
    /// How many mails there are of a kind.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct MailCount {
        /// The state.
        pub state: MailState,
        /// How many.
        pub count: i64,
    }
}

/// A mail to be queued.
pub struct NewMail<'a> {
    /// Its id, newly made.
    pub id: Uuid,
    /// Whose account it is about.
    pub account_id: Option<AccountId>,
    /// Keyed hash of the address.
    pub address_fp: Fingerprint,
    /// What it is for.
    pub purpose: &'a str,
    /// After this it must not be sent.
    pub expires_at: Ts,
    /// What the worker needs to write it.
    pub sealed: &'a Sealed,
}

/// Queues a mail, in the transaction of what it is about.
///
/// # Errors
/// Those of the connection.
pub async fn insert_mail(tx: &mut Tx, new: &NewMail<'_>, now: Ts) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO mail (id, account_id, address_fp, purpose, state, attempts, run_at, expires_at, \
             lease_until, lease_owner, error_code, sealed, created_at, changed_at) \
             VALUES ($1, $2, $3, $4, 'queued', 0, $5, $6, NULL, NULL, NULL, $7, $5, $5)",
            args![new.id, new.account_id, new.address_fp, new.purpose, now, new.expires_at, new.sealed],
        )
        .await?;
    Ok(())
}

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE mail SET state = 'sending', attempts = attempts + 1, lease_until = $2, lease_owner = $3, \
             changed_at = $1 WHERE id = (SELECT m.id FROM mail m \
             WHERE (m.state = 'queued' AND m.run_at <= $1) OR (m.state = 'sending' AND m.lease_until < $1) \
             ORDER BY m.run_at, m.id LIMIT 1",
            $lock,
            ") RETURNING id, account_id, address_fp, purpose, attempts, expires_at, sealed, created_at"
        )
    };
}

/// Claims the mail that is due first for `owner` until `lease_until`; also one whose worker fell silent.
///
/// # Errors
/// Those of the connection.
pub async fn claim_mail(store: &Store, owner: Uuid, now: Ts, lease_until: Ts) -> Result<Option<Mail>> {
    // Most of the time there is none, and on SQLite a look costs no waiting for the writer.
    let mut conn = Source::from(store).conn().await?;
    let due: Option<One<Uuid>> = conn
        .opt(
            "SELECT id FROM mail WHERE (state = 'queued' AND run_at <= $1) \
             OR (state = 'sending' AND lease_until < $1) LIMIT 1",
            args![now],
        )
        .await?;
    drop(conn);
    if due.is_none() {
        return Ok(None);
    }
    let mut tx = store.begin().await?;
    let mut conn = tx.conn();
    let sql = conn.pick(claim!(""), claim!(" FOR UPDATE SKIP LOCKED"));
    let mail = conn.opt(sql, args![now, lease_until, owner]).await?;
    tx.commit().await?;
    Ok(mail)
}

/// Takes a mail that waits, whichever is due first.
///
/// # Errors
/// Those of the connection.
pub async fn take_mail(tx: &mut Tx, id: Uuid, owner: Uuid, now: Ts, lease_until: Ts) -> Result<Option<Mail>> {
    tx.conn()
        .opt(
            "UPDATE mail SET state = 'sending', attempts = attempts + 1, lease_until = $2, lease_owner = $3, \
             changed_at = $1 WHERE id = $4 AND state = 'queued' \
             RETURNING id, account_id, address_fp, purpose, attempts, expires_at, sealed, created_at",
            args![now, lease_until, owner, id],
        )
        .await
}

/// How many mails of a purpose were asked for an address since a time, whatever became of them.
///
/// # Errors
/// Those of the connection.
pub async fn count_mail_asked(
    from: impl Into<Source<'_>>,
    address_fp: Fingerprint,
    purpose: &str,
    since: Ts,
) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let n: One<i64> = conn
        .one(
            "SELECT CAST(count(*) AS BIGINT) FROM mail WHERE address_fp = $1 AND purpose = $2 AND created_at > $3",
            args![address_fp, purpose, since],
        )
        .await?;
    Ok(n.0)
}

/// Ends a mail and removes what it said.
///
/// # Errors
/// `Conflict(Lease)` when it is no longer the owner's.
pub async fn end_mail(
    tx: &mut Tx,
    id: Uuid,
    owner: Uuid,
    state: MailState,
    error_code: Option<&str>,
    now: Ts,
) -> Result<()> {
    held(
        tx.conn()
            .run(
                "UPDATE mail SET state = $3, error_code = $4, sealed = NULL, lease_until = NULL, \
                 lease_owner = NULL, changed_at = $5 WHERE id = $1 AND lease_owner = $2 AND state = 'sending'",
                args![id, owner, state, error_code, now],
            )
            .await?,
    )
}

/// Puts a mail back until `retry_at`.
///
/// # Errors
/// `Conflict(Lease)` when it is no longer the owner's.
pub async fn retry_mail(
    tx: &mut Tx,
    id: Uuid,
    owner: Uuid,
    error_code: &str,
    retry_at: Ts,
    now: Ts,
) -> Result<()> {
    held(
        tx.conn()
            .run(
                "UPDATE mail SET state = 'queued', error_code = $3, run_at = $4, lease_until = NULL, \
                 lease_owner = NULL, changed_at = $5 WHERE id = $1 AND lease_owner = $2 AND state = 'sending'",
                args![id, owner, error_code, retry_at, now],
            )
            .await?,
    )
}

/// Whether a claimed mail is still wanted; asked in the transaction that makes its link.
///
/// # Errors
/// Those of the connection.
pub async fn is_wanted(tx: &mut Tx, id: Uuid) -> Result<bool> {
    // A write, so that it waits for whoever is about to drop it.
    let n = tx
        .conn()
        .run("UPDATE mail SET state = 'sending' WHERE id = $1 AND state = 'sending'", args![id])
        .await?;
    Ok(n == 1)
}

/// Drops links that an account asked for, or that were asked for its address, and that are not
/// sent yet: what was asked before everything ended must not begin after it.
///
/// # Errors
/// Those of the connection.
pub async fn drop_links_of(tx: &mut Tx, account: AccountId, address_fp: Fingerprint, now: Ts) -> Result<u64> {
    tx.conn()
        .run(
            "UPDATE mail SET state = 'dropped', error_code = 'ended', sealed = NULL, lease_until = NULL, \
             lease_owner = NULL, changed_at = $3 WHERE state IN ('queued', 'sending') \
             AND purpose IN ('reset', 'confirm_email') AND (account_id = $1 OR address_fp = $2)",
            args![account, address_fp, now],
        )
        .await
}

fn held(rows: u64) -> Result<()> {
    if rows == 0 { Err(StoreError::conflict(Constraint::Lease)) } else { Ok(()) }
}

/// When the `nth` newest of the mails of a purpose that an address was sent since a time went out, if there were so many.
///
/// # Errors
/// Those of the connection.
pub async fn find_nth_sent(
    from: impl Into<Source<'_>>,
    address_fp: Fingerprint,
    purpose: &str,
    since: Ts,
    nth: i64,
) -> Result<Option<Ts>> {
    let mut conn = from.into().conn().await?;
    let at: Option<One<Ts>> = conn
        .opt(
            "SELECT changed_at FROM mail WHERE address_fp = $1 AND purpose = $2 AND state = 'sent' \
             AND changed_at > $3 ORDER BY changed_at DESC LIMIT 1 OFFSET $4",
            args![address_fp, purpose, since, nth - 1],
        )
        .await?;
    Ok(at.map(|at| at.0))
}

/// The mails of a purpose for an address that wait for a reason, oldest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_waiting(
    from: impl Into<Source<'_>>,
    address_fp: Fingerprint,
    purpose: &str,
    error_code: &str,
) -> Result<Vec<Mail>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT id, account_id, address_fp, purpose, attempts, expires_at, sealed, created_at FROM mail \
         WHERE address_fp = $1 AND purpose = $2 AND state = 'queued' AND error_code = $3 ORDER BY id",
        args![address_fp, purpose, error_code],
    )
    .await
}

/// Drops a mail that waits; one that a worker has by now stays.
///
/// # Errors
/// Those of the connection.
pub async fn drop_waiting(tx: &mut Tx, id: Uuid, error_code: &str, now: Ts) -> Result<()> {
    tx.conn()
        .run(
            "UPDATE mail SET state = 'dropped', error_code = $2, sealed = NULL, changed_at = $3 \
             WHERE id = $1 AND state = 'queued'",
            args![id, error_code, now],
        )
        .await?;
    Ok(())
}

/// How many mails there are in each state.
///
/// # Errors
/// Those of the connection.
pub async fn count_mail(from: impl Into<Source<'_>>) -> Result<Vec<MailCount>> {
    let mut conn = from.into().conn().await?;
    conn.all("SELECT state, CAST(count(*) AS BIGINT) FROM mail GROUP BY state ORDER BY state", args![]).await
}

/// Forgets mails that ended before a time; how many.
///
/// # Errors
/// Those of the connection.
pub async fn delete_ended_mail(tx: &mut Tx, before: Ts) -> Result<u64> {
    tx.conn()
        .run("DELETE FROM mail WHERE state IN ('sent', 'dropped', 'dead') AND changed_at < $1", args![before])
        .await
}

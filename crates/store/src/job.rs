//! Background work: queued inside the transaction that wants it, claimed under a lease, tried
//! again later, and laid aside when it keeps failing. Several workers and instances may claim.

use crate::{
    error::{Constraint, Result, StoreError},
    row::{args, codes, row},
    store::{Source, Store, Tx},
};
use keepwell_domain::{
    ids::{JobId, ProfileId},
    time::Ts,
};
use uuid::Uuid;

codes! {
    /// Where a job stands.
    pub enum JobState {
        /// Waits for its time and for a worker.
        Queued = "queued",
        /// A worker holds its lease.
        Running = "running",
        /// Done.
        Done = "done",
        /// Failed for good.
        Dead = "dead",
    }
}
row! {
    /// A unit of work.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Job {
        /// Its id.
        pub id: JobId,
        /// What to do; a code of the caller's.
        pub kind: String,
        /// For whom; one job of a profile runs at a time.
        pub profile_id: Option<ProfileId>,
        /// With what: a document, for example.
        pub subject_id: Option<Uuid>,
        /// Where it stands.
        pub state: JobState,
        /// Times it was claimed.
        pub attempts: i64,
        /// Times it may be claimed.
        pub max_attempts: i64,
        /// Not before.
        pub run_at: Ts,
        /// Until when its worker holds it.
        pub lease_until: Option<Ts>,
        /// Its worker.
        pub lease_owner: Option<Uuid>,
        /// Steps done.
        pub progress_done: i64,
        /// Steps in all; 0 when unknown.
        pub progress_total: i64,
        /// What is being done; a code of the caller's.
        pub phase: String,
        /// Why it last failed; a code of the caller's.
        pub error_code: Option<String>,
        /// When it was queued.
        pub created_at: Ts,
        /// When its row last changed.
        pub changed_at: Ts,
    }
}

/// Work to be queued.
pub struct NewJob<'a> {
    /// Its id, newly made.
    pub id: JobId,
    /// What to do.
    pub kind: &'a str,
    /// For whom.
    pub profile_id: Option<ProfileId>,
    /// With what.
    pub subject_id: Option<Uuid>,
    /// Times it may be claimed.
    pub max_attempts: i64,
    /// Not before.
    pub run_at: Ts,
}

/// How far a job has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// Steps done.
    pub done: i64,
    /// Steps in all; 0 when unknown.
    pub total: i64,
    /// What is being done; a code, never a text about a person.
    pub phase: &'a str,
}

macro_rules! columns {
    () => {
        "id, kind, profile_id, subject_id, state, attempts, max_attempts, run_at, lease_until, lease_owner, \
         progress_done, progress_total, phase, error_code, created_at, changed_at"
    };
}
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM job ", $rest)
    };
}
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE job SET state = 'running', attempts = attempts + 1, lease_until = $2, lease_owner = $3, \
             error_code = NULL, changed_at = $1 \
             WHERE id = (SELECT j.id FROM job j WHERE j.state = 'queued' AND j.run_at <= $1 \
             AND NOT EXISTS (SELECT 1 FROM job r WHERE r.profile_id = j.profile_id AND r.state = 'running') \
             ORDER BY j.run_at, j.id LIMIT 1",
            $lock,
            ") RETURNING ",
            columns!()
        )
    };
}

/// Queues work, in the transaction that wants it.
///
/// # Errors
/// `Conflict(Other)` when the id is used twice.
pub async fn enqueue_job(tx: &mut Tx, new: &NewJob<'_>, now: Ts) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO job (id, kind, profile_id, subject_id, state, attempts, max_attempts, run_at, \
             lease_until, lease_owner, progress_done, progress_total, phase, error_code, created_at, \
             changed_at) VALUES ($1, $2, $3, $4, 'queued', 0, $5, $6, NULL, NULL, 0, 0, '', NULL, $7, $7)",
            args![new.id, new.kind, new.profile_id, new.subject_id, new.max_attempts, new.run_at, now],
        )
        .await?;
    Ok(())
}

/// Claims the job that is due first, if any, for `owner` until `lease_until`. No two jobs of one
/// profile run at the same time.
///
/// # Errors
/// `Unavailable` when other workers kept winning.
pub async fn claim_job(store: &Store, owner: Uuid, now: Ts, lease_until: Ts) -> Result<Option<Job>> {
    // The losers of a race for one profile look again; the winner's job is visible to them then.
    for _ in 0..16 {
        match try_claim(store, owner, now, lease_until).await {
            Err(StoreError::Conflict { constraint: Constraint::OneRunningJob }) => {}
            other => return other,
        }
    }
    Ok(None)
}

async fn try_claim(store: &Store, owner: Uuid, now: Ts, lease_until: Ts) -> Result<Option<Job>> {
    let mut tx = store.begin().await?;
    let mut conn = tx.conn();
    let sql = conn.pick(claim!(""), claim!(" FOR UPDATE SKIP LOCKED"));
    let job = conn.opt(sql, args![now, lease_until, owner]).await?;
    tx.commit().await?;
    Ok(job)
}

/// Whether there may be something to claim or to take back from a worker that fell silent; cheap,
/// and on SQLite without waiting for the writer.
///
/// # Errors
/// Those of the connection.
pub async fn has_due_job(from: impl Into<Source<'_>>, now: Ts) -> Result<bool> {
    let mut conn = from.into().conn().await?;
    let found: Option<crate::row::One<JobId>> = conn
        .opt(
            "SELECT id FROM job WHERE (state = 'queued' AND run_at <= $1) \
             OR (state = 'running' AND lease_until < $1) LIMIT 1",
            args![now],
        )
        .await?;
    Ok(found.is_some())
}

/// Extends the lease and notes progress.
///
/// # Errors
/// `Conflict(Lease)` when the job is no longer the owner's: stop working on it.
pub async fn heartbeat_job(
    tx: &mut Tx,
    id: JobId,
    owner: Uuid,
    progress: Progress<'_>,
    now: Ts,
    lease_until: Ts,
) -> Result<()> {
    held(
        tx.conn()
            .run(
                "UPDATE job SET lease_until = $3, progress_done = $4, progress_total = $5, phase = $6, \
                 changed_at = $7 WHERE id = $1 AND lease_owner = $2 AND state = 'running'",
                args![id, owner, lease_until, progress.done, progress.total, progress.phase, now],
            )
            .await?,
    )
}

/// Ends a job well, in the transaction of its result: a worker that lost its lease cannot commit.
///
/// # Errors
/// `Conflict(Lease)` when the job is no longer the owner's.
pub async fn finish_job(tx: &mut Tx, id: JobId, owner: Uuid, now: Ts) -> Result<()> {
    held(
        tx.conn()
            .run(
                "UPDATE job SET state = 'done', lease_until = NULL, lease_owner = NULL, changed_at = $3 \
                 WHERE id = $1 AND lease_owner = $2 AND state = 'running'",
                args![id, owner, now],
            )
            .await?,
    )
}

/// Ends an attempt badly: back to the queue until `retry_at`, or dead when there is none or the
/// attempts are used up. Returns which.
///
/// # Errors
/// `Conflict(Lease)` when the job is no longer the owner's.
pub async fn fail_job(
    tx: &mut Tx,
    id: JobId,
    owner: Uuid,
    error_code: &str,
    retry_at: Option<Ts>,
    now: Ts,
) -> Result<JobState> {
    let state: Option<crate::row::One<JobState>> = tx
        .conn()
        .opt(
            "UPDATE job SET state = CASE WHEN attempts >= max_attempts OR CAST($4 AS BIGINT) IS NULL \
             THEN 'dead' ELSE 'queued' END, run_at = COALESCE($4, run_at), error_code = $3, \
             lease_until = NULL, lease_owner = NULL, changed_at = $5 \
             WHERE id = $1 AND lease_owner = $2 AND state = 'running' RETURNING state",
            args![id, owner, error_code, retry_at, now],
        )
        .await?;
    state.map(|s| s.0).ok_or(StoreError::conflict(Constraint::Lease))
}

/// Seconds to wait after the given number of attempts: 2, 4, 8, … up to 2,048.
#[must_use]
pub fn backoff_seconds(attempts: i64) -> i64 {
    1 << attempts.clamp(1, 11)
}

/// Takes back jobs whose workers fell silent: to the queue, or dead when the attempts are used
/// up (`error_code` is then `lease_expired`). Returns them as they are now.
///
/// # Errors
/// Those of the connection.
pub async fn requeue_expired_jobs(tx: &mut Tx, now: Ts) -> Result<Vec<Job>> {
    tx.conn()
        .all(
            concat!(
                "UPDATE job SET state = CASE WHEN attempts >= max_attempts THEN 'dead' ELSE 'queued' END, \
                 error_code = 'lease_expired', lease_until = NULL, lease_owner = NULL, changed_at = $1 \
                 WHERE state = 'running' AND lease_until < $1 RETURNING ",
                columns!()
            ),
            args![now],
        )
        .await
}

/// A job of the profile.
///
/// # Errors
/// `NotFound`.
pub async fn get_job(from: impl Into<Source<'_>>, profile: ProfileId, id: JobId) -> Result<Job> {
    from.into().conn().await?.one(select!("WHERE profile_id = $1 AND id = $2"), args![profile, id]).await
}

/// The newest job about a thing of the profile.
///
/// # Errors
/// Those of the connection.
pub async fn find_job_of(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    subject: Uuid,
) -> Result<Option<Job>> {
    let mut conn = from.into().conn().await?;
    conn.opt(
        select!("WHERE profile_id = $1 AND subject_id = $2 ORDER BY id DESC LIMIT 1"),
        args![profile, subject],
    )
    .await
}

/// The profile's jobs that wait or run, oldest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_open_jobs(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Vec<Job>> {
    let mut conn = from.into().conn().await?;
    conn.all(select!("WHERE profile_id = $1 AND state IN ('queued', 'running') ORDER BY id"), args![profile])
        .await
}

/// Jobs of any profile that failed for good, newest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_dead_jobs(from: impl Into<Source<'_>>, limit: i64) -> Result<Vec<Job>> {
    let mut conn = from.into().conn().await?;
    conn.all(select!("WHERE state = 'dead' ORDER BY changed_at DESC LIMIT $1"), args![limit]).await
}

/// A job of any profile that failed for good.
///
/// # Errors
/// `NotFound` when it is not there, or not dead.
pub async fn get_dead_job(from: impl Into<Source<'_>>, id: JobId) -> Result<Job> {
    from.into().conn().await?.one(select!("WHERE id = $1 AND state = 'dead'"), args![id]).await
}

/// Puts a job that failed for good back into the queue, as if it had never been tried.
///
/// # Errors
/// `NotFound` when it is not there, or not dead.
pub async fn retry_dead_job(tx: &mut Tx, id: JobId, now: Ts) -> Result<()> {
    let n = tx
        .conn()
        .run(
            "UPDATE job SET state = 'queued', attempts = 0, run_at = $2, error_code = NULL, changed_at = $2 \
             WHERE id = $1 AND state = 'dead'",
            args![id, now],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Forgets a job that failed for good.
///
/// # Errors
/// `NotFound` when it is not there, or not dead.
pub async fn discard_dead_job(tx: &mut Tx, id: JobId) -> Result<()> {
    let n = tx.conn().run("DELETE FROM job WHERE id = $1 AND state = 'dead'", args![id]).await?;
    if n == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Forgets jobs that were done before a time; how many.
///
/// # Errors
/// Those of the connection.
pub async fn delete_done_jobs(tx: &mut Tx, before: Ts) -> Result<u64> {
    tx.conn().run("DELETE FROM job WHERE state = 'done' AND changed_at < $1", args![before]).await
}

fn held(rows: u64) -> Result<()> {
    if rows == 0 { Err(StoreError::conflict(Constraint::Lease)) } else { Ok(()) }
}

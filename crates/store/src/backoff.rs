//! Failed sign-ins, counted in lanes. An attempt is counted before the password is looked at, so
//! that a burst of them at one moment, also over several instances, gains nothing.

use crate::{
    error::Result,
    row::{One, args},
    store::{Source, Tx},
};
use keepwell_domain::{sealed::Fingerprint, time::Ts};

/// Until when a lane is blocked, if it is.
///
/// # Errors
/// Those of the connection.
pub async fn find_block(from: impl Into<Source<'_>>, lane: Fingerprint, now: Ts) -> Result<Option<Ts>> {
    let mut conn = from.into().conn().await?;
    let found: Option<One<Ts>> = conn
        .opt(
            "SELECT blocked_until FROM sign_in_backoff WHERE lane = $1 AND blocked_until > $2",
            args![lane, now],
        )
        .await?;
    Ok(found.map(|f| f.0))
}

/// Counts an attempt as failed until it is known better: how many there were in a row, or `None`
/// when the lane is blocked. A lane that was quiet since `forget_before` starts anew.
///
/// # Errors
/// Those of the connection.
pub async fn count_attempt(
    tx: &mut Tx,
    lane: Fingerprint,
    forget_before: Ts,
    now: Ts,
) -> Result<Option<i64>> {
    let counted: Option<One<i64>> = tx
        .conn()
        .opt(
            "INSERT INTO sign_in_backoff (lane, failures, last_at, blocked_until) VALUES ($1, 1, $2, 0) \
             ON CONFLICT (lane) DO UPDATE SET last_at = $2, failures = CASE \
             WHEN sign_in_backoff.last_at < $3 THEN 1 ELSE sign_in_backoff.failures + 1 END \
             WHERE sign_in_backoff.blocked_until <= $2 RETURNING failures",
            args![lane, now, forget_before],
        )
        .await?;
    Ok(counted.map(|c| c.0))
}

/// Blocks a lane until a time.
///
/// # Errors
/// Those of the connection.
pub async fn block(tx: &mut Tx, lane: Fingerprint, until: Ts) -> Result<()> {
    tx.conn()
        .run("UPDATE sign_in_backoff SET blocked_until = $2 WHERE lane = $1", args![lane, until])
        .await?;
    Ok(())
}

/// Takes an attempt back that ended before the password was looked at.
///
/// # Errors
/// Those of the connection.
pub async fn uncount(tx: &mut Tx, lane: Fingerprint) -> Result<()> {
    tx.conn()
        .run(
            "UPDATE sign_in_backoff SET failures = failures - 1, blocked_until = 0 \
             WHERE lane = $1 AND failures > 0",
            args![lane],
        )
        .await?;
    Ok(())
}

/// Forgets a lane, after a right password.
///
/// # Errors
/// Those of the connection.
pub async fn clear(tx: &mut Tx, lane: Fingerprint) -> Result<()> {
    tx.conn().run("DELETE FROM sign_in_backoff WHERE lane = $1", args![lane]).await?;
    Ok(())
}

/// Forgets lanes that were quiet since a time; how many.
///
/// # Errors
/// Those of the connection.
pub async fn delete_quiet(tx: &mut Tx, before: Ts) -> Result<u64> {
    tx.conn().run("DELETE FROM sign_in_backoff WHERE last_at < $1", args![before]).await
}

//! Marks of what a person deleted: keyed hashes of what it said and of where it stood.

use crate::{
    bulk::Insert,
    error::Result,
    profile::Change,
    row::{One, ToArg, args},
    store::{Source, Tx},
};
use keepwell_domain::{ids::ProfileId, sealed::Fingerprint, time::Ts};

/// Adds marks; those that are there stay as they are.
///
/// # Errors
/// Those of the connection.
pub async fn insert_marks(tx: &mut Tx, change: &Change, marks: &[Fingerprint], now: Ts) -> Result<u64> {
    let shared = [change.profile.arg(), now.arg()];
    let insert = Insert {
        head: "INSERT INTO deletion_mark (profile_id, mark, deleted_at) VALUES ",
        row: "($1, {0}, $2)",
        tail: " ON CONFLICT (profile_id, mark) DO NOTHING",
        shared: &shared,
        columns: 1,
    };
    insert.run(&mut tx.conn(), marks, |args, m| args.push(m.arg())).await
}

/// All marks of a profile.
///
/// # Errors
/// Those of the connection.
pub async fn list_marks(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Vec<Fingerprint>> {
    let mut conn = from.into().conn().await?;
    let sql = "SELECT mark FROM deletion_mark WHERE profile_id = $1 ORDER BY mark";
    let all: Vec<One<Fingerprint>> = conn.all(sql, args![profile]).await?;
    Ok(all.into_iter().map(|m| m.0).collect())
}

/// Takes marks away, because the person wants back what they stand for.
///
/// # Errors
/// Those of the connection.
pub async fn delete_marks(tx: &mut Tx, change: &Change, marks: &[Fingerprint]) -> Result<()> {
    for m in marks {
        let sql = "DELETE FROM deletion_mark WHERE profile_id = $1 AND mark = $2";
        tx.conn().run(sql, args![change.profile, *m]).await?;
    }
    Ok(())
}

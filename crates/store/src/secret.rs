//! Secrets of the installation itself, sealed, and leases on what one instance does for all.

use crate::{
    error::Result,
    row::{args, row},
    store::{Source, Tx},
};
use keepwell_domain::{sealed::Sealed, time::Ts};
use uuid::Uuid;

row! {
    /// A sealed secret.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Secret {
        /// Rises with every change; bound into the seal.
        pub version: i64,
        /// The sealed value.
        pub sealed: Sealed,
        /// When it last changed.
        pub changed_at: Ts,
    }
}

/// The secret of this name.
///
/// # Errors
/// Those of the connection.
pub async fn find_secret(from: impl Into<Source<'_>>, name: &str) -> Result<Option<Secret>> {
    let mut conn = from.into().conn().await?;
    conn.opt("SELECT version, sealed, changed_at FROM instance_secret WHERE name = $1", args![name]).await
}

/// Puts a secret in the place of the version before it (none for version 1). False when another
/// writer was faster: nothing is changed then.
///
/// # Errors
/// Those of the connection.
pub async fn put_secret(tx: &mut Tx, name: &str, secret: &Secret) -> Result<bool> {
    let changed = tx
        .conn()
        .run(
            "INSERT INTO instance_secret (name, version, sealed, changed_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (name) DO UPDATE SET version = excluded.version, sealed = excluded.sealed, \
             changed_at = excluded.changed_at WHERE instance_secret.version = excluded.version - 1",
            args![name, secret.version, secret.sealed, secret.changed_at],
        )
        .await?;
    Ok(changed == 1)
}

/// Takes or prolongs a lease until then. False while another holds it.
///
/// # Errors
/// Those of the connection.
pub async fn take_lease(tx: &mut Tx, name: &str, owner: Uuid, until: Ts, now: Ts) -> Result<bool> {
    let changed = tx
        .conn()
        .run(
            "INSERT INTO instance_lease (name, owner, until_at) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until_at = excluded.until_at \
             WHERE instance_lease.owner = excluded.owner OR instance_lease.until_at <= $4",
            args![name, owner, until, now],
        )
        .await?;
    Ok(changed == 1)
}

/// Gives a lease back; nothing happens when another holds it.
///
/// # Errors
/// Those of the connection.
pub async fn delete_lease(tx: &mut Tx, name: &str, owner: Uuid) -> Result<()> {
    tx.conn().run("DELETE FROM instance_lease WHERE name = $1 AND owner = $2", args![name, owner]).await?;
    Ok(())
}

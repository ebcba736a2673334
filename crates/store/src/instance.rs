//! This installation.

use crate::{
    error::Result,
    row::{args, row},
    store::{Source, Tx},
};
use keepwell_domain::{ids::InstanceId, time::Ts};

row! {
    /// This installation.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Instance {
        /// Its id, the salt of all derived keys.
        pub id: InstanceId,
        /// When it first started.
        pub created_at: Ts,
    }
}

/// The installation, if the first start has happened.
///
/// # Errors
/// Those of the connection.
pub async fn find_instance(from: impl Into<Source<'_>>) -> Result<Option<Instance>> {
    let mut conn = from.into().conn().await?;
    conn.opt("SELECT id, created_at FROM instance", args![]).await
}

/// The installation; made with `id` when this is the first start. Safe when two start at once.
///
/// # Errors
/// Those of the connection.
pub async fn ensure_instance(tx: &mut Tx, id: InstanceId, now: Ts) -> Result<Instance> {
    let mut conn = tx.conn();
    conn.run(
        "INSERT INTO instance (one, id, created_at) VALUES (1, $1, $2) ON CONFLICT (one) DO NOTHING",
        args![id, now],
    )
    .await?;
    conn.one("SELECT id, created_at FROM instance", args![]).await
}

//! Settings that were changed while the instance ran, with their history. Changes are numbered, so that an instance sees by one
//! number whether there is anything new.

use crate::{
    error::Result,
    row::{One, args, row},
    store::{Source, Tx},
};
use keepwell_domain::{sealed::Sealed, time::Ts};
use uuid::Uuid;

row! {
    /// A change of a setting.
    #[derive(Debug, Clone)]
    pub struct SettingChange {
        /// Its number, from 1.
        pub seq: i64,
        /// Its id, to which the sealed part is bound.
        pub id: Uuid,
        /// The setting's name.
        pub setting: String,
        /// Its value from then on; as the settings file says when `None`.
        pub value: Option<String>,
        /// Its value until then, as `value`.
        pub old_value: Option<String>,
        /// When.
        pub at: Ts,
        /// Who and why.
        pub why_sealed: Sealed,
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT seq, id, setting, value, old_value, at, why_sealed FROM instance_setting ", $rest)
    };
}

/// The number of the last change; 0 when there was none.
///
/// # Errors
/// Those of the connection.
pub async fn last_change(from: impl Into<Source<'_>>) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let last: One<i64> =
        conn.one("SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM instance_setting", args![]).await?;
    Ok(last.0)
}

/// The newest change of each setting.
///
/// # Errors
/// Those of the connection.
pub async fn list_current(from: impl Into<Source<'_>>) -> Result<Vec<SettingChange>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        select!("WHERE seq IN (SELECT MAX(seq) FROM instance_setting GROUP BY setting) ORDER BY seq"),
        args![],
    )
    .await
}

/// Changes, newest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_changes(
    from: impl Into<Source<'_>>,
    before: i64,
    limit: i64,
) -> Result<Vec<SettingChange>> {
    let mut conn = from.into().conn().await?;
    conn.all(select!("WHERE seq < $1 ORDER BY seq DESC LIMIT $2"), args![before, limit]).await
}

/// Adds a change; its number must follow the last one.
///
/// # Errors
/// `Conflict` when another change has that number.
pub async fn insert_change(tx: &mut Tx, c: &SettingChange) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO instance_setting (seq, id, setting, value, old_value, at, why_sealed) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            args![c.seq, c.id, c.setting, c.value.as_deref(), c.old_value.as_deref(), c.at, c.why_sealed],
        )
        .await?;
    Ok(())
}

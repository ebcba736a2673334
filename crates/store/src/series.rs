//! Sealed columns of dense samples.

use crate::{
    bulk::Insert,
    error::Result,
    profile::Change,
    row::{One, ToArg, args, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::{DocumentId, ProfileId, SeriesId},
    sealed::{Fingerprint, Sealed},
    time::Ts,
};

row! {
    /// A column.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct SealedSeries {
        /// Its id.
        pub id: SeriesId,
        /// Keyed hash of its content.
        pub fingerprint: Fingerprint,
        /// The column.
        pub sealed: Sealed,
        /// Samples in it, rounded up.
        pub samples: i64,
        /// The profile's version in which it came.
        pub version: i64,
        /// When it came.
        pub created_at: Ts,
    }
}
row! {
    /// A column's summary, without its samples.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct SealedHead {
        /// The column.
        pub id: SeriesId,
        /// Its summary by day.
        pub head_sealed: Sealed,
    }
}
row! {
    /// A document in which a column stands.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct SeriesSource {
        /// The column.
        pub series_id: SeriesId,
        /// The document.
        pub document_id: DocumentId,
    }
}

/// A column to be added.
pub struct NewSeries {
    /// Its id, newly made.
    pub id: SeriesId,
    /// Keyed hash of its content.
    pub fingerprint: Fingerprint,
    /// Its summary by day.
    pub head_sealed: Sealed,
    /// The column.
    pub sealed: Sealed,
    /// Samples in it, rounded up.
    pub samples: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, fingerprint, sealed, samples, version, created_at FROM series ", $rest)
    };
}

/// Adds the columns that the profile does not have (by fingerprint) and returns the ids of those
/// that were added, in no order.
///
/// # Errors
/// `Conflict(Other)` when an id is used twice.
pub async fn insert_series(
    tx: &mut Tx,
    change: &Change,
    new: &[NewSeries],
    now: Ts,
) -> Result<Vec<SeriesId>> {
    let shared = [change.profile.arg(), change.version.arg(), now.arg()];
    let insert = Insert {
        head: "INSERT INTO series (id, profile_id, fingerprint, head_sealed, sealed, samples, version, created_at) VALUES ",
        row: "({0}, $1, {1}, {2}, {3}, {4}, $2, $3)",
        tail: " ON CONFLICT (profile_id, fingerprint) DO NOTHING RETURNING id",
        shared: &shared,
        columns: 5,
    };
    let added: Vec<One<SeriesId>> = insert
        .returning(&mut tx.conn(), new, |args, s| {
            args.extend([
                s.id.arg(),
                s.fingerprint.arg(),
                s.head_sealed.arg(),
                s.sealed.arg(),
                s.samples.arg(),
            ]);
        })
        .await?;
    Ok(added.into_iter().map(|id| id.0).collect())
}

/// Notes in which documents columns stand, found by their fingerprints; returns how many notes
/// are new.
///
/// # Errors
/// `NotFound` when a column or document is not the profile's.
pub async fn insert_series_sources(tx: &mut Tx, change: &Change, new: &[SeriesSource]) -> Result<u64> {
    let shared = [change.profile.arg()];
    let insert = Insert {
        head: "INSERT INTO series_source (profile_id, series_id, document_id) VALUES ",
        row: "($1, {0}, {1})",
        tail: " ON CONFLICT (profile_id, series_id, document_id) DO NOTHING",
        shared: &shared,
        columns: 2,
    };
    insert.run(&mut tx.conn(), new, |args, s| args.extend([s.series_id.arg(), s.document_id.arg()])).await
}

/// All columns of the profile, oldest first by id.
///
/// # Errors
/// Those of the connection.
pub async fn list_series(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Vec<SealedSeries>> {
    from.into().conn().await?.all(select!("WHERE profile_id = $1 ORDER BY id"), args![profile]).await
}

/// The summaries of all columns of the profile, oldest first by id.
///
/// # Errors
/// Those of the connection.
pub async fn list_series_heads(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Vec<SealedHead>> {
    let mut conn = from.into().conn().await?;
    conn.all("SELECT id, head_sealed FROM series WHERE profile_id = $1 ORDER BY id", args![profile]).await
}

/// The columns that came after a version of the profile; see
/// [`list_records_changed_since`](crate::record::list_records_changed_since).
///
/// # Errors
/// Those of the connection.
pub async fn list_series_changed_since(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    version: i64,
) -> Result<Vec<SealedSeries>> {
    let mut conn = from.into().conn().await?;
    conn.all(select!("WHERE profile_id = $1 AND version > $2 ORDER BY id"), args![profile, version]).await
}

/// A column of the profile.
///
/// # Errors
/// `NotFound`.
pub async fn get_series(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    id: SeriesId,
) -> Result<SealedSeries> {
    from.into().conn().await?.one(select!("WHERE profile_id = $1 AND id = $2"), args![profile, id]).await
}

/// The profile's column with that content.
///
/// # Errors
/// Those of the connection.
pub async fn find_series_by_fingerprint(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    fingerprint: Fingerprint,
) -> Result<Option<SealedSeries>> {
    let mut conn = from.into().conn().await?;
    conn.opt(select!("WHERE profile_id = $1 AND fingerprint = $2"), args![profile, fingerprint]).await
}

row! {
    /// A column's identity.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct SeriesIdentity {
        /// Its id.
        pub id: SeriesId,
        /// Keyed hash of its content.
        pub fingerprint: Fingerprint,
    }
}

/// The identities of all columns of the profile.
///
/// # Errors
/// Those of the connection.
pub async fn list_series_identities(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
) -> Result<Vec<SeriesIdentity>> {
    let mut conn = from.into().conn().await?;
    conn.all("SELECT id, fingerprint FROM series WHERE profile_id = $1", args![profile]).await
}

/// In which documents the profile's columns stand.
///
/// # Errors
/// Those of the connection.
pub async fn list_series_sources(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
) -> Result<Vec<SeriesSource>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT series_id, document_id FROM series_source WHERE profile_id = $1 \
         ORDER BY series_id, document_id",
        args![profile],
    )
    .await
}

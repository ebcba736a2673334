//! Sealed records, their sources, their past, and those that must not come back.

use crate::{
    bulk::Insert,
    error::{Constraint, Result, StoreError},
    profile::{Change, mark_removed},
    row::{One, ToArg, args, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::{DocumentId, ProfileId, RecordId},
    sealed::{Fingerprint, Sealed},
    time::Ts,
};

row! {
    /// A record.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct SealedRecord {
        /// Its id.
        pub id: RecordId,
        /// Keyed hash of what makes two records the same.
        pub fingerprint: Fingerprint,
        /// The record.
        pub sealed: Sealed,
        /// Grows with each edit; part of what binds the seal.
        pub row_version: i64,
        /// The profile's version in which it last changed.
        pub version: i64,
        /// Whether the person put it in by hand, so that undoing an import leaves it.
        pub by_hand: bool,
        /// When it came.
        pub created_at: Ts,
        /// When it last changed.
        pub changed_at: Ts,
    }
}
row! {
    /// Where a record stands in a document.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RecordSource {
        /// The record.
        pub record_id: RecordId,
        /// The document.
        pub document_id: DocumentId,
        /// Position among the document's records; part of what binds the seal.
        pub ordinal: i64,
        /// The place in the document.
        pub locator_sealed: Sealed,
    }
}
row! {
    /// What a record was before an edit.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct PastRecord {
        /// The row version for which it is sealed.
        pub row_version: i64,
        /// The record as it was.
        pub sealed: Sealed,
        /// When it was replaced.
        pub changed_at: Ts,
    }
}

/// A record to be added, sealed for row version 1.
pub struct NewRecord {
    /// Its id, newly made.
    pub id: RecordId,
    /// Keyed hash of what makes two records the same.
    pub fingerprint: Fingerprint,
    /// The record.
    pub sealed: Sealed,
    /// Whether the person puts it in by hand.
    pub by_hand: bool,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, fingerprint, sealed, row_version, version, by_hand, created_at, changed_at \
             FROM record ",
            $rest
        )
    };
}

/// Adds the records that the profile does not have (by fingerprint, also within `new`) and
/// returns the ids of those that were added, in no order. It does not look at tombstones: see
/// [`list_tombstones`].
///
/// # Errors
/// `Conflict(Other)` when an id is used twice.
pub async fn insert_records(
    tx: &mut Tx,
    change: &Change,
    new: &[NewRecord],
    now: Ts,
) -> Result<Vec<RecordId>> {
    let shared = [change.profile.arg(), change.version.arg(), now.arg()];
    let insert = Insert {
        head: "INSERT INTO record (id, profile_id, fingerprint, sealed, row_version, version, by_hand, \
               created_at, changed_at) VALUES ",
        row: "({0}, $1, {1}, {2}, 1, $2, {3}, $3, $3)",
        tail: " ON CONFLICT (profile_id, fingerprint) DO NOTHING RETURNING id",
        shared: &shared,
        columns: 4,
    };
    let added: Vec<One<RecordId>> = insert
        .returning(&mut tx.conn(), new, |args, r| {
            args.extend([r.id.arg(), r.fingerprint.arg(), r.sealed.arg(), r.by_hand.arg()]);
        })
        .await?;
    Ok(added.into_iter().map(|id| id.0).collect())
}

/// Adds places where records stand; those that are known already stay. Returns how many are new.
///
/// # Errors
/// `NotFound` when a record or document is not the profile's.
pub async fn insert_record_sources(tx: &mut Tx, change: &Change, new: &[RecordSource]) -> Result<u64> {
    let shared = [change.profile.arg()];
    let insert = Insert {
        head: "INSERT INTO record_source (profile_id, record_id, document_id, ordinal, locator_sealed) VALUES ",
        row: "($1, {0}, {1}, {2}, {3})",
        tail: " ON CONFLICT (profile_id, record_id, document_id, ordinal) DO NOTHING",
        shared: &shared,
        columns: 4,
    };
    insert
        .run(&mut tx.conn(), new, |args, s| {
            args.extend([s.record_id.arg(), s.document_id.arg(), s.ordinal.arg(), s.locator_sealed.arg()]);
        })
        .await
}

/// All records of the profile, oldest first by id.
///
/// # Errors
/// Those of the connection.
pub async fn list_records(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Vec<SealedRecord>> {
    from.into().conn().await?.all(select!("WHERE profile_id = $1 ORDER BY id"), args![profile]).await
}

/// The records that changed after a version of the profile. Complete only when the profile's
/// `removed_version` is not after it.
///
/// # Errors
/// Those of the connection.
pub async fn list_records_changed_since(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    version: i64,
) -> Result<Vec<SealedRecord>> {
    let mut conn = from.into().conn().await?;
    conn.all(select!("WHERE profile_id = $1 AND version > $2 ORDER BY id"), args![profile, version]).await
}

/// The records that stand in a document.
///
/// # Errors
/// Those of the connection.
pub async fn list_records_of_document(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    document: DocumentId,
) -> Result<Vec<SealedRecord>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        select!(
            "WHERE profile_id = $1 AND id IN (SELECT record_id FROM record_source \
             WHERE profile_id = $1 AND document_id = $2) ORDER BY id"
        ),
        args![profile, document],
    )
    .await
}

/// A record of the profile.
///
/// # Errors
/// `NotFound`.
pub async fn get_record(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    id: RecordId,
) -> Result<SealedRecord> {
    from.into().conn().await?.one(select!("WHERE profile_id = $1 AND id = $2"), args![profile, id]).await
}

/// The profile's record with that identity.
///
/// # Errors
/// Those of the connection.
pub async fn find_record_by_fingerprint(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    fingerprint: Fingerprint,
) -> Result<Option<SealedRecord>> {
    let mut conn = from.into().conn().await?;
    conn.opt(select!("WHERE profile_id = $1 AND fingerprint = $2"), args![profile, fingerprint]).await
}

row! {
    /// A record's identity.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Identity {
        /// Its id.
        pub id: RecordId,
        /// Keyed hash of what makes two records the same.
        pub fingerprint: Fingerprint,
    }
}

/// The identities of all records of the profile, to join an import with what is there.
///
/// # Errors
/// Those of the connection.
pub async fn list_identities(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Vec<Identity>> {
    let mut conn = from.into().conn().await?;
    conn.all("SELECT id, fingerprint FROM record WHERE profile_id = $1", args![profile]).await
}

/// How many records the profile has.
///
/// # Errors
/// Those of the connection.
pub async fn count_records(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let n: One<i64> =
        conn.one("SELECT CAST(count(*) AS BIGINT) FROM record WHERE profile_id = $1", args![profile]).await?;
    Ok(n.0)
}

/// All places of all records of the profile, by record, document and ordinal.
///
/// # Errors
/// Those of the connection.
pub async fn list_sources(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Vec<RecordSource>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT record_id, document_id, ordinal, locator_sealed FROM record_source \
         WHERE profile_id = $1 ORDER BY record_id, document_id, ordinal",
        args![profile],
    )
    .await
}

/// The places of one record.
///
/// # Errors
/// Those of the connection.
pub async fn list_sources_of_record(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    record: RecordId,
) -> Result<Vec<RecordSource>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT record_id, document_id, ordinal, locator_sealed FROM record_source \
         WHERE profile_id = $1 AND record_id = $2 ORDER BY document_id, ordinal",
        args![profile, record],
    )
    .await
}

/// The places in one document, by ordinal.
///
/// # Errors
/// Those of the connection.
pub async fn list_sources_of_document(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    document: DocumentId,
) -> Result<Vec<RecordSource>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT record_id, document_id, ordinal, locator_sealed FROM record_source \
         WHERE profile_id = $1 AND document_id = $2 ORDER BY ordinal, record_id",
        args![profile, document],
    )
    .await
}

/// What a record was before, newest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_history(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    record: RecordId,
) -> Result<Vec<PastRecord>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        "SELECT row_version, sealed, changed_at FROM record_history \
         WHERE profile_id = $1 AND record_id = $2 ORDER BY row_version DESC",
        args![profile, record],
    )
    .await
}

/// Replaces a record; what it was goes to its history. `sealed` is sealed for row version
/// `expected + 1`, which is returned.
///
/// # Errors
/// `Conflict(RowVersion)` when it changed since it was read, `Conflict(RecordFingerprint)` when
/// another record has that identity, `NotFound`.
pub async fn update_record(
    tx: &mut Tx,
    change: &Change,
    id: RecordId,
    expected: i64,
    fingerprint: Fingerprint,
    sealed: &Sealed,
    now: Ts,
) -> Result<i64> {
    let kept = tx
        .conn()
        .run(
            "INSERT INTO record_history (profile_id, record_id, row_version, sealed, changed_at) \
             SELECT profile_id, id, row_version, sealed, $4 FROM record \
             WHERE profile_id = $1 AND id = $2 AND row_version = $3",
            args![change.profile, id, expected, now],
        )
        .await?;
    if kept == 0 {
        get_record(tx, change.profile, id).await?;
        return Err(StoreError::conflict(Constraint::RowVersion));
    }
    tx.conn()
        .run(
            "UPDATE record SET fingerprint = $4, sealed = $5, row_version = row_version + 1, version = $6, \
             changed_at = $7 WHERE profile_id = $1 AND id = $2 AND row_version = $3",
            args![change.profile, id, expected, fingerprint, sealed, change.version, now],
        )
        .await?;
    Ok(expected + 1)
}

/// Notes that the person put the record in by hand as well: undoing an import leaves it.
///
/// # Errors
/// `NotFound`.
pub async fn mark_by_hand(tx: &mut Tx, change: &Change, id: RecordId) -> Result<()> {
    crate::account::touched(
        tx.conn()
            .run(
                "UPDATE record SET by_hand = $3, version = $4 WHERE profile_id = $1 AND id = $2",
                args![change.profile, id, true, change.version],
            )
            .await?,
    )
}

/// Deletes a record with its sources and its past, and leaves a tombstone, so that the next
/// import of the same file does not bring it back.
///
/// # Errors
/// `NotFound`.
pub async fn delete_record(tx: &mut Tx, change: &Change, id: RecordId, now: Ts) -> Result<()> {
    let gone: One<Fingerprint> = tx
        .conn()
        .one(
            "DELETE FROM record WHERE profile_id = $1 AND id = $2 RETURNING fingerprint",
            args![change.profile, id],
        )
        .await?;
    tx.conn()
        .run(
            "INSERT INTO tombstone (profile_id, fingerprint, deleted_at) VALUES ($1, $2, $3) \
             ON CONFLICT (profile_id, fingerprint) DO NOTHING",
            args![change.profile, gone.0, now],
        )
        .await?;
    mark_removed(tx, change).await
}

/// The identities that the person deleted by hand.
///
/// # Errors
/// Those of the connection.
pub async fn list_tombstones(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Vec<Fingerprint>> {
    let mut conn = from.into().conn().await?;
    let all: Vec<One<Fingerprint>> =
        conn.all("SELECT fingerprint FROM tombstone WHERE profile_id = $1", args![profile]).await?;
    Ok(all.into_iter().map(|f| f.0).collect())
}

/// Lets a deleted record come back, because the person put it in again.
///
/// # Errors
/// Those of the connection.
pub async fn delete_tombstone(tx: &mut Tx, change: &Change, fingerprint: Fingerprint) -> Result<()> {
    tx.conn()
        .run(
            "DELETE FROM tombstone WHERE profile_id = $1 AND fingerprint = $2",
            args![change.profile, fingerprint],
        )
        .await?;
    Ok(())
}

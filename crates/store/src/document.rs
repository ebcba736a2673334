//! Files as they were brought.

use crate::{
    account::touched,
    error::{Constraint, Result, StoreError},
    garbage::insert_garbage,
    profile::Change,
    row::{One, args, codes, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::{DocumentId, ProfileId},
    sealed::{Fingerprint, Sealed},
    time::Ts,
};

codes! {
    /// How far the reading of a document has come.
    pub enum DocumentState {
        /// Waits for its turn.
        Queued = "queued",
        /// Being read.
        Reading = "reading",
        /// The person must decide something.
        Review = "review",
        /// Read.
        Done = "done",
        /// Could not be read; the sealed meta says why.
        Failed = "failed",
    }
}
row! {
    /// A document. Its file on disk, if it has one, is named by the same id.
    #[derive(Debug, Clone)]
    pub struct Document {
        /// Its id.
        pub id: DocumentId,
        /// The archive in which it came.
        pub parent_id: Option<DocumentId>,
        /// How far the reading has come.
        pub state: DocumentState,
        /// Name, media type, true size, reason, warnings, questions.
        pub meta_sealed: Sealed,
        /// Keyed hash of the whole content; `None` where there is no file.
        pub content_fp: Option<Fingerprint>,
        /// Bytes of the original, rounded up so that they do not betray the file.
        pub size_class: i64,
        /// Bytes on disk.
        pub sealed_bytes: i64,
        /// Records read from it.
        pub records: i64,
        /// When it came.
        pub created_at: Ts,
        /// When its row last changed.
        pub changed_at: Ts,
        /// Grows with each change of the row; part of what binds the seal.
        pub row_version: i64,
    }
}

/// A document to be added, in state `queued`, row version 1.
pub struct NewDocument<'a> {
    /// Its id, newly made, or that of its finished upload.
    pub id: DocumentId,
    /// The archive in which it came.
    pub parent_id: Option<DocumentId>,
    /// Sealed for row version 1.
    pub meta_sealed: &'a Sealed,
    /// Keyed hash of the whole content.
    pub content_fp: Option<Fingerprint>,
    /// Bytes of the original, rounded up.
    pub size_class: i64,
    /// Bytes on disk.
    pub sealed_bytes: i64,
}

/// What may change in a document.
pub struct DocumentUpdate<'a> {
    /// How far the reading has come.
    pub state: DocumentState,
    /// Sealed for the row version that the update makes: the expected one plus 1.
    pub meta_sealed: &'a Sealed,
    /// Records read from it.
    pub records: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, parent_id, state, meta_sealed, content_fp, size_class, sealed_bytes, records, \
             created_at, changed_at, row_version FROM document ",
            $rest
        )
    };
}

/// Adds a document.
///
/// # Errors
/// `Conflict(DocumentContent)` when the profile has that file (or the archive that part), found
/// with [`find_document_by_content`]; `NotFound` when the parent is missing.
pub async fn insert_document(tx: &mut Tx, change: &Change, new: &NewDocument<'_>, now: Ts) -> Result<()> {
    tx.conn()
        .run(
            "INSERT INTO document (id, profile_id, parent_id, state, meta_sealed, content_fp, size_class, \
             sealed_bytes, records, created_at, changed_at, row_version) \
             VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7, 0, $8, $8, 1)",
            args![
                new.id,
                change.profile,
                new.parent_id,
                new.meta_sealed,
                new.content_fp,
                new.size_class,
                new.sealed_bytes,
                now
            ],
        )
        .await?;
    Ok(())
}

/// A document of the profile.
///
/// # Errors
/// `NotFound`.
pub async fn get_document(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    id: DocumentId,
) -> Result<Document> {
    from.into().conn().await?.one(select!("WHERE profile_id = $1 AND id = $2"), args![profile, id]).await
}

/// The same file again: the profile's document with that content, as a whole file
/// (`parent` = `None`) or as a part of that archive.
///
/// # Errors
/// Those of the connection.
pub async fn find_document_by_content(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    parent: Option<DocumentId>,
    content_fp: Fingerprint,
) -> Result<Option<Document>> {
    let mut conn = from.into().conn().await?;
    match parent {
        None => {
            conn.opt(
                select!("WHERE profile_id = $1 AND content_fp = $2 AND parent_id IS NULL"),
                args![profile, content_fp],
            )
            .await
        }
        Some(_) => {
            conn.opt(
                select!("WHERE profile_id = $1 AND content_fp = $2 AND parent_id = $3"),
                args![profile, content_fp, parent],
            )
            .await
        }
    }
}

/// All documents of the profile, parts of archives too, newest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_documents(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Vec<Document>> {
    let mut conn = from.into().conn().await?;
    conn.all(select!("WHERE profile_id = $1 ORDER BY created_at DESC, id DESC"), args![profile]).await
}

/// The parts of an archive, in the order in which they were added.
///
/// # Errors
/// Those of the connection.
pub async fn list_parts(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    parent: DocumentId,
) -> Result<Vec<Document>> {
    let mut conn = from.into().conn().await?;
    conn.all(select!("WHERE profile_id = $1 AND parent_id = $2 ORDER BY id"), args![profile, parent]).await
}

/// How many whole files the profile has.
///
/// # Errors
/// Those of the connection.
pub async fn count_documents(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let n: One<i64> = conn
        .one(
            "SELECT CAST(count(*) AS BIGINT) FROM document WHERE profile_id = $1 AND parent_id IS NULL",
            args![profile],
        )
        .await?;
    Ok(n.0)
}

/// Changes a document and returns its new row version.
///
/// # Errors
/// `Conflict(RowVersion)` when it changed since it was read, `NotFound`.
pub async fn update_document(
    tx: &mut Tx,
    change: &Change,
    id: DocumentId,
    expected: i64,
    update: &DocumentUpdate<'_>,
    now: Ts,
) -> Result<i64> {
    let rows = tx
        .conn()
        .run(
            "UPDATE document SET state = $4, meta_sealed = $5, records = $6, changed_at = $7, \
             row_version = row_version + 1 WHERE profile_id = $1 AND id = $2 AND row_version = $3",
            args![change.profile, id, expected, update.state, update.meta_sealed, update.records, now],
        )
        .await?;
    if rows == 0 {
        get_document(tx, change.profile, id).await?;
        return Err(StoreError::conflict(Constraint::RowVersion));
    }
    Ok(expected + 1)
}

/// Lets a document's file go while its row stays: the file becomes garbage, and the same content
/// may be brought again.
///
/// # Errors
/// `NotFound`.
pub async fn release_file(tx: &mut Tx, change: &Change, id: DocumentId, now: Ts) -> Result<()> {
    let sql = "UPDATE document SET content_fp = NULL, sealed_bytes = 0, changed_at = $3 \
               WHERE profile_id = $1 AND id = $2";
    touched(tx.conn().run(sql, args![change.profile, id, now]).await?)?;
    insert_garbage(tx, change.profile, id.uuid(), now).await
}

/// Changes only the state; the row version and with it the seal stay.
///
/// # Errors
/// `NotFound`.
pub async fn update_document_state(
    tx: &mut Tx,
    change: &Change,
    id: DocumentId,
    state: DocumentState,
    now: Ts,
) -> Result<()> {
    touched(
        tx.conn()
            .run(
                "UPDATE document SET state = $3, changed_at = $4 WHERE profile_id = $1 AND id = $2",
                args![change.profile, id, state, now],
            )
            .await?,
    )
}

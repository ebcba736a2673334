//! Rows of tables that wait for the person's word, and what was decided on them, so that reading
//! the table again asks nothing twice.

use crate::{
    bulk::Insert,
    error::{Constraint, Result, StoreError},
    profile::Change,
    row::{One, ToArg, args, codes, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::{DocumentId, ProfileId, RecordId, ReviewRowId},
    sealed::Sealed,
};

codes! {
    /// What became of a row.
    pub enum ReviewState {
        /// Nothing yet.
        Waiting = "waiting",
        /// It is a record.
        Accepted = "accepted",
        /// The person does not want it.
        LeftOut = "left_out",
    }
}
row! {
    /// A row.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ReviewRow {
        /// Its id.
        pub id: ReviewRowId,
        /// The document in which it stands.
        pub document_id: DocumentId,
        /// Where: the same at each reading of the document.
        pub place: i64,
        /// What became of it.
        pub state: ReviewState,
        /// The record that it became.
        pub record_id: Option<RecordId>,
        /// The row as read.
        pub sealed: Sealed,
    }
}

/// A row to be added.
pub struct NewReviewRow {
    /// Its id, newly made.
    pub id: ReviewRowId,
    /// The document in which it stands.
    pub document_id: DocumentId,
    /// Where.
    pub place: i64,
    /// What became of it: `Waiting` for one that was just read.
    pub state: ReviewState,
    /// The record that it became.
    pub record_id: Option<RecordId>,
    /// The row as read.
    pub sealed: Sealed,
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, document_id, place, state, record_id, sealed FROM review_row ", $rest)
    };
}

/// Adds rows; a place that has a row already keeps it.
///
/// # Errors
/// `NotFound` when a document is not the profile's.
pub async fn insert_review_rows(tx: &mut Tx, change: &Change, new: &[NewReviewRow]) -> Result<u64> {
    let shared = [change.profile.arg()];
    let insert = Insert {
        head: "INSERT INTO review_row (profile_id, id, document_id, place, state, record_id, sealed) VALUES ",
        row: "($1, {0}, {1}, {2}, {3}, {4}, {5})",
        tail: " ON CONFLICT (profile_id, document_id, place) DO NOTHING",
        shared: &shared,
        columns: 6,
    };
    insert
        .run(&mut tx.conn(), new, |args, r| {
            args.extend([
                r.id.arg(),
                r.document_id.arg(),
                r.place.arg(),
                r.state.arg(),
                r.record_id.arg(),
                r.sealed.arg(),
            ]);
        })
        .await
}

/// A row of one document.
///
/// # Errors
/// `NotFound`.
pub async fn get_review_row(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    document: DocumentId,
    id: ReviewRowId,
) -> Result<ReviewRow> {
    let mut conn = from.into().conn().await?;
    conn.one(select!("WHERE profile_id = $1 AND document_id = $2 AND id = $3"), args![profile, document, id])
        .await
}

/// A document's rows in one state, in the document's order, from the `skip`th on.
///
/// # Errors
/// Those of the connection.
pub async fn list_review_rows(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    document: DocumentId,
    state: ReviewState,
    skip: i64,
    limit: i64,
) -> Result<Vec<ReviewRow>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        select!(
            "WHERE profile_id = $1 AND document_id = $2 AND state = $3 ORDER BY place LIMIT $5 OFFSET $4"
        ),
        args![profile, document, state, skip, limit],
    )
    .await
}

/// All rows of all documents of the profile, whatever became of them, by document and place.
///
/// # Errors
/// Those of the connection.
pub async fn list_all_review_rows(from: impl Into<Source<'_>>, profile: ProfileId) -> Result<Vec<ReviewRow>> {
    let mut conn = from.into().conn().await?;
    conn.all(select!("WHERE profile_id = $1 ORDER BY document_id, place"), args![profile]).await
}

/// How many of a document's rows are in one state.
///
/// # Errors
/// Those of the connection.
pub async fn count_review_rows(
    from: impl Into<Source<'_>>,
    profile: ProfileId,
    document: DocumentId,
    state: ReviewState,
) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let n: One<i64> = conn
        .one(
            "SELECT CAST(count(*) AS BIGINT) FROM review_row \
             WHERE profile_id = $1 AND document_id = $2 AND state = $3",
            args![profile, document, state],
        )
        .await?;
    Ok(n.0)
}

/// Notes a decision.
///
/// # Errors
/// `Conflict(RowVersion)` when the row is not in the state `from` any more, `NotFound`.
pub async fn update_review_row(
    tx: &mut Tx,
    change: &Change,
    row: &ReviewRow,
    to: ReviewState,
    record: Option<RecordId>,
) -> Result<()> {
    let rows = tx
        .conn()
        .run(
            "UPDATE review_row SET state = $4, record_id = $5 WHERE profile_id = $1 AND id = $2 AND state = $3",
            args![change.profile, row.id, row.state, to, record],
        )
        .await?;
    if rows == 0 {
        get_review_row(tx, change.profile, row.document_id, row.id).await?;
        return Err(StoreError::conflict(Constraint::RowVersion));
    }
    Ok(())
}

/// Forgets a document's rows that wait, because it is read again.
///
/// # Errors
/// Those of the connection.
pub async fn delete_waiting_rows(tx: &mut Tx, change: &Change, document: DocumentId) -> Result<u64> {
    tx.conn()
        .run(
            "DELETE FROM review_row WHERE profile_id = $1 AND document_id = $2 AND state = 'waiting'",
            args![change.profile, document],
        )
        .await
}

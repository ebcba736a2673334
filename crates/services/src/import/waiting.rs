//! Rows that wait, sealed.

use crate::{
    core::fresh,
    error::{Result, ServiceError},
    keyring::{ProfileKeys, Table},
};
use keepwell_crypto::NonceSource;
use keepwell_domain::ids::{DocumentId, ReviewRowId};
use keepwell_parsers::table::doubt::Unsure;
use keepwell_store::review::{NewReviewRow, ReviewRow, ReviewState};

/// Seals a row that waits.
///
/// # Errors
/// [`ServiceError::Internal`].
pub(crate) fn seal(
    keys: &ProfileKeys,
    nonces: &mut NonceSource,
    document_id: DocumentId,
    row: &Unsure,
) -> Result<NewReviewRow> {
    let id = fresh::<ReviewRowId>();
    let plain = postcard::to_allocvec(row).map_err(|_| ServiceError::internal("row", &"does not encode"))?;
    let sealed = keys.seal_many(nonces, Table::Review, "sealed", id.uuid(), &plain)?;
    Ok(NewReviewRow {
        id,
        document_id,
        place: i64::try_from(row.place).unwrap_or(i64::MAX),
        state: ReviewState::Waiting,
        record_id: None,
        sealed,
    })
}

/// Opens one.
///
/// # Errors
/// [`ServiceError::Internal`] when it does not open or read.
pub(crate) fn open(keys: &ProfileKeys, row: &ReviewRow) -> Result<Unsure> {
    let plain = keys.open(Table::Review, "sealed", row.id.uuid(), 1, &row.sealed)?;
    postcard::from_bytes(&plain).map_err(|_| ServiceError::internal("row", &"does not decode"))
}

//! Undoing an import, and replacing it by a newer reading of the same file.

use crate::{
    error::{Result, StoreError},
    profile::{Change, mark_removed},
    row::{One, args},
    store::Tx,
};
use keepwell_domain::{
    ids::{DocumentId, RecordId, SeriesId},
    time::Ts,
};

/// What went away with an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    /// Documents: the file and, of an archive, its parts.
    pub documents: u64,
    /// Records that stood nowhere else and were not put in by hand.
    pub records: u64,
    /// Columns that stood nowhere else.
    pub series: u64,
}

/// The document `$2` of the profile `$1` with all that is nested in it.
macro_rules! tree {
    ($rest:literal) => {
        concat!(
            "WITH RECURSIVE tree(id) AS (SELECT id FROM document WHERE profile_id = $1 AND id = $2 \
             UNION SELECT d.id FROM document d JOIN tree t ON d.parent_id = t.id WHERE d.profile_id = $1) ",
            $rest
        )
    };
}

/// Removes a document with its parts, the sources that point into them, the records and columns
/// that are then left with none, and the jobs about them; the files become garbage.
///
/// # Errors
/// `NotFound`.
pub async fn delete_import(tx: &mut Tx, change: &Change, document: DocumentId, now: Ts) -> Result<Removed> {
    let (mut conn, these) = (tx.conn(), args![change.profile, document]);
    // Counted here, because the engines count rows that a cascade takes along differently.
    let documents: One<i64> = conn.one(tree!("SELECT CAST(count(*) AS BIGINT) FROM tree"), these).await?;
    let documents = u64::try_from(documents.0).unwrap_or(0);
    if documents == 0 {
        return Err(StoreError::NotFound);
    }
    conn.run(
        tree!(
            "INSERT INTO blob_garbage (blob_id, profile_id, since) SELECT id, $1, $3 FROM tree \
             WHERE true ON CONFLICT (profile_id, blob_id) DO NOTHING"
        ),
        args![change.profile, document, now],
    )
    .await?;
    // Before the sources go, while they still say which records this import brought.
    let records = conn
        .run(
            tree!(
                "DELETE FROM record WHERE profile_id = $1 AND NOT by_hand \
                 AND id IN (SELECT record_id FROM record_source WHERE profile_id = $1 \
                            AND document_id IN (SELECT id FROM tree)) \
                 AND NOT EXISTS (SELECT 1 FROM record_source o WHERE o.profile_id = $1 \
                                 AND o.record_id = record.id AND o.document_id NOT IN (SELECT id FROM tree))"
            ),
            these,
        )
        .await?;
    let series = conn
        .run(
            tree!(
                "DELETE FROM series WHERE profile_id = $1 \
                 AND id IN (SELECT series_id FROM series_source WHERE profile_id = $1 \
                            AND document_id IN (SELECT id FROM tree)) \
                 AND NOT EXISTS (SELECT 1 FROM series_source o WHERE o.profile_id = $1 \
                                 AND o.series_id = series.id AND o.document_id NOT IN (SELECT id FROM tree))"
            ),
            these,
        )
        .await?;
    for rest in [
        tree!("DELETE FROM record_source WHERE profile_id = $1 AND document_id IN (SELECT id FROM tree)"),
        tree!("DELETE FROM series_source WHERE profile_id = $1 AND document_id IN (SELECT id FROM tree)"),
        tree!("DELETE FROM job WHERE profile_id = $1 AND subject_id IN (SELECT id FROM tree)"),
    ] {
        conn.run(rest, these).await?;
    }
    conn.run(tree!("DELETE FROM document WHERE profile_id = $1 AND id IN (SELECT id FROM tree)"), these)
        .await?;
    mark_removed(tx, change).await?;
    Ok(Removed { documents, records, series })
}

/// Takes a document's places out of its records and columns, before those of a newer reading go
/// in. The records stay; see [`delete_unsaid`].
///
/// # Errors
/// Those of the connection.
pub async fn delete_places(tx: &mut Tx, change: &Change, document: DocumentId) -> Result<()> {
    let mut conn = tx.conn();
    for sql in [
        "DELETE FROM record_source WHERE profile_id = $1 AND document_id = $2",
        "DELETE FROM series_source WHERE profile_id = $1 AND document_id = $2",
    ] {
        conn.run(sql, args![change.profile, document]).await?;
    }
    Ok(())
}

/// Removes those of the given records and columns that no document says any more, unless the
/// person put them in or changed them. Returns the records that stay although nothing says them.
///
/// # Errors
/// Those of the connection.
pub async fn delete_unsaid(
    tx: &mut Tx,
    change: &Change,
    records: &[RecordId],
    series: &[SeriesId],
) -> Result<Vec<RecordId>> {
    let mut stay = Vec::new();
    for id in records {
        let these = args![change.profile, *id];
        let gone = tx
            .conn()
            .run(
                "DELETE FROM record WHERE profile_id = $1 AND id = $2 AND NOT by_hand AND row_version = 1 \
                 AND NOT EXISTS (SELECT 1 FROM record_source o WHERE o.profile_id = $1 AND o.record_id = $2)",
                these,
            )
            .await?;
        let alone: Option<One<RecordId>> = match gone {
            0 => {
                let sql = "SELECT id FROM record WHERE profile_id = $1 AND id = $2 AND NOT EXISTS \
                           (SELECT 1 FROM record_source o WHERE o.profile_id = $1 AND o.record_id = $2)";
                tx.conn().opt(sql, these).await?
            }
            _ => None,
        };
        stay.extend(alone.map(|r| r.0));
    }
    for id in series {
        tx.conn()
            .run(
                "DELETE FROM series WHERE profile_id = $1 AND id = $2 AND NOT EXISTS \
                 (SELECT 1 FROM series_source o WHERE o.profile_id = $1 AND o.series_id = $2)",
                args![change.profile, *id],
            )
            .await?;
    }
    mark_removed(tx, change).await?;
    Ok(stay)
}

/// Removes a part that an archive's newer reading does not have. Its places are gone already.
///
/// # Errors
/// Those of the connection.
pub async fn delete_part(tx: &mut Tx, change: &Change, part: DocumentId) -> Result<()> {
    let sql = "DELETE FROM document WHERE profile_id = $1 AND id = $2 AND parent_id IS NOT NULL";
    tx.conn().run(sql, args![change.profile, part]).await?;
    Ok(())
}

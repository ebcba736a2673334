//! The audit log: entries wait where their acts put them, get their place in the tree, and stay.
//!
//! The engines themselves refuse to change or remove an entry that has its place.

mod explore;
mod head;
mod tree;

pub use explore::{
    Facet, OfPerson, Stretch, count_log, count_log_of, list_facets, list_log, list_log_all, list_log_of,
};
pub use head::{HeadRow, find_head, find_instance_key, insert_instance_key, replace_head};
pub use tree::{
    TileRow, add_to_tree, count_pending, list_tiles, lock_tree, put_tiles, take_pending, tree_size,
};

use crate::{
    bulk::Insert,
    error::Result,
    pool::Arg,
    row::{One, ToArg, args, row},
    store::{Source, Tx},
};
use keepwell_domain::{
    ids::AuditId,
    sealed::{Fingerprint, Sealed},
    time::Ts,
};

row! {
    /// An entry.
    #[derive(Debug, Clone)]
    pub struct AuditRow {
        /// Its id.
        pub id: AuditId,
        /// When.
        pub at: Ts,
        /// For how many seconds from then on it stands for the same act again.
        pub span: i64,
        /// How often it was done.
        pub times: i64,
        /// Who did it: a code of [`keepwell_domain::act::ActBy`].
        pub done_by: String,
        /// What: a code of [`keepwell_domain::act::Action`].
        pub action: String,
        /// How it ended: a code of [`keepwell_domain::act::ActOutcome`].
        pub outcome: String,
        /// Pseudonym of who did it.
        pub actor_fp: Option<Fingerprint>,
        /// Pseudonym of whose log it is in.
        pub person_fp: Option<Fingerprint>,
        /// Pseudonym of what it was done to.
        pub object_fp: Option<Fingerprint>,
        /// SHA-256 of the sealed value that was touched.
        pub payload_hash: Option<Fingerprint>,
        /// 16 random bytes.
        pub salt: Vec<u8>,
        /// Address, device and ids, sealed with the person's audit key.
        pub detail_sealed: Option<Sealed>,
    }
}
row! {
    /// An entry with its place in the log.
    #[derive(Debug, Clone)]
    pub struct PlacedRow {
        /// Its place, from 0.
        pub position: i64,
        /// As in [`AuditRow`]; so for all that follow.
        pub id: AuditId,
        /// When.
        pub at: Ts,
        /// For how long.
        pub span: i64,
        /// How often.
        pub times: i64,
        /// By whom.
        pub done_by: String,
        /// What.
        pub action: String,
        /// How it ended.
        pub outcome: String,
        /// Pseudonym of who did it.
        pub actor_fp: Option<Fingerprint>,
        /// Pseudonym of whose log it is in.
        pub person_fp: Option<Fingerprint>,
        /// Pseudonym of what it was done to.
        pub object_fp: Option<Fingerprint>,
        /// SHA-256 of the sealed value that was touched.
        pub payload_hash: Option<Fingerprint>,
        /// 16 random bytes.
        pub salt: Vec<u8>,
        /// The sealed detail.
        pub detail_sealed: Option<Sealed>,
    }
}

impl PlacedRow {
    /// The place, and the entry without it.
    #[must_use]
    pub fn split(self) -> (u64, AuditRow) {
        let row = AuditRow {
            id: self.id,
            at: self.at,
            span: self.span,
            times: self.times,
            done_by: self.done_by,
            action: self.action,
            outcome: self.outcome,
            actor_fp: self.actor_fp,
            person_fp: self.person_fp,
            object_fp: self.object_fp,
            payload_hash: self.payload_hash,
            salt: self.salt,
            detail_sealed: self.detail_sealed,
        };
        (u64::try_from(self.position).unwrap_or(0), row)
    }
}

macro_rules! columns {
    () => {
        "id, at, span, times, done_by, action, outcome, actor_fp, person_fp, object_fp, payload_hash, salt, detail_sealed"
    };
}

pub(crate) use columns;

impl AuditRow {
    fn push<'r>(&'r self, out: &mut Vec<Arg<'r>>) {
        out.extend([
            self.id.arg(),
            self.at.arg(),
            self.span.arg(),
            self.times.arg(),
            self.done_by.arg(),
            self.action.arg(),
            self.outcome.arg(),
            self.actor_fp.arg(),
            self.person_fp.arg(),
            self.object_fp.arg(),
            self.payload_hash.arg(),
            self.salt.arg(),
            self.detail_sealed.arg(),
        ]);
    }
}

/// Adds entries, in the transaction of what they are about.
///
/// # Errors
/// Any; the transaction must not be committed then.
pub async fn insert_audit(tx: &mut Tx, entries: &[AuditRow]) -> Result<()> {
    let insert = Insert {
        head: concat!("INSERT INTO audit_pending (", columns!(), ") VALUES "),
        row: "({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {10}, {11}, {12})",
        tail: "",
        shared: &[],
        columns: 13,
    };
    insert.run(&mut tx.conn(), entries, |out, e| e.push(out)).await?;
    Ok(())
}

/// Which of a person's entries are asked for.
#[derive(Debug, Clone, Copy)]
pub struct AuditFilter<'a> {
    /// Only places below this one.
    pub below: i64,
    /// Only of this kind: a code of [`keepwell_domain::act::ActKind`].
    pub kind: Option<&'a str>,
    /// Only done by them: a code of [`keepwell_domain::act::ActBy`].
    pub done_by: Option<&'a str>,
    /// From then on.
    pub from: Ts,
    /// Before then.
    pub until: Ts,
}

/// Entries of a person's log that have their place, newest first.
///
/// # Errors
/// Those of the connection.
pub async fn list_audit(
    from: impl Into<Source<'_>>,
    person: Fingerprint,
    filter: &AuditFilter<'_>,
    limit: i64,
) -> Result<Vec<PlacedRow>> {
    let mut conn = from.into().conn().await?;
    let (kind, by) = (filter.kind.unwrap_or(""), filter.done_by.unwrap_or(""));
    conn.all(
        concat!(
            "SELECT position, ",
            columns!(),
            " FROM audit_entry WHERE person_fp = $1 AND position < $2 AND ($3 = '' OR kind = $3) \
             AND ($4 = '' OR done_by = $4) AND at >= $5 AND at < $6 ORDER BY position DESC LIMIT $7"
        ),
        args![person, filter.below, kind, by, filter.from, filter.until, limit],
    )
    .await
}

/// How many entries [`list_audit`] would list without a limit.
///
/// # Errors
/// Those of the connection.
pub async fn count_audit(
    from: impl Into<Source<'_>>,
    person: Fingerprint,
    filter: &AuditFilter<'_>,
) -> Result<i64> {
    let mut conn = from.into().conn().await?;
    let (kind, by) = (filter.kind.unwrap_or(""), filter.done_by.unwrap_or(""));
    let count: One<i64> = conn
        .one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_entry WHERE person_fp = $1 AND position < $2 \
             AND ($3 = '' OR kind = $3) AND ($4 = '' OR done_by = $4) AND at >= $5 AND at < $6",
            args![person, filter.below, kind, by, filter.from, filter.until],
        )
        .await?;
    Ok(count.0)
}

/// One of a person's entries.
///
/// # Errors
/// `NotFound` when it is not there, somebody else's, or still waits for its place.
pub async fn get_audit(from: impl Into<Source<'_>>, person: Fingerprint, id: AuditId) -> Result<PlacedRow> {
    let mut conn = from.into().conn().await?;
    conn.one(
        concat!("SELECT position, ", columns!(), " FROM audit_entry WHERE person_fp = $1 AND id = $2"),
        args![person, id],
    )
    .await
}

/// All entries from a place on, in order, for the operator's own checks.
///
/// # Errors
/// Those of the connection.
pub async fn list_audit_from(
    from: impl Into<Source<'_>>,
    position: i64,
    limit: i64,
) -> Result<Vec<PlacedRow>> {
    let mut conn = from.into().conn().await?;
    conn.all(
        concat!(
            "SELECT position, ",
            columns!(),
            " FROM audit_entry WHERE position >= $1 ORDER BY position LIMIT $2"
        ),
        args![position, limit],
    )
    .await
}

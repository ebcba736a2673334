//! Proofs for those who look through the log: of what a page shows, of a whole range, and of a part that is written out.

use super::{AuditActor, explore::shown};
use crate::{
    audit::{Act, Head, Proven},
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_audit::part;
use keepwell_domain::{
    act::Action,
    view::running::{Cursor, Entry, ExploreQuery},
};
use keepwell_store::audit as rows;
use std::io::Write;

/// Entries of a range that are checked at once, and entries of a part that is written out.
pub const MOST_PROVED: u64 = 20_000;
/// Entries read at a time.
const STEP: u64 = 512;

/// What was found about a range of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeVerdict {
    /// The first entry.
    pub from: u64,
    /// The entry after the last.
    pub to: u64,
    /// Entries under the signed head.
    pub size: u64,
    /// Whether the head is signed by the log's key, says the tree's root, and continues the head that was signed before.
    pub is_head_good: bool,
    /// Where among the entries something does not hold, to 512 entries; nowhere when all are there, unchanged, and under the head.
    pub broken_at: Option<u64>,
}

impl RangeVerdict {
    /// Whether everything holds.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.is_head_good && self.broken_at.is_none()
    }
}

impl Services {
    /// Checks a range of the log, computing every hash anew: the entries from `from` up to, and without, `to`.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] with field `to` for a range that is empty, too long or beyond the log; [`ServiceError::Conflict`]
    /// when the log is not a continuation of what was signed before.
    pub async fn check_range(&self, auditor: &AuditActor, from: u64, to: u64) -> Result<RangeVerdict> {
        self.log_view(Act::of_staff(auditor.staff(), Action::LogViewed)).await?;
        let last = rows::find_head(&self.0.store).await?;
        let head = self.settle_log().await?;
        if from >= to || to > head.size || to - from > MOST_PROVED {
            let (size, most) = (head.size, MOST_PROVED);
            let en = format!("The log has entries from 0 to {size}; at most {most} are checked at once.");
            let de = format!(
                "Das Protokoll hat Einträge von 0 bis {size}; höchstens {most} werden auf einmal geprüft."
            );
            return Err(ServiceError::invalid("to", auditor.lang().pick(&en, &de)));
        }
        let last = last.map(|h| crate::audit::head_of(&h)).transpose()?;
        let is_head_good = self.check_head(&head, last.as_ref(), None).await?;
        let (mut at, mut broken_at) = (from, None);
        while at < to && broken_at.is_none() {
            let count = STEP.min(to - at);
            match self.are_under(&head, at, count).await {
                Ok(true) => at += count,
                // What cannot be read as an entry or a tile is not what was signed.
                Ok(false) | Err(ServiceError::Internal) => broken_at = Some(at),
                Err(e) => return Err(e),
            }
        }
        Ok(RangeVerdict { from, to, size: head.size, is_head_good, broken_at })
    }

    /// The entries that match, each with the proof that it is under the head: for whoever checks by script. Where the next page begins.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] when the log is not a continuation of what was signed before.
    pub async fn explore_proven(
        &self,
        auditor: &AuditActor,
        q: &ExploreQuery,
    ) -> Result<(Vec<(Entry, Proven)>, Option<Cursor>, Head)> {
        self.log_view(Act::of_staff(auditor.staff(), Action::LogViewed)).await?;
        let head = self.settle_log().await?;
        let limit = i64::from(
            q.limit.unwrap_or(keepwell_domain::access::PAGE).clamp(1, keepwell_domain::access::PAGE_MAX),
        );
        let mut found = self.matching(q, limit + 1).await?;
        let more = i64::try_from(found.len()).unwrap_or(0) > limit;
        found.truncate(usize::try_from(limit).unwrap_or(0));
        let next = found
            .last()
            .filter(|_| more)
            .map(|r| Cursor { at: r.at, position: u64::try_from(r.position).unwrap_or(0) });
        let found = under(found, &head);
        let proofs = self.prove(found.clone(), &head).await?;
        let items = found.into_iter().zip(proofs).map(|(row, p)| Ok((shown(row)?, p)));
        Ok((items.collect::<Result<_>>()?, next, head))
    }

    /// Writes out the newest entries that match, each with its proof, at most [`MOST_PROVED`], as a file that
    /// `keepwell audit verify --file` checks. How many, and whether there are more.
    ///
    /// # Errors
    /// As [`Self::explore_proven`], and those of the writer.
    pub async fn export_part(
        &self,
        auditor: &AuditActor,
        q: &ExploreQuery,
        out: impl Write + Send,
    ) -> Result<(u64, bool)> {
        self.log_now(Act::of_staff(auditor.staff(), Action::LogExported)).await?;
        let head = self.settle_log().await?;
        let most = i64::try_from(MOST_PROVED).unwrap_or(i64::MAX);
        let mut found = self.matching(q, most + 1).await?;
        let more = i64::try_from(found.len()).unwrap_or(0) > most;
        found.truncate(usize::try_from(most).unwrap_or(0));
        let found = under(found, &head);
        let count = found.len() as u64;
        let mut writer = part::Writer::new(out, self.0.signer.verifier(), &head.note, count)?;
        for some in found.chunks(usize::try_from(STEP).unwrap_or(1)) {
            for p in self.prove(some.to_vec(), &head).await? {
                writer.entry(p.position, &p.leaf, &p.path)?;
            }
        }
        writer.finish()?;
        Ok((count, more))
    }
}

/// Those that had their place when the head was signed.
fn under(mut rows: Vec<rows::PlacedRow>, head: &Head) -> Vec<rows::PlacedRow> {
    rows.retain(|r| u64::try_from(r.position).is_ok_and(|p| p < head.size));
    rows
}

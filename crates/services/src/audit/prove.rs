//! The live log proved to itself with bounded work, as somebody would who was handed the proofs: what
//! the security page tries every hour. [`Services::check_log`] reads the whole of it instead.

use super::sequence::{Head, entry_of, head_of, tiles};
use crate::{
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_audit::{Hash, proof};
use keepwell_store::audit as rows;
use std::collections::BTreeSet;

/// How many of the newest entries are proved, all of them.
const NEWEST: u64 = 256;
/// How many of the older ones, spread over the log; others each time.
const OLDER: u64 = 64;

impl Services {
    /// Numbers what waits, signs, and then checks: the signature of the new head, that it says the
    /// tree's root, that it continues the head that was signed last and `before`, and that the newest
    /// entries and some older ones are under it. The head, or nothing when any of this does not hold.
    ///
    /// # Errors
    /// Those of the store: then nothing is known.
    pub async fn prove_log(&self, before: Option<&Head>) -> Result<Option<Head>> {
        let last = match rows::find_head(&self.0.store).await?.map(|h| head_of(&h)) {
            Some(Err(_)) => return Ok(None),
            found => found.transpose()?,
        };
        let head = match self.settle_log().await {
            Ok(head) => head,
            Err(ServiceError::Conflict | ServiceError::Internal) => return Ok(None),
            Err(e) => return Err(e),
        };
        let holds = match self.check_head(&head, last.as_ref(), before).await {
            Ok(true) => self.check_entries(&head).await,
            other => other,
        };
        match holds {
            Ok(true) => Ok(Some(head)),
            // What cannot be read as an entry or a tile is not what was signed.
            Ok(false) | Err(ServiceError::Internal) => Ok(None),
            Err(e) => Err(e),
        }
    }

    pub(crate) async fn check_head(
        &self,
        head: &Head,
        last: Option<&Head>,
        before: Option<&Head>,
    ) -> Result<bool> {
        let verifier = self.0.signer.verifier();
        for one in [Some(head), last].into_iter().flatten() {
            match verifier.open(&one.note) {
                Ok(note) if (note.size, note.root) == (one.size, one.root) => {}
                _ => return Ok(false),
            }
        }
        if self.root_at(head.size).await? != head.root {
            return Ok(false);
        }
        for old in [last, before].into_iter().flatten().filter(|old| old.size > 0) {
            if old.size > head.size {
                return Ok(false);
            }
            let path = self.audit_consistency(old.size, head.size).await?;
            if proof::check_consistency((old.size, &old.root), (head.size, &head.root), &path).is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn check_entries(&self, head: &Head) -> Result<bool> {
        let first = head.size.saturating_sub(NEWEST);
        if !self.are_under(head, first, head.size - first).await? {
            return Ok(false);
        }
        let step = first.div_ceil(OLDER).max(1);
        let offset = self.now().0.unsigned_abs() % step;
        let mut at = offset;
        while at < first {
            if !self.are_under(head, at, 1).await? {
                return Ok(false);
            }
            at += step;
        }
        Ok(true)
    }

    /// Whether the entries from a place on are there, without a gap, and under the head.
    pub(crate) async fn are_under(&self, head: &Head, from: u64, count: u64) -> Result<bool> {
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let found = rows::list_audit_from(&self.0.store, number(from), number(count)).await?;
        if found.len() as u64 != count {
            return Ok(false);
        }
        let mut leaves: Vec<(u64, Hash)> = Vec::with_capacity(found.len());
        for (place, row) in (from..).zip(found) {
            let (position, row) = row.split();
            if position != place {
                return Ok(false);
            }
            leaves.push((position, entry_of(&row)?.hash()));
        }
        let wanted: BTreeSet<_> =
            leaves.iter().flat_map(|(place, _)| proof::tiles_of_inclusion(*place, head.size)).collect();
        let held = tiles(&self.0.store, &wanted.into_iter().collect::<Vec<_>>()).await?;
        for (place, leaf) in leaves {
            let path = proof::inclusion(&held, place, head.size)
                .map_err(|e| ServiceError::internal("audit tree", &e))?;
            if proof::check_inclusion(&leaf, place, head.size, &path, &head.root).is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

//! Gives entries their places in the tree and signs its head.
//!
//! Numbering is one transaction on the data: entries, tiles and size move together or not at all. The
//! head is signed after that, and only when the last one that was signed (it lies in the key store,
//! apart from the data) is the beginning of the tree as it is now: an older copy of the data that was
//! put back gets no second head. Any number of instances may do both at the same time.

use crate::{
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_audit::{
    Entry, Hash, proof,
    tile::{self, Edge, TileId, Tiles},
};
use keepwell_domain::{act::Action, sealed::Fingerprint};
use keepwell_store::{Source, StoreError, audit as rows};
use std::time::Duration;
use tokio::sync::watch;

/// Entries numbered in one transaction.
const STEP: i64 = 1024;
/// How long entries gather before they are numbered.
const GATHER: Duration = Duration::from_millis(500);
/// How often to look for what other instances and commands left.
const LOOK: Duration = Duration::from_secs(15);

/// A signed head of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Entries under it.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// The signed note.
    pub note: String,
}

fn broken(e: impl std::fmt::Display) -> ServiceError {
    ServiceError::internal("audit tree", &e)
}

/// An entry as its leaf says it.
pub(crate) fn entry_of(row: &rows::AuditRow) -> Result<Entry> {
    let number = |n: i64| u32::try_from(n).map_err(broken);
    Ok(Entry {
        id: row.id,
        at: row.at,
        span: number(row.span)?,
        times: number(row.times)?,
        done_by: row.done_by.clone(),
        action: row.action.clone(),
        outcome: row.outcome.clone(),
        actor: row.actor_fp,
        person: row.person_fp,
        object: row.object_fp,
        payload: row.payload_hash,
        salt: row.salt.as_slice().try_into().map_err(broken)?,
        detail: row.detail_sealed.clone(),
    })
}

/// Reads tiles of the tree.
pub(super) async fn tiles(from: impl Into<Source<'_>>, wanted: &[TileId]) -> Result<Tiles> {
    let ids: Vec<(i64, i64)> =
        wanted.iter().map(|t| (t.level.into(), i64::try_from(t.number).unwrap_or(i64::MAX))).collect();
    let mut out = Tiles::default();
    for row in rows::list_tiles(from, &ids).await? {
        let id = TileId {
            level: u32::try_from(row.level).map_err(broken)?,
            number: u64::try_from(row.number).map_err(broken)?,
        };
        out.put(id, tile::parse(&row.hashes).map_err(broken)?);
    }
    Ok(out)
}

impl Services {
    /// Numbers what was logged, soon after it was, until `stop` turns true.
    pub async fn run_sequencer(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(e) = self.settle_log().await {
                tracing::error!(error = %e, "the audit log could not be numbered; it is tried again");
            }
            tokio::select! {
                () = self.0.journal.logged() => {}
                () = tokio::time::sleep(LOOK) => {}
                _ = stop.changed() => {}
            }
            tokio::select! {
                () = tokio::time::sleep(GATHER) => {}
                _ = stop.changed() => {}
            }
        }
        let last = async {
            self.count_views(true).await?;
            self.settle_log().await
        };
        if let Err(e) = last.await {
            tracing::warn!(error = %e, "the last entries of the audit log wait for the next start");
        }
    }

    /// Gives every entry that is on disk its place, and signs the head over them.
    ///
    /// # Errors
    /// Those of the store; [`ServiceError::Conflict`] when the log is older than a head that was
    /// signed for it.
    pub async fn settle_log(&self) -> Result<Head> {
        self.count_views(false).await?;
        let _one = self.0.sequencing.lock().await;
        while self.number().await? == STEP {}
        self.sign().await
    }

    /// Numbers some entries; how many.
    async fn number(&self) -> Result<i64> {
        if rows::count_pending(&self.0.store).await? == 0 {
            return Ok(0);
        }
        let mut tx = self.0.store.begin().await?;
        let size = rows::lock_tree(&mut tx).await?;
        let taken = rows::take_pending(&mut tx, STEP).await?;
        let count = i64::try_from(taken.len()).unwrap_or(STEP);
        let at = u64::try_from(size).map_err(broken)?;
        let held = tiles(&mut tx, &Edge::wanted(at)).await?;
        let mut edge = Edge::new(at, &held).map_err(broken)?;
        let mut entries = Vec::with_capacity(taken.len());
        for row in taken {
            edge.push(entry_of(&row)?.hash());
            let kind = Action::parse(&row.action).map_or("", |a| a.kind().as_str());
            entries.push((row, kind));
        }
        let changed: Vec<rows::TileRow> = edge
            .take_changed()
            .into_iter()
            .map(|(id, hashes)| rows::TileRow {
                level: id.level.into(),
                number: i64::try_from(id.number).unwrap_or(i64::MAX),
                hashes: hashes.concat(),
            })
            .collect();
        rows::add_to_tree(&mut tx, size, &entries, &changed).await?;
        self.count_entries(&mut tx, &entries).await?;
        tx.commit().await?;
        Ok(count)
    }

    /// The signed head over all that is numbered.
    async fn sign(&self) -> Result<Head> {
        let store = &self.0.store;
        loop {
            let old = rows::find_head(store).await?;
            let size = self.log_size().await?;
            if let Some(old) = &old {
                self.check_grown(old, size).await?;
                if old.size == size {
                    return head_of(old);
                }
            }
            let size = u64::try_from(size).map_err(broken)?;
            let root = self.root_at(size).await?;
            let new = rows::HeadRow {
                size: i64::try_from(size).map_err(broken)?,
                root: Fingerprint(root),
                note: self.0.signer.sign(size, root),
                at: self.now(),
            };
            let mut tx = store.begin_keys().await?;
            match rows::replace_head(&mut tx, old.as_ref(), &new).await {
                Ok(()) => {
                    tx.commit().await?;
                    return head_of(&new);
                }
                // Another instance signed one meanwhile: look again.
                Err(StoreError::Conflict { .. }) => drop(tx),
                Err(e) => return Err(e.into()),
            }
        }
    }

    /// Fails unless the tree of `size` entries begins with the one that was signed before.
    async fn check_grown(&self, old: &rows::HeadRow, size: i64) -> Result<()> {
        let at = u64::try_from(old.size).map_err(broken)?;
        if old.size <= size && self.root_at(at).await? == old.root.0 {
            return Ok(());
        }
        tracing::error!(
            signed = old.size,
            found = size,
            "the audit log is not a continuation of the head that was signed last; nothing is signed"
        );
        Err(ServiceError::Conflict)
    }

    pub(super) async fn root_at(&self, size: u64) -> Result<Hash> {
        let held = tiles(&self.0.store, &proof::tiles_of_root(size)).await?;
        proof::root(&held, size).map_err(broken)
    }

    /// How many entries have their place.
    pub(crate) async fn log_size(&self) -> Result<i64> {
        Ok(rows::tree_size(&self.0.store).await?)
    }
}

pub(crate) fn head_of(row: &rows::HeadRow) -> Result<Head> {
    Ok(Head { size: u64::try_from(row.size).map_err(broken)?, root: row.root.0, note: row.note.clone() })
}

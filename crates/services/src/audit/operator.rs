//! What the operator does with the log: check it whole, and write it out for others to check.

use super::sequence::{Head, entry_of, head_of, tiles};
use crate::{
    core::Services,
    error::{Result, ServiceError},
};
use keepwell_audit::{
    export::{ExportError, Writer},
    tile::Edge,
};
use keepwell_store::audit as rows;
use std::io::Write;

/// Entries read at a time.
const STEP: i64 = 1000;

/// What was found in the live store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Entries in the tree.
    pub entries: u64,
    /// Entries that wait for their place.
    pub waiting: u64,
    /// The key of the log.
    pub key: String,
    /// The size of the head that was given, when it fits.
    pub pinned: Option<u64>,
}

/// Why the live log does not hold.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The store cannot be read.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// As in an export.
    #[error(transparent)]
    Log(#[from] ExportError),
    /// The stored hashes are not those of the entries.
    #[error("a stored tile does not fit the entries before number {0}")]
    Tile(u64),
    /// An entry is missing.
    #[error("entry {0} is missing")]
    Missing(u64),
    /// More was signed than there is.
    #[error("{signed} entries were signed, and {found} are there: the log was cut or put back")]
    Short {
        /// Entries under the signed head.
        signed: u64,
        /// Entries that are there.
        found: u64,
    },
}

impl Services {
    /// Reads the whole live log and checks every entry against the stored hashes and the head that was
    /// signed last, and a head from elsewhere when one is given. Changes nothing.
    ///
    /// # Errors
    /// What does not hold.
    pub async fn check_log(&self, pinned: Option<&str>) -> std::result::Result<Checked, CheckError> {
        let store = &self.0.store;
        let verifier = self.0.signer.verifier();
        let of = |e: keepwell_store::StoreError| CheckError::Service(e.into());
        let signed = rows::find_head(store).await.map_err(of)?.map(|h| head_of(&h)).transpose()?;
        let mut heads = Vec::new();
        if let Some(head) = &signed {
            let note = verifier.open(&head.note).map_err(ExportError::from)?;
            if (note.size, note.root) != (head.size, head.root) {
                return Err(ExportError::Root.into());
            }
            heads.push((head.size, head.root, false));
        }
        let pin = pinned.map(|p| verifier.open(p)).transpose().map_err(ExportError::from)?;
        heads.extend(pin.as_ref().map(|p| (p.size, p.root, true)));
        let found = u64::try_from(self.log_size().await?).unwrap_or(0);
        for (size, ..) in &heads {
            if *size > found {
                return Err(CheckError::Short { signed: *size, found });
            }
        }
        let mut edge = Edge::default();
        check_heads(&heads, &edge)?;
        while edge.size() < found {
            let from = i64::try_from(edge.size()).unwrap_or(i64::MAX);
            let batch = rows::list_audit_from(store, from, STEP).await.map_err(of)?;
            if batch.is_empty() {
                return Err(CheckError::Missing(edge.size()));
            }
            for placed in batch {
                let (position, row) = placed.split();
                if position != edge.size() {
                    return Err(CheckError::Missing(edge.size()));
                }
                if position >= found {
                    break;
                }
                edge.push(entry_of(&row)?.hash());
                check_heads(&heads, &edge)?;
            }
            let changed = edge.take_changed();
            let ids: Vec<_> = changed.iter().map(|(id, _)| *id).collect();
            let held = tiles(store, &ids).await?;
            // A stored tile may hold more than is counted here so far, never less or other.
            if changed.iter().any(|(id, hashes)| !held.get(*id).is_some_and(|t| t.starts_with(hashes))) {
                return Err(CheckError::Tile(edge.size()));
            }
        }
        let waiting = rows::count_pending(store).await.map_err(of)?;
        Ok(Checked {
            entries: found,
            waiting: u64::try_from(waiting).unwrap_or(0),
            key: verifier.to_string(),
            pinned: pin.map(|p| p.size),
        })
    }

    /// Writes the whole log as a file that [`keepwell_audit::export::verify`] checks without this
    /// instance. It names nobody and opens no detail.
    ///
    /// # Errors
    /// Those of the store and the writer.
    pub async fn export_log(&self, out: impl Write + Send) -> Result<Head> {
        let head = self.settle_log().await?;
        let mut writer = Writer::new(out, self.0.signer.verifier(), &head.note)?;
        let mut at = 0;
        while at < head.size {
            let from = i64::try_from(at).unwrap_or(i64::MAX);
            let batch = rows::list_audit_from(&self.0.store, from, STEP).await?;
            if batch.is_empty() {
                return Err(ServiceError::internal("audit log", &"an entry is missing"));
            }
            for placed in batch.into_iter().take(usize::try_from(head.size - at).unwrap_or(usize::MAX)) {
                writer.entry(&entry_of(&placed.split().1)?)?;
                at += 1;
            }
        }
        writer.finish()?;
        Ok(head)
    }
}

fn check_heads(
    heads: &[(u64, keepwell_audit::Hash, bool)],
    edge: &Edge,
) -> std::result::Result<(), ExportError> {
    for (size, root, is_pinned) in heads.iter().filter(|(size, ..)| *size == edge.size()) {
        if edge.root() != *root {
            return Err(if *is_pinned { ExportError::Pinned(*size) } else { ExportError::Root });
        }
    }
    Ok(())
}

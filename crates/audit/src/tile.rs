//! The tree's hashes in tiles of 256, as [C2SP tlog-tiles](https://c2sp.org/tlog-tiles) has them:
//! tile `n` of level `l` holds the hashes of the complete subtrees of height `8·l` from number
//! `256·n` on. The last tile of a level may be partial. Nothing else of the tree is kept.

use crate::hash::{self, Hash};
use std::collections::BTreeMap;

/// Hashes in a full tile.
pub const WIDTH: usize = 256;
/// Height of a tile: `2^HEIGHT = WIDTH`.
pub const HEIGHT: u32 = 8;

/// Which tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    /// Its level, 0 for hashes of leaves.
    pub level: u32,
    /// Its number in the level.
    pub number: u64,
}

/// Something about tiles that does not fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// A tile that is needed is not there, or holds fewer hashes than it must.
    #[error("a tile of the log is missing")]
    Missing(TileId),
    /// Bytes that are no row of hashes.
    #[error("a tile of the log is broken")]
    Broken,
}

/// How many hashes of a level there are in a tree of `size` leaves.
fn count(level: u32, size: u64) -> u64 {
    size.checked_shr(level * HEIGHT).unwrap_or(0)
}

/// Hashes out of bytes.
///
/// # Errors
/// [`TileError::Broken`] when they are none, or more than fit.
pub fn parse(bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
    let (hashes, rest) = bytes.as_chunks::<{ hash::LEN }>();
    if !rest.is_empty() || hashes.is_empty() || hashes.len() > WIDTH {
        return Err(TileError::Broken);
    }
    Ok(hashes.to_vec())
}

/// Some tiles of one tree.
#[derive(Default, Clone)]
pub struct Tiles(BTreeMap<TileId, Vec<Hash>>);

impl Tiles {
    /// Adds a tile.
    pub fn put(&mut self, id: TileId, hashes: Vec<Hash>) {
        self.0.insert(id, hashes);
    }

    /// A tile's hashes.
    #[must_use]
    pub fn get(&self, id: TileId) -> Option<&[Hash]> {
        self.0.get(&id).map(Vec::as_slice)
    }

    /// The root of the complete subtree of height `height` with number `number`.
    ///
    /// # Errors
    /// [`TileError::Missing`].
    pub fn node(&self, height: u32, number: u64) -> Result<Hash, TileError> {
        let (level, inside) = (height / HEIGHT, height % HEIGHT);
        let first = number << inside;
        let id = TileId { level, number: first / WIDTH as u64 };
        let start = usize::try_from(first % WIDTH as u64).unwrap_or(WIDTH);
        let held = self.0.get(&id).and_then(|t| t.get(start..start + (1 << inside)));
        held.map(hash::root).ok_or(TileError::Missing(id))
    }
}

/// The growing edge of the tree: the partial tile of every level.
#[derive(Default, Clone)]
pub struct Edge {
    size: u64,
    rows: Vec<Vec<Hash>>,
    changed: BTreeMap<TileId, Vec<Hash>>,
}

impl Edge {
    /// The tiles that [`Edge::new`] wants for a tree of this size.
    #[must_use]
    pub fn wanted(size: u64) -> Vec<TileId> {
        (0..u64::BITS / HEIGHT)
            .map(|level| (level, count(level, size)))
            .take_while(|(_, n)| *n > 0)
            .filter(|(_, n)| n % WIDTH as u64 != 0)
            .map(|(level, n)| TileId { level, number: n / WIDTH as u64 })
            .collect()
    }

    /// The edge of a tree of this size.
    ///
    /// # Errors
    /// [`TileError::Missing`] when a tile that [`Edge::wanted`] names is not among them, or is too short.
    pub fn new(size: u64, tiles: &Tiles) -> Result<Self, TileError> {
        let mut rows = Vec::new();
        for level in 0..u64::BITS / HEIGHT {
            let n = count(level, size);
            if n == 0 {
                break;
            }
            let width = usize::try_from(n % WIDTH as u64).unwrap_or(0);
            let id = TileId { level, number: n / WIDTH as u64 };
            let row = match width {
                0 => Vec::new(),
                _ => tiles.0.get(&id).and_then(|t| t.get(..width)).ok_or(TileError::Missing(id))?.to_vec(),
            };
            rows.push(row);
        }
        Ok(Self { size, rows, changed: BTreeMap::new() })
    }

    /// How many leaves there are.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        self.size += 1;
        let mut carried = Some(leaf);
        let mut level = 0;
        while let Some(one) = carried.take() {
            if self.rows.len() <= level as usize {
                self.rows.push(Vec::with_capacity(WIDTH));
            }
            let Some(row) = self.rows.get_mut(level as usize) else { return };
            row.push(one);
            let id = TileId { level, number: (count(level, self.size) - 1) / WIDTH as u64 };
            if row.len() == WIDTH {
                carried = Some(hash::root(row));
                self.changed.insert(id, std::mem::take(row));
            } else {
                self.changed.entry(id).or_default();
            }
            level += 1;
        }
    }

    /// Adds a leaf where no tile is wanted, only the root.
    pub fn push_only(&mut self, leaf: Hash) {
        self.push(leaf);
        self.changed.clear();
    }

    /// The root of the whole.
    #[must_use]
    pub fn root(&self) -> Hash {
        // From the smallest subtree at the right up to the largest at the left.
        let mut all: Option<Hash> = None;
        for row in &self.rows {
            let mut right = row.len();
            while right > 0 {
                let width = 1 << right.trailing_zeros();
                let part = hash::root(&row[right - width..right]);
                all = Some(all.map_or(part, |below| hash::node(&part, &below)));
                right -= width;
            }
        }
        all.unwrap_or_else(hash::empty)
    }

    /// The tiles that changed since the edge was made, as they are now.
    pub fn take_changed(&mut self) -> Vec<(TileId, Vec<Hash>)> {
        let changed = std::mem::take(&mut self.changed);
        let now = |(id, full): (TileId, Vec<Hash>)| {
            let row = self.rows.get(id.level as usize);
            (id, if full.is_empty() { row.cloned().unwrap_or_default() } else { full })
        };
        changed.into_iter().map(now).filter(|(_, hashes)| !hashes.is_empty()).collect()
    }
}

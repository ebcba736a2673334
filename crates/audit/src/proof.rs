//! Proofs that an entry is in the log, and that the log has only grown (RFC 6962 §2.1.1 and §2.1.2;
//! checked as RFC 9162 §2.1.3.2 and §2.1.4.2 say).

use crate::{
    hash::{self, Hash},
    tile::{HEIGHT, TileError, TileId, Tiles, WIDTH},
};

/// Longest proof in hashes: one for each level of a tree of 2^64 leaves, and one more.
const LONGEST: usize = 65;

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// There is no such place in a tree of that size, or no such step.
    #[error("the log has no such place")]
    Range,
    /// The proof has too many or too few hashes, or leads to another root.
    #[error("the proof does not hold")]
    Wrong,
    /// The tiles do not hold what is needed.
    #[error(transparent)]
    Tile(#[from] TileError),
}

/// Where hashes come from while a proof is made.
trait Nodes {
    fn node(&mut self, height: u32, number: u64) -> Result<Hash, TileError>;
}

impl Nodes for &Tiles {
    fn node(&mut self, height: u32, number: u64) -> Result<Hash, TileError> {
        Tiles::node(self, height, number)
    }
}

/// Notes which tiles are asked for.
#[derive(Default)]
struct Wish(std::collections::BTreeSet<TileId>);

impl Nodes for Wish {
    fn node(&mut self, height: u32, number: u64) -> Result<Hash, TileError> {
        let first = number << (height % HEIGHT);
        self.0.insert(TileId { level: height / HEIGHT, number: first / WIDTH as u64 });
        Ok([0; hash::LEN])
    }
}

/// The largest power of two below `n`, for `n > 1`.
const fn split(n: u64) -> u64 {
    1 << (u64::BITS - 1 - (n - 1).leading_zeros())
}

/// The root over the leaves from `from` to before `to`, a range as RFC 6962 splits the tree.
fn subtree(nodes: &mut impl Nodes, from: u64, to: u64) -> Result<Hash, TileError> {
    let n = to - from;
    if n == 0 {
        return Ok(hash::empty());
    }
    if n.is_power_of_two() {
        return nodes.node(n.trailing_zeros(), from >> n.trailing_zeros());
    }
    let k = split(n);
    Ok(hash::node(&subtree(nodes, from, from + k)?, &subtree(nodes, from + k, to)?))
}

fn path(
    nodes: &mut impl Nodes,
    index: u64,
    from: u64,
    to: u64,
    out: &mut Vec<Hash>,
) -> Result<(), TileError> {
    let n = to - from;
    if n <= 1 {
        return Ok(());
    }
    let k = split(n);
    if index < from + k {
        path(nodes, index, from, from + k, out)?;
        out.push(subtree(nodes, from + k, to)?);
    } else {
        path(nodes, index, from + k, to, out)?;
        out.push(subtree(nodes, from, from + k)?);
    }
    Ok(())
}

fn steps(
    nodes: &mut impl Nodes,
    old: u64,
    (from, to): (u64, u64),
    is_whole: bool,
    out: &mut Vec<Hash>,
) -> Result<(), TileError> {
    let n = to - from;
    if old == n {
        if !is_whole {
            out.push(subtree(nodes, from, to)?);
        }
        return Ok(());
    }
    let k = split(n);
    if old <= k {
        steps(nodes, old, (from, from + k), is_whole, out)?;
        out.push(subtree(nodes, from + k, to)?);
    } else {
        steps(nodes, old - k, (from + k, to), false, out)?;
        out.push(subtree(nodes, from, from + k)?);
    }
    Ok(())
}

fn inclusion_of(nodes: &mut impl Nodes, index: u64, size: u64) -> Result<Vec<Hash>, ProofError> {
    if index >= size {
        return Err(ProofError::Range);
    }
    let mut out = Vec::new();
    path(nodes, index, 0, size, &mut out)?;
    Ok(out)
}

fn consistency_of(nodes: &mut impl Nodes, old: u64, new: u64) -> Result<Vec<Hash>, ProofError> {
    if old > new {
        return Err(ProofError::Range);
    }
    let mut out = Vec::new();
    if old > 0 {
        steps(nodes, old, (0, new), true, &mut out)?;
    }
    Ok(out)
}

fn asked<T>(ask: impl FnOnce(&mut Wish) -> Result<T, ProofError>) -> Vec<TileId> {
    let mut wish = Wish::default();
    // A range that is wrong asks for nothing, and fails when the proof is made.
    let _ = ask(&mut wish);
    wish.0.into_iter().collect()
}

/// The tiles that [`inclusion`] wants.
#[must_use]
pub fn tiles_of_inclusion(index: u64, size: u64) -> Vec<TileId> {
    asked(|w| inclusion_of(w, index, size))
}

/// The tiles that [`consistency`] wants.
#[must_use]
pub fn tiles_of_consistency(old: u64, new: u64) -> Vec<TileId> {
    asked(|w| consistency_of(w, old, new))
}

/// The tiles that [`root`] wants.
#[must_use]
pub fn tiles_of_root(size: u64) -> Vec<TileId> {
    asked(|w| Ok(subtree(w, 0, size)?))
}

/// Proves that the leaf at `index` is in the tree of `size` leaves.
///
/// # Errors
/// [`ProofError::Range`], [`ProofError::Tile`].
pub fn inclusion(tiles: &Tiles, index: u64, size: u64) -> Result<Vec<Hash>, ProofError> {
    inclusion_of(&mut &*tiles, index, size)
}

/// Proves that the tree of `old` leaves is the beginning of the tree of `new`.
///
/// # Errors
/// [`ProofError::Range`], [`ProofError::Tile`].
pub fn consistency(tiles: &Tiles, old: u64, new: u64) -> Result<Vec<Hash>, ProofError> {
    consistency_of(&mut &*tiles, old, new)
}

/// The root of the first `size` leaves.
///
/// # Errors
/// [`TileError::Missing`].
pub fn root(tiles: &Tiles, size: u64) -> Result<Hash, TileError> {
    subtree(&mut &*tiles, 0, size)
}

/// Checks that `leaf` is the hash at `index` in the tree of `size` leaves with this root.
///
/// # Errors
/// [`ProofError::Range`], [`ProofError::Wrong`].
pub fn check_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Range);
    }
    if proof.len() > LONGEST {
        return Err(ProofError::Wrong);
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Wrong);
        }
        if at & 1 == 1 || at == last {
            hash = hash::node(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = hash::node(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(ProofError::Wrong) }
}

/// Checks that the tree of `old` leaves with `old_root` is the beginning of the tree of `new`
/// leaves with `new_root`.
///
/// # Errors
/// [`ProofError::Range`], [`ProofError::Wrong`].
pub fn check_consistency(
    (old, old_root): (u64, &Hash),
    (new, new_root): (u64, &Hash),
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Range);
    }
    if old == new || old == 0 {
        let same = if old == new { old_root == new_root } else { *old_root == hash::empty() };
        return if same && proof.is_empty() { Ok(()) } else { Err(ProofError::Wrong) };
    }
    if proof.len() > LONGEST {
        return Err(ProofError::Wrong);
    }
    // A whole subtree is its own first step and is left out of the proof.
    let (first, rest) = match old.is_power_of_two() {
        true => (old_root, proof),
        false => proof.split_first().ok_or(ProofError::Wrong)?,
    };
    let (mut at, mut last) = (old - 1, new - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut below, mut whole) = (*first, *first);
    for step in rest {
        if last == 0 {
            return Err(ProofError::Wrong);
        }
        if at & 1 == 1 || at == last {
            below = hash::node(step, &below);
            whole = hash::node(step, &whole);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            whole = hash::node(&whole, step);
        }
        at >>= 1;
        last >>= 1;
    }
    if last == 0 && below == *old_root && whole == *new_root { Ok(()) } else { Err(ProofError::Wrong) }
}

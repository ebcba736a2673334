//! RFC 6962 §2.1: `leaf = SHA-256(0x00 ‖ entry)`, `node = SHA-256(0x01 ‖ left ‖ right)`.

use sha2::{Digest, Sha256};

/// Length of a hash in bytes.
pub const LEN: usize = 32;

/// A hash of the tree.
pub type Hash = [u8; LEN];

/// The root of the empty tree: `SHA-256("")`.
#[must_use]
pub fn empty() -> Hash {
    Sha256::digest([]).into()
}

/// The hash of a leaf's bytes.
#[must_use]
pub fn leaf(bytes: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(bytes).finalize().into()
}

/// The hash above two others.
#[must_use]
pub fn node(left: &Hash, right: &Hash) -> Hash {
    let mut both = [1; 1 + 2 * LEN];
    both[1..=LEN].copy_from_slice(left);
    both[1 + LEN..].copy_from_slice(right);
    Sha256::digest(both).into()
}

/// The root over hashes of one level, which may be any number but none.
#[must_use]
pub fn root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => empty(),
        [one] => *one,
        many => {
            let (left, right) = many.split_at(many.len().next_power_of_two() / 2);
            node(&root(left), &root(right))
        }
    }
}

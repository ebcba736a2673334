//! The tree against the published vectors, against `ct-merkle`, and against whoever changes a bit.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use keepwell_audit::{
    Hash, hash,
    proof::{self, ProofError, check_consistency, check_inclusion},
    tile::{Edge, Tiles},
};
use proptest::prelude::*;
use sha2::Sha256;

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect()
}
fn hash_of(text: &str) -> Hash {
    hex(text).try_into().unwrap()
}

/// The leaves of the test vectors of the Certificate Transparency code that RFC 6962 came with.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
/// Their roots.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// A log with all its tiles.
fn log(leaves: impl IntoIterator<Item = Hash>) -> (Edge, Tiles) {
    let (mut edge, mut tiles) = (Edge::default(), Tiles::default());
    for leaf in leaves {
        edge.push(leaf);
    }
    for (id, hashes) in edge.take_changed() {
        tiles.put(id, hashes);
    }
    (edge, tiles)
}

fn numbered(n: u64) -> Hash {
    hash::leaf(&n.to_be_bytes())
}

#[test]
fn published_roots_come_out() {
    assert_eq!(hash::empty(), hash_of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    for n in 1..=LEAVES.len() {
        let (edge, tiles) = log(LEAVES[..n].iter().map(|l| hash::leaf(&hex(l))));
        assert_eq!(edge.root(), hash_of(ROOTS[n - 1]), "{n} leaves");
        assert_eq!(proof::root(&tiles, n as u64).unwrap(), edge.root());
    }
}

#[test]
fn published_proofs_come_out() {
    let (_, tiles) = log(LEAVES.iter().map(|l| hash::leaf(&hex(l))));
    let all = |list: &[&str]| list.iter().map(|h| hash_of(h)).collect::<Vec<_>>();
    let first = all(&[
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    assert_eq!(proof::inclusion(&tiles, 0, 8).unwrap(), first);
    let sixth = all(&[
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    assert_eq!(proof::inclusion(&tiles, 5, 8).unwrap(), sixth);
    let grown = all(&[
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    assert_eq!(proof::consistency(&tiles, 6, 8).unwrap(), grown);
    check_consistency((6, &hash_of(ROOTS[5])), (8, &hash_of(ROOTS[7])), &grown).unwrap();
}

#[test]
fn every_proof_of_small_trees_holds_and_is_the_one_that_ct_merkle_makes() {
    let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut roots = vec![hash::empty()];
    let (mut edge, mut tiles) = (Edge::default(), Tiles::default());
    for n in 0..70u64 {
        theirs.push(n.to_be_bytes().to_vec());
        edge.push(numbered(n));
        for (id, hashes) in edge.take_changed() {
            tiles.put(id, hashes);
        }
        let size = n + 1;
        assert_eq!(edge.root().as_slice(), theirs.root().as_bytes().as_slice());
        roots.push(edge.root());
        for index in 0..size {
            let ours = proof::inclusion(&tiles, index, size).unwrap();
            let other = theirs.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(ours.concat(), other.as_bytes(), "{index} of {size}");
            check_inclusion(&numbered(index), index, size, &ours, &edge.root()).unwrap();
        }
        for old in 1..size {
            let ours = proof::consistency(&tiles, old, size).unwrap();
            let other = theirs.prove_consistency(usize::try_from(size - old).unwrap());
            assert_eq!(ours.concat(), other.as_bytes(), "{old} to {size}");
            check_consistency((old, &roots[old as usize]), (size, &edge.root()), &ours).unwrap();
        }
    }
}

#[test]
fn proofs_out_of_many_tiles_need_only_those_that_they_name() {
    const SIZE: u64 = 70_000;
    let (edge, all) = log((0..SIZE).map(numbered));
    let (old, tiles_old) = log((0..66_000).map(numbered));
    assert_eq!(proof::root(&tiles_old, 66_000).unwrap(), old.root());
    let only = |ids: Vec<keepwell_audit::tile::TileId>| {
        assert!(ids.len() < 20, "{} tiles", ids.len());
        let mut some = Tiles::default();
        for id in ids {
            some.put(id, all.get(id).unwrap().to_vec());
        }
        some
    };
    for index in [0, 255, 256, 65_535, 65_536, 69_999] {
        let some = only(proof::tiles_of_inclusion(index, SIZE));
        let path = proof::inclusion(&some, index, SIZE).unwrap();
        assert!(path.len() * 32 <= 1024);
        check_inclusion(&numbered(index), index, SIZE, &path, &edge.root()).unwrap();
    }
    let some = only(proof::tiles_of_consistency(66_000, SIZE));
    let steps = proof::consistency(&some, 66_000, SIZE).unwrap();
    check_consistency((66_000, &old.root()), (SIZE, &edge.root()), &steps).unwrap();
    assert_eq!(proof::root(&only(proof::tiles_of_root(SIZE)), SIZE).unwrap(), edge.root());
    assert!(matches!(proof::inclusion(&Tiles::default(), 5, SIZE), Err(ProofError::Tile(_))));
    assert_eq!(proof::inclusion(&all, SIZE, SIZE), Err(ProofError::Range));
}

#[test]
fn a_log_goes_on_from_its_stored_tiles_wherever_it_was_left() {
    let (whole, _) = log((0..1500).map(numbered));
    for step in [1u64, 7, 255, 256, 257, 513] {
        let (mut size, mut tiles) = (0u64, Tiles::default());
        while size < 1500 {
            let mut held = Tiles::default();
            for id in Edge::wanted(size) {
                held.put(id, tiles.get(id).unwrap().to_vec());
            }
            let mut edge = Edge::new(size, &held).unwrap();
            for n in size..(size + step).min(1500) {
                edge.push(numbered(n));
            }
            size = edge.size();
            for (id, hashes) in edge.take_changed() {
                tiles.put(id, hashes);
            }
        }
        assert_eq!(proof::root(&tiles, 1500).unwrap(), whole.root(), "in steps of {step}");
    }
    assert!(Edge::new(300, &Tiles::default()).is_err());
}

proptest! {
    #[test]
    fn a_changed_proof_of_inclusion_fails(size in 1u64..600, at: prop::sample::Index, cut: prop::sample::Index, bit in 0usize..256) {
        let (edge, tiles) = log((0..size).map(numbered));
        let index = at.index(size as usize) as u64;
        let (leaf, root) = (numbered(index), edge.root());
        let path = proof::inclusion(&tiles, index, size).unwrap();
        check_inclusion(&leaf, index, size, &path, &root).unwrap();
        let flip = |mut h: Hash| { h[bit / 8] ^= 1 << (bit % 8); h };
        prop_assert!(check_inclusion(&flip(leaf), index, size, &path, &root).is_err());
        prop_assert!(check_inclusion(&leaf, index, size, &path, &flip(root)).is_err());
        if size > 1 {
            prop_assert!(check_inclusion(&leaf, (index + 1) % size, size, &path, &root).is_err());
            let n = cut.index(path.len());
            let mut changed = path.clone();
            changed[n] = flip(changed[n]);
            prop_assert!(check_inclusion(&leaf, index, size, &changed, &root).is_err());
            let mut shorter = path.clone();
            shorter.remove(n);
            prop_assert!(check_inclusion(&leaf, index, size, &shorter, &root).is_err());
        }
        let mut longer = path.clone();
        longer.push(leaf);
        prop_assert!(check_inclusion(&leaf, index, size, &longer, &root).is_err());
        prop_assert!(check_inclusion(&leaf, size, size, &path, &root).is_err());
    }

    #[test]
    fn a_changed_proof_of_growth_fails(new in 2u64..600, at: prop::sample::Index, cut: prop::sample::Index, bit in 0usize..256) {
        let (edge, tiles) = log((0..new).map(numbered));
        let old = at.index(new as usize - 1) as u64 + 1;
        let then = proof::root(&tiles, old).unwrap();
        let steps = proof::consistency(&tiles, old, new).unwrap();
        check_consistency((old, &then), (new, &edge.root()), &steps).unwrap();
        let flip = |mut h: Hash| { h[bit / 8] ^= 1 << (bit % 8); h };
        prop_assert!(check_consistency((old, &flip(then)), (new, &edge.root()), &steps).is_err());
        prop_assert!(check_consistency((old, &then), (new, &flip(edge.root())), &steps).is_err());
        prop_assert!(check_consistency((new, &edge.root()), (old, &then), &steps).is_err());
        if !steps.is_empty() {
            let n = cut.index(steps.len());
            let mut changed = steps.clone();
            changed[n] = flip(changed[n]);
            prop_assert!(check_consistency((old, &then), (new, &edge.root()), &changed).is_err());
            let mut shorter = steps.clone();
            shorter.remove(n);
            prop_assert!(check_consistency((old, &then), (new, &edge.root()), &shorter).is_err());
        }
        let mut longer = steps.clone();
        longer.push(then);
        prop_assert!(check_consistency((old, &then), (new, &edge.root()), &longer).is_err());
    }

    #[test]
    fn any_proof_at_all_is_judged_without_a_panic(index: u64, size: u64, new: u64, proof in prop::collection::vec(any::<Hash>(), 0..70), leaf: Hash, root: Hash) {
        prop_assert!(check_inclusion(&leaf, index, size, &proof, &root).is_err() || (size == 1 && leaf == root));
        let _ = check_consistency((size, &leaf), (new, &root), &proof);
    }

    #[test]
    fn what_does_not_begin_the_log_is_not_proven_to(size in 2u64..400, at: prop::sample::Index) {
        let changed = at.index(size as usize - 1) as u64;
        let (before, _) = log((0..size - 1).map(numbered));
        let (after, tiles) = log((0..size).map(|n| numbered(if n == changed { n + 10_000 } else { n })));
        let steps = proof::consistency(&tiles, size - 1, size).unwrap();
        prop_assert!(check_consistency((size - 1, &before.root()), (size, &after.root()), &steps).is_err());
    }
}

//! Checking proofs, as whoever holds a checkpoint does: RFC 9162, 2.1.3.2 and 2.1.4.2.

use super::{Algorithm, Hash};

/// Whether `proof` shows that `leaf` is the leaf `index` of the tree of `size` leaves with this root.
pub fn includes(algorithm: Algorithm, leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = leaf;
    for other in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = algorithm.node(other, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = algorithm.node(&hash, other);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == root
}

/// Whether `proof` shows that the tree of `size` leaves with `root` grew out of the one of `old` leaves with `old_root`.
/// Out of nothing everything grows, and a tree out of itself.
pub fn consistent(
    algorithm: Algorithm,
    (old, old_root): (u64, Hash),
    (size, root): (u64, Hash),
    proof: &[Hash],
) -> bool {
    if old > size {
        return false;
    }
    if old == 0 {
        return proof.is_empty() && old_root == algorithm.empty();
    }
    if old == size {
        return proof.is_empty() && old_root == root;
    }
    // An old tree of a power of two is itself the first node of the path.
    let path: Vec<Hash> = match old.is_power_of_two() {
        true => std::iter::once(old_root).chain(proof.iter().copied()).collect(),
        false => proof.to_vec(),
    };
    let Some((first, rest)) = path.split_first() else { return false };
    let (mut node, mut last) = (old - 1, size - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut before, mut now) = (*first, *first);
    for other in rest {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            before = algorithm.node(other, &before);
            now = algorithm.node(other, &now);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            now = algorithm.node(&now, other);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && before == old_root && now == root
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Edge, Node, Range, consistency, inclusion};
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use std::{collections::HashMap, convert::Infallible};

    /// A log with all its nodes, as the database keeps them.
    struct Log {
        algorithm: Algorithm,
        edge: Edge,
        nodes: HashMap<Node, Hash>,
        roots: Vec<Hash>,
    }

    impl Log {
        fn of(algorithm: Algorithm, leaves: impl IntoIterator<Item = Vec<u8>>) -> Log {
            let edge = Edge::empty(algorithm);
            let mut log = Log { algorithm, roots: vec![edge.root()], edge, nodes: HashMap::new() };
            for leaf in leaves {
                let hash = algorithm.leaf(&leaf);
                log.nodes.insert(Node { level: 0, index: log.edge.size() }, hash);
                log.edge.push(hash, |node, hash| assert_eq!(log.nodes.insert(node, hash), None));
                log.roots.push(log.edge.root());
            }
            log
        }

        fn proof(&self, ranges: Vec<Range>) -> Vec<Hash> {
            let hash = |range: Range| match range
                .hash(self.algorithm, |node| Ok::<_, Infallible>(self.nodes[&node]))
            {
                Ok(hash) => hash,
            };
            ranges.into_iter().map(hash).collect()
        }
    }

    /// The leaves of Certificate Transparency's own tests, and the roots that they come to.
    const LEAVES: [&[u8]; 8] = [
        b"",
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ];
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

    fn published() -> Log {
        Log::of(Algorithm::Sha256, LEAVES.iter().map(|leaf| leaf.to_vec()))
    }

    #[test]
    fn the_tree_has_the_roots_of_certificate_transparency() {
        let roots: Vec<String> = published().roots[1..].iter().map(ToString::to_string).collect();
        assert_eq!(roots, ROOTS);
    }

    #[test]
    fn proofs_are_those_of_certificate_transparency() {
        let log = published();
        let told = |proof: Vec<Hash>| proof.iter().map(ToString::to_string).collect::<Vec<_>>();
        // "TestMerkleTreeInclusionProofBruteForce" and its neighbours, for leaf 6 of 8 and from 3 to 7.
        assert_eq!(
            told(log.proof(inclusion(5, 8))),
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
        assert_eq!(
            told(log.proof(consistency(6, 8))),
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
    }

    fn numbered(n: u64) -> impl Iterator<Item = Vec<u8>> {
        (0..n).map(|i| i.to_be_bytes().to_vec())
    }

    /// Roots and all proofs, against an implementation that somebody else wrote.
    fn agrees_with_the_oracle<H: ct_merkle::digest::Digest>(algorithm: Algorithm) {
        const N: u64 = 40;
        let log = Log::of(algorithm, numbered(N));
        let mut oracle = MemoryBackedTree::<H, Vec<u8>>::new();
        let bytes = |proof: &[Hash]| proof.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>();
        for (size, leaf) in (1..=N).zip(numbered(N)) {
            oracle.push(leaf);
            let root = log.roots[size as usize];
            assert_eq!(oracle.root().as_bytes().as_slice(), root.0.as_slice());
            for index in 0..size {
                let proof = log.proof(inclusion(index, size));
                assert_eq!(
                    oracle.prove_inclusion(index as usize).as_bytes(),
                    bytes(&proof),
                    "{index} in {size}"
                );
                let leaf = log.nodes[&Node { level: 0, index }];
                assert!(includes(algorithm, leaf, index, size, &proof, root), "{index} in {size}");
            }
            for old in 1..size {
                let proof = log.proof(consistency(old, size));
                let theirs = oracle.prove_consistency((size - old) as usize);
                assert_eq!(theirs.as_bytes(), bytes(&proof), "{old} to {size}");
                assert!(consistent(algorithm, (old, log.roots[old as usize]), (size, root), &proof));
            }
        }
    }

    #[test]
    fn another_implementation_agrees_over_both_hashes() {
        agrees_with_the_oracle::<sha2::Sha256>(Algorithm::Sha256);
        agrees_with_the_oracle::<sm3::Sm3>(Algorithm::Sm3);
    }

    #[test]
    fn between_all_pairs_of_500_heads_there_is_a_proof_and_no_other_head_passes() {
        let algorithm = Algorithm::Sha256;
        let log = Log::of(algorithm, numbered(500));
        let other = Log::of(
            algorithm,
            numbered(500).map(|mut leaf| {
                // The 200th leaf is another one.
                if leaf == 199u64.to_be_bytes() {
                    leaf.push(0);
                }
                leaf
            }),
        );
        for size in 1..=500u64 {
            for old in 1..=size {
                let proof = log.proof(consistency(old, size));
                let at = |log: &Log, size: u64| (size, log.roots[size as usize]);
                assert!(consistent(algorithm, at(&log, old), at(&log, size), &proof), "{old} to {size}");
                if size >= 200 {
                    assert!(
                        !consistent(algorithm, at(&log, old), at(&other, size), &proof),
                        "{old} to {size}"
                    );
                }
                if old >= 200 {
                    assert!(
                        !consistent(algorithm, at(&other, old), at(&log, size), &proof),
                        "{old} to {size}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_proof_holds_for_its_own_leaf_place_and_length_alone() {
        let algorithm = Algorithm::Sm3;
        let log = Log::of(algorithm, numbered(21));
        for size in 1..=21u64 {
            let root = log.roots[size as usize];
            for index in 0..size {
                let leaf = log.nodes[&Node { level: 0, index }];
                let proof = log.proof(inclusion(index, size));
                for (other_index, other_size) in [(index + 1, size), (size, size), (u64::MAX, size), (0, 0)] {
                    assert!(!includes(algorithm, leaf, other_index, other_size, &proof, root));
                }
                for at in 0..proof.len() {
                    let mut wrong = proof.clone();
                    wrong[at].0[31] ^= 1;
                    assert!(!includes(algorithm, leaf, index, size, &wrong, root));
                    assert!(!includes(algorithm, leaf, index, size, &proof[..at], root));
                }
                let longer: Vec<_> = proof.iter().copied().chain([root]).collect();
                assert!(!includes(algorithm, leaf, index, size, &longer, root));
            }
            let empty = algorithm.empty();
            assert!(consistent(algorithm, (0, empty), (size, root), &[]));
            assert!(!consistent(algorithm, (0, root), (size, root), &[]));
            assert!(!consistent(algorithm, (size + 1, root), (size, root), &[]));
            for old in 1..size {
                let proof = log.proof(consistency(old, size));
                let old_root = log.roots[old as usize];
                for at in 0..proof.len() {
                    let mut wrong = proof.clone();
                    wrong[at].0[0] ^= 1;
                    assert!(!consistent(algorithm, (old, old_root), (size, root), &wrong));
                    assert!(!consistent(algorithm, (old, old_root), (size, root), &proof[..at]));
                }
                let longer: Vec<_> = proof.iter().copied().chain([root]).collect();
                assert!(!consistent(algorithm, (old, old_root), (size, root), &longer));
            }
        }
    }
}

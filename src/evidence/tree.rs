//! The tree over a log's leaves: which nodes are complete, what a root is made of, and what a proof needs. It never sees
//! a whole log: the right edge is enough to append, and a proof asks for the few nodes that it is made of.

use super::{Algorithm, Hash};

/// A complete subtree: the `2^level` leaves from `index * 2^level`. Level 0 is a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    pub level: u32,
    pub index: u64,
}

/// Neighbouring leaves whose hash is wanted: from `start`, `len` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub start: u64,
    pub len: u64,
}

impl Range {
    /// The complete subtrees that it consists of, from the left; each is smaller than the one before it.
    ///
    /// Right for the ranges of RFC 9162 alone, which begin at a multiple of a power of two that is not below `len`.
    pub fn nodes(self) -> impl Iterator<Item = Node> {
        let mut start = self.start;
        (0..u64::BITS).rev().filter(move |level| self.len >> level & 1 == 1).map(move |level| {
            let node = Node { level, index: start >> level };
            start += 1 << level;
            node
        })
    }

    /// The hash over its leaves (MTH), with the subtrees' hashes from wherever they are kept.
    pub fn hash<E>(
        self,
        algorithm: Algorithm,
        mut node: impl FnMut(Node) -> Result<Hash, E>,
    ) -> Result<Hash, E> {
        let hashes = self.nodes().map(&mut node).collect::<Result<Vec<_>, E>>()?;
        Ok(joined(algorithm, &hashes))
    }
}

/// Subtrees from the left, each smaller than the one before, as one root.
fn joined(algorithm: Algorithm, hashes: &[Hash]) -> Hash {
    let mut from_right = hashes.iter().rev();
    let Some(last) = from_right.next() else { return algorithm.empty() };
    from_right.fold(*last, |right, left| algorithm.node(left, &right))
}

/// The largest power of two below `n`, where the tree of `n` leaves is cut in two; for `n` above 1.
fn half(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// What a proof that leaf `index` is in the tree of `size` leaves consists of, from the leaf up (RFC 9162, 2.1.3.1);
/// nothing for a leaf that is not in it.
pub fn inclusion(index: u64, size: u64) -> Vec<Range> {
    let mut path = Vec::new();
    let (mut start, mut len) = (0, size);
    while index < size && len > 1 {
        let cut = half(len);
        let (left, right) = (Range { start, len: cut }, Range { start: start + cut, len: len - cut });
        let (own, other) = if index < right.start { (left, right) } else { (right, left) };
        path.push(other);
        (start, len) = (own.start, own.len);
    }
    path.reverse();
    path
}

/// What a proof that the tree of `size` leaves grew out of that of `old` leaves consists of (RFC 9162, 2.1.4.1);
/// nothing where both are the same or there is nothing to prove.
pub fn consistency(old: u64, size: u64) -> Vec<Range> {
    let mut path = Vec::new();
    if old == 0 || old >= size {
        return path;
    }
    let (mut start, mut len) = (0, size);
    loop {
        if old == start + len {
            // The old tree itself is known to whoever asks; a subtree of it is not.
            if start > 0 {
                path.push(Range { start, len });
            }
            break;
        }
        let cut = half(len);
        let (left, right) = (Range { start, len: cut }, Range { start: start + cut, len: len - cut });
        let (next, other) = if old <= right.start { (left, right) } else { (right, left) };
        path.push(other);
        (start, len) = (next.start, next.len);
    }
    path.reverse();
    path
}

/// A growing log's right edge: enough to append and to tell the root.
#[derive(Clone, Debug)]
pub struct Edge {
    algorithm: Algorithm,
    size: u64,
    /// The complete subtrees from the left, each larger than the next.
    hashes: Vec<Hash>,
}

impl Edge {
    pub fn empty(algorithm: Algorithm) -> Edge {
        Edge { algorithm, size: 0, hashes: Vec::new() }
    }

    /// The edge of a log of `size` leaves, with the nodes from wherever they are kept.
    pub fn read<E>(
        algorithm: Algorithm,
        size: u64,
        node: impl FnMut(Node) -> Result<Hash, E>,
    ) -> Result<Edge, E> {
        let hashes = Range { start: 0, len: size }.nodes().map(node).collect::<Result<_, E>>()?;
        Ok(Edge { algorithm, size, hashes })
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn root(&self) -> Hash {
        joined(self.algorithm, &self.hashes)
    }

    /// Appends a leaf; tells each inner node that it completes.
    pub fn push(&mut self, leaf: Hash, mut complete: impl FnMut(Node, Hash)) {
        let mut index = self.size;
        self.size += 1;
        let mut hash = leaf;
        let mut level = 0;
        while index & 1 == 1 {
            let Some(left) = self.hashes.pop() else { break };
            hash = self.algorithm.node(&left, &hash);
            index >>= 1;
            level += 1;
            complete(Node { level, index }, hash);
        }
        self.hashes.push(hash);
    }
}

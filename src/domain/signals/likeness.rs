//! When two texts are nearly equal: the share of short runs of characters that both have, and marks by which texts of a
//! large share find each other without a comparison with all.
//!
//! The marks are a MinHash in bands (Broder 1997; Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, chapter
//! 3): two texts that share the marks of one band are compared. Stored in the index of letters, so the hash and its
//! numbers are part of what is kept: whoever changes one of them raises `FOLD` (`src/office/fold_version.rs`).

use std::collections::BTreeSet;

/// So many characters in a row are compared as one.
pub(super) const RUN: u32 = 4;
/// From here on two letters are nearly equal, in per cent.
pub(super) const ALIKE: u32 = 80;
/// A text's marks: two texts of which [`ALIKE`] per cent agree share one of them in 199 of 200 cases.
pub const BANDS: usize = 24;
/// Least hashes in a mark.
const ROWS: u64 = 4;
/// How many letters of one mark are read, the oldest ones: a letter that thousands share is told by its first.
pub const OLDEST_PER_BAND: i64 = 50;

/// The runs of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Runs(BTreeSet<u64>);

impl Runs {
    /// Of a text in which only letters and digits are left.
    pub fn of(plain: &str) -> Runs {
        Runs(runs(plain, RUN as usize))
    }

    /// The share of the two texts that agrees, in whole per cent, rounded down: 100 for the same text.
    pub fn agree(&self, other: &Runs) -> u32 {
        share(&self.0, &other.0)
    }

    /// The text's marks; the same for the same text, today and in ten years.
    pub fn bands(&self) -> [i64; BANDS] {
        let mut bands = [0; BANDS];
        for (band, number) in bands.iter_mut().zip(0u64..) {
            let mut mark = mixed(number);
            for row in 0..ROWS {
                let seed = mixed(number * ROWS + row + 1);
                let least = self.0.iter().map(|run| mixed(run ^ seed)).min().unwrap_or_default();
                mark = mixed(mark ^ least);
            }
            *band = mark.cast_signed();
        }
        bands
    }
}

/// How alike two short texts are in their words, in per cent of their pairs of characters.
pub(super) fn of_words(ours: &str, theirs: &str) -> u32 {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    share(&runs(&plain(ours), 2), &runs(&plain(theirs), 2))
}

fn share(ours: &BTreeSet<u64>, theirs: &BTreeSet<u64>) -> u32 {
    let all = ours.len() + theirs.len();
    let both = ours.intersection(theirs).count();
    // Two texts without any run say nothing of each other.
    u32::try_from((200 * both).checked_div(all).unwrap_or_default()).unwrap_or_default()
}

fn runs(plain: &str, length: usize) -> BTreeSet<u64> {
    let chars: Vec<char> = plain.chars().collect();
    let hash = |run: &[char]| run.iter().fold(0, |hash, c| mixed(hash ^ u64::from(u32::from(*c))));
    chars.windows(length).map(hash).collect()
}

/// SplitMix64's finisher (Steele, Lea and Flood 2014): each bit of the answer depends on each of the question.
fn mixed(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

//! The names in a compound file's directory (OLE2: .doc, .xls, .wps, .et), read in memory that the file bounds.
//!
//! An installer (.msi) and a mail (.msg) are compound files too, so the signature alone says nothing. No stream
//! is read, only the directory: what lies at the top tells the program, and macros have storages of their own.

/// How a compound file begins.
pub(super) const SIGNATURE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// More entries than any document has.
const MAX_ENTRIES: usize = 10_000;
const ENTRY: usize = 128;
/// A number of a sector or an entry from here on is a mark.
const RESERVED: u32 = 0xFFFF_FFFA;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;

/// What a compound file's directory tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listing {
    /// The names at the top, in lowercase, as they are compared.
    pub top: Vec<String>,
    /// Every name in lowercase, also those of embedded documents and of entries that nothing leads to.
    pub all: Vec<String>,
}

/// The listing; `None` if the file is broken, cut short, or has more than [`MAX_ENTRIES`].
pub(super) fn list(bytes: &[u8]) -> Option<Listing> {
    let file = Sectors::of(bytes)?;
    let table = file.table()?;
    let mut directory = Vec::new();
    for sector in chain(u32_at(bytes, 48)?, &table)? {
        directory.extend_from_slice(file.sector(sector)?);
        if directory.len() > MAX_ENTRIES * ENTRY {
            return None;
        }
    }
    let entries: Vec<&[u8]> = directory.chunks_exact(ENTRY).collect();
    let names: Vec<String> = entries.iter().map(|entry| name(entry)).collect::<Option<_>>()?;
    let top = below(&entries, u32_at(entries.first()?, 76)?)?;
    Some(Listing {
        top: top.into_iter().map(|at| names[at].clone()).collect(),
        all: names.into_iter().filter(|name| !name.is_empty()).collect(),
    })
}

/// The entries of a folder, which lie in a binary tree from this one on; `None` if it is no tree.
fn below(entries: &[&[u8]], from: u32) -> Option<Vec<usize>> {
    let mut seen = vec![false; entries.len()];
    let mut found = Vec::new();
    let mut open = vec![from];
    while let Some(link) = open.pop() {
        if link >= RESERVED {
            continue;
        }
        let at = link as usize;
        if std::mem::replace(seen.get_mut(at)?, true) {
            return None;
        }
        found.push(at);
        open.extend([u32_at(entries[at], 68)?, u32_at(entries[at], 72)?]);
    }
    Some(found)
}

/// At most 31 characters in UTF-16 and a zero; its length is told in bytes.
fn name(entry: &[u8]) -> Option<String> {
    let length = usize::from(u16_at(entry, 64)?);
    let units =
        entry.get(..length.min(64))?.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let name: String = char::decode_utf16(units.take_while(|unit| *unit != 0))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    Some(name.to_ascii_lowercase())
}

/// A file cut into sectors.
struct Sectors<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl<'a> Sectors<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let size = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        bytes.starts_with(SIGNATURE).then_some(Self { bytes, size })
    }

    /// The last one may be cut short.
    fn sector(&self, id: u32) -> Option<&'a [u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.size)?;
        self.bytes.get(start..self.bytes.len().min(start.checked_add(self.size)?))
    }

    /// For each sector the one that follows it. The table's own sectors are told in the header, and from the
    /// 110th on in a chain of sectors, each of which ends in the number of the next.
    fn table(&self) -> Option<Vec<u32>> {
        let sectors = self.bytes.len() / self.size + 1;
        let mut parts = numbers(self.bytes.get(76..512)?);
        let mut next = u32_at(self.bytes, 68)?;
        // A chain that bites its own tail is longer than the file.
        let mut left = sectors;
        while next < RESERVED {
            left = left.checked_sub(1)?;
            let mut more = numbers(self.sector(next)?);
            next = more.pop()?;
            parts.extend(more);
        }
        let mut table = Vec::new();
        for part in parts.into_iter().filter(|part| *part < RESERVED) {
            table.extend(numbers(self.sector(part)?));
            // With room for what a program sets aside; a part that is told again and again is refused.
            if table.len() > sectors * 2 + self.size {
                return None;
            }
        }
        Some(table)
    }
}

/// The sectors of a chain in order; `None` if it leaves the table or bites its own tail.
fn chain(first: u32, table: &[u32]) -> Option<Vec<u32>> {
    let mut sectors = Vec::new();
    let mut at = first;
    while at != END_OF_CHAIN {
        if sectors.len() > table.len() {
            return None;
        }
        sectors.push(at);
        at = *table.get(at as usize)?;
    }
    Some(sectors)
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::files::fixture::{Entry, compound};

    fn letter() -> Vec<u8> {
        compound(&[
            Entry("Root Entry", None, None, Some(1)),
            Entry("WordDocument", Some(2), Some(3), None),
            Entry("1Table", None, None, None),
            Entry("ObjectPool", None, None, Some(4)),
            Entry("Workbook", None, None, None),
        ])
    }

    #[test]
    fn what_lies_at_the_top_is_told_from_what_is_embedded() {
        let Listing { mut top, all } = list(&letter()).unwrap();
        top.sort();
        assert_eq!(top, ["1table", "objectpool", "worddocument"]);
        assert_eq!(all, ["root entry", "worddocument", "1table", "objectpool", "workbook"]);
    }

    #[test]
    fn a_tree_or_a_chain_that_bites_its_own_tail_ends() {
        let circle = compound(&[
            Entry("Root Entry", None, None, Some(1)),
            Entry("A", Some(2), None, None),
            Entry("B", Some(1), None, None),
        ]);
        assert_eq!(list(&circle), None);
        let mut bytes = letter();
        // The directory's second sector is followed by its first.
        bytes[512 + 8..512 + 12].copy_from_slice(&1u32.to_le_bytes());
        assert_eq!(list(&bytes), None);
        let mut bytes = letter();
        // The list of the table's sectors goes on in the table itself, and there for ever.
        bytes[68..72].copy_from_slice(&0u32.to_le_bytes());
        bytes[512 + 508..512 + 512].copy_from_slice(&0u32.to_le_bytes());
        assert_eq!(list(&bytes), None);
        // Or in a last sector that is cut short and leads to itself alone.
        let mut bytes = letter();
        let last = (bytes.len() / 512 - 1) as u32;
        bytes[68..72].copy_from_slice(&last.to_le_bytes());
        bytes.extend(last.to_le_bytes());
        assert_eq!(list(&bytes), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn damage_never_panics(
            harm in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = letter();
            for (at, byte) in harm {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            list(&bytes);
            list(&bytes[..cut.index(bytes.len())]);
        }
    }
}

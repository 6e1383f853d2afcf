//! The names in a zip's directory, read strictly and without decompressing anything.
//!
//! Our own reader rather than the `zip` crate: a file that two readers read differently is how something gets
//! past a check, so what is unusual is refused here (text before or after the archive, a directory that
//! contradicts the entries, a name that stands twice, zip64), where a library would do its best. No office
//! program writes any of that into a file that fits below the size limit.

/// More entries than any document has; a presentation of a thousand slides stays below it.
pub(super) const MAX_ENTRIES: usize = 10_000;

/// How a zip begins.
pub(super) const SIGNATURE: &[u8] = b"PK\x03\x04";
const DIRECTORY: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const LOCAL_LENGTH: usize = 30;
const DIRECTORY_LENGTH: usize = 46;
const END_LENGTH: usize = 22;
const MAX_COMMENT: usize = 0xFFFF;
const ENCRYPTED: u16 = 1;

/// What a zip's directory tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listing {
    /// The entries' names in lowercase, as the parts of an Office document are compared, with `/` between folders.
    pub names: Vec<String>,
    /// Whether an entry needs a password.
    pub encrypted: bool,
}

/// The listing; `None` if the archive is broken, cut short, unusual or has more than [`MAX_ENTRIES`].
pub(super) fn list(bytes: &[u8]) -> Option<Listing> {
    let end = end(bytes)?;
    let count = usize::from(u16_at(bytes, end + 10)?);
    // In parts on several disks, the numbers of which are all 0 otherwise.
    let split = u32_at(bytes, end + 4)? != 0 || u16_at(bytes, end + 8)? != u16_at(bytes, end + 10)?;
    let length = u32_at(bytes, end + 12)? as usize;
    let start = u32_at(bytes, end + 16)? as usize;
    // Some readers take the last mark of an end, wherever the comment behind it leads.
    let marked_again = bytes[end + END_LENGTH..].windows(END.len()).any(|window| window == END);
    if split || marked_again || count == 0 || count > MAX_ENTRIES || start.checked_add(length)? != end {
        return None;
    }

    let mut listing = Listing { names: Vec::with_capacity(count), encrypted: false };
    let mut at = start;
    let mut first = usize::MAX;
    for _ in 0..count {
        let entry = bytes.get(at..at.checked_add(DIRECTORY_LENGTH)?)?;
        let name_length = usize::from(u16_at(entry, 28)?);
        let name = bytes.get(at + DIRECTORY_LENGTH..at + DIRECTORY_LENGTH + name_length)?;
        let local = u32_at(entry, 42)? as usize;
        if !entry.starts_with(DIRECTORY) || !is_local(bytes.get(local..start)?, name) {
            return None;
        }
        first = first.min(local);
        listing.encrypted |= u16_at(entry, 8)? & ENCRYPTED != 0;
        listing.names.push(String::from_utf8_lossy(name).to_ascii_lowercase().replace('\\', "/"));
        at += DIRECTORY_LENGTH
            + name_length
            + usize::from(u16_at(entry, 30)?)
            + usize::from(u16_at(entry, 32)?);
    }
    let mut sorted: Vec<_> = listing.names.iter().collect();
    sorted.sort_unstable();
    let twice = sorted.windows(2).any(|pair| pair[0] == pair[1]);
    (at == end && first == 0 && !twice).then_some(listing)
}

/// Whether the file ends as a zip does; such a tail may hang on a file of any other kind.
pub(super) fn is_at_the_end_of(bytes: &[u8]) -> bool {
    end(bytes).is_some()
}

/// Where the last "end of directory" stands whose comment reaches exactly to the end of the file.
fn end(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_LENGTH)?;
    let closes = |at: &usize| {
        bytes[*at..].starts_with(END)
            && u16_at(bytes, at + 20)
                .is_some_and(|comment| at + END_LENGTH + usize::from(comment) == bytes.len())
    };
    (last.saturating_sub(MAX_COMMENT)..=last).rev().find(closes)
}

/// Whether an entry of this name begins here.
fn is_local(bytes: &[u8], name: &[u8]) -> bool {
    let length = u16_at(bytes, 26).map(usize::from);
    bytes.starts_with(SIGNATURE)
        && length == Some(name.len())
        && bytes.get(LOCAL_LENGTH..LOCAL_LENGTH + name.len()) == Some(name)
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
    use crate::files::fixture::zip;

    #[test]
    fn names_are_read_in_lowercase() {
        let listing = list(&zip(&["[Content_Types].xml", "word\\document.xml"])).unwrap();
        assert_eq!(listing.names, ["[content_types].xml", "word/document.xml"]);
        assert!(!listing.encrypted);
    }

    #[test]
    fn a_workbook_that_a_program_wrote_is_read() {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(0, 0, "编号").unwrap();
        let listing = list(&book.save_to_buffer().unwrap()).unwrap();
        assert!(listing.names.iter().any(|name| name == "xl/workbook.xml"), "{listing:?}");
    }

    #[test]
    fn what_is_unusual_is_refused() {
        let good = zip(&["a", "b"]);
        let at = good.windows(4).rposition(|w| w == DIRECTORY).unwrap();
        let mut renamed = good.clone();
        renamed[at + DIRECTORY_LENGTH] = b'c';
        let mut outside = good.clone();
        outside[at + 42..at + 46].copy_from_slice(&u32::MAX.to_le_bytes());
        let mut commented = [&good[..], END, b"\0\0"].concat();
        let length = good.len();
        commented[length - 2] = 6;
        assert!(is_at_the_end_of(&commented));
        for wrong in [
            [b"#!/bin/sh\n", &good[..]].concat(),
            [&good[..], b"tail"].concat(),
            good[..good.len() - 1].to_vec(),
            renamed,
            outside,
            commented,
            zip(&["a", "A"]),
            zip(&[]),
            b"PK\x03\x04".to_vec(),
        ] {
            assert_eq!(list(&wrong), None);
        }
    }

    #[test]
    fn the_number_of_entries_is_bounded() {
        let names = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>();
        let packed = |count| zip(&names(count).iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(list(&packed(MAX_ENTRIES)).unwrap().names.len(), MAX_ENTRIES);
        assert_eq!(list(&packed(MAX_ENTRIES + 1)), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn damage_never_panics(
            harm in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = zip(&["[Content_Types].xml", "word/document.xml"]);
            for (at, byte) in harm {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            list(&bytes);
            list(&bytes[..cut.index(bytes.len())]);
        }
    }
}

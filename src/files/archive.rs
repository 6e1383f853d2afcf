//! The names in a zip's directory, read strictly and without decompressing anything.
//!
//! Our own reader rather than the `zip` crate: a file that two readers read differently is how something gets
//! past a check, so what is unusual is refused here (text before or after the archive, a directory that
//! contradicts the entries, a name that stands twice), where a library would do its best. No office program
//! writes any of that. Zip64 is read, though no file here is large enough to need it: exports from Java write it
//! always (`SXSSFWorkbook` of Apache POI since 5.0, and what is built on it).

/// More entries than any document has; a presentation of a thousand slides stays below it.
pub(super) const MAX_ENTRIES: usize = 10_000;

/// How a zip begins.
pub(super) const SIGNATURE: &[u8] = b"PK\x03\x04";
const ENTRY: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const LOCAL_LENGTH: usize = 30;
const DIRECTORY_LENGTH: usize = 46;
const END_LENGTH: usize = 22;
const END_64_LENGTH: usize = 56;
const LOCATOR_64_LENGTH: usize = 20;
const MAX_COMMENT: usize = 0xFFFF;
const ENCRYPTED: u16 = 1;
/// The extra field that holds an entry's long numbers.
const EXTRA_64: u16 = 1;
/// Stands where the number is a long one and told elsewhere.
const LONG_16: u16 = u16::MAX;
const LONG_32: u32 = u32::MAX;

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
    let Directory { start, end, count } = directory(bytes)?;
    let mut listing = Listing { names: Vec::with_capacity(count), encrypted: false };
    let mut at = start;
    let mut first = usize::MAX;
    for _ in 0..count {
        let entry = bytes.get(at..end)?;
        let name_length = usize::from(u16_at(entry, 28)?);
        let extra_length = usize::from(u16_at(entry, 30)?);
        let name = entry.get(DIRECTORY_LENGTH..)?.get(..name_length)?;
        let extra = entry.get(DIRECTORY_LENGTH + name_length..)?.get(..extra_length)?;
        let local = local_offset(entry, extra)?;
        if !entry.starts_with(ENTRY) || !is_local(bytes.get(local..start)?, name) {
            return None;
        }
        first = first.min(local);
        listing.encrypted |= u16_at(entry, 8)? & ENCRYPTED != 0;
        listing.names.push(String::from_utf8_lossy(name).to_ascii_lowercase().replace('\\', "/"));
        at += DIRECTORY_LENGTH + name_length + extra_length + usize::from(u16_at(entry, 32)?);
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

/// Where the directory stands, and how many entries it has.
struct Directory {
    start: usize,
    end: usize,
    count: usize,
}

fn directory(bytes: &[u8]) -> Option<Directory> {
    let last = end(bytes)?;
    // Some readers take the last mark of an end, wherever the comment behind it leads.
    let marked_again = bytes[last + END_LENGTH..].windows(END.len()).any(|window| window == END);
    let (count, length, start) =
        (u16_at(bytes, last + 10)?, u32_at(bytes, last + 12)?, u32_at(bytes, last + 16)?);
    // In parts on several disks, the numbers of which are all 0 otherwise.
    let split = u32_at(bytes, last + 4)? != 0 || u16_at(bytes, last + 8)? != count;
    if marked_again || split {
        return None;
    }
    let short = (usize::from(count), length as usize, start as usize);
    let locator = last.checked_sub(LOCATOR_64_LENGTH).filter(|at| bytes[*at..].starts_with(LOCATOR_64));
    let (end, told) = match locator {
        None => (last, short),
        Some(locator) => {
            let end = long_at(bytes, locator + 8)?;
            let record = bytes.get(end..locator)?;
            let long = (long_at(record, 32)?, long_at(record, 40)?, long_at(record, 48)?);
            // The short numbers must say the same, where they say anything.
            let agrees = (count == LONG_16 || short.0 == long.0)
                && (length == LONG_32 || short.1 == long.1)
                && (start == LONG_32 || short.2 == long.2);
            if !agrees || !record.starts_with(END_64) || record.len() != END_64_LENGTH {
                return None;
            }
            (end, long)
        }
    };
    let (count, length, start) = told;
    let sound = start.checked_add(length)? == end && (1..=MAX_ENTRIES).contains(&count);
    sound.then_some(Directory { start, end, count })
}

/// Where the entry's own head stands. A long number stands in the extra field, behind the lengths that are long.
fn local_offset(entry: &[u8], extra: &[u8]) -> Option<usize> {
    let told = u32_at(entry, 42)?;
    if told != LONG_32 {
        return Some(told as usize);
    }
    let before = [20, 24].into_iter().filter(|at| u32_at(entry, *at) == Some(LONG_32)).count();
    let mut at = 0;
    loop {
        let length = usize::from(u16_at(extra, at + 2)?);
        if u16_at(extra, at)? == EXTRA_64 {
            return long_at(extra.get(at + 4..at + 4 + length)?, before * 8);
        }
        at += 4 + length;
    }
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

fn long_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::files::fixture::{zip, zip64};

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
    fn long_numbers_are_read_where_they_stand_and_must_agree() {
        let bytes = zip64(&["a", "b"]);
        assert_eq!(list(&bytes).unwrap().names, ["a", "b"]);
        let record = bytes.windows(4).rposition(|w| w == END_64).unwrap();
        // The number of entries, the directory's length and place; the record's own place; the short number.
        for at in [record + 32, record + 40, record + 48, record + 64, record + 86] {
            let mut wrong = bytes.clone();
            wrong[at] ^= 1;
            assert_eq!(list(&wrong), None, "{}", at - record);
        }
    }

    #[test]
    fn what_is_unusual_is_refused() {
        let good = zip(&["a", "b"]);
        let at = good.windows(4).rposition(|w| w == ENTRY).unwrap();
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
            long in 0..2usize,
            harm in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = [zip, zip64][long](&["[Content_Types].xml", "word/document.xml"]);
            for (at, byte) in harm {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            list(&bytes);
            list(&bytes[..cut.index(bytes.len())]);
        }
    }
}

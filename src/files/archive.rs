//! The names in a zip's directory, read strictly and without decompressing anything.
//!
//! Our own reader rather than the `zip` crate: a file that two readers read differently is how something gets
//! past a check, so what is unusual is refused here (text before or after the archive, a directory that
//! contradicts the entries, a name that stands twice), where a library would do its best. No office program
//! writes any of that. Zip64 is read, though no file here is large enough to need it: exports from Java write it
//! always (`SXSSFWorkbook` of Apache POI since 5.0, and what is built on it).

use std::ops::Range;

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

/// Written by a program on Unix, whose modes stand in the upper half of the attributes.
const UNIX: u8 = 3;
const FILE_TYPE: u32 = 0o170_000 << 16;
const SYMLINK: u32 = 0o120_000 << 16;
/// The entry's own head leaves its lengths out; they follow its bytes.
const TOLD_BEHIND: u16 = 1 << 3;

/// What a zip's directory tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listing {
    pub entries: Vec<Entry>,
    /// Whether an entry needs a password.
    pub encrypted: bool,
}

/// An entry, as the directory and its own head tell it alike.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// In lowercase, as the parts of an Office document are compared, with `/` between folders.
    pub name: String,
    /// How it is packed: 0 as it is, 8 deflated.
    pub method: u16,
    /// Where its packed bytes lie in the file.
    pub packed: Range<usize>,
    /// Bytes once unpacked, as the directory says; nobody has counted yet.
    pub size: usize,
}

impl Listing {
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }
}

/// The listing; `None` if the archive is broken, cut short, unusual or has more than [`MAX_ENTRIES`].
///
/// Unusual is also: a name that leads out of the folder it is unpacked in, a link, entries that share bytes, and lengths
/// that an entry's own head tells otherwise.
pub(super) fn list(bytes: &[u8]) -> Option<Listing> {
    let Directory { start, end, count } = directory(bytes)?;
    let mut listing = Listing { entries: Vec::with_capacity(count), encrypted: false };
    let mut at = start;
    let mut places = Vec::with_capacity(count);
    for _ in 0..count {
        let entry = bytes.get(at..end)?;
        let name_length = usize::from(u16_at(entry, 28)?);
        let extra_length = usize::from(u16_at(entry, 30)?);
        let name = entry.get(DIRECTORY_LENGTH..)?.get(..name_length)?;
        let extra = entry.get(DIRECTORY_LENGTH + name_length..)?.get(..extra_length)?;
        let told = Told::of(entry, extra)?;
        let begin = told.place + body(bytes.get(told.place..start)?, name, &told)?;
        let packed = begin..begin.checked_add(told.packed)?;
        let link = entry.get(5) == Some(&UNIX) && u32_at(entry, 38)? & FILE_TYPE == SYMLINK;
        let name = String::from_utf8_lossy(name).to_ascii_lowercase().replace('\\', "/");
        if !entry.starts_with(ENTRY) || link || leads_out(&name) {
            return None;
        }
        listing.encrypted |= u16_at(entry, 8)? & ENCRYPTED != 0;
        places.push((told.place, packed.end));
        listing.entries.push(Entry { name, method: u16_at(entry, 10)?, packed, size: told.size });
        at += DIRECTORY_LENGTH + name_length + extra_length + usize::from(u16_at(entry, 32)?);
    }
    places.sort_unstable();
    let first = places.first().is_some_and(|(place, _)| *place == 0);
    // What follows an entry's bytes, its lengths perhaps, may lie between two.
    let apart = places.windows(2).all(|pair| pair[0].1 <= pair[1].0);
    let within = places.last().is_some_and(|(_, end)| *end <= start);
    let mut sorted: Vec<_> = listing.names().collect();
    sorted.sort_unstable();
    let twice = sorted.windows(2).any(|pair| pair[0] == pair[1]);
    (at == end && first && apart && within && !twice).then_some(listing)
}

/// Whether a program that unpacks it would write outside the folder it was told to write in.
fn leads_out(name: &str) -> bool {
    name.starts_with('/') || name.contains([':', '\0']) || name.split('/').any(|part| part == "..")
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

/// What the directory says of an entry's place and lengths.
struct Told {
    place: usize,
    packed: usize,
    size: usize,
}

impl Told {
    /// Long numbers stand in the extra field, one behind the other, where the short one is all ones.
    fn of(entry: &[u8], extra: &[u8]) -> Option<Told> {
        let mut longs = extra_64(extra);
        let mut number = |at: usize| match u32_at(entry, at)? {
            LONG_32 => {
                let (long, rest) = longs?.split_at_checked(8)?;
                longs = Some(rest);
                long_at(long, 0)
            }
            short => usize::try_from(short).ok(),
        };
        let (size, packed, place) = (number(24)?, number(20)?, number(42)?);
        Some(Told { place, packed, size })
    }
}

/// The extra field that holds long numbers; `None` if there is none, or the fields are broken.
fn extra_64(extra: &[u8]) -> Option<&[u8]> {
    let mut rest = extra;
    loop {
        let length = usize::from(u16_at(rest, 2)?);
        let field = rest.get(4..4 + length)?;
        if u16_at(rest, 0)? == EXTRA_64 {
            return Some(field);
        }
        rest = &rest[4 + length..];
    }
}

/// Where an entry's bytes begin behind its own head, which must tell the same name and lengths as the directory.
fn body(head: &[u8], name: &[u8], told: &Told) -> Option<usize> {
    let name_length = usize::from(u16_at(head, 26)?);
    let behind = u16_at(head, 6)? & TOLD_BEHIND != 0;
    let agrees = |at: usize, length: usize| {
        let own = u32_at(head, at)?;
        Some(own == LONG_32 || usize::try_from(own).ok()? == length || (behind && own == 0))
    };
    let same = head.starts_with(SIGNATURE)
        && head.get(LOCAL_LENGTH..LOCAL_LENGTH + name_length)? == name
        && agrees(18, told.packed)?
        && agrees(22, told.size)?;
    same.then_some(LOCAL_LENGTH + name_length + usize::from(u16_at(head, 28)?))
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
        assert_eq!(listing.names().collect::<Vec<_>>(), ["[content_types].xml", "word/document.xml"]);
        let last = &listing.entries[1];
        assert_eq!((last.method, last.size, last.packed.len()), (0, 17, 17));
        assert!(!listing.encrypted);
    }

    #[test]
    fn a_workbook_that_a_program_wrote_is_read() {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(0, 0, "编号").unwrap();
        let listing = list(&book.save_to_buffer().unwrap()).unwrap();
        assert!(listing.names().any(|name| name == "xl/workbook.xml"), "{listing:?}");
    }

    #[test]
    fn long_numbers_are_read_where_they_stand_and_must_agree() {
        let bytes = zip64(&["a", "b"]);
        assert_eq!(list(&bytes).unwrap().names().collect::<Vec<_>>(), ["a", "b"]);
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
        let mut link = good.clone();
        link[at + 5] = UNIX;
        link[at + 38..at + 42].copy_from_slice(&(0o120_777u32 << 16).to_le_bytes());
        // The second entry begins where the first does, or ends in the directory; its own head tells another length.
        let (mut shared, mut long, mut lying) = (good.clone(), good.clone(), good.clone());
        shared[at + 42..at + 46].fill(0);
        shared[at + DIRECTORY_LENGTH] = b'a';
        long[at + 20] = 99;
        lying[18] = 9;
        for wrong in [
            link,
            shared,
            long,
            lying,
            zip(&["a", "../b"]),
            zip(&["a", "x\\..\\b"]),
            zip(&["/a"]),
            zip(&["c:a"]),
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
        assert_eq!(list(&packed(MAX_ENTRIES)).unwrap().entries.len(), MAX_ENTRIES);
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

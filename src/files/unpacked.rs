//! What lies in a document's zip, looked at once unpacked: bounded, in pieces, and thrown away.
//!
//! Nothing in the service opens these documents; whoever downloads them does. So what would harm him is refused here: a
//! document that fills his memory, a part that names files of his machine (XML with a DTD, which the standards of
//! Office and OFD forbid), macros and programs inside an embedded document.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

use super::{
    NotAccepted,
    archive::{self, Entry, Listing},
    compound,
};

/// Bytes that all parts together may unpack to: far above any document that a person wrote.
const MOST: usize = 256 << 20;
/// Up to here nobody is harmed, however tightly it is packed.
const HARMLESS: usize = 32 << 20;
/// Above that it may grow so many times; large sheets full of the same reach 50.
const TIMES: usize = 100;
/// A document in a document, in a document.
const DEEPEST: u32 = 3;
/// Bytes of embedded documents held in memory, all levels together.
const HELD: usize = 48 << 20;
const PIECE: usize = 64 << 10;

/// Whether an embedded compound file holds macros is told as for a whole one.
const MACROS: [&str; 4] = ["_vba_project", "_vba_project_cur", "vba", "macros"];

/// Whether one of these entries means macros.
pub(super) fn has_macros(listing: &Listing) -> bool {
    listing.names().any(|name| name.ends_with("vbaproject.bin") || name.contains("/macrosheets/"))
}

/// Whether a compound file holds macros, also those of a workbook inside a letter, which open with a double click.
pub(super) fn compound_has_macros(listing: &compound::Listing) -> bool {
    listing.all.iter().any(|name| MACROS.contains(&name.as_str()))
}

/// Looks into every part.
///
/// # Errors
/// What is wrong with one of them, or with their size.
pub(super) fn look(bytes: &[u8], listing: &Listing) -> Result<(), NotAccepted> {
    let mut looks = Looks { left: MOST.min(HARMLESS.max(bytes.len().saturating_mul(TIMES))), held: 0 };
    looks.parts(bytes, listing, 1)
}

struct Looks {
    /// Bytes that may still be unpacked.
    left: usize,
    /// Bytes of embedded documents that are held now.
    held: usize,
}

impl Looks {
    fn parts(&mut self, bytes: &[u8], listing: &Listing, depth: u32) -> Result<(), NotAccepted> {
        // By what is said first, which costs nothing: nobody says more than there is.
        let said = listing.entries.iter().try_fold(0usize, |sum, entry| sum.checked_add(entry.size));
        if said.is_none_or(|said| said > self.left) {
            return Err(NotAccepted::Bomb);
        }
        listing.entries.iter().try_for_each(|entry| self.part(bytes, entry, depth))
    }

    fn part(&mut self, bytes: &[u8], entry: &Entry, depth: u32) -> Result<(), NotAccepted> {
        self.left = self.left.checked_sub(entry.size).ok_or(NotAccepted::Bomb)?;
        let packed = bytes.get(entry.packed.clone()).ok_or(NotAccepted::Damaged)?;
        match entry.method {
            0 if packed.len() != entry.size => Err(NotAccepted::Damaged),
            0 => {
                let mut watch = Watch::over(entry);
                packed.chunks(PIECE).try_for_each(|piece| watch.pass(piece))?;
                if watch.embeds { self.embedded(packed, depth) } else { Ok(()) }
            }
            8 => self.deflated(packed, entry, depth),
            // Nothing that Office, WPS or an OFD program writes.
            _ => Err(NotAccepted::Damaged),
        }
    }

    fn deflated(&mut self, packed: &[u8], entry: &Entry, depth: u32) -> Result<(), NotAccepted> {
        let mut stream = DeflateDecoder::new(packed);
        let mut watch = Watch::over(entry);
        let (mut kept, mut size) = (Vec::new(), 0usize);
        let mut piece = vec![0; PIECE];
        loop {
            let read = stream.read(&mut piece).map_err(|_| NotAccepted::Damaged)?;
            if read == 0 {
                break;
            }
            size += read;
            if size > entry.size {
                // It goes on behind the length that it tells.
                return Err(NotAccepted::Bomb);
            }
            watch.pass(&piece[..read])?;
            if watch.embeds {
                self.held += read;
                if self.held > HELD {
                    return Err(NotAccepted::Bomb);
                }
                kept.extend_from_slice(&piece[..read]);
            }
        }
        if size != entry.size || stream.total_in() != packed.len() as u64 {
            return Err(NotAccepted::Damaged);
        }
        if watch.embeds {
            self.embedded(&kept, depth)?;
            self.held -= kept.len();
        }
        Ok(())
    }

    /// A document inside a document: it is told as a whole one, but for the kinds that may stand there.
    fn embedded(&mut self, bytes: &[u8], depth: u32) -> Result<(), NotAccepted> {
        if depth >= DEEPEST {
            return Err(NotAccepted::Bomb);
        }
        if bytes.starts_with(compound::SIGNATURE) {
            return match compound::list(bytes) {
                Some(listing) if compound_has_macros(&listing) => Err(NotAccepted::Macros),
                Some(_) => Ok(()),
                None => Err(NotAccepted::Damaged),
            };
        }
        let listing = archive::list(bytes).ok_or(NotAccepted::Damaged)?;
        if has_macros(&listing) {
            return Err(NotAccepted::Macros);
        }
        // What needs a password cannot be looked into, and tells nobody anything without it.
        if listing.encrypted {
            return Err(NotAccepted::Encrypted);
        }
        self.parts(bytes, &listing, depth + 1)
    }
}

/// Sees an entry's bytes pass.
struct Watch {
    xml: bool,
    first: bool,
    /// The end of the last piece: a mark may stand across two.
    tail: Vec<u8>,
    /// It begins like a document of its own.
    embeds: bool,
}

/// `<!DOCTYPE` and `<!ENTITY` as they stand in UTF-8.
const DTD: [&[u8]; 2] = [b"<!DOCTYPE", b"<!ENTITY"];

impl Watch {
    fn over(entry: &Entry) -> Watch {
        let xml = [".xml", ".rels"].iter().any(|ending| entry.name.ends_with(ending));
        Watch { xml, first: true, tail: Vec::new(), embeds: false }
    }

    fn pass(&mut self, piece: &[u8]) -> Result<(), NotAccepted> {
        if std::mem::replace(&mut self.first, false) {
            if [&b"MZ"[..], b"\x7fELF"].iter().any(|start| piece.starts_with(start)) {
                return Err(NotAccepted::Program);
            }
            self.embeds =
                [archive::SIGNATURE, compound::SIGNATURE].iter().any(|start| piece.starts_with(start));
        }
        if self.xml {
            // UTF-16 is the same with a zero beside each character.
            self.tail.extend(piece.iter().copied().filter(|byte| *byte != 0));
            if DTD.iter().any(|mark| self.tail.windows(mark.len()).any(|window| window == *mark)) {
                return Err(NotAccepted::Entities);
            }
            self.tail.drain(..self.tail.len().saturating_sub(DTD[0].len()));
        }
        Ok(())
    }
}

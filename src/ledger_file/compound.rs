//! Whether an old Excel file (.xls) can be given to calamine.
//!
//! calamine 0.38 believes an .xls: it allots what the file declares, follows a sector chain that bites its own
//! tail, and fills the rectangle between the outermost cells. A few damaged bytes then ask for a terabyte, and a
//! failed allotment aborts the process; no one can catch that. So the container and the extent of its sheets are
//! walked here first, in memory that the file's own length bounds. The content is calamine's.

/// The signature of a compound file.
pub(super) const SIGNATURE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Excel 97-2003 has no more columns, and no more rows.
const COLUMNS: u64 = 256;
const ROWS: u64 = 65_536;
/// The cells of one full sheet, for all sheets together.
const CELLS: u64 = COLUMNS * ROWS;

/// Sector numbers from here on are marks, not sectors.
const RESERVED: u32 = 0xFFFF_FFFC;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const DIRECTORY_ENTRY: usize = 128;
const MINI_SECTOR: usize = 64;
/// Shorter streams lie in the mini stream.
const MINI_LIMIT: usize = 4096;

/// Whether the file can be read without asking for more memory than a full sheet takes.
pub(super) fn is_bounded(bytes: &[u8]) -> bool {
    workbooks(bytes)
        .is_some_and(|streams| streams.iter().all(|stream| cells(stream).is_some_and(|n| n <= CELLS)))
}

/// Every stream that may be the workbook; `None` if the container is broken.
fn workbooks(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let size = match u16_at(bytes, 30)? {
        9 => 512,
        12 => 4096,
        _ => return None,
    };
    let sector = |id: u32| -> Option<&[u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(size)?;
        // The last sector may be cut short.
        bytes.get(start..bytes.len().min(start.checked_add(size)?))
    };
    let table = sector_table(bytes, size, sector)?;
    let directory = chain(u32_at(bytes, 48)?, &table, usize::MAX, bytes.len(), sector)?;
    let entries: Vec<&[u8]> = directory.chunks_exact(DIRECTORY_ENTRY).collect();
    let mini_sectors = u32_at(bytes, 64)? as usize;
    let (mini_table, mini) = if mini_sectors > 0 {
        let root = *entries.first()?;
        let wanted = mini_sectors.saturating_mul(size);
        let mini_table = numbers(&chain(u32_at(bytes, 60)?, &table, wanted, bytes.len(), sector)?);
        let (start, length) = (u32_at(root, 116)?, length(root, size)?);
        (mini_table, chain(start, &table, length, bytes.len(), sector)?)
    } else {
        (Vec::new(), Vec::new())
    };
    let mini_sector = |id: u32| -> Option<&[u8]> {
        let start = (id as usize).checked_mul(MINI_SECTOR)?;
        mini.get(start..mini.len().min(start + MINI_SECTOR))
    };
    entries
        .into_iter()
        .filter(|entry| ["workbook", "book"].contains(&name(entry).as_str()))
        .map(|entry| {
            let (start, length) = (u32_at(entry, 116)?, length(entry, size)?);
            if length < MINI_LIMIT {
                chain(start, &mini_table, length, mini.len(), mini_sector)
            } else {
                chain(start, &table, length, bytes.len(), sector)
            }
        })
        .collect()
}

/// Which sector follows which.
fn sector_table<'a>(
    bytes: &'a [u8],
    size: usize,
    sector: impl Fn(u32) -> Option<&'a [u8]>,
) -> Option<Vec<u32>> {
    let mut places = numbers(bytes.get(76..512)?);
    let mut next = u32_at(bytes, 68)?;
    let most = bytes.len() / size + 1;
    let mut seen = 0;
    while next < RESERVED {
        seen += 1;
        if seen > most {
            return None;
        }
        places.extend(numbers(sector(next)?));
        next = places.pop()?;
    }
    places.retain(|place| *place < RESERVED);
    // A table cannot have more sectors than the file; the same one over and over can.
    if places.len() > most {
        return None;
    }
    let mut table = Vec::new();
    for place in places {
        table.extend(numbers(sector(place)?));
    }
    Some(table)
}

/// The sectors of a chain joined, as far as `wanted`; `None` if it leaves the file or is longer than `longest`,
/// as only a ring is.
fn chain<'a>(
    start: u32,
    table: &[u32],
    wanted: usize,
    longest: usize,
    sector: impl Fn(u32) -> Option<&'a [u8]>,
) -> Option<Vec<u8>> {
    let mut joined = Vec::new();
    let mut next = start;
    while next != END_OF_CHAIN {
        let part = sector(next)?;
        joined.extend_from_slice(part);
        if part.is_empty() || joined.len() > longest {
            return None;
        }
        if joined.len() >= wanted {
            joined.truncate(wanted);
            break;
        }
        next = *table.get(next as usize)?;
    }
    Some(joined)
}

/// How many cells the sheets of a workbook stream span; `None` if it cannot be told.
fn cells(stream: &[u8]) -> Option<u64> {
    const BOUND_SHEET: u16 = 0x0085;
    records(stream)
        .filter(|(kind, _)| *kind == BOUND_SHEET)
        .map(|(_, data)| spanned(stream.get(u32_at(data, 0)? as usize..)?))
        .try_fold(0_u64, |sum, cells| Some(sum.saturating_add(cells?)))
}

/// The cells in the rectangle around a sheet's cells, or the rectangle that it declares if that is larger.
fn spanned(sheet: &[u8]) -> Option<u64> {
    let (mut rows, mut columns, mut declared) = (0, 0, 0);
    for (kind, data) in records(sheet) {
        match kind {
            0x0200 => declared = declared_cells(data)?.max(declared),
            0x0006 | 0x0203 | 0x0204 | 0x0205 | 0x00D6 | 0x00FD | 0x027E => {
                rows = rows.max(u64::from(u16_at(data, 0)?) + 1);
                columns = columns.max(u64::from(u16_at(data, 2)?) + 1);
            }
            // Several numbers side by side, six bytes each.
            0x00BD => {
                rows = rows.max(u64::from(u16_at(data, 0)?) + 1);
                columns = columns.max(u64::from(u16_at(data, 2)?) + data.len() as u64 / 6);
            }
            _ => {}
        }
    }
    Some(declared.max(rows * columns))
}

fn declared_cells(data: &[u8]) -> Option<u64> {
    let (first_row, last_row, rest) = if data.len() == 10 {
        (u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?), 4)
    } else {
        (u32_at(data, 0)?, u32_at(data, 4)?, 8)
    };
    let columns = u16_at(data, rest + 2)?;
    // Counting backwards wraps round to a very large number.
    if first_row > last_row && last_row > 0 { None } else { Some(u64::from(last_row) * u64::from(columns)) }
}

/// The records up to the first that is cut off.
fn records(mut rest: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let kind = u16_at(rest, 0)?;
        let end = 4 + usize::from(u16_at(rest, 2)?);
        let data = rest.get(4..end)?;
        rest = &rest[end..];
        Some((kind, data))
    })
}

/// A stream's length. Its upper half counts only in files with large sectors, and then it is longer than the file.
fn length(entry: &[u8], size: usize) -> Option<usize> {
    let (low, high) = (u32_at(entry, 120)?, u32_at(entry, 124)?);
    (high == 0 || size == 512).then_some(low as usize)
}

fn name(entry: &[u8]) -> String {
    let units = entry[..64].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let name: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
    String::from_utf16_lossy(&name).to_ascii_lowercase()
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEDGER: &[u8] = include_bytes!("fixtures/ledger.xls");

    /// The ledger with `bytes` put where `pattern` ends.
    fn damaged(pattern: &[u8], bytes: &[u8]) -> Vec<u8> {
        let at = LEDGER.windows(pattern.len()).position(|window| window == pattern).unwrap() + pattern.len();
        let mut file = LEDGER.to_vec();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        file
    }

    #[test]
    fn a_sound_file_passes() {
        assert!(is_bounded(LEDGER));
        assert_eq!(cells(&workbooks(LEDGER).unwrap()[0]), Some(3 * 6));
    }

    #[test]
    fn a_boundless_extent_is_refused() {
        // DIMENSIONS: first row, then the row after the last.
        assert!(!is_bounded(&damaged(&[0x00, 0x02, 0x0E, 0x00, 0, 0, 0, 0], &u32::MAX.to_le_bytes())));
        assert!(!is_bounded(&damaged(&[0x00, 0x02, 0x0E, 0x00], &[9, 0, 0, 0, 3, 0, 0, 0])));
        // A cell at the last row and column that two bytes can name, by its LABELSST record.
        assert!(!is_bounded(&damaged(&[0xFD, 0x00, 0x0A, 0x00], &[0xFF; 4])));
    }

    #[test]
    fn a_chain_that_bites_its_tail_is_refused() {
        let mut file = LEDGER.to_vec();
        let table = (u32_at(&file, 76).unwrap() as usize + 1) * 512;
        let directory = u32_at(&file, 48).unwrap();
        let link = table + directory as usize * 4;
        file[link..link + 4].copy_from_slice(&directory.to_le_bytes());
        assert!(!is_bounded(&file));
    }
}

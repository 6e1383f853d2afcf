//! Files for the tests, as small as their kind allows.

/// A zip of stored entries, each of which holds its own name.
pub(super) fn zip(names: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for name in names {
        let start = bytes.len() as u32;
        let length = name.len() as u32;
        let mut common = Vec::new();
        // Version 2.0, no flags, stored, no time, no checksum: nobody unpacks it.
        common.extend([20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        common.extend(length.to_le_bytes());
        common.extend(length.to_le_bytes());
        common.extend((length as u16).to_le_bytes());
        common.extend([0, 0]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(name.as_bytes());
        bytes.extend(name.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\x00\x00\x00\x00");
    bytes.extend((names.len() as u16).to_le_bytes());
    bytes.extend((names.len() as u16).to_le_bytes());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// The same with the numbers that Java's programs write for the largest of files.
pub(super) fn zip64(names: &[&str]) -> Vec<u8> {
    let short = zip(names);
    let end = short.len() - 22;
    let start = u32::from_le_bytes([16, 17, 18, 19].map(|at| short[end + at])) as usize;
    let mut bytes = short[..start].to_vec();
    let mut at = start;
    while at < end {
        let name = usize::from(short[at + 28]);
        let mut entry = short[at..at + 46 + name].to_vec();
        // Both lengths and the place are long; the extra field holds them in this order.
        let (length, place) =
            ([entry[24], 0, 0, 0, 0, 0, 0, 0], [&short[at + 42..at + 46], &[0; 4]].concat());
        entry[20..28].fill(0xFF);
        entry[42..46].fill(0xFF);
        entry[30] = 28 + 4;
        // Behind another extra field, as it may stand.
        entry.extend([0x99, 0x99, 0, 0, 1, 0, 24, 0]);
        entry.extend([&length[..], &length[..], &place[..]].concat());
        bytes.extend(entry);
        at += 46 + name;
    }
    let record = bytes.len() as u64;
    let count = (names.len() as u64).to_le_bytes();
    bytes.extend(
        [&b"PK\x06\x06"[..], &44u64.to_le_bytes(), &[45, 0, 45, 0], &[0; 8], &count, &count].concat(),
    );
    bytes.extend((record - start as u64).to_le_bytes());
    bytes.extend((start as u64).to_le_bytes());
    bytes.extend([&b"PK\x06\x07"[..], &[0; 4], &record.to_le_bytes(), &[1, 0, 0, 0]].concat());
    bytes.extend(&short[end..end + 12]);
    bytes.extend([0xFF; 8]);
    bytes.extend([0, 0]);
    bytes
}

/// An entry of a compound file's directory: its name and the entries to its left, right and below.
pub(super) struct Entry(pub &'static str, pub Option<u32>, pub Option<u32>, pub Option<u32>);

/// A compound file (OLE2) of nothing but its directory: the first entry is its root.
pub(super) fn compound(entries: &[Entry]) -> Vec<u8> {
    const SECTOR: usize = 512;
    const NONE: u32 = 0xFFFF_FFFF;
    let mut directory = Vec::new();
    for Entry(name, left, right, below) in entries {
        let mut entry = [0; 128];
        let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        entry[..name.len()].copy_from_slice(&name);
        entry[64] = name.len() as u8;
        // A storage holds others; a stream does not.
        entry[66] = if directory.is_empty() {
            5
        } else if below.is_some() {
            1
        } else {
            2
        };
        for (at, link) in [(68, left), (72, right), (76, below)] {
            entry[at..at + 4].copy_from_slice(&link.unwrap_or(NONE).to_le_bytes());
        }
        directory.extend(entry);
    }
    directory.resize(directory.len().next_multiple_of(SECTOR), 0);
    let sectors = directory.len() / SECTOR;

    let mut header = vec![0; SECTOR];
    header[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    header[26] = 3;
    header[28..30].copy_from_slice(&[0xFE, 0xFF]);
    header[30] = 9;
    header[32] = 6;
    header[44] = 1;
    header[48..52].copy_from_slice(&1u32.to_le_bytes());
    for at in [60, 68] {
        header[at..at + 4].copy_from_slice(&0xFFFF_FFFEu32.to_le_bytes());
    }
    header[76..].fill(0xFF);
    header[76..80].copy_from_slice(&0u32.to_le_bytes());
    // Sector 0 is the sector table; the directory's chain runs from sector 1.
    let mut table = vec![0xFFFF_FFFDu32];
    table.extend((1..=sectors as u32).map(|id| if id == sectors as u32 { 0xFFFF_FFFE } else { id + 1 }));
    table.resize(SECTOR / 4, NONE);
    let table = table.into_iter().flat_map(u32::to_le_bytes).collect();
    [header, table, directory].concat()
}

/// The head of a PNG of that size.
pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &sides, b"\x08\x02\0\0\0"].concat()
}

/// A JPEG of that size with a JFIF segment, a frame and its end.
pub(super) fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let frame = [&b"\xff\xc0\0\x0b\x08"[..], &height.to_be_bytes(), &width.to_be_bytes(), b"\x01\x01\x11\0"];
    [b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0", &frame.concat()[..], b"\xff\xd9"].concat()
}

//! Passwords that were stolen elsewhere: looked up in the published list of their SHA-1 digests, which is too large to
//! be read. Each line is `HASH:count`, 40 hex digits in capitals, sorted by them.

use sha1::{Digest as _, Sha1};
use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom},
    path::Path,
};

/// No line is longer; a file that has longer ones is another kind of file.
const LINE: u64 = 128;

/// Whether the list in `path` has this password. Reads some forty lines of it.
///
/// # Errors
/// When the file cannot be read.
pub fn is_breached(path: &Path, password: &str) -> io::Result<bool> {
    let wanted: String = Sha1::digest(password.as_bytes()).iter().map(|byte| format!("{byte:02X}")).collect();
    let file = File::open(path)?;
    // A line that could be the one begins in `from..to`; `from` is the beginning of a line.
    let (mut from, mut to) = (0, file.metadata()?.len());
    let mut reader = BufReader::with_capacity(256, file);
    while from < to {
        let middle = from + (to - from) / 2;
        let begin = if middle == from { from } else { line_after(&mut reader, middle - 1)? };
        if begin >= to {
            to = middle;
            continue;
        }
        reader.seek(SeekFrom::Start(begin))?;
        let mut line = Vec::new();
        let read = reader.by_ref().take(LINE).read_until(b'\n', &mut line)?;
        let digest = line.split(|byte| *byte == b':').next().unwrap_or_default().trim_ascii();
        match digest.to_ascii_uppercase().as_slice().cmp(wanted.as_bytes()) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => from = begin + read as u64,
            std::cmp::Ordering::Greater => to = middle,
        }
    }
    Ok(false)
}

/// Where the line begins after the one that `place` is in.
fn line_after(reader: &mut BufReader<File>, place: u64) -> io::Result<u64> {
    reader.seek(SeekFrom::Start(place))?;
    let mut rest = Vec::new();
    Ok(place + reader.by_ref().take(LINE).read_until(b'\n', &mut rest)? as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_listed_passwords_are_found_wherever_they_stand() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.txt");
        for count in [0, 1, 2, 3, 100, 1000] {
            for end in ["\n", "\r\n"] {
                let digest = |n: usize| {
                    let digest = Sha1::digest(format!("password {n}").as_bytes());
                    let hex: String = digest.iter().map(|byte| format!("{byte:02X}")).collect();
                    format!("{hex}:{}", 7 * n)
                };
                let mut lines: Vec<String> = (0..count).map(digest).collect();
                lines.sort();
                std::fs::write(&path, lines.join(end)).unwrap();
                for n in 0..count {
                    assert!(is_breached(&path, &format!("password {n}")).unwrap(), "{n} of {count}");
                }
                for n in count..count + 200 {
                    assert!(!is_breached(&path, &format!("password {n}")).unwrap(), "{n} of {count}");
                }
            }
        }
        assert!(is_breached(&folder.path().join("none"), "x").is_err());
    }
}

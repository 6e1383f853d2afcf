//! How many pixels a picture has, read from its head: one that unpacks to gigabytes harms whoever opens it.

/// More than any camera or scanner makes; 200 million stands on telephones.
const MOST_PIXELS: u64 = 250_000_000;

/// A picture's width and height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size(u32, u32);

impl Size {
    pub fn is_too_large(self) -> bool {
        u64::from(self.0) * u64::from(self.1) > MOST_PIXELS
    }

    fn of(width: u32, height: u32) -> Option<Size> {
        (width > 0 && height > 0).then_some(Size(width, height))
    }
}

/// The size in a PNG's first chunk, which must be `IHDR`.
pub(super) fn png(bytes: &[u8]) -> Option<Size> {
    let head = bytes.get(8..24)?.strip_prefix(b"\0\0\0\x0dIHDR")?;
    let (width, height) = head.split_first_chunk::<4>()?;
    Size::of(u32::from_be_bytes(*width), u32::from_be_bytes(*height.first_chunk()?))
}

/// The size in a JPEG's frame, with a mark of the picture's end somewhere behind it.
pub(super) fn jpeg(bytes: &[u8]) -> Option<Size> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let mark = *rest.strip_prefix(b"\xff")?.first()?;
        if mark == 0xFF {
            // Filled up in front of a mark.
            rest = &rest[1..];
            continue;
        }
        let body = &rest[2..];
        let length = usize::from(u16::from_be_bytes(*body.first_chunk()?));
        let after = body.get(length.max(2)..)?;
        match mark {
            // Every frame but the tables that have numbers among them.
            0xC0..=0xCF if ![0xC4, 0xC8, 0xCC].contains(&mark) => {
                let side =
                    |at: usize| body.get(at..at + 2)?.first_chunk().map(|two| u16::from_be_bytes(*two));
                let size = Size::of(u32::from(side(5)?), u32::from(side(3)?))?;
                return after.windows(2).any(|pair| pair == b"\xff\xd9").then_some(size);
            }
            0xC4 | 0xCC | 0xDB..=0xEF | 0xFE => rest = after,
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::files::fixture;

    #[test]
    fn sizes_are_read() {
        assert_eq!(png(&fixture::png(640, 480)), Some(Size(640, 480)));
        assert_eq!(jpeg(&fixture::jpeg(640, 480)), Some(Size(640, 480)));
        assert!(!Size(16_320, 12_240).is_too_large());
        assert!(Size(100_000, 100_000).is_too_large() && Size(u32::MAX, u32::MAX).is_too_large());
    }

    #[test]
    fn what_has_no_size_is_none() {
        let (png_bytes, photo) = (fixture::png(1, 1), fixture::jpeg(1, 1));
        for wrong in [&fixture::png(0, 9), &fixture::png(9, 0), &png_bytes[..20], &photo, b""] {
            assert_eq!(png(wrong), None);
        }
        let end = photo.len() - 2;
        for wrong in [&fixture::jpeg(0, 9), &photo[..end], &photo[..12], &png_bytes, b"\xff\xd8\xff\xff\xff"]
        {
            assert_eq!(jpeg(wrong), None);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn damage_never_panics(at in any::<prop::sample::Index>(), byte: u8, cut in any::<prop::sample::Index>()) {
            let mut bytes = fixture::jpeg(640, 480);
            let at = at.index(bytes.len());
            bytes[at] = byte;
            jpeg(&bytes);
            jpeg(&bytes[..cut.index(bytes.len())]);
            png(&bytes);
        }
    }
}

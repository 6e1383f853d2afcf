//! How large the letter's parts are and where they stand, in points: GB/T 9704-2012.

/// Points in a millimetre.
pub(crate) const MM: f32 = 72.0 / 25.4;

/// A4.
pub(crate) const PAGE_WIDTH: f32 = 210.0 * MM;
pub(crate) const PAGE_HEIGHT: f32 = 297.0 * MM;

/// 版心, what is printed on: 156 × 225 mm, 28 mm from the left and 37 mm from the top.
pub(crate) const LEFT: f32 = 28.0 * MM;
pub(crate) const TOP: f32 = 37.0 * MM;
pub(crate) const WIDTH: f32 = 156.0 * MM;
pub(crate) const BOTTOM: f32 = TOP + 225.0 * MM;

/// 22 lines to a page.
pub(crate) const PITCH: f32 = 225.0 * MM / 22.0;

/// 三号, so that 28 characters fill a line of 156 mm; the nominal 16 points would leave room for 27.
pub(crate) const BODY: f32 = WIDTH / 28.0;
/// 二号.
pub(crate) const TITLE: f32 = 22.0;
/// A line of the title, which is taller than the body's.
pub(crate) const TITLE_PITCH: f32 = 34.0;
/// 四号, for 抄送 and page numbers.
pub(crate) const SMALL: f32 = 14.0;
/// A line of 抄送.
pub(crate) const SMALL_PITCH: f32 = 22.0;

/// 发文机关标志: as large as one line allows, between these.
pub(crate) const ISSUER_LARGEST: f32 = 42.0;
pub(crate) const ISSUER_SMALLEST: f32 = 22.0;
/// Its upper edge stands 35 mm below that of the 版心.
pub(crate) const ISSUER_TOP: f32 = TOP + 35.0 * MM;

/// From 发文字号 to the red rule.
pub(crate) const RULE_GAP: f32 = 4.0 * MM;
/// The rules: 0.35 mm.
pub(crate) const RULE: f32 = 0.35 * MM;

/// The page number stands 7 mm below the 版心.
pub(crate) const FOLIO_TOP: f32 = BOTTOM + 7.0 * MM;

/// Above the baseline of a Chinese character, in parts of its size; the rest lies below.
pub(crate) const ASCENT: f32 = 0.88;

/// The red of heads and rules.
pub(crate) const RED: (u8, u8, u8) = (0xE0, 0x00, 0x00);

/// The blank lines above 署名, which the seal (印章) covers.
pub(crate) const SEAL_LINES: usize = 2;
/// 成文日期 stands four characters from the right edge where there is a seal.
pub(crate) const DATE_FROM_RIGHT: f32 = 4.0;

//! The PDF: read and drawn by poppler.

use super::{assert_in_order, captions, figures, pdf, tables, without_blanks};
use crate::{
    annual::{
        Part,
        fixture::{HOSTILE, MARK, annual, hostile},
        words::printed,
    },
    letter::{
        fixture::{poppler, text},
        form::line,
    },
};

#[test]
fn every_figure_carries_its_report() {
    let annual = annual();
    let text = text(&pdf(&annual));
    let figures: Vec<String> = figures(&annual).iter().map(|figure| format!("{figure}[{MARK}]")).collect();
    assert_in_order(&text, figures.iter().map(String::as_str));
    assert_eq!(text.matches(&format!("[{MARK}]")).count(), figures.len() + captions(&annual) + 1);
}

#[test]
fn the_tables_stand_there_row_by_row() {
    let annual = annual();
    let text = text(&pdf(&annual));
    for table in tables(&annual) {
        // A cell of several lines is told line by line between those beside it, so that only short ones are looked for.
        let cells = table.rows.iter().flat_map(|row| &row.cells).map(printed);
        let short: Vec<String> = cells.filter(|text| text.chars().count() <= 11).collect();
        assert!(short.len() >= table.rows.len());
        assert_in_order(&text, short.iter().map(String::as_str));
    }
}

#[test]
fn the_charts_are_vectors_whose_words_can_be_read() {
    let annual = annual();
    let pdf = pdf(&annual);
    let listed = String::from_utf8(poppler("pdfimages", &["-list", "-"], &pdf)).unwrap();
    assert_eq!(listed.lines().count(), 2, "{listed}");
    let text = text(&pdf);
    // In the table and in both charts.
    assert_eq!(text.matches("区公安分局交通警察大队").count(), 3, "{text}");
    let fonts = String::from_utf8(poppler("pdffonts", &["-"], &pdf)).unwrap();
    for font in fonts.lines().skip(2) {
        let columns: Vec<_> = font.split_whitespace().rev().collect();
        assert_eq!(columns[2..5], ["yes", "yes", "yes"], "{font}");
        assert!(font.contains("CJKsc"), "{font}");
    }
    assert!(pdf.len() < 200 * 1024, "{} bytes", pdf.len());
}

#[test]
fn a_tables_head_stands_on_each_of_its_pages_and_a_heading_is_never_left_alone() {
    let pdf = pdf(&annual());
    let pages = String::from_utf8(poppler("pdftotext", &["-layout", "-", "-"], &pdf)).unwrap();
    let pages: Vec<String> =
        pages.split('\u{c}').map(without_blanks).filter(|page| !page.is_empty()).collect();
    let of_list: Vec<_> = pages.iter().filter(|page| page.contains("地下为在建")).collect();
    assert!(of_list.len() > 1, "{pages:#?}");
    assert!(of_list.iter().all(|page| page.contains("编号标题承办单位答复日期原因")), "{of_list:#?}");
    assert!(of_list[0].contains("四、未解决的建议及原因"), "{of_list:#?}");
    for (page, number) in pages.iter().zip(1..) {
        assert!(page.contains(&format!("—{number}—")), "{page}");
    }
}

#[test]
fn what_others_wrote_survives_and_a_cell_of_many_pages_is_split() {
    let pdf = pdf(&hostile());
    let text = text(&pdf);
    for evil in HOSTILE {
        // The longest word stands in one line.
        let words = line(evil);
        let longest = words.split_whitespace().max_by_key(|word| word.len()).unwrap();
        let beginning: String = longest.chars().take(6).collect();
        assert!(text.contains(&beginning), "{beginning:?}");
    }
    let written: usize = "没有空格的很长很长的原因".matches('很').count() * 3000;
    assert_eq!(text.matches('很').count(), written);
    // Nothing hangs over the page's end: between text and number there is no ink.
    let last = String::from_utf8(poppler("pdfinfo", &["-"], &pdf)).unwrap();
    assert!(last.contains("(A4)"), "{last}");
    let strip = ["-gray", "-r", "72", "-x", "0", "-y", "748", "-W", "595", "-H", "10", "-"];
    let strips = poppler("pdftoppm", &strip, &pdf);
    assert!(strips.starts_with(b"P5"));
    let header = b"P5\n595 10\n255\n".len();
    for strip in strips.chunks(header + 5950) {
        assert!(strip[header..].iter().all(|pixel| *pixel == 255));
    }
}

#[test]
fn headings_that_leave_no_room_end_all_the_same() {
    let mut annual = annual();
    let Part::Table(table) = &mut annual.sections[3].parts[0] else { unreachable!() };
    table.columns[0].heading = "编号".repeat(400);
    assert!(text(&pdf(&annual)).contains("105"));
}

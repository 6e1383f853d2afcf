//! What stands in the report's documents, read back by others' programs.

mod counted;
mod drawn;
mod opened;
mod printed;
mod told;

use super::{Annual, Part, Piece, Table, fixture::CHARTS};

fn docx(annual: &Annual) -> Vec<u8> {
    super::docx(annual, &CHARTS.1).unwrap()
}

fn pdf(annual: &Annual) -> Vec<u8> {
    super::pdf(annual, &CHARTS.0, &CHARTS.1).unwrap()
}

fn xlsx(annual: &Annual) -> Vec<u8> {
    super::xlsx(annual).unwrap()
}

fn tables(annual: &Annual) -> Vec<&Table> {
    super::words::tables(annual).collect()
}

/// The figures of its sentences, in order.
fn figures(annual: &Annual) -> Vec<&str> {
    let parts = annual.sections.iter().flat_map(|section| &section.parts);
    let pieces = parts.flat_map(|part| if let Part::Text(pieces) = part { &pieces[..] } else { &[] });
    pieces
        .filter_map(|piece| if let Piece::Figure(figure) = piece { Some(figure.as_str()) } else { None })
        .collect()
}

/// How many tables and charts have one.
fn captions(annual: &Annual) -> usize {
    tables(annual).iter().map(|table| 1 + table.charts.len()).sum()
}

/// Each of the words stands behind the one before it.
fn assert_in_order<'a>(text: &str, words: impl IntoIterator<Item = &'a str>) {
    let mut rest = text;
    for word in words {
        let at = rest.find(word).unwrap_or_else(|| panic!("{word:?} does not stand in {rest:?}"));
        rest = &rest[at + word.len()..];
    }
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let annual = super::fixture::annual();
    assert!(docx(&annual) == docx(&annual), "docx");
    assert!(pdf(&annual) == pdf(&annual), "pdf");
    assert!(xlsx(&annual) == xlsx(&annual), "xlsx");
}

#[test]
fn each_picture_has_its_own_id_and_each_tables_head_is_one() {
    let annual = super::fixture::hostile();
    let xml = crate::letter::fixture::part(&docx(&annual), "word/document.xml");
    for number in 1..=4 {
        assert_eq!(xml.matches(&format!("<wp:docPr id=\"{number}\" ")).count(), 1, "{number}");
    }
    assert_eq!(xml.matches("<wp:docPr ").count(), 4);
    assert_eq!(xml.matches("<w:tblHeader />").count(), tables(&annual).len());
    for table in xml.split("<w:tbl>").skip(1) {
        let head = &table[..table.find("</w:tr>").unwrap()];
        assert!(head.contains("<w:tblHeader />"), "{head}");
    }
}

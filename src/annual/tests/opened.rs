//! Opened in LibreOffice: the Word file's words and pictures, the workbook's sheets.

use super::{assert_in_order, captions, docx, figures, tables, without_blanks, xlsx};
use crate::{
    annual::{
        Annual, Cell, Table,
        fixture::{HOSTILE, MARK, annual, hostile, suite},
        words::printed,
    },
    letter::{fixture::poppler, form::line},
};

fn words(annual: &Annual) -> String {
    suite::words(&docx(annual))
}

/// As Writer tells them: a cell a line.
fn cells(table: &Table) -> Vec<String> {
    let headings = table.columns.iter().map(|column| line(&column.heading));
    headings.chain(table.rows.iter().flat_map(|row| &row.cells).map(printed)).collect()
}

#[test]
fn the_word_file_opens_and_every_figure_carries_its_report() {
    let annual = annual();
    let text = words(&annual);
    let figures: Vec<String> = figures(&annual).iter().map(|figure| format!("{figure}[{MARK}]")).collect();
    assert_eq!(figures.len(), 9);
    assert_in_order(&text, figures.iter().map(String::as_str));
    // No other mark but the captions' and the one that is explained at the end.
    assert_eq!(text.matches(&format!("[{MARK}]")).count(), figures.len() + captions(&annual) + 1);
    assert!(
        text.contains("共收到代表议案、建议105[2024-1]件（其中大会期间96[2024-1]件），剔除0[2024-1]件"),
        "{text}"
    );
    for table in tables(&annual) {
        let cells = cells(table);
        assert_in_order(&text, cells.iter().map(String::as_str));
    }
    assert_in_order(
        &text,
        [
            "一、总体情况",
            "表1",
            "图1",
            "二、",
            "表2",
            "图2",
            "图3",
            "三、",
            "表3",
            "图4",
            "四、",
            "表4",
            "注：",
            "解决率：",
        ],
    );
}

#[test]
fn the_charts_stand_in_the_word_file_as_pictures() {
    let annual = annual();
    let pdf = suite::converted(&docx(&annual), "docx", "pdf").into_values().next().unwrap();
    let listed = String::from_utf8(poppler("pdfimages", &["-list", "-"], &pdf)).unwrap();
    let pictures: Vec<&str> =
        listed.lines().skip(2).filter(|line| line.split_whitespace().nth(2) == Some("image")).collect();
    let charts: usize = tables(&annual).iter().map(|table| table.charts.len()).sum();
    assert_eq!((pictures.len(), charts), (4, 4), "{listed}");
    // Fine enough to be printed.
    for picture in pictures {
        let columns: Vec<&str> = picture.split_whitespace().collect();
        let dots: u32 = columns[12].parse().unwrap();
        assert!(dots >= 290, "{picture}");
    }
}

#[test]
fn what_others_wrote_survives_in_the_word_file() {
    let annual = hostile();
    let text = without_blanks(&words(&annual));
    for evil in HOSTILE {
        assert!(text.contains(&without_blanks(&line(evil))), "{evil:?}");
    }
    let reason = "没有空格的很长很长的原因";
    assert_eq!(text.matches(reason).count(), 3000);
}

/// A sheet's rows below its headings, each cell as the paper shows it; the fraction's parts beside a rate.
fn as_sheet(table: &Table) -> Vec<Vec<String>> {
    let wide = |cell: &Cell| match cell {
        Cell::Rate(rate) => vec![printed(cell), rate.numerator.to_string(), rate.denominator.to_string()],
        Cell::Empty => vec![String::new()],
        _ => vec![printed(cell)],
    };
    table.rows.iter().map(|row| row.cells.iter().flat_map(wide).collect()).collect()
}

fn assert_sheets_are_the_tables(annual: &Annual) {
    let sheets = suite::sheets(&xlsx(annual));
    let mut names = vec!["目录".to_owned()];
    for (table, number) in tables(annual).into_iter().zip(1..) {
        let name = format!("表{number}");
        let rows = &sheets[&name];
        assert_eq!(rows[3..], as_sheet(table)[..], "{name}");
        names.push(name);
        if let Some(listing) = &table.behind {
            let name = format!("表{number}办件");
            assert_eq!(sheets[&name].len() - 3, listing.lines.len());
            names.push(name);
        }
    }
    names.sort();
    let mut found: Vec<_> = sheets.into_keys().collect();
    found.sort();
    assert_eq!(found, names);
}

#[test]
fn the_workbook_opens_and_shows_the_tables_as_they_are_printed() {
    let mut annual = annual();
    // By the largest remainder; Excel alone would show 58.06%.
    let crate::annual::Part::Table(table) = &mut annual.sections[0].parts[1] else { unreachable!() };
    let printed = "58.07%".to_owned();
    table.rows[0].cells[2] = Cell::Rate(crate::annual::Rate { numerator: 54, denominator: 93, printed });
    assert_sheets_are_the_tables(&annual);
}

#[test]
fn no_text_of_others_becomes_anything_else_in_the_workbook() {
    let mut annual = hostile();
    // Longer than a cell can be; tried below.
    let crate::annual::Part::Table(table) = &mut annual.sections[3].parts[0] else { unreachable!() };
    table.rows.remove(0);
    assert_sheets_are_the_tables(&annual);
}

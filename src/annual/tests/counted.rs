//! The workbook: what its cells are, read by a reader of its own and as it is stored.

use super::{tables, xlsx};
use crate::{
    annual::{
        Cell,
        fixture::{annual, hostile},
    },
    letter::fixture::part,
};
use calamine::{Data, Reader as _, Xlsx};
use chrono::Datelike as _;
use std::io::{Cursor, Read as _};

fn parts(xlsx: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(xlsx)).unwrap();
    let count = archive.len();
    let read = |at| {
        let mut part = archive.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        (part.name().unwrap().into_owned(), text)
    };
    (0..count).map(read).collect()
}

#[test]
fn figures_are_numbers_and_rates_are_exact() {
    let annual = annual();
    let bytes = xlsx(&annual);
    let mut book = Xlsx::new(Cursor::new(&bytes)).unwrap();
    for (table, number) in tables(&annual).into_iter().zip(1..) {
        let sheet = book.worksheet_range(&format!("表{number}")).unwrap();
        for (row, stored) in table.rows.iter().zip(sheet.rows().skip(3)) {
            let mut stored = stored.iter();
            for cell in &row.cells {
                let found = stored.next().unwrap();
                match (cell, found) {
                    (Cell::Count(count), Data::Float(value)) => assert_eq!(*value, *count as f64),
                    (Cell::Rate(rate), Data::Float(value)) => {
                        assert_eq!(*value, rate.numerator as f64 / rate.denominator as f64);
                        let parts = [rate.numerator, rate.denominator].map(|n| Data::Float(n as f64));
                        assert_eq!([stored.next().unwrap(), stored.next().unwrap()], [&parts[0], &parts[1]]);
                    }
                    (Cell::Day(day), Data::DateTime(value)) => {
                        let (year, month, of_month, ..) = value.to_ymd_hms_milli();
                        assert_eq!(
                            (i32::from(year), u32::from(month), u32::from(of_month)),
                            (day.year(), day.month(), day.day())
                        );
                    }
                    (Cell::Text(text), Data::String(value)) => assert_eq!(value, text),
                    _ => panic!("{cell:?} is stored as {found:?}"),
                }
            }
        }
    }
}

#[test]
fn each_row_leads_to_the_first_of_its_cases() {
    let bytes = xlsx(&annual());
    let sheet = part(&bytes, "xl/worksheets/sheet2.xml");
    let mut book = Xlsx::new(Cursor::new(&bytes)).unwrap();
    let (table, cases) = (book.worksheet_range("表1").unwrap(), book.worksheet_range("表1办件").unwrap());
    let mut led = 0;
    for link in sheet.split("<hyperlink ").skip(1) {
        let value = |name: &str| {
            let after = &link[link.find(name).unwrap() + name.len()..];
            after[..after.find('"').unwrap()].to_owned()
        };
        let (from, to) = (value("ref=\""), value("location=\""));
        let Some(to) = to.strip_prefix("'表1办件'!A").or_else(|| to.strip_prefix("表1办件!A")) else {
            continue;
        };
        let Some(from) = from.strip_prefix('A') else { continue };
        let at = |row: &str| row.parse::<u32>().unwrap() - 1;
        if at(to) == 0 {
            continue;
        }
        let name = table.get_value((at(from), 0)).unwrap();
        assert_eq!(cases.get_value((at(to), 0)), Some(name));
        assert_ne!(cases.get_value((at(to) - 1, 0)), Some(name));
        led += 1;
    }
    assert_eq!(led, 3);
}

#[test]
fn its_charts_are_excels_own_over_its_cells() {
    let parts = parts(&xlsx(&annual()));
    let charts: Vec<_> = parts.iter().filter(|(name, _)| name.starts_with("xl/charts/chart")).collect();
    assert_eq!(charts.len(), 4);
    // The total is in none.
    assert!(charts[0].1.contains("$B$4:$B$6") && !charts[0].1.contains("$B$7"), "{}", charts[0].1);
    for (_, chart) in charts {
        assert!(chart.contains("<c:f>表") || chart.contains("<c:f>'表"), "{chart}");
    }
}

#[test]
fn no_text_becomes_a_formula_or_leads_outside() {
    for (name, part) in parts(&xlsx(&hostile())) {
        let formula = part.contains("<f>") || part.contains("<f ");
        assert!(!formula && !part.contains("TargetMode=\"External\""), "{name}");
        assert!(!part.contains('\u{0}') && !part.contains("_x0001_"), "{name}");
    }
}

#[test]
fn a_text_longer_than_a_cell_is_cut() {
    let bytes = xlsx(&hostile());
    let mut book = Xlsx::new(Cursor::new(&bytes)).unwrap();
    let sheet = book.worksheet_range("表4").unwrap();
    let Some(Data::String(reason)) = sheet.get_value((3, 4)) else { panic!("no text") };
    assert!(reason.chars().count() == 32_000 && reason.ends_with('…'));
}

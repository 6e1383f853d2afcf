//! The charts: which numbers and names stand on them.

use crate::annual::{
    Cell, Chart, ChartKind, Column, Rate, Row, Table,
    chart::{TALLEST, most_bars},
    fixture::{CHARTS, HOSTILE},
};

fn table(rows: Vec<(String, Cell)>) -> Table {
    let column = |heading: &str| Column { heading: heading.to_owned(), width: 8 };
    let row = |(name, cell)| Row { cells: vec![Cell::Text(name), cell], total: false };
    Table {
        title: "表".to_owned(),
        columns: vec![column("名称"), column("数")],
        rows: rows.into_iter().map(row).collect(),
        charts: Vec::new(),
        behind: None,
    }
}

/// The texts of the drawing.
fn texts(table: &Table, kind: ChartKind) -> Vec<String> {
    let chart = Chart { title: "图".to_owned(), kind, columns: vec![1] };
    let svg = CHARTS.1.svg(table, &chart).unwrap();
    let mut reader = quick_xml::Reader::from_str(&svg);
    let (mut texts, mut text) = (Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Text(words) => text.push_str(&words),
            quick_xml::events::Event::GeneralRef(name) => {
                let name = format!("&{};", &*name);
                text.push_str(&quick_xml::escape::unescape(&name).unwrap());
            }
            quick_xml::events::Event::End(tag) if tag.name().as_ref() == "text" => {
                texts.push(std::mem::take(&mut text).trim().to_owned());
            }
            quick_xml::events::Event::Eof => return texts,
            _ => {}
        }
    }
}

#[test]
fn each_bar_says_what_the_table_says() {
    let rate = |numerator, denominator, printed: &str| {
        Cell::Rate(Rate { numerator, denominator, printed: printed.to_owned() })
    };
    let rates = [rate(54, 93, "58.07%"), rate(98, 105, "93.3%"), rate(1, 1, "100%"), rate(0, 3, "0%")];
    let names = ["甲局", "乙局", "丙局", "丁局"];
    let named = || names.iter().map(|name| (*name).to_owned());
    for kind in [ChartKind::Bars, ChartKind::Columns, ChartKind::Line] {
        let texts = texts(&table(named().zip(rates.clone()).collect()), kind);
        for wanted in ["58.07", "93.3", "100", "0"].iter().chain(&names) {
            assert!(texts.iter().any(|text| text == wanted), "{kind:?}: {wanted} is not in {texts:?}");
        }
        let counts = [1, 12_345, 98, 0].map(Cell::Count);
        let texts = self::texts(&table(named().zip(counts).collect()), kind);
        assert!(
            ["1", "12345", "98"].iter().all(|n| texts.iter().any(|t| t.replace(',', "") == *n)),
            "{texts:?}"
        );
    }
}

#[test]
fn the_first_row_stands_at_the_top() {
    let rows = [("甲局", 3), ("乙局", 5)].map(|(name, count)| (name.to_owned(), Cell::Count(count)));
    let table = table(rows.to_vec());
    let chart = Chart { title: "图".to_owned(), kind: ChartKind::Bars, columns: vec![1] };
    let svg = CHARTS.1.svg(&table, &chart).unwrap();
    let height_of = |name: &str| -> f32 {
        let before = &svg[..svg.find(name).unwrap()];
        let tag = &before[before.rfind("<text").unwrap()..];
        let y = &tag[tag.find(" y=\"").unwrap() + 4..];
        y[..y.find('"').unwrap()].parse().unwrap()
    };
    assert!(height_of("甲局") < height_of("乙局"), "{svg}");
}

#[test]
fn what_others_wrote_is_text_on_a_chart() {
    let rows: Vec<_> = HOSTILE.iter().map(|name| ((*name).to_owned(), Cell::Count(1))).collect();
    let texts = texts(&table(rows), ChartKind::Bars);
    // Cut to what a chart has room for.
    for beginning in ["=HYPERLINK(\"h", "</w:t></w:r><", "<svg onload=\"", "控制符"] {
        assert!(texts.iter().any(|text| text.starts_with(beginning)), "{beginning:?} is not in {texts:?}");
    }
}

#[test]
fn a_chart_of_a_hundred_departments_fits_a_page() {
    let rows: Vec<_> = (0..100).map(|n| (format!("第{n}局"), Cell::Count(100 - n))).collect();
    let table = table(rows);
    let shown = texts(&table, ChartKind::Bars).iter().filter(|text| text.starts_with('第')).count();
    assert_eq!(shown, most_bars(1));
    let chart = Chart { title: "图".to_owned(), kind: ChartKind::Bars, columns: vec![1] };
    let tree = CHARTS.1.drawn(&table, &chart).unwrap();
    assert!(tree.size().height() <= TALLEST);
}

#[test]
fn a_chart_of_nothing_is_drawn_all_the_same() {
    for kind in [ChartKind::Bars, ChartKind::Columns, ChartKind::Line] {
        let chart = Chart { title: "图".to_owned(), kind, columns: vec![1] };
        CHARTS.1.picture(&table(Vec::new()), &chart).unwrap();
        CHARTS.1.picture(&table(vec![("甲".to_owned(), Cell::Empty)]), &chart).unwrap();
    }
}

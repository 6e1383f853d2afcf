//! A year in words: the seed's, 105 cases of which 98 were resolved.

use super::{docx, tables, xlsx};
use crate::annual::{
    Annual, Cell, Part, Piece, Rate, Table,
    fixture::{suite, year},
    year::{Title, composed},
};

/// A paragraph as it reads, without marks.
fn sentences(annual: &Annual) -> Vec<String> {
    let parts = annual.sections.iter().flat_map(|section| &section.parts);
    let said = |piece: &Piece| match piece {
        Piece::Words(text) | Piece::Figure(text) => text.clone(),
    };
    let text = |part: &Part| match part {
        Part::Text(pieces) => Some(pieces.iter().map(said).collect()),
        Part::Table(_) => None,
    };
    parts.filter_map(text).collect()
}

fn table<'a>(annual: &'a Annual, title: &str) -> &'a Table {
    tables(annual).into_iter().find(|table| table.title == title).unwrap()
}

#[test]
fn a_year_reads_as_offices_print_it() {
    let annual = composed(&year());
    assert_eq!(
        sentences(&annual),
        [
            "区第十八届人大三次会议以来，共收到代表议案、建议106件（其中大会期间96件、闭会期间10件），剔除1件，应办105件。",
            "截至2024年11月30日，按期办结105件，按期办结率100%（105/105）；已解决或基本解决98件，解决率93.3%（98/105）。",
            "A类：已解决或基本解决98件，占93.3%（98/105）；B类：部分解决5件，占4.8%（5/105）；C类：留作参考2件，占1.9%（2/105）。",
            "共有2个承办单位办理，件数较多的是区教育局65件、区卫生健康局40件。",
            "共涉及1个类别，件数较多的是城建环保105件。",
            "尚未解决7件，见下表。",
            "回头看1件，见下表。",
            "列为重点督办件1件，见下表。",
        ]
    );
}

#[test]
fn a_year_without_cases_says_so() {
    let mut year = year();
    for indicator in &mut year.indicators {
        (indicator.rate, indicator.cases) = (None, Vec::new());
    }
    (year.received, year.counted, year.excluded) = (0, 0, 0);
    (year.origins, year.classes, year.departments) = (Vec::new(), Vec::new(), Vec::new());
    (year.categories, year.months, year.cases) = (Vec::new(), Vec::new(), Vec::new());
    (year.unresolved, year.revisits, year.key_cases) = (Vec::new(), Vec::new(), Vec::new());
    let annual = composed(&year);
    assert_eq!(
        sentences(&annual),
        [
            "区第十八届人大三次会议以来，共收到代表议案、建议0件，剔除0件，应办0件。",
            "截至2024年11月30日，没有可以计算的指标。",
            "尚无已答复的议案、建议。",
            "没有应办的议案、建议。",
            "没有应办的议案、建议。",
            "没有未解决的议案、建议。",
            "没有回头看记录。",
            "没有列为重点督办件的议案、建议。",
        ]
    );
    assert!(!docx(&annual).is_empty() && !xlsx(&annual).is_empty() && !super::pdf(&annual).is_empty());
}

/// Counting the lines behind a table gives the table.
#[test]
fn each_table_counts_exactly_the_cases_behind_it() {
    let annual = composed(&year());
    let mut checked = 0;
    for table in tables(&annual) {
        let Some(listing) = &table.behind else { continue };
        for (at, row) in table.rows.iter().enumerate().filter(|(_, row)| !row.total) {
            let lines: Vec<_> = listing.lines.iter().filter(|(of, _)| *of == at).collect();
            let above =
                lines.iter().filter(|(_, cells)| cells.last() == Some(&Cell::Text("是".to_owned()))).count();
            match &row.cells[..] {
                // An indicator: above and below the line.
                [_, Cell::Count(part), Cell::Count(whole), _] if table.title == "主要指标" => {
                    assert_eq!((above as u64, lines.len() as u64), (*part, *whole), "{row:?}");
                }
                [_, Cell::Count(count), ..] => assert_eq!(lines.len() as u64, *count, "{row:?}"),
                _ => panic!("{row:?}"),
            }
            checked += 1;
        }
    }
    assert_eq!(checked, 2 + 2 + 3 + 2 + 1 + 2);
}

#[test]
fn the_seeds_year_opens_with_every_figure_in_its_place() {
    let annual = composed(&year());
    let sheets = suite::sheets(&xlsx(&annual));
    let indicators = &sheets["表2"];
    assert_eq!(indicators[4], ["解决率", "98", "105", "93.3%", "98", "105"]);
    assert_eq!(sheets["表2办件"].len(), 3 + 210);
    let text = suite::words(&docx(&annual));
    assert!(text.contains("解决率93.3%[2024-1]（98/105）"), "{text}");
}

#[test]
fn a_withheld_title_stands_nowhere() {
    let mut year = year();
    let Title::Open(secret) = std::mem::replace(&mut year.cases[99].title, Title::Withheld) else {
        unreachable!()
    };
    year.unresolved.iter_mut().find(|it| it.case == 99).unwrap().reason = None;
    let annual = composed(&year);
    assert!(!format!("{annual:?}").contains(&format!("{secret}\"")));
    let row = table(&annual, "未解决的议案、建议及原因")
        .rows
        .iter()
        .find(|row| row.cells[0] == Cell::Text("100".to_owned()));
    assert_eq!(row.unwrap().cells[1], Cell::Text("（保密件，标题从略）".to_owned()));
}

#[test]
fn a_share_of_nothing_is_not_printed() {
    let mut year = year();
    year.departments[0].rates[2] = None;
    let annual = composed(&year);
    assert_eq!(table(&annual, "各承办单位办理情况").rows[0].cells[4], Cell::Empty);
    let resolved = Rate { numerator: 60, denominator: 65, printed: "92.3%".to_owned() };
    assert_eq!(table(&annual, "各承办单位办理情况").rows[0].cells[3], Cell::Rate(resolved));
}

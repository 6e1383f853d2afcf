//! What the module beside promises, tried with what attackers write.

use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx};
use proptest::prelude::*;

use super::*;

fn sheet(texts: &[String]) -> Sheet {
    Sheet {
        title: "办理台账".to_owned(),
        headings: vec![("序号", 6), ("标题", 40), ("日期", 12)],
        rows: texts
            .iter()
            .zip(1..)
            .map(|(text, n)| {
                let day = NaiveDate::from_ymd_opt(2024, 3, 8);
                vec![Cell::Number(n), Cell::Text(text.clone()), Cell::from(day)]
            })
            .collect(),
    }
}

/// Every part of the workbook as it is stored.
fn parts(xlsx: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(xlsx)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).unwrap();
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            (part.name().unwrap().into_owned(), text)
        })
        .collect()
}

fn payload() -> impl Strategy<Value = String> {
    let before = prop_oneof![
        Just(""),
        Just(" "),
        Just("　"),
        Just("\u{feff}"),
        Just("'"),
        Just("\""),
        Just("“"),
        Just("\t"),
        Just("\r")
    ];
    let start = "[=+\\-@＝＋－＠]";
    let rest = prop_oneof![
        Just("cmd|' /C calc'!A0".to_owned()),
        Just("HYPERLINK(\"http://x\",\"点我\")".to_owned()),
        Just("1+1".to_owned()),
        "[ -~一-龥]{0,20}",
    ];
    let link = prop_oneof![Just("http://x.example/"), Just("file:///etc/passwd"), Just("mailto:a@b")];
    prop_oneof![
        (before, start, rest).prop_map(|(before, start, rest)| format!("{before}{start}{rest}")),
        link.prop_map(str::to_owned),
        any::<String>().prop_map(|text| text.chars().filter(|c| !c.is_control()).take(50).collect()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_text_becomes_a_formula_and_each_comes_back(texts in prop::collection::vec(payload(), 1..8)) {
        let sheet = sheet(&texts);
        let bytes = xlsx(&sheet).unwrap();
        for (name, part) in parts(&bytes) {
            prop_assert!(!part.contains("<f>") && !part.contains("<f ") && !part.contains("<hyperlink"), "{}", name);
        }
        let mut book = Xlsx::new(Cursor::new(&bytes)).unwrap();
        let range = book.worksheet_range("办理台账").unwrap();
        for (row, text) in range.rows().skip(1).zip(&texts) {
            prop_assert_eq!(&row[0].to_string().parse::<u32>().is_ok(), &true);
            // An empty text is an empty cell.
            prop_assert_eq!(&row[1].to_string(), text);
            prop_assert!(matches!(row[2], Data::DateTime(_)), "{:?}", row[2]);
        }

        let bytes = csv(&sheet).unwrap();
        let text = std::str::from_utf8(&bytes).unwrap().strip_prefix('\u{feff}').unwrap();
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
        prop_assert_eq!(rows.len(), texts.len());
        for (row, text) in rows.iter().zip(&texts) {
            let cell = &row[1];
            let shown = cell.trim_start_matches(|c: char| c.is_whitespace() || "\u{feff}\"“".contains(c));
            prop_assert!(!shown.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{:?}", cell);
            prop_assert!(cell == text || cell.strip_prefix('\'') == Some(text), "{:?}", cell);
            prop_assert_eq!(&row[2], "2024-03-08");
        }
    }
}

#[test]
fn plain_texts_stay_as_they_are() {
    for text in ["", "关于改善停车的建议", "5-3-12", "a=b", "“三农”问题", "'八五'规划", "100+"]
    {
        assert_eq!(guarded(text), text);
    }
    for text in ["=1", "'=1", "　＝1", "\u{feff}@SUM(A1)", "\t关于", "“-1", "−1"] {
        assert_eq!(guarded(text), format!("'{text}"));
    }
}

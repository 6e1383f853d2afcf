//! A report that the tests write: the seed's year, 105 cases of which 98 were resolved.

use super::year::{CaseLine, Class, Group, Indicator, KeyCase, Revisit, Title, Unresolved, Year};
use super::{
    Annual, Cell, Chart, ChartKind, Charts, Column, Listing, Part, Piece, Rate, Row, Section, Table,
};
use crate::letter::Font;
use chrono::NaiveDate;
use std::sync::LazyLock;

/// With the font that is installed.
pub static CHARTS: LazyLock<(Font, Charts)> = LazyLock::new(|| {
    let font = Font::find(None).unwrap();
    let charts = Charts::new(&font).unwrap();
    (font, charts)
});

/// What LibreOffice makes of a file: the stories ask the same.
#[path = "../../tests/it/support/suite.rs"]
pub mod suite;

/// The mark of its figures.
pub const MARK: &str = "2024-1";

pub fn annual() -> Annual {
    Annual {
        title: "关于江城区第十八届人民代表大会第三次会议代表议案、建议办理情况的报告".to_owned(),
        issuer: "江城区人大常委会代表工作委员会".to_owned(),
        date: day(2024, 12, 20),
        mark: MARK.to_owned(),
        about: [
            ("统计报告", "2024-1"),
            ("摘要", "9f86d081884c7d65"),
            ("统计截至", "2024-11-30"),
            ("数据截至", "2024-12-05"),
        ]
        .map(|(name, words)| (name.to_owned(), words.to_owned()))
        .to_vec(),
        sections: vec![
            Section {
                heading: "总体情况".to_owned(),
                parts: vec![
                    Part::Text(vec![
                        words("区第十八届人大三次会议以来，共收到代表议案、建议"),
                        figure("105"),
                        words("件（其中大会期间"),
                        figure("96"),
                        words("件），剔除"),
                        figure("0"),
                        words("件，应办"),
                        figure("105"),
                        words("件；按期办结"),
                        figure("105"),
                        words("件，按期办结率"),
                        figure("100%"),
                        words("（105/105）；已解决或基本解决"),
                        figure("98"),
                        words("件，解决率"),
                        figure("93.3%"),
                        words("（98/105）。"),
                    ]),
                    Part::Table(classes()),
                ],
            },
            Section {
                heading: "各承办单位办理情况".to_owned(),
                parts: vec![
                    Part::Text(vec![words("承办件数较多的是区教育局，"), figure("40"), words("件。")]),
                    Part::Table(departments()),
                ],
            },
            Section { heading: "办理进度".to_owned(), parts: vec![Part::Table(months())] },
            Section {
                heading: "未解决的建议及原因".to_owned(), parts: vec![Part::Table(unresolved())]
            },
        ],
        notes: vec![
            "解决率：办理结果为A类的件数除以应办件数。".to_owned(),
            "百分数按四舍五入保留一位小数，末位的零不印。".to_owned(),
        ],
    }
}

fn classes() -> Table {
    let classes =
        [("A类：已解决或基本解决", 98, "93.3%"), ("B类：部分解决", 5, "4.8%"), ("C类：留作参考", 2, "1.9%")];
    let mut lines = Vec::new();
    let mut rows = Vec::new();
    let mut case = 0;
    for (index, (name, count, printed)) in classes.into_iter().enumerate() {
        rows.push(Row {
            cells: vec![text(name), Cell::Count(count), rate(count, 105, printed)],
            total: false,
        });
        for _ in 0..count {
            case += 1;
            lines.push((index, vec![Cell::Count(case), text(&format!("关于第{case}件事的建议"))]));
        }
    }
    rows.push(Row { cells: vec![text("合计"), Cell::Count(105), rate(105, 105, "100%")], total: true });
    Table {
        title: "办理结果分类".to_owned(),
        columns: vec![column("办理结果", 12), column("件数", 5), column("占比", 5)],
        rows,
        charts: vec![Chart {
            title: "各类办理结果件数".to_owned(),
            kind: ChartKind::Columns,
            columns: vec![1],
        }],
        behind: Some(Listing { columns: vec![column("编号", 5), column("标题", 24)], lines }),
    }
}

fn departments() -> Table {
    let all = [
        ("区教育局", 40, 38, "95%"),
        ("区住房和城乡建设局", 30, 28, "93.3%"),
        ("区公安分局交通警察大队", 20, 18, "90%"),
        ("区卫生健康局", 15, 14, "93.3%"),
    ];
    let rows = all.map(|(name, counted, resolved, printed)| Row {
        cells: vec![
            text(name),
            Cell::Count(counted),
            Cell::Count(resolved),
            rate(resolved, counted, printed),
        ],
        total: false,
    });
    Table {
        title: "各承办单位办理情况".to_owned(),
        columns: vec![column("承办单位", 12), column("应办", 5), column("解决", 5), column("解决率", 6)],
        rows: rows.to_vec(),
        charts: vec![
            Chart { title: "各承办单位件数".to_owned(), kind: ChartKind::Bars, columns: vec![1, 2] },
            Chart { title: "各承办单位解决率".to_owned(), kind: ChartKind::Bars, columns: vec![3] },
        ],
        behind: None,
    }
}

fn months() -> Table {
    let rows = [("3月", 4), ("4月", 31), ("5月", 52), ("6月", 18)];
    Table {
        title: "各月答复件数".to_owned(),
        columns: vec![column("月份", 6), column("答复", 6)],
        rows: rows
            .map(|(name, count)| Row { cells: vec![text(name), Cell::Count(count)], total: false })
            .to_vec(),
        charts: vec![Chart {
            title: "各月答复件数".to_owned(), kind: ChartKind::Line, columns: vec![1]
        }],
        behind: None,
    }
}

fn unresolved() -> Table {
    let reason = "地下为在建轨道交通3号线区间，建设条件暂不具备，将在新校区规划中统筹考虑。".repeat(3);
    let rows = (99..=105).map(|number| Row {
        cells: vec![
            Cell::Count(number),
            text(&format!("关于第{number}件事的建议")),
            text("区教育局"),
            Cell::Day(day(2024, 5, 10)),
            text(&reason),
        ],
        total: false,
    });
    Table {
        title: "未解决的建议".to_owned(),
        columns: vec![
            column("编号", 4),
            column("标题", 10),
            column("承办单位", 7),
            column("答复日期", 7),
            column("原因", 20),
        ],
        rows: rows.collect(),
        charts: Vec::new(),
        behind: None,
    }
}

/// The same with what attackers and careless hands write, wherever words of others stand.
pub fn hostile() -> Annual {
    let mut annual = annual();
    annual.title = HOSTILE.concat();
    annual.sections[0].heading = HOSTILE[0].to_owned();
    for part in annual.sections.iter_mut().flat_map(|section| &mut section.parts) {
        let Part::Table(table) = part else { continue };
        table.title = HOSTILE.concat();
        for (index, row) in table.rows.iter_mut().enumerate() {
            row.cells[0] = text(HOSTILE[index % HOSTILE.len()]);
        }
        if let Some(listing) = &mut table.behind {
            for (index, (_, cells)) in listing.lines.iter_mut().enumerate() {
                cells[1] = text(&HOSTILE[index % HOSTILE.len()].repeat(1 + index * 20));
            }
        }
    }
    if let Some(Part::Table(table)) = annual.sections[3].parts.first_mut() {
        table.rows[0].cells[4] = text(&"没有空格的很长很长的原因".repeat(3000));
    }
    annual
}

/// Formulas, links, markup and what XML cannot hold.
pub const HOSTILE: [&str; 7] = [
    "=HYPERLINK(\"http://x.example\",\"点我\")",
    "+cmd|' /C calc'!A0",
    "</w:t></w:r><w:tbl>&lt;&amp;\"'",
    "http://x.example/",
    "\u{0}\u{1}\u{8}控\u{b}制\u{c}符\u{fffe}\u{ffff}",
    "@SUM(A1:A9)\r\n换行\t制表",
    "<svg onload=\"alert(1)\"><script>x</script></svg>]]>",
];

fn words(text: &str) -> Piece {
    Piece::Words(text.to_owned())
}

fn figure(text: &str) -> Piece {
    Piece::Figure(text.to_owned())
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn column(heading: &str, width: u8) -> Column {
    Column { heading: heading.to_owned(), width }
}

fn rate(numerator: u64, denominator: u64, printed: &str) -> Cell {
    Cell::Rate(Rate { numerator, denominator, printed: printed.to_owned() })
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// The same year as a sealed report would tell it: 106 cases, one of them withdrawn.
pub fn year() -> Year {
    let class = |at: usize| {
        if at < 98 {
            "A"
        } else if at < 103 {
            "B"
        } else {
            "C"
        }
    };
    let case = |at: usize| CaseLine {
        number: (at + 1).to_string(),
        kind: "建议".to_owned(),
        title: Title::Open(format!("关于第{}件事的建议", at + 1)),
        category: "城建环保".to_owned(),
        department: if in_education(at) { "区教育局" } else { "区卫生健康局" }.to_owned(),
        class: class(at).to_owned(),
        evaluation: String::new(),
        replied_on: Some(day(2024, if at < 50 { 5 } else { 6 }, 10)),
        exclusion: None,
    };
    let mut cases: Vec<CaseLine> = (0..105).map(case).collect();
    cases.push(CaseLine { replied_on: None, exclusion: Some("撤回".to_owned()), ..case(105) });
    let all = |of: fn(usize) -> bool| (0..105).filter(|at| of(*at)).collect::<Vec<usize>>();
    let some = |numerator, denominator, printed: &str| {
        Some(Rate { numerator, denominator, printed: printed.to_owned() })
    };
    let indicator = |counted: &str, name: &str, rate, above: fn(usize) -> bool| Indicator {
        counted: counted.to_owned(),
        name: name.to_owned(),
        rate,
        cases: (0..105).map(|at| (at, above(at))).collect(),
    };
    let of_class = |name: &str, count, printed: &str, cases| Class {
        name: name.to_owned(),
        count,
        share: some(count, 105, printed),
        cases,
    };
    let group = |name: &str, rates, cases: Vec<usize>| Group {
        name: name.to_owned(),
        counted: cases.len() as u64,
        rates,
        cases,
    };
    let plain = annual();
    Year {
        title: plain.title,
        issuer: plain.issuer,
        date: plain.date,
        mark: plain.mark,
        about: plain.about,
        notes: plain.notes,
        sessions: "区第十八届人大三次会议".to_owned(),
        until: day(2024, 11, 30),
        received: 106,
        counted: 105,
        excluded: 1,
        origins: vec![("大会期间".to_owned(), 96), ("闭会期间".to_owned(), 10)],
        indicators: vec![
            indicator("按期办结", "按期办结率", some(105, 105, "100%"), |_| true),
            indicator("已解决或基本解决", "解决率", some(98, 105, "93.3%"), |at| at < 98),
        ],
        classes: vec![
            of_class("A类：已解决或基本解决", 98, "93.3%", all(|at| at < 98)),
            of_class("B类：部分解决", 5, "4.8%", all(|at| (98..103).contains(&at))),
            of_class("C类：留作参考", 2, "1.9%", all(|at| at >= 103)),
        ],
        departments: vec![
            group(
                "区教育局",
                [some(65, 65, "100%"), some(60, 65, "92.3%"), some(3, 4, "75%")],
                all(in_education),
            ),
            group(
                "区卫生健康局",
                [some(40, 40, "100%"), some(38, 40, "95%"), None],
                all(|at| !in_education(at)),
            ),
        ],
        categories: vec![group(
            "城建环保",
            [some(105, 105, "100%"), some(98, 105, "93.3%"), None],
            all(|_| true),
        )],
        months: vec![("2024-05".to_owned(), 50), ("2024-06".to_owned(), 55)],
        cases,
        unresolved: (98..105)
            .map(|case| Unresolved { case, reason: Some("建设条件暂不具备。".to_owned()) })
            .collect(),
        revisits: vec![Revisit {
            case: 3,
            day: day(2024, 11, 5),
            outcome: "维持原结果".to_owned(),
            class_before: "A".to_owned(),
            class_after: "A".to_owned(),
            finding: Some("信号灯已投入使用。".to_owned()),
        }],
        key_cases: vec![KeyCase {
            case: 4,
            meeting: "第三十次主任会议".to_owned(),
            supervisor: "副主任张某".to_owned(),
        }],
    }
}

fn in_education(at: usize) -> bool {
    (40..105).contains(&at)
}

//! A user's file from end to end.

use chrono::NaiveDate;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::fixture::{csv_bytes, gbk, office_workbook, plain_workbook, read_rows, sound_row};
use super::*;

fn day(text: &str) -> Option<NaiveDate> {
    Some(text.parse().unwrap())
}

fn csv(text: &str) -> Result<Ledger, FileError> {
    read_bytes(text.as_bytes().to_vec(), FileKind::Csv, &Mapping::default())
}

fn office_rows() -> [LedgerRow; 2] {
    [
        LedgerRow {
            row: 6,
            number: "12".to_owned(),
            kind: Kind::Suggestion,
            title: "关于加快老旧小区加装电梯的建议".to_owned(),
            lead_deputy: "张三".to_owned(),
            co_signers: ["李四", "王五", "赵六"].map(str::to_owned).to_vec(),
            category: None,
            lead_department: "区住建局（人防办）".to_owned(),
            co_departments: ["区财政局", "区城管局"].map(str::to_owned).to_vec(),
            assigned_on: day("2024-03-08"),
            replied_on: day("2024-05-20"),
            class: Some("A".to_owned()),
            evaluation: Some(Evaluation::Satisfied),
        },
        LedgerRow {
            row: 9,
            number: "议3".to_owned(),
            kind: Kind::Motion,
            title: "关于修建滨湖大道的议案".to_owned(),
            lead_deputy: "陈七".to_owned(),
            co_signers: vec![],
            category: None,
            lead_department: "区交通局".to_owned(),
            co_departments: vec![],
            assigned_on: day("2024-03-08"),
            replied_on: None,
            class: None,
            evaluation: None,
        },
    ]
}

#[test]
fn an_office_workbook_is_read_as_it_is() {
    let ledger = read_bytes(office_workbook(), FileKind::Xlsx, &Mapping::default()).unwrap();
    assert_eq!(ledger.problems, []);
    assert_eq!(ledger.rows, office_rows());
    assert_eq!(ledger.sheet, "2024年台账");
    assert_eq!(ledger.other_sheets, ["2023年台账"]);
    assert_eq!(ledger.ignored, ["序号", "备注"]);
    let number = ledger.columns.iter().find(|found| found.column == Column::Number).unwrap();
    assert_eq!((number.heading.as_str(), number.letter.as_str()), ("建议编号", "E"));
    let skipped: Vec<_> = ledger.skipped.iter().map(|(row, text)| (*row, text.as_str())).collect();
    assert_eq!(skipped, [(5, "一、城建环保类"), (10, "合 计"), (12, "填表人：孙八")]);
}

#[test]
fn a_file_is_read_from_its_path_whatever_it_is_called() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("台账.xls");
    std::fs::write(&path, office_workbook()).unwrap();
    assert_eq!(read(&path, &Mapping::default()).unwrap().rows, office_rows());
    assert!(matches!(read(dir.path().join("没有.xlsx"), &Mapping::default()), Err(FileError::Io(_))));
}

#[test]
fn open_document_and_old_excel_read_the_same() {
    for (bytes, kind) in [
        (include_bytes!("fixtures/ledger.ods").to_vec(), FileKind::Ods),
        (include_bytes!("fixtures/ledger.xls").to_vec(), FileKind::Xls),
    ] {
        let ledger = read_bytes(bytes, kind, &Mapping::default()).unwrap();
        assert_eq!(ledger.problems, []);
        let [row] = ledger.rows.as_slice() else { panic!("{kind:?}: {ledger:?}") };
        assert_eq!((row.row, row.number.as_str(), row.title.as_str()), (3, "12", "关于加装电梯的建议"));
        assert_eq!((row.assigned_on, row.replied_on), (day("2024-03-08"), day("2024-05-20")));
        assert_eq!(ledger.sheet, "台账");
    }
}

#[test]
fn csv_in_every_encoding_and_delimiter() {
    let text = "台账\n\n编号,题目,领衔人,主办部门\n7,\"关于\"\"数字\"\"治理,再提速的建议\",张三,区数据局\n";
    let semicolons = text.replace("治理,", "治理、").replace(',', ";");
    let tabs = semicolons.replace(';', "\t");
    let utf16: Vec<u8> = format!("\u{FEFF}{tabs}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes, title) in [
        ("utf-8", text.as_bytes().to_vec(), "关于\"数字\"治理,再提速的建议"),
        ("bom", format!("\u{FEFF}{text}").into_bytes(), "关于\"数字\"治理,再提速的建议"),
        ("gbk", gbk(&text.replace('\n', "\r\n")), "关于\"数字\"治理,再提速的建议"),
        ("semicolons", gbk(&semicolons), "关于\"数字\"治理、再提速的建议"),
        ("utf-16", utf16, "关于\"数字\"治理、再提速的建议"),
    ] {
        let ledger = read_bytes(bytes, FileKind::Csv, &Mapping::default()).unwrap();
        let [row] = ledger.rows.as_slice() else { panic!("{name}: {ledger:?}") };
        assert_eq!(
            (row.row, row.title.as_str(), row.lead_department.as_str()),
            (4, title, "区数据局"),
            "{name}"
        );
    }
}

/// One cell (by letter) changed in an otherwise sound row 3 → the one problem that this makes.
#[test]
fn each_problem_is_named_by_row_and_column() {
    let long = "字".repeat(201);
    for (changes, letter, words) in [
        (&[('A', "")][..], "A", "缺少编号"),
        (&[('B', "")], "B", "缺少标题"),
        (&[('B', long.as_str())], "B", "不能超过 200 个字，现有 201 个字"),
        (&[('B', "关于\u{7}的建议")], "B", "控制字符"),
        (&[('C', "提案")], "C", "不是已知的类型"),
        (&[('D', " ")], "D", "缺少领衔代表"),
        (&[('D', "张三、赵六")], "D", "领衔代表只能有一个，这里有 2 个"),
        (&[('D', &long[..51 * 3])], "D", "领衔代表不能超过 50 个字"),
        (&[('E', "李四、李四")], "E", "“李四”重复出现"),
        (&[('E', "李四、张 三")], "E", "领衔代表“张三”不能同时是附议代表"),
        (&[('E', &long[..51 * 3])], "E", "附议代表不能超过 50 个字"),
        (&[('G', "")], "G", "缺少主办单位"),
        (&[('G', "区住建局、区水利局")], "G", "主办单位只能有一个"),
        (&[('G', &long[..101 * 3])], "G", "主办单位不能超过 100 个字"),
        (&[('H', "区财政局；区住建局")], "H", "主办单位“区住建局”不能同时是会办单位"),
        (&[('I', "3月8日")], "I", "缺少年份"),
        (&[('I', "2024-02-30")], "I", "没有这一天"),
        (&[('I', "1998-03-08")], "I", "2000 至 2099"),
        (&[('J', "已答复")], "J", "不是日期"),
        (&[('J', "2024-03-07")], "J", "早于交办日期 2024-03-08"),
        (&[('J', ""), ('L', "")], "K", "有办理结果却没有答复日期"),
        (&[('J', ""), ('K', "")], "L", "有评价却没有答复日期"),
        (&[('K', "办结")], "K", "不是已知的结果分类"),
        (&[('K', "满意")], "K", "这是满意度而不是结果分类"),
        (&[('L', "较满意")], "L", "不是已知的评价"),
    ] {
        let mut row = sound_row(2);
        for (letter, value) in changes {
            row[*letter as usize - 'A' as usize] = (*value).to_owned();
        }
        let ledger = read_rows(&[sound_row(1), row, sound_row(3)]);
        let [problem] = ledger.problems.as_slice() else { panic!("{changes:?}: {:?}", ledger.problems) };
        assert_eq!((problem.row, problem.letter.as_str()), (3, letter), "{changes:?}");
        assert!(problem.detail.contains(words), "{changes:?}: {problem}");
        assert_eq!(ledger.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [2, 4], "{changes:?}");
    }
}

#[test]
fn a_problem_reads_as_a_sentence() {
    let mut row = sound_row(1);
    row[8] = "3月8日".to_owned();
    let shown = read_rows(&[row]).problems[0].to_string();
    assert_eq!(shown, "第 2 行 I 列“交办日期”：缺少年份；应写作 2024年3月8日（现为“3月8日”）");
}

#[test]
fn no_problem_hides_another() {
    let row =
        ["", "", "提案", "", "", "", "", "", "3月8日", "2024-02-30", "E", "一般"].map(str::to_owned).to_vec();
    let ledger = read_rows(&[row, sound_row(1)]);
    let letters: Vec<_> = ledger.problems.iter().map(|problem| problem.letter.as_str()).collect();
    assert_eq!(letters, ["A", "B", "C", "D", "G", "I", "J", "K", "L"]);
    assert_eq!(ledger.rows.len(), 1);
}

#[test]
fn a_number_used_twice_names_both_rows() {
    let motion = |number| {
        let mut row = sound_row(number);
        row[2] = "议案".to_owned();
        row
    };
    let mut wide = sound_row(1);
    wide[0] = "１".to_owned();
    let ledger = read_rows(&[sound_row(1), sound_row(2), motion(1), wide]);
    let named: Vec<_> =
        ledger.problems.iter().map(|p| (p.row, p.letter.as_str(), p.detail.as_str())).collect();
    assert_eq!(
        named,
        [
            (2, "A", "建议编号“1”与第 5 行重复；同类编号只能用一次"),
            (5, "A", "建议编号“1”与第 2 行重复；同类编号只能用一次"),
        ]
    );
    assert_eq!(ledger.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn a_class_word_is_refused_where_the_ledger_has_four_classes() {
    let with_class = |number, class: &str| {
        let mut row = sound_row(number);
        row[10] = class.to_owned();
        row
    };
    let three = read_rows(&[with_class(1, "留作参考"), with_class(2, "列入计划")]);
    let classes: Vec<_> = three.rows.iter().map(|row| row.class.as_deref()).collect();
    assert_eq!(classes, [Some("C"), Some("B")]);
    let four = read_rows(&[with_class(1, "留作参考"), with_class(2, "D类"), with_class(3, "C")]);
    let [problem] = four.problems.as_slice() else { panic!("{:?}", four.problems) };
    assert_eq!((problem.row, problem.letter.as_str(), problem.value.as_str()), (2, "K", "留作参考"));
}

#[test]
fn excel_traps_are_named() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm");
    let sheet = book.add_worksheet();
    for (column, heading) in ["编号", "标题", "领衔代表", "主办单位"].iter().enumerate() {
        sheet.write(0, column as u16, *heading).unwrap();
        sheet.write(1, column as u16, "甲").unwrap();
    }
    sheet.write_with_format(1, 0, 45_292, &date).unwrap();
    let missing = rust_xlsxwriter::Formula::new("=VLOOKUP(1,B:C,2,0)").set_result("#N/A");
    sheet.write_formula(1, 3, missing).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let ledger = read_bytes(bytes, FileKind::Xlsx, &Mapping::default()).unwrap();
    let named: Vec<_> =
        ledger.problems.iter().map(|p| (p.row, p.letter.as_str(), p.detail.as_str())).collect();
    assert_eq!(
        named,
        [
            (2, "A", "编号被 Excel 变成了日期；请把该列设为“文本”格式后重填"),
            (2, "D", "公式出错；请改填实际内容"),
        ]
    );
}

#[test]
fn the_mapping_reaches_headings_that_nobody_knows() {
    let text = "流水,内容摘要,谁提的,谁办\n1,甲,乙,丙\n";
    assert!(matches!(csv(text), Err(FileError::NoHeadingRow)));
    let mapping = "流水=编号,内容摘要=title,谁提的=领衔代表,谁办=lead_department".parse().unwrap();
    let ledger = read_bytes(text.into(), FileKind::Csv, &mapping).unwrap();
    assert_eq!(ledger.rows[0].lead_department, "丙");
}

#[test]
fn a_file_that_is_no_ledger_says_what_was_expected() {
    let error = |bytes: &[u8], kind| read_bytes(bytes.to_vec(), kind, &Mapping::default()).unwrap_err();
    assert!(matches!(error(b"", FileKind::Csv), FileError::Empty));
    assert!(matches!(error(b" \n\n", FileKind::Csv), FileError::Empty));
    assert!(matches!(error(&plain_workbook(&[])[..200], FileKind::Xlsx), FileError::Damaged { .. }));
    assert!(matches!(error(b"PK\x03\x04", FileKind::Ods), FileError::Damaged { .. }));
    assert!(matches!(error(b"nonsense", FileKind::Xls), FileError::Damaged { .. }));
    let mut blank = rust_xlsxwriter::Workbook::new();
    blank.add_worksheet();
    assert!(matches!(error(&blank.save_to_buffer().unwrap(), FileKind::Xlsx), FileError::Empty));
    let none = error("甲,乙\n1,2\n".as_bytes(), FileKind::Csv);
    assert!(none.to_string().contains("前 20 行内应有一行含编号、标题"), "{none}");
    let headings = error("题目,领衔人,案由\n1,2,3\n".as_bytes(), FileKind::Csv).to_string();
    for words in
        ["第 1 行的表头有 3 处问题", "缺少“编号”", "A 列“题目”、C 列“案由”都像是“标题”", "缺少“主办单位”"]
    {
        assert!(headings.contains(words), "{headings}");
    }
}

#[test]
fn a_stray_cell_at_the_far_corner_costs_nothing() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "编号").unwrap().write(0, 1, "标题").unwrap();
    sheet.write(1_048_575, 16_383, "x").unwrap();
    let error = read_bytes(book.save_to_buffer().unwrap(), FileKind::Xlsx, &Mapping::default()).unwrap_err();
    assert!(matches!(error, FileError::TooWide { row: 1_048_576 }), "{error}");
}

#[test]
fn too_many_rows_are_refused() {
    let mut text = "编号,标题,领衔代表,主办单位\n".to_owned();
    text.push_str(&"1\n".repeat(MAX_ROWS));
    assert!(matches!(csv(&text), Err(FileError::TooManyRows)));
}

#[test]
fn ten_thousand_rows_are_read_quickly() {
    let rows: Vec<_> = (1..=10_000).map(sound_row).collect();
    let (workbook, text) = (plain_workbook(&rows), csv_bytes(&rows));
    let start = std::time::Instant::now();
    for (bytes, kind) in [(workbook, FileKind::Xlsx), (text, FileKind::Csv)] {
        let ledger = read_bytes(bytes, kind, &Mapping::default()).unwrap();
        assert_eq!((ledger.rows.len(), ledger.problems.len()), (10_000, 0));
    }
    // Unoptimised and on a busy machine; a quadratic step would take minutes.
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// No name ends in 等: that says "and others".
fn name() -> impl Strategy<Value = String> {
    "[一-龟]{2,4}(·[一-龟]{2,4})?"
        .prop_filter("a word of its own", |name| !name.contains('等') && name != "暂无")
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (0..36_500_i64)
        .prop_map(|days| NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + chrono::TimeDelta::days(days))
}

prop_compose! {
    fn ledger_row()(
        (number, motion, title) in ("[A-Z建]?[0-9]{1,4}", any::<bool>(), "[a-z一-龟，“”（）,\"]{0,30}[一-龟]"),
        people in proptest::collection::hash_set(name(), 1..6),
        departments in proptest::collection::hash_set("[区市县][一-龟]{2,8}局", 1..4),
        category in option::of("[一-龟]{2,6}[类经]"),
        (first, second) in (option::of(date()), option::of(date())),
        class in option::of(0..4_usize),
        evaluation in option::of(0..3_usize),
    ) -> LedgerRow {
        let mut people = people.into_iter();
        let mut departments = departments.into_iter();
        let (assigned_on, replied_on) = match (first, second) {
            (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
            other => other,
        };
        let class = class.filter(|_| replied_on.is_some()).map(|i| ["A", "B", "C", "D"][i].to_owned());
        let evaluation = evaluation.filter(|_| replied_on.is_some()).map(|i| {
            [Evaluation::Satisfied, Evaluation::BasicallySatisfied, Evaluation::Unsatisfied][i]
        });
        LedgerRow {
            row: 0,
            number,
            kind: if motion { Kind::Motion } else { Kind::Suggestion },
            title,
            lead_deputy: people.next().unwrap(),
            co_signers: people.collect(),
            category,
            lead_department: departments.next().unwrap(),
            co_departments: departments.collect(),
            assigned_on,
            replied_on,
            class,
            evaluation,
        }
    }
}

fn written(row: &LedgerRow) -> Vec<String> {
    let date = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let evaluation = row.evaluation.map_or("", |evaluation| match evaluation {
        Evaluation::Satisfied => "满意",
        Evaluation::BasicallySatisfied => "基本满意",
        Evaluation::Unsatisfied => "不满意",
    });
    vec![
        row.number.clone(),
        row.title.clone(),
        row.kind.name().to_owned(),
        row.lead_deputy.clone(),
        row.co_signers.join("、"),
        row.category.clone().unwrap_or_default(),
        row.lead_department.clone(),
        row.co_departments.join("、"),
        date(row.assigned_on),
        date(row.replied_on),
        row.class.clone().unwrap_or_default(),
        evaluation.to_owned(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back_equal(rows in vec(ledger_row(), 1..20)) {
        let mut seen = std::collections::HashSet::new();
        let mut rows: Vec<_> =
            rows.into_iter().filter(|row| seen.insert((row.kind, row.number.to_ascii_lowercase()))).collect();
        for (index, row) in rows.iter_mut().enumerate() {
            row.row = index as u32 + 2;
        }
        let cells: Vec<_> = rows.iter().map(written).collect();
        let ledger = read_rows(&cells);
        prop_assert_eq!(&ledger.problems, &[]);
        prop_assert_eq!(ledger.rows, rows);
    }

    #[test]
    fn random_bytes_never_panic(bytes in vec(any::<u8>(), 0..2000), kind in 0..4_usize) {
        let kind = [FileKind::Csv, FileKind::Xlsx, FileKind::Xls, FileKind::Ods][kind];
        let _ = read_bytes(bytes, kind, &Mapping::default());
    }

    #[test]
    fn random_cells_never_panic(rows in vec(vec("\\PC{0,12}|[0-9年月日等（）()张 　:：.,-]{0,12}", 12), 0..8)) {
        let ledger = read_bytes(csv_bytes(&rows), FileKind::Csv, &Mapping::default());
        prop_assert!(ledger.is_ok_and(|ledger| ledger.rows.len() <= rows.len()));
    }

    #[test]
    fn a_damaged_workbook_never_panics(at in vec((any::<proptest::sample::Index>(), any::<u8>()), 1..20)) {
        let whole = [
            (office_workbook(), FileKind::Xlsx),
            (include_bytes!("fixtures/ledger.xls").to_vec(), FileKind::Xls),
            (include_bytes!("fixtures/ledger.ods").to_vec(), FileKind::Ods),
        ];
        for (mut bytes, kind) in whole {
            for (index, byte) in &at {
                let index = index.index(bytes.len());
                bytes[index] = *byte;
            }
            let _ = read_bytes(bytes, kind, &Mapping::default());
        }
    }
}

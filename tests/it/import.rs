//! Real people start from a spreadsheet: all of it or nothing, safe to repeat, and every problem named by its cell.

use crate::support::{
    postgres,
    program::{fails, jianyi, succeeds},
};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A ledger as an office keeps it: a title above, columns in its own order, dates as Excel has them.
fn workbook(folder: &Path, rows: usize, spoil: Option<usize>) -> PathBuf {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    sheet.write(0, 0, "吴兴区2024年人大代表建议办理情况台账").unwrap();
    let headings = [
        "序号",
        "建议编号",
        "建议标题",
        "类型",
        "领衔代表",
        "附议代表",
        "所属类别",
        "主办单位",
        "会办单位",
        "交办时间",
        "答复时间",
        "办理结果",
        "满意度",
    ];
    for (column, heading) in headings.iter().enumerate() {
        sheet.write(2, column as u16, *heading).unwrap();
    }
    for index in 0..rows {
        let row = index as u32 + 3;
        let texts = [
            (index + 1).to_string(),
            format!("{:03}", index + 1),
            format!("关于第{}件事的建议", index + 1),
            if index % 10 == 0 { "议案" } else { "建议" }.to_owned(),
            format!("代表{}", index % 200),
            if index % 3 == 0 {
                format!("附议{}、附议{}", index % 50, index % 50 + 50)
            } else {
                String::new()
            },
            ["城建环保", "社会事业", "农业农村"][index % 3].to_owned(),
            format!("第{}局", index % 30),
            if index % 4 == 0 { format!("第{}局", index % 30 + 30) } else { String::new() },
        ];
        for (column, text) in texts.iter().enumerate() {
            sheet.write(row, column as u16, text.as_str()).unwrap();
        }
        let day = |month, day| ExcelDateTime::from_ymd(2024, month, day).unwrap();
        sheet.write_with_format(row, 9, day(2, 22), &date).unwrap();
        if spoil == Some(index) {
            sheet.write(row, 10, "2024-02-30").unwrap();
        } else {
            sheet.write_with_format(row, 10, day(4, 10 + (index % 15) as u8), &date).unwrap();
        }
        sheet.write(row, 11, ["A", "A类", "已解决", "B"][index % 4]).unwrap();
        sheet.write(row, 12, ["满意", "满意", "基本满意", ""][index % 4]).unwrap();
    }
    let file = folder.join(format!("ledger-{rows}-{spoil:?}.xlsx"));
    book.save(&file).unwrap();
    file
}

struct Desk {
    folder: tempfile::TempDir,
    database: Option<postgres::Database>,
}

impl Desk {
    fn open(database: Option<postgres::Database>) -> Desk {
        let desk = Desk { folder: tempfile::tempdir().unwrap(), database };
        desk.run(&["congress", "add", "330502", "--name", "吴兴区", "--policy", "zhejiang-2016"]);
        desk
    }

    fn program(&self, args: &[&str]) -> std::process::Command {
        let mut command = jianyi(self.folder.path(), self.database.as_ref().map(postgres::Database::url));
        command.args(args);
        command
    }

    #[track_caller]
    fn run(&self, args: &[&str]) -> String {
        succeeds(&mut self.program(args))
    }

    fn count(&self, metric: &str) -> (u64, u64) {
        let text = self.run(&["figures", "--congress", "330502", "--metric", metric]);
        let figures: Value = serde_json::from_str(&text).unwrap();
        let figure = &figures["figures"][0];
        (figure["numerator"].as_u64().unwrap(), figure["denominator"].as_u64().unwrap())
    }
}

fn on_each(story: impl Fn(&Desk)) {
    story(&Desk::open(None));
    story(&Desk::open(Some(postgres::server().fresh_database())));
}

#[test]
fn a_ledger_is_read_into_cases_and_reading_it_again_changes_nothing() {
    on_each(|desk| {
        let file = workbook(desk.folder.path(), 40, None);
        let file = file.to_str().unwrap();
        let told = desk.run(&["import", file, "--congress", "330502"]);
        assert!(
            told.contains("新建 40 件") && told.contains("新建承办单位") && told.contains("新建代表"),
            "{told}"
        );
        assert_eq!(desk.count("resolution_rate"), (30, 40));
        assert_eq!(desk.count("satisfaction_rate"), (30, 30));
        assert_eq!(desk.count("on_time_rate"), (40, 40));
        let again = desk.run(&["import", file, "--congress", "330502"]);
        assert!(again.contains("新建 0 件，补充 0 件，原已导入 40 件"), "{again}");
        assert_eq!(desk.count("reply_rate"), (40, 40));
        let verified = desk.run(&["verify"]);
        assert!(verified.contains("no drift") && verified.contains("40 cases"), "{verified}");
    });
}

#[test]
fn a_dry_run_says_what_would_happen_and_changes_nothing() {
    on_each(|desk| {
        let good = workbook(desk.folder.path(), 12, None);
        let told = desk.run(&["import", good.to_str().unwrap(), "--congress", "330502", "--dry-run"]);
        assert!(told.contains("试运行，未作任何改动；将会：新建 12 件"), "{told}");
        let bad = workbook(desk.folder.path(), 12, Some(6));
        let told =
            fails(&mut desk.program(&["import", bad.to_str().unwrap(), "--congress", "330502", "--dry-run"]));
        assert!(told.contains("第 10 行 K 列“答复时间”"), "{told}");
        assert_eq!(desk.count("reply_rate"), (0, 0));
    });
}

#[test]
fn a_broken_ledger_changes_nothing_unless_bad_rows_may_be_left_out() {
    on_each(|desk| {
        let file = workbook(desk.folder.path(), 20, Some(19));
        let file = file.to_str().unwrap();
        let told = fails(&mut desk.program(&["import", file, "--congress", "330502"]));
        assert!(told.contains("第 23 行 K 列“答复时间”") && told.contains("2024-02-30"), "{told}");
        assert_eq!(desk.count("reply_rate"), (0, 0));
        desk.run(&["import", file, "--congress", "330502", "--skip-bad-rows"]);
        assert_eq!(desk.count("reply_rate"), (19, 19));
    });
}

#[test]
fn a_class_that_the_policy_does_not_know_stops_the_whole_import() {
    on_each(|desk| {
        let file = desk.folder.path().join("ledger.csv");
        let text = "编号,标题,领衔代表,主办单位,交办日期,答复日期,办理结果\n1,甲事,张三,甲局,2024-02-22,2024-04-10,A\n2,乙事,李四,乙局,2024-02-22,2024-04-10,D\n";
        std::fs::write(&file, text).unwrap();
        let told = fails(&mut desk.program(&["import", file.to_str().unwrap(), "--congress", "330502"]));
        assert!(told.contains("第 3 行") && told.contains("A, B, C"), "{told}");
        assert_eq!(desk.count("reply_rate"), (0, 0));
    });
}

#[test]
fn a_ledger_that_has_grown_adds_what_is_new_and_refuses_what_contradicts() {
    on_each(|desk| {
        let file = desk.folder.path().join("ledger.csv");
        let heading = "编号,标题,领衔代表,主办单位,交办日期,答复日期,办理结果,满意度\n";
        let import = |rows: &str| {
            std::fs::write(&file, format!("{heading}{rows}")).unwrap();
            desk.program(&["import", file.to_str().unwrap(), "--congress", "330502", "--session", "2024"])
        };
        succeeds(&mut import("1,甲事,张三,甲局,2024-02-22,,,\n2,乙事,李四,乙局,,,,\n"));
        assert_eq!(desk.count("reply_rate"), (0, 2));
        let told = succeeds(&mut import(
            "1,甲事,张三,甲局,2024-02-22,2024-05-22,A,满意\n2,乙事,李四,乙局,2024-03-01,,,\n",
        ));
        assert!(told.contains("补充 2 件"), "{told}");
        assert_eq!(desk.count("on_time_rate"), (1, 2));
        let told = fails(&mut import("1,甲事,张三,甲局,2024-02-22,2024-05-22,B,满意\n"));
        assert!(told.contains("办理结果不同：已有“A”，台账为“B”"), "{told}");
        let told = fails(&mut import("1,甲事,张三,甲局,2024-02-22,2024-05-21,A,满意\n"));
        assert!(told.contains("答复日期不同：已有“2024-05-22”，台账为“2024-05-21”"), "{told}");
        let told = fails(&mut import("1,甲事,张三,甲局,2024-02-22,2024-05-22,A,不满意\n"));
        assert!(told.contains("满意度不同"), "{told}");
        let told = fails(&mut import("1,甲事,张三,丙局,2024-02-22,2024-05-22,A,满意\n"));
        assert!(told.contains("主办单位不同"), "{told}");
        let told = fails(&mut import("1,别的事,张三,甲局,2024-02-22,2024-05-22,A,满意\n"));
        assert!(told.contains("标题不同"), "{told}");
        assert_eq!(desk.count("satisfaction_rate"), (1, 1));
    });
}

#[test]
fn own_numbering_goes_on_around_the_numbers_of_old_paper() {
    // PostgreSQL lets an import run beside the service.
    let world = crate::support::World::on_postgres();
    let (first, _) = world.registered("关于第一件事的建议");
    let number =
        world.committee().get(&first).expect(200).json["number"]["text"].as_str().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.csv");
    let (next, huge) = (number.replace("001", "002"), "2147483648");
    let rows = format!("{next},旧事,陈芳,甲局,2023-02-22\n{huge},另一旧事,陈芳,甲局,2023-02-22\n");
    std::fs::write(&file, format!("编号,标题,领衔代表,主办单位,交办日期\n{rows}")).unwrap();
    let arguments = ["import", file.to_str().unwrap(), "--congress", "330502", "--session", "5-3"];
    succeeds(jianyi(folder.path(), world.url()).args(arguments));
    let (path, _) = world.registered("关于第三件事的建议");
    assert_eq!(world.committee().get(&path).expect(200).json["number"]["sequence"], 3);
}

#[test]
fn ten_thousand_rows_are_imported_whole() {
    let desk = Desk::open(None);
    let file = workbook(desk.folder.path(), 10_000, None);
    let told = desk.run(&["import", file.to_str().unwrap(), "--congress", "330502"]);
    assert!(told.contains("新建 10000 件"), "{told}");
    assert_eq!(desk.count("resolution_rate"), (7_500, 10_000));
    assert!(desk.run(&["verify"]).contains("no drift"));
}

#[test]
fn columns_in_an_offices_own_words_can_be_mapped() {
    let desk = Desk::open(None);
    let file = desk.folder.path().join("ledger.csv");
    std::fs::write(&file, "甲栏,乙栏,丙栏,丁栏\n7,甲事,张三,甲局\n").unwrap();
    let told = fails(&mut desk.program(&["import", file.to_str().unwrap(), "--congress", "330502"]));
    assert!(told.contains("表头") || told.contains("编号"), "{told}");
    let mapping = "甲栏=number,乙栏=标题,丙栏=lead_deputy,丁栏=主办单位";
    desk.run(&["import", file.to_str().unwrap(), "--congress", "330502", "--mapping", mapping]);
    let told = fails(&mut desk.program(&["import", "nowhere.xlsx", "--congress", "330502"]));
    assert!(told.contains("nowhere.xlsx") || told.contains("No such file"), "{told}");
    let told = fails(&mut desk.program(&[
        "import",
        file.to_str().unwrap(),
        "--congress",
        "999999",
        "--mapping",
        mapping,
    ]));
    assert!(told.contains("no such congress"), "{told}");
}

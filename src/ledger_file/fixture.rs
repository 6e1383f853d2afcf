//! Ledger files for the tests.

use encoding_rs::GB18030;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::{FileKind, Ledger, Mapping, read_bytes};

/// A ledger as an office keeps it: a cover sheet, a merged title, a note, shuffled columns with their own
/// wordings, dates as real dates and as text, a section title, blank rows, a total and a signature line.
pub(super) fn office_workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("yyyy/m/d");
    let day = |y, m, d| ExcelDateTime::from_ymd(y, m, d).unwrap();

    let cover = book.add_worksheet().set_name("填表说明").unwrap();
    cover.write(0, 0, "请按编号填写，标题与纸质件一致").unwrap();

    let sheet = book.add_worksheet().set_name("2024年台账").unwrap();
    sheet.merge_range(0, 0, 0, 12, "某区第十届人大三次会议代表建议办理台账", &Format::new()).unwrap();
    sheet.write(1, 12, "单位：件").unwrap();
    let headings = [
        "序号",
        "承办单位\n（主办）",
        "承办单位\n（会办）",
        "题　目",
        "建议编号",
        "件别",
        "领衔人",
        "联名代表",
        "交办日期（年月日）",
        "答复时间",
        "结果分类",
        "代表满意度",
        "备注",
    ];
    for (column, heading) in headings.iter().enumerate() {
        sheet.write(3, column as u16, *heading).unwrap();
    }
    sheet.write(4, 0, "一、城建环保类").unwrap();
    sheet.write(5, 0, 1).unwrap();
    sheet.write(5, 1, "区住建局（人防办）").unwrap();
    sheet.write(5, 2, "区财政局、区城管局").unwrap();
    sheet.write(5, 3, " 关于加快老旧小区\n加装电梯的建议 ").unwrap();
    sheet.write(5, 4, 12).unwrap();
    sheet.write(5, 5, "建议、批评和意见").unwrap();
    sheet.write(5, 6, "张　三等4人").unwrap();
    sheet.write(5, 7, "李四 王五\n赵六").unwrap();
    sheet.write_with_format(5, 8, day(2024, 3, 8), &date).unwrap();
    sheet.write(5, 9, "2024年5月20日").unwrap();
    sheet.write(5, 10, "Ａ类").unwrap();
    sheet.write(5, 11, "满意").unwrap();
    sheet.write(5, 12, "已面商").unwrap();
    sheet.write(8, 0, 2).unwrap();
    sheet.write(8, 1, "区交通局").unwrap();
    sheet.write(8, 2, "无").unwrap();
    sheet.write(8, 3, "关于修建滨湖大道的议案").unwrap();
    sheet.write(8, 4, "议3").unwrap();
    sheet.write(8, 5, "议案").unwrap();
    sheet.write(8, 6, "陈七").unwrap();
    sheet.write(8, 8, 45_359).unwrap();
    sheet.write(9, 0, "合 计").unwrap();
    sheet.write(9, 4, 2).unwrap();
    sheet.write(11, 0, "填表人：孙八").unwrap();
    sheet.write(11, 6, "审核人：周九").unwrap();

    let last_year = book.add_worksheet().set_name("2023年台账").unwrap();
    for (column, heading) in headings.iter().enumerate() {
        last_year.write(0, column as u16, *heading).unwrap();
    }
    book.save_to_buffer().unwrap()
}

/// A sheet with the canonical headings in row 1 and these rows below.
pub(super) fn plain_workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in HEADINGS.iter().enumerate() {
        sheet.write(0, column as u16, *heading).unwrap();
    }
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write(row as u32 + 1, column as u16, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// The canonical headings, columns A to L.
pub(super) const HEADINGS: [&str; 12] = [
    "编号",
    "标题",
    "类型",
    "领衔代表",
    "附议代表",
    "类别",
    "主办单位",
    "会办单位",
    "交办日期",
    "答复日期",
    "办理结果",
    "满意度",
];

/// A row without a problem, in the order of [`HEADINGS`].
pub(super) fn sound_row(number: u32) -> Vec<String> {
    let cells = [
        "",
        "关于加装电梯的建议",
        "建议",
        "张三",
        "李四、王五",
        "城建环保",
        "区住建局",
        "区财政局",
        "2024-03-08",
        "2024-05-20",
        "A",
        "满意",
    ];
    let mut row: Vec<String> = cells.map(str::to_owned).to_vec();
    row[0] = number.to_string();
    row
}

/// Reads CSV text whose first line is [`HEADINGS`].
pub(super) fn read_rows(rows: &[Vec<String>]) -> Ledger {
    read_bytes(csv_bytes(rows), FileKind::Csv, &Mapping::default()).unwrap()
}

/// CSV text with [`HEADINGS`] and these rows.
pub(super) fn csv_bytes(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADINGS).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

/// As Excel in Chinese Windows saves it.
pub(super) fn gbk(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

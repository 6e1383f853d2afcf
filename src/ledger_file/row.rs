//! One row of the table → one typed row, with all that is wrong in it.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::Serialize;

use super::cell::Cell;
use super::headings::Layout;
use super::text::{fold, is_placeholder, narrow, trim};
use super::words::ClassWord;
use super::{Column, Evaluation, Kind, Problem, date, names, words};

const LONGEST_TITLE: usize = 200;
const LONGEST_NAME: usize = 50;
const LONGEST_DEPARTMENT: usize = 100;

/// A case as the ledger tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerRow {
    /// Row number as Excel shows it.
    pub row: u32,
    /// The case's number, in half width.
    pub number: String,
    /// Motion or suggestion; a suggestion where the ledger does not say.
    pub kind: Kind,
    /// The title.
    pub title: String,
    /// The lead signer's name.
    pub lead_deputy: String,
    /// The co-signers' names.
    pub co_signers: Vec<String>,
    /// The subject category, in the office's words.
    pub category: Option<String>,
    /// The lead handler.
    pub lead_department: String,
    /// The co-handlers.
    pub co_departments: Vec<String>,
    /// When it was assigned.
    pub assigned_on: Option<NaiveDate>,
    /// When it was replied to.
    pub replied_on: Option<NaiveDate>,
    /// The result class, A to D.
    pub class: Option<String>,
    /// The deputy's evaluation; `None` where there is no answer.
    pub evaluation: Option<Evaluation>,
}

/// A row as far as it could be read, for the checks that look across rows.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) row: LedgerRow,
    /// The kind is a guess, because its cell could not be read.
    pub(super) kind_unread: bool,
    pub(super) class_word: Option<ClassWord>,
    /// No problem was found.
    pub(super) sound: bool,
}

/// Reads one row; adds what is wrong to `problems`.
pub(super) fn read(
    row: u32,
    cells: &[Cell],
    layout: &Layout,
    epoch_1904: bool,
    problems: &mut Vec<Problem>,
) -> Draft {
    let before = problems.len();
    let mut reading = Reading { row, cells, layout, epoch_1904, problems };
    let kind = reading.kind();
    let class_word = reading.class();
    let row = LedgerRow {
        row,
        number: reading.number(),
        kind: kind.unwrap_or(Kind::Suggestion),
        title: reading.title(),
        lead_deputy: reading.single(
            Column::LeadDeputy,
            names::people,
            LONGEST_NAME,
            "其余代表请填入附议代表列",
        ),
        co_signers: reading.list(Column::CoSigners, names::people, LONGEST_NAME),
        category: reading.category(),
        lead_department: reading.single(
            Column::LeadDepartment,
            names::departments,
            LONGEST_DEPARTMENT,
            "其余单位请填入会办单位列；分办的请每个单位各记一行",
        ),
        co_departments: reading.list(Column::CoDepartments, names::departments, LONGEST_DEPARTMENT),
        assigned_on: reading.date(Column::AssignedOn),
        replied_on: reading.date(Column::RepliedOn),
        class: class_word.map(|word| word.letter.to_owned()),
        evaluation: reading.evaluation(),
    };
    reading.check_together(&row);
    let sound = problems.len() == before;
    Draft { row, kind_unread: kind.is_none(), class_word, sound }
}

struct Reading<'a> {
    row: u32,
    cells: &'a [Cell],
    layout: &'a Layout,
    epoch_1904: bool,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Reading<'a> {
    fn problem(&mut self, column: Column, detail: impl Into<String>) {
        let value = self.cell(column).text();
        if let Some(place) = self.layout.find(column) {
            self.problems.push(Problem::new(self.row, place, &value, detail));
        }
    }

    fn cell(&self, column: Column) -> &'a Cell {
        let index = self.layout.find(column).map(|found| found.index);
        index.and_then(|index| self.cells.get(index)).unwrap_or(&Cell::Empty)
    }

    /// The cell's text, "" for an empty cell; `None` for a formula's error, which is named at once.
    fn text(&mut self, column: Column) -> Option<Cow<'a, str>> {
        let cell = self.cell(column);
        if matches!(cell, Cell::Error(_)) {
            self.problem(column, "公式出错；请改填实际内容");
            return None;
        }
        Some(cell.text())
    }

    /// As [`Self::text`], for a cell that must not be empty.
    fn required(&mut self, column: Column) -> Option<Cow<'a, str>> {
        let text = self.text(column)?;
        if trim(&text).is_empty() {
            let name = column.name();
            self.problem(column, format!("缺少{name}；若是合并单元格，请取消合并并逐行填写"));
            return None;
        }
        Some(text)
    }

    fn number(&mut self) -> String {
        if matches!(self.cell(Column::Number), Cell::Date(_)) {
            self.problem(Column::Number, "编号被 Excel 变成了日期；请把该列设为“文本”格式后重填");
            return String::new();
        }
        let Some(text) = self.required(Column::Number) else { return String::new() };
        let number = trim(&text.chars().map(narrow).collect::<String>()).to_owned();
        self.check_text(Column::Number, &number, LONGEST_NAME);
        number
    }

    fn title(&mut self) -> String {
        let Some(text) = self.required(Column::Title) else { return String::new() };
        // A line break in the cell is layout, not part of the title.
        let title = trim(&text.replace(['\r', '\n'], "")).to_owned();
        self.check_text(Column::Title, &title, LONGEST_TITLE);
        title
    }

    fn kind(&mut self) -> Option<Kind> {
        let text = self.text(Column::Kind)?;
        let kind = words::kind(&text);
        if kind.is_none() {
            self.problem(Column::Kind, "不是已知的类型；应为“议案”或“建议”（含批评、意见），留空按建议");
        }
        kind
    }

    fn category(&mut self) -> Option<String> {
        let text = self.text(Column::Category)?;
        let category = trim(&text.replace(['\r', '\n'], "")).to_owned();
        self.check_text(Column::Category, &category, LONGEST_NAME);
        Some(category).filter(|category| !is_placeholder(category))
    }

    fn class(&mut self) -> Option<ClassWord> {
        let text = self.text(Column::ResultClass).filter(|text| !is_placeholder(text))?;
        let class = words::class(&text);
        if class.is_none() {
            let detail = match words::evaluation(&text) {
                Some(Some(_)) => "这是满意度而不是结果分类；请用对应关系指明哪一列是“满意度”",
                _ => "不是已知的结果分类；应为 A、B、C、D（或甲、乙、丙、丁，或“已解决”“正在解决”等）",
            };
            self.problem(Column::ResultClass, detail);
        }
        class
    }

    fn evaluation(&mut self) -> Option<Evaluation> {
        let text = self.text(Column::Evaluation)?;
        let evaluation = words::evaluation(&text);
        if evaluation.is_none() {
            self.problem(Column::Evaluation, "不是已知的评价；应为“满意”“基本满意”“不满意”，未反馈的留空");
        }
        evaluation.flatten()
    }

    fn date(&mut self, column: Column) -> Option<NaiveDate> {
        self.text(column).filter(|text| !is_placeholder(text))?;
        match date::parse(self.cell(column), self.epoch_1904) {
            Ok(date) => Some(date),
            Err(fault) => {
                self.problem(column, fault.to_string());
                None
            }
        }
    }

    /// A cell that holds exactly one name.
    fn single(
        &mut self,
        column: Column,
        split: fn(&str) -> Vec<String>,
        longest: usize,
        rest: &str,
    ) -> String {
        let Some(text) = self.required(column) else { return String::new() };
        let mut names = split(&text);
        let name = column.name();
        match names.len() {
            0 => self.problem(column, format!("缺少{name}")),
            1 => self.check_text(column, &names[0], longest),
            several => self.problem(column, format!("{name}只能有一个，这里有 {several} 个；{rest}")),
        }
        if names.is_empty() { String::new() } else { names.swap_remove(0) }
    }

    fn list(&mut self, column: Column, split: fn(&str) -> Vec<String>, longest: usize) -> Vec<String> {
        let names = self.text(column).map(|text| split(&text)).unwrap_or_default();
        for name in &names {
            self.check_text(column, name, longest);
        }
        let repeated = (1..names.len()).find(|&i| names[..i].contains(&names[i]));
        if let Some(i) = repeated {
            self.problem(column, format!("“{}”重复出现；每个名称只写一次", names[i]));
        }
        names
    }

    fn check_text(&mut self, column: Column, text: &str, longest: usize) {
        let length = text.chars().count();
        if length > longest {
            self.problem(column, format!("{}不能超过 {longest} 个字，现有 {length} 个字", column.name()));
        }
        if text.chars().any(char::is_control) {
            self.problem(column, "含有不可见的控制字符；请删除后重填");
        }
    }

    fn check_together(&mut self, row: &LedgerRow) {
        if let (Some(assigned), Some(replied)) = (row.assigned_on, row.replied_on)
            && replied < assigned
        {
            self.problem(Column::RepliedOn, format!("早于交办日期 {assigned}；请核对两个日期"));
        }
        let no_reply = is_placeholder(&self.cell(Column::RepliedOn).text());
        if no_reply && row.class.is_some() {
            self.problem(Column::ResultClass, "有办理结果却没有答复日期；请补填答复日期");
        }
        if no_reply && row.evaluation.is_some() {
            self.problem(Column::Evaluation, "有评价却没有答复日期；请补填答复日期");
        }
        if same_name(&row.co_departments, &row.lead_department) {
            self.problem(
                Column::CoDepartments,
                format!("主办单位“{}”不能同时是会办单位", row.lead_department),
            );
        }
        if same_name(&row.co_signers, &row.lead_deputy) {
            self.problem(Column::CoSigners, format!("领衔代表“{}”不能同时是附议代表", row.lead_deputy));
        }
    }
}

fn same_name(names: &[String], name: &str) -> bool {
    !name.is_empty() && names.iter().any(|other| fold(other) == fold(name))
}

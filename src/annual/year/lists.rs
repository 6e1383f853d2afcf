//! Lists that name cases: what is not resolved and why, what was looked at again, what was supervised.

use super::{
    CaseLine, Year,
    tables::{column, row, text, title},
    text::Sentence,
};
use crate::annual::{Cell, Column, Part, Row, Table};

/// Of a confidential case's, which is not for everybody.
const NO_REASON: &str = "（答复函未载或不公开）";

pub(super) fn unresolved(year: &Year) -> Vec<Part> {
    let rows = year.unresolved.iter().filter_map(|it| {
        let case = year.cases.get(it.case)?;
        let reason = it.reason.as_deref().unwrap_or(NO_REASON);
        Some(named(case, vec![text(&case.department), text(&case.class), text(reason)]))
    });
    let columns = [column("承办单位", 7), column("办理结果", 5), column("原因", 18)];
    list("未解决的议案、建议及原因", "没有未解决的议案、建议", "尚未解决", columns.into(), rows.collect())
}

pub(super) fn revisits(year: &Year) -> Vec<Part> {
    let rows = year.revisits.iter().filter_map(|it| {
        let case = year.cases.get(it.case)?;
        let class = match it.class_before == it.class_after {
            true => it.class_after.clone(),
            false => format!("{}→{}", it.class_before, it.class_after),
        };
        let finding = it.finding.as_deref().unwrap_or_default();
        Some(named(case, vec![Cell::Day(it.day), text(&it.outcome), text(&class), text(finding)]))
    });
    let columns = [column("日期", 6), column("结论", 6), column("分类", 4), column("情况", 14)];
    list("回头看", "没有回头看记录", "回头看", columns.into(), rows.collect())
}

pub(super) fn key_cases(year: &Year) -> Vec<Part> {
    let rows = year.key_cases.iter().filter_map(|it| {
        let case = year.cases.get(it.case)?;
        let more = [&case.department, &it.meeting, &it.supervisor, &case.class];
        Some(named(case, more.map(|words| text(words)).into()))
    });
    let columns =
        [column("承办单位", 8), column("确定会议", 8), column("领衔督办", 6), column("办理结果", 5)];
    list("重点督办件", "没有列为重点督办件的议案、建议", "列为重点督办件", columns.into(), rows.collect())
}

/// Number and title come first.
fn named(case: &CaseLine, more: Vec<Cell>) -> Row {
    row([text(&case.number), title(case)].into_iter().chain(more).collect())
}

/// A sentence that says how many, and the list, if there is something to list.
fn list(name: &str, none: &str, some: &str, more: Vec<Column>, rows: Vec<Row>) -> Vec<Part> {
    if rows.is_empty() {
        return vec![Sentence::default().say(none).end()];
    }
    let many = Sentence::default().say(some).count(rows.len() as u64).say("，见下表").end();
    let columns = [column("编号", 5), column("标题", 12)].into_iter().chain(more).collect();
    let table = Table { title: name.to_owned(), columns, rows, charts: Vec::new(), behind: None };
    vec![many, Part::Table(table)]
}

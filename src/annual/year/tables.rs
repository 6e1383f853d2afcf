//! The tables and their charts, with the cases behind each.

use super::{CaseLine, GROUP_RATES, Group, Title, Year};
use crate::annual::{Cell, Chart, ChartKind, Column, Listing, Part, Rate, Row, Table};

/// What stands for a title that is not everybody's to read.
pub(super) const WITHHELD: &str = "（保密件，标题从略）";

pub(super) fn column(heading: &str, width: u8) -> Column {
    Column { heading: heading.to_owned(), width }
}

pub(super) fn text(words: &str) -> Cell {
    if words.is_empty() { Cell::Empty } else { Cell::Text(words.to_owned()) }
}

pub(super) fn row(cells: Vec<Cell>) -> Row {
    Row { cells, total: false }
}

fn rate(rate: Option<&Rate>) -> Cell {
    rate.map_or(Cell::Empty, |rate| Cell::Rate(rate.clone()))
}

pub(super) fn title(case: &CaseLine) -> Cell {
    match &case.title {
        Title::Open(title) => text(title),
        Title::Withheld => text(WITHHELD),
    }
}

/// What is told of a case behind a table; `more` stands after the rest.
fn listing<'a>(
    year: &'a Year,
    more: Option<Column>,
    lines: impl Iterator<Item = (usize, usize, Option<Cell>)> + 'a,
) -> Option<Listing> {
    let columns = [
        column("编号", 6),
        column("种类", 4),
        column("标题", 30),
        column("类别", 8),
        column("承办单位", 12),
        column("办理结果", 6),
        column("评价", 6),
        column("答复日期", 7),
        column("剔除原因", 8),
    ];
    let line = |(row, case, last): (usize, usize, Option<Cell>)| {
        let case = year.cases.get(case)?;
        let cells = [
            text(&case.number),
            text(&case.kind),
            title(case),
            text(&case.category),
            text(&case.department),
            text(&case.class),
            text(&case.evaluation),
            case.replied_on.map_or(Cell::Empty, Cell::Day),
            text(case.exclusion.as_deref().unwrap_or_default()),
        ];
        Some((row, cells.into_iter().chain(last).collect()))
    };
    let lines = lines.filter_map(line).collect();
    Some(Listing { columns: columns.into_iter().chain(more).collect(), lines })
}

/// 收到 = 应办 + 剔除, each reason by itself.
pub(super) fn completeness(year: &Year) -> Part {
    let mut reasons: Vec<&str> = year.cases.iter().filter_map(|case| case.exclusion.as_deref()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let of =
        |reason: &str| year.cases.iter().filter(|case| case.exclusion.as_deref() == Some(reason)).count();
    let mut rows = vec![row(vec![text("应办"), Cell::Count(year.counted)])];
    rows.extend(reasons.iter().map(|it| row(vec![text(&format!("剔除：{it}")), Cell::Count(of(it) as u64)])));
    rows.push(Row { cells: vec![text("共收到"), Cell::Count(year.received)], total: true });
    let place = |case: &CaseLine| match &case.exclusion {
        None => 0,
        Some(reason) => reasons.iter().position(|it| it == reason).map_or(0, |at| at + 1),
    };
    let lines = year.cases.iter().enumerate().map(move |(index, case)| (place(case), index, None));
    Part::Table(Table {
        title: "收到、剔除与应办件数".to_owned(),
        columns: vec![column("项目", 12), column("件数", 6)],
        rows,
        charts: Vec::new(),
        behind: listing(year, None, lines),
    })
}

pub(super) fn indicators(year: &Year) -> Part {
    let rows = year.indicators.iter().map(|it| {
        let part =
            |of: fn(&Rate) -> u64| it.rate.as_ref().map_or(Cell::Count(0), |rate| Cell::Count(of(rate)));
        row(vec![
            text(&it.name),
            part(|rate| rate.numerator),
            part(|rate| rate.denominator),
            rate(it.rate.as_ref()),
        ])
    });
    let cases = year.indicators.iter().enumerate().flat_map(|(at, indicator)| {
        let above = |is: bool| Some(text(if is { "是" } else { "否" }));
        indicator.cases.iter().map(move |(case, is)| (at, *case, above(*is)))
    });
    Part::Table(Table {
        title: "主要指标".to_owned(),
        columns: vec![column("指标", 12), column("分子", 6), column("分母", 6), column("数值", 6)],
        rows: rows.collect(),
        charts: Vec::new(),
        behind: listing(year, Some(column("计入分子", 5)), cases),
    })
}

pub(super) fn classes(year: &Year) -> Part {
    let rows = year
        .classes
        .iter()
        .map(|class| row(vec![text(&class.name), Cell::Count(class.count), rate(class.share.as_ref())]));
    let behind = year.classes.iter().enumerate();
    let behind = behind.flat_map(|(at, class)| class.cases.iter().map(move |case| (at, *case, None)));
    let chart =
        Chart { title: "各类办理结果件数".to_owned(), kind: ChartKind::Columns, columns: vec![1] };
    Part::Table(Table {
        title: "办理结果分类".to_owned(),
        columns: vec![column("办理结果", 14), column("件数", 6), column("占应办件数", 6)],
        rows: rows.collect(),
        charts: drawn(vec![chart], year.classes.len()),
        behind: listing(year, None, behind),
    })
}

/// A table of departments or categories, with what its rows are as first heading.
pub(super) fn grouped(year: &Year, of: &str, groups: &[Group]) -> Vec<Part> {
    if groups.is_empty() {
        return Vec::new();
    }
    let rows = groups.iter().map(|group| {
        let rates = group.rates.iter().map(|it| rate(it.as_ref()));
        row([text(&group.name), Cell::Count(group.counted)].into_iter().chain(rates).collect())
    });
    let all = [column(of, 12), column("应办", 5)].into_iter().chain(GROUP_RATES.map(|name| column(name, 6)));
    let behind = groups.iter().enumerate();
    let behind = behind.flat_map(|(at, group)| group.cases.iter().map(move |case| (at, *case, None)));
    let chart =
        |name: &str, at| Chart { title: format!("各{of}{name}"), kind: ChartKind::Bars, columns: vec![at] };
    vec![Part::Table(Table {
        title: format!("各{of}办理情况"),
        columns: all.collect(),
        rows: rows.collect(),
        charts: vec![chart("应办件数", 1), chart(GROUP_RATES[1], 3)],
        behind: listing(year, None, behind),
    })]
}

pub(super) fn months(year: &Year) -> Vec<Part> {
    let month = |case: &CaseLine| Some(case.replied_on?.format("%Y-%m").to_string());
    let place = |case: &CaseLine| {
        let month = month(case)?;
        year.months.iter().position(|(name, _)| *name == month)
    };
    let lines = year.cases.iter().enumerate().filter_map(|(index, case)| Some((place(case)?, index, None)));
    let chart = Chart { title: "各月答复件数".to_owned(), kind: ChartKind::Line, columns: vec![1] };
    vec![Part::Table(Table {
        title: "各月首次答复件数".to_owned(),
        columns: vec![column("月份", 8), column("答复件数", 8)],
        rows: year.months.iter().map(|(name, count)| row(vec![text(name), Cell::Count(*count)])).collect(),
        charts: drawn(vec![chart], year.months.len()),
        behind: listing(year, None, lines),
    })]
}

/// Nothing is drawn of nothing.
fn drawn(charts: Vec<Chart>, rows: usize) -> Vec<Chart> {
    if rows == 0 { Vec::new() } else { charts }
}

//! What a year's report says: figures and cases, given as plain data, into sections with sentences, tables and charts as
//! offices print them.

mod lists;
mod tables;
mod text;

use super::{Annual, Rate, Section};
use chrono::NaiveDate;
use tables::grouped;

/// A year's figures as a sealed report holds them, and its cases as they were on its days. Texts are in Chinese.
#[derive(Debug, Clone, PartialEq)]
pub struct Year {
    pub title: String,
    pub issuer: String,
    pub date: NaiveDate,
    /// As in [`Annual`].
    pub mark: String,
    pub about: Vec<(String, String)>,
    pub notes: Vec<String>,
    /// Which sessions it is about, as a sentence begins: `区第十八届人大三次会议`.
    pub sessions: String,
    /// What was true on this day.
    pub until: NaiveDate,
    pub received: u64,
    pub counted: u64,
    pub excluded: u64,
    /// How the received ones came, such as 大会期间, 闭会期间.
    pub origins: Vec<(String, u64)>,
    /// 主要指标, in the order of the sentences.
    pub indicators: Vec<Indicator>,
    pub classes: Vec<Class>,
    pub departments: Vec<Group>,
    pub categories: Vec<Group>,
    /// How many were answered in each month, in their order.
    pub months: Vec<(String, u64)>,
    /// All that were received, by number.
    pub cases: Vec<CaseLine>,
    /// 未解决: answered, but in a class that does not count as resolved, or not answered.
    pub unresolved: Vec<Unresolved>,
    pub revisits: Vec<Revisit>,
    pub key_cases: Vec<KeyCase>,
}

/// A rate that the report speaks of.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// What is counted above the line, such as 按期办结.
    pub counted: String,
    /// Such as 按期办结率.
    pub name: String,
    /// None where no case stands below the line.
    pub rate: Option<Rate>,
    /// Places in `cases` of those below the line, each with whether it stands above it too.
    pub cases: Vec<(usize, bool)>,
}

/// 办理结果分类
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// Such as `A类：已解决或基本解决`.
    pub name: String,
    pub count: u64,
    /// Of all that were counted; none where none was.
    pub share: Option<Rate>,
    /// Places in `cases`.
    pub cases: Vec<usize>,
}

/// A department, or a category.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub name: String,
    pub counted: u64,
    /// One for each of [`GROUP_RATES`].
    pub rates: [Option<Rate>; 3],
    /// Places in `cases`.
    pub cases: Vec<usize>,
}

/// What is told of each department and category.
pub const GROUP_RATES: [&str; 3] = ["按期办结率", "解决率", "满意率"];

#[derive(Debug, Clone, PartialEq)]
pub struct CaseLine {
    pub number: String,
    /// 议案 or 建议.
    pub kind: String,
    pub title: Title,
    pub category: String,
    pub department: String,
    pub class: String,
    pub evaluation: String,
    pub replied_on: Option<NaiveDate>,
    /// Why it is not counted.
    pub exclusion: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Title {
    Open(String),
    /// Of a confidential case, or one that a reader of the report may not see.
    Withheld,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Unresolved {
    pub case: usize,
    /// From the reply in force; none where there is none, or it is withheld.
    pub reason: Option<String>,
}

/// 回头看
#[derive(Debug, Clone, PartialEq)]
pub struct Revisit {
    pub case: usize,
    pub day: NaiveDate,
    /// Such as 维持原结果.
    pub outcome: String,
    pub class_before: String,
    pub class_after: String,
    pub finding: Option<String>,
}

/// 重点督办件
#[derive(Debug, Clone, PartialEq)]
pub struct KeyCase {
    pub case: usize,
    /// The meeting that chose it.
    pub meeting: String,
    pub supervisor: String,
}

/// The report as it is written.
pub fn composed(year: &Year) -> Annual {
    let section = |heading: &str, parts| Section { heading: heading.to_owned(), parts };
    Annual {
        title: year.title.clone(),
        issuer: year.issuer.clone(),
        date: year.date,
        mark: year.mark.clone(),
        about: year.about.clone(),
        sections: vec![
            section(
                "总体情况",
                [text::overview(year), vec![tables::completeness(year), tables::indicators(year)]].concat(),
            ),
            section("办理结果分类", vec![text::classes(year), tables::classes(year)]),
            section(
                "各承办单位办理情况",
                [vec![text::departments(year)], grouped(year, "承办单位", &year.departments)].concat(),
            ),
            section(
                "各类别办理情况",
                [vec![text::categories(year)], grouped(year, "类别", &year.categories)].concat(),
            ),
            section("办理进度", tables::months(year)),
            section("未解决的议案、建议及原因", lists::unresolved(year)),
            section("回头看情况", lists::revisits(year)),
            section("重点督办件", lists::key_cases(year)),
        ],
        notes: year.notes.clone(),
    }
}

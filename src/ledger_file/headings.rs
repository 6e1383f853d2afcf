//! Which heading means which column.

use std::fmt;

use super::column::{FoundColumn, letter};
use super::text::{fold, shorten, without_notes};
use super::{Column, Mapping, wordings};

/// How surely a heading means its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strength {
    Mapped,
    Plain,
    Vague,
}

/// Where the columns stand, and what is left over.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) columns: Vec<FoundColumn>,
    pub(super) ignored: Vec<String>,
}

impl Layout {
    pub(super) fn find(&self, column: Column) -> Option<&FoundColumn> {
        self.columns.iter().find(|found| found.column == column)
    }
}

/// What is wrong with the headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeadingProblem {
    /// A required column is not there.
    Missing(Column),
    /// Several headings mean the same column.
    Several {
        /// The column.
        column: Column,
        /// The letter and heading of each.
        places: Vec<(String, String)>,
    },
    /// The mapping names a heading that the file does not have.
    MappedHeadingAbsent {
        /// The heading.
        heading: String,
        /// The column it was to be.
        column: Column,
    },
    /// A column says something about replies, and no column says when they were given.
    RepliesUndated {
        /// That column.
        because: Column,
    },
}

impl fmt::Display for HeadingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(column) => {
                let also = wordings::plain(*column).skip(1).take(3).collect::<Vec<_>>().join("”“");
                write!(f, "缺少“{}”列（也可写作“{also}”等，或用对应关系指明）", column.name())
            }
            Self::Several { column, places } => {
                let places: Vec<_> =
                    places.iter().map(|(letter, heading)| format!("{letter} 列“{heading}”")).collect();
                let name = column.name();
                write!(f, "{}都像是“{name}”，请改名或用对应关系指明其一", places.join("、"))
            }
            Self::MappedHeadingAbsent { heading, column } => {
                write!(f, "对应关系中的表头“{heading}”（{}）在文件中不存在", column.name())
            }
            Self::RepliesUndated { because } => {
                write!(f, "有“{}”列却没有“答复日期”列，无法登记答复", because.name())
            }
        }
    }
}

/// A heading for comparing: folded, without the marks and brackets around words but with what stands in them.
pub(super) fn plain_form(heading: &str) -> String {
    fold(heading)
        .chars()
        .filter(|c| {
            !matches!(c, '*' | ':' | '.' | '_' | '-' | '"' | '“' | '”' | '/' | '、' | '(' | ')' | '[' | ']')
        })
        .filter(|c| !matches!(c, '【' | '】' | '〔' | '〕'))
        .collect()
}

/// The column that a heading means. With the words in brackets first, because "承办单位（会办）" is another
/// column than "承办单位"; then without, because "交办日期（年月日）" is not.
fn meaning(heading: &str, mapping: &Mapping) -> Option<(Column, Strength)> {
    if let Some(column) = mapping.column_of(heading) {
        return Some((column, Strength::Mapped));
    }
    [plain_form(heading), plain_form(&without_notes(&fold(heading)))].iter().find_map(|form| {
        Column::ALL.into_iter().find_map(|column| {
            if wordings::plain(column).any(|word| word == form) {
                Some((column, Strength::Plain))
            } else {
                wordings::vague(column).any(|word| word == form).then_some((column, Strength::Vague))
            }
        })
    })
}

/// The column that a heading may mean.
pub(super) fn known(heading: &str, mapping: &Mapping) -> Option<Column> {
    meaning(heading, mapping).map(|(column, _)| column)
}

/// Finds every column, or says all that is wrong with the headings.
pub(super) fn locate(headings: &[String], mapping: &Mapping) -> Result<Layout, Vec<HeadingProblem>> {
    let meanings: Vec<_> = headings.iter().map(|heading| meaning(heading, mapping)).collect();
    let places = |column: Column, strength: Strength| -> Vec<usize> {
        (0..headings.len()).filter(|&i| meanings[i] == Some((column, strength))).collect()
    };
    let mut problems = Vec::new();
    let mut columns = Vec::new();
    for column in Column::ALL {
        let found = match mapping.heading_of(column) {
            Some(_) => places(column, Strength::Mapped),
            None => Some(places(column, Strength::Plain))
                .filter(|plain| !plain.is_empty())
                .unwrap_or_else(|| places(column, Strength::Vague)),
        };
        match (found.as_slice(), mapping.heading_of(column)) {
            ([], Some(heading)) => {
                problems.push(HeadingProblem::MappedHeadingAbsent { heading: heading.to_owned(), column });
            }
            ([], None) if column.is_required() => problems.push(HeadingProblem::Missing(column)),
            ([], None) => {}
            ([index], _) => columns.push(FoundColumn {
                column,
                index: *index,
                heading: shorten(&headings[*index]),
                letter: letter(*index),
            }),
            (several, _) => {
                let places = several.iter().map(|&i| (letter(i), shorten(&headings[i]))).collect();
                problems.push(HeadingProblem::Several { column, places });
            }
        }
    }
    columns.sort_by_key(|found| found.index);
    let ignored = (0..headings.len())
        .filter(|index| columns.iter().all(|found| found.index != *index))
        .map(|index| shorten(&headings[index]))
        .filter(|heading| !heading.is_empty())
        .collect();
    let layout = Layout { columns, ignored };
    problems.extend(undated(&layout, &problems));
    if problems.is_empty() { Ok(layout) } else { Err(problems) }
}

fn undated(layout: &Layout, problems: &[HeadingProblem]) -> Option<HeadingProblem> {
    let named_already = problems.iter().any(|problem| {
        matches!(problem,
            HeadingProblem::Several { column, .. } | HeadingProblem::MappedHeadingAbsent { column, .. }
            if *column == Column::RepliedOn)
    });
    if named_already || layout.find(Column::RepliedOn).is_some() {
        return None;
    }
    [Column::ResultClass, Column::Evaluation]
        .into_iter()
        .find(|column| layout.find(*column).is_some())
        .map(|because| HeadingProblem::RepliesUndated { because })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(headings: &[&str], mapping: &str) -> Result<Layout, Vec<HeadingProblem>> {
        let headings: Vec<_> = headings.iter().map(ToString::to_string).collect();
        locate(&headings, &mapping.parse().unwrap())
    }

    fn one(heading: &str) -> Option<Column> {
        known(heading, &Mapping::default())
    }

    #[test]
    fn every_wording_of_its_own_column_is_known() {
        for column in Column::ALL {
            for name in [column.name(), column.id()] {
                assert_eq!(one(name), Some(column), "{name}");
            }
            for word in wordings::plain(column).chain(wordings::vague(column)) {
                assert_eq!(one(word), Some(column), "{word}");
            }
        }
    }

    #[test]
    fn layout_marks_do_not_hide_a_heading() {
        for (heading, column) in [
            ("交办日期（年月日）", Column::AssignedOn),
            ("交\n办\n日\n期", Column::AssignedOn),
            ("编　号", Column::Number),
            ("*标题：", Column::Title),
            ("办理结果(Ａ/Ｂ/Ｃ)", Column::ResultClass),
            ("承办单位（会办）", Column::CoDepartments),
            ("承办单位【主办】", Column::LeadDepartment),
            ("Lead Department", Column::LeadDepartment),
            ("Co-signers", Column::CoSigners),
        ] {
            assert_eq!(one(heading), Some(column), "{heading}");
        }
        assert_eq!(one("联系电话"), None);
    }

    #[test]
    fn a_vague_wording_gives_way_to_a_plain_one() {
        let layout = found(&["序号", "建议编号", "题目", "领衔人", "承办单位", "主办单位"], "").unwrap();
        assert_eq!(layout.find(Column::Number).unwrap().letter, "B");
        assert_eq!(layout.find(Column::LeadDepartment).unwrap().letter, "F");
        assert_eq!(layout.ignored, ["序号", "承办单位"]);
        let layout = found(&["序号", "题目", "姓名", "承办单位"], "").unwrap();
        assert_eq!(layout.find(Column::Number).unwrap().letter, "A");
    }

    #[test]
    fn the_mapping_wins() {
        let layout = found(&["编号", "文号", "题目", "领衔人", "主办单位"], "文号=number").unwrap();
        assert_eq!(layout.find(Column::Number).unwrap().heading, "文号");
        assert_eq!(layout.ignored, ["编号"]);
    }

    #[test]
    fn all_problems_at_once() {
        let problems = found(&["编号", "案号", "领衔人", "办理结果", "电话"], "经办=category").unwrap_err();
        assert_eq!(
            problems,
            [
                HeadingProblem::Several {
                    column: Column::Number,
                    places: vec![("A".to_owned(), "编号".to_owned()), ("B".to_owned(), "案号".to_owned())],
                },
                HeadingProblem::Missing(Column::Title),
                HeadingProblem::MappedHeadingAbsent {
                    heading: "经办".to_owned(), column: Column::Category
                },
                HeadingProblem::Missing(Column::LeadDepartment),
                HeadingProblem::RepliesUndated { because: Column::ResultClass },
            ]
        );
        assert!(problems[1].to_string().contains("“题目”"));
    }
}

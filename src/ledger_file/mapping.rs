//! What the user says about headings; it wins over every guess.

use std::str::FromStr;

use super::Column;
use super::headings::plain_form;

/// Heading → column, as the user gave it. Empty by default.
///
/// Read from text such as `案号=number,办理单位=主办单位`: the left side is a heading of the file, the right side
/// a column's id or its Chinese name; pairs are parted by `,`, `，`, `;` or `；`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    pairs: Vec<(String, Column)>,
}

/// Why a mapping cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Not of the form heading=column.
    #[error("“{0}”不是“表头=列名”的形式")]
    NotAPair(String),
    /// No column has this name.
    #[error("没有名为“{name}”的列；可用的有：{}", known())]
    UnknownColumn {
        /// The name given.
        name: String,
    },
    /// One heading is given two columns.
    #[error("表头“{0}”指定了两次")]
    HeadingTwice(String),
    /// One column is given two headings.
    #[error("列“{}”指定了两个表头", .0.name())]
    ColumnTwice(Column),
}

fn known() -> String {
    Column::ALL.map(|column| format!("{}（{}）", column.id(), column.name())).join("、")
}

impl Mapping {
    /// The column that the user gave this heading.
    pub(super) fn column_of(&self, heading: &str) -> Option<Column> {
        let heading = plain_form(heading);
        self.pairs.iter().find(|(given, _)| plain_form(given) == heading).map(|(_, column)| *column)
    }

    /// The heading that the user gave this column.
    pub(super) fn heading_of(&self, column: Column) -> Option<&str> {
        self.pairs.iter().find(|(_, given)| *given == column).map(|(heading, _)| heading.as_str())
    }
}

impl FromStr for Mapping {
    type Err = MappingError;

    fn from_str(text: &str) -> Result<Self, MappingError> {
        let mut mapping = Self::default();
        for pair in text.split([',', '，', ';', '；']).map(super::text::trim).filter(|pair| !pair.is_empty())
        {
            let (heading, name) = pair
                .split_once(['=', '＝'])
                .map(|(heading, name)| (super::text::trim(heading), super::text::trim(name)))
                .filter(|(heading, name)| !heading.is_empty() && !name.is_empty())
                .ok_or_else(|| MappingError::NotAPair(pair.to_owned()))?;
            let column = Column::ALL
                .into_iter()
                .find(|column| column.name() == name || column.id().eq_ignore_ascii_case(name))
                .ok_or_else(|| MappingError::UnknownColumn { name: name.to_owned() })?;
            if mapping.column_of(heading).is_some() {
                return Err(MappingError::HeadingTwice(heading.to_owned()));
            }
            if mapping.heading_of(column).is_some() {
                return Err(MappingError::ColumnTwice(column));
            }
            mapping.pairs.push((heading.to_owned(), column));
        }
        Ok(mapping)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ids_and_chinese_names() {
        let mapping: Mapping = "案号=number， 办理单位 ＝ 主办单位;".parse().unwrap();
        assert_eq!(mapping.column_of("案 号"), Some(Column::Number));
        assert_eq!(mapping.column_of("办理单位"), Some(Column::LeadDepartment));
        assert_eq!(mapping.column_of("标题"), None);
    }

    #[test]
    fn refuses_what_it_cannot_mean() {
        let error = |text: &str| text.parse::<Mapping>().unwrap_err();
        assert_eq!(error("案号"), MappingError::NotAPair("案号".to_owned()));
        assert!(error("案号=编码").to_string().contains("number（编号）"));
        assert_eq!(error("甲=标题,甲=编号"), MappingError::HeadingTwice("甲".to_owned()));
        assert_eq!(error("甲=标题,乙=title"), MappingError::ColumnTwice(Column::Title));
    }
}

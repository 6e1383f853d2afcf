//! The columns of a ledger.

use serde::Serialize;

/// A column that is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// 编号
    Number,
    /// 标题
    Title,
    /// 类型
    Kind,
    /// 领衔代表
    LeadDeputy,
    /// 附议代表
    CoSigners,
    /// 类别
    Category,
    /// 主办单位
    LeadDepartment,
    /// 会办单位
    CoDepartments,
    /// 交办日期
    AssignedOn,
    /// 答复日期
    RepliedOn,
    /// 办理结果
    ResultClass,
    /// 满意度
    Evaluation,
}

/// Where a column was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundColumn {
    /// Which column it is.
    pub column: Column,
    /// Its place, from 0.
    pub index: usize,
    /// Its heading as in the file, on one line.
    pub heading: String,
    /// Its letter in Excel.
    pub letter: String,
}

impl Column {
    /// All columns, in the order in which they are usually shown.
    pub const ALL: [Self; 12] = [
        Self::Number,
        Self::Title,
        Self::Kind,
        Self::LeadDeputy,
        Self::CoSigners,
        Self::Category,
        Self::LeadDepartment,
        Self::CoDepartments,
        Self::AssignedOn,
        Self::RepliedOn,
        Self::ResultClass,
        Self::Evaluation,
    ];

    /// The name in a mapping and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Title => "title",
            Self::Kind => "kind",
            Self::LeadDeputy => "lead_deputy",
            Self::CoSigners => "co_signers",
            Self::Category => "category",
            Self::LeadDepartment => "lead_department",
            Self::CoDepartments => "co_departments",
            Self::AssignedOn => "assigned_on",
            Self::RepliedOn => "replied_on",
            Self::ResultClass => "result_class",
            Self::Evaluation => "evaluation",
        }
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "编号",
            Self::Title => "标题",
            Self::Kind => "类型",
            Self::LeadDeputy => "领衔代表",
            Self::CoSigners => "附议代表",
            Self::Category => "类别",
            Self::LeadDepartment => "主办单位",
            Self::CoDepartments => "会办单位",
            Self::AssignedOn => "交办日期",
            Self::RepliedOn => "答复日期",
            Self::ResultClass => "办理结果",
            Self::Evaluation => "满意度",
        }
    }

    /// Whether a ledger is useless without it.
    pub fn is_required(self) -> bool {
        matches!(self, Self::Number | Self::Title | Self::LeadDeputy | Self::LeadDepartment)
    }
}

/// The letters that Excel shows above the column at `index` (from 0).
pub(super) fn letter(index: usize) -> String {
    let digit = char::from(b'A' + (index % 26) as u8);
    match index / 26 {
        0 => digit.to_string(),
        rest => letter(rest - 1) + &digit.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_as_in_excel() {
        for (index, expected) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(letter(index), expected);
        }
    }
}

//! The columns of a ledger, and the wordings that offices head them with.

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

/// The wordings of one column, each folded (see [`super::headings`]).
pub(super) struct Wordings {
    /// Mean this column wherever they stand.
    pub(super) plain: &'static [&'static str],
    /// Mean this column only where no plain wording stands.
    pub(super) vague: &'static [&'static str],
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

    pub(super) fn wordings(self) -> Wordings {
        let (plain, vague): (&[&str], &[&str]) = match self {
            Self::Number => (
                &[
                    "编号",
                    "建议编号",
                    "建议号",
                    "案号",
                    "件号",
                    "议案编号",
                    "议案号",
                    "建议案号",
                    "立案编号",
                    "立案号",
                    "文件编号",
                    "办件编号",
                    "代表建议编号",
                    "议案建议编号",
                    "建议议案编号",
                    "number",
                    "no",
                    "caseno",
                    "casenumber",
                ],
                &["序号", "号", "号数"],
            ),
            Self::Title => (
                &[
                    "标题",
                    "题目",
                    "案由",
                    "建议名称",
                    "建议标题",
                    "建议题目",
                    "议案标题",
                    "议案名称",
                    "议案题目",
                    "建议案由",
                    "建议议案标题",
                    "议案建议标题",
                    "议案建议名称",
                    "办件标题",
                    "代表建议标题",
                    "代表建议名称",
                    "建议内容标题",
                    "title",
                    "subject",
                ],
                &["名称", "事由", "建议事项"],
            ),
            Self::Kind => (
                &[
                    "类型",
                    "件别",
                    "性质",
                    "建议类型",
                    "议案建议类型",
                    "案别",
                    "建议性质",
                    "办件类型",
                    "kind",
                    "type",
                ],
                &["种类"],
            ),
            Self::LeadDeputy => (
                &[
                    "领衔代表",
                    "提出人",
                    "领衔人",
                    "代表姓名",
                    "第一提案人",
                    "领衔代表姓名",
                    "领衔人姓名",
                    "提出代表",
                    "提案人",
                    "提建议人",
                    "建议人",
                    "提建议代表",
                    "建议代表",
                    "领衔",
                    "主提人",
                    "主提代表",
                    "第一提出人",
                    "提议人",
                    "提议代表",
                    "代表建议人",
                    "提交人",
                    "leaddeputy",
                    "leadsigner",
                    "proposer",
                    "deputy",
                ],
                &["姓名", "代表", "人大代表"],
            ),
            Self::CoSigners => (
                &[
                    "附议代表",
                    "联名代表",
                    "附议人",
                    "附议",
                    "联名人",
                    "联名",
                    "附议代表姓名",
                    "联名代表姓名",
                    "其他代表",
                    "附名代表",
                    "联署代表",
                    "联署人",
                    "共同提出人",
                    "附议人姓名",
                    "cosigners",
                    "cosigner",
                    "seconders",
                ],
                &[],
            ),
            Self::Category => (
                &[
                    "类别",
                    "分类",
                    "所属类别",
                    "建议类别",
                    "建议分类",
                    "内容分类",
                    "内容类别",
                    "所属分类",
                    "议案建议类别",
                    "领域",
                    "所属领域",
                    "category",
                ],
                &[],
            ),
            Self::LeadDepartment => (
                &[
                    "主办单位",
                    "主办部门",
                    "主办",
                    "承办单位主办",
                    "主办承办单位",
                    "主要承办单位",
                    "牵头单位",
                    "牵头部门",
                    "牵头承办单位",
                    "主承办单位",
                    "主办责任单位",
                    "leaddepartment",
                    "leadhandler",
                ],
                &[
                    "承办单位",
                    "承办部门",
                    "办理单位",
                    "办理部门",
                    "责任单位",
                    "承办",
                    "单位",
                    "department",
                    "handler",
                ],
            ),
            Self::CoDepartments => (
                &[
                    "会办单位",
                    "协办单位",
                    "会办部门",
                    "协办",
                    "会办",
                    "协办部门",
                    "承办单位会办",
                    "承办单位协办",
                    "会办承办单位",
                    "协办承办单位",
                    "配合单位",
                    "会同办理单位",
                    "会办协办单位",
                    "codepartments",
                    "cohandlers",
                    "cohandlingdepartments",
                ],
                &[],
            ),
            Self::AssignedOn => (
                &[
                    "交办日期",
                    "交办时间",
                    "交办日",
                    "分办日期",
                    "分办时间",
                    "转办日期",
                    "转办时间",
                    "assignedon",
                    "assigneddate",
                    "assignmentdate",
                ],
                &[],
            ),
            Self::RepliedOn => (
                &[
                    "答复日期",
                    "答复时间",
                    "办结日期",
                    "答复日",
                    "办结时间",
                    "办复日期",
                    "办复时间",
                    "回复日期",
                    "回复时间",
                    "书面答复日期",
                    "书面答复时间",
                    "正式答复日期",
                    "repliedon",
                    "replydate",
                    "replieddate",
                ],
                &[],
            ),
            Self::ResultClass => (
                &[
                    "办理结果",
                    "结果分类",
                    "办理类别",
                    "答复类别",
                    "办理结果分类",
                    "答复分类",
                    "办理结果类别",
                    "结果类别",
                    "办理情况分类",
                    "解决程度",
                    "办理结果abc",
                    "答复类型",
                    "resultclass",
                ],
                &["结果", "class", "result"],
            ),
            Self::Evaluation => (
                &[
                    "满意度",
                    "评价",
                    "代表评价",
                    "满意情况",
                    "代表满意度",
                    "代表满意情况",
                    "是否满意",
                    "代表意见",
                    "满意度评价",
                    "办理结果满意度",
                    "结果满意度",
                    "代表反馈意见",
                    "代表反馈",
                    "测评结果",
                    "evaluation",
                    "satisfaction",
                ],
                &["反馈意见", "反馈情况", "反馈"],
            ),
        };
        Wordings { plain, vague }
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

    #[test]
    fn no_wording_means_two_columns() {
        let mut seen = std::collections::HashMap::new();
        for column in Column::ALL {
            let Wordings { plain, vague } = column.wordings();
            for word in plain.iter().chain(vague) {
                assert_eq!(seen.insert(*word, column), None, "{word}");
            }
        }
    }
}

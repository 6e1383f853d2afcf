//! The wordings that offices head the columns with. Data: one line of code reads it.

use super::Column;

/// The wordings of one column, in the form that [`super::headings::plain_form`] gives, parted by spaces.
struct Wordings {
    /// Mean this column wherever they stand.
    plain: &'static str,
    /// Mean this column only where no plain wording stands.
    vague: &'static str,
}

/// Wordings that mean the column wherever they stand.
pub(super) fn plain(column: Column) -> impl Iterator<Item = &'static str> {
    wordings(column).plain.split_whitespace()
}

/// Wordings that mean the column only where no plain wording stands.
pub(super) fn vague(column: Column) -> impl Iterator<Item = &'static str> {
    wordings(column).vague.split_whitespace()
}

fn wordings(column: Column) -> Wordings {
    match column {
        Column::Number => Wordings {
            plain: "编号 建议编号 建议号 案号 件号 议案编号 议案号 建议案号 立案编号 立案号 文件编号 \
                    办件编号 代表建议编号 议案建议编号 建议议案编号 number no caseno casenumber",
            vague: "序号 号 号数",
        },
        Column::Title => Wordings {
            plain: "标题 题目 案由 建议名称 建议标题 建议题目 议案标题 议案名称 议案题目 建议案由 \
                    建议议案标题 议案建议标题 议案建议名称 办件标题 代表建议标题 代表建议名称 \
                    建议内容标题 title subject",
            vague: "名称 事由 建议事项",
        },
        Column::Kind => Wordings {
            plain: "类型 件别 性质 建议类型 议案建议类型 案别 建议性质 办件类型 kind type",
            vague: "种类",
        },
        Column::LeadDeputy => Wordings {
            plain: "领衔代表 提出人 领衔人 代表姓名 第一提案人 领衔代表姓名 领衔人姓名 提出代表 提案人 \
                    提建议人 建议人 提建议代表 建议代表 领衔 主提人 主提代表 第一提出人 提议人 提议代表 \
                    代表建议人 提交人 leaddeputy leadsigner proposer deputy",
            vague: "姓名 代表 人大代表",
        },
        Column::CoSigners => Wordings {
            plain: "附议代表 联名代表 附议人 附议 联名人 联名 附议代表姓名 联名代表姓名 其他代表 \
                    附名代表 联署代表 联署人 共同提出人 附议人姓名 cosigners cosigner seconders",
            vague: "",
        },
        Column::Category => Wordings {
            plain: "类别 分类 所属类别 建议类别 建议分类 内容分类 内容类别 所属分类 议案建议类别 领域 \
                    所属领域 category",
            vague: "",
        },
        Column::LeadDepartment => Wordings {
            plain: "主办单位 主办部门 主办 承办单位主办 主办承办单位 主要承办单位 牵头单位 牵头部门 \
                    牵头承办单位 主承办单位 主办责任单位 leaddepartment leadhandler",
            vague: "承办单位 承办部门 办理单位 办理部门 责任单位 承办 单位 department handler",
        },
        Column::CoDepartments => Wordings {
            plain: "会办单位 协办单位 会办部门 协办 会办 协办部门 承办单位会办 承办单位协办 会办承办单位 \
                    协办承办单位 配合单位 会同办理单位 会办协办单位 codepartments cohandlers \
                    cohandlingdepartments",
            vague: "",
        },
        Column::AssignedOn => Wordings {
            plain: "交办日期 交办时间 交办日 分办日期 分办时间 转办日期 转办时间 assignedon assigneddate \
                    assignmentdate",
            vague: "",
        },
        Column::RepliedOn => Wordings {
            plain: "答复日期 答复时间 办结日期 答复日 办结时间 办复日期 办复时间 回复日期 回复时间 \
                    书面答复日期 书面答复时间 正式答复日期 repliedon replydate replieddate",
            vague: "",
        },
        Column::ResultClass => Wordings {
            plain: "办理结果 结果分类 办理类别 答复类别 办理结果分类 答复分类 办理结果类别 结果类别 \
                    办理情况分类 解决程度 办理结果abc 答复类型 resultclass",
            vague: "结果 class result",
        },
        Column::Evaluation => Wordings {
            plain: "满意度 评价 代表评价 满意情况 代表满意度 代表满意情况 是否满意 代表意见 满意度评价 \
                    办理结果满意度 结果满意度 代表反馈意见 代表反馈 测评结果 evaluation satisfaction",
            vague: "反馈意见 反馈情况 反馈",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_wording_means_two_columns() {
        let mut seen = std::collections::HashMap::new();
        for column in Column::ALL {
            for word in plain(column).chain(vague(column)) {
                assert_eq!(seen.insert(word, column), None, "{word}");
            }
        }
    }
}

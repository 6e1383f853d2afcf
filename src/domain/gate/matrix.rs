//! The matrix: who may do what. The steps' rows are read off the procedure, whose hands it names; the rest stands here.
//!
//! `Y` may, `n` may not (403). Somebody for whom the case does not exist is in no column: he gets a 404 for everything.
//! The import of a ledger from paper is no person, and takes the steps that paper reports.

use super::{Operation, Standing, operation};
use crate::domain::case::procedure::{Action, PROCEDURE};

/// Who may read what of a case that exists for him. Columns: [`Standing::ALL`].
#[rustfmt::skip] // A matrix is read in columns.
const ON_CASES: [(Operation, &str); 12] = {
    use Operation as O;
    //                        领 附 邀 团 工 主 府 办 签 会 承 审 访 未
    [
        (O::GetCase,            "Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  n"),
        (O::ListEvents,         "Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  n"),
        (O::ListDeadlines,      "Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  n"),
        (O::ListHolders,        "Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  n"),
        (O::ListActions,        "Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  n"),
        (O::GetAttachment,      "Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  n"),
        (O::GetReply,           "Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  n"),
        (O::GetNotice,          "Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  n  n"),
        (O::GetLadderNotice,    "Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  n  n"),
        (O::ListSimilar,        "Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  n  n"),
        (O::GetProof,           "n  n  n  n  Y  Y  n  n  n  n  n  Y  n  n"),
        (O::SuggestDepartments, "n  n  n  n  Y  Y  Y  n  n  n  n  n  n  n"),
    ]
};

/// The columns of what is about no single case.
pub const ROLES: [(&str, &str); 11] = [
    ("deputy", "代表"),
    ("delegation_secretary", "代表团工作人员"),
    ("committee", "代表工委"),
    ("committee_leader", "代表工委负责人"),
    ("government_office", "政府办"),
    ("department", "承办单位经办人"),
    ("approver", "承办单位签发人"),
    ("auditor", "审计人员"),
    ("administrator", "本级管理员"),
    ("operator", "运维"),
    ("import", "台账导入"),
];

/// Who may do what is about no single case. Columns: [`ROLES`].
#[rustfmt::skip] // A matrix is read in columns.
const OF_HOUSE: [(Operation, &str); 56] = {
    use Operation as O;
    //                        代 团 工 主 府 办 签 审 管 运 台
    [
        (O::ListCases,          "Y  Y  Y  Y  Y  Y  Y  Y  n  n  n"),
        (O::ListHandBacks,      "n  n  n  n  n  Y  Y  n  n  n  n"),
        (O::ListCommitments,    "Y  Y  Y  Y  Y  Y  Y  Y  n  n  n"),
        (O::ReadStatements,     "Y  n  Y  Y  Y  Y  Y  Y  n  n  n"),
        (O::IssueStatement,     "n  n  n  n  n  n  Y  n  n  n  n"),
        (O::ConfirmStatement,   "Y  n  n  n  n  n  n  n  n  n  n"),
        (O::CreateCase,         "Y  Y  Y  Y  n  n  n  n  n  n  Y"),
        (O::AssignInBulk,       "n  n  Y  Y  Y  n  n  n  n  n  n"),
        (O::GetFigures,         "Y  n  Y  Y  Y  Y  Y  Y  n  n  n"),
        (O::CompareFigures,     "n  n  Y  Y  n  n  n  Y  n  n  n"),
        (O::FiguresBelow,       "n  n  Y  Y  n  n  n  Y  n  n  n"),
        (O::SetRankingMinimum,  "n  n  n  Y  n  n  n  n  n  n  n"),
        (O::SealReport,         "n  n  Y  Y  n  n  n  Y  n  n  n"),
        (O::ReadReports,        "n  n  Y  Y  n  n  n  Y  n  n  n"),
        (O::PrintReport,        "n  n  Y  Y  n  n  n  Y  n  n  n"),
        (O::ReadFeed,           "Y  Y  Y  Y  Y  Y  Y  Y  n  n  n"),
        (O::KeepWebhooks,       "n  n  n  n  n  n  n  n  Y  n  n"),
        (O::ListSignals,        "n  n  Y  Y  n  n  n  Y  n  n  n"),
        (O::ReadNotices,        "n  n  Y  Y  Y  Y  Y  Y  n  n  n"),
        (O::SetNoticeLadder,    "n  n  n  Y  n  n  n  n  n  n  n"),
        (O::ReadProblemLists,   "n  n  Y  Y  Y  Y  Y  Y  n  n  n"),
        (O::AssignProblemList,  "n  n  Y  Y  n  n  n  n  n  n  n"),
        (O::ReportProblemItem,  "n  n  n  n  n  Y  Y  n  n  n  n"),
        (O::StrikeOffProblemItem, "n  n  Y  Y  n  n  n  n  n  n  n"),
        (O::ReadWorklist,       "Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  n"),
        (O::ReadSelections,     "Y  Y  Y  Y  n  n  n  Y  n  n  n"),
        (O::KeepSelections,     "n  n  Y  Y  n  n  n  n  n  n  n"),
        (O::NominateCase,       "Y  Y  Y  Y  n  n  n  n  n  n  n"),
        (O::Vote,               "Y  n  n  n  n  n  n  n  n  n  n"),
        (O::ReadCampaigns,      "Y  n  Y  Y  n  n  n  Y  n  n  n"),
        (O::ReadCampaignPapers, "n  n  Y  Y  n  n  n  Y  n  n  n"),
        (O::KeepCampaigns,      "n  n  Y  Y  n  n  n  n  n  n  n"),
        (O::ReadStations,       "Y  Y  Y  Y  Y  Y  Y  Y  n  n  n"),
        (O::KeepStations,       "n  n  Y  Y  n  n  n  n  n  n  n"),
        (O::RecordReception,    "Y  n  Y  Y  n  n  n  n  n  n  n"),
        (O::ReadReceptions,     "Y  n  Y  Y  n  n  n  Y  n  n  n"),
        (O::ReadStationFigures, "Y  n  Y  Y  n  n  n  Y  n  n  n"),
        (O::RecordOpinion,      "Y  n  Y  Y  n  n  n  n  n  n  n"),
        (O::ReadOpinions,       "Y  n  Y  Y  n  Y  Y  Y  n  n  n"),
        (O::ListSimilarOpinions,"Y  n  Y  Y  n  n  n  Y  n  n  n"),
        (O::SortOpinion,        "n  n  Y  Y  n  n  n  n  n  n  n"),
        (O::AnswerOpinion,      "n  n  n  n  n  Y  Y  n  n  n  n"),
        (O::CloseOpinion,       "Y  n  Y  Y  n  n  n  n  n  n  n"),
        (O::EraseResident,      "n  n  Y  Y  n  n  n  n  n  n  n"),
        (O::CreateCommonSuggestion, "Y  n  Y  Y  n  n  n  n  n  n  n"),
        (O::ReadRecommendations,"n  n  Y  Y  n  n  n  Y  n  n  n"),
        (O::KeepRecommendations,"n  n  Y  Y  n  n  n  n  n  n  n"),
        (O::RehearsePolicy,     "n  n  Y  Y  n  n  n  Y  n  n  n"),
        (O::GetCongress,        "Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  n"),
        (O::ReadDirectory,      "Y  Y  Y  Y  Y  Y  Y  Y  Y  n  n"),
        (O::KeepDirectory,      "n  n  Y  Y  n  n  n  n  Y  n  n"),
        (O::KeepAccounts,       "n  n  n  n  n  n  n  n  Y  Y  n"),
        (O::KeepMail,           "n  n  n  n  n  n  n  n  Y  Y  n"),
        (O::ReadActs,           "n  n  n  Y  n  n  n  Y  n  Y  n"),
        (O::ReadLog,            "n  n  Y  Y  n  n  n  Y  n  Y  n"),
        (O::CosignLog,          "n  n  Y  Y  n  n  n  n  n  n  n"),
    ]
};

fn cell(rows: &[(Operation, &str)], operation: Operation, column: Option<usize>) -> bool {
    let row = rows.iter().find(|(of, _)| *of == operation);
    let cell = row.zip(column).and_then(|((_, cells), column)| cells.split_whitespace().nth(column));
    // What stands nowhere nobody may do.
    cell == Some("Y")
}

/// Whether somebody of this standing may read this of a case.
pub fn on_case(operation: Operation, standing: Standing) -> bool {
    cell(&ON_CASES, operation, Standing::ALL.iter().position(|it| *it == standing))
}

/// Whether the role, by its id, may do what is about no single case.
pub fn admits(operation: Operation, role: &str) -> bool {
    cell(&OF_HOUSE, operation, ROLES.iter().position(|(id, _)| *id == role))
}

/// Whether somebody of this standing takes the step; the procedure says whose hand it needs.
pub fn takes(action: Action, standing: Standing) -> bool {
    action.step().hands.iter().any(|hand| standing.hands().contains(hand))
}

/// Both matrices as the documents print them.
pub fn printed() -> String {
    let mark = |may: bool| if may { "✓" } else { "·" };
    let head = |names: &[&str]| {
        format!("| 操作 operation | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(names.len()))
    };
    let mut page = head(&Standing::ALL.map(Standing::zh));
    for (operation, _) in ON_CASES {
        let cells: Vec<_> = Standing::ALL.iter().map(|it| mark(on_case(operation, *it))).collect();
        page +=
            &format!("| {}（{}） | {} |\n", operation.zh(), operation.ids().join("、"), cells.join(" | "));
    }
    for step in PROCEDURE {
        let cells: Vec<_> = Standing::ALL.iter().map(|it| mark(takes(step.action, *it))).collect();
        page += &format!("| {}（{}） | {} |\n", step.zh, step.action.id(), cells.join(" | "));
    }
    page += "\n";
    page += &head(&ROLES.map(|(_, zh)| zh));
    for (operation, cells) in OF_HOUSE {
        let cells: Vec<_> = cells.split_whitespace().map(|cell| mark(cell == "Y")).collect();
        page +=
            &format!("| {}（{}） | {} |\n", operation.zh(), operation.ids().join("、"), cells.join(" | "));
    }
    page += &format!(
        "\n不须登录 without signing in: {}\n\n登录者本人 about oneself: {}\n",
        operation::OPEN.join("、"),
        operation::OWN.join("、")
    );
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_operation_has_one_row_with_a_cell_for_each_column() {
        let mut rows = BTreeSet::new();
        for (rows_of, columns) in [(&ON_CASES[..], Standing::ALL.len()), (&OF_HOUSE[..], ROLES.len())] {
            for (operation, cells) in rows_of {
                assert!(rows.insert(*operation), "{operation:?} stands twice");
                let cells: Vec<_> = cells.split_whitespace().collect();
                assert_eq!(cells.len(), columns, "{operation:?}");
                assert!(cells.iter().all(|cell| ["Y", "n"].contains(cell)), "{operation:?}");
            }
        }
        let all: BTreeSet<_> = Operation::ALL.iter().copied().collect();
        assert_eq!(rows, all);
    }

    #[test]
    fn who_is_not_named_reads_nothing_and_an_auditor_writes_nothing() {
        for operation in Operation::ALL {
            assert!(!on_case(*operation, Standing::Unnamed), "{operation:?}");
        }
        for step in PROCEDURE {
            for standing in [Standing::Unnamed, Standing::Auditor, Standing::Secretary] {
                assert!(!takes(step.action, standing), "{standing:?} {:?}", step.action);
            }
        }
    }
}

//! What may be asked of the service beside the steps of the procedure.

use crate::domain::actor::Scope;

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident $zh:literal $scope:expr => [$($id:literal),+],)+) => {
        /// Something that is asked for; the steps of the procedure are [`Action`](crate::domain::case::procedure::Action)s.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            $($(#[$doc])* $name,)+
        }

        impl Operation {
            pub const ALL: &[Operation] = &[$(Operation::$name),+];

            pub fn zh(self) -> &'static str {
                match self { $(Operation::$name => $zh,)+ }
            }

            /// What a program has to be given for it; none where no program has any business.
            pub fn scope(self) -> Option<Scope> {
                match self { $(Operation::$name => $scope,)+ }
            }

            /// Its operations in the contract.
            pub fn ids(self) -> &'static [&'static str] {
                match self { $(Operation::$name => &[$($id),+],)+ }
            }
        }
    };
}

operations! {
    // On one case.
    GetCase "查阅办件" Some(Scope::CasesRead) => ["get_case"],
    ListEvents "查阅办理经过" Some(Scope::CasesRead) => ["list_events"],
    ListDeadlines "查阅办理时限" Some(Scope::CasesRead) => ["list_deadlines"],
    ListHolders "查阅经办环节用时" Some(Scope::CasesRead) => ["list_holders"],
    ListActions "查阅可办环节" Some(Scope::CasesRead) => ["list_actions"],
    GetAttachment "下载附件" Some(Scope::CasesRead) => ["get_attachment"],
    GetReply "下载答复函" Some(Scope::CasesRead) => ["get_reply_docx", "get_reply_pdf"],
    GetNotice "下载受理告知书" Some(Scope::CasesRead) => ["get_notice_docx", "get_notice_pdf"],
    GetLadderNotice "下载三单" Some(Scope::CasesRead) => ["get_ladder_notice_docx", "get_ladder_notice_pdf"],
    ListSimilar "查找相似件" Some(Scope::CasesRead) => ["list_similar"],
    GetProof "存证" Some(Scope::CasesRead) => ["get_proof"],
    SuggestDepartments "推荐承办单位" Some(Scope::CasesRead) => ["suggest_departments"],
    // On no single case.
    ListCases "办件列表" Some(Scope::CasesRead) => ["list_cases", "export_cases"],
    ListHandBacks "本单位退办记录" Some(Scope::CasesRead) => ["list_hand_backs"],
    ListCommitments "承诺事项台账" Some(Scope::CasesRead) => ["list_commitments", "export_commitments"],
    ReadStatements "查阅承诺落实情况报告" Some(Scope::CasesRead) => [
        "list_commitment_statements", "get_commitment_statement", "draft_commitment_statement"
    ],
    IssueStatement "出具承诺落实情况报告" None => ["issue_commitment_statement"],
    ConfirmStatement "确认承诺落实情况" None => ["confirm_commitment_statement"],
    CreateCase "提出议案、建议" Some(Scope::CasesWrite) => ["create_case"],
    AssignInBulk "批量交办" Some(Scope::CasesWrite) => ["assign_in_bulk"],
    GetFigures "统计" Some(Scope::FiguresRead) => ["get_figures"],
    CompareFigures "比较各单位" Some(Scope::FiguresRead) => ["compare_figures"],
    FiguresBelow "下级人大统计" Some(Scope::FiguresRead) => ["get_figures_below"],
    SetRankingMinimum "设定排名下限" None => ["set_ranking_minimum"],
    SealReport "封存报告" None => ["seal_report"],
    ReadReports "查阅封存报告" Some(Scope::FiguresRead) => ["list_reports", "get_report", "recompute_report", "compare_reports"],
    PrintReport "下载年度报告文件" None => ["get_report_docx", "get_report_pdf", "get_report_xlsx"],
    ReadFeed "事件流" Some(Scope::CasesRead) => ["list_feed", "stream_feed"],
    KeepWebhooks "管理事件推送" None => [
        "list_webhooks", "add_webhook", "get_webhook", "change_webhook", "end_webhook", "replay_webhook", "list_deliveries",
        "renew_webhook_secret"
    ],
    ListSignals "预警线索" Some(Scope::CasesRead) => ["list_signals"],
    ReadNotices "查阅三单" Some(Scope::CasesRead) => ["list_notices", "get_notice_ladder"],
    SetNoticeLadder "启用三单" None => ["set_notice_ladder"],
    ReadProblemLists "查阅问题清单" Some(Scope::CasesRead) => ["list_problem_lists", "get_problem_list", "list_problem_items", "get_problem_item"],
    AssignProblemList "交办问题清单" None => ["assign_problem_list"],
    ReportProblemItem "报告整改情况" None => ["report_problem_item", "answer_problem_notice"],
    StrikeOffProblemItem "问题销号" None => ["strike_off_problem_item", "close_problem_notice"],
    ReadWorklist "工作清单、日程" Some(Scope::CasesRead) => ["get_worklist", "get_calendar"],
    ReadSelections "查阅选树" Some(Scope::CasesRead) => ["list_selections", "get_selection", "list_selection_cases", "get_selection_result"],
    KeepSelections "组织选树" None => ["open_selection", "seal_selection"],
    NominateCase "选树提名" None => ["nominate_case"],
    Vote "选树投票" None => ["cast_ballot"],
    ReadCampaigns "查阅回头看活动" Some(Scope::CasesRead) => ["list_campaigns", "get_campaign", "list_campaign_cases"],
    ReadCampaignPapers "查阅回头看样本框与总结报告" Some(Scope::CasesRead) => ["list_campaign_population", "get_campaign_report"],
    KeepCampaigns "组织回头看" None => ["preview_campaign", "open_campaign", "assign_visitors", "close_campaign"],
    ReadStations "查阅代表联络站" Some(Scope::DirectoryRead) => ["list_stations"],
    KeepStations "设立代表联络站" None => ["open_station", "name_station_deputies"],
    RecordReception "记录接待" Some(Scope::CasesWrite) => ["record_reception", "take_reception_back"],
    ReadReceptions "查阅接待记录" Some(Scope::CasesRead) => ["list_receptions"],
    ReadStationFigures "联络站统计" Some(Scope::FiguresRead) => ["get_station_figures"],
    RecordOpinion "记录群众意见" Some(Scope::CasesWrite) => ["record_opinion"],
    ReadOpinions "查阅群众意见" Some(Scope::CasesRead) => ["list_opinions", "get_opinion"],
    ListSimilarOpinions "查找相似意见" Some(Scope::CasesRead) => ["list_similar_opinions"],
    SortOpinion "分办群众意见" Some(Scope::CasesWrite) => ["sort_opinion"],
    AnswerOpinion "答复、退回群众意见" Some(Scope::CasesWrite) => ["answer_opinion", "hand_back_opinion"],
    CloseOpinion "告知群众、重新办理" Some(Scope::CasesWrite) => ["close_opinion", "reopen_opinion"],
    EraseResident "删除群众联系方式" None => ["erase_resident"],
    CreateCommonSuggestion "形成共性建议" Some(Scope::CasesWrite) => ["create_common_suggestion"],
    ReadRecommendations "查阅检察建议、司法建议" Some(Scope::CasesRead) => ["list_recommendations", "get_recommendation"],
    KeepRecommendations "登记、转化检察建议和司法建议" Some(Scope::CasesWrite) => [
        "enter_recommendation", "convert_recommendation", "pass_on_case", "decide_lead"
    ],
    RehearsePolicy "试算办理办法" Some(Scope::FiguresRead) => ["rehearse_policy"],
    GetCongress "查阅人大" Some(Scope::DirectoryRead) => ["list_congresses", "get_congress"],
    ReadDirectory "查阅届次、单位、代表" Some(Scope::DirectoryRead) => ["list_sessions", "list_departments", "list_deputies", "list_successions"],
    KeepDirectory "登记届次、单位、代表" Some(Scope::DirectoryWrite) => ["create_session", "create_department", "create_deputy", "succeed_department"],
    KeepAccounts "管理账户" None => [
        "list_accounts", "enter_account", "disable_account", "enable_account", "reset_account", "reset_second_factor",
        "grant_membership", "end_membership", "list_secrets", "add_secret", "end_secret"
    ],
    KeepMail "查阅通知邮件" None => ["list_mail", "send_mail_again"],
    ReadActs "查阅操作记录" None => ["list_acts"],
    ReadLog "查阅存证日志" None => ["get_checkpoint", "prove_inclusion", "prove_consistency", "get_log_keys"],
    CosignLog "会签存证检查点" None => ["cosign_checkpoint"],
}

/// Operations that anybody may use without signing in, as the contract names them.
pub const OPEN: &[&str] = &[
    "sign_in",
    "refresh_sign_in",
    "sign_out",
    "get_sign_on",
    "begin_sign_on",
    "finish_sign_on",
    "keys",
    "propose_second_factor",
    "confirm_second_factor",
    "open_link",
    "use_link",
    "issue_token",
    "list_definitions",
    "list_signal_kinds",
    "preview_deadline",
    "list_policies",
    "get_policy",
    "list_calendars",
    "list_public_cases",
    "get_public_case",
    "get_calendar_at_address",
    "list_public_stations",
    "send_public_opinion",
    "ask_public_opinion",
];

/// Operations of everybody who is signed in, about himself.
pub const OWN: &[&str] = &[
    "me",
    "begin_linking",
    "link_identity",
    "list_identities",
    "unlink_identity",
    "change_password",
    "list_own_sign_ins",
    "end_own_sign_in",
    "sign_out_everywhere",
    "switch_membership",
    "get_own_mail",
    "set_own_mail",
    "confirm_own_mail",
    "forget_own_mail",
    "get_calendar_address",
    "renew_calendar_address",
    "end_calendar_address",
];

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
    ListSimilar "查找相似件" Some(Scope::CasesRead) => ["list_similar"],
    GetProof "存证" Some(Scope::CasesRead) => ["get_proof"],
    SuggestDepartments "推荐承办单位" Some(Scope::CasesRead) => ["suggest_departments"],
    // On no single case.
    ListCases "办件列表" Some(Scope::CasesRead) => ["list_cases", "export_cases"],
    ListHandBacks "本单位退办记录" Some(Scope::CasesRead) => ["list_hand_backs"],
    CreateCase "提出议案、建议" Some(Scope::CasesWrite) => ["create_case"],
    AssignInBulk "批量交办" Some(Scope::CasesWrite) => ["assign_in_bulk"],
    GetFigures "统计" Some(Scope::FiguresRead) => ["get_figures"],
    CompareFigures "比较各单位" Some(Scope::FiguresRead) => ["compare_figures"],
    FiguresBelow "下级人大统计" Some(Scope::FiguresRead) => ["get_figures_below"],
    SetRankingMinimum "设定排名下限" None => ["set_ranking_minimum"],
    SealReport "封存报告" None => ["seal_report"],
    ReadReports "查阅封存报告" Some(Scope::FiguresRead) => ["list_reports", "get_report", "recompute_report", "compare_reports"],
    PrintReport "下载年度报告文件" None => ["get_report_docx", "get_report_pdf", "get_report_xlsx"],
    ListSignals "预警线索" Some(Scope::CasesRead) => ["list_signals"],
    ReadSelections "查阅选树" Some(Scope::CasesRead) => ["list_selections", "get_selection", "list_selection_cases", "get_selection_result"],
    KeepSelections "组织选树" None => ["open_selection", "seal_selection"],
    NominateCase "选树提名" None => ["nominate_case"],
    Vote "选树投票" None => ["cast_ballot"],
    ReadStations "查阅代表联络站" Some(Scope::DirectoryRead) => ["list_stations"],
    KeepStations "设立代表联络站" None => ["open_station", "name_station_deputies"],
    RecordReception "记录接待" Some(Scope::CasesWrite) => ["record_reception"],
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
    ReadDirectory "查阅届次、单位、代表" Some(Scope::DirectoryRead) => ["list_sessions", "list_departments", "list_deputies"],
    KeepDirectory "登记届次、单位、代表" Some(Scope::DirectoryWrite) => ["create_session", "create_department", "create_deputy"],
    KeepAccounts "管理账户" None => [
        "list_accounts", "enter_account", "disable_account", "enable_account", "reset_account", "reset_second_factor",
        "grant_membership", "end_membership", "list_secrets", "add_secret", "end_secret"
    ],
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
];

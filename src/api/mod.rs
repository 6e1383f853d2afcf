//! The HTTP front door: one file per resource, thin: parse, authorize, command, answer.
//! Decides nothing of the law, and never touches the database but through the office.

mod account_links;
mod accounts;
mod acts;
pub mod address;
mod annual;
mod ask;
mod assignments;
mod attachments;
mod bulk;
mod calendars;
mod campaigns;
mod cases;
mod commitments;
mod comparison;
mod cosigning;
pub mod cross_origin;
mod directory;
mod document;
pub mod edge;
mod evaluations;
mod examination;
mod export;
mod feed;
mod figures;
mod filing;
mod guarded;
mod hand_backs;
mod handling;
mod health;
mod history;
mod input;
mod letters;
mod levels;
pub mod limits;
mod log;
mod mail;
mod missed;
mod motions;
mod notices;
pub mod oidc;
mod opinions;
mod oversight;
mod own;
mod pages;
pub mod patience;
pub mod plain_http;
mod press;
mod problem;
mod problems;
mod programs;
mod promise_export;
mod promises;
mod public;
mod public_opinions;
mod recommendations;
mod rehearsal;
mod replies;
mod reports;
mod revisits;
mod rules;
mod second_factor;
mod selections;
pub mod server;
mod sign_in;
mod signals;
mod similar;
mod statements;
mod stations;
mod step;
mod successions;
mod view;
mod webhooks;
mod worklist;
mod wrong;

pub use document::document;
pub use export::EXPORT_ROWS;
pub use figures::{FigureQuery, figures_json};
pub use press::Press;
pub use view::rendered;

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

/// One list, two tables: the contract is collected once, with every schema of every operation; a thread that serves
/// needs the routes alone.
macro_rules! url_table {
    ($($service:expr,)+) => {
        /// The URL table, as the contract is collected from it.
        pub fn described(config: &mut ServiceConfig<'_>) {
            config$(.service($service))+;
        }

        /// The URL table, as it is served.
        pub fn routes(config: &mut web::ServiceConfig) {
            config$(.service($service))+;
        }
    };
}

url_table! {
    // Signing in.
    sign_in::sign_in,
    sign_in::refresh_sign_in,
    sign_in::sign_out,
    sign_in::keys,
    oidc::get_sign_on,
    oidc::begin_sign_on,
    oidc::finish_sign_on,
    oidc::begin_linking,
    oidc::link_identity,
    oidc::list_identities,
    oidc::unlink_identity,
    second_factor::propose_second_factor,
    second_factor::confirm_second_factor,
    account_links::open_link,
    account_links::use_link,
    programs::issue_token,
    // One's own account.
    own::me,
    own::change_password,
    own::list_own_sign_ins,
    own::end_own_sign_in,
    own::sign_out_everywhere,
    own::switch_membership,
    mail::get_own_mail,
    mail::set_own_mail,
    mail::confirm_own_mail,
    mail::forget_own_mail,
    mail::list_mail,
    mail::send_mail_again,
    worklist::get_worklist,
    calendars::get_calendar,
    calendars::get_calendar_address,
    calendars::renew_calendar_address,
    calendars::end_calendar_address,
    calendars::get_calendar_at_address,
    // Accounts, and what was done.
    accounts::list_accounts,
    accounts::enter_account,
    accounts::disable_account,
    accounts::enable_account,
    accounts::reset_account,
    accounts::reset_second_factor,
    accounts::grant_membership,
    accounts::end_membership,
    programs::list_secrets,
    programs::add_secret,
    programs::end_secret,
    acts::list_acts,
    // Cases, and the steps of the procedure.
    cases::create_case,
    cases::list_cases,
    hand_backs::list_hand_backs,
    export::export_cases,
    cases::get_case,
    cases::amend_case,
    filing::submit_case,
    filing::register_case,
    cosigning::invite_co_signers,
    cosigning::remove_co_signer,
    cosigning::co_sign,
    cosigning::decline_co_signing,
    examination::ask_correction,
    examination::decline_case,
    motions::decide_motion,
    motions::report_motion,
    filing::merge_case,
    filing::withdraw_case,
    filing::answer_withdrawal,
    assignments::dispatch_case,
    assignments::assign_case,
    bulk::assign_in_bulk,
    assignments::accept_assignment,
    assignments::request_hand_back,
    assignments::decide_hand_back,
    assignments::request_extension,
    assignments::decide_extension,
    replies::record_consultation,
    replies::give_opinion,
    handling::note_progress,
    handling::reject_opinion,
    handling::draft_reply,
    handling::send_back_reply,
    handling::sign_reply,
    replies::reply_to_case,
    replies::correct_reply,
    replies::follow_up,
    evaluations::evaluate_case,
    evaluations::remind_evaluation,
    evaluations::settle_dissatisfaction,
    evaluations::close_case,
    commitments::report_commitment,
    commitments::judge_commitment,
    commitments::change_commitment,
    commitments::decide_commitment_change,
    oversight::choose_key_case,
    oversight::release_key_case,
    oversight::decide_confidentiality,
    oversight::name_readers,
    oversight::decide_publication,
    revisits::revisit_case,
    notices::issue_notice,
    notices::answer_notice,
    notices::decide_notice,
    attachments::attach_file,
    // A case's papers.
    attachments::get_attachment,
    letters::get_reply_docx,
    letters::get_reply_pdf,
    letters::get_notice_docx,
    letters::get_notice_pdf,
    notices::get_ladder_notice_docx,
    notices::get_ladder_notice_pdf,
    // A case's past, its dates, and what may be done next.
    history::list_events,
    history::list_deadlines,
    history::list_holders,
    history::list_actions,
    similar::list_similar,
    similar::suggest_departments,
    log::get_proof,
    // The log that is evidence.
    log::get_checkpoint,
    log::prove_inclusion,
    log::prove_consistency,
    log::get_log_keys,
    log::cosign_checkpoint,
    // What residents read.
    public::list_public_cases,
    public::get_public_case,
    // Numbers.
    figures::get_figures,
    figures::list_definitions,
    comparison::compare_figures,
    comparison::set_ranking_minimum,
    levels::get_figures_below,
    reports::seal_report,
    reports::list_reports,
    reports::get_report,
    reports::recompute_report,
    reports::compare_reports,
    annual::get_report_docx,
    annual::get_report_pdf,
    annual::get_report_xlsx,
    // Being told of what happens.
    feed::list_feed,
    feed::stream_feed,
    webhooks::list_webhooks,
    webhooks::add_webhook,
    webhooks::get_webhook,
    webhooks::change_webhook,
    webhooks::end_webhook,
    webhooks::replay_webhook,
    webhooks::list_deliveries,
    webhooks::renew_webhook_secret,
    // The ledger of promises.
    promises::list_commitments,
    promise_export::export_commitments,
    statements::list_commitment_statements,
    // Before the next two, whose path it would be taken for.
    statements::confirm_commitment_statement,
    statements::draft_commitment_statement,
    statements::issue_commitment_statement,
    statements::get_commitment_statement,
    // What a supervisor may want to look at.
    signals::list_signals,
    signals::list_signal_kinds,
    notices::list_notices,
    notices::get_notice_ladder,
    notices::set_notice_ladder,
    // Problem lists.
    problems::assign_problem_list,
    problems::list_problem_lists,
    problems::get_problem_list,
    problems::list_problem_items,
    problems::get_problem_item,
    problems::report_problem_item,
    problems::strike_off_problem_item,
    problems::answer_problem_notice,
    problems::close_problem_notice,
    // The selection of the best-handled suggestions.
    selections::list_selections,
    selections::open_selection,
    selections::get_selection,
    selections::list_selection_cases,
    selections::nominate_case,
    selections::cast_ballot,
    selections::seal_selection,
    selections::get_selection_result,
    // Revisit campaigns.
    campaigns::preview_campaign,
    campaigns::open_campaign,
    campaigns::list_campaigns,
    campaigns::get_campaign,
    campaigns::list_campaign_cases,
    campaigns::list_campaign_population,
    campaigns::assign_visitors,
    campaigns::close_campaign,
    campaigns::get_campaign_report,
    // Contact stations, residents' opinions, and what goes between organs.
    stations::list_stations,
    stations::open_station,
    stations::name_station_deputies,
    stations::record_reception,
    stations::list_receptions,
    stations::take_reception_back,
    stations::get_station_figures,
    opinions::record_opinion,
    opinions::list_opinions,
    opinions::get_opinion,
    opinions::list_similar_opinions,
    opinions::sort_opinion,
    opinions::answer_opinion,
    opinions::hand_back_opinion,
    opinions::close_opinion,
    opinions::reopen_opinion,
    opinions::erase_resident,
    opinions::create_common_suggestion,
    public_opinions::list_public_stations,
    public_opinions::send_public_opinion,
    public_opinions::ask_public_opinion,
    recommendations::list_recommendations,
    recommendations::enter_recommendation,
    recommendations::get_recommendation,
    recommendations::convert_recommendation,
    recommendations::pass_on_case,
    recommendations::decide_lead,
    // Rules.
    rules::preview_deadline,
    rehearsal::rehearse_policy,
    rules::list_policies,
    rules::get_policy,
    rules::list_calendars,
    // Who is who.
    directory::list_congresses,
    directory::get_congress,
    directory::list_sessions,
    directory::create_session,
    directory::list_departments,
    directory::create_department,
    successions::succeed_department,
    successions::list_successions,
    directory::list_deputies,
    directory::create_deputy,
}

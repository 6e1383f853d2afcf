//! The HTTP front door: one file per resource, thin: parse, authorize, command, answer.
//! Decides nothing of the law, and never touches the database but through the office.

mod ask;
mod assignments;
mod attachments;
mod bulk;
mod cases;
mod commitments;
mod cosigning;
mod directory;
mod document;
mod evaluations;
mod examination;
mod figures;
mod filing;
mod handling;
mod health;
mod history;
mod input;
mod letters;
mod missed;
mod motions;
mod oversight;
mod press;
mod problem;
mod public;
mod rehearsal;
mod replies;
mod revisits;
mod rules;
pub mod server;
mod sign_in;
mod similar;
mod step;
mod view;
mod wrong;

pub use document::document;
pub use figures::{FigureQuery, figures_json};
pub use press::Press;

use utoipa_actix_web::service_config::ServiceConfig;

/// The URL table.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        // Signing in.
        .service(sign_in::sign_in)
        .service(sign_in::refresh_sign_in)
        .service(sign_in::sign_out)
        .service(sign_in::me)
        .service(sign_in::keys)
        // Cases, and the steps of the procedure.
        .service(cases::create_case)
        .service(cases::list_cases)
        .service(cases::get_case)
        .service(cases::amend_case)
        .service(filing::submit_case)
        .service(filing::register_case)
        .service(cosigning::invite_co_signers)
        .service(cosigning::remove_co_signer)
        .service(cosigning::co_sign)
        .service(cosigning::decline_co_signing)
        .service(examination::ask_correction)
        .service(examination::decline_case)
        .service(motions::decide_motion)
        .service(motions::report_motion)
        .service(filing::merge_case)
        .service(filing::withdraw_case)
        .service(filing::answer_withdrawal)
        .service(assignments::dispatch_case)
        .service(assignments::assign_case)
        .service(bulk::assign_in_bulk)
        .service(assignments::accept_assignment)
        .service(assignments::request_hand_back)
        .service(assignments::decide_hand_back)
        .service(assignments::request_extension)
        .service(assignments::decide_extension)
        .service(replies::record_consultation)
        .service(replies::give_opinion)
        .service(handling::note_progress)
        .service(handling::reject_opinion)
        .service(handling::draft_reply)
        .service(handling::send_back_reply)
        .service(handling::sign_reply)
        .service(replies::reply_to_case)
        .service(replies::correct_reply)
        .service(replies::follow_up)
        .service(evaluations::evaluate_case)
        .service(evaluations::remind_evaluation)
        .service(evaluations::settle_dissatisfaction)
        .service(evaluations::close_case)
        .service(commitments::report_commitment)
        .service(commitments::judge_commitment)
        .service(oversight::choose_key_case)
        .service(oversight::release_key_case)
        .service(oversight::decide_confidentiality)
        .service(oversight::decide_publication)
        .service(revisits::revisit_case)
        .service(attachments::attach_file)
        // A case's papers.
        .service(attachments::get_attachment)
        .service(letters::get_reply_docx)
        .service(letters::get_reply_pdf)
        .service(letters::get_notice_docx)
        .service(letters::get_notice_pdf)
        // A case's past, its dates, and what may be done next.
        .service(history::list_events)
        .service(history::list_deadlines)
        .service(history::list_holders)
        .service(history::list_actions)
        .service(similar::list_similar)
        .service(similar::suggest_departments)
        // What residents read.
        .service(public::list_public_cases)
        .service(public::get_public_case)
        // Numbers.
        .service(figures::get_figures)
        .service(figures::list_definitions)
        // Rules.
        .service(rules::preview_deadline)
        .service(rehearsal::rehearse_policy)
        .service(rules::list_policies)
        .service(rules::get_policy)
        .service(rules::list_calendars)
        // Who is who.
        .service(directory::list_congresses)
        .service(directory::get_congress)
        .service(directory::list_sessions)
        .service(directory::create_session)
        .service(directory::list_departments)
        .service(directory::create_department)
        .service(directory::list_deputies)
        .service(directory::create_deputy);
}

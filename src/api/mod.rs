//! The HTTP front door: one file per resource, thin: parse, authorize, command, answer.
//! Decides nothing of the law, and never touches the database but through the office.

mod ask;
mod assignments;
mod cases;
mod directory;
mod document;
mod evaluations;
mod figures;
mod filing;
mod health;
mod history;
mod input;
mod missed;
mod problem;
mod replies;
mod revisits;
mod rules;
pub mod server;
mod sign_in;
mod step;
mod view;

pub use document::document;
pub use figures::{FigureQuery, figures_json};

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
        .service(filing::withdraw_case)
        .service(assignments::assign_case)
        .service(assignments::accept_assignment)
        .service(assignments::request_hand_back)
        .service(assignments::decide_hand_back)
        .service(assignments::request_extension)
        .service(assignments::decide_extension)
        .service(replies::record_consultation)
        .service(replies::give_opinion)
        .service(replies::reply_to_case)
        .service(evaluations::evaluate_case)
        .service(evaluations::close_case)
        .service(revisits::revisit_case)
        // A case's past, its dates, and what may be done next.
        .service(history::list_events)
        .service(history::list_deadlines)
        .service(history::list_actions)
        // Numbers.
        .service(figures::get_figures)
        .service(figures::list_definitions)
        // Rules.
        .service(rules::preview_deadline)
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

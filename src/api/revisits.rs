//! Revisit 回头看.

use super::{
    input::CommandQuery,
    problem::{Refused, WriteProblems},
    step::Step,
    view::CaseView,
};
use crate::domain::{
    case::{
        Command, RevisitRecord,
        procedure::{Action, Target},
    },
    ids::CaseId,
};
use actix_web::{HttpResponse, post, web::Path};

/// Record a revisit 回头看
///
/// Upholds the result, or changes its class; the history keeps both. **Who:** committee staff.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"10\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = RevisitRecord, example = json!({"day": "2024-11-20", "way": "visit", "people": ["张华", "李梅"], "finding": "承诺的停车位已经建成", "outcome": "resolved_since", "class": "A"})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/revisits")]
pub async fn revisit_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::Revisit), |_, _, record| Ok(Command::Revisit(record))).await
}

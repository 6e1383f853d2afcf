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
/// Upholds the result, or changes its class; the history keeps both. What was found of each ask and promise, the papers that
/// show it (attached with `purpose=revisit`), and what follows: nothing, another class, handled again with a clock of its
/// own (`reopen`), a supervision order wanted, another visit by a day. In the name of a campaign (`campaign`) each of its
/// cases is visited once. A third party has no account; staff enter its record.
///
/// **Who:** committee staff; a deputy whom the campaign sends there.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("id" = CaseId, Path), ("If-Match" = String, Header, example = "\"10\""), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = RevisitRecord, example = json!({"day": "2024-11-20", "way": "visit", "people": ["张华", "李梅"], "finding": "承诺的停车位已经建成", "outcome": "resolved_since", "class": "A", "findings": [{"commitment": 1, "kept": "kept", "text": "车位二百一十个，均已启用"}]})),
    responses((status = 200, body = CaseView<'static>), WriteProblems),
    security(("bearer" = []))
)]
#[post("/cases/{id}/revisits")]
pub async fn revisit_case(step: Step, id: Path<String>) -> Result<HttpResponse, Refused> {
    step.take(&id, Target::case(Action::Revisit), |desk, case, record: RevisitRecord| {
        desk.visit(case, record.campaign)?;
        Ok(Command::Revisit(record))
    })
    .await
}

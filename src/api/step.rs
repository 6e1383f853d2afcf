//! What all steps of the procedure have in common: from a request to an order, from an answer to a response.

use super::{
    ask::Ask,
    input::{Body, Guards},
    problem::Refused,
    view,
};
use crate::{
    domain::{
        case::{Case, Command, procedure::Target},
        ids::CaseId,
    },
    metrics::Metrics,
    office::{Answer, Desk, Fault, Order},
};
use actix_web::{HttpResponse, http::header, web::Data};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// A request that asks for a step.
pub struct Step {
    pub ask: Ask,
    pub guards: Guards,
    pub body: Body,
    pub metrics: Data<Metrics>,
}

impl actix_web::FromRequest for Step {
    type Error = actix_web::Error;
    type Future = std::pin::Pin<Box<dyn std::future::Future<Output = Result<Step, actix_web::Error>>>>;

    fn from_request(request: &actix_web::HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let parts = (
            Ask::extract(request).into_inner(),
            Guards::extract(request).into_inner(),
            Data::<Metrics>::extract(request).into_inner(),
        );
        let body = Body::from_request(request, payload);
        Box::pin(async move {
            // A stranger's body is not even waited for.
            let (ask, guards, metrics) = (parts.0?, parts.1?, parts.2?);
            Ok(Step { ask, guards, body: body.await?, metrics })
        })
    }
}

/// The id of a case in a path; what is no id names no case.
pub fn case_id(text: &str) -> Result<CaseId, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

/// The number of an assignment, a promise or a file in a path.
pub fn number(text: &str) -> Result<u32, Refused> {
    text.parse().map_err(|_| Refused(Fault::NotFound))
}

impl Step {
    /// Takes the step with a body of type `T`, read only once the caller is known to be entitled.
    pub async fn take<T, F>(self, id: &str, target: Target, command: F) -> Result<HttpResponse, Refused>
    where
        T: DeserializeOwned,
        F: Fn(&mut Desk<'_>, &Case, T) -> Result<Command, Fault> + Send + Sync + 'static,
    {
        let key = self.guards.key(&self.body);
        let body = self.body;
        let order = Order {
            caller: self.ask.caller,
            case: case_id(id)?,
            target,
            precondition: self.guards.precondition,
            key,
            occurred_on: self.guards.occurred_on,
            build: Arc::new(move |desk, case| command(desk, case, body.read()?)),
            render: view::rendered,
            trial: false,
        };
        answered(&self.metrics, target, self.ask.office.perform(order).await)
    }
}

/// Counts what became of a step, and answers.
pub fn answered(
    metrics: &Metrics,
    target: Target,
    performed: Result<Answer, Fault>,
) -> Result<HttpResponse, Refused> {
    metrics.command(target.action.id(), outcome(&performed));
    Ok(response(performed?))
}

/// How the metrics name what became of an order.
pub fn outcome(performed: &Result<Answer, Fault>) -> &'static str {
    match performed {
        Ok(answer) if answer.replayed => "replayed",
        Ok(_) => "done",
        Err(_) => "refused",
    }
}

/// An answer as HTTP has it.
pub fn response(answer: Answer) -> HttpResponse {
    let status =
        actix_web::http::StatusCode::from_u16(answer.status).unwrap_or(actix_web::http::StatusCode::OK);
    let mut response = HttpResponse::build(status);
    if let Some(version) = answer.version {
        response.insert_header((header::ETAG, format!("\"{version}\"")));
    }
    if let Some(location) = answer.location {
        response.insert_header((header::LOCATION, location));
    }
    if answer.replayed {
        response.insert_header(("Idempotent-Replayed", "true"));
    }
    if answer.body.is_empty() {
        return response.status(actix_web::http::StatusCode::NO_CONTENT).finish();
    }
    response.content_type("application/json").body(answer.body)
}

//! Bulk assignment 批量交办: after the conference that shares out a session's cases, all of them at once.
//!
//! Each item is an order of its own, decided and written apart from the others: one that is refused takes none with it.

use super::{
    assignments::assignment,
    input::CommandQuery,
    problem::{ItemProblem, Refused, WriteProblems, language},
    step::{Step, outcome, response},
};
use crate::{
    domain::{
        case::{
            AssignmentOrder, Case,
            procedure::{Action, Target},
        },
        gate::{self, Operation, Seen},
        ids::CaseId,
        say::Say,
    },
    office::{Answer, Fault, Key, Order, Precondition, StoreError},
};
use actix_web::{HttpRequest, HttpResponse, post, rt};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};

/// Cases to be assigned in one go.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkAssignments {
    /// Decide each item and write nothing.
    #[serde(default)]
    dry_run: bool,
    /// At least one, at most 200.
    #[schema(min_items = 1, max_items = 200)]
    items: Vec<BulkItem>,
}

/// A case, and the departments that are to handle it.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkItem {
    case: CaseId,
    /// The version seen, as `If-Match` names it; left out, whichever it is.
    #[serde(default)]
    version: Option<i64>,
    handlers: Vec<AssignmentOrder>,
}

/// What became of each item, in their order.
#[derive(Serialize, utoipa::ToSchema)]
pub struct BulkResults {
    dry_run: bool,
    assigned: usize,
    refused: usize,
    results: Vec<BulkResult>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct BulkResult {
    case: CaseId,
    /// As far as the caller sees the case.
    #[schema(example = "区五届三次会议建议第001号")]
    number: Option<String>,
    /// In a dry run, what would become of it.
    status: BulkStatus,
    /// After the assignment; absent in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ItemProblem>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkStatus {
    Assigned,
    Refused,
}

const MOST_ITEMS: usize = 200;

/// Items under way at the same time: enough to share a commit, too few to keep the database from others.
const AT_ONCE: usize = 8;

/// Assign many cases 批量交办
///
/// Each item stands for itself: those that are in order are written, the others say why not. A case that is named
/// twice is refused the second time. With an `Idempotency-Key` a repeat is answered as the first time, refusals
/// included; to try those again, send a new request under a new key. What failed because the service was busy is tried
/// again under the same key.
/// **Who:** committee staff; the government office, for what was handed over to it.
#[utoipa::path(
    tag = "procedure",
    params(CommandQuery, ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = BulkAssignments, example = json!({"dry_run": true, "items": [{"case": "01890000-0000-7000-8000-000000000009", "version": 3, "handlers": [{"department": "01890000-0000-7000-8000-000000000001", "part": "sole"}]}]})),
    responses((status = 200, body = BulkResults, description = "What became of each item, refused ones included"), WriteProblems),
    security(("bearer" = []))
)]
#[post("/assignments/bulk")]
pub async fn assign_in_bulk(step: Step, request: HttpRequest) -> Result<HttpResponse, Refused> {
    let actor = step.ask.office.whoami(&step.ask.caller).await?;
    if gate::admit(&actor, Operation::AssignInBulk).is_err() {
        return Err(Refused(Fault::Forbidden(Say::new(
            "批量交办由代表工委和政府办办理",
            "committee staff and the government office assign in bulk",
        ))));
    }
    let BulkAssignments { dry_run, items } = step.body.read()?;
    if items.len() > MOST_ITEMS {
        return Err(Fault::invalid("/items", "一次最多 200 件", "at most 200 cases at once").into());
    }
    if items.is_empty() {
        return Err(Fault::invalid("/items", "至少列出一件", "name at least one case").into());
    }
    // A dry run keeps no answer, so the key is free for the run that counts.
    let key = step.guards.key(&step.body).filter(|_| !dry_run);
    if let Some(key) = &key
        && let Some(answer) = step.ask.office.begin(&step.ask.caller, key).await?
    {
        return Ok(response(answer));
    }
    let language = language(&request);
    let mut named = BTreeSet::new();
    let orders: Vec<Result<Order, Fault>> = items
        .iter()
        .enumerate()
        .map(|(index, item)| match named.insert(item.case) {
            true => Ok(order(&step, item, nth(key.as_ref(), index), dry_run)),
            false => Err(Fault::invalid("/case", "本件在前面已列出", "is named before in this request")),
        })
        .collect();
    let performed = perform(&step, orders).await;
    let mut results = Vec::with_capacity(items.len());
    let mut failed = false;
    for (index, (item, performed)) in items.iter().zip(performed).enumerate() {
        results.push(match performed {
            Ok(answer) => BulkResult {
                case: item.case,
                number: Some(answer.body).filter(|number| !number.is_empty()),
                status: BulkStatus::Assigned,
                version: answer.version.filter(|_| !dry_run),
                problem: None,
            },
            Err(fault) => {
                if let Fault::Store(error) = &fault {
                    tracing::error!(request_id = step.ask.caller.request_id, %error, "the store failed");
                    failed = true;
                }
                BulkResult {
                    case: item.case,
                    number: number(&step, item.case).await,
                    status: BulkStatus::Refused,
                    version: None,
                    problem: Some(ItemProblem::of(&fault, &format!("/items/{index}"), language)),
                }
            }
        });
    }
    let assigned = results.iter().filter(|r| r.status == BulkStatus::Assigned).count();
    let results = BulkResults { dry_run, assigned, refused: results.len() - assigned, results };
    let Some(key) = key.filter(|_| !failed) else { return Ok(HttpResponse::Ok().json(results)) };
    let answer = Answer::whole(200, serde_json::to_string(&results).unwrap_or_default());
    // All is written; where only the answer cannot be kept, a repeat runs through once more and changes nothing.
    let kept = step.ask.office.finish(&step.ask.caller, &key, answer.clone()).await;
    Ok(response(kept.unwrap_or_else(|fault| {
        tracing::error!(request_id = step.ask.caller.request_id, ?fault, "an answer was not kept");
        answer
    })))
}

/// An item's own key: the whole request's, which its sender cannot write himself since it holds a space, and its place.
fn nth(key: Option<&Key>, index: usize) -> Option<Key> {
    key.map(|key| Key { key: format!("{} {index}", key.key), fingerprint: key.fingerprint.clone() })
}

fn order(step: &Step, item: &BulkItem, key: Option<Key>, trial: bool) -> Order {
    let handlers = item.handlers.clone();
    Order {
        caller: step.ask.caller.clone(),
        case: item.case,
        target: Target::case(Action::Assign),
        precondition: item.version.map_or(Precondition::Any, Precondition::Version),
        key,
        occurred_on: step.guards.occurred_on,
        build: Arc::new(move |desk, case| assignment(desk, case, &handlers)),
        render: numbered,
        trial,
    }
}

/// The answer to an item needs no more of the case than its number.
fn numbered(seen: Seen<&Case>) -> String {
    seen.case().number.as_ref().map(|number| number.text.to_string()).unwrap_or_default()
}

/// Carries the orders out, some at once; answers in their order.
async fn perform(step: &Step, orders: Vec<Result<Order, Fault>>) -> Vec<Result<Answer, Fault>> {
    let mut performed = Vec::with_capacity(orders.len());
    let mut orders = orders.into_iter().peekable();
    while orders.peek().is_some() {
        let some: Vec<_> = orders
            .by_ref()
            .take(AT_ONCE)
            .map(|order| {
                let office = step.ask.office.clone();
                order.map(|order| rt::spawn(async move { office.perform(order).await }))
            })
            .collect();
        for task in some {
            let answer = match task {
                // A task is lost only with the service itself.
                Ok(task) => task.await.unwrap_or(Err(Fault::Store(StoreError::Busy))),
                Err(fault) => Err(fault),
            };
            step.metrics.command(Action::Assign.id(), outcome(&answer));
            performed.push(answer);
        }
    }
    performed
}

/// The number of a case that was refused, if the caller may see it.
async fn number(step: &Step, case: CaseId) -> Option<String> {
    let shown = step.ask.office.show(&step.ask.caller, case, Operation::GetCase).await.ok()?;
    shown.case().number.as_ref().map(|number| number.text.to_string())
}

//! Writing a case and handing it in.

use super::{Case, Context, DeputyRef, Event, PolicyRef, Rejection, Submission};
use crate::domain::{
    ids::{CaseId, CongressId},
    text::{Body, Line, Title},
    words::Kind,
};
use serde::{Deserialize, Serialize};

/// What a case begins as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Draft {
    pub id: CaseId,
    pub congress: CongressId,
    pub kind: Kind,
    pub title: Title,
    pub body: Body,
    pub category: Option<Line>,
    pub lead: DeputyRef,
    pub co_signers: Vec<DeputyRef>,
}

/// A change to a draft; what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Line>,
}

pub(super) fn amend(amendment: Amendment) -> Result<Event, Rejection> {
    if amendment == Amendment::default() {
        return Err(Rejection::invalid(
            "",
            "没有要修改的内容；可修改 title、body、category",
            "nothing to change; title, body and category can be changed",
        ));
    }
    Ok(Event::Amended(amendment))
}

pub(super) fn amended(case: &mut Case, amendment: &Amendment) {
    let Amendment { title, body, category } = amendment.clone();
    case.title = title.unwrap_or_else(|| case.title.clone());
    case.body = body.unwrap_or_else(|| case.body.clone());
    case.category = category.or_else(|| case.category.take());
}

pub(super) fn submit(submission: Submission, context: Context<'_>) -> Event {
    Event::Submitted {
        session: submission.session,
        origin: submission.origin,
        policy: PolicyRef::to(context.policy),
    }
}

//! Extension 延期: more time for the reply, asked before the due date and at most to the law's cap.

use super::{Case, Context, Event, Rejection};
use crate::domain::{day::Day, deadline, text::Note};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionRequest {
    pub reason: Note,
    /// The last day asked for; left out, the longest that the policy allows.
    #[serde(default)]
    pub until: Option<Day>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionDecision {
    pub granted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Note>,
}

/// The latest request for more time, and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Extension {
    pub assignment: u32,
    pub until: Day,
    pub reason: Note,
    pub asked_on: Day,
    pub decided: Option<ExtensionDecision>,
    pub decided_on: Option<Day>,
}

impl Extension {
    pub fn is_granted(&self) -> bool {
        self.decided.as_ref().is_some_and(|d| d.granted)
    }

    pub fn is_pending(&self) -> bool {
        self.decided.is_none()
    }
}

pub(super) fn request(
    case: &Case,
    assignment: u32,
    request: ExtensionRequest,
    context: Context<'_>,
) -> Result<Vec<Event>, Rejection> {
    let Some(terms) = deadline::reply_terms(case, context.policy, context.calendar) else {
        return Err(Rejection::invalid("", "本件尚未交办", "the case is not assigned"));
    };
    let until = request.until.unwrap_or(terms.cap);
    if until <= terms.original {
        return Err(Rejection::invalid(
            "/until",
            format!("须晚于原办理期限 {}", terms.original),
            format!("must be later than the due date {}", terms.original),
        ));
    }
    if until > terms.cap {
        return Err(Rejection::invalid(
            "/until",
            format!("最迟不得超过 {}（{}）", terms.cap, terms.cap_clause),
            format!("must not be later than {} ({})", terms.cap, terms.cap_clause),
        ));
    }
    let mut events = vec![Event::ExtensionRequested { assignment, until, reason: request.reason }];
    let rule = &context.policy.extension;
    if !rule.consent {
        // Told, and so extended: the text asks for nobody's consent.
        let reason = Note::parse(&rule.clause).ok();
        let decision = ExtensionDecision { granted: true, reason };
        events.push(Event::ExtensionDecided { assignment, decision });
    }
    Ok(events)
}

/// More time is granted while the old term runs; after it only a refusal is left.
pub(super) fn decide(
    case: &Case,
    assignment: u32,
    decision: ExtensionDecision,
    context: Context<'_>,
) -> Result<Event, Rejection> {
    let terms = deadline::reply_terms(case, context.policy, context.calendar);
    match terms {
        Some(terms) if decision.granted && context.on > terms.original => Err(Rejection::invalid(
            "/granted",
            format!("办理期限已于 {} 届满，不能再同意延期", terms.original),
            format!("the term ended on {}; more time can no longer be granted", terms.original),
        )),
        _ => Ok(Event::ExtensionDecided { assignment, decision }),
    }
}

pub(super) fn requested(case: &mut Case, assignment: u32, until: Day, reason: &Note, on: Day) {
    case.extension = Some(Extension {
        assignment,
        until,
        reason: reason.clone(),
        asked_on: on,
        decided: None,
        decided_on: None,
    });
}

pub(super) fn decided(case: &mut Case, decision: &ExtensionDecision, on: Day) {
    if let Some(extension) = &mut case.extension {
        extension.decided = Some(decision.clone());
        extension.decided_on = Some(on);
    }
}

//! Writing a case and handing it in.

use super::{
    Case, Context, DeputyRef, Event, PolicyRef, Refusal, Rejection, Submission, cosigning, procedure::Hand,
};
use crate::domain::{
    actor::Role,
    day::Day,
    ids::{CaseId, CongressId, Level, SessionId},
    policy::Delegations,
    say::Say,
    text::{Body, Line, Note, Title},
    words::{Kind, Origin, Stage},
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
    /// Who signed already: paper comes signed.
    pub co_signers: Vec<DeputyRef>,
    /// Who is asked to sign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invited: Vec<DeputyRef>,
    /// What is asked for, point by point 逐条; each gets an answer of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Note>,
    /// The delegation 代表团 in whose name the lead signer, its head, submits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation: Option<Line>,
    /// The delegation that the lead signer belongs to, for its secretary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_delegation: Option<Line>,
    /// The motion that the presidium made into this suggestion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub converted_from: Option<CaseId>,
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
    /// All of them anew; an empty list takes them away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<Vec<Note>>,
    /// A motion with too few signers can be handed in as a suggestion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
}

/// Asks in one suggestion; a longer list is several suggestions (一事一议).
pub const MOST_ASKS: usize = 20;

pub(super) fn amend(case: &Case, amendment: Amendment) -> Result<Event, Rejection> {
    if amendment == Amendment::default() {
        return Err(Rejection::invalid(
            "",
            "没有要修改的内容；可修改 title、body、category、asks、kind",
            "nothing to change; title, body, category, asks and kind can be changed",
        ));
    }
    few_asks(amendment.asks.as_deref().unwrap_or_default())?;
    if case.converted_from.is_some() && amendment.kind == Some(Kind::Motion) {
        return Err(Rejection::invalid(
            "/kind",
            "本件由主席团决定转为建议，不能再改为议案",
            "the presidium made it a suggestion; it does not become a motion again",
        ));
    }
    Ok(Event::Amended(amendment))
}

/// # Errors
/// More asks than one suggestion carries.
pub fn few_asks(asks: &[Note]) -> Result<(), Rejection> {
    if asks.len() <= MOST_ASKS {
        return Ok(());
    }
    Err(Rejection::invalid(
        "/asks",
        format!("一事一议，最多 {MOST_ASKS} 条"),
        format!("one matter, one suggestion: at most {MOST_ASKS} asks"),
    ))
}

pub(super) fn amended(case: &mut Case, amendment: &Amendment) {
    let Amendment { title, body, category, asks, kind } = amendment.clone();
    // Who signed a suggestion has not signed a motion; who signed a motion stands by it as a suggestion too.
    let raised = kind == Some(Kind::Motion) && case.kind != Kind::Motion;
    if title.is_some() || body.is_some() || asks.is_some() || raised {
        cosigning::confirm_anew(case);
    }
    case.title = title.unwrap_or_else(|| case.title.clone());
    case.body = body.unwrap_or_else(|| case.body.clone());
    case.category = category.or_else(|| case.category.take());
    case.asks = asks.unwrap_or_else(|| std::mem::take(&mut case.asks));
    case.kind = kind.unwrap_or(case.kind);
}

/// Whether the case may be handed in as what it says it is.
pub(super) fn submit(case: &Case, submission: Submission, context: Context<'_>) -> Result<Event, Rejection> {
    if context.actor.role != Role::Import {
        delegation_may_submit(case, &submission, context)?;
        motion_may_be_submitted(case, &submission, context)?;
    }
    Ok(Event::Submitted {
        session: submission.session,
        origin: submission.origin,
        policy: PolicyRef::to(context.policy),
    })
}

fn delegation_may_submit(case: &Case, submission: &Submission, context: Context<'_>) -> Result<(), Refusal> {
    let rule = &context.policy.submission;
    let allowed = match rule.delegations {
        Delegations::Never => false,
        Delegations::InSession => submission.origin == Origin::InSession,
        Delegations::Always => true,
    };
    if case.delegation.is_none() || allowed || motion_by_delegation(case, context) {
        return Ok(());
    }
    Err(Refusal::new(
        "delegation_may_not_submit",
        Say::new(
            format!("{}：代表团现在不能以本团名义提出；可由代表个人或者联名提出", rule.clause),
            format!("{}: a delegation cannot submit in its own name now; deputies can", rule.clause),
        ),
        &[Hand::LeadSigner],
    ))
}

/// To the national congress one delegation may submit a motion; below it only deputies jointly.
fn motion_by_delegation(case: &Case, context: Context<'_>) -> bool {
    let allowed = context.policy.motion.delegation && case.congress.level() == Level::National;
    case.kind == Kind::Motion && case.delegation.is_some() && allowed
}

fn motion_may_be_submitted(
    case: &Case,
    submission: &Submission,
    context: Context<'_>,
) -> Result<(), Refusal> {
    if case.kind != Kind::Motion {
        return Ok(());
    }
    if !submission.motions_open {
        return Err(Refusal::new(
            "motions_closed",
            Say::new(
                "议案须在会议期间、议案截止时间前提出；现在可改为建议提交（kind 改为 suggestion）",
                "a motion is handed in while the congress sits and before its closing time for motions; \
                 now it can be handed in as a suggestion (change kind to suggestion)",
            ),
            &[Hand::LeadSigner],
        ));
    }
    let rule = &context.policy.motion;
    let needed = match case.congress.level() {
        Level::Township => rule.township,
        Level::National => rule.national,
        Level::Province | Level::City | Level::County => rule.county,
    };
    let signers = u32::try_from(1 + case.co_signers.len()).unwrap_or(u32::MAX);
    if motion_by_delegation(case, context) || signers >= needed {
        return Ok(());
    }
    Err(Refusal::new(
        "too_few_signers",
        Say::new(
            format!(
                "{}：议案须有{needed}名以上代表联名，现有{signers}名（含领衔），还差{}名确认；也可改为建议提交",
                rule.clause,
                needed - signers
            ),
            format!(
                "{}: a motion needs {needed} signers and has {signers}, the lead included; {} more must \
                 confirm, or hand it in as a suggestion",
                rule.clause,
                needed - signers
            ),
        ),
        &[Hand::Invited, Hand::LeadSigner],
    ))
}

pub(super) fn submitted(case: &mut Case, session: &SessionId, origin: Origin, policy: &PolicyRef, on: Day) {
    case.stage = Stage::Submitted;
    case.submitted_on = Some(on);
    case.session = Some(session.clone());
    case.origin = Some(origin);
    case.policy = Some(policy.clone());
    cosigning::lapse(case);
}

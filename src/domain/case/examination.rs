//! Examination 审核: returned for correction 退回修改, or declined 不予受理 on a coded ground.

use super::{Case, Context, Event, Rejection, at_most};
use crate::domain::{
    day::Day,
    text::{Line, Note},
    words::{Ground, Stage},
};
use serde::{Deserialize, Serialize};

/// What the deputy is asked to correct.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionRequest {
    pub reason: Note,
    /// Point by point, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<Note>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Correction {
    pub asked: CorrectionRequest,
    pub on: Day,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecliningForm {
    pub ground: Ground,
    /// What the deputy is told 说明情况.
    pub explanation: Note,
    /// Where it goes instead, e.g. 作为代表来信转有关部门研究.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_on_to: Option<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Declined {
    pub form: DecliningForm,
    /// The policy's clause that names the ground.
    pub clause: String,
    pub on: Day,
}

pub(super) fn ask_correction(asked: CorrectionRequest) -> Result<Event, Rejection> {
    at_most("/points", asked.points.len())?;
    Ok(Event::ReturnedForCorrection { asked })
}

pub(super) fn decline(form: DecliningForm, context: Context<'_>) -> Result<Event, Rejection> {
    let Some(rule) = context.policy.grounds.iter().find(|rule| rule.id == form.ground) else {
        let known: Vec<_> = context.policy.grounds.iter().map(|rule| rule.id.id()).collect();
        return Err(Rejection::invalid(
            "/ground",
            format!("{}没有这一不予受理情形；可用：{}", context.policy.name, known.join("、")),
            format!("is no ground of {}; it knows {}", context.policy.id, known.join(", ")),
        ));
    };
    Ok(Event::Declined { form, clause: rule.clause.clone() })
}

pub(super) fn returned(case: &mut Case, asked: &CorrectionRequest, on: Day) {
    case.stage = Stage::Returned;
    case.corrections.push(Correction { asked: asked.clone(), on });
}

pub(super) fn declined(case: &mut Case, form: &DecliningForm, clause: &str, on: Day) {
    case.stage = Stage::Declined;
    case.declined = Some(Declined { form: form.clone(), clause: clause.to_owned(), on });
}

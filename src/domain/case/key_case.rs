//! Key cases 重点督办件: chosen by the directors' meeting 主任会议, with a leading supervisor and a plan.

use super::{Case, Context, Event};
use crate::domain::{
    day::Day,
    text::{Body, Line, Note},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyCaseForm {
    /// The meeting that chose it, e.g. 第三十次主任会议.
    pub meeting: Line,
    /// Who leads the supervision 领衔督办.
    pub supervisor: Line,
    /// The committee that supervises 督办机构.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervised_by: Option<Line>,
    /// 督办方案
    pub plan: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct KeyCase {
    pub form: KeyCaseForm,
    /// The policy's clause on key cases.
    pub clause: String,
    pub on: Day,
    /// Why it is one no longer.
    pub released: Option<Note>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyCaseRelease {
    pub reason: Note,
}

pub(super) fn choose(form: KeyCaseForm, context: Context<'_>) -> Event {
    Event::KeyCaseChosen { form, clause: context.policy.key_cases.clause.clone() }
}

pub(super) fn chosen(case: &mut Case, form: &KeyCaseForm, clause: &str, on: Day) {
    case.key_case = Some(KeyCase { form: form.clone(), clause: clause.to_owned(), on, released: None });
}

pub(super) fn released(case: &mut Case, reason: &Note) {
    if let Some(key_case) = &mut case.key_case {
        key_case.released = Some(reason.clone());
    }
}

impl Case {
    pub fn is_key(&self) -> bool {
        self.key_case.as_ref().is_some_and(|key| key.released.is_none())
    }
}

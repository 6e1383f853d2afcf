//! A co-handler's opinion 会办意见: given to the lead handler, who states it in the reply.

use super::Case;
use crate::domain::{day::Day, text::Body, words::Standing};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpinionText {
    pub text: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Opinion {
    pub text: Body,
    pub on: Day,
}

pub(super) fn given(case: &mut Case, number: u32, opinion: &OpinionText, on: Day) {
    if let Some(assignment) = case.assignment_mut(number) {
        assignment.standing = Standing::OpinionGiven;
        assignment.opinion = Some(Opinion { text: opinion.text.clone(), on });
    }
}

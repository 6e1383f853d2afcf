//! A co-handler's opinion 会办意见: given to the lead handler, who states it in the reply.

use super::Case;
use crate::domain::{
    day::Day,
    text::{Body, Note},
    words::Standing,
};
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

/// The lead handler finds an opinion without substance and asks for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpinionRejection {
    pub reason: Note,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OpinionRejected {
    pub reason: Note,
    pub on: Day,
    /// The day of the opinion that was found wanting.
    pub given_on: Option<Day>,
}

pub(super) fn rejected(case: &mut Case, number: u32, reason: &Note, on: Day) {
    if let Some(assignment) = case.assignment_mut(number) {
        assignment.standing = Standing::Accepted;
        let given_on = assignment.opinion.take().map(|opinion| opinion.on);
        assignment.opinion_rejected = Some(OpinionRejected { reason: reason.clone(), on, given_on });
    }
}

pub(super) fn given(case: &mut Case, number: u32, opinion: &OpinionText, on: Day) {
    if let Some(assignment) = case.assignment_mut(number) {
        assignment.standing = Standing::OpinionGiven;
        assignment.opinion = Some(Opinion { text: opinion.text.clone(), on });
    }
}

//! Who is to visit a case 随访: deputies whom a revisit campaign sends there. It opens the case to them while the campaign
//! is open, and lets them record what they saw.

use super::{Case, Context, DeputyRef, Rejection, guard::missing, procedure::Hand};
use crate::domain::{
    actor::Role,
    day::Day,
    ids::{CampaignId, DeputyId},
};
use serde::{Deserialize, Serialize};

/// The deputies whom a campaign sends to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Visits {
    pub campaign: CampaignId,
    pub deputies: Vec<DeputyRef>,
}

pub(super) fn named(case: &mut Case, campaign: CampaignId, deputies: &[DeputyRef]) {
    case.visits.retain(|it| it.campaign != campaign);
    if !deputies.is_empty() {
        case.visits.push(Visits { campaign, deputies: deputies.to_vec() });
    }
}

/// A campaign sees each case once; a deputy records the visits that are his.
pub(super) fn is_his(
    case: &Case,
    campaign: Option<CampaignId>,
    context: Context<'_>,
) -> Result<(), Rejection> {
    if campaign.is_some() && case.revisits.iter().any(|it| it.record.campaign == campaign) {
        return Err(Rejection::Refused(missing(
            "visited",
            "本次回头看活动已记录本件；另有所见的，不以活动名义另行记录",
            "the campaign has its record of this case; what was seen beside it is recorded without naming the campaign",
            &[Hand::Committee],
        )));
    }
    let Role::Deputy { deputy } = context.actor.role else { return Ok(()) };
    let his = |it: &&Visits| it.deputies.iter().any(|visitor| visitor.id == deputy);
    match case.visits.iter().filter(his).any(|it| Some(it.campaign) == campaign) {
        true => Ok(()),
        false => Err(Rejection::invalid(
            "/campaign",
            "须为安排您随访本件的回头看活动",
            "must be a campaign for which you are to visit this case",
        )),
    }
}

impl Case {
    /// The deputies who are to visit it; one whom two campaigns send comes twice.
    pub fn visitors(&self) -> impl Iterator<Item = &DeputyRef> {
        self.visits.iter().flat_map(|it| &it.deputies)
    }

    pub fn is_visited_by(&self, deputy: DeputyId) -> bool {
        self.visitors().any(|it| it.id == deputy)
    }

    /// The day by which its latest visit asked for another one.
    pub fn revisit_due_on(&self) -> Option<Day> {
        self.revisits.last().and_then(|it| it.record.next_on)
    }

    /// Whom a campaign sends here.
    pub fn visitors_for(&self, campaign: CampaignId) -> &[DeputyRef] {
        let of = self.visits.iter().find(|it| it.campaign == campaign);
        of.map_or(&[], |it| &it.deputies)
    }
}

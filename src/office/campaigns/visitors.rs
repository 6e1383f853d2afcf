//! Who visits what 随访安排: deputies, to whom it opens the case; committee staff; third parties, who have no account.

use super::{Asked, Campaign, MOST_CHOSEN, admitted, still_open};
use crate::{
    domain::{
        actor::Actor,
        campaign::Visitor,
        case::{Case, DeputyRef, Event},
        gate::Operation,
        ids::{CampaignId, CaseId, CongressId, DeputyId, UserId},
        text::Line,
    },
    office::{Caller, Fault, Office, Precondition, acts::Act, perform::up_to_date},
    store::{
        Db, Touch, Touched,
        campaigns::{self, CaseOf, Sent},
        cases, directory, people,
    },
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who visits which cases: all of them anew for these cases, and nobody if all lists are empty.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitorsForm {
    /// Cases of the campaign that were not visited yet; all of them if left out.
    #[serde(default)]
    pub cases: Option<Vec<CaseId>>,
    /// 代表: they may open the case until the campaign is closed, and record the visit.
    #[serde(default)]
    pub deputies: Vec<DeputyId>,
    /// 代表工委工作人员, by the ids of their accounts.
    #[serde(default)]
    pub staff: Vec<UserId>,
    /// 第三方机构, by name. They have no account; staff record their visits.
    #[serde(default)]
    pub third_parties: Vec<Line>,
}

/// What was arranged.
#[derive(Clone, Debug, PartialEq)]
pub struct Assigned {
    pub campaign: Campaign,
    /// Cases that have these visitors now.
    pub cases: usize,
    pub left_out: Vec<LeftOut>,
}

/// A deputy who was left out where all cases were meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LeftOut {
    pub case: CaseId,
    pub deputy: DeputyId,
    /// `signer`: he signed it and has judged the answer; `confidential`: it is opened by naming who reads it alone.
    pub why: &'static str,
}

/// Visitors of one case.
const MOST: usize = 20;
/// Cases named in one request.
const MOST_NAMED: usize = 500;

impl Office {
    pub async fn assign_visitors(
        &self,
        caller: &Caller,
        id: CampaignId,
        at: Precondition,
        form: VisitorsForm,
    ) -> Result<Assigned, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        let touched = Touched::cases(&[]);
        self.store
            .write(Touch::Cases(touched.clone()), move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::KeepCampaigns)?;
                let campaign = campaigns::hold(db, &congress, id)?.ok_or(Fault::NotFound)?;
                up_to_date(at, campaign.version)?;
                let sent = sent(db, &congress, &form)?;
                let named = asked_for(db, &campaign, form.cases.as_deref())?;
                still_open(&campaign)?;
                let mut left_out = Vec::new();
                for case in &named {
                    let before = cases::load(db, &congress, *case)?.ok_or(Fault::NotFound)?;
                    let (deputies, out) = fit(&before, &sent.deputies);
                    if let (Some(_), Some(first)) = (&form.cases, out.first()) {
                        return Err(unfit(&form, first));
                    }
                    let whole = sent.of(&deputies);
                    campaigns::set_visitors(db, &congress, id, *case, &whole)?;
                    office.send(db, &actor, &caller, &before, id, deputies)?;
                    touched.add(*case);
                    left_out.extend(out);
                }
                let campaign = Campaign { version: campaign.version + 1, ..campaign };
                campaigns::advance(db, &campaign)?;
                let act = Act::VisitorsAssigned { campaign: id, cases: named.len() };
                office.record_act_of(db, &actor, &caller, None, act)?;
                Ok(Assigned { campaign, cases: named.len(), left_out })
            })
            .await
    }

    /// Writes into the case's own history which deputies it is open to, if that changes.
    pub(super) fn send(
        &self,
        db: &mut Db,
        actor: &Actor,
        caller: &Caller,
        before: &Case,
        campaign: CampaignId,
        deputies: Vec<DeputyRef>,
    ) -> Result<(), Fault> {
        if before.visitors_for(campaign) == deputies {
            return Ok(());
        }
        // Paper of a day to come there is none, so nothing lies after today.
        let on = self.today().max(before.latest_on);
        let events = vec![Event::VisitorsNamed { campaign, deputies }];
        let recorded = self.dress(events, before.version, actor, on);
        let after = recorded.iter().fold(before.clone(), Case::after);
        let policy = self.policy_now(db, &after)?;
        self.record(db, Some(before), &recorded, &after, policy, &caller.request_id)
    }
}

/// The visitors that a form names.
struct Visitors {
    deputies: Vec<DeputyRef>,
    others: BTreeSet<Visitor>,
}

impl Visitors {
    /// All of them, with those of the deputies who fit.
    fn of(&self, deputies: &[DeputyRef]) -> Sent {
        let deputies = deputies.iter().map(|it| Visitor::Deputy(it.id));
        deputies.chain(self.others.iter().cloned()).map(|visitor| (visitor, false)).collect()
    }
}

fn sent(db: &mut Db, congress: &CongressId, form: &VisitorsForm) -> Result<Visitors, Fault> {
    for (pointer, length) in [
        ("/deputies", form.deputies.len()),
        ("/staff", form.staff.len()),
        ("/third_parties", form.third_parties.len()),
    ] {
        if length > MOST {
            return Err(Fault::invalid(
                pointer,
                format!("最多 {MOST} 项"),
                format!("at most {MOST} are allowed"),
            ));
        }
    }
    let mut visitors = Visitors { deputies: Vec::new(), others: BTreeSet::new() };
    let twice = |pointer: String| Fault::invalid(pointer, "已在名单中", "is named already");
    for (index, id) in form.deputies.iter().enumerate() {
        let pointer = format!("/deputies/{index}");
        let Some(deputy) = directory::deputy(db, congress, *id)? else {
            return Err(Fault::invalid(pointer, "不是本级人大的代表", "is no deputy of this congress"));
        };
        if visitors.deputies.iter().any(|it| it.id == *id) {
            return Err(twice(pointer));
        }
        visitors.deputies.push(deputy.named()?);
    }
    for (index, id) in form.staff.iter().enumerate() {
        let pointer = format!("/staff/{index}");
        if !works_here(db, congress, *id)? {
            return Err(Fault::invalid(
                pointer,
                "不是本级代表工委的在用账户",
                "is no account in use of the committee here",
            ));
        }
        if !visitors.others.insert(Visitor::Staff(*id)) {
            return Err(twice(pointer));
        }
    }
    for (index, name) in form.third_parties.iter().enumerate() {
        if !visitors.others.insert(Visitor::ThirdParty(name.clone())) {
            return Err(twice(format!("/third_parties/{index}")));
        }
    }
    Ok(visitors)
}

fn works_here(db: &mut Db, congress: &CongressId, id: UserId) -> Result<bool, Fault> {
    if people::by_id(db, id)?.is_none_or(|user| user.disabled) {
        return Ok(false);
    }
    for membership in people::memberships_of(db, id)? {
        let here = membership.congress_id.as_deref() == Some(congress.as_str());
        if here && membership.role()?.is_some_and(|role| role.is_committee()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The cases that are meant: those named, each to be visited yet, or all of these.
fn asked_for(db: &mut Db, campaign: &Campaign, named: Option<&[CaseId]>) -> Result<BTreeSet<CaseId>, Fault> {
    let Some(named) = named else {
        let unvisited = Asked { visited: Some(false), ..Asked::default() };
        let rows = campaigns::cases(db, &campaign.congress, campaign.id, &unvisited, None, MOST_CHOSEN)?;
        return Ok(rows.iter().map(CaseOf::case).collect::<Result<_, _>>()?);
    };
    if named.is_empty() || named.len() > MOST_NAMED {
        return Err(Fault::invalid(
            "/cases",
            format!("须为 1 至 {MOST_NAMED} 件"),
            format!("must name 1 to {MOST_NAMED} cases"),
        ));
    }
    let mut cases = BTreeSet::new();
    for (index, id) in named.iter().enumerate() {
        let row = campaigns::case(db, &campaign.congress, campaign.id, *id)?;
        if row.is_none_or(|it| !it.chosen || it.revisit.is_some()) || !cases.insert(*id) {
            return Err(Fault::invalid(
                format!("/cases/{index}"),
                "须为本次活动尚未回头看的办件，每件一次",
                "must be a case of the campaign that was not visited yet, each once",
            ));
        }
    }
    Ok(cases)
}

/// Which deputies can be sent to a case. Who signed it has his own word on the answer, the evaluation, and does not look
/// into it as an outsider.
fn fit(case: &Case, deputies: &[DeputyRef]) -> (Vec<DeputyRef>, Vec<LeftOut>) {
    let why = |deputy: DeputyId| match () {
        () if case.confidential.is_some() => Some("confidential"),
        () if case.is_signer(deputy) => Some("signer"),
        () => None,
    };
    let (mut fit, mut out) = (Vec::new(), Vec::new());
    for deputy in deputies {
        match why(deputy.id) {
            None => fit.push(deputy.clone()),
            Some(why) => out.push(LeftOut { case: case.id, deputy: deputy.id, why }),
        }
    }
    (fit, out)
}

fn unfit(form: &VisitorsForm, out: &LeftOut) -> Fault {
    let place = form.deputies.iter().position(|it| *it == out.deputy).unwrap_or_default();
    let pointer = format!("/deputies/{place}");
    match out.why {
        "signer" => Fault::invalid(
            pointer,
            format!("该代表领衔或附议了办件 {}，已有评价权，不能同时随访该件", out.case),
            format!("signed case {} and judges its answer himself; another deputy visits it", out.case),
        ),
        _ => Fault::invalid(
            pointer,
            format!("办件 {} 为保密件，不安排代表随访", out.case),
            format!("case {} is confidential; no deputy is sent there", out.case),
        ),
    }
}

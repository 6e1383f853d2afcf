//! Nominating a case 提名: by deputies, their delegations' secretaries and the committee, each with a reason.

use super::admitted;
use crate::{
    domain::{
        actor::{Actor, Role},
        case::Refusal,
        gate::{self, Operation},
        ids::{CaseId, SelectionId},
        say::Say,
        selection::{Criterion, Phase, Selection},
        text::Note,
    },
    office::{
        Caller, Fault, Office,
        acts::{Act, Entry},
    },
    store::{
        Db, Touch, cases,
        selections::{self, Nomination},
    },
};

impl Office {
    /// Nominates a case that the caller may open and that qualifies.
    pub async fn nominate(
        &self,
        caller: &Caller,
        id: SelectionId,
        case: CaseId,
        reason: Note,
    ) -> Result<(), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::NominateCase)?;
                let selection = selections::hold(db, &congress, id)?.ok_or(Fault::NotFound)?;
                office.may_be_nominated(db, &actor, &selection, case)?;
                if selection.phase(office.now()) != Phase::Nominating {
                    return Err(closed().into());
                }
                let nomination = Nomination {
                    congress_id: congress.to_string(),
                    selection_id: id.to_string(),
                    case_id: case.to_string(),
                    nominator: nominator(&actor).ok_or(Fault::NotFound)?,
                    reason: reason.to_string(),
                    nominated_at: office.now().naive_utc(),
                };
                if !selections::nominate(db, &nomination)? {
                    return Err(Fault::Exists(Say::new(
                        "这一件您已经提名",
                        "you have nominated this case already",
                    )));
                }
                let entry = Entry {
                    congress: Some(&congress),
                    author: Some(actor.author()),
                    user: None,
                    case: Some(case),
                    act: Act::CaseNominated { selection: id },
                    request_id: &caller.request_id,
                    address: caller.address.as_deref(),
                };
                office.record_act(db, entry)
            })
            .await
    }

    fn may_be_nominated(
        &self,
        db: &mut Db,
        actor: &Actor,
        selection: &Selection,
        id: CaseId,
    ) -> Result<(), Fault> {
        let unknown = || {
            Fault::invalid(
                "/case",
                "没有这一件，或者不在本次选树的届次之内",
                "no such case, or none of the sessions of this selection",
            )
        };
        let case = cases::load(db, &selection.congress, id)?.ok_or_else(unknown)?;
        let of_sessions = case.session.as_ref().is_some_and(|it| selection.sessions.contains(it));
        match gate::open(actor, &case, Operation::GetCase) {
            Ok(_) if of_sessions => {}
            Err(gate::Denied::Unnamed) if of_sessions => {
                return Err(unfit(&[Criterion::NotConfidential], actor));
            }
            _ => return Err(unknown()),
        }
        match self.missing(selection, &case)? {
            missing if missing.is_empty() => Ok(()),
            missing => Err(unfit(&missing, actor)),
        }
    }
}

/// Which criterion it is tells how a deputy judged, so it is told only to who may know that.
fn unfit(missing: &[Criterion], actor: &Actor) -> Fault {
    if !gate::sees_evaluations(actor) {
        return Fault::invalid(
            "/case",
            "不符合本次选树的条件",
            "does not meet the criteria of this selection",
        );
    }
    let said: Vec<Say> = missing.iter().map(|it| it.missing()).collect();
    let zh: Vec<&str> = said.iter().map(|it| it.zh.as_str()).collect();
    let en: Vec<&str> = said.iter().map(|it| it.en.as_str()).collect();
    Fault::invalid(
        "/case",
        format!("不符合本次选树的条件：{}", zh.join("；")),
        format!("does not meet the criteria of this selection: {}", en.join("; ")),
    )
}

fn closed() -> Refusal {
    Refusal::new("nominations_closed", Say::new("提名已经截止", "nominations are closed"), &[])
}

/// In whose name a nomination stands.
fn nominator(actor: &Actor) -> Option<String> {
    match &actor.role {
        Role::Deputy { deputy } => Some(format!("deputy:{deputy}")),
        Role::DelegationSecretary { delegation } => Some(format!("delegation:{delegation}")),
        Role::Committee { .. } => Some("committee".to_owned()),
        _ => None,
    }
}

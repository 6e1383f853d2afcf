//! What is done about an opinion: sorted 分办, answered or handed back by the department that has it, told to the resident,
//! opened again; and the erasure of how the resident is reached.

use super::{
    ShownOpinion, admitted, kept,
    opinions::{case_of, seen, standing},
};
use crate::{
    domain::{
        actor::Actor,
        case::Refusal,
        gate::{self, Operation},
        ids::OpinionId,
        say::Say,
        station::{
            Moved,
            opinion::{Opinion, OpinionCommand, OpinionEvent, Sorting, Suggestion},
        },
        text::Note,
        words::OpinionState,
    },
    office::{Caller, Fault, Office, Precondition, acts::Act, directory, perform::up_to_date},
    store::{Db, Touch, cases, matters, personal_texts},
};
use std::sync::Arc;

/// Reads the command once the caller is known to be entitled.
pub type MakeCommand = Arc<dyn Fn() -> Result<OpinionCommand, Fault> + Send + Sync>;

impl Office {
    /// Takes a step on an opinion. `None` for whoever sees nothing of it any more by his step.
    pub async fn act_on_opinion(
        &self,
        caller: &Caller,
        id: OpinionId,
        operation: Operation,
        precondition: Precondition,
        make: MakeCommand,
    ) -> Result<Option<ShownOpinion>, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, operation)?;
                let before = kept::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                if seen(db, &actor, &before)?.is_none() {
                    return Err(Fault::NotFound);
                }
                up_to_date(precondition, before.version)?;
                let command = make()?;
                if let OpinionCommand::Sort(sorting) = &command {
                    names_what_is_there(db, &actor, &before, sorting)?;
                }
                let suggestion = case_of(db, &before)?.map(|case| standing(&case));
                let on = office.today();
                let event = before.decide(command, on, suggestion)?;
                let by = (caller.request_id.as_str(), caller.address.as_deref());
                let after = office.go_on(db, before, event, actor.author(), on, by)?;
                office.shown_opinion(db, &actor, after)
            })
            .await
    }

    /// Takes away how the resident of a closed opinion is reached, for good.
    pub async fn erase_resident(&self, caller: &Caller, id: OpinionId, reason: Note) -> Result<(), Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::EraseResident)?;
                let opinion = kept::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                if opinion.state != OpinionState::Closed {
                    return Err(Refusal::new(
                        "opinion_open",
                        Say::new(
                            "该意见尚未办结，仍须告知群众",
                            "the opinion is open: its resident is still to be told",
                        ),
                        &[],
                    )
                    .into());
                }
                let history: Vec<Moved<OpinionEvent>> = matters::history(db, &congress, id.0)?;
                let named: Vec<String> = match history.first().map(|it| &it.event) {
                    Some(OpinionEvent::Recorded { resident: Some(it), .. }) => {
                        [&it.name, &it.phone].into_iter().flatten().map(|it| it.to_string()).collect()
                    }
                    _ => Vec::new(),
                };
                if named.iter().any(|text| reason.contains(text.as_str())) {
                    return Err(Fault::invalid(
                        "/reason",
                        "理由将永久保存，不得写明群众姓名或电话",
                        "the reason is kept for ever and must not name the resident",
                    ));
                }
                let mut texts = Vec::new();
                for text in personal_texts::of(db, "opinion", &id.to_string())? {
                    personal_texts::erase(db, &text)?;
                    texts.push(text.digest);
                }
                if texts.is_empty() {
                    return Ok(());
                }
                let act = Act::PersonErased {
                    persons: Vec::new(),
                    reason: reason.to_string(),
                    force_reason: None,
                    texts,
                };
                office.record_act_of(db, &actor, &caller, None, act)
            })
            .await
    }
}

/// The department and the case that a sorting names.
fn names_what_is_there(
    db: &mut Db,
    actor: &Actor,
    opinion: &Opinion,
    sorting: &Sorting,
) -> Result<(), Fault> {
    if let Some(id) = sorting.department {
        directory::department(db, &opinion.congress, id, "/department")?;
    }
    let Some(id) = sorting.case else { return Ok(()) };
    // One that the committee may open, which a deputy's draft is not.
    let case = cases::load(db, &opinion.congress, id)?
        .filter(|case| gate::open(actor, case, Operation::GetCase).is_ok());
    match case.map(|case| standing(&case)) {
        Some(Suggestion::Open | Suggestion::Answered) => Ok(()),
        Some(Suggestion::Over) => Err(Fault::invalid(
            "/case",
            "该件不再答复，不能并入",
            "nobody will answer that case; the opinion cannot join it",
        )),
        None => Err(Fault::invalid("/case", "本级人大没有这一件", "no such case in this congress")),
    }
}

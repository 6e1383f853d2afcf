//! What waits for somebody and is about no case: items of problem lists, residents' opinions, quarterly statements. Each
//! is read off an index of its own, as far as tasks are counted.

use super::{About, COUNTED, Cursor, Matter, Waiting};
use crate::{
    domain::{
        actor::{Actor, Role},
        day::Day,
        gate::{self, Operation},
        ids::{CongressId, DepartmentId, DeputyId},
        personal::masked,
        station::opinion::Opinion,
        words::ItemStanding,
        worklist::{TaskKind as K, When},
    },
    office::Fault,
    store::{
        Db, opinions,
        problems::{self, Asked},
        statements,
    },
};
use std::collections::BTreeSet;

/// All of it, in no order.
pub(super) fn waiting(db: &mut Db, actor: &Actor, congress: &CongressId) -> Result<Vec<Waiting>, Fault> {
    Ok(match &actor.role {
        Role::Deputy { deputy } => of_deputy(db, actor, congress, *deputy)?,
        Role::Committee { .. } => of_committee(db, actor, congress)?,
        Role::Department { department, .. } => of_department(db, actor, congress, *department)?,
        _ => Vec::new(),
    })
}

const MOST: i64 = COUNTED as i64 + 1;

fn may(actor: &Actor, operation: Operation) -> bool {
    gate::admit(actor, operation).is_ok()
}

fn of_department(
    db: &mut Db,
    actor: &Actor,
    congress: &CongressId,
    department: DepartmentId,
) -> Result<Vec<Waiting>, Fault> {
    let mut found = Vec::new();
    if may(actor, Operation::ReportProblemItem) {
        let asked =
            Asked { department: Some(department), standing: Some(ItemStanding::Open), ..Asked::default() };
        found.extend(items(db, congress, &asked, K::ReportProblemItem)?);
    }
    if may(actor, Operation::AnswerOpinion) {
        for it in opinions::in_hand(db, congress, department, MOST)? {
            let when = it.due_on.map_or(When::Since(it.latest_on), When::Due);
            found.push(opinion(&it, K::AnswerOpinion, when));
        }
    }
    Ok(found)
}

fn of_committee(db: &mut Db, actor: &Actor, congress: &CongressId) -> Result<Vec<Waiting>, Fault> {
    let mut found = Vec::new();
    if may(actor, Operation::StrikeOffProblemItem) {
        let asked = Asked { standing: Some(ItemStanding::Reported), ..Asked::default() };
        found.extend(items(db, congress, &asked, K::StrikeOffProblemItem)?);
    }
    if may(actor, Operation::SortOpinion) {
        for it in opinions::to_sort(db, congress, MOST)? {
            found.push(opinion(&it, K::SortOpinion, When::Since(it.received_on)));
        }
        for it in opinions::to_tell(db, congress, MOST)? {
            found.push(opinion(&it, K::TellResident, When::Since(it.latest_on)));
        }
    }
    Ok(found)
}

fn of_deputy(
    db: &mut Db,
    actor: &Actor,
    congress: &CongressId,
    deputy: DeputyId,
) -> Result<Vec<Waiting>, Fault> {
    if !may(actor, Operation::ConfirmStatement) {
        return Ok(Vec::new());
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (line, _, quarter) in statements::waiting_for(db, congress, deputy, MOST)? {
        if !seen.insert(line.statement_id.clone()) {
            continue;
        }
        let Some(statement) = statements::find(db, congress, &line.statement_id)? else { continue };
        let issued = Day::at(statement.issued_at.and_utc());
        let href = format!("/v1/commitment-statements/{}", line.statement_id);
        let title = format!("承诺事项季度清单（{quarter}）");
        found.push(matter(K::ConfirmStatement, When::Since(issued), title, href));
    }
    Ok(found)
}

fn items(db: &mut Db, congress: &CongressId, asked: &Asked, kind: K) -> Result<Vec<Waiting>, Fault> {
    let mut found = Vec::new();
    for row in problems::items(db, congress, asked, None, MOST)? {
        let item = row.read()?;
        let href = format!("/v1/problem-lists/{}/items/{}", row.list_id, item.number);
        found.push(matter(kind, When::Due(item.due_on), item.text.to_string(), href));
    }
    Ok(found)
}

fn opinion(it: &Opinion, kind: K, when: When) -> Waiting {
    matter(kind, when, masked(&it.topic).to_string(), format!("/v1/opinions/{}", it.id))
}

/// Its address is its key: one matter waits once for each kind of thing to be done.
fn matter(kind: K, when: When, title: String, href: String) -> Waiting {
    let key = format!("{}{href}", kind.id());
    let cursor = Cursor { place: when.place(), key };
    Waiting { cursor, when, about: About::Matter(kind, Matter { title, href }) }
}

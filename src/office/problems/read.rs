//! Problem lists as somebody reads them: the committee and auditors all, the government office those of its departments,
//! a department its own items.

use crate::{
    domain::{
        actor::{Actor, Role},
        gate::{self, Operation},
        ids::{CaseId, CongressId, ProblemListId},
        problem::{Item, ProblemList},
        words::Channel,
    },
    office::{
        Caller, Fault, Office,
        notices::{About, Line, Own, own_departments, told},
        perform::admitted,
    },
    store::{
        Db, cases, notices,
        problems::{self, Asked, Cursor},
    },
};

/// A list as the caller sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListShown {
    pub list: ProblemList,
    /// How many items it has; for who sees all of them.
    pub items: Option<u32>,
}

/// An item as the caller sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemShown {
    pub list: ProblemListId,
    pub title: String,
    pub item: Item,
    /// The case that it comes from, where the caller may open it.
    pub case: Option<CaseId>,
}

/// Whether an item is there for somebody who may read problem lists at all.
pub(super) fn sees(actor: &Actor, item: &Item) -> bool {
    match &actor.role {
        Role::Department { department, .. } => item.department.id == *department,
        Role::GovernmentOffice => item.department.channel == Channel::Government,
        _ => true,
    }
}

fn sees_all(actor: &Actor) -> bool {
    matches!(actor.role, Role::Committee { .. } | Role::Auditor)
}

/// What is asked for, cut down to what the caller may ask for; `None` if nothing is left of it.
fn scoped(actor: &Actor, asked: Asked) -> Option<Asked> {
    let Own { department, channel } = own_departments(actor, asked.department)?;
    Some(Asked { department, channel, ..asked })
}

pub(super) fn shown(db: &mut Db, actor: &Actor, list: &ProblemList, item: Item) -> Result<ItemShown, Fault> {
    let case = match item.case {
        Some(id) => cases::load(db, &list.congress, id)?
            .filter(|case| gate::open(actor, case, Operation::GetCase).is_ok())
            .map(|case| case.id),
        None => None,
    };
    Ok(ItemShown { list: list.id, title: list.title.to_string(), item, case })
}

/// A notice of an item, in the list of notices.
pub(in crate::office) fn notice_line(
    db: &mut Db,
    actor: &Actor,
    congress: &CongressId,
    row: &notices::Row,
) -> Result<Option<Line>, Fault> {
    let list = row.subject()?;
    let Some(kept) = problems::row(db, congress, list, row.item.unsigned_abs())? else { return Ok(None) };
    let item = kept.read()?;
    let number = row.number.unsigned_abs();
    let Some(notice) = item.notices.iter().find(|it| it.number == number) else { return Ok(None) };
    if !sees(actor, &item) {
        return Ok(None);
    }
    let about = About::Item { list, item: item.number, text: item.text.to_string() };
    let facts = (notice.number, item.notice_standing(notice), notice.issued_on);
    Ok(Some(told(about, &notice.issue, facts, row)?))
}

impl Office {
    /// Lists, newest first. Whoever sees only some items is shown the lists that hold one of his.
    pub async fn problem_lists(
        &self,
        caller: &Caller,
        before: Option<ProblemListId>,
        limit: usize,
    ) -> Result<Vec<ListShown>, Fault> {
        let caller = caller.clone();
        self.store
            .read_aside(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadProblemLists)?;
                let (mut lists, mut before) = (Vec::new(), before);
                while lists.len() < limit {
                    let wanted = limit - lists.len();
                    let page = problems::page(db, &congress, before, wanted as i64)?;
                    let last = page.len() < wanted;
                    for list in page {
                        before = Some(list.id);
                        lists.extend(list_shown(db, &actor, list)?);
                    }
                    if last {
                        break;
                    }
                }
                Ok(lists)
            })
            .await
    }

    pub async fn problem_list(&self, caller: &Caller, id: ProblemListId) -> Result<ListShown, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadProblemLists)?;
                let list = problems::find(db, &congress, id)?.ok_or(Fault::NotFound)?;
                list_shown(db, &actor, list)?.ok_or(Fault::NotFound)
            })
            .await
    }

    pub async fn problem_item(
        &self,
        caller: &Caller,
        (list, number): (ProblemListId, u32),
    ) -> Result<ItemShown, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadProblemLists)?;
                let listed = problems::find(db, &congress, list)?.ok_or(Fault::NotFound)?;
                let row = problems::row(db, &congress, list, number)?.ok_or(Fault::NotFound)?;
                let item = row.read()?;
                if !sees(&actor, &item) {
                    return Err(Fault::NotFound);
                }
                shown(db, &actor, &listed, item)
            })
            .await
    }

    /// At most `limit` items, the earliest day first.
    pub async fn problem_items(
        &self,
        caller: &Caller,
        asked: Asked,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<ItemShown>, Fault> {
        let caller = caller.clone();
        self.store
            .read_aside(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadProblemLists)?;
                let Some(asked) = scoped(&actor, asked) else { return Ok(Vec::new()) };
                let mut items = Vec::new();
                for row in problems::items(db, &congress, &asked, after.as_ref(), limit as i64)? {
                    let list = problems::find(db, &congress, row.list()?)?.ok_or(Fault::NotFound)?;
                    items.push(shown(db, &actor, &list, row.read()?)?);
                }
                Ok(items)
            })
            .await
    }
}

fn list_shown(db: &mut Db, actor: &Actor, list: ProblemList) -> Result<Option<ListShown>, Fault> {
    if sees_all(actor) {
        let items = Some(list.items);
        return Ok(Some(ListShown { list, items }));
    }
    let own = scoped(actor, Asked { list: Some(list.id), ..Asked::default() });
    let holds = match own {
        Some(asked) => !problems::items(db, &list.congress, &asked, None, 1)?.is_empty(),
        None => false,
    };
    Ok(holds.then_some(ListShown { list, items: None }))
}

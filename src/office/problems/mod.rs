//! Problem lists 问题清单: assigned as a whole by the committee, each item reported on by its holder and struck off by
//! somebody else, urged by the same ladder as the deadlines of cases. `read.rs` shows them, `derive.rs` keeps their folds.

mod derive;
mod read;

pub use crate::store::problems::{Asked as ItemsAsked, Cursor as ItemCursor};
pub(super) use read::notice_line;
pub use read::{ItemShown, ListShown};

use super::{
    Answer, Caller, Fault, Key, Office,
    acts::Act,
    directory::department,
    notices::ladder_setting,
    order::Precondition,
    perform::{admitted, up_to_date},
};
use crate::{
    domain::{
        actor::{Actor, Role},
        case::PolicyRef,
        gate::{self, Operation},
        ids::{CongressId, ProblemListId, UserId},
        ladder,
        problem::{Asked, Item, ItemEvent, ItemRecorded, MOST_ITEMS, NewProblemList, ProblemList, decide},
    },
    store::{Db, StoreError, Touch, cases, problems},
};

impl Office {
    /// Assigns a list as a whole: all of its items, or none.
    pub async fn assign_problem_list(
        &self,
        caller: &Caller,
        key: Option<Key>,
        parse: impl Fn() -> Result<NewProblemList, Fault> + Send + 'static,
        render: fn(&ListShown) -> String,
    ) -> Result<Answer, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::AssignProblemList)?;
                office.once(db, &actor, key.as_ref(), |db| {
                    let new = parse()?;
                    let (today, number) = (office.today(), new.items.len());
                    if !(1..=MOST_ITEMS).contains(&number) {
                        return Err(Fault::invalid(
                            "/items",
                            format!("须为 1 至 {MOST_ITEMS} 项"),
                            format!("must be 1 to {MOST_ITEMS} items"),
                        ));
                    }
                    let list = ProblemList {
                        id: ProblemListId(office.fresh_id()),
                        congress: congress.clone(),
                        title: new.title.clone(),
                        source: new.source.clone(),
                        policy: PolicyRef::to(office.congress_policy(db, &congress)?),
                        assigned_on: today,
                        items: u32::try_from(number).unwrap_or(u32::MAX),
                    };
                    problems::insert(db, &list)?;
                    for (index, it) in new.items.iter().enumerate() {
                        let at = |field: &str| format!("/items/{index}/{field}");
                        if it.due_on <= today {
                            return Err(Fault::invalid(
                                at("due_on"),
                                "须晚于交办之日",
                                "must be later than the day of the assignment",
                            ));
                        }
                        let holder = department(db, &congress, it.department, &at("department"))?;
                        if let Some(id) = it.case {
                            let case =
                                cases::load(db, &congress, id)?.filter(|case| case.submitted_on.is_some());
                            // What staff may not open they do not name to others.
                            let open = case.filter(|case| {
                                gate::open(&actor, case, Operation::GetCase).is_ok()
                                    && case.confidential.is_none()
                            });
                            if open.is_none() {
                                return Err(Fault::invalid(
                                    at("case"),
                                    "本级人大没有这一件，或者属保密件",
                                    "no such case in this congress, or a confidential one",
                                ));
                            }
                        }
                        let event = ItemEvent::Assigned {
                            text: it.text.clone(),
                            department: holder,
                            due_on: it.due_on,
                            case: it.case,
                        };
                        let item = u32::try_from(index + 1).unwrap_or(u32::MAX);
                        office.write_item(db, &list, item, None, vec![event], Some(&actor))?;
                    }
                    let act = Act::ProblemListAssigned { list: list.id, items: list.items };
                    office.record_act_of(db, &actor, &caller, None, act)?;
                    let location = Some(format!("/v1/problem-lists/{}", list.id));
                    let items = Some(list.items);
                    let body = render(&ListShown { list, items });
                    Ok(Answer { location, ..Answer::whole(201, body) })
                })
            })
            .await
    }

    /// One act on an item, by its holder or by the committee.
    pub async fn act_on_item(
        &self,
        caller: &Caller,
        (list, number): (ProblemListId, u32),
        operation: Operation,
        precondition: Precondition,
        parse: impl Fn() -> Result<Asked, Fault> + Send + 'static,
    ) -> Result<ItemShown, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, operation)?;
                let listed = problems::find(db, &congress, list)?.ok_or(Fault::NotFound)?;
                let row = problems::row(db, &congress, list, number)?.ok_or(Fault::NotFound)?;
                let item = row.read()?;
                if !read::sees(&actor, &item) {
                    return Err(Fault::NotFound);
                }
                up_to_date(precondition, item.version)?;
                let event = decide(&item, parse()?, &actor, office.today().date())?;
                let act = Act::ProblemItemChanged { list, item: number, what: event.kind().to_owned() };
                let after = office.write_item(db, &listed, number, Some(item), vec![event], Some(&actor))?;
                office.record_act_of(db, &actor, &caller, None, act)?;
                read::shown(db, &actor, &listed, after)
            })
            .await
    }

    /// Appends what happened to an item, and derives what is kept of it. Without an actor it is the ladder itself.
    fn write_item(
        &self,
        db: &mut Db,
        list: &ProblemList,
        number: u32,
        before: Option<Item>,
        events: Vec<ItemEvent>,
        actor: Option<&Actor>,
    ) -> Result<Item, Fault> {
        let version = before.as_ref().map(|it| it.version);
        let (at, on) = (self.now(), self.today());
        let user = actor.map_or(UserId(uuid::Uuid::nil()), |it| it.user);
        let role = actor.map_or(Role::System.id(), |it| it.role.id()).to_owned();
        let recorded: Vec<ItemRecorded> = events
            .into_iter()
            .zip(version.unwrap_or(0) + 1..)
            .map(|(event, version)| ItemRecorded { version, on, at, user, role: role.clone(), event })
            .collect();
        let after = match &before {
            Some(item) => Some(recorded.iter().fold(item.clone(), Item::after)),
            None => Item::fold(number, &recorded),
        };
        let after = after.ok_or_else(|| {
            StoreError::corrupt("problem_events", list.id, "the history does not begin with the assignment")
        })?;
        problems::append(db, &list.congress, list.id, number, &recorded)?;
        problems::put(db, &problems::Row::of(&list.congress, list.id, &after)?, version)?;
        self.keep_item(db, list, before.as_ref(), &after)?;
        Ok(after)
    }

    /// The rungs that are due of an item; decided on it as it is now.
    pub(super) fn climb_item(
        &self,
        db: &mut Db,
        congress: &CongressId,
        list: &str,
        item: i32,
    ) -> Result<usize, Fault> {
        let id = list.parse().map_err(|e| StoreError::corrupt("ladder_clocks", list, e))?;
        let number = item.unsigned_abs();
        let Some(list) = problems::find(db, congress, id)? else { return Ok(0) };
        let Some(row) = problems::row(db, congress, id, number)? else { return Ok(0) };
        let (item, policy) = (row.read()?, self.books.policy(&list.policy)?);
        let (setting, calendar) = (ladder_setting(db, congress)?, &self.books.calendar);
        let duties = item.duties();
        let climbed = item.climbed();
        let pending = ladder::pending(&duties, &climbed, policy, calendar, setting.from);
        let mut events = Vec::new();
        for due in ladder::due(pending, policy, calendar, self.now()) {
            let notice = self.drawn(db, congress, due, &setting)?;
            events.push(ItemEvent::NoticeIssued { notice });
        }
        let issued = events.len();
        if issued == 0 {
            self.keep_item_clock(db, &list, &item, &setting)?;
        } else {
            self.write_item(db, &list, number, Some(item.clone()), events, None)?;
        }
        Ok(issued)
    }
}

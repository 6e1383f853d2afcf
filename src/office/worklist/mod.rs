//! The worklist 工作清单: what waits for the caller, the most urgent first, from every source of tasks.
//!
//! Tasks of cases are read off an index in the order of the list (day, then key), a page at a time; what is about no case
//! (`elsewhere.rs`) off indexes of its own, as far as it is counted. What a list costs grows with neither the congress's
//! cases nor the past.

mod elsewhere;
pub(super) mod kept;

use super::{Caller, Fault, Office, perform::actor};
use crate::{
    domain::{
        actor::Actor,
        case::{
            Case, Context,
            procedure::{Target, guard},
        },
        day::Day,
        gate::{self, Operation, WITHHELD},
        ids::{CaseId, CongressId},
        policy::Policy,
        say::Language,
        worklist::{
            Addressee, DIGEST_ITEMS, Digest, DigestLine, Key, Standing, TaskCounts, TaskKind, When,
            audiences, digest, standing,
        },
    },
    store::{Db, cases, tasks},
};
use std::collections::{BTreeMap, BTreeSet};

pub use crate::store::tasks::Cursor;

/// How many tasks are counted; beyond it the counts say that there are more.
pub const COUNTED: usize = 1_000;

/// What a worklist is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub kind: Option<TaskKind>,
    pub after: Option<Cursor>,
    pub limit: usize,
    /// In which kinds are named.
    pub language: Language,
}

/// What waits for somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Worklist {
    pub today: Day,
    /// Of everything, whatever kind was asked for.
    pub counts: TaskCounts,
    pub tasks: Vec<Item>,
}

/// A task as its addressee reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub kind: TaskKind,
    pub subject: Subject,
    pub when: When,
    pub standing: Standing,
    pub cursor: Cursor,
}

/// A task of any source, not yet looked into.
struct Waiting {
    cursor: Cursor,
    when: When,
    about: About,
}

/// What a task is about.
enum About {
    Case(Key),
    Matter(TaskKind, Matter),
}

/// Something that is no case.
#[derive(Clone, Debug, PartialEq)]
pub struct Matter {
    pub title: String,
    pub href: String,
}

/// What an item of the list is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    Case {
        key: Key,
        /// A draft has none.
        number: Option<String>,
        title: String,
        confidential: bool,
        /// The step that does it, if it is open to the reader now; else it waits for somebody else's.
        step: Option<Target>,
    },
    Matter(Matter),
}

/// Whose tasks are read, and which.
struct Reader<'a> {
    congress: &'a CongressId,
    audiences: &'a [Addressee],
    until: When,
}

fn of_cases(db: &mut Db, reader: &Reader<'_>, asked: &Asked, limit: i64) -> Result<Vec<Waiting>, Fault> {
    let mut found = Vec::new();
    for to in reader.audiences {
        let (kind, after) = (asked.kind, asked.after.as_ref());
        for row in tasks::page(db, reader.congress, *to, kind, reader.until, after, limit)? {
            let (when, about) = (row.when()?, About::Case(row.key()?));
            found.push(Waiting { cursor: Cursor { place: row.place, key: row.key }, when, about });
        }
    }
    Ok(found)
}

fn counted_of_cases(db: &mut Db, reader: &Reader<'_>, limit: i64) -> Result<Vec<(TaskKind, When)>, Fault> {
    let mut found = Vec::new();
    for to in reader.audiences {
        found.extend(tasks::counted(db, reader.congress, *to, reader.until, limit)?);
    }
    Ok(found)
}

impl Office {
    /// What waits for the caller.
    pub async fn worklist(&self, caller: &Caller, asked: Asked) -> Result<Worklist, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .read_aside(move |db| {
                let actor = actor(db, &caller)?;
                office.worklist_of(db, &actor, &asked)
            })
            .await
    }

    /// What waits for somebody, by the rights that he has now.
    pub fn worklist_of(&self, db: &mut Db, actor: &Actor, asked: &Asked) -> Result<Worklist, Fault> {
        gate::admit(actor, Operation::ReadWorklist)?;
        let today = self.today();
        let (Some(congress), audiences) = (&actor.congress, audiences(actor)) else {
            let counts = TaskCounts::of([], true, today, asked.language);
            return Ok(Worklist { today, counts, tasks: Vec::new() });
        };
        let reader = Reader { congress, audiences: &audiences, until: When::Since(today) };
        let (mut counted, mut found) = (Vec::new(), Vec::new());
        // One more than is counted, or than is on the page, tells whether there are more.
        counted.extend(counted_of_cases(db, &reader, COUNTED as i64 + 1)?);
        found.extend(of_cases(db, &reader, asked, asked.limit as i64)?);
        for it in elsewhere::waiting(db, actor, congress)? {
            let About::Matter(kind, _) = it.about else { continue };
            counted.push((kind, it.when));
            let later = asked
                .after
                .as_ref()
                .is_none_or(|after| (&it.cursor.place, &it.cursor.key) > (&after.place, &after.key));
            if later && asked.kind.is_none_or(|asked| asked == kind) {
                found.push(it);
            }
        }
        counted.sort_by_key(|(kind, when)| (*when, *kind));
        let complete = counted.len() <= COUNTED;
        counted.truncate(COUNTED);
        let counts = TaskCounts::of(counted, complete, today, asked.language);
        found.sort_by(|a, b| (&a.cursor.place, &a.cursor.key).cmp(&(&b.cursor.place, &b.cursor.key)));
        found.truncate(asked.limit);
        let tasks = self.looked_into(db, actor, congress, found)?;
        Ok(Worklist { today, counts, tasks })
    }

    /// Fills in what each task is about, by the gate: what its reader may not open is left out.
    fn looked_into(
        &self,
        db: &mut Db,
        actor: &Actor,
        congress: &CongressId,
        found: Vec<Waiting>,
    ) -> Result<Vec<Item>, Fault> {
        let of_case = |it: &Waiting| match &it.about {
            About::Case(key) => Some(key.case),
            About::Matter(..) => None,
        };
        let cases = self.opened(db, actor, congress, found.iter().filter_map(of_case).collect())?;
        let drafts = self.congress_policy(db, congress)?;
        let mut items = Vec::new();
        for Waiting { cursor, when, about } in found {
            let (kind, subject) = match about {
                About::Matter(kind, matter) => (kind, Subject::Matter(matter)),
                About::Case(key) => {
                    let Some(case) = cases.get(&key.case) else { continue };
                    let policy = case.policy.as_ref().map_or(Ok(drafts), |own| self.books.policy(own))?;
                    let subject = Subject::Case {
                        key,
                        number: case.number.as_ref().map(|it| it.text.to_string()),
                        title: case.title.to_string(),
                        confidential: case.confidential.is_some(),
                        step: self.step(actor, case, key, policy),
                    };
                    (key.kind, subject)
                }
            };
            let standing = standing(kind, when, self.today(), &self.books.calendar);
            items.push(Item { kind, subject, when, standing, cursor });
        }
        Ok(items)
    }

    /// Those of the cases that the gate opens for the actor.
    pub(super) fn opened(
        &self,
        db: &mut Db,
        actor: &Actor,
        congress: &CongressId,
        ids: BTreeSet<CaseId>,
    ) -> Result<BTreeMap<CaseId, Case>, Fault> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let ids: Vec<CaseId> = ids.into_iter().collect();
        let loaded = cases::load_all(db, congress, &ids)?.into_iter();
        let open = loaded.filter(|case| gate::open(actor, case, Operation::GetCase).is_ok());
        Ok(open.map(|case| (case.id, case)).collect())
    }

    /// The first of a kind's steps that the actor may take on the case now.
    fn step(&self, actor: &Actor, case: &Case, key: Key, policy: &Policy) -> Option<Target> {
        let on = self.today().max(case.latest_on);
        let context = Context { actor, on, policy, calendar: &self.books.calendar };
        let steps = key.kind.steps(policy);
        steps
            .into_iter()
            .map(|action| key.target(action))
            .find(|target| gate::may(actor, case, *target).is_ok() && guard(case, *target, context).is_ok())
    }

    /// The daily digest of what waits for somebody; `None` where nothing is due. No confidential title goes by mail.
    pub fn digest_of(&self, db: &mut Db, actor: &Actor, language: Language) -> Result<Option<Digest>, Fault> {
        let asked = Asked { kind: None, after: None, limit: DIGEST_ITEMS, language };
        let list = self.worklist_of(db, actor, &asked)?;
        let lines: Vec<DigestLine> = list.tasks.into_iter().map(line).collect();
        Ok(digest(&list.counts, &lines, list.today, language))
    }
}

fn line(item: Item) -> DigestLine {
    let (number, title) = match item.subject {
        Subject::Case { confidential: true, number, .. } => (number, WITHHELD.to_owned()),
        Subject::Case { number, title, .. } => (number, title),
        Subject::Matter(matter) => (None, matter.title),
    };
    DigestLine {
        kind: item.kind,
        group: item.standing.group,
        number,
        title,
        due: item.when.due(),
        days_left: item.standing.days_left,
    }
}

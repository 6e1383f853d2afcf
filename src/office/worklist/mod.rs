//! The worklist 工作清单: what waits for the caller, the most urgent first, from every source of tasks.
//!
//! Each source is read off an index in the order of the list (day, then key), a page at a time, so that the pages of
//! several can be merged; what it costs grows with neither the congress's cases nor the past. A further source is one
//! more line of `SOURCES` and of [`About`].

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
    pub key: Key,
    /// The case's number; a draft has none.
    pub number: Option<String>,
    pub title: String,
    pub confidential: bool,
    pub when: When,
    pub standing: Standing,
    /// The step that does it, if it is open to the reader now; else it waits for somebody else's.
    pub step: Option<Target>,
    pub cursor: Cursor,
}

/// A task of any source, not yet looked into.
struct Waiting {
    cursor: Cursor,
    when: When,
    about: About,
}

/// What a task is about: a source knows what it hands out.
enum About {
    Case(Key),
}

/// Whose tasks are read, and which.
struct Reader<'a> {
    congress: &'a CongressId,
    audiences: &'a [Addressee],
    until: When,
}

/// Where tasks come from: a page in the order of the list, and the first of them as they are counted.
struct Source {
    page: Paged,
    counted: Counted,
}

type Paged = fn(&mut Db, &Reader<'_>, &Asked, i64) -> Result<Vec<Waiting>, Fault>;
type Counted = fn(&mut Db, &Reader<'_>, i64) -> Result<Vec<(TaskKind, When)>, Fault>;

const SOURCES: &[Source] = &[Source { page: of_cases, counted: counted_of_cases }];

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
        for source in SOURCES {
            // One more than is counted, or than is on the page, tells whether there are more.
            counted.extend((source.counted)(db, &reader, COUNTED as i64 + 1)?);
            found.extend((source.page)(db, &reader, asked, asked.limit as i64)?);
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
            About::Case(key) => key.case,
        };
        let cases = self.opened(db, actor, congress, found.iter().map(of_case).collect())?;
        let drafts = self.congress_policy(db, congress)?;
        let item = |it: Waiting| {
            let About::Case(key) = it.about;
            let case = cases.get(&key.case)?;
            let policy = case.policy.as_ref().map_or(Ok(drafts), |own| self.books.policy(own));
            Some(policy.map(|policy| Item {
                key,
                number: case.number.as_ref().map(|it| it.text.to_string()),
                title: case.title.to_string(),
                confidential: case.confidential.is_some(),
                when: it.when,
                standing: standing(key.kind, it.when, self.today(), &self.books.calendar),
                step: self.step(actor, case, key, policy),
                cursor: it.cursor,
            }))
        };
        Ok(found.into_iter().filter_map(item).collect::<Result<_, _>>()?)
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
    DigestLine {
        kind: item.key.kind,
        group: item.standing.group,
        number: item.number,
        title: if item.confidential { WITHHELD.to_owned() } else { item.title },
        due: item.when.due(),
        days_left: item.standing.days_left,
    }
}

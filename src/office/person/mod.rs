//! One person in all that is kept: what is stored about him, and its erasure (个人信息保护法 45, 47). The command line
//! asks, never a request: it walks both books from end to end.

mod erase;

pub use erase::{Erasure, Plan};

use super::{Fault, Office};
use crate::{
    domain::{case::OVER, ids::CaseId},
    store::{
        Db, StoreError,
        acts::{self, Act},
        directory::Deputy,
        ledger, mails,
        people::{self, Membership, User},
        person::{self, Place},
        personal_texts::{self, PersonalText},
        sign_ins::SignIn,
    },
};
use serde::Serialize;
use serde_json::{Value, json};

/// Whom the question is about.
#[derive(Clone, Debug)]
pub enum Whom {
    /// An account, by the name it signs in with.
    User(String),
    /// A deputy, by id, with or without an account.
    Deputy(String),
}

/// A person: the accounts and the deputies that he is or was.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Person {
    pub users: Vec<User>,
    pub deputies: Vec<Deputy>,
}

impl Person {
    /// An account leads to the deputies that it acts as, and a deputy to the accounts that act as him.
    fn find(db: &mut Db, whom: &Whom) -> Result<Person, Fault> {
        person::patiently(db)?;
        let mut it = Person { users: Vec::new(), deputies: Vec::new() };
        match whom {
            Whom::User(username) => {
                it.users.push(people::by_username(db, username)?.ok_or(Fault::NotFound)?);
            }
            Whom::Deputy(id) => {
                it.deputies.push(person::deputy(db, id)?.ok_or(Fault::NotFound)?);
                it.users = person::users_of_deputy(db, id)?;
            }
        }
        for user in &it.users {
            for id in person::memberships_of(db, &user.id)?.into_iter().filter_map(|m| m.deputy_id) {
                if let Some(deputy) = person::deputy(db, &id)?.filter(|d| !it.deputies.contains(d)) {
                    it.deputies.push(deputy);
                }
            }
        }
        Ok(it)
    }

    /// What he is called, as far as it is kept: never an empty word.
    fn names(&self) -> Vec<String> {
        let users = self.users.iter().map(|user| user.display_name.clone());
        let mut names: Vec<String> = users.chain(self.deputies.iter().map(|d| d.name.clone())).collect();
        names.retain(|name| !name.trim().is_empty() && name != personal_texts::ERASED);
        names.sort();
        names.dedup();
        names
    }

    /// Every text that the books say of him by who he is.
    fn texts(&self, db: &mut Db) -> Result<Vec<PersonalText>, Fault> {
        let mut texts = Vec::new();
        for user in &self.users {
            texts.extend(personal_texts::of(db, "user", &user.id)?);
        }
        for deputy in &self.deputies {
            texts.extend(personal_texts::of(db, "deputy", &deputy.id)?);
        }
        Ok(texts)
    }

    /// What he still has to do here, in words: an account that may act, a case that he leads and that is not over.
    fn duties(&self, db: &mut Db) -> Result<Vec<String>, Fault> {
        let mut duties = Vec::new();
        for user in self.users.iter().filter(|user| !user.disabled) {
            let active = person::memberships_of(db, &user.id)?.into_iter().filter(|m| m.ended_at.is_none());
            duties.extend(active.map(|m| {
                let congress = m.congress_id.unwrap_or_default();
                format!("membership {} {} {congress}", m.id, m.role)
            }));
        }
        for deputy in &self.deputies {
            let over = |stage: &str| OVER.iter().any(|it| it.id() == stage);
            let led = person::cases_of_deputy(db, deputy)?.into_iter();
            let open = led.filter(|it| it.lead == deputy.id && !over(&it.stage));
            duties.extend(open.map(|it| format!("case {} {} ({})", it.case, it.title, it.stage)));
        }
        Ok(duties)
    }
}

/// Everything that is stored about a person. Passwords are told of, not told.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    pub accounts: Vec<Value>,
    pub memberships: Vec<Value>,
    pub sign_ins: Vec<Value>,
    /// By what else he signs in: single sign-on, known devices, a second factor.
    pub means: Vec<Value>,
    pub deputies: Vec<Value>,
    /// In which he signs or was invited.
    pub cases: Vec<Value>,
    /// That his accounts wrote.
    pub events: Vec<Place>,
    /// Files that his accounts attached.
    pub files: Vec<Value>,
    /// In the second book, by him and about him.
    pub acts: Vec<Value>,
    /// What the books' commitments stand for.
    pub texts: Vec<PersonalText>,
    /// Texts in forms that have his name, and may mean him or a namesake.
    pub texts_that_may_mean_him: Vec<PersonalText>,
}

impl Office {
    /// What is stored about a person.
    ///
    /// # Errors
    /// `NotFound` for who is not known.
    pub fn held(&self, whom: &Whom) -> Result<Held, Fault> {
        self.store.read_here(|db| held(db, whom))
    }
}

fn held(db: &mut Db, whom: &Whom) -> Result<Held, Fault> {
    let person = Person::find(db, whom)?;
    let (mut memberships, mut sign_ins, mut events) = (Vec::new(), Vec::new(), Vec::new());
    let mut means = Vec::new();
    for user in &person.users {
        memberships.extend(person::memberships_of(db, &user.id)?.iter().map(membership));
        sign_ins.extend(person::sign_ins_of(db, &user.id)?.iter().map(sign_in));
        events.extend(person::events_by(db, &user.id)?);
        let known = person::identities_of(db, &user.id)?.into_iter();
        means.extend(known.map(|(issuer, subject)| json!({"issuer": issuer, "subject": subject})));
        let (devices, second_factor) = person::means_of(db, &user.id)?;
        if let Some(it) = user.id.parse().ok().map(|id| mails::address(db, id)).transpose()?.flatten() {
            means.push(json!({"user": user.id, "mail": it.address, "confirmed_at": it.confirmed_at,
                              "at_once": it.at_once, "daily": it.daily}));
        }
        for it in mails::of_user(db, &user.id)? {
            let about: Value = serde_json::from_str(&it.about).unwrap_or_default();
            means.push(
                json!({"user": user.id, "letter": about, "state": it.state, "created_at": it.created_at}),
            );
        }
        means.push(json!({"user": user.id, "known_devices": devices, "second_factor": second_factor}));
    }
    let mut cases = Vec::new();
    for deputy in &person.deputies {
        for it in person::cases_of_deputy(db, deputy)? {
            let role = if it.lead == deputy.id { "lead" } else { "co-signer or invited" };
            cases.push(json!({"congress": it.congress, "case": it.case, "title": it.title, "stage": it.stage, "role": role}));
        }
    }
    Ok(Held {
        accounts: person.users.iter().map(account).collect(),
        memberships,
        sign_ins,
        means,
        deputies: person
            .deputies
            .iter()
            .map(|it| json!({"congress": it.congress_id, "id": it.id, "name": it.name, "delegation": it.delegation}))
            .collect(),
        cases,
        files: files(db, &events)?,
        events,
        acts: acts_of(db, &person)?,
        texts: person.texts(db)?,
        texts_that_may_mean_him: may_mean(db, &person)?,
    })
}

fn account(it: &User) -> Value {
    let User { id, username, display_name, password, disabled, created_at } = it;
    json!({"id": id, "username": username, "display_name": display_name, "password": password.is_some(),
           "disabled": disabled, "created_at": created_at})
}

fn membership(it: &Membership) -> Value {
    let Membership {
        id,
        user_id,
        congress_id,
        role,
        department_id,
        deputy_id,
        delegation,
        scopes,
        created_at,
        ended_at,
    } = it;
    json!({"id": id, "user": user_id, "congress": congress_id, "role": role, "department": department_id,
           "deputy": deputy_id, "delegation": delegation, "scopes": scopes, "created_at": created_at,
           "ended_at": ended_at})
}

fn sign_in(it: &SignIn) -> Value {
    let SignIn {
        id,
        membership_id,
        user_id,
        created_at,
        used_at,
        expires_at,
        ended_at,
        second_factor,
        proved_at,
        address,
        client,
    } = it;
    json!({"id": id, "membership": membership_id, "user": user_id, "created_at": created_at, "used_at": used_at,
           "expires_at": expires_at, "ended_at": ended_at, "second_factor": second_factor, "proved_at": proved_at,
           "address": address, "client": client})
}

/// The files that events attached.
fn files(db: &mut Db, events: &[Place]) -> Result<Vec<Value>, Fault> {
    let mut files = Vec::new();
    for it in events.iter().filter(|it| it.kind == "attached") {
        let corrupt = |reason: String| StoreError::corrupt("events", &it.case, reason);
        let congress = it.congress.parse().map_err(|e: &str| corrupt(e.to_owned()))?;
        let case: CaseId = it.case.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?;
        for event in ledger::history(db, &congress, case, it.version - 1, 1)? {
            files.push(json!({"congress": it.congress, "case": it.case, "event": event.event}));
        }
    }
    Ok(files)
}

/// What the second book says by and about somebody.
fn acts_of(db: &mut Db, person: &Person) -> Result<Vec<Value>, Fault> {
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let (page, _) = acts::page(db, &after, 500)?;
        match page.last() {
            Some(last) => after = last.id.clone(),
            None => return Ok(found),
        }
        let concerns = |act: &Act| {
            person.users.iter().any(|user| {
                act.user_id.as_deref() == Some(&user.id)
                    || act.author.as_deref().is_some_and(|author| author.contains(&user.id))
            })
        };
        found.extend(page.iter().filter(|act| concerns(act)).map(act));
    }
}

fn act(it: &Act) -> Value {
    let Act { id, congress_id, recorded_at, kind, author, user_id, case_id, request_id, address, body } = it;
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    json!({"id": id, "congress": congress_id, "recorded_at": recorded_at, "kind": kind,
           "author": author.as_deref().map(read), "user": user_id, "case": case_id, "request": request_id,
           "address": address, "body": read(body)})
}

/// Texts of forms with his name in them: he may be meant, or a namesake; only people can tell.
fn may_mean(db: &mut Db, person: &Person) -> Result<Vec<PersonalText>, Fault> {
    let names = person.names();
    let mut texts = personal_texts::named(db)?;
    texts.retain(|it| names.iter().any(|name| it.text.contains(name.as_str())));
    Ok(texts)
}

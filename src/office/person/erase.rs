//! Erasure: what identifies a person goes, what he did in office stays, and an act tells that it was done.

use super::{Fault, Office, Person, Whom, may_mean};
use crate::{
    domain::{
        actor::{Actor, Role},
        case::Case,
        ids::{CaseId, CongressId},
    },
    evidence::commitment::ERASURE,
    office::record::Derived,
    store::{
        Db, StoreError,
        acts::{self, Act},
        case_facts, cases, directory, ledger, people, person,
        personal_texts::{self, PersonalText},
    },
};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Who is to be erased, and why.
#[derive(Clone, Debug)]
pub struct Erasure {
    pub whom: Whom,
    /// Goes into the act; names nobody.
    pub reason: String,
    /// Texts of forms that mean this person, by their digests.
    pub also: Vec<String>,
    /// The account that orders it; the operator at the command line if left out.
    pub by: Option<String>,
    /// Why it is done although he still has duties here.
    pub force_reason: Option<String>,
}

/// What an erasure takes and leaves.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Plan {
    /// Accounts that become nobody's: ids.
    pub accounts: Vec<String>,
    pub deputies: Vec<String>,
    /// Texts that go.
    pub texts: Vec<PersonalText>,
    /// Texts with his name in forms; they stay unless they are asked for.
    pub texts_that_may_mean_him: Vec<PersonalText>,
    /// Cases whose rows are derived anew.
    pub cases: BTreeSet<(String, String)>,
    /// Events whose stored bytes have his name: in free text, which is the public record, or written before names were
    /// committed to. They stay.
    pub events_that_keep_the_name: usize,
    /// What he still has to do here.
    pub duties: Vec<String>,
}

impl Office {
    /// What an erasure would take and leave; writes nothing.
    ///
    /// # Errors
    /// `NotFound` for who is not known; `Invalid` for a digest that names no text of a form.
    pub fn erasure_plan(&self, erasure: &Erasure) -> Result<Plan, Fault> {
        self.store.read_here(|db| Ok::<_, Fault>(plan(db, erasure)?.1))
    }

    /// Erases, in one transaction; then takes what was overwritten out of the database's file.
    ///
    /// # Errors
    /// As `erasure_plan`; `Invalid` too for a reason that names him, and while he has duties and no reason is given
    /// why it is done all the same.
    pub fn erase(&self, erasure: Erasure) -> Result<Plan, Fault> {
        let office = self.clone();
        let done = self.store.write_here(move |db| office.erase_in(db, &erasure))?;
        self.store.scrub()?;
        Ok(done)
    }

    fn erase_in(&self, db: &mut Db, erasure: &Erasure) -> Result<Plan, Fault> {
        let (person, plan) = plan(db, erasure)?;
        let names = person.names();
        let usernames = person.users.iter().map(|user| &user.username);
        let said = [Some(&erasure.reason), erasure.force_reason.as_ref()];
        for reason in said.into_iter().flatten() {
            if names.iter().chain(usernames.clone()).any(|name| reason.contains(name.as_str())) {
                return Err(Fault::invalid(
                    "--reason",
                    "理由将永久保存，不得写明本人姓名或账号",
                    "the reason is kept for ever and must not name the person or the account",
                ));
            }
        }
        if !plan.duties.is_empty() && erasure.force_reason.is_none() {
            let duties = plan.duties.join("; ");
            return Err(Fault::invalid(
                "--force-reason",
                format!("仍有未了的职责：{duties}；请先结束其身份或办结，或说明为何仍要删除"),
                format!(
                    "there are duties left: {duties}; end them first, or say why it is done all the same"
                ),
            ));
        }
        for text in &plan.texts {
            personal_texts::erase(db, text)?;
        }
        let now = self.now().naive_utc();
        for user in &person.users {
            person::anonymise_user(db, &user.id, now)?;
        }
        for deputy in &person.deputies {
            person::anonymise_deputy(db, deputy)?;
        }
        for text in names.iter().chain(plan.texts.iter().map(|it| &it.text)) {
            person::forget_answers_with(db, text)?;
        }
        for (congress, case) in &plan.cases {
            self.derive_anew(db, congress, case)?;
        }
        self.tell(db, erasure, &person, &plan)?;
        Ok(plan)
    }

    /// The row of a case as its events are read now.
    fn derive_anew(&self, db: &mut Db, congress: &str, case: &str) -> Result<(), Fault> {
        let corrupt = |reason: String| StoreError::corrupt("events", case, reason);
        let congress: CongressId = congress.parse().map_err(|e: &str| corrupt(e.to_owned()))?;
        let id: CaseId = case.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?;
        let history = ledger::history(db, &congress, id, 0, i64::MAX)?;
        let folded = Case::fold(&history)
            .ok_or_else(|| corrupt("the history does not begin with a draft".to_owned()))?;
        let policy = directory::congress(db, &congress)?.ok_or(Fault::NotFound)?.policy_id;
        let held = case_facts::latest(db, &folded.congress, folded.id)?;
        let policy = self.books().policy_of(&folded, &policy)?;
        let derived =
            Derived::of(&folded, held.as_ref().map(|it| &it.facts), policy, &self.books().calendar)?;
        Ok(cases::replace(db, &derived.row, derived.row.version)?)
    }

    /// One line in the book of each congress that knew him.
    fn tell(&self, db: &mut Db, erasure: &Erasure, person: &Person, plan: &Plan) -> Result<(), Fault> {
        let author = match &erasure.by {
            Some(username) => {
                let user = people::by_username(db, username)?.ok_or(Fault::NotFound)?;
                let role = person::memberships_of(db, &user.id)?.into_iter().find(|m| m.ended_at.is_none());
                let role = role.map_or_else(|| "operator".to_owned(), |it| it.role);
                serde_json::json!({"user": user.id, "name": user.display_name, "role": role}).to_string()
            }
            None => {
                let nowhere = "00".parse().map_err(|e: &str| StoreError::corrupt("congresses", "00", e))?;
                let office = Actor::office("命令行 command line", &nowhere, Role::Operator).author();
                serde_json::to_string(&office).map_err(|e| StoreError::corrupt("acts", "new", e))?
            }
        };
        let mut congresses: BTreeSet<String> = plan.texts.iter().map(|it| it.congress_id.clone()).collect();
        congresses.extend(person.deputies.iter().map(|it| it.congress_id.clone()));
        for user in &person.users {
            let known = person::memberships_of(db, &user.id)?;
            congresses.extend(known.into_iter().map(|it| it.congress_id.unwrap_or_default()));
        }
        for congress in congresses {
            let texts = plan.texts.iter().filter(|it| it.congress_id == congress);
            let body = serde_json::json!({
                "persons": person.users.iter().map(|it| digest("user", &it.id))
                    .chain(person.deputies.iter().map(|it| digest("deputy", &it.id))).collect::<Vec<_>>(),
                "reason": erasure.reason,
                "force_reason": erasure.force_reason,
                "texts": texts.map(|it| &it.digest).collect::<Vec<_>>(),
            });
            let act = Act {
                id: self.fresh_id().to_string(),
                congress_id: Some(congress).filter(|it| !it.is_empty()),
                recorded_at: self.now().naive_utc(),
                kind: ERASURE.to_owned(),
                author: Some(author.clone()),
                user_id: None,
                case_id: None,
                request_id: "command line".to_owned(),
                address: None,
                body: body.to_string(),
            };
            acts::append(db, &act)?;
        }
        Ok(())
    }
}

/// Who was erased, for whoever knows the id already.
fn digest(kind: &str, id: &str) -> String {
    let hash = Sha256::digest(format!("{kind}:{id}"));
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn plan(db: &mut Db, erasure: &Erasure) -> Result<(Person, Plan), Fault> {
    let person = Person::find(db, &erasure.whom)?;
    let mut texts = person.texts(db)?;
    let mut named = personal_texts::named(db)?;
    for digest in &erasure.also {
        let at = named.iter().position(|it| it.digest == *digest).ok_or_else(|| {
            Fault::invalid(
                "--also",
                format!("没有这一条表单文字：{digest}"),
                format!("no text of a form has the digest {digest}"),
            )
        })?;
        texts.push(named.swap_remove(at));
    }
    let mut cases = BTreeSet::new();
    for text in &texts {
        let places = person::events_with(db, &text.digest)?;
        cases.extend(places.into_iter().map(|it| (it.congress, it.case)));
    }
    let mut keeping = BTreeSet::new();
    for name in person.names() {
        keeping.extend(person::events_with(db, &name)?);
    }
    let mut may_mean_him = may_mean(db, &person)?;
    may_mean_him.retain(|it| !erasure.also.contains(&it.digest));
    let plan = Plan {
        accounts: person.users.iter().map(|it| it.id.clone()).collect(),
        deputies: person.deputies.iter().map(|it| it.id.clone()).collect(),
        texts,
        texts_that_may_mean_him: may_mean_him,
        cases,
        events_that_keep_the_name: keeping.len(),
        duties: person.duties(db)?,
    };
    Ok((person, plan))
}

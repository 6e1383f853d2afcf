//! What the ledger's two books say of persons: the stored bytes hold a commitment, salted SHA-256, and the text stands
//! here beside its salt, where an erasure can take it away without touching the bytes.

use super::{Db, StoreError, schema::personal_texts};
pub use crate::evidence::commitment::committed;
use crate::evidence::commitment::{PREFIX, digest};
use diesel::prelude::*;
use rand::{TryRngCore as _, rngs::OsRng};
use std::collections::{BTreeSet, HashMap};

/// What is read where a text was erased.
pub const ERASED: &str = "（已删除）";

/// A text, and whose it is.
#[derive(Clone, Debug, PartialEq, Insertable, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = personal_texts)]
pub struct PersonalText {
    pub congress_id: String,
    pub digest: String,
    /// 128 random bits, hexadecimal.
    pub salt: String,
    pub text: String,
    pub subject_kind: String,
    pub subject_id: String,
}

/// Whose a text is, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    /// `user`, `deputy`, `case`, `act` or `opinion`.
    pub kind: &'static str,
    pub id: String,
}

impl PersonalText {
    /// Whether salt and text give the digest.
    pub fn is_true(&self) -> bool {
        digest(&self.salt, &self.text) == self.digest
    }
}

/// Of each text of each owner, the digest, or what is to be stored instead.
pub type Commitments = HashMap<(Owner, String), String>;

/// Commits to texts. One text of one owner has one row, however often it is said.
pub fn commit(
    db: &mut Db,
    congress: &str,
    texts: impl IntoIterator<Item = (Owner, String)>,
) -> Result<Commitments, StoreError> {
    let said: BTreeSet<(Owner, String)> = texts.into_iter().collect();
    let mut known = known(db, congress, &said)?;
    for (owner, text) in said {
        if !known.contains_key(&(owner.clone(), text.clone())) {
            let digest = add(db, congress, &owner, &text)?;
            known.insert((owner, text), digest);
        }
    }
    Ok(known.into_iter().map(|(said, digest)| (said, format!("{PREFIX}{digest}"))).collect())
}

/// The digests of those texts that were said before: one query, however many signers an event names.
fn known(db: &mut Db, congress: &str, said: &BTreeSet<(Owner, String)>) -> Result<Commitments, StoreError> {
    // An act names one person, as a rule: a statement that stays prepared.
    if let Some((owner, text)) = said.first().filter(|_| said.len() == 1) {
        let digest: Option<String> = personal_texts::table
            .filter(personal_texts::subject_id.eq(&owner.id))
            .filter(personal_texts::congress_id.eq(congress))
            .filter(personal_texts::subject_kind.eq(owner.kind))
            .filter(personal_texts::text.eq(text))
            .select(personal_texts::digest)
            .first(db)
            .optional()?;
        return Ok(digest.map(|digest| ((owner.clone(), text.clone()), digest)).into_iter().collect());
    }
    let rows: Vec<PersonalText> = personal_texts::table
        .filter(personal_texts::subject_id.eq_any(said.iter().map(|(owner, _)| owner.id.as_str())))
        .filter(personal_texts::congress_id.eq(congress))
        .filter(personal_texts::text.eq_any(said.iter().map(|(_, text)| text.as_str())))
        .select(PersonalText::as_select())
        .load(db)?;
    let known = said.iter().filter_map(|(owner, text)| {
        let is_it = |row: &&PersonalText| {
            row.subject_id == owner.id && row.subject_kind == owner.kind && row.text == *text
        };
        let row = rows.iter().find(is_it)?;
        Some(((owner.clone(), text.clone()), row.digest.clone()))
    });
    Ok(known.collect())
}

fn add(db: &mut Db, congress: &str, owner: &Owner, text: &str) -> Result<String, StoreError> {
    let mut salt = [0; 16];
    OsRng.try_fill_bytes(&mut salt).map_err(|e| StoreError::Unavailable(format!("no random bytes: {e}")))?;
    let salt: String = salt.iter().map(|byte| format!("{byte:02x}")).collect();
    let row = PersonalText {
        congress_id: congress.to_owned(),
        digest: digest(&salt, text),
        salt,
        text: text.to_owned(),
        subject_kind: owner.kind.to_owned(),
        subject_id: owner.id.clone(),
    };
    diesel::insert_into(personal_texts::table).values(&row).execute(db)?;
    Ok(row.digest)
}

/// The texts of commitments that are not erased, by digest: one query for a page of a history.
pub fn texts(
    db: &mut Db,
    congress: &str,
    digests: &BTreeSet<String>,
) -> Result<HashMap<String, PersonalText>, StoreError> {
    /// Far below what either database takes in one statement.
    const TOGETHER: usize = 1000;
    let mut found = HashMap::new();
    let digests: Vec<&String> = digests.iter().collect();
    for some in digests.chunks(TOGETHER) {
        let rows: Vec<PersonalText> = personal_texts::table
            .filter(personal_texts::congress_id.eq(congress))
            .filter(personal_texts::digest.eq_any(some.iter().map(|digest| digest.as_str())))
            .select(PersonalText::as_select())
            .load(db)?;
        found.extend(rows.into_iter().map(|row| (row.digest.clone(), row)));
    }
    Ok(found)
}

/// Everything that was said of an owner, in all congresses.
pub fn of(db: &mut Db, kind: &str, id: &str) -> Result<Vec<PersonalText>, StoreError> {
    Ok(personal_texts::table
        .filter(personal_texts::subject_id.eq(id))
        .filter(personal_texts::subject_kind.eq(kind))
        .order((personal_texts::congress_id.asc(), personal_texts::digest.asc()))
        .select(PersonalText::as_select())
        .load(db)?)
}

/// Texts that forms and acts name somebody by, who may be anybody. Walks all of them: for the command line alone.
pub fn named(db: &mut Db) -> Result<Vec<PersonalText>, StoreError> {
    Ok(personal_texts::table
        .filter(personal_texts::subject_kind.eq_any(["case", "act", "opinion"]))
        .order((personal_texts::congress_id.asc(), personal_texts::digest.asc()))
        .select(PersonalText::as_select())
        .load(db)?)
}

/// Takes a text away for good; the commitment stays, and nobody can tell any more what it was to.
pub fn erase(db: &mut Db, text: &PersonalText) -> Result<(), StoreError> {
    diesel::delete(personal_texts::table.find((&text.congress_id, &text.digest))).execute(db)?;
    Ok(())
}

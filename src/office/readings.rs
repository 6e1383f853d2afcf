//! Confidential cases: who is named to read one, and that somebody did, which goes into the ledger's second book.

use super::{Caller, Desk, Fault, Office, Shown};
use crate::{
    domain::{
        actor::Author,
        case::Reader,
        gate::{Operation, to_be_named},
        ids::{CaseId, CongressId, UserId},
    },
    store::{Touch, acts, acts::Act, people},
};

/// A confidential case was opened.
pub(super) struct Reading {
    congress: CongressId,
    case: CaseId,
    author: Author,
    operation: Operation,
}

impl Shown {
    /// What is to be noted of this opening; nothing, unless the case is confidential.
    pub(super) fn reading(&self, operation: Operation) -> Option<Reading> {
        let case = self.case();
        case.confidential.as_ref().map(|_| Reading {
            congress: case.congress.clone(),
            case: case.id,
            author: self.actor.author(),
            operation,
        })
    }
}

impl Office {
    pub(super) async fn note_reading(&self, caller: &Caller, reading: &Option<Reading>) -> Result<(), Fault> {
        let Some(Reading { congress, case, author, operation }) = reading else { return Ok(()) };
        let act = Act {
            id: self.fresh_id().to_string(),
            congress_id: Some(congress.to_string()),
            recorded_at: self.now().naive_utc(),
            kind: "case_read".to_owned(),
            author: serde_json::to_string(author).ok(),
            user_id: Some(author.user.to_string()),
            case_id: Some(case.to_string()),
            request_id: caller.request_id.clone(),
            address: None,
            body: serde_json::json!({ "operation": operation.ids()[0] }).to_string(),
        };
        self.store.write(Touch::Nothing, move |db| acts::append(db, &act).map_err(Fault::from)).await
    }
}

impl Desk<'_> {
    /// The people whom a command names as readers: each is of an office of this congress whose people have to be named.
    pub fn readers(&mut self, congress: &CongressId, ids: &[UserId]) -> Result<Vec<Reader>, Fault> {
        let mut readers: Vec<Reader> = Vec::with_capacity(ids.len());
        for (index, id) in ids.iter().enumerate() {
            let wrong = |zh: &str, en: &str| Fault::invalid(format!("/readers/{index}"), zh, en);
            if readers.iter().any(|known| known.user == *id) {
                return Err(wrong("已在名单中", "is named already"));
            }
            let person = people::by_id(self.db, *id)?.filter(|user| !user.disabled);
            let mut works_here = false;
            for membership in people::memberships_of(self.db, *id)? {
                let here = membership.congress_id.as_deref() == Some(congress.as_str());
                works_here |= here && membership.role()?.is_some_and(|role| to_be_named(&role));
            }
            match person.filter(|_| works_here) {
                Some(person) => readers.push(Reader { user: *id, name: person.display_name }),
                None => {
                    return Err(wrong(
                        "不是本级代表工委、政府办或承办单位的在用账户",
                        "is no account in use of the committee, the government office or a department here",
                    ));
                }
            }
        }
        Ok(readers)
    }
}

//! Letters by e-mail: queued in the transaction of what they tell, written and sent afterwards.
//!
//! A queued letter says only what it is about and for whom. Its words are written when it is sent, with the rights of
//! that moment; so a withdrawn right bites here too, and the queue holds no text of a case.

mod address;
mod letter;
mod sending;

pub use crate::store::mails::{Mail as Line, State};
pub use address::{OwnAddress, Wish};
pub use sending::Turn;

use super::{Fault, Office};
use crate::{
    domain::{
        actor::Role,
        case::{Case, Recorded},
        day::Day,
        ids::CaseId,
        telling,
        worklist::{Audience, Task},
    },
    store::{
        Db, StoreError,
        mails::{self, Mail},
        people::Membership,
    },
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a letter is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum About {
    /// An event of a case, by its version in the ledger and its kind.
    Event { case: CaseId, version: i64, event: String },
    /// What waits for somebody on a day.
    Daily { day: Day },
}

impl About {
    /// What makes it one letter, however often it is thought of.
    fn occasion(&self, membership: &str) -> String {
        match self {
            About::Event { case, version, .. } => format!("event:{case}:{version}:{membership}"),
            About::Daily { day } => format!("daily:{day}:{membership}"),
        }
    }
}

impl Office {
    /// Queues a letter to everybody whom one of these events concerns, in their own transaction. Old paper tells nobody.
    pub(super) fn queue_mail(
        &self,
        db: &mut Db,
        case: &Case,
        recorded: &[Recorded],
        tasks: &BTreeSet<Task>,
    ) -> Result<(), Fault> {
        if self.mailer.is_none() {
            return Ok(());
        }
        for it in recorded.iter().filter(|it| it.author.role != Role::Import.id()) {
            let audiences: BTreeSet<Audience> = telling::told(&it.event, case, tasks).into_iter().collect();
            for audience in audiences {
                for (user, membership) in mails::reached(db, &case.congress, &audience)? {
                    // Who did it knows.
                    if user.id != it.author.user.to_string() {
                        let event = it.event.kind().to_owned();
                        let about = About::Event { case: case.id, version: it.version, event };
                        self.queue_letter(db, &membership, &about)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn queue_letter(&self, db: &mut Db, to: &Membership, about: &About) -> Result<bool, Fault> {
        let corrupt = |e: serde_json::Error| StoreError::corrupt("mails", "new", e);
        let now = self.now().naive_utc();
        let mail = Mail {
            id: self.fresh_id().to_string(),
            occasion: about.occasion(&to.id),
            congress_id: to.congress_id.clone(),
            user_id: to.user_id.clone(),
            membership_id: Some(to.id.clone()),
            about: serde_json::to_string(about).map_err(corrupt)?,
            created_at: now,
            state: State::Waiting.id().to_owned(),
            next_try_at: now,
            attempts: 0,
            ended_at: None,
            trouble: None,
        };
        Ok(mails::queue(db, &mail)?)
    }
}

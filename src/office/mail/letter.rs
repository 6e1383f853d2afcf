//! What a letter says, written when it is sent: with the rights of that moment.

use super::About;
use crate::{
    domain::{
        actor::Actor,
        case::Case,
        day::Day,
        gate::{self, Denied, Operation},
        ids::CaseId,
        say::{Language, Say},
        telling,
    },
    mail::Letter,
    office::{Fault, Office},
    store::{
        Db, StoreError, cases, directory,
        mails::{self, Mail},
        people::{self, Who},
    },
};

impl Office {
    /// The letter as it is to be sent; none where nobody is to be told any more.
    pub(super) fn letter(&self, db: &mut Db, mail: &Mail) -> Result<Option<Letter>, Fault> {
        let corrupt = |reason: String| StoreError::corrupt("mails", &mail.id, reason);
        let about: About = serde_json::from_str(&mail.about).map_err(|e| corrupt(e.to_string()))?;
        let user = mail.user_id.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?;
        let Some(reached) = mails::address(db, user)?.filter(|it| it.confirmed_at.is_some()) else {
            return Ok(None);
        };
        let Some(membership) = &mail.membership_id else { return Ok(None) };
        let membership = membership.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?;
        let Some(actor) = people::actor(db, Who::Membership(membership))? else { return Ok(None) };
        let said = match &about {
            About::Event { case, version, event } if reached.at_once => {
                self.of_event(db, &actor, *case, *version, event)?
            }
            About::Daily { day } if reached.daily => self.of_day(db, &actor, *day)?,
            _ => None,
        };
        let Some((subject, text)) = said else { return Ok(None) };
        let id = mail.id.parse().map_err(|e: uuid::Error| corrupt(e.to_string()))?;
        Ok(Some(Letter { id, to: reached.address, subject, text: addressed(&actor, &text) }))
    }

    /// What waits for somebody, on the day for which it was queued; none where nothing presses.
    fn of_day(&self, db: &mut Db, actor: &Actor, day: Day) -> Result<Option<(String, String)>, Fault> {
        if self.today() != day {
            return Ok(None);
        }
        let digest = self.digest_of(db, actor, Language::Chinese)?;
        Ok(digest.map(|it| {
            let list = format!("{}/v1/me/worklist", self.security.public_url);
            (it.subject, format!("{}\n{list}\n", it.text))
        }))
    }

    /// That something happened to a case, without its text: that is read in the service, and with its rights.
    fn of_event(
        &self,
        db: &mut Db,
        actor: &Actor,
        case: CaseId,
        version: i64,
        event: &str,
    ) -> Result<Option<(String, String)>, Fault> {
        let (Some(congress), Some(what)) = (&actor.congress, telling::words(event)) else { return Ok(None) };
        let Some(case) = cases::load(db, congress, case)? else { return Ok(None) };
        let named = match gate::open(actor, &case, Operation::GetCase) {
            Ok(seen) => {
                let mark = seen.case().marks.iter().find(|it| it.version == version).map(|it| it.mark);
                if mark.is_some_and(|mark| !seen.sight().shows(mark)) {
                    return Ok(None);
                }
                named(&case)
            }
            // That there is one with them they know; what it says, a letter does not tell.
            Err(Denied::Unnamed) => named(&case),
            Err(_) => return Ok(None),
        };
        let house = directory::congress(db, congress)?.map(|it| it.name).unwrap_or_default();
        let subject = format!("{house}：{}{}", named.zh, what.zh);
        let text = format!(
            "{}{}。\n{} {}.\n\n{}/v1/cases/{}\n",
            named.zh, what.zh, named.en, what.en, self.security.public_url, case.id
        );
        Ok(Some((subject, text)))
    }
}

/// A letter goes through strangers' hands, so a confidential case has no name in it, for whomever it is.
fn named(case: &Case) -> Say {
    if case.confidential.is_some() {
        return Say::new("一件保密件", "A confidential case");
    }
    let title: &str = &case.title;
    match &case.number {
        Some(number) => {
            let number: &str = &number.text;
            Say::new(format!("{number}《{title}》"), format!("{number} \u{201c}{title}\u{201d}"))
        }
        None => Say::new(format!("《{title}》"), format!("\u{201c}{title}\u{201d}")),
    }
}

fn addressed(actor: &Actor, text: &str) -> String {
    format!(
        "{}：\n\n{text}\n--\n本邮件由系统发出，请勿回复。不再接收：登录后修改本人的邮件设置（PUT /v1/me/mail）。\n\
         Sent by the service; do not reply. To end these letters, change your mail settings.\n",
        actor.name
    )
}

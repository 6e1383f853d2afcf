//! Notices as whoever has to do with them reads them, over all cases and problem lists. Each line passes the gate.

use crate::{
    domain::{
        actor::{Actor, Role},
        case::{Leader, NoticeIssue},
        day::Day,
        gate::{self, Denied, Operation, WITHHELD},
        ids::{CaseId, CongressId, DepartmentId, ProblemListId},
        words::{Channel, NoticeStanding, Rung},
    },
    office::{Caller, Fault, Office, perform::admitted, problems, walk::filled},
    store::{
        Db, cases,
        notices::{self, Asked, Cursor, Row},
    },
};

/// What a notice is about.
#[derive(Clone, Debug, PartialEq)]
pub enum About {
    Case { id: CaseId, number: Option<String>, title: String },
    Item { list: ProblemListId, item: u32, text: String },
}

/// A notice as the caller may read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub about: About,
    /// Its number within the case or the item.
    pub number: u32,
    pub document: String,
    pub rung: Rung,
    pub standing: NoticeStanding,
    pub department: Option<(DepartmentId, String)>,
    pub issued_on: Day,
    pub due: Option<Day>,
    pub answer_by: Option<Day>,
    pub leader: Option<Leader>,
    pub cursor: Cursor,
}

impl Office {
    /// At most `limit` notices, latest first. A department reads its own, the government office those of its
    /// departments.
    pub async fn notices(
        &self,
        caller: &Caller,
        asked: Asked,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<Line>, Fault> {
        let caller = caller.clone();
        self.store
            .read_aside(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadNotices)?;
                let Some(asked) = scoped(&actor, asked) else { return Ok(Vec::new()) };
                filled(
                    db,
                    limit,
                    after,
                    |db, after, wanted| notices::page(db, &congress, &asked, after, wanted),
                    Row::cursor,
                    |db, row| line(db, &actor, &congress, row),
                )
            })
            .await
    }
}

/// What is asked for, cut down to what the caller may ask for; `None` if nothing is left of it.
fn scoped(actor: &Actor, asked: Asked) -> Option<Asked> {
    let Own { department, channel } = own_departments(actor, asked.department)?;
    Some(Asked { department, channel, ..asked })
}

/// Whose duties are read: of one department, or of those under one roof; of all where neither is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::office) struct Own {
    pub department: Option<DepartmentId>,
    pub channel: Option<Channel>,
}

/// What is left of a question about a department's duties, or of all departments': a department's own, the government
/// office's departments'. `None` if nothing is.
pub(in crate::office) fn own_departments(actor: &Actor, asked: Option<DepartmentId>) -> Option<Own> {
    match &actor.role {
        Role::Department { department, .. } => match asked {
            Some(other) if other != *department => None,
            _ => Some(Own { department: Some(*department), channel: None }),
        },
        Role::GovernmentOffice => Some(Own { department: asked, channel: Some(Channel::Government) }),
        _ => Some(Own { department: asked, channel: None }),
    }
}

fn line(db: &mut Db, actor: &Actor, congress: &CongressId, row: &Row) -> Result<Option<Line>, Fault> {
    if row.item != 0 {
        return problems::notice_line(db, actor, congress, row);
    }
    let Some(case) = cases::load(db, congress, row.subject()?)? else { return Ok(None) };
    let Some(notice) = case.notice(row.number.unsigned_abs()) else { return Ok(None) };
    let title = match gate::open(actor, &case, Operation::GetCase) {
        Ok(seen) if seen.sight().shows(notice.mark()) => case.title.to_string(),
        // Staff who are not named are told that there is one, as the figures tell that there is a case.
        Err(Denied::Unnamed) if actor.role.is_committee() => WITHHELD.to_owned(),
        _ => return Ok(None),
    };
    let number = case.number.as_ref().map(|it| it.text.to_string());
    let about = About::Case { id: case.id, number, title };
    let facts = (notice.number, notice.standing(&case), notice.issued_on);
    Ok(Some(told(about, &notice.issue, facts, row)?))
}

/// The line of a notice, wherever it stands.
pub(in crate::office) fn told(
    about: About,
    issue: &NoticeIssue,
    (number, standing, issued_on): (u32, NoticeStanding, Day),
    row: &Row,
) -> Result<Line, Fault> {
    Ok(Line {
        about,
        number,
        document: issue.document.text.to_string(),
        rung: issue.rung,
        standing,
        department: issue.to.department().map(|it| (it.id, it.name.clone())),
        issued_on,
        due: issue.due,
        answer_by: issue.answer_by,
        leader: issue.leader.clone(),
        cursor: row.cursor()?,
    })
}

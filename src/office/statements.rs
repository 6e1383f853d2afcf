//! Quarterly statements of a department's promises: computed when asked, issued by its approver and kept, confirmed line by
//! line by the deputies whose cases they are.

use super::{
    Caller, Fault, Office,
    acts::Act,
    perform::admitted,
    verify::{Finding, Report},
    walk::Cases,
};
use crate::{
    domain::{
        actor::{Actor, Role},
        case::{DeputyRef, Refusal},
        day::Day,
        gate::{self, Operation},
        ids::{CongressId, DepartmentId, DeputyId},
        quarter::Quarter,
        say::Say,
        statement::{StatementBody, StatementCounts, StatementLine},
        text::Note,
    },
    files::Digest,
    store::{
        Db, StoreError, Touch, directory, promises,
        statements::{self, Confirmation, Line, Statement},
    },
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A quarter's lines as they stand now; nothing is kept of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Drafted {
    pub department_name: String,
    pub as_of: Day,
    pub counts: StatementCounts,
    pub lines: Vec<StatementLine>,
    /// The last edition that was issued.
    pub issued: Option<(String, u32)>,
}

/// An issued statement as the caller may read it: all of it, or a deputy's own lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Issued {
    pub body: StatementBody,
    /// Of the whole statement as it was issued.
    pub sha256: String,
    pub answers: Vec<Answered>,
    /// Lines without a deputy's word so far, with whose they are; only for who sees evaluations, and a deputy's own.
    pub silent: Option<Vec<(u32, DeputyRef)>>,
    /// Whether a later edition took its place.
    pub replaced: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    pub line: u32,
    pub confirmed: bool,
    pub objection: Option<String>,
    pub at: DateTime<Utc>,
}

/// A statement in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub id: String,
    pub department: String,
    pub department_name: String,
    pub quarter: String,
    pub edition: u32,
    pub issued_at: DateTime<Utc>,
    /// How many of its lines, or of a deputy's own, have his word.
    pub answered: usize,
    pub lines: usize,
}

/// A deputy's word on one of his lines.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineAnswer {
    pub line: u32,
    pub confirmed: bool,
    /// Required where the line is not confirmed.
    #[serde(default)]
    pub objection: Option<Note>,
}

/// Lines answered at once.
const MOST: usize = 200;

impl Office {
    /// A department's promises of a quarter as they stand now; for a deputy those of the cases that he leads.
    pub async fn drafted_statement(
        &self,
        caller: &Caller,
        department: DepartmentId,
        quarter: Quarter,
    ) -> Result<Drafted, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .read_aside(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadStatements)?;
                own_house(&actor, department)?;
                let named = directory::department(db, &congress, department)?.ok_or(Fault::NotFound)?;
                let today = office.today();
                let mut lines = lines(db, &congress, department, quarter, today)?;
                if let Role::Deputy { deputy } = actor.role {
                    lines.retain(|(_, lead)| *lead == deputy);
                }
                let lines: Vec<StatementLine> = lines.into_iter().map(|(line, _)| line).collect();
                let latest = statements::latest(db, &congress, department, &quarter.to_string())?;
                Ok(Drafted {
                    department_name: named.name,
                    as_of: today,
                    counts: StatementCounts::of(&lines),
                    lines,
                    issued: latest.map(|it| (it.id, it.edition.unsigned_abs())),
                })
            })
            .await
    }

    /// Issues a quarter's statement; where one was issued and something changed since, its next edition.
    pub async fn issue_statement(
        &self,
        caller: &Caller,
        department: DepartmentId,
        quarter: Quarter,
    ) -> Result<Issued, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::IssueStatement)?;
                own_house(&actor, department)?;
                let named = directory::department(db, &congress, department)?.ok_or(Fault::NotFound)?;
                let today = office.today();
                let lines = lines(db, &congress, department, quarter, today)?;
                let before = statements::latest(db, &congress, department, &quarter.to_string())?;
                let before = before.as_ref().map(read).transpose()?;
                let (told, leads): (Vec<_>, Vec<_>) = lines.into_iter().unzip();
                may_issue(quarter, today, &told, before.as_ref())?;
                let body = StatementBody {
                    id: office.next_act(),
                    congress: congress.clone(),
                    department,
                    department_name: named.name,
                    quarter,
                    edition: before.map_or(1, |it| it.edition + 1),
                    as_of: today,
                    issued_at: office.now(),
                    counts: StatementCounts::of(&told),
                    lines: told,
                };
                let text = serde_json::to_string(&body)
                    .map_err(|e| StoreError::corrupt("commitment_statements", "new", e))?;
                let statement = Statement {
                    congress_id: congress.to_string(),
                    id: body.id.to_string(),
                    department_id: department.to_string(),
                    quarter: quarter.to_string(),
                    edition: i32::try_from(body.edition).unwrap_or(i32::MAX),
                    sha256: Digest::of(text.as_bytes()).as_str().to_owned(),
                    body: text,
                    issued_at: body.issued_at.naive_utc(),
                };
                statements::issue(db, &statement, &rows_of(&body, &leads))?;
                let act = Act::StatementIssued {
                    statement: statement.id.clone(),
                    sha256: statement.sha256.clone(),
                };
                office.record_act_of(db, &actor, &caller, None, act)?;
                shown(db, &actor, &congress, &statement)
            })
            .await
    }

    pub async fn statement(&self, caller: &Caller, id: Uuid) -> Result<Issued, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadStatements)?;
                let found = statements::find(db, &congress, &id.to_string())?.ok_or(Fault::NotFound)?;
                shown(db, &actor, &congress, &found)
            })
            .await
    }

    /// Issued statements, latest first: a department's own, those with a deputy's lines, or all.
    pub async fn statements(
        &self,
        caller: &Caller,
        department: Option<DepartmentId>,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Entry>, Fault> {
        let caller = caller.clone();
        self.store
            .read(move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ReadStatements)?;
                let (mut department, mut deputy) = (department, None);
                match actor.role {
                    Role::Department { department: own, .. } => {
                        if department.is_some_and(|asked| asked != own) {
                            return Ok(Vec::new());
                        }
                        department = Some(own);
                    }
                    Role::Deputy { deputy: own } => deputy = Some(own),
                    _ => {}
                }
                let before = before.map(|it| it.to_string());
                let found = statements::page(db, &congress, department, deputy, before.as_deref(), limit)?;
                found.iter().map(|it| entry(db, &congress, deputy, it)).collect()
            })
            .await
    }

    /// The lead deputy confirms his lines, or says what is wrong with them; once each.
    pub async fn answer_statement(
        &self,
        caller: &Caller,
        id: Uuid,
        answers: Vec<LineAnswer>,
    ) -> Result<Issued, Fault> {
        let (office, caller) = (self.clone(), caller.clone());
        self.store
            .write(Touch::Nothing, move |db| {
                let (actor, congress) = admitted(db, &caller, Operation::ConfirmStatement)?;
                let Role::Deputy { deputy } = actor.role else { return Err(Fault::NotFound) };
                let statement = statements::find(db, &congress, &id.to_string())?.ok_or(Fault::NotFound)?;
                let all = statements::lines(db, &congress, &statement.id)?;
                let own: BTreeSet<u32> = own_lines(&all, deputy).collect();
                if own.is_empty() {
                    return Err(Fault::NotFound);
                }
                fit(&answers, &own)?;
                if is_replaced(db, &congress, &statement)? {
                    return Err(Refusal::new(
                        "later_edition",
                        Say::new("该报告已有更新的版本", "a later edition took its place"),
                        &[],
                    )
                    .into());
                }
                let said = statements::confirmations(db, &congress, &statement.id)?;
                if answers.iter().any(|it| said.iter().any(|was| was.line.unsigned_abs() == it.line)) {
                    return Err(Refusal::new(
                        "answered",
                        Say::new("该项已经确认或者提出异议", "a line was answered before"),
                        &[],
                    )
                    .into());
                }
                for it in &answers {
                    statements::confirm(
                        db,
                        &Confirmation {
                            congress_id: congress.to_string(),
                            statement_id: statement.id.clone(),
                            line: i32::try_from(it.line).unwrap_or(i32::MAX),
                            confirmed: it.confirmed,
                            objection: it.objection.as_ref().map(|it| it.to_string()),
                            answered_at: office.now().naive_utc(),
                        },
                    )?;
                }
                let of = |confirmed: bool| {
                    answers.iter().filter(|it| it.confirmed == confirmed).map(|it| it.line).collect()
                };
                let act = Act::StatementAnswered {
                    statement: statement.id.clone(),
                    confirmed: of(true),
                    objected: of(false),
                };
                office.record_act_of(db, &actor, &caller, None, act)?;
                shown(db, &actor, &congress, &statement)
            })
            .await
    }

    /// For `verify`: each statement against its digest, and its lines against what it says.
    pub(super) fn compare_statements(
        &self,
        db: &mut Db,
        congress: &CongressId,
        report: &mut Report,
    ) -> Result<(), Fault> {
        for it in statements::all(db, congress)? {
            let mut finding = |column: &str, stored: String, derived: String| {
                if stored != derived {
                    report.findings.push(Finding {
                        congress: congress.to_string(),
                        place: format!("statement {}", it.id),
                        column: column.to_owned(),
                        stored,
                        derived,
                    });
                }
            };
            finding("sha256", it.sha256.clone(), Digest::of(it.body.as_bytes()).as_str().to_owned());
            let body = read(&it)?;
            finding("quarter", it.quarter.clone(), body.quarter.to_string());
            finding("edition", it.edition.to_string(), body.edition.to_string());
            let stored: Vec<(i32, String)> = statements::lines(db, congress, &it.id)?
                .into_iter()
                .map(|line| (line.line, line.case_id))
                .collect();
            let derived: Vec<(i32, String)> = body
                .lines
                .iter()
                .map(|line| (i32::try_from(line.line).unwrap_or(i32::MAX), line.case.to_string()))
                .collect();
            finding("lines", format!("{stored:?}"), format!("{derived:?}"));
        }
        Ok(())
    }
}

/// Another department's statements do not exist for a department.
fn own_house(actor: &Actor, department: DepartmentId) -> Result<(), Fault> {
    match actor.role {
        Role::Department { department: own, .. } if own != department => Err(Fault::NotFound),
        _ => Ok(()),
    }
}

/// The promises that a quarter's statement speaks of, with the lead signers whose they are.
fn lines(
    db: &mut Db,
    congress: &CongressId,
    department: DepartmentId,
    quarter: Quarter,
    today: Day,
) -> Result<Vec<(StatementLine, DeputyId)>, Fault> {
    let rows = promises::of_period(db, congress, department, (quarter.first(), quarter.last()))?;
    let (mut cases, mut lines) = (Cases::of(congress.clone()), Vec::new());
    for row in rows {
        let Some(case) = cases.get(db, row.case()?)? else { continue };
        let Some(promise) = case.commitment(row.number.unsigned_abs()) else { continue };
        let line = u32::try_from(lines.len() + 1).unwrap_or(u32::MAX);
        lines.push((StatementLine::of(case, promise, line, today), case.lead.id));
    }
    Ok(lines)
}

fn may_issue(
    quarter: Quarter,
    today: Day,
    lines: &[StatementLine],
    before: Option<&StatementBody>,
) -> Result<(), Fault> {
    let refused = |code, zh: &str, en: &str| Err(Refusal::new(code, Say::new(zh, en), &[]).into());
    if quarter.first() > today {
        return refused("quarter_not_begun", "该季度尚未开始", "the quarter has not begun");
    }
    if lines.is_empty() {
        return refused(
            "nothing_to_state",
            "该季度没有须报告的承诺事项",
            "no promise of the department belongs into this quarter's statement",
        );
    }
    if before.is_some_and(|it| it.lines == lines) {
        return refused("unchanged", "与已出具的报告内容相同", "nothing has changed since the last edition");
    }
    Ok(())
}

fn rows_of(body: &StatementBody, leads: &[DeputyId]) -> Vec<Line> {
    let row = |(line, lead): (&StatementLine, &DeputyId)| Line {
        congress_id: body.congress.to_string(),
        statement_id: body.id.to_string(),
        line: i32::try_from(line.line).unwrap_or(i32::MAX),
        deputy_id: lead.to_string(),
        case_id: line.case.to_string(),
    };
    body.lines.iter().zip(leads).map(row).collect()
}

fn read(statement: &Statement) -> Result<StatementBody, StoreError> {
    serde_json::from_str(&statement.body)
        .map_err(|e| StoreError::corrupt("commitment_statements", &statement.id, e))
}

fn own_lines(lines: &[Line], deputy: DeputyId) -> impl Iterator<Item = u32> {
    let own = deputy.to_string();
    lines.iter().filter(move |it| it.deputy_id == own).map(|it| it.line.unsigned_abs())
}

fn is_replaced(db: &mut Db, congress: &CongressId, it: &Statement) -> Result<bool, StoreError> {
    let department =
        it.department_id.parse().map_err(|e| StoreError::corrupt("commitment_statements", &it.id, e))?;
    let latest = statements::latest(db, congress, department, &it.quarter)?;
    Ok(latest.is_some_and(|latest| latest.id != it.id))
}

/// As the caller may read it; for whom it holds nothing it does not exist.
fn shown(db: &mut Db, actor: &Actor, congress: &CongressId, it: &Statement) -> Result<Issued, Fault> {
    let mut body = read(it)?;
    own_house(actor, body.department)?;
    let lines = statements::lines(db, congress, &it.id)?;
    let mut answers = statements::confirmations(db, congress, &it.id)?;
    let mut tells_silence = gate::sees_evaluations(actor);
    let mut shown: BTreeSet<u32> = lines.iter().map(|it| it.line.unsigned_abs()).collect();
    if let Role::Deputy { deputy } = actor.role {
        shown = own_lines(&lines, deputy).collect();
        if shown.is_empty() {
            return Err(Fault::NotFound);
        }
        tells_silence = true;
        body.lines.retain(|it| shown.contains(&it.line));
        body.counts = StatementCounts::of(&body.lines);
    }
    answers.retain(|it| shown.contains(&it.line.unsigned_abs()));
    let waits = |line: &&Line| {
        shown.contains(&line.line.unsigned_abs()) && !answers.iter().any(|it| it.line == line.line)
    };
    let mut silent = Vec::new();
    for line in lines.iter().filter(waits).filter(|_| tells_silence) {
        let corrupt = |e: uuid::Error| StoreError::corrupt("commitment_statement_lines", &it.id, e);
        let id: DeputyId = line.deputy_id.parse().map_err(corrupt)?;
        let name = directory::deputy(db, congress, id)?.map(|it| it.name).unwrap_or_default();
        silent.push((line.line.unsigned_abs(), DeputyRef { id, name }));
    }
    let answered = |it: Confirmation| Answered {
        line: it.line.unsigned_abs(),
        confirmed: it.confirmed,
        objection: it.objection,
        at: it.answered_at.and_utc(),
    };
    Ok(Issued {
        body,
        sha256: it.sha256.clone(),
        answers: answers.into_iter().map(answered).collect(),
        silent: tells_silence.then_some(silent),
        replaced: is_replaced(db, congress, it)?,
    })
}

fn entry(
    db: &mut Db,
    congress: &CongressId,
    deputy: Option<DeputyId>,
    it: &Statement,
) -> Result<Entry, Fault> {
    let body = read(it)?;
    let lines = statements::lines(db, congress, &it.id)?;
    let shown: BTreeSet<u32> = match deputy {
        Some(deputy) => own_lines(&lines, deputy).collect(),
        None => lines.iter().map(|it| it.line.unsigned_abs()).collect(),
    };
    let said = statements::confirmations(db, congress, &it.id)?;
    Ok(Entry {
        id: it.id.clone(),
        department: it.department_id.clone(),
        department_name: body.department_name,
        quarter: it.quarter.clone(),
        edition: it.edition.unsigned_abs(),
        issued_at: it.issued_at.and_utc(),
        answered: said.iter().filter(|word| shown.contains(&word.line.unsigned_abs())).count(),
        lines: shown.len(),
    })
}

fn fit(answers: &[LineAnswer], own: &BTreeSet<u32>) -> Result<(), Fault> {
    if answers.is_empty() || answers.len() > MOST {
        return Err(Fault::invalid(
            "/answers",
            format!("须为 1 至 {MOST} 项"),
            format!("must hold 1 to {MOST} lines"),
        ));
    }
    for (index, it) in answers.iter().enumerate() {
        let twice = answers[..index].iter().any(|earlier| earlier.line == it.line);
        if twice || !own.contains(&it.line) {
            return Err(Fault::invalid(
                format!("/answers/{index}/line"),
                "须为本人领衔办件的一项，每项一次",
                "must be a line of a case that you lead, each once",
            ));
        }
        if it.confirmed == it.objection.is_some() {
            return Err(Fault::invalid(
                format!("/answers/{index}/objection"),
                "有异议的须写明，确认的不写",
                "an objection is written where the line is not confirmed, and only there",
            ));
        }
    }
    Ok(())
}

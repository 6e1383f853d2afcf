//! From a row of the ledger to the acts that it reports.

use super::Stopped;
use crate::{
    domain::{
        case::{
            Case, Command, DepartmentRef, DeputyRef, Draft, EvaluationForm, Handler, Number, Registration,
            ReplyLetter, Submission,
        },
        day::Day,
        ids::{CaseId, CongressId, SessionId},
        text::{Body, Note, Text, Title},
        words::{Channel, Kind, Origin, Part, Publicity, Satisfaction},
    },
    ledger_file::{self, Ledger, LedgerRow},
    office::{Fault, Office, PaperCase, PaperStep},
    store::{
        Db, cases, counters,
        directory::{self, Session},
    },
};
use chrono::{Datelike, NaiveDate};
use std::{collections::HashMap, fmt};

/// Stands where the ledger has no text: the paper has it.
const ON_PAPER: &str = "（由台账导入，原文见纸质件）";
const REQUEST: &str = "import";
/// A larger number is a scheme of its own, such as 2024087, and not a place in the session's series.
const MOST_IN_A_SESSION: u32 = 99_999;

/// What the office made of a row that the ledger file had read.
#[derive(Clone, Debug)]
pub struct RowProblem {
    row: u32,
    detail: String,
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第 {} 行：{}", self.row, self.detail)
    }
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    entered: usize,
    continued: usize,
    unchanged: usize,
    departments: Vec<String>,
    deputies: Vec<String>,
    session: Option<String>,
    pub problems: Vec<RowProblem>,
}

impl Tally {
    pub fn print(&self, how: &str) {
        println!(
            "{how}：新建 {} 件，补充 {} 件，原已导入 {} 件",
            self.entered, self.continued, self.unchanged
        );
        let new = |what: &str, names: &[String]| {
            if !names.is_empty() {
                println!("  新建{what} {} 个：{}", names.len(), names.join("、"));
            }
        };
        new("届次", self.session.as_slice());
        new("承办单位", &self.departments);
        new("代表", &self.deputies);
    }
}

/// An import under way, inside its transaction.
pub struct Plan {
    congress: CongressId,
    session: SessionId,
    origin: Origin,
    opens_on: Day,
    departments: HashMap<String, DepartmentRef>,
    deputies: HashMap<String, DeputyRef>,
    /// The cases that have a number already, by kind and number.
    numbers: HashMap<(String, String), CaseId>,
    highest: HashMap<Kind, u32>,
    tally: Tally,
}

impl Plan {
    pub fn open(
        db: &mut Db,
        office: &Office,
        congress: &CongressId,
        session: Option<&SessionId>,
        ledger: &Ledger,
    ) -> Result<Plan, Stopped> {
        directory::congress(db, congress)?.ok_or(Fault::NotFound)?;
        let first = ledger.rows.iter().filter_map(|row| row.assigned_on.or(row.replied_on)).min();
        let year = first.map_or_else(|| office.today().date().year(), |day| day.year());
        let wanted = match session {
            Some(session) => session.clone(),
            None => year.to_string().parse().map_err(|e: &str| Fault::invalid("--session", e, e))?,
        };
        let mut tally = Tally::default();
        let found = match directory::session(db, congress, &wanted)? {
            Some(found) => found,
            None => {
                let new = whole_year(congress, &wanted, year);
                directory::add_session(db, &new)?;
                tally.session = Some(new.label.clone());
                new
            }
        };
        Ok(Plan {
            congress: congress.clone(),
            numbers: cases::numbers(db, congress, &wanted)?,
            session: wanted,
            origin: found.origin.parse().map_err(|e: String| Fault::invalid("--session", e.clone(), e))?,
            opens_on: Day::new(found.opens_on).unwrap_or_else(|| office.today()),
            departments: HashMap::new(),
            deputies: HashMap::new(),
            highest: HashMap::new(),
            tally,
        })
    }

    /// Takes in one row; what is wrong with it is noted, and the next row follows.
    pub fn enter(
        &mut self,
        db: &mut Db,
        office: &Office,
        row: &LedgerRow,
        default_day: Option<Day>,
    ) -> Result<(), Stopped> {
        let entered = self.try_enter(db, office, row, default_day);
        let detail = match entered {
            Ok(()) => return Ok(()),
            Err(Fault::Invalid { detail, .. }) => detail.zh,
            Err(Fault::Refused(refusal)) => refusal.missing.zh,
            Err(other) => return Err(Stopped::Fault(other)),
        };
        self.tally.problems.push(RowProblem { row: row.row, detail });
        Ok(())
    }

    fn try_enter(
        &mut self,
        db: &mut Db,
        office: &Office,
        row: &LedgerRow,
        default_day: Option<Day>,
    ) -> Result<(), Fault> {
        let acts = Acts::of(row, default_day)?;
        acts.not_after(office.today())?;
        let kind = match row.kind {
            ledger_file::Kind::Motion => Kind::Motion,
            ledger_file::Kind::Suggestion => Kind::Suggestion,
        };
        if let Some(id) = self.numbers.get(&(kind.to_string(), row.number.clone())).copied() {
            return self.go_on(db, office, row, &acts, id);
        }
        let lead = self.deputy(db, office, &row.lead_deputy)?;
        let mut co_signers = Vec::with_capacity(row.co_signers.len());
        for name in &row.co_signers {
            co_signers.push(self.deputy(db, office, name)?);
        }
        let sequence = row.number.parse().ok().filter(|n| *n <= MOST_IN_A_SESSION);
        let number = Number { sequence, text: text(&row.number)? };
        let first = acts.assigned_on.unwrap_or(self.opens_on);
        let mut steps = vec![
            step(
                first,
                Command::Submit(Submission {
                    session: self.session.clone(),
                    origin: self.origin,
                    motions_open: true,
                }),
            ),
            step(first, Command::Register(Registration { number })),
        ];
        let handlers = self.handlers(db, office, row)?;
        steps.extend(acts.steps(None, &handlers)?);
        let draft = Draft {
            id: CaseId(office.fresh_id()),
            congress: self.congress.clone(),
            kind,
            title: Title::parse(&row.title).map_err(|e| Fault::invalid("title", e.clone(), e))?,
            body: Body::parse(ON_PAPER).map_err(|e| Fault::invalid("body", e.clone(), e))?,
            category: row.category.as_deref().map(text).transpose()?,
            lead,
            co_signers,
            invited: Vec::new(),
            asks: Vec::new(),
            delegation: None,
            lead_delegation: None,
            converted_from: None,
        };
        office.enter_paper(db, PaperCase { draft, drafted_on: first, steps }, REQUEST)?;
        if let Some(sequence) = sequence {
            let highest = self.highest.entry(kind).or_default();
            *highest = sequence.max(*highest);
        }
        self.tally.entered += 1;
        Ok(())
    }

    /// The same ledger again, or a later state of it: adds what is new, and refuses what contradicts.
    fn go_on(
        &mut self,
        db: &mut Db,
        office: &Office,
        row: &LedgerRow,
        acts: &Acts,
        id: CaseId,
    ) -> Result<(), Fault> {
        let Some(known) = cases::load(db, &self.congress, id)? else { return Err(Fault::NotFound) };
        let case = &known;
        let differs = |what: &str, known: &str, now: &str| {
            let zh = format!("{}已导入，但{what}不同：已有“{known}”，台账为“{now}”", row.number);
            Err(Fault::invalid("", zh.clone(), zh))
        };
        if *case.title != *row.title {
            return differs("标题", &case.title, &row.title);
        }
        if case.lead.name != row.lead_deputy {
            return differs("领衔代表", &case.lead.name, &row.lead_deputy);
        }
        let answering = case.answering().map(|a| a.department.name.as_str());
        if let Some(known) = answering.filter(|known| *known != row.lead_department) {
            return differs("主办单位", known, &row.lead_department);
        }
        // A later state of the ledger may know more; what it says of the past must stay the same.
        let said = Known::of(case);
        let contradiction = [
            ("交办日期", said.assigned_on, acts.assigned_on.map(|d| d.to_string())),
            ("答复日期", said.replied_on, acts.reply.as_ref().map(|(on, _)| on.to_string())),
            ("办理结果", said.class, acts.reply.as_ref().map(|(_, class)| class.clone())),
            ("满意度", said.evaluation, acts.evaluation.map(|e| e.zh().to_owned())),
        ];
        for (what, known, now) in contradiction {
            if let (Some(known), Some(now)) = (known, now)
                && known != now
            {
                return differs(what, &known, &now);
            }
        }
        let handlers = match case.assigned_on {
            Some(_) => Vec::new(),
            None => self.handlers(db, office, row)?,
        };
        let steps = acts.steps(Some(case), &handlers)?;
        if steps.is_empty() {
            self.tally.unchanged += 1;
            return Ok(());
        }
        office.continue_paper(db, &known, steps, REQUEST)?;
        self.tally.continued += 1;
        Ok(())
    }

    fn handlers(&mut self, db: &mut Db, office: &Office, row: &LedgerRow) -> Result<Vec<Handler>, Fault> {
        let part = if row.co_departments.is_empty() { Part::Sole } else { Part::Lead };
        let mut handlers = vec![Handler {
            department: self.department(db, office, &row.lead_department)?,
            part,
            note: None,
            binding: false,
        }];
        for name in &row.co_departments {
            handlers.push(Handler {
                department: self.department(db, office, name)?,
                part: Part::Co,
                note: None,
                binding: false,
            });
        }
        Ok(handlers)
    }

    fn department(&mut self, db: &mut Db, office: &Office, name: &str) -> Result<DepartmentRef, Fault> {
        if let Some(known) = self.departments.get(name) {
            return Ok(known.clone());
        }
        let department = match directory::department_by_name(db, &self.congress, name)? {
            Some(found) => found,
            None => {
                self.tally.departments.push(name.to_owned());
                office.new_department(db, &self.congress, name, channel(name))?
            }
        };
        let named = department.named()?;
        self.departments.insert(name.to_owned(), named.clone());
        Ok(named)
    }

    fn deputy(&mut self, db: &mut Db, office: &Office, name: &str) -> Result<DeputyRef, Fault> {
        if let Some(known) = self.deputies.get(name) {
            return Ok(known.clone());
        }
        let mut found = directory::deputies_by_name(db, &self.congress, name)?;
        let deputy = match (found.pop(), found.is_empty()) {
            (None, _) => {
                self.tally.deputies.push(name.to_owned());
                office.new_deputy(db, &self.congress, name, None)?
            }
            (Some(one), true) => one,
            (Some(_), false) => {
                let zh = format!("有多位名为“{name}”的代表，无法判断是哪一位");
                return Err(Fault::invalid("", zh.clone(), zh));
            }
        };
        let named = deputy.named()?;
        self.deputies.insert(name.to_owned(), named.clone());
        Ok(named)
    }

    /// Own numbering goes on behind the ledger's.
    pub fn close(self, db: &mut Db) -> Result<Tally, Stopped> {
        for (kind, highest) in &self.highest {
            counters::reserve(db, &self.congress, &self.session, *kind, *highest)?;
        }
        Ok(self.tally)
    }
}

fn whole_year(congress: &CongressId, session: &SessionId, year: i32) -> Session {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    Session {
        congress_id: congress.to_string(),
        id: session.to_string(),
        label: session.to_string(),
        origin: Origin::InSession.to_string(),
        opens_on: day(1, 1).unwrap_or_default(),
        closes_on: day(12, 31),
        motions_until: None,
    }
}

/// Courts, procuratorates and the congress's own bodies are assigned to directly, all others through the government.
fn channel(department: &str) -> Channel {
    const DIRECT: [&str; 4] = ["法院", "检察院", "监察委", "人大"];
    if DIRECT.iter().any(|word| department.contains(word)) { Channel::Direct } else { Channel::Government }
}

fn step(on: Day, command: Command) -> PaperStep {
    PaperStep { on, command }
}

fn text<const MAX: usize>(text: &str) -> Result<Text<MAX, false>, Fault> {
    Text::parse(text).map_err(|e| Fault::invalid("", format!("“{text}”不符合要求（{e}）"), e))
}

/// What is known of a case already, in a ledger's words.
struct Known {
    assigned_on: Option<String>,
    replied_on: Option<String>,
    class: Option<String>,
    evaluation: Option<String>,
}

impl Known {
    fn of(case: &Case) -> Known {
        let first = case.replies.iter().find(|reply| !reply.letter.interim);
        let judged = case.evaluations.iter().find(|e| e.deputy.id == case.lead.id);
        Known {
            assigned_on: case.assigned_on.map(|d| d.to_string()),
            replied_on: first.map(|reply| reply.on.to_string()),
            class: first.and_then(|reply| reply.letter.class.clone()),
            evaluation: judged.map(|e| e.result.zh().to_owned()),
        }
    }
}

/// What a row reports that was done, with its days.
struct Acts {
    assigned_on: Option<Day>,
    reply: Option<(Day, String)>,
    evaluation: Option<Satisfaction>,
}

impl Acts {
    fn of(row: &LedgerRow, default_day: Option<Day>) -> Result<Acts, Fault> {
        let day = |date: Option<NaiveDate>| date.and_then(Day::new);
        let assigned_on = day(row.assigned_on).or(default_day);
        let wrong = |zh: &str, en: &str| Err(Fault::invalid("", zh, en));
        let reply = match (day(row.replied_on), row.class.clone()) {
            (Some(_), _) if assigned_on.is_none() => {
                return wrong(
                    "有答复日期而没有交办日期，无法判断是否按期；请补上，或用 --assigned-on 指定",
                    "replied to, but the day of assignment is missing; name it, or give --assigned-on",
                );
            }
            (Some(_), None) => {
                return wrong("有答复日期而没有办理结果分类", "replied to, but without a result class");
            }
            (Some(on), Some(class)) => Some((on, class)),
            (None, _) => None,
        };
        let evaluation = row.evaluation.map(|evaluation| match evaluation {
            ledger_file::Evaluation::Satisfied => Satisfaction::Satisfied,
            ledger_file::Evaluation::BasicallySatisfied => Satisfaction::BasicallySatisfied,
            ledger_file::Evaluation::Unsatisfied => Satisfaction::Unsatisfied,
        });
        Ok(Acts { assigned_on, reply, evaluation })
    }

    /// A day that has not come is a slip of the pen; the case could never move on from it.
    fn not_after(&self, today: Day) -> Result<(), Fault> {
        let replied = self.reply.as_ref().map(|(on, _)| *on);
        for (what, day) in [("交办日期", self.assigned_on), ("答复日期", replied)] {
            if let Some(day) = day.filter(|day| *day > today) {
                let zh = format!("{what} {day} 晚于今天");
                return Err(Fault::invalid("", zh, format!("{day} has not come yet")));
            }
        }
        Ok(())
    }

    /// The steps that a case has not taken yet.
    fn steps(&self, known: Option<&Case>, handlers: &[Handler]) -> Result<Vec<PaperStep>, Fault> {
        let mut steps = Vec::new();
        let Some(assigned_on) = self.assigned_on else { return Ok(steps) };
        if known.is_none_or(|case| case.assigned_on.is_none()) {
            steps.push(step(assigned_on, Command::Assign(handlers.to_vec())));
            let accepted =
                (1..).take(handlers.len()).map(|number| step(assigned_on, Command::Accept(number)));
            steps.extend(accepted);
        }
        let answering = known.and_then(Case::answering).map_or(1, |a| a.number);
        let on_paper = || Note::parse(ON_PAPER).map_err(|e| Fault::invalid("", e.clone(), e));
        if let Some((on, class)) = &self.reply
            && known.is_none_or(|case| case.final_reply().is_none())
        {
            let letter = ReplyLetter {
                class: Some(class.clone()),
                text: Body::parse(ON_PAPER).map_err(|e| Fault::invalid("", e.clone(), e))?,
                document_number: None,
                signer: None,
                contact: None,
                publicity: Publicity::None,
                opinions_stated: Some(on_paper()?),
                answers: Vec::new(),
                commitments: Vec::new(),
                interim: false,
            };
            steps.push(step(*on, Command::Reply(answering, letter)));
        }
        if let (Some(result), Some((on, _))) = (self.evaluation, &self.reply)
            && known.is_none_or(|case| case.evaluations.is_empty())
        {
            let form =
                EvaluationForm { attitude: result, result, text: Some(on_paper()?), on_behalf_of: None };
            let on = known.map_or(*on, |case| case.latest_on.max(*on));
            steps.push(step(on, Command::Evaluate(form)));
        }
        Ok(steps)
    }
}

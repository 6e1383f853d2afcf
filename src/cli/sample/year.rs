//! A year of the district: 105 motions and suggestions, all answered on time, 98 resolved in the end.
//!
//! Which case meets with what is written down, not drawn: the sample is the same everywhere.

use super::{
    ACCOUNTS, campaign, district, paths, stations,
    story::{Teller, Told},
};
use crate::{
    domain::{
        actor::Role,
        case::{
            Command, Commitment, ConsultationRecord, DepartmentRef, DeputyRef, DissatisfactionDecision,
            EvaluationForm, ExtensionDecision, ExtensionRequest, HandBack, HandBackDecision, Handler,
            OpinionText, ReplyLetter, RevisitRecord, WithdrawalRequest,
        },
        day::Day,
        ids::{CongressId, MembershipId, OpinionId},
        text::Text,
        words::{Kind, Outcome, Part, Publicity, Satisfaction, Way},
    },
    office::{Fault, NewDraft, Office, accounts::NewAccount},
    store::{
        Db, StoreError, Touch,
        directory::{self, Congress, Session},
    },
};
use chrono::TimeDelta;

const CASES: usize = 105;
const MOTIONS: usize = 12;
/// From here on, cases were handed in after the session.
const BETWEEN: usize = 88;

const CLASS_B: [usize; 6] = [10, 25, 40, 55, 70, 85];
const CLASS_C: [usize; 2] = [33, 77];
const RESOLVED_SINCE: [usize; 2] = [10, 25];
const NOT_DELIVERED: [usize; 1] = [50];
const UPHELD: [usize; 3] = [5, 15, 60];
const HANDED_BACK: [usize; 7] = [3, 14, 28, 41, 66, 81, 93];
const HAND_BACK_REFUSED: [usize; 2] = [20, 58];
const EXTENDED: [usize; 8] = [8, 19, 30, 45, 52, 63, 74, 99];
const NOT_CONSULTED: [usize; 2] = [11, 90];
const SILENT: [usize; 4] = [7, 31, 62, 88];
/// Rejected at first, and answered again.
const UNSATISFIED: [usize; 2] = [22, 69];

/// Who is who, once everybody is entered.
pub(super) struct People {
    pub deputies: Vec<(DeputyRef, MembershipId)>,
    pub departments: Vec<(DepartmentRef, MembershipId)>,
    /// Signs for the first department.
    pub approver: MembershipId,
    pub committee: MembershipId,
    pub leader: MembershipId,
    pub government_office: MembershipId,
}

pub async fn live(office: &Office) -> Result<(), Fault> {
    let teller = Teller::new(office);
    teller.turn(day("2023-12-20"), 0);
    let desk = teller.office().clone();
    let people = office.store().write(Touch::Everything, move |db| enter(db, &desk)).await?;
    let stations = stations::open(&teller, &people).await?;
    let mut cases = Vec::with_capacity(CASES);
    for index in 0..CASES {
        let opinions = stations::said_before(&teller, &people, &stations, index).await?;
        cases.push(hand_in(&teller, &people, index, opinions).await?);
    }
    for (index, told) in cases.iter_mut().enumerate() {
        Chapter { teller: &teller, people: &people, index, told }.tell().await?;
    }
    campaign::of_2024(&teller, &people).await?;
    stations::live(&teller, &people, &stations).await?;
    paths::live(&teller, &people).await?;
    unfinished(&teller, &people).await?;
    campaign::of_what_is_due(&teller, &people).await
}

/// What the `deputy` account has on its table: a draft to go on with, and one that was given up.
async fn unfinished(teller: &Teller, people: &People) -> Result<(), Fault> {
    teller.turn(day("2026-11-02"), 0);
    let (_, author) = &people.deputies[0];
    teller.draft(*author, draft(people, 1, Kind::Suggestion)?).await?;
    let given_up = teller.draft(*author, draft(people, 8, Kind::Suggestion)?).await?;
    teller
        .act(&given_up, *author, Command::Withdraw(WithdrawalRequest { reason: text("所提事项已经解决")? }))
        .await
}

/// The day on which a case was handed in.
fn handed_in(index: usize) -> Day {
    match index {
        0..BETWEEN => day("2024-01-17"),
        _ => later(day("2024-03-04"), 4 * (index - BETWEEN)),
    }
}

fn draft(people: &People, index: usize, kind: Kind) -> Result<NewDraft, Fault> {
    let matter = &district::MATTERS[index % district::MATTERS.len()];
    let place = district::PLACES[index / district::MATTERS.len() % district::PLACES.len()];
    let what = if kind == Kind::Motion { "议案" } else { "建议" };
    let co_signers = co_signers(people, index, kind).map(|(deputy, _)| deputy.id);
    Ok(NewDraft {
        kind,
        title: text(&format!("关于{place}{}的{what}", matter.title))?,
        body: text(&format!(
            "近年来，{place}群众多次反映“{}”方面的问题。经走访座谈，主要情况如下：一是现状与群众期盼有差距；\
             二是部门之间衔接不够。\n建议：一、摸清底数，列出清单；二、分步实施，年内见效；三、公开进度，接受监督。",
            matter.title
        ))?,
        category: Some(text(matter.category)?),
        asks: Vec::new(),
        co_signers: co_signers.collect(),
        delegation: None,
        lead: None,
    })
}

/// Who signs besides the author.
fn co_signers(people: &People, index: usize, kind: Kind) -> impl Iterator<Item = &(DeputyRef, MembershipId)> {
    let signers = if kind == Kind::Motion { 10 } else { index % 4 };
    let (author, all) = (index % people.deputies.len(), people.deputies.len());
    (1..=signers).map(move |n| &people.deputies[(author + n * 3 + 1) % all])
}

async fn hand_in(
    teller: &Teller,
    people: &People,
    index: usize,
    opinions: Vec<OpinionId>,
) -> Result<Told, Fault> {
    let kind = if index < MOTIONS { Kind::Motion } else { Kind::Suggestion };
    let author = people.deputies[index % people.deputies.len()].1;
    teller.turn(handed_in(index), index as u32);
    let mut told = teller.draft_from(author, draft(people, index, kind)?, opinions).await?;
    let signers: Vec<MembershipId> = co_signers(people, index, kind).map(|(_, user)| *user).collect();
    teller.co_signed(&told, &signers).await?;
    teller.submit(&told, author).await?;
    teller.turn(later(handed_in(index), 2), index as u32);
    teller.register(&told, people.committee).await?;
    if kind == Kind::Motion {
        // None of this year's came on the agenda.
        told = teller.converted(&told, people.committee, "主席团第三次会议").await?;
        teller.register(&told, people.committee).await?;
    }
    Ok(told)
}

/// What happened to one case after it was registered.
struct Chapter<'a> {
    teller: &'a Teller,
    people: &'a People,
    index: usize,
    told: &'a mut Told,
}

impl Chapter<'_> {
    async fn tell(&self) -> Result<(), Fault> {
        let index = self.index;
        let assigned = if index < BETWEEN { day("2024-02-22") } else { later(handed_in(index), 5) };
        let right = district::MATTERS[index % district::MATTERS.len()].department;
        let mut answering = 1;
        let helped = index.is_multiple_of(5);
        self.turn(assigned);
        if HANDED_BACK.contains(&index) {
            // It went to the wrong door first.
            let wrong = (right + 3) % 14;
            self.assign(wrong, Part::Sole).await?;
            self.hand_back(wrong, later(assigned, 4), true).await?;
            answering = 2;
            self.turn(later(assigned, 8));
            self.assign(right, Part::Sole).await?;
        } else {
            self.assign(right, if helped { Part::Lead } else { Part::Sole }).await?;
        }
        if HAND_BACK_REFUSED.contains(&index) {
            self.hand_back(right, later(assigned, 5), false).await?;
        } else {
            self.turn(later(assigned, 9));
            self.by_department(right, Command::Accept(answering)).await?;
        }
        if helped {
            self.help(right, assigned).await?;
        }
        self.handle(right, answering, assigned).await?;
        self.judge(right, answering).await
    }

    async fn assign(&self, department: usize, part: Part) -> Result<(), Fault> {
        let handler = |index: usize, part| Handler {
            department: self.people.departments[index].0.clone(),
            part,
            note: None,
            binding: false,
        };
        let mut handlers = vec![handler(department, part)];
        if part == Part::Lead {
            handlers.push(handler((department + 5) % 14, Part::Co));
        }
        self.by_committee(Command::Assign(handlers)).await
    }

    async fn hand_back(&self, department: usize, on: Day, granted: bool) -> Result<(), Fault> {
        self.turn(on);
        let asked = HandBack {
            reason: text("所提事项不属于本单位职责范围")?, proposed_department: None
        };
        self.by_department(department, Command::RequestHandBack(1, asked)).await?;
        self.turn(later(on, 2));
        let reason =
            if granted { "同意退办，另行交办" } else { "属你单位职责，请继续办理" };
        let decision = HandBackDecision { granted, reason: Some(text(reason)?), share_dropped: false };
        self.by_dispatcher(department, Command::DecideHandBack(1, decision, None)).await
    }

    /// The co-handler signs for the case, and gives its opinion.
    async fn help(&self, lead: usize, assigned: Day) -> Result<(), Fault> {
        let helper = (lead + 5) % 14;
        self.turn(later(assigned, 6).max(later(assigned, 10)));
        self.by_department(helper, Command::Accept(2)).await?;
        self.turn(later(assigned, 30));
        let opinion = OpinionText {
            text: text("涉及本单位的部分已纳入年度计划，将配合主办单位落实。")?
        };
        self.by_department(helper, Command::GiveOpinion(2, opinion)).await
    }

    /// Speaks with the deputy, asks for time where it is short, and replies.
    async fn handle(&self, department: usize, number: u32, assigned: Day) -> Result<(), Fault> {
        let index = self.index;
        if !NOT_CONSULTED.contains(&index) {
            let on = later(assigned, 35 + index % 7);
            self.turn(on);
            let ways = [Way::InPerson, Way::Visit, Way::Meeting, Way::Phone];
            let record = ConsultationRecord {
                day: on,
                way: ways[index % ways.len()],
                deputies: Vec::new(),
                by: Some(text("办公室")?),
                summary: Some(text("介绍了办理思路，代表提出了补充意见。")?),
            };
            self.by_department(department, Command::Consult(number, record)).await?;
        }
        let mut replied = later(assigned, 50 + index % 34);
        if EXTENDED.contains(&index) {
            self.turn(later(assigned, 70));
            let request =
                ExtensionRequest { reason: text("涉及面广，需与规划和预算衔接")?, until: None };
            self.by_department(department, Command::RequestExtension(number, request)).await?;
            self.turn(later(assigned, 73));
            let decision = ExtensionDecision { granted: true, reason: None };
            self.by_dispatcher(department, Command::DecideExtension(number, decision)).await?;
            replied = later(assigned, 110 + index % 40);
        }
        self.turn(replied);
        let letter = self.letter(replied)?;
        self.by_department(department, Command::Reply(number, letter)).await
    }

    fn letter(&self, on: Day) -> Result<ReplyLetter, Fault> {
        let class = match self.index {
            i if CLASS_B.contains(&i) => "B",
            i if CLASS_C.contains(&i) => "C",
            _ => "A",
        };
        let promised = class == "B" || NOT_DELIVERED.contains(&self.index);
        let commitments = match promised {
            true => vec![Commitment {
                text: text("年内完成首批项目")?,
                due_on: later(on, 180),
                responsible: None,
            }],
            false => Vec::new(),
        };
        Ok(ReplyLetter {
            class: Some(class.to_owned()),
            text: text(
                "您提出的建议收悉。经研究并与您沟通，现将办理情况答复如下：……感谢您对我们工作的关心和支持。",
            )?,
            document_number: Some(text(&format!("吴办复〔2024〕{}号", self.index + 1))?),
            signer: Some(text("主要负责人")?),
            contact: Some(text("办公室 0572-2000000")?),
            publicity: Publicity::Full,
            opinions_stated: match self.index.is_multiple_of(5) {
                true => Some(text("会办单位意见已采纳并纳入年度计划。")?),
                false => None,
            },
            answers: Vec::new(),
            commitments,
            interim: false,
        })
    }

    /// The deputy judges, the committee closes, and goes back later.
    async fn judge(&self, department: usize, number: u32) -> Result<(), Fault> {
        let index = self.index;
        let mut on = self.now();
        let author = self.people.deputies[index % self.people.deputies.len()].1;
        if UNSATISFIED.contains(&index) {
            on = later(on, 6);
            self.turn(on);
            let form = form(Satisfaction::Unsatisfied, Some("答复内容笼统，没有时间表"))?;
            self.teller.act(self.told, author, Command::Evaluate(form)).await?;
            self.turn(later(on, 3));
            let decision =
                DissatisfactionDecision { rework: true, reason: text("请补充时间表后再次答复")? };
            self.by_committee(Command::SettleDissatisfaction(decision)).await?;
            on = later(on, 20);
            self.turn(on);
            let letter = self.letter(on)?;
            self.by_department(department, Command::Reply(number, letter)).await?;
        }
        if !SILENT.contains(&index) {
            on = later(on, 5 + index % 9);
            self.turn(on);
            let judgement = match index % 16 {
                1 => Satisfaction::BasicallySatisfied,
                _ => Satisfaction::Satisfied,
            };
            self.teller.act(self.told, author, Command::Evaluate(form(judgement, None)?)).await?;
        }
        // Silence is waited for until the term is over.
        self.turn(later(on, if SILENT.contains(&index) { 45 } else { 15 }));
        self.by_committee(Command::Close).await?;
        self.revisit().await
    }

    async fn revisit(&self) -> Result<(), Fault> {
        let (outcome, class, finding) = match self.index {
            i if RESOLVED_SINCE.contains(&i) => {
                (Outcome::ResolvedSince, Some("A"), "承诺事项已经完成，群众认可")
            }
            i if NOT_DELIVERED.contains(&i) => {
                (Outcome::NotDelivered, Some("B"), "首批项目尚未动工，答复未落实")
            }
            i if UPHELD.contains(&i) => (Outcome::Upheld, None, "现场查看，与答复一致"),
            _ => return Ok(()),
        };
        let on = later(day("2024-11-12"), self.index % 10);
        self.turn(on);
        let record = RevisitRecord {
            day: on,
            way: Way::Visit,
            people: vec![text("代表工委")?, text("领衔代表")?],
            finding: text(finding)?,
            evidence: None,
            outcome,
            class: class.map(ToOwned::to_owned),
            reopen: false,
            campaign: None,
            findings: Vec::new(),
            attachments: Vec::new(),
            supervision_order: false,
            next_on: None,
        };
        self.by_committee(Command::Revisit(record)).await
    }

    fn turn(&self, day: Day) {
        self.teller.turn(day, self.index as u32);
    }

    fn now(&self) -> Day {
        self.teller.office().today()
    }

    async fn by_committee(&self, command: Command) -> Result<(), Fault> {
        self.teller.act(self.told, self.people.committee, command).await
    }

    async fn by_department(&self, department: usize, command: Command) -> Result<(), Fault> {
        self.teller.act(self.told, self.people.departments[department].1, command).await
    }

    /// The government office decides for its departments, the committee for the others.
    async fn by_dispatcher(&self, department: usize, command: Command) -> Result<(), Fault> {
        let (_, channel) = district::DEPARTMENTS[department];
        match channel {
            crate::domain::words::Channel::Government => {
                self.teller.act(self.told, self.people.government_office, command).await
            }
            crate::domain::words::Channel::Direct => self.by_committee(command).await,
        }
    }
}

pub(super) fn form(result: Satisfaction, why: Option<&str>) -> Result<EvaluationForm, Fault> {
    Ok(EvaluationForm {
        attitude: result,
        result,
        text: why.map(text::<2_000, true>).transpose()?,
        on_behalf_of: None,
    })
}

/// Enters the congress, its sessions, and everybody in it.
fn enter(db: &mut Db, office: &Office) -> Result<People, Fault> {
    let congress: CongressId = district::CODE.parse().map_err(|e: &str| Fault::invalid("", e, e))?;
    directory::add_congress(
        db,
        &Congress {
            id: congress.to_string(),
            name: district::NAME.to_owned(),
            policy_id: district::POLICY.to_owned(),
            created_at: office.now().naive_utc(),
        },
    )?;
    for (id, label, origin, opens_on, closes_on) in district::SESSIONS {
        let session = Session {
            congress_id: congress.to_string(),
            id: id.to_owned(),
            label: label.to_owned(),
            origin: origin.to_string(),
            opens_on: day(opens_on).date(),
            closes_on: closes_on.map(|c| day(c).date()),
            motions_until: None,
        };
        directory::add_session(db, &session)?;
    }
    let mut deputies = Vec::new();
    for (index, name) in district::DEPUTIES.iter().enumerate() {
        let delegation = district::DELEGATIONS[index % district::DELEGATIONS.len()];
        let deputy = office.new_deputy(db, &congress, name, Some(format!("{delegation}代表团")))?;
        let username = if index == 0 { ACCOUNTS[0].to_owned() } else { format!("deputy-{}", index + 1) };
        let named = deputy.named()?;
        let role = Role::Deputy { deputy: named.id };
        deputies.push((named, account(db, office, &congress, &username, name, role)?));
    }
    let mut departments = Vec::new();
    for (index, (name, channel)) in district::DEPARTMENTS.iter().enumerate() {
        let department = office.new_department(db, &congress, name, *channel)?;
        let username = if index == 0 { ACCOUNTS[3].to_owned() } else { format!("department-{}", index + 1) };
        let named = department.named()?;
        let role = Role::Department { department: named.id, approver: false };
        departments.push((named, account(db, office, &congress, &username, name, role)?));
    }
    let Some((first, _)) = departments.first() else { return Err(Fault::NotFound) };
    let signs_off = Role::Department { department: first.id, approver: true };
    let delegation = format!("{}代表团", district::DELEGATIONS[0]);
    let mut enter =
        |username: &str, name: &str, role: Role| account(db, office, &congress, username, name, role);
    let committee = enter("committee", "区人大常委会代表工委", Role::STAFF)?;
    let government_office = enter("government-office", "区政府办公室", Role::GovernmentOffice)?;
    let approver = enter(ACCOUNTS[4], "区交通运输局分管副局长", signs_off)?;
    enter("auditor", "区人大常委会监督审计", Role::Auditor)?;
    enter("administrator", "系统管理员", Role::Administrator)?;
    let leader = enter("committee-leader", "区人大常委会代表工委主任", Role::Committee { leader: true })?;
    enter("secretary", "织里代表团联络员", Role::DelegationSecretary { delegation })?;
    Ok(People { deputies, departments, approver, committee, leader, government_office })
}

fn account(
    db: &mut Db,
    office: &Office,
    congress: &CongressId,
    username: &str,
    name: &str,
    role: Role,
) -> Result<MembershipId, Fault> {
    let account = NewAccount {
        username: username.to_owned(),
        display_name: name.to_owned(),
        // Nobody signs in until one is set.
        password: None,
        congress: Some(congress.clone()),
        role,
        scopes: None,
    };
    Ok(office.new_account(db, account)?.1)
}

pub(super) fn day(text: &str) -> Day {
    // The story's days are written in this file; a test lives the whole year.
    text.parse().unwrap_or_else(|_| Day::at(chrono::DateTime::UNIX_EPOCH))
}

pub(super) fn later(day: Day, days: usize) -> Day {
    Day::new(day.date() + TimeDelta::days(days as i64)).unwrap_or(day)
}

pub(super) fn text<const MAX: usize, const LINES: bool>(words: &str) -> Result<Text<MAX, LINES>, Fault> {
    Text::parse(words).map_err(|e| StoreError::corrupt("sample", words, e).into())
}

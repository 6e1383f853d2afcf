//! The procedure has no dead end: walked as a graph, with the program's own gate and decisions on made-up cases, under
//! policies that choose differently. And whoever is refused learns what is missing and who supplies it.

use jianyi::domain::{
    actor::{Actor, Role},
    calendar::Calendar,
    case::{
        AskAnswer, Case, Command, Context, CorrectionRequest, DecliningForm, DepartmentRef, DeputyRef,
        DispatchForm, DissatisfactionDecision, Draft, EvaluationForm, Event, HandBack, HandBackDecision,
        Handler, MotionDecision, MotionReport, Number, OpinionText, Recorded, Registration, ReplyLetter,
        RevisitRecord, Submission, WithdrawalAnswer, WithdrawalRequest,
        procedure::{Action, Hand, PROCEDURE, Target, guard},
    },
    day::Day,
    gate,
    ids::{CaseId, DepartmentId, DeputyId, MembershipId, UserId},
    policy::{Policies, Policy},
    text::Text,
    words::{Channel, Kind, MotionOutcome, Origin, Outcome, Part, Publicity, Satisfaction, Stage, Way},
};
use std::collections::{BTreeMap, BTreeSet, VecDeque, btree_map::Entry};
use uuid::Uuid;

const ENDS: [Stage; 6] =
    [Stage::Closed, Stage::Declined, Stage::Withdrawn, Stage::OnAgenda, Stage::Examined, Stage::Converted];

fn text<const MAX: usize, const LINES: bool>(words: &str) -> Text<MAX, LINES> {
    Text::parse(words).unwrap()
}

fn deputy(n: u128) -> DeputyRef {
    DeputyRef { id: DeputyId(Uuid::from_u128(n)), name: format!("代表{n}") }
}

fn department(n: u128) -> DepartmentRef {
    let channel = if n == 3 { Channel::Direct } else { Channel::Government };
    DepartmentRef { id: DepartmentId(Uuid::from_u128(n)), name: format!("单位{n}"), channel }
}

fn actor(role: Role) -> Actor {
    let user = match &role {
        Role::Department { department, approver } => {
            UserId(Uuid::from_u128(department.0.as_u128() + if *approver { 100 } else { 200 }))
        }
        _ => UserId(Uuid::nil()),
    };
    Actor {
        user,
        membership: MembershipId(user.0),
        name: role.id().to_owned(),
        congress: "330502001".parse().ok(),
        role,
        scopes: None,
    }
}

fn everybody() -> Vec<Actor> {
    let mut all = vec![
        actor(Role::STAFF),
        actor(Role::GovernmentOffice),
        actor(Role::Deputy { deputy: deputy(1).id }),
        actor(Role::Deputy { deputy: deputy(2).id }),
    ];
    for n in 1..=3 {
        for approver in [false, true] {
            all.push(actor(Role::Department { department: department(n).id, approver }));
        }
    }
    all
}

fn recorded(event: Event, version: i64, on: Day, actor: &Actor) -> Recorded {
    Recorded {
        version,
        event,
        occurred_on: on,
        recorded_at: "2024-01-16T02:00:00Z".parse().unwrap(),
        author: actor.author(),
    }
}

fn drafted(kind: Kind) -> Case {
    let draft = Draft {
        id: CaseId(Uuid::from_u128(7)),
        congress: "330502001".parse().unwrap(),
        kind,
        title: text("关于改善停车难问题的建议"),
        body: text("正文"),
        category: None,
        lead: deputy(1),
        // Four more have signed a motion on paper.
        co_signers: if kind == Kind::Motion { (3..7).map(deputy).collect() } else { Vec::new() },
        invited: vec![deputy(2)],
        asks: vec![text("第一条")],
        delegation: None,
        lead_delegation: None,
        converted_from: None,
    };
    let lead = actor(Role::Deputy { deputy: deputy(1).id });
    Case::begin(&recorded(Event::Drafted(draft), 1, "2024-01-16".parse().unwrap(), &lead)).unwrap()
}

/// What tells one place in the procedure from another, for how it goes on.
fn place(case: &Case) -> String {
    let mut parts: Vec<_> = case.assignments.iter().map(|it| (it.part, it.standing)).collect();
    parts.sort();
    format!(
        "{} {} {parts:?} {:?} settled {} again {} wish {} dispatched {}",
        case.stage,
        case.kind,
        case.counted_evaluation(),
        case.is_settled(),
        !case.reworks.is_empty(),
        case.withdrawal_asked.is_some(),
        case.dispatched_on.is_some(),
    )
}

/// What could be asked of a case, in forms that are right.
fn commands(case: &Case, on: Day) -> Vec<Command> {
    let reason = || text("理由");
    let session = "5-3".parse().unwrap();
    let fresh = CaseId(Uuid::from_u128(8));
    let motion = |outcome| MotionDecision {
        outcome,
        meeting: text("主席团第三次会议"),
        committee: Some(text("财经委员会")),
        reason: None,
    };
    let report =
        |outcome| MotionReport {
            outcome, text: text("审议结果报告"), meeting: Some(text("主任会议"))
        };
    let evaluation = |result| EvaluationForm {
        attitude: Satisfaction::Satisfied,
        result,
        text: Some(reason()),
        on_behalf_of: None,
    };
    let letter = || ReplyLetter {
        class: Some("A".to_owned()),
        text: text("现答复如下"),
        document_number: None,
        signer: None,
        contact: None,
        publicity: Publicity::Full,
        opinions_stated: Some(reason()),
        answers: vec![AskAnswer { ask: 1, class: "A".to_owned(), text: reason() }],
        commitments: Vec::new(),
        interim: false,
    };
    let handler = |n, part| Handler { department: department(n), part, note: None, binding: false };
    let revisit = |outcome, class: Option<&str>, reopen| RevisitRecord {
        day: on,
        way: Way::Visit,
        people: vec![text("代表工委")],
        finding: reason(),
        evidence: None,
        outcome,
        class: class.map(str::to_owned),
        reopen,
        campaign: None,
        findings: Vec::new(),
        attachments: Vec::new(),
        supervision_order: false,
        next_on: None,
    };
    let number = Number { sequence: Some(1), text: text("第001号") };
    let mut all = vec![
        Command::CoSign,
        Command::Submit(Submission { session, origin: Origin::InSession, motions_open: true }),
        Command::AskCorrection(CorrectionRequest { reason: reason(), points: Vec::new() }),
        Command::Register(Registration { number }),
        Command::Dispatch(DispatchForm { note: None }),
        Command::Assign(vec![handler(1, Part::Sole)]),
        Command::Assign(vec![handler(3, Part::Sole)]),
        Command::Assign(vec![handler(1, Part::Lead), handler(2, Part::Co)]),
        Command::Assign(vec![handler(3, Part::Lead), handler(1, Part::Co)]),
        Command::Assign(vec![handler(1, Part::Separate), handler(2, Part::Separate)]),
        Command::Assign(vec![handler(3, Part::Lead)]),
        Command::Assign(vec![handler(1, Part::Lead)]),
        Command::Assign(vec![handler(2, Part::Co)]),
        Command::Assign(vec![handler(2, Part::Separate)]),
        Command::RemindEvaluation,
        Command::SettleDissatisfaction(DissatisfactionDecision { rework: true, reason: reason() }),
        Command::SettleDissatisfaction(DissatisfactionDecision { rework: false, reason: reason() }),
        Command::Close,
        Command::Withdraw(WithdrawalRequest { reason: reason() }),
        Command::AnswerWithdrawal(WithdrawalAnswer { agrees: true }),
        Command::AnswerWithdrawal(WithdrawalAnswer { agrees: false }),
        Command::Revisit(revisit(Outcome::Upheld, None, false)),
        Command::Revisit(revisit(Outcome::NotDelivered, Some("B"), true)),
        Command::Decline(DecliningForm {
            ground: jianyi::domain::words::Ground::PendingCase,
            explanation: reason(),
            passed_on_to: None,
        }),
    ];
    for outcome in MotionOutcome::ALL {
        all.push(Command::DecideMotion(motion(*outcome), fresh));
        all.push(Command::ReportMotion(report(*outcome), fresh));
    }
    for result in [Satisfaction::Satisfied, Satisfaction::Unsatisfied] {
        all.push(Command::Evaluate(evaluation(result)));
    }
    for n in case.assignments.iter().map(|it| it.number) {
        let hand_back = HandBack { reason: reason(), proposed_department: None };
        all.push(Command::Accept(n));
        all.push(Command::RequestHandBack(n, hand_back));
        for granted in [true, false] {
            all.push(Command::DecideHandBack(
                n,
                HandBackDecision { granted, reason: None, share_dropped: false },
                None,
            ));
        }
        all.push(Command::GiveOpinion(n, OpinionText { text: text("同意") }));
        all.push(Command::Reply(n, letter()));
    }
    all
}

/// Every place that can be reached under a policy, with one case that stands there, and where each leads.
struct Walked {
    cases: BTreeMap<String, Case>,
    ways: BTreeMap<String, BTreeSet<(Action, String)>>,
}

/// More departments than this at a time would only repeat what is known.
const MOST_ASSIGNMENTS: usize = 3;

fn walk(policy: &Policy) -> Walked {
    let mut walked = Walked { cases: BTreeMap::new(), ways: BTreeMap::new() };
    let (mut ahead, everybody) = (VecDeque::new(), everybody());
    for kind in [Kind::Suggestion, Kind::Motion] {
        let case = drafted(kind);
        walked.cases.insert(place(&case), case.clone());
        ahead.push_back(case);
    }
    while let Some(case) = ahead.pop_front() {
        let here = place(&case);
        for days in [0, 90] {
            let on = Day::new(case.latest_on.date() + chrono::TimeDelta::days(days)).unwrap();
            for command in commands(&case, on) {
                // Only what waits for a day is asked for later.
                let waits =
                    matches!(command, Command::Close | Command::RemindEvaluation | Command::Reply(..));
                if days > 0 && !waits {
                    continue;
                }
                for actor in &everybody {
                    let target = command.target();
                    let Ok(entitled) = gate::may(actor, &case, target) else { continue };
                    let context = Context { actor, on, policy, calendar: Calendar::shipped() };
                    let Ok(events) = entitled.decide(command.clone(), context) else { continue };
                    let next = events
                        .into_iter()
                        .zip(case.version + 1..)
                        .fold(case.clone(), |case, (event, version)| {
                            case.after(&recorded(event, version, on, actor))
                        });
                    if next.assignments.len() > MOST_ASSIGNMENTS {
                        continue;
                    }
                    let there = place(&next);
                    walked.ways.entry(here.clone()).or_default().insert((target.action, there.clone()));
                    if let Entry::Vacant(new) = walked.cases.entry(there) {
                        new.insert(next.clone());
                        ahead.push_back(next);
                    }
                }
            }
        }
    }
    walked
}

/// Of those that come with the program, the ones whose choices lead different ways: who orders rework, who shares out,
/// and whether all signers withdraw or a reminder comes first.
fn policies() -> impl Iterator<Item = &'static Policy> {
    let ids = ["zhejiang-2016", "shanghai-2015", "shandong-2017", "chongqing-2017"];
    ids.into_iter().filter_map(|id| Policies::shipped().latest(id))
}

/// The places from which an end can be reached by steps of the procedure's own; giving up is not one of them.
fn not_dead(walked: &Walked) -> BTreeSet<&str> {
    let ends = |place: &&String| ENDS.contains(&walked.cases[*place].stage);
    let mut good: BTreeSet<&str> = walked.cases.keys().filter(ends).map(String::as_str).collect();
    loop {
        let before = good.len();
        for (from, ways) in &walked.ways {
            let on = |(action, to): &(Action, String)| {
                !matches!(action, Action::Withdraw | Action::AnswerWithdrawal | Action::Decline)
                    && good.contains(to.as_str())
            };
            if ways.iter().any(on) {
                good.insert(from);
            }
        }
        if good.len() == before {
            return good;
        }
    }
}

#[test]
fn from_every_place_an_end_can_be_reached() {
    let mut stages = BTreeSet::new();
    for policy in policies() {
        let walked = walk(policy);
        println!("{}: {} places", policy.id, walked.cases.len());
        let good = not_dead(&walked);
        let dead: Vec<_> = walked
            .cases
            .iter()
            // Whoever needs five departments to try it has none left to give it to here.
            .filter(|(place, case)| {
                !good.contains(place.as_str()) && case.assignments.len() < MOST_ASSIGNMENTS
            })
            .map(|(place, _)| place)
            .collect();
        assert!(dead.is_empty(), "{}: from {} places there is no way on:\n{dead:#?}", policy.id, dead.len());
        stages.extend(walked.cases.values().map(|case| case.stage));
        assert!(walked.cases.len() > 100, "{}", walked.cases.len());
    }
    let all: BTreeSet<_> = Stage::ALL.iter().copied().collect();
    assert_eq!(stages, all);
}

#[test]
fn whoever_is_refused_learns_what_is_missing_and_who_supplies_it() {
    let mut codes = BTreeSet::new();
    for policy in policies() {
        let walked = walk(policy);
        for case in walked.cases.values() {
            for step in PROCEDURE {
                let numbers: Vec<Target> = match step.path {
                    path if path.contains("{aid}") => {
                        case.assignments.iter().map(|a| Target::assignment(step.action, a.number)).collect()
                    }
                    path if path.contains("{cid}") => {
                        case.commitments.iter().map(|p| Target::commitment(step.action, p.number)).collect()
                    }
                    path if path.contains("{n}") => {
                        case.notices.iter().map(|it| Target::notice(step.action, it.number)).collect()
                    }
                    _ => vec![Target::case(step.action)],
                };
                for target in numbers {
                    for actor in [actor(Role::STAFF), actor(Role::GovernmentOffice)] {
                        for days in [0, 90] {
                            let on = Day::new(case.latest_on.date() + chrono::TimeDelta::days(days)).unwrap();
                            let context =
                                Context { actor: &actor, on, policy, calendar: Calendar::shipped() };
                            let Err(refusal) = guard(case, target, context) else { continue };
                            let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
                            assert!(refusal.missing.zh.chars().any(chinese), "{refusal:?}");
                            assert!(refusal.missing.en.chars().any(char::is_alphabetic), "{refusal:?}");
                            assert!(!refusal.who.is_empty(), "{refusal:?}");
                            codes.insert(refusal.code);
                            tells_who_moves_on(case, &refusal.who, refusal.code);
                        }
                    }
                }
            }
        }
    }
    assert!(codes.len() > 25, "{codes:?}");
}

/// At the wrong stage those are named who bring the case on from where it stands.
fn tells_who_moves_on(case: &Case, who: &[Hand], code: &str) {
    if code != "wrong_stage" {
        return;
    }
    let can = |hand: &Hand| {
        PROCEDURE.iter().any(|step| step.stages.contains(&case.stage) && step.hands.contains(hand))
    };
    assert!(who.iter().all(can), "{} {who:?}", case.stage);
}

#[test]
fn only_ends_have_no_step_that_leads_on() {
    for stage in Stage::ALL {
        let leads_on = PROCEDURE.iter().any(|step| step.stages.contains(stage));
        // What is closed can still be revisited; what ended without an answer is over.
        assert_eq!(leads_on, !ENDS.contains(stage) || *stage == Stage::Closed, "{stage}");
    }
}

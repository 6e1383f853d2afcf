//! What may be done with an opinion in each state, and what it leaves behind.

use super::{
    Moved,
    opinion::{Closure, Opinion, OpinionCommand, OpinionEvent, Sorting, Suggestion},
    recommendation::{LeadDecision, LeadForm, Recommendation, RecommendationEvent},
};
use crate::domain::{
    actor::Author,
    case::Rejection,
    day::Day,
    ids::{CaseId, CongressId, DepartmentId, OpinionId, RecommendationId, StationId, UserId},
    text::{Line, Note},
    words::{OpinionGround, OpinionRoute, OpinionState, OpinionWay, RecommendationState, ToldBy},
};
use uuid::Uuid;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn note(text: &str) -> Note {
    Note::parse(text).unwrap()
}

fn moved<E>(event: E, version: i64, on: &str) -> Moved<E> {
    let author =
        Author { user: UserId(Uuid::nil()), name: "工委".to_owned(), role: "committee".to_owned() };
    let recorded_at = format!("{on}T02:00:00Z").parse().unwrap();
    Moved { version, occurred_on: day(on), recorded_at, author, event }
}

fn congress() -> CongressId {
    "330502".parse().unwrap()
}

/// Recorded on 2024-03-01.
fn opinion() -> Opinion {
    let recorded = OpinionEvent::Recorded {
        station: StationId(Uuid::nil()),
        way: OpinionWay::Station,
        topic: Line::parse("停车难").unwrap(),
        text: note("菜场周边停车难"),
        resident: None,
        deputy: None,
    };
    Opinion::begin(&congress(), OpinionId(Uuid::nil()), &moved(recorded, 1, "2024-03-01")).unwrap()
}

fn sorting(route: OpinionRoute) -> Sorting {
    let with = |of: OpinionRoute| route == of;
    Sorting {
        route,
        answer: with(OpinionRoute::OnTheSpot).then(|| note("已答复")),
        department: with(OpinionRoute::Department).then_some(DepartmentId(Uuid::nil())),
        due_on: with(OpinionRoute::Department).then(|| day("2024-03-20")),
        case: with(OpinionRoute::Common).then_some(CaseId(Uuid::nil())),
        ground: with(OpinionRoute::NotAccepted).then_some(OpinionGround::Lawsuit),
        redirect: with(OpinionRoute::NotAccepted).then(|| note("请通过诉讼解决")),
        note: None,
    }
}

fn closure() -> Closure {
    Closure { told_by: ToldBy::Phone, told_on: None, answer: None, contentment: None }
}

fn does(
    opinion: &Opinion,
    command: OpinionCommand,
    suggestion: Option<Suggestion>,
) -> Result<Opinion, Rejection> {
    let event = opinion.decide(command, day("2024-03-05"), suggestion)?;
    Ok(opinion.clone().after(&moved(event, opinion.version + 1, "2024-03-05")))
}

fn code(result: Result<Opinion, Rejection>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(Rejection::Refused(refusal)) => refusal.code.to_owned(),
        Err(Rejection::Invalid { pointer, .. }) => pointer,
    }
}

#[test]
fn each_way_needs_its_own_fields_and_no_others() {
    for route in OpinionRoute::ALL {
        let whole = sorting(*route);
        assert_eq!(code(does(&opinion(), OpinionCommand::Sort(whole.clone()), None)), "done", "{route}");
        let bare = Sorting {
            answer: None,
            department: None,
            due_on: None,
            case: None,
            ground: None,
            redirect: None,
            ..whole.clone()
        };
        let missing = code(does(&opinion(), OpinionCommand::Sort(bare), None));
        assert_eq!(missing == "done", *route == OpinionRoute::Committee, "{route}: {missing}");
        for other in OpinionRoute::ALL.iter().filter(|it| *it != route) {
            let mixed = Sorting { route: *route, ..sorting(*other) };
            let refused = code(does(&opinion(), OpinionCommand::Sort(mixed), None));
            assert!(refused.starts_with('/'), "{route} with what belongs to {other}: {refused}");
        }
    }
    let late = Sorting { due_on: Some(day("2024-03-04")), ..sorting(OpinionRoute::Department) };
    assert_eq!(code(does(&opinion(), OpinionCommand::Sort(late), None)), "/due_on");
}

#[test]
fn what_may_be_done_in_each_state() {
    use OpinionCommand as C;
    let at = |route| does(&opinion(), C::Sort(sorting(route)), None).unwrap();
    let closed = does(&at(OpinionRoute::OnTheSpot), C::Close(closure()), None).unwrap();
    let states = [
        (opinion(), OpinionState::Recorded, "sort join"),
        (at(OpinionRoute::Department), OpinionState::Passed, "sort answer hand_back join"),
        (at(OpinionRoute::Committee), OpinionState::Raised, "sort join"),
        (at(OpinionRoute::Common), OpinionState::Joined, ""),
        (at(OpinionRoute::OnTheSpot), OpinionState::Answered, "close"),
        (at(OpinionRoute::NotAccepted), OpinionState::NotAccepted, "close"),
        (closed, OpinionState::Closed, "reopen"),
    ];
    for (opinion, state, may) in states {
        assert_eq!(opinion.state, state);
        let asked = [
            ("sort", C::Sort(sorting(OpinionRoute::Committee))),
            ("answer", C::Answer(note("已办"))),
            ("hand_back", C::HandBack(note("不属本单位"))),
            ("join", C::Join(CaseId(Uuid::nil()))),
            ("close", C::Close(closure())),
            ("reopen", C::Reopen(note("不满意"))),
        ];
        for (name, command) in asked {
            let done = code(does(&opinion, command, opinion.case.map(|_| Suggestion::Open))) == "done";
            assert_eq!(done, may.split(' ').any(|it| it == name), "{name} while {state}");
        }
    }
}

#[test]
fn a_joined_opinion_waits_for_its_suggestion_and_is_sorted_again_when_nobody_answers_that() {
    let joined = does(&opinion(), OpinionCommand::Join(CaseId(Uuid::nil())), None).unwrap();
    let answered = Closure { answer: Some(note("已增设车位")), ..closure() };
    let close = |suggestion| code(does(&joined, OpinionCommand::Close(answered.clone()), Some(suggestion)));
    assert_eq!(close(Suggestion::Open), "opinion_not_answered");
    assert_eq!(close(Suggestion::Answered), "done");
    assert_eq!(close(Suggestion::Over), "opinion_not_answered");
    let unsaid = does(&joined, OpinionCommand::Close(closure()), Some(Suggestion::Answered));
    assert_eq!(code(unsaid), "/answer", "the suggestion's answer is told in words");
    let sort =
        |suggestion| does(&joined, OpinionCommand::Sort(sorting(OpinionRoute::Department)), Some(suggestion));
    assert_eq!(code(sort(Suggestion::Open)), "opinion_sorted");
    let again = sort(Suggestion::Over).unwrap();
    assert_eq!((again.state, again.case), (OpinionState::Passed, None));
}

#[test]
fn a_hand_back_and_a_reopening_leave_nothing_decided() {
    let passed = does(&opinion(), OpinionCommand::Sort(sorting(OpinionRoute::Department)), None).unwrap();
    let back = does(&passed, OpinionCommand::HandBack(note("不属本单位")), None).unwrap();
    let fresh = |it: &Opinion| (it.state, it.route, it.department, it.due_on, it.answer.clone());
    assert_eq!(fresh(&back), (OpinionState::Recorded, None, None, None, None));
    assert_eq!(back.hand_backs.len(), 1);
    let answered = does(&passed, OpinionCommand::Answer(note("已办")), None).unwrap();
    assert_eq!((answered.state, answered.due_on), (OpinionState::Answered, None));
    let closed = does(&answered, OpinionCommand::Close(closure()), None).unwrap();
    assert_eq!(closed.closure.as_ref().and_then(|it| it.told_on), Some(day("2024-03-05")));
    let again = does(&closed, OpinionCommand::Reopen(note("不满意")), None).unwrap();
    assert_eq!(fresh(&again), (OpinionState::Recorded, None, None, None, None));
    assert_eq!((again.reopened, again.closed_on, again.closure), (1, None, None));
}

#[test]
fn told_days_lie_between_receipt_and_today() {
    let answered = does(&opinion(), OpinionCommand::Sort(sorting(OpinionRoute::OnTheSpot)), None).unwrap();
    for (on, expected) in [
        ("2024-02-29", "/told_on"),
        ("2024-03-01", "done"),
        ("2024-03-05", "done"),
        ("2024-03-06", "/told_on"),
    ] {
        let closure = Closure { told_on: Some(day(on)), ..closure() };
        assert_eq!(code(does(&answered, OpinionCommand::Close(closure), None)), expected, "{on}");
    }
}

#[test]
fn a_lead_is_decided_once_and_within_ten_days() {
    let form = LeadForm {
        case: CaseId(Uuid::nil()),
        organ: Line::parse("区人民检察院").unwrap(),
        field: Line::parse("生态环境").unwrap(),
        reason: note("涉及水源"),
    };
    let sent = moved(RecommendationEvent::PassedOn { form }, 1, "2024-02-25");
    let lead = Recommendation::begin(&congress(), RecommendationId(Uuid::nil()), &sent).unwrap();
    assert_eq!(lead.due_on, Some(day("2024-03-06")), "the 25th is not counted, and February had 29 days");
    assert!(lead.convert(CaseId(Uuid::nil())).is_err());
    let decision = LeadDecision { filed: true, text: note("已立案") };
    let event = lead.decided(decision.clone(), day("2024-03-01")).unwrap();
    let filed = lead.after(&moved(event, 2, "2024-03-01"));
    assert_eq!(filed.state, RecommendationState::Filed);
    assert!(filed.decided(decision, day("2024-03-02")).is_err());
}

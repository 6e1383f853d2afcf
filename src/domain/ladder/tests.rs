//! The rungs against days counted by hand, and what must hold however sweeps come.

use super::*;
use crate::domain::{
    calendar::Calendar,
    case::DepartmentRef,
    day::Day,
    ids::DepartmentId,
    policy::{Policies, Policy, TermKind},
    words::{Channel, NoticeStanding},
};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn policy() -> &'static Policy {
    Policies::shipped().latest("law-2025").unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn duty(matter: Matter, since: &str, due: Day) -> Duty {
    let department = DepartmentRef {
        id: DepartmentId(uuid::Uuid::nil()),
        name: "区交通运输局".into(),
        channel: Channel::Government,
    };
    Duty {
        cause: Cause { matter, assignment: Some(1), commitment: None, since: day(since) },
        due,
        since: day(since),
        to: Addressee::Department { assignment: Some(1), commitment: None, department },
    }
}

/// A notice that went out.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Out {
    cause: Cause,
    step: String,
    answer_by: Option<Day>,
    at: DateTime<Utc>,
}

/// What sweeps at these instants send out, nobody answering anything.
fn swept(duties: &[Duty], from: &str, sweeps: impl IntoIterator<Item = DateTime<Utc>>) -> Vec<Out> {
    swept_as(NoticeStanding::Open, duties, from, sweeps)
}

/// The same where every notice stands so.
fn swept_as(
    standing: NoticeStanding,
    duties: &[Duty],
    from: &str,
    sweeps: impl IntoIterator<Item = DateTime<Utc>>,
) -> Vec<Out> {
    let (policy, calendar) = (policy(), Calendar::shipped());
    let mut out: Vec<Out> = Vec::new();
    for now in sweeps {
        let issued: Vec<Issued<'_>> = out
            .iter()
            .map(|it| Issued { cause: it.cause, step: &it.step, standing, answer_by: it.answer_by })
            .collect();
        let fresh = due(pending(duties, &issued, policy, calendar, Some(day(from))), policy, calendar, now);
        let fresh: Vec<Out> = fresh
            .into_iter()
            .map(|it| Out {
                cause: it.duty.cause,
                step: it.rung.id.clone(),
                answer_by: it.answer_by,
                at: now,
            })
            .collect();
        out.extend(fresh);
    }
    out
}

fn steps(out: &[Out]) -> Vec<(&str, String)> {
    out.iter().map(|it| (it.step.as_str(), it.at.to_rfc3339())).collect()
}

fn hourly(from: &str, days: i64) -> impl Iterator<Item = DateTime<Utc>> {
    let first = at(&format!("{from}T00:00:00Z"));
    (0..days * 48).map(move |half_hours| first + TimeDelta::minutes(30 * half_hours))
}

const REPLY: Matter = Matter::Term(TermKind::Reply);

#[test]
fn the_rungs_go_out_in_office_hours_of_working_days() {
    // Ten days before is Sunday the 12th; the Saturday before it is worked (调休), and is not taken for it.
    let out = swept(&[duty(REPLY, "2024-02-22", day("2024-05-22"))], "2024-01-01", hourly("2024-05-01", 60));
    let expected = [
        ("ten_days_before", "2024-05-13T00:30:00+00:00".to_owned()),
        ("on_the_day", "2024-05-22T00:30:00+00:00".to_owned()),
        // The warning was to be answered by the 27th, and was not.
        ("seven_days_after", "2024-05-28T00:30:00+00:00".to_owned()),
    ];
    assert_eq!(steps(&out), expected);
    assert_eq!(
        out.iter().map(|it| it.answer_by).collect::<Vec<_>>(),
        [None, Some(day("2024-05-27")), Some(day("2024-06-04"))]
    );
    // A worked Saturday is a day like any other.
    let out = swept(&[duty(REPLY, "2024-02-21", day("2024-05-21"))], "2024-01-01", hourly("2024-05-01", 15));
    assert_eq!(steps(&out), [("ten_days_before", "2024-05-11T00:30:00+00:00".to_owned())]);
}

#[test]
fn missed_rungs_come_in_their_order_after_downtime_and_only_once() {
    let duties = [duty(REPLY, "2024-02-22", day("2024-05-22"))];
    let sweeps =
        ["2024-06-03T14:00:00Z", "2024-06-04T02:00:00Z", "2024-06-04T02:00:00Z", "2024-05-20T02:00:00Z"];
    let out = swept(&duties, "2024-01-01", sweeps.map(at));
    let names: Vec<_> = out.iter().map(|it| it.step.as_str()).collect();
    assert_eq!(names, ["ten_days_before", "on_the_day", "seven_days_after"]);
    assert!(out.iter().all(|it| it.at == at("2024-06-04T02:00:00Z")), "{out:?}");
}

#[test]
fn an_unanswered_warning_brings_the_order_forward() {
    let duties = [duty(REPLY, "2024-01-31", day("2024-02-05"))];
    let order = |standing| {
        let out = swept_as(standing, &duties, "2024-01-01", hourly("2024-02-01", 40));
        let order = out.into_iter().find(|it| it.step == "seven_days_after");
        order.map(|it| it.at.to_rfc3339())
    };
    // To be answered within three working days of Monday the 5th; the order's own day, the 12th, lies in the Spring
    // Festival, and the next day that is worked is Sunday the 18th.
    assert_eq!(order(NoticeStanding::Open).as_deref(), Some("2024-02-09T00:30:00+00:00"));
    for answered in [NoticeStanding::Answered, NoticeStanding::Closed] {
        assert_eq!(order(answered).as_deref(), Some("2024-02-18T00:30:00+00:00"));
    }
}

#[test]
fn nothing_goes_out_for_what_was_due_before_the_ladder_began() {
    let duties = [duty(REPLY, "2024-02-22", day("2024-05-22"))];
    let names = |from: &str| {
        let out = swept(&duties, from, hourly("2024-04-01", 100));
        out.into_iter().map(|it| it.step).collect::<Vec<_>>()
    };
    assert_eq!(names("2024-05-23"), Vec::<String>::new());
    assert_eq!(names("2024-05-22"), ["on_the_day", "seven_days_after"]);
    assert_eq!(names("2024-05-12"), ["ten_days_before", "on_the_day", "seven_days_after"]);
    let off = pending(&duties, &[], policy(), Calendar::shipped(), None);
    assert_eq!(off, []);
}

#[test]
fn a_term_shorter_than_the_offset_is_not_urged_on_the_day_it_begins() {
    let out = swept(&[duty(REPLY, "2024-05-20", day("2024-05-22"))], "2024-01-01", hourly("2024-05-01", 30));
    assert_eq!(out.first().map(|it| it.step.as_str()), Some("on_the_day"));
}

#[test]
fn a_right_is_reminded_of_while_it_lasts() {
    let right = Matter::Term(TermKind::Evaluation);
    let duties = [duty(right, "2024-04-01", day("2024-04-29"))];
    let out = swept(&duties, "2024-01-01", hourly("2024-04-01", 60));
    assert_eq!(steps(&out), [("ten_days_before", "2024-04-19T00:30:00+00:00".to_owned())]);
    assert_eq!(swept(&duties, "2024-01-01", [at("2024-04-30T02:00:00Z")]), []);
    let kept = clock(&pending(&duties, &[], policy(), Calendar::shipped(), Some(day("2024-01-01"))));
    assert_eq!(kept, Some(Clock { at: at("2024-04-19T00:30:00Z"), until: day("2024-04-29") }));
}

#[test]
fn hours_are_read_and_written_as_they_stand() {
    let hours = Hours::try_from("08:30-17:30".to_owned()).unwrap();
    assert_eq!(hours.to_string(), "08:30-17:30");
    for wrong in ["8:30-17:30", "17:30-08:30", "08:30", "08:30-24:30", "08:30-08:30", ""] {
        assert!(Hours::try_from(wrong.to_owned()).is_err(), "{wrong}");
    }
    let open = |text: &str| hours.open(at(text), Calendar::shipped(), false);
    assert!(!open("2024-05-22T00:29:59Z") && open("2024-05-22T00:30:00Z"));
    assert!(open("2024-05-22T09:29:59Z") && !open("2024-05-22T09:30:00Z"));
    // Half past eight on Monday in Shanghai is still Sunday night in Greenwich's calendar of an hour before.
    assert!(!open("2024-05-12T02:00:00Z") && open("2024-05-11T02:00:00Z"));
}

fn any_duties() -> impl Strategy<Value = Vec<Duty>> {
    let one = (0..4usize, 0..300i64, 1..120i64, 1..5u32).prop_map(|(kind, start, term, assignment)| {
        let matter = [REPLY, Matter::Commitment, Matter::Term(TermKind::Opinion), Matter::ProblemItem][kind];
        let since = day("2024-01-02").date() + TimeDelta::days(start);
        let due = Day::new(since + TimeDelta::days(term)).unwrap();
        let mut duty = duty(matter, &since.to_string(), due);
        duty.cause.assignment = Some(assignment);
        duty
    });
    prop::collection::vec(one, 1..4)
}

/// Instants of somebody who looks when he likes, with a clock that may jump: minutes after the first of the year.
fn any_sweeps() -> impl Strategy<Value = Vec<DateTime<Utc>>> {
    let minutes = prop::collection::vec(0..540 * 24 * 60i64, 0..60);
    minutes.prop_map(|all| {
        all.into_iter().map(|it| at("2024-01-01T00:00:00Z") + TimeDelta::minutes(it)).collect()
    })
}

fn told(out: &[Out]) -> BTreeSet<(String, String)> {
    out.iter().map(|it| (format!("{:?}", it.cause), it.step.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn however_somebody_looks_the_same_notices_go_out(duties in any_duties(), sweeps in any_sweeps()) {
        let mut distinct: Vec<Duty> = Vec::new();
        for duty in duties {
            if !distinct.iter().any(|it| it.cause == duty.cause) {
                distinct.push(duty);
            }
        }
        // A year and a half after the first day all is out, and a working forenoon is the last look.
        let last = at("2025-07-02T02:00:00Z");
        // Every six hours is enough: the office opens at one of them.
        let perfect = hourly("2024-01-01", 548).skip(1).step_by(12);
        let perfect = swept(&distinct, "2024-01-01", perfect.chain([last]));
        let any = swept(&distinct, "2024-01-01", sweeps.into_iter().chain([last]));
        prop_assert_eq!(told(&perfect), told(&any));
        for out in [&perfect, &any] {
            prop_assert_eq!(told(out).len(), out.len(), "one of them twice");
            for it in out {
                let local = it.at + TimeDelta::hours(8);
                let (date, time) = (local.date_naive(), local.time().to_string());
                prop_assert!(Calendar::shipped().works(date), "{} is a day off", date);
                prop_assert!(("08:30:00".."17:30:00").contains(&time.as_str()), "{time} is no office hour");
            }
        }
        // Of one cause each rung comes after those before it.
        let rank = |step: &str| policy().ladder.iter().position(|rung| rung.id == step).unwrap();
        for duty in &distinct {
            let order: Vec<usize> =
                any.iter().filter(|it| it.cause == duty.cause).map(|it| rank(&it.step)).collect();
            prop_assert!(order.is_sorted(), "{order:?}");
        }
    }
}

//! What the comparison found, as short stories: in each the program once did something else than the words say.

use super::{
    Lane, Next,
    acts::{Act, Letter, Who},
    chooser::Attempt,
    people,
    reference::{Expected, When},
    writing::Opening,
};
use jianyi::{
    domain::words::{MotionOutcome, Part, Publicity},
    office::{Clock, Office},
    store::{Address, Store, connection::Purpose},
};

use Expected::{Done, Refused};
const CHEN: Who = Who::Deputy(0);
const LI: Who = Who::Deputy(1);
const SHEN: Who = Who::Deputy(2);
const TRANSPORT: Who = Who::Handler(0);
const HOUSING: Who = Who::Handler(1);
const COURT: Who = Who::Handler(2);

/// A congress's first case, step by step, on the first day of its session.
struct Story {
    runtime: tokio::runtime::Runtime,
    lane: Lane,
    _folder: tempfile::TempDir,
}

impl Story {
    /// Under a policy, opened by somebody.
    fn of(policy: &str, who: Who, opening: Opening) -> Story {
        let folder = tempfile::tempdir().unwrap();
        let address = Address::Sqlite(folder.path().join("story.db"));
        let store = Store::open(&address, Purpose::Write, 2).unwrap();
        let clock = Clock::turned("2024-01-16T01:00:00Z".parse().unwrap());
        let office = Office::new(store, people::books(), clock);
        let houses = people::enter(&office);
        let people = houses.iter().find(|it| it.name.ends_with(policy)).unwrap().clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut lane = Lane::new(&office, people, 0);
        lane.today = "2024-01-16".parse().unwrap();
        lane.clock.turn("2024-01-16T02:00:00Z".parse().unwrap());
        let mut story = Story { runtime, lane, _folder: folder };
        story.next(&Next::Open(who, opening), &Done);
        story
    }

    /// On paper, with other signers, registered.
    fn registered(policy: &str, others: &[usize]) -> Story {
        let mut story = Story::of(policy, Who::Committee, suggestion(Some(0), others));
        story.told(&[(Who::Committee, Act::Register, Done)]);
        story
    }

    #[track_caller]
    fn next(&mut self, next: &Next, expected: &Expected) {
        let when = When { today: self.lane.today, paper: None, stale: false };
        let said = self.runtime.block_on(self.lane.take(0, next, when));
        match said {
            Ok(said) => assert_eq!(said, *expected, "{}", self.lane.story.join("\n")),
            Err(difference) => panic!("{}\n{difference}", self.lane.story.join("\n")),
        }
    }

    #[track_caller]
    fn told(&mut self, steps: &[(Who, Act, Expected)]) {
        for (who, act, expected) in steps {
            self.next(&Next::Step(Attempt { at: 0, who: *who, act: act.clone() }), expected);
        }
    }
}

fn suggestion(lead: Option<usize>, others: &[usize]) -> Opening {
    Opening { motion: false, lead, others: others.to_vec(), delegation: false, asks: 0 }
}

fn letter(interim: bool) -> Letter {
    let (answers, promises) = (Vec::new(), Vec::new());
    let publicity = Publicity::Full;
    Letter { text: 1, class: Some("A"), interim, publicity, opinions: true, answers, promises }
}

fn invalid(pointer: &str) -> Expected {
    Expected::Invalid(pointer.to_owned())
}

#[test]
fn below_the_nation_a_delegation_submits_no_motion() {
    let opening = Opening { motion: true, delegation: true, ..suggestion(None, &[1, 2, 3, 4]) };
    let mut story = Story::of("zhejiang-2016", CHEN, opening);
    for deputy in 1..5 {
        story.told(&[(Who::Deputy(deputy), Act::CoSign, Done)]);
    }
    story.told(&[(CHEN, Act::Submit, Refused("delegation_may_not_submit"))]);
}

#[test]
fn a_wish_to_withdraw_does_not_wait_for_those_who_left() {
    Story::of("shanghai-2015", Who::Committee, suggestion(Some(0), &[1, 2])).told(&[
        (Who::Committee, Act::AskCorrection, Done),
        (CHEN, Act::Withdraw, Done),
        (LI, Act::AnswerWithdrawal(true), Done),
        (CHEN, Act::Withdraw, Refused("withdrawal_asked")),
        (SHEN, Act::DeclineCoSigning, Done),
        (CHEN, Act::Withdraw, Done),
    ]);
}

#[test]
fn what_is_withdrawn_only_before_assignment_is_not_by_a_late_agreement() {
    Story::registered("own-2020", &[1]).told(&[
        (CHEN, Act::Withdraw, Done),
        (Who::Committee, Act::Assign(vec![(2, Part::Sole)]), Done),
        (LI, Act::AnswerWithdrawal(true), Refused("withdrawal_too_late")),
    ]);
}

#[test]
fn an_interim_letter_is_signed_once() {
    Story::registered("own-2020", &[]).told(&[
        (Who::Committee, Act::Assign(vec![(2, Part::Sole)]), Done),
        (COURT, Act::Accept(1), Done),
        (COURT, Act::Draft(1, letter(true)), Done),
        (Who::Approver(2), Act::Sign(1), Done),
        (Who::Approver(2), Act::Sign(1), Refused("nothing_to_sign")),
    ]);
}

#[test]
fn who_handed_back_asks_for_no_more_time() {
    Story::registered("zhejiang-2016", &[]).told(&[
        (Who::Committee, Act::Assign(vec![(0, Part::Separate), (1, Part::Separate)]), Done),
        (TRANSPORT, Act::Accept(1), Done),
        (HOUSING, Act::Accept(2), Done),
        (TRANSPORT, Act::RequestExtension(1, None), Done),
        (TRANSPORT, Act::RequestHandBack(1), Done),
        (HOUSING, Act::RequestExtension(2, None), Refused("extension_already_asked")),
        (Who::Committee, Act::DecideHandBack(1, true, None), Done),
        (HOUSING, Act::RequestExtension(2, None), Done),
    ]);
}

#[test]
fn an_answered_case_is_given_to_nobody_else() {
    Story::registered("beijing-2014", &[]).told(&[
        (Who::Committee, Act::Dispatch, Done),
        (Who::Office, Act::Assign(vec![(0, Part::Lead), (1, Part::Co)]), Done),
        (TRANSPORT, Act::Accept(1), Done),
        (HOUSING, Act::RequestHandBack(2), Done),
        (TRANSPORT, Act::Reply(1, letter(false)), Done),
        (Who::Committee, Act::DecideHandBack(2, true, Some(2)), invalid("/assign_to")),
        (Who::Committee, Act::DecideHandBack(2, true, None), Done),
    ]);
}

#[test]
fn what_is_confidential_in_a_motion_stays_so_in_the_suggestion() {
    let opening = Opening { motion: true, ..suggestion(Some(0), &[1, 2, 3, 4]) };
    let mut story = Story::of("zhejiang-2016", Who::Committee, opening);
    story.told(&[
        (CHEN, Act::Confidential(true), Done),
        (Who::Committee, Act::Register, Expected::NotYours),
        (Who::Leader, Act::NameReaders(vec![Who::Committee]), Done),
        (Who::Committee, Act::Register, Done),
        (Who::Committee, Act::DecideMotion(MotionOutcome::Conversion, false), Done),
    ]);
    assert_eq!(story.lane.now.cases[1].confidential, Some(vec![Who::Committee]));
}

#[test]
fn a_case_that_was_handed_back_has_gone_out_all_the_same() {
    Story::registered("zhejiang-2016", &[]).told(&[
        (Who::Committee, Act::Assign(vec![(0, Part::Sole)]), Done),
        (TRANSPORT, Act::RequestHandBack(1), Done),
        (Who::Committee, Act::DecideHandBack(1, true, None), Done),
        (CHEN, Act::Confidential(true), Refused("handed_out")),
    ]);
}

#[test]
fn a_rejected_opinion_is_waited_for_while_the_term_for_it_runs() {
    Story::registered("zhejiang-2016", &[]).told(&[
        (Who::Committee, Act::Assign(vec![(0, Part::Lead), (1, Part::Co)]), Done),
        (TRANSPORT, Act::Accept(1), Done),
        (HOUSING, Act::Accept(2), Done),
        (HOUSING, Act::Opinion(2), Done),
        (TRANSPORT, Act::RejectOpinion(2), Done),
        (TRANSPORT, Act::Reply(1, letter(false)), Refused("opinion_awaited")),
    ]);
}

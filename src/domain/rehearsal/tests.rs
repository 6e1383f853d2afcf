//! What a proposed policy changes about a case, and what it leaves alone.

use super::*;
use crate::domain::{case::Recorded, policy::Policies};
use serde_json::{Value, json};

const ID: &str = "018f0000-0000-7000-8000-000000000003";

fn case(events: &[(&str, Value)]) -> Case {
    let deputy = json!({"id": "018f0000-0000-7000-8000-000000000001", "name": "陈芳"});
    let drafted = json!({
        "type": "drafted", "id": ID, "congress": "330502", "kind": "suggestion", "title": "关于停车的建议",
        "body": "正文", "category": null, "lead": deputy, "co_signers": []
    });
    let policy = json!({"id": "zhejiang-2016", "version": 1});
    let submitted = json!({"type": "submitted", "session": "5-3", "origin": "in_session", "policy": policy});
    let registered = json!({"type": "registered", "number": {"sequence": 1, "text": "建议第001号"}});
    let department =
        json!({"id": "018f0000-0000-7000-8000-000000000004", "name": "区交通局", "channel": "government"});
    let assigned = json!({
        "type": "assigned", "handlers": [{"department": department, "part": "sole", "note": null}], "policy": policy
    });
    let start = [
        ("2024-01-16", drafted),
        ("2024-01-16", submitted),
        ("2024-01-18", registered),
        ("2024-02-22", assigned),
    ];
    let history: Vec<Recorded> = start
        .iter()
        .chain(events)
        .zip(1..)
        .map(|((on, event), version)| {
            serde_json::from_value(json!({
                "version": version, "occurred_on": on, "recorded_at": "2024-01-16T01:00:00Z",
                "author": {"user": "018f0000-0000-7000-8000-000000000002", "name": "某人", "role": "committee"},
                "event": event
            }))
            .unwrap()
        })
        .collect();
    Case::fold(&history).unwrap()
}

fn replied(class: &str) -> Value {
    json!({"type": "replied", "assignment": 1, "letter": {"class": class, "text": "现答复如下。"}})
}

fn own() -> &'static Policy {
    Policies::shipped().get("zhejiang-2016", 1).unwrap()
}

fn proposed(more: &str) -> Policy {
    Policies::shipped()
        .resolve(&format!(
            "id = \"zhejiang-2016\"\nversion = 2\nextends = \"zhejiang-2016\"\nname = \"修订草案\"\ncite = \"草案\"\n\
             edition = \"2024-06-01\"\neffective_from = \"2024-07-01\"\n{more}"
        ))
        .unwrap()
}

fn term(kind: &str, amount: u32, unit: &str) -> String {
    let anchor = if kind == "evaluation" { "replied" } else { "assigned" };
    format!(
        "[terms.{kind}]\namount = {amount}\nunit = \"{unit}\"\nanchor = \"{anchor}\"\nclause = \"第三条\"\n"
    )
}

fn compared(case: &Case, proposed: &Policy, today: &str) -> Comparison {
    compare(case, &case.title, own(), proposed, Calendar::shipped(), today.parse().unwrap())
}

fn moves(found: &Comparison) -> Vec<String> {
    let shown = |value: Value| value.as_str().unwrap_or("-").to_owned();
    let due = found.due_dates.iter().map(|it| {
        let (before, after) = (json!(it.before), json!(it.after));
        format!("{} {} → {}", it.kind.id(), shown(before), shown(after))
    });
    let verdicts = found.verdicts.iter().map(|it| {
        let (before, after) = (json!(it.before), json!(it.after));
        format!("{} {} → {}", it.kind.id(), shown(before), shown(after))
    });
    due.chain(verdicts).collect()
}

#[test]
fn the_policy_of_the_case_changes_nothing_and_neither_does_one_that_says_the_same() {
    for case in [case(&[]), case(&[("2024-04-10", replied("A"))])] {
        for policy in [own(), &proposed("")] {
            let found = compared(&case, policy, "2024-05-30");
            assert_eq!(moves(&found), Vec::<String>::new());
            assert_eq!((found.unknown_class, found.before.all().count()), (None, found.after.all().count()));
        }
    }
}

#[test]
fn a_shorter_term_moves_the_due_date_and_only_then_the_verdict() {
    let shorter = proposed(&term("reply", 2, "months"));
    let in_time = compared(&case(&[("2024-04-10", replied("A"))]), &shorter, "2024-05-30");
    assert_eq!(moves(&in_time), ["reply 2024-05-22 → 2024-04-22"]);
    assert_eq!(in_time.before, in_time.after);
    let late = compared(&case(&[("2024-05-10", replied("A"))]), &shorter, "2024-05-30");
    assert_eq!(moves(&late), ["reply 2024-05-22 → 2024-04-22", "reply met → late"]);
    assert!(late.before.holds(Measure::OnTime) && !late.after.holds(Measure::OnTime));
    let first = &late.due_dates[0];
    assert_eq!((first.number.as_deref(), first.title.as_str()), (Some("建议第001号"), "关于停车的建议"));
    // Still open: overdue from one day to the next.
    let open = |today: &str| moves(&compared(&case(&[]), &shorter, today)).len();
    assert_eq!(
        [open("2024-04-22"), open("2024-04-23"), open("2024-05-22"), open("2024-05-23")],
        [1, 2, 2, 1]
    );
}

#[test]
fn a_granted_extension_stays_as_granted_up_to_the_proposed_longest() {
    let asked =
        json!({"type": "extension_requested", "assignment": 1, "until": "2024-07-22", "reason": "面广"});
    let decided = json!({"type": "extension_decided", "assignment": 1, "decision": {"granted": true}});
    let extended = case(&[("2024-05-10", asked), ("2024-05-11", decided)]);
    let moved = |policy: &Policy| moves(&compared(&extended, policy, "2024-05-30"));
    assert_eq!(moved(&proposed(&term("reply", 2, "months"))), Vec::<String>::new());
    let shortest = term("reply", 2, "months") + &term("reply_extended", 4, "months");
    assert_eq!(moved(&proposed(&shortest)), ["reply 2024-07-22 → 2024-06-24"]);
}

#[test]
fn a_term_that_only_one_of_the_two_sets_stands_alone() {
    let contact = proposed(&term("first_contact", 10, "working_days"));
    let has = own().term(TermKind::FirstContact).is_some();
    assert!(!has, "the example needs a term that the policy does not set");
    let found = compared(&case(&[]), &contact, "2024-05-01");
    assert_eq!(moves(&found), ["first_contact - → 2024-03-07", "first_contact - → overdue"]);
    assert_eq!(found.due_dates[0].assignment, Some(1));
    // The other way round: what the case's own policy sets, and the proposed one does not.
    let back =
        compare(&case(&[]), "标题", &contact, own(), Calendar::shipped(), "2024-05-01".parse().unwrap());
    assert_eq!(moves(&back), ["first_contact 2024-03-07 → -", "first_contact overdue → -"]);
}

#[test]
fn a_class_counts_as_the_proposed_policy_says_and_an_unknown_one_as_not_resolved() {
    let class = |id: &str, resolved: bool| {
        format!(
            "[[classes]]\nid = \"{id}\"\nlabel = \"{id}类\"\nresolved = {resolved}\nclause = \"第四条\"\n"
        )
    };
    let resolved =
        |found: &Comparison| (found.before.holds(Measure::Resolved), found.after.holds(Measure::Resolved));
    let (a, b) = (case(&[("2024-04-10", replied("A"))]), case(&[("2024-04-10", replied("B"))]));
    let both = proposed(&(class("A", true) + &class("B", true)));
    assert_eq!(resolved(&compared(&a, &both, "2024-05-30")), (true, true));
    assert_eq!(resolved(&compared(&b, &both, "2024-05-30")), (false, true));
    let found = compared(&a, &proposed(&class("X", true)), "2024-05-30");
    assert_eq!(resolved(&found), (true, false));
    assert_eq!(found.unknown_class.map(|it| it.class).as_deref(), Some("A"));
}

#[test]
fn a_tally_counts_all_and_lists_up_to_its_limit() {
    let shorter = proposed(&term("reply", 2, "months"));
    let mut tally = Tally::up_to(2);
    for on in ["2024-04-10", "2024-05-10", "2024-05-11"] {
        tally.add(compared(&case(&[(on, replied("A"))]), &shorter, "2024-05-30"));
    }
    let told = tally.told("330502".parse().unwrap(), own(), &shorter, "2024-05-30".parse().unwrap());
    assert_eq!((told.cases, told.policy.version), (3, 2));
    assert_eq!((told.due_dates.count, told.due_dates.truncated, told.due_dates.moves.len()), (3, true, 2));
    assert_eq!((told.verdicts.count, told.verdicts.truncated, told.verdicts.moves.len()), (2, false, 2));
    let rates = METRICS.iter().filter(|metric| metric.unit == Unit::Percent);
    assert_eq!(told.rates.len(), rates.count());
    let rate = told.rates.iter().find(|rate| rate.metric == "on_time_rate").unwrap();
    let part = |rate: &Rate| (rate.numerator, rate.denominator, rate.percent.clone());
    assert_eq!(part(&rate.before), (3, 3, Some("100.0".into())));
    assert_eq!(part(&rate.after), (1, 3, Some("33.3".into())));
    let none =
        Tally::up_to(2).told("330502".parse().unwrap(), own(), &shorter, "2024-05-30".parse().unwrap());
    assert!(none.rates.iter().all(|rate| rate.before.percent.is_none() && rate.after.denominator == 0));
}

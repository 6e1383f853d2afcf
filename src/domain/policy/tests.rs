//! The shipped policies against a table written by hand from the texts; versions; and what is said of a wrong file.

use super::{book::SHIPPED, *};
use crate::domain::{term::Unit, words::Ground};
use TermKind as T;
use Unit::{Days, Months, WorkingDays as Wd};

/// What a text says, as somebody read it who did not look at the files.
struct Text {
    id: &'static str,
    terms: &'static [(TermKind, u32, Unit)],
    grounds: &'static str,
    delegations: Delegations,
    government: SharedOutBy,
    hand_back: HandBackDecider,
    consent: bool,
    silence: Silence,
    rework: ReworkOrder,
    until: WithdrawUntil,
    all_signers: bool,
    publish: Publication,
    /// The sections that the text states itself; the law fills in the rest.
    own: &'static str,
}

const TEXTS: [Text; 8] = [
    Text {
        id: "law-2025",
        terms: &[],
        grounds: "personal_matter forwarded_letter academic_or_product no_concrete_content pending_case \
                  tender_under_way other",
        delegations: Delegations::Never,
        government: SharedOutBy::Either,
        hand_back: HandBackDecider::Either,
        consent: false,
        silence: Silence::LeftOut,
        rework: ReworkOrder::Committee,
        until: WithdrawUntil::Reply,
        all_signers: false,
        publish: Publication::OnDecision,
        own: "assignment evaluation extension hand_back key_cases motion numbering publication reply rework rounding \
              submission withdrawal classes grounds ladder notices",
    },
    Text {
        id: "zhejiang-2016",
        terms: &[
            (T::AcceptanceNotice, 7, Days),
            (T::HandBack, 10, Days),
            (T::Opinion, 2, Months),
            (T::Rework, 1, Months),
        ],
        grounds: "personal_matter forwarded_letter academic_or_product no_concrete_content pending_case \
                  tender_under_way other",
        delegations: Delegations::Never,
        government: SharedOutBy::Either,
        hand_back: HandBackDecider::Either,
        consent: true,
        silence: Silence::LeftOut,
        rework: ReworkOrder::Committee,
        until: WithdrawUntil::Reply,
        all_signers: false,
        publish: Publication::OnDecision,
        own: "assignment evaluation extension hand_back key_cases publication reply rework submission classes grounds",
    },
    Text {
        id: "chongqing-2017",
        terms: &[
            (T::Assignment, 10, Wd),
            (T::HandBack, 10, Wd),
            (T::Reassignment, 10, Wd),
            (T::FirstContact, 20, Wd),
            (T::Opinion, 30, Wd),
            (T::OpinionAgain, 5, Wd),
            (T::Evaluation, 20, Wd),
            (T::Rework, 2, Months),
            (T::CommitmentEvaluation, 20, Wd),
        ],
        grounds: "personal_matter pending_case forwarded_letter academic_or_product complaint other",
        delegations: Delegations::InSession,
        government: SharedOutBy::Either,
        hand_back: HandBackDecider::Committee,
        consent: false,
        silence: Silence::LeftOutOnceReminded,
        rework: ReworkOrder::Committee,
        until: WithdrawUntil::Reply,
        all_signers: false,
        publish: Publication::OnceAnswered,
        own: "assignment evaluation extension hand_back key_cases publication reply rework submission withdrawal \
              classes grounds",
    },
    Text {
        id: "qingdao-2021",
        terms: &[(T::Assignment, 5, Wd), (T::HandBack, 5, Wd), (T::Opinion, 1, Months)],
        grounds: "personal_matter complaint forwarded_letter pending_case academic_or_product no_concrete_content other",
        delegations: Delegations::Never,
        government: SharedOutBy::Either,
        hand_back: HandBackDecider::Committee,
        consent: true,
        silence: Silence::LeftOut,
        rework: ReworkOrder::Committee,
        until: WithdrawUntil::Reply,
        all_signers: false,
        publish: Publication::OnceAnswered,
        own: "assignment extension hand_back key_cases publication reply rework submission withdrawal grounds",
    },
    Text {
        id: "beijing-2014",
        terms: &[(T::Evaluation, 15, Wd), (T::Rework, 2, Months)],
        grounds: "personal_matter academic_or_product forwarded_letter complaint pending_case tender_under_way \
                  own_interest",
        delegations: Delegations::Never,
        government: SharedOutBy::GovernmentOffice,
        hand_back: HandBackDecider::Either,
        consent: true,
        silence: Silence::LeftOut,
        rework: ReworkOrder::Committee,
        until: WithdrawUntil::Assignment,
        all_signers: false,
        publish: Publication::OnDecision,
        own: "assignment extension publication rework submission withdrawal grounds",
    },
    Text {
        id: "shandong-2017",
        terms: &[
            (T::Assignment, 5, Days),
            (T::HandBack, 5, Days),
            (T::Opinion, 1, Months),
            (T::Rework, 1, Months),
        ],
        grounds: "personal_matter forwarded_letter academic_or_product no_concrete_content other",
        delegations: Delegations::Never,
        government: SharedOutBy::Either,
        hand_back: HandBackDecider::Either,
        consent: true,
        silence: Silence::LeftOut,
        rework: ReworkOrder::Automatic,
        until: WithdrawUntil::Reply,
        all_signers: false,
        publish: Publication::OnceAnswered,
        own: "assignment evaluation extension hand_back key_cases publication reply rework submission withdrawal \
              classes grounds",
    },
    Text {
        id: "shanghai-2015",
        terms: &[
            (T::Assignment, 7, Wd),
            (T::HandBack, 7, Wd),
            (T::Opinion, 1, Months),
            (T::Rework, 1, Months),
        ],
        grounds: "outside_competence personal_matter pending_case forwarded_letter academic_or_product \
                  no_concrete_content other",
        delegations: Delegations::Never,
        government: SharedOutBy::GovernmentOffice,
        hand_back: HandBackDecider::Either,
        consent: true,
        silence: Silence::LeftOut,
        rework: ReworkOrder::Committee,
        until: WithdrawUntil::Reply,
        all_signers: true,
        publish: Publication::OnDecision,
        own: "assignment extension hand_back publication reply rework submission withdrawal classes grounds",
    },
    Text {
        id: "henan-2017",
        terms: &[
            (T::HandBack, 10, Wd),
            (T::Reassignment, 10, Wd),
            (T::Opinion, 2, Months),
            (T::Evaluation, 10, Wd),
            (T::Rework, 1, Months),
        ],
        grounds: "own_interest tender_under_way pending_case",
        delegations: Delegations::Never,
        government: SharedOutBy::Either,
        hand_back: HandBackDecider::Committee,
        consent: false,
        silence: Silence::LeftOut,
        rework: ReworkOrder::Automatic,
        until: WithdrawUntil::Reply,
        all_signers: false,
        publish: Publication::OnDecision,
        own: "assignment extension hand_back key_cases publication reply rework submission grounds",
    },
];

fn shipped() -> Policies {
    Policies::read(SHIPPED).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn the_shipped_terms_are_those_of_the_texts() {
    let policies = shipped();
    assert_eq!(policies.all().count(), TEXTS.len());
    for text in &TEXTS {
        let mut all = vec![(T::Reply, 3, Months), (T::ReplyExtended, 6, Months)];
        all.extend(text.terms);
        if !text.terms.iter().any(|(kind, ..)| *kind == T::Evaluation) {
            // Where a text is silent, the practice that the national policy fills in.
            all.push((T::Evaluation, 20, Wd));
        }
        all.sort_by_key(|(kind, ..)| *kind);
        let policy = policies.latest(text.id).unwrap();
        let set: Vec<_> = policy.terms.iter().map(|(kind, t)| (*kind, t.amount, t.unit)).collect();
        assert_eq!(set, all, "{}", text.id);
    }
}

#[test]
fn the_shipped_choices_are_those_of_the_texts() {
    let policies = shipped();
    for text in &TEXTS {
        let it = policies.latest(text.id).unwrap();
        let grounds: Vec<_> = it.grounds.iter().map(|ground| ground.id.id()).collect();
        assert_eq!(grounds.join(" "), text.grounds, "{}", text.id);
        let choices = (
            (it.submission.delegations, it.assignment.government, it.hand_back.government),
            (it.extension.consent, it.evaluation.silence, it.rework.order),
            (it.withdrawal.until, it.withdrawal.all_signers, it.publication.publish),
        );
        let expected = (
            (text.delegations, text.government, text.hand_back),
            (text.consent, text.silence, text.rework),
            (text.until, text.all_signers, text.publish),
        );
        assert_eq!(choices, expected, "{}", text.id);
        // The same everywhere: a named leader signs, the lead signer's word counts, the chairpersons' meeting chooses.
        assert_eq!((it.reply.sign_off, it.evaluation.whose), (SignOff::Recorded, Whose::Lead), "{}", text.id);
        assert_eq!(it.key_cases.chosen_by, "主任会议", "{}", text.id);
    }
}

/// Every value that has a clause, as `section`, clause and the policy that states it.
fn stated(policy: &Policy) -> Vec<(String, String, String)> {
    fn below(section: &str, value: &serde_json::Value, found: &mut Vec<(String, String, String)>) {
        if let (Some(clause), Some(by)) = (value["clause"].as_str(), value["stated_by"].as_str()) {
            found.push((section.to_owned(), clause.to_owned(), by.to_owned()));
        } else if let Some(parts) = value.as_object() {
            parts.values().for_each(|part| below(section, part, found));
        } else if let Some(parts) = value.as_array() {
            parts.iter().for_each(|part| below(section, part, found));
        }
    }
    let mut found = Vec::new();
    for (section, value) in serde_json::to_value(policy).unwrap().as_object().unwrap() {
        below(section, value, &mut found);
    }
    found
}

#[test]
fn every_clause_names_a_text_or_is_marked_as_practice() {
    let cites = [
        ("law-2025", "代表法第"),
        ("law-2025", "地方组织法第"),
        ("law-2025", "（惯例）"),
        ("law-2025", "（法律未作规定）"),
        ("zhejiang-2016", "浙江省代表建议办理规定第"),
        ("chongqing-2017", "重庆市代表建议工作条例第"),
        ("qingdao-2021", "青岛市代表建议工作条例第"),
        ("beijing-2014", "北京市代表建议办理条例第"),
        ("shandong-2017", "山东省代表建议办理工作条例第"),
        ("shanghai-2015", "上海市代表建议规定第"),
        ("henan-2017", "河南省代表建议办理办法第"),
    ];
    let policies = shipped();
    for policy in policies.all() {
        let all = stated(policy);
        assert!(all.len() > 20, "{}", policy.id);
        for (section, clause, by) in all {
            let names = |(id, cite): &(&str, &str)| {
                *id == by && if cite.ends_with('第') { clause.starts_with(cite) } else { clause == *cite }
            };
            assert!(cites.iter().any(names), "{} {section}: {clause} (stated by {by})", policy.id);
        }
    }
}

#[test]
fn each_section_is_stated_by_the_text_that_states_it() {
    let policies = shipped();
    for text in &TEXTS {
        let policy = policies.latest(text.id).unwrap();
        let mut own: Vec<_> = text.own.split_whitespace().collect();
        own.sort_unstable();
        let mut found: Vec<_> = stated(policy)
            .into_iter()
            .filter(|(section, _, by)| section != "terms" && by == text.id)
            .map(|(section, ..)| section)
            .collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, own, "{}", text.id);
    }
    let qingdao = policies.latest("qingdao-2021").unwrap();
    let own = qingdao.term(T::Reply).unwrap();
    assert_eq!(
        (own.stated_by.as_str(), own.clause.as_str()),
        ("qingdao-2021", "青岛市代表建议工作条例第二十五条")
    );
    let inherited = qingdao.term(T::Evaluation).unwrap();
    assert_eq!((inherited.stated_by.as_str(), inherited.clause.as_str()), ("law-2025", "（惯例）"));
    let ground =
        |id| policies.latest("chongqing-2017").unwrap().grounds.iter().find(move |g| g.id == id).unwrap();
    // One item of the text, two words of the program.
    for id in [Ground::PendingCase, Ground::ForwardedLetter] {
        assert_eq!(ground(id).clause, "重庆市代表建议工作条例第九条第二款第（二）项");
    }
}

#[test]
fn a_clause_names_its_text_wherever_it_is_read() {
    let policies = Policies::shipped();
    let clause = |id: &str, kind| policies.latest(id).and_then(|p| p.term(kind)).map(|t| t.clause.clone());
    assert_eq!(clause("zhejiang-2016", T::Reply).as_deref(), Some("浙江省代表建议办理规定第二十一条"));
    assert_eq!(clause("law-2025", T::Reply).as_deref(), Some("代表法第五十一条第二款"));
}

/// A regulation of one's own, which leaves everything to the law.
fn own(id: &str, version: u32, effective_from: &str, more: &str) -> String {
    format!(
        "id = \"{id}\"\nversion = {version}\nextends = \"law-2025\"\nname = \"某县代表建议办理办法\"\n\
         cite = \"某县办法\"\nedition = \"2020-01-10\"\neffective_from = \"{effective_from}\"\n{more}"
    )
}

#[test]
fn the_version_in_force_is_the_highest_that_has_taken_effect() {
    let mut policies = shipped();
    // Read in any order.
    for (version, day) in [(2, "2022-01-01"), (1, "2020-03-01"), (3, "2024-07-01")] {
        policies.add(&own("county", version, day, "")).unwrap();
    }
    let version = |on: &str| policies.in_force("county", day(on)).unwrap().version;
    // Before the first the first: cases are older than the paper that says how they were handled.
    let days =
        ["2019-12-31", "2020-03-01", "2021-12-31", "2022-01-01", "2024-06-30", "2024-07-01", "2030-01-01"];
    assert_eq!(days.map(version), [1, 1, 1, 2, 2, 3, 3]);
    assert!(policies.in_force("nowhere", day("2024-01-01")).is_none());
    assert_eq!(policies.latest("county").unwrap().version, 3);
    assert_eq!(policies.versions("county").map(|p| p.version).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(policies.get("county", 2).is_some() && policies.get("county", 4).is_none());
}

#[test]
fn what_is_left_out_is_that_of_the_base_as_the_policy_took_effect() {
    let mut policies = shipped();
    let consent = "[extension]\nconsent = true\nclause = \"第三条\"\n";
    policies.add(&own("county", 1, "2020-03-01", "")).unwrap();
    policies.add(&own("county", 2, "2022-01-01", consent)).unwrap();
    // A later version of the base changes nothing for those who worked under the earlier one.
    for (id, effective_from, expected) in
        [("first", "2019-01-01", false), ("second", "2021-12-31", false), ("third", "2022-01-01", true)]
    {
        let file = own(id, 1, effective_from, "").replace("\"law-2025\"", "\"county\"");
        let policy = policies.add(&file).unwrap().clone();
        assert_eq!(policy.extension.consent, expected, "{id}");
        assert_eq!(policies.before(&policy).unwrap().version, if expected { 2 } else { 1 }, "{id}");
    }
}

#[test]
fn a_version_that_is_known_is_not_changed() {
    let mut policies = shipped();
    let file = own("county", 1, "2020-03-01", "");
    policies.add(&file).unwrap();
    policies.add(&file).unwrap();
    let changed = own("county", 1, "2020-03-01", "[extension]\nconsent = true\nclause = \"第三条\"\n");
    let told = policies.add(&changed).unwrap_err().to_string();
    assert!(
        told.contains("county") && told.contains("version 1") && told.contains("higher version"),
        "{told}"
    );
    assert!(!policies.latest("county").unwrap().extension.consent);
}

#[test]
fn files_are_read_after_those_that_they_extend() {
    let over = |id: &str, version: u32, base: &str, more: &str| {
        own(id, version, "2020-03-01", more).replace("\"law-2025\"", &format!("\"{base}\""))
    };
    let consent = |consent: bool| format!("[extension]\nconsent = {consent}\nclause = \"第三条\"\n");
    let files = [
        ("a-town.toml", over("town", 1, "county", "")),
        ("b-county-2.toml", over("county", 2, "county", "")),
        ("c-county-1.toml", over("county", 1, "law-2025", &consent(true))),
        ("d-county-3.toml", over("county", 3, "law-2025", "")),
    ];
    let mut policies = shipped();
    policies.add_all(files).unwrap();
    let consents = |id: &str, version: u32| policies.get(id, version).unwrap().extension.consent;
    // A version may extend an earlier one of its own policy; another's latest is taken.
    assert_eq!([1, 2, 3].map(|version| consents("county", version)), [true, true, false]);
    assert!(!consents("town", 1));
    assert_eq!(policies.before(policies.get("county", 2).unwrap()).unwrap().version, 1);
    assert_eq!(policies.before(policies.get("town", 1).unwrap()).unwrap().id, "county");
    assert!(policies.before(policies.latest("law-2025").unwrap()).is_none());

    let told = |files: Vec<(&'static str, String)>| {
        let (name, error) = shipped().add_all(files).unwrap_err();
        format!("{name}: {error}")
    };
    let ring = told(vec![("x.toml", over("x", 1, "y", "")), ("y.toml", over("y", 1, "x", ""))]);
    assert!(ring.starts_with("x.toml: ") && ring.contains("extends y, which extends it in turn"), "{ring}");
    let wrong = told(vec![("x.toml", over("x", 1, "law-2025", "")), ("y.toml", over("y", 0, "x", ""))]);
    assert!(wrong.starts_with("y.toml: policy y: version is 0"), "{wrong}");
    let unknown = told(vec![("z.toml", over("z", 1, "elsewhere", ""))]);
    assert!(
        unknown.contains("known are beijing-2014, chongqing-2017") && unknown.contains("law-2025"),
        "{unknown}"
    );
}

#[test]
fn a_wrong_file_is_told_what_is_wrong_and_what_would_be_right() {
    let term = |kind: &str, amount: u32, unit: &str| {
        format!(
            "[terms.{kind}]\namount = {amount}\nunit = \"{unit}\"\nanchor = \"assigned\"\nclause = \"第三条\"\n"
        )
    };
    let class = |id: &str, label: &str, resolved: bool| {
        format!(
            "[[classes]]\nid = \"{id}\"\nlabel = \"{label}\"\nresolved = {resolved}\nclause = \"第四条\"\n"
        )
    };
    let numbering = |pattern: &str| format!("[numbering]\npattern = \"{pattern}\"\nclause = \"第五条\"\n");
    let ground = |id: &str| format!("[[grounds]]\nid = \"{id}\"\nclause = \"第六条\"\n");
    let cases: [(String, &[&str]); 25] = [
        (
            "[extension]\nconsents = true\nclause = \"第三条\"\n".into(),
            &["line 9", "unknown field `consents`", "`consent`"],
        ),
        ("[extensions]\nconsent = true\n".into(), &["line 8", "unknown field `extensions`", "`extension`"]),
        (ground("gossip"), &["line 9", "unknown variant `gossip`", "`personal_matter`", "`other`"]),
        (term("answer", 3, "months"), &["line 8", "unknown variant `answer`", "`reply_extended`"]),
        (term("rework", 1, "weeks"), &["line 10", "unknown variant `weeks`", "`working_days`"]),
        (term("rework", 0, "months"), &["[terms.rework] amount is 0", "between 1 and 120"]),
        (term("rework", 121, "months"), &["[terms.rework] amount is 121", "in months", "between 1 and 120"]),
        (term("rework", 3651, "working_days"), &["amount is 3651", "in working_days", "between 1 and 3650"]),
        (term("reply_extended", 2, "months"), &["[terms.reply_extended]", "not shorter"]),
        (term("reply_extended", 180, "days"), &["[terms.reply_extended]", "in the unit of [terms.reply]"]),
        (term("opinion", 4, "months"), &["[terms.opinion] is longer than [terms.reply]", "no later"]),
        (term("opinion", 65, "working_days"), &["[terms.opinion] is longer than [terms.reply]"]),
        (class("A", "已经解决", false), &["at least one of [[classes]] must count as resolved"]),
        (class("A", "已经解决", true) + &class("A", "正在解决", false), &["class A is there twice"]),
        (class("", "已经解决", true), &["class 1 of [[classes]] needs an id, such as A"]),
        (class("A", " ", true), &["class 1 of [[classes]]", "a label"]),
        (ground("other") + &ground("other"), &["ground other is there twice", "one clause"]),
        (numbering("{session}第1号"), &["needs {number}"]),
        (numbering("{year}第{number}号"), &["{year}第{number}号", "{session}, {kind} and {number}"]),
        (numbering("{number"), &["needs {number}", "holds what nothing is known for"]),
        ("[extension]\nconsent = true\nclause = \" \"\n".into(), &["[extension] has no clause", "（惯例）"]),
        (term("rework", 1, "months").replace("第三条", ""), &["[terms.rework] has no clause", "第…条"]),
        ("[extension]\nconsent = true\n".into(), &["line 8", "missing field `clause`"]),
        (
            "[key_cases]\nchosen_by = \"\"\nclause = \"第三条\"\n".into(),
            &["[key_cases] chosen_by is empty", "主任会议"],
        ),
        (
            "[rounding]\ndecimals = 7\nrule = \"half_up\"\ntrim_zeros = true\nclause = \"（惯例）\"\n".into(),
            &["[rounding] decimals is 7", "at most 6"],
        ),
    ];
    let policies = shipped();
    for (more, expected) in cases {
        let told = policies.resolve(&own("county", 1, "2020-03-01", &more)).unwrap_err().to_string();
        for part in expected {
            assert!(told.contains(part), "{more}\n{told}\nlacks: {part}");
        }
    }
    let head = own("county", 1, "2020-03-01", "");
    let cases = [
        ("law-2025", "law-1999", "county extends law-1999, which is not known"),
        ("extends = \"law-2025\"\n", "", "county has no [rounding]"),
        ("2020-01-10", "2020-02-30", "`2020-02-30` is not a day that exists; write it as 2024-03-08"),
        ("2020-01-10", "10.1.2020", "is not a day that exists"),
        ("version = 1", "version = 0", "versions count from 1"),
        ("\"county\"", "\"某县\"", "such as zhejiang-2016"),
        ("\"某县办法\"", "\"\"", "cite is empty"),
        ("\"某县代表建议办理办法\"", "\"\"", "name is empty"),
    ];
    for (right, wrong, expected) in cases {
        let told = policies.resolve(&head.replace(right, wrong)).unwrap_err().to_string();
        assert!(told.contains(expected), "{told}\nlacks: {expected}");
    }
    // All that is wrong at once.
    let told =
        policies.resolve(&own("county", 0, "2020-03-01", &numbering("{number}{x}"))).unwrap_err().to_string();
    assert!(told.contains("version is 0") && told.contains("{number}{x}"), "{told}");
}

//! Confidential cases: read and worked on by named people only, and every reading stands in the ledger.

use crate::{
    on_both,
    support::{World, world::letter},
};
use jianyi::{
    office::Fault,
    store::acts::{self, Asked},
};
use serde_json::{Value, json};

fn me(world: &World, name: &str) -> Value {
    world.signed_in(name).get("/v1/me").expect(200).json["user"].clone()
}

/// Who read the case, as the second book tells it.
fn readings(world: &World, path: &str) -> Vec<String> {
    let asked = Asked {
        congress: "330502".parse().ok(),
        case: path.rsplit('/').next().unwrap().parse().ok(),
        kind: Some("case_read".to_owned()),
        limit: 100,
        ..Asked::default()
    };
    let read = move |db: &mut _| Ok::<_, Fault>(acts::list(db, &asked)?);
    let mut lines: Vec<String> = world
        .office
        .store()
        .read_here(read)
        .unwrap()
        .into_iter()
        .map(|act| {
            let author: Value = serde_json::from_str(&act.author.unwrap()).unwrap();
            let body: Value = serde_json::from_str(&act.body).unwrap();
            format!("{} {}", author["name"].as_str().unwrap(), body["operation"].as_str().unwrap())
        })
        .collect();
    // Of one instant: their ids do not tell which came first.
    lines.sort();
    lines
}

on_both! {
    fn a_confidential_case_is_worked_on_by_those_who_are_named(world) {
        let (path, _) = world.in_hand("关于企业技术秘密的建议");
        let hidden = json!({"confidential": true, "reason": "涉及商业秘密"});
        world.does("committee", &format!("{path}/confidentiality"), hidden);
        // Who marked it goes on with it; the department has to be named first.
        world.committee().get(&path).expect(200);
        let transport = world.transport();
        let told = transport.get(&path).expect(403);
        assert!(told.text.contains("知悉人员"), "{}", told.text);
        transport.post(&format!("{path}/assignments/1/reply"), letter("A")).expect(403);
        let line = transport.get("/v1/cases").expect(200).json["cases"][0].clone();
        assert_eq!((line["title"].as_str(), line["lead"].is_null()), (Some("（保密件）"), true));
        assert_eq!(line["number"], "区五届三次会议建议第001号");
        let asked = format!("/v1/cases?lead={}", world.deputy().party);
        assert_eq!(transport.get(&asked).expect(200).json["cases"], json!([]), "whose it is cannot be asked out");

        world.committee().post(&format!("{path}/readers"), json!({"readers": []})).expect(403);
        let leader = world.signed_in("leader");
        let wrong = leader.post(&format!("{path}/readers"), json!({"readers": [me(world, "committee"), me(world, "chen")]}));
        assert_eq!(wrong.expect(422).pointers(), ["/readers/1"]);
        let named = json!({"readers": [me(world, "committee"), me(world, "transport")], "reason": "经办"});
        leader.post(&format!("{path}/readers"), named).expect(200);
        assert_eq!(transport.get("/v1/cases").expect(200).json["cases"][0]["title"], "关于企业技术秘密的建议");
        assert_eq!(transport.get(&asked).expect(200).json["cases"].as_array().unwrap().len(), 1);
        transport.post(&format!("{path}/assignments/1/reply"), letter("A")).expect(200);
        world.signed_in("transport-approver").get(&path).expect(403);
        // Taken off the list, he is out at his next request.
        let named = json!({"readers": [me(world, "committee")]});
        leader.post(&format!("{path}/readers"), named).expect(200);
        transport.get(&path).expect(403);
        let lifted = json!({"confidential": false, "reason": "已解密"});
        world.does("committee", &format!("{path}/confidentiality"), lifted);
        transport.get(&path).expect(200);
        leader.post(&format!("{path}/readers"), json!({"readers": []})).expect(409);
        world.assert_no_drift();
    }

    fn a_case_that_is_handled_with_another_is_named_there_by_its_number_alone(world) {
        let (main, _) = world.registered("关于停车难的建议");
        let (second, _) = world.registered("关于某企业车位的建议");
        world.does("committee", &format!("{second}/merger"), json!({"into": main.trim_start_matches("/v1/cases/")}));
        // Its deputy may still ask for it.
        world.does("chen", &format!("{second}/confidentiality"), json!({"confidential": true, "reason": "商业秘密"}));
        let transport = world.transport();
        let handlers = json!({"handlers": [{"department": transport.party, "part": "sole"}]});
        world.does("committee", &format!("{main}/assignments"), handlers);
        transport.get(&second).expect(403);
        let shown = transport.get(&main).expect(200);
        assert_eq!(shown.json["joined"][0]["number"], "区五届三次会议建议第002号");
        for page in [shown, transport.get(&format!("{main}/events")).expect(200)] {
            assert!(!page.text.contains("某企业"), "{}", page.text);
        }
    }

    fn every_reading_of_a_confidential_case_stands_in_the_ledger(world) {
        let (path, _) = world.in_hand("关于个人隐私的建议");
        world.deputy().get(&path).expect(200);
        assert_eq!(readings(world, &path), Vec::<String>::new(), "of an open case nobody keeps a list of readers");
        world.does("leader", &format!("{path}/confidentiality"), json!({"confidential": true, "reason": "个人隐私"}));
        let (chen, auditor) = (world.deputy(), world.signed_in("auditor"));
        chen.get(&path).expect(200);
        for door in ["", "/events", "/deadlines", "/holders", "/actions", "/similar", "/acceptance-notice.docx"] {
            auditor.get(&format!("{path}{door}")).expect(200);
        }
        // Who is turned away has not read it.
        world.transport().get(&path).expect(403);
        assert_eq!(
            readings(world, &path),
            [
                "审计 get_case",
                "审计 get_notice_docx",
                "审计 list_actions",
                "审计 list_deadlines",
                "审计 list_events",
                "审计 list_holders",
                "审计 list_similar",
                "陈芳 get_case",
            ]
        );
    }

    fn the_second_book_is_not_rewritten_either(world) {
        let (path, _) = world.in_hand("关于不可更改的建议");
        world.does("leader", &format!("{path}/confidentiality"), json!({"confidential": true, "reason": "个人隐私"}));
        world.deputy().get(&path).expect(200);
        for sql in ["UPDATE acts SET kind = 'nothing'", "DELETE FROM acts"] {
            let rewritten = world.office.store().write_here(move |db| {
                use diesel::RunQueryDsl;
                Ok::<_, Fault>(diesel::sql_query(sql).execute(db).map_err(jianyi::store::StoreError::from)?)
            });
            assert!(rewritten.is_err(), "{sql}");
        }
        assert_eq!(readings(world, &path).len(), 1);
    }

    fn a_department_learns_of_what_it_handed_back_that_it_happened(world) {
        let (path, _) = world.in_hand("关于不属本局的建议");
        let transport = world.transport();
        assert_eq!(transport.get("/v1/hand-backs").expect(200).json["hand_backs"], json!([]));
        world.does("transport", &format!("{path}/assignments/1/hand-back"), json!({"reason": "不属我局", "proposed_department": "区住建局"}));
        let decision = json!({"granted": true, "assign_to": world.housing().party});
        world.does("committee", &format!("{path}/assignments/1/hand-back/decision"), decision);
        let told = || transport.get("/v1/hand-backs").expect(200).json["hand_backs"].clone();
        let before = told();
        assert_eq!(before.as_array().unwrap().len(), 1);
        assert_eq!(before[0]["title"], "关于不属本局的建议");
        assert_eq!(before[0]["hand_back"]["asked"]["reason"], "不属我局");
        transport.get(&path).expect(404);
        assert_eq!(transport.get("/v1/cases").expect(200).json["cases"], json!([]));
        // What became of it is another's.
        world.does("housing", &format!("{path}/assignments/2/acceptance"), json!({}));
        world.does("housing", &format!("{path}/assignments/2/reply"), letter("A"));
        assert_eq!(told(), before);
        assert_eq!(world.housing().get("/v1/hand-backs").expect(200).json["hand_backs"], json!([]));
        world.deputy().get("/v1/hand-backs").expect(403);
    }

    fn a_delegations_secretary_reads_what_its_deputies_handed_in_and_types_their_paper(world) {
        let secretary = world.signed_in("secretary");
        let (path, _) = world.in_hand("关于织里镇的建议");
        let case = secretary.get(&path).expect(200);
        assert_eq!(case.json["title"], "关于织里镇的建议");
        secretary.post(&format!("{path}/closure"), json!({})).expect(403);
        // 沈建国 belongs to no delegation.
        let draft = json!({"kind": "suggestion", "title": "别团的建议", "body": "正文", "lead": world.signed_in("shen").party});
        assert_eq!(secretary.create("/v1/cases", draft.clone()).expect(422).pointers(), ["/lead"]);
        let mut paper = draft;
        paper["lead"] = json!(world.deputy().party);
        let entered = secretary.create("/v1/cases", paper).expect(201);
        assert_eq!(entered.json["stage"], "submitted");
        assert_eq!(secretary.get("/v1/cases").expect(200).json["cases"].as_array().unwrap().len(), 2);
        world.does("committee", &format!("{path}/confidentiality"), json!({"confidential": true, "reason": "代表要求"}));
        secretary.get(&path).expect(404);
        assert_eq!(secretary.get("/v1/cases").expect(200).json["cases"].as_array().unwrap().len(), 1);
        secretary.get("/v1/figures?congress=330502&metric=reply_rate").expect(403);
        world.assert_no_drift();
    }
}

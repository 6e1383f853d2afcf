//! The letter and what follows: drafted and signed inside the department, answered ask by ask, corrected, handled
//! again, its promises kept; and what the deputy makes of each.

use crate::{
    filing::drafted,
    on_both,
    support::{World, world::letter},
};
use serde_json::{Value, json};

/// A suggestion with two asks in the transport department's hands; its path and version.
fn with_asks(world: &World) -> (String, i64) {
    let path = drafted(world, "suggestion", &[]);
    let (committee, transport) = (world.committee(), world.transport());
    world.deputy().post(&format!("{path}/submission"), json!({})).expect(200);
    committee.post(&format!("{path}/registration"), json!({})).expect(200);
    let handlers = json!({"handlers": [{"department": transport.party, "part": "sole"}]});
    committee.post(&format!("{path}/assignments"), handlers).expect(200);
    transport.post(&format!("{path}/assignments/1/acceptance"), json!({})).expect(200);
    (path, 5)
}

fn answer(class: &str) -> Value {
    let mut answer = letter(class);
    answer["answers"] = json!([
        {"ask": 1, "class": "A", "text": "已挖潜六十个车位"},
        {"ask": 2, "class": class, "text": "与三家单位协商错时共享"}
    ]);
    answer["commitments"] =
        json!([{"text": "年内新增车位二百个", "due_on": "2024-12-31", "responsible": "停车管理科"}]);
    answer
}

on_both! {
    fn each_ask_is_answered_with_a_class_of_its_own(world) {
        let (path, _) = with_asks(world);
        let transport = world.transport();
        let reply = |body: Value| transport.post(&format!("{path}/assignments/1/reply"), body);
        assert_eq!(reply(letter("B")).expect(422).pointers(), ["/answers"]);
        let mut wrong = answer("B");
        wrong["answers"][1]["ask"] = json!(3);
        assert_eq!(reply(wrong.clone()).expect(422).pointers(), ["/answers/1/ask"]);
        wrong["answers"][1] = json!({"ask": 2, "class": "Z", "text": "一"});
        assert_eq!(reply(wrong).expect(422).pointers(), ["/answers/1/class"]);
        let replied = reply(answer("B")).expect(200);
        assert_eq!(replied.json["replies"][0]["letter"]["answers"][0]["class"], "A");
        assert_eq!((&replied.json["class"], &replied.json["commitments"][0]["promised"]["responsible"]), (&json!("B"), &json!("停车管理科")));
    }

    fn inside_the_department_one_drafts_and_another_signs(world) {
        let (path, version) = with_asks(world);
        let (transport, approver) = (world.transport(), world.signed_in("transport-approver"));
        let draft = |body: Value, _| transport.post(&format!("{path}/assignments/1/reply/draft"), body).expect(200);
        let none = approver.post(&format!("{path}/assignments/1/reply/signature"), json!({})).expect(409);
        assert_eq!(none.json["missing"]["code"], "nothing_to_sign");
        let first = draft(answer("B"), version);
        assert_eq!(first.json["assignments"][0]["draft"]["by_name"], "区交通运输局");
        // Nobody outside sees it, neither in the case nor in its history.
        for who in ["chen", "committee", "government-office"] {
            let who = world.signed_in(who);
            for page in ["", "/events"] {
                assert!(!who.get(&format!("{path}{page}")).expect(200).text.contains("挖潜六十个"), "{page}");
            }
        }
        world.signed_in("auditor").get(&format!("{path}/events")).expect(200).text.contains("挖潜六十个").then_some(()).unwrap();
        let back = approver.post(&format!("{path}/assignments/1/reply/return"), json!({"reason": "请写明期限"})).expect(200);
        approver.post(&format!("{path}/assignments/1/reply/signature"), json!({})).expect(409);
        let mut letter = answer("B");
        letter.as_object_mut().unwrap().remove("signer");
        draft(letter, back.version());
        transport.post(&format!("{path}/assignments/1/reply/signature"), json!({})).expect(403);
        let sent = approver.post(&format!("{path}/assignments/1/reply/signature"), json!({})).expect(200);
        assert_eq!((&sent.json["stage"], &sent.json["replies"][0]["letter"]["signer"]), (&json!("replied"), &json!("分管领导")));
        assert_eq!(sent.json["assignments"][0]["draft"], json!(null));
        world.assert_no_drift();
    }

    fn whoever_wrote_a_letter_does_not_sign_it(world) {
        let (path, _) = with_asks(world);
        let approver = world.signed_in("transport-approver");
        approver.post(&format!("{path}/assignments/1/reply/draft"), answer("B")).expect(200);
        let refused = approver.post(&format!("{path}/assignments/1/reply/signature"), json!({})).expect(409);
        assert_eq!(refused.json["missing"]["code"], "signer_is_author");
    }

    fn a_wrong_letter_is_corrected_by_another_version(world) {
        let (path, _) = with_asks(world);
        let transport = world.transport();
        transport.post(&format!("{path}/assignments/1/reply"), answer("B")).expect(200);
        let mut right = answer("B");
        right["document_number"] = json!("吴交〔2024〕13号");
        let correction = json!({"reason": "文号有误", "letter": right});
        let corrected = transport.post(&format!("{path}/assignments/1/reply/correction"), correction.clone()).expect(200);
        assert_eq!(corrected.json["replies"].as_array().map(Vec::len), Some(2));
        assert_eq!(corrected.json["replies"][1]["occasion"], json!({"kind": "correction", "of": 1, "reason": "文号有误"}));
        // The old promise stands no longer.
        let stand: Vec<_> = corrected.json["commitments"].as_array().unwrap().iter().map(|c| c["replaced"].clone()).collect();
        assert_eq!(stand, [json!(true), json!(false)]);
        let report = json!({"progress": "kept", "text": "已建成", "evidence": "验收单"});
        let gone = transport.post(&format!("{path}/commitments/1/reports"), report).expect(409);
        assert_eq!(gone.json["missing"]["code"], "promise_replaced");
        // The deputy judges the answer, in whichever version; whether he has, nobody learns by correcting it.
        let may = |what: &str| {
            let actions = transport.get(&format!("{path}/actions")).expect(200).json;
            actions["actions"].as_array().unwrap().iter().find(|a| a["action"] == what).unwrap()["allowed"].clone()
        };
        let before = (may("correct_reply"), transport.get(&format!("{path}/holders")).expect(200).json);
        let judged = json!({"attitude": "satisfied", "result": "satisfied"});
        world.deputy().post(&format!("{path}/evaluations"), judged).expect(200);
        assert_eq!((may("correct_reply"), transport.get(&format!("{path}/holders")).expect(200).json), before);
        transport.post(&format!("{path}/assignments/1/reply/correction"), correction).expect(200);
        let mut better = json!({"reason": "改善结果", "letter": answer("A")});
        better["letter"]["answers"][1]["class"] = json!("A");
        let other = transport.post(&format!("{path}/assignments/1/reply/correction"), better).expect(422);
        assert_eq!(other.pointers(), ["/letter/class"]);
        let rate = world.committee().get("/v1/figures?congress=330502&metric=satisfaction_rate").expect(200).json;
        assert_eq!(rate["figures"][0]["denominator"], 1);
        world.assert_no_drift();
    }

    fn a_second_rejection_goes_to_the_committee(world) {
        world.under("shandong-2017");
        let (path, _) = with_asks(world);
        let (deputy, transport, committee) = (world.deputy(), world.transport(), world.committee());
        transport.post(&format!("{path}/assignments/1/reply"), answer("A")).expect(200);
        let bad = json!({"attitude": "basically_satisfied", "result": "unsatisfied", "text": "没有时间表"});
        world.on("2024-02-01");
        let judged = deputy.post(&format!("{path}/evaluations"), bad.clone()).expect(200);
        // In Shandong the first rejection sends it back by itself, with a clock of its own.
        assert_eq!(judged.json["stage"], "rework");
        let deadlines = committee.get(&format!("{path}/deadlines")).expect(200).json;
        let rework = deadlines["deadlines"].as_array().unwrap().iter().find(|d| d["kind"] == "rework").cloned().unwrap();
        assert_eq!((&rework["due"], &rework["verdict"]), (&json!("2024-03-01"), &json!("open")));
        transport.post(&format!("{path}/assignments/1/reply"), answer("A")).expect(200);
        let second = deputy.post(&format!("{path}/evaluations"), bad).expect(200);
        assert_eq!(second.json["stage"], "replied");
        let closing = committee.post(&format!("{path}/closure"), json!({})).expect(409);
        assert_eq!(closing.json["missing"]["who"][0]["hand"], "committee");
        let stands = json!({"rework": false, "reason": "已召集研究，受规划限制，答复属实"});
        committee.post(&format!("{path}/dissatisfaction"), stands.clone()).expect(200);
        committee.post(&format!("{path}/dissatisfaction"), stands).expect(409);
        committee.post(&format!("{path}/closure"), json!({})).expect(200);
        // The answer stands; that he was not satisfied stands too.
        let rate = committee.get("/v1/figures?congress=330502&metric=satisfaction_rate").expect(200).json;
        assert_eq!((&rate["figures"][0]["numerator"], &rate["figures"][0]["denominator"]), (&json!(0), &json!(1)));
        world.assert_no_drift();
    }

    fn in_chongqing_silence_is_left_out_only_after_a_reminder(world) {
        world.under("chongqing-2017");
        let (path, _) = world.answered("关于老年食堂的建议", "A");
        let committee = world.committee();
        let early = committee.post(&format!("{path}/evaluations/reminder"), json!({})).expect(409);
        assert_eq!(early.json["missing"]["code"], "evaluation_not_due");
        world.on("2024-03-01");
        let closing = committee.post(&format!("{path}/closure"), json!({})).expect(409);
        assert_eq!(closing.json["missing"]["code"], "reminder_needed");
        committee.post(&format!("{path}/evaluations/reminder"), json!({})).expect(200);
        // A department does not learn from it that nobody has judged.
        assert_eq!(world.transport().get(&path).expect(200).json["reminded_on"], json!(null));
        committee.post(&format!("{path}/closure"), json!({})).expect(200);
    }

    fn a_kept_promise_leads_to_a_second_answer_and_both_classes_stay(world) {
        let (path, _) = with_asks(world);
        let (deputy, transport, committee) = (world.deputy(), world.transport(), world.committee());
        transport.post(&format!("{path}/assignments/1/reply"), answer("B")).expect(200);
        deputy.post(&format!("{path}/evaluations"), json!({"attitude": "satisfied", "result": "basically_satisfied"})).expect(200);
        committee.post(&format!("{path}/closure"), json!({})).expect(200);
        let early = transport.post(&format!("{path}/assignments/1/reply/follow-up"), answer("A")).expect(409);
        assert_eq!(early.json["missing"]["code"], "no_promise_kept");
        world.on("2024-12-20");
        let report = json!({"progress": "kept", "text": "新增二百一十个", "evidence": "验收单"});
        transport.post(&format!("{path}/commitments/2/reports"), report.clone()).expect(404);
        world.housing().post(&format!("{path}/commitments/1/reports"), report.clone()).expect(404);
        transport.post(&format!("{path}/commitments/1/reports"), report.clone()).expect(200);
        let dispute = json!({"confirmed": false, "text": "只看到一百个"});
        deputy.post(&format!("{path}/commitments/1/judgement"), dispute).expect(200);
        transport.post(&format!("{path}/assignments/1/reply/follow-up"), answer("A")).expect(409);
        world.on("2024-12-28");
        transport.post(&format!("{path}/commitments/1/reports"), report).expect(200);
        deputy.post(&format!("{path}/commitments/1/judgement"), json!({"confirmed": true})).expect(200);
        let mut second = answer("A");
        second.as_object_mut().unwrap().remove("commitments");
        let again = transport.post(&format!("{path}/assignments/1/reply/follow-up"), second.clone()).expect(200);
        // One promise, one second answer.
        transport.post(&format!("{path}/assignments/1/reply/follow-up"), second).expect(409);
        assert_eq!((&again.json["stage"], &again.json["class"]), (&json!("closed"), &json!("A")));
        let classes: Vec<_> = again.json["classes"].as_array().unwrap().iter().map(|c| c["class"].as_str().unwrap()).collect();
        assert_eq!(classes, ["B", "A"]);
        // What the deputy said of the first answer stays what he said of it.
        assert_eq!(committee.get("/v1/figures?congress=330502&metric=satisfaction_rate").expect(200).json["figures"][0]["denominator"], 1);
        assert_eq!(committee.get("/v1/figures?congress=330502&metric=resolution_rate").expect(200).json["figures"][0]["numerator"], 1);
        world.assert_no_drift();
    }

    fn a_better_class_does_not_outlive_the_dispute_of_the_promise_it_rests_on(world) {
        let (path, _) = with_asks(world);
        let transport = world.transport();
        transport.post(&format!("{path}/assignments/1/reply"), answer("B")).expect(200);
        let report = json!({"progress": "kept", "text": "已建成", "evidence": "验收单"});
        transport.post(&format!("{path}/commitments/1/reports"), report).expect(200);
        let mut second = answer("A");
        second.as_object_mut().unwrap().remove("commitments");
        let raised = transport.post(&format!("{path}/assignments/1/reply/follow-up"), second).expect(200);
        assert_eq!(raised.json["class"], "A");
        let dispute = json!({"confirmed": false, "text": "没有建成"});
        let disputed = world.deputy().post(&format!("{path}/commitments/1/judgement"), dispute).expect(200);
        assert_eq!(disputed.json["class"], "B");
        assert_eq!(world.committee().get("/v1/figures?congress=330502&metric=resolution_rate").expect(200).json["figures"][0]["numerator"], 0);
        world.assert_no_drift();
    }

    fn in_chongqing_what_is_still_being_solved_comes_with_a_promise(world) {
        world.under("chongqing-2017");
        let (path, _) = world.in_hand("关于雨污分流的建议");
        let transport = world.transport();
        let bare = transport.post(&format!("{path}/assignments/1/reply"), letter("B")).expect(422);
        assert_eq!(bare.pointers(), ["/commitments"]);
        assert!(bare.text.contains("重庆市代表建议工作条例第二十二条"), "{}", bare.text);
        let mut promising = letter("B");
        promising["commitments"] = json!([{"text": "年内完工", "due_on": "2024-12-20"}]);
        transport.post(&format!("{path}/assignments/1/reply"), promising).expect(200);
    }

    fn what_was_not_delivered_is_reopened_by_a_revisit(world) {
        let (path, _) = world.answered("关于夜间照明的建议", "A");
        let (deputy, committee) = (world.deputy(), world.committee());
        deputy.post(&format!("{path}/evaluations"), json!({"attitude": "satisfied", "result": "satisfied"})).expect(200);
        committee.post(&format!("{path}/closure"), json!({})).expect(200);
        world.on("2024-11-20");
        let mut seen = json!({"day": "2024-11-20", "way": "visit", "people": ["代表工委"], "finding": "路灯未装", "outcome": "upheld", "reopen": true});
        assert_eq!(committee.post(&format!("{path}/revisits"), seen.clone()).expect(422).pointers(), ["/reopen"]);
        seen["outcome"] = json!("not_delivered");
        seen["class"] = json!("B");
        let opened = committee.post(&format!("{path}/revisits"), seen).expect(200);
        assert_eq!((&opened.json["stage"], &opened.json["class"]), (&json!("rework"), &json!("B")));
        let again = world.transport().post(&format!("{path}/assignments/1/reply"), letter("A")).expect(200);
        assert_eq!((&again.json["stage"], &again.json["class"]), (&json!("replied"), &json!("A")));
        world.assert_no_drift();
    }

    fn a_key_case_has_its_supervisor_its_plan_and_its_own_list(world) {
        let (path, _) = world.in_hand("关于老旧小区加装电梯的建议");
        world.in_hand("关于另一件的建议");
        let committee = world.committee();
        let chosen = json!({"meeting": "第三十次主任会议", "supervisor": "张副主任", "supervised_by": "城建环保工委", "plan": "五月视察，十月回头看。"});
        let key = committee.post(&format!("{path}/key-case"), chosen.clone()).expect(200);
        assert_eq!(key.json["key_case"]["clause"], "浙江省代表建议办理规定第十二条");
        committee.post(&format!("{path}/key-case"), chosen).expect(409);
        let listed = |query: &str| committee.get(&format!("/v1/cases?{query}")).expect(200).json["cases"].as_array().map(Vec::len);
        assert_eq!((listed("key_case=true"), listed("key_case=false")), (Some(1), Some(1)));
        let group = committee.get("/v1/figures?congress=330502&metric=reply_rate&group_by=key_case").expect(200).json;
        let values: Vec<_> = group["figures"].as_array().unwrap().iter().map(|f| (f["group"]["key_case"].clone(), f["denominator"].clone())).collect();
        assert_eq!(values, [(json!(null), json!(1)), (json!("yes"), json!(1))]);
        let released = committee.post(&format!("{path}/key-case/release"), json!({"reason": "已办结"})).expect(200);
        assert_eq!((listed("key_case=true"), &released.json["key_case"]["released"]), (Some(0), &json!("已办结")));
        world.assert_no_drift();
    }

    fn notes_stay_inside_or_reach_everybody(world) {
        let (path, _) = world.in_hand("关于公厕的建议");
        let transport = world.transport();
        let note = |text: &str, audience: &str| json!({"text": text, "audience": audience});
        transport.post(&format!("{path}/assignments/1/notes"), note("内部记录甲", "department")).expect(200);
        transport.post(&format!("{path}/assignments/1/notes"), note("公开进展乙", "everybody")).expect(200);
        for (who, inside) in [("transport", true), ("transport-approver", true), ("auditor", true), ("chen", false), ("committee", false), ("government-office", false)] {
            let who = world.signed_in(who);
            for page in ["", "/events"] {
                let text = who.get(&format!("{path}{page}")).expect(200).text;
                assert_eq!((text.contains("内部记录甲"), text.contains("公开进展乙")), (inside, true));
            }
        }
    }
}

//! Between the offices: handed over and shared out, disputes about whose business it is, several departments at once.

use crate::{on_both, support::world::letter};
use serde_json::json;

on_both! {
    fn the_government_office_shares_out_what_was_handed_to_it(world) {
        world.on("2024-02-22");
        let (path, _) = world.registered("关于农贸市场的建议");
        let (committee, office) = (world.committee(), world.signed_in("government-office"));
        let (transport, court) = (world.transport(), world.signed_in("court"));
        // Not yet: for the office the case does not exist.
        office.get(&path).expect(404);
        let sent = committee.post(&format!("{path}/dispatch"), json!({"note": "请分办"})).expect(200);
        assert_eq!((&sent.json["stage"], &sent.json["assigned_on"]), (&json!("dispatched"), &json!("2024-02-22")));
        world.on("2024-02-27");
        let to = |party: &str| json!({"handlers": [{"department": party, "part": "sole"}]});
        let foreign = office.post(&format!("{path}/assignments"), to(&court.party)).expect(422);
        assert_eq!(foreign.pointers(), ["/handlers/0/department"]);
        let shared = office.post(&format!("{path}/assignments"), to(&transport.party)).expect(200);
        // The law's three months run from the handing over, not from the sharing out.
        assert_eq!(shared.json["assigned_on"], "2024-02-22");
        let deadlines = committee.get(&format!("{path}/deadlines")).expect(200).json;
        let reply = deadlines["deadlines"].as_array().unwrap().iter().find(|d| d["kind"] == "reply").cloned().unwrap();
        assert_eq!((&reply["anchor_on"], &reply["due"]), (&json!("2024-02-22"), &json!("2024-05-22")));
        // A case that was not handed over is not the office's to share out.
        let (other, _) = world.in_hand("关于另一件的建议");
        let housing = world.housing();
        let helps = json!({"handlers": [{"department": housing.party, "part": "co"}]});
        let refused = office.post(&format!("{other}/assignments"), helps).expect(409);
        assert_eq!(refused.json["missing"]["code"], "not_dispatched");
        world.assert_no_drift();
    }

    fn in_shanghai_departments_of_the_government_come_through_its_office(world) {
        world.under("shanghai-2015");
        let (path, _) = world.registered("关于绿道的建议");
        let (committee, transport, court) = (world.committee(), world.transport(), world.signed_in("court"));
        let to = |party: &str| json!({"handlers": [{"department": party, "part": "sole"}]});
        let direct = committee.post(&format!("{path}/assignments"), to(&transport.party)).expect(409);
        assert_eq!(direct.json["missing"]["code"], "through_the_government_office");
        assert!(direct.text.contains("上海市代表建议规定第十一条第三款"), "{}", direct.text);
        // A court answers to nobody's office.
        committee.post(&format!("{path}/assignments"), to(&court.party)).expect(200);
    }

    fn where_departments_disagree_their_office_decides_and_its_word_binds(world) {
        world.on("2024-02-22");
        let (path, _) = world.registered("关于河道保洁的建议");
        let (committee, office) = (world.committee(), world.signed_in("government-office"));
        let (transport, housing) = (world.transport(), world.housing());
        committee.post(&format!("{path}/dispatch"), json!({})).expect(200);
        let to = |party: &str| json!({"handlers": [{"department": party, "part": "sole"}]});
        office.post(&format!("{path}/assignments"), to(&transport.party)).expect(200);
        world.on("2024-02-26");
        let not_ours = json!({"reason": "不属我局", "proposed_department": "区住房和城乡建设局"});
        transport.post(&format!("{path}/assignments/1/hand-back"), not_ours.clone()).expect(200);
        let next = json!({"granted": true, "assign_to": housing.party});
        let moved = office.post(&format!("{path}/assignments/1/hand-back/decision"), next).expect(200);
        assert_eq!((&moved.json["assignments"][1]["standing"], &moved.json["assignments"][1]["binding"]), (&json!("pending"), &json!(false)));
        // The second department disagrees too.
        housing.post(&format!("{path}/assignments/2/hand-back"), not_ours).expect(200);
        let back = json!({"granted": true, "assign_to": transport.party});
        let dispute = committee.post(&format!("{path}/assignments/2/hand-back/decision"), back.clone()).expect(409);
        assert_eq!(dispute.json["missing"]["who"][0]["hand"], "government_office");
        let settled = office.post(&format!("{path}/assignments/2/hand-back/decision"), back).expect(200);
        assert_eq!(settled.json["assignments"][2]["binding"], true);
        let again = json!({"reason": "仍不属我局"});
        let kept = transport.post(&format!("{path}/assignments/3/hand-back"), again).expect(409);
        assert_eq!(kept.json["missing"]["code"], "binding");
        // Nobody's quarrel gives the case more time.
        assert_eq!(settled.json["assigned_on"], "2024-02-22");
        world.assert_no_drift();
    }

    fn separate_handlers_answer_each_for_its_part_and_the_slowest_decides(world) {
        let (path, _) = world.registered("关于学校门口交通和法治宣传的建议");
        let (committee, transport, court) = (world.committee(), world.transport(), world.signed_in("court"));
        let one = json!({"handlers": [{"department": transport.party, "part": "separate"}]});
        committee.post(&format!("{path}/assignments"), one).expect(422);
        let both = json!({"handlers": [
            {"department": transport.party, "part": "separate", "note": "第一项"},
            {"department": court.party, "part": "separate", "note": "第二项"}
        ]});
        committee.post(&format!("{path}/assignments"), both).expect(200);
        transport.post(&format!("{path}/assignments/1/acceptance"), json!({})).expect(200);
        court.post(&format!("{path}/assignments/2/acceptance"), json!({})).expect(200);
        let first = transport.post(&format!("{path}/assignments/1/reply"), letter("A")).expect(200);
        assert_eq!((&first.json["stage"], &first.json["class"]), (&json!("assigned"), &json!(null)));
        // One answers for its own part alone.
        transport.post(&format!("{path}/assignments/2/reply"), letter("A")).expect(403);
        world.on("2024-01-30");
        let last = court.post(&format!("{path}/assignments/2/reply"), letter("B")).expect(200);
        assert_eq!((&last.json["stage"], &last.json["class"], &last.json["replied_on"]), (&json!("replied"), &json!("B"), &json!("2024-01-30")));
        world.assert_no_drift();
    }

    fn nobody_new_is_given_a_case_that_is_answered(world) {
        world.on("2024-02-22");
        let (path, _) = world.registered("关于共享单车的建议");
        let (committee, transport, housing) = (world.committee(), world.transport(), world.housing());
        let handlers = json!({"handlers": [{"department": transport.party, "part": "lead"}, {"department": housing.party, "part": "co"}]});
        committee.post(&format!("{path}/assignments"), handlers).expect(200);
        transport.post(&format!("{path}/assignments/1/acceptance"), json!({})).expect(200);
        housing.post(&format!("{path}/assignments/2/hand-back"), json!({"reason": "不属我局"})).expect(200);
        world.on("2024-04-23");
        let mut answer = letter("A");
        answer["opinions_stated"] = json!("会办单位未提出意见");
        transport.post(&format!("{path}/assignments/1/reply"), answer).expect(200);
        let to_another = json!({"granted": true, "assign_to": world.signed_in("court").party});
        let decision = format!("{path}/assignments/2/hand-back/decision");
        assert_eq!(committee.post(&decision, to_another).expect(422).pointers(), ["/assign_to"]);
        let granted = committee.post(&decision, json!({"granted": true})).expect(200);
        assert_eq!(granted.json["stage"], "replied");
        world.assert_no_drift();
    }

    fn a_share_that_was_handed_back_waits_for_another_or_is_dropped(world) {
        let (committee, transport, housing, court) = (world.committee(), world.transport(), world.housing(), world.signed_in("court"));
        let all = json!({"handlers": [
            {"department": transport.party, "part": "separate"}, {"department": housing.party, "part": "separate"}, {"department": court.party, "part": "separate"}
        ]});
        for dropped in [false, true] {
            let (path, _) = world.registered("关于几件相关的事的建议");
            committee.post(&format!("{path}/assignments"), all.clone()).expect(200);
            transport.post(&format!("{path}/assignments/1/acceptance"), json!({})).expect(200);
            court.post(&format!("{path}/assignments/3/acceptance"), json!({})).expect(200);
            housing.post(&format!("{path}/assignments/2/hand-back"), json!({"reason": "不属我局"})).expect(200);
            let decision = if dropped { json!({"granted": true, "share_dropped": true}) } else { json!({"granted": true}) };
            committee.post(&format!("{path}/assignments/2/hand-back/decision"), decision).expect(200);
            transport.post(&format!("{path}/assignments/1/reply"), letter("A")).expect(200);
            let last = court.post(&format!("{path}/assignments/3/reply"), letter("A")).expect(200);
            let (stage, waits) = if dropped { ("replied", 0) } else { ("assigned", 1) };
            assert_eq!((&last.json["stage"], &last.json["empty_shares"]), (&json!(stage), &json!(waits)));
            if !dropped {
                let again = json!({"handlers": [{"department": housing.party, "part": "separate"}]});
                committee.post(&format!("{path}/assignments"), again).expect(200);
                housing.post(&format!("{path}/assignments/4/acceptance"), json!({})).expect(200);
                let done = housing.post(&format!("{path}/assignments/4/reply"), letter("B")).expect(200);
                assert_eq!((&done.json["stage"], &done.json["class"]), (&json!("replied"), &json!("B")));
            }
        }
        world.assert_no_drift();
    }

    fn in_shanghai_a_court_and_a_department_answer_one_case_each_by_its_own_office(world) {
        world.under("shanghai-2015");
        let (path, _) = world.registered("关于校园安全的建议");
        let (committee, office) = (world.committee(), world.signed_in("government-office"));
        let separate = |party: &str| json!({"handlers": [{"department": party, "part": "separate"}]});
        committee.post(&format!("{path}/dispatch"), json!({})).expect(200);
        committee.post(&format!("{path}/assignments"), separate(&world.signed_in("court").party)).expect(200);
        office.post(&format!("{path}/assignments"), separate(&world.transport().party)).expect(200);
        // And where a lead of the committee's hands back, the co-handler does not keep the case from the other office.
        let (path, _) = world.registered("关于普法的建议");
        let led = json!({"handlers": [{"department": world.signed_in("court").party, "part": "lead"}, {"department": world.transport().party, "part": "co"}]});
        committee.post(&format!("{path}/assignments"), led).expect(200);
        world.signed_in("court").post(&format!("{path}/assignments/1/hand-back"), json!({"reason": "不属我院"})).expect(200);
        committee.post(&format!("{path}/assignments/1/hand-back/decision"), json!({"granted": true})).expect(200);
        committee.post(&format!("{path}/dispatch"), json!({})).expect(200);
        let lead = json!({"handlers": [{"department": world.housing().party, "part": "lead"}]});
        office.post(&format!("{path}/assignments"), lead).expect(200);
        world.assert_no_drift();
    }

    fn what_is_confidential_or_asked_otherwise_is_not_merged(world) {
        let (main, _) = world.registered("关于公交的建议");
        let (second, _) = world.registered("关于公交站点的建议");
        let committee = world.committee();
        let into = json!({"into": main.trim_start_matches("/v1/cases/")});
        let secret = json!({"confidential": true, "reason": "代表要求保密"});
        committee.post(&format!("{second}/confidentiality"), secret).expect(200);
        assert_eq!(committee.post(&format!("{second}/merger"), into).expect(422).pointers(), ["/into"]);
    }

    fn what_a_case_said_before_it_was_handed_in_stays_with_its_signers(world) {
        let (path, _) = world.in_hand("关于暖气的建议");
        let first = |who: &crate::support::client::Caller| who.get(&format!("{path}/events")).expect(200).json["events"][0]["event"]["type"].clone();
        assert_eq!((first(&world.deputy()), first(&world.committee())), (json!("drafted"), json!("drafted")));
        assert_eq!(first(&world.transport()), "submitted");
    }

    fn a_lead_handler_asks_for_an_opinion_with_substance(world) {
        world.under("chongqing-2017").on("2024-02-22");
        let (path, _) = world.registered("关于共建的建议");
        let (committee, transport, housing) = (world.committee(), world.transport(), world.housing());
        let handlers = json!({"handlers": [{"department": transport.party, "part": "lead"}, {"department": housing.party, "part": "co"}]});
        committee.post(&format!("{path}/assignments"), handlers).expect(200);
        transport.post(&format!("{path}/assignments/1/acceptance"), json!({})).expect(200);
        housing.post(&format!("{path}/assignments/2/acceptance"), json!({})).expect(200);
        housing.post(&format!("{path}/assignments/2/opinion"), json!({"text": "无意见"})).expect(200);
        world.on("2024-03-01");
        let again = json!({"reason": "请说明产权情况"});
        housing.post(&format!("{path}/assignments/2/opinion/rejection"), again.clone()).expect(403);
        transport.post(&format!("{path}/assignments/2/opinion/rejection"), again).expect(200);
        let deadlines = committee.get(&format!("{path}/deadlines")).expect(200).json;
        let due = deadlines["deadlines"].as_array().unwrap().iter().find(|d| d["kind"] == "opinion_again").cloned().unwrap();
        assert_eq!((&due["due"], &due["clause"]), (&json!("2024-03-08"), &json!("重庆市代表建议工作条例第二十条第一款")));
        let mut answer = letter("A");
        answer["opinions_stated"] = json!("会办意见已采纳");
        let early = transport.post(&format!("{path}/assignments/1/reply"), answer.clone()).expect(409);
        assert_eq!(early.json["missing"]["code"], "opinion_awaited");
        housing.post(&format!("{path}/assignments/2/opinion"), json!({"text": "产权属街道，同意共建"})).expect(200);
        transport.post(&format!("{path}/assignments/1/reply"), answer).expect(200);
        world.assert_no_drift();
    }

    fn in_chongqing_telling_the_deputy_extends_the_term(world) {
        world.under("chongqing-2017").on("2024-02-22");
        let (path, _) = world.in_hand("关于轨道交通的建议");
        world.on("2024-05-20");
        let version = world.transport().get(&path).expect(200).version();
        let asked = world.transport().post(&format!("{path}/assignments/1/extension"), json!({"reason": "涉及面广"})).expect(200);
        assert_eq!((&asked.json["extension"]["decided"]["granted"], asked.version()), (&json!(true), version + 2));
        assert_eq!(asked.json["extension"]["decided"]["reason"], "重庆市代表建议工作条例第二十一条");
    }

    fn more_time_is_not_granted_once_the_term_is_over(world) {
        world.on("2024-02-22");
        let (path, _) = world.in_hand("关于旧改的建议");
        world.on("2024-05-20");
        world.transport().post(&format!("{path}/assignments/1/extension"), json!({"reason": "涉及面广"})).expect(200);
        world.on("2024-05-23");
        let decide = |granted: bool| json!({"granted": granted, "reason": "已逾期"});
        let late = world.committee().post(&format!("{path}/assignments/1/extension/decision"), decide(true)).expect(422);
        assert_eq!(late.pointers(), ["/granted"]);
        world.committee().post(&format!("{path}/assignments/1/extension/decision"), decide(false)).expect(200);
    }

    fn merged_cases_get_one_reply_and_are_judged_each_on_its_own(world) {
        let (main, version) = world.registered("关于停车难的建议");
        let (second, _) = world.registered("关于停车位不足的建议");
        let (committee, transport, deputy, li) = (world.committee(), world.transport(), world.deputy(), world.signed_in("li"));
        let into = json!({"into": main.trim_start_matches("/v1/cases/")});
        let merged = committee.post(&format!("{second}/merger"), into.clone()).expect(200);
        assert_eq!(merged.json["merged_into"]["number"], "区五届三次会议建议第001号");
        let joined = committee.get(&main).expect(200);
        assert_eq!(joined.json["joined"][0]["number"], "区五届三次会议建议第002号");
        // From here on the leading case is the one to act on.
        let handlers = json!({"handlers": [{"department": transport.party, "part": "sole"}]});
        let there = committee.post(&format!("{second}/assignments"), handlers.clone()).expect(409);
        assert_eq!(there.json["missing"]["code"], "merged");
        assert_eq!(joined.version(), version + 1);
        committee.post(&format!("{main}/assignments"), handlers).expect(200);
        transport.post(&format!("{main}/assignments/1/acceptance"), json!({})).expect(200);
        // He speaks with each deputy on his own case.
        let spoke = json!({"day": "2024-01-16", "way": "phone"});
        transport.get(&second).expect(200);
        transport.post(&format!("{second}/assignments/1/consultations"), spoke).expect(200);
        let replied = transport.post(&format!("{main}/assignments/1/reply"), letter("A")).expect(200);
        let other = deputy.get(&second).expect(200);
        assert_eq!((&other.json["stage"], &other.json["class"], &other.json["replies"][0]["letter"]["text"]),
            (&json!("replied"), &json!("A"), &replied.json["replies"][0]["letter"]["text"]));
        assert_eq!(li.get(&second).expect(200).json["replies"].as_array().map(Vec::len), Some(1));
        let good = json!({"attitude": "satisfied", "result": "satisfied"});
        let bad = json!({"attitude": "satisfied", "result": "unsatisfied", "text": "没有回应车位"});
        deputy.post(&format!("{main}/evaluations"), good).expect(200);
        deputy.post(&format!("{second}/evaluations"), bad).expect(200);
        committee.post(&format!("{second}/dissatisfaction"), json!({"rework": true, "reason": "请补充"})).expect(200);
        // Rejected, it is answered for itself.
        transport.post(&format!("{second}/assignments/1/reply"), letter("B")).expect(200);
        assert_eq!(committee.get(&main).expect(200).json["class"], "A");
        world.assert_no_drift();
    }

    fn when_the_leading_case_is_withdrawn_the_others_go_on_alone(world) {
        let (main, _) = world.registered("关于公园的建议");
        let (second, _) = world.registered("关于绿地的建议");
        let committee = world.committee();
        let into = json!({"into": main.trim_start_matches("/v1/cases/")});
        committee.post(&format!("{second}/merger"), into).expect(200);
        world.deputy().post(&format!("{main}/withdrawal"), json!({"reason": "已解决"})).expect(200);
        let alone = committee.get(&second).expect(200);
        assert_eq!((&alone.json["merged_into"], &alone.json["stage"]), (&json!(null), &json!("registered")));
        let handlers = json!({"handlers": [{"department": world.transport().party, "part": "sole"}]});
        committee.post(&format!("{second}/assignments"), handlers).expect(200);
        world.assert_no_drift();
    }
}

//! The deputy judges, nobody else; what he said is sealed until the case is closed.

use crate::{on_both, support::world::letter};
use serde_json::json;

on_both! {
    fn a_department_never_enters_and_does_not_see_an_evaluation_before_closing(world) {
        let (path, _) = world.answered("关于食品安全的建议", "A");
        let transport = world.transport();
        let form = json!({"attitude": "satisfied", "result": "satisfied"});
        transport.post(&format!("{path}/evaluations"), form.clone()).expect(403);
        world.deputy().post(&format!("{path}/evaluations"), form).expect(200);
        assert_eq!(transport.get(&path).expect(200).json["evaluations"], json!([]));
        let events = transport.get(&format!("{path}/events")).expect(200).text;
        assert!(!events.contains("evaluated"), "{events}");
        transport.get("/v1/cases?evaluation=satisfied").expect(403);
        transport.get("/v1/cases?measure=unsatisfied").expect(403);
        transport.get("/v1/figures?congress=330502&metric=satisfaction_rate").expect(403);
        transport.get("/v1/figures?congress=330502&metric=resolution_rate&group_by=evaluation").expect(403);
        assert_eq!(transport.get("/v1/cases").expect(200).json["cases"][0].get("evaluation"), None);
        world.committee().post(&format!("{path}/closure"), json!({})).expect(200);
        assert_eq!(transport.get(&path).expect(200).json["evaluations"][0]["result"], "satisfied");
    }

    fn who_is_not_satisfied_is_answered_again_and_nothing_is_overwritten(world) {
        let (path, _) = world.answered("关于垃圾分类的建议", "A");
        let (deputy, transport, committee) = (world.deputy(), world.transport(), world.committee());
        let bad = json!({"attitude": "satisfied", "result": "unsatisfied"});
        assert_eq!(deputy.post(&format!("{path}/evaluations"), bad).expect(422).pointers(), ["/text"]);
        transport.post(&format!("{path}/assignments/1/reply"), letter("A")).expect(409);
        let bad = json!({"attitude": "satisfied", "result": "unsatisfied", "text": "没有时间表"});
        deputy.post(&format!("{path}/evaluations"), bad).expect(200);
        let closing = committee.post(&format!("{path}/closure"), json!({})).expect(409);
        assert_eq!(closing.json["missing"]["code"], "unsatisfied");
        // It has to answer again, and so it reads why.
        assert_eq!(transport.get(&path).expect(200).json["evaluations"][0]["text"], "没有时间表");
        transport.post(&format!("{path}/assignments/1/reply"), letter("B")).expect(409);
        let ordered = json!({"rework": true, "reason": "请补充时间表"});
        committee.post(&format!("{path}/dissatisfaction"), ordered).expect(200);
        let again = transport.post(&format!("{path}/assignments/1/reply"), letter("B")).expect(200);
        assert_eq!(again.json["replies"].as_array().map(Vec::len), Some(2));
        let good = json!({"attitude": "satisfied", "result": "satisfied"});
        deputy.post(&format!("{path}/evaluations"), good).expect(200);
        committee.post(&format!("{path}/closure"), json!({})).expect(200);
        let rate = committee.get("/v1/figures?congress=330502&metric=satisfaction_rate").expect(200).json;
        assert_eq!((&rate["figures"][0]["numerator"], &rate["figures"][0]["denominator"]), (&json!(1), &json!(1)));
        world.assert_no_drift();
    }

    fn a_co_signers_judgement_stays_sealed_where_the_lead_signers_counts(world) {
        let (path, _) = world.answered("关于联名的建议", "A");
        let bad = json!({"attitude": "unsatisfied", "result": "unsatisfied", "text": "附议人的理由"});
        world.signed_in("li").post(&format!("{path}/evaluations"), bad).expect(200);
        let good = json!({"attitude": "satisfied", "result": "satisfied"});
        world.deputy().post(&format!("{path}/evaluations"), good).expect(200);
        let transport = world.transport();
        assert_eq!(transport.get(&path).expect(200).json["evaluations"], json!([]));
        // Each deputy sees his own alone.
        let own = world.deputy().get(&path).expect(200).json;
        assert_eq!(own["evaluations"].as_array().map(Vec::len), Some(1));
        transport.post(&format!("{path}/assignments/1/reply"), letter("A")).expect(409);
        world.assert_no_drift();
    }

    fn a_rejection_is_shown_to_who_must_answer_again_and_nobody_elses_word(world) {
        let (path, _) = world.answered("关于公园养护的建议", "A");
        let good = json!({"attitude": "satisfied", "result": "basically_satisfied", "text": "附议人私下的话"});
        let bad = json!({"attitude": "satisfied", "result": "unsatisfied", "text": "没有时间表"});
        world.signed_in("li").post(&format!("{path}/evaluations"), good).expect(200);
        world.deputy().post(&format!("{path}/evaluations"), bad).expect(200);
        for page in ["", "/events"] {
            let seen = world.transport().get(&format!("{path}{page}")).expect(200).text;
            assert_eq!((seen.contains("没有时间表"), seen.contains("附议人私下的话")), (true, false), "{page}");
        }
    }

    fn a_paper_form_names_its_deputy_and_his_own_word_stands_before_it(world) {
        let (path, _) = world.answered("关于路灯的建议", "A");
        let committee = world.committee();
        let mut paper = json!({"attitude": "satisfied", "result": "satisfied"});
        let nobody = committee.post(&format!("{path}/evaluations"), paper.clone()).expect(422);
        assert_eq!(nobody.pointers(), ["/on_behalf_of"]);
        paper["on_behalf_of"] = json!(world.deputy().party);
        committee.post(&format!("{path}/evaluations"), paper).expect(200);
        let own = json!({"attitude": "satisfied", "result": "unsatisfied", "text": "并未满意"});
        world.deputy().post(&format!("{path}/evaluations"), own).expect(200);
        let rate = committee.get("/v1/figures?congress=330502&metric=satisfaction_rate").expect(200).json;
        assert_eq!((&rate["figures"][0]["numerator"], &rate["figures"][0]["denominator"]), (&json!(0), &json!(1)));
        world.assert_no_drift();
    }

    fn silence_is_not_satisfaction(world) {
        let (path, _) = world.answered("关于公园开放的建议", "A");
        let committee = world.committee();
        // Nobody closes over the deputy's head: his time to judge comes first.
        let early = committee.post(&format!("{path}/closure"), json!({})).expect(409);
        assert_eq!(early.json["missing"]["code"], "evaluation_awaited");
        world.on("2024-02-19");
        committee.post(&format!("{path}/closure"), json!({})).expect(200);
        let rate = committee.get("/v1/figures?congress=330502&metric=satisfaction_rate").expect(200).json;
        assert_eq!((&rate["figures"][0]["denominator"], &rate["figures"][0]["percent"]), (&json!(0), &json!(null)));
    }

    fn a_co_handlers_opinion_reaches_deputies_only_through_the_reply(world) {
        let (path, _) = world.registered("关于公交优先的建议");
        let (committee, transport, housing) = (world.committee(), world.transport(), world.housing());
        let handlers = json!({"handlers": [{"department": transport.party, "part": "lead"}, {"department": housing.party, "part": "co"}]});
        committee.post(&format!("{path}/assignments"), handlers).expect(200);
        housing.post(&format!("{path}/assignments/2/acceptance"), json!({})).expect(200);
        housing.post(&format!("{path}/assignments/2/opinion"), json!({"text": "内部意见一二三"})).expect(200);
        for (who, sees) in [(world.deputy(), false), (transport, true), (housing, true), (committee, true)] {
            for page in ["", "/events"] {
                assert_eq!(who.get(&format!("{path}{page}")).expect(200).text.contains("内部意见一二三"), sees, "{page}");
            }
        }
    }
}

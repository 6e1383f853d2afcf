//! The whole way once: a suggestion from its draft to the revisit, and the rate that it counts in.

use crate::{on_both, support::world::letter};
use serde_json::json;

on_both! {
    fn a_suggestion_goes_its_whole_way(world) {
        let (deputy, committee) = (world.deputy(), world.committee());
        let (transport, housing) = (world.transport(), world.housing());

        world.on("2024-01-17");
        let draft = json!({
            "kind": "suggestion", "title": "关于改善月河街道停车难的建议",
            "body": "车位缺口约三百个。建议挖潜扩容、错时共享。", "category": "城建交通"
        });
        let created = deputy.create("/v1/cases", draft).expect(201);
        let path = created.headers["location"].to_str().unwrap().to_owned();
        assert_eq!(created.etag.as_deref(), Some("\"1\""));
        deputy.post(&format!("{path}/submission"), json!({})).expect(200);

        world.on("2024-01-19");
        let registered = committee.post(&format!("{path}/registration"), json!({})).expect(200);
        assert_eq!(registered.json["number"], json!({"sequence": 1, "text": "区五届三次会议建议第001号"}));

        world.on("2024-02-22");
        let handlers = json!({"handlers": [
            {"department": transport.party, "part": "lead"}, {"department": housing.party, "part": "co"}
        ]});
        committee.post(&format!("{path}/assignments"), handlers).expect(200);
        world.on("2024-02-26");
        transport.post(&format!("{path}/assignments/1/acceptance"), json!({})).expect(200);
        housing.post(&format!("{path}/assignments/2/acceptance"), json!({})).expect(200);
        world.on("2024-03-20");
        housing.post(&format!("{path}/assignments/2/opinion"), json!({"text": "同意，已列入年度计划。"})).expect(200);
        let met = json!({"day": "2024-03-20", "way": "in_person", "by": "王明", "summary": "代表认可方案"});
        transport.post(&format!("{path}/assignments/1/consultations"), met).expect(200);

        world.on("2024-05-10");
        let mut answer = letter("B");
        answer["opinions_stated"] = json!("区住房和城乡建设局已列入年度计划");
        answer["commitments"] = json!([{"text": "年内新增车位二百个", "due_on": "2024-12-31"}]);
        transport.post(&format!("{path}/assignments/1/reply"), answer).expect(200);
        world.on("2024-05-16");
        deputy.post(&format!("{path}/evaluations"), json!({"attitude": "satisfied", "result": "basically_satisfied"})).expect(200);
        world.on("2024-06-03");
        committee.post(&format!("{path}/closure"), json!({})).expect(200);
        world.on("2024-12-30");
        let seen = json!({
            "day": "2024-12-28", "way": "visit", "people": ["代表工委", "陈芳"],
            "finding": "新增车位二百一十个", "outcome": "resolved_since", "class": "A"
        });
        committee.post(&format!("{path}/revisits"), seen).expect(200);

        insta::assert_snapshot!("story", world.story(&committee, &path));
        let case = committee.get(&path).expect(200).json;
        insta::assert_json_snapshot!("case", case, {
            ".id" => "[case]", ".**.id" => "[id]", ".**.deputies[].id" => "[id]",
        });
        let deadlines = committee.get(&format!("{path}/deadlines")).expect(200).json;
        insta::assert_json_snapshot!("deadlines", deadlines);
        let rate = committee.get("/v1/figures?congress=330502&metric=resolution_rate").expect(200).json;
        insta::assert_json_snapshot!("resolution_rate", rate);
        world.assert_no_drift();
    }

    fn what_may_be_done_next_is_told_to_each_in_his_own_words(world) {
        let (path, _) = world.in_hand("关于学校周边交通的建议");
        let allowed = |caller: crate::support::client::Caller| {
            let actions = caller.get(&format!("{path}/actions")).expect(200).json;
            let actions = actions["actions"].as_array().cloned().unwrap();
            let allowed = actions.iter().filter(|a| a["allowed"] == true);
            allowed.map(|a| a["action"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(allowed(world.deputy()), "withdraw");
        assert_eq!(allowed(world.transport()), "attach request_hand_back request_extension consult note_progress draft_reply reply");
        assert_eq!(allowed(world.committee()), "attach choose_key_case decide_confidentiality issue_notice");
        assert_eq!(allowed(world.signed_in("auditor")), "");
        let actions = world.committee().get(&format!("{path}/actions")).expect(200).json;
        insta::assert_json_snapshot!("actions_of_the_committee", actions, {
            ".actions[].href" => "[href]",
        });
    }

    fn a_number_that_was_given_stays_listed_after_withdrawal(world) {
        let (path, _) = world.registered("关于增设公交站点的建议");
        world.deputy().post(&format!("{path}/withdrawal"), json!({"reason": "已经解决"})).expect(200);
        let (_, _) = world.in_hand("关于另一件事的建议");
        let committee = world.committee();
        let listed = committee.get("/v1/cases?congress=330502&measure=excluded").expect(200).json;
        assert_eq!(listed["cases"][0]["number"], "区五届三次会议建议第001号");
        let figure = |metric: &str| committee.get(&format!("/v1/figures?congress=330502&metric={metric}")).expect(200).json;
        assert_eq!(figure("reply_rate")["figures"][0]["denominator"], 1);
        world.assert_no_drift();
    }
}

//! Before a number is given: co-signers answer for themselves, the committee examines, the signers may change their mind.

use crate::{
    on_both,
    support::{World, client::Caller},
};
use serde_json::json;

/// A draft of 陈芳's; its path.
pub fn drafted(world: &World, kind: &str, co_signers: &[&Caller]) -> String {
    let co_signers: Vec<_> = co_signers.iter().map(|c| c.party.clone()).collect();
    let draft = json!({
        "kind": kind, "title": "关于改善月河街道停车难的建议", "body": "车位缺口约三百个。",
        "asks": ["挖潜扩容", "错时共享"], "co_signers": co_signers
    });
    let created = world.deputy().create("/v1/cases", draft).expect(201);
    created.headers["location"].to_str().unwrap().to_owned()
}

on_both! {
    fn a_co_signer_answers_for_himself_and_for_the_text_that_he_read(world) {
        let (deputy, li, shen) = (world.deputy(), world.signed_in("li"), world.signed_in("shen"));
        let path = drafted(world, "suggestion", &[&li]);
        // Asked, he sees the draft; a third deputy does not, until he is asked too.
        assert_eq!(li.get(&path).expect(200).json["invitations"][0]["standing"], "invited");
        shen.get(&path).expect(404);
        deputy.post(&format!("{path}/invitations"), json!({"deputies": [shen.party]})).expect(200);
        let twice = deputy.post(&format!("{path}/invitations"), json!({"deputies": [li.party]})).expect(422);
        assert_eq!(twice.pointers(), ["/deputies/0"]);
        deputy.post(&format!("{path}/cosignature"), json!({})).expect(403);
        let signed = li.post(&format!("{path}/cosignature"), json!({})).expect(200);
        assert_eq!(signed.json["co_signers"][0]["name"], "李梅");
        // Who signed a suggestion has not signed a motion. The text changes: his signature stood for another one.
        let changed = deputy.ask(reqwest::Method::PATCH, &path).version(3).json(json!({"body": "车位缺口约五百个。"})).send().expect(200);
        assert_eq!(changed.json["co_signers"], json!([]));
        li.post(&format!("{path}/cosignature"), json!({})).expect(200);
        let declined = shen.post(&format!("{path}/cosignature/refusal"), json!({"reason": "另有意见"}));
        // Who declines no longer sees it, and so gets no more than a receipt.
        assert!((200..300).contains(&declined.status), "{}", declined.text);
        shen.get(&path).expect(404);
        let handed_in = deputy.post(&format!("{path}/submission"), json!({})).expect(200);
        assert_eq!(handed_in.json["co_signers"].as_array().map(Vec::len), Some(1));
        // Who signed among deputies is not a department's to know in detail.
        world.assert_no_drift();
    }

    fn an_invitation_that_nobody_answered_lapses(world) {
        let li = world.signed_in("li");
        let path = drafted(world, "suggestion", &[&li]);
        let handed_in = world.deputy().post(&format!("{path}/submission"), json!({})).expect(200);
        assert_eq!(handed_in.json["invitations"][0]["standing"], "lapsed");
        li.get(&path).expect(404);
        assert_eq!(li.get("/v1/cases").expect(200).json["cases"], json!([]));
    }

    fn what_is_to_be_corrected_comes_back_and_keeps_its_session(world) {
        let (deputy, committee) = (world.deputy(), world.committee());
        let path = drafted(world, "suggestion", &[]);
        deputy.post(&format!("{path}/submission"), json!({})).expect(200);
        let back = json!({"reason": "一事一议", "points": ["停车与养老请分开"]});
        let returned = committee.post(&format!("{path}/correction"), back).expect(200);
        assert_eq!(returned.json["stage"], "returned");
        let early = committee.post(&format!("{path}/registration"), json!({})).expect(409);
        assert_eq!(early.json["missing"]["who"][0]["hand"], "lead_signer");
        // The session is over by the time it is corrected; it was handed in while the congress sat.
        world.on("2024-01-25");
        deputy.ask(reqwest::Method::PATCH, &path).version(3).json(json!({"title": "关于停车难的建议"})).send().expect(200);
        let again = deputy.post(&format!("{path}/submission"), json!({})).expect(200);
        assert_eq!((&again.json["session"], &again.json["submitted_on"]), (&json!("5-3"), &json!("2024-01-25")));
        let registered = committee.post(&format!("{path}/registration"), json!({})).expect(200);
        assert_eq!(registered.json["number"]["text"], "区五届三次会议建议第001号");
        world.assert_no_drift();
    }

    fn a_case_is_declined_on_a_ground_that_the_regulation_knows(world) {
        let (deputy, committee) = (world.deputy(), world.committee());
        let path = drafted(world, "suggestion", &[]);
        deputy.post(&format!("{path}/submission"), json!({})).expect(200);
        let unknown = json!({"ground": "outside_competence", "explanation": "不属本级"});
        let told = committee.post(&format!("{path}/declining"), unknown).expect(422);
        assert_eq!(told.pointers(), ["/ground"]);
        let declined = json!({"ground": "personal_matter", "explanation": "属个人安置事项", "passed_on_to": "区信访局"});
        let declined = committee.post(&format!("{path}/declining"), declined).expect(200);
        assert_eq!(declined.json["declined"]["clause"], "浙江省代表建议办理规定第六条第（一）项");
        // The deputy reads why; nothing more can happen to it, and he is told what he can do.
        assert_eq!(deputy.get(&path).expect(200).json["declined"]["form"]["explanation"], "属个人安置事项");
        let over = committee.post(&format!("{path}/registration"), json!({})).expect(409);
        assert_eq!(over.json["missing"]["code"], "ended");
        // Declined before it had a number: no figure knows of it.
        assert_eq!(committee.get("/v1/cases?measure=received").expect(200).json["cases"], json!([]));
        world.assert_no_drift();
    }

    fn a_registered_case_that_is_declined_stays_listed_with_its_reason(world) {
        let (path, _) = world.registered("关于某学会奖项的建议");
        let committee = world.committee();
        let declined = json!({"ground": "academic_or_product", "explanation": "属产品推介"});
        committee.post(&format!("{path}/declining"), declined).expect(200);
        let listed = committee.get("/v1/cases?measure=excluded").expect(200).json;
        assert_eq!((&listed["cases"][0]["exclusion"], &listed["cases"][0]["number"]), (&json!("declined"), &json!("区五届三次会议建议第001号")));
        let why = committee.get("/v1/figures?congress=330502&metric=excluded_share&group_by=exclusion").expect(200).json;
        assert_eq!((&why["figures"][0]["group"]["exclusion"], &why["figures"][0]["numerator"]), (&json!("declined"), &json!(1)));
        world.assert_no_drift();
    }

    fn beijing_lets_withdraw_only_before_assignment(world) {
        world.under("beijing-2014");
        let (path, _) = world.registered("关于公交的建议");
        world.committee().post(&format!("{path}/dispatch"), json!({})).expect(200);
        let late = world.deputy().post(&format!("{path}/withdrawal"), json!({"reason": "已解决"})).expect(409);
        assert!(late.json["detail"].as_str().unwrap().contains("北京市代表建议办理条例第十三条第二款"), "{}", late.text);
        let (path, _) = world.registered("关于地铁的建议");
        world.deputy().post(&format!("{path}/withdrawal"), json!({"reason": "已解决"})).expect(200);
    }

    fn shanghai_asks_all_who_signed(world) {
        world.under("shanghai-2015");
        let (path, version) = world.registered("关于绿化的建议");
        let (deputy, li) = (world.deputy(), world.signed_in("li"));
        let wish = |_| deputy.post(&format!("{path}/withdrawal"), json!({"reason": "已解决"})).expect(200);
        let asked = wish(version);
        assert_eq!(asked.json["stage"], "registered");
        let waits = deputy.post(&format!("{path}/withdrawal"), json!({"reason": "已解决"})).expect(409);
        assert_eq!(waits.json["missing"]["who"][0]["hand"], "co_signer");
        // One who does not agree ends the matter; it can be asked again.
        let refused = li.post(&format!("{path}/withdrawal/answer"), json!({"agrees": false})).expect(200);
        wish(refused.version());
        let gone = li.post(&format!("{path}/withdrawal/answer"), json!({"agrees": true})).expect(200);
        assert_eq!(gone.json["stage"], "withdrawn");
        world.assert_no_drift();
    }

    fn a_delegation_submits_where_the_regulation_lets_it(world) {
        let (deputy, committee) = (world.deputy(), world.committee());
        let foreign = json!({"kind": "suggestion", "title": "关于流域治理的建议", "body": "正文", "delegation": "别的代表团"});
        assert_eq!(deputy.create("/v1/cases", foreign).expect(422).pointers(), ["/delegation"]);
        let draft = json!({"kind": "suggestion", "title": "关于流域治理的建议", "body": "全团讨论通过。", "delegation": "织里代表团"});
        let path = format!("/v1/cases/{}", deputy.create("/v1/cases", draft).expect(201).json["id"].as_str().unwrap());
        let never = deputy.post(&format!("{path}/submission"), json!({})).expect(409);
        assert_eq!(never.json["missing"]["code"], "delegation_may_not_submit");
        world.under("chongqing-2017");
        deputy.post(&format!("{path}/submission"), json!({})).expect(200);
        assert_eq!(committee.get(&path).expect(200).json["delegation"], "织里代表团");
        committee.post(&format!("{path}/registration"), json!({})).expect(200);
        world.on("2024-02-01");
        let draft = json!({"kind": "suggestion", "title": "关于会后一事的建议", "body": "全团讨论通过。", "delegation": "织里代表团"});
        let path = format!("/v1/cases/{}", deputy.create("/v1/cases", draft).expect(201).json["id"].as_str().unwrap());
        let between = deputy.post(&format!("{path}/submission"), json!({})).expect(409);
        assert!(between.text.contains("重庆市代表建议工作条例第八条"), "{}", between.text);
    }
}

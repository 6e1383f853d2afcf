//! Motions 议案: enough signers, in a session and in time; then the presidium decides.

use crate::{filing::drafted, on_both, support::World};
use serde_json::json;

/// A motion with ten signers, as the county needs, registered; its path and version.
fn motion(world: &World) -> (String, i64) {
    let committee = world.committee();
    let signers: Vec<String> = (0..9)
        .map(|n| {
            let deputy = json!({"name": format!("代表{n}")});
            let added = committee.create("/v1/deputies?congress=330502", deputy).expect(201);
            added.json["id"].as_str().unwrap().to_owned()
        })
        .collect();
    let paper = json!({
        "kind": "motion", "title": "关于制定停车条例的议案", "body": "案由、案据、方案。",
        "lead": world.deputy().party, "co_signers": signers
    });
    let entered = committee.create("/v1/cases", paper).expect(201);
    let path = entered.headers["location"].to_str().unwrap().to_owned();
    let registered = committee.post(&format!("{path}/registration"), json!({})).expect(200);
    assert_eq!(registered.json["number"]["text"], "区五届三次会议议案第001号");
    (path, registered.version())
}

on_both! {
    fn a_motion_needs_its_signers_and_the_session(world) {
        let (deputy, li) = (world.deputy(), world.signed_in("li"));
        let path = drafted(world, "motion", &[&li]);
        li.post(&format!("{path}/cosignature"), json!({})).expect(200);
        let few = deputy.post(&format!("{path}/submission"), json!({})).expect(409);
        assert_eq!(few.json["missing"]["code"], "too_few_signers");
        assert!(few.json["detail"].as_str().unwrap().contains("还差8名"), "{}", few.text);
        assert_eq!(few.json["missing"]["who"][0]["hand"], "invited");
        // After the closing time only as a suggestion.
        let committee = world.committee();
        let closing = json!({"id": "5-3b", "label": "区五届三次会议", "origin": "in_session",
            "opens_on": "2024-01-16", "closes_on": "2024-01-19", "motions_until": "2024-01-16T00:30:00Z"});
        committee.create("/v1/congresses/330502/sessions", closing).expect(201);
        let late = deputy.post(&format!("{path}/submission"), json!({})).expect(409);
        assert_eq!(late.json["missing"]["code"], "motions_closed");
        let changed = deputy.ask(reqwest::Method::PATCH, &path).version(2).json(json!({"kind": "suggestion"})).send().expect(200);
        // The kind is no part of the text that was signed.
        assert_eq!(changed.json["co_signers"].as_array().map(Vec::len), Some(1));
        deputy.post(&format!("{path}/submission"), json!({})).expect(200);
    }

    fn a_converted_motion_goes_on_as_a_suggestion_of_the_same_signers(world) {
        let (path, _) = motion(world);
        let committee = world.committee();
        let handlers = json!({"handlers": [{"department": world.transport().party, "part": "sole"}]});
        let early = committee.post(&format!("{path}/assignments"), handlers.clone()).expect(409);
        assert_eq!(early.json["missing"]["code"], "motion_undecided");
        // Whether it is one is the presidium's to say.
        let declined = json!({"ground": "pending_case", "explanation": "涉及个案"});
        committee.post(&format!("{path}/declining"), declined).expect(409);
        let decision = json!({"outcome": "conversion", "meeting": "主席团第三次会议", "reason": "作为建议办理"});
        let decided = committee.post(&format!("{path}/motion/decision"), decision).expect(200);
        assert_eq!(decided.json["stage"], "converted");
        let suggestion = format!("/v1/cases/{}", decided.json["motion"][0]["suggestion"].as_str().unwrap());
        let it = committee.get(&suggestion).expect(200).json;
        assert_eq!((&it["kind"], &it["stage"]), (&json!("suggestion"), &json!("submitted")));
        assert_eq!(it["converted_from"], path.trim_start_matches("/v1/cases/"));
        assert_eq!(it["co_signers"].as_array().map(Vec::len), Some(9));
        assert_eq!(world.deputy().get(&suggestion).expect(200).json["lead"]["name"], "陈芳");
        committee.post(&format!("{suggestion}/correction"), json!({"reason": "请补充数据"})).expect(200);
        let deputy = world.deputy();
        let back = deputy.ask(reqwest::Method::PATCH, &suggestion).version(3).json(json!({"kind": "motion"})).send();
        assert_eq!(back.expect(422).pointers(), ["/kind"]);
        deputy.post(&format!("{suggestion}/submission"), json!({})).expect(200);
        committee.post(&format!("{suggestion}/registration"), json!({})).expect(200);
        committee.post(&format!("{suggestion}/assignments"), handlers).expect(200);
        // The motion is excluded, its suggestion counted.
        let excluded = committee.get("/v1/cases?measure=excluded").expect(200).json;
        assert_eq!(excluded["cases"][0]["exclusion"], "converted");
        let rate = committee.get("/v1/figures?congress=330502&metric=reply_rate").expect(200).json;
        assert_eq!(rate["figures"][0]["denominator"], 1);
        world.assert_no_drift();
    }

    fn a_committee_examines_and_reports_back(world) {
        let (path, _) = motion(world);
        let committee = world.committee();
        let nobody = json!({"outcome": "committee", "meeting": "主席团第三次会议"});
        assert_eq!(committee.post(&format!("{path}/motion/decision"), nobody).expect(422).pointers(), ["/committee"]);
        let referred = json!({"outcome": "committee", "meeting": "主席团第三次会议", "committee": "城建环保委员会"});
        let referred = committee.post(&format!("{path}/motion/decision"), referred).expect(200);
        assert_eq!(referred.json["stage"], "referred");
        let report = json!({"outcome": "agenda", "text": "建议列入常委会会议议程。", "meeting": "第二十次主任会议"});
        let nowhere = json!({"outcome": "agenda", "text": "建议列入常委会会议议程。"});
        let decides = committee.post(&format!("{path}/motion/report"), nowhere).expect(422);
        assert_eq!(decides.pointers(), ["/meeting"]);
        let reported = committee.post(&format!("{path}/motion/report"), report).expect(200);
        assert_eq!((&reported.json["stage"], &reported.json["motion"][1]["committee"]), (&json!("on_agenda"), &json!("城建环保委员会")));
        let over = committee.post(&format!("{path}/motion/report"), json!({"outcome": "agenda", "text": "再次"})).expect(409);
        assert_eq!(over.json["missing"]["code"], "ended");
        world.assert_no_drift();
    }
}

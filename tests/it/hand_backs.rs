//! Hand-backs and extensions: the case's own clock runs on, whoever holds it.

use crate::on_both;
use serde_json::json;

on_both! {
    fn a_hand_back_moves_the_case_and_not_its_clock(world) {
        world.on("2024-01-17");
        let (path, _) = world.registered("关于改造老旧小区的建议");
        let (committee, transport, housing) = (world.committee(), world.transport(), world.housing());
        world.on("2024-02-22");
        let to = |department: &str| json!({"handlers": [{"department": department, "part": "sole"}]});
        committee.post(&format!("{path}/assignments"), to(&transport.party)).expect(200);
        world.on("2024-03-01");
        let why = json!({"reason": "不属于本单位职责", "proposed_department": "区住房和城乡建设局"});
        transport.post(&format!("{path}/assignments/1/hand-back"), why).expect(200);
        // The government office decides for departments of the government.
        let office = world.signed_in("government-office");
        let granted = office.post(&format!("{path}/assignments/1/hand-back/decision"), json!({"granted": true})).expect(200);
        assert_eq!(granted.json["stage"], "registered");
        // Who handed it back no longer sees it.
        transport.get(&path).expect(404);
        world.on("2024-03-05");
        let again = committee.post(&format!("{path}/assignments"), to(&housing.party)).expect(200);
        assert_eq!(again.json["assigned_on"], "2024-02-22");
        let deadlines = housing.get(&format!("{path}/deadlines")).expect(200).json;
        let reply = deadlines["deadlines"].as_array().unwrap().iter().find(|d| d["kind"] == "reply").cloned().unwrap();
        assert_eq!((&reply["anchor_on"], &reply["due"]), (&json!("2024-02-22"), &json!("2024-05-22")));
        world.assert_no_drift();
    }

    fn each_day_of_a_hand_back_belongs_to_whoever_had_the_case(world) {
        world.on("2024-02-20");
        let (path, _) = world.registered("关于归属的建议");
        let (transport, housing) = (world.transport().party, world.housing().party);
        let step = |day: &str, username: &str, step: &str, body: serde_json::Value| {
            world.on(day).does(username, &format!("{path}{step}"), body);
        };
        let to = |department: &str| json!({"handlers": [{"department": department, "part": "sole"}]});
        let why = json!({"reason": "不属于本单位职责"});
        step("2024-02-22", "committee", "/assignments", to(&transport));
        step("2024-03-01", "transport", "/assignments/1/hand-back", why.clone());
        // Until it is decided the department has it.
        step("2024-03-04", "committee", "/assignments/1/hand-back/decision", json!({"granted": true}));
        step("2024-03-08", "committee", "/assignments", to(&housing));
        step("2024-03-11", "housing", "/assignments/2/acceptance", json!({}));
        step("2024-03-12", "housing", "/assignments/2/hand-back", why);
        step("2024-03-13", "committee", "/assignments/2/hand-back/decision", json!({"granted": true, "assign_to": transport}));
        step("2024-03-18", "transport", "/assignments/3/acceptance", json!({}));
        step("2024-05-10", "transport", "/assignments/3/reply", crate::support::world::letter("A"));
        step("2024-05-20", "chen", "/evaluations", json!({"attitude": "satisfied", "result": "satisfied"}));
        step("2024-06-03", "committee", "/closure", json!({}));
        world.on("2024-09-01");
        let page = world.committee().get(&format!("{path}/holders")).expect(200).json;
        let turns: Vec<_> = page["holders"].as_array().unwrap().iter().map(|t| {
            let text = |field: &str| t[field].as_str().unwrap().to_owned();
            (text("holder"), text("name"), text("from"), t["days"].as_i64().unwrap(), t["working_days"].as_i64().unwrap())
        }).collect();
        let turn = |holder: &str, name: &str, from: &str, days, working| (holder.to_owned(), name.to_owned(), from.to_owned(), days, working);
        assert_eq!(turns, [
            turn("committee", "代表工委", "2024-02-20", 2, 2),
            turn("department", "区交通运输局", "2024-02-22", 11, 7),
            turn("committee", "代表工委", "2024-03-04", 4, 4),
            turn("department", "区住房和城乡建设局", "2024-03-08", 5, 3),
            // Two days of Qingming, May Day's holidays, and the weekends worked for them.
            turn("department", "区交通运输局", "2024-03-13", 58, 39),
            turn("deputy", "陈芳", "2024-05-10", 10, 7),
            turn("committee", "代表工委", "2024-05-20", 14, 10),
        ]);
        // From the submission to the closing, whoever had it.
        assert_eq!((&page["days"], &page["working_days"]), (&json!(104), &json!(72)));
        world.assert_no_drift();
    }

    fn after_its_window_a_case_must_be_kept(world) {
        world.on("2024-02-22");
        let (path, _) = world.in_hand("关于清理河道的建议");
        let transport = world.transport();
        let why = json!({"reason": "不属于本单位职责"});
        world.on("2024-03-05");
        let refused = transport.post(&format!("{path}/assignments/1/hand-back"), why.clone()).expect(409);
        insta::assert_json_snapshot!("hand_back_too_late", refused.json, {".request_id" => "[id]"});
        // Ten days from 2024-02-22 end on a Sunday, and so on the Monday after it.
        world.on("2024-03-04");
        transport.post(&format!("{path}/assignments/1/hand-back"), why.clone()).expect(200);
        let no = json!({"granted": false, "reason": "属你单位职责"});
        let kept = world.committee().post(&format!("{path}/assignments/1/hand-back/decision"), no).expect(200);
        assert_eq!(kept.json["assignments"][0]["standing"], "accepted");
        let twice = transport.post(&format!("{path}/assignments/1/hand-back"), why).expect(409);
        assert_eq!(twice.json["missing"]["code"], "hand_back_refused");
    }

    fn an_extension_is_asked_in_time_and_ends_at_the_cap(world) {
        world.on("2024-02-22");
        let (path, version) = world.in_hand("关于编制规划的建议");
        let (transport, committee) = (world.transport(), world.committee());
        let ask = |_, until: &str| {
            transport.post(&format!("{path}/assignments/1/extension"), json!({"reason": "涉及面广", "until": until}))
        };
        world.on("2024-05-23");
        assert_eq!(ask(version, "2024-07-31").expect(409).json["missing"]["code"], "extension_too_late");
        world.on("2024-05-20");
        assert_eq!(ask(version, "2024-08-23").expect(422).pointers(), ["/until"]);
        assert_eq!(ask(version, "2024-05-22").expect(422).pointers(), ["/until"]);
        ask(version, "2024-07-31").expect(200);
        committee.post(&format!("{path}/assignments/1/extension/decision"), json!({"granted": true})).expect(200);
        world.on("2024-07-31");
        transport.post(&format!("{path}/assignments/1/reply"), crate::support::world::letter("A")).expect(200);
        let figure = |metric: &str| {
            let figures = committee.get(&format!("/v1/figures?congress=330502&metric={metric}")).expect(200).json;
            figures["figures"][0]["numerator"].as_u64()
        };
        assert_eq!((figure("on_time_rate"), figure("on_time_rate_original")), (Some(1), Some(0)));
        world.assert_no_drift();
    }

    fn an_extension_is_decided_on_the_assignment_that_asked(world) {
        world.on("2024-02-22");
        let (path, _) = world.registered("关于诉源治理的建议");
        let (committee, court, housing) = (world.committee(), world.signed_in("court"), world.housing());
        let handlers = json!({"handlers": [{"department": court.party, "part": "lead"}, {"department": housing.party, "part": "co"}]});
        committee.post(&format!("{path}/assignments"), handlers).expect(200);
        court.post(&format!("{path}/assignments/1/acceptance"), json!({})).expect(200);
        court.post(&format!("{path}/assignments/1/extension"), json!({"reason": "涉及面广"})).expect(200);
        // The government office decides for its own departments, and this one only helps.
        let office = world.signed_in("government-office");
        let yes = json!({"granted": true});
        office.post(&format!("{path}/assignments/1/extension/decision"), yes.clone()).expect(403);
        office.post(&format!("{path}/assignments/2/extension/decision"), yes.clone()).expect(409);
        committee.post(&format!("{path}/assignments/1/extension/decision"), yes).expect(200);
    }

    fn a_co_handlers_silence_blocks_only_until_its_due_date(world) {
        world.on("2024-02-22");
        let (path, _) = world.registered("关于共建停车场的建议");
        let (committee, transport, housing) = (world.committee(), world.transport(), world.housing());
        let handlers = json!({"handlers": [{"department": transport.party, "part": "lead"}, {"department": housing.party, "part": "co"}]});
        committee.post(&format!("{path}/assignments"), handlers).expect(200);
        transport.post(&format!("{path}/assignments/1/acceptance"), json!({})).expect(200);
        let mut letter = crate::support::world::letter("A");
        world.on("2024-04-22");
        let early = transport.post(&format!("{path}/assignments/1/reply"), letter.clone()).expect(409);
        assert_eq!(early.json["missing"]["code"], "opinion_awaited");
        assert_eq!(early.json["missing"]["who"][0]["hand"], "co_handler");
        world.on("2024-04-23");
        let unsaid = transport.post(&format!("{path}/assignments/1/reply"), letter.clone()).expect(422);
        assert_eq!(unsaid.pointers(), ["/opinions_stated"]);
        // An interim answer informs, and waits for nobody.
        let interim = json!({"text": "正在研究", "interim": true});
        let told = transport.post(&format!("{path}/assignments/1/reply"), interim).expect(200);
        assert_eq!((told.json["stage"].as_str(), &told.json["replied_on"]), (Some("assigned"), &json!(null)));
        letter["opinions_stated"] = json!("会办单位未在期限内提出意见");
        transport.post(&format!("{path}/assignments/1/reply"), letter).expect(200);
        // Visible to the committee, as overdue.
        let deadlines = committee.get(&format!("{path}/deadlines")).expect(200).json;
        let opinion = deadlines["deadlines"].as_array().unwrap().iter().find(|d| d["kind"] == "opinion").cloned().unwrap();
        assert_eq!((&opinion["verdict"], &opinion["due"]), (&json!("overdue"), &json!("2024-04-22")));
    }
}

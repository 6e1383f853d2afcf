//! What is wrong is told with its place, nothing of it is stored, and the service goes on.

use crate::on_both;
use reqwest::Method;
use serde_json::json;

fn long(characters: usize) -> String {
    "长".repeat(characters)
}

on_both! {
    fn each_mistake_in_a_draft_is_named_with_its_place(world) {
        let deputy = world.deputy();
        let stranger = world.signed_in("chen@other").party;
        let draft = |field: &str, value: serde_json::Value| {
            let mut draft = json!({"kind": "suggestion", "title": "标题", "body": "正文"});
            draft[field] = value;
            draft.to_string()
        };
        let cases: Vec<(String, u16, &str)> = vec![
            (draft("colour", json!("red")), 422, "/colour"),
            (draft("title", json!(7)), 422, "/title"),
            (draft("title", json!("")), 422, "/title"),
            (draft("title", json!(long(201))), 422, "/title"),
            (draft("body", json!(long(20_001))), 422, "/body"),
            (draft("title", json!("铃\u{7}声")), 422, "/title"),
            (draft("title", json!("倒\u{202e}序")), 422, "/title"),
            (draft("kind", json!("petition")), 422, "/kind"),
            (draft("co_signers", json!("陈芳")), 422, "/co_signers"),
            (draft("co_signers", json!(["not-an-id"])), 422, "/co_signers/0"),
            (draft("co_signers", json!([stranger])), 422, "/co_signers/0"),
            (draft("co_signers", json!([deputy.party])), 422, "/co_signers/0"),
            (draft("lead", json!(stranger)), 422, "/lead"),
            (r#"{"kind": "suggestion", "title": "标题"}"#.to_owned(), 422, "/body"),
            (r#"{"kind": "suggestion", "title": "\ud800", "body": "正文"}"#.to_owned(), 400, "/title"),
            (r#"{"kind": "suggestion", "title": "一", "title": "二", "body": "正文"}"#.to_owned(), 422, "/title"),
            ("{\"kind\": \"suggestion\",".to_owned(), 400, ""),
            ("标题=一".to_owned(), 400, ""),
            ("[]".to_owned(), 422, ""),
        ];
        for (body, status, pointer) in cases {
            let reply = deputy.ask(Method::POST, "/v1/cases").text(&body).send();
            assert_eq!((reply.status, reply.pointers()), (status, vec![pointer.to_owned()]), "{body}\n{}", reply.text);
            assert_eq!(reply.headers["content-type"], "application/problem+json");
        }
        let form = deputy.ask(Method::POST, "/v1/cases").header("content-type", "text/plain");
        assert_eq!(form.send().status, 422, "an empty body needs no type, and lacks its fields");
        assert_eq!(deputy.get("/v1/cases").expect(200).json["cases"], json!([]));
        deputy.create("/v1/cases", json!({"kind": "suggestion", "title": long(200), "body": long(20_000)})).expect(201);
    }

    fn a_body_over_the_limit_or_of_another_type_is_refused_unread(world) {
        let deputy = world.deputy();
        let big = json!({"kind": "suggestion", "title": "标题", "body": "x".repeat(300 * 1024)}).to_string();
        let reply = deputy.ask(Method::POST, "/v1/cases").text(&big).send().expect(413);
        assert_eq!(reply.json["type"], "urn:jianyi:problem:too-large");
        let raw = reqwest::blocking::Client::new().post(format!("{}/v1/cases", world.base));
        let raw = raw.bearer_auth(deputy.token.clone().unwrap()).header("content-type", "text/xml").body("<a/>");
        assert_eq!(raw.send().unwrap().status(), 415);
        world.nobody().get("/healthz").expect(200);
    }

    fn days_that_do_not_exist_or_lie_past_the_calendar_are_refused(world) {
        world.on("2024-02-22");
        let (path, version) = world.in_hand("关于日期的建议");
        let transport = world.transport();
        let promise = |day: &str| {
            let mut letter = crate::support::world::letter("B");
            letter["commitments"] = json!([{"text": "年内完成", "due_on": day}]);
            transport.post(&format!("{path}/assignments/1/reply"), letter)
        };
        for day in ["2024-02-30", "2100-01-01", "9999-12-31", "2024-2-3", "明天", "2023-12-31"] {
            assert_eq!(promise(day).expect(422).pointers(), ["/commitments/0/due_on"], "{day}");
        }
        let nobody = world.nobody();
        for (query, pointer) in [
            ("anchor=2024-02-30&unit=months&amount=3", "?anchor"),
            ("anchor=2099-12-01&unit=months&amount=3", "?anchor"),
            ("anchor=2024-03-08&unit=weeks&amount=3", "?unit"),
            ("anchor=2024-03-08&unit=months&amount=0", "?amount"),
            ("anchor=2024-03-08&unit=months&amount=-1", "?amount"),
            ("anchor=2024-03-08&unit=months&amount=99999", "?amount"),
            ("unit=months&amount=3", "?anchor"),
            ("anchor=2024-03-08&unit=months&amount=3&colour=red", "?colour"),
        ] {
            let reply = nobody.get(&format!("/v1/deadlines/preview?{query}"));
            assert_eq!((reply.status, reply.pointers()), (422, vec![pointer.to_owned()]), "{query}: {}", reply.text);
        }
        let mut long = crate::support::world::letter("B");
        long["commitments"] = json!(vec![json!({"text": "年内完成", "due_on": "2024-12-31"}); 51]);
        let refused = transport.post(&format!("{path}/assignments/1/reply"), long).expect(422);
        assert_eq!(refused.pointers(), ["/commitments"]);
        assert_eq!(world.committee().get(&path).expect(200).version(), version);
    }

    fn queries_are_read_strictly(world) {
        let committee = world.committee();
        for (query, pointer) in [
            ("stage=lost", "?stage"),
            ("limit=0", "?limit"),
            ("limit=101", "?limit"),
            ("limit=many", "?limit"),
            ("after=zzz", "?after"),
            ("colour=red", "?colour"),
            ("department=somewhere", "?department"),
            ("measure=resolved,lost", "?measure"),
            ("due_before=soon", "?due_before"),
            ("congress=Huzhou", "?congress"),
        ] {
            let reply = committee.get(&format!("/v1/cases?{query}"));
            assert_eq!((reply.status, reply.pointers()), (422, vec![pointer.to_owned()]), "{query}: {}", reply.text);
        }
        for (query, pointer) in [
            ("metric=happiness", "?metric"),
            ("metric=resolution_rate&group_by=weather", "?group_by"),
            ("metric=resolution_rate&decimals=9", "?decimals"),
            ("metric=resolution_rate&rounding=up", "?rounding"),
        ] {
            let reply = committee.get(&format!("/v1/figures?congress=330502&{query}"));
            assert_eq!((reply.status, reply.pointers()), (422, vec![pointer.to_owned()]), "{query}: {}", reply.text);
        }
    }

    fn an_assignment_names_departments_of_the_house_in_parts_that_fit(world) {
        let (path, version) = world.registered("关于交办的建议");
        let (committee, transport, housing) = (world.committee(), world.transport().party, world.housing().party);
        let stranger = world.signed_in("transport@other").party;
        let order = |handlers: serde_json::Value| {
            committee.post(&format!("{path}/assignments"), json!({"handlers": handlers})).expect(422).pointers()
        };
        assert_eq!(order(json!([])), ["/handlers"]);
        assert_eq!(order(json!([{"department": transport, "part": "co"}])), ["/handlers"]);
        assert_eq!(order(json!([{"department": transport, "part": "sole"}, {"department": housing, "part": "co"}])), ["/handlers"]);
        assert_eq!(order(json!([{"department": transport, "part": "lead"}, {"department": transport, "part": "co"}])), ["/handlers/1/department"]);
        assert_eq!(order(json!([{"department": stranger, "part": "sole"}])), ["/handlers/0/department"]);
        assert_eq!(order(json!([{"department": transport, "part": "boss"}])), ["/handlers/0/part"]);
        assert_eq!(committee.get(&path).expect(200).version(), version);
    }

    fn only_staff_enter_paper_that_arrived_late(world) {
        world.on("2024-02-22");
        let (path, _) = world.registered("关于纸质件的建议");
        world.on("2024-03-08");
        let handlers = json!({"handlers": [{"department": world.transport().party, "part": "sole"}]});
        let url = |day: &str| format!("{path}/assignments?occurred_on={day}");
        let committee = world.committee();
        assert_eq!(committee.post(&url("2024-03-09"), handlers.clone()).expect(422).pointers(), ["?occurred_on"]);
        assert_eq!(committee.post(&url("2024-02-21"), handlers.clone()).expect(422).pointers(), ["?occurred_on"]);
        let assigned = committee.post(&url("2024-03-01"), handlers).expect(200);
        assert_eq!(assigned.json["assigned_on"], "2024-03-01");
        let transport = world.transport();
        let late = format!("{path}/assignments/1/acceptance?occurred_on=2024-03-01");
        transport.post(&late, json!({})).expect(403);
    }

    fn what_is_no_address_or_no_method_is_a_problem_too(world) {
        let nobody = world.nobody();
        assert_eq!(nobody.get("/v1/nowhere").expect(404).json["type"], "urn:jianyi:problem:not-found");
        let wrong = nobody.ask(Method::DELETE, "/v1/cases").send().expect(405);
        assert_eq!(wrong.headers["allow"], "GET, POST");
        assert_eq!(nobody.get("/v1/cases").expect(401).headers["www-authenticate"], "Bearer");
        let english = nobody.ask(Method::GET, "/v1/cases").header("accept-language", "en-GB, zh;q=0.5").send();
        assert_eq!(english.json["title"], "not signed in, or no longer");
    }
}

//! The matrix, cell by cell through HTTP: every operation of the contract × every person × cases at several stages, open
//! and confidential. Who stands how to which case is written down here by hand; who may do what is the program's table.

use crate::{
    on_both,
    support::{World, client::Caller, world::letter},
};
use jianyi::domain::{
    case::procedure::PROCEDURE,
    gate::{
        Operation, Standing,
        matrix::{self, ROLES},
        operation::{OPEN, OWN},
    },
};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Everybody, with the role of the account.
const PEOPLE: [(&str, &str); 18] = [
    ("chen", "deputy"),
    ("li", "deputy"),
    ("shen", "deputy"),
    ("secretary", "delegation_secretary"),
    ("committee", "committee"),
    ("leader", "committee_leader"),
    ("government-office", "government_office"),
    ("transport", "department"),
    ("transport-approver", "approver"),
    ("housing", "department"),
    ("housing-approver", "approver"),
    ("court", "department"),
    ("auditor", "auditor"),
    ("administrator", "administrator"),
    ("committee@other", "committee"),
    ("leader@other", "committee_leader"),
    ("transport@other", "department"),
    ("auditor@other", "auditor"),
];

/// A case, and how everybody stands to it: for whom it does not exist is left out.
struct Exhibit {
    name: &'static str,
    path: String,
    standings: BTreeMap<&'static str, Standing>,
}

fn exhibit(name: &'static str, path: String, standings: &[(&'static str, Standing)]) -> Exhibit {
    Exhibit { name, path, standings: standings.iter().copied().collect() }
}

const CONGRESS: [(&str, Standing); 3] =
    [("committee", Standing::Staff), ("leader", Standing::Leader), ("auditor", Standing::Auditor)];
const SIGNERS: [(&str, Standing); 3] =
    [("chen", Standing::LeadSigner), ("li", Standing::CoSigner), ("secretary", Standing::Secretary)];
const OFFICES: [(&str, Standing); 5] = [
    ("government-office", Standing::Office),
    ("transport", Standing::Handler),
    ("transport-approver", Standing::Approver),
    ("housing", Standing::CoHandler),
    ("housing-approver", Standing::CoHandler),
];

/// Handed in by 陈芳 with 李梅 and a paper; registered.
fn registered(world: &World, title: &str) -> String {
    let (path, _) = world.registered_with(title, |path| attach(&world.deputy(), path));
    path
}

fn attach(caller: &Caller, path: &str) {
    let url = format!("{path}/attachments?name=附图&purpose=submission");
    let file = caller.ask(Method::POST, &url).header("if-match", &caller.tag(path));
    file.header("content-type", "text/plain").bytes("附图说明\n".as_bytes()).send().expect(200);
}

/// With the transport department as lead and housing as co-handler.
fn given_out(world: &World, title: &str) -> String {
    let path = registered(world, title);
    let (lead, co) = (world.transport().party, world.housing().party);
    let handlers =
        json!({"handlers": [{"department": lead, "part": "lead"}, {"department": co, "part": "co"}]});
    world.does("committee", &format!("{path}/assignments"), handlers);
    path
}

fn answered(world: &World, title: &str) -> String {
    let path = given_out(world, title);
    world.does("housing", &format!("{path}/assignments/2/acceptance"), json!({}));
    world.does("transport", &format!("{path}/assignments/1/acceptance"), json!({}));
    world.does("housing", &format!("{path}/assignments/2/opinion"), json!({"text": "同意"}));
    let mut reply = letter("B");
    reply["opinions_stated"] = json!("会办单位同意。");
    reply["commitments"] = json!([{"text": "年内完成", "due_on": "2024-12-31"}]);
    world.does("transport", &format!("{path}/assignments/1/reply"), reply);
    path
}

fn exhibits(world: &World) -> Vec<Exhibit> {
    let draft = |title: &str| {
        let body = json!({"kind": "suggestion", "title": title, "body": "正文", "co_signers": [world.signed_in("li").party, world.signed_in("shen").party]});
        let created = world.deputy().create("/v1/cases", body).expect(201);
        let path = format!("/v1/cases/{}", created.json["id"].as_str().unwrap());
        world.does("li", &format!("{path}/cosignature"), json!({}));
        attach(&world.deputy(), &path);
        path
    };
    let all = [&SIGNERS[..], &CONGRESS, &OFFICES].concat();
    let signers = [SIGNERS[0], SIGNERS[1], ("shen", Standing::Invited)];
    let direct = registered(world, "法院承办");
    let sole = json!({"handlers": [{"department": world.signed_in("court").party, "part": "sole"}]});
    world.does("committee", &format!("{direct}/assignments"), sole);
    let handed_back = given_out(world, "退办");
    world.does("transport", &format!("{handed_back}/assignments/1/hand-back"), json!({"reason": "不属我局"}));
    let granted = json!({"granted": true});
    world.does("committee", &format!("{handed_back}/assignments/1/hand-back/decision"), granted);
    let without_transport: Vec<_> =
        all.iter().filter(|(name, _)| !name.starts_with("transport")).copied().collect();
    // Closed, and a deputy of a revisit campaign is sent there.
    let visited = answered(world, "回头看");
    world.does(
        "chen",
        &format!("{visited}/evaluations"),
        json!({"attitude": "satisfied", "result": "satisfied"}),
    );
    world.does("committee", &format!("{visited}/closure"), json!({}));
    let opened =
        world.committee().create("/v1/revisit-campaigns", json!({"title": "回头看", "criteria": {}}));
    let campaign = opened.expect(201).header("location").to_owned();
    let sent = json!({"deputies": [world.signed_in("shen").party]});
    world.does("committee", &format!("{campaign}/visitors"), sent);
    // Confidential, with one person named in each office but the government's.
    let secret = answered(world, "保密");
    let hidden = json!({"confidential": true, "reason": "涉及商业秘密"});
    world.does("leader", &format!("{secret}/confidentiality"), hidden.clone());
    let id = |name: &str| world.signed_in(name).get("/v1/me").expect(200).json["user"].clone();
    let readers = json!({"readers": [id("committee"), id("transport-approver"), id("housing")]});
    world.does("leader", &format!("{secret}/readers"), readers);
    let named = [
        SIGNERS[0],
        SIGNERS[1],
        CONGRESS[0],
        CONGRESS[1],
        CONGRESS[2],
        ("government-office", Standing::Unnamed),
        ("transport", Standing::Unnamed),
        ("transport-approver", Standing::Approver),
        ("housing", Standing::CoHandler),
        ("housing-approver", Standing::Unnamed),
    ];
    let unnamed = given_out(world, "保密而未指定");
    world.does("leader", &format!("{unnamed}/confidentiality"), hidden);
    let nobody_named: Vec<_> = named
        .iter()
        .map(|(name, standing)| match standing {
            Standing::LeadSigner | Standing::CoSigner | Standing::Leader | Standing::Auditor => {
                (*name, *standing)
            }
            _ => (*name, Standing::Unnamed),
        })
        .collect();
    vec![
        exhibit("draft", draft("草稿"), &signers),
        exhibit("registered", registered(world, "立案"), &[&SIGNERS[..], &CONGRESS].concat()),
        exhibit("given out", given_out(world, "办理中"), &all),
        exhibit("direct", direct, &[&SIGNERS[..], &CONGRESS, &[("court", Standing::Handler)]].concat()),
        exhibit("handed back", handed_back, &without_transport),
        exhibit("answered", answered(world, "已答复"), &all),
        exhibit("visited", visited, &[&all[..], &[("shen", Standing::Visitor)]].concat()),
        exhibit("confidential", secret, &named),
        exhibit("unnamed", unnamed, &nobody_named),
    ]
}

/// An operation of the contract.
struct Op {
    id: String,
    method: Method,
    path: String,
}

fn contract() -> Vec<Op> {
    let document: Value = serde_json::from_str(include_str!("../../api-spec/openapi.json")).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let of = |path: &String, operations: &Value| -> Vec<Op> {
        let operations = operations.as_object().unwrap().iter();
        operations
            .filter(|(_, operation)| operation["operationId"].is_string())
            .map(|(method, operation)| Op {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
            })
            .collect()
    };
    paths.iter().flat_map(|(path, operations)| of(path, operations)).collect()
}

#[derive(Clone, Copy)]
enum Row {
    Step(jianyi::domain::case::procedure::Action),
    OnCase(Operation),
    OfHouse(Operation),
    Open,
    Own,
}

/// Which row of the matrix an operation of the contract is.
fn row(op: &Op) -> Row {
    let below = op.path.strip_prefix("/v1/cases/{id}").unwrap_or("none");
    if let Some(step) = PROCEDURE.iter().find(|step| step.path == below && step.method == op.method.as_str())
    {
        return Row::Step(step.action);
    }
    if let Some(operation) = Operation::ALL.iter().find(|it| it.ids().contains(&&*op.id)) {
        return if op.path.contains("/cases/{id}") {
            Row::OnCase(*operation)
        } else {
            Row::OfHouse(*operation)
        };
    }
    match (OPEN.contains(&&*op.id), OWN.contains(&&*op.id)) {
        (true, _) => Row::Open,
        (_, true) => Row::Own,
        _ => panic!("{} stands in no row of the matrix (src/domain/gate)", op.id),
    }
}

#[test]
fn every_operation_of_the_contract_is_a_row_and_every_row_an_operation() {
    let contract = contract();
    let ids: BTreeSet<&str> = contract.iter().map(|op| &*op.id).collect();
    assert_eq!(ids.len(), contract.len(), "two operations share an id");
    contract.iter().for_each(|op| {
        row(op);
    });
    let rows = Operation::ALL.iter().flat_map(|it| it.ids()).chain(OPEN).chain(OWN);
    for id in rows {
        assert!(ids.contains(id), "{id} is no operation of the contract");
    }
}

const NO_REPORT: &str = "00000000-0000-7000-8000-000000000000";

/// The path of an operation on a case; of steps on an assignment, on the person's own.
fn on_case(op: &Op, exhibit: &Exhibit, name: &str) -> String {
    let own = if name.starts_with("housing") && exhibit.name != "direct" { "2" } else { "1" };
    let aid = if op.id == "reject_opinion" { "2" } else { own };
    let query = if op.id == "attach_file" { "?name=a&purpose=submission" } else { "" };
    let path = op.path.replace("/v1/cases/{id}", &exhibit.path);
    path.replace("{aid}", aid).replace("{cid}", "1").replace("{n}", "1") + query
}

on_both! {
    fn every_cell_of_the_matrix_is_what_the_service_answers(world) {
        let callers: Vec<(&str, &str, Caller)> =
            PEOPLE.iter().map(|(name, role)| (*name, *role, world.signed_in(name))).collect();
        let exhibits = exhibits(world);
        world.log();
        let mut asked = 0;
        for op in contract() {
            match row(&op) {
                Row::Step(action) => {
                    for exhibit in &exhibits {
                        for (name, _, caller) in &callers {
                            let url = on_case(&op, exhibit, name);
                            // Without a version nothing can happen; the gate has spoken before that.
                            let reply = caller.ask(op.method.clone(), &url).json(json!({})).send();
                            let expected = match exhibit.standings.get(name) {
                                None => 404,
                                Some(Standing::Unnamed) => 403,
                                Some(_) if !there(exhibit, &url) => 404,
                                // The government office decides about its own departments' parts.
                                Some(Standing::Office) if url.contains("/assignments/") || op.id == "assign_case" => {
                                    if matrix::takes(action, Standing::Office) { 428 } else { 403 }
                                }
                                Some(standing) if theirs(exhibit, &url, *standing, &op.id) && matrix::takes(action, *standing) => 428,
                                Some(_) => 403,
                            };
                            assert_eq!(reply.status, expected, "{name} {} on {}: {}", op.id, exhibit.name, reply.text);
                            asked += 1;
                        }
                    }
                }
                Row::OnCase(operation) => {
                    for exhibit in &exhibits {
                        // What there is of it, the lead signer is given; suggestions, the leader.
                        let staff = [Operation::SuggestDepartments, Operation::GetProof].contains(&operation);
                        let of = if staff { "leader" } else { "chen" };
                        let url = on_case(&op, exhibit, "chen");
                        let found = world.signed_in(of).get(&url).status;
                        for (name, _, caller) in &callers {
                            let reply = caller.get(&url);
                            let expected = match exhibit.standings.get(name) {
                                None => 404,
                                Some(standing) if matrix::on_case(operation, *standing) => found,
                                Some(_) => 403,
                            };
                            assert_eq!(reply.status, expected, "{name} {} on {}: {}", op.id, exhibit.name, reply.text);
                            asked += 1;
                        }
                    }
                }
                Row::OfHouse(operation) => {
                    for (name, role, caller) in &callers {
                        let congress = if name.ends_with("@other") { "330503" } else { "330502" };
                        // No congress's number names a report, nor does an id that none has.
                        let id = if op.path.starts_with("/v1/reports/") { NO_REPORT } else { congress };
                        let url = op.path.replace("{id}", id).replace("{a}", id).replace("{b}", id);
                        let query = match &*op.id {
                            "export_cases" | "export_commitments" => "?format=csv".to_owned(),
                            "get_figures" => format!("?congress={congress}&metric=reply_rate"),
                            "compare_figures" => format!("?congress={congress}&metric=reply_rate"),
                            "get_figures_below" => format!("?below={congress}&metric=reply_rate"),
                            "stream_feed" => "?after=x".to_owned(),
                            "prove_inclusion" => "?index=0".to_owned(),
                            "prove_consistency" => "?from=1&to=1".to_owned(),
                            "list_departments" | "list_deputies" | "create_department" | "create_deputy" | "succeed_department" | "list_successions" => format!("?congress={congress}"),
                            _ => String::new(),
                        };
                        // A broken body is told to who is entitled.
                        let mut ask = caller.ask(op.method.clone(), &format!("{url}{query}"));
                        let entitled = match (operation, op.method == Method::GET) {
                            // No account, membership or letter has a congress's number.
                            (Operation::KeepAccounts | Operation::KeepMail, _) if op.path.contains("{id}") => 404,
                            (Operation::ReadReports | Operation::PrintReport, _) if op.path.contains('{') => 404,
                            // An event of that name was never told, and without it the stream would have no end.
                            (Operation::ReadFeed, _) if op.id == "stream_feed" => 422,
                            (_, _) if op.path.starts_with("/v1/webhooks/{id}") => 404,
                            // Nor has a selection.
                            (_, _) if op.path.starts_with("/v1/selections/{id}") => 404,
                            (_, _) if op.path.starts_with("/v1/problem-lists/{id}") => 404,
                            (_, _) if op.path.starts_with("/v1/revisit-campaigns/{id}") => 404,
                            // Nor a department, nor a statement.
                            (_, _) if op.path.contains("/departments/{id}") => 404,
                            (_, _) if op.path.starts_with("/v1/commitment-statements/{") => 404,
                            // Nor a station, an opinion, a recommendation or a lead.
                            (_, _) if ["stations", "opinions", "recommendations", "leads"].iter().any(|it| op.path.starts_with(&format!("/v1/{it}/{{id}}"))) => 404,
                            (_, true) => 200,
                            (_, false) => 400,
                        };
                        if op.method != Method::GET {
                            ask = ask.text("{");
                        }
                        let reply = ask.send();
                        assert!(ROLES.iter().any(|(id, _)| id == role), "{role}");
                        let expected = if matrix::admits(operation, role) { entitled } else { 403 };
                        assert_eq!(reply.status, expected, "{name} {}: {}", op.id, reply.text);
                        asked += 1;
                    }
                }
                Row::Own => {
                    assert_eq!(world.nobody().ask(op.method.clone(), &op.path).send().status, 401, "{}", op.id);
                    asked += 1;
                }
                Row::Open => {}
            }
            if !matches!(row(&op), Row::Open) {
                // Whoever has not signed in learns nothing about anything.
                let url = op.path.replace("{id}", "018d0fc8-4680-78a7-9053-95f06de1b2fb").replace("{aid}", "1").replace("{cid}", "1").replace("{n}", "1");
                let reply = world.nobody().ask(op.method.clone(), &url).send();
                assert_eq!(reply.status, 401, "{}: {}", op.id, reply.text);
            }
        }
        assert!(asked > 8_000, "{asked}");
        world.assert_no_drift();
    }
}

/// Whether what the path names below the case is there.
fn there(exhibit: &Exhibit, url: &str) -> bool {
    let answered = ["answered", "visited", "confidential"].contains(&exhibit.name);
    let given_out = !["draft", "registered"].contains(&exhibit.name);
    if url.contains("/notices/") {
        return false;
    }
    match (url.contains("/commitments/"), url.contains("/assignments/2"), url.contains("/assignments/1")) {
        (true, ..) => answered,
        (_, true, _) => given_out && exhibit.name != "direct",
        (.., true) => given_out,
        _ => true,
    }
}

/// A department takes steps on its own part of a case; the lead handler has one word on another's.
fn theirs(exhibit: &Exhibit, url: &str, standing: Standing, id: &str) -> bool {
    let other = match standing {
        // Nor does a co-handler answer again, as long as it keeps no promise.
        Standing::CoHandler => {
            url.contains("/assignments/1") || url.contains("/commitments/") || id == "follow_up"
        }
        Standing::Handler | Standing::Approver => url.contains("/assignments/2"),
        _ => false,
    };
    let rejects = id == "reject_opinion" && matches!(standing, Standing::Handler | Standing::Approver);
    other == rejects && !(rejects && exhibit.name == "direct")
}

//! One gate: every path to the data shows a caller the same, and no more.

use crate::{
    on_both,
    support::{World, client::Caller},
};
use jianyi::{
    domain::{actor::Role, ids::CongressId},
    office::{Fault, Office, accounts::NewAccount},
    store::{
        Db,
        directory::{self, Congress},
    },
};
use serde_json::{Value, json};

const EVERYBODY: [&str; 17] = [
    "chen",
    "li",
    "shen",
    "secretary",
    "committee",
    "leader",
    "government-office",
    "transport",
    "transport-approver",
    "housing",
    "court",
    "auditor",
    "administrator",
    "committee@other",
    "chen@other",
    "transport@other",
    "auditor@other",
];

/// Follows the pages of a list to its end.
fn listed(caller: &Caller, query: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut next = Some(format!("/v1/cases?limit=2{query}"));
    while let Some(page) = next {
        let reply = caller.get(&page);
        if reply.status == 403 {
            // Who has no business with cases has no list of them either.
            return Vec::new();
        }
        let reply = reply.expect(200);
        all.extend(reply.json["cases"].as_array().cloned().unwrap());
        next = reply.json["next"].as_str().map(str::to_owned);
    }
    all
}

/// Cases at several stages: a draft, a given-up draft, one submitted, in hand, handed back, with a co-handler, closed.
fn cases(world: &World) -> Vec<String> {
    let (deputy, committee, transport, housing) =
        (world.deputy(), world.committee(), world.transport(), world.housing());
    let draft = |title: &str| {
        let draft = json!({"kind": "suggestion", "title": title, "body": "正文"});
        format!("/v1/cases/{}", deputy.create("/v1/cases", draft).expect(201).json["id"].as_str().unwrap())
    };
    let kept = draft("草稿");
    let given_up = draft("放弃的草稿");
    deputy.post(&format!("{given_up}/withdrawal"), json!({"reason": "不提了"})).expect(200);
    let submitted = draft("已提交");
    deputy.post(&format!("{submitted}/submission"), json!({})).expect(200);
    let (in_hand, _) = world.in_hand("办理中");
    let (handed_back, _) = world.in_hand("退办中");
    transport
        .post(&format!("{handed_back}/assignments/1/hand-back"), json!({"reason": "不属我局"}))
        .expect(200);
    committee
        .post(&format!("{handed_back}/assignments/1/hand-back/decision"), json!({"granted": true}))
        .expect(200);
    let (helped, _) = world.registered("会办");
    let handlers = json!({"handlers": [{"department": housing.party, "part": "lead"}, {"department": transport.party, "part": "co"}]});
    committee.post(&format!("{helped}/assignments"), handlers).expect(200);
    let (direct, _) = world.registered("法院承办");
    let handlers = json!({"handlers": [{"department": world.signed_in("court").party, "part": "sole"}]});
    committee.post(&format!("{direct}/assignments"), handlers).expect(200);
    let (closed, _) = world.answered("已办结", "A");
    let judged = json!({"attitude": "satisfied", "result": "satisfied"});
    deputy.post(&format!("{closed}/evaluations"), judged).expect(200);
    committee.post(&format!("{closed}/closure"), json!({})).expect(200);
    vec![kept, given_up, submitted, in_hand, handed_back, helped, direct, closed]
}

on_both! {
    fn a_list_shows_exactly_the_cases_that_can_be_opened(world) {
        let cases = cases(world);
        let mut counts = Vec::new();
        for username in EVERYBODY {
            let caller = world.signed_in(username);
            let mut opened: Vec<String> = Vec::new();
            for path in &cases {
                let statuses: Vec<u16> =
                    ["", "/events", "/deadlines", "/actions"].map(|page| caller.get(&format!("{path}{page}")).status).to_vec();
                assert!(statuses.iter().all(|s| *s == statuses[0]), "{username} {path}: {statuses:?}");
                if statuses[0] == 200 {
                    opened.push(path.clone());
                }
            }
            let mut lines: Vec<String> =
                listed(&caller, "").iter().map(|line| line["href"].as_str().unwrap().to_owned()).collect();
            lines.sort();
            opened.sort();
            assert_eq!(lines, opened, "{username}");
            counts.push((username, lines.len()));
        }
        insta::assert_debug_snapshot!("how_many_each_sees", counts);
    }

    fn each_figure_leads_to_exactly_its_cases(world) {
        cases(world);
        for username in EVERYBODY {
            let caller = world.signed_in(username);
            for metric in ["reply_rate", "on_time_rate", "resolution_rate", "consultation_rate", "class_share", "excluded_share", "satisfaction_rate"] {
                for group in ["", "&group_by=department", "&group_by=category", "&group_by=class", "&group_by=origin", "&group_by=evaluation", "&group_by=kind", "&group_by=exclusion", "&group_by=key_case"] {
                    let reply = caller.get(&format!("/v1/figures?congress=330502&metric={metric}{group}"));
                    let Some(figures) = reply.json["figures"].as_array() else {
                        assert!([403, 404].contains(&reply.status), "{username} {metric}: {}", reply.text);
                        continue;
                    };
                    for figure in figures {
                        for (number, link) in [("numerator", "cases"), ("denominator", "denominator_cases")] {
                            let query = figure[link].as_str().unwrap().trim_start_matches("/v1/cases?").to_owned();
                            let behind = listed(&caller, &format!("&{query}")).len() as u64;
                            assert_eq!(figure[number].as_u64(), Some(behind), "{username} {metric}{group} {link}");
                        }
                    }
                }
            }
        }
    }

    fn rights_that_are_withdrawn_bite_at_the_next_request(world) {
        let auditor = world.signed_in("auditor");
        auditor.get("/v1/cases").expect(200);
        world.office.store().write_here(|db| {
            jianyi::store::people::set_disabled(db, "auditor", true).map_err(jianyi::office::Fault::from)
        }).expect("the account is shut out");
        auditor.get("/v1/cases").expect(401);
    }

    fn a_sign_in_is_renewed_once_and_ends_when_its_token_is_in_two_hands(world) {
        let nobody = world.nobody();
        let wrong = |username: &str| {
            nobody.create("/v1/auth/sign-in", json!({"username": username, "password": "wrong"})).expect(401).json["detail"].clone()
        };
        assert_eq!(wrong("committee"), wrong("nobody at all"));
        let pair = nobody.create("/v1/auth/sign-in", json!({"username": "committee", "password": "a password of the tests"})).expect(200).json;
        let renew = |token: &Value| nobody.create("/v1/auth/refresh", json!({"refresh_token": token}));
        let second = renew(&pair["refresh_token"]).expect(200).json;
        // A slower tab within seconds is only told to use the new one.
        renew(&pair["refresh_token"]).expect(401);
        let third = renew(&second["refresh_token"]).expect(200).json;
        world.on("2024-01-17");
        renew(&second["refresh_token"]).expect(401);
        renew(&third["refresh_token"]).expect(401);
        assert_eq!(pair["expires_in"].as_i64(), Some(4000 * 86400));
        for token in ["", "nonsense", "eyJhbGciOiJub25lIn0.e30."] {
            Caller { token: Some(token.to_owned()), ..nobody.clone() }.get("/v1/me").expect(401);
        }
    }

    fn the_directory_is_kept_by_its_house_alone(world) {
        let committee = world.committee();
        let added = committee.create("/v1/departments?congress=330502", json!({"name": "区水利局"})).expect(201);
        assert_eq!(added.json["channel"], "government");
        committee.create("/v1/departments?congress=330502", json!({"name": "区水利局"})).expect(409);
        committee.create("/v1/deputies?congress=330502", json!({"name": "王五", "delegation": "织里代表团"})).expect(201);
        committee.create("/v1/departments?congress=330503", json!({"name": "别家的局"})).expect(404);
        world.deputy().create("/v1/departments?congress=330502", json!({"name": "区财政局"})).expect(403);
        committee.get("/v1/congresses/330503").expect(404);
        assert_eq!(committee.get("/v1/congresses").expect(200).json["congresses"].as_array().map(Vec::len), Some(1));
        let session = json!({"id": "5-4", "label": "四次会议", "origin": "in_session", "opens_on": "2025-01-14", "closes_on": "2025-01-17"});
        committee.create("/v1/congresses/330502/sessions", session.clone()).expect(201);
        committee.create("/v1/congresses/330502/sessions", session).expect(409);
    }

    fn a_higher_level_reads_the_sums_of_those_below_and_none_of_their_cases(world) {
        let (path, _) = world.answered("关于县级的建议", "A");
        let office = world.office.clone();
        world.office.store().write_here(move |db| {
            for (code, username) in [("330500", "city"), ("330600", "neighbour")] {
                let congress: CongressId = code.parse().unwrap();
                let created_at = office.now().naive_utc();
                directory::add_congress(db, &Congress { id: code.to_owned(), name: code.to_owned(), policy_id: "law-2025".to_owned(), created_at })?;
                world_account(db, &office, &congress, username)?;
            }
            Ok::<_, Fault>(())
        }).expect("the city is entered");
        let asked = "/v1/figures?congress=330502&metric=resolution_rate&group_by=department";
        let (city, own) = (world.signed_in("city"), world.committee());
        let (above, inside) = (city.get(asked).expect(200).json["figures"][0].clone(), own.get(asked).expect(200).json["figures"][0].clone());
        assert_eq!((above["numerator"].as_u64(), &above["percent"]), (Some(1), &inside["percent"]));
        assert!(above["cases"].is_null() && inside["cases"].is_string());
        city.get(&path).expect(404);
        assert_eq!(city.get("/v1/cases?congress=330502").expect(200).json["cases"], json!([]));
        // Beside and from below there is nothing to see.
        world.signed_in("neighbour").get(asked).expect(404);
        own.get("/v1/figures?congress=330500&metric=resolution_rate").expect(404);
        city.get("/v1/figures?congress=330599&metric=resolution_rate").expect(404);
    }
}

fn world_account(db: &mut Db, office: &Office, congress: &CongressId, username: &str) -> Result<(), Fault> {
    let account = NewAccount {
        username: username.to_owned(),
        display_name: username.to_owned(),
        password: Some(jianyi::identity::password::hash("a password of the tests").unwrap()),
        congress: Some(congress.clone()),
        role: Role::STAFF,
        scopes: None,
    };
    office.new_account(db, account).map(drop)
}

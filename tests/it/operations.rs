//! The program as an operator runs it: it starts, says where it is, shows how it is, and ends in order.

use crate::support::{
    client::Caller,
    program::{Service, fails, jianyi, succeeds},
};
use jianyi::domain::words::Stage;
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

fn nobody(service: &Service) -> Caller {
    let http = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    Caller { http, base: service.base.clone(), token: None, party: String::new() }
}

fn signed_in(service: &Service, username: &str, password: &str) -> Caller {
    let nobody = nobody(service);
    let pair =
        nobody.create("/v1/auth/sign-in", json!({"username": username, "password": password})).expect(200);
    Caller { token: pair.json["access_token"].as_str().map(str::to_owned), ..nobody }
}

const PASSWORD: &str = "sample-password-of-the-tests";

#[test]
fn the_sample_district_is_lively_and_loaded_once() {
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        Service::start(
            jianyi(folder.path(), None).env("JIANYI_SAMPLE_PASSWORD", PASSWORD).args(["serve", "--sample"]),
        )
    };
    let service = start();
    for said in [
        "deputy, committee, government-office, department, approver, auditor, administrator, department-2, committee-leader, secretary",
        PASSWORD,
        "metric=resolution_rate",
    ] {
        assert!(service.printed.contains(said), "{}", service.printed);
    }
    let committee = signed_in(&service, "committee", PASSWORD);
    let figure = |metric: &str| {
        let figures = committee
            .get(&format!("/v1/figures?congress=330502&session=5-3,5-3-between&metric={metric}"))
            .expect(200)
            .json;
        let figure = figures["figures"][0].clone();
        (figure["numerator"].clone(), figure["denominator"].clone(), figure["percent"].clone())
    };
    assert_eq!(figure("resolution_rate"), (json!(98), json!(105), json!("93.3")));
    assert_eq!(figure("on_time_rate"), (json!(105), json!(105), json!("100.0")));
    // An auditor sees also what stays inside a department.
    let auditor = signed_in(&service, "auditor", PASSWORD);
    let mut stages = std::collections::BTreeSet::new();
    let events: Vec<String> = {
        let mut kinds = std::collections::BTreeSet::new();
        let mut next = Some("/v1/cases?congress=330502&limit=100".to_owned());
        while let Some(page) = next {
            let reply = auditor.get(&page).expect(200).json;
            for case in reply["cases"].as_array().unwrap() {
                stages.insert(case["stage"].as_str().unwrap().to_owned());
                let events =
                    auditor.get(&format!("{}/events", case["href"].as_str().unwrap())).expect(200).json;
                kinds.extend(
                    events["events"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|e| e["event"]["type"].as_str().unwrap().to_owned()),
                );
            }
            next = reply["next"].as_str().map(str::to_owned);
        }
        kinds.into_iter().collect()
    };
    insta::assert_debug_snapshot!("what_happens_in_the_sample", events);
    // At least one case on each path; drafts are their authors' own.
    let missing: Vec<_> =
        Stage::ALL.iter().filter(|s| **s != Stage::Draft && !stages.contains(s.id())).collect();
    assert!(missing.is_empty(), "{missing:?}");
    // A supervisor finds something of each kind but one, and of none so much that it is noise.
    let told = auditor.get("/v1/signals?to=2026-12-31&limit=100").expect(200).json["signals"].clone();
    let mut found = std::collections::BTreeMap::new();
    for it in told.as_array().unwrap() {
        *found.entry(it["kind"].as_str().unwrap()).or_insert(0) += 1;
    }
    insta::assert_debug_snapshot!("signals_of_the_sample", found);
    let deputy = signed_in(&service, "deputy", PASSWORD);
    assert_ne!(deputy.get("/v1/cases?stage=draft").expect(200).json["cases"], json!([]));
    for account in [
        "government-office",
        "department",
        "approver",
        "administrator",
        "department-2",
        "committee-leader",
        "secretary",
    ] {
        signed_in(&service, account, PASSWORD).get("/v1/me").expect(200);
    }
    drop(service);
    let again = start();
    assert!(!again.printed.contains("opening the sample"), "{}", again.printed);
    let committee = signed_in(&again, "committee", PASSWORD);
    let figures = committee
        .get("/v1/figures?congress=330502&session=5-3,5-3-between&metric=reply_rate")
        .expect(200)
        .json;
    assert_eq!(figures["figures"][0]["denominator"], 105);
    drop(again);
    let verified = succeeds(jianyi(folder.path(), None).arg("verify"));
    assert!(verified.contains("no drift") && verified.contains("2 attached files read"), "{verified}");
    // Its sign-ins are known to everybody: it is not for work.
    let told = fails(jianyi(folder.path(), None).arg("serve"));
    assert!(told.contains("sample district"), "{told}");
    let key = folder.path().join("sample-token.key");
    let told = fails(
        jianyi(folder.path(), Some(&format!("sqlite:{}/fresh.db", folder.path().display())))
            .env("JIANYI_TOKEN_KEY_FILE", key)
            .arg("serve"),
    );
    assert!(told.contains("the sample's key"), "{told}");
}

#[test]
fn a_password_that_was_made_is_printed_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let start = || Service::start(jianyi(folder.path(), None).args(["serve", "--sample"]));
    let password = |service: &Service| {
        let line =
            service.printed.lines().find(|l| l.trim_start().starts_with("password")).unwrap().to_owned();
        line.split_whitespace().last().unwrap().to_owned()
    };
    let first = start();
    let made = password(&first);
    signed_in(&first, "auditor", &made).get("/v1/cases").expect(200);
    drop(first);
    assert_eq!(password(&start()), made);
}

#[test]
fn a_real_service_starts_empty_takes_an_account_and_shows_how_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| succeeds(jianyi(folder.path(), None).args(args));
    run(&["congress", "add", "330502", "--name", "吴兴区人民代表大会", "--policy", "zhejiang-2016"]);
    run(&[
        "session",
        "add",
        "5-3",
        "--congress",
        "330502",
        "--label",
        "五届三次",
        "--opens-on",
        "2024-01-16",
    ]);
    let told =
        run(&["user", "add", "zhang", "--name", "张华", "--role", "committee", "--congress", "330502"]);
    let password = told.lines().find_map(|l| l.strip_prefix("password: ")).unwrap().to_owned();
    let service = Service::start(jianyi(folder.path(), None).arg("serve"));
    let nobody = nobody(&service);
    nobody.get("/healthz").expect(200);
    assert_eq!(nobody.get("/readyz").expect(200).json["migrations"], "ok");
    let zhang = signed_in(&service, "zhang", &password);
    assert_eq!(zhang.get("/v1/congresses").expect(200).json["congresses"][0]["name"], "吴兴区人民代表大会");
    let metrics = nobody.get("/metrics").expect(200).text;
    for name in [
        "jianyi_http_request_duration_seconds_count",
        "jianyi_commits_total",
        "process_resident_memory_bytes",
    ] {
        assert!(metrics.contains(name), "{name}\n{metrics}");
    }
    let page = nobody.get("/docs/").expect(200).text;
    assert!(page.contains("swagger") && !page.contains("https://"), "{page}");
    let contract = nobody.get("/openapi.json").expect(200).json;
    assert_eq!(contract["openapi"], "3.1.0");
}

#[test]
fn the_log_names_requests_and_carries_no_personal_text() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command = jianyi(folder.path(), None);
    command
        .env("JIANYI_SAMPLE_PASSWORD", PASSWORD)
        .env("JIANYI_BIND", "127.0.0.1:0")
        .args(["serve", "--sample"]);
    let file = std::fs::File::create(&log).unwrap();
    let mut child = command.stdout(file.try_clone().unwrap()).stderr(file).spawn().unwrap();
    let read = || std::fs::read_to_string(&log).unwrap_or_default();
    let base = loop {
        std::thread::sleep(Duration::from_millis(200));
        if let Some(line) = read().lines().find(|l| l.contains("address ")) {
            break line.split_whitespace().nth(1).unwrap().to_owned();
        }
    };
    let http = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    let nobody = Caller { http, base, token: None, party: String::new() };
    let before = read().len();
    let pair = nobody
        .create("/v1/auth/sign-in", json!({"username": "deputy", "password": PASSWORD}))
        .expect(200)
        .json;
    // Who mistypes may have typed a password where the name belongs.
    for wrong in ["金丝雀账号", "13957212345"] {
        nobody.create("/v1/auth/sign-in", json!({"username": wrong, "password": "金丝雀口令"})).expect(401);
    }
    nobody.create("/v1/auth/refresh", json!({"refresh_token": "canary-of-a-refresh-token"}));
    let deputy = Caller { token: pair["access_token"].as_str().map(str::to_owned), ..nobody.clone() };
    let draft = json!({"kind": "suggestion", "title": "金丝雀标题", "body": "金丝雀正文"});
    let created = deputy.create("/v1/cases", draft).expect(201);
    let id = created.json["id"].as_str().unwrap().to_owned();
    deputy.get(&format!("/v1/cases/{id}?x=金丝雀查询"));
    let stranger = Caller { token: Some("canary-of-an-access-token".to_owned()), ..nobody.clone() };
    stranger.get(&format!("/v1/cases/{id}")).expect(401);
    deputy.post(&format!("/v1/cases/{id}"), json!({"金丝雀字段": "13957212345"}));
    let request_id = created.headers["x-request-id"].to_str().unwrap().to_owned();
    std::thread::sleep(Duration::from_millis(300));
    child.kill().unwrap();
    child.wait().unwrap();
    let lines = read()[before..].to_owned();
    assert!(lines.contains(&request_id), "{lines}");
    assert!(lines.contains("/v1/cases/{id}"), "{lines}");
    for secret in [
        "金丝雀",
        "13957212345",
        "canary-of-",
        PASSWORD,
        pair["access_token"].as_str().unwrap(),
        pair["refresh_token"].as_str().unwrap(),
        "陈芳",
    ] {
        assert!(!lines.contains(secret), "{secret}\n{lines}");
    }
    let line: Value = serde_json::from_str(lines.lines().find(|l| l.contains(&request_id)).unwrap()).unwrap();
    assert_eq!((&line["status"], &line["method"]), (&json!(201), &json!("POST")));
}

#[test]
fn a_request_under_way_is_finished_before_the_service_ends() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(
        jianyi(folder.path(), None).env("JIANYI_SAMPLE_PASSWORD", PASSWORD).args(["serve", "--sample"]),
    );
    let deputy = signed_in(&service, "deputy", PASSWORD);
    let body = json!({"kind": "suggestion", "title": "关于停机的建议", "body": "正文"}).to_string();
    let host = service.base.trim_start_matches("http://").to_owned();
    let mut socket = TcpStream::connect(&host).unwrap();
    let token = deputy.token.clone().unwrap();
    let head = format!(
        "POST /v1/cases HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).unwrap();
    socket.write_all(&body.as_bytes()[..10]).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    service.terminate();
    std::thread::sleep(Duration::from_millis(300));
    socket.write_all(&body.as_bytes()[10..]).unwrap();
    let mut answer = String::new();
    socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let _ = socket.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(service.child.wait().unwrap().success());
    assert!(succeeds(jianyi(folder.path(), None).arg("verify")).contains("no drift"));
}

#[test]
fn settings_are_listed_and_wrong_ones_are_all_named_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let listed = succeeds(jianyi(folder.path(), Some("postgres://u:secret-word@localhost/x")).arg("config"));
    assert!(listed.contains("JIANYI_BIND") && !listed.contains("secret-word"), "{listed}");
    let told = fails(
        jianyi(folder.path(), None).env("JIANYI_BIND", "nowhere").env("JIANYI_WORKERS", "many").arg("serve"),
    );
    assert!(told.contains("JIANYI_BIND") && told.contains("JIANYI_WORKERS"), "{told}");
}

//! The second book: every sign-in and every administrator's act, read by those who oversee.

use crate::{
    on_both,
    support::{client::Caller, world::PASSWORD},
};
use serde_json::{Value, json};

pub fn acts(caller: &Caller, query: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut next = Some(format!("/v1/acts?limit=3{query}"));
    while let Some(page) = next {
        let reply = caller.get(&page).expect(200);
        assert_eq!(reply.header("link").is_empty(), reply.json["next"].is_null());
        all.extend(reply.json["acts"].as_array().cloned().unwrap());
        next = reply.json["next"].as_str().map(str::to_owned);
    }
    all
}

pub fn kinds(acts: &[Value]) -> Vec<&str> {
    acts.iter().map(|act| act["act"]["kind"].as_str().unwrap()).collect()
}

on_both! {
    fn what_is_done_at_the_desk_stands_in_the_book_once_with_who_and_from_where(world) {
        let administrator = world.signed_in("administrator");
        administrator.create("/v1/departments?congress=330502", json!({"name": "区教育局"})).expect(201);
        administrator.create("/v1/departments?congress=330502", json!({"name": "区教育局"})).expect(409);
        administrator.create("/v1/deputies?congress=330502", json!({"name": "周敏"})).expect(201);
        let session = json!({"id": "5-4", "label": "四次会议", "origin": "in_session", "opens_on": "2025-01-14"});
        administrator.create("/v1/congresses/330502/sessions", session).expect(201);
        let auditor = world.signed_in("auditor");
        let all = acts(&auditor, "");
        assert_eq!(
            kinds(&all),
            ["signed_in", "session_entered", "deputy_entered", "department_entered", "signed_in"],
            "newest first, and nothing of what was refused"
        );
        let department = &all[3];
        assert_eq!(department["author"]["name"], "管理员");
        assert_eq!(department["author"]["role"], "administrator");
        assert_eq!(department["act"]["name"], "区教育局");
        assert_eq!(department["address"], "127.0.0.1");
        assert!(!department["request_id"].as_str().unwrap().is_empty());
        assert_eq!(kinds(&acts(&auditor, "&kind=deputy_entered")), ["deputy_entered"]);
        let me = auditor.get("/v1/me").expect(200).json["user"].as_str().unwrap().to_owned();
        assert_eq!(kinds(&acts(&auditor, &format!("&user={me}"))), ["signed_in"]);
        auditor.get("/v1/acts?limit=0").expect(422);
        auditor.get("/v1/acts?after=x").expect(422);
    }

    fn the_book_is_read_by_auditors_and_leaders_of_the_congress_and_its_installations_by_operators(world) {
        world.signed_in("chen@other");
        let nobody = world.nobody();
        nobody.create("/v1/auth/sign-in", json!({"username": "my secret word", "password": "x"})).expect(401);
        nobody.create("/v1/auth/sign-in", json!({"username": "chen", "password": "not it"})).expect(401);
        for username in ["chen", "committee", "secretary", "government-office", "transport", "transport-approver", "administrator"] {
            world.signed_in(username).get("/v1/acts").expect(403);
        }
        let leader = acts(&world.signed_in("leader"), "");
        assert!(kinds(&leader).contains(&"sign_in_refused"));
        let refused = leader.iter().find(|act| act["act"]["kind"] == "sign_in_refused").unwrap();
        assert!(refused["author"].is_null() && !refused["user"].is_null(), "{refused}");
        let other = acts(&world.signed_in("auditor@other"), "");
        assert_eq!(kinds(&other), ["signed_in", "signed_in"]);
        let operator = acts(&world.signed_in("operator"), "");
        assert_eq!(kinds(&operator), ["signed_in", "sign_in_refused"], "of whom nobody knows, and his own");
        assert!(operator[1]["author"].is_null() && operator[1]["user"].is_null());
        for book in [leader, other, operator] {
            let text = serde_json::to_string(&book).unwrap();
            assert!(!text.contains("my secret word") && !text.contains(PASSWORD) && !text.contains("not it"));
        }
    }

    fn what_is_typed_at_the_terminal_is_in_the_book_too(world) {
        let run = |args: &[&str]| {
            let folder = tempfile::tempdir().unwrap();
            let database = world.url().map(str::to_owned).unwrap_or_else(|| format!("sqlite:{}", folder.path().join("x.db").display()));
            let run = |args: &[&str]| crate::support::program::succeeds(crate::support::program::jianyi(folder.path(), Some(&database)).args(args));
            if world.url().is_none() {
                run(&["congress", "add", "330502", "--name", "吴兴区", "--policy", "zhejiang-2016"]);
            }
            (run(args), folder, database)
        };
        let (told, folder, database) = run(&["user", "add", "zhou", "--name", "周敏", "--role", "auditor", "--congress", "330502", "--invite"]);
        assert!(told.contains("/v1/auth/links/"), "{told}");
        let run = |args: &[&str]| crate::support::program::succeeds(crate::support::program::jianyi(folder.path(), Some(&database)).args(args));
        assert!(run(&["user", "reset", "zhou"]).contains("/v1/auth/links/"));
        run(&["user", "disable", "zhou"]);
        run(&["user", "enable", "zhou"]);
        run(&["congress", "policy", "330502", "law-2025"]);
        let told = crate::support::program::fails(crate::support::program::jianyi(folder.path(), Some(&database)).args(["user", "disable", "nobody"]));
        assert!(told.contains("there is no account nobody"), "{told}");
        if world.url().is_some() {
            // The terminal's clock is the machine's.
            world.on("2100-01-01");
            let book = acts(&world.signed_in("auditor"), "");
            let mut expected = vec!["signed_in", "policy_chosen", "account_enabled", "account_disabled", "link_made"];
            expected.extend(["link_made", "membership_granted", "account_entered"]);
            assert_eq!(kinds(&book), expected);
            assert_eq!(book[1]["author"]["role"], "operator");
            assert_eq!(book[1]["act"]["policy"], "law-2025");
        }
    }
}

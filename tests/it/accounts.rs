//! Accounts: an administrator keeps those of his congress, never his own, and a right that was withdrawn is gone at the
//! next request.

use super::acts::{acts, kinds};
use crate::{
    on_both,
    support::{client::Caller, world::PASSWORD},
};
use reqwest::Method;
use serde_json::{Value, json};

fn own(caller: &Caller, what: &str) -> String {
    caller.get("/v1/me").expect(200).json[what].as_str().unwrap().to_owned()
}

fn listed(caller: &Caller) -> Vec<Value> {
    let mut all = Vec::new();
    let mut next = Some("/v1/accounts?limit=4".to_owned());
    while let Some(page) = next {
        let reply = caller.get(&page).expect(200);
        all.extend(reply.json["accounts"].as_array().cloned().unwrap());
        next = reply.json["next"].as_str().map(str::to_owned);
    }
    all
}

on_both! {
    fn an_administrator_lists_his_congress_and_the_operator_the_installation(world) {
        let here: Vec<Value> = listed(&world.signed_in("administrator"));
        assert_eq!(here.len(), 16);
        assert!(here.iter().all(|it| !it["username"].as_str().unwrap().contains('@')));
        assert!(!serde_json::to_string(&here).unwrap().contains("argon2"));
        let there = listed(&world.signed_in("administrator@other"));
        assert!(there.iter().all(|it| it["username"].as_str().unwrap().ends_with("@other")));
        assert_eq!(listed(&world.signed_in("operator")).len(), 1);
        for username in ["chen", "committee", "leader", "auditor", "transport", "secretary", "government-office"] {
            world.signed_in(username).get("/v1/accounts").expect(403);
        }
    }

    fn disabling_ends_sign_ins_at_once_and_enabling_lets_in_again(world) {
        let (administrator, transport) = (world.signed_in("administrator"), world.transport());
        let user = own(&transport, "user");
        world.signed_in("administrator@other").create(&format!("/v1/accounts/{user}/disabling"), json!({})).expect(404);
        administrator.create(&format!("/v1/accounts/{user}/disabling"), json!({})).expect(204);
        transport.get("/v1/me").expect(401);
        let sign_in = || world.nobody().create("/v1/auth/sign-in", json!({"username": "transport", "password": PASSWORD}));
        sign_in().expect(401);
        administrator.create(&format!("/v1/accounts/{user}/enabling"), json!({})).expect(204);
        transport.get("/v1/me").expect(401);
        sign_in().expect(200);
        let book = acts(&world.signed_in("auditor"), &format!("&user={user}"));
        assert_eq!(kinds(&book), ["signed_in", "account_enabled", "account_disabled", "signed_in"]);
        assert_eq!(book[2]["author"]["name"], "管理员");
    }

    fn nobody_changes_himself_and_a_congress_keeps_an_administrator(world) {
        let (one, two) = (world.signed_in("administrator"), world.signed_in("administrator-2"));
        let user = own(&one, "user");
        one.create(&format!("/v1/accounts/{user}/disabling"), json!({})).expect(403);
        one.create(&format!("/v1/accounts/{user}/reset"), json!({})).expect(403);
        one.create(&format!("/v1/accounts/{user}/memberships"), json!({"role": "auditor"})).expect(403);
        one.ask(Method::DELETE, &format!("/v1/memberships/{}", own(&one, "membership"))).send().expect(403);
        let operator = world.signed_in("operator");
        two.create(&format!("/v1/accounts/{user}/disabling"), json!({})).expect(204);
        one.get("/v1/accounts").expect(401);
        let last = own(&two, "user");
        operator.create(&format!("/v1/accounts/{last}/disabling"), json!({})).expect(409);
        operator.ask(Method::DELETE, &format!("/v1/memberships/{}", own(&two, "membership"))).send().expect(409);
        two.get("/v1/accounts").expect(200);
    }

    fn duties_are_kept_apart_and_roles_are_given_within_the_congress_only(world) {
        let administrator = world.signed_in("administrator");
        let staff = own(&world.committee(), "user");
        let grant = |user: &str, role: Value| administrator.create(&format!("/v1/accounts/{user}/memberships"), role);
        let refused = grant(&staff, json!({"role": "auditor"})).expect(409);
        assert!(refused.json["detail"].as_str().unwrap().contains("职责须分离"));
        let auditor = own(&world.signed_in("auditor"), "user");
        grant(&auditor, json!({"role": "committee_leader"})).expect(409);
        grant(&staff, json!({"role": "committee"})).expect(409);
        assert_eq!(grant(&staff, json!({"role": "emperor"})).expect(422).pointers(), ["/membership/role"]);
        assert_eq!(grant(&staff, json!({"role": "department"})).expect(422).pointers(), ["/membership/department"]);
        assert_eq!(grant(&staff, json!({"role": "operator"})).expect(422).pointers(), ["/membership/role"]);
        grant(&staff, json!({"role": "auditor", "congress": "330503"})).expect(404);
        let theirs = world.signed_in("transport@other").party;
        grant(&staff, json!({"role": "department", "department": theirs})).expect(422);
        let operator = world.signed_in("operator");
        let new = |role: Value| json!({"username": "wu", "name": "吴刚", "membership": role});
        operator.create("/v1/accounts", new(json!({"role": "committee", "congress": "330502"}))).expect(422);
        operator.create("/v1/accounts", new(json!({"role": "administrator"}))).expect(422);
        operator.create("/v1/accounts", new(json!({"role": "administrator", "congress": "330502"}))).expect(201);
        administrator.create("/v1/accounts", new(json!({"role": "auditor"}))).expect(409);
        for username in ["committee", "leader", "auditor", "chen"] {
            let caller = world.signed_in(username);
            caller.create("/v1/accounts", new(json!({"role": "auditor"}))).expect(403);
            caller.create(&format!("/v1/accounts/{auditor}/memberships"), json!({"role": "committee"})).expect(403);
        }
    }

    fn somebody_with_two_memberships_chooses_switches_and_loses_one_at_the_next_request(world) {
        let administrator = world.signed_in("administrator");
        let department = world.housing().party;
        let user = own(&world.transport(), "user");
        // The oldest is the first.
        world.later(chrono::TimeDelta::seconds(1));
        let granted = administrator
            .create(&format!("/v1/accounts/{user}/memberships"), json!({"role": "approver", "department": department}))
            .expect(201);
        let second = granted.json["membership"].as_str().unwrap().to_owned();
        let transport = world.transport();
        let me = transport.get("/v1/me").expect(200).json;
        assert_eq!(me["role"], "department");
        assert_eq!(me["memberships"].as_array().unwrap().len(), 2);
        let holding = |pair: &Value| Caller { token: pair["access_token"].as_str().map(str::to_owned), ..world.nobody() };
        let body = json!({"username": "transport", "password": PASSWORD, "membership": second});
        let chosen = holding(&world.nobody().create("/v1/auth/sign-in", body).expect(200).json);
        assert_eq!(chosen.get("/v1/me").expect(200).json["department"], department.as_str());
        let switched = holding(&transport.create("/v1/auth/switch", json!({"membership": second})).expect(200).json);
        assert_eq!(switched.get("/v1/me").expect(200).json["role"], "approver");
        transport.get("/v1/me").expect(200);
        let foreign = own(&world.committee(), "membership");
        assert_eq!(transport.create("/v1/auth/switch", json!({"membership": foreign})).expect(422).pointers(), ["/membership"]);
        administrator.ask(Method::DELETE, &format!("/v1/memberships/{second}")).send().expect(204);
        switched.get("/v1/me").expect(401);
        chosen.get("/v1/me").expect(401);
        transport.get("/v1/me").expect(200);
        administrator.ask(Method::DELETE, &format!("/v1/memberships/{second}")).send().expect(404);
        let book = acts(&world.signed_in("auditor"), "&kind=membership_granted");
        assert_eq!(book[0]["act"]["bound_to"], department.as_str());
    }
}

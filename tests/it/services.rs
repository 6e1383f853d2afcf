//! Programs sign in by their secrets (RFC 6749), within their scopes, and like nobody else.

use crate::{
    on_both,
    support::{
        World,
        client::{Caller, Reply},
    },
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use reqwest::Method;
use serde_json::{Value, json};

fn entered(world: &World) -> Value {
    let membership = json!({"role": "committee", "scopes": ["cases:read", "figures:read"]});
    let new = json!({"username": "exchange", "name": "数据交换", "membership": membership});
    world.signed_in("administrator").create("/v1/accounts", new).expect(201).json
}

fn ask(world: &World, form: &str, basic: Option<(&str, &str)>) -> Reply {
    let mut asked = world.nobody().ask(Method::POST, "/v1/auth/token");
    asked = asked.header("content-type", "application/x-www-form-urlencoded");
    if let Some((id, secret)) = basic {
        asked = asked
            .header("authorization", &format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}"))));
    }
    asked.bytes(form.as_bytes()).send()
}

on_both! {
    fn a_program_gets_a_token_for_its_secret_in_the_form_or_in_the_header(world) {
        let entered = entered(world);
        assert!(entered["invitation"].is_null());
        let (id, secret) = (entered["secret"]["client_id"].as_str().unwrap(), entered["secret"]["client_secret"].as_str().unwrap());
        assert_eq!(secret.len(), 43);
        let grant = "grant_type=client_credentials";
        let form = format!("{grant}&client_id={id}&client_secret={secret}");
        for reply in [ask(world, &form, None), ask(world, grant, Some((id, secret))), ask(world, &format!("{grant}&scope=cases%3Aread"), Some((id, secret)))] {
            let reply = reply.expect(200);
            assert_eq!((reply.header("cache-control"), reply.json["token_type"].as_str()), ("no-store", Some("Bearer")));
            assert_eq!(reply.json["scope"], "cases:read figures:read");
            assert!(reply.json["refresh_token"].is_null());
            let program = Caller { token: reply.json["access_token"].as_str().map(str::to_owned), ..world.nobody() };
            assert_eq!(program.get("/v1/me").expect(200).json["name"], "数据交换");
            program.create("/v1/me/password", json!({"current": "x", "password": "y"})).expect(403);
            program.create("/v1/auth/second-factor", json!({})).expect(403);
            program.create("/v1/auth/switch", json!({"membership": id})).expect(403);
        }
        world.nobody().create("/v1/auth/sign-in", json!({"username": "exchange", "password": secret})).expect(401);
    }

    fn a_program_does_what_its_role_may_within_its_scopes(world) {
        let (path, _) = world.registered("关于数据交换的建议");
        let entered = entered(world);
        let (id, secret) = (entered["secret"]["client_id"].as_str().unwrap(), entered["secret"]["client_secret"].as_str().unwrap());
        let token = ask(world, "grant_type=client_credentials", Some((id, secret))).expect(200).json["access_token"].clone();
        let program = Caller { token: token.as_str().map(str::to_owned), ..world.nobody() };
        for open in ["/v1/cases", &path, &format!("{path}/events"), "/v1/cases/export?format=csv", "/v1/figures?congress=330502&metric=reply_rate"] {
            program.get(open).expect(200);
        }
        // A case that is not there is out of scope before it is not found: that tells nothing.
        for step in [format!("{path}/dispatch"), format!("{path}/closure"), "/v1/cases/018d0fc8-4680-78a7-9053-95f06de1b2fb/closure".to_owned()] {
            let told = program.create(&step, json!({}));
            assert!([403, 404].contains(&told.status), "{}", told.text);
        }
        let told = program.create(&format!("{path}/dispatch"), json!({})).expect(403);
        assert!(told.text.contains("cases:write"), "{}", told.text);
        program.create("/v1/cases", json!({"kind": "suggestion", "title": "一", "body": "一"})).expect(403);
        for closed in ["/v1/departments?congress=330502", "/v1/congresses", "/v1/accounts", "/v1/acts"] {
            program.get(closed).expect(403);
        }
        assert_eq!(world.committee().get(&path).expect(200).json["stage"], "registered");
    }

    fn what_is_wrong_is_said_in_the_words_of_the_standard(world) {
        let entered = entered(world);
        let (id, secret) = (entered["secret"]["client_id"].as_str().unwrap(), entered["secret"]["client_secret"].as_str().unwrap());
        let grant = "grant_type=client_credentials";
        let right = Some((id, secret));
        let person = world.signed_in("committee").get("/v1/me").expect(200).json["membership"].as_str().unwrap().to_owned();
        for (form, basic, status, error) in [
            ("", right, 400, "invalid_request"),
            ("grant_type=password", right, 400, "unsupported_grant_type"),
            ("grant_type=client_credentials&grant_type=client_credentials", right, 400, "invalid_request"),
            (&*format!("{grant}&scope=everything"), right, 400, "invalid_scope"),
            (&*format!("{grant}&scope=cases:write"), right, 400, "invalid_scope"),
            (grant, None, 401, "invalid_client"),
            (grant, Some((id, "wrong")), 401, "invalid_client"),
            (grant, Some(("exchange", secret)), 401, "invalid_client"),
            (grant, Some((&*person, secret)), 401, "invalid_client"),
            (&*format!("{grant}&client_id={id}&client_secret={secret}"), right, 400, "invalid_request"),
        ] {
            let reply = ask(world, form, basic).expect(status);
            assert_eq!(reply.json["error"], error, "{form}");
            assert_eq!(reply.header("content-type"), "application/json", "{form}");
            assert_eq!(reply.header("www-authenticate").is_empty(), status != 401, "{form}");
        }
        let json = world.nobody().create("/v1/auth/token", json!({"grant_type": "client_credentials"})).expect(400);
        assert_eq!(json.json["error"], "invalid_request");
    }

    fn secrets_are_exchanged_two_at_a_time_and_what_ended_opens_nothing_at_the_next_request(world) {
        let entered = entered(world);
        let (id, first) = (entered["secret"]["client_id"].as_str().unwrap(), entered["secret"]["client_secret"].as_str().unwrap());
        let secrets = format!("/v1/memberships/{id}/secrets");
        let administrator = world.signed_in("administrator");
        for stranger in ["committee", "auditor"] {
            world.signed_in(stranger).create(&secrets, json!({})).expect(403);
        }
        world.signed_in("administrator@other").create(&secrets, json!({})).expect(404);
        let second = administrator.create(&secrets, json!({})).expect(201).json["client_secret"].as_str().unwrap().to_owned();
        administrator.create(&secrets, json!({})).expect(409);
        let grant = "grant_type=client_credentials";
        let token = ask(world, grant, Some((id, first))).expect(200).json["access_token"].as_str().unwrap().to_owned();
        let program = Caller { token: Some(token), ..world.nobody() };
        program.get("/v1/me").expect(200);
        ask(world, grant, Some((id, &second))).expect(200);
        let old = entered["secret"]["id"].as_str().unwrap();
        administrator.ask(Method::DELETE, &format!("{secrets}/{old}")).send().expect(204);
        administrator.ask(Method::DELETE, &format!("{secrets}/{old}")).send().expect(404);
        program.get("/v1/me").expect(401);
        ask(world, grant, Some((id, first))).expect(401);
        ask(world, grant, Some((id, &second))).expect(200);
        assert_eq!(administrator.get(&secrets).expect(200).json["secrets"].as_array().unwrap().len(), 1);
        administrator.ask(Method::DELETE, &format!("/v1/memberships/{id}")).send().expect(204);
        ask(world, grant, Some((id, &second))).expect(401);
    }
}

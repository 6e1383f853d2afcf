//! Single sign-on against a real OpenID provider, which the story starts.

use crate::{
    on_both,
    support::{
        World,
        client::Caller,
        program::{fails, succeeds},
        sign_on::{Begun, Browser, Door, REDIRECT, RealProvider, SECRET, settings},
    },
};
use jianyi::{
    domain::ids::SignInId,
    office::Fault,
    store::{people, sign_ins},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::Child,
    time::{Duration, Instant},
};

/// Who a sign-in's access token belongs to.
fn me(door: &Door, pair: &Value) -> Value {
    let token = pair["access_token"].as_str().map(str::to_owned);
    Caller { token, ..door.nobody() }.get("/v1/me").expect(200).json
}

fn second_factor(door: &Door, pair: &Value) -> bool {
    let token = pair["access_token"].as_str().unwrap_or_default();
    let claims = crate::support::forger::decode(token.split('.').nth(1).unwrap_or_default());
    let claims: Value = serde_json::from_slice(&claims).expect("claims");
    let id = SignInId(claims["sid"].as_str().and_then(|id| id.parse().ok()).expect("a sign-in"));
    let read = |db: &mut _| Ok::<_, Fault>(sign_ins::find(db, id)?);
    let found = door.world.office.store().read_here(read).expect("it is read").expect("it is there");
    found.second_factor
}

fn later(world: &World, minutes: i64) {
    world.turn(world.office.now() + chrono::TimeDelta::minutes(minutes));
}

/// Two who are linked, and the door.
fn door<'a>(world: &'a World, provider: &RealProvider) -> Door<'a> {
    let door = Door::open(world, provider.settings());
    door.link("committee", &provider.issuer, "gong-wei");
    door.link("chen", &provider.issuer, "chen-fang");
    door
}

on_both! {
    fn who_is_linked_signs_in_by_the_providers_word(world) {
        let provider = RealProvider::start();
        let door = door(world, &provider);
        assert_eq!(door.nobody().get("/v1/auth/oidc").expect(200).json, json!({"enabled": true, "name": "浙政钉"}));
        let begun = door.begin();
        for (name, value) in [("response_type", "code"), ("code_challenge_method", "S256"), ("client_id", "jianyi"), ("scope", "openid")] {
            assert_eq!(begun.query(name), value);
        }
        for secret in ["state", "nonce", "code_challenge"] {
            assert_eq!(begun.query(secret).len(), 43, "256 bits of {secret}");
        }
        let back = Browser::new().go(&begun.hinted("gong-wei"));
        assert_eq!(back.get("iss"), Some(&provider.issuer));
        let pair = door.finish(&begun.came_back(&back)).expect(200);
        assert_eq!(pair.header("cache-control"), "no-store");
        assert_eq!((&me(&door, &pair.json)["role"], &me(&door, &pair.json)["congress"]), (&json!("committee"), &json!("330502")));
        assert!(!second_factor(&door, &pair.json), "a password alone");
        let renewed = door.nobody().create("/v1/auth/refresh", json!({"refresh_token": pair.json["refresh_token"]})).expect(200);
        assert_eq!(me(&door, &renewed.json)["role"], "committee");

        let chen = door.sign_in("chen-fang+mfa").expect(200).json;
        assert_eq!(me(&door, &chen)["name"], "陈芳");
        assert!(second_factor(&door, &chen));
    }

    fn whose_role_needs_a_second_factor_has_to_have_shown_one_to_the_provider(world) {
        let world = world.guarded(&["committee"]);
        let provider = RealProvider::start();
        let door = door(&world, &provider);
        let told = door.sign_in("gong-wei").expect(403);
        assert!(told.text.contains("第二验证因素"), "{}", told.text);
        let pair = door.sign_in("gong-wei+mfa").expect(200).json;
        assert_eq!(me(&door, &pair)["role"], "committee");
        door.sign_in("chen-fang").expect(200);
    }

    fn an_attempt_is_good_once_in_time_and_in_its_own_browser(world) {
        let provider = RealProvider::start();
        let door = door(world, &provider);
        let begun = door.begin();
        let back = Browser::new().go(&begun.hinted("gong-wei"));
        let right = begun.came_back(&back);
        for (name, wrong) in [("state", "another"), ("state", ""), ("state", &*"s".repeat(43))] {
            let mut body = right.clone();
            body[name] = json!(wrong);
            door.finish(&body).expect(401);
        }
        // What was not hit is good still.
        door.finish(&right).expect(200);
        door.finish(&right).expect(401);

        // Somebody else's browser: the attempt ends, so that nobody tries bindings.
        let begun = door.begin();
        let back = Browser::new().go(&begun.hinted("gong-wei"));
        let other = door.begin();
        let mut stolen = begun.came_back(&back);
        stolen["binding"] = json!(other.binding);
        door.finish(&stolen).expect(401);
        door.finish(&begun.came_back(&back)).expect(401);

        // The code of one attempt under the state of another: the verifier and the nonce are the other's.
        let begun = door.begin();
        let back = Browser::new().go(&begun.hinted("gong-wei"));
        let mut mixed = other.came_back(&back);
        mixed["state"] = json!(other.query("state"));
        door.finish(&mixed).expect(401);

        // The provider's word is fresh either way; it is the attempt that is nine or eleven minutes old.
        for (away, status) in [(9, 200), (11, 401)] {
            later(world, -away);
            let begun = door.begin();
            later(world, away);
            let back = Browser::new().go(&begun.hinted("gong-wei"));
            door.finish(&begun.came_back(&back)).expect(status);
        }
    }

    fn of_many_who_bring_the_same_code_one_gets_in(world) {
        let provider = RealProvider::start();
        let door = door(world, &provider);
        let begun = door.begin();
        let body = begun.came_back(&Browser::new().go(&begun.hinted("gong-wei")));
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| door.finish(&body).status)).collect();
            threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 7, "{statuses:?}");
    }

    fn a_code_that_was_used_or_is_anothers_opens_nothing(world) {
        let provider = RealProvider::start();
        let door = door(world, &provider);
        let begun = door.begin();
        let back = Browser::new().go(&begun.hinted("gong-wei"));
        door.finish(&begun.came_back(&back)).expect(200);
        let again = door.begin();
        let mut replayed = again.came_back(&back);
        replayed["state"] = json!(again.query("state"));
        door.finish(&replayed).expect(401);

        let invented = door.begin();
        let back = BTreeMap::from([("code", "invented"), ("state", &*invented.query("state")), ("iss", &*provider.issuer)]
            .map(|(name, value)| (name.to_owned(), value.to_owned())));
        door.finish(&invented.came_back(&back)).expect(401);

        // Everything else as it should be, but the code was made for another client.
        let begun = door.begin();
        let back = Browser::new().go(&begun.with("client_id", "other").hinted("gong-wei"));
        assert!(back.contains_key("code"), "{back:?}");
        door.finish(&begun.came_back(&back)).expect(401);

        // Somebody in between wrote another nonce, or another challenge.
        for name in ["nonce", "code_challenge"] {
            let begun = door.begin();
            let back = Browser::new().go(&begun.with(name, &"n".repeat(43)).hinted("gong-wei"));
            assert!(back.contains_key("code"), "{back:?}");
            door.finish(&begun.came_back(&back)).expect(401);
        }

        // The provider names itself beside the code; who takes that away or writes another is not believed.
        for iss in [None, Some("https://evil.example")] {
            let begun = door.begin();
            let mut back = Browser::new().go(&begun.hinted("gong-wei"));
            back.remove("iss");
            back.extend(iss.map(|iss| ("iss".to_owned(), iss.to_owned())));
            door.finish(&begun.came_back(&back)).expect(401);
        }
    }

    fn a_stranger_and_a_disabled_account_are_told_the_same(world) {
        let provider = RealProvider::start();
        let door = door(world, &provider);
        let stranger = door.sign_in("nobody-here").expect(401).json;
        // Neither a name nor an address makes an account: only the subject that was linked.
        for hint in ["committee", "Gong-Wei", "gong-wei "] {
            door.sign_in(hint).expect(401);
        }
        door.sign_in("gong-wei").expect(200);
        let disable = |db: &mut _| Ok::<_, Fault>(people::set_disabled(db, "committee", true)?);
        assert!(world.office.store().write_here(disable).expect("it is written"));
        let disabled = door.sign_in("gong-wei").expect(401).json;
        for name in ["type", "title", "detail", "status"] {
            assert_eq!(stranger[name], disabled[name]);
        }
        door.link("li", "https://another.example", "nobody-here");
        door.sign_in("nobody-here").expect(401);
    }

    fn a_provider_that_changes_its_key_is_asked_again(world) {
        let provider = RealProvider::start();
        let door = door(world, &provider);
        door.sign_in("gong-wei").expect(200);
        for _ in 0..2 {
            provider.rotate();
            door.sign_in("gong-wei").expect(200);
        }
    }

    fn a_provider_that_is_gone_is_a_problem_and_no_wait(world) {
        let mut provider = RealProvider::start();
        let opened = door(world, &provider);
        let begun = opened.begin();
        let back = Browser::new().go(&begun.hinted("gong-wei"));
        provider.stop();
        let began = Instant::now();
        let gone = opened.finish(&begun.came_back(&back)).expect(503);
        assert_eq!(gone.json["type"], "urn:jianyi:problem:single-sign-on-unavailable");
        assert_eq!((gone.header("content-type"), gone.header("retry-after")), ("application/problem+json", "2"));
        // A service that never saw it starts, says so, and takes passwords.
        let fresh = Door::open(world, provider.settings());
        fresh.nobody().get("/v1/auth/oidc").expect(200);
        fresh.nobody().create("/v1/auth/oidc/authorization", json!({})).expect(503);
        fresh.signed_in("committee").get("/v1/me").expect(200);
        assert!(began.elapsed().as_secs() < 8, "{:?}", began.elapsed());
    }

    fn somebody_links_himself_and_nobody_else(world) {
        let provider = RealProvider::start();
        let door = Door::open(world, provider.settings());
        let li = door.signed_in("li");
        let path = "/v1/me/external-identity";
        let begin = |caller: &Caller| Begun::of(caller.create(&format!("{path}/authorization"), json!({})).expect(200));
        door.nobody().create(&format!("{path}/authorization"), json!({})).expect(401);
        door.nobody().get(path).expect(401);
        door.sign_in("li-mei").expect(401);

        let begun = begin(&li);
        let back = Browser::new().go(&begun.hinted("li-mei"));
        // Not a way to sign in, and not for another.
        door.finish(&begun.came_back(&back)).expect(401);
        let begun = begin(&li);
        let back = Browser::new().go(&begun.hinted("li-mei"));
        door.signed_in("chen").create(path, begun.came_back(&back)).expect(401);
        // What was begun to sign in links nobody: else a stranger's page could put its own identity on my account.
        let begun = door.begin();
        let back = Browser::new().go(&begun.hinted("li-mei"));
        li.create(path, begun.came_back(&back)).expect(401);
        assert_eq!(li.get(path).expect(200).json, json!({"identities": []}));

        let link = |caller: &Caller, hint: &str| {
            let begun = begin(caller);
            let back = Browser::new().go(&begun.hinted(hint));
            caller.create(path, begun.came_back(&back))
        };
        let linked = link(&li, "li-mei").expect(200).json;
        assert_eq!((&linked["subject"], &linked["issuer"]), (&json!("li-mei"), &json!(provider.issuer)));
        assert_eq!(li.get(path).expect(200).json["identities"][0], linked);
        assert_eq!(link(&li, "li-mei").expect(200).json, linked, "twice is once");
        link(&li, "li-mei-2").expect(409);
        link(&door.signed_in("chen"), "li-mei").expect(409);
        assert_eq!(me(&door, &door.sign_in("li-mei").expect(200).json)["name"], "李梅");

        li.ask(reqwest::Method::DELETE, path).send().expect(204);
        door.sign_in("li-mei").expect(401);
        li.ask(reqwest::Method::DELETE, path).send().expect(204);
        // Who has been signed in for long shows first who he is.
        later(world, 16);
        li.create(&format!("{path}/authorization"), json!({})).expect(403);
    }

    fn the_operator_unlinks_an_account_and_signs_it_out(world) {
        let provider = RealProvider::start();
        let door = door(world, &provider);
        let pair = door.sign_in("gong-wei").expect(200).json;
        assert_eq!(world.office.unlink_account("committee").ok(), Some(1));
        let token = pair["access_token"].as_str().map(str::to_owned);
        Caller { token, ..door.nobody() }.get("/v1/me").expect(401);
        door.nobody().create("/v1/auth/refresh", json!({"refresh_token": pair["refresh_token"]})).expect(401);
        door.sign_in("gong-wei").expect(401);
    }

    fn a_client_without_a_secret_signs_in_by_its_verifier_alone(world) {
        let provider = RealProvider::start();
        let public = jianyi::identity::oidc::Settings {
            client_id: "public".to_owned(),
            client_secret: None,
            ..settings(&provider.issuer)
        };
        let door = Door::open(world, public);
        door.link("committee", &provider.issuer, "gong-wei");
        door.sign_in("gong-wei").expect(200);
    }

    fn without_a_provider_there_is_no_single_sign_on(world) {
        let nobody = world.nobody();
        assert_eq!(nobody.get("/v1/auth/oidc").expect(200).json, json!({"enabled": false}));
        nobody.create("/v1/auth/oidc/authorization", json!({})).expect(404);
        nobody.create("/v1/auth/oidc/token", json!({"code": "c", "state": "s", "binding": "b"})).expect(404);
        world.deputy().create("/v1/me/external-identity/authorization", json!({})).expect(404);
        // What came through the address is posted; an address alone does nothing.
        nobody.get("/v1/auth/oidc/token?code=c&state=s").expect(405);
        for (body, pointer) in [(json!({"code": "c", "state": "s"}), "/binding"), (json!({"code": 1, "state": "s", "binding": "b"}), "/code")] {
            assert_eq!(nobody.create("/v1/auth/oidc/token", body).expect(422).pointers(), [pointer]);
        }
    }
}

/// A service of its own, as an operator starts it, until it is dropped.
struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    fn read(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// What the log has after `text`, as soon as it is there.
    fn after(&self, text: &str) -> String {
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some((_, rest)) = self.read().split_once(text)
                && rest.contains('\n')
            {
                return rest.split(char::is_whitespace).next().unwrap_or_default().to_owned();
            }
            assert!(Instant::now() < patience, "{text} is not in {}", self.read());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_operator_sets_it_up_and_links_whom_the_log_names() {
    let world = World::on_postgres();
    let provider = RealProvider::start();
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, format!("{SECRET}\n")).unwrap();
    let mode = |mode| std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(mode)).unwrap();
    let program = || {
        let mut program = world.program();
        program.env("JIANYI_OIDC_ISSUER", &provider.issuer).env("JIANYI_OIDC_CLIENT_ID", "jianyi");
        program.env("JIANYI_OIDC_REDIRECT_URI", REDIRECT).env("JIANYI_OIDC_CLIENT_SECRET_FILE", &secret);
        program
    };
    // Half of it, or a part that is not safe, is told before anything is served.
    mode(0o644);
    assert!(fails(program().arg("config")).contains("chmod 600"));
    mode(0o600);
    let half = fails(program().env_remove("JIANYI_OIDC_CLIENT_ID").arg("config"));
    assert!(half.contains("JIANYI_OIDC_CLIENT_ID") && half.contains("not set"), "{half}");
    assert!(
        fails(program().env("JIANYI_OIDC_ISSUER", "http://login.gov.example").arg("config"))
            .contains("forged")
    );
    let shown = succeeds(program().arg("config"));
    assert!(shown.contains(&provider.issuer) && !shown.contains(SECRET), "{shown}");
    let doctor = program().arg("doctor").output().unwrap();
    let doctor = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(doctor.contains(&format!("{} answers", provider.issuer)), "{doctor}");

    let log = folder.path().join("log");
    let file = std::fs::File::create(&log).unwrap();
    let mut serve = program();
    serve.env("JIANYI_BIND", "127.0.0.1:0").arg("serve").stdout(file.try_clone().unwrap()).stderr(file);
    let service = Running { child: serve.spawn().unwrap(), log };
    let base = format!("http://{}", service.after("listening on http://"));
    let nobody = Caller { base, ..world.nobody() };
    let sign_in = || {
        let begun = Begun::of(nobody.create("/v1/auth/oidc/authorization", json!({})).expect(200));
        let back = Browser::new().go(&begun.hinted("330502-0815"));
        nobody.create("/v1/auth/oidc/token", begun.came_back(&back))
    };
    sign_in().expect(401);
    let subject = service.after("\"subject\":\"");
    assert!(subject.starts_with("330502-0815\""), "{subject}");
    let linked = succeeds(program().args(["user", "link", "committee", "--subject", "330502-0815"]));
    assert!(linked.contains(&provider.issuer), "{linked}");
    sign_in().expect(200);
    assert!(
        fails(program().args(["user", "link", "chen", "--subject", "330502-0815"]))
            .contains("another account")
    );
    succeeds(program().args(["user", "unlink", "committee"]));
    sign_in().expect(401);
    for secret in [SECRET, "code=", "binding"] {
        assert!(!service.read().contains(secret), "{secret} is in the log");
    }
}

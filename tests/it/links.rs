//! Invitations and password resets: a link does nothing by being looked at, and opens once.

use super::acts::{acts, kinds};
use crate::{
    on_both,
    support::{World, client::Caller, world::PASSWORD},
};
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

const CHOSEN: &str = "河堤修好了再走三里路看桥";

/// An account that was entered, and the path of its invitation.
fn invited(world: &World) -> (String, String) {
    let new = json!({"username": "zhang.min", "name": "张敏", "membership": {"role": "committee"}});
    let entered = world.signed_in("administrator").create("/v1/accounts", new).expect(201).json;
    (entered["user"].as_str().unwrap().to_owned(), path(entered["invitation"]["url"].as_str().unwrap()))
}

fn path(url: &str) -> String {
    let path = url.strip_prefix("https://jianyi.example.cn").expect("the public address");
    assert_eq!(path.len(), "/v1/auth/links/".len() + 43, "256 bits");
    path.to_owned()
}

fn reset(administrator: &Caller, user: &str) -> String {
    path(
        administrator.create(&format!("/v1/accounts/{user}/reset"), json!({})).expect(201).json["url"]
            .as_str()
            .unwrap(),
    )
}

on_both! {
    fn a_link_that_programs_look_at_ten_times_opens_once_for_the_person(world) {
        let (_, link) = invited(world);
        let nobody = world.nobody();
        for _ in 0..10 {
            let shown = nobody.get(&link).expect(200);
            assert_eq!((&shown.json["purpose"], &shown.json["name"]), (&json!("invitation"), &json!("张敏")));
            assert_eq!((shown.header("cache-control"), shown.header("referrer-policy")), ("no-store", "no-referrer"));
            nobody.ask(Method::HEAD, &link).send();
        }
        let sign_in = |password: &str| nobody.create("/v1/auth/sign-in", json!({"username": "zhang.min", "password": password}));
        sign_in(CHOSEN).expect(401);
        assert_eq!(nobody.create(&link, json!({"password": "zhang.min.2024"})).expect(422).pointers(), ["/password"]);
        nobody.create(&link, json!({"password": CHOSEN})).expect(204);
        nobody.create(&link, json!({"password": "另外一句没有人想得到的话"})).expect(404);
        nobody.get(&link).expect(404);
        sign_in(CHOSEN).expect(200);
        let book = acts(&world.signed_in("auditor"), "");
        assert_eq!(
            kinds(&book)[..8],
            ["signed_in", "signed_in", "password_changed", "link_used", "sign_in_refused", "link_made", "membership_granted", "account_entered"]
        );
        assert!(!serde_json::to_string(&book).unwrap().contains(link.rsplit('/').next().unwrap()), "the link is in no book");
    }

    fn a_reset_ends_all_sign_ins_and_burns_all_links_of_the_account(world) {
        let chen = world.signed_in("chen");
        let user = chen.get("/v1/me").expect(200).json["user"].as_str().unwrap().to_owned();
        let administrator = world.signed_in("administrator");
        let (first, second) = (reset(&administrator, &user), reset(&administrator, &user));
        chen.get("/v1/me").expect(200);
        assert_eq!(world.nobody().get(&first).expect(200).json["purpose"], "password_reset");
        world.nobody().create(&second, json!({"password": CHOSEN})).expect(204);
        chen.get("/v1/me").expect(401);
        world.nobody().create(&first, json!({"password": CHOSEN})).expect(404);
        world.nobody().create("/v1/auth/sign-in", json!({"username": "chen", "password": PASSWORD})).expect(401);
    }

    fn a_reset_lasts_an_hour_and_an_invitation_seven_days(world) {
        let (_, invitation) = invited(world);
        let user = world.signed_in("chen").get("/v1/me").expect(200).json["user"].as_str().unwrap().to_owned();
        let reset = reset(&world.signed_in("administrator"), &user);
        world.later(TimeDelta::minutes(59));
        world.nobody().get(&reset).expect(200);
        world.later(TimeDelta::minutes(2));
        world.nobody().get(&reset).expect(404);
        world.nobody().create(&reset, json!({"password": CHOSEN})).expect(404);
        world.later(TimeDelta::days(6));
        world.nobody().get(&invitation).expect(200);
        world.later(TimeDelta::days(1));
        world.nobody().create(&invitation, json!({"password": CHOSEN})).expect(404);
    }

    fn of_many_who_race_with_one_link_one_sets_the_password(world) {
        let (_, link) = invited(world);
        let choices: Vec<String> = (0..8).map(|n| format!("第{n}个人想出来的一句很长的话 {n}")).collect();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let threads: Vec<_> = choices
                .iter()
                .map(|password| {
                    let link = &link;
                    scope.spawn(move || world.nobody().create(link, json!({"password": password})).status)
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
        let winner = &choices[statuses.iter().position(|status| *status == 204).unwrap()];
        world.nobody().create("/v1/auth/sign-in", json!({"username": "zhang.min", "password": winner})).expect(200);
    }

    fn a_disabled_account_cannot_be_opened_by_a_link(world) {
        let (user, link) = invited(world);
        world.signed_in("administrator").create(&format!("/v1/accounts/{user}/disabling"), json!({})).expect(204);
        world.nobody().get(&link).expect(404);
        world.nobody().create(&link, json!({"password": CHOSEN})).expect(404);
    }
}

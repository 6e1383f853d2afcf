//! Two at once cannot both win, and a repeated request has one effect.

use crate::on_both;
use reqwest::Method;
use serde_json::json;
use std::{collections::BTreeSet, thread};

on_both! {
    fn a_command_says_which_version_it_saw(world) {
        let (path, _) = world.in_hand("关于夜间照明的建议");
        let transport = world.transport();
        let version = transport.get(&path).expect(200).version();
        let url = format!("{path}/assignments/1/reply");
        let letter = crate::support::world::letter("A");
        let missing = transport.create(&url, letter.clone()).expect(428);
        assert_eq!(missing.json["current_version"], version);
        for stale in ["\"1\"", "W/\"4\"", "\"99\"", "nonsense", "\"5\", \"6\""] {
            let ask = transport.ask(Method::POST, &url).header("if-match", stale).json(letter.clone());
            assert_eq!(ask.send().expect(412).json["current_version"], version, "{stale}");
        }
        let ask = transport.ask(Method::POST, &url).header("if-match", "*").json(letter);
        ask.send().expect(200);
    }

    fn of_a_thousand_concurrent_edits_one_wins_each_time(world) {
        let deputy = world.deputy();
        let draft = json!({"kind": "suggestion", "title": "关于并发的建议", "body": "正文"});
        let path = format!("/v1/cases/{}", deputy.create("/v1/cases", draft).expect(201).json["id"].as_str().unwrap());
        let (editors, rounds) = (50, 20);
        for round in 1..=rounds {
            let statuses: Vec<u16> = thread::scope(|scope| {
                let edits: Vec<_> = (0..editors)
                    .map(|editor| {
                        let (deputy, path) = (&deputy, &path);
                        scope.spawn(move || {
                            let body = json!({"title": format!("第{round}轮第{editor}人")});
                            deputy.ask(reqwest::Method::PATCH, path).version(round).json(body).send().status
                        })
                    })
                    .collect();
                edits.into_iter().map(|edit| edit.join().unwrap()).collect()
            });
            assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
            assert_eq!(statuses.iter().filter(|s| **s == 412).count(), editors - 1, "{statuses:?}");
        }
        assert_eq!(deputy.get(&path).expect(200).version(), rounds + 1);
        world.assert_no_drift();
    }

    fn numbers_have_no_gaps_however_many_register_at_once(world) {
        let (deputy, committee) = (world.deputy(), world.committee());
        let submitted: Vec<String> = (0..24)
            .map(|n| {
                let draft = json!({"kind": "suggestion", "title": format!("关于第{n}件事的建议"), "body": "正文"});
                let path = format!("/v1/cases/{}", deputy.create("/v1/cases", draft).expect(201).json["id"].as_str().unwrap());
                deputy.post(&format!("{path}/submission"), json!({})).expect(200);
                path
            })
            .collect();
        let numbers: BTreeSet<u64> = thread::scope(|scope| {
            let registrations: Vec<_> = submitted
                .iter()
                .map(|path| {
                    let committee = &committee;
                    scope.spawn(move || {
                        // Every second one is refused once, and its number must not be lost.
                        let url = format!("{path}/registration");
                        committee.ask(Method::POST, &url).version(1).json(json!({})).send().expect(412);
                        let done = committee.post(&format!("{path}/registration"), json!({})).expect(200);
                        done.json["number"]["sequence"].as_u64().unwrap()
                    })
                })
                .collect();
            registrations.into_iter().map(|r| r.join().unwrap()).collect()
        });
        assert_eq!(numbers, (1..=24).collect());
        world.assert_no_drift();
    }

    fn a_key_has_one_effect_and_one_answer(world) {
        let deputy = world.deputy();
        let draft = json!({"kind": "suggestion", "title": "关于幂等的建议", "body": "正文"}).to_string();
        let ask = |key: &str, body: &str| {
            deputy.ask(Method::POST, "/v1/cases").header("idempotency-key", key).text(body).send()
        };
        let answers: Vec<_> = thread::scope(|scope| {
            let asks: Vec<_> = (0..16).map(|_| scope.spawn(|| ask("one-key", &draft))).collect();
            asks.into_iter().map(|a| a.join().unwrap().expect(201)).collect()
        });
        let first = &answers[0];
        assert!(answers.iter().all(|a| a.text == first.text && a.etag == first.etag));
        assert_eq!(answers.iter().filter(|a| a.headers.get("idempotent-replayed").is_none()).count(), 1);
        let other = draft.replace("幂等", "别的");
        assert_eq!(ask("one-key", &other).expect(422).json["type"], "urn:jianyi:problem:key-reused");
        ask("another-key", &other).expect(201);
        // Somebody else's key of the same name is another key.
        let li = world.signed_in("li");
        let theirs = li.ask(Method::POST, "/v1/cases").header("idempotency-key", "one-key").text(&draft).send();
        assert_ne!(theirs.expect(201).text, first.text);
        assert_eq!(deputy.get("/v1/cases").expect(200).json["cases"].as_array().map(Vec::len), Some(2));
        ask("", &draft).expect(400);
    }

    fn who_reads_after_an_answer_never_sees_less_than_it_said(world) {
        let (deputy, li) = (world.deputy(), world.signed_in("li"));
        let draft = json!({"kind": "suggestion", "title": "关于读写的建议", "body": "正文", "co_signers": [li.party]});
        let path = format!("/v1/cases/{}", deputy.create("/v1/cases", draft).expect(201).json["id"].as_str().unwrap());
        for version in 1..=40 {
            let body = json!({"title": format!("第{version}稿")});
            // Readers go on while the draft is written, so that what they keep is at stake.
            thread::scope(|scope| {
                let readers = [&deputy, &li].map(|who| scope.spawn(|| who.get(&path).expect(200).version()));
                let patched = deputy.ask(reqwest::Method::PATCH, &path).version(version).json(body).send().expect(200);
                assert_eq!(patched.version(), version + 1);
                for who in [&deputy, &li] {
                    assert_eq!(who.get(&path).expect(200).version(), version + 1);
                }
                for reader in readers {
                    assert!([version, version + 1].contains(&reader.join().unwrap()));
                }
            });
        }
    }

    fn a_command_with_a_key_can_be_repeated_after_the_case_moved_on(world) {
        let (path, _) = world.in_hand("关于重复提交的建议");
        let transport = world.transport();
        let version = transport.get(&path).expect(200).version();
        let ask = || {
            let ask = transport.ask(Method::POST, &format!("{path}/assignments/1/reply"));
            ask.version(version).header("idempotency-key", "reply-1").json(crate::support::world::letter("A")).send()
        };
        let first = ask().expect(200);
        let again = ask().expect(200);
        assert_eq!((again.text, again.etag), (first.text, first.etag));
        // Rights are asked anew before an old answer is given.
        world.office.store().write_here(|db| {
            jianyi::store::people::set_disabled(db, "transport", true).map_err(jianyi::office::Fault::from)
        }).expect("the account is shut out");
        ask().expect(401);
    }
}

//! The log that is evidence: what is written gets its place, heads are signed and leave the database, and everybody who
//! holds one can check the rest.

use crate::{
    on_both,
    support::{
        World,
        client::Reply,
        world::{wait, witness},
    },
};
use diesel::connection::SimpleConnection;
use jianyi::{
    evidence::{
        Algorithm, Checkpoint, Hash,
        note::{Note, PublicKey},
        proof,
        row::EventRow,
    },
    office::{Fault, StoreError, evidence},
};
use serde_json::{Value, json};

/// What a database administrator can do behind the office's back.
fn tamper(world: &World, sql: &str) {
    let sql = sql.to_owned();
    let done = world
        .office
        .store()
        .write_here(move |db| db.batch_execute(&sql).map_err(|e| Fault::from(StoreError::from(e))));
    done.expect("the administrator may do anything");
}

/// Where the log and the ledger do not agree.
fn findings(world: &World) -> Vec<String> {
    let report = wait(world.office.verify()).expect("verify runs");
    let log = report.findings.into_iter().filter(|it| it.column == "log");
    log.map(|it| format!("{}: {}", it.place, it.stored)).collect()
}

fn keys(world: &World) -> Vec<PublicKey> {
    let told = world.signed_in("auditor").get("/v1/log/330502/keys").expect(200).json;
    assert_eq!(
        (told["origin"].as_str(), told["hash"].as_str()),
        (Some("jianyi.example.cn/330502"), Some("sha256"))
    );
    let keys = told["keys"].as_array().unwrap().iter().chain(told["witnesses"].as_array().unwrap());
    keys.map(|key| key.as_str().unwrap().parse().unwrap()).collect()
}

fn head(reply: &Reply, keys: &[PublicKey]) -> Checkpoint {
    let note: Note = reply.text.parse().expect("a note");
    Checkpoint::open(&note, keys).expect("a signed head")
}

fn hashes(json: &Value) -> Vec<Hash> {
    json.as_array().unwrap().iter().map(|hash| hash.as_str().unwrap().parse().unwrap()).collect()
}

fn includes(reply: &Value, index: &Value, leaf: &Value, proof_of: &Value, checkpoint: &Checkpoint) -> bool {
    assert_eq!(reply["size"], checkpoint.size);
    let leaf = leaf.as_str().unwrap().parse().unwrap();
    let index = index.as_u64().unwrap();
    proof::includes(Algorithm::Sha256, leaf, index, checkpoint.size, &hashes(proof_of), checkpoint.root)
}

on_both! {
    fn what_is_written_is_logged_and_signed_and_each_event_has_its_proof(world) {
        let (path, _) = world.answered("关于存证的建议", "A");
        let auditor = world.signed_in("auditor");
        auditor.get("/v1/log/330502/checkpoint").expect(404);
        let (rows, heads) = world.log();
        assert!(rows > 10 && heads >= 1, "{rows} {heads}");
        let keys = keys(world);
        let first = head(&auditor.get("/v1/log/330502/checkpoint").expect(200), &keys);
        let proof = auditor.get(&format!("{path}/proof")).expect(200).json;
        let events = proof["events"].as_array().unwrap();
        assert_eq!(events.len() as i64, world.version(&path));
        for event in events {
            let row: EventRow = serde_json::from_value(event["row"].clone()).unwrap();
            assert_eq!(row.leaf(Algorithm::Sha256).to_string(), event["leaf"].as_str().unwrap());
            assert!(includes(&proof, &event["index"], &event["leaf"], &event["proof"], &first));
            assert!(!row.author.contains("陈芳") && !row.body.contains("陈芳"), "names are committed to");
        }
        // What came since is not proved yet, and then is; the log only grew.
        world.does("chen", &format!("{path}/evaluations"), json!({"result": "satisfied", "attitude": "satisfied"}));
        let events = auditor.get(&format!("{path}/proof")).expect(200).json["events"].clone();
        assert_eq!(events.as_array().unwrap().last().unwrap().get("leaf"), None);
        world.log();
        let second = head(&auditor.get("/v1/log/330502/checkpoint").expect(200), &keys);
        assert!(second.size > first.size);
        let grown = auditor.get(&format!("/v1/log/330502/proofs/consistency?from={}&to={}", first.size, second.size)).expect(200);
        let told = hashes(&grown.json["proof"]);
        assert!(proof::consistent(Algorithm::Sha256, (first.size, first.root), (second.size, second.root), &told));
        assert_eq!(head(&auditor.get(&format!("/v1/log/330502/checkpoint?size={}", first.size)).expect(200), &keys), first);
        world.assert_no_drift();
    }

    fn an_entry_is_found_by_its_place_its_event_or_its_act(world) {
        let (path, _) = world.registered("关于条目的建议");
        world.log();
        let auditor = world.signed_in("auditor");
        let case = path.rsplit('/').next().unwrap();
        let by_event = auditor.get(&format!("/v1/log/330502/proofs/inclusion?case={case}&version=2")).expect(200).json;
        assert_eq!(by_event["entry"], json!({"kind": "event", "id": case, "version": 2}));
        let by_index = auditor.get(&format!("/v1/log/330502/proofs/inclusion?index={}", by_event["index"])).expect(200).json;
        assert_eq!(by_index, by_event);
        let act = auditor.get("/v1/acts?limit=100").expect(200).json["acts"].as_array().unwrap().last().unwrap()["id"].clone();
        let by_act = auditor.get(&format!("/v1/log/330502/proofs/inclusion?act={}", act.as_str().unwrap())).expect(200).json;
        assert_eq!(by_act["entry"]["id"], act);
        let keys = keys(world);
        for reply in [&by_event, &by_act] {
            let note: Note = reply["checkpoint"].as_str().unwrap().parse().unwrap();
            let checkpoint = Checkpoint::open(&note, &keys).unwrap();
            assert!(includes(reply, &reply["index"], &reply["leaf"], &reply["proof"], &checkpoint));
        }
    }

    fn wrong_questions_about_the_log_are_told_what_would_be_right(world) {
        world.registered("关于问法的建议");
        world.log();
        let auditor = world.signed_in("auditor");
        for (query, pointer) in [
            ("proofs/inclusion", "?index"),
            ("proofs/inclusion?index=0&act=018d0fc8-4680-78a7-9053-95f06de1b2fb", "?index"),
            ("proofs/inclusion?case=018d0fc8-4680-78a7-9053-95f06de1b2fb", "?index"),
            ("proofs/inclusion?index=-1", "?index"),
            ("proofs/consistency?from=3&to=2", "?from"),
            ("proofs/consistency?from=3&to=18446744073709551615", "?to"),
            ("proofs/consistency?from=3", "?to"),
            ("checkpoint?colour=1", "?colour"),
        ] {
            let reply = auditor.get(&format!("/v1/log/330502/{query}")).expect(422);
            assert_eq!(reply.pointers(), [pointer], "{query}");
        }
        for missing in [
            "proofs/inclusion?index=18446744073709551615",
            "proofs/inclusion?index=0&size=18446744073709551615",
            "proofs/inclusion?case=018d0fc8-4680-78a7-9053-95f06de1b2fb&version=1",
            "checkpoint?size=1",
        ] {
            auditor.get(&format!("/v1/log/330502/{missing}")).expect(404);
        }
        // Another congress is another house, and so is the installation.
        for log in ["330503", "installation", "330599"] {
            for page in ["checkpoint", "keys", "proofs/inclusion?index=0", "proofs/consistency?from=0&to=0"] {
                auditor.get(&format!("/v1/log/{log}/{page}")).expect(404);
            }
        }
        world.transport().get("/v1/log/330502/checkpoint").expect(403);
    }

    fn a_case_with_a_departments_own_work_is_proved_to_auditors_alone(world) {
        let (path, _) = world.in_hand("关于内部办理的建议");
        world.log();
        for name in ["committee", "leader", "auditor"] {
            world.signed_in(name).get(&format!("{path}/proof")).expect(200);
        }
        world.does("transport", &format!("{path}/assignments/1/notes"), json!({"text": "内部", "audience": "department"}));
        world.log();
        world.committee().get(&format!("{path}/proof")).expect(403);
        world.deputy().get(&format!("{path}/proof")).expect(403);
        world.signed_in("auditor").get(&format!("{path}/proof")).expect(200);
    }

    fn a_head_is_signed_every_minute_or_thousand_entries_while_there_is_something_new(world) {
        world.registered("关于时限的建议");
        let turn = || wait(world.office.keep_evidence(false)).unwrap();
        assert!(turn().1 > 0, "what comes first is signed at once");
        assert_eq!(turn(), (0, 0), "nothing is signed twice");
        world.registered("关于时限之二的建议");
        assert!(matches!(turn(), (1.., 0)), "within the minute it waits");
        world.later(chrono::TimeDelta::seconds(56));
        assert!(matches!(turn(), (0, 1..)));
        for file in std::fs::read_dir(world.folder().join("checkpoints")).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            assert!(text.matches("# 2024-01-16T01:0").count() >= 1, "{text}");
        }
        world.assert_no_drift();
    }

    fn a_witness_signs_below_a_head_and_nobody_else(world) {
        world.registered("关于会签的建议");
        world.log();
        let (auditor, committee) = (world.signed_in("auditor"), world.committee());
        let keys = keys(world);
        let reply = auditor.get("/v1/log/330502/checkpoint").expect(200);
        let checkpoint = head(&reply, &keys);
        let line = checkpoint.cosigned(&witness(), 1_705_366_800).to_string();
        let form = |line: &str| json!({"size": checkpoint.size, "cosignature": line});
        let url = "/v1/log/330502/cosignatures";
        auditor.create(url, form(&line)).expect(403);
        world.transport().create(url, form(&line)).expect(403);
        committee.create("/v1/log/330503/cosignatures", form(&line)).expect(404);
        let foreign = jianyi::evidence::note::SecretKey::new(
            "npc.example.cn/committee",
            jianyi::evidence::note::Purpose::Witness,
            ed25519_dalek::SigningKey::from_bytes(&[43; 32]),
        );
        for (wrong, pointer) in [
            (form("no line"), "/cosignature"),
            (form(&checkpoint.cosigned(&foreign.unwrap(), 7).to_string()), "/cosignature"),
            (form(&Checkpoint { size: checkpoint.size + 1, ..checkpoint.clone() }.cosigned(&witness(), 7).to_string()), "/cosignature"),
            (json!({"size": checkpoint.size + 1, "cosignature": line}), "/size"),
        ] {
            assert_eq!(committee.create(url, wrong).expect(422).pointers(), [pointer]);
        }
        let shown = committee.create(url, form(&line)).expect(200);
        assert!(shown.text.starts_with(&reply.text) && shown.text.ends_with(&format!("{line}\n")), "{}", shown.text);
        assert_eq!(committee.create(url, form(&line)).expect(200).text, shown.text, "once more changes nothing");
        assert_eq!(auditor.get("/v1/log/330502/checkpoint").expect(200).text, shown.text);
        let note: Note = shown.text.parse().unwrap();
        assert!(note.signed_by(&keys).unwrap().iter().any(|(_, good)| good.time == Some(1_705_366_800)));
        world.assert_no_drift();
    }

    fn nobody_changes_the_log_while_its_guards_stand(world) {
        world.registered("关于日志的建议");
        world.log();
        for table in ["logs", "log_leaves", "log_nodes", "checkpoints"] {
            for sql in [format!("DELETE FROM {table}"), format!("UPDATE {table} SET {}", if table == "checkpoints" { "note = ''" } else if table == "logs" { "hash = 'sm3'" } else { "hash = ''" })] {
                let done = world.office.store().write_here(move |db| db.batch_execute(&sql).map_err(|e| Fault::from(StoreError::from(e))));
                assert!(done.is_err(), "{table}");
            }
        }
        // Deriving everything else anew leaves the log as it is.
        let before = world.signed_in("auditor").get("/v1/log/330502/checkpoint").text;
        world.office.rebuild().unwrap();
        assert_eq!(world.signed_in("auditor").get("/v1/log/330502/checkpoint").text, before);
        world.log();
        world.assert_no_drift();
    }
}

/// The triggers go; an administrator owns the tables.
fn unguarded(world: &World, sql: &str) {
    let tables = ["events", "acts", "logs", "log_leaves", "log_nodes", "checkpoints", "feed"];
    if world.url().is_some() {
        let off: String = tables.iter().map(|it| format!("ALTER TABLE {it} DISABLE TRIGGER ALL;")).collect();
        tamper(world, &format!("{off} {sql}"));
    } else {
        let mut off: String = tables
            .iter()
            .map(|it| format!("DROP TRIGGER IF EXISTS {it}_are_kept; DROP TRIGGER IF EXISTS {it}_are_fixed;"))
            .collect();
        off += "DROP TRIGGER IF EXISTS events_are_logged; DROP TRIGGER IF EXISTS acts_are_logged; \
            DROP TRIGGER IF EXISTS feed_is_kept; DROP TRIGGER IF EXISTS feed_is_fixed;";
        tamper(world, &format!("{off} {sql}"));
    }
}

on_both! {
    fn whatever_an_administrator_does_to_the_books_is_found_and_named(world) {
        let (path, version) = world.answered("关于篡改的建议", "A");
        world.registered("关于另一件的建议");
        world.log();
        let case = path.rsplit('/').next().unwrap();
        assert_eq!(findings(world), Vec::<String>::new());
        // Each is done and undone again.
        for (number, forward, back, place, what) in [
            (1, format!("UPDATE events SET body = REPLACE(body, '您', '你') WHERE case_id = '{case}'"), format!("UPDATE events SET body = REPLACE(body, '你', '您') WHERE case_id = '{case}'"), format!("case {case} version {version}"), "is not what was logged"),
            (2, format!("UPDATE events SET request_id = 'x' || request_id WHERE case_id = '{case}' AND version = 2"), format!("UPDATE events SET request_id = SUBSTR(request_id, 2) WHERE case_id = '{case}' AND version = 2"), format!("case {case} version 2"), "is not what was logged"),
            (3, format!("UPDATE events SET version = 99 WHERE case_id = '{case}' AND version = {version}"), format!("UPDATE events SET version = {version} WHERE case_id = '{case}' AND version = 99"), format!("case {case} version {version}"), "is gone"),
            (4, "UPDATE log_leaves SET version = 77 WHERE log_id = '330502' AND idx = 3".to_owned(), String::new(), "leaf".to_owned(), ""),
        ] {
            if number == 4 { continue }
            unguarded(world, &forward);
            let found = findings(world);
            assert!(found.iter().any(|it| it.starts_with(&format!("{place}: {what}"))), "{number}: {found:?}");
            unguarded(world, &back);
            assert_eq!(findings(world), Vec::<String>::new(), "{number} is undone");
        }
        // Not to be undone: each is looked for beside the others.
        for (sql, expected) in [
            (format!("UPDATE log_nodes SET hash = '{}' WHERE level = 1 AND idx = 0 AND log_id = '330502'", "0".repeat(64)), "node 0 of level 1"),
            (format!("DELETE FROM events WHERE case_id <> '{case}'"), "version 1: is gone"),
            (format!("INSERT INTO events (congress_id, case_id, version, kind, occurred_on, recorded_at, author, request_id, body) SELECT congress_id, case_id, 50, kind, occurred_on, recorded_at, author, request_id, body FROM events WHERE case_id = '{case}' AND version = 1"), "version 50: was never logged"),
            ("DELETE FROM acts WHERE id = (SELECT MIN(id) FROM acts WHERE congress_id = '330502')".to_owned(), "act "),
            ("UPDATE checkpoints SET note = REPLACE(note, '330502', '330504') WHERE log_id = '330502'".to_owned(), "checkpoint "),
            ("DELETE FROM log_leaves WHERE log_id = '330502' AND idx >= 5".to_owned(), "outside checkpoint"),
        ] {
            unguarded(world, &sql);
            let found = findings(world);
            assert!(found.iter().any(|it| it.contains(expected)), "{expected}: {found:?}");
        }
    }

    fn who_rewrites_all_and_logs_it_again_is_found_by_what_lies_outside(world) {
        world.answered("关于重写的建议", "A");
        world.log();
        let copy = world.folder().join("copy");
        std::fs::create_dir(&copy).unwrap();
        let folder = world.folder().join("checkpoints");
        for file in std::fs::read_dir(&folder).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), copy.join(file.file_name())).unwrap();
        }
        // Another history in all its consequences, signed with the service's own key.
        unguarded(world, "UPDATE events SET body = REPLACE(body, '您', '你'); DELETE FROM log_leaves; DELETE FROM log_nodes; \
            DELETE FROM checkpoints; DELETE FROM feed; INSERT INTO log_queue (log_id, kind, subject_id, version) SELECT congress_id, 'event', case_id, version FROM events ORDER BY recorded_at, case_id, version; \
            INSERT INTO log_queue (log_id, kind, subject_id, version) SELECT COALESCE(congress_id, 'installation'), 'act', id, 0 FROM acts ORDER BY id");
        for file in std::fs::read_dir(&folder).unwrap() {
            std::fs::remove_file(file.unwrap().path()).unwrap();
        }
        world.office.rebuild().unwrap();
        world.log();
        assert_eq!(findings(world), Vec::<String>::new(), "inside all agrees");
        world.office.same_as_outside().unwrap();
        // The copy that was elsewhere comes back.
        for file in std::fs::read_dir(&copy).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), folder.join(file.file_name())).unwrap();
        }
        assert!(findings(world).iter().any(|it| it.contains("the leaves do not come to the root")), "{:?}", findings(world));
        assert!(matches!(world.office.same_as_outside(), Err(evidence::RolledBack::Other { .. })));
    }
}

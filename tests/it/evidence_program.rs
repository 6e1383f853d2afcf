//! The evidence log as an operator and a witness meet it: a service that signs before it stops and does not start on a
//! database that was rolled back, and a key that signs only what continues what it signed.

use crate::{
    on_both,
    support::program::{Service, fails, jianyi, succeeds},
};
use jianyi::evidence::{
    Checkpoint,
    note::{Line, Note, PublicKey, Purpose, SecretKey},
};
use std::{fs, path::Path};

/// Until it has ended by itself. It listens for signals once it serves.
fn stopped(mut service: Service) {
    let http = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    assert!(http.get(format!("{}/readyz", service.base)).send().unwrap().status().is_success());
    service.terminate();
    assert!(service.child.wait().unwrap().success());
}

/// The lengths of the heads that lie outside, of all logs.
fn sizes(folder: &Path) -> Vec<u64> {
    let mut sizes = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let notes = jianyi::evidence::outside::notes(&text);
        sizes.extend(notes.iter().map(|note| note.text.parse::<Checkpoint>().unwrap().size));
    }
    sizes
}

/// A database that nobody has open, with its log.
fn copy(from: &Path, to: &Path) {
    let beside = |path: &Path, suffix: &str| format!("{}{suffix}", path.display());
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(beside(to, suffix));
    }
    fs::copy(from, to).unwrap();
    if Path::new(&beside(from, "-wal")).exists() {
        fs::copy(beside(from, "-wal"), beside(to, "-wal")).unwrap();
    }
}

#[test]
fn a_service_signs_before_it_stops_and_does_not_start_on_an_older_database() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let run = |args: &[&str]| succeeds(jianyi(folder, None).args(args));
    run(&["congress", "add", "330502", "--name", "吴兴区", "--policy", "zhejiang-2016"]);
    stopped(Service::start(jianyi(folder, None).arg("serve")));
    let first = sizes(&folder.join("checkpoints"));
    assert!(!first.is_empty());
    assert!(run(&["verify"]).contains("no drift"));
    let database = folder.join("jianyi.db");
    copy(&database, &folder.join("backup.db"));
    // Life goes on: the book of the congress grows.
    run(&["congress", "policy", "330502", "law-2025"]);
    stopped(Service::start(jianyi(folder, None).arg("serve")));
    let second = sizes(&folder.join("checkpoints"));
    assert!(second.len() > first.len() && second[..first.len()] == first[..], "{first:?} {second:?}");
    // Somebody puts the backup in its place.
    copy(&database, &folder.join("right.db"));
    copy(&folder.join("backup.db"), &database);
    let told = fails(jianyi(folder, None).arg("serve"));
    assert!(told.contains("older than the checkpoint") && told.contains("JIANYI_CHECKPOINTS"), "{told}");
    let told = fails(jianyi(folder, None).arg("verify"));
    assert!(told.contains("outside checkpoint") && told.contains("the log has only"), "{told}");
    // The right one starts; and so does a loss that is owned to, in a folder of its own.
    copy(&folder.join("right.db"), &database);
    stopped(Service::start(jianyi(folder, None).arg("serve")));
    assert!(run(&["verify"]).contains("no drift"));
    copy(&folder.join("backup.db"), &database);
    stopped(Service::start(jianyi(folder, None).arg("serve").env("JIANYI_CHECKPOINTS", folder.join("new"))));
    // Nothing of the secret key is where others look.
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|it| it == "key") {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
        }
    }
}

on_both! {
    fn a_witness_signs_only_what_continues_what_he_signed(world) {
        let elsewhere = tempfile::tempdir().unwrap();
        let at = |name: &str| elsewhere.path().join(name);
        let auditor = world.signed_in("auditor");
        let write = |name: &str, url: &str| fs::write(at(name), auditor.get(url).expect(200).text).unwrap();
        world.registered("关于见证的建议");
        world.log();
        write("first", "/v1/log/330502/checkpoint");
        world.registered("关于再见证的建议");
        world.log();
        write("second", "/v1/log/330502/checkpoint");
        let read = |name: &str| {
            let note: Note = fs::read_to_string(at(name)).unwrap().parse().unwrap();
            Checkpoint::open(&note, &world.log_keys("330502")).unwrap()
        };
        let (first, second) = (read("first"), read("second"));
        write("proof", &format!("/v1/log/330502/proofs/consistency?from={}&to={}", first.size, second.size));
        let cosign = |args: &[&str]| {
            let mut command = jianyi(elsewhere.path(), None);
            command.args(["cosign", "--key", "committee.key", "--name", "npc.example.cn/own"]).args(args);
            command
        };
        let key: PublicKey = succeeds(&mut cosign(&["--show-key"])).trim().parse().unwrap();
        let log_key = world.log_keys("330502")[0].to_string();
        let sign = |args: &[&str]| cosign(&[&["--log-key", &log_key][..], args].concat());
        let line: Line = succeeds(&mut sign(&["--checkpoint", "first"])).trim().parse().unwrap();
        assert!(key.verify(&first.to_string(), &line).unwrap().unwrap().time.unwrap() > 1_700_000_000);
        // Once more is no contradiction; a longer one needs its proof, and the right one.
        succeeds(&mut sign(&["--checkpoint", "first"]));
        let told = fails(&mut sign(&["--checkpoint", "second"]));
        assert!(told.contains(&format!("from={}&to={}", first.size, second.size)), "{told}");
        fs::write(at("other"), r#"{"proof": []}"#).unwrap();
        assert!(fails(&mut sign(&["--checkpoint", "second", "--proof", "other"])).contains("does not continue"));
        let line: Line = succeeds(&mut sign(&["--checkpoint", "second", "--proof", "proof"])).trim().parse().unwrap();
        assert!(key.verify(&second.to_string(), &line).unwrap().is_some());
        // Backwards never; nor another history, be it signed by the log itself; nor what the log did not sign.
        assert!(fails(&mut sign(&["--checkpoint", "first", "--proof", "proof"])).contains("does not continue"));
        let signing = jianyi::identity::evidence_key::EvidenceKey::load(&world.folder().join("evidence.key")).unwrap().signing;
        let log = SecretKey::new("jianyi.example.cn/330502", Purpose::Log, signing).unwrap();
        let rewritten = Checkpoint { root: first.root, ..second.clone() };
        fs::write(at("rewritten"), rewritten.signed(&log).to_string()).unwrap();
        assert!(fails(&mut sign(&["--checkpoint", "rewritten"])).contains("does not continue"));
        let foreign = SecretKey::new("jianyi.example.cn/330502", Purpose::Log, ed25519_dalek::SigningKey::from_bytes(&[5; 32])).unwrap();
        fs::write(at("foreign"), second.signed(&foreign).to_string()).unwrap();
        assert!(fails(&mut sign(&["--checkpoint", "foreign"])).contains("nothing was signed"));
    }

    fn a_row_that_commits_late_gets_its_place_all_the_same(world) {
        world.registered("关于先来的建议");
        world.log();
        // A transaction of another server that began earlier writes last; its clock was behind, too.
        let late = "INSERT INTO acts (id, congress_id, recorded_at, kind, request_id, body) \
                    VALUES ('00000000-0000-7000-8000-000000000000', '330502', '2020-01-01 00:00:00', 'signed_out', 'r', '{\"kind\":\"signed_out\"}')";
        let report = || crate::support::world::wait(world.office.verify()).unwrap();
        crate::verify::tamper(world, late).unwrap();
        assert_eq!(report().waiting, 1, "it waits, and is no drift");
        assert_eq!(report().findings, []);
        world.log();
        assert_eq!(report().waiting, 0);
        world.assert_no_drift();
    }
}

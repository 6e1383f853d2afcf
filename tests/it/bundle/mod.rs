//! The auditor's bundle: what is in it, that the program and a verifier in another language agree on it, and that no
//! forgery passes.

mod forgeries;
mod rewriting;

use crate::{
    on_both,
    support::{
        World,
        program::{fails, succeeds},
        world::witness,
    },
};
use jianyi::{
    bundle::{self, Files, bag},
    evidence::{Checkpoint, note::Note, outside},
};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A congress with everything that a bundle can hold: answers, files, a confidential case, a witness's signature.
pub fn lively(world: &World) {
    let attach = |path: &str, text: &str| {
        let url = format!("{path}/attachments?name=附图&purpose=submission");
        let deputy = world.deputy();
        let file = deputy.ask(reqwest::Method::POST, &url).header("if-match", &deputy.tag(path));
        file.header("content-type", "text/plain").bytes(text.as_bytes()).send().expect(200);
    };
    let (first, _) = world.answered("关于第一件的建议", "A");
    world.log();
    cosign(world);
    world.does(
        "chen",
        &format!("{first}/evaluations"),
        json!({"result": "satisfied", "attitude": "satisfied"}),
    );
    world.does(
        "li",
        &format!("{first}/evaluations"),
        json!({"result": "basically_satisfied", "attitude": "satisfied"}),
    );
    world.registered_with("关于有附图的建议", |path| attach(path, "附图说明\n"));
    world.log();
    let (hidden, _) = world.in_hand("关于保密的建议");
    world.does(
        "leader",
        &format!("{hidden}/confidentiality"),
        json!({"confidential": true, "reason": "涉及商业秘密"}),
    );
    world.log();
    world.on("2024-01-17");
    let order = json!({
        "congress": "330502", "title": "代表建议办理情况", "filter": {"session": "5-3"},
        "true_on": "2024-01-16", "known_on": "2024-01-16"
    });
    world.committee().create("/v1/reports", order).expect(201);
    world.log();
    cosign(world);
}

/// The committee signs the newest head.
fn cosign(world: &World) {
    let committee = world.committee();
    let note: Note = committee.get("/v1/log/330502/checkpoint").expect(200).text.parse().unwrap();
    let checkpoint = Checkpoint::open(&note, &world.log_keys("330502")).unwrap();
    let line = checkpoint.cosigned(&witness(), 1_705_366_800).to_string();
    let form = json!({"size": checkpoint.size, "cosignature": line});
    committee.create("/v1/log/330502/cosignatures", form).expect(200);
}

/// The copy of the heads that an auditor kept.
pub fn kept(world: &World) -> Vec<Checkpoint> {
    outside::read(&file_outside(world), &world.log_keys("330502")).unwrap()
}

fn file_outside(world: &World) -> PathBuf {
    world.folder().join("checkpoints/330502-2024-01.checkpoints")
}

/// The verifier in Python, on a bundle that lies in a folder: whether it found nothing, and what it said.
pub fn in_python(world: &World, folder: &Path, outside: &[PathBuf]) -> (bool, String) {
    let mut command = Command::new("python3");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/verify-bundle")).arg(folder);
    command.args(world.log_keys("330502").iter().map(ToString::to_string));
    for file in outside {
        command.arg("--checkpoint").arg(file);
    }
    let output = command.output().expect("python3 is there");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

on_both! {
    fn a_bundle_is_checked_without_the_service_and_in_another_language(world) {
        lively(world);
        let folder = world.folder();
        for (out, args) in [("bag", &[][..]), ("bag.zip", &[]), ("nameless", &["--without-names"]), ("bare", &["--without-files"])] {
            let told = succeeds(world.program().args(["bundle", "--congress", "330502", "--out", out]).args(args));
            assert!(told.contains("entries of jianyi.example.cn/330502"), "{told}");
        }
        fails(world.program().args(["bundle", "--congress", "330502", "--out", "bag"]));
        assert!(fails(world.program().args(["bundle", "--congress", "330504", "--out", "none"])).contains("nothing of 330504 was signed"));
        let keys: Vec<String> = world.log_keys("330502").iter().map(ToString::to_string).collect();
        std::fs::write(folder.join("keys"), keys.join("\n")).unwrap();
        // Nothing of the installation is at hand.
        let elsewhere = tempfile::tempdir().unwrap();
        let check = |bundle: &str| {
            let mut command = crate::support::program::jianyi(elsewhere.path(), None);
            command.args(["verify", "--offline"]).arg(folder.join(bundle)).arg("--key").arg(folder.join("keys"));
            command
        };
        for bundle in ["bag", "bag.zip", "nameless", "bare"] {
            let told = succeeds(&mut check(bundle));
            assert!(told.contains("nothing is wrong") && told.contains("co-signed by npc.example.cn/committee"), "{told}");
            let told = succeeds(check(bundle).arg("--checkpoint").arg(file_outside(world)));
            assert!(told.contains("nothing is wrong"), "{told}");
        }
        assert!(std::fs::read_dir(elsewhere.path()).unwrap().next().is_none(), "nothing was made");
        for bundle in ["bag", "nameless", "bare"] {
            let (good, told) = in_python(world, &folder.join(bundle), &[file_outside(world)]);
            assert!(good, "{told}");
        }
        // One letter of one answer.
        let events = folder.join("bag").join(bundle::EVENTS);
        let text = std::fs::read_to_string(&events).unwrap();
        std::fs::write(&events, text.replace("建议收悉", "建议己悉")).unwrap();
        let told = fails(&mut check("bag"));
        assert!(told.contains("is not what was logged") && told.contains("is not the file that manifest-sha256.txt lists"), "{told}");
        assert!(!in_python(world, &folder.join("bag"), &[]).0);
        let names = std::fs::read_to_string(folder.join("nameless").join(bundle::CASES)).unwrap();
        assert!(!names.contains("陈芳") && !names.contains("李梅"));
        // Without the right key nothing is believed.
        let other = jianyi::evidence::note::SecretKey::new("jianyi.example.cn/330502", jianyi::evidence::note::Purpose::Log, ed25519_dalek::SigningKey::from_bytes(&[9; 32])).unwrap();
        let told = fails(crate::support::program::jianyi(elsewhere.path(), None).args(["verify", "--offline"]).arg(folder.join("bag.zip")).args(["--key", &other.public().to_string()]));
        assert!(told.contains("none of the keys"), "{told}");
    }

    fn who_is_erased_leaves_the_log_and_the_bundle_whole(world) {
        let (path, _) = world.answered("关于删除的建议", "A");
        world.does("chen", &format!("{path}/evaluations"), json!({"result": "satisfied", "attitude": "satisfied"}));
        world.log();
        let before = world.bundle("330502").unwrap();
        assert!(String::from_utf8_lossy(&before[bundle::TEXTS]).contains("陈芳"));
        let head = kept(world).pop().unwrap();
        let erasure = jianyi::office::person::Erasure {
            whom: jianyi::office::person::Whom::User("chen".to_owned()),
            reason: "本人申请".to_owned(),
            also: Vec::new(),
            by: None,
            force_reason: Some("试验".to_owned()),
        };
        world.office.erase(erasure).unwrap();
        // What tells of the erasure is not signed yet: a bundle made now would miss a text that nobody erased.
        let wanted = jianyi::office::evidence::Wanted { log: "330502".to_owned(), files: true, texts: true };
        assert!(crate::support::world::wait(world.office.bundle(wanted)).is_err());
        world.log();
        let after = world.bundle("330502").unwrap();
        assert!(after.values().all(|file| !String::from_utf8_lossy(file).contains("陈芳")));
        let report = world.checked(&after);
        assert!(report.findings.is_empty() && report.erased > 0, "{report:#?}");
        assert!(kept(world).contains(&head), "the heads of before still hold");
        let folder = world.folder().join("erased");
        bag::write(&after, &folder).unwrap();
        let (good, told) = in_python(world, &folder, &[file_outside(world)]);
        assert!(good, "{told}");
        world.assert_no_drift();
    }
}

#[test]
fn a_log_over_sm3_is_checked_in_both_languages() {
    let world = World::on_sqlite();
    let office = world.office.clone().with_evidence(jianyi::office::evidence::Evidence {
        key: jianyi::identity::evidence_key::EvidenceKey::load(&world.folder().join("evidence.key")).unwrap(),
        witnesses: Vec::new(),
        outside: outside::Outside::open(&world.folder().join("checkpoints")).unwrap(),
        name: "jianyi.example.cn".to_owned(),
        algorithm: jianyi::evidence::Algorithm::Sm3,
    });
    world.answered("关于商用密码的建议", "A");
    crate::support::world::wait(office.keep_evidence(true)).unwrap();
    // From here on the settings may say otherwise: a log keeps its hash.
    lively(&world);
    let files = world.bundle("330502").unwrap();
    let report = world.checked(&files);
    assert_eq!(report.findings, []);
    assert_eq!(report.about.unwrap().hash, jianyi::evidence::Algorithm::Sm3);
    let folder = world.folder().join("sm3");
    bag::write(&files, &folder).unwrap();
    let (good, told) = in_python(&world, &folder, &[file_outside(&world)]);
    assert!(good, "{told}");
    world.assert_no_drift();
}

/// Files of JSON lines, taken apart.
pub fn lines(files: &Files, path: &str) -> Vec<String> {
    String::from_utf8(files[path].clone()).unwrap().lines().map(str::to_owned).collect()
}

pub fn put(files: &mut Files, path: &str, lines: &[String]) {
    files.insert(path.to_owned(), lines.iter().flat_map(|line| [line.as_bytes(), b"\n"].concat()).collect());
}

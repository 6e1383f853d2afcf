//! Ten thousand forgeries in eighteen classes. The forger makes the manifests anew each time; where a class needs more,
//! he has that too. None passes, and what is about one row is named by its place.

use super::{
    kept, lines, lively, put,
    rewriting::{about, close, leaves, relog, sign, write},
};
use crate::support::{World, world::witness};
use jianyi::{
    bundle::{self, ABOUT, ACTS, ATTACHED, CASES, CHECKPOINTS, EVENTS, Files, Known, LEAVES, REPORTS, TEXTS},
    evidence::{
        Checkpoint,
        note::{Note, PublicKey, Purpose, SecretKey},
        outside,
    },
    identity::evidence_key::EvidenceKey,
    office::FOLD,
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::Value;
use std::collections::BTreeMap;

const FORGERIES: usize = 10_000;

/// A bundle to forge, and what the auditor knows.
struct Case {
    files: Files,
    keys: Vec<PublicKey>,
    kept: Vec<Checkpoint>,
    /// The service's own key, for the forger who has got hold of it.
    key: SecretKey,
}

fn case() -> Case {
    let world = World::on_sqlite();
    lively(&world);
    let mut files = world.bundle("330502").unwrap();
    // The rules are many and not what is forged here.
    let policy = lines(&files, CASES)
        .iter()
        .find_map(|line| {
            let state: Value = serde_json::from_str(line).unwrap();
            let policy = &state["state"]["policy"];
            policy.is_object().then(|| format!("{}-{}", policy["id"].as_str().unwrap(), policy["version"]))
        })
        .unwrap();
    files.retain(|path, _| !path.starts_with("data/rules/") || path.contains(&policy));
    close(&mut files);
    Case { files, ..case_of(&world) }
}

/// What an auditor is told who kept a checkpoint elsewhere, or did not.
fn check(case: &Case, files: &Files, kept: bool) -> Vec<String> {
    let checkpoints = if kept { &case.kept[..] } else { &[] };
    let report = bundle::check(files, Known { keys: &case.keys, checkpoints, fold: FOLD });
    report.findings.iter().map(ToString::to_string).collect()
}

/// What a forgery touched, if it is one place; and whether it takes a kept checkpoint to see it.
struct Done {
    place: String,
    needs_kept: bool,
}

fn at(place: impl Into<String>) -> Option<Done> {
    Some(Done { place: place.into(), needs_kept: false })
}

fn event_place(line: &str) -> String {
    let row: Value = serde_json::from_str(line).unwrap();
    format!("case {} version {}", row["case"].as_str().unwrap(), row["version"])
}

/// Another value of the same type, which is not the same.
fn other(value: &Value, rng: &mut StdRng) -> Value {
    match value {
        Value::String(text) if text.len() > 8 && rng.random_bool(0.5) => {
            // One digit or letter somewhere.
            let mut chars: Vec<char> = text.chars().collect();
            let at = rng.random_range(0..chars.len());
            chars[at] = if chars[at] == '7' { '8' } else { '7' };
            chars.into_iter().collect::<String>().into()
        }
        Value::String(text) => format!("{text}改").into(),
        Value::Number(number) => (number.as_i64().unwrap() + rng.random_range(1..4)).into(),
        Value::Bool(it) => (!it).into(),
        Value::Null => "无".into(),
        Value::Array(all) if all.is_empty() => vec![Value::from(1)].into(),
        Value::Array(all) => all[1..].to_vec().into(),
        Value::Object(_) => Value::Null,
    }
}

/// Changes one member of one line of a file; tells the line of before.
fn change_line(files: &mut Files, path: &str, rng: &mut StdRng) -> (String, String) {
    let mut all = lines(files, path);
    let index = rng.random_range(0..all.len());
    let before = all[index].clone();
    let mut row: Value = serde_json::from_str(&before).unwrap();
    let names: Vec<String> = row.as_object().unwrap().keys().cloned().collect();
    let name = names.choose(rng).unwrap().clone();
    row[&name] = other(&row[&name], rng);
    all[index] = row.to_string();
    put(files, path, &all);
    (before, name)
}

fn remove_line(files: &mut Files, path: &str, rng: &mut StdRng) -> String {
    let mut all = lines(files, path);
    let gone = all.remove(rng.random_range(0..all.len()));
    put(files, path, &all);
    gone
}

/// The last event of a random case, taken away.
fn drop_tail(files: &mut Files, rng: &mut StdRng) -> String {
    let all = lines(files, EVENTS);
    let mut last: BTreeMap<String, (i64, usize)> = BTreeMap::new();
    for (index, line) in all.iter().enumerate() {
        let row: Value = serde_json::from_str(line).unwrap();
        let (case, version) = (row["case"].as_str().unwrap().to_owned(), row["version"].as_i64().unwrap());
        let newest = last.entry(case).or_insert((version, index));
        *newest = (*newest).max((version, index));
    }
    let places: Vec<usize> = last.values().map(|(_, index)| *index).collect();
    let mut left = all;
    let gone = left.remove(*places.choose(rng).unwrap());
    put(files, EVENTS, &left);
    gone
}

fn drop_case(files: &mut Files, rng: &mut StdRng) -> String {
    let stated = remove_line(files, CASES, rng);
    let id = serde_json::from_str::<Value>(&stated).unwrap()["id"].as_str().unwrap().to_owned();
    let mut events = lines(files, EVENTS);
    events.retain(|line| !line.contains(&format!("\"case\":\"{id}\"")));
    put(files, EVENTS, &events);
    id
}

/// A later version of a random case, made of its first event.
fn insert_event(files: &mut Files, rng: &mut StdRng) -> String {
    let mut all = lines(files, EVENTS);
    let mut row: Value = serde_json::from_str(all.choose(rng).unwrap()).unwrap();
    let case = row["case"].as_str().unwrap().to_owned();
    let own = format!("\"case\":\"{case}\"");
    row["version"] = (all.iter().filter(|line| line.contains(&own)).count() + 1).into();
    let line = row.to_string();
    let place = event_place(&line);
    all.insert(rng.random_range(0..=all.len()), line);
    put(files, EVENTS, &all);
    place
}

/// The name of a class, and how it is done; none where there is nothing to do it to.
type Class = (&'static str, fn(&Case, &mut Files, &mut StdRng) -> Option<Done>);

const CLASSES: [Class; 18] = [
    ("a field of an event", |_, files, rng| {
        let (before, _) = change_line(files, EVENTS, rng);
        at(event_place(&before))
    }),
    ("a digit of a leaf", |_, files, rng| {
        let mut all = leaves(files);
        let index = rng.random_range(0..all.len());
        all[index].hash.0[rng.random_range(0..32)] ^= 1 << rng.random_range(0..8);
        let id = all[index].id.clone();
        write(files, LEAVES, &all);
        at(id)
    }),
    ("an event taken out", |_, files, rng| {
        let gone = remove_line(files, EVENTS, rng);
        at(event_place(&gone))
    }),
    ("a case's tail taken off", |_, files, rng| {
        let gone = drop_tail(files, rng);
        if rng.random_bool(0.5) {
            relog(files);
        }
        at(format!("case {}", serde_json::from_str::<Value>(&gone).unwrap()["case"].as_str().unwrap()))
    }),
    ("a whole case taken out", |_, files, rng| {
        let id = drop_case(files, rng);
        if rng.random_bool(0.5) {
            relog(files);
            return at("");
        }
        at(id)
    }),
    ("two entries exchanged", |_, files, rng| {
        if rng.random_bool(0.5) {
            let mut all = leaves(files);
            let (a, b) = (rng.random_range(0..all.len()), rng.random_range(0..all.len()));
            all.swap(a, b);
            write(files, LEAVES, &all);
            return (a != b).then(|| Done { place: "checkpoint".to_owned(), needs_kept: false });
        }
        // The bodies of two events, each under the other's place.
        let mut all = lines(files, EVENTS);
        let (a, b) = (rng.random_range(0..all.len()), rng.random_range(0..all.len()));
        let (mut first, mut second): (Value, Value) =
            (serde_json::from_str(&all[a]).unwrap(), serde_json::from_str(&all[b]).unwrap());
        if first["body"] == second["body"] {
            return None;
        }
        let place = event_place(&all[a]);
        std::mem::swap(&mut first["body"], &mut second["body"]);
        (all[a], all[b]) = (first.to_string(), second.to_string());
        put(files, EVENTS, &all);
        at(place)
    }),
    ("an event put in", |_, files, rng| {
        let place = insert_event(files, rng);
        if rng.random_bool(0.5) {
            relog(files);
            return at("");
        }
        at(place)
    }),
    ("all rewritten and logged again, without the key", |_, files, rng| {
        let foreign = SecretKey::new(
            "jianyi.example.cn/330502",
            Purpose::Log,
            ed25519_dalek::SigningKey::from_bytes(&rng.random()),
        );
        change_line(files, EVENTS, rng);
        relog(files);
        if rng.random_bool(0.7) {
            sign(files, &foreign.unwrap());
        }
        at("")
    }),
    ("all rewritten, logged and signed again with the service's key", |case, files, rng| {
        let mut all = lines(files, EVENTS);
        let index = rng.random_range(0..all.len());
        let mut row: Value = serde_json::from_str(&all[index]).unwrap();
        row["request_id"] = format!("{:032x}", rng.random::<u128>()).into();
        all[index] = row.to_string();
        put(files, EVENTS, &all);
        relog(files);
        sign(files, &case.key);
        Some(Done { place: "outside checkpoint".to_owned(), needs_kept: true })
    }),
    ("rolled back to an older head", |case, files, rng| {
        let heads = outside::notes(std::str::from_utf8(&files[CHECKPOINTS]).unwrap());
        let older = rng.random_range(1..about(files).size);
        let mut all = leaves(files);
        all.truncate(usize::try_from(older).unwrap());
        let subjects: std::collections::HashSet<String> =
            all.iter().map(|leaf| format!("{} {}", leaf.id, leaf.version)).collect();
        write(files, LEAVES, &all);
        for (path, name) in [(EVENTS, "case"), (ACTS, "id"), (REPORTS, "id")] {
            let mut rows = lines(files, path);
            rows.retain(|line| {
                let row: Value = serde_json::from_str(line).unwrap();
                subjects.contains(&format!(
                    "{} {}",
                    row[name].as_str().unwrap(),
                    row["version"].as_i64().unwrap_or(0)
                ))
            });
            put(files, path, &rows);
        }
        sign(files, &case.key);
        // An honest older backup has its own head still.
        if let Some(own) = heads.iter().find(|note| note.text.lines().nth(1) == Some(&older.to_string())) {
            files.insert(CHECKPOINTS.to_owned(), format!("# 2024-01-16T01:00:00Z\n{own}").into_bytes());
        }
        Some(Done { place: "outside checkpoint".to_owned(), needs_kept: true })
    }),
    ("a case as it is stated to stand", |_, files, rng| {
        let mut all = lines(files, CASES);
        let index = rng.random_range(0..all.len());
        let mut case: Value = serde_json::from_str(&all[index]).unwrap();
        let id = case["id"].as_str().unwrap().to_owned();
        let names: Vec<String> = case["state"].as_object().unwrap().keys().cloned().collect();
        let name = names.choose(rng).unwrap();
        case["state"][name] = other(&case["state"][name], rng);
        all[index] = case.to_string();
        put(files, CASES, &all);
        at(format!("case {id}"))
    }),
    ("a byte of an attached file", |_, files, rng| {
        let paths: Vec<String> = files.keys().filter(|path| path.starts_with(ATTACHED)).cloned().collect();
        let path = paths.choose(rng).unwrap();
        if rng.random_bool(0.2) {
            files.remove(path);
        } else {
            let bytes = files.get_mut(path).unwrap();
            let index = rng.random_range(0..bytes.len());
            bytes[index] ^= 1 << rng.random_range(0..8);
        }
        at("attachment 1")
    }),
    ("a checkpoint", |case, files, rng| {
        let text = String::from_utf8(files[CHECKPOINTS].clone()).unwrap();
        let mut notes: Vec<Note> = outside::notes(&text);
        let index = rng.random_range(0..notes.len());
        let head = Checkpoint::open(&notes[index], &case.keys).unwrap();
        let mut forged = head.clone();
        match rng.random_range(0..5) {
            0 => forged.size = (forged.size + rng.random_range(1..9)) % 997,
            1 => forged.root.0[rng.random_range(0..32)] ^= 1 << rng.random_range(0..8),
            2 => forged.origin = "jianyi.example.cn/330503".to_owned(),
            3 => notes[index].lines[0].signature[rng.random_range(0..64)] ^= 1 << rng.random_range(0..8),
            // The newest is taken away.
            _ => {
                let whole: String = notes[..notes.len() - 1]
                    .iter()
                    .map(|note| format!("# 2024-01-16T01:00:00Z\n{note}"))
                    .collect();
                files.insert(CHECKPOINTS.to_owned(), whole.into_bytes());
                return at("data/leaves.jsonl");
            }
        }
        notes[index].text = forged.to_string();
        let whole: String = notes.iter().map(|note| format!("# 2024-01-16T01:00:00Z\n{note}")).collect();
        files.insert(CHECKPOINTS.to_owned(), whole.into_bytes());
        at("checkpoint")
    }),
    ("a witness's signature", |_, files, rng| {
        let text = String::from_utf8(files[CHECKPOINTS].clone()).unwrap();
        let mut notes: Vec<Note> = outside::notes(&text);
        let name = &witness().public().name.clone();
        let line = notes.iter_mut().flat_map(|note| &mut note.lines).find(|line| line.name == *name).unwrap();
        // The time or the signature.
        line.signature[rng.random_range(0..72)] ^= 1 << rng.random_range(0..8);
        let whole: String = notes.iter().map(|note| format!("# 2024-01-16T01:00:00Z\n{note}")).collect();
        files.insert(CHECKPOINTS.to_owned(), whole.into_bytes());
        at("npc.example.cn/committee")
    }),
    ("a line of the second book", |_, files, rng| {
        let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
        if rng.random_bool(0.5) {
            let gone = remove_line(files, ACTS, rng);
            return at(format!("act {}", id(&gone)));
        }
        let (before, _) = change_line(files, ACTS, rng);
        at(format!("act {}", id(&before)))
    }),
    ("a sealed report", |_, files, rng| {
        let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
        if rng.random_bool(0.2) {
            let gone = remove_line(files, REPORTS, rng);
            return at(format!("report {}", id(&gone)));
        }
        let (before, _) = change_line(files, REPORTS, rng);
        at(format!("report {}", id(&before)))
    }),
    ("a name that is committed to", |_, files, rng| {
        let digest =
            |line: &str| serde_json::from_str::<Value>(line).unwrap()["digest"].as_str().unwrap().to_owned();
        if rng.random_bool(0.3) {
            let gone = remove_line(files, TEXTS, rng);
            return at(digest(&gone));
        }
        let (before, _) = change_line(files, TEXTS, rng);
        at(digest(&before))
    }),
    ("what the bundle says of itself", |_, files, rng| {
        let mut about: Value = serde_json::from_slice(&files[ABOUT]).unwrap();
        let name = ["congress", "origin", "hash", "size", "format", "texts"].choose(rng).unwrap();
        about[name] = match *name {
            "hash" => "sm3".into(),
            // Texts that are there are not passed over by saying that they are not.
            _ => other(&about[name], rng),
        };
        files.insert(ABOUT.to_owned(), about.to_string().into_bytes());
        at("")
    }),
];

/// Forges and checks; tells how many of each class were done, and those that passed or were not located.
fn forge(case: &Case, seed: u64, count: usize) -> (BTreeMap<&'static str, usize>, Vec<String>) {
    let mut rng = StdRng::seed_from_u64(seed);
    let (mut done, mut passed) = (BTreeMap::new(), Vec::new());
    let mut turn = 0;
    while done.values().sum::<usize>() < count {
        let (name, class) = CLASSES[turn % CLASSES.len()];
        turn += 1;
        let mut files = case.files.clone();
        let Some(Done { place, needs_kept }) = class(case, &mut files, &mut rng) else { continue };
        close(&mut files);
        *done.entry(name).or_insert(0) += 1;
        let found = check(case, &files, needs_kept);
        if !found.iter().any(|finding| finding.contains(&place)) {
            passed.push(format!("{name}, turn {turn} of seed {seed}: not at {place:?} but {found:?}"));
        }
    }
    (done, passed)
}

#[test]
fn ten_thousand_forgeries_and_none_passes() {
    let case = case();
    assert_eq!(check(&case, &case.files, true), Vec::<String>::new(), "the bundle itself is honest");
    let seed: u64 = rand::random::<u32>().into();
    let lanes: Vec<_> = std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..4)
            .map(|lane| {
                scope.spawn({
                    let case = &case;
                    move || forge(case, seed + lane, FORGERIES / 4)
                })
            })
            .collect();
        lanes.into_iter().map(|lane| lane.join().unwrap()).collect()
    });
    let mut done: BTreeMap<&str, usize> = BTreeMap::new();
    let mut passed = Vec::new();
    for (counts, missed) in lanes {
        counts.into_iter().for_each(|(name, count)| *done.entry(name).or_insert(0) += count);
        passed.extend(missed);
    }
    assert_eq!(done.values().sum::<usize>(), FORGERIES);
    assert!(done.len() == CLASSES.len() && done.values().all(|count| *count > 300), "{done:?}");
    assert!(passed.is_empty(), "{} passed: {:#?}", passed.len(), &passed[..passed.len().min(5)]);
}

/// The classes that need no knowledge of the procedure are found by the verifier in Python too.
#[test]
fn the_verifier_in_python_finds_what_the_program_finds() {
    let world = World::on_sqlite();
    lively(&world);
    let files = world.bundle("330502").unwrap();
    let case = Case { files, ..case_of(&world) };
    let mut rng = StdRng::seed_from_u64(rand::random());
    for (turn, (name, class)) in CLASSES.iter().enumerate().cycle().take(3 * CLASSES.len()) {
        let folded = ["a case as it is stated to stand", "what the bundle says of itself"].contains(name);
        let mut files = case.files.clone();
        let Some(Done { needs_kept, .. }) = class(&case, &mut files, &mut rng) else { continue };
        close(&mut files);
        if folded {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("bag");
        bundle::bag::write(&files, &at).unwrap();
        let outside = if needs_kept { vec![super::file_outside(&world)] } else { Vec::new() };
        let (good, told) = super::in_python(&world, &at, &outside);
        assert!(!good, "{name} {turn}: {told}");
        assert!(!check(&case, &files, needs_kept).is_empty());
    }
}

fn case_of(world: &World) -> Case {
    let signing = EvidenceKey::load(&world.folder().join("evidence.key")).unwrap().signing;
    let key = SecretKey::new("jianyi.example.cn/330502", Purpose::Log, signing).unwrap();
    Case { files: Files::new(), keys: world.log_keys("330502"), kept: kept(world), key }
}

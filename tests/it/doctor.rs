//! The doctor finds what is wrong with an installation and changes nothing; a real service does not start with it.

use crate::{
    on_both,
    support::{
        World,
        program::{Service, fails, jianyi, outside, succeeds},
    },
};
use diesel::connection::SimpleConnection;
use jianyi::{office::Fault, store::StoreError};
use serde_json::json;
use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
    process::Command,
    time::{Duration, SystemTime},
};

const CHECKS: [&str; 23] = [
    "settings",
    "bind",
    "sample password",
    "token key",
    "settings file",
    "database file",
    "files directory",
    "sample district",
    "proxies",
    "single sign-on",
    "data directory",
    "former keys",
    "database",
    "schema",
    "database version",
    "database link",
    "ledger guards",
    "clock",
    "accounts",
    "policies",
    "attachments",
    "font",
    "calendar",
];

/// What the doctor says of each check, worst first where it says several things, and whether it is content.
struct Said {
    content: bool,
    text: String,
}

impl Said {
    fn of(command: &mut Command) -> Said {
        let output = command.arg("doctor").output().expect("the program starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.stderr.is_empty(), "{text}{}", String::from_utf8_lossy(&output.stderr));
        Said { content: output.status.success(), text }
    }

    /// `ok`, `warning` or `wrong`; nothing where the check does not apply.
    fn verdict(&self, check: &str) -> Option<&str> {
        let verdicts: Vec<&str> = self
            .text
            .lines()
            .filter_map(|line| {
                let (verdict, rest) = line.split_once("  ").map(|(a, b)| (a.trim(), b.trim_start()))?;
                let verdict = verdict.split_whitespace().last()?;
                rest.starts_with(&format!("{check}: ")).then_some(verdict)
            })
            .collect();
        ["wrong", "warning", "ok"].into_iter().find(|it| verdicts.contains(it))
    }

    #[track_caller]
    fn expect(&self, check: &str, verdict: &str) -> &Said {
        assert_eq!(self.verdict(check), Some(verdict), "{check}\n{}", self.text);
        assert_eq!(
            self.content,
            !self.text.lines().any(|line| line.starts_with("错误 wrong")),
            "{}",
            self.text
        );
        self
    }

    /// It says so, and how to mend it.
    #[track_caller]
    fn tells(&self, words: &[&str]) {
        for word in words {
            assert!(self.text.contains(word), "{word}\n{}", self.text);
        }
    }
}

fn open_to(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn sql(world: &World, statement: &'static str) {
    let run = move |db: &mut jianyi::store::Db| {
        db.batch_execute(statement).map_err(|e| Fault::Store(StoreError::from(e)))
    };
    world.office.store().write_here(run).unwrap();
}

/// Every file and folder below, with its size, mode and time; but for SQLite's shared memory, in which readers leave
/// their marks and nothing is kept.
fn everything(folder: &Path) -> BTreeMap<String, (u64, u32, SystemTime)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let facts = entry.metadata().unwrap();
        if entry.path().to_string_lossy().ends_with("-shm") {
            continue;
        }
        if facts.is_dir() {
            found.extend(everything(&entry.path()));
        }
        found.insert(
            entry.path().display().to_string(),
            (facts.len(), facts.mode(), facts.modified().unwrap()),
        );
    }
    found
}

on_both! {
    fn a_good_installation_is_found_good(world) {
        open_to(world.folder(), 0o700);
        let said = Said::of(&mut world.program());
        let sqlite = world.url().is_none();
        for check in CHECKS {
            match check {
                // The notice for the coming year is not out yet, and nobody named a proxy.
                "calendar" => assert!(matches!(said.verdict(check), Some("ok" | "warning"))),
                "proxies" => assert_eq!(said.verdict(check), Some("warning")),
                "database file" if !sqlite => assert_eq!(said.verdict(check), None),
                check => {
                    said.expect(check, "ok");
                }
            }
        }
        assert!(said.content, "{}", said.text);
        Said::of(world.program().env("JIANYI_TRUSTED_PROXIES", "127.0.0.1")).expect("proxies", "ok");
        // Each in both languages.
        said.tells(&["台账防改触发器齐全", "the ledger's guards are all there", "错误 0 项", "0 wrong"]);
    }

    fn each_defect_is_found_and_told_with_what_would_mend_it(world) {
        let folder = world.folder().to_owned();
        let doctor = || world.program();
        let sqlite = world.url().is_none();
        let with = |name: &str, value: &str| Said::of(doctor().env(name, value));

        with("JIANYI_BIND", "0.0.0.0:8080").expect("bind", "wrong").tells(&["JIANYI_TRUSTED_PROXIES", "127.0.0.1"]);
        Said::of(doctor().env("JIANYI_BIND", "0.0.0.0:8080").env("JIANYI_TRUSTED_PROXIES", "10.0.0.0/8")).expect("bind", "ok");
        Said::of(doctor().env("JIANYI_BIND", "0.0.0.0:8080").env("JIANYI_MODE", "sample")).expect("settings", "warning").expect("bind", "ok");
        with("JIANYI_SAMPLE_PASSWORD", "river wall sample").expect("sample password", "wrong");
        with("JIANYI_SAMPLE_PASSWORD", "a password of the tests").expect("accounts", "wrong").tells(&["committee", "disable them"]);
        with("JIANYI_TOKEN_KEY_FILE", "sample-token.key").expect("token key", "wrong").tells(&["the sample's key"]);
        with("JIANYI_FONT", "/nowhere/song.ttf").expect("font", "wrong").tells(&["fonts-noto-cjk"]);
        with("JIANYI_POLICY_DIR", "/nowhere").expect("policies", "wrong");
        with("JIANYI_FILES_DIR", "token.key").expect("attachments", "wrong").tells(&["JIANYI_FILES_DIR"]);
        with("JIANYI_BIND", "nowhere").expect("settings", "wrong").tells(&["JIANYI_BIND"]);
        let gone = with("DATABASE_URL", if sqlite { "sqlite:nowhere.db" } else { "postgres://nobody@127.0.0.1:1/nothing" });
        gone.expect("database", "wrong").tells(&["jianyi migrate"]);
        assert_eq!(gone.verdict("schema"), None, "what cannot be asked is not judged\n{}", gone.text);
        assert!(!folder.join("nowhere.db").exists());

        let settings = folder.join("jianyi.toml");
        fs::write(&settings, "sample_password = 'river wall sample'\nmode = 'sample'\n").unwrap();
        let file = |mode: u32| {
            open_to(&settings, mode);
            Said::of(doctor().env("JIANYI_CONFIG", &settings))
        };
        file(0o644).expect("settings file", "wrong").tells(&["JIANYI_SAMPLE_PASSWORD", "chmod 640"]);
        file(0o640).expect("settings file", "ok");
        fs::write(&settings, "workers = 2\n").unwrap();
        file(0o644).expect("settings file", "ok");

        let inner = folder.join("files/sha256");
        for (check, path, bad, verdict, good) in [
            ("token key", folder.join("token.key"), 0o644, "wrong", 0o600),
            ("files directory", inner, 0o755, "wrong", 0o700),
            ("data directory", folder.clone(), 0o755, "warning", 0o700),
        ] {
            open_to(&path, bad);
            Said::of(&mut doctor()).expect(check, verdict).tells(&["chmod"]);
            open_to(&path, good);
            Said::of(&mut doctor()).expect(check, "ok");
        }
        if sqlite {
            for name in ["story.db", "story.db-wal"] {
                open_to(&folder.join(name), 0o604);
                Said::of(&mut doctor()).expect("database file", "wrong").tells(&[name, "chmod 600"]);
                open_to(&folder.join(name), 0o600);
            }
            Said::of(&mut doctor()).expect("database file", "ok");
        }

        let former = folder.join("token.key.previous-abcdefgh");
        fs::copy(folder.join("token.key"), &former).unwrap();
        Said::of(&mut doctor()).expect("former keys", "ok");
        let aged = fs::File::options().write(true).open(&former).unwrap();
        aged.set_modified(aged.metadata().unwrap().modified().unwrap() - Duration::from_secs(25 * 3600)).unwrap();
        Said::of(&mut doctor()).expect("former keys", "warning").tells(&["token.key.previous-abcdefgh"]);

        sql(world, "UPDATE users SET password = '$argon2id$v=19$m=4096,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA' WHERE username = 'chen'");
        Said::of(&mut doctor()).expect("accounts", "warning").tells(&["chen"]);
        sql(world, "UPDATE users SET disabled = true WHERE username = 'chen'");
        Said::of(&mut doctor()).expect("accounts", "ok");

        sql(world, "INSERT INTO settings (name, value) VALUES ('sample', 'ready')");
        Said::of(&mut doctor()).expect("sample district", "wrong");
        Said::of(doctor().env("JIANYI_MODE", "sample")).expect("sample district", "ok");
        sql(world, "DELETE FROM settings WHERE name = 'sample'");

        world.on("2099-01-02");
        world.signed_in("li").create("/v1/cases", json!({"kind": "suggestion", "title": "标题", "body": "正文"})).expect(201);
        Said::of(&mut doctor()).expect("clock", "wrong").tells(&["2099-01-02"]);
    }

    fn a_ledger_whose_guards_are_gone_or_changed_is_told(world) {
        let sqlite = world.url().is_none();
        let guards = || Said::of(&mut world.program());
        // Still of that name, but it forbids nothing any more.
        sql(world, if sqlite {
            "DROP TRIGGER events_are_kept; CREATE TRIGGER events_are_kept BEFORE DELETE ON events BEGIN SELECT 1; END;"
        } else {
            "CREATE OR REPLACE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
        });
        guards().expect("ledger guards", "wrong").tells(&["events_are_kept", "jianyi verify"]);
        sql(world, if sqlite { "DROP TRIGGER events_are_kept" } else { "DROP TRIGGER events_are_kept ON events" });
        guards().expect("ledger guards", "wrong").tells(&["events_are_kept"]);
    }

    fn a_switched_off_guard_and_a_schema_of_another_version_are_told(world) {
        if world.url().is_some() {
            sql(world, "ALTER TABLE events DISABLE TRIGGER events_are_kept");
            Said::of(&mut world.program()).expect("ledger guards", "wrong");
            sql(world, "ALTER TABLE events ENABLE TRIGGER events_are_kept");
        }
        Said::of(&mut world.program()).expect("ledger guards", "ok").expect("schema", "ok");
        sql(world, "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')");
        Said::of(&mut world.program()).expect("schema", "wrong").tells(&["29990101000000", "a newer jianyi"]);
        sql(world, "DELETE FROM __diesel_schema_migrations WHERE version = '29990101000000'");
        sql(world, "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT MAX(version) FROM __diesel_schema_migrations)");
        Said::of(&mut world.program()).expect("schema", "wrong").tells(&["jianyi migrate", "1 migrations"]);
        sql(world, "DROP TABLE __diesel_schema_migrations");
        Said::of(&mut world.program()).expect("schema", "wrong").tells(&["is empty"]);
    }
}

#[test]
fn the_doctor_changes_nothing_and_needs_no_service() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let doctor = || Said::of(jianyi(folder.path(), None).env("JIANYI_DATA_DIR", &data));
    // Before anything was made, nothing is.
    doctor().expect("database", "wrong").tells(&["jianyi migrate"]);
    assert!(!data.exists());
    succeeds(jianyi(folder.path(), None).env("JIANYI_DATA_DIR", &data).arg("migrate"));
    assert_eq!(
        fs::metadata(&data).unwrap().mode() & 0o777,
        0o700,
        "a folder that the program makes is closed"
    );
    let before = everything(&data);
    let said = doctor();
    said.expect("database", "ok")
        .expect("schema", "ok")
        .expect("token key", "ok")
        .expect("data directory", "ok");
    assert!(said.content, "{}", said.text);
    assert_eq!(everything(&data), before);
}

#[test]
fn a_real_service_does_not_start_while_something_is_wrong_and_tells_all_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let settings = path.join("jianyi.toml");
    let serve = || {
        let mut command = jianyi(path, None);
        command.env("JIANYI_CONFIG", &settings).arg("serve");
        command
    };
    fs::write(&settings, "sample_password = 'river wall sample'\nbind = '0.0.0.0:0'\n").unwrap();
    open_to(&settings, 0o644);
    succeeds(jianyi(path, None).arg("migrate"));
    open_to(&path.join("jianyi.db"), 0o644);
    fs::create_dir_all(path.join("files/sha256")).unwrap();
    fs::write(path.join("token.key"), "-----BEGIN PRIVATE KEY-----\n").unwrap();
    let told = fails(&mut serve());
    for check in ["bind", "sample password", "token key", "settings file", "database file", "files directory"]
    {
        assert!(told.contains(&format!("错误 wrong    {check}: ")), "{check}\n{told}");
    }
    for mend in ["JIANYI_TRUSTED_PROXIES", "127.0.0.1", "unset it", "chmod 600", "chmod 640", "chmod 700"] {
        assert!(told.contains(mend), "{mend}\n{told}");
    }
    assert!(!told.contains("river wall"), "{told}");
    // As soon as each is mended it starts, and the network is still refused plain text: it is behind a proxy.
    fs::write(&settings, "trusted_proxies = '192.0.2.7'\n").unwrap();
    open_to(&path.join("jianyi.db"), 0o600);
    open_to(&path.join("files/sha256"), 0o700);
    fs::remove_file(path.join("token.key")).unwrap();
    let service = Service::start_on(&mut serve(), "0.0.0.0:0");
    let http = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    let asks = |host: &str, path: &str| {
        let base = service.base.replace("0.0.0.0", host);
        http.get(format!("{base}{path}")).send().unwrap().status().as_u16()
    };
    let outside = outside().to_string();
    assert_eq!(
        (asks("127.0.0.1", "/readyz"), asks(&outside, "/readyz"), asks(&outside, "/healthz")),
        (200, 421, 200)
    );
}

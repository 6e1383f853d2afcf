//! What is kept about a person: the ledger's bytes name nobody, and what was erased is gone.

use crate::{
    on_both,
    support::{
        World, program,
        world::{CONGRESS, letter, wait},
    },
};
use diesel::{QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text};
use jianyi::{
    office::{
        Fault, StoreError,
        person::{Erasure, Whom},
    },
    store::Db,
};
use serde_json::{Value, json};

#[derive(QueryableByName)]
struct Cell {
    #[diesel(sql_type = Text)]
    cell: String,
}

/// The first column of every row, as text.
fn rows(world: &World, sql: &'static str) -> Vec<String> {
    let read = |db: &mut Db| -> Result<Vec<Cell>, Fault> {
        let rows = sql_query(sql).load(db);
        rows.map_err(|e| Fault::from(StoreError::from(e)))
    };
    world.office.store().read_here(read).unwrap().into_iter().map(|row| row.cell).collect()
}

fn behind_its_back(world: &World, sql: &'static str) -> Result<(), Fault> {
    world
        .office
        .store()
        .write_here(move |db| db.batch_execute(sql).map_err(|e| Fault::from(StoreError::from(e))))
}

fn findings(world: &World) -> Vec<(String, String)> {
    let report = wait(world.office.verify()).expect("verify runs");
    report.findings.into_iter().map(|f| (f.column, f.stored)).collect()
}

const BOTH_BOOKS: &str = "SELECT author || body AS cell FROM events UNION ALL SELECT COALESCE(author, '') || body AS cell FROM acts";

/// Nobody else here is called so.
const NAME: &str = "欧阳金丝雀";

fn rename_chen(world: &World) {
    let deputy = "UPDATE deputies SET name = '欧阳金丝雀' WHERE congress_id = '330502' AND name = '陈芳'";
    behind_its_back(world, deputy).unwrap();
    behind_its_back(world, "UPDATE users SET display_name = '欧阳金丝雀' WHERE username = 'chen'").unwrap();
}

/// What is written by people and about them, table by table.
const EVERY_TEXT: [&str; 6] = [
    BOTH_BOOKS,
    "SELECT state || lead_name AS cell FROM cases",
    "SELECT name AS cell FROM deputies",
    "SELECT username || display_name AS cell FROM users",
    "SELECT text AS cell FROM personal_texts",
    "SELECT body AS cell FROM idempotency",
];

/// A case with everybody in it whom a form can name; returns its path.
fn crowded(world: &World, title: &str) -> String {
    let (path, _) = world.in_hand(title);
    let does = |who, step: &str, body| world.does(who, &format!("{path}/{step}"), body);
    does(
        "transport",
        "assignments/1/consultations",
        json!({"day": "2024-01-16", "way": "visit", "by": "面商人丁", "summary": "当面沟通"}),
    );
    let mut reply = letter("A");
    reply["signer"] = json!("签发人戊");
    reply["contact"] = json!("联系人己 0572-2030405");
    does("transport", "assignments/1/reply", reply);
    path
}

on_both! {
    fn the_ledgers_bytes_name_nobody_and_everybody_is_read_in_them(world) {
        let path = crowded(world, "关于留名的建议");
        let names = [
            rows(world, "SELECT name AS cell FROM deputies"),
            ["分管领导", "代表工委"].map(str::to_owned).to_vec(),
            ["面商人丁", "签发人戊", "联系人己 0572-2030405"].map(str::to_owned).to_vec(),
        ].concat();
        let stored = rows(world, BOTH_BOOKS).join("\n");
        assert!(stored.contains("关于留名的建议") && stored.contains("#sha256:"), "{stored}");
        for name in &names {
            assert!(!stored.contains(name), "{name} stands in the ledger: {stored}");
        }
        for author in rows(world, "SELECT author AS cell FROM events") {
            assert!(author.contains("#sha256:"), "{author}");
        }
        let history = world.committee().get(&format!("{path}/events")).expect(200).text;
        for name in ["陈芳", "代表工委", "面商人丁", "签发人戊", "联系人己 0572-2030405"] {
            assert!(history.contains(name), "{name} is not read: {history}");
        }
        assert!(!history.contains("#sha256:"), "{history}");
        assert_eq!(findings(world), []);

        // A second case says the same of the same people, which costs no row; what only a form says is its case's own.
        let rows_of = || rows(world, "SELECT subject_kind || text AS cell FROM personal_texts");
        let before = rows_of().len();
        crowded(world, "关于再次留名的建议");
        let after = rows_of();
        assert_eq!(after.len(), before + 3, "{after:?}");
    }

    fn a_changed_and_a_lost_text_are_found_where_they_stand(world) {
        crowded(world, "关于核对姓名的建议");
        assert!(behind_its_back(world, "UPDATE personal_texts SET text = '别人'").is_err());
        behind_its_back(world, "INSERT INTO personal_texts SELECT 'x', digest, salt, text, subject_kind, subject_id FROM personal_texts WHERE subject_kind = 'deputy'; \
            DELETE FROM personal_texts WHERE subject_kind = 'deputy' AND congress_id = '330502'").unwrap();
        let lost = findings(world);
        assert!(lost.iter().any(|(column, stored)| column == "version 1, a person's text" && stored == "missing, and no act erased it"), "{lost:?}");
        behind_its_back(world, "INSERT INTO personal_texts SELECT '330502', digest, salt, '别人', subject_kind, subject_id FROM personal_texts WHERE congress_id = 'x'").unwrap();
        let changed = findings(world);
        assert!(changed.iter().any(|(column, stored)| column == "version 1, a person's text" && stored == "another text"), "{changed:?}");
        // The row is refolded with the name that was put in, and does not agree either.
        assert!(changed.iter().any(|(column, _)| column == "lead_name"), "{changed:?}");
    }

    fn events_of_before_name_people_in_the_clear_and_are_read_so(world) {
        behind_its_back(world, include_str!("personal/events_in_the_clear.sql")).unwrap();
        assert_eq!(world.office.rebuild().unwrap(), 1);
        let history = world.committee().get("/v1/cases/018d1000-0000-7000-8000-000000000001/events").expect(200);
        let authors: Vec<&Value> = history.json["events"].as_array().unwrap().iter().map(|it| &it["author"]["name"]).collect();
        assert_eq!(authors, [&json!("旧代表"), &json!("旧代表")]);
        assert!(history.text.contains("旧附议"), "{}", history.text);
        assert_eq!(findings(world), []);
    }

    fn a_person_is_told_what_is_stored_and_erased_without_a_trace_of_the_name(world) {
        rename_chen(world);
        let path = crowded(world, "关于遗忘的建议");
        let deputy = world.deputy();
        let committee = world.committee();
        let seen = |path: &str| committee.get(path).expect(200).text;
        let pages = [path.clone(), format!("{path}/events"), "/v1/cases".to_owned(), format!("/v1/deputies?congress={CONGRESS}")];
        assert!(pages.iter().all(|page| seen(page).contains(NAME)));

        let told = program::succeeds(world.program().args(["people", "export", "--user", "chen"]));
        assert!(told.contains("username=chen") && told.contains("关于遗忘的建议") && told.contains("role=lead"), "{told}");
        let json = program::succeeds(world.program().args(["people", "export", "--user", "chen", "--json"]));
        let held: Value = serde_json::from_str(&json).unwrap();
        for part in ["accounts", "memberships", "sign_ins", "deputies", "cases", "events", "texts"] {
            assert!(!held[part].as_array().unwrap().is_empty(), "{part}: {held:#}");
        }
        assert!(!json.contains("argon2"), "{json}");

        // The first step only tells.
        let before = rows(world, "SELECT digest AS cell FROM personal_texts");
        let dry = ["people", "erase", "--user", "chen", "--reason", "本人要求"];
        let told = program::succeeds(world.program().args(dry));
        assert!(told.contains("nothing was written") && told.contains("尚有职责") && told.contains(NAME), "{told}");
        assert_eq!(rows(world, "SELECT digest AS cell FROM personal_texts"), before);

        let erasure = |reason: &str, force: Option<&str>| Erasure {
            whom: Whom::User("chen".to_owned()),
            reason: reason.to_owned(),
            also: Vec::new(),
            by: Some("administrator".to_owned()),
            force_reason: force.map(str::to_owned),
        };
        let duty = world.office.erase(erasure("本人要求", None));
        assert!(matches!(&duty, Err(Fault::Invalid { pointer, .. }) if pointer == "--force-reason"), "{duty:?}");
        let named = world.office.erase(erasure(&format!("{NAME}要求"), Some("任期届满")));
        assert!(matches!(&named, Err(Fault::Invalid { pointer, .. }) if pointer == "--reason"), "{named:?}");
        assert!(pages.iter().all(|page| seen(page).contains(NAME)));

        let plan = world.office.erase(erasure("本人要求", Some("任期届满"))).unwrap();
        assert_eq!((plan.accounts.len(), plan.deputies.len(), plan.cases.len()), (1, 1, 1), "{plan:?}");
        assert_eq!(plan.events_that_keep_the_name, 0);
        for page in &pages {
            let text = seen(page);
            assert!(!text.contains(NAME) && text.contains("（已删除）"), "{page}: {text}");
        }
        assert_eq!(findings(world), []);
        deputy.get(&path).expect(401);
        let account = rows(world, "SELECT username || display_name || COALESCE(password, 'none') AS cell FROM users WHERE username LIKE 'erased-%'");
        assert!(account.len() == 1 && account[0].ends_with("（已删除）none"), "{account:?}");
        for table in EVERY_TEXT {
            let left = rows(world, table).join("\n");
            assert!(!left.contains(NAME), "{table}: {left}");
        }
        let needle = NAME.as_bytes();
        assert!(!world.bytes_on_disk().windows(needle.len()).any(|bytes| bytes == needle), "the name lies in the file");
        let acts = rows(world, "SELECT author || body AS cell FROM acts WHERE kind = 'person_erased'");
        assert!(acts.len() == 1 && acts[0].contains("本人要求") && acts[0].contains("任期届满"), "{acts:?}");
        assert!(!acts[0].contains("chen") && !acts[0].contains("管理员"), "{acts:?}");
        // Others are as they were.
        assert!(seen(&format!("{path}/events")).contains("签发人戊"));
    }

    fn a_forms_text_that_means_the_person_goes_where_it_is_asked_for(world) {
        behind_its_back(world, "UPDATE users SET display_name = '签发人戊' WHERE username = 'transport-approver'").unwrap();
        let path = crowded(world, "关于签发人的建议");
        let ask = |also: Vec<String>| Erasure {
            whom: Whom::User("transport-approver".to_owned()),
            reason: "调离".to_owned(),
            also,
            by: None,
            force_reason: Some("已调离".to_owned()),
        };
        let plan = world.office.erasure_plan(&ask(Vec::new())).unwrap();
        let [signed] = &plan.texts_that_may_mean_him[..] else { panic!("{plan:?}") };
        assert_eq!((signed.text.as_str(), signed.subject_kind.as_str()), ("签发人戊", "case"));
        assert!(world.office.erasure_plan(&ask(vec!["00".to_owned()])).is_err());
        world.office.erase(ask(vec![signed.digest.clone()])).unwrap();
        let history = world.committee().get(&format!("{path}/events")).expect(200).text;
        assert!(!history.contains("签发人戊") && history.contains("\"signer\":\"（已删除）\""), "{history}");
        assert_eq!(findings(world), []);
    }
}

#[test]
fn every_column_and_field_of_a_person_is_in_the_document() {
    let document = include_str!("../../docs/personal-data.md");
    let schema = include_str!("../../src/store/schema.rs");
    let (mut table, mut columns) = ("", 0);
    for line in schema.lines() {
        if let Some((name, _)) = line.strip_prefix("    ").and_then(|line| line.split_once(" (")) {
            table = name;
        }
        let Some((column, _)) = line.trim().split_once(" -> ") else { continue };
        // A table of persons is one that says so, or that belongs to an account or a deputy.
        let persons = [
            "users",
            "memberships",
            "sign_ins",
            "deputies",
            "acts",
            "personal_texts",
            "devices",
            "links",
            "second_factors",
            "recovery_codes",
            "external_identities",
            "external_attempts",
            "mail_addresses",
            "mails",
            "problem_events",
        ];
        if persons.contains(&table) {
            columns += 1;
            assert!(document.contains(&format!("`{table}.{column}`")), "{table}.{column} is not documented");
        } else {
            let of_a_person = ["user_id", "username", "display_name", "address", "email", "phone"];
            assert!(!of_a_person.contains(&column), "{table}.{column}: document the table, and add it here");
        }
    }
    assert!(columns > 40, "{columns}");
    // Deputies by their ids alone, elsewhere.
    let elsewhere = [
        "selection_nominations.nominator",
        "selection_voters.deputy_id",
        "revisit_visitors.visitor",
        "promises.lead_id",
        "commitment_statement_lines.deputy_id",
        "receptions.visitors",
        "opinions.deputy_id",
        "stations.deputies",
        // Residents: their receipts, and what the ledger of opinions commits to.
        "opinion_receipts.hash",
        "resident.name",
        "resident.phone",
    ];
    for column in elsewhere {
        assert!(document.contains(&format!("`{column}`")), "{column} is not documented");
    }
    for member in jianyi::store::acts::PERSONAL {
        assert!(document.contains(&format!("`{member}`")), "acts.body: {member} is not documented");
    }
    // The visitor of events takes each form apart; what it visits is named in the document by the same word.
    let visitor = include_str!("../../src/domain/case/persons.rs");
    let (visitor, _) = visitor.split_once("#[cfg(test)]").unwrap();
    let forms = [
        "author",
        "deputies",
        "deputy",
        "lead",
        "co_signers",
        "invited",
        "by",
        "signer",
        "contact",
        "responsible",
        "supervisor",
        "supervised_by",
        "people",
        "readers",
        "name",
    ];
    let calls = visitor.lines().map(|line| line.trim().trim_end_matches([';', '?', ',']));
    for it in calls.filter_map(|call| call.strip_suffix(".persons(visit)")) {
        let field = it.rsplit([' ', '>']).next().unwrap();
        let structure = [
            "draft",
            "amendment",
            "policy",
            "asked",
            "form",
            "number",
            "decision",
            "report",
            "case",
            "handlers",
            "department",
            "hand_back",
            "record",
            "note",
            "opinion",
            "rejection",
            "letter",
            "judgement",
            "file",
            "revisit",
            "answers",
            "commitments",
            "event",
            "notice",
            "document",
            "cause",
            "to",
            "leader",
            "answer",
            "opinions",
            "recommendation",
        ];
        assert!(
            forms.contains(&field) || structure.contains(&field),
            "{field}: document it, and add it here"
        );
    }
    for field in forms {
        let named = ["`", "."].iter().any(|before| {
            ["`", "."].iter().any(|after| document.contains(&format!("{before}{field}{after}")))
        });
        assert!(named, "{field} is not documented");
    }
}

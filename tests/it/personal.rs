//! What is kept about a person: the ledger's bytes name nobody, and what was erased is gone.

use crate::{
    on_both,
    support::{World, world::letter, world::wait},
};
use diesel::{QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text};
use jianyi::{
    office::{Fault, StoreError},
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
}

//! The same schema in both databases, and a start that refuses what it cannot work with.

use crate::support::{postgres, program};
use diesel::{
    PgConnection, QueryableByName, RunQueryDsl, SqliteConnection,
    connection::{Connection, SimpleConnection},
    sql_query,
    sql_types::Text,
};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use jianyi::store::{Address, OpenError, Store, connection::Purpose};
use std::{path::Path, process::Stdio};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

const SQLITE_COLUMNS: &str = "SELECT m.name || '.' || p.name || ' ' || lower(p.type) || CASE WHEN p.\"notnull\" = 1 THEN '' ELSE ' null' END \
     || CASE WHEN p.pk > 0 THEN ' key' || p.pk ELSE '' END AS line \
     FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' \
     AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY 1";

const POSTGRES_COLUMNS: &str = "SELECT c.table_name || '.' || c.column_name || ' ' || CASE c.data_type \
     WHEN 'timestamp without time zone' THEN 'timestamp' ELSE c.data_type END \
     || CASE WHEN c.is_nullable = 'NO' THEN '' ELSE ' null' END \
     || COALESCE((SELECT ' key' || k.ordinal_position FROM information_schema.key_column_usage k \
        JOIN information_schema.table_constraints t USING (constraint_name, table_schema) \
        WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name AND k.column_name = c.column_name), '') AS line \
     FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name NOT LIKE '\\_\\_%' ORDER BY 1";

const SQLITE_INDEXES: &str = "SELECT m.name || ' ' || i.\"unique\" || ' ' || group_concat(c.name) AS line FROM sqlite_master m \
     JOIN pragma_index_list(m.tbl_name) i ON i.name = m.name JOIN pragma_index_info(m.name) c \
     WHERE m.type = 'index' AND m.sql IS NOT NULL GROUP BY m.name, i.\"unique\" ORDER BY 1";

const POSTGRES_INDEXES: &str = "SELECT c.relname || ' ' || i.indisunique::int || ' ' || \
     (SELECT string_agg(a.attname, ',' ORDER BY array_position(i.indkey::int2[], a.attnum)) FROM pg_attribute a \
        WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)) AS line \
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname = 'public' AND NOT i.indisprimary ORDER BY 1";

fn sorted(mut lines: Vec<Line>) -> Vec<String> {
    lines.sort_by(|a, b| a.line.cmp(&b.line));
    lines.into_iter().map(|l| l.line).collect()
}

#[test]
fn both_databases_end_with_the_same_tables_and_indexes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("schema.db");
    drop(Store::open(&Address::Sqlite(file.clone()), Purpose::Write, 1).unwrap());
    let mut sqlite = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    let database = postgres::server().fresh_database();
    drop(Store::open(&Address::Postgres(database.url().to_owned()), Purpose::Write, 1).unwrap());
    let mut postgres = PgConnection::establish(database.url()).unwrap();

    let columns = sorted(sql_query(SQLITE_COLUMNS).load(&mut sqlite).unwrap());
    assert_eq!(columns, sorted(sql_query(POSTGRES_COLUMNS).load(&mut postgres).unwrap()));
    assert!(columns.len() > 100);
    let indexes = sorted(sql_query(SQLITE_INDEXES).load(&mut sqlite).unwrap());
    assert_eq!(indexes, sorted(sql_query(POSTGRES_INDEXES).load(&mut postgres).unwrap()));
    assert!(indexes.len() > 10);
}

#[test]
fn migrations_go_down_and_up_again() {
    let all = |folder: &str| {
        FileBasedMigrations::from_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder))
            .unwrap()
    };
    let mut sqlite = SqliteConnection::establish(":memory:").unwrap();
    let database = postgres::server().fresh_database();
    let mut postgres = PgConnection::establish(database.url()).unwrap();
    for _ in 0..2 {
        sqlite.run_pending_migrations(all("sqlite")).unwrap();
        sqlite.revert_all_migrations(all("sqlite")).unwrap();
        postgres.run_pending_migrations(all("postgres")).unwrap();
        postgres.revert_all_migrations(all("postgres")).unwrap();
    }
    assert_eq!(sorted(sql_query(SQLITE_COLUMNS).load(&mut sqlite).unwrap()), Vec::<String>::new());
    assert_eq!(sorted(sql_query(POSTGRES_COLUMNS).load(&mut postgres).unwrap()), Vec::<String>::new());
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("newer.db");
    let database = postgres::server().fresh_database();
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000001')";
    let addresses = [Address::Sqlite(file.clone()), Address::Postgres(database.url().to_owned())];
    for address in &addresses {
        drop(Store::open(address, Purpose::Write, 1).unwrap());
    }
    SqliteConnection::establish(file.to_str().unwrap()).unwrap().batch_execute(newer).unwrap();
    PgConnection::establish(database.url()).unwrap().batch_execute(newer).unwrap();
    for address in &addresses {
        let refused = Store::open(address, Purpose::Write, 1).err();
        assert!(matches!(refused, Some(OpenError::Newer { .. })), "{refused:?}");
    }
    let told = program::fails(
        program::jianyi(folder.path(), Some(&format!("sqlite:{}", file.display()))).arg("serve"),
    );
    assert!(told.contains("written by a newer jianyi"), "{told}");
}

#[test]
fn a_file_that_another_process_writes_is_refused_and_can_still_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("held.db");
    let held = Store::open(&Address::Sqlite(file.clone()), Purpose::Write, 1).unwrap();
    let url = format!("sqlite:{}", file.display());
    let told = program::fails(program::jianyi(folder.path(), Some(&url)).args(["migrate"]));
    assert!(
        told.contains("in use by another process") && told.contains(&std::process::id().to_string()),
        "{told}"
    );
    program::succeeds(program::jianyi(folder.path(), Some(&url)).arg("verify"));
    drop(held);
    program::succeeds(program::jianyi(folder.path(), Some(&url)).args(["migrate"]));
}

#[test]
fn a_database_that_cannot_be_reached_is_said_to_be_and_no_file_appears() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://somebody:secret-word@127.0.0.1:1/jianyi";
    let told = program::fails(program::jianyi(folder.path(), Some(url)).arg("serve"));
    assert!(told.contains("cannot reach the database postgres://127.0.0.1:1/jianyi"), "{told}");
    assert!(!told.contains("secret-word"), "{told}");
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().map(|e| e.file_name()).collect();
    assert!(!names.iter().any(|n| n.to_string_lossy().contains("postgres")), "{names:?}");
    let told = program::fails(program::jianyi(folder.path(), Some("mysql://localhost/x")).arg("serve"));
    assert!(told.contains("DATABASE_URL"), "{told}");
}

/// A ledger of two cases, imported by the program.
fn two_cases(folder: &Path, database: Option<&str>) {
    let run = |args: &[&str]| program::succeeds(program::jianyi(folder, database).args(args));
    run(&["congress", "add", "330502", "--name", "吴兴区", "--policy", "zhejiang-2016"]);
    let ledger = "编号,标题,领衔代表,主办单位,交办日期,答复日期,办理结果\n\
                  1,关于停车的建议,陈芳,区交通局,2024-02-22,2024-04-10,A\n2,关于公交的建议,陈芳,区交通局,2024-02-22,,\n";
    std::fs::write(folder.join("ledger.csv"), ledger).unwrap();
    run(&["import", "ledger.csv", "--congress", "330502", "--session", "2024"]);
}

const SPOILED: &str = "UPDATE cases SET exclusion = 'withdrawn', state = '{}', due_on = NULL; DELETE FROM figure_totals; \
     DELETE FROM case_facts; DELETE FROM case_parties";
const FORGOTTEN: &str = "DELETE FROM settings WHERE name = 'fold'";

/// What an older program kept is derived anew by the next one that opens the database for writing, and by it alone.
fn upgraded(folder: &Path, database: Option<&str>, execute: &mut dyn FnMut(&str)) {
    two_cases(folder, database);
    let run = |args: &[&str]| program::succeeds(program::jianyi(folder, database).args(args));
    assert!(run(&["verify"]).contains("no drift"));
    execute(SPOILED);
    // The number is this program's: whatever happened to the rows is for `verify` to find, not to be papered over.
    run(&["migrate"]);
    program::fails(program::jianyi(folder, database).arg("verify"));
    execute(FORGOTTEN);
    program::fails(program::jianyi(folder, database).arg("verify"));
    let service = program::Service::start(program::jianyi(folder, database).arg("serve"));
    assert!(service.printed.contains("were derived anew"), "{}", service.printed);
    drop(service);
    assert!(run(&["verify"]).contains("no drift"));
    // An older program's number, or that of a newer one which was given up again.
    for number in ["1", "99"] {
        execute(SPOILED);
        execute(&format!("UPDATE settings SET value = '{number}' WHERE name = 'fold'"));
        run(&["migrate"]);
        assert!(run(&["verify"]).contains("no drift"), "{number}");
    }
}

#[test]
fn rows_of_an_older_program_are_derived_anew_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("upgraded.db");
    let url = format!("sqlite:{}", file.display());
    upgraded(folder.path(), Some(&url), &mut |sql| {
        SqliteConnection::establish(file.to_str().unwrap()).unwrap().batch_execute(sql).unwrap();
    });
}

#[test]
fn rows_of_an_older_program_are_derived_anew_on_postgres() {
    let folder = tempfile::tempdir().unwrap();
    let database = postgres::server().fresh_database();
    upgraded(folder.path(), Some(database.url()), &mut |sql| {
        PgConnection::establish(database.url()).unwrap().batch_execute(sql).unwrap();
    });
}

#[test]
fn programs_that_start_at_once_derive_the_rows_once() {
    let folder = tempfile::tempdir().unwrap();
    let database = postgres::server().fresh_database();
    two_cases(folder.path(), Some(database.url()));
    let mut db = PgConnection::establish(database.url()).unwrap();
    for _ in 0..3 {
        db.batch_execute(SPOILED).unwrap();
        db.batch_execute(FORGOTTEN).unwrap();
        let start = || {
            let mut command = program::jianyi(folder.path(), Some(database.url()));
            command.arg("migrate").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let told = [start(), start(), start()].map(|child| {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{output:?}");
            String::from_utf8_lossy(&output.stderr).into_owned()
        });
        let derived: Vec<_> =
            told.iter().filter(|told| told.contains("were derived anew: 2 cases")).collect();
        assert_eq!(derived.len(), 1, "{told:?}");
        let verify = || program::succeeds(program::jianyi(folder.path(), Some(database.url())).arg("verify"));
        assert!(verify().contains("no drift"));
    }
}

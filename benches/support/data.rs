//! Data to measure on: a ledger to import, and databases with many cases.

use super::child::jianyi;
use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use serde_json::Value;
use std::{net::SocketAddr, path::Path};

pub const PASSWORD: &str = "a password of the benchmarks";

pub fn run(folder: &Path, database: Option<&str>, args: &[&str]) -> String {
    let output = jianyi(folder, database).args(args).output().expect("the program starts");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A congress with one account of the committee.
pub fn congress(folder: &Path, database: Option<&str>) {
    run(folder, database, &["congress", "add", "330502", "--name", "吴兴区", "--policy", "zhejiang-2016"]);
    account(folder, database, "committee", "committee", &[]);
}

pub fn account(folder: &Path, database: Option<&str>, username: &str, role: &str, more: &[&str]) {
    use std::{io::Write, process::Stdio};
    let mut command = jianyi(folder, database);
    command.args([
        "user",
        "add",
        username,
        "--name",
        username,
        "--role",
        role,
        "--congress",
        "330502",
        "--password-stdin",
    ]);
    let mut child =
        command.args(more).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the program starts");
    writeln!(child.stdin.take().expect("its input"), "{PASSWORD}").expect("the password is read");
    assert!(child.wait().is_ok_and(|s| s.success()));
}

/// A congress whose one department has `cases` cases in hand, none of them answered.
pub fn in_hand(folder: &Path, database: Option<&str>, cases: usize) {
    congress(folder, database);
    let mut text = "编号,标题,领衔代表,类别,主办单位,交办日期\n".to_owned();
    for n in 1..=cases {
        text += &format!(
            "{n},关于改善第{n}个老旧小区停车难问题的建议,代表{},城建交通,区交通运输局,2024-02-22\n",
            n % 300
        );
    }
    let file = folder.join("ledger.csv");
    std::fs::write(&file, text).expect("the ledger is written");
    run(
        folder,
        database,
        &["import", file.to_str().expect("a path"), "--congress", "330502", "--session", "2024"],
    );
}

pub fn sign_in(address: SocketAddr, username: &str, password: &str) -> String {
    let client = reqwest::blocking::Client::builder().no_proxy().build().expect("a client");
    let body = serde_json::json!({"username": username, "password": password}).to_string();
    let reply = client
        .post(format!("http://{address}/v1/auth/sign-in"))
        .header("content-type", "application/json")
        .body(body)
        .send()
        .and_then(reqwest::blocking::Response::text)
        .expect("the service answers");
    let pair: Value = serde_json::from_str(&reply).expect("JSON");
    pair["access_token"].as_str().unwrap_or_else(|| panic!("no token: {reply}")).to_owned()
}

pub fn get(address: SocketAddr, path: &str, token: &str) -> String {
    let client = reqwest::blocking::Client::builder().no_proxy().build().expect("a client");
    let reply =
        client.get(format!("http://{address}{path}")).bearer_auth(token).send().expect("the service answers");
    assert!(reply.status().is_success(), "{path}: {}", reply.status());
    reply.text().expect("a body")
}

/// The paths of all cases, oldest first.
pub fn paths(address: SocketAddr, token: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut next = Some("/v1/cases?limit=100&sort=oldest".to_owned());
    while let Some(page) = next {
        let page: Value = serde_json::from_str(&get(address, &page, token)).expect("JSON");
        all.extend(
            page["cases"]
                .as_array()
                .expect("cases")
                .iter()
                .filter_map(|c| c["href"].as_str().map(str::to_owned)),
        );
        next = page["next"].as_str().map(str::to_owned);
    }
    all
}

/// Fills a SQLite file with closed cases of many sessions, departments and classes, and their sums.
///
/// Written as SQL, since a million cases through the front door would take an hour: rows are as large as real ones, and
/// the sums are what `compact` leaves. Columns follow different digits of the row's number, so that no value of one
/// excludes a value of another.
pub fn many(file: &Path, cases: usize) {
    let mut db = SqliteConnection::establish(file.to_str().expect("a path")).expect("the database opens");
    let rows = format!(
        "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN;
         INSERT INTO cases (congress_id, id, version, stage, kind, session_id, origin, number, title, category, lead_id,
           lead_name, department_id, department_name, channel, class, evaluation, registered_on, assigned_on, due_on,
           replied_on, measures, state, exclusion, key_case, publicity, confidential, delegation, days_to_reply)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {cases})
         SELECT '330502', printf('018d14ee-%04x-7000-8000-%012x', i / 65536, i), 10, CASE WHEN i / 11 % 200 = 0 THEN 'assigned' ELSE 'closed' END, 'suggestion', 'session-' || (i % 20),
           'in_session', 'n-' || i, '关于改善第' || i || '个老旧小区停车难问题的建议', 'category-' || (i / 7 % 8),
           'deputy-' || (i % 300), '陈芳', printf('018d14ee-0000-7000-9000-%012x', i * 7919 % 60), '第' || (i * 7919 % 60) || '局', 'government',
           CASE i / 60 % 10 WHEN 0 THEN 'B' WHEN 1 THEN 'C' ELSE 'A' END, 'satisfied',
           '2024-01-19', '2024-02-22', date('2024-05-22', (i % 60) || ' days'), '2024-04-10',
           CASE WHEN i % 97 = 0 THEN 3 WHEN i / 60 % 10 < 2 THEN 2493 ELSE 2557 END, hex(zeroblob(900)),
           CASE WHEN i % 97 = 0 THEN 'withdrawn' END, i % 101 = 0, NULL, FALSE, NULL, 48
         FROM n; COMMIT;"
    );
    db.batch_execute(&rows).expect("the rows are written");
    db.batch_execute("INSERT INTO departments SELECT DISTINCT congress_id, department_id, department_name, channel FROM cases")
        .expect("the departments are written");
    db.batch_execute(
        "INSERT INTO case_parties SELECT congress_id, 'department:' || department_id, id FROM cases",
    )
    .expect("the parties are written");
    let dimensions = [
        ("total", "''"),
        ("department", "department_id"),
        ("category", "category"),
        ("class", "class"),
        ("kind", "kind"),
        ("exclusion", "COALESCE(exclusion, '')"),
    ];
    let measures = [("received", 1), ("excluded", 2), ("counted", 4), ("on_time", 16), ("resolved", 64)];
    for (dimension, value) in dimensions {
        for (measure, bit) in measures {
            let sums = format!(
                "INSERT INTO figure_totals SELECT congress_id, '', '{dimension}', '{measure}', session_id, {value}, COUNT(*)
                 FROM cases WHERE measures & {bit} <> 0 GROUP BY congress_id, session_id, {value}"
            );
            db.batch_execute(&sums).expect("the sums are written");
        }
        // The changes of 250 days a session, on which its cases were registered and answered.
        let counted =
            measures.map(|(measure, bit)| format!("'{measure}', SUM(measures & {bit} <> 0)")).join(", ");
        let days = format!(
            "INSERT INTO figure_days SELECT congress_id, '', '{dimension}', session_id, {value}, day, day,
               json_object({counted}, 'numbered', COUNT(*), 'last_number', MAX(place))
             FROM (SELECT *, date('2024-01-19', (place % 250) || ' days') AS day
               FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY session_id) AS place FROM cases))
             GROUP BY congress_id, session_id, {value}, day"
        );
        db.batch_execute(&days).expect("the days are written");
    }
}

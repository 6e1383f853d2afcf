//! The bars of the spine, side by side with a reference in the same run on the same machine.
//!
//! `make bench` runs all; `cargo bench --bench spine -- reads writes sqlite growth memory` some of them.

#![expect(clippy::expect_used, clippy::panic, reason = "a measurement that cannot be made is to stop there")]

mod support;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use support::{
    bare,
    child::{Server, free_address, jianyi},
    data, load, pgbench, postgres,
    table::{self, median},
};

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);

fn main() {
    bare::serve_if_asked();
    let asked: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|a| a == name);
    table::head();
    if wanted("reads") || wanted("memory") {
        reads();
    }
    if wanted("writes") {
        writes();
    }
    if wanted("sqlite") {
        commands_per_commit();
    }
    if wanted("growth") {
        growth();
    }
}

/// (a) One case with a signed-in caller, against a bare handler that returns the same bytes; and idle memory.
fn reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = free_address();
    let mut command = jianyi(folder.path(), None);
    command.env("JIANYI_BIND", address.to_string()).env("JIANYI_SAMPLE_PASSWORD", data::PASSWORD);
    command.env("JIANYI_WORKERS", "2").args(["serve", "--sample"]);
    drop(Server::start(&mut command, address, &folder.path().join("first.log")));
    let server = Server::start(&mut command, address, &folder.path().join("log"));
    std::thread::sleep(Duration::from_secs(2));
    let idle = server.rss_mib();
    table::line(
        "memory: idle, SQLite, sample district",
        format!("{idle:.1} MiB"),
        "60 MiB".into(),
        idle / 60.0,
        "under 60 MiB",
        idle < 60.0,
    );

    let token = data::sign_in(address, "committee", data::PASSWORD);
    let path = data::paths(address, &token)[40].clone();
    let body = data::get(address, &path, &token);
    let file = folder.path().join("body");
    std::fs::write(&file, &body).expect("the bytes are kept");
    let bare_address = free_address();
    let mut bare = std::process::Command::new(std::env::current_exe().expect("this program"));
    bare.env("BARE_FILE", &file).env("BARE_BIND", bare_address.to_string());
    let bare = Server::start(&mut bare, bare_address, &folder.path().join("bare.log"));

    let ours = load::get(&path, &token);
    let reference = load::get("/reference", &token);
    let measure = |address, bytes: &Vec<u8>| {
        let bytes = bytes.clone();
        let report = load::run(address, 32, ROUND, Arc::new(move |_, _| Some(bytes.clone())));
        assert_eq!(report.failures, 0, "{:?}", report.first_failure);
        report.per_second()
    };
    let (mut fast, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        fast.push(measure(address, &ours));
        plain.push(measure(bare.address, &reference));
    }
    let (fast, plain) = (median(fast), median(plain));
    let name = format!("reads: GET one case ({} bytes), SQLite", body.len());
    table::line(
        &name,
        format!("{fast:.0}/s"),
        format!("{plain:.0}/s"),
        fast / plain,
        "at least 0.5",
        fast / plain >= 0.5,
    );
}

/// A service on a database whose department has cases in hand; consultations go to fresh cases.
struct Handling {
    server: Server,
    token: String,
    paths: Arc<Vec<String>>,
    next: Arc<AtomicUsize>,
}

impl Handling {
    fn open(folder: &Path, database: Option<&str>, cases: usize, wrap: &[&str]) -> Handling {
        data::in_hand(folder, database, cases);
        let address = free_address();
        let start = |wrap: &[&str]| {
            let plain = jianyi(folder, database);
            let mut command = match wrap.split_first() {
                None => plain,
                Some((program, rest)) => {
                    let mut wrapped = std::process::Command::new(program);
                    wrapped.args(rest).arg(plain.get_program());
                    wrapped.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
                    wrapped.envs(plain.get_envs().filter_map(|(k, v)| Some((k, v?))));
                    wrapped
                }
            };
            command
                .env("JIANYI_BIND", address.to_string())
                .env("JIANYI_WORKERS", "2")
                .env("JIANYI_POOL", "16");
            Server::start(command.arg("serve"), address, &folder.join("log"))
        };
        let first = start(&[]);
        let committee = data::sign_in(address, "committee", data::PASSWORD);
        let departments: serde_json::Value =
            serde_json::from_str(&data::get(address, "/v1/departments?congress=330502", &committee))
                .expect("JSON");
        let department = departments["departments"][0]["id"].as_str().expect("a department").to_owned();
        let paths = Arc::new(data::paths(address, &committee));
        first.stop();
        data::account(folder, database, "department", "department", &["--department", &department]);
        let server = start(wrap);
        let token = data::sign_in(address, "department", data::PASSWORD);
        Handling { server, token, paths, next: Arc::new(AtomicUsize::new(0)) }
    }

    fn consult(&self, connections: usize, duration: Duration) -> load::Report {
        let (token, paths, next) = (self.token.clone(), self.paths.clone(), self.next.clone());
        let request = move |_, _| {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let path = format!("{}/assignments/1/consultations", paths.get(index)?);
            let body = r#"{"day":"2024-03-20","way":"in_person","by":"王明","summary":"代表认可分步实施的方案，并提出补充意见。"}"#;
            Some(load::post(&path, &token, &format!("key-{index}"), body))
        };
        let report = load::run(self.server.address, connections, duration, Arc::new(request));
        assert_eq!(report.failures, 0, "{:?}", report.first_failure);
        report
    }
}

/// (b) One durable command on PostgreSQL, against pgbench with the same statements and connections.
fn writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let postgres = postgres::Server::start("on");
    let (ours, reference) = (postgres.fresh_database(), postgres.fresh_database());
    data::run(folder.path(), Some(reference.url()), &["migrate"]);
    fill(reference.url());
    let handling = Handling::open(folder.path(), Some(ours.url()), 40_000, &[]);
    let (mut commands, mut transactions) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        commands.push(handling.consult(16, ROUND).per_second());
        transactions.push(pgbench::run(reference.url(), 16, ROUND.as_secs(), folder.path()));
    }
    let (ours, reference) = (median(commands), median(transactions));
    let ratio = ours / reference;
    table::line(
        "writes: a consultation, PostgreSQL, 16 clients",
        format!("{ours:.0}/s"),
        format!("{reference:.0}/s"),
        ratio,
        "at least 0.5",
        ratio >= 0.5,
    );
}

fn fill(url: &str) {
    use diesel::{Connection, PgConnection, connection::SimpleConnection};
    let mut db = PgConnection::establish(url).expect("PostgreSQL answers");
    db.batch_execute(pgbench::FILL).expect("the reference is filled");
}

/// (b) On SQLite with FULL synchronous and 64 clients: commands per fsync, as the kernel sees it where strace is there.
fn commands_per_commit() {
    let folder = tempfile::tempdir().expect("a folder");
    let counted = folder.path().join("syncs");
    let traced = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-e",
        "trace=fdatasync,fsync",
        "-c",
        "-o",
        counted.to_str().expect("a path"),
    ];
    let strace = std::process::Command::new("strace").arg("-V").output().is_ok();
    let handling = Handling::open(folder.path(), None, 40_000, if strace { &traced } else { &[] });
    let report = handling.consult(64, Duration::from_secs(4));
    let address = handling.server.address;
    std::thread::sleep(Duration::from_millis(4500));
    let metrics = data::get(address, "/metrics", &handling.token);
    let figure = |name: &str| -> f64 {
        let line = metrics.lines().find(|l| l.starts_with(name) && !l.starts_with('#')).unwrap_or("0 0");
        line.split_whitespace().last().and_then(|n| n.parse().ok()).unwrap_or(0.0)
    };
    let commits = figure("jianyi_commits_total").max(1.0);
    handling.server.stop();
    let syncs: Option<f64> = std::fs::read_to_string(&counted).ok().map(|text| {
        let calls = text.lines().filter(|l| l.ends_with("sync"));
        calls.filter_map(|l| l.split_whitespace().nth(3)?.parse::<f64>().ok()).sum()
    });
    let (syncs, how) = syncs.map_or((commits, "commits"), |s| (s, "fsyncs"));
    let ratio = report.requests as f64 / syncs;
    let name = format!("sqlite: commands per fsync, 64 clients, {:.0}/s", report.per_second());
    table::line(
        &name,
        format!("{}", report.requests),
        format!("{syncs:.0} {how}"),
        ratio,
        "at least 10",
        ratio >= 10.0,
    );
}

/// (c), (d) What grows with the number of cases: nothing.
fn growth() {
    let sizes = [1_000, 10_000, 1_000_000];
    let services: Vec<_> = sizes.iter().map(|cases| Grown::open(*cases)).collect();
    let figures = "/v1/figures?congress=330502&metric=resolution_rate&group_by=department";
    let past = "/v1/figures?congress=330502&metric=resolution_rate&session=session-3&true_on=2024-06-30&known_on=2024-07-31";
    let list = "/v1/cases?congress=330502&department=018d14ee-0000-7000-9000-000000000007&limit=50";
    let both = "/v1/cases?congress=330502&department=018d14ee-0000-7000-9000-000000000007&class=A&measure=on_time&limit=50";
    let due = "/v1/cases?congress=330502&category=category-3&sort=due&limit=50";
    let own = "/v1/cases?class=C&limit=50";
    let key = "/v1/cases?congress=330502&key_case=true&limit=50";
    let excluded = "/v1/cases?congress=330502&exclusion=withdrawn&limit=50";
    let compare = |name: &str, path: &str, small: &Grown, large: &Grown, bar: f64| {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            before.push(small.median_us(path, path == own));
            after.push(large.median_us(path, path == own));
        }
        let (before, after) = (median(before), median(after));
        let ratio = after / before;
        table::line(
            name,
            format!("{after:.0} us"),
            format!("{before:.0} us"),
            ratio,
            &format!("at most {bar}"),
            ratio <= bar,
        );
    };
    compare("growth: figures, 1,000 -> 1,000,000 cases", figures, &services[0], &services[2], 1.5);
    compare("growth: figure as of two days, 10^4 -> 10^6", past, &services[1], &services[2], 1.5);
    compare("growth: list of 50, one filter, 10^4 -> 10^6", list, &services[1], &services[2], 3.0);
    compare("growth: list of 50, three filters", both, &services[1], &services[2], 3.0);
    compare("growth: list of 50, most urgent of a category", due, &services[1], &services[2], 3.0);
    compare("growth: list of 50, key cases", key, &services[1], &services[2], 3.0);
    compare("growth: list of 50, what is not counted", excluded, &services[1], &services[2], 3.0);
    compare("growth: list of 50, a department's own", own, &services[1], &services[2], 3.0);
}

struct Grown {
    server: Server,
    committee: String,
    department: String,
    _folder: tempfile::TempDir,
}

impl Grown {
    fn open(cases: usize) -> Grown {
        let folder = tempfile::tempdir().expect("a folder");
        data::congress(folder.path(), None);
        data::many(&folder.path().join("jianyi.db"), cases);
        let department = "018d14ee-0000-7000-9000-000000000007";
        data::account(folder.path(), None, "department", "department", &["--department", department]);
        let address = free_address();
        let mut command = jianyi(folder.path(), None);
        command.env("JIANYI_BIND", address.to_string()).env("JIANYI_WORKERS", "2").arg("serve");
        let server = Server::start(&mut command, address, &folder.path().join("log"));
        let sign_in = |name| data::sign_in(address, name, data::PASSWORD);
        Grown { server, committee: sign_in("committee"), department: sign_in("department"), _folder: folder }
    }

    fn median_us(&self, path: &str, by_department: bool) -> f64 {
        let bytes = load::get(path, if by_department { &self.department } else { &self.committee });
        let report = load::run(
            self.server.address,
            1,
            Duration::from_secs(1),
            Arc::new(move |_, _| Some(bytes.clone())),
        );
        assert_eq!(report.failures, 0, "{:?}", report.first_failure);
        report.percentile(0.5)
    }
}

//! A real PostgreSQL, started by the test run in a temporary folder and gone with it.

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

pub struct Server {
    url: String,
    /// Holds the guardian's pipe: when this process ends, however it ends, the guardian stops the server.
    _guardian: Option<Child>,
}

/// A database of one story's own.
pub struct Database {
    url: String,
    name: String,
}

/// The server of this test run. `JIANYI_TEST_POSTGRES_URL` names one that runs already.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var("JIANYI_TEST_POSTGRES_URL") {
        Ok(url) => Server { url: url.trim_end_matches('/').to_owned(), _guardian: None },
        // Tests lose nothing that a power cut could take.
        Err(_) => Server::start("off"),
    })
}

impl Server {
    /// Starts a server; `fsync` is "on" where durability is measured.
    pub fn start(fsync: &str) -> Server {
        let binaries = binaries();
        let folder = std::env::temp_dir().join(format!("jianyi-postgres-{}-{fsync}", std::process::id()));
        let data = folder.join("data");
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let as_postgres = as_postgres(&folder);
        let initdb = run_as(&as_postgres, &binaries.join("initdb"))
            .args([
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "-D",
            ])
            .arg(&data)
            .output()
            .expect("initdb starts");
        assert!(initdb.status.success(), "initdb: {}", String::from_utf8_lossy(&initdb.stderr));
        let port = free_port();
        let guardian = Command::new("sh")
            .arg("-c")
            // `cat` ends when the pipe from the tests closes, even if they were killed.
            .arg(r#"folder=$1; shift; "$@" >"$folder/log" 2>&1 & server=$!; cat; kill -INT $server; wait $server; rm -rf "$folder""#)
            .arg("guardian")
            .arg(&folder)
            .args(&as_postgres)
            .arg(binaries.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300"])
            .args(["-c", "shared_buffers=128MB", "-c", &format!("fsync={fsync}")])
            .args(["-c", &format!("unix_socket_directories={}", folder.display())])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh starts");
        let server =
            Server { url: format!("postgres://postgres@127.0.0.1:{port}"), _guardian: Some(guardian) };
        let patience = Instant::now() + Duration::from_secs(60);
        while PgConnection::establish(&format!("{}/postgres", server.url)).is_err() {
            let log = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < patience, "PostgreSQL did not start: {}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    pub fn fresh_database(&self) -> Database {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("story_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        self.run(&format!("CREATE DATABASE {name}"));
        Database { url: format!("{}/{name}", self.url), name }
    }

    fn run(&self, sql: &str) {
        let mut db = PgConnection::establish(&format!("{}/postgres", self.url)).expect("PostgreSQL answers");
        db.batch_execute(sql).expect("an administrator's statement");
    }
}

impl Database {
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            server().run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

/// PostgreSQL refuses to run as root: there it runs as the user that its package made.
fn as_postgres(folder: &Path) -> Vec<String> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0");
    if !root {
        return Vec::new();
    }
    let owned = Command::new("chown").arg("postgres").arg(folder).status();
    assert!(owned.is_ok_and(|s| s.success()), "there is no user postgres; `make test` installs PostgreSQL");
    ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"].map(str::to_owned).to_vec()
}

fn run_as(prefix: &[String], program: &Path) -> Command {
    let mut command = match prefix.split_first() {
        None => return at_home(Command::new(program)),
        Some((first, rest)) => {
            let mut command = Command::new(first);
            command.args(rest);
            command
        }
    };
    command.arg(program);
    at_home(command)
}

/// The tests' own folder may be closed to the user that PostgreSQL runs as.
fn at_home(mut command: Command) -> Command {
    command.current_dir("/");
    command
}

/// Where Debian and others put the server's programs; the newest version.
fn binaries() -> PathBuf {
    let packaged = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<(u32, PathBuf)> = packaged
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    folders.sort();
    let on_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path)
            .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
    };
    folders
        .pop()
        .map(|(_, bin)| bin)
        .or_else(on_path)
        .expect("PostgreSQL is not installed; `make test` installs it")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}

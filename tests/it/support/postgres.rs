//! A real PostgreSQL, started by the test run in a temporary folder and gone with it.

use diesel::{Connection, PgConnection, QueryResult, connection::SimpleConnection};
use std::{
    io::Read,
    net::TcpListener,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

const GUARDIAN: &str = include_str!("postgres.sh");

pub struct Server {
    address: Address,
    /// Holds the guardian's pipe: when this process ends, however it ends, the guardian stops the server.
    _guardian: Option<Child>,
}

/// A database of one story's own.
pub struct Database {
    url: String,
    name: String,
    address: Address,
}

/// A server's URL, taken apart where a database's name goes.
#[derive(Clone)]
struct Address {
    before: String,
    maintenance: String,
    options: String,
}

/// The server of this test run. `JIANYI_TEST_POSTGRES_URL` names one that runs already.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var("JIANYI_TEST_POSTGRES_URL") {
        Ok(url) => Server { address: Address::parse(&url), _guardian: None },
        // Tests lose nothing that a power cut could take.
        Err(_) => Server::start("off"),
    })
}

impl Server {
    /// Starts a server; `fsync` is "on" where durability is measured.
    pub fn start(fsync: &str) -> Server {
        let mut guardian = Command::new("sh")
            .args(["-c", GUARDIAN, "guardian"])
            .arg(binaries())
            .arg(fsync)
            .args(free_ports().map(|port| port.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // What ends the tests' whole group, such as Ctrl-C, must leave it alive to clean up.
            .process_group(0)
            .spawn()
            .expect("sh starts");
        let mut said = String::new();
        let mut voice = guardian.stdout.take().expect("its output is piped");
        voice.read_to_string(&mut said).expect("the guardian speaks");
        let Some(port) = said.trim().strip_prefix("ready ") else {
            panic!("PostgreSQL did not start (`make test` installs it):\n{said}");
        };
        let address = Address::parse(&format!("postgres://postgres@127.0.0.1:{port}"));
        Server { address, _guardian: Some(guardian) }
    }

    pub fn fresh_database(&self) -> Database {
        // A server that was given may keep databases of earlier runs, and serve other runs beside this one.
        let name = format!("story_{:016x}", rand::random::<u64>());
        self.address.run(&format!("CREATE DATABASE {name}")).expect("a database is created");
        Database { url: self.address.of(&name), name, address: self.address.clone() }
    }
}

impl Database {
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A story that failed is to be told about its own failure only, so this does not panic.
        if let Err(error) = self.address.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)) {
            eprintln!("database {} stays behind: {error}", self.name);
        }
    }
}

impl Address {
    fn parse(url: &str) -> Address {
        let (url, options) = url.split_at(url.find('?').unwrap_or(url.len()));
        let host = url.find("://").map_or(0, |at| at + 3);
        let (before, name) = url.split_at(url[host..].find('/').map_or(url.len(), |at| host + at));
        let name = name.trim_matches('/');
        let maintenance = if name.is_empty() { "postgres" } else { name };
        Address { before: before.into(), maintenance: maintenance.into(), options: options.into() }
    }

    fn of(&self, database: &str) -> String {
        format!("{}/{database}{}", self.before, self.options)
    }

    fn run(&self, sql: &str) -> QueryResult<()> {
        let mut db = PgConnection::establish(&self.of(&self.maintenance))
            .map_err(|error| diesel::result::Error::QueryBuilderError(Box::new(error)))?;
        db.batch_execute(sql)
    }
}

/// The newest version where Debian puts the server's programs, or else what PATH finds.
fn binaries() -> PathBuf {
    let packaged = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let packaged = packaged
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, bin)| bin.join("initdb").exists())
        .max();
    let on_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path)
            .find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
    };
    packaged
        .map(|(_, bin)| bin)
        .or_else(on_path)
        .expect("PostgreSQL is not installed; `make test` installs it")
}

/// Asked for at once, so that they differ.
fn free_ports() -> [u16; 3] {
    [(); 3]
        .map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"))
        .map(|listener| listener.local_addr().expect("its address").port())
}

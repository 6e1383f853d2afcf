//! A server in a process of its own.

use std::{
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

pub fn free_address() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port")
}

/// The program, with its settings and nothing else.
pub fn jianyi(folder: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jianyi"));
    command
        .env_clear()
        .env("JIANYI_DATA_DIR", folder)
        .env("JIANYI_TOKEN_MINUTES", "60")
        .env("JIANYI_SECOND_FACTOR", "none");
    // What is measured is the work, not the turning away.
    for rate in ["JIANYI_RATE_CALLER", "JIANYI_RATE_ADDRESS", "JIANYI_RATE_SIGN_IN"] {
        command.env(rate, "0");
    }
    if let Some(url) = database {
        command.env("DATABASE_URL", url);
    }
    command
}

impl Server {
    /// Starts a command and waits until /readyz answers. Its log goes where a service's log goes: into a pipe or file.
    pub fn start(command: &mut Command, address: SocketAddr, log: &Path) -> Server {
        let file = std::fs::File::create(log).expect("a log file");
        let child =
            command.stdout(file.try_clone().expect("a file")).stderr(file).stdin(Stdio::null()).spawn();
        let mut server = Server { child: child.expect("the program starts"), address };
        let patience = Instant::now() + Duration::from_secs(120);
        while !ready(address) {
            let said = || std::fs::read_to_string(log).unwrap_or_default();
            assert!(!server.ended(), "the server ended: {}", said());
            assert!(Instant::now() < patience, "the server is not ready: {}", said());
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    /// Memory that is really in use.
    pub fn rss_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or("0");
        let kib: f64 = line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0.0);
        kib / 1024.0
    }

    pub fn stop(mut self) {
        self.terminate();
    }

    fn ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    fn terminate(&mut self) {
        self.signal("-TERM");
        let patience = Instant::now() + Duration::from_secs(15);
        while !self.ended() && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(20));
        }
        self.signal("-KILL");
        let _ = self.child.wait();
    }

    /// To the service only: under strace it is the child, and strace ends with it and tells its count.
    fn signal(&mut self, name: &str) {
        // The id of a process that has ended may be another's by now.
        if self.ended() {
            return;
        }
        let id = self.child.id().to_string();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        let service = children.split_whitespace().next().unwrap_or(&id);
        let _ = Command::new("kill").args([name, service]).status();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.terminate();
    }
}

fn ready(address: SocketAddr) -> bool {
    let client = reqwest::blocking::Client::builder().no_proxy().build().expect("a client");
    client.get(format!("http://{address}/readyz")).send().is_ok_and(|r| r.status().is_success())
}

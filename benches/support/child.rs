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
    command.env_clear().env("JIANYI_DATA_DIR", folder).env("JIANYI_TOKEN_MINUTES", "60");
    if let Some(url) = database {
        command.env("DATABASE_URL", url);
    }
    command
}

impl Server {
    /// Starts a command and waits until /readyz answers. Its log goes where a service's log goes: into a pipe or file.
    pub fn start(command: &mut Command, address: SocketAddr, log: &Path) -> Server {
        let log = std::fs::File::create(log).expect("a log file");
        let child = command.stdout(log.try_clone().expect("a file")).stderr(log).stdin(Stdio::null()).spawn();
        let server = Server { child: child.expect("the program starts"), address };
        let patience = Instant::now() + Duration::from_secs(120);
        while !ready(address) {
            assert!(Instant::now() < patience, "the server is not ready");
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

    fn terminate(&mut self) {
        let id = self.child.id().to_string();
        // Under strace the service is its child; strace itself ends with it.
        let traced = Command::new("pkill").args(["-TERM", "-P", &id]).status();
        if !traced.is_ok_and(|s| s.success()) {
            let _ = Command::new("kill").args(["-TERM", &id]).status();
        }
        let patience = Instant::now() + Duration::from_secs(15);
        while Instant::now() < patience {
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
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

//! A real SMTP server in a process of its own, and what it was given.

use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// `aiosmtpd`, until it is dropped.
pub struct SmtpServer {
    child: Child,
    folder: tempfile::TempDir,
    pub port: u16,
}

impl SmtpServer {
    pub fn start() -> SmtpServer {
        let folder = tempfile::tempdir().expect("a folder for letters");
        fs::write(folder.path().join("mode"), "ok").expect("its mode");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp/server.py");
        let mut child = Command::new("/usr/bin/python3")
            .arg(script)
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python starts; run scripts/install-smtp-server first");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let port = lines
            .find_map(|line| line.ok()?.strip_prefix("port ")?.parse().ok())
            .expect("the server says where it is");
        SmtpServer { child, folder, port }
    }

    /// How it behaves from the next letter on.
    pub fn behaves(&self, mode: &str) {
        fs::write(self.folder.path().join("mode"), mode).expect("its mode");
    }

    /// What it was given, oldest first.
    pub fn letters(&self) -> Vec<Value> {
        let files = fs::read_dir(self.folder.path()).expect("its folder");
        let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        paths.retain(|path| path.extension().is_some_and(|it| it == "json"));
        paths.sort();
        let read = |path| serde_json::from_str(&fs::read_to_string(path).expect("a letter")).expect("JSON");
        paths.into_iter().map(read).collect()
    }

    /// The same, once there are so many: another process sends them in its own time.
    pub fn given(&self, letters: usize) -> Vec<Value> {
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            let given = self.letters();
            if given.len() >= letters {
                return given;
            }
            assert!(Instant::now() < patience, "{given:#?}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! The program as an operator runs it.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

/// The program with a data folder and a database of its own, and nothing from this process's environment.
pub fn jianyi(folder: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jianyi"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
        .env("JIANYI_DATA_DIR", folder)
        .env("JIANYI_LOG", "info")
        .env("JIANYI_SECOND_FACTOR", "none")
        .current_dir(folder);
    if let Some(url) = database {
        command.env("DATABASE_URL", url);
    }
    command
}

#[track_caller]
pub fn succeeds(command: &mut Command) -> String {
    let output = command.output().expect("the program starts");
    assert!(output.status.success(), "{}", told(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[track_caller]
pub fn fails(command: &mut Command) -> String {
    let output = command.output().expect("the program starts");
    assert!(!output.status.success(), "{}", told(&output));
    told(&output)
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// An address of this machine that is not the loopback's: for a peer that comes over the network.
pub fn outside() -> std::net::IpAddr {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").expect("a socket");
    // Nothing is sent: the system only chooses the address that it would send from.
    socket.connect("192.0.2.1:9").expect("this story needs a network, be it one without anybody in it");
    let address = socket.local_addr().expect("its address").ip();
    assert!(!address.is_loopback() && !address.is_unspecified(), "{address}");
    address
}

/// A service that runs until it is dropped.
pub struct Service {
    pub child: Child,
    pub base: String,
    /// Everything that it printed before it was ready.
    pub printed: String,
}

impl Service {
    pub fn start(command: &mut Command) -> Service {
        Service::start_on(command, "127.0.0.1:0")
    }

    /// The same, listening on another address than this machine's own.
    pub fn start_on(command: &mut Command, bind: &str) -> Service {
        let mut child = command
            .env("JIANYI_BIND", bind)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut printed = String::new();
        let patience = Instant::now() + Duration::from_secs(120);
        let base = loop {
            let line = lines.next().expect("the service prints its address").expect("readable output");
            printed += &line;
            printed.push('\n');
            if let Some(at) =
                line.find("http://").filter(|_| line.contains("address") || line.contains("listening"))
            {
                break line[at..].split_whitespace().next().unwrap_or_default().to_owned();
            }
            assert!(Instant::now() < patience, "{printed}");
        };
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            // Read on, or the service would block on a full pipe.
            for line in lines.map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        while let Ok(line) = receiver.recv_timeout(Duration::from_millis(300)) {
            printed += &line;
            printed.push('\n');
        }
        Service { child, base, printed }
    }

    pub fn terminate(&self) {
        let signalled = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        assert!(signalled.is_ok_and(|s| s.success()));
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! A closed-loop load generator: each connection sends its next request when the last answer is complete.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

#[derive(Debug, Default)]
pub struct Report {
    pub requests: u64,
    pub failures: u64,
    pub first_failure: Option<String>,
    pub seconds: f64,
    /// Sorted, in microseconds.
    latencies: Vec<u32>,
}

impl Report {
    pub fn per_second(&self) -> f64 {
        self.requests as f64 / self.seconds
    }

    /// In microseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        let index = ((self.latencies.len().saturating_sub(1)) as f64 * share) as usize;
        self.latencies.get(index).copied().unwrap_or(0).into()
    }
}

/// A request's bytes, made for a connection and its turn; `None` ends that connection's work.
pub type Request = Arc<dyn Fn(usize, u64) -> Option<Vec<u8>> + Send + Sync>;

pub fn run(address: SocketAddr, connections: usize, duration: Duration, request: Request) -> Report {
    runtime().block_on(async move {
        let start = Instant::now();
        let until = start + duration;
        let clients: Vec<_> =
            (0..connections).map(|n| tokio::spawn(client(address, n, until, request.clone()))).collect();
        let mut all = Report::default();
        for client in clients {
            let one = client.await.expect("a client does not panic");
            all.requests += one.requests;
            all.failures += one.failures;
            all.first_failure = all.first_failure.or(one.first_failure);
            all.latencies.extend(one.latencies);
        }
        all.seconds = start.elapsed().as_secs_f64();
        all.latencies.sort_unstable();
        all
    })
}

async fn client(address: SocketAddr, number: usize, until: Instant, request: Request) -> Report {
    let mut report = Report::default();
    let stream = TcpStream::connect(address).await.expect("the server accepts");
    stream.set_nodelay(true).expect("a socket option");
    let mut stream = BufReader::with_capacity(64 * 1024, stream);
    let mut buffers = (Vec::new(), Vec::new());
    for turn in 0.. {
        if Instant::now() >= until {
            break;
        }
        let Some(bytes) = request(number, turn) else { break };
        let sent = Instant::now();
        stream.get_mut().write_all(&bytes).await.expect("the server reads");
        let status = answer(&mut stream, &mut buffers.0, &mut buffers.1).await;
        report.latencies.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
        report.requests += 1;
        if !(200..300).contains(&status) {
            report.failures += 1;
            report
                .first_failure
                .get_or_insert_with(|| format!("{status} {}", String::from_utf8_lossy(&buffers.1)));
        }
    }
    report
}

/// Reads one answer; its body is left in `body`.
async fn answer(stream: &mut BufReader<TcpStream>, line: &mut Vec<u8>, body: &mut Vec<u8>) -> u16 {
    let (mut status, mut length, mut chunked) = (0, 0, false);
    loop {
        line.clear();
        stream.read_until(b'\n', line).await.expect("the server answers");
        assert!(!line.is_empty(), "the server closed the connection");
        if line.starts_with(b"HTTP/1.1 ") {
            status = String::from_utf8_lossy(&line[9..12]).parse().expect("a status");
        } else if line.len() > 15 && line[..15].eq_ignore_ascii_case(b"content-length:") {
            length = String::from_utf8_lossy(&line[15..]).trim().parse().expect("a length");
        } else if line.to_ascii_lowercase().starts_with(b"transfer-encoding: chunked") {
            chunked = true;
        } else if line.as_slice() == b"\r\n" {
            break;
        }
    }
    body.clear();
    if chunked {
        chunks(stream, line, body).await;
        return status;
    }
    body.resize(length, 0);
    stream.read_exact(body).await.expect("the body");
    status
}

async fn chunks(stream: &mut BufReader<TcpStream>, line: &mut Vec<u8>, body: &mut Vec<u8>) {
    loop {
        line.clear();
        stream.read_until(b'\n', line).await.expect("a chunk's size");
        let length = usize::from_str_radix(String::from_utf8_lossy(line).trim(), 16).expect("a chunk's size");
        let start = body.len();
        body.resize(start + length + 2, 0);
        stream.read_exact(&mut body[start..]).await.expect("a chunk");
        body.truncate(start + length);
        if length == 0 {
            return;
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

/// A GET as a client writes it.
pub fn get(path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n").into_bytes()
}

/// A command as a client writes it.
pub fn post(path: &str, token: &str, key: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\nif-match: *\r\nidempotency-key: {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

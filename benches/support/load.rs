//! A closed-loop load generator: each connection sends its next request when the last answer is complete.

use super::answer::Answer;
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncWriteExt, BufReader},
    net::TcpStream,
};

#[derive(Debug, Default)]
pub struct Report {
    pub requests: u64,
    pub failures: u64,
    pub first_failure: Option<String>,
    pub seconds: f64,
    /// Of those that did not fail; sorted, in microseconds.
    latencies: Vec<u32>,
}

impl Report {
    /// Failures are fast, so they do not count.
    pub fn per_second(&self) -> f64 {
        (self.requests - self.failures) as f64 / self.seconds
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
    let mut answer = Answer::default();
    let mut connection = None;
    for turn in 0.. {
        if Instant::now() >= until {
            break;
        }
        let Some(bytes) = request(number, turn) else { break };
        report.requests += 1;
        let sent = Instant::now();
        let failure = match exchange(address, &mut connection, &bytes, &mut answer).await {
            Ok(()) if (200..300).contains(&answer.status) => {
                report.latencies.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
                continue;
            }
            Ok(()) => format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body)),
            Err(error) => {
                connection = None;
                // A server that is down is not to be asked a million times.
                tokio::time::sleep(Duration::from_millis(10)).await;
                error.to_string()
            }
        };
        report.failures += 1;
        report.first_failure.get_or_insert(failure);
    }
    report
}

async fn exchange(
    address: SocketAddr,
    connection: &mut Option<BufReader<TcpStream>>,
    bytes: &[u8],
    answer: &mut Answer,
) -> std::io::Result<()> {
    let stream = match connection {
        Some(stream) => stream,
        None => {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            connection.insert(BufReader::with_capacity(64 * 1024, stream))
        }
    };
    stream.get_mut().write_all(bytes).await?;
    answer.read(stream).await?;
    if answer.last {
        *connection = None;
    }
    Ok(())
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

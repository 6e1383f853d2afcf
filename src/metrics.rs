//! Figures for Prometheus: what the server did, and how long it took.
//!
//! Our own few lines rather than the `actix-web-prom` crate, which builds a map, a regular expression match
//! and five strings per request, labels unknown paths by their raw text, and puts `/metrics` behind no gate.

use std::time::Duration;

use actix_web::http::header::ContentType;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, web};
use prometheus::core::Collector;
use prometheus::{
    Encoder as _, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry, TextEncoder,
};

/// The registry and the figures every part of the server knows. Cloning shares them.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: HistogramVec,
    commands: IntCounterVec,
    written: IntCounter,
    commits: IntCounter,
}

/// A figure that could not be made or written down.
#[derive(Debug, thiserror::Error)]
#[error("metrics: {0}")]
pub struct MetricsError(#[from] prometheus::Error);

/// Seconds; the bars of the design lie at 5 ms, 50 ms, 250 ms and 2 s.
const DURATIONS: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.25, 1.0, 2.0];

impl Metrics {
    /// A fresh registry with the server's figures, and on Linux those of the process (memory, descriptors,
    /// processor time).
    ///
    /// # Errors
    /// Only when two figures share a name, which a test rules out.
    pub fn new() -> Result<Self, MetricsError> {
        let requests = HistogramVec::new(
            HistogramOpts::new(
                "jianyi_http_request_duration_seconds",
                "Time from a request's head to its answer's head",
            )
            .buckets(DURATIONS.to_vec()),
            &["method", "route", "status"],
        )?;
        let commands = IntCounterVec::new(
            Opts::new("jianyi_commands_total", "Commands by kind and by what became of them"),
            &["kind", "outcome"],
        )?;
        let written = IntCounter::new("jianyi_writes_total", "Writes that reached the disk (SQLite)")?;
        let commits = IntCounter::new("jianyi_commits_total", "Commits that carried them (SQLite)")?;
        let metrics = Self { registry: Registry::new(), requests, commands, written, commits };
        metrics.register(metrics.requests.clone())?;
        metrics.register(metrics.commands.clone())?;
        metrics.register(metrics.written.clone())?;
        metrics.register(metrics.commits.clone())?;
        #[cfg(target_os = "linux")]
        metrics.register(prometheus::process_collector::ProcessCollector::for_self())?;
        Ok(metrics)
    }

    /// Adds a figure of another part of the server; keep a clone of it to count with.
    ///
    /// # Errors
    /// When its name is taken.
    pub fn register(&self, figure: impl Collector + 'static) -> Result<(), MetricsError> {
        Ok(self.registry.register(Box::new(figure))?)
    }

    /// Counts a request. `route` is the pattern, never the path: a label per case would fill the memory.
    pub fn request(&self, method: &'static str, route: &str, status: StatusCode, duration: Duration) {
        self.requests.with_label_values(&[method, route, status.as_str()]).observe(duration.as_secs_f64());
    }

    /// Counts a command; both words are from a closed list, such as `submit` and `done`, `refused` or `failed`.
    pub fn command(&self, kind: &'static str, outcome: &'static str) {
        self.commands.with_label_values(&[kind, outcome]).inc();
    }

    /// Counts writes, and the commits that they shared.
    pub fn group_commit(&self, written: u64, commits: u64) {
        self.written.inc_by(written);
        self.commits.inc_by(commits);
    }

    /// Everything, in Prometheus's text form.
    ///
    /// # Errors
    /// When a registered figure contradicts itself.
    pub fn text(&self) -> Result<Vec<u8>, MetricsError> {
        let mut text = Vec::with_capacity(16 * 1024);
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}

/// The method as a label: a word from a closed list, for a caller may invent methods without end.
pub fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

/// `GET /metrics`.
pub async fn get_metrics(metrics: web::Data<Metrics>) -> HttpResponse {
    match metrics.text() {
        Ok(text) => HttpResponse::Ok()
            .content_type("text/plain; version=0.0.4; charset=utf-8")
            .insert_header(("Cache-Control", "no-store"))
            .body(text),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written down");
            HttpResponse::InternalServerError()
                .content_type(ContentType::plaintext())
                .body("metrics failed\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(metrics: &Metrics) -> String {
        String::from_utf8(metrics.text().unwrap()).unwrap()
    }

    #[test]
    fn requests_commands_and_commits_are_counted_by_their_labels() {
        let metrics = Metrics::new().unwrap();
        metrics.request("GET", "/v1/cases/{id}", StatusCode::OK, Duration::from_millis(3));
        metrics.request("GET", "/v1/cases/{id}", StatusCode::OK, Duration::from_millis(700));
        metrics.command("submit", "done");
        metrics.group_commit(6, 2);
        let text = text(&metrics);
        let labels = r#"method="GET",route="/v1/cases/{id}",status="200""#;
        for line in [
            format!("jianyi_http_request_duration_seconds_bucket{{{labels},le=\"0.005\"}} 1"),
            format!("jianyi_http_request_duration_seconds_count{{{labels}}} 2"),
            r#"jianyi_commands_total{kind="submit",outcome="done"} 1"#.to_owned(),
            "jianyi_writes_total 6".to_owned(),
            "jianyi_commits_total 2".to_owned(),
        ] {
            assert!(text.lines().any(|it| it == line), "{line}\n{text}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_process_is_measured_too() {
        let text = text(&Metrics::new().unwrap());
        assert!(text.contains("process_resident_memory_bytes") && text.contains("process_open_fds"));
    }

    #[test]
    fn another_part_can_register_a_figure_but_not_twice() {
        let metrics = Metrics::new().unwrap();
        let logins = prometheus::IntCounter::new("jianyi_logins_total", "Logins").unwrap();
        metrics.register(logins.clone()).unwrap();
        logins.inc();
        assert!(text(&metrics).contains("jianyi_logins_total 1"));
        assert!(metrics.register(logins).is_err());
    }

    #[test]
    fn an_invented_method_gets_no_label_of_its_own() {
        assert_eq!(method_label(&Method::from_bytes(b"BREW").unwrap()), "OTHER");
        assert_eq!(method_label(&Method::PATCH), "PATCH");
    }
}

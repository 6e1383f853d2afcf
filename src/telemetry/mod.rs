//! The log: one line per request, and whatever else the program has to say, to standard output.
//! Never holds personal text: ids, patterns, figures and codes only.

mod request_id;
mod requests;

use std::io;

use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::{EnvFilter, Layer as _, Registry, layer::SubscriberExt as _};

use crate::config::LogFormat;

pub use request_id::RequestId;
pub use requests::{TARGET, record_request};

/// Keeps the log's thread alive; dropping it writes what is still waiting. Hold it until the process ends.
#[must_use = "the log stops when this is dropped"]
pub struct LogGuard {
    _worker: WorkerGuard,
    dropped: ErrorCounter,
}

impl LogGuard {
    /// Lines given up because whoever reads standard output was too slow.
    pub fn dropped_lines(&self) -> usize {
        self.dropped.dropped_lines()
    }
}

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be read; the settings were checked, so this names a mistake of ours.
    #[error("log filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// A second log in one process.
    #[error("the log is already open: {0}")]
    Open(#[from] tracing_subscriber::util::TryInitError),
}

/// Opens the log of the process, once. `filter` is `JIANYI_LOG`.
///
/// Lines pass through a queue of 64,000 to a thread of their own; when that is full they are dropped and
/// counted, for a stuck terminal must not stop the congress's work.
pub fn init(filter: &str, format: LogFormat) -> Result<LogGuard, TelemetryError> {
    let (writer, guard) =
        NonBlockingBuilder::default().buffered_lines_limit(64_000).thread_name("log").finish(io::stdout());
    let dropped = NonBlocking::error_counter(&writer);
    tracing_subscriber::util::SubscriberInitExt::try_init(subscriber(filter, format, writer)?)?;
    Ok(LogGuard { _worker: guard, dropped })
}

/// The log with its writer, so that tests can read what it wrote.
fn subscriber<W>(
    filter: &str,
    format: LogFormat,
    writer: W,
) -> Result<impl tracing::Subscriber + Send + Sync, TelemetryError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false);
    let lines = match format {
        // Flat, so that a search needs no `fields.`; without spans, for a line must be readable alone.
        LogFormat::Json => {
            lines.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed()
        }
        LogFormat::Text => lines.boxed(),
    };
    Ok(Registry::default().with(lines).with(EnvFilter::try_new(filter)?))
}

#[cfg(test)]
mod tests;

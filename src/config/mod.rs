//! Settings, from the environment and an optional TOML file, read once at start.
//! Never reads a setting later, and never shows a secret.

mod database_url;
mod edge;
pub mod evidence;
mod files_url;
pub mod mail;
pub mod oidc;
mod reader;
mod secret;
mod security;
pub mod table;

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::TimeDelta;

pub use database_url::{DatabaseUrl, DatabaseUrlError};
pub use edge::Edge;
pub use evidence::Evidence;
pub use files_url::{Bucket, FilesPlace};
pub use reader::{Found, Source};
pub use secret::Secret;
pub use security::SignIn;

use crate::courier::Allow;
use reader::{FileValues, Reader};
use table::Setting;

/// Every setting with its value.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub bind: SocketAddr,
    /// How the network is met.
    pub edge: Edge,
    /// Where the cases are.
    pub database: DatabaseUrl,
    /// Where files are kept.
    pub data_dir: PathBuf,
    /// Where policies of one's own are; none means only those that come with the program.
    pub policy_dir: Option<PathBuf>,
    /// Real work or made-up data.
    pub mode: Mode,
    /// The password of the sample's accounts; none means one made at random.
    pub sample_password: Option<Secret>,
    /// The private key that signs access tokens.
    pub token_key_file: PathBuf,
    /// How long an access token lives.
    pub token_life: TimeDelta,
    /// Who issues access tokens.
    pub issuer: String,
    /// Single sign-on; none means that people sign in with passwords alone.
    pub oidc: Option<oidc::Oidc>,
    /// Letters by e-mail; none means that none are sent.
    pub mail: Option<mail::Mail>,
    /// How people are signed in.
    pub sign_in: SignIn,
    /// How the log is kept that is evidence.
    pub evidence: Evidence,
    /// Where webhooks may go beside the public internet.
    pub webhook_allow: Allow,
    /// What to log; known to be a filter that tracing can read.
    pub log: String,
    /// How to log it.
    pub log_format: LogFormat,
    /// Threads that serve requests.
    pub workers: usize,
    /// Database connections.
    pub pool: u32,
    /// The largest request body, in bytes.
    pub body_limit: usize,
    /// Where attachments are kept.
    pub files: FilesPlace,
    /// The largest attachment, in bytes.
    pub attachment_limit: usize,
    /// The font of printed letters; none means the one that is found.
    pub font: Option<PathBuf>,
    /// How long running requests may take at shutdown.
    pub shutdown: Duration,
    /// What was found where, in the table's order.
    pub found: Vec<Found>,
}

/// What the server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A congress's real work.
    Production,
    /// Made-up cases, to look around.
    Sample,
}

/// How a log line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object per line.
    Json,
    /// For a person at a terminal.
    Text,
}

/// What the command line says about settings.
#[derive(Debug, Clone, Copy, Default)]
pub struct Flags<'a> {
    /// `--config`.
    pub config: Option<&'a Path>,
    /// `--sample`.
    pub sample: bool,
}

/// Everything that is wrong with the settings, so that one look is enough to mend it.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
pub struct ConfigErrors(Vec<String>);

impl ConfigErrors {
    /// One line for each error.
    pub fn lines(&self) -> &[String] {
        &self.0
    }

    fn push(&mut self, line: String) {
        self.0.push(line);
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings cannot be used")?;
        self.0.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

impl Config {
    /// Reads the settings of this process.
    pub fn from_process(flags: Flags<'_>) -> Result<Self, ConfigErrors> {
        Self::load(&|name| std::env::var_os(name), flags)
    }

    /// Reads the settings; `environment` looks a variable up. All errors come back together.
    pub fn load(
        environment: &dyn Fn(&str) -> Option<OsString>,
        flags: Flags<'_>,
    ) -> Result<Self, ConfigErrors> {
        let mut reader =
            Reader { environment, file: None, found: Vec::new(), errors: ConfigErrors::default() };
        reader.file = read_file(&mut reader, flags.config);
        let config = Self::read(&mut reader, flags.sample);
        match config {
            Some(config) if reader.errors.0.is_empty() => Ok(config),
            _ => Err(reader.errors),
        }
    }

    /// Reads every setting, wrong or not, before giving up: `?` only after the last one.
    fn read(reader: &mut Reader<'_>, sample: bool) -> Option<Self> {
        let bind = reader.read(&table::BIND, str::parse::<SocketAddr>);
        let edge = Edge::read(reader);
        let data_dir = reader.read(&table::DATA_DIR, path);
        let database = database(reader, data_dir.as_deref());
        let policy_dir = reader.read(&table::POLICY_DIR, path);
        let mode = reader.read(&table::MODE, mode);
        let mode = if sample {
            reader.note(&table::MODE, Some("sample".to_owned()), Source::CommandLine);
            Some(Mode::Sample)
        } else {
            mode
        };
        let sample_password = reader.secret(&table::SAMPLE_PASSWORD);
        let token_key_file = reader.read(&table::TOKEN_KEY_FILE, path).or_else(|| {
            let derived = data_dir.as_ref()?.join("token.key");
            reader.note(&table::TOKEN_KEY_FILE, Some(derived.display().to_string()), Source::Default);
            Some(derived)
        });
        let token_minutes = reader.read(&table::TOKEN_MINUTES, |text| number(text, 1..=60));
        let issuer = reader.read(&table::ISSUER, named);
        let oidc = oidc::read(reader);
        let mail = mail::read(reader);
        let sign_in = SignIn::read(reader, mode, bind);
        let evidence = Evidence::read(reader, data_dir.as_deref());
        let webhook_allow = reader.read(&table::WEBHOOK_ALLOW, str::parse::<Allow>).unwrap_or_default();
        let log = reader
            .read(&table::LOG, |text| tracing_subscriber::EnvFilter::try_new(text).map(|_| text.to_owned()));
        let log_format = reader.read(&table::LOG_FORMAT, log_format);
        let workers = reader.read(&table::WORKERS, |text| number(text, 1..=1024)).or_else(|| {
            let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
            reader.note(&table::WORKERS, Some(cores.to_string()), Source::Default);
            Some(cores)
        });
        let pool = reader.read(&table::POOL, |text| number(text, 1..=1000));
        let body_limit = reader.read(&table::BODY_LIMIT, |text| number(text, 1024..=64 << 20));
        let files_dir = reader.read(&table::FILES_DIR, path).or_else(|| {
            let derived = data_dir.as_ref()?.join("files");
            reader.note(&table::FILES_DIR, Some(derived.display().to_string()), Source::Default);
            Some(derived)
        });
        let files = files_url::read(reader, files_dir);
        let attachment_limit = reader.read(&table::ATTACHMENT_LIMIT, |text| number(text, 1024..=64 << 20));
        let font = reader.read(&table::FONT, path);
        let shutdown = reader.read(&table::SHUTDOWN_SECONDS, |text| number(text, 1..=300));

        Some(Self {
            bind: bind?,
            edge: edge?,
            database: database?,
            data_dir: data_dir?,
            policy_dir,
            mode: mode?,
            sample_password,
            token_key_file: token_key_file?,
            token_life: TimeDelta::minutes(i64::try_from(token_minutes?).ok()?),
            issuer: issuer?,
            oidc,
            mail,
            sign_in: sign_in?,
            evidence: evidence?,
            webhook_allow,
            log: log?,
            log_format: log_format?,
            workers: usize::try_from(workers?).ok()?,
            pool: u32::try_from(pool?).ok()?,
            body_limit: usize::try_from(body_limit?).ok()?,
            files: files?,
            attachment_limit: usize::try_from(attachment_limit?).ok()?,
            font,
            shutdown: Duration::from_secs(shutdown?),
            found: in_table_order(&reader.found),
        })
    }

    /// The settings file, if there is one.
    pub fn file(&self) -> Option<&Path> {
        let found = self.found.iter().find(|it| std::ptr::eq(it.setting, &table::CONFIG))?;
        found.shown.as_deref().map(Path::new)
    }

    /// The settings that hold a secret and stand in the settings file.
    pub fn secrets_in_file(&self) -> impl Iterator<Item = &'static Setting> {
        let secret = |it: &&Found| match it.setting.name {
            "DATABASE_URL" => self.database.holds_password(),
            _ => it.setting.secret,
        };
        self.found.iter().filter(|it| it.source == Source::File).filter(secret).map(|it| it.setting)
    }

    /// What `jianyi config` prints: each setting, its value, where that came from, and what it means.
    pub fn describe(&self) -> String {
        let mut text = String::new();
        for Found { setting, shown, source } in &self.found {
            let value = shown.as_deref().map(|value| format!(" = {value}")).unwrap_or_default();
            let source = if shown.is_some() { source.to_string() } else { "not set".to_owned() };
            text += &format!("{}{value}  ({source})\n", setting.name);
            text += &format!("    {}\n    {}\n", setting.zh, setting.en);
            text += &format!("    {}; default: {}\n", setting.right, setting.default.shown());
        }
        text
    }
}

/// Every setting of the table once; those that were never found are unset.
fn in_table_order(found: &[Found]) -> Vec<Found> {
    let of = |setting: &'static Setting| {
        found.iter().find(|it| std::ptr::eq(it.setting, setting)).cloned().unwrap_or(Found {
            setting,
            shown: None,
            source: Source::Default,
        })
    };
    table::SETTINGS.into_iter().map(of).collect()
}

/// The TOML file that the command line or the environment names, if any.
fn read_file(reader: &mut Reader<'_>, flag: Option<&Path>) -> Option<FileValues> {
    let named = reader.read(&table::CONFIG, path);
    let path = match flag {
        Some(flag) => {
            reader.note(&table::CONFIG, Some(flag.display().to_string()), Source::CommandLine);
            flag.to_owned()
        }
        None => named?,
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(FileValues::parse(path.display().to_string(), &text, &mut reader.errors)),
        Err(error) => {
            let line = format!("{}: {path:?}: {error}; wanted: {}", table::CONFIG.name, table::CONFIG.right);
            reader.errors.push(line);
            None
        }
    }
}

fn database(reader: &mut Reader<'_>, data_dir: Option<&Path>) -> Option<DatabaseUrl> {
    if let Some(url) = reader.read(&table::DATABASE_URL, DatabaseUrl::parse) {
        reader.show(&table::DATABASE_URL, url.to_string());
        return Some(url);
    }
    // Also after a wrong URL, which is among the errors by now, so that the default is never served from.
    let url = DatabaseUrl::Sqlite(data_dir?.join("jianyi.db"));
    reader.note(&table::DATABASE_URL, Some(url.to_string()), Source::Default);
    Some(url)
}

fn path(text: &str) -> Result<PathBuf, &'static str> {
    if text.is_empty() { Err("it is empty") } else { Ok(PathBuf::from(text)) }
}

fn named(text: &str) -> Result<String, &'static str> {
    if text.is_empty() { Err("it is empty") } else { Ok(text.to_owned()) }
}

fn mode(text: &str) -> Result<Mode, &'static str> {
    match text {
        "production" => Ok(Mode::Production),
        "sample" => Ok(Mode::Sample),
        _ => Err("no such mode"),
    }
}

fn log_format(text: &str) -> Result<LogFormat, &'static str> {
    match text {
        "json" => Ok(LogFormat::Json),
        "text" => Ok(LogFormat::Text),
        _ => Err("no such format"),
    }
}

fn number(text: &str, range: std::ops::RangeInclusive<u64>) -> Result<u64, &'static str> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("not a whole number");
    }
    // All digits, so that the only way to fail is to be too large.
    text.parse().ok().filter(|number| range.contains(number)).ok_or("out of range")
}

#[cfg(test)]
mod tests;

//! Whether an installation is fit for real work: a list of small checks that look and change nothing.
//!
//! `jianyi doctor` prints all of them; a production service runs those of [`BEFORE_SERVING`], and does not start while
//! one of them is wrong. To add a check: a function in the file of its subject, and a line in one of the lists.

mod database;
mod finding;
mod house;
mod network;
mod secrets;

use super::{Outcome, open};
use crate::{
    config::{Config, Flags, Mode},
    office::Clock,
    store::inspect::Peek,
};
use chrono::{DateTime, Utc};
use finding::{Finding, Verdict};
use std::{path::Path, process::ExitCode};

/// What is looked at.
struct Site<'a> {
    config: &'a Config,
    now: DateTime<Utc>,
    /// Or why it cannot be looked at.
    database: Result<Peek, String>,
}

impl<'a> Site<'a> {
    fn of(config: &'a Config) -> Site<'a> {
        let database = Peek::open(&open::address(config)).map_err(|error| error.to_string());
        Site { config, now: Clock::System.now(), database }
    }

    /// Whether it is for real work; the sample may be loose with much.
    fn real(&self) -> bool {
        self.config.mode == Mode::Production
    }
}

/// A name for the eye, and what looks.
type Check = (&'static str, fn(&mut Site<'_>) -> Vec<Finding>);

/// What must not be wrong when a production service starts.
const BEFORE_SERVING: &[Check] = &[
    ("bind", network::bind),
    ("sample password", secrets::sample_password),
    ("token key", secrets::token_key),
    ("settings file", secrets::settings_file),
    ("database file", secrets::database_file),
    ("files directory", secrets::files_dir),
    ("sample district", database::sample),
];

/// What the doctor looks at besides.
const BESIDES: &[Check] = &[
    ("proxies", network::proxies),
    ("single sign-on", network::single_sign_on),
    ("data directory", secrets::data_dir),
    ("former keys", secrets::former_keys),
    ("database", database::reachable),
    ("schema", database::schema),
    ("database version", database::version),
    ("database link", database::link),
    ("ledger guards", database::guards),
    ("clock", database::clock),
    ("accounts", database::accounts),
    ("policies", house::policies),
    ("attachments", house::attachments),
    ("font", house::font),
    ("calendar", house::calendar),
];

/// `jianyi doctor`: prints what each check found; status 1 when something is wrong.
pub fn doctor(file: Option<&Path>) -> Outcome {
    let config = match Config::from_process(Flags { config: file, sample: false }) {
        Ok(config) => config,
        Err(errors) => {
            for line in errors.lines() {
                println!("{}", finding::unreadable_setting(line).printed("settings"));
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    let mut site = Site::of(&config);
    println!("{}", finding::settings(&config).printed("settings"));
    let mut counts = [0; 3];
    for (name, check) in BEFORE_SERVING.iter().chain(BESIDES) {
        for finding in check(&mut site) {
            counts[finding.verdict as usize] += 1;
            println!("{}", finding.printed(name));
        }
    }
    let [_, warnings, wrong] = counts;
    println!("\n错误 {wrong} 项，警告 {warnings} 项 · {wrong} wrong, {warnings} warnings");
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Refuses to start a production service in which something is wrong; everything is told at once.
pub fn before_serving(config: &Config) -> Result<(), String> {
    let mut site = Site::of(config);
    let found = BEFORE_SERVING.iter().flat_map(|(name, check)| {
        let found = check(&mut site);
        found.into_iter().filter(|it| it.verdict == Verdict::Wrong).map(|it| it.printed(name))
    });
    let wrong: Vec<String> = found.collect();
    match wrong.as_slice() {
        [] => Ok(()),
        wrong => Err(format!(
            "正式服务不能启动 the production service does not start (`jianyi doctor`; to look around: `jianyi serve --sample`)\n{}",
            wrong.join("\n")
        )),
    }
}

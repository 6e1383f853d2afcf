//! The keys that sign access tokens: changing, listing and retiring them. Opens no database, so that it can be done
//! beside a running service, which takes the change up within seconds.

use super::{Outcome, open, serve};
use crate::{
    identity::token::{self, KeyFile, TokenKeys},
    office::Clock,
};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use clap::Subcommand;
use std::{path::Path, process::ExitCode};

/// What a service may be late in taking up a new key, and what two clocks may be apart.
const SLACK: TimeDelta = TimeDelta::minutes(1);

#[derive(Subcommand)]
pub enum KeysCommand {
    /// Make a new signing key; the former one goes on verifying, so that nobody is signed out.
    Rotate,
    /// List the keys with their ids.
    List,
    /// Remove former keys of which no token can be good any more.
    Retire,
}

pub fn keys(config: Option<&Path>, command: KeysCommand) -> Outcome {
    let config = open::settings(config, false)?;
    let path = serve::key_file(&config);
    let told = |error: token::KeyError| error.to_string();
    match command {
        KeysCommand::Rotate => {
            let keys = TokenKeys::rotate(&path).map_err(told)?;
            println!(
                "tokens are signed with {} from now on; running services take it up within seconds",
                keys.kid()
            );
            println!(
                "former keys still verify; in {} minutes run `jianyi keys retire`",
                wait(&config).num_minutes()
            );
        }
        KeysCommand::List => {
            for key in token::list(&path).map_err(told)? {
                println!("{}", line(&key));
            }
        }
        KeysCommand::Retire => {
            let retired = token::retire(&path, Clock::System.now() - wait(&config)).map_err(told)?;
            for key in &retired {
                println!("retired  {}", key.kid);
            }
            for key in token::list(&path).map_err(told)?.iter().filter(|key| !key.signs) {
                println!(
                    "kept     {}  its tokens may be good until {}",
                    key.kid,
                    second(key.since + wait(&config))
                );
            }
            if retired.is_empty() {
                println!("no former key is old enough to be retired");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// How long after a rotation a token of the former key can still be good.
fn wait(config: &crate::config::Config) -> TimeDelta {
    config.token_life + SLACK
}

fn line(key: &KeyFile) -> String {
    let (does, since) = match key.signs {
        true => ("signs   ", "since"),
        false => ("verifies", "signed until"),
    };
    format!("{}  {does}  {since} {}  {}", key.kid, second(key.since), key.path.display())
}

fn second(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

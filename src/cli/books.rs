//! Printing the rule books: settings, policies, contract, procedure.

use super::{Outcome, open};
use crate::domain::{
    case::procedure,
    policy::{OpenCases, Policy, differences},
};
use clap::Subcommand;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Subcommand)]
pub enum PolicyCommand {
    /// List the policies at hand: those that come with the program, and your own.
    List,
    /// Read a policy file, and say what is wrong with it or in what it differs from the one before it.
    Check { file: PathBuf },
}

pub fn policy(config: Option<&Path>, command: PolicyCommand) -> Outcome {
    let policies = open::books(&open::settings(config, false)?)?.policies;
    match command {
        PolicyCommand::List => {
            println!("{:<16} {:<8} {:<11} {:<11} name", "id", "version", "passed", "effective");
            for it in policies.all() {
                println!(
                    "{:<16} {:<8} {:<11} {:<11} {}",
                    it.id,
                    it.version,
                    it.edition.to_string(),
                    it.effective_from.to_string(),
                    it.name
                );
            }
        }
        PolicyCommand::Check { file } => {
            let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            let mut known = policies;
            let policy = known.add(&text).map_err(|e| format!("{}: {e}", file.display()))?.clone();
            print!("{}", checked(&policy, known.before(&policy)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A sound policy, and in what it differs from the one before it.
fn checked(policy: &Policy, before: Option<&Policy>) -> String {
    let open_cases = match policy.open_cases {
        OpenCases::Keep => "keep the version that they were assigned under",
        OpenCases::Follow => "follow it from that day",
    };
    let mut text = format!("{} version {} is sound: {}\n", policy.id, policy.version, policy.name);
    text += &format!(
        "passed {}, effective from {}; open cases {open_cases}\n",
        policy.edition, policy.effective_from
    );
    let Some(before) = before else { return text };
    let found = differences(before, policy);
    let count = match found.len() {
        0 => "says the same as".to_owned(),
        1 => "1 difference from".to_owned(),
        many => format!("{many} differences from"),
    };
    text += &format!("{count} {} version {}\n", before.id, before.version);
    for it in &found {
        let side = |value: &Option<String>, clause: Option<&str>| match (value, clause) {
            (Some(value), Some(clause)) => format!("{value} [{clause}]"),
            _ => "none".to_owned(),
        };
        let old = side(&it.old, it.old_clause.as_deref());
        text += &format!("  {}: {old} → {}\n", it.what, side(&it.new, Some(&it.clause)));
    }
    text
}

pub fn settings(file: Option<&Path>) -> Outcome {
    print!("{}", open::settings(file, false)?.describe());
    Ok(ExitCode::SUCCESS)
}

pub fn openapi() -> Outcome {
    let json = crate::api::document().to_pretty_json().map_err(|e| e.to_string())?;
    println!("{json}");
    Ok(ExitCode::SUCCESS)
}

pub fn procedure() -> Outcome {
    print!("{}", procedure::printed());
    Ok(ExitCode::SUCCESS)
}

//! Printing the rule books: settings, policies, contract, procedure.

use super::{Outcome, open};
use crate::{
    domain::{
        case::procedure,
        day::Day,
        policy::{OpenCases, Policies, Policy, differences},
    },
    office::Clock,
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
    /// Print a policy with nothing left out: each value with its clause, and the policy that states it.
    Show {
        /// Such as zhejiang-2016.
        id: String,
        /// The one in force today if left out.
        #[arg(long, value_name = "N")]
        version: Option<u32>,
    },
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
        PolicyCommand::Show { id, version } => {
            let found = match version {
                Some(version) => policies.get(&id, version),
                None => policies.in_force(&id, Day::at(Clock::System.now())),
            };
            print!("{}", found.ok_or_else(|| unknown(&policies, &id))?.printed());
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

fn unknown(policies: &Policies, id: &str) -> String {
    let versions: Vec<_> = policies.versions(id).map(|policy| policy.version.to_string()).collect();
    match versions.is_empty() {
        true => format!("there is no policy {id}; there are {}", policies.ids().join(", ")),
        false => format!("{id} has no such version; there are {}", versions.join(", ")),
    }
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

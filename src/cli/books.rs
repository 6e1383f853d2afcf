//! Printing the rule books: settings, policies, contract, procedure.

use super::{Outcome, open};
use crate::domain::{case::procedure, policy::Policies};
use clap::Subcommand;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Subcommand)]
pub enum PolicyCommand {
    /// List the policies that come with the program.
    List,
    /// Read a policy file and say what is wrong with it.
    Check { file: PathBuf },
}

pub fn policy(command: PolicyCommand) -> Outcome {
    match command {
        PolicyCommand::List => {
            for policy in Policies::shipped().all() {
                println!("{:<16} {} {}（{}）", policy.id, policy.version, policy.name, policy.edition);
            }
        }
        PolicyCommand::Check { file } => {
            let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            let mut known = Policies::shipped().clone();
            let policy = known.add(&text).map_err(|e| format!("{}: {e}", file.display()))?;
            println!("{} version {} is sound: {}", policy.id, policy.version, policy.name);
        }
    }
    Ok(ExitCode::SUCCESS)
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

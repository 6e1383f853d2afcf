//! Linking an account with a name at the provider of single sign-on, and taking the link away.

use super::{Outcome, open};
use crate::{config::oidc, store::connection::Purpose};
use clap::Args;
use std::{path::Path, process::ExitCode};

#[derive(Args)]
pub struct Link {
    username: String,
    /// The person's name at the provider (`sub`), as the log has it after an attempt to sign in.
    #[arg(long)]
    subject: String,
    /// Left out for the provider of the settings.
    #[arg(long)]
    issuer: Option<String>,
}

pub fn link(config: Option<&Path>, link: Link) -> Outcome {
    let config = open::settings(config, false)?;
    let set = config.oidc.as_ref().map(|oidc| oidc.issuer.clone());
    let issuer = link
        .issuer
        .or(set)
        .ok_or_else(|| format!("whose subject? give --issuer, or set {}", oidc::ISSUER.name))?;
    let office = open::office(&config, Purpose::Write)?;
    let linked =
        office.link_account(&link.username, &issuer, &link.subject).map_err(|fault| open::told(&fault))?;
    println!("{} signs in as {} of {}", link.username, linked.subject, linked.issuer);
    Ok(ExitCode::SUCCESS)
}

pub fn unlink(config: Option<&Path>, username: &str) -> Outcome {
    let office = open::office(&open::settings(config, false)?, Purpose::Write)?;
    match office.unlink_account(username).map_err(|fault| open::told(&fault))? {
        0 => println!("{username} was not linked"),
        _ => println!("{username} can no longer sign in by single sign-on, and is signed out"),
    }
    Ok(ExitCode::SUCCESS)
}

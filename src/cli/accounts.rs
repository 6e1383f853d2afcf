//! Setting up a congress: itself, its sessions, and who signs in.

use super::{InCongress, Outcome, external, open};
use crate::{
    config::Config,
    domain::{
        actor::Role,
        day::Day,
        ids::{CongressId, DepartmentId, DeputyId, SessionId},
        words::Origin,
    },
    identity::password,
    office::{
        Fault, Office,
        accounts::NewAccount,
        links::{MadeLink, Purpose},
    },
    store::{
        connection::Purpose as Opening,
        directory::{self, Session},
    },
};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand, ValueEnum};
use std::{path::Path, process::ExitCode};

#[derive(Subcommand)]
pub enum CongressCommand {
    /// Add a congress.
    Add {
        /// Division code, e.g. 330502.
        code: CongressId,
        /// e.g. 湖州市吴兴区人民代表大会
        #[arg(long)]
        name: String,
        /// One of `jianyi policy list`.
        #[arg(long)]
        policy: String,
    },
    /// Choose the policy that a congress works under from now on; cases keep the one they were assigned under.
    Policy {
        code: CongressId,
        /// One of `jianyi policy list`.
        policy: String,
    },
    /// List the congresses.
    List,
}

pub fn congress(config: Option<&Path>, command: CongressCommand) -> Outcome {
    let config = open::settings(config, false)?;
    match command {
        CongressCommand::Add { code, name, policy } => {
            known_policy(&config, &policy)?;
            let office = open::office(&config, Opening::Write)?;
            office.found_congress(&code, name, policy).map_err(|fault| open::told(&fault))?;
            println!("congress {code} added");
        }
        CongressCommand::Policy { code, policy } => {
            known_policy(&config, &policy)?;
            let office = open::office(&config, Opening::Write)?;
            office.choose_policy(&code, policy.clone()).map_err(|fault| match fault {
                Fault::NotFound => format!("there is no congress {code}"),
                other => open::told(&other),
            })?;
            println!("congress {code} works under {policy} from now on");
        }
        CongressCommand::List => {
            let office = open::office(&config, Opening::Read)?;
            let all = office
                .store()
                .read_here(|db| Ok::<_, Fault>(directory::congresses(db)?))
                .map_err(|fault| open::told(&fault))?;
            for it in all {
                println!("{:<12} {} ({})", it.id, it.name, it.policy_id);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn known_policy(config: &Config, policy: &str) -> Result<(), String> {
    let policies = open::books(config)?.policies;
    match policies.latest(policy) {
        Some(_) => Ok(()),
        None => Err(format!("there is no policy {policy}; there are {}", policies.ids().join(", "))),
    }
}

#[derive(Subcommand)]
pub enum SessionCommand {
    /// Add a session 届次, or the time between two.
    Add {
        #[command(flatten)]
        place: InCongress,
        /// e.g. 5-3
        id: SessionId,
        /// e.g. 第五届人民代表大会第三次会议
        #[arg(long)]
        label: String,
        /// in_session or between_sessions.
        #[arg(long, default_value = "in_session")]
        origin: Origin,
        #[arg(long)]
        opens_on: Day,
        /// Left out while it is open-ended.
        #[arg(long)]
        closes_on: Option<Day>,
        /// Until when motions are taken, with its offset: 2024-01-18T12:00:00+08:00.
        #[arg(long)]
        motions_until: Option<DateTime<Utc>>,
    },
}

pub fn session(config: Option<&Path>, command: SessionCommand) -> Outcome {
    let SessionCommand::Add { place, id, label, origin, opens_on, closes_on, motions_until } = command;
    let office = open::office(&open::settings(config, false)?, Opening::Write)?;
    let session = Session {
        congress_id: place.congress.to_string(),
        id: id.to_string(),
        label,
        origin: origin.to_string(),
        opens_on: opens_on.date(),
        closes_on: closes_on.map(Day::date),
        motions_until: motions_until.map(|until| until.naive_utc()),
    };
    office.enter_session(&place.congress, session).map_err(|fault| open::told(&fault))?;
    println!("session {id} added");
    Ok(ExitCode::SUCCESS)
}

#[derive(Subcommand)]
pub enum UserCommand {
    /// Add an account; its password is read from standard input, or generated and printed.
    Add(NewUser),
    /// Shut an account out; its name stays in the ledger.
    Disable { username: String },
    /// Link an account with its name at the provider of single sign-on.
    Link(external::Link),
    /// Take that link away, and sign the account out.
    Unlink { username: String },
    /// Let it in again.
    Enable { username: String },
    /// Print a link by which somebody chooses his first password, good for 7 days.
    Invite { username: String },
    /// Print a link by which somebody chooses another password, good for an hour.
    Reset { username: String },
}

#[derive(Args)]
pub struct NewUser {
    username: String,
    /// The person's name, as the ledger will show it.
    #[arg(long)]
    name: String,
    #[arg(long)]
    role: RoleName,
    /// Needed for every role but the installation's operator.
    #[arg(long)]
    congress: Option<CongressId>,
    /// The department's id, for the roles department and approver.
    #[arg(long, required_if_eq_any([("role", "department"), ("role", "approver")]))]
    department: Option<DepartmentId>,
    /// The deputy's id, for the role deputy.
    #[arg(long, required_if_eq("role", "deputy"))]
    deputy: Option<DeputyId>,
    /// The delegation's name, for the role delegation-secretary.
    #[arg(long, required_if_eq("role", "delegation-secretary"))]
    delegation: Option<String>,
    /// Read the password from standard input instead of making one.
    #[arg(long)]
    password_stdin: bool,
    /// Print a link by which the person chooses his password, instead of making one.
    #[arg(long, conflicts_with = "password_stdin")]
    invite: bool,
}

#[derive(Clone, Copy, ValueEnum, PartialEq)]
enum RoleName {
    Deputy,
    DelegationSecretary,
    Committee,
    CommitteeLeader,
    GovernmentOffice,
    Department,
    /// Signs a department's replies off 签发人; may do all that the department may.
    Approver,
    Auditor,
    /// The congress's people and settings, never its cases.
    Administrator,
    /// The installation, never its content.
    Operator,
}

impl NewUser {
    /// The role with what it is bound to.
    fn bound(&self) -> Result<Role, String> {
        let department = || self.department.ok_or("--department is needed for this role");
        Ok(match self.role {
            RoleName::Deputy => {
                Role::Deputy { deputy: self.deputy.ok_or("--deputy is needed for this role")? }
            }
            RoleName::DelegationSecretary => Role::DelegationSecretary {
                delegation: self.delegation.clone().ok_or("--delegation is needed for this role")?,
            },
            RoleName::Committee => Role::STAFF,
            RoleName::CommitteeLeader => Role::Committee { leader: true },
            RoleName::GovernmentOffice => Role::GovernmentOffice,
            RoleName::Department => Role::Department { department: department()?, approver: false },
            RoleName::Approver => Role::Department { department: department()?, approver: true },
            RoleName::Auditor => Role::Auditor,
            RoleName::Administrator => Role::Administrator,
            RoleName::Operator => Role::Operator,
        })
    }
}

pub fn user(config: Option<&Path>, command: UserCommand) -> Outcome {
    let command = match command {
        UserCommand::Link(link) => return external::link(config, link),
        UserCommand::Unlink { username } => return external::unlink(config, &username),
        other => other,
    };
    let config = open::settings(config, false)?;
    let office = open::office(&config, Opening::Write)?.with_security(open::security(&config, None));
    let known = |username: &str, fault: Fault| match fault {
        Fault::NotFound => format!("there is no account {username}"),
        other => open::told(&other),
    };
    match command {
        UserCommand::Link(_) | UserCommand::Unlink { .. } => {}
        UserCommand::Disable { username } => {
            office.shut_out_here(&username, true).map_err(|fault| known(&username, fault))?;
            println!("{username} can no longer sign in");
        }
        UserCommand::Enable { username } => {
            office.shut_out_here(&username, false).map_err(|fault| known(&username, fault))?;
            println!("{username} can sign in again");
        }
        UserCommand::Invite { username } => {
            let made = office.link_here(&username, Purpose::Invitation);
            show(&made.map_err(|fault| known(&username, fault))?);
        }
        UserCommand::Reset { username } => {
            let made = office.link_here(&username, Purpose::PasswordReset);
            show(&made.map_err(|fault| known(&username, fault))?);
        }
        UserCommand::Add(new) => add(&config, &office, &new)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Printed once, and kept nowhere.
fn show(link: &MadeLink) {
    println!("link: {}", link.url);
    println!("good once, until {}", link.expires_at.to_rfc3339());
}

fn add(config: &Config, office: &Office, new: &NewUser) -> Result<(), String> {
    let installation = new.role == RoleName::Operator;
    if installation != new.congress.is_none() {
        return Err(match installation {
            true => "an operator belongs to no congress: leave --congress out".to_owned(),
            false => "--congress is needed for this role".to_owned(),
        });
    }
    let password = match (new.invite, new.password_stdin) {
        (true, _) => None,
        (_, true) => {
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).map_err(|e| e.to_string())?;
            Some(line.trim_end_matches(['\r', '\n']).to_owned())
        }
        _ => Some(password::generate()),
    };
    if let Some(password) = &password {
        let list = config.sign_in.breached_passwords.as_deref();
        password::check_chosen(password, &[&new.username, &new.name], list).map_err(|e| e.to_string())?;
    }
    let hash = password.as_deref().map(password::hash).transpose().map_err(|e| e.to_string())?;
    let account = NewAccount {
        username: new.username.clone(),
        display_name: new.name.clone(),
        password: hash,
        congress: new.congress.clone(),
        role: new.bound()?,
        scopes: None,
    };
    let invitation = office.enter_account_here(account).map_err(|fault| open::told(&fault))?;
    println!("account added");
    match (invitation, password) {
        (Some(link), _) => show(&link),
        // Printed once, and kept nowhere.
        (None, Some(password)) if !new.password_stdin => println!("password: {password}"),
        _ => {}
    }
    Ok(())
}

//! The command line: what an operator types. Each command opens the office, asks it, and prints the answer.
//! Holds no rule of its own.

mod accounts;
mod books;
mod doctor;
mod evidence;
mod external;
mod import;
mod keys;
mod messages;
mod open;
mod people;
mod reports;
mod sample;
mod serve;

use clap::{Args, Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// Case management of a People's Congress for its deputies' suggestions and motions 人大代表议案、建议办理.
///
/// Settings come from the environment and an optional file; `jianyi config` lists them.
#[derive(Parser)]
#[command(version, about, arg_required_else_help = true)]
struct Cli {
    /// A TOML file with settings; the environment wins over it.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service.
    Serve {
        /// Open the sample district, with known sign-ins: to look around, not to work.
        #[arg(long)]
        sample: bool,
    },
    /// Bring the database up to this program's schema.
    Migrate,
    /// Read a handling ledger 办理台账 (.xlsx, .xls, .ods, .csv).
    Import(import::Import),
    /// Refold the whole ledger and compare it with every row, due date and figure, and with the evidence log; or check an
    /// auditor's bundle, for which nothing is needed but the bundle and the public keys.
    Verify(evidence::Verify),
    /// Write everything of a congress that can be checked, for an auditor.
    Bundle(evidence::Bundle),
    /// Sign a checkpoint as a witness, on a machine of one's own.
    Cosign(evidence::Cosign),
    /// Derive every row, due date and figure from the ledger anew; stop the service first.
    Rebuild,
    /// Print figures, as GET /v1/figures does.
    Figures(reports::FiguresArgs),
    /// Check shares as somebody printed them: which rounding reproduces them, or none.
    CheckPrinted(reports::CheckPrinted),
    /// Congresses.
    #[command(subcommand)]
    Congress(accounts::CongressCommand),
    /// Sessions 届次, and the times between them.
    #[command(subcommand)]
    Session(accounts::SessionCommand),
    /// Accounts.
    #[command(subcommand)]
    User(accounts::UserCommand),
    /// What is stored about a person, and its erasure (个人信息保护法).
    #[command(subcommand)]
    People(people::PeopleCommand),
    /// The keys that sign access tokens; beside a running service.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Rule books.
    #[command(subcommand)]
    Policy(books::PolicyCommand),
    /// Look an installation over and say what is wrong with it; changes nothing.
    Doctor,
    /// Print every setting, its value and where it came from.
    Config,
    /// Print the OpenAPI document.
    Openapi,
    /// Print the procedure's table.
    Procedure,
}

/// The congress that a command is about.
#[derive(Args, Clone)]
struct InCongress {
    /// Division code, e.g. 330502.
    #[arg(long, value_name = "CODE")]
    congress: crate::domain::ids::CongressId,
}

/// What a command ends with when it fails: one message for a person, no backtrace.
type Outcome = Result<ExitCode, String>;

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let Cli { config, command } = Cli::parse();
    let config = config.as_deref();
    let outcome = match command {
        Command::Serve { sample } => serve::serve(config, sample),
        Command::Migrate => serve::migrate(config),
        Command::Import(args) => import::import(config, args),
        Command::Verify(args) => evidence::verify(config, args),
        Command::Bundle(args) => evidence::bundle(config, args),
        Command::Cosign(args) => evidence::cosign(&args),
        Command::Rebuild => reports::rebuild(config),
        Command::Figures(args) => reports::figures(config, args),
        Command::CheckPrinted(args) => reports::check_printed(&args),
        Command::Congress(command) => accounts::congress(config, command),
        Command::Session(command) => accounts::session(config, command),
        Command::User(command) => accounts::user(config, command),
        Command::People(command) => people::people(config, command),
        Command::Keys(command) => keys::keys(config, command),
        Command::Policy(command) => books::policy(config, command),
        Command::Doctor => doctor::doctor(config),
        Command::Config => books::settings(config),
        Command::Openapi => books::openapi(),
        Command::Procedure => books::procedure(),
    };
    match outcome {
        Ok(code) => code,
        Err(message) => {
            eprintln!("jianyi: {message}");
            ExitCode::FAILURE
        }
    }
}

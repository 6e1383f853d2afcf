//! Figures, the check of printed shares, and the verification of the whole ledger.

use super::{InCongress, Outcome, open};
use crate::{
    api::{FigureQuery, figures_json},
    domain::{day::Day, ids::Sessions, rounding, rounding::Rounding},
    store::connection::Purpose,
};
use clap::Args;
use std::{path::Path, process::ExitCode};

#[derive(Args)]
pub struct FiguresArgs {
    #[command(flatten)]
    place: InCongress,
    /// One of: reply_rate, on_time_rate, resolution_rate, satisfaction_rate, consultation_rate, class_share, …
    #[arg(long)]
    metric: String,
    /// kind, origin, category, department, class or evaluation.
    #[arg(long)]
    group_by: Option<String>,
    #[arg(long)]
    session: Option<Sessions>,
    /// What was true on this day, e.g. 2024-06-30.
    #[arg(long)]
    true_on: Option<Day>,
    /// As known at the end of this day.
    #[arg(long)]
    known_on: Option<Day>,
    #[arg(long)]
    decimals: Option<u8>,
    /// half_up, truncate or largest_remainder.
    #[arg(long)]
    rounding: Option<Rounding>,
    #[arg(long)]
    trim_zeros: Option<bool>,
}

pub fn figures(config: Option<&Path>, args: FiguresArgs) -> Outcome {
    let config = open::settings(config, false)?;
    let office = open::office(&config, Purpose::Read)?;
    let query = FigureQuery {
        congress: args.place.congress,
        metric: args.metric,
        group_by: args.group_by,
        session: args.session,
        true_on: args.true_on,
        known_on: args.known_on,
        decimals: args.decimals,
        rounding: args.rounding,
        trim_zeros: args.trim_zeros,
    };
    let figures = open::wait(figures_json(&office, query))?.map_err(|fault| open::told(&fault))?;
    println!("{}", serde_json::to_string_pretty(&figures).map_err(|e| e.to_string())?);
    Ok(ExitCode::SUCCESS)
}

#[derive(Args)]
pub struct CheckPrinted {
    /// All cases together; the sum of the counts if left out.
    #[arg(long)]
    whole: Option<u64>,
    /// Decimals that the table prints.
    #[arg(long, default_value_t = 1)]
    decimals: u8,
    /// Each group as NAME=COUNT=PRINTED, e.g. A=33=63.4
    #[arg(required = true, value_name = "NAME=COUNT=PRINTED")]
    shares: Vec<String>,
}

pub fn check_printed(args: &CheckPrinted) -> Outcome {
    let mut names = Vec::new();
    let (mut counts, mut printed) = (Vec::new(), Vec::new());
    for share in &args.shares {
        let mut pieces = share.splitn(3, '=');
        let (Some(name), Some(count), Some(share)) = (pieces.next(), pieces.next(), pieces.next()) else {
            return Err(format!("`{share}` is not NAME=COUNT=PRINTED, e.g. A=33=63.4"));
        };
        counts.push(count.parse::<u64>().map_err(|e| format!("`{count}`: {e}"))?);
        printed.push(share.trim_end_matches('%'));
        names.push(name);
    }
    let whole = args.whole.unwrap_or_else(|| counts.iter().sum());
    let check = rounding::check_printed(&counts, whole, &printed, args.decimals);
    if !check.is_misprint() {
        let rules: Vec<_> = check.reproduced_by.iter().map(|r| r.id()).collect();
        println!("reproduced by {}", rules.join(", "));
        return Ok(ExitCode::SUCCESS);
    }
    println!("a misprint: no rounding reproduces these shares");
    for it in &check.deviations {
        println!(
            "  {:<18} {} is printed {}, comes to {}",
            it.rule.id(),
            names[it.part],
            it.printed,
            it.recomputed
        );
    }
    Ok(ExitCode::FAILURE)
}

pub fn verify(config: Option<&Path>) -> Outcome {
    let config = open::settings(config, false)?;
    let office = open::with_files(open::office(&config, Purpose::Read)?, &config)?;
    let report = open::wait(office.verify())?.map_err(|fault| open::told(&fault))?;
    println!(
        "{} congresses, {} cases, {} events, {} figure cells refolded, {} attached files read",
        report.congresses, report.cases, report.events, report.figures, report.files
    );
    for it in &report.findings {
        println!(
            "DRIFT {} {} {}: stored {}, derived {}",
            it.congress, it.place, it.column, it.stored, it.derived
        );
    }
    match report.findings.len() {
        0 => {
            println!("no drift: every row, due date, figure and attached file is what the ledger says");
            Ok(ExitCode::SUCCESS)
        }
        n => Err(format!("{n} places do not agree with the ledger")),
    }
}

pub fn rebuild(config: Option<&Path>) -> Outcome {
    let config = open::settings(config, false)?;
    let office = open::office(&config, Purpose::Write)?;
    let cases = office.rebuild().map_err(|fault| open::told(&fault))?;
    println!("{cases} cases derived anew from the ledger");
    Ok(ExitCode::SUCCESS)
}

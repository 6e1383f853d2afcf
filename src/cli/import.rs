//! Reading a handling ledger into the office: all of it or nothing, and safe to repeat.
//!
//! A dry run is the real run, undone at its end: what it says is what would happen.

mod plan;

use super::{InCongress, Outcome, open};
use crate::{
    domain::{day::Day, ids::SessionId},
    ledger_file::{self, Ledger, Mapping},
    office::{Fault, Office},
    store::connection::{IsConflict, Purpose},
};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use plan::{RowProblem, Tally};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

#[derive(Args)]
pub struct Import {
    file: PathBuf,
    #[command(flatten)]
    place: InCongress,
    /// The session that the ledger's cases belong to; made if it is new. Left out: the year of the first assignment.
    #[arg(long)]
    session: Option<SessionId>,
    /// Say what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Headings that are not understood by themselves, e.g. 案号=number,办理单位=lead_department
    #[arg(long, default_value = "")]
    mapping: String,
    /// The day of assignment for rows that do not tell it.
    #[arg(long)]
    assigned_on: Option<Day>,
    /// Import the sound rows and leave the others out.
    #[arg(long)]
    skip_bad_rows: bool,
}

/// Why an import ended without a change.
enum Stopped {
    DryRun(Tally),
    Problems(Vec<RowProblem>),
    Fault(Fault),
}

impl<E: Into<Fault>> From<E> for Stopped {
    fn from(error: E) -> Stopped {
        Stopped::Fault(error.into())
    }
}

impl IsConflict for Stopped {
    fn is_conflict(&self) -> bool {
        matches!(self, Stopped::Fault(fault) if fault.is_conflict())
    }
}

pub fn import(config: Option<&Path>, args: Import) -> Outcome {
    let mapping: Mapping = match args.mapping.is_empty() {
        true => Mapping::default(),
        false => args.mapping.parse().map_err(|e: ledger_file::MappingError| e.to_string())?,
    };
    let ledger = ledger_file::read(&args.file, &mapping).map_err(|e| e.to_string())?;
    describe(&ledger);
    if !ledger.problems.is_empty() && !args.skip_bad_rows && !args.dry_run {
        return Err(listed(ledger.problems.iter().map(ToString::to_string)));
    }
    let office = open::office(&open::settings(config, false)?, Purpose::Write)?;
    let read_problems: Vec<String> = ledger.problems.iter().map(ToString::to_string).collect();
    match run(&office, Arc::new(ledger), Arc::new(args)) {
        Ok(tally) => {
            open::wait(office.compact_figures())?.map_err(|fault| open::told(&fault))?;
            tally.print("导入完成");
            for problem in read_problems {
                println!("未导入：{problem}");
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(Stopped::DryRun(tally)) => {
            tally.print("试运行，未作任何改动；将会");
            match read_problems.is_empty() && tally.problems.is_empty() {
                true => Ok(ExitCode::SUCCESS),
                false => Err(listed(
                    read_problems.into_iter().chain(tally.problems.iter().map(ToString::to_string)),
                )),
            }
        }
        Err(Stopped::Problems(problems)) => Err(listed(problems.iter().map(ToString::to_string))),
        Err(Stopped::Fault(fault)) => Err(open::told(&fault)),
    }
}

fn run(office: &Office, ledger: Arc<Ledger>, args: Arc<Import>) -> Result<Tally, Stopped> {
    let bar = ProgressBar::new(ledger.rows.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} 行  {eta}") {
        bar.set_style(style);
    }
    let (desk, shown) = (office.clone(), bar.clone());
    let done = office.store().write_here(move |db| {
        shown.set_position(0);
        let mut plan = plan::Plan::open(db, &desk, &args.place.congress, args.session.as_ref(), &ledger)?;
        for row in &ledger.rows {
            plan.enter(db, &desk, row, args.assigned_on)?;
            shown.inc(1);
        }
        let tally = plan.close(db)?;
        match (args.dry_run, tally.problems.is_empty() || args.skip_bad_rows) {
            (true, _) => Err(Stopped::DryRun(tally)),
            (false, false) => Err(Stopped::Problems(tally.problems)),
            (false, true) => Ok(tally),
        }
    });
    bar.finish_and_clear();
    done
}

fn describe(ledger: &Ledger) {
    println!("工作表“{}”，{} 行可读", ledger.sheet, ledger.rows.len());
    for column in &ledger.columns {
        println!("  {} 列“{}” → {}", column.letter, column.heading, column.column.name());
    }
    if !ledger.ignored.is_empty() {
        println!("  未使用的列：{}", ledger.ignored.join("、"));
    }
    for (row, text) in &ledger.skipped {
        println!("  第 {row} 行“{text}”不是办件，已略过");
    }
    for sheet in &ledger.other_sheets {
        println!("  另有工作表“{sheet}”，未读取");
    }
}

/// Problems that a person can read; more than a screenful helps nobody find the first.
fn listed(problems: impl Iterator<Item = String>) -> String {
    const SHOWN: usize = 200;
    let all: Vec<String> = problems.collect();
    let mut text = format!("发现 {} 处问题，未作任何改动：", all.len());
    for problem in all.iter().take(SHOWN) {
        text += &format!("\n  {problem}");
    }
    if all.len() > SHOWN {
        text += &format!("\n  …… 另有 {} 处", all.len() - SHOWN);
    }
    text
}

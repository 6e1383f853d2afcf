//! The sample district: a year of suggestions modelled on a real one, so that a newcomer finds the office at work.
//!
//! `district.rs` names its people and matters, `year.rs` tells what happened to each case of a year, and `paths.rs`
//! of the year after next, in which at least one case stands on each path of the procedure. Every case goes through
//! the same commands that the API takes; nothing is inserted as a row.

mod campaign;
mod district;
mod paths;
mod stations;
mod story;
mod year;

use super::open;
use crate::{
    config::Config,
    identity::password,
    office::{Fault, Office},
    store::{people, settings},
};
use std::{net::SocketAddr, path::PathBuf};

/// The accounts that are printed; everybody else in the district has one that cannot sign in.
pub(super) const ACCOUNTS: [&str; 10] = [
    "deputy",
    "committee",
    "government-office",
    "department",
    "approver",
    "auditor",
    "administrator",
    // A second department, to hand cases back and to help with others'.
    "department-2",
    "committee-leader",
    "secretary",
];

const LOADING: &str = "loading";
const READY: &str = "ready";

/// Makes sure that the district is there; returns its password.
pub fn open(office: &Office, config: &Config) -> Result<String, String> {
    let password = match &config.sample_password {
        Some(given) => given.expose().to_owned(),
        None => kept_password(config)?,
    };
    let state = office
        .store()
        .read_here(|db| Ok::<_, Fault>(settings::get(db, settings::SAMPLE)?))
        .map_err(|fault| open::told(&fault))?;
    match state.as_deref() {
        Some(READY) => {}
        Some(_) => {
            return Err(format!(
                "loading the sample was interrupted; remove {} and start again",
                open::address(config)
            ));
        }
        None => load(office)?,
    }
    set_passwords(office, &password)?;
    Ok(password)
}

fn load(office: &Office) -> Result<(), String> {
    let mark = |state: &'static str| {
        office
            .store()
            .write_here(move |db| Ok::<_, Fault>(settings::set(db, settings::SAMPLE, state)?))
            .map_err(|fault| open::told(&fault))
    };
    println!("opening the sample district 湖州市吴兴区（示例）…");
    mark(LOADING)?;
    open::wait(year::live(office))?
        .map_err(|fault| format!("the sample cannot be loaded: {}", open::told(&fault)))?;
    open::wait(office.compact_figures())?.map_err(|fault| open::told(&fault))?;
    mark(READY)
}

/// The sample's password, where there is one that somebody can know.
pub fn known_password(config: &Config) -> Option<String> {
    let given = config.sample_password.as_ref().map(|it| it.expose().to_owned());
    given.or_else(|| Some(std::fs::read_to_string(password_file(config)).ok()?.trim().to_owned()))
}

fn password_file(config: &Config) -> PathBuf {
    config.data_dir.join("sample-password")
}

/// A password that was made stays the same until its file is removed.
fn kept_password(config: &Config) -> Result<String, String> {
    let file = password_file(config);
    let failed = |e: std::io::Error| format!("{}: {e}", file.display());
    if let Ok(kept) = std::fs::read_to_string(&file) {
        return Ok(kept.trim().to_owned());
    }
    let made = password::generate();
    std::fs::create_dir_all(&config.data_dir).map_err(failed)?;
    write_private(&file, &made).map_err(failed)?;
    Ok(made)
}

fn write_private(file: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    writeln!(file, "{text}")
}

fn set_passwords(office: &Office, password: &str) -> Result<(), String> {
    let kept = office
        .store()
        .read_here(|db| Ok::<_, Fault>(people::by_username(db, ACCOUNTS[0])?.and_then(|user| user.password)))
        .map_err(|fault| open::told(&fault))?;
    if kept.is_some() && password::verify(password, kept.as_deref()) {
        return Ok(());
    }
    let hash = password::hash(password).map_err(|e| format!("JIANYI_SAMPLE_PASSWORD: {e}"))?;
    office
        .store()
        .write_here(move |db| {
            for account in ACCOUNTS {
                people::set_password(db, account, &hash)?;
            }
            Ok::<_, Fault>(())
        })
        .map_err(|fault| open::told(&fault))
}

/// Tells a newcomer where to go and what to type.
pub fn greet(address: SocketAddr, password: &str) {
    let at = format!("http://{address}");
    println!("\n示例地区 sample district 330502 湖州市吴兴区（示例）");
    println!("  address   {at}      docs  {at}/docs/");
    println!("  sign-ins  {}", ACCOUNTS.join(", "));
    println!("  password  {password}\n\nthree lines to try:");
    println!(
        "TOKEN=$(curl -s {at}/v1/auth/sign-in -H 'content-type: application/json' \
         -d '{{\"username\":\"committee\",\"password\":\"{password}\"}}' | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')"
    );
    println!("curl -s \"{at}/v1/cases?congress=330502&limit=3\" -H \"authorization: Bearer $TOKEN\"");
    println!(
        "curl -s \"{at}/v1/figures?congress=330502&session=5-3,5-3-between&metric=resolution_rate\" -H \"authorization: Bearer $TOKEN\"\n"
    );
}

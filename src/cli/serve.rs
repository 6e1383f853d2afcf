//! Running the service, and bringing its database up to date.

use super::{Outcome, open, sample};
use crate::{
    api::{
        Press,
        oidc::SignOn,
        server::{self, Parts},
    },
    config::{Config, Mode},
    domain::day::Day,
    identity::{oidc, token::Tokens},
    metrics::Metrics,
    office::{Fault, Office},
    store::{connection::Purpose, settings},
    telemetry,
};
use actix_web::web::Data;
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

/// The sample signs its tokens with a key of its own, which a real service refuses.
const SAMPLE_KEY: &str = "sample-token.key";

pub fn serve(file: Option<&Path>, sample: bool) -> Outcome {
    let config = open::settings(file, sample)?;
    let _log = telemetry::init(&config.log, config.log_format).map_err(|e| e.to_string())?;
    let key_file = key_file(&config)?;
    let listener = TcpListener::bind(config.bind)
        .map_err(|e| format!("cannot listen on {}: {e}; set JIANYI_BIND to a free address", config.bind))?;
    let office = open::with_files(open::office(&config, Purpose::Write)?, &config)?;
    // A font that somebody chose and that will not do is told now, not when a letter is wanted.
    let press = Press::new(config.font.as_deref()).map_err(|e| e.to_string())?;
    let sample_password = match config.mode {
        Mode::Sample => Some(sample::open(&office, &config)?),
        Mode::Production => refuse_sample(&office).map(|()| None)?,
    };
    let tokens = Tokens::open(&key_file, &config.issuer).map_err(|e| e.to_string())?;
    let tokens = Data::new(tokens);
    let sign_on = sign_on(&config)?;
    let metrics = Metrics::new().map_err(|e| e.to_string())?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    let parts = Parts {
        office: office.clone(),
        tokens: tokens.clone(),
        metrics: metrics.clone(),
        token_life: config.token_life,
        workers: config.workers,
        body_limit: config.body_limit,
        attachment_limit: config.attachment_limit,
        sign_on,
        press,
        shutdown: config.shutdown,
    };
    let system = actix_web::rt::System::new();
    let served = system.block_on(async move {
        // Before the first request, so that nobody acts on a case under rules that have passed.
        let adopted_on = adopt(&office).await;
        let server = server::start(listener, parts)?;
        let upkeep = actix_web::rt::spawn(keep_up(office.clone(), tokens, metrics, adopted_on));
        tracing::info!(%address, "serving");
        match &sample_password {
            Some(password) => sample::greet(address, password),
            None => println!("listening on http://{address}  (docs: http://{address}/docs/)"),
        }
        server.await?;
        upkeep.abort();
        // What waits in the figures' tail is small, but the next start need not find it.
        let _ = office.compact_figures().await;
        Ok::<_, std::io::Error>(())
    });
    served.map_err(|e| e.to_string())?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

pub fn migrate(file: Option<&Path>) -> Outcome {
    let config = open::settings(file, false)?;
    open::office(&config, Purpose::Write)?;
    println!("the database {} is up to date", open::address(&config));
    Ok(ExitCode::SUCCESS)
}

/// Whether its provider answers is not asked: the service starts all the same, and people have passwords.
fn sign_on(config: &Config) -> Result<SignOn, String> {
    let Some(oidc) = &config.oidc else { return Ok(SignOn::default()) };
    let settings = oidc::Settings {
        issuer: oidc.issuer.clone(),
        client_id: oidc.client_id.clone(),
        client_secret: oidc.client_secret.as_ref().map(|secret| secret.expose().to_owned()),
        redirect_uri: oidc.redirect_uri.clone(),
        scopes: oidc.scopes.clone(),
        name: oidc.name.clone(),
        second_factor: oidc.second_factor.clone(),
    };
    let provider = oidc::Provider::new(settings).map_err(|error| error.to_string())?;
    Ok(SignOn(Some(Arc::new(provider))))
}

/// Keys that `jianyi keys` changed beside the running service.
fn take_up_keys(tokens: &Tokens) {
    match tokens.look_again() {
        Ok(true) => tracing::info!(kid = tokens.kid(), "the keys of access tokens were changed"),
        Ok(false) => {}
        Err(error) => {
            tracing::warn!(%error, "the keys of access tokens cannot be read; the former ones are used")
        }
    }
}

pub fn key_file(config: &Config) -> Result<PathBuf, String> {
    let named = config.token_key_file.file_name().is_some_and(|name| name == SAMPLE_KEY);
    match config.mode {
        Mode::Sample => Ok(config.token_key_file.with_file_name(SAMPLE_KEY)),
        Mode::Production if named => Err(format!(
            "{} is the sample's key; set JIANYI_TOKEN_KEY_FILE to one of your own (it is made if missing)",
            config.token_key_file.display()
        )),
        Mode::Production => Ok(config.token_key_file.clone()),
    }
}

/// The sample's sign-ins are printed for everybody to read.
fn refuse_sample(office: &Office) -> Result<(), String> {
    let sample = office
        .store()
        .read_here(|db| Ok::<_, Fault>(settings::get(db, settings::SAMPLE)?))
        .map_err(|fault| open::told(&fault))?;
    match sample {
        Some(_) => Err("this database holds the sample district with its known sign-ins; \
                        name another in DATABASE_URL, or run `jianyi serve --sample`"
            .to_owned()),
        None => Ok(()),
    }
}

/// Brings open cases to a version of their policy that they follow; the day on which that was done, if it was.
async fn adopt(office: &Office) -> Option<Day> {
    let today = office.today();
    match office.adopt_policies().await {
        Ok(0) => Some(today),
        Ok(cases) => {
            tracing::info!(cases, "open cases follow a new version of their policy");
            Some(today)
        }
        Err(fault) => {
            tracing::warn!(?fault, "open cases were not all brought to their policy's new version");
            None
        }
    }
}

/// Sums figures every few seconds, and clears old answers now and then. Rarer sums cost less, since a batch touches a
/// cell once; a figure reads what waits meanwhile, some thousand moves under full load.
async fn keep_up(office: Office, tokens: Data<Tokens>, metrics: Metrics, mut adopted_on: Option<Day>) {
    let mut turns = tokio::time::interval(Duration::from_secs(4));
    let mut counted = (0, 0);
    for turn in 0u64.. {
        turns.tick().await;
        take_up_keys(&tokens);
        // As soon as a day begins; where that failed, a minute later.
        if adopted_on != Some(office.today()) && turn % 15 == 0 {
            adopted_on = adopt(&office).await;
        }
        if let Err(fault) = office.compact_figures().await {
            tracing::warn!(?fault, "figures were not summed; the next turn tries again");
        }
        if turn % 900 == 0
            && let Err(fault) = office.forget_old_answers().await
        {
            tracing::warn!(?fault, "old answers were not cleared");
        }
        if let Some((written, commits)) = office.store().group_commit() {
            metrics.group_commit(written - counted.0, commits - counted.1);
            counted = (written, commits);
        }
    }
}

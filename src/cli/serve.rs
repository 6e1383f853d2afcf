//! Running the service, and bringing its database up to date.

use super::{Outcome, doctor, messages, open, sample};
use crate::{
    api::{
        EXPORT_ROWS, Press,
        address::Proxies,
        cross_origin::Origins,
        edge::Edge,
        limits::{Limits, Rates, Ticks},
        oidc::SignOn,
        patience::Patience,
        plain_http::Refuse,
        server::{self, Parts},
    },
    config::{Config, Mode},
    domain::day::Day,
    identity::{oidc, seal::Seal, token::Tokens},
    metrics::Metrics,
    office::Office,
    store::connection::Purpose,
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
pub(super) const SAMPLE_KEY: &str = "sample-token.key";

pub fn serve(file: Option<&Path>, sample: bool) -> Outcome {
    let config = open::settings(file, sample)?;
    let _log = telemetry::init(&config.log, config.log_format).map_err(|e| e.to_string())?;
    let key_file = key_file(&config);
    if config.mode == Mode::Production {
        doctor::before_serving(&config)?;
    }
    let listener = TcpListener::bind(config.bind)
        .map_err(|e| format!("cannot listen on {}: {e}; set JIANYI_BIND to a free address", config.bind))?;
    let seal = Seal::load_or_create(&seal_file(&key_file)).map_err(|e| e.to_string())?;
    let office = open::with_files(open::office(&config, Purpose::Write)?, &config)?;
    let office = office.with_security(open::security(&config, Some(seal)));
    let office = open::with_evidence(office, &config, Purpose::Write)?;
    let office = open::with_mail(office, &config)?;
    let office = open::with_courier(office, &config);
    if config.mode == Mode::Production {
        office.same_as_outside().map_err(|error| error.to_string())?;
    }
    // A font that somebody chose and that will not do is told now, not when a letter is wanted.
    let press = Press::new(config.font.as_deref()).map_err(|e| e.to_string())?;
    let sample_password = match config.mode {
        Mode::Sample => Some(sample::open(&office, &config)?),
        Mode::Production => None,
    };
    let tokens = Tokens::open(&key_file, &config.issuer).map_err(|e| e.to_string())?;
    let tokens = Data::new(tokens);
    let sign_on = sign_on(&config)?;
    let metrics = Metrics::new().map_err(|e| e.to_string())?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    let edge = edge(&config);
    let limits = edge.limits.clone();
    let parts = Parts {
        office: office.clone(),
        tokens: tokens.clone(),
        metrics: metrics.clone(),
        token_life: config.token_life,
        workers: config.workers,
        body_limit: config.body_limit,
        attachment_limit: config.attachment_limit,
        export_rows: EXPORT_ROWS,
        edge,
        sign_on,
        press,
        shutdown: config.shutdown,
    };
    let system = actix_web::rt::System::new();
    let served = system.block_on(async move {
        // Before the first request, so that nobody acts on a case under rules that have passed.
        let adopted_on = adopt(&office).await;
        let server = server::start(listener, parts)?;
        let mail = actix_web::rt::spawn(messages::send_letters(office.clone()));
        let upkeep = actix_web::rt::spawn(keep_up(office.clone(), tokens, metrics, limits, adopted_on));
        let messages = actix_web::rt::spawn(messages::keep_telling(office.clone()));
        tracing::info!(%address, "serving");
        match &sample_password {
            Some(password) => sample::greet(address, password),
            None => println!("listening on http://{address}  (docs: http://{address}/docs/)"),
        }
        server.await?;
        upkeep.abort();
        mail.abort();
        // A message under way is sent again by the next start; its receiver knows it by its id.
        messages.abort();
        // What waits in the figures' tail is small, but the next start need not find it.
        let _ = office.compact_figures().await;
        // And what was done last is signed for before the process is gone.
        if let Err(fault) = office.keep_evidence(true).await {
            tracing::error!(?fault, "the last checkpoints were not signed; the next start signs them");
        }
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
    let provider = single_sign_on(config).transpose().map_err(|error| error.to_string())?;
    Ok(SignOn(provider.map(Arc::new)))
}

/// The provider of single sign-on that the settings name, if they name one; it is not asked anything yet.
pub(super) fn single_sign_on(config: &Config) -> Option<Result<oidc::Provider, oidc::OidcError>> {
    let oidc = config.oidc.clone()?;
    Some(oidc::Provider::new(oidc::Settings {
        issuer: oidc.issuer,
        client_id: oidc.client_id,
        client_secret: oidc.client_secret.map(|secret| secret.expose().to_owned()),
        redirect_uri: oidc.redirect_uri,
        scopes: oidc.scopes,
        name: oidc.name,
        second_factor: oidc.second_factor,
    }))
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

fn edge(config: &Config) -> Edge {
    let crate::config::Edge {
        trusted_proxies,
        rate_caller,
        rate_address,
        rate_sign_in,
        rate_opinion,
        cors_origins,
    } = config.edge.clone();
    let rates =
        Rates { caller: rate_caller, address: rate_address, sign_in: rate_sign_in, opinion: rate_opinion };
    Edge {
        proxies: Proxies::new(trusted_proxies),
        limits: Limits::new(rates, &Ticks::running()),
        patience: Patience::default(),
        origins: Origins::new(cors_origins),
        plain_http: Refuse(config.mode == Mode::Production),
    }
}

/// Beside the token key: `token.key` has `token.seal`.
fn seal_file(key_file: &Path) -> PathBuf {
    key_file.with_extension("seal")
}

pub(super) fn key_file(config: &Config) -> PathBuf {
    match config.mode {
        Mode::Sample => config.token_key_file.with_file_name(SAMPLE_KEY),
        Mode::Production => config.token_key_file.clone(),
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

/// What the notice ladder has to say by now.
async fn issue_notices(office: &Office) {
    match office.issue_notices().await {
        Ok(0) => {}
        Ok(notices) => tracing::info!(notices, "notices went out by the ladder"),
        Err(fault) => tracing::warn!(?fault, "not all notices went out; the next turn tries again"),
    }
}

/// Sums figures every few seconds, forgets whoever has not asked lately, and clears old answers now and then. Rarer sums cost less, since a batch touches a
/// cell once; a figure reads what waits meanwhile, some thousand moves under full load.
async fn keep_up(
    office: Office,
    tokens: Data<Tokens>,
    metrics: Metrics,
    limits: Limits,
    mut adopted_on: Option<Day>,
) {
    let mut turns = tokio::time::interval(Duration::from_secs(4));
    let mut counted = (0, 0);
    for turn in 0u64.. {
        turns.tick().await;
        limits.forget_idle();
        take_up_keys(&tokens);
        // As soon as a day begins; where that failed, a minute later.
        if adopted_on != Some(office.today()) && turn % 15 == 0 {
            adopted_on = adopt(&office).await;
        }
        if turn % 15 == 0
            && let Err(fault) = office.hand_over_merged().await
        {
            tracing::warn!(
                ?fault,
                "not all cases of a merged department are with its successor; the next minute tries again"
            );
        }
        if let Err(fault) = office.compact_figures().await {
            tracing::warn!(?fault, "figures were not summed; the next turn tries again");
        }
        // Once a minute; at night it reads nothing.
        if turn % 15 == 0 {
            issue_notices(&office).await;
        }
        if let Err(fault) = office.keep_evidence(false).await {
            tracing::error!(?fault, "the evidence log was not kept; the next turn tries again");
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

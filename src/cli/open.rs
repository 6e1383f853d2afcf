//! Opening the office as the settings say.

use crate::{
    config::{Bucket, Config, DatabaseUrl, FilesPlace, Flags, Mode, SignIn, evidence, table},
    courier::Courier,
    domain::policy::Policies,
    evidence::outside::Outside,
    files::{Files, S3},
    identity::{evidence_key::EvidenceKey, seal::Seal},
    mail::{self, Mailer},
    office::{Books, Clock, FOLD, Fault, Office, Security, StoreError, evidence::Evidence},
    store::{Address, Store, connection::Purpose},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

pub fn settings(file: Option<&Path>, sample: bool) -> Result<Config, String> {
    Config::from_process(Flags { config: file, sample }).map_err(|e| e.to_string())
}

pub fn address(config: &Config) -> Address {
    match &config.database {
        DatabaseUrl::Sqlite(path) => Address::Sqlite(path.clone()),
        DatabaseUrl::Postgres(url) => Address::Postgres(url.expose().to_owned()),
    }
}

/// The books that come with the program, and the policies of one's own.
pub fn books(config: &Config) -> Result<Books, String> {
    let mut books = Books::shipped();
    if let Some(folder) = &config.policy_dir {
        add_policies(folder, &mut books.policies)?;
    }
    Ok(books)
}

fn add_policies(folder: &Path, policies: &mut Policies) -> Result<(), String> {
    let paths = policy_files(folder).map_err(|error| {
        format!(
            "{}: {}: {error}; wanted: {}",
            table::POLICY_DIR.name,
            folder.display(),
            table::POLICY_DIR.right
        )
    })?;
    let mut files = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        files.push((path, text));
    }
    policies.add_all(files).map_err(|(path, error)| format!("{}: {error}", path.display()))
}

/// In the order of their names, so that every start reads them alike.
fn policy_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The books come first: with a wrong policy the database is not touched. What an older program derived is derived anew
/// before anybody reads it.
pub fn office(config: &Config, purpose: Purpose) -> Result<Office, String> {
    let books = books(config)?;
    let store = Store::open(&address(config), purpose, config.pool).map_err(|e| e.to_string())?;
    let office = Office::new(store, books, Clock::System);
    if purpose == Purpose::Write {
        let derived = office.derive_as_this_program().map_err(|fault| told(&fault))?;
        derived.filter(|cases| *cases > 0).into_iter().for_each(say_derived);
    }
    Ok(office)
}

/// In the log where there is one, else to whoever waits at the terminal.
fn say_derived(cases: usize) {
    let what = "rows and figures that another version had kept were derived anew";
    match tracing::dispatcher::has_been_set() {
        true => tracing::info!(cases, fold = FOLD, "{what}"),
        false => eprintln!("jianyi: {what}: {cases} cases"),
    }
}

/// What people are signed in by. Only the service has the key that seals.
pub fn security(config: &Config, seal: Option<Seal>) -> Security {
    let SignIn { breached_passwords, second_factor, public_url } = config.sign_in.clone();
    Security { seal, breached: breached_passwords, second_factor, public_url }
}

/// The office with its attached files.
pub fn with_files(office: Office, config: &Config) -> Result<Office, String> {
    Ok(office.with_files(files(config)?))
}

/// The office with what the evidence log is kept with. Whoever only reads makes no key and no folder: without them he
/// compares what is in the database alone.
pub fn with_evidence(office: Office, config: &Config, purpose: Purpose) -> Result<Office, String> {
    let crate::config::Evidence { key_file, checkpoints, name, algorithm, witnesses } =
        config.evidence.clone();
    let (key_file, checkpoints) = match config.mode {
        Mode::Sample => (key_file.with_file_name("sample-evidence.key"), checkpoints.join("sample")),
        Mode::Production => (key_file, checkpoints),
    };
    if purpose == Purpose::Read && !(key_file.exists() && checkpoints.exists()) {
        return Ok(office);
    }
    let key = EvidenceKey::load_or_create(&key_file).map_err(|e| e.to_string())?;
    let outside = Outside::open(&checkpoints)
        .map_err(|e| format!("{e}; set {} to a folder that can be written", evidence::CHECKPOINTS.name))?;
    Ok(office.with_evidence(Evidence { key, witnesses, outside, name, algorithm }))
}

/// The office with its way to send letters, where the settings name one.
pub fn with_mail(office: Office, config: &Config) -> Result<Office, String> {
    let Some(crate::config::mail::Mail { server, sign_in, from }) = config.mail.clone() else {
        return Ok(office);
    };
    let mailer = Mailer::new(mail::Settings {
        host: server.host,
        port: server.port,
        protection: server.protection,
        sign_in: sign_in.map(|(user, password)| (user, password.expose().to_owned())),
        from,
    });
    Ok(office.with_mail(mailer.map_err(|trouble| trouble.to_string())?))
}

/// The office with what carries its messages to other programs.
pub fn with_courier(office: Office, config: &Config) -> Office {
    office.with_courier(Courier::new(config.webhook_allow.clone()))
}

/// Where the attached files are.
pub fn files(config: &Config) -> Result<Files, String> {
    match &config.files {
        FilesPlace::Folder(folder) => Files::open(folder)
            .map_err(|e| format!("{e}; set {} to a folder of the service's own", table::FILES_DIR.name)),
        FilesPlace::S3(bucket) => {
            let Bucket { bucket, prefix, endpoint, region, access_key, secret, plain_http } = bucket.clone();
            let secret = secret.expose().to_owned();
            Files::open_s3(&S3 { bucket, prefix, endpoint, region, access_key, secret, plain_http })
                .map_err(|e| e.to_string())
        }
    }
}

/// Runs an asynchronous command to its end.
pub fn wait<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    Ok(runtime.block_on(work))
}

/// A fault in words for the terminal.
pub fn told(fault: &Fault) -> String {
    match fault {
        Fault::NotFound => "there is no such congress, account or case 没有这个人大、账户或办件".to_owned(),
        Fault::Invalid { pointer, detail } | Fault::Malformed { pointer, detail } => {
            format!("{pointer} {} {}", detail.zh, detail.en)
        }
        Fault::Refused(refusal) => format!("{} {}", refusal.missing.zh, refusal.missing.en),
        Fault::Exists(say) | Fault::Forbidden(say) => format!("{} {}", say.zh, say.en),
        Fault::Store(StoreError::Conflict) => {
            "it exists already, or somebody else was faster 已存在".to_owned()
        }
        Fault::Files(error) => error.to_string(),
        Fault::Store(error) => error.to_string(),
        other => format!("{other:?}"),
    }
}

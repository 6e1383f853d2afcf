//! Opening the office as the settings say.

use crate::{
    config::{Config, DatabaseUrl, Flags},
    office::{Books, Clock, Fault, Office, StoreError},
    store::{Address, Store, connection::Purpose},
};
use std::path::Path;

pub fn settings(file: Option<&Path>, sample: bool) -> Result<Config, String> {
    Config::from_process(Flags { config: file, sample }).map_err(|e| e.to_string())
}

pub fn address(config: &Config) -> Address {
    match &config.database {
        DatabaseUrl::Sqlite(path) => Address::Sqlite(path.clone()),
        DatabaseUrl::Postgres(url) => Address::Postgres(url.expose().to_owned()),
    }
}

pub fn office(config: &Config, purpose: Purpose) -> Result<Office, String> {
    let store = Store::open(&address(config), purpose, config.pool).map_err(|e| e.to_string())?;
    Ok(Office::new(store, Books::shipped(), Clock::System))
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
        Fault::NotFound => "there is no such congress or case 没有这个人大或办件".to_owned(),
        Fault::Invalid { pointer, detail } | Fault::Malformed { pointer, detail } => {
            format!("{pointer} {} {}", detail.zh, detail.en)
        }
        Fault::Refused(refusal) => format!("{} {}", refusal.missing.zh, refusal.missing.en),
        Fault::Exists(say) | Fault::Forbidden(say) => format!("{} {}", say.zh, say.en),
        Fault::Store(StoreError::Conflict) => {
            "it exists already, or somebody else was faster 已存在".to_owned()
        }
        Fault::Store(error) => error.to_string(),
        other => format!("{other:?}"),
    }
}

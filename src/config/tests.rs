//! What the module beside promises, tried.

use std::collections::HashMap;
use std::io::Write as _;

use super::*;

/// Loads with these variables and, if it is not empty, this file.
fn load(variables: &[(&str, &str)], file: &str, sample: bool) -> Result<Config, ConfigErrors> {
    let mut on_disk = tempfile::NamedTempFile::new().unwrap();
    on_disk.write_all(file.as_bytes()).unwrap();
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    let config = (!file.is_empty()).then(|| on_disk.path());
    Config::load(&|name| variables.get(name).map(OsString::from), Flags { config, sample })
        .map_err(|errors| ConfigErrors(errors.0.iter().map(|it| hide(it, on_disk.path())).collect()))
}

fn hide(line: &str, path: &Path) -> String {
    line.replace(&path.display().to_string(), "jianyi.toml")
}

#[test]
fn without_any_setting_a_local_server_with_a_file_database_results() {
    let config = load(&[], "", false).unwrap();
    assert_eq!(config.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database, DatabaseUrl::Sqlite("./data/jianyi.db".into()));
    assert_eq!(config.token_key_file, PathBuf::from("./data/token.key"));
    assert_eq!((config.mode, config.log_format), (Mode::Production, LogFormat::Json));
    assert_eq!((config.pool, config.body_limit), (16, 1 << 20));
    assert_eq!(config.files, FilesPlace::Folder("./data/files".into()));
    assert_eq!(config.attachment_limit, 20 << 20);
    assert_eq!((config.shutdown.as_secs(), config.token_life.num_seconds()), (10, 600));
    assert!(config.workers >= 1 && config.sample_password.is_none() && config.font.is_none());
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
    let file = "bind = '0.0.0.0:80'\npool = 4\nlog_format = 'text'\ndata_dir = '/srv/jianyi'\n";
    let config = load(&[("JIANYI_BIND", "[::]:8081"), ("JIANYI_LOG_FORMAT", "")], file, false).unwrap();
    assert_eq!(config.bind.to_string(), "[::]:8081");
    assert_eq!((config.pool, config.log_format), (4, LogFormat::Text));
    assert_eq!(config.database, DatabaseUrl::Sqlite("/srv/jianyi/jianyi.db".into()));
    assert_eq!(config.files, FilesPlace::Folder("/srv/jianyi/files".into()));
    let source = |name| config.found.iter().find(|it| it.setting.name == name).unwrap().source;
    assert_eq!(source("JIANYI_BIND"), Source::Environment);
    assert_eq!(source("JIANYI_POOL"), Source::File);
    assert_eq!(source("DATABASE_URL"), Source::Default);
}

#[test]
fn the_sample_flag_wins_over_the_mode() {
    assert_eq!(load(&[("JIANYI_MODE", "production")], "", true).unwrap().mode, Mode::Sample);
    assert_eq!(load(&[("JIANYI_MODE", "sample")], "", false).unwrap().mode, Mode::Sample);
}

#[test]
fn all_errors_come_at_once_and_say_what_would_be_right() {
    let file = "pool = 0\nwrokers = 3\nBody-Limit = 3\nlog_format = true\n";
    let variables = [
        ("JIANYI_BIND", "localhost"),
        ("DATABASE_URL", "mysql://root:river-wall@db/x"),
        ("JIANYI_MODE", "demo"),
        ("JIANYI_LOG", "jianyi=loud"),
        ("JIANYI_WORKERS", "many"),
        ("JIANYI_BODY_LIMIT", "99999999999999999999"),
        ("JIANYI_TOKEN_MINUTES", "-1"),
        ("JIANYI_ATTACHMENT_LIMIT", "20 MiB"),
    ];
    let errors = load(&variables, file, false).unwrap_err();
    insta::assert_snapshot!(errors, @r#"
    the settings cannot be used
      jianyi.toml: there is no setting "Body-Limit" (did you mean body_limit?)
      jianyi.toml: there is no setting "wrokers"
      JIANYI_BIND (environment): "localhost": invalid socket address syntax; wanted: an address and a port, such as 127.0.0.1:8080 or [::]:8080
      DATABASE_URL (environment): unknown scheme "mysql"; wanted: sqlite:PATH, postgres://… or postgresql://…
      JIANYI_MODE (environment): "demo": no such mode; wanted: production or sample
      JIANYI_TOKEN_MINUTES (environment): "-1": not a whole number; wanted: a number of minutes from 1 to 60
      JIANYI_LOG (environment): "jianyi=loud": error parsing level filter: expected one of "off", "error", "warn", "info", "debug", "trace", or a number 0-5; wanted: a filter, such as info or info,jianyi::store=debug
      log_format (jianyi.toml): a boolean cannot be a value here; wanted: json or text
      JIANYI_WORKERS (environment): "many": not a whole number; wanted: a number from 1 to 1024
      pool (jianyi.toml): "0": out of range; wanted: a number from 1 to 1000
      JIANYI_BODY_LIMIT (environment): "99999999999999999999": out of range; wanted: a number of bytes from 1024 to 67108864
      JIANYI_ATTACHMENT_LIMIT (environment): "20 MiB": not a whole number; wanted: a number of bytes from 1024 to 67108864
    "#);
}

#[test]
fn a_secret_shows_neither_in_errors_nor_in_the_printed_settings_nor_in_debug() {
    let variables = [
        ("JIANYI_SAMPLE_PASSWORD", "river-wall"),
        ("DATABASE_URL", "postgres://jianyi:river-wall@db/jianyi"),
    ];
    let config = load(&variables, "", false).unwrap();
    assert_eq!(config.sample_password.as_ref().map(Secret::expose), Some("river-wall"));
    for text in [config.describe(), format!("{config:#?}")] {
        assert!(!text.contains("river-wall"), "{text}");
    }
    assert!(config.describe().contains("DATABASE_URL = postgres://***@db/jianyi  (environment)"));
    assert!(config.describe().contains("JIANYI_SAMPLE_PASSWORD = ***  (environment)"));

    let errors = load(&[], "sample_password = \"river-wall\nlog = 'info'\n", false).unwrap_err();
    assert_eq!(errors.lines(), ["jianyi.toml: line 1 is not TOML"]);
}

#[test]
fn every_setting_of_the_table_is_read_and_printed() {
    let config = load(&[], "", false).unwrap();
    for setting in table::SETTINGS {
        let found = config.found.iter().filter(|it| it.setting.name == setting.name).count();
        assert_eq!(found, 1, "{}", setting.name);
        assert!(config.describe().contains(setting.zh));
        // A setting nobody reads stays unset although it has a default.
        let unset = config.found.iter().any(|it| it.setting.name == setting.name && it.shown.is_none());
        assert_eq!(unset, matches!(setting.default, table::Default::Unset), "{}", setting.name);
    }
}

#[test]
fn a_missing_file_is_an_error_that_names_it() {
    let errors = load(&[("JIANYI_CONFIG", "/nowhere/jianyi.toml")], "", false).unwrap_err();
    assert!(errors.to_string().contains("\"/nowhere/jianyi.toml\": No such file"), "{errors}");
}

//! Finds a setting's text in the environment, the file or the table, and remembers where it came from.

use std::ffi::OsString;
use std::fmt;

use super::table::{Default, SETTINGS, Setting};
use super::{ConfigErrors, Secret};

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// An option such as `--sample`.
    CommandLine,
    /// An environment variable.
    Environment,
    /// The TOML file.
    File,
    /// Nobody set it.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CommandLine => "command line",
            Self::Environment => "environment",
            Self::File => "file",
            Self::Default => "default",
        })
    }
}

/// A setting that was read: what to show of it, and where it came from.
#[derive(Debug, Clone)]
pub struct Found {
    /// The setting.
    pub setting: &'static Setting,
    /// Its value for people; `***` for a secret, nothing when it is unset.
    pub shown: Option<String>,
    /// Where it came from.
    pub source: Source,
}

/// Reads settings one by one, and gathers what is wrong instead of stopping at the first error.
pub(super) struct Reader<'a> {
    pub environment: &'a dyn Fn(&str) -> Option<OsString>,
    pub file: Option<FileValues>,
    pub found: Vec<Found>,
    pub errors: ConfigErrors,
}

/// The values of the TOML file, and its name for messages.
pub(super) struct FileValues {
    pub path: String,
    pub values: toml::Table,
}

impl FileValues {
    /// Reads `text`; every key must be one of the table's, every value a text or a whole number.
    pub fn parse(path: String, text: &str, errors: &mut ConfigErrors) -> Self {
        let mut values = match text.parse::<toml::Table>() {
            Ok(values) => values,
            Err(error) => {
                // The error's own text quotes the line, which may hold a password: give its place instead.
                let start = error.span().map_or(0, |span| span.start.min(text.len()));
                let line = text.as_bytes()[..start].iter().filter(|&&byte| byte == b'\n').count() + 1;
                errors.push(format!("{path}: line {line} is not TOML"));
                toml::Table::new()
            }
        };
        values.retain(|key, _| {
            let known = SETTINGS.iter().any(|setting| setting.key == Some(key));
            if !known {
                errors.push(format!("{path}: there is no setting {key:?}{}", suggestion(key)));
            }
            known
        });
        Self { path, values }
    }
}

/// A hint when `key` is close to a real one: a setting's variable name, or other case and dashes.
fn suggestion(key: &str) -> String {
    let plain = key.to_lowercase().replace('-', "_");
    let plain = plain.strip_prefix("jianyi_").unwrap_or(&plain);
    match SETTINGS.iter().filter_map(|setting| setting.key).find(|known| *known == plain) {
        Some(known) => format!(" (did you mean {known}?)"),
        None => String::new(),
    }
}

impl Reader<'_> {
    /// The setting's text and where it came from. An empty variable counts as unset, for container
    /// tools pass on variables that nobody filled in.
    fn text(&mut self, setting: &'static Setting) -> Option<(String, Source)> {
        if let Some(value) = (self.environment)(setting.name)
            && !value.is_empty()
        {
            return match value.into_string() {
                Ok(text) => Some((text, Source::Environment)),
                Err(_) => {
                    self.errors.push(format!(
                        "{} (environment): the value is not UTF-8; wanted: {}",
                        setting.name, setting.right
                    ));
                    None
                }
            };
        }
        if let (Some(file), Some(key)) = (&self.file, setting.key)
            && let Some(value) = file.values.get(key)
        {
            return match value {
                toml::Value::String(text) => Some((text.clone(), Source::File)),
                toml::Value::Integer(number) => Some((number.to_string(), Source::File)),
                other => {
                    self.errors.push(format!(
                        "{key} ({}): a {} cannot be a value here; wanted: {}",
                        file.path,
                        other.type_str(),
                        setting.right
                    ));
                    None
                }
            };
        }
        match setting.default {
            Default::Text(text) => Some((text.to_owned(), Source::Default)),
            Default::Derived(_) | Default::Unset => None,
        }
    }

    /// Reads a setting with `parse`, whose error may say more than "wrong". None when it is unset or wrong.
    pub fn read<T, E: fmt::Display>(
        &mut self,
        setting: &'static Setting,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let (text, source) = self.text(setting)?;
        // A password may begin with a space; nothing else means one.
        let text = if setting.secret { text.as_str() } else { text.trim() };
        match parse(text) {
            Ok(value) => {
                let shown = if setting.secret { "***".to_owned() } else { text.to_owned() };
                self.found.push(Found { setting, shown: Some(shown), source });
                Some(value)
            }
            Err(why) => {
                // Named as it was written: by its key in a file, by its variable elsewhere.
                let place = match (&self.file, setting.key, source) {
                    (Some(file), Some(key), Source::File) => format!("{key} ({})", file.path),
                    _ => format!("{} ({source})", setting.name),
                };
                let value = if setting.secret { String::new() } else { format!("{text:?}: ") };
                self.errors.push(format!("{place}: {value}{why}; wanted: {}", setting.right));
                None
            }
        }
    }

    /// Notes a value that was not read from a text: worked out, unset, or from the command line.
    pub fn note(&mut self, setting: &'static Setting, shown: Option<String>, source: Source) {
        self.found.retain(|found| !std::ptr::eq(found.setting, setting));
        self.found.push(Found { setting, shown, source });
    }

    /// Replaces what is shown of a setting, to show the harmless part of a secret.
    pub fn show(&mut self, setting: &'static Setting, shown: String) {
        for found in &mut self.found {
            if std::ptr::eq(found.setting, setting) {
                found.shown = Some(shown.clone());
            }
        }
    }

    /// Reads a password or key.
    pub fn secret(&mut self, setting: &'static Setting) -> Option<Secret> {
        self.read(setting, |text| Ok::<_, std::convert::Infallible>(Secret::new(text)))
    }
}

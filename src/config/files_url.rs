//! Where attachments are: a folder, or a bucket of an S3-compatible store with all that is needed to enter it.

use std::{
    fs::File,
    io::Read as _,
    net::IpAddr,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use super::{
    Secret, Source,
    reader::Reader,
    table::{self, Setting},
};

/// Where attachments are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilesPlace {
    Folder(PathBuf),
    S3(Bucket),
}

/// A bucket, where it is, and as whom it is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    pub bucket: String,
    /// Without slashes at its ends; empty for none.
    pub prefix: String,
    /// None means Amazon's own of the region.
    pub endpoint: Option<String>,
    pub region: String,
    pub access_key: String,
    pub secret: Secret,
    /// Whether it may be spoken to without TLS.
    pub plain_http: bool,
}

/// What the URL alone says.
enum Url {
    Folder(PathBuf),
    S3 { bucket: String, prefix: String },
}

/// Reads all settings of the place; `files_dir` holds where no URL is given.
pub(super) fn read(reader: &mut Reader<'_>, files_dir: Option<PathBuf>) -> Option<FilesPlace> {
    let wrong = reader.errors.lines().len();
    let url = reader.read(&table::FILES_URL, url);
    let plain_http = reader.read(&table::S3_PLAIN_HTTP, |text| text.parse::<bool>());
    let endpoint = reader.read(&table::S3_ENDPOINT, |text| endpoint(text, plain_http == Some(true)));
    let region = reader.read(&table::S3_REGION, |text| word(text, "-"));
    let access_key = reader.read(&table::S3_ACCESS_KEY, |text| word(text, "-_.@+=/"));
    let written = reader.secret(&table::S3_SECRET);
    let filed = reader.read(&table::S3_SECRET_FILE, |path| secret_in(Path::new(path)));
    match url {
        Some(Url::S3 { bucket, prefix }) => {
            let unread = reader.errors.lines().len() > wrong;
            let secret = match (written, filed) {
                (Some(_), Some(_)) => {
                    let (one, two) = (table::S3_SECRET.name, table::S3_SECRET_FILE.name);
                    reader.errors.push(format!("{one} and {two} are both set; set one of them"));
                    None
                }
                (one, two) => one.or(two),
            };
            for (setting, found) in
                [(&table::S3_ACCESS_KEY, access_key.is_some()), (&table::S3_SECRET_FILE, secret.is_some())]
            {
                // What was written wrongly is among the errors already.
                if !found && !unread {
                    needed(reader, setting);
                }
            }
            let plain = endpoint.as_deref().is_some_and(|it| it.starts_with("http://"));
            Some(FilesPlace::S3(Bucket {
                bucket,
                prefix,
                endpoint,
                region: region?,
                access_key: access_key?,
                secret: secret?,
                plain_http: plain,
            }))
        }
        Some(Url::Folder(folder)) => Some(FilesPlace::Folder(folder)),
        // Also after a wrong URL, which is among the errors by now, so that the default is never used.
        None => {
            let folder = files_dir?;
            reader.note(&table::FILES_URL, Some(format!("file:{}", folder.display())), Source::Default);
            Some(FilesPlace::Folder(folder))
        }
    }
}

fn needed(reader: &mut Reader<'_>, setting: &Setting) {
    let line = format!(
        "{}: is needed where {} names a bucket; wanted: {}",
        setting.name,
        table::FILES_URL.name,
        setting.right
    );
    reader.errors.push(line);
}

fn url(text: &str) -> Result<Url, &'static str> {
    if let Some(path) = text.strip_prefix("file:") {
        // `file:///srv/files` is the same as `file:/srv/files`.
        let path = path.strip_prefix("//").unwrap_or(path);
        return if path.is_empty() { Err("no path after `file:`") } else { Ok(Url::Folder(path.into())) };
    }
    let place = text.strip_prefix("s3://").ok_or("unknown scheme")?;
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(plain) {
        return Err("a bucket's name has 3 to 63 lowercase letters, digits, dots and hyphens");
    }
    let prefix = prefix.trim_matches('/');
    let part = |part: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !part.is_empty() && !part.chars().all(|c| c == '.') && part.chars().all(plain)
    };
    if !prefix.is_empty() && !prefix.split('/').all(part) {
        return Err("a prefix has letters, digits, dots, hyphens and underscores between its slashes");
    }
    Ok(Url::S3 { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
}

/// An address without path; in plain HTTP only on this machine, or where it is allowed in so many words.
fn endpoint(text: &str, plain_http: bool) -> Result<String, &'static str> {
    let text = text.trim_end_matches('/');
    let (plain, authority) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(authority), _) => (false, authority),
        (_, Some(authority)) => (true, authority),
        _ => return Err("it begins with neither https:// nor http://"),
    };
    if authority.is_empty() || authority.contains(['/', '@', '?', '#', ' ']) {
        return Err("only a host and a port are wanted behind the scheme");
    }
    if plain && !plain_http && !is_this_machine(authority) {
        return Err("plain HTTP to another machine would show the files to the network");
    }
    Ok(text.to_owned())
}

fn is_this_machine(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn word(text: &str, also: &str) -> Result<String, &'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || also.contains(c);
    if text.is_empty() || !text.chars().all(plain) {
        Err("it holds a character that none of them has")
    } else {
        Ok(text.to_owned())
    }
}

/// The one line of a file that nobody but its owner, or his group, may read.
fn secret_in(path: &Path) -> Result<Secret, String> {
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    let mode = file.metadata().map_err(|error| error.to_string())?.permissions().mode();
    if mode & 0o004 != 0 {
        return Err(format!("everybody may read it; chmod 600 {}", path.display()));
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(|error| error.to_string())?;
    match text.trim() {
        "" => Err("there is nothing in it".to_owned()),
        secret => Ok(Secret::new(secret)),
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, ffi::OsString, fs, io::Write as _};

    use super::*;
    use crate::config::{Config, ConfigErrors, Flags};

    fn load(variables: &[(&str, &str)]) -> Result<FilesPlace, ConfigErrors> {
        let variables: HashMap<_, _> = variables.iter().copied().collect();
        Config::load(&|name| variables.get(name).map(OsString::from), Flags::default()).map(|it| it.files)
    }

    fn wrong(variables: &[(&str, &str)]) -> Vec<String> {
        load(variables).unwrap_err().lines().to_vec()
    }

    const KEYS: [(&str, &str); 2] = [("JIANYI_S3_ACCESS_KEY", "AK"), ("JIANYI_S3_SECRET", "river-wall")];

    fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        [&KEYS[..], more].concat()
    }

    #[test]
    fn a_folder_or_a_bucket_is_read() {
        assert_eq!(load(&[("JIANYI_FILES_URL", "file:///srv/f")]), Ok(FilesPlace::Folder("/srv/f".into())));
        assert_eq!(load(&[("JIANYI_FILES_URL", "file:f")]), Ok(FilesPlace::Folder("f".into())));
        let place = load(&with(&[
            ("JIANYI_FILES_URL", "s3://jianyi-files/wuxing/2024/"),
            ("JIANYI_S3_ENDPOINT", "https://oss.example.gov.cn/"),
            ("JIANYI_S3_REGION", "cn-east-1"),
        ]));
        let bucket = Bucket {
            bucket: "jianyi-files".to_owned(),
            prefix: "wuxing/2024".to_owned(),
            endpoint: Some("https://oss.example.gov.cn".to_owned()),
            region: "cn-east-1".to_owned(),
            access_key: "AK".to_owned(),
            secret: Secret::new("river-wall"),
            plain_http: false,
        };
        assert!(!format!("{bucket:?}").contains("river-wall"));
        assert_eq!(place, Ok(FilesPlace::S3(bucket)));
    }

    #[test]
    fn plain_http_stays_on_this_machine_unless_it_is_allowed() {
        let at = |endpoint: &str, allowed: &str| {
            load(&with(&[
                ("JIANYI_FILES_URL", "s3://files"),
                ("JIANYI_S3_ENDPOINT", endpoint),
                ("JIANYI_S3_PLAIN_HTTP", allowed),
            ]))
        };
        for home in ["http://127.0.0.1:9000", "http://localhost:9000", "http://[::1]:9000"] {
            assert!(matches!(at(home, "false"), Ok(FilesPlace::S3(it)) if it.plain_http), "{home}");
        }
        for far in ["http://10.0.0.3:9000", "http://localhost.example.com", "http://127.0.0.1.example.com:80"]
        {
            let told = at(far, "false").unwrap_err().to_string();
            assert!(
                told.contains("JIANYI_S3_ENDPOINT") && told.contains("JIANYI_S3_PLAIN_HTTP=true"),
                "{told}"
            );
            assert!(matches!(at(far, "true"), Ok(FilesPlace::S3(it)) if it.plain_http), "{far}");
        }
        for wrong in ["oss.example.com", "https://", "https://a/b", "https://user:pw@host", "ftp://a"] {
            assert!(at(wrong, "true").is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_missing_or_wrong_is_told_all_at_once_and_no_secret_with_it() {
        let url = ("JIANYI_FILES_URL", "s3://files");
        let lines = wrong(&[url]);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].contains("JIANYI_S3_ACCESS_KEY") && lines[1].contains("JIANYI_S3_SECRET_FILE"));
        for wrong_url in
            ["s3://", "s3://A_B", "s3://files/../x", "s3://files/a//b", "gs://files", "files", "file:"]
        {
            assert_eq!(wrong(&with(&[("JIANYI_FILES_URL", wrong_url)])).len(), 1, "{wrong_url}");
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().to_str().unwrap();
        let filed = [url, ("JIANYI_S3_ACCESS_KEY", "AK"), ("JIANYI_S3_SECRET_FILE", path)];
        assert!(wrong(&filed)[0].contains("nothing in it"));
        writeln!(file.as_file(), "river-wall").unwrap();
        assert!(matches!(load(&filed), Ok(FilesPlace::S3(it)) if it.secret == Secret::new("river-wall")));
        let both = wrong(&[&filed[..], &[("JIANYI_S3_SECRET", "other-wall")]].concat());
        assert!(
            both.iter().any(|line| line.contains("both set")) && !both.concat().contains("wall"),
            "{both:?}"
        );
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
        let open = wrong(&filed);
        assert!(open.len() == 1 && open[0].contains("chmod 600"), "{open:?}");
        fs::remove_file(path).unwrap();
        assert!(wrong(&filed)[0].contains("JIANYI_S3_SECRET_FILE"));
    }
}

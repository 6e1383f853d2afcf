//! Which database: chosen by the URL's scheme, and by nothing else.
//!
//! Diesel's own choice tries one backend after the other, so that an unreachable PostgreSQL ends in a
//! SQLite *file* named like its URL. Here an unknown scheme is an error before anything is opened.

use std::fmt;
use std::path::PathBuf;

use super::Secret;

/// A database this program can serve from.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file, made at first use.
    Sqlite(PathBuf),
    /// A libpq URL, kept as it was written: percent signs, several hosts and IPv6 are libpq's to read.
    Postgres(Secret),
}

/// Why a text is not a database URL. Never holds the text, for it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// `mysql://…`, a bare path, a typing mistake.
    #[error("unknown scheme{}", .0.as_deref().map(|scheme| format!(" {scheme:?}")).unwrap_or_default())]
    Scheme(Option<String>),
    /// `sqlite:` with nothing behind it.
    #[error("no path after `sqlite:`")]
    NoPath,
    /// A database in memory: every connection would see its own.
    #[error("a database in memory cannot be shared by connections")]
    InMemory,
    /// `?mode=ro` and the like, or a `file:` URI.
    #[error("a plain path is wanted after `sqlite:`, without `file:` or `?options`")]
    Options,
}

impl DatabaseUrl {
    /// Reads `sqlite:PATH`, `sqlite://PATH`, `postgres://…` or `postgresql://…`.
    pub fn parse(text: &str) -> Result<Self, DatabaseUrlError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(Secret::new(text)));
        }
        let Some(path) = text.strip_prefix("sqlite:") else {
            return Err(DatabaseUrlError::Scheme(scheme(text)));
        };
        // Other programs write `sqlite://data/x.db` for a relative path and `sqlite:///x.db` for an absolute one.
        let path = path.strip_prefix("//").unwrap_or(path);
        match path {
            "" => Err(DatabaseUrlError::NoPath),
            ":memory:" => Err(DatabaseUrlError::InMemory),
            path if path.starts_with("file:") || path.contains('?') => Err(DatabaseUrlError::Options),
            path => Ok(Self::Sqlite(PathBuf::from(path))),
        }
    }
}

impl DatabaseUrl {
    /// Whether a password stands in it, as far as that can be told; in doubt it does.
    pub fn holds_password(&self) -> bool {
        let Self::Postgres(url) = self else { return false };
        let (_, body) = url.expose().split_once("://").unwrap_or_default();
        let user = body.rsplit_once('@').map(|(user, _)| user);
        body.contains("password=") || user.is_some_and(|user| user.contains(':'))
    }
}

/// The part before `://`, when it looks like a scheme; anything else might be part of a password.
fn scheme(text: &str) -> Option<String> {
    let (scheme, _) = text.split_once("://")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    (scheme.len() <= 16 && scheme.chars().all(plain)).then(|| scheme.to_owned())
}

/// The server and database of a PostgreSQL URL, or nothing when they cannot be told from a password for sure.
fn place(url: &str) -> Option<&str> {
    let (_, body) = url.split_once("://")?;
    let (head, query) = body.split_once('?').unwrap_or((body, ""));
    // An `@` behind the `?` may be the end of an unescaped password such as `pa?ss@host`.
    if query.contains('@') {
        return None;
    }
    if let Some((_, place)) = head.rsplit_once('@') {
        return Some(place);
    }
    // Without an `@`, `user:secret` looks like `host:port`, unless the port is a number.
    let authority = head.split('/').next().unwrap_or(head);
    let is_port = |port: &str| port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit());
    let is_host = |host: &str| match host.strip_prefix('[') {
        Some(v6) => v6.split_once(']').is_some_and(|(_, port)| port.strip_prefix(':').is_none_or(is_port)),
        None => host.split_once(':').is_none_or(|(_, port)| is_port(port)),
    };
    authority.split(',').all(is_host).then_some(head)
}

impl fmt::Display for DatabaseUrl {
    /// Without user, password and options: `sqlite:data/jianyi.db`, `postgres://***@db:5432/jianyi`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => match place(url.expose()) {
                Some(place) => write!(f, "postgres://***@{place}"),
                None => f.write_str("postgres://***"),
            },
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sqlite_paths_are_read_as_other_programs_write_them() {
        let path = |text| match DatabaseUrl::parse(text) {
            Ok(DatabaseUrl::Sqlite(path)) => path,
            other => panic!("{other:?}"),
        };
        assert_eq!(path("sqlite:data/a.db"), PathBuf::from("data/a.db"));
        assert_eq!(path("sqlite://data/a.db"), PathBuf::from("data/a.db"));
        assert_eq!(path("sqlite:///srv/a.db"), PathBuf::from("/srv/a.db"));
        assert_eq!(path("sqlite:/srv/建议 1.db"), PathBuf::from("/srv/建议 1.db"));
    }

    #[test]
    fn anything_but_sqlite_and_postgres_is_refused() {
        let scheme = |it: &str| DatabaseUrlError::Scheme(Some(it.to_owned()));
        assert_eq!(DatabaseUrl::parse("mysql://root:pw@db/x"), Err(scheme("mysql")));
        assert_eq!(DatabaseUrl::parse("Postgres://db/x"), Err(scheme("Postgres")));
        assert_eq!(DatabaseUrl::parse("jianyi.db"), Err(DatabaseUrlError::Scheme(None)));
        assert_eq!(DatabaseUrl::parse("postgres:db"), Err(DatabaseUrlError::Scheme(None)));
        assert_eq!(DatabaseUrl::parse("sqlite:"), Err(DatabaseUrlError::NoPath));
        assert_eq!(DatabaseUrl::parse("sqlite::memory:"), Err(DatabaseUrlError::InMemory));
        assert_eq!(DatabaseUrl::parse("sqlite:a.db?mode=ro"), Err(DatabaseUrlError::Options));
        assert_eq!(DatabaseUrl::parse("sqlite:file:a.db"), Err(DatabaseUrlError::Options));
    }

    #[test]
    fn a_postgres_url_reaches_libpq_as_it_was_written() {
        for url in [
            "postgres://u:p%40ss%2Fword@db:5432/jianyi?sslmode=require",
            "postgresql://u@[2001:db8::1]:5432/jianyi",
            "postgresql://a:1,b:2/jianyi?target_session_attrs=read-write",
            "postgresql:///jianyi?host=/run/postgresql&password=secret",
        ] {
            match DatabaseUrl::parse(url) {
                Ok(DatabaseUrl::Postgres(kept)) => assert_eq!(kept.expose(), url),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_postgres_url_shows_the_server_and_hides_the_rest() {
        let shown = |url| DatabaseUrl::parse(url).map(|it| format!("{it:?}")).unwrap();
        assert_eq!(shown("postgres://u:p%40ss@db:5432/jianyi?password=x"), "postgres://***@db:5432/jianyi");
        assert_eq!(
            shown("postgresql://[2001:db8::1]:5432/jianyi"),
            "postgres://***@[2001:db8::1]:5432/jianyi"
        );
        assert_eq!(shown("postgresql://a:1,b:2/jianyi"), "postgres://***@a:1,b:2/jianyi");
        assert_eq!(shown("postgres://u:forgot-the-host"), "postgres://***");
        assert_eq!(shown("postgres://u:pa?ss@db/jianyi"), "postgres://***");
    }

    #[test]
    fn it_is_known_whether_a_password_stands_in_it() {
        let holds = |url| DatabaseUrl::parse(url).unwrap().holds_password();
        assert!(holds("postgres://u:pw@db/jianyi") && holds("postgresql:///jianyi?host=db&password=pw"));
        assert!(
            !holds("postgres://u@db:5432/jianyi")
                && !holds("postgres://db:5432/jianyi")
                && !holds("sqlite:a.db")
        );
    }

    proptest! {
        #[test]
        fn no_password_shows_however_badly_it_is_escaped(
            before in "[!-~]{0,12}", after in "[!-~]{0,12}", at in prop::bool::ANY,
        ) {
            // The mark stands for the secret: it must not show wherever in the password it stands.
            let password = format!("{before}MARK{after}");
            let url = if at {
                format!("postgres://jianyi:{password}@db:5432/jianyi")
            } else {
                format!("postgres://db:5432/jianyi?password={password}")
            };
            let shown = DatabaseUrl::parse(&url).unwrap().to_string();
            prop_assert!(!shown.contains("MARK"), "{shown}");
        }
    }
}

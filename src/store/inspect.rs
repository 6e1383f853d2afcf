//! A look at a database that changes nothing of it: whose it is, how it is reached and guarded, which time it has.

use super::{
    Address, Db, OpenError, StoreError,
    connection::connect,
    migrate::{self, Schema},
    schema::{events, settings, users},
};
use chrono::NaiveDateTime;
use diesel::{
    connection::SimpleConnection,
    prelude::*,
    sql_types::{Bool, Text, Timestamp},
};
use std::path::Path;

/// A connection to look through.
pub struct Peek(Db);

/// How this machine reaches the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// A file, a local socket or this machine's own network.
    Local,
    Tls,
    /// Over the network in plain text.
    Plain,
}

/// A way to sign in.
#[derive(Clone, Debug, Queryable)]
pub struct Account {
    pub username: String,
    /// argon2id, in PHC form.
    pub password: Option<String>,
}

/// Opens a SQLite file that cannot be written through, and is not made where it is missing.
fn connect_to_look(path: &Path) -> Result<Db, diesel::r2d2::Error> {
    // The characters that end a path in an address, or quote another.
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let db = SqliteConnection::establish(&format!("file:{path}?mode=ro"));
    let mut db = Db::Sqlite(db.map_err(diesel::r2d2::Error::ConnectionError)?);
    db.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF;")
        .map_err(diesel::r2d2::Error::QueryError)?;
    Ok(db)
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

#[derive(QueryableByName)]
struct Trigger {
    #[diesel(sql_type = Text)]
    name: String,
    /// What it does, in words of the file that laid it.
    #[diesel(sql_type = Text)]
    body: String,
}

#[derive(QueryableByName)]
struct Reached {
    #[diesel(sql_type = Bool)]
    tls: bool,
    #[diesel(sql_type = Bool)]
    local: bool,
}

#[derive(QueryableByName)]
struct Instant {
    #[diesel(sql_type = Timestamp)]
    instant: NaiveDateTime,
}

impl Peek {
    /// # Errors
    /// [`OpenError::Unreachable`] if it is not there, or does not answer.
    pub fn open(address: &Address) -> Result<Peek, OpenError> {
        let unreachable = |reason: String| OpenError::Unreachable { address: address.to_string(), reason };
        let db = match address {
            Address::Sqlite(path) => {
                if !path.exists() {
                    return Err(unreachable("there is no such file".to_owned()));
                }
                connect_to_look(path)
            }
            Address::Postgres(_) => connect(address, true),
        };
        Ok(Peek(db.map_err(|e| unreachable(e.to_string()))?))
    }

    /// How its schema stands to this program's.
    pub fn schema(&mut self) -> Result<Schema, StoreError> {
        Ok(migrate::schema(&mut self.0)?)
    }

    /// SQLite's, as built in, or the server's: `15.14 (Debian 15.14-0+deb12u1)`.
    pub fn version(&mut self) -> Result<String, StoreError> {
        let asked = match &self.0 {
            Db::Sqlite(_) => "SELECT sqlite_version() AS word",
            Db::Postgres(_) => "SELECT current_setting('server_version') AS word",
        };
        Ok(diesel::sql_query(asked).get_result::<Word>(&mut self.0)?.word)
    }

    /// Whether this program works with SQLite of that version.
    pub fn sqlite_is_new_enough(&mut self) -> bool {
        migrate::check_version(&mut self.0).is_ok()
    }

    pub fn link(&mut self) -> Result<Link, StoreError> {
        let Db::Postgres(_) = self.0 else { return Ok(Link::Local) };
        let asked = "SELECT COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS tls, \
                     COALESCE(inet_client_addr() <<= '127.0.0.0/8' OR inet_client_addr() = '::1', true) AS local";
        let Reached { tls, local } = diesel::sql_query(asked).get_result(&mut self.0)?;
        Ok(if tls {
            Link::Tls
        } else if local {
            Link::Local
        } else {
            Link::Plain
        })
    }

    /// The triggers that should keep the ledger, and are not there, are switched off, or say something else.
    pub fn guards_missing(&mut self) -> Result<Vec<String>, StoreError> {
        let asked = match &self.0 {
            Db::Sqlite(_) => "SELECT name, sql AS body FROM sqlite_master WHERE type = 'trigger'",
            Db::Postgres(_) => {
                "SELECT CAST(t.tgname AS TEXT) AS name, CAST(p.prosrc AS TEXT) AS body FROM pg_trigger t \
                 JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
            }
        };
        let laid: Vec<Trigger> = diesel::sql_query(asked).load(&mut self.0)?;
        let wanted = migrate::guards(&self.0);
        let names = wanted.lines().filter_map(|line| line.strip_prefix("CREATE TRIGGER ")?.split(' ').next());
        let whole = |name: &&str| laid.iter().any(|it| it.name == *name && wanted.contains(it.body.trim()));
        Ok(names.filter(|name| !whole(name)).map(str::to_owned).collect())
    }

    /// The server's time; a SQLite file has none of its own.
    pub fn now(&mut self) -> Result<Option<NaiveDateTime>, StoreError> {
        let Db::Postgres(_) = self.0 else { return Ok(None) };
        let asked = "SELECT clock_timestamp() AT TIME ZONE 'UTC' AS instant";
        Ok(Some(diesel::sql_query(asked).get_result::<Instant>(&mut self.0)?.instant))
    }

    /// When the latest event was recorded.
    pub fn latest_event(&mut self) -> Result<Option<NaiveDateTime>, StoreError> {
        Ok(events::table.select(diesel::dsl::max(events::recorded_at)).first(&mut self.0)?)
    }

    /// A fact about the installation; see [`super::settings`].
    pub fn setting(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(settings::table.find(name).select(settings::value).first(&mut self.0).optional()?)
    }

    /// The accounts that can sign in with a password.
    pub fn accounts(&mut self) -> Result<Vec<Account>, StoreError> {
        let able = users::table.filter(users::disabled.eq(false)).filter(users::password.is_not_null());
        Ok(able.order(users::username).select((users::username, users::password)).load(&mut self.0)?)
    }
}

//! Embedded migrations: the same schema, once in each database's words.

use super::{
    connection::{Address, Db},
    error::OpenError,
};
use diesel::{
    QueryResult, QueryableByName, RunQueryDsl, connection::SimpleConnection, migration::MigrationVersion,
    sql_types::Text,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Triggers are not part of the chain: they are laid anew at each start, so that they are always today's.
const SQLITE_GUARDS: &str = include_str!("guards_sqlite.sql");
const POSTGRES_GUARDS: &str = include_str!("guards_postgres.sql");

/// The oldest SQLite without the bug that can corrupt a WAL database under concurrent checkpoints.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

pub(super) fn check_version(db: &mut Db) -> Result<(), OpenError> {
    let Db::Sqlite(_) = db else { return Ok(()) };
    let version = sqlite_version(db).unwrap_or_default();
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    let read = (next(), next(), next());
    if read < OLDEST_SQLITE { Err(OpenError::OldSqlite(version)) } else { Ok(()) }
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

fn sqlite_version(db: &mut Db) -> Option<String> {
    let row: Version = diesel::sql_query("SELECT sqlite_version() AS version").get_result(db).ok()?;
    Some(row.version)
}

/// Brings the schema up to this program's, one process at a time.
pub(super) fn up(db: &mut Db, address: &Address) -> Result<(), OpenError> {
    newer(db, address)?;
    let failed = |reason: String| OpenError::Migration { address: address.to_string(), reason };
    if let Db::Postgres(_) = db {
        // Two servers that start at once: the second waits, and finds the work done.
        db.batch_execute("SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock(7263001)")
            .map_err(|e| failed(e.to_string()))?;
    }
    let ran = match db {
        Db::Sqlite(c) => c.run_pending_migrations(SQLITE).map(|_| ()).map_err(|e| failed(e.to_string())),
        Db::Postgres(c) => c.run_pending_migrations(POSTGRES).map(|_| ()).map_err(|e| failed(e.to_string())),
    };
    let guarded = ran.and_then(|()| {
        let guards = match db {
            Db::Sqlite(_) => SQLITE_GUARDS,
            Db::Postgres(_) => POSTGRES_GUARDS,
        };
        db.batch_execute(guards).map_err(|e| failed(e.to_string()))
    });
    if let Db::Postgres(_) = db {
        // Released with the connection in any case.
        let _ = db.batch_execute("SELECT pg_advisory_unlock(7263001)");
    }
    guarded
}

/// For readers: the schema must be this program's already.
pub(super) fn check(db: &mut Db, address: &Address) -> Result<(), OpenError> {
    newer(db, address)?;
    let pending = match db {
        Db::Sqlite(c) => c.has_pending_migration(SQLITE),
        Db::Postgres(c) => c.has_pending_migration(POSTGRES),
    };
    match pending {
        Ok(false) => Ok(()),
        Ok(true) => Err(OpenError::Older { address: address.to_string() }),
        Err(e) => Err(OpenError::Migration { address: address.to_string(), reason: e.to_string() }),
    }
}

/// How a database's schema stands to this program's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schema {
    Current,
    /// Nothing is there yet.
    Empty,
    /// So many migrations have to run.
    Older(usize),
    /// A newer program wrote it; the first migration that is unknown here.
    Newer(String),
}

/// Looks only: diesel's own question makes its table where there is none.
pub(super) fn schema(db: &mut Db) -> QueryResult<Schema> {
    let (there, known) = match db {
        Db::Sqlite(_) => (
            "SELECT CAST(count(*) AS TEXT) AS version FROM sqlite_master WHERE name = '__diesel_schema_migrations'",
            versions::<diesel::sqlite::Sqlite>(&SQLITE),
        ),
        Db::Postgres(_) => (
            "SELECT CAST(count(to_regclass('__diesel_schema_migrations')) AS TEXT) AS version",
            versions::<diesel::pg::Pg>(&POSTGRES),
        ),
    };
    let there: Version = diesel::sql_query(there).get_result(db)?;
    if there.version == "0" {
        return Ok(Schema::Empty);
    }
    let applied: Vec<Version> =
        diesel::sql_query("SELECT version FROM __diesel_schema_migrations").load(db)?;
    let known: Vec<String> = known.iter().map(ToString::to_string).collect();
    if let Some(newer) = applied.iter().find(|it| !known.contains(&it.version)) {
        return Ok(Schema::Newer(newer.version.clone()));
    }
    match known.len() - applied.len() {
        0 => Ok(Schema::Current),
        missing => Ok(Schema::Older(missing)),
    }
}

/// The triggers that keep the ledger, as they are laid at each start.
pub(super) fn guards(db: &Db) -> &'static str {
    match db {
        Db::Sqlite(_) => SQLITE_GUARDS,
        Db::Postgres(_) => POSTGRES_GUARDS,
    }
}

fn newer(db: &mut Db, address: &Address) -> Result<(), OpenError> {
    let failed = |reason: String| OpenError::Unreachable { address: address.to_string(), reason };
    let (applied, known) = match db {
        Db::Sqlite(c) => (c.applied_migrations(), versions::<diesel::sqlite::Sqlite>(&SQLITE)),
        Db::Postgres(c) => (c.applied_migrations(), versions::<diesel::pg::Pg>(&POSTGRES)),
    };
    let applied = applied.map_err(|e| failed(e.to_string()))?;
    match applied.iter().find(|version| !known.contains(version)) {
        Some(version) => Err(OpenError::Newer { address: address.to_string(), version: version.to_string() }),
        None => Ok(()),
    }
}

fn versions<DB: diesel::backend::Backend>(migrations: &EmbeddedMigrations) -> Vec<MigrationVersion<'static>> {
    use diesel::migration::MigrationSource;
    let known: Vec<Box<dyn diesel::migration::Migration<DB>>> = migrations.migrations().unwrap_or_default();
    known.iter().map(|m| m.name().version().as_owned()).collect()
}

//! One store over two databases, chosen by the address: opening, reading, writing.

use super::{
    error::{OpenError, StoreError},
    lock::Lock,
    migrate,
    recent::{Recent, Touch},
    sqlite_writer::Writer,
};
use diesel::{
    Connection, PgConnection, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    r2d2::{ManageConnection, Pool},
};
use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

/// Where the data is kept.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    Sqlite(PathBuf),
    /// The URL as libpq takes it, password and all.
    Postgres(String),
}

impl fmt::Display for Address {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Address::Postgres(url) => {
                let place = url.rsplit_once('@').map_or_else(
                    || url.split_once("://").map_or(url.as_str(), |(_, rest)| rest),
                    |(_, place)| place,
                );
                write!(f, "postgres://{}", place.split('?').next().unwrap_or(place))
            }
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A connection to either database.
// The derived `establish` is never called: it would open a SQLite file when PostgreSQL is down.
#[derive(diesel::MultiConnection)]
pub enum Db {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

struct Manager {
    address: Address,
    read_only: bool,
}

/// A connection in the pool, and whether it was seen dead.
struct Pooled {
    db: Db,
    dead: bool,
}

impl Pooled {
    /// Asked after a failure only: asking at every use would cost a round trip each time.
    fn examine(&mut self) {
        self.dead = self.db.batch_execute("SELECT 1").is_err();
    }
}

impl ManageConnection for Manager {
    type Connection = Pooled;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Pooled, Self::Error> {
        Ok(Pooled { db: connect(&self.address, self.read_only)?, dead: false })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), Self::Error> {
        pooled.db.batch_execute("SELECT 1").map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.dead || std::thread::panicking()
    }
}

pub(super) fn connect(address: &Address, read_only: bool) -> Result<Db, diesel::r2d2::Error> {
    let mut db = match address {
        Address::Sqlite(path) => {
            let path = path.to_string_lossy();
            Db::Sqlite(SqliteConnection::establish(&path).map_err(diesel::r2d2::Error::ConnectionError)?)
        }
        Address::Postgres(url) => {
            let patience = if url.contains('?') { "&connect_timeout=5" } else { "?connect_timeout=5" };
            let url = if url.contains("connect_timeout") { url.clone() } else { format!("{url}{patience}") };
            Db::Postgres(PgConnection::establish(&url).map_err(diesel::r2d2::Error::ConnectionError)?)
        }
    };
    let settings = match (&db, read_only) {
        // FULL: an acknowledged write survives a power cut. Only the writer checkpoints the WAL.
        (Db::Sqlite(_), false) => {
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16384;"
        }
        (Db::Sqlite(_), true) => {
            "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; \
             PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -2048;"
        }
        // Every query of ours is served from an index. A plan made while a table was empty would scan it, and stay in
        // the connection while the table grows: seen to make an import of 60,000 rows quadratic.
        (Db::Postgres(_), _) => {
            "SET TIME ZONE 'UTC'; SET statement_timeout = '10s'; SET lock_timeout = '5s'; SET enable_seqscan = off; \
             SET idle_in_transaction_session_timeout = '30s'; SET client_min_messages = 'warning';"
        }
    };
    db.batch_execute(settings).map_err(diesel::r2d2::Error::QueryError)?;
    Ok(db)
}

/// The database, open and migrated.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    address: Address,
    sqlite: bool,
    pool: Pool<Manager>,
    /// SQLite takes one writer at a time, so there is one thread that writes.
    writer: Option<Writer>,
    /// Kept only where no other process writes.
    recent: Option<Arc<Recent>>,
    _lock: Option<Lock>,
}

/// How a store is to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The service, or a command that writes: migrates, and keeps other writers out of a SQLite file.
    Write,
    /// A command that only reads; may run beside the service.
    Read,
}

impl Store {
    /// # Errors
    /// When the database cannot be reached, is newer than this program, or (SQLite) is held by another process.
    pub fn open(address: &Address, purpose: Purpose, connections: u32) -> Result<Store, OpenError> {
        let unreachable = |reason: String| OpenError::Unreachable { address: address.to_string(), reason };
        let sqlite = matches!(address, Address::Sqlite(_));
        let lock = match address {
            Address::Sqlite(path) => {
                if purpose == Purpose::Read && !path.exists() {
                    return Err(unreachable("there is no such file".to_owned()));
                }
                if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
                    let mut own = std::fs::DirBuilder::new();
                    std::os::unix::fs::DirBuilderExt::mode(own.recursive(true), 0o700);
                    own.create(folder).map_err(|e| unreachable(e.to_string()))?;
                }
                let lock = (purpose == Purpose::Write).then(|| Lock::take(path, address)).transpose()?;
                private(path).map_err(|e| unreachable(e.to_string()))?;
                lock
            }
            Address::Postgres(_) => None,
        };
        let mut first = connect(address, false).map_err(|e| unreachable(e.to_string()))?;
        migrate::check_version(&mut first)?;
        match purpose {
            Purpose::Write => migrate::up(&mut first, address)?,
            Purpose::Read => migrate::check(&mut first, address)?,
        }
        let (writer, recent) = match purpose {
            Purpose::Write if sqlite => {
                let recent = Arc::new(Recent::new());
                (Some(Writer::start(first, recent.clone())), Some(recent))
            }
            _ => (None, None),
        };
        let pool = Pool::builder()
            .max_size(connections.max(1))
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(2))
            // A broken connection shows itself in the statement; asking first costs a round trip each time.
            .test_on_check_out(false)
            .build(Manager { address: address.clone(), read_only: sqlite })
            .map_err(|e| unreachable(e.to_string()))?;
        Ok(Store(Arc::new(Inner { address: address.clone(), sqlite, pool, writer, recent, _lock: lock })))
    }

    /// Reads on a connection of the pool, outside a transaction.
    ///
    /// A SQLite read takes microseconds and runs where it is called; a PostgreSQL read waits on a thread of its own.
    pub async fn read<T, E>(&self, f: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if self.is_sqlite() {
            return self.read_here(f);
        }
        let store = self.clone();
        on_a_thread(move || store.read_here(f)).await
    }

    /// Reads on a thread of its own whatever the database: for queries that may take milliseconds, which would hold up
    /// every other request of their worker.
    pub async fn read_aside<T, E>(
        &self,
        f: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let store = self.clone();
        on_a_thread(move || store.read_here(f)).await
    }

    /// The same for callers that may block.
    pub fn read_here<T, E>(&self, f: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let mut pooled = self.connection()?;
        let read = f(&mut pooled.db);
        if read.is_err() {
            pooled.examine();
        }
        read
    }

    /// Reads several statements as of one instant.
    pub async fn snapshot<T, E>(
        &self,
        f: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.read(move |db| as_of_one_instant(db, f)).await
    }

    /// The same on a thread of its own whatever the database: for a walk over all that a congress has.
    pub async fn snapshot_aside<T, E>(
        &self,
        f: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.read_aside(move |db| as_of_one_instant(db, f)).await
    }

    /// What was read lately, where that can be known to be true still.
    pub fn recent(&self) -> Option<&Recent> {
        self.0.recent.as_deref()
    }

    /// Writes in one transaction: all of it is there afterwards, or, on an error, none.
    ///
    /// `f` may run more than once: where two transactions collide, the loser starts again.
    pub async fn write<T, E>(
        &self,
        touch: Touch,
        f: impl Fn(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + IsConflict + Send + 'static,
    {
        match &self.0.writer {
            Some(writer) => writer.write(touch, f).await,
            None => {
                let store = self.clone();
                on_a_thread(move || store.write_on_postgres(f)).await
            }
        }
    }

    /// The same for callers that may block, such as the command line.
    pub fn write_here<T, E>(&self, f: impl Fn(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + IsConflict + Send + 'static,
    {
        match &self.0.writer {
            Some(writer) => writer.write_here(f),
            None => self.write_on_postgres(f),
        }
    }

    fn write_on_postgres<T, E>(&self, f: impl Fn(&mut Db) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError> + IsConflict,
    {
        const TRIES: u32 = 8;
        let mut pooled = self.connection()?;
        let mut tries = 1;
        loop {
            let written = in_transaction(&mut pooled.db, &f);
            match written {
                Err(error) if error.is_conflict() && tries < TRIES => tries += 1,
                Err(error) => {
                    pooled.examine();
                    return Err(error);
                }
                done => return done,
            }
        }
    }

    fn connection(&self) -> Result<diesel::r2d2::PooledConnection<Manager>, StoreError> {
        self.0.pool.get().map_err(|e| StoreError::Unavailable(e.to_string()))
    }

    pub fn is_sqlite(&self) -> bool {
        self.0.sqlite
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read(|db| {
            diesel::sql_query("SELECT 1").execute(db)?;
            Ok(())
        })
        .await
    }

    /// Takes what was deleted and overwritten out of the database's own files, after an erasure. SQLite: the file is
    /// written anew and its log emptied. PostgreSQL: its place is freed to be overwritten; what archived logs and
    /// backups hold is beyond this program.
    pub fn scrub(&self) -> Result<(), StoreError> {
        let mut db = connect(&self.0.address, false).map_err(|e| StoreError::Unavailable(e.to_string()))?;
        let steps: &[&str] = match &db {
            Db::Sqlite(_) => &["PRAGMA secure_delete = ON", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"],
            // One by one: several in one call would be a transaction, in which nothing is vacuumed.
            Db::Postgres(_) => &[
                "SET statement_timeout = 0",
                "VACUUM personal_texts",
                "VACUUM users",
                "VACUUM sign_ins",
                "VACUUM deputies",
                "VACUUM cases",
                "VACUUM idempotency",
            ],
        };
        for step in steps {
            db.batch_execute(step)?;
        }
        Ok(())
    }

    /// Commands committed, and the commits that they took (SQLite's group commit).
    pub fn group_commit(&self) -> Option<(u64, u64)> {
        self.0.writer.as_ref().map(Writer::counts)
    }
}

/// Makes a file that is not there yet for its owner alone: it will hold what deputies and departments wrote.
fn private(path: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn as_of_one_instant<T, E: From<StoreError>>(
    db: &mut Db,
    f: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    let begin = match db {
        Db::Sqlite(_) => "BEGIN",
        Db::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    db.batch_execute(begin).map_err(StoreError::from)?;
    let read = f(db);
    db.batch_execute("COMMIT").map_err(StoreError::from)?;
    read
}

fn in_transaction<T, E: From<StoreError>>(db: &mut Db, f: impl Fn(&mut Db) -> Result<T, E>) -> Result<T, E> {
    db.batch_execute("BEGIN").map_err(StoreError::from)?;
    match f(db) {
        Ok(value) => {
            db.batch_execute("COMMIT").map_err(StoreError::from)?;
            Ok(value)
        }
        Err(error) => {
            // If even this fails the connection is dead, and the server has rolled back by itself.
            let _ = db.batch_execute("ROLLBACK");
            Err(error)
        }
    }
}

/// Whether an error is worth another try of the whole transaction.
pub trait IsConflict {
    fn is_conflict(&self) -> bool;
}

impl IsConflict for StoreError {
    fn is_conflict(&self) -> bool {
        matches!(self, StoreError::Conflict)
    }
}

async fn on_a_thread<T, E>(f: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    match tokio::task::spawn_blocking(f).await {
        Ok(result) => result,
        Err(panic) => Err(StoreError::Unavailable(format!("a database task failed: {panic}")).into()),
    }
}

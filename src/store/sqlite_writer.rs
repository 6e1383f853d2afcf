//! SQLite's one writer: a thread that commits many waiting writes together.
//!
//! Each write runs in a savepoint, so that a refused one leaves no trace in its neighbours' transaction. Nobody is
//! told of success before the commit that carries his write has reached the disk.

use super::{
    connection::{Db, IsConflict},
    error::StoreError,
    recent::{Recent, Touch},
};
use diesel::connection::SimpleConnection;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
};
use tokio::sync::oneshot;

/// Writes that may wait; beyond that, callers are told that the database is busy.
const WAITING: usize = 2048;
/// Writes that share one commit at most, so that no caller waits long for its neighbours.
const TOGETHER: usize = 256;

/// Runs inside a savepoint; tells whether to keep it, and answers the caller once the commit is through.
struct Job {
    touch: Touch,
    run: Box<dyn FnOnce(&mut Db) -> Ran + Send>,
}

/// Whether to keep what was written, and how to tell.
type Ran = (bool, Answer);

type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

pub(super) struct Writer {
    jobs: SyncSender<Job>,
    written: Arc<AtomicU64>,
    commits: Arc<AtomicU64>,
}

impl Writer {
    pub fn start(db: Db, recent: Arc<Recent>) -> Writer {
        let (jobs, waiting) = sync_channel(WAITING);
        let (written, commits) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let counts = (written.clone(), commits.clone());
        std::thread::spawn(move || run(db, &waiting, &recent, &counts.0, &counts.1));
        Writer { jobs, written, commits }
    }

    pub fn counts(&self) -> (u64, u64) {
        (self.written.load(Ordering::Relaxed), self.commits.load(Ordering::Relaxed))
    }

    pub async fn write<T, E>(
        &self,
        touch: Touch,
        f: impl Fn(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + IsConflict + Send + 'static,
    {
        let answer = self.send(touch, f)?;
        answer.await.unwrap_or_else(|_| Err(gone().into()))
    }

    pub fn write_here<T, E>(&self, f: impl Fn(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + IsConflict + Send + 'static,
    {
        let answer = self.send(Touch::Everything, f)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(gone().into()))
    }

    fn send<T, E>(
        &self,
        touch: Touch,
        f: impl Fn(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, E>>, StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let run = Box::new(move |db: &mut Db| {
            let done = f(db);
            let keep = done.is_ok();
            let answer: Answer = Box::new(move |committed| {
                let answer = match (done, committed) {
                    (Ok(_), Err(lost)) => Err(lost.into()),
                    (done, _) => done,
                };
                // A caller that has gone away needs no answer.
                let _ = sender.send(answer);
            });
            (keep, answer)
        });
        self.jobs.try_send(Job { touch, run }).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => gone(),
        })?;
        Ok(receiver)
    }
}

fn gone() -> StoreError {
    StoreError::Unavailable("the writer has stopped".to_owned())
}

fn run(mut db: Db, waiting: &Receiver<Job>, recent: &Recent, written: &AtomicU64, commits: &AtomicU64) {
    while let Ok(first) = waiting.recv() {
        let batch = std::iter::once(first).chain(waiting.try_iter()).take(TOGETHER);
        let mut touched = Vec::new();
        let (answers, committed) = commit(&mut db, batch, &mut touched);
        recent.forget(&touched);
        if committed.is_ok() {
            written.fetch_add(answers.len() as u64, Ordering::Relaxed);
            commits.fetch_add(1, Ordering::Relaxed);
        }
        let committed = committed.map_err(|e| e.to_string());
        for answer in answers {
            answer(committed.clone().map_err(StoreError::Unavailable));
        }
    }
}

fn commit(
    db: &mut Db,
    batch: impl Iterator<Item = Job>,
    touched: &mut Vec<Touch>,
) -> (Vec<Answer>, Result<(), StoreError>) {
    let mut answers = Vec::new();
    // IMMEDIATE: the write lock is taken now, not in the middle where it could fail.
    let begun = db.batch_execute("BEGIN IMMEDIATE");
    for job in batch {
        if begun.is_ok() {
            touched.push(job.touch.clone());
            answers.extend(in_savepoint(db, job));
        }
    }
    let end = match begun {
        Ok(()) => db.batch_execute("COMMIT"),
        Err(error) => Err(error),
    };
    if end.is_err() {
        // Nothing to undo where BEGIN itself failed.
        let _ = db.batch_execute("ROLLBACK");
    }
    (answers, end.map_err(StoreError::from))
}

/// `None` if the job panicked: its sender is dropped, and its caller learns that nothing was written.
fn in_savepoint(db: &mut Db, job: Job) -> Option<Answer> {
    db.batch_execute("SAVEPOINT job").ok()?;
    let ran = catch_unwind(AssertUnwindSafe(|| (job.run)(db))).ok();
    let keep = ran.as_ref().is_some_and(|(keep, _)| *keep);
    let undo = if keep { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    let ended = db.batch_execute(undo);
    match (ran, ended) {
        (Some((_, answer)), Ok(())) => Some(answer),
        (Some((_, answer)), Err(error)) => {
            answer(Err(error.into()));
            None
        }
        (None, _) => None,
    }
}

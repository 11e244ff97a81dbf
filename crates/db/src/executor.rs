//! Threads that own a connection each, and the queue in front of them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::error::Error;
use crate::postgresql;
use crate::recall::{Memory, Question};
use crate::seal::SealKey;
use crate::sqlite;
use crate::tx::{Backend, Tx};

/// Most transactions that share one commit on SQLite.
const MOST_IN_A_GROUP: usize = 256;

/// How often a transaction that lost against another one is tried on PostgreSQL.
const MOST_TRIES: u32 = 5;

/// A database. Cheap to clone; its threads end when the last clone is dropped.
#[derive(Clone)]
pub struct Db {
    writers: Sender<Job>,
    readers: Sender<Job>,
    kind: &'static str,
    key: Option<SealKey>,
    memory: Memory,
}

/// Tells a waiting caller how it ended; the argument is the commit's own result.
type Answer = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// One transaction: what to run, whether to keep what it did, whom to answer.
type Job = Box<dyn FnMut(&mut Tx<'_>) -> Outcome + Send>;

enum Outcome {
    /// To be kept, if the commit succeeds.
    Keep(Answer),
    /// To be rolled back.
    Drop(Answer),
    /// Lost against another transaction: to be rolled back and tried again.
    Retry(Answer),
}

impl Db {
    /// Opens the database at `sqlite://PATH` or `postgres://…`.
    ///
    /// # Errors
    /// An address of another kind, or a database that cannot be opened.
    pub fn open(url: &str) -> Result<Self, Error> {
        let threads = std::thread::available_parallelism()
            .map_or(2, usize::from)
            .clamp(2, 16);
        if let Some(path) = url.strip_prefix("sqlite://") {
            if path.is_empty() {
                return Err(Error::Address(url.to_owned()));
            }
            return open_sqlite(Path::new(path), threads * 2);
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return open_postgres(url, threads * 4);
        }
        Err(Error::Address(url.to_owned()))
    }

    /// The same database, with the key of its sealed values.
    #[must_use]
    pub fn with_key(mut self, key: SealKey) -> Self {
        self.key = Some(key);
        self
    }

    /// `sqlite` or `postgres`, for logs.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Runs a transaction that may write, and waits without blocking. When `work` fails, nothing
    /// of it is kept. It may run more than once, so it must have no effect outside `tx`.
    ///
    /// # Errors
    /// What `work` returns, or why the commit failed.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + IsConflict + Send + 'static,
    {
        receive(self.send(&self.writers, work)?.await)
    }

    /// Runs a transaction that only reads, on one snapshot, and waits without blocking.
    ///
    /// # Errors
    /// What `work` returns.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + IsConflict + Send + 'static,
    {
        receive(self.send(&self.readers, work)?.await)
    }

    /// The answer to a question that is asked often: read once, and kept until something in the
    /// database changes.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn recall<Q: Question>(&self, question: Q) -> Result<Arc<Q::Answer>, Q::Error> {
        let memory = self.memory.clone();
        self.read(move |tx| memory.answer(tx, &question)).await
    }

    /// [`Db::write`] for programs without an asynchronous runtime.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + IsConflict + Send + 'static,
    {
        receive(self.send(&self.writers, work)?.blocking_recv())
    }

    /// [`Db::read`] for programs without an asynchronous runtime.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + IsConflict + Send + 'static,
    {
        receive(self.send(&self.readers, work)?.blocking_recv())
    }

    fn send<T, E, F>(
        &self,
        queue: &Sender<Job>,
        mut work: F,
    ) -> Result<oneshot::Receiver<Result<T, E>>, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + IsConflict + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        let answer = Arc::new(Mutex::new(Some(answer)));
        let key = self.key.clone();
        let job: Job = Box::new(move |tx| {
            tx.key.clone_from(&key);
            let result = catch_unwind(AssertUnwindSafe(|| work(tx)))
                .unwrap_or_else(|_| Err(E::from(Error::Panicked)));
            let keep = result.is_ok();
            let retry = result.as_ref().is_err_and(IsConflict::is_conflict);
            let answer = Arc::clone(&answer);
            let finish: Answer = Box::new(move |committed| {
                let sender = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
                let result = result.and_then(|value| committed.map(|()| value).map_err(E::from));
                if let Some(sender) = sender {
                    // The caller may have gone away; what was decided is decided.
                    let _ = sender.send(result);
                }
            });
            match (keep, retry) {
                (true, _) => Outcome::Keep(finish),
                (false, true) => Outcome::Retry(finish),
                (false, false) => Outcome::Drop(finish),
            }
        });
        let gone = || {
            E::from(Error::Unavailable(
                "the database's threads have ended".to_owned(),
            ))
        };
        queue.send(job).map_err(|_| gone())?;
        Ok(receiver)
    }
}

/// Whether an error means that another transaction was quicker.
pub trait IsConflict {
    /// Whether trying again may help.
    fn is_conflict(&self) -> bool {
        false
    }
}

impl IsConflict for Error {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }
}

fn receive<T, E: From<Error>>(
    answer: Result<Result<T, E>, oneshot::error::RecvError>,
) -> Result<T, E> {
    let gone = |_| {
        E::from(Error::Unavailable(
            "the database's thread has ended".to_owned(),
        ))
    };
    answer.map_err(gone).flatten()
}

fn open_sqlite(path: &Path, readers: usize) -> Result<Db, Error> {
    let writer = sqlite::open_writer(path)?;
    let (writers, jobs) = channel();
    spawn("sqlite-writer", move || write_in_groups(&writer, &jobs))?;
    let (reading, jobs) = channel();
    let jobs = Arc::new(Mutex::new(jobs));
    for _ in 0..readers {
        let (jobs, path) = (Arc::clone(&jobs), PathBuf::from(path));
        let connection = sqlite::open_reader(&path)?;
        spawn("sqlite-reader", move || {
            while let Some(mut job) = next(&jobs) {
                let begun = connection.execute_batch("BEGIN");
                let outcome = job(&mut Tx::new(Backend::Sqlite(&connection)));
                let ended = begun.and_then(|()| connection.execute_batch("COMMIT"));
                answer_of(outcome)(ended.map_err(Error::from));
            }
        })?;
    }
    Ok(Db {
        writers,
        readers: reading,
        kind: "sqlite",
        key: None,
        memory: Memory::default(),
    })
}

/// Takes all jobs that wait, runs each in its own savepoint, commits once, answers all. A job that
/// comes alone needs no savepoint.
fn write_in_groups(connection: &rusqlite::Connection, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(MOST_IN_A_GROUP - 1));
        if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
            // The jobs are dropped without being run; their callers learn that nobody answers.
            tracing::error!(%error, "SQLite cannot begin to write");
            continue;
        }
        let is_alone = group.len() == 1;
        let mut kept = Vec::new();
        let before = connection.total_changes();
        for mut job in group {
            let mut dropped = None;
            let work = || match job(&mut Tx::new(Backend::Sqlite(connection))) {
                Outcome::Keep(answer) => Some(answer),
                Outcome::Drop(answer) | Outcome::Retry(answer) => {
                    dropped = Some(answer);
                    None
                }
            };
            let result = if is_alone {
                sqlite::alone(connection, work)
            } else {
                sqlite::in_savepoint(connection, work)
            };
            match (result, dropped) {
                (Ok(Some(answer)), _) => kept.push(answer),
                (Ok(None), Some(answer)) => answer(Ok(())),
                (Err(error), Some(answer)) => answer(Err(error)),
                (Ok(None) | Err(_), None) => {}
            }
        }
        let counted = if connection.total_changes() == before {
            Ok(())
        } else {
            sqlite::count_change(connection)
        };
        let committed = counted.and_then(|()| Ok(connection.execute_batch("COMMIT")?));
        if committed.is_err() && !connection.is_autocommit() {
            // Nothing more can be done than to give the transaction up.
            let _ = connection.execute_batch("ROLLBACK");
        }
        let failure = committed.err().map(|error| error.to_string());
        for answer in kept {
            answer(match &failure {
                None => Ok(()),
                Some(text) => Err(Error::Driver(text.clone())),
            });
        }
    }
}

fn open_postgres(url: &str, threads: usize) -> Result<Db, Error> {
    // The first connection is made here, so that a wrong address is told at once.
    drop(postgresql::Connection::open(url)?);
    let open = |begin: &'static str| -> Result<Sender<Job>, Error> {
        let (queue, jobs) = channel();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..threads {
            let (jobs, url) = (Arc::clone(&jobs), url.to_owned());
            spawn("postgres", move || {
                let mut connection = None;
                while let Some(mut job) = next(&jobs) {
                    run_on_postgres(&mut connection, &url, begin, &mut job);
                }
            })?;
        }
        Ok(queue)
    };
    Ok(Db {
        writers: open("BEGIN")?,
        readers: open("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")?,
        kind: "postgres",
        key: None,
        memory: Memory::default(),
    })
}

fn run_on_postgres(
    connection: &mut Option<postgresql::Connection>,
    url: &str,
    begin: &str,
    job: &mut Job,
) {
    for attempt in 1..=MOST_TRIES {
        if connection
            .as_ref()
            .is_none_or(postgresql::Connection::is_closed)
        {
            *connection = postgresql::Connection::open(url)
                .inspect_err(|error| tracing::error!(%error, "PostgreSQL"))
                .ok();
        }
        // Without a connection the job is dropped, and its caller learns that nobody answers.
        let Some(open) = connection.as_mut() else {
            return;
        };
        let ready = open.batch(begin);
        let outcome = job(&mut Tx::new(Backend::Postgres(open)));
        let (keep, again) = match &outcome {
            Outcome::Keep(_) => (ready.is_ok(), false),
            Outcome::Drop(_) => (false, false),
            Outcome::Retry(_) => (false, attempt < MOST_TRIES),
        };
        let ended = open.batch(if keep { "COMMIT" } else { "ROLLBACK" });
        if again {
            continue;
        }
        return answer_of(outcome)(ready.and(ended));
    }
}

fn answer_of(outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Keep(answer) | Outcome::Drop(answer) | Outcome::Retry(answer) => answer,
    }
}

fn next(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    jobs.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .recv()
        .ok()
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map(drop)
        .map_err(|error| Error::Unavailable(error.to_string()))
}

//! How far a job is, as whoever works on it says after each batch.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use db::IsConflict;

/// Why a job ends without what was asked for.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It was cancelled, or another process holds it.
    Cancelled,
    /// A Chinese sentence that says what is wrong and what to do.
    Told(String),
    /// Our fault.
    Inside(web::Error),
    /// The database failed.
    Database(db::Error),
}

impl From<db::Error> for Stop {
    fn from(error: db::Error) -> Self {
        Self::Database(error)
    }
}

impl From<web::Error> for Stop {
    fn from(error: web::Error) -> Self {
        match error {
            web::Error::Refused(sentence) | web::Error::Forbidden(sentence) => Self::Told(sentence),
            other => Self::Inside(other),
        }
    }
}

impl IsConflict for Stop {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_conflict())
    }
}

/// How far a job is. The worker writes it to the job's row every moment, so that whoever reports
/// waits for nothing.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    done: AtomicI64,
    total: AtomicI64,
    step: Mutex<&'static str>,
    is_stopped: AtomicBool,
}

impl Progress {
    /// Says what is done now, and how much there is of it together with what was done before;
    /// 0 while that is not known.
    ///
    /// # Errors
    /// [`Stop::Cancelled`]: nobody wants it any more.
    pub(crate) fn step(&self, word: &'static str, total: i64) -> Result<(), Stop> {
        *self.step.lock().unwrap_or_else(PoisonError::into_inner) = word;
        self.total.store(total, Ordering::Relaxed);
        self.go_on()
    }

    /// Says how much is done.
    ///
    /// # Errors
    /// [`Stop::Cancelled`]: nobody wants it any more.
    pub(crate) fn at(&self, done: i64) -> Result<(), Stop> {
        self.done.store(done, Ordering::Relaxed);
        self.go_on()
    }

    fn go_on(&self) -> Result<(), Stop> {
        if self.is_stopped.load(Ordering::Relaxed) {
            Err(Stop::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Ends the work at its next report.
    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// What is done, how much of it, and how much there is.
    pub(super) fn now(&self) -> (&'static str, i64, i64) {
        let step = *self.step.lock().unwrap_or_else(PoisonError::into_inner);
        let (done, total) = (
            self.done.load(Ordering::Relaxed),
            self.total.load(Ordering::Relaxed),
        );
        (step, done, total)
    }
}

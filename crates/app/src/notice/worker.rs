//! What the server does by itself: reminds of deadlines, sends the mail, sweeps what is old, ends
//! the requests that nobody decided in time.

use std::sync::Arc;
use std::time::Duration;

use db::{Db, Error};

use super::mail::{self, Environment};
use super::{outbox, reminder, store};
use crate::identity;
use crate::serve::{later, now_text};

/// How long the worker rests when there is nothing to do.
const REST: Duration = Duration::from_secs(20);

/// How long a notice is kept after it was read.
///
/// House rule: until the same work of next year is over, so that a clerk can look up last year's.
const KEEP_READ_SECONDS: i64 = 550 * 24 * 3600;

/// Works until the process ends. Every process that serves the database does this; the leases of
/// the outbox and the keys of the reminders keep them from doing a thing twice.
pub(crate) async fn run(db: Db, environment: Arc<Environment>) {
    let mut said = String::new();
    loop {
        match round(&db, &environment, &now_text()).await {
            Ok(Round { sent, problem }) => {
                // A wrong setting is told once, not every twenty seconds.
                if problem != said {
                    if !problem.is_empty() {
                        tracing::error!(%problem, "mail");
                    }
                    said = problem;
                }
                if sent > 0 {
                    continue;
                }
            }
            Err(error) => tracing::error!(%error, "the worker of notices and mail"),
        }
        tokio::time::sleep(REST).await;
    }
}

/// What a round did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Round {
    /// How many mails were taken.
    pub(crate) sent: usize,
    /// What is wrong with the settings, if anything.
    pub(crate) problem: String,
}

/// Reminds, sends a batch of mail, and sweeps.
///
/// # Errors
/// The database fails.
pub(crate) async fn round(db: &Db, environment: &Environment, now: &str) -> Result<Round, Error> {
    let moment = now.to_owned();
    db.write(move |tx| reminder::remind(tx, &moment).map(drop))
        .await?;
    let (moment, kept) = (now.to_owned(), environment.clone());
    let named = db
        .write(move |tx| {
            store::sweep(tx, &later(&moment, -KEEP_READ_SECONDS))?;
            outbox::sweep(tx, &moment)?;
            identity::end_expired(tx, &moment)?;
            mail::read(tx, &kept)
        })
        .await?;
    match named.settings(environment) {
        Ok(Some(settings)) => Ok(Round {
            sent: outbox::send_due(db, &settings, now).await?,
            problem: String::new(),
        }),
        // Mail waits until a server is set.
        Ok(None) => Ok(Round::default()),
        Err(problem) => Ok(Round { sent: 0, problem }),
    }
}

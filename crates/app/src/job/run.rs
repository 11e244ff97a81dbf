//! Works on one job, from the queue to its end.

use std::sync::Arc;
use std::time::Duration;

use db::{Db, Tx};
use domain::permission::{Action, Actor, Decision, may};
use sha2::{Digest as _, Sha256};

use super::progress::{Progress, Stop};
use super::store::{self, End, Job, Kept};
use super::{Kind, words};
use crate::attachment::PIECE_BYTES;
use crate::audit::{self, Change};
use crate::identity::store as accounts;
use crate::notice::{self, Notice};
use crate::serve::{App, later, now_text, seconds_between, today};
use crate::{list, organisation, statement};

/// How often the row says how far the job is.
const REPORT: Duration = Duration::from_millis(500);

/// Seconds without a report after which whoever worked on a job is gone.
pub(super) const LEASE_SECONDS: i64 = 20;

/// Seconds that a file is kept.
///
/// House rule: until the next day, so that what is asked for in the evening is there in the
/// morning; the figures in it are old then.
const KEEP_SECONDS: i64 = 24 * 3600;

/// Seconds after which a person has turned to other work and is told of the end.
const TOLD_AFTER_SECONDS: i64 = 10;

/// Who asked for a job, as the account is when it is worked on.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    /// The name to log in with, as events name who acted.
    pub(crate) login: String,
    /// The person as the permission table sees it.
    pub(crate) actor: Actor,
}

impl Owner {
    /// Whether the owner may still do this.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub(crate) fn demand(&self, action: Action) -> Result<(), Stop> {
        match may(&self.actor, action) {
            Decision::Allowed(_) => Ok(()),
            Decision::Denied(reason) => Err(Stop::Told(reason)),
            Decision::Hidden => Err(Stop::Told("您没有这项权限，请联系系统管理员".to_owned())),
        }
    }
}

/// A job as whoever works on it sees it.
#[derive(Clone)]
pub(crate) struct Task {
    /// The database.
    pub(crate) db: Db,
    /// The job's id.
    pub(crate) id: String,
    /// Who asked for it.
    pub(crate) owner: Owner,
    /// What was asked for, as JSON.
    pub(crate) parameters: String,
    /// When it was begun.
    pub(crate) now: String,
    /// To be told after each batch.
    pub(crate) progress: Arc<Progress>,
}

impl Task {
    /// What was asked for.
    ///
    /// # Errors
    /// It is not what the feature wrote.
    pub(crate) fn asked<T: serde::de::DeserializeOwned>(&self) -> Result<T, Stop> {
        serde_json::from_str(&self.parameters).map_err(|cause| Stop::Inside(cause.into()))
    }
}

/// What comes of a job.
#[derive(Debug)]
pub(crate) enum Product {
    /// A file to be saved.
    File {
        /// With its ending.
        name: String,
        /// The media type.
        media_type: &'static str,
        /// What is in it.
        bytes: Vec<u8>,
    },
    /// A page of this site: it was ended by [`finish`] in the transaction of its own change.
    Finished,
}

/// Works on the next job; whether there was one.
///
/// # Errors
/// The database fails.
pub(super) async fn next(app: &App) -> Result<bool, db::Error> {
    let now = now_text();
    let (moment, lease) = (now.clone(), later(&now, LEASE_SECONDS));
    let claimed = app
        .db
        .write(move |tx| store::claim(tx, &moment, &lease))
        .await?;
    let Some((job, kind)) = claimed else {
        return Ok(false);
    };
    let progress = app.jobs.start(&job.id);
    let outcome = work(app, &job, kind, now, &progress).await;
    let ended = end(app, &job, progress.now(), outcome).await;
    app.jobs.end(&job.id);
    ended?;
    Ok(true)
}

/// Works on the job and says all the while how far it is.
async fn work(
    app: &App,
    job: &Job,
    kind: Kind,
    now: String,
    progress: &Arc<Progress>,
) -> Result<Product, Stop> {
    let account = job.account.clone();
    let found = app.db.read(move |tx| {
        let account = accounts::find_by_id(tx, &account)?;
        let account = account.filter(|it| it.present().refusal(&today()).is_none());
        let Some(account) = account else {
            return Ok::<_, db::Error>(None);
        };
        let actor = accounts::actor(tx, &account)?;
        Ok(Some(Owner {
            login: account.login,
            actor,
        }))
    });
    let Some(owner) = found.await? else {
        return Err(Stop::Told(
            "账号已停用，这项长任务没有执行：请联系系统管理员".to_owned(),
        ));
    };
    let task = Task {
        db: app.db.clone(),
        id: job.id.clone(),
        owner,
        parameters: job.parameters.clone(),
        now,
        progress: Arc::clone(progress),
    };
    // A task of its own, so that one that panics takes no worker with it.
    let working = tokio::spawn(produce(kind, task));
    tokio::select! {
        ended = working => ended.map_err(|cause| Stop::Inside(cause.into()))?,
        error = report(&app.db, &job.id, progress) => Err(error),
    }
}

async fn produce(kind: Kind, task: Task) -> Result<Product, Stop> {
    match kind {
        Kind::ListExport => list::export(task).await,
        Kind::UnitPreview => organisation::preview_job(task).await,
        Kind::UnitImport => organisation::import_job(task).await,
        Kind::Statement => statement::job(task).await,
    }
}

/// Writes how far the job is until it is nobody's any more.
async fn report(db: &Db, id: &str, progress: &Arc<Progress>) -> Stop {
    loop {
        tokio::time::sleep(REPORT).await;
        let (id, now) = (id.to_owned(), progress.now());
        let lease = later(&now_text(), LEASE_SECONDS);
        let reported = db
            .write(move |tx| store::report(tx, &id, now, &lease))
            .await;
        match reported {
            Ok(true) => {}
            Ok(false) => {
                progress.stop();
                // What is under way ends at its next report; a change that was made all the same
                // has ended the job itself.
                return Stop::Cancelled;
            }
            // The next report may succeed, and the lease is longer than a few of them.
            Err(error) => tracing::error!(%error, "the progress of a job"),
        }
    }
}

async fn end(
    app: &App,
    job: &Job,
    at: (&'static str, i64, i64),
    outcome: Result<Product, Stop>,
) -> Result<(), db::Error> {
    let failed = |message: String| End {
        message,
        ..End::default()
    };
    let end = match outcome {
        Ok(Product::Finished) | Err(Stop::Cancelled) => return Ok(()),
        Ok(Product::File {
            name,
            media_type,
            bytes,
        }) => End {
            is_done: true,
            file: Some(keep(&app.db, &job.id, (name, media_type), bytes).await?),
            ..End::default()
        },
        Err(Stop::Told(sentence)) => failed(sentence),
        Err(Stop::Inside(error)) => failed(words::inside(&error)),
        Err(Stop::Database(error)) => failed(words::inside(&error.into())),
    };
    let (job, now) = (job.clone(), now_text());
    let ended = app.db.write(move |tx| {
        store::report(tx, &job.id, at, &now)?;
        finish_as(tx, &job, &now, &end).map(drop)
    });
    ended.await
}

/// Keeps the file in pieces, each in a transaction of its own, so that no writer waits long.
async fn keep(
    db: &Db,
    id: &str,
    (name, media_type): (String, &str),
    bytes: Vec<u8>,
) -> Result<Kept, db::Error> {
    let digest = web::token::hex(&Sha256::digest(&bytes));
    let mut pieces = 0_i64;
    for piece in bytes.chunks(PIECE_BYTES) {
        let (id, piece, position) = (id.to_owned(), piece.to_vec(), pieces);
        db.write(move |tx| store::add_piece(tx, &id, position, &piece))
            .await?;
        pieces += 1;
    }
    Ok(Kept {
        name,
        media_type: media_type.to_owned(),
        digest,
        bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        pieces,
        expires_at: later(&now_text(), KEEP_SECONDS),
    })
}

/// Ends the job of a change in the transaction of the change, which `link` then shows, so that
/// neither is without the other. It comes last in the transaction.
///
/// # Errors
/// [`Stop::Cancelled`]: it was cancelled in the meantime, and nothing may be changed; or the
/// database fails.
pub(crate) fn finish(tx: &mut Tx<'_>, task: &Task, link: &str) -> Result<(), Stop> {
    let account = &task.owner.actor.id.0;
    let job = store::find(tx, account, &task.id)?.ok_or(Stop::Cancelled)?;
    let now = now_text();
    store::report(tx, &job.id, task.progress.now(), &now)?;
    let end = End {
        is_done: true,
        link: link.to_owned(),
        ..End::default()
    };
    if finish_as(tx, &job, &now, &end)? {
        Ok(())
    } else {
        Err(Stop::Cancelled)
    }
}

/// Ends the job, tells its person when it took long, and leaves the event; whether it was still
/// worked on. The pieces of a file that nobody wants any more are taken away.
pub(super) fn finish_as(
    tx: &mut Tx<'_>,
    job: &Job,
    now: &str,
    end: &End,
) -> Result<bool, db::Error> {
    if !store::end(tx, &job.id, now, end)? {
        store::drop_pieces(tx, &job.id)?;
        return Ok(false);
    }
    let Some(account) = accounts::find_by_id(tx, &job.account)? else {
        return Ok(true);
    };
    if seconds_between(&job.asked_at, now).is_some_and(|took| took >= TOLD_AFTER_SECONDS) {
        tell(tx, &account.region, job, now, end)?;
    }
    let mut after = serde_json::json!({"kind": words::kind(&job.kind), "name": job.title});
    if let Some(file) = &end.file {
        after["digest"] = file.digest.clone().into();
    }
    if !end.is_done {
        after["why"] = end.message.clone().into();
    }
    let change = Change {
        actor: &account.login,
        action: if end.is_done {
            "job_done"
        } else {
            "job_failed"
        },
        record: ("job", &job.id),
        before: None,
        after: Some(&after),
    };
    audit::record(tx, now, &change)?;
    Ok(true)
}

fn tell(tx: &mut Tx<'_>, region: &str, job: &Job, now: &str, end: &End) -> Result<(), db::Error> {
    let body = if end.is_done {
        format!("“{}”已完成，点标题查看结果。", job.title)
    } else {
        format!("“{}”没有完成：{}", job.title, end.message)
    };
    let notice = Notice {
        account: &job.account,
        region,
        kind: notice::Kind::System,
        title: if end.is_done {
            "长任务已完成"
        } else {
            "长任务没有完成"
        },
        body: &body,
        link: &format!("/jobs/{}", job.id),
        sent_by: None,
        key: &format!("job/{}", job.id),
    };
    notice::tell(tx, now, &notice).map(drop)
}

//! What the server does by itself: works on the queue, ends what a process left, and takes away
//! what has expired.

use std::time::Duration;

use db::Error;

use super::run::{finish_as, next};
use super::store::{self, End};
use crate::audit::{self, Change, SYSTEM};
use crate::serve::{App, later, now_text};

/// How long a worker waits for a job before it looks by itself.
const REST: Duration = Duration::from_secs(5);

/// How often is looked for what has expired.
const TEND: Duration = Duration::from_secs(10);

/// Seconds after its end that a job is forgotten; its events stay.
///
/// House rule: a month is longer than anybody looks for an export.
const FORGOTTEN_SECONDS: i64 = 30 * 24 * 3600;

/// What a job says that a process left.
pub(super) const LOST: &str = "服务重启，请重新开始";

/// What a job says whose file is gone.
pub(super) const EXPIRED: &str = "文件只保留一天，已经删除：需要时请重新开始";

/// Works until the process ends. Two jobs are worked on at the same time, each takes memory and a
/// processor; the rest of the processors are for the people.
pub(crate) async fn run(app: App) {
    tokio::join!(work(&app), work(&app), tend(&app));
}

async fn work(app: &App) {
    loop {
        match next(app).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the worker of jobs"),
        }
        // Either way the queue is looked at again.
        let _ = tokio::time::timeout(REST, app.jobs.wake.notified()).await;
    }
}

async fn tend(app: &App) {
    loop {
        if let Err(error) = round(app, &now_text()).await {
            tracing::error!(%error, "the tending of jobs");
        }
        tokio::time::sleep(TEND).await;
    }
}

/// Ends what a process left, and takes away what has expired.
///
/// # Errors
/// The database fails.
pub(super) async fn round(app: &App, now: &str) -> Result<(), Error> {
    let ours = app.jobs.running();
    let now = now.to_owned();
    app.db
        .write(move |tx| {
            for job in store::lost(tx, &now)? {
                // A long transaction holds up the reports of this process, but it is not gone.
                if ours.contains(&job.id) {
                    continue;
                }
                let end = End {
                    message: LOST.to_owned(),
                    ..End::default()
                };
                store::drop_pieces(tx, &job.id)?;
                finish_as(tx, &job, &now, &end)?;
            }
            let expired = store::expired(tx, &now)?;
            for id in &expired {
                store::forget_file(tx, id, EXPIRED)?;
            }
            store::forget(tx, &later(&now, -FORGOTTEN_SECONDS))?;
            if expired.is_empty() {
                return Ok(());
            }
            let after = serde_json::json!({"rows": expired.len()});
            let change = Change {
                actor: SYSTEM,
                action: "job_files_deleted",
                record: ("job", ""),
                before: None,
                after: Some(&after),
            };
            audit::record(tx, &now, &change)
        })
        .await
}

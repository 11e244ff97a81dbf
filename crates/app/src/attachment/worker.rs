//! What the server does by itself: takes away bytes that nothing refers to, and has files scanned
//! whose scanner did not answer.

use std::sync::Arc;
use std::time::Duration;

use db::{Db, Error};

use super::scan::Scanner;
use super::store::{self, Scan};
use crate::serve::{later, now_text};

/// How long the worker rests.
const REST: Duration = Duration::from_mins(5);

/// How long bytes may lie without anything that refers to them. An upload touches its bytes with
/// each piece, so what is on its way is never taken away.
const ORPHAN_SECONDS: i64 = 3600;

/// How long after a scanner gave no answer it is asked again.
const AGAIN_SECONDS: i64 = 60;

/// Files of one round.
const MOST_AT_ONCE: i64 = 20;

/// Works until the process ends.
pub(crate) async fn run(db: Db, scanner: Arc<Scanner>) {
    loop {
        if let Err(error) = round(&db, &scanner, &now_text()).await {
            tracing::error!(%error, "the worker of attachments");
        }
        tokio::time::sleep(REST).await;
    }
}

/// Sweeps and scans; how many files were taken away.
///
/// # Errors
/// The database fails.
pub(crate) async fn round(db: &Db, scanner: &Scanner, now: &str) -> Result<usize, Error> {
    let before = later(now, -ORPHAN_SECONDS);
    let swept = db
        .write(move |tx| {
            let mut swept = 0;
            for blob in store::orphans(tx, &before, MOST_AT_ONCE)? {
                swept += usize::from(store::drop_blob(tx, &blob, &before)?);
            }
            Ok::<_, Error>(swept)
        })
        .await?;
    if *scanner != Scanner::None {
        scan_waiting(db, scanner, now).await?;
    }
    Ok(swept)
}

async fn scan_waiting(db: &Db, scanner: &Scanner, now: &str) -> Result<(), Error> {
    let before = later(now, -AGAIN_SECONDS);
    let waiting = db
        .read(move |tx| store::unscanned(tx, &before, MOST_AT_ONCE))
        .await?;
    for (blob, _, pieces) in waiting {
        let (scan, text) = scanner.scan(db, &blob, pieces).await;
        let now = now.to_owned();
        if scan == Scan::Waiting {
            // The scanner is still away; the rest would wait for it in vain.
            return Ok(());
        }
        db.write(move |tx| store::set_scan(tx, &blob, scan, (&text, &now)))
            .await?;
    }
    Ok(())
}

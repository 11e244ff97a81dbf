//! Others who work while pages are asked for: what they change makes kept answers untrue.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Result, bail};
use db::{Db, Error, Sql};

/// Changes a row of the sample and leaves it as it was.
const CHANGE: Sql = Sql {
    name: "CHANGE",
    text: "UPDATE setting SET value = value WHERE name = (SELECT MIN(name) FROM setting)",
};

/// The others, who go on until they are told to end.
pub(crate) struct Others {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<Result<(), Error>>,
}

/// Lets others change the site's database in `data` so many times a second.
pub(crate) fn begin(data: &Path, times_a_second: u32) -> Result<Others> {
    let db = Db::open(&format!("sqlite://{}", data.join("jixiao.db").display()))?;
    let is_over = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&is_over);
    let thread = std::thread::spawn(move || {
        while !told.load(Ordering::Relaxed) {
            db.write_blocking(|tx| tx.execute_one(CHANGE, &[]))?;
            std::thread::sleep(Duration::from_secs(1) / times_a_second);
        }
        Ok(())
    });
    Ok(Others { is_over, thread })
}

impl Others {
    /// Ends their work.
    pub(crate) fn end(self) -> Result<()> {
        self.is_over.store(true, Ordering::Relaxed);
        match self.thread.join() {
            Ok(done) => Ok(done?),
            Err(_) => bail!("the others' thread panicked"),
        }
    }
}

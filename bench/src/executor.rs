//! The same forms as the bare group commit writes, through our executor.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use db::{Db, Error, Migration, Sql, Tx, migrate};

use crate::client::{Load, Times};

const TABLES: &[Migration] = &[Migration {
    name: "0001_form",
    text: "CREATE TABLE form (id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL);
           CREATE TABLE line (form TEXT NOT NULL, position BIGINT NOT NULL, body TEXT NOT NULL,
               PRIMARY KEY (form, position))",
}];

const FORM: Sql = Sql {
    name: "FORM",
    text: "INSERT INTO form VALUES ($1, 1)",
};
const LINE: Sql = Sql {
    name: "LINE",
    text: "INSERT INTO line VALUES ($1, $2, $3)",
};

fn save(tx: &mut Tx<'_>, id: &str) -> Result<(), Error> {
    tx.execute_one(FORM, &[&id])?;
    for position in 0..10_i64 {
        tx.execute_one(LINE, &[&id, &position, &"≥500处"])?;
    }
    Ok(())
}

/// Saves forms of ten lines from as many threads as the load has connections.
pub(crate) fn group_commit(folder: &Path, load: Load) -> Result<Times> {
    let db = Db::open(&format!("sqlite://{}", folder.join("ours.db").display()))?;
    migrate(&db, TABLES)?;
    let begun = Instant::now();
    let one = |client: usize| -> Result<Vec<Duration>, Error> {
        let mut times = Vec::new();
        while begun.elapsed() < load.stretch {
            let (id, asked) = (format!("{client}-{}", times.len()), Instant::now());
            db.write_blocking(move |tx: &mut Tx<'_>| save(tx, &id))?;
            times.push(asked.elapsed());
        }
        Ok(times)
    };
    let one = &one;
    let all: Vec<Result<Vec<Duration>, Error>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..load.connections)
            .map(|client| scope.spawn(move || one(client)))
            .collect();
        let joined = threads.into_iter().filter_map(|thread| thread.join().ok());
        joined.collect()
    });
    let mut times = Vec::new();
    for part in all {
        times.extend(part?);
    }
    Ok(Times::new(times, begun.elapsed()))
}

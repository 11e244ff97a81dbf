//! What the same work costs without jixiao: a handler that answers a page of the same size, one
//! that checks a password, and a bare group commit.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::Path as Part;
use axum::routing::{get, post};
use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::client::{Load, Times};

/// A bare server. Its runtime ends with the program.
pub(crate) fn serve() -> Result<SocketAddr> {
    let (told, address) = channel();
    Builder::new().spawn(move || -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            told.send(listener.local_addr()?)?;
            axum::serve(listener, router()).await?;
            Ok(())
        })
    })?;
    Ok(address.recv_timeout(Duration::from_secs(10))?)
}

fn router() -> Router {
    // As many at a time as jixiao lets.
    let hashing = Arc::new(Semaphore::new(2));
    let hash = Arc::new(web::password::hash("a password").unwrap_or_default());
    let check = move || {
        let (hashing, hash) = (Arc::clone(&hashing), Arc::clone(&hash));
        async move {
            let Ok(_permit) = hashing.acquire().await else {
                return "closed";
            };
            let check = move || web::password::verify("a password", Some(&hash));
            match tokio::task::spawn_blocking(check).await {
                Ok(true) => "good",
                _ => "bad",
            }
        }
    };
    Router::new()
        .route("/page/{bytes}", get(page))
        .route("/password", post(check))
}

async fn page(Part(bytes): Part<usize>) -> String {
    "x".repeat(bytes)
}

/// One form: a record with ten indicators.
const ROWS: usize = 10;

/// A thread that commits all forms that wait together, as jixiao's writer does.
pub(crate) fn group_commit(folder: &Path, load: Load) -> Result<Times> {
    let connection = Connection::open(folder.join("bare.db"))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE form (id TEXT PRIMARY KEY, version BIGINT NOT NULL);
         CREATE TABLE line (form TEXT NOT NULL, position BIGINT NOT NULL, body TEXT NOT NULL,
             PRIMARY KEY (form, position))",
    )?;
    let (queue, jobs) = channel::<(String, Sender<()>)>();
    let writer: JoinHandle<Result<()>> = Builder::new().spawn(move || write(&connection, &jobs))?;
    let begun = Instant::now();
    let times: Vec<Vec<Duration>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..load.connections)
            .map(|client| {
                let queue = queue.clone();
                scope.spawn(move || save(client, load.stretch, begun, &queue))
            })
            .collect();
        let joined = threads.into_iter().filter_map(|thread| thread.join().ok());
        joined.collect()
    });
    drop(queue);
    let ended = writer.join().ok().context("the writer did not panic")?;
    ended?;
    Ok(Times::new(times.concat(), begun.elapsed()))
}

fn save(
    client: usize,
    stretch: Duration,
    begun: Instant,
    queue: &Sender<(String, Sender<()>)>,
) -> Vec<Duration> {
    let mut times = Vec::new();
    let (answer, answered) = channel();
    while begun.elapsed() < stretch {
        let asked = Instant::now();
        let form = format!("{client}-{}", times.len());
        if queue.send((form, answer.clone())).is_err() || answered.recv().is_err() {
            break;
        }
        times.push(asked.elapsed());
    }
    times
}

fn write(connection: &Connection, jobs: &Receiver<(String, Sender<()>)>) -> Result<()> {
    let mut form = connection.prepare("INSERT INTO form VALUES (?1, 1)")?;
    let mut line = connection.prepare("INSERT INTO line VALUES (?1, ?2, ?3)")?;
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(255));
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for (id, _) in &group {
            form.execute([id])?;
            for position in 0..ROWS {
                line.execute((id, i64::try_from(position)?, "≥500处"))?;
            }
        }
        connection.execute_batch("COMMIT")?;
        for (_, answer) in group {
            // Whoever asked may have gone away.
            let _ = answer.send(());
        }
    }
    Ok(())
}

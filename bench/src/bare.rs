//! What the same work costs without jixiao: a handler that answers a page of the same size, one
//! that checks a password, one that commits a form in groups, one that lists what a statement
//! finds, and a bare group commit.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use axum::extract::{Form, Path as Part};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Extension, Router};
use rusqlite::Connection;
use tokio::sync::{Semaphore, oneshot};

use crate::client::{Load, Times};
use crate::form;

/// A bare server, which keeps its forms in `folder`.
pub(crate) fn serve(folder: &Path) -> Result<SocketAddr> {
    let connection = forms(&folder.join("forms.db"))?;
    let (queue, jobs) = channel::<Job>();
    Builder::new().spawn(move || -> Result<()> { write(&connection, &jobs) })?;
    start(router(queue))
}

/// Serves what a router answers. The runtime ends with the program.
pub(crate) fn start(router: Router) -> Result<SocketAddr> {
    let (told, address) = channel();
    Builder::new().spawn(move || -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            told.send(listener.local_addr()?)?;
            axum::serve(listener, router).await?;
            Ok(())
        })
    })?;
    Ok(address.recv_timeout(Duration::from_secs(10))?)
}

fn router(queue: Sender<Job>) -> Router {
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
        .route("/form", post(keep))
        .layer(Extension(queue))
}

/// Reads a form and answers when it is committed.
async fn keep(
    Extension(queue): Extension<Sender<Job>>,
    Form(fields): Form<Vec<(String, String)>>,
) -> StatusCode {
    let (answer, answered) = oneshot::channel();
    let values = fields.into_iter().filter(|(name, _)| form::is_value(name));
    let job = Job {
        form: None,
        lines: values.map(|(_, value)| value).collect(),
        // Whoever asked may have gone away.
        answer: Box::new(|| {
            let _ = answer.send(());
        }),
    };
    if queue.send(job).is_err() || answered.await.is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    StatusCode::OK
}

async fn page(Part(bytes): Part<usize>) -> String {
    "x".repeat(bytes)
}

/// One form: a record with ten indicators.
const ROWS: usize = 10;

/// A form to be committed.
struct Job {
    /// Its id; a number where nobody gives one.
    form: Option<String>,
    lines: Vec<String>,
    answer: Box<dyn FnOnce() + Send>,
}

/// A database of forms, made anew.
fn forms(file: &Path) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE form (id TEXT PRIMARY KEY, version BIGINT NOT NULL);
         CREATE TABLE line (form TEXT NOT NULL, position BIGINT NOT NULL, body TEXT NOT NULL,
             PRIMARY KEY (form, position))",
    )?;
    Ok(connection)
}

/// A thread that commits all forms that wait together, as jixiao's writer does.
pub(crate) fn group_commit(folder: &Path, load: Load) -> Result<Times> {
    let connection = forms(&folder.join("bare.db"))?;
    let (queue, jobs) = channel::<Job>();
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

fn save(client: usize, stretch: Duration, begun: Instant, queue: &Sender<Job>) -> Vec<Duration> {
    let mut times = Vec::new();
    let (answer, answered) = channel();
    while begun.elapsed() < stretch {
        let asked = Instant::now();
        let answer = answer.clone();
        let job = Job {
            form: Some(format!("{client}-{}", times.len())),
            lines: vec!["≥500处".to_owned(); ROWS],
            answer: Box::new(move || {
                // It waits until then.
                let _ = answer.send(());
            }),
        };
        if queue.send(job).is_err() || answered.recv().is_err() {
            break;
        }
        times.push(asked.elapsed());
    }
    times
}

fn write(connection: &Connection, jobs: &Receiver<Job>) -> Result<()> {
    let mut form = connection.prepare("INSERT INTO form VALUES (?1, 1)")?;
    let mut line = connection.prepare("INSERT INTO line VALUES (?1, ?2, ?3)")?;
    let mut count = 0_u64;
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(255));
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for job in &group {
            count += 1;
            let id = job.form.clone().unwrap_or_else(|| count.to_string());
            form.execute([&id])?;
            for (position, body) in (0_i64..).zip(&job.lines) {
                line.execute((&id, position, body))?;
            }
        }
        connection.execute_batch("COMMIT")?;
        for job in group {
            (job.answer)();
        }
    }
    Ok(())
}

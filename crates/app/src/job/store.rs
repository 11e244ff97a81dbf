//! SQL of jobs.

use db::{Error, Row, Tx};

use super::{Kind, New};

/// The columns of a job.
macro_rules! columns {
    () => {
        "id, account_id, kind, title, parameters, state, step, done_steps, total_steps, message, \
         asked_at, started_at, ended_at, link, file_name, file_type, file_digest, file_bytes, \
         file_pieces, expires_at"
    };
}

db::statements! {
    COUNT_OPEN = "SELECT COUNT(*) AS found FROM job WHERE account_id = $1 \
                  AND state IN ('waiting', 'running')";
    INSERT = "INSERT INTO job (id, region_code, account_id, kind, title, parameters, state, step, \
              done_steps, total_steps, message, asked_at, link) \
              VALUES ($1, $2, $3, $4, $5, $6, 'waiting', '', 0, 0, '', $7, '')";
    FIND = concat!("SELECT ", columns!(), " FROM job WHERE id = $1 AND account_id = $2");
    // The cursor is ($2 asked_at, $3 id).
    PAGE = concat!("SELECT ", columns!(), " FROM job WHERE account_id = $1 \
           AND ($2 = '' OR asked_at < $2 OR (asked_at = $2 AND id < $3)) \
           ORDER BY asked_at DESC, id DESC LIMIT $4");
    // How many wait before it, the person's own running one counted.
    AHEAD = "SELECT COUNT(*) AS found FROM job WHERE (state = 'waiting' \
             AND (asked_at < $1 OR (asked_at = $1 AND id < $2))) \
             OR (state = 'running' AND account_id = $3)";
    // One of each person at a time, so that nobody's hundred hold up somebody's one.
    NEXT = concat!("SELECT ", columns!(), " FROM job WHERE state = 'waiting' \
           AND NOT EXISTS (SELECT 1 FROM job other WHERE other.account_id = job.account_id \
           AND other.state = 'running') ORDER BY asked_at, id LIMIT 1");
    // Touching the row locks the queue on PostgreSQL until the transaction ends.
    LOCK_QUEUE = "INSERT INTO setting (name, value) VALUES ('job_queue', '') \
                  ON CONFLICT (name) DO UPDATE SET value = setting.value";
    CLAIM = "UPDATE job SET state = 'running', started_at = $2, lease_until = $3 \
             WHERE id = $1 AND state = 'waiting'";
    REPORT = "UPDATE job SET step = $2, done_steps = $3, total_steps = $4, lease_until = $5 \
              WHERE id = $1 AND state = 'running'";
    END = "UPDATE job SET state = $2, message = $3, ended_at = $4, lease_until = NULL, link = $5, \
           file_name = $6, file_type = $7, file_digest = $8, file_bytes = $9, file_pieces = $10, \
           expires_at = $11, done_steps = CASE WHEN $2 = 'done' THEN total_steps \
           ELSE done_steps END WHERE id = $1 AND state = 'running'";
    CANCEL = "UPDATE job SET state = 'cancelled', message = $3, ended_at = $2, \
              lease_until = NULL WHERE id = $1 AND state IN ('waiting', 'running')";
    LOST = concat!("SELECT ", columns!(), " FROM job WHERE state = 'running' AND lease_until < $1 \
           ORDER BY asked_at, id LIMIT 100");
    ADD_PIECE = "INSERT INTO job_piece (job_id, position, content) VALUES ($1, $2, $3)";
    PIECE = "SELECT content FROM job_piece WHERE job_id = $1 AND position = $2";
    DROP_PIECES = "DELETE FROM job_piece WHERE job_id = $1";
    EXPIRED = "SELECT id FROM job WHERE expires_at < $1 ORDER BY expires_at, id LIMIT 100";
    FORGET_FILE = "UPDATE job SET file_name = NULL, file_type = NULL, file_digest = NULL, \
                   file_bytes = NULL, file_pieces = NULL, expires_at = NULL, message = $2 \
                   WHERE id = $1";
    FORGET = "DELETE FROM job WHERE state IN ('done', 'failed', 'cancelled') AND ended_at < $1 \
              AND expires_at IS NULL";
}

/// A file that came of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) digest: String,
    pub(super) bytes: i64,
    pub(super) pieces: i64,
    pub(super) expires_at: String,
}

/// A job as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) parameters: String,
    pub(super) state: String,
    pub(super) step: String,
    pub(super) done: i64,
    pub(super) total: i64,
    pub(super) message: String,
    pub(super) asked_at: String,
    pub(super) started_at: Option<String>,
    pub(super) ended_at: Option<String>,
    /// A path of this site; empty where a file came of it.
    pub(super) link: String,
    pub(super) file: Option<Kept>,
}

impl Job {
    fn new(row: &Row) -> Result<Self, Error> {
        let file = match row.opt_text("expires_at")? {
            None => None,
            Some(expires_at) => Some(Kept {
                name: row.text("file_name")?,
                media_type: row.text("file_type")?,
                digest: row.text("file_digest")?,
                bytes: row.int("file_bytes")?,
                pieces: row.int("file_pieces")?,
                expires_at,
            }),
        };
        Ok(Self {
            id: row.text("id")?,
            account: row.text("account_id")?,
            kind: row.text("kind")?,
            title: row.text("title")?,
            parameters: row.text("parameters")?,
            state: row.text("state")?,
            step: row.text("step")?,
            done: row.int("done_steps")?,
            total: row.int("total_steps")?,
            message: row.text("message")?,
            asked_at: row.text("asked_at")?,
            started_at: row.opt_text("started_at")?,
            ended_at: row.opt_text("ended_at")?,
            link: row.text("link")?,
            file,
        })
    }

    /// Whether it waits or is worked on.
    pub(super) fn is_open(&self) -> bool {
        matches!(&*self.state, "waiting" | "running")
    }
}

/// How many jobs of the account have not ended.
pub(super) fn count_open(tx: &mut Tx<'_>, account: &str) -> Result<i64, Error> {
    tx.one(COUNT_OPEN, &[&account])?.int("found")
}

/// Puts a job into the queue.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    (region, account): (&str, &str),
    (id, now): (&str, &str),
    new: &New,
) -> Result<(), Error> {
    let values: &[&dyn db::ToValue] = &[
        &id,
        &region,
        &account,
        &new.kind.name(),
        &new.title,
        &new.parameters,
        &now,
    ];
    tx.execute_one(INSERT, values)
}

/// A job of the account.
pub(super) fn find(tx: &mut Tx<'_>, account: &str, id: &str) -> Result<Option<Job>, Error> {
    let row = tx.find(FIND, &[&id, &account])?;
    row.as_ref().map(Job::new).transpose()
}

/// The newest jobs of the account, from after the one that `(asked_at, id)` names.
pub(super) fn page(
    tx: &mut Tx<'_>,
    account: &str,
    after: (&str, &str),
    most: i64,
) -> Result<Vec<Job>, Error> {
    let rows = tx.query(PAGE, &[&account, &after.0, &after.1, &most])?;
    rows.iter().map(Job::new).collect()
}

/// How many come before a job that waits.
pub(super) fn ahead(tx: &mut Tx<'_>, job: &Job) -> Result<i64, Error> {
    tx.one(AHEAD, &[&job.asked_at, &job.id, &job.account])?
        .int("found")
}

/// The next job, which is now worked on until the lease ends.
pub(super) fn claim(
    tx: &mut Tx<'_>,
    now: &str,
    lease_until: &str,
) -> Result<Option<(Job, Kind)>, Error> {
    if tx.find(NEXT, &[])?.is_none() {
        return Ok(None);
    }
    tx.execute_one(LOCK_QUEUE, &[])?;
    let Some(row) = tx.find(NEXT, &[])? else {
        return Ok(None);
    };
    let job = Job::new(&row)?;
    let Some(kind) = Kind::find(&job.kind) else {
        return Ok(None);
    };
    let touched = tx.execute(CLAIM, &[&job.id, &now, &lease_until])?;
    Ok((touched == 1).then_some((job, kind)))
}

/// Says how far the job is and holds it longer; whether it is still worked on.
pub(super) fn report(
    tx: &mut Tx<'_>,
    id: &str,
    (step, done, total): (&str, i64, i64),
    lease_until: &str,
) -> Result<bool, Error> {
    let touched = tx.execute(REPORT, &[&id, &step, &done, &total, &lease_until])?;
    Ok(touched == 1)
}

/// How a job ended.
#[derive(Debug, Clone, Default)]
pub(super) struct End {
    /// Whether what was asked for came of it.
    pub(super) is_done: bool,
    /// What went wrong and what to do.
    pub(super) message: String,
    pub(super) link: String,
    pub(super) file: Option<Kept>,
}

/// Ends a job that is worked on; whether it was.
pub(super) fn end(tx: &mut Tx<'_>, id: &str, now: &str, end: &End) -> Result<bool, Error> {
    let state = if end.is_done { "done" } else { "failed" };
    let file = end.file.as_ref();
    let values: &[&dyn db::ToValue] = &[
        &id,
        &state,
        &end.message,
        &now,
        &end.link,
        &file.map(|file| &*file.name),
        &file.map(|file| &*file.media_type),
        &file.map(|file| &*file.digest),
        &file.map(|file| file.bytes),
        &file.map(|file| file.pieces),
        &file.map(|file| &*file.expires_at),
    ];
    Ok(tx.execute(END, values)? == 1)
}

/// Cancels a job that has not ended; whether it had not.
pub(super) fn cancel(tx: &mut Tx<'_>, id: &str, now: &str, message: &str) -> Result<bool, Error> {
    Ok(tx.execute(CANCEL, &[&id, &now, &message])? == 1)
}

/// Jobs that a process began and left.
pub(super) fn lost(tx: &mut Tx<'_>, now: &str) -> Result<Vec<Job>, Error> {
    tx.query(LOST, &[&now])?.iter().map(Job::new).collect()
}

/// Keeps a piece of the file that came of a job.
pub(super) fn add_piece(
    tx: &mut Tx<'_>,
    id: &str,
    position: i64,
    content: &[u8],
) -> Result<(), Error> {
    tx.execute_one(ADD_PIECE, &[&id, &position, &content.to_vec()])
}

/// A piece of a file.
pub(super) fn piece(tx: &mut Tx<'_>, id: &str, position: i64) -> Result<Option<Vec<u8>>, Error> {
    let row = tx.find(PIECE, &[&id, &position])?;
    row.map(|row| row.bytes("content")).transpose()
}

/// Takes away the pieces of a job's file.
pub(super) fn drop_pieces(tx: &mut Tx<'_>, id: &str) -> Result<(), Error> {
    tx.execute(DROP_PIECES, &[&id]).map(drop)
}

/// Jobs whose file has expired.
pub(super) fn expired(tx: &mut Tx<'_>, now: &str) -> Result<Vec<String>, Error> {
    let rows = tx.query(EXPIRED, &[&now])?;
    rows.iter().map(|row| row.text("id")).collect()
}

/// Takes away a job's file and says so.
pub(super) fn forget_file(tx: &mut Tx<'_>, id: &str, message: &str) -> Result<(), Error> {
    drop_pieces(tx, id)?;
    tx.execute_one(FORGET_FILE, &[&id, &message])
}

/// Forgets what ended before the moment; how many.
pub(super) fn forget(tx: &mut Tx<'_>, before: &str) -> Result<u64, Error> {
    tx.execute(FORGET, &[&before])
}

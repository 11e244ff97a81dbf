//! SQL of attachments and of the bytes behind them.

use db::{Error, Row, Tx};

/// What a list and a download ask of an attachment.
macro_rules! columns {
    () => {
        "SELECT a.id, a.region_code, a.record_kind, a.record_id, a.type, a.name, a.uploaded_at, \
         p.name AS uploaded_by, b.id AS blob_id, b.digest, b.size_bytes, b.pieces, b.media_type, \
         b.scan, b.scan_text FROM attachment a JOIN blob b ON b.id = a.blob_id \
         JOIN account p ON p.id = a.uploaded_by "
    };
}

db::statements! {
    BEGIN = "INSERT INTO blob (id, region_code, digest, size_bytes, pieces, media_type, scan, \
             scan_text, scanned_at, touched_at) \
             VALUES ($1, $2, NULL, 0, 0, '', 'none', '', NULL, $3)";
    ADD_PIECE = "INSERT INTO blob_piece (blob_id, position, content) VALUES ($1, $2, $3)";
    GROW = "UPDATE blob SET size_bytes = $2, pieces = $3, touched_at = $4 \
            WHERE id = $1 AND digest IS NULL";
    PIECE = "SELECT content FROM blob_piece WHERE blob_id = $1 AND position = $2";
    FINISH = "UPDATE blob SET digest = $2, media_type = $3, scan = $4, scan_text = $5, \
              scanned_at = $6, touched_at = $7 WHERE id = $1 AND digest IS NULL";
    FIND_BLOB = "SELECT id, scan FROM blob WHERE digest = $1";
    // Whoever sweeps waits for this row, and then sees that it was touched.
    TOUCH = "UPDATE blob SET touched_at = $2 WHERE id = $1";
    DROP_BLOB = "DELETE FROM blob WHERE id = $1 AND touched_at < $2 AND NOT EXISTS \
                 (SELECT 1 FROM attachment a WHERE a.blob_id = blob.id)";
    ORPHANS = "SELECT b.id FROM blob b WHERE b.touched_at < $1 AND NOT EXISTS \
               (SELECT 1 FROM attachment a WHERE a.blob_id = b.id) ORDER BY b.id LIMIT $2";
    UNSCANNED = "SELECT id, size_bytes, pieces FROM blob WHERE scan = 'waiting' \
                 AND digest IS NOT NULL AND touched_at < $1 ORDER BY touched_at, id LIMIT $2";
    SET_SCAN = "UPDATE blob SET scan = $2, scan_text = $3, scanned_at = $4, touched_at = $4 \
                WHERE id = $1 AND scan = 'waiting'";
    INSERT = "INSERT INTO attachment (id, region_code, record_kind, record_id, type, name, \
              blob_id, uploaded_by, uploaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    FIND = concat!(columns!(), "WHERE a.id = $1");
    OF_RECORD = concat!(columns!(), "WHERE a.record_kind = $1 AND a.record_id = $2 \
                ORDER BY a.type, a.uploaded_at, a.id");
    OF_OBJECT = concat!(columns!(), "WHERE \
        (a.record_kind = 'ex_ante_assessment' AND a.record_id IN \
         (SELECT r.id FROM ex_ante_assessment r WHERE r.object_id = $1)) \
        OR (a.record_kind = 'performance_target' AND a.record_id IN \
         (SELECT r.id FROM performance_target r WHERE r.object_id = $1)) \
        OR (a.record_kind = 'monitoring' AND a.record_id IN \
         (SELECT r.id FROM monitoring r WHERE r.object_id = $1)) \
        OR (a.record_kind = 'self_evaluation' AND a.record_id IN \
         (SELECT r.id FROM self_evaluation r WHERE r.object_id = $1)) \
        OR (a.record_kind = 'key_evaluation' AND a.record_id IN \
         (SELECT r.id FROM key_evaluation r WHERE r.object_id = $1)) \
        OR (a.record_kind = 'rectification' AND a.record_id IN \
         (SELECT r.id FROM rectification r JOIN key_evaluation k ON k.id = r.key_evaluation_id \
         WHERE k.object_id = $1)) ORDER BY a.uploaded_at DESC, a.id");
    HAS = "SELECT COUNT(*) AS found FROM attachment a JOIN blob b ON b.id = a.blob_id \
           WHERE a.record_kind = $1 AND a.record_id = $2 AND a.type = $3 \
           AND b.scan IN ('none', 'clean')";
    COUNT = "SELECT COUNT(*) AS found FROM attachment WHERE record_kind = $1 AND record_id = $2";
    DELETE = "DELETE FROM attachment WHERE id = $1";
}

/// An attachment with its bytes' facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attachment {
    pub(super) id: String,
    pub(super) region: String,
    pub(super) kind: String,
    pub(super) record: String,
    pub(super) type_name: String,
    pub(super) name: String,
    pub(super) uploaded_by: String,
    pub(super) uploaded_at: String,
    pub(super) blob: String,
    pub(super) digest: String,
    pub(super) size: i64,
    pub(super) pieces: i64,
    pub(super) media_type: String,
    pub(super) scan: Scan,
    /// What the scanner said.
    pub(super) scan_text: String,
}

/// What is known of a file's viruses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scan {
    /// No scanner was set when it came.
    None,
    /// It is to be scanned.
    Waiting,
    /// Nothing was found.
    Clean,
    /// Something was found: it is shut away.
    Infected,
}

impl Scan {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Waiting => "waiting",
            Self::Clean => "clean",
            Self::Infected => "infected",
        }
    }

    fn find(name: &str) -> Self {
        // What nobody knows is not handed out.
        [Self::None, Self::Clean, Self::Infected]
            .into_iter()
            .find(|scan| scan.name() == name)
            .unwrap_or(Self::Waiting)
    }

    /// Whether it may be downloaded.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::None | Self::Clean)
    }
}

/// Begins to keep a file.
pub(super) fn begin(tx: &mut Tx<'_>, blob: &str, region: &str, now: &str) -> Result<(), Error> {
    tx.execute_one(BEGIN, &[&blob, &region, &now])
}

/// Adds the next piece; `size` is that of all pieces together.
pub(super) fn add_piece(
    tx: &mut Tx<'_>,
    blob: &str,
    position: i64,
    content: &[u8],
    (size, now): (i64, &str),
) -> Result<(), Error> {
    tx.execute_one(ADD_PIECE, &[&blob, &position, &content])?;
    tx.execute_one(GROW, &[&blob, &size, &position.saturating_add(1), &now])
}

/// A piece; none after the last one.
pub(super) fn piece(tx: &mut Tx<'_>, blob: &str, position: i64) -> Result<Option<Vec<u8>>, Error> {
    let found = tx.find(PIECE, &[&blob, &position])?;
    found.map(|row| row.bytes("content")).transpose()
}

/// Takes a file away that nothing refers to, unless it was touched since `before`.
pub(super) fn drop_blob(tx: &mut Tx<'_>, blob: &str, before: &str) -> Result<bool, Error> {
    Ok(tx.execute(DROP_BLOB, &[&blob, &before])? == 1)
}

/// Files that nothing refers to and nobody touched since `before`.
pub(super) fn orphans(tx: &mut Tx<'_>, before: &str, most: i64) -> Result<Vec<String>, Error> {
    let rows = tx.query(ORPHANS, &[&before, &most])?;
    rows.iter().map(|row| row.text("id")).collect()
}

/// A whole file as it is settled.
pub(super) struct Whole<'a> {
    pub(super) blob: &'a str,
    pub(super) digest: &'a str,
    pub(super) media_type: &'a str,
    pub(super) scan: Scan,
    pub(super) scan_text: &'a str,
    pub(super) now: &'a str,
}

/// Settles the file under its digest. The id under which its bytes are kept: those of the same file
/// that came before, if there is one; the new ones are then swept.
pub(super) fn settle(tx: &mut Tx<'_>, whole: &Whole<'_>) -> Result<String, Error> {
    if let Some(row) = tx.find(FIND_BLOB, &[&whole.digest])? {
        let kept = row.text("id")?;
        // A sweeper may have been quicker on PostgreSQL; then the new bytes are kept.
        if tx.execute(TOUCH, &[&kept, &whole.now])? == 1 {
            return Ok(kept);
        }
    }
    let is_scanned = matches!(whole.scan, Scan::Clean | Scan::Infected);
    let scanned_at = is_scanned.then_some(whole.now);
    let finished = tx.execute_one(
        FINISH,
        &[
            &whole.blob,
            &whole.digest,
            &whole.media_type,
            &whole.scan.name(),
            &whole.scan_text,
            &scanned_at,
            &whole.now,
        ],
    );
    match finished {
        // The same file was settled by somebody else in the meantime.
        Err(Error::Duplicate(text)) => Err(Error::Conflict(text)),
        Err(other) => Err(other),
        Ok(()) => Ok(whole.blob.to_owned()),
    }
}

/// Whole files that wait for the scanner since before `before`: id, bytes, pieces.
pub(super) fn unscanned(
    tx: &mut Tx<'_>,
    before: &str,
    most: i64,
) -> Result<Vec<(String, i64, i64)>, Error> {
    tx.query(UNSCANNED, &[&before, &most])?
        .iter()
        .map(|row| Ok((row.text("id")?, row.int("size_bytes")?, row.int("pieces")?)))
        .collect()
}

/// Keeps what the scanner said of a file that waited for it.
pub(super) fn set_scan(
    tx: &mut Tx<'_>,
    blob: &str,
    scan: Scan,
    (text, now): (&str, &str),
) -> Result<(), Error> {
    tx.execute(SET_SCAN, &[&blob, &scan.name(), &text, &now])
        .map(drop)
}

/// An attachment that is to be kept.
pub(super) struct New<'a> {
    pub(super) id: &'a str,
    pub(super) region: &'a str,
    pub(super) record: (&'a str, &'a str),
    pub(super) type_name: &'a str,
    pub(super) name: &'a str,
    pub(super) blob: &'a str,
    pub(super) account: &'a str,
    pub(super) now: &'a str,
}

/// Keeps an attachment; false when the record has this file of this type already.
pub(super) fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<bool, Error> {
    let same = of_record(tx, new.record.0, new.record.1)?
        .iter()
        .any(|it| it.blob == new.blob && it.type_name == new.type_name);
    if same {
        return Ok(false);
    }
    tx.execute_one(
        INSERT,
        &[
            &new.id,
            &new.region,
            &new.record.0,
            &new.record.1,
            &new.type_name,
            &new.name,
            &new.blob,
            &new.account,
            &new.now,
        ],
    )?;
    Ok(true)
}

/// The attachment of that id.
pub(super) fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Attachment>, Error> {
    tx.find(FIND, &[&id])?.as_ref().map(attachment).transpose()
}

/// The attachments of a record.
pub(super) fn of_record(tx: &mut Tx<'_>, kind: &str, id: &str) -> Result<Vec<Attachment>, Error> {
    let rows = tx.query(OF_RECORD, &[&kind, &id])?;
    rows.iter().map(attachment).collect()
}

/// The attachments of every record of an object, the newest first.
pub(super) fn of_object(tx: &mut Tx<'_>, object: &str) -> Result<Vec<Attachment>, Error> {
    let rows = tx.query(OF_OBJECT, &[&object])?;
    rows.iter().map(attachment).collect()
}

/// Whether the record has an attachment of the type that may be opened.
pub(super) fn has(
    tx: &mut Tx<'_>,
    (kind, id): (&str, &str),
    type_name: &str,
) -> Result<bool, Error> {
    Ok(tx.one(HAS, &[&kind, &id, &type_name])?.int("found")? > 0)
}

/// How many attachments a record has.
pub(super) fn count(tx: &mut Tx<'_>, kind: &str, id: &str) -> Result<i64, Error> {
    tx.one(COUNT, &[&kind, &id])?.int("found")
}

/// Takes an attachment away; its bytes are swept when nothing else refers to them.
pub(super) fn delete(tx: &mut Tx<'_>, id: &str) -> Result<(), Error> {
    tx.execute_one(DELETE, &[&id])
}

fn attachment(row: &Row) -> Result<Attachment, Error> {
    Ok(Attachment {
        id: row.text("id")?,
        region: row.text("region_code")?,
        kind: row.text("record_kind")?,
        record: row.text("record_id")?,
        type_name: row.text("type")?,
        name: row.text("name")?,
        uploaded_by: row.text("uploaded_by")?,
        uploaded_at: row.text("uploaded_at")?,
        blob: row.text("blob_id")?,
        digest: row.text("digest")?,
        size: row.int("size_bytes")?,
        pieces: row.int("pieces")?,
        media_type: row.text("media_type")?,
        scan: Scan::find(&row.text("scan")?),
        scan_text: row.text("scan_text")?,
    })
}

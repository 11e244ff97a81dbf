//! The bytes of a file on their way in and out, a piece at a time, so that no file is ever whole in
//! memory.

use std::io::{self, Read, Seek, SeekFrom};

use axum::body::Bytes;
use db::{Db, Tx};
use futures_util::stream::{self, Stream};
use sha2::{Digest as _, Sha256};
use web::Error;

use super::store;
use crate::serve::now_text;

/// Bytes of a piece.
///
/// House rule: large enough that a file of 30 MB is some hundred rows, small enough that many
/// people can upload at once.
pub(crate) const PIECE_BYTES: usize = 256 * 1024;

/// A file that is coming in. Dropped before it is kept, its pieces are taken away.
pub(super) struct Arriving {
    db: Db,
    id: String,
    buffer: Vec<u8>,
    pieces: i64,
    size: u64,
    digest: Sha256,
    is_kept: bool,
}

impl Arriving {
    /// Begins to keep a file.
    ///
    /// # Errors
    /// No randomness, or the database fails.
    pub(super) async fn begin(db: &Db, region: &str) -> Result<Self, Error> {
        let id = web::token::secret()?;
        let arriving = Self {
            db: db.clone(),
            id: id.clone(),
            buffer: Vec::with_capacity(PIECE_BYTES),
            pieces: 0,
            size: 0,
            digest: Sha256::new(),
            is_kept: false,
        };
        let (region, now) = (region.to_owned(), now_text());
        db.write(move |tx| store::begin(tx, &id, &region, &now))
            .await?;
        Ok(arriving)
    }

    /// Where it is kept.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// How many bytes have come.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// How many pieces were written.
    pub(super) fn pieces(&self) -> i64 {
        self.pieces
    }

    /// Takes in what has come.
    ///
    /// # Errors
    /// The database fails.
    pub(super) async fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.digest.update(bytes);
        self.size = self.size.saturating_add(bytes.len() as u64);
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = PIECE_BYTES - self.buffer.len();
            let (now, later) = rest.split_at(room.min(rest.len()));
            self.buffer.extend_from_slice(now);
            rest = later;
            if self.buffer.len() == PIECE_BYTES {
                self.write().await?;
            }
        }
        Ok(())
    }

    /// Writes the last piece; the digest of the whole.
    ///
    /// # Errors
    /// The database fails.
    pub(super) async fn finish(&mut self) -> Result<String, Error> {
        if !self.buffer.is_empty() {
            self.write().await?;
        }
        Ok(web::token::hex(&self.digest.clone().finalize()))
    }

    async fn write(&mut self) -> Result<(), Error> {
        let content = std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE_BYTES));
        let (id, position, now) = (self.id.clone(), self.pieces, now_text());
        let size = i64::try_from(self.size)?;
        self.db
            .write(move |tx| store::add_piece(tx, &id, position, &content, (size, &now)))
            .await?;
        self.pieces += 1;
        Ok(())
    }

    /// Leaves the pieces where they are.
    pub(super) fn keep(&mut self) {
        self.is_kept = true;
    }

    /// Takes the pieces away, unless they are to be kept.
    ///
    /// # Errors
    /// The database fails.
    pub(super) async fn end_or_discard(mut self) -> Result<(), Error> {
        if !self.is_kept {
            let id = self.id.clone();
            self.db
                .write(move |tx| store::drop_blob(tx, &id, FAR))
                .await?;
            self.is_kept = true;
        }
        Ok(())
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        // Whoever uploads may be gone in the middle of a file; then nobody waits for this. What the
        // process itself leaves behind when it dies is swept.
        let (db, id) = (self.db.clone(), std::mem::take(&mut self.id));
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let dropped = db
                    .write(move |tx| store::drop_blob(tx, &id, FAR).map(drop))
                    .await;
                if let Err(error) = dropped {
                    tracing::error!(%error, "the pieces of a broken upload stay until the sweep");
                }
            });
        }
    }
}

/// After every moment.
const FAR: &str = "9999";

/// How a piece of what has an id is read, by its number.
pub(crate) type ReadPiece = fn(&mut Tx<'_>, &str, i64) -> Result<Option<Vec<u8>>, db::Error>;

/// The pieces of a file, the next one whenever it is asked for.
pub(super) fn pieces(
    db: Db,
    read: ReadPiece,
    id: String,
    count: i64,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::try_unfold(0_i64, move |position| {
        let (db, id) = (db.clone(), id.clone());
        async move {
            if position >= count {
                return Ok(None);
            }
            let found = db
                .read(move |tx| read(tx, &id, position))
                .await
                .map_err(|error| io::Error::other(error.to_string()))?;
            let content = found.ok_or_else(|| io::Error::other("a piece is missing"))?;
            Ok(Some((Bytes::from(content), position + 1)))
        }
    })
}

/// The pieces of a file, and an error at their end when they are not what was stored.
pub(crate) fn proven_pieces(
    db: Db,
    read: ReadPiece,
    id: String,
    (count, digest): (i64, String),
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let start = (Box::pin(pieces(db, read, id, count)), Sha256::new(), digest);
    stream::try_unfold(start, |(mut rest, mut sum, expected)| async move {
        use futures_util::TryStreamExt as _;
        match rest.try_next().await? {
            Some(piece) => {
                sum.update(&piece);
                Ok(Some((piece, (rest, sum, expected))))
            }
            None if web::token::hex(&sum.finalize()) == expected => Ok(None),
            None => {
                tracing::error!(%expected, "a file's bytes are not what was stored");
                Err(io::Error::other("the bytes are damaged"))
            }
        }
    })
}

/// A file in the database that can be read at any place, inside a transaction.
pub(super) struct Reader<'a, 't> {
    tx: &'a mut Tx<'t>,
    blob: &'a str,
    size: u64,
    at: u64,
    /// The piece that was read last, and its number.
    piece: Option<(u64, Vec<u8>)>,
}

impl<'a, 't> Reader<'a, 't> {
    /// The file of `size` bytes, at its beginning.
    pub(super) fn new(tx: &'a mut Tx<'t>, blob: &'a str, size: u64) -> Self {
        Self {
            tx,
            blob,
            size,
            at: 0,
            piece: None,
        }
    }
}

impl Read for Reader<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || out.is_empty() {
            return Ok(0);
        }
        let wanted = self.at / PIECE_BYTES as u64;
        if self
            .piece
            .as_ref()
            .is_none_or(|(number, _)| *number != wanted)
        {
            let position = i64::try_from(wanted).map_err(io::Error::other)?;
            let found = store::piece(self.tx, self.blob, position).map_err(io::Error::other)?;
            let content = found.ok_or_else(|| io::Error::other("a piece is missing"))?;
            self.piece = Some((wanted, content));
        }
        let within = usize::try_from(self.at % PIECE_BYTES as u64).map_err(io::Error::other)?;
        let piece = self.piece.as_ref().map_or(&[][..], |(_, piece)| piece);
        let rest = piece.get(within..).unwrap_or_default();
        let count = rest.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Reader<'_, '_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
        };
        self.at = to.ok_or_else(|| io::Error::other("before the beginning"))?;
        Ok(self.at)
    }
}

//! Files as a form of ours sends them: read in memory, never stored.

use std::time::Instant;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use office::document::clean;
use office::workbook::Limits;
use web::Error;

use crate::serve::{App, Person};

/// Files of one upload.
pub(super) const MOST_FILES: usize = 20;

/// Bytes of a field that is no file.
const MOST_FIELD_BYTES: u64 = 1_000;

/// Characters of a file's name that are kept.
const MOST_NAME_CHARACTERS: usize = 255;

/// What was uploaded.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    /// The id of the rule pack that was chosen.
    pub(crate) rules: String,
    /// The files in their order.
    pub(crate) files: Vec<Sent>,
    /// Whether there were more files than are read.
    pub(crate) has_more: bool,
}

/// One file.
#[derive(Debug)]
pub(crate) struct Sent {
    /// Its name without folders.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) content: Content,
}

/// What is in a file.
#[derive(Debug)]
pub(crate) enum Content {
    /// All of it.
    Bytes(Vec<u8>),
    /// More than is read: how many bytes.
    TooLarge(u64),
}

impl FromRequest<App> for Upload {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let person = request.extensions().get::<Person>().cloned();
        let person = person.ok_or(Error::NotFound)?;
        app.uploads.pass(&person.account, Instant::now())?;
        let mut parts = Multipart::from_request(request, app)
            .await
            .map_err(|_| Error::StalePage)?;
        let mut upload = Self::default();
        let mut is_ours = false;
        while let Some(mut field) = parts.next_field().await.map_err(|error| broken(&error))? {
            match field.name().unwrap_or_default() {
                "form_token" => {
                    let token = text(&mut field).await?;
                    is_ours = web::token::same(&person.form_token, &token);
                }
                "rules" => upload.rules = text(&mut field).await?,
                // The token stands before the files, so that nothing of a stranger's is read.
                "file" if is_ours => upload.add(field).await?,
                // What no page of ours sends comes from somebody who tries.
                _ if is_ours => return Err(Error::Unreadable),
                _ => break,
            }
        }
        if is_ours {
            Ok(upload)
        } else {
            Err(Error::StalePage)
        }
    }
}

impl Upload {
    async fn add(&mut self, mut field: Field<'_>) -> Result<(), Error> {
        let name = name(field.file_name().unwrap_or_default());
        let content = read(&mut field, Limits::default().file_bytes).await?;
        let is_nothing = matches!(&content, Content::Bytes(bytes) if bytes.is_empty());
        // A form that is sent without a file has one empty part without a name.
        if name.is_empty() && is_nothing {
            return Ok(());
        }
        if self.files.len() >= MOST_FILES {
            self.has_more = true;
            return Ok(());
        }
        self.files.push(Sent { name, content });
        Ok(())
    }
}

/// The last part of a path, as a page may print it.
fn name(sent: &str) -> String {
    let name = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    clean(name).chars().take(MOST_NAME_CHARACTERS).collect()
}

async fn text(field: &mut Field<'_>) -> Result<String, Error> {
    match read(field, MOST_FIELD_BYTES).await? {
        Content::Bytes(bytes) => Ok(String::from_utf8(bytes).unwrap_or_default()),
        Content::TooLarge(_) => Err(Error::StalePage),
    }
}

/// Reads a part; of one that is larger than `most`, only how large it is.
async fn read(field: &mut Field<'_>, most: u64) -> Result<Content, Error> {
    let mut bytes = Vec::new();
    let mut size: u64 = 0;
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        size = size.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if size > most {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    if size > most {
        Ok(Content::TooLarge(size))
    } else {
        Ok(Content::Bytes(bytes))
    }
}

fn broken(error: &MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let most_mb = web::guard::MOST_BYTES / (1024 * 1024);
        return Error::TooLarge { most_mb };
    }
    Error::Refused("文件没有传完整：请检查网络，返回上一页重新选择文件后再传".to_owned())
}

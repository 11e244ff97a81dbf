//! Takes files in: streamed in pieces, told by their bytes, scanned, and kept once.

use std::time::Instant;

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::attachment::{MOST_OF_A_RECORD, Type, types};
use domain::workflow::RecordKind;
use office::media::{Media, MediaError, detect};
use web::Error;

use super::blob::{Arriving, Reader};
use super::part::{Refusals, address, page};
use super::store::{self, New, Scan, Whole};
use super::{form, name, rights, taken};
use crate::audit::{self, Change};
use crate::permission::Refused;
use crate::serve::{App, Frame, Person, now_text};

/// Files of one upload.
const MOST_FILES: usize = 20;

/// Bytes of a field that is no file.
const MOST_FIELD_BYTES: usize = 1_000;

/// `POST /records/{kind}/{id}/attachments`
pub(super) async fn upload(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(record): Path<(String, String)>,
    parts: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let mut parts = parts.map_err(|_| Error::StalePage)?;
    app.uploads.pass(&person.account, Instant::now())?;
    let mut taking = Taking {
        app: &app,
        person: &person,
        record: &record,
        region: String::new(),
        wanted: None,
        is_ours: false,
        back: String::new(),
        files: 0,
        refusals: Vec::new(),
    };
    while let Some(field) = parts.next_field().await.map_err(|error| broken(&error))? {
        if !taking.field(field).await? {
            break;
        }
    }
    let Taking {
        is_ours,
        wanted,
        back,
        files,
        mut refusals,
        ..
    } = taking;
    if !is_ours {
        return Err(Error::StalePage);
    }
    if files == 0 && refusals.is_empty() {
        refusals.push("还没有选择文件：请选择要上传的附件".to_owned());
    }
    if refusals.is_empty() {
        return Ok(Redirect::to(&returning(&back, &record)).into_response());
    }
    let refusals = Refusals {
        sentences: refusals,
        chosen: wanted.map_or("", Type::name).to_owned(),
    };
    let mut answer = page(&app, frame, record, refusals, String::new()).await?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

/// Where the browser goes after an upload: back to the record's page, if the form came from there.
fn returning(back: &str, (kind, id): &(String, String)) -> String {
    let own = address(kind, id);
    let record = own.trim_end_matches("/attachments");
    if back == record {
        format!("{record}#attachments")
    } else {
        format!("{own}?done=added")
    }
}

/// An upload as it is read.
struct Taking<'a> {
    app: &'a App,
    person: &'a Person,
    record: &'a (String, String),
    region: String,
    wanted: Option<Type>,
    is_ours: bool,
    back: String,
    files: usize,
    refusals: Vec<String>,
}

impl Taking<'_> {
    /// Takes one field; false when the rest is not read.
    async fn field(&mut self, mut field: Field<'_>) -> Result<bool, Error> {
        match field.name().unwrap_or_default() {
            "form_token" => {
                let token = text(&mut field).await?;
                self.is_ours = web::token::same(&self.person.form_token, &token);
                if self.is_ours {
                    // Nothing of a file is read before it is known that it may be attached.
                    self.region = self.demand().await?;
                }
                Ok(self.is_ours)
            }
            "back" => {
                self.back = text(&mut field).await?;
                Ok(true)
            }
            "type" => {
                self.wanted = Some(self.wanted_type(&text(&mut field).await?)?);
                Ok(true)
            }
            "file" if self.is_ours => {
                let Some(wanted) = self.wanted else {
                    return Err(Error::Unreadable);
                };
                if self.files + self.refusals.len() >= MOST_FILES {
                    self.refusals.push(format!(
                        "一次最多上传 {MOST_FILES} 个文件：其余的请再传一次"
                    ));
                    return Ok(false);
                }
                match self.file(wanted, field).await? {
                    Taken::Nothing => {}
                    Taken::Kept => self.files += 1,
                    Taken::Refused(sentence) => self.refusals.push(sentence),
                }
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// The record's region, if the person may attach to it now.
    async fn demand(&self) -> Result<String, Error> {
        let (actor, (kind, id)) = (self.person.actor.clone(), self.record.clone());
        let subject = self
            .app
            .db
            .read(move |tx| rights::change(tx, &actor, (&kind, &id), &now_text()))
            .await?;
        Ok(subject.region)
    }

    fn wanted_type(&self, sent: &str) -> Result<Type, Error> {
        let kind = RecordKind::find(&self.record.0).ok_or(Error::NotFound)?;
        let wanted = Type::find(sent).filter(|wanted| types(kind).contains(wanted));
        wanted.ok_or_else(|| {
            Error::Refused("这种记录没有这个附件类型：请返回上一页刷新后重新选择".to_owned())
        })
    }

    async fn file(&self, wanted: Type, mut field: Field<'_>) -> Result<Taken, Error> {
        let sent = field.file_name().unwrap_or_default().to_owned();
        let first = field.chunk().await.map_err(|error| broken(&error))?;
        // A form that is sent without a file has one empty part without a name.
        if sent.is_empty() && first.as_ref().is_none_or(Bytes::is_empty) {
            return Ok(Taken::Nothing);
        }
        let Some(name) = name::safe(&sent) else {
            drain(&mut field).await?;
            return Ok(Taken::Refused(
                "有一个文件没有可用的文件名：请改名后再传".to_owned(),
            ));
        };
        let mut arriving = Arriving::begin(&self.app.db, &self.region).await?;
        let outcome = self
            .receive(wanted, &name, &mut arriving, (first, field))
            .await;
        // Whatever went wrong, nothing of the file stays.
        arriving.end_or_discard().await?;
        Ok(match outcome? {
            None => Taken::Kept,
            Some(why) => Taken::Refused(format!("“{name}”：{why}")),
        })
    }

    /// Takes in the bytes and attaches them; why not, if they are not attached.
    async fn receive(
        &self,
        wanted: Type,
        name: &str,
        arriving: &mut Arriving,
        (mut next, mut field): (Option<Bytes>, Field<'_>),
    ) -> Result<Option<String>, Error> {
        let most = u64::from(wanted.most_mb()) << 20;
        while let Some(bytes) = next {
            if arriving.size() + bytes.len() as u64 > most {
                drain(&mut field).await?;
                let (label, most) = (wanted.label(), wanted.most_mb());
                return Ok(Some(format!(
                    "{label}不能超过 {most} MB，请压缩图片或分成几个文件再传"
                )));
            }
            arriving.push(&bytes).await?;
            next = field.chunk().await.map_err(|error| broken(&error))?;
        }
        let digest = arriving.finish().await?;
        let media = match self.media(arriving).await? {
            Ok(media) => media,
            Err(error) => return Ok(Some(error.to_string())),
        };
        if let Err(why) = name::fits(name, media) {
            return Ok(Some(why));
        }
        if !wanted.forms().contains(&form(media)) {
            let (label, taken) = (wanted.label(), taken(wanted));
            return Ok(Some(format!(
                "{label}要用{taken}，这个文件是{}：请转换后再传，或换一个类型",
                media.label()
            )));
        }
        self.keep(wanted, name, arriving, &digest, media).await
    }

    /// What the file is, read where it is kept. Unpacking takes a processor, so few run at a time.
    async fn media(&self, arriving: &Arriving) -> Result<Result<Media, MediaError>, Error> {
        let _permit = self.app.checking.acquire().await?;
        let (blob, size) = (arriving.id().to_owned(), arriving.size());
        let read = self.app.db.read(move |tx| {
            let mut reader = Reader::new(tx, &blob, size);
            Ok::<_, db::Error>(detect(&mut reader, size))
        });
        Ok(read.await?)
    }

    /// Keeps the file and attaches it; why not, if it cannot be attached.
    async fn keep(
        &self,
        wanted: Type,
        name: &str,
        arriving: &mut Arriving,
        digest: &str,
        media: Media,
    ) -> Result<Option<String>, Error> {
        let scanned = self
            .app
            .scanner
            .scan(&self.app.db, arriving.id(), arriving.pieces())
            .await;
        let order = Order {
            id: web::token::secret()?,
            person: self.person.clone(),
            record: self.record.clone(),
            region: self.region.clone(),
            wanted,
            name: name.to_owned(),
            blob: arriving.id().to_owned(),
            digest: digest.to_owned(),
            media,
            scanned,
            now: now_text(),
        };
        let outcome = self.app.db.write(move |tx| attach(tx, &order)).await?;
        match outcome {
            Outcome::Attached { is_new } => {
                // Bytes that were there before are not kept twice.
                if is_new {
                    arriving.keep();
                }
                Ok(None)
            }
            Outcome::Refused(why) => Ok(Some(why.to_owned())),
        }
    }
}

/// What became of a file.
enum Taken {
    /// There was none.
    Nothing,
    /// It is attached.
    Kept,
    /// It is not; a sentence that names it.
    Refused(String),
}

/// A whole file that is to be attached.
struct Order {
    id: String,
    person: Person,
    record: (String, String),
    region: String,
    wanted: Type,
    name: String,
    blob: String,
    digest: String,
    media: Media,
    scanned: (Scan, String),
    now: String,
}

enum Outcome {
    Attached {
        /// Whether its bytes were not there before.
        is_new: bool,
    },
    Refused(&'static str),
}

fn attach(tx: &mut db::Tx<'_>, order: &Order) -> Result<Outcome, Refused> {
    let (kind, id) = (order.record.0.as_str(), order.record.1.as_str());
    // The record may have gone on its way while the file came in.
    rights::change(tx, &order.person.actor, (kind, id), &order.now)?;
    if store::count(tx, kind, id)? >= i64::try_from(MOST_OF_A_RECORD).unwrap_or(i64::MAX) {
        return Ok(Outcome::Refused(
            "这条记录的附件已经有 50 个：请先删除不用的，或合并成一个文件再传",
        ));
    }
    let whole = Whole {
        blob: &order.blob,
        digest: &order.digest,
        media_type: order.media.content_type(),
        scan: order.scanned.0,
        scan_text: &order.scanned.1,
        now: &order.now,
    };
    let blob = store::settle(tx, &whole)?;
    let new = New {
        id: &order.id,
        region: &order.region,
        record: (kind, id),
        type_name: order.wanted.name(),
        name: &order.name,
        blob: &blob,
        account: &order.person.account,
        now: &order.now,
    };
    if !store::insert(tx, &new)? {
        return Ok(Outcome::Refused("这个文件已经传过，不用再传"));
    }
    rights::changed(tx, &order.person.actor, (kind, id), &order.now)?;
    let after = serde_json::json!({
        "name": order.name, "type": order.wanted.name(), "digest": order.digest,
    });
    let change = Change {
        actor: &order.person.login,
        action: "attachment_added",
        record: (kind, id),
        before: None,
        after: Some(&after),
    };
    audit::append(tx, &order.region, &order.now, &change)?;
    Ok(Outcome::Attached {
        is_new: blob == order.blob,
    })
}

async fn text(field: &mut Field<'_>) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_FIELD_BYTES {
            return Err(Error::StalePage);
        }
    }
    Ok(String::from_utf8(bytes).unwrap_or_default())
}

/// Reads the rest of a file without keeping it, so that the files after it are reached.
async fn drain(field: &mut Field<'_>) -> Result<(), Error> {
    while field
        .chunk()
        .await
        .map_err(|error| broken(&error))?
        .is_some()
    {}
    Ok(())
}

fn broken(error: &MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let most_mb = web::guard::MOST_BYTES / (1024 * 1024);
        return Error::TooLarge { most_mb };
    }
    Error::Refused("文件没有传完整：请检查网络，返回上一页重新选择文件后再传".to_owned())
}

//! Importing a list of units: upload, preview of every difference, confirmation.

use std::time::Instant;

use askama::Template;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::organisation::Fate;
use office::workbook::{self, Limits};
use serde::{Deserialize, Serialize};
use web::{Error, Shell};

use super::import::{self, Line, counts};
use super::import_job;
use super::store::write::{self, Waiting};
use crate::job::{self, Kind};
use crate::serve::{App, Frame, Person, Signed, now_text, text_after};

/// How long a preview waits for its confirmation.
const WAITS_SECONDS: i64 = 24 * 60 * 60;

/// Rows of each fate that a preview shows.
const MOST_SHOWN: usize = 500;

#[derive(Template)]
#[template(path = "organisation/import.html")]
struct ImportPage {
    shell: Shell,
    problem: Option<String>,
    preview: Option<Preview>,
}

/// What a preview shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Preview {
    id: String,
    file_name: String,
    counts: [usize; 4],
    /// Rejected, changed and new rows: place, code, name, what becomes of it.
    rows: Vec<(String, String, String, String, String)>,
    is_cut: bool,
}

impl Preview {
    /// The differences, those that need a look first.
    pub(super) fn new(id: String, file_name: String, lines: &[Line]) -> Self {
        let mut rows = Vec::new();
        for line in lines {
            let (word, text) = match &line.fate {
                Fate::Unchanged => continue,
                Fate::Rejected(message) => ("有误", message.clone()),
                Fate::New(found) => {
                    let above = if found.parent_code.is_empty() {
                        String::new()
                    } else {
                        format!("，上级 {}", found.parent_code)
                    };
                    (
                        "新增",
                        format!("{}{above} {}", found.level.label(), found.section),
                    )
                }
                Fate::Changed(_, differences) => {
                    let told: Vec<String> = differences
                        .iter()
                        .map(|d| format!("{}：{} → {}", d.field, d.before, d.after))
                        .collect();
                    ("变更", told.join("；"))
                }
            };
            rows.push((
                line.filed.place.clone(),
                line.filed.code.clone(),
                line.filed.name.clone(),
                word.to_owned(),
                text,
            ));
        }
        let order = |word: &str| {
            ["有误", "变更", "新增"]
                .iter()
                .position(|known| *known == word)
        };
        rows.sort_by_key(|row| order(&row.3));
        let is_cut = rows.len() > MOST_SHOWN;
        rows.truncate(MOST_SHOWN);
        Self {
            id,
            file_name,
            counts: counts(lines),
            rows,
            is_cut,
        }
    }

    fn rejected(&self) -> usize {
        self.counts[3]
    }

    /// How many units a confirmation writes.
    fn written(&self) -> usize {
        self.counts[0] + self.counts[1]
    }
}

/// `GET /units/import`
pub(super) async fn form(frame: Frame) -> Result<Response, Error> {
    web::page(&ImportPage {
        shell: frame.shell.at("/units"),
        problem: None,
        preview: None,
    })
}

/// A file as the page sends it.
pub(crate) struct Sent {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// The month that stands before it, where the page asks for one.
    pub(crate) month: String,
    /// The year that stands before it, where the page asks for one.
    pub(crate) fiscal_year: String,
}

impl FromRequest<App> for Sent {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let person = request.extensions().get::<Person>().cloned();
        let person = person.ok_or(Error::NotFound)?;
        app.uploads.pass(&person.account, Instant::now())?;
        let mut parts = Multipart::from_request(request, app)
            .await
            .map_err(|_| Error::StalePage)?;
        let broken = |_| Error::Refused("文件没有传完整，请重新选择文件后再传。".to_owned());
        let mut is_ours = false;
        let (mut month, mut fiscal_year) = (String::new(), String::new());
        while let Some(field) = parts.next_field().await.map_err(broken)? {
            match field.name().unwrap_or_default() {
                "form_token" => {
                    let token = field.text().await.map_err(broken)?;
                    is_ours = web::token::same(&person.form_token, &token);
                }
                "month" if is_ours => month = field.text().await.map_err(broken)?,
                "fiscal_year" if is_ours => fiscal_year = field.text().await.map_err(broken)?,
                // The token stands before the file, so that nothing of a stranger's is read.
                "file" if is_ours => {
                    let name = field.file_name().unwrap_or_default();
                    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
                    let name = office::document::clean(name).chars().take(255).collect();
                    let bytes = field.bytes().await.map_err(broken)?.to_vec();
                    return Ok(Self {
                        name,
                        bytes,
                        month,
                        fiscal_year,
                    });
                }
                // Another field of the page.
                _ if is_ours => {}
                _ => break,
            }
        }
        Err(Error::StalePage)
    }
}

/// `POST /units/import`: the differences; those of a long list are found by a job.
pub(super) async fn preview(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    sent: Sent,
) -> Result<Response, Error> {
    let permit = app.checking.acquire().await?;
    let bytes = sent.bytes;
    let read = tokio::task::spawn_blocking(move || {
        let book = workbook::open(&bytes, &Limits::default()).map_err(|cause| cause.to_string())?;
        import::read(&book)
    });
    let read = read.await?;
    drop(permit);
    let filed = match read {
        Ok(filed) => filed,
        Err(problem) => {
            let page = web::page(&ImportPage {
                shell: frame.shell.at("/units"),
                problem: Some(problem),
                preview: None,
            })?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let is_long = i64::try_from(filed.len())? > app.jobs.limits.import_rows;
    let (region, year) = (frame.region_code.clone(), frame.shell.year);
    let id = web::token::secret()?;
    let (key, name, account) = (id.clone(), sent.name.clone(), person.account.clone());
    let (now, too_old) = (now_text(), text_after(-WAITS_SECONDS));
    let place = region.clone();
    let preview = app.db.write(move |tx| {
        let mut waiting = Waiting {
            year,
            file_name: name.clone(),
            // Plain texts are always written.
            filed: import::to_json(&filed).unwrap_or_default(),
            plan_digest: String::new(),
            preview: None,
        };
        let mut preview = None;
        if !is_long {
            let lines = import::look(tx, &region, year, filed.clone())?;
            let shown = Preview::new(key.clone(), name.clone(), &lines);
            waiting.plan_digest = import::digest(&lines);
            waiting.preview = serde_json::to_string(&shown).ok();
            preview = Some(shown);
        }
        let owner = (&*key, &*region, &*account);
        write::keep_import(tx, owner, &waiting, (&now, &too_old))?;
        Ok::<_, db::Error>(preview)
    });
    let Some(preview) = preview.await? else {
        let new = import_job::new(Kind::UnitPreview, (&id, &place), &sent.name)?;
        return job::ask(&app, &person, new).await;
    };
    page(frame, preview)
}

fn page(frame: Frame, preview: Preview) -> Result<Response, Error> {
    web::page(&ImportPage {
        shell: frame.shell.at("/units"),
        problem: None,
        preview: Some(preview),
    })
}

/// `GET /units/import/{id}`: what the preview showed.
pub(super) async fn kept(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let found = app
        .db
        .read(move |tx| write::find_import(tx, &id, &person.account))
        .await?;
    let preview = found.and_then(|waiting| waiting.preview);
    let preview = preview.ok_or(Error::NotFound)?;
    page(frame, serde_json::from_str(&preview)?)
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST /units/import/{id}`: writes what the preview showed, if it would still show the same.
pub(super) async fn confirm(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Path(id): Path<String>,
    Signed(Nothing {}): Signed<Nothing>,
) -> Result<Response, Error> {
    let (region, now) = (frame.region_code, now_text());
    let (key, account) = (id.clone(), person.account.clone());
    let found = app
        .db
        .read(move |tx| write::find_import(tx, &key, &account))
        .await?;
    if let Some(waiting) = found {
        let rows = import::from_json(&waiting.filed).unwrap_or_default().len();
        if i64::try_from(rows)? > app.jobs.limits.import_rows {
            let new = import_job::new(Kind::UnitImport, (&id, &region), &waiting.file_name)?;
            return job::ask(&app, &person, new).await;
        }
    }
    let done = app
        .db
        .write(move |tx| {
            let Some(waiting) = write::find_import(tx, &id, &person.account)? else {
                return Ok::<_, db::Error>(Err("这份导入已经办完或已过期，请重新上传。"));
            };
            let filed = import::from_json(&waiting.filed).unwrap_or_default();
            let lines = import::look(tx, &region, waiting.year, filed)?;
            if import::digest(&lines) != waiting.plan_digest {
                return Ok(Err(
                    "预览之后单位又有变动，请重新上传，核对新的差异后再确认。",
                ));
            }
            import::write(tx, (&region, &person.login, &now), waiting.year, &lines)?;
            write::drop_import(tx, &id)?;
            Ok(Ok(waiting.year))
        })
        .await?;
    match done {
        Ok(year) => Ok(Redirect::to(&format!("/units?year={year}")).into_response()),
        Err(sentence) => Err(Error::Refused(sentence.to_owned())),
    }
}

//! Importing a list of indicators: upload, preview of every difference, confirmation.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::indicator_library::{Fate, Filed};
use office::workbook::{self, Limits};
use serde::Deserialize;
use web::{Error, Shell};

use super::import::{self, Plan};
use super::store::waiting;
use crate::organisation::import_page::Sent;
use crate::serve::{App, Frame, Person, Signed, now_text, text_after};

/// How long a preview waits for its confirmation.
const WAITS_SECONDS: i64 = 24 * 60 * 60;

/// Rows that a preview shows.
const MOST_SHOWN: usize = 500;

/// What the common set is called where a file's name stands.
const COMMON: &str = "程序自带的共性指标";

/// A form that carries its token alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// A row of the preview.
struct Line {
    place: String,
    code: String,
    name: String,
    /// 有误, 变更 or 新增.
    word: &'static str,
    told: String,
}

/// What a preview shows.
struct Preview {
    id: String,
    file_name: String,
    counts: [usize; 4],
    lines: Vec<Line>,
    is_cut: bool,
}

impl Preview {
    fn new(id: String, file_name: String, plan: &Plan) -> Self {
        let lines = plan.lines.iter();
        let mut lines: Vec<Line> = lines.filter_map(|(row, fate)| line(row, fate)).collect();
        let order = ["有误", "变更", "新增"];
        lines.sort_by_key(|line| order.iter().position(|word| *word == line.word));
        let is_cut = lines.len() > MOST_SHOWN;
        lines.truncate(MOST_SHOWN);
        Self {
            id,
            file_name,
            counts: plan.counts(),
            lines,
            is_cut,
        }
    }

    fn rejected(&self) -> usize {
        self.counts[3]
    }

    /// How many indicators a confirmation writes.
    fn written(&self) -> usize {
        self.counts[0] + self.counts[1]
    }
}

fn line(row: &Filed, fate: &Fate) -> Option<Line> {
    let text = |name: &str| {
        let cell = row.cells.get(name);
        cell.map(|cell| cell.text.clone()).unwrap_or_default()
    };
    let (place, word, told) = match fate {
        Fate::Unchanged => return None,
        Fate::New(entry) => {
            let told = format!(
                "{} / {}，{}，{}{}",
                entry.level1, entry.level2, entry.sector, entry.operator, entry.unit
            );
            (row.place.clone(), "新增", told)
        }
        Fate::Changed(_, differences) => {
            let told: Vec<String> = differences
                .iter()
                .map(|(label, before, after)| format!("{label}：{before} → {after}"))
                .collect();
            (row.place.clone(), "变更", told.join("；"))
        }
        Fate::Rejected(sentence, place) => (place.clone(), "有误", sentence.clone()),
    };
    Some(Line {
        place,
        code: text("code"),
        name: text("name"),
        word,
        told,
    })
}

#[derive(Template)]
#[template(path = "indicator_library/import.html")]
struct ImportPage {
    shell: Shell,
    problem: Option<String>,
    preview: Option<Preview>,
    /// How many common indicators there are.
    common: usize,
}

fn page(
    frame: Frame,
    problem: Option<String>,
    preview: Option<Preview>,
) -> Result<Response, Error> {
    let is_refused = problem.is_some();
    let mut answer = web::page(&ImportPage {
        shell: frame.shell.at("/indicator-library"),
        problem,
        preview,
        common: domain::indicator_library::common().len(),
    })?;
    if is_refused {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

/// `GET /indicator-library/import`
pub(super) async fn form(frame: Frame) -> Result<Response, Error> {
    page(frame, None, None)
}

/// `POST /indicator-library/import`: the differences of a file.
pub(super) async fn preview(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    sent: Sent,
) -> Result<Response, Error> {
    let bytes = sent.bytes;
    let permit = app.checking.acquire().await?;
    let read = tokio::task::spawn_blocking(move || {
        let book = workbook::open(&bytes, &Limits::default()).map_err(|cause| cause.to_string())?;
        import::read(&book)
    });
    let read = read.await?;
    drop(permit);
    match read {
        Ok(filed) => shown(&app, person, frame, sent.name, filed).await,
        Err(problem) => page(frame, Some(problem), None),
    }
}

/// `POST /indicator-library/common`: the differences of the common set.
pub(super) async fn common(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Signed(Nothing {}): Signed<Nothing>,
) -> Result<Response, Error> {
    let filed = import::common_list();
    shown(&app, person, frame, COMMON.to_owned(), filed).await
}

async fn shown(
    app: &App,
    person: Person,
    frame: Frame,
    name: String,
    filed: Vec<Filed>,
) -> Result<Response, Error> {
    let text = serde_json::to_string(&filed)?;
    let region = frame.region_code.clone();
    let plan = app
        .db
        .read(move |tx| import::look(tx, &region, filed.clone()))
        .await?;
    let id = web::token::secret()?;
    let preview = Preview::new(id.clone(), name.clone(), &plan);
    // What cannot be confirmed is not kept.
    if preview.rejected() == 0 && preview.written() > 0 {
        let (region, digest) = (frame.region_code.clone(), plan.digest());
        let (now, too_old) = (now_text(), text_after(-WAITS_SECONDS));
        let keep = app.db.write(move |tx| {
            let owner = (&*id, &*region, &*person.account);
            waiting::keep(tx, owner, (&name, &text, &digest), (&now, &too_old))
        });
        keep.await?;
    }
    page(frame, None, Some(preview))
}

/// `POST /indicator-library/import/{id}`: writes what the preview showed, if it would still show
/// the same.
pub(super) async fn confirm(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Path(id): Path<String>,
    Signed(Nothing {}): Signed<Nothing>,
) -> Result<Response, Error> {
    let (region, now) = (frame.region_code, now_text());
    let done = app.db.write(move |tx| {
        let Some((filed, digest)) = waiting::find(tx, &id, &person.account)? else {
            return Ok::<_, db::Error>(Err("这份导入已经办完或已过期，请重新上传。"));
        };
        let filed: Vec<Filed> = serde_json::from_str(&filed).unwrap_or_default();
        let plan = import::look(tx, &region, filed)?;
        if plan.digest() != digest {
            return Ok(Err(
                "预览之后指标库又有变动，请重新上传，核对新的差异后再确认。",
            ));
        }
        waiting::forget(tx, &id)?;
        let who = (&*person.login, &*person.account, &*now);
        import::write(tx, &region, who, "导入", &plan)?;
        Ok(Ok(()))
    });
    match done.await? {
        Ok(()) => Ok(Redirect::to("/indicator-library?done=imported").into_response()),
        Err(sentence) => Err(Error::Refused(sentence.to_owned())),
    }
}

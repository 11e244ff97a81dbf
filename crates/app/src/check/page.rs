//! The page that checks uploaded forms.

use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::finding::Severity;
use domain::rulepack::{self, RulePack};
use office::workbook::{Limits, Table, TableCell};
use serde::Deserialize;
use web::{Error, Shell};

use super::answer::{self, COLUMNS, Counts, FileAnswer};
use super::upload::{MOST_FILES, Upload};
use crate::serve::{App, Frame, Signed, workbook_file};

/// Rows of a file of findings.
const MOST_ROWS: usize = 100_000;

#[derive(Template)]
#[template(path = "check/page.html")]
struct CheckPage {
    shell: Shell,
    packs: &'static [RulePack],
    /// The id of the pack that is chosen.
    chosen: String,
    /// Why nothing was checked.
    refusal: Option<String>,
    files: Vec<FileAnswer>,
    counts: Counts,
    forms: usize,
    /// Every finding as JSON, for the files to save.
    rows: String,
    file_mb: u64,
    most_mb: usize,
    most_files: usize,
}

impl CheckPage {
    fn new(frame: Frame, chosen: String) -> Self {
        Self {
            shell: frame.shell.at("/check"),
            packs: rulepack::builtin_packs(),
            chosen,
            refusal: None,
            files: Vec::new(),
            counts: Counts::default(),
            forms: 0,
            rows: String::new(),
            file_mb: Limits::default().file_bytes >> 20,
            most_mb: web::guard::MOST_BYTES >> 20,
            most_files: MOST_FILES,
        }
    }

    fn is_chosen(&self, pack: &RulePack) -> bool {
        *pack.id == *self.chosen
    }

    fn pack_name(&self) -> &str {
        let chosen = self.packs.iter().find(|pack| self.is_chosen(pack));
        chosen.map_or("", |pack| &pack.name)
    }

    /// A severity as the page shows it.
    fn mark(severity: Severity) -> Mark {
        Mark { severity }
    }
}

/// A severity as a shape and a word.
#[derive(Template)]
#[template(path = "check/mark.html")]
struct Mark {
    severity: Severity,
}

impl HtmlSafe for Mark {}

impl Mark {
    fn word(&self) -> &'static str {
        answer::word(self.severity)
    }
}

/// The pack of the place, or the one used where none is named.
fn usual_pack(region_code: &str) -> &'static RulePack {
    rulepack::builtin_packs()
        .iter()
        .find(|pack| pack.region.as_deref() == Some(region_code))
        .unwrap_or_else(|| rulepack::default_pack())
}

/// `GET /check`
pub(super) async fn show(frame: Frame) -> Result<Response, Error> {
    let chosen = usual_pack(&frame.region_code).id.to_string();
    web::page(&CheckPage::new(frame, chosen))
}

/// `POST /check`: reads the files in memory, checks them, and keeps nothing.
pub(super) async fn check(
    State(app): State<App>,
    frame: Frame,
    upload: Upload,
) -> Result<Response, Error> {
    let pack = match rulepack::builtin(&upload.rules) {
        Some(pack) => pack,
        None if upload.rules.is_empty() => usual_pack(&frame.region_code),
        None => {
            return Err(Error::Refused(
                "没有这个规则：请返回上一页重新选择".to_owned(),
            ));
        }
    };
    let token = frame.shell.form_token.clone();
    let mut page = CheckPage::new(frame, pack.id.to_string());
    if upload.has_more || upload.files.is_empty() {
        page.refusal = Some(if upload.has_more {
            format!("一次最多检查 {MOST_FILES} 个文件：请分几次上传")
        } else {
            "还没有选择文件：请选择要检查的绩效表".to_owned()
        });
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, web::page(&page)?).into_response());
    }
    let permit = app.checking.acquire().await?;
    page.files = tokio::task::spawn_blocking(move || {
        (1..)
            .zip(upload.files)
            .map(|(number, sent)| answer::examine(number, sent, pack, &token))
            .collect::<Vec<_>>()
    })
    .await?;
    drop(permit);
    let forms = || page.files.iter().flat_map(|file| &file.forms);
    page.counts = forms().fold(Counts::default(), |sum, form| sum.plus(form.counts));
    let rows: Vec<&Vec<String>> = forms().flat_map(|form| &form.rows).collect();
    page.rows = serde_json::to_string(&rows)?;
    page.forms = forms().count();
    Ok((status(&page.files), web::page(&page)?).into_response())
}

/// Good when at least one file could be read.
fn status(files: &[FileAnswer]) -> StatusCode {
    if files.iter().any(|file| file.refusal.is_none()) {
        StatusCode::OK
    } else if files.iter().any(|file| file.is_too_large) {
        StatusCode::PAYLOAD_TOO_LARGE
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

/// The findings as the page sent them.
#[derive(Deserialize)]
pub(super) struct Findings {
    #[serde(default)]
    rows: String,
    #[serde(default)]
    format: String,
}

/// `POST /check/findings`: the findings of the page as a file. They come back with the request,
/// because nothing of an upload is kept.
pub(super) async fn save(Signed(sent): Signed<Findings>) -> Result<Response, Error> {
    let lost = || Error::Refused("检查结果没有传完整：请返回上一页重新检查后再下载".to_owned());
    let rows: Vec<Vec<String>> = serde_json::from_str(&sent.rows).map_err(|_| lost())?;
    if rows.len() > MOST_ROWS || rows.iter().any(|row| row.len() != COLUMNS.len()) {
        return Err(lost());
    }
    let head: Vec<String> = COLUMNS.map(str::to_owned).to_vec();
    if sent.format != "xlsx" {
        let mut lines = vec![head];
        lines.extend(rows);
        return web::csv_file("检查结果", &lines);
    }
    let rows = rows
        .into_iter()
        .map(|row| row.into_iter().map(TableCell::Text).collect())
        .collect();
    let table = Table {
        sheet: "检查结果".to_owned(),
        columns: head,
        rows,
    };
    workbook_file("检查结果", table).await
}

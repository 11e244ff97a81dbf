//! A target filled offline: the workbook to take away, and what it brings back.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::content;
use domain::form_reader;
use domain::number::Centi;
use domain::permission::Action;
use domain::rulepack::RulePack;
use domain::target::{
    Compared, Difference, Filed, FiledRow, Line, Part, Row, RowFate, Target, difference, tidied,
};
use office::workbook::{self, Limits, write_form};
use web::{Error, Shell};

use super::sheet::{self, Head};
use super::store::draft as drafts;
use super::store::record::Record;
use super::{Stop, demanded, draft, sheet_back, versions};
use crate::check::read::grid;
use crate::check::{Content, Upload};
use crate::serve::{App, Frame, Person, Signed, WORKBOOK, now_text};

/// Most bytes of what a page of differences sends back.
const MOST_FILED_BYTES: usize = 1 << 20;

#[derive(Template)]
#[template(path = "target/workbook.html")]
struct WorkbookPage {
    shell: Shell,
    record: Record,
    difference: Difference,
    /// What was filed, to come back with what is chosen.
    filed: String,
    /// The digest of the target that it was compared with.
    kept: String,
    /// Whether the target was changed while somebody chose.
    is_stale: bool,
}

impl WorkbookPage {
    /// Lines that say something, with their places.
    fn told(&self) -> Vec<(usize, &Compared)> {
        let lines = self.difference.lines.iter().enumerate();
        lines
            .filter(|(_, line)| line.fate != RowFate::Unchanged)
            .collect()
    }

    /// What a field or a table says, on one line.
    fn said(part: &Part) -> String {
        match part {
            Part::Field(filled) => filled.text.clone(),
            Part::Table { lines, .. } => {
                let texts = |line: &Line| {
                    let cells = line.cells.iter().map(|cell| cell.text.trim());
                    let cells = cells.filter(|text| !text.is_empty());
                    cells.collect::<Vec<_>>().join("，")
                };
                lines.iter().map(texts).collect::<Vec<_>>().join("\n")
            }
        }
    }

    fn count(&self, is_it: fn(&RowFate) -> bool) -> usize {
        let lines = self.difference.lines.iter();
        lines.filter(|line| is_it(&line.fate)).count()
    }

    /// The word for what becomes of a row.
    fn word(fate: &RowFate) -> &'static str {
        match fate {
            RowFate::New => "新增",
            RowFate::Changed(_) => "变更",
            RowFate::Unchanged => "未变",
            RowFate::Missing => "文件里没有",
        }
    }

    /// What a new row says, on one line.
    fn brief(row: &Row) -> String {
        let Row {
            level1,
            level2,
            operator,
            value,
            unit,
            weight,
            ..
        } = row;
        format!("{level1} / {level2}：{operator} {value}{unit}，权重 {weight}")
    }

    fn counts(&self) -> [usize; 4] {
        [
            self.count(|fate| matches!(fate, RowFate::New)),
            self.count(|fate| matches!(fate, RowFate::Changed(_))),
            self.count(|fate| matches!(fate, RowFate::Unchanged)),
            self.count(|fate| matches!(fate, RowFate::Missing)),
        ]
    }
}

/// `GET /targets/{id}/workbook`
pub(super) async fn download(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let now = now_text();
    let (record, target, full) = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            let record = demanded(tx, &person.actor, Action::Fill, &id)?;
            let pack = super::demand_edit(tx, &person.actor, &record, &now)?;
            let target = standing(tx, &record, &person)?;
            let target = target.unwrap_or_else(|| record.target.clone());
            Ok((record, target, full(pack)))
        })
        .await?;
    let name = format!("{} {}年绩效目标", record.object_name, record.year);
    let head = Head {
        record: &record,
        full,
    };
    file(&name, &head, &target, &[])
}

/// What the points of all rows must make.
fn full(pack: &RulePack) -> Centi {
    let rest = domain::number::Decimal::ONE_HUNDRED - pack.weights.exec.0;
    Centi::from_decimal(rest).unwrap_or(Centi::HUNDRED)
}

fn file(name: &str, head: &Head<'_>, target: &Target, whys: &[String]) -> Result<Response, Error> {
    let bytes = write_form(&sheet::form(head, target, whys));
    // The text of this error is for the user.
    let bytes = bytes.map_err(|error| Error::Refused(error.to_string()))?;
    crate::serve::file(bytes, WORKBOOK, &format!("{name}.xlsx"))
}

/// `POST /targets/{id}/workbook`: the differences between the file and what stands in the form.
pub(super) async fn upload(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    sent: Upload,
) -> Result<Response, Error> {
    let Some(file) = sent.files.into_iter().next() else {
        return Err(Error::Refused(
            "没有选择文件，请选择填好的表格再上传。".to_owned(),
        ));
    };
    let Content::Bytes(bytes) = file.content else {
        let most = Limits::default().file_bytes >> 20;
        return Err(Error::Refused(format!(
            "「{}」超过 {most} MB，请删除图片等无关内容后再传。",
            file.name
        )));
    };
    let now = now_text();
    let (key, asked) = (id.clone(), person.clone());
    let record = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            let record = demanded(tx, &asked.actor, Action::Fill, &key)?;
            super::demand_edit(tx, &asked.actor, &record, &now)?;
            Ok(record)
        })
        .await?;
    let permit = app.checking.acquire().await?;
    let of = record.clone();
    let filed = tokio::task::spawn_blocking(move || read(&bytes, &of)).await?;
    drop(permit);
    let filed = filed.map_err(|cause| Error::Refused(format!("「{}」：{cause}", file.name)))?;
    compare(&app, frame.shell, person, id, filed, false).await
}

/// The target that a file holds.
fn read(bytes: &[u8], record: &Record) -> Result<Filed, String> {
    let book = workbook::open(bytes, &Limits::default()).map_err(|cause| cause.to_string())?;
    if let Some(own) = sheet_back::read(&book, record)? {
        return Ok(own.looked_through());
    }
    let grids: Vec<_> = book.sheets.into_iter().map(grid).collect();
    let parts = form_reader::declared(record.form, &grids);
    let forms = form_reader::read(&grids).map_err(|cause| cause.to_string())?;
    let forms = forms.iter().filter(|(form, _)| !form.indicators.is_empty());
    let mut forms: Vec<_> = forms.map(|(form, _)| form).collect();
    if forms.len() > 1 {
        let name = |form: &&domain::form::Form| {
            let named = form.project_name.as_ref().map(|field| field.printed.trim());
            named == Some(record.object_name.trim())
        };
        forms.retain(name);
        if forms.len() != 1 {
            return Err(format!(
                "文件里有好几张绩效表，其中项目名称为「{}」的有 {} 张。请只留下这一张再上传。",
                record.object_name,
                forms.len()
            ));
        }
    }
    let form = forms
        .first()
        .ok_or("文件里的绩效表没有指标行，请确认选对了文件。")?;
    let filed = Filed {
        parts,
        ..Filed::of(form)
    };
    Ok(filed.looked_through())
}

/// What stands in the person's form now; none where somebody else saved meanwhile.
pub(super) fn standing(
    tx: &mut Tx<'_>,
    record: &Record,
    person: &Person,
) -> Result<Option<Target>, Stop> {
    let Some(own) = drafts::find(tx, draft::desk(record, person))? else {
        return Ok(Some(record.target.clone()));
    };
    let base = versions::at(tx, record, own.version)?;
    if base.as_ref() != Some(&record.target.content()) {
        return Ok(None);
    }
    let target = tidied(&Target::of(&super::parsed(&own.body)?));
    Ok(Some(target.settled(record.form)))
}

/// Names what stands in a form.
fn digest(target: &Target) -> Result<String, serde_json::Error> {
    Ok(content::digest(&target.content().to_text()?))
}

async fn compare(
    app: &App,
    shell: Shell,
    person: Person,
    id: String,
    filed: Filed,
    is_stale: bool,
) -> Result<Response, Error> {
    let edit = format!("/targets/{id}/edit?year={}", shell.year);
    let found = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            let record = demanded(tx, &person.actor, Action::Fill, &id)?;
            let kept = standing(tx, &record, &person)?;
            Ok(kept.map(|kept| (record, kept)))
        })
        .await?;
    let Some((record, kept)) = found else {
        return Ok(Redirect::to(&edit).into_response());
    };
    let page = WorkbookPage {
        difference: difference(&kept, &filed),
        filed: to_text(&filed),
        kept: digest(&kept)?,
        is_stale,
        shell: shell.at("/objects"),
        record,
    };
    let status = if is_stale {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    Ok((status, web::page(&page)?).into_response())
}

/// What a page of differences sends.
struct Choice {
    filed: Filed,
    kept: String,
    with_goal: bool,
    /// Names of the form's own fields and tables.
    parts: BTreeSet<String>,
    rows: BTreeSet<usize>,
}

fn choice(fields: &BTreeMap<String, String>) -> Result<Choice, Error> {
    let mut choice = Choice {
        filed: Filed::default(),
        kept: String::new(),
        with_goal: false,
        parts: BTreeSet::new(),
        rows: BTreeSet::new(),
    };
    for (name, value) in fields {
        match (&**name, name.strip_prefix("take.")) {
            ("filed", _) if value.len() <= MOST_FILED_BYTES => choice.filed = of_text(value)?,
            ("kept", _) => choice.kept.clone_from(value),
            ("goal", _) => choice.with_goal = true,
            (name, None) if name.starts_with("part.") => {
                choice
                    .parts
                    .extend(name.strip_prefix("part.").map(str::to_owned));
            }
            (_, Some(place)) => {
                choice
                    .rows
                    .insert(place.parse().map_err(|_| Error::Unreadable)?);
            }
            _ => return Err(Error::Unreadable),
        }
    }
    Ok(choice)
}

/// `POST /targets/{id}/workbook/choice`: what was chosen is put into the person's form.
pub(super) async fn take(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Signed(fields): Signed<BTreeMap<String, String>>,
) -> Result<Response, Error> {
    let choice = choice(&fields)?;
    let (now, filed) = (now_text(), choice.filed.clone());
    let (who, key) = (person.clone(), id.clone());
    let is_taken = app
        .db
        .write(move |tx| -> Result<bool, Stop> {
            let record = demanded(tx, &who.actor, Action::Fill, &key)?;
            super::demand_edit(tx, &who.actor, &record, &now)?;
            let Some(kept) = standing(tx, &record, &who)? else {
                return Ok(false);
            };
            if digest(&kept)? != choice.kept {
                return Ok(false);
            }
            let compared = difference(&kept, &choice.filed);
            let target = compared.taken(&kept, (choice.with_goal, &choice.parts), &choice.rows);
            let desk = draft::desk(&record, &who);
            draft::keep_in(tx, desk, record.version, &target, &now)?;
            Ok(true)
        })
        .await?;
    if is_taken {
        let edit = format!("/targets/{id}/edit?year={}", frame.shell.year);
        return Ok(Redirect::to(&edit).into_response());
    }
    compare(&app, frame.shell, person, id, filed, true).await
}

/// `POST /targets/{id}/workbook/returned`: the rows that were not chosen, each with the reason, in
/// a workbook of the same form.
pub(super) async fn returned(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
    Signed(fields): Signed<BTreeMap<String, String>>,
) -> Result<Response, Error> {
    let choice = choice(&fields)?;
    let now = now_text();
    let found = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            let record = demanded(tx, &person.actor, Action::Fill, &id)?;
            let pack = super::demand_edit(tx, &person.actor, &record, &now)?;
            let kept = standing(tx, &record, &person)?.unwrap_or_default();
            Ok((record, kept, full(pack)))
        })
        .await?;
    let (record, kept, full) = found;
    let difference = difference(&kept, &choice.filed.looked_through());
    let lines = difference.lines.iter().enumerate();
    let left: Vec<&Compared> = lines
        .filter(|(place, line)| {
            let is_filed = matches!(line.fate, RowFate::New | RowFate::Changed(_));
            is_filed && !choice.rows.contains(place)
        })
        .map(|(_, line)| line)
        .collect();
    if left.is_empty() {
        return Err(Error::Refused(
            "没有要退回的行：有变化的行都选上了。".to_owned(),
        ));
    }
    let name = format!("{} {}年绩效目标 退回的行", record.object_name, record.year);
    let head = Head {
        record: &record,
        full,
    };
    let target = Target {
        rows: left.iter().map(|line| line.row.clone()).collect(),
        ..kept
    };
    let whys: Vec<String> = left.into_iter().map(reason).collect();
    file(&name, &head, &target, &whys)
}

fn reason(line: &Compared) -> String {
    if line.doubts.is_empty() {
        "没有采用，请核对后再报".to_owned()
    } else {
        line.doubts.join("；")
    }
}

/// A filed target as a text that a page carries.
pub(super) fn to_text(filed: &Filed) -> String {
    let rows: Vec<serde_json::Value> = filed
        .rows
        .iter()
        .map(|line| {
            let cells = line
                .row
                .cells()
                .map(|(name, _, text)| (name.to_owned(), text.into()));
            let cells: serde_json::Map<String, serde_json::Value> = cells.into_iter().collect();
            serde_json::json!({"place": line.place, "key": line.row.key, "cells": cells,
                "doubts": line.doubts, "hints": line.hints})
        })
        .collect();
    let parts = Target {
        parts: filed.parts.clone(),
        ..Target::default()
    };
    let parts = parts.content();
    serde_json::json!({"goal": filed.goal, "rows": rows, "parts": parts}).to_string()
}

#[derive(serde::Deserialize)]
struct Carried {
    goal: Option<String>,
    rows: Vec<CarriedRow>,
    parts: content::Content,
}

#[derive(serde::Deserialize)]
struct CarriedRow {
    place: String,
    key: String,
    cells: BTreeMap<String, String>,
    doubts: Vec<String>,
    hints: Vec<String>,
}

pub(super) fn of_text(text: &str) -> Result<Filed, Error> {
    let carried: Carried = serde_json::from_str(text).map_err(|_| Error::Unreadable)?;
    let row = |carried: CarriedRow| {
        let mut row = Row {
            key: carried.key,
            ..Row::default()
        };
        for (name, text) in &carried.cells {
            if !row.set(name, text) {
                return Err(Error::Unreadable);
            }
        }
        Ok(FiledRow {
            place: carried.place,
            row,
            doubts: carried.doubts,
            hints: carried.hints,
        })
    };
    Ok(Filed {
        parts: Target::of(&carried.parts).parts,
        goal: carried.goal,
        rows: carried
            .rows
            .into_iter()
            .map(row)
            .collect::<Result<_, _>>()?,
    })
}

//! Adding an indicator, and changing one: a new version, the old one stays.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::indicator_library::{Entry, sectors};
use domain::target::{LEVELS1, LEVELS2, OPERATORS};
use std::collections::BTreeMap;
use web::{Error, Shell};

use super::store::read::{self, Kept};
use super::{Stop, put};
use crate::serve::{App, Frame, Person, Signed, now_text};

/// Most letters of the reason of a change.
const MOST_REASON_LETTERS: usize = 200;

#[derive(Template)]
#[template(path = "indicator_library/edit.html")]
struct EditPage {
    shell: Shell,
    /// The id, for a change.
    id: Option<String>,
    version: i64,
    entry: Entry,
    reason: String,
    sectors: Vec<String>,
    /// What is wrong, and at which field.
    problem: Option<(&'static str, String)>,
}

impl EditPage {
    fn path(&self) -> String {
        match &self.id {
            Some(id) => format!("/indicator-library/{id}/change"),
            None => "/indicator-library/new".to_owned(),
        }
    }

    fn is_bad(&self, field: &str) -> bool {
        self.problem.as_ref().is_some_and(|(bad, _)| *bad == field)
    }

    fn signs() -> [&'static str; 6] {
        OPERATORS.map(domain::indicator::Operator::sign)
    }

    fn levels2() -> Vec<&'static str> {
        let mut words: Vec<&str> = LEVELS2.iter().map(|(_, word)| *word).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// The fields of free text: name, label, text, and whether there are several lines.
    fn texts(&self) -> Vec<(&'static str, &'static str, &str, bool)> {
        let lines = ["explanation", "formula"];
        let wanted = [
            "unit",
            "usual_value",
            "explanation",
            "formula",
            "evidence",
            "data_source",
        ];
        let fields = self.entry.fields().into_iter();
        fields
            .filter(|(name, _, _)| wanted.contains(name))
            .map(|(name, label, text)| (name, label, text, lines.contains(&name)))
            .collect()
    }
}

/// `GET /indicator-library/new`
pub(super) async fn begin(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let entry = Entry {
        level1: "产出指标".to_owned(),
        level2: "数量指标".to_owned(),
        operator: "≥".to_owned(),
        ..Entry::default()
    };
    page(&app, frame, (None, 0), entry, String::new(), None).await
}

/// `GET /indicator-library/{id}/change`
pub(super) async fn form(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let kept = find(&app, &frame, id).await?;
    let of = (Some(kept.id), kept.version);
    page(&app, frame, of, kept.entry, String::new(), None).await
}

async fn find(app: &App, frame: &Frame, id: String) -> Result<Kept, Error> {
    let (actor, region) = (frame.actor.clone(), frame.region_code.clone());
    let found = app
        .db
        .read(move |tx| super::show::visible(tx, (&actor, &region), &id));
    found.await?.ok_or(Error::NotFound)
}

async fn page(
    app: &App,
    frame: Frame,
    (id, version): (Option<String>, i64),
    entry: Entry,
    reason: String,
    problem: Option<(&'static str, String)>,
) -> Result<Response, Error> {
    let region = frame.region_code.clone();
    let mut known = app.db.read(move |tx| read::sectors(tx, &region)).await?;
    for sector in sectors() {
        if !known.iter().any(|own| own == sector) {
            known.push(sector.to_owned());
        }
    }
    let status = match &problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = web::page(&EditPage {
        shell: frame.shell.at("/indicator-library"),
        id,
        version,
        entry,
        reason,
        sectors: known,
        problem,
    })?;
    Ok((status, page).into_response())
}

/// What the form sends.
struct Typed {
    entry: Entry,
    version: i64,
    reason: String,
}

fn typed(fields: &BTreeMap<String, String>) -> Result<Typed, Error> {
    let mut typed = Typed {
        entry: Entry::default(),
        version: 0,
        reason: String::new(),
    };
    for (name, value) in fields {
        match &**name {
            "version" => typed.version = value.parse().map_err(|_| Error::Unreadable)?,
            "reason" => value.trim().clone_into(&mut typed.reason),
            // These have a form of their own.
            "retired_on" | "successor" => return Err(Error::Unreadable),
            name if typed.entry.set(name, value) => {}
            _ => return Err(Error::Unreadable),
        }
    }
    typed.entry = typed.entry.tidied();
    Ok(typed)
}

/// What speaks against the reason.
pub(super) fn reason_problem(reason: &str) -> Option<(&'static str, String)> {
    let letters = reason.chars().count();
    if letters > MOST_REASON_LETTERS {
        let sentence = format!("原因有 {letters} 个字，最多 {MOST_REASON_LETTERS} 个，请精简");
        return Some(("reason", sentence));
    }
    let has_control = reason.chars().any(char::is_control);
    has_control.then(|| {
        let sentence = "原因里有看不见的控制字符，请删除后重新录入".to_owned();
        ("reason", sentence)
    })
}

/// `POST /indicator-library/new`
pub(super) async fn make(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Signed(fields): Signed<BTreeMap<String, String>>,
) -> Result<Response, Error> {
    let typed = typed(&fields)?;
    let (region, now) = (frame.region_code.clone(), now_text());
    let (entry, reason) = (typed.entry.clone(), typed.reason.clone());
    if let Some(problem) = reason_problem(&reason) {
        return page(&app, frame, (None, 0), entry, reason, Some(problem)).await;
    }
    let done = app
        .db
        .write(move |tx| put(tx, (&person, &region, &now), (None, &entry), &reason));
    match done.await {
        Ok(id) => Ok(Redirect::to(&format!("/indicator-library/{id}?done=made")).into_response()),
        Err(Stop::Field(field, sentence)) => {
            let problem = Some((field, sentence));
            page(&app, frame, (None, 0), typed.entry, typed.reason, problem).await
        }
        Err(stop) => Err(stop.into()),
    }
}

/// `POST /indicator-library/{id}/change`
pub(super) async fn change(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Signed(fields): Signed<BTreeMap<String, String>>,
) -> Result<Response, Error> {
    let typed = typed(&fields)?;
    let kept = find(&app, &frame, id).await?;
    let of = (Some(kept.id.clone()), typed.version);
    // A code never changes, and what a form of its own changes stays.
    let entry = Entry {
        code: kept.entry.code.clone(),
        retired_on: kept.entry.retired_on.clone(),
        successor: kept.entry.successor.clone(),
        ..typed.entry
    };
    let reason = typed.reason;
    let problem = if typed.version != kept.version {
        Some((
            "version",
            "您打开以后别人保存了新版，请刷新页面看过新版再改".to_owned(),
        ))
    } else if entry == kept.entry {
        Some(("version", "没有改动，不必保存".to_owned()))
    } else if reason.is_empty() {
        Some(("reason", "请填写修改原因，以后看历史才明白".to_owned()))
    } else {
        reason_problem(&reason)
    };
    if problem.is_some() {
        return page(&app, frame, of, entry, reason, problem).await;
    }
    let (region, now) = (frame.region_code.clone(), now_text());
    let (key, next, why) = (kept.id.clone(), entry.clone(), reason.clone());
    let done = app
        .db
        .write(move |tx| put(tx, (&person, &region, &now), (Some(&kept), &next), &why));
    match done.await {
        Ok(_) => {
            let to = format!("/indicator-library/{key}?done=changed");
            Ok(Redirect::to(&to).into_response())
        }
        Err(Stop::Field(field, sentence)) => {
            page(&app, frame, of, entry, reason, Some((field, sentence))).await
        }
        Err(stop) => Err(stop.into()),
    }
}

//! A package on paper and as files.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::permission::{Action, Decision, may};
use domain::rulepack::ReplyRules;
use office::document::Document;
use serde::Deserialize;
use web::{Error, Shell};

use super::compose::{Content, compose};
use super::paper::{self, Kind, Reply};
use super::{DRAFT, list};
use crate::budget::Stop;
use crate::budget::store::package as store;
use crate::permission::Refused;
use crate::serve::{App, Frame, file, today, workbook_file};
use crate::{statement, workflow};

/// What the address chooses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    /// The department's code; empty for all.
    department: String,
    /// `reply` for the bureau's reply.
    paper: String,
    /// `docx`, `xlsx` or `pdf`
    format: String,
}

impl Chosen {
    fn kind(&self) -> Kind {
        match &*self.paper {
            "reply" => Kind::Reply,
            _ => Kind::Package,
        }
    }
}

/// A package with what its documents say beside it.
struct Loaded {
    content: Content,
    title: String,
    /// A line under the title: that it is no more than a draft, or was taken back.
    mark: &'static str,
    dated: String,
    reply: Option<Reply>,
    rules: ReplyRules,
}

impl Loaded {
    fn document(&self, kind: Kind) -> Result<Document, Error> {
        match (kind, &self.reply) {
            (Kind::Package, _) => {
                let head = (&*self.title, self.mark);
                Ok(paper::package(&self.content, head, &self.dated))
            }
            (Kind::Reply, Some(reply)) => Ok(paper::reply(&self.content, reply, self.rules)),
            // There is no reply before it was given.
            (Kind::Reply, None) => Err(Error::NotFound),
        }
    }
}

fn load(
    tx: &mut Tx<'_>,
    (region, year): (&str, i64),
    id: &str,
    department: &str,
) -> Result<Loaded, Stop> {
    let rules = workflow::place_pack(tx)?.budget.reply;
    let mut loaded = if id == DRAFT {
        let content = compose(tx, region, year)?;
        Loaded {
            title: list::title(&content),
            content,
            mark: "（预览，尚未报送）",
            dated: today(),
            reply: None,
            rules,
        }
    } else {
        let package = store::find(tx, id, region)?.ok_or(Refused::NotFound)?;
        if package.content.is_empty() {
            return Err(Refused::NotFound.into());
        }
        let reply = package.approved_on.map(|approved_on| Reply {
            document: package.document.clone(),
            congress_approved_on: package.congress_approved_on.unwrap_or_default(),
            approved_on,
        });
        Loaded {
            content: Content::parse(&package.content)?,
            title: package.title,
            mark: match &*package.state {
                "withdrawn" => "（已撤回）",
                _ => "",
            },
            dated: package.submitted_on,
            reply,
            rules,
        }
    };
    if !department.is_empty() {
        loaded.content = loaded.content.only(department);
        if loaded.content.departments.is_empty() {
            return Err(Refused::NotFound.into());
        }
    }
    Ok(loaded)
}

async fn loaded(app: &App, frame: &Frame, id: String, chosen: &Chosen) -> Result<Loaded, Error> {
    if id == DRAFT
        && let Decision::Denied(reason) = may(&frame.actor, Action::EnterBudget)
    {
        return Err(Error::Forbidden(reason));
    }
    let (region, year) = (frame.region_code.clone(), frame.shell.year);
    let department = chosen.department.clone();
    let read = move |tx: &mut Tx<'_>| load(tx, (&region, year), &id, &department);
    Ok(app.db.read(read).await?)
}

#[derive(Template)]
#[template(path = "budget/package/paper.html")]
struct PaperPage {
    shell: Shell,
    id: String,
    chosen: Chosen,
    /// The document as HTML, its texts escaped.
    sheet: String,
}

/// `GET /npc-packages/{id}/paper`
pub(super) async fn paper(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let loaded = loaded(&app, &frame, id.clone(), &chosen).await?;
    let document = loaded.document(chosen.kind())?;
    web::page(&PaperPage {
        shell: frame.shell.at("/npc-packages"),
        id,
        chosen,
        sheet: office::html::fragment(&document),
    })
}

/// `GET /npc-packages/{id}/file`
pub(super) async fn save(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let loaded = loaded(&app, &frame, id, &chosen).await?;
    let what = match chosen.kind() {
        Kind::Package => "绩效目标",
        Kind::Reply => "绩效目标批复",
    };
    let whose = match (
        chosen.department.is_empty(),
        loaded.content.departments.first(),
    ) {
        (false, Some(department)) => &*department.name,
        _ => "",
    };
    let name = format!("{}年{whose}{what}", loaded.content.year);
    if chosen.format == "xlsx" {
        return workbook_file(&name, paper::sheet(&loaded.content)).await;
    }
    let format = match &*chosen.format {
        "docx" => statement::Format::Docx,
        "pdf" => statement::Format::Pdf,
        _ => return Err(Error::NotFound),
    };
    let document = loaded.document(chosen.kind())?;
    let written =
        tokio::task::spawn_blocking(move || statement::write_paper(&document, format)).await?;
    let bytes = written.map_err(|error| Error::Refused(error.to_string()))?;
    let name = format!("{name}.{}", format.ending());
    file(bytes, format.media_type(), &name)
}

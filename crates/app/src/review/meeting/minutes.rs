//! 会审纪要: what the meeting decided, as a page and as a document. It is final once the meeting is
//! closed.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use office::document::{Block, Document, Run};
use web::{Error, Shell};

use super::agenda::decision;
use super::demanded;
use crate::review::Stop;
use crate::review::store::agenda::{self, Item};
use crate::review::store::session::{self, Session};
use crate::serve::{App, Frame, Person, file};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// What the minutes are made of.
struct Minutes {
    session: Session,
    sections: Vec<String>,
    items: Vec<Item>,
}

#[derive(Template)]
#[template(path = "review/meeting/minutes.html")]
struct MinutesPage {
    shell: Shell,
    session: Session,
    paper: String,
}

async fn read(app: &App, person: Person, id: String) -> Result<Minutes, Error> {
    let minutes = app
        .db
        .read(move |tx| -> Result<Minutes, Stop> {
            let session = demanded(tx, &person, &id)?;
            let sections = session::sections(tx, &session.region, &id)?;
            let taking_part = sections.into_iter().filter(|section| section.takes_part);
            Ok(Minutes {
                sections: taking_part.map(|section| section.name).collect(),
                items: agenda::all(tx, &id)?,
                session,
            })
        })
        .await?;
    Ok(minutes)
}

/// `GET /joint-reviews/{id}/minutes`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let minutes = read(&app, person, id).await?;
    let paper = office::html::fragment(&document(&minutes, &frame.shell.region));
    web::page(&MinutesPage {
        shell: frame.shell.at("/joint-reviews"),
        session: minutes.session,
        paper,
    })
}

/// `GET /joint-reviews/{id}/minutes.docx`
pub(super) async fn docx(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let minutes = read(&app, person, id).await?;
    let name = format!("joint-review-{}.docx", minutes.session.held_on);
    let document = document(&minutes, &frame.shell.region);
    let written = tokio::task::spawn_blocking(move || office::docx::write(&document)).await?;
    let bytes = written.map_err(|error| Error::Refused(error.to_string()))?;
    file(bytes, DOCX, &name)
}

/// `2020-11-28` as `2020年11月28日`.
fn day(iso: &str) -> String {
    let mut parts = iso.split('-').map(|part| part.trim_start_matches('0'));
    let mut next = || parts.next().unwrap_or_default();
    let (year, month, day) = (next(), next(), next());
    format!("{year}年{month}月{day}日")
}

fn paragraph(text: String) -> Block {
    Block::Paragraph(vec![Run::Text(text)])
}

fn heading(text: &str) -> Block {
    Block::Heading {
        level: 1,
        text: text.to_owned(),
    }
}

fn document(minutes: &Minutes, region: &str) -> Document {
    let session = &minutes.session;
    let mut blocks = vec![heading("一、会议情况")];
    for (label, text) in [
        ("时间", day(&session.held_on)),
        ("地点", session.place.clone()),
        ("主题", session.topic.clone()),
        ("主持人", session.chair.clone()),
        ("参加股室", minutes.sections.join("、")),
        ("参会人员", session.attendees.replace('\n', "、")),
    ] {
        let text = if text.is_empty() {
            "（未填写）".to_owned()
        } else {
            text
        };
        blocks.push(paragraph(format!("{label}：{text}")));
    }
    blocks.push(heading("二、会审结果"));
    blocks.push(paragraph(summary(minutes)));
    let dealt = minutes.items.iter().filter(|item| item.done.is_some());
    blocks.push(table(
        &["序号", "单位", "项目", "等级和处理", "意见"],
        dealt,
    ));
    let left: Vec<&Item> = minutes
        .items
        .iter()
        .filter(|item| item.done.is_none())
        .collect();
    if !left.is_empty() {
        blocks.push(heading("三、没有议决的目标"));
        let mut rest = table(&["序号", "单位", "项目", "情况"], left.into_iter());
        if let Block::Table { rows, .. } = &mut rest {
            for row in rows {
                row.truncate(4);
            }
        }
        blocks.push(rest);
    }
    Document {
        title: format!("{}年预算绩效目标会审纪要", session.year),
        subtitle: if session.is_closed() {
            String::new()
        } else {
            "（会审尚未结束，未定稿）".to_owned()
        },
        blocks,
        signed_by: format!("{region}财政局"),
        dated: if session.is_closed() {
            day(&session.held_on)
        } else {
            String::new()
        },
        annex: Vec::new(),
    }
}

/// How many of each.
fn summary(minutes: &Minutes) -> String {
    let items = &minutes.items;
    let graded = |grade: &str| {
        let same = |item: &&Item| {
            item.done.as_deref() == Some("graded") && item.grade.as_deref() == Some(grade)
        };
        items.iter().filter(same).count()
    };
    let counts = ["优", "良", "中", "差"].map(|grade| format!("{grade} {} 项", graded(grade)));
    let dealt = items.iter().filter(|item| item.done.is_some()).count();
    let back = items
        .iter()
        .filter(|item| item.done.as_deref() == Some("returned"))
        .count();
    format!(
        "会审议程共 {} 项绩效目标，议决 {dealt} 项，其中评定为{}，未评定等级直接退回 {back} 项。",
        items.len(),
        counts.join("、"),
    )
}

fn table<'a>(columns: &[&str], items: impl Iterator<Item = &'a Item>) -> Block {
    let row = |(number, item): (usize, &Item)| {
        let came = match (item.done.as_deref(), &item.grade) {
            (Some("graded"), Some(grade)) => decision(grade),
            (Some(_), _) => "退回修改".to_owned(),
            (None, _) if item.waits() => "留待下次会审".to_owned(),
            (None, _) => "会外已办理".to_owned(),
        };
        vec![
            number.to_string(),
            item.unit.clone(),
            item.name.clone(),
            came,
            item.opinion.replace('\n', " "),
        ]
    };
    Block::Table {
        anchor: String::new(),
        caption: String::new(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows: (1..).zip(items).map(row).collect(),
    }
}

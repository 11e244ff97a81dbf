//! The editions of a target in a year: 第1版 → 第2版 with what led to each, and what differs between
//! any two.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::content::{Content, Piece};
use domain::permission::{Action, Actor};
use domain::workflow::RecordKind;
use serde::Deserialize;
use web::{Error, Shell};

use super::adjustment::{chain, said};
use super::compare::{Comparison, compare};
use super::store::adjustment::Link;
use super::store::record::{self, Record};
use super::{KIND, Stop, demanded, words};
use crate::permission::{Refused, demand};
use crate::serve::{App, Frame};

/// Which editions are compared, by their numbers.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    from: String,
    to: String,
}

#[derive(Template)]
#[template(path = "target/editions.html")]
struct EditionsPage {
    shell: Shell,
    record: Record,
    links: Vec<Link>,
    from: i64,
    to: i64,
    comparison: Option<Comparison>,
}

impl EditionsPage {
    fn state(link: &Link) -> &'static str {
        words::state(RecordKind::PerformanceTarget, &link.state)
    }

    fn said(link: &Link) -> String {
        link.ground.as_ref().map(said).unwrap_or_default()
    }
}

/// `GET /targets/{id}/editions`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let actor = frame.actor;
    let read = app.db.read(move |tx| read(tx, &actor, &id, &asked)).await?;
    let (record, links, (from, to), contents) = read;
    web::page(&EditionsPage {
        shell: frame.shell.at("/objects"),
        comparison: contents.map(|(before, after)| compare(&before, &after)),
        record,
        links,
        from,
        to,
    })
}

/// The record, its chain, the numbers that are compared, and what those two say.
type Found = (Record, Vec<Link>, (i64, i64), Option<(Content, Content)>);

fn read(tx: &mut Tx<'_>, actor: &Actor, id: &str, asked: &Asked) -> Result<Found, Stop> {
    let record = demanded(tx, actor, Action::View, id)?;
    let mut links = chain(tx, &record)?;
    // Of what was released, the editions at work are not seen by who sees no work.
    let mut seen = Vec::with_capacity(links.len());
    for link in links.drain(..) {
        match demand(tx, actor, Action::View, KIND, &link.id) {
            Ok(_) => seen.push(link),
            Err(Refused::Database(error)) => return Err(error.into()),
            Err(_) => {}
        }
    }
    let newest = seen.last().map_or(0, |link| link.edition);
    let before = seen.iter().rev().nth(1).map_or(newest, |link| link.edition);
    let number = |text: &str, otherwise: i64| match text {
        "" => Ok(otherwise),
        text => text.parse().map_err(|_| Stop::Told(Error::NotFound)),
    };
    let (from, to) = (number(&asked.from, before)?, number(&asked.to, newest)?);
    if seen.len() < 2 {
        return Ok((record, seen, (from, to), None));
    }
    let mut content = |edition: i64| -> Result<Content, Stop> {
        let link = seen.iter().find(|link| link.edition == edition);
        let link = link.ok_or(Refused::NotFound)?;
        let record = record::find(tx, &link.id)?.ok_or(Refused::NotFound)?;
        Ok(record.target.content())
    };
    let contents = (content(from)?, content(to)?);
    Ok((record, seen, (from, to), Some(contents)))
}

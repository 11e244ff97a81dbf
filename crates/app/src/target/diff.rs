//! What changed between two turns of a record's way.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::content::{Content, Piece};
use domain::permission::{Action, Actor};
use serde::Deserialize;
use web::{Error, Shell};

use super::compare::{Comparison, compare};
use super::snapshot::{self, Why, last};
use super::store::record::Record;
use super::store::snapshot::{self as store, Snapshot};
use super::{KIND, Stop, words};
use crate::permission::{Refused, demand};
use crate::serve::{App, Frame};

#[derive(Deserialize)]
pub(super) struct Asked {
    from: Option<String>,
    to: Option<String>,
    /// Whether rows that nothing happened to are shown too.
    all: Option<String>,
}

#[derive(Template)]
#[template(path = "target/diff.html")]
struct DiffPage {
    shell: Shell,
    record: Record,
    /// Every text that can be compared, oldest first; the last one is what stands there now.
    sides: Vec<Side>,
    from: usize,
    to: usize,
    comparison: Option<Comparison>,
    is_whole: bool,
    /// Whether what stands there now is another text than what was approved.
    is_changed_since_approval: bool,
    /// The last return.
    returned: Option<i64>,
}

/// One text that can be compared.
struct Side {
    /// Its number in addresses.
    key: String,
    /// 第 2 次送审
    word: String,
    /// By whom and when; empty for what stands there now.
    by: String,
    digest: String,
    content: Content,
}

/// `GET /records/{kind}/{id}/diff`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path((kind, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    if kind != KIND {
        return Err(Error::NotFound);
    }
    let actor = frame.actor;
    let (record, snapshots) = app.db.read(move |tx| read(tx, &actor, &id)).await?;
    let page = page(frame.shell, record, &snapshots, &asked).map_err(Error::from)?;
    web::page(&page)
}

fn read(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<(Record, Vec<Snapshot>), Stop> {
    demand(tx, actor, Action::View, KIND, id)?;
    let (record, _) = snapshot::now(tx, KIND, id)?.ok_or(Refused::NotFound)?;
    Ok((record, store::all(tx, KIND, id)?))
}

fn page(
    shell: Shell,
    record: Record,
    snapshots: &[Snapshot],
    asked: &Asked,
) -> Result<DiffPage, Stop> {
    let now = record.target.content();
    let now_digest = domain::content::digest(&now.to_text()?);
    let approved = last(snapshots, Why::Approved);
    let is_changed_since_approval = approved.is_some_and(|kept| kept.digest != now_digest);
    let mut sides = Vec::new();
    for kept in snapshots {
        sides.push(Side {
            key: kept.position.to_string(),
            word: word(snapshots, kept),
            by: format!("{} {}", kept.maker, words::full_moment(&kept.made_at)),
            digest: kept.digest.clone(),
            content: super::parsed(&kept.body)?,
        });
    }
    sides.push(Side {
        key: "now".to_owned(),
        word: "现在的内容".to_owned(),
        by: String::new(),
        digest: now_digest,
        content: now,
    });
    let returned = last(snapshots, Why::Returned).map(|kept| kept.position);
    let (from, to) = chosen(&sides, returned, asked)?;
    let comparison = (sides.len() > 1).then(|| compare(&sides[from].content, &sides[to].content));
    Ok(DiffPage {
        shell: shell.at("/objects"),
        comparison,
        is_whole: asked.all.is_some(),
        is_changed_since_approval,
        returned,
        record,
        sides,
        from,
        to,
    })
}

/// What is compared: what was asked for, or else what a reader wants to see: what was mended since
/// the last return, or what the last turn brought.
fn chosen(sides: &[Side], returned: Option<i64>, asked: &Asked) -> Result<(usize, usize), Stop> {
    let find = |key: &str| {
        let place = sides.iter().position(|side| side.key == key);
        place.ok_or(Stop::Told(Error::NotFound))
    };
    let now = sides.len() - 1;
    let to = match asked.to.as_deref() {
        None | Some("") => now,
        Some(key) => find(key)?,
    };
    let from = match (asked.from.as_deref(), returned) {
        (None | Some(""), Some(returned)) => find(&returned.to_string())?,
        (None | Some(""), None) => to.saturating_sub(1),
        (Some(key), _) => find(key)?,
    };
    Ok((from, to))
}

/// 第 2 次送审, 第 1 次退回, 批复.
fn word(snapshots: &[Snapshot], kept: &Snapshot) -> String {
    let same = |other: &&Snapshot| other.why == kept.why;
    let all = snapshots.iter().filter(same).count();
    let number = snapshots
        .iter()
        .filter(same)
        .filter(|other| other.position <= kept.position)
        .count();
    let what = words::why(&kept.why);
    if all == 1 {
        what.to_owned()
    } else {
        format!("第 {number} 次{what}")
    }
}

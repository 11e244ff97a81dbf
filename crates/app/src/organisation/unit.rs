//! One unit: where it stands, what it was, who looks after it, and the forms that change it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::organisation::{Level, Unit};
use domain::permission::{Action, may};
use serde::Deserialize;
use web::{Error, Shell};

use super::store::{self, Kin};
use super::{day_or_today, import};
use crate::serve::{App, Frame};

#[derive(Template)]
#[template(path = "organisation/unit.html")]
pub(super) struct UnitPage {
    shell: Shell,
    day: String,
    card: Card,
    may_manage: bool,
    /// What the person typed, and why it was refused.
    typed: Typed,
    problem: Option<String>,
}

/// What is known of a unit.
pub(super) struct Card {
    pub(super) unit: Unit,
    above: Vec<Unit>,
    children: Vec<Unit>,
    former: Vec<Unit>,
    state_from: String,
    successors: Vec<Kin>,
    predecessors: Vec<Kin>,
    sections: Vec<(i64, String, String)>,
    groups: Vec<(String, String, i64)>,
    all_sections: Vec<(String, String)>,
}

/// A change as it is typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Typed {
    /// rename, move, merge, split or close.
    #[serde(default)]
    pub(super) what: String,
    #[serde(default)]
    pub(super) on: String,
    #[serde(default)]
    pub(super) name: String,
    /// The code of the unit above, or of the one that goes on.
    #[serde(default)]
    pub(super) other: String,
    #[serde(default)]
    pub(super) level: String,
    /// One new unit a line: code, blank, name.
    #[serde(default)]
    pub(super) parts: String,
    /// `1` on the page that asks for confirmation.
    #[serde(default)]
    pub(super) confirmed: String,
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    day: String,
    #[serde(default)]
    what: String,
}

/// `GET /units/{id}`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let typed = Typed {
        what: chosen.what,
        ..Typed::default()
    };
    page(&app, frame, &id, &chosen.day, (typed, None)).await
}

/// The page of a unit, with what was typed and what is wrong with it.
pub(super) async fn page(
    app: &App,
    frame: Frame,
    id: &str,
    day: &str,
    (typed, problem): (Typed, Option<String>),
) -> Result<Response, Error> {
    let day = day_or_today(day);
    let (id, on, region) = (id.to_owned(), day.clone(), frame.region_code);
    let card = app.db.read(move |tx| read(tx, &region, &id, &on)).await?;
    web::page(&UnitPage {
        may_manage: may(&frame.actor, Action::ManageUnits).is_allowed(),
        shell: frame.shell.at("/units"),
        day,
        card: card.ok_or(Error::NotFound)?,
        typed,
        problem,
    })
}

/// What is known of the unit, as it stood on the day, or as it stood last where it did not exist.
pub(super) fn read(
    tx: &mut Tx<'_>,
    region: &str,
    id: &str,
    day: &str,
) -> Result<Option<Card>, db::Error> {
    let Some(last) = store::find_any(tx, id)? else {
        return Ok(None);
    };
    let unit = store::find(tx, id, day)?.unwrap_or_else(|| last.clone());
    let mut above = store::above(tx, &unit, day)?;
    above.reverse();
    Ok(Some(Card {
        above,
        children: store::children(tx, id, day)?,
        former: store::former(tx, id)?,
        state_from: import::state_from(tx, &last)?,
        successors: store::successors(tx, id)?,
        predecessors: store::predecessors(tx, id)?,
        sections: store::sections_of(tx, id)?,
        groups: store::group::groups_of(tx, id)?,
        all_sections: store::sections(tx, region)?,
        unit,
    }))
}

impl Typed {
    fn is(&self, what: &str) -> bool {
        self.what == what
    }
}

impl UnitPage {
    /// The kinds of change: code, word, and what it does.
    fn kinds(&self) -> [(&'static str, &'static str, &'static str); 5] {
        [
            ("rename", "更名", "改名称，记录仍归这个单位"),
            ("move", "划转", "改上级单位或级次"),
            ("merge", "合并", "并入另一个单位，这个单位到前一日为止"),
            ("split", "分设", "分成几个新单位，这个单位到前一日为止"),
            ("close", "撤销", "没有承接单位，到前一日为止"),
        ]
    }

    fn is_open(&self) -> bool {
        self.card.unit.valid_to.is_none()
    }

    fn levels(&self) -> [Level; 3] {
        Level::ALL
    }
}

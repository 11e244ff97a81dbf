//! What the chosen units will be told, before it is sent.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use web::{Error, Shell};

use super::store::{self, Area, Filter, Receiver};
use super::{MOST_REMARK_CHARACTERS, MOST_UNITS, MOST_WORK, Unit, area, body, title, units};
use crate::serve::{App, Frame, Person, SignedPairs, today};

/// One unit: what it will be told, and who.
pub(super) struct Addressed {
    pub(super) unit: Unit,
    pub(super) title: String,
    pub(super) body: Vec<String>,
    pub(super) receivers: Vec<Receiver>,
}

#[derive(Template)]
#[template(path = "notice/urging/preview.html")]
struct PreviewPage {
    shell: Shell,
    addressed: Vec<Addressed>,
    people: usize,
    mails: usize,
    /// The same form sent twice urges once.
    key: String,
    most_characters: usize,
    section: String,
    kind: String,
    late: String,
}

/// Which work of which units is urged.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) filter: Filter,
    /// The ids in order; none when every unit of the list is meant.
    pub(super) units: Option<Vec<String>>,
}

/// `POST /urging/preview`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    form: SignedPairs,
) -> Result<Response, Error> {
    form.only(&["section", "kind", "late", "unit", "all"])?;
    let today = today();
    let choice = choice(&form, &today)?;
    let area = area(&frame.actor, &frame.region_code, frame.shell.year);
    let account = person.account;
    let addressed = app
        .db
        .read(move |tx| addressed(tx, &area, &choice, (&today, &account)))
        .await?;
    if addressed.is_empty() {
        return Err(Error::Refused(
            "选中的单位已经没有未办的工作：请返回催报清单刷新后再选".to_owned(),
        ));
    }
    if addressed.len() > MOST_UNITS {
        return Err(Error::Refused(too_many()));
    }
    let receivers = || addressed.iter().flat_map(|it| &it.receivers);
    web::page(&PreviewPage {
        people: receivers().count(),
        mails: receivers().filter(|it| it.by_mail).count(),
        key: web::token::secret()?,
        most_characters: MOST_REMARK_CHARACTERS,
        section: form.one("section").to_owned(),
        kind: form.one("kind").to_owned(),
        late: form.one("late").to_owned(),
        addressed,
        shell: frame.shell.at("/urging"),
    })
}

fn too_many() -> String {
    format!("一次最多催 {MOST_UNITS} 个单位：请返回催报清单，分几次选")
}

/// What the form chooses.
pub(super) fn choice(form: &SignedPairs, today: &str) -> Result<Choice, Error> {
    let before = if form.one("late") == "1" { today } else { "" };
    let filter = Filter {
        section: form.one("section").to_owned(),
        kind: form.one("kind").to_owned(),
        before: before.to_owned(),
    };
    if form.one("all") == "1" {
        return Ok(Choice {
            filter,
            units: None,
        });
    }
    let mut units: Vec<String> = form.all("unit").map(str::to_owned).collect();
    units.sort_unstable();
    units.dedup();
    if units.is_empty() {
        return Err(Error::Refused(
            "还没有选单位：请返回催报清单，在要催的单位前打勾".to_owned(),
        ));
    }
    if units.len() > MOST_UNITS {
        return Err(Error::Refused(too_many()));
    }
    Ok(Choice {
        filter,
        units: Some(units),
    })
}

/// The chosen units that have open work in the area, each with whom it reaches. A unit outside the
/// area is as if it had none.
pub(super) fn addressed(
    tx: &mut db::Tx<'_>,
    area: &Area,
    choice: &Choice,
    (today, urger): (&str, &str),
) -> Result<Vec<Addressed>, db::Error> {
    let open = store::open(tx, area, &choice.filter, MOST_WORK)?;
    let mut addressed = Vec::new();
    for unit in units(&open, today) {
        let is_left_out = |chosen: &Vec<String>| chosen.binary_search(&unit.id).is_err();
        if choice.units.as_ref().is_some_and(is_left_out) {
            continue;
        }
        let people = (today, urger);
        let mut receivers = store::receivers(tx, area, &choice.filter, &unit.id, people)?;
        if unit.unbegun > 0 {
            receivers.extend(store::clerks(tx, &area.region, &unit.id, people)?);
            receivers.sort_by(|one, other| one.account.cmp(&other.account));
            receivers.dedup();
        }
        addressed.push(Addressed {
            receivers,
            title: title(&unit),
            body: body(&unit, "").lines().map(str::to_owned).collect(),
            unit,
        });
    }
    Ok(addressed)
}

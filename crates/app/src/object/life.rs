//! One object's whole life: the cycle as a line, the money below it, then every record.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use db::{Question, Tx};
use domain::number::{Centi, Fen};
use domain::permission::{Action, Actor};
use web::{Error, Shell};

use super::record::{self, Body, Fact, Record};
use super::stage::{self, Row as StageRow};
use super::store::life::{self as store, Life, Money, Object};
use super::words;
use crate::attachment::{self, OfObject};
use crate::permission::{Refused, demand, is_at_work};
use crate::serve::{App, Frame, today};

#[derive(Template)]
#[template(path = "object/life.html")]
struct LifePage<'a> {
    shell: Shell,
    object: &'a Object,
    stages: Vec<StageRow>,
    money: Vec<YearMoney>,
    records: Vec<Record>,
    attachments: &'a OfObject,
    /// The editions of its target: id and name.
    targets: Vec<(String, String)>,
    /// Whether the person may begin one.
    may_fill: bool,
}

/// The money of one year.
struct YearMoney {
    year: i64,
    money: Money,
    /// The executed share of the budget in hundredths of a percent, at most 100 %.
    share: Option<Centi>,
}

/// Whose life is asked for, and by whom.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Asking {
    region_code: String,
    actor: Actor,
    id: String,
}

/// What the person may see of it.
struct Found {
    life: Life,
    attachments: OfObject,
    may_fill: bool,
}

impl Question for Asking {
    type Answer = Found;
    type Error = Refused;

    fn read(&self, tx: &mut Tx<'_>) -> Result<Found, Refused> {
        let Self {
            region_code,
            actor,
            id,
        } = self;
        let subject = demand(tx, actor, Action::View, "managed_object", id)?;
        let mut life = store::find(tx, id, region_code)?.ok_or(Refused::NotFound)?;
        if !is_at_work(actor, &subject) {
            life = life.released()?;
        }
        Ok(Found {
            life,
            attachments: attachment::of_object(tx, actor, id)?,
            may_fill: demand(tx, actor, Action::Fill, "managed_object", id).is_ok(),
        })
    }
}

/// `GET /objects/{id}`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let (region_code, actor) = (frame.region_code, frame.actor);
    let question = Asking {
        region_code,
        actor,
        id,
    };
    let found = app.db.recall(question).await?;
    let (life, attachments) = (&found.life, &found.attachments);
    let shell = frame.shell.at("/objects");
    let page = LifePage {
        stages: stage::rows(life, &today())?,
        records: record::records(life, shell.year, &shell.form_token)?,
        money: life
            .money
            .iter()
            .rev()
            .map(|(year, money)| year_money(*year, *money))
            .collect(),
        targets: targets(life)?,
        object: &life.object,
        attachments,
        may_fill: found.may_fill,
        shell,
    };
    web::page(&page)
}

/// The editions of the target, newest first: id, and what it is called.
fn targets(life: &Life) -> Result<Vec<(String, String)>, Error> {
    let named = |row: &db::Row| -> Result<_, db::Error> {
        let state = words::target_state(&row.text("state")?);
        let edition = match row.int("edition")? {
            1 => String::new(),
            edition => format!("第 {edition} 版 "),
        };
        let name = format!("{} 年 {edition}{state}", row.int("fiscal_year")?);
        Ok((row.text("id")?, name))
    };
    Ok(life.targets.iter().map(named).collect::<Result<_, _>>()?)
}

fn year_money(year: i64, money: Money) -> YearMoney {
    let share = super::rate_centi(money.adjusted(), money.executed);
    YearMoney {
        year,
        money,
        share: share.map(|share| share.clamp(Centi::ZERO, Centi::HUNDRED)),
    }
}

impl YearMoney {
    fn rate(&self) -> Option<String> {
        super::rate(self.money.adjusted(), self.money.executed)
    }
}

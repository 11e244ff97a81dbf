//! 期限: until when each kind of record is filled, what is opened again, and which years are closed.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::workflow::RecordKind;
use serde_json::{Value, json};
use web::{Error, Shell};

use super::fields::Fields;
use super::item;
use super::round::{self, KINDS};
use super::store::deadline::{self as store, Reopening};
use super::store::people;
use super::view::minute;
use crate::audit;
use crate::notice::{self, Kind, Notice};
use crate::serve::{App, Frame, Person, Signed, now_text, today};

/// A round as the page prints it.
struct Line {
    kind: RecordKind,
    year: i64,
    due_on: String,
    grace_days: i64,
    version: i64,
    /// The last day with the days of grace.
    open_until: String,
    waiting: i64,
    is_over: bool,
}

/// A round that was opened again.
struct Again {
    kind: &'static str,
    year: i64,
    unit: Option<String>,
    open_until: String,
    reason: String,
    person: String,
    at: String,
}

/// A year that is or was closed.
struct Closure {
    year: i64,
    is_closed: bool,
    reason: String,
    person: String,
    at: String,
}

#[derive(Template)]
#[template(path = "workflow/deadlines.html")]
struct DeadlinePage {
    shell: Shell,
    lines: Vec<Line>,
    again: Vec<Again>,
    closures: Vec<Closure>,
    units: Vec<(String, String)>,
    key: String,
    today: String,
}

/// `GET /deadlines`
pub(super) async fn show(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let region = frame.region_code.clone();
    let (lines, again, closures, units) = app.db.read(move |tx| read(tx, &region)).await?;
    web::page(&DeadlinePage {
        shell: frame.shell.at("/deadlines"),
        lines,
        again,
        closures,
        units,
        key: web::token::secret()?.chars().take(24).collect(),
        today: today(),
    })
}

type Read = (Vec<Line>, Vec<Again>, Vec<Closure>, Vec<(String, String)>);

fn read(tx: &mut Tx<'_>, region: &str) -> Result<Read, db::Error> {
    let today = today();
    let mut lines = Vec::new();
    for row in store::all(tx, region)? {
        let (due_on, grace_days) = (row.text("due_on")?, row.int("grace_days")?);
        let open_until = round::later(&due_on, grace_days);
        let Some(kind) = RecordKind::find(&row.text("record_kind")?) else {
            continue;
        };
        lines.push(Line {
            kind,
            year: row.int("year")?,
            version: row.int("version")?,
            waiting: row.int("waiting")?,
            is_over: open_until < today,
            due_on,
            grace_days,
            open_until,
        });
    }
    let mut again = Vec::new();
    for row in store::reopenings(tx, region)? {
        again.push(Again {
            kind: RecordKind::find(&row.text("record_kind")?).map_or("", RecordKind::label),
            year: row.int("year")?,
            unit: row.opt_text("unit")?,
            open_until: row.text("open_until")?,
            reason: row.text("reason")?,
            person: row.text("person")?,
            at: minute(&row.text("opened_at")?),
        });
    }
    let mut closures = Vec::new();
    for row in store::closures(tx, region)? {
        closures.push(Closure {
            year: row.int("year")?,
            is_closed: row.bool("is_closed")?,
            reason: row.text("reason")?,
            person: row.text("person")?,
            at: minute(&row.text("changed_at")?),
        });
    }
    Ok((lines, again, closures, store::units(tx, region)?))
}

fn refused(sentence: &str) -> Error {
    Error::Refused(sentence.to_owned())
}

fn kind_of(fields: &Fields) -> Result<RecordKind, Error> {
    RecordKind::find(fields.one("kind"))
        .filter(|kind| KINDS.contains(kind))
        .ok_or(Error::Unreadable)
}

fn year_of(fields: &Fields) -> Result<i64, Error> {
    let year = fields.one("of_year").trim().parse().ok();
    year.filter(|year| (1990..=2100).contains(year))
        .ok_or_else(|| refused("年度请填四位数字，例如 2021。"))
}

fn reason_of(fields: &Fields) -> Result<String, Error> {
    let reason = fields.text("reason")?;
    if reason.is_empty() {
        return Err(refused("请写明理由，再提交。"));
    }
    Ok(reason)
}

fn day_of(fields: &Fields, name: &str) -> Result<String, Error> {
    round::read_day(fields.one(name)).ok_or_else(|| refused("日期请填年-月-日，例如 2021-03-31。"))
}

fn back(frame: &Frame) -> Response {
    let year = web::query::Query::new().with("year", frame.shell.year.to_string());
    Redirect::to(&year.at("/deadlines")).into_response()
}

/// Whoever changes a round: account, login name, region.
struct Whose {
    account: String,
    login: String,
    region: String,
    now: String,
}

impl Whose {
    fn new(person: Person, frame: &Frame) -> Self {
        Self {
            account: person.account,
            login: person.login,
            region: frame.region_code.clone(),
            now: now_text(),
        }
    }

    fn event(
        &self,
        tx: &mut Tx<'_>,
        action: &str,
        record: (&str, &str),
        (before, after): (Option<&Value>, &Value),
    ) -> Result<(), db::Error> {
        let change = audit::Change {
            actor: &self.login,
            action,
            record,
            before,
            after: Some(after),
        };
        audit::append(tx, &self.region, &self.now, &change)
    }
}

/// `POST /deadlines`
pub(super) async fn set(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Signed(fields): Signed<Fields>,
) -> Result<Response, Error> {
    fields.only(&["kind", "of_year", "due_on", "grace_days", "version"])?;
    let (kind, year, due_on) = (
        kind_of(&fields)?,
        year_of(&fields)?,
        day_of(&fields, "due_on")?,
    );
    let grace_days: i64 = match fields.one("grace_days").trim() {
        "" => 0,
        text => text
            .parse()
            .ok()
            .filter(|days| (0..=366).contains(days))
            .ok_or_else(|| refused("宽限天数请填 0 到 366 的整数。"))?,
    };
    let version: Option<i64> = match fields.one("version") {
        "" => None,
        text => Some(text.parse().map_err(|_| Error::Unreadable)?),
    };
    let whose = Whose::new(person, &frame);
    let done = app
        .db
        .write(move |tx| {
            let round = (&*whose.region, kind.name(), year);
            let before = store::find(tx, round.0, round.1, round.2)?;
            let who = (&*whose.account, &*whose.now);
            store::set(tx, round, (&due_on, grace_days), who, version)?;
            item::set_due(tx, (&whose.region, kind, year), &due_on)?;
            let before =
                before.map(|round| json!({"due_on": round.due_on, "grace_days": round.grace_days}));
            let after = json!({"due_on": due_on, "grace_days": grace_days});
            let name = format!("{year}");
            let sides = (before.as_ref(), &after);
            whose.event(tx, "deadline_set", (kind.name(), &name), sides)
        })
        .await;
    match done {
        Ok(()) => Ok(back(&frame)),
        Err(db::Error::Touched { .. } | db::Error::Duplicate(_)) => Err(refused(
            "这一轮的期限刚被别人改过，请返回刷新，看过新的期限再改。",
        )),
        Err(error) => Err(error.into()),
    }
}

/// `POST /deadlines/reopenings`
pub(super) async fn reopen(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Signed(fields): Signed<Fields>,
) -> Result<Response, Error> {
    fields.only(&["key", "kind", "of_year", "unit", "open_until", "reason"])?;
    let (key, kind, year) = (fields.key()?, kind_of(&fields)?, year_of(&fields)?);
    let (open_until, reason) = (day_of(&fields, "open_until")?, reason_of(&fields)?);
    if open_until < today() {
        return Err(refused("开放到的日期已经过去，请填今天或以后的日期。"));
    }
    let unit = fields.one("unit").to_owned();
    let whose = Whose::new(person, &frame);
    let done = app
        .db
        .write(move |tx| {
            let units = store::units(tx, &whose.region)?;
            let named = units.iter().find(|(id, _)| *id == unit);
            if named.is_none() && !unit.is_empty() {
                return Err(db::Error::Reference(unit.clone()));
            }
            let again = Reopening {
                id: &key,
                kind: kind.name(),
                year,
                unit: named.map(|(id, _)| id.as_str()),
                open_until: &open_until,
                reason: &reason,
            };
            store::reopen(tx, &whose.region, &again, (&whose.account, &whose.now))?;
            tell_reopened(tx, &whose, (kind, year), &again)?;
            let unit = named.map_or("全部单位", |(_, name)| name.as_str());
            let after = json!({"unit": unit, "open_until": open_until, "reason": reason});
            let name = format!("{year}");
            whose.event(tx, "round_reopened", (kind.name(), &name), (None, &after))
        })
        .await;
    match done {
        // The same form sent twice opens the round once.
        Ok(()) | Err(db::Error::Duplicate(_)) => Ok(back(&frame)),
        Err(db::Error::Reference(_)) => Err(refused("没有找到这个单位，请在下拉框里重新选择。")),
        Err(error) => Err(error.into()),
    }
}

/// Tells everyone who fills or sends for the unit that the round is open again.
fn tell_reopened(
    tx: &mut Tx<'_>,
    whose: &Whose,
    (kind, year): (RecordKind, i64),
    again: &Reopening<'_>,
) -> Result<(), db::Error> {
    let (name, _) = people::name(tx, &whose.account)?.unwrap_or_default();
    let title = format!("{} 年{}重新开放填报", year, kind.label());
    let body = format!(
        "开放至 {}，请在这之前填报、送审。理由：{}",
        again.open_until, again.reason
    );
    let link = format!("/records?kind={}", kind.name());
    let key = format!("reopening/{}", again.id);
    for person in people::who_fill(tx, &whose.region, again.unit.unwrap_or_default())? {
        let notice = Notice {
            account: &person.0,
            region: &whose.region,
            kind: Kind::Work,
            title: &title,
            body: &body,
            link: &link,
            sent_by: Some(&name),
            key: &key,
        };
        notice::tell(tx, &whose.now, &notice)?;
    }
    Ok(())
}

/// `POST /deadlines/closures`
pub(super) async fn close(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Signed(fields): Signed<Fields>,
) -> Result<Response, Error> {
    fields.only(&["of_year", "is_closed", "reason"])?;
    let (year, reason) = (year_of(&fields)?, reason_of(&fields)?);
    let is_closed = match fields.one("is_closed") {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::Unreadable),
    };
    let whose = Whose::new(person, &frame);
    app.db
        .write(move |tx| {
            let who = (&*whose.account, &*whose.now);
            store::set_closure(tx, (&whose.region, year), (is_closed, &reason), who)?;
            let action = if is_closed {
                "year_closed"
            } else {
                "year_opened"
            };
            let after = json!({"reason": reason});
            let name = format!("{year}");
            whose.event(tx, action, ("fiscal_year", &name), (None, &after))
        })
        .await?;
    Ok(back(&frame))
}
